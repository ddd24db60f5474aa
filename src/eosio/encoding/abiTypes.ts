/**
 * The types of an ABI: what a name stands for, and whether all of them are there.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import type { Abi, AbiField, AbiStruct } from './abi.js';
import { isBuiltIn } from './abiBuiltIn.js';
import { describeText } from './text.js';

/** Most types inside one another, as in nodes: more is refused, so that no input is deep enough to hurt. */
export const ABI_DEPTH_MAX = 32;

/** What a type is made of. */
export type AbiType =
  | { readonly kind: 'builtIn'; readonly name: string }
  | { readonly kind: 'list'; readonly item: string; readonly size: number | undefined }
  | { readonly kind: 'optional'; readonly item: string }
  | { readonly kind: 'variant'; readonly name: string; readonly types: readonly string[] }
  | { readonly kind: 'struct'; readonly struct: AbiStruct };

/** The types of an ABI by their names. */
export interface AbiTypes {
  readonly aliases: ReadonlyMap<string, string>;
  readonly structs: ReadonlyMap<string, AbiStruct>;
  readonly variants: ReadonlyMap<string, readonly string[]>;
}

const SIZED = /^(.+)\[([1-9][0-9]{0,5})\]$/;

/** Sorts the types of an ABI by their names. */
export function collectTypes(abi: Abi): AbiTypes {
  return {
    aliases: new Map(abi.types.map(({ new_type_name, type }) => [new_type_name, type])),
    structs: new Map(abi.structs.map((struct) => [struct.name, struct])),
    variants: new Map((abi.variants ?? []).map(({ name, types }) => [name, types])),
  };
}

/**
 * What a type is made of, one level of it; undefined for one that is not there.
 *
 * @throws PoaError `ABI_INVALID` for a name that stands for itself
 */
export function findType(where: string, types: AbiTypes, name: string): AbiType | undefined {
  let type = name;
  for (let steps = 0; ; steps++) {
    const next = types.aliases.get(type);
    if (next === undefined) break;
    if (steps === ABI_DEPTH_MAX) throw invalid(where, `at most ${ABI_DEPTH_MAX} names for a type`, describeText(name));
    type = next;
  }
  if (type.endsWith('[]')) return { kind: 'list', item: type.slice(0, -2), size: undefined };
  if (type.endsWith('?')) return { kind: 'optional', item: type.slice(0, -1) };
  const [, item, size] = SIZED.exec(type) ?? [];
  if (item !== undefined) return { kind: 'list', item, size: Number(size) };
  if (isBuiltIn(type)) return { kind: 'builtIn', name: type };
  const options = types.variants.get(type);
  if (options !== undefined) return { kind: 'variant', name: type, types: options };
  const struct = types.structs.get(type);
  return struct === undefined ? undefined : { kind: 'struct', struct };
}

/** The type of a field without the mark of what a later version added. */
export function fieldType(field: AbiField): string {
  return field.type.endsWith('$') ? field.type.slice(0, -1) : field.type;
}

/**
 * Judges an ABI as nodes do before they use it: no name twice, every type there, nothing made of itself.
 *
 * @throws PoaError `ABI_INVALID`
 * @see [E7 ABI](../RULES.md#e7-abi)
 */
export function checkAbi(where: string, abi: Abi): void {
  const types = collectTypes(abi);
  const { structs, variants, aliases } = types;
  const names = [
    ['types', abi.types.length, aliases.size],
    ['structs', abi.structs.length, structs.size],
    ['variants', (abi.variants ?? []).length, variants.size],
    ['actions', abi.actions.length, new Set(abi.actions.map(({ name }) => name)).size],
    ['tables', abi.tables.length, new Set(abi.tables.map(({ name }) => name)).size],
    ['error_messages', abi.error_messages.length, new Set(abi.error_messages.map((item) => item.error_code)).size],
    ['action_results', (abi.action_results ?? []).length, new Set(abi.action_results?.map(({ name }) => name)).size],
  ] as const;
  for (const [list, count, distinct] of names)
    if (count !== distinct)
      throw invalid(`${where}.${list}`, 'every name once', `${count - distinct} of ${count} again`);

  for (const [name, type] of aliases) {
    if (isBuiltIn(name) || structs.has(name) || variants.has(name))
      throw invalid(`${where}.types`, 'names that no type has', describeText(name));
    checkExists(`${where}.types`, types, type);
  }
  for (const { name, base, fields } of abi.structs) {
    checkBases(`${where}.structs`, types, name, base);
    for (const field of fields) checkExists(`${where}.structs`, types, fieldType(field));
  }
  for (const options of variants.values()) for (const type of options) checkExists(`${where}.variants`, types, type);
  for (const { type } of abi.actions) checkExists(`${where}.actions`, types, type);
  for (const { type } of abi.tables) checkExists(`${where}.tables`, types, type);
  for (const { result_type } of abi.action_results ?? []) checkExists(`${where}.action_results`, types, result_type);
}

/** Follows a type down to the one that its lists and options hold. */
function checkExists(where: string, types: AbiTypes, name: string): void {
  let current = name;
  for (let depth = 0; depth < ABI_DEPTH_MAX; depth++) {
    const type = findType(where, types, current);
    if (type === undefined) throw invalid(where, 'types that are there', describeText(name));
    if (type.kind !== 'list' && type.kind !== 'optional') return;
    current = type.item;
  }
  throw invalid(where, `at most ${ABI_DEPTH_MAX} types inside one another`, describeText(name));
}

function checkBases(where: string, types: AbiTypes, name: string, base: string): void {
  let current = base;
  for (let depth = 0; current !== ''; depth++) {
    const type = findType(where, types, current);
    if (type?.kind !== 'struct') throw invalid(where, 'bases that are structs', describeText(current));
    if (depth === ABI_DEPTH_MAX) throw invalid(where, `at most ${ABI_DEPTH_MAX} bases`, describeText(name));
    current = type.struct.base;
  }
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('ABI_INVALID', { where, expected, got });
}
