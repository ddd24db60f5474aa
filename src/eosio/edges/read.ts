/**
 * Reading what nodes of EOSIO write in JSON: names, hex without a prefix, decimal texts, doubles, keys and times.
 *
 * @module
 */

import { isPoaError } from '../../errors.js';
import { type JsonObject, jsonInvalid, member, readArray, readObject } from '../../internal/json.js';
import { type PublicKey, publicKeyFromText, publicKeyToLegacyText } from '../encoding/key.js';
import { checkName } from '../encoding/name.js';
import type { BlockSigningAuthority } from '../encoding/schedule.js';
import { decodeHex, describeText } from '../encoding/text.js';
import { timeFromText, timeToText } from '../encoding/time.js';

/** Hex of more characters than this is not looked at in one value: no header or signature is as long. */
const MAX_HEX = 2_097_152;
const MAX_DIGITS = 400;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

/** Says what a value is, in an error. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return describeText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The path and the value of a member. */
export function at(where: string, object: JsonObject, name: string): [where: string, value: unknown] {
  return [`${where}.${name}`, member(object, name)];
}

export function readText(where: string, value: unknown): string {
  if (typeof value !== 'string') throw jsonInvalid(where, 'a text', show(value));
  return value;
}

/** Runs a reader of text; what it refuses is wrong JSON. */
export function readBy<T>(where: string, value: unknown, expected: string, read: (text: string) => T): T {
  const text = readText(where, value);
  try {
    return read(text);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    throw jsonInvalid(where, expected, show(value));
  }
}

/** A canonical name; an empty text where `mayBeEmpty`. */
export function readName(where: string, value: unknown): string {
  return readBy(where, value, 'a name', (text) => {
    checkName(where, text);
    return text;
  });
}

/** Hex of `size` bytes where given, without a prefix. */
export function readHex(where: string, value: unknown, size?: number): Uint8Array {
  const expected = size === undefined ? 'pairs of hex digits' : `${2 * size} hex digits`;
  const text = readText(where, value);
  const isSized = size === undefined ? text.length <= MAX_HEX : text.length === 2 * size;
  const bytes = isSized ? decodeHex(text) : undefined;
  if (bytes === undefined) throw jsonInvalid(where, expected, show(value));
  return bytes;
}

/** An integer from `min` to `max`: a number, or its decimal text, as nodes write great ones. */
export function readInteger(where: string, value: unknown, min: bigint, max: bigint): bigint {
  const isText = typeof value === 'string' && value.length <= 40 && INTEGER.test(value);
  const number = isText || Number.isSafeInteger(value) ? BigInt(value as string | number) : undefined;
  if (number === undefined || number < min || number > max || value === '-0')
    throw jsonInvalid(where, `an integer from ${min} to ${max}`, show(value));
  return number;
}

/** A `number` of JSON from 0 to `max`. */
export function readUint(where: string, value: unknown, max: number): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max)
    throw jsonInvalid(where, `an integer from 0 to ${max}`, show(value));
  return (value as number) + 0;
}

/** A finite double: a number, or a decimal text with any number of places, as nodes write doubles. */
export function readDouble(where: string, value: unknown): number {
  const isText = typeof value === 'string' && value.length <= MAX_DIGITS && DECIMAL.test(value);
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) throw jsonInvalid(where, 'a finite number or its decimal text', show(value));
  return number;
}

/** The text of a double with 17 places behind the point, as nodes write it. */
export function writeDouble(value: number): string {
  // Beyond 10^21 `toFixed` turns to exponents; there is no fraction by then.
  return Math.abs(value) < 1e21 ? value.toFixed(17) : `${BigInt(value)}.${'0'.repeat(17)}`;
}

/** A flag: true, false, 1 or 0. */
export function readFlag(where: string, value: unknown): boolean {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw jsonInvalid(where, 'true, false, 1 or 0', show(value));
}

/** A time as a text, or 0 as older nodes have it for none. */
export function readTime(where: string, value: unknown): number {
  if (value === 0 || value === '0') return 0;
  return readBy(where, value, 'a time such as 2020-01-01T00:00:00.000', timeFromText);
}

/** A time as a text of milliseconds. */
export function writeTime(time: number): string {
  return timeToText(time);
}

/** A public key in any text form; the key of nobody, whose bytes are zeros, among them. */
export function readKey(where: string, value: unknown): PublicKey {
  return readBy(where, value, 'a public key', publicKeyFromText);
}

/** A public key as nodes write it. */
export function writeKey(key: PublicKey): string {
  return publicKeyToLegacyText(key);
}

/** An authority as nodes write variants: `[0, { threshold, keys }]`, with the name of the type in place of 0 in some. */
export function readAuthority(where: string, value: unknown): BlockSigningAuthority {
  if (!Array.isArray(value) || value.length !== 2 || (value[0] !== 0 && value[0] !== 'block_signing_authority_v0'))
    throw jsonInvalid(where, '[0, authority]', show(value));
  const object = readObject(`${where}[1]`, value[1]);
  return {
    threshold: readUint(...at(`${where}[1]`, object, 'threshold'), 0xffff_ffff),
    keys: readArray(...at(`${where}[1]`, object, 'keys'), (path, item) => {
      const keyWeight = readObject(path, item);
      return {
        key: readKey(...at(path, keyWeight, 'key')),
        weight: readUint(...at(path, keyWeight, 'weight'), 0xffff),
      };
    }),
  };
}

/** A key and how much it counts, in the JSON of a node. */
export interface RpcKeyWeight {
  /** `EOS...` or `PUB_R1_...`. */
  readonly key: string;
  /** u16. */
  readonly weight: number;
}

/** The keys of a producer, in the JSON of a node. */
export interface RpcBlockSigningAuthority {
  /** u32. */
  readonly threshold: number;
  /** With their weights. */
  readonly keys: readonly RpcKeyWeight[];
}

/** An authority in the JSON of a node, which writes variants as pairs of an index and a value. */
export type RpcAuthority = readonly [0, RpcBlockSigningAuthority];

export function writeAuthority({ threshold, keys }: BlockSigningAuthority): RpcAuthority {
  return [0, { threshold, keys: keys.map(({ key, weight }) => ({ key: writeKey(key), weight })) }];
}
