/**
 * The votes counted afresh: whatever rounding has left in the rows over the years is not in here.
 *
 * @see [E31 Tally](../RULES.md#e31-tally)
 * @module
 */

import { assertObject } from '../../internal/bytes.js';
import type { Election } from './election.js';

/** The votes of a producer, counted afresh. */
export interface ProducerTally {
  /** Account. */
  readonly producer: string;
  /** The double nearest to the sum of the weights of all who vote for it. */
  readonly votes: number;
  /** What its row has beyond that, a double: what rounding has left. */
  readonly drift: number;
  /** Voters who name it, proxies among them. */
  readonly voters: number;
}

/**
 * Counts the votes of all producers from the rows of the voters. Proxies count with the weight that they were given to pass on.
 *
 * Doubles are not associative: on a chain a vote that is added and taken back may leave some bits in the total of a producer,
 * and two producers with the same voters may differ in the last bits of theirs. This sum is exact until it is rounded, once,
 * so it depends on the votes that stand, not on their order or on those that are gone. Schedules are elected from the rows,
 * as the contract does.
 *
 * @param election - neither kept nor modified
 * @returns one entry for each producer, in the order of the rows
 * @example
 * ```ts
 * import { computeTally, createElection } from 'poa-primitives/eosio';
 *
 * computeTally(createElection()); // => []
 * ```
 * @see [E31 Tally](../RULES.md#e31-tally)
 */
export function computeTally(election: Election): ProducerTally[] {
  assertObject('computeTally.election', election);
  const weights = new Map<string, number[]>();
  // Who votes through a proxy names no producers.
  for (const { producers, lastVoteWeight } of election.voters) {
    for (const name of producers) {
      const found = weights.get(name);
      if (found === undefined) weights.set(name, [lastVoteWeight]);
      else found.push(lastVoteWeight);
    }
  }
  return election.producers.map(({ owner, totalVotes }) => {
    const found = weights.get(owner) ?? [];
    const votes = sumExactly(found);
    return { producer: owner, votes, drift: totalVotes - votes, voters: found.length };
  });
}

/** The double nearest to the sum of doubles. */
function sumExactly(values: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(8));
  const parts: [mantissa: bigint, exponent: number][] = [];
  let least = 0;
  for (const value of values) {
    view.setFloat64(0, value);
    const high = view.getUint32(0);
    const field = (high >>> 20) & 0x7ff;
    const digits = (BigInt(high & 0xf_ffff) << 32n) | BigInt(view.getUint32(4));
    const mantissa = field === 0 ? digits : digits | (1n << 52n);
    const exponent = Math.max(field, 1) - 1075;
    parts.push([value < 0 ? -mantissa : mantissa, exponent]);
    if (exponent < least) least = exponent;
  }
  let sum = 0n;
  for (const [mantissa, exponent] of parts) sum += mantissa << BigInt(exponent - least);
  return toDouble(sum, least);
}

/** The double nearest to `value * 2^exponent`. */
function toDouble(value: bigint, exponent: number): number {
  const magnitude = value < 0n ? -value : value;
  const surplus = Math.max(0, magnitude.toString(16).length * 4 - 64);
  const shifted = magnitude >> BigInt(surplus);
  // The last bit stands for all that was cut off, so that rounding knows on which side of the middle it is.
  const cut = shifted << BigInt(surplus) === magnitude ? shifted : shifted | 1n;
  const rounded = Number(cut);
  let power = exponent + surplus;
  let result = rounded;
  for (; power < -1000; power += 1000) result *= 2 ** -1000;
  result *= 2 ** power;
  return value < 0n ? -result : result;
}
