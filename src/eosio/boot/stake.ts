/**
 * How the first tokens are shared out and staked: weights of a Pareto distribution, funds of each account, and the split of funds into
 * RAM, network, CPU and what stays liquid. All amounts are integers of the token's smallest unit.
 *
 * @see the boot sequence tutorial, "Create staked accounts"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, assertUint, wrongType } from '../../internal/bytes.js';

/** The exponent that the script draws its Pareto weights with: a fifth of the accounts holds four fifths of the tokens. */
export const PARETO_ALPHA = 1.161;
/** The most accounts that weights are made for at once. */
export const MAX_WEIGHTS = 100_000;

/** Bits behind the point of the fixed-point numbers of {@link computeParetoWeights}. */
const FRACTION_BITS = 64;

/** How funds become stake, in units; what is missing is as in the script. */
export interface StakeOptions {
  /** u64 units spent on RAM; 1000 by default (0.1000). */
  readonly ramFunds?: bigint;
  /** u64 units that are staked before any stay liquid; 9000 by default (0.9000). */
  readonly minStake?: bigint;
  /** u64 units, the most that stay liquid; 100000 by default (10.0000). */
  readonly maxUnstaked?: bigint;
}

/** What becomes of the funds of one account, in units. The four parts sum to `funds`. */
export interface StakeSplit {
  /** All of it. */
  readonly funds: bigint;
  /** For RAM. */
  readonly ram: bigint;
  /** Staked for network bandwidth. */
  readonly stakeNet: bigint;
  /** Staked for CPU. */
  readonly stakeCpu: bigint;
  /** Transferred, neither staked nor spent. */
  readonly unstaked: bigint;
}

/** What the script's allocation works on. */
export interface AllocationRequest {
  /** One positive or zero weight for each account, in any order. */
  readonly weights: readonly number[];
  /** Tokens to share, 0 to 2^53 - 1; 1,000,000,000 by default. */
  readonly tokens?: number;
  /** Units of a token; 10,000 by default. */
  readonly unitsPerToken?: number;
  /** Index of the first account that will be a producer; the number of weights by default, so that none is. */
  readonly firstProducer?: number;
  /** How many accounts from there on will be producers; none by default. */
  readonly producerCount?: number;
  /** u64 units that a producer gets at least; 10000000 by default (1000.0000). */
  readonly minProducerFunds?: bigint;
}

/** Funds by account, in units. */
export interface Allocation {
  /** Funds of each account, in the order of the accounts: the first gets the most. */
  readonly funds: readonly bigint[];
  /** Their sum, which rounding and the minimum of producers make other than what was to be shared. */
  readonly total: bigint;
}

/**
 * Splits the funds of an account as the script does: RAM first, then the least stake, then up to a limit stays liquid, and all the rest is
 * staked, half for the network and half for CPU. Of an odd stake the network gets the even half.
 *
 * @param funds - u64 units
 * @param options - amounts in units
 * @returns the parts, which sum to `funds`; undefined if the funds do not pay for the RAM, so that the script skips the account
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeStakeSplit } from 'poa-primitives/eosio';
 *
 * computeStakeSplit(110007n);
 * // 11.0007 tokens: 0.1000 for RAM, 10.0000 stay liquid
 * computeStakeSplit(110007n)?.stakeNet; // => 4504n
 * computeStakeSplit(999n); // => undefined
 * ```
 * @see the boot sequence tutorial: tokens are staked 50/50 CPU and network; [E15 Split of funds](../RULES.md#e15-split-of-funds)
 */
export function computeStakeSplit(funds: bigint, options: StakeOptions = {}): StakeSplit | undefined {
  const where = 'computeStakeSplit';
  assertUint(`${where}.funds`, funds, 64);
  assertObject(`${where}.options`, options);
  const { ramFunds = 1_000n, minStake = 9_000n, maxUnstaked = 100_000n } = options;
  assertUint(`${where}.options.ramFunds`, ramFunds, 64);
  assertUint(`${where}.options.minStake`, minStake, 64);
  assertUint(`${where}.options.maxUnstaked`, maxUnstaked, 64);
  if (funds < ramFunds) return undefined;
  const afterRam = funds - ramFunds;
  const firstStake = least(afterRam, minStake);
  const unstaked = least(afterRam - firstStake, maxUnstaked);
  const stake = afterRam - unstaked;
  const stakeNet = halveToEven(stake);
  return { funds, ram: ramFunds, stakeNet, stakeCpu: stake - stakeNet, unstaked };
}

/** Half of an amount; of an odd one the even one of its two halves. */
function halveToEven(amount: bigint): bigint {
  const half = amount / 2n;
  return amount % 2n === 1n && half % 2n === 1n ? half + 1n : half;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/**
 * Draws Pareto weights as the script does (of NumPy's kind, the classical distribution minus 1), greatest first. `Math.pow` may differ
 * in its last bits from engine to engine: {@link computeParetoWeights} does not.
 *
 * @param count - accounts, 0 to 100,000
 * @param random - gives a number from 0 up to but not 1, all equally likely; called once for each account
 * @returns one weight for each account, descending
 * @throws PoaError `OUT_OF_RANGE` for another count and for a `random` that leaves its range
 * @example
 * ```ts
 * import { drawParetoWeights } from 'poa-primitives/eosio';
 *
 * const drawn = [0, 0.5];
 * drawParetoWeights(2, () => drawn.shift() ?? 0).map((weight) => weight.toFixed(3)); // => ['0.817', '0.000']
 * ```
 * @see the boot sequence tutorial: we distribute the tokens using a Pareto distribution; [E14 Shares](../RULES.md#e14-shares)
 */
export function drawParetoWeights(count: number, random: () => number): number[] {
  const where = 'drawParetoWeights';
  assertInteger(`${where}.count`, count, 0, MAX_WEIGHTS);
  if (typeof random !== 'function') throw wrongType(`${where}.random`, 'function', random);
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    const drawn: unknown = random();
    if (typeof drawn !== 'number') throw wrongType(`${where}.random()`, 'number', drawn);
    if (!(drawn >= 0 && drawn < 1))
      throw new PoaError('OUT_OF_RANGE', {
        where: `${where}.random()`,
        expected: 'a number from 0 to below 1',
        got: `${drawn}`,
      });
    weights.push((1 - drawn) ** (-1 / PARETO_ALPHA) - 1);
  }
  return weights.sort((a, b) => b - a);
}

/**
 * The weights that a Pareto distribution gives without chance: its quantiles at the middle of each of `count` equal parts, greatest first.
 * Integers throughout, so that every engine gives the same.
 *
 * @param count - accounts, 0 to 100,000
 * @returns one weight for each account, descending; 2^64 stands for 1
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeParetoWeights, distributeFunds } from 'poa-primitives/eosio';
 *
 * const weights = computeParetoWeights(3);
 * distributeFunds(weights, 1000n); // => [789n, 175n, 36n]
 * ```
 * @see the boot sequence tutorial: we distribute the tokens using a Pareto distribution; [E14 Shares](../RULES.md#e14-shares)
 */
export function computeParetoWeights(count: number): bigint[] {
  assertInteger('computeParetoWeights.count', count, 0, MAX_WEIGHTS);
  const one = 1n << BigInt(FRACTION_BITS);
  const roots = rootsOfTwo();
  return Array.from({ length: count }, (_, i) => {
    // The quantile at 1 - p, p = (2i + 1) / 2n, is p^(-1000/1161) - 1.
    const inverse = ((BigInt(count) * 2n) << BigInt(FRACTION_BITS)) / BigInt(2 * i + 1);
    return powerOfTwo((logarithmOfTwo(inverse) * 1_000n) / 1_161n, roots) - one;
  });
}

/** The binary logarithm of a fixed-point number of at least 1, rounded down bit by bit. */
function logarithmOfTwo(value: bigint): bigint {
  const bits = BigInt(FRACTION_BITS);
  const two = 2n << bits;
  const whole = value.toString(2).length - 1 - FRACTION_BITS;
  let rest = value >> BigInt(whole);
  let result = BigInt(whole);
  for (let i = 0; i < FRACTION_BITS; i++) {
    rest = (rest * rest) >> bits;
    result <<= 1n;
    if (rest >= two) {
      rest >>= 1n;
      result |= 1n;
    }
  }
  return result;
}

/** 2 to the power of a fixed-point number of at least 0, with `roots[i]` as 2^(2^-(i + 1)). */
function powerOfTwo(exponent: bigint, roots: readonly bigint[]): bigint {
  const bits = BigInt(FRACTION_BITS);
  let result = 1n << bits;
  roots.forEach((root, i) => {
    if ((exponent >> BigInt(FRACTION_BITS - 1 - i)) & 1n) result = (result * root) >> bits;
  });
  return result << (exponent >> bits);
}

/** The square root of 2, the square root of that, and so on, one for each bit behind the point. */
function rootsOfTwo(): bigint[] {
  const bits = BigInt(FRACTION_BITS);
  let root = 2n << bits;
  return Array.from({ length: FRACTION_BITS }, () => {
    root = squareRoot(root << bits);
    return root;
  });
}

/** The greatest integer whose square is at most `value`, by Newton's method from above. */
function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * Shares an amount by weights so that nothing is lost: each share is rounded down, and what is left goes, one unit each, to the shares that lost
 * most, at a tie to the earlier.
 *
 * @param weights - one for each account, none negative, not all zero
 * @param total - u64 units
 * @returns one share for each weight; they sum to `total`
 * @throws PoaError `WEIGHTS_INVALID` for a negative weight, and for weights of zero that are to share something; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { distributeFunds } from 'poa-primitives/eosio';
 *
 * distributeFunds([1n, 1n, 1n], 10n); // => [4n, 3n, 3n]
 * ```
 * @see [E14 Shares](../RULES.md#e14-shares)
 */
export function distributeFunds(weights: readonly bigint[], total: bigint): bigint[] {
  const where = 'distributeFunds';
  assertArray(`${where}.weights`, weights);
  assertUint(`${where}.total`, total, 64);
  let sum = 0n;
  for (let i = 0; i < weights.length; i++) {
    const weight: unknown = weights[i];
    if (typeof weight !== 'bigint') throw wrongType(`${where}.weights[${i}]`, 'bigint', weight);
    if (weight < 0n) throw weightsInvalid(`${where}.weights[${i}]`, 'a weight of at least 0', 'a negative one');
    sum += weight;
  }
  if (sum === 0n) {
    if (total === 0n) return weights.map(() => 0n);
    throw weightsInvalid(where, `weights above 0 to share ${total} units by`, `${weights.length} weights of 0`);
  }
  const shares = weights.map((weight) => (total * weight) / sum);
  const lost = weights.map((weight, i) => ({ i, part: (total * weight) % sum }));
  lost.sort((a, b) => (a.part === b.part ? a.i - b.i : a.part > b.part ? -1 : 1));
  let left = shares.reduce((rest, share) => rest - share, total);
  for (const { i } of lost) {
    if (left === 0n) break;
    shares[i] = (shares[i] ?? 0n) + 1n;
    left--;
  }
  return shares;
}

/**
 * Allocates funds as the script does, in its doubles: weights are sorted, greatest first, each gives `round(tokens / sum * weight * unitsPerToken)`
 * units with ties to even, and a producer gets at least a minimum.
 *
 * @param request - weights and amounts
 * @returns funds by account, and their sum
 * @throws PoaError `WEIGHTS_INVALID` for a weight that is negative or no number, for weights that sum to 0 or overflow, and for funds of 2^62 units
 * and more; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { allocateFunds } from 'poa-primitives/eosio';
 *
 * allocateFunds({ weights: [1, 1, 1], tokens: 100 }); // => { funds: [333333n, 333333n, 333333n], total: 999999n }
 * ```
 * @see the boot sequence tutorial, its script; [E14 Shares](../RULES.md#e14-shares)
 */
export function allocateFunds(request: AllocationRequest): Allocation {
  const where = 'allocateFunds';
  assertObject(where, request);
  const { weights, tokens = 1_000_000_000, unitsPerToken = 10_000, producerCount = 0 } = request;
  assertArray(`${where}.weights`, weights);
  const { firstProducer = weights.length, minProducerFunds = 10_000_000n } = request;
  if (typeof tokens !== 'number') throw wrongType(`${where}.tokens`, 'number', tokens);
  if (!(tokens >= 0 && tokens <= Number.MAX_SAFE_INTEGER))
    throw new PoaError('OUT_OF_RANGE', {
      where: `${where}.tokens`,
      expected: '0 to 2^53 - 1 tokens',
      got: `${tokens}`,
    });
  assertInteger(`${where}.unitsPerToken`, unitsPerToken, 1, Number.MAX_SAFE_INTEGER);
  assertInteger(`${where}.firstProducer`, firstProducer, 0, weights.length);
  assertInteger(`${where}.producerCount`, producerCount, 0, weights.length - firstProducer);
  assertUint(`${where}.minProducerFunds`, minProducerFunds, 62);
  for (let i = 0; i < weights.length; i++) {
    const weight: unknown = weights[i];
    if (typeof weight !== 'number') throw wrongType(`${where}.weights[${i}]`, 'number', weight);
    if (!(weight >= 0)) throw weightsInvalid(`${where}.weights[${i}]`, 'a weight of at least 0', `${weight}`);
  }
  if (weights.length === 0) return { funds: [], total: 0n };
  const sorted = [...weights].sort((a, b) => b - a);
  const sum = sorted.reduce((all, weight) => all + weight, 0);
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw weightsInvalid(`${where}.weights`, 'a finite sum above 0', `${sum}`);
  const factor = tokens / sum;
  const funds = sorted.map((weight, i) => {
    const share = roundToEven(where, factor * weight * unitsPerToken);
    const isProducer = i >= firstProducer && i < firstProducer + producerCount;
    return isProducer && share < minProducerFunds ? minProducerFunds : share;
  });
  return { funds, total: funds.reduce((all, share) => all + share, 0n) };
}

/** The nearest integer, at a tie the even one. */
function roundToEven(where: string, value: number): bigint {
  if (!(value < 2 ** 62)) throw weightsInvalid(where, 'funds below 2^62 units', `${value}`);
  const floor = Math.floor(value);
  const rest = value - floor;
  return BigInt(rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
}

function weightsInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('WEIGHTS_INVALID', { where, expected, got });
}
