/** The fold over a run of headers, in slices short enough that the page never freezes. */
import { isPoaError } from 'poa-primitives';
import { breathe } from './dom.js';
import type { Adapter, Entry, Missed, Status, Step } from './model.js';
import { sentenceOf } from './text.js';

/** Milliseconds of work between two breaths. */
const SLICE = 12;

/** One block of the picture. */
export interface RunBlock {
  readonly index: number;
  readonly number: bigint | undefined;
  readonly status: Status;
  readonly maker: string | undefined;
  /** Whose turn it was, where a state tells. */
  readonly turnOf: string | undefined;
  readonly inTurn: boolean | undefined;
  readonly joins: readonly string[];
  readonly evictions: readonly string[];
  readonly events: readonly string[];
  readonly missed: readonly Missed[];
  /** What grows along the chain, after this block. */
  readonly progress: bigint | undefined;
  /** Why it was refused, in a sentence, and in a code. */
  readonly reason: string;
  readonly code: string;
}

/** A run that was judged. */
export interface Run {
  readonly blocks: readonly RunBlock[];
  /** The state before each block, and the last one; none without an anchor. */
  readonly states: readonly unknown[];
}

export interface WalkOptions {
  readonly adapter: Adapter;
  readonly entries: readonly Entry[];
  readonly now: number;
  /** What is known already, up to but not including `from`. */
  readonly known: Run;
  readonly from: number;
  readonly onProgress: (done: number) => void;
  readonly isStale: () => boolean;
}

/** Judges the blocks from `from` on; undefined if somebody has changed their mind meanwhile. */
export async function walk(options: WalkOptions): Promise<Run | undefined> {
  const { adapter, entries, now, known, from, onProgress, isStale } = options;
  const states = known.states.slice(0, from + 1);
  const blocks = known.blocks.slice(0, from);
  let sliceStart = performance.now();
  for (let i = from; i < entries.length; i++) {
    if (performance.now() - sliceStart > SLICE) {
      onProgress(i);
      await breathe();
      if (isStale()) return undefined;
      sliceStart = performance.now();
    }
    const entry = entries[i] as Entry;
    const before = states[i];
    const step = before === undefined ? stepAlone(adapter, entry, now) : adapter.step(entry, before, now);
    // What comes after a refused block is judged by the state before it, like everything a follower is offered.
    states.push(step.ok ? step.state : before);
    blocks.push(describe(adapter, entry, i, before, step));
  }
  onProgress(entries.length);
  return { blocks, states };
}

/** Without a state, a header still proves who made it. */
function stepAlone(adapter: Adapter, entry: Entry, now: number): Step {
  const { maker, number, rules } = adapter.inspect(entry, undefined, now);
  const broken = rules.find(({ status }) => status === 'failed');
  const error = broken && { broken };
  return { ok: false, error, maker: maker?.id, number };
}

function describe(adapter: Adapter, entry: Entry, index: number, before: unknown, step: Step): RunBlock {
  const { maker, number } = step;
  const turnOf =
    before === undefined || number === undefined ? undefined : adapter.expectedMaker(before, entry, number);
  const members = before === undefined ? [] : adapter.view(before).members;
  const shared = {
    index,
    number,
    maker,
    turnOf,
    inTurn: turnOf === undefined || maker === undefined ? undefined : turnOf === maker,
  };
  if (!step.ok) {
    const { code, reason } = explain(step.error);
    const status: Status = step.error === undefined ? 'unknown' : 'failed';
    const progress = before === undefined ? undefined : adapter.view(before).progress;
    return { ...shared, status, joins: [], evictions: [], events: [], missed: [], progress, reason, code };
  }
  const after = adapter.view(step.state);
  return {
    ...shared,
    status: 'passed',
    joins: after.members.filter((each) => !members.includes(each)),
    evictions: members.filter((each) => !after.members.includes(each)),
    events: step.events,
    missed: step.missed ?? (shared.inTurn === false && turnOf !== undefined ? [{ id: turnOf, count: 1 }] : []),
    progress: after.progress,
    reason: '',
    code: '',
  };
}

function explain(error: unknown): { code: string; reason: string } {
  if (error === undefined) return { code: '', reason: 'Nobody can say without the state of its parent.' };
  if (isPoaError(error))
    return { code: error.code, reason: `${error.where}: ${error.expected} expected, ${error.got} found` };
  const { broken } = error as { broken?: { code: string; where: string; expected: string; got: string } };
  if (broken) return { code: broken.code, reason: `${broken.where}: ${broken.expected} expected, ${broken.got} found` };
  return { code: '', reason: sentenceOf(error) };
}
