/**
 * The reference backend: `@noble/curves`. A key that is expected and known is confirmed without
 * recovering it, from tables of its multiples.
 *
 * @module
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { readUintBE } from '../bytes.js';
import type { Backend, Engine, EngineBatch, EngineOptions, EngineOutput } from './engine.js';
import { hashEach } from './nobleHash.js';
import * as refusal from './refusal.js';

type Point = InstanceType<typeof secp256k1.Point>;

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
/** p - n: below it, two x coordinates have the same r. */
const ORDER_GAP = 0x14551231950b75fc4402da1722fc9baeen;
const FIELD_ORDER = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** Bits of a window of a table: 52 windows of 16 points. */
const WINDOW = 5;
/** What a table takes in memory, about: two or three bigints and an object for each point. */
const TABLE_BYTES = 186_368;

/** noble, through which every signature goes as one by itself would. */
export const nobleBackend: Backend = { name: 'noble', open };

function open({ maxTableBytes }: EngineOptions): Engine {
  const points: (Point | undefined)[] = [];
  return {
    slots: Math.floor(maxTableBytes / TABLE_BYTES),
    levels: [8],
    maxCount: 256,
    build: (slots, keys) => {
      slots.forEach((slot, i) => {
        const point = pointOf(keys[i] as Uint8Array);
        points[slot] = point.precompute(WINDOW, false) as Point;
      });
    },
    recover: (batch, output) => recoverBatch(points, batch, output),
    hash: hashEach,
  };
}

/** The point of a flat key that was checked. */
function pointOf(key: Uint8Array): Point {
  return secp256k1.Point.fromAffine({ x: readUintBE(key, 0, 32), y: readUintBE(key, 32, 32) });
}

/** An item whose numbers are in range. */
interface Item {
  readonly index: number;
  readonly r: bigint;
  readonly s: bigint;
  readonly message: bigint;
  readonly point: Point;
}

function recoverBatch(points: readonly (Point | undefined)[], batch: EngineBatch, output: EngineOutput): void {
  const known: Item[] = [];
  const { messages, signatures } = batch;
  for (let index = 0; index < batch.count; index++) {
    const at = 65 * index;
    const r = readUintBE(signatures, at, 32);
    const s = readUintBE(signatures, at + 32, 32);
    const status = judge(signatures[at + 64] ?? 0, r, s, batch.isLowS);
    output.statuses[index] = status;
    output.hits[index] = 0;
    const point = points[batch.slots[index] ?? -1];
    if (status === refusal.RECOVERED && point !== undefined)
      known.push({ index, r, s, message: readUintBE(messages, 32 * index, 32), point });
  }
  confirm(known, batch, output);
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
function confirm(items: readonly Item[], { signatures }: EngineBatch, output: EngineOutput): void {
  if (items.length === 0) return;
  const { Point } = secp256k1;
  const inverses = Point.Fn.invertBatch(items.map(({ s }) => s));
  const sums = items.map(({ r, message, point }, i) => {
    const inverse = inverses[i] as bigint;
    const ofBase = (message * inverse) % ORDER;
    return Point.BASE.multiplyUnsafe(ofBase).add(point.multiplyUnsafe((r * inverse) % ORDER));
  });
  items.forEach(({ index, r, point }, i) => {
    const sum = sums[i] as Point;
    if (sum.is0()) return;
    const id = signatures[65 * index + 64] ?? 0;
    // Compared in projective coordinates first: an inversion for each wrong guess is saved.
    if (((id > 1 ? r + ORDER : r) * sum.Z - sum.X) % FIELD_ORDER !== 0n) return;
    if ((sum.toAffine().y & 1n) !== BigInt(id & 1)) return;
    output.hits[index] = 1;
    output.keys.set(point.toBytes(false).subarray(1), 64 * index);
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
  const r = readUintBE(signatures, 65 * index, 32);
  const x = (signatures[65 * index + 64] ?? 0) > 1 ? r + ORDER : r;
  const square = (x * x * x + 7n) % FIELD_ORDER;
  return Fp.pow(square, (FIELD_ORDER - 1n) / 2n) === 1n;
}
