/**
 * The fold: applying headers to a state, one after the other. It is cheap once they are recovered, and only one core can do it.
 *
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { assertBytes, assertObject, copyOf } from '../../internal/bytes.js';
import { foldHeaders, readNow, stateOf } from '../../internal/fold.js';
import { checkRules } from '../../internal/rules.js';
import { type ApplyOptions, attempt, type FoldOptions, type FoldResult, type Result } from '../../result.js';
import type { Verifier } from '../../verifier.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';
import { computeVotedList } from '../governance/vote.js';
import type { RecoveredHeader } from '../recovery/recover.js';
import { applyWithVerifier } from './pipeline.js';
import { HEADER_RULES } from './rules.js';
import { copyState, type State } from './state.js';
import { type Attested, advance, judge, judgeAttester, replaceList } from './step.js';

/** What applying a header needs besides state and header. */
export interface ApplyHeaderOptions extends ApplyOptions {
  /** Recovers signatures in batches and remembers the keys of validators; the outcome does not depend on it. */
  readonly verifier?: Verifier;
}

/** What applying many headers needs. */
export interface ApplyHeadersOptions extends FoldOptions, ApplyHeaderOptions {}

/** What came of many headers: a `Result` of the last state that says more. */
export type HeadersResult = FoldResult<State>;

/**
 * Applies a header to a state: the rules that need no signature first, then {@link recoverHeader}, then those over the attester,
 * then the votes.
 *
 * @param state - of the parent block
 * @param input - header of 208 bytes and its cellbase
 * @param options - `now`, and a verifier if there is one
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError of the first rule that does not hold, in the order of [R31 Order of checks](../RULES.md#r31-order-of-checks).
 * `TIMESTAMP_TOO_NEW` and `PARENT_MISMATCH` are not final: the header may be good later, or on another state
 * @example
 * ```ts
 * import { applyHeader, createState } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * let state = createState(anchor);
 * for (const header of headers) state = applyHeader(state, header, { now });
 * state.number; // => BigInt(headers.length)
 * ```
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 */
export function applyHeader(state: State, input: PoaHeader, options: ApplyHeaderOptions): State {
  const where = 'applyHeader';
  assertObject(`${where}.state`, state);
  assertPoaHeader(`${where}.input`, input);
  const now = readNow(where, options);
  const { verifier } = options;
  if (verifier !== undefined) return stateOf(applyWithVerifier(where, copyState(state), [input], now, verifier, {}));
  return applyAndRecover(state, input, now).next;
}

/** As {@link applyHeader}, with what was recovered on the way. */
export function applyAndRecover(
  state: State,
  input: PoaHeader,
  now: number,
): { next: State; recovered: RecoveredHeader } {
  const { recovered, list } = judge(state, input, now);
  const next = copyState(state);
  advance(next, { recovered: copyAttested(recovered), list });
  return { next, recovered };
}

/**
 * Applies a recovered header to a state: the fold's step.
 *
 * `recovered` is trusted. Take it from {@link recoverHeader} of your own workers only. Where several rules are broken the code may
 * be another than {@link applyHeader}'s, since recovery was asked first; the verdict is the same.
 *
 * @param state - of the parent block
 * @param recovered - what {@link recoverHeader} returned
 * @param options - `now`
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError of the first rule that does not hold: those of a state, then those over the attester, then the votes
 * @example
 * ```ts
 * import { applyHeader, applyRecovered, createState, recoverHeader } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const state = createState(anchor);
 * const next = applyRecovered(state, recoverHeader(headers[0]), { now });
 * next; // => applyHeader(state, headers[0], { now })
 * ```
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 */
export function applyRecovered(state: State, recovered: RecoveredHeader, options: ApplyOptions): State {
  const where = 'applyRecovered';
  assertObject(`${where}.state`, state);
  assertObject(`${where}.recovered`, recovered);
  const now = readNow(where, options);
  checkRules(HEADER_RULES, { state, header: recovered.header, now });
  const list = judgeAttester(state, recovered);
  const next = copyState(state);
  advance(next, { recovered: copyAttested(recovered), list });
  return next;
}

/** What a state takes of a header that somebody else holds too. */
function copyAttested(recovered: RecoveredHeader): Attested {
  return { ...recovered, hash: copyOf(recovered.hash), attester: copyOf(recovered.attester) };
}

/**
 * As {@link applyHeader}, with the outcome as a value.
 *
 * @param state - of the parent block
 * @param input - header of 208 bytes and its cellbase
 * @param options - `now`
 * @returns the next state, or the error
 * @throws TypeError for a wrong JavaScript type only
 * @example
 * ```ts
 * import { createState, tryApplyHeader } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const result = tryApplyHeader(createState(anchor), headers[1], { now });
 * result.ok ? 'applied' : result.error.code; // => 'PARENT_MISMATCH'
 * ```
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 */
export function tryApplyHeader(state: State, input: PoaHeader, options: ApplyHeaderOptions): Result<State> {
  return attempt(() => applyHeader(state, input, options));
}

/**
 * Applies many headers, up to the first bad one. The states in between are never made, so this is cheaper than a loop over
 * {@link applyHeader}; the outcome is the same.
 *
 * @param state - of the parent of the first header
 * @param inputs - headers with their cellbases, oldest first; pulled one at a time
 * @param options - `now`; `onProgress` for long runs; a verifier, with which inputs are pulled up to 128 ahead and must not
 * change until they are applied
 * @returns the last state; or the first bad header's index and error, and the state before it
 * @throws TypeError for a wrong JavaScript type, and whatever the iterable or `onProgress` throws
 * @example
 * ```ts
 * import { applyHeaders, createState } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const result = applyHeaders(createState(anchor), [headers[0], headers[2]], { now });
 * result.ok ? result.applied : [result.index, result.error.code]; // => [1, 'PARENT_MISMATCH']
 * ```
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 */
export function applyHeaders(state: State, inputs: Iterable<PoaHeader>, options: ApplyHeadersOptions): HeadersResult {
  const where = 'applyHeaders';
  assertObject(`${where}.state`, state);
  const now = readNow(where, options);
  const draft = copyState(state);
  const { verifier } = options;
  if (verifier !== undefined) return applyWithVerifier(where, draft, inputs, now, verifier, options);
  return foldHeaders(where, inputs, options, {
    check: assertPoaHeader,
    apply: (input) => advance(draft, judge(draft, input, now)),
    state: () => draft,
  });
}

/**
 * Applies a voting transaction to a state: the list and its cell change, nothing else. A header does this for each of its votes;
 * wallets use it to see whether a vote will hold.
 *
 * @param state - with the list in force
 * @param transaction - molecule `Transaction`, signed
 * @returns the state with the new list, which shares nothing with the old one
 * @throws PoaError in the order of the checks: `MALFORMED`; `VOTE_NOT_SPENDING_LIST`; `VOTE_OUTPUT_COUNT`;
 * `VALIDATOR_LIST_MALFORMED`; `VALIDATOR_LIST_DUPLICATE`; `VOTE_LIMIT_OUT_OF_RANGE`; `ATTEST_INTERVAL_TOO_LONG`;
 * `VALIDATOR_LIST_LOCK_MISMATCH`; `VOTES_INVALID`
 * @example
 * ```ts
 * import { applyVote, createState } from 'poa-primitives/ckb';
 * import { anchor, vote } from './sample.js';
 *
 * const state = createState(anchor);
 * applyVote(state, vote.transaction).validatorList.pubkeyHashes.length; // => state.validatorList.pubkeyHashes.length + 1
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R32 When a vote takes effect](../RULES.md#r32-when-a-vote-takes-effect)
 */
export function applyVote(state: State, transaction: Uint8Array): State {
  assertObject('applyVote.state', state);
  assertBytes('applyVote.transaction', transaction);
  const list = computeVotedList('applyVote', state, state.network, transaction);
  const next = copyState(state);
  replaceList(next, list);
  return next;
}
