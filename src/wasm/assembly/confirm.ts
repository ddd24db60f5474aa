/**
 * Confirmation of keys that are expected and have a table: no root, no doubling, no point that was not met before.
 */

import { BASE_WIDTH, lookAll, setDigits, sumUp } from './digits';
import { FREE_TEMPS, getLane, normalize } from './field';
import { idOf, invertAll, itemAt, LEVEL_MASK, listItems, setFactors, xOf } from './items';
import {
  BASES,
  HITS,
  LANES,
  POINT,
  POINTS,
  R_WORDS,
  S_WORDS,
  SCRATCH,
  SLOTS,
  TABLE_OF_BASE,
  U1_WORDS,
  U2_WORDS,
} from './layout';
import { QUAD } from './multiply';
import { windowsOf } from './tables';

const A: usize = FREE_TEMPS + 16 * QUAD;
const B: usize = FREE_TEMPS + 17 * QUAD;
const K3: usize = SCRATCH + 2764;
const WORDS: usize = SCRATCH + 2800;

/**
 * Confirms the keys of items that have tables of this level, SLOTS holding the address of the table and its level:
 * `(message * G + r * key) / s` is the point that r and id name exactly when recovery gives the key.
 */
export function confirm(count: i32, level: u32, width: i32): void {
  const listed = listItems(count, level);
  invertAll(S_WORDS, listed);
  for (let start = 0; start < listed; start += LANES) confirmSome(start, min(LANES, listed - start), width);
}

function confirmSome(start: i32, size: i32, width: i32): void {
  const quads = (size + 3) >> 2;
  const ofBase = windowsOf(BASE_WIDTH);
  const ofKey = windowsOf(width);
  for (let lane = 0; lane < 4 * quads; lane++) {
    // Lanes that are left over do the first item again.
    const item = itemAt(start + (lane < size ? lane : 0));
    setFactors(item, R_WORDS, false);
    setDigits(lane, 0, U1_WORDS + 32 * item, BASE_WIDTH, false);
    setDigits(lane, ofBase, U2_WORDS + 32 * item, width, false);
    store<u32>(BASES + 4 * lane, load<u32>(SLOTS + 4 * item) & ~LEVEL_MASK);
    store<u32>(BASES + 4 * (LANES + lane), <u32>TABLE_OF_BASE);
  }
  lookAll(0, 0, ofBase, quads, BASES + 4 * LANES);
  lookAll(ofBase, ofBase, ofKey, quads, BASES);
  sumUp(ofBase + ofKey, quads);
  for (let quad = 0; quad < quads; quad++) {
    const point = POINTS + quad * POINT;
    normalize(A, point);
    normalize(B, point + QUAD);
    for (let lane = 0; lane < 4 && 4 * quad + lane < size; lane++) {
      const item = itemAt(start + 4 * quad + lane);
      if (load<u32>(point + 288 + 4 * lane) === 0 && isNamed(item, lane)) store<u8>(HITS + item, 1);
    }
  }
}

/** Whether r and id of an item name the point of a lane of A and B. Modulo p: modulo n, an r could stand for two points. */
function isNamed(item: i32, lane: i32): bool {
  const id = idOf(item);
  if ((load<u32>(B + 4 * lane) & 1) !== (id & 1)) return false;
  getLane(WORDS, A, lane);
  xOf(K3, item);
  for (let i: usize = 0; i < 32; i += 4) if (load<u32>(WORDS + i) !== load<u32>(K3 + i)) return false;
  return true;
}
