/**
 * The constants of EIP-225 and of the fork that changed its headers.
 *
 * @see https://eips.ethereum.org/EIPS/eip-225
 * @module
 */

/** Blocks from one checkpoint to the next, by default; each checkpoint resets the votes and lists the signers. */
export const EPOCH_LENGTH = 30_000;
/** Seconds that a block comes after its parent at least, by default. */
export const BLOCK_PERIOD = 15;
/** Nonce of a vote that adds a signer. */
export const NONCE_AUTH = 0xffffffffffffffffn;
/** Nonce of a vote that removes a signer, and of every block without a vote. */
export const NONCE_DROP = 0n;
/** Difficulty of a block by the signer whose turn it is. */
export const DIFF_INTURN = 2n;
/** Difficulty of a block by any other signer. */
export const DIFF_NOTURN = 1n;
/** Wei, the base fee of the first block that has one. */
export const INITIAL_BASE_FEE = 1_000_000_000n;
/** Least gas limit of a block after genesis. */
export const MIN_GAS_LIMIT = 5_000n;
/** Greatest gas limit of a block. */
export const MAX_GAS_LIMIT = 0x7fffffffffffffffn;
/** A gas limit differs from its parent's by less than this part of it. */
export const GAS_LIMIT_BOUND_DIVISOR = 1_024n;
/** The gas limit is this many times the gas that the base fee aims at. */
export const ELASTICITY_MULTIPLIER = 2n;
/** The base fee changes by this part of itself at most. */
export const BASE_FEE_CHANGE_DENOMINATOR = 8n;

/** 32 bytes, Keccak-256 of an empty RLP list: the hash of no uncles. */
// biome-ignore format: eight bytes a line
export const EMPTY_UNCLES_HASH: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a,
  0xab, 0x85, 0xb5, 0x67, 0xb6, 0xcc, 0xd4, 0x1a,
  0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a, 0x74, 0x13,
  0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47,
);
/** 32 bytes, root of an empty trie: no transactions, no receipts, no accounts. */
// biome-ignore format: eight bytes a line
export const EMPTY_ROOT: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6,
  0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
  0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0,
  0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
);
