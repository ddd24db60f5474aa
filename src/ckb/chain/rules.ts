/**
 * The rules that judge a header against a state, one function each, in the order in which they are asked. Whoever applies
 * headers and whoever explains them reads this one table.
 *
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import type { CkbErrorCode } from '../../errors.js';
import { describeBytes, equalBytes, indexOfBytes } from '../../internal/bytes.js';
import type { Rule, Verdict } from '../../internal/rules.js';
import { type Epoch, isEpochWellFormed, parseEpoch, serializeEpoch } from '../encoding/epoch.js';
import type { Header } from '../encoding/header.js';
import type { State } from './state.js';
import { computeTurnTarget, isInTurn, medianOf } from './turn.js';

/** Milliseconds that a header may be ahead of the verifier's clock. */
export const ALLOWED_FUTURE_BLOCK_TIME = 15_000;

/** What a rule over the header alone asks of the parent. */
export type ParentFacts = Pick<State, 'network' | 'hash' | 'number' | 'epoch' | 'timestamps'>;

/** What a rule over the header alone may look at. */
export interface HeaderFacts {
  readonly state: ParentFacts;
  readonly header: Header;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** What a rule over the attester may look at. */
export interface AttesterFacts extends HeaderFacts {
  readonly state: State;
  /** 20 bytes. */
  readonly attester: Uint8Array;
}

/** Rules that need no signature, so they come first: they are cheap. */
export const HEADER_RULES: readonly Rule<HeaderFacts, CkbErrorCode>[] = [
  { id: 'R20', code: 'VERSION_MISMATCH', where: 'header.version', judge: judgeVersion },
  { id: 'R21', code: 'PARENT_MISMATCH', where: 'header.parentHash', judge: judgeParent },
  { id: 'R22', code: 'NUMBER_MISMATCH', where: 'header.number', judge: judgeNumber },
  { id: 'R23', code: 'EPOCH_INVALID', where: 'header.epoch', judge: judgeEpoch },
  { id: 'R24', code: 'TIMESTAMP_TOO_OLD', where: 'header.timestamp', judge: judgeMedian },
  { id: 'R25', code: 'TIMESTAMP_TOO_SOON', where: 'header.timestamp', judge: judgeBlockInterval },
  { id: 'R26', code: 'TIMESTAMP_TOO_NEW', where: 'header.timestamp', judge: judgeFuture },
  { id: 'R27', code: 'NONCE_NOT_ZERO', where: 'header.nonce', judge: judgeNonce },
];

/** Rules over who attested. */
export const ATTESTER_RULES: readonly Rule<AttesterFacts, CkbErrorCode>[] = [
  { id: 'R28', code: 'ATTESTER_UNKNOWN', where: 'attester', judge: judgeMembership },
  { id: 'R29', code: 'ATTESTER_TOO_SOON', where: 'attester', judge: judgeAttestInterval },
  { id: 'R30', code: 'DIFFICULTY_MISMATCH', where: 'header.compactTarget', judge: judgeDifficulty },
];

/** @see [R20 Version](../RULES.md#r20-version) */
function judgeVersion({ header }: HeaderFacts): Verdict {
  return { passed: header.version === 0, expected: () => '0', got: () => `${header.version}` };
}

/** @see [R21 Parent](../RULES.md#r21-parent) */
function judgeParent({ header, state }: HeaderFacts): Verdict {
  return {
    passed: equalBytes(header.parentHash, state.hash),
    expected: () => describeBytes(state.hash),
    got: () => describeBytes(header.parentHash),
  };
}

/** @see [R22 Number](../RULES.md#r22-number) */
function judgeNumber({ header, state }: HeaderFacts): Verdict {
  const next = state.number + 1n;
  return { passed: header.number === next, expected: () => `${next}`, got: () => `${header.number}` };
}

/** @see [R23 Epoch](../RULES.md#r23-epoch) */
function judgeEpoch({ header, state }: HeaderFacts): Verdict {
  const { epoch } = header;
  if (!isEpochWellFormed(epoch))
    return {
      passed: false,
      expected: () => 'an index below the length and a highest byte of zero',
      got: () => `0x${epoch.toString(16)}`,
    };
  const found = parseEpoch(epoch);
  const next = computeNextEpoch(parseEpoch(state.epoch), state.network.epochLength);
  const { number, index, length = found.length } = next;
  return {
    passed: found.number === number && found.index === index && found.length === length,
    expected: () => describeEpoch(next),
    got: () => describeEpoch(found),
  };
}

/** The epoch after `parent`, which is all-zero at genesis; its length is left out where the attester is free to choose it. */
function computeNextEpoch(parent: Epoch, epochLength: number | null): Omit<Epoch, 'length'> & Partial<Epoch> {
  const fixed = epochLength === null ? {} : { length: epochLength };
  if (serializeEpoch(parent) === 0n) return { number: 0, index: 1, ...fixed };
  if (parent.index + 1 === parent.length) return { number: parent.number + 1, index: 0, ...fixed };
  return { ...parent, index: parent.index + 1, ...fixed };
}

function describeEpoch({ number, index, length }: Omit<Epoch, 'length'> & Partial<Epoch>): string {
  return `number ${number}, index ${index}, ${length === undefined ? 'any length' : `length ${length}`}`;
}

/** @see [R24 Timestamp above the median](../RULES.md#r24-timestamp-above-the-median) */
function judgeMedian({ header, state }: HeaderFacts): Verdict {
  const { timestamps } = state;
  const { timestamp } = header;
  // Above the one in the middle is above more than half of them, which takes no sorting.
  let below = 0;
  for (let i = 0; i < timestamps.length; i++) if ((timestamps[i] as bigint) < timestamp) below++;
  return {
    passed: below > timestamps.length >> 1,
    expected: () =>
      `above ${medianOf('state.timestamps', timestamps)} ms, the median of the last ${timestamps.length} blocks`,
    got: () => `${timestamp} ms`,
  };
}

/** @see [R25 Minimum block interval](../RULES.md#r25-minimum-block-interval) */
function judgeBlockInterval({ header, state }: HeaderFacts): Verdict {
  const { minimumBlockInterval } = state.network;
  const earliest = (state.timestamps[state.timestamps.length - 1] ?? 0n) + BigInt(minimumBlockInterval);
  return {
    passed: minimumBlockInterval === 0 || header.timestamp >= earliest,
    expected: () =>
      minimumBlockInterval === 0
        ? 'any, the network sets no minimum block interval'
        : `at least ${earliest} ms, ${minimumBlockInterval} ms after the parent`,
    got: () => `${header.timestamp} ms`,
  };
}

/** @see [R26 Timestamp not ahead](../RULES.md#r26-timestamp-not-ahead) */
function judgeFuture({ header, now }: HeaderFacts): Verdict {
  const latest = BigInt(now) + BigInt(ALLOWED_FUTURE_BLOCK_TIME);
  return {
    passed: header.timestamp <= latest,
    expected: () => `at most ${latest} ms, ${ALLOWED_FUTURE_BLOCK_TIME} ms ahead of now`,
    got: () => `${header.timestamp} ms`,
  };
}

/** @see [R27 Nonce](../RULES.md#r27-nonce) */
function judgeNonce({ header }: HeaderFacts): Verdict {
  return { passed: header.nonce === 0n, expected: () => '0', got: () => `0x${header.nonce.toString(16)}` };
}

/** @see [R28 Membership](../RULES.md#r28-membership) */
function judgeMembership({ attester, state }: AttesterFacts): Verdict {
  const { pubkeyHashes } = state.validatorList;
  return {
    passed: indexOfBytes(pubkeyHashes, attester) !== -1,
    expected: () => `one of ${pubkeyHashes.length} validators`,
    got: () => describeBytes(attester),
  };
}

/** @see [R29 Attest interval](../RULES.md#r29-attest-interval) */
function judgeAttestInterval({ attester, state }: AttesterFacts): Verdict {
  const { attestInterval } = state.validatorList;
  const { recentAttesters } = state;
  const oldest = Math.max(0, recentAttesters.length - attestInterval);
  let found = recentAttesters.length - 1;
  while (found >= oldest && !equalBytes(recentAttesters[found] as Uint8Array, attester)) found--;
  const passed = found < oldest;
  const last = state.number + 1n - BigInt(recentAttesters.length - found);
  return {
    passed,
    expected: () => {
      const free = passed ? '' : `, so not before block ${last + BigInt(attestInterval) + 1n}`;
      return `none of the attesters of the last ${attestInterval} blocks${free}`;
    },
    got: () => (passed ? describeBytes(attester) : `${describeBytes(attester)}, who attested block ${last}`),
  };
}

/** @see [R30 Difficulty](../RULES.md#r30-difficulty), [R40 Turn](../RULES.md#r40-turn) */
function judgeDifficulty({ attester, header, state }: AttesterFacts): Verdict {
  const index = indexOfBytes(state.validatorList.pubkeyHashes, attester);
  const inTurn = isInTurn(state.validatorList, attester, header.number);
  const target = computeTurnTarget(inTurn);
  return {
    passed: header.compactTarget === target,
    expected: () => `0x${target.toString(16)}, validator ${index} being ${inTurn ? 'in' : 'out of'} turn`,
    got: () => `0x${header.compactTarget.toString(16)}`,
  };
}
