/**
 * Whose turn it is, who may sign, and when.
 *
 * @see EIP-225, "Authorizing a block"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  describeBytes,
  equalBytes,
  wrongType,
} from '../../internal/bytes.js';
import { readNow } from '../../internal/fold.js';
import { DIFF_INTURN, DIFF_NOTURN } from '../encoding/constants.js';
import { ADDRESS_SIZE } from '../encoding/hash.js';
import { type State, signerLimitOf } from './state.js';
import { indexOfSigner } from './votes.js';

/** Milliseconds of wiggle for each signer that counts. */
export const WIGGLE_TIME = 500;

/** How long a signer waits out of turn: as go-ethereum has it, or as EIP-225 does. */
export type WiggleFormula = 'geth' | 'eip225';

/** Who asks for a plan. */
export interface PlanRequest {
  /** As the fold left it. */
  readonly state: State;
  /** 20 bytes, one of the signers. */
  readonly signer: Uint8Array;
  /** Milliseconds since 1970, the signer's clock: a safe integer that is not negative. */
  readonly now: number;
  /** Gives an integer from 0 to `count - 1`, all equally likely; called once, and only out of turn. */
  readonly random: (count: number) => number;
  /** By default `geth`. */
  readonly wiggle?: WiggleFormula;
}

/** What to do about the next block. */
export type SealPlan =
  | {
      /** The signer may sign the next block. */
      readonly eligible: true;
      /** Height of the next block. */
      readonly number: bigint;
      /** Whether the block is the signer's turn. */
      readonly inTurn: boolean;
      /** For the header: 2 in turn, 1 out of turn. */
      readonly difficulty: bigint;
      /** u64 seconds, for the header. */
      readonly timestamp: bigint;
      /** Milliseconds since 1970: when to publish the block unless another one has come. */
      readonly sealAt: bigint;
      /** Whether to seal a block without transactions: not where the period is 0. */
      readonly sealsEmpty: boolean;
    }
  | {
      /** The signer has signed within the last SIGNER_LIMIT - 1 blocks. */
      readonly eligible: false;
      /** Height of the next block. */
      readonly number: bigint;
      /** Height of the first block that the signer may sign. */
      readonly eligibleFrom: bigint;
    };

/**
 * The index of the signer whose turn a block is: `number % count`.
 *
 * @param number - u64, height of the block
 * @param count - signers, at least 1
 * @returns index into the ascending signers
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeInTurnIndex } from 'poa-primitives/clique';
 *
 * computeInTurnIndex(13n, 5); // => 3
 * ```
 * @see EIP-225, "DIFF_INTURN"; [C29 Turn](../RULES.md#c29-turn)
 */
export function computeInTurnIndex(number: bigint, count: number): number {
  assertUint('computeInTurnIndex.number', number, 64);
  assertInteger('computeInTurnIndex.count', count, 1, Number.MAX_SAFE_INTEGER);
  return Number(number % BigInt(count));
}

/** Whether a block is the turn of the signer at an index. */
export function isInTurn(number: bigint, index: number, count: number): boolean {
  return count > 0 && number % BigInt(count) === BigInt(index);
}

/** The difficulty that tells whether the signer is in turn. */
export function difficultyOf(inTurn: boolean): bigint {
  return inTurn ? DIFF_INTURN : DIFF_NOTURN;
}

/**
 * SIGNER_LIMIT: a signer may sign one of so many consecutive blocks, a vote passes with so many votes, and so many signers keep a
 * chain going.
 *
 * @param count - signers
 * @returns `floor(count / 2) + 1`
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeSignerLimit } from 'poa-primitives/clique';
 *
 * computeSignerLimit(4); // => 3
 * computeSignerLimit(5); // => 3
 * ```
 * @see EIP-225, "SIGNER_LIMIT"; [C28 Recently signed](../RULES.md#c28-recently-signed)
 */
export function computeSignerLimit(count: number): number {
  assertInteger('computeSignerLimit.count', count, 0, Number.MAX_SAFE_INTEGER);
  return signerLimitOf(count);
}

/**
 * The first block after the state that a signer may sign: the next one, or the one SIGNER_LIMIT after their last.
 *
 * @param state - as the fold left it
 * @param signer - 20 bytes, one of the signers
 * @returns u64, height of a block
 * @throws PoaError `SIGNER_UNAUTHORIZED` for no signer; `OUT_OF_RANGE` for another length
 * @example
 * ```ts
 * import { applyHeader, computeNextSealableNumber, createState } from 'poa-primitives/clique';
 * import { anchor, headers, now, signers } from './clique-sample.js';
 *
 * const state = applyHeader(createState(anchor), headers[0], { now });
 * computeNextSealableNumber(state, signers[1]); // => 1n + 3n
 * computeNextSealableNumber(state, signers[2]); // => 2n
 * ```
 * @see EIP-225, "SIGNER_LIMIT"; [C28 Recently signed](../RULES.md#c28-recently-signed)
 */
export function computeNextSealableNumber(state: State, signer: Uint8Array): bigint {
  const where = 'computeNextSealableNumber';
  assertObject(`${where}.state`, state);
  assertFixedBytes(`${where}.signer`, signer, ADDRESS_SIZE);
  assertSigner(where, state, signer);
  const next = state.number + 1n;
  const recent = state.recents.find((one) => equalBytes(one.signer, signer));
  if (recent === undefined) return next;
  const free = recent.number + BigInt(signerLimitOf(state.signers.length));
  return free > next ? free : next;
}

/** Index of a signer; throws for who is none. */
export function assertSigner(where: string, { signers }: State, signer: Uint8Array): number {
  const index = indexOfSigner(signers, signer);
  if (index < 0)
    throw new PoaError('SIGNER_UNAUTHORIZED', {
      where,
      expected: `one of ${signers.length} signers`,
      got: describeBytes(signer),
    });
  return index;
}

/**
 * What a signer should do about the next block: in turn publish it at its timestamp; out of turn wiggle, so that others come first;
 * within SIGNER_LIMIT of their last block, not at all.
 *
 * The wiggle is a random number of milliseconds below `500 × (floor(count / 2) + 1)` in go-ethereum, below `500 × count` in EIP-225.
 *
 * @param request - state, signer, clock and a source of randomness
 * @returns when to publish and with which difficulty and timestamp, or the block from which on the signer may
 * @throws PoaError `SIGNER_UNAUTHORIZED` for no signer; `OUT_OF_RANGE` for another length and for a `random` that leaves its range
 * @example
 * ```ts
 * import { createState, planSeal } from 'poa-primitives/clique';
 * import { anchor, now, signers } from './clique-sample.js';
 *
 * const plan = planSeal({ state: createState(anchor), signer: signers[1], now, random: () => 0 });
 * if (!plan.eligible) throw new Error(`not before block ${plan.eligibleFrom}`);
 * [plan.inTurn, plan.difficulty]; // => [true, 2n]
 * ```
 * @see EIP-225, "Authorization strategies"; [C34 Waiting](../RULES.md#c34-waiting)
 */
export function planSeal(request: PlanRequest): SealPlan {
  const where = 'planSeal';
  assertObject(where, request);
  const { state, signer, random, wiggle = 'geth' } = request;
  if (typeof random !== 'function') throw wrongType(`${where}.random`, 'function', random);
  if (wiggle !== 'geth' && wiggle !== 'eip225') throw wrongType(`${where}.wiggle`, "'geth' or 'eip225'", wiggle);
  const now = readNow(where, request);
  const eligibleFrom = computeNextSealableNumber(state, signer);
  const number = state.number + 1n;
  if (eligibleFrom > number) return { eligible: false, number, eligibleFrom };

  const count = state.signers.length;
  const inTurn = isInTurn(number, indexOfSigner(state.signers, signer), count);
  const earliest = state.timestamp + BigInt(state.config.period);
  const seconds = BigInt(Math.floor(now / 1000));
  const timestamp = earliest > seconds ? earliest : seconds;
  let wait = 0;
  if (!inTurn) {
    const range = WIGGLE_TIME * (wiggle === 'geth' ? signerLimitOf(count) : count);
    wait = random(range);
    assertInteger(`${where}.random(${range})`, wait, 0, range - 1);
  }
  return {
    eligible: true,
    number,
    inTurn,
    difficulty: difficultyOf(inTurn),
    timestamp,
    sealAt: timestamp * 1000n + BigInt(wait),
    sealsEmpty: state.config.period > 0,
  };
}
