/**
 * One signature through a verifier, for those who recover headers one at a time.
 *
 * @module
 */

import { isPoaError } from '../../errors.js';
import type { RecoverOptions, Verifier } from '../../verifier.js';
import { assertBytesArray, assertFixedBytes, assertObject, wrongType } from '../bytes.js';
import {
  MESSAGE_SIZE,
  recoverPublicKey,
  recoverUncompressedPublicKey,
  SIGNATURE_SIZE,
  type SPolicy,
} from '../secp256k1.js';
import { compressFlatKey, uncompressFlatKey } from './keys.js';
import { refusalOf } from './refusal.js';

/** Recovers the public key of a signature, or throws what {@link recoverPublicKey} throws. */
export type RecoverKey = (where: string, message: Uint8Array, signature: Uint8Array, policy: SPolicy) => Uint8Array;

/** How to recover compressed keys, by the options of a caller. */
export function readRecoverer(where: string, options: RecoverOptions | number): RecoverKey {
  return readWay(where, options, recoverPublicKey, compressFlatKey);
}

/** How to recover uncompressed keys, by the options of a caller. */
export function readUncompressedRecoverer(where: string, options: RecoverOptions | number): RecoverKey {
  return readWay(where, options, recoverUncompressedPublicKey, uncompressFlatKey);
}

function readWay(
  where: string,
  options: RecoverOptions | number,
  plain: RecoverKey,
  formOf: (keys: Uint8Array, index: number) => Uint8Array,
): RecoverKey {
  // `headers.map(recoverHeader)` is what the map invites to.
  if (typeof options === 'number') return plain;
  assertObject(`${where}.options`, options);
  const { verifier, hint = [] } = options as RecoverOptions;
  assertBytesArray(`${where}.options.hint`, hint);
  if (verifier === undefined) return plain;
  assertVerifier(`${where}.options.verifier`, verifier);
  return (place, message, signature, policy) => {
    assertFixedBytes(`${place}.message`, message, MESSAGE_SIZE);
    assertFixedBytes(`${place}.signature`, signature, SIGNATURE_SIZE);
    const hints = Int32Array.of(handleOf(verifier, hint));
    const { keys, statuses } = verifier.recover({ count: 1, messages: message, signatures: signature, hints, policy });
    const status = statuses[0] ?? 0;
    if (status !== 0) throw refusalOf(place, status, signature[64] ?? 0);
    return formOf(keys, 0);
  };
}

/** Throws a `TypeError` for what is no verifier. */
export function assertVerifier(where: string, verifier: unknown): asserts verifier is Verifier {
  assertObject(where, verifier);
  if (
    typeof verifier.recover !== 'function' ||
    typeof verifier.admit !== 'function' ||
    typeof verifier.hash !== 'function'
  )
    throw wrongType(where, 'Verifier', verifier);
}

/** The handle of the first hint that is a key; a hint that is none helps nobody and harms nobody. */
function handleOf(verifier: Verifier, hint: readonly Uint8Array[]): number {
  for (const key of hint) {
    try {
      return verifier.admit(key);
    } catch (error) {
      if (!isPoaError(error)) throw error;
    }
  }
  return -1;
}
