/**
 * Many headers through a verifier: what needs no signature is looked at ahead, in batches; the signatures of a batch are recovered
 * together; then the headers are applied one after the other. What is wrong before anybody knows who signed is done again the plain
 * way, which says what it is; behind that, both ways say the same: so the outcome is that of applying headers one at a time.
 *
 * @module
 */

import { isPoaError, type PoaError } from '../errors.js';
import type { FoldOptions, FoldResult } from '../result.js';
import { assertRun, PROGRESS_STEP } from './fold.js';

/** Most headers of a batch, which are pulled before the first of them is applied. */
const BATCH_SIZE = 128;
/** Those of a batch while nobody is known yet: it is enough to get to know some, and those behind it go faster. */
const FIRST_BATCH_SIZE = 32;

/** What a protocol does in each stage, over a draft of the state that is private to one call. */
export interface Stages<Input, Item, State> {
  /** Throws a `TypeError` for what is no input. */
  readonly check: (where: string, input: Input) => void;
  /** Begins a batch behind the draft; tells whether a verifier knows anybody who may have signed. */
  readonly begin: () => boolean;
  /** Looks at an input, behind those before it in the batch, as far as no signature is needed; throws a `PoaError`. */
  readonly prepare: (input: Input) => Item;
  /** Whether nothing can be looked at behind an item before it is applied. */
  readonly isLast: (item: Item) => boolean;
  /** Recovers the signatures of a batch, one item at least. */
  readonly recover: (items: readonly Item[]) => void;
  /**
   * Applies an item to the draft, or tells that only the plain way can say what is wrong with it; throws a `PoaError` that the plain
   * way would throw. Unless it applies the item, the draft is as it was.
   */
  readonly apply: (item: Item, index: number) => boolean;
  /** Applies an input to the draft the plain way, or throws a `PoaError` and leaves the draft as it was. */
  readonly applyPlainly: (input: Input) => void;
  /** Height of the block that the draft has come to. */
  readonly number: () => bigint | number;
  /** The state so far, for whoever asked for it. */
  readonly state: () => State;
}

/** Inputs that were looked at together. */
interface Batch<Input, Item> {
  readonly items: Item[];
  /** What each item was made of, and behind them the input that could not be looked at ahead, if there is one. */
  readonly inputs: Input[];
  isDone: boolean;
}

/** Applies inputs up to the first bad one. */
export function runPipeline<Input, Item, State>(
  where: string,
  inputs: Iterable<Input>,
  { onProgress }: Omit<FoldOptions, 'now'>,
  stages: Stages<Input, Item, State>,
): FoldResult<State> {
  assertRun(where, inputs, onProgress);
  const iterator = inputs[Symbol.iterator]();
  let applied = 0;
  let reported = 0;
  const report = (): void => {
    reported = applied;
    onProgress?.({ applied, number: BigInt(stages.number()) });
  };
  for (let isDone = false; !isDone; ) {
    const batch = gather(where, iterator, applied, stages);
    isDone = batch.isDone;
    try {
      if (batch.items.length > 0) stages.recover(batch.items);
      for (let i = 0; i < batch.inputs.length; i++) {
        const error = applyOne(stages, batch.items[i], i, batch.inputs[i] as Input);
        if (error !== undefined) {
          if (!isDone) iterator.return?.();
          return { ok: false, error, index: applied, state: stages.state() };
        }
        applied++;
        if (applied - reported === PROGRESS_STEP) report();
      }
    } catch (error) {
      if (!isDone) iterator.return?.();
      throw error;
    }
  }
  if (applied !== reported) report();
  return { ok: true, value: stages.state(), applied };
}

function gather<Input, Item, State>(
  where: string,
  iterator: Iterator<Input>,
  applied: number,
  { check, begin, prepare, isLast }: Stages<Input, Item, State>,
): Batch<Input, Item> {
  const batch: Batch<Input, Item> = { items: [], inputs: [], isDone: false };
  const size = begin() ? BATCH_SIZE : FIRST_BATCH_SIZE;
  while (batch.inputs.length < size) {
    const { done, value } = iterator.next();
    if (done === true) {
      batch.isDone = true;
      break;
    }
    try {
      check(`${where}.inputs[${applied + batch.inputs.length}]`, value);
    } catch (error) {
      iterator.return?.();
      throw error;
    }
    batch.inputs.push(value);
    const item = prepareOne(prepare, value);
    if (item === undefined) break;
    batch.items.push(item);
    if (isLast(item)) break;
  }
  return batch;
}

function prepareOne<Input, Item>(prepare: (input: Input) => Item, input: Input): Item | undefined {
  try {
    return prepare(input);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return undefined;
  }
}

/** Applies an input, the plain way if it could not be looked at ahead or does not hold; gives the error if it is bad. */
function applyOne<Input, Item, State>(
  { apply, applyPlainly }: Stages<Input, Item, State>,
  item: Item | undefined,
  index: number,
  input: Input,
): PoaError | undefined {
  try {
    if (item === undefined || !apply(item, index)) applyPlainly(input);
    return undefined;
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return error;
  }
}
