import {
  type ApplyHeadersOptions,
  applyHeader,
  applyHeaders,
  applyRecovered,
  applyVote,
  attestBlock,
  createState,
  type Progress,
  parseHeader,
  parseTransaction,
  recoverHeader,
  type State,
  serializeEpoch,
  serializeHeader,
  serializeTransaction,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now, secretKeys, template, vote } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';
import { inputOf, readVectors, stateOf, type VectorHeader } from '../support/poa.js';

const genesis = createState(anchor);
const first = headers[0] as (typeof headers)[0];

describe('applyHeader', () => {
  it('changes neither state nor input, and shares nothing with them', () => {
    const before = structuredClone(genesis);
    const input = structuredClone(first);
    const next = applyHeader(genesis, input, { now });
    expect(genesis).toEqual(before);
    expect(input).toEqual(first);
    const kept = structuredClone(next);
    const mine = structuredClone(genesis) as State;
    const again = applyHeader(mine, input, { now });
    for (const bytes of [
      mine.hash,
      mine.anchorHash,
      mine.validatorListType,
      mine.network.multisigCodeHash,
      ...mine.validatorList.pubkeyHashes,
      input.header,
      input.cellbase,
    ])
      bytes.fill(0xff);
    expect(again).toEqual(kept);
  });

  it('takes header and cellbase out of a larger buffer', () => {
    const pool = Buffer.alloc(4096, 0xee);
    pool.set(first.header, 13);
    pool.set(first.cellbase, 1001);
    const input = { header: pool.subarray(13, 13 + 208), cellbase: pool.subarray(1001, 1001 + first.cellbase.length) };
    const next = applyHeader(genesis, input, { now });
    expect(next).toEqual(applyHeader(genesis, first, { now }));
    expect(next.hash.constructor).toBe(Uint8Array);
  });

  it.each([
    undefined,
    null,
    {},
    { now: -1 },
    { now: 0.5 },
    { now: Number.NaN },
    { now: 2 ** 53 },
    { now: '0' },
    { now: 0n },
  ])('a clock that is none is a TypeError: %s', (options) => {
    for (const apply of [
      applyHeader,
      tryApplyHeader,
      (...[state, input, o]: Parameters<typeof applyHeader>) => applyRecovered(state, recoverHeader(input), o),
      (...[state, input, o]: Parameters<typeof applyHeader>) => applyHeaders(state, [input], o),
    ])
      expect(() => apply(genesis, first, options as never)).toThrow(TypeError);
  });

  it('TIMESTAMP_TOO_NEW is not final', () => {
    const { timestamp } = parseHeader(first.header);
    const early = Number(timestamp) - 15_001;
    expectCode(() => applyHeader(genesis, first, { now: early }), 'TIMESTAMP_TOO_NEW');
    expect(applyHeader(genesis, first, { now: early + 1 }).number).toBe(1n);
  });
});

describe('the order of checks', () => {
  const good = parseHeader(first.header);
  // Each entry breaks one rule by the header alone; all that come after it are broken too.
  const breaks: [string, object][] = [
    ['VERSION_MISMATCH', { version: 1 }],
    ['PARENT_MISMATCH', { parentHash: new Uint8Array(32) }],
    ['NUMBER_MISMATCH', { number: 5n }],
    ['EPOCH_INVALID', { epoch: 7n }],
    ['TIMESTAMP_TOO_OLD', { timestamp: 0n }],
    ['NONCE_NOT_ZERO', { nonce: 1n }],
  ];

  it.each(breaks.map(([code], i) => [code, i] as const))('%s is asked before what follows it', (code, i) => {
    const header = serializeHeader(Object.assign({}, good, ...breaks.slice(i).map(([, change]) => change)));
    expectCode(() => applyHeader(genesis, { header, cellbase: new Uint8Array() }, { now }), code as never);
  });

  it('timestamps: old before soon before new', () => {
    const slow = createState({ ...anchor, network: { minimumBlockInterval: 100_000 } });
    const at = (timestamp: bigint) => ({
      header: serializeHeader({ ...good, timestamp, nonce: 1n }),
      cellbase: new Uint8Array(),
    });
    const parent = anchor.timestamps[0] as bigint;
    expectCode(() => applyHeader(slow, at(parent), { now: 0 }), 'TIMESTAMP_TOO_OLD');
    expectCode(() => applyHeader(slow, at(parent + 99_999n), { now: 0 }), 'TIMESTAMP_TOO_SOON');
    expectCode(() => applyHeader(slow, at(parent + 100_000n), { now: 0 }), 'TIMESTAMP_TOO_NEW');
  });

  it('header size first of all, header rules before the cellbase, the cellbase before the attester', () => {
    const { header, cellbase } = first;
    expectCode(() => applyHeader(genesis, { header: header.subarray(1), cellbase }, { now }), 'MALFORMED');
    const badNonce = serializeHeader({ ...good, nonce: 1n });
    expectCode(
      () => applyHeader(genesis, { header: badNonce, cellbase: new Uint8Array(600_000) }, { now }),
      'NONCE_NOT_ZERO',
    );
    expectCode(
      () => applyHeader(genesis, { header, cellbase: new Uint8Array(597_001) }, { now }),
      'CELLBASE_TOO_LARGE',
    );
    expectCode(() => applyHeader(genesis, { header, cellbase: new Uint8Array(597_000) }, { now }), 'MALFORMED');
  });

  it('membership, then interval, then difficulty, then votes', () => {
    const foreign = attestBlock(
      { ...template, votingTxs: [vote.transaction, vote.transaction] },
      secretKeys[3] as Uint8Array,
    );
    expectCode(() => applyHeader(genesis, foreign, { now }), 'ATTESTER_UNKNOWN');
    const outOfTurn = attestBlock(
      { ...template, votingTxs: [vote.transaction, vote.transaction] },
      secretKeys[0] as Uint8Array,
    );
    expectCode(() => applyHeader(genesis, outOfTurn, { now }), 'DIFFICULTY_MISMATCH');
    // The same as if the attester had also attested the block before: the interval is asked before the difficulty.
    const { attester } = recoverHeader(outOfTurn);
    const recent = { ...genesis, recentAttesters: [attester] };
    expectCode(() => applyHeader(recent, outOfTurn, { now }), 'ATTESTER_TOO_SOON');
    const doubled = attestBlock(
      { ...template, votingTxs: [vote.transaction, vote.transaction] },
      secretKeys[1] as Uint8Array,
    );
    expectCode(() => applyHeader(genesis, doubled, { now }), 'VOTE_NOT_SPENDING_LIST');
  });
});

describe('applyRecovered', () => {
  it('gives the verdicts of applyHeader on every vector', () => {
    const { now: clock, state, rejected, accepted } = readVectors('rejections.json');
    for (const vector of [...rejected, ...accepted] as VectorHeader[]) {
      const direct = tryApplyHeader(stateOf(state), inputOf(vector), { now: clock });
      let split: State | undefined;
      try {
        split = applyRecovered(stateOf(state), recoverHeader(inputOf(vector)), { now: clock });
      } catch {
        split = undefined;
      }
      expect(split).toEqual(direct.ok ? direct.value : undefined);
    }
  });
});

describe('the next state', () => {
  it('keeps the last 254 attesters and the last 37 timestamps', () => {
    const { number: _, ...rest } = genesis;
    const recentAttesters = Array.from({ length: 254 }, (__, i) => new Uint8Array(20).fill(i + 1));
    const timestamps = Array.from({ length: 37 }, (__, i) => (genesis.timestamps[0] as bigint) - 37n + BigInt(i));
    const old = createState({ ...rest, number: 999n, epoch: 0n, timestamps, recentAttesters });
    const recovered = recoverHeader(first);
    // The header of block 1 as if it were that of block 1000: both are the turn of the same validator.
    const header = { ...recovered.header, number: 1000n };
    const next = applyRecovered(old, { ...recovered, header }, { now });
    expect(next.recentAttesters).toEqual([...recentAttesters.slice(1), recovered.attester]);
    expect(next.timestamps).toEqual([...timestamps.slice(1), header.timestamp]);
  });

  it('shares nothing with what it was made from', () => {
    const recovered = structuredClone(recoverHeader(headers[1] as (typeof headers)[0]));
    const before = applyHeader(genesis, first, { now });
    const next = applyRecovered(before, recovered, { now });
    const kept = structuredClone(next);
    for (const bytes of [recovered.hash, recovered.attester, ...recovered.votingTxs]) bytes.fill(0xff);
    for (const bytes of [...before.recentAttesters, before.validatorListOutPoint, before.validatorListType])
      bytes.fill(0xff);
    expect(next).toEqual(kept);
    const vote1 = structuredClone(vote.transaction);
    const voted = applyVote(genesis, vote1);
    const keptVoted = structuredClone(voted);
    vote1.fill(0xff);
    expect(voted).toEqual(keptVoted);
  });
});

describe('the epoch after genesis', () => {
  it.each([
    [{ number: 0, index: 1, length: 2 }, true],
    [{ number: 1, index: 1, length: 10 }, false],
    [{ number: 1, index: 0, length: 10 }, false],
    [{ number: 0, index: 0, length: 10 }, false],
    [{ number: 0, index: 2, length: 10 }, false],
  ])('%o: %s', (epoch, good) => {
    const input = attestBlock(
      { ...template, header: { ...template.header, epoch: serializeEpoch(epoch) } },
      secretKeys[1] as Uint8Array,
    );
    if (good) expect(applyHeader(genesis, input, { now }).epoch).toBe(serializeEpoch(epoch));
    else expectCode(() => applyHeader(genesis, input, { now }), 'EPOCH_INVALID');
  });
});

describe('applyHeaders', () => {
  it('stops at the first bad one with its index, its error and the state before it', () => {
    for (let bad = 0; bad < headers.length; bad++) {
      const inputs = headers.map((input, i) => (i === bad ? { ...input, header: new Uint8Array(207) } : input));
      const result = applyHeaders(genesis, inputs, { now });
      if (result.ok) throw new Error('a bad header was applied');
      expect(result.index).toBe(bad);
      expect(result.error.code).toBe('MALFORMED');
      expect(result.state).toEqual(
        headers.slice(0, bad).reduce((state, input) => applyHeader(state, input, { now }), genesis),
      );
    }
  });

  it('takes nothing, and any iterable, one at a time', () => {
    expect(applyHeaders(genesis, [], { now })).toEqual({ ok: true, value: genesis, applied: 0 });
    const pulled: number[] = [];
    function* pull() {
      for (const [i, input] of headers.entries()) {
        pulled.push(i);
        yield i === 1 ? { ...input, cellbase: new Uint8Array() } : input;
      }
    }
    const result = applyHeaders(genesis, pull(), { now });
    expect(!result.ok && [result.index, result.error.code]).toEqual([1, 'MALFORMED']);
    expect(pulled).toEqual([0, 1]);
  });

  it('reports progress every 64 headers and at the end', () => {
    const { anchor: start, blocks, now: clock } = readVectors('chain-voting.json');
    const run = (count: number): Progress[] => {
      const seen: Progress[] = [];
      const options: ApplyHeadersOptions = { now: clock, onProgress: (progress) => seen.push(progress) };
      applyHeaders(stateOf(start), blocks.slice(0, count).map(inputOf), options);
      return seen;
    };
    expect(run(0)).toEqual([]);
    expect(run(5)).toEqual([{ applied: 5, number: 5n }]);
    expect(run(64)).toEqual([{ applied: 64, number: 64n }]);
    expect(run(90)).toEqual([
      { applied: 64, number: 64n },
      { applied: 90, number: 90n },
    ]);
  });

  it('a wrong JavaScript type is a TypeError, wherever it stands', () => {
    expect(() => applyHeaders(genesis, [], { now, onProgress: 5 as never })).toThrow(TypeError);
    expect(() => applyHeaders(genesis, undefined as never, { now })).toThrow(TypeError);
    expect(() => applyHeaders(genesis, [first, null as never], { now })).toThrow(TypeError);
    expect(() => applyHeaders(genesis, [{ ...first, cellbase: '0x' as never }], { now })).toThrow(TypeError);
  });
});

describe('applyVote', () => {
  const record = parseTransaction(vote.transaction);
  const changed = (changes: object) => serializeTransaction({ ...record, ...changes });

  it('changes the list and its cell, and nothing else', () => {
    const { validatorList, validatorListOutPoint, ...rest } = applyVote(genesis, vote.transaction);
    const { validatorList: _, validatorListOutPoint: __, ...same } = genesis;
    expect(rest).toEqual(same);
    expect([validatorList.attestInterval, validatorList.voteLimit, validatorList.pubkeyHashes.length]).toEqual([
      2, 3, 4,
    ]);
    expect(validatorListOutPoint).not.toEqual(genesis.validatorListOutPoint);
  });

  it.each<[string, string, Uint8Array]>([
    ['no transaction', 'MALFORMED', new Uint8Array(3)],
    ['no inputs', 'VOTE_NOT_SPENDING_LIST', changed({ inputs: [] })],
    ['the list spent twice', 'VOTE_NOT_SPENDING_LIST', changed({ inputs: [...record.inputs, ...record.inputs] })],
    ['no outputs', 'VOTE_OUTPUT_COUNT', changed({ outputs: [] })],
    ['two list cells', 'VOTE_OUTPUT_COUNT', changed({ outputs: [...record.outputs, ...record.outputs] })],
    ['an output without type', 'VOTE_OUTPUT_COUNT', changed({ outputs: [{ ...record.outputs[0], type: null }] })],
    ['no data for the output', 'VALIDATOR_LIST_MALFORMED', changed({ outputsData: [] })],
    ['no witnesses', 'VOTES_INVALID', changed({ witnesses: [] })],
    ['another version, after signing', 'VOTES_INVALID', changed({ version: 1 })],
    [
      'another capacity, after signing',
      'VOTES_INVALID',
      changed({ outputs: [{ ...record.outputs[0], capacity: 1n }] }),
    ],
  ])('refuses %s: %s', (_, code, transaction) => {
    expectCode(() => applyVote(genesis, transaction), code as never);
  });
});
