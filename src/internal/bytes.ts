/**
 * Byte helpers and the checks of argument types that every module shares.
 *
 * @module
 */

import { PoaError } from '../errors.js';

/** Names what a caller handed in, for the text of a `TypeError`. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'object') return typeof value;
  // From the prototype: JSON may bring a `constructor` of its own.
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? name.slice(0, 32) : 'object';
}

/** A `TypeError` for a caller's wrong JavaScript type. */
export function wrongType(where: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${where}: expected ${expected}, got ${typeName(value)}`);
}

/** True for a `Uint8Array` of any realm, Node's `Buffer` among them; false for other typed arrays. */
export function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

export function assertBytes(where: string, value: unknown): asserts value is Uint8Array {
  if (!isBytes(value)) throw wrongType(where, 'Uint8Array', value);
}

export function assertObject(where: string, value: unknown): asserts value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(where, 'object', value);
}

export function assertArray(where: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(where, 'array', value);
}

/** Each item a `Uint8Array`, of `size` bytes where given. */
export function assertBytesArray(where: string, value: unknown, size?: number): asserts value is readonly Uint8Array[] {
  assertArray(where, value);
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    // The text of the place is made for a wrong item only: this stands on the path of every hash.
    if (!isBytes(item)) throw wrongType(`${where}[${i}]`, 'Uint8Array', item);
    if (size !== undefined && item.length !== size) assertFixedBytes(`${where}[${i}]`, item, size);
  }
}

/** A `Uint8Array` of exactly `size` bytes: another type is a `TypeError`, another length `OUT_OF_RANGE`. */
export function assertFixedBytes(where: string, value: unknown, size: number): asserts value is Uint8Array {
  assertBytes(where, value);
  if (value.length !== size)
    throw new PoaError('OUT_OF_RANGE', { where, expected: `${size} bytes`, got: `${value.length} bytes` });
}

/** An integer `number` from `min` to `max`: another type is a `TypeError`, another value `OUT_OF_RANGE`. */
export function assertInteger(where: string, value: unknown, min: number, max: number): asserts value is number {
  if (typeof value !== 'number') throw wrongType(where, 'number', value);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new PoaError('OUT_OF_RANGE', { where, expected: `an integer from ${min} to ${max}`, got: `${value}` });
}

/** A `bigint` of at most `bits` bits: another type is a `TypeError`, another value `OUT_OF_RANGE`. */
export function assertUint(where: string, value: unknown, bits: number): asserts value is bigint {
  if (typeof value !== 'bigint') throw wrongType(where, 'bigint', value);
  // Digits are not printed: a caller may hand in a number of any length.
  if (value < 0n || value >> BigInt(bits) !== 0n)
    throw new PoaError('OUT_OF_RANGE', {
      where,
      expected: `an integer from 0 to 2^${bits} - 1`,
      got: value < 0n ? 'a negative integer' : 'a greater one',
    });
}

/** A view that honours `byteOffset`, so that a `Buffer` out of a pool reads its own bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A fresh plain `Uint8Array`; `.slice` of a `Buffer` would be a view of the input. */
export function copyOf(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  // A view of a small array moves it to a place of its own, which takes ten times as long as copying it.
  return new Uint8Array(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether `size` bytes from `start` on are those of `other` from `at` on: without a view of either. */
export function isEqualAt(bytes: Uint8Array, start: number, size: number, other: Uint8Array, at: number): boolean {
  for (let i = 0; i < size; i++) if (bytes[start + i] !== other[at + i]) return false;
  return true;
}

/** Copies `size` bytes from `start` on, a few of them: making a view would take longer. */
export function copyBytes(bytes: Uint8Array, start: number, size: number, target: Uint8Array, at: number): void {
  for (let i = 0; i < size; i++) target[at + i] = bytes[start + i] as number;
}

/** Orders byte strings as numbers of equal length are ordered, and a prefix before what it begins: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const size = Math.min(a.length, b.length);
  for (let i = 0; i < size; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Index of the first item equal to `wanted`, or -1. */
export function indexOfBytes(items: readonly Uint8Array[], wanted: Uint8Array): number {
  for (let i = 0; i < items.length; i++) if (equalBytes(items[i] as Uint8Array, wanted)) return i;
  return -1;
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const chunk of chunks) size += chunk.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** `0x` hex of at most 32 bytes, then how many there are: for the text of errors. */
export function describeBytes(bytes: Uint8Array): string {
  let hex = '0x';
  for (const byte of bytes.subarray(0, 32)) hex += byte.toString(16).padStart(2, '0');
  return bytes.length > 32 ? `${hex}… (${bytes.length} bytes)` : hex;
}

/** Little-endian bytes of an unsigned integer that is known to fit. */
export function uintLE(value: number | bigint, size: number): Uint8Array {
  const out = new Uint8Array(size);
  if (typeof value === 'number') {
    for (let i = 0, rest = value; i < size; i++, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  } else {
    for (let i = 0, rest = value; i < size; i++, rest >>= 8n) out[i] = Number(rest & 0xffn);
  }
  return out;
}

/** The unsigned little-endian integer in `size` bytes at `at`. */
export function readUintLE(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
  return value;
}

/** The unsigned big-endian integer in `size` bytes at `at`. */
export function readUintBE(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
  return value;
}
