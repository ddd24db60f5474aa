/** The page: three tabs, and a switch between light and dark. */
import { byId, h, moveFocus } from './dom.js';
import { createListTab } from './views/list.js';
import { createSpeedTab } from './views/speed.js';
import { createVerifyTab } from './views/verify.js';

const TABS = [
  { id: 'verify', label: 'Verify', create: createVerifyTab },
  { id: 'list', label: 'Validator list', create: createListTab },
  { id: 'speed', label: 'Speed', create: createSpeedTab },
] as const;

function createTabs(): void {
  const tabs = TABS.map(({ id, label }) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${id}`,
        class: 'tab',
        'aria-controls': `panel-${id}`,
        onclick: () => show(id),
      },
      label,
    ),
  );
  const panels = TABS.map(({ id }) =>
    h('div', { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, hidden: true }),
  );
  const bar = byId('tabs');
  bar.replaceChildren(...tabs);
  byId('panels').replaceChildren(...panels);
  bar.addEventListener('keydown', (event) => {
    const from = event.target as HTMLElement;
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End')
      if (moveFocus(tabs, from, event.key)) {
        (document.activeElement as HTMLElement).click();
        event.preventDefault();
      }
  });

  function show(id: string): void {
    for (const [i, tab] of TABS.entries()) {
      const chosen = tab.id === id;
      tabs[i]?.setAttribute('aria-selected', `${chosen}`);
      tabs[i]?.setAttribute('tabindex', chosen ? '0' : '-1');
      const panel = panels[i];
      if (panel === undefined) continue;
      panel.hidden = !chosen;
      // A tab is made when it is first looked at.
      if (chosen && panel.childElementCount === 0) panel.append(tab.create());
    }
    if (location.hash !== `#${id}`) history.replaceState(null, '', `#${id}`);
  }

  const wanted = (): string => TABS.find(({ id }) => `#${id}` === location.hash)?.id ?? 'verify';
  addEventListener('hashchange', () => show(wanted()));
  show(wanted());
}

const THEMES = ['auto', 'light', 'dark'] as const;

/** The choice is kept where the browser lets the page keep anything. */
function createThemeSwitch(): void {
  const button = byId('theme');
  const read = (): string => {
    try {
      return localStorage.getItem('poa-primitives-theme') ?? 'auto';
    } catch {
      return 'auto';
    }
  };
  const apply = (theme: string): void => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: '◐ Auto', light: '○ Light', dark: '● Dark' }[theme] ?? '◐ Auto';
    button.setAttribute('aria-label', `Colours: ${theme}. Change`);
  };
  let theme = read();
  apply(theme);
  button.addEventListener('click', () => {
    theme = THEMES[((THEMES as readonly string[]).indexOf(theme) + 1) % THEMES.length] as string;
    apply(theme);
    try {
      localStorage.setItem('poa-primitives-theme', theme);
    } catch {
      // Then the choice lasts as long as the page.
    }
  });
}

createThemeSwitch();
createTabs();
