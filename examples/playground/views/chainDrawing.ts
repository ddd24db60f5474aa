/** The drawing of a run: lanes, marks, what changed, and the line of what grows. */
import { h, s } from '../dom.js';
import type { Adapter } from '../model.js';
import type { Run, RunBlock } from '../run.js';
import { shortHex } from '../text.js';

const PITCH = 22;
const LANE = 30;
const TOP = 26;
const CHART = 56;

/** The row of a validator. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  /** Stretches of blocks, by index, in which the validator is one. */
  readonly terms: readonly (readonly [from: number, to: number])[];
}

/** Lanes in the order in which validators first appear in a list, then strangers. */
export function lanesOf(adapter: Adapter, { blocks, states }: Run): Lane[] {
  const terms = new Map<string, [number, number][]>();
  for (const [i, state] of states.entries()) {
    if (state === undefined || i >= blocks.length) continue;
    for (const id of adapter.view(state).members) {
      const own = terms.get(id) ?? [];
      const last = own[own.length - 1];
      if (last !== undefined && last[1] === i) last[1] = i + 1;
      else own.push([i, i + 1]);
      terms.set(id, own);
    }
  }
  let strangers = 0;
  const lanes: Lane[] = [...terms].map(([id, own], i) => ({ id, label: `${i + 1}`, terms: own }));
  for (const { maker } of blocks)
    if (maker !== undefined && !lanes.some(({ id }) => id === maker)) {
      strangers++;
      // A run of nonsense may have a new name in each block: beyond some they share the last lane.
      if (strangers <= 24) lanes.push({ id: maker, label: terms.size === 0 ? `${strangers}` : '?', terms: [] });
    }
  if (blocks.some(({ maker }) => !lanes.some(({ id }) => id === maker)))
    lanes.push({ id: 'nobody', label: '—', terms: [] });
  return lanes;
}

/** What a tooltip says, line by line. */
export function describe(block: RunBlock, adapter: Adapter): string[] {
  const { number, index, status, maker, inTurn, progress, joins, evictions, events, missed, code, reason } = block;
  const lines = [number === undefined ? `Position ${index + 1}` : `Block ${number.toLocaleString('en')}`];
  if (maker !== undefined)
    lines.push(
      `${adapter.makerName} ${shortHex(maker)}${inTurn === undefined ? '' : inTurn ? ', in turn' : ', out of turn'}`,
    );
  for (const { id, count: n } of missed) lines.push(`${n === 1 ? 'turn' : `${n} turns`} missed by ${shortHex(id)}`);
  if (status === 'failed') lines.push(`refused: ${code}`, reason);
  if (status === 'unknown') lines.push(reason);
  for (const id of joins) lines.push(`joins: ${shortHex(id)}`);
  for (const id of evictions) lines.push(`leaves: ${shortHex(id)}`);
  lines.push(...events);
  if (status === 'passed' && progress !== undefined)
    lines.push(`${adapter.progressName} ${progress.toLocaleString('en')}`);
  return lines;
}

export function draw({ blocks }: Run, lanes: readonly Lane[], adapter: Adapter): SVGSVGElement {
  const width = Math.max(1, blocks.length) * PITCH + 24;
  const chartTop = TOP + lanes.length * LANE + 8;
  const hasChart = blocks.some(({ progress }) => progress !== undefined);
  const height = chartTop + (hasChart ? CHART : 0);
  const laneOf = new Map(lanes.map(({ id }, i) => [id, i]));
  const yOf = (id: string | undefined): number => TOP + ((laneOf.get(id ?? '') ?? lanes.length - 1) + 0.5) * LANE;
  const xOf = (i: number): number => 12 + (i + 0.5) * PITCH;
  const svg = s('svg', {
    width,
    height,
    class: 'chain-svg',
    role: 'group',
    'aria-label': 'Blocks of the run, oldest first',
  });
  for (const [i, lane] of lanes.entries()) {
    const y = TOP + i * LANE;
    svg.append(s('line', { x1: 0, x2: width, y1: y + LANE / 2, y2: y + LANE / 2, class: 'lane-line' }));
    for (const [from, to] of lane.terms)
      svg.append(
        s('rect', {
          x: xOf(from) - PITCH / 2,
          y: y + 3,
          width: (to - from) * PITCH,
          height: LANE - 6,
          rx: 4,
          class: 'lane-term',
        }),
      );
  }
  const every = blocks.length > 400 ? 20 : 5;
  for (const { index, number } of blocks)
    if (number !== undefined && number % BigInt(every) === 0n)
      svg.append(
        s('text', { x: xOf(index), y: 15, class: 'axis', 'text-anchor': 'middle', 'aria-hidden': 'true' }, `${number}`),
      );
  for (const block of blocks) svg.append(...changeMark(block, xOf(block.index) + PITCH / 2, chartTop));
  for (const block of blocks) {
    const { index, status, maker, inTurn, missed } = block;
    const [x, y] = [xOf(index), yOf(maker)];
    for (const { id } of missed) svg.append(missedMark(id === maker ? x - PITCH / 2 : x, yOf(id)));
    const lines = describe(block, adapter);
    svg.append(
      s(
        'g',
        {
          class: `block ${status} ${inTurn === false ? 'out' : 'in'}`,
          role: 'button',
          tabindex: -1,
          'aria-label': `${lines.join('. ')}.`,
          'aria-describedby': 'block-tip',
          'aria-pressed': 'false',
          'data-index': index,
          'data-status': status,
        },
        s('rect', { x: x - PITCH / 2, y: y - LANE / 2, width: PITCH, height: LANE, class: 'hit' }),
        ...shapeOf(block, x, y),
      ),
    );
  }
  if (hasChart) svg.append(...chart(blocks, xOf, chartTop));
  return svg;
}

/** In turn a square, out of turn a diamond, refused a cross in a frame, not judged a dashed ring. */
function shapeOf({ status, inTurn }: RunBlock, x: number, y: number): SVGElement[] {
  const ring = s('rect', { x: x - 10, y: y - 10, width: 20, height: 20, rx: 5, class: 'ring' });
  if (status === 'failed')
    return [
      ring,
      s('rect', { x: x - 7, y: y - 7, width: 14, height: 14, rx: 2, class: 'shape' }),
      s('path', { d: `M${x - 3.5} ${y - 3.5} l7 7 m0 -7 l-7 7`, class: 'cross' }),
    ];
  if (status === 'unknown') return [ring, s('circle', { cx: x, cy: y, r: 6.5, class: 'shape' })];
  if (inTurn === false)
    return [ring, s('path', { d: `M${x} ${y - 7.5} l7.5 7.5 -7.5 7.5 -7.5 -7.5z`, class: 'shape' })];
  return [ring, s('rect', { x: x - 6.5, y: y - 6.5, width: 13, height: 13, rx: 2.5, class: 'shape' })];
}

function missedMark(x: number, y: number): SVGElement {
  return s(
    'g',
    { class: 'missed', 'aria-hidden': 'true' },
    s('path', { d: `M${x - 3.5} ${y - 3.5} l7 7 m0 -7 l-7 7` }),
  );
}

function changeMark({ status, joins, evictions, events }: RunBlock, x: number, bottom: number): SVGElement[] {
  if (status !== 'passed' || joins.length + evictions.length + events.length === 0) return [];
  const isVoteOnly = joins.length + evictions.length === 0;
  const label = isVoteOnly
    ? '◆'
    : [joins.length > 0 && `+${joins.length}`, evictions.length > 0 && `−${evictions.length}`]
        .filter(Boolean)
        .join(' ');
  return [
    s('line', {
      x1: x,
      x2: x,
      y1: TOP - 4,
      y2: bottom - 8,
      class: isVoteOnly ? 'change minor' : 'change',
      'aria-hidden': 'true',
    }),
    s('text', { x: x + 2, y: bottom, class: 'change-text', 'text-anchor': 'middle', 'aria-hidden': 'true' }, label),
  ];
}

/** What grows along the chain, as a line; its name and its last value stand among the names of the lanes. */
function chart(blocks: readonly RunBlock[], xOf: (i: number) => number, top: number): SVGElement[] {
  const known = blocks.filter(({ progress }) => progress !== undefined);
  const values = known.map(({ progress }) => Number(progress));
  const [first, last] = [known[0], known[known.length - 1]];
  if (first === undefined || last === undefined) return [];
  const [least, most] = [values[0] ?? 0, values[values.length - 1] ?? 0];
  const [low, high] = [top + CHART - 8, top + 12];
  const yOf = (value: number): number =>
    most === least ? low : low - ((value - least) / (most - least)) * (low - high);
  const points = known.map(({ index }, i) => `${xOf(index)},${yOf(values[i] as number).toFixed(1)}`);
  const area = `${xOf(first.index)},${low} ${points.join(' ')} ${xOf(last.index)},${low}`;
  return [
    s('polygon', { points: area, class: 'sum-area', 'aria-hidden': 'true' }),
    s('polyline', { points: points.join(' '), class: 'sum-line', 'aria-hidden': 'true' }),
  ];
}

export function legend(): HTMLElement {
  const item = (text: string, ...shapes: readonly SVGElement[]): HTMLElement =>
    h('li', {}, s('svg', { viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true' }, ...shapes), text);
  const block = (status: 'passed' | 'failed' | 'unknown', inTurn: boolean): SVGElement =>
    s('g', { class: `block ${status} ${inTurn ? 'in' : 'out'}` }, ...shapeOf({ status, inTurn } as RunBlock, 10, 10));
  return h(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    item('in turn', block('passed', true)),
    item('out of turn', block('passed', false)),
    item('missed turn', missedMark(10, 10)),
    item('refused', block('failed', true)),
    item('not judged', block('unknown', true)),
    item('list change', s('line', { x1: 10, x2: 10, y1: 1, y2: 19, class: 'change' })),
  );
}
