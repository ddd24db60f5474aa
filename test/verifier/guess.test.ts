/** Guesses of who signed: they follow what is common to those who signed of late, and say nothing where nothing is. */
import { COMPACT_TARGET_IN_TURN, COMPACT_TARGET_OUT_OF_TURN, type State } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { createGuess } from '../../src/ckb/chain/guess.js';
import { createGuess as createCliqueGuess } from '../../src/clique/chain/guess.js';
import type { State as CliqueState } from '../../src/clique/chain/state.js';
import { findCommonShift } from '../../src/internal/verifier/shift.js';

const COUNT = 7;
const list = Array.from({ length: COUNT }, (_, i) => new Uint8Array(20).fill(i + 1));
const stranger = new Uint8Array(20).fill(99);
/** Who signed each block from 1 on, by index; -1 is somebody who is in no list. */
const signers = (indices: readonly number[]): Uint8Array[] => indices.map((index) => list[index] ?? stranger);
const shifted = (blocks: number, shift: number): number[] =>
  Array.from({ length: blocks }, (_, i) => (i + 1 + shift) % COUNT);

describe('the common shift', () => {
  it('is what most of those out of turn had', () => {
    expect(findCommonShift(COUNT, [3, 3, 3, 3])).toBe(3);
    expect(findCommonShift(COUNT, [0, 3, 0, 3, 0, 0, 3, 1])).toBe(3);
    expect(findCommonShift(COUNT, [6, 6, 5, 6])).toBe(6);
  });

  it('is none where half of them or more had others, or too few were out of turn', () => {
    expect(findCommonShift(COUNT, [3, 3, 1, 2])).toBe(0);
    expect(findCommonShift(COUNT, [3, 3, 3])).toBe(0);
    expect(findCommonShift(COUNT, [0, 0, 0, 0, 0, 0])).toBe(0);
    expect(findCommonShift(COUNT, [-1, -1, -1, -1, -1])).toBe(0);
    expect(findCommonShift(0, [])).toBe(0);
  });

  it('looks at the last sixteen out of turn, and at no more than sixty-four blocks', () => {
    expect(findCommonShift(COUNT, [...Array(16).fill(2), ...Array(40).fill(5)])).toBe(2);
    expect(findCommonShift(COUNT, [...Array(64).fill(0), ...Array(40).fill(5)])).toBe(0);
    expect(findCommonShift(COUNT, [...Array(60).fill(0), ...Array(40).fill(5)])).toBe(5);
    let asked = 0;
    findCommonShift(
      COUNT,
      (function* () {
        for (;;) {
          asked++;
          yield 0;
        }
      })(),
    );
    expect(asked).toBeLessThan(70);
  });
});

describe('ckb', () => {
  const guessBehind = (indices: readonly number[]) =>
    createGuess({
      number: BigInt(indices.length),
      recentAttesters: signers(indices),
      validatorList: { attestInterval: 2, voteLimit: 4, pubkeyHashes: list },
    } as unknown as State);
  const header = (number: number, compactTarget: number) => ({ number: BigInt(number), compactTarget }) as never;

  it('whoever is in turn, if the target says so', () => {
    const guess = guessBehind([]);
    for (let number = 1; number < 20; number++)
      expect(guess(header(number, COMPACT_TARGET_IN_TURN))).toBe(number % COUNT);
  });

  it.each([1, 3, 6])('out of turn, whoever stands %i further on', (shift) => {
    const guess = guessBehind(shifted(50, shift));
    for (let number = 51; number < 70; number++) {
      expect(guess(header(number, COMPACT_TARGET_OUT_OF_TURN))).toBe((number + shift) % COUNT);
      expect(guess(header(number, COMPACT_TARGET_IN_TURN))).toBe(number % COUNT);
    }
  });

  it('nobody out of turn, where nothing is known of those before', () => {
    for (const indices of [[], shifted(50, 0), Array(9).fill(-1), shifted(12, 2).map((i) => (i * i) % COUNT)])
      expect(guessBehind(indices)(header(indices.length + 1, COMPACT_TARGET_OUT_OF_TURN))).toBe(-1);
  });
});

describe('clique', () => {
  const guessBehind = (indices: readonly number[], from = list) =>
    createCliqueGuess({
      signers: from,
      recents: signers(indices).map((signer, i) => ({ number: BigInt(i + 1), signer })),
    } as unknown as CliqueState);

  it('whoever is in turn, or as far from it as those before', () => {
    const guess = guessBehind(shifted(4, 2));
    for (let number = 5n; number < 20n; number++) {
      expect(guess({ number, difficulty: 2n })).toBe(Number(number % 7n));
      expect(guess({ number, difficulty: 1n })).toBe(Number((number + 2n) % 7n));
    }
    expect(guessBehind(shifted(4, 0))({ number: 5n, difficulty: 1n })).toBe(-1);
  });

  it('nobody of an empty list', () => {
    expect(guessBehind([], [])({ number: 5n, difficulty: 2n })).toBe(-1);
  });
});
