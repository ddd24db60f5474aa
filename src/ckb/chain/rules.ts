/**
 * The rules that judge a header against a state, one function each, in the order in which they are asked. Whoever applies
 * headers and whoever explains them reads this one table.
 *
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { type CkbErrorCode, PoaError } from '../../errors.js';
import { describeBytes, equalBytes, indexOfBytes } from '../../internal/bytes.js';
import { isEpochWellFormed, parseEpoch } from '../encoding/epoch.js';
import type { Header } from '../encoding/header.js';
import type { State } from './state.js';
import { computeInTurnIndex, computeTurnTarget, medianOf } from './turn.js';

/** Milliseconds that a header may be ahead of the verifier's clock. */
export const ALLOWED_FUTURE_BLOCK_TIME = 15_000;

/** What a rule over the header alone may look at. */
export interface HeaderFacts {
  readonly state: State;
  readonly header: Header;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** What a rule over the attester may look at. */
export interface AttesterFacts extends HeaderFacts {
  /** 20 bytes. */
  readonly attester: Uint8Array;
}

/** Both sides of a rule that does not hold. */
export interface Violation {
  readonly expected: string;
  readonly got: string;
}

/** A rule with the code that it fails with. */
export interface Rule<Facts> {
  readonly code: CkbErrorCode;
  /** Header field or other thing that is judged. */
  readonly where: string;
  readonly find: (facts: Facts) => Violation | undefined;
}

/** Rules that need no signature, so they come first: they are cheap. */
export const HEADER_RULES: readonly Rule<HeaderFacts>[] = [
  { code: 'VERSION_MISMATCH', where: 'header.version', find: findVersionViolation },
  { code: 'PARENT_MISMATCH', where: 'header.parentHash', find: findParentViolation },
  { code: 'NUMBER_MISMATCH', where: 'header.number', find: findNumberViolation },
  { code: 'EPOCH_INVALID', where: 'header.epoch', find: findEpochViolation },
  { code: 'TIMESTAMP_TOO_OLD', where: 'header.timestamp', find: findMedianViolation },
  { code: 'TIMESTAMP_TOO_SOON', where: 'header.timestamp', find: findBlockIntervalViolation },
  { code: 'TIMESTAMP_TOO_NEW', where: 'header.timestamp', find: findFutureViolation },
  { code: 'NONCE_NOT_ZERO', where: 'header.nonce', find: findNonceViolation },
];

/** Rules over who attested. */
export const ATTESTER_RULES: readonly Rule<AttesterFacts>[] = [
  { code: 'ATTESTER_UNKNOWN', where: 'attester', find: findMembershipViolation },
  { code: 'ATTESTER_TOO_SOON', where: 'attester', find: findAttestIntervalViolation },
  { code: 'DIFFICULTY_MISMATCH', where: 'header.compactTarget', find: findDifficultyViolation },
];

/** Throws for the first rule that does not hold. */
export function checkRules<Facts>(rules: readonly Rule<Facts>[], facts: Facts): void {
  for (const { code, where, find } of rules) {
    const violation = find(facts);
    if (violation !== undefined) throw new PoaError(code, { where, ...violation });
  }
}

/** @see [R20 Version](../RULES.md#r20-version) */
function findVersionViolation({ header }: HeaderFacts): Violation | undefined {
  return header.version === 0 ? undefined : { expected: '0', got: `${header.version}` };
}

/** @see [R21 Parent](../RULES.md#r21-parent) */
function findParentViolation({ header, state }: HeaderFacts): Violation | undefined {
  if (equalBytes(header.parentHash, state.hash)) return undefined;
  return { expected: describeBytes(state.hash), got: describeBytes(header.parentHash) };
}

/** @see [R22 Number](../RULES.md#r22-number) */
function findNumberViolation({ header, state }: HeaderFacts): Violation | undefined {
  return header.number === state.number + 1n
    ? undefined
    : { expected: `${state.number + 1n}`, got: `${header.number}` };
}

/** @see [R23 Epoch](../RULES.md#r23-epoch) */
function findEpochViolation({ header, state }: HeaderFacts): Violation | undefined {
  if (!isEpochWellFormed(header.epoch))
    return { expected: 'an index below the length and a highest byte of zero', got: `0x${header.epoch.toString(16)}` };
  const parent = parseEpoch(state.epoch);
  const found = parseEpoch(header.epoch);
  const { epochLength } = state.network;
  const got = `number ${found.number}, index ${found.index}, length ${found.length}`;
  if (epochLength !== null && found.length !== epochLength) return { expected: `length ${epochLength}`, got };

  if (state.epoch === 0n)
    return found.number === 0 && found.index === 1 ? undefined : { expected: 'number 0, index 1 after genesis', got };
  if (parent.index + 1 === parent.length) {
    const number = parent.number + 1;
    return found.number === number && found.index === 0 ? undefined : { expected: `number ${number}, index 0`, got };
  }
  const index = parent.index + 1;
  const follows = found.number === parent.number && found.index === index && found.length === parent.length;
  return follows ? undefined : { expected: `number ${parent.number}, index ${index}, length ${parent.length}`, got };
}

/** @see [R24 Timestamp above the median](../RULES.md#r24-timestamp-above-the-median) */
function findMedianViolation({ header, state }: HeaderFacts): Violation | undefined {
  const median = medianOf('state.timestamps', state.timestamps);
  if (header.timestamp > median) return undefined;
  return {
    expected: `above ${median} ms, the median of the last ${state.timestamps.length} blocks`,
    got: `${header.timestamp} ms`,
  };
}

/** @see [R25 Minimum block interval](../RULES.md#r25-minimum-block-interval) */
function findBlockIntervalViolation({ header, state }: HeaderFacts): Violation | undefined {
  const { minimumBlockInterval } = state.network;
  if (minimumBlockInterval === 0) return undefined;
  const earliest = (state.timestamps[state.timestamps.length - 1] ?? 0n) + BigInt(minimumBlockInterval);
  if (header.timestamp >= earliest) return undefined;
  return {
    expected: `at least ${earliest} ms, ${minimumBlockInterval} ms after the parent`,
    got: `${header.timestamp} ms`,
  };
}

/** @see [R26 Timestamp not ahead](../RULES.md#r26-timestamp-not-ahead) */
function findFutureViolation({ header, now }: HeaderFacts): Violation | undefined {
  const latest = BigInt(now) + BigInt(ALLOWED_FUTURE_BLOCK_TIME);
  if (header.timestamp <= latest) return undefined;
  return {
    expected: `at most ${latest} ms, ${ALLOWED_FUTURE_BLOCK_TIME} ms ahead of now`,
    got: `${header.timestamp} ms`,
  };
}

/** @see [R27 Nonce](../RULES.md#r27-nonce) */
function findNonceViolation({ header }: HeaderFacts): Violation | undefined {
  return header.nonce === 0n ? undefined : { expected: '0', got: `0x${header.nonce.toString(16)}` };
}

/** @see [R28 Membership](../RULES.md#r28-membership) */
function findMembershipViolation({ attester, state }: AttesterFacts): Violation | undefined {
  const { pubkeyHashes } = state.validatorList;
  if (indexOfBytes(pubkeyHashes, attester) !== -1) return undefined;
  return { expected: `one of ${pubkeyHashes.length} validators`, got: describeBytes(attester) };
}

/** @see [R29 Attest interval](../RULES.md#r29-attest-interval) */
function findAttestIntervalViolation({ attester, header, state }: AttesterFacts): Violation | undefined {
  const { attestInterval } = state.validatorList;
  const { recentAttesters } = state;
  const oldest = Math.max(0, recentAttesters.length - attestInterval);
  for (let i = recentAttesters.length - 1; i >= oldest; i--) {
    if (!equalBytes(recentAttesters[i] as Uint8Array, attester)) continue;
    const last = header.number - BigInt(recentAttesters.length - i);
    return {
      expected: `none of the attesters of the last ${attestInterval} blocks, so not before block ${last + BigInt(attestInterval) + 1n}`,
      got: `${describeBytes(attester)}, who attested block ${last}`,
    };
  }
  return undefined;
}

/** @see [R30 Difficulty](../RULES.md#r30-difficulty), [R40 Turn](../RULES.md#r40-turn) */
function findDifficultyViolation({ attester, header, state }: AttesterFacts): Violation | undefined {
  const { pubkeyHashes } = state.validatorList;
  const index = indexOfBytes(pubkeyHashes, attester);
  const inTurn = index === computeInTurnIndex(header.number, pubkeyHashes.length);
  const target = computeTurnTarget(inTurn);
  if (header.compactTarget === target) return undefined;
  return {
    expected: `0x${target.toString(16)}, validator ${index} being ${inTurn ? 'in' : 'out of'} turn`,
    got: `0x${header.compactTarget.toString(16)}`,
  };
}
