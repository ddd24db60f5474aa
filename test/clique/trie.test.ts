import { createMPT } from '@ethereumjs/mpt';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { encodeRlp, keccak256 as ethersKeccak, toBeArray } from 'ethers';
import fc from 'fast-check';
import { computeStateRoot, type GenesisAccount } from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { computeTrieRoot } from '../../src/clique/bootstrap/trie.js';
import { bytesOf, hash, runs, u64 } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

/** The root that an independent trie gives, entry by entry. */
async function rootOf(entries: readonly { key: Uint8Array; value: Uint8Array }[]): Promise<Uint8Array> {
  const trie = await createMPT({ useKeyHashing: true });
  for (const { key, value } of entries) await trie.put(key, value);
  return trie.root();
}

/** The state root by that trie and the RLP of ethers. */
async function stateRootOf(alloc: readonly GenesisAccount[]): Promise<Uint8Array> {
  const accounts = [];
  for (const { address, balance, nonce = 0n, code = new Uint8Array(), storage = [] } of alloc) {
    const slots = storage
      .filter(({ value }) => BigInt(hex(value)) !== 0n)
      .map(({ key, value }) => ({ key, value: bytes(encodeRlp(toBeArray(BigInt(hex(value))))) }));
    const root = await rootOf(slots);
    const value = bytes(encodeRlp([toBeArray(nonce), toBeArray(balance), root, ethersKeccak(code)]));
    accounts.push({ key: address, value });
  }
  return rootOf(accounts);
}

const slotValue = fc.oneof(
  hash,
  fc.constant(new Uint8Array(32)),
  fc.nat(255).map((n) => new Uint8Array(32).fill(n, 31)),
);
const account: fc.Arbitrary<GenesisAccount> = fc.record(
  {
    address: bytesOf(20),
    balance: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
    nonce: u64,
    code: fc.uint8Array({ maxLength: 40 }),
    storage: fc.uniqueArray(fc.record({ key: hash, value: slotValue }), {
      maxLength: 12,
      selector: ({ key }) => hex(key),
    }),
  },
  { requiredKeys: ['address', 'balance'] },
);
const alloc = fc.uniqueArray(account, { maxLength: 40, selector: ({ address }) => hex(address) });

describe('computeTrieRoot', () => {
  it('is the hash of an empty string for no entries', () => {
    expect(hex(computeTrieRoot([]))).toBe('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
  });

  it('agrees with an independent trie on entries of all sizes', async () => {
    for (const count of [1, 2, 3, 16, 17, 60]) {
      for (const size of [1, 2, 31, 32, 33, 56, 300]) {
        const entries = Array.from({ length: count }, (_, i) => ({
          key: keccak_256(Uint8Array.of(count, size, i & 255, i >> 8)),
          value: new Uint8Array(size).fill((i % 255) + 1),
        }));
        expect(hex(computeTrieRoot(entries))).toBe(hex(await rootOf(entries)));
      }
    }
  });

  // Pairs of numbers whose hashes agree in their first 8 nibbles: below them, leaves of one byte are shorter than a hash.
  const PAIRS = [
    [7341, 13322],
    [69738, 92292],
    [81290, 120720],
    [127341, 214575],
    [192952, 269432],
    [30567, 286030],
  ].map((pair) => pair.map((n) => Uint8Array.of(n & 255, (n >> 8) & 255, n >> 16)));

  it('agrees where nodes are so short that they stand in their parents', async () => {
    for (const value of [Uint8Array.of(1), Uint8Array.of(0x80), new Uint8Array(2).fill(1), new Uint8Array(9).fill(1)]) {
      for (const pair of PAIRS) {
        const hashes = pair.map((key) => hex(keccak_256(key)).slice(0, 10));
        expect(hashes[0]).toBe(hashes[1]);
        const entries = pair.map((key) => ({ key, value }));
        expect(hex(computeTrieRoot(entries))).toBe(hex(await rootOf(entries)));
      }
    }
    const entries = PAIRS.flat().map((key, i) => ({ key, value: Uint8Array.of(i + 1) }));
    expect(hex(computeTrieRoot(entries))).toBe(hex(await rootOf(entries)));
    expect(hex(computeTrieRoot([...entries].reverse()))).toBe(hex(computeTrieRoot(entries)));
  });

  it('takes many entries in a time that follows their number', () => {
    const entries = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ key: Uint8Array.of(i, i >> 8, i >> 16), value: Uint8Array.of(1) }));
    const start = performance.now();
    computeTrieRoot(entries(5_000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('computeStateRoot', () => {
  it('agrees with an independent trie on random accounts, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(alloc, async (accounts) => {
        const root = hex(await stateRootOf(accounts));
        expect(hex(computeStateRoot(accounts))).toBe(root);
        expect(hex(computeStateRoot([...accounts].reverse()))).toBe(root);
      }),
      { numRuns: runs(30) },
    );
  });

  const address = new Uint8Array(20).fill(7);
  const slot = (key: number, value: number) => ({
    key: new Uint8Array(32).fill(key),
    value: new Uint8Array(32).fill(value, 31),
  });

  it('counts an account that holds nothing, and no slot that holds zero', async () => {
    const empty = [{ address, balance: 0n }];
    expect(hex(computeStateRoot(empty))).not.toBe(hex(computeStateRoot([])));
    expect(hex(computeStateRoot(empty))).toBe(hex(await stateRootOf(empty)));
    expect(computeStateRoot([{ address, balance: 0n, storage: [slot(1, 0)] }])).toEqual(computeStateRoot(empty));
    expect(computeStateRoot([{ address, balance: 0n, storage: [slot(1, 1)] }])).not.toEqual(computeStateRoot(empty));
  });

  it('refuses an account or a key that stands twice', () => {
    expectCode(() => computeStateRoot([1n, 2n].map((balance) => ({ address, balance }))), 'GENESIS_ALLOC_DUPLICATE');
    const storage = [slot(1, 1), slot(2, 1), slot(1, 1)];
    expectCode(() => computeStateRoot([{ address, balance: 0n, storage }]), 'GENESIS_ALLOC_DUPLICATE');
  });

  it('refuses numbers and lengths that do not fit', () => {
    expectCode(() => computeStateRoot([{ address, balance: 2n ** 256n }]), 'OUT_OF_RANGE');
    expectCode(() => computeStateRoot([{ address, balance: -1n }]), 'OUT_OF_RANGE');
    expectCode(() => computeStateRoot([{ address, balance: 0n, nonce: 2n ** 64n }]), 'OUT_OF_RANGE');
    expectCode(() => computeStateRoot([{ address: new Uint8Array(21), balance: 0n }]), 'OUT_OF_RANGE');
    const storage = [{ key: new Uint8Array(31), value: new Uint8Array(32) }];
    expectCode(() => computeStateRoot([{ address, balance: 0n, storage }]), 'OUT_OF_RANGE');
    expect(() => computeStateRoot([{ address, balance: 0 as never }])).toThrow(TypeError);
    expect(() => computeStateRoot([{ address, balance: 0n, code: '0x' as never }])).toThrow(
      'alloc[0].code: expected Uint8Array',
    );
    expect(() => computeStateRoot({} as never)).toThrow(TypeError);
    expect(() => computeStateRoot([undefined as never])).toThrow(TypeError);
  });
});
