/**
 * Proves before anything is measured that the ways of a group come to the same result, and that the verifiers verify.
 */

import { ccc } from '@ckb-ccc/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { applyHeader, computeMerkleProof, computeMerkleRoot, type PoaHeader } from 'poa-primitives/ckb';
import { blocks, makeLeaves, now, state } from './fixtures.js';
import { cccRecover } from './peers/ccc.js';
import { assert, follow, peerStateOf } from './peers/header.js';
import { lumosRecover } from './peers/lumos.js';
import { nobleHash, nobleMerge, rootOfFirst } from './peers/merkle.js';
import type { Group } from './way.js';

export function checkGroup({ name, ways }: Group): void {
  const [ours, ...others] = ways.map((way) => ({ name: way.name, result: way.show() }));
  for (const other of others)
    assert(other.result === ours?.result, `${name}: ${other.name} gives ${other.result}, ours ${ours?.result}`);
}

const peerState = peerStateOf(state);
const verifiers: Record<string, (input: PoaHeader) => unknown> = {
  ours: (input) => applyHeader(state, input, { now }),
  lumos: (input) => follow(peerState, lumosRecover(input), now),
  ccc: (input) => follow(peerState, cccRecover(input), now),
};

/** A verifier that skips its work would look fast: each must refuse a header whose bytes were tampered with. */
export function checkVerifiers(): void {
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  for (const { block, transactions } of blocks) {
    const { header, cellbase } = block;
    const tampered: PoaHeader[] = [
      // The least byte of the timestamp: another key is recovered.
      { header: flip(header, 8), cellbase },
      // The transactions root: the proof gives another.
      { header: flip(header, 64), cellbase },
      // The size of the list of votes, the last field of all: the molecule is broken.
      { header, cellbase: flip(cellbase, cellbase.length - 4) },
    ];
    for (const [name, verify] of Object.entries(verifiers)) {
      verify({ header, cellbase });
      for (const input of tampered)
        assert(
          refuses(() => verify(input)),
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

/** Both are noble's BLAKE2b: one that takes several times as long as the other has hit what `setup.ts` guards against. */
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
