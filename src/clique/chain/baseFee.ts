/**
 * The base fee of EIP-1559, which every header since London carries.
 *
 * @see https://eips.ethereum.org/EIPS/eip-1559
 * @module
 */

import { assertObject } from '../../internal/bytes.js';
import { BASE_FEE_CHANGE_DENOMINATOR, ELASTICITY_MULTIPLIER, INITIAL_BASE_FEE } from '../encoding/constants.js';
import type { State } from './state.js';

/**
 * The base fee that the next block has if London has come by then: that of the parent, moved by up to an eighth towards the gas
 * target; 1 gwei after a parent without one.
 *
 * @param state - of the parent block
 * @returns u256 wei
 * @example
 * ```ts
 * import { computeNextBaseFee, createState } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * computeNextBaseFee(createState(anchor)); // => 1_000_000_000n
 * ```
 * @see EIP-1559, "Specification"; [C25 Base fee](../RULES.md#c25-base-fee)
 */
export function computeNextBaseFee(state: State): bigint {
  assertObject('computeNextBaseFee.state', state);
  const { baseFeePerGas, gasLimit, gasUsed } = state;
  if (baseFeePerGas === null) return INITIAL_BASE_FEE;
  const target = gasLimit / ELASTICITY_MULTIPLIER;
  // A gas limit below 2 lets no block follow, and there is nothing to divide by.
  if (gasUsed === target || target === 0n) return baseFeePerGas;
  const distance = gasUsed > target ? gasUsed - target : target - gasUsed;
  const change = (baseFeePerGas * distance) / target / BASE_FEE_CHANGE_DENOMINATOR;
  if (gasUsed < target) return baseFeePerGas - change;
  return baseFeePerGas + (change === 0n ? 1n : change);
}
