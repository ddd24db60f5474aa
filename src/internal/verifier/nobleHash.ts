/**
 * The hashes of the reference backend: `@noble/hashes`.
 *
 * @module
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { HashAlgorithm, HashBatch } from './engine.js';

/** `ckb-default-hash` in ASCII. */
const personalization = (): Uint8Array => Uint8Array.from('ckb-default-hash', (letter) => letter.charCodeAt(0));

/** Hashes each byte string of a batch: 32 bytes each. */
export function hashEach({ algorithm, data, offsets }: HashBatch, output: Uint8Array): void {
  const digest = hasherOf(algorithm);
  for (let i = 0; i + 1 < offsets.length; i++)
    output.set(digest(data.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0)), 32 * i);
}

function hasherOf(algorithm: HashAlgorithm): (bytes: Uint8Array) => Uint8Array {
  if (algorithm === 'sha256') return sha256;
  if (algorithm === 'keccak256') return keccak_256;
  const initial = blake2b.create({ dkLen: 32, personalization: personalization() });
  return (bytes) => initial.clone().update(bytes).digest();
}
