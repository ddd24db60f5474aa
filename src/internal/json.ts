/**
 * Strict reading of JSON values, and the hex that nodes write in it. Only the edges of the protocols use it.
 *
 * @module
 */

import { PoaError } from '../errors.js';
import { typeName } from './bytes.js';

/** An object of JSON; other members than those that are asked for are left alone. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads one value; `where` is its path. */
export type Reader<T> = (where: string, value: unknown) => T;

const HEX_DIGITS = /^(?:[0-9a-fA-F]{2})*$/;
const QUANTITY = /^0x(?:0|[1-9a-fA-F][0-9a-fA-F]*)$/;

export function jsonInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('JSON_INVALID', { where, expected, got });
}

export function readObject(where: string, value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw jsonInvalid(where, 'an object', describe(value));
  return value as JsonObject;
}

/** A member of its own, so that nothing comes from a prototype; undefined if there is none. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Reads each item of an array. */
export function readArray<T>(where: string, value: unknown, read: Reader<T>): T[] {
  if (!Array.isArray(value)) throw jsonInvalid(where, 'an array', describe(value));
  // Not `map`: it would pass over the holes of a sparse array.
  return Array.from(value as unknown[], (item, i) => read(`${where}[${i}]`, item));
}

/** Reads `0x` and an even number of hex digits, `size` bytes where given. */
export function readBytes(where: string, value: unknown, size?: number): Uint8Array {
  const expected = size === undefined ? '0x and pairs of hex digits' : `0x and ${2 * size} hex digits`;
  if (typeof value !== 'string' || !value.startsWith('0x')) throw jsonInvalid(where, expected, describe(value));
  const digits = value.slice(2);
  if ((size !== undefined && digits.length !== 2 * size) || !HEX_DIGITS.test(digits))
    throw jsonInvalid(where, expected, describe(value));
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = digit(digits, 2 * i) * 16 + digit(digits, 2 * i + 1);
  return bytes;
}

/** The value of one hex digit that is known to be one. */
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code <= 57 ? code - 48 : (code | 32) - 87;
}

/** Reads an unsigned integer of at most `bits` bits: `0x` and hex digits without a leading zero. */
export function readQuantity(where: string, value: unknown, bits: number): bigint {
  const expected = `0x and a hex integer below 2^${bits} without leading zeros`;
  // The length is asked first: what follows it grows with the text.
  if (typeof value !== 'string' || value.length > 2 + bits / 4 || !QUANTITY.test(value))
    throw jsonInvalid(where, expected, describe(value));
  return BigInt(value);
}

export function readUint32(where: string, value: unknown): number {
  return Number(readQuantity(where, value, 32));
}

/** Reads a name; gives the number that it stands for. */
export function readName(where: string, value: unknown, names: ReadonlyMap<string, number>): number {
  const number = typeof value === 'string' ? names.get(value) : undefined;
  if (number === undefined) throw jsonInvalid(where, `one of ${[...names.keys()].join(', ')}`, describe(value));
  return number;
}

/** The name that a number stands for. */
export function writeName(where: string, value: number, names: ReadonlyMap<string, number>): string {
  for (const [name, number] of names) if (number === value) return name;
  throw new PoaError('OUT_OF_RANGE', { where, expected: `one of ${[...names.values()].join(', ')}`, got: `${value}` });
}

export function writeBytes(bytes: Uint8Array): string {
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

export function writeQuantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** The kind of a JSON value, or a short text itself. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    // Half of a surrogate pair is shown as six characters.
    const shown = value.length > 66 ? '' : JSON.stringify(value);
    return shown === '' || shown.length > 100 ? `a text of ${value.length} characters` : shown;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeName(value);
}
