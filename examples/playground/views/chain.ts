/** A run as a picture: a lane for each validator, a mark for each block, and below them the sum of difficulties. */
import { h } from '../dom.js';
import type { Adapter } from '../model.js';
import type { Run, RunBlock } from '../run.js';
import { count, shortHex } from '../text.js';
import { describe, draw, lanesOf, legend } from './chainDrawing.js';

export interface ChainOptions {
  readonly onSelect: (index: number) => void;
}

export interface ChainPicture {
  readonly element: HTMLElement;
  show(adapter: Adapter, run: Run, selected: number): void;
  select(index: number): void;
  progress(done: number, all: number): void;
}

export function createChainPicture({ onSelect }: ChainOptions): ChainPicture {
  const names = h('div', { class: 'lane-names', 'aria-hidden': 'true' });
  const scroller = h('div', { class: 'lanes-scroll' });
  const tip = h('div', { class: 'tip', role: 'tooltip', id: 'block-tip', hidden: true });
  const summary = h('p', { class: 'run-summary', 'aria-live': 'polite' });
  const meter = h('progress', { class: 'meter', max: 1, value: 0, 'aria-label': 'Blocks judged' });
  const tableBox = h('details', { class: 'more' }, h('summary', {}, 'The same as a table'));
  const picture = h('div', { class: 'lanes' }, names, scroller);
  const element = h(
    'section',
    { class: 'card chain', 'aria-labelledby': 'chain-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'chain-title' }, 'The run'), meter),
    summary,
    legend(),
    picture,
    tip,
    tableBox,
  );
  let blocks: readonly RunBlock[] = [];
  let adapter: Adapter;

  const marksOf = (): SVGGElement[] => [...scroller.querySelectorAll<SVGGElement>('.block')];

  function select(index: number): void {
    for (const each of marksOf()) {
      const chosen = each.dataset.index === `${index}`;
      each.classList.toggle('selected', chosen);
      each.setAttribute('aria-pressed', `${chosen}`);
      each.setAttribute('tabindex', chosen ? '0' : '-1');
    }
  }

  function showTip(target: Element): void {
    const block = blocks[Number((target as SVGGElement).dataset.index)];
    if (block === undefined) return;
    tip.replaceChildren(...describe(block, adapter).map((line, i) => h(i === 0 ? 'strong' : 'span', {}, line)));
    tip.hidden = false;
    const [outer, at, own] = [
      element.getBoundingClientRect(),
      target.getBoundingClientRect(),
      tip.getBoundingClientRect(),
    ];
    const left = Math.max(
      8,
      Math.min(outer.width - own.width - 8, at.left - outer.left + at.width / 2 - own.width / 2),
    );
    const above = at.top - outer.top - own.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above < 0 ? at.bottom - outer.top + 8 : above}px`;
  }

  const hideTip = (): void => {
    tip.hidden = true;
  };
  const blockOf = (event: Event): Element | null => (event.target as Element).closest('.block');
  for (const name of ['mouseover', 'focusin'])
    scroller.addEventListener(name, (event) => {
      const target = blockOf(event);
      if (target !== null) showTip(target);
      else hideTip();
    });
  for (const name of ['mouseleave', 'focusout', 'scroll']) scroller.addEventListener(name, hideTip);
  scroller.addEventListener('click', (event) => {
    const target = blockOf(event);
    if (target !== null) onSelect(Number((target as SVGGElement).dataset.index));
  });
  scroller.addEventListener('keydown', (event) => {
    const target = blockOf(event);
    if (target === null) return;
    const all = marksOf();
    const at = all.indexOf(target as SVGGElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      const next = all[Math.max(0, Math.min(all.length - 1, to))];
      for (const each of all) each.setAttribute('tabindex', each === next ? '0' : '-1');
      next?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') onSelect(Number((target as SVGGElement).dataset.index));
    else if (event.key === 'Escape') hideTip();
    else return;
    event.preventDefault();
  });

  return {
    element,
    select,
    progress(done, all) {
      meter.max = all;
      meter.value = done;
      meter.hidden = done >= all;
    },
    show(next, run, selected) {
      adapter = next;
      blocks = run.blocks;
      const lanes = lanesOf(adapter, run);
      const last = blocks[blocks.length - 1]?.progress;
      names.replaceChildren(
        ...lanes.map(({ id, label }) =>
          h(
            'div',
            { class: 'lane-name' },
            h('span', { class: 'lane-label' }, label),
            h('span', { class: 'mono lane-id' }, shortHex(id)),
          ),
        ),
        ...(last === undefined
          ? []
          : [
              h(
                'div',
                { class: 'lane-sum' },
                h('span', { class: 'lane-id' }, adapter.progressName),
                h('strong', {}, last.toLocaleString('en')),
              ),
            ]),
      );
      summary.textContent = summarise(adapter, run);
      const scrolled = scroller.scrollLeft;
      scroller.replaceChildren(draw(run, lanes, adapter));
      scroller.scrollLeft = scrolled;
      tableBox.querySelector('.table-scroll')?.remove();
      tableBox.append(tableOf(run, adapter));
      select(selected);
    },
  };
}

function summarise(adapter: Adapter, { blocks, states }: Run): string {
  const of = (test: (block: RunBlock) => boolean): number => blocks.filter(test).length;
  const refused = blocks.filter(({ status }) => status === 'failed');
  const last = states[states.length - 1];
  const passed = of(({ status }) => status === 'passed');
  if (last === undefined && refused.length === 0)
    return `${count(blocks.length, 'block')}: none can be judged without a state to begin with, but who made them can be told.`;
  const parts = [`${passed} of ${count(blocks.length, 'block')} passed`];
  const out = of(({ status, inTurn }) => status === 'passed' && inTurn === false);
  const lost = blocks.reduce((sum, { missed }) => sum + missed.reduce((own, each) => own + each.count, 0), 0);
  if (passed > 0) parts.push(out === 0 ? 'all in turn' : `${out} out of turn`);
  if (lost > 0) parts.push(`${count(lost, 'turn')} missed`);
  const changes = of(({ joins, evictions, status }) => status === 'passed' && joins.length + evictions.length > 0);
  if (changes > 0) parts.push(count(changes, 'list change'));
  const first = refused[0];
  if (first !== undefined)
    parts.push(
      `${refused.length} refused, first ${first.number === undefined ? `at position ${first.index + 1}` : `block ${first.number}`} (${first.code || 'no code'})`,
    );
  if (last === undefined) return `${parts.join(', ')}. The others cannot be judged without a state to begin with.`;
  const { progress, note } = adapter.view(last);
  return `${parts.join(', ')}. In the end: ${adapter.progressName} ${progress.toLocaleString('en')}, ${note}.`;
}

function tableOf({ blocks }: Run, { makerName, progressName }: Adapter): HTMLElement {
  const head = ['Block', 'Verdict', makerName, 'Turn', 'Missed', 'Changes', progressName];
  const rows = blocks.map(
    ({ number, index, status, maker, inTurn, joins, evictions, events, missed, progress, code }) => {
      const verdict = status === 'failed' ? `refused: ${code}` : status;
      const turn = inTurn === undefined ? '' : inTurn ? 'in turn' : 'out of turn';
      const changes = [
        ...joins.map((id) => `+ ${shortHex(id)}`),
        ...evictions.map((id) => `− ${shortHex(id)}`),
        ...events,
      ].join('; ');
      const cells = [
        `${number ?? `position ${index + 1}`}`,
        verdict,
        maker === undefined ? 'not known' : shortHex(maker),
        turn,
        missed.map(({ id, count: n }) => `${n} by ${shortHex(id)}`).join('; '),
        changes,
        `${progress ?? ''}`,
      ];
      return h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
    },
  );
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Blocks of the run' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((cell) => h('th', { scope: 'col' }, cell)))),
      h('tbody', {}, ...rows),
    ),
  );
}
