/** What a simulated network is made of: validators, their genesis, blocks and votes. Made with the public API only. */

import { bytesToHex } from '@noble/hashes/utils.js';
import {
  type AttestedBlock,
  attestBlock,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  ckbHash,
  computeInTurnIndex,
  computeMedianTimestamp,
  createState,
  type Network,
  type OutPoint,
  parseEpoch,
  type State,
  serializeEpoch,
  serializeOutPoint,
  serializeScript,
  type ValidatorList,
} from 'poa-primitives/ckb';
import { LIST_TYPE, makeCellbase, makeSecretKey, makeVote, pubkeyHashOf } from '../kit.js';

/** Timestamp of every genesis block here, and the time at which simulations begin. */
export const GENESIS_TIME = 1_600_000_000_000;
const EPOCH_LENGTH = 1000;

/** Bytes as a key of maps. */
export const idOf = (bytes: Uint8Array): string => bytesToHex(bytes);

/** Somebody with a key, whether the list has them or not. */
export interface Validator {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly pubkeyHash: Uint8Array;
}

const validators = new Map<string, Validator>();

/** The validator of that name: the same name has the same key everywhere. */
export function validatorOf(name: string): Validator {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const secretKey = makeSecretKey(name);
  const validator = { name, secretKey, pubkeyHash: pubkeyHashOf(secretKey) };
  validators.set(name, validator);
  return validator;
}

/** The least VOTE_LIMIT that a list of so many validators may have. */
export const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/** A list of validators by name, in that order, with the least VOTE_LIMIT. */
export function listOf(names: readonly string[], attestInterval: number): ValidatorList {
  const pubkeyHashes = names.map((name) => validatorOf(name).pubkeyHash);
  return { attestInterval, voteLimit: majorityOf(names.length), pubkeyHashes };
}

/** The state after a genesis block whose list cell holds `validatorList`. */
export function makeGenesis(validatorList: ValidatorList, network: Partial<Network> = {}): State {
  return createState({
    network,
    hash: ckbHash(Uint8Array.of(0)),
    number: 0n,
    epoch: 0n,
    timestamps: [BigInt(GENESIS_TIME)],
    validatorListOutPoint: serializeOutPoint({ txHash: ckbHash(Uint8Array.of(1)), index: 0 }),
    validatorListType: serializeScript(LIST_TYPE),
    validatorList,
  });
}

/** A sealed block with what a tree of blocks is built by. */
export interface Block extends AttestedBlock {
  readonly id: string;
  readonly parent: string;
  readonly number: number;
  readonly timestamp: number;
  readonly inTurn: boolean;
  /** Voting transactions that its POAContext holds. */
  readonly votes: number;
  readonly by: Validator;
}

/** What an attester decides. By default: the truth about the turn, and the earliest timestamp that is valid. */
export interface Content {
  readonly timestamp?: bigint;
  readonly compactTarget?: number;
  readonly votingTxs?: readonly Uint8Array[];
  readonly transactions?: readonly Uint8Array[];
}

/** Whether the block after `state` is this validator's turn. */
export function isInTurn(state: State, { pubkeyHash }: Validator): boolean {
  const { pubkeyHashes } = state.validatorList;
  const turn = pubkeyHashes[computeInTurnIndex(state.number + 1n, pubkeyHashes.length)] as Uint8Array;
  return idOf(turn) === idOf(pubkeyHash);
}

/** The earliest timestamp that the block after `state` may have: nothing else keeps it later. */
export function earliestTimestamp({ timestamps, network }: State): bigint {
  const aboveMedian = computeMedianTimestamp(timestamps) + 1n;
  const afterParent = (timestamps.at(-1) as bigint) + BigInt(network.minimumBlockInterval);
  return network.minimumBlockInterval > 0 && afterParent > aboveMedian ? afterParent : aboveMedian;
}

/** The block after `state` by `by`, valid or not. */
export function makeBlock(state: State, by: Validator, content: Content = {}): Block {
  const { timestamp = earliestTimestamp(state), votingTxs = [], transactions = [] } = content;
  const inTurnTarget = isInTurn(state, by) ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN;
  const { compactTarget = inTurnTarget } = content;
  const number = state.number + 1n;
  const index = parseEpoch(state.epoch).index + 1;
  const block = attestBlock(
    {
      header: {
        compactTarget,
        timestamp,
        number,
        epoch: serializeEpoch({ number: 0, index, length: EPOCH_LENGTH }),
        parentHash: state.hash,
        proposalsHash: new Uint8Array(32),
        extraHash: new Uint8Array(32),
        dao: new Uint8Array(32),
      },
      cellbase: makeCellbase(number),
      votingTxs,
      transactions,
    },
    by.secretKey,
  );
  return {
    ...block,
    id: idOf(block.hash),
    parent: idOf(state.hash),
    number: Number(number),
    timestamp: Number(timestamp),
    inTurn: compactTarget === COMPACT_TARGET_IN_TURN,
    votes: votingTxs.length,
    by,
  };
}

/** A vote for `wanted` over the list that a state holds, signed by those who are named. */
export function voteFor(state: State, wanted: ValidatorList, signers: readonly string[]): Uint8Array {
  const outPoint = state.validatorListOutPoint;
  const index = new DataView(outPoint.buffer, outPoint.byteOffset).getUint32(32, true);
  const cell: OutPoint = { txHash: outPoint.slice(0, 32), index };
  const keys = signers.map((name) => validatorOf(name).secretKey);
  return makeVote(state.validatorList, cell, wanted, keys).transaction;
}

/**
 * Numbers that look random and are the same for the same seed (mulberry32).
 *
 * @returns a function that gives integers from 0 to `count - 1`
 */
export function seededRandom(seed: number): (count: number) => number {
  let a = seed >>> 0;
  return (count) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % count;
  };
}
