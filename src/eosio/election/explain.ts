/**
 * Why a producer is scheduled, or is not: the question that users of these chains ask most.
 *
 * @see [E36 Explaining a producer](../RULES.md#e36-explaining-a-producer)
 * @module
 */

import { assertInteger, assertObject } from '../../internal/bytes.js';
import { checkName, compareNames } from '../encoding/name.js';
import { describeText } from '../encoding/text.js';
import { isZeroKey } from './actions.js';
import { isSameAuthority } from './authority.js';
import {
  authorityOf,
  computeElection,
  ELECTED_PRODUCERS,
  isEligible,
  isUpdateDue,
  SCHEDULE_UPDATE_SLOTS,
  type SchedulesInForce,
  waitingSchedule,
} from './elect.js';
import type { Election, Producer } from './election.js';
import { factorOf } from './voteWeight.js';

/** Something that keeps a producer from its turn, or is on its way. */
export type ProducerReason =
  | 'not-registered'
  | 'inactive'
  | 'key-zero'
  | 'no-votes'
  | 'below-last-rank'
  | 'not-activated'
  | 'would-shrink'
  | 'update-not-due'
  | 'proposal-waiting'
  | 'schedule-pending'
  | 'key-changing'
  | 'leaving';

/** Where a producer stands. */
export type ProducerStatus = 'scheduled' | 'pending' | 'elected' | 'not-elected';

/** A reason with its numbers, in words. */
export interface ExplainedReason {
  /** Which. */
  readonly reason: ProducerReason;
  /** One sentence. */
  readonly text: string;
}

/** What can be said of a producer. */
export interface ProducerExplanation {
  /** Account. */
  readonly producer: string;
  /**
   * `scheduled` in the active schedule; else `pending` in the one that waits; else `elected` by the votes as they are; else
   * `not-elected`.
   */
  readonly status: ProducerStatus;
  /** Position by votes among all rows, from 1; null without a row. */
  readonly rank: number | null;
  /** Votes of its row, a double; 0 without one. */
  readonly votes: number;
  /** Votes that it lacks to draw level with the last that is elected, a double; 0 if it lacks none. */
  readonly missingVotes: number;
  /** Whether level is enough: at a tie the lower name value is elected. True if it lacks none. */
  readonly wouldWinTie: boolean;
  /** Units of stake that would be worth the missing votes at `time`; null if no time was given. */
  readonly missingStake: bigint | null;
  /** What keeps it from its turn or is on its way, weightiest first; empty for one that is scheduled and stays so. */
  readonly reasons: readonly ExplainedReason[];
}

/** What more is known than the election. */
export interface ExplainOptions {
  /** The schedules of the node, such as the `State` of a chain: without them nobody is scheduled. */
  readonly schedules?: SchedulesInForce;
  /** Whether a proposal of an earlier block has not been announced yet; by default false. */
  readonly isWaiting?: boolean;
  /** u32, slot of the next block: tells whether the contract looks at the votes in it. */
  readonly slot?: number;
  /** Milliseconds since 1970, not before 2000: what stake would weigh then. */
  readonly time?: number;
}

const U32_MAX = 0xffff_ffff;
const MIN_TIME = 946_684_800_000;
const MAX_TIME = 3_094_168_447_999;

/**
 * Explains why a producer is scheduled or is not.
 *
 * @param election - producers and activation; voters are not needed
 * @param producer - account
 * @param options - schedules, and when
 * @returns status, rank, what is missing, and every reason
 * @throws PoaError `NAME_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { explainProducer } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * explainProducer(election, 'proda').status; // => 'elected'
 * explainProducer(election, 'prodd').reasons.map(({ reason }) => reason); // => ['no-votes']
 * explainProducer(election, 'nobody').reasons[0].text; // => '"nobody" is not registered as a producer'
 * ```
 * @see [E36 Explaining a producer](../RULES.md#e36-explaining-a-producer)
 */
export function explainProducer(
  election: Election,
  producer: string,
  options: ExplainOptions = {},
): ProducerExplanation {
  const where = 'explainProducer';
  assertObject(`${where}.election`, election);
  checkName(`${where}.producer`, producer);
  const { schedules, slot, time } = checkedOptions(`${where}.options`, options);
  if (slot !== undefined) assertInteger(`${where}.options.slot`, slot, 0, U32_MAX);
  if (time !== undefined) assertInteger(`${where}.options.time`, time, MIN_TIME, MAX_TIME);

  const { ranking, elected, reason } = computeElection(election);
  const position = ranking.findIndex(({ owner }) => owner === producer);
  const row = ranking[position];
  const isElected = position !== -1 && position < elected.length;
  const { missingVotes, wouldWinTie } = gapOf(row, producer, elected, isElected);
  const status = statusOf(producer, schedules, isElected && reason === null);
  const reasons: ExplainedReason[] = [
    ...reasonsOfRow(row, producer, { isElected, position, missingVotes, last: elected[elected.length - 1] }),
  ];
  if (reason === 'not-activated')
    reasons.push({
      reason,
      text: `${election.totalActivatedStake} of ${election.minActivatedStake} units of stake have voted: the chain is not activated`,
    });
  if (reason === 'would-shrink')
    reasons.push({
      reason,
      text: `${elected.length} producers are elected, fewer than the ${election.lastScheduleSize} of the last proposal: nothing changes`,
    });
  if (reason === null) reasons.push(...reasonsOfSchedules(election, row, status, isElected, options));
  return {
    producer,
    status,
    rank: position === -1 ? null : position + 1,
    votes: row?.totalVotes ?? 0,
    missingVotes,
    wouldWinTie,
    missingStake: time === undefined ? null : stakeOf(missingVotes, wouldWinTie, time),
    reasons,
  };
}

function checkedOptions(where: string, options: ExplainOptions): ExplainOptions {
  assertObject(where, options);
  if (options.schedules !== undefined) assertObject(`${where}.schedules`, options.schedules);
  return options;
}

function statusOf(producer: string, schedules: SchedulesInForce | undefined, isProposed: boolean): ProducerStatus {
  const isIn = (schedule: SchedulesInForce['activeSchedule'] | undefined): boolean =>
    schedule?.producers.some(({ producerName }) => producerName === producer) === true;
  if (isIn(schedules?.activeSchedule)) return 'scheduled';
  if (isIn(schedules && waitingSchedule(schedules))) return 'pending';
  return isProposed ? 'elected' : 'not-elected';
}

/** How far a producer is from the last place. */
function gapOf(
  row: Producer | undefined,
  producer: string,
  elected: readonly Producer[],
  isElected: boolean,
): { missingVotes: number; wouldWinTie: boolean } {
  if (isElected) return { missingVotes: 0, wouldWinTie: true };
  const last = elected[ELECTED_PRODUCERS - 1];
  // While a place is free, any vote will do.
  if (last === undefined) return { missingVotes: 0, wouldWinTie: row !== undefined && row.totalVotes > 0 };
  const missingVotes = Math.max(0, last.totalVotes - Math.max(0, row?.totalVotes ?? 0));
  return { missingVotes, wouldWinTie: compareNames(producer, last.owner) < 0 };
}

/** Whole units of stake that are worth at least that many votes; one more where level is not enough. */
function stakeOf(votes: number, isLevelEnough: boolean, time: number): bigint {
  const factor = factorOf(time);
  let stake = BigInt(Math.max(0, Math.ceil(votes / factor)));
  const holds = (units: bigint): boolean => {
    const worth = Number(units) * factor;
    return isLevelEnough ? worth >= votes : worth > votes;
  };
  // A few steps at most: what rounding has taken away.
  for (let step = 1n; !holds(stake); step *= 2n) stake += step;
  return stake;
}

function reasonsOfRow(
  row: Producer | undefined,
  producer: string,
  about: { isElected: boolean; position: number; missingVotes: number; last: Producer | undefined },
): ExplainedReason[] {
  const name = describeText(producer);
  if (row === undefined) return [{ reason: 'not-registered', text: `${name} is not registered as a producer` }];
  const reasons: ExplainedReason[] = [];
  if (!row.isActive)
    reasons.push({ reason: 'inactive', text: `${name} has stepped back; its ${row.totalVotes} votes stay with it` });
  if (authorityOf(row).keys.every(({ key }) => isZeroKey(key)))
    reasons.push({ reason: 'key-zero', text: `${name} has no key that could sign a block` });
  if (row.totalVotes <= 0) reasons.push({ reason: 'no-votes', text: `nobody votes for ${name}` });
  else if (!about.isElected && isEligible(row) && about.last !== undefined)
    reasons.push({
      reason: 'below-last-rank',
      text: `${name} is at rank ${about.position + 1} with ${row.totalVotes} votes, ${about.missingVotes} short of ${describeText(about.last.owner)} at rank ${ELECTED_PRODUCERS}`,
    });
  return reasons;
}

/** What is on its way from votes to turns. */
function reasonsOfSchedules(
  election: Election,
  row: Producer | undefined,
  status: ProducerStatus,
  isElected: boolean,
  { schedules, isWaiting = false, slot }: ExplainOptions,
): ExplainedReason[] {
  if (schedules === undefined) return [];
  const name = describeText(row?.owner ?? '');
  const scheduled = schedules.activeSchedule.producers.find(({ producerName }) => producerName === row?.owner);
  const isChanging =
    row !== undefined &&
    isElected &&
    scheduled !== undefined &&
    !isSameAuthority(scheduled.authority, authorityOf(row));
  const pending = waitingSchedule(schedules);
  const isKept =
    pending === undefined ? isElected : pending.producers.some(({ producerName }) => producerName === row?.owner);
  const isLeaving = status === 'scheduled' && !isKept;
  const isJoining = status !== 'scheduled' && isElected;
  const reasons: ExplainedReason[] = [];
  if (isChanging)
    reasons.push({
      reason: 'key-changing',
      text: `${name} signs with the keys of the active schedule until the next one`,
    });
  if (isLeaving)
    reasons.push({ reason: 'leaving', text: `${name} stays until the next schedule, which is without it` });
  if (!isChanging && !isLeaving && !isJoining) return reasons;
  if (pending !== undefined)
    reasons.push({
      reason: 'schedule-pending',
      text: `schedule ${pending.version} waits until the block that announced it is irreversible`,
    });
  else if (isWaiting)
    reasons.push({
      reason: 'proposal-waiting',
      text: 'a proposal waits until the block that carries it is irreversible',
    });
  else if (slot !== undefined && !isUpdateDue(election, slot))
    reasons.push({
      reason: 'update-not-due',
      text: `the contract looks at the votes again from slot ${election.lastScheduleUpdate + SCHEDULE_UPDATE_SLOTS + 1} on`,
    });
  return reasons;
}
