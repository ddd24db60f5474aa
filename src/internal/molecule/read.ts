/**
 * Where things lie inside molecule bytes that {@link assertMolecule} has accepted: offsets, no copies. On other bytes the
 * answers mean nothing.
 *
 * @module
 */

import { copyOf } from '../bytes.js';

/** A stretch of bytes: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Number of items of the dynvec, or of fields of the table, that starts at `start`. */
export function countOf(view: DataView, start: number): number {
  return view.getUint32(start, true) === 4 ? 0 : view.getUint32(start + 4, true) / 4 - 1;
}

/** Where field or item `index` of the table or dynvec at `start` lies. */
export function rangeOf(view: DataView, start: number, index: number): Range {
  const at = start + 4 + 4 * index;
  const isLast = index + 1 === countOf(view, start);
  return {
    start: start + view.getUint32(at, true),
    end: start + (isLast ? view.getUint32(start, true) : view.getUint32(at + 4, true)),
  };
}

/** The ranges of all items of the dynvec, or fields of the table, at `start`. */
export function rangesOf(view: DataView, start: number): Range[] {
  const count = countOf(view, start);
  const ranges: Range[] = [];
  for (let i = 0, at = start + 4; i < count; i++, at += 4)
    ranges.push({
      start: start + view.getUint32(at, true),
      end: start + view.getUint32(i + 1 === count ? start : at + 4, true),
    });
  return ranges;
}

/** Number of items of the fixvec at `start`. */
export function fixvecCountOf(view: DataView, start: number): number {
  return view.getUint32(start, true);
}

/** The bytes inside a `Bytes` (a fixvec of byte). */
export function contentOf(range: Range): Range {
  return { start: range.start + 4, end: range.end };
}

/** Copies of the items of the fixvec at `start`. */
export function copyFixvec(bytes: Uint8Array, view: DataView, start: number, itemSize: number): Uint8Array[] {
  return Array.from({ length: fixvecCountOf(view, start) }, (_, i) => {
    const at = start + 4 + i * itemSize;
    return copyOf(bytes, at, at + itemSize);
  });
}

/** Copies of what each `Bytes` of the `BytesVec` at `start` holds. */
export function copyBytesVec(bytes: Uint8Array, view: DataView, start: number): Uint8Array[] {
  return rangesOf(view, start).map((range) => copyOf(bytes, range.start + 4, range.end));
}
