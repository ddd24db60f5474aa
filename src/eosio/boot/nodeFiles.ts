/**
 * What one node is started with: arguments as the tutorial and its scripts give them, and a config.ini that says the same.
 *
 * @see the boot sequence tutorial, "Start the producers"; nodeos, config.ini
 * @module
 */

import type { BootSequence } from './features.js';
import { quoteWord } from './text.js';

/** Which option tells nodeos its key. */
export type KeyOption = 'private-key' | 'signature-provider';

/** A node, ready to be started once its placeholders are filled in. */
export interface NodePlan {
  /** `eosio` for the genesis node, else the producer. */
  readonly name: string;
  /** Whether it begins the chain. */
  readonly role: 'boot' | 'producer';
  /** Added to the base of the ports. */
  readonly number: number;
  /** Folder of its configuration and data, without a slash at the end; null for the genesis node of the manual steps, which has the default one. */
  readonly directory: string | null;
  /** Folders to make before it is started. */
  readonly directories: readonly string[];
  /** Host and port of its HTTP API. */
  readonly http: string;
  /** Host and port where it listens for peers. */
  readonly listen: string;
  /** Host and port under which peers list it. */
  readonly address: string;
  /** Addresses that it lists. */
  readonly peers: readonly string[];
  /** What stands for its private key in all texts below. */
  readonly keyPlaceholder: string;
  /** Arguments of nodeos, each a whole one; nothing in them is quoted. */
  readonly arguments: readonly string[];
  /** `nodeos` and its arguments as a line for a POSIX shell. */
  readonly command: string;
  /** Text of a config.ini that takes the place of most arguments. */
  readonly configIni: string;
  /** What stays on the command line beside that config.ini, since nodeos takes it nowhere else. */
  readonly configArguments: readonly string[];
}

/** What the texts of a node are made of; checked before. */
export interface NodeFacts {
  readonly name: string;
  readonly role: 'boot' | 'producer';
  readonly publicKey: string;
  readonly number: number;
  readonly host: string;
  readonly httpPort: number;
  readonly p2pPort: number;
  readonly address: string;
  readonly sequence: BootSequence;
  readonly root: string;
  readonly genesis: string | undefined;
  readonly keyOption: KeyOption;
  readonly maxClients: number;
  readonly peers: readonly string[];
}

/** An option of nodeos: its name and value; `true` for one that only stands there; `=` where its document writes it so. */
interface NodeOption {
  readonly name: string;
  readonly value: string | true;
  readonly equals?: true;
  /** Not allowed in config.ini, or what says where that file is. */
  readonly commandLine?: true;
}

/**
 * What stands for the private key of an account, in commands and files alike.
 *
 * @see [E23 Private keys](../RULES.md#e23-private-keys)
 */
export function keyPlaceholder(name: string): string {
  return `<private key of ${name}>`;
}

/**
 * The plan of one node.
 *
 * @see [E24 Nodes](../RULES.md#e24-nodes)
 */
export function writeNode(facts: NodeFacts): NodePlan {
  const { name, role, number, address, peers, sequence } = facts;
  const directory = directoryOf(facts);
  const options = listOptions(facts, directory);
  const { http, listen } = endpointsOf(facts);
  const ini = options.filter(({ commandLine }) => commandLine !== true);
  return {
    name,
    role,
    number,
    directory,
    directories: directory === null ? [] : [directory],
    http,
    listen,
    address,
    peers,
    keyPlaceholder: keyPlaceholder(name),
    arguments: options.flatMap(argumentsOf),
    command: `nodeos ${options.map((option, i) => writeOption(option, options[i + 1], sequence)).join('')}`,
    configIni: ini.map((option) => `${option.name} = ${option.value}\n`).join(''),
    configArguments: options.filter(({ commandLine }) => commandLine === true).flatMap(argumentsOf),
  };
}

function directoryOf({ sequence, role, root, name, number }: NodeFacts): string | null {
  if (sequence === 'manual') return role === 'boot' ? null : `${root}/${name}`;
  return `${root}/${String(number).padStart(2, '0')}-${name}`;
}

/** A node for this machine alone listens on its loopback; one that others reach, on all addresses, but its HTTP API never does. */
function endpointsOf({ host, httpPort, p2pPort }: NodeFacts): { http: string; listen: string } {
  return { http: `127.0.0.1:${httpPort}`, listen: `${addressToListen(host.toLowerCase())}:${p2pPort}` };
}

function addressToListen(host: string): string {
  if (host === 'localhost' || host === '127.0.0.1') return '127.0.0.1';
  if (host.startsWith('[')) return host === '[::1]' ? host : '[::]';
  return '0.0.0.0';
}

function listOptions(facts: NodeFacts, directory: string | null): NodeOption[] {
  const { sequence, name, peers } = facts;
  const { http, listen } = endpointsOf(facts);
  const peerOptions = peers.map((value) => ({ name: 'p2p-peer-address', value }));
  const producing: NodeOption[] = [
    { name: 'enable-stale-production', value: true },
    { name: 'producer-name', value: name },
    keyOptionOf(facts),
  ];
  if (sequence === 'manual') {
    const places: NodeOption[] =
      directory === null
        ? listGenesisPlaces(facts)
        : [
            { name: 'genesis-json', value: facts.genesis ?? `${directory}/genesis.json`, commandLine: true },
            { name: 'block-log-dir', value: blocksOf(directory), commandLine: true },
            { name: 'config-dir', value: `${directory}/`, commandLine: true },
            { name: 'data-dir', value: `${directory}/`, commandLine: true },
            { name: 'http-server-address', value: http },
            { name: 'p2p-listen-endpoint', value: listen },
          ];
    return [...places, ...producing, ...plugins('producer', 'chain_api', 'http'), ...peerOptions];
  }
  const clients = String(facts.maxClients);
  return [
    { name: 'max-irreversible-block-age', value: '-1' },
    { name: 'max-transaction-time', value: '200', equals: true },
    { name: 'contracts-console', value: true },
    { name: 'genesis-json', value: facts.genesis ?? './genesis.json', commandLine: true },
    { name: 'blocks-dir', value: blocksOf(`${directory}`), commandLine: true },
    { name: 'config-dir', value: `${directory}`, commandLine: true },
    { name: 'data-dir', value: `${directory}`, commandLine: true },
    { name: 'chain-state-db-size-mb', value: '1024' },
    { name: 'http-server-address', value: http },
    { name: 'p2p-listen-endpoint', value: listen },
    { name: 'max-clients', value: clients },
    { name: 'p2p-max-nodes-per-host', value: clients },
    ...producing,
    ...plugins('http', 'chain_api', 'chain', 'producer_api', 'producer'),
    ...peerOptions,
    ...listBootExtras(facts),
  ];
}

/** The folder of the blocks. A relative one is relative to the data folder, and not to where nodeos was started as that one is. */
function blocksOf(directory: string): string {
  return /^~?\//.test(directory) ? `${directory}/blocks` : 'blocks';
}

/** The manual steps start the genesis node without a word on places; a genesis that is named is given to it all the same. */
function listGenesisPlaces({ genesis }: NodeFacts): NodeOption[] {
  return genesis === undefined ? [] : [{ name: 'genesis-json', value: genesis, commandLine: true }];
}

function listBootExtras({ role, sequence }: NodeFacts): NodeOption[] {
  if (role !== 'boot') return [];
  if (sequence === 'script') return plugins('history', 'history_api');
  return [...plugins('trace_api'), { name: 'trace-no-abis', value: true }];
}

function plugins(...names: readonly string[]): NodeOption[] {
  return names.map((plugin) => ({ name: 'plugin', value: `eosio::${plugin}_plugin` }));
}

function keyOptionOf({ keyOption, publicKey, name, sequence }: NodeFacts): NodeOption {
  const secret = keyPlaceholder(name);
  if (keyOption === 'signature-provider') return { name: keyOption, value: `${publicKey}=KEY:${secret}` };
  return {
    name: keyOption,
    value: sequence === 'manual' ? `[ "${publicKey}","${secret}" ]` : `["${publicKey}","${secret}"]`,
  };
}

function argumentsOf({ name, value, equals }: NodeOption): string[] {
  if (value === true) return [`--${name}`];
  return equals === true ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** One option as the shell reads it, with what stands before the next: the tutorial puts two spaces between peers. */
function writeOption(option: NodeOption, next: NodeOption | undefined, sequence: BootSequence): string {
  const text = argumentsOf(option).map(quoteWord).join(' ');
  if (next === undefined) return text;
  return option.name === 'p2p-peer-address' && sequence === 'manual' ? `${text}  ` : `${text} `;
}
