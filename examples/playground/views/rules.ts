/** Every rule with its verdict, in the order in which a verifier asks them. */
import { h, mark, moveFocus } from '../dom.js';
import type { ByteRange, Entry, Report, RuleView, Status } from '../model.js';
import { hexOf } from '../text.js';

const WORDS: Readonly<Record<Status, string>> = { passed: 'passed', failed: 'failed', unknown: 'unknown' };
const FILTERS = ['all', 'failed', 'unknown', 'passed'] as const;
type Filter = (typeof FILTERS)[number];

export interface RulesOptions {
  /** A rule is looked at, or none any more; `reveal` if its bytes are to be brought into sight. */
  readonly onLook: (range: ByteRange | undefined, reveal: boolean) => void;
}

export interface RulesView {
  readonly element: HTMLElement;
  show(report: Report, entry: Entry): void;
  /** Goes to a rule. */
  reveal(rule: RuleView): void;
}

export function createRulesView({ onLook }: RulesOptions): RulesView {
  let rules: readonly RuleView[] = [];
  let entry: Entry = [];
  let filter: Filter = 'all';
  let pinned: string | undefined;
  const list = h('ol', { class: 'rules' });
  const filters = h('div', { class: 'filters', role: 'group', 'aria-label': 'Show rules' });
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': 'rules-title' },
    h('div', { class: 'card-head' }, h('h3', { id: 'rules-title' }, 'Rules'), filters),
    list,
  );

  /** A rule stands once for each thing that it judges. */
  const keyOf = ({ id, code, where }: RuleView): string => `${id} ${code} ${where}`;

  function renderFilters(): void {
    const buttons = FILTERS.map((name) => {
      const n = name === 'all' ? rules.length : rules.filter(({ status }) => status === name).length;
      const label = `${name} ${n}`;
      return h(
        'button',
        {
          type: 'button',
          class: 'chip',
          'aria-pressed': `${filter === name}`,
          onclick: () => {
            filter = name;
            render();
            filters.querySelectorAll('button')[FILTERS.indexOf(name)]?.focus();
          },
        },
        label,
      );
    });
    filters.replaceChildren(...buttons);
  }

  function renderRule(rule: RuleView): HTMLElement {
    const { id, title, code, meaning, where, status, expected, got, bytes } = rule;
    const key = keyOf(rule);
    const button = h(
      'button',
      {
        type: 'button',
        class: 'rule',
        'aria-pressed': `${pinned === key}`,
        'data-key': key,
        onclick: () => {
          pinned = pinned === key ? undefined : key;
          for (const each of list.querySelectorAll('.rule'))
            each.setAttribute('aria-pressed', `${each.getAttribute('data-key') === pinned}`);
          onLook(pinned === undefined ? undefined : bytes, true);
        },
        onmouseenter: () => onLook(bytes, false),
        onmouseleave: () => onLook(pinnedBytes(), false),
        onfocus: () => onLook(bytes, true),
        onblur: () => onLook(pinnedBytes(), false),
      },
      mark(status),
      h(
        'span',
        { class: 'rule-text' },
        h(
          'span',
          { class: 'rule-name' },
          h('span', { class: 'rule-title' }, title),
          h('span', { class: 'rule-under' }, h('span', { class: 'rule-status' }, WORDS[status]), ` · ${id}`),
        ),
        h(
          'span',
          { class: 'sides' },
          status === 'failed' && h('span', { class: 'rule-meaning' }, sentence(meaning)),
          h('span', { class: 'side-name' }, status === 'unknown' ? 'needs' : 'expected'),
          h('span', {}, expected),
          h('span', { class: 'side-name' }, 'got'),
          h('span', {}, got === expected && got.length > 24 ? 'the same' : got),
          h('span', { class: 'rule-where mono' }, `${code} at ${place(where, bytes)}`),
        ),
      ),
    );
    return h('li', { class: `rule-item ${status}`, 'data-rule': id, 'data-code': code, 'data-status': status }, button);
  }

  /** Where the rule looks, and what stands there. */
  function place(where: string, range: ByteRange | undefined): string {
    const part = entry.find(({ name }) => name === range?.part);
    if (range === undefined || part === undefined) return where;
    const { start, end } = range;
    const shown = hexOf(part.bytes.subarray(start, Math.min(end, start + 32)));
    return `${where}: ${part.name} bytes ${start} to ${end - 1}, ${shown}${end - start > 32 ? '…' : ''}`;
  }

  const pinnedBytes = (): ByteRange | undefined => rules.find((rule) => keyOf(rule) === pinned)?.bytes;

  function render(): void {
    renderFilters();
    const shown = rules.filter(({ status }) => filter === 'all' || status === filter);
    const focused = document.activeElement?.closest('.rule')?.getAttribute('data-key');
    list.replaceChildren(...shown.map(renderRule));
    if (shown.length === 0) list.append(h('li', { class: 'hint empty' }, `No rule is ${filter}.`));
    if (focused !== undefined && focused !== null)
      [...list.querySelectorAll<HTMLElement>('.rule')].find((each) => each.dataset.key === focused)?.focus();
  }

  list.addEventListener('keydown', (event) => {
    const button = (event.target as Element).closest('.rule');
    if (button === null) return;
    const all = [...list.querySelectorAll('.rule')];
    const { key } = event as KeyboardEvent;
    if ((key === 'ArrowDown' || key === 'ArrowUp') && moveFocus(all, button, key)) event.preventDefault();
    // All of them stay in the order of Tab: a list of buttons is not a widget.
    for (const each of all) each.removeAttribute('tabindex');
  });

  return {
    element,
    reveal(rule) {
      filter = 'all';
      pinned = keyOf(rule);
      render();
      const button = [...list.querySelectorAll<HTMLElement>('.rule')].find((each) => each.dataset.key === pinned);
      button?.scrollIntoView({ block: 'center' });
      button?.focus({ preventScroll: true });
    },
    show(report, shown) {
      rules = report.rules;
      entry = shown;
      if (filter !== 'all' && !rules.some(({ status }) => status === filter)) filter = 'all';
      if (!rules.some((rule) => keyOf(rule) === pinned)) pinned = undefined;
      render();
    },
  };
}

const sentence = (words: string): string => (words === '' ? '' : `${words[0]?.toUpperCase()}${words.slice(1)}.`);
