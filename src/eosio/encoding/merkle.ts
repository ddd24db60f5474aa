/**
 * Merkle trees: the one over block ids, which grows at its end and keeps only the nodes that it still needs, and the one over
 * receipts.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/incremental_merkle.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytes,
  assertBytesArray,
  assertFixedBytes,
  assertObject,
  assertUint,
  concat,
  copyOf,
  equalBytes,
  uintLE,
} from '../../internal/bytes.js';
import { HASH_SIZE, sha256 } from './hash.js';
import { closeBytes, openBytes, readFixed, readItems, readU64 } from './read.js';
import { packItems } from './write.js';

/** A merkle tree that leaves are added to. */
export interface IncrementalMerkle {
  /** u64, how many leaves were added. */
  readonly nodeCount: bigint;
  /**
   * 32 bytes each: the roots of the whole subtrees that the count is made of, one for each bit of it, the smallest first, then the
   * root of all; only the root where the count is a power of two.
   */
  readonly activeNodes: readonly Uint8Array[];
}

/** The hash of two nodes, the left one with its top bit clear and the right one with it set. */
function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = concat([left, right]);
  pair[0] = (pair[0] ?? 0) & 0x7f;
  pair[HASH_SIZE] = (pair[HASH_SIZE] ?? 0) | 0x80;
  return sha256(pair);
}

/** How many levels a tree of so many leaves has above them. */
function levelsOf(count: bigint): number {
  let levels = 0;
  while (1n << BigInt(levels) < count) levels++;
  return levels;
}

/** How many active nodes a tree of so many leaves has. */
function activeCountOf(count: bigint): number {
  let bits = 0;
  for (let rest = count; rest > 0n; rest >>= 1n) bits += Number(rest & 1n);
  return bits > 1 ? bits + 1 : bits;
}

/**
 * A tree without leaves.
 *
 * @returns the tree
 * @example
 * ```ts
 * import { createIncrementalMerkle } from 'poa-primitives/eosio';
 *
 * createIncrementalMerkle(); // => { nodeCount: 0n, activeNodes: [] }
 * ```
 * @see EOSIO, `incremental_merkle.hpp`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function createIncrementalMerkle(): IncrementalMerkle {
  return { nodeCount: 0n, activeNodes: [] };
}

/**
 * Adds a leaf to a tree.
 *
 * @param tree - a tree; not modified
 * @param digest - 32 bytes, such as the id of a block
 * @returns the next tree
 * @throws PoaError `MERKLE_INVALID` for a tree with too many or too few nodes; `OUT_OF_RANGE` for another size, or for more than 2^64 - 1 leaves
 * @example
 * ```ts
 * import { appendToMerkle, computeIncrementalRoot, createIncrementalMerkle, sha256 } from 'poa-primitives/eosio';
 *
 * const leaf = sha256();
 * computeIncrementalRoot(appendToMerkle(createIncrementalMerkle(), leaf)); // => leaf
 * ```
 * @see EOSIO, `incremental_merkle.hpp`, `append`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function appendToMerkle(tree: IncrementalMerkle, digest: Uint8Array): IncrementalMerkle {
  const where = 'appendToMerkle';
  checkShape(`${where}.tree`, tree);
  assertFixedBytes(`${where}.digest`, digest, HASH_SIZE);
  assertUint(`${where}.tree.nodeCount`, tree.nodeCount + 1n, 64);
  return fold(tree.nodeCount, tree.activeNodes, copyOf(digest));
}

/** Adds leaf number `index` to the tree that has the others. */
function fold(index: bigint, nodes: readonly Uint8Array[], digest: Uint8Array): IncrementalMerkle {
  const activeNodes: Uint8Array[] = [];
  let top = digest;
  let isPartial = false;
  let next = 0;
  let rest = index;
  for (let level = levelsOf(index + 1n); level > 0; level--, rest >>= 1n) {
    if ((rest & 1n) === 0n) {
      // A left node without a right one yet: it stands for both, and is kept if all of its leaves are there.
      if (!isPartial) activeNodes.push(top);
      top = hashPair(top, top);
      isPartial = true;
    } else {
      const left = nodes[next++] as Uint8Array;
      if (isPartial) activeNodes.push(copyOf(left));
      top = hashPair(left, top);
    }
  }
  activeNodes.push(top);
  return { nodeCount: index + 1n, activeNodes };
}

/**
 * The root of a tree.
 *
 * @param tree - a tree
 * @returns 32 bytes; zeros without leaves
 * @throws PoaError `MERKLE_INVALID` for a tree with too many or too few nodes; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeIncrementalRoot, createIncrementalMerkle } from 'poa-primitives/eosio';
 *
 * computeIncrementalRoot(createIncrementalMerkle()); // => new Uint8Array(32)
 * ```
 * @see EOSIO, `incremental_merkle.hpp`, `get_root`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function computeIncrementalRoot(tree: IncrementalMerkle): Uint8Array {
  checkShape('computeIncrementalRoot.tree', tree);
  const root = tree.activeNodes[tree.activeNodes.length - 1];
  return root === undefined ? new Uint8Array(HASH_SIZE) : copyOf(root);
}

/** Checks types, sizes, and that there are as many nodes as the count asks for. */
function checkShape(where: string, tree: unknown): asserts tree is IncrementalMerkle {
  assertObject(where, tree);
  assertUint(`${where}.nodeCount`, tree.nodeCount, 64);
  assertBytesArray(`${where}.activeNodes`, tree.activeNodes, HASH_SIZE);
  const expected = activeCountOf(tree.nodeCount);
  if (tree.activeNodes.length !== expected)
    throw new PoaError('MERKLE_INVALID', {
      where: `${where}.activeNodes`,
      expected: `${expected} nodes for ${tree.nodeCount} leaves`,
      got: `${tree.activeNodes.length}`,
    });
}

/**
 * Judges a tree from elsewhere: it has as many nodes as its count asks for, and its root follows from the others.
 *
 * @param tree - a tree
 * @throws PoaError `MERKLE_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { checkIncrementalMerkle } from 'poa-primitives/eosio';
 *
 * let code = '';
 * try {
 *   checkIncrementalMerkle({ nodeCount: 1n, activeNodes: [] });
 * } catch (error) {
 *   code = error.code;
 * }
 * code; // => 'MERKLE_INVALID'
 * ```
 * @see EOSIO, `incremental_merkle.hpp`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function checkIncrementalMerkle(tree: IncrementalMerkle): void {
  const where = 'checkIncrementalMerkle.tree';
  checkShape(where, tree);
  const { nodeCount, activeNodes } = tree;
  if (activeNodes.length < 2) return;
  // From the smallest subtree up: it is doubled, each further one stands left of what there is, which else is doubled in turn.
  let top: Uint8Array | undefined;
  let next = 0;
  let rest = nodeCount;
  for (let level = levelsOf(nodeCount); level > 0; level--, rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      const node = activeNodes[next++] as Uint8Array;
      top = hashPair(node, top ?? node);
    } else if (top !== undefined) top = hashPair(top, top);
  }
  const root = activeNodes[activeNodes.length - 1] as Uint8Array;
  if (top === undefined || !equalBytes(top, root))
    throw new PoaError('MERKLE_INVALID', { where, expected: 'the root of the other nodes last', got: 'another one' });
}

/**
 * Parses a tree: `list of active nodes, 32 bytes each | count u64`.
 *
 * @param bytes - a packed `incremental_merkle`
 * @returns the tree, judged as {@link checkIncrementalMerkle} does
 * @throws PoaError `MALFORMED`; `MERKLE_INVALID`
 * @example
 * ```ts
 * import { parseIncrementalMerkle } from 'poa-primitives/eosio';
 *
 * parseIncrementalMerkle(new Uint8Array(9)); // => { nodeCount: 0n, activeNodes: [] }
 * ```
 * @see EOSIO, `incremental_merkle.hpp`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function parseIncrementalMerkle(bytes: Uint8Array): IncrementalMerkle {
  assertBytes('parseIncrementalMerkle.bytes', bytes);
  const cursor = openBytes('parseIncrementalMerkle', bytes);
  const activeNodes = readItems(cursor, 'activeNodes', HASH_SIZE, (at) => readFixed(at, 'activeNodes', HASH_SIZE));
  const tree = { nodeCount: readU64(cursor, 'nodeCount'), activeNodes };
  closeBytes(cursor);
  checkIncrementalMerkle(tree);
  return tree;
}

/**
 * Serializes a tree: the inverse of {@link parseIncrementalMerkle}.
 *
 * @param tree - a tree
 * @returns the bytes
 * @throws PoaError `MERKLE_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { createIncrementalMerkle, serializeIncrementalMerkle } from 'poa-primitives/eosio';
 *
 * serializeIncrementalMerkle(createIncrementalMerkle()); // => new Uint8Array(9)
 * ```
 * @see EOSIO, `incremental_merkle.hpp`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function serializeIncrementalMerkle(tree: IncrementalMerkle): Uint8Array {
  checkShape('serializeIncrementalMerkle.tree', tree);
  checkIncrementalMerkle(tree);
  return concat([packItems(tree.activeNodes, (node) => node), uintLE(tree.nodeCount, 8)]);
}

/**
 * The root over digests, as headers carry it for the receipts of their transactions and actions before Savanna: pairs are hashed level by
 * level, and the last node of an odd level with itself.
 *
 * @param digests - 32 bytes each
 * @returns 32 bytes; zeros for none
 * @throws PoaError `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computeMerkleRoot, sha256 } from 'poa-primitives/eosio';
 *
 * computeMerkleRoot([sha256()]); // => sha256()
 * ```
 * @see EOSIO, `merkle.cpp`; [E13 Merkle trees](../RULES.md#e13-merkle-trees)
 */
export function computeMerkleRoot(digests: readonly Uint8Array[]): Uint8Array {
  assertBytesArray('computeMerkleRoot.digests', digests, HASH_SIZE);
  let level = digests;
  while (level.length > 1) {
    const nodes: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      nodes.push(hashPair(left, level[i + 1] ?? left));
    }
    level = nodes;
  }
  const root = level[0];
  return root === undefined ? new Uint8Array(HASH_SIZE) : copyOf(root);
}
