/** The conformance vectors in `test/vectors/poa`, and their forms of states and headers. */
import { readFileSync } from 'node:fs';
import { type Anchor, createState, type PoaHeader, type State } from 'poa-primitives/ckb';
import { bytes } from './bytes.js';

export interface VectorState {
  network: { epochLength: number | null; minimumBlockInterval: number; multisigCodeHash: string };
  hash: string;
  number: number;
  epoch: string;
  timestamps: number[];
  recentAttesters: string[];
  totalDifficulty: number;
  validatorListOutPoint: string;
  validatorListType: string;
  validatorList: VectorList;
}

export interface VectorList {
  attestInterval: number;
  voteLimit: number;
  pubkeyHashes: string[];
  data: string;
  multisigLock: string;
}

export interface VectorHeader {
  header: string;
  cellbase: string;
  hash: string;
  message: string;
  attester: string;
  publicKey: string;
  inTurn: boolean;
  votes: number;
  transactionsCount: number;
  transactions: string[];
  why: string;
  code: string;
  next: VectorState;
}

export function readVectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../vectors/poa/${name}`, import.meta.url), 'utf8'));
}

export const inputOf = ({ header, cellbase }: VectorHeader): PoaHeader => ({
  header: bytes(header),
  cellbase: bytes(cellbase),
});

export function anchorOf(state: VectorState): Anchor {
  return {
    network: { ...state.network, multisigCodeHash: bytes(state.network.multisigCodeHash) },
    hash: bytes(state.hash),
    number: BigInt(state.number),
    epoch: BigInt(state.epoch),
    timestamps: state.timestamps.map(BigInt),
    recentAttesters: state.recentAttesters.map(bytes),
    totalDifficulty: BigInt(state.totalDifficulty),
    validatorListOutPoint: bytes(state.validatorListOutPoint),
    validatorListType: bytes(state.validatorListType),
    validatorList: { ...state.validatorList, pubkeyHashes: state.validatorList.pubkeyHashes.map(bytes) },
  };
}

export const stateOf = (state: VectorState): State => createState(anchorOf(state));
