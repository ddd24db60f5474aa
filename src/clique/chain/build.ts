/**
 * Making the next header, as a signer does.
 *
 * @see EIP-225, "Authorizing a block", "Voting on signers"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertFixedBytes, assertObject, assertUint, copyOf, describeBytes, wrongType } from '../../internal/bytes.js';
import { ELASTICITY_MULTIPLIER, EMPTY_ROOT, EMPTY_UNCLES_HASH, NONCE_AUTH, NONCE_DROP } from '../encoding/constants.js';
import { EXTRA_VANITY, serializeExtraData } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header } from '../encoding/header.js';
import { computeNextBaseFee } from './baseFee.js';
import { isCheckpoint, isLondon, type State } from './state.js';
import { assertSigner, computeNextSealableNumber, difficultyOf, isInTurn } from './turn.js';

/** A vote to cast. */
export interface VoteRequest {
  /** 20 bytes, whom the vote is about. */
  readonly address: Uint8Array;
  /** Whether to add the address to the signers; else to remove it. */
  readonly authorize: boolean;
}

/** What a signer decides of the next header; the rest follows from the state. */
export interface HeaderRequest {
  /** Of the parent block. */
  readonly state: State;
  /** 20 bytes, one of the signers. */
  readonly signer: Uint8Array;
  /** u64 seconds; see `planSeal`. */
  readonly timestamp: bigint;
  /** 32 bytes, after the transactions of the block. */
  readonly stateRoot: Uint8Array;
  /** A vote, at most one in a block and none at a checkpoint. */
  readonly vote?: VoteRequest;
  /** 32 bytes; by default zero. */
  readonly vanity?: Uint8Array;
  /** u64; by default that of the parent, doubled in the first block of London. */
  readonly gasLimit?: bigint;
  /** u64; by default 0. */
  readonly gasUsed?: bigint;
  /** 32 bytes; by default the root of no transactions. */
  readonly transactionsRoot?: Uint8Array;
  /** 32 bytes; by default the root of no receipts. */
  readonly receiptsRoot?: Uint8Array;
  /** 256 bytes; by default zero. */
  readonly logsBloom?: Uint8Array;
}

/**
 * Builds the next header as go-ethereum prepares it: number, parent, difficulty of the turn, base fee, nonce and beneficiary of the
 * vote, the signers at a checkpoint. `prepareHeader` and `sealHeader` seal it.
 *
 * @param request - state, signer and what the signer decides
 * @returns all fields of a header, its seal zero; fresh copies
 * @throws PoaError `SIGNER_UNAUTHORIZED`, `SIGNER_RECENTLY_SIGNED` for who may not sign it; `CHECKPOINT_BENEFICIARY_NOT_ZERO` for a vote at
 * a checkpoint; `OUT_OF_RANGE` for a length or a number that does not fit
 * @example
 * ```ts
 * import { applyHeader, buildHeader, createState, signHeader } from 'poa-primitives/clique';
 * import { anchor, now, secretKeys, signers } from './clique-sample.js';
 *
 * const state = createState(anchor);
 * const header = buildHeader({
 *   state,
 *   signer: signers[1],
 *   timestamp: state.timestamp + 15n,
 *   stateRoot: new Uint8Array(32),
 *   vote: { address: new Uint8Array(20).fill(7), authorize: true },
 * });
 * header.difficulty; // => 2n
 * applyHeader(state, signHeader(header, secretKeys[1]).header, { now }).number; // => 1n
 * ```
 * @see EIP-225, "Authorizing a block", "Voting on signers"; [C33 Casting a vote](../RULES.md#c33-casting-a-vote)
 */
export function buildHeader(request: HeaderRequest): Header {
  const where = 'buildHeader';
  assertObject(where, request);
  const { state, signer, timestamp, stateRoot, vote } = request;
  assertObject(`${where}.state`, state);
  assertFixedBytes(`${where}.signer`, signer, ADDRESS_SIZE);
  const { vanity = new Uint8Array(EXTRA_VANITY), transactionsRoot = EMPTY_ROOT, receiptsRoot = EMPTY_ROOT } = request;
  const { logsBloom = new Uint8Array(256), gasUsed = 0n } = request;
  assertUint(`${where}.timestamp`, timestamp, 64);
  assertFixedBytes(`${where}.stateRoot`, stateRoot, HASH_SIZE);
  assertFixedBytes(`${where}.vanity`, vanity, EXTRA_VANITY);
  assertFixedBytes(`${where}.transactionsRoot`, transactionsRoot, HASH_SIZE);
  assertFixedBytes(`${where}.receiptsRoot`, receiptsRoot, HASH_SIZE);
  assertFixedBytes(`${where}.logsBloom`, logsBloom, 256);
  assertUint(`${where}.gasUsed`, gasUsed, 64);
  const { config, signers } = state;
  const number = state.number + 1n;
  assertUint(`${where}.state.number + 1`, number, 64);
  const london = isLondon(config, number);
  const {
    gasLimit = london && !isLondon(config, state.number) ? state.gasLimit * ELASTICITY_MULTIPLIER : state.gasLimit,
  } = request;
  assertUint(`${where}.gasLimit`, gasLimit, 64);
  const index = assertSigner(`${where}.signer`, state, signer);
  assertMaySign(where, state, signer);
  const checkpoint = isCheckpoint(config, number);
  if (vote !== undefined) checkVote(`${where}.vote`, vote, checkpoint);
  return {
    parentHash: copyOf(state.hash),
    unclesHash: copyOf(EMPTY_UNCLES_HASH),
    beneficiary: vote === undefined ? new Uint8Array(ADDRESS_SIZE) : copyOf(vote.address),
    stateRoot: copyOf(stateRoot),
    transactionsRoot: copyOf(transactionsRoot),
    receiptsRoot: copyOf(receiptsRoot),
    logsBloom: copyOf(logsBloom),
    difficulty: difficultyOf(isInTurn(number, index, signers.length)),
    number,
    gasLimit,
    gasUsed,
    timestamp,
    extraData: serializeExtraData({ vanity, signers: checkpoint ? signers : [], seal: new Uint8Array(EXTRA_SEAL) }),
    mixHash: new Uint8Array(HASH_SIZE),
    nonce: vote?.authorize === true ? NONCE_AUTH : NONCE_DROP,
    baseFeePerGas: london ? computeNextBaseFee(state) : null,
  };
}

function assertMaySign(where: string, state: State, signer: Uint8Array): void {
  const free = computeNextSealableNumber(state, signer);
  if (free > state.number + 1n)
    throw new PoaError('SIGNER_RECENTLY_SIGNED', {
      where: `${where}.signer`,
      expected: `a signer who may sign block ${state.number + 1n}`,
      got: `${describeBytes(signer)}, who may not before block ${free}`,
    });
}

function checkVote(where: string, vote: VoteRequest, checkpoint: boolean): void {
  assertObject(where, vote);
  assertFixedBytes(`${where}.address`, vote.address, ADDRESS_SIZE);
  if (typeof vote.authorize !== 'boolean') throw wrongType(`${where}.authorize`, 'boolean', vote.authorize);
  if (checkpoint)
    throw new PoaError('CHECKPOINT_BENEFICIARY_NOT_ZERO', {
      where,
      expected: 'no vote at a checkpoint',
      got: `one about ${describeBytes(vote.address)}`,
    });
}
