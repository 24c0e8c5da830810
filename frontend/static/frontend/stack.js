/* Pictures of a building: arrow keys from unit to unit, and the one whose panel is open. All of it is an extra. */
(function () {
  'use strict';
  const units = (box) => Array.from(box.querySelectorAll('a.isp-u'));

  document.addEventListener('keydown', (event) => {
    const cell = event.target.closest && event.target.closest('.isp-stack a.isp-u');
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = { ArrowLeft: () => beside(cell, -1), ArrowRight: () => beside(cell, 1),
      ArrowUp: () => above(cell, -1), ArrowDown: () => above(cell, 1) }[event.key];
    if (!next) return;
    event.preventDefault();
    const found = next();
    if (found) found.focus();
  });

  function beside(cell, step) {
    const all = units(cell.closest('.isp-stack'));
    return all[all.indexOf(cell) + step];
  }

  /* The unit on the next line whose middle is nearest. */
  function above(cell, step) {
    const bars = Array.from(cell.closest('.isp-stack').querySelectorAll('.isp-fbar'));
    const middle = (each) => { const box = each.getBoundingClientRect(); return box.left + box.width / 2; };
    let place = bars.indexOf(cell.closest('.isp-fbar')) + step;
    while (bars[place] && !units(bars[place]).length) place += step;
    if (!bars[place]) return null;
    const here = middle(cell);
    return units(bars[place]).sort((one, other) => Math.abs(middle(one) - here) - Math.abs(middle(other) - here))[0];
  }

  /* The plan as PNG: the server's SVG on a canvas, twice as fine, with the fonts of this computer. */
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-png]');
    if (!button) return;
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = picture.naturalWidth * 2;
      canvas.height = picture.naturalHeight * 2;
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(blob);
        link.download = button.dataset.png.split('?')[0].split('/').slice(2, -1).join('-') + '.png';
        link.click();
        URL.revokeObjectURL(link.href);
      });
    };
    picture.src = button.dataset.png;
  });

  function ready() {
    document.querySelectorAll('[data-png][hidden]').forEach((each) => { each.hidden = false; });
  }
  document.addEventListener('htmx:after:swap', ready);
  document.addEventListener('DOMContentLoaded', () => {
    ready();
    const paper = document.querySelector('.isp-stacking[data-paper]');
    if (paper && document.referrer.split('?')[0] === location.href.split(/[?#]/)[0]) window.print();
  });

  document.addEventListener('htmx:before:request', (event) => {
    const target = event.detail.ctx.target;
    if (!target || target.id !== 'panel') return;
    document.querySelectorAll('.isp-stacking [aria-current="true"].isp-u').forEach((each) => each.removeAttribute('aria-current'));
    const cell = event.target.closest('a.isp-u');
    if (cell) cell.setAttribute('aria-current', 'true');
  });
})();
