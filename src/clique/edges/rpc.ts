/**
 * What Ethereum nodes say in JSON: blocks of `eth_getBlockByNumber` and `eth_getBlockByHash`, snapshots of `clique_getSnapshot`.
 *
 * @see https://ethereum.github.io/execution-apis/api-documentation/
 * @module
 */

import { assertBytes, assertInteger } from '../../internal/bytes.js';
import {
  type JsonObject,
  jsonInvalid,
  member,
  readArray,
  readBytes,
  readObject,
  readQuantity,
  writeBytes,
  writeQuantity,
} from '../../internal/json.js';
import type { RecentSigner, Snapshot, State } from '../chain/state.js';
import { computeTally, listVotes, type Vote } from '../chain/votes.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from '../encoding/hash.js';
import { type Header, parseHeader, serializeHeader } from '../encoding/header.js';

/** A block as a node gives it, as far as it is the header. */
export interface RpcHeader {
  /** Hash of the block; null while it is pending. */
  readonly hash?: string | null;
  /** 32 bytes. */
  readonly parentHash: string;
  /** 32 bytes, hash of the uncles. */
  readonly sha3Uncles: string;
  /** 20 bytes, the beneficiary: whom the signer votes on. */
  readonly miner: string;
  /** 32 bytes. */
  readonly stateRoot: string;
  /** 32 bytes. */
  readonly transactionsRoot: string;
  /** 32 bytes. */
  readonly receiptsRoot: string;
  /** 256 bytes. */
  readonly logsBloom: string;
  /** Quantity; 2 in turn, 1 out of turn. */
  readonly difficulty: string;
  /** Quantity, height of the block. */
  readonly number: string;
  /** Quantity. */
  readonly gasLimit: string;
  /** Quantity. */
  readonly gasUsed: string;
  /** Quantity, seconds since 1970. */
  readonly timestamp: string;
  /** Vanity, signers at a checkpoint, seal. */
  readonly extraData: string;
  /** 32 bytes. */
  readonly mixHash: string;
  /** 8 bytes, all ones or all zeros. */
  readonly nonce: string;
  /** Quantity in wei, since London. */
  readonly baseFeePerGas?: string | null;
}

/** A snapshot as `clique_getSnapshot` gives it. */
export interface RpcSnapshot {
  /** Height of the block. */
  readonly number: number;
  /** Hash of the block. */
  readonly hash: string;
  /** The signers, as keys. */
  readonly signers: Readonly<Record<string, object>>;
  /** Who signed the last blocks, by height. */
  readonly recents: Readonly<Record<string, string>>;
  /** Votes that count, oldest first; null if there are none. */
  readonly votes: readonly RpcVote[] | null;
  /** How the votes stand, by address. */
  readonly tally: Readonly<Record<string, RpcTally>>;
}

/** A vote as `clique_getSnapshot` gives it. */
export interface RpcVote {
  /** 20 bytes, who voted. */
  readonly signer: string;
  /** Height of the block that carries the vote. */
  readonly block: number;
  /** 20 bytes, whom the vote is about. */
  readonly address: string;
  /** Whether to add the address to the signers; else to remove it. */
  readonly authorize: boolean;
}

/** A tally as `clique_getSnapshot` gives it. */
export interface RpcTally {
  /** Whether to add the address to the signers; else to remove it. */
  readonly authorize: boolean;
  /** How many votes there are. */
  readonly votes: number;
}

/** Fields of byte strings: their name in a header, in JSON, and their size. */
const BYTES_FIELDS = [
  ['parentHash', 'parentHash', HASH_SIZE],
  ['unclesHash', 'sha3Uncles', HASH_SIZE],
  ['beneficiary', 'miner', ADDRESS_SIZE],
  ['stateRoot', 'stateRoot', HASH_SIZE],
  ['transactionsRoot', 'transactionsRoot', HASH_SIZE],
  ['receiptsRoot', 'receiptsRoot', HASH_SIZE],
  ['logsBloom', 'logsBloom', 256],
  ['extraData', 'extraData', undefined],
  ['mixHash', 'mixHash', HASH_SIZE],
] as const;

/** Fields of numbers: their name in both, and their bits. */
const QUANTITY_FIELDS = [
  ['difficulty', 256],
  ['number', 64],
  ['gasLimit', 64],
  ['gasUsed', 64],
  ['timestamp', 64],
] as const;

/** Fields of headers after the last fork that Clique knows. */
const LATER_FIELDS = [
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const;

const NONCE_SIZE = 8;

/**
 * Reads a header out of a block of a node. The hash that the node states is not compared: `computeHeaderHash` of the result tells.
 *
 * @param block - as JSON gives it; other members than those of a header are left alone
 * @returns RLP of the header
 * @throws PoaError `JSON_INVALID`, also for a header of a later fork, whose hash would cover what no Clique header has
 * @example
 * ```ts
 * import { headerFromRpc, headerToRpc } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * headerFromRpc(headerToRpc(headers[0])); // => headers[0]
 * ```
 * @see Ethereum execution APIs, `eth_getBlockByNumber`; [C37 JSON](../RULES.md#c37-json)
 */
export function headerFromRpc(block: unknown): Uint8Array {
  const where = 'block';
  const json = readObject(where, block);
  const header: Record<string, unknown> = {};
  for (const [name, key, size] of BYTES_FIELDS) header[name] = readBytes(`${where}.${key}`, member(json, key), size);
  for (const [name, bits] of QUANTITY_FIELDS) header[name] = readQuantity(`${where}.${name}`, member(json, name), bits);
  const nonce = readBytes(`${where}.nonce`, member(json, 'nonce'), NONCE_SIZE);
  header.nonce = nonce.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const fee = member(json, 'baseFeePerGas') ?? null;
  header.baseFeePerGas = fee === null ? null : readQuantity(`${where}.baseFeePerGas`, fee, 256);
  for (const name of LATER_FIELDS) {
    const value = member(json, name) ?? null;
    if (value !== null)
      throw jsonInvalid(`${where}.${name}`, 'a header that Clique has, without it', 'one that has it');
  }
  return serializeHeader(header as unknown as Header);
}

/**
 * Writes a header as a node gives it, with its hash.
 *
 * @param bytes - RLP of a header
 * @returns an object that `JSON.stringify` takes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { headerToRpc } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * headerToRpc(headers[0]).number; // => '0x1'
 * ```
 * @see Ethereum execution APIs, `eth_getBlockByNumber`; [C37 JSON](../RULES.md#c37-json)
 */
export function headerToRpc(bytes: Uint8Array): RpcHeader {
  assertBytes('headerToRpc.bytes', bytes);
  const header = parseHeader(bytes);
  const json: Record<string, string> = { hash: writeBytes(keccak256(bytes)) };
  for (const [name, key] of BYTES_FIELDS) json[key] = writeBytes(header[name]);
  for (const [name] of QUANTITY_FIELDS) json[name] = writeQuantity(header[name]);
  json.nonce = `0x${header.nonce.toString(16).padStart(2 * NONCE_SIZE, '0')}`;
  if (header.baseFeePerGas !== null) json.baseFeePerGas = writeQuantity(header.baseFeePerGas);
  return json as unknown as RpcHeader;
}

/**
 * Reads a snapshot, from which with the header of its block a state can be made.
 *
 * @param snapshot - as JSON gives it
 * @returns copies; whether they make sense together is `createState`'s to say
 * @throws PoaError `JSON_INVALID`, also where the tally is not what the votes come to
 * @example
 * ```ts
 * import { applyHeader, createState, snapshotFromRpc, snapshotToRpc } from 'poa-primitives/clique';
 * import { anchor, headers, now, signers } from './clique-sample.js';
 *
 * const json = snapshotToRpc(applyHeader(createState(anchor), headers[0], { now }));
 * const snapshot = snapshotFromRpc(json);
 * snapshot.recents; // => [{ number: 1n, signer: signers[1] }]
 * createState({ header: headers[0], snapshot }).number; // => 1n
 * ```
 * @see go-ethereum, `clique_getSnapshot`; [C37 JSON](../RULES.md#c37-json)
 */
export function snapshotFromRpc(snapshot: unknown): Snapshot {
  const where = 'snapshot';
  const json = readObject(where, snapshot);
  const votes = member(json, 'votes') ?? null;
  const result: Snapshot = {
    number: readHeight(`${where}.number`, member(json, 'number')),
    hash: readBytes(`${where}.hash`, member(json, 'hash'), HASH_SIZE),
    signers: readSigners(`${where}.signers`, member(json, 'signers')),
    recents: readRecents(`${where}.recents`, member(json, 'recents')),
    votes: votes === null ? [] : readArray(`${where}.votes`, votes, readVote),
  };
  checkTally(`${where}.tally`, member(json, 'tally'), result.votes);
  return result;
}

function readHeight(where: string, value: unknown): bigint {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw jsonInvalid(where, 'a non-negative safe integer', typeof value === 'number' ? `${value}` : 'something else');
  return BigInt(value);
}

function readSigners(where: string, value: unknown): Uint8Array[] {
  return Object.keys(readObject(where, value)).map((key) => readBytes(`${where} key`, key, ADDRESS_SIZE));
}

function readRecents(where: string, value: unknown): RecentSigner[] {
  const json = readObject(where, value);
  return Object.keys(json).map((key) => {
    if (!/^(?:0|[1-9][0-9]{0,15})$/.test(key))
      throw jsonInvalid(`${where} key`, 'the decimal height of a block', 'another text');
    return {
      number: readHeight(`${where} key`, Number(key)),
      signer: readBytes(`${where}.${key}`, json[key], ADDRESS_SIZE),
    };
  });
}

function readVote(where: string, value: unknown): Vote {
  const json = readObject(where, value);
  return {
    signer: readBytes(`${where}.signer`, member(json, 'signer'), ADDRESS_SIZE),
    number: readHeight(`${where}.block`, member(json, 'block')),
    address: readBytes(`${where}.address`, member(json, 'address'), ADDRESS_SIZE),
    authorize: readFlag(`${where}.authorize`, json),
  };
}

function readFlag(where: string, json: JsonObject): boolean {
  const value = member(json, 'authorize');
  if (typeof value !== 'boolean')
    throw jsonInvalid(where, 'true or false', value === undefined ? 'nothing' : typeof value);
  return value;
}

/** The tally repeats what the votes say; a node that contradicts itself is not believed. */
function checkTally(where: string, value: unknown, votes: readonly Vote[]): void {
  const json = readObject(where, value);
  const counted = countVotes(votes);
  for (const key of Object.keys(json)) {
    const address = writeBytes(readBytes(`${where} key`, key, ADDRESS_SIZE));
    const tally = readObject(`${where}.${address}`, json[key]);
    const wanted = counted.get(address);
    const found = readHeight(`${where}.${address}.votes`, member(tally, 'votes'));
    const authorize = readFlag(`${where}.${address}.authorize`, tally);
    if (wanted === undefined || BigInt(wanted.votes) !== found || wanted.authorize !== authorize)
      throw jsonInvalid(`${where}.${address}`, `${wanted?.votes ?? 0} votes, as listed`, `${found}`);
    // Hex in capitals would be the same address again.
    counted.delete(address);
  }
  if (counted.size > 0) throw jsonInvalid(where, 'every address that there are votes on', `${counted.size} fewer`);
}

/** Votes about one address all ask for the same, or no block could have counted them. */
function countVotes(votes: readonly Vote[]): Map<string, RpcTally> {
  const counted = new Map<string, RpcTally>();
  for (const [i, { address, authorize }] of votes.entries()) {
    const key = writeBytes(address);
    const before = counted.get(key);
    if (before !== undefined && before.authorize !== authorize)
      throw jsonInvalid(
        `snapshot.votes[${i}].authorize`,
        `${before.authorize}, as others on the address`,
        `${authorize}`,
      );
    counted.set(key, { authorize, votes: (before?.votes ?? 0) + 1 });
  }
  return counted;
}

/**
 * Writes the snapshot of a state as `clique_getSnapshot` gives it.
 *
 * @param state - as the fold left it
 * @returns an object that `JSON.stringify` takes
 * @throws PoaError `OUT_OF_RANGE` for a height above 2^53 - 1, which JSON numbers do not carry
 * @example
 * ```ts
 * import { createState, snapshotToRpc } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * const { number, recents, votes } = snapshotToRpc(createState(anchor));
 * [number, recents, votes]; // => [0, {}, null]
 * ```
 * @see go-ethereum, `clique_getSnapshot`; [C37 JSON](../RULES.md#c37-json)
 */
export function snapshotToRpc(state: State): RpcSnapshot {
  const votes = listVotes(state);
  const number = Number(state.number);
  assertInteger('snapshotToRpc.state.number', number, 0, Number.MAX_SAFE_INTEGER);
  return {
    number,
    hash: writeBytes(state.hash),
    signers: Object.fromEntries(state.signers.map((signer) => [writeBytes(signer), {}])),
    recents: Object.fromEntries(state.recents.map((recent) => [`${recent.number}`, writeBytes(recent.signer)])),
    votes: votes.length === 0 ? null : votes.map(writeVote),
    tally: Object.fromEntries(
      computeTally(state).map(({ address, authorize, votes: count }) => [
        writeBytes(address),
        { authorize, votes: count },
      ]),
    ),
  };
}

function writeVote({ signer, number, address, authorize }: Vote): RpcVote {
  return { signer: writeBytes(signer), block: Number(number), address: writeBytes(address), authorize };
}
