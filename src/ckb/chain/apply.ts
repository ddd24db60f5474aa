/**
 * The fold: applying headers to a state, one after the other. It is cheap once they are recovered, and only one core can do it.
 *
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { assertBytes, assertObject, copyOf } from '../../internal/bytes.js';
import { foldHeaders, readNow } from '../../internal/fold.js';
import { checkRules } from '../../internal/rules.js';
import { type ApplyOptions, attempt, type FoldOptions, type FoldResult, type Result } from '../../result.js';
import { computeDifficulty } from '../encoding/difficulty.js';
import { type Header, parseHeader } from '../encoding/header.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';
import { computeVotedList, type TrackedList } from '../governance/vote.js';
import { type RecoveredHeader, recoverParsed } from '../recovery/recover.js';
import { ATTESTER_RULES, HEADER_RULES } from './rules.js';
import { copyState, type Draft, MAX_RECENT_ATTESTERS, MEDIAN_TIME_BLOCK_COUNT, type State } from './state.js';

/** What applying many headers needs. */
export type ApplyHeadersOptions = FoldOptions;

/** What came of many headers: a `Result` of the last state that says more. */
export type HeadersResult = FoldResult<State>;

/**
 * Applies a header to a state: the rules that need no signature first, then {@link recoverHeader}, then those over the attester,
 * then the votes.
 *
 * @param state - of the parent block
 * @param input - header of 208 bytes and its cellbase
 * @param options - `now`
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
export function applyHeader(state: State, input: PoaHeader, options: ApplyOptions): State {
  const where = 'applyHeader';
  assertObject(`${where}.state`, state);
  assertPoaHeader(`${where}.input`, input);
  return applyAndRecover(state, input, readNow(where, options)).next;
}

/** As {@link applyHeader}, with what was recovered on the way. */
export function applyAndRecover(
  state: State,
  input: PoaHeader,
  now: number,
): { next: State; recovered: RecoveredHeader } {
  const judged = judge(state, input, now);
  const next = copyState(state);
  advance(next, judged);
  return { next, recovered: judged.recovered };
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
  const list = judgeAttester(state, recovered, now);
  const next = copyState(state);
  advance(next, { recovered, list });
  return next;
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
export function tryApplyHeader(state: State, input: PoaHeader, options: ApplyOptions): Result<State> {
  return attempt(() => applyHeader(state, input, options));
}

/**
 * Applies many headers, up to the first bad one. The states in between are never made, so this is cheaper than a loop over
 * {@link applyHeader}; the outcome is the same.
 *
 * @param state - of the parent of the first header
 * @param inputs - headers with their cellbases, oldest first; pulled one at a time
 * @param options - `now`, and `onProgress` for long runs
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

/** What a header came to that holds on a state. */
interface Judged {
  readonly recovered: RecoveredHeader;
  /** The list that its votes leave, if it has any. */
  readonly list: TrackedList | undefined;
}

/** Judges a header on a state; changes nothing, and copies nothing either, so that a header that is refused costs little. */
function judge(state: State, input: PoaHeader, now: number): Judged {
  const header: Header = parseHeader(input.header);
  checkRules(HEADER_RULES, { state, header, now });
  const recovered = recoverParsed(header, input);
  return { recovered, list: judgeAttester(state, recovered, now) };
}

/** The part of {@link judge} that asks who attested, and what votes there are. */
function judgeAttester(state: State, { header, attester, votingTxs }: RecoveredHeader, now: number): Judged['list'] {
  checkRules(ATTESTER_RULES, { state, header, now, attester });
  // Votes are judged last and in order, each by the list that the one before it left; the block itself by the list before all.
  let list: TrackedList | undefined;
  for (const [i, transaction] of votingTxs.entries())
    list = computeVotedList(`votingTxs[${i}]`, list ?? state, state.network, transaction);
  return list;
}

/** Moves a draft, private to one call, to the block that was judged on it. */
function advance(draft: Draft, { recovered, list }: Judged): void {
  const { header, attester, hash } = recovered;
  if (list !== undefined) replaceList(draft, list);
  draft.hash = copyOf(hash);
  draft.number = header.number;
  draft.epoch = header.epoch;
  draft.totalDifficulty += computeDifficulty(header.compactTarget);
  draft.timestamps.push(header.timestamp);
  if (draft.timestamps.length > MEDIAN_TIME_BLOCK_COUNT) draft.timestamps.shift();
  draft.recentAttesters.push(copyOf(attester));
  if (draft.recentAttesters.length > MAX_RECENT_ATTESTERS) draft.recentAttesters.shift();
}

/** Puts a list in force that votes have left; its type is the one that was tracked all along. */
function replaceList(draft: Draft, { validatorListOutPoint, validatorList }: TrackedList): void {
  draft.validatorListOutPoint = validatorListOutPoint;
  draft.validatorList = validatorList;
}
