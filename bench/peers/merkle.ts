/**
 * A complete binary merkle tree over any hash, as one would write it from RFC 0006, and the hash of noble alone.
 */

import { blake2b } from '@noble/hashes/blake2.js';

const NOBLE_OPTIONS = { dkLen: 32, personalization: new TextEncoder().encode('ckb-default-hash') };

export const nobleHash = (data: Uint8Array): Uint8Array => blake2b(data, NOBLE_OPTIONS);

export const nobleMerge = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  blake2b.create(NOBLE_OPTIONS).update(left).update(right).digest();

export type Merge<T> = (left: T, right: T) => T;

function merkleNodes<T>(leaves: readonly T[], merge: Merge<T>): T[] {
  const count = leaves.length;
  const nodes = new Array<T>(count - 1).concat(leaves);
  for (let i = count - 2; i >= 0; i--) nodes[i] = merge(nodes[2 * i + 1] as T, nodes[2 * i + 2] as T);
  return nodes;
}

export function merkleRoot<T>(leaves: readonly T[], merge: Merge<T>): T {
  return merkleNodes(leaves, merge)[0] as T;
}

export function merkleProof<T>(leaves: readonly T[], index: number, merge: Merge<T>): T[] {
  const nodes = merkleNodes(leaves, merge);
  const lemmas: T[] = [];
  for (let i = index + leaves.length - 1; i > 0; i = (i - 1) >> 1) lemmas.push(nodes[i % 2 ? i + 1 : i - 1] as T);
  return lemmas;
}

export function merkleRootFromProof<T>(
  leaf: T,
  index: number,
  count: number,
  lemmas: readonly T[],
  merge: Merge<T>,
): T {
  let node = leaf;
  let used = 0;
  for (let i = index + count - 1; i > 0; i = (i - 1) >> 1) {
    const lemma = lemmas[used++];
    if (lemma === undefined) throw new Error('too few lemmas');
    node = i % 2 ? merge(node, lemma) : merge(lemma, node);
  }
  if (used !== lemmas.length) throw new Error('too many lemmas');
  return node;
}

/** The root that the first leaves give, which a block with votes needs: those leaves are the cellbase and the votes. */
export function rootOfFirst<T>(leaves: readonly T[], count: number, lemmas: readonly T[], merge: Merge<T>): T {
  if (leaves.length === 1) return merkleRootFromProof(leaves[0] as T, 0, count, lemmas, merge);
  if (leaves.length > count) throw new Error('too few transactions');
  const queue = leaves.map((node, i) => ({ i: i + count - 1, node })).reverse();
  let used = 0;
  for (let head = 0; ; head++) {
    const { i, node } = queue[head] as { i: number; node: T };
    if (i === 0) {
      if (used !== lemmas.length) throw new Error('too many lemmas');
      return node;
    }
    let other = lemmas[used];
    if (i % 2 === 0 && queue[head + 1]?.i === i - 1) other = queue[++head]?.node;
    else used++;
    if (other === undefined) throw new Error('too few lemmas');
    queue.push({ i: (i - 1) >> 1, node: i % 2 ? merge(node, other) : merge(other, node) });
  }
}
