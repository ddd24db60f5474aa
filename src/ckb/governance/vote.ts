/**
 * What a voting transaction does to the validator list.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { PoaError } from '../../errors.js';
import { copyOf, describeBytes, isEqualAt, viewOf } from '../../internal/bytes.js';
import { contentOf, fixvecCountOf, type Range, rangeOf, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { CELL_INPUT_SIZE, OUT_POINT_SIZE, TRANSACTION } from '../encoding/schemas.js';
import { type CellOutput, readCellOutput, serializeOutPoint } from '../encoding/transaction.js';
import { computeMultisigScript, type MultisigNetwork, type ValidatorList } from '../encoding/validatorList.js';
import { checkListCell } from './listRules.js';
import { checkSignatures, locateSigned, type SignedInput } from './multisig.js';

/** The validator list in force and the cell that holds it. */
export interface TrackedList {
  /** 36 bytes, `tx_hash (32) | index (u32 LE)`. */
  readonly validatorListOutPoint: Uint8Array;
  /** Molecule `Script`, a type id with args of 32 bytes. */
  readonly validatorListType: Uint8Array;
  /** The list in force. */
  readonly validatorList: ValidatorList;
}

/** What judging a vote takes of a state. */
export interface VoteState extends TrackedList {
  /** Options of the network. */
  readonly network: MultisigNetwork;
}

/** A voting transaction that would put a list in force, whoever has signed it. */
export interface ReadVote {
  /** Index of the input that spends the list. */
  readonly inputIndex: number;
  /** Index of the output that makes the new list. */
  readonly outputIndex: number;
  readonly output: CellOutput;
  readonly data: Uint8Array;
  /** The new list. */
  readonly validatorList: ValidatorList;
}

/** A vote as far as no signature is needed. */
export interface SignedVote {
  /** What it is signed with. */
  readonly signed: SignedInput;
  /** The list that it puts in force, and the cell that holds it, if its signatures hold. */
  readonly list: TrackedList;
}

/**
 * Judges a voting transaction against the list in force.
 *
 * @returns the list that it puts in force, and the cell that holds it
 * @throws PoaError in the order of the checks: those of {@link readVote}; `VOTES_INVALID`
 */
export function computeVotedList(
  where: string,
  tracked: TrackedList,
  network: MultisigNetwork,
  bytes: Uint8Array,
): TrackedList {
  const { signed, list } = readSignedVote(where, tracked, network, bytes);
  checkSignatures(where, signed);
  return list;
}

/**
 * Judges a voting transaction against the list in force, but for its signatures.
 *
 * @param transactionHash - 32 bytes, if it is known
 * @throws PoaError in the order of the checks: those of {@link readVote}; `VOTES_INVALID` for a witness without room for them
 */
export function readSignedVote(
  where: string,
  tracked: TrackedList,
  network: MultisigNetwork,
  bytes: Uint8Array,
  transactionHash?: Uint8Array,
): SignedVote {
  const { inputIndex, outputIndex, validatorList } = readVote(where, { ...tracked, network }, bytes);
  const multisigScript = computeMultisigScript(tracked.validatorList);
  const signed = locateSigned(where, { transaction: bytes, inputIndex, multisigScript }, transactionHash);
  const validatorListOutPoint = serializeOutPoint({ txHash: signed.transactionHash, index: outputIndex });
  return { signed, list: { validatorListOutPoint, validatorListType: tracked.validatorListType, validatorList } };
}

/**
 * Reads a voting transaction, signed or not.
 *
 * @throws PoaError in the order of the checks: `MALFORMED`; `VOTE_NOT_SPENDING_LIST`; `VOTE_OUTPUT_COUNT`; those of
 * `checkValidatorListCell`
 */
export function readVote(where: string, state: VoteState, bytes: Uint8Array): ReadVote {
  assertMolecule(where, TRANSACTION, bytes);
  const view = viewOf(bytes);
  const [, , , inputs, outputs, outputsData] = rangesOf(view, rangeOf(view, 0, 0).start) as RawRanges;
  const inputIndex = findListInput(where, bytes, view, inputs.start, state.validatorListOutPoint);
  const outputRanges = rangesOf(view, outputs.start);
  const outputIndex = findListOutput(where, bytes, view, outputRanges, state.validatorListType);
  const output = readCellOutput(bytes, view, outputRanges[outputIndex] as Range);
  const dataRanges = rangesOf(view, outputsData.start);
  const dataRange = dataRanges[outputIndex];
  if (dataRange === undefined)
    throw new PoaError('VALIDATOR_LIST_MALFORMED', {
      where: `${where}.outputsData`,
      expected: `data of output ${outputIndex}`,
      got: `data of ${dataRanges.length} outputs`,
    });
  const { start, end } = contentOf(dataRange);
  const data = copyOf(bytes, start, end);
  const validatorList = checkListCell(`${where}.outputs[${outputIndex}]`, { output, data }, state.network);
  return { inputIndex, outputIndex, output, data, validatorList };
}

/** The fields of a `RawTransaction`: version, cell deps, header deps, inputs, outputs, data of outputs. */
type RawRanges = [Range, Range, Range, Range, Range, Range];

/** Where the out point lies in an input. */
const OUT_POINT_OFFSET = 8;

/**
 * Index of the one input that spends the tracked cell.
 *
 * @throws PoaError `VOTE_NOT_SPENDING_LIST`
 * @see [R33 A vote spends the list](../RULES.md#r33-a-vote-spends-the-list)
 */
function findListInput(where: string, bytes: Uint8Array, view: DataView, inputs: number, outPoint: Uint8Array): number {
  const count = fixvecCountOf(view, inputs);
  let index = -1;
  let found = 0;
  for (let i = 0, at = inputs + 4 + OUT_POINT_OFFSET; i < count; i++, at += CELL_INPUT_SIZE) {
    if (!isEqualAt(outPoint, 0, OUT_POINT_SIZE, bytes, at)) continue;
    index = i;
    found++;
  }
  if (found !== 1)
    throw new PoaError('VOTE_NOT_SPENDING_LIST', {
      where: `${where}.inputs`,
      expected: `one input that spends ${describeBytes(outPoint)}`,
      got: `${found} of ${count} inputs`,
    });
  return index;
}

/**
 * Index of the one output with the type script of the list, byte for byte.
 *
 * @throws PoaError `VOTE_OUTPUT_COUNT`
 * @see [R34 A vote makes one list](../RULES.md#r34-a-vote-makes-one-list)
 */
function findListOutput(
  where: string,
  bytes: Uint8Array,
  view: DataView,
  outputs: readonly Range[],
  wanted: Uint8Array,
): number {
  let index = -1;
  let found = 0;
  outputs.forEach(({ start }, i) => {
    const type = rangeOf(view, start, 2);
    if (type.end - type.start !== wanted.length || !isEqualAt(wanted, 0, wanted.length, bytes, type.start)) return;
    index = i;
    found++;
  });
  if (found !== 1)
    throw new PoaError('VOTE_OUTPUT_COUNT', {
      where: `${where}.outputs`,
      expected: 'one output with the type script of the list',
      got: `${found} of ${outputs.length} outputs`,
    });
  return index;
}
