/**
 * Every function that takes what others made, against spoilt input: nothing but a `PoaError` with one of its own codes may come out, no
 * input may change, no output may share memory with one, and what is taken must survive a round trip.
 */
import fc from 'fast-check';
import * as ckb from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anyBytes, runs } from '../../support/arbitraries.js';
import { applyEdit, edit, WORDS } from './edits.js';
import { JSON_TARGETS, OWN_TESTS, type Seed, TARGETS, TRUSTED } from './targets.js';
import { bytesIn, copy, isPlain, isSame, nodesOf, type Path, replaceAt } from './values.js';
import { judge, judgeNamed } from './verdicts.js';

it('no export is forgotten', () => {
  expect([...Object.keys(TARGETS), ...Object.keys(JSON_TARGETS), ...OWN_TESTS, ...TRUSTED].sort()).toEqual(
    Object.keys(ckb).sort(),
  );
});

describe.each(Object.entries(TARGETS))('%s', (_, target) => {
  const { seeds, codes, repair } = target;
  const byteNodes = ({ input }: Seed) =>
    nodesOf(input).flatMap(({ path, value }) => (value instanceof Uint8Array ? [{ path, value }] : []));

  it('takes its seeds', () => {
    for (const [i, seed] of seeds.entries()) expect(judgeNamed(target, seed, `seed ${i}`)).toBe(undefined);
  });

  it('has nothing but its codes for spoilt input', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(), edits, fc.boolean(), (which, changes, repaired) => {
        const { input, own } = seeds[which % seeds.length] as Seed;
        const spoilt = changes.reduce<unknown>(applyEdit, input);
        judge(target, { input: repaired && repair ? repair(spoilt, own) : spoilt, own });
      }),
      { numRuns: runs(150) },
    );
  });

  it('has nothing but its codes for random bytes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), anyBytes(600), (which, node, random) => {
        const { input, own } = seeds[which % seeds.length] as Seed;
        const nodes = byteNodes({ input });
        if (nodes.length === 0) return;
        const { path } = nodes[node % nodes.length] as { path: Path };
        judge(target, { input: replaceAt(input, path, random), own });
      }),
      { numRuns: runs(100) },
    );
  });

  it('takes no seed that is cut short or goes on', () => {
    for (const [i, seed] of seeds.entries())
      for (const { path, value } of byteNodes(seed)) {
        if (value.length > 2048) continue;
        const where = `seed ${i}, ${path.join('.')}`;
        const lengths = [...Array(value.length).keys(), ...[1, 2, 3, 4, 32].map((more) => value.length + more)];
        for (const length of lengths) {
          const spoilt = new Uint8Array(length);
          spoilt.set(value.subarray(0, length));
          const code = judgeNamed(
            target,
            { ...seed, input: replaceAt(seed.input, path, spoilt) },
            `${where}: ${length} of ${value.length} bytes`,
          );
          // Parsers know where bytes end; what only hashes them does not.
          if (path.length === 0 && codes.length > 0)
            expect(code, `${where}: ${length} of ${value.length} bytes`).toBeDefined();
        }
      }
  });

  it('has nothing but its codes for any word overwritten', () => {
    const seed = [...seeds].sort((a, b) => sizeOf(a) - sizeOf(b))[0] as Seed;
    for (const { path, value } of byteNodes(seed)) {
      // At odd distances, so that neither whole words nor others are always passed over.
      const step = target.isSlow ? 2 * Math.floor(value.length / 60) + 7 : 2 * Math.floor(value.length / 1200) + 1;
      for (let at = 0; at + 4 <= value.length; at += step)
        for (const word of WORDS) {
          const spoilt = Uint8Array.from(value);
          new DataView(spoilt.buffer).setUint32(at, word, true);
          if (isSame(spoilt, value)) continue;
          const name = `${path.join('.')}: ${word} at ${at}`;
          judgeNamed(target, { ...seed, input: replaceAt(seed.input, path, spoilt) }, name);
        }
    }
  });

  it('gives the same for slices of a pool, and shares no memory with it', () => {
    for (const [i, seed] of seeds.entries()) {
      const plain: Seed = copy(seed);
      const output = target.call(plain.input, plain.own);
      const wanted = copy(output);
      for (const item of bytesIn(plain)) item.fill(0xff);
      expect(isSame(output, wanted), `seed ${i}: an output changes with the input`).toBe(true);

      const pool = Buffer.alloc(
        bytesIn(seed).reduce((size, item) => size + item.length + 3, 8),
        0xaa,
      );
      let end = 5;
      const sliced: Seed = copy(seed, (item) => {
        const slice = pool.subarray(end, end + item.length);
        slice.set(item);
        end += item.length + 3;
        return slice;
      });
      const other = target.call(sliced.input, sliced.own);
      expect(isSame(other, wanted), `seed ${i}: another output for slices`).toBe(true);
      pool.fill(0xff);
      expect(isSame(other, wanted), `seed ${i}: an output changes with the pool`).toBe(true);
      for (const item of bytesIn(other)) {
        expect(Object.getPrototypeOf(item), `seed ${i}: no plain Uint8Array`).toBe(Uint8Array.prototype);
        expect(item.buffer === pool.buffer, `seed ${i}: memory of the pool`).toBe(false);
        item.fill(0x55);
      }
      // Nor with anything that a later call gives.
      const again: Seed = copy(seed);
      expect(isSame(target.call(again.input, again.own), wanted), `seed ${i}: calls share memory`).toBe(true);
    }
  });

  it('has a TypeError for a wrong type', () => {
    const { unread = [], optional = [], nullable = [] } = target;
    for (const [i, { input, own }] of seeds.entries()) {
      for (const { path, value } of nodesOf(input)) {
        const name = path.join('.');
        if (path.length === 0 && target.isSpread) continue;
        if (unread.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))) continue;
        const mayLack = optional.includes(name) || optional.includes([...path.slice(0, -1), '*'].join('.'));
        for (const wrong of wrongTypesFor(value)) {
          if (wrong === null && nullable.includes(`${path.at(-1)}`)) continue;
          // An object whose members may all be left out can be any object.
          if (mayLack && (wrong === undefined || (isPlain(value) && isRecord(wrong)))) continue;
          expectTypeError(() => target.call(replaceAt(input, path, wrong), own), `seed ${i}, ${name}`, wrong);
        }
      }
      for (const [name, value] of Object.entries(own ?? {}))
        for (const wrong of wrongTypesFor(value))
          if (!isPlain(value) || !isRecord(wrong))
            if (wrong !== undefined || !optional.includes(`own.${name}`))
              expectTypeError(() => target.call(input, { ...own, [name]: wrong }), `seed ${i}, own ${name}`, wrong);
    }
  });
});

const sizeOf = (seed: Seed): number => bytesIn(seed.input).reduce((size, { length }) => size + length, 0);

/** Values of other types than `value`, those first that are most like it. */
function wrongTypesFor(value: unknown): unknown[] {
  const all = [
    undefined,
    null,
    0,
    1n,
    true,
    '',
    '0x00',
    [],
    [1],
    {},
    new Uint8Array(4),
    new Uint16Array(4),
    new ArrayBuffer(8),
  ];
  const others = [new Uint8ClampedArray(4), new DataView(new ArrayBuffer(8)), Symbol('symbol'), () => value];
  const isLike = (other: unknown): boolean => {
    if (value instanceof Uint8Array) return other instanceof Uint8Array;
    if (Array.isArray(value)) return Array.isArray(other) && (other.length === 0 || typeof value[0] === 'number');
    if (value === null) return other === null || other instanceof Uint8Array || isRecord(other);
    if (typeof value === 'object') return false;
    return typeof other === typeof value;
  };
  return [...all, ...others].filter((other) => !isLike(other));
}

/** An object that a record could be: without any field it is refused for the first one that it lacks. */
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A `TypeError` in the words of the library, not one of the engine that came from somewhere inside. */
function expectTypeError(act: () => unknown, where: string, wrong: unknown): void {
  const name = `${where}: ${Object.prototype.toString.call(wrong)}`;
  try {
    act();
  } catch (error) {
    if (error instanceof TypeError && /^[\w.[\]]+: expected .+, got .*$/.test(error.message)) return;
    throw new Error(`${name}: ${error}`, { cause: error });
  }
  throw new Error(`${name} was taken`);
}
