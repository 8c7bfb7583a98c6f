// What is known since the release: which sources cannot be read now (status.json, beside the
// releases). The page says how they stood on the release's day; without an answer it stays so.
(() => {
  'use strict';
  const place = document.getElementById('since');
  const day = (at) => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

  const mark = (row, state, words, note) => {
    const health = row.querySelector('.health');
    health.className = `health ${state}`;
    health.textContent = words;
    health.parentElement.querySelector('.small')?.remove();
    health.parentElement.append(Object.assign(document.createElement('span'), { className: 'small', textContent: note }));
  };

  const show = (told) => {
    const failing = Object.entries(told.sources).filter(([, one]) => one.failing_since);
    for (const row of document.querySelectorAll('tr[id]')) {
      const one = told.sources[row.id];
      if (!one || !row.querySelector('.health')) continue;
      if (one.failing_since) mark(row, 'stale', 'Stale', ` cannot be read since ${day(one.failing_since)}; this is its last good version`);
      else if (row.querySelector('.health.stale')) mark(row, 'fresh', 'Read again', ` on ${day(one.succeeded_at)}, after this release`);
    }
    const number = failing.length === 1 ? '1 source cannot' : `${failing.length} sources cannot`;
    place.textContent = `As of ${day(told.as_of)}: ${failing.length ? `${number} be read, and the last good version stays in use` : 'every source that was asked could be read'}.`;
    place.hidden = false;
  };

  fetch(place.dataset.status).then((answer) => answer.json()).then((told) => { if (told.sources) show(told); }).catch(() => {});
})();
