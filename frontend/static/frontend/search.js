/* The list of hits under the header's field, as an ARIA combobox. Without it the form is sent to the page of hits. */
(function () {
  'use strict';
  const field = document.getElementById('find');
  const box = document.getElementById('find-hits');
  if (!field || !box) return;
  const form = field.form;
  const status = document.getElementById('find-status');
  let dismissed = false; // by Escape, until another key
  const options = () => Array.from(box.querySelectorAll('[role=option]'));
  const chosen = () => box.querySelector('[aria-selected=true]');

  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-expanded', 'false');

  function choose(option) {
    options().forEach((each) => each.setAttribute('aria-selected', String(each === option)));
    if (!option) { field.removeAttribute('aria-activedescendant'); return; }
    field.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }

  function open() {
    const list = box.querySelector('[role=listbox]');
    box.hidden = !box.firstElementChild;
    field.setAttribute('aria-expanded', String(Boolean(list)));
    if (list) field.setAttribute('aria-controls', list.id); else field.removeAttribute('aria-controls');
    choose(options()[0]);
  }

  function close() {
    box.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-controls');
    choose(null);
  }

  const isCurrent = () => {
    const list = box.querySelector('[role=listbox]');
    return !list || list.dataset.searched === field.value.trim();
  };

  function move(step) {
    if (box.hidden) { if (isCurrent()) open(); return; }
    const all = options();
    choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  }

  /* Enter opens the chosen hit of what stands in the field; before its list is there, the form is sent. */
  function enter(event) {
    const list = box.querySelector('[role=listbox]');
    const option = chosen();
    if (box.hidden || !option || list.dataset.searched !== field.value.trim()) return;
    event.preventDefault();
    option.click();
  }

  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    dismissed = event.key === 'Escape';
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      enter(event);
    } else if (event.key === 'Escape' && !box.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest && event.target.closest('input, textarea, select, [contenteditable]');
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const wanted = (event.key === '/' && plain && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey));
    if (!wanted) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  /* A list that comes after the person has gone elsewhere stays shut. */
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.detail.ctx.target !== box) return;
    const found = box.querySelector('[data-status]');
    status.textContent = found ? found.dataset.status : '';
    if (form.contains(document.activeElement) && !dismissed && isCurrent()) open();
  });
  field.addEventListener('focus', () => { if (field.value && box.firstElementChild && isCurrent()) open(); });
  document.addEventListener('focusin', (event) => { if (!form.contains(event.target)) close(); });
  document.addEventListener('click', (event) => { if (!form.contains(event.target)) close(); });
})();
