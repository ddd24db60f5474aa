/**
 * States as bytes, so that a node can stop and go on.
 *
 * @see [C36 Serialized state](../RULES.md#c36-serialized-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertObject, concat, equalBytes } from '../../internal/bytes.js';
import { ENVELOPE_PREFIX_SIZE, type Envelope, openEnvelope, sealEnvelope } from '../../internal/envelope.js';
import {
  encodeRlp,
  encodeRlpUint,
  type RlpItem,
  type RlpValue,
  readRlpItems,
  readRlpList,
  rlpBytesOf,
  rlpUintOf,
} from '../../internal/rlp.js';
import { splitAddresses } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from '../encoding/hash.js';
import {
  assembleState,
  type RecentSigner,
  readConfig,
  type SignerPosition,
  type State,
  type StateParts,
} from './state.js';
import { listVotes, type Vote } from './votes.js';

/** A million signers and votes fit in 64 MiB. */
const ENVELOPE: Envelope = { magic: 'poa-clq', version: 1, maxSize: 0x4000000, hash: keccak256 };
const FIELD_COUNT = 15;

/**
 * Parses a serialized state.
 *
 * Layout: `"poa-clq" (7) | version (u8, 1) | RLP list | keccak256 of all before (32)`; the list is given in
 * [C36 Serialized state](../RULES.md#c36-serialized-state).
 *
 * @param bytes - at most 64 MiB
 * @returns a state, checked as {@link createState} does
 * @throws PoaError `MALFORMED`; `STATE_VERSION_UNSUPPORTED`; `STATE_CHECKSUM_MISMATCH`; `OUT_OF_RANGE`, `STATE_INVALID` as {@link createState}
 * @example
 * ```ts
 * import { createState, parseState, serializeState } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * const state = createState(anchor);
 * parseState(serializeState(state)); // => state
 * ```
 * @see [C36 Serialized state](../RULES.md#c36-serialized-state)
 */
export function parseState(bytes: Uint8Array): State {
  const where = 'parseState';
  const end = openEnvelope(where, bytes, ENVELOPE);
  const body = bytes.subarray(ENVELOPE_PREFIX_SIZE, end);
  const items = readRlpList(where, body);
  if (items.length !== FIELD_COUNT)
    throw malformed(where, `${FIELD_COUNT} fields`, `${items.length} fields`, ENVELOPE_PREFIX_SIZE);
  const at = (i: number): RlpItem => items[i] as RlpItem;
  const uint = (name: string, i: number, bits: number): bigint => rlpUintOf(`${where}.${name}`, body, at(i), bits);
  const hash = (name: string, i: number): Uint8Array => rlpBytesOf(`${where}.${name}`, body, at(i), HASH_SIZE);
  const option = (name: string, i: number, bits: number): bigint | null =>
    readOption(`${where}.${name}`, body, at(i), bits);
  const small = (name: string, i: number): number => Number(uint(name, i, 56));
  const config = readConfig(`${where}.config`, {
    period: small('period', 0),
    epoch: small('epoch', 1),
    londonBlock: option('londonBlock', 2, 64),
  });
  const state = assembleState(where, {
    config,
    anchorHash: hash('anchorHash', 3),
    hash: hash('hash', 4),
    number: uint('number', 5, 64),
    timestamp: uint('timestamp', 6, 64),
    gasLimit: uint('gasLimit', 7, 64),
    gasUsed: uint('gasUsed', 8, 64),
    baseFeePerGas: option('baseFeePerGas', 9, 256),
    totalDifficulty: uint('totalDifficulty', 10, 256),
    signers: readSigners(`${where}.signers`, body, at(11)),
    recents: readRecords(`${where}.recents`, body, at(12), readRecent),
    votes: readRecords(`${where}.votes`, body, at(13), readVote),
    position: readPosition(`${where}.position`, body, at(14)),
  });
  // What is listed in another order, or twice, would be a second form of the same state.
  if (!equalBytes(writeState(state), bytes))
    throw malformed(
      where,
      'signers, recents and votes in their order',
      'another order, or one twice',
      ENVELOPE_PREFIX_SIZE,
    );
  return state;
}

function readOption(where: string, body: Uint8Array, item: RlpItem, bits: number): bigint | null {
  const items = readRlpItems(where, body, item);
  if (items.length > 1) throw malformed(where, 'none or one', `${items.length}`, item.at);
  return items.length === 0 ? null : rlpUintOf(where, body, items[0] as RlpItem, bits);
}

function readSigners(where: string, body: Uint8Array, item: RlpItem): Uint8Array[] {
  const bytes = rlpBytesOf(where, body, item);
  if (bytes.length % ADDRESS_SIZE !== 0)
    throw malformed(where, `addresses of ${ADDRESS_SIZE} bytes`, `${bytes.length} bytes`, item.at);
  return splitAddresses(bytes, 0, bytes.length);
}

type RecordReader<T> = (where: string, body: Uint8Array, items: readonly RlpItem[], at: number) => T;

function readRecords<T>(where: string, body: Uint8Array, list: RlpItem, read: RecordReader<T>): T[] {
  return readRlpItems(where, body, list).map((item, i) => {
    const path = `${where}[${i}]`;
    return read(path, body, readRlpItems(path, body, item), item.at);
  });
}

function takeFields(where: string, items: readonly RlpItem[], count: number, at: number): readonly RlpItem[] {
  if (items.length !== count) throw malformed(where, `${count} fields`, `${items.length}`, at);
  return items;
}

function readRecent(where: string, body: Uint8Array, items: readonly RlpItem[], at: number): RecentSigner {
  const [number, signer] = takeFields(where, items, 2, at) as [RlpItem, RlpItem];
  return {
    number: rlpUintOf(`${where}.number`, body, number, 64),
    signer: rlpBytesOf(`${where}.signer`, body, signer, ADDRESS_SIZE),
  };
}

function readVote(where: string, body: Uint8Array, items: readonly RlpItem[], at: number): Vote {
  const [signer, number, address, authorize] = takeFields(where, items, 4, at) as [RlpItem, RlpItem, RlpItem, RlpItem];
  const flag = rlpUintOf(`${where}.authorize`, body, authorize, 8);
  if (flag > 1n) throw malformed(`${where}.authorize`, '0 or 1', `${flag}`, authorize.at);
  return {
    signer: rlpBytesOf(`${where}.signer`, body, signer, ADDRESS_SIZE),
    number: rlpUintOf(`${where}.number`, body, number, 64),
    address: rlpBytesOf(`${where}.address`, body, address, ADDRESS_SIZE),
    authorize: flag === 1n,
  };
}

function readPosition(where: string, body: Uint8Array, item: RlpItem): SignerPosition | null {
  const items = readRlpItems(where, body, item);
  if (items.length === 0) return null;
  const [index, count] = takeFields(where, items, 2, item.at) as [RlpItem, RlpItem];
  return {
    index: Number(rlpUintOf(`${where}.index`, body, index, 56)),
    count: Number(rlpUintOf(`${where}.count`, body, count, 56)),
  };
}

/**
 * Serializes a state: the inverse of {@link parseState}.
 *
 * @param state - checked as {@link createState} does, so that nothing is written that could not be read back
 * @returns at most 64 MiB; equal states give equal bytes
 * @throws PoaError `OUT_OF_RANGE`, `STATE_INVALID` as {@link createState}
 * @example
 * ```ts
 * import { createState, serializeState } from 'poa-primitives/clique';
 * import { anchor } from './clique-sample.js';
 *
 * new TextDecoder().decode(serializeState(createState(anchor)).subarray(0, 7)); // => 'poa-clq'
 * ```
 * @see [C36 Serialized state](../RULES.md#c36-serialized-state)
 */
export function serializeState(state: State): Uint8Array {
  const where = 'serializeState';
  assertObject(`${where}.state`, state);
  const config = readConfig(`${where}.config`, state.config);
  const parts: StateParts = { ...state, config, votes: listVotes(state) };
  const bytes = writeState(assembleState(where, parts));
  if (bytes.length > ENVELOPE.maxSize)
    throw new PoaError('OUT_OF_RANGE', {
      where,
      expected: `at most ${ENVELOPE.maxSize} bytes`,
      got: `${bytes.length} bytes`,
    });
  return bytes;
}

function writeState(state: State): Uint8Array {
  const { config, position } = state;
  const fields: RlpValue[] = [
    encodeRlpUint(config.period),
    encodeRlpUint(config.epoch),
    writeOption(config.londonBlock),
    state.anchorHash,
    state.hash,
    encodeRlpUint(state.number),
    encodeRlpUint(state.timestamp),
    encodeRlpUint(state.gasLimit),
    encodeRlpUint(state.gasUsed),
    writeOption(state.baseFeePerGas),
    encodeRlpUint(state.totalDifficulty),
    concat(state.signers),
    state.recents.map(({ number, signer }) => [encodeRlpUint(number), signer]),
    listVotes(state).map(({ signer, number, address, authorize }) => [
      signer,
      encodeRlpUint(number),
      address,
      encodeRlpUint(authorize ? 1 : 0),
    ]),
    position === null ? [] : [encodeRlpUint(position.index), encodeRlpUint(position.count)],
  ];
  return sealEnvelope([encodeRlp(fields)], ENVELOPE);
}

function writeOption(value: bigint | null): RlpValue {
  return value === null ? [] : [encodeRlpUint(value)];
}

function malformed(where: string, expected: string, got: string, offset: number): PoaError {
  return new PoaError('MALFORMED', { where, expected, got, offset });
}
