/**
 * The fold: applying headers to a state, one after the other. It is cheap once they are recovered, and only one core can do it.
 *
 * @see EOSIO/eos, `block_header_state.cpp`; [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { assertObject, copyOf, equalBytes } from '../../internal/bytes.js';
import { foldHeaders, readNow } from '../../internal/fold.js';
import { checkRules } from '../../internal/rules.js';
import { type ApplyOptions, attempt, type FoldOptions, type FoldResult, type Result } from '../../result.js';
import { isSavannaHeader } from '../encoding/header.js';
import { appendToMerkle, computeIncrementalRoot } from '../encoding/merkle.js';
import {
  announcedHashOf,
  assertSignedHeader,
  type HeaderLayout,
  parseLayout,
  type RecoveredHeader,
  recoverParsed,
  type SignedHeader,
} from '../recovery/recover.js';
import { WTMSIG_BLOCK_SIGNATURES } from './features.js';
import { advanceFinality, advanceSchedules, beginFinality, claimOf } from './finality.js';
import { computeIrreversibility, isPromoted, numberOf, type ProducerBlock, withEntry } from './irreversible.js';
import { KEY_RULES } from './keyRules.js';
import { announcedScheduleOf, HEADER_RULES } from './rules.js';
import { copySchedule } from './schedules.js';
import { copyState, type Draft, type State } from './state.js';

/** What applying many headers needs. */
export type ApplyHeadersOptions = FoldOptions;

/** What came of many headers: a `Result` of the last state that says more. */
export type HeadersResult = FoldResult<State>;

/**
 * Applies a header to a state: the rules that need no key first, then {@link recoverHeader} with what the state knows was
 * signed, then those
 * over the keys.
 *
 * @param state - of the parent block
 * @param input - header and signatures; a `blockroot` or a `pendingScheduleHash` that comes with it must be that of the state
 * where the state has one
 * @param options - `now`
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError of the first rule that does not hold, in the order of [E52 Order of
 * checks](../RULES.md#e52-order-of-checks).
 * `TIMESTAMP_TOO_NEW` and `PARENT_MISMATCH` are not final: the header may be good later, or on another state
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
export function applyHeader(state: State, input: SignedHeader, options: ApplyOptions): State {
  const where = 'applyHeader';
  assertObject(`${where}.state`, state);
  assertSignedHeader(`${where}.input`, input);
  const recovered = judge(state, input, readNow(where, options));
  const next = copyState(state);
  advance(next, recovered);
  return copyState(next);
}

/**
 * Applies a recovered header to a state: the fold's step. What was signed with the header must be what the state knows.
 *
 * `recovered` is trusted. Take it from {@link recoverHeader} of your own workers only. Where several rules are broken the code
 * may
 * be another than {@link applyHeader}'s, since recovery was asked first; the verdict is the same.
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
export function tryApplyHeader(state: State, input: SignedHeader, options: ApplyOptions): Result<State> {
  return attempt(() => applyHeader(state, input, options));
}

/**
 * Applies many headers, up to the first bad one. The states in between are never made, so this is cheaper than a loop over
 * {@link applyHeader}; the outcome is the same.
 *
 * @param state - of the parent of the first header
 * @param inputs - headers with their signatures, oldest first; pulled one at a time
 * @param options - `now`, and `onProgress` for long runs
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
  const result = foldHeaders<SignedHeader, Draft>(where, inputs, options, {
    check: assertSignedHeader,
    apply: (input) => advance(draft, judge(draft, input, now)),
    state: () => draft,
  });
  return result.ok ? { ...result, value: copyState(draft) } : { ...result, state: copyState(draft) };
}

/**
 * Gives to each of many headers what was signed beside it, so that they can be recovered anywhere and in any order: nothing is
 * recovered
 * or judged here, only hashed.
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
  let { blockroot, pendingScheduleHash } = state;
  return Array.from(inputs, (input, i) => {
    assertSignedHeader(`${where}.inputs[${i}]`, input);
    const layout = parseLayout(input);
    const completed = complete({ blockroot, pendingScheduleHash }, layout, input);
    if (!isSavannaHeader(layout.header)) {
      pendingScheduleHash = announcedHashOf(layout) ?? pendingScheduleHash;
      blockroot &&= appendToMerkle(blockroot, layout.id);
    }
    return {
      ...completed,
      header: copyOf(input.header),
      signatures: input.signatures.map((signature) => copyOf(signature)),
    };
  });
}

/** Judges a header on a state; changes nothing, and copies nothing either, so that a header that is refused costs little. */
function judge(state: State, input: SignedHeader, now: number): RecoveredHeader {
  const layout = parseLayout(input);
  const { blockroot, pendingScheduleHash, signatures } = input;
  const facts = { state, ...layout, blockroot, pendingScheduleHash, signatures: signatures.length, now };
  checkRules(HEADER_RULES, facts);
  const recovered = recoverParsed(layout, complete(state, layout, input));
  checkRules(KEY_RULES, { ...facts, publicKeys: recovered.publicKeys });
  return recovered;
}

/** The input with what the state knows of what was signed; where the state knows nothing, with what came with it. */
export function complete(
  state: Pick<State, 'blockroot' | 'pendingScheduleHash'>,
  layout: HeaderLayout,
  input: SignedHeader,
): SignedHeader {
  const { header, signatures } = input;
  if (isSavannaHeader(layout.header)) return { header, signatures };
  const blockroot = state.blockroot === null ? input.blockroot : computeIncrementalRoot(state.blockroot);
  const pendingScheduleHash =
    announcedHashOf(layout) === undefined && state.pendingScheduleHash !== null
      ? state.pendingScheduleHash
      : input.pendingScheduleHash;
  return { header, signatures, blockroot, pendingScheduleHash };
}

/**
 * Moves a draft, private to one call, to the block that was judged on it. Takes parts of the header in without copying them.
 */
function advance(draft: Draft, recovered: RecoveredHeader): void {
  const { header, extensions, id } = recovered;
  const isSavanna = isSavannaHeader(header);
  if (isSavanna) leaveLegacy(draft);
  else {
    advanceIrreversibility(draft, recovered);
    announce(draft, recovered);
    draft.blockroot &&= appendToMerkle(draft.blockroot, id);
  }
  advanceClaims(draft, recovered, isSavanna);
  const { protocolFeatures } = extensions;
  if (protocolFeatures?.some((digest) => equalBytes(digest, Uint8Array.from(WTMSIG_BLOCK_SIGNATURES))) === true)
    draft.hasAuthorities = true;
  draft.id = id;
  draft.number += 1;
  draft.slot = header.slot;
}

/**
 * @see [E53 Irreversibility](../RULES.md#e53-irreversibility), [E54 From pending to
 * active](../RULES.md#e54-from-pending-to-active)
 */
function advanceIrreversibility(draft: Draft, { header: { producer, confirmed }, number }: RecoveredHeader): void {
  const implied = draft.proposedIrreversible;
  const next = computeIrreversibility(draft, { producer, confirmed });
  const { lastIrreversible } = next;
  if (draft.pendingSchedule !== null && isPromoted(draft, lastIrreversible)) {
    const { lastProduced, lastImplied, activeSchedule } = draft;
    const before = new Set(activeSchedule.producers.map(({ producerName }) => producerName));
    draft.activeSchedule = draft.pendingSchedule.schedule;
    draft.pendingSchedule = null;
    const names = draft.activeSchedule.producers.map(({ producerName }) => producerName);
    draft.lastImplied = names.map((name) => ({
      producer: name,
      number: numberOf(lastImplied, name) ?? lastIrreversible,
    }));
    draft.lastProduced = names.flatMap((name): ProducerBlock[] => {
      const found = numberOf(lastProduced, name) ?? (before.has(name) ? undefined : lastIrreversible);
      return found === undefined ? [] : [{ producer: name, number: found }];
    });
    if (names.includes(producer)) draft.lastImplied = withEntry(draft.lastImplied, producer, implied);
  } else draft.lastImplied = withEntry(draft.lastImplied, producer, implied);
  draft.lastProduced = withEntry(draft.lastProduced, producer, number);
  draft.confirmationsLeft = next.confirmationsLeft;
  draft.proposedIrreversible = next.proposedIrreversible;
  // Another schedule may imply less than the one before it did; what was irreversible stays so.
  draft.lastIrreversible = Math.max(draft.lastIrreversible, lastIrreversible);
}

/** An announced schedule waits; an empty one is hashed and otherwise of no effect, as nodes hold it. */
function announce(draft: Draft, layout: HeaderLayout & Pick<RecoveredHeader, 'number'>): void {
  const schedule = announcedScheduleOf(layout);
  if (schedule === undefined) return;
  draft.pendingScheduleHash = announcedHashOf(layout) as Uint8Array;
  draft.hasAuthorities = layout.extensions.newSchedule !== null;
  if (schedule.producers.length > 0)
    draft.pendingSchedule = { schedule: copySchedule(schedule), number: layout.number };
}

/** @see [E61 Savanna](../RULES.md#e61-savanna) */
function advanceClaims(
  draft: Draft,
  { header: { slot }, extensions, number }: RecoveredHeader,
  isSavanna: boolean,
): void {
  const claim = claimOf(extensions);
  if (claim === null) return;
  if (draft.finality === null) {
    draft.finality = beginFinality(number, slot, claim);
    return;
  }
  const { finality, activeSchedule } = draft;
  const next = advanceFinality(finality, number, { slot, claim });
  draft.finality = next.finality;
  if (!isSavanna) return;
  const schedules = advanceSchedules({ activeSchedule, slot: draft.slot, finality }, slot, extensions.finality);
  draft.activeSchedule = schedules.activeSchedule;
  draft.finality = { ...next.finality, proposed: schedules.proposed, pending: schedules.pending };
  draft.lastIrreversible = Math.max(draft.lastIrreversible, next.lastFinal ?? 0);
  draft.proposedIrreversible = Math.max(draft.proposedIrreversible, draft.lastIrreversible);
}

/** What belongs to the time before Savanna is gone with its first header. */
function leaveLegacy(draft: Draft): void {
  draft.isSavanna = true;
  draft.blockroot = null;
  draft.pendingSchedule = null;
  draft.pendingScheduleHash = null;
  draft.confirmationsLeft = [];
  draft.lastProduced = [];
  draft.lastImplied = [];
}
