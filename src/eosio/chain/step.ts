/**
 * One step of the fold: judging a header on a state, and moving a draft on to it.
 *
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { equalBytes } from '../../internal/bytes.js';
import { checkRules } from '../../internal/rules.js';
import { isSavannaHeader } from '../encoding/header.js';
import { appendToMerkle, computeIncrementalRoot } from '../encoding/merkle.js';
import {
  announcedHashOf,
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
import { announcedScheduleOf, HEADER_RULES, type HeaderFacts } from './rules.js';
import { copySchedule } from './schedules.js';
import type { Draft, State } from './state.js';

/** What a header tells the fold; the keys that signed it are judged before. */
export type Judged = Pick<RecoveredHeader, 'id' | 'number' | 'header' | 'extensions'>;

/** What the rules look at, of an input on a state. */
export function factsOf(state: State, layout: HeaderLayout, input: SignedHeader, now: number): HeaderFacts {
  const { blockroot, pendingScheduleHash, signatures } = input;
  return { state, ...layout, blockroot, pendingScheduleHash, signatures: signatures.length, now };
}

/** Judges a header on a state; changes nothing, and copies nothing either, so that a header that is refused costs little. */
export function judge(state: State, input: SignedHeader, now: number): RecoveredHeader {
  const layout = parseLayout(input);
  const facts = factsOf(state, layout, input, now);
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
export function advance(draft: Draft, recovered: Judged): void {
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
function advanceIrreversibility(draft: Draft, { header: { producer, confirmed }, number }: Judged): void {
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
function announce(draft: Draft, layout: Judged): void {
  const schedule = announcedScheduleOf(layout);
  if (schedule === undefined) return;
  draft.pendingScheduleHash = announcedHashOf(layout) as Uint8Array;
  draft.hasAuthorities = layout.extensions.newSchedule !== null;
  if (schedule.producers.length > 0)
    draft.pendingSchedule = { schedule: copySchedule(schedule), number: layout.number };
}

/** @see [E61 Savanna](../RULES.md#e61-savanna) */
function advanceClaims(draft: Draft, { header: { slot }, extensions, number }: Judged, isSavanna: boolean): void {
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
