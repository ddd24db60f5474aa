/**
 * Enode URLs, which say where a node is found and by which key it is known.
 *
 * @see https://github.com/ethereum/devp2p/blob/master/discv4.md; go-ethereum, `p2p/enode/urlv4.go`
 * @module
 */

import { PoaError, type PoaErrorCode } from '../../errors.js';
import {
  assertFixedBytes,
  assertInteger,
  assertObject,
  copyOf,
  describeBytes,
  readUintBE,
  wrongType,
} from '../../internal/bytes.js';
import { writeBytes } from '../../internal/json.js';
import { keccak256 } from '../encoding/hash.js';
import { type EnodeHost, formatIp, isHostName, parseIpv4, parseIpv6, unmapIpv4 } from './host.js';

/** What an enode URL says. */
export interface Enode {
  /** 64 bytes, `x | y` of a point on secp256k1. */
  readonly publicKey: Uint8Array;
  /** Where the node is found; null in a URL that holds nothing but the key. */
  readonly host: EnodeHost | null;
  /** Port of its connections; 0 without a host. */
  readonly tcp: number;
  /** Port of its discovery; 0 without a host, or if it takes no part in discovery. */
  readonly udp: number;
}

/** Bytes of an uncompressed public key without its prefix. */
const KEY_SIZE = 64;
/** Longer than any URL of a node can be, which ends at 413 characters. */
const MAX_URL_LENGTH = 512;
const MAX_PORT = 65_535;
const SCHEME = 'enode://';
const RECORD_PREFIX = 'enr:';
const DISCOVERY_PORT = '?discport=';
const KEY_DIGITS = /^[0-9a-fA-F]{128}$/;
const PORT = /^(?:0|[1-9][0-9]{0,4})$/;
/** Modulus of the field of secp256k1. */
const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/**
 * Parses an enode URL: `enode://<128 hex digits>@<host>:<tcp port>`, with `?discport=<udp port>` where that is another one; or the key
 * alone.
 *
 * Stricter than go-ethereum, so that every client reads a URL alike: no other queries, paths or fragments, no `%` escapes, no
 * leading zeros in numbers, IPv6 in brackets and nothing else in them.
 *
 * @param url - from anyone
 * @returns key, host and ports; an address of IPv4 written as one of IPv6 comes as 4 bytes
 * @throws PoaError `ENODE_IS_RECORD` for a node record (`enr:`), which is no URL; `ENODE_KEY_INVALID`, `ENODE_HOST_INVALID`,
 * `ENODE_PORT_INVALID` for these parts; `ENODE_MALFORMED` for anything else
 * @example
 * ```ts
 * import { parseEnode } from 'poa-primitives/clique';
 *
 * const key =
 *   '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace243' +
 *   '51232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
 * const enode = parseEnode(`enode://${key}@127.0.0.1:30303?discport=30301`);
 * enode.host; // => { kind: 'ip', bytes: Uint8Array.of(127, 0, 0, 1) }
 * [enode.tcp, enode.udp]; // => [30303, 30301]
 * ```
 * @see go-ethereum, `p2p/enode/urlv4.go`; [C46 Enode URLs](../RULES.md#c46-enode-urls)
 */
export function parseEnode(url: string): Enode {
  const where = 'parseEnode';
  if (typeof url !== 'string') throw wrongType(`${where}.url`, 'string', url);
  if (url.startsWith(RECORD_PREFIX)) throw invalid('ENODE_IS_RECORD', where, 'an enode URL', 'a node record (enr:)');
  if (!url.startsWith(SCHEME)) throw invalid('ENODE_MALFORMED', where, `a text that begins with ${SCHEME}`, quote(url));
  if (url.length > MAX_URL_LENGTH)
    throw invalid('ENODE_MALFORMED', where, `at most ${MAX_URL_LENGTH} characters`, `${url.length} characters`);
  const at = url.indexOf('@');
  const publicKey = parseKey(`${where}.publicKey`, url.slice(SCHEME.length, at === -1 ? undefined : at));
  if (at === -1) return { publicKey, host: null, tcp: 0, udp: 0 };
  const query = url.indexOf('?', at);
  const address = url.slice(at + 1, query === -1 ? undefined : query);
  const colon = address.lastIndexOf(':');
  // The last colon of `[::]` is within the brackets.
  if (colon === -1 || address.endsWith(']'))
    throw invalid('ENODE_PORT_INVALID', `${where}.tcp`, 'a colon and a port after the host', quote(address));
  const host = parseHost(`${where}.host`, address.slice(0, colon));
  const tcp = parsePort(`${where}.tcp`, address.slice(colon + 1));
  if (query === -1) return { publicKey, host, tcp, udp: tcp };
  if (!url.startsWith(DISCOVERY_PORT, query))
    throw invalid('ENODE_MALFORMED', where, `no query but ${DISCOVERY_PORT}`, quote(url.slice(query)));
  return { publicKey, host, tcp, udp: parsePort(`${where}.udp`, url.slice(query + DISCOVERY_PORT.length)) };
}

function parseKey(where: string, digits: string): Uint8Array {
  if (!KEY_DIGITS.test(digits)) throw invalid('ENODE_KEY_INVALID', where, `${2 * KEY_SIZE} hex digits`, quote(digits));
  const publicKey = new Uint8Array(KEY_SIZE);
  for (let i = 0; i < KEY_SIZE; i++) publicKey[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  assertPoint(where, publicKey);
  return publicKey;
}

/** Throws unless `x | y` lies on the curve y² = x³ + 7. */
function assertPoint(where: string, publicKey: Uint8Array): void {
  const x = readUintBE(publicKey, 0, 32);
  const y = readUintBE(publicKey, 32, 32);
  if (x >= FIELD || y >= FIELD || (y * y - x * x * x - 7n) % FIELD !== 0n)
    throw invalid('ENODE_KEY_INVALID', where, 'a point on secp256k1', describeBytes(publicKey));
}

function parseHost(where: string, text: string): EnodeHost {
  if (text.startsWith('[') && text.endsWith(']')) {
    const bytes = parseIpv6(text.slice(1, -1));
    if (bytes === undefined) throw invalid('ENODE_HOST_INVALID', where, 'an address of IPv6 in brackets', quote(text));
    return { kind: 'ip', bytes: unmapIpv4(bytes) ?? bytes };
  }
  const bytes = parseIpv4(text);
  if (bytes !== undefined) return { kind: 'ip', bytes };
  if (!isHostName(text)) throw invalid('ENODE_HOST_INVALID', where, 'an address or a DNS name', quote(text));
  return { kind: 'name', name: text };
}

function parsePort(where: string, text: string): number {
  if (!PORT.test(text) || Number(text) > MAX_PORT)
    throw invalid('ENODE_PORT_INVALID', where, `a decimal number from 0 to ${MAX_PORT}`, quote(text));
  return Number(text);
}

/**
 * Writes an enode URL: the inverse of {@link parseEnode}, in lower case, addresses of IPv6 as RFC 5952 has it, and the udp port only where it
 * is not the tcp port.
 *
 * @param enode - key, host and ports
 * @returns the URL
 * @throws PoaError `ENODE_KEY_INVALID` for 64 bytes that are no public key; `ENODE_HOST_INVALID` for a name that is none, and for an
 * address of IPv4 in 16 bytes; `OUT_OF_RANGE` for a length or a port that does not fit, and for a port without a host
 * @example
 * ```ts
 * import { parseEnode, serializeEnode } from 'poa-primitives/clique';
 *
 * const key =
 *   '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace243' +
 *   '51232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
 * const url = `enode://${key}@[2001:db8::1]:30303`;
 * serializeEnode(parseEnode(url)) === url; // => true
 * ```
 * @see go-ethereum, `p2p/enode/urlv4.go`; [C46 Enode URLs](../RULES.md#c46-enode-urls)
 */
export function serializeEnode(enode: Enode): string {
  const where = 'serializeEnode';
  assertObject(where, enode);
  const { publicKey, host, tcp, udp } = enode;
  assertFixedBytes(`${where}.publicKey`, publicKey, KEY_SIZE);
  assertPoint(`${where}.publicKey`, publicKey);
  const greatest = host === null ? 0 : MAX_PORT;
  assertInteger(`${where}.tcp`, tcp, 0, greatest);
  assertInteger(`${where}.udp`, udp, 0, greatest);
  const start = SCHEME + writeBytes(publicKey).slice(2);
  if (host === null) return start;
  return `${start}@${writeHost(`${where}.host`, host)}:${tcp}${udp === tcp ? '' : DISCOVERY_PORT + udp}`;
}

function writeHost(where: string, host: EnodeHost): string {
  assertObject(where, host);
  if (host.kind === 'name') {
    if (typeof host.name !== 'string') throw wrongType(`${where}.name`, 'string', host.name);
    if (!isHostName(host.name)) throw invalid('ENODE_HOST_INVALID', where, 'a DNS name', quote(host.name));
    return host.name;
  }
  if (host.kind !== 'ip') throw wrongType(`${where}.kind`, "'ip' or 'name'", (host as { kind: unknown }).kind);
  const { bytes } = host;
  assertFixedBytes(`${where}.bytes`, bytes, bytes?.length === 4 ? 4 : 16);
  if (bytes.length === 4) return formatIp(bytes);
  if (unmapIpv4(bytes) !== undefined)
    throw invalid('ENODE_HOST_INVALID', where, '4 bytes for an address of IPv4', describeBytes(bytes));
  return `[${formatIp(bytes)}]`;
}

/**
 * The id by which a node is known in discovery.
 *
 * @param enode - its URL, parsed
 * @returns 32 bytes, Keccak-256 of the public key
 * @throws PoaError `OUT_OF_RANGE` for a key of another length
 * @example
 * ```ts
 * import { computeNodeId, parseEnode } from 'poa-primitives/clique';
 *
 * const key =
 *   '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace243' +
 *   '51232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
 * Buffer.from(computeNodeId(parseEnode(`enode://${key}`))).toString('hex').slice(0, 8); // => '3431c393'
 * ```
 * @see go-ethereum, `PubkeyToIDV4`; [C46 Enode URLs](../RULES.md#c46-enode-urls)
 */
export function computeNodeId(enode: Enode): Uint8Array {
  assertObject('computeNodeId', enode);
  assertFixedBytes('computeNodeId.publicKey', enode.publicKey, KEY_SIZE);
  return keccak256(copyOf(enode.publicKey));
}

function invalid(code: PoaErrorCode, where: string, expected: string, got: string): PoaError {
  return new PoaError(code, { where, expected, got });
}

/** A short text within quotes, or how long it is. */
function quote(text: string): string {
  return text.length > 32 ? `a text of ${text.length} characters` : JSON.stringify(text);
}
