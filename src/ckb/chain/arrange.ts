/**
 * Putting the transactions of a block in order: votes first, where header-only followers find them.
 *
 * @see [R14 Leaves and proof](../RULES.md#r14-leaves-and-proof)
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import { assertBytesArray, assertObject, copyOf, describeBytes, equalBytes } from '../../internal/bytes.js';
import { serializeScript } from '../encoding/script.js';
import {
  computeTransactionHash,
  parseTransaction,
  serializeOutPoint,
  type Transaction,
} from '../encoding/transaction.js';
import { computeVotedList, type TrackedList } from '../governance/vote.js';
import type { State } from './state.js';

/** A transaction that cannot stand in the next block as it is. */
export interface RefusedVote {
  /** Its position among the transactions that were handed in. */
  readonly index: number;
  /** Why not. */
  readonly error: PoaError;
}

/** The transactions of a block, in order. */
export interface ArrangedTransactions {
  /** Molecule `Transaction`s for `BlockTemplate.votingTxs`, each on the list that the one before it leaves. */
  readonly votingTxs: readonly Uint8Array[];
  /** Molecule `Transaction`s for `BlockTemplate.transactions`, in the order in which they were handed in. */
  readonly transactions: readonly Uint8Array[];
  /** What was left out. Transactions that spend what these make have to be left out too. */
  readonly refused: readonly RefusedVote[];
}

/**
 * Finds the votes among transactions, checks them against the list in force, and puts them in the order in which they apply, for
 * `prepareBlock`. A vote that does not hold is left out with the reason; so is one that depends on another transaction of the block, since
 * votes come before all others.
 *
 * @param state - of the parent block
 * @param transactions - molecule `Transaction`s without the cellbase, in any order
 * @returns votes, others, and what was left out with the reason; fresh copies
 * @throws PoaError `MALFORMED` for a transaction that does not decode
 * @example
 * ```ts
 * import { arrangeTransactions, createState } from 'poa-primitives/ckb';
 * import { anchor, template, vote } from './sample.js';
 *
 * const arranged = arrangeTransactions(createState(anchor), [...template.transactions, vote.transaction]);
 * arranged.votingTxs; // => [vote.transaction]
 * arranged.transactions; // => [...template.transactions]
 * arranged.refused; // => []
 * ```
 * @see POA RFC draft: the attester must put voting transactions into `POAContext`; [R14 Leaves and proof](../RULES.md#r14-leaves-and-proof)
 */
export function arrangeTransactions(state: State, transactions: readonly Uint8Array[]): ArrangedTransactions {
  const where = 'arrangeTransactions';
  assertObject(`${where}.state`, state);
  assertBytesArray(`${where}.transactions`, transactions);
  const all = transactions.map((bytes, index) => {
    const record = parseTransaction(bytes);
    return { index, bytes, record, hash: describeBytes(computeTransactionHash(bytes)) };
  });
  const isVote = ({ outputs }: Transaction): boolean =>
    outputs.some(({ type }) => type !== null && equalBytes(serializeScript(type), state.validatorListType));
  const spends = ({ inputs }: Transaction, outPoint: Uint8Array): boolean =>
    inputs.some(({ previousOutput }) => equalBytes(serializeOutPoint(previousOutput), outPoint));

  const waiting = all.filter(({ record }) => isVote(record) || spends(record, state.validatorListOutPoint));
  const others = all.filter((each) => !waiting.includes(each));
  const votingTxs: Uint8Array[] = [];
  const refused: RefusedVote[] = [];
  const placed = new Set<string>();
  let list: TrackedList = state;
  for (;;) {
    const at = waiting.findIndex(({ record }) => spends(record, list.validatorListOutPoint));
    const [vote] = at === -1 ? [] : waiting.splice(at, 1);
    if (vote === undefined) break;
    try {
      checkDependencies(
        vote.record,
        all.map(({ hash }) => hash),
        placed,
      );
      list = computeVotedList(`${where}.transactions[${vote.index}]`, list, state.network, vote.bytes);
      placed.add(vote.hash);
      votingTxs.push(copyOf(vote.bytes));
    } catch (error) {
      if (!isPoaError(error)) throw error;
      refused.push({ index: vote.index, error });
    }
  }
  for (const { index } of waiting)
    refused.push({
      index,
      error: new PoaError('VOTE_NOT_SPENDING_LIST', {
        where: `${where}.transactions[${index}]`,
        expected: 'a vote that spends the list in force, or that of a vote before it',
        got: 'one that spends neither',
      }),
    });
  return {
    votingTxs,
    transactions: others.map(({ bytes }) => copyOf(bytes)),
    refused: refused.sort((a, b) => a.index - b.index),
  };
}

/** A vote may spend and read what earlier votes of the block make, and nothing else of it. */
function checkDependencies(
  { inputs, cellDeps }: Transaction,
  hashes: readonly string[],
  placed: ReadonlySet<string>,
): void {
  const used = [...inputs.map(({ previousOutput }) => previousOutput), ...cellDeps.map(({ outPoint }) => outPoint)];
  const late = used
    .map(({ txHash }) => describeBytes(txHash))
    .find((hash) => hashes.includes(hash) && !placed.has(hash));
  if (late !== undefined)
    throw new PoaError('VOTE_DEPENDS_ON_BLOCK', {
      where: 'vote',
      expected: 'a vote that depends on no other transaction of its block',
      got: `one that depends on ${late}`,
    });
}
