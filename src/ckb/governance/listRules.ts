/**
 * Which validator lists a network can run on, and which cells may hold them.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertFixedBytes, assertObject, describeBytes, equalBytes } from '../../internal/bytes.js';
import { serializeScript } from '../encoding/script.js';
import type { CellOutput } from '../encoding/transaction.js';
import {
  assertValidatorList,
  computeValidatorListLock,
  type MultisigNetwork,
  readValidatorList,
  type ValidatorList,
} from '../encoding/validatorList.js';

/** A cell with its data. */
export interface ValidatorListCell {
  /** Capacity, lock and type. */
  readonly output: CellOutput;
  /** Cell data; see {@link parseValidatorList}. */
  readonly data: Uint8Array;
}

/**
 * Checks that a network can run on a validator list: no validator twice, `floor(n / 2) + 1 <= VOTE_LIMIT <= n`, and
 * `ATTEST_INTERVAL < n`, without which nobody could attest any more.
 *
 * @param list - as `parseValidatorList` gives it, or as a wallet makes it
 * @throws PoaError in this order: `OUT_OF_RANGE` and `VALIDATOR_LIST_MALFORMED` for what cannot be encoded;
 * `VALIDATOR_LIST_DUPLICATE`; `VOTE_LIMIT_OUT_OF_RANGE`; `ATTEST_INTERVAL_TOO_LONG`
 * @example
 * ```ts
 * import { checkValidatorList } from 'poa-primitives/ckb';
 *
 * const pubkeyHashes = [1, 2, 3].map((i) => new Uint8Array(20).fill(i));
 * checkValidatorList({ attestInterval: 1, voteLimit: 2, pubkeyHashes });
 * try {
 *   checkValidatorList({ attestInterval: 3, voteLimit: 2, pubkeyHashes });
 * } catch (error) {
 *   error.code; // => 'ATTEST_INTERVAL_TOO_LONG'
 * }
 * ```
 * @see POA RFC draft, `VOTE_LIMIT` and `ATTEST_INTERVAL`; [R35 A valid list](../RULES.md#r35-a-valid-list)
 */
export function checkValidatorList(list: ValidatorList): void {
  checkList('checkValidatorList', list);
}

/** As {@link checkValidatorList}; `where` names the list inside a larger value. */
export function checkList(where: string, list: ValidatorList): void {
  assertValidatorList(where, list);
  const { attestInterval, voteLimit, pubkeyHashes } = list;
  const count = pubkeyHashes.length;
  const seen = new Set<string>();
  for (const hash of pubkeyHashes) {
    const key = describeBytes(hash);
    if (seen.has(key))
      throw new PoaError('VALIDATOR_LIST_DUPLICATE', { where, expected: 'distinct validators', got: `${key} twice` });
    seen.add(key);
  }
  const majority = Math.floor(count / 2) + 1;
  if (voteLimit < majority || voteLimit > count)
    throw new PoaError('VOTE_LIMIT_OUT_OF_RANGE', {
      where,
      expected: `a vote limit from ${majority} to ${count} for ${count} validators`,
      got: `${voteLimit}`,
    });
  if (attestInterval >= count)
    throw new PoaError('ATTEST_INTERVAL_TOO_LONG', {
      where,
      expected: `an attest interval below ${count} for ${count} validators`,
      got: `${attestInterval}`,
    });
}

/**
 * Checks that a cell may represent the validator list: its data is a valid list, its lock the multisig lock of exactly that list.
 * Its type is not judged here: a state tracks it.
 *
 * @param cell - output and data
 * @param network - the code hash of its multisig lock
 * @returns the list
 * @throws PoaError in this order: `VALIDATOR_LIST_MALFORMED`; what {@link checkValidatorList} throws; `VALIDATOR_LIST_LOCK_MISMATCH`;
 * `OUT_OF_RANGE` for a lock that cannot be encoded
 * @example
 * ```ts
 * import { checkValidatorListCell, computeValidatorListLock, MULTISIG_CODE_HASH, serializeValidatorList } from 'poa-primitives/ckb';
 *
 * const network = { multisigCodeHash: MULTISIG_CODE_HASH };
 * const list = { attestInterval: 0, voteLimit: 1, pubkeyHashes: [new Uint8Array(20)] };
 * const output = { capacity: 10n ** 11n, lock: computeValidatorListLock(list, network), type: null };
 * checkValidatorListCell({ output, data: serializeValidatorList(list) }, network); // => list
 * ```
 * @see POA RFC draft: the `multisig script` in data must corresponding to the lock's; [R36 Lock of the list](../RULES.md#r36-lock-of-the-list)
 */
export function checkValidatorListCell(cell: ValidatorListCell, network: MultisigNetwork): ValidatorList {
  return checkListCell('checkValidatorListCell', cell, network);
}

/** As {@link checkValidatorListCell}; `where` names the cell inside a larger value. */
export function checkListCell(where: string, cell: ValidatorListCell, network: MultisigNetwork): ValidatorList {
  assertObject(`${where}.cell`, cell);
  assertObject(`${where}.cell.output`, cell.output);
  assertBytes(`${where}.cell.data`, cell.data);
  assertObject(`${where}.network`, network);
  assertFixedBytes(`${where}.network.multisigCodeHash`, network.multisigCodeHash, 32);
  const list = readValidatorList(where, cell.data);
  checkList(where, list);
  const expected = computeValidatorListLock(list, network);
  if (!equalBytes(serializeScript(expected), serializeScript(cell.output.lock)))
    throw new PoaError('VALIDATOR_LIST_LOCK_MISMATCH', {
      where,
      expected: `the multisig lock of the data, args ${describeBytes(expected.args)}`,
      got: `hash type ${cell.output.lock.hashType}, args ${describeBytes(cell.output.lock.args)}`,
    });
  return list;
}
