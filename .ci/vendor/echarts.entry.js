// What echarts.custom.min.js is made of: the parts that frontend/static/frontend/charts.js draws with.
import * as core from "echarts/core";
import { LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
core.use([LineChart, AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer]);
export const { init, version } = core;
