/**
 * Votes that are read before the blocks in front of them are applied, so that their signatures are recovered together with those
 * of other blocks. Few of them: what a header brings along is read before anybody knows who attested it.
 *
 * @see [R32 When a vote takes effect](../RULES.md#r32-when-a-vote-takes-effect)
 * @module
 */

import type { Verifier } from '../../verifier.js';
import type { MultisigNetwork } from '../encoding/validatorList.js';
import { addSigner, recoverVoter } from './multisig.js';
import { hashTransactions, recoverVoters } from './verifyVotes.js';
import { readSignedVote, type SignedVote, type TrackedList } from './vote.js';

/** Most votes of a block that are read ahead, most bytes and most signatures of theirs. */
const MOST_VOTES = 4;
const MOST_BYTES = 32_768;
const MOST_SIGNATURES = 16;

/** The votes of a block, as far as no signature is needed. */
export interface VotesAhead {
  readonly votes: readonly SignedVote[];
  /** The list that they leave, if they hold. */
  readonly list: TrackedList;
}

/**
 * Reads the votes of a block, in order, each on the list that the one before it leaves.
 *
 * @returns undefined if they are too many to be read ahead
 * @throws PoaError as `readSignedVote`
 */
export function readVotesAhead(
  verifier: Verifier,
  tracked: TrackedList,
  network: MultisigNetwork,
  votingTxs: readonly Uint8Array[],
): VotesAhead | undefined {
  if (votingTxs.length > MOST_VOTES || votingTxs.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES)
    return undefined;
  const hashes = hashTransactions(verifier, votingTxs);
  const votes: SignedVote[] = [];
  let list = tracked;
  let signatures = 0;
  for (const [i, bytes] of votingTxs.entries()) {
    signatures += list.validatorList.voteLimit;
    if (signatures > MOST_SIGNATURES) return undefined;
    const vote = readSignedVote(placeOf(i), list, network, bytes, hashes[i]);
    votes.push(vote);
    list = vote.list;
  }
  return { votes, list };
}

function placeOf(index: number): string {
  return `votingTxs[${index}]`;
}

/** How many signatures the votes have together. */
export function countSignatures({ votes }: VotesAhead): number {
  return votes.reduce((sum, { signed }) => sum + signed.script.threshold, 0);
}

/** Who made a signature, 20 bytes; undefined where no key was recovered. */
export type Signer = Uint8Array | undefined;

/** Recovers the signers of the votes of some blocks: for each block those of all its votes, in order. */
export function recoverSigners(verifier: Verifier, blocks: readonly VotesAhead[]): (readonly Signer[])[] {
  const found = recoverVoters(
    verifier,
    blocks.flatMap(({ votes }) =>
      votes.flatMap(({ signed }) => Array.from({ length: signed.script.threshold }, (_, index) => ({ signed, index }))),
    ),
  );
  let end = 0;
  return blocks.map((votes) => {
    const start = end;
    end += countSignatures(votes);
    return found.slice(start, end);
  });
}

/**
 * Judges the signatures of votes that were read ahead.
 *
 * @returns the list that the last vote puts in force
 * @throws PoaError `VOTES_INVALID`
 */
export function judgeVotesAhead({ votes, list }: VotesAhead, signers: readonly Signer[]): TrackedList {
  let next = 0;
  for (const [i, { signed }] of votes.entries()) {
    const before: Uint8Array[] = [];
    for (let index = 0; index < signed.script.threshold; index++)
      addSigner(placeOf(i), signed, before, signers[next++] ?? recoverVoter(placeOf(i), signed, index));
  }
  return list;
}
