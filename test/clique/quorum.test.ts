import { computeBootQuorum } from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

describe('computeBootQuorum', () => {
  it.skipIf(!hasShared)('gives the table of mosaic-consensus.json', () => {
    const { table, differAt } = readShared('clique/mosaic-consensus.json').fiftyOnePercent;
    expect(table.length).toBeGreaterThan(100);
    for (const [count, signerLimit, quorum] of table)
      expect(computeBootQuorum(count)).toEqual({ quorum, signerLimit, differ: differAt.includes(count) });
  });

  it('is the least number of validators that are 51 percent, and never below SIGNER_LIMIT', () => {
    for (let count = 1; count <= 1000; count++) {
      const { quorum, signerLimit, differ } = computeBootQuorum(count);
      expect(100 * quorum >= 51 * count).toBe(true);
      expect(100 * (quorum - 1) < 51 * count).toBe(true);
      expect(signerLimit).toBe((count - (count % 2)) / 2 + 1);
      expect(quorum).toBeGreaterThanOrEqual(signerLimit);
      expect(differ).toBe(quorum > signerLimit);
    }
    expect(computeBootQuorum(2 ** 32 - 1)).toEqual({ quorum: 2_190_433_321, signerLimit: 2 ** 31, differ: true });
  });

  it('refuses what is no number of validators', () => {
    for (const count of [0, -1, 0.5, Number.NaN, 2 ** 32]) expectCode(() => computeBootQuorum(count), 'OUT_OF_RANGE');
    expect(() => computeBootQuorum('5' as never)).toThrow(TypeError);
  });
});
