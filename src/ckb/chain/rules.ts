/**
 * The rules that judge a header against a state, one function each, in the order in which they are asked. Whoever applies
 * headers and whoever explains them reads this one table.
 *
 * @see POA RFC draft, "Header verification"; [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import type { CkbErrorCode } from '../../errors.js';
import { describeBytes, equalBytes, indexOfBytes } from '../../internal/bytes.js';
import type { Rule } from '../../internal/rules.js';
import { type Epoch, isEpochWellFormed, readEpoch } from '../encoding/epoch.js';
import type { Header, HeaderNumbers } from '../encoding/header.js';
import type { State } from './state.js';
import { computeTurnTarget, isInTurn, medianOf } from './turn.js';

/** Milliseconds that a header may be ahead of the verifier's clock. */
export const ALLOWED_FUTURE_BLOCK_TIME = 15_000;

/** What a rule over the numbers of a header may look at. */
export interface NumberFacts {
  /** Of the parent. */
  readonly state: Pick<State, 'network' | 'number' | 'epoch' | 'timestamps'>;
  readonly header: HeaderNumbers;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** What a rule over the header alone may look at. */
export interface HeaderFacts extends NumberFacts {
  readonly state: NumberFacts['state'] & Pick<State, 'hash'>;
  readonly header: Header;
}

/** What a rule over the attester may look at. */
export interface AttesterFacts {
  readonly state: Pick<State, 'number' | 'validatorList' | 'recentAttesters'>;
  readonly header: HeaderNumbers;
  /** 20 bytes. */
  readonly attester: Uint8Array;
}

/** @see [R20 Version](../RULES.md#r20-version) */
const VERSION: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R20',
  code: 'VERSION_MISMATCH',
  where: 'header.version',
  holds: ({ header }) => header.version === 0,
  explain: ({ header }) => ({ expected: '0', got: `${header.version}` }),
};

/** @see [R21 Parent](../RULES.md#r21-parent) */
const PARENT: Rule<HeaderFacts, CkbErrorCode> = {
  id: 'R21',
  code: 'PARENT_MISMATCH',
  where: 'header.parentHash',
  holds: ({ header, state }) => equalBytes(header.parentHash, state.hash),
  explain: ({ header, state }) => ({ expected: describeBytes(state.hash), got: describeBytes(header.parentHash) }),
};

/** @see [R22 Number](../RULES.md#r22-number) */
const NUMBER: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R22',
  code: 'NUMBER_MISMATCH',
  where: 'header.number',
  holds: ({ header, state }) => header.number === state.number + 1n,
  explain: ({ header, state }) => ({ expected: `${state.number + 1n}`, got: `${header.number}` }),
};

/** @see [R23 Epoch](../RULES.md#r23-epoch) */
const EPOCH: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R23',
  code: 'EPOCH_INVALID',
  where: 'header.epoch',
  holds: ({ header, state }) => {
    if (!isEpochWellFormed(header.epoch)) return false;
    const found = readEpoch(header.epoch);
    const { number, index, length = found.length } = computeNextEpoch(state);
    return found.number === number && found.index === index && found.length === length;
  },
  explain: ({ header, state }) => {
    const { epoch } = header;
    return isEpochWellFormed(epoch)
      ? { expected: describeEpoch(computeNextEpoch(state)), got: describeEpoch(readEpoch(epoch)) }
      : { expected: 'an index below the length and a highest byte of zero', got: `0x${epoch.toString(16)}` };
  },
};

/** An epoch of any length, if it says none. */
type NextEpoch = Pick<Epoch, 'number' | 'index'> & { readonly length: number | undefined };

/** The epoch after that of the parent, which is all-zero at genesis; its length is left out where the attester is free to choose it. */
function computeNextEpoch({ epoch, network }: NumberFacts['state']): NextEpoch {
  const parent = readEpoch(epoch);
  const fixed = network.epochLength ?? undefined;
  if (epoch === 0n) return { number: 0, index: 1, length: fixed };
  if (parent.index + 1 === parent.length) return { number: parent.number + 1, index: 0, length: fixed };
  return { number: parent.number, index: parent.index + 1, length: fixed ?? parent.length };
}

function describeEpoch({ number, index, length }: NextEpoch): string {
  return `number ${number}, index ${index}, ${length === undefined ? 'any length' : `length ${length}`}`;
}

/** @see [R24 Timestamp above the median](../RULES.md#r24-timestamp-above-the-median) */
const MEDIAN: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R24',
  code: 'TIMESTAMP_TOO_OLD',
  where: 'header.timestamp',
  holds: ({ header, state }) => {
    const { timestamps } = state;
    const { timestamp } = header;
    // Above the one in the middle is above more than half of them, which takes no sorting.
    let below = 0;
    for (let i = 0; i < timestamps.length; i++) if ((timestamps[i] as bigint) < timestamp) below++;
    return below > timestamps.length >> 1;
  },
  explain: ({ header, state: { timestamps } }) => ({
    expected: `above ${medianOf('state.timestamps', timestamps)} ms, the median of the last ${timestamps.length} blocks`,
    got: `${header.timestamp} ms`,
  }),
};

/** @see [R25 Minimum block interval](../RULES.md#r25-minimum-block-interval) */
const BLOCK_INTERVAL: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R25',
  code: 'TIMESTAMP_TOO_SOON',
  where: 'header.timestamp',
  holds: ({ header, state }) => state.network.minimumBlockInterval === 0 || header.timestamp >= computeEarliest(state),
  explain: ({ header, state }) => {
    const { minimumBlockInterval } = state.network;
    return {
      expected:
        minimumBlockInterval === 0
          ? 'any, the network sets no minimum block interval'
          : `at least ${computeEarliest(state)} ms, ${minimumBlockInterval} ms after the parent`,
      got: `${header.timestamp} ms`,
    };
  },
};

function computeEarliest({ timestamps, network }: NumberFacts['state']): bigint {
  return (timestamps[timestamps.length - 1] ?? 0n) + BigInt(network.minimumBlockInterval);
}

/** @see [R26 Timestamp not ahead](../RULES.md#r26-timestamp-not-ahead) */
const FUTURE: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R26',
  code: 'TIMESTAMP_TOO_NEW',
  where: 'header.timestamp',
  holds: ({ header, now }) => header.timestamp <= computeLatest(now),
  explain: ({ header, now }) => ({
    expected: `at most ${computeLatest(now)} ms, ${ALLOWED_FUTURE_BLOCK_TIME} ms ahead of now`,
    got: `${header.timestamp} ms`,
  }),
};

function computeLatest(now: number): bigint {
  return BigInt(now) + BigInt(ALLOWED_FUTURE_BLOCK_TIME);
}

/** @see [R27 Nonce](../RULES.md#r27-nonce) */
const NONCE: Rule<NumberFacts, CkbErrorCode> = {
  id: 'R27',
  code: 'NONCE_NOT_ZERO',
  where: 'header.nonce',
  holds: ({ header }) => header.nonce === 0n,
  explain: ({ header }) => ({ expected: '0', got: `0x${header.nonce.toString(16)}` }),
};

/** @see [R28 Membership](../RULES.md#r28-membership) */
const MEMBERSHIP: Rule<AttesterFacts, CkbErrorCode> = {
  id: 'R28',
  code: 'ATTESTER_UNKNOWN',
  where: 'attester',
  holds: ({ attester, state }) => indexOfBytes(state.validatorList.pubkeyHashes, attester) !== -1,
  explain: ({ attester, state }) => ({
    expected: `one of ${state.validatorList.pubkeyHashes.length} validators`,
    got: describeBytes(attester),
  }),
};

/** @see [R29 Attest interval](../RULES.md#r29-attest-interval) */
const ATTEST_INTERVAL: Rule<AttesterFacts, CkbErrorCode> = {
  id: 'R29',
  code: 'ATTESTER_TOO_SOON',
  where: 'attester',
  holds: (facts) => findRecent(facts) === -1,
  explain: (facts) => {
    const { attester, state } = facts;
    const { attestInterval } = state.validatorList;
    const found = findRecent(facts);
    const expected = `none of the attesters of the last ${attestInterval} blocks`;
    if (found === -1) return { expected, got: describeBytes(attester) };
    const last = state.number + 1n - BigInt(state.recentAttesters.length - found);
    return {
      expected: `${expected}, so not before block ${last + BigInt(attestInterval) + 1n}`,
      got: `${describeBytes(attester)}, who attested block ${last}`,
    };
  },
};

/** Index among the recent attesters of the last block by the attester within ATTEST_INTERVAL, or -1. */
function findRecent({ attester, state: { validatorList, recentAttesters } }: AttesterFacts): number {
  const oldest = Math.max(0, recentAttesters.length - validatorList.attestInterval);
  for (let i = recentAttesters.length - 1; i >= oldest; i--)
    if (equalBytes(recentAttesters[i] as Uint8Array, attester)) return i;
  return -1;
}

/** @see [R30 Difficulty](../RULES.md#r30-difficulty), [R40 Turn](../RULES.md#r40-turn) */
const DIFFICULTY: Rule<AttesterFacts, CkbErrorCode> = {
  id: 'R30',
  code: 'DIFFICULTY_MISMATCH',
  where: 'header.compactTarget',
  holds: ({ attester, header, state }) =>
    header.compactTarget === computeTurnTarget(isInTurn(state.validatorList, attester, header.number)),
  explain: ({ attester, header, state }) => {
    const inTurn = isInTurn(state.validatorList, attester, header.number);
    const index = indexOfBytes(state.validatorList.pubkeyHashes, attester);
    const target = computeTurnTarget(inTurn).toString(16);
    return {
      expected: `0x${target}, validator ${index} being ${inTurn ? 'in' : 'out of'} turn`,
      got: `0x${header.compactTarget.toString(16)}`,
    };
  },
};

/** Rules that need no signature, so they come first: they are cheap. */
export const HEADER_RULES: readonly Rule<HeaderFacts, CkbErrorCode>[] = [
  VERSION,
  PARENT,
  NUMBER,
  EPOCH,
  MEDIAN,
  BLOCK_INTERVAL,
  FUTURE,
  NONCE,
];

/** Those of them that need not know the hash of the parent. */
export const NUMBER_RULES: readonly Rule<NumberFacts, CkbErrorCode>[] = [
  VERSION,
  NUMBER,
  EPOCH,
  MEDIAN,
  BLOCK_INTERVAL,
  FUTURE,
  NONCE,
];

/** Rules over who attested. */
export const ATTESTER_RULES: readonly Rule<AttesterFacts, CkbErrorCode>[] = [MEMBERSHIP, ATTEST_INTERVAL, DIFFICULTY];
