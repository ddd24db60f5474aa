/**
 * Votes on signers: who has voted on whom since the last checkpoint, and what a block does to it.
 *
 * @see EIP-225, "Voting on signers"
 * @module
 */

import { assertObject, compareBytes, copyOf, equalBytes } from '../../internal/bytes.js';
import { type ByteTree, treeDelete, treeGet, treeSet, treeValues } from '../../internal/byteTree.js';
import type { State } from './state.js';

/** A vote that counts. */
export interface Vote {
  /** 20 bytes, who voted. */
  readonly signer: Uint8Array;
  /** u64, height of the block that carries the vote. */
  readonly number: bigint;
  /** 20 bytes, whom the vote is about. */
  readonly address: Uint8Array;
  /** Whether to add the address to the signers; else to remove it. */
  readonly authorize: boolean;
}

/** How the votes about one address stand. */
export interface Tally {
  /** 20 bytes, whom the votes are about. */
  readonly address: Uint8Array;
  /** Whether to add the address to the signers; else to remove it. */
  readonly authorize: boolean;
  /** How many there are; the address changes sides when a block names it and they are more than half of the signers. */
  readonly votes: number;
}

/** The votes about one address, all of which ask for the same. */
export interface Proposal {
  readonly address: Uint8Array;
  readonly authorize: boolean;
  /** Who has voted, and in which block; oldest first. */
  readonly votes: readonly Ballot[];
}

/** A vote without its target. */
export interface Ballot {
  readonly signer: Uint8Array;
  readonly number: bigint;
}

/** Votes by their target. Its form is private; {@link listVotes} and {@link computeTally} read it. */
export type VoteTree = ByteTree<Proposal>;

/**
 * The votes that count, as go-ethereum keeps them: one for each signer and target, the latest.
 *
 * @param state - as the fold left it
 * @returns copies, oldest first
 * @example
 * ```ts
 * import { createState, listVotes } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * listVotes(createState(anchor)); // => []
 * ```
 * @see EIP-225, "Voting on signers"; [C30 Votes](../RULES.md#c30-votes)
 */
export function listVotes(state: State): Vote[] {
  assertObject('listVotes.state', state);
  const votes = treeValues(state.votes).flatMap(({ address, authorize, votes: ballots }) =>
    ballots.map(({ signer, number }) => ({
      signer: copyOf(signer),
      number,
      address: copyOf(address),
      authorize,
    })),
  );
  return votes.sort((a, b) => (a.number < b.number ? -1 : 1));
}

/**
 * How the votes stand, one entry for each address that there are votes about.
 *
 * @param state - as the fold left it
 * @returns copies, in ascending order of addresses
 * @example
 * ```ts
 * import { computeTally, createState } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * computeTally(createState(anchor)); // => []
 * ```
 * @see EIP-225, "Voting on signers"; [C30 Votes](../RULES.md#c30-votes)
 */
export function computeTally(state: State): Tally[] {
  assertObject('computeTally.state', state);
  return treeValues(state.votes).map(({ address, authorize, votes }) => ({
    address: copyOf(address),
    authorize,
    votes: votes.length,
  }));
}

/** Signers and votes about them, as one block leaves them to the next. */
export interface Ballots {
  /** Ascending. */
  readonly signers: readonly Uint8Array[];
  readonly votes: VoteTree;
}

/**
 * Counts the vote that every block casts, if only to drop the zero address: the signer's older vote on the target goes, even where
 * the new one is no valid vote; then the target changes sides if more than half of the signers have asked for it by now.
 *
 * @see [C31 Counting a vote](../RULES.md#c31-counting-a-vote), [C32 A vote passes](../RULES.md#c32-a-vote-passes)
 */
export function castVote({ signers, votes }: Ballots, vote: Vote): Ballots {
  const { signer, address, authorize, number } = vote;
  const found = treeGet(votes, address);
  const isSigner = indexOfSigner(signers, address) >= 0;
  const others = found?.votes.filter((ballot) => !equalBytes(ballot.signer, signer)) ?? [];
  const isValid = isSigner !== authorize;
  // No votes to withdraw and none to count: nearly every block.
  if (found === undefined && !isValid) return { signers, votes };
  const ballots = isValid ? [...others, { signer, number }] : others;
  // Votes about an address all ask for the same, since only the other side of what it is can be asked for.
  const proposal: Proposal = { address, authorize: found?.authorize ?? authorize, votes: ballots };
  if (ballots.length * 2 > signers.length) return passVote({ signers, votes }, proposal);
  return {
    signers,
    votes: ballots.length === 0 ? treeDelete(votes, address) : treeSet(votes, address, proposal),
  };
}

/**
 * Lets a majority have its way: the address joins or leaves, all votes about it are done with, and where it leaves its own votes
 * go too.
 *
 * @see [C32 A vote passes](../RULES.md#c32-a-vote-passes)
 */
function passVote({ signers, votes }: Ballots, { address, authorize }: Proposal): Ballots {
  const rest = treeDelete(votes, address);
  const index = indexOfSigner(signers, address);
  if (authorize) return { signers: insertAt(signers, ~index, address), votes: rest };
  return { signers: signers.filter((_, i) => i !== index), votes: withdrawVotes(rest, address) };
}

function insertAt(signers: readonly Uint8Array[], index: number, address: Uint8Array): Uint8Array[] {
  const copy = signers.slice();
  copy.splice(index, 0, address);
  return copy;
}

/** The votes without those of one signer. */
function withdrawVotes(votes: VoteTree, signer: Uint8Array): VoteTree {
  let rest = votes;
  for (const proposal of treeValues(votes)) {
    const others = proposal.votes.filter((ballot) => !equalBytes(ballot.signer, signer));
    if (others.length === proposal.votes.length) continue;
    rest =
      others.length === 0
        ? treeDelete(rest, proposal.address)
        : treeSet(rest, proposal.address, { ...proposal, votes: others });
  }
  return rest;
}

/** Index of a signer among ascending ones, or the complement of where it would stand, which is negative. */
export function indexOfSigner(signers: readonly Uint8Array[], address: Uint8Array): number {
  let low = 0;
  let high = signers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareBytes(signers[middle] as Uint8Array, address);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return ~low;
}
