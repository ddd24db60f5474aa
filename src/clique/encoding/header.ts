/**
 * The header of a Clique block: an RLP list of 15 fields, or of 16 once London has brought the base fee.
 *
 * @see Ethereum yellow paper, "The Block"; EIP-1559
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertFixedBytes, assertObject, assertUint, concat, copyOf } from '../../internal/bytes.js';
import {
  encodeRlp,
  encodeRlpPrefix,
  encodeRlpUint,
  type RlpItem,
  readRlpList,
  rlpBytesOf,
  rlpUintOf,
} from '../../internal/rlp.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from './hash.js';

/** A block header without its hash, which is computed from its bytes. */
export interface Header {
  /** 32 bytes. */
  readonly parentHash: Uint8Array;
  /** 32 bytes, hash of the uncles (`sha3Uncles`): {@link EMPTY_UNCLES_HASH} in every valid block. */
  readonly unclesHash: Uint8Array;
  /** 20 bytes, whom the signer votes on (`miner`, `coinbase`); who signed stands in the seal. */
  readonly beneficiary: Uint8Array;
  /** 32 bytes. */
  readonly stateRoot: Uint8Array;
  /** 32 bytes. */
  readonly transactionsRoot: Uint8Array;
  /** 32 bytes. */
  readonly receiptsRoot: Uint8Array;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  /** u256; 2 in turn, 1 out of turn. */
  readonly difficulty: bigint;
  /** u64, height of the block. */
  readonly number: bigint;
  /** u64. */
  readonly gasLimit: bigint;
  /** u64. */
  readonly gasUsed: bigint;
  /** u64, seconds since 1970. */
  readonly timestamp: bigint;
  /** Vanity, signers at a checkpoint, seal; see {@link parseExtraData}. */
  readonly extraData: Uint8Array;
  /** 32 bytes; zero in every valid block. */
  readonly mixHash: Uint8Array;
  /** u64, big-endian: {@link NONCE_AUTH} or {@link NONCE_DROP}. */
  readonly nonce: bigint;
  /** u256, wei; null before London. */
  readonly baseFeePerGas: bigint | null;
}

/** How a field is written. */
type FieldKind = { readonly size: number } | { readonly bits: number } | 'bytes' | 'nonce';

/** The fields in their order. */
const FIELDS: readonly (readonly [name: keyof Header, kind: FieldKind])[] = [
  ['parentHash', { size: HASH_SIZE }],
  ['unclesHash', { size: HASH_SIZE }],
  ['beneficiary', { size: ADDRESS_SIZE }],
  ['stateRoot', { size: HASH_SIZE }],
  ['transactionsRoot', { size: HASH_SIZE }],
  ['receiptsRoot', { size: HASH_SIZE }],
  ['logsBloom', { size: 256 }],
  ['difficulty', { bits: 256 }],
  ['number', { bits: 64 }],
  ['gasLimit', { bits: 64 }],
  ['gasUsed', { bits: 64 }],
  ['timestamp', { bits: 64 }],
  ['extraData', 'bytes'],
  ['mixHash', { size: HASH_SIZE }],
  ['nonce', 'nonce'],
  ['baseFeePerGas', { bits: 256 }],
];

const LEGACY_FIELD_COUNT = 15;
const NONCE_SIZE = 8;

/** Bytes of the seal at the end of the extra-data: `r (32, BE) | s (32, BE) | recovery id (1)`. */
export const EXTRA_SEAL = 65;

/** A header with the places of its fields. */
export interface HeaderLayout {
  readonly header: Header;
  /** Where the bytes of each field lie. */
  readonly fields: Readonly<Record<string, RlpItem>>;
}

/**
 * Parses a header.
 *
 * Layout: an RLP list of `parentHash 32 | unclesHash 32 | beneficiary 20 | stateRoot 32 | transactionsRoot 32 | receiptsRoot 32 |
 * logsBloom 256 | difficulty | number | gasLimit | gasUsed | timestamp | extraData | mixHash 32 | nonce 8` and, since London,
 * `baseFeePerGas`; integers without leading zeros.
 *
 * @param bytes - RLP; neither kept nor modified
 * @returns the fields; byte strings are fresh copies
 * @throws PoaError `MALFORMED` for anything but the one strict encoding; fields of later forks are refused, since no Clique chain has them
 * @example
 * ```ts
 * import { parseHeader } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * parseHeader(headers[0]).number; // => 1n
 * ```
 * @see Ethereum yellow paper, "The Block"; [C3 Header](../RULES.md#c3-header)
 */
export function parseHeader(bytes: Uint8Array): Header {
  assertBytes('parseHeader.bytes', bytes);
  return locateHeader('parseHeader', bytes).header;
}

/** As {@link parseHeader}, with the places of the fields. */
export function locateHeader(where: string, bytes: Uint8Array): HeaderLayout {
  const items = readHeaderItems(where, bytes);
  const header: Record<string, unknown> = { baseFeePerGas: null };
  const fields: Record<string, RlpItem> = {};
  for (const [i, item] of items.entries()) {
    const [name, kind] = FIELDS[i] as (typeof FIELDS)[number];
    fields[name] = item;
    header[name] = readField(`${where}.${name}`, bytes, item, kind);
  }
  return { header: header as unknown as Header, fields };
}

/** The fields of a header as they lie in its bytes, their number checked. */
function readHeaderItems(where: string, bytes: Uint8Array): RlpItem[] {
  const items = readRlpList(where, bytes);
  if (items.length !== LEGACY_FIELD_COUNT && items.length !== FIELDS.length)
    throw new PoaError('MALFORMED', {
      where,
      expected: `${LEGACY_FIELD_COUNT} fields, or ${FIELDS.length} since London`,
      got: `${items.length} fields`,
      offset: 0,
    });
  return items;
}

function readField(where: string, bytes: Uint8Array, item: RlpItem, kind: FieldKind): Uint8Array | bigint {
  if (kind === 'bytes') return copyOf(rlpBytesOf(where, bytes, item));
  if (kind === 'nonce') return nonceOf(rlpBytesOf(where, bytes, item, NONCE_SIZE));
  return 'size' in kind ? copyOf(rlpBytesOf(where, bytes, item, kind.size)) : rlpUintOf(where, bytes, item, kind.bits);
}

function nonceOf(bytes: Uint8Array): bigint {
  let nonce = 0n;
  for (const byte of bytes) nonce = (nonce << 8n) | BigInt(byte);
  return nonce;
}

/**
 * Serializes a header: the inverse of {@link parseHeader}.
 *
 * @param header - all fields in their ranges
 * @returns RLP
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { parseHeader, serializeHeader } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * serializeHeader(parseHeader(headers[0])); // => headers[0]
 * ```
 * @see Ethereum yellow paper, "The Block"; [C3 Header](../RULES.md#c3-header)
 */
export function serializeHeader(header: Header): Uint8Array {
  const where = 'serializeHeader';
  assertObject(where, header);
  const fields = header.baseFeePerGas === null ? FIELDS.slice(0, LEGACY_FIELD_COUNT) : FIELDS;
  return encodeRlp(fields.map(([name, kind]) => writeField(`${where}.${name}`, header[name], kind)));
}

function writeField(where: string, value: unknown, kind: FieldKind): Uint8Array {
  if (kind === 'bytes') {
    assertBytes(where, value);
    return value;
  }
  if (kind === 'nonce') {
    assertUint(where, value, 64);
    const digits = encodeRlpUint(value);
    return concat([new Uint8Array(NONCE_SIZE - digits.length), digits]);
  }
  if ('size' in kind) {
    assertFixedBytes(where, value, kind.size);
    return value;
  }
  assertUint(where, value, kind.bits);
  return encodeRlpUint(value);
}

/**
 * The hash of a block: Keccak-256 of its header.
 *
 * @param bytes - RLP of a header
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { computeHeaderHash, parseHeader } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * computeHeaderHash(headers[0]); // => parseHeader(headers[1]).parentHash
 * ```
 * @see Ethereum yellow paper, "The Block"; [C3 Header](../RULES.md#c3-header)
 */
export function computeHeaderHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeHeaderHash.bytes', bytes);
  locateHeader('computeHeaderHash', bytes);
  return keccak256(bytes);
}

/**
 * The seal hash, which a signer signs: Keccak-256 of the header with the last 65 bytes of its extra-data cut off; the base fee
 * stays in. Nothing else changes, so it does not matter whether the header is sealed yet.
 *
 * @param bytes - RLP of a header, sealed or with any 65 bytes where the seal goes
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`; `SEAL_MISSING` for extra-data of less than 65 bytes
 * @example
 * ```ts
 * import { computeSealHash, recoverHeader } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * computeSealHash(headers[0]); // => recoverHeader(headers[0]).message
 * ```
 * @see EIP-225: the signature is over everything but itself; [C5 Seal hash](../RULES.md#c5-seal-hash)
 */
export function computeSealHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeSealHash.bytes', bytes);
  return sealHashOf('computeSealHash', bytes, locateHeader('computeSealHash', bytes));
}

/** As {@link computeSealHash}, for a header that was located already. */
export function sealHashOf(where: string, bytes: Uint8Array, layout: HeaderLayout): Uint8Array {
  return keccak256(concat(sealedPartsOf(where, bytes, layout)));
}

/** What the seal hash is over, in parts: the header without its seal. */
export function sealedPartsOf(where: string, bytes: Uint8Array, { fields }: HeaderLayout): Uint8Array[] {
  const { at, start, end } = fields.extraData as RlpItem;
  if (end - start < EXTRA_SEAL)
    throw new PoaError('SEAL_MISSING', {
      where: `${where}.extraData`,
      expected: `at least ${EXTRA_SEAL} bytes`,
      got: `${end - start} bytes`,
      offset: at,
    });
  const before = bytes.subarray((fields.parentHash as RlpItem).at, at);
  const unsealed = encodeRlp(bytes.subarray(start, end - EXTRA_SEAL));
  const behind = bytes.subarray(end);
  return [encodeRlpPrefix(0xc0, before.length + unsealed.length + behind.length), before, unsealed, behind];
}
