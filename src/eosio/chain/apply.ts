/**
 * The fold: applying headers to a state, one after the other. It is cheap once they are recovered, and only one core can do it.
 *
 * @see EOSIO/eos, `block_header_state.cpp`; [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { assertArray, assertObject, copyOf } from '../../internal/bytes.js';
import { foldHeaders, readNow, stateOf } from '../../internal/fold.js';
import { checkRules } from '../../internal/rules.js';
import { type ApplyOptions, attempt, type FoldOptions, type FoldResult, type Result } from '../../result.js';
import type { Verifier } from '../../verifier.js';
import { isSavannaHeader } from '../encoding/header.js';
import { appendToMerkle } from '../encoding/merkle.js';
import {
  announcedHashOf,
  assertSignedHeader,
  parseLayout,
  type RecoveredHeader,
  type SignedHeader,
} from '../recovery/recover.js';
import { KEY_RULES } from './keyRules.js';
import { applyWithVerifier } from './pipeline.js';
import { HEADER_RULES } from './rules.js';
import { copyState, type Draft, type State } from './state.js';
import { advance, complete, judge } from './step.js';

/** What applying a header needs besides state and header. */
export interface ApplyHeaderOptions extends ApplyOptions {
  /** Recovers signatures in batches and remembers the keys of producers; the outcome does not depend on it. */
  readonly verifier?: Verifier;
}

/** What applying many headers needs. */
export interface ApplyHeadersOptions extends FoldOptions, ApplyHeaderOptions {}

/** What came of many headers: a `Result` of the last state that says more. */
export type HeadersResult = FoldResult<State>;

/**
 * Applies a header to a state: the rules that need no key first, then {@link recoverHeader} with what the state knows was
 * signed, then those over the keys.
 *
 * @param state - of the parent block
 * @param input - header and signatures; a `blockroot` or a `pendingScheduleHash` that comes with it must be that of the state
 * where the state has one
 * @param options - `now`
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError of the first rule that does not hold, in the order of [E52 Order of
 * checks](../RULES.md#e52-order-of-checks). `TIMESTAMP_TOO_NEW` and `PARENT_MISMATCH` are not final: the header may be good
 * later, or on another state
 * @example
 * ```ts
 * import { applyHeader, createAnchor, createState } from 'poa-primitives/eosio';
 * import { genesis, headers, now } from './eosio-chain-sample.js';
 *
 * let state = createState(createAnchor({ genesis }));
 * for (const header of headers) state = applyHeader(state, header, { now });
 * state.number; // => headers.length + 1
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `next`; [E52 Order of checks](../RULES.md#e52-order-of-checks)
 */
export function applyHeader(state: State, input: SignedHeader, options: ApplyHeaderOptions): State {
  const where = 'applyHeader';
  assertObject(`${where}.state`, state);
  assertSignedHeader(`${where}.input`, input);
  const now = readNow(where, options);
  const { verifier } = options;
  if (verifier !== undefined)
    return copyState(stateOf(applyWithVerifier(where, copyState(state), [input], now, verifier, {})));
  const recovered = judge(state, input, now);
  const next = copyState(state);
  advance(next, recovered);
  return copyState(next);
}

/**
 * Applies a recovered header to a state: the fold's step. What was signed with the header must be what the state knows.
 *
 * `recovered` is trusted. Take it from {@link recoverHeader} of your own workers only. Where several rules are broken the
 * code may be another than {@link applyHeader}'s, since recovery was asked first; the verdict is the same.
 *
 * @param state - of the parent block
 * @param recovered - what {@link recoverHeader} returned
 * @param options - `now`
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError of the first rule that does not hold: those over the header, then those over the keys
 * @example
 * ```ts
 * import { applyHeader, applyRecovered, createAnchor, createState, recoverHeader } from 'poa-primitives/eosio';
 * import { genesis, headers, now, recoverable } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * const next = applyRecovered(state, recoverHeader(recoverable[0]), { now });
 * next; // => applyHeader(state, headers[0], { now })
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `next`; [E52 Order of checks](../RULES.md#e52-order-of-checks)
 */
export function applyRecovered(state: State, recovered: RecoveredHeader, options: ApplyOptions): State {
  const where = 'applyRecovered';
  assertObject(`${where}.state`, state);
  assertObject(`${where}.recovered`, recovered);
  const now = readNow(where, options);
  const { header, extensions, blockroot, pendingScheduleHash, publicKeys } = recovered;
  const facts = { state, header, extensions, blockroot, pendingScheduleHash, signatures: publicKeys.length, now };
  checkRules(HEADER_RULES, facts);
  checkRules(KEY_RULES, { ...facts, publicKeys });
  const next = copyState(state);
  advance(next, recovered);
  return copyState(next);
}

/**
 * As {@link applyHeader}, with the outcome as a value.
 *
 * @param state - of the parent block
 * @param input - header and signatures
 * @param options - `now`
 * @returns the next state, or the error
 * @throws TypeError for a wrong JavaScript type only
 * @example
 * ```ts
 * import { createAnchor, createState, tryApplyHeader } from 'poa-primitives/eosio';
 * import { genesis, headers, now } from './eosio-chain-sample.js';
 *
 * const result = tryApplyHeader(createState(createAnchor({ genesis })), headers[1], { now });
 * result.ok ? 'applied' : result.error.code; // => 'PARENT_MISMATCH'
 * ```
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 */
export function tryApplyHeader(state: State, input: SignedHeader, options: ApplyHeaderOptions): Result<State> {
  return attempt(() => applyHeader(state, input, options));
}

/**
 * Applies many headers, up to the first bad one. The states in between are never made, so this is cheaper than a loop over
 * {@link applyHeader}; the outcome is the same.
 *
 * @param state - of the parent of the first header
 * @param inputs - headers with their signatures, oldest first; pulled one at a time
 * @param options - `now`; `onProgress` for long runs; a verifier, with which inputs are pulled up to 128 ahead and must not
 * change until they are applied
 * @returns the last state; or the first bad header's index and error, and the state before it
 * @throws TypeError for a wrong JavaScript type, and whatever the iterable or `onProgress` throws
 * @example
 * ```ts
 * import { applyHeaders, createAnchor, createState } from 'poa-primitives/eosio';
 * import { genesis, headers, now } from './eosio-chain-sample.js';
 *
 * const result = applyHeaders(createState(createAnchor({ genesis })), [headers[0], headers[2]], { now });
 * result.ok ? result.applied : [result.index, result.error.code]; // => [1, 'PARENT_MISMATCH']
 * ```
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 */
export function applyHeaders(
  state: State,
  inputs: Iterable<SignedHeader>,
  options: ApplyHeadersOptions,
): HeadersResult {
  const where = 'applyHeaders';
  assertObject(`${where}.state`, state);
  const now = readNow(where, options);
  const draft = copyState(state);
  const { verifier } = options;
  const result =
    verifier === undefined
      ? foldHeaders<SignedHeader, Draft>(where, inputs, options, {
          check: assertSignedHeader,
          apply: (input) => advance(draft, judge(draft, input, now)),
          state: () => draft,
        })
      : applyWithVerifier(where, draft, inputs, now, verifier, options);
  return result.ok ? { ...result, value: copyState(draft) } : { ...result, state: copyState(draft) };
}

/**
 * Gives to each of many headers what was signed beside it, so that they can be recovered anywhere and in any order: nothing
 * is recovered or judged here, only hashed.
 *
 * @param state - of the parent of the first header
 * @param inputs - headers with their signatures, oldest first
 * @returns inputs of {@link recoverHeader}, one for each
 * @throws PoaError `MALFORMED` and others of a header that does not parse
 * @example
 * ```ts
 * import { computeSigningContexts, createAnchor, createState, recoverHeader } from 'poa-primitives/eosio';
 * import { genesis, headers } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * computeSigningContexts(state, headers).map((input) => recoverHeader(input).number)[1]; // => 3
 * ```
 * @see [E37 Signed headers](../RULES.md#e37-signed-headers)
 */
export function computeSigningContexts(state: State, inputs: readonly SignedHeader[]): SignedHeader[] {
  const where = 'computeSigningContexts';
  assertObject(`${where}.state`, state);
  assertArray(`${where}.inputs`, inputs);
  let { blockroot, pendingScheduleHash } = state;
  return Array.from(inputs, (input, i) => {
    assertSignedHeader(`${where}.inputs[${i}]`, input);
    const layout = parseLayout(input);
    const completed = complete({ blockroot, pendingScheduleHash }, layout, input);
    if (!isSavannaHeader(layout.header)) {
      pendingScheduleHash = announcedHashOf(layout) ?? pendingScheduleHash;
      blockroot &&= appendToMerkle(blockroot, layout.id);
    }
    // The root and the hash may be those of the input, and one hash is that of many headers.
    return {
      ...completed,
      ...(completed.blockroot && { blockroot: copyOf(completed.blockroot) }),
      ...(completed.pendingScheduleHash && { pendingScheduleHash: copyOf(completed.pendingScheduleHash) }),
      header: copyOf(input.header),
      signatures: input.signatures.map((signature) => copyOf(signature)),
    };
  });
}
