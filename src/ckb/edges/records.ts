/**
 * The readers that all JSON of the protocol shares: its dialects differ in the names of members and little else.
 *
 * @module
 */

import {
  jsonInvalid,
  member,
  type Reader,
  readArray,
  readBytes,
  readName,
  readObject,
  readQuantity,
  readUint32,
} from '../../internal/json.js';
import type { Block, UncleBlock } from '../encoding/block.js';
import { type Header, serializeHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import type { Script } from '../encoding/script.js';
import {
  type CellDep,
  type CellInput,
  type CellOutput,
  type OutPoint,
  serializeTransaction,
  type Transaction,
} from '../encoding/transaction.js';

/** How a tool writes the records of this library. */
export interface Dialect {
  /** Names of the members that are not called as they are in the records. */
  readonly names: Readonly<Record<string, string>>;
  /** Other names under which a member may stand where it is missing under its own. */
  readonly formerNames: Readonly<Record<string, string>>;
  /** What the numbers of dep types are called. */
  readonly depTypes: ReadonlyMap<string, number>;
  /** Whether an empty text may stand where no hash was computed. */
  readonly allowsEmptyHash: boolean;
}

/** What the numbers of hash types are called, everywhere. */
export const HASH_TYPES: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['data', 0],
  ['type', 1],
  ['data1', 2],
  ['data2', 4],
]);

/** Gives the path and the value of a member by its name in the records. */
type Members = (name: string) => [path: string, value: unknown];

/** Reads an object whose members are then asked for by their names in the records. */
function readMembers(dialect: Dialect, where: string, json: unknown): Members {
  const object = readObject(where, json);
  return (name) => {
    const own = dialect.names[name] ?? name;
    const former = dialect.formerNames[name];
    const value = member(object, own);
    if (value === undefined && former !== undefined && member(object, former) !== undefined)
      return [`${where}.${former}`, member(object, former)];
    return [`${where}.${own}`, value];
  };
}

/** A hash beside a header or a transaction must look like one; it may be left out. */
function checkHash(dialect: Dialect, [where, hash]: [string, unknown]): void {
  if (hash === undefined || (hash === '' && dialect.allowsEmptyHash)) return;
  readHash(where, hash);
}

function readHash(where: string, value: unknown): Uint8Array {
  return readBytes(where, value, 32);
}

function readAnyBytes(where: string, value: unknown): Uint8Array {
  return readBytes(where, value);
}

function readUint64(where: string, value: unknown): bigint {
  return readQuantity(where, value, 64);
}

/** Reads an array of what `read` reads in this dialect. */
function readEach<T>(
  dialect: Dialect,
  [where, value]: [string, unknown],
  read: (dialect: Dialect, ...at: Parameters<Reader<T>>) => T,
): T[] {
  return readArray(where, value, (at, item) => read(dialect, at, item));
}

/** Reads a header. */
export function readHeader(dialect: Dialect, where: string, json: unknown): Header {
  const at = readMembers(dialect, where, json);
  checkHash(dialect, at('hash'));
  return {
    version: readUint32(...at('version')),
    compactTarget: readUint32(...at('compactTarget')),
    timestamp: readUint64(...at('timestamp')),
    number: readUint64(...at('number')),
    epoch: readUint64(...at('epoch')),
    parentHash: readHash(...at('parentHash')),
    transactionsRoot: readHash(...at('transactionsRoot')),
    proposalsHash: readHash(...at('proposalsHash')),
    extraHash: readHash(...at('extraHash')),
    dao: readHash(...at('dao')),
    nonce: readQuantity(...at('nonce'), 128),
  };
}

/** Reads a transaction. */
export function readTransaction(dialect: Dialect, where: string, json: unknown): Transaction {
  const at = readMembers(dialect, where, json);
  checkHash(dialect, at('hash'));
  return {
    version: readUint32(...at('version')),
    cellDeps: readEach(dialect, at('cellDeps'), readCellDep),
    headerDeps: readArray(...at('headerDeps'), readHash),
    inputs: readEach(dialect, at('inputs'), readCellInput),
    outputs: readEach(dialect, at('outputs'), readCellOutput),
    outputsData: readArray(...at('outputsData'), readAnyBytes),
    witnesses: readArray(...at('witnesses'), readAnyBytes),
  };
}

function readOutPoint(dialect: Dialect, where: string, json: unknown): OutPoint {
  const at = readMembers(dialect, where, json);
  return { txHash: readHash(...at('txHash')), index: readUint32(...at('index')) };
}

function readCellDep(dialect: Dialect, where: string, json: unknown): CellDep {
  const at = readMembers(dialect, where, json);
  return {
    outPoint: readOutPoint(dialect, ...at('outPoint')),
    depType: readName(...at('depType'), dialect.depTypes),
  };
}

function readCellInput(dialect: Dialect, where: string, json: unknown): CellInput {
  const at = readMembers(dialect, where, json);
  return { since: readUint64(...at('since')), previousOutput: readOutPoint(dialect, ...at('previousOutput')) };
}

function readCellOutput(dialect: Dialect, where: string, json: unknown): CellOutput {
  const at = readMembers(dialect, where, json);
  const [path, type] = at('type');
  return {
    capacity: readUint64(...at('capacity')),
    lock: readScript(dialect, ...at('lock')),
    type: (type ?? null) === null ? null : readScript(dialect, path, type),
  };
}

function readScript(dialect: Dialect, where: string, json: unknown): Script {
  const at = readMembers(dialect, where, json);
  return {
    codeHash: readHash(...at('codeHash')),
    hashType: readName(...at('hashType'), HASH_TYPES),
    args: readAnyBytes(...at('args')),
  };
}

/** Reads a block. */
export function readBlock(dialect: Dialect, where: string, json: unknown): Block {
  const at = readMembers(dialect, where, json);
  const [path, extension] = at('extension');
  return {
    header: readHeader(dialect, ...at('header')),
    uncles: readEach(dialect, at('uncles'), readUncle),
    transactions: readEach(dialect, at('transactions'), readTransaction),
    proposals: readArray(...at('proposals'), readProposal),
    extension: (extension ?? null) === null ? null : readAnyBytes(path, extension),
  };
}

function readUncle(dialect: Dialect, where: string, json: unknown): UncleBlock {
  const at = readMembers(dialect, where, json);
  return { header: readHeader(dialect, ...at('header')), proposals: readArray(...at('proposals'), readProposal) };
}

function readProposal(where: string, value: unknown): Uint8Array {
  return readBytes(where, value, 10);
}

/** The header and the cellbase of a block, as bytes. */
export function readPoaHeader(dialect: Dialect, where: string, json: unknown): PoaHeader {
  const { header, transactions } = readBlock(dialect, where, json);
  const [cellbase] = transactions;
  if (cellbase === undefined) throw jsonInvalid(`${where}.transactions`, 'a cellbase', 'an empty array');
  return { header: serializeHeader(header), cellbase: serializeTransaction(cellbase) };
}
