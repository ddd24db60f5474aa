/**
 * Inversion modulo p or n by the division steps of Bernstein and Yang, "Fast constant-time gcd computation and modular
 * inversion", 30 at a time; not in constant time, since nothing here is secret.
 */

import { MODULI, SCRATCH } from './layout';

/** Addresses of the moduli: nine limbs of 30 bits, then the inverse of the modulus modulo 2^30. */
export const MODULUS_P: usize = MODULI;
export const MODULUS_N: usize = MODULI + 40;

const MASK: i32 = 0x3fffffff;

/** Nine limbs of 30 bits each, signed. */
const D: usize = SCRATCH + 256;
const E: usize = D + 40;
const F: usize = E + 40;
const G: usize = F + 40;

/** The matrix of the latest 30 steps: [u v; q r] / 2^30. */
let u: i32 = 0;
let v: i32 = 0;
let q: i32 = 0;
let r: i32 = 0;

export function setModuli(): void {
  setLimbs(MODULUS_P, 0x3ffffc2f, 0x3ffffffb, 0x3fffffff, 0x3fffffff, 0x3fffffff);
  store<u32>(MODULUS_P, 0x2ddacacf, 36);
  setLimbs(MODULUS_N, 0x10364141, 0x3f497a33, 0x348a03bb, 0x2bb739ab, 0x3ffffeba);
  store<u32>(MODULUS_N, 0x2a774ec1, 36);
}

/** Both moduli end in the same four limbs. */
function setLimbs(o: usize, a: u32, b: u32, c: u32, d: u32, e: u32): void {
  store<u32>(o, a);
  store<u32>(o, b, 4);
  store<u32>(o, c, 8);
  store<u32>(o, d, 12);
  store<u32>(o, e, 16);
  store<u32>(o, 0x3fffffff, 20);
  store<u32>(o, 0x3fffffff, 24);
  store<u32>(o, 0x3fffffff, 28);
  store<u32>(o, 0xffff, 32);
}

/** Inverts 8 words in place: false, and nothing done, if they are 0. They are below the modulus. */
export function invert(words: usize, modulus: usize): bool {
  let any: u32 = 0;
  for (let i: usize = 0; i < 32; i += 4) any |= load<u32>(words + i);
  if (any === 0) return false;
  memory.fill(D, 0, 80);
  store<i32>(E, 1);
  memory.copy(F, modulus, 36);
  toLimbs(G, words);
  let eta: i32 = -1;
  let size: usize = 36;
  do {
    eta = takeSteps(eta, load<i32>(F), load<i32>(G));
    updateFactors(modulus);
    updateRests(size);
    const f = load<i32>(F + size - 4);
    const g = load<i32>(G + size - 4);
    if (size > 4 && ((f ^ (f >> 31)) | (g ^ (g >> 31))) === 0) {
      // The last limbs hold signs alone.
      size -= 4;
      store<i32>(F + size - 4, load<i32>(F + size - 4) | (f << 30));
      store<i32>(G + size - 4, load<i32>(G + size - 4) | (g << 30));
    }
  } while (!isZero(size));
  finish(load<i32>(F + size - 4) < 0, modulus);
  fromLimbs(words);
  return true;
}

function isZero(size: usize): bool {
  let any: i32 = 0;
  for (let i: usize = 0; i < size; i += 4) any |= load<i32>(G + i);
  return any === 0;
}

function takeSteps(start: i32, f0: i32, g0: i32): i32 {
  let eta = start;
  let f = f0;
  let g = g0;
  let left: i32 = 30;
  u = 1;
  v = 0;
  q = 0;
  r = 1;
  while (true) {
    const zeros = ctz(g | (-1 << left));
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left === 0) return eta;
    if (eta < 0) {
      eta = -eta;
      const oldF = f;
      f = g;
      g = -oldF;
      const oldU = u;
      u = q;
      q = -oldU;
      const oldV = v;
      v = r;
      r = -oldV;
    }
    // As many steps as do not change the sign of eta cancel so many bits of g at once, at most six: f * (f^2 - 2) is -1 / f.
    const limit = min(min(eta + 1, left), 6);
    const w = (g * f * (f * f - 2)) & ((1 << limit) - 1);
    g += f * w;
    q += u * w;
    r += v * w;
  }
}

/** [d e] = [u v; q r] * [d e] / 2^30 modulo the modulus. */
function updateFactors(modulus: usize): void {
  const inverse = load<i32>(modulus, 36);
  const signD = load<i32>(D, 32) >> 31;
  const signE = load<i32>(E, 32) >> 31;
  const d0 = load<i32>(D);
  const e0 = load<i32>(E);
  const m0 = load<i32>(modulus);
  let md = (u & signD) + (v & signE);
  let me = (q & signD) + (r & signE);
  const lowD = u * d0 + v * e0;
  const lowE = q * d0 + r * e0;
  md -= (inverse * lowD + md) & MASK;
  me -= (inverse * lowE + me) & MASK;
  let sumD = (<i64>u * d0 + <i64>v * e0 + <i64>m0 * md) >> 30;
  let sumE = (<i64>q * d0 + <i64>r * e0 + <i64>m0 * me) >> 30;
  for (let i: usize = 4; i < 36; i += 4) {
    const d = load<i32>(D + i);
    const e = load<i32>(E + i);
    const m = load<i32>(modulus + i);
    sumD += <i64>u * d + <i64>v * e + <i64>m * md;
    sumE += <i64>q * d + <i64>r * e + <i64>m * me;
    store<i32>(D + i - 4, <i32>sumD & MASK);
    store<i32>(E + i - 4, <i32>sumE & MASK);
    sumD >>= 30;
    sumE >>= 30;
  }
  store<i32>(D, <i32>sumD, 32);
  store<i32>(E, <i32>sumE, 32);
}

/** [f g] = [u v; q r] * [f g] / 2^30 */
function updateRests(size: usize): void {
  const f0 = load<i32>(F);
  const g0 = load<i32>(G);
  let sumF = (<i64>u * f0 + <i64>v * g0) >> 30;
  let sumG = (<i64>q * f0 + <i64>r * g0) >> 30;
  for (let i: usize = 4; i < size; i += 4) {
    const f = load<i32>(F + i);
    const g = load<i32>(G + i);
    sumF += <i64>u * f + <i64>v * g;
    sumG += <i64>q * f + <i64>r * g;
    store<i32>(F + i - 4, <i32>sumF & MASK);
    store<i32>(G + i - 4, <i32>sumG & MASK);
    sumF >>= 30;
    sumG >>= 30;
  }
  store<i32>(F + size - 4, <i32>sumF);
  store<i32>(G + size - 4, <i32>sumG);
}

/** Brings d, which lies between -2 and 1 times the modulus, to its place; negated where f ended as -1. */
function finish(isNegative: bool, modulus: usize): void {
  addIfNegative(modulus);
  if (isNegative) for (let i: usize = 0; i < 36; i += 4) store<i32>(D + i, -load<i32>(D + i));
  carry();
  addIfNegative(modulus);
  carry();
}

function addIfNegative(modulus: usize): void {
  if (load<i32>(D, 32) >= 0) return;
  for (let i: usize = 0; i < 36; i += 4) store<i32>(D + i, load<i32>(D + i) + load<i32>(modulus + i));
}

function carry(): void {
  for (let i: usize = 0; i < 32; i += 4) {
    const limb = load<i32>(D + i);
    store<i32>(D + i + 4, load<i32>(D + i + 4) + (limb >> 30));
    store<i32>(D + i, limb & MASK);
  }
}

function toLimbs(o: usize, words: usize): void {
  let rest: u64 = 0;
  let bits: u32 = 0;
  let at = o;
  for (let i: usize = 0; i < 32; i += 4) {
    rest |= (<u64>load<u32>(words + i)) << bits;
    bits += 32;
    while (bits >= 30) {
      store<u32>(at, <u32>rest & MASK);
      at += 4;
      rest >>= 30;
      bits -= 30;
    }
  }
  store<u32>(at, <u32>rest);
}

function fromLimbs(words: usize): void {
  let rest: u64 = 0;
  let bits: u32 = 0;
  let at = words;
  for (let i: usize = 0; i < 36; i += 4) {
    rest |= (<u64>load<u32>(D + i)) << bits;
    bits += 30;
    if (bits >= 32) {
      store<u32>(at, <u32>rest);
      at += 4;
      rest >>= 32;
      bits -= 32;
    }
  }
}
