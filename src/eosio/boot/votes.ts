/**
 * The votes of a boot: who may vote for whom, and whether they are enough for elected producers to take over.
 *
 * @see the boot sequence tutorial, "Vote for producers"; EOSIO/eosio.contracts, `voting.cpp`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, wrongType } from '../../internal/bytes.js';
import { MAX_VOTED_PRODUCERS } from '../election/election.js';
import type { AssetSymbol } from '../encoding/asset.js';
import { compareNames } from '../encoding/name.js';
import type { BootProxy, BootVote } from './config.js';
import { describeAmount } from './funds.js';
import { readAccountName } from './read.js';

/** What the producers of a boot have been given, in units. */
export interface Activation {
  /** What must have voted. */
  readonly threshold: bigint;
  /** What votes, each stake once. */
  readonly voted: bigint;
  /** What is missing; 0 if votes suffice. */
  readonly missing: bigint;
}

/** Who there is. */
export interface Electorate {
  /** Staked units by account. */
  readonly stakes: ReadonlyMap<string, bigint>;
  /** Registered producers. */
  readonly producers: ReadonlySet<string>;
}

/** What votes are drawn from. */
export interface VoteDraw {
  /** Accounts that vote, each once. */
  readonly voters: readonly string[];
  /** Registered producers. */
  readonly producers: readonly string[];
  /** Gives an integer from 0 to `count - 1`, all equally likely. */
  readonly random: (count: number) => number;
  /** Producers that each votes for, 0 to 30; 20 by default. */
  readonly count?: number;
}

/**
 * Draws a vote for each voter as the script does: a random choice of so many producers, or of all but one where there are fewer. The names of a vote
 * are sorted, as the system contract asks.
 *
 * @param draw - voters, producers and a source of randomness
 * @returns one vote for each voter, in their order
 * @throws PoaError `NAME_INVALID` and `ACCOUNT_NAME_INVALID`; `NAME_TAKEN` for a producer who stands there twice; `OUT_OF_RANGE` for a count above 30 and for a
 * `random` that leaves its range
 * @example
 * ```ts
 * import { drawVotes } from 'poa-primitives/eosio';
 *
 * const producers = ['proda', 'prodb', 'prodc'];
 * drawVotes({ voters: ['alice'], producers, random: () => 0, count: 2 }); // => [{ voter: 'alice', producers: ['proda', 'prodb'] }]
 * ```
 * @see EOSIO/eos, bios-boot-tutorial.py; [E20 Votes](../RULES.md#e20-votes)
 */
export function drawVotes(draw: VoteDraw): BootVote[] {
  const where = 'drawVotes';
  assertObject(where, draw);
  const { voters, producers, random, count = 20 } = draw;
  assertArray(`${where}.voters`, voters);
  assertArray(`${where}.producers`, producers);
  if (typeof random !== 'function') throw wrongType(`${where}.random`, 'function', random);
  assertInteger(`${where}.count`, count, 0, MAX_VOTED_PRODUCERS);
  const names = Array.from(producers, (name: unknown, i) => readAccountName(`${where}.producers[${i}]`, name));
  if (new Set(names).size < names.length)
    throw new PoaError('NAME_TAKEN', { where: `${where}.producers`, expected: 'each producer once', got: 'one twice' });
  const chosen = count > names.length ? Math.max(0, names.length - 1) : count;
  return Array.from(voters, (voter: unknown, i) => {
    const left = [...names];
    const drawn: string[] = [];
    for (let j = 0; j < chosen; j++) {
      const index = random(left.length);
      assertInteger(`${where}.random(${left.length})`, index, 0, left.length - 1);
      drawn.push(...left.splice(index, 1));
    }
    return { voter: readAccountName(`${where}.voters[${i}]`, voter), producers: drawn.sort(compareNames) };
  });
}

/**
 * Votes of a configuration, each with its producers sorted.
 *
 * @see [E20 Votes](../RULES.md#e20-votes)
 */
export function readVotes(where: string, value: unknown, electorate: Electorate): BootVote[] {
  assertArray(where, value);
  const seen = new Set<string>();
  return Array.from(value, (vote: unknown, i) => {
    const at = `${where}[${i}]`;
    assertObject(at, vote);
    const voter = readVoter(`${at}.voter`, vote.voter, electorate);
    if (seen.has(voter)) throw voteInvalid(`${at}.voter`, 'one vote for each voter', `${voter} twice`);
    seen.add(voter);
    return { voter, producers: readChoice(`${at}.producers`, vote.producers, electorate) };
  });
}

/** The voting through a proxy of a configuration. */
export function readProxy(
  where: string,
  value: unknown,
  electorate: Electorate,
  first: string,
): Required<BootProxy> | undefined {
  if (value === undefined) return undefined;
  assertObject(where, value);
  const proxy = readVoter(`${where}.proxy`, value.proxy ?? first, electorate);
  const { voters } = value;
  assertArray(`${where}.voters`, voters);
  const seen = new Set<string>();
  const names = Array.from(voters, (voter: unknown, i) => {
    const at = `${where}.voters[${i}]`;
    const name = readVoter(at, voter, electorate);
    if (name === proxy)
      throw new PoaError('PROXY_SELF', { where: at, expected: 'another than the proxy itself', got: name });
    if (seen.has(name)) throw voteInvalid(at, 'each voter once', `${name} twice`);
    seen.add(name);
    return name;
  });
  return { proxy, producers: readChoice(`${where}.producers`, value.producers, electorate), voters: names };
}

function readVoter(where: string, value: unknown, { stakes }: Electorate): string {
  const voter = readAccountName(where, value);
  const stake = stakes.get(voter);
  if (stake === undefined || stake === 0n)
    throw new PoaError('VOTER_UNKNOWN', {
      where,
      expected: 'an account of this boot with a stake',
      got: stake === undefined ? `${voter}, which is none` : `${voter} without a stake`,
    });
  return voter;
}

/** The producers of one vote, by ascending value of their names. */
function readChoice(where: string, value: unknown, { producers }: Electorate): string[] {
  assertArray(where, value);
  if (value.length > MAX_VOTED_PRODUCERS)
    throw new PoaError('VOTES_TOO_MANY', {
      where,
      expected: `at most ${MAX_VOTED_PRODUCERS} producers`,
      got: `${value.length}`,
    });
  const chosen = new Set<string>();
  for (let i = 0; i < value.length; i++) {
    const at = `${where}[${i}]`;
    const name = readAccountName(at, value[i]);
    if (!producers.has(name))
      throw new PoaError('PRODUCER_UNKNOWN', { where: at, expected: 'a registered producer', got: name });
    if (chosen.has(name)) throw voteInvalid(at, 'each producer once', `${name} twice`);
    chosen.add(name);
  }
  return [...chosen].sort(compareNames);
}

/** How far the votes go. With a shortfall they are refused, or told as figures where that is allowed. */
export function computeActivation(
  votes: readonly BootVote[],
  stakes: ReadonlyMap<string, bigint>,
  threshold: bigint,
): Activation {
  const voted = votes.reduce((sum, { voter }) => sum + (stakes.get(voter) ?? 0n), 0n);
  return { threshold, voted, missing: voted < threshold ? threshold - voted : 0n };
}

/**
 * Refuses votes after which `eosio` would go on producing alone.
 *
 * @see [E20 Votes](../RULES.md#e20-votes)
 */
export function checkActivation(
  where: string,
  votes: readonly BootVote[],
  activation: Activation,
  symbol: AssetSymbol,
): void {
  const { threshold, voted, missing } = activation;
  if (missing > 0n)
    throw new PoaError('ACTIVATION_UNREACHABLE', {
      where,
      expected: `voters with at least ${describeAmount(threshold, symbol)} staked`,
      got: `${describeAmount(voted, symbol)}, ${describeAmount(missing, symbol)} too little`,
    });
  if (votes.every(({ producers }) => producers.length === 0))
    throw new PoaError('ACTIVATION_UNREACHABLE', { where, expected: 'a vote for a producer', got: 'votes for none' });
}

function voteInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('VOTE_INVALID', { where, expected, got });
}
