/**
 * Proves before anything is measured that the ways of a group come to the same result, and that the verifiers verify.
 *
 * @module
 */

import { ccc } from '@ckb-ccc/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { createVerifier } from 'poa-primitives';
import { applyHeader, computeMerkleProof, computeMerkleRoot, type PoaHeader } from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { makeLeaves } from './fixtures/bytes.js';
import { NOW } from './fixtures/network.js';
import { makeSituation } from './groups/headers.js';
import type { Group } from './harness/way.js';
import { cccRecover } from './peers/ccc.js';
import { assert, follow, peerStateOf } from './peers/header.js';
import { lumosRecover } from './peers/lumos.js';
import { nobleHash, nobleMerge, rootOfFirst } from './peers/merkle.js';
import { createNativeBackend } from './peers/native.js';

/** What users get and what is measured: the build, and none of its sources. */
export function checkBuild(): void {
  const found = import.meta.resolve('poa-primitives');
  assert(found.endsWith('/dist/index.js'), `the built package is to be measured, not ${found}`);
}

export function checkGroup({ name, ways }: Group): void {
  const [first, ...others] = ways.flatMap((way) => (way.show ? [{ name: way.name, result: way.show() }] : []));
  for (const other of others)
    assert(
      other.result === first?.result,
      `${name}: ${other.name} gives ${other.result}, ${first?.name} gives ${first?.result}`,
    );
}

/** A verifier that skips its work would look fast: each must refuse a header whose bytes were tampered with. */
export function checkVerifiers(): void {
  const { state, blocks } = makeSituation();
  const peerState = peerStateOf(state);
  const apply = (verifier?: ReturnType<typeof createVerifier>) => (input: PoaHeader) =>
    applyHeader(state, input, { now: NOW, ...(verifier && { verifier }) });
  const verifiers: Record<string, (input: PoaHeader) => unknown> = {
    ours: apply(),
    'ours with noble': apply(createVerifier()),
    'ours with wasm': apply(createVerifier({ backend: createWasmBackendSync() })),
    'ours with the native addon': apply(createVerifier({ backend: createNativeBackend() })),
    lumos: (input) => follow(peerState, lumosRecover(input), NOW),
    ccc: (input) => follow(peerState, cccRecover(input), NOW),
  };
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  for (const { input, transactions } of blocks) {
    const { header, cellbase } = input;
    const tampered: PoaHeader[] = [
      // The least byte of the timestamp: another key is recovered.
      { header: flip(header, 8), cellbase },
      // The transactions root: the proof gives another.
      { header: flip(header, 64), cellbase },
      // The size of the list of votes, the last field of all: the molecule is broken.
      { header, cellbase: flip(cellbase, cellbase.length - 4) },
    ];
    for (const [name, verify] of Object.entries(verifiers)) {
      verify(input);
      for (const bad of tampered)
        assert(
          refuses(() => verify(bad)),
          `${name} took a bad header of ${transactions}`,
        );
    }
  }
  checkFirstLeaves();
}

/** The proof of several leaves, which headers with votes need. */
function checkFirstLeaves(): void {
  const leaves = makeLeaves(33);
  const { lemmas } = computeMerkleProof(leaves, [0, 1, 2]);
  const root = rootOfFirst(leaves.slice(0, 3), leaves.length, lemmas, nobleMerge);
  assert(bytesToHex(root) === bytesToHex(computeMerkleRoot(leaves)), 'the merkle proof of the first leaves');
}

function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

/**
 * Both are noble's BLAKE2b. Under tsx on Node 20, loading CCC after noble's has run leaves V8 with code for noble's `{ h, l }` pairs that
 * misses its inline cache on every access: each hash takes many times as long from then on. Without tsx that has not been seen.
 */
export function checkHashing(): void {
  const data = new Uint8Array(64);
  const timeOf = (hash: () => unknown): number => {
    for (let i = 0; i < 2000; i++) hash();
    const start = performance.now();
    for (let i = 0; i < 2000; i++) hash();
    return performance.now() - start;
  };
  // Once is enough to show that it can be fast: a machine may be busy with something else for a moment.
  const slowness = Math.min(...[1, 2, 3].map(() => timeOf(() => nobleHash(data)) / timeOf(() => ccc.hashCkb(data))));
  assert(slowness < 5, `noble hashes ${slowness.toFixed(0)} times as slowly as CCC: the measurements would be wrong`);
}
