/**
 * Producer schedules: who produces, in which order, and with which keys. The form with one key each, and the one with an
 * authority each that came with the feature WTMSIG_BLOCK_SIGNATURES.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/producer_schedule.hpp
 * @module
 */

import { assertArray, assertBytes, assertInteger, assertObject, concat, copyOf, uintLE } from '../../internal/bytes.js';
import { sha256 } from './hash.js';
import { type PublicKey, packPublicKey, readPublicKey } from './key.js';
import { packName, readName } from './name.js';
import { type Cursor, closeBytes, malformed, openBytes, readItems, readU16, readU32, readVaruint32 } from './read.js';
import { packItems } from './write.js';

const U32_MAX = 0xffffffff;

/** A producer and the key that signs its blocks. */
export interface ProducerKey {
  /** The account, a name. */
  readonly producerName: string;
  /** The key. */
  readonly blockSigningKey: PublicKey;
}

/** A schedule with one key for each producer. */
export interface ProducerSchedule {
  /** u32, one more than that of the schedule before. */
  readonly version: number;
  /** The producers in the order of their turns. */
  readonly producers: readonly ProducerKey[];
}

/** A key and how much it counts. */
export interface KeyWeight {
  /** The key. */
  readonly key: PublicKey;
  /** u16. */
  readonly weight: number;
}

/** Keys that together sign the blocks of a producer. */
export interface BlockSigningAuthority {
  /** u32, least sum of the weights of the keys that signed. */
  readonly threshold: number;
  /** The keys. */
  readonly keys: readonly KeyWeight[];
}

/** A producer and the keys that sign its blocks. */
export interface ProducerAuthority {
  /** The account, a name. */
  readonly producerName: string;
  /** The keys. */
  readonly authority: BlockSigningAuthority;
}

/** A schedule with an authority for each producer. */
export interface ProducerAuthoritySchedule {
  /** u32, one more than that of the schedule before. */
  readonly version: number;
  /** The producers in the order of their turns. */
  readonly producers: readonly ProducerAuthority[];
}

/**
 * Parses a schedule with one key for each producer: `version u32 | list of (producer name | public key)`.
 *
 * @param bytes - a packed `legacy::producer_schedule_type`
 * @returns the schedule; keys are copies
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseProducerSchedule, serializeProducerSchedule } from 'poa-primitives/eosio';
 * import { producerSchedule } from './eosio-sample.js';
 *
 * parseProducerSchedule(serializeProducerSchedule(producerSchedule)); // => producerSchedule
 * ```
 * @see EOSIO, `producer_schedule.hpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function parseProducerSchedule(bytes: Uint8Array): ProducerSchedule {
  assertBytes('parseProducerSchedule.bytes', bytes);
  const cursor = openBytes('parseProducerSchedule', bytes);
  const schedule = readProducerSchedule(cursor, 'schedule');
  closeBytes(cursor);
  return schedule;
}

/** Reads a schedule in a greater value. */
export function readProducerSchedule(cursor: Cursor, field: string): ProducerSchedule {
  return {
    version: readU32(cursor, `${field}.version`),
    producers: readItems(cursor, `${field}.producers`, 42, (at) => ({
      producerName: readName(at, `${field}.producers.producerName`),
      blockSigningKey: readPublicKey(at, `${field}.producers.blockSigningKey`),
    })),
  };
}

/**
 * Serializes a schedule with one key for each producer: the inverse of {@link parseProducerSchedule}.
 *
 * @param schedule - version and producers
 * @returns `4 + 1 + 42 * count` bytes, for up to 127 producers
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { serializeProducerSchedule } from 'poa-primitives/eosio';
 *
 * serializeProducerSchedule({ version: 1, producers: [] }); // => Uint8Array.of(1, 0, 0, 0, 0)
 * ```
 * @see EOSIO, `producer_schedule.hpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function serializeProducerSchedule(schedule: ProducerSchedule): Uint8Array {
  return packProducerSchedule('serializeProducerSchedule', schedule);
}

/** Packs a schedule of a greater value. */
export function packProducerSchedule(where: string, schedule: unknown): Uint8Array {
  return packSchedule(where, schedule, (at, { producerName, blockSigningKey }) =>
    concat([packName(`${at}.producerName`, producerName), packPublicKey(`${at}.blockSigningKey`, blockSigningKey)]),
  );
}

function packSchedule(
  where: string,
  schedule: unknown,
  pack: (where: string, producer: Readonly<Record<string, unknown>>) => Uint8Array,
): Uint8Array {
  assertObject(where, schedule);
  assertInteger(`${where}.version`, schedule.version, 0, U32_MAX);
  assertArray(`${where}.producers`, schedule.producers);
  const producers = packItems(schedule.producers, (producer, i) => {
    const at = `${where}.producers[${i}]`;
    assertObject(at, producer);
    return pack(at, producer);
  });
  return concat([uintLE(schedule.version, 4), producers]);
}

/**
 * The hash of a schedule with one key for each producer, which producers sign with every block.
 *
 * @param schedule - version and producers
 * @returns 32 bytes
 * @throws PoaError as {@link serializeProducerSchedule}
 * @example
 * ```ts
 * import { computeProducerScheduleHash, serializeProducerSchedule, sha256 } from 'poa-primitives/eosio';
 * import { producerSchedule } from './eosio-sample.js';
 *
 * computeProducerScheduleHash(producerSchedule); // => sha256(serializeProducerSchedule(producerSchedule))
 * ```
 * @see EOSIO, `block_header_state.cpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function computeProducerScheduleHash(schedule: ProducerSchedule): Uint8Array {
  return sha256(packProducerSchedule('computeProducerScheduleHash', schedule));
}

/**
 * Parses a schedule with an authority for each producer: `version u32 | list of (producer name | 0, a varuint32 | threshold u32 |
 * list of (public key | weight u16))`.
 *
 * @param bytes - a packed `producer_authority_schedule`
 * @returns the schedule; keys are copies
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseProducerAuthoritySchedule, serializeProducerAuthoritySchedule, toAuthoritySchedule } from 'poa-primitives/eosio';
 * import { producerSchedule } from './eosio-sample.js';
 *
 * const schedule = toAuthoritySchedule(producerSchedule);
 * parseProducerAuthoritySchedule(serializeProducerAuthoritySchedule(schedule)); // => schedule
 * ```
 * @see EOSIO, `producer_schedule.hpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function parseProducerAuthoritySchedule(bytes: Uint8Array): ProducerAuthoritySchedule {
  assertBytes('parseProducerAuthoritySchedule.bytes', bytes);
  const cursor = openBytes('parseProducerAuthoritySchedule', bytes);
  const schedule = readProducerAuthoritySchedule(cursor, 'schedule');
  closeBytes(cursor);
  return schedule;
}

/** Reads a schedule in a greater value. */
export function readProducerAuthoritySchedule(cursor: Cursor, field: string): ProducerAuthoritySchedule {
  return {
    version: readU32(cursor, `${field}.version`),
    producers: readItems(cursor, `${field}.producers`, 14, (at) => readProducerAuthority(at, `${field}.producers`)),
  };
}

/** Reads a producer and its authority in a greater value. */
export function readProducerAuthority(cursor: Cursor, field: string): ProducerAuthority {
  const producerName = readName(cursor, `${field}.producerName`);
  const start = cursor.at;
  const variant = readVaruint32(cursor, `${field}.authority`);
  if (variant !== 0) throw malformed(cursor, `${field}.authority`, 'variant 0', `${variant}`, start);
  const threshold = readU32(cursor, `${field}.authority.threshold`);
  const keys = readItems(cursor, `${field}.authority.keys`, 36, (at) => ({
    key: readPublicKey(at, `${field}.authority.keys.key`),
    weight: readU16(at, `${field}.authority.keys.weight`),
  }));
  return { producerName, authority: { threshold, keys } };
}

/**
 * Serializes a schedule with an authority for each producer: the inverse of {@link parseProducerAuthoritySchedule}.
 *
 * @param schedule - version and producers
 * @returns the bytes
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { serializeProducerAuthoritySchedule } from 'poa-primitives/eosio';
 *
 * serializeProducerAuthoritySchedule({ version: 1, producers: [] }); // => Uint8Array.of(1, 0, 0, 0, 0)
 * ```
 * @see EOSIO, `producer_schedule.hpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function serializeProducerAuthoritySchedule(schedule: ProducerAuthoritySchedule): Uint8Array {
  return packProducerAuthoritySchedule('serializeProducerAuthoritySchedule', schedule);
}

/** Packs a schedule of a greater value. */
export function packProducerAuthoritySchedule(where: string, schedule: unknown): Uint8Array {
  return packSchedule(where, schedule, packProducerAuthority);
}

/** Packs a producer and its authority of a greater value. */
export function packProducerAuthority(where: string, producer: unknown): Uint8Array {
  assertObject(where, producer);
  const { producerName, authority } = producer;
  assertObject(`${where}.authority`, authority);
  const { threshold, keys } = authority;
  assertInteger(`${where}.authority.threshold`, threshold, 0, U32_MAX);
  assertArray(`${where}.authority.keys`, keys);
  return concat([
    packName(`${where}.producerName`, producerName),
    Uint8Array.of(0),
    uintLE(threshold, 4),
    packItems(keys, (item, i) => {
      const at = `${where}.authority.keys[${i}]`;
      assertObject(at, item);
      assertInteger(`${at}.weight`, item.weight, 0, 0xffff);
      return concat([packPublicKey(`${at}.key`, item.key), uintLE(item.weight, 2)]);
    }),
  ]);
}

/**
 * The hash of a schedule with an authority for each producer, which producers sign with every block.
 *
 * @param schedule - version and producers
 * @returns 32 bytes
 * @throws PoaError as {@link serializeProducerAuthoritySchedule}
 * @example
 * ```ts
 * import { computeProducerAuthorityScheduleHash, sha256 } from 'poa-primitives/eosio';
 *
 * computeProducerAuthorityScheduleHash({ version: 1, producers: [] }); // => sha256(Uint8Array.of(1, 0, 0, 0, 0))
 * ```
 * @see EOSIO, `block_header_state.cpp`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function computeProducerAuthorityScheduleHash(schedule: ProducerAuthoritySchedule): Uint8Array {
  return sha256(packProducerAuthoritySchedule('computeProducerAuthorityScheduleHash', schedule));
}

/**
 * The same schedule with authorities: each key is all of its producer's authority, with weight and threshold 1.
 *
 * @param schedule - one key for each producer
 * @returns one authority for each
 * @throws PoaError as {@link serializeProducerSchedule}
 * @example
 * ```ts
 * import { toAuthoritySchedule } from 'poa-primitives/eosio';
 * import { producerSchedule } from './eosio-sample.js';
 *
 * toAuthoritySchedule(producerSchedule).producers[0].authority.threshold; // => 1
 * ```
 * @see EOSIO, `producer_schedule.hpp`, `to_shared`; [E11 Producer schedules](../RULES.md#e11-producer-schedules)
 */
export function toAuthoritySchedule(schedule: ProducerSchedule): ProducerAuthoritySchedule {
  packProducerSchedule('toAuthoritySchedule', schedule);
  return {
    version: schedule.version,
    producers: schedule.producers.map(({ producerName, blockSigningKey: { curve, data } }) => ({
      producerName,
      authority: { threshold: 1, keys: [{ key: { curve, data: copyOf(data) }, weight: 1 }] },
    })),
  };
}
