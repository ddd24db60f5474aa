/**
 * Base58 with a checksum behind the bytes: the text form of keys and signatures.
 *
 * @module
 */

import { ripemd160 } from '@noble/hashes/legacy.js';
import { base58 } from '@scure/base';
import { PoaError } from '../../errors.js';
import { concat, equalBytes } from '../../internal/bytes.js';

/** The curve of a key: secp256k1 or secp256r1. */
export type Curve = 'K1' | 'R1';

/** Bytes of a checksum. */
const CHECKSUM_SIZE = 4;
/** Longer than any key or signature, and short enough that decoding, whose time grows with the square, takes no time. */
const TEXT_LENGTH_MAX = 120;

/** The first four bytes of the RIPEMD-160 of some bytes and of what they are. */
export function computeChecksum(data: Uint8Array, suffix: string): Uint8Array {
  return ripemd160(concat([data, asciiOf(suffix)])).subarray(0, CHECKSUM_SIZE);
}

function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes and the checksum behind them in base58. */
export function encodeChecked(data: Uint8Array, checksum: Uint8Array): string {
  return base58.encode(concat([data, checksum]));
}

/**
 * The bytes in front of a checksum that is right.
 *
 * @throws PoaError `KEY_INVALID`; `KEY_CHECKSUM_MISMATCH`. The text is never shown: it may be secret
 */
export function decodeChecked(
  where: string,
  text: string,
  size: number,
  checksumOf: (data: Uint8Array) => Uint8Array,
): Uint8Array {
  const invalid = (got: string) =>
    new PoaError('KEY_INVALID', { where, expected: `${size + CHECKSUM_SIZE} bytes in base58`, got });
  if (text.length > TEXT_LENGTH_MAX) throw invalid(`${text.length} characters`);
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(text);
  } catch {
    throw invalid('a character that base58 does not have');
  }
  if (bytes.length !== size + CHECKSUM_SIZE) throw invalid(`${bytes.length} bytes`);
  const data = bytes.slice(0, size);
  if (!equalBytes(checksumOf(data), bytes.subarray(size)))
    throw new PoaError('KEY_CHECKSUM_MISMATCH', { where, expected: 'the checksum of its bytes', got: 'another one' });
  return data;
}

/**
 * Decodes `PREFIX_K1_...` or `PREFIX_R1_...`; undefined for a text that begins otherwise.
 *
 * @throws PoaError `KEY_INVALID`; `KEY_CHECKSUM_MISMATCH`; `KEY_TYPE_UNSUPPORTED` for WebAuthn
 */
export function decodeTyped(
  where: string,
  prefix: string,
  text: string,
  size: number,
): { curve: Curve; data: Uint8Array } | undefined {
  if (!text.startsWith(`${prefix}_`)) return undefined;
  const type = text.slice(prefix.length + 1, prefix.length + 4);
  if (type === 'WA_')
    throw new PoaError('KEY_TYPE_UNSUPPORTED', { where, expected: 'type K1 or R1', got: 'WA, WebAuthn' });
  if (type !== 'K1_' && type !== 'R1_')
    throw new PoaError('KEY_INVALID', { where, expected: `${prefix}_K1_ or ${prefix}_R1_`, got: 'another type' });
  const curve = type === 'K1_' ? 'K1' : 'R1';
  const rest = text.slice(prefix.length + 4);
  return { curve, data: decodeChecked(where, rest, size, (data) => computeChecksum(data, curve)) };
}

/** The text with a prefix that says its type. */
export function encodeTyped(prefix: string, curve: Curve, data: Uint8Array): string {
  return `${prefix}_${curve}_${encodeChecked(data, computeChecksum(data, curve))}`;
}
