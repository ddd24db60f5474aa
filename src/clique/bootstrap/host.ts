/**
 * The host of an enode URL: an address of IPv4 or IPv6, or a DNS name.
 *
 * @see RFC 3986, section 3.2.2; RFC 5952
 * @module
 */

import { copyOf } from '../../internal/bytes.js';

/** Where a node is found: an address of 4 or 16 bytes, or a name that is looked up when it is called. */
export type EnodeHost =
  | {
      /** An address. */
      readonly kind: 'ip';
      /** 4 bytes for IPv4, 16 for IPv6. */
      readonly bytes: Uint8Array;
    }
  | {
      /** A DNS name. */
      readonly kind: 'name';
      /** At most 253 characters, a dot at the end not counted. */
      readonly name: string;
    };

const IPV6_SIZE = 16;
const MAX_NAME_LENGTH = 253;
const LABEL = /^[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?$/;
/** A last label that makes resolvers read the whole name as an address of IPv4. */
const NUMBER_LABEL = /^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/;
const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Four decimal numbers from 0 to 255 without leading zeros; undefined for anything else. */
export function parseIpv4(text: string): Uint8Array | undefined {
  // 15 characters is the longest there is; splitting costs what the text is long.
  if (text.length > 15) return undefined;
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) return undefined;
  return Uint8Array.from(octets, Number);
}

/** Groups of hex digits, one run of zeros left out at most, the last two groups as IPv4 if wished; undefined for anything else. */
export function parseIpv6(text: string): Uint8Array | undefined {
  // 45 characters is the longest there is.
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const front = parseGroups(head, tail === undefined);
  const back = tail === undefined ? [] : parseGroups(tail, true);
  if (front === undefined || back === undefined) return undefined;
  const missing = IPV6_SIZE - front.length - back.length;
  // A run that is left out stands for one group at least.
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  const bytes = new Uint8Array(IPV6_SIZE);
  bytes.set(front);
  bytes.set(back, IPV6_SIZE - back.length);
  return bytes;
}

/** The bytes of groups between colons; those of IPv4 may end the address. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [i, group] of groups.entries()) {
    const ipv4 = isEnd && i === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (GROUP.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

/** The four bytes that an address of IPv6 stands for if it is one of IPv4 in disguise (`::ffff:a.b.c.d`); else undefined. */
export function unmapIpv4(ipv6: Uint8Array): Uint8Array | undefined {
  const isMapped = ipv6.subarray(0, 10).every((byte) => byte === 0) && ipv6[10] === 0xff && ipv6[11] === 0xff;
  return isMapped ? copyOf(ipv6, 12) : undefined;
}

/** Labels of letters, digits, `_` and inner hyphens, not to be taken for an address; a dot may end them. */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) return false;
  const labels = name.split('.');
  return labels.every((label) => LABEL.test(label)) && !NUMBER_LABEL.test(labels.at(-1) as string);
}

/** An address as RFC 5952 writes it: lower case, no leading zeros, the first of the longest runs of zeros left out. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length !== IPV6_SIZE) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] as number) * 256 + (bytes[2 * i + 1] as number));
  const [start, end] = findZeros(groups);
  const write = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (end - start < 2) return write(groups);
  return `${write(groups.slice(0, start))}::${write(groups.slice(end))}`;
}

/** Where the first of the longest runs of zeros begins and ends. */
function findZeros(groups: readonly number[]): [start: number, end: number] {
  let longest: [number, number] = [0, 0];
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > longest[1] - longest[0]) longest = [start, i + 1];
  }
  return longest;
}
