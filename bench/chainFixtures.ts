/**
 * Chains of headers for the benchmark: 21 validators, a block of every kind of turn.
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  attestBlock,
  blake160,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  ckbHash,
  computeTypeId,
  createState,
  type PoaHeader,
  type State,
  serializeCellbaseWitness,
  serializeEpoch,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  TYPE_ID_CODE_HASH,
} from 'poa-primitives/ckb';

const VALIDATORS = 21;
const GENESIS_TIME = 1_600_000_000_000;
const BLOCK_TIME = 8_000;
const EPOCH_LENGTH = 1800;

/** A chain to verify. */
export interface Chain {
  /** What it begins with. */
  readonly state: State;
  readonly headers: readonly PoaHeader[];
  /** Milliseconds, a clock behind its last block. */
  readonly now: number;
}

const seeded = (...seed: number[]): Uint8Array => ckbHash(Uint8Array.from(seed));
const secretKeys = Array.from({ length: VALIDATORS }, (_, i) => seeded(2, i));
const pubkeyHashes = secretKeys.map((key) => blake160(secp256k1.getPublicKey(key)));
const firstInput = { since: 0n, previousOutput: { txHash: seeded(3), index: 0 } };
const lock = { codeHash: seeded(6), hashType: 1, args: seeded(7).slice(0, 20) };
const none = { version: 0, cellDeps: [], headerDeps: [], inputs: [], outputs: [], outputsData: [], witnesses: [] };

const epochOf = (number: number): bigint =>
  serializeEpoch({ number: Math.floor(number / EPOCH_LENGTH), index: number % EPOCH_LENGTH, length: EPOCH_LENGTH });

/** A chain of so many headers; `share` of them, from 0 to 1, are by the validator in turn, the others by the one three turns on. */
export function makeChain(count: number, transactions: number, share: number): Chain {
  const state = createState({
    hash: seeded(4),
    number: 0n,
    epoch: epochOf(0),
    timestamps: [BigInt(GENESIS_TIME)],
    validatorListOutPoint: serializeOutPoint({ txHash: seeded(5), index: 0 }),
    validatorListType: serializeScript({
      codeHash: TYPE_ID_CODE_HASH,
      hashType: 1,
      args: computeTypeId(firstInput, 0),
    }),
    validatorList: { attestInterval: 2, voteLimit: 11, pubkeyHashes },
  });
  const others = Array.from({ length: transactions - 1 }, (_, i) =>
    serializeTransaction({ ...none, witnesses: [seeded(9, i)] }),
  );
  const headers: PoaHeader[] = [];
  let parentHash = state.hash;
  for (let number = 1; number <= count; number++) {
    const inTurn = Math.floor(number * share) > Math.floor((number - 1) * share);
    const block = attestBlock(
      {
        header: {
          compactTarget: inTurn ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN,
          timestamp: BigInt(GENESIS_TIME + BLOCK_TIME * number),
          number: BigInt(number),
          epoch: epochOf(number),
          parentHash,
          proposalsHash: new Uint8Array(32),
          extraHash: new Uint8Array(32),
          dao: new Uint8Array(32),
        },
        cellbase: serializeTransaction({
          ...none,
          inputs: [{ since: BigInt(number), previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } }],
          outputs: [{ capacity: 100_000_000_000n, lock, type: null }],
          outputsData: [new Uint8Array()],
          witnesses: [serializeCellbaseWitness({ lock, message: new Uint8Array(16) })],
        }),
        votingTxs: [],
        transactions: others,
      },
      secretKeys[(number + (inTurn ? 0 : 3)) % VALIDATORS] as Uint8Array,
    );
    headers.push({ header: block.header, cellbase: block.cellbase });
    parentHash = block.hash;
  }
  return { state, headers, now: GENESIS_TIME + BLOCK_TIME * (count + 1) };
}
