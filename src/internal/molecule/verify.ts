/**
 * Strict molecule verification: accepts exactly what `from_slice` of the Rust reference accepts, in the same order of
 * checks. Nothing is allocated for good input, and nothing ever grows with a number that the input claims.
 *
 * @see https://github.com/nervosnetwork/molecule/tree/5d4a3154bc13c8c04b69653f39048fdc2dfd1fb1/bindings/rust
 * @module
 */

import { PoaError } from '../../errors.js';
import { viewOf } from '../bytes.js';
import type { Schema } from './schema.js';

/** Bytes of a size, count or offset. */
const NUMBER_SIZE = 4;

interface Flaw {
  /** From the inside out; turned round when the error is made. */
  readonly path: string[];
  readonly expected: string;
  readonly got: string;
  readonly offset: number;
}

/**
 * Checks that `bytes[start, end)` is the strict encoding of `schema`.
 *
 * @throws PoaError `MALFORMED` with the path to the flaw and its offset in `bytes`
 * @see [R2 Strict molecule](../../ckb/RULES.md#r2-strict-molecule)
 */
export function assertMolecule(
  where: string,
  schema: Schema,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): void {
  assertMoleculeIn(where, schema, viewOf(bytes), start, end);
}

/** Whether bytes are the strict encoding of `schema`. */
export function isMolecule(schema: Schema, bytes: Uint8Array): boolean {
  return findFlaw(schema, viewOf(bytes), 0, bytes.length) === undefined;
}

/** As {@link assertMolecule}, over a view. */
export function assertMoleculeIn(where: string, schema: Schema, view: DataView, start: number, end: number): void {
  const flaw = findFlaw(schema, view, start, end);
  if (flaw === undefined) return;
  const { path, expected, got, offset } = flaw;
  throw new PoaError('MALFORMED', { where: where + path.reverse().join(''), expected, got, offset });
}

function findFlaw(schema: Schema, view: DataView, start: number, end: number): Flaw | undefined {
  switch (schema.kind) {
    case 'fixed':
      return end - start === schema.size ? undefined : flawAt(start, bytesText(schema.size), bytesText(end - start));
    case 'option':
      return start === end ? undefined : findFlaw(schema.item, view, start, end);
    case 'fixvec':
      return findFixvecFlaw(schema.itemSize, view, start, end);
    default:
      return findOffsetsFlaw(schema, view, start, end);
  }
}

function findFixvecFlaw(itemSize: number, view: DataView, start: number, end: number): Flaw | undefined {
  const size = end - start;
  if (size < NUMBER_SIZE) return flawAt(start, 'at least 4 bytes', bytesText(size));
  const count = view.getUint32(start, true);
  const wanted = NUMBER_SIZE + count * itemSize;
  if (size !== wanted) return flawAt(start, `${bytesText(wanted)} for ${count} items`, bytesText(size));
  return undefined;
}

/** Tables and dynvecs share their layout; only the count of fields and the empty dynvec differ. */
function findOffsetsFlaw(
  schema: Extract<Schema, { kind: 'table' | 'dynvec' }>,
  view: DataView,
  start: number,
  end: number,
): Flaw | undefined {
  const size = end - start;
  if (size < NUMBER_SIZE) return flawAt(start, 'at least 4 bytes', bytesText(size));
  const total = view.getUint32(start, true);
  if (total !== size) return flawAt(start, `total size ${size}`, `${total}`);
  if (schema.kind === 'dynvec' && size === NUMBER_SIZE) return undefined;
  if (size < 2 * NUMBER_SIZE) return flawAt(start, 'at least 8 bytes', bytesText(size));

  const first = view.getUint32(start + NUMBER_SIZE, true);
  if (first % NUMBER_SIZE !== 0 || first < 2 * NUMBER_SIZE)
    return flawAt(start + NUMBER_SIZE, 'a first offset that is a multiple of 4 and at least 8', `${first}`);
  if (first > size) return flawAt(start + NUMBER_SIZE, `a first offset of at most ${size}`, `${first}`);
  const count = first / NUMBER_SIZE - 1;
  if (schema.kind === 'table' && count !== schema.fields.length)
    return flawAt(start + NUMBER_SIZE, `${schema.fields.length} fields`, `${count}`);

  // All offsets before any item, as the reference does; the first lies inside, so none can lie before the header.
  for (let i = 0, previous = first; i < count; i++) {
    const at = start + NUMBER_SIZE * (i + 1);
    const offset = view.getUint32(at, true);
    if (offset < previous || offset > size) return flawAt(at, `an offset from ${previous} to ${size}`, `${offset}`);
    previous = offset;
  }

  for (let i = 0; i < count; i++) {
    const at = start + NUMBER_SIZE * (i + 1);
    const itemStart = start + view.getUint32(at, true);
    const itemEnd = i + 1 < count ? start + view.getUint32(at + NUMBER_SIZE, true) : end;
    const field = schema.kind === 'table' ? schema.fields[i] : undefined;
    const flaw = findFlaw(field ? field[1] : (schema as { item: Schema }).item, view, itemStart, itemEnd);
    if (flaw) {
      flaw.path.push(field ? `.${field[0]}` : `[${i}]`);
      return flaw;
    }
  }
  return undefined;
}

function flawAt(offset: number, expected: string, got: string): Flaw {
  return { path: [], expected, got, offset };
}

function bytesText(size: number): string {
  return `${size} bytes`;
}
