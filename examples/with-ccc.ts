/**
 * The same job with the objects of `@ckb-ccc/core`: a block that a client gave becomes bytes, its header is verified, and a vote
 * is checked before it is sent. Nothing is asked of a network: `npx tsx examples/with-ccc.ts`.
 */

import { ccc } from '@ckb-ccc/core';
import { cccA } from '@ckb-ccc/core/advanced';
import {
  applyVote,
  checkMultisigWitness,
  computeHeaderHash,
  computeTransactionHash,
  createState,
  type PoaHeader,
  serializeEpoch,
  serializeHeader,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { anchor, headers, now, rpcBlock, vote } from './sample.js';

/** The 208 bytes of a header that CCC gave. */
function headerFromCcc(header: ccc.ClientBlockHeader): Uint8Array {
  const [number, index, length] = header.epoch;
  const { c, ar, s, u } = header.dao;
  return serializeHeader({
    version: Number(header.version),
    compactTarget: Number(header.compactTarget),
    timestamp: header.timestamp,
    number: header.number,
    epoch: serializeEpoch({ number: Number(number), index: Number(index), length: Number(length) }),
    parentHash: ccc.bytesFrom(header.parentHash),
    transactionsRoot: ccc.bytesFrom(header.transactionsRoot),
    proposalsHash: ccc.bytesFrom(header.proposalsHash),
    extraHash: ccc.bytesFrom(header.extraHash),
    // CCC has taken the field apart into its four integers.
    dao: ccc.bytesConcat(...[c, ar, s, u].map((part) => ccc.numLeToBytes(part, 8))),
    nonce: header.nonce,
  });
}

/** What a verifier of headers needs of a block that CCC gave. */
function poaHeaderFromCcc(block: ccc.ClientBlock): PoaHeader {
  const [cellbase] = block.transactions;
  if (cellbase === undefined) throw new Error('a block without transactions');
  return { header: headerFromCcc(block.header), cellbase: cellbase.toBytes() };
}

const isSame = (a: ccc.BytesLike, b: ccc.BytesLike): boolean => ccc.hexFrom(a) === ccc.hexFrom(b);

// As `client.getBlockByNumber(1)` makes it of the answer of a node.
const answer = JSON.stringify(rpcBlock);
const block: ccc.ClientBlock = cccA.JsonRpcTransformers.blockTo(JSON.parse(answer));

// From CCC to bytes: whatever is hashed here must be what a peer would send.
const poaHeader = poaHeaderFromCcc(block);
const sent = headers[0] as PoaHeader;
console.log(`header as sent: ${isSame(poaHeader.header, sent.header)}`);
console.log(`cellbase as sent: ${isSame(poaHeader.cellbase, sent.cellbase)}`);
console.log(`block hash as CCC says: ${isSame(computeHeaderHash(poaHeader.header), block.header.hash)}`);

// The header is verified and applied, and one that was changed on the way is not.
const state = createState(anchor);
const applied = tryApplyHeader(state, poaHeader, { now });
console.log(applied.ok ? `applied: block ${applied.value.number}` : `refused: ${applied.error.message}`);

const cellbase = ccc.Transaction.fromBytes(poaHeader.cellbase);
cellbase.outputsData.push('0x00');
const changed = tryApplyHeader(state, { ...poaHeader, cellbase: cellbase.toBytes() }, { now });
console.log(changed.ok ? 'applied' : `with a changed cellbase: ${changed.error.code}`);

// From bytes to CCC, and back.
const transaction = ccc.Transaction.fromBytes(vote.transaction);
console.log(`vote goes both ways: ${isSame(transaction.toBytes(), vote.transaction)}`);
console.log(
  `transaction hash as CCC says: ${isSame(computeTransactionHash(transaction.toBytes()), transaction.hash())}`,
);

// A vote that CCC holds is checked before it is sent: who signed it, and what it changes.
const signers = checkMultisigWitness({ ...vote, transaction: transaction.toBytes() });
console.log(`vote signed by ${signers.map((signer) => ccc.hexFrom(signer).slice(0, 10)).join(' and ')}`);
const { validatorList } = applyVote(state, transaction.toBytes());
console.log(`validators: ${state.validatorList.pubkeyHashes.length}, then ${validatorList.pubkeyHashes.length}`);
