/**
 * Recursive length prefix, strict: every value has one encoding, and only that one is taken. Reading goes one level at a
 * time and gives positions, so that nothing nests on the stack or grows with a length that the input claims.
 *
 * @see https://ethereum.org/en/developers/docs/data-structures-and-encoding/rlp/
 * @module
 */

import { PoaError } from '../errors.js';
import { concat, copyOf, describeBytes, readUintBE } from './bytes.js';

/** A byte string, or a list of values. */
export type RlpValue = Uint8Array | readonly RlpValue[];

/** Where an item lies: its payload from `start` to `end`, its prefix from `at`. */
export interface RlpItem {
  readonly isList: boolean;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** Greatest length of a length: 2^48 bytes are more than an array can hold. */
const MAX_LENGTH_SIZE = 6;

/** Encodes a value of our own; values from outside are never nested deeply. */
export function encodeRlp(value: RlpValue): Uint8Array {
  if (isList(value)) return encodeRlpList(value.map(encodeRlp));
  if (value.length === 1 && (value[0] as number) < 0x80) return copyOf(value);
  return concat([encodeRlpPrefix(0x80, value.length), value]);
}

/** A list of items that are encoded already, one or several in each chunk. */
export function encodeRlpList(chunks: readonly Uint8Array[]): Uint8Array {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return concat([encodeRlpPrefix(0xc0, size), ...chunks]);
}

function isList(value: RlpValue): value is readonly RlpValue[] {
  return Array.isArray(value);
}

/** The big-endian bytes of an unsigned integer without leading zeros: none for 0. */
export function encodeRlpUint(value: bigint | number): Uint8Array {
  const hex = value === 0 || value === 0n ? '' : value.toString(16);
  const bytes = new Uint8Array((hex.length + 1) >> 1);
  const padded = hex.length % 2 === 0 ? hex : `0${hex}`;
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** What stands before a payload: `base` is 0x80 for a byte string, 0xc0 for a list. */
export function encodeRlpPrefix(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length);
  const size = encodeRlpUint(length);
  return concat([Uint8Array.of(base + 55 + size.length), size]);
}

/**
 * Reads the one item that begins at `at` and must end by `limit`.
 *
 * @throws PoaError `MALFORMED`
 * @see [C1 Strict RLP](../clique/RULES.md#c1-strict-rlp)
 */
export function readRlpItem(where: string, bytes: Uint8Array, at: number, limit: number): RlpItem {
  if (at >= limit) throw malformed(where, 'an RLP item', 'the end', at);
  const prefix = bytes[at] as number;
  if (prefix < 0x80) return { isList: false, at, start: at, end: at + 1 };
  const isList = prefix >= 0xc0;
  const short = prefix - (isList ? 0xc0 : 0x80);
  let start = at + 1;
  let length = short;
  if (short > 55) {
    const size = short - 55;
    start += size;
    if (start > limit) throw malformed(where, `${size} bytes of an RLP length`, `${limit - at - 1} bytes`, at);
    if (bytes[at + 1] === 0) throw malformed(where, 'an RLP length without leading zeros', 'a leading zero', at);
    if (size > MAX_LENGTH_SIZE)
      throw malformed(where, `an RLP item of at most ${limit - start} bytes`, 'a greater length', at);
    length = Number(readUintBE(bytes, at + 1, size));
    if (length <= 55)
      throw malformed(where, 'an RLP length of at most 55 in one byte', `${length} in ${size + 1} bytes`, at);
  }
  const end = start + length;
  if (end > limit) throw malformed(where, `an RLP item of at most ${limit - start} bytes`, `${length} bytes`, at);
  if (!isList && length === 1 && (bytes[start] as number) < 0x80)
    throw malformed(where, 'a byte below 0x80 as itself', 'a prefix before it', at);
  return { isList, at, start, end };
}

/**
 * Reads the items of one list that is all of `bytes`.
 *
 * @throws PoaError `MALFORMED`
 * @see [C1 Strict RLP](../clique/RULES.md#c1-strict-rlp)
 */
export function readRlpList(where: string, bytes: Uint8Array): RlpItem[] {
  const list = readRlpItem(where, bytes, 0, bytes.length);
  if (!list.isList) throw malformed(where, 'an RLP list', 'a byte string', 0);
  if (list.end !== bytes.length)
    throw malformed(where, `${list.end} bytes`, `${bytes.length - list.end} more bytes`, list.end);
  return readRlpItems(where, bytes, list);
}

/**
 * Reads the items of a list that was found already, one level of them.
 *
 * @throws PoaError `MALFORMED`
 */
export function readRlpItems(where: string, bytes: Uint8Array, list: RlpItem): RlpItem[] {
  if (!list.isList) throw malformed(where, 'an RLP list', 'a byte string', list.at);
  const items: RlpItem[] = [];
  for (let at = list.start; at < list.end; ) {
    const item = readRlpItem(`${where}[${items.length}]`, bytes, at, list.end);
    items.push(item);
    at = item.end;
  }
  return items;
}

/**
 * The bytes of an item, a view of the input: a byte string of `size` bytes where given.
 *
 * @throws PoaError `MALFORMED`
 */
export function rlpBytesOf(where: string, bytes: Uint8Array, item: RlpItem, size?: number): Uint8Array {
  if (item.isList) throw malformed(where, 'a byte string', 'an RLP list', item.at);
  const length = item.end - item.start;
  if (size !== undefined && length !== size) throw malformed(where, `${size} bytes`, `${length} bytes`, item.at);
  return bytes.subarray(item.start, item.end);
}

/**
 * The unsigned integer of at most `bits` bits in an item, which has no leading zeros.
 *
 * @throws PoaError `MALFORMED`
 */
export function rlpUintOf(where: string, bytes: Uint8Array, item: RlpItem, bits: number): bigint {
  const digits = rlpBytesOf(where, bytes, item);
  if (digits.length * 8 > bits)
    throw malformed(where, `an integer of at most ${bits / 8} bytes`, `${digits.length} bytes`, item.at);
  if (digits[0] === 0) throw malformed(where, 'an integer without leading zeros', describeBytes(digits), item.at);
  return readUintBE(digits, 0, digits.length);
}

function malformed(where: string, expected: string, got: string, offset: number): PoaError {
  return new PoaError('MALFORMED', { where, expected, got, offset });
}
