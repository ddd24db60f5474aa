/**
 * Products as sums of points of tables: scalars cut into digits, digits looked up, points added up.
 */

import { DIGITS, ENTRY, LANES, POINT, POINTS, SCRATCH } from './layout';
import { addAll, addTogether, applyLambda, gather, negate, setInfinity } from './points';
import { split } from './scalar';
import { windowsOf } from './tables';

/** Bits of a window of the table of the base point. */
export const BASE_WIDTH: i32 = 12;

const K1: usize = SCRATCH + 2700;
const K2: usize = SCRATCH + 2732;
/** What was read for the sake of reading. */
const TOUCHED: usize = SCRATCH + 2832;

/**
 * Cuts a scalar into digits for both halves, for tables of this width, in the lane: what is written is the number of the entry
 * that is meant, from 1, negative where the point is to be negated; 0 for none. Windows `from` and on are written.
 */
export function setDigits(lane: i32, from: i32, scalar: usize, width: i32, isFlat: bool): void {
  const signs = split(K1, K2, scalar);
  writeDigits(lane, from, 0, K1, (signs & 1) !== 0, width, isFlat);
  writeDigits(lane, from, 1, K2, (signs & 2) !== 0, width, isFlat);
}

function writeDigits(lane: i32, from: i32, half: i32, k: usize, isNegative: bool, width: i32, isFlat: bool): void {
  const windows = windowsOf(width);
  const mask: i32 = (1 << width) - 1;
  let carry: i32 = 0;
  store<u32>(k, 0, 16);
  for (let window = 0; window < windows; window++) {
    const bit: i32 = window * width;
    let digit: i32 = ((load<i32>(k + (bit >> 3)) >>> (bit & 7)) & mask) + carry;
    carry = 0;
    if (window < windows - 1 && digit > 1 << (width - 1)) {
      digit -= mask + 1;
      carry = 1;
    }
    let entry = 0;
    if (digit !== 0) {
      entry = (isFlat ? 0 : window << (width - 1)) + abs(digit);
      if (digit < 0 !== isNegative) entry = -entry;
    }
    store<i32>(digitsAt(from + window, half) + 4 * lane, entry);
  }
}

export function digitsAt(window: i32, half: i32): usize {
  return DIGITS + (2 * window + half) * 4 * LANES;
}

/** Puts what the digits of four lanes mean into a quad. */
function look(point: usize, digits: usize, t0: usize, t1: usize, t2: usize, t3: usize): void {
  const entries = v128.load(digits);
  const isNone = i32x4.eq(entries, i32x4.splat(0));
  // None: the first entry stands in.
  const numbers = i32x4.max_s(i32x4.sub(i32x4.abs(entries), i32x4.splat(1)), i32x4.splat(0));
  const offsets = i32x4.mul(numbers, i32x4.splat(ENTRY));
  gather(
    point,
    t0 + i32x4.extract_lane(offsets, 0),
    t1 + i32x4.extract_lane(offsets, 1),
    t2 + i32x4.extract_lane(offsets, 2),
    t3 + i32x4.extract_lane(offsets, 3),
  );
  setInfinity(point, isNone);
  negate(point, i32x4.shr_s(entries, 31));
}

/** Looks up so many windows of all lanes, both halves: into POINTS from window `to` on. */
export function lookAll(from: i32, to: i32, windows: i32, quads: i32, bases: usize): void {
  for (let window = 0; window < windows; window++)
    for (let half = 0; half < 2; half++) {
      const digits = digitsAt(from + window, half);
      touch(digits, bases, 4 * quads);
      for (let quad = 0; quad < quads; quad++) {
        const point = POINTS + ((2 * (to + window) + half) * quads + quad) * POINT;
        const b = bases + 16 * quad;
        look(point, digits + 16 * quad, load<u32>(b), load<u32>(b, 4), load<u32>(b, 8), load<u32>(b, 12));
      }
    }
}

/** Reads a word of each entry that is meant: tables are larger than caches, and what does not wait for each other comes together. */
function touch(digits: usize, bases: usize, lanes: i32): void {
  let all: u32 = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const number = max(abs(load<i32>(digits + 4 * lane)) - 1, 0);
    all ^= load<u32>(load<u32>(bases + 4 * lane) + number * ENTRY);
  }
  store<u32>(TOUCHED, all);
}

/** Adds up what was looked up: the first half, and lambda times the second. The sums are where POINTS begins. */
export function sumUp(windows: i32, quads: i32): void {
  addTogether(POINTS, windows, 2 * quads);
  const second = POINTS + quads * POINT;
  applyLambda(second, quads);
  addAll(POINTS, second, quads, 0);
}
