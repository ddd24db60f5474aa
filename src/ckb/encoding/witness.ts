/**
 * What stands in witnesses: `CellbaseWitness` in a cellbase, `WitnessArgs` elsewhere.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0022-transaction-structure/0022-transaction-structure.md
 * @module
 */

import { assertBytes, assertObject, copyOf, viewOf } from '../../internal/bytes.js';
import { type Range, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeBytes, writeTable } from '../../internal/molecule/write.js';
import { CELLBASE_WITNESS, WITNESS_ARGS } from './schemas.js';
import { readScript, type Script, writeScript } from './script.js';

/** What CKB asks of the first witness of a cellbase. */
export interface CellbaseWitness {
  /** Who is paid for the block. */
  readonly lock: Script;
  /** Any length. */
  readonly message: Uint8Array;
}

/** What scripts find in the witness of an input; null is not the same as no bytes. */
export interface WitnessArgs {
  /** For the lock script: signatures. */
  readonly lock: Uint8Array | null;
  /** For the type script of the input. */
  readonly inputType: Uint8Array | null;
  /** For the type script of the output. */
  readonly outputType: Uint8Array | null;
}

/**
 * Parses a `CellbaseWitness` that nothing follows.
 *
 * Layout: molecule `table CellbaseWitness { lock: Script, message: Bytes }`.
 *
 * @param bytes - the whole encoding; see {@link splitCellbaseWitness} for the witness that a POAContext follows
 * @returns fresh copies
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseCellbaseWitness, parseTransaction, splitCellbaseWitness } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(headers[0].cellbase).witnesses;
 * parseCellbaseWitness(splitCellbaseWitness(witness).cellbaseWitness).lock.args.length; // => 20
 * ```
 * @see RFC 0022, "Cellbase"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function parseCellbaseWitness(bytes: Uint8Array): CellbaseWitness {
  assertBytes('parseCellbaseWitness.bytes', bytes);
  assertMolecule('parseCellbaseWitness', CELLBASE_WITNESS, bytes);
  const view = viewOf(bytes);
  const [lock, message] = rangesOf(view, 0) as [Range, Range];
  return { lock: readScript(bytes, view, lock), message: copyOf(bytes, message.start + 4, message.end) };
}

/**
 * Serializes a `CellbaseWitness`: the inverse of {@link parseCellbaseWitness}.
 *
 * @param witness - lock and message
 * @returns the molecule encoding
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { parseCellbaseWitness, serializeCellbaseWitness } from 'poa-primitives/ckb';
 *
 * const lock = { codeHash: new Uint8Array(32), hashType: 1, args: new Uint8Array(20) };
 * parseCellbaseWitness(serializeCellbaseWitness({ lock, message: Uint8Array.of(7) })).message; // => Uint8Array.of(7)
 * ```
 * @see RFC 0022, "Cellbase"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function serializeCellbaseWitness(witness: CellbaseWitness): Uint8Array {
  const where = 'serializeCellbaseWitness';
  assertObject(where, witness);
  assertBytes(`${where}.message`, witness.message);
  return writeTable([writeScript(`${where}.lock`, witness.lock), writeBytes(witness.message)]);
}

/**
 * Parses `WitnessArgs`.
 *
 * Layout: molecule `table WitnessArgs { lock: BytesOpt, input_type: BytesOpt, output_type: BytesOpt }`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies; null where an option is empty
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseWitnessArgs, serializeWitnessArgs } from 'poa-primitives/ckb';
 *
 * const bytes = serializeWitnessArgs({ lock: new Uint8Array(65), inputType: null, outputType: null });
 * parseWitnessArgs(bytes).inputType; // => null
 * ```
 * @see RFC 0022, "Witnesses"; [R37 Signatures of a vote](../RULES.md#r37-signatures-of-a-vote)
 */
export function parseWitnessArgs(bytes: Uint8Array): WitnessArgs {
  assertBytes('parseWitnessArgs.bytes', bytes);
  assertMolecule('parseWitnessArgs', WITNESS_ARGS, bytes);
  const [lock, inputType, outputType] = rangesOf(viewOf(bytes), 0).map(({ start, end }) =>
    start === end ? null : copyOf(bytes, start + 4, end),
  ) as [Uint8Array | null, Uint8Array | null, Uint8Array | null];
  return { lock, inputType, outputType };
}

/**
 * Serializes `WitnessArgs`: the inverse of {@link parseWitnessArgs}.
 *
 * @param witness - bytes or null for each field
 * @returns the molecule encoding
 * @example
 * ```ts
 * import { serializeWitnessArgs } from 'poa-primitives/ckb';
 *
 * serializeWitnessArgs({ lock: null, inputType: null, outputType: null }).length; // => 16
 * ```
 * @see RFC 0022, "Witnesses"; [R37 Signatures of a vote](../RULES.md#r37-signatures-of-a-vote)
 */
export function serializeWitnessArgs(witness: WitnessArgs): Uint8Array {
  const where = 'serializeWitnessArgs';
  assertObject(where, witness);
  const names = ['lock', 'inputType', 'outputType'] as const;
  return writeTable(
    names.map((name) => {
      const field = witness[name];
      if (field === null) return new Uint8Array();
      assertBytes(`${where}.${name}`, field);
      return writeBytes(field);
    }),
  );
}
