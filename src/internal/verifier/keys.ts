/**
 * Keys in flat arrays, 64 bytes x | y each, and their other forms.
 *
 * @module
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { PoaError } from '../../errors.js';
import { assertBytes, copyOf, describeBytes } from '../bytes.js';
import { FLAT_KEY_SIZE } from './registry.js';

const FIELD_ORDER = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** A view of the key of an item, 64 bytes. */
export function flatKeyAt(keys: Uint8Array, index: number): Uint8Array {
  return keys.subarray(FLAT_KEY_SIZE * index, FLAT_KEY_SIZE * (index + 1));
}

/** The compressed form, 33 bytes, of the key of an item. */
export function compressFlatKey(keys: Uint8Array, index: number): Uint8Array {
  const at = FLAT_KEY_SIZE * index;
  const compressed = new Uint8Array(33);
  compressed[0] = 2 + ((keys[at + 63] ?? 0) & 1);
  compressed.set(keys.subarray(at, at + 32), 1);
  return compressed;
}

/** The uncompressed form, 65 bytes, of the key of an item. */
export function uncompressFlatKey(keys: Uint8Array, index: number): Uint8Array {
  const at = FLAT_KEY_SIZE * index;
  const uncompressed = new Uint8Array(65);
  uncompressed[0] = 4;
  uncompressed.set(keys.subarray(at, at + FLAT_KEY_SIZE), 1);
  return uncompressed;
}

/** 64 bytes x | y of a key of 33, 64 or 65 bytes, which must be a point of the curve: `PUBLIC_KEY_INVALID`. */
export function parseFlatKey(where: string, publicKey: Uint8Array): Uint8Array {
  assertBytes(where, publicKey);
  const { length } = publicKey;
  if (length !== 33 && length !== 64 && length !== 65)
    throw invalidKey(where, 'a public key of 33, 64 or 65 bytes', `${length} bytes`);
  const key = length === 33 ? expand(publicKey) : copyOf(publicKey, length - FLAT_KEY_SIZE);
  if (key === undefined || (length === 65 && publicKey[0] !== 4) || !isOnCurve(key))
    throw invalidKey(where, 'a point of the curve', describeBytes(publicKey));
  return key;
}

function expand(compressed: Uint8Array): Uint8Array | undefined {
  try {
    return secp256k1.Point.fromBytes(copyOf(compressed)).toBytes(false).slice(1);
  } catch {
    return undefined;
  }
}

function isOnCurve(key: Uint8Array): boolean {
  const x = readWord(key, 0);
  const y = readWord(key, 32);
  return x < FIELD_ORDER && y < FIELD_ORDER && (y * y - x * x * x - 7n) % FIELD_ORDER === 0n;
}

/** The big-endian integer of 32 bytes, read eight at a time. */
export function readWord(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32);
  const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
  return (high << 128n) | (view.getBigUint64(16) << 64n) | view.getBigUint64(24);
}

function invalidKey(where: string, expected: string, got: string): PoaError {
  return new PoaError('PUBLIC_KEY_INVALID', { where, expected, got });
}
