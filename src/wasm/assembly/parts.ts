/**
 * What is hashed: byte strings made of parts, which are stretches of data and digests that came before. A string is read block by
 * block, so that nothing is laid end to end; two strings can be read at a time.
 */

import { DIGESTS, HASH_DATA, HASH_ENDS, HASH_PARTS, HASH_TABLES } from './layout';

/** For each of the two strings: the next part, how far it was read, and where it ends. */
const CURSORS: usize = HASH_TABLES + 1984;
/** From here on an address means the digests instead of the data. */
const FIRST_DIGEST: u32 = 0x80000000;

/** Bytes behind a block that copying may write to. */
export const SLACK: i32 = 16;

function partOf(hash: i32): usize {
  return HASH_PARTS + (hash === 0 ? 0 : 8 * load<u32>(HASH_ENDS + 4 * (hash - 1)));
}

function endOf(hash: i32): usize {
  return HASH_PARTS + 8 * load<u32>(HASH_ENDS + 4 * hash);
}

/** Bytes of the string of a hash. */
export function sizeOf(hash: i32): i32 {
  const end = endOf(hash);
  let size = 0;
  for (let part = partOf(hash); part < end; part += 8) size += load<i32>(part, 4) - load<i32>(part);
  return size;
}

/** Whether a part of one hash is the digest of another. */
export function dependsOn(hash: i32, other: i32): bool {
  const end = endOf(hash);
  const digest = FIRST_DIGEST + 32 * other;
  for (let part = partOf(hash); part < end; part += 8)
    if (load<u32>(part) < digest + 32 && load<u32>(part, 4) > digest) return true;
  return false;
}

/** Begins to read the string of a hash, as the first or second of two. */
export function open(cursor: i32, hash: i32): void {
  const at = CURSORS + 16 * cursor;
  store<u32>(at, <u32>partOf(hash));
  store<u32>(at, 0, 4);
  store<u32>(at, 0, 8);
}

/** Reads the next bytes of a string, of which there are so many at least; up to SLACK bytes behind them are overwritten. */
export function take(cursor: i32, o: usize, size: i32): void {
  const saved = CURSORS + 16 * cursor;
  let at = load<u32>(saved, 4);
  let end = load<u32>(saved, 8);
  const last = o + size;
  let to = o;
  while (to < last) {
    if (at === end) {
      const part = load<u32>(saved);
      const start = load<u32>(part);
      at = start < FIRST_DIGEST ? <u32>HASH_DATA + start : <u32>DIGESTS + (start - FIRST_DIGEST);
      end = at + load<u32>(part, 4) - start;
      store<u32>(saved, part + 8);
    }
    const count = min<u32>(<u32>(last - to), end - at);
    for (let i: u32 = 0; i < count; i += 16) v128.store(to + i, v128.load(at + i));
    to += count;
    at += count;
  }
  store<u32>(saved, at, 4);
  store<u32>(saved, end, 8);
}

/** Reads the last bytes of a string into a block, and fills it up with zeros. */
export function takeLast(cursor: i32, block: usize, size: i32, blockSize: i32): void {
  take(cursor, block, size);
  memory.fill(block + size, 0, blockSize - size);
}
