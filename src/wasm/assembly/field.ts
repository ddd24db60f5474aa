/**
 * What quads of numbers modulo p need besides multiplication: see multiply.ts for what they are.
 */

import { invert, MODULUS_P } from './invert';
import { CONSTANTS, SCRATCH, TEMPS } from './layout';
import { mul, QUAD } from './multiply';
import { sqr } from './square';

export const ONE: usize = CONSTANTS;
export const SEVEN: usize = CONSTANTS + QUAD;
/** Third root of 1: x * BETA is the x of the point times lambda. */
export const BETA: usize = CONSTANTS + 2 * QUAD;
export const BASE_X: usize = CONSTANTS + 3 * QUAD;
export const BASE_Y: usize = CONSTANTS + 4 * QUAD;

/** Quads for the functions of this file. */
const T0: usize = TEMPS;
const T1: usize = TEMPS + QUAD;
const T2: usize = TEMPS + 2 * QUAD;
const T3: usize = TEMPS + 3 * QUAD;
const T4: usize = TEMPS + 4 * QUAD;
const T5: usize = TEMPS + 5 * QUAD;
/** Quads for callers begin here. */
export const FREE_TEMPS: usize = TEMPS + 8 * QUAD;

const MASK: i32 = 0x1fffffff;
const TOP_MASK: i32 = 0xffffff;

/** Limb i of m * p. */
function limbOfP(i: i32, m: i32): v128 {
  return i32x4.splat(m * (i === 0 ? 0x1fffffff - 976 : i === 1 ? 0x1fffffff - 8 : i === 8 ? 0xffffff : 0x1fffffff));
}

export function copy(o: usize, a: usize): void {
  memory.copy(o, a, QUAD);
}

/** o = a, where the mask is set; else b. */
export function select(o: usize, a: usize, b: usize, mask: v128): void {
  for (let i: usize = 0; i < QUAD; i += 16) v128.store(o + i, v128.bitselect(v128.load(a + i), v128.load(b + i), mask));
}

/** o = a - b, of magnitude two above that of a; b of magnitude 1. */
export function sub(o: usize, a: usize, b: usize): void {
  const p = limbOfP(2, 2);
  subLimb(o, a, b, 0, limbOfP(0, 2));
  subLimb(o, a, b, 16, limbOfP(1, 2));
  subLimb(o, a, b, 32, p);
  subLimb(o, a, b, 48, p);
  subLimb(o, a, b, 64, p);
  subLimb(o, a, b, 80, p);
  subLimb(o, a, b, 96, p);
  subLimb(o, a, b, 112, p);
  subLimb(o, a, b, 128, limbOfP(8, 2));
}

function subLimb(o: usize, a: usize, b: usize, at: usize, p: v128): void {
  v128.store(o + at, i32x4.sub(i32x4.add(v128.load(a + at), p), v128.load(b + at)));
}

/** o = a * 2, of twice the magnitude. */
export function double(o: usize, a: usize): void {
  for (let i: usize = 0; i < QUAD; i += 16) v128.store(o + i, i32x4.shl(v128.load(a + i), 1));
}

/** o = a * 3, of three times the magnitude. */
export function triple(o: usize, a: usize): void {
  for (let i: usize = 0; i < QUAD; i += 16) {
    const limb = v128.load(a + i);
    v128.store(o + i, i32x4.add(limb, i32x4.shl(limb, 1)));
  }
}

export function add(o: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < QUAD; i += 16) v128.store(o + i, i32x4.add(v128.load(a + i), v128.load(b + i)));
}

/** o = a - b - c of magnitude 1; all of magnitude 1. */
export function subTwo(o: usize, a: usize, b: usize, c: usize): void {
  sub(T0, a, b);
  sub(T0, T0, c);
  reduce(o, T0);
}

/** o = a, of magnitude 1; a of magnitude 7 at most. All limbs are carried by one step at once. */
export function reduce(o: usize, a: usize): void {
  const mask = i32x4.splat(MASK);
  const top = v128.load(a, 128);
  let over = i32x4.shr_u(top, 24);
  const first = v128.load(a);
  const second = v128.load(a, 16);
  // 2^256 = 2^32 + 977, and 2^32 is 8 at limb 1.
  v128.store(o, i32x4.add(v128.and(first, mask), i32x4.mul(over, i32x4.splat(977))));
  v128.store(o, i32x4.add(v128.and(second, mask), i32x4.add(i32x4.shr_u(first, 29), i32x4.shl(over, 3))), 16);
  over = i32x4.shr_u(second, 29);
  for (let i: usize = 32; i < 128; i += 16) {
    const limb = v128.load(a + i);
    v128.store(o + i, i32x4.add(v128.and(limb, mask), over));
    over = i32x4.shr_u(limb, 29);
  }
  v128.store(o, i32x4.add(v128.and(top, i32x4.splat(TOP_MASK)), over), 128);
}

/** o = a / 2, of magnitude 2.5 for an a of magnitude 3: p is added where a is odd. */
export function half(o: usize, a: usize): void {
  const isOdd = i32x4.neg(v128.and(v128.load(a), i32x4.splat(1)));
  let limb = i32x4.add(v128.load(a), v128.and(limbOfP(0, 1), isOdd));
  for (let i = 0; i < 8; i++) {
    const prime = i === 0 ? limbOfP(1, 1) : i === 7 ? limbOfP(8, 1) : limbOfP(2, 1);
    const next = i32x4.add(v128.load(a + 16 * (i + 1)), v128.and(prime, isOdd));
    const lowest = i32x4.shl(v128.and(next, i32x4.splat(1)), 28);
    v128.store(o + 16 * i, i32x4.add(i32x4.shr_u(limb, 1), lowest));
    limb = next;
  }
  v128.store(o + 128, i32x4.shr_u(limb, 1));
}

/** o = the least number that a stands for, its limbs below 2^29; a of magnitude 7 at most. */
export function normalize(o: usize, a: usize): void {
  carry(o, a);
  // It is at least p where adding 2^32 + 977 reaches 2^256.
  let over = i32x4.shr_u(i32x4.add(v128.load(o), i32x4.splat(977)), 29);
  over = i32x4.shr_u(i32x4.add(i32x4.add(v128.load(o, 16), i32x4.splat(8)), over), 29);
  for (let i: usize = 32; i < 128; i += 16) over = i32x4.shr_u(i32x4.add(v128.load(o + i), over), 29);
  const isAbove = i32x4.shr_u(i32x4.add(v128.load(o, 128), over), 24);
  v128.store(o, i32x4.add(v128.load(o), i32x4.mul(isAbove, i32x4.splat(977))));
  v128.store(o, i32x4.add(v128.load(o, 16), i32x4.shl(isAbove, 3)), 16);
  over = i32x4.splat(0);
  for (let i: usize = 0; i < 128; i += 16) {
    const limb = i32x4.add(v128.load(o + i), over);
    v128.store(o + i, v128.and(limb, i32x4.splat(MASK)));
    over = i32x4.shr_u(limb, 29);
  }
  v128.store(o, v128.and(i32x4.add(v128.load(o, 128), over), i32x4.splat(TOP_MASK)), 128);
}

/** o = a, below 2^256, its limbs below 2^29; a of magnitude 7 at most. */
export function carry(o: usize, a: usize): void {
  reduce(o, a);
  carryAll(o);
  carryAll(o);
}

function carryAll(o: usize): void {
  const top = v128.load(o, 128);
  let over = i32x4.shr_u(top, 24);
  v128.store(o, v128.and(top, i32x4.splat(TOP_MASK)), 128);
  v128.store(o, i32x4.add(v128.load(o, 16), i32x4.shl(over, 3)), 16);
  over = i32x4.mul(over, i32x4.splat(977));
  for (let i: usize = 0; i < 128; i += 16) {
    const limb = i32x4.add(v128.load(o + i), over);
    v128.store(o + i, v128.and(limb, i32x4.splat(MASK)));
    over = i32x4.shr_u(limb, 29);
  }
  v128.store(o, i32x4.add(v128.load(o, 128), over), 128);
}

/** Mask of the numbers that are 0 modulo p; a of magnitude 7 at most. */
export function zeros(a: usize): v128 {
  normalize(T1, a);
  let any = v128.load(T1);
  for (let i: usize = 16; i < QUAD; i += 16) any = v128.or(any, v128.load(T1 + i));
  return i32x4.eq(any, i32x4.splat(0));
}

/** The same number four times, from 8 words. */
export function splat(o: usize, words: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) setLane(o, lane, words);
}

/** Sets one of the four numbers from 8 words, little-endian. */
export function setLane(o: usize, lane: usize, words: usize): void {
  let rest: u64 = 0;
  let bits: u32 = 0;
  let at = o + 4 * lane;
  for (let i: usize = 0; i < 8; i++) {
    rest |= (<u64>load<u32>(words + 4 * i)) << bits;
    bits += 32;
    while (bits >= 29) {
      store<u32>(at, <u32>(rest & 0x1fffffff));
      at += 16;
      rest >>= 29;
      bits -= 29;
    }
  }
  store<u32>(at, <u32>rest);
}

/** The 8 words of one of four normalized numbers. */
export function getLane(words: usize, a: usize, lane: usize): void {
  let rest: u64 = 0;
  let bits: u32 = 0;
  let at = words;
  for (let i: usize = 0; i < 9; i++) {
    rest |= (<u64>load<u32>(a + 16 * i + 4 * lane)) << bits;
    bits += 29;
    if (bits >= 32) {
      store<u32>(at, <u32>rest);
      at += 4;
      rest >>= 32;
      bits -= 32;
    }
  }
}

/** The numbers turned by so many places. */
function turn(o: usize, a: usize, isTwo: bool): void {
  for (let i: usize = 0; i < QUAD; i += 16) {
    const limb = v128.load(a + i);
    v128.store(o + i, isTwo ? v128.shuffle<u32>(limb, limb, 2, 3, 0, 1) : v128.shuffle<u32>(limb, limb, 1, 2, 3, 0));
  }
}

/** o = 1 / a for all four, with one inversion: false, and nothing done, if one of them is 0. */
export function invertQuad(o: usize, a: usize): bool {
  turn(T2, a, false);
  // Pairs 01, 12, 23, 30; then all four, in each place.
  mul(T3, a, T2);
  turn(T4, T3, true);
  mul(T5, T3, T4);
  normalize(T5, T5);
  getLane(SCRATCH, T5, 0);
  if (!invert(SCRATCH, MODULUS_P)) return false;
  splat(T5, SCRATCH);
  // The three others are the next one and the pair behind it.
  mul(T2, T2, T4);
  mul(o, T2, T5);
  return true;
}

/** o = a^(2^count) */
function square(o: usize, a: usize, count: i32): void {
  sqr(o, a);
  for (let i = 1; i < count; i++) sqr(o, o);
}

const X2: usize = TEMPS + 40 * QUAD;
const X3: usize = TEMPS + 41 * QUAD;
const X22: usize = TEMPS + 42 * QUAD;
const X44: usize = TEMPS + 43 * QUAD;
const X88: usize = TEMPS + 44 * QUAD;
const X: usize = TEMPS + 45 * QUAD;
const Y: usize = TEMPS + 46 * QUAD;

/** o = a^((p + 1) / 4): the root of a, if it has one. The exponent has blocks of 223, 22 and 2 ones. */
export function squareRoot(o: usize, a: usize): void {
  sqr(X2, a);
  mul(X2, X2, a);
  sqr(X3, X2);
  mul(X3, X3, a);
  square(X, X3, 3);
  mul(X, X, X3);
  square(Y, X, 3);
  mul(Y, Y, X3);
  square(X, Y, 2);
  mul(X, X, X2);
  square(X22, X, 11);
  mul(X22, X22, X);
  square(X44, X22, 22);
  mul(X44, X44, X22);
  square(X88, X44, 44);
  mul(X88, X88, X44);
  square(X, X88, 88);
  mul(X, X, X88);
  square(Y, X, 44);
  mul(Y, Y, X44);
  square(X, Y, 3);
  mul(X, X, X3);
  square(Y, X, 23);
  mul(Y, Y, X22);
  square(X, Y, 6);
  mul(X, X, X2);
  square(o, X, 2);
}
