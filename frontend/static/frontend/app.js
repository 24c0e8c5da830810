/* Behaviour of every page, as delegated listeners: nothing inline, nothing to set up after a swap. */
(function () {
  'use strict';
  const on = (name, handler) => document.addEventListener(name, handler);
  const close = (all) => all.forEach((each) => { each.open = false; });
  const pops = () => document.querySelectorAll('.isp-user[open], .isp-fold[open], .isp-multi[open]');

  on('click', (event) => {
    pops().forEach((each) => { if (!each.contains(event.target)) each.open = false; });
    const size = event.target.closest('[data-text-size]');
    if (size) { event.preventDefault(); changeSize(); }
    if (event.target.closest('[data-print]')) print();
  });

  /* What is not drawn yet is drawn first: who listens adds a promise. */
  function print() {
    const waiting = [];
    document.dispatchEvent(new CustomEvent('isp:print', { detail: waiting }));
    Promise.all(waiting).then(() => window.print());
  }

  function changeSize() {
    const large = document.documentElement.classList.toggle('fs-lg');
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = 'fs=' + (large ? 'lg' : '') + '; path=/; samesite=lax; max-age=' + (large ? 31536000 : 0) + secure;
  }

  on('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const pop = document.activeElement && document.activeElement.closest('details[open]');
    if (pop && pop.matches('.isp-user, .isp-fold, .isp-multi')) { pop.open = false; pop.querySelector('summary').focus(); return; }
    close(pops());
    closePanel();
  });

  let opener = null;
  function closePanel() {
    const panel = document.getElementById('panel');
    if (!panel || !panel.firstChild) return;
    panel.replaceChildren();
    if (opener && opener.isConnected) opener.focus();
  }
  on('click', (event) => { if (event.target.closest('[data-close-panel]')) closePanel(); });

  on('change', (event) => {
    if (event.target.matches('select[data-autosubmit]') && event.target.form) event.target.form.requestSubmit();
  });

  /* htmx */
  on('htmx:before:request', (event) => {
    const target = event.detail.ctx.target;
    if (target && target.setAttribute) target.setAttribute('aria-busy', 'true');
    if (target && target.id === 'panel') opener = document.activeElement;
  });
  on('htmx:finally:request', () => {
    document.querySelectorAll('[aria-busy]').forEach((each) => each.removeAttribute('aria-busy'));
  });
  /* htmx writes the style attribute of what it replaces onto what takes its place, which the CSP refuses. A browser sets
     one where a person drags a text box larger, and so do extensions. */
  on('htmx:before:swap', (event) => {
    const ctx = event.detail.ctx;
    if (ctx.select === '#main' && !SHOWS_FORM.includes(ctx.response.status) && !ctx.text.includes('data-focus')) {
      // a page of refusal: what was typed stays
      event.preventDefault();
      announce(textOf(ctx.text));
      return;
    }
    event.detail.tasks.forEach((task) => {
      const target = typeof task.target === 'string' ? document.querySelector(task.target) : task.target;
      if (target) target.querySelectorAll('[id][style]').forEach((each) => each.removeAttribute('style'));
    });
  });
  on('htmx:after:swap', (event) => {
    if (event.detail.ctx.target.id === 'find-hits') return;
    const wanted = document.querySelector('main [data-focus], #panel [data-focus]') || document.querySelector('main [aria-invalid=true]');
    const heading = document.querySelector('#panel h2[tabindex]');
    if (wanted) wanted.focus();
    else if (heading && !document.getElementById('panel').contains(document.activeElement)) heading.focus();
  });
  on('htmx:response:error', (event) => {
    const ctx = event.detail.ctx, status = ctx.response.status, own = messages().dataset;
    if (status === 401) location.reload();
    else if (ctx.select === '#main') return; // a form: before its swap
    else if (status === 403) announce(own.refused);
    else if (status === 404) announce(own.gone);
    else if (status === 503) announce(own.busy);
    else if (status >= 500) announce(own.failed);
  });
  on('htmx:error', () => announce(messages().dataset.offline));

  const SHOWS_FORM = [200, 409, 422]; // the form again, or what comes of it; of too many log-ins only where it has words in it
  const messages = () => document.getElementById('messages');
  /* Those of a page of ours; an answer of a proxy has none. */
  function textOf(page) {
    const paragraph = new DOMParser().parseFromString(page, 'text/html').querySelector('main p:not(.number)');
    return paragraph ? paragraph.textContent : messages().dataset.failed;
  }

  function announce(text) {
    const area = messages();
    const box = document.createElement('div');
    box.className = 'alert alert-error';
    box.textContent = text;
    area.replaceChildren(box);
    area.scrollIntoView({ block: 'nearest' });
  }

  on('DOMContentLoaded', () => {
    document.querySelectorAll('[data-print][hidden]').forEach((each) => { each.hidden = false; });
    const small = window.matchMedia('(max-width: 640px)');
    const fold = () => document.querySelectorAll('.isp-filters').forEach((each) => { each.open = !small.matches; });
    if (small.matches) fold();
    small.addEventListener('change', fold);
    const wanted = document.querySelector('main [data-focus]') || document.querySelector('main [aria-invalid=true]');
    if (wanted) wanted.focus();
  });
})();
