/**
 * Compact targets: how a header writes its difficulty.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0020-ckb-consensus-protocol/0020-ckb-consensus-protocol.md
 * @module
 */

import { assertInteger, assertUint } from '../../internal/bytes.js';

const U256_MAX = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn;

/** What a compact target expands to. */
export interface Target {
  /** u256; bits shifted beyond are lost. */
  readonly target: bigint;
  /** True if the exponent puts a mantissa that is not zero beyond 256 bits. */
  readonly overflow: boolean;
}

/**
 * Expands a compact target: the highest byte is an exponent, the rest a mantissa, `mantissa * 256^(exponent - 3)`.
 *
 * @param compactTarget - u32
 * @returns the target and whether it overflows
 * @throws PoaError `OUT_OF_RANGE` for no u32
 * @example
 * ```ts
 * import { computeTarget } from 'poa-primitives/ckb';
 *
 * computeTarget(0x04123456).target; // => 0x12345600n
 * ```
 * @see `compact_to_target` of nervosnetwork/ckb; [R4 Header](../RULES.md#r4-header)
 */
export function computeTarget(compactTarget: number): Target {
  assertInteger('computeTarget.compactTarget', compactTarget, 0, 0xffffffff);
  const exponent = compactTarget >>> 24;
  const mantissa = BigInt(compactTarget & 0xffffff);
  if (exponent <= 3) return { target: mantissa >> BigInt(8 * (3 - exponent)), overflow: false };
  return { target: (mantissa << BigInt(8 * (exponent - 3))) & U256_MAX, overflow: mantissa !== 0n && exponent > 32 };
}

/**
 * The compact form of a target, rounded down to 24 bits of mantissa.
 *
 * @param target - u256
 * @returns u32
 * @throws PoaError `OUT_OF_RANGE` for no u256
 * @example
 * ```ts
 * import { computeCompactTarget } from 'poa-primitives/ckb';
 *
 * computeCompactTarget(0x12345600n); // => 0x04123456
 * ```
 * @see `target_to_compact` of nervosnetwork/ckb; [R4 Header](../RULES.md#r4-header)
 */
export function computeCompactTarget(target: bigint): number {
  assertUint('computeCompactTarget.target', target, 256);
  const size = target === 0n ? 0 : Math.ceil(target.toString(16).length / 2);
  const mantissa = size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3));
  return size * 2 ** 24 + Number(mantissa);
}

/**
 * The difficulty of a compact target: `floor(2^256 / target)`; 2^256 - 1 for a target of 1; 0 for a target of 0 and for an
 * overflow. The two that proof of authority uses give 2 (in turn) and 1 (out of turn).
 *
 * @param compactTarget - u32
 * @returns u256
 * @throws PoaError `OUT_OF_RANGE` for no u32
 * @example
 * ```ts
 * import { COMPACT_TARGET_IN_TURN, COMPACT_TARGET_OUT_OF_TURN, computeDifficulty } from 'poa-primitives/ckb';
 *
 * computeDifficulty(COMPACT_TARGET_IN_TURN); // => 2n
 * computeDifficulty(COMPACT_TARGET_OUT_OF_TURN); // => 1n
 * ```
 * @see `compact_to_difficulty` of nervosnetwork/ckb; [R30 Difficulty](../RULES.md#r30-difficulty)
 */
export function computeDifficulty(compactTarget: number): bigint {
  const { target, overflow } = computeTarget(compactTarget);
  if (target === 0n || overflow) return 0n;
  return target === 1n ? U256_MAX : 2n ** 256n / target;
}
