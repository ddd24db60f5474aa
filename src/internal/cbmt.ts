/**
 * Complete binary merkle tree of RFC 0006 over any kind of node. The tree is an array of `2n - 1` nodes, leaves last;
 * the children of node `i` are `2i + 1` and `2i + 2`. Leaf indices and node indices are different numbers: leaf `i` of
 * `n` is node `i + n - 1`.
 *
 * Node indices reach 2^33, so nothing here uses 32-bit operators on them.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0006-merkle-tree/0006-merkle-tree.md
 * @module
 */

/** Makes the parent of two nodes. */
export type Merge<T> = (left: T, right: T) => T;

/** All `2n - 1` nodes over at least one leaf. */
export function buildNodes<T>(leaves: readonly T[], merge: Merge<T>): T[] {
  const inner = leaves.length - 1;
  const nodes = new Array<T>(inner).concat(leaves);
  for (let i = inner - 1; i >= 0; i--) nodes[i] = merge(nodes[2 * i + 1] as T, nodes[2 * i + 2] as T);
  return nodes;
}

/** The node beside `index` under the same parent; `index` is not the root. */
function siblingOf(index: number): number {
  return index % 2 === 1 ? index + 1 : index - 1;
}

function parentOf(index: number): number {
  return Math.floor((index - 1) / 2);
}

/**
 * The lemmas that prove the nodes `positions`, in proof order: from the deepest level up, right to left in each.
 *
 * @param nodes - all nodes of the tree
 * @param positions - distinct node indices of leaves
 */
export function collectLemmas<T>(nodes: readonly T[], positions: readonly number[]): T[] {
  const lemmas: T[] = [];
  const queue = [...positions].sort((a, b) => b - a);
  for (let head = 0; head < queue.length; head++) {
    const index = queue[head] as number;
    if (index === 0) break;
    const sibling = siblingOf(index);
    if (queue[head + 1] === sibling) head++;
    else lemmas.push(nodes[sibling] as T);
    queue.push(parentOf(index));
  }
  return lemmas;
}

/** What folding a proof came to. */
export type Fold<T> = { readonly root: T } | { readonly missing: true } | { readonly left: number };

/**
 * Folds nodes and lemmas to the root. Work is bounded by the nodes and lemmas given, never by the height that a claimed
 * count implies: a missing lemma ends it.
 *
 * @param known - distinct nodes with their values, at least one
 * @param lemmas - in proof order
 * @returns the root if every lemma was used and none was missing
 */
export function foldProof<T>(
  known: readonly { index: number; value: T }[],
  lemmas: readonly T[],
  merge: Merge<T>,
): Fold<T> {
  const queue = [...known].sort((a, b) => b.index - a.index);
  let used = 0;
  for (let head = 0; head < queue.length; head++) {
    const { index, value } = queue[head] as { index: number; value: T };
    if (index === 0) return used === lemmas.length ? { root: value } : { left: lemmas.length - used };
    const next = queue[head + 1];
    let other: T;
    if (next?.index === siblingOf(index)) {
      other = next.value;
      head++;
    } else {
      if (used === lemmas.length) return { missing: true };
      other = lemmas[used++] as T;
    }
    queue.push({ index: parentOf(index), value: index % 2 === 1 ? merge(value, other) : merge(other, value) });
  }
  return { missing: true };
}
