/* What is wrong with the geometry of the page as it stands: lines of text, none for a sound page.
   Run in the page by tests/e2e/geometry.py, once for each width and once for paper. */
(view) => {
  'use strict';
  const TOLERANCE = 2;
  const faults = [];
  const root = document.documentElement;

  const styles = new Map();
  const styleOf = (element) => {
    let style = styles.get(element);
    if (!style) styles.set(element, style = getComputedStyle(element));
    return style;
  };
  const words = (element) => (element.innerText || element.value || '').replace(/\s+/g, ' ').trim().slice(0, 40);
  const name = (element) => {
    const own = [...element.classList].filter((each) => !/^fg-/.test(each)).join('.');
    return element.tagName.toLowerCase() + (element.id ? '#' + element.id : own ? '.' + own : '');
  };
  const tell = (rule, element, more) => faults.push(`${rule}: ${name(element)} “${words(element)}”${more ? ' ' + more : ''}`);

  /* Texts for screen readers alone are a pixel large, and cut off on purpose. */
  const tiny = (element) => {
    const box = element.getBoundingClientRect();
    return box.width <= 1 || box.height <= 1;
  };
  const seen = new Map();
  const shown = (element) => {
    if (!element || element === document.documentElement) return true;
    if (!seen.has(element)) seen.set(element, look(element));
    return seen.get(element);
  };
  const look = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !(styleOf(element).position === 'absolute' && tiny(element)) && shown(element.parentElement);

  function page() {
    const wide = root.scrollWidth - root.clientWidth;
    if (wide <= 0) return;
    const guilty = [...document.body.querySelectorAll('*')].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width > 0 && box.right > root.clientWidth + 1 && !scroller(each.parentElement);
    });
    faults.push(`page wider than its window: by ${wide} px${guilty.length ? ', for one ' + name(guilty[guilty.length - 1]) : ''}`);
  }
  const scroller = (element) => {
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (/auto|scroll|hidden|clip/.test(styleOf(each).overflowX)) return each;
    return null;
  };

  /* Tables: the display of a table, or of the one recipe that turns rows into cards on small screens. */
  const DISPLAY = { TABLE: ['table'], THEAD: ['table-header-group'], TBODY: ['table-row-group'],
    TFOOT: ['table-footer-group', 'table-row-group'], TR: ['table-row'], TH: ['table-cell'], TD: ['table-cell'] };
  function table(each) {
    if (each.matches('.isp-cards') && styleOf(each).display === 'block' && view.width <= 640) return;
    const wrong = [each, ...each.querySelectorAll('thead, tbody, tfoot, tr, th, td')].find((part) => {
      const display = styleOf(part).display;
      return display !== 'none' && !DISPLAY[part.tagName].includes(display);
    });
    if (wrong) { tell('table has another display', each, `${name(wrong)}: ${styleOf(wrong).display}`); return; }
    columns(each);
  }
  function columns(each) {
    const head = each.tHead && each.tHead.rows[each.tHead.rows.length - 1];
    if (!head || each.tHead.rows.length > 1) return;
    const places = placed(head);
    for (const body of each.tBodies) {
      for (const row of body.rows) {
        const cells = placed(row);
        for (const [at, cell] of cells) {
          const title = places.get(at);
          if (!title || title.colSpan !== cell.colSpan) continue;
          const above = title.getBoundingClientRect(), below = cell.getBoundingClientRect();
          if (!above.width || !below.width) continue;
          const off = Math.max(Math.abs(above.left - below.left), Math.abs(above.right - below.right));
          if (off > TOLERANCE) { tell('head beside its column', each, `“${words(title)}” is ${Math.round(off)} px off`); return; }
          if (aligned(title) !== aligned(cell) && words(title) && words(cell)) {
            tell('head aligned otherwise than its column', each, `“${words(title)}” ${aligned(title)}, “${words(cell)}” ${aligned(cell)}`);
            return;
          }
        }
      }
    }
  }
  const aligned = (cell) => ({ right: 'end', end: 'end', center: 'center', '-webkit-center': 'center' })[styleOf(cell).textAlign] || 'start';
  /* {column: cell}; rows that lie under a rowspan are left out, for their columns are not their own. */
  function placed(row) {
    const cells = new Map();
    const table = row.closest('table');
    if ([...table.querySelectorAll('[rowspan]')].some((cell) => cell.rowSpan > 1 && !cell.parentElement.isSameNode(row) &&
        cell.parentElement.rowIndex < row.rowIndex && cell.parentElement.rowIndex + cell.rowSpan > row.rowIndex)) return cells;
    let at = 0;
    for (const cell of row.cells) { cells.set(at, cell); at += cell.colSpan; }
    return cells;
  }

  /* Runs of text: how many lines each takes. */
  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      const text = node.data.replace(/\s+/g, '');
      if (text.length < 2 || parent.closest('script, style, svg, option, template, noscript')) continue;
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      if (boxes.every((box) => box.right <= 0) || !shown(parent)) continue; // none, or a skip link off the screen
      cut(node, parent, boxes);
      const lines = new Set(boxes.map((box) => Math.round(box.top))).size;
      if (lines < 2) continue;
      const wordCount = node.data.trim().split(/[\s\-/]+/).length;
      const broken = (text.length / lines < 1.5 && (lines > 2 || narrow(parent))) || (lines >= 3 && text.length / lines <= 2 && wordCount < lines);
      if (broken) faults.push(`text broken into single characters: ${name(parent)} “${text.slice(0, 40)}” in ${lines} lines`);
    }
  }

  /* Two characters on two lines are a line's end in prose, and a fault where there is room for no more. */
  const narrow = (element) => {
    let block = element;
    while (styleOf(block).display === 'inline') block = block.parentElement;
    return block.getBoundingClientRect().width < 4 * parseFloat(styleOf(block).fontSize);
  };

  /* A text is cut where it lies outside a box that shows no more and cannot be scrolled. */
  function cut(node, parent, boxes) {
    const right = Math.max(...boxes.map((box) => box.right)), left = Math.min(...boxes.map((box) => box.left));
    const bottom = Math.max(...boxes.map((box) => box.bottom));
    for (let each = parent; each && each !== document.body; each = each.parentElement) {
      const style = styleOf(each);
      if (style.display === 'inline' || style.display === 'contents') continue;
      if (style.position === 'fixed') return;
      const box = each.getBoundingClientRect();
      const sideways = right - box.right > TOLERANCE || box.left - left > TOLERANCE;
      const down = bottom - box.bottom > TOLERANCE;
      if (/auto|scroll/.test(style.overflowX) && sideways) return;
      if (/auto|scroll/.test(style.overflowY) && down) return;
      const over = (sideways && style.overflowX !== 'visible') || (down && style.overflowY !== 'visible');
      if (over && !told(each, parent)) { tell('cut off', each, `“${node.data.trim().slice(0, 40)}”`); return; }
      if (over) return;
      if (sideways && each.matches('td, th, button, li, dd, dt, .card-body, .isp-b, .btn')) {
        tell('sticks out of its box', each, `“${node.data.trim().slice(0, 40)}”`);
        return;
      }
    }
    if (left < -1 && right > 0) tell('cut off at the left', parent);
  }
  /* An ellipsis is no loss where the whole text is said by a label or a title. */
  const told = (box, parent) => {
    for (const each of [parent, box]) if (each.closest('[aria-label], [title], [data-whole]')) return true;
    return false;
  };

  /* Controls that lie on each other: the lower one cannot be pressed. */
  function controls() {
    const found = [];
    for (const each of document.body.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      if (each.closest('svg') || tiny(each) || !shown(each)) continue;
      for (const box of each.getClientRects())
        if (box.width > 1 && box.height > 1) found.push({ each, box, over: floats(each), within: clipOf(each) });
    }
    const boxes = found.map((one) => ({ ...one, box: inside(one.box, one.within) })).filter((one) => one.box);
    boxes.sort((one, other) => one.box.top - other.box.top);
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom - 1; j += 1) {
        const one = boxes[i], other = boxes[j];
        if (one.each.contains(other.each) || other.each.contains(one.each) || one.over !== other.over) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 1.5 && high > 1.5) tell('controls overlap', one.each, `and ${name(other.each)} “${words(other.each)}”`);
      }
    }
  }
  /* What floats above the page is meant to cover it. */
  const floats = (element) => {
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (/fixed|sticky/.test(styleOf(each).position)) return each;
    return null;
  };
  const clipOf = (element) => { const found = scroller(element.parentElement); return found && found.getBoundingClientRect(); };
  const inside = (box, clip) => {
    if (!clip) return box;
    const [left, right] = [Math.max(box.left, clip.left), Math.min(box.right, clip.right)];
    const [top, bottom] = [Math.max(box.top, clip.top), Math.min(box.bottom, clip.bottom)];
    return right - left > 1 && bottom - top > 1 ? { left, right, top, bottom } : null;
  };

  /* A list begins on the first screen. */
  function fold() {
    if (view.name !== '1280') return;
    const first = document.querySelector('#results tbody tr, #results .isp-cardlist > li');
    if (!first || !shown(first)) return;
    const box = first.getBoundingClientRect();
    const end = (first.tagName === 'TR' ? box.bottom : box.top + 120) + window.scrollY;
    if (end > view.height) tell('first row below the fold', first, `ends at ${Math.round(end)} px of ${view.height}`);
  }

  page();
  for (const each of document.querySelectorAll('table')) if (shown(each)) table(each);
  texts();
  if (view.name !== 'print') controls();
  fold();
  return [...new Set(faults)];
}
