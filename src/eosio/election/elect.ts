/**
 * From votes to a schedule: who is elected, and when the contract proposes it.
 *
 * @see [E34 Election](../RULES.md#e34-election)
 * @module
 */

import { assertInteger, assertObject } from '../../internal/bytes.js';
import { compareNames } from '../encoding/name.js';
import type { BlockSigningAuthority, ProducerAuthority, ProducerAuthoritySchedule } from '../encoding/schedule.js';
import { isSameProducers, singleKeyAuthority } from './authority.js';
import {
  assertBoolean,
  closeElection,
  copyAuthority,
  copyProducer,
  type Election,
  openElection,
  type Producer,
} from './election.js';

/** Most producers that are elected. */
export const ELECTED_PRODUCERS = 21;
/** Slots after which the contract looks at the votes again: it does so in the first block more than this many slots later. */
export const SCHEDULE_UPDATE_SLOTS = 120;

const U32_MAX = 0xffff_ffff;

/** Why the contract would propose no schedule: see {@link ElectionOutcome}. */
export type NoSchedule = 'not-activated' | 'nobody-eligible' | 'would-shrink';

/** What an election comes to. */
export interface ElectionOutcome {
  /** All producers in the order of the contract: active ones by votes, most first; at a tie by name; inactive ones behind. */
  readonly ranking: readonly Producer[];
  /** The first of them that have votes and are active, at most 21, in the order of votes. */
  readonly elected: readonly Producer[];
  /** Those, ascending by name value, with the keys that sign for them; null if none is proposed. */
  readonly proposal: readonly ProducerAuthority[] | null;
  /** Why none is proposed, or null. */
  readonly reason: NoSchedule | null;
}

/** A schedule that is not active yet. */
export interface WaitingSchedule {
  /** With its version. */
  readonly schedule: ProducerAuthoritySchedule;
}

/** The schedules that a node has: a chain's `State` is one. */
export interface SchedulesInForce {
  /** The schedule that signs. */
  readonly activeSchedule: ProducerAuthoritySchedule;
  /** The one that waits for its block to be irreversible, or null. */
  readonly pendingSchedule: WaitingSchedule | null;
  /** The ones that wait since Savanna, as a `State` has them; by default none. */
  readonly finality?: {
    /** The one that was proposed last, or null. */
    readonly proposed: WaitingSchedule | null;
    /** The one before it, or null. */
    readonly pending: WaitingSchedule | null;
  } | null;
}

/** The schedule that waits and was proposed last, or undefined. */
export function waitingSchedule({
  pendingSchedule,
  finality,
}: SchedulesInForce): ProducerAuthoritySchedule | undefined {
  return (pendingSchedule ?? finality?.proposed ?? finality?.pending)?.schedule;
}

/** What a block does to an election. */
export interface ElectionUpdate {
  /** The next state of the election. */
  readonly election: Election;
  /** Producers that the contract proposes in this block and the node accepts, ascending by name value; or null. */
  readonly proposal: readonly ProducerAuthority[] | null;
}

/**
 * Whom the votes elect: of the producers by votes the first that have votes and are active, until there are 21 or one is not;
 * sorted by name. Nobody before the chain is activated, and never fewer than in the last proposal.
 *
 * @param election - neither kept nor modified
 * @returns ranking, elected producers and the schedule to propose
 * @example
 * ```ts
 * import { computeElection, createElection } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * computeElection(election).proposal?.map(({ producerName }) => producerName); // => ['proda', 'prodb', 'prodc']
 * computeElection(createElection()).reason; // => 'not-activated'
 * ```
 * @see EOSIO/eosio.contracts, `voting.cpp`, `update_elected_producers`; [E34 Election](../RULES.md#e34-election)
 */
export function computeElection(election: Election): ElectionOutcome {
  assertObject('computeElection.election', election);
  const ranking = rankProducers(election.producers);
  let count = 0;
  while (count < ELECTED_PRODUCERS && count < ranking.length && isEligible(ranking[count] as Producer)) count++;
  const elected = ranking.slice(0, count);
  const reason = reasonOf(election, count);
  return {
    ranking,
    elected: elected.map(copyProducer),
    proposal: reason === null ? proposalOf(elected) : null,
    reason,
  };
}

/**
 * Copies of the rows in the order of the contract's index: the key is minus the votes of the active, plus those of the others.
 */
function rankProducers(producers: readonly Producer[]): Producer[] {
  const keyOf = ({ isActive, totalVotes }: Producer): number => (isActive ? -totalVotes : totalVotes);
  return producers.map(copyProducer).sort((a, b) => keyOf(a) - keyOf(b) || compareNames(a.owner, b.owner));
}

/** Whether a row can be elected. */
export function isEligible({ totalVotes, isActive }: Producer): boolean {
  return totalVotes > 0 && isActive;
}

function reasonOf({ activationTime, lastScheduleSize }: Election, count: number): NoSchedule | null {
  if (activationTime === null) return 'not-activated';
  if (count === 0) return 'nobody-eligible';
  return count < lastScheduleSize ? 'would-shrink' : null;
}

function proposalOf(elected: readonly Producer[]): ProducerAuthority[] {
  return elected
    .map((producer) => ({ producerName: producer.owner, authority: authorityOf(producer) }))
    .sort((a, b) => compareNames(a.producerName, b.producerName));
}

/** The keys of a producer. An authority with a threshold of 0, which an old contract left in rows, does not count. */
export function authorityOf({ authority, producerKey }: Producer): BlockSigningAuthority {
  return copyAuthority(authority !== null && authority.threshold > 0 ? authority : singleKeyAuthority(producerKey));
}

/**
 * What a block does to an election: once the chain is activated, in the first block more than 120 slots after the last time,
 * the contract looks at the votes and proposes a schedule; the node takes it unless one is proposed already, or it is the one
 * that it has.
 *
 * @param election - neither kept nor modified
 * @param slot - u32, of the block
 * @param schedules - those of the node: the state of the chain after the parent block
 * @param isWaiting - whether a proposal of an earlier block has not been announced yet
 * @returns the next state of the election, and the proposal
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { applyElection } from 'poa-primitives/eosio';
 * import { election, electedSchedule } from './eosio-chain-sample.js';
 *
 * const schedules = { activeSchedule: electedSchedule, pendingSchedule: null };
 * // The three are in force already.
 * applyElection(election, 1_000_000, schedules, false).proposal; // => null
 * applyElection(election, 1_000_000, schedules, false).election.lastScheduleUpdate; // => 1_000_000
 * ```
 * @see EOSIO/eosio.contracts, `producer_pay.cpp`, `onblock`; [E35 Proposals](../RULES.md#e35-proposals)
 */
export function applyElection(
  election: Election,
  slot: number,
  schedules: SchedulesInForce,
  isWaiting: boolean,
): ElectionUpdate {
  const where = 'applyElection';
  assertObject(`${where}.election`, election);
  assertInteger(`${where}.slot`, slot, 0, U32_MAX);
  assertObject(`${where}.schedules`, schedules);
  assertBoolean(`${where}.isWaiting`, isWaiting);
  const draft = openElection(election);
  if (!isUpdateDue(election, slot)) return { election: closeElection(draft), proposal: null };
  draft.lastScheduleUpdate = slot;
  const { proposal } = computeElection(election);
  const current = (waitingSchedule(schedules) ?? schedules.activeSchedule).producers;
  const accepted = proposal !== null && !isWaiting && !isSameProducers(proposal, current);
  if (accepted) draft.lastScheduleSize = proposal.length;
  return { election: closeElection(draft), proposal: accepted ? proposal : null };
}

/** Whether the contract looks at the votes in the block of a slot. Slots are subtracted as the contract does, in u32. */
export function isUpdateDue({ activationTime, lastScheduleUpdate }: Election, slot: number): boolean {
  return activationTime !== null && (slot - lastScheduleUpdate) >>> 0 > SCHEDULE_UPDATE_SLOTS;
}
