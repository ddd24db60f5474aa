/**
 * Recovery of keys that nothing is known of.
 */

import { BASE_WIDTH, digitsAt, lookAll, setDigits, sumUp } from './digits';
import {
  add,
  BASE_X,
  BASE_Y,
  copy,
  FREE_TEMPS,
  getLane,
  normalize,
  ONE,
  SEVEN,
  setLane,
  squareRoot,
  sub,
  zeros,
} from './field';
import { INFINITY, idOf, invertAll, itemAt, listItems, NO_POINT, RECOVERED, setFactors, xOf } from './items';
import {
  BASES,
  JACOBIANS,
  KEYS,
  LANES,
  MULTIPLES,
  POINT,
  POINTS,
  R_WORDS,
  RESULTS,
  S_WORDS,
  SCRATCH,
  STATUSES,
  TABLE_OF_BASE,
  U1_WORDS,
  U2_WORDS,
} from './layout';
import { mul, QUAD } from './multiply';
import {
  addAll,
  addJacobian,
  applyLambda,
  doubleJacobian,
  infinityOf,
  makeAffine,
  negate,
  setInfinity,
} from './points';
import { write } from './scalar';
import { sqr } from './square';
import { windowsOf } from './tables';

/** Bits of a window of the multiples of a point that is met once. */
const ONCE_WIDTH: i32 = 5;
const ONCE_MULTIPLES: i32 = 16;

const A: usize = FREE_TEMPS + 16 * QUAD;
const B: usize = FREE_TEMPS + 17 * QUAD;
const K3: usize = SCRATCH + 2764;
const WORDS: usize = SCRATCH + 2800;

/** Recovers the keys of all items that were neither refused nor confirmed. */
export function recoverRest(count: i32): void {
  const listed = listItems(count, 0);
  invertAll(R_WORDS, listed);
  for (let start = 0; start < listed; start += LANES) recoverSome(start, min(LANES, listed - start));
}

function recoverSome(start: i32, size: i32): void {
  const quads = (size + 3) >> 2;
  for (let quad = 0; quad < quads; quad++) findPoint(start, size, quad);
  const ofBase = windowsOf(BASE_WIDTH);
  for (let lane = 0; lane < 4 * quads; lane++) {
    const item = itemAt(start + (lane < size ? lane : 0));
    setFactors(item, S_WORDS, true);
    setDigits(lane, 0, U1_WORDS + 32 * item, BASE_WIDTH, false);
    setDigits(lane, ofBase, U2_WORDS + 32 * item, ONCE_WIDTH, true);
    store<u32>(BASES + 4 * lane, <u32>TABLE_OF_BASE);
  }
  multiplyPoints(quads, ofBase);
  lookAll(0, 0, ofBase, quads, BASES);
  sumUp(ofBase, quads);
  addAll(RESULTS, POINTS, quads, 0);
  for (let quad = 0; quad < quads; quad++) {
    const point = RESULTS + quad * POINT;
    normalize(A, point);
    normalize(B, point + QUAD);
    for (let lane = 0; lane < 4 && 4 * quad + lane < size; lane++)
      writeKey(itemAt(start + 4 * quad + lane), point, lane);
  }
}

function writeKey(item: i32, point: usize, lane: i32): void {
  if (load<u8>(STATUSES + item) !== RECOVERED) return;
  if (load<u32>(point + 288 + 4 * lane) !== 0) {
    store<u8>(STATUSES + item, INFINITY);
    return;
  }
  getLane(WORDS, A, lane);
  write(KEYS + 64 * item, WORDS);
  getLane(WORDS, B, lane);
  write(KEYS + 64 * item + 32, WORDS);
}

/** The points that r and id name, of a quad of items: the first of the multiples. Where there is none, G stands in. */
function findPoint(start: i32, size: i32, quad: i32): void {
  const point = MULTIPLES + quad * POINT;
  for (let lane = 0; lane < 4; lane++) {
    const position = 4 * quad + lane;
    xOf(K3, itemAt(start + (position < size ? position : 0)));
    setLane(point, lane, K3);
  }
  sqr(A, point);
  mul(A, A, point);
  add(A, A, SEVEN);
  squareRoot(B, A);
  sqr(point + QUAD, B);
  sub(A, A, point + QUAD);
  const isRoot = zeros(A);
  normalize(B, B);
  for (let lane = 0; lane < 4; lane++) {
    const position = 4 * quad + lane;
    const item = itemAt(start + (position < size ? position : 0));
    const odd = load<u32>(B + 4 * lane) & 1;
    store<u32>(A + 4 * lane, odd === (idOf(item) & 1) ? 0 : 0xffffffff);
  }
  copy(point + QUAD, B);
  negate(point, v128.load(A));
  for (let lane = 0; lane < 4; lane++) {
    const position = 4 * quad + lane;
    if (laneOf(isRoot, lane) !== 0) continue;
    if (position < size) store<u8>(STATUSES + itemAt(start + position), NO_POINT);
    for (let i: usize = 0; i < QUAD; i += 16) {
      store<u32>(point + i + 4 * lane, load<u32>(BASE_X + i));
      store<u32>(point + QUAD + i + 4 * lane, load<u32>(BASE_Y + i));
    }
  }
  setInfinity(point, i32x4.splat(0));
}

function laneOf(mask: v128, lane: i32): i32 {
  v128.store(WORDS, mask);
  return load<i32>(WORDS + 4 * lane);
}

/**
 * Multiplies the points that stand in MULTIPLES by the scalars whose digits begin at window `from`, into RESULTS.
 *
 * In the chain of doublings, no two points that are added have the same x, whatever the point and the scalar: the sums are (a +
 * b * lambda) times a point of prime order, with a and b of the same window and below 0.636 and 0.541 times 2^128, and the
 * shortest pairs that give zero are not that short.
 */
function multiplyPoints(quads: i32, from: i32): void {
  const windows = windowsOf(ONCE_WIDTH);
  for (let m = 1; m < ONCE_MULTIPLES; m <<= 1) {
    const o = MULTIPLES + m * quads * POINT;
    for (let d = 0; d < m; d++) memory.copy(o + d * quads * POINT, MULTIPLES + (m - 1) * quads * POINT, quads * POINT);
    addAll(o, MULTIPLES, m * quads, quads);
  }
  // One point for each window: digit of the first half, and lambda times that of the second.
  const seconds = POINTS + windows * quads * POINT;
  for (let window = 0; window < windows; window++)
    for (let quad = 0; quad < quads; quad++) {
      pick(POINTS + (window * quads + quad) * POINT, digitsAt(from + window, 0) + 16 * quad, quads, quad);
      pick(seconds + (window * quads + quad) * POINT, digitsAt(from + window, 1) + 16 * quad, quads, quad);
    }
  applyLambda(seconds, windows * quads);
  addAll(POINTS, seconds, windows * quads, 0);
  for (let quad = 0; quad < quads; quad++) climb(JACOBIANS + 3 * quad * QUAD, quad, quads, windows);
  makeAffine(RESULTS, JACOBIANS, quads);
}

/** Puts the multiples that the digits of four lanes name into a quad. */
function pick(point: usize, digits: usize, quads: i32, quad: i32): void {
  const entries = v128.load(digits);
  for (let lane: usize = 0; lane < 4; lane++) {
    const number = max(abs(load<i32>(digits + 4 * lane)) - 1, 0);
    const from = MULTIPLES + (number * quads + quad) * POINT + 4 * lane;
    for (let i: usize = 0; i < 2 * QUAD; i += 16) store<u32>(point + i + 4 * lane, load<u32>(from + i));
  }
  setInfinity(point, i32x4.eq(entries, i32x4.splat(0)));
  negate(point, i32x4.shr_s(entries, 31));
}

/** Doubles and adds from the highest window down. */
function climb(o: usize, quad: i32, quads: i32, windows: i32): void {
  const saved = FREE_TEMPS + 18 * QUAD;
  let isNothing = i32x4.splat(-1);
  for (let window = windows - 1; window >= 0; window--) {
    const point = POINTS + (window * quads + quad) * POINT;
    if (window < windows - 1) for (let i = 0; i < ONCE_WIDTH; i++) doubleJacobian(o);
    const isNone = infinityOf(point);
    if (!v128.any_true(v128.or(isNone, isNothing))) {
      addJacobian(o, point);
      continue;
    }
    memory.copy(saved, o, 3 * QUAD);
    addJacobian(o, point);
    // Nothing was added, or it was added to nothing.
    for (let i: usize = 0; i < QUAD; i += 16) {
      keep(o + i, v128.load(saved + i), isNone);
      keep(o + QUAD + i, v128.load(saved + QUAD + i), isNone);
      keep(o + 2 * QUAD + i, v128.load(saved + 2 * QUAD + i), isNone);
      const isFirst = v128.andnot(isNothing, isNone);
      keep(o + i, v128.load(point + i), isFirst);
      keep(o + QUAD + i, v128.load(point + QUAD + i), isFirst);
      keep(o + 2 * QUAD + i, v128.load(ONE + i), isFirst);
    }
    isNothing = v128.and(isNothing, isNone);
  }
}

function keep(at: usize, value: v128, mask: v128): void {
  v128.store(at, v128.bitselect(value, v128.load(at), mask));
}
