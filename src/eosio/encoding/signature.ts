/**
 * Signatures from which the key that made them can be recovered.
 *
 * @see https://github.com/AntelopeIO/spring/blob/17ed17f6826409a998332b94074dace2cb1fdb47/libraries/libfc/src/crypto/elliptic_secp256k1.cpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertBytes, assertFixedBytes, concat, wrongType } from '../../internal/bytes.js';
import { recoverPublicKey, signRecoverable } from '../../internal/secp256k1.js';
import type { RecoverKey } from '../../internal/verifier/one.js';
import { type Curve, decodeTyped, encodeTyped } from './checkedText.js';
import { HASH_SIZE } from './hash.js';
import { assertCurveData, type PublicKey, readCurve } from './key.js';
import { assertK1, assertPrivateKey, type PrivateKey } from './privateKey.js';
import { type Cursor, closeBytes, openBytes, readFixed, readItems } from './read.js';
import { packItems } from './write.js';

/** Bytes of a signature without its type. */
export const SIGNATURE_SIZE = 65;
/** What the recovery id, 0 to 3, has added to it: 27, and 4 for a compressed key. */
const RECOVERY_BASE = 31;

/** A signature. Bytes and text of any content are taken: block 1 of a chain carries zeros. */
export interface Signature {
  /** `K1` for secp256k1, `R1` for secp256r1. */
  readonly curve: Curve;
  /** 65 bytes: `31 + recovery id | r (32, BE) | s (32, BE)`. */
  readonly data: Uint8Array;
}

/**
 * The signature in a text.
 *
 * @param text - `SIG_K1_...` or `SIG_R1_...`
 * @returns the signature, not judged
 * @throws PoaError `KEY_INVALID`; `KEY_CHECKSUM_MISMATCH`; `KEY_TYPE_UNSUPPORTED` for WebAuthn
 * @example
 * ```ts
 * import { signatureFromText } from 'poa-primitives/eosio';
 * import { blockSignature } from './eosio-sample.js';
 *
 * signatureFromText(blockSignature).data.length; // => 65
 * ```
 * @see EOSIO, `fc/crypto/signature.cpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function signatureFromText(text: string): Signature {
  const where = 'signatureFromText';
  if (typeof text !== 'string') throw wrongType(`${where}.text`, 'string', text);
  const signature = decodeTyped(where, 'SIG', text, SIGNATURE_SIZE);
  if (signature === undefined)
    throw new PoaError('KEY_INVALID', { where, expected: 'SIG_K1_ or SIG_R1_', got: 'another beginning' });
  return signature;
}

/**
 * The text of a signature: the inverse of {@link signatureFromText}.
 *
 * @param signature - 65 bytes
 * @returns `SIG_K1_...` or `SIG_R1_...`
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { signatureFromText, signatureToText } from 'poa-primitives/eosio';
 * import { blockSignature } from './eosio-sample.js';
 *
 * signatureToText(signatureFromText(blockSignature)); // => blockSignature
 * ```
 * @see EOSIO, `fc/crypto/signature.cpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function signatureToText(signature: Signature): string {
  assertCurveData('signatureToText.signature', signature, SIGNATURE_SIZE);
  return encodeTyped('SIG', signature.curve, signature.data);
}

/**
 * Parses a signature: `type u8, 0 for K1 and 1 for R1 | 65 bytes`.
 *
 * @param bytes - exactly 66 bytes
 * @returns the signature, not judged
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED` for WebAuthn
 * @example
 * ```ts
 * import { parseSignature } from 'poa-primitives/eosio';
 *
 * parseSignature(new Uint8Array(66)).curve; // => 'K1'
 * ```
 * @see EOSIO, `fc/crypto/signature.hpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function parseSignature(bytes: Uint8Array): Signature {
  assertBytes('parseSignature.bytes', bytes);
  const cursor = openBytes('parseSignature', bytes);
  const signature = readSignature(cursor, 'signature');
  closeBytes(cursor);
  return signature;
}

/** Reads a signature in a greater value. */
export function readSignature(cursor: Cursor, field: string): Signature {
  return { curve: readCurve(cursor, field), data: readFixed(cursor, field, SIGNATURE_SIZE) };
}

/**
 * Serializes a signature: the inverse of {@link parseSignature}.
 *
 * @param signature - 65 bytes
 * @returns 66 bytes
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { serializeSignature, signatureFromText } from 'poa-primitives/eosio';
 * import { blockSignature } from './eosio-sample.js';
 *
 * serializeSignature(signatureFromText(blockSignature)).length; // => 66
 * ```
 * @see EOSIO, `fc/crypto/signature.hpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function serializeSignature(signature: Signature): Uint8Array {
  return packSignature('serializeSignature.signature', signature);
}

/** Packs a signature of a greater value. */
export function packSignature(where: string, signature: unknown): Uint8Array {
  assertCurveData(where, signature, SIGNATURE_SIZE);
  return concat([Uint8Array.of(signature.curve === 'K1' ? 0 : 1), signature.data]);
}

/**
 * Parses a list of signatures: what the block extension `additional_block_signatures`, type 2, carries for a producer who signs with
 * several keys.
 *
 * @param bytes - a count, then 66 bytes each
 * @returns the signatures, not judged
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED` for WebAuthn
 * @example
 * ```ts
 * import { parseSignatures } from 'poa-primitives/eosio';
 *
 * parseSignatures(Uint8Array.of(0)); // => []
 * ```
 * @see EOSIO, `block.hpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function parseSignatures(bytes: Uint8Array): Signature[] {
  assertBytes('parseSignatures.bytes', bytes);
  const cursor = openBytes('parseSignatures', bytes);
  const signatures = readItems(cursor, 'signatures', SIGNATURE_SIZE + 1, (at) => readSignature(at, 'signatures'));
  closeBytes(cursor);
  return signatures;
}

/**
 * Serializes a list of signatures: the inverse of {@link parseSignatures}.
 *
 * @param signatures - 65 bytes each
 * @returns a count, then 66 bytes each
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { serializeSignatures } from 'poa-primitives/eosio';
 *
 * serializeSignatures([]); // => Uint8Array.of(0)
 * ```
 * @see EOSIO, `block.hpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function serializeSignatures(signatures: readonly Signature[]): Uint8Array {
  assertArray('serializeSignatures.signatures', signatures);
  return packItems(signatures, (signature, i) => packSignature(`serializeSignatures.signatures[${i}]`, signature));
}

/**
 * Tells whether r and s are in the form that nodes take: both are positive as signed integers of 32 bytes, and would need all
 * of them.
 *
 * @param signature - 65 bytes
 * @returns true if neither has its top bit set, nor a zero byte in front that could be left out
 * @throws PoaError `OUT_OF_RANGE` for another size; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { isCanonicalSignature, signatureFromText } from 'poa-primitives/eosio';
 * import { blockSignature } from './eosio-sample.js';
 *
 * isCanonicalSignature(signatureFromText(blockSignature)); // => true
 * ```
 * @see EOSIO, `fc/crypto/elliptic_common.cpp`, `is_canonical`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function isCanonicalSignature(signature: Signature): boolean {
  assertCurveData('isCanonicalSignature.signature', signature, SIGNATURE_SIZE);
  return isCanonical(signature.data, 1);
}

/** Whether the two integers of 32 bytes at `at` are canonical. */
function isCanonical(bytes: Uint8Array, at: number): boolean {
  return [at, at + 32].every((start) => {
    const first = bytes[start] ?? 0;
    return first < 0x80 && (first !== 0 || (bytes[start + 1] ?? 0) >= 0x80);
  });
}

/**
 * Signs a digest. Deterministic: RFC 6979 with a counter from 1 up as its further input, until the signature is canonical,
 * which is the second try on average.
 *
 * @param digest - 32 bytes
 * @param key - a K1 key, in range
 * @returns a canonical K1 signature, s in the lower half
 * @throws PoaError `KEY_TYPE_UNSUPPORTED` for an R1 key; `SECRET_KEY_INVALID`; `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computePublicKey, privateKeyFromText, recoverPublicKeyOf, sha256, signDigest } from 'poa-primitives/eosio';
 * import { genesisPrivateKey } from './eosio-sample.js';
 *
 * const key = privateKeyFromText(genesisPrivateKey);
 * const digest = sha256();
 * recoverPublicKeyOf(digest, signDigest(digest, key)); // => computePublicKey(key)
 * ```
 * @see RFC 6979, 3.6; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function signDigest(digest: Uint8Array, key: PrivateKey): Signature {
  const where = 'signDigest';
  assertFixedBytes(`${where}.digest`, digest, HASH_SIZE);
  assertPrivateKey(`${where}.key`, key);
  assertK1(`${where}.key`, key.curve);
  for (let counter = 1; ; counter++) {
    // Every second try is canonical, so that one byte of counter, as other libraries have it, never runs out.
    const signature = signRecoverable(where, digest, key.data, Uint8Array.of(counter % 256));
    if (!isCanonical(signature, 0)) continue;
    const id = signature[64] ?? 0;
    return { curve: 'K1', data: concat([Uint8Array.of(RECOVERY_BASE + id), signature.subarray(0, 64)]) };
  }
}

/**
 * Recovers the public key that made a signature over a digest.
 *
 * @param digest - 32 bytes
 * @param signature - a canonical K1 signature
 * @returns the K1 public key
 * @throws PoaError `SIGNATURE_NOT_CANONICAL`; `SIGNATURE_INVALID` for a first byte that is not 31 to 34, r or s of 0 or at
 * least n, and an r that is no x coordinate for its id; `KEY_TYPE_UNSUPPORTED` for R1; `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { publicKeyToLegacyText, recoverPublicKeyOf, signatureFromText } from 'poa-primitives/eosio';
 * import { blockSignature, blockSignatureDigest, blockSigningKey } from './eosio-sample.js';
 *
 * publicKeyToLegacyText(recoverPublicKeyOf(blockSignatureDigest, signatureFromText(blockSignature))); // => blockSigningKey
 * ```
 * @see EOSIO, `fc/crypto/elliptic_secp256k1.cpp`; [E6 Signatures](../RULES.md#e6-signatures)
 */
export function recoverPublicKeyOf(digest: Uint8Array, signature: Signature): PublicKey {
  return recoverKeyOf(digest, signature, recoverPublicKey);
}

/** As {@link recoverPublicKeyOf}, in a way of the caller's. */
export function recoverKeyOf(digest: Uint8Array, signature: Signature, recoverKey: RecoverKey): PublicKey {
  const where = 'recoverPublicKeyOf';
  assertFixedBytes(`${where}.digest`, digest, HASH_SIZE);
  assertCurveData(`${where}.signature`, signature, SIGNATURE_SIZE);
  const recoverable = toRecoverable(`${where}.signature`, signature);
  return { curve: 'K1', data: recoverKey(`${where}.signature`, digest, recoverable, 'any') };
}

/**
 * A K1 signature as it is recovered: `r (32, BE) | s (32, BE) | recovery id`.
 *
 * @throws PoaError `KEY_TYPE_UNSUPPORTED` for R1; `SIGNATURE_INVALID` for a first byte that is not 31 to 34; `SIGNATURE_NOT_CANONICAL`
 */
export function toRecoverable(where: string, { curve, data }: Signature): Uint8Array {
  assertK1(where, curve);
  const id = (data[0] ?? 0) - RECOVERY_BASE;
  if (id < 0 || id > 3)
    throw new PoaError('SIGNATURE_INVALID', { where, expected: 'a first byte from 31 to 34', got: `${data[0]}` });
  if (!isCanonical(data, 1))
    throw new PoaError('SIGNATURE_NOT_CANONICAL', {
      where,
      expected: 'r and s with the top bit clear and no needless zero byte in front',
      got: 'others',
    });
  return concat([data.subarray(1), Uint8Array.of(id)]);
}
