/**
 * Epochs as headers pack them.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0027-block-structure/0027-block-structure.md
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertInteger, assertObject, assertUint } from '../../internal/bytes.js';

/** Where a block stands among the epochs. */
export interface Epoch {
  /** u24, number of the epoch. */
  readonly number: number;
  /** u16, index of the block in its epoch. */
  readonly index: number;
  /** u16, blocks in the epoch. */
  readonly length: number;
}

/**
 * Takes a packed epoch apart: number in bits 0 to 23, index in 24 to 39, length in 40 to 55, highest byte zero.
 *
 * @param epoch - u64 of a header
 * @returns the three numbers, which need not be well-formed: see {@link isEpochWellFormed}
 * @throws PoaError `EPOCH_INVALID` if the highest byte is not zero; `OUT_OF_RANGE` for no u64
 * @example
 * ```ts
 * import { parseEpoch } from 'poa-primitives/ckb';
 *
 * parseEpoch(0x1e00017000090n); // => { number: 144, index: 23, length: 480 }
 * ```
 * @see RFC 0027, "epoch"; [R23 Epoch](../RULES.md#r23-epoch)
 */
export function parseEpoch(epoch: bigint): Epoch {
  const where = 'parseEpoch';
  assertUint(`${where}.epoch`, epoch, 64);
  if (epoch >> 56n !== 0n)
    throw new PoaError('EPOCH_INVALID', { where, expected: 'a highest byte of zero', got: `${epoch >> 56n}` });
  return readEpoch(epoch);
}

/** As {@link parseEpoch}, for a u64 whose highest byte does not matter. */
export function readEpoch(epoch: bigint): Epoch {
  // Two halves as numbers: few steps are left for big integers.
  const low = Number(BigInt.asUintN(32, epoch));
  const high = Number(epoch >> 32n);
  return { number: low & 0xffffff, index: (low >>> 24) | ((high & 0xff) << 8), length: (high >>> 8) & 0xffff };
}

/**
 * Packs an epoch: the inverse of {@link parseEpoch}.
 *
 * @param epoch - number below 2^24, index and length below 2^16
 * @returns u64 for a header
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { serializeEpoch } from 'poa-primitives/ckb';
 *
 * serializeEpoch({ number: 144, index: 23, length: 480 }); // => 0x1e00017000090n
 * ```
 * @see RFC 0027, "epoch"; [R23 Epoch](../RULES.md#r23-epoch)
 */
export function serializeEpoch(epoch: Epoch): bigint {
  const where = 'serializeEpoch';
  assertObject(where, epoch);
  assertInteger(`${where}.number`, epoch.number, 0, 0xffffff);
  assertInteger(`${where}.index`, epoch.index, 0, 0xffff);
  assertInteger(`${where}.length`, epoch.length, 0, 0xffff);
  return (BigInt(epoch.length) << 40n) | (BigInt(epoch.index) << 24n) | BigInt(epoch.number);
}

/**
 * Tells whether a packed epoch is one that a block after genesis may have: highest byte zero, index below length.
 *
 * @param epoch - u64
 * @returns true if it is; the all-zero epoch of a genesis block is not
 * @throws PoaError `OUT_OF_RANGE` for no u64
 * @example
 * ```ts
 * import { isEpochWellFormed } from 'poa-primitives/ckb';
 *
 * isEpochWellFormed(0x1e00017000090n); // => true
 * isEpochWellFormed(0n); // => false
 * ```
 * @see [R23 Epoch](../RULES.md#r23-epoch)
 */
export function isEpochWellFormed(epoch: bigint): boolean {
  assertUint('isEpochWellFormed.epoch', epoch, 64);
  return epoch >> 56n === 0n && ((epoch >> 24n) & 0xffffn) < epoch >> 40n;
}
