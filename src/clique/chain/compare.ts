/**
 * Chains beside each other: which one to follow.
 *
 * @see EIP-3436; [C35 Choice of chain](../RULES.md#c35-choice-of-chain)
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertInteger,
  assertObject,
  assertUint,
  compareBytes,
  describeBytes,
  equalBytes,
  wrongType,
} from '../../internal/bytes.js';
import type { SignerPosition, State } from './state.js';

/** What a choice looks at; a state has all of it. */
export type ChainHead = Pick<State, 'anchorHash' | 'hash' | 'number' | 'totalDifficulty' | 'position'>;

/**
 * How to choose among chains: by total difficulty alone; by all four rules of EIP-3436; by these as besu has them, where the smallest
 * turn distance wins instead of the largest.
 */
export type ChoiceRule = 'total-difficulty' | 'eip3436' | 'besu';

/** How to compare chains. */
export interface CompareOptions {
  /** By default `total-difficulty`. */
  readonly rule?: ChoiceRule;
}

/**
 * Which of two chains to follow: the one with the greater sum of difficulties since their anchor. At a tie it is the first, or what
 * EIP-3436 says: the shorter chain; then the one whose signer had their turn the longest ago; then the smaller hash.
 *
 * go-ethereum breaks a tie by the shorter chain, then by chance. Equal forks that everybody holds on to are how Clique networks halt.
 *
 * @param first - the chain that is followed now
 * @param second - another one
 * @param options - which rules to use
 * @returns `first` or `second`
 * @throws PoaError `CHAIN_ANCHOR_MISMATCH` for sums that do not begin at the same block
 * @example
 * ```ts
 * import { applyHeader, compareChains, createState } from 'poa-primitives/clique';
 * import { anchor, headers, now } from './clique-sample.js';
 *
 * const short = createState(anchor);
 * compareChains(short, applyHeader(short, headers[0], { now })); // => 'second'
 * compareChains(short, createState(anchor), { rule: 'eip3436' }); // => 'first'
 * ```
 * @see EIP-3436; [C35 Choice of chain](../RULES.md#c35-choice-of-chain)
 */
export function compareChains(first: ChainHead, second: ChainHead, options: CompareOptions = {}): 'first' | 'second' {
  const where = 'compareChains';
  assertObject(`${where}.first`, first);
  assertObject(`${where}.second`, second);
  assertObject(`${where}.options`, options);
  const { rule = 'total-difficulty' } = options;
  if (rule !== 'total-difficulty' && rule !== 'eip3436' && rule !== 'besu')
    throw wrongType(`${where}.options.rule`, "'total-difficulty', 'eip3436' or 'besu'", rule);
  if (!equalBytes(first.anchorHash, second.anchorHash))
    throw new PoaError('CHAIN_ANCHOR_MISMATCH', {
      where,
      expected: `a chain from ${describeBytes(first.anchorHash)}`,
      got: `one from ${describeBytes(second.anchorHash)}`,
    });
  if (first.totalDifficulty !== second.totalDifficulty)
    return second.totalDifficulty > first.totalDifficulty ? 'second' : 'first';
  if (rule === 'total-difficulty') return 'first';
  if (first.number !== second.number) return second.number < first.number ? 'second' : 'first';
  const distances = [distanceOf(first), distanceOf(second)] as const;
  if (distances[0] !== undefined && distances[1] !== undefined && distances[0] !== distances[1]) {
    const isFarther = distances[1] > distances[0];
    return isFarther === (rule === 'eip3436') ? 'second' : 'first';
  }
  return compareBytes(second.hash, first.hash) < 0 ? 'second' : 'first';
}

function distanceOf({ number, position }: ChainHead): bigint | undefined {
  return position === null ? undefined : computeTurnDistance(number, position);
}

/**
 * How many blocks before a block its signer was in turn: 0 in turn, at most `count - 1`.
 *
 * @param number - u64, height of the block
 * @param position - index of its signer in the list of its parent, and the length of that list
 * @returns `(number - index) % count`
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeTurnDistance } from 'poa-primitives/clique';
 *
 * computeTurnDistance(8n, { index: 1, count: 8 }); // => 7n
 * ```
 * @see EIP-3436; [C35 Choice of chain](../RULES.md#c35-choice-of-chain)
 */
export function computeTurnDistance(number: bigint, position: SignerPosition): bigint {
  const where = 'computeTurnDistance';
  assertUint(`${where}.number`, number, 64);
  assertObject(`${where}.position`, position);
  assertInteger(`${where}.position.count`, position.count, 1, Number.MAX_SAFE_INTEGER);
  assertInteger(`${where}.position.index`, position.index, 0, position.count - 1);
  const count = BigInt(position.count);
  return (((number - BigInt(position.index)) % count) + count) % count;
}
