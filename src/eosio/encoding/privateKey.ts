/**
 * Private keys in their text forms, with a type and without.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/types.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { concat, readUintBE, wrongType } from '../../internal/bytes.js';
import { compressPublicKey, computePublicKey as computePoint } from '../../internal/secp256k1.js';
import { type Curve, decodeChecked, decodeTyped, encodeChecked, encodeTyped } from './checkedText.js';
import { sha256 } from './hash.js';
import { assertCurveData, type PublicKey } from './key.js';

/** Bytes of a private key. */
export const PRIVATE_KEY_SIZE = 32;

/** The byte in front of a private key without a type. */
const WIF_VERSION = 0x80;
const K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const R1_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A private key. */
export interface PrivateKey {
  /** `K1` for secp256k1, `R1` for secp256r1. */
  readonly curve: Curve;
  /** 32 bytes, big-endian, a number from 1 to n - 1. */
  readonly data: Uint8Array;
}

/**
 * The private key in a text. Errors never show any of it.
 *
 * @param text - `PVT_K1_...`, `PVT_R1_...`, or `5...` (WIF) for a K1 key
 * @returns the key
 * @throws PoaError `KEY_INVALID`; `KEY_CHECKSUM_MISMATCH`; `SECRET_KEY_INVALID` for 0 or at least n
 * @example
 * ```ts
 * import { privateKeyFromText } from 'poa-primitives/eosio';
 * import { genesisPrivateKey } from './eosio-sample.js';
 *
 * privateKeyFromText(genesisPrivateKey).curve; // => 'K1'
 * ```
 * @see EOSIO, `fc/crypto/private_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function privateKeyFromText(text: string): PrivateKey {
  const where = 'privateKeyFromText';
  if (typeof text !== 'string') throw wrongType(`${where}.text`, 'string', text);
  const typed = decodeTyped(where, 'PVT', text, PRIVATE_KEY_SIZE);
  if (typed !== undefined) return checkRange(where, typed);
  const bytes = decodeChecked(where, text, PRIVATE_KEY_SIZE + 1, wifChecksum);
  if (bytes[0] !== WIF_VERSION)
    throw new PoaError('KEY_INVALID', { where, expected: 'version 0x80', got: 'another version' });
  return checkRange(where, { curve: 'K1', data: bytes.slice(1) });
}

function wifChecksum(data: Uint8Array): Uint8Array {
  return sha256(sha256(data)).subarray(0, 4);
}

function checkRange(where: string, key: PrivateKey): PrivateKey {
  const value = readUintBE(key.data, 0, PRIVATE_KEY_SIZE);
  if (value === 0n || value >= (key.curve === 'K1' ? K1_ORDER : R1_ORDER))
    throw new PoaError('SECRET_KEY_INVALID', { where, expected: 'a number from 1 to n - 1', got: 'one out of range' });
  return key;
}

/** Checks a private key of a record. */
export function assertPrivateKey(where: string, key: unknown): asserts key is PrivateKey {
  assertCurveData(where, key, PRIVATE_KEY_SIZE);
  checkRange(where, key);
}

/**
 * The text of a private key, with its type.
 *
 * @param key - 32 bytes, in range
 * @returns `PVT_K1_...` or `PVT_R1_...`
 * @throws PoaError `SECRET_KEY_INVALID`; `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { privateKeyFromText, privateKeyToText } from 'poa-primitives/eosio';
 * import { genesisPrivateKey } from './eosio-sample.js';
 *
 * privateKeyToText(privateKeyFromText(genesisPrivateKey)).slice(0, 7); // => 'PVT_K1_'
 * ```
 * @see EOSIO, `fc/crypto/private_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function privateKeyToText(key: PrivateKey): string {
  assertPrivateKey('privateKeyToText.key', key);
  return encodeTyped('PVT', key.curve, key.data);
}

/**
 * The text of a K1 private key without a type, as `cleos create key` prints it.
 *
 * @param key - a K1 key, in range
 * @returns WIF: `5...`
 * @throws PoaError `KEY_TYPE_UNSUPPORTED` for an R1 key; `SECRET_KEY_INVALID`; `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { privateKeyFromText, privateKeyToWif } from 'poa-primitives/eosio';
 * import { genesisPrivateKey } from './eosio-sample.js';
 *
 * privateKeyToWif(privateKeyFromText(genesisPrivateKey)); // => genesisPrivateKey
 * ```
 * @see EOSIO, `fc/crypto/elliptic.hpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function privateKeyToWif(key: PrivateKey): string {
  const where = 'privateKeyToWif.key';
  assertPrivateKey(where, key);
  assertK1(where, key.curve);
  const data = concat([Uint8Array.of(WIF_VERSION), key.data]);
  return encodeChecked(data, wifChecksum(data));
}

/** Refuses what only K1 can do here. */
export function assertK1(where: string, curve: Curve): void {
  if (curve !== 'K1') throw new PoaError('KEY_TYPE_UNSUPPORTED', { where, expected: 'a K1 key', got: curve });
}

/**
 * The public key of a private key.
 *
 * @param key - a K1 key, in range
 * @returns the K1 public key
 * @throws PoaError `KEY_TYPE_UNSUPPORTED` for an R1 key; `SECRET_KEY_INVALID`; `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computePublicKey, privateKeyFromText, publicKeyToLegacyText } from 'poa-primitives/eosio';
 * import { genesisPrivateKey, genesisPublicKey } from './eosio-sample.js';
 *
 * publicKeyToLegacyText(computePublicKey(privateKeyFromText(genesisPrivateKey))); // => genesisPublicKey
 * ```
 * @see SEC 1, 3.2.1; [E5 Keys](../RULES.md#e5-keys)
 */
export function computePublicKey(key: PrivateKey): PublicKey {
  const where = 'computePublicKey.key';
  assertPrivateKey(where, key);
  assertK1(where, key.curve);
  return { curve: 'K1', data: compressPublicKey(computePoint(where, key.data)) };
}
