/**
 * What a verifier knows: the state that the fold carries from header to header.
 *
 * @see [R43 State](../RULES.md#r43-state)
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
  copyOf,
  describeBytes,
  equalBytes,
} from '../../internal/bytes.js';
import { isEpochWellFormed, parseEpoch } from '../encoding/epoch.js';
import { BLAKE160_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { OUT_POINT_SIZE } from '../encoding/schemas.js';
import { HASH_TYPE_TYPE, parseScript } from '../encoding/script.js';
import {
  MULTISIG_CODE_HASH,
  type MultisigNetwork,
  TYPE_ID_CODE_HASH,
  type ValidatorList,
} from '../encoding/validatorList.js';
import { checkList } from '../governance/listRules.js';
import type { TrackedList } from '../governance/vote.js';

/** Blocks over which the median timestamp is taken. */
export const MEDIAN_TIME_BLOCK_COUNT = 37;
/** Most attesters that a state keeps: the greatest ATTEST_INTERVAL that 255 validators allow. */
export const MAX_RECENT_ATTESTERS = 254;

/** The constants of a network, all of which a state carries. */
export interface Network extends MultisigNetwork {
  /** Blocks of every epoch, 1 to 65535; null where the attester is free to choose the length of the next one. */
  readonly epochLength: number | null;
  /** Milliseconds that a block must come after its parent, a safe integer; 0 for none. */
  readonly minimumBlockInterval: number;
}

/** A state: plain immutable data. */
export interface State extends TrackedList {
  /** Options of the network. */
  readonly network: Network;
  /** 32 bytes, hash of the block that the state began with. */
  readonly anchorHash: Uint8Array;
  /** 32 bytes, hash of the latest block. */
  readonly hash: Uint8Array;
  /** u64, height of the latest block. */
  readonly number: bigint;
  /** u64, packed epoch of the latest block. */
  readonly epoch: bigint;
  /** u64 milliseconds of the last `min(37, number + 1)` blocks, oldest first. */
  readonly timestamps: readonly bigint[];
  /** 20 bytes each, who attested the last blocks, up to 254, oldest first. */
  readonly recentAttesters: readonly Uint8Array[];
  /** u256, sum of difficulties after the anchor. */
  readonly totalDifficulty: bigint;
}

/** What a verifier trusts to begin with: a genesis block, or any block that it was told of. */
export interface Anchor extends Omit<State, 'network' | 'anchorHash' | 'recentAttesters' | 'totalDifficulty'> {
  /** Options of the network; by default those of mainnet with neither of the two limits. */
  readonly network?: Partial<Network>;
  /** 32 bytes; by default `hash`. */
  readonly anchorHash?: Uint8Array;
  /** By default none, as at genesis. With fewer than ATTEST_INTERVAL, that rule is blind to what is missing. */
  readonly recentAttesters?: readonly Uint8Array[];
  /** By default 0. */
  readonly totalDifficulty?: bigint;
}

/**
 * Makes a state out of what a verifier trusts, and checks all of it.
 *
 * @param anchor - neither kept nor modified
 * @returns a state that shares nothing with the anchor
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit; `MALFORMED` for a type that is no `Script`;
 * `VALIDATOR_LIST_MALFORMED`, `VALIDATOR_LIST_DUPLICATE`, `VOTE_LIMIT_OUT_OF_RANGE`, `ATTEST_INTERVAL_TOO_LONG` for the list;
 * `STATE_INVALID` for what contradicts itself: an epoch that no block can have or follow, another number of timestamps than
 * `min(37, number + 1)`, more attesters than blocks after genesis or than 254, a type that is no type id
 * @example
 * ```ts
 * import { createState } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * createState(anchor).number; // => 0n
 * ```
 * @see [R43 State](../RULES.md#r43-state)
 */
export function createState(anchor: Anchor): State {
  const where = 'createState';
  assertObject(where, anchor);
  const { hash, number, epoch, timestamps, validatorListOutPoint, validatorListType, validatorList } = anchor;
  const { anchorHash = hash, recentAttesters = [], totalDifficulty = 0n } = anchor;
  assertFixedBytes(`${where}.hash`, hash, HASH_SIZE);
  assertFixedBytes(`${where}.anchorHash`, anchorHash, HASH_SIZE);
  assertUint(`${where}.number`, number, 64);
  assertUint(`${where}.epoch`, epoch, 64);
  assertArray(`${where}.timestamps`, timestamps);
  timestamps.forEach((timestamp, i) => {
    assertUint(`${where}.timestamps[${i}]`, timestamp, 64);
  });
  assertBytesArray(`${where}.recentAttesters`, recentAttesters, BLAKE160_SIZE);
  assertUint(`${where}.totalDifficulty`, totalDifficulty, 256);
  assertFixedBytes(`${where}.validatorListOutPoint`, validatorListOutPoint, OUT_POINT_SIZE);
  checkList(`${where}.validatorList`, validatorList);
  checkListType(validatorListType);
  const network = createNetwork(anchor.network === undefined ? {} : anchor.network);
  checkEpoch(epoch, network);

  const blocks = number + 1n;
  const wanted = blocks < MEDIAN_TIME_BLOCK_COUNT ? Number(blocks) : MEDIAN_TIME_BLOCK_COUNT;
  if (timestamps.length !== wanted)
    throw invalid('timestamps', `${wanted} timestamps at block ${number}`, `${timestamps.length}`);
  const most = number < MAX_RECENT_ATTESTERS ? Number(number) : MAX_RECENT_ATTESTERS;
  if (recentAttesters.length > most)
    throw invalid('recentAttesters', `at most ${most} attesters at block ${number}`, `${recentAttesters.length}`);

  return copyState({
    network,
    anchorHash,
    hash,
    number,
    epoch,
    timestamps,
    recentAttesters,
    totalDifficulty,
    validatorListOutPoint,
    validatorListType,
    validatorList,
  });
}

function createNetwork(options: Partial<Network>): Network {
  const where = 'createState.network';
  assertObject(where, options);
  const { multisigCodeHash = MULTISIG_CODE_HASH, epochLength = null, minimumBlockInterval = 0 } = options;
  assertFixedBytes(`${where}.multisigCodeHash`, multisigCodeHash, HASH_SIZE);
  if (epochLength !== null) assertInteger(`${where}.epochLength`, epochLength, 1, 0xffff);
  assertInteger(`${where}.minimumBlockInterval`, minimumBlockInterval, 0, Number.MAX_SAFE_INTEGER);
  return { multisigCodeHash, epochLength, minimumBlockInterval };
}

/** The all-zero epoch of a genesis block, or a well-formed one; inside an epoch of a wrong length no header could ever follow. */
function checkEpoch(epoch: bigint, { epochLength }: Network): void {
  if (epoch === 0n) return;
  if (!isEpochWellFormed(epoch))
    throw invalid(
      'epoch',
      'an all-zero epoch, or an index below the length and a highest byte of zero',
      `0x${epoch.toString(16)}`,
    );
  const { index, length } = parseEpoch(epoch);
  if (epochLength !== null && length !== epochLength && index + 1 < length)
    throw invalid('epoch', `an epoch of ${epochLength} blocks`, `${length} blocks`);
}

function checkListType(bytes: Uint8Array): void {
  assertBytes('createState.validatorListType', bytes);
  const { codeHash, hashType, args } = parseScript(bytes);
  const isTypeId = equalBytes(codeHash, TYPE_ID_CODE_HASH) && hashType === HASH_TYPE_TYPE && args.length === HASH_SIZE;
  if (!isTypeId)
    throw invalid(
      'validatorListType',
      'a type id: code hash TYPE_ID, hash type 1, args of 32 bytes',
      `code hash ${describeBytes(codeHash)}, hash type ${hashType}, args of ${args.length} bytes`,
    );
}

function invalid(field: string, expected: string, got: string): PoaError {
  return new PoaError('STATE_INVALID', { where: `createState.${field}`, expected, got });
}

/** A state in the making, private to one call. */
export type Draft = { -readonly [K in keyof State]: State[K] } & {
  timestamps: bigint[];
  recentAttesters: Uint8Array[];
};

/** A copy that shares nothing. */
export function copyState(state: State): Draft {
  return {
    network: { ...state.network, multisigCodeHash: copyOf(state.network.multisigCodeHash) },
    anchorHash: copyOf(state.anchorHash),
    hash: copyOf(state.hash),
    number: state.number,
    epoch: state.epoch,
    timestamps: [...state.timestamps],
    recentAttesters: state.recentAttesters.map((attester) => copyOf(attester)),
    totalDifficulty: state.totalDifficulty,
    validatorListOutPoint: copyOf(state.validatorListOutPoint),
    validatorListType: copyOf(state.validatorListType),
    validatorList: copyList(state.validatorList),
  };
}

function copyList({ attestInterval, voteLimit, pubkeyHashes }: ValidatorList): ValidatorList {
  return { attestInterval, voteLimit, pubkeyHashes: pubkeyHashes.map((hash) => copyOf(hash)) };
}
