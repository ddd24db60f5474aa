/**
 * When a chain is activated: before that nobody is elected, no boot stake can be taken back and no rewards can be claimed.
 *
 * @see [E28 Activation](../RULES.md#e28-activation)
 * @module
 */

import { assertUint } from '../../internal/bytes.js';

/** Share of all tokens that must have voted before a chain is activated, as the boot tutorial says it. */
export const ACTIVATION_PERCENT = 15;
/** The same as the system contract holds it, in units of 0.0001 tokens: 15% of a billion tokens, whatever the supply is. */
export const MIN_ACTIVATED_STAKE = 1_500_000_000_000n;

/**
 * The stake that {@link ACTIVATION_PERCENT} of a supply comes to. The system contract knows no supply: it compares with
 * {@link MIN_ACTIVATED_STAKE}, which is the same for a billion tokens only.
 *
 * @param supply - units of 0.0001 tokens, u64
 * @returns the least stake, in the same units, that is 15% of the supply or more
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeActivationStake, MIN_ACTIVATED_STAKE } from 'poa-primitives/eosio';
 *
 * computeActivationStake(10_000_000_000_000n); // => MIN_ACTIVATED_STAKE
 * computeActivationStake(7n); // => 2n
 * ```
 * @see the boot tutorial: "Block production does not begin until 15% of the available votes have been voted";
 * [E28 Activation](../RULES.md#e28-activation)
 */
export function computeActivationStake(supply: bigint): bigint {
  assertUint('computeActivationStake.supply', supply, 64);
  return (supply * BigInt(ACTIVATION_PERCENT) + 99n) / 100n;
}
