/**
 * Slots: which producer of a schedule may make the block of which half second.
 *
 * @see [E33 Turns](../RULES.md#e33-turns)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject } from '../../internal/bytes.js';
import { checkName } from '../encoding/name.js';
import type { ProducerAuthority, ProducerAuthoritySchedule } from '../encoding/schedule.js';
import { assertAuthority, copyAuthority } from './election.js';

/** Slots that a producer has one after the other. */
export const PRODUCER_REPETITIONS = 12;

const U32_MAX = 0xffff_ffff;

/** Slots of a producer that no block was made in. */
export interface MissedSlots {
  /** Account. */
  readonly producer: string;
  /** How many. */
  readonly count: number;
  /** u32, the first of them. */
  readonly first: number;
  /** u32, the last of them. */
  readonly last: number;
}

/**
 * Whose turn a slot is: `floor((slot mod (count * 12)) / 12)`.
 *
 * @param slot - u32
 * @param count - producers of the active schedule, at least 1
 * @returns index in the schedule
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeProducerIndex } from 'poa-primitives/eosio';
 *
 * computeProducerIndex(1_281_614_934, 21); // => 11
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `get_scheduled_producer`; [E33 Turns](../RULES.md#e33-turns)
 */
export function computeProducerIndex(slot: number, count: number): number {
  assertInteger('computeProducerIndex.slot', slot, 0, U32_MAX);
  assertInteger('computeProducerIndex.count', count, 1, U32_MAX);
  return indexOf(slot, count);
}

function indexOf(slot: number, count: number): number {
  return Math.floor((slot % (count * PRODUCER_REPETITIONS)) / PRODUCER_REPETITIONS);
}

/**
 * The producer whose turn a slot is.
 *
 * @param schedule - the active one
 * @param slot - u32
 * @returns a copy of the producer with the keys that sign for it; undefined if the schedule is empty
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID` and `KEY_TYPE_UNSUPPORTED` of that producer
 * @example
 * ```ts
 * import { computeScheduledProducer } from 'poa-primitives/eosio';
 * import { electedSchedule } from './eosio-chain-sample.js';
 *
 * computeScheduledProducer(electedSchedule, 12)?.producerName; // => electedSchedule.producers[1].producerName
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `get_scheduled_producer`; [E33 Turns](../RULES.md#e33-turns)
 */
export function computeScheduledProducer(
  schedule: ProducerAuthoritySchedule,
  slot: number,
): ProducerAuthority | undefined {
  const where = 'computeScheduledProducer';
  const producers = producersOf(where, schedule);
  assertInteger(`${where}.slot`, slot, 0, U32_MAX);
  if (producers.length === 0) return undefined;
  const index = indexOf(slot, producers.length);
  const producer: unknown = producers[index];
  const at = `${where}.schedule.producers[${index}]`;
  assertObject(at, producer);
  const { producerName, authority } = producer;
  checkName(`${at}.producerName`, producerName);
  assertAuthority(`${at}.authority`, authority);
  return { producerName, authority: copyAuthority(authority) };
}

/** The producer of a slot in a schedule that is known to be one and not empty: itself, not a copy. */
export function scheduledIn({ producers }: ProducerAuthoritySchedule, slot: number): ProducerAuthority {
  return producers[indexOf(slot, producers.length)] as ProducerAuthority;
}

function producersOf(where: string, schedule: ProducerAuthoritySchedule): readonly ProducerAuthority[] {
  assertObject(`${where}.schedule`, schedule);
  assertArray(`${where}.schedule.producers`, schedule.producers);
  return schedule.producers;
}

/** The same where all names are looked at. */
function namedProducersOf(where: string, schedule: ProducerAuthoritySchedule): readonly ProducerAuthority[] {
  const producers = producersOf(where, schedule);
  for (let i = 0; i < producers.length; i++) {
    const producer: unknown = producers[i];
    assertObject(`${where}.schedule.producers[${i}]`, producer);
    checkName(`${where}.schedule.producers[${i}].producerName`, producer.producerName);
  }
  return producers;
}

/**
 * The next slot that is the turn of a producer.
 *
 * @param schedule - the active one
 * @param producer - account
 * @param after - u32, a slot
 * @returns the first slot above `after` that is its turn; undefined if it is not in the schedule, or u32 has none left
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`
 * @example
 * ```ts
 * import { computeNextSlot } from 'poa-primitives/eosio';
 * import { electedSchedule } from './eosio-chain-sample.js';
 *
 * const [first, second] = electedSchedule.producers;
 * computeNextSlot(electedSchedule, first.producerName, 0); // => 1
 * computeNextSlot(electedSchedule, second.producerName, 0); // => 12
 * computeNextSlot(electedSchedule, 'nobody', 0); // => undefined
 * ```
 * @see [E33 Turns](../RULES.md#e33-turns)
 */
export function computeNextSlot(
  schedule: ProducerAuthoritySchedule,
  producer: string,
  after: number,
): number | undefined {
  const producers = namedProducersOf('computeNextSlot', schedule);
  checkName('computeNextSlot.producer', producer);
  assertInteger('computeNextSlot.after', after, 0, U32_MAX);
  const index = producers.findIndex(({ producerName }) => producerName === producer);
  if (index === -1) return undefined;
  const next = after + 1;
  const round = producers.length * PRODUCER_REPETITIONS;
  const start = index * PRODUCER_REPETITIONS;
  const at = next % round;
  const wait = at < start ? start - at : at < start + PRODUCER_REPETITIONS ? 0 : round - at + start;
  return next + wait > U32_MAX ? undefined : next + wait;
}

/**
 * Who missed the slots between two blocks, counted without going over them: the time does not grow with the gap.
 *
 * @param schedule - the one that was active between the blocks
 * @param after - u32, slot of the earlier block
 * @param before - u32, slot of the later block, above `after`
 * @returns one entry for each producer that missed a slot, ordered by the first that it missed
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`
 * @example
 * ```ts
 * import { findMissedSlots } from 'poa-primitives/eosio';
 * import { electedSchedule } from './eosio-chain-sample.js';
 *
 * const [first, second] = electedSchedule.producers.map(({ producerName }) => producerName);
 * const [one, two] = findMissedSlots(electedSchedule, 10, 14);
 * one; // => { producer: first, count: 1, first: 11, last: 11 }
 * two; // => { producer: second, count: 2, first: 12, last: 13 }
 * findMissedSlots(electedSchedule, 10, 11); // => []
 * ```
 * @see [E33 Turns](../RULES.md#e33-turns)
 */
export function findMissedSlots(schedule: ProducerAuthoritySchedule, after: number, before: number): MissedSlots[] {
  const where = 'findMissedSlots';
  const producers = namedProducersOf(where, schedule);
  assertInteger(`${where}.after`, after, 0, U32_MAX);
  assertInteger(`${where}.before`, before, 0, U32_MAX);
  if (before <= after)
    throw new PoaError('OUT_OF_RANGE', { where: `${where}.before`, expected: `above ${after}`, got: `${before}` });
  const round = producers.length * PRODUCER_REPETITIONS;
  return producers
    .map(({ producerName: producer }, i) => {
      const start = i * PRODUCER_REPETITIONS;
      // Slots of this producer below a slot: 12 for each whole round, and its part of the last.
      const below = (slot: number): number =>
        Math.floor(slot / round) * PRODUCER_REPETITIONS + clamp((slot % round) - start, 0, PRODUCER_REPETITIONS);
      const count = below(before) - below(after + 1);
      const at = (after + 1) % round;
      const wait = at < start ? start - at : at < start + PRODUCER_REPETITIONS ? 0 : round - at + start;
      const end = (before - 1) % round;
      const since = end < start ? end + round - start : end - start;
      return {
        producer,
        count,
        first: after + 1 + wait,
        last: before - 1 - Math.max(0, since - PRODUCER_REPETITIONS + 1),
      };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.first - b.first);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
