/** States: what an anchor must hold, their bytes, that nothing is shared with inputs, and runs of many headers. */
import fc from 'fast-check';
import {
  type Anchor,
  applyHeader,
  applyHeaders,
  applyRecovered,
  computeHeaderHash,
  computeTally,
  createState,
  isPoaError,
  keccak256,
  listVotes,
  parseHeader,
  parseState,
  prepareHeader,
  recoverHeader,
  type Snapshot,
  type State,
  sealHeader,
  serializeHeader,
  serializeState,
  tryApplyHeader,
  type Vote,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { encodeRlp, encodeRlpUint, type RlpValue } from '../../src/internal/rlp.js';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import {
  addresses,
  extraOf,
  genesisHeader,
  inTurnOf,
  LATER,
  nextHeader,
  seal,
  startAt,
  ZERO,
} from '../support/clique.js';
import { planBlock, recoveredOf, schedule, startSchedule } from '../support/cliqueSchedules.js';
import { expectCode } from '../support/errors.js';

const now = LATER;
const signers = addresses.slice(2, 7);
const [a, b, c, d] = signers as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const stranger = addresses[9] as Uint8Array;
const genesis = serializeHeader(genesisHeader(signers));

/** An anchor in the middle of an epoch of 10, with one of everything. */
const header23 = serializeHeader(genesisHeader([], { number: 23n }));
const snapshot23: Snapshot = {
  number: 23n,
  hash: computeHeaderHash(header23),
  signers,
  recents: [
    { number: 22n, signer: a },
    { number: 23n, signer: b },
  ],
  votes: [
    { signer: a, number: 20n, address: stranger, authorize: true },
    { signer: b, number: 21n, address: stranger, authorize: true },
    { signer: b, number: 22n, address: a, authorize: false },
    { signer: c, number: 23n, address: ZERO, authorize: true },
  ],
};
const anchor23: Anchor = { header: header23, config: { epoch: 10 }, snapshot: snapshot23 };
const withSnapshot = (changes: Partial<Snapshot>, config: object = { epoch: 10 }): Anchor => ({
  header: header23,
  config,
  snapshot: { ...snapshot23, ...changes },
});
const vote = (changes: Partial<Vote>): Anchor =>
  withSnapshot({ votes: [{ signer: a, number: 21n, address: stranger, authorize: true, ...changes }] });

describe('createState', () => {
  it('fills in what an anchor leaves out', () => {
    const state = createState({ header: genesis });
    expect(state).toEqual({
      config: { period: 15, epoch: 30_000, londonBlock: null },
      anchorHash: computeHeaderHash(genesis),
      hash: computeHeaderHash(genesis),
      number: 0n,
      timestamp: 1_600_000_000n,
      gasLimit: 8_000_000n,
      gasUsed: 0n,
      baseFeePerGas: null,
      totalDifficulty: 1n,
      signers,
      recents: [],
      votes: null,
      position: null,
    });
  });

  it('takes what an anchor says', () => {
    const state = createState({ ...anchor23, totalDifficulty: 77n, anchorHash: new Uint8Array(32).fill(3) });
    expect(state).toMatchObject({
      config: { period: 15, epoch: 10, londonBlock: null },
      number: 23n,
      totalDifficulty: 77n,
      anchorHash: new Uint8Array(32).fill(3),
      recents: snapshot23.recents,
    });
    expect(listVotes(state)).toEqual(snapshot23.votes);
  });

  it('takes a checkpoint without a snapshot: signers of its list, no recents, no votes', () => {
    for (const number of [10n, 20n]) {
      const header = serializeHeader(genesisHeader([b, a, b], { number }));
      expect(createState({ header, config: { epoch: 10 } })).toMatchObject({
        signers: [a, b],
        recents: [],
        votes: null,
      });
    }
    // Its seal is not looked at.
    const header = genesisHeader(signers, { number: 30_000n });
    const sealed = { ...header, extraData: Uint8Array.from(header.extraData).fill(9, -65) };
    expect(createState({ header: serializeHeader(sealed) }).number).toBe(30_000n);
  });

  it('brings signers, recents and votes into order', () => {
    const mixed = createState(
      withSnapshot({
        signers: [...signers].reverse(),
        recents: [...snapshot23.recents].reverse(),
        votes: [...snapshot23.votes].reverse(),
      }),
    );
    expect(mixed).toEqual(createState(anchor23));
    expect(createState(withSnapshot({ signers: [...signers, a] }))).toEqual(mixed);
  });

  it.each<[string, Anchor]>([
    ['a period of 0', { header: genesis, config: { period: 0 } }],
    ['an epoch of 1', { header: genesis, config: { epoch: 1 } }],
    ['an epoch of 2^53 - 1', { header: genesis, config: { epoch: 2 ** 53 - 1 } }],
    ['London at block 2^64 - 1', { header: genesis, config: { londonBlock: 2n ** 64n - 1n } }],
    [
      'recents of three blocks',
      withSnapshot({ recents: [a, b, c].map((signer, i) => ({ number: 21n + BigInt(i), signer })) }),
    ],
    ['a recent signer who is none any more', withSnapshot({ recents: [{ number: 22n, signer: stranger }] })],
    ['a vote in the checkpoint itself', vote({ number: 20n, address: ZERO })],
    ['a vote in the block itself', vote({ number: 23n })],
    ['a vote to drop oneself', vote({ address: a, authorize: false })],
    [
      'votes of more than half',
      withSnapshot({
        votes: [a, b, c, d].map((signer, i) => ({
          signer,
          number: 20n + BigInt(i),
          address: stranger,
          authorize: true,
        })),
      }),
    ],
    ['no signers behind a header that lists none', withSnapshot({ signers: [], recents: [], votes: [] })],
    ['a total difficulty of 2^256 - 1', { header: genesis, totalDifficulty: 2n ** 256n - 1n }],
  ])('takes %s', (_, anchor) => {
    const state = createState(anchor);
    expect(parseState(serializeState(state))).toEqual(state);
  });

  it.each<[string, string, Anchor]>([
    ['a header that is none', 'MALFORMED', { header: genesis.subarray(1) }],
    ['a negative period', 'OUT_OF_RANGE', { header: genesis, config: { period: -1 } }],
    ['half a period', 'OUT_OF_RANGE', { header: genesis, config: { period: 0.5 } }],
    ['a period of 2^53', 'OUT_OF_RANGE', { header: genesis, config: { period: 2 ** 53 } }],
    ['an epoch of 0', 'OUT_OF_RANGE', { header: genesis, config: { epoch: 0 } }],
    ['an epoch of NaN', 'OUT_OF_RANGE', { header: genesis, config: { epoch: Number.NaN } }],
    ['London at block 2^64', 'OUT_OF_RANGE', { header: genesis, config: { londonBlock: 2n ** 64n } }],
    ['London at block -1', 'OUT_OF_RANGE', { header: genesis, config: { londonBlock: -1n } }],
    ['no base fee after London', 'STATE_INVALID', { header: genesis, config: { londonBlock: 0n } }],
    [
      'a base fee before London',
      'STATE_INVALID',
      { header: serializeHeader(genesisHeader(signers, { baseFeePerGas: 1n })) },
    ],
    ['a negative total difficulty', 'OUT_OF_RANGE', { header: genesis, totalDifficulty: -1n }],
    ['a total difficulty of 2^256', 'OUT_OF_RANGE', { header: genesis, totalDifficulty: 2n ** 256n }],
    ['an anchor hash of 31 bytes', 'OUT_OF_RANGE', { header: genesis, anchorHash: new Uint8Array(31) }],
    ['a header that is no checkpoint', 'STATE_INVALID', { header: header23, config: { epoch: 10 } }],
    ['a genesis that lists nobody', 'STATE_INVALID', { header: serializeHeader(genesisHeader([])) }],
    [
      'a genesis without vanity',
      'VANITY_MISSING',
      { header: serializeHeader(genesisHeader([], { extraData: new Uint8Array(31) })) },
    ],
    [
      'a genesis without a seal',
      'SEAL_MISSING',
      { header: serializeHeader(genesisHeader([], { extraData: new Uint8Array(96) })) },
    ],
    [
      'a genesis with half a signer',
      'CHECKPOINT_SIGNERS_MALFORMED',
      { header: serializeHeader(genesisHeader([], { extraData: new Uint8Array(107) })) },
    ],
    ['a snapshot of another number', 'STATE_INVALID', withSnapshot({ number: 22n })],
    ['a snapshot of another block', 'STATE_INVALID', withSnapshot({ hash: new Uint8Array(32) })],
    ['a snapshot with a hash of 33 bytes', 'OUT_OF_RANGE', withSnapshot({ hash: new Uint8Array(33) })],
    ['a snapshot with a number of 2^64', 'OUT_OF_RANGE', withSnapshot({ number: 2n ** 64n })],
    [
      'other signers than the checkpoint lists',
      'STATE_INVALID',
      {
        header: genesis,
        snapshot: {
          ...snapshot23,
          number: 0n,
          hash: computeHeaderHash(genesis),
          signers: [...signers.slice(1), stranger],
          recents: [],
          votes: [],
        },
      },
    ],
    [
      'fewer signers than the checkpoint lists',
      'STATE_INVALID',
      {
        header: genesis,
        snapshot: {
          ...snapshot23,
          number: 0n,
          hash: computeHeaderHash(genesis),
          signers: signers.slice(1),
          recents: [],
          votes: [],
        },
      },
    ],
    ['a signer of 19 bytes', 'OUT_OF_RANGE', withSnapshot({ signers: [...signers, new Uint8Array(19)] })],
    ['a recent block that is too old', 'STATE_INVALID', withSnapshot({ recents: [{ number: 20n, signer: a }] })],
    ['a recent block that is to come', 'STATE_INVALID', withSnapshot({ recents: [{ number: 24n, signer: a }] })],
    [
      'two signers of one block',
      'STATE_INVALID',
      withSnapshot({
        recents: [
          { number: 23n, signer: a },
          { number: 23n, signer: b },
        ],
      }),
    ],
    [
      'a recent signer twice',
      'STATE_INVALID',
      withSnapshot({
        recents: [
          { number: 21n, signer: a },
          { number: 22n, signer: b },
          { number: 23n, signer: a },
        ],
      }),
    ],
    [
      'a recent signer of 21 bytes',
      'OUT_OF_RANGE',
      withSnapshot({ recents: [{ number: 23n, signer: new Uint8Array(21) }] }),
    ],
    ['a recent block of 2^64', 'OUT_OF_RANGE', withSnapshot({ recents: [{ number: 2n ** 64n, signer: a }] })],
    [
      'a recent signer of the genesis block',
      'STATE_INVALID',
      {
        header: genesis,
        snapshot: {
          ...snapshot23,
          number: 0n,
          hash: computeHeaderHash(genesis),
          recents: [{ number: 0n, signer: a }],
          votes: [],
        },
      },
    ],
    ['a vote of a stranger', 'STATE_INVALID', vote({ signer: stranger })],
    ['a vote to add a signer', 'STATE_INVALID', vote({ address: b })],
    ['a vote to drop a stranger', 'STATE_INVALID', vote({ authorize: false })],
    ['a vote before the checkpoint', 'STATE_INVALID', vote({ number: 19n })],
    ['a vote that is to come', 'STATE_INVALID', vote({ number: 24n })],
    ['a vote in block 2^64', 'OUT_OF_RANGE', vote({ number: 2n ** 64n })],
    ['a vote of 32 bytes', 'OUT_OF_RANGE', vote({ signer: new Uint8Array(32) })],
    ['a vote on 32 bytes', 'OUT_OF_RANGE', vote({ address: new Uint8Array(32) })],
    [
      'a vote in the genesis block',
      'STATE_INVALID',
      {
        header: genesis,
        snapshot: {
          ...snapshot23,
          number: 0n,
          hash: computeHeaderHash(genesis),
          recents: [],
          votes: [{ signer: a, number: 0n, address: stranger, authorize: true }],
        },
      },
    ],
    [
      'two votes of a signer on one address',
      'STATE_INVALID',
      withSnapshot({ votes: [21n, 22n].map((number) => ({ signer: a, number, address: stranger, authorize: true })) }),
    ],
    [
      'two votes in one block',
      'STATE_INVALID',
      withSnapshot({ votes: [a, b].map((signer) => ({ signer, number: 21n, address: stranger, authorize: true })) }),
    ],
    [
      'two votes in one block on two addresses',
      'STATE_INVALID',
      withSnapshot({
        votes: [stranger, ZERO].map((address) => ({ signer: a, number: 21n, address, authorize: true })),
      }),
    ],
  ])('refuses %s: %s', (_, code, anchor) => {
    expectCode(() => createState(anchor), code as never);
  });

  it.each<[string, readonly Uint8Array[]]>([
    ['the last of them missing', signers.slice(0, -1)],
    ['one more behind the last', [...signers, stranger]],
    ['none', []],
  ])('refuses a snapshot at a checkpoint that lists others: %s', (_, given) => {
    const snapshot = {
      ...snapshot23,
      number: 0n,
      hash: computeHeaderHash(genesis),
      signers: given,
      recents: [],
      votes: [],
    };
    expectCode(() => createState({ header: genesis, snapshot }), 'STATE_INVALID');
    expect(createState({ header: genesis, snapshot: { ...snapshot, signers } }).signers).toEqual(signers);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a header instead', genesis.toString()],
    ['a list', [genesis]],
    ['a header in hex', { header: hex(genesis) }],
    ['null for constants', { header: genesis, config: null }],
    ['a period that is a bigint', { header: genesis, config: { period: 15n } }],
    ['London that is a number', { header: genesis, config: { londonBlock: 5 } }],
    ['null for a snapshot', { header: genesis, snapshot: null }],
    ['a number that is one', withSnapshot({ number: 23 as never })],
    ['a hash in hex', withSnapshot({ hash: hex(snapshot23.hash) as never })],
    ['signers in hex', withSnapshot({ signers: signers.map(hex) as never })],
    ['signers that are no list', withSnapshot({ signers: 5 as never })],
    ['recents that are no list', withSnapshot({ recents: {} as never })],
    ['a recent block that is null', withSnapshot({ recents: [null] as never })],
    ['a hole in the recents', withSnapshot({ recents: new Array(1) })],
    ['votes that are no list', withSnapshot({ votes: {} as never })],
    ['a vote that is null', withSnapshot({ votes: [null] as never })],
    ['a vote with a direction of 1', vote({ authorize: 1 as never })],
    ['a total difficulty that is a number', { header: genesis, totalDifficulty: 1 }],
  ])('has a TypeError for %s', (_, anchor) => {
    expect(() => createState(anchor as never)).toThrow(TypeError);
  });

  it('shares nothing with the anchor, and leaves it as it was', () => {
    const mine = structuredClone({ ...anchor23, anchorHash: new Uint8Array(32) });
    const state = createState(mine);
    expect(mine).toEqual({ ...anchor23, anchorHash: new Uint8Array(32) });
    const kept = structuredClone(state);
    mine.header.fill(0xee);
    mine.anchorHash.fill(0xee);
    const { snapshot, config } = mine as any;
    snapshot.hash.fill(0xee);
    for (const one of snapshot.signers) one.fill(0xee);
    for (const { signer } of snapshot.recents) signer.fill(0xee);
    for (const { signer, address } of snapshot.votes) {
      signer.fill(0xee);
      address.fill(0xee);
    }
    snapshot.signers.length = 0;
    config.epoch = 3;
    expect(state).toEqual(kept);
  });

  it('shares nothing with a Buffer out of a pool', () => {
    const pool = Buffer.concat([Buffer.from('before'), genesis, Buffer.from('behind')]);
    const view = pool.subarray(6, 6 + genesis.length);
    const state = createState({ header: view });
    pool.fill(0);
    expect(state).toEqual(createState({ header: genesis }));
  });
});

/** States that chains lead to. */
const reachable = schedule.map((plan) => {
  const { model, state: start } = startSchedule(plan);
  let state = start;
  for (const each of plan.moves) {
    const block = planBlock(each, model);
    if (model.apply(block) === 'applied') state = applyRecovered(state, recoveredOf(block, state), { now });
  }
  return state;
});

describe('parseState and serializeState', () => {
  it('are inverse over what chains lead to', () => {
    let voting = 0;
    fc.assert(
      fc.property(reachable, (state) => {
        const bytes = serializeState(state);
        const again = parseState(bytes);
        expect(again).toEqual(state);
        expect(hex(serializeState(again))).toBe(hex(bytes));
        expect(hex(serializeState(structuredClone(state)))).toBe(hex(bytes));
        if (state.votes !== null) voting++;
      }),
      { numRuns: runs(40) },
    );
    expect(voting).toBeGreaterThan(5);
  });

  const state = { ...createState(anchor23), position: { index: 1, count: 5 } };
  const bytes = serializeState(state);
  const sealed = (body: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([body, keccak256(body)]));
  const prefix = [...Buffer.from('poa-clq'), 1];
  /** The fields as they are written, some of them changed. */
  const written = (changes: Record<number, RlpValue> = {}, more: RlpValue[] = []): Uint8Array => {
    const uint = encodeRlpUint;
    const fields: RlpValue[] = [
      uint(15),
      uint(10),
      [],
      state.anchorHash,
      state.hash,
      uint(23n),
      uint(state.timestamp),
      uint(state.gasLimit),
      new Uint8Array(),
      [],
      uint(1n),
      new Uint8Array(Buffer.concat(signers)),
      state.recents.map(({ number, signer }) => [uint(number), signer]),
      listVotes(state).map((one) => [one.signer, uint(one.number), one.address, uint(one.authorize ? 1 : 0)]),
      [uint(1), uint(5)],
    ];
    for (const [i, value] of Object.entries(changes)) fields[Number(i)] = value;
    return sealed(new Uint8Array(Buffer.concat([Uint8Array.from(prefix), encodeRlp([...fields, ...more])])));
  };

  it('the layout is the one that is documented', () => {
    expect(hex(written())).toBe(hex(bytes));
    expect(parseState(written())).toEqual(state);
  });

  it('every truncation, a trailing byte and every flipped bit are refused', () => {
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

  it('behind a right checksum a flipped bit is refused, or another state with one form', () => {
    const codes = new Set<string>();
    const body = bytes.subarray(0, -32);
    for (let bit = 64; bit < 8 * body.length; bit += 3) {
      const flipped = Uint8Array.from(body);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const input = sealed(flipped);
      try {
        expect(hex(serializeState(parseState(input)))).toBe(hex(input));
        codes.add('taken');
      } catch (error) {
        if (!isPoaError(error)) throw error;
        codes.add(error.code);
      }
    }
    expect([...codes].sort()).toEqual(['MALFORMED', 'OUT_OF_RANGE', 'STATE_INVALID', 'taken']);
  });

  const voteBytes = (one: Vote, authorize: RlpValue = encodeRlpUint(one.authorize ? 1 : 0)): RlpValue => [
    one.signer,
    encodeRlpUint(one.number),
    one.address,
    authorize,
  ];
  const votes = listVotes(state);
  const recentBytes = state.recents.map(({ number, signer }): RlpValue => [encodeRlpUint(number), signer]);

  it.each<[string, string, Uint8Array]>([
    ['a field more', 'MALFORMED', written({}, [[]])],
    ['no fields', 'MALFORMED', sealed(Uint8Array.of(...prefix, 0xc0))],
    ['nothing', 'MALFORMED', sealed(Uint8Array.from(prefix))],
    ['a byte string', 'MALFORMED', sealed(Uint8Array.of(...prefix, 0x80))],
    ['a byte behind the list', 'MALFORMED', sealed(Uint8Array.of(...written().subarray(0, -32), 0x80))],
    ['signers in another order', 'MALFORMED', written({ 11: new Uint8Array(Buffer.concat([...signers].reverse())) })],
    ['a signer twice', 'MALFORMED', written({ 11: new Uint8Array(Buffer.concat([a, ...signers])) })],
    ['half a signer', 'MALFORMED', written({ 11: new Uint8Array(110) })],
    ['signers as a list', 'MALFORMED', written({ 11: [...signers] })],
    ['recents in another order', 'MALFORMED', written({ 12: [...recentBytes].reverse() })],
    ['a recent block with a field more', 'MALFORMED', written({ 12: [[encodeRlpUint(23), a, []]] })],
    ['a recent block with a field less', 'MALFORMED', written({ 12: [[encodeRlpUint(23)]] })],
    ['a recent block that is a byte string', 'MALFORMED', written({ 12: [a] })],
    ['a recent signer of 21 bytes', 'MALFORMED', written({ 12: [[encodeRlpUint(23), new Uint8Array(21)]] })],
    ['recents as a byte string', 'MALFORMED', written({ 12: new Uint8Array() })],
    ['votes in another order', 'MALFORMED', written({ 13: votes.map((one) => voteBytes(one)).reverse() })],
    [
      'a vote with a direction of 2',
      'MALFORMED',
      written({ 13: votes.map((one) => voteBytes(one, Uint8Array.of(2))) }),
    ],
    [
      'a vote with a field less',
      'MALFORMED',
      written({ 13: votes.map((one) => (voteBytes(one) as RlpValue[]).slice(0, 3)) }),
    ],
    ['a position of one field', 'MALFORMED', written({ 14: [encodeRlpUint(1)] })],
    [
      'a position of three fields',
      'MALFORMED',
      written({ 14: [encodeRlpUint(1), encodeRlpUint(5), encodeRlpUint(5)] }),
    ],
    ['two blocks of London', 'MALFORMED', written({ 2: [encodeRlpUint(99), encodeRlpUint(99)] })],
    ['London as a number', 'MALFORMED', written({ 2: encodeRlpUint(99) })],
    ['a hash of 31 bytes', 'MALFORMED', written({ 4: new Uint8Array(31) })],
    ['an anchor hash of 33 bytes', 'MALFORMED', written({ 3: new Uint8Array(33) })],
    ['a number of 2^64', 'MALFORMED', written({ 5: encodeRlpUint(2n ** 64n) })],
    ['a timestamp of 2^64', 'MALFORMED', written({ 6: encodeRlpUint(2n ** 64n) })],
    ['a gas limit of 2^64', 'MALFORMED', written({ 7: encodeRlpUint(2n ** 64n) })],
    ['gas used of 2^64', 'MALFORMED', written({ 8: encodeRlpUint(2n ** 64n) })],
    ['a total difficulty of 2^256', 'MALFORMED', written({ 10: encodeRlpUint(2n ** 256n) })],
    ['a number with a leading zero', 'MALFORMED', written({ 5: Uint8Array.of(0, 23) })],
    ['a period of 2^56', 'MALFORMED', written({ 0: encodeRlpUint(2n ** 56n) })],
    ['a period of 2^53', 'OUT_OF_RANGE', written({ 0: encodeRlpUint(2n ** 53n) })],
    ['an epoch of 0', 'OUT_OF_RANGE', written({ 1: new Uint8Array() })],
    ['a position behind its count', 'OUT_OF_RANGE', written({ 14: [encodeRlpUint(5), encodeRlpUint(5)] })],
    ['a position among nobody', 'OUT_OF_RANGE', written({ 14: [encodeRlpUint(0), encodeRlpUint(0)] })],
    ['a base fee before London', 'STATE_INVALID', written({ 9: [encodeRlpUint(5)] })],
    ['London without a base fee', 'STATE_INVALID', written({ 2: [encodeRlpUint(23)] })],
    [
      'a vote of a stranger',
      'STATE_INVALID',
      written({ 13: [voteBytes({ ...(votes[0] as Vote), signer: stranger })] }),
    ],
    ['a recent block that is too old', 'STATE_INVALID', written({ 12: [[encodeRlpUint(20), a]] })],
  ])('%s is refused: %s', (_, code, input) => {
    expectCode(() => parseState(input), code as never);
  });

  it.each<[string, Uint8Array]>([
    ['London to come', written({ 2: [encodeRlpUint(24)] })],
    ['London and its fee', written({ 2: [new Uint8Array()], 9: [new Uint8Array()] })],
    ['no position', written({ 14: [] })],
    ['nobody to sign', written({ 11: new Uint8Array(), 12: [], 13: [], 14: [] })],
  ])('%s is taken', (_, input) => {
    expect(hex(serializeState(parseState(input)))).toBe(hex(input));
  });

  it('what is too long is not looked at, and another version is named', () => {
    const long = new Uint8Array(2 ** 26 + 1);
    long.set(prefix);
    const start = performance.now();
    expectCode(() => parseState(long), 'MALFORMED');
    expect(performance.now() - start).toBeLessThan(500);
    const error = expectCode(
      () => parseState(sealed(Uint8Array.of(...prefix.slice(0, 7), 2))),
      'STATE_VERSION_UNSUPPORTED',
    );
    expect(error.offset).toBe(7);
  });

  it('nothing is written that could not be read', () => {
    expectCode(() => serializeState({ ...state, recents: [{ number: 1n, signer: a }] }), 'STATE_INVALID');
    expectCode(() => serializeState({ ...state, number: 2n ** 64n }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, baseFeePerGas: 2n ** 256n }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, totalDifficulty: -1n }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, config: { ...state.config, epoch: 0 } }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, position: { index: 5, count: 5 } }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, signers: [new Uint8Array(19)] }), 'OUT_OF_RANGE');
    expectCode(() => serializeState({ ...state, hash: new Uint8Array(31) }), 'OUT_OF_RANGE');
    expect(() => serializeState(null as never)).toThrow(TypeError);
    expect(() => parseState('poa-clq' as never)).toThrow(TypeError);
  });

  it('a parsed state shares nothing with its bytes', () => {
    const mine = Uint8Array.from(bytes);
    const parsed = parseState(mine);
    mine.fill(0xee);
    expect(parsed).toEqual(state);
  });
});

/** Block 1 to `count`, each by the signer in turn. */
function makeChain(start: State, count: number): Uint8Array[] {
  let state = start;
  return Array.from({ length: count }, () => {
    const input = seal(nextHeader(state), inTurnOf(state));
    state = applyHeader(state, input, { now });
    return input;
  });
}

const start = startAt(signers, { epoch: 5 });
const chain = makeChain(start, 130);

describe('applyHeaders', () => {
  const loop = (count: number): State =>
    chain.slice(0, count).reduce((state, input) => applyHeader(state, input, { now }), start);

  it('is a loop over applyHeader, and reports every 64 headers and the last', () => {
    const seen: unknown[] = [];
    const result = applyHeaders(start, chain, { now, onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual({ ok: true, value: loop(130), applied: 130 });
    expect(seen).toEqual([
      { applied: 64, number: 64n },
      { applied: 128, number: 128n },
      { applied: 130, number: 130n },
    ]);
    const exact: unknown[] = [];
    applyHeaders(start, chain.slice(0, 64), { now, onProgress: ({ applied }) => exact.push(applied) });
    expect(exact).toEqual([64]);
  });

  it('of nothing is nothing', () => {
    const seen: unknown[] = [];
    const result = applyHeaders(start, [], { now, onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual({ ok: true, value: start, applied: 0 });
    expect(seen).toEqual([]);
  });

  it('stops at the first bad header, with the state before it', () => {
    const spoilt = [...chain.slice(0, 6), chain[7] as Uint8Array, chain[6] as Uint8Array];
    const seen: unknown[] = [];
    const result = applyHeaders(start, spoilt, { now, onProgress: (progress) => seen.push(progress) });
    expect(result).toMatchObject({ ok: false, index: 6, error: { code: 'PARENT_MISMATCH' } });
    expect(!result.ok && result.state).toEqual(loop(6));
    const resumed = applyHeaders((result as any).state, chain.slice(6, 10), { now });
    expect(resumed).toMatchObject({ ok: true, applied: 4 });
    expect(seen).toEqual([]);
  });

  it('pulls one header at a time, and no more behind a bad one', () => {
    let pulled = 0;
    let isClosed = false;
    function* inputs(): Generator<Uint8Array> {
      try {
        for (const input of [chain[0], chain[5], chain[1]]) {
          pulled++;
          yield input as Uint8Array;
        }
      } finally {
        isClosed = true;
      }
    }
    expect(applyHeaders(start, inputs(), { now })).toMatchObject({ ok: false, index: 1 });
    expect([pulled, isClosed]).toEqual([2, true]);
  });

  it('lets through what the iterable or the callback throws', () => {
    function* broken(): Generator<Uint8Array> {
      yield chain[0] as Uint8Array;
      throw new Error('disk');
    }
    expect(() => applyHeaders(start, broken(), { now })).toThrow('disk');
    const onProgress = (): never => {
      throw new Error('progress');
    };
    expect(() => applyHeaders(start, chain.slice(0, 1), { now, onProgress })).toThrow('progress');
  });

  it.each<[string, () => unknown]>([
    ['inputs that are not iterable', () => applyHeaders(start, 5 as never, { now })],
    ['no inputs', () => applyHeaders(start, undefined as never, { now })],
    ['an input in hex', () => applyHeaders(start, [hex(chain[0] as Uint8Array)] as never, { now })],
    ['a hole', () => applyHeaders(start, new Array(1), { now })],
    ['a callback that is none', () => applyHeaders(start, chain, { now, onProgress: 5 as never })],
    ['no state', () => applyHeaders(null as never, chain, { now })],
    ['no options', () => applyHeaders(start, chain, undefined as never)],
  ])('has a TypeError for %s', (_, act) => {
    expect(act).toThrow(TypeError);
  });
});

describe('now', () => {
  const input = chain[0] as Uint8Array;

  it.each([undefined, null, '0', 0n, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, new Date()])(
    '%s is a TypeError',
    (wrong) => {
      const options = { now: wrong } as never;
      for (const act of [
        () => applyHeader(start, input, options),
        () => applyRecovered(start, recoverHeader(input), options),
        () => tryApplyHeader(start, input, options),
        () => applyHeaders(start, [input], options),
        () => applyHeaders(start, [], options),
      ])
        expect(act).toThrow(TypeError);
    },
  );

  it('0 and 2^53 - 1 are times', () => {
    expectCode(() => applyHeader(start, input, { now: 0 }), 'TIMESTAMP_TOO_NEW');
    expect(applyHeader(start, input, { now: 2 ** 53 - 1 }).number).toBe(1n);
  });
});

describe('plain data', () => {
  const input = chain[0] as Uint8Array;

  it('states and recovered headers survive a structured clone', () => {
    const recovered = structuredClone(recoverHeader(input));
    expect(recovered).toEqual(recoverHeader(input));
    const state = createState(anchor23);
    expect(structuredClone(state)).toEqual(state);
    expect(applyRecovered(structuredClone(start), recovered, { now })).toEqual(applyHeader(start, input, { now }));
  });

  it('applying changes neither state nor header, and keeps nothing of what it was given', () => {
    const before = structuredClone(start);
    const mine = Uint8Array.from(input);
    const next = applyHeader(start, mine, { now });
    expect(start).toEqual(before);
    expect(mine).toEqual(input);
    const kept = structuredClone(next);
    mine.fill(0xee);
    expect(next).toEqual(kept);

    const recovered = recoverHeader(input);
    const other = applyRecovered(start, recovered, { now });
    for (const view of [recovered.hash, recovered.signer, recovered.message, recovered.publicKey]) view.fill(0xee);
    for (const value of Object.values(recovered.header)) if (value instanceof Uint8Array) value.fill(0xee);
    expect(other).toEqual(kept);
  });

  it('a vote is copied out of the header that casts it', () => {
    const signer = inTurnOf(start);
    const rlp = seal(nextHeader(start, signer, { address: stranger, authorize: true }), signer);
    const recovered = recoverHeader(rlp);
    const next = applyRecovered(start, recovered, { now });
    recovered.header.beneficiary.fill(0xee);
    recovered.signer.fill(0xee);
    expect(listVotes(next).map((one) => [hex(one.signer), hex(one.address)])).toEqual([[hex(signer), hex(stranger)]]);
    // What is listed is a copy.
    listVotes(next)[0]?.address.fill(0);
    listVotes(next)[0]?.signer.fill(0);
    expect(listVotes(next).map((one) => [hex(one.signer), hex(one.address)])).toEqual([[hex(signer), hex(stranger)]]);
    computeTally(next)[0]?.address.fill(0);
    expect(hex(computeTally(next)[0]?.address as Uint8Array)).toBe(hex(stranger));
  });

  it('parsing copies, preparing and sealing too', () => {
    const mine = Uint8Array.from(input);
    const header = parseHeader(mine);
    const kept = structuredClone(header);
    mine.fill(0xee);
    expect(header).toEqual(kept);
    const prepared = prepareHeader(header);
    const signature = header.extraData.slice(-65);
    const before = structuredClone({ prepared, header });
    const sealed = sealHeader(prepared, signature);
    expect({ prepared, header }).toEqual(before);
    expect(hex(sealed.header)).toBe(hex(input));
    const again = structuredClone(sealed);
    signature.fill(0);
    prepared.header.fill(0);
    prepared.message.fill(0);
    expect(sealed).toEqual(again);
  });

  it('states may be frozen', () => {
    const frozen = Object.freeze({
      ...start,
      recents: Object.freeze([...start.recents]),
      signers: Object.freeze([...start.signers]),
    });
    const result = applyHeaders(frozen, chain.slice(0, 12), { now });
    expect(result.ok && result.value.number).toBe(12n);
  });

  it('extra-data of a checkpoint is not kept', () => {
    const checkpoint = genesisHeader(signers);
    expect(checkpoint.extraData).toEqual(extraOf(signers));
    expect('extraData' in startAt(signers)).toBe(false);
  });
});
