/**
 * The hash of EOSIO.
 *
 * @module
 */

import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { assertBytesArray } from '../../internal/bytes.js';

/** Bytes of a hash. */
export const HASH_SIZE = 32;

/**
 * SHA-256 over all chunks in a row.
 *
 * @param chunks - any number of byte strings of any length
 * @returns 32 bytes
 * @example
 * ```ts
 * import { sha256 } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(sha256()); // => 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
 * ```
 * @see FIPS 180-4; [E1 Bytes](../RULES.md#e1-bytes)
 */
export function sha256(...chunks: readonly Uint8Array[]): Uint8Array {
  assertBytesArray('sha256.chunks', chunks);
  const hasher = nobleSha256.create();
  for (const chunk of chunks) hasher.update(chunk);
  return hasher.digest();
}
