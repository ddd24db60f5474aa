/** The map that never changes, beside a `Map`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteTree, treeDelete, treeGet, treeSet, treeValues } from '../../src/internal/byteTree.js';
import { bytesOf, runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';

/** Keys that share long prefixes, so that branches get deep. */
const alike = fc
  .tuple(fc.nat({ max: 20 }), fc.constantFrom(0x00, 0x01, 0x0f, 0x10, 0x80, 0xf0, 0xff))
  .map(([at, byte]) => {
    const key = new Uint8Array(20);
    if (at < 20) key[at] = byte;
    return key;
  });
const key = fc.oneof(
  alike,
  bytesOf(20),
  fc.constantFrom(0, 1, 255).map((byte) => new Uint8Array(20).fill(byte)),
);
const change = fc.record({ key, value: fc.option(fc.nat(), { freq: 3 }) });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const make = (changes: readonly Change[]): ByteTree<number> =>
  changes.reduce<ByteTree<number>>(
    (tree, each) => (each.value === null ? treeDelete(tree, each.key) : treeSet(tree, each.key, each.value)),
    null,
  );

const depthOf = (tree: ByteTree<unknown>): number =>
  tree !== null && 'children' in tree ? 1 + Math.max(...tree.children.map(depthOf)) : 0;

/** Freezes a tree to its leaves: a write to it throws then. */
function freeze<T>(tree: ByteTree<T>): ByteTree<T> {
  if (tree === null) return tree;
  if ('children' in tree) {
    for (const child of tree.children) freeze(child);
    Object.freeze(tree.children);
  }
  return Object.freeze(tree);
}

describe('a tree', () => {
  it('holds what a Map holds, in ascending order, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const map = new Map<string, number>();
        let tree: ByteTree<number> = null;
        for (const each of changes) {
          const before: ByteTree<number> = freeze(tree);
          const listed = treeValues(before).join();
          if (each.value === null) map.delete(hex(each.key));
          else map.set(hex(each.key), each.value);
          tree = each.value === null ? treeDelete(before, each.key) : treeSet(before, each.key, each.value);
          expect(treeValues(before).join()).toBe(listed);
          expect(treeGet(tree, each.key)).toBe(each.value ?? undefined);
        }
        const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(treeValues(tree)).toEqual(sorted.map(([, value]) => value));
        for (const { key: one } of changes) expect(treeGet(tree, one)).toBe(map.get(hex(one)));
        if (map.size === 0) expect(tree).toBe(null);
      }),
      { numRuns: runs(200) },
    );
  });

  it('has one form for the same entries, whatever the history', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 30 }),
        fc.array(key, { maxLength: 10 }),
        fc.infiniteStream(fc.nat()),
        (changes, others, order) => {
          const map = new Map<string, Change>();
          for (const each of changes) if (each.value !== null) map.set(hex(each.key), each);
          const kept = [...map.values()];
          const plain = make(kept);
          const shuffled = kept
            .map((each) => ({ each, at: order.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => each);
          expect(make(shuffled)).toEqual(plain);
          // Others that come and go leave nothing behind.
          const foreign = others.filter((one) => !map.has(hex(one)));
          const detour = [
            ...foreign.map((one) => ({ key: one, value: 1 })),
            ...shuffled,
            ...foreign.map((one) => ({ key: one, value: null })),
          ];
          expect(make(detour)).toEqual(plain);
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it('is at most two levels a byte deep, whoever chooses the keys', () => {
    const same = Array.from({ length: 41 }, (_, i) => {
      const one = new Uint8Array(20);
      if (i < 40) one[i >> 1] = i % 2 === 0 ? 0x10 : 0x01;
      return { key: one, value: i };
    });
    const tree = make(same);
    expect(depthOf(tree)).toBe(40);
    expect(treeValues(tree).length).toBe(41);
    for (const { key: one, value } of same) expect(treeGet(tree, one)).toBe(value);
    // The two that keep the last branch alive: without one of them, all above folds up.
    const [last, zero] = [same[39] as Change, same[40] as Change];
    const two = make([last, zero]);
    expect(depthOf(two)).toBe(40);
    expect(treeDelete(two, last.key)).toEqual({ key: zero.key, value: 40 });
    expect(treeDelete(two, zero.key)).toEqual({ key: last.key, value: 39 });
  });

  it('a single entry is a leaf, and none is null', () => {
    const one = new Uint8Array(20);
    expect(treeSet(null, one, 'a')).toEqual({ key: one, value: 'a' });
    expect(treeSet(treeSet(null, one, 'a'), one, 'b')).toEqual({ key: one, value: 'b' });
    expect(treeDelete(treeSet(null, one, 'a'), one)).toBe(null);
    expect(treeDelete(null, one)).toBe(null);
    expect(treeValues(null)).toEqual([]);
    expect(treeGet(null, one)).toBe(undefined);
  });

  it('stays what it is where a key is not there to be deleted', () => {
    const tree = make([1, 2, 3].map((byte) => ({ key: new Uint8Array(20).fill(byte), value: byte })));
    expect(treeDelete(tree, new Uint8Array(20).fill(4))).toBe(tree);
    const other = Uint8Array.from(new Uint8Array(20).fill(3));
    other[19] = 0;
    expect(treeDelete(tree, other)).toBe(tree);
    expect(treeGet(tree, other)).toBe(undefined);
  });

  it('shares all but the path to a change', () => {
    const entries = Array.from({ length: 256 }, (_, i) => ({ key: Uint8Array.of(i, ...new Uint8Array(19)), value: i }));
    const tree = make(entries) as any;
    const next = treeSet(tree, (entries[0x35] as Change).key, -1) as any;
    tree.children.forEach((child: unknown, slot: number) => {
      if (slot === 3) expect(next.children[slot]).not.toBe(child);
      else expect(next.children[slot]).toBe(child);
    });
    expect(treeGet(tree, (entries[0x35] as Change).key)).toBe(0x35);
  });

  it('survives a structured clone', () => {
    const tree = make([1, 2].map((byte) => ({ key: new Uint8Array(20).fill(byte), value: byte })));
    expect(structuredClone(tree)).toEqual(tree);
  });

  it('costs the same for a change however many entries there are', () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => {
      const one = new Uint8Array(20);
      new DataView(one.buffer).setUint32(0, Math.imul(i + 1, 0x9e3779b1));
      return { key: one, value: i };
    });
    const tree = make(entries);
    expect(treeValues(tree).length).toBe(20_000);
    expect(depthOf(tree)).toBeLessThan(12);
  });
});
