/**
 * What a vote would change, for those who are asked to sign it.
 *
 * @see POA RFC draft: before sign a vote transaction, validators must make sure the `multisig script` in the cell is valid
 * @module
 */

import { assertBytes, assertFixedBytes, assertObject, copyOf, indexOfBytes } from '../../internal/bytes.js';
import { BLAKE160_SIZE } from '../encoding/hash.js';
import { computeTransactionHash, serializeOutPoint } from '../encoding/transaction.js';
import type { ValidatorList } from '../encoding/validatorList.js';
import { computeOccupiedCapacity } from './buildVote.js';
import { readVote, type VoteState } from './vote.js';

/** A number before and after a vote. */
export interface Change {
  /** In the list in force. */
  readonly from: number;
  /** In the list that the vote makes. */
  readonly to: number;
}

/** Something that a signer should know; the vote is valid all the same. */
export type VoteWarning =
  | {
      /** ATTEST_INTERVAL is not `floor(n / 2)`: too small lets few rewrite the chain, too great lets few halt it. */
      readonly code: 'ATTEST_INTERVAL_NOT_HALF';
      /** `floor(n / 2)` of the new list. */
      readonly recommended: number;
      /** That of the new list. */
      readonly got: number;
    }
  | {
      /** Two validators have changed places, and with them their turns. */
      readonly code: 'VALIDATORS_SWAPPED';
      /** Pubkey hashes of 20 bytes. */
      readonly validators: readonly [Uint8Array, Uint8Array];
      /** Their indices in the list in force. */
      readonly indices: readonly [number, number];
    }
  | {
      /** The signer who was named is not in the new list. */
      readonly code: 'SIGNER_EVICTED';
      /** Pubkey hash of 20 bytes. */
      readonly signer: Uint8Array;
    }
  | {
      /** The new list is the one in force. */
      readonly code: 'NOTHING_CHANGES';
    }
  | {
      /** The new cell has less capacity than it occupies, so no node would take the transaction. */
      readonly code: 'CAPACITY_TOO_SMALL';
      /** Shannons. */
      readonly occupied: bigint;
      /** Shannons. */
      readonly got: bigint;
    };

/** What a vote would change. */
export interface VotePreview {
  /** The list that would be in force. */
  readonly validatorList: ValidatorList;
  /** 36 bytes, the cell that would hold it. */
  readonly validatorListOutPoint: Uint8Array;
  /** Pubkey hashes that are new, in the order of the new list. */
  readonly joins: readonly Uint8Array[];
  /** Pubkey hashes that are gone, in the order of the list in force. */
  readonly evictions: readonly Uint8Array[];
  /** Whether those who stay stand in another order. */
  readonly reordered: boolean;
  /** VOTE_LIMIT. */
  readonly voteLimit: Change;
  /** ATTEST_INTERVAL. */
  readonly attestInterval: Change;
  /** Signatures that the vote needs: VOTE_LIMIT of the list in force. */
  readonly signaturesNeeded: number;
  /** Index of the input that spends the list. */
  readonly inputIndex: number;
  /** Index of the output that makes the new list. */
  readonly outputIndex: number;
  /** What a signer should know. */
  readonly warnings: readonly VoteWarning[];
}

/** What a preview may take into account. */
export interface PreviewOptions {
  /** 20 bytes, who is asked to sign: warns of their own eviction. */
  readonly signer?: Uint8Array;
}

/**
 * Says what a vote would change, signed or not, and refuses one that would break the network: data and lock that do not
 * correspond, another number of list cells than one, no majority, an interval that is not below the count.
 *
 * @param state - with the list in force; any `State` will do
 * @param transaction - molecule `Transaction`, from anyone
 * @param options - the signer, if one is asked
 * @returns joins, evictions and other changes, with warnings as data
 * @throws PoaError in this order: `MALFORMED`; `VOTE_NOT_SPENDING_LIST`; `VOTE_OUTPUT_COUNT`; `VALIDATOR_LIST_MALFORMED`;
 * `VALIDATOR_LIST_DUPLICATE`; `VOTE_LIMIT_OUT_OF_RANGE`; `ATTEST_INTERVAL_TOO_LONG`; `VALIDATOR_LIST_LOCK_MISMATCH`; `OUT_OF_RANGE` for a
 * signer that is not 20 bytes
 * @example
 * ```ts
 * import { createState, previewVote } from 'poa-primitives/ckb';
 * import { anchor, vote } from './sample.js';
 *
 * const preview = previewVote(createState(anchor), vote.transaction);
 * [preview.joins.length, preview.evictions.length, preview.signaturesNeeded]; // => [1, 0, 2]
 * preview.attestInterval; // => { from: 1, to: 2 }
 * preview.warnings; // => []
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R47 Signing a vote](../RULES.md#r47-signing-a-vote)
 */
export function previewVote(state: VoteState, transaction: Uint8Array, options: PreviewOptions = {}): VotePreview {
  const where = 'previewVote';
  assertObject(`${where}.state`, state);
  assertBytes(`${where}.transaction`, transaction);
  assertObject(`${where}.options`, options);
  const { signer } = options;
  const vote = readVote(where, state, transaction);
  if (signer !== undefined) assertFixedBytes(`${where}.options.signer`, signer, BLAKE160_SIZE);

  const { validatorList: before } = state;
  const { validatorList: after, inputIndex, outputIndex, output, data } = vote;
  const [old, wanted] = [before.pubkeyHashes, after.pubkeyHashes];
  const stay = old.filter((hash) => indexOfBytes(wanted, hash) !== -1);
  const staying = wanted.filter((hash) => indexOfBytes(old, hash) !== -1);
  const reordered = stay.some((hash, i) => indexOfBytes(staying, hash) !== i);
  const joins = wanted.filter((hash) => indexOfBytes(old, hash) === -1);
  const evictions = old.filter((hash) => indexOfBytes(wanted, hash) === -1).map((hash) => copyOf(hash));

  const warnings: VoteWarning[] = [];
  const recommended = Math.floor(wanted.length / 2);
  if (after.attestInterval !== recommended)
    warnings.push({ code: 'ATTEST_INTERVAL_NOT_HALF', recommended, got: after.attestInterval });
  warnings.push(...findSwaps(old, wanted));
  if (signer !== undefined && indexOfBytes(wanted, signer) === -1)
    warnings.push({ code: 'SIGNER_EVICTED', signer: copyOf(signer) });
  const sameNumbers = before.voteLimit === after.voteLimit && before.attestInterval === after.attestInterval;
  if (sameNumbers && joins.length + evictions.length === 0 && !reordered) warnings.push({ code: 'NOTHING_CHANGES' });
  const occupied = computeOccupiedCapacity(output, data);
  if (output.capacity < occupied) warnings.push({ code: 'CAPACITY_TOO_SMALL', occupied, got: output.capacity });

  return {
    validatorList: after,
    validatorListOutPoint: serializeOutPoint({ txHash: computeTransactionHash(transaction), index: outputIndex }),
    joins: joins.map((hash) => copyOf(hash)),
    evictions,
    reordered,
    voteLimit: { from: before.voteLimit, to: after.voteLimit },
    attestInterval: { from: before.attestInterval, to: after.attestInterval },
    signaturesNeeded: before.voteLimit,
    inputIndex,
    outputIndex,
    warnings,
  };
}

/** The pairs of validators that have changed places with each other. */
function findSwaps(old: readonly Uint8Array[], wanted: readonly Uint8Array[]): VoteWarning[] {
  return old.flatMap((hash, i): VoteWarning[] => {
    const j = indexOfBytes(wanted, hash);
    const other = old[j];
    if (j <= i || other === undefined || indexOfBytes(wanted, other) !== i) return [];
    return [{ code: 'VALIDATORS_SWAPPED', validators: [copyOf(hash), copyOf(other)], indices: [i, j] }];
  });
}
