/**
 * What somebody can do with votes: lists that are replaced all the time, and as many signatures as fit.
 *
 * @module
 */

import { createVerifier } from 'poa-primitives';
import type { PoaHeader, State } from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { attest } from '../fixtures/blocks.js';
import { makeChain } from '../fixtures/chains.js';
import { makeState } from '../fixtures/network.js';
import { makeBatch, makePlainVerifier, recoverBatches, splitBatches } from '../fixtures/signatures.js';
import { makeStrangeList, makeVotes, type StrangeList, type Vote } from '../fixtures/votes.js';
import { compareWays, type GroupPlan } from '../harness/way.js';
import { followChain } from './chains.js';
import { BATCH } from './signatures.js';

/** Blocks that replace the list. */
const BLOCKS = 256;
/** Most bytes of a cellbase, and what of it may not be votes. */
const CELLBASE_SIZE = 597_000;
const RESERVE = 1500;
/** Most validators of a list. */
const MOST_VALIDATORS = 255;

/** A chain in which each block puts the attester of the next one in force. */
function makeReplacing(lists: readonly StrangeList[], votes: readonly Vote[]): { state: State; headers: PoaHeader[] } {
  const state = makeState((lists[0] as StrangeList).list);
  const headers: PoaHeader[] = [];
  let parentHash = state.hash;
  for (const [i, { transaction }] of votes.entries()) {
    const secretKey = lists[i]?.secretKeys[0] as Uint8Array;
    const block = attest(
      { number: i + 1, parentHash, isInTurn: true, secretKey },
      { votingTxs: [transaction], transactions: [] },
    );
    headers.push({ header: block.header, cellbase: block.cellbase });
    parentHash = block.hash;
  }
  return { state, headers };
}

/** All signatures of votes, in batches. */
const batchesOf = (votes: readonly Vote[]) =>
  splitBatches(
    makeBatch(votes.flatMap(({ message, signatures }) => signatures.map((signature) => ({ message, signature })))),
    BATCH,
  );

const replacedLists: GroupPlan = {
  name: 'attack: a list replaced in every block',
  make: () => {
    const backend = createWasmBackendSync();
    const lists = Array.from({ length: BLOCKS + 1 }, (_, i) => makeStrangeList(i, 1));
    const votes = makeVotes(lists);
    const chain = makeReplacing(lists, votes);
    const without = makeChain(BLOCKS);
    const batches = batchesOf(votes);
    const plain = makePlainVerifier(backend);
    const warm = createVerifier({ backend });
    return compareWays('header', [
      {
        name: 'plain recovery of as many headers without votes, and of the signatures of the votes',
        count: BLOCKS,
        run: () => {
          followChain(without, plain);
          recoverBatches(plain, batches);
        },
      },
      { name: 'one vote in every block', count: BLOCKS, run: () => followChain(chain, warm) },
    ]);
  },
};

/** As many votes by all of so many validators as fit into a cellbase. */
function fillCellbase(validators: number): Vote[] {
  const first = makeVotes([0, 1].map((i) => makeStrangeList(i, validators)))[0] as Vote;
  // Each takes an offset as well.
  const count = Math.floor((CELLBASE_SIZE - RESERVE) / (first.transaction.length + 4));
  return makeVotes(Array.from({ length: count + 1 }, (_, i) => makeStrangeList(i, validators)));
}

function planMostVotes(validators: number): GroupPlan {
  const by = validators === 1 ? 'one validator each' : `${validators} validators each`;
  return {
    name: `attack: the most votes that fit a cellbase, by ${by}`,
    make: () => {
      const backend = createWasmBackendSync();
      const votes = fillCellbase(validators);
      const { list, secretKeys } = makeStrangeList(0, validators);
      const state = makeState(list);
      const { header, cellbase } = attest(
        { number: 1, parentHash: state.hash, isInTurn: true, secretKey: secretKeys[1 % validators] as Uint8Array },
        { votingTxs: votes.map(({ transaction }) => transaction), transactions: [] },
      );
      const batches = batchesOf(votes);
      const signatures = 1 + votes.length * validators;
      const verifier = createVerifier({ backend });
      const plain = makePlainVerifier(backend);
      return compareWays('signature', [
        {
          name: 'plain recovery of as many signatures',
          count: signatures - 1,
          run: () => recoverBatches(plain, batches),
        },
        {
          name: `${votes.length} votes, ${signatures} signatures`,
          count: signatures,
          run: () => followChain({ state, headers: [{ header, cellbase }] }, verifier),
        },
      ]);
    },
  };
}

export const voteAttackGroups: readonly GroupPlan[] = [replacedLists, ...[1, MOST_VALIDATORS].map(planMostVotes)];
