/**
 * BLAKE2b (RFC 7693) with 32 bytes of output and the personalization of CKB, two strings side by side: each vector holds a word
 * of both.
 */

import { HASH_TABLES } from './layout';
import { open, take, takeLast } from './parts';
import { add } from './wide';

/** Twelve rows of sixteen offsets of message words, in bytes. */
const SIGMA: usize = HASH_TABLES;
/** Eight words. */
const IV: usize = HASH_TABLES + 192;
/** The eight words of both states, the sixteen of both blocks; then the blocks as they were read, with room behind each. */
const STATE: usize = HASH_TABLES + 2048;
const MESSAGE: usize = STATE + 128;
const BYTES: usize = MESSAGE + 256;
const STRIDE: usize = 160;

const BLOCK: i32 = 128;

export function setBlake2b(): void {
  // A digit of a row is the number of a word, the first one lowest.
  setRow(0, 0xfedcba9876543210);
  setRow(1, 0x357b20c16df984ae);
  setRow(2, 0x491763eadf250c8b);
  setRow(3, 0x8f04a562ebcd1397);
  setRow(4, 0xd386cb1efa427509);
  setRow(5, 0x91ef57d438b0a6c2);
  setRow(6, 0xb8293670a4def15c);
  setRow(7, 0xa2684f05931ce7bd);
  setRow(8, 0x5a417d2c803b9ef6);
  setRow(9, 0x0dc3e9bf5167482a);
  setRow(10, 0xfedcba9876543210);
  setRow(11, 0x357b20c16df984ae);
  store<u64>(IV, 0x6a09e667f3bcc908, 0);
  store<u64>(IV, 0xbb67ae8584caa73b, 8);
  store<u64>(IV, 0x3c6ef372fe94f82b, 16);
  store<u64>(IV, 0xa54ff53a5f1d36f1, 24);
  store<u64>(IV, 0x510e527fade682d1, 32);
  store<u64>(IV, 0x9b05688c2b3e6c1f, 40);
  store<u64>(IV, 0x1f83d9abfb41bd6b, 48);
  store<u64>(IV, 0x5be0cd19137e2179, 56);
}

function setRow(row: usize, digits: u64): void {
  for (let i: usize = 0; i < 16; i++) store<u8>(SIGMA + 16 * row + i, <u8>(((digits >> (4 * i)) & 15) << 4));
}

/** Blocks of a string of so many bytes. */
export function blocksOf(size: i32): i32 {
  return max(1, (size + BLOCK - 1) / BLOCK);
}

/** Computes two hashes of as many blocks each, which may be one and the same: 32 bytes at o and p. */
export function blake2b(o: usize, hash: i32, size: i32, p: usize, other: i32, otherSize: i32): void {
  for (let i: usize = 0; i < 8; i++) v128.store(STATE + 16 * i, v128.load64_splat(IV + 8 * i));
  // 32 bytes of output, no key, and "ckb-default-hash" in the last two words.
  mix(0, 0x01010020);
  mix(96, 0x616665642d626b63);
  mix(112, 0x687361682d746c75);
  open(0, hash);
  open(1, other);
  const last = BLOCK * (blocksOf(size) - 1);
  for (let at = 0; at < last; at += BLOCK) {
    take(0, BYTES, BLOCK);
    take(1, BYTES + STRIDE, BLOCK);
    const counter: i64 = at + BLOCK;
    compress(i64x2.splat(counter), i64x2.splat(0));
  }
  takeLast(0, BYTES, size - last, BLOCK);
  takeLast(1, BYTES + STRIDE, otherSize - last, BLOCK);
  compress(i64x2.replace_lane(i64x2.splat(size), 1, otherSize), i64x2.splat(-1));
  for (let i: usize = 0; i < 4; i++) {
    v128.store64_lane(o + 8 * i, v128.load(STATE + 16 * i), 0);
    v128.store64_lane(p + 8 * i, v128.load(STATE + 16 * i), 1);
  }
}

function mix(at: usize, parameters: i64): void {
  v128.store(STATE + at, v128.xor(v128.load(STATE + at), i64x2.splat(parameters)));
}

function word(sigma: usize, i: usize): v128 {
  return v128.load(MESSAGE + load<u8>(sigma + i));
}

function swap(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
}

function rotate24(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
}

function rotate16(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);
}

function rotate63(x: v128): v128 {
  return v128.or(add(x, x), i64x2.shr_u(x, 63));
}

function compress(counters: v128, last: v128): void {
  for (let i: usize = 0; i < 16; i += 2) {
    const a = v128.load(BYTES + 8 * i);
    const b = v128.load(BYTES + STRIDE + 8 * i);
    v128.store(MESSAGE + 16 * i, v128.shuffle<u64>(a, b, 0, 2));
    v128.store(MESSAGE + 16 * i, v128.shuffle<u64>(a, b, 1, 3), 16);
  }
  let v0 = v128.load(STATE, 0);
  let v1 = v128.load(STATE, 16);
  let v2 = v128.load(STATE, 32);
  let v3 = v128.load(STATE, 48);
  let v4 = v128.load(STATE, 64);
  let v5 = v128.load(STATE, 80);
  let v6 = v128.load(STATE, 96);
  let v7 = v128.load(STATE, 112);
  let v8 = v128.load64_splat(IV, 0);
  let v9 = v128.load64_splat(IV, 8);
  let v10 = v128.load64_splat(IV, 16);
  let v11 = v128.load64_splat(IV, 24);
  let v12 = v128.load64_splat(IV, 32);
  let v13 = v128.load64_splat(IV, 40);
  let v14 = v128.load64_splat(IV, 48);
  let v15 = v128.load64_splat(IV, 56);
  v12 = v128.xor(v12, counters);
  v14 = v128.xor(v14, last);
  for (let sigma = SIGMA; sigma < SIGMA + 192; sigma += 16) {
    v0 = add(v0, add(v4, word(sigma, 0)));
    v12 = swap(v128.xor(v12, v0));
    v8 = add(v8, v12);
    v4 = rotate24(v128.xor(v4, v8));
    v0 = add(v0, add(v4, word(sigma, 1)));
    v12 = rotate16(v128.xor(v12, v0));
    v8 = add(v8, v12);
    v4 = rotate63(v128.xor(v4, v8));
    v1 = add(v1, add(v5, word(sigma, 2)));
    v13 = swap(v128.xor(v13, v1));
    v9 = add(v9, v13);
    v5 = rotate24(v128.xor(v5, v9));
    v1 = add(v1, add(v5, word(sigma, 3)));
    v13 = rotate16(v128.xor(v13, v1));
    v9 = add(v9, v13);
    v5 = rotate63(v128.xor(v5, v9));
    v2 = add(v2, add(v6, word(sigma, 4)));
    v14 = swap(v128.xor(v14, v2));
    v10 = add(v10, v14);
    v6 = rotate24(v128.xor(v6, v10));
    v2 = add(v2, add(v6, word(sigma, 5)));
    v14 = rotate16(v128.xor(v14, v2));
    v10 = add(v10, v14);
    v6 = rotate63(v128.xor(v6, v10));
    v3 = add(v3, add(v7, word(sigma, 6)));
    v15 = swap(v128.xor(v15, v3));
    v11 = add(v11, v15);
    v7 = rotate24(v128.xor(v7, v11));
    v3 = add(v3, add(v7, word(sigma, 7)));
    v15 = rotate16(v128.xor(v15, v3));
    v11 = add(v11, v15);
    v7 = rotate63(v128.xor(v7, v11));
    v0 = add(v0, add(v5, word(sigma, 8)));
    v15 = swap(v128.xor(v15, v0));
    v10 = add(v10, v15);
    v5 = rotate24(v128.xor(v5, v10));
    v0 = add(v0, add(v5, word(sigma, 9)));
    v15 = rotate16(v128.xor(v15, v0));
    v10 = add(v10, v15);
    v5 = rotate63(v128.xor(v5, v10));
    v1 = add(v1, add(v6, word(sigma, 10)));
    v12 = swap(v128.xor(v12, v1));
    v11 = add(v11, v12);
    v6 = rotate24(v128.xor(v6, v11));
    v1 = add(v1, add(v6, word(sigma, 11)));
    v12 = rotate16(v128.xor(v12, v1));
    v11 = add(v11, v12);
    v6 = rotate63(v128.xor(v6, v11));
    v2 = add(v2, add(v7, word(sigma, 12)));
    v13 = swap(v128.xor(v13, v2));
    v8 = add(v8, v13);
    v7 = rotate24(v128.xor(v7, v8));
    v2 = add(v2, add(v7, word(sigma, 13)));
    v13 = rotate16(v128.xor(v13, v2));
    v8 = add(v8, v13);
    v7 = rotate63(v128.xor(v7, v8));
    v3 = add(v3, add(v4, word(sigma, 14)));
    v14 = swap(v128.xor(v14, v3));
    v9 = add(v9, v14);
    v4 = rotate24(v128.xor(v4, v9));
    v3 = add(v3, add(v4, word(sigma, 15)));
    v14 = rotate16(v128.xor(v14, v3));
    v9 = add(v9, v14);
    v4 = rotate63(v128.xor(v4, v9));
  }
  v128.store(STATE, v128.xor(v128.load(STATE, 0), v128.xor(v0, v8)), 0);
  v128.store(STATE, v128.xor(v128.load(STATE, 16), v128.xor(v1, v9)), 16);
  v128.store(STATE, v128.xor(v128.load(STATE, 32), v128.xor(v2, v10)), 32);
  v128.store(STATE, v128.xor(v128.load(STATE, 48), v128.xor(v3, v11)), 48);
  v128.store(STATE, v128.xor(v128.load(STATE, 64), v128.xor(v4, v12)), 64);
  v128.store(STATE, v128.xor(v128.load(STATE, 80), v128.xor(v5, v13)), 80);
  v128.store(STATE, v128.xor(v128.load(STATE, 96), v128.xor(v6, v14)), 96);
  v128.store(STATE, v128.xor(v128.load(STATE, 112), v128.xor(v7, v15)), 112);
}
