/**
 * Hashes that wait for each other: a plan collects what is to be hashed, over bytes and over other hashes of the plan, and then
 * computes all of it in one call. Bytes are copied once, and everything else is numbers in flat arrays.
 *
 * @module
 */

import { copyBytes, isEqualAt } from '../bytes.js';
import { DIGEST_ADDRESS, DIGEST_SIZE, type HashAlgorithm, type HashProgram } from './engine.js';

/** A plan in the making. Addresses are where bytes lie for it: those that were put in, and digests to come. */
export interface HashPlan {
  /** Copies bytes in and gives their address. */
  readonly put: (bytes: Uint8Array) => number;
  /** Adds a stretch to the string of the next hash. */
  readonly part: (address: number, size: number) => void;
  /** Adds the hash of the parts that were added, and gives the address of its digest. */
  readonly close: () => number;
  /** Hashes two hashes: the address of the digest. */
  readonly merge: (left: number, right: number) => number;
  /** Hashes some bytes: the address of the digest. */
  readonly add: (bytes: Uint8Array) => number;
  /** Hashes some byte strings, end to end: the address of the digest. */
  readonly addAll: (chunks: readonly Uint8Array[]) => number;
  /** Computes all hashes that were added since the last run; addresses of before mean nothing then. */
  readonly run: () => void;
  /** Forgets what was added since the last run. */
  readonly clear: () => void;
  /** A view of a digest of the last run, 32 bytes. */
  readonly digest: (address: number) => Uint8Array;
  /** Copies a digest of the last run to an offset of some bytes. */
  readonly copyDigest: (address: number, target: Uint8Array, at: number) => void;
  /** Whether a digest of the last run is what lies at an offset of some bytes. */
  readonly isDigest: (address: number, bytes: Uint8Array, at: number) => boolean;
}

/** A plan without hashes. */
export function createHashPlan(algorithm: HashAlgorithm, hash: (program: HashProgram) => Uint8Array): HashPlan {
  let data: Uint8Array = new Uint8Array(4096);
  let parts: Uint32Array = new Uint32Array(256);
  let ends: Uint32Array = new Uint32Array(64);
  let size = 0;
  let partCount = 0;
  let hashCount = 0;
  let digests: Uint8Array = new Uint8Array(0);

  const put = (bytes: Uint8Array): number => {
    const address = size;
    size += bytes.length;
    if (size > data.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(data.subarray(0, address));
      data = larger;
    }
    data.set(bytes, address);
    return address;
  };

  const part = (address: number, length: number): void => {
    if (2 * partCount === parts.length) parts = doubled(parts);
    parts[2 * partCount] = address;
    parts[2 * partCount + 1] = address + length;
    partCount++;
  };

  const close = (): number => {
    if (hashCount === ends.length) ends = doubled(ends);
    ends[hashCount] = partCount;
    return DIGEST_ADDRESS + DIGEST_SIZE * hashCount++;
  };

  const clear = (): void => {
    size = 0;
    partCount = 0;
    hashCount = 0;
  };

  return {
    put,
    part,
    close,
    clear,
    merge: (left, right) => {
      part(left, DIGEST_SIZE);
      part(right, DIGEST_SIZE);
      return close();
    },
    add: (bytes) => {
      part(put(bytes), bytes.length);
      return close();
    },
    addAll: (chunks) => {
      for (const bytes of chunks) part(put(bytes), bytes.length);
      return close();
    },
    run: () => {
      const program = {
        algorithm,
        data: data.subarray(0, size),
        parts: parts.subarray(0, 2 * partCount),
        ends: ends.subarray(0, hashCount),
      };
      clear();
      digests = hash(program);
    },
    digest: (address) => digests.subarray(address - DIGEST_ADDRESS, address - DIGEST_ADDRESS + DIGEST_SIZE),
    copyDigest: (address, target, at) => copyBytes(digests, address - DIGEST_ADDRESS, DIGEST_SIZE, target, at),
    isDigest: (address, bytes, at) => isEqualAt(digests, address - DIGEST_ADDRESS, DIGEST_SIZE, bytes, at),
  };
}

function doubled(words: Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * words.length);
  larger.set(words);
  return larger;
}
