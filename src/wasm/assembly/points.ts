/**
 * Points of the curve, four side by side: x, y, and a mask of those that are the point at infinity. Many are added at once with
 * one inversion for all (Montgomery's trick): an addition then costs six multiplications instead of eleven.
 */

import {
  add,
  BETA,
  carry,
  copy,
  FREE_TEMPS,
  half,
  invertQuad,
  ONE,
  reduce,
  select,
  sub,
  subTwo,
  triple,
  zeros,
} from './field';
import { CASES, DENOMINATORS, POINT, PREFIXES } from './layout';
import { mul, QUAD } from './multiply';
import { sqr } from './square';

const MASK: i32 = 0x1fffffff;

const A: usize = FREE_TEMPS;
const B: usize = FREE_TEMPS + QUAD;
const C: usize = FREE_TEMPS + 2 * QUAD;
const D: usize = FREE_TEMPS + 3 * QUAD;
const E: usize = FREE_TEMPS + 4 * QUAD;
const PRODUCT: usize = FREE_TEMPS + 6 * QUAD;

export function infinityOf(point: usize): v128 {
  return v128.load(point, 288);
}

export function setInfinity(point: usize, mask: v128): void {
  v128.store(point, mask, 288);
}

/** a[i] += b[i] for so many quads of points. The last `doublings` of them are doublings: there, b equals a. */
export function addAll(a: usize, b: usize, count: i32, doublings: i32): void {
  if (count === 0) return;
  if (addWith(a, b, count, doublings, false)) return;
  // Somewhere two points have the same x: equal ones are doubled, opposite ones give infinity, and no other lane notices.
  addWith(a, b, count, doublings, true);
}

/** Adds, or tells that two points have the same x, which only the careful way can add. */
function addWith(a: usize, b: usize, count: i32, doublings: i32, isCareful: bool): bool {
  const additions = count - doublings;
  copy(PRODUCT, ONE);
  for (let i = 0; i < count; i++) {
    const p = a + i * POINT;
    const q = b + i * POINT;
    const denominator = DENOMINATORS + i * QUAD;
    const isIdle = v128.or(infinityOf(p), infinityOf(q));
    if (i < additions) sub(denominator, q, p);
    else add(denominator, p + QUAD, p + QUAD);
    if (isCareful && i < additions) judge(p, q, denominator, isIdle, CASES + i * 32);
    if (v128.any_true(isIdle)) select(denominator, ONE, denominator, isIdle);
    copy(PREFIXES + i * QUAD, PRODUCT);
    mul(PRODUCT, PRODUCT, denominator);
  }
  if (!invertQuad(PRODUCT, PRODUCT)) return false;
  for (let i = count - 1; i >= 0; i--) {
    const p = a + i * POINT;
    const q = b + i * POINT;
    const denominator = DENOMINATORS + i * QUAD;
    mul(A, PRODUCT, PREFIXES + i * QUAD);
    if (i > 0) mul(PRODUCT, PRODUCT, denominator);
    if (i < additions) {
      sub(B, q + QUAD, p + QUAD);
      if (isCareful) takeSlope(B, p, v128.load(CASES + i * 32));
    } else {
      sqr(B, p);
      triple(B, B);
    }
    // The slope, then x and y of the sum.
    mul(A, A, B);
    sqr(B, A);
    subTwo(B, B, p, q);
    sub(C, p, B);
    mul(C, C, A);
    sub(C, C, p + QUAD);
    reduce(C, C);
    const isFirst = infinityOf(p);
    const isSecond = infinityOf(q);
    if (v128.any_true(v128.or(isFirst, isSecond))) {
      select(B, p, B, isSecond);
      select(B, q, B, isFirst);
      select(C, p + QUAD, C, isSecond);
      select(C, q + QUAD, C, isFirst);
    }
    copy(p, B);
    copy(p + QUAD, C);
    let isInfinite = v128.and(isFirst, isSecond);
    if (isCareful && i < additions) isInfinite = v128.or(isInfinite, v128.load(CASES + i * 32, 16));
    setInfinity(p, isInfinite);
  }
  return true;
}

/** Finds equal and opposite points: they get other denominators, and the two masks are kept. */
function judge(p: usize, q: usize, denominator: usize, isIdle: v128, cases: usize): void {
  const isSameX = v128.andnot(zeros(denominator), isIdle);
  let isEqual = i32x4.splat(0);
  let isOpposite = isEqual;
  if (v128.any_true(isSameX)) {
    sub(D, q + QUAD, p + QUAD);
    isEqual = v128.and(isSameX, zeros(D));
    isOpposite = v128.andnot(isSameX, isEqual);
    add(D, p + QUAD, p + QUAD);
    select(denominator, D, denominator, isEqual);
    select(denominator, ONE, denominator, isOpposite);
  }
  v128.store(cases, isEqual);
  v128.store(cases, isOpposite, 16);
}

/** The numerator of the slope where a point is doubled: 3 x^2. */
function takeSlope(numerator: usize, p: usize, isEqual: v128): void {
  if (!v128.any_true(isEqual)) return;
  sqr(D, p);
  triple(D, D);
  select(numerator, D, numerator, isEqual);
}

/** Adds up all of a[0, count) into a[0], where each item is so many quads of points. */
export function addTogether(a: usize, count: i32, width: i32): void {
  for (let left = count; left > 1; ) {
    const kept = (left + 1) >> 1;
    addAll(a, a + kept * width * POINT, (left - kept) * width, 0);
    left = kept;
  }
}

/** Multiplies points by lambda. */
export function applyLambda(points: usize, count: i32): void {
  for (let i = 0; i < count; i++) mul(points + i * POINT, points + i * POINT, BETA);
}

/** Negates y, of magnitude 1, where the mask is set. */
export function negate(point: usize, isNegative: v128): void {
  const y = point + QUAD;
  memory.fill(D, 0, QUAD);
  sub(D, D, y);
  reduce(D, D);
  select(y, D, y, isNegative);
}

/** Doubles a point (x, y, z) that stands for (x / z^2, y / z^3): three multiplications and four squarings. */
export function doubleJacobian(point: usize): void {
  const y = point + QUAD;
  const z = point + 2 * QUAD;
  // A = 3/2 x^2, B = y^2, C = x y^2
  sqr(A, point);
  triple(A, A);
  half(A, A);
  sqr(B, y);
  mul(C, point, B);
  mul(z, y, z);
  // x' = A^2 - 2 C and y' = A (C - x') - B^2
  sqr(D, A);
  subTwo(point, D, C, C);
  sub(C, C, point);
  mul(C, C, A);
  sqr(B, B);
  sub(C, C, B);
  reduce(y, C);
}

/** Adds to (x, y, z) a point whose x differs: eight multiplications and three squarings. */
export function addJacobian(point: usize, other: usize): void {
  const y = point + QUAD;
  const z = point + 2 * QUAD;
  sqr(A, z);
  mul(B, A, other);
  mul(A, A, z);
  mul(A, A, other + QUAD);
  // B = x2 z^2 - x, A = y2 z^3 - y
  sub(B, B, point);
  reduce(B, B);
  sub(A, A, y);
  reduce(A, A);
  mul(z, z, B);
  sqr(C, B);
  mul(B, B, C);
  mul(C, C, point);
  // C = x B^2 and B = B^3: x' = A^2 - B^3 - 2 C and y' = A (C - x') - y B^3
  mul(y, y, B);
  sqr(D, A);
  sub(D, D, C);
  subTwoFrom(point, D, C, B);
  sub(C, C, point);
  mul(C, C, A);
  sub(C, C, y);
  reduce(y, C);
}

/** o = a - b - c of magnitude 1, for an a of magnitude 3. */
function subTwoFrom(o: usize, a: usize, b: usize, c: usize): void {
  sub(E, a, b);
  sub(E, E, c);
  reduce(o, E);
}

/** points[i] = (x / z^2, y / z^3) for so many quads of (x, y, z), none of whose z is 0. */
export function makeAffine(points: usize, jacobians: usize, count: i32): void {
  copy(PRODUCT, ONE);
  for (let i = 0; i < count; i++) {
    copy(PREFIXES + i * QUAD, PRODUCT);
    mul(PRODUCT, PRODUCT, jacobians + (3 * i + 2) * QUAD);
  }
  invertQuad(PRODUCT, PRODUCT);
  for (let i = count - 1; i >= 0; i--) {
    const jacobian = jacobians + 3 * i * QUAD;
    const point = points + i * POINT;
    mul(A, PRODUCT, PREFIXES + i * QUAD);
    mul(PRODUCT, PRODUCT, jacobian + 2 * QUAD);
    sqr(B, A);
    mul(A, A, B);
    mul(point, jacobian, B);
    mul(point + QUAD, jacobian + QUAD, A);
    setInfinity(point, i32x4.splat(0));
  }
}

/** Puts points of tables into a quad: x and y of 8 words each, at four addresses. */
export function gather(point: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  unpack(point, p0, p1, p2, p3);
  unpack(point + QUAD, p0 + 32, p1 + 32, p2 + 32, p3 + 32);
}

/** Limbs of 29 bits out of words of 32, of four numbers. */
function unpack(o: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  const mask = i32x4.splat(MASK);
  turn(o, v128.load(p0), v128.load(p1), v128.load(p2), v128.load(p3));
  turn(o + 64, v128.load(p0, 16), v128.load(p1, 16), v128.load(p2, 16), v128.load(p3, 16));
  const w0 = v128.load(o);
  const w1 = v128.load(o, 16);
  const w2 = v128.load(o, 32);
  const w3 = v128.load(o, 48);
  const w4 = v128.load(o, 64);
  const w5 = v128.load(o, 80);
  const w6 = v128.load(o, 96);
  const w7 = v128.load(o, 112);
  v128.store(o, v128.and(w0, mask));
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w0, 29), i32x4.shl(w1, 3)), mask), 16);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w1, 26), i32x4.shl(w2, 6)), mask), 32);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w2, 23), i32x4.shl(w3, 9)), mask), 48);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w3, 20), i32x4.shl(w4, 12)), mask), 64);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w4, 17), i32x4.shl(w5, 15)), mask), 80);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w5, 14), i32x4.shl(w6, 18)), mask), 96);
  v128.store(o, v128.and(v128.or(i32x4.shr_u(w6, 11), i32x4.shl(w7, 21)), mask), 112);
  v128.store(o, i32x4.shr_u(w7, 8), 128);
}

/** Turns rows into columns. */
function turn(o: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  v128.store(o, v128.shuffle<u64>(ab, cd, 0, 2));
  v128.store(o, v128.shuffle<u64>(ab, cd, 1, 3), 16);
  const ef = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const gh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(o, v128.shuffle<u64>(ef, gh, 0, 2), 32);
  v128.store(o, v128.shuffle<u64>(ef, gh, 1, 3), 48);
}

/** Writes four points to entries of tables. */
export function scatter(point: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  pack(p0, p1, p2, p3, point);
  pack(p0 + 32, p1 + 32, p2 + 32, p3 + 32, point + QUAD);
}

/** Words of 32 bits out of limbs of 29, of four numbers. */
function pack(p0: usize, p1: usize, p2: usize, p3: usize, a: usize): void {
  carry(A, a);
  packHalf(p0, p1, p2, p3, A, 0);
  packHalf(p0 + 16, p1 + 16, p2 + 16, p3 + 16, A + 64, 12);
}

function packHalf(p0: usize, p1: usize, p2: usize, p3: usize, a: usize, shift: i32): void {
  turn(
    B,
    v128.or(i32x4.shr_u(v128.load(a), shift), i32x4.shl(v128.load(a, 16), 29 - shift)),
    v128.or(i32x4.shr_u(v128.load(a, 16), shift + 3), i32x4.shl(v128.load(a, 32), 26 - shift)),
    v128.or(i32x4.shr_u(v128.load(a, 32), shift + 6), i32x4.shl(v128.load(a, 48), 23 - shift)),
    v128.or(i32x4.shr_u(v128.load(a, 48), shift + 9), i32x4.shl(v128.load(a, 64), 20 - shift)),
  );
  v128.store(p0, v128.load(B));
  v128.store(p1, v128.load(B, 16));
  v128.store(p2, v128.load(B, 32));
  v128.store(p3, v128.load(B, 48));
}
