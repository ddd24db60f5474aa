/**
 * What the benchmarks run on: a network of 21 validators far from its genesis, so that its state is as large as it gets,
 * and two blocks that may follow it.
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  type AttestedBlock,
  attestBlock,
  blake160,
  COMPACT_TARGET_IN_TURN,
  ckbHash,
  computeTypeId,
  createState,
  MAX_RECENT_ATTESTERS,
  MEDIAN_TIME_BLOCK_COUNT,
  type Script,
  type State,
  serializeCellbaseWitness,
  serializeEpoch,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  type Transaction,
  TYPE_ID_CODE_HASH,
} from 'poa-primitives/ckb';

const VALIDATOR_COUNT = 21;
const ANCHOR_NUMBER = 1000;
const GENESIS_TIME = 1_600_000_000_000;
const BLOCK_TIME = 8_000;
const EPOCH_LENGTH = 1800;

const timeOf = (number: number): bigint => BigInt(GENESIS_TIME + BLOCK_TIME * number);
const epochOf = (index: number): bigint => serializeEpoch({ number: 0, index, length: EPOCH_LENGTH });
const seeded = (...seed: number[]): Uint8Array => ckbHash(Uint8Array.from(seed));

/** Bytes that repeat no pattern, the same in each run. */
export function makeBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0, word = 1; i < size; i++) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = word >>> 24;
  }
  return bytes;
}

/** Distinct leaves of a merkle tree. */
export function makeLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => seeded(1, i & 0xff, i >> 8));
}

const secretKeys = Array.from({ length: VALIDATOR_COUNT }, (_, i) => seeded(2, i));
const pubkeyHashes = secretKeys.map((key) => blake160(secp256k1.getPublicKey(key)));
const turnOf = (number: number): number => number % VALIDATOR_COUNT;

const firstInput = { since: 0n, previousOutput: { txHash: seeded(3), index: 0 } };

/** The verifier's clock, in milliseconds. */
export const now: number = Number(timeOf(ANCHOR_NUMBER + 2));

/** The state that the measured headers follow. */
export const state: State = createState({
  hash: seeded(4),
  number: BigInt(ANCHOR_NUMBER),
  epoch: epochOf(ANCHOR_NUMBER),
  timestamps: Array.from({ length: MEDIAN_TIME_BLOCK_COUNT }, (_, i) =>
    timeOf(ANCHOR_NUMBER - MEDIAN_TIME_BLOCK_COUNT + 1 + i),
  ),
  recentAttesters: Array.from(
    { length: MAX_RECENT_ATTESTERS },
    (_, i) => pubkeyHashes[turnOf(ANCHOR_NUMBER - MAX_RECENT_ATTESTERS + 1 + i)] as Uint8Array,
  ),
  validatorListOutPoint: serializeOutPoint({ txHash: seeded(5), index: 0 }),
  validatorListType: serializeScript({
    codeHash: TYPE_ID_CODE_HASH,
    hashType: 1,
    args: computeTypeId(firstInput, 0),
  }),
  validatorList: { attestInterval: 10, voteLimit: 11, pubkeyHashes },
});

const lockOf = (seed: number): Script => ({ codeHash: seeded(6), hashType: 1, args: seeded(7, seed).slice(0, 20) });

function makeTransaction(parts: Partial<Transaction>): Uint8Array {
  const none = { version: 0, cellDeps: [], headerDeps: [], inputs: [], outputs: [], outputsData: [], witnesses: [] };
  return serializeTransaction({ ...none, ...parts });
}

function makeTransfer(seed: number): Uint8Array {
  return makeTransaction({
    cellDeps: [{ outPoint: { txHash: seeded(8), index: 0 }, depType: 1 }],
    inputs: [{ since: 0n, previousOutput: { txHash: seeded(9, seed), index: 0 } }],
    outputs: [
      { capacity: 6_100_000_000n, lock: lockOf(seed), type: null },
      { capacity: 9_999_000_000n, lock: lockOf(seed + 1), type: null },
    ],
    outputsData: [new Uint8Array(), new Uint8Array()],
    witnesses: [makeBytes(85)],
  });
}

/** The block after {@link state}, by the validator in turn, without votes; `count` includes the cellbase. */
function makeBlock(count: number): AttestedBlock {
  const number = ANCHOR_NUMBER + 1;
  const cellbaseWitness = serializeCellbaseWitness({ lock: lockOf(0), message: makeBytes(16) });
  return attestBlock(
    {
      header: {
        compactTarget: COMPACT_TARGET_IN_TURN,
        timestamp: timeOf(number),
        number: BigInt(number),
        epoch: epochOf(number),
        parentHash: state.hash,
        proposalsHash: new Uint8Array(32),
        extraHash: new Uint8Array(32),
        dao: makeBytes(32),
      },
      cellbase: makeTransaction({
        inputs: [{ since: BigInt(number), previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } }],
        outputs: [{ capacity: 100_000_000_000n, lock: lockOf(0), type: null }],
        outputsData: [new Uint8Array()],
        witnesses: [cellbaseWitness],
      }),
      votingTxs: [],
      transactions: Array.from({ length: count - 1 }, (_, i) => makeTransfer(i)),
    },
    secretKeys[turnOf(number)] as Uint8Array,
  );
}

/** Blocks that follow {@link state}, by their number of transactions. */
export const blocks: { readonly transactions: number; readonly block: AttestedBlock }[] = [1, 33].map((count) => ({
  transactions: count,
  block: makeBlock(count),
}));
