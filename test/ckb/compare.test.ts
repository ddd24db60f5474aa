import {
  applyHeader,
  applyHeaders,
  attestBlock,
  compareChains,
  computeConfirmations,
  computeHeaderHash,
  computeLocatorNumbers,
  computeUpcomingAttesters,
  createState,
  findCommonAncestor,
  findEquivocation,
  findMissedTurns,
  type PoaHeader,
  parseHeader,
  recoverHeader,
  type State,
  serializeHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { makeCellbase } from '../../examples/kit.js';
import { anchor, headers, now, secretKeys, template } from '../../examples/sample.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { inputOf, readVectors, stateOf, type VectorHeader, type VectorState } from '../support/poa.js';

const genesis = createState(anchor);
const tip = headers.reduce((state: State, header) => applyHeader(state, header, { now }), genesis);
const first = headers[0] as PoaHeader;

describe('compareChains', () => {
  it('prefers the greater sum of difficulties, and at a tie the first', () => {
    expect(compareChains(genesis, tip)).toBe('second');
    expect(compareChains(tip, genesis)).toBe('first');
    expect(compareChains(tip, structuredClone(tip))).toBe('first');
    // One block in turn weighs as much as two out of turn, whatever their number.
    const outOfTurn = { ...tip, number: 9n, totalDifficulty: tip.totalDifficulty - 1n };
    expect(compareChains(outOfTurn, tip)).toBe('second');
  });

  it('refuses sums that begin at different blocks', () => {
    expectCode(() => compareChains(genesis, { ...genesis, anchorHash: new Uint8Array(32) }), 'CHAIN_ANCHOR_MISMATCH');
  });
});

describe('computeLocatorNumbers', () => {
  it('names the last ten, then doubles the gap, and ends at the base', () => {
    expect(computeLocatorNumbers(0n)).toEqual([0n]);
    expect(computeLocatorNumbers(5n, 5n)).toEqual([5n]);
    expect(computeLocatorNumbers(12n)).toEqual([12n, 11n, 10n, 9n, 8n, 7n, 6n, 5n, 4n, 3n, 2n, 0n]);
    const numbers = computeLocatorNumbers(2n ** 64n - 1n, 7n);
    expect(numbers.length).toBeLessThan(80);
    expect(numbers.at(-1)).toBe(7n);
    const gaps = numbers.slice(0, -1).map((number, i) => number - (numbers[i + 1] as bigint));
    expect(gaps.slice(0, 10).every((gap) => gap === 1n)).toBe(true);
    expect(gaps.slice(11, -1).every((gap, i) => gap === 2n * (gaps[i + 10] as bigint))).toBe(true);
  });

  it('refuses a base above the tip', () => {
    expectCode(() => computeLocatorNumbers(1n, 2n), 'OUT_OF_RANGE');
    expectCode(() => computeLocatorNumbers(2n ** 64n), 'OUT_OF_RANGE');
  });
});

describe('findCommonAncestor', () => {
  const run = headers.map(({ header }) => header);
  const fork = (parent: Uint8Array, seed: bigint): Uint8Array =>
    serializeHeader({ ...parseHeader(run[2] as Uint8Array), parentHash: computeHeaderHash(parent), timestamp: seed });

  it('finds where two runs part', () => {
    const other = [...run.slice(0, 2), fork(run[1] as Uint8Array, 7n)];
    expect(findCommonAncestor(run, other)).toEqual({ number: 2n, hash: computeHeaderHash(run[1] as Uint8Array) });
    expect(findCommonAncestor(other.slice(1), run)).toEqual(findCommonAncestor(run, other));
    expect(findCommonAncestor(run, run)?.number).toBe(4n);
  });

  it('finds nothing in runs that share nothing', () => {
    expect(findCommonAncestor(run, [fork(run[1] as Uint8Array, 8n)])).toBeUndefined();
    expect(findCommonAncestor([], run)).toBeUndefined();
  });

  it('refuses a run that is not consecutive, and what is no header', () => {
    expectCode(() => findCommonAncestor(run, [run[0] as Uint8Array, run[2] as Uint8Array]), 'PARENT_MISMATCH');
    expectCode(() => findCommonAncestor([new Uint8Array(207)], run), 'MALFORMED');
  });
});

describe('findEquivocation', () => {
  const key = secretKeys[1] as Uint8Array;
  const other = (changes: object, by = key) =>
    attestBlock({ ...template, header: { ...template.header, ...changes } }, by);

  it('shows two blocks by one attester at one height', () => {
    const found = findEquivocation(first, other({ timestamp: template.header.timestamp + 1n }));
    expect(found).toMatchObject({ kind: 'equivocation', number: 1n, attester: recoverHeader(first).attester });
    expect(found?.messages.map(hex)).toContain(hex(recoverHeader(first).message));
  });

  it('tells an honest reorganisation apart', () => {
    expect(findEquivocation(first, other({ parentHash: new Uint8Array(32) }))?.kind).toBe('different-parents');
  });

  it('finds nothing in other heights, other attesters, or the same block', () => {
    expect(findEquivocation(first, headers[1] as PoaHeader)).toBeUndefined();
    const later = attestBlock(
      { ...template, header: { ...template.header, number: 2n }, cellbase: makeCellbase(2n) },
      key,
    );
    expect(recoverHeader(later).attester).toEqual(recoverHeader(first).attester);
    expect(findEquivocation(first, later)).toBeUndefined();
    expect(findEquivocation(first, other({ timestamp: 1n }, secretKeys[0] as Uint8Array))).toBeUndefined();
    expect(findEquivocation(first, structuredClone(first))).toBeUndefined();
  });

  it('takes nothing for proof that does not hold', () => {
    expectCode(() => findEquivocation(first, { ...first, cellbase: new Uint8Array() }), 'MALFORMED');
  });
});

describe('computeUpcomingAttesters', () => {
  it('goes round the list, and knows who must sit out', () => {
    const { pubkeyHashes } = tip.validatorList;
    const upcoming = computeUpcomingAttesters(tip, 6);
    expect(upcoming.map(({ number }) => number)).toEqual([5n, 6n, 7n, 8n, 9n, 10n]);
    expect(upcoming.map(({ attester }) => pubkeyHashes.findIndex((hash) => hex(hash) === hex(attester)))).toEqual([
      1, 2, 3, 0, 1, 2,
    ]);
    expect(upcoming.every(({ mayAttest }) => mayAttest)).toBe(true);
    // As if the validator whose turn block 5 is had attested block 4: the interval of 2 keeps them from it, not from block 9.
    const recentAttesters = [...tip.recentAttesters.slice(0, -1), pubkeyHashes[1] as Uint8Array];
    const may = computeUpcomingAttesters({ ...tip, recentAttesters }, 6).map(({ mayAttest }) => mayAttest);
    expect(may).toEqual([false, true, true, true, true, true]);
    expect(computeUpcomingAttesters(tip, 0)).toEqual([]);
  });

  it('refuses a count that is none', () => {
    expectCode(() => computeUpcomingAttesters(tip, -1), 'OUT_OF_RANGE');
    expectCode(() => computeUpcomingAttesters(tip, 2 ** 16), 'OUT_OF_RANGE');
  });
});

describe('findMissedTurns', () => {
  const {
    now: clock,
    anchor: start,
    blocks,
  } = readVectors('chain-fixed.json') as { now: number; anchor: VectorState; blocks: VectorHeader[] };

  it('finds the turns that others took', () => {
    const missed = findMissedTurns(
      stateOf(start),
      blocks.map((block) => recoverHeader(inputOf(block))),
      { now: clock },
    );
    expect(missed.map(({ number }) => Number(number))).toEqual(
      blocks.flatMap(({ inTurn }, i) => (inTurn ? [] : [i + 1])),
    );
    expect(missed.length).toBe(11);
    for (const { number, missed: who, attester } of missed) {
      expect(hex(who)).toBe(start.validatorList.pubkeyHashes[Number(number) % 5]);
      expect(hex(attester)).toBe(blocks[Number(number) - 1]?.attester);
    }
  });

  it('refuses a run that does not hold', () => {
    expectCode(() => findMissedTurns(genesis, [recoverHeader(headers[1] as PoaHeader)], { now }), 'PARENT_MISMATCH');
  });
});

describe('computeConfirmations', () => {
  it('counts blocks, and attesters once', () => {
    const { now: clock, anchor: start, blocks } = readVectors('chain-fixed.json');
    const result = applyHeaders(stateOf(start), blocks.map(inputOf), { now: clock });
    const state = result.ok ? result.value : genesis;
    expect(computeConfirmations(state, 60n)).toEqual({ blocks: 0, attesters: 0 });
    expect(computeConfirmations(state, 99n)).toEqual({ blocks: 0, attesters: 0 });
    expect(computeConfirmations(state, 58n)).toEqual({ blocks: 2, attesters: 2 });
    expect(computeConfirmations(state, 40n)).toEqual({ blocks: 20, attesters: 5 });
    expect(computeConfirmations(state, 0n)).toEqual({ blocks: 60, attesters: 5 });
    expect(computeConfirmations({ ...state, number: 2n ** 64n - 1n }, 0n)).toEqual({ blocks: 60, attesters: 5 });
  });
});
