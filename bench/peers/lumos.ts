/**
 * A verifier of one header on Lumos and noble's curve. It decodes as leniently as Lumos does and knows no error codes.
 */

import { blockchain, utils } from '@ckb-lumos/base';
import { createBytesCodec, bytes as lumosBytes, number as lumosNumber, molecule } from '@ckb-lumos/codec';
import type { PoaHeader } from 'poa-primitives/ckb';
import { assert, NULL_HASH, type Recovered, recover, TRANSACTIONS_ROOT_OFFSET, ZERO_SIGNATURE } from './header.js';
import { rootOfFirst } from './merkle.js';

type PackedTransaction = Parameters<typeof blockchain.Transaction.pack>[0];

/** The hasher takes chunks, which spares joining them first. */
const lumosMerge = (left: string, right: string): string =>
  new utils.CKBHasher().update(left).update(right).digestHex();

const RawBytes = createBytesCodec<Uint8Array, Uint8Array>({ pack: (bytes) => bytes, unpack: (bytes) => bytes });
const LumosContext = molecule.table(
  {
    signature: blockchain.createFixedHexBytesCodec(65),
    transactionsCount: lumosNumber.Uint32LE,
    rawTransactionsRoot: blockchain.Byte32,
    merkleProof: blockchain.Byte32Vec,
    votingTxs: molecule.vector(RawBytes),
  },
  ['signature', 'transactionsCount', 'rawTransactionsRoot', 'merkleProof', 'votingTxs'],
);

/** Decodes with Lumos, writes the cellbase again with a zero signature, hashes with Lumos, recovers with noble. */
export function lumosRecover({ header, cellbase }: PoaHeader): Recovered {
  const record = blockchain.Header.unpack(header);
  const transaction = blockchain.Transaction.unpack(cellbase);
  const input = transaction.inputs[0];
  assert(transaction.inputs.length === 1 && BigInt(input?.since ?? -1) === BigInt(record.number), 'cellbase input');
  assert(
    input?.previousOutput.txHash === NULL_HASH && Number(input.previousOutput.index) === 0xffffffff,
    'cellbase out point',
  );
  const [first = '0x', ...witnesses] = transaction.witnesses;
  const witness = lumosBytes.bytify(first);
  const split = lumosNumber.Uint32LE.unpack(witness.slice(0, 4));
  const cellbaseWitness = witness.slice(0, split);
  blockchain.CellbaseWitness.unpack(cellbaseWitness);
  const context = LumosContext.unpack(witness.slice(split));

  const votes = context.votingTxs.map((vote) => utils.ckbHash(vote));
  const rootWith = (cellbaseHash: string): string =>
    lumosMerge(
      context.rawTransactionsRoot,
      rootOfFirst([cellbaseHash, ...votes], context.transactionsCount, context.merkleProof, lumosMerge),
    );
  assert(rootWith(utils.ckbHash(cellbase)) === record.transactionsRoot, 'transactions root');

  const zeroed = lumosBytes.concat(cellbaseWitness, LumosContext.pack({ ...context, signature: ZERO_SIGNATURE }));
  // The codec takes bytes and absent scripts as well, whatever its type says.
  const parts = { ...transaction, witnesses: [zeroed, ...witnesses] } as unknown as PackedTransaction;
  const unsealed = blockchain.Transaction.pack(parts);
  const unsealedHeader = Uint8Array.from(header);
  unsealedHeader.set(lumosBytes.bytify(rootWith(utils.ckbHash(unsealed))), TRANSACTIONS_ROOT_OFFSET);
  const message = utils.ckbHash(unsealedHeader);
  const publicKey = recover(lumosBytes.bytify(context.signature), lumosBytes.bytify(message));
  return {
    hash: utils.ckbHash(header),
    message,
    attester: utils.ckbHash160(publicKey),
    header: {
      version: Number(record.version),
      compactTarget: Number(record.compactTarget),
      timestamp: BigInt(record.timestamp),
      number: BigInt(record.number),
      epoch: BigInt(record.epoch),
      parentHash: record.parentHash,
      nonce: BigInt(record.nonce),
    },
  };
}
