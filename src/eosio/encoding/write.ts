/**
 * The pieces that packed values are made of.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { concat, wrongType } from '../../internal/bytes.js';
import { encodeUtf8 } from '../../internal/utf8.js';
import { describeText } from './text.js';

/**
 * A u32 that is known to be one, in groups of seven bits, lowest first.
 *
 * @see [E1 Bytes](../RULES.md#e1-bytes)
 */
export function packVaruint32(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** A count of bytes, then the bytes. */
export function packBytes(bytes: Uint8Array): Uint8Array {
  return concat([packVaruint32(bytes.length), bytes]);
}

/** A count of bytes, then UTF-8. */
export function packString(where: string, text: unknown): Uint8Array {
  if (typeof text !== 'string') throw wrongType(where, 'string', text);
  const bytes = encodeUtf8(text);
  if (bytes === undefined)
    throw new PoaError('OUT_OF_RANGE', { where, expected: 'text that UTF-8 can hold', got: describeText(text) });
  return packBytes(bytes);
}

/** A count of items, then the items. */
export function packItems<T>(items: readonly T[], pack: (item: T, index: number) => Uint8Array): Uint8Array {
  // Not `map`: it would pass over the holes of a sparse array.
  const parts = [packVaruint32(items.length)];
  for (let i = 0; i < items.length; i++) parts.push(pack(items[i] as T, i));
  return concat(parts);
}
