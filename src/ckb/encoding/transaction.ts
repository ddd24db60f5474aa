/**
 * Transactions: records, bytes, hashes, and the root that a header commits to.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0022-transaction-structure/0022-transaction-structure.md
 * @module
 */

import {
  assertArray,
  assertBytes,
  assertBytesArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  concat,
  copyOf,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import {
  copyBytesVec,
  copyFixvec,
  fixvecCountOf,
  type Range,
  rangeOf,
  rangesOf,
} from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeBytesVec, writeFixvec, writeTable } from '../../internal/molecule/write.js';
import { ckbHash, HASH_SIZE } from './hash.js';
import { computeMerkleRoot } from './merkle.js';
import { CELL_DEP_SIZE, CELL_INPUT_SIZE, TRANSACTION } from './schemas.js';
import { readScript, type Script, writeScript } from './script.js';

const U32_MAX = 0xffffffff;

/** Names an output of an earlier transaction. */
export interface OutPoint {
  /** 32 bytes. */
  readonly txHash: Uint8Array;
  /** u32, output of that transaction. */
  readonly index: number;
}

/** A cell whose data the scripts of a transaction may read. */
export interface CellDep {
  /** The cell. */
  readonly outPoint: OutPoint;
  /** u8: 0 code, 1 dep group; strict molecule does not judge it. */
  readonly depType: number;
}

/** A cell that a transaction spends. */
export interface CellInput {
  /** u64, see RFC 0017; in a cellbase the block number. */
  readonly since: bigint;
  /** The cell that is spent. */
  readonly previousOutput: OutPoint;
}

/** A cell that a transaction makes; its data stands in `outputsData` at the same index. */
export interface CellOutput {
  /** u64, shannons (1 CKB is 10^8). */
  readonly capacity: bigint;
  /** Who may spend it. */
  readonly lock: Script;
  /** What it must obey, if anything. */
  readonly type: Script | null;
}

/** A transaction without its hash. */
export interface Transaction {
  /** u32; 0 in every valid transaction. */
  readonly version: number;
  /** Cells whose data scripts may read. */
  readonly cellDeps: readonly CellDep[];
  /** Hashes of 32 bytes. */
  readonly headerDeps: readonly Uint8Array[];
  /** Cells that are spent. */
  readonly inputs: readonly CellInput[];
  /** Cells that are made. */
  readonly outputs: readonly CellOutput[];
  /** Data of the outputs, any length; strict molecule does not judge that there are as many. */
  readonly outputsData: readonly Uint8Array[];
  /** Any length. */
  readonly witnesses: readonly Uint8Array[];
}

/**
 * Parses a transaction.
 *
 * Layout: molecule `table Transaction { raw: RawTransaction, witnesses: BytesVec }`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies of everything
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseTransaction } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const cellbase = parseTransaction(headers[0].cellbase);
 * cellbase.inputs[0].since; // => 1n
 * ```
 * @see RFC 0022; [R5 Transactions](../RULES.md#r5-transactions)
 */
export function parseTransaction(bytes: Uint8Array): Transaction {
  assertBytes('parseTransaction.bytes', bytes);
  assertMolecule('parseTransaction', TRANSACTION, bytes);
  return readTransaction(bytes, viewOf(bytes), 0);
}

/** Reads the verified transaction at `start`. */
export function readTransaction(bytes: Uint8Array, view: DataView, start: number): Transaction {
  const raw = rangeOf(view, start, 0).start;
  const witnesses = rangeOf(view, start, 1).start;
  const [version, cellDeps, headerDeps, inputs, outputs, outputsData] = rangesOf(view, raw).map(
    (range) => range.start,
  ) as [number, number, number, number, number, number];
  return {
    version: view.getUint32(version, true),
    cellDeps: Array.from({ length: fixvecCountOf(view, cellDeps) }, (_, i) => {
      const at = cellDeps + 4 + i * CELL_DEP_SIZE;
      return { outPoint: readOutPoint(bytes, view, at), depType: view.getUint8(at + 36) };
    }),
    headerDeps: copyFixvec(bytes, view, headerDeps, HASH_SIZE),
    inputs: Array.from({ length: fixvecCountOf(view, inputs) }, (_, i) => {
      const at = inputs + 4 + i * CELL_INPUT_SIZE;
      return { since: view.getBigUint64(at, true), previousOutput: readOutPoint(bytes, view, at + 8) };
    }),
    outputs: rangesOf(view, outputs).map((range) => readCellOutput(bytes, view, range)),
    outputsData: copyBytesVec(bytes, view, outputsData),
    witnesses: copyBytesVec(bytes, view, witnesses),
  };
}

function readOutPoint(bytes: Uint8Array, view: DataView, at: number): OutPoint {
  return { txHash: copyOf(bytes, at, at + HASH_SIZE), index: view.getUint32(at + HASH_SIZE, true) };
}

/** Reads the verified output at `range`. */
export function readCellOutput(bytes: Uint8Array, view: DataView, range: Range): CellOutput {
  const [capacity, lock, type] = rangesOf(view, range.start) as [Range, Range, Range];
  return {
    capacity: view.getBigUint64(capacity.start, true),
    lock: readScript(bytes, view, lock),
    type: type.start === type.end ? null : readScript(bytes, view, type),
  };
}

/**
 * Serializes a transaction: the inverse of {@link parseTransaction}.
 *
 * @param transaction - all fields in their ranges
 * @returns the molecule encoding
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { parseTransaction, serializeTransaction } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * serializeTransaction(parseTransaction(headers[0].cellbase)); // => headers[0].cellbase
 * ```
 * @see RFC 0022; [R5 Transactions](../RULES.md#r5-transactions)
 */
export function serializeTransaction(transaction: Transaction): Uint8Array {
  return writeTransaction('serializeTransaction', transaction);
}

/** As {@link serializeTransaction}; `where` names the transaction inside a larger value. */
export function writeTransaction(where: string, transaction: Transaction): Uint8Array {
  assertObject(where, transaction);
  const { version, cellDeps, headerDeps, inputs, outputs, outputsData, witnesses } = transaction;
  assertInteger(`${where}.version`, version, 0, U32_MAX);
  assertArray(`${where}.cellDeps`, cellDeps);
  assertBytesArray(`${where}.headerDeps`, headerDeps, HASH_SIZE);
  assertArray(`${where}.inputs`, inputs);
  assertArray(`${where}.outputs`, outputs);
  assertBytesArray(`${where}.outputsData`, outputsData);
  assertBytesArray(`${where}.witnesses`, witnesses);
  const raw = writeTable([
    uintLE(version, 4),
    writeFixvec(cellDeps.map((dep, i) => writeCellDep(`${where}.cellDeps[${i}]`, dep))),
    writeFixvec(headerDeps),
    writeFixvec(inputs.map((input, i) => writeCellInput(`${where}.inputs[${i}]`, input))),
    writeTable(outputs.map((output, i) => writeCellOutput(`${where}.outputs[${i}]`, output))),
    writeBytesVec(outputsData),
  ]);
  return writeTable([raw, writeBytesVec(witnesses)]);
}

function writeOutPoint(where: string, outPoint: OutPoint): Uint8Array {
  assertObject(where, outPoint);
  assertFixedBytes(`${where}.txHash`, outPoint.txHash, HASH_SIZE);
  assertInteger(`${where}.index`, outPoint.index, 0, U32_MAX);
  return concat([outPoint.txHash, uintLE(outPoint.index, 4)]);
}

function writeCellDep(where: string, dep: CellDep): Uint8Array {
  assertObject(where, dep);
  assertInteger(`${where}.depType`, dep.depType, 0, 0xff);
  return concat([writeOutPoint(`${where}.outPoint`, dep.outPoint), Uint8Array.of(dep.depType)]);
}

/** Serializes an input: 44 bytes. */
export function writeCellInput(where: string, input: CellInput): Uint8Array {
  assertObject(where, input);
  assertUint(`${where}.since`, input.since, 64);
  return concat([uintLE(input.since, 8), writeOutPoint(`${where}.previousOutput`, input.previousOutput)]);
}

function writeCellOutput(where: string, output: CellOutput): Uint8Array {
  assertObject(where, output);
  assertUint(`${where}.capacity`, output.capacity, 64);
  const type = output.type === null ? new Uint8Array() : writeScript(`${where}.type`, output.type);
  return writeTable([uintLE(output.capacity, 8), writeScript(`${where}.lock`, output.lock), type]);
}

/**
 * Serializes an out point: `tx_hash (32) | index (u32 LE)`, as {@link State} tracks the validator-list cell.
 *
 * @param outPoint - `txHash` of 32 bytes, `index` a u32
 * @returns 36 bytes
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { serializeOutPoint } from 'poa-primitives/ckb';
 *
 * serializeOutPoint({ txHash: new Uint8Array(32), index: 1 })[32]; // => 1
 * ```
 * @see RFC 0022, "OutPoint"; [R43 State](../RULES.md#r43-state)
 */
export function serializeOutPoint(outPoint: OutPoint): Uint8Array {
  return writeOutPoint('serializeOutPoint', outPoint);
}

/**
 * The hash that names a transaction: over its raw part, without the witnesses.
 *
 * @param bytes - molecule `Transaction`
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { computeTransactionHash, computeWitnessHash } from 'poa-primitives/ckb';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 * import { headers } from './sample.js';
 *
 * const { cellbase } = headers[0];
 * bytesToHex(computeTransactionHash(cellbase)) === bytesToHex(computeWitnessHash(cellbase)); // => false
 * ```
 * @see RFC 0022, "Hash"; [R5 Transactions](../RULES.md#r5-transactions)
 */
export function computeTransactionHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeTransactionHash.bytes', bytes);
  assertMolecule('computeTransactionHash', TRANSACTION, bytes);
  return hashRaw(bytes);
}

/** The hash of a verified transaction. */
function hashRaw(bytes: Uint8Array): Uint8Array {
  const raw = rangeOf(viewOf(bytes), 0, 0);
  return ckbHash(bytes.subarray(raw.start, raw.end));
}

/**
 * The hash of a whole transaction, witnesses included: a leaf of the witnesses root.
 *
 * @param bytes - molecule `Transaction`
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { ckbHash, computeWitnessHash } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * computeWitnessHash(headers[0].cellbase); // => ckbHash(headers[0].cellbase)
 * ```
 * @see RFC 0022, "Hash"; [R5 Transactions](../RULES.md#r5-transactions)
 */
export function computeWitnessHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeWitnessHash.bytes', bytes);
  assertMolecule('computeWitnessHash', TRANSACTION, bytes);
  return ckbHash(bytes);
}

/**
 * The transactions root of a header: `merkle_root(raw transactions root | witnesses root)`, where the two are the merkle
 * roots of the transaction hashes and of the witness hashes.
 *
 * @param transactions - molecule `Transaction`s in block order, cellbase first
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { computeTransactionsRoot, parseHeader } from 'poa-primitives/ckb';
 * import { blocks } from './sample.js';
 *
 * computeTransactionsRoot(blocks[0].transactions); // => parseHeader(blocks[0].header).transactionsRoot
 * ```
 * @see RFC 0027, "Transactions Root"; [R5 Transactions](../RULES.md#r5-transactions)
 */
export function computeTransactionsRoot(transactions: readonly Uint8Array[]): Uint8Array {
  const where = 'computeTransactionsRoot.transactions';
  assertBytesArray(where, transactions);
  for (const [i, bytes] of transactions.entries()) assertMolecule(`${where}[${i}]`, TRANSACTION, bytes);
  return ckbHash(
    computeMerkleRoot(transactions.map(hashRaw)),
    computeMerkleRoot(transactions.map((bytes) => ckbHash(bytes))),
  );
}
