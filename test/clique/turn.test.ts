/** Turns, waiting, building, the choice among chains, and the JSON of nodes. */
import fc from 'fast-check';
import {
  applyHeader,
  applyRecovered,
  buildHeader,
  type ChainHead,
  type ChoiceRule,
  type Config,
  compareChains,
  computeInTurnIndex,
  computeNextSealableNumber,
  computeSignerLimit,
  computeTally,
  computeTurnDistance,
  createState,
  EMPTY_ROOT,
  type Header,
  headerFromRpc,
  headerToRpc,
  listVotes,
  NONCE_AUTH,
  NONCE_DROP,
  type PlanRequest,
  parseExtraData,
  planSeal,
  type RpcSnapshot,
  type State,
  serializeHeader,
  signHeader,
  snapshotFromRpc,
  snapshotToRpc,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import {
  addresses,
  genesisHeader,
  inTurnOf,
  keyOf,
  LATER,
  nextHeader,
  recoveredBy,
  seal,
  startAt,
  ZERO,
} from '../support/clique.js';
import { expectCode } from '../support/errors.js';

const now = LATER;
const signers = addresses.slice(0, 5);
const [first, second, third, fourth] = signers as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const stranger = addresses[9] as Uint8Array;
const other = addresses[8] as Uint8Array;

const by = (state: State, signer: Uint8Array, vote?: { address: Uint8Array; authorize: boolean }): State =>
  applyRecovered(state, recoveredBy(nextHeader(state, signer, vote), signer), { now });

const start = startAt(signers);
/** Block 1, by the signer in turn, and two out of turn. */
const third3 = [second, first, fourth].reduce((state, signer) => by(state, signer), start);

describe('computeInTurnIndex', () => {
  it('is the number modulo the count', () => {
    expect([0n, 1n, 4n, 5n, 2n ** 64n - 1n].map((number) => computeInTurnIndex(number, 5))).toEqual([0, 1, 4, 0, 0]);
    expect(computeInTurnIndex(7n, 1)).toBe(0);
    for (const [number, count] of [
      [-1n, 5],
      [2n ** 64n, 5],
      [1n, 0],
      [1n, -1],
      [1n, 1.5],
      [1n, Number.NaN],
      [1n, 2 ** 53],
    ] as const)
      expectCode(() => computeInTurnIndex(number, count), 'OUT_OF_RANGE');
    expect(() => computeInTurnIndex(1 as never, 5)).toThrow(TypeError);
    expect(() => computeInTurnIndex(1n, 5n as never)).toThrow(TypeError);
  });
});

describe('computeSignerLimit', () => {
  it('is more than half', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 50, 51].map(computeSignerLimit)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 26, 26]);
    for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expectCode(() => computeSignerLimit(count), 'OUT_OF_RANGE');
    expect(() => computeSignerLimit('5' as never)).toThrow(TypeError);
  });
});

describe('computeNextSealableNumber', () => {
  it('is the next block, or SIGNER_LIMIT after the last one', () => {
    expect(third3.recents.map(({ number }) => number)).toEqual([1n, 2n, 3n]);
    expect([second, first, fourth, third].map((signer) => computeNextSealableNumber(third3, signer))).toEqual([
      4n,
      5n,
      6n,
      4n,
    ]);
    expect(computeNextSealableNumber(start, first)).toBe(1n);
  });

  it('is what applying says', () => {
    for (const signer of signers) {
      const free = computeNextSealableNumber(third3, signer) === 4n;
      const build = () => by(third3, signer);
      if (free) expect(build().number).toBe(4n);
      else expectCode(build, 'SIGNER_RECENTLY_SIGNED');
    }
  });

  it('knows signers only', () => {
    expectCode(() => computeNextSealableNumber(start, stranger), 'SIGNER_UNAUTHORIZED');
    expectCode(() => computeNextSealableNumber(start, new Uint8Array(19)), 'OUT_OF_RANGE');
    expect(() => computeNextSealableNumber(start, hex(first) as never)).toThrow(TypeError);
    expect(() => computeNextSealableNumber(undefined as never, first)).toThrow(TypeError);
  });
});

describe('planSeal', () => {
  const plan = (changes: Partial<PlanRequest> = {}) =>
    planSeal({ state: start, signer: second, now: Number(start.timestamp) * 1000, random: () => 0, ...changes });

  it('in turn waits for the period, without chance', () => {
    const random = () => {
      throw new Error('asked');
    };
    expect(plan({ random })).toEqual({
      eligible: true,
      number: 1n,
      inTurn: true,
      difficulty: 2n,
      timestamp: start.timestamp + 15n,
      sealAt: (start.timestamp + 15n) * 1000n,
      sealsEmpty: true,
    });
  });

  it('late, it takes the time of the clock, whole seconds of it', () => {
    const late = Number(start.timestamp) * 1000 + 20_999;
    expect(plan({ now: late })).toMatchObject({
      timestamp: start.timestamp + 20n,
      sealAt: (start.timestamp + 20n) * 1000n,
    });
    const exact = Number(start.timestamp) * 1000 + 15_999;
    expect(plan({ now: exact })).toMatchObject({ timestamp: start.timestamp + 15n });
  });

  it.each([
    ['geth', 1500],
    ['eip225', 2500],
    [undefined, 1500],
  ] as const)('out of turn wiggles as %s does: below %i ms', (wiggle, range) => {
    for (const wait of [0, 1, range - 1]) {
      const asked: number[] = [];
      const random = (count: number): number => {
        asked.push(count);
        return wait;
      };
      const options = wiggle === undefined ? {} : { wiggle };
      expect(plan({ signer: first, random, ...options })).toMatchObject({
        eligible: true,
        inTurn: false,
        difficulty: 1n,
        sealAt: (start.timestamp + 15n) * 1000n + BigInt(wait),
      });
      expect(asked).toEqual([range]);
    }
    for (const wait of [-1, range, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expectCode(() => plan({ signer: first, random: () => wait, ...(wiggle && { wiggle }) }), 'OUT_OF_RANGE');
    expect(() => plan({ signer: first, random: () => '0' as never })).toThrow(TypeError);
  });

  it('within the limit says from when on', () => {
    expect(planSeal({ state: third3, signer: fourth, now, random: () => 0 })).toEqual({
      eligible: false,
      number: 4n,
      eligibleFrom: 6n,
    });
  });

  it('with a period of 0 seals no empty blocks', () => {
    expect(plan({ state: startAt(signers, { period: 0 }) })).toMatchObject({
      timestamp: start.timestamp,
      sealsEmpty: false,
    });
    expect(plan({ state: startAt(signers, { period: 1 }) })).toMatchObject({ sealsEmpty: true });
  });

  it('refuses who is no signer, and wrong types', () => {
    expectCode(() => plan({ signer: stranger }), 'SIGNER_UNAUTHORIZED');
    expectCode(() => plan({ signer: new Uint8Array(21) }), 'OUT_OF_RANGE');
    for (const changes of [
      { random: 0 },
      { random: undefined },
      { wiggle: 'both' },
      { wiggle: null },
      { now: -1 },
      { now: 1n },
      { now: 0.5 },
      { now: undefined },
      { state: null },
      { signer: hex(first) },
    ])
      expect(() => plan(changes as never), JSON.stringify(Object.keys(changes))).toThrow(TypeError);
    expect(() => planSeal(undefined as never)).toThrow(TypeError);
  });

  it('gives a header that is taken', () => {
    for (const signer of [first, second]) {
      const made = plan({ signer });
      if (!made.eligible) throw new Error('not eligible');
      const header = buildHeader({ state: start, signer, timestamp: made.timestamp, stateRoot: EMPTY_ROOT });
      expect(header.difficulty).toBe(made.difficulty);
      expect(applyHeader(start, seal(header, signer), { now }).number).toBe(made.number);
    }
  });
});

describe('buildHeader', () => {
  const request = {
    state: start,
    signer: second,
    timestamp: start.timestamp + 15n,
    stateRoot: new Uint8Array(32).fill(5),
  };

  it('fills in what follows from the state', () => {
    expect(buildHeader(request)).toEqual({
      ...genesisHeader([]),
      parentHash: start.hash,
      stateRoot: request.stateRoot,
      difficulty: 2n,
      number: 1n,
      timestamp: request.timestamp,
    });
    expect(buildHeader({ ...request, signer: third }).difficulty).toBe(1n);
  });

  it('takes what the signer decides', () => {
    const decided = {
      vanity: new Uint8Array(32).fill(1),
      gasLimit: 8_000_001n,
      gasUsed: 3n,
      transactionsRoot: new Uint8Array(32).fill(2),
      receiptsRoot: new Uint8Array(32).fill(3),
      logsBloom: new Uint8Array(256).fill(4),
    };
    const { vanity, ...rest } = decided;
    const header = buildHeader({ ...request, ...decided });
    expect(header).toMatchObject(rest);
    expect(header.extraData).toEqual(Uint8Array.of(...vanity, ...new Uint8Array(65)));
  });

  it('casts a vote, any a signer asks for', () => {
    for (const authorize of [true, false])
      for (const address of [stranger, first, ZERO]) {
        const header = buildHeader({ ...request, vote: { address, authorize } });
        expect([hex(header.beneficiary), header.nonce]).toEqual([hex(address), authorize ? NONCE_AUTH : NONCE_DROP]);
      }
  });

  it('lists the signers at a checkpoint, and takes no vote there', () => {
    const state = startAt(signers, { epoch: 1 });
    const header = buildHeader({ ...request, state });
    expect(parseExtraData(header.extraData).signers).toEqual(signers);
    for (const authorize of [true, false])
      expectCode(
        () => buildHeader({ ...request, state, vote: { address: ZERO, authorize } }),
        'CHECKPOINT_BENEFICIARY_NOT_ZERO',
      );
  });

  it('doubles the gas limit and begins the base fee with London, then follows it', () => {
    const state = startAt(signers, { londonBlock: 1n });
    const header = buildHeader({ ...request, state });
    expect([header.gasLimit, header.baseFeePerGas]).toEqual([16_000_000n, 1_000_000_000n]);
    const next = by(state, second);
    expect(nextHeader(next)).toMatchObject({ gasLimit: 16_000_000n, baseFeePerGas: 875_000_000n });
    expect(buildHeader({ ...request, state: startAt(signers, { londonBlock: 2n }) })).toMatchObject({
      gasLimit: 8_000_000n,
      baseFeePerGas: null,
    });
  });

  it('is for who may sign', () => {
    expectCode(() => buildHeader({ ...request, signer: stranger }), 'SIGNER_UNAUTHORIZED');
    expectCode(() => buildHeader({ ...request, state: third3, signer: fourth }), 'SIGNER_RECENTLY_SIGNED');
    expectCode(() => buildHeader({ ...request, state: third3, signer: first }), 'SIGNER_RECENTLY_SIGNED');
    expect(buildHeader({ ...request, state: third3, signer: second }).number).toBe(4n);
  });

  it.each<[string, object]>([
    ['a signer of 19 bytes', { signer: new Uint8Array(19) }],
    ['a time of 2^64', { timestamp: 2n ** 64n }],
    ['a negative time', { timestamp: -1n }],
    ['a state root of 31 bytes', { stateRoot: new Uint8Array(31) }],
    ['a vanity of 33 bytes', { vanity: new Uint8Array(33) }],
    ['a transactions root of 0 bytes', { transactionsRoot: new Uint8Array(0) }],
    ['a receipts root of 33 bytes', { receiptsRoot: new Uint8Array(33) }],
    ['a bloom of 255 bytes', { logsBloom: new Uint8Array(255) }],
    ['a gas limit of 2^64', { gasLimit: 2n ** 64n }],
    ['gas used of 2^64', { gasUsed: 2n ** 64n }],
    ['a vote on 32 bytes', { vote: { address: new Uint8Array(32), authorize: true } }],
    ['the last number of all', { state: { ...start, number: 2n ** 64n - 1n } }],
  ])('refuses %s', (_, changes) => {
    expectCode(() => buildHeader({ ...request, ...changes }), 'OUT_OF_RANGE');
  });

  it.each<[string, object]>([
    ['a state that is none', { state: 5 }],
    ['a signer in hex', { signer: hex(first) }],
    ['a time that is a number', { timestamp: 5 }],
    ['a state root that is an array', { stateRoot: [] }],
    ['a vote that is an address', { vote: stranger.toString() }],
    ['a vote without a direction', { vote: { address: stranger } }],
    ['a vote with a number for one', { vote: { address: stranger, authorize: 1 } }],
    ['a gas limit that is a number', { gasLimit: 5 }],
    ['null for vanity', { vanity: null }],
  ])('has a TypeError for %s', (_, changes) => {
    expect(() => buildHeader({ ...request, ...changes } as never)).toThrow(TypeError);
  });

  it('shares nothing with the request', () => {
    const mine = structuredClone({
      ...request,
      vote: { address: stranger, authorize: true },
      vanity: new Uint8Array(32),
    });
    const header = buildHeader(mine);
    const kept = structuredClone(header);
    for (const view of [mine.signer, mine.stateRoot, mine.vote.address, mine.vanity, mine.state.hash]) view.fill(0xee);
    expect(header).toEqual(kept);
    // Nor do two headers share the constants of the library.
    buildHeader(request).unclesHash.fill(0);
    buildHeader(request).transactionsRoot.fill(0);
    expect(buildHeader(request)).toMatchObject({
      transactionsRoot: EMPTY_ROOT,
      unclesHash: genesisHeader([]).unclesHash,
    });
    expect(EMPTY_ROOT[0]).toBe(0x56);
  });
});

describe('compareChains', () => {
  const head = (changes: Partial<ChainHead> = {}): ChainHead => ({
    anchorHash: new Uint8Array(32),
    hash: new Uint8Array(32).fill(5),
    number: 10n,
    totalDifficulty: 18n,
    position: { index: 3, count: 8 },
    ...changes,
  });
  const RULES: readonly (ChoiceRule | undefined)[] = [undefined, 'total-difficulty', 'eip3436', 'besu'];
  const choose = (a: ChainHead, b: ChainHead, rule?: ChoiceRule) =>
    compareChains(a, b, rule === undefined ? {} : { rule });

  it('the greater sum of difficulties wins, whatever else', () => {
    const heavy = head({ totalDifficulty: 19n, number: 12n, hash: new Uint8Array(32).fill(9) });
    for (const rule of RULES) {
      expect(choose(head(), heavy, rule)).toBe('second');
      expect(choose(heavy, head(), rule)).toBe('first');
    }
  });

  it('without the rules of EIP-3436 a tie keeps the first', () => {
    for (const other of [head({ number: 9n }), head({ hash: new Uint8Array(32) }), head({ position: null })])
      for (const rule of [undefined, 'total-difficulty'] as const) {
        expect(choose(head(), other, rule)).toBe('first');
        expect(choose(other, head(), rule)).toBe('first');
      }
  });

  it('at a tie the shorter chain wins', () => {
    const short = head({ number: 9n, position: { index: 1, count: 8 }, hash: new Uint8Array(32).fill(9) });
    for (const rule of ['eip3436', 'besu'] as const) {
      expect(choose(head(), short, rule)).toBe('second');
      expect(choose(short, head(), rule)).toBe('first');
    }
  });

  it('then the signer whose turn is the longest ago by the EIP, the least long by besu', () => {
    const far = head({ position: { index: 4, count: 8 }, hash: new Uint8Array(32).fill(9) });
    const near = head({ position: { index: 1, count: 8 }, hash: new Uint8Array(32).fill(9) });
    expect([far, head(), near].map(({ number, position }) => computeTurnDistance(number, position as never))).toEqual([
      6n,
      7n,
      1n,
    ]);
    expect(choose(head(), far, 'eip3436')).toBe('first');
    expect(choose(far, head(), 'eip3436')).toBe('second');
    expect(choose(head(), far, 'besu')).toBe('second');
    expect(choose(far, head(), 'besu')).toBe('first');
    expect(choose(far, near, 'eip3436')).toBe('first');
    expect(choose(far, near, 'besu')).toBe('second');
  });

  it('then the smaller hash, and the first of two that are the same', () => {
    const small = head({ hash: new Uint8Array(32).fill(4) });
    const late = new Uint8Array(32).fill(5);
    late[31] = 6;
    for (const rule of ['eip3436', 'besu'] as const) {
      expect(choose(head(), small, rule)).toBe('second');
      expect(choose(small, head(), rule)).toBe('first');
      expect(choose(head(), head({ hash: late }), rule)).toBe('first');
      expect(choose(head({ hash: late }), head(), rule)).toBe('second');
      expect(choose(head(), head(), rule)).toBe('first');
      // Where the place of a signer is not known, the hash decides.
      expect(choose(head({ position: null }), small, rule)).toBe('second');
      expect(choose(small, head({ position: null }), rule)).toBe('first');
    }
  });

  it('is an order: swapping the sides swaps the answer', () => {
    const any = fc.record({
      hash: fc.nat({ max: 3 }),
      number: fc.integer({ min: 5, max: 7 }),
      totalDifficulty: fc.integer({ min: 10, max: 11 }),
      index: fc.nat({ max: 4 }),
    });
    const make = ({ hash, number, totalDifficulty, index }: any): ChainHead =>
      head({
        hash: new Uint8Array(32).fill(hash),
        number: BigInt(number),
        totalDifficulty: BigInt(totalDifficulty),
        position: { index, count: 5 },
      });
    fc.assert(
      fc.property(any, any, any, fc.constantFrom<ChoiceRule[]>('eip3436', 'besu'), (a, b, c, rule) => {
        const wins = (x: any, y: any): boolean => choose(make(x), make(y), rule) === 'first';
        if (JSON.stringify(a) !== JSON.stringify(b) && a.hash !== b.hash) expect(wins(a, b)).toBe(!wins(b, a));
        if (wins(a, b) && wins(b, c)) expect(wins(a, c)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('refuses sums that do not begin at the same block, and wrong types', () => {
    const foreign = head({ anchorHash: new Uint8Array(32).fill(1), totalDifficulty: 99n });
    for (const rule of RULES) expectCode(() => choose(head(), foreign, rule), 'CHAIN_ANCHOR_MISMATCH');
    expect(() => compareChains(head(), head(), { rule: 'longest' as never })).toThrow(TypeError);
    expect(() => compareChains(head(), head(), null as never)).toThrow(TypeError);
    expect(() => compareChains(head(), undefined as never)).toThrow(TypeError);
    expect(() => compareChains([] as never, head())).toThrow(TypeError);
  });

  it('takes states', () => {
    const inTurn = by(start, second);
    const outOfTurn = by(start, third);
    expect(inTurn.position).toEqual({ index: 1, count: 5 });
    expect(compareChains(outOfTurn, inTurn)).toBe('second');
    expect(compareChains(by(outOfTurn, fourth), inTurn)).toBe('first');
    expect(compareChains(by(outOfTurn, fourth), inTurn, { rule: 'eip3436' })).toBe('second');
  });
});

describe('computeTurnDistance', () => {
  it('is how many blocks ago the signer was in turn', () => {
    expect([0, 1, 2, 7].map((index) => computeTurnDistance(8n, { index, count: 8 }))).toEqual([0n, 7n, 6n, 1n]);
    expect(computeTurnDistance(1n, { index: 7, count: 8 })).toBe(2n);
    expect(computeTurnDistance(0n, { index: 7, count: 8 })).toBe(1n);
    expect(computeTurnDistance(5n, { index: 0, count: 1 })).toBe(0n);
    expect(() => computeTurnDistance(1n, null as never)).toThrow(TypeError);
  });
});

describe('headerFromRpc', () => {
  const header = seal(nextHeader(start), second);
  const rpc = headerToRpc(header);
  const london = headerToRpc(seal(nextHeader(startAt(signers, { londonBlock: 0n }, { baseFeePerGas: 0n })), second));

  it('is the inverse of headerToRpc, through text', () => {
    for (const each of [rpc, london]) {
      const again = headerFromRpc(JSON.parse(JSON.stringify(each)));
      expect(headerToRpc(again)).toEqual(each);
      expect(JSON.parse(JSON.stringify(each))).toEqual(each);
    }
    expect(london.baseFeePerGas).toBe('0x0');
    expect('baseFeePerGas' in rpc).toBe(false);
    expect(hex(headerFromRpc(rpc))).toBe(hex(header));
  });

  it('leaves other members alone, and null where a fork has not come', () => {
    expect(
      headerFromRpc({
        ...rpc,
        size: '0x1',
        uncles: [],
        totalDifficulty: 7,
        baseFeePerGas: null,
        withdrawalsRoot: null,
      }),
    ).toEqual(header);
    // The hash is not compared: who asks computes it.
    expect(headerFromRpc({ ...rpc, hash: `0x${'00'.repeat(32)}` })).toEqual(header);
    expect(headerFromRpc({ ...rpc, hash: null })).toEqual(header);
  });

  it.each(['withdrawalsRoot', 'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot', 'requestsHash'])(
    'refuses a later fork: %s',
    (name) => {
      for (const value of ['0x0', `0x${'00'.repeat(32)}`, 0, false, ''])
        expectCode(() => headerFromRpc({ ...rpc, [name]: value }), 'JSON_INVALID');
    },
  );

  it.each(Object.keys(rpc).filter((key) => key !== 'hash'))('wants %s, of its size', (key) => {
    const { [key as 'miner']: value, ...rest } = rpc;
    expectCode(() => headerFromRpc(rest), 'JSON_INVALID');
    expectCode(() => headerFromRpc({ ...rest, [key]: null }), 'JSON_INVALID');
    expectCode(() => headerFromRpc(Object.assign(Object.create({ [key]: value }), rest)), 'JSON_INVALID');
    const isQuantity = ['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'].includes(key);
    const wrong = isQuantity
      ? ['0x', '0x00', '0x01', 1, 1n, '1', `0x1${'0'.repeat(key === 'difficulty' ? 64 : 16)}`, '0x-1']
      : [value.slice(2), `${value}0`, `${value}zz`, ...(key === 'extraData' ? [] : [`${value}00`, value.slice(0, -2)])];
    for (const each of wrong) expectCode(() => headerFromRpc({ ...rest, [key]: each }), 'JSON_INVALID');
    if (isQuantity) expect(headerFromRpc({ ...rest, [key]: '0x0' }).length).toBeGreaterThan(500);
  });

  it('takes the greatest numbers', () => {
    const most = { number: 64, gasLimit: 64, gasUsed: 64, timestamp: 64, difficulty: 256, baseFeePerGas: 256 };
    for (const [key, bits] of Object.entries(most)) {
      const value = `0x${'f'.repeat(bits / 4)}`;
      expect((headerToRpc(headerFromRpc({ ...london, [key]: value })) as any)[key]).toBe(value);
      expectCode(() => headerFromRpc({ ...london, [key]: `${value}f` }), 'JSON_INVALID');
    }
    expectCode(() => headerFromRpc({ ...london, baseFeePerGas: '0x00' }), 'JSON_INVALID');
    expectCode(() => headerFromRpc({ ...london, nonce: '0x0' }), 'JSON_INVALID');
    expect(headerToRpc(headerFromRpc({ ...rpc, nonce: '0x0102030405060708' })).nonce).toBe('0x0102030405060708');
  });
});

describe('snapshotFromRpc', () => {
  const voting = [
    [second, { address: stranger, authorize: true }],
    [third, { address: other, authorize: true }],
    [fourth, { address: stranger, authorize: true }],
    [first, { address: fourth, authorize: false }],
  ] as const;
  const state = voting.reduce((before, [signer, vote]) => by(before, signer, vote), start);
  const rpc: RpcSnapshot = JSON.parse(JSON.stringify(snapshotToRpc(state)));
  const tallyOf = (address: Uint8Array) => rpc.tally[hex(address)];

  it('reads what snapshotToRpc writes: all that counts', () => {
    const snapshot = snapshotFromRpc(rpc);
    expect(snapshot.number).toBe(4n);
    expect(snapshot.hash).toEqual(state.hash);
    expect(snapshot.signers).toEqual(state.signers);
    expect(snapshot.recents).toEqual(state.recents);
    expect(snapshot.votes).toEqual(listVotes(state));
    expect([stranger, other, fourth].map(tallyOf)).toEqual([
      { authorize: true, votes: 2 },
      { authorize: true, votes: 1 },
      { authorize: false, votes: 1 },
    ]);
    expect(Object.keys(rpc.tally).length).toBe(computeTally(state).length);
    expect(rpc.votes?.map(({ block }) => block)).toEqual([1, 2, 3, 4]);
  });

  it('has null for no votes, and takes nothing at all for it', () => {
    const plain = snapshotToRpc(start);
    expect(plain).toEqual({
      number: 0,
      hash: hex(start.hash),
      signers: Object.fromEntries(signers.map((signer) => [hex(signer), {}])),
      recents: {},
      votes: null,
      tally: {},
    });
    for (const votes of [null, [], undefined]) expect(snapshotFromRpc({ ...plain, votes }).votes).toEqual([]);
    expectCode(() => snapshotFromRpc({ ...plain, votes: {} }), 'JSON_INVALID');
    expectCode(() => snapshotFromRpc({ ...plain, votes: '' }), 'JSON_INVALID');
  });

  const flip = (address: Uint8Array, changes: object) => ({
    tally: { ...rpc.tally, [hex(address)]: { ...tallyOf(address), ...changes } },
  });
  const without = (address: Uint8Array) => ({
    tally: Object.fromEntries(Object.entries(rpc.tally).filter(([key]) => key !== hex(address))),
  });
  const vote = (changes: object) => ({ votes: [{ ...rpc.votes?.[0], ...changes }, ...(rpc.votes ?? []).slice(1)] });

  it.each<[string, object]>([
    ['a tally with a vote more', flip(stranger, { votes: 3 })],
    ['a tally with a vote less', flip(stranger, { votes: 1 })],
    ['a tally the other way', flip(stranger, { authorize: false })],
    ['a tally without an address', without(other)],
    ['a tally with one more', { tally: { ...rpc.tally, [hex(first)]: { authorize: false, votes: 1 } } }],
    ['a tally with another', { tally: { ...without(other).tally, [hex(first)]: { authorize: true, votes: 1 } } }],
    ['a tally without votes', { votes: null }],
    ['no tally', { tally: null }],
    ['a tally that is a list', { tally: [] }],
    ['a tally of a number', { tally: { ...rpc.tally, [hex(stranger)]: 2 } }],
    ['a tally of half a vote', flip(stranger, { votes: 2.5 })],
    ['a tally with a text', flip(stranger, { votes: '2' })],
    ['a tally without a direction', flip(stranger, { authorize: undefined })],
    ['a tally with a direction of 1', flip(stranger, { authorize: 1 })],
    ['a negative number', { number: -1 }],
    ['a number in hex', { number: '0x4' }],
    ['half a number', { number: 4.5 }],
    ['a number above 2^53', { number: 2 ** 53 }],
    ['no number', { number: undefined }],
    ['a hash of 31 bytes', { hash: hex(state.hash).slice(0, -2) }],
    ['signers as a list', { signers: signers.map(hex) }],
    ['a signer of 19 bytes', { signers: { ...rpc.signers, [hex(first).slice(0, -2)]: {} } }],
    ['no signers', { signers: null }],
    ['recents as a list', { recents: [hex(first)] }],
    ['a recent block in hex', { recents: { '0x1': hex(first) } }],
    ['a recent block with a leading zero', { recents: { '01': hex(first) } }],
    ['a negative recent block', { recents: { '-1': hex(first) } }],
    ['a recent block of 17 digits', { recents: { '12345678901234567': hex(first) } }],
    ['a recent block above 2^53', { recents: { '9007199254740992': hex(first) } }],
    ['a recent signer of 32 bytes', { recents: { '4': hex(state.hash) } }],
    ['a recent signer that is null', { recents: { '4': null } }],
    ['a vote that is null', { votes: [null] }],
    ['a vote by nobody', vote({ signer: undefined })],
    ['a vote on nobody', vote({ address: undefined })],
    ['a vote of half a block', vote({ block: 0.5 })],
    ['a vote without a direction', vote({ authorize: undefined })],
    ['a vote with a direction of 1', vote({ authorize: 1 })],
    ['a vote the other way', vote({ authorize: false })],
    ['a vote on another', vote({ address: hex(first) })],
  ])('refuses %s', (_, changes) => {
    expect(snapshotFromRpc(rpc).number).toBe(4n);
    expectCode(() => snapshotFromRpc({ ...rpc, ...changes }), 'JSON_INVALID');
  });

  it('refuses a tally that counts one address twice, in capitals, for another that is missing', () => {
    const capitals = `0x${hex(stranger).slice(2).toUpperCase()}`;
    const tally = { ...without(other).tally, [capitals]: tallyOf(stranger) };
    expectCode(() => snapshotFromRpc({ ...rpc, tally }), 'JSON_INVALID');
  });

  it('writes no height that JSON does not carry', () => {
    expect(snapshotToRpc({ ...start, number: 2n ** 53n - 1n }).number).toBe(2 ** 53 - 1);
    expectCode(() => snapshotToRpc({ ...start, number: 2n ** 53n }), 'OUT_OF_RANGE');
  });

  it('begins a state that goes on as the one it was taken from', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 }), (moves) => {
        const config: Config = { period: 15, epoch: 7, londonBlock: null };
        let here = startAt(signers, config);
        let header: Header = genesisHeader(signers);
        for (const move of moves) {
          const free = here.signers.filter((one) => computeNextSealableNumber(here, one) === here.number + 1n);
          const signer = free[move % free.length] as Uint8Array;
          const isCheckpoint = (here.number + 1n) % 7n === 0n;
          const address = bytes(hex(addresses[move % 10] as Uint8Array));
          const authorize = !here.signers.some((one) => hex(one) === hex(address));
          header = nextHeader(here, signer, isCheckpoint ? undefined : { address, authorize });
          const recovered = recoveredBy(header, signer);
          here = applyRecovered(here, recovered, { now });
        }
        // The hash of a state that nobody sealed is made up; that of its header is put in.
        const rlp = serializeHeader(header);
        const real = createState({ header: rlp, config, snapshot: snapshotOf(rlp, here) });
        expect({ ...real, position: null }).toEqual({
          ...here,
          hash: real.hash,
          anchorHash: real.hash,
          totalDifficulty: header.difficulty,
          position: null,
        });
      }),
      { numRuns: runs(40) },
    );
  });

  const snapshotOf = (rlp: Uint8Array, state: State) =>
    snapshotFromRpc({ ...snapshotToRpc(state), hash: headerToRpc(rlp).hash });
});

it('the key of the signer in turn seals the next block', () => {
  const header = nextHeader(start);
  expect(hex(signHeader(header, keyOf(inTurnOf(start))).signer)).toBe(hex(second));
});
