/**
 * Molecule writers: the inverse of the strict reader, one encoding for each value.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { concat, uintLE } from '../bytes.js';

const MAX_SIZE = 0xffffffff;

/** A table of encoded fields, or a dynvec of encoded items. */
export function writeTable(members: readonly Uint8Array[]): Uint8Array {
  const headerSize = 4 + 4 * members.length;
  let size = headerSize;
  const offsets = members.map((member) => {
    const offset = size;
    size += member.length;
    return offset;
  });
  if (size > MAX_SIZE)
    throw new PoaError('OUT_OF_RANGE', { where: 'molecule', expected: 'at most 2^32 - 1 bytes', got: `${size} bytes` });
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, size, true);
  members.forEach((member, i) => {
    const offset = offsets[i] ?? 0;
    view.setUint32(4 + 4 * i, offset, true);
    out.set(member, offset);
  });
  return out;
}

/** A fixvec of encoded items of one size. */
export function writeFixvec(items: readonly Uint8Array[]): Uint8Array {
  return concat([uintLE(items.length, 4), ...items]);
}

/** A `Bytes`. */
export function writeBytes(bytes: Uint8Array): Uint8Array {
  return concat([uintLE(bytes.length, 4), bytes]);
}

/** A `BytesVec`. */
export function writeBytesVec(items: readonly Uint8Array[]): Uint8Array {
  return writeTable(items.map(writeBytes));
}
