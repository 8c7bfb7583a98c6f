// Shows one figure of several. Without this file all are shown.
(() => {
  'use strict';
  const choose = document.getElementById('choose');
  if (!choose) return;
  const show = () => {
    for (const one of document.querySelectorAll('#choices > figure')) one.hidden = choose.value !== '' && one.id !== choose.value;
    history.replaceState(null, '', choose.value ? `#${choose.value}` : location.pathname);
  };
  const asked = location.hash.slice(1);
  if ([...choose.options].some((one) => one.value === asked)) choose.value = asked;
  choose.addEventListener('change', show);
  if (choose.value) show();
})();
