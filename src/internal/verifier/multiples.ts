/**
 * Sums of multiples of known points, for many items at once: tables of a point's multiples make every product a sum, and all
 * sums advance together, so that one inversion serves a whole step (Montgomery's trick).
 *
 * @module
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';

/** A point of the curve; infinity is the absence of one. */
export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** For each window, the multiples of a point from 1 on. */
export interface Multiples {
  readonly width: number;
  readonly windows: readonly (readonly AffinePoint[])[];
}

/** A product to be summed up: a scalar below n, and the multiples of its point. */
export interface Product {
  readonly scalar: bigint;
  readonly multiples: Multiples;
}

const P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Third root of 1: (BETA * x, y) is lambda times (x, y). */
const BETA = 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een;
/** (A1, -B1) and (A2, A1) span the pairs (a, b) with a + b * lambda = 0 modulo n. */
const A1 = 0x3086d221a7d46bcde86c90e49284eb15n;
const B1 = 0xe4437ed6010e88286f547fa90abfe4c3n;
const A2 = 0x114ca50f7a8e2f3f657c1108d9d44cfd8n;

/** Bits of the halves of a scalar, signs apart: they are below 0.636 * 2^128. */
const HALF_BITS = 128;

const modulo = (value: bigint): bigint => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};

/**
 * Multiples of points for windows of so many bits: 1 to 2^(width - 1) times each of 1, 2^width, 2^(2 width)..., and what the last
 * window needs without a sign.
 */
export function makeMultiples(points: readonly AffinePoint[], width: number): Multiples[] {
  const count = Math.ceil(HALF_BITS / width);
  const tables = points.map((): AffinePoint[][] => []);
  let bases: readonly AffinePoint[] = points;
  for (let window = 0; window < count; window++) {
    for (const [i, base] of bases.entries()) tables[i]?.push([base]);
    // A point of prime order does not vanish when it is doubled.
    for (let bit = 0; bit < width && window < count - 1; bit++) bases = addEach(bases, bases) as AffinePoint[];
  }
  const rows = tables.flat();
  for (let size = 1; size < 1 << (width - 1); size *= 2) {
    const lefts = rows.flatMap((row) => row.slice(0, size).map(() => row[size - 1] as AffinePoint));
    const sums = addEach(
      lefts,
      rows.flatMap((row) => row.slice(0, size)),
    ) as AffinePoint[];
    for (const [i, row] of rows.entries()) row.push(...sums.slice(size * i, size * (i + 1)));
  }
  const lastBits = HALF_BITS - (count - 1) * width;
  const most = ((163 << lastBits) >> 8) + 1;
  for (const table of tables) {
    const last = table[count - 1] as AffinePoint[];
    while (last.length < most) last.push(addEach([last[last.length - 1]], [last[0]])[0] as AffinePoint);
  }
  return tables.map((windows) => ({ width, windows }));
}

/** The sum of the products of each item; undefined where it is infinity. */
export function sumProducts(items: readonly (readonly Product[])[]): (AffinePoint | undefined)[] {
  const firsts: AffinePoint[][] = [];
  const seconds: AffinePoint[][] = [];
  for (const products of items) {
    const [first, second]: [AffinePoint[], AffinePoint[]] = [[], []];
    for (const { scalar, multiples } of products) {
      const [a, b] = splitScalar(scalar);
      pick(a, multiples, first);
      pick(b, multiples, second);
    }
    firsts.push(first);
    seconds.push(second);
  }
  const sums = sumEach([...firsts, ...seconds]);
  // Lambda times the second half, at once for all of its points.
  const turned = sums.slice(items.length).map((sum) => sum && { x: (sum.x * BETA) % P, y: sum.y });
  return addEach(sums.slice(0, items.length), turned);
}

/** k = a + b * lambda modulo n with short a and b. */
function splitScalar(k: bigint): [bigint, bigint] {
  const c1 = (2n * A1 * k + N) / (2n * N);
  const c2 = (2n * B1 * k + N) / (2n * N);
  return [k - c1 * A1 - c2 * A2, c1 * B1 - c2 * A1];
}

/** The points that the windows of a short scalar name. */
function pick(scalar: bigint, { width, windows }: Multiples, points: AffinePoint[]): void {
  const isNegative = scalar < 0n;
  let rest = isNegative ? -scalar : scalar;
  const size = 1 << width;
  const mask = BigInt(size - 1);
  let carry = 0;
  windows.forEach((window, i) => {
    let digit = Number(i === windows.length - 1 ? rest : rest & mask) + carry;
    rest >>= BigInt(width);
    carry = 0;
    if (i < windows.length - 1 && digit > size / 2) {
      digit -= size;
      carry = 1;
    }
    const point = window[Math.abs(digit) - 1];
    if (point !== undefined) points.push(digit < 0 !== isNegative ? { x: point.x, y: P - point.y } : point);
  });
}

/** Adds up the points of each list. */
function sumEach(lists: readonly (readonly AffinePoint[])[]): (AffinePoint | undefined)[] {
  let left: readonly (readonly AffinePoint[])[] = lists;
  while (left.some(({ length }) => length > 1)) {
    const firsts = left.flatMap((list) => list.slice(0, list.length >> 1));
    const seconds = left.flatMap((list) => list.slice(list.length >> 1, 2 * (list.length >> 1)));
    const sums = addEach(firsts, seconds);
    let at = 0;
    left = left.map((list) => {
      const half = list.length >> 1;
      const next = sums.slice(at, at + half).filter((sum) => sum !== undefined);
      at += half;
      if (list.length % 2 === 1) next.push(list[list.length - 1] as AffinePoint);
      return next;
    });
  }
  return left.map(([sum]) => sum);
}

/** Adds points pairwise: six multiplications each, and one inversion for all. */
function addEach(
  firsts: readonly (AffinePoint | undefined)[],
  seconds: readonly (AffinePoint | undefined)[],
): (AffinePoint | undefined)[] {
  const denominators: bigint[] = [];
  const products: bigint[] = [];
  let product = 1n;
  for (let i = 0; i < firsts.length; i++) {
    const [a, b] = [firsts[i], seconds[i]];
    // 0 where there is nothing to divide by: one of them is infinity, or their sum is.
    let denominator = 0n;
    if (a !== undefined && b !== undefined) {
      denominator = b.x - a.x;
      if (denominator === 0n && a.y === b.y) denominator = 2n * a.y;
    }
    denominators.push(denominator);
    products.push(product);
    if (denominator !== 0n) product = (product * denominator) % P;
  }
  let inverse = secp256k1.Point.Fp.inv(modulo(product));
  const sums = new Array<AffinePoint | undefined>(firsts.length).fill(undefined);
  for (let i = firsts.length - 1; i >= 0; i--) {
    const [a, b] = [firsts[i], seconds[i]];
    const denominator = denominators[i] ?? 0n;
    if (a === undefined || b === undefined) {
      sums[i] = a ?? b;
    } else if (denominator !== 0n) {
      const numerator = a.x === b.x ? 3n * a.x * a.x : b.y - a.y;
      const slope = (numerator * ((inverse * (products[i] ?? 1n)) % P)) % P;
      inverse = (inverse * denominator) % P;
      const x = modulo(slope * slope - a.x - b.x);
      sums[i] = { x, y: modulo(slope * (a.x - x) - a.y) };
    }
  }
  return sums;
}
