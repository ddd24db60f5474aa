/**
 * BLAKE2b (RFC 7693) with 32 bytes of output and the personalization of CKB.
 */

import { HASH_TABLES } from './layout';

/** Twelve rows of sixteen offsets of message words, in bytes. */
const SIGMA: usize = HASH_TABLES;
/** Eight words. */
const IV: usize = HASH_TABLES + 192;
/** The eight words of the state, then a last block. */
const STATE: usize = HASH_TABLES + 256;
const LAST: usize = HASH_TABLES + 320;

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
  for (let i: usize = 0; i < 16; i++) store<u8>(SIGMA + 16 * row + i, <u8>(((digits >> (4 * i)) & 15) << 3));
}

/** Hashes so many bytes: 32 bytes at o. */
export function blake2b(o: usize, data: usize, size: i32): void {
  memory.copy(STATE, IV, 64);
  // 32 bytes of output, no key, and "ckb-default-hash" in the last two words.
  store<u64>(STATE, load<u64>(STATE) ^ 0x01010020);
  store<u64>(STATE, load<u64>(STATE, 48) ^ 0x616665642d626b63, 48);
  store<u64>(STATE, load<u64>(STATE, 56) ^ 0x687361682d746c75, 56);
  let at = 0;
  for (; at + BLOCK < size; at += BLOCK) compress(data + at, <u64>(at + BLOCK), 0);
  memory.fill(LAST, 0, BLOCK);
  memory.copy(LAST, data + at, size - at);
  compress(LAST, <u64>size, -1);
  memory.copy(o, STATE, 32);
}

function word(message: usize, sigma: usize, i: usize): u64 {
  return load<u64>(message + load<u8>(sigma + i));
}

function compress(message: usize, counter: u64, last: u64): void {
  let v0 = load<u64>(STATE, 0);
  let v1 = load<u64>(STATE, 8);
  let v2 = load<u64>(STATE, 16);
  let v3 = load<u64>(STATE, 24);
  let v4 = load<u64>(STATE, 32);
  let v5 = load<u64>(STATE, 40);
  let v6 = load<u64>(STATE, 48);
  let v7 = load<u64>(STATE, 56);
  let v8 = load<u64>(IV, 0);
  let v9 = load<u64>(IV, 8);
  let v10 = load<u64>(IV, 16);
  let v11 = load<u64>(IV, 24);
  let v12 = load<u64>(IV, 32) ^ counter;
  let v13 = load<u64>(IV, 40);
  let v14 = load<u64>(IV, 48) ^ last;
  let v15 = load<u64>(IV, 56);
  for (let sigma = SIGMA; sigma < SIGMA + 192; sigma += 16) {
    v0 += v4 + word(message, sigma, 0);
    v12 = rotr(v12 ^ v0, 32);
    v8 += v12;
    v4 = rotr(v4 ^ v8, 24);
    v0 += v4 + word(message, sigma, 1);
    v12 = rotr(v12 ^ v0, 16);
    v8 += v12;
    v4 = rotr(v4 ^ v8, 63);
    v1 += v5 + word(message, sigma, 2);
    v13 = rotr(v13 ^ v1, 32);
    v9 += v13;
    v5 = rotr(v5 ^ v9, 24);
    v1 += v5 + word(message, sigma, 3);
    v13 = rotr(v13 ^ v1, 16);
    v9 += v13;
    v5 = rotr(v5 ^ v9, 63);
    v2 += v6 + word(message, sigma, 4);
    v14 = rotr(v14 ^ v2, 32);
    v10 += v14;
    v6 = rotr(v6 ^ v10, 24);
    v2 += v6 + word(message, sigma, 5);
    v14 = rotr(v14 ^ v2, 16);
    v10 += v14;
    v6 = rotr(v6 ^ v10, 63);
    v3 += v7 + word(message, sigma, 6);
    v15 = rotr(v15 ^ v3, 32);
    v11 += v15;
    v7 = rotr(v7 ^ v11, 24);
    v3 += v7 + word(message, sigma, 7);
    v15 = rotr(v15 ^ v3, 16);
    v11 += v15;
    v7 = rotr(v7 ^ v11, 63);
    v0 += v5 + word(message, sigma, 8);
    v15 = rotr(v15 ^ v0, 32);
    v10 += v15;
    v5 = rotr(v5 ^ v10, 24);
    v0 += v5 + word(message, sigma, 9);
    v15 = rotr(v15 ^ v0, 16);
    v10 += v15;
    v5 = rotr(v5 ^ v10, 63);
    v1 += v6 + word(message, sigma, 10);
    v12 = rotr(v12 ^ v1, 32);
    v11 += v12;
    v6 = rotr(v6 ^ v11, 24);
    v1 += v6 + word(message, sigma, 11);
    v12 = rotr(v12 ^ v1, 16);
    v11 += v12;
    v6 = rotr(v6 ^ v11, 63);
    v2 += v7 + word(message, sigma, 12);
    v13 = rotr(v13 ^ v2, 32);
    v8 += v13;
    v7 = rotr(v7 ^ v8, 24);
    v2 += v7 + word(message, sigma, 13);
    v13 = rotr(v13 ^ v2, 16);
    v8 += v13;
    v7 = rotr(v7 ^ v8, 63);
    v3 += v4 + word(message, sigma, 14);
    v14 = rotr(v14 ^ v3, 32);
    v9 += v14;
    v4 = rotr(v4 ^ v9, 24);
    v3 += v4 + word(message, sigma, 15);
    v14 = rotr(v14 ^ v3, 16);
    v9 += v14;
    v4 = rotr(v4 ^ v9, 63);
  }
  store<u64>(STATE, load<u64>(STATE, 0) ^ v0 ^ v8, 0);
  store<u64>(STATE, load<u64>(STATE, 8) ^ v1 ^ v9, 8);
  store<u64>(STATE, load<u64>(STATE, 16) ^ v2 ^ v10, 16);
  store<u64>(STATE, load<u64>(STATE, 24) ^ v3 ^ v11, 24);
  store<u64>(STATE, load<u64>(STATE, 32) ^ v4 ^ v12, 32);
  store<u64>(STATE, load<u64>(STATE, 40) ^ v5 ^ v13, 40);
  store<u64>(STATE, load<u64>(STATE, 48) ^ v6 ^ v14, 48);
  store<u64>(STATE, load<u64>(STATE, 56) ^ v7 ^ v15, 56);
}
