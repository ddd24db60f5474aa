/**
 * The root of a Merkle-Patricia trie, computed at once from all of its entries: no trie is kept.
 *
 * @see Ethereum yellow paper, appendix D
 * @module
 */

import { compareBytes, concat, copyOf } from '../../internal/bytes.js';
import { encodeRlp, encodeRlpList } from '../../internal/rlp.js';
import { EMPTY_ROOT } from '../encoding/constants.js';
import { HASH_SIZE, keccak256 } from '../encoding/hash.js';

/** What a trie holds under a key. */
export interface TrieEntry {
  /** 32 bytes, not hashed yet. */
  readonly key: Uint8Array;
  /** Not empty. */
  readonly value: Uint8Array;
}

/** An entry under the hash of its key. */
interface Leaf {
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

/** Of a path. */
const NIBBLES = 64;

/**
 * The root of the trie that holds each value under the hash of its key, as Ethereum keeps accounts and storage.
 *
 * @param entries - in any order; keys are distinct
 * @returns 32 bytes
 * @see [C38 State root](../RULES.md#c38-state-root)
 */
export function computeTrieRoot(entries: readonly TrieEntry[]): Uint8Array {
  if (entries.length === 0) return copyOf(EMPTY_ROOT);
  const leaves = entries.map(({ key, value }) => ({ path: keccak256(key), value }));
  leaves.sort((a, b) => compareBytes(a.path, b.path));
  return keccak256(encodeNode(leaves, 0, leaves.length, 0));
}

/**
 * The node over `leaves[start..end]`, which agree in their first `depth` nibbles. It calls itself once per level of the trie, of which
 * there are 64 at most.
 */
function encodeNode(leaves: readonly Leaf[], start: number, end: number, depth: number): Uint8Array {
  const first = leaves[start] as Leaf;
  if (end - start === 1) return encodeRlp([encodePath(first.path, depth, NIBBLES, true), first.value]);
  // Leaves are sorted: what the first and the last share, all of them share.
  const last = leaves[end - 1] as Leaf;
  let fork = depth;
  while (nibbleAt(first.path, fork) === nibbleAt(last.path, fork)) fork++;
  const branch = encodeBranch(leaves, start, end, fork);
  if (fork === depth) return branch;
  return encodeRlpList([encodeRlp(encodePath(first.path, depth, fork, false)), encodeReference(branch)]);
}

function encodeBranch(leaves: readonly Leaf[], start: number, end: number, depth: number): Uint8Array {
  const children: Uint8Array[] = [];
  let at = start;
  for (let nibble = 0; nibble < 16; nibble++) {
    const from = at;
    while (at < end && nibbleAt((leaves[at] as Leaf).path, depth) === nibble) at++;
    children.push(from === at ? Uint8Array.of(0x80) : encodeReference(encodeNode(leaves, from, at, depth + 1)));
  }
  // All paths have one length, so none ends at a branch.
  children.push(Uint8Array.of(0x80));
  return encodeRlpList(children);
}

/** A node within its parent: itself if it is shorter than a hash. */
function encodeReference(node: Uint8Array): Uint8Array {
  return node.length < HASH_SIZE ? node : encodeRlp(keccak256(node));
}

/** Nibbles `start` to `end` of a path, with their parity and the kind of the node in front. */
function encodePath(path: Uint8Array, start: number, end: number, isLeaf: boolean): Uint8Array {
  const flag = isLeaf ? 0x20 : 0;
  if ((end - start) % 2 === 0) return concat([Uint8Array.of(flag), packNibbles(path, start, end)]);
  return concat([Uint8Array.of(flag + 0x10 + nibbleAt(path, start)), packNibbles(path, start + 1, end)]);
}

function packNibbles(path: Uint8Array, start: number, end: number): Uint8Array {
  if (start % 2 === 0) return copyOf(path, start >> 1, end >> 1);
  const bytes = new Uint8Array((end - start) >> 1);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = nibbleAt(path, start + 2 * i) * 16 + nibbleAt(path, start + 2 * i + 1);
  return bytes;
}

function nibbleAt(path: Uint8Array, at: number): number {
  const byte = path[at >> 1] as number;
  return at % 2 === 0 ? byte >> 4 : byte & 0x0f;
}
