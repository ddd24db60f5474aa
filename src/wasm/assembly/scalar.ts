/**
 * Numbers modulo n, the order of the curve: 8 words of 32 bits, little-endian, below n.
 */

import { invert, MODULUS_N } from './invert';
import { ORDERS, SCRATCH } from './layout';

/** Addresses of constants. */
export const N: usize = ORDERS;
const HALF_N: usize = ORDERS + 32;
/** p - n. */
const GAP: usize = ORDERS + 64;
/** 2^256 - n, five words. */
const FOLD: usize = ORDERS + 96;
/** Rounded 2^384 a1 / n and 2^384 b1 / n. */
const G1: usize = ORDERS + 128;
const G2: usize = ORDERS + 160;
/** (a1, -b1) and (a2, a1) span the pairs (x, y) with x + y * lambda = 0 modulo n: four or five words. */
const A1: usize = ORDERS + 192;
const B1: usize = ORDERS + 212;
const A2: usize = ORDERS + 232;

const WIDE: usize = SCRATCH + 512;
const PART: usize = SCRATCH + 640;
const C1: usize = SCRATCH + 768;
const C2: usize = SCRATCH + 800;
const PRODUCT: usize = SCRATCH + 832;

/** Stores words that are written as the number is: the highest first. */
function set(o: usize, a: u64, b: u64, c: u64, d: u64): void {
  store<u64>(o, d);
  store<u64>(o, c, 8);
  store<u64>(o, b, 16);
  store<u64>(o, a, 24);
}

export function setOrders(): void {
  set(N, 0xffffffffffffffff, 0xfffffffffffffffe, 0xbaaedce6af48a03b, 0xbfd25e8cd0364141);
  set(HALF_N, 0x7fffffffffffffff, 0xffffffffffffffff, 0x5d576e7357a4501d, 0xdfe92f46681b20a0);
  set(GAP, 0, 1, 0x4551231950b75fc4, 0x402da1722fc9baee);
  set(FOLD, 0, 1, 0x4551231950b75fc4, 0x402da1732fc9bebf);
  set(G1, 0x3086d221a7d46bcd, 0xe86c90e49284eb15, 0x3daa8a1471e8ca7f, 0xe893209a45dbb031);
  set(G2, 0xe4437ed6010e8828, 0x6f547fa90abfe4c4, 0x221208ac9df506c6, 0x1571b4ae8ac47f71);
  store<u64>(A1, 0xe86c90e49284eb15);
  store<u64>(A1, 0x3086d221a7d46bcd, 8);
  store<u64>(B1, 0x6f547fa90abfe4c3);
  store<u64>(B1, 0xe4437ed6010e8828, 8);
  store<u64>(A2, 0x57c1108d9d44cfd8);
  store<u64>(A2, 0x14ca50f7a8e2f3f6, 8);
  store<u64>(A2, 1, 16);
}

/** Whether a is below b. */
export function isBelow(a: usize, b: usize): bool {
  for (let i: i32 = 28; i >= 0; i -= 4) {
    const x = load<u32>(a + i);
    const y = load<u32>(b + i);
    if (x !== y) return x < y;
  }
  return false;
}

export function isZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) === 0;
}

export function isHigh(a: usize): bool {
  return isBelow(HALF_N, a);
}

export function isBelowGap(a: usize): bool {
  return isBelow(a, GAP);
}

/** Reads 32 bytes, big-endian. */
export function read(o: usize, bytes: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(o + i, bswap(load<u64>(bytes + 24 - i)));
}

/** Writes 32 bytes, big-endian. */
export function write(bytes: usize, a: usize): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(bytes + i, bswap(load<u64>(a + 24 - i)));
}

/** o = a - b on 8 words. */
function subWords(o: usize, a: usize, b: usize): void {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    borrow += <i64>load<u32>(a + i) - <i64>load<u32>(b + i);
    store<u32>(o + i, <u32>borrow);
    borrow >>= 32;
  }
}

/** o = a + n, which must fit: for an x coordinate that r is the rest of. */
export function addN(o: usize, a: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    carry += <u64>load<u32>(a + i) + <u64>load<u32>(N + i);
    store<u32>(o + i, <u32>carry);
    carry >>= 32;
  }
}

/** Takes n off once where it fits: for a message, which may be any number of 256 bits. */
export function reduceOnce(a: usize): void {
  if (!isBelow(a, N)) subWords(a, a, N);
}

/** a = -a, where a is not 0. */
export function negate(a: usize): void {
  if (!isZero(a)) subWords(a, N, a);
}

/** o = a * b on words, o of sizeA + 32 bytes, b of 32. */
function multiplyByEight(o: usize, a: usize, sizeA: usize, b: usize): void {
  memory.fill(o, 0, 32);
  for (let i: usize = 0; i < sizeA; i += 4) {
    const x: u64 = load<u32>(a + i);
    const at = o + i;
    let sum = step(at, x, b, 0, 0);
    sum = step(at, x, b, 4, sum >> 32);
    sum = step(at, x, b, 8, sum >> 32);
    sum = step(at, x, b, 12, sum >> 32);
    sum = step(at, x, b, 16, sum >> 32);
    sum = step(at, x, b, 20, sum >> 32);
    sum = step(at, x, b, 24, sum >> 32);
    sum = step(at, x, b, 28, sum >> 32);
    store<u32>(at, <u32>(sum >> 32), 32);
  }
}

/** o = a * b on words, o of sizeA + 20 bytes, b of 20. */
function multiplyByFive(o: usize, a: usize, sizeA: usize, b: usize): void {
  memory.fill(o, 0, 20);
  for (let i: usize = 0; i < sizeA; i += 4) {
    const x: u64 = load<u32>(a + i);
    const at = o + i;
    let sum = step(at, x, b, 0, 0);
    sum = step(at, x, b, 4, sum >> 32);
    sum = step(at, x, b, 8, sum >> 32);
    sum = step(at, x, b, 12, sum >> 32);
    sum = step(at, x, b, 16, sum >> 32);
    store<u32>(at, <u32>(sum >> 32), 20);
  }
}

/** Adds x times a word of b to a word of o, with what was carried; gives the sum, whose upper half is to be carried on. */
function step(o: usize, x: u64, b: usize, at: usize, carry: u64): u64 {
  const sum = x * load<u32>(b + at) + load<u32>(o + at) + carry;
  store<u32>(o + at, <u32>sum);
  return sum;
}

/** o = a * b */
export function multiply(o: usize, a: usize, b: usize): void {
  multiplyByEight(WIDE, a, 32, b);
  // 2^256 is FOLD, of 129 bits: what is above comes back three times, of 256, 130 and 4 bits,
  // and once more where the last sum has crossed 2^256.
  fold(64);
  fold(56);
  fold(40);
  if (load<u32>(WIDE, 32) !== 0) fold(36);
  reduceOnce(WIDE);
  memory.copy(o, WIDE, 32);
}

/** Brings the words above the eighth, up to `size` bytes in all, back below. */
function fold(size: usize): void {
  multiplyByFive(PART, WIDE + 32, size - 32, FOLD);
  const partSize = size - 12;
  let carry: u64 = 0;
  for (let i: usize = 0; i < 64; i += 4) {
    if (i < 32) carry += load<u32>(WIDE + i);
    if (i < partSize) carry += load<u32>(PART + i);
    store<u32>(WIDE + i, <u32>carry);
    carry >>= 32;
  }
}

export function inverse(a: usize): void {
  invert(a, MODULUS_N);
}

/**
 * Splits k into k1 + k2 * lambda modulo n, both below 0.636 * 2^128: 16 bytes each and their signs, which are returned as bits
 * 0 and 1. Gallant, Lambert, Vanstone, "Faster point multiplication on elliptic curves with efficient endomorphisms".
 */
export function split(k1: usize, k2: usize, k: usize): i32 {
  divide(C1, k, G1);
  divide(C2, k, G2);
  // k1 = k - c1 * a1 - c2 * a2 and k2 = c1 * b1 - c2 * a1, both of less than 160 bits with their sign.
  memory.copy(k1, k, 20);
  subProduct(k1, C1, A1);
  subProduct(k1, C2, A2);
  multiplyByFive(PRODUCT, C1, 16, B1);
  memory.copy(k2, PRODUCT, 20);
  subProduct(k2, C2, A1);
  return (makePositive(k1) ? 1 : 0) | (makePositive(k2) ? 2 : 0);
}

/** o = k * g / 2^384, rounded: 16 bytes. */
function divide(o: usize, k: usize, g: usize): void {
  multiplyByEight(WIDE, k, 32, g);
  let carry: u64 = load<u32>(WIDE, 44) >> 31;
  for (let i: usize = 0; i < 16; i += 4) {
    carry += load<u32>(WIDE + 48 + i);
    store<u32>(o + i, <u32>carry);
    carry >>= 32;
  }
}

/** o -= a * b on five words. */
function subProduct(o: usize, a: usize, b: usize): void {
  multiplyByFive(PRODUCT, a, 16, b);
  let borrow: i64 = 0;
  for (let i: usize = 0; i < 20; i += 4) {
    borrow += <i64>load<u32>(o + i) - <i64>load<u32>(PRODUCT + i);
    store<u32>(o + i, <u32>borrow);
    borrow >>= 32;
  }
}

/** Negates five words if they are negative, and tells so. */
function makePositive(o: usize): bool {
  if (load<i32>(o, 16) >= 0) return false;
  let borrow: i64 = 0;
  for (let i: usize = 0; i < 20; i += 4) {
    borrow -= <i64>load<u32>(o + i);
    store<u32>(o + i, <u32>borrow);
    borrow >>= 32;
  }
  return true;
}
