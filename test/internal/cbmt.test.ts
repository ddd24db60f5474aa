import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNodes, collectLemmas, foldProof } from '../../src/internal/cbmt.js';
import { hasShared, readShared } from '../support/shared.js';

/** The merge of the reference's own tests. */
const subtract = (left: number, right: number): number => (right - left) | 0;

describe.skipIf(!hasShared)('cbmt-i32.json: the unit tests of the reference', () => {
  const cases: any[] = hasShared ? readShared('ckb/cbmt-i32.json').cases : [];

  it.each(cases.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const { leaves, nodes, root, tree_indices, leaf_indices, lemmas, proof_leaves } = vector;
    const built = leaves.length === 0 ? [] : buildNodes(leaves as number[], subtract);
    if (nodes !== undefined) expect(built).toEqual(nodes);
    if (root !== undefined && leaves.length > 0) expect(built[0]).toBe(root);
    if (leaf_indices !== undefined)
      expect(leaf_indices.map((i: number) => i + leaves.length - 1)).toEqual(tree_indices);
    if (lemmas !== undefined) {
      expect(collectLemmas(built, tree_indices)).toEqual(lemmas);
      const known = tree_indices.map((index: number, i: number) => ({ index, value: proof_leaves[i] as number }));
      expect(foldProof(known, lemmas as number[], subtract)).toEqual({ root });
    }
    if (vector.retrieved !== undefined) expect(tree_indices.map((i: number) => built[i])).toEqual(vector.retrieved);
  });
});

describe('foldProof', () => {
  it('says whether lemmas are missing or left over', () => {
    const nodes = buildNodes([2, 3, 5, 7, 11], subtract);
    const known = [{ index: 4, value: 2 }];
    const lemmas = collectLemmas(nodes, [4]);
    expect(foldProof(known, lemmas, subtract)).toEqual({ root: nodes[0] });
    expect(foldProof(known, lemmas.slice(1), subtract)).toEqual({ missing: true });
    expect(foldProof(known, [...lemmas, 1, 2], subtract)).toEqual({ left: 2 });
  });

  it('folds node indices beyond 2^32 with as many lemmas as the tree is high', () => {
    const count = 2 ** 32 - 1;
    for (const leaf of [0, 1, count - 1]) {
      const index = leaf + count - 1;
      let height = 0;
      for (let i = index; i > 0; i = Math.floor((i - 1) / 2)) height++;
      const fold = foldProof([{ index, value: 1 }], new Array(height).fill(1), subtract);
      expect(fold).toHaveProperty('root');
      expect(foldProof([{ index, value: 1 }], new Array(height - 1).fill(1), subtract)).toEqual({ missing: true });
    }
  });

  it('leads any leaves of any tree to its root', () => {
    const trees = fc
      .array(fc.integer(), { minLength: 1, maxLength: 60 })
      .chain((leaves) => fc.tuple(fc.constant(leaves), fc.subarray([...leaves.keys()], { minLength: 1 })));
    fc.assert(
      fc.property(trees, ([leaves, indices]) => {
        const nodes = buildNodes(leaves, subtract);
        const positions = indices.map((i) => i + leaves.length - 1);
        const known = positions.map((index) => ({ index, value: nodes[index] as number }));
        expect(foldProof(known, collectLemmas(nodes, positions), subtract)).toEqual({ root: nodes[0] });
      }),
    );
  });
});
