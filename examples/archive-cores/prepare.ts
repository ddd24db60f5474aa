/** What of a block can be made before its parent is known: all but the parent's hash, and all of a signature but its last step. */

import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import {
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  ckbHash,
  parsePoaContext,
  parseTransaction,
  prepareBlock,
  serializeEpoch,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import { makeCellbase, makeTransfer } from '../kit.js';
import { GENESIS_TIME } from '../simulation/blocks.js';
import type { PlannedBlock } from './network.js';

const BLOCK_TIME = 8000;
const EPOCH_LENGTH = 1000;
const ZERO = new Uint8Array(32);

/** When a block is attested, in milliseconds. */
export const timeOf = (number: number): number => GENESIS_TIME + BLOCK_TIME * number;

/** A block that lacks its parent's hash and its signature. */
export interface Prepared {
  /** 208 bytes. */
  readonly header: Uint8Array;
  readonly cellbase: Uint8Array;
  /** Where in the cellbase the signature goes. */
  readonly signatureStart: number;
  /** 32 bytes each: what the transactions root is computed from, beside the hash of the cellbase. */
  readonly rawTransactionsRoot: Uint8Array;
  readonly votes: readonly Uint8Array[];
  readonly lemmas: readonly Uint8Array[];
  readonly transactionsCount: number;
  readonly signature: HalfSignature;
}

/** A signature that waits for its message: s is `factor * message + summand` modulo n. */
export interface HalfSignature {
  /** 32 bytes. */
  readonly r: Uint8Array;
  readonly recoveryId: number;
  /** 32 bytes, the inverse of the nonce. */
  readonly factor: Uint8Array;
  /** 32 bytes, that times r times the secret key. */
  readonly summand: Uint8Array;
}

/** Prepares consecutive blocks. */
export function prepare(blocks: readonly PlannedBlock[]): Prepared[] {
  const signatures = beginSignatures(blocks);
  return blocks.map((block, i) => prepareOne(block, signatures[i] as HalfSignature));
}

function prepareOne({ number, inTurn, votingTxs }: PlannedBlock, signature: HalfSignature): Prepared {
  const { header, transactions } = prepareBlock({
    header: {
      compactTarget: inTurn ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN,
      timestamp: BigInt(timeOf(number)),
      number: BigInt(number),
      epoch: serializeEpoch({
        number: Math.floor(number / EPOCH_LENGTH),
        index: number % EPOCH_LENGTH,
        length: EPOCH_LENGTH,
      }),
      parentHash: ZERO,
      proposalsHash: ZERO,
      extraHash: ZERO,
      dao: ZERO,
    },
    cellbase: makeCellbase(BigInt(number)),
    votingTxs,
    transactions: [makeTransfer(number)],
  });
  const [cellbase = ZERO] = transactions;
  const [witness = ZERO] = parseTransaction(cellbase).witnesses;
  const { poaContext } = splitCellbaseWitness(witness);
  const { rawTransactionsRoot, merkleProof, transactionsCount } = parsePoaContext(poaContext);
  return {
    header,
    cellbase,
    // The witness is the last of the cellbase, the context the last of it, and the signature the first of that after its offsets.
    signatureStart: cellbase.length - poaContext.length + new DataView(poaContext.buffer).getUint32(4, true),
    rawTransactionsRoot,
    votes: votingTxs.map((vote) => ckbHash(vote)),
    lemmas: merkleProof,
    transactionsCount,
    signature,
  };
}

/**
 * Begins a signature for each block. The nonce of a block is its number and a constant, so that the next point is one addition away:
 * fast, and never to be done with keys that are worth anything, since whoever knows a nonce knows the key.
 */
function beginSignatures(blocks: readonly PlannedBlock[]): HalfSignature[] {
  const { Point } = secp256k1;
  const { Fn, BASE } = Point;
  const nonces = blocks.map(({ number }) => Fn.create(bytesToNumberBE(ckbHash(ZERO)) + BigInt(number)));
  let point = BASE.multiply(nonces[0] as bigint);
  const points = blocks.map((_, i) => {
    if (i > 0) point = point.add(BASE);
    return point;
  });
  const inverses = Fn.invertBatch(nonces);
  return normalizeZ(Point, points).map((normal, i) => {
    const { x, y } = normal.toAffine();
    const factor = inverses[i] as bigint;
    const secretKey = Fn.create(bytesToNumberBE((blocks[i] as PlannedBlock).secretKey));
    return {
      r: Fn.toBytes(Fn.create(x)),
      recoveryId: Number(y & 1n),
      factor: Fn.toBytes(factor),
      summand: Fn.toBytes(Fn.mul(factor, Fn.mul(Fn.create(x), secretKey))),
    };
  });
}
