/**
 * Hashes that wait for each other: a plan collects what is to be hashed, over bytes and over other hashes of the plan, and then
 * computes all of it level by level, each level of a whole batch in one call.
 *
 * @module
 */

import type { HashAlgorithm, HashBatch } from './engine.js';

/** What is hashed: bytes, which nobody may change before the plan has run, or a hash to come. */
export type HashPart = Uint8Array | PlannedHash;

/** A hash of a plan. */
export interface PlannedHash {
  readonly parts: readonly HashPart[];
  readonly level: number;
  /** 32 bytes, a view, once the plan has run. */
  value: Uint8Array;
}

/** A plan in the making. */
export interface HashPlan {
  /** Adds the hash of some parts, end to end. */
  readonly add: (parts: readonly HashPart[]) => PlannedHash;
  /** Computes all hashes that were added since the last run. */
  readonly run: () => void;
}

const HASH_SIZE = 32;
const PENDING = /* @__PURE__ */ new Uint8Array(0);

/** A plan without hashes. */
export function createHashPlan(algorithm: HashAlgorithm, hash: (batch: HashBatch) => Uint8Array): HashPlan {
  let levels: PlannedHash[][] = [];
  let buffer = new Uint8Array(0);
  return {
    add: (parts) => {
      let level = 0;
      for (const part of parts) if (isPlanned(part) && part.level >= level) level = part.level + 1;
      const planned: PlannedHash = { parts, level, value: PENDING };
      let found = levels[level];
      if (found === undefined) {
        found = [];
        levels[level] = found;
      }
      found.push(planned);
      return planned;
    },
    run: () => {
      const pending = levels;
      levels = [];
      for (const hashes of pending) {
        const offsets = measure(hashes);
        const size = offsets[hashes.length] as number;
        if (buffer.length < size) buffer = new Uint8Array(2 * size);
        gather(hashes, buffer);
        const digests = hash({ algorithm, data: buffer, offsets });
        for (let i = 0; i < hashes.length; i++)
          (hashes[i] as PlannedHash).value = digests.subarray(HASH_SIZE * i, HASH_SIZE * (i + 1));
      }
    },
  };
}

function isPlanned(part: HashPart): part is PlannedHash {
  return (part as PlannedHash).parts !== undefined;
}

/** Where each hash begins, and the end. */
function measure(hashes: readonly PlannedHash[]): Uint32Array {
  const offsets = new Uint32Array(hashes.length + 1);
  let at = 0;
  for (let i = 0; i < hashes.length; i++) {
    offsets[i] = at;
    for (const part of (hashes[i] as PlannedHash).parts) at += isPlanned(part) ? HASH_SIZE : part.length;
  }
  offsets[hashes.length] = at;
  return offsets;
}

function gather(hashes: readonly PlannedHash[], buffer: Uint8Array): void {
  let at = 0;
  for (const { parts } of hashes)
    for (const part of parts) {
      const bytes = isPlanned(part) ? part.value : part;
      buffer.set(bytes, at);
      at += bytes.length;
    }
}
