/**
 * What the folds of the protocols share: reading the clock, and going over many headers up to the first bad one.
 *
 * @module
 */

import { isPoaError } from '../errors.js';
import type { FoldOptions, FoldResult } from '../result.js';
import { assertObject, typeName, wrongType } from './bytes.js';

/** Reads the verifier's clock out of options. */
export function readNow(where: string, options: unknown): number {
  assertObject(`${where}.options`, options);
  const { now } = options;
  if (!Number.isSafeInteger(now) || (now as number) < 0)
    throw new TypeError(
      `${where}.options.now: expected milliseconds as a non-negative safe integer, got ${typeof now === 'number' ? now : typeName(now)}`,
    );
  return now as number;
}

/** A fold under way, private to one call. */
export interface Fold<Input, State> {
  /** Throws a `TypeError` for what is no input. */
  readonly check: (where: string, input: Input) => void;
  /** Applies an input, or throws and leaves everything as it was. */
  readonly apply: (input: Input) => void;
  /** The state so far. */
  readonly state: () => State;
}

/** Headers between two reports of progress. */
export const PROGRESS_STEP = 64;

/** Checks what a run of headers is asked for with. */
export function assertRun(where: string, inputs: unknown, onProgress: unknown): void {
  if (typeof (inputs as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] !== 'function')
    throw wrongType(`${where}.inputs`, 'iterable', inputs);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw wrongType(`${where}.options.onProgress`, 'function', onProgress);
}

/** Applies inputs one after the other, up to the first bad one. */
export function foldHeaders<Input, State extends { readonly number: bigint | number }>(
  where: string,
  inputs: Iterable<Input>,
  { onProgress }: Omit<FoldOptions, 'now'>,
  { check, apply, state }: Fold<Input, State>,
): FoldResult<State> {
  assertRun(where, inputs, onProgress);
  let applied = 0;
  let reported = 0;
  const report = () => {
    reported = applied;
    onProgress?.({ applied, number: BigInt(state().number) });
  };
  for (const input of inputs) {
    check(`${where}.inputs[${applied}]`, input);
    try {
      apply(input);
    } catch (error) {
      if (!isPoaError(error)) throw error;
      return { ok: false, error, index: applied, state: state() };
    }
    applied++;
    if (applied - reported === PROGRESS_STEP) report();
  }
  if (applied !== reported) report();
  return { ok: true, value: state(), applied };
}

/** The state that a fold came to, or its error. */
export function stateOf<State>(result: FoldResult<State>): State {
  if (!result.ok) throw result.error;
  return result.value;
}
