/**
 * The objects and codecs of Lumos, both ways: headers, transactions and blocks as `@ckb-lumos/base` types them, and
 * `POAContext` as a codec of `@ckb-lumos/codec`.
 *
 * This subpath alone loads the packages of Lumos. Their codecs decode leniently, so {@link POAContext} reads strictly before it
 * unpacks, and the conversions use none of them.
 *
 * @see https://github.com/ckb-js/lumos/tree/v0.23.0/packages/codec
 * @module poa-primitives/ckb/lumos
 */

import type { Block, DepType, HashType, Header, HexString, OutPoint, Script, Transaction } from '@ckb-lumos/base';
import { parseBlock, serializeBlock } from '../encoding/block.js';
import { parseHeader, serializeHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import { parseTransaction, serializeTransaction } from '../encoding/transaction.js';
import { type Dialect, readBlock, readHeader, readPoaHeader, readTransaction } from './records.js';
import { headerToRpc, writeBlock, writeTransaction } from './rpc.js';
import type { RpcHeader, RpcOutPoint, RpcScript, RpcTransaction } from './rpcTypes.js';

export {
  type PackablePoaContext,
  POAContext,
  type PoaContextCodec,
  type UnpackedPoaContext,
} from './lumosContext.js';

const LUMOS: Dialect = {
  names: {},
  formerNames: {},
  depTypes: /* @__PURE__ */ new Map([
    ['code', 0],
    ['depGroup', 1],
  ]),
  // As `blockchain.Header.unpack` gives it.
  allowsEmptyHash: true,
};

/** A block as Lumos types it, with the extension that `blockchain.BlockV1` has. */
export interface LumosBlock extends Block {
  /** Hex; absent in a block without the field. */
  extension?: HexString;
}

/**
 * Reads a header of Lumos.
 *
 * @param header - a `Header` of `@ckb-lumos/base`, from anyone; its `hash` may be empty or missing, as codecs leave it, and is
 * judged by its shape only
 * @returns 208 bytes; see {@link parseHeader}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { headerFromLumos, headerToLumos } from 'poa-primitives/ckb/lumos';
 * import { headers } from './sample.js';
 *
 * headerFromLumos(headerToLumos(headers[0].header)); // => headers[0].header
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function headerFromLumos(header: unknown): Uint8Array {
  return serializeHeader(readHeader(LUMOS, 'header', header));
}

/**
 * Writes a header for Lumos, with its hash.
 *
 * @param header - exactly 208 bytes
 * @returns what a node gives through Lumos
 * @throws PoaError `MALFORMED` for another length
 * @example
 * ```ts
 * import { headerToLumos } from 'poa-primitives/ckb/lumos';
 * import { headers } from './sample.js';
 *
 * headerToLumos(headers[0].header).hash; // => headerToLumos(headers[1].header).parentHash
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function headerToLumos(header: Uint8Array): Header {
  return renameHeader(headerToRpc(parseHeader(header)));
}

function renameHeader(json: RpcHeader): Header {
  const { version, timestamp, number, epoch, dao, nonce, hash } = json;
  return {
    version,
    compactTarget: json.compact_target,
    timestamp,
    number,
    epoch,
    parentHash: json.parent_hash,
    transactionsRoot: json.transactions_root,
    proposalsHash: json.proposals_hash,
    extraHash: json.extra_hash,
    dao,
    nonce,
    hash,
  };
}

/**
 * Reads a transaction of Lumos.
 *
 * @param transaction - a `Transaction` of `@ckb-lumos/base`, from anyone; its `hash` may be empty or missing, and is judged by its
 * shape only
 * @returns molecule `Transaction`; see {@link parseTransaction}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { transactionFromLumos, transactionToLumos } from 'poa-primitives/ckb/lumos';
 * import { vote } from './sample.js';
 *
 * transactionFromLumos(transactionToLumos(vote.transaction)); // => vote.transaction
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function transactionFromLumos(transaction: unknown): Uint8Array {
  return serializeTransaction(readTransaction(LUMOS, 'transaction', transaction));
}

/**
 * Writes a transaction for Lumos, with its hash.
 *
 * @param transaction - molecule `Transaction`
 * @returns what a node gives through Lumos
 * @throws PoaError `MALFORMED`; `OUT_OF_RANGE` for a hash type or dep type that has no name
 * @example
 * ```ts
 * import { transactionToLumos } from 'poa-primitives/ckb/lumos';
 * import { vote } from './sample.js';
 *
 * transactionToLumos(vote.transaction).outputs[0].lock.hashType; // => 'type'
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function transactionToLumos(transaction: Uint8Array): Transaction {
  return renameTransaction(writeTransaction('transactionToLumos', parseTransaction(transaction)));
}

function renameTransaction(json: RpcTransaction): Transaction {
  return {
    version: json.version,
    cellDeps: json.cell_deps.map(({ out_point, dep_type }) => ({
      outPoint: renameOutPoint(out_point),
      depType: (dep_type === 'dep_group' ? 'depGroup' : dep_type) as DepType,
    })),
    headerDeps: [...json.header_deps],
    inputs: json.inputs.map(({ since, previous_output }) => ({
      since,
      previousOutput: renameOutPoint(previous_output),
    })),
    outputs: json.outputs.map(({ capacity, lock, type }) => ({
      capacity,
      lock: renameScript(lock),
      ...(type === null ? {} : { type: renameScript(type) }),
    })),
    outputsData: [...json.outputs_data],
    witnesses: [...json.witnesses],
    hash: json.hash,
  };
}

function renameOutPoint({ tx_hash, index }: RpcOutPoint): OutPoint {
  return { txHash: tx_hash, index };
}

function renameScript({ code_hash, hash_type, args }: RpcScript): Script {
  return { codeHash: code_hash, hashType: hash_type as HashType, args };
}

/**
 * Reads a block of Lumos.
 *
 * @param block - a `Block` of `@ckb-lumos/base`, from anyone, with `extension` where the block has one
 * @returns molecule `Block`, or `BlockV1` with an extension; see {@link parseBlock}
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { blockFromRpc, serializeBlock } from 'poa-primitives/ckb';
 * import { blockFromLumos, blockToLumos } from 'poa-primitives/ckb/lumos';
 * import { rpcBlock } from './sample.js';
 *
 * const block = serializeBlock(blockFromRpc(rpcBlock));
 * blockFromLumos(blockToLumos(block)); // => block
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function blockFromLumos(block: unknown): Uint8Array {
  return serializeBlock(readBlock(LUMOS, 'block', block));
}

/**
 * Writes a block for Lumos, with the hashes of its headers and transactions.
 *
 * @param block - molecule `Block` or `BlockV1`
 * @returns what a node gives through Lumos
 * @throws PoaError `MALFORMED`; `OUT_OF_RANGE` for a hash type or dep type that has no name
 * @example
 * ```ts
 * import { blockFromRpc, serializeBlock } from 'poa-primitives/ckb';
 * import { blockToLumos } from 'poa-primitives/ckb/lumos';
 * import { rpcBlock } from './sample.js';
 *
 * const { header, transactions } = blockToLumos(serializeBlock(blockFromRpc(rpcBlock)));
 * header.hash; // => rpcBlock.header.hash
 * transactions.map(({ hash }) => hash); // => rpcBlock.transactions.map(({ hash }) => hash)
 * ```
 * @see [R45 JSON](../RULES.md#r45-json)
 */
export function blockToLumos(block: Uint8Array): LumosBlock {
  const json = writeBlock('blockToLumos', parseBlock(block));
  return {
    header: renameHeader(json.header),
    uncles: json.uncles.map(({ header, proposals }) => ({ header: renameHeader(header), proposals: [...proposals] })),
    transactions: json.transactions.map(renameTransaction),
    proposals: [...json.proposals],
    ...(json.extension === undefined ? {} : { extension: json.extension }),
  };
}

/**
 * Takes out of a block of Lumos what a verifier of headers needs: the header and the cellbase, as bytes.
 *
 * @param block - a `Block` of `@ckb-lumos/base`, from anyone
 * @returns the input of `recoverHeader` and `applyHeader`
 * @throws PoaError `JSON_INVALID` with the path to what is wrong, also for a block without transactions
 * @example
 * ```ts
 * import { blockFromRpc, serializeBlock } from 'poa-primitives/ckb';
 * import { blockToLumos, poaHeaderFromLumos } from 'poa-primitives/ckb/lumos';
 * import { headers, rpcBlock } from './sample.js';
 *
 * poaHeaderFromLumos(blockToLumos(serializeBlock(blockFromRpc(rpcBlock)))); // => headers[0]
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase), [R45 JSON](../RULES.md#r45-json)
 */
export function poaHeaderFromLumos(block: unknown): PoaHeader {
  return readPoaHeader(LUMOS, 'block', block);
}
