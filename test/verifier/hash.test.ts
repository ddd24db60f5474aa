/** Hashes in batches: every backend gives what the hash libraries give of each byte string alone. */
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { ckbHash } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { nobleBackend } from '../../src/internal/verifier/noble.js';
import { createVerifier, type HashAlgorithm } from '../../src/verifier.js';
import { createWasmBackendSync } from '../../src/wasm/index.js';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

const ALONE: Record<HashAlgorithm, (bytes: Uint8Array) => Uint8Array> = { ckb: ckbHash, keccak256: keccak_256, sha256 };
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
