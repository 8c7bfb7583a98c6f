// Every page works without this file. It adds: the theme switch, the menu on a small screen, and
// charts drawn again with tooltips when a reader asks for it.
(() => {
  'use strict';
  const page = document.documentElement;
  page.classList.add('js');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let chosen = null;
  try { chosen = localStorage.getItem('theme'); } catch { /* no storage: the system decides */ }
  if (chosen === 'light' || chosen === 'dark') page.dataset.theme = chosen;
  const isDark = () => (page.dataset.theme ? page.dataset.theme === 'dark' : dark.matches);

  const load = (src) => new Promise((done, failed) => {
    if (window.vegaEmbed) { done(); return; }
    const script = Object.assign(document.createElement('script'), { src, onload: done, onerror: failed });
    document.head.append(script);
  });

  const drawn = new Map();
  const draw = async (place, held) => {
    const style = getComputedStyle(page);
    // The widest drawing that fits; the narrowest where none does.
    const fits = Object.keys(held.sizes).sort((a, b) => held.sizes[b] - held.sizes[a]);
    const size = fits.find((one) => held.sizes[one] <= place.clientWidth) ?? fits.at(-1);
    let text = JSON.stringify(held.charts[size]);
    for (const [colour, name] of Object.entries(held.colours)) {
      text = text.replaceAll(colour, style.getPropertyValue(name).trim());
    }
    const made = await window.vegaEmbed(place, JSON.parse(text), {
      actions: false, ast: true, renderer: 'svg', defaultStyle: false,
      tooltip: { theme: isDark() ? 'dark' : 'light', disableDefaultStyle: true },
    });
    drawn.get(place)?.result?.finalize();
    drawn.set(place, { held, result: made });
  };

  const interact = async (button) => {
    const place = button.closest('figure').querySelector('.drawing');
    button.disabled = true;
    button.textContent = 'Loading…';
    try {
      const [answer] = await Promise.all([fetch(button.dataset.figure), load(button.dataset.vega)]);
      if (!answer.ok) throw new Error(answer.statusText);
      await draw(place, await answer.json());
      place.dataset.state = 'interactive';
      button.textContent = 'Interactive: point at a mark';
    } catch {
      button.disabled = false;
      button.textContent = 'It could not be loaded. Try again';
    }
  };

  document.addEventListener('DOMContentLoaded', () => {
    const theme = document.getElementById('theme');
    const name = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; theme.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours'); };
    name();
    const redraw = () => { name(); for (const [place, one] of drawn) draw(place, one.held); };
    theme.addEventListener('click', () => {
      page.dataset.theme = isDark() ? 'light' : 'dark';
      try { localStorage.setItem('theme', page.dataset.theme); } catch { /* kept for this page */ }
      redraw();
    });
    dark.addEventListener('change', redraw);
    const menu = document.getElementById('menu');
    menu.addEventListener('click', () => {
      const open = document.getElementById('nav').classList.toggle('open');
      menu.setAttribute('aria-expanded', String(open));
    });
    for (const button of document.querySelectorAll('.interact')) button.addEventListener('click', () => interact(button));
  });
})();
