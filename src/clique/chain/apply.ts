/**
 * The fold: applying headers to a state, one after the other. It is cheap once they are recovered, and only one core can do it.
 *
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import { assertBytes, assertObject } from '../../internal/bytes.js';
import { foldHeaders, readNow, stateOf } from '../../internal/fold.js';
import { type ApplyOptions, attempt, type FoldOptions, type FoldResult, type Result } from '../../result.js';
import type { Verifier } from '../../verifier.js';
import type { RecoveredHeader } from '../recovery/recover.js';
import { applyWithVerifier } from './pipeline.js';
import type { State } from './state.js';
import { advance, applyPlainly, judgeHeader } from './step.js';

/** What applying a header needs besides state and header. */
export interface ApplyHeaderOptions extends ApplyOptions {
  /** Recovers signatures in batches and remembers the keys of signers; the outcome does not depend on it. */
  readonly verifier?: Verifier;
}

/** What applying many headers needs. */
export interface ApplyHeadersOptions extends FoldOptions, ApplyHeaderOptions {}

/** What came of many headers: a `Result` of the last state that says more. */
export type HeadersResult = FoldResult<State>;

/**
 * Applies a header to a state: the rules that need no signature first, then {@link recoverHeader}, then those over the signer, then
 * the vote.
 *
 * @param state - of the parent block
 * @param input - RLP of a header
 * @param options - `now`, and a verifier if there is one
 * @returns the next state, which shares with the old one what did not change
 * @throws PoaError of the first rule that does not hold, in the order of [C10 Order of checks](../RULES.md#c10-order-of-checks).
 * `TIMESTAMP_TOO_NEW` and `PARENT_MISMATCH` are not final: the header may be good later, or on another state
 * @example
 * ```ts
 * import { applyHeader, createState } from 'poa-primitives/clique';
 * import { anchor, headers, now } from './clique-sample.js';
 *
 * let state = createState(anchor);
 * for (const header of headers) state = applyHeader(state, header, { now });
 * state.number; // => BigInt(headers.length)
 * ```
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 */
export function applyHeader(state: State, input: Uint8Array, options: ApplyHeaderOptions): State {
  const where = 'applyHeader';
  assertObject(`${where}.state`, state);
  assertBytes(`${where}.input`, input);
  const now = readNow(where, options);
  const { verifier } = options;
  if (verifier !== undefined) return stateOf(applyWithVerifier(where, state, [input], now, verifier, {}));
  return applyPlainly(state, input, now);
}

/**
 * Applies a recovered header to a state: the fold's step. It costs the same however many votes and blocks there were before.
 *
 * `recovered` is trusted. Take it from {@link recoverHeader} of your own workers only. Where several rules are broken the code may
 * be another than {@link applyHeader}'s, since recovery was asked first; the verdict is the same.
 *
 * @param state - of the parent block
 * @param recovered - what {@link recoverHeader} returned
 * @param options - `now`
 * @returns the next state, which shares with the old one what did not change
 * @throws PoaError of the first rule that does not hold: those of header and state, then those over the signer
 * @example
 * ```ts
 * import { applyHeader, applyRecovered, createState, recoverHeader } from 'poa-primitives/clique';
 * import { anchor, headers, now } from './clique-sample.js';
 *
 * const state = createState(anchor);
 * const next = applyRecovered(state, recoverHeader(headers[0]), { now });
 * next; // => applyHeader(state, headers[0], { now })
 * ```
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 */
export function applyRecovered(state: State, recovered: RecoveredHeader, options: ApplyOptions): State {
  const where = 'applyRecovered';
  assertObject(`${where}.state`, state);
  assertObject(`${where}.recovered`, recovered);
  const now = readNow(where, options);
  judgeHeader(state, recovered.header, now);
  return advance(state, recovered, now);
}

/**
 * As {@link applyHeader}, with the outcome as a value.
 *
 * @param state - of the parent block
 * @param input - RLP of a header
 * @param options - `now`
 * @returns the next state, or the error
 * @throws TypeError for a wrong JavaScript type only
 * @example
 * ```ts
 * import { createState, tryApplyHeader } from 'poa-primitives/clique';
 * import { anchor, headers, now } from './clique-sample.js';
 *
 * const result = tryApplyHeader(createState(anchor), headers[1], { now });
 * result.ok ? 'applied' : result.error.code; // => 'PARENT_MISMATCH'
 * ```
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 */
export function tryApplyHeader(state: State, input: Uint8Array, options: ApplyHeaderOptions): Result<State> {
  return attempt(() => applyHeader(state, input, options));
}

/**
 * Applies many headers, up to the first bad one. The outcome is that of a loop over {@link applyHeader}.
 *
 * @param state - of the parent of the first header
 * @param inputs - RLP of headers, oldest first; pulled one at a time
 * @param options - `now`; `onProgress` for long runs; a verifier, with which inputs are pulled up to 128 ahead and must not
 * change until they are applied
 * @returns the last state; or the first bad header's index and error, and the state before it
 * @throws TypeError for a wrong JavaScript type, and whatever the iterable or `onProgress` throws
 * @example
 * ```ts
 * import { applyHeaders, createState } from 'poa-primitives/clique';
 * import { anchor, headers, now } from './clique-sample.js';
 *
 * const result = applyHeaders(createState(anchor), [headers[0], headers[2]], { now });
 * result.ok ? result.applied : [result.index, result.error.code]; // => [1, 'PARENT_MISMATCH']
 * ```
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 */
export function applyHeaders(state: State, inputs: Iterable<Uint8Array>, options: ApplyHeadersOptions): HeadersResult {
  const where = 'applyHeaders';
  assertObject(`${where}.state`, state);
  const now = readNow(where, options);
  const { verifier } = options;
  if (verifier !== undefined) return applyWithVerifier(where, state, inputs, now, verifier, options);
  let current: State = state;
  return foldHeaders(where, inputs, options, {
    check: assertBytes,
    apply: (input: Uint8Array) => {
      current = applyPlainly(current, input, now);
    },
    state: () => current,
  });
}
