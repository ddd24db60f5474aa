/**
 * Reading the JSON of genesis files, which clients write in several spellings and read in more.
 *
 * @module
 */

import { describe, type JsonObject, jsonInvalid, member, readBytes } from '../../internal/json.js';

/** Longest text of a number: `0x` and 64 digits, or 78 decimal ones. */
const HEX_NUMBER = /^0[xX][0-9a-fA-F]{1,64}$/;
const DECIMAL_NUMBER = /^(?:0|[1-9][0-9]{0,77})$/;

/**
 * A member whose name may be written in another case, as both clients allow; undefined if there is none.
 *
 * @throws PoaError `JSON_INVALID` if it stands there in two spellings, of which clients take different ones
 */
export function findMember(where: string, object: JsonObject, name: string): unknown {
  const wanted = name.toLowerCase();
  // Names as long as the wanted one are few, however many members there are.
  const found = Object.keys(object).filter((key) => key.length === name.length && key.toLowerCase() === wanted);
  if (found.length > 1) throw jsonInvalid(`${where}.${name}`, 'one member of that name', `${found.length}`);
  return found.length === 0 ? undefined : member(object, found[0] as string);
}

/**
 * Reads an unsigned integer: a JSON number, decimal text, or `0x` hex. Zeros may stand in front of hex digits; in front of decimal ones they
 * make besu read octal ones.
 */
export function readNumber(where: string, value: unknown, bits: number): bigint {
  const expected = `an integer from 0 to 2^${bits} - 1`;
  let number: bigint;
  if (typeof value === 'number') {
    // A greater one has lost digits already.
    if (!Number.isSafeInteger(value) || value < 0)
      throw jsonInvalid(where, `${expected}, as text from 2^53 on`, String(value));
    number = BigInt(value);
  } else if (typeof value === 'string' && (HEX_NUMBER.test(value) || DECIMAL_NUMBER.test(value)))
    number = BigInt(value);
  else throw jsonInvalid(where, expected, describe(value));
  if (number >> BigInt(bits) !== 0n) throw jsonInvalid(where, expected, 'a greater one');
  return number;
}

/**
 * As {@link readNumber}, for what besu reads as hex even without `0x`: without it, only a number of one digit means the same to both
 * clients.
 */
export function readHexNumber(where: string, value: unknown, bits: number): bigint {
  const number = readNumber(where, value, bits);
  if (number > 9n && !(typeof value === 'string' && HEX_NUMBER.test(value)))
    throw jsonInvalid(where, 'a number above 9 as text with 0x', describe(value));
  return number;
}

/**
 * Reads hex digits with or without `0x`: any even number of them, or, where `size` is given, up to that many bytes, filled up with zeros
 * in front; exactly that many if it is said so.
 */
export function readDigits(
  where: string,
  value: unknown,
  size?: number,
  fit: 'exact' | 'padded' = 'padded',
): Uint8Array {
  if (typeof value !== 'string') throw jsonInvalid(where, 'hex digits', describe(value));
  const digits = /^0[xX]/.test(value) ? value.slice(2) : value;
  if (size === undefined) return readBytes(where, `0x${digits}`);
  if (fit === 'padded' && digits.length > 2 * size)
    throw jsonInvalid(where, `at most ${2 * size} hex digits`, `${digits.length} digits`);
  return readBytes(where, `0x${fit === 'padded' ? digits.padStart(2 * size, '0') : digits}`, size);
}
