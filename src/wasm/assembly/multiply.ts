/**
 * Multiplication modulo p = 2^256 - 2^32 - 977, four at a time.
 *
 * A quad holds four numbers side by side: limb i of all of them, 29 bits each, in the i-th of nine vectors. Products of limbs
 * have 64 bits, so that a vector holds two of them: all runs once for the numbers 0 and 1, once for 2 and 3.
 *
 * A number has magnitude m if its limbs are at most m * 2^29, the last at most m * 2^24. The magnitudes of the factors may
 * multiply to 7.5, each at most 3: eight products of limbs, the most that a column sums up, stay below 2^64. The product has
 * magnitude 1. Results may take the place of factors.
 */

import { add, FOLD, high, low, MASK, pack, sub } from './wide';

/** Bytes of a quad. */
export const QUAD: usize = 144;

/** o = a * b */
export function mul(o: usize, a: usize, b: usize): void {
  mulLow(o, a, b);
  mulHigh(o, a, b);
}

function mulLow(o: usize, a: usize, b: usize): void {
  const mask = i64x2.splat(MASK),
    fold = i32x4.splat(FOLD);
  const a0 = v128.load(a, 0),
    b0 = v128.load(b, 0);
  const a1 = v128.load(a, 16),
    b1 = v128.load(b, 16);
  const a2 = v128.load(a, 32),
    b2 = v128.load(b, 32);
  const a3 = v128.load(a, 48),
    b3 = v128.load(b, 48);
  const a4 = v128.load(a, 64),
    b4 = v128.load(b, 64);
  const a5 = v128.load(a, 80),
    b5 = v128.load(b, 80);
  const a6 = v128.load(a, 96),
    b6 = v128.load(b, 96);
  const a7 = v128.load(a, 112),
    b7 = v128.load(b, 112);
  const a8 = v128.load(a, 128),
    b8 = v128.load(b, 128);
  // Three limbs at a time after Karatsuba: six products of blocks instead of nine.
  const p0 = low(a0, b0);
  const p1 = add(low(a0, b1), low(a1, b0));
  const p2 = add(add(low(a0, b2), low(a1, b1)), low(a2, b0));
  const p3 = add(low(a1, b2), low(a2, b1));
  const p4 = low(a2, b2);
  const q0 = low(a3, b3);
  const q1 = add(low(a3, b4), low(a4, b3));
  const q2 = add(add(low(a3, b5), low(a4, b4)), low(a5, b3));
  const q3 = add(low(a4, b5), low(a5, b4));
  const q4 = low(a5, b5);
  const r0 = low(a6, b6);
  const r1 = add(low(a6, b7), low(a7, b6));
  const r2 = add(add(low(a6, b8), low(a7, b7)), low(a8, b6));
  const r3 = add(low(a7, b8), low(a8, b7));
  const r4 = low(a8, b8);
  const ua0 = i32x4.add(a0, a3),
    ub0 = i32x4.add(b0, b3);
  const ua1 = i32x4.add(a1, a4),
    ub1 = i32x4.add(b1, b4);
  const ua2 = i32x4.add(a2, a5),
    ub2 = i32x4.add(b2, b5);
  const u0 = low(ua0, ub0);
  const u1 = add(low(ua0, ub1), low(ua1, ub0));
  const u2 = add(add(low(ua0, ub2), low(ua1, ub1)), low(ua2, ub0));
  const u3 = add(low(ua1, ub2), low(ua2, ub1));
  const u4 = low(ua2, ub2);
  const va0 = i32x4.add(a0, a6),
    vb0 = i32x4.add(b0, b6);
  const va1 = i32x4.add(a1, a7),
    vb1 = i32x4.add(b1, b7);
  const va2 = i32x4.add(a2, a8),
    vb2 = i32x4.add(b2, b8);
  const v0 = low(va0, vb0);
  const v1 = add(low(va0, vb1), low(va1, vb0));
  const v2 = add(add(low(va0, vb2), low(va1, vb1)), low(va2, vb0));
  const v3 = add(low(va1, vb2), low(va2, vb1));
  const v4 = low(va2, vb2);
  const wa0 = i32x4.add(a3, a6),
    wb0 = i32x4.add(b3, b6);
  const wa1 = i32x4.add(a4, a7),
    wb1 = i32x4.add(b4, b7);
  const wa2 = i32x4.add(a5, a8),
    wb2 = i32x4.add(b5, b8);
  const w0 = low(wa0, wb0);
  const w1 = add(low(wa0, wb1), low(wa1, wb0));
  const w2 = add(add(low(wa0, wb2), low(wa1, wb1)), low(wa2, wb0));
  const w3 = add(low(wa1, wb2), low(wa2, wb1));
  const w4 = low(wa2, wb2);
  let c0 = p0;
  let c1 = p1;
  let c2 = p2;
  let c3 = add(sub(sub(u0, p0), q0), p3);
  let c4 = add(sub(sub(u1, p1), q1), p4);
  let c5 = sub(sub(u2, p2), q2);
  let c6 = add(add(q0, sub(sub(v0, p0), r0)), sub(sub(u3, p3), q3));
  let c7 = add(add(q1, sub(sub(v1, p1), r1)), sub(sub(u4, p4), q4));
  let c8 = add(q2, sub(sub(v2, p2), r2));
  let c9 = add(add(sub(sub(w0, q0), r0), q3), sub(sub(v3, p3), r3));
  let c10 = add(add(sub(sub(w1, q1), r1), q4), sub(sub(v4, p4), r4));
  let c11 = sub(sub(w2, q2), r2);
  let c12 = add(r0, sub(sub(w3, q3), r3));
  let c13 = add(r1, sub(sub(w4, q4), r4));
  let c14 = r2;
  let c15 = r3;
  let c16 = r4;
  // The upper columns, carried, come back at 2^261.
  c10 = add(c10, i64x2.shr_u(c9, 29));
  c9 = v128.and(c9, mask);
  c11 = add(c11, i64x2.shr_u(c10, 29));
  c10 = v128.and(c10, mask);
  c12 = add(c12, i64x2.shr_u(c11, 29));
  c11 = v128.and(c11, mask);
  c13 = add(c13, i64x2.shr_u(c12, 29));
  c12 = v128.and(c12, mask);
  c14 = add(c14, i64x2.shr_u(c13, 29));
  c13 = v128.and(c13, mask);
  c15 = add(c15, i64x2.shr_u(c14, 29));
  c14 = v128.and(c14, mask);
  c16 = add(c16, i64x2.shr_u(c15, 29));
  c15 = v128.and(c15, mask);
  const c17 = i64x2.shr_u(c16, 29);
  c16 = v128.and(c16, mask);
  c0 = add(c0, low(pack(c9), fold));
  c1 = add(add(c1, low(pack(c10), fold)), i64x2.shl(c9, 8));
  c2 = add(add(c2, low(pack(c11), fold)), i64x2.shl(c10, 8));
  c3 = add(add(c3, low(pack(c12), fold)), i64x2.shl(c11, 8));
  c4 = add(add(c4, low(pack(c13), fold)), i64x2.shl(c12, 8));
  c5 = add(add(c5, low(pack(c14), fold)), i64x2.shl(c13, 8));
  c6 = add(add(c6, low(pack(c15), fold)), i64x2.shl(c14, 8));
  c7 = add(add(c7, low(pack(c16), fold)), i64x2.shl(c15, 8));
  c8 = add(add(c8, low(pack(c17), fold)), i64x2.shl(c16, 8));
  c1 = add(c1, i64x2.shr_u(c0, 29));
  c0 = v128.and(c0, mask);
  c2 = add(c2, i64x2.shr_u(c1, 29));
  c1 = v128.and(c1, mask);
  c3 = add(c3, i64x2.shr_u(c2, 29));
  c2 = v128.and(c2, mask);
  c4 = add(c4, i64x2.shr_u(c3, 29));
  c3 = v128.and(c3, mask);
  c5 = add(c5, i64x2.shr_u(c4, 29));
  c4 = v128.and(c4, mask);
  c6 = add(c6, i64x2.shr_u(c5, 29));
  c5 = v128.and(c5, mask);
  c7 = add(c7, i64x2.shr_u(c6, 29));
  c6 = v128.and(c6, mask);
  c8 = add(c8, i64x2.shr_u(c7, 29));
  c7 = v128.and(c7, mask);
  // What is left above 2^256 comes back as 2^32 + 977, where 977 = 2^10 - 2^6 + 2^4 + 1.
  const t = add(i64x2.shl(c17, 13), i64x2.shr_u(c8, 24));
  c8 = v128.and(c8, i64x2.splat(0xffffff));
  c0 = add(c0, add(sub(i64x2.shl(t, 10), i64x2.shl(t, 6)), add(i64x2.shl(t, 4), t)));
  c1 = add(c1, add(i64x2.shl(t, 3), i64x2.shr_u(c0, 29)));
  c0 = v128.and(c0, mask);
  c2 = add(c2, i64x2.shr_u(c1, 29));
  c1 = v128.and(c1, mask);
  v128.store64_lane(o, pack(c0), 0, 0);
  v128.store64_lane(o, pack(c1), 0, 16);
  v128.store64_lane(o, pack(c2), 0, 32);
  v128.store64_lane(o, pack(c3), 0, 48);
  v128.store64_lane(o, pack(c4), 0, 64);
  v128.store64_lane(o, pack(c5), 0, 80);
  v128.store64_lane(o, pack(c6), 0, 96);
  v128.store64_lane(o, pack(c7), 0, 112);
  v128.store64_lane(o, pack(c8), 0, 128);
}

function mulHigh(o: usize, a: usize, b: usize): void {
  const mask = i64x2.splat(MASK),
    fold = i32x4.splat(FOLD);
  const a0 = v128.load(a, 0),
    b0 = v128.load(b, 0);
  const a1 = v128.load(a, 16),
    b1 = v128.load(b, 16);
  const a2 = v128.load(a, 32),
    b2 = v128.load(b, 32);
  const a3 = v128.load(a, 48),
    b3 = v128.load(b, 48);
  const a4 = v128.load(a, 64),
    b4 = v128.load(b, 64);
  const a5 = v128.load(a, 80),
    b5 = v128.load(b, 80);
  const a6 = v128.load(a, 96),
    b6 = v128.load(b, 96);
  const a7 = v128.load(a, 112),
    b7 = v128.load(b, 112);
  const a8 = v128.load(a, 128),
    b8 = v128.load(b, 128);
  // Three limbs at a time after Karatsuba: six products of blocks instead of nine.
  const p0 = high(a0, b0);
  const p1 = add(high(a0, b1), high(a1, b0));
  const p2 = add(add(high(a0, b2), high(a1, b1)), high(a2, b0));
  const p3 = add(high(a1, b2), high(a2, b1));
  const p4 = high(a2, b2);
  const q0 = high(a3, b3);
  const q1 = add(high(a3, b4), high(a4, b3));
  const q2 = add(add(high(a3, b5), high(a4, b4)), high(a5, b3));
  const q3 = add(high(a4, b5), high(a5, b4));
  const q4 = high(a5, b5);
  const r0 = high(a6, b6);
  const r1 = add(high(a6, b7), high(a7, b6));
  const r2 = add(add(high(a6, b8), high(a7, b7)), high(a8, b6));
  const r3 = add(high(a7, b8), high(a8, b7));
  const r4 = high(a8, b8);
  const ua0 = i32x4.add(a0, a3),
    ub0 = i32x4.add(b0, b3);
  const ua1 = i32x4.add(a1, a4),
    ub1 = i32x4.add(b1, b4);
  const ua2 = i32x4.add(a2, a5),
    ub2 = i32x4.add(b2, b5);
  const u0 = high(ua0, ub0);
  const u1 = add(high(ua0, ub1), high(ua1, ub0));
  const u2 = add(add(high(ua0, ub2), high(ua1, ub1)), high(ua2, ub0));
  const u3 = add(high(ua1, ub2), high(ua2, ub1));
  const u4 = high(ua2, ub2);
  const va0 = i32x4.add(a0, a6),
    vb0 = i32x4.add(b0, b6);
  const va1 = i32x4.add(a1, a7),
    vb1 = i32x4.add(b1, b7);
  const va2 = i32x4.add(a2, a8),
    vb2 = i32x4.add(b2, b8);
  const v0 = high(va0, vb0);
  const v1 = add(high(va0, vb1), high(va1, vb0));
  const v2 = add(add(high(va0, vb2), high(va1, vb1)), high(va2, vb0));
  const v3 = add(high(va1, vb2), high(va2, vb1));
  const v4 = high(va2, vb2);
  const wa0 = i32x4.add(a3, a6),
    wb0 = i32x4.add(b3, b6);
  const wa1 = i32x4.add(a4, a7),
    wb1 = i32x4.add(b4, b7);
  const wa2 = i32x4.add(a5, a8),
    wb2 = i32x4.add(b5, b8);
  const w0 = high(wa0, wb0);
  const w1 = add(high(wa0, wb1), high(wa1, wb0));
  const w2 = add(add(high(wa0, wb2), high(wa1, wb1)), high(wa2, wb0));
  const w3 = add(high(wa1, wb2), high(wa2, wb1));
  const w4 = high(wa2, wb2);
  let c0 = p0;
  let c1 = p1;
  let c2 = p2;
  let c3 = add(sub(sub(u0, p0), q0), p3);
  let c4 = add(sub(sub(u1, p1), q1), p4);
  let c5 = sub(sub(u2, p2), q2);
  let c6 = add(add(q0, sub(sub(v0, p0), r0)), sub(sub(u3, p3), q3));
  let c7 = add(add(q1, sub(sub(v1, p1), r1)), sub(sub(u4, p4), q4));
  let c8 = add(q2, sub(sub(v2, p2), r2));
  let c9 = add(add(sub(sub(w0, q0), r0), q3), sub(sub(v3, p3), r3));
  let c10 = add(add(sub(sub(w1, q1), r1), q4), sub(sub(v4, p4), r4));
  let c11 = sub(sub(w2, q2), r2);
  let c12 = add(r0, sub(sub(w3, q3), r3));
  let c13 = add(r1, sub(sub(w4, q4), r4));
  let c14 = r2;
  let c15 = r3;
  let c16 = r4;
  // The upper columns, carried, come back at 2^261.
  c10 = add(c10, i64x2.shr_u(c9, 29));
  c9 = v128.and(c9, mask);
  c11 = add(c11, i64x2.shr_u(c10, 29));
  c10 = v128.and(c10, mask);
  c12 = add(c12, i64x2.shr_u(c11, 29));
  c11 = v128.and(c11, mask);
  c13 = add(c13, i64x2.shr_u(c12, 29));
  c12 = v128.and(c12, mask);
  c14 = add(c14, i64x2.shr_u(c13, 29));
  c13 = v128.and(c13, mask);
  c15 = add(c15, i64x2.shr_u(c14, 29));
  c14 = v128.and(c14, mask);
  c16 = add(c16, i64x2.shr_u(c15, 29));
  c15 = v128.and(c15, mask);
  const c17 = i64x2.shr_u(c16, 29);
  c16 = v128.and(c16, mask);
  c0 = add(c0, low(pack(c9), fold));
  c1 = add(add(c1, low(pack(c10), fold)), i64x2.shl(c9, 8));
  c2 = add(add(c2, low(pack(c11), fold)), i64x2.shl(c10, 8));
  c3 = add(add(c3, low(pack(c12), fold)), i64x2.shl(c11, 8));
  c4 = add(add(c4, low(pack(c13), fold)), i64x2.shl(c12, 8));
  c5 = add(add(c5, low(pack(c14), fold)), i64x2.shl(c13, 8));
  c6 = add(add(c6, low(pack(c15), fold)), i64x2.shl(c14, 8));
  c7 = add(add(c7, low(pack(c16), fold)), i64x2.shl(c15, 8));
  c8 = add(add(c8, low(pack(c17), fold)), i64x2.shl(c16, 8));
  c1 = add(c1, i64x2.shr_u(c0, 29));
  c0 = v128.and(c0, mask);
  c2 = add(c2, i64x2.shr_u(c1, 29));
  c1 = v128.and(c1, mask);
  c3 = add(c3, i64x2.shr_u(c2, 29));
  c2 = v128.and(c2, mask);
  c4 = add(c4, i64x2.shr_u(c3, 29));
  c3 = v128.and(c3, mask);
  c5 = add(c5, i64x2.shr_u(c4, 29));
  c4 = v128.and(c4, mask);
  c6 = add(c6, i64x2.shr_u(c5, 29));
  c5 = v128.and(c5, mask);
  c7 = add(c7, i64x2.shr_u(c6, 29));
  c6 = v128.and(c6, mask);
  c8 = add(c8, i64x2.shr_u(c7, 29));
  c7 = v128.and(c7, mask);
  // What is left above 2^256 comes back as 2^32 + 977, where 977 = 2^10 - 2^6 + 2^4 + 1.
  const t = add(i64x2.shl(c17, 13), i64x2.shr_u(c8, 24));
  c8 = v128.and(c8, i64x2.splat(0xffffff));
  c0 = add(c0, add(sub(i64x2.shl(t, 10), i64x2.shl(t, 6)), add(i64x2.shl(t, 4), t)));
  c1 = add(c1, add(i64x2.shl(t, 3), i64x2.shr_u(c0, 29)));
  c0 = v128.and(c0, mask);
  c2 = add(c2, i64x2.shr_u(c1, 29));
  c1 = v128.and(c1, mask);
  v128.store64_lane(o, pack(c0), 0, 8);
  v128.store64_lane(o, pack(c1), 0, 24);
  v128.store64_lane(o, pack(c2), 0, 40);
  v128.store64_lane(o, pack(c3), 0, 56);
  v128.store64_lane(o, pack(c4), 0, 72);
  v128.store64_lane(o, pack(c5), 0, 88);
  v128.store64_lane(o, pack(c6), 0, 104);
  v128.store64_lane(o, pack(c7), 0, 120);
  v128.store64_lane(o, pack(c8), 0, 136);
}
