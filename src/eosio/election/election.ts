/**
 * What the system contract knows of an election: producers, voters, and whether the chain is activated.
 *
 * @see [E29 State of an election](../RULES.md#e29-state-of-an-election)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, assertUint, copyOf, wrongType } from '../../internal/bytes.js';
import { assertCurveData, PUBLIC_KEY_SIZE, type PublicKey } from '../encoding/key.js';
import { checkName, compareNames } from '../encoding/name.js';
import type { BlockSigningAuthority } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';
import { MIN_ACTIVATED_STAKE } from './activation.js';

/** Most producers that one voter can vote for. */
export const MAX_VOTED_PRODUCERS = 30;
/** A URL of a producer is shorter than this, in bytes of UTF-8. */
export const URL_SIZE_LIMIT = 512;

const U32_MAX = 0xffff_ffff;
const MAX_AUTHORITY_KEYS = 0xffff;

/** A row of the table `producers`. */
export interface Producer {
  /** Account. */
  readonly owner: string;
  /** Sum of the weights of all votes, a double. */
  readonly totalVotes: number;
  /** The key that signs its blocks; 33 zero bytes after `unregprod`. */
  readonly producerKey: PublicKey;
  /** Several keys with weights instead, where `regproducer2` has set them; else null. */
  readonly authority: BlockSigningAuthority | null;
  /** False after `unregprod`. */
  readonly isActive: boolean;
  /** Text of the producer. */
  readonly url: string;
  /** u16. Stored; plays no part in the order of a schedule. */
  readonly location: number;
  /** u32, blocks since the last claim. */
  readonly unpaidBlocks: number;
  /** Milliseconds since 1970 of the last claim, or of the registration. */
  readonly lastClaimTime: number;
}

/** A row of the table `voters`. */
export interface Voter {
  /** Account. */
  readonly owner: string;
  /** Account that votes instead, or an empty text. */
  readonly proxy: string;
  /** Accounts voted for, ascending by name value, at most 30. */
  readonly producers: readonly string[];
  /** Units of 0.0001 tokens, below 2^63. */
  readonly staked: bigint;
  /** Weight of the last vote, a double; 0 before the first. */
  readonly lastVoteWeight: number;
  /** Sum of the weights of those who vote through this account, a double. */
  readonly proxiedVoteWeight: number;
  /** Whether others may vote through this account. */
  readonly isProxy: boolean;
}

/** The state of an election: plain immutable data. */
export interface Election {
  /** Ascending by name value. */
  readonly producers: readonly Producer[];
  /** Ascending by name value. */
  readonly voters: readonly Voter[];
  /** Units of 0.0001 tokens that have voted before the chain was activated. */
  readonly totalActivatedStake: bigint;
  /** Units of 0.0001 tokens that activate the chain. */
  readonly minActivatedStake: bigint;
  /** Milliseconds since 1970 when the chain was activated, or null. */
  readonly activationTime: number | null;
  /** Sum of the changes of all producers' votes, a double. */
  readonly totalProducerVoteWeight: number;
  /** u32, slot of the block in which the schedule was last looked at. */
  readonly lastScheduleUpdate: number;
  /** u16, producers of the last proposal that was accepted; no proposal is smaller. */
  readonly lastScheduleSize: number;
}

/**
 * Makes the state of an election, and checks all of it.
 *
 * @param rows - what is known; by default nothing: no producers, no voters, {@link MIN_ACTIVATED_STAKE}, not activated. Rows
 * in any order; neither kept nor modified
 * @returns a state that shares nothing with the rows
 * @throws PoaError `NAME_INVALID`; `OUT_OF_RANGE`; `KEY_TYPE_UNSUPPORTED`; `URL_TOO_LONG`; `VOTES_TOO_MANY`;
 * `VOTES_UNSORTED`; `ELECTION_INVALID` for rows that contradict each other: an owner twice, a vote for a producer or through
 * a proxy that has no row, both at once, a proxy that votes through another, proxies in a circle
 * @example
 * ```ts
 * import { createElection, MIN_ACTIVATED_STAKE } from 'poa-primitives/eosio';
 *
 * const election = createElection();
 * election.minActivatedStake; // => MIN_ACTIVATED_STAKE
 * election.activationTime; // => null
 * ```
 * @see EOSIO/eosio.contracts, `eosio.system.hpp`; [E29 State of an election](../RULES.md#e29-state-of-an-election)
 */
export function createElection(rows: Partial<Election> = {}): Election {
  const where = 'createElection';
  assertObject(where, rows);
  const { producers = [], voters = [], totalActivatedStake = 0n, minActivatedStake = MIN_ACTIVATED_STAKE } = rows;
  const { activationTime = null, totalProducerVoteWeight = 0, lastScheduleUpdate = 0, lastScheduleSize = 0 } = rows;
  assertArray(`${where}.producers`, producers);
  assertArray(`${where}.voters`, voters);
  assertUint(`${where}.totalActivatedStake`, totalActivatedStake, 63);
  assertUint(`${where}.minActivatedStake`, minActivatedStake, 63);
  if (activationTime !== null) assertInteger(`${where}.activationTime`, activationTime, 0, Number.MAX_SAFE_INTEGER);
  assertDouble(`${where}.totalProducerVoteWeight`, totalProducerVoteWeight);
  assertInteger(`${where}.lastScheduleUpdate`, lastScheduleUpdate, 0, U32_MAX);
  assertInteger(`${where}.lastScheduleSize`, lastScheduleSize, 0, 0xffff);
  // Not `forEach`, here and below: it would pass over the holes of a sparse array.
  for (let i = 0; i < producers.length; i++) checkProducer(`${where}.producers[${i}]`, producers[i]);
  for (let i = 0; i < voters.length; i++) checkVoter(`${where}.voters[${i}]`, voters[i]);
  const draft = openElection({
    producers: producers as readonly Producer[],
    voters: voters as readonly Voter[],
    totalActivatedStake,
    minActivatedStake,
    activationTime,
    totalProducerVoteWeight,
    lastScheduleUpdate,
    lastScheduleSize,
  });
  if (draft.producers.size !== producers.length) throw invalid(`${where}.producers`, 'each owner once', 'one twice');
  if (draft.voters.size !== voters.length) throw invalid(`${where}.voters`, 'each owner once', 'one twice');
  checkVotes(where, draft);
  return closeElection(draft);
}

/** A finite double; another type is a `TypeError`. */
export function assertDouble(where: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw wrongType(where, 'number', value);
  if (!Number.isFinite(value))
    throw new PoaError('OUT_OF_RANGE', { where, expected: 'a finite number', got: `${value}` });
}

export function assertBoolean(where: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw wrongType(where, 'boolean', value);
}

/** Fewer than 512 bytes of UTF-8. */
export function assertUrl(where: string, url: unknown): asserts url is string {
  if (typeof url !== 'string') throw wrongType(where, 'string', url);
  let size = 0;
  // By code points: three bytes for one half of a surrogate pair, four for both.
  for (const character of url.slice(0, URL_SIZE_LIMIT)) {
    const code = character.codePointAt(0) as number;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  if (size >= URL_SIZE_LIMIT || url.length >= URL_SIZE_LIMIT)
    throw new PoaError('URL_TOO_LONG', {
      where,
      expected: `less than ${URL_SIZE_LIMIT} bytes`,
      got: `${Math.max(size, url.length)} or more bytes`,
    });
}

/** The authority of a row: whatever the table may hold, a threshold of 0 among it. */
export function assertAuthority(where: string, authority: unknown): asserts authority is BlockSigningAuthority {
  assertObject(where, authority);
  assertInteger(`${where}.threshold`, authority.threshold, 0, U32_MAX);
  assertArray(`${where}.keys`, authority.keys);
  const { keys } = authority;
  assertInteger(`${where}.keys.length`, keys.length, 0, MAX_AUTHORITY_KEYS);
  for (let i = 0; i < keys.length; i++) {
    const item = keys[i];
    assertObject(`${where}.keys[${i}]`, item);
    assertCurveData(`${where}.keys[${i}].key`, item.key, PUBLIC_KEY_SIZE);
    assertInteger(`${where}.keys[${i}].weight`, item.weight, 0, 0xffff);
  }
}

/** Whatever the table `producers` may hold in a row. */
export function checkProducer(where: string, producer: unknown): asserts producer is Producer {
  assertObject(where, producer);
  checkName(`${where}.owner`, producer.owner);
  assertDouble(`${where}.totalVotes`, producer.totalVotes);
  assertCurveData(`${where}.producerKey`, producer.producerKey, PUBLIC_KEY_SIZE);
  if (producer.authority !== null) assertAuthority(`${where}.authority`, producer.authority);
  assertBoolean(`${where}.isActive`, producer.isActive);
  assertUrl(`${where}.url`, producer.url);
  assertInteger(`${where}.location`, producer.location, 0, 0xffff);
  assertInteger(`${where}.unpaidBlocks`, producer.unpaidBlocks, 0, U32_MAX);
  assertInteger(`${where}.lastClaimTime`, producer.lastClaimTime, 0, Number.MAX_SAFE_INTEGER);
}

/** Whatever the table `voters` may hold in a row. */
export function checkVoter(where: string, voter: unknown): asserts voter is Voter {
  assertObject(where, voter);
  checkName(`${where}.owner`, voter.owner);
  checkName(`${where}.proxy`, voter.proxy);
  assertVotedProducers(`${where}.producers`, voter.producers);
  assertUint(`${where}.staked`, voter.staked, 63);
  assertDouble(`${where}.lastVoteWeight`, voter.lastVoteWeight);
  assertDouble(`${where}.proxiedVoteWeight`, voter.proxiedVoteWeight);
  assertBoolean(`${where}.isProxy`, voter.isProxy);
  if (voter.proxy !== '' && voter.producers.length > 0)
    throw invalid(where, 'a proxy or producers', 'both at the same time');
  if (voter.proxy !== '' && voter.isProxy)
    throw invalid(`${where}.proxy`, 'none for an account that is a proxy', describeText(voter.proxy));
}

/** At most 30 names, ascending by value, none twice. */
export function assertVotedProducers(where: string, producers: unknown): asserts producers is readonly string[] {
  assertArray(where, producers);
  if (producers.length > MAX_VOTED_PRODUCERS)
    throw new PoaError('VOTES_TOO_MANY', {
      where,
      expected: `at most ${MAX_VOTED_PRODUCERS} producers`,
      got: `${producers.length}`,
    });
  for (let i = 0; i < producers.length; i++) {
    const name = producers[i];
    checkName(`${where}[${i}]`, name);
    if (i > 0 && compareNames(producers[i - 1] as string, name) >= 0)
      throw new PoaError('VOTES_UNSORTED', {
        where: `${where}[${i}]`,
        expected: `a name above ${describeText(producers[i - 1] as string)}`,
        got: describeText(name),
      });
  }
}

/** Whoever is voted for or through has a row; no chain of proxies comes back to where it began. */
function checkVotes(where: string, { producers, voters }: ElectionDraft): void {
  const settled = new Set<string>();
  for (const voter of voters.values()) {
    for (const name of voter.producers)
      if (!producers.has(name))
        throw invalid(`${where}.voters`, 'votes for producers that have a row', `one for ${describeText(name)}`);
    const path = new Set<string>();
    for (let at = voter; !settled.has(at.owner); ) {
      path.add(at.owner);
      if (at.proxy === '') break;
      const next = voters.get(at.proxy);
      if (next === undefined)
        throw invalid(`${where}.voters`, 'proxies that have a row', `a vote through ${describeText(at.proxy)}`);
      if (path.has(next.owner))
        throw invalid(`${where}.voters`, 'no circle of proxies', `one through ${describeText(next.owner)}`);
      at = next;
    }
    for (const name of path) settled.add(name);
  }
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('ELECTION_INVALID', { where, expected, got });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A row in the making. */
export type ProducerDraft = Mutable<Producer>;
/** A row in the making. */
export type VoterDraft = Mutable<Voter>;

/** An election in the making, private to one call: rows by owner, in no order. */
export interface ElectionDraft extends Mutable<Omit<Election, 'producers' | 'voters'>> {
  readonly producers: Map<string, ProducerDraft>;
  readonly voters: Map<string, VoterDraft>;
}

/** A draft that shares nothing with the election. */
export function openElection(election: Election): ElectionDraft {
  return {
    ...election,
    producers: new Map(election.producers.map((producer) => [producer.owner, copyProducer(producer)])),
    voters: new Map(election.voters.map((voter) => [voter.owner, copyVoter(voter)])),
  };
}

/** The election that a draft has come to; the draft is not used any more. */
export function closeElection({ producers, voters, ...rest }: ElectionDraft): Election {
  const byOwner = (a: { owner: string }, b: { owner: string }): number => compareNames(a.owner, b.owner);
  return { ...rest, producers: [...producers.values()].sort(byOwner), voters: [...voters.values()].sort(byOwner) };
}

/** A copy without any other members than those of a row. */
export function copyProducer({ producerKey, authority, ...rest }: Producer): ProducerDraft {
  const { owner, totalVotes, isActive, url, location, unpaidBlocks, lastClaimTime } = rest;
  return {
    owner,
    totalVotes,
    producerKey: copyKey(producerKey),
    authority: authority === null ? null : copyAuthority(authority),
    isActive,
    url,
    location,
    unpaidBlocks,
    lastClaimTime,
  };
}

function copyVoter(voter: Voter): VoterDraft {
  const { owner, proxy, producers, staked, lastVoteWeight, proxiedVoteWeight, isProxy } = voter;
  return { owner, proxy, producers: [...producers], staked, lastVoteWeight, proxiedVoteWeight, isProxy };
}

export function copyKey({ curve, data }: PublicKey): PublicKey {
  return { curve, data: copyOf(data) };
}

export function copyAuthority({ threshold, keys }: BlockSigningAuthority): BlockSigningAuthority {
  return { threshold, keys: keys.map(({ key, weight }) => ({ key: copyKey(key), weight })) };
}
