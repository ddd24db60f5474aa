/**
 * Hashes, merkle trees and molecule.
 *
 * @module
 */

import { ccc } from '@ckb-ccc/core';
import { blockchain, utils } from '@ckb-lumos/base';
import { bytesToHex } from '@noble/hashes/utils.js';
import { createVerifier } from 'poa-primitives';
import {
  ckbHash,
  computeMerkleProof,
  computeMerkleRoot,
  computeMerkleRootFromProof,
  type PoaHeader,
  parseTransaction,
} from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { makeBytes, makeLeaves } from '../fixtures/bytes.js';
import { makeChain } from '../fixtures/chains.js';
import { compareWays, type GroupPlan, makeWay } from '../harness/way.js';
import { cccMerge } from '../peers/ccc.js';
import { merkleProof, merkleRoot, merkleRootFromProof, nobleHash, nobleMerge } from '../peers/merkle.js';

/** Byte strings that the backend in WebAssembly hashes at a time. */
const HASHES = 256;

/** Bytes or hex of any of the libraries as the same hex. */
const hex = (value: ccc.BytesLike): string => bytesToHex(ccc.bytesFrom(value));
const hexes = (values: readonly ccc.BytesLike[]): string => values.map(hex).join();

function planHashing(size: number): GroupPlan {
  return {
    name: `hash of ${size} bytes`,
    make: () => {
      const data = makeBytes(size);
      const verifier = createVerifier({ backend: createWasmBackendSync() });
      const batch = {
        algorithm: 'ckb' as const,
        data: Buffer.concat(Array.from({ length: HASHES }, () => data)),
        offsets: Uint32Array.from({ length: HASHES + 1 }, (_, i) => i * size),
      };
      return compareWays('hash', [
        makeWay('ours: ckbHash', () => ckbHash(data), hex),
        {
          name: `ours: wasm verifier, batches of ${HASHES}`,
          count: HASHES,
          run: () => verifier.hash(batch),
          show: () => hex(verifier.hash(batch).slice(-32)),
        },
        makeWay('noble: blake2b', () => nobleHash(data), hex),
        makeWay('ccc: hashCkb', () => ccc.hashCkb(data), hex),
        makeWay('lumos: ckbHash', () => utils.ckbHash(data), hex),
      ]);
    },
  };
}

/**
 * Neither Lumos nor CCC has a merkle tree: the peers are one written by hand over noble's hash and over CCC's. Making a
 * proof hashes what the root does, so CCC stands beside the root only.
 */
function planMerkle(count: number): GroupPlan[] {
  const leaves = makeLeaves(count);
  const index = count >> 1;
  const leaf = leaves[index] as Uint8Array;
  const proof = computeMerkleProof(leaves, [index]);
  const { lemmas } = proof;
  const of = `${count} ${count === 1 ? 'leaf' : 'leaves'}`;
  return [
    {
      name: `merkle root of ${of}`,
      make: () =>
        compareWays('root', [
          makeWay('ours: computeMerkleRoot', () => computeMerkleRoot(leaves), hex),
          makeWay('noble: by hand', () => merkleRoot(leaves, nobleMerge), hex),
          makeWay('ccc: by hand', () => merkleRoot<ccc.BytesLike>(leaves, cccMerge), hex),
        ]),
    },
    {
      name: `merkle proof of one of ${of}`,
      make: () =>
        compareWays('proof', [
          makeWay('ours: computeMerkleProof', () => computeMerkleProof(leaves, [index]).lemmas, hexes),
          makeWay('noble: by hand', () => merkleProof(leaves, index, nobleMerge), hexes),
        ]),
    },
    {
      name: `merkle root from the proof of one of ${of}`,
      make: () =>
        compareWays('root', [
          makeWay('ours: computeMerkleRootFromProof', () => computeMerkleRootFromProof(proof), hex),
          makeWay('noble: by hand', () => merkleRootFromProof(leaf, index, count, lemmas, nobleMerge), hex),
          makeWay('ccc: by hand', () => merkleRootFromProof<ccc.BytesLike>(leaf, index, count, lemmas, cccMerge), hex),
        ]),
    },
  ];
}

const molecule: GroupPlan = {
  name: 'molecule of a cellbase',
  make: () => {
    const { cellbase } = makeChain(1).headers[0] as PoaHeader;
    type Parsed = { inputs: readonly unknown[]; witnesses: readonly ccc.BytesLike[] };
    const show = ({ inputs, witnesses }: Parsed): string => `${inputs.length} ${hexes(witnesses)}`;
    return compareWays('transaction', [
      makeWay('ours: parseTransaction, strict', () => parseTransaction(cellbase), show),
      makeWay('ccc: Transaction.fromBytes', () => ccc.Transaction.fromBytes(cellbase), show),
      makeWay('lumos: Transaction.unpack', () => blockchain.Transaction.unpack(cellbase), show),
    ]);
  },
};

export const primitiveGroups: readonly GroupPlan[] = [
  ...[64, 208, 4096].map(planHashing),
  ...[1, 1000].flatMap(planMerkle),
  molecule,
];
