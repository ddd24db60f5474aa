/**
 * The JSON of a CKB node's RPC, both ways: blocks, headers and transactions as `get_block` gives them.
 *
 * The hashes that a node puts beside a header or a transaction are checked for their shape only: compute the hash of what you
 * read and compare, if the node is not yours.
 *
 * @see https://github.com/nervosnetwork/ckb/blob/5ebbc3921f392184a8f4c7dfb743159c65281c1a/rpc/README.md
 * @module
 */

import { type Block, serializeBlock, type UncleBlock } from '../encoding/block.js';
import { computeHeaderHash, type Header, serializeHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import type { Script } from '../encoding/script.js';
import {
  type CellDep,
  type CellInput,
  type CellOutput,
  computeTransactionHash,
  type OutPoint,
  serializeTransaction,
  type Transaction,
} from '../encoding/transaction.js';
import {
  jsonInvalid,
  member,
  readArray,
  readBytes,
  readName,
  readObject,
  readQuantity,
  readUint32,
  writeBytes,
  writeName,
  writeQuantity,
} from './json.js';

/** `HeaderView`. Integers are hex quantities: `0x` and digits without leading zeros. */
export interface RpcHeader {
  /** u32. */
  readonly version: string;
  /** u32. */
  readonly compact_target: string;
  /** u64 milliseconds. */
  readonly timestamp: string;
  /** u64. */
  readonly number: string;
  /** u64, packed. */
  readonly epoch: string;
  /** Hex of 32 bytes. */
  readonly parent_hash: string;
  /** Hex of 32 bytes. */
  readonly transactions_root: string;
  /** Hex of 32 bytes. */
  readonly proposals_hash: string;
  /** Hex of 32 bytes. */
  readonly extra_hash: string;
  /** Hex of 32 bytes. */
  readonly dao: string;
  /** u128. */
  readonly nonce: string;
  /** Hex of 32 bytes. */
  readonly hash: string;
}

/** `Script`. */
export interface RpcScript {
  /** Hex of 32 bytes. */
  readonly code_hash: string;
  /** `data`, `type`, `data1` or `data2`. */
  readonly hash_type: string;
  /** Hex. */
  readonly args: string;
}

/** `OutPoint`. */
export interface RpcOutPoint {
  /** Hex of 32 bytes. */
  readonly tx_hash: string;
  /** u32. */
  readonly index: string;
}

/** `CellDep`. */
export interface RpcCellDep {
  /** The cell. */
  readonly out_point: RpcOutPoint;
  /** `code` or `dep_group`. */
  readonly dep_type: string;
}

/** `CellInput`. */
export interface RpcCellInput {
  /** u64. */
  readonly since: string;
  /** The cell that is spent. */
  readonly previous_output: RpcOutPoint;
}

/** `CellOutput`. */
export interface RpcCellOutput {
  /** u64 shannons. */
  readonly capacity: string;
  /** Lock script. */
  readonly lock: RpcScript;
  /** Type script. */
  readonly type: RpcScript | null;
}

/** `TransactionView`; for `send_transaction` leave `hash` out. */
export interface RpcTransaction {
  /** u32. */
  readonly version: string;
  /** Cells whose data scripts may read. */
  readonly cell_deps: readonly RpcCellDep[];
  /** Hex of 32 bytes each. */
  readonly header_deps: readonly string[];
  /** Cells that are spent. */
  readonly inputs: readonly RpcCellInput[];
  /** Cells that are made. */
  readonly outputs: readonly RpcCellOutput[];
  /** Hex, one for each output. */
  readonly outputs_data: readonly string[];
  /** Hex. */
  readonly witnesses: readonly string[];
  /** Hex of 32 bytes. */
  readonly hash: string;
}

/** `UncleBlockView`. */
export interface RpcUncleBlock {
  /** Its header. */
  readonly header: RpcHeader;
  /** Hex of 10 bytes each. */
  readonly proposals: readonly string[];
}

/** `BlockView`. */
export interface RpcBlock {
  /** Its header. */
  readonly header: RpcHeader;
  /** Its uncles. */
  readonly uncles: readonly RpcUncleBlock[];
  /** Its transactions, cellbase first. */
  readonly transactions: readonly RpcTransaction[];
  /** Hex of 10 bytes each. */
  readonly proposals: readonly string[];
  /** Hex; absent in a block without the field. */
  readonly extension?: string;
}

const HASH_TYPES: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['data', 0],
  ['type', 1],
  ['data1', 2],
  ['data2', 4],
]);

const DEP_TYPES: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['code', 0],
  ['dep_group', 1],
]);

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
  return readHeader('header', json);
}

function readHeader(where: string, json: unknown): Header {
  const object = readObject(where, json);
  const hash = (name: string): Uint8Array => readBytes(`${where}.${name}`, member(object, name), 32);
  const uint = (name: string, bits: number): bigint => readQuantity(`${where}.${name}`, member(object, name), bits);
  checkHash(where, object);
  return {
    version: Number(uint('version', 32)),
    compactTarget: Number(uint('compact_target', 32)),
    timestamp: uint('timestamp', 64),
    number: uint('number', 64),
    epoch: uint('epoch', 64),
    parentHash: hash('parent_hash'),
    transactionsRoot: hash('transactions_root'),
    proposalsHash: hash('proposals_hash'),
    extraHash: hash(
      member(object, 'extra_hash') === undefined && member(object, 'uncles_hash') !== undefined
        ? 'uncles_hash'
        : 'extra_hash',
    ),
    dao: hash('dao'),
    nonce: uint('nonce', 128),
  };
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
  return readTransaction('transaction', json);
}

function readTransaction(where: string, json: unknown): Transaction {
  const object = readObject(where, json);
  const at = (name: string): [string, unknown] => [`${where}.${name}`, member(object, name)];
  checkHash(where, object);
  return {
    version: readUint32(...at('version')),
    cellDeps: readArray(...at('cell_deps'), readCellDep),
    headerDeps: readArray(...at('header_deps'), readHash),
    inputs: readArray(...at('inputs'), readCellInput),
    outputs: readArray(...at('outputs'), readCellOutput),
    outputsData: readArray(...at('outputs_data'), readAnyBytes),
    witnesses: readArray(...at('witnesses'), readAnyBytes),
  };
}

function readHash(where: string, value: unknown): Uint8Array {
  return readBytes(where, value, 32);
}

function readAnyBytes(where: string, value: unknown): Uint8Array {
  return readBytes(where, value);
}

function readOutPoint(where: string, json: unknown): OutPoint {
  const object = readObject(where, json);
  return {
    txHash: readHash(`${where}.tx_hash`, member(object, 'tx_hash')),
    index: readUint32(`${where}.index`, member(object, 'index')),
  };
}

function readCellDep(where: string, json: unknown): CellDep {
  const object = readObject(where, json);
  return {
    outPoint: readOutPoint(`${where}.out_point`, member(object, 'out_point')),
    depType: readName(`${where}.dep_type`, member(object, 'dep_type'), DEP_TYPES),
  };
}

function readCellInput(where: string, json: unknown): CellInput {
  const object = readObject(where, json);
  return {
    since: readQuantity(`${where}.since`, member(object, 'since'), 64),
    previousOutput: readOutPoint(`${where}.previous_output`, member(object, 'previous_output')),
  };
}

function readCellOutput(where: string, json: unknown): CellOutput {
  const object = readObject(where, json);
  const type = member(object, 'type') ?? null;
  return {
    capacity: readQuantity(`${where}.capacity`, member(object, 'capacity'), 64),
    lock: readScript(`${where}.lock`, member(object, 'lock')),
    type: type === null ? null : readScript(`${where}.type`, type),
  };
}

function readScript(where: string, json: unknown): Script {
  const object = readObject(where, json);
  return {
    codeHash: readHash(`${where}.code_hash`, member(object, 'code_hash')),
    hashType: readName(`${where}.hash_type`, member(object, 'hash_type'), HASH_TYPES),
    args: readBytes(`${where}.args`, member(object, 'args')),
  };
}

/** A hash beside a header or a transaction must look like one; nodes leave it out of what is not a view. */
function checkHash(where: string, object: Readonly<Record<string, unknown>>): void {
  const hash = member(object, 'hash');
  if (hash !== undefined) readHash(`${where}.hash`, hash);
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

function writeTransaction(where: string, transaction: Transaction): RpcTransaction {
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
  const where = 'block';
  const object = readObject(where, json);
  const extension = member(object, 'extension') ?? null;
  return {
    header: readHeader(`${where}.header`, member(object, 'header')),
    uncles: readArray(`${where}.uncles`, member(object, 'uncles'), readUncle),
    transactions: readArray(`${where}.transactions`, member(object, 'transactions'), readTransaction),
    proposals: readProposals(`${where}.proposals`, member(object, 'proposals')),
    extension: extension === null ? null : readBytes(`${where}.extension`, extension),
  };
}

function readUncle(where: string, json: unknown): UncleBlock {
  const object = readObject(where, json);
  return {
    header: readHeader(`${where}.header`, member(object, 'header')),
    proposals: readProposals(`${where}.proposals`, member(object, 'proposals')),
  };
}

function readProposals(where: string, json: unknown): Uint8Array[] {
  return readArray(where, json, (at, value) => readBytes(at, value, 10));
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
  // Judges all fields, those among them that have no hash of their own.
  serializeBlock(block);
  return {
    header: headerToRpc(block.header),
    uncles: block.uncles.map(({ header, proposals }) => ({
      header: headerToRpc(header),
      proposals: proposals.map(writeBytes),
    })),
    transactions: block.transactions.map((transaction, i) =>
      writeTransaction(`blockToRpc.transactions[${i}]`, transaction),
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
  const { header, transactions } = blockFromRpc(json);
  const [cellbase] = transactions;
  if (cellbase === undefined) throw jsonInvalid('block.transactions', 'a cellbase', 'an empty array');
  return { header: serializeHeader(header), cellbase: serializeTransaction(cellbase) };
}
