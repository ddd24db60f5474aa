/**
 * What a verifier knows: the state that the fold carries from header to header.
 *
 * @see [E57 State](../RULES.md#e57-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  copyOf,
  describeBytes,
  equalBytes,
  viewOf,
} from '../../internal/bytes.js';
import { assertBoolean } from '../election/election.js';
import { HASH_SIZE } from '../encoding/hash.js';
import { checkIncrementalMerkle, type IncrementalMerkle } from '../encoding/merkle.js';
import { checkName } from '../encoding/name.js';
import type { ProducerAuthoritySchedule } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';
import { compareClaims, type Finality, MAX_TRACKED_CLAIMS, type ProposedSchedule } from './finality.js';
import { MAX_TRACKED_CONFIRMATIONS, type ProducerBlock } from './irreversible.js';
import { checkSchedule, copySchedule, hashesOf } from './schedules.js';

const U32_MAX = 0xffff_ffff;

/** A schedule that was announced and waits until the block that did so is irreversible. */
export interface PendingSchedule {
  /** Its version is one above that of the active schedule. */
  readonly schedule: ProducerAuthoritySchedule;
  /** u32, height of the block that announced it. */
  readonly number: number;
}

/** A state: plain immutable data. */
export interface State {
  /** 32 bytes, id of the block that the state began with. */
  readonly anchorId: Uint8Array;
  /** 32 bytes, id of the latest block. */
  readonly id: Uint8Array;
  /** u32, height of the latest block. */
  readonly number: number;
  /** u32, slot of the latest block. */
  readonly slot: number;
  /** The ids of blocks 1 to `number`, as an incremental merkle tree; null where it is not known, and from Savanna on. */
  readonly blockroot: IncrementalMerkle | null;
  /** The schedule that signs the next block. */
  readonly activeSchedule: ProducerAuthoritySchedule;
  /** The one that waits, or null. */
  readonly pendingSchedule: PendingSchedule | null;
  /**
   * 32 bytes, hash of the schedule that was announced last, active by now or not; null where it is not known, and from Savanna
   * on.
   */
  readonly pendingScheduleHash: Uint8Array | null;
  /** u32, height of the latest block that has all of its confirmations. */
  readonly proposedIrreversible: number;
  /** u32, height of the last irreversible block; from Savanna on the one that headers claim to be final. */
  readonly lastIrreversible: number;
  /** u8 each, confirmations that the latest blocks lack, oldest first, at most 1024. */
  readonly confirmationsLeft: readonly number[];
  /** The last block of each producer, as far as it is known. */
  readonly lastProduced: readonly ProducerBlock[];
  /** The irreversible block that each active producer implied with its last block. */
  readonly lastImplied: readonly ProducerBlock[];
  /** Whether the feature WTMSIG_BLOCK_SIGNATURES is active, so that schedules have authorities; null where it is not known. */
  readonly hasAuthorities: boolean | null;
  /** Whether the latest block is of Savanna. */
  readonly isSavanna: boolean;
  /** What is known of Savanna; null before the switch to it has begun. */
  readonly finality: Finality | null;
}

/** What a verifier trusts to begin with: block 1, or any block that it was told of. */
export interface Anchor extends Pick<State, 'id' | 'number' | 'slot' | 'activeSchedule'> {
  /** 32 bytes; by default `id`. */
  readonly anchorId?: Uint8Array;
  /** By default null: the signatures of headers before Savanna are then judged with the `blockroot` that comes with each. */
  readonly blockroot?: IncrementalMerkle | null;
  /** By default null. One needs `confirmationsLeft` and `lastImplied` to tell when it becomes active. */
  readonly pendingSchedule?: PendingSchedule | null;
  /**
   * By default null: headers are then judged with the `pendingScheduleHash` that comes with each, until one announces a
   * schedule.
   */
  readonly pendingScheduleHash?: Uint8Array | null;
  /** By default `number`: who trusts a block takes it for irreversible. */
  readonly proposedIrreversible?: number;
  /** By default `number`. */
  readonly lastIrreversible?: number;
  /** By default none. */
  readonly confirmationsLeft?: readonly number[];
  /** By default none: that rule is blind to blocks before the anchor. */
  readonly lastProduced?: readonly ProducerBlock[];
  /** By default `lastIrreversible` for each producer of the active schedule. */
  readonly lastImplied?: readonly ProducerBlock[];
  /** By default null: the form of schedules is then not judged until one was announced. */
  readonly hasAuthorities?: boolean | null;
  /** By default false. */
  readonly isSavanna?: boolean;
  /** By default null. */
  readonly finality?: Finality | null;
}

/**
 * Makes a state out of what a verifier trusts, and checks all of it.
 *
 * @param anchor - neither kept nor modified
 * @returns a state that shares nothing with the anchor
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit; `NAME_INVALID`; `SCHEDULE_INVALID`;
 * `MERKLE_INVALID`; `STATE_INVALID` for what contradicts itself: an id of another number, an empty active schedule, a
 * blockroot over another number of blocks, a pending schedule whose version is not the next or whose hash is another, one
 * without what tells when it becomes active, irreversible blocks above those that are proposed, entries of nobody
 * @example
 * ```ts
 * import { createAnchor, createState } from 'poa-primitives/eosio';
 * import { genesis } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * state.number; // => 1
 * state.activeSchedule.producers.map(({ producerName }) => producerName); // => ['eosio']
 * ```
 * @see EOSIO/eos, `block_header_state.hpp`; [E57 State](../RULES.md#e57-state)
 */
export function createState(anchor: Anchor): State {
  const where = 'createState';
  assertObject(where, anchor);
  const { id, number, slot, activeSchedule } = anchor;
  const { anchorId = id, blockroot = null, pendingSchedule = null, pendingScheduleHash = null } = anchor;
  const { proposedIrreversible = number, lastIrreversible = number, confirmationsLeft = [] } = anchor;
  const { lastProduced = [], hasAuthorities = null, isSavanna = false, finality = null } = anchor;
  assertFixedBytes(`${where}.id`, id, HASH_SIZE);
  assertFixedBytes(`${where}.anchorId`, anchorId, HASH_SIZE);
  assertInteger(`${where}.number`, number, 1, U32_MAX);
  assertInteger(`${where}.slot`, slot, 0, U32_MAX);
  if (pendingScheduleHash !== null) assertFixedBytes(`${where}.pendingScheduleHash`, pendingScheduleHash, HASH_SIZE);
  assertInteger(`${where}.proposedIrreversible`, proposedIrreversible, 0, number);
  assertInteger(`${where}.lastIrreversible`, lastIrreversible, 0, number);
  if (hasAuthorities !== null) assertBoolean(`${where}.hasAuthorities`, hasAuthorities);
  assertBoolean(`${where}.isSavanna`, isSavanna);
  checkSchedule(`${where}.activeSchedule`, activeSchedule);
  const { lastImplied = isSavanna ? [] : impliedBy(activeSchedule, lastIrreversible) } = anchor;
  const state: State = {
    anchorId,
    id,
    number,
    slot,
    blockroot,
    activeSchedule,
    pendingSchedule,
    pendingScheduleHash,
    proposedIrreversible,
    lastIrreversible,
    confirmationsLeft,
    lastProduced,
    lastImplied,
    hasAuthorities,
    isSavanna,
    finality,
  };
  if (blockroot !== null) {
    assertObject(`${where}.blockroot`, blockroot);
    checkIncrementalMerkle(blockroot);
  }
  if (pendingSchedule !== null) {
    assertObject(`${where}.pendingSchedule`, pendingSchedule);
    checkSchedule(`${where}.pendingSchedule.schedule`, pendingSchedule.schedule);
    assertInteger(`${where}.pendingSchedule.number`, pendingSchedule.number, 0, number);
  }
  if (finality !== null) checkFinality(`${where}.finality`, finality, state);
  checkBlock(state);
  checkConfirmations(state);
  checkEntries(`${where}.lastProduced`, lastProduced, number);
  checkEntries(`${where}.lastImplied`, lastImplied, proposedIrreversible);
  checkPending(state, anchor);
  checkEra(state);
  return copyState(state);
}

/** What producers imply of whom nothing is known. */
function impliedBy({ producers }: ProducerAuthoritySchedule, number: number): ProducerBlock[] {
  return producers.map(({ producerName }) => ({ producer: producerName, number }));
}

function checkEntries(where: string, entries: readonly ProducerBlock[], max: number): void {
  assertArray(where, entries);
  const seen = new Set<string>();
  for (let i = 0; i < entries.length; i++) {
    const entry: unknown = entries[i];
    assertObject(`${where}[${i}]`, entry);
    checkName(`${where}[${i}].producer`, entry.producer);
    assertInteger(`${where}[${i}].number`, entry.number, 0, max);
    if (seen.has(entry.producer))
      throw invalid(`${where}[${i}]`, 'each producer once', `${describeText(entry.producer)} twice`);
    seen.add(entry.producer);
  }
}

function checkConfirmations(state: State): void {
  const { confirmationsLeft, number, proposedIrreversible, lastIrreversible } = state;
  const where = 'createState.confirmationsLeft';
  assertArray(where, confirmationsLeft);
  const most = Math.min(MAX_TRACKED_CONFIRMATIONS, number - proposedIrreversible);
  if (confirmationsLeft.length > most)
    throw invalid('createState.confirmationsLeft', `at most ${most} blocks`, `${confirmationsLeft.length}`);
  for (let i = 0; i < confirmationsLeft.length; i++) assertInteger(`${where}[${i}]`, confirmationsLeft[i], 1, 255);
  if (lastIrreversible > proposedIrreversible)
    throw invalid(
      'createState.lastIrreversible',
      `at most ${proposedIrreversible}, which is proposed`,
      `${lastIrreversible}`,
    );
}

/** The id and the blockroot belong to the number. */
function checkBlock({ id, anchorId, number, blockroot }: State): void {
  const found = viewOf(id).getUint32(0);
  if (found !== number) throw invalid('createState.id', `an id of block ${number}`, `one of block ${found}`);
  const anchored = viewOf(anchorId).getUint32(0);
  if (anchored > number)
    throw invalid('createState.anchorId', `an id of a block up to ${number}`, `one of block ${anchored}`);
  if (blockroot !== null && blockroot.nodeCount !== BigInt(number))
    throw invalid('createState.blockroot', `the ids of ${number} blocks`, `${blockroot.nodeCount}`);
}

function checkFinality(where: string, finality: unknown, { number, slot, isSavanna }: State): void {
  assertObject(where, finality);
  const { blocks, claimsFrom, finalSlot, proposed, pending } = finality;
  assertArray(`${where}.blocks`, blocks);
  assertInteger(`${where}.blocks.length`, blocks.length, 1, Math.min(MAX_TRACKED_CLAIMS, number));
  assertInteger(`${where}.claimsFrom`, claimsFrom, number - blocks.length + 1, number);
  assertInteger(`${where}.finalSlot`, finalSlot, 0, slot);
  let last: Finality['blocks'][number] | undefined;
  for (let i = 0; i < blocks.length; i++) {
    const at = `${where}.blocks[${i}]`;
    const block: unknown = blocks[i];
    assertObject(at, block);
    assertObject(`${at}.claim`, block.claim);
    assertInteger(`${at}.slot`, block.slot, 0, slot);
    assertInteger(`${at}.claim.number`, block.claim.number, 1, number - blocks.length + 1 + i);
    assertBoolean(`${at}.claim.isStrong`, block.claim.isStrong);
    const next = blocks[i] as Finality['blocks'][number];
    if (last !== undefined && (next.slot <= last.slot || compareClaims(last.claim, next.claim) > 0))
      throw invalid(at, 'a later slot and a claim that does not go back', 'another one');
    last = next;
  }
  if (last?.slot !== slot) throw invalid(`${where}.blocks`, `the block of slot ${slot} last`, `${last?.slot}`);
  for (const [field, schedule] of [
    ['proposed', proposed],
    ['pending', pending],
  ] as const) {
    if (schedule === null) continue;
    if (!isSavanna) throw invalid(`${where}.${field}`, 'none before Savanna', 'a schedule');
    assertObject(`${where}.${field}`, schedule);
    assertInteger(`${where}.${field}.slot`, schedule.slot, 0, slot);
    checkSchedule(`${where}.${field}.schedule`, schedule.schedule);
  }
}

function checkPending(state: State, anchor: Anchor): void {
  const { activeSchedule, pendingSchedule, pendingScheduleHash, lastImplied, lastProduced, number } = state;
  const names = new Set(activeSchedule.producers.map(({ producerName }) => producerName));
  for (const { producer } of lastImplied)
    if (!names.has(producer))
      throw invalid('createState.lastImplied', 'producers of the active schedule', describeText(producer));
  // All of the active ones, and whoever made the block in which they became active.
  if (lastProduced.length > names.size + 1)
    throw invalid('createState.lastProduced', `at most ${names.size + 1} producers`, `${lastProduced.length}`);
  if (pendingSchedule === null) return;
  const { schedule } = pendingSchedule;
  // Block 1 alone has the first schedule active and pending at once.
  const version = number === 1 ? activeSchedule.version : activeSchedule.version + 1;
  if (schedule.version !== version)
    throw invalid('createState.pendingSchedule.schedule.version', `${version}`, `${schedule.version}`);
  if (number > 1 && (anchor.lastImplied === undefined || anchor.confirmationsLeft === undefined))
    throw invalid('createState.pendingSchedule', 'confirmationsLeft and lastImplied beside it', 'not both');
  if (pendingScheduleHash === null)
    throw invalid('createState.pendingScheduleHash', 'the hash of the schedule that is pending', 'none');
  if (!hashesOf(schedule).some((hash) => equalBytes(hash, pendingScheduleHash)))
    throw invalid(
      'createState.pendingScheduleHash',
      'the hash of the schedule that is pending',
      describeBytes(pendingScheduleHash),
    );
}

function checkEra({ isSavanna, finality, blockroot, pendingSchedule, pendingScheduleHash, ...state }: State): void {
  if (!isSavanna) return;
  if (finality === null) throw invalid('createState.finality', 'the claim of the latest Savanna header', 'none');
  const { confirmationsLeft, lastImplied, lastProduced } = state;
  const isEmpty = [confirmationsLeft, lastImplied, lastProduced].every(({ length }) => length === 0);
  if (blockroot !== null || pendingSchedule !== null || pendingScheduleHash !== null || !isEmpty)
    throw invalid(
      'createState.isSavanna',
      'nothing of the time before Savanna',
      'a blockroot, a schedule or confirmations',
    );
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('STATE_INVALID', { where, expected, got });
}

/** A state in the making, private to one call. */
export type Draft = { -readonly [K in keyof State]: State[K] };

/** A copy that shares nothing. */
export function copyState(state: State): Draft {
  return {
    anchorId: copyOf(state.anchorId),
    id: copyOf(state.id),
    number: state.number,
    slot: state.slot,
    blockroot: state.blockroot && copyMerkle(state.blockroot),
    activeSchedule: copySchedule(state.activeSchedule),
    pendingSchedule: state.pendingSchedule && {
      schedule: copySchedule(state.pendingSchedule.schedule),
      number: state.pendingSchedule.number,
    },
    pendingScheduleHash: state.pendingScheduleHash && copyOf(state.pendingScheduleHash),
    proposedIrreversible: state.proposedIrreversible,
    lastIrreversible: state.lastIrreversible,
    confirmationsLeft: [...state.confirmationsLeft],
    lastProduced: copyEntries(state.lastProduced),
    lastImplied: copyEntries(state.lastImplied),
    hasAuthorities: state.hasAuthorities,
    isSavanna: state.isSavanna,
    finality: state.finality && copyFinality(state.finality),
  };
}

function copyFinality({ blocks, claimsFrom, finalSlot, proposed, pending }: Finality): Finality {
  const copyProposed = ({ schedule, slot }: ProposedSchedule): ProposedSchedule => ({
    schedule: copySchedule(schedule),
    slot,
  });
  return {
    blocks: blocks.map(({ slot, claim: { number, isStrong } }) => ({ slot, claim: { number, isStrong } })),
    claimsFrom,
    finalSlot,
    proposed: proposed && copyProposed(proposed),
    pending: pending && copyProposed(pending),
  };
}

function copyMerkle({ nodeCount, activeNodes }: IncrementalMerkle): IncrementalMerkle {
  return { nodeCount, activeNodes: activeNodes.map((node) => copyOf(node)) };
}

/** Ascending by name, so that equal states are equal bytes. */
function copyEntries(entries: readonly ProducerBlock[]): ProducerBlock[] {
  return entries
    .map(({ producer, number }) => ({ producer, number }))
    .sort((a, b) => (a.producer < b.producer ? -1 : a.producer > b.producer ? 1 : 0));
}
