/**
 * The extensions of block headers: protocol features that begin, the next schedule, and what Savanna needs.
 *
 * @see https://github.com/AntelopeIO/spring/blob/17ed17f6826409a998332b94074dace2cb1fdb47/libraries/chain/include/eosio/chain/block_header.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertBytesArray,
  assertInteger,
  assertObject,
  assertUint,
  concat,
  uintLE,
  wrongType,
} from '../../internal/bytes.js';
import type { Extension } from './extension.js';
import { HASH_SIZE } from './hash.js';
import {
  type Cursor,
  closeBytes,
  openBytes,
  readBool,
  readBytes,
  readFixed,
  readItems,
  readString,
  readU16,
  readU32,
  readU64,
} from './read.js';
import {
  type ProducerAuthority,
  type ProducerAuthoritySchedule,
  packProducerAuthority,
  packProducerAuthoritySchedule,
  readProducerAuthority,
  readProducerAuthoritySchedule,
} from './schedule.js';
import { packBytes, packItems, packString } from './write.js';

/** Type of the extension that lists protocol features which begin with the block. */
export const PROTOCOL_FEATURE_ACTIVATION = 0;
/** Type of the extension that announces a schedule. */
export const PRODUCER_SCHEDULE_CHANGE = 1;
/** Type of the extension of Savanna. */
export const FINALITY = 2;

/** What comes into a list. */
export interface ListInsertion<T> {
  /** u16, its place in the new list. */
  readonly index: number;
  /** What it is. */
  readonly item: T;
}

/** How a list came out of another: first the items at some places go, then others come in. */
export interface ListDiff<T> {
  /** u16 each, the places of what goes, in the old list. */
  readonly removeIndexes: readonly number[];
  /** What comes. */
  readonly insertIndexes: readonly ListInsertion<T>[];
}

/** A finalizer of Savanna, who votes for blocks. */
export interface FinalizerAuthority {
  /** Who it is, in words. */
  readonly description: string;
  /** u64. */
  readonly weight: bigint;
  /** Its BLS12-381 public key, 96 bytes as nodes pack it; not judged. */
  readonly publicKey: Uint8Array;
}

/** A change of the finalizers. */
export interface FinalizerPolicyDiff {
  /** u32, one more than that of the policy before. */
  readonly generation: number;
  /** u64, least sum of the weights of the finalizers who voted. */
  readonly threshold: bigint;
  /** Which finalizers go and come. */
  readonly finalizers: ListDiff<FinalizerAuthority>;
}

/** A change of the schedule under Savanna. */
export interface ProposerPolicyDiff {
  /** u32, version of the schedule. */
  readonly version: number;
  /** u32, the slot of the block that proposed it. */
  readonly proposalSlot: number;
  /** Which producers go and come. */
  readonly producers: ListDiff<ProducerAuthority>;
}

/** What Savanna needs of each block. */
export interface FinalityExtension {
  /** u32, number of the newest block before this one that a quorum of finalizers voted for. */
  readonly qcBlockNumber: number;
  /** Whether this quorum was a strong one. */
  readonly isQcStrong: boolean;
  /** A change of the finalizers, or null. */
  readonly newFinalizerPolicy: FinalizerPolicyDiff | null;
  /** A change of the schedule, or null. */
  readonly newProposerPolicy: ProposerPolicyDiff | null;
}

/** What the extensions of a header say; null for each that it does not have. */
export interface HeaderExtensions {
  /** Digests, 32 bytes each, of the protocol features that begin with the block. */
  readonly protocolFeatures: readonly Uint8Array[] | null;
  /** The next schedule, where the block announces one. */
  readonly newSchedule: ProducerAuthoritySchedule | null;
  /** What Savanna needs. */
  readonly finality: FinalityExtension | null;
}

/**
 * Parses the extensions of a header.
 *
 * @param extensions - `headerExtensions` of a header
 * @returns what they say
 * @throws PoaError `HEADER_EXTENSIONS_INVALID` for a type that nodes do not know, one that comes twice, and types that do not ascend;
 * `MALFORMED`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseHeaderExtensions } from 'poa-primitives/eosio';
 *
 * const { finality } = parseHeaderExtensions([{ type: 2, data: Uint8Array.of(4, 0, 0, 0, 1, 0, 0) }]);
 * finality?.qcBlockNumber; // => 4
 * ```
 * @see Spring, `block_header.cpp`, `finality_extension.hpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function parseHeaderExtensions(extensions: readonly Extension[]): HeaderExtensions {
  const where = 'parseHeaderExtensions';
  assertArray(where, extensions);
  let protocolFeatures: Uint8Array[] | null = null;
  let newSchedule: ProducerAuthoritySchedule | null = null;
  let finality: FinalityExtension | null = null;
  let last = -1;
  for (let i = 0; i < extensions.length; i++) {
    const at = `${where}[${i}]`;
    const extension: unknown = extensions[i];
    assertObject(at, extension);
    const { type, data } = extension;
    assertInteger(`${at}.type`, type, 0, 0xffff);
    assertBytes(`${at}.data`, data);
    if (type > FINALITY || type <= last)
      throw new PoaError('HEADER_EXTENSIONS_INVALID', {
        where: at,
        expected: 'types 0, 1 and 2, each once and in this order',
        got: last === -1 ? `${type}` : `${type} after ${last}`,
      });
    last = type;
    const cursor = openBytes(at, data);
    if (type === PROTOCOL_FEATURE_ACTIVATION)
      protocolFeatures = readItems(cursor, 'protocolFeatures', HASH_SIZE, (item) =>
        readFixed(item, 'protocolFeatures', HASH_SIZE),
      );
    else if (type === PRODUCER_SCHEDULE_CHANGE) newSchedule = readProducerAuthoritySchedule(cursor, 'newSchedule');
    else finality = readFinality(cursor);
    closeBytes(cursor);
  }
  return { protocolFeatures, newSchedule, finality };
}

function readFinality(cursor: Cursor): FinalityExtension {
  return {
    qcBlockNumber: readU32(cursor, 'qcBlockNumber'),
    isQcStrong: readBool(cursor, 'isQcStrong'),
    newFinalizerPolicy: readBool(cursor, 'newFinalizerPolicy')
      ? {
          generation: readU32(cursor, 'newFinalizerPolicy.generation'),
          threshold: readU64(cursor, 'newFinalizerPolicy.threshold'),
          finalizers: readDiff(cursor, 'newFinalizerPolicy.finalizers', 12, (at, field) => ({
            description: readString(at, `${field}.description`),
            weight: readU64(at, `${field}.weight`),
            publicKey: readBytes(at, `${field}.publicKey`),
          })),
        }
      : null,
    newProposerPolicy: readBool(cursor, 'newProposerPolicy')
      ? {
          version: readU32(cursor, 'newProposerPolicy.version'),
          proposalSlot: readU32(cursor, 'newProposerPolicy.proposalSlot'),
          producers: readDiff(cursor, 'newProposerPolicy.producers', 16, readProducerAuthority),
        }
      : null,
  };
}

function readDiff<T>(
  cursor: Cursor,
  field: string,
  itemSize: number,
  read: (cursor: Cursor, field: string) => T,
): ListDiff<T> {
  return {
    removeIndexes: readItems(cursor, `${field}.removeIndexes`, 2, (at) => readU16(at, `${field}.removeIndexes`)),
    insertIndexes: readItems(cursor, `${field}.insertIndexes`, itemSize, (at) => ({
      index: readU16(at, `${field}.insertIndexes.index`),
      item: read(at, `${field}.insertIndexes.item`),
    })),
  };
}

/**
 * Serializes the extensions of a header: the inverse of {@link parseHeaderExtensions}.
 *
 * @param extensions - what they say
 * @returns `headerExtensions` of a header, in ascending order of their types
 * @throws PoaError `OUT_OF_RANGE`; `NAME_INVALID`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseHeaderExtensions, serializeHeaderExtensions } from 'poa-primitives/eosio';
 *
 * const extensions = [{ type: 0, data: Uint8Array.of(0) }];
 * serializeHeaderExtensions(parseHeaderExtensions(extensions)); // => extensions
 * ```
 * @see Spring, `block_header.cpp`, `finality_extension.hpp`; [E12 Block headers](../RULES.md#e12-block-headers)
 */
export function serializeHeaderExtensions(extensions: HeaderExtensions): Extension[] {
  const where = 'serializeHeaderExtensions';
  assertObject(where, extensions);
  const { protocolFeatures, newSchedule, finality } = extensions;
  const list: Extension[] = [];
  if (protocolFeatures !== null) {
    assertBytesArray(`${where}.protocolFeatures`, protocolFeatures, HASH_SIZE);
    list.push({ type: PROTOCOL_FEATURE_ACTIVATION, data: packItems(protocolFeatures, (digest) => digest) });
  }
  if (newSchedule !== null)
    list.push({
      type: PRODUCER_SCHEDULE_CHANGE,
      data: packProducerAuthoritySchedule(`${where}.newSchedule`, newSchedule),
    });
  if (finality !== null) list.push({ type: FINALITY, data: packFinality(`${where}.finality`, finality) });
  return list;
}

function packFinality(where: string, finality: FinalityExtension): Uint8Array {
  assertObject(where, finality);
  const { qcBlockNumber, isQcStrong, newFinalizerPolicy, newProposerPolicy } = finality;
  assertInteger(`${where}.qcBlockNumber`, qcBlockNumber, 0, 0xffffffff);
  if (typeof isQcStrong !== 'boolean') throw wrongType(`${where}.isQcStrong`, 'boolean', isQcStrong);
  const parts = [uintLE(qcBlockNumber, 4), flag(isQcStrong), flag(newFinalizerPolicy !== null)];
  if (newFinalizerPolicy !== null) {
    const at = `${where}.newFinalizerPolicy`;
    assertObject(at, newFinalizerPolicy);
    const { generation, threshold, finalizers } = newFinalizerPolicy;
    assertInteger(`${at}.generation`, generation, 0, 0xffffffff);
    assertUint(`${at}.threshold`, threshold, 64);
    parts.push(uintLE(generation, 4), uintLE(threshold, 8), packDiff(`${at}.finalizers`, finalizers, packFinalizer));
  }
  parts.push(flag(newProposerPolicy !== null));
  if (newProposerPolicy !== null) {
    const at = `${where}.newProposerPolicy`;
    assertObject(at, newProposerPolicy);
    const { version, proposalSlot, producers } = newProposerPolicy;
    assertInteger(`${at}.version`, version, 0, 0xffffffff);
    assertInteger(`${at}.proposalSlot`, proposalSlot, 0, 0xffffffff);
    parts.push(
      uintLE(version, 4),
      uintLE(proposalSlot, 4),
      packDiff(`${at}.producers`, producers, packProducerAuthority),
    );
  }
  return concat(parts);
}

function flag(isSet: boolean): Uint8Array {
  return Uint8Array.of(isSet ? 1 : 0);
}

function packFinalizer(where: string, finalizer: FinalizerAuthority): Uint8Array {
  assertObject(where, finalizer);
  const { description, weight, publicKey } = finalizer;
  assertUint(`${where}.weight`, weight, 64);
  assertBytes(`${where}.publicKey`, publicKey);
  return concat([packString(`${where}.description`, description), uintLE(weight, 8), packBytes(publicKey)]);
}

function packDiff<T>(where: string, diff: ListDiff<T>, pack: (where: string, item: T) => Uint8Array): Uint8Array {
  assertObject(where, diff);
  assertArray(`${where}.removeIndexes`, diff.removeIndexes);
  assertArray(`${where}.insertIndexes`, diff.insertIndexes);
  return concat([
    packItems(diff.removeIndexes, (index, i) => packIndex(`${where}.removeIndexes[${i}]`, index)),
    packItems(diff.insertIndexes, (insertion, i) => {
      const at = `${where}.insertIndexes[${i}]`;
      assertObject(at, insertion);
      const { index, item } = insertion;
      return concat([packIndex(`${at}.index`, index), pack(`${at}.item`, item)]);
    }),
  ]);
}

function packIndex(where: string, index: number): Uint8Array {
  assertInteger(where, index, 0, 0xffff);
  return uintLE(index, 2);
}
