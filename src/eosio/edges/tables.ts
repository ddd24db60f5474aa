/**
 * The tables of the system contract as nodes give them: producers of `get_producers` and of table rows, voters, and the global
 * state, both ways.
 *
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 * @module
 */

import { assertArray, assertInteger, assertObject, assertUint } from '../../internal/bytes.js';
import { type JsonObject, jsonInvalid, member, readArray, readObject } from '../../internal/json.js';
import {
  assertDouble,
  checkProducer,
  checkVoter,
  createElection,
  type Election,
  type Producer,
  type Voter,
} from '../election/election.js';
import { computeSlotTime } from '../encoding/time.js';
import {
  at,
  type RpcAuthority,
  readAuthority,
  readDouble,
  readFlag,
  readInteger,
  readKey,
  readName,
  readText,
  readTime,
  readUint,
  show,
  writeAuthority,
  writeDouble,
  writeKey,
  writeTime,
} from './read.js';

const U32_MAX = 0xffff_ffff;
const U64_MAX = 18_446_744_073_709_551_615n;
const I64_MAX = 9_223_372_036_854_775_807n;

/** A row of the table `producers`, in the JSON of a node. */
export interface RpcProducer {
  /** Account. */
  readonly owner: string;
  /** A double with 17 places behind the point. */
  readonly total_votes: string;
  /** Key; of zeros after `unregprod`. */
  readonly producer_key: string;
  /** 1 or 0. */
  readonly is_active: 0 | 1;
  /** Text. */
  readonly url: string;
  /** u32. */
  readonly unpaid_blocks: number;
  /** ISO text. */
  readonly last_claim_time: string;
  /** u16. */
  readonly location: number;
  /** Left out where `regproducer2` has set none. */
  readonly producer_authority?: RpcAuthority;
}

/** A row of the table `voters`, in the JSON of a node. */
export interface RpcVoter {
  /** Account. */
  readonly owner: string;
  /** Account or empty text. */
  readonly proxy: string;
  /** Accounts. */
  readonly producers: readonly string[];
  /** A number, or a text from 2^32 on, as nodes write 64-bit integers. */
  readonly staked: number | string;
  /** A double with 17 places behind the point. */
  readonly last_vote_weight: string;
  /** The same. */
  readonly proxied_vote_weight: string;
  /** 1 or 0. */
  readonly is_proxy: 0 | 1;
}

/** What an election needs of the table `global`, in the JSON of a node. */
export interface RpcGlobal {
  /** A number, or a text from 2^32 on. */
  readonly total_activated_stake: number | string;
  /** ISO text; 1970 before the chain is activated. */
  readonly thresh_activated_stake_time: string;
  /** A double with 17 places behind the point. */
  readonly total_producer_vote_weight: string;
  /** ISO text of a slot. */
  readonly last_producer_schedule_update: string;
  /** u16. */
  readonly last_producer_schedule_size: number;
}

/**
 * Reads producers: the answer of `get_producers` or of `get_table_rows`, or an array of rows. With `limit` a node gives the
 * first only: go on with `more` as the next lower bound until it is empty, and hand in all rows together.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns rows, in the order of the answer
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { producersFromRpc, producersToRpc } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * producersFromRpc({ rows: producersToRpc(election.producers), more: '' }); // => election.producers
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function producersFromRpc(json: unknown): Producer[] {
  return readRows('producers', json, readProducer);
}

/** Rows in an answer, or alone. */
function readRows<T>(where: string, json: unknown, read: (where: string, row: JsonObject) => T): T[] {
  const [path, rows] = Array.isArray(json) ? [where, json as unknown] : at(where, readObject(where, json), 'rows');
  return readArray(path, rows, (item, row) => read(item, readObject(item, row)));
}

/** A member that older nodes and contracts leave out. */
function readOptional<T>([where, value]: [string, unknown], other: T, read: (where: string, value: unknown) => T): T {
  return value === undefined || value === null ? other : read(where, value);
}

function readProducer(where: string, row: JsonObject): Producer {
  return {
    owner: readName(...at(where, row, 'owner')),
    totalVotes: readDouble(...at(where, row, 'total_votes')),
    producerKey: readKey(...at(where, row, 'producer_key')),
    authority: readOptional(at(where, row, 'producer_authority'), null, readAuthority),
    isActive: readFlag(...at(where, row, 'is_active')),
    url: readOptional(at(where, row, 'url'), '', readText),
    location: readOptional(at(where, row, 'location'), 0, (path, value) => readUint(path, value, 0xffff)),
    unpaidBlocks: readOptional(at(where, row, 'unpaid_blocks'), 0, (path, value) => readUint(path, value, U32_MAX)),
    lastClaimTime: readOptional(at(where, row, 'last_claim_time'), 0, readClaimTime),
  };
}

/** A text, or microseconds as nodes of version 1 write them. */
function readClaimTime(where: string, value: unknown): number {
  if (typeof value === 'string' && value.includes('T')) return readTime(where, value);
  return Math.floor(Number(readInteger(where, value, 0n, U64_MAX >> 11n)) / 1000);
}

/**
 * Writes producers.
 *
 * @param producers - rows
 * @returns what `get_producers` gives as `rows`
 * @throws PoaError `TIME_INVALID`; of a row that no table holds `NAME_INVALID`, `OUT_OF_RANGE`, `KEY_TYPE_UNSUPPORTED` and
 * `URL_TOO_LONG`
 * @example
 * ```ts
 * import { producersToRpc } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * const [row] = producersToRpc(election.producers);
 * [row.owner, row.is_active, row.url]; // => ['proda', 1, '']
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function producersToRpc(producers: readonly Producer[]): RpcProducer[] {
  const where = 'producersToRpc.producers';
  assertArray(where, producers);
  for (let i = 0; i < producers.length; i++) checkProducer(`${where}[${i}]`, producers[i]);
  return producers.map((row) => ({
    owner: row.owner,
    total_votes: writeDouble(row.totalVotes),
    producer_key: writeKey(row.producerKey),
    is_active: row.isActive ? 1 : 0,
    url: row.url,
    unpaid_blocks: row.unpaidBlocks,
    last_claim_time: writeTime(row.lastClaimTime),
    location: row.location,
    ...(row.authority && { producer_authority: writeAuthority(row.authority) }),
  }));
}

/**
 * Reads voters: the answer of `get_table_rows`, an array of rows, or `voter_info` of `get_account` in an array.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns rows, in the order of the answer
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { votersFromRpc, votersToRpc } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * votersFromRpc({ rows: votersToRpc(election.voters) }); // => election.voters
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function votersFromRpc(json: unknown): Voter[] {
  return readRows('voters', json, (where, row) => ({
    owner: readName(...at(where, row, 'owner')),
    proxy: readName(...at(where, row, 'proxy')),
    producers: readArray(...at(where, row, 'producers'), readName),
    staked: readInteger(...at(where, row, 'staked'), 0n, I64_MAX),
    lastVoteWeight: readDouble(...at(where, row, 'last_vote_weight')),
    proxiedVoteWeight: readDouble(...at(where, row, 'proxied_vote_weight')),
    isProxy: readFlag(...at(where, row, 'is_proxy')),
  }));
}

/**
 * Writes voters.
 *
 * @param voters - rows
 * @returns what `get_table_rows` gives as `rows`
 * @throws PoaError of a row that no table holds `NAME_INVALID`, `OUT_OF_RANGE`, `VOTES_TOO_MANY`, `VOTES_UNSORTED` and
 * `ELECTION_INVALID`
 * @example
 * ```ts
 * import { votersToRpc } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * votersToRpc(election.voters)[0].staked; // => 10_000
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function votersToRpc(voters: readonly Voter[]): RpcVoter[] {
  const where = 'votersToRpc.voters';
  assertArray(where, voters);
  for (let i = 0; i < voters.length; i++) checkVoter(`${where}[${i}]`, voters[i]);
  return voters.map(({ owner, proxy, producers, staked, lastVoteWeight, proxiedVoteWeight, isProxy }) => ({
    owner,
    proxy,
    producers: [...producers],
    staked: writeInteger(staked),
    last_vote_weight: writeDouble(lastVoteWeight),
    proxied_vote_weight: writeDouble(proxiedVoteWeight),
    is_proxy: isProxy ? 1 : 0,
  }));
}

/** Nodes write 64-bit integers as text where a 32-bit one would not hold them. */
function writeInteger(value: bigint): number | string {
  return value > BigInt(U32_MAX) ? value.toString() : Number(value);
}

/** The rows of an election as nodes give them. */
export interface RpcElection {
  /** Answer or rows of the table `producers`. */
  readonly producers: unknown;
  /** The row of the table `global`. */
  readonly global: unknown;
  /** Answer or rows of the table `voters`; not needed to explain a producer. */
  readonly voters?: unknown;
}

/**
 * Reads an election out of the tables of a node.
 *
 * @param json - the tables, from anyone
 * @param minActivatedStake - units of 0.0001 tokens that activate the chain; by default those of the contract
 * @returns what `explainProducer` and others take
 * @throws PoaError `JSON_INVALID` with the path to what is wrong; what {@link createElection} throws
 * @example
 * ```ts
 * import { electionFromRpc, globalToRpc, producersToRpc, votersToRpc } from 'poa-primitives/eosio';
 * import { election } from './eosio-chain-sample.js';
 *
 * const { producers, voters } = election;
 * const tables = { producers: producersToRpc(producers), global: globalToRpc(election), voters: votersToRpc(voters) };
 * electionFromRpc(tables); // => election
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function electionFromRpc(json: RpcElection, minActivatedStake?: bigint): Election {
  const tables = readObject('election', json);
  const global = readGlobal('election.global', readObject('election.global', member(tables, 'global')));
  const voters = member(tables, 'voters');
  return createElection({
    ...global,
    producers: producersFromRpc(member(tables, 'producers')),
    voters: voters === undefined ? [] : votersFromRpc(voters),
    ...(minActivatedStake !== undefined && { minActivatedStake }),
  });
}

function readGlobal(
  where: string,
  row: JsonObject,
): Pick<
  Election,
  'totalActivatedStake' | 'activationTime' | 'totalProducerVoteWeight' | 'lastScheduleUpdate' | 'lastScheduleSize'
> {
  const activated = readClaimTime(...at(where, row, 'thresh_activated_stake_time'));
  return {
    totalActivatedStake: readInteger(...at(where, row, 'total_activated_stake'), 0n, I64_MAX),
    activationTime: activated === 0 ? null : activated,
    totalProducerVoteWeight: readDouble(...at(where, row, 'total_producer_vote_weight')),
    lastScheduleUpdate: readUpdate(...at(where, row, 'last_producer_schedule_update')),
    lastScheduleSize: readUint(...at(where, row, 'last_producer_schedule_size'), 0xffff),
  };
}

/** The time of a slot. */
function readUpdate(where: string, value: unknown): number {
  const slot = (readTime(where, value) - computeSlotTime(0)) / 500;
  if (!Number.isInteger(slot) || slot < 0 || slot > U32_MAX)
    throw jsonInvalid(where, 'a time of a block: whole half seconds from 2000 on', show(value));
  return slot;
}

/**
 * Writes what an election has of the global state.
 *
 * @param election - the state
 * @returns those members of the row of the table `global`
 * @throws PoaError `TIME_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { createElection, globalToRpc } from 'poa-primitives/eosio';
 *
 * globalToRpc(createElection()).thresh_activated_stake_time; // => '1970-01-01T00:00:00.000'
 * ```
 * @see [E63 Tables of nodes](../RULES.md#e63-tables-of-nodes)
 */
export function globalToRpc(election: Election): RpcGlobal {
  const where = 'globalToRpc.election';
  assertObject(where, election);
  assertUint(`${where}.totalActivatedStake`, election.totalActivatedStake, 63);
  assertDouble(`${where}.totalProducerVoteWeight`, election.totalProducerVoteWeight);
  assertInteger(`${where}.lastScheduleSize`, election.lastScheduleSize, 0, 0xffff);
  return {
    total_activated_stake: writeInteger(election.totalActivatedStake),
    thresh_activated_stake_time: writeTime(election.activationTime ?? 0),
    total_producer_vote_weight: writeDouble(election.totalProducerVoteWeight),
    last_producer_schedule_update: writeTime(computeSlotTime(election.lastScheduleUpdate)),
    last_producer_schedule_size: election.lastScheduleSize,
  };
}
