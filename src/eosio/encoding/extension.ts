/**
 * Extensions: what later versions add to transactions, headers and ABIs without changing them.
 *
 * @module
 */

import { assertArray, assertBytes, assertInteger, assertObject, concat, uintLE } from '../../internal/bytes.js';
import { type Cursor, readBytes, readItems, readU16 } from './read.js';
import { packBytes, packItems } from './write.js';

/** Bytes of a numbered meaning. */
export interface Extension {
  /** u16, says what the bytes are. */
  readonly type: number;
  /** Any bytes. */
  readonly data: Uint8Array;
}

/** Reads a list of extensions in a greater value. */
export function readExtensions(cursor: Cursor, field: string): Extension[] {
  return readItems(cursor, field, 3, (at) => ({
    type: readU16(at, `${field}.type`),
    data: readBytes(at, `${field}.data`),
  }));
}

/** Packs a list of extensions of a record. */
export function packExtensions(where: string, extensions: unknown): Uint8Array {
  assertArray(where, extensions);
  return packItems(extensions, (extension, i) => {
    assertObject(`${where}[${i}]`, extension);
    assertInteger(`${where}[${i}].type`, extension.type, 0, 0xffff);
    assertBytes(`${where}[${i}].data`, extension.data);
    return concat([uintLE(extension.type, 2), packBytes(extension.data)]);
  });
}
