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
  function draw(box) {
    near.unobserve(box);
    var source = document.getElementById(box.dataset.chart + '-data');
    return load().then(function () {
      if (!source || box.dataset.drawn) return;
      box.dataset.drawn = '1';
      trend(box, JSON.parse(source.textContent));
    }, function () { table(box).open = true; });
  }
  function undrawn() { return Array.from(document.querySelectorAll('[data-chart]:not([data-drawn])')); }
  function table(box) { return box.parentElement.querySelector('details'); }

  var near = new IntersectionObserver(function (seen) {
    seen.forEach(function (each) { if (each.isIntersecting) draw(each.target); });
  }, { rootMargin: '200px' });
  function watch() { undrawn().forEach(function (box) { near.observe(box); }); }
  document.addEventListener('DOMContentLoaded', watch);
  document.addEventListener('htmx:after:swap', watch);

  /* Paper: our button waits for the chart; the browser's own command cannot, and prints the table in its place. */
  document.addEventListener('isp:print', function (event) { event.detail.push.apply(event.detail, undrawn().map(draw)); });
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = undrawn().map(table).filter(function (each) { return !each.open; });
    opened.forEach(function (each) { each.open = true; });
  });
  window.addEventListener('afterprint', function () { opened.forEach(function (each) { each.open = false; }); });
})();
