/**
 * A small network of three validators that the examples of the documentation follow: its anchor, four attested blocks,
 * and the vote in the second of them that lets a fourth validator join.
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  type Anchor,
  type AttestedBlock,
  attestBlock,
  type BlockTemplate,
  blake160,
  blockToRpc,
  COMPACT_TARGET_IN_TURN,
  ckbHash,
  computeMultisigMessage,
  computeMultisigScript,
  computeTypeId,
  computeValidatorListLock,
  MULTISIG_CODE_HASH,
  type MultisigInput,
  type PoaHeader,
  parseHeader,
  parseTransaction,
  type RpcBlock,
  serializeCellbaseWitness,
  serializeEpoch,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  serializeValidatorList,
  serializeWitnessArgs,
  type Transaction,
  TYPE_ID_CODE_HASH,
  type ValidatorList,
} from 'poa-primitives/ckb';

const GENESIS_TIME = 1_600_000_000_000;
const network = { multisigCodeHash: MULTISIG_CODE_HASH };

/** The verifier's clock, in milliseconds. */
export const now: number = GENESIS_TIME + 60_000;

/** Keys of four validators, made from fixed text: for examples only. */
export const secretKeys: Uint8Array[] = [0, 1, 2, 3].map((i) => ckbHash(Uint8Array.of(0x6b, 0x65, 0x79, i)));

const pubkeyHashes = secretKeys.map((key) => blake160(secp256k1.getPublicKey(key)));
const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };
const listType = { codeHash: TYPE_ID_CODE_HASH, hashType: 1, args: computeTypeId(firstInput, 0) };
const listOutPoint = { txHash: ckbHash(Uint8Array.of(1)), index: 0 };

/** The first three validators: two of them change the list, and each sits out one block after attesting. */
const list: ValidatorList = { attestInterval: 1, voteLimit: 2, pubkeyHashes: pubkeyHashes.slice(0, 3) };
const wantedList: ValidatorList = { attestInterval: 2, voteLimit: 3, pubkeyHashes };

/** What a follower of this network trusts to begin with: its genesis block. */
export const anchor: Anchor = {
  hash: ckbHash(Uint8Array.of(0)),
  number: 0n,
  epoch: 0n,
  timestamps: [BigInt(GENESIS_TIME)],
  validatorListOutPoint: serializeOutPoint(listOutPoint),
  validatorListType: serializeScript(listType),
  validatorList: list,
};

/** The vote that lets the fourth validator join, signed by the first two. */
export const vote: MultisigInput = makeVote();

function makeVote(): MultisigInput {
  const multisigScript = computeMultisigScript(list);
  const signed = (signatures: Uint8Array): Uint8Array =>
    serializeTransaction({
      ...emptyTransaction(),
      inputs: [{ since: 0n, previousOutput: listOutPoint }],
      outputs: [{ capacity: 30_000_000_000n, lock: computeValidatorListLock(wantedList, network), type: listType }],
      outputsData: [serializeValidatorList(wantedList)],
      witnesses: [
        serializeWitnessArgs({
          lock: Uint8Array.of(...multisigScript, ...signatures),
          inputType: null,
          outputType: null,
        }),
      ],
    });
  const message = computeMultisigMessage({
    transaction: signed(new Uint8Array(2 * 65)),
    inputIndex: 0,
    multisigScript,
  });
  const signatures = secretKeys.slice(0, 2).flatMap((key) => {
    const [id, ...rs] = secp256k1.sign(message, key, { prehash: false, format: 'recovered' });
    return [...rs, id as number];
  });
  return { transaction: signed(Uint8Array.from(signatures)), inputIndex: 0, multisigScript };
}

function emptyTransaction(): Transaction {
  return { version: 0, cellDeps: [], headerDeps: [], inputs: [], outputs: [], outputsData: [], witnesses: [] };
}

/** A transaction like any other, different for each `seed`. */
function makeTransfer(seed: number): Uint8Array {
  const lock = { codeHash: ckbHash(Uint8Array.of(2)), hashType: 1, args: new Uint8Array(20) };
  return serializeTransaction({
    ...emptyTransaction(),
    inputs: [{ since: 0n, previousOutput: { txHash: ckbHash(Uint8Array.of(3, seed)), index: 0 } }],
    outputs: [{ capacity: 6_100_000_000n, lock, type: null }],
    outputsData: [new Uint8Array()],
    witnesses: [new Uint8Array(85)],
  });
}

function makeTemplate(number: bigint, parentHash: Uint8Array, votingTxs: readonly Uint8Array[]): BlockTemplate {
  const lock = { codeHash: ckbHash(Uint8Array.of(4)), hashType: 1, args: new Uint8Array(20) };
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
    cellbase: serializeTransaction({
      ...emptyTransaction(),
      inputs: [{ since: number, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } }],
      witnesses: [serializeCellbaseWitness({ lock, message: new Uint8Array() })],
    }),
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
