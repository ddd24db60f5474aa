/**
 * Names: up to 13 characters in 64 bits. Accounts, permissions, actions and tables have them.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/name.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertUint, uintLE, wrongType } from '../../internal/bytes.js';
import { type Cursor, closeBytes, openBytes, readU64 } from './read.js';
import { describeText } from './text.js';

/** Most characters of a name. */
export const NAME_LENGTH_MAX = 13;

/** The characters by their values; the thirteenth of a name is one of the first sixteen. */
const CHARACTERS = '.12345abcdefghijklmnopqrstuvwxyz';

/**
 * The value of a name: five bits for each of twelve characters from the top down, four for the thirteenth. Dots at the end
 * stand for nothing, as in contracts: they are taken here and are gone when the value is turned back.
 *
 * @param name - at most 13 characters, each a dot, 1 to 5 or a to z; the thirteenth a dot, 1 to 5 or a to j
 * @returns u64
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { nameToValue } from 'poa-primitives/eosio';
 *
 * nameToValue('eosio'); // => 6138663577826885632n
 * ```
 * @see EOSIO, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function nameToValue(name: string): bigint {
  return packedValue('nameToValue', name);
}

function packedValue(where: string, name: unknown): bigint {
  if (typeof name !== 'string') throw wrongType(where, 'string', name);
  if (name.length > NAME_LENGTH_MAX) throw invalid(where, `at most ${NAME_LENGTH_MAX} characters`, describeText(name));
  // In two halves of numbers, since integers of any length are slow: characters 1 to 6 and 7 to 12.
  let high = 0;
  let low = 0;
  for (let i = 0; i < 12; i++) {
    const value = i < name.length ? characterValue(where, name, i, 31) : 0;
    if (i < 6) high = high * 32 + value;
    else low = low * 32 + value;
  }
  const last = name.length === NAME_LENGTH_MAX ? characterValue(where, name, 12, 15) : 0;
  return (BigInt(high) << 34n) | (BigInt(low) << 4n) | BigInt(last);
}

function characterValue(where: string, name: string, at: number, max: number): number {
  const value = CHARACTERS.indexOf(name.charAt(at));
  if (value === -1 || value > max)
    throw invalid(
      where,
      max === 31 ? 'characters of . 1-5 a-z' : 'a 13th character of . 1-5 a-j',
      `${describeText(name.charAt(at))} in ${describeText(name)}`,
    );
  return value;
}

/**
 * The name of a value, without dots at its end; empty for 0. Every value has one.
 *
 * @param value - u64
 * @returns at most 13 characters
 * @throws PoaError `OUT_OF_RANGE` for what is no u64
 * @example
 * ```ts
 * import { nameFromValue } from 'poa-primitives/eosio';
 *
 * nameFromValue(6138663577826885632n); // => 'eosio'
 * ```
 * @see EOSIO, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function nameFromValue(value: bigint): string {
  assertUint('nameFromValue.value', value, 64);
  return textOf(value);
}

function textOf(value: bigint): string {
  let high = Number(value >> 34n);
  let low = Number((value >> 4n) & 0x3fffffffn);
  let name = CHARACTERS.charAt(Number(value & 0xfn));
  for (let i = 0; i < 6; i++, low = Math.floor(low / 32)) name = CHARACTERS.charAt(low % 32) + name;
  for (let i = 0; i < 6; i++, high = Math.floor(high / 32)) name = CHARACTERS.charAt(high % 32) + name;
  let end = name.length;
  while (end > 0 && name.charAt(end - 1) === '.') end--;
  return name.slice(0, end);
}

/**
 * The 8 bytes of a name, its value little-endian.
 *
 * @param name - as {@link nameToValue} takes it
 * @returns 8 bytes
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { serializeName } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(serializeName('eosio.token')); // => '00a6823403ea3055'
 * ```
 * @see EOSIO, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function serializeName(name: string): Uint8Array {
  return uintLE(packedValue('serializeName', name), 8);
}

/**
 * The name in 8 bytes. Any 8 bytes are a name.
 *
 * @param bytes - exactly 8 bytes
 * @returns at most 13 characters, without dots at the end
 * @throws PoaError `MALFORMED` for another length
 * @example
 * ```ts
 * import { parseName } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * parseName(hexToBytes('00a6823403ea3055')); // => 'eosio.token'
 * ```
 * @see EOSIO, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function parseName(bytes: Uint8Array): string {
  assertBytes('parseName.bytes', bytes);
  const cursor = openBytes('parseName', bytes);
  const name = readName(cursor, 'name');
  closeBytes(cursor);
  return name;
}

/** Reads a name in a greater value. */
export function readName(cursor: Cursor, field: string): string {
  return textOf(readU64(cursor, field));
}

/**
 * Packs a name of a record. It must be the one text of its value: with dots at the end it would not come back as it went in,
 * and nodes refuse it.
 *
 * @see [E2 Names](../RULES.md#e2-names)
 */
export function packName(where: string, name: unknown): Uint8Array {
  return uintLE(checkedValue(where, name), 8);
}

/**
 * Checks the name of a record.
 *
 * @throws PoaError `NAME_INVALID`, also for dots at the end
 * @see [E2 Names](../RULES.md#e2-names)
 */
export function checkName(where: string, name: unknown): asserts name is string {
  checkedValue(where, name);
}

function checkedValue(where: string, name: unknown): bigint {
  const value = packedValue(where, name);
  if ((name as string).endsWith('.')) throw invalid(where, 'no dot at the end', describeText(name as string));
  return value;
}

/**
 * What stands before the last dot of a name; all of a name without one.
 *
 * @param name - as {@link nameToValue} takes it
 * @returns a name, without dots at the end
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { computeNamePrefix } from 'poa-primitives/eosio';
 *
 * computeNamePrefix('eosio.token'); // => 'eosio'
 * ```
 * @see EOSIO.CDT, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function computeNamePrefix(name: string): string {
  const text = textOf(packedValue('computeNamePrefix', name));
  const dot = text.lastIndexOf('.');
  return dot === -1 ? text : textOf(packedValue('computeNamePrefix', text.slice(0, dot)));
}

/**
 * What stands behind the last dot of a name; all of a name without one. The account of this name is the only one that may
 * create accounts that end in it.
 *
 * @param name - as {@link nameToValue} takes it
 * @returns a name
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { computeNameSuffix } from 'poa-primitives/eosio';
 *
 * computeNameSuffix('eosio.token'); // => 'token'
 * ```
 * @see EOSIO.CDT, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function computeNameSuffix(name: string): string {
  const text = textOf(packedValue('computeNameSuffix', name));
  return text.slice(text.lastIndexOf('.') + 1);
}

/**
 * Tells whether anyone may create an account of this name: it has exactly 12 characters and no dot. Other names are for
 * privileged creators, for who won them at auction, and for the account that they end in.
 *
 * @param name - any text
 * @returns true for 12 characters of 1 to 5 and a to z
 * @example
 * ```ts
 * import { isAccountName } from 'poa-primitives/eosio';
 *
 * isAccountName('accountnum11'); // => true
 * isAccountName('eosio.token'); // => false
 * ```
 * @see EOSIO, `eosio.system` `newaccount`; [E2 Names](../RULES.md#e2-names)
 */
export function isAccountName(name: string): boolean {
  if (typeof name !== 'string') throw wrongType('isAccountName.name', 'string', name);
  return /^[1-5a-z]{12}$/.test(name);
}

/**
 * Compares two names by their values, which is the order of producer schedules and of votes.
 *
 * @param a - as {@link nameToValue} takes it
 * @param b - the same
 * @returns -1, 0 or 1, as a sort takes it
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { compareNames } from 'poa-primitives/eosio';
 *
 * ['b', 'a.b', 'a1', 'a'].sort(compareNames); // => ['a', 'a.b', 'a1', 'b']
 * ```
 * @see EOSIO, `name.hpp`; [E2 Names](../RULES.md#e2-names)
 */
export function compareNames(a: string, b: string): -1 | 0 | 1 {
  const left = packedValue('compareNames.a', a);
  const right = packedValue('compareNames.b', b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('NAME_INVALID', { where, expected, got });
}
