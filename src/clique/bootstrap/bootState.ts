/**
 * Who has published what for a network that is being started: a fold over the logs of the Consensus contract.
 *
 * @see "Bootstrap clique POA network", Overview
 * @module
 */

import { isPoaError, PoaError, type PoaErrorCode } from '../../errors.js';
import {
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  compareBytes,
  copyOf,
  describeBytes,
  equalBytes,
  indexOfBytes,
  wrongType,
} from '../../internal/bytes.js';
import { writeBytes } from '../../internal/json.js';
import type { Result } from '../../result.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { type EndpointPublished, type EventData, parseEndpointLog } from './endpoint.js';
import { readValidators } from './genesis.js';

/** Where a log stands on the origin chain. */
export interface LogPosition {
  /** u64. */
  readonly blockNumber: bigint;
  /** u32, index in its block. */
  readonly logIndex: number;
}

/** A log of the origin chain. */
export interface EndpointLog extends EventData {
  /** 20 bytes, the contract that emitted it; needed where the state knows the Consensus contract. */
  readonly address?: Uint8Array;
  /** Where it stands; without it, logs count in the order in which they are applied. */
  readonly position?: LogPosition;
  /** Whether a reorganisation of the origin chain took it back; false by default. */
  readonly removed?: boolean;
}

/** An endpoint as a validator published it, right or wrong. */
export interface PublishedEndpoint {
  /** 20 bytes. */
  readonly validator: Uint8Array;
  /** What listens there. */
  readonly service: string;
  /** Where. */
  readonly endpoint: string;
  /** Where its log stands; null if that was not said. */
  readonly position: LogPosition | null;
}

/** What a boot state begins with. */
export interface BootRequest {
  /** 32 bytes, the new network. */
  readonly metachainId: Uint8Array;
  /** 20 bytes each, the signers of its genesis, in any order. */
  readonly validators: readonly Uint8Array[];
  /** 20 bytes, the Consensus contract. Leave it out only if logs of other contracts were sorted out before: anyone can emit such a log. */
  readonly consensus?: Uint8Array;
  /** 20 bytes, the core contract of the network; any by default, since Consensus names the right one. */
  readonly core?: Uint8Array;
}

/** A boot state: plain immutable data, which shares what a log did not change. */
export interface BootState {
  /** 32 bytes. */
  readonly metachainId: Uint8Array;
  /** 20 bytes each, ascending. */
  readonly validators: readonly Uint8Array[];
  /** 20 bytes; null if logs of any contract are taken. */
  readonly consensus: Uint8Array | null;
  /** 20 bytes; null if logs for any core are taken. */
  readonly core: Uint8Array | null;
  /** All that was published and not taken back, earliest first. */
  readonly published: readonly PublishedEndpoint[];
}

/** A log that was refused. */
export interface RefusedLog {
  /** Its position among the logs, from 0. */
  readonly index: number;
  /** Why. */
  readonly error: PoaError;
}

/** What came of many logs. */
export interface EndpointLogsResult {
  /** The state after those that were not refused. */
  readonly bootState: BootState;
  /** The others, with their positions among the logs. */
  readonly refused: readonly RefusedLog[];
}

/** What a fold changes, private to one call. */
interface Draft {
  readonly published: PublishedEndpoint[];
  readonly byPosition: Map<string, PublishedEndpoint>;
}

/**
 * Makes a boot state in which nothing is published yet.
 *
 * @param request - the network, its validators, and the contracts on the origin chain; neither kept nor modified
 * @returns a state that shares nothing with the request
 * @throws PoaError `VALIDATORS_EMPTY`, `VALIDATOR_DUPLICATE`, `VALIDATOR_ZERO`; `OUT_OF_RANGE` for bytes of another length
 * @example
 * ```ts
 * import { createBootState } from 'poa-primitives/clique';
 *
 * const bootState = createBootState({
 *   metachainId: new Uint8Array(32).fill(7),
 *   validators: [new Uint8Array(20).fill(2), new Uint8Array(20).fill(1)],
 *   consensus: new Uint8Array(20).fill(0xcc),
 * });
 * bootState.validators[0][0]; // => 1
 * ```
 * @see "Bootstrap clique POA network", Overview; [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function createBootState(request: BootRequest): BootState {
  const where = 'createBootState';
  assertObject(where, request);
  const { metachainId, validators, consensus, core } = request;
  assertFixedBytes(`${where}.metachainId`, metachainId, HASH_SIZE);
  return {
    metachainId: copyOf(metachainId),
    validators: readValidators(`${where}.validators`, validators),
    consensus: readAddress(`${where}.consensus`, consensus),
    core: readAddress(`${where}.core`, core),
    published: [],
  };
}

function readAddress(where: string, address: unknown): Uint8Array | null {
  if (address === undefined) return null;
  assertFixedBytes(where, address, ADDRESS_SIZE);
  return copyOf(address);
}

/**
 * Applies a log: keeps what a validator has published, whatever it is worth.
 *
 * Logs with positions may come in any order, and a log twice changes nothing. Without positions the latest to come counts as the latest.
 *
 * @param bootState - the state before; neither kept nor modified
 * @param log - of the origin chain, from anyone
 * @returns the next state
 * @throws PoaError `ENDPOINT_CONTRACT_FOREIGN`, `ENDPOINT_METACHAIN_FOREIGN`, `ENDPOINT_CORE_FOREIGN`, `ENDPOINT_VALIDATOR_UNKNOWN` for a
 * stranger's log; `ENDPOINT_TOPIC_MISMATCH`, `ENDPOINT_MALFORMED` for one that is no `EndpointPublished`; `ENDPOINT_LOG_CONFLICT` for one
 * where another one stands; `ENDPOINT_LOG_UNKNOWN` for one taken back that was not applied; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { applyEndpointLog, createBootState, serializeEndpointLog } from 'poa-primitives/clique';
 *
 * const [validator, consensus, core] = [1, 0xcc, 0xc0].map((byte) => new Uint8Array(20).fill(byte));
 * const metachainId = new Uint8Array(32).fill(7);
 * const event = { metachainId, core, validator, service: 'ipfs', endpoint: '/ip4/10.0.0.1' };
 * const log = { address: consensus, ...serializeEndpointLog(event), position: { blockNumber: 5n, logIndex: 0 } };
 * const bootState = applyEndpointLog(createBootState({ metachainId, validators: [validator], consensus }), log);
 * bootState.published.map(({ endpoint }) => endpoint); // => ['/ip4/10.0.0.1']
 * applyEndpointLog(bootState, { ...log, removed: true }).published; // => []
 * ```
 * @see "Bootstrap clique POA network", Overview; [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function applyEndpointLog(bootState: BootState, log: EndpointLog): BootState {
  const where = 'applyEndpointLog';
  assertObject(`${where}.bootState`, bootState);
  const draft = makeDraft(bootState);
  applyToDraft(where, bootState, draft, log);
  return { ...bootState, published: draft.published };
}

/**
 * As {@link applyEndpointLog}, with the outcome as a value.
 *
 * @param bootState - the state before
 * @param log - of the origin chain, from anyone
 * @returns the next state, or the error
 * @throws nothing but `TypeError` for a wrong JavaScript type
 * @example
 * ```ts
 * import { createBootState, tryApplyEndpointLog } from 'poa-primitives/clique';
 *
 * const bootState = createBootState({ metachainId: new Uint8Array(32), validators: [new Uint8Array(20).fill(1)] });
 * const result = tryApplyEndpointLog(bootState, { topics: [], data: new Uint8Array() });
 * result.ok; // => false
 * ```
 * @see [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function tryApplyEndpointLog(bootState: BootState, log: EndpointLog): Result<BootState> {
  try {
    return { ok: true, value: applyEndpointLog(bootState, log) };
  } catch (error) {
    if (isPoaError(error)) return { ok: false, error };
    throw error;
  }
}

/**
 * Applies many logs, going on after those that are refused: an origin chain is full of them.
 *
 * @param bootState - the state before; neither kept nor modified
 * @param logs - of the origin chain, from anyone
 * @returns the state after all of them, and which were refused
 * @throws nothing but `TypeError` for a wrong JavaScript type
 * @example
 * ```ts
 * import { applyEndpointLogs, createBootState } from 'poa-primitives/clique';
 *
 * const bootState = createBootState({ metachainId: new Uint8Array(32), validators: [new Uint8Array(20).fill(1)] });
 * const { refused } = applyEndpointLogs(bootState, [{ topics: [], data: new Uint8Array() }]);
 * refused.map(({ index, error }) => [index, error.code]); // => [[0, 'ENDPOINT_TOPIC_MISMATCH']]
 * ```
 * @see [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function applyEndpointLogs(bootState: BootState, logs: Iterable<EndpointLog>): EndpointLogsResult {
  const where = 'applyEndpointLogs';
  assertObject(`${where}.bootState`, bootState);
  if (typeof (logs as Partial<Iterable<EndpointLog>> | null | undefined)?.[Symbol.iterator] !== 'function')
    throw wrongType(`${where}.logs`, 'iterable', logs);
  const draft = makeDraft(bootState);
  const refused: RefusedLog[] = [];
  let index = 0;
  for (const log of logs) {
    try {
      applyToDraft(`${where}.logs[${index}]`, bootState, draft, log);
    } catch (error) {
      if (!isPoaError(error)) throw error;
      refused.push({ index, error });
    }
    index++;
  }
  return { bootState: { ...bootState, published: draft.published }, refused };
}

function makeDraft({ published }: BootState): Draft {
  const byPosition = new Map<string, PublishedEndpoint>();
  for (const one of published) if (one.position !== null) byPosition.set(keyOf(one.position), one);
  return { published: [...published], byPosition };
}

function keyOf({ blockNumber, logIndex }: LogPosition): string {
  return `${blockNumber}:${logIndex}`;
}

/** Applies a log, or throws and leaves the draft as it was. */
function applyToDraft(where: string, bootState: BootState, draft: Draft, log: EndpointLog): void {
  assertObject(where, log);
  const { consensus } = bootState;
  if (consensus !== null) {
    assertFixedBytes(`${where}.address`, log.address, ADDRESS_SIZE);
    assertSame('ENDPOINT_CONTRACT_FOREIGN', `${where}.address`, consensus, log.address);
  }
  const event = parseEndpointLog(log);
  checkEvent(where, bootState, event);
  const position = readPosition(`${where}.position`, log.position);
  const { removed = false } = log;
  if (typeof removed !== 'boolean') throw wrongType(`${where}.removed`, 'boolean', removed);
  const { validator, service, endpoint } = event;
  const one: PublishedEndpoint = { validator, service, endpoint, position };
  if (removed) takeBack(where, draft, one);
  else publish(where, draft, one);
}

/** Throws for what a stranger has published, or for what belongs to another network. */
function checkEvent(where: string, bootState: BootState, event: EndpointPublished): void {
  const { metachainId, core, validators } = bootState;
  assertSame('ENDPOINT_METACHAIN_FOREIGN', `${where}.metachainId`, metachainId, event.metachainId);
  if (core !== null) assertSame('ENDPOINT_CORE_FOREIGN', `${where}.core`, core, event.core);
  if (indexOfBytes(validators, event.validator) === -1)
    throw new PoaError('ENDPOINT_VALIDATOR_UNKNOWN', {
      where: `${where}.validator`,
      expected: `one of ${validators.length} validators`,
      got: describeBytes(event.validator),
    });
}

function assertSame(code: PoaErrorCode, where: string, expected: Uint8Array, got: Uint8Array): void {
  if (!equalBytes(expected, got))
    throw new PoaError(code, { where, expected: describeBytes(expected), got: describeBytes(got) });
}

function readPosition(where: string, position: unknown): LogPosition | null {
  if (position === undefined) return null;
  assertObject(where, position);
  const { blockNumber, logIndex } = position;
  assertUint(`${where}.blockNumber`, blockNumber, 64);
  assertInteger(`${where}.logIndex`, logIndex, 0, 0xffffffff);
  return { blockNumber, logIndex };
}

function publish(where: string, { published, byPosition }: Draft, one: PublishedEndpoint): void {
  if (one.position === null) {
    published.push(one);
    return;
  }
  const there = byPosition.get(keyOf(one.position));
  if (there !== undefined) {
    if (isSameEndpoint(there, one)) return;
    throw new PoaError('ENDPOINT_LOG_CONFLICT', {
      where: `${where}.position`,
      expected: `the log that was applied for block ${one.position.blockNumber}, index ${one.position.logIndex}`,
      got: 'another one, without that being taken back',
    });
  }
  let at = published.length;
  while (at > 0 && isLater(published[at - 1] as PublishedEndpoint, one.position)) at--;
  published.splice(at, 0, one);
  byPosition.set(keyOf(one.position), one);
}

/** Whether an endpoint is known to have been published after a position. */
function isLater({ position }: PublishedEndpoint, than: LogPosition): boolean {
  if (position === null) return false;
  if (position.blockNumber !== than.blockNumber) return position.blockNumber > than.blockNumber;
  return position.logIndex > than.logIndex;
}

function takeBack(where: string, { published, byPosition }: Draft, one: PublishedEndpoint): void {
  const { position } = one;
  const there =
    position === null
      ? [...published].reverse().find((other) => other.position === null && isSameEndpoint(other, one))
      : byPosition.get(keyOf(position));
  if (there === undefined || !isSameEndpoint(there, one))
    throw new PoaError('ENDPOINT_LOG_UNKNOWN', {
      where,
      expected: 'a log that was applied, to take it back',
      got: position === null ? 'another one' : `another one, or none, for block ${position.blockNumber}`,
    });
  published.splice(published.indexOf(there), 1);
  if (position !== null) byPosition.delete(keyOf(position));
}

function isSameEndpoint(a: PublishedEndpoint, b: PublishedEndpoint): boolean {
  return a.service === b.service && a.endpoint === b.endpoint && equalBytes(a.validator, b.validator);
}

/**
 * What counts: of each validator and service the endpoint that was published last.
 *
 * @param bootState - from {@link applyEndpointLog}
 * @returns copies, ascending by validator, then by service
 * @example
 * ```ts
 * import { computeEndpoints, createBootState } from 'poa-primitives/clique';
 *
 * computeEndpoints(createBootState({ metachainId: new Uint8Array(32), validators: [new Uint8Array(20).fill(1)] })); // => []
 * ```
 * @see [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function computeEndpoints(bootState: BootState): PublishedEndpoint[] {
  assertObject('computeEndpoints.bootState', bootState);
  return latestEndpoints(bootState)
    .sort((a, b) => compareBytes(a.validator, b.validator) || (a.service < b.service ? -1 : 1))
    .map((one) => ({ ...one, validator: copyOf(one.validator), position: one.position && { ...one.position } }));
}

/** The endpoints that count, in no particular order. */
export function latestEndpoints({ published }: BootState): PublishedEndpoint[] {
  const latest = new Map<string, PublishedEndpoint>();
  for (const one of published) latest.set(writeBytes(one.validator) + one.service, one);
  return [...latest.values()];
}
