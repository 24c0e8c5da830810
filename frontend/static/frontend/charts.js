/* Draws each [data-chart] from the JSON beside it. The table under it has the same numbers, so the page is complete without this file. */
(function () {
  'use strict';
  var ink = '#1B1F24';
  function trend(box, data) {
    var chart = window.echarts.init(box, null, { renderer: 'canvas' });
    chart.setOption({
      animation: false,
      aria: { enabled: true, label: { description: data.description }, decal: { show: true } },
      color: data.series.map(function (each) { return each.fill; }),
      legend: { top: 0, textStyle: { color: ink } },
      grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText' },
      xAxis: { type: 'category', data: data.days, boundaryGap: false, axisLabel: { color: ink } },
      yAxis: { type: 'value', name: data.unit, axisLabel: { color: ink } },
      series: data.series.map(function (each) {
        return { name: each.name, type: 'line', stack: 'lettable', areaStyle: { opacity: 1 }, lineStyle: { width: 1 }, symbol: 'none', data: each.data };
      })
    });
    window.addEventListener('resize', function () { chart.resize(); });
  }
  function draw(root) {
    root.querySelectorAll('[data-chart]').forEach(function (box) {
      var source = document.getElementById(box.dataset.chart + '-data');
      if (source && window.echarts && !box.dataset.drawn) { box.dataset.drawn = '1'; trend(box, JSON.parse(source.textContent)); }
    });
  }
  document.addEventListener('DOMContentLoaded', function () { draw(document); });
  document.addEventListener('htmx:after:swap', function () { draw(document); });
})();
