/**
 * What verifiers of one header share whatever they decode with: the rules that need a state, and noble's recovery.
 */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { State } from 'poa-primitives/ckb';

export const TRANSACTIONS_ROOT_OFFSET = 64;
export const NULL_HASH: string = `0x${'00'.repeat(32)}`;
export const ZERO_SIGNATURE: Uint8Array = new Uint8Array(65);

/** What a verifier learns from a header; hashes as hex, the form in which both libraries hold them. */
export interface Recovered {
  readonly hash: string;
  readonly message: string;
  readonly attester: string;
  readonly header: Fields;
}

export interface Fields {
  readonly version: number;
  readonly compactTarget: number;
  readonly timestamp: bigint;
  readonly number: bigint;
  readonly epoch: bigint;
  readonly parentHash: string;
  readonly nonce: bigint;
}

/** As much of a state as a verifier needs that follows no votes. */
export interface PeerState {
  readonly hash: string;
  readonly number: bigint;
  readonly epoch: bigint;
  readonly timestamps: readonly bigint[];
  readonly recent: readonly string[];
  readonly attestInterval: number;
  readonly list: readonly string[];
}

const hexOf = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;

export function peerStateOf(state: State): PeerState {
  return {
    hash: hexOf(state.hash),
    number: state.number,
    epoch: state.epoch,
    timestamps: state.timestamps,
    recent: state.recentAttesters.map(hexOf),
    attestInterval: state.validatorList.attestInterval,
    list: state.validatorList.pubkeyHashes.map(hexOf),
  };
}

export const assert = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** The rules that need a state, and the state after the header; both verifiers share it. */
export function follow(state: PeerState, { hash, attester, header }: Recovered, now: number): PeerState {
  const { timestamp, number, epoch } = header;
  const index = (epoch >> 24n) & 0xffffn;
  const length = (epoch >> 40n) & 0xffffn;
  const previous = (state.epoch >> 24n) & 0xffffn;
  assert(header.version === 0 && header.nonce === 0n, 'version or nonce');
  assert(header.parentHash === state.hash && number === state.number + 1n, 'parent');
  assert(epoch >> 56n === 0n && index < length, 'epoch is malformed');
  const within = previous + 1n < (state.epoch >> 40n || 1n);
  assert(
    within ? epoch === state.epoch + (1n << 24n) : (epoch & 0xffffffn) === (state.epoch & 0xffffffn) + 1n,
    'epoch does not follow',
  );
  const sorted = [...state.timestamps].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  assert(timestamp > (sorted[sorted.length >> 1] as bigint), 'timestamp is too old');
  assert(timestamp <= BigInt(now + 15_000), 'timestamp is too new');
  const at = state.list.indexOf(attester);
  assert(at !== -1, 'attester is unknown');
  assert(!state.recent.slice(-state.attestInterval).includes(attester), 'attester is too soon');
  const inTurn = BigInt(at) === number % BigInt(state.list.length);
  assert(header.compactTarget === (inTurn ? 0x20800000 : 0x20ffffff), 'difficulty');
  return {
    ...state,
    hash,
    number,
    epoch,
    timestamps: [...state.timestamps.slice(-36), timestamp],
    recent: [...state.recent.slice(-253), attester],
  };
}

/** CKB puts the recovery id last, noble first. */
export function recover(signature: Uint8Array, message: Uint8Array): Uint8Array {
  const recovered = new Uint8Array(65);
  recovered[0] = signature[64] as number;
  recovered.set(signature.subarray(0, 64), 1);
  assert(!secp256k1.Signature.fromBytes(recovered, 'recovered').hasHighS(), 'high s');
  return secp256k1.recoverPublicKey(recovered, message, { prehash: false });
}
