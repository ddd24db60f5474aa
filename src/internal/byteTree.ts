/**
 * A map from byte strings of one length that never changes: adding or removing an entry gives another map, which shares all but
 * the path to it. A change costs as much as the depth, never as much as the size; the depth is at most two per byte of the key,
 * whoever chooses the keys. The same entries always make the same tree, so equal maps are equal as plain data.
 *
 * @module
 */

import { equalBytes } from './bytes.js';

/** An entry. */
export interface ByteLeaf<T> {
  readonly key: Uint8Array;
  readonly value: T;
}

/** Sixteen ways to go on, by the next half of a byte; at least two entries lie below. */
export interface ByteBranch<T> {
  readonly children: readonly ByteTree<T>[];
}

/** A map as a tree; null if it is empty. */
export type ByteTree<T> = null | ByteLeaf<T> | ByteBranch<T>;

const WIDTH = 16;

function slotOf(key: Uint8Array, depth: number): number {
  const byte = key[depth >> 1] ?? 0;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

/** The value of a key, or undefined. */
export function treeGet<T>(tree: ByteTree<T>, key: Uint8Array): T | undefined {
  let node = tree;
  for (let depth = 0; node !== null && 'children' in node; depth++) node = node.children[slotOf(key, depth)] ?? null;
  return node !== null && equalBytes(node.key, key) ? node.value : undefined;
}

/** The map with one more entry, or another value for it. The key is kept: hand in one that nobody changes. */
export function treeSet<T>(tree: ByteTree<T>, key: Uint8Array, value: T, depth = 0): ByteTree<T> {
  if (tree === null) return { key, value };
  if ('children' in tree) {
    const slot = slotOf(key, depth);
    return replaceChild(tree, slot, treeSet(tree.children[slot] ?? null, key, value, depth + 1));
  }
  if (equalBytes(tree.key, key)) return { key, value };
  const children = new Array<ByteTree<T>>(WIDTH).fill(null);
  children[slotOf(tree.key, depth)] = tree;
  return treeSet({ children }, key, value, depth);
}

/** The map without a key. */
export function treeDelete<T>(tree: ByteTree<T>, key: Uint8Array, depth = 0): ByteTree<T> {
  if (tree === null) return null;
  if (!('children' in tree)) return equalBytes(tree.key, key) ? null : tree;
  const slot = slotOf(key, depth);
  const before = tree.children[slot] ?? null;
  const after = treeDelete(before, key, depth + 1);
  if (after === before) return tree;
  const next = replaceChild(tree, slot, after);
  const rest = next.children.filter((child) => child !== null);
  // A single entry below moves up, so that the form of the tree tells nothing of its history.
  return rest.length === 1 && !('children' in (rest[0] as ByteLeaf<T>)) ? (rest[0] as ByteLeaf<T>) : next;
}

function replaceChild<T>({ children }: ByteBranch<T>, slot: number, child: ByteTree<T>): ByteBranch<T> {
  const copy = children.slice();
  copy[slot] = child;
  return { children: copy };
}

/** The values, in ascending order of their keys. */
export function treeValues<T>(tree: ByteTree<T>): T[] {
  const values: T[] = [];
  const visit = (node: ByteTree<T>): void => {
    if (node === null) return;
    if ('children' in node) for (const child of node.children) visit(child);
    else values.push(node.value);
  };
  visit(tree);
  return values;
}
