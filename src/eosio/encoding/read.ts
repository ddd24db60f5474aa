/**
 * Reading packed bytes from left to right. Each value has one encoding and only that is taken, every read is bounded by what
 * is left, and nothing is allocated by a number that the input claims.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { copyOf, readUintLE, viewOf } from '../../internal/bytes.js';
import { decodeUtf8 } from '../../internal/utf8.js';

/** A place in bytes that are being read. */
export interface Cursor {
  /** Names the value in errors. */
  readonly where: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** How far it was read. */
  at: number;
}

/** Begins to read bytes that a caller has been asked for. */
export function openBytes(where: string, bytes: Uint8Array): Cursor {
  return { where, bytes, view: viewOf(bytes), at: 0 };
}

/**
 * Ends the reading: nothing may be left.
 *
 * @throws PoaError `MALFORMED`
 */
export function closeBytes(cursor: Cursor): void {
  const left = cursor.bytes.length - cursor.at;
  if (left !== 0) throw malformed(cursor, undefined, 'the end', `${left} more bytes`);
}

/** The error for what is wrong at a place, `field` of the value that is read. */
export function malformed(
  cursor: Cursor,
  field: string | undefined,
  expected: string,
  got: string,
  offset: number = cursor.at,
): PoaError {
  const where = field === undefined ? cursor.where : `${cursor.where}.${field}`;
  return new PoaError('MALFORMED', { where, expected, got, offset });
}

/** Steps over `size` bytes and gives where they began. */
function take(cursor: Cursor, field: string, size: number): number {
  const { at, bytes } = cursor;
  if (size > bytes.length - at) throw malformed(cursor, field, `${size} bytes`, `${bytes.length - at} bytes`);
  cursor.at = at + size;
  return at;
}

export function readU8(cursor: Cursor, field: string): number {
  return cursor.view.getUint8(take(cursor, field, 1));
}

export function readU16(cursor: Cursor, field: string): number {
  return cursor.view.getUint16(take(cursor, field, 2), true);
}

export function readU32(cursor: Cursor, field: string): number {
  return cursor.view.getUint32(take(cursor, field, 4), true);
}

export function readU64(cursor: Cursor, field: string): bigint {
  return cursor.view.getBigUint64(take(cursor, field, 8), true);
}

export function readI64(cursor: Cursor, field: string): bigint {
  return cursor.view.getBigInt64(take(cursor, field, 8), true);
}

/** An unsigned integer of `size` bytes. */
export function readUint(cursor: Cursor, field: string, size: number): bigint {
  return readUintLE(cursor.bytes, take(cursor, field, size), size);
}

/** A byte that is 0 or 1. */
export function readBool(cursor: Cursor, field: string): boolean {
  const value = readU8(cursor, field);
  if (value > 1) throw malformed(cursor, field, '0 or 1', `${value}`, cursor.at - 1);
  return value === 1;
}

/**
 * A u32 in groups of seven bits, lowest first, in as few bytes as hold it.
 *
 * @see [E1 Bytes](../RULES.md#e1-bytes)
 */
export function readVaruint32(cursor: Cursor, field: string): number {
  const start = cursor.at;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readU8(cursor, field);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte >= 0x80) continue;
    if (byte === 0 && shift > 0)
      throw malformed(cursor, field, 'a varuint32 in its shortest form', 'a longer one', start);
    if (value > 0xffffffff) break;
    return value;
  }
  throw malformed(cursor, field, 'a varuint32 of at most 2^32 - 1', 'a greater one', start);
}

/**
 * How many items follow, each of at least `itemSize` bytes: as many as there are bytes for, or it is refused at once.
 *
 * @see [E1 Bytes](../RULES.md#e1-bytes)
 */
export function readCount(cursor: Cursor, field: string, itemSize: number): number {
  const start = cursor.at;
  const count = readVaruint32(cursor, field);
  const left = cursor.bytes.length - cursor.at;
  if (count * itemSize > left)
    throw malformed(cursor, field, `at most ${Math.floor(left / itemSize)} items in ${left} bytes`, `${count}`, start);
  return count;
}

/** A count, then so many items. */
export function readItems<T>(cursor: Cursor, field: string, itemSize: number, read: (cursor: Cursor) => T): T[] {
  const count = readCount(cursor, field, itemSize);
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read(cursor));
  return items;
}

/** Exactly `size` bytes, copied. */
export function readFixed(cursor: Cursor, field: string, size: number): Uint8Array {
  const at = take(cursor, field, size);
  return copyOf(cursor.bytes, at, at + size);
}

/** A count of bytes, then the bytes, copied. */
export function readBytes(cursor: Cursor, field: string): Uint8Array {
  return readFixed(cursor, field, readCount(cursor, field, 1));
}

/** A count of bytes, then UTF-8. */
export function readString(cursor: Cursor, field: string): string {
  const count = readCount(cursor, field, 1);
  const at = take(cursor, field, count);
  const text = decodeUtf8(cursor.bytes.subarray(at, at + count));
  if (text === undefined) throw malformed(cursor, field, 'UTF-8', `${count} other bytes`, at);
  return text;
}
