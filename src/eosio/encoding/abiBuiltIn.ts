/**
 * The types that every ABI has: each between its bytes and the JSON that nodes give for it.
 *
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import { concat, copyOf, describeBytes, isBytes, typeName, uintLE } from '../../internal/bytes.js';
import {
  assetFromText,
  assetToText,
  packSymbolCode,
  readAsset,
  readSymbol,
  readSymbolCode,
  serializeAsset,
  serializeSymbol,
  symbolFromText,
  symbolToText,
} from './asset.js';
import { packPublicKey, publicKeyFromText, publicKeyToLegacyText, readPublicKey } from './key.js';
import { packName, readName } from './name.js';
import { type Cursor, malformed, readBool, readBytes, readFixed, readString, readUint, readVaruint32 } from './read.js';
import { packSignature, readSignature, signatureFromText, signatureToText } from './signature.js';
import { decodeHex, describeText, encodeHex } from './text.js';
import { computeSlot, computeSlotTime, TIME_MAX, timeFromText, timeToText } from './time.js';
import { packBytes, packString, packVaruint32 } from './write.js';

/**
 * A value of action data, as the JSON of nodes has it. Where bytes are meant, hex and `Uint8Array` are both taken; where an
 * integer is meant, a `number`, a `bigint` and decimal text are. What is parsed holds neither `bigint` nor `Uint8Array`.
 */
export type AbiValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly AbiValue[]
  | { readonly [name: string]: AbiValue };

/** One type both ways. */
interface BuiltIn {
  readonly pack: (where: string, value: unknown) => Uint8Array;
  readonly read: (cursor: Cursor, field: string) => AbiValue;
}

const MICROSECONDS = 1000n;
const INTEGER = /^(?:0|-?[1-9][0-9]{0,38})$/;

/** Tells whether every ABI has the type. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(BUILT_INS, name);
}

/** Packs a value of a type that every ABI has. */
export function packBuiltIn(where: string, name: string, value: unknown): Uint8Array {
  return (BUILT_INS[name] as BuiltIn).pack(where, value);
}

/** Reads a value of a type that every ABI has. */
export function readBuiltIn(cursor: Cursor, field: string, name: string): AbiValue {
  return (BUILT_INS[name] as BuiltIn).read(cursor, field);
}

/** The error for data that is not what its type asks for. */
export function dataInvalid(where: string, expected: string, value: unknown): PoaError {
  let got = typeName(value);
  if (typeof value === 'string') got = describeText(value);
  else if (typeof value === 'number' || typeof value === 'boolean') got = `${value}`;
  else if (isBytes(value)) got = describeBytes(value);
  return new PoaError('ACTION_DATA_INVALID', { where, expected, got });
}

/** Reads a text; what is wrong with it is said of the place where it stands. */
function within<T>(where: string, value: unknown, expected: string, read: (text: string) => T): T {
  if (typeof value !== 'string') throw dataInvalid(where, expected, value);
  try {
    return read(value);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    throw new PoaError(error.code, { where, expected: error.expected, got: error.got });
  }
}

/** An integer of `bits` bits. */
function toInteger(where: string, value: unknown, bits: number, isSigned: boolean): bigint {
  const max = isSigned ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  const expected = `an integer from ${isSigned ? `-2^${bits - 1}` : '0'} to 2^${isSigned ? bits - 1 : bits} - 1`;
  let integer: bigint | undefined;
  if (typeof value === 'bigint') integer = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) integer = BigInt(value);
  else if (typeof value === 'string' && INTEGER.test(value)) integer = BigInt(value);
  if (integer === undefined || integer < min || integer > max) throw dataInvalid(where, expected, value);
  return integer;
}

/** As nodes write integers: those of more than 32 bits in quotes. */
function fromInteger(value: bigint): number | string {
  return value > 0xffffffffn || value < -0xffffffffn ? `${value}` : Number(value);
}

function integer(size: number, isSigned: boolean): BuiltIn {
  const bits = 8 * size;
  return {
    pack: (where, value) => uintLE(BigInt.asUintN(bits, toInteger(where, value, bits, isSigned)), size),
    read: (cursor, field) => {
      const value = readUint(cursor, field, size);
      return fromInteger(isSigned ? BigInt.asIntN(bits, value) : value);
    },
  };
}

function toBytes(where: string, value: unknown, size?: number): Uint8Array {
  const expected = size === undefined ? 'pairs of hex digits' : `${2 * size} hex digits`;
  const bytes = typeof value === 'string' ? decodeHex(value) : isBytes(value) ? copyOf(value) : undefined;
  if (bytes === undefined || (size !== undefined && bytes.length !== size)) throw dataInvalid(where, expected, value);
  return bytes;
}

function checksum(size: number): BuiltIn {
  return {
    pack: (where, value) => toBytes(where, value, size),
    read: (cursor, field) => encodeHex(readFixed(cursor, field, size)),
  };
}

/** A finite number: nothing else has a place in JSON. */
function float(size: 4 | 8): BuiltIn {
  return {
    pack: (where, value) => {
      if (typeof value !== 'number' || !Number.isFinite(size === 4 ? Math.fround(value) : value))
        throw dataInvalid(where, 'a finite number', value);
      const bytes = new Uint8Array(size);
      const view = new DataView(bytes.buffer);
      if (size === 4) view.setFloat32(0, value, true);
      else view.setFloat64(0, value, true);
      return bytes;
    },
    read: (cursor, field) => {
      const bytes = readFixed(cursor, field, size);
      const view = new DataView(bytes.buffer);
      const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
      if (!Number.isFinite(value)) throw malformed(cursor, field, 'a finite number', `${value}`, cursor.at - size);
      return value;
    },
  };
}

function toTime(where: string, value: unknown): number {
  return within(where, value, 'a time as text', timeFromText);
}

const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  bool: {
    pack: (where, value) => {
      if (value !== true && value !== false && value !== 0 && value !== 1) throw dataInvalid(where, 'a boolean', value);
      return Uint8Array.of(value ? 1 : 0);
    },
    read: readBool,
  },
  int8: /* @__PURE__ */ integer(1, true),
  uint8: /* @__PURE__ */ integer(1, false),
  int16: /* @__PURE__ */ integer(2, true),
  uint16: /* @__PURE__ */ integer(2, false),
  int32: /* @__PURE__ */ integer(4, true),
  uint32: /* @__PURE__ */ integer(4, false),
  int64: /* @__PURE__ */ integer(8, true),
  uint64: /* @__PURE__ */ integer(8, false),
  int128: /* @__PURE__ */ integer(16, true),
  uint128: /* @__PURE__ */ integer(16, false),
  varuint32: {
    pack: (where, value) => packVaruint32(Number(toInteger(where, value, 32, false))),
    read: readVaruint32,
  },
  varint32: {
    // Small numbers either way are short: 0, -1, 1, -2 ... are 0, 1, 2, 3 ...
    pack: (where, value) => {
      const number = Number(toInteger(where, value, 32, true));
      return packVaruint32(number < 0 ? -2 * number - 1 : 2 * number);
    },
    read: (cursor, field) => {
      const value = readVaruint32(cursor, field);
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
  },
  float32: /* @__PURE__ */ float(4),
  float64: /* @__PURE__ */ float(8),
  float128: /* @__PURE__ */ checksum(16),
  time_point: {
    pack: (where, value) => uintLE(BigInt(toTime(where, value)) * MICROSECONDS, 8),
    read: (cursor, field) => {
      const value = readUint(cursor, field, 8);
      const time = Number(value / MICROSECONDS);
      if (time > TIME_MAX || value % MICROSECONDS !== 0n)
        throw malformed(
          cursor,
          field,
          'microseconds since 1970 that are whole milliseconds',
          `${value}`,
          cursor.at - 8,
        );
      return timeToText(time);
    },
  },
  time_point_sec: {
    pack: (where, value) => {
      const time = toTime(where, value);
      if (time % 1000 !== 0 || time / 1000 > 0xffffffff) throw dataInvalid(where, 'a whole second up to 2106', value);
      return uintLE(time / 1000, 4);
    },
    read: (cursor, field) => timeToText(Number(readUint(cursor, field, 4)) * 1000).slice(0, 19),
  },
  block_timestamp_type: {
    pack: (where, value) => {
      const time = toTime(where, value);
      const slot = within(where, value, 'a time as text', () => computeSlot(time));
      if (computeSlotTime(slot) !== time) throw dataInvalid(where, 'a whole slot of 500 ms', value);
      return uintLE(slot, 4);
    },
    read: (cursor, field) => timeToText(computeSlotTime(Number(readUint(cursor, field, 4)))),
  },
  name: {
    pack: (where, value) => {
      if (typeof value !== 'string') throw dataInvalid(where, 'a name', value);
      return packName(where, value);
    },
    read: readName,
  },
  bytes: {
    pack: (where, value) => packBytes(toBytes(where, value)),
    read: (cursor, field) => encodeHex(readBytes(cursor, field)),
  },
  string: {
    pack: (where, value) => {
      if (typeof value !== 'string') throw dataInvalid(where, 'a text', value);
      return packString(where, value);
    },
    read: readString,
  },
  checksum160: /* @__PURE__ */ checksum(20),
  checksum256: /* @__PURE__ */ checksum(32),
  checksum512: /* @__PURE__ */ checksum(64),
  public_key: {
    pack: (where, value) => packPublicKey(where, within(where, value, 'a public key as text', publicKeyFromText)),
    read: (cursor, field) => publicKeyToLegacyText(readPublicKey(cursor, field)),
  },
  signature: {
    pack: (where, value) => packSignature(where, within(where, value, 'a signature as text', signatureFromText)),
    read: (cursor, field) => signatureToText(readSignature(cursor, field)),
  },
  symbol: {
    pack: (where, value) => serializeSymbol(within(where, value, 'a symbol as text', symbolFromText)),
    read: (cursor, field) => symbolToText(readSymbol(cursor, field)),
  },
  symbol_code: {
    pack: (where, value) => within(where, value, 'the code of a symbol', (text) => packSymbolCode(where, text)),
    read: readSymbolCode,
  },
  asset: {
    pack: (where, value) => serializeAsset(within(where, value, 'an asset as text', assetFromText)),
    read: (cursor, field) => assetToText(readAsset(cursor, field)),
  },
  extended_asset: {
    pack: (where, value) => {
      const isObject = typeof value === 'object' && value !== null && Object.keys(value).length === 2;
      const { quantity, contract } = (isObject ? value : {}) as Record<string, unknown>;
      if (typeof contract !== 'string') throw dataInvalid(where, 'quantity and contract', value);
      return concat([
        serializeAsset(within(`${where}.quantity`, quantity, 'an asset as text', assetFromText)),
        packName(`${where}.contract`, contract),
      ]);
    },
    read: (cursor, field) => ({
      quantity: assetToText(readAsset(cursor, `${field}.quantity`)),
      contract: readName(cursor, `${field}.contract`),
    }),
  },
};
