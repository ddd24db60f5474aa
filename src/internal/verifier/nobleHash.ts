/**
 * The hashes of the reference backend: `@noble/hashes`.
 *
 * @module
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { DIGEST_ADDRESS, DIGEST_SIZE, type HashAlgorithm, type HashProgram } from './engine.js';

/** `ckb-default-hash` in ASCII. */
const personalization = (): Uint8Array => Uint8Array.from('ckb-default-hash', (letter) => letter.charCodeAt(0));

/** What a hash is fed with. */
interface Hasher {
  readonly update: (bytes: Uint8Array) => unknown;
  readonly digest: () => Uint8Array;
}

/** Computes the hashes of a program: 32 bytes each. */
export function hashEach({ algorithm, data, parts, ends }: HashProgram, output: Uint8Array): void {
  const open = openerOf(algorithm);
  let part = 0;
  for (let i = 0; i < ends.length; i++) {
    const hasher = open();
    for (; part < (ends[i] as number); part++) {
      const start = parts[2 * part] as number;
      const end = parts[2 * part + 1] as number;
      hasher.update(
        start < DIGEST_ADDRESS
          ? data.subarray(start, end)
          : output.subarray(start - DIGEST_ADDRESS, end - DIGEST_ADDRESS),
      );
    }
    output.set(hasher.digest(), DIGEST_SIZE * i);
  }
}

function openerOf(algorithm: HashAlgorithm): () => Hasher {
  if (algorithm === 'sha256') return () => sha256.create();
  if (algorithm === 'keccak256') return () => keccak_256.create();
  const initial = blake2b.create({ dkLen: DIGEST_SIZE, personalization: personalization() });
  return () => initial.clone();
}
