/**
 * What follows from the endpoints that validators have published: peers to add, sealers that are still missing, and whether enough are there.
 *
 * @see "Bootstrap clique POA network", Overview
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import {
  assertArray,
  assertFixedBytes,
  assertObject,
  copyOf,
  describeBytes,
  indexOfBytes,
} from '../../internal/bytes.js';
import { writeBytes } from '../../internal/json.js';
import { ADDRESS_SIZE } from '../encoding/hash.js';
import { type BootState, latestEndpoints, type PublishedEndpoint } from './bootState.js';
import { computeNodeId, type Enode, parseEnode, serializeEnode } from './enode.js';
import { type BootQuorum, computeBootQuorum } from './quorum.js';

/** The one service that makes a peer. */
const PEER_SERVICE = 'enode';

/** A node to connect to. */
export interface Peer {
  /** 20 bytes, whose node it is by what the log says. */
  readonly validator: Uint8Array;
  /** Where it is. */
  readonly enode: Enode;
}

/** An endpoint of the service `enode` that makes no peer. */
export interface UnusableEndpoint {
  /** 20 bytes. */
  readonly validator: Uint8Array;
  /** As it was published. */
  readonly endpoint: string;
  /** Why it makes no peer. */
  readonly error: PoaError;
}

/** How far the start of a network has come. */
export interface BootProgress extends BootQuorum {
  /** Nodes to connect to, ascending by validator; not one's own. */
  readonly peers: readonly Peer[];
  /** What was published in vain, ascending by validator. */
  readonly unusable: readonly UnusableEndpoint[];
  /** 20 bytes each, validators whose node is not known, ascending; not oneself. */
  readonly missing: readonly Uint8Array[];
  /** Validators whose node is known, oneself among them. */
  readonly joined: number;
  /** Whether `joined` is at least `quorum`. It tells what was published, not what is connected. */
  readonly isQuorumReached: boolean;
}

/** For whom the progress is computed. */
export interface BootProgressOptions {
  /** 20 bytes: the validator who asks, who counts as joined and is no peer of its own; nobody by default. */
  readonly self?: Uint8Array;
}

/**
 * Computes how far the start of a network has come.
 *
 * The last `enode` endpoint of each validator makes a peer, if it can be connected to and no other validator has named that node
 * before. A validator who has published a good endpoint and then a bad one has none: what they said last counts.
 *
 * @param bootState - from `applyEndpointLog`
 * @param options - who asks
 * @returns peers, endpoints that make none, and how many validators are there and missing
 * @throws PoaError `ENDPOINT_VALIDATOR_UNKNOWN` if who asks is no validator; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeBootProgress, createBootState } from 'poa-primitives/clique';
 *
 * const validators = [1, 2, 3].map((byte) => new Uint8Array(20).fill(byte));
 * const progress = computeBootProgress(createBootState({ metachainId: new Uint8Array(32), validators }), { self: validators[0] });
 * progress.missing; // => validators.slice(1)
 * [progress.joined, progress.quorum, progress.isQuorumReached]; // => [1, 2, false]
 * ```
 * @see "Bootstrap clique POA network", Overview; [C48 Peers](../RULES.md#c48-peers)
 */
export function computeBootProgress(bootState: BootState, options: BootProgressOptions = {}): BootProgress {
  const where = 'computeBootProgress';
  assertObject(`${where}.bootState`, bootState);
  assertObject(`${where}.options`, options);
  const { validators } = bootState;
  const self = readSelf(`${where}.options.self`, bootState, options.self);
  const nodes = new Set<string>();
  const outcomes = new Map<number, Peer | UnusableEndpoint>();
  for (const { validator, endpoint } of enodeEndpoints(bootState)) {
    const index = indexOfBytes(validators, validator);
    try {
      const enode = parsePeer(endpoint, nodes);
      outcomes.set(index, { validator: copyOf(validator), enode });
    } catch (error) {
      if (!isPoaError(error)) throw error;
      outcomes.set(index, { validator: copyOf(validator), endpoint, error });
    }
  }
  const peers: Peer[] = [];
  const unusable: UnusableEndpoint[] = [];
  const missing: Uint8Array[] = [];
  for (const [index, validator] of validators.entries()) {
    const outcome = outcomes.get(index);
    if (outcome !== undefined && 'error' in outcome) unusable.push(outcome);
    if (index === self) continue;
    if (outcome !== undefined && 'enode' in outcome) peers.push(outcome);
    else missing.push(copyOf(validator));
  }
  const joined = validators.length - missing.length;
  const quorum = computeBootQuorum(validators.length);
  return { ...quorum, peers, unusable, missing, joined, isQuorumReached: joined >= quorum.quorum };
}

/** The `enode` endpoints that count, ordered by when the validator named that node for the first time: renewing it costs no precedence. */
function enodeEndpoints(bootState: BootState): PublishedEndpoint[] {
  const first = new Map<string, number>();
  for (const [i, { validator, service, endpoint }] of bootState.published.entries()) {
    const key = nodeKeyOf(validator, endpoint);
    if (service === PEER_SERVICE && !first.has(key)) first.set(key, i);
  }
  const sinceOf = ({ validator, endpoint }: PublishedEndpoint): number =>
    first.get(nodeKeyOf(validator, endpoint)) ?? 0;
  return latestEndpoints(bootState)
    .filter(({ service }) => service === PEER_SERVICE)
    .sort((a, b) => sinceOf(a) - sinceOf(b));
}

/** A validator and the node of an enode URL, whose key stands in its first 136 characters. */
function nodeKeyOf(validator: Uint8Array, endpoint: string): string {
  return writeBytes(validator) + endpoint.slice(0, 136).toLowerCase();
}

/** Index of who asks among the validators; -1 for nobody. */
function readSelf(where: string, { validators }: BootState, self: unknown): number {
  if (self === undefined) return -1;
  assertFixedBytes(where, self, ADDRESS_SIZE);
  const index = indexOfBytes(validators, self);
  if (index === -1)
    throw new PoaError('ENDPOINT_VALIDATOR_UNKNOWN', {
      where,
      expected: `one of ${validators.length} validators`,
      got: describeBytes(self),
    });
  return index;
}

/**
 * The node that an endpoint names, if it can be connected to and is not among `nodes`, to which it is added.
 *
 * @see [C48 Peers](../RULES.md#c48-peers)
 */
function parsePeer(endpoint: string, nodes: Set<string>): Enode {
  const enode = parseEnode(endpoint);
  const { host, tcp } = enode;
  if (host === null || tcp === 0 || (host.kind === 'ip' && host.bytes.every((byte) => byte === 0)))
    throw new PoaError('ENODE_NOT_DIALABLE', {
      where: 'computeBootProgress.endpoint',
      expected: 'a host and a tcp port',
      got: host === null ? 'a key alone' : tcp === 0 ? 'tcp port 0' : 'the address that stands for none',
    });
  const id = computeNodeId(enode);
  const key = writeBytes(id);
  if (nodes.has(key))
    throw new PoaError('ENODE_DUPLICATE', {
      where: 'computeBootProgress.endpoint',
      expected: 'a node of its own',
      got: `node ${describeBytes(id)}, which another validator published before`,
    });
  nodes.add(key);
  return enode;
}

/**
 * Writes `static-nodes.json`, which clients connect to by themselves: a JSON array of enode URLs, indented by two spaces, with a line feed at
 * the end.
 *
 * @param enodes - nodes in the order in which they shall stand
 * @returns JSON
 * @throws PoaError as `serializeEnode`
 * @example
 * ```ts
 * import { parseEnode, serializeStaticNodes } from 'poa-primitives/clique';
 *
 * const key =
 *   '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace243' +
 *   '51232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
 * JSON.parse(serializeStaticNodes([parseEnode(`enode://${key}@10.0.0.1:30303`)])).length; // => 1
 * serializeStaticNodes([]); // => '[]\n'
 * ```
 * @see [C48 Peers](../RULES.md#c48-peers)
 */
export function serializeStaticNodes(enodes: readonly Enode[]): string {
  assertArray('serializeStaticNodes.enodes', enodes);
  return `${JSON.stringify(Array.from(enodes, serializeEnode), null, 2)}\n`;
}
