import {
  type Anchor,
  applyHeader,
  ckbHash,
  createState,
  parseState,
  type State,
  serializeScript,
  serializeState,
  TYPE_ID_CODE_HASH,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';

const hashes = (count: number, size = 20): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => new Uint8Array(size).fill(i + 1));

describe('createState', () => {
  it('fills in what an anchor leaves out', () => {
    const state = createState(anchor);
    expect(state.network).toEqual({
      multisigCodeHash: expect.any(Uint8Array),
      epochLength: null,
      minimumBlockInterval: 0,
    });
    expect(state.anchorHash).toEqual(anchor.hash);
    expect(state.recentAttesters).toEqual([]);
    expect(state.totalDifficulty).toBe(0n);
    expect(createState(state)).toEqual(state);
  });

  it('shares nothing with the anchor', () => {
    const mine = structuredClone(anchor) as Anchor;
    const state = createState(mine);
    const kept = structuredClone(state);
    for (const bytes of [
      mine.hash,
      mine.validatorListOutPoint,
      mine.validatorListType,
      ...mine.validatorList.pubkeyHashes,
    ])
      bytes.fill(0xff);
    (mine.timestamps as bigint[]).push(1n);
    expect(state).toEqual(kept);
  });

  const typeScript = (changes: object) =>
    serializeScript({ codeHash: TYPE_ID_CODE_HASH, hashType: 1, args: new Uint8Array(32), ...changes });
  const list = (changes: object) => ({ validatorList: { ...anchor.validatorList, ...changes } });

  it.each<[string, string, Partial<Anchor>]>([
    ['a hash of 31 bytes', 'OUT_OF_RANGE', { hash: new Uint8Array(31) }],
    ['an anchor hash of 33 bytes', 'OUT_OF_RANGE', { anchorHash: new Uint8Array(33) }],
    ['a number of 2^64', 'OUT_OF_RANGE', { number: 2n ** 64n }],
    ['a negative number', 'OUT_OF_RANGE', { number: -1n }],
    ['a timestamp of 2^64', 'OUT_OF_RANGE', { timestamps: [2n ** 64n] }],
    ['a total difficulty of 2^256', 'OUT_OF_RANGE', { totalDifficulty: 2n ** 256n }],
    ['an attester of 32 bytes', 'OUT_OF_RANGE', { recentAttesters: hashes(1, 32) }],
    ['an out point of 32 bytes', 'OUT_OF_RANGE', { validatorListOutPoint: new Uint8Array(32) }],
    ['an epoch length of 0', 'OUT_OF_RANGE', { network: { epochLength: 0 } }],
    ['an epoch length of 2^16', 'OUT_OF_RANGE', { network: { epochLength: 2 ** 16 } }],
    ['a negative block interval', 'OUT_OF_RANGE', { network: { minimumBlockInterval: -1 } }],
    ['half a block interval', 'OUT_OF_RANGE', { network: { minimumBlockInterval: 0.5 } }],
    ['a code hash of 20 bytes', 'OUT_OF_RANGE', { network: { multisigCodeHash: new Uint8Array(20) } }],
    ['an epoch of length 0', 'STATE_INVALID', { epoch: 1n }],
    ['an epoch with its index at its length', 'STATE_INVALID', { epoch: (10n << 40n) | (10n << 24n) }],
    ['an epoch with a highest byte', 'STATE_INVALID', { epoch: (1n << 56n) | (10n << 40n) }],
    ['an epoch inside a wrong length', 'STATE_INVALID', { epoch: 10n << 40n, network: { epochLength: 11 } }],
    ['no timestamp', 'STATE_INVALID', { timestamps: [] }],
    ['two timestamps at block 0', 'STATE_INVALID', { timestamps: [1n, 2n] }],
    ['36 timestamps at block 36', 'STATE_INVALID', { number: 36n, timestamps: new Array(36).fill(1n) }],
    ['38 timestamps at block 37', 'STATE_INVALID', { number: 37n, timestamps: new Array(38).fill(1n) }],
    ['an attester of the genesis block', 'STATE_INVALID', { recentAttesters: hashes(1) }],
    [
      '255 attesters',
      'STATE_INVALID',
      { number: 300n, timestamps: new Array(37).fill(1n), recentAttesters: hashes(255) },
    ],
    ['a type that is no script', 'MALFORMED', { validatorListType: new Uint8Array(10) }],
    [
      'a type with another code hash',
      'STATE_INVALID',
      { validatorListType: typeScript({ codeHash: new Uint8Array(32) }) },
    ],
    ['a type with another hash type', 'STATE_INVALID', { validatorListType: typeScript({ hashType: 0 }) }],
    ['a type with args of 31 bytes', 'STATE_INVALID', { validatorListType: typeScript({ args: new Uint8Array(31) }) }],
    ['no validators', 'VALIDATOR_LIST_MALFORMED', list({ pubkeyHashes: [] })],
    ['256 validators', 'VALIDATOR_LIST_MALFORMED', list({ voteLimit: 129, pubkeyHashes: hashes(256) })],
    ['a validator twice', 'VALIDATOR_LIST_DUPLICATE', list({ pubkeyHashes: [...hashes(2), ...hashes(1)] })],
    ['no majority', 'VOTE_LIMIT_OUT_OF_RANGE', list({ voteLimit: 1 })],
    ['half of four, no majority', 'VOTE_LIMIT_OUT_OF_RANGE', list({ voteLimit: 2, pubkeyHashes: hashes(4) })],
    ['half of two, no majority', 'VOTE_LIMIT_OUT_OF_RANGE', list({ voteLimit: 1, pubkeyHashes: hashes(2) })],
    ['a limit above the count', 'VOTE_LIMIT_OUT_OF_RANGE', list({ voteLimit: 4 })],
    ['an interval at the count', 'ATTEST_INTERVAL_TOO_LONG', list({ attestInterval: 3 })],
  ])('refuses %s: %s', (_, code, changes) => {
    expectCode(() => createState({ ...anchor, ...changes }), code as never);
  });

  it.each<[string, Partial<Anchor>]>([
    ['37 timestamps at block 36', { number: 36n, timestamps: new Array(37).fill(1n) }],
    ['37 timestamps at block 2^64 - 1', { number: 2n ** 64n - 1n, timestamps: new Array(37).fill(1n) }],
    ['three of four', list({ voteLimit: 3, pubkeyHashes: hashes(4) })],
    ['both of two', list({ voteLimit: 2, pubkeyHashes: hashes(2) })],
    ['254 attesters', { number: 254n, timestamps: new Array(37).fill(1n), recentAttesters: hashes(254) }],
    [
      'the end of an epoch before a new fixed length',
      { epoch: (10n << 40n) | (9n << 24n), network: { epochLength: 11 } },
    ],
    [
      '255 validators',
      list({
        attestInterval: 254,
        voteLimit: 128,
        pubkeyHashes: Array.from({ length: 255 }, (_, i) => ckbHash(Uint8Array.of(i)).slice(0, 20)),
      }),
    ],
  ])('takes %s', (_, changes) => {
    const state = createState({ ...anchor, ...changes });
    expect(parseState(serializeState(state))).toEqual(state);
  });

  it('a wrong JavaScript type is a TypeError', () => {
    for (const changes of [
      { number: 0 },
      { hash: '0x' },
      { timestamps: [1] },
      { timestamps: 1n },
      { network: 5 },
      { validatorList: null },
      { totalDifficulty: 0 },
    ])
      expect(() => createState({ ...anchor, ...changes } as never), JSON.stringify(Object.keys(changes))).toThrow(
        TypeError,
      );
  });
});

describe('parseState', () => {
  const state: State = headers.reduce((before, header) => applyHeader(before, header, { now }), createState(anchor));
  const bytes = serializeState(state);
  /** Puts a right checksum behind changed bytes. */
  const sealed = (body: Uint8Array): Uint8Array => Uint8Array.of(...body, ...ckbHash(body));
  const body = bytes.subarray(0, -32);
  const patched = (offset: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(body);
    copy.set(values, offset);
    return sealed(copy);
  };

  it('gives back what was serialized', () => {
    expect(parseState(bytes)).toEqual(state);
    expect(serializeState(parseState(bytes))).toEqual(bytes);
    expect(serializeState(structuredClone(state))).toEqual(bytes);
  });

  it('refuses every truncation, a trailing byte and every flipped bit', () => {
    for (let length = 0; length < bytes.length; length++)
      expectCode(() => parseState(bytes.subarray(0, length)), length < 40 ? 'MALFORMED' : 'STATE_CHECKSUM_MISMATCH');
    expectCode(() => parseState(Uint8Array.of(...bytes, 0)), 'STATE_CHECKSUM_MISMATCH');
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const code = bit < 56 ? 'MALFORMED' : bit < 64 ? 'STATE_VERSION_UNSUPPORTED' : 'STATE_CHECKSUM_MISMATCH';
      expectCode(() => parseState(flipped), code);
    }
  });

  it('judges content behind a right checksum too', () => {
    expectCode(() => parseState(sealed(body.subarray(0, -1))), 'MALFORMED');
    expectCode(() => parseState(sealed(Uint8Array.of(...body, 0))), 'MALFORMED');
    const fieldAt = (index: number): number =>
      8 + new DataView(body.buffer, body.byteOffset).getUint32(12 + 4 * index, true);
    expectCode(() => parseState(patched(fieldAt(2), 0, 0, 0, 0, 0, 0, 0, 1)), 'MALFORMED');
    expectCode(() => parseState(patched(fieldAt(1), 7, 0)), 'STATE_INVALID');
    expectCode(() => parseState(patched(fieldAt(5), 9)), 'STATE_INVALID');
    expectCode(() => parseState(patched(fieldAt(11) + 20, 1)), 'STATE_INVALID');
    expectCode(() => parseState(patched(fieldAt(12) + 4, 200)), 'ATTEST_INTERVAL_TOO_LONG');
    expectCode(() => parseState(patched(fieldAt(12) + 4 + 6, 1)), 'VOTE_LIMIT_OUT_OF_RANGE');
  });

  it('does not look at what is too long', () => {
    expectCode(() => parseState(new Uint8Array(2 ** 26)), 'MALFORMED');
  });

  it('writes nothing that it could not read', () => {
    expectCode(() => serializeState({ ...state, timestamps: [] }), 'STATE_INVALID');
  });
});
