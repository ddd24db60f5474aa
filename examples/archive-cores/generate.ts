/**
 * Makes the archive. A block names the hash of its parent, so blocks are finished one after the other; nearly all of the work comes
 * before that, and is done by all cores.
 */

import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { Piscina } from 'piscina';
import { ckbHash, computeMerkleRootFromProof } from 'poa-primitives/ckb';
import { serializeOffsets } from './archive.js';
import { makeAnchor, type PlannedBlock, planBlocks } from './network.js';
import type { HalfSignature, Prepared } from './prepare.js';

const PARENT_HASH_OFFSET = 32;
const TRANSACTIONS_ROOT_OFFSET = 64;
/** Blocks that a worker prepares at a time. */
const CHUNK = 250;
/** A molecule table of two, the first of 208 bytes. */
const RECORD_START = 12;
const CELLBASE_START = 220;

/** What making an archive needs. */
export interface ArchiveOptions {
  readonly path: string;
  readonly headers: number;
  readonly workers: number;
  /** Number of a block to be attested by somebody who may not yet. */
  readonly tooSoon?: number;
  readonly onProgress?: (made: number) => void;
}

/** Makes an archive, unless there is one; says whether it did. */
export async function generateArchive(options: ArchiveOptions): Promise<boolean> {
  const { path, headers, workers, tooSoon, onProgress } = options;
  if (existsSync(path)) return false;
  const pool = new Piscina<readonly PlannedBlock[], Prepared[]>({
    filename: new URL('./prepare.js', import.meta.url).href,
    name: 'prepare',
    minThreads: workers,
    maxThreads: workers,
  });
  const unfinished = `${path}.${process.pid}`;
  const file = openSync(unfinished, 'wx');
  const sizes: number[] = [];
  let parentHash = makeAnchor().hash;
  let at = 4 + 4 * headers;
  const plan = planBlocks(headers, tooSoon);
  const pending: Promise<Prepared[]>[] = [];
  for (let asked = 0; sizes.length < headers; ) {
    for (; pending.length < 4 * workers && asked < headers; asked += CHUNK)
      pending.push(pool.run(plan.slice(asked, asked + CHUNK)));
    const records = ((await pending.shift()) ?? []).map((prepared) => {
      const { header, cellbase, hash } = seal(prepared, parentHash);
      parentHash = hash;
      return serializeRecord(header, cellbase);
    });
    for (const record of records) sizes.push(record.length);
    at += writeSync(file, Buffer.concat(records), 0, undefined, at);
    onProgress?.(sizes.length);
  }
  writeSync(file, serializeOffsets(sizes), 0, undefined, 0);
  closeSync(file);
  await pool.destroy();
  renameSync(unfinished, path);
  return true;
}

/** Puts the parent's hash and the signature into a block. */
function seal({ header, cellbase, ...prepared }: Prepared, parentHash: Uint8Array) {
  header.set(parentHash, PARENT_HASH_OFFSET);
  // Its transactions root is still that of the zero signature, so the hash of the header is the message.
  cellbase.set(sign(prepared.signature, ckbHash(header)), prepared.signatureStart);
  const leaves = [ckbHash(cellbase), ...prepared.votes];
  const witnessesRoot = computeMerkleRootFromProof({
    leaves,
    indices: leaves.map((_, i) => i),
    count: prepared.transactionsCount,
    lemmas: prepared.lemmas,
  });
  header.set(ckbHash(prepared.rawTransactionsRoot, witnessesRoot), TRANSACTIONS_ROOT_OFFSET);
  return { header, cellbase, hash: ckbHash(header) };
}

/** The last step of a signature: s in the lower half. */
function sign({ r, recoveryId, factor, summand }: HalfSignature, message: Uint8Array): Uint8Array {
  const { Fn } = secp256k1.Point;
  const s = Fn.add(Fn.mul(bytesToNumberBE(factor), Fn.create(bytesToNumberBE(message))), bytesToNumberBE(summand));
  const isHigh = s > Fn.ORDER >> 1n;
  return Buffer.concat([r, Fn.toBytes(isHigh ? Fn.neg(s) : s), Uint8Array.of(isHigh ? recoveryId ^ 1 : recoveryId)]);
}

/** What `serializePoaHeader` makes, for parts that are known to be strict. */
function serializeRecord(header: Uint8Array, cellbase: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(CELLBASE_START + cellbase.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(RECORD_START, 4);
  bytes.writeUInt32LE(CELLBASE_START, 8);
  bytes.set(header, RECORD_START);
  bytes.set(cellbase, CELLBASE_START);
  return bytes;
}
