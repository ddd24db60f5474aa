/**
 * Blocks as `get_block` gives them, and schedules as `get_producer_schedule` does, both ways. Of a block, what a verifier of
 * headers needs: transactions are left alone.
 *
 * @see [E62 Blocks of nodes](../RULES.md#e62-blocks-of-nodes)
 * @module
 */

import { PoaError } from '../../errors.js';
import { describeBytes, equalBytes } from '../../internal/bytes.js';
import { type JsonObject, jsonInvalid, member, readArray, readObject } from '../../internal/json.js';
import { assertAuthoritySchedule } from '../chain/schedules.js';
import type { Extension } from '../encoding/extension.js';
import {
  type BlockHeader,
  computeBlockId,
  computeBlockNumber,
  parseHeader,
  serializeHeader,
} from '../encoding/header.js';
import { type ProducerAuthoritySchedule, type ProducerSchedule, toAuthoritySchedule } from '../encoding/schedule.js';
import {
  parseSignature,
  parseSignatures,
  type Signature,
  serializeSignature,
  serializeSignatures,
  signatureFromText,
  signatureToText,
} from '../encoding/signature.js';
import { encodeHex } from '../encoding/text.js';
import { computeSlot, computeSlotTime } from '../encoding/time.js';
import { assertSignedHeader, type SignedHeader } from '../recovery/recover.js';
import {
  at,
  type RpcAuthority,
  readAuthority,
  readBy,
  readHex,
  readKey,
  readName,
  readText,
  readTime,
  readUint,
  show,
  writeAuthority,
  writeKey,
  writeTime,
} from './read.js';

const U32_MAX = 0xffff_ffff;
/** Type of the block extension that holds further signatures. */
const ADDITIONAL_SIGNATURES = 2;

/** A producer with one key, in the JSON of a node. */
export interface RpcProducerKey {
  /** Account. */
  readonly producer_name: string;
  /** `EOS...` or `PUB_R1_...`. */
  readonly block_signing_key: string;
}

/** A producer with an authority, in the JSON of a node. */
export interface RpcProducerAuthority {
  /** Account. */
  readonly producer_name: string;
  /** `[0, authority]`. */
  readonly authority: RpcAuthority;
}

/** A schedule with one key for each producer, in the JSON of a node. */
export interface RpcProducerSchedule {
  /** u32. */
  readonly version: number;
  /** In the order of turns. */
  readonly producers: readonly RpcProducerKey[];
}

/** A schedule with authorities, in the JSON of a node. */
export interface RpcAuthoritySchedule {
  /** u32. */
  readonly version: number;
  /** In the order of turns. */
  readonly producers: readonly RpcProducerAuthority[];
}

/** The part of a block that a verifier of headers needs, in the JSON of a node. */
export interface RpcSignedHeader {
  /** ISO text without a zone, in UTC. */
  readonly timestamp: string;
  /** Account. */
  readonly producer: string;
  /** u16. */
  readonly confirmed: number;
  /** 64 hex digits. */
  readonly previous: string;
  /** 64 hex digits. */
  readonly transaction_mroot: string;
  /** 64 hex digits. */
  readonly action_mroot: string;
  /** u32. */
  readonly schedule_version: number;
  /** The schedule that the header announces, or null. */
  readonly new_producers: RpcProducerSchedule | null;
  /** Type and hex of each. */
  readonly header_extensions: readonly (readonly [number, string])[];
  /** `SIG_K1_` or `SIG_R1_`. */
  readonly producer_signature: string;
  /** Type and hex of each. */
  readonly block_extensions: readonly (readonly [number, string])[];
  /** 64 hex digits. */
  readonly id: string;
  /** u32. */
  readonly block_num: number;
  /** u32, bytes 8 to 12 of the id, little-endian. */
  readonly ref_block_prefix: number;
}

/**
 * Reads the header and the signatures of a block. The id, the number and the prefix beside them are computed again and
 * compared, where the node gives them.
 *
 * @param json - a block as `get_block` or `get_block_header_state` (its member `header`) gives it, from anyone; other members
 * are left alone
 * @returns the input of `applyHeader`
 * @throws PoaError `JSON_INVALID` with the path to what is wrong; `BLOCK_ID_MISMATCH`; `NAME_INVALID`, `OUT_OF_RANGE`,
 * `MALFORMED`
 * @example
 * ```ts
 * import { signedHeaderFromRpc, signedHeaderToRpc } from 'poa-primitives/eosio';
 * import { headers } from './eosio-chain-sample.js';
 *
 * const json = signedHeaderToRpc(headers[0]);
 * json.block_num; // => 2
 * signedHeaderFromRpc(json); // => headers[0]
 * ```
 * @see [E62 Blocks of nodes](../RULES.md#e62-blocks-of-nodes)
 */
export function signedHeaderFromRpc(json: unknown): SignedHeader {
  const where = 'block';
  const block = readObject(where, json);
  const header = serializeHeader(readHeader(where, block));
  checkStated(where, block, header);
  const [path, signature] = at(where, block, 'producer_signature');
  const first = serializeSignature(readSignatureText(path, signature));
  return { header, signatures: [first, ...readAdditional(where, block)] };
}

function readHeader(where: string, block: JsonObject): BlockHeader {
  const [timePath, timestamp] = at(where, block, 'timestamp');
  const time = readTime(timePath, readText(timePath, timestamp));
  return {
    slot: readSlot(timePath, time, timestamp),
    producer: readName(...at(where, block, 'producer')),
    confirmed: readUint(...at(where, block, 'confirmed'), 0xffff),
    previous: readHex(...at(where, block, 'previous'), 32),
    transactionMroot: readHex(...at(where, block, 'transaction_mroot'), 32),
    actionMroot: readHex(...at(where, block, 'action_mroot'), 32),
    scheduleVersion: readUint(...at(where, block, 'schedule_version'), U32_MAX),
    newProducers: readNewProducers(where, block),
    headerExtensions: readExtensions(where, block, 'header_extensions'),
  };
}

/** Blocks begin at half seconds, and only there. */
function readSlot(where: string, time: number, value: unknown): number {
  const expected = 'a time of a block: whole half seconds from 2000 on';
  if (time % 500 !== 0 || time < computeSlotTime(0) || time > computeSlotTime(U32_MAX))
    throw jsonInvalid(where, expected, show(value));
  return computeSlot(time);
}

/** Nodes before version 1.8 leave `new_producers` out, or write it as null. */
function readNewProducers(where: string, block: JsonObject): ProducerSchedule | null {
  const [path, value] = at(where, block, 'new_producers');
  return value === undefined || value === null ? null : readKeySchedule(path, value);
}

function readKeySchedule(where: string, value: unknown): ProducerSchedule {
  const object = readObject(where, value);
  return {
    version: readUint(...at(where, object, 'version'), U32_MAX),
    producers: readArray(...at(where, object, 'producers'), (path, item) => {
      const producer = readObject(path, item);
      return {
        producerName: readName(...at(path, producer, 'producer_name')),
        blockSigningKey: readKey(...at(path, producer, 'block_signing_key')),
      };
    }),
  };
}

/** Extensions as pairs of type and hex; left out where there are none. */
function readExtensions(where: string, block: JsonObject, name: string): Extension[] {
  const [path, value] = at(where, block, name);
  if (value === undefined) return [];
  return readArray(path, value, (item, pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw jsonInvalid(item, '[type, hex]', show(pair));
    return { type: readUint(`${item}[0]`, pair[0], 0xffff), data: readHex(`${item}[1]`, pair[1]) };
  });
}

function readSignatureText(where: string, value: unknown): Signature {
  return readBy(where, value, 'a signature', signatureFromText);
}

/** Further signatures: in a block extension, or spelled out as nodes of version 2 do beside it. */
function readAdditional(where: string, block: JsonObject): Uint8Array[] {
  const extensions = readExtensions(where, block, 'block_extensions');
  const found = extensions.filter(({ type }) => type === ADDITIONAL_SIGNATURES);
  if (found.length > 1)
    throw jsonInvalid(`${where}.block_extensions`, 'further signatures once', `${found.length} times`);
  const [path, texts] = at(where, block, 'additional_signatures');
  const spelled = texts === undefined ? [] : readArray(path, texts, readSignatureText).map(serializeSignature);
  if (found[0] === undefined) return spelled;
  const packed = parseSignatures(found[0].data).map(serializeSignature);
  const isSame =
    packed.length === spelled.length && packed.every((one, i) => equalBytes(one, spelled[i] as Uint8Array));
  if (texts !== undefined && !isSame) throw jsonInvalid(path, 'those of the block extension', 'others');
  return packed;
}

/** What a node states beside a header must be what its bytes give. */
function checkStated(where: string, block: JsonObject, header: Uint8Array): void {
  const id = computeBlockId(header);
  const mismatch = (name: string, expected: string, got: string): PoaError =>
    new PoaError('BLOCK_ID_MISMATCH', { where: `${where}.${name}`, expected, got });
  if (member(block, 'id') !== undefined) {
    const stated = readHex(...at(where, block, 'id'), 32);
    if (!equalBytes(stated, id)) throw mismatch('id', describeBytes(id), describeBytes(stated));
  }
  const number = computeBlockNumber(id);
  if (member(block, 'block_num') !== undefined) {
    const stated = readUint(...at(where, block, 'block_num'), U32_MAX);
    if (stated !== number) throw mismatch('block_num', `${number}`, `${stated}`);
  }
  const prefix = prefixOf(id);
  if (member(block, 'ref_block_prefix') !== undefined) {
    const stated = readUint(...at(where, block, 'ref_block_prefix'), U32_MAX);
    if (stated !== prefix) throw mismatch('ref_block_prefix', `${prefix}`, `${stated}`);
  }
}

function prefixOf(id: Uint8Array): number {
  return new DataView(id.buffer, id.byteOffset).getUint32(8, true);
}

/**
 * Writes the header and the signatures of a block, with id, number and prefix. What was signed beside the header has no place
 * in it.
 *
 * @param input - header and signatures, one at least
 * @returns what `get_block` gives, without transactions
 * @throws PoaError `MALFORMED` and others of a header or a signature that does not parse; `SIGNATURE_COUNT_MISMATCH` for no
 * signature
 * @example
 * ```ts
 * import { signedHeaderToRpc } from 'poa-primitives/eosio';
 * import { headers } from './eosio-chain-sample.js';
 *
 * signedHeaderToRpc(headers[0]).timestamp; // => '2020-01-01T00:00:00.500'
 * ```
 * @see [E62 Blocks of nodes](../RULES.md#e62-blocks-of-nodes)
 */
export function signedHeaderToRpc(input: SignedHeader): RpcSignedHeader {
  const where = 'signedHeaderToRpc';
  assertSignedHeader(`${where}.input`, input);
  const header = parseHeader(input.header);
  const id = computeBlockId(input.header);
  const [first, ...others] = input.signatures.map(parseSignature);
  if (first === undefined)
    throw new PoaError('SIGNATURE_COUNT_MISMATCH', {
      where: `${where}.input.signatures`,
      expected: 'one or more',
      got: '0',
    });
  return {
    timestamp: writeTime(computeSlotTime(header.slot)),
    producer: header.producer,
    confirmed: header.confirmed,
    previous: encodeHex(header.previous),
    transaction_mroot: encodeHex(header.transactionMroot),
    action_mroot: encodeHex(header.actionMroot),
    schedule_version: header.scheduleVersion,
    new_producers: header.newProducers === null ? null : writeKeySchedule(header.newProducers),
    header_extensions: header.headerExtensions.map(({ type, data }) => [type, encodeHex(data)]),
    producer_signature: signatureToText(first),
    block_extensions: others.length === 0 ? [] : [[ADDITIONAL_SIGNATURES, encodeHex(serializeSignatures(others))]],
    id: encodeHex(id),
    block_num: computeBlockNumber(id),
    ref_block_prefix: prefixOf(id),
  };
}

function writeKeySchedule({ version, producers }: ProducerSchedule): RpcProducerSchedule {
  return {
    version,
    producers: producers.map(({ producerName, blockSigningKey }) => ({
      producer_name: producerName,
      block_signing_key: writeKey(blockSigningKey),
    })),
  };
}

/**
 * Reads a schedule: `active`, `pending` or `proposed` of `get_producer_schedule`, in either form.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns the schedule with authorities; a key alone becomes one with weight and threshold 1
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { scheduleFromRpc, scheduleToRpc } from 'poa-primitives/eosio';
 * import { electedSchedule } from './eosio-chain-sample.js';
 *
 * scheduleFromRpc(scheduleToRpc(electedSchedule)); // => electedSchedule
 * ```
 * @see [E62 Blocks of nodes](../RULES.md#e62-blocks-of-nodes)
 */
export function scheduleFromRpc(json: unknown): ProducerAuthoritySchedule {
  return readSchedule('schedule', json);
}

/** As {@link scheduleFromRpc}; `where` names the schedule. */
export function readSchedule(where: string, json: unknown): ProducerAuthoritySchedule {
  const object = readObject(where, json);
  const [path, value] = at(where, object, 'producers');
  const isKeys = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && Object.hasOwn(item, 'block_signing_key');
  // Not `every`: it would pass over the holes of a sparse array, all of them.
  if (Array.isArray(value) && value.length > 0 && value.findIndex((item) => !isKeys(item)) === -1)
    return toAuthoritySchedule(readKeySchedule(where, json));
  return {
    version: readUint(...at(where, object, 'version'), U32_MAX),
    producers: readArray(path, value, (itemPath, item) => {
      const producer = readObject(itemPath, item);
      return {
        producerName: readName(...at(itemPath, producer, 'producer_name')),
        authority: readAuthority(...at(itemPath, producer, 'authority')),
      };
    }),
  };
}

/**
 * Writes a schedule with authorities.
 *
 * @param schedule - version and producers
 * @returns what `get_producer_schedule` gives as `active`
 * @throws PoaError `NAME_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { scheduleToRpc } from 'poa-primitives/eosio';
 * import { electedSchedule } from './eosio-chain-sample.js';
 *
 * scheduleToRpc(electedSchedule).producers[0].producer_name; // => 'proda'
 * ```
 * @see [E62 Blocks of nodes](../RULES.md#e62-blocks-of-nodes)
 */
export function scheduleToRpc(schedule: ProducerAuthoritySchedule): RpcAuthoritySchedule {
  assertAuthoritySchedule('scheduleToRpc', schedule);
  const { version, producers } = schedule;
  return {
    version,
    producers: producers.map(({ producerName, authority }) => ({
      producer_name: producerName,
      authority: writeAuthority(authority),
    })),
  };
}
