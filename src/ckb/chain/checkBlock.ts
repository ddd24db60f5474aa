/**
 * Whole blocks: what a full node checks beyond the header, as far as it needs no cell data.
 *
 * @see [R49 Whole blocks](../RULES.md#r49-whole-blocks)
 * @module
 */

import { type CkbErrorCode, PoaError } from '../../errors.js';
import { assertBytes, assertObject, describeBytes, equalBytes, wrongType } from '../../internal/bytes.js';
import { readNow } from '../../internal/fold.js';
import { copyFixvec, type Range, rangesOf } from '../../internal/molecule/read.js';
import type { ApplyOptions } from '../../result.js';
import { computeExtraHash, computeProposalsHash, locateBlock } from '../encoding/block.js';
import { PROPOSAL_ID_SIZE } from '../encoding/schemas.js';
import { type Script, serializeScript } from '../encoding/script.js';
import {
  type CellOutput,
  computeTransactionHash,
  computeTransactionsRoot,
  type OutPoint,
  parseTransaction,
  serializeOutPoint,
  type Transaction,
} from '../encoding/transaction.js';
import { applyAndRecover } from './apply.js';
import type { State } from './state.js';

/** Most proposal ids of a block. */
export const MAX_PROPOSALS = 1_500;
/** Most uncles of a block where they are allowed. */
export const MAX_UNCLES = 2;
/** Most bytes of an extension. */
export const MAX_EXTENSION_SIZE = 96;

/** What checking a block needs besides state and block. */
export interface CheckBlockOptions extends ApplyOptions {
  /** Accepts up to two uncles, as the prototype does; by default none are. */
  readonly allowUncles?: boolean;
}

/** A transaction of a block, with what several rules ask of it. */
interface BlockTransaction {
  readonly record: Transaction;
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Hex of the hash. */
  readonly id: string;
}

/**
 * Checks a block: its header as `applyHeader` does, then that the rest of it is what header and `POAContext` say. Not checked, since they
 * need cell data or history: dao, scripts, capacity, since, and the proposal window.
 *
 * @param state - of the parent block
 * @param block - molecule `Block`, or `BlockV1` with an extension
 * @param options - `now`, and whether uncles are allowed
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError in this order: `MALFORMED`; `CELLBASE_INVALID` for no transactions; what `applyHeader` throws; `CONTEXT_MISMATCH`;
 * `TRANSACTIONS_ROOT_MISMATCH`; `PROPOSALS_INVALID`; `PROPOSALS_HASH_MISMATCH`; `UNCLES_NOT_ALLOWED`; `EXTENSION_INVALID`;
 * `EXTRA_HASH_MISMATCH`; `TRANSACTION_DUPLICATE`; `CELLBASE_INVALID`; `TRANSACTION_INVALID`; `VOTE_UNDECLARED`
 * @example
 * ```ts
 * import { blockFromRpc, checkBlock, createState, serializeBlock } from 'poa-primitives/ckb';
 * import { anchor, now, rpcBlock } from './sample.js';
 *
 * const block = serializeBlock(blockFromRpc(rpcBlock));
 * checkBlock(createState(anchor), block, { now }).number; // => 1n
 * ```
 * @see [R49 Whole blocks](../RULES.md#r49-whole-blocks)
 */
export function checkBlock(state: State, block: Uint8Array, options: CheckBlockOptions): State {
  const where = 'checkBlock';
  assertObject(`${where}.state`, state);
  assertBytes(`${where}.block`, block);
  assertObject(`${where}.options`, options);
  const { allowUncles = false } = options;
  if (typeof allowUncles !== 'boolean') throw wrongType(`${where}.options.allowUncles`, 'boolean', allowUncles);
  const { view, header, uncles, transactions, proposals, extension } = locateBlock(`${where}.block`, block);
  const bytesOf = ({ start, end }: Range): Uint8Array => block.subarray(start, end);

  const all = rangesOf(view, transactions.start).map(bytesOf);
  const [cellbase] = all;
  if (cellbase === undefined) throw broken('CELLBASE_INVALID', 'block.transactions', 'a cellbase', 'none');
  const input = { header: bytesOf(header), cellbase };
  const { next, recovered } = applyAndRecover(state, input, readNow(where, options));
  checkCount(recovered.transactionsCount, all.length);
  checkHash(
    'TRANSACTIONS_ROOT_MISMATCH',
    'transactionsRoot',
    recovered.header.transactionsRoot,
    computeTransactionsRoot(all),
  );

  checkProposals(copyFixvec(block, view, proposals.start, PROPOSAL_ID_SIZE), recovered.header.proposalsHash);
  const uncleHeaders = rangesOf(view, uncles.start).map(({ start }) => bytesOf(rangesOf(view, start)[0] as Range));
  const limit = allowUncles ? MAX_UNCLES : 0;
  if (uncleHeaders.length > limit)
    throw broken('UNCLES_NOT_ALLOWED', 'block.uncles', `at most ${limit} uncles`, `${uncleHeaders.length}`);
  const extensionBytes = extension === undefined ? null : bytesOf(extension);
  if (extensionBytes !== null && (extensionBytes.length < 1 || extensionBytes.length > MAX_EXTENSION_SIZE))
    throw broken(
      'EXTENSION_INVALID',
      'block.extension',
      `1 to ${MAX_EXTENSION_SIZE} bytes`,
      `${extensionBytes.length} bytes`,
    );
  checkHash(
    'EXTRA_HASH_MISMATCH',
    'extraHash',
    recovered.header.extraHash,
    computeExtraHash(uncleHeaders, extensionBytes),
  );

  const records = all.map((bytes): BlockTransaction => {
    const hash = computeTransactionHash(bytes);
    return { record: parseTransaction(bytes), hash, id: describeBytes(hash) };
  });
  checkDistinct(records);
  checkCellbase((records[0] as BlockTransaction).record);
  for (const [i, { record }] of records.entries()) checkStructure(`block.transactions[${i}]`, record, i === 0);
  checkSpentOnce(records);
  checkVotesDeclared(state, records, recovered.votingTxs.length);
  return next;
}

function broken(code: CkbErrorCode, where: string, expected: string, got: string): PoaError {
  return new PoaError(code, { where, expected, got });
}

function checkHash(code: CkbErrorCode, field: string, claimed: Uint8Array, computed: Uint8Array): void {
  if (equalBytes(claimed, computed)) return;
  throw broken(code, `header.${field}`, `${describeBytes(computed)}, which the block gives`, describeBytes(claimed));
}

function checkCount(claimed: number, count: number): void {
  if (claimed !== count)
    throw broken(
      'CONTEXT_MISMATCH',
      'poaContext.transactions_count',
      `${count}, the transactions of the block`,
      `${claimed}`,
    );
}

function checkProposals(proposals: readonly Uint8Array[], claimed: Uint8Array): void {
  const where = 'block.proposals';
  if (proposals.length > MAX_PROPOSALS)
    throw broken('PROPOSALS_INVALID', where, `at most ${MAX_PROPOSALS} proposals`, `${proposals.length}`);
  const doubled = findDoubled(proposals.map(describeBytes));
  if (doubled !== undefined) throw broken('PROPOSALS_INVALID', where, 'distinct proposals', `${doubled} twice`);
  checkHash('PROPOSALS_HASH_MISMATCH', 'proposalsHash', claimed, computeProposalsHash(proposals));
}

function findDoubled(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

function checkDistinct(records: readonly BlockTransaction[]): void {
  const doubled = findDoubled(records.map(({ id }) => id));
  if (doubled !== undefined)
    throw broken('TRANSACTION_DUPLICATE', 'block.transactions', 'distinct transactions', `${doubled} twice`);
}

/** A cellbase pays at most one cell, and that is plain. */
function checkCellbase({ outputs, outputsData }: Transaction): void {
  const where = 'cellbase.outputs';
  if (outputs.length > 1 || outputsData.length > 1)
    throw broken('CELLBASE_INVALID', where, 'at most one output', `${outputs.length} with ${outputsData.length} data`);
  if (outputs.some(({ type }) => type !== null)) throw broken('CELLBASE_INVALID', where, 'no type script', 'one');
  const size = outputsData[0]?.length ?? 0;
  if (size > 0) throw broken('CELLBASE_INVALID', 'cellbase.outputsData', 'no data', `${size} bytes`);
}

/** What strict molecule leaves open: counts, types of scripts and deps, and that nothing but a cellbase has a null input. */
function checkStructure(where: string, record: Transaction, isCellbase: boolean): void {
  const invalid = (field: string, expected: string, got: string): PoaError =>
    broken(isCellbase ? 'CELLBASE_INVALID' : 'TRANSACTION_INVALID', `${where}.${field}`, expected, got);
  const { version, cellDeps, headerDeps, inputs, outputs, outputsData } = record;
  if (version !== 0) throw invalid('version', '0', `${version}`);
  if (outputs.length !== outputsData.length)
    throw invalid('outputsData', `data of ${outputs.length} outputs`, `of ${outputsData.length}`);
  for (const { lock, type } of outputs)
    for (const script of type === null ? [lock] : [lock, type])
      if (!isKnownHashType(script)) throw invalid('outputs', 'a hash type of 0, 1, 2 or 4', `${script.hashType}`);
  if (isCellbase) return;
  if (inputs.length === 0) throw invalid('inputs', 'at least one input', 'none');
  if (outputs.length === 0) throw invalid('outputs', 'at least one output', 'none');
  if (inputs.some(({ previousOutput }) => isNull(previousOutput))) throw invalid('inputs', 'no null input', 'one');
  if (cellDeps.some(({ depType }) => depType > 1)) throw invalid('cellDeps', 'a dep type of 0 or 1', 'another');
  const dep = findDoubled(cellDeps.map(({ outPoint, depType }) => `${depType} ${nameOf(outPoint)}`));
  if (dep !== undefined) throw invalid('cellDeps', 'distinct cell deps', 'one of them twice');
  if (findDoubled(headerDeps.map(describeBytes)) !== undefined)
    throw invalid('headerDeps', 'distinct header deps', 'one of them twice');
}

function isKnownHashType({ hashType }: Script): boolean {
  return hashType <= 2 || hashType === 4;
}

function isNull({ txHash, index }: OutPoint): boolean {
  return index === 0xffffffff && txHash.every((byte) => byte === 0);
}

function nameOf({ txHash, index }: OutPoint): string {
  return `${describeBytes(txHash)}:${index}`;
}

/** No cell is spent twice in one block. */
function checkSpentOnce(records: readonly BlockTransaction[]): void {
  const spent = records.flatMap(({ record }) => record.inputs.map(({ previousOutput }) => nameOf(previousOutput)));
  const doubled = findDoubled(spent);
  if (doubled !== undefined)
    throw broken('TRANSACTION_INVALID', 'block.transactions', 'each cell spent once', `${doubled} spent twice`);
}

/** What touches the validator-list cell is a vote, and stands where header-only followers see it. */
function checkVotesDeclared(state: State, records: readonly BlockTransaction[], votes: number): void {
  const isList = ({ type }: CellOutput): boolean =>
    type !== null && equalBytes(serializeScript(type), state.validatorListType);
  // The cell before the block, and what its votes make of it; other outputs of a vote are like any other.
  const made = records
    .slice(1, 1 + votes)
    .flatMap(({ record, hash }) =>
      record.outputs.flatMap((output, index) => (isList(output) ? [serializeOutPoint({ txHash: hash, index })] : [])),
    );
  const cells = new Set([state.validatorListOutPoint, ...made].map(keyOf));
  for (const [i, { record }] of records.entries()) {
    if (i <= votes) continue;
    const undeclared = (got: string): PoaError =>
      broken(
        'VOTE_UNDECLARED',
        `block.transactions[${i}]`,
        'one that leaves the list alone, or stands in voting_txs',
        got,
      );
    if (record.inputs.some(({ previousOutput }) => cells.has(keyOf(serializeOutPoint(previousOutput)))))
      throw undeclared('one that spends the list');
    if (record.outputs.some(isList)) throw undeclared('one that makes a list');
  }
}

/** An out point as the key of a set: all of its 36 bytes. */
function keyOf(outPoint: Uint8Array): string {
  return outPoint.join();
}
