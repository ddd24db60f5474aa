/** Plans are lent to one call at a time, and come back whatever happens to it. */
import { createVerifier } from 'poa-primitives';
import { ckbHash } from 'poa-primitives/ckb';
import { expect, it } from 'vitest';
import type { HashPlan } from '../../src/internal/verifier/hashPlan.js';
import { withPlans } from '../../src/internal/verifier/plans.js';

const bytes = Uint8Array.of(1, 2, 3);

it('lends other plans to a call inside of a call', () => {
  const verifier = createVerifier();
  const seen = new Set<HashPlan>();
  const nest = (depth: number): void =>
    withPlans(verifier, 'ckb', (first, second) => {
      seen.add(first).add(second);
      const address = first.add(bytes);
      if (depth > 1) nest(depth - 1);
      first.run();
      expect(first.digest(address)).toEqual(ckbHash(bytes));
    });
  nest(1);
  nest(4);
  expect(seen.size).toBe(8);
});

it('lends the same plans again, empty, also behind a call that failed', () => {
  const verifier = createVerifier();
  const lend = (fail = false): HashPlan[] =>
    withPlans(verifier, 'ckb', (first, second) => {
      first.part(first.put(bytes), 2);
      if (fail) throw new RangeError('on purpose');
      first.clear();
      const address = first.add(bytes);
      first.run();
      expect(first.digest(address)).toEqual(ckbHash(bytes));
      return [first, second];
    });
  const plans = new Set(lend());
  expect(() => lend(true)).toThrow('on purpose');
  expect(new Set(lend())).toEqual(plans);
  withPlans(verifier, 'ckb', (first) => {
    first.run();
    expect(first.digest(0x80000000).length).toBe(0);
  });
});

it('lends plans of each algorithm and of each verifier', () => {
  const [one, other] = [createVerifier(), createVerifier()];
  const plansOf = (verifier: typeof one, algorithm: 'ckb' | 'keccak256'): HashPlan =>
    withPlans(verifier, algorithm, (first) => first);
  const all = [plansOf(one, 'ckb'), plansOf(one, 'keccak256'), plansOf(other, 'ckb'), plansOf(other, 'keccak256')];
  expect(new Set(all).size).toBe(4);
});
