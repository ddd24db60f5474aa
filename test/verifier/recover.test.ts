/** Every backend, with any hint and in any batch, says of a signature what noble says of it alone; and so does libauth. */

import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nobleBackend } from '../../src/internal/verifier/noble.js';
import { type Backend, createVerifier } from '../../src/verifier.js';
import { createWasmBackendSync } from '../../src/wasm/index.js';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { readDer } from '../support/der.js';
import { hasShared, readShared } from '../support/shared.js';
import { batchOf, expected, libauthKey, type Policy, resultsOf } from './batches.js';
import {
  anyCase,
  type Case,
  checkedCase,
  edgeScalars,
  highX,
  keyOf,
  LAMBDA,
  mod,
  N,
  rawCase,
  recoveredCase,
} from './cases.js';

const backends: [string, Backend][] = [
  ['noble', nobleBackend],
  ['wasm', createWasmBackendSync()],
];
/** Keys that stand for any other: G, -G, and a few more. */
const SECRETS = [1n, N - 1n, 2n, 7n, LAMBDA, mod(-LAMBDA), 128n, 256n, 1234567n];

const SECRET_KEYS = SECRETS.map((secret) => hex(keyOf(secret)));

/** An array with another item in a place. */
const replaced = <T>(items: readonly T[], at: number, item: T): T[] => items.map((old, i) => (i === at ? item : old));

/** A verifier whose tables of these keys are built, of the first level or of the second, and the handles of the keys. */
function warmVerifier(backend: Backend, uses: number) {
  const verifier = createVerifier({ backend });
  const handles = SECRETS.map((secret) => verifier.admit(keyOf(secret)));
  const idle = rawCase(1n, 0n, 1n, 0);
  for (let use = 0; use < uses; use++)
    verifier.recover(
      batchOf(
        handles.map(() => idle),
        'any',
        handles,
      ),
    );
  return { verifier, handles };
}

describe.each(backends)('%s', (_, backend) => {
  const isFast = backend.name !== 'noble';
  /** A sample for a backend that takes a millisecond for each. */
  const sample = (cases: readonly Case[]): readonly Case[] => (isFast ? cases : cases.filter((_, i) => i % 9 === 0));

  describe.each(
    [
      ['without tables', 0],
      ['with tables of the first level', 10],
      ['with tables of the second level', 200],
    ].filter(([, uses]) => isFast || (uses as number) < 100) as [string, number][],
  )('%s', (_, uses) => {
    let warm: ReturnType<typeof warmVerifier>;
    beforeAll(() => {
      warm = warmVerifier(backend, uses);
    });
    const hintFor = ({ guess }: Case): number =>
      warm.handles[guess === undefined ? -1 : SECRET_KEYS.indexOf(hex(guess))] ?? -1;
    const check = (cases: readonly Case[], policy: Policy, hints?: readonly number[]) => {
      expect(resultsOf(warm.verifier, cases, policy, hints)).toEqual(cases.map((each) => expected(each, policy)));
    };

    it('takes keys, scalars and digits at every border, guessed rightly', () => {
      const all = SECRETS.flatMap((d) =>
        edgeScalars.flatMap((u1, i) => {
          const u2 = edgeScalars[(7 * i + Number(d % 5n)) % edgeScalars.length] as bigint;
          return [checkedCase(u1, u2, d), checkedCase(u1, mod(u1 * 3n + 1n), d), checkedCase(u2, u1, d)].flatMap(
            (made) => made ?? [],
          );
        }),
      );
      const cases = sample(all);
      check(cases, 'any', cases.map(hintFor));
    });

    it('adds equal and opposite points in one lane, and the other lanes do not notice', () => {
      // With the key G, digits of both scalars name the same points; with -G, opposite ones.
      const cases = [1n, N - 1n, 2n, LAMBDA].flatMap((d) =>
        [1n, 2n, 5n, 15n, LAMBDA, 5n * LAMBDA].flatMap((u) =>
          [u, mod(-u), mod(2n * u), mod(u * LAMBDA)].flatMap((other) => checkedCase(u, other, d) ?? []),
        ),
      );
      const plain = [11n, 13n, 17n].map((u) => checkedCase(u ** 30n % N, u ** 31n % N, 7n) as Case);
      const mixed = sample(cases).flatMap((each, i) => [plain[i % 3] as Case, each, plain[(i + 1) % 3] as Case]);
      check(mixed, 'any', mixed.map(hintFor));
      for (const each of isFast ? cases : []) {
        const four = [plain[0] as Case, each, plain[1] as Case, plain[2] as Case];
        check(four, 'any', four.map(hintFor));
      }
    });

    it('does not let itself be led by a wrong guess', () => {
      const cases = [checkedCase(5n, 9n, 1n), checkedCase(5n, 9n, N - 1n), checkedCase(3n, 8n, 99n)].map(
        (made) => made as Case,
      );
      for (const hint of [...warm.handles, 10_000, -1, -7, 2 ** 31 - 1])
        check(
          cases,
          'any',
          cases.map(() => hint),
        );
    });

    it('says for a key that was admitted which it is, guessed or not', () => {
      const cases = SECRETS.map((d) => checkedCase(3n, 8n, d) as Case);
      for (const hints of [undefined, warm.handles, [...warm.handles].reverse()])
        expect([...warm.verifier.recover(batchOf(cases, 'any', hints)).handles]).toEqual(warm.handles);
      expect([...warm.verifier.recover(batchOf([checkedCase(3n, 8n, 99n) as Case], 'any')).handles]).toEqual([-1]);
    });
  });

  it('confirms every right guess, and no other', () => {
    const engine = backend.open({ maxTableBytes: 2 ** 22 });
    const secrets = SECRETS.slice(0, isFast ? 9 : 2);
    const slots = secrets.map((_, i) => i);
    for (let level = 1; level <= engine.levels.length; level++) {
      engine.build(slots, secrets.map(keyOf), level);
      for (const [slot, d] of secrets.entries()) {
        const cases = edgeScalars.flatMap(
          (u, i) => checkedCase(edgeScalars[(i + 9) % edgeScalars.length] as bigint, u, d) ?? [],
        );
        for (const shift of [0, 1]) {
          const { count, messages, signatures } = batchOf(cases, 'any');
          const tried = new Int32Array(count).fill((slot + shift) % secrets.length);
          const output = {
            keys: new Uint8Array(64 * count),
            statuses: new Uint8Array(count),
            hits: new Uint8Array(count),
          };
          engine.recover({ count, messages, signatures, slots: tried, isLowS: false }, output);
          expect([...output.hits]).toEqual(cases.map(() => 1 - shift));
          expect(output.statuses.every((status) => status === 0)).toBe(true);
          if (shift === 0)
            for (let i = 0; i < count; i++) expect(hex(output.keys.subarray(64 * i, 64 * i + 64))).toBe(hex(keyOf(d)));
        }
      }
    }
  });

  const verifier = createVerifier({ backend });
  const check = (cases: readonly Case[], policy: Policy) =>
    expect(resultsOf(verifier, cases, policy)).toEqual(cases.map((each) => expected(each, policy)));

  it('refuses what is out of range', () => {
    const { signature } = checkedCase(3n, 5n, 7n) as Case;
    const r = BigInt(hex(signature.subarray(0, 32)));
    const words = [0n, 1n, N - 1n, N, N + 1n, N / 2n, N / 2n + 1n, 2n ** 256n - 1n];
    const ids = [0, 1, 2, 3, 4, 255];
    const cases = ids.flatMap((id) => words.flatMap((s) => [rawCase(1n, r, s, id), rawCase(1n, s, 5n, id)]));
    check(cases, 'low');
    check(cases, 'any');
  });

  it('names points whose x lies between n and p by ids 2 and 3 alone', () => {
    const cases = highX.flatMap((x) => [0, 1, 2, 3].map((id) => rawCase(12345n, x - N, 678n, id)));
    check(cases, 'any');
    const results = resultsOf(verifier, cases, 'any');
    expect(results.filter((_, i) => i % 4 > 1).every((result) => result.startsWith('0x'))).toBe(true);
  });

  it('confirms a key whose point has such an x by ids 2 and 3 alone', () => {
    for (const x of highX.slice(0, 4)) {
      const cases = [0, 1, 2, 3].map((id) => rawCase(12345n, x - N, 678n, id));
      const { keys } = verifier.recover(batchOf(cases, 'any'));
      for (const from of [2, 3]) {
        const handle = verifier.admit(keys.subarray(64 * from, 64 * from + 64));
        for (let use = 0; use < 10; use++)
          expect(
            resultsOf(
              verifier,
              cases,
              'any',
              cases.map(() => handle),
            ),
          ).toEqual(cases.map((each) => expected(each, 'any')));
      }
    }
  });

  it('finds infinity', () => {
    const cases = [1n, 2n, LAMBDA, 12345n].flatMap((k) =>
      [1n, 7n, N - 3n].flatMap((u) => recoveredCase(-u * k, u, k) ?? []),
    );
    for (const result of resultsOf(verifier, cases, 'any')) expect(result).toContain('infinity');
    check(cases, 'any');
  });

  it('takes messages of zero, n and above', () => {
    const { signature } = checkedCase(3n, 5n, 7n) as Case;
    const cases = [0n, 1n, N - 1n, N, N + 1n, 2n ** 256n - 1n].map((value) => ({
      ...rawCase(value, 1n, 1n, 0),
      signature,
    }));
    check(cases, 'any');
  });

  it('takes batches of every size, with a bad one in each place', { timeout: 120_000 }, () => {
    const good = Array.from(
      { length: 70 },
      (_, i) => checkedCase(3n ** BigInt(i + 40) % N, 5n ** BigInt(i + 40) % N, 7n + BigInt(i % 9)) as Case,
    );
    const wanted = good.map((each) => expected(each, 'any'));
    const bad = [rawCase(1n, 5n, 1n, 0), rawCase(1n, 0n, 1n, 0), recoveredCase(-6n, 3n, 2n) as Case];
    const refused = bad.map((each) => expected(each, 'any'));
    const sizes = isFast ? Array.from({ length: 70 }, (_, i) => i + 1) : [1, 2, 3, 5];
    for (const size of sizes) {
      expect(resultsOf(verifier, good.slice(0, size), 'any')).toEqual(wanted.slice(0, size));
      for (const at of size <= 9 || (isFast && size > 62 && size < 67)
        ? Array.from({ length: size }, (_, i) => i)
        : []) {
        const kind = at % bad.length;
        expect(resultsOf(verifier, replaced(good.slice(0, size), at, bad[kind] as Case), 'any')).toEqual(
          replaced(wanted.slice(0, size), at, refused[kind] as string),
        );
      }
    }
    if (isFast) {
      const many = Array.from({ length: 600 }, (_, i) => (i % 50 === 3 ? (bad[0] as Case) : (good[i % 70] as Case)));
      expect(resultsOf(verifier, many, 'any')).toEqual(
        many.map((_, i) => (i % 50 === 3 ? refused[0] : wanted[i % 70])),
      );
    }
  });

  it.skipIf(!hasShared).each([
    ['p1363', 'any', (bytes: Uint8Array) => (bytes.length === 64 ? bytes : undefined)],
    ['bitcoin', 'low', readDer],
  ] as const)('agrees with Wycheproof: %s, %s s', (name, policy, readSignature) => {
    const groups: any[] = readShared(`crypto/ecdsa_secp256k1_sha256_${name}_test.json`).testGroups;
    const tests = groups.flatMap((group) =>
      group.tests.flatMap((test: any) => {
        const signature = readSignature(hexToBytes(test.sig));
        if (signature !== undefined) return [{ ...test, key: group.publicKey.uncompressed.slice(2), signature }];
        expect(test.result, `test ${test.tcId}: ${test.comment}`).toBe('invalid');
        return [];
      }),
    );
    const chosen = tests.filter((_, i) => isFast || i % 5 === 0);
    const cases: Case[] = chosen.flatMap(({ msg, key, signature }) =>
      [0, 1, 2, 3].map((id) => ({
        message: sha256(hexToBytes(msg)),
        signature: Uint8Array.of(...signature, id),
        guess: hexToBytes(key),
      })),
    );
    const handles = cases.map(({ guess }) => verifier.admit(guess as Uint8Array));
    for (const hints of [undefined, handles, handles]) {
      const results = resultsOf(verifier, cases, policy, hints);
      chosen.forEach((test, i) => {
        const isKey = results.slice(4 * i, 4 * i + 4).includes(`0x${test.key}`);
        expect(isKey, `test ${test.tcId}: ${test.comment}`).toBe(test.result === 'valid');
      });
    }
    expect(chosen.length).toBeGreaterThan(30);
  });
});

describe('all backends and libauth', () => {
  it('say the same of everything', { timeout: 120_000 * Math.max(1, Number(process.env.RUNS ?? 1)) }, () => {
    const verifiers = backends.map(([, backend]) => createVerifier({ backend }));
    const size = 10;
    const warm = SECRETS.map((secret) => keyOf(secret));
    for (const verifier of verifiers) for (const key of warm) verifier.admit(key);
    const batch = fc.record({
      cases: fc.array(anyCase, { minLength: size, maxLength: size }),
      policy: fc.constantFrom<Policy>('low', 'any'),
      hinting: fc.constantFrom('none', 'right', 'any'),
      wild: fc.array(fc.integer({ min: -2, max: 12 }), { minLength: size, maxLength: size }),
    });
    fc.assert(
      fc.property(batch, ({ cases, policy, hinting, wild }) => {
        const results = verifiers.map((verifier) => {
          const right = cases.map(({ guess }) => (guess === undefined ? -1 : verifier.admit(guess)));
          const hints = hinting === 'none' ? undefined : hinting === 'right' ? right : wild;
          // The second time, tables of the keys may have been built.
          const first = resultsOf(verifier, cases, policy, hints);
          if (verifier.backend !== 'noble') expect(resultsOf(verifier, cases, policy, hints)).toEqual(first);
          return first;
        });
        const wanted = cases.map((each) => expected(each, policy));
        for (const result of results) expect(result).toEqual(wanted);
        for (const each of cases) {
          const result = expected(each, 'any');
          expect(libauthKey(each)).toBe(result.startsWith('0x') ? result : undefined);
        }
      }),
      { numRuns: runs(1000 / size) },
    );
  });
});
