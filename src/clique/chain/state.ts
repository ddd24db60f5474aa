/**
 * What a verifier knows: the state that the fold carries from header to header.
 *
 * @see [C8 State](../RULES.md#c8-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertBytesArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  compareBytes,
  copyOf,
  describeBytes,
  equalBytes,
  wrongType,
} from '../../internal/bytes.js';
import { treeSet } from '../../internal/byteTree.js';
import { BLOCK_PERIOD, EPOCH_LENGTH } from '../encoding/constants.js';
import { parseExtraData } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from '../encoding/hash.js';
import { type Header, locateHeader } from '../encoding/header.js';
import { indexOfSigner, type Vote, type VoteTree } from './votes.js';

/** The constants of a chain, all of which a state carries. */
export interface Config {
  /** Seconds that a block comes after its parent at least; 15 by default. With 0, empty blocks are not sealed. */
  readonly period: number;
  /** Blocks from one checkpoint to the next, at least 1; 30000 by default. */
  readonly epoch: number;
  /** u64, the first block with a base fee; null, the default, if there is none. */
  readonly londonBlock: bigint | null;
}

/** Who signed a block not long ago. */
export interface RecentSigner {
  /** u64, height of the block. */
  readonly number: bigint;
  /** 20 bytes. */
  readonly signer: Uint8Array;
}

/** Where the signer of a block stood in the list that judged it. */
export interface SignerPosition {
  /** Index in the ascending list. */
  readonly index: number;
  /** Length of the list. */
  readonly count: number;
}

/** A state: plain immutable data. States share what a block did not change, so none may be written to. */
export interface State {
  /** Constants of the chain. */
  readonly config: Config;
  /** 32 bytes, hash of the block that the state began with. */
  readonly anchorHash: Uint8Array;
  /** 32 bytes, hash of the latest block. */
  readonly hash: Uint8Array;
  /** u64, height of the latest block. */
  readonly number: bigint;
  /** u64 seconds, of the latest block. */
  readonly timestamp: bigint;
  /** u64, of the latest block. */
  readonly gasLimit: bigint;
  /** u64, of the latest block. */
  readonly gasUsed: bigint;
  /** u256 wei, of the latest block; null before London. */
  readonly baseFeePerGas: bigint | null;
  /** u256, sum of difficulties up to the latest block. */
  readonly totalDifficulty: bigint;
  /** 20 bytes each, ascending. */
  readonly signers: readonly Uint8Array[];
  /** Who signed the last blocks, oldest first, at most SIGNER_LIMIT of them. */
  readonly recents: readonly RecentSigner[];
  /** Votes that count; read them with `listVotes` or `computeTally`. */
  readonly votes: VoteTree;
  /** Where the signer of the latest block stood; null at the anchor. */
  readonly position: SignerPosition | null;
}

/** Signers, recents and votes at a block, as `clique_getSnapshot` gives them. */
export interface Snapshot {
  /** u64, height of the block. */
  readonly number: bigint;
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 20 bytes each, in any order. */
  readonly signers: readonly Uint8Array[];
  /** Who signed the last blocks, in any order. */
  readonly recents: readonly RecentSigner[];
  /** Votes that count, in any order. */
  readonly votes: readonly Vote[];
}

/** What a verifier trusts to begin with. */
export interface Anchor {
  /** RLP of a genesis or checkpoint header, which lists its signers; of any header if there is a snapshot. Its seal is not checked. */
  readonly header: Uint8Array;
  /** Constants of the chain. */
  readonly config?: Partial<Config>;
  /** Signers, recents and votes at the header. Without it recents and votes are empty, as go-ethereum has it at a trusted checkpoint. */
  readonly snapshot?: Snapshot;
  /** u256, sum of difficulties up to the header; by default the header's own, which is right at genesis. */
  readonly totalDifficulty?: bigint;
  /** 32 bytes; by default the hash of the header. */
  readonly anchorHash?: Uint8Array;
}

/**
 * Makes a state out of what a verifier trusts, and checks all of it.
 *
 * A checkpoint says who may sign, not who signed last: until SIGNER_LIMIT blocks have passed, a state that began at one takes headers
 * that a state from genesis would refuse as signed too soon. A snapshot closes that gap.
 *
 * @param anchor - neither kept nor modified
 * @returns a state that shares nothing with the anchor
 * @throws PoaError `MALFORMED` for the header; `VANITY_MISSING`, `SEAL_MISSING`, `CHECKPOINT_SIGNERS_MALFORMED` for its extra-data;
 * `OUT_OF_RANGE` for a number or a length that does not fit; `STATE_INVALID` for what contradicts itself: a header that is no
 * checkpoint or lists no signers, without a snapshot; a snapshot of another block; signers, recents or votes that no chain leads to
 * @example
 * ```ts
 * import { createState } from 'poa-primitives/clique';
 * import { genesis, signers } from './clique-sample.js';
 *
 * const state = createState({ header: genesis, config: { period: 5 } });
 * state.signers; // => signers
 * ```
 * @see EIP-225, "EPOCH_LENGTH"; [C8 State](../RULES.md#c8-state), [C9 Checkpoints are trusted](../RULES.md#c9-checkpoints-are-trusted)
 */
export function createState(anchor: Anchor): State {
  const where = 'createState';
  assertObject(where, anchor);
  assertBytes(`${where}.header`, anchor.header);
  const { header } = locateHeader(`${where}.header`, anchor.header);
  const hash = keccak256(anchor.header);
  const config = readConfig(`${where}.config`, anchor.config === undefined ? {} : anchor.config);
  const { snapshot, totalDifficulty = header.difficulty, anchorHash = hash } = anchor;
  const { signers, recents, votes } =
    snapshot === undefined ? snapshotOf(header, config) : checkSnapshot(snapshot, header, hash, config);
  const { number, timestamp, gasLimit, gasUsed, baseFeePerGas } = header;
  return assembleState(where, {
    config,
    anchorHash,
    hash,
    number,
    timestamp,
    gasLimit,
    gasUsed,
    baseFeePerGas,
    totalDifficulty,
    signers,
    recents,
    votes,
    position: null,
  });
}

/** Reads the constants of a chain, the defaults of EIP-225 in place of what is missing. */
export function readConfig(where: string, options: Partial<Config>): Config {
  assertObject(where, options);
  const { period = BLOCK_PERIOD, epoch = EPOCH_LENGTH, londonBlock = null } = options;
  assertInteger(`${where}.period`, period, 0, Number.MAX_SAFE_INTEGER);
  assertInteger(`${where}.epoch`, epoch, 1, Number.MAX_SAFE_INTEGER);
  if (londonBlock !== null) assertUint(`${where}.londonBlock`, londonBlock, 64);
  return { period, epoch, londonBlock };
}

/** Whether a block resets the votes and lists the signers. */
export function isCheckpoint(config: Config, number: bigint): boolean {
  return number % BigInt(config.epoch) === 0n;
}

/** Whether a block has a base fee. */
export function isLondon({ londonBlock }: Config, number: bigint): boolean {
  return londonBlock !== null && number >= londonBlock;
}

/** SIGNER_LIMIT: of so many consecutive blocks a signer may sign one, and a vote passes with so many votes. */
export function signerLimitOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** What a trusted header of a checkpoint says. */
function snapshotOf(header: Header, config: Config): Pick<Snapshot, 'signers' | 'recents' | 'votes'> {
  if (!isCheckpoint(config, header.number))
    throw invalid(
      'createState.header',
      `a checkpoint, a block whose number is a multiple of ${config.epoch}`,
      `block ${header.number} without a snapshot`,
    );
  const { signers } = parseExtraData(header.extraData);
  if (signers.length === 0) throw invalid('createState.header.extraData', 'at least one signer', 'none');
  return { signers, recents: [], votes: [] };
}

/** A snapshot must be that of the header, and of the signers that the header lists if it is a checkpoint. */
function checkSnapshot(snapshot: Snapshot, header: Header, hash: Uint8Array, config: Config): Snapshot {
  const where = 'createState.snapshot';
  assertObject(where, snapshot);
  assertUint(`${where}.number`, snapshot.number, 64);
  assertFixedBytes(`${where}.hash`, snapshot.hash, HASH_SIZE);
  if (snapshot.number !== header.number)
    throw invalid(`${where}.number`, `${header.number}, as in the header`, `${snapshot.number}`);
  if (!equalBytes(snapshot.hash, hash))
    throw invalid(`${where}.hash`, `${describeBytes(hash)}, that of the header`, describeBytes(snapshot.hash));
  if (isCheckpoint(config, header.number)) {
    const listed = sortSigners('createState.header.extraData', parseExtraData(header.extraData).signers);
    const given = sortSigners(`${where}.signers`, snapshot.signers);
    if (listed.length !== given.length || listed.some((signer, i) => !equalBytes(signer, given[i] as Uint8Array)))
      throw invalid(`${where}.signers`, `the ${listed.length} signers of the checkpoint`, `${given.length} others`);
  }
  return snapshot;
}

/** A state whose parts are not checked yet, its votes as a list. */
export interface StateParts extends Omit<State, 'votes'> {
  readonly votes: readonly Vote[];
}

/** Checks the parts of a state and puts copies of them together. */
export function assembleState(where: string, parts: StateParts): State {
  const { config, anchorHash, hash, number, timestamp, gasLimit, gasUsed, baseFeePerGas, totalDifficulty } = parts;
  assertFixedBytes(`${where}.anchorHash`, anchorHash, HASH_SIZE);
  assertFixedBytes(`${where}.hash`, hash, HASH_SIZE);
  assertUint(`${where}.number`, number, 64);
  assertUint(`${where}.timestamp`, timestamp, 64);
  assertUint(`${where}.gasLimit`, gasLimit, 64);
  assertUint(`${where}.gasUsed`, gasUsed, 64);
  if (baseFeePerGas !== null) assertUint(`${where}.baseFeePerGas`, baseFeePerGas, 256);
  assertUint(`${where}.totalDifficulty`, totalDifficulty, 256);
  const london = isLondon(config, number);
  if (london !== (baseFeePerGas !== null))
    throw invalid(
      `${where}.baseFeePerGas`,
      london ? `a base fee at block ${number}, London being block ${config.londonBlock}` : 'none before London',
      london ? 'none' : `${baseFeePerGas} wei`,
    );
  const signers = sortSigners(`${where}.signers`, parts.signers);
  return {
    config: { ...config },
    anchorHash: copyOf(anchorHash),
    hash: copyOf(hash),
    number,
    timestamp,
    gasLimit,
    gasUsed,
    baseFeePerGas,
    totalDifficulty,
    signers,
    recents: sortRecents(`${where}.recents`, parts.recents, number, signerLimitOf(signers.length)),
    votes: plantVotes(`${where}.votes`, parts.votes, signers, config, number),
    position: checkPosition(`${where}.position`, parts.position),
  };
}

/** Ascending copies; a signer that is listed twice counts once, as in go-ethereum. */
function sortSigners(where: string, signers: readonly Uint8Array[]): Uint8Array[] {
  assertBytesArray(where, signers, ADDRESS_SIZE);
  const sorted = signers.map((signer) => copyOf(signer)).sort(compareBytes);
  return sorted.filter((signer, i) => i === 0 || !equalBytes(signer, sorted[i - 1] as Uint8Array));
}

/** Copies in the order of their blocks, each of them within the last SIGNER_LIMIT and by another signer. */
function sortRecents(where: string, recents: readonly RecentSigner[], number: bigint, limit: number): RecentSigner[] {
  assertArray(where, recents);
  const sorted = recents.map((recent, i) => {
    assertObject(`${where}[${i}]`, recent);
    assertUint(`${where}[${i}].number`, recent.number, 64);
    assertFixedBytes(`${where}[${i}].signer`, recent.signer, ADDRESS_SIZE);
    if (recent.number > number || recent.number + BigInt(limit) <= number || recent.number === 0n)
      throw invalid(`${where}[${i}].number`, `one of the last ${limit} blocks up to ${number}`, `${recent.number}`);
    return { number: recent.number, signer: copyOf(recent.signer) };
  });
  sorted.sort((a, b) => (a.number < b.number ? -1 : 1));
  const twice = sorted.find(({ number: block }, i) => i > 0 && sorted[i - 1]?.number === block);
  if (twice !== undefined) throw invalid(where, 'one signer for each block', `two for block ${twice.number}`);
  assertDistinct(where, sorted);
  return sorted;
}

function assertDistinct(where: string, recents: readonly RecentSigner[]): void {
  const signers = recents.map(({ signer }) => signer).sort(compareBytes);
  const twice = signers.find((signer, i) => i > 0 && equalBytes(signer, signers[i - 1] as Uint8Array));
  if (twice !== undefined) throw invalid(where, 'each signer once', `${describeBytes(twice)} twice`);
}

/** Votes by target: by signers, for what the target is not yet, cast since the last checkpoint, one in each block. */
function plantVotes(
  where: string,
  votes: readonly Vote[],
  signers: readonly Uint8Array[],
  config: Config,
  number: bigint,
): VoteTree {
  assertArray(where, votes);
  const checked = votes.map((vote, i) => checkVote(`${where}[${i}]`, vote, signers, config, number));
  checked.sort((a, b) => compareBytes(a.address, b.address) || compareBytes(a.signer, b.signer));
  const again = checked.find((vote, i) => i > 0 && isSameVote(vote, checked[i - 1] as Vote));
  if (again !== undefined)
    throw invalid(
      where,
      'one vote of a signer on an address',
      `two of ${describeBytes(again.signer)} on ${describeBytes(again.address)}`,
    );
  checked.sort((a, b) => (a.number < b.number ? -1 : 1));
  const twice = checked.find(({ number: block }, i) => i > 0 && checked[i - 1]?.number === block);
  if (twice !== undefined) throw invalid(where, 'one vote in each block', `two in block ${twice.number}`);
  checked.sort((a, b) => compareBytes(a.address, b.address) || (a.number < b.number ? -1 : 1));
  let tree: VoteTree = null;
  for (let start = 0, end = 0; start < checked.length; start = end) {
    const { address, authorize } = checked[start] as Vote;
    while (end < checked.length && equalBytes((checked[end] as Vote).address, address)) end++;
    const ballots = checked.slice(start, end).map(({ signer, number: block }) => ({ signer, number: block }));
    tree = treeSet(tree, address, { address, authorize, votes: ballots });
  }
  return tree;
}

function isSameVote(a: Vote, b: Vote): boolean {
  return equalBytes(a.address, b.address) && equalBytes(a.signer, b.signer);
}

function checkVote(where: string, vote: Vote, signers: readonly Uint8Array[], config: Config, number: bigint): Vote {
  assertObject(where, vote);
  assertFixedBytes(`${where}.signer`, vote.signer, ADDRESS_SIZE);
  assertFixedBytes(`${where}.address`, vote.address, ADDRESS_SIZE);
  assertUint(`${where}.number`, vote.number, 64);
  if (typeof vote.authorize !== 'boolean') throw wrongType(`${where}.authorize`, 'boolean', vote.authorize);
  const { authorize } = vote;
  const checkpoint = number - (number % BigInt(config.epoch));
  if (vote.number > number || vote.number < checkpoint || vote.number === 0n)
    throw invalid(`${where}.number`, `a block from ${checkpoint} to ${number}`, `${vote.number}`);
  if (indexOfSigner(signers, vote.signer) < 0)
    throw invalid(`${where}.signer`, `one of ${signers.length} signers`, describeBytes(vote.signer));
  if (indexOfSigner(signers, vote.address) >= 0 === authorize)
    throw invalid(
      `${where}.authorize`,
      authorize ? 'a vote to add who is no signer' : 'a vote to remove a signer',
      describeBytes(vote.address),
    );
  return { signer: copyOf(vote.signer), address: copyOf(vote.address), number: vote.number, authorize };
}

function checkPosition(where: string, position: SignerPosition | null): SignerPosition | null {
  if (position === null) return null;
  assertObject(where, position);
  const { index, count } = position;
  assertInteger(`${where}.count`, count, 1, Number.MAX_SAFE_INTEGER);
  assertInteger(`${where}.index`, index, 0, count - 1);
  return { index, count };
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('STATE_INVALID', { where, expected, got });
}
