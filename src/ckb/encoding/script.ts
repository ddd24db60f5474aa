/**
 * Scripts: what locks a cell, or gives it its type.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0022-transaction-structure/0022-transaction-structure.md
 * @module
 */

import { assertBytes, assertFixedBytes, assertInteger, assertObject, copyOf, viewOf } from '../../internal/bytes.js';
import { type Range, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeBytes, writeTable } from '../../internal/molecule/write.js';
import { ckbHash } from './hash.js';
import { SCRIPT } from './schemas.js';

/** `hash_type` of a script whose code is found by the hash of its type script. */
export const HASH_TYPE_TYPE = 1;

/** A lock or type script. */
export interface Script {
  /** 32 bytes. */
  readonly codeHash: Uint8Array;
  /** u8: 0 data, 1 type, 2 data1, 4 data2; strict molecule does not judge it. */
  readonly hashType: number;
  /** Any length. */
  readonly args: Uint8Array;
}

/**
 * Parses a script.
 *
 * Layout: molecule `table Script { code_hash: Byte32, hash_type: byte, args: Bytes }`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseScript } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * parseScript(anchor.validatorListType).args.length; // => 32
 * ```
 * @see RFC 0022, "Script"; [R2 Strict molecule](../RULES.md#r2-strict-molecule)
 */
export function parseScript(bytes: Uint8Array): Script {
  assertBytes('parseScript.bytes', bytes);
  assertMolecule('parseScript', SCRIPT, bytes);
  return readScript(bytes, viewOf(bytes), { start: 0, end: bytes.length });
}

/** Reads a verified script. */
export function readScript(bytes: Uint8Array, view: DataView, range: Range): Script {
  const [codeHash, hashType, args] = rangesOf(view, range.start) as [Range, Range, Range];
  return {
    codeHash: copyOf(bytes, codeHash.start, codeHash.end),
    hashType: view.getUint8(hashType.start),
    args: copyOf(bytes, args.start + 4, args.end),
  };
}

/**
 * Serializes a script: the inverse of {@link parseScript}.
 *
 * @param script - `codeHash` of 32 bytes, `hashType` below 256, `args` of any length
 * @returns `53 + args.length` bytes
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { parseScript, serializeScript } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * serializeScript(parseScript(anchor.validatorListType)); // => anchor.validatorListType
 * ```
 * @see RFC 0022, "Script"; [R2 Strict molecule](../RULES.md#r2-strict-molecule)
 */
export function serializeScript(script: Script): Uint8Array {
  return writeScript('serializeScript', script);
}

/** As {@link serializeScript}; `where` names the script inside a larger value. */
export function writeScript(where: string, script: Script): Uint8Array {
  assertObject(where, script);
  assertFixedBytes(`${where}.codeHash`, script.codeHash, 32);
  assertInteger(`${where}.hashType`, script.hashType, 0, 0xff);
  assertBytes(`${where}.args`, script.args);
  return writeTable([script.codeHash, Uint8Array.of(script.hashType), writeBytes(script.args)]);
}

/**
 * The hash of a script, by which other scripts refer to it.
 *
 * @param bytes - molecule `Script`
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { ckbHash, computeScriptHash } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * computeScriptHash(anchor.validatorListType); // => ckbHash(anchor.validatorListType)
 * ```
 * @see RFC 0022, "Script"; [R1 Hashes](../RULES.md#r1-hashes)
 */
export function computeScriptHash(bytes: Uint8Array): Uint8Array {
  assertBytes('computeScriptHash.bytes', bytes);
  assertMolecule('computeScriptHash', SCRIPT, bytes);
  return ckbHash(bytes);
}
