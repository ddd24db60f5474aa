/** Hashes in batches: every backend gives what the hash libraries give of each byte string alone. */
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { ckbHash } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { DIGEST_ADDRESS } from '../../src/internal/verifier/engine.js';
import { nobleBackend } from '../../src/internal/verifier/noble.js';
import { createVerifier, type HashAlgorithm } from '../../src/verifier.js';
import { createWasmBackendSync } from '../../src/wasm/index.js';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

const ALONE: Record<HashAlgorithm, (bytes: Uint8Array) => Uint8Array> = { ckb: ckbHash, keccak256: keccak_256, sha256 };
const reference = createVerifier();
const algorithms = Object.keys(ALONE) as HashAlgorithm[];

function flatten(strings: readonly Uint8Array[], gap = 0) {
  const data = new Uint8Array(strings.reduce((sum, { length }) => sum + length, gap));
  const offsets = new Uint32Array(strings.length + 1);
  offsets[0] = gap;
  strings.forEach((bytes, i) => {
    data.set(bytes, offsets[i]);
    offsets[i + 1] = (offsets[i] as number) + bytes.length;
  });
  return { data, offsets };
}

/** A part of a string: a stretch of the data, or a digest that comes before it. */
type Part = readonly [start: number, end: number] | number;

const DATA = Uint8Array.from({ length: 2000 }, (_, i) => (i * 89 + (i >> 3)) & 255);

function assemble(hashes: readonly (readonly Part[])[], data: Uint8Array = DATA) {
  const parts = hashes.flatMap((list) =>
    list.flatMap((part) =>
      typeof part === 'number' ? [DIGEST_ADDRESS + 32 * part, DIGEST_ADDRESS + 32 * (part + 1)] : part,
    ),
  );
  let count = 0;
  const ends = hashes.map((list) => {
    count += list.length;
    return count;
  });
  return { data, parts: Uint32Array.from(parts), ends: Uint32Array.from(ends) };
}

/** One hash after the other, as the words say it. */
function follow(
  hashes: readonly (readonly Part[])[],
  hash: (bytes: Uint8Array) => Uint8Array,
  data: Uint8Array = DATA,
): string[] {
  const digests: Uint8Array[] = [];
  for (const list of hashes) {
    const chunks = list.map((part) =>
      typeof part === 'number' ? (digests[part] as Uint8Array) : data.subarray(part[0], part[1]),
    );
    digests.push(hash(Uint8Array.from(Buffer.concat(chunks))));
  }
  return digests.map(hex);
}

/** Programs of hashes over data and over any hashes before them. */
const programs = fc
  .array(fc.array(fc.tuple(fc.nat(9), fc.nat(1900), fc.nat(140)), { maxLength: 5 }), { maxLength: 30 })
  .map((hashes) =>
    hashes.map((list, i) =>
      list.map(([kind, start, size]): Part => (kind < 4 && i > 0 ? start % i : [start, Math.min(2000, start + size)])),
    ),
  );

describe.each([
  ['noble', nobleBackend],
  ['wasm', createWasmBackendSync()],
])('%s', (_, backend) => {
  const verifier = createVerifier({ backend });
  const check = (algorithm: HashAlgorithm, strings: readonly Uint8Array[], gap = 0) => {
    const digests = verifier.hash({ algorithm, ...flatten(strings, gap) });
    expect(digests.length).toBe(32 * strings.length);
    strings.forEach((bytes, i) => {
      expect(hex(digests.subarray(32 * i, 32 * i + 32)), `${bytes.length} bytes`).toBe(hex(ALONE[algorithm](bytes)));
    });
  };
  const bytesAt = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 151 + size * 7) & 255);

  describe.each(algorithms)('%s', (algorithm) => {
    it('of every length from 0 to 300, and at the borders of blocks', () => {
      check(
        algorithm,
        [...Array(301).keys(), 383, 384, 385, 407, 408, 409, 511, 512, 513, 1023, 1024, 1025].map(bytesAt),
      );
    });

    it('of any byte strings', () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), fc.nat(9), (strings, gap) =>
          check(algorithm, strings, gap),
        ),
        { numRuns: runs(30) },
      );
    });

    it('of none', () => {
      for (const offsets of [new Uint32Array(0), new Uint32Array(1)])
        expect(verifier.hash({ algorithm, data: new Uint8Array(0), offsets })).toEqual(new Uint8Array(0));
    });

    it('of more than fit at a time', () => {
      check(
        algorithm,
        Array.from({ length: 1030 }, (_, i) => bytesAt(i % 40)),
      );
      if (backend.name !== 'noble')
        check(algorithm, [bytesAt(5), bytesAt(700_000), bytesAt(700_000), bytesAt(1_048_577), bytesAt(9)]);
    });
  });

  describe.each(algorithms)('programs of %s', (algorithm) => {
    const split = (digests: Uint8Array): string[] =>
      Array.from({ length: digests.length / 32 }, (_, i) => hex(digests.subarray(32 * i, 32 * i + 32)));

    it('of any parts, data and digests', () => {
      fc.assert(
        fc.property(programs, (hashes) => {
          expect(split(verifier.hash({ algorithm, ...assemble(hashes) }))).toEqual(follow(hashes, ALONE[algorithm]));
        }),
        { numRuns: runs(100) },
      );
    });

    it('of pairs that could go side by side, but for one that needs the other', () => {
      const hashes: Part[][] = [
        [[0, 64]],
        [[64, 128]],
        [0, 1],
        [2, 1],
        [3, 3],
        [[0, 32], 4],
        [[0, 32], 4],
        [5, 6],
        [],
        [],
      ];
      expect(split(verifier.hash({ algorithm, ...assemble(hashes) }))).toEqual(follow(hashes, ALONE[algorithm]));
    });

    it('of more than fit at a time, with digests from before', () => {
      // Each string is larger than what is left of the room behind the one before it.
      const data = bytesAt(1_300_000);
      const large: Part[][] = [[[0, 700_000]], [0, [5, 600_000]], [1, 0, [0, 1_300_000]], [2, 1], [[0, 40]]];
      expect(split(verifier.hash({ algorithm, ...assemble(large, data) }))).toEqual(
        follow(large, ALONE[algorithm], data),
      );
      const many: Part[][] = Array.from({ length: 66_000 }, (_, i) =>
        i % 9000 === 8999 ? [i - 1, 0] : [[i % 50, 60]],
      );
      const digests = split(verifier.hash({ algorithm, ...assemble(many.slice(0, 3)) }));
      expect(digests).toEqual(follow(many.slice(0, 3), ALONE[algorithm]));
      if (backend.name === 'noble') return;
      const program = { algorithm, ...assemble(many) };
      expect(Buffer.compare(verifier.hash(program), reference.hash(program))).toBe(0);
    });
  });

  it('refuses programs whose parts leave the data, or are digests to come', () => {
    const hash = (parts: number[], ends: number[]) => () =>
      verifier.hash({ algorithm: 'ckb', data: DATA, parts: Uint32Array.from(parts), ends: Uint32Array.from(ends) });
    const digest = (i: number) => [DIGEST_ADDRESS + 32 * i, DIGEST_ADDRESS + 32 * (i + 1)];
    for (const [parts, ends] of [
      [[0, 2001], [1]],
      [[5, 4], [1]],
      [digest(0), [1]],
      [
        [0, 1, ...digest(1)],
        [1, 2],
      ],
      [
        [0, 1, DIGEST_ADDRESS + 1, DIGEST_ADDRESS + 33],
        [1, 2],
      ],
      [[1999, DIGEST_ADDRESS + 1], [1]],
      [[0, 1], [2]],
      [
        [0, 1, 0, 1],
        [2, 1],
      ],
      [[0, 1, 0], [2]],
    ] as const)
      expectCode(hash([...parts], [...ends]), 'OUT_OF_RANGE');
    expect(hash([0, 1, ...digest(0)], [1, 2])().length).toBe(64);
    expect(() =>
      verifier.hash({ algorithm: 'ckb', data: DATA, parts: [0, 1] as never, ends: new Uint32Array(1) }),
    ).toThrow(TypeError);
    expect(() =>
      verifier.hash({ algorithm: 'ckb', data: DATA, parts: new Uint32Array(2), ends: [1] as never }),
    ).toThrow(TypeError);
  });

  it('ckb is BLAKE2b-256 with its personalization', () => {
    const personalization = new TextEncoder().encode('ckb-default-hash');
    const bytes = bytesAt(200);
    expect(verifier.hash({ algorithm: 'ckb', ...flatten([bytes]) })).toEqual(
      blake2b(bytes, { dkLen: 32, personalization }),
    );
  });

  it('refuses offsets that are not ascending or leave the data', () => {
    const data = new Uint8Array(10);
    for (const offsets of [[5, 4], [0, 11], [11], [0, 3, 2, 4]])
      expectCode(() => verifier.hash({ algorithm: 'ckb', data, offsets: Uint32Array.from(offsets) }), 'OUT_OF_RANGE');
  });
});
