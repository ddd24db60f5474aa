/**
 * The JSON of a CKB node's RPC, both ways: blocks, headers and transactions as `get_block` gives them.
 *
 * The hashes that a node puts beside a header or a transaction are checked for their shape only: compute the hash of what you
 * read and compare, if the node is not yours.
 *
 * @see https://github.com/nervosnetwork/ckb/blob/5ebbc3921f392184a8f4c7dfb743159c65281c1a/rpc/README.md
 * @module
 */

import { writeBytes, writeName, writeQuantity } from '../../internal/json.js';
import { type Block, serializeBlock } from '../encoding/block.js';
import { computeHeaderHash, type Header, serializeHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import type { Script } from '../encoding/script.js';
import {
  computeTransactionHash,
  type OutPoint,
  serializeTransaction,
  type Transaction,
} from '../encoding/transaction.js';
import { type Dialect, HASH_TYPES, readBlock, readHeader, readPoaHeader, readTransaction } from './records.js';
import type { RpcBlock, RpcHeader, RpcOutPoint, RpcScript, RpcTransaction } from './rpcTypes.js';

const DEP_TYPES: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['code', 0],
  ['dep_group', 1],
]);

const RPC: Dialect = {
  names: {
    compactTarget: 'compact_target',
    parentHash: 'parent_hash',
    transactionsRoot: 'transactions_root',
    proposalsHash: 'proposals_hash',
    extraHash: 'extra_hash',
    cellDeps: 'cell_deps',
    headerDeps: 'header_deps',
    outputsData: 'outputs_data',
    outPoint: 'out_point',
    depType: 'dep_type',
    txHash: 'tx_hash',
    previousOutput: 'previous_output',
    codeHash: 'code_hash',
    hashType: 'hash_type',
  },
  // As nodes before RFC 0031 wrote it.
  formerNames: { extraHash: 'uncles_hash' },
  depTypes: DEP_TYPES,
  allowsEmptyHash: false,
};

/**
 * Reads a header. `uncles_hash`, the name of `extra_hash` before RFC 0031, is taken too.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns the header; see {@link serializeHeader}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { computeHeaderHash, headerFromRpc, serializeHeader } from 'poa-primitives/ckb';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 * import { rpcBlock } from './sample.js';
 *
 * const header = headerFromRpc(rpcBlock.header);
 * '0x' + bytesToHex(computeHeaderHash(serializeHeader(header))); // => rpcBlock.header.hash
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function headerFromRpc(json: unknown): Header {
  return readHeader(RPC, 'header', json);
}

/**
 * Writes a header with its hash.
 *
 * @param header - all fields in their ranges
 * @returns what `get_header` gives
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { headerFromRpc, headerToRpc } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * headerToRpc(headerFromRpc(rpcBlock.header)); // => rpcBlock.header
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function headerToRpc(header: Header): RpcHeader {
  const hash = computeHeaderHash(serializeHeader(header));
  return {
    version: writeQuantity(header.version),
    compact_target: writeQuantity(header.compactTarget),
    timestamp: writeQuantity(header.timestamp),
    number: writeQuantity(header.number),
    epoch: writeQuantity(header.epoch),
    parent_hash: writeBytes(header.parentHash),
    transactions_root: writeBytes(header.transactionsRoot),
    proposals_hash: writeBytes(header.proposalsHash),
    extra_hash: writeBytes(header.extraHash),
    dao: writeBytes(header.dao),
    nonce: writeQuantity(header.nonce),
    hash: writeBytes(hash),
  };
}

/**
 * Reads a transaction.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns the transaction; see {@link serializeTransaction}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { computeTransactionHash, serializeTransaction, transactionFromRpc } from 'poa-primitives/ckb';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 * import { rpcBlock } from './sample.js';
 *
 * const [json] = rpcBlock.transactions;
 * '0x' + bytesToHex(computeTransactionHash(serializeTransaction(transactionFromRpc(json)))); // => json.hash
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function transactionFromRpc(json: unknown): Transaction {
  return readTransaction(RPC, 'transaction', json);
}

/**
 * Writes a transaction with its hash.
 *
 * @param transaction - all fields in their ranges
 * @returns what `get_transaction` gives as `transaction`; for `send_transaction` leave `hash` out
 * @throws PoaError `OUT_OF_RANGE`, also for a hash type or dep type that has no name
 * @example
 * ```ts
 * import { transactionFromRpc, transactionToRpc } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * transactionToRpc(transactionFromRpc(rpcBlock.transactions[0])); // => rpcBlock.transactions[0]
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function transactionToRpc(transaction: Transaction): RpcTransaction {
  return writeTransaction('transactionToRpc', transaction);
}

/** As {@link transactionToRpc}; `where` names the transaction in errors. */
export function writeTransaction(where: string, transaction: Transaction): RpcTransaction {
  const hash = computeTransactionHash(serializeTransaction(transaction));
  return {
    version: writeQuantity(transaction.version),
    cell_deps: transaction.cellDeps.map(({ outPoint, depType }, i) => ({
      out_point: writeOutPoint(outPoint),
      dep_type: writeName(`${where}.cellDeps[${i}].depType`, depType, DEP_TYPES),
    })),
    header_deps: transaction.headerDeps.map(writeBytes),
    inputs: transaction.inputs.map(({ since, previousOutput }) => ({
      since: writeQuantity(since),
      previous_output: writeOutPoint(previousOutput),
    })),
    outputs: transaction.outputs.map(({ capacity, lock, type }, i) => ({
      capacity: writeQuantity(capacity),
      lock: writeScript(`${where}.outputs[${i}].lock`, lock),
      type: type === null ? null : writeScript(`${where}.outputs[${i}].type`, type),
    })),
    outputs_data: transaction.outputsData.map(writeBytes),
    witnesses: transaction.witnesses.map(writeBytes),
    hash: writeBytes(hash),
  };
}

function writeOutPoint({ txHash, index }: OutPoint): RpcOutPoint {
  return { tx_hash: writeBytes(txHash), index: writeQuantity(index) };
}

function writeScript(where: string, { codeHash, hashType, args }: Script): RpcScript {
  return {
    code_hash: writeBytes(codeHash),
    hash_type: writeName(`${where}.hashType`, hashType, HASH_TYPES),
    args: writeBytes(args),
  };
}

/**
 * Reads a block.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns the block; see {@link serializeBlock}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { blockFromRpc, computeTransactionsRoot, serializeTransaction } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * const { header, transactions } = blockFromRpc(rpcBlock);
 * computeTransactionsRoot(transactions.map(serializeTransaction)); // => header.transactionsRoot
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function blockFromRpc(json: unknown): Block {
  return readBlock(RPC, 'block', json);
}

/**
 * Writes a block with the hashes of its headers and transactions.
 *
 * @param block - all fields in their ranges
 * @returns what `get_block` gives; for `submit_block` leave every `hash` out
 * @throws PoaError `OUT_OF_RANGE`, also for a hash type or dep type that has no name
 * @example
 * ```ts
 * import { blockFromRpc, blockToRpc } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * blockToRpc(blockFromRpc(rpcBlock)); // => rpcBlock
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function blockToRpc(block: Block): RpcBlock {
  return writeBlock('blockToRpc', block);
}

/** As {@link blockToRpc}; `where` names the block in errors. */
export function writeBlock(where: string, block: Block): RpcBlock {
  // Judges all fields, those among them that have no hash of their own.
  serializeBlock(block);
  return {
    header: headerToRpc(block.header),
    uncles: block.uncles.map(({ header, proposals }) => ({
      header: headerToRpc(header),
      proposals: proposals.map(writeBytes),
    })),
    transactions: block.transactions.map((transaction, i) =>
      writeTransaction(`${where}.transactions[${i}]`, transaction),
    ),
    proposals: block.proposals.map(writeBytes),
    ...(block.extension === null ? {} : { extension: writeBytes(block.extension) }),
  };
}

/**
 * Takes out of a block what a verifier of headers needs: the header and the cellbase, as bytes.
 *
 * @param json - a block as `get_block` gives it, from anyone
 * @returns the input of `recoverHeader` and `applyHeader`
 * @throws PoaError `JSON_INVALID` with the path to what is wrong, also for a block without transactions
 * @example
 * ```ts
 * import { poaHeaderFromRpc, recoverHeader } from 'poa-primitives/ckb';
 * import { headers, rpcBlock } from './sample.js';
 *
 * recoverHeader(poaHeaderFromRpc(rpcBlock)).attester; // => recoverHeader(headers[0]).attester
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase), [R45 JSON](../RULES.md#r45-json)
 */
export function poaHeaderFromRpc(json: unknown): PoaHeader {
  return readPoaHeader(RPC, 'block', json);
}
