/**
 * Where everything lies in memory. All sizes are fixed but that of the tables of keys, which lie at the end.
 */

import { QUAD } from './multiply';

/** Most items of one call. */
export const MAX_COUNT: i32 = 256;
/** Items that go through the arithmetic of points together: what they need at a time stays in the cache. */
export const LANES: i32 = 64;
/** Quads of that many items. */
export const QUADS: i32 = 16;
/** Bytes of four points side by side: x, y and a mask of those at infinity. */
export const POINT: usize = 2 * QUAD + 16;
/** Bytes of a point of a table, x and y in words: one line of the cache. */
export const ENTRY: usize = 64;

/** Address 0 stays unused. */
const START: usize = 1024;

/** Input: 32, 65 and 4 bytes an item. */
export const MESSAGES: usize = START;
export const SIGNATURES: usize = MESSAGES + 32 * 256;
export const SLOTS: usize = SIGNATURES + 65 * 256;
/** Output: 64, 1 and 1 bytes an item. */
export const KEYS: usize = SLOTS + 4 * 256;
export const STATUSES: usize = KEYS + 64 * 256;
export const HITS: usize = STATUSES + 256;

/** Numbers modulo n, 32 bytes little-endian an item. */
export const R_WORDS: usize = HITS + 256;
export const S_WORDS: usize = R_WORDS + 32 * 256;
export const U1_WORDS: usize = S_WORDS + 32 * 256;
export const U2_WORDS: usize = U1_WORDS + 32 * 256;
export const INVERSES: usize = U2_WORDS + 32 * 256;
/** Items of the call by what is done with them, 4 bytes each. */
export const LIST: usize = INVERSES + 32 * 257;
/** Room of scalars.ts. */
export const SCRATCH: usize = LIST + 4 * 256;

/** Digits of 64 items: [window][lane], 4 bytes each. */
export const DIGITS: usize = SCRATCH + 4096;
/** Address of the table of each lane, 4 bytes each. */
export const BASES: usize = DIGITS + 128 * 64 * 4;
/** Room of field.ts and points.ts: quads by themselves. */
export const TEMPS: usize = BASES + 128 * 4;
export const CONSTANTS: usize = TEMPS + 64 * QUAD;

/** Constants of invert.ts and of scalar.ts. */
export const MODULI: usize = CONSTANTS + 8 * QUAD;
export const ORDERS: usize = MODULI + 80;

/** Running products, denominators and cases of `addAll`. */
export const MAX_ADDS: i32 = 896;
export const PREFIXES: usize = ORDERS + 272;
export const DENOMINATORS: usize = PREFIXES + 896 * QUAD;
export const CASES: usize = DENOMINATORS + 896 * QUAD;
/** Points to add: [window][half][quad], and four more arrays of a quad for each lane. */
export const POINTS: usize = CASES + 896 * 32;
export const MULTIPLES: usize = POINTS + 1408 * POINT;
export const RESULTS: usize = MULTIPLES + 256 * POINT;
export const JACOBIANS: usize = RESULTS + 192 * POINT;
/** Tables and states of the hashes. */
export const HASH_TABLES: usize = JACOBIANS + 64 * 3 * QUAD;
/** What is hashed: data, stretches of it (start and end, 4 bytes each), the number of stretches up to each hash, and digests. */
export const MAX_HASHES: i32 = 65536;
export const MAX_PARTS: i32 = 196608;
export const MAX_HASH_BYTES: i32 = 1179648;
export const HASH_ENDS: usize = HASH_TABLES + 3072;
export const HASH_PARTS: usize = HASH_ENDS + 4 * 65536;
export const DIGESTS: usize = HASH_PARTS + 8 * 196608;
export const HASH_DATA: usize = DIGESTS + 32 * 65536;
/** The table of the base point; those of keys follow. */
export const TABLE_OF_BASE: usize = ((HASH_DATA + 1179648 + 65535) >> 16) << 16;
