/**
 * The nodes of a boot: their folders, ports and peers, what config.ini of each says, and how each is started.
 *
 * @see the boot sequence tutorial, "Configure the initial set of nodeos nodes" and "Start the producers"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject } from '../../internal/bytes.js';
import { type BootSequence, checkSequence } from './features.js';
import { type KeyOption, type NodeFacts, type NodePlan, writeNode } from './nodeFiles.js';
import { readAccountName, readPublicKey } from './read.js';
import { checkHost, checkPath, describeText } from './text.js';
import { computePeers, MAX_NODES, type Topology } from './topology.js';

/** A full mesh of more nodes than this is warned of. */
export const FULL_MESH_LIMIT = 10;
/** Connections that a node takes unless it is told otherwise (`max-clients`). */
export const DEFAULT_MAX_CLIENTS = 25;

/** Where the genesis node of the manual steps listens: the defaults of nodeos. */
const DEFAULT_HTTP_PORT = 8_888;
const DEFAULT_P2P_PORT = 9_876;

/** A node of a producer. */
export interface ProducerNode {
  /** The producer whom it signs for. */
  readonly name: string;
  /** Text of the key that it signs blocks with. */
  readonly publicKey: string;
  /** What is added to the base of the ports, and stands in the folder's name of the scripts; by default see {@link planNodes}. */
  readonly number?: number;
  /** Where others reach it; `localhost` by default, which also keeps its ports closed to other machines. */
  readonly host?: string;
}

/** The nodes that are wanted. */
export interface NodesConfig {
  /** Whose folders, options and form of command; `manual` by default. */
  readonly sequence?: BootSequence;
  /** Text of the key of `eosio`, with which the first node begins the chain; no genesis node is planned without it. */
  readonly bootKey?: string;
  /** At most 1,000 with the genesis node. */
  readonly producers: readonly ProducerNode[];
  /** How they point to each other; `full` in the manual steps, `earlier` in the scripts, as there. */
  readonly topology?: Topology;
  /** Folder of all nodes; `~/eosio_test` in the manual steps, `./nodes` in the scripts. */
  readonly directory?: string;
  /** Path of genesis.json; in the manual steps it lies in the folder of each node. */
  readonly genesis?: string;
  /** `signature-provider` for nodes of Antelope, which no longer know `private-key`; by default as in the documents. */
  readonly keyOption?: KeyOption;
  /**
   * Whether the genesis node stands in the topology. The manual steps leave it out, so that no producer ever gets a block of it; the scripts
   * begin the topology with it.
   */
  readonly includeBootNode?: boolean;
  /** Ports are these plus the number of the node; 8000 and 9000 by default. */
  readonly httpBase?: number;
  /** See `httpBase`. */
  readonly p2pBase?: number;
}

/** Something that whoever starts the nodes should know; they start all the same. */
export type NodeWarning =
  | {
      /** Every node lists every other, and there are many of them. */
      readonly code: 'FULL_MESH_LARGE';
      /** Nodes in the mesh. */
      readonly nodes: number;
      /** Entries in all lists of peers together: each of them is a line to keep. */
      readonly entries: number;
      /** From this many nodes on it is warned of. */
      readonly limit: number;
    }
  | {
      /** A node would have more peers than it takes. */
      readonly code: 'TOO_MANY_CLIENTS';
      /** The node. */
      readonly name: string;
      /** Nodes that it lists or that list it. */
      readonly peers: number;
      /** Those that it takes. */
      readonly limit: number;
    }
  | {
      /** The genesis node is started without a genesis.json and the others with one, as in the manual steps: two chains, unless it is that of nodeos. */
      readonly code: 'BOOT_NODE_WITHOUT_GENESIS';
    }
  | {
      /** No producer is connected with the genesis node, as in the manual steps: none gets its blocks. */
      readonly code: 'BOOT_NODE_ALONE';
      /** Where it listens: as a peer of one node, it would reach all. */
      readonly address: string;
    };

/** All nodes. */
export interface NodesPlan {
  /** The genesis node first, where there is one; then those of the producers, in their order. */
  readonly nodes: readonly NodePlan[];
  /** Pairs of nodes that are connected. */
  readonly connections: number;
  /** Entries in all lists of peers together. */
  readonly peerEntries: number;
  /** What should be known. */
  readonly warnings: readonly NodeWarning[];
}

/**
 * Plans the nodes of a boot: folders, ports, peers, config.ini and arguments, with a placeholder in the place of each private key.
 *
 * The number of a node is 0 for the genesis node of the scripts and counts up from 1 for producers; in the manual steps it is the two digits at the end
 * of names like `accountnum23`, if all names have different ones, and counts up from 1 otherwise.
 *
 * @param config - who runs a node, and how they are connected
 * @returns a plan for each node, and warnings as data
 * @throws PoaError `CONFIG_INVALID` for an option that is none; `TEXT_UNSAFE` for a path or a host that would break a line or a command;
 * `NAME_INVALID` and `ACCOUNT_NAME_INVALID`; `NAME_TAKEN` for a producer with two nodes; `PRODUCER_KEY_MISSING`; what `publicKeyFromText` throws for a key;
 * `PRIVATE_KEY_GIVEN`; `PORT_TAKEN` for two nodes with one port; `TOPOLOGY_INVALID`; `OUT_OF_RANGE` for more than 1,000 nodes and for ports
 * @example
 * ```ts
 * import { planNodes } from 'poa-primitives/eosio';
 *
 * const producers = [
 *   { name: 'accountnum11', publicKey: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt' },
 *   { name: 'accountnum22', publicKey: 'EOS5kgeCLuQo8MMLnkZfqcBA3GRFgQsPyDddHWmXceRLjRX8LJRaH' },
 * ];
 * const { nodes, warnings } = planNodes({ producers });
 * nodes.map(({ listen, peers }) => [listen, peers]); // => [['127.0.0.1:9011', ['localhost:9022']], ['127.0.0.1:9022', ['localhost:9011']]]
 * warnings; // => []
 * ```
 * @see the boot sequence tutorial, "Configure the initial set of nodeos nodes"; [E24 Nodes](../RULES.md#e24-nodes)
 */
export function planNodes(config: NodesConfig): NodesPlan {
  const where = 'planNodes';
  assertObject(where, config);
  const { sequence = 'manual', producers, bootKey } = config;
  checkSequence(`${where}.sequence`, sequence);
  const isManual = sequence === 'manual';
  const { directory = isManual ? '~/eosio_test' : './nodes', includeBootNode = !isManual } = config;
  const { genesis, httpBase = 8_000, p2pBase = 9_000, keyOption, topology } = config;
  checkPath(`${where}.directory`, directory);
  if (genesis !== undefined) checkPath(`${where}.genesis`, genesis);
  if (keyOption !== undefined && keyOption !== 'private-key' && keyOption !== 'signature-provider')
    throw configInvalid(`${where}.keyOption`, 'private-key or signature-provider', describeText(keyOption));
  if (typeof includeBootNode !== 'boolean')
    throw configInvalid(`${where}.includeBootNode`, 'true or false', describeText(includeBootNode));
  assertInteger(`${where}.httpBase`, httpBase, 1, 65_535);
  assertInteger(`${where}.p2pBase`, p2pBase, 1, 65_535);
  assertArray(`${where}.producers`, producers);
  assertInteger(`${where}.producers.length`, producers.length, 0, MAX_NODES - (bootKey === undefined ? 0 : 1));

  const rows = readProducers(`${where}.producers`, producers, isManual);
  const base = { http: httpBase, p2p: p2pBase };
  const nodes = rows.map((row) => ({ ...row, ...addressOf(`${where}.producers`, row, base) }));
  if (bootKey !== undefined) nodes.unshift(readBootNode(`${where}.bootKey`, bootKey, isManual, base));
  checkPorts(where, nodes);

  const alone = bootKey !== undefined && !includeBootNode ? 1 : 0;
  const wanted: Topology = topology ?? { kind: isManual ? 'full' : 'earlier' };
  const lists = computePeers(nodes.length - alone, wanted);
  const peersOf = (i: number): readonly NodeRow[] =>
    (lists[i - alone] ?? []).flatMap((peer) => nodes[peer + alone] ?? []);
  // What the scripts allow: as many clients as there are producers, and ten more.
  const maxClients = isManual ? DEFAULT_MAX_CLIENTS : rows.length + 10;
  const plans = nodes.map((node, i) => {
    const facts: NodeFacts = {
      ...node,
      sequence,
      root: directory.replace(/\/+$/, ''),
      genesis,
      keyOption: keyOption ?? (sequence === 'spring' ? 'signature-provider' : 'private-key'),
      maxClients,
      peers: peersOf(i).map(({ address }) => address),
    };
    return writeNode(facts);
  });
  const { connections, degrees } = countConnections(lists);
  const peerEntries = lists.reduce((sum, peers) => sum + peers.length, 0);
  const warnings: NodeWarning[] = [];
  // Any topology that makes one is a full mesh, whatever its name.
  const isFull = connections === (lists.length * (lists.length - 1)) / 2;
  if (isFull && lists.length > FULL_MESH_LIMIT)
    warnings.push({ code: 'FULL_MESH_LARGE', nodes: lists.length, entries: peerEntries, limit: FULL_MESH_LIMIT });
  degrees.forEach((peers, i) => {
    const name = nodes[i + alone]?.name ?? '';
    if (peers > maxClients) warnings.push({ code: 'TOO_MANY_CLIENTS', name, peers, limit: maxClients });
  });
  const bootNode = nodes[0];
  if (isManual && bootKey !== undefined && genesis === undefined) warnings.push({ code: 'BOOT_NODE_WITHOUT_GENESIS' });
  if (alone === 1 && bootNode !== undefined && rows.length > 0)
    warnings.push({ code: 'BOOT_NODE_ALONE', address: bootNode.address });
  return { nodes: plans, connections, peerEntries, warnings };
}

interface NodeRow {
  readonly name: string;
  readonly role: 'boot' | 'producer';
  readonly publicKey: string;
  readonly number: number;
  readonly host: string;
  readonly httpPort: number;
  readonly p2pPort: number;
  readonly address: string;
}

type ProducerRow = Pick<NodeRow, 'name' | 'role' | 'publicKey' | 'number' | 'host'>;
interface PortBase {
  readonly http: number;
  readonly p2p: number;
}

function readProducers(where: string, producers: readonly unknown[], isManual: boolean): ProducerRow[] {
  const rows = Array.from(producers, (producer, i) => {
    const at = `${where}[${i}]`;
    assertObject(at, producer);
    const { number, host = 'localhost' } = producer;
    const name = readAccountName(`${at}.name`, producer.name);
    if (producer.publicKey === undefined)
      throw new PoaError('PRODUCER_KEY_MISSING', {
        where: `${at}.publicKey`,
        expected: `the key that ${name} signs blocks with`,
        got: 'none',
      });
    const publicKey = readPublicKey(`${at}.publicKey`, producer.publicKey);
    checkHost(`${at}.host`, host);
    if (number !== undefined) assertInteger(`${at}.number`, number, 0, 65_535);
    return { name, role: 'producer' as const, publicKey, number, host };
  });
  const seen = new Set<string>(['eosio']);
  for (const { name } of rows) {
    if (seen.has(name))
      throw new PoaError('NAME_TAKEN', { where, expected: 'one node for each name', got: `${name} twice` });
    seen.add(name);
  }
  const digits = rows.map(({ name }) => (isManual ? /[1-5]{2}$/.exec(name)?.[0] : undefined));
  const tutorial = digits.every((found) => found !== undefined) && new Set(digits).size === digits.length;
  return rows.map((row, i) => ({ ...row, number: row.number ?? (tutorial ? Number(digits[i]) : i + 1) }));
}

function addressOf(where: string, row: ProducerRow, base: PortBase): Pick<NodeRow, 'httpPort' | 'p2pPort' | 'address'> {
  const [httpPort, p2pPort] = [base.http + row.number, base.p2p + row.number];
  assertInteger(`${where}: port of ${row.name}`, Math.max(httpPort, p2pPort), 1, 65_535);
  return { httpPort, p2pPort, address: `${row.host}:${p2pPort}` };
}

function readBootNode(where: string, key: unknown, isManual: boolean, base: PortBase): NodeRow {
  const publicKey = readPublicKey(where, key);
  const row = { name: 'eosio', role: 'boot' as const, publicKey, number: 0, host: 'localhost' };
  if (!isManual) return { ...row, ...addressOf(where, row, base) };
  return { ...row, httpPort: DEFAULT_HTTP_PORT, p2pPort: DEFAULT_P2P_PORT, address: `localhost:${DEFAULT_P2P_PORT}` };
}

/** No port of a host is used twice, be it for peers or for HTTP. */
function checkPorts(where: string, nodes: readonly NodeRow[]): void {
  const taken = new Map<string, string>();
  for (const { name, host, httpPort, p2pPort } of nodes)
    for (const port of [httpPort, p2pPort]) {
      // Names of hosts do not tell upper case from lower, and this machine has three.
      const machine = /^(?:127\.0\.0\.1|\[::1\])$/.test(host) ? 'localhost' : host.toLowerCase();
      const place = `${machine}:${port}`;
      const other = taken.get(place);
      if (other !== undefined)
        throw new PoaError('PORT_TAKEN', {
          where,
          expected: 'each port of a host once',
          got: `${port} for ${other} and ${name}`,
        });
      taken.set(place, name);
    }
}

/** How many pairs are connected, and with how many others each node is, whoever lists whom. */
function countConnections(lists: readonly (readonly number[])[]): { connections: number; degrees: number[] } {
  const pairs = new Set<number>();
  const degrees = lists.map(() => 0);
  lists.forEach((peers, i) => {
    for (const peer of peers) {
      const pair = Math.min(i, peer) * lists.length + Math.max(i, peer);
      if (pairs.has(pair)) continue;
      pairs.add(pair);
      degrees[i] = (degrees[i] ?? 0) + 1;
      degrees[peer] = (degrees[peer] ?? 0) + 1;
    }
  });
  return { connections: pairs.size, degrees };
}

function configInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('CONFIG_INVALID', { where, expected, got });
}
