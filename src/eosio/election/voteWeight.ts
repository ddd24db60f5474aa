/**
 * What a stake weighs as a vote: the later it is cast, the more, so that a vote that is not cast again decays beside fresh
 * ones.
 *
 * @see [E27 Vote weight](../RULES.md#e27-vote-weight)
 * @module
 */

import { assertInteger, assertUint } from '../../internal/bytes.js';

/** Seconds of a week, after which weights grow by a step. */
export const SECONDS_PER_WEEK = 604_800;
/** Weeks after which a vote weighs twice as much. */
export const WEEKS_PER_YEAR = 52;

/** Seconds from 1970 to 2000-01-01T00:00:00, the epoch of block times. */
const EPOCH_SECONDS = 946_684_800;
/** The greatest time that a slot number can hold, in milliseconds. */
const MAX_TIME = 3_094_168_447_999;

/** Bits behind the point of the fixed-point numbers below. */
const POINT = 128n;
/** ln 2 with 128 bits behind the point. */
const LN2 = 0xb17217f7d1cf79abc9e3b39803f2f6afn;

/**
 * The number of the week that a time falls in, as vote weights count them: weeks begin on Saturdays at 00:00 UTC, as 2000 did.
 *
 * @param time - milliseconds since 1970, not before 2000
 * @returns whole weeks since 2000-01-01
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeVoteWeek } from 'poa-primitives/eosio';
 *
 * computeVoteWeek(Date.UTC(2018, 5, 1)); // => 960
 * computeVoteWeek(Date.UTC(2018, 5, 2)); // => 961
 * ```
 * @see EOSIO/eosio.contracts, `voting.cpp`, `stake2vote`; [E27 Vote weight](../RULES.md#e27-vote-weight)
 */
export function computeVoteWeek(time: number): number {
  assertInteger('computeVoteWeek.time', time, EPOCH_SECONDS * 1000, MAX_TIME);
  return weekOf(time);
}

function weekOf(time: number): number {
  return Math.floor((Math.floor(time / 1000) - EPOCH_SECONDS) / SECONDS_PER_WEEK);
}

/**
 * What one unit of stake weighs when it votes at a time: `2 ^ (week / 52)`.
 *
 * The quotient is a double, as in the contract; the power is the double nearest to the true value. `Math.pow` is not used:
 * engines differ in its last bits, and two followers that differ in a bit may rank two producers differently.
 *
 * @param time - milliseconds since 1970, of the block that carries the vote
 * @returns the factor, at least 1
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeVoteFactor } from 'poa-primitives/eosio';
 *
 * computeVoteFactor(Date.UTC(2000, 0, 1)); // => 1
 * computeVoteFactor(Date.UTC(2020, 0, 1)); // => 1091357.4775723184
 * ```
 * @see EOSIO/eosio.contracts, `voting.cpp`, `stake2vote`; [E27 Vote weight](../RULES.md#e27-vote-weight)
 */
export function computeVoteFactor(time: number): number {
  assertInteger('computeVoteFactor.time', time, EPOCH_SECONDS * 1000, MAX_TIME);
  return factorOf(time);
}

/** As {@link computeVoteFactor}, for a time that was judged. */
export function factorOf(time: number): number {
  return powerOfTwo(weekOf(time) / WEEKS_PER_YEAR);
}

/**
 * What a stake weighs when it votes at a time: the double of its units times the factor of the week.
 *
 * @param staked - units of 0.0001 tokens, below 2^63: what is staked for net and cpu, and the vote stake of REX
 * @param time - milliseconds since 1970, of the block that carries the vote
 * @returns the weight, which counts in full for every producer voted for
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeVoteWeight } from 'poa-primitives/eosio';
 *
 * // 10.0202 tokens in the week 1198 on EOS mainnet.
 * computeVoteWeight(100_202n, Date.UTC(2022, 11, 17)); // => 863265464502.9391
 * ```
 * @see EOSIO/eosio.contracts, `voting.cpp`, `stake2vote`; [E27 Vote weight](../RULES.md#e27-vote-weight)
 */
export function computeVoteWeight(staked: bigint, time: number): number {
  assertUint('computeVoteWeight.staked', staked, 63);
  assertInteger('computeVoteWeight.time', time, EPOCH_SECONDS * 1000, MAX_TIME);
  return Number(staked) * factorOf(time);
}

/**
 * What is left of a vote beside a fresh one of the same stake: half after 52 weeks, a quarter after 104.
 *
 * @param votedAt - milliseconds since 1970, when the vote was cast
 * @param time - milliseconds since 1970, not before `votedAt`
 * @returns above 0, at most 1
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeVoteDecay } from 'poa-primitives/eosio';
 *
 * const week = 7 * 24 * 60 * 60 * 1000;
 * computeVoteDecay(Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1) + 52 * week); // => 0.5
 * computeVoteDecay(Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1)); // => 1
 * ```
 * @see [E27 Vote weight](../RULES.md#e27-vote-weight)
 */
export function computeVoteDecay(votedAt: number, time: number): number {
  assertInteger('computeVoteDecay.votedAt', votedAt, EPOCH_SECONDS * 1000, MAX_TIME);
  assertInteger('computeVoteDecay.time', time, votedAt, MAX_TIME);
  return 1 / powerOfTwo((weekOf(time) - weekOf(votedAt)) / WEEKS_PER_YEAR);
}

/** 2 to a power from 0 to 70, rounded to the nearest double: by the series of e^x over integers, the same on every engine. */
function powerOfTwo(exponent: number): number {
  const whole = Math.floor(exponent);
  // Exact: the least quotient is 1/52, and a double of that size has no bit below 2^-58.
  const fraction = BigInt((exponent - whole) * 2 ** 64);
  const x = (fraction * LN2) >> 64n;
  let sum = 1n << POINT;
  let term = sum;
  for (let i = 1n; term > 0n; i++) {
    term = ((term * x) >> POINT) / i;
    sum += term;
  }
  // 53 bits of a number from 1 to 2, rounded at the next bit; the series has some 70 more.
  const mantissa = (sum + (1n << (POINT - 53n))) >> (POINT - 52n);
  return whole >= 52 ? Number(mantissa << BigInt(whole - 52)) : Number(mantissa) / Number(1n << BigInt(52 - whole));
}
