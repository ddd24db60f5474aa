/**
 * A header with its cellbase: all that header-first synchronization carries, and the input of every verifying function.
 *
 * @see POA RFC draft, "POA header": to verify a header, we need both the header and the cellbase transaction
 * @module
 */

import { assertArray, assertBytes, assertObject, copyOf, viewOf } from '../../internal/bytes.js';
import { type Range, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeTable } from '../../internal/molecule/write.js';
import { HEADER, POA_HEADER, POA_HEADER_VEC, TRANSACTION } from './schemas.js';

/** A header and the cellbase of its block, as bytes from anywhere. */
export interface PoaHeader {
  /** 208 bytes. */
  readonly header: Uint8Array;
  /** Molecule `Transaction`, at most 597,000 bytes. */
  readonly cellbase: Uint8Array;
}

/** Checks the JavaScript types of an input, not its content. */
export function assertPoaHeader(where: string, input: unknown): asserts input is PoaHeader {
  assertObject(where, input);
  assertBytes(`${where}.header`, input.header);
  assertBytes(`${where}.cellbase`, input.cellbase);
}

/**
 * Parses a header with its cellbase.
 *
 * Layout: molecule `table POAHeader { header: Header, cellbase: Transaction }`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies of both parts
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parsePoaHeader, serializePoaHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * parsePoaHeader(serializePoaHeader(headers[0])); // => headers[0]
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase)
 */
export function parsePoaHeader(bytes: Uint8Array): PoaHeader {
  assertBytes('parsePoaHeader.bytes', bytes);
  assertMolecule('parsePoaHeader', POA_HEADER, bytes);
  return readPoaHeader(bytes, viewOf(bytes), 0);
}

/**
 * Parses many headers with their cellbases.
 *
 * Layout: molecule `vector POAHeaderVec <POAHeader>`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies, in order
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parsePoaHeaders, serializePoaHeaders } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * parsePoaHeaders(serializePoaHeaders(headers)).length; // => headers.length
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase)
 */
export function parsePoaHeaders(bytes: Uint8Array): PoaHeader[] {
  assertBytes('parsePoaHeaders.bytes', bytes);
  assertMolecule('parsePoaHeaders', POA_HEADER_VEC, bytes);
  const view = viewOf(bytes);
  return rangesOf(view, 0).map(({ start }) => readPoaHeader(bytes, view, start));
}

function readPoaHeader(bytes: Uint8Array, view: DataView, at: number): PoaHeader {
  const [header, cellbase] = rangesOf(view, at) as [Range, Range];
  return { header: copyOf(bytes, header.start, header.end), cellbase: copyOf(bytes, cellbase.start, cellbase.end) };
}

/**
 * Serializes a header with its cellbase: the inverse of {@link parsePoaHeader}.
 *
 * @param input - 208 bytes and a strict molecule `Transaction`
 * @returns the molecule encoding
 * @throws PoaError `MALFORMED` for a part that does not decode
 * @example
 * ```ts
 * import { serializePoaHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * serializePoaHeader(headers[0]).length; // => 12 + 208 + headers[0].cellbase.length
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase)
 */
export function serializePoaHeader(input: PoaHeader): Uint8Array {
  return writePoaHeader('serializePoaHeader', input);
}

/**
 * Serializes many headers with their cellbases: the inverse of {@link parsePoaHeaders}.
 *
 * @param inputs - any number, in order
 * @returns the molecule encoding
 * @throws PoaError `MALFORMED` for a part that does not decode
 * @example
 * ```ts
 * import { serializePoaHeaders } from 'poa-primitives/ckb';
 *
 * serializePoaHeaders([]); // => Uint8Array.of(4, 0, 0, 0)
 * ```
 * @see [R8 Header with cellbase](../RULES.md#r8-header-with-cellbase)
 */
export function serializePoaHeaders(inputs: readonly PoaHeader[]): Uint8Array {
  assertArray('serializePoaHeaders.inputs', inputs);
  return writeTable(inputs.map((input, i) => writePoaHeader(`serializePoaHeaders.inputs[${i}]`, input)));
}

function writePoaHeader(where: string, input: PoaHeader): Uint8Array {
  assertPoaHeader(where, input);
  assertMolecule(`${where}.header`, HEADER, input.header);
  assertMolecule(`${where}.cellbase`, TRANSACTION, input.cellbase);
  return writeTable([input.header, input.cellbase]);
}
