/**
 * A small network of three validators that the examples of the documentation follow: its anchor, four attested blocks,
 * and the vote in the second of them that lets a fourth validator join.
 */

import {
  type Anchor,
  type AttestedBlock,
  attestBlock,
  type BlockTemplate,
  blockToRpc,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  computeTransactionHash,
  computeTransactionsRoot,
  computeValidatorListLock,
  createAnchor,
  type LiveListCell,
  MULTISIG_CODE_HASH,
  type MultisigInput,
  type OutPoint,
  type PoaHeader,
  parseBlock,
  parseHeader,
  parseTransaction,
  type RpcBlock,
  serializeBlock,
  serializeEpoch,
  serializeTransaction,
  serializeValidatorList,
  type Transaction,
  type ValidatorList,
  type ValidatorListCell,
} from 'poa-primitives/ckb';
import { LIST_TYPE, makeCellbase, makeSecretKey, makeTransfer, makeVote, NULL_OUT_POINT, pubkeyHashOf } from './kit.js';

const GENESIS_TIME = 1_600_000_000_000;

/** The verifier's clock, in milliseconds. */
export const now: number = GENESIS_TIME + 60_000;

/** Keys of four validators. */
export const secretKeys: Uint8Array[] = ['Ann', 'Ben', 'Cas', 'Dot'].map(makeSecretKey);

const pubkeyHashes = secretKeys.map(pubkeyHashOf);

/** The first three validators: two of them change the list, and each sits out one block after attesting. */
const list: ValidatorList = { attestInterval: 1, voteLimit: 2, pubkeyHashes: pubkeyHashes.slice(0, 3) };

/** The cell of the list, as the genesis block makes it. */
const firstCell: ValidatorListCell = {
  output: {
    capacity: 100_000_000_000n,
    lock: computeValidatorListLock(list, { multisigCodeHash: MULTISIG_CODE_HASH }),
    type: LIST_TYPE,
  },
  data: serializeValidatorList(list),
};

/** The genesis block, in molecule: one transaction, which makes the cell of the list. */
export const genesisBlock: Uint8Array = makeGenesis();

function makeGenesis(): Uint8Array {
  const transaction: Transaction = {
    version: 0,
    cellDeps: [],
    headerDeps: [],
    inputs: [{ since: 0n, previousOutput: NULL_OUT_POINT }],
    outputs: [firstCell.output],
    outputsData: [firstCell.data],
    witnesses: [],
  };
  const zero = new Uint8Array(32);
  return serializeBlock({
    header: {
      version: 0,
      compactTarget: COMPACT_TARGET_OUT_OF_TURN,
      timestamp: BigInt(GENESIS_TIME),
      number: 0n,
      epoch: 0n,
      parentHash: zero,
      transactionsRoot: computeTransactionsRoot([serializeTransaction(transaction)]),
      proposalsHash: zero,
      extraHash: zero,
      dao: zero,
      nonce: 0n,
    },
    uncles: [],
    transactions: [transaction],
    proposals: [],
    extension: null,
  });
}

/** What a follower of this network trusts to begin with: its genesis block. */
export const anchor: Anchor = createAnchor({ genesis: genesisBlock });

/** The cell that holds the list, as a wallet finds it on the chain. */
export const listCell: LiveListCell = { ...firstCell, outPoint: genesisOutPoint() };

function genesisOutPoint(): OutPoint {
  const [transaction] = parseBlock(genesisBlock).transactions;
  return { txHash: computeTransactionHash(serializeTransaction(transaction as Transaction)), index: 0 };
}

/** The list with the fourth validator in it. */
export const wantedList: ValidatorList = { attestInterval: 2, voteLimit: 3, pubkeyHashes };

/** The vote that lets the fourth validator join, signed by the first two. */
export const vote: MultisigInput = makeVote(list, listCell.outPoint, wantedList, secretKeys.slice(0, 2));

function makeTemplate(number: bigint, parentHash: Uint8Array, votingTxs: readonly Uint8Array[]): BlockTemplate {
  return {
    header: {
      compactTarget: COMPACT_TARGET_IN_TURN,
      timestamp: BigInt(GENESIS_TIME) + 8_000n * number,
      number,
      epoch: serializeEpoch({ number: 0, index: Number(number), length: 1000 }),
      parentHash,
      proposalsHash: new Uint8Array(32),
      extraHash: new Uint8Array(32),
      dao: new Uint8Array(32),
    },
    cellbase: makeCellbase(number),
    votingTxs,
    transactions: [makeTransfer(2 * Number(number)), makeTransfer(2 * Number(number) + 1)],
  };
}

/** What block 1 is made from. */
export const template: BlockTemplate = makeTemplate(1n, anchor.hash, []);

/** Blocks 1 to 4, each by the validator in turn; the second carries the vote. */
export const blocks: AttestedBlock[] = makeBlocks();

function makeBlocks(): AttestedBlock[] {
  const made: AttestedBlock[] = [];
  let parentHash = anchor.hash;
  for (let number = 1n; number <= 4n; number++) {
    // The vote in block 2 takes effect from block 3 on.
    const count = number <= 2n ? 3n : 4n;
    const attester = secretKeys[Number(number % count)] as Uint8Array;
    const block = attestBlock(makeTemplate(number, parentHash, number === 2n ? [vote.transaction] : []), attester);
    made.push(block);
    parentHash = block.hash;
  }
  return made;
}

/** The same blocks as a header-only follower receives them. */
export const headers: PoaHeader[] = blocks.map(({ header, cellbase }) => ({ header, cellbase }));

/** Block 1 as the RPC of a node gives it. */
export const rpcBlock: RpcBlock = makeRpcBlock();

function makeRpcBlock(): RpcBlock {
  const { header, transactions } = blocks[0] as AttestedBlock;
  return blockToRpc({
    header: parseHeader(header),
    uncles: [],
    transactions: transactions.map(parseTransaction),
    proposals: [],
    extension: null,
  });
}
