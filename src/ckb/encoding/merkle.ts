/**
 * Complete binary merkle trees of 32-byte hashes (CBMT, RFC 0006): root, proof of any leaves, root from a proof.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0006-merkle-tree/0006-merkle-tree.md
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertBytesArray, assertInteger, assertObject, copyOf, wrongType } from '../../internal/bytes.js';
import { buildNodes, collectLemmas, foldProof } from '../../internal/cbmt.js';
import { HASH_SIZE, hashChunks } from './hash.js';

/** Most leaves of a tree: the count is a u32 on the wire. */
const MAX_LEAVES = 0xffffffff;

/** Some leaves of a tree and what it takes to compute the root from them. */
export interface MerkleProof {
  /** Hashes of 32 bytes; `leaves[i]` is the leaf at `indices[i]`. */
  readonly leaves: readonly Uint8Array[];
  /** Leaf indices, from 0 to `count - 1`, distinct, in any order. */
  readonly indices: readonly number[];
  /** Number of leaves of the whole tree, from 1 to 2^32 - 1. */
  readonly count: number;
  /** Sibling hashes of 32 bytes, from the deepest level up, right to left in each. */
  readonly lemmas: readonly Uint8Array[];
}

/**
 * The root of a tree. No leaves give 32 zero bytes, one leaf is its own root.
 *
 * @param leaves - hashes of 32 bytes
 * @returns 32 bytes, a fresh copy
 * @throws PoaError `OUT_OF_RANGE` for a leaf that is not 32 bytes
 * @example
 * ```ts
 * import { ckbHash, computeMerkleRoot } from 'poa-primitives/ckb';
 *
 * const [a, b] = [ckbHash(Uint8Array.of(1)), ckbHash(Uint8Array.of(2))];
 * computeMerkleRoot([a, b]); // => ckbHash(a, b)
 * ```
 * @see RFC 0006, "CBMT"; [R3 Merkle trees](../RULES.md#r3-merkle-trees)
 */
export function computeMerkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  assertBytesArray('computeMerkleRoot.leaves', leaves, HASH_SIZE);
  if (leaves.length === 0) return new Uint8Array(HASH_SIZE);
  return copyOf(buildNodes(leaves, hashPair)[0] as Uint8Array);
}

/**
 * The proof that some leaves are at their places in the tree.
 *
 * @param leaves - all leaves, hashes of 32 bytes
 * @param indices - leaf indices to prove, at least one, distinct, in any order
 * @returns what {@link computeMerkleRootFromProof} takes, in fresh copies
 * @throws PoaError `MERKLE_INDICES_INVALID` for indices that are empty, doubled or out of range; `OUT_OF_RANGE` for a leaf
 * that is not 32 bytes
 * @example
 * ```ts
 * import { ckbHash, computeMerkleProof, computeMerkleRoot, computeMerkleRootFromProof } from 'poa-primitives/ckb';
 *
 * const leaves = [0, 1, 2, 3, 4].map((i) => ckbHash(Uint8Array.of(i)));
 * const proof = computeMerkleProof(leaves, [0, 3]);
 * proof.lemmas.length; // => 2
 * computeMerkleRootFromProof(proof); // => computeMerkleRoot(leaves)
 * ```
 * @see RFC 0006, "Merkle Proof"; [R3 Merkle trees](../RULES.md#r3-merkle-trees)
 */
export function computeMerkleProof(leaves: readonly Uint8Array[], indices: readonly number[]): MerkleProof {
  const where = 'computeMerkleProof';
  assertBytesArray(`${where}.leaves`, leaves, HASH_SIZE);
  assertNumbers(`${where}.indices`, indices);
  const count = leaves.length;
  if (indices.length === 0)
    throw new PoaError('MERKLE_INDICES_INVALID', { where, expected: 'at least one index', got: 'none' });
  const flaw = findIndexFlaw(indices, count);
  if (flaw !== undefined) throw new PoaError('MERKLE_INDICES_INVALID', { where, ...flaw });
  const positions = indices.map((index) => index + count - 1);
  return {
    leaves: indices.map((index) => copyOf(leaves[index] as Uint8Array)),
    indices: [...indices],
    count,
    lemmas: collectLemmas(buildNodes(leaves, hashPair), positions).map((lemma) => copyOf(lemma)),
  };
}

/**
 * The root that a proof leads to. Only leaf positions of the claimed count are taken, so that no inner node can pass
 * for a leaf, and every lemma must be used. A large `count` costs nothing.
 *
 * @param proof - leaves with their indices, the count of all leaves and the lemmas
 * @returns 32 bytes, a fresh copy
 * @throws PoaError `MERKLE_PROOF_INVALID` for no leaves, another number of leaves than of indices, an index that is doubled or
 * not below `count`, and lemmas that are missing or left over; `OUT_OF_RANGE` for a `count` that is no u32 and for hashes
 * that are not 32 bytes
 * @example
 * ```ts
 * import { ckbHash, computeMerkleRootFromProof } from 'poa-primitives/ckb';
 *
 * const [left, right] = [ckbHash(Uint8Array.of(1)), ckbHash(Uint8Array.of(2))];
 * computeMerkleRootFromProof({ leaves: [right], indices: [1], count: 2, lemmas: [left] }); // => ckbHash(left, right)
 * ```
 * @see RFC 0006, "Merkle Proof"; [R3 Merkle trees](../RULES.md#r3-merkle-trees)
 */
export function computeMerkleRootFromProof(proof: MerkleProof): Uint8Array {
  const where = 'computeMerkleRootFromProof';
  assertObject(`${where}.proof`, proof);
  const { leaves, indices, count, lemmas } = proof;
  assertBytesArray(`${where}.leaves`, leaves, HASH_SIZE);
  assertNumbers(`${where}.indices`, indices);
  assertInteger(`${where}.count`, count, 0, MAX_LEAVES);
  assertBytesArray(`${where}.lemmas`, lemmas, HASH_SIZE);

  if (leaves.length === 0) throw proofInvalid(where, 'at least one leaf', 'none');
  if (leaves.length !== indices.length) throw proofInvalid(where, `${leaves.length} indices`, `${indices.length}`);
  const flaw = findIndexFlaw(indices, count);
  if (flaw !== undefined) throw proofInvalid(where, flaw.expected, flaw.got);
  const known = indices.map((index, i) => ({ index: index + count - 1, value: leaves[i] as Uint8Array }));
  const fold = foldProof(known, lemmas, hashPair);
  if ('root' in fold) return copyOf(fold.root);
  throw 'missing' in fold
    ? proofInvalid(where, `more lemmas for ${leaves.length} of ${count} leaves`, `${lemmas.length}`)
    : proofInvalid(
        where,
        `${lemmas.length - fold.left} lemmas for ${leaves.length} of ${count} leaves`,
        `${lemmas.length}`,
      );
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashChunks([left, right]);
}

function assertNumbers(where: string, values: unknown): asserts values is readonly number[] {
  assertArray(where, values);
  const wrong = values.findIndex((value) => typeof value !== 'number');
  if (wrong !== -1) throw wrongType(`${where}[${wrong}]`, 'number', values[wrong]);
}

function findIndexFlaw(indices: readonly number[], count: number): { expected: string; got: string } | undefined {
  const outside = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= count);
  if (outside !== undefined) return { expected: `leaf indices below ${count}`, got: `${outside}` };
  if (new Set(indices).size !== indices.length) return { expected: 'distinct leaf indices', got: 'one of them twice' };
  return undefined;
}

function proofInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('MERKLE_PROOF_INVALID', { where, expected, got });
}
