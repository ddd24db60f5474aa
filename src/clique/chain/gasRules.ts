/**
 * The rules over gas and its price.
 *
 * @see [C23 Gas used](../RULES.md#c23-gas-used), [C24 Gas limit](../RULES.md#c24-gas-limit), [C25 Base
 * fee](../RULES.md#c25-base-fee)
 * @module
 */

import type { Explanation } from '../../internal/rules.js';
import { ELASTICITY_MULTIPLIER, GAS_LIMIT_BOUND_DIVISOR, MAX_GAS_LIMIT, MIN_GAS_LIMIT } from '../encoding/constants.js';
import type { Header } from '../encoding/header.js';
import { computeNextBaseFee } from './baseFee.js';
import type { ConfigFacts, HeaderRule, StateFacts } from './facts.js';
import { isLondon } from './state.js';

/** @see [C20 Greatest gas limit](../RULES.md#c20-greatest-gas-limit) */
export const GAS_CAP: HeaderRule = {
  id: 'C20',
  code: 'GAS_LIMIT_TOO_HIGH',
  where: 'header.gasLimit',
  needs: 'header',
  holds: ({ header }) => header.gasLimit <= MAX_GAS_LIMIT,
  explain: ({ header }) => ({ expected: `at most ${MAX_GAS_LIMIT}`, got: `${header.gasLimit}` }),
};

/** @see [C23 Gas used](../RULES.md#c23-gas-used) */
export const GAS_USED: HeaderRule = {
  id: 'C23',
  code: 'GAS_USED_ABOVE_LIMIT',
  where: 'header.gasUsed',
  needs: 'header',
  holds: ({ header }) => header.gasUsed <= header.gasLimit,
  explain: ({ header }) => ({ expected: `at most ${header.gasLimit}, the gas limit`, got: `${header.gasUsed}` }),
};

/** @see [C24 Gas limit](../RULES.md#c24-gas-limit) */
export const GAS_LIMIT: HeaderRule = {
  id: 'C24',
  code: 'GAS_LIMIT_OUT_OF_BOUNDS',
  where: 'header.gasLimit',
  needs: 'state',
  holds: (facts) => {
    const { gasLimit } = facts.header;
    const parent = computeParentLimit(facts);
    const difference = gasLimit > parent ? gasLimit - parent : parent - gasLimit;
    return difference < computeBound(parent) && gasLimit >= MIN_GAS_LIMIT;
  },
  explain: (facts) => {
    const parent = computeParentLimit(facts);
    return {
      expected: `less than ${computeBound(parent)} from ${parent}, and at least ${MIN_GAS_LIMIT}`,
      got: `${facts.header.gasLimit}`,
    };
  },
};

/** The gas limit that a header is held against: with London that of its parent doubles. */
function computeParentLimit({ header, state, config }: StateFacts): bigint {
  const doubles = isLondon(config, header.number) && !isLondon(config, state.number);
  return doubles ? state.gasLimit * ELASTICITY_MULTIPLIER : state.gasLimit;
}

/** How far from a gas limit the next one may not be. */
function computeBound(gasLimit: bigint): bigint {
  return gasLimit / GAS_LIMIT_BOUND_DIVISOR;
}

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
export const NO_BASE_FEE: HeaderRule = {
  id: 'C25',
  code: 'BASE_FEE_UNEXPECTED',
  where: 'header.baseFeePerGas',
  needs: 'config',
  holds: ({ header, config }) => header.baseFeePerGas === null || isLondon(config, header.number),
  explain: explainWhetherFee,
};

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
export const HAS_BASE_FEE: HeaderRule = {
  id: 'C25',
  code: 'BASE_FEE_MISSING',
  where: 'header.baseFeePerGas',
  needs: 'config',
  holds: ({ header, config }) => header.baseFeePerGas !== null || !isLondon(config, header.number),
  explain: explainWhetherFee,
};

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
export const BASE_FEE: HeaderRule = {
  id: 'C25',
  code: 'BASE_FEE_MISMATCH',
  where: 'header.baseFeePerGas',
  needs: 'state',
  lacks: ({ header, config }) =>
    header.baseFeePerGas === null && isLondon(config, header.number) ? 'a base fee' : undefined,
  holds: ({ header, state, config }) =>
    !isLondon(config, header.number) || header.baseFeePerGas === computeNextBaseFee(state),
  explain: ({ header, state, config }) => ({
    expected: isLondon(config, header.number) ? `${computeNextBaseFee(state)} wei` : 'any, London not having come',
    got: describeFee(header),
  }),
};

function explainWhetherFee({ header, config }: ConfigFacts): Explanation {
  const expected = isLondon(config, header.number) ? 'a base fee since London' : 'none before London';
  return { expected, got: describeFee(header) };
}

function describeFee({ baseFeePerGas }: Header): string {
  return baseFeePerGas === null ? 'none' : `${baseFeePerGas} wei`;
}
