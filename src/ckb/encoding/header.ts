/**
 * The header of a CKB block: 208 bytes of fixed layout.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0027-block-structure/0027-block-structure.md
 * @module
 */

import {
  assertBytes,
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  copyOf,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { ckbHash } from './hash.js';
import { HEADER, HEADER_SIZE } from './schemas.js';

const U32_MAX = 0xffffffff;

/** Where the hash of the parent lies in the 208 bytes. */
export const PARENT_HASH_OFFSET = 32;
/** Where the transactions root lies in the 208 bytes. */
export const TRANSACTIONS_ROOT_OFFSET = 64;

/** A block header without its hash, which is computed from the 208 bytes. */
export interface Header {
  /** u32; 0 in every valid block. */
  readonly version: number;
  /** u32; see {@link computeDifficulty}. */
  readonly compactTarget: number;
  /** u64, milliseconds since 1970. */
  readonly timestamp: bigint;
  /** u64, height of the block. */
  readonly number: bigint;
  /** u64, packed; see {@link parseEpoch}. */
  readonly epoch: bigint;
  /** 32 bytes. */
  readonly parentHash: Uint8Array;
  /** 32 bytes; see {@link computeTransactionsRoot}. */
  readonly transactionsRoot: Uint8Array;
  /** 32 bytes; see {@link computeProposalsHash}. */
  readonly proposalsHash: Uint8Array;
  /** 32 bytes; see {@link computeExtraHash}. */
  readonly extraHash: Uint8Array;
  /** 32 bytes. */
  readonly dao: Uint8Array;
  /** u128; 0 under proof of authority. */
  readonly nonce: bigint;
}

/**
 * Parses a header.
 *
 * Layout, all integers little-endian: `version u32 | compact_target u32 | timestamp u64 | number u64 | epoch u64 |
 * parent_hash 32 | transactions_root 32 | proposals_hash 32 | extra_hash 32 | dao 32 | nonce u128`.
 *
 * @param bytes - exactly 208 bytes; neither kept nor modified
 * @returns the fields; hashes are fresh copies
 * @throws PoaError `MALFORMED` for another length
 * @example
 * ```ts
 * import { parseHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * parseHeader(headers[0].header).number; // => 1n
 * ```
 * @see RFC 0027, "Header"; [R4 Header](../RULES.md#r4-header)
 */
export function parseHeader(bytes: Uint8Array): Header {
  assertBytes('parseHeader.bytes', bytes);
  assertMolecule('parseHeader', HEADER, bytes);
  const { nonce, ...numbers } = readHeaderNumbers(viewOf(bytes));
  return {
    ...numbers,
    parentHash: copyOf(bytes, PARENT_HASH_OFFSET, 64),
    transactionsRoot: copyOf(bytes, TRANSACTIONS_ROOT_OFFSET, 96),
    proposalsHash: copyOf(bytes, 96, 128),
    extraHash: copyOf(bytes, 128, 160),
    dao: copyOf(bytes, 160, 192),
    nonce,
  };
}

/** The numbers of a header. */
export type HeaderNumbers = Pick<Header, 'version' | 'compactTarget' | 'timestamp' | 'number' | 'epoch' | 'nonce'>;

/** Reads the numbers of a header of 208 bytes, without a copy of anything else. */
export function readHeaderNumbers(view: DataView): HeaderNumbers {
  const high = view.getBigUint64(200, true);
  const low = view.getBigUint64(192, true);
  return {
    version: view.getUint32(0, true),
    compactTarget: view.getUint32(4, true),
    timestamp: view.getBigUint64(8, true),
    number: view.getBigUint64(16, true),
    epoch: view.getBigUint64(24, true),
    nonce: high === 0n ? low : low | (high << 64n),
  };
}

/**
 * Serializes a header: the inverse of {@link parseHeader}.
 *
 * @param header - all fields in their ranges
 * @returns 208 bytes
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { parseHeader, serializeHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * serializeHeader(parseHeader(headers[0].header)); // => headers[0].header
 * ```
 * @see RFC 0027, "Header"; [R4 Header](../RULES.md#r4-header)
 */
export function serializeHeader(header: Header): Uint8Array {
  const where = 'serializeHeader';
  assertObject(where, header);
  assertInteger(`${where}.version`, header.version, 0, U32_MAX);
  assertInteger(`${where}.compactTarget`, header.compactTarget, 0, U32_MAX);
  assertUint(`${where}.timestamp`, header.timestamp, 64);
  assertUint(`${where}.number`, header.number, 64);
  assertUint(`${where}.epoch`, header.epoch, 64);
  assertUint(`${where}.nonce`, header.nonce, 128);
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = viewOf(bytes);
  view.setUint32(0, header.version, true);
  view.setUint32(4, header.compactTarget, true);
  view.setBigUint64(8, header.timestamp, true);
  view.setBigUint64(16, header.number, true);
  view.setBigUint64(24, header.epoch, true);
  const hashes = ['parentHash', 'transactionsRoot', 'proposalsHash', 'extraHash', 'dao'] as const;
  hashes.forEach((name, i) => {
    assertFixedBytes(`${where}.${name}`, header[name], 32);
    bytes.set(header[name], 32 + 32 * i);
  });
  bytes.set(uintLE(header.nonce, 16), 192);
  return bytes;
}

/**
 * The hash of a block: {@link ckbHash} of its header.
 *
 * @param bytes - exactly 208 bytes
 * @returns 32 bytes
 * @throws PoaError `MALFORMED` for another length
 * @example
 * ```ts
 * import { computeHeaderHash, parseHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * computeHeaderHash(headers[0].header); // => parseHeader(headers[1].header).parentHash
 * ```
 * @see RFC 0027, "Header"; [R4 Header](../RULES.md#r4-header)
 */
export function computeHeaderHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeHeaderHash.bytes', bytes);
  assertMolecule('computeHeaderHash', HEADER, bytes);
  return ckbHash(bytes);
}
