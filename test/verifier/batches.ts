/** Batches out of cases, and what they must come to: each signature by itself through noble, and through libauth. */
import { secp256k1 as libauth } from '@bitauth/libauth';
import { isPoaError } from 'poa-primitives';
import { expect } from 'vitest';
import { recoverUncompressedPublicKey } from '../../src/internal/secp256k1.js';
import { refusalOf } from '../../src/internal/verifier/refusal.js';
import type { RecoverBatch, Verifier } from '../../src/verifier.js';
import { hex } from '../support/bytes.js';
import type { Case } from './cases.js';

export type Policy = RecoverBatch['policy'];

export function batchOf(cases: readonly Case[], policy: Policy, hints?: readonly number[]): RecoverBatch {
  const messages = new Uint8Array(32 * cases.length);
  const signatures = new Uint8Array(65 * cases.length);
  cases.forEach(({ message, signature }, i) => {
    messages.set(message, 32 * i);
    signatures.set(signature, 65 * i);
  });
  return { count: cases.length, messages, signatures, policy, ...(hints && { hints: Int32Array.from(hints) }) };
}

const known = new Map<string, string>();

/** The key as hex, or the text of the error: what noble says of the signature alone, asked once. */
export function expected({ message, signature }: Case, policy: Policy): string {
  const name = `${policy} ${hex(message)} ${hex(signature)}`;
  let result = known.get(name);
  if (result === undefined) {
    result = recoverAlone(message, signature, policy);
    known.set(name, result);
  }
  return result;
}

function recoverAlone(message: Uint8Array, signature: Uint8Array, policy: Policy): string {
  try {
    return hex(recoverUncompressedPublicKey('test', message, signature, policy).subarray(1));
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return error.message;
  }
}

/** What libauth says to a signature of any s: the key as hex, or undefined. */
export function libauthKey({ message, signature }: Case): string | undefined {
  const id = signature[64] as number;
  // An id above 3 means nothing to it, and an r of n or more at most an exception.
  if (id > 3) return undefined;
  const key = libauth.recoverPublicKeyUncompressed(signature.slice(0, 64), id as 0 | 1 | 2 | 3, message);
  return typeof key === 'string' ? undefined : hex(key.subarray(1));
}

/** What a verifier says to each case of a batch, in the same words. */
export function resultsOf(
  verifier: Verifier,
  cases: readonly Case[],
  policy: Policy,
  hints?: readonly number[],
): string[] {
  const { keys, statuses } = verifier.recover(batchOf(cases, policy, hints));
  return cases.map(({ signature }, i) => {
    const key = keys.subarray(64 * i, 64 * i + 64);
    if (statuses[i] === 0) return hex(key);
    expect(key.every((byte) => byte === 0)).toBe(true);
    return refusalOf('test', statuses[i] as number, signature[64] as number).message;
  });
}
