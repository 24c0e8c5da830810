/* The floor plan: ticks mirrored in the picture, its size, corners by clicks. All of it works typed, without this. */
(function () {
  'use strict';
  const plan = document.querySelector('[data-plan]');
  const pick = document.querySelector('.isp-pick');

  function mirror() {
    const chosen = new Set(Array.from(pick.querySelectorAll('[name=unit]:checked'), (each) => each.value));
    document.querySelectorAll('a[data-unit]').forEach((each) => each.classList.toggle('isp-chosen-shape', chosen.has(each.dataset.unit)));
  }
  if (pick) {
    pick.addEventListener('change', mirror);
    pick.querySelectorAll('[data-quiet]').forEach((each) => { each.hidden = true; });
    mirror(); // the browser may have brought the ticks back
  }

  document.addEventListener('click', (event) => {
    const size = event.target.closest('[data-zoom]');
    if (!size || !plan || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    document.querySelectorAll('[data-zoom]').forEach((each) => each.removeAttribute('aria-current'));
    size.setAttribute('aria-current', 'true');
    plan.className = 'isp-drawing isp-zoom-' + size.dataset.zoom;
    const image = plan.querySelector('image');
    if (image && size.dataset.zoom !== '1') image.setAttribute('href', image.dataset.sharp);
  });

  let board;
  function begin() {
    board = document.querySelector('[data-board]');
    if (!board) return;
    const high = Number(board.dataset.board);
    const NEAR = 10; // px on screen within which a click takes an existing corner, so that adjacent units share it
    const others = Array.from(board.querySelectorAll('.isp-shape polygon'))
      .flatMap((each) => each.getAttribute('points').trim().split(' ').map((pair) => pair.split(',').map(Number)));

    function clicked(event) {
      const matrix = board.getScreenCTM();
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      const near = others.concat(corners ? ring() : [])
        .map((point) => [Math.hypot(point[0] - at.x, point[1] - at.y) * matrix.a, point])
        .filter((each) => each[0] <= NEAR).sort((a, b) => a[0] - b[0])[0];
      const point = near ? near[1] : [at.x, at.y];
      return [Math.min(Math.max(point[0], 0), 1000), Math.min(Math.max(point[1], 0), high)];
    }
    const percent = (point) => [point[0] / 10, point[1] / high * 100].map((each) => String(Math.round(each * 1e4) / 1e4));
    const drawn = (pair) => [Number(pair[0]) * 10, Number(pair[1]) / 100 * high];

    /* a unit's corners: the text is the source */
    const corners = document.querySelector('textarea.isp-corners');
    const ring = () => corners.value.split('\n').map((line) => line.trim().split(/[\s,;，；]+/))
      .filter((pair) => pair.length === 2 && pair.every((each) => each !== '' && !isNaN(each))).map(drawn);
    function show() {
      board.querySelector('[data-ring]').setAttribute('points', ring().map((point) => point.join(',')).join(' '));
      board.querySelectorAll('.isp-corner').forEach((each) => each.remove());
      ring().forEach((point) => {
        const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
        dot.setAttribute('class', 'isp-corner');
        dot.setAttribute('cx', point[0]); dot.setAttribute('cy', point[1]); dot.setAttribute('r', 5);
        board.append(dot);
      });
    }
    function write(lines) { corners.value = lines.join('\n'); show(); }
    const lines = () => corners.value.split('\n').filter((line) => line.trim());
    if (corners) {
      document.querySelector('[data-tools]').hidden = false;
      corners.addEventListener('input', show);
      board.addEventListener('click', (event) => {
        const point = percent(clicked(event)).join(' ');
        if (lines()[0] !== point && lines()[lines().length - 1] !== point) write(lines().concat(point));
      });
      document.querySelector('[data-undo]').addEventListener('click', () => write(lines().slice(0, -1)));
      document.querySelector('[data-clear]').addEventListener('click', () => write([]));
      show();
    }

    /* two points of the scale: the third click begins anew */
    const ends = ['x1', 'y1', 'x2', 'y2'].map((name) => document.getElementById('id_' + name));
    function stretch() {
      const first = drawn([ends[0].value, ends[1].value]), second = drawn([ends[2].value || ends[0].value, ends[3].value || ends[1].value]);
      const line = board.querySelector('[data-line]');
      [['x1', first[0]], ['y1', first[1]], ['x2', second[0]], ['y2', second[1]]].forEach((each) => line.setAttribute(each[0], each[1] || 0));
    }
    if (ends[0]) {
      board.addEventListener('click', (event) => {
        const begins = !ends[0].value || ends[2].value;
        const point = percent(clicked(event));
        if (begins) ends.forEach((each) => { each.value = ''; });
        const at = begins ? 0 : 2;
        ends[at].value = point[0]; ends[at + 1].value = point[1];
        stretch();
        if (!begins) document.getElementById('id_metres').focus();
      });
      ends.forEach((each) => each.addEventListener('input', stretch));
      stretch();
    }
  }

  begin();
  document.addEventListener('htmx:after:swap', () => { if (board && !board.isConnected) begin(); });
})();
