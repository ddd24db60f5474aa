/**
 * Tables of multiples of a point. A scalar of 128 bits is cut into windows of `width` bits, each a digit from -2^(width-1) + 1 to
 * 2^(width-1); the table holds 1 to 2^(width-1) times 2^(width * window) times the point for every window, so that a product is
 * a sum of one point for each window. The last window takes what is left of 0.636 * 2^128 without a sign.
 */

import { setLane } from './field';
import { ENTRY, JACOBIANS, POINT, RESULTS, SCRATCH } from './layout';
import { QUAD } from './multiply';
import { addAll, doubleJacobian, gather, makeAffine, scatter, setInfinity } from './points';

/** Keys whose tables are built together. */
export const MAX_KEYS: i32 = 4;
/** Quads that are added at a time. */
const CHUNK: i32 = 96;

/** How many windows cover 128 bits. */
export function windowsOf(width: i32): i32 {
  return (127 + width) / width;
}

/** Bits of the last window. */
function lastBits(width: i32): i32 {
  return 128 - (windowsOf(width) - 1) * width;
}

/** Entries of the last window: 0.636 * 2^bits, with a carry from below. */
function lastEntries(width: i32): i32 {
  return ((163 << lastBits(width)) >> 8) + 2;
}

/** Entries of a table. */
export function entriesOf(width: i32): i32 {
  const regular = (windowsOf(width) - 1) << (width - 1);
  return regular + max(lastEntries(width), 1 << (width - 1));
}

/** Points to add, and what they are added to: so many quads each, behind each other. */
const LEFT: usize = RESULTS;
const RIGHT: usize = RESULTS + 96 * POINT;
/** Address of the entry that each sum goes to. */
const TARGETS: usize = SCRATCH + 1024;

let pending: i32 = 0;
let pendingDoublings: i32 = 0;
let lanes: i32 = 0;
const sources: usize = SCRATCH + 960;

/** Builds the tables of up to four points: affine x and y in the lanes of (x, y), addresses of the tables behind each other. */
export function buildTables(x: usize, y: usize, addresses: usize, count: i32, width: i32): void {
  const windows = windowsOf(width);
  setBases(x, y, addresses, count, width);
  const entries = 1 << (width - 1);
  const last = lastEntries(width);
  for (let m = 1; m < entries; m <<= 1) {
    for (let d = 1; d <= m; d++) {
      // Doublings come last, in quads of their own.
      if (d === m) pad(false);
      for (let key = 0; key < count; key++) {
        const table = load<u32>(addresses + 4 * key);
        for (let window = 0; window < windows; window++) {
          if (window === windows - 1 && m + d > last) continue;
          const first = table + ((window << (width - 1)) - 1) * ENTRY;
          push(first + m * ENTRY, first + d * ENTRY, first + (m + d) * ENTRY, d === m);
        }
      }
    }
    pad(true);
    flush();
  }
  // The last window may have more.
  for (let key = 0; key < count; key++) {
    const first = load<u32>(addresses + 4 * key) + (((windows - 1) << (width - 1)) - 1) * ENTRY;
    for (let d = 1; d <= last - entries; d++)
      push(first + entries * ENTRY, first + d * ENTRY, first + (entries + d) * ENTRY, false);
  }
  pad(false);
  flush();
}

/** Writes the first entry of each window: the point, doubled `width` times for each window. */
function setBases(x: usize, y: usize, addresses: usize, count: i32, width: i32): void {
  const windows = windowsOf(width);
  memory.copy(JACOBIANS, x, QUAD);
  memory.copy(JACOBIANS + QUAD, y, QUAD);
  memory.fill(JACOBIANS + 2 * QUAD, 0, QUAD);
  v128.store(JACOBIANS + 2 * QUAD, i32x4.splat(1));
  for (let window = 1; window < windows; window++) {
    const at = JACOBIANS + 3 * window * QUAD;
    memory.copy(at, at - 3 * QUAD, 3 * QUAD);
    for (let i = 0; i < width; i++) doubleJacobian(at);
  }
  makeAffine(LEFT, JACOBIANS, windows);
  for (let window = 0; window < windows; window++)
    scatter(
      LEFT + window * POINT,
      baseOf(addresses, count, 0, window, width),
      baseOf(addresses, count, 1, window, width),
      baseOf(addresses, count, 2, window, width),
      baseOf(addresses, count, 3, window, width),
    );
}

/** Address of the first entry of a window; lanes without a key do the last key again. */
function baseOf(addresses: usize, count: i32, lane: i32, window: i32, width: i32): usize {
  return load<u32>(addresses + 4 * min(lane, count - 1)) + (window << (width - 1)) * ENTRY;
}

/** Notes a sum of two entries that goes to a third. */
function push(a: usize, b: usize, target: usize, isDoubling: bool): void {
  store<u32>(sources + 8 * lanes, a);
  store<u32>(sources + 8 * lanes + 4, b);
  store<u32>(TARGETS + 4 * (4 * pending + lanes), target);
  lanes++;
  if (lanes < 4) return;
  take(isDoubling);
  if (pending === CHUNK) flush();
}

/** Puts the four noted sums into a quad. */
function take(isDoubling: bool): void {
  const left = LEFT + pending * POINT;
  const right = RIGHT + pending * POINT;
  gather(left, load<u32>(sources), load<u32>(sources, 8), load<u32>(sources, 16), load<u32>(sources, 24));
  gather(right, load<u32>(sources, 4), load<u32>(sources, 12), load<u32>(sources, 20), load<u32>(sources, 28));
  setInfinity(left, i32x4.splat(0));
  setInfinity(right, i32x4.splat(0));
  pending++;
  if (isDoubling) pendingDoublings++;
  lanes = 0;
}

/** Fills the places that are left in the quad under way with the first of its sums. */
function pad(isDoubling: bool): void {
  if (lanes === 0) return;
  for (let i = lanes; i < 4; i++) {
    store<u64>(sources + 8 * i, load<u64>(sources));
    store<u32>(TARGETS + 4 * (4 * pending + i), load<u32>(TARGETS + 16 * pending));
  }
  take(isDoubling);
}

/** Adds what was noted. */
function flush(): void {
  addAll(LEFT, RIGHT, pending, pendingDoublings);
  for (let i = 0; i < pending; i++) {
    const targets = TARGETS + 16 * i;
    scatter(LEFT + i * POINT, load<u32>(targets), load<u32>(targets, 4), load<u32>(targets, 8), load<u32>(targets, 12));
  }
  pending = 0;
  pendingDoublings = 0;
}

/** Puts so many keys, 16 words each, into the lanes of (x, y); the last one fills the rest. */
export function setPoints(x: usize, y: usize, words: usize, count: i32): void {
  for (let lane = 0; lane < 4; lane++) {
    const key = words + 64 * min(lane, count - 1);
    setLane(x, lane, key);
    setLane(y, lane, key + 32);
  }
}
