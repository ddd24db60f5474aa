/**
 * Squaring modulo p, four numbers at a time: multiply.ts tells how they are held. Of factors up to magnitude 2.7.
 */

import { add, FOLD, high, low, MASK, pack, sub } from './wide';

/** o = a * a */
export function sqr(o: usize, a: usize): void {
  sqrLow(o, a);
  sqrHigh(o, a);
}

function sqrLow(o: usize, a: usize): void {
  const mask = i64x2.splat(MASK),
    fold = i32x4.splat(FOLD);
  const a0 = v128.load(a, 0);
  const a1 = v128.load(a, 16);
  const a2 = v128.load(a, 32);
  const a3 = v128.load(a, 48);
  const a4 = v128.load(a, 64);
  const a5 = v128.load(a, 80);
  const a6 = v128.load(a, 96);
  const a7 = v128.load(a, 112);
  const a8 = v128.load(a, 128);
  const d0 = i32x4.shl(a0, 1);
  const d1 = i32x4.shl(a1, 1);
  const d2 = i32x4.shl(a2, 1);
  const d3 = i32x4.shl(a3, 1);
  const d4 = i32x4.shl(a4, 1);
  const d5 = i32x4.shl(a5, 1);
  const d6 = i32x4.shl(a6, 1);
  const d7 = i32x4.shl(a7, 1);
  let c0 = low(a0, a0);
  let c1 = low(d0, a1);
  let c2 = add(low(d0, a2), low(a1, a1));
  let c3 = add(low(d0, a3), low(d1, a2));
  let c4 = add(add(low(d0, a4), low(d1, a3)), low(a2, a2));
  let c5 = add(add(low(d0, a5), low(d1, a4)), low(d2, a3));
  let c6 = add(add(add(low(d0, a6), low(d1, a5)), low(d2, a4)), low(a3, a3));
  let c7 = add(add(add(low(d0, a7), low(d1, a6)), low(d2, a5)), low(d3, a4));
  let c8 = add(add(add(add(low(d0, a8), low(d1, a7)), low(d2, a6)), low(d3, a5)), low(a4, a4));
  let c9 = add(add(add(low(d1, a8), low(d2, a7)), low(d3, a6)), low(d4, a5));
  let c10 = add(add(add(low(d2, a8), low(d3, a7)), low(d4, a6)), low(a5, a5));
  let c11 = add(add(low(d3, a8), low(d4, a7)), low(d5, a6));
  let c12 = add(add(low(d4, a8), low(d5, a7)), low(a6, a6));
  let c13 = add(low(d5, a8), low(d6, a7));
  let c14 = add(low(d6, a8), low(a7, a7));
  let c15 = low(d7, a8);
  let c16 = low(a8, a8);
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

function sqrHigh(o: usize, a: usize): void {
  const mask = i64x2.splat(MASK),
    fold = i32x4.splat(FOLD);
  const a0 = v128.load(a, 0);
  const a1 = v128.load(a, 16);
  const a2 = v128.load(a, 32);
  const a3 = v128.load(a, 48);
  const a4 = v128.load(a, 64);
  const a5 = v128.load(a, 80);
  const a6 = v128.load(a, 96);
  const a7 = v128.load(a, 112);
  const a8 = v128.load(a, 128);
  const d0 = i32x4.shl(a0, 1);
  const d1 = i32x4.shl(a1, 1);
  const d2 = i32x4.shl(a2, 1);
  const d3 = i32x4.shl(a3, 1);
  const d4 = i32x4.shl(a4, 1);
  const d5 = i32x4.shl(a5, 1);
  const d6 = i32x4.shl(a6, 1);
  const d7 = i32x4.shl(a7, 1);
  let c0 = high(a0, a0);
  let c1 = high(d0, a1);
  let c2 = add(high(d0, a2), high(a1, a1));
  let c3 = add(high(d0, a3), high(d1, a2));
  let c4 = add(add(high(d0, a4), high(d1, a3)), high(a2, a2));
  let c5 = add(add(high(d0, a5), high(d1, a4)), high(d2, a3));
  let c6 = add(add(add(high(d0, a6), high(d1, a5)), high(d2, a4)), high(a3, a3));
  let c7 = add(add(add(high(d0, a7), high(d1, a6)), high(d2, a5)), high(d3, a4));
  let c8 = add(add(add(add(high(d0, a8), high(d1, a7)), high(d2, a6)), high(d3, a5)), high(a4, a4));
  let c9 = add(add(add(high(d1, a8), high(d2, a7)), high(d3, a6)), high(d4, a5));
  let c10 = add(add(add(high(d2, a8), high(d3, a7)), high(d4, a6)), high(a5, a5));
  let c11 = add(add(high(d3, a8), high(d4, a7)), high(d5, a6));
  let c12 = add(add(high(d4, a8), high(d5, a7)), high(a6, a6));
  let c13 = add(high(d5, a8), high(d6, a7));
  let c14 = add(high(d6, a8), high(a7, a7));
  let c15 = high(d7, a8);
  let c16 = high(a8, a8);
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
