/**
 * Block headers, their ids, and what producers sign of them.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/block_header.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytes,
  assertFixedBytes,
  assertInteger,
  assertObject,
  concat,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import { type Extension, packExtensions, readExtensions } from './extension.js';
import { HASH_SIZE, sha256 } from './hash.js';
import { packName, readName } from './name.js';
import { closeBytes, openBytes, readBool, readFixed, readU16, readU32 } from './read.js';
import { type ProducerSchedule, packProducerSchedule, readProducerSchedule } from './schedule.js';

const U32_MAX = 0xffffffff;
/** Set in the schedule version of headers of the Savanna consensus. */
export const SAVANNA_BIT = 0x80000000;

/** A block header without the producer's signature. */
export interface BlockHeader {
  /** u32, the slot of half a second since 2000; see {@link computeSlotTime}. */
  readonly slot: number;
  /** The account that made the block, a name; empty in block 1. */
  readonly producer: string;
  /** u16, how many blocks before this one the producer confirms. */
  readonly confirmed: number;
  /** 32 bytes, the id of the block before; zeros in block 1. */
  readonly previous: Uint8Array;
  /** 32 bytes, the root over the receipts of the transactions; zeros for none. */
  readonly transactionMroot: Uint8Array;
  /** 32 bytes, the root over the receipts of the actions; the chain id in block 1. */
  readonly actionMroot: Uint8Array;
  /** u32, the version of the schedule by which the block was made; its top bit is set under Savanna. */
  readonly scheduleVersion: number;
  /** The next schedule where this block announces one, in the form from before WTMSIG_BLOCK_SIGNATURES. */
  readonly newProducers: ProducerSchedule | null;
  /** What later versions added; see {@link parseHeaderExtensions}. */
  readonly headerExtensions: readonly Extension[];
}

/**
 * Parses a header.
 *
 * Layout: `slot u32 | producer name | confirmed u16 | previous 32 | transaction_mroot 32 | action_mroot 32 | schedule_version u32 |
 * new_producers, 0, or 1 and a schedule | header_extensions`.
 *
 * @param bytes - a packed header, without the producer's signature
 * @returns the fields; byte fields are copies
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { computeSlotTime, parseHeader, timeToText } from 'poa-primitives/eosio';
 * import { packedHeader } from './eosio-sample.js';
 *
 * const { slot, producer } = parseHeader(packedHeader);
 * timeToText(computeSlotTime(slot)); // => '2020-04-21T18:04:27.000'
 * producer; // => 'funnyhamster'
 * ```
 * @see EOSIO, `block_header.hpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function parseHeader(bytes: Uint8Array): BlockHeader {
  return readHeader('parseHeader', bytes);
}

/** As {@link parseHeader}; `where` names the bytes. */
export function readHeader(where: string, bytes: Uint8Array): BlockHeader {
  assertBytes(`${where}.bytes`, bytes);
  const cursor = openBytes(where, bytes);
  const header = {
    slot: readU32(cursor, 'slot'),
    producer: readName(cursor, 'producer'),
    confirmed: readU16(cursor, 'confirmed'),
    previous: readFixed(cursor, 'previous', HASH_SIZE),
    transactionMroot: readFixed(cursor, 'transactionMroot', HASH_SIZE),
    actionMroot: readFixed(cursor, 'actionMroot', HASH_SIZE),
    scheduleVersion: readU32(cursor, 'scheduleVersion'),
    newProducers: readBool(cursor, 'newProducers') ? readProducerSchedule(cursor, 'newProducers') : null,
    headerExtensions: readExtensions(cursor, 'headerExtensions'),
  };
  closeBytes(cursor);
  return header;
}

/**
 * Serializes a header: the inverse of {@link parseHeader}.
 *
 * @param header - all fields in their ranges
 * @returns the bytes, 116 without a schedule and extensions
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseHeader, serializeHeader } from 'poa-primitives/eosio';
 * import { packedHeader } from './eosio-sample.js';
 *
 * serializeHeader(parseHeader(packedHeader)); // => packedHeader
 * ```
 * @see EOSIO, `block_header.hpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function serializeHeader(header: BlockHeader): Uint8Array {
  const where = 'serializeHeader';
  assertObject(where, header);
  const { slot, producer, confirmed, previous, transactionMroot, actionMroot, scheduleVersion, newProducers } = header;
  assertInteger(`${where}.slot`, slot, 0, U32_MAX);
  assertInteger(`${where}.confirmed`, confirmed, 0, 0xffff);
  assertFixedBytes(`${where}.previous`, previous, HASH_SIZE);
  assertFixedBytes(`${where}.transactionMroot`, transactionMroot, HASH_SIZE);
  assertFixedBytes(`${where}.actionMroot`, actionMroot, HASH_SIZE);
  assertInteger(`${where}.scheduleVersion`, scheduleVersion, 0, U32_MAX);
  return concat([
    uintLE(slot, 4),
    packName(`${where}.producer`, producer),
    uintLE(confirmed, 2),
    previous,
    transactionMroot,
    actionMroot,
    uintLE(scheduleVersion, 4),
    Uint8Array.of(newProducers === null ? 0 : 1),
    newProducers === null ? new Uint8Array() : packProducerSchedule(`${where}.newProducers`, newProducers),
    packExtensions(`${where}.headerExtensions`, header.headerExtensions),
  ]);
}

/**
 * The digest of a header: the hash of its bytes.
 *
 * @param bytes - a packed header
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { computeHeaderDigest, sha256 } from 'poa-primitives/eosio';
 * import { packedHeader } from './eosio-sample.js';
 *
 * computeHeaderDigest(packedHeader); // => sha256(packedHeader)
 * ```
 * @see EOSIO, `block_header.cpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function computeHeaderDigest(bytes: Uint8Array): Uint8Array {
  readHeader('computeHeaderDigest', bytes);
  return sha256(bytes);
}

/**
 * The number of a block, which its id begins with.
 *
 * @param id - 32 bytes
 * @returns u32; 0 for the id before block 1
 * @throws PoaError `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computeBlockId, computeBlockNumber } from 'poa-primitives/eosio';
 * import { packedHeader } from './eosio-sample.js';
 *
 * computeBlockNumber(computeBlockId(packedHeader)); // => 10700626
 * ```
 * @see EOSIO, `block_header.cpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function computeBlockNumber(id: Uint8Array): number {
  assertFixedBytes('computeBlockNumber.id', id, HASH_SIZE);
  return viewOf(id).getUint32(0);
}

/**
 * The id of a block: the digest of its header with its number, big-endian, in place of the first 4 bytes.
 *
 * @param bytes - a packed header
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`, also for a header behind block 2^32 - 1; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { computeBlockId } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 * import { packedHeader } from './eosio-sample.js';
 *
 * bytesToHex(computeBlockId(packedHeader)); // => '00a347526c9e2237cb771f71244c3e5ed2bcceacb57aadd07edb1a82f63aaa04'
 * ```
 * @see EOSIO, `block_header.cpp`, `calculate_id`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function computeBlockId(bytes: Uint8Array): Uint8Array {
  const where = 'computeBlockId';
  const number = computeBlockNumber(readHeader(where, bytes).previous) + 1;
  if (number > U32_MAX)
    throw new PoaError('MALFORMED', { where, expected: 'a number of at most 2^32 - 1', got: `${number}`, offset: 14 });
  const id = sha256(bytes);
  viewOf(id).setUint32(0, number);
  return id;
}

/**
 * Tells whether a header is of the Savanna consensus, under which producers sign the block id alone and finality comes from other
 * keys.
 *
 * @param header - a header
 * @returns true if the top bit of the schedule version is set
 * @throws PoaError `OUT_OF_RANGE` for a schedule version that is no u32
 * @example
 * ```ts
 * import { isSavannaHeader, parseHeader } from 'poa-primitives/eosio';
 * import { packedHeader } from './eosio-sample.js';
 *
 * isSavannaHeader(parseHeader(packedHeader)); // => false
 * ```
 * @see Spring, `block_header.hpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function isSavannaHeader(header: BlockHeader): boolean {
  assertObject('isSavannaHeader.header', header);
  assertInteger('isSavannaHeader.header.scheduleVersion', header.scheduleVersion, 0, U32_MAX);
  return header.scheduleVersion >= SAVANNA_BIT;
}

/**
 * What a producer signs before Savanna: the hash of the hash of the header digest and the root over the ids of all blocks before, and
 * of the hash of the schedule that was announced last.
 *
 * @param headerDigest - 32 bytes, {@link computeHeaderDigest}
 * @param blockRoot - 32 bytes, {@link computeIncrementalRoot} of the ids of the blocks before this one
 * @param scheduleHash - 32 bytes, the hash of the schedule announced last up to this block, promoted or not
 * @returns 32 bytes
 * @throws PoaError `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computeHeaderDigest, computeProducerDigest } from 'poa-primitives/eosio';
 * import { blockRoot, blockSignatureDigest, packedHeader, scheduleHash } from './eosio-sample.js';
 *
 * computeProducerDigest(computeHeaderDigest(packedHeader), blockRoot, scheduleHash); // => blockSignatureDigest
 * ```
 * @see EOSIO, `block_header_state.cpp`, `sig_digest`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function computeProducerDigest(
  headerDigest: Uint8Array,
  blockRoot: Uint8Array,
  scheduleHash: Uint8Array,
): Uint8Array {
  const where = 'computeProducerDigest';
  assertFixedBytes(`${where}.headerDigest`, headerDigest, HASH_SIZE);
  assertFixedBytes(`${where}.blockRoot`, blockRoot, HASH_SIZE);
  assertFixedBytes(`${where}.scheduleHash`, scheduleHash, HASH_SIZE);
  return sha256(sha256(headerDigest, blockRoot), scheduleHash);
}
