// The list of organisations: search, filter, sort, show more, download. Text enters the page as
// text only (textContent), never as markup. The list itself (hundreds of kilobytes) is loaded when
// somebody first asks something; until then the rows that the page came with are shown.
(() => {
  'use strict';
  const VERDICTS = { mutual: 'Meets', probable: 'Probably meets', possible: 'May meet', undetermined: 'Not shown to meet', not_mutual: 'Does not meet' };
  // Of one whose record has an end it is said of the past.
  const PAST = { mutual: 'Met', probable: 'Probably met', possible: 'May have met' };
  const ORDER = ['mutual', 'probable', 'possible', 'undetermined', 'not_mutual', ''];
  const COLUMNS = ['name', 'verdict', 'sector', 'form', 'region', 'began', 'ended'];
  const FILTERS = ['verdict', 'sector', 'form', 'region'];
  const STEP = 50;
  const get = (id) => document.getElementById(id);
  const form = get('filters');
  let all = null;
  let loading = null;
  let rows = [];
  let shown = document.querySelectorAll('#listing tbody tr').length;
  let sorting = { column: '', down: false };

  // Letters without accents, in lower case, so that "Cafe" finds "Café".
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = (code) => [...form.elements.form.options].find((one) => one.value === code)?.text ?? code;

  const unpack = (held) => {
    const column = (name) => (held[name].texts ? held[name].rows.map((at) => held[name].texts[at]) : held[name]);
    const columns = Object.fromEntries(Object.keys(held).map((name) => [name, column(name)]));
    return columns.id.map((_, at) => {
      const row = Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name][at]]));
      row.text = plain(`${row.name} ${row.also} ${row.id}`);
      return row;
    });
  };

  const load = async () => {
    const answer = await fetch(form.dataset.source);
    if (!answer.ok) throw new Error(answer.statusText);
    all = unpack(await answer.json());
    rows = all;
  };
  // Loaded once, also where two ask at the same time; a failure may be tried again.
  const ready = () => {
    loading ??= load().catch((error) => { loading = null; throw error; });
    return loading;
  };

  const matches = () => {
    const asked = new FormData(form);
    const parts = plain(asked.get('q')).split(/\s+/).filter(Boolean);
    const end = asked.get('end');
    return all.filter((row) => parts.every((part) => row.text.includes(part))
      && FILTERS.every((name) => !asked.get(name) || row[name] === asked.get(name))
      && (!end || (end === 'yes') === (row.ended !== '')));
  };

  const value = (row, column) => (column === 'verdict' ? ORDER.indexOf(row.verdict) : row[column]);
  const sorted = (found) => {
    const { column, down } = sorting;
    if (!column) return found;
    const blank = (one) => one === '' || one === null || one === undefined;
    return found.toSorted((a, b) => {
      const [x, y] = [value(a, column), value(b, column)];
      if (blank(x) || blank(y)) return blank(x) - blank(y);
      const less = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en');
      return down ? -less : less;
    });
  };

  const cell = (kind, text, name) => Object.assign(document.createElement(kind), { textContent: text, className: name ?? '' });
  // On a phone a row is a paragraph: a number has its name before it, and a dash is left out.
  const dated = (label, text) => {
    const made = cell('td', text, text === '–' ? 'n e' : 'n');
    made.dataset.l = label;
    return made;
  };
  const line = (row) => {
    const made = document.createElement('tr');
    const head = cell('th', row.page ? '' : row.name || row.id);
    head.scope = 'row';
    if (row.page) head.append(Object.assign(cell('a', row.name || row.id), { href: `organisations/${row.page}` }));
    else if (row.why) head.append(document.createElement('br'), cell('span', row.why, 'small'));
    const verdict = document.createElement('td');
    verdict.append(cell('span', (row.ended !== '' && PAST[row.verdict]) || (VERDICTS[row.verdict] ?? 'Not known'), `verdict ${row.verdict}`));
    made.append(head, verdict, cell('td', row.sector || '–'), cell('td', words(row.form), row.form === 'unknown' ? 'e' : ''), cell('td', row.region || '–', row.region ? '' : 'e'),
      dated('Began', row.began ?? '–'), dated('Ended', row.ended === 'ended' ? 'yes' : row.ended || '–'));
    return made;
  };

  const show = () => {
    const part = rows.slice(0, shown);
    document.querySelector('#listing tbody').replaceChildren(...part.map(line));
    const said = (count) => count.toLocaleString('en-GB');
    document.querySelector('#listing caption').textContent = `The first ${said(part.length)} of ${said(rows.length)} found`;
    get('found').textContent = `${said(rows.length)} of ${said(all.length)} organisations`;
    get('more').hidden = shown >= rows.length;
    get('absent').hidden = rows.length > 0;
    document.querySelector('#listing').closest('.scroll').hidden = rows.length === 0;
  };

  const loaded = async () => {
    try {
      await ready();
      return true;
    } catch {
      get('found').textContent = 'The list could not be loaded. The whole list is below, page by page.';
      return false;
    }
  };
  const search = async () => {
    if (!await loaded()) return;
    rows = sorted(matches());
    shown = STEP;
    show();
    const asked = new URLSearchParams([...new FormData(form)].filter(([, one]) => one));
    if (sorting.column) asked.set('sort', (sorting.down ? '-' : '') + sorting.column);
    history.replaceState(null, '', asked.size ? `?${asked}` : location.pathname);
  };

  const sortBy = (column, header) => {
    sorting = { column, down: sorting.column === column && !sorting.down };
    for (const one of document.querySelectorAll('#listing thead th')) one.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', sorting.down ? 'descending' : 'ascending');
    search();
  };

  // A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP).
  const safe = (one) => {
    const text = String(one ?? '');
    const guarded = typeof one === 'string' && /^[=+@\t\r\0-]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
  };
  const save = async () => {
    if (!await loaded()) return;
    const names = ['id', ...COLUMNS];
    const lines = [names, ...rows.map((row) => names.map((name) => row[name]))].map((one) => one.map(safe).join(','));
    const url = URL.createObjectURL(new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'organisations.csv' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  const asked = new URLSearchParams(location.search);
  for (const [name, one] of asked) if (form.elements[name] && name !== 'sort') form.elements[name].value = one;
  const headers = [...document.querySelectorAll('#listing thead th')];
  headers.forEach((header, at) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: header.textContent });
    button.addEventListener('click', () => sortBy(COLUMNS[at], header));
    header.replaceChildren(button);
  });
  let waiting = 0;
  // Whoever is about to ask should not wait for the list at the first letter.
  form.addEventListener('focusin', () => { ready().catch(() => {}); }, { once: true });
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  form.addEventListener('submit', (event) => { event.preventDefault(); search(); });
  form.addEventListener('reset', () => setTimeout(search));
  get('more').addEventListener('click', async () => { if (await loaded()) { shown += STEP; show(); } });
  get('save').addEventListener('click', () => save());
  const first = asked.get('sort') ?? '';
  const at = COLUMNS.indexOf(first.replace('-', ''));
  if (at >= 0) { sorting = { column: COLUMNS[at], down: first[0] === '-' }; headers[at].setAttribute('aria-sort', sorting.down ? 'descending' : 'ascending'); }
  if (asked.size) search();
})();
