/**
 * Public keys in their text forms, with a type and without.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/types.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytes,
  assertFixedBytes,
  assertObject,
  concat,
  describeBytes,
  equalBytes,
  wrongType,
} from '../../internal/bytes.js';
import { isCompressedPoint } from '../../internal/secp256k1.js';
import { type Curve, computeChecksum, decodeChecked, decodeTyped, encodeChecked, encodeTyped } from './checkedText.js';
import { type Cursor, closeBytes, openBytes, readFixed, readU8 } from './read.js';
import { describeText } from './text.js';

/** Bytes of a compressed public key. */
export const PUBLIC_KEY_SIZE = 33;

const LEGACY_PREFIX = 'EOS';

/** A public key. Bytes and text of any content are taken, as nodes take them; {@link checkPublicKey} judges it. */
export interface PublicKey {
  /** `K1` for secp256k1, `R1` for secp256r1. */
  readonly curve: Curve;
  /** 33 bytes, compressed. */
  readonly data: Uint8Array;
}

/** Checks the types and the size of a key or a signature of a record. */
export function assertCurveData(
  where: string,
  value: unknown,
  size: number,
): asserts value is { readonly curve: Curve; readonly data: Uint8Array } {
  assertObject(where, value);
  if (typeof value.curve !== 'string') throw wrongType(`${where}.curve`, 'string', value.curve);
  if (value.curve !== 'K1' && value.curve !== 'R1')
    throw new PoaError('KEY_TYPE_UNSUPPORTED', {
      where: `${where}.curve`,
      expected: 'K1 or R1',
      got: describeText(value.curve),
    });
  assertFixedBytes(`${where}.data`, value.data, size);
}

/**
 * The public key in a text.
 *
 * @param text - `PUB_K1_...`, `PUB_R1_...`, or `EOS...` for a K1 key
 * @returns the key, not judged as a point
 * @throws PoaError `KEY_INVALID`; `KEY_CHECKSUM_MISMATCH`; `KEY_TYPE_UNSUPPORTED` for WebAuthn. The text is never shown, since a
 * private key might stand there by mistake
 * @example
 * ```ts
 * import { publicKeyFromText } from 'poa-primitives/eosio';
 *
 * publicKeyFromText('EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV').curve; // => 'K1'
 * ```
 * @see EOSIO, `fc/crypto/public_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function publicKeyFromText(text: string): PublicKey {
  const where = 'publicKeyFromText';
  if (typeof text !== 'string') throw wrongType(`${where}.text`, 'string', text);
  const typed = decodeTyped(where, 'PUB', text, PUBLIC_KEY_SIZE);
  if (typed !== undefined) return typed;
  if (!text.startsWith(LEGACY_PREFIX))
    throw new PoaError('KEY_INVALID', { where, expected: 'EOS, PUB_K1_ or PUB_R1_', got: 'another beginning' });
  const rest = text.slice(LEGACY_PREFIX.length);
  return { curve: 'K1', data: decodeChecked(where, rest, PUBLIC_KEY_SIZE, (data) => computeChecksum(data, '')) };
}

/**
 * The text of a public key, with its type.
 *
 * @param key - 33 bytes
 * @returns `PUB_K1_...` or `PUB_R1_...`
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { publicKeyFromText, publicKeyToText } from 'poa-primitives/eosio';
 *
 * const key = publicKeyFromText('EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV');
 * publicKeyToText(key); // => 'PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5BoDq63'
 * ```
 * @see EOSIO, `fc/crypto/public_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function publicKeyToText(key: PublicKey): string {
  assertCurveData('publicKeyToText.key', key, PUBLIC_KEY_SIZE);
  return encodeTyped('PUB', key.curve, key.data);
}

/**
 * The text of a public key as nodes and `cleos` print it: the old form for K1, which has no type.
 *
 * @param key - 33 bytes
 * @returns `EOS...`, or `PUB_R1_...`
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { publicKeyFromText, publicKeyToLegacyText } from 'poa-primitives/eosio';
 *
 * const key = publicKeyFromText('PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5BoDq63');
 * publicKeyToLegacyText(key); // => 'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV'
 * ```
 * @see EOSIO, `fc/crypto/public_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function publicKeyToLegacyText(key: PublicKey): string {
  assertCurveData('publicKeyToLegacyText.key', key, PUBLIC_KEY_SIZE);
  if (key.curve === 'R1') return encodeTyped('PUB', key.curve, key.data);
  return LEGACY_PREFIX + encodeChecked(key.data, computeChecksum(key.data, ''));
}

/**
 * Parses a public key: `type u8, 0 for K1 and 1 for R1 | 33 bytes`.
 *
 * @param bytes - exactly 34 bytes
 * @returns the key, not judged as a point
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED` for WebAuthn
 * @example
 * ```ts
 * import { parsePublicKey, publicKeyToLegacyText } from 'poa-primitives/eosio';
 *
 * publicKeyToLegacyText(parsePublicKey(new Uint8Array(34))); // => 'EOS1111111111111111111111111111111114T1Anm'
 * ```
 * @see EOSIO, `fc/crypto/public_key.hpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function parsePublicKey(bytes: Uint8Array): PublicKey {
  assertBytes('parsePublicKey.bytes', bytes);
  const cursor = openBytes('parsePublicKey', bytes);
  const key = readPublicKey(cursor, 'key');
  closeBytes(cursor);
  return key;
}

/** Reads a public key in a greater value. */
export function readPublicKey(cursor: Cursor, field: string): PublicKey {
  return { curve: readCurve(cursor, field), data: readFixed(cursor, field, PUBLIC_KEY_SIZE) };
}

/** Reads the type of a key or a signature. */
export function readCurve(cursor: Cursor, field: string): Curve {
  const type = readU8(cursor, field);
  if (type > 1)
    throw new PoaError(type === 2 ? 'KEY_TYPE_UNSUPPORTED' : 'MALFORMED', {
      where: `${cursor.where}.${field}`,
      expected: 'type 0 (K1) or 1 (R1)',
      got: type === 2 ? '2 (WebAuthn)' : `${type}`,
      offset: cursor.at - 1,
    });
  return type === 0 ? 'K1' : 'R1';
}

/**
 * Serializes a public key: the inverse of {@link parsePublicKey}.
 *
 * @param key - 33 bytes
 * @returns 34 bytes
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { publicKeyFromText, serializePublicKey } from 'poa-primitives/eosio';
 *
 * const key = publicKeyFromText('EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV');
 * serializePublicKey(key).length; // => 34
 * ```
 * @see EOSIO, `fc/crypto/public_key.hpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function serializePublicKey(key: PublicKey): Uint8Array {
  return packPublicKey('serializePublicKey.key', key);
}

/** Packs a public key of a greater value. */
export function packPublicKey(where: string, key: unknown): Uint8Array {
  assertCurveData(where, key, PUBLIC_KEY_SIZE);
  return concat([Uint8Array.of(key.curve === 'K1' ? 0 : 1), key.data]);
}

/**
 * Judges a public key: a K1 key must be a point of its curve. Of an R1 key only the form is judged, since nothing here
 * computes with one.
 *
 * @param key - 33 bytes
 * @throws PoaError `PUBLIC_KEY_INVALID`; `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { checkPublicKey, publicKeyFromText } from 'poa-primitives/eosio';
 *
 * const unset = publicKeyFromText('EOS1111111111111111111111111111111114T1Anm');
 * let code = '';
 * try {
 *   checkPublicKey(unset);
 * } catch (error) {
 *   code = error.code;
 * }
 * code; // => 'PUBLIC_KEY_INVALID'
 * ```
 * @see SEC 1, 2.3.4; [E5 Keys](../RULES.md#e5-keys)
 */
export function checkPublicKey(key: PublicKey): void {
  assertPublicKeyPoint('checkPublicKey.key', key);
}

/** As {@link checkPublicKey}, for a key of a greater value. */
export function assertPublicKeyPoint(where: string, key: unknown): asserts key is PublicKey {
  assertCurveData(where, key, PUBLIC_KEY_SIZE);
  const prefix = key.data[0] ?? 0;
  if (prefix !== 2 && prefix !== 3)
    throw publicKeyInvalid(where, 'a compressed point, with 2 or 3 in front', `${prefix} in front`);
  if (key.curve === 'K1' && !isCompressedPoint(key.data))
    throw publicKeyInvalid(where, 'a point of secp256k1', describeBytes(key.data));
}

function publicKeyInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('PUBLIC_KEY_INVALID', { where, expected, got });
}

/**
 * Tells whether two public keys are the same, whatever texts they came from.
 *
 * @param a - 33 bytes
 * @param b - 33 bytes
 * @returns true for the same curve and bytes
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { isSameKey, publicKeyFromText } from 'poa-primitives/eosio';
 *
 * const old = publicKeyFromText('EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV');
 * const typed = publicKeyFromText('PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5BoDq63');
 * isSameKey(old, typed); // => true
 * ```
 * @see EOSIO, `fc/crypto/public_key.cpp`; [E5 Keys](../RULES.md#e5-keys)
 */
export function isSameKey(a: PublicKey, b: PublicKey): boolean {
  assertCurveData('isSameKey.a', a, PUBLIC_KEY_SIZE);
  assertCurveData('isSameKey.b', b, PUBLIC_KEY_SIZE);
  return a.curve === b.curve && equalBytes(a.data, b.data);
}
