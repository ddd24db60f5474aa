/**
 * Hashes through an instance of the module: one crossing for a program that there is room for, several for a larger one.
 *
 * @module
 */

import { DIGEST_ADDRESS, DIGEST_SIZE, type HashAlgorithm, type HashProgram } from '../internal/verifier/engine.js';
import { hashEach } from '../internal/verifier/nobleHash.js';
import type { Exports } from './platform.js';

/** Numbers of the hashes, as the module knows them. */
const ALGORITHMS: Readonly<Record<HashAlgorithm, number>> = { ckb: 0, keccak256: 1, sha256: 2 };

/** Computes the hashes of a program, 32 bytes each. */
export function hashAll(wasm: Exports, program: HashProgram, output: Uint8Array): void {
  const { data, parts, ends } = program;
  const fits =
    ends.length <= wasm.MAX_HASHES.value &&
    parts.length <= 2 * wasm.MAX_PARTS.value &&
    data.length <= wasm.MAX_HASH_BYTES.value;
  if (fits) hashAtOnce(wasm, program, output);
  else hashBySlices(wasm, program, output);
}

function hashAtOnce(wasm: Exports, { algorithm, data, parts, ends }: HashProgram, output: Uint8Array): void {
  const { buffer } = wasm.memory;
  const bytes = new Uint8Array(buffer);
  bytes.set(data, wasm.HASH_DATA.value);
  // WebAssembly and every machine that runs it today store the lowest byte first, as these arrays do.
  new Uint32Array(buffer, wasm.HASH_PARTS.value, parts.length).set(parts);
  new Uint32Array(buffer, wasm.HASH_ENDS.value, ends.length).set(ends);
  wasm.hash(ALGORITHMS[algorithm], ends.length);
  output.set(bytes.subarray(wasm.DIGESTS.value, wasm.DIGESTS.value + DIGEST_SIZE * ends.length));
}

/** Lays byte strings out one by one, as many as there is room for and none that needs a digest of the same slice. */
function hashBySlices(wasm: Exports, program: HashProgram, output: Uint8Array): void {
  const { algorithm, ends } = program;
  let first = 0;
  let size = 0;
  let strings: Uint8Array[] = [];
  const flush = (): void => {
    const slice = layOut(algorithm, strings, size);
    const digests = output.subarray(DIGEST_SIZE * first, DIGEST_SIZE * (first + strings.length));
    if (size > wasm.MAX_HASH_BYTES.value) hashEach(slice, digests);
    else hashAtOnce(wasm, slice, digests);
    first += strings.length;
    size = 0;
    strings = [];
  };
  for (let i = 0, part = 0; i < ends.length; part = ends[i] as number, i++) {
    const added = measure(program, part, ends[i] as number, DIGEST_ADDRESS + DIGEST_SIZE * first);
    const isFull = strings.length === wasm.MAX_HASHES.value || size + added.size > wasm.MAX_HASH_BYTES.value;
    if (strings.length > 0 && (isFull || added.needsSlice)) flush();
    strings.push(gather(program, part, ends[i] as number, added.size, output));
    size += added.size;
  }
  if (strings.length > 0) flush();
}

/** Bytes of a string, and whether it holds a digest from an address on. */
function measure({ parts }: HashProgram, from: number, to: number, address: number) {
  let size = 0;
  let needsSlice = false;
  for (let part = from; part < to; part++) {
    const end = parts[2 * part + 1] as number;
    size += end - (parts[2 * part] as number);
    if (end > address) needsSlice = true;
  }
  return { size, needsSlice };
}

function gather({ data, parts }: HashProgram, from: number, to: number, size: number, digests: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let part = from; part < to; part++) {
    const start = parts[2 * part] as number;
    const end = parts[2 * part + 1] as number;
    const isDigest = start >= DIGEST_ADDRESS;
    bytes.set(
      isDigest ? digests.subarray(start - DIGEST_ADDRESS, end - DIGEST_ADDRESS) : data.subarray(start, end),
      at,
    );
    at += end - start;
  }
  return bytes;
}

/** A program of strings of one part each. */
function layOut(algorithm: HashAlgorithm, strings: readonly Uint8Array[], size: number): HashProgram {
  const data = new Uint8Array(size);
  const parts = new Uint32Array(2 * strings.length);
  let at = 0;
  for (const [i, bytes] of strings.entries()) {
    data.set(bytes, at);
    parts[2 * i] = at;
    at += bytes.length;
    parts[2 * i + 1] = at;
  }
  return { algorithm, data, parts, ends: Uint32Array.from(strings, (_, i) => i + 1) };
}
