/**
 * Recoverable ECDSA over secp256k1 with the recovery id last, as CKB and Clique write it. The one place that talks to
 * the curve library: it hashes messages again unless told not to, and puts the recovery id first.
 *
 * @module
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { PoaError } from '../errors.js';
import { assertFixedBytes, copyOf, readUintBE } from './bytes.js';

/** Bytes of a signature: `r (32, BE) | s (32, BE) | recovery id (1)`. */
export const SIGNATURE_SIZE = 65;
/** Bytes of a compressed public key. */
export const PUBLIC_KEY_SIZE = 33;
/** Bytes of a message digest and of a secret key. */
export const MESSAGE_SIZE = 32;

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Which s a signature may have: `low` where a second valid signature of the same message must be impossible. */
export type SPolicy = 'low' | 'any';

/**
 * Recovers the compressed public key, 33 bytes, that made `signature` over the digest `message`.
 *
 * @throws PoaError `SIGNATURE_INVALID` for a recovery id above 3; r or s of 0 or at least n; s above n / 2 where the policy
 * is `low`; an r that is no x coordinate for its id; the point at infinity
 * @see [R17 Signature](../ckb/RULES.md#r17-signature)
 */
export function recoverPublicKey(
  where: string,
  message: Uint8Array,
  signature: Uint8Array,
  policy: SPolicy,
): Uint8Array {
  return recoverPoint(where, message, signature, policy, true);
}

/** As {@link recoverPublicKey}, but the uncompressed key: `0x04 | x (32, BE) | y (32, BE)`. */
export function recoverUncompressedPublicKey(
  where: string,
  message: Uint8Array,
  signature: Uint8Array,
  policy: SPolicy,
): Uint8Array {
  return recoverPoint(where, message, signature, policy, false);
}

/** The compressed form of an uncompressed key. */
export function compressPublicKey(uncompressed: Uint8Array): Uint8Array {
  const compressed = copyOf(uncompressed, 0, PUBLIC_KEY_SIZE);
  compressed[0] = 2 + ((uncompressed[64] ?? 0) & 1);
  return compressed;
}

function recoverPoint(
  where: string,
  message: Uint8Array,
  signature: Uint8Array,
  policy: SPolicy,
  isCompressed: boolean,
): Uint8Array {
  assertFixedBytes(`${where}.message`, message, MESSAGE_SIZE);
  assertFixedBytes(`${where}.signature`, signature, SIGNATURE_SIZE);
  const recoveryId = signature[64] ?? 0;
  if (recoveryId > 3) throw invalidSignature(where, 'a recovery id from 0 to 3', `${recoveryId}`);
  const r = readUintBE(signature, 0, 32);
  if (r === 0n || r >= ORDER)
    throw invalidSignature(where, 'r from 1 to n - 1', r === 0n ? 'r = 0' : 'r of at least n');
  const s = readUintBE(signature, 32, 32);
  if (s === 0n || s >= ORDER)
    throw invalidSignature(where, 's from 1 to n - 1', s === 0n ? 's = 0' : 's of at least n');
  if (policy === 'low' && s > HALF_ORDER) throw invalidSignature(where, 's of at most n / 2', 's in the upper half');

  const recovered = new Uint8Array(SIGNATURE_SIZE);
  recovered[0] = recoveryId;
  recovered.set(signature.subarray(0, 64), 1);
  try {
    return secp256k1.Signature.fromBytes(recovered, 'recovered').recoverPublicKey(message).toBytes(isCompressed);
  } catch (cause) {
    throw invalidSignature(
      where,
      'a signature that recovers a public key',
      'r that is no x coordinate, or the point at infinity',
      cause,
    );
  }
}

/**
 * Signs the digest `message`: 65 bytes, deterministic (RFC 6979), s in the lower half.
 *
 * @param extraEntropy - further input of RFC 6979 (3.6), for a protocol that signs again until it likes the signature
 * @throws PoaError `SECRET_KEY_INVALID`; the text never holds the key
 */
export function signRecoverable(
  where: string,
  message: Uint8Array,
  secretKey: Uint8Array,
  extraEntropy?: Uint8Array,
): Uint8Array {
  assertFixedBytes(`${where}.message`, message, MESSAGE_SIZE);
  assertSecretKey(where, secretKey);
  const recovered = secp256k1.sign(message, secretKey, {
    prehash: false,
    lowS: true,
    format: 'recovered',
    extraEntropy: extraEntropy ?? false,
  });
  const signature = new Uint8Array(SIGNATURE_SIZE);
  signature.set(recovered.subarray(1));
  signature[64] = recovered[0] ?? 0;
  return signature;
}

/**
 * The uncompressed public key of a secret key: `0x04 | x (32, BE) | y (32, BE)`.
 *
 * @throws PoaError `SECRET_KEY_INVALID`
 */
export function computePublicKey(where: string, secretKey: Uint8Array): Uint8Array {
  assertSecretKey(where, secretKey);
  return secp256k1.getPublicKey(secretKey, false);
}

/** Tells whether 33 bytes are the compressed form of a point of the curve. */
export function isCompressedPoint(bytes: Uint8Array): boolean {
  return secp256k1.utils.isValidPublicKey(bytes, true);
}

function assertSecretKey(where: string, secretKey: Uint8Array): void {
  if (!secp256k1.utils.isValidSecretKey(secretKey))
    throw new PoaError('SECRET_KEY_INVALID', {
      where,
      expected: '32 bytes from 1 to n - 1, big-endian',
      got: secretKey.length === 32 ? 'a value out of range' : `${secretKey.length} bytes`,
    });
}

/** The error of every signature that recovers no key. */
export function invalidSignature(where: string, expected: string, got: string, cause?: unknown): PoaError {
  return new PoaError('SIGNATURE_INVALID', { where, expected, got, cause });
}
