/* A change of the language keeps what was typed in every form: it waits in the storage of this tab, for one page load.
   Passwords are not kept; a browser lets no page choose a file. */
(function () {
  'use strict';
  const SLOT = 'typed';
  const KEPT = 'input:not([type=hidden]):not([type=password]):not([type=file]), select, textarea';

  const fieldsOf = (form) => Array.from(form.elements).filter((each) => each.name && each.matches(KEPT));
  const optionsOf = (field) => (field.matches('select') ? Array.from(field.options) : []);
  const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio';
  const valueOf = (field) => (isTicked(field) ? field.checked : field.matches('select')
    ? optionsOf(field).filter((each) => each.selected).map((each) => each.value) : field.value);

  function isChanged(field) {
    if (isTicked(field)) return field.checked !== field.defaultChecked;
    if (field.matches('select')) return optionsOf(field).some((each) => each.selected !== each.defaultSelected);
    return field.value !== field.defaultValue;
  }

  /* Each with the same name in both languages: where it is sent, and which one of those it is. */
  function formsOfPage() {
    const counts = {};
    return Array.from(document.forms).map((form) => {
      const to = form.method + new URL(form.getAttribute('action') || '', location.href).pathname;
      counts[to] = (counts[to] || 0) + 1;
      return [`${to} ${counts[to]}`, form];
    });
  }

  /* The values belong to the version of the row that they were typed on. Of a conflict that is on screen the decision is
     still to be made: without a version the form is refused once more, with both values. */
  function versionOf(form) {
    return form.elements.version && (form.querySelector('[name=conflict]') ? '' : form.elements.version.value);
  }

  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-language]')) return;
    const refused = document.querySelector('main [data-focus]');
    const forms = formsOfPage().filter(([, form]) => refused || fieldsOf(form).some(isChanged))
      .map(([key, form]) => [key, { version: versionOf(form), values: fieldsOf(form).map((each) => [each.name, valueOf(each)]) }]);
    if (forms.length) sessionStorage.setItem(SLOT, JSON.stringify({ path: location.pathname, forms }));
  });

  function fill(field, value) {
    if (isTicked(field)) field.checked = value;
    else if (field.matches('select')) optionsOf(field).forEach((each) => { each.selected = value.includes(each.value); });
    else field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true })); // a plan draws the corners that are typed
  }

  document.addEventListener('DOMContentLoaded', () => {
    const stored = JSON.parse(sessionStorage.getItem(SLOT) || 'null');
    sessionStorage.removeItem(SLOT);
    if (!stored || stored.path !== location.pathname) return;
    const kept = new Map(stored.forms);
    formsOfPage().filter(([key]) => kept.has(key)).forEach(([key, form]) => {
      const { version, values } = kept.get(key), fields = fieldsOf(form);
      if (version !== undefined && form.elements.version) form.elements.version.value = version;
      values.forEach(([name, value], place) => {
        if (fields[place] && fields[place].name === name) fill(fields[place], value);
      });
    });
  });
})();
