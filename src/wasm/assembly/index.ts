/**
 * What the host calls. It writes into memory at the addresses that are exported here, and reads from there.
 */

import { blake2b, blocksOf, setBlake2b } from './blake2b';
import { confirm } from './confirm';
import { BASE_WIDTH } from './digits';
import { BASE_X, BASE_Y, BETA, FREE_TEMPS, ONE, SEVEN, splat } from './field';
import { setModuli } from './invert';
import { readItems } from './items';
import { keccak256, setKeccak } from './keccak';
import { DIGESTS, ENTRY, JACOBIANS, TABLE_OF_BASE } from './layout';
import { QUAD } from './multiply';
import { dependsOn, sizeOf } from './parts';
import { recoverRest } from './recover';
import { read, setOrders } from './scalar';
import { setSha256, sha256 } from './sha256';
import { buildTables, entriesOf, setPoints } from './tables';

export {
  DIGESTS,
  HASH_DATA,
  HASH_ENDS,
  HASH_PARTS,
  HITS,
  KEYS,
  MAX_COUNT,
  MAX_HASH_BYTES,
  MAX_HASHES,
  MAX_PARTS,
  MESSAGES,
  SIGNATURES,
  SLOTS,
  STATUSES,
} from './layout';

/** Bits of a window of the tables of keys, by level. */
const FIRST_WIDTH: i32 = 4;
const SECOND_WIDTH: i32 = 8;

/** Bytes of the table of a key of the highest level, a multiple of 64. */
export function tableSize(): i32 {
  return entriesOf(SECOND_WIDTH) * ENTRY;
}

/** Where the tables of keys begin: everything below is in use from the start. */
export function tablesStart(): i32 {
  return TABLE_OF_BASE + entriesOf(BASE_WIDTH) * ENTRY;
}

/** Where keys are written that tables are built for, 64 bytes each, and where the addresses of their tables. */
export const NEW_KEYS: usize = JACOBIANS + 48 * 3 * QUAD;
export const NEW_TABLES: usize = NEW_KEYS + 256;
const NEW_WORDS: usize = NEW_KEYS + 512;

/** Where the table of the base point is, up to where the tables of keys begin. */
export const BASE_TABLE: usize = TABLE_OF_BASE;

/** Sets constants. Memory reaches up to where the tables of keys begin. */
export function start(): void {
  setModuli();
  setOrders();
  setBlake2b();
  setKeccak();
  setSha256();
  setConstant(ONE, 0, 0, 0, 1);
  setConstant(SEVEN, 0, 0, 0, 7);
  setConstant(BETA, 0x7ae96a2b657c0710, 0x6e64479eac3434e9, 0x9cf0497512f58995, 0xc1396c28719501ee);
  setConstant(BASE_X, 0x79be667ef9dcbbac, 0x55a06295ce870b07, 0x029bfcdb2dce28d9, 0x59f2815b16f81798);
  setConstant(BASE_Y, 0x483ada7726a3c465, 0x5da4fbfc0e1108a8, 0xfd17b448a6855419, 0x9c47d08ffb10d4b8);
}

/** Builds the table of the base point: always the same, so it can be taken from another instance instead. */
export function buildBase(): void {
  store<u32>(NEW_TABLES, <u32>TABLE_OF_BASE);
  buildTables(BASE_X, BASE_Y, NEW_TABLES, 1, BASE_WIDTH);
}

function setConstant(o: usize, a: u64, b: u64, c: u64, d: u64): void {
  store<u64>(NEW_WORDS, d);
  store<u64>(NEW_WORDS, c, 8);
  store<u64>(NEW_WORDS, b, 16);
  store<u64>(NEW_WORDS, a, 24);
  splat(o, NEW_WORDS);
}

/** Builds the tables of one to four keys. */
export function build(count: i32, level: i32): void {
  for (let i = 0; i < 2 * count; i++) read(NEW_WORDS + 32 * i, NEW_KEYS + 32 * i);
  const x = FREE_TEMPS + 20 * QUAD;
  setPoints(x, x + QUAD, NEW_WORDS, count);
  buildTables(x, x + QUAD, NEW_TABLES, count, level === 1 ? FIRST_WIDTH : SECOND_WIDTH);
}

/** Recovers the keys of so many items. */
export function recover(count: i32, isLowS: bool): void {
  readItems(count, isLowS);
  confirm(count, 1, FIRST_WIDTH);
  confirm(count, 2, SECOND_WIDTH);
  recoverRest(count);
}

/** Computes so many hashes, in order: 0 for BLAKE2b of CKB, 1 for Keccak-256, 2 for SHA-256. */
export function hash(algorithm: i32, count: i32): void {
  if (algorithm === 0) {
    hashTwoAtATime(count);
    return;
  }
  for (let i = 0; i < count; i++) {
    if (algorithm === 1) keccak256(DIGESTS + 32 * i, i);
    else sha256(DIGESTS + 32 * i, i);
  }
}

/** Neighbours of as many blocks go side by side, unless one needs the digest of the other. */
function hashTwoAtATime(count: i32): void {
  let size = count === 0 ? 0 : sizeOf(0);
  for (let i = 0; i < count; ) {
    const nextSize = i + 1 < count ? sizeOf(i + 1) : -1;
    const isPair = nextSize >= 0 && blocksOf(nextSize) === blocksOf(size) && !dependsOn(i + 1, i);
    const other = isPair ? i + 1 : i;
    blake2b(DIGESTS + 32 * i, i, size, DIGESTS + 32 * other, other, isPair ? nextSize : size);
    i = other + 1;
    size = isPair && i < count ? sizeOf(i) : nextSize;
  }
}
