/* Draws each [data-chart] from the JSON beside it once it comes near the window: the library, three times the rest of the
   page, is loaded only then. The table under it has the same numbers, so the page is complete without this file. */
(function () {
  'use strict';
  var ink = '#1B1F24';
  var library = document.currentScript.dataset.library;
  var loading = null;
  function load() {
    loading = loading || new Promise(function (loaded, failed) {
      var script = document.createElement('script');
      script.src = library;
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }
  function percent(value) { return value === undefined || value === null ? '–' : value.toFixed(1) + '%'; }
  /* The forecast goes on from the last day; it is in the page once the page has asked for it. */
  function joined(data, ahead) {
    if (!ahead) return data;
    var last = data.days.length - 1;
    return {
      description: data.description,
      days: data.days.concat(ahead.days),
      series: data.series.concat(ahead.series.map(function (each) {
        var now = data.series[data.series.length - 1].data[last];
        return { name: each.name, colour: each.colour, dashed: true, data: new Array(last).fill(null).concat(now, each.data) };
      }))
    };
  }
  function parsed(id) {
    var source = document.getElementById(id);
    return source && JSON.parse(source.textContent);
  }
  var charts = new Map();
  function lines(box) {
    var data = joined(parsed(box.dataset.chart + '-data'), parsed(box.dataset.chart + '-ahead'));
    charts.get(box).setOption({
      animation: false,
      aria: { enabled: true, label: { description: data.description } },
      legend: { top: 0, textStyle: { color: ink } },
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: percent },
      xAxis: { type: 'category', data: data.days, boundaryGap: false, axisLabel: { color: ink } },
      yAxis: { type: 'value', scale: true, minInterval: 1, axisLabel: { color: ink, formatter: '{value}%' } },
      series: data.series.map(function (each) {
        return {
          name: each.name, type: 'line', symbol: 'none', data: each.data,
          lineStyle: { width: 2, color: each.colour, type: each.dashed ? 'dashed' : 'solid' }, itemStyle: { color: each.colour }
        };
      })
    });
  }
  /* The button is of use only once there is a picture. */
  function picture(box, chart) {
    var button = document.querySelector('[data-picture="' + box.dataset.chart + '"]');
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', function () {
      var link = document.createElement('a');
      link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: '#fff' });
      link.download = document.title + '.png';
      link.click();
    });
  }
  function draw(box) {
    near.unobserve(box);
    return load().then(function () {
      if (!parsed(box.dataset.chart + '-data') || box.dataset.drawn) return;
      box.dataset.drawn = '1';
      var chart = window.echarts.init(box, null, { renderer: 'canvas' });
      charts.set(box, chart);
      lines(box);
      window.addEventListener('resize', function () { chart.resize(); });
      picture(box, chart);
    }, function () { table(box).open = true; });
  }
  function undrawn() { return Array.from(document.querySelectorAll('[data-chart]:not([data-drawn])')); }
  function table(box) { return box.parentElement.querySelector('details'); }

  var near = new IntersectionObserver(function (seen) {
    seen.forEach(function (each) { if (each.isIntersecting) draw(each.target); });
  }, { rootMargin: '200px' });
  function watch() { undrawn().forEach(function (box) { near.observe(box); }); }
  document.addEventListener('DOMContentLoaded', watch);
  /* A chart in sight may be drawn before its forecast is there. */
  document.addEventListener('htmx:after:swap', function () {
    watch();
    charts.forEach(function (_chart, box) { if (box.isConnected) lines(box); });
  });

  /* Paper: our button waits for the chart; the browser's own command cannot, and prints the table in its place. */
  document.addEventListener('isp:print', function (event) { event.detail.push.apply(event.detail, undrawn().map(draw)); });
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = undrawn().map(table).filter(function (each) { return !each.open; });
    opened.forEach(function (each) { each.open = true; });
  });
  window.addEventListener('afterprint', function () { opened.forEach(function (each) { each.open = false; }); });
})();
