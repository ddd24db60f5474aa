/**
 * Times, and the slots of half a second that blocks stand in.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/block_timestamp.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertInteger, wrongType } from '../../internal/bytes.js';
import { describeText } from './text.js';

/** Milliseconds of a slot. */
export const BLOCK_INTERVAL = 500;
/** When slot 0 began: 2000-01-01T00:00:00, milliseconds since 1970. */
export const BLOCK_EPOCH = 946684800000;
/** The last millisecond of the year 9999, behind which a time has no text. */
export const TIME_MAX = 253402300799999;

const U32_MAX = 0xffffffff;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,3}))?$/;

/**
 * The time in a text as nodes write it, which is in UTC without saying so.
 *
 * @param text - such as `2018-06-08T08:08:08.888`; none or one to three decimals of the second
 * @returns milliseconds since 1970
 * @throws PoaError `TIME_INVALID` also for a day that its month does not have, and before 1970
 * @example
 * ```ts
 * import { timeFromText } from 'poa-primitives/eosio';
 *
 * timeFromText('2018-06-08T08:08:08.888'); // => 1528445288888
 * ```
 * @see EOSIO, `fc/time.cpp`; [E4 Times and slots](../RULES.md#e4-times-and-slots)
 */
export function timeFromText(text: string): number {
  if (typeof text !== 'string') throw wrongType('timeFromText.text', 'string', text);
  const match = text.length <= 23 ? TIME.exec(text) : null;
  if (match !== null) {
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const time = Date.UTC(year, month - 1, day, hour, minute, second, Number((match[7] ?? '').padEnd(3, '0')));
    // A day or an hour too many would run over into the next: the text must come back.
    if (year >= 1970 && new Date(time).toISOString().startsWith(text.slice(0, 19))) return time;
  }
  throw timeInvalid('timeFromText', 'a time such as 2018-06-08T08:08:08.888, from 1970 on', describeText(text));
}

/**
 * The text of a time: the inverse of {@link timeFromText}.
 *
 * @param time - milliseconds since 1970, up to the year 9999
 * @returns with three decimals of the second
 * @throws PoaError `TIME_INVALID`
 * @example
 * ```ts
 * import { timeToText } from 'poa-primitives/eosio';
 *
 * timeToText(1528445288888); // => '2018-06-08T08:08:08.888'
 * ```
 * @see EOSIO, `fc/time.cpp`; [E4 Times and slots](../RULES.md#e4-times-and-slots)
 */
export function timeToText(time: number): string {
  checkTime('timeToText.time', time);
  return new Date(time).toISOString().slice(0, -1);
}

/** Checks a time of a record: milliseconds since 1970. */
export function checkTime(where: string, time: unknown): asserts time is number {
  if (typeof time !== 'number') throw wrongType(where, 'number', time);
  if (!Number.isInteger(time) || time < 0 || time > TIME_MAX)
    throw timeInvalid(where, `an integer from 0 to ${TIME_MAX} ms`, `${time}`);
}

/**
 * The slot that a time lies in. A time within it is rounded down: a chain whose genesis is 08:08:08.888 begins with a block of
 * 08:08:08.500.
 *
 * @param time - milliseconds since 1970
 * @returns u32
 * @throws PoaError `TIME_INVALID` for a time before 2000, or behind the last slot, in 2068
 * @example
 * ```ts
 * import { computeSlot, computeSlotTime, timeFromText, timeToText } from 'poa-primitives/eosio';
 *
 * const slot = computeSlot(timeFromText('2018-06-08T08:08:08.888'));
 * slot; // => 1163520977
 * timeToText(computeSlotTime(slot)); // => '2018-06-08T08:08:08.500'
 * ```
 * @see EOSIO, `block_timestamp.hpp`; [E4 Times and slots](../RULES.md#e4-times-and-slots)
 */
export function computeSlot(time: number): number {
  checkTime('computeSlot.time', time);
  const slot = Math.floor((time - BLOCK_EPOCH) / BLOCK_INTERVAL);
  if (slot < 0 || slot > U32_MAX)
    throw timeInvalid('computeSlot.time', 'a time with a slot, from 2000-01-01 on', timeToText(time));
  return slot;
}

/**
 * When a slot begins, which is the timestamp of its block.
 *
 * @param slot - u32
 * @returns milliseconds since 1970
 * @throws PoaError `OUT_OF_RANGE` for what is no u32
 * @example
 * ```ts
 * import { computeSlotTime } from 'poa-primitives/eosio';
 *
 * computeSlotTime(0); // => Date.UTC(2000, 0, 1)
 * ```
 * @see EOSIO, `block_timestamp.hpp`; [E4 Times and slots](../RULES.md#e4-times-and-slots)
 */
export function computeSlotTime(slot: number): number {
  assertInteger('computeSlotTime.slot', slot, 0, U32_MAX);
  return slot * BLOCK_INTERVAL + BLOCK_EPOCH;
}

function timeInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('TIME_INVALID', { where, expected, got });
}
