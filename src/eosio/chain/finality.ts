/**
 * Savanna: what headers claim of finality, and how schedules change. A header claims that a quorum of finalizers has voted
 * for a block before it; the certificate that would prove it stands in the block, not in the header.
 *
 * @see [E61 Savanna](../RULES.md#e61-savanna)
 * @module
 */

import { PoaError } from '../../errors.js';
import { checkProducers } from '../election/authority.js';
import { PRODUCER_REPETITIONS } from '../election/slots.js';
import type { FinalityExtension, HeaderExtensions, ProposerPolicyDiff } from '../encoding/headerExtensions.js';
import type { ProducerAuthority, ProducerAuthoritySchedule } from '../encoding/schedule.js';
import type { State } from './state.js';

/** Most blocks after the last final one that a state keeps. */
export const MAX_TRACKED_CLAIMS = 1024;

/** The claim of a header that a block has a certificate of a quorum. */
export interface QcClaim {
  /** u32, height of the block. */
  readonly number: number;
  /** Whether the quorum was strong. */
  readonly isStrong: boolean;
}

/** A block since the switch to Savanna has begun. */
export interface ClaimingBlock {
  /** u32. */
  readonly slot: number;
  /** What its header claims. */
  readonly claim: QcClaim;
}

/** A schedule that a Savanna header has proposed. */
export interface ProposedSchedule {
  /** With its version. */
  readonly schedule: ProducerAuthoritySchedule;
  /** u32, slot of the block that proposed it. */
  readonly slot: number;
}

/** What a state knows of Savanna. */
export interface Finality {
  /** The last final block and all after it, oldest first, at most 1024. */
  readonly blocks: readonly ClaimingBlock[];
  /** u32, height of the first block whose claim still counts. */
  readonly claimsFrom: number;
  /** u32, slot of the last final block. */
  readonly finalSlot: number;
  /** The schedule that was proposed last and is not pending yet, or null. */
  readonly proposed: ProposedSchedule | null;
  /** The schedule that waits, or null. */
  readonly pending: ProposedSchedule | null;
}

/** The claim that a header makes, or null. */
export function claimOf({ finality }: HeaderExtensions): QcClaim | null {
  return finality === null ? null : { number: finality.qcBlockNumber, isStrong: finality.isQcStrong };
}

/** The claim of the latest block of a state, or null before the switch has begun. */
export function latestClaim({ finality }: Pick<State, 'finality'>): QcClaim | null {
  return finality?.blocks[finality.blocks.length - 1]?.claim ?? null;
}

/** By height; a strong claim is more than a weak one of the same block. */
export function compareClaims(a: QcClaim, b: QcClaim): number {
  return a.number - b.number || Number(a.isStrong) - Number(b.isStrong);
}

/** What is known of Savanna after a block of which nothing before it is. */
export function beginFinality(number: number, slot: number, claim: QcClaim): Finality {
  return { blocks: [{ slot, claim }], claimsFrom: number, finalSlot: slot, proposed: null, pending: null };
}

/**
 * What a block adds. A strong claim of a block whose own claim is strong makes final what the block that this one is of has
 * claimed.
 *
 * @returns what is known after the block, and the last final block
 * @see [E61 Savanna](../RULES.md#e61-savanna)
 */
export function advanceFinality(
  before: Finality,
  number: number,
  block: ClaimingBlock,
): { finality: Finality; lastFinal: number | undefined } {
  const blocks = [...before.blocks, block];
  let first = number - before.blocks.length;
  let { claimsFrom, finalSlot } = before;
  let lastFinal: number | undefined;
  const claimAt = (height: number): QcClaim | undefined =>
    height < claimsFrom ? undefined : blocks[height - first]?.claim;
  const one = block.claim.isStrong ? claimAt(block.claim.number) : undefined;
  const two = one?.isStrong === true ? claimAt(one.number) : undefined;
  if (one !== undefined && two !== undefined) {
    lastFinal = two.number;
    claimsFrom = one.number;
  }
  const kept = Math.max(lastFinal ?? first, number - MAX_TRACKED_CLAIMS + 1);
  if (lastFinal !== undefined) finalSlot = blocks[lastFinal - first]?.slot ?? finalSlot;
  if (kept > first) {
    blocks.splice(0, kept - first);
    first = kept;
  }
  return {
    finality: { ...before, blocks, claimsFrom: Math.max(claimsFrom, first), finalSlot },
    lastFinal,
  };
}

/**
 * The schedule that signs the next block, if it is in a slot. Before Savanna the active one; since, one that was proposed
 * becomes active with the first block of a round, the second round after that of its proposal at the earliest, once the
 * proposal is final.
 *
 * @see [E61 Savanna](../RULES.md#e61-savanna)
 */
export function signingSchedule(
  state: Pick<State, 'activeSchedule' | 'finality' | 'slot'>,
  slot: number,
): ProducerAuthoritySchedule {
  return dueSchedule(state, slot)?.schedule ?? state.activeSchedule;
}

/** The proposed or pending schedule that becomes active with a block in a slot, or undefined. */
function dueSchedule(
  { finality, slot: last }: Pick<State, 'finality' | 'slot'>,
  slot: number,
): ProposedSchedule | undefined {
  if (finality === null || slot < roundStart(last) + PRODUCER_REPETITIONS) return undefined;
  const { proposed, pending, finalSlot } = finality;
  const priorStart = roundStart(last) - PRODUCER_REPETITIONS;
  if (proposed !== null && priorStart >= 0 && proposed.slot < priorStart && proposed.slot <= finalSlot) return proposed;
  return pending !== null && pending.slot <= finalSlot ? pending : undefined;
}

function roundStart(slot: number): number {
  return slot - (slot % PRODUCER_REPETITIONS);
}

/** What a Savanna block makes of the schedules: one may become active, one may begin to wait, and one may be proposed. */
export function advanceSchedules(
  state: Pick<State, 'activeSchedule' | 'slot'> & { readonly finality: Finality },
  slot: number,
  extension: FinalityExtension | null,
): Pick<Finality, 'proposed' | 'pending'> & Pick<State, 'activeSchedule'> {
  const { finality, activeSchedule, slot: last } = state;
  let { proposed, pending } = finality;
  const due = dueSchedule(state, slot);
  if (due !== undefined && due === proposed) {
    proposed = null;
    pending = null;
  } else if (due !== undefined) pending = null;
  if (last < roundStart(slot) && proposed !== null && pending === null) {
    pending = proposed;
    proposed = null;
  }
  const diff = extension?.newProposerPolicy ?? null;
  if (diff !== null) proposed = { schedule: applyProposal(state, diff), slot: diff.proposalSlot };
  return { activeSchedule: due?.schedule ?? activeSchedule, proposed, pending };
}

/**
 * The schedule that a header proposes: the one that was proposed last, some producers taken out of it and others put in.
 *
 * @throws PoaError `SCHEDULE_INVALID`
 * @see [E61 Savanna](../RULES.md#e61-savanna)
 */
export function applyProposal(
  { activeSchedule, finality }: Pick<State, 'activeSchedule' | 'finality'>,
  { version, producers: { removeIndexes, insertIndexes } }: ProposerPolicyDiff,
): ProducerAuthoritySchedule {
  const where = 'header.headerExtensions';
  const base = (finality?.proposed ?? finality?.pending)?.schedule ?? activeSchedule;
  const invalid = (expected: string, got: string): PoaError =>
    new PoaError('SCHEDULE_INVALID', { where, expected, got });
  const { length } = base.producers;
  if (version !== base.version + 1) throw invalid(`version ${base.version + 1}`, `version ${version}`);
  let last = -1;
  for (const index of removeIndexes) {
    if (index <= last || index >= length) throw invalid(`places to clear, ascending, below ${length}`, `${index}`);
    last = index;
  }
  const removed = new Set(removeIndexes);
  const producers: ProducerAuthority[] = base.producers.filter((_, i) => !removed.has(i));
  for (const { index, item } of insertIndexes) {
    if (index > producers.length) throw invalid(`a place to fill of at most ${producers.length}`, `${index}`);
    producers.splice(index, 0, item);
  }
  checkProducers(where, producers);
  if (producers.length === 0) throw invalid('at least one producer', 'none');
  return { version, producers };
}
