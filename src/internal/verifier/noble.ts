/**
 * The reference backend: `@noble/curves`. A key that is expected and known is confirmed without
 * recovering it, from tables of its multiples.
 *
 * @module
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Backend, Engine, EngineBatch, EngineOptions, EngineOutput } from './engine.js';
import { readWord } from './keys.js';
import { type AffinePoint, type Multiples, makeMultiples, sumProducts } from './multiples.js';
import { hashEach } from './nobleHash.js';
import * as refusal from './refusal.js';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
/** p - n: below it, two x coordinates have the same r. */
const ORDER_GAP = 0x14551231950b75fc4402da1722fc9baeen;
const FIELD_ORDER = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** Bits of a window of the tables of keys, and of that of the base point. */
const KEY_WIDTH = 5;
const BASE_WIDTH = 7;
/** What the table of a key takes in memory, about: 416 points of two bigints each. */
const TABLE_BYTES = 59_904;

/** noble, through which every signature goes as one by itself would, but for keys that are known. */
export const nobleBackend: Backend = { name: 'noble', open };

/** Tables of multiples: of keys by slot, and of the base point once it is needed. */
interface Tables {
  readonly keys: (KnownKey | undefined)[];
  base?: Multiples;
}

interface KnownKey {
  /** 64 bytes. */
  readonly key: Uint8Array;
  readonly multiples: Multiples;
}

function open({ maxTableBytes }: EngineOptions): Engine {
  const tables: Tables = { keys: [] };
  return {
    slots: Math.floor(maxTableBytes / TABLE_BYTES),
    levels: [2],
    costs: [1],
    maxCount: 256,
    build: (slots, keys) => {
      makeMultiples(keys.map(pointOf), KEY_WIDTH).forEach((multiples, i) => {
        tables.keys[slots[i] as number] = { key: keys[i] as Uint8Array, multiples };
      });
    },
    recover: (batch, output) => recoverBatch(tables, batch, output),
    hash: hashEach,
  };
}

/** The point of a flat key that was checked. */
function pointOf(key: Uint8Array): AffinePoint {
  return { x: readWord(key, 0), y: readWord(key, 32) };
}

/** An item whose numbers are in range. */
interface Item {
  readonly index: number;
  readonly r: bigint;
  readonly s: bigint;
  readonly message: bigint;
  readonly known: KnownKey;
}

function recoverBatch(tables: Tables, batch: EngineBatch, output: EngineOutput): void {
  const items: Item[] = [];
  const { messages, signatures } = batch;
  for (let index = 0; index < batch.count; index++) {
    const at = 65 * index;
    const r = readWord(signatures, at);
    const s = readWord(signatures, at + 32);
    const status = judge(signatures[at + 64] ?? 0, r, s, batch.isLowS);
    output.statuses[index] = status;
    output.hits[index] = 0;
    const known = tables.keys[batch.slots[index] ?? -1];
    if (status === refusal.RECOVERED && known !== undefined)
      items.push({ index, r, s, message: readWord(messages, 32 * index), known });
  }
  confirm(tables, items, batch, output);
  for (let index = 0; index < batch.count; index++)
    if (output.statuses[index] === refusal.RECOVERED && output.hits[index] === 0) recoverOne(index, batch, output);
}

function judge(id: number, r: bigint, s: bigint, isLowS: boolean): number {
  if (id > 3) return refusal.ID_TOO_LARGE;
  if (r === 0n) return refusal.R_ZERO;
  if (r >= ORDER) return refusal.R_TOO_LARGE;
  if (s === 0n) return refusal.S_ZERO;
  if (s >= ORDER) return refusal.S_TOO_LARGE;
  if (isLowS && s > HALF_ORDER) return refusal.S_HIGH;
  // x would be r + n, which is no coordinate.
  if (id > 1 && r >= ORDER_GAP) return refusal.NO_POINT;
  return refusal.RECOVERED;
}

/**
 * Confirms keys: `(message * G + r * key) / s` is the point that r and id name exactly when recovery gives the key. Its x is
 * compared modulo p, never n: modulo n, one r would stand for two points.
 */
function confirm(tables: Tables, items: readonly Item[], { signatures }: EngineBatch, output: EngineOutput): void {
  if (items.length === 0) return;
  const { Point } = secp256k1;
  tables.base ??= makeMultiples([Point.BASE.toAffine()], BASE_WIDTH)[0] as Multiples;
  const base = tables.base;
  const inverses = Point.Fn.invertBatch(items.map(({ s }) => s));
  const sums = sumProducts(
    items.map(({ r, message, known: { multiples } }, i) => [
      { scalar: (message * (inverses[i] as bigint)) % ORDER, multiples: base },
      { scalar: (r * (inverses[i] as bigint)) % ORDER, multiples },
    ]),
  );
  items.forEach(({ index, r, known }, i) => {
    const id = signatures[65 * index + 64] ?? 0;
    const sum = sums[i];
    if (sum === undefined || sum.x !== (id > 1 ? r + ORDER : r) || (sum.y & 1n) !== BigInt(id & 1)) return;
    output.hits[index] = 1;
    output.keys.set(known.key, 64 * index);
  });
}

function recoverOne(index: number, { messages, signatures }: EngineBatch, output: EngineOutput): void {
  const recovered = new Uint8Array(65);
  recovered[0] = signatures[65 * index + 64] ?? 0;
  recovered.set(signatures.subarray(65 * index, 65 * index + 64), 1);
  const message = new Uint8Array(messages.subarray(32 * index, 32 * index + 32));
  try {
    const key = secp256k1.Signature.fromBytes(recovered, 'recovered').recoverPublicKey(message);
    output.keys.set(key.toBytes(false).subarray(1), 64 * index);
  } catch {
    // All else was judged before: r has no y, or the sum is zero, which needs an r that has one.
    output.statuses[index] = hasPoint(signatures, index) ? refusal.INFINITY : refusal.NO_POINT;
  }
}

function hasPoint(signatures: Uint8Array, index: number): boolean {
  const { Fp } = secp256k1.Point;
  const r = readWord(signatures, 65 * index);
  const x = (signatures[65 * index + 64] ?? 0) > 1 ? r + ORDER : r;
  const square = (x * x * x + 7n) % FIELD_ORDER;
  return Fp.pow(square, (FIELD_ORDER - 1n) / 2n) === 1n;
}
