import {
  applyHeader,
  type BlockHeader,
  createState,
  inspectHeader,
  planHeader,
  type SignedHeader,
  type State,
  serializeHeader,
  tryApplyHeader,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { headers, now, recoverable } from '../../examples/eosio-chain-sample.js';
import { claimOf, extensionsOf, firstState, publicKeyOf, signNext, signWith } from '../support/eosioChain.js';

const first = firstState();
const state = applyHeader(first, signNext(first, { slot: first.slot + 1 }), { now });
const good = signNext(state, { slot: state.slot + 1 });

const ORDER = [
  ['E12', 'MALFORMED'],
  ['E41', 'PARENT_MISMATCH'],
  ['E42', 'NUMBER_MISMATCH'],
  ['E43', 'TIMESTAMP_TOO_OLD'],
  ['E44', 'TIMESTAMP_TOO_NEW'],
  ['E45', 'ERA_MISMATCH'],
  ['E46', 'SCHEDULE_VERSION_MISMATCH'],
  ['E47', 'PRODUCER_MISMATCH'],
  ['E48', 'CONFIRMED_TWICE'],
  ['E48', 'CONFIRMED_NOT_ZERO'],
  ['E49', 'SCHEDULE_UNEXPECTED'],
  ['E49', 'SCHEDULE_FORM_MISMATCH'],
  ['E49', 'NEW_SCHEDULE_VERSION_MISMATCH'],
  ['E32', 'SCHEDULE_INVALID'],
  ['E50', 'QC_CLAIM_INVALID'],
  ['E37', 'BLOCKROOT_MISMATCH'],
  ['E37', 'PENDING_SCHEDULE_MISMATCH'],
  ['E38', 'SIGNATURE_COUNT_MISMATCH'],
  ['E37', 'SIGNING_CONTEXT_MISSING'],
  ['E39', 'SIGNATURE_INVALID'],
  ['E51', 'KEY_DOUBLED'],
  ['E51', 'KEY_UNEXPECTED'],
  ['E51', 'KEY_WEIGHT_TOO_LOW'],
];

/** Asserts that the report and `applyHeader` say the same, the first failure being the error. */
function expectAgreement(on: State, input: SignedHeader, clock: number): void {
  const report = inspectHeader(input, { state: on, now: clock });
  const result = tryApplyHeader(on, input, { now: clock });
  expect(report.status).toBe(result.ok ? 'passed' : 'failed');
  const failed = report.rules.find(({ status }) => status === 'failed');
  if (!result.ok)
    expect([failed?.code, failed?.expected, failed?.got]).toEqual([
      result.error.code,
      result.error.expected,
      result.error.got,
    ]);
  for (const rule of report.rules) {
    expect(rule.expected.length).toBeGreaterThan(0);
    expect(rule.got.length).toBeGreaterThan(0);
    if (rule.bytes === undefined) continue;
    const { part, start, end } = rule.bytes;
    const size =
      part === 'header' ? input.header.length : input.signatures.reduce((sum, { length }) => sum + length, 0);
    expect(start <= end && end <= size, `${rule.id} ${start}-${end} of ${size}`).toBe(true);
  }
}

const planned = planHeader(state, { slot: state.slot + 1 });
const changed = (changes: Partial<BlockHeader>): SignedHeader => ({
  header: serializeHeader({ ...planned.header, ...changes }),
  signatures: good.signatures,
});
const schedule = { version: 1, producers: [{ producerName: 'a', blockSigningKey: publicKeyOf('a') }] };

describe('the report and applyHeader agree', () => {
  it.each<[string, State, SignedHeader, number]>([
    ['a good header', state, good, now],
    ['its parent missing', first, good, now],
    ['a clock behind', state, good, 0],
    ['no bytes', state, { header: new Uint8Array(), signatures: [] }, now],
    ['bytes cut', state, { ...good, header: good.header.subarray(0, 100) }, now],
    ['no signature', state, { ...good, signatures: [] }, now],
    ['a short signature', state, { ...good, signatures: [new Uint8Array(3)] }, now],
    ['two signatures', state, { ...good, signatures: [...good.signatures, ...good.signatures] }, now],
    ['zeros as signature', state, { ...good, signatures: [new Uint8Array(66)] }, now],
    ['another key', state, signWith(planned, 'other'), now],
    ['another root', state, { ...good, blockroot: new Uint8Array(32) }, now],
    ['another hash', state, { ...good, pendingScheduleHash: new Uint8Array(32) }, now],
    ['another parent', state, changed({ previous: new Uint8Array(32) }), now],
    ['a parent of the last number', state, changed({ previous: new Uint8Array(32).fill(0xff) }), now],
    ['slot', state, changed({ slot: 1 }), now],
    ['era', state, changed({ scheduleVersion: 0x80000000 }), now],
    ['version', state, changed({ scheduleVersion: 7 }), now],
    ['producer', state, changed({ producer: 'nobody' }), now],
    ['confirmed', state, changed({ confirmed: 1 }), now],
    ['an announced schedule', state, signNext(state, { slot: state.slot + 1 }, { newProducers: schedule }), now],
    ['one of another version', state, changed({ newProducers: { ...schedule, version: 5 } }), now],
    [
      'one of another form',
      state,
      changed({ headerExtensions: extensionsOf({ newSchedule: { version: 1, producers: [] } }) }),
      now,
    ],
    [
      'a producer twice',
      state,
      changed({ newProducers: { version: 1, producers: [...schedule.producers, ...schedule.producers] } }),
      now,
    ],
    ['a claim', state, changed({ headerExtensions: extensionsOf(claimOf(9, true)) }), now],
    ['an unknown extension', state, changed({ headerExtensions: [{ type: 3, data: new Uint8Array() }] }), now],
    ['a state without a root', { ...state, blockroot: null }, good, now],
    ['a state without a hash', { ...state, pendingScheduleHash: null }, good, now],
    [
      'a Savanna header on a state before',
      state,
      changed({ scheduleVersion: 0x80000000, headerExtensions: extensionsOf(claimOf(2, true)) }),
      now,
    ],
  ])('%s', (_, on, input, clock) => expectAgreement(on, input, clock));

  it('on every header of a chain, with its own state and with others', () => {
    let at = first;
    const seen: State[] = [first];
    for (let i = 0; i < 5; i++) {
      const input = signNext(at, { slot: at.slot + 1 });
      for (const other of seen) expectAgreement(other, input, now);
      at = applyHeader(at, input, { now });
      seen.push(at);
    }
  });

  it('in the order of the rules', () => {
    const report = inspectHeader(good, { state, now });
    expect(report.rules.map(({ id, code }) => [id, code])).toEqual(ORDER);
    expect(report.rules.every(({ status }) => status === 'passed')).toBe(true);
  });
});

describe('inspectHeader', () => {
  it('without a state: what a header proves by itself, and what would be needed for the rest', () => {
    const bare = inspectHeader(headers[0] as SignedHeader, { now });
    expect([bare.status, bare.number, bare.producer, bare.isSavanna]).toEqual(['unknown', 2, 'eosio', false]);
    expect(bare.publicKeys).toBeUndefined();
    expect(bare.rules.find(({ id }) => id === 'E39')?.expected).toContain('blockroot');
    const full = inspectHeader(recoverable[0] as SignedHeader, { now });
    expect([full.status, full.publicKeys?.length, full.message?.length]).toEqual(['unknown', 1, 32]);
    expect(full.rules.filter(({ status }) => status === 'failed')).toEqual([]);
    const early = inspectHeader(headers[0] as SignedHeader, { now: 0 });
    expect(early.rules.find(({ code }) => code === 'TIMESTAMP_TOO_NEW')?.status).toBe('failed');
    expect(early.status).toBe('failed');
  });

  it('shows all failures at once', () => {
    const report = inspectHeader(changed({ slot: 1, producer: 'nobody', confirmed: 9, scheduleVersion: 3 }), {
      state,
      now,
    });
    const failed = report.rules.filter(({ status }) => status === 'failed').map(({ code }) => code);
    expect(failed.slice(0, 3)).toEqual(['TIMESTAMP_TOO_OLD', 'SCHEDULE_VERSION_MISMATCH', 'PRODUCER_MISMATCH']);
    expect(report.scheduledProducer).toBe('eosio');
  });

  it('counts signatures by a rule of its own', () => {
    const { rules } = inspectHeader({ ...good, signatures: [] }, { state, now });
    expect(rules.find(({ id }) => id === 'E38')?.status).toBe('failed');
    expect(rules.find(({ id }) => id === 'E39')?.status).toBe('failed');
  });

  it('a header that does not parse leaves the rest unknown', () => {
    const report = inspectHeader({ header: Uint8Array.of(1, 2, 3), signatures: [] }, { state, now });
    expect(report.rules.map(({ status }) => status)).toEqual(['failed', ...ORDER.slice(1).map(() => 'unknown')]);
    expect(report.header).toBeUndefined();
  });

  it('names the schedule that is announced, and shares nothing', () => {
    const input = structuredClone(headers[2] as SignedHeader);
    const report = inspectHeader(input, { now });
    const kept = structuredClone(report);
    expect(report.announcedSchedule?.producers.map(({ producerName }) => producerName)).toEqual([
      'proda',
      'prodb',
      'prodc',
    ]);
    input.header.fill(0);
    expect(report).toEqual(kept);
  });

  it('changes no state', () => {
    const before = structuredClone(state);
    inspectHeader(good, { state, now });
    expect(state).toEqual(before);
    expect(createState(state)).toEqual(state);
  });

  it.each([undefined, {}, { now: -1 }, { now, state: 5 }])('wrong options are a TypeError: %s', (options) => {
    expect(() => inspectHeader(good, options as never)).toThrow(TypeError);
  });
});
