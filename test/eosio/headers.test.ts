/** Schedules, headers, their extensions and merkle trees: round trips, and a naive model of the growing tree. */
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import {
  appendToMerkle,
  checkIncrementalMerkle,
  computeBlockId,
  computeBlockNumber,
  computeIncrementalRoot,
  computeMerkleRoot,
  createIncrementalMerkle,
  type HeaderExtensions,
  type IncrementalMerkle,
  isSavannaHeader,
  parseHeader,
  parseHeaderExtensions,
  parseIncrementalMerkle,
  parseProducerAuthoritySchedule,
  parseProducerSchedule,
  parseTransaction,
  serializeHeader,
  serializeHeaderExtensions,
  serializeIncrementalMerkle,
  serializeProducerAuthoritySchedule,
  serializeProducerSchedule,
  serializeTransaction,
  sha256,
  toAuthoritySchedule,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { packedHeader } from '../../examples/eosio-sample.js';
import { anyBytes, hash, runs, u16, u32, u64 } from '../support/arbitraries.js';
import {
  authoritySchedule,
  blockHeader,
  name,
  producerSchedule,
  publicKey,
  transaction,
} from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';

const sample = parseHeader(packedHeader);

describe('round trips', () => {
  it('schedules', () => {
    fc.assert(
      fc.property(producerSchedule, authoritySchedule, (legacy, authority) => {
        expect(parseProducerSchedule(serializeProducerSchedule(legacy))).toEqual(legacy);
        expect(parseProducerAuthoritySchedule(serializeProducerAuthoritySchedule(authority))).toEqual(authority);
        const turned = toAuthoritySchedule(legacy);
        expect(turned.producers.map(({ producerName }) => producerName)).toEqual(
          legacy.producers.map(({ producerName }) => producerName),
        );
        for (const producer of turned.producers)
          expect(producer.authority).toMatchObject({ threshold: 1, keys: [{ weight: 1 }] });
      }),
      { numRuns: runs(100) },
    );
  });

  it('headers and transactions', () => {
    fc.assert(
      fc.property(blockHeader, transaction, (header, value) => {
        const bytes = serializeHeader(header);
        expect(parseHeader(bytes)).toEqual(header);
        expect(computeBlockNumber(computeBlockId(bytes))).toBe(computeBlockNumber(header.previous) + 1);
        expect(isSavannaHeader(header)).toBe(header.scheduleVersion >= 2 ** 31);
        expect(parseTransaction(serializeTransaction(value))).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });

  const diffOf = <T>(item: fc.Arbitrary<T>) =>
    fc.record({
      removeIndexes: fc.array(u16, { maxLength: 3 }),
      insertIndexes: fc.array(fc.record({ index: u16, item }), { maxLength: 3 }),
    });
  const extensions: fc.Arbitrary<HeaderExtensions> = fc.record({
    protocolFeatures: fc.option(fc.array(hash, { maxLength: 3 })),
    newSchedule: fc.option(authoritySchedule),
    finality: fc.option(
      fc.record({
        qcBlockNumber: u32,
        isQcStrong: fc.boolean(),
        newFinalizerPolicy: fc.option(
          fc.record({
            generation: u32,
            threshold: u64,
            finalizers: diffOf(fc.record({ description: fc.string(), weight: u64, publicKey: anyBytes(96) })),
          }),
        ),
        newProposerPolicy: fc.option(
          fc.record({
            version: u32,
            proposalSlot: u32,
            producers: diffOf(
              fc.record({
                producerName: name,
                authority: fc.record({
                  threshold: u32,
                  keys: fc.array(fc.record({ key: publicKey, weight: u16 }), { maxLength: 2 }),
                }),
              }),
            ),
          }),
        ),
      }),
    ),
  });

  it('header extensions', () => {
    fc.assert(
      fc.property(extensions, (value) => {
        expect(parseHeaderExtensions(serializeHeaderExtensions(value))).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('header extensions', () => {
  const finality = { type: 2, data: Uint8Array.of(4, 0, 0, 0, 1, 0, 0) };
  const features = { type: 0, data: Uint8Array.of(0) };

  it('known types, each once, ascending', () => {
    expect(parseHeaderExtensions([])).toEqual({ protocolFeatures: null, newSchedule: null, finality: null });
    expect(parseHeaderExtensions([features, finality]).finality?.isQcStrong).toBe(true);
    for (const list of [
      [finality, features],
      [features, features],
      [{ ...features, type: 3 }],
      [{ ...features, type: 65535 }],
    ])
      expectCode(() => parseHeaderExtensions(list), 'HEADER_EXTENSIONS_INVALID');
  });

  it('exact bytes', () => {
    for (const data of [[], [4, 0, 0, 0, 2, 0, 0], [4, 0, 0, 0, 1, 0], [4, 0, 0, 0, 1, 0, 0, 0], [4, 0, 0, 0, 1, 2, 0]])
      expectCode(() => parseHeaderExtensions([{ type: 2, data: Uint8Array.from(data) }]), 'MALFORMED');
    expectCode(() => parseHeaderExtensions([{ type: 0, data: Uint8Array.of(1, 0) }]), 'MALFORMED');
    expectCode(
      () => parseHeaderExtensions([{ type: 1, data: hexToBytes('0100000001000000000000000001') }]),
      'MALFORMED',
    );
    expectCode(() => parseHeaderExtensions([{ type: 65536, data: new Uint8Array() }]), 'OUT_OF_RANGE');
    expect(() => parseHeaderExtensions([null as never])).toThrow(TypeError);
  });
});

describe('headers', () => {
  it('of every length but one are refused', () => {
    for (let end = 0; end < packedHeader.length; end++)
      expectCode(() => parseHeader(packedHeader.subarray(0, end)), 'MALFORMED');
    expectCode(() => parseHeader(Uint8Array.of(...packedHeader, 0)), 'MALFORMED');
  });

  it('fields that do not fit are refused', () => {
    expectCode(() => serializeHeader({ ...sample, slot: 2 ** 32 }), 'OUT_OF_RANGE');
    expectCode(() => serializeHeader({ ...sample, confirmed: -1 }), 'OUT_OF_RANGE');
    expectCode(() => serializeHeader({ ...sample, previous: new Uint8Array(31) }), 'OUT_OF_RANGE');
    expectCode(() => serializeHeader({ ...sample, producer: 'eosio.' }), 'NAME_INVALID');
    expectCode(
      () => serializeHeader({ ...sample, headerExtensions: [{ type: -1, data: new Uint8Array() }] }),
      'OUT_OF_RANGE',
    );
    expect(() => serializeHeader({ ...sample, newProducers: undefined as never })).toThrow(TypeError);
  });

  it('there is no block behind number 2^32 - 1', () => {
    const last = serializeHeader({ ...sample, previous: new Uint8Array(32).fill(0xff) });
    expectCode(() => computeBlockId(last), 'MALFORMED');
    const before = new Uint8Array(32).fill(0xff);
    before[3] = 0xfe;
    expect(computeBlockNumber(computeBlockId(serializeHeader({ ...sample, previous: before })))).toBe(2 ** 32 - 1);
  });
});

/** The root over all leaves, level by level. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = [...leaves];
  while (level.length > 1) {
    if (level.length % 2 === 1) level.push(level[level.length - 1] as Uint8Array);
    level = Array.from({ length: level.length / 2 }, (_, i) => {
      const left = Uint8Array.from(level[2 * i] as Uint8Array);
      const right = Uint8Array.from(level[2 * i + 1] as Uint8Array);
      left[0] = (left[0] as number) & 0x7f;
      right[0] = (right[0] as number) | 0x80;
      return sha256(left, right);
    });
  }
  return level[0] ?? new Uint8Array(32);
}

describe('merkle trees', () => {
  const leaves = Array.from({ length: 140 }, (_, i) => sha256(Uint8Array.of(i)));

  it('the growing tree has the root of all its leaves at every size', () => {
    let tree = createIncrementalMerkle();
    leaves.forEach((leaf, i) => {
      const before = JSON.stringify(tree, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      const next = appendToMerkle(tree, leaf);
      expect(JSON.stringify(tree, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).toBe(before);
      tree = next;
      const wanted = naiveRoot(leaves.slice(0, i + 1));
      expect(computeIncrementalRoot(tree)).toEqual(wanted);
      expect(computeMerkleRoot(leaves.slice(0, i + 1))).toEqual(wanted);
      checkIncrementalMerkle(tree);
      expect(parseIncrementalMerkle(serializeIncrementalMerkle(tree))).toEqual(tree);
    });
    expect(tree.nodeCount).toBe(140n);
    expect(computeMerkleRoot([])).toEqual(new Uint8Array(32));
  });

  it('a tree whose nodes do not fit its count or each other is refused', () => {
    let tree: IncrementalMerkle = createIncrementalMerkle();
    for (let i = 0; i < 13; i++) tree = appendToMerkle(tree, leaves[i] as Uint8Array);
    expect(tree.activeNodes.length).toBe(4);
    for (const nodeCount of [0n, 1n, 12n, 16n, 2n ** 64n - 1n])
      for (const act of [checkIncrementalMerkle, computeIncrementalRoot, serializeIncrementalMerkle])
        expectCode(() => act({ ...tree, nodeCount }), 'MERKLE_INVALID');
    // As many nodes, but of another shape.
    expectCode(() => checkIncrementalMerkle({ ...tree, nodeCount: 14n }), 'MERKLE_INVALID');
    for (let i = 0; i < 4; i++) {
      const activeNodes = tree.activeNodes.map((node, k) => (k === i ? (leaves[100] as Uint8Array) : node));
      expectCode(() => checkIncrementalMerkle({ ...tree, activeNodes }), 'MERKLE_INVALID');
    }
    expectCode(() => checkIncrementalMerkle({ ...tree, activeNodes: [new Uint8Array(31)] }), 'OUT_OF_RANGE');
    expectCode(
      () => appendToMerkle({ nodeCount: 2n ** 64n, activeNodes: [] }, leaves[0] as Uint8Array),
      'OUT_OF_RANGE',
    );
    const full = { nodeCount: 2n ** 64n - 1n, activeNodes: leaves.slice(0, 65) };
    expectCode(() => appendToMerkle(full, leaves[0] as Uint8Array), 'OUT_OF_RANGE');
    const bytes = serializeIncrementalMerkle(tree);
    for (let end = 0; end < bytes.length; end++)
      expectCode(() => parseIncrementalMerkle(bytes.subarray(0, end)), 'MALFORMED');
    expectCode(() => appendToMerkle(tree, new Uint8Array(33)), 'OUT_OF_RANGE');
  });

  it('what goes in is not what comes out', () => {
    const leaf = sha256();
    const tree = appendToMerkle(createIncrementalMerkle(), leaf);
    const root = computeIncrementalRoot(tree);
    leaf.fill(0);
    expect(root).toEqual(sha256());
    expect(computeMerkleRoot([root])).not.toBe(root);
  });
});
