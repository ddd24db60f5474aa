/**
 * Actions: what a transaction does, each with the authority that it needs.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/action.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertBytes, assertObject, concat, wrongType } from '../../internal/bytes.js';
import type { Abi } from './abi.js';
import type { AbiValue } from './abiBuiltIn.js';
import { packData, readData } from './abiData.js';
import { contractAbi } from './contracts.js';
import { packName, readName } from './name.js';
import { type Cursor, closeBytes, openBytes, readBytes, readItems } from './read.js';
import { describeText } from './text.js';
import { packBytes, packItems } from './write.js';

/** A permission of an account. */
export interface PermissionLevel {
  /** The account, a name. */
  readonly actor: string;
  /** Its permission, a name, such as `active`. */
  readonly permission: string;
}

/** An action as transactions carry it. */
export interface Action {
  /** The account whose contract acts, a name. */
  readonly account: string;
  /** The action, a name. */
  readonly name: string;
  /** The permissions that it is done with. */
  readonly authorization: readonly PermissionLevel[];
  /** Its data, packed by the ABI of the contract. */
  readonly data: Uint8Array;
}

/** An action whose data is not packed yet. */
export interface ActionInput {
  /** `eosio`, `eosio.token`, `eosio.msig` or `eosio.wrap`. */
  readonly account: string;
  /** The action, a name. */
  readonly name: string;
  /** The permissions that it is done with. */
  readonly authorization: readonly PermissionLevel[];
  /** Its data, in the JSON of nodes. */
  readonly data: AbiValue;
}

/**
 * Packs the data of an action of the boot, what `cleos` calls its `binargs`.
 *
 * @param account - `eosio`, `eosio.token`, `eosio.msig` or `eosio.wrap`
 * @param name - the action
 * @param data - an object, all of whose members are fields of the action, or an array in the order of the fields
 * @returns the bytes
 * @throws PoaError `ACTION_UNKNOWN`; `ACTION_DATA_INVALID` for what does not fit its type; `NAME_INVALID`, `ASSET_INVALID`, `SYMBOL_INVALID`,
 * `TIME_INVALID`, `KEY_INVALID` and the like for texts
 * @example
 * ```ts
 * import { serializeActionData } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * const data = { payer: 'eosio', receiver: 'accountnum11', bytes: 8192 };
 * bytesToHex(serializeActionData('eosio', 'buyrambytes', data)); // => '0000000000ea30551082d4334f4d113200200000'
 * ```
 * @see EOSIO, `eosio.contracts`; [E8 Action data](../RULES.md#e8-action-data)
 */
export function serializeActionData(account: string, name: string, data: AbiValue): Uint8Array {
  return packActionData('serializeActionData', account, name, data);
}

function packActionData(where: string, account: unknown, name: unknown, data: unknown): Uint8Array {
  const abi = contractAbi(`${where}.account`, account);
  return packData(`${where}.data`, abi, typeOf(where, abi, name), data);
}

function typeOf(where: string, abi: Abi, name: unknown): string {
  if (typeof name !== 'string') throw wrongType(`${where}.name`, 'string', name);
  const action = abi.actions.find((item) => item.name === name);
  if (action === undefined)
    throw new PoaError('ACTION_UNKNOWN', {
      where: `${where}.name`,
      expected: 'an action of the contract',
      got: describeText(name),
    });
  return action.type;
}

/**
 * Reads the data of an action of the boot: the inverse of {@link serializeActionData}.
 *
 * @param account - `eosio`, `eosio.token`, `eosio.msig` or `eosio.wrap`
 * @param name - the action
 * @param bytes - its packed data
 * @returns an object in the form that nodes give: see {@link parseAbiData}
 * @throws PoaError `ACTION_UNKNOWN`; `MALFORMED`; `ASSET_INVALID`, `SYMBOL_INVALID`, `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { parseActionData } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * const bytes = hexToBytes('0000000000ea30551082d4334f4d113200200000');
 * parseActionData('eosio', 'buyrambytes', bytes); // => { payer: 'eosio', receiver: 'accountnum11', bytes: 8192 }
 * ```
 * @see EOSIO, `eosio.contracts`; [E8 Action data](../RULES.md#e8-action-data)
 */
export function parseActionData(account: string, name: string, bytes: Uint8Array): AbiValue {
  const where = 'parseActionData';
  const abi = contractAbi(`${where}.account`, account);
  return readData(where, abi, typeOf(where, abi, name), bytes);
}

/**
 * Makes an action of the boot from its data.
 *
 * @param input - account, name, authorization, and data in the JSON of nodes
 * @returns the action
 * @throws PoaError as {@link serializeActionData}; `NAME_INVALID`
 * @example
 * ```ts
 * import { buildAction } from 'poa-primitives/eosio';
 *
 * const action = buildAction({
 *   account: 'eosio',
 *   name: 'setpriv',
 *   authorization: [{ actor: 'eosio', permission: 'active' }],
 *   data: { account: 'eosio.msig', is_priv: 1 },
 * });
 * action.data.length; // => 9
 * ```
 * @see EOSIO, `eosio.contracts`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function buildAction(input: ActionInput): Action {
  const where = 'buildAction';
  assertObject(where, input);
  const { account, name, authorization } = input;
  const action = { account, name, authorization, data: packActionData(where, account, name, input.data) };
  // Packing judges the names; what comes back holds nothing of the caller's.
  return readAction(openBytes(where, packAction(where, action)), 'action');
}

/**
 * Parses an action: `account | name | authorization, a list of actor and permission | data, a list of bytes`.
 *
 * @param bytes - a packed action
 * @returns the action; its data is a copy
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseAction, serializeAction } from 'poa-primitives/eosio';
 * import { action } from './eosio-sample.js';
 *
 * parseAction(serializeAction(action)); // => action
 * ```
 * @see EOSIO, `action.hpp`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function parseAction(bytes: Uint8Array): Action {
  assertBytes('parseAction.bytes', bytes);
  const cursor = openBytes('parseAction', bytes);
  const action = readAction(cursor, 'action');
  closeBytes(cursor);
  return action;
}

/** Reads an action in a greater value. */
export function readAction(cursor: Cursor, field: string): Action {
  return {
    account: readName(cursor, `${field}.account`),
    name: readName(cursor, `${field}.name`),
    authorization: readItems(cursor, `${field}.authorization`, 16, (at) => ({
      actor: readName(at, `${field}.authorization.actor`),
      permission: readName(at, `${field}.authorization.permission`),
    })),
    data: readBytes(cursor, `${field}.data`),
  };
}

/**
 * Serializes an action: the inverse of {@link parseAction}.
 *
 * @param action - names without dots at their ends
 * @returns the bytes
 * @throws PoaError `NAME_INVALID`
 * @example
 * ```ts
 * import { serializeAction } from 'poa-primitives/eosio';
 *
 * serializeAction({ account: 'eosio', name: 'refund', authorization: [], data: new Uint8Array(8) }).length; // => 26
 * ```
 * @see EOSIO, `action.hpp`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function serializeAction(action: Action): Uint8Array {
  return packAction('serializeAction', action);
}

/** Packs an action of a greater value. */
export function packAction(where: string, action: unknown): Uint8Array {
  assertObject(where, action);
  assertArray(`${where}.authorization`, action.authorization);
  assertBytes(`${where}.data`, action.data);
  return concat([
    packName(`${where}.account`, action.account),
    packName(`${where}.name`, action.name),
    packItems(action.authorization, (level, i) => packPermissionLevel(`${where}.authorization[${i}]`, level)),
    packBytes(action.data),
  ]);
}

function packPermissionLevel(where: string, level: unknown): Uint8Array {
  assertObject(where, level);
  return concat([packName(`${where}.actor`, level.actor), packName(`${where}.permission`, level.permission)]);
}
