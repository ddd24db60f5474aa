/**
 * Building votes and the first validator-list cell: what wallets and tooling put together before anybody signs.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertBytesArray,
  assertInteger,
  assertObject,
  assertUint,
  concat,
} from '../../internal/bytes.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { HASH_TYPE_TYPE, type Script, serializeScript, writeScript } from '../encoding/script.js';
import {
  type CellDep,
  type CellInput,
  type CellOutput,
  type OutPoint,
  serializeOutPoint,
  serializeTransaction,
} from '../encoding/transaction.js';
import {
  computeMultisigScript,
  computeTypeId,
  computeValidatorListLock,
  type MultisigNetwork,
  serializeValidatorList,
  TYPE_ID_CODE_HASH,
  type ValidatorList,
} from '../encoding/validatorList.js';
import { serializeWitnessArgs } from '../encoding/witness.js';
import { checkList, checkListCell, type ValidatorListCell } from './listRules.js';
import { readVote } from './vote.js';

/** Shannons of one byte: 1 CKB. */
const SHANNONS_PER_BYTE = 100_000_000n;

/** The cell that holds the list in force, and where it is. */
export interface LiveListCell extends ValidatorListCell {
  /** The cell that the vote spends. */
  readonly outPoint: OutPoint;
}

/** An output with its data. */
export interface OutputWithData {
  /** Capacity, lock and type. */
  readonly output: CellOutput;
  /** Any length. */
  readonly data: Uint8Array;
}

/** What to build a vote from. */
export interface VoteRequest {
  /** The cell that holds the list in force. */
  readonly cell: LiveListCell;
  /** The list that is to be. */
  readonly wanted: ValidatorList;
  /** The code hash of its multisig lock. */
  readonly network: MultisigNetwork;
  /** Cells that the scripts of the transaction need: the multisig lock's dep group among them. */
  readonly cellDeps: readonly CellDep[];
  /** Capacity of the new cell in shannons; by default that of the old one, or what the new one occupies if that is more. */
  readonly capacity?: bigint;
  /** Hashes of 32 bytes; by default none. */
  readonly headerDeps?: readonly Uint8Array[];
  /** Other inputs, for fees and capacity; none with the lock of the list, since its message covers one input only. */
  readonly inputs?: readonly CellInput[];
  /** Where among the inputs the list cell stands; by default first. */
  readonly inputIndex?: number;
  /** Other outputs. */
  readonly outputs?: readonly OutputWithData[];
  /** Where among the outputs the list cell stands; by default first. */
  readonly outputIndex?: number;
  /** Witnesses of the other inputs, in their order, and then any further ones, which the vote's message covers. */
  readonly witnesses?: readonly Uint8Array[];
}

/** A vote that nobody has signed. */
export interface UnsignedVote {
  /** Molecule `Transaction`; zeros stand where the signatures go. */
  readonly transaction: Uint8Array;
  /** Index of the input that spends the list. */
  readonly inputIndex: number;
  /** Index of the output that makes the new list. */
  readonly outputIndex: number;
  /** Shannons in the new cell. */
  readonly capacity: bigint;
  /** Shannons that the new cell takes beyond those of the old one, to come from other inputs; negative if some are left. */
  readonly additionalCapacity: bigint;
}

/**
 * The capacity that a cell occupies: 1 CKB for each byte of its capacity field (8), its scripts (33 and args each) and its data.
 *
 * @param output - its `capacity` does not matter
 * @param data - cell data
 * @returns shannons
 * @throws PoaError `OUT_OF_RANGE` for a script that cannot be encoded
 * @example
 * ```ts
 * import { computeOccupiedCapacity } from 'poa-primitives/ckb';
 *
 * const lock = { codeHash: new Uint8Array(32), hashType: 1, args: new Uint8Array(20) };
 * computeOccupiedCapacity({ capacity: 0n, lock, type: null }, new Uint8Array()); // => 6_100_000_000n
 * ```
 * @see RFC 0022, "Cell"; [R46 Building a vote](../RULES.md#r46-building-a-vote)
 */
export function computeOccupiedCapacity(output: CellOutput, data: Uint8Array): bigint {
  const where = 'computeOccupiedCapacity';
  assertObject(`${where}.output`, output);
  assertBytes(`${where}.data`, data);
  return occupiedBy(where, output, data) * SHANNONS_PER_BYTE;
}

/** Bytes that a cell occupies. */
function occupiedBy(where: string, { lock, type }: CellOutput, data: Uint8Array): bigint {
  const sizeOf = (name: string, script: Script): number => {
    writeScript(`${where}.output.${name}`, script);
    return 33 + script.args.length;
  };
  return BigInt(8 + sizeOf('lock', lock) + (type === null ? 0 : sizeOf('type', type)) + data.length);
}

/**
 * Builds a vote: an unsigned transaction that spends the cell of the list in force and makes the one of the wanted list, with
 * room for the signatures. A validator more occupies 20 CKB more, which other inputs have to bring.
 *
 * @param request - the current cell, the wanted list, and whatever else the transaction is to hold, at any position
 * @returns the transaction, for `previewVote`, `signVote` and `combineVotes`
 * @throws PoaError what `checkValidatorListCell` throws for the current cell and `checkValidatorList` for the wanted list;
 * `CAPACITY_TOO_SMALL` for a `capacity` below what the new cell occupies; `OUT_OF_RANGE` for an index beyond the others and for
 * what cannot be encoded; `VOTE_OUTPUT_COUNT` if another output has the type of the list, or the current cell has none;
 * `VOTE_NOT_SPENDING_LIST` if another input spends the current cell
 * @example
 * ```ts
 * import { buildVoteTransaction, createState, previewVote } from 'poa-primitives/ckb';
 * import { anchor, listCell, wantedList } from './sample.js';
 *
 * const state = createState(anchor);
 * const vote = buildVoteTransaction({ cell: listCell, wanted: wantedList, network: state.network, cellDeps: [] });
 * vote.additionalCapacity; // => 0n
 * previewVote(state, vote.transaction).joins.length; // => 1
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R46 Building a vote](../RULES.md#r46-building-a-vote)
 */
export function buildVoteTransaction(request: VoteRequest): UnsignedVote {
  const where = 'buildVoteTransaction';
  assertObject(where, request);
  const { cell, wanted, network, cellDeps, headerDeps = [], inputs = [], outputs = [], witnesses = [] } = request;
  const { inputIndex = 0, outputIndex = 0 } = request;
  assertObject(`${where}.cell`, cell);
  assertArray(`${where}.inputs`, inputs);
  assertArray(`${where}.outputs`, outputs);
  assertBytesArray(`${where}.witnesses`, witnesses);
  outputs.forEach((each, i) => {
    assertObject(`${where}.outputs[${i}]`, each);
  });
  assertInteger(`${where}.inputIndex`, inputIndex, 0, inputs.length);
  assertInteger(`${where}.outputIndex`, outputIndex, 0, outputs.length);
  const current = checkListCell(`${where}.cell`, cell, network);
  checkList(`${where}.wanted`, wanted);
  const { type } = cell.output;
  if (type === null)
    throw new PoaError('VOTE_OUTPUT_COUNT', {
      where: `${where}.cell`,
      expected: 'a cell with a type id',
      got: 'no type',
    });

  const data = serializeValidatorList(wanted);
  const lock = computeValidatorListLock(wanted, network);
  const occupied = occupiedBy(`${where}.wanted`, { capacity: 0n, lock, type }, data) * SHANNONS_PER_BYTE;
  assertUint(`${where}.cell.output.capacity`, cell.output.capacity, 64);
  const { capacity = cell.output.capacity > occupied ? cell.output.capacity : occupied } = request;
  checkCapacity(where, capacity, occupied, wanted);

  const multisigScript = computeMultisigScript(current);
  const placeholder = concat([multisigScript, new Uint8Array(SIGNATURE_SIZE * current.voteLimit)]);
  const own = serializeWitnessArgs({ lock: placeholder, inputType: null, outputType: null });
  const transaction = serializeTransaction({
    version: 0,
    cellDeps,
    headerDeps,
    inputs: insertAt(inputs, inputIndex, { since: 0n, previousOutput: cell.outPoint }),
    outputs: insertAt(
      outputs.map(({ output }) => output),
      outputIndex,
      { capacity, lock, type },
    ),
    outputsData: insertAt(
      outputs.map((each) => each.data),
      outputIndex,
      data,
    ),
    witnesses: placeWitness(witnesses, inputIndex, own),
  });
  // What the caller added may spend the list again, or make a second one.
  const validatorListOutPoint = serializeOutPoint(cell.outPoint);
  const state = { network, validatorListOutPoint, validatorListType: serializeScript(type), validatorList: current };
  readVote(where, state, transaction);
  return { transaction, inputIndex, outputIndex, capacity, additionalCapacity: capacity - cell.output.capacity };
}

function checkCapacity(
  where: string,
  capacity: unknown,
  occupied: bigint,
  list: ValidatorList,
): asserts capacity is bigint {
  assertUint(`${where}.capacity`, capacity, 64);
  if (capacity >= occupied) return;
  throw new PoaError('CAPACITY_TOO_SMALL', {
    where: `${where}.capacity`,
    expected: `at least ${occupied} shannons for ${list.pubkeyHashes.length} validators`,
    got: `${capacity} shannons`,
  });
}

function insertAt<T>(items: readonly T[], index: number, item: T): T[] {
  return [...items.slice(0, index), item, ...items.slice(index)];
}

/** Puts the vote's witness at the index of its input; inputs before it that have none get an empty one. */
function placeWitness(witnesses: readonly Uint8Array[], index: number, own: Uint8Array): Uint8Array[] {
  const padding = Array.from({ length: Math.max(0, index - witnesses.length) }, () => new Uint8Array());
  return insertAt([...witnesses, ...padding], index, own);
}

/** What to build the first validator-list cell from. */
export interface FirstCellRequest {
  /** The list to begin with. */
  readonly list: ValidatorList;
  /** The code hash of its multisig lock. */
  readonly network: MultisigNetwork;
  /** First input of the transaction that makes the cell; that of a genesis block is null with since 0. */
  readonly firstInput: CellInput;
  /** Index of the cell among the outputs of that transaction. */
  readonly outputIndex: number;
  /** Shannons; by default what the cell occupies. */
  readonly capacity?: bigint;
}

/**
 * Builds the first validator-list cell of a network, with its type id: for the genesis block, or for a transaction on a running chain.
 *
 * @param request - the list, and where the cell will stand
 * @returns the output and its data; `output.type` is what states track
 * @throws PoaError what `checkValidatorList` throws; `CAPACITY_TOO_SMALL`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { buildValidatorListCell, checkValidatorListCell, MULTISIG_CODE_HASH } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * const network = { multisigCodeHash: MULTISIG_CODE_HASH };
 * const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };
 * const cell = buildValidatorListCell({ list: anchor.validatorList, network, firstInput, outputIndex: 0 });
 * cell.output.capacity; // => 19_400_000_000n
 * checkValidatorListCell(cell, network); // => anchor.validatorList
 * ```
 * @see POA RFC draft: we assign a `type_id` on it; [R11 Type id](../RULES.md#r11-type-id)
 */
export function buildValidatorListCell(request: FirstCellRequest): ValidatorListCell {
  const where = 'buildValidatorListCell';
  assertObject(where, request);
  const { list, network, firstInput, outputIndex } = request;
  checkList(`${where}.list`, list);
  const data = serializeValidatorList(list);
  const type = {
    codeHash: TYPE_ID_CODE_HASH.slice(),
    hashType: HASH_TYPE_TYPE,
    args: computeTypeId(firstInput, outputIndex),
  };
  const lock = computeValidatorListLock(list, network);
  const occupied = occupiedBy(where, { capacity: 0n, lock, type }, data) * SHANNONS_PER_BYTE;
  const { capacity = occupied } = request;
  checkCapacity(where, capacity, occupied, list);
  return { output: { capacity, lock, type }, data };
}
