/** An archive of headers: one file, a molecule `POAHeaderVec`, of which only what is asked for is read. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { PoaHeader } from 'poa-primitives/ckb';

/** A molecule `POAHeader` is a table of two: its size, two offsets, the header, the cellbase. */
const TABLE_SIZE = 12;
const HEADER_SIZE = 208;
const CELLBASE_START = TABLE_SIZE + HEADER_SIZE;
/** Headers that are held while an archive is gone through. */
const CHUNK = 1000;

/** An open archive. */
export interface Archive {
  /** Headers. */
  readonly count: number;
  /** Bytes of a header with its cellbase. */
  readonly sizeOf: (index: number) => number;
  /** Some headers with their cellbases, in order. */
  readonly read: (first: number, count: number) => PoaHeader[];
  /** The headers from one on, read as they are needed. */
  readonly from: (first: number) => Iterable<PoaHeader>;
  readonly close: () => void;
}

/** Opens an archive; what its headers hold is looked at by whoever applies them. */
export function openArchive(path: string): Archive {
  const file = openSync(path, 'r');
  const readBytes = (start: number, end: number): Buffer => {
    const bytes = Buffer.allocUnsafe(end - start);
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, bytes.length - at, start + at);
      if (read === 0) throw new Error(`${path}: ends at byte ${start + at}, expected ${end} at least`);
      at += read;
    }
    return bytes;
  };
  const offsets = readOffsets(path, fstatSync(file).size, readBytes);
  const count = offsets.length - 1;
  const offsetOf = (index: number): number => offsets[index] as number;
  const read = (first: number, wanted: number): PoaHeader[] => {
    const end = Math.min(count, first + wanted);
    const start = offsetOf(first);
    const bytes = readBytes(start, offsetOf(end));
    return Array.from({ length: end - first }, (_, i) =>
      splitRecord(bytes.subarray(offsetOf(first + i) - start, offsetOf(first + i + 1) - start)),
    );
  };
  return {
    count,
    sizeOf: (index) => offsetOf(index + 1) - offsetOf(index),
    read,
    from: function* (first) {
      for (let at = first; at < count; at += CHUNK) yield* read(at, CHUNK);
    },
    close: () => closeSync(file),
  };
}

/** Where records start, and where the last of them ends. */
function readOffsets(path: string, size: number, readBytes: (start: number, end: number) => Buffer): Float64Array {
  const wrong = (expected: string, got: number) => new Error(`${path}: expected ${expected}, got ${got}`);
  const total = readBytes(0, 4).readUInt32LE(0);
  if (total !== size) throw wrong(`${size} bytes, the size of the file`, total);
  if (size === 4) return Float64Array.of(4);
  const first = readBytes(4, 8).readUInt32LE(0);
  if (first < 8 || first % 4 !== 0 || first > size) throw wrong('the first offset behind the offsets', first);
  const table = readBytes(4, first);
  const offsets = new Float64Array(first / 4);
  offsets[offsets.length - 1] = size;
  for (let i = 0; i < offsets.length - 1; i++) offsets[i] = table.readUInt32LE(4 * i);
  for (let i = 1; i < offsets.length; i++)
    if ((offsets[i] as number) < (offsets[i - 1] as number)) throw wrong('offsets in order', offsets[i] as number);
  return offsets;
}

/** Views of the two parts; whatever is no table of two is handed on as a header, which it is not either, and will be refused. */
function splitRecord(bytes: Buffer): PoaHeader {
  const isTable =
    bytes.length >= CELLBASE_START &&
    bytes.readUInt32LE(0) === bytes.length &&
    bytes.readUInt32LE(4) === TABLE_SIZE &&
    bytes.readUInt32LE(8) === CELLBASE_START;
  if (!isTable) return { header: bytes.subarray(0, HEADER_SIZE - 1), cellbase: bytes.subarray(bytes.length) };
  return { header: bytes.subarray(TABLE_SIZE, CELLBASE_START), cellbase: bytes.subarray(CELLBASE_START) };
}

/** Writes the offsets of a `POAHeaderVec` of records of these sizes: everything that stands before the records. */
export function serializeOffsets(sizes: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  let offset = bytes.length;
  sizes.forEach((size, i) => {
    bytes.writeUInt32LE(offset, 4 + 4 * i);
    offset += size;
  });
  bytes.writeUInt32LE(offset, 0);
  return bytes;
}
