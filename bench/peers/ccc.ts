/**
 * A verifier of one header on CCC and noble's curve. It decodes as leniently as CCC does and knows no error codes.
 */

import { ccc } from '@ckb-ccc/core';
import type { PoaHeader } from 'poa-primitives/ckb';
import { assert, NULL_HASH, type Recovered, recover, TRANSACTIONS_ROOT_OFFSET, ZERO_SIGNATURE } from './header.js';
import { rootOfFirst } from './merkle.js';

/** Leaves are bytes, inner nodes the hex that the library returns. */
export const cccMerge = (left: ccc.BytesLike, right: ccc.BytesLike): ccc.BytesLike => ccc.hashCkb(left, right);

const { mol } = ccc;
type Decoded<T> = { [K in keyof T]: T[K] extends ccc.mol.Codec<any, infer D> ? D : never };
type Layout = Record<string, ccc.mol.Codec<any, any>>;

/** The types of the library clash with `exactOptionalPropertyTypes`; these are the same functions. */
const table = mol.table as unknown as <T extends Layout>(layout: T) => ccc.mol.Codec<Decoded<T>, Decoded<T>>;
const struct = mol.struct as unknown as typeof table;
const vector = mol.vector as unknown as <T>(item: ccc.mol.Codec<T, T>) => ccc.mol.Codec<T[], T[]>;

const rawBytes = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: ccc.BytesLike) => ccc.bytesFrom(bytes) };
const CccWitness = table({ lock: ccc.Script as unknown as ccc.mol.Codec<ccc.Script>, message: mol.Bytes });
const CccContext = table({
  signature: mol.Codec.from<Uint8Array>({ ...rawBytes, byteLength: 65 }),
  transactionsCount: mol.Uint32,
  rawTransactionsRoot: mol.Byte32,
  merkleProof: mol.Byte32Vec,
  votingTxs: vector(mol.Codec.from<Uint8Array>(rawBytes)),
});
const CccHeader = struct({
  version: mol.Uint32,
  compactTarget: mol.Uint32,
  timestamp: mol.Uint64,
  number: mol.Uint64,
  epoch: mol.Uint64,
  parentHash: mol.Byte32,
  transactionsRoot: mol.Byte32,
  proposalsHash: mol.Byte32,
  extraHash: mol.Byte32,
  dao: mol.Byte32,
  nonce: mol.Uint128,
});

/** Decodes with CCC, writes the cellbase again with a zero signature, hashes with CCC, recovers with noble. */
export function cccRecover({ header, cellbase }: PoaHeader): Recovered {
  const record = CccHeader.decode(header);
  const transaction = ccc.Transaction.fromBytes(cellbase);
  const input = transaction.inputs[0];
  assert(transaction.inputs.length === 1 && input?.since === record.number, 'cellbase input');
  assert(
    input?.previousOutput.txHash === NULL_HASH && input.previousOutput.index === 0xffffffffn,
    'cellbase out point',
  );
  const witness = ccc.bytesFrom(transaction.witnesses[0] ?? '0x');
  const split = mol.Uint32.decode(witness.subarray(0, 4));
  const cellbaseWitness = witness.subarray(0, split);
  CccWitness.decode(cellbaseWitness);
  const context = CccContext.decode(witness.subarray(split));

  const votes = context.votingTxs.map((vote) => ccc.hashCkb(vote));
  const rootWith = (cellbaseHash: ccc.Hex): ccc.Hex => {
    const leaves: ccc.BytesLike[] = [cellbaseHash, ...votes];
    const witnessesRoot = rootOfFirst(leaves, context.transactionsCount, context.merkleProof, cccMerge);
    return ccc.hashCkb(context.rawTransactionsRoot, witnessesRoot);
  };
  assert(rootWith(ccc.hashCkb(cellbase)) === record.transactionsRoot, 'transactions root');

  const zeroed = CccContext.encode({ ...context, signature: ZERO_SIGNATURE });
  transaction.witnesses[0] = ccc.hexFrom(ccc.bytesConcat(cellbaseWitness, zeroed));
  const unsealedHeader = Uint8Array.from(header);
  unsealedHeader.set(ccc.bytesFrom(rootWith(transaction.hashFull())), TRANSACTIONS_ROOT_OFFSET);
  const message = ccc.hashCkb(unsealedHeader);
  const publicKey = recover(context.signature, ccc.bytesFrom(message));
  return {
    hash: ccc.hashCkb(header),
    message,
    attester: ccc.hashCkb(publicKey).slice(0, 42),
    header: record,
  };
}
