/**
 * The JSON document of an ABI, as compilers write it and nodes give it.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { type JsonObject, jsonInvalid, member, type Reader, readArray, readObject } from '../../internal/json.js';
import { type Abi, type AbiField, checkVersion, serializeAbi } from './abi.js';
import { checkAbi } from './abiTypes.js';
import type { Extension } from './extension.js';
import { checkName } from './name.js';
import { decodeHex, describeText, encodeHex } from './text.js';

/** A value of JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * Reads the JSON document of an ABI and judges it as nodes do before they use it.
 *
 * @param json - the document: what `JSON.parse` gives for an ABI file, or the member `abi` of a node's answer. Members may be
 * missing, as they are in files; members that are unknown are left alone
 * @returns the ABI; `variants` and `action_results` are null where the document has none
 * @throws PoaError `JSON_INVALID` for a member of another type; `ABI_INVALID` for another version, a type that is not there,
 * doubled or made of itself, and for `kv_tables`, which only EOSIO 2.1 had; `NAME_INVALID`
 * @example
 * ```ts
 * import { abiFromJson, serializeAbi } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(serializeAbi(abiFromJson({ version: 'eosio::abi/1.1' }))); // => '0e656f73696f3a3a6162692f312e3100000000000000'
 * ```
 * @see EOSIO, `abi_def.hpp`, `abi_serializer.cpp`; [E7 ABI](../RULES.md#e7-abi)
 */
export function abiFromJson(json: unknown): Abi {
  const where = 'abiFromJson';
  const object = readObject(where, json);
  const version = readText(`${where}.version`, member(object, 'version'));
  checkVersion(`${where}.version`, version);
  const tables21 = member(object, 'kv_tables');
  if (tables21 !== undefined && Object.keys(readObject(`${where}.kv_tables`, tables21)).length > 0)
    throw new PoaError('ABI_INVALID', { where: `${where}.kv_tables`, expected: 'none', got: 'some' });
  const list = <T>(name: string, read: (where: string, item: JsonObject) => T): T[] =>
    readList(where, object, name, (at, item) => read(at, readObject(at, item)));
  const abi: Abi = {
    version,
    types: list('types', (at, item) => ({
      new_type_name: readMember(at, item, 'new_type_name'),
      type: readMember(at, item, 'type'),
    })),
    structs: list('structs', (at, item) => ({
      name: readMember(at, item, 'name'),
      base: readOptional(at, item, 'base'),
      fields: readList(at, item, 'fields', readField),
    })),
    actions: list('actions', (at, item) => ({
      name: readNameOf(at, item),
      type: readMember(at, item, 'type'),
      ricardian_contract: readOptional(at, item, 'ricardian_contract'),
    })),
    tables: list('tables', (at, item) => ({
      name: readNameOf(at, item),
      index_type: readOptional(at, item, 'index_type'),
      key_names: readList(at, item, 'key_names', readText),
      key_types: readList(at, item, 'key_types', readText),
      type: readMember(at, item, 'type'),
    })),
    ricardian_clauses: list('ricardian_clauses', (at, item) => ({
      id: readMember(at, item, 'id'),
      body: readMember(at, item, 'body'),
    })),
    error_messages: list('error_messages', (at, item) => ({
      error_code: readCode(`${at}.error_code`, member(item, 'error_code')),
      error_msg: readMember(at, item, 'error_msg'),
    })),
    abi_extensions: readList(where, object, 'abi_extensions', readExtension),
    variants:
      member(object, 'variants') === undefined && member(object, 'action_results') === undefined
        ? null
        : list('variants', (at, item) => ({
            name: readMember(at, item, 'name'),
            types: readList(at, item, 'types', readText),
          })),
    action_results:
      member(object, 'action_results') === undefined
        ? null
        : list('action_results', (at, item) => ({
            name: readNameOf(at, item),
            result_type: readMember(at, item, 'result_type'),
          })),
  };
  checkAbi(where, abi);
  return abi;
}

function readText(where: string, value: unknown): string {
  if (typeof value !== 'string') throw jsonInvalid(where, 'a text', typeof value);
  return value;
}

function readMember(where: string, object: JsonObject, name: string): string {
  return readText(`${where}.${name}`, member(object, name));
}

function readOptional(where: string, object: JsonObject, name: string): string {
  const value = member(object, name);
  return value === undefined ? '' : readText(`${where}.${name}`, value);
}

function readNameOf(where: string, object: JsonObject): string {
  const name = readMember(where, object, 'name');
  checkName(`${where}.name`, name);
  return name;
}

function readList<T>(where: string, object: JsonObject, name: string, read: Reader<T>): T[] {
  const value = member(object, name);
  return value === undefined ? [] : readArray(`${where}.${name}`, value, read);
}

function readField(where: string, value: unknown): AbiField {
  const object = readObject(where, value);
  return { name: readMember(where, object, 'name'), type: readMember(where, object, 'type') };
}

/** A u64, as a number or in decimal. */
function readCode(where: string, value: unknown): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? `${value}` : value;
  const code = typeof text === 'string' && /^(?:0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : -1n;
  if (code < 0n || code >= 1n << 64n) throw jsonInvalid(where, 'an integer from 0 to 2^64 - 1', typeof value);
  return code;
}

/** A pair of a number and hex. */
function readExtension(where: string, value: unknown): Extension {
  const [type, hex] = readArray(where, value, (_, item) => item);
  const data = typeof hex === 'string' ? decodeHex(hex) : undefined;
  if (typeof type !== 'number' || !Number.isInteger(type) || type < 0 || type > 0xffff || data === undefined)
    throw jsonInvalid(
      where,
      'a number from 0 to 65535 and hex',
      typeof hex === 'string' ? describeText(hex) : typeof hex,
    );
  return { type, data };
}

/**
 * The JSON document of an ABI: the inverse of {@link abiFromJson}.
 *
 * @param abi - an ABI
 * @returns the document, for `JSON.stringify`
 * @throws PoaError what {@link serializeAbi} throws
 * @example
 * ```ts
 * import { abiFromJson, abiToJson, getContractAbi } from 'poa-primitives/eosio';
 *
 * const abi = getContractAbi('eosio.token');
 * abiFromJson(abiToJson(abi)); // => abi
 * ```
 * @see EOSIO, `abi_def.hpp`; [E7 ABI](../RULES.md#e7-abi)
 */
export function abiToJson(abi: Abi): Readonly<Record<string, JsonValue>> {
  // What cannot be packed is no ABI.
  serializeAbi(abi);
  const { variants, action_results, error_messages, abi_extensions, ...rest } = abi;
  return {
    ...(rest as unknown as Record<string, JsonValue>),
    error_messages: error_messages.map(({ error_code, error_msg }) => ({
      error_code: error_code > 0xffffffffn ? `${error_code}` : Number(error_code),
      error_msg,
    })),
    abi_extensions: abi_extensions.map(({ type, data }) => [type, encodeHex(data)]),
    ...(variants === null ? {} : { variants: variants.map(({ name, types }) => ({ name, types })) }),
    ...(action_results === null
      ? {}
      : { action_results: action_results.map(({ name, result_type }) => ({ name, result_type })) }),
  };
}
