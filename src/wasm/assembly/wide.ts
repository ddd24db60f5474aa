/**
 * Numbers of 64 bits, two side by side: the products of limbs and their columns.
 */

export const MASK: i64 = 0x1fffffff;
/** 2^261 = 2^37 + 31264 modulo p; 2^37 is a step of a limb and 8 bits. */
export const FOLD: i32 = 31264;

export function low(x: v128, y: v128): v128 {
  return i64x2.extmul_low_i32x4_u(x, y);
}

export function high(x: v128, y: v128): v128 {
  return i64x2.extmul_high_i32x4_u(x, y);
}

export function add(x: v128, y: v128): v128 {
  return i64x2.add(x, y);
}

export function sub(x: v128, y: v128): v128 {
  return i64x2.sub(x, y);
}

/** The lower 32 bits of both halves, side by side. */
export function pack(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 0, 2, 0, 2);
}
