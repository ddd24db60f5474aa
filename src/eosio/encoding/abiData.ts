/**
 * Data by its ABI: between bytes and the JSON of nodes.
 *
 * @see https://github.com/AntelopeIO/spring/blob/17ed17f6826409a998332b94074dace2cb1fdb47/libraries/chain/abi_serializer.cpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertObject, concat, isBytes, wrongType } from '../../internal/bytes.js';
import type { Abi, AbiStruct } from './abi.js';
import { type AbiValue, dataInvalid, packBuiltIn, readBuiltIn } from './abiBuiltIn.js';
import { ABI_DEPTH_MAX, type AbiType, type AbiTypes, collectTypes, fieldType, findType } from './abiTypes.js';
import { type Cursor, closeBytes, malformed, openBytes, readBool, readCount, readVaruint32 } from './read.js';
import { describeText } from './text.js';
import { packVaruint32 } from './write.js';

/**
 * Packs data by its type.
 *
 * @param abi - the ABI that has the type
 * @param type - its name, with `[]` or `?` behind it where wanted
 * @param data - structs as objects, all of whose members are fields, or as arrays in the order of the fields; variants as pairs of
 * a type's name and a value; the rest as the JSON of nodes has it
 * @returns the bytes
 * @throws PoaError `ACTION_DATA_INVALID` for what does not fit its type; `ABI_TYPE_UNKNOWN`; `ABI_INVALID` for types that are made of
 * themselves without end; `NAME_INVALID`, `ASSET_INVALID`, `SYMBOL_INVALID`, `TIME_INVALID`, `KEY_INVALID` and the like for texts
 * @example
 * ```ts
 * import { getContractAbi, serializeAbiData } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(serializeAbiData(getContractAbi('eosio'), 'name[]', ['eosio', ''])); // => '020000000000ea30550000000000000000'
 * ```
 * @see EOSIO, `abi_serializer.cpp`; [E8 Action data](../RULES.md#e8-action-data)
 */
export function serializeAbiData(abi: Abi, type: string, data: AbiValue): Uint8Array {
  return packData('serializeAbiData', abi, type, data);
}

/** As {@link serializeAbiData}; `where` names the data. */
export function packData(where: string, abi: Abi, type: string, data: unknown): Uint8Array {
  assertObject(`${where}.abi`, abi);
  if (typeof type !== 'string') throw wrongType(`${where}.type`, 'string', type);
  const parts: Uint8Array[] = [];
  packValue({ types: collectTypes(abi), parts }, where, type, data, 0);
  return concat(parts);
}

interface Packing {
  readonly types: AbiTypes;
  readonly parts: Uint8Array[];
}

function typeAt(where: string, types: AbiTypes, name: string, depth: number): AbiType {
  const type = findType(where, types, name);
  if (type === undefined)
    throw new PoaError('ABI_TYPE_UNKNOWN', { where, expected: 'a type of the ABI', got: describeText(name) });
  if (depth > ABI_DEPTH_MAX)
    throw new PoaError('ABI_INVALID', {
      where,
      expected: `at most ${ABI_DEPTH_MAX} types inside one another`,
      got: 'more',
    });
  return type;
}

function packValue(packing: Packing, where: string, name: string, value: unknown, depth: number): void {
  const { types, parts } = packing;
  const type = typeAt(where, types, name, depth);
  switch (type.kind) {
    case 'builtIn':
      parts.push(packBuiltIn(where, type.name, value));
      return;
    case 'optional':
      parts.push(Uint8Array.of(value === null || value === undefined ? 0 : 1));
      if (value !== null && value !== undefined) packValue(packing, where, type.item, value, depth + 1);
      return;
    case 'list':
      if (!Array.isArray(value)) throw dataInvalid(where, 'an array', value);
      if (type.size === undefined) parts.push(packVaruint32(value.length));
      else if (value.length !== type.size) throw dataInvalid(where, `${type.size} items`, value.length);
      for (let i = 0; i < value.length; i++) packValue(packing, `${where}[${i}]`, type.item, value[i], depth + 1);
      return;
    case 'variant': {
      const [option, inner] = Array.isArray(value) && value.length === 2 ? value : [];
      const index = typeof option === 'string' ? type.types.indexOf(option) : -1;
      if (index === -1) throw dataInvalid(where, `a pair of one of ${listOf(type.types)} and its value`, value);
      parts.push(packVaruint32(index));
      packValue(packing, where, option, inner, depth + 1);
      return;
    }
    case 'struct':
      packStruct(packing, where, type.struct, value, depth);
  }
}

/** Names in a row, not more of them than a message can hold. */
function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => name.slice(0, 32));
  return names.length > 4 ? `${shown.join(', ')} and ${names.length - 4} more` : shown.join(', ');
}

/** The fields of a struct with those of its bases in front. */
function fieldsOf(where: string, types: AbiTypes, struct: AbiStruct): AbiStruct['fields'] {
  let fields = struct.fields;
  let current = struct;
  for (let depth = 0; current.base !== ''; depth++) {
    const base = typeAt(where, types, current.base, depth);
    if (base.kind !== 'struct')
      throw new PoaError('ABI_INVALID', { where, expected: 'bases that are structs', got: describeText(current.base) });
    current = base.struct;
    fields = [...current.fields, ...fields];
  }
  return fields;
}

function packStruct(packing: Packing, where: string, struct: AbiStruct, value: unknown, depth: number): void {
  const fields = fieldsOf(where, packing.types, struct);
  if (typeof value !== 'object' || value === null || isBytes(value)) throw dataInvalid(where, 'an object', value);
  const isList = Array.isArray(value);
  const given = isList ? value.length : Object.keys(value).length;
  const memberOf = (name: string, i: number): unknown => {
    if (isList) return value[i];
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  };
  let isEnded = false;
  let used = 0;
  fields.forEach((field, i) => {
    const inner = memberOf(field.name, i);
    const at = `${where}.${field.name.slice(0, 32)}`;
    // What is absent may be so if its type says it, or if it was added at the end and nothing follows.
    if (inner === undefined && field.type.endsWith('$')) {
      isEnded = true;
      return;
    }
    if (inner === undefined && !field.type.endsWith('?'))
      throw dataInvalid(at, `a value of ${listOf([field.type])}`, inner);
    if (isEnded) throw dataInvalid(at, 'nothing behind an absent field', inner);
    if (inner !== undefined) used++;
    packValue(packing, at, fieldType(field), inner, depth + 1);
  });
  if (given !== used) {
    const extra = isList ? undefined : Object.keys(value).find((name) => !fields.some((field) => field.name === name));
    throw dataInvalid(where, `the fields ${listOf(fields.map(({ name }) => name))}`, extra ?? `${given} values`);
  }
}

/**
 * Reads data by its type: the inverse of {@link serializeAbiData}, in the form that nodes give.
 *
 * @param abi - the ABI that has the type
 * @param type - its name, with `[]` or `?` behind it where wanted
 * @param bytes - all of the value; neither kept nor modified
 * @returns structs as objects; integers of more than 32 bits as decimal text; bytes as hex; public keys in the old form; times, names,
 * symbols and assets as text; variants as pairs of a type's name and a value
 * @throws PoaError `MALFORMED`; `ABI_TYPE_UNKNOWN`; `ABI_INVALID` for types that are made of themselves without end;
 * `ASSET_INVALID`, `SYMBOL_INVALID`, `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { getContractAbi, parseAbiData } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * const bytes = hexToBytes('020000000000ea30550000000000000000');
 * parseAbiData(getContractAbi('eosio'), 'name[]', bytes); // => ['eosio', '']
 * ```
 * @see EOSIO, `abi_serializer.cpp`; [E8 Action data](../RULES.md#e8-action-data)
 */
export function parseAbiData(abi: Abi, type: string, bytes: Uint8Array): AbiValue {
  return readData('parseAbiData', abi, type, bytes);
}

/** As {@link parseAbiData}; `where` names the data. */
export function readData(where: string, abi: Abi, type: string, bytes: Uint8Array): AbiValue {
  assertObject(`${where}.abi`, abi);
  if (typeof type !== 'string') throw wrongType(`${where}.type`, 'string', type);
  assertBytes(`${where}.bytes`, bytes);
  const cursor = openBytes(where, bytes);
  const value = readValue(collectTypes(abi), cursor, '', type, 0);
  closeBytes(cursor);
  return value;
}

/** Reads a value that is part of another. It must take a byte at least: else a few bytes could hold any number of them. */
function readPart(types: AbiTypes, cursor: Cursor, field: string, name: string, depth: number): AbiValue {
  const start = cursor.at;
  const value = readValue(types, cursor, field, name, depth);
  if (cursor.at === start) throw malformed(cursor, field, 'a value of at least one byte', 'one of none');
  return value;
}

function readValue(types: AbiTypes, cursor: Cursor, field: string, name: string, depth: number): AbiValue {
  const type = typeAt(field === '' ? cursor.where : `${cursor.where}.${field}`, types, name, depth);
  switch (type.kind) {
    case 'builtIn':
      return readBuiltIn(cursor, field === '' ? 'value' : field, type.name);
    case 'optional':
      return readBool(cursor, field) ? readPart(types, cursor, field, type.item, depth + 1) : null;
    case 'list': {
      const left = cursor.bytes.length - cursor.at;
      if (type.size !== undefined && type.size > left)
        throw malformed(cursor, field, `${type.size} items`, `${left} bytes`);
      const count = type.size ?? readCount(cursor, field, 1);
      const items: AbiValue[] = [];
      for (let i = 0; i < count; i++) items.push(readPart(types, cursor, `${field}[${i}]`, type.item, depth + 1));
      return items;
    }
    case 'variant': {
      const start = cursor.at;
      const index = readVaruint32(cursor, field);
      const option = type.types[index];
      if (option === undefined)
        throw malformed(cursor, field, `one of ${type.types.length} types`, `number ${index}`, start);
      return [option, readValue(types, cursor, field, option, depth + 1)];
    }
    case 'struct':
      return readStruct(types, cursor, field, type.struct, depth);
  }
}

function readStruct(types: AbiTypes, cursor: Cursor, field: string, struct: AbiStruct, depth: number): AbiValue {
  const entries: [string, AbiValue][] = [];
  const where = field === '' ? cursor.where : `${cursor.where}.${field}`;
  for (const { name, type } of fieldsOf(where, types, struct)) {
    if (type.endsWith('$') && cursor.at === cursor.bytes.length) continue;
    const at = field === '' ? name.slice(0, 32) : `${field}.${name.slice(0, 32)}`;
    entries.push([name, readPart(types, cursor, at, fieldType({ name, type }), depth + 1)]);
  }
  return Object.fromEntries(entries);
}
