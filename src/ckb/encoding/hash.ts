/**
 * The two hashes of CKB.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0022-transaction-structure/0022-transaction-structure.md
 * @module
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { assertBytesArray } from '../../internal/bytes.js';

/** Bytes of a hash. */
export const HASH_SIZE = 32;
/** Bytes of a {@link blake160}. */
export const BLAKE160_SIZE = 20;

/** `ckb-default-hash` in ASCII. */
const PERSONALIZATION = /* @__PURE__ */ Uint8Array.of(
  0x63,
  0x6b,
  0x62,
  0x2d,
  0x64,
  0x65,
  0x66,
  0x61,
  0x75,
  0x6c,
  0x74,
  0x2d,
  0x68,
  0x61,
  0x73,
  0x68,
);

/** The state of the hash before its first byte; cloned for each use, which saves setting it up again. */
const INITIAL = /* @__PURE__ */ blake2b.create({ dkLen: HASH_SIZE, personalization: PERSONALIZATION });

/**
 * BLAKE2b-256 with the personalization `ckb-default-hash`, over all chunks in a row.
 *
 * @param chunks - any number of byte strings of any length
 * @returns 32 bytes
 * @example
 * ```ts
 * import { ckbHash } from 'poa-primitives/ckb';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(ckbHash()); // => '44f4c69744d5f8c55d642062949dcae49bc4e7ef43d388c5a12f42b5633d163e'
 * ```
 * @see RFC 0022, "Crypto Primitives"; [R1 Hashes](../RULES.md#r1-hashes)
 */
export function ckbHash(...chunks: readonly Uint8Array[]): Uint8Array {
  assertBytesArray('ckbHash.chunks', chunks);
  return hashChunks(chunks);
}

/** As {@link ckbHash}, for any number of chunks: a call takes only so many arguments before the stack overflows. */
export function hashChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const hasher = INITIAL.clone();
  for (const chunk of chunks) hasher.update(chunk);
  return hasher.digest();
}

/**
 * The first 20 bytes of {@link ckbHash}: of a compressed public key it is the validator's pubkey hash. This is not
 * BLAKE2b with an output of 20 bytes.
 *
 * @param bytes - any length; 33 for a public key
 * @returns 20 bytes
 * @example
 * ```ts
 * import { blake160 } from 'poa-primitives/ckb';
 * import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
 *
 * const publicKey = hexToBytes('024a501efd328e062c8675f2365970728c859c592beeefd6be8ead3d901330bc01');
 * bytesToHex(blake160(publicKey)); // => '36c329ed630d6ce750712a477543672adab57f4c'
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R1 Hashes](../RULES.md#r1-hashes)
 */
export function blake160(bytes: Uint8Array): Uint8Array {
  return ckbHash(bytes).slice(0, BLAKE160_SIZE);
}
