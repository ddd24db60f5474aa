/**
 * Symbols and assets: how much of which token.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/asset.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertObject, concat, describeBytes, uintLE, wrongType } from '../../internal/bytes.js';
import { type Cursor, closeBytes, openBytes, readFixed, readI64 } from './read.js';
import { describeText } from './text.js';

/** Most decimals of a symbol. */
export const PRECISION_MAX = 18;
/** Greatest amount of an asset either way: `2^62 - 1` units. */
export const ASSET_AMOUNT_MAX = 4611686018427387903n;

const CODE = /^[A-Z]{1,7}$/;
const SYMBOL = /^(0|[1-9][0-9]?),([A-Z]{1,7})$/;
const ASSET = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))? ([A-Z]{1,7})$/;
/** Longer than any asset: asked before a text is looked at. */
const TEXT_LENGTH_MAX = 64;

/** A token's symbol. */
export interface AssetSymbol {
  /** 1 to 7 characters of A to Z. */
  readonly code: string;
  /** Decimals, 0 to 18. */
  readonly precision: number;
}

/** An amount of a token. */
export interface Asset {
  /** Units of the last decimal, at most `2^62 - 1` either way. */
  readonly amount: bigint;
  /** The token. */
  readonly symbol: AssetSymbol;
}

/**
 * The symbol that a text such as `4,SYS` names.
 *
 * @param text - decimals, a comma, and the code
 * @returns the symbol
 * @throws PoaError `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { symbolFromText } from 'poa-primitives/eosio';
 *
 * symbolFromText('4,SYS'); // => { code: 'SYS', precision: 4 }
 * ```
 * @see EOSIO, `symbol.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function symbolFromText(text: string): AssetSymbol {
  if (typeof text !== 'string') throw wrongType('symbolFromText.text', 'string', text);
  const [, precision, code] = (text.length <= TEXT_LENGTH_MAX && SYMBOL.exec(text)) || [];
  if (precision === undefined || code === undefined || Number(precision) > PRECISION_MAX)
    throw symbolInvalid('symbolFromText', `0 to ${PRECISION_MAX}, a comma and 1 to 7 of A-Z`, describeText(text));
  return { code, precision: Number(precision) };
}

/**
 * The text of a symbol: the inverse of {@link symbolFromText}.
 *
 * @param symbol - code and precision in their ranges
 * @returns such as `4,SYS`
 * @throws PoaError `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { symbolToText } from 'poa-primitives/eosio';
 *
 * symbolToText({ code: 'SYS', precision: 4 }); // => '4,SYS'
 * ```
 * @see EOSIO, `symbol.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function symbolToText(symbol: AssetSymbol): string {
  checkSymbol('symbolToText', symbol);
  return `${symbol.precision},${symbol.code}`;
}

function checkSymbol(where: string, symbol: unknown): asserts symbol is AssetSymbol {
  assertObject(where, symbol);
  const { code, precision } = symbol;
  checkCode(`${where}.code`, code);
  if (typeof precision !== 'number') throw wrongType(`${where}.precision`, 'number', precision);
  if (!Number.isInteger(precision) || precision < 0 || precision > PRECISION_MAX)
    throw symbolInvalid(`${where}.precision`, `an integer from 0 to ${PRECISION_MAX}`, `${precision}`);
}

function checkCode(where: string, code: unknown): asserts code is string {
  if (typeof code !== 'string') throw wrongType(where, 'string', code);
  if (!CODE.test(code)) throw symbolInvalid(where, '1 to 7 characters of A-Z', describeText(code));
}

/**
 * Parses a symbol: `precision u8 | code, 7 bytes padded with zeros`.
 *
 * @param bytes - exactly 8 bytes
 * @returns the symbol
 * @throws PoaError `MALFORMED` for another length; `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { parseSymbol } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * parseSymbol(hexToBytes('0453595300000000')); // => { code: 'SYS', precision: 4 }
 * ```
 * @see EOSIO, `symbol.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function parseSymbol(bytes: Uint8Array): AssetSymbol {
  assertBytes('parseSymbol.bytes', bytes);
  const cursor = openBytes('parseSymbol', bytes);
  const symbol = readSymbol(cursor, 'symbol');
  closeBytes(cursor);
  return symbol;
}

/** Reads a symbol in a greater value. */
export function readSymbol(cursor: Cursor, field: string): AssetSymbol {
  const bytes = readFixed(cursor, field, 8);
  const precision = bytes[0] ?? 0;
  const where = `${cursor.where}.${field}`;
  if (precision > PRECISION_MAX)
    throw symbolInvalid(where, `a precision of at most ${PRECISION_MAX}`, `${precision}`, cursor.at - 8);
  return { code: codeOf(where, bytes.subarray(1), cursor.at - 7), precision };
}

/** Reads the code of a symbol that stands alone, in 8 bytes. */
export function readSymbolCode(cursor: Cursor, field: string): string {
  const bytes = readFixed(cursor, field, 8);
  return codeOf(`${cursor.where}.${field}`, bytes, cursor.at - 8);
}

function codeOf(where: string, bytes: Uint8Array, offset: number): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  let code = '';
  for (const byte of bytes.subarray(0, end)) code += String.fromCharCode(byte);
  if (!CODE.test(code)) throw symbolInvalid(where, '1 to 7 bytes of A-Z, then zeros', describeBytes(bytes), offset);
  return code;
}

/**
 * Serializes a symbol: the inverse of {@link parseSymbol}.
 *
 * @param symbol - code and precision in their ranges
 * @returns 8 bytes
 * @throws PoaError `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { serializeSymbol } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(serializeSymbol({ code: 'SYS', precision: 4 })); // => '0453595300000000'
 * ```
 * @see EOSIO, `symbol.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function serializeSymbol(symbol: AssetSymbol): Uint8Array {
  return packSymbol('serializeSymbol', symbol);
}

function packSymbol(where: string, symbol: unknown): Uint8Array {
  checkSymbol(where, symbol);
  const bytes = packSymbolCode(where, symbol.code);
  // The code moves up by a byte, since it is never longer than seven.
  bytes.copyWithin(1, 0, 7);
  bytes[0] = symbol.precision;
  return bytes;
}

/** The code of a symbol alone, in 8 bytes. */
export function packSymbolCode(where: string, code: unknown): Uint8Array {
  checkCode(where, code);
  const bytes = new Uint8Array(8);
  for (let i = 0; i < code.length; i++) bytes[i] = code.charCodeAt(i);
  return bytes;
}

/**
 * The asset that a text such as `1.0000 SYS` names: its decimals are the precision of the symbol.
 *
 * @param text - an amount without needless zeros in front, a blank, and the code
 * @returns the asset
 * @throws PoaError `ASSET_INVALID`
 * @example
 * ```ts
 * import { assetFromText } from 'poa-primitives/eosio';
 *
 * assetFromText('1.0000 SYS'); // => { amount: 10000n, symbol: { code: 'SYS', precision: 4 } }
 * ```
 * @see EOSIO, `asset.cpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function assetFromText(text: string): Asset {
  const where = 'assetFromText';
  if (typeof text !== 'string') throw wrongType(`${where}.text`, 'string', text);
  const [, sign, whole, decimals = '', code] = (text.length <= TEXT_LENGTH_MAX && ASSET.exec(text)) || [];
  if (sign === undefined || whole === undefined || code === undefined)
    throw assetInvalid(where, 'an amount, a blank and 1 to 7 of A-Z', describeText(text));
  if (decimals.length > PRECISION_MAX)
    throw assetInvalid(where, `at most ${PRECISION_MAX} decimals`, `${decimals.length}`);
  const amount = BigInt(whole + decimals);
  if (amount > ASSET_AMOUNT_MAX) throw assetInvalid(where, 'an amount of at most 2^62 - 1 units', describeText(text));
  if (sign === '-' && amount === 0n) throw assetInvalid(where, 'no sign before zero', describeText(text));
  return { amount: sign === '-' ? -amount : amount, symbol: { code, precision: decimals.length } };
}

/**
 * The text of an asset: the inverse of {@link assetFromText}.
 *
 * @param asset - amount and symbol in their ranges
 * @returns such as `1.0000 SYS`
 * @throws PoaError `ASSET_INVALID`; `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { assetToText } from 'poa-primitives/eosio';
 *
 * assetToText({ amount: -2345n, symbol: { code: 'NEGS', precision: 4 } }); // => '-0.2345 NEGS'
 * ```
 * @see EOSIO, `asset.cpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function assetToText(asset: Asset): string {
  checkAsset('assetToText', asset);
  const { amount, symbol } = asset;
  const digits = `${amount < 0n ? -amount : amount}`.padStart(symbol.precision + 1, '0');
  const at = digits.length - symbol.precision;
  const decimals = symbol.precision === 0 ? '' : `.${digits.slice(at)}`;
  return `${amount < 0n ? '-' : ''}${digits.slice(0, at)}${decimals} ${symbol.code}`;
}

function checkAsset(where: string, asset: unknown): asserts asset is Asset {
  assertObject(where, asset);
  const { amount } = asset;
  if (typeof amount !== 'bigint') throw wrongType(`${where}.amount`, 'bigint', amount);
  checkSymbol(`${where}.symbol`, asset.symbol);
  checkAmount(`${where}.amount`, amount);
}

function checkAmount(where: string, amount: bigint, offset?: number): void {
  if (amount > ASSET_AMOUNT_MAX || amount < -ASSET_AMOUNT_MAX)
    throw assetInvalid(where, 'at most 2^62 - 1 units either way', amount < 0n ? 'less' : 'more', offset);
}

/**
 * Parses an asset: `amount i64 | symbol (8)`.
 *
 * @param bytes - exactly 16 bytes
 * @returns the asset
 * @throws PoaError `MALFORMED` for another length; `ASSET_INVALID`; `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { assetToText, parseAsset } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * assetToText(parseAsset(hexToBytes('102700000000000004454f5300000000'))); // => '1.0000 EOS'
 * ```
 * @see EOSIO, `asset.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function parseAsset(bytes: Uint8Array): Asset {
  assertBytes('parseAsset.bytes', bytes);
  const cursor = openBytes('parseAsset', bytes);
  const asset = readAsset(cursor, 'asset');
  closeBytes(cursor);
  return asset;
}

/** Reads an asset in a greater value. */
export function readAsset(cursor: Cursor, field: string): Asset {
  const amount = readI64(cursor, field);
  checkAmount(`${cursor.where}.${field}`, amount, cursor.at - 8);
  return { amount, symbol: readSymbol(cursor, field) };
}

/**
 * Serializes an asset: the inverse of {@link parseAsset}.
 *
 * @param asset - amount and symbol in their ranges
 * @returns 16 bytes
 * @throws PoaError `ASSET_INVALID`; `SYMBOL_INVALID`
 * @example
 * ```ts
 * import { assetFromText, serializeAsset } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * bytesToHex(serializeAsset(assetFromText('1.0000 EOS'))); // => '102700000000000004454f5300000000'
 * ```
 * @see EOSIO, `asset.hpp`; [E3 Symbols and assets](../RULES.md#e3-symbols-and-assets)
 */
export function serializeAsset(asset: Asset): Uint8Array {
  const where = 'serializeAsset';
  checkAsset(where, asset);
  return concat([uintLE(BigInt.asUintN(64, asset.amount), 8), packSymbol(where, asset.symbol)]);
}

function symbolInvalid(where: string, expected: string, got: string, offset?: number): PoaError {
  return new PoaError('SYMBOL_INVALID', { where, expected, got, offset });
}

function assetInvalid(where: string, expected: string, got: string, offset?: number): PoaError {
  return new PoaError('ASSET_INVALID', { where, expected, got, offset });
}
