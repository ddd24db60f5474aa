/**
 * The ABI of a contract, which says how its actions and tables are packed: as the JSON document that compilers write, and as
 * the bytes that `setabi` carries.
 *
 * @see https://github.com/AntelopeIO/spring/blob/17ed17f6826409a998332b94074dace2cb1fdb47/libraries/chain/include/eosio/chain/abi_def.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertBytes, assertObject, assertUint, concat, uintLE } from '../../internal/bytes.js';
import { type Extension, packExtensions, readExtensions } from './extension.js';
import { packName, readName } from './name.js';
import { type Cursor, closeBytes, openBytes, readItems, readString, readU64 } from './read.js';
import { describeText } from './text.js';
import { packItems, packString } from './write.js';

/** Another name for a type. */
export interface AbiTypeDef {
  /** The other name. */
  readonly new_type_name: string;
  /** The type. */
  readonly type: string;
}

/** A field of a struct. */
export interface AbiField {
  /** Its name. */
  readonly name: string;
  /** Its type; `[]` behind it for a list, `?` for what may be absent, `$` for what a later version added at the end. */
  readonly type: string;
}

/** A struct: fields in a row. */
export interface AbiStruct {
  /** Its name. */
  readonly name: string;
  /** The struct whose fields stand in front; empty for none. */
  readonly base: string;
  /** Its fields in order. */
  readonly fields: readonly AbiField[];
}

/** An action of the contract. */
export interface AbiAction {
  /** Its name. */
  readonly name: string;
  /** The type of its data. */
  readonly type: string;
  /** What it means in words, for people. */
  readonly ricardian_contract: string;
}

/** A table of the contract. */
export interface AbiTable {
  /** Its name. */
  readonly name: string;
  /** How it is indexed: `i64` in all that compilers write. */
  readonly index_type: string;
  /** Names of its keys. */
  readonly key_names: readonly string[];
  /** Types of its keys. */
  readonly key_types: readonly string[];
  /** The type of its rows. */
  readonly type: string;
}

/** A clause that holds for all of the contract, for people. */
export interface AbiClause {
  /** Its title. */
  readonly id: string;
  /** Its text. */
  readonly body: string;
}

/** What an error of the contract means. */
export interface AbiErrorMessage {
  /** u64. */
  readonly error_code: bigint;
  /** The words. */
  readonly error_msg: string;
}

/** A type that is one of several. */
export interface AbiVariant {
  /** Its name. */
  readonly name: string;
  /** The types that it can be, in the order that numbers them. */
  readonly types: readonly string[];
}

/** What an action gives back. */
export interface AbiActionResult {
  /** Name of the action. */
  readonly name: string;
  /** The type that it gives. */
  readonly result_type: string;
}

/** The ABI of a contract, with the names that the JSON document has. */
export interface Abi {
  /** `eosio::abi/1.` and a number. */
  readonly version: string;
  /** Other names for types. */
  readonly types: readonly AbiTypeDef[];
  /** Structs. */
  readonly structs: readonly AbiStruct[];
  /** Actions. */
  readonly actions: readonly AbiAction[];
  /** Tables. */
  readonly tables: readonly AbiTable[];
  /** Clauses for people. */
  readonly ricardian_clauses: readonly AbiClause[];
  /** Meanings of errors. */
  readonly error_messages: readonly AbiErrorMessage[];
  /** Bytes for later versions. */
  readonly abi_extensions: readonly Extension[];
  /** Types that are one of several; null where the ABI ends before them, as those from before 1.1 do. */
  readonly variants: readonly AbiVariant[] | null;
  /** What actions give back; null where the ABI ends before them, as those from before 1.2 do. */
  readonly action_results: readonly AbiActionResult[] | null;
}

/**
 * Parses the bytes of an ABI. Whether its types exist is not judged: a chain stores any.
 *
 * @param bytes - a packed `abi_def`
 * @returns the ABI
 * @throws PoaError `MALFORMED`; `ABI_INVALID` for another version than `eosio::abi/1.`
 * @example
 * ```ts
 * import { parseAbi } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * parseAbi(hexToBytes('0e656f73696f3a3a6162692f312e3100000000000000')).version; // => 'eosio::abi/1.1'
 * ```
 * @see EOSIO, `abi_def.hpp`; [E7 ABI](../RULES.md#e7-abi)
 */
export function parseAbi(bytes: Uint8Array): Abi {
  assertBytes('parseAbi.bytes', bytes);
  const cursor = openBytes('parseAbi', bytes);
  const version = readString(cursor, 'version');
  checkVersion('parseAbi.version', version);
  const abi: Abi = {
    version,
    types: readItems(cursor, 'types', 2, (at) => ({
      new_type_name: readString(at, 'types.new_type_name'),
      type: readString(at, 'types.type'),
    })),
    structs: readItems(cursor, 'structs', 3, readStruct),
    actions: readItems(cursor, 'actions', 10, (at) => ({
      name: readName(at, 'actions.name'),
      type: readString(at, 'actions.type'),
      ricardian_contract: readString(at, 'actions.ricardian_contract'),
    })),
    tables: readItems(cursor, 'tables', 12, readTable),
    ricardian_clauses: readItems(cursor, 'ricardian_clauses', 2, (at) => ({
      id: readString(at, 'ricardian_clauses.id'),
      body: readString(at, 'ricardian_clauses.body'),
    })),
    error_messages: readItems(cursor, 'error_messages', 9, (at) => ({
      error_code: readU64(at, 'error_messages.error_code'),
      error_msg: readString(at, 'error_messages.error_msg'),
    })),
    abi_extensions: readExtensions(cursor, 'abi_extensions'),
    variants: isAtEnd(cursor) ? null : readItems(cursor, 'variants', 2, readVariant),
    action_results: isAtEnd(cursor)
      ? null
      : readItems(cursor, 'action_results', 9, (at) => ({
          name: readName(at, 'action_results.name'),
          result_type: readString(at, 'action_results.result_type'),
        })),
  };
  closeBytes(cursor);
  return abi;
}

function isAtEnd(cursor: Cursor): boolean {
  return cursor.at === cursor.bytes.length;
}

function readStruct(cursor: Cursor): AbiStruct {
  return {
    name: readString(cursor, 'structs.name'),
    base: readString(cursor, 'structs.base'),
    fields: readItems(cursor, 'structs.fields', 2, (at) => ({
      name: readString(at, 'structs.fields.name'),
      type: readString(at, 'structs.fields.type'),
    })),
  };
}

function readTable(cursor: Cursor): AbiTable {
  return {
    name: readName(cursor, 'tables.name'),
    index_type: readString(cursor, 'tables.index_type'),
    key_names: readItems(cursor, 'tables.key_names', 1, (at) => readString(at, 'tables.key_names')),
    key_types: readItems(cursor, 'tables.key_types', 1, (at) => readString(at, 'tables.key_types')),
    type: readString(cursor, 'tables.type'),
  };
}

function readVariant(cursor: Cursor): AbiVariant {
  return {
    name: readString(cursor, 'variants.name'),
    types: readItems(cursor, 'variants.types', 1, (at) => readString(at, 'variants.types')),
  };
}

/** Checks that a version is one whose layout is known: the minor number only says which members are of use. */
export function checkVersion(where: string, version: string): void {
  if (!/^eosio::abi\/1\.[0-9]{1,3}$/.test(version))
    throw new PoaError('ABI_INVALID', { where, expected: 'eosio::abi/1. and a number', got: describeText(version) });
}

/**
 * Serializes an ABI: the inverse of {@link parseAbi}. This is what the action `setabi` carries.
 *
 * @param abi - all members
 * @returns a packed `abi_def`; variants and action results only where they are not null
 * @throws PoaError `ABI_INVALID` for another version, or action results without variants; `NAME_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { parseAbi, serializeAbi } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * const bytes = hexToBytes('0e656f73696f3a3a6162692f312e3100000000000000');
 * serializeAbi(parseAbi(bytes)); // => bytes
 * ```
 * @see EOSIO, `abi_def.hpp`; [E7 ABI](../RULES.md#e7-abi)
 */
export function serializeAbi(abi: Abi): Uint8Array {
  const where = 'serializeAbi';
  assertObject(where, abi);
  const parts = [
    packString(`${where}.version`, abi.version),
    packList(`${where}.types`, abi.types, (at, { new_type_name, type }) => [
      packString(`${at}.new_type_name`, new_type_name),
      packString(`${at}.type`, type),
    ]),
    packList(`${where}.structs`, abi.structs, (at, { name, base, fields }) => [
      packString(`${at}.name`, name),
      packString(`${at}.base`, base),
      packList(`${at}.fields`, fields, (field, item) => [
        packString(`${field}.name`, item.name),
        packString(`${field}.type`, item.type),
      ]),
    ]),
    packList(`${where}.actions`, abi.actions, (at, { name, type, ricardian_contract }) => [
      packName(`${at}.name`, name),
      packString(`${at}.type`, type),
      packString(`${at}.ricardian_contract`, ricardian_contract),
    ]),
    packList(`${where}.tables`, abi.tables, (at, { name, index_type, key_names, key_types, type }) => [
      packName(`${at}.name`, name),
      packString(`${at}.index_type`, index_type),
      packTexts(`${at}.key_names`, key_names),
      packTexts(`${at}.key_types`, key_types),
      packString(`${at}.type`, type),
    ]),
    packList(`${where}.ricardian_clauses`, abi.ricardian_clauses, (at, { id, body }) => [
      packString(`${at}.id`, id),
      packString(`${at}.body`, body),
    ]),
    packList(`${where}.error_messages`, abi.error_messages, (at, { error_code, error_msg }) => {
      assertUint(`${at}.error_code`, error_code, 64);
      return [uintLE(error_code, 8), packString(`${at}.error_msg`, error_msg)];
    }),
    packExtensions(`${where}.abi_extensions`, abi.abi_extensions),
  ];
  checkVersion(`${where}.version`, abi.version);
  if (abi.variants !== null)
    parts.push(
      packList(`${where}.variants`, abi.variants, (at, { name, types }) => [
        packString(`${at}.name`, name),
        packTexts(`${at}.types`, types),
      ]),
    );
  if (abi.action_results !== null) {
    if (abi.variants === null)
      throw new PoaError('ABI_INVALID', { where, expected: 'variants before action results', got: 'none' });
    parts.push(
      packList(`${where}.action_results`, abi.action_results, (at, { name, result_type }) => [
        packName(`${at}.name`, name),
        packString(`${at}.result_type`, result_type),
      ]),
    );
  }
  return concat(parts);
}

function packList<T>(where: string, items: readonly T[], pack: (where: string, item: T) => Uint8Array[]): Uint8Array {
  assertArray(where, items);
  return packItems(items, (item, i) => {
    assertObject(`${where}[${i}]`, item);
    return concat(pack(`${where}[${i}]`, item));
  });
}

function packTexts(where: string, texts: readonly string[]): Uint8Array {
  assertArray(where, texts);
  return packItems(texts, (text, i) => packString(`${where}[${i}]`, text));
}
