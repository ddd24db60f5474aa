/**
 * Whose turn it is, who may attest, and when.
 *
 * @see POA RFC draft, "attest a new block"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  describeBytes,
  equalBytes,
  indexOfBytes,
  wrongType,
} from '../../internal/bytes.js';
import type { ValidatorList } from '../encoding/validatorList.js';
import type { State } from './state.js';

/** Milliseconds that an attester waits after the timestamp of the parent: a strategy, not a rule of validity. */
export const BLOCK_INTERVAL = 8_000;
/** Milliseconds of one step of the random wait out of turn. */
export const OUT_OF_TURN_STEP = 500;
/** `compact_target` of a block by the in-turn attester: difficulty 2. */
export const COMPACT_TARGET_IN_TURN = 545259520;
/** `compact_target` of a block by any other attester: difficulty 1. */
export const COMPACT_TARGET_OUT_OF_TURN = 553648127;

/** What to do about the next block. */
export type AttestationPlan =
  | {
      /** The attester may attest the next block. */
      readonly eligible: true;
      /** Height of the next block. */
      readonly number: bigint;
      /** Whether the block is the attester's turn. */
      readonly inTurn: boolean;
      /** u32, for the header. */
      readonly compactTarget: number;
      /** u64 milliseconds: when to attest unless another block has come, and the least timestamp for the header then. */
      readonly attestAt: bigint;
    }
  | {
      /** The attester has attested within the last ATTEST_INTERVAL blocks. */
      readonly eligible: false;
      /** Height of the next block. */
      readonly number: bigint;
      /** Height of the first block that the attester may attest. */
      readonly eligibleFrom: bigint;
    };

/** Who asks for a plan. */
export interface PlanRequest {
  /** As the fold left it. */
  readonly state: State;
  /** 20 bytes, a validator of the list in force. */
  readonly attester: Uint8Array;
  /** Gives an integer from 0 to `count - 1`, all equally likely; called once, and only out of turn. */
  readonly random: (count: number) => number;
}

/**
 * The index of the validator whose turn a block is: `number % count`.
 *
 * @param number - u64, height of the block
 * @param count - validators, 1 to 255
 * @returns index into the validator list
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeInTurnIndex } from 'poa-primitives/ckb';
 *
 * computeInTurnIndex(13n, 5); // => 3
 * ```
 * @see POA RFC draft: the protocol uses `n % VALIDATOR_COUNT` as the index; [R40 Turn](../RULES.md#r40-turn)
 */
export function computeInTurnIndex(number: bigint, count: number): number {
  assertUint('computeInTurnIndex.number', number, 64);
  assertInteger('computeInTurnIndex.count', count, 1, 255);
  return Number(number % BigInt(count));
}

/** Whether block `number` is the turn of an attester; in a list, nobody stands twice. */
export function isInTurn({ pubkeyHashes }: ValidatorList, attester: Uint8Array, number: bigint): boolean {
  const inTurn = pubkeyHashes[Number(number % BigInt(pubkeyHashes.length))];
  return inTurn !== undefined && equalBytes(inTurn, attester);
}

/** The compact target that tells whether the attester is in turn. */
export function computeTurnTarget(inTurn: boolean): number {
  return inTurn ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN;
}

/** The difficulty of a compact target that {@link computeTurnTarget} gives: `computeDifficulty` of it, without a division. */
export function computeTurnDifficulty(compactTarget: number): bigint {
  return compactTarget === COMPACT_TARGET_IN_TURN ? 2n : 1n;
}

/**
 * The median that the next timestamp must be above: of the sorted timestamps the one at `count >> 1`, which is the upper of the two
 * middle ones if their count is even.
 *
 * @param timestamps - u64 milliseconds, at least one, in any order
 * @returns u64 milliseconds
 * @throws PoaError `OUT_OF_RANGE` for none, and for one that is no u64
 * @example
 * ```ts
 * import { computeMedianTimestamp } from 'poa-primitives/ckb';
 *
 * computeMedianTimestamp([40n, 10n, 30n, 20n]); // => 30n
 * ```
 * @see [R24 Timestamp above the median](../RULES.md#r24-timestamp-above-the-median)
 */
export function computeMedianTimestamp(timestamps: readonly bigint[]): bigint {
  const where = 'computeMedianTimestamp.timestamps';
  assertArray(where, timestamps);
  timestamps.forEach((timestamp, i) => {
    assertUint(`${where}[${i}]`, timestamp, 64);
  });
  return medianOf(where, timestamps);
}

/** As {@link computeMedianTimestamp}, for timestamps that a state holds. */
export function medianOf(where: string, timestamps: readonly bigint[]): bigint {
  const sorted = [...timestamps].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const median = sorted[sorted.length >> 1];
  if (median === undefined)
    throw new PoaError('OUT_OF_RANGE', { where, expected: 'at least one timestamp', got: 'none' });
  return median;
}

/**
 * The first block after the state that an attester may attest: the next one, or the one `ATTEST_INTERVAL + 1` after their last.
 *
 * @param state - as the fold left it
 * @param attester - 20 bytes, a validator of the list in force
 * @returns u64, height of a block
 * @throws PoaError `ATTESTER_UNKNOWN` for no validator; `OUT_OF_RANGE` for another length
 * @example
 * ```ts
 * import { applyHeader, computeNextAttestableNumber, createState, recoverHeader } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const state = applyHeader(createState(anchor), headers[0], { now });
 * const { attester } = recoverHeader(headers[0]);
 * computeNextAttestableNumber(state, attester); // => 1n + BigInt(state.validatorList.attestInterval) + 1n
 * ```
 * @see POA RFC draft, `ATTEST_INTERVAL`; [R42 Next attestable number](../RULES.md#r42-next-attestable-number)
 */
export function computeNextAttestableNumber(state: State, attester: Uint8Array): bigint {
  const where = 'computeNextAttestableNumber';
  assertObject(`${where}.state`, state);
  assertFixedBytes(`${where}.attester`, attester, 20);
  const { validatorList, recentAttesters, number } = state;
  if (indexOfBytes(validatorList.pubkeyHashes, attester) === -1)
    throw new PoaError('ATTESTER_UNKNOWN', {
      where,
      expected: `one of ${validatorList.pubkeyHashes.length} validators`,
      got: describeBytes(attester),
    });
  const next = number + 1n;
  const age = [...recentAttesters].reverse().findIndex((recent) => equalBytes(recent, attester));
  if (age === -1) return next;
  const free = number - BigInt(age) + BigInt(validatorList.attestInterval) + 1n;
  return free > next ? free : next;
}

/**
 * What a validator should do about the next block: in turn attest it BLOCK_INTERVAL after the timestamp of the parent; out of turn
 * wait a random number of half seconds longer, so that others come first; within ATTEST_INTERVAL of their last block, not at all.
 * Where validity asks for a later timestamp, the plan does too.
 *
 * @param request - state, attester and a source of randomness
 * @returns when to attest and with which compact target, or the block from which on the attester may
 * @throws PoaError `ATTESTER_UNKNOWN` for no validator; `OUT_OF_RANGE` for another length and for a `random` that leaves its range
 * @example
 * ```ts
 * import { createState, planAttestation } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * const state = createState(anchor);
 * const attester = state.validatorList.pubkeyHashes[1];
 * const plan = planAttestation({ state, attester, random: () => 0 });
 * if (!plan.eligible) throw new Error(`not before block ${plan.eligibleFrom}`);
 * plan.inTurn; // => true
 * plan.attestAt - state.timestamps[0]; // => 8000n
 * ```
 * @see POA RFC draft, "attest a new block"; [R41 Waiting](../RULES.md#r41-waiting)
 */
export function planAttestation(request: PlanRequest): AttestationPlan {
  const where = 'planAttestation';
  assertObject(where, request);
  const { state, attester, random } = request;
  if (typeof random !== 'function') throw wrongType(`${where}.random`, 'function', random);
  const eligibleFrom = computeNextAttestableNumber(state, attester);
  const number = state.number + 1n;
  if (eligibleFrom > number) return { eligible: false, number, eligibleFrom };

  const count = state.validatorList.pubkeyHashes.length;
  const inTurn = isInTurn(state.validatorList, attester, number);
  let wait = BLOCK_INTERVAL;
  if (!inTurn) {
    const steps = random(count);
    assertInteger(`${where}.random(${count})`, steps, 0, count - 1);
    wait += steps * OUT_OF_TURN_STEP;
  }
  const parent = state.timestamps[state.timestamps.length - 1] ?? 0n;
  const attestAt = [
    parent + BigInt(wait),
    parent + BigInt(state.network.minimumBlockInterval),
    medianOf(`${where}.state.timestamps`, state.timestamps) + 1n,
  ].reduce((latest, time) => (time > latest ? time : latest));
  return { eligible: true, number, inTurn, compactTarget: computeTurnTarget(inTurn), attestAt };
}
