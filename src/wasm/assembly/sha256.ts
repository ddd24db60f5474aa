/**
 * SHA-256 (FIPS 180-4).
 */

import { HASH_TABLES } from './layout';
import { open, sizeOf, take, takeLast } from './parts';

/** Sixty-four constants, and the schedule of a block. */
const ROUNDS: usize = HASH_TABLES + 1088;
const SCHEDULE: usize = HASH_TABLES + 1344;
/** The eight words of the state, then a block, or the last two. */
const STATE: usize = HASH_TABLES + 1600;
const BYTES: usize = HASH_TABLES + 1632;

const BLOCK: i32 = 64;

export function setSha256(): void {
  store<u32>(ROUNDS, 0x428a2f98, 0);
  store<u32>(ROUNDS, 0x71374491, 4);
  store<u32>(ROUNDS, 0xb5c0fbcf, 8);
  store<u32>(ROUNDS, 0xe9b5dba5, 12);
  store<u32>(ROUNDS, 0x3956c25b, 16);
  store<u32>(ROUNDS, 0x59f111f1, 20);
  store<u32>(ROUNDS, 0x923f82a4, 24);
  store<u32>(ROUNDS, 0xab1c5ed5, 28);
  store<u32>(ROUNDS, 0xd807aa98, 32);
  store<u32>(ROUNDS, 0x12835b01, 36);
  store<u32>(ROUNDS, 0x243185be, 40);
  store<u32>(ROUNDS, 0x550c7dc3, 44);
  store<u32>(ROUNDS, 0x72be5d74, 48);
  store<u32>(ROUNDS, 0x80deb1fe, 52);
  store<u32>(ROUNDS, 0x9bdc06a7, 56);
  store<u32>(ROUNDS, 0xc19bf174, 60);
  store<u32>(ROUNDS, 0xe49b69c1, 64);
  store<u32>(ROUNDS, 0xefbe4786, 68);
  store<u32>(ROUNDS, 0xfc19dc6, 72);
  store<u32>(ROUNDS, 0x240ca1cc, 76);
  store<u32>(ROUNDS, 0x2de92c6f, 80);
  store<u32>(ROUNDS, 0x4a7484aa, 84);
  store<u32>(ROUNDS, 0x5cb0a9dc, 88);
  store<u32>(ROUNDS, 0x76f988da, 92);
  store<u32>(ROUNDS, 0x983e5152, 96);
  store<u32>(ROUNDS, 0xa831c66d, 100);
  store<u32>(ROUNDS, 0xb00327c8, 104);
  store<u32>(ROUNDS, 0xbf597fc7, 108);
  store<u32>(ROUNDS, 0xc6e00bf3, 112);
  store<u32>(ROUNDS, 0xd5a79147, 116);
  store<u32>(ROUNDS, 0x6ca6351, 120);
  store<u32>(ROUNDS, 0x14292967, 124);
  store<u32>(ROUNDS, 0x27b70a85, 128);
  store<u32>(ROUNDS, 0x2e1b2138, 132);
  store<u32>(ROUNDS, 0x4d2c6dfc, 136);
  store<u32>(ROUNDS, 0x53380d13, 140);
  store<u32>(ROUNDS, 0x650a7354, 144);
  store<u32>(ROUNDS, 0x766a0abb, 148);
  store<u32>(ROUNDS, 0x81c2c92e, 152);
  store<u32>(ROUNDS, 0x92722c85, 156);
  store<u32>(ROUNDS, 0xa2bfe8a1, 160);
  store<u32>(ROUNDS, 0xa81a664b, 164);
  store<u32>(ROUNDS, 0xc24b8b70, 168);
  store<u32>(ROUNDS, 0xc76c51a3, 172);
  store<u32>(ROUNDS, 0xd192e819, 176);
  store<u32>(ROUNDS, 0xd6990624, 180);
  store<u32>(ROUNDS, 0xf40e3585, 184);
  store<u32>(ROUNDS, 0x106aa070, 188);
  store<u32>(ROUNDS, 0x19a4c116, 192);
  store<u32>(ROUNDS, 0x1e376c08, 196);
  store<u32>(ROUNDS, 0x2748774c, 200);
  store<u32>(ROUNDS, 0x34b0bcb5, 204);
  store<u32>(ROUNDS, 0x391c0cb3, 208);
  store<u32>(ROUNDS, 0x4ed8aa4a, 212);
  store<u32>(ROUNDS, 0x5b9cca4f, 216);
  store<u32>(ROUNDS, 0x682e6ff3, 220);
  store<u32>(ROUNDS, 0x748f82ee, 224);
  store<u32>(ROUNDS, 0x78a5636f, 228);
  store<u32>(ROUNDS, 0x84c87814, 232);
  store<u32>(ROUNDS, 0x8cc70208, 236);
  store<u32>(ROUNDS, 0x90befffa, 240);
  store<u32>(ROUNDS, 0xa4506ceb, 244);
  store<u32>(ROUNDS, 0xbef9a3f7, 248);
  store<u32>(ROUNDS, 0xc67178f2, 252);
}

/** Computes a hash: 32 bytes at o. */
export function sha256(o: usize, hash: i32): void {
  store<u32>(STATE, 0x6a09e667, 0);
  store<u32>(STATE, 0xbb67ae85, 4);
  store<u32>(STATE, 0x3c6ef372, 8);
  store<u32>(STATE, 0xa54ff53a, 12);
  store<u32>(STATE, 0x510e527f, 16);
  store<u32>(STATE, 0x9b05688c, 20);
  store<u32>(STATE, 0x1f83d9ab, 24);
  store<u32>(STATE, 0x5be0cd19, 28);
  const size = sizeOf(hash);
  open(0, hash);
  let left = size;
  for (; left >= BLOCK; left -= BLOCK) {
    take(0, BYTES, BLOCK);
    compress(BYTES);
  }
  takeLast(0, BYTES, left, 2 * BLOCK);
  store<u8>(BYTES + left, 0x80);
  const end = left < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  store<u64>(BYTES + end - 8, bswap((<u64>size) << 3));
  for (let i: usize = 0; i < <usize>end; i += BLOCK) compress(BYTES + i);
  for (let i: usize = 0; i < 32; i += 4) store<u32>(o + i, bswap(load<u32>(STATE + i)));
}

function compress(block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(SCHEDULE + i, bswap(load<u32>(block + i)));
  for (let i = SCHEDULE + 64; i < SCHEDULE + 256; i += 4) {
    const x = load<u32>(i - 60);
    const y = load<u32>(i - 8);
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >> 10);
    store<u32>(i, load<u32>(i - 64) + s0 + load<u32>(i - 28) + s1);
  }
  let a = load<u32>(STATE, 0);
  let b = load<u32>(STATE, 4);
  let c = load<u32>(STATE, 8);
  let d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16);
  let f = load<u32>(STATE, 20);
  let g = load<u32>(STATE, 24);
  let h = load<u32>(STATE, 28);
  for (let i: usize = 0; i < 256; i += 4) {
    const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + load<u32>(ROUNDS + i) + load<u32>(SCHEDULE + i);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  store<u32>(STATE, load<u32>(STATE, 0) + a, 0);
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4);
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8);
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12);
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16);
  store<u32>(STATE, load<u32>(STATE, 20) + f, 20);
  store<u32>(STATE, load<u32>(STATE, 24) + g, 24);
  store<u32>(STATE, load<u32>(STATE, 28) + h, 28);
}
