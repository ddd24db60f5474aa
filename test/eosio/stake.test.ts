/** How tokens are shared out and staked: the script's arithmetic, and the shares that lose nothing. */
import fc from 'fast-check';
import {
  allocateFunds,
  computeParetoWeights,
  computeStakeSplit,
  distributeFunds,
  drawParetoWeights,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const u62 = fc.bigInt({ min: 0n, max: (1n << 62n) - 1n });
const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

describe.skipIf(!hasShared)('stake-distribution.json', () => {
  const vectors = hasShared ? readShared('eosio/stake-distribution.json') : { split_cases: [], allocation_cases: [] };

  it('splits funds as the script does', () => {
    for (const { funds, skipped, ram, stake_net, stake_cpu, unstaked } of vectors.split_cases)
      expect(computeStakeSplit(BigInt(funds))).toEqual(
        skipped === true
          ? undefined
          : {
              funds: BigInt(funds),
              ram: BigInt(ram),
              stakeNet: BigInt(stake_net),
              stakeCpu: BigInt(stake_cpu),
              unstaked: BigInt(unstaked),
            },
      );
  });

  it('allocates funds as the script does', () => {
    for (const {
      weights,
      first_producer_index,
      num_producers,
      min_producer_funds,
      funds,
      total,
    } of vectors.allocation_cases)
      expect(
        allocateFunds({
          weights,
          firstProducer: first_producer_index,
          producerCount: num_producers,
          minProducerFunds: BigInt(min_producer_funds),
        }),
      ).toEqual({ funds: funds.map(BigInt), total: BigInt(total) });
  });
});

describe('computeStakeSplit', () => {
  it('loses nothing, keeps its limits and halves the stake, for any amounts', () => {
    fc.assert(
      fc.property(u62, u62, u62, u62, (funds, ramFunds, minStake, maxUnstaked) => {
        const split = computeStakeSplit(funds, { ramFunds, minStake, maxUnstaked });
        if (split === undefined) {
          expect(funds < ramFunds).toBe(true);
          return;
        }
        const { ram, stakeNet, stakeCpu, unstaked } = split;
        expect(ram + stakeNet + stakeCpu + unstaked).toBe(funds);
        expect(ram).toBe(ramFunds);
        expect(unstaked <= maxUnstaked).toBe(true);
        expect(unstaked === 0n || stakeNet + stakeCpu >= minStake).toBe(true);
        const gap = stakeNet - stakeCpu;
        expect(gap >= -1n && gap <= 1n).toBe(true);
        expect(gap === 0n || stakeNet % 2n === 0n).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  it('with no RAM to pay and nothing liquid it is the tutorial: half and half', () => {
    const options = { ramFunds: 0n, minStake: 0n, maxUnstaked: 0n };
    expect(computeStakeSplit(2_000_000_000n, options)).toEqual({
      funds: 2_000_000_000n,
      ram: 0n,
      stakeNet: 1_000_000_000n,
      stakeCpu: 1_000_000_000n,
      unstaked: 0n,
    });
  });

  it('refuses what is no amount', () => {
    expectCode(() => computeStakeSplit(-1n), 'OUT_OF_RANGE');
    expectCode(() => computeStakeSplit(1n << 64n), 'OUT_OF_RANGE');
    expectCode(() => computeStakeSplit(1n, { ramFunds: -1n }), 'OUT_OF_RANGE');
    expect(() => computeStakeSplit(1 as never)).toThrow(TypeError);
  });
});

describe('allocateFunds', () => {
  it('rounds ties to the even unit', () => {
    const units = (tokens: number, unitsPerToken: number) =>
      allocateFunds({ weights: [1], tokens, unitsPerToken }).funds[0];
    expect([0.5, 1.5, 2.5, 3.5, 2.4999, 2.5001].map((tokens) => units(tokens, 1))).toEqual([0n, 2n, 2n, 4n, 2n, 3n]);
  });

  it('gives the first account most, whatever the order of the weights, and producers no less than their minimum', () => {
    const { funds } = allocateFunds({
      weights: [1, 0, 3],
      tokens: 4,
      firstProducer: 1,
      producerCount: 2,
      minProducerFunds: 5_000n,
    });
    expect(funds).toEqual([30_000n, 10_000n, 5_000n]);
  });

  it('refuses weights that share out nothing', () => {
    for (const weights of [[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1e308, 1e308]])
      expectCode(() => allocateFunds({ weights }), 'WEIGHTS_INVALID');
    expectCode(
      () => allocateFunds({ weights: [1], tokens: 2 ** 53 - 1, unitsPerToken: 2 ** 53 - 1 }),
      'WEIGHTS_INVALID',
    );
    expectCode(() => allocateFunds({ weights: [1], tokens: -1 }), 'OUT_OF_RANGE');
    expectCode(() => allocateFunds({ weights: [1], firstProducer: 1, producerCount: 1 }), 'OUT_OF_RANGE');
    expect(() => allocateFunds({ weights: ['1' as never] })).toThrow(TypeError);
    expect(allocateFunds({ weights: [] })).toEqual({ funds: [], total: 0n });
  });

  it('does not touch the weights', () => {
    const weights = Object.freeze([1, 2, 3]);
    expect(allocateFunds({ weights }).funds.length).toBe(3);
  });
});

describe('distributeFunds', () => {
  it('is exact for any weights and any total, and no share is off by a unit', () => {
    fc.assert(
      fc.property(fc.array(u62, { minLength: 1, maxLength: 30 }), u62, (weights, total) => {
        const all = sum(weights);
        if (all === 0n) return;
        const shares = distributeFunds(weights, total);
        expect(sum(shares)).toBe(total);
        shares.forEach((share, i) => {
          const floor = (total * (weights[i] as bigint)) / all;
          expect(share === floor || share === floor + 1n).toBe(true);
        });
      }),
      { numRuns: runs(200) },
    );
  });

  it('gives what rounding leaves to those who lost most, at a tie to the earlier', () => {
    expect(distributeFunds([1n, 1n, 1n], 11n)).toEqual([4n, 4n, 3n]);
    expect(distributeFunds([1n, 2n, 1n, 2n], 10n)).toEqual([2n, 3n, 2n, 3n]);
    expect(distributeFunds([2n, 5n, 3n], 3n)).toEqual([1n, 1n, 1n]);
  });

  it('refuses what shares out nothing', () => {
    expectCode(() => distributeFunds([0n, 0n], 1n), 'WEIGHTS_INVALID');
    expectCode(() => distributeFunds([], 1n), 'WEIGHTS_INVALID');
    expectCode(() => distributeFunds([1n, -1n], 1n), 'WEIGHTS_INVALID');
    expectCode(() => distributeFunds([1n], -1n), 'OUT_OF_RANGE');
    expect(distributeFunds([0n, 0n], 0n)).toEqual([0n, 0n]);
    expect(() => distributeFunds([1 as never], 1n)).toThrow(TypeError);
  });
});

describe('computeParetoWeights', () => {
  it('is the same on every engine, down to the last of 64 bits', () => {
    expect(computeParetoWeights(4)).toEqual([
      92158319177293372056n,
      24488887471866589126n,
      9205708811834243185n,
      2248460314098746884n,
    ]);
  });

  it('is the quantile function of the distribution, to fifteen digits', () => {
    for (const count of [1, 2, 7, 100, 1000]) {
      const weights = computeParetoWeights(count);
      weights.forEach((weight, i) => {
        const expected = ((2 * i + 1) / (2 * count)) ** (-1 / 1.161) - 1;
        expect(Math.abs(Number(weight) / 2 ** 64 - expected)).toBeLessThan(1e-12 * (1 + expected));
      });
    }
  });

  it('descends, and gives a fifth of many accounts the most of it', () => {
    const weights = computeParetoWeights(3_000);
    for (let i = 1; i < weights.length; i++) expect((weights[i] as bigint) < (weights[i - 1] as bigint)).toBe(true);
    const share = Number((sum(weights.slice(0, 600)) * 1_000n) / sum(weights)) / 1_000;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.95);
  });

  it('is bounded, whatever it is asked for', () => {
    expect(computeParetoWeights(0)).toEqual([]);
    for (const count of [-1, 0.5, 100_001, 2 ** 53, Number.NaN])
      expectCode(() => computeParetoWeights(count), 'OUT_OF_RANGE');
    expect(() => computeParetoWeights('1' as never)).toThrow(TypeError);
  });
});

describe('drawParetoWeights', () => {
  it('asks once for each account, and sorts', () => {
    const drawn = [0.1, 0.9, 0.5];
    const weights = drawParetoWeights(3, () => drawn.shift() as number);
    expect(drawn).toEqual([]);
    expect(weights.map((weight) => weight.toFixed(6))).toEqual(['6.266519', '0.816708', '0.094995']);
  });

  it('refuses a random that leaves its range', () => {
    for (const value of [1, -0.1, 2, Number.NaN]) expectCode(() => drawParetoWeights(1, () => value), 'OUT_OF_RANGE');
    expect(() => drawParetoWeights(1, () => '0' as never)).toThrow(TypeError);
    expect(() => drawParetoWeights(1, 0.5 as never)).toThrow(TypeError);
    expectCode(() => drawParetoWeights(100_001, () => 0), 'OUT_OF_RANGE');
  });
});
