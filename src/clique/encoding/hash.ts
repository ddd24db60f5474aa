/**
 * The hash of Ethereum.
 *
 * @module
 */

import { keccak_256 } from '@noble/hashes/sha3.js';
import { assertBytes } from '../../internal/bytes.js';

/** Bytes of a hash. */
export const HASH_SIZE = 32;
/** Bytes of an address. */
export const ADDRESS_SIZE = 20;

/**
 * The hash of Ethereum: Keccak-256 with its original padding, not SHA3-256.
 *
 * @param data - bytes to hash
 * @returns 32 bytes
 * @example
 * ```ts
 * import { keccak256 } from 'poa-primitives/clique';
 *
 * Buffer.from(keccak256(new Uint8Array())).toString('hex').slice(0, 8); // => 'c5d24601'
 * ```
 * @see [C2 Hashes](../RULES.md#c2-hashes)
 */
export function keccak256(data: Uint8Array): Uint8Array {
  assertBytes('keccak256.data', data);
  return keccak_256(data);
}
