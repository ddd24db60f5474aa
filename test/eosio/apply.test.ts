import fc from 'fast-check';
import {
  ALLOWED_FUTURE_BLOCK_TIME,
  applyHeader,
  applyHeaders,
  applyRecovered,
  type BlockHeader,
  compareChains,
  computeBlockId,
  computeProducerAuthorityScheduleHash,
  computeProducerScheduleHash,
  computeScheduledProducer,
  computeSigningContexts,
  computeSlotTime,
  createAnchor,
  createState,
  findEquivocation,
  findMissedSlots,
  genesisFromJson,
  type ProducerAuthority,
  type ProducerAuthoritySchedule,
  parseHeader,
  parseState,
  planHeader,
  recoverHeader,
  type SignedHeader,
  type State,
  serializeHeader,
  serializeState,
  signHeader,
  tryApplyHeader,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { NaiveDpos } from '../model/dpos.js';
import { runs } from '../support/arbitraries.js';
import { headerFromVector } from '../support/eosio.js';
import {
  claimOf,
  extensionsOf,
  firstState,
  pretendRecovered,
  privateKeyOf,
  producersOf,
  publicKeyOf,
  signNext,
  signWith,
} from '../support/eosioChain.js';
import { readChain, toInput } from '../support/eosioVectors.js';
import { expectCode } from '../support/errors.js';
import { hasShared } from '../support/shared.js';

const now = Date.UTC(2021, 0, 1);
const WTMSIG = Uint8Array.from(
  '299dcb6af692324b899b39f16d5a530a33062804e41f09dc97e9f156b4476707'.match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
);

describe.skipIf(!hasShared)('the chains from genesis', () => {
  it.each(['short', 'consensus_blockchain'])(
    '%s follows whole, one by one, at once, and recovered elsewhere',
    (name) => {
      const { genesis, blocks } = readChain(name);
      const first = createState(createAnchor({ genesis: genesisFromJson(genesis) }));
      expect(Buffer.from(first.id).toString('hex')).toBe(blocks[0].block_id);
      const inputs: SignedHeader[] = blocks.slice(1).map(toInput);
      let state = first;
      inputs.forEach((input, i) => {
        state = applyHeader(state, input, { now });
        expect(Buffer.from(state.id).toString('hex')).toBe(blocks[i + 1].block_id);
        expect(state.number).toBe(blocks[i + 1].block_num);
        expect(parseState(serializeState(state))).toEqual(state);
      });
      const result = applyHeaders(first, inputs, { now });
      expect(result).toEqual({ ok: true, value: state, applied: inputs.length });
      let folded = first;
      // The map in any order, the fold in that of the chain.
      const recovered = computeSigningContexts(first, inputs).reverse().map(recoverHeader).reverse();
      recovered.forEach((one, i) => {
        const { signed_digest, signing_key, blockroot_merkle_root } = blocks[i + 1];
        expect(Buffer.from(one.message).toString('hex')).toBe(signed_digest);
        if (blockroot_merkle_root !== undefined)
          expect(Buffer.from(one.blockroot as Uint8Array).toString('hex')).toBe(blockroot_merkle_root);
        expect(signing_key.length).toBeGreaterThan(50);
        folded = applyRecovered(folded, one, { now });
      });
      expect(folded).toEqual(state);
    },
  );

  it('one producer makes each block irreversible with the next but one; the switch to Savanna is due when its first claim is', () => {
    const { genesis, blocks } = readChain('consensus_blockchain');
    let state = createState(createAnchor({ genesis: genesisFromJson(genesis) }));
    const seen = blocks.slice(1).map((block: any) => {
      state = applyHeader(state, toInput(block), { now });
      return [state.number, state.lastIrreversible, state.isSavanna];
    });
    expect(seen).toEqual([
      [2, 0, false],
      [3, 2, false],
      [4, 3, false],
      [5, 4, false],
      [6, 4, true],
      [7, 4, true],
      [8, 4, true],
      [9, 6, true],
      [10, 7, true],
      [11, 8, true],
      [12, 9, true],
      [13, 10, true],
      [14, 11, true],
      [15, 11, true],
      [16, 12, true],
    ]);
    expect(state.blockroot).toBeNull();
    // The features begin in block 4.
    expect(state.hasAuthorities).toBe(true);
  });

  it('each era at its time only', () => {
    const { genesis, blocks } = readChain('consensus_blockchain');
    const states = [createState(createAnchor({ genesis: genesisFromJson(genesis) }))];
    for (const block of blocks.slice(1))
      states.push(applyHeader(states[states.length - 1] as State, toInput(block), { now }));
    const onto = (number: number, changes: Partial<BlockHeader>): SignedHeader => {
      const state = states[number - 1] as State;
      const base = headerFromVector(blocks[number].header);
      return signWith(
        {
          header: { ...base, previous: state.id, ...changes },
          blockroot: new Uint8Array(32),
          pendingScheduleHash: new Uint8Array(32),
        },
        'eosio',
      );
    };
    // Block 5 might not be of Savanna yet, block 6 has to be.
    const strip = ({ header, signatures }: SignedHeader): SignedHeader => ({ header, signatures });
    expectCode(
      () => applyHeader(states[3] as State, strip(onto(4, { scheduleVersion: 0x80000000 })), { now }),
      'ERA_MISMATCH',
    );
    expectCode(() => applyHeader(states[4] as State, strip(onto(5, { scheduleVersion: 0 })), { now }), 'ERA_MISMATCH');
    expectCode(() => applyHeader(states[7] as State, strip(onto(8, { scheduleVersion: 0 })), { now }), 'ERA_MISMATCH');
    expectCode(
      () => applyHeader(states[7] as State, strip(onto(8, { scheduleVersion: 0x80000001 })), { now }),
      'SCHEDULE_VERSION_MISMATCH',
    );
    expectCode(() => applyHeader(states[7] as State, strip(onto(8, { confirmed: 1 })), { now }), 'CONFIRMED_NOT_ZERO');
    expectCode(
      () => applyHeader(states[7] as State, strip(onto(8, { headerExtensions: [] })), { now }),
      'QC_CLAIM_INVALID',
    );
    expectCode(
      () => applyHeader(states[7] as State, strip(onto(8, { newProducers: { version: 1, producers: [] } })), { now }),
      'SCHEDULE_UNEXPECTED',
    );
    for (const [number, isStrong] of [
      [9, true],
      [6, true],
      [7, false],
    ] as const)
      expectCode(
        () =>
          applyHeader(
            states[7] as State,
            strip(onto(8, { headerExtensions: extensionsOf(claimOf(number, isStrong)) })),
            { now },
          ),
        'QC_CLAIM_INVALID',
      );
    // A claim of another key is refused for the key alone.
    expectCode(() => applyHeader(states[7] as State, strip(onto(8, {})), { now }), 'KEY_UNEXPECTED');
  });

  it('a follower may begin at any header that it trusts', () => {
    const { genesis, blocks } = readChain('consensus_blockchain');
    let state = createState(createAnchor({ genesis: genesisFromJson(genesis) }));
    blocks.slice(1).forEach((block: any, i: number) => {
      const before = state;
      state = applyHeader(state, toInput(block), { now });
      const anchored = createState(
        createAnchor({
          header: toInput(block).header,
          activeSchedule: state.activeSchedule,
          blockroot: before.blockroot,
          ...(state.isSavanna ? {} : { pendingScheduleHash: state.pendingScheduleHash }),
        }),
      );
      expect(anchored.id).toEqual(state.id);
      const rest = applyHeaders(anchored, blocks.slice(i + 2).map(toInput), { now });
      expect(rest.ok, rest.ok ? '' : rest.error.message).toBe(true);
      if (rest.ok) expect([rest.value.number, rest.value.isSavanna]).toEqual([16, true]);
    });
  });
});

describe('a chain with keys made for it', () => {
  /** Blocks of `eosio`, one of which announces a schedule. */
  const announce = (
    producers: ProducerAuthority[],
    features: Uint8Array[] = [],
  ): { state: State; inputs: SignedHeader[] } => {
    let state = firstState();
    const inputs: SignedHeader[] = [];
    for (let i = 0; i < 4; i++) {
      const proposal = i < 2 ? null : { number: 2, producers };
      const planned = planHeader(state, { slot: state.slot + 1, proposal, protocolFeatures: i === 0 ? features : [] });
      const { header, signatures } = signHeader(planned, [privateKeyOf('eosio')]);
      inputs.push({ header, signatures });
      state = applyHeader(state, { header, signatures }, { now });
      if (planned.isAnnounced) break;
    }
    return { state, inputs };
  };

  it('a schedule is pending until the block that announced it is irreversible, and signs from the block after that on', () => {
    const producers = producersOf('proda', 'prodb');
    let { state } = announce(producers);
    expect([state.number, state.activeSchedule.version, state.pendingSchedule?.number]).toEqual([4, 0, 4]);
    // Block 5 is signed under the old schedule and makes block 4 irreversible.
    state = applyHeader(state, signNext(state, { slot: state.slot + 1 }), { now });
    expect([state.lastIrreversible, state.activeSchedule.version, state.pendingSchedule]).toEqual([4, 1, null]);
    expect(state.activeSchedule.producers).toEqual(producers);
    const next = planHeader(state, { slot: state.slot + 1 });
    expect(next.header.scheduleVersion).toBe(1);
    expect(['proda', 'prodb']).toContain(next.producer.producerName);
    // The hash stays that of the latest announced schedule.
    const hash = state.pendingScheduleHash;
    state = applyHeader(state, signNext(state, { slot: state.slot + 1 }), { now });
    expect(state.pendingScheduleHash).toEqual(hash);
  });

  it('several keys sign together, once the feature for it is active', () => {
    const authority = {
      threshold: 3,
      keys: [
        { key: publicKeyOf('one'), weight: 2 },
        { key: publicKeyOf('two'), weight: 1 },
        { key: publicKeyOf('three'), weight: 1 },
      ],
    };
    let { state, inputs } = announce([{ producerName: 'proda', authority }], [WTMSIG]);
    expect(parseHeader((inputs[inputs.length - 1] as SignedHeader).header).newProducers).toBeNull();
    state = applyHeader(state, signNext(state, { slot: state.slot + 1 }), { now });
    const planned = planHeader(state, { slot: state.slot + 1 });
    expect(planned.producer.authority).toEqual(authority);
    const apply = (...keys: string[]): State => applyHeader(state, signWith(planned, ...keys), { now });
    expect(apply('one', 'two').number).toBe(6);
    expect(apply('three', 'one').id).toEqual(apply('one', 'two').id);
    expect(apply('one', 'two', 'three').number).toBe(6);
    expectCode(() => apply('one'), 'KEY_WEIGHT_TOO_LOW');
    expectCode(() => apply('two', 'three'), 'KEY_WEIGHT_TOO_LOW');
    expectCode(() => apply('one', 'one'), 'KEY_DOUBLED');
    expectCode(() => apply('one', 'four'), 'KEY_UNEXPECTED');
    expectCode(() => apply('one', 'two', 'three', 'four'), 'SIGNATURE_COUNT_MISMATCH');
    expectCode(() => apply(), 'SIGNATURE_COUNT_MISMATCH');
    const several = signWith(planned, 'one', 'two');
    const contexts = computeSigningContexts(state, [several]);
    expect(recoverHeader(contexts[0] as SignedHeader).publicKeys).toEqual([publicKeyOf('one'), publicKeyOf('two')]);
  });

  it('the form of a schedule is that of the features', () => {
    const { state } = announce(producersOf('proda'));
    let before = firstState();
    before = applyHeader(before, signNext(before, { slot: before.slot + 1 }), { now });
    const schedule = { version: 1, producers: producersOf('proda') };
    const asExtension = signNext(
      before,
      { slot: before.slot + 1 },
      { headerExtensions: extensionsOf({ newSchedule: schedule }) },
    );
    expectCode(() => applyHeader(before, asExtension, { now }), 'SCHEDULE_FORM_MISMATCH');
    const withFeature = applyHeader(
      before,
      signNext(before, { slot: before.slot + 1 }, { headerExtensions: extensionsOf({ protocolFeatures: [WTMSIG] }) }),
      { now },
    );
    expect([state.hasAuthorities, withFeature.hasAuthorities]).toEqual([false, true]);
    const asKeys = signNext(
      withFeature,
      { slot: withFeature.slot + 1 },
      { newProducers: { version: 1, producers: [] } },
    );
    expectCode(() => applyHeader(withFeature, asKeys, { now }), 'SCHEDULE_FORM_MISMATCH');
    const both = signNext(
      before,
      { slot: before.slot + 1 },
      { newProducers: { version: 1, producers: [] }, headerExtensions: extensionsOf({ newSchedule: schedule }) },
    );
    expectCode(() => applyHeader(before, both, { now }), 'SCHEDULE_UNEXPECTED');
  });

  it('no schedule while one is pending, in the block where one becomes active, or with a version that is not the next', () => {
    const { state } = announce(producersOf('proda'));
    const newProducers = { version: 1, producers: [{ producerName: 'prodb', blockSigningKey: publicKeyOf('prodb') }] };
    expectCode(
      () => applyHeader(state, signNext(state, { slot: state.slot + 1 }, { newProducers }), { now }),
      'SCHEDULE_UNEXPECTED',
    );
    const first = firstState();
    expectCode(
      () => applyHeader(first, signNext(first, { slot: first.slot + 1 }, { newProducers }), { now }),
      'SCHEDULE_UNEXPECTED',
    );
    const second = applyHeader(first, signNext(first, { slot: first.slot + 1 }), { now });
    const wrong = signNext(second, { slot: second.slot + 1 }, { newProducers: { ...newProducers, version: 2 } });
    expectCode(() => applyHeader(second, wrong, { now }), 'NEW_SCHEDULE_VERSION_MISMATCH');
    const twice = { ...newProducers, producers: [...newProducers.producers, ...newProducers.producers] };
    expectCode(
      () => applyHeader(second, signNext(second, { slot: second.slot + 1 }, { newProducers: twice }), { now }),
      'SCHEDULE_INVALID',
    );
    const many = {
      version: 1,
      producers: Array.from({ length: 126 }, (_, i) => ({
        producerName: `p${'12345'[Math.floor(i / 26)]}${'abcdefghijklmnopqrstuvwxyz'[i % 26]}`,
        blockSigningKey: publicKeyOf('x'),
      })),
    };
    expectCode(
      () => applyHeader(second, signNext(second, { slot: second.slot + 1 }, { newProducers: many }), { now }),
      'SCHEDULE_INVALID',
    );
    const most = { ...many, producers: many.producers.slice(1) };
    expect(
      applyHeader(second, signNext(second, { slot: second.slot + 1 }, { newProducers: most }), { now }).pendingSchedule
        ?.schedule.producers.length,
    ).toBe(125);
  });

  it('an empty schedule changes the hash that is signed, and nothing else', () => {
    let state = firstState();
    state = applyHeader(state, signNext(state, { slot: state.slot + 1 }), { now });
    const newProducers = { version: 1, producers: [] };
    const next = applyHeader(state, signNext(state, { slot: state.slot + 1 }, { newProducers }), { now });
    expect(next.pendingSchedule).toBeNull();
    expect(next.pendingScheduleHash).toEqual(computeProducerScheduleHash(newProducers));
    const after = applyHeader(next, signNext(next, { slot: next.slot + 1 }), { now });
    expect([after.activeSchedule.version, after.number]).toEqual([0, 4]);
    expect(parseState(serializeState(after))).toEqual(after);
  });

  const state = applyHeader(firstState(), signNext(firstState(), { slot: firstState().slot + 1 }), { now });
  const good = signNext(state, { slot: state.slot + 1 });
  const breaks: [string, Partial<BlockHeader>][] = [
    ['PARENT_MISMATCH', { previous: new Uint8Array(32).fill(1) }],
    ['TIMESTAMP_TOO_OLD', { slot: state.slot }],
    ['ERA_MISMATCH', { scheduleVersion: 0x80000000 }],
    ['SCHEDULE_VERSION_MISMATCH', { scheduleVersion: 1 }],
    ['PRODUCER_MISMATCH', { producer: 'proda' }],
    ['CONFIRMED_TWICE', { confirmed: 1 }],
    [
      'SCHEDULE_UNEXPECTED',
      {
        newProducers: { version: 1, producers: [] },
        headerExtensions: extensionsOf({ newSchedule: { version: 1, producers: [] } }),
      },
    ],
    ['QC_CLAIM_INVALID', { headerExtensions: extensionsOf(claimOf(2, false)) }],
  ];

  it.each(breaks.map(([code], i) => [code, i] as const))('%s is asked before what follows it', (code, i) => {
    const changes: Partial<BlockHeader> = Object.assign(
      {},
      ...breaks
        .slice(i)
        .reverse()
        .map(([, change]) => change),
    );
    const base = planHeader(state, { slot: state.slot + 1 });
    const header = { ...base.header, ...changes };
    const input = { header: serializeHeader(header), signatures: [] };
    expectCode(() => applyHeader(state, input, { now }), code as never);
  });

  it('the number follows from the id of the parent', () => {
    const previous = Uint8Array.from(state.id);
    previous[3] = 9;
    const input = signNext(state, { slot: state.slot + 1 }, { previous });
    expectCode(() => applyHeader(state, input, { now }), 'PARENT_MISMATCH');
    // Only a state that lies about its number gets there.
    expectCode(() => applyHeader({ ...state, number: 7 }, good, { now }), 'NUMBER_MISMATCH');
  });

  it('TIMESTAMP_TOO_NEW is not final', () => {
    const time = computeSlotTime(parseHeader(good.header).slot);
    expectCode(() => applyHeader(state, good, { now: time - ALLOWED_FUTURE_BLOCK_TIME }), 'TIMESTAMP_TOO_NEW');
    expect(applyHeader(state, good, { now: time - ALLOWED_FUTURE_BLOCK_TIME + 1 }).number).toBe(3);
  });

  it('another key, another root and another hash', () => {
    const planned = planHeader(state, { slot: state.slot + 1 });
    expectCode(() => applyHeader(state, signWith(planned, 'other'), { now }), 'KEY_UNEXPECTED');
    const zero = new Uint8Array(32);
    expectCode(() => applyHeader(state, { ...good, blockroot: zero }, { now }), 'BLOCKROOT_MISMATCH');
    expectCode(() => applyHeader(state, { ...good, pendingScheduleHash: zero }, { now }), 'PENDING_SCHEDULE_MISMATCH');
    const [complete] = computeSigningContexts(state, [good]) as [SignedHeader];
    expect(applyHeader(state, complete, { now })).toEqual(applyHeader(state, good, { now }));
    const foreign = recoverHeader({ ...complete, blockroot: zero });
    expectCode(() => applyRecovered(state, foreign, { now }), 'BLOCKROOT_MISMATCH');
    const other = recoverHeader({ ...complete, pendingScheduleHash: zero });
    expectCode(() => applyRecovered(state, other, { now }), 'PENDING_SCHEDULE_MISMATCH');
  });

  it('without a blockroot a state takes the one that comes with each header, since the signature proves it', () => {
    const blind = createState({
      id: state.id,
      number: state.number,
      slot: state.slot,
      activeSchedule: state.activeSchedule,
    });
    expectCode(() => applyHeader(blind, good, { now }), 'SIGNING_CONTEXT_MISSING');
    const [complete] = computeSigningContexts(state, [good]) as [SignedHeader];
    const next = applyHeader(blind, complete, { now });
    expect([next.number, next.blockroot]).toEqual([3, null]);
    expectCode(() => applyHeader(blind, { ...complete, blockroot: new Uint8Array(32) }, { now }), 'KEY_UNEXPECTED');
    expectCode(() => applyHeader(blind, { ...complete, blockroot: new Uint8Array(31) }, { now }), 'MALFORMED');
    const { blockroot: _, ...half } = complete;
    expectCode(() => applyHeader(blind, half, { now }), 'SIGNING_CONTEXT_MISSING');
  });

  it('changes neither state nor input, and shares nothing with them', () => {
    const before = structuredClone(state);
    const input = structuredClone(good);
    const next = applyHeader(state, input, { now });
    expect(state).toEqual(before);
    expect(input).toEqual(good);
    const kept = structuredClone(next);
    const mine = structuredClone(state) as State;
    const again = applyHeader(mine, input, { now });
    for (const bytes of [
      mine.id,
      mine.anchorId,
      mine.pendingScheduleHash as Uint8Array,
      ...(mine.blockroot?.activeNodes ?? []),
      ...mine.activeSchedule.producers.flatMap(({ authority }) => authority.keys.map(({ key }) => key.data)),
      input.header,
      ...input.signatures,
    ])
      bytes.fill(0xff);
    expect(again).toEqual(kept);
  });

  it('shares nothing with a recovered header either', () => {
    const first = applyHeader(firstState(), signNext(firstState(), { slot: firstState().slot + 1 }), { now });
    const newProducers = { version: 1, producers: [{ producerName: 'prodb', blockSigningKey: publicKeyOf('prodb') }] };
    const input = signNext(first, { slot: first.slot + 1 }, { newProducers });
    const recovered = recoverHeader(computeSigningContexts(first, [input])[0] as SignedHeader);
    const next = applyRecovered(first, recovered, { now });
    const kept = structuredClone(next);
    recovered.id.fill(0);
    recovered.header.newProducers?.producers[0]?.blockSigningKey.data.fill(0);
    expect(next).toEqual(kept);
  });

  it('takes bytes out of a larger buffer', () => {
    const pool = Buffer.alloc(1024, 0xee);
    pool.set(good.header, 13);
    pool.set(good.signatures[0] as Uint8Array, 501);
    const input = {
      header: pool.subarray(13, 13 + good.header.length),
      signatures: [pool.subarray(501, 501 + 66)],
    };
    const next = applyHeader(state, input, { now });
    expect(next).toEqual(applyHeader(state, good, { now }));
    expect(next.id.constructor).toBe(Uint8Array);
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
    const [complete] = computeSigningContexts(state, [good]) as [SignedHeader];
    for (const apply of [
      applyHeader,
      tryApplyHeader,
      (...[s, , o]: Parameters<typeof applyHeader>) => applyRecovered(s, recoverHeader(complete), o),
      (...[s, input, o]: Parameters<typeof applyHeader>) => applyHeaders(s, [input], o),
    ])
      expect(() => apply(state, good, options as never)).toThrow(TypeError);
  });

  it.each([
    undefined,
    null,
    7,
    {},
    { header: new Uint8Array() },
    { header: '', signatures: [] },
    { header: new Uint8Array(), signatures: ['SIG'] },
  ])('an input of a wrong type is a TypeError: %s', (input) => {
    for (const apply of [applyHeader, tryApplyHeader])
      expect(() => apply(state, input as never, { now })).toThrow(TypeError);
    expect(() => applyHeaders(state, [input as never], { now })).toThrow(TypeError);
    expect(() => recoverHeader(input as never)).toThrow(TypeError);
  });

  it('tryApplyHeader gives the same as a value', () => {
    expect(tryApplyHeader(state, good, { now })).toEqual({ ok: true, value: applyHeader(state, good, { now }) });
    const result = tryApplyHeader(state, { header: good.header, signatures: [] }, { now });
    expect(result.ok ? '' : result.error.code).toBe('SIGNATURE_COUNT_MISMATCH');
  });
});

describe('applyHeaders', () => {
  it('reports every 64 headers and at the end, and stops at the first bad one with the state before it', () => {
    const inputs: SignedHeader[] = [];
    let state = firstState();
    for (let i = 0; i < 70; i++) {
      const input = signNext(state, { slot: state.slot + 1 });
      inputs.push(input);
      state = applyHeader(state, input, { now });
    }
    const seen: unknown[] = [];
    const result = applyHeaders(firstState(), inputs, { now, onProgress: (progress) => seen.push(progress) });
    expect(result).toEqual({ ok: true, value: state, applied: 70 });
    expect(seen).toEqual([
      { applied: 64, number: 65n },
      { applied: 70, number: 71n },
    ]);
    const bad = applyHeaders(firstState(), [...inputs.slice(0, 3), inputs[4] as SignedHeader], { now });
    expect(bad).toMatchObject({ ok: false, index: 3, error: { code: 'PARENT_MISMATCH' } });
    if (!bad.ok) expect(bad.state.id).toEqual(computeBlockId((inputs[2] as SignedHeader).header));
    expect(compareChains(firstState(), state)).toBe('second');
    expect(compareChains(state, firstState())).toBe('first');
  });

  it('an iterable that is none is a TypeError', () => {
    for (const inputs of [undefined, null, 5, {}])
      expect(() => applyHeaders(firstState(), inputs as never, { now })).toThrow(TypeError);
  });
});

describe('irreversibility', () => {
  const one = (name: string): ProducerAuthority => ({
    producerName: name,
    authority: {
      threshold: 1,
      keys: [{ key: { curve: 'K1', data: new Uint8Array(33).fill(name.charCodeAt(0)) }, weight: 1 }],
    },
  });
  const keysOf = (state: State, slot: number) =>
    computeScheduledProducer(state.activeSchedule, slot)?.authority.keys.map(({ key }) => key) ?? [];

  it('agrees with the naive model on any run of blocks: gaps, missing producers, confirmations, changes of schedule', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 7 });
    const block = fc.record({
      gap: fc.oneof(
        { weight: 4, arbitrary: fc.constant(1) },
        { weight: 2, arbitrary: fc.integer({ min: 2, max: 40 }) },
      ),
      announces: fc.option(names, { freq: 6 }),
      honest: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(block, { minLength: 20, maxLength: 250 }), (blocks) => {
        const naive = new NaiveDpos();
        let state = firstState();
        for (const { gap, announces, honest } of blocks) {
          const slot = state.slot + gap;
          const producer = naive.producerOf(slot);
          const last = naive.produced.get(producer);
          const most = last === undefined ? 0 : state.number - last;
          const confirmed = honest < 8 ? most : Math.min(most, honest - 8);
          const changes: { -readonly [K in keyof BlockHeader]?: BlockHeader[K] } = { slot, producer, confirmed };
          let announced: string[] | undefined;
          if (announces !== null && naive.pending === undefined) {
            announced = [...announces].sort();
            changes.newProducers = {
              version: naive.version + 1,
              producers: announced.map((name) => ({
                producerName: name,
                blockSigningKey: one(name).authority.keys[0]?.key as never,
              })),
            };
          }
          state = applyRecovered(state, pretendRecovered(state, keysOf(state, slot), changes), { now });
          naive.add(producer, confirmed, announced);
          expect([
            state.number,
            state.proposedIrreversible,
            state.lastIrreversible,
            state.activeSchedule.producers.map(({ producerName }) => producerName),
            state.activeSchedule.version,
            state.pendingSchedule?.number,
          ]).toEqual([
            naive.number,
            naive.proposed,
            naive.irreversible,
            naive.active,
            naive.version,
            naive.pending?.number,
          ]);
          expect(state.confirmationsLeft.length).toBeLessThanOrEqual(1024);
        }
        expect(parseState(serializeState(state))).toEqual(state);
      }),
      { numRuns: runs(25) },
    );
  });

  it('counts 1024 blocks, while one of four producers is alone and then again', () => {
    const naive = new NaiveDpos();
    let state = firstState();
    const add = (slot: number, announced?: string[]): void => {
      const producer = naive.producerOf(slot);
      const last = naive.produced.get(producer);
      const confirmed = last === undefined ? 0 : Math.min(state.number - last, 0xffff);
      const newProducers = announced && {
        version: naive.version + 1,
        producers: announced.map((name) => ({
          producerName: name,
          blockSigningKey: one(name).authority.keys[0]?.key as never,
        })),
      };
      const header = { slot, producer, confirmed, ...(newProducers && { newProducers }) };
      state = applyRecovered(state, pretendRecovered(state, keysOf(state, slot), header), { now });
      naive.add(producer, confirmed, announced);
    };
    while (naive.number < 5) add(state.slot + 1);
    add(state.slot + 1, ['a', 'b', 'c', 'd']);
    for (let i = 0; i < 100; i++) add(state.slot + 1);
    // The slots of the others are missed.
    for (let i = 0; i < 1100; i++) {
      let slot = state.slot + 1;
      while (naive.producerOf(slot) !== 'a') slot++;
      add(slot);
    }
    expect(state.confirmationsLeft.length).toBe(1024);
    const stalled = state.lastIrreversible;
    for (let i = 0; i < 200; i++) {
      add(state.slot + 1);
      expect([state.proposedIrreversible, state.lastIrreversible]).toEqual([naive.proposed, naive.irreversible]);
    }
    expect(state.lastIrreversible).toBeGreaterThan(stalled + 1000);
    expect(state.confirmationsLeft.length).toBeLessThan(100);
  });

  it('what is irreversible stays so, whatever another schedule implies', () => {
    const id = new Uint8Array(32);
    id[3] = 100;
    const entries = (values: Record<string, number>) =>
      Object.entries(values).map(([producer, number]) => ({ producer, number }));
    const schedule = { version: 3, producers: ['a', 'b', 'c', 'd'].map(one) };
    const pendingSchedule = { schedule: { version: 4, producers: ['a', 'e'].map(one) }, number: 89 };
    let state = createState({
      id,
      number: 100,
      // The next slot is the turn of b, those after it, under the new schedule, of e: a implies 3 for a while.
      slot: 12 - 1 + 48 * 100,
      activeSchedule: schedule,
      pendingSchedule,
      pendingScheduleHash: computeProducerAuthorityScheduleHash(pendingSchedule.schedule),
      proposedIrreversible: 95,
      lastIrreversible: 85,
      confirmationsLeft: [],
      lastImplied: entries({ a: 3, b: 90, c: 90, d: 90 }),
    });
    const seen: number[] = [];
    for (let i = 0; i < 30; i++) {
      const slot = state.slot + 1;
      const producer = computeScheduledProducer(state.activeSchedule, slot)?.producerName as string;
      const header = { slot, producer, confirmed: 0 };
      state = applyRecovered(state, pretendRecovered(state, keysOf(state, slot), header), { now });
      seen.push(state.lastIrreversible);
    }
    expect(state.activeSchedule.version).toBe(4);
    expect(seen).toEqual([...seen].sort((x, y) => x - y));
    expect(seen[0]).toBe(90);
  });

  it('21 producers: each implies at its turn what it knows, so a block is irreversible after about two thirds of two rounds', () => {
    const schedule: ProducerAuthoritySchedule = { version: 5, producers: 'abcdefghijklmnopqrstu'.split('').map(one) };
    const id = new Uint8Array(32);
    id[3] = 1;
    id[2] = 1;
    let state = createState({ id, number: 257, slot: 252 * 100 - 1, activeSchedule: schedule });
    const lags: number[] = [];
    for (let i = 0; i < 252 * 4; i++) {
      const slot = state.slot + 1;
      const producer = computeScheduledProducer(schedule, slot)?.producerName as string;
      const confirmed = slot % 12 === 0 && i >= 252 ? 240 : 0;
      state = applyRecovered(state, pretendRecovered(state, keysOf(state, slot), { slot, producer, confirmed }), {
        now,
      });
      if (i > 252 * 3) lags.push(state.number - state.lastIrreversible);
    }
    // 14 further producers confirm a block, and 14 imply that it is confirmed: turns of 12 blocks.
    expect([Math.min(...lags), Math.max(...lags)]).toEqual([325, 336]);
  });

  it('an anchor without confirmations takes its block for irreversible, and knows the same as others from then on', () => {
    let known = firstState();
    const chain: { header: BlockHeader; state: State }[] = [];
    const run = (state: State, header: BlockHeader): State =>
      applyRecovered(state, pretendRecovered(state, keysOf(state, header.slot), header), { now });
    for (let i = 0; i < 120; i++) {
      const slot = known.slot + 1;
      const producer = computeScheduledProducer(known.activeSchedule, slot)?.producerName as string;
      const last = known.lastProduced.find((entry) => entry.producer === producer)?.number;
      const recovered = pretendRecovered(known, keysOf(known, slot), {
        slot,
        producer,
        confirmed: last === undefined ? 0 : known.number - last,
        ...(known.number === 3 && {
          newProducers: {
            version: 1,
            producers: ['a', 'b', 'c', 'd'].map((name) => ({
              producerName: name,
              blockSigningKey: one(name).authority.keys[0]?.key as never,
            })),
          },
        }),
      });
      known = applyRecovered(known, recovered, { now });
      chain.push({ header: recovered.header, state: known });
    }
    const from = chain[30] as (typeof chain)[0];
    let anchored = createState({
      id: from.state.id,
      number: from.state.number,
      slot: from.state.slot,
      activeSchedule: from.state.activeSchedule,
    });
    for (const { header, state } of chain.slice(31)) {
      anchored = run(anchored, header);
      expect(anchored.lastIrreversible).toBe(Math.max(state.lastIrreversible, from.state.number));
    }
    expect(anchored.confirmationsLeft).toEqual(known.confirmationsLeft);
    expect(anchored.lastImplied).toEqual(known.lastImplied);
  });

  it('who confirms more blocks than there are is let through, as nodes do in u32', () => {
    const state = applyHeader(firstState(), signNext(firstState(), { slot: firstState().slot + 1 }), { now });
    const header = (confirmed: number): Partial<BlockHeader> => ({ producer: 'eosio', confirmed });
    const keys = keysOf(state, state.slot + 1);
    expect(applyRecovered(state, pretendRecovered(state, keys, header(4)), { now }).number).toBe(3);
    for (const confirmed of [1, 2, 3])
      expectCode(
        () => applyRecovered(state, pretendRecovered(state, keys, header(confirmed)), { now }),
        'CONFIRMED_TWICE',
      );
  });
});

describe('Savanna', () => {
  const one = (name: string): ProducerAuthority => ({
    producerName: name,
    authority: {
      threshold: 1,
      keys: [{ key: { curve: 'K1', data: new Uint8Array(33).fill(name.charCodeAt(0)) }, weight: 1 }],
    },
  });
  const id = new Uint8Array(32);
  id[3] = 100;
  const claim = { number: 99, isStrong: true };
  const start = (slot: number, ...names: string[]): State =>
    createState({
      id,
      number: 100,
      slot,
      activeSchedule: { version: 7, producers: names.map(one) },
      isSavanna: true,
      finality: { blocks: [{ slot, claim }], claimsFrom: 100, finalSlot: slot, proposed: null, pending: null },
    });
  interface Next {
    slot?: number;
    claim?: [number, boolean];
    proposal?: { version: number; remove: number[]; insert: [number, string][]; slot?: number };
    producer?: string;
  }
  const apply = (
    state: State,
    { slot = state.slot + 1, claim: [number, isStrong] = [state.number, true], proposal, producer = 'a' }: Next,
  ): State =>
    applyRecovered(
      state,
      pretendRecovered(
        state,
        one(producer).authority.keys.map(({ key }) => key),
        {
          slot,
          producer,
          headerExtensions: extensionsOf({
            finality: {
              qcBlockNumber: number,
              isQcStrong: isStrong,
              newFinalizerPolicy: null,
              newProposerPolicy:
                proposal === undefined
                  ? null
                  : {
                      version: proposal.version,
                      proposalSlot: proposal.slot ?? slot,
                      producers: {
                        removeIndexes: proposal.remove,
                        insertIndexes: proposal.insert.map(([index, name]) => ({ index, item: one(name) })),
                      },
                    },
            },
          }),
        },
      ),
      { now },
    );

  it('with a strong claim of the parent in each header, the block three before is final', () => {
    let state = start(1200, 'a');
    const finals: number[] = [];
    for (let i = 0; i < 6; i++) {
      state = apply(state, {});
      finals.push(state.lastIrreversible);
    }
    expect(finals).toEqual([100, 100, 100, 101, 102, 103]);
    expect(state.finality?.blocks.length).toBe(4);
  });

  it('a weak claim makes nothing final, nor does a strong one of a block that claims weakly', () => {
    let state = start(1200, 'a');
    for (let i = 0; i < 4; i++) state = apply(state, {});
    expect(state.lastIrreversible).toBe(101);
    state = apply(state, { claim: [104, false] });
    expect(state.lastIrreversible).toBe(101);
    state = apply(state, { claim: [105, true] });
    expect(state.lastIrreversible).toBe(101);
    state = apply(state, { claim: [106, true] });
    expect(state.lastIrreversible).toBe(104);
  });

  it('a proposed schedule signs from the second round after its own on, in which its block is final', () => {
    let state = start(1200, 'a');
    state = apply(state, {
      slot: 1205,
      proposal: {
        version: 8,
        remove: [0],
        insert: [
          [0, 'b'],
          [1, 'c'],
        ],
      },
    });
    expect(state.finality?.proposed?.schedule.producers.map(({ producerName }) => producerName)).toEqual(['b', 'c']);
    while (state.slot < 1223) state = apply(state, {});
    expect(state.activeSchedule.version).toBe(7);
    expect(state.finality?.pending?.schedule.version).toBe(8);
    // 1224 = 102 * 12 is the turn of the first of two.
    expectCode(() => apply(state, {}), 'PRODUCER_MISMATCH');
    state = apply(state, { producer: 'b' });
    expect([state.activeSchedule.version, state.finality?.pending, state.finality?.proposed]).toEqual([8, null, null]);
    expect(parseState(serializeState(state))).toEqual(state);
  });

  it('not before its block is final', () => {
    let state = start(1200, 'a');
    state = apply(state, {
      slot: 1205,
      claim: [100, false],
      proposal: { version: 8, remove: [0], insert: [[0, 'b']] },
    });
    while (state.slot < 1240) state = apply(state, { claim: [100, false] });
    expect(state.activeSchedule.version).toBe(7);
    while (state.slot < 1247) state = apply(state, {});
    expect(state.activeSchedule.version).toBe(7);
    expect(apply(state, { producer: 'b' }).activeSchedule.version).toBe(8);
  });

  it('a later proposal that is final too goes past the one that waits', () => {
    const weak = { claim: [100, false] as [number, boolean] };
    const first = { version: 8, remove: [], insert: [[1, 'b']] as [number, string][] };
    const second = { version: 9, remove: [1], insert: [] };
    let state = apply(start(1200, 'a'), { slot: 1205, ...weak, proposal: first });
    state = apply(state, { slot: 1213, ...weak, proposal: second });
    // Neither is final, however long it takes.
    while (state.slot < 1250) state = apply(state, weak);
    expect([state.activeSchedule.version, state.finality?.pending?.schedule.version]).toEqual([7, 8]);
    while (state.slot < 1259) state = apply(state, {});
    expect(state.activeSchedule.version).toBe(7);
    state = apply(state, {});
    expect([state.activeSchedule.version, state.finality?.pending, state.finality?.proposed]).toEqual([9, null, null]);
  });

  it('but not one of the round before that of the parent', () => {
    const weak = { claim: [100, false] as [number, boolean] };
    let state = apply(start(1200, 'a'), {
      slot: 1205,
      ...weak,
      proposal: { version: 8, remove: [0], insert: [[0, 'b']] },
    });
    state = apply(state, { slot: 1212, ...weak, proposal: { version: 9, remove: [0], insert: [[0, 'c']] } });
    while (state.slot < 1224) state = apply(state, weak);
    while (state.slot < 1235) state = apply(state, {});
    expect([state.finality?.finalSlot, state.activeSchedule.version]).toEqual([1232, 7]);
    expect(apply(state, { producer: 'b' }).activeSchedule.version).toBe(8);
  });

  it('one proposal after the other, each on the one before it', () => {
    let state = start(1200, 'a');
    state = apply(state, { slot: 1205, proposal: { version: 8, remove: [], insert: [[1, 'b']] } });
    expectCode(() => apply(state, { proposal: { version: 8, remove: [], insert: [] } }), 'SCHEDULE_INVALID');
    state = apply(state, { slot: 1213, proposal: { version: 9, remove: [0], insert: [] } });
    expect([state.finality?.pending?.schedule.version, state.finality?.proposed?.schedule.version]).toEqual([8, 9]);
    expect(state.finality?.proposed?.schedule.producers).toEqual([one('b')]);
  });

  it.each([
    ['a version that is not the next', { version: 9, remove: [], insert: [] }],
    ['a place to clear that is none', { version: 8, remove: [1], insert: [] }],
    ['places to clear that go back', { version: 8, remove: [0, 0], insert: [[0, 'b']] }],
    ['a place to fill that is none', { version: 8, remove: [], insert: [[2, 'b']] }],
    ['a producer twice', { version: 8, remove: [], insert: [[0, 'a']] }],
    ['nobody', { version: 8, remove: [0], insert: [] }],
    ['a slot to come', { version: 8, remove: [], insert: [], slot: 1202 }],
  ] as [string, NonNullable<Next['proposal']>][])('SCHEDULE_INVALID: %s', (_, proposal) => {
    expectCode(() => apply(start(1200, 'a'), { proposal }), 'SCHEDULE_INVALID');
  });

  it('SCHEDULE_INVALID: a proposal in a header of before Savanna', () => {
    const first = firstState();
    const newProposerPolicy = { version: 1, proposalSlot: 0, producers: { removeIndexes: [], insertIndexes: [] } };
    const header = (newPolicy: typeof newProposerPolicy | null): SignedHeader =>
      signNext(
        first,
        { slot: first.slot + 1 },
        {
          headerExtensions: extensionsOf({
            finality: { qcBlockNumber: 2, isQcStrong: false, newFinalizerPolicy: null, newProposerPolicy: newPolicy },
          }),
        },
      );
    expect(applyHeader(first, header(null), { now }).finality?.claimsFrom).toBe(2);
    expectCode(() => applyHeader(first, header(newProposerPolicy), { now }), 'SCHEDULE_INVALID');
  });

  it('keeps at most 1024 blocks while nothing is final, and goes on afterwards', () => {
    let state = start(1200, 'a');
    for (let i = 0; i < 1100; i++) state = apply(state, { claim: [100, true] });
    expect(state.finality?.blocks.length).toBe(1024);
    expect(parseState(serializeState(state))).toEqual(state);
    const stalled = state.lastIrreversible;
    for (let i = 0; i < 6; i++) state = apply(state, {});
    expect(state.lastIrreversible).toBeGreaterThan(stalled + 1090);
    expect(state.finality?.blocks.length).toBe(4);
  });
});

describe('findMissedSlots of a chain', () => {
  it('names who left a gap', () => {
    const schedule = { version: 1, producers: producersOf('proda', 'prodb', 'prodc') };
    expect(findMissedSlots(schedule, 11, 24)).toEqual([{ producer: 'prodb', count: 12, first: 12, last: 23 }]);
  });
});

describe('findEquivocation', () => {
  const state = applyHeader(firstState(), signNext(firstState(), { slot: firstState().slot + 1 }), { now });
  const make = (changes: Partial<BlockHeader>): SignedHeader => {
    const planned = planHeader(state, { slot: state.slot + 1 });
    return {
      ...signWith({ ...planned, header: { ...planned.header, ...changes } }, 'eosio'),
      blockroot: planned.blockroot,
      pendingScheduleHash: planned.pendingScheduleHash,
    };
  };

  it('two blocks in one slot on one parent', () => {
    const [a, b] = [make({}), make({ actionMroot: new Uint8Array(32).fill(1) })];
    expect(findEquivocation(a, b)).toMatchObject({ kind: 'equivocation', producer: 'eosio', slot: state.slot + 1 });
    expect(findEquivocation(a, a)).toBeUndefined();
    expect(findEquivocation(a, make({ slot: state.slot + 2 }))).toBeUndefined();
    expect(findEquivocation(a, make({ producer: 'other' }))).toBeUndefined();
    const previous = Uint8Array.from(state.id).fill(9, 8);
    expect(findEquivocation(a, make({ previous }))?.kind).toBe('different-parents');
  });

  it('not with another key', () => {
    const planned = planHeader(state, { slot: state.slot + 1 });
    const other = {
      ...signWith({ ...planned, header: { ...planned.header, confirmed: 7 } }, 'other'),
      blockroot: planned.blockroot,
      pendingScheduleHash: planned.pendingScheduleHash,
    };
    expect(findEquivocation(make({}), other)).toBeUndefined();
  });
});

describe('compareChains', () => {
  const state = firstState();

  it('the higher irreversible block, then the longer chain, then the first', () => {
    const at = (number: number, lastIrreversible: number): State => ({ ...state, number, lastIrreversible });
    expect(compareChains(at(10, 5), at(9, 6))).toBe('second');
    expect(compareChains(at(10, 6), at(11, 5))).toBe('first');
    expect(compareChains(at(10, 5), at(11, 5))).toBe('second');
    expect(compareChains(at(10, 5), at(10, 5))).toBe('first');
  });

  it('CHAIN_ANCHOR_MISMATCH', () => {
    expectCode(() => compareChains(state, { ...state, anchorId: new Uint8Array(32) }), 'CHAIN_ANCHOR_MISMATCH');
  });
});
