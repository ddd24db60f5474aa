/**
 * How a validator makes an endpoint known: a call of `publishEndpoint` of the Consensus contract, which emits `EndpointPublished`.
 *
 * @see "Bootstrap clique POA network", Overview; mosaicdao/mosaic-1, `contracts/consensus/Consensus.sol`
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertFixedBytes,
  assertObject,
  concat,
  describeBytes,
  equalBytes,
} from '../../internal/bytes.js';
import { HASH_SIZE } from '../encoding/hash.js';
import { type AbiType, decodeArguments, encodeArguments } from './abi.js';

/** The arguments of `publishEndpoint(bytes32,string,string)`. */
export interface EndpointCall {
  /** 32 bytes, the new network. */
  readonly metachainId: Uint8Array;
  /** What listens there: `enode`, `ipfs`, `GraphWs`, `GraphRpc`, `ChainRpc`, or anything else. */
  readonly service: string;
  /** Where: of the service `enode`, an enode URL. The contract does not check it. */
  readonly endpoint: string;
}

/** The event `EndpointPublished(bytes32,address,address,string,string)`. */
export interface EndpointPublished extends EndpointCall {
  /** 20 bytes, the core contract of the network. */
  readonly core: Uint8Array;
  /** 20 bytes, who called. */
  readonly validator: Uint8Array;
}

/** The parts of a log that its event stands in. */
export interface EventData {
  /** 32 bytes each; the first names the event. */
  readonly topics: readonly Uint8Array[];
  /** The arguments that are not indexed. */
  readonly data: Uint8Array;
}

const SELECTOR_SIZE = 4;

const CALL_ARGUMENTS: readonly (readonly [keyof EndpointCall, AbiType])[] = [
  ['metachainId', 'bytes32'],
  ['service', 'string'],
  ['endpoint', 'string'],
];

const EVENT_ARGUMENTS: readonly (readonly [keyof EndpointPublished, AbiType])[] = [
  ['metachainId', 'bytes32'],
  ['core', 'address'],
  ['validator', 'address'],
  ['service', 'string'],
  ['endpoint', 'string'],
];

/** First 4 bytes of Keccak-256 of `publishEndpoint(bytes32,string,string)`. */
function selector(): Uint8Array {
  return Uint8Array.of(0x9c, 0xfc, 0xc2, 0x75);
}

/** Keccak-256 of `EndpointPublished(bytes32,address,address,string,string)`. */
function topic(): Uint8Array {
  // biome-ignore format: one hash, eight bytes a line
  return Uint8Array.of(
    0x81, 0xe4, 0x29, 0x8e, 0x81, 0x54, 0xfb, 0xb0,
    0x46, 0x20, 0xb4, 0x98, 0x26, 0xea, 0x6e, 0xc2,
    0x91, 0x59, 0x66, 0x13, 0x29, 0x4d, 0xf8, 0xcf,
    0x8d, 0xf2, 0x71, 0x7c, 0xdf, 0x11, 0xcf, 0x40,
  );
}

/**
 * Parses the data of a call of `publishEndpoint`.
 *
 * @param callData - of a transaction; neither kept nor modified
 * @returns its arguments
 * @throws PoaError `ENDPOINT_SELECTOR_MISMATCH` for another call; `ENDPOINT_MALFORMED` for anything but what Solidity writes: offsets in
 * order, zero padding, valid UTF-8, nothing left over
 * @example
 * ```ts
 * import { parsePublishEndpoint, serializePublishEndpoint } from 'poa-primitives/clique';
 *
 * const call = { metachainId: new Uint8Array(32).fill(7), service: 'ipfs', endpoint: 'endpoint' };
 * parsePublishEndpoint(serializePublishEndpoint(call)); // => call
 * ```
 * @see mosaicdao/mosaic-1, `Consensus.sol`; [C45 Endpoints on the chain](../RULES.md#c45-endpoints-on-the-chain)
 */
export function parsePublishEndpoint(callData: Uint8Array): EndpointCall {
  const where = 'parsePublishEndpoint';
  assertBytes(`${where}.callData`, callData);
  const found = callData.subarray(0, SELECTOR_SIZE);
  if (!equalBytes(found, selector()))
    throw new PoaError('ENDPOINT_SELECTOR_MISMATCH', {
      where,
      expected: describeBytes(selector()),
      got: describeBytes(found),
      offset: 0,
    });
  const values = decodeArguments(where, 'ENDPOINT_MALFORMED', CALL_ARGUMENTS, callData, SELECTOR_SIZE);
  return values as unknown as EndpointCall;
}

/**
 * Makes the data of a call of `publishEndpoint`: the inverse of {@link parsePublishEndpoint}.
 *
 * @param call - its arguments
 * @returns selector and arguments
 * @throws PoaError `OUT_OF_RANGE` for a metachain id of another length, and for text that is no Unicode
 * @example
 * ```ts
 * import { serializePublishEndpoint } from 'poa-primitives/clique';
 *
 * const data = serializePublishEndpoint({ metachainId: new Uint8Array(32), service: 'enode', endpoint: 'enode://' });
 * Buffer.from(data).toString('hex').slice(0, 8); // => '9cfcc275'
 * ```
 * @see mosaicdao/mosaic-1, `Consensus.sol`; [C45 Endpoints on the chain](../RULES.md#c45-endpoints-on-the-chain)
 */
export function serializePublishEndpoint(call: EndpointCall): Uint8Array {
  const where = 'serializePublishEndpoint';
  assertObject(where, call);
  return concat([selector(), encodeArguments(where, CALL_ARGUMENTS, call)]);
}

/**
 * Parses a log of `EndpointPublished`.
 *
 * @param log - topics and data; neither kept nor modified
 * @returns the event
 * @throws PoaError `ENDPOINT_TOPIC_MISMATCH` for another event; `ENDPOINT_MALFORMED` for anything but what Solidity writes
 * @example
 * ```ts
 * import { parseEndpointLog, serializeEndpointLog } from 'poa-primitives/clique';
 *
 * const event = {
 *   metachainId: new Uint8Array(32).fill(7),
 *   core: new Uint8Array(20).fill(0xc0),
 *   validator: new Uint8Array(20).fill(0x0a),
 *   service: 'ipfs',
 *   endpoint: 'endpoint',
 * };
 * parseEndpointLog(serializeEndpointLog(event)); // => event
 * ```
 * @see mosaicdao/mosaic-1, `Consensus.sol`; [C45 Endpoints on the chain](../RULES.md#c45-endpoints-on-the-chain)
 */
export function parseEndpointLog(log: EventData): EndpointPublished {
  const where = 'parseEndpointLog';
  assertObject(where, log);
  const { topics, data } = log;
  assertArray(`${where}.topics`, topics);
  assertBytes(`${where}.data`, data);
  const [first] = topics;
  if (first !== undefined) assertFixedBytes(`${where}.topics[0]`, first, HASH_SIZE);
  // Nothing is indexed, so there is one topic only.
  if (first === undefined || topics.length !== 1 || !equalBytes(first, topic()))
    throw new PoaError('ENDPOINT_TOPIC_MISMATCH', {
      where: `${where}.topics`,
      expected: `${describeBytes(topic())} alone`,
      got: first === undefined ? 'none' : `${topics.length}, the first ${describeBytes(first)}`,
    });
  const values = decodeArguments(`${where}.data`, 'ENDPOINT_MALFORMED', EVENT_ARGUMENTS, data, 0);
  return values as unknown as EndpointPublished;
}

/**
 * Makes topics and data of a log of `EndpointPublished`: the inverse of {@link parseEndpointLog}.
 *
 * @param event - its arguments
 * @returns what the contract emits
 * @throws PoaError `OUT_OF_RANGE` for bytes of another length, and for text that is no Unicode
 * @example
 * ```ts
 * import { serializeEndpointLog } from 'poa-primitives/clique';
 *
 * const [core, validator] = [new Uint8Array(20), new Uint8Array(20)];
 * const log = serializeEndpointLog({ metachainId: new Uint8Array(32), core, validator, service: 'enode', endpoint: '' });
 * log.data.length; // => 256
 * ```
 * @see mosaicdao/mosaic-1, `Consensus.sol`; [C45 Endpoints on the chain](../RULES.md#c45-endpoints-on-the-chain)
 */
export function serializeEndpointLog(event: EndpointPublished): EventData {
  const where = 'serializeEndpointLog';
  assertObject(where, event);
  return { topics: [topic()], data: encodeArguments(where, EVENT_ARGUMENTS, event) };
}
