import fc from 'fast-check';
import { isPoaError } from 'poa-primitives';
import {
  type Anchor,
  applyHeaders,
  computeProducerAuthorityScheduleHash,
  createAnchor,
  createIncrementalMerkle,
  createState,
  parseState,
  type State,
  serializeName,
  serializeState,
  sha256,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { electedSchedule, genesis, headers, now } from '../../examples/eosio-chain-sample.js';
import { runs } from '../support/arbitraries.js';
import { producersOf, publicKeyOf } from '../support/eosioChain.js';
import { expectCode } from '../support/errors.js';

const anchor = createAnchor({ genesis });
const first = createState(anchor);

/** The states of the sample chain. */
const states: State[] = [first];
for (let i = 1; i <= headers.length; i++) {
  const result = applyHeaders(first, headers.slice(0, i), { now });
  if (result.ok) states.push(result.value);
}
const pending = states.find(({ pendingSchedule, number }) => pendingSchedule !== null && number > 1) as State;
const last = states[states.length - 1] as State;
const claim = { number: 8, isStrong: false };
const savanna: Anchor = {
  id: last.id,
  number: last.number,
  slot: last.slot,
  activeSchedule: last.activeSchedule,
  isSavanna: true,
  finality: {
    blocks: [{ slot: last.slot, claim }],
    claimsFrom: last.number,
    finalSlot: last.slot,
    proposed: null,
    pending: { schedule: { version: 2, producers: producersOf('proda') }, slot: last.slot - 20 },
  },
};

describe('createState', () => {
  it('shares nothing with the anchor', () => {
    const mine = structuredClone(anchor) as Anchor;
    const state = createState(mine);
    const kept = structuredClone(state);
    mine.id.fill(9);
    mine.blockroot?.activeNodes[0]?.fill(9);
    mine.activeSchedule.producers[0]?.authority.keys[0]?.key.data.fill(9);
    mine.pendingScheduleHash?.fill(9);
    expect(state).toEqual(kept);
  });

  it('fills in what a trusted block leaves open', () => {
    const { id, number, slot, activeSchedule } = last;
    expect(createState({ id, number, slot, activeSchedule })).toEqual({
      anchorId: id,
      id,
      number,
      slot,
      blockroot: null,
      activeSchedule,
      pendingSchedule: null,
      pendingScheduleHash: null,
      proposedIrreversible: number,
      lastIrreversible: number,
      confirmationsLeft: [],
      lastProduced: [],
      lastImplied: activeSchedule.producers.map(({ producerName }) => ({ producer: producerName, number })),
      hasAuthorities: null,
      isSavanna: false,
      finality: null,
    });
  });

  it('takes every state of a chain', () => {
    for (const state of states) expect(createState(state)).toEqual(state);
  });

  it.each<[string, Partial<Anchor>]>([
    ['an id of another number', { number: 8 }],
    [
      'an id of another number, with nothing else known',
      { id: new Uint8Array(32), anchorId: new Uint8Array(32), blockroot: null },
    ],
    ['an anchor of a later number', { anchorId: new Uint8Array(32).fill(1) }],
    ['an empty schedule', { activeSchedule: { version: 1, producers: [] } }],
    ['a blockroot of another count', { blockroot: createIncrementalMerkle() }],
    ['irreversible above proposed', { proposedIrreversible: 3, lastIrreversible: 4 }],
    ['more confirmations than blocks', { confirmationsLeft: new Array(9).fill(1) }],
    ['an entry of nobody', { lastImplied: [{ producer: 'nobody', number: 1 }] }],
    ['an entry twice', { lastProduced: [1, 2].map((number) => ({ producer: 'proda', number })) }],
    [
      'more producers than there are',
      { lastProduced: 'abcdef'.split('').map((producer) => ({ producer, number: 1 })) },
    ],
  ])('STATE_INVALID: %s', (_, changes) => {
    expectCode(() => createState({ ...last, ...changes }), 'STATE_INVALID');
  });

  it.each<[string, Partial<Anchor>]>([
    ['another version', { pendingSchedule: { schedule: { ...electedSchedule, version: 2 }, number: 4 } }],
    ['another hash', { pendingScheduleHash: new Uint8Array(32) }],
    ['no hash', { pendingScheduleHash: null }],
  ])('STATE_INVALID: a pending schedule with %s', (_, changes) => {
    expect(createState(pending)).toEqual(pending);
    expectCode(() => createState({ ...pending, ...changes }), 'STATE_INVALID');
  });

  it('STATE_INVALID: a pending schedule without what tells when it becomes active', () => {
    const { lastImplied: _, ...rest } = pending;
    expectCode(() => createState(rest), 'STATE_INVALID');
    const { confirmationsLeft: __, ...other } = pending;
    expectCode(() => createState(other), 'STATE_INVALID');
  });

  it.each<[string, object]>([
    ['no claims', { finality: null }],
    ['a blockroot', { blockroot: last.blockroot }],
    ['a hash', { pendingScheduleHash: last.pendingScheduleHash }],
    ['confirmations', { lastProduced: last.lastProduced }],
    ['a last block of another slot', { finality: { ...savanna.finality, blocks: [{ slot: last.slot - 1, claim }] } }],
    [
      'claims that go back',
      {
        finality: {
          ...savanna.finality,
          blocks: [
            { slot: last.slot - 1, claim: { number: 7, isStrong: true } },
            { slot: last.slot, claim: { number: 7, isStrong: false } },
          ],
        },
      },
    ],
  ])('STATE_INVALID: Savanna with %s', (_, changes) => {
    expect(createState(savanna).isSavanna).toBe(true);
    expectCode(() => createState({ ...savanna, ...changes }), 'STATE_INVALID');
  });

  it('STATE_INVALID: a proposal before Savanna', () => {
    expectCode(() => createState({ ...last, finality: savanna.finality as never }), 'STATE_INVALID');
  });

  it.each<[string, object, string]>([
    ['id', { id: new Uint8Array(31) }, 'OUT_OF_RANGE'],
    ['number', { number: 0 }, 'OUT_OF_RANGE'],
    ['slot', { slot: 2 ** 32 }, 'OUT_OF_RANGE'],
    ['lastIrreversible', { lastIrreversible: 10 }, 'OUT_OF_RANGE'],
    ['confirmationsLeft', { proposedIrreversible: 1, lastIrreversible: 1, confirmationsLeft: [0] }, 'OUT_OF_RANGE'],
    ['schedule', { activeSchedule: { version: 1, producers: producersOf('a', 'a') } }, 'SCHEDULE_INVALID'],
    [
      'threshold',
      {
        activeSchedule: {
          version: 1,
          producers: [{ producerName: 'a', authority: { threshold: 2, keys: [{ key: publicKeyOf('a'), weight: 1 }] } }],
        },
      },
      'SCHEDULE_INVALID',
    ],
    ['name', { activeSchedule: { version: 1, producers: producersOf('A') } }, 'NAME_INVALID'],
    ['blockroot', { blockroot: { nodeCount: 9n, activeNodes: [] } }, 'MERKLE_INVALID'],
    ['claimsFrom', { ...savanna, finality: { ...savanna.finality, claimsFrom: 3 } }, 'OUT_OF_RANGE'],
  ])('a wrong %s', (_, changes, code) => {
    expectCode(() => createState({ ...last, ...changes } as never), code as never);
  });

  it.each([
    undefined,
    null,
    7,
    {},
    { ...anchor, number: 1n },
    { ...anchor, id: 'text' },
    { ...anchor, isSavanna: 1 },
    { ...anchor, finality: 5 },
  ])('a wrong type is a TypeError: %#', (wrong) => expect(() => createState(wrong as never)).toThrow(TypeError));
});

describe('createAnchor', () => {
  it('of the header of a block with the blockroot of the node, which ends before it', () => {
    const before = states[states.length - 2] as State;
    const source = {
      header: headers[headers.length - 1]?.header as Uint8Array,
      activeSchedule: last.activeSchedule,
      blockroot: before.blockroot,
    };
    const state = createState(createAnchor(source));
    expect([state.id, state.blockroot]).toEqual([last.id, last.blockroot]);
    expectCode(() => createAnchor({ ...source, blockroot: last.blockroot }), 'STATE_INVALID');
    expectCode(() => createAnchor({ ...source, header: new Uint8Array(9) }), 'MALFORMED');
    expectCode(() => createAnchor({ ...source, activeSchedule: { version: 0, producers: [] } }), 'STATE_INVALID');
    expect(() => createAnchor(undefined as never)).toThrow(TypeError);
    // With the form of schedules the hash that is signed follows from the active one.
    const hashOf = (hasAuthorities: boolean | null) => createAnchor({ ...source, hasAuthorities }).pendingScheduleHash;
    expect(hashOf(null)).toBeNull();
    expect(hashOf(false)).toEqual(last.pendingScheduleHash);
    expect(hashOf(true)).toEqual(computeProducerAuthorityScheduleHash(last.activeSchedule));
    const given = new Uint8Array(32).fill(5);
    expect(createAnchor({ ...source, hasAuthorities: true, pendingScheduleHash: given }).pendingScheduleHash).toEqual(
      given,
    );
  });

  it('of a header that announces a schedule, which then waits', () => {
    const { activeSchedule, confirmationsLeft, lastImplied, proposedIrreversible, lastIrreversible } = pending;
    const source = { header: headers[pending.number - 2]?.header as Uint8Array, activeSchedule };
    expectCode(() => createAnchor(source), 'STATE_INVALID');
    const known = { ...source, confirmationsLeft, lastImplied, proposedIrreversible, lastIrreversible };
    const anchored = createAnchor(known);
    expect([anchored.pendingSchedule, anchored.pendingScheduleHash]).toEqual([
      pending.pendingSchedule,
      pending.pendingScheduleHash,
    ]);
  });
});

describe('serialized states', () => {
  const bytes = serializeState(last);
  /** Bytes whose checksum holds. */
  const sealed = (body: Uint8Array): Uint8Array => Uint8Array.from([...body, ...sha256(body)]);

  it('go both ways, also those of Savanna and with a schedule that waits', () => {
    for (const state of [...states, createState(savanna), createState({ ...last, hasAuthorities: null })]) {
      const serialized = serializeState(state);
      expect(parseState(serialized)).toEqual(state);
      expect(serializeState(parseState(serialized))).toEqual(serialized);
    }
  });

  it('every truncation, one byte more, and every flipped bit are refused', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => parseState(bytes.subarray(0, length))).toThrow(/\[(?:MALFORMED|STATE_CHECKSUM_MISMATCH)\]/);
    expectCode(() => parseState(Uint8Array.from([...bytes, 0])), 'STATE_CHECKSUM_MISMATCH');
    for (let bit = 0; bit < 8 * bytes.length; bit += 3) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => parseState(flipped)).toThrow(/\[(?:MALFORMED|STATE_CHECKSUM_MISMATCH|STATE_VERSION_UNSUPPORTED)\]/);
    }
  });

  it('STATE_VERSION_UNSUPPORTED, and other texts', () => {
    const body = Uint8Array.from(bytes.subarray(0, -32));
    body[7] = 2;
    expectCode(() => parseState(sealed(body)), 'STATE_VERSION_UNSUPPORTED');
    body[7] = 1;
    body[0] = 0;
    expectCode(() => parseState(sealed(body)), 'MALFORMED');
    expectCode(() => parseState(new Uint8Array(2 ** 20 + 1)), 'MALFORMED');
    expect(() => parseState('x' as never)).toThrow(TypeError);
  });

  it('spoilt bytes with a checksum that holds give a state that serializes to them, or a PoaError', () => {
    const samples = [bytes, serializeState(createState(savanna)), serializeState(pending)];
    const edit = fc.record({ at: fc.nat(600), with: fc.uint8Array({ maxLength: 5 }), cut: fc.nat(5) });
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(edit, { minLength: 1, maxLength: 3 }), (sample, edits) => {
        const body = edits.reduce(
          (now_, { at, with: put, cut }) => {
            const from = 8 + (at % (now_.length - 8));
            return Uint8Array.from([...now_.subarray(0, from), ...put, ...now_.subarray(from + cut)]);
          },
          sample.subarray(0, -32),
        );
        try {
          expect(serializeState(parseState(sealed(body)))).toEqual(sealed(body));
        } catch (error) {
          if (!isPoaError(error)) throw error;
        }
      }),
      { numRuns: runs(400) },
    );
  });

  it('entries in another order are another encoding of the same, and refused', () => {
    const entries = last.lastProduced;
    const at = (name: string): number => {
      const pair = serializeName(name);
      // Behind the schedule, where the names stand first.
      return Buffer.from(bytes).lastIndexOf(Buffer.from(pair));
    };
    const body = Uint8Array.from(bytes.subarray(0, -32));
    const [one, two] = [at('proda'), at('prodb')];
    expect([entries.length, two - one]).toEqual([4, 12]);
    body.set(bytes.subarray(two, two + 12), one);
    body.set(bytes.subarray(one, one + 12), two);
    expectCode(() => parseState(sealed(body)), 'MALFORMED');
    const swapped = { ...last, lastProduced: [...entries].reverse() };
    expect(serializeState(swapped)).toEqual(bytes);
  });

  it('serializes nothing that could not be read back', () => {
    expectCode(() => serializeState({ ...last, number: 8 }), 'STATE_INVALID');
    const keys = Array.from({ length: 300 }, (_, i) => ({
      key: {
        curve: 'K1' as const,
        data: Uint8Array.from({ length: 33 }, (__, j) => (j < 2 ? (i >> (8 * j)) & 0xff : 1)),
      },
      weight: 1,
    }));
    const producers = Array.from({ length: 125 }, (_, i) => ({
      producerName: `p${'12345'[Math.floor(i / 26)]}${'abcdefghijklmnopqrstuvwxyz'[i % 26]}`,
      authority: { threshold: 1, keys },
    }));
    const { id, number, slot } = last;
    expectCode(
      () => serializeState(createState({ id, number, slot, activeSchedule: { version: 1, producers } })),
      'STATE_INVALID',
    );
  });
});
