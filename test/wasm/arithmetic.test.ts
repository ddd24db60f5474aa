/** The arithmetic of the module against that of bigint: compiled with its insides exported. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { root } from '../support/examples.js';
import { edgeScalars, inverse, LAMBDA, mod, N, P } from '../verifier/cases.js';

interface Hooks {
  readonly memory: WebAssembly.Memory;
  readonly MODULUS_P: WebAssembly.Global;
  readonly MODULUS_N: WebAssembly.Global;
  readonly start: () => void;
  readonly buildBase: () => void;
  readonly room: () => number;
  readonly mul: (o: number, a: number, b: number) => void;
  readonly sub: (o: number, a: number, b: number) => void;
  readonly multiply: (o: number, a: number, b: number) => void;
  readonly invert: (words: number, modulus: number) => boolean;
  readonly invertQuad: (o: number, a: number) => number;
  readonly split: (k1: number, k2: number, k: number) => number;
  readonly sqr: (o: number, a: number) => void;
  readonly double: (o: number, a: number) => void;
  readonly triple: (o: number, a: number) => void;
  readonly half: (o: number, a: number) => void;
  readonly reduce: (o: number, a: number) => void;
  readonly normalize: (o: number, a: number) => void;
  readonly squareRoot: (o: number, a: number) => void;
}

const LIMB = 2 ** 29;
let hooks: Hooks;
let words: Uint32Array;
/** Word indices of three quads and of two numbers of 8 words. */
let A: number, B: number, C: number, X: number, Y: number;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
  const outFile = join(folder, 'hooks.wasm');
  const { error, stderr } = await asc.main([
    join(root, 'src/wasm/assembly/hooks.ts'),
    ...['--outFile', outFile, '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--initialMemory', '160'],
    ...['--disableWarning', '201', '--disableWarning', '112'],
  ]);
  if (error !== null) throw new Error(stderr.toString());
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(outFile)));
  rmSync(folder, { recursive: true });
  hooks = instance.exports as unknown as Hooks;
  hooks.start();
  hooks.buildBase();
  words = new Uint32Array(hooks.memory.buffer);
  A = hooks.room() / 4;
  [B, C, X, Y] = [A + 36, A + 72, A + 108, A + 116];
}, 120_000);

/** Limbs of a number of some magnitude, the greatest and the least more often than by chance. */
const limbs = (magnitude: number) =>
  fc.tuple(
    ...Array.from({ length: 9 }, (_, i) => {
      const max = magnitude * (i === 8 ? 2 ** 24 : LIMB);
      return fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, max, LIMB / 32 - 1));
    }),
  );
const quad = (magnitude: number) => fc.array(limbs(magnitude), { minLength: 4, maxLength: 4 });
type Quad = number[][];

const put = (at: number, lanes: Quad): void => {
  for (const [lane, numbers] of lanes.entries())
    for (const [i, limb] of numbers.entries()) words[at + 4 * i + lane] = limb;
};
const take = (at: number): Quad =>
  [0, 1, 2, 3].map((lane) => Array.from({ length: 9 }, (_, i) => words[at + 4 * i + lane] as number));
const value = (numbers: readonly number[]): bigint =>
  numbers.reduceRight((sum, limb) => (sum << 29n) + BigInt(limb), 0n) % P;
const values = (at: number): bigint[] => take(at).map(value);
/** Every limb within a magnitude, and the few units that a carry may add. */
const isWithin = (at: number, magnitude: number): boolean =>
  take(at).every((numbers) => numbers.every((limb, i) => limb <= magnitude * (i === 8 ? 2 ** 24 : LIMB) + 2 ** 20));
const putWords = (at: number, number: bigint, size = 8): void => {
  for (let i = 0; i < size; i++) words[at + i] = Number((number >> BigInt(32 * i)) & 0xffffffffn);
};
const takeWords = (at: number, size = 8): bigint =>
  Array.from({ length: size }, (_, i) => BigInt(words[at + i] as number) << BigInt(32 * i)).reduce((a, b) => a + b);
const modP = (number: bigint): bigint => ((number % P) + P) % P;

const pairs: [number, number][] = [
  [1, 1],
  [3, 1],
  [1, 3],
  [3, 2],
  [2, 3],
  [3, 2.5],
];

describe('numbers modulo p', () => {
  it.each(pairs)('mul of magnitudes %d and %d', (m, n) => {
    fc.assert(
      fc.property(quad(m), quad(n), (a, b) => {
        put(A, a);
        put(B, b);
        hooks.mul(4 * C, 4 * A, 4 * B);
        const wanted = a.map((each, lane) => modP(value(each) * value(b[lane] as number[])));
        expect(values(C)).toEqual(wanted);
        expect(isWithin(C, 1)).toBe(true);
        // In the place of a factor.
        hooks.mul(4 * B, 4 * A, 4 * B);
        expect(values(B)).toEqual(wanted);
      }),
      { numRuns: runs(200) },
    );
  });

  it.each([
    ['sqr', 2, 1, (a: bigint) => a * a],
    ['double', 3, 6, (a: bigint) => 2n * a],
    ['triple', 2, 6, (a: bigint) => 3n * a],
    ['half', 3, 2.5, (a: bigint) => a * ((P + 1n) / 2n)],
    ['reduce', 7, 1, (a: bigint) => a],
    ['normalize', 7, 1, (a: bigint) => a],
  ] as const)('%s of magnitude %i', (name, magnitude, after, formula) => {
    fc.assert(
      fc.property(quad(magnitude), (a) => {
        put(A, a);
        hooks[name](4 * C, 4 * A);
        expect(values(C)).toEqual(a.map((each) => modP(formula(value(each)))));
        expect(isWithin(C, after)).toBe(true);
      }),
      { numRuns: runs(200) },
    );
  });

  it('normalize gives the least number', () => {
    const borders = [
      0n,
      1n,
      P - 1n,
      P,
      P + 1n,
      2n ** 256n - 1n,
      2n ** 256n,
      2n * P - 1n,
      2n * P,
      2n * P + 1n,
      5n * P,
      6n * P - 1n,
    ];
    for (const number of borders) {
      const each = Array.from({ length: 9 }, (_, i) =>
        Number((number >> BigInt(29 * i)) & (i === 8 ? 0x7ffffffn : 0x1fffffffn)),
      );
      put(A, [each, each, each, each]);
      hooks.normalize(4 * C, 4 * A);
      for (const numbers of take(C)) {
        expect(numbers.reduceRight((sum, limb) => (sum << 29n) + BigInt(limb), 0n)).toBe(number % P);
        expect(numbers.every((limb, i) => limb < (i === 8 ? 2 ** 24 : LIMB))).toBe(true);
      }
    }
  });

  it('sub', () => {
    fc.assert(
      fc.property(quad(5), quad(1), (a, b) => {
        put(A, a);
        put(
          B,
          b.map((each) => each.map((limb) => Math.min(limb, LIMB - 1))),
        );
        hooks.sub(4 * C, 4 * A, 4 * B);
        expect(values(C)).toEqual(a.map((each, lane) => modP(value(each) - (values(B)[lane] as bigint))));
      }),
      { numRuns: runs(200) },
    );
  });

  it('invertQuad, and its refusal where one is zero', () => {
    fc.assert(
      fc.property(quad(1), fc.integer({ min: 0, max: 3 }), (a, lane) => {
        put(A, a);
        const isInvertible = a.every((each) => value(each) !== 0n);
        expect(hooks.invertQuad(4 * C, 4 * A)).toBe(isInvertible ? 1 : 0);
        if (isInvertible)
          for (const [i, each] of values(C).entries()) expect(modP(each * value(a[i] as number[]))).toBe(1n);
        const p = Array.from({ length: 9 }, (_, i) => Number((P >> BigInt(29 * i)) & 0x1fffffffn));
        put(
          A,
          a.map((each, i) => (i === lane ? p : each)),
        );
        expect(hooks.invertQuad(4 * C, 4 * A)).toBe(0);
      }),
      { numRuns: runs(100) },
    );
  });

  it('squareRoot', () => {
    fc.assert(
      fc.property(quad(1), (a) => {
        put(A, a);
        hooks.sqr(4 * A, 4 * A);
        hooks.squareRoot(4 * C, 4 * A);
        hooks.sqr(4 * C, 4 * C);
        expect(values(C)).toEqual(values(A));
      }),
      { numRuns: runs(30) },
    );
  });
});

const anyScalar = fc.oneof(fc.bigInt({ min: 0n, max: N - 1n }), fc.constantFrom(...edgeScalars));

describe('numbers modulo n', () => {
  it('multiply', () => {
    fc.assert(
      fc.property(anyScalar, anyScalar, (a, b) => {
        putWords(X, a);
        putWords(Y, b);
        hooks.multiply(4 * X, 4 * X, 4 * Y);
        expect(takeWords(X)).toBe((a * b) % N);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('multiply, where a sum crosses 2^256 at the end', () => {
    // Products whose rest before the last step lies just below 2^256, where another carry is due.
    for (let i = 0n; i < 2000n; i++) {
      const b = N - 1n - i;
      const a = mod((2n ** 256n - 1n - i) * inverse(b));
      putWords(X, a);
      putWords(Y, b);
      hooks.multiply(4 * X, 4 * X, 4 * Y);
      expect(takeWords(X)).toBe((a * b) % N);
    }
  });

  it.each(['n', 'p'])('invert modulo %s', (name) => {
    const [modulus, address] = name === 'n' ? [N, hooks.MODULUS_N] : [P, hooks.MODULUS_P];
    fc.assert(
      fc.property(anyScalar, fc.integer({ min: 0, max: 255 }), (a, bits) => {
        for (const number of [a, a >> BigInt(bits), modulus - 1n - (a >> BigInt(bits))]) {
          putWords(X, number);
          expect(Boolean(hooks.invert(4 * X, address.value))).toBe(number !== 0n);
          if (number !== 0n) expect((takeWords(X) * number) % modulus).toBe(1n);
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it('split', () => {
    fc.assert(
      fc.property(anyScalar, (k) => {
        putWords(X, k);
        const signs = hooks.split(4 * Y, 4 * Y + 64, 4 * X);
        const [k1, k2] = [takeWords(Y, 5), takeWords(Y + 16, 5)];
        const sum = (signs & 1 ? -k1 : k1) + (signs & 2 ? -k2 : k2) * LAMBDA;
        expect(mod(sum)).toBe(k);
        // The last windows of tables reach as far: 163 / 256 of 2^128.
        expect(k1 >> 120n < 163n && k2 >> 120n < 163n).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });
});
