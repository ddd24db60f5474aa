/**
 * The items of a call: what is wrong with them, which of them are meant, and the scalars that they give.
 */

import {
  HITS,
  INVERSES,
  KEYS,
  LIST,
  MESSAGES,
  R_WORDS,
  S_WORDS,
  SIGNATURES,
  SLOTS,
  STATUSES,
  U1_WORDS,
  U2_WORDS,
} from './layout';
import {
  addN,
  inverse,
  isBelow,
  isBelowGap,
  isHigh,
  isZero,
  multiply,
  N,
  negate as negateScalar,
  read,
  reduceOnce,
} from './scalar';

/** Bits of an address of a table that tell its level. */
export const LEVEL_MASK: u32 = 3;

export const RECOVERED: u8 = 0;
const ID_TOO_LARGE: u8 = 1;
const R_ZERO: u8 = 2;
const R_TOO_LARGE: u8 = 3;
const S_ZERO: u8 = 4;
const S_TOO_LARGE: u8 = 5;
const S_HIGH: u8 = 6;
export const NO_POINT: u8 = 7;
export const INFINITY: u8 = 8;

/** The x that r and id name: r, or r + n. */
export function xOf(o: usize, item: i32): void {
  const r = R_WORDS + 32 * item;
  if (idOf(item) > 1) addN(o, r);
  else memory.copy(o, r, 32);
}

export function itemAt(position: i32): i32 {
  return load<i32>(LIST + 4 * position);
}

export function idOf(item: i32): u8 {
  return load<u8>(SIGNATURES + 65 * item + 64);
}

/** Judges the numbers of all items, and keeps those of the good ones. */
export function readItems(count: i32, isLowS: bool): void {
  memory.fill(KEYS, 0, 64 * count);
  for (let item = 0; item < count; item++) {
    const signature = SIGNATURES + 65 * item;
    read(R_WORDS + 32 * item, signature);
    read(S_WORDS + 32 * item, signature + 32);
    store<u8>(STATUSES + item, judge(item, isLowS));
    store<u8>(HITS + item, 0);
  }
}

function judge(item: i32, isLowS: bool): u8 {
  const r = R_WORDS + 32 * item;
  const s = S_WORDS + 32 * item;
  if (idOf(item) > 3) return ID_TOO_LARGE;
  if (isZero(r)) return R_ZERO;
  if (!isBelow(r, N)) return R_TOO_LARGE;
  if (isZero(s)) return S_ZERO;
  if (!isBelow(s, N)) return S_TOO_LARGE;
  if (isLowS && isHigh(s)) return S_HIGH;
  // x would be r + n, which is no coordinate.
  if (idOf(item) > 1 && !isBelowGap(r)) return NO_POINT;
  return RECOVERED;
}

/** Lists the items that were neither refused nor confirmed, and whose key has a table of this level; of any, if it is 0. */
export function listItems(count: i32, level: u32): i32 {
  let listed = 0;
  for (let item = 0; item < count; item++) {
    if (load<u8>(STATUSES + item) !== RECOVERED || load<u8>(HITS + item) !== 0) continue;
    if (level !== 0 && (load<u32>(SLOTS + 4 * item) & LEVEL_MASK) !== level) continue;
    store<i32>(LIST + 4 * listed, item);
    listed++;
  }
  return listed;
}

/** Inverts s or r of all listed items with one inversion, into the place of the inverses. */
export function invertAll(words: usize, listed: i32): void {
  if (listed === 0) return;
  // Running products, then back.
  const running = INVERSES + 32 * 256;
  memory.copy(running, words + 32 * itemAt(0), 32);
  for (let i = 1; i < listed; i++) {
    memory.copy(INVERSES + 32 * itemAt(i), running, 32);
    multiply(running, running, words + 32 * itemAt(i));
  }
  inverse(running);
  for (let i = listed - 1; i > 0; i--) {
    const o = INVERSES + 32 * itemAt(i);
    multiply(o, o, running);
    multiply(running, running, words + 32 * itemAt(i));
  }
  memory.copy(INVERSES + 32 * itemAt(0), running, 32);
}

/** u1 and u2 of an item: what the base point and the other point are multiplied with. */
export function setFactors(item: i32, other: usize, isRecovery: bool): void {
  const u1 = U1_WORDS + 32 * item;
  read(u1, MESSAGES + 32 * item);
  reduceOnce(u1);
  multiply(u1, u1, INVERSES + 32 * item);
  if (isRecovery) negateScalar(u1);
  multiply(U2_WORDS + 32 * item, other + 32 * item, INVERSES + 32 * item);
}
