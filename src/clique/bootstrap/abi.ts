/**
 * The arguments of a call or an event as Solidity writes them, strictly: each list of values has one encoding, and only that one is taken.
 *
 * The values stand in words of 32 bytes, big-endian; a string stands behind them, in the order of the arguments and with nothing between, and its
 * word holds the offset. A string is its length, its UTF-8, and zeros up to the next word.
 *
 * @see Solidity, "Contract ABI Specification"
 * @module
 */

import { PoaError, type PoaErrorCode } from '../../errors.js';
import { assertFixedBytes, concat, copyOf, describeBytes, readUintBE, wrongType } from '../../internal/bytes.js';
import { encodeRlpUint } from '../../internal/rlp.js';
import { decodeUtf8, encodeUtf8 } from '../../internal/utf8.js';

/** Types of arguments; an address is 20 bytes, a string is text. */
export type AbiType = 'bytes32' | 'address' | 'string';
/** A value of one of them. */
export type AbiValue = Uint8Array | string;

const WORD = 32;

/**
 * Encodes arguments.
 *
 * @throws PoaError `OUT_OF_RANGE` for bytes of another length, and for text that is no Unicode
 */
export function encodeArguments(
  where: string,
  types: readonly (readonly [name: string, type: AbiType])[],
  values: Readonly<Record<string, unknown>>,
): Uint8Array {
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let end = WORD * types.length;
  for (const [name, type] of types) {
    const value = values[name];
    if (type === 'string') {
      const tail = encodeText(`${where}.${name}`, value);
      heads.push(encodeUint(end));
      tails.push(tail);
      end += tail.length;
    } else {
      assertFixedBytes(`${where}.${name}`, value, type === 'address' ? 20 : WORD);
      heads.push(padStart(value));
    }
  }
  return concat([...heads, ...tails]);
}

function encodeText(where: string, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  const text = encodeUtf8(value);
  if (text === undefined)
    throw new PoaError('OUT_OF_RANGE', { where, expected: 'Unicode text', got: 'a surrogate that stands alone' });
  return concat([encodeUint(text.length), text, new Uint8Array(paddingOf(text.length))]);
}

/**
 * Decodes arguments that are all of `bytes` behind `start`.
 *
 * @throws PoaError `code` for anything but the one encoding
 */
export function decodeArguments(
  where: string,
  code: PoaErrorCode,
  types: readonly (readonly [name: string, type: AbiType])[],
  bytes: Uint8Array,
  start: number,
): Record<string, AbiValue> {
  const values: Record<string, AbiValue> = {};
  const fail = (name: string, expected: string, got: string, offset: number): PoaError =>
    new PoaError(code, { where: `${where}.${name}`, expected, got, offset });
  let end = start + WORD * types.length;
  if (bytes.length < end)
    throw new PoaError(code, { where, expected: `at least ${end} bytes`, got: `${bytes.length} bytes` });
  for (const [i, [name, type]] of types.entries()) {
    const at = start + WORD * i;
    const word = bytes.subarray(at, at + WORD);
    if (type !== 'string') {
      const padding = type === 'address' ? 12 : 0;
      if (!isZero(word.subarray(0, padding))) throw fail(name, '12 zero bytes and an address', describeBytes(word), at);
      values[name] = copyOf(word, padding);
      continue;
    }
    if (readUintBE(word, 0, WORD) !== BigInt(end - start))
      throw fail(name, `the offset ${end - start}`, describeBytes(word), at);
    if (bytes.length < end + WORD) throw fail(name, `${WORD} bytes of a length`, `${bytes.length - end} bytes`, end);
    const length = readUintBE(bytes, end, WORD);
    const left = bytes.length - end - WORD;
    if (length > BigInt(left)) throw fail(name, `at most ${left} bytes`, 'a greater length', end);
    const from = end + WORD;
    const to = from + Number(length);
    end = to + paddingOf(Number(length));
    if (end > bytes.length || !isZero(bytes.subarray(to, end)))
      throw fail(name, `${end - to} zero bytes up to the next word`, describeBytes(bytes.subarray(to, end)), to);
    const text = decodeUtf8(bytes.subarray(from, to));
    if (text === undefined) throw fail(name, 'UTF-8', describeBytes(bytes.subarray(from, to)), from);
    values[name] = text;
  }
  if (bytes.length !== end)
    throw new PoaError(code, { where, expected: `${end} bytes`, got: `${bytes.length} bytes`, offset: end });
  return values;
}

function encodeUint(value: number): Uint8Array {
  return padStart(encodeRlpUint(value));
}

function padStart(bytes: Uint8Array): Uint8Array {
  return concat([new Uint8Array(WORD - bytes.length), bytes]);
}

/** Bytes from a length to the next whole word. */
function paddingOf(length: number): number {
  return (WORD - (length % WORD)) % WORD;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
