import {
  applyHeaders,
  computeInTurnIndex,
  computeMedianTimestamp,
  computeNextAttestableNumber,
  createState,
  planAttestation,
  type State,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';

const genesis = createState(anchor);
const [a, b, c] = genesis.validatorList.pubkeyHashes as [Uint8Array, Uint8Array, Uint8Array];
const never = (): number => {
  throw new Error('random was asked in turn');
};

describe('computeInTurnIndex', () => {
  it('is the number modulo the count, up to the greatest number', () => {
    for (const count of [1, 2, 5, 255])
      for (const number of [0n, 1n, 254n, 2n ** 53n + 1n, 2n ** 64n - 1n])
        expect(BigInt(computeInTurnIndex(number, count))).toBe(number % BigInt(count));
  });

  it('refuses no validators, 256, half of one and a number that is no u64', () => {
    for (const count of [0, 256, 1.5, Number.NaN]) expectCode(() => computeInTurnIndex(1n, count), 'OUT_OF_RANGE');
    expectCode(() => computeInTurnIndex(2n ** 64n, 3), 'OUT_OF_RANGE');
    expect(() => computeInTurnIndex(1 as never, 3)).toThrow(TypeError);
  });
});

describe('computeMedianTimestamp', () => {
  it('takes the middle one, or the upper of the two', () => {
    expect(computeMedianTimestamp([7n])).toBe(7n);
    expect(computeMedianTimestamp([9n, 7n])).toBe(9n);
    expect(computeMedianTimestamp([9n, 7n, 8n])).toBe(8n);
    expect(computeMedianTimestamp([2n ** 64n - 1n, 0n, 2n ** 63n])).toBe(2n ** 63n);
  });

  it('leaves its input as it is, and refuses none', () => {
    const timestamps = [3n, 1n, 2n];
    computeMedianTimestamp(timestamps);
    expect(timestamps).toEqual([3n, 1n, 2n]);
    expectCode(() => computeMedianTimestamp([]), 'OUT_OF_RANGE');
  });
});

describe('computeNextAttestableNumber', () => {
  const state: State = {
    ...genesis,
    number: 10n,
    recentAttesters: [a, b, c, a, b],
    validatorList: { ...genesis.validatorList, attestInterval: 2 },
  };

  it('is the next block, or interval + 1 after the last one', () => {
    expect(computeNextAttestableNumber(state, b)).toBe(13n);
    expect(computeNextAttestableNumber(state, a)).toBe(12n);
    expect(computeNextAttestableNumber(state, c)).toBe(11n);
    expect(computeNextAttestableNumber(genesis, a)).toBe(1n);
  });

  it('with an interval of 0 always the next', () => {
    const free = { ...state, validatorList: { ...state.validatorList, attestInterval: 0 } };
    for (const attester of [a, b, c]) expect(computeNextAttestableNumber(free, attester)).toBe(11n);
  });

  it('refuses who is no validator', () => {
    expectCode(() => computeNextAttestableNumber(state, new Uint8Array(20)), 'ATTESTER_UNKNOWN');
    expectCode(() => computeNextAttestableNumber(state, new Uint8Array(32)), 'OUT_OF_RANGE');
  });
});

describe('planAttestation', () => {
  const parent = genesis.timestamps[0] as bigint;

  it('in turn: BLOCK_INTERVAL after the parent, with difficulty 2, and without chance', () => {
    expect(planAttestation({ state: genesis, attester: b, random: never })).toEqual({
      eligible: true,
      number: 1n,
      inTurn: true,
      compactTarget: 0x20800000,
      attestAt: parent + 8_000n,
    });
  });

  it('out of turn: up to count - 1 half seconds more, with difficulty 1', () => {
    for (const steps of [0, 1, 2]) {
      const counts: number[] = [];
      const random = (count: number): number => {
        counts.push(count);
        return steps;
      };
      expect(planAttestation({ state: genesis, attester: a, random })).toEqual({
        eligible: true,
        number: 1n,
        inTurn: false,
        compactTarget: 0x20ffffff,
        attestAt: parent + 8_000n + 500n * BigInt(steps),
      });
      expect(counts).toEqual([3]);
    }
  });

  it('within the interval: not before a block', () => {
    const result = applyHeaders(genesis, headers.slice(0, 1), { now });
    expect(result.ok && planAttestation({ state: result.value, attester: b, random: never })).toEqual({
      eligible: false,
      number: 2n,
      eligibleFrom: 3n,
    });
  });

  it('never plans a timestamp that the rules refuse', () => {
    const slow = createState({ ...anchor, network: { minimumBlockInterval: 20_000 } });
    expect(planAttestation({ state: slow, attester: b, random: never })).toMatchObject({ attestAt: parent + 20_000n });
    const late = createState({ ...anchor, number: 2n, timestamps: [900_000n, 800_000n, 5n] });
    expect(planAttestation({ state: late, attester: a, random: never })).toMatchObject({ attestAt: 800_001n });
  });

  it('refuses a random that leaves its range, and one that is none', () => {
    for (const steps of [-1, 3, 0.5, Number.NaN])
      expectCode(() => planAttestation({ state: genesis, attester: a, random: () => steps }), 'OUT_OF_RANGE');
    expect(() => planAttestation({ state: genesis, attester: a, random: 0.5 as never })).toThrow(TypeError);
    expectCode(
      () => planAttestation({ state: genesis, attester: new Uint8Array(20), random: never }),
      'ATTESTER_UNKNOWN',
    );
  });
});
