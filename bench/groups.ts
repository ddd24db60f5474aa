/**
 * What is measured: groups of ways to the same result, ours first.
 */

import { ccc } from '@ckb-ccc/core';
import { blockchain, utils } from '@ckb-lumos/base';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  type AttestedBlock,
  applyHeader,
  applyRecovered,
  ckbHash,
  computeAttestationMessage,
  computeMerkleProof,
  computeMerkleRoot,
  computeMerkleRootFromProof,
  type PoaHeader,
  parsePoaContext,
  parseTransaction,
  recoverHeader,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
// The library exports no recovery of a single signature; this is what its `recoverHeader` calls.
import { recoverPublicKey } from '../src/internal/secp256k1.js';
import { cliqueGroups } from './clique.js';
import { blocks, makeBytes, makeLeaves, now, state } from './fixtures.js';
import { cccMerge, cccRecover } from './peers/ccc.js';
import { follow, type PeerState, peerStateOf } from './peers/header.js';
import { lumosRecover } from './peers/lumos.js';
import { merkleProof, merkleRoot, merkleRootFromProof, nobleHash, nobleMerge } from './peers/merkle.js';
import { type Group, way } from './way.js';

/** Bytes or hex of any of the libraries as the same hex. */
const hex = (value: ccc.BytesLike): string => bytesToHex(ccc.bytesFrom(value));

function hashGroup(size: number): Group {
  const data = makeBytes(size);
  return {
    name: `hash of ${size} bytes`,
    ways: [
      way('ours: ckbHash', () => ckbHash(data), hex),
      way('noble: blake2b', () => nobleHash(data), hex),
      way('ccc: hashCkb', () => ccc.hashCkb(data), hex),
      way('lumos: ckbHash', () => utils.ckbHash(data), hex),
    ],
  };
}

/**
 * Neither Lumos nor CCC has a merkle tree: the peers are one written by hand over noble's hash and over CCC's. Making a
 * proof hashes what the root does, so CCC stands beside the root only.
 */
function merkleGroups(count: number): Group[] {
  const leaves = makeLeaves(count);
  const index = count >> 1;
  const leaf = leaves[index] as Uint8Array;
  const proof = computeMerkleProof(leaves, [index]);
  const { lemmas } = proof;
  const hexes = (values: readonly ccc.BytesLike[]): string => values.map(hex).join();
  const of = `${count} ${count === 1 ? 'leaf' : 'leaves'}`;
  return [
    {
      name: `merkle root of ${of}`,
      ways: [
        way('ours: computeMerkleRoot', () => computeMerkleRoot(leaves), hex),
        way('noble: by hand', () => merkleRoot(leaves, nobleMerge), hex),
        way('ccc: by hand', () => merkleRoot<ccc.BytesLike>(leaves, cccMerge), hex),
      ],
    },
    {
      name: `merkle proof of one of ${of}`,
      ways: [
        way('ours: computeMerkleProof', () => computeMerkleProof(leaves, [index]).lemmas, hexes),
        way('noble: by hand', () => merkleProof(leaves, index, nobleMerge), hexes),
      ],
    },
    {
      name: `merkle root from the proof of one of ${of}`,
      ways: [
        way('ours: computeMerkleRootFromProof', () => computeMerkleRootFromProof(proof), hex),
        way('noble: by hand', () => merkleRootFromProof(leaf, index, count, lemmas, nobleMerge), hex),
        way('ccc: by hand', () => merkleRootFromProof<ccc.BytesLike>(leaf, index, count, lemmas, cccMerge), hex),
      ],
    },
  ];
}

const signatureOf = ({ cellbase }: PoaHeader): Uint8Array => {
  const witness = parseTransaction(cellbase).witnesses[0] as Uint8Array;
  return parsePoaContext(splitCellbaseWitness(witness).poaContext).signature;
};

/** CCC recovers no keys of CKB messages, and Lumos none at all: their users take noble. */
function recoveryGroup(block: AttestedBlock): Group {
  const message = computeAttestationMessage(block);
  const signature = signatureOf(block);
  const recovered = Uint8Array.of(signature[64] as number, ...signature.subarray(0, 64));
  return {
    name: 'recovery of one key',
    ways: [
      way('ours: internal recoverPublicKey', () => recoverPublicKey('bench', message, signature, 'low'), hex),
      way('noble: recoverPublicKey', () => secp256k1.recoverPublicKey(recovered, message, { prehash: false }), hex),
    ],
  };
}

const peerState = peerStateOf(state);

const showState = ({ hash, number }: { hash: ccc.BytesLike; number: bigint }): string => `${number} ${hex(hash)}`;

function headerGroups(transactions: number, block: AttestedBlock): Group[] {
  const input: PoaHeader = { header: block.header, cellbase: block.cellbase };
  const lumos = (): PeerState => follow(peerState, lumosRecover(input), now);
  const cccWay = (): PeerState => follow(peerState, cccRecover(input), now);
  type Found = Record<'hash' | 'message' | 'attester', ccc.BytesLike>;
  const showRecovered = ({ hash, message, attester }: Found): string => [hash, message, attester].map(hex).join(' ');
  const of = `a header of ${transactions} transaction${transactions === 1 ? '' : 's'}`;
  return [
    {
      name: `${of}, bytes to next state`,
      ways: [
        way('ours: applyHeader', () => applyHeader(state, input, { now }), showState),
        way('lumos and noble: by hand', lumos, showState),
        way('ccc and noble: by hand', cccWay, showState),
      ],
    },
    {
      name: `${of}, recovered`,
      ways: [
        way('ours: recoverHeader', () => recoverHeader(input), showRecovered),
        way('lumos and noble: by hand', () => lumosRecover(input), showRecovered),
        way('ccc and noble: by hand', () => cccRecover(input), showRecovered),
      ],
    },
  ];
}

function applyRecoveredGroup(block: AttestedBlock): Group {
  const recovered = recoverHeader(block);
  const peerRecovered = cccRecover(block);
  return {
    name: 'a recovered header applied',
    ways: [
      way('ours: applyRecovered', () => applyRecovered(state, recovered, { now }), showState),
      way('by hand, sharing the old state', () => follow(peerState, peerRecovered, now), showState),
    ],
  };
}

function moleculeGroup(transactions: number, { cellbase }: AttestedBlock): Group {
  type Parsed = { inputs: readonly unknown[]; witnesses: readonly ccc.BytesLike[] };
  const show = ({ inputs, witnesses }: Parsed): string => `${inputs.length} ${witnesses.map(hex).join()}`;
  return {
    name: `molecule, the cellbase of ${transactions} transactions (${cellbase.length} bytes)`,
    ways: [
      way('ours: parseTransaction', () => parseTransaction(cellbase), show),
      way('ccc: Transaction.fromBytes', () => ccc.Transaction.fromBytes(cellbase), show),
      way('lumos: Transaction.unpack', () => blockchain.Transaction.unpack(cellbase), show),
    ],
  };
}

const { transactions, block } = blocks[blocks.length - 1] as (typeof blocks)[number];

export const groups: readonly Group[] = [
  ...[64, 208, 4096].map(hashGroup),
  ...[1, 10, 100, 1000, 10_000].flatMap(merkleGroups),
  recoveryGroup(block),
  ...blocks.flatMap((made) => headerGroups(made.transactions, made.block)),
  applyRecoveredGroup(block),
  moleculeGroup(transactions, block),
  ...cliqueGroups,
];
