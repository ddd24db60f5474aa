import {
  applyHeader,
  createState,
  inspectHeader,
  type PoaHeader,
  parseHeader,
  recoverHeader,
  type State,
  serializeHeader,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now } from '../../examples/sample.js';
import { hex } from '../support/bytes.js';
import { inputOf, readVectors, stateOf, type VectorHeader, type VectorState } from '../support/poa.js';

const genesis = createState(anchor);
const first = headers[0] as PoaHeader;
const ORDER = [
  'R4',
  'R20',
  'R21',
  'R22',
  'R23',
  'R24',
  'R25',
  'R26',
  'R27',
  'R12',
  'R13',
  'R14',
  'R15',
  'R17',
  'R28',
  'R29',
  'R30',
  'R32',
];

const failedCodes = (input: PoaHeader, options: Parameters<typeof inspectHeader>[1]): string[] =>
  inspectHeader(input, options)
    .rules.filter(({ status }) => status === 'failed')
    .map(({ code }) => code);

/** Asserts that the report and `applyHeader` say the same, the first failure being the error. */
function expectAgreement(state: State, input: PoaHeader, clock: number): void {
  const report = inspectHeader(input, { state, now: clock });
  const result = tryApplyHeader(state, input, { now: clock });
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
    expect(start <= end && end <= input[part].length, `${rule.id} ${start}-${end} of ${input[part].length}`).toBe(true);
  }
}

describe('inspectHeader agrees with applyHeader', () => {
  const rejections = readVectors('rejections.json') as {
    now: number;
    state: VectorState;
    rejected: VectorHeader[];
    accepted: VectorHeader[];
  };
  const groups = readVectors('rules.json').groups as (typeof rejections & { about: string })[];

  it.each(
    [...rejections.rejected, ...rejections.accepted].map((vector, i) => [vector.why ?? 'accepted', i, vector] as const),
  )('rejections.json: %s, %i', (_, __, vector) => {
    expectAgreement(stateOf(rejections.state), inputOf(vector), rejections.now);
  });

  it.each(groups.map((group) => [group.about, group] as const))('rules.json: %s', (_, group) => {
    for (const vector of [...group.accepted, ...group.rejected])
      expectAgreement(stateOf(group.state), inputOf(vector), group.now);
  });
});

describe('inspectHeader', () => {
  it('reports every rule in the order of RULES.md, R31', () => {
    const report = inspectHeader(first, { state: genesis, now });
    expect(report.rules.map(({ id }) => id)).toEqual(ORDER);
    expect(report.rules.every(({ status }) => status === 'passed')).toBe(true);
  });

  it('tells what the header proves', () => {
    const { rules: _, status, ...proven } = inspectHeader(first, { state: genesis, now });
    expect(status).toBe('passed');
    expect(proven).toEqual({ ...recoverHeader(first), inTurn: true });
  });

  it('shows all failures at once', () => {
    const header = serializeHeader({ ...parseHeader(first.header), version: 1, number: 7n, timestamp: 0n, nonce: 9n });
    expect(failedCodes({ ...first, header }, { state: genesis, now })).toEqual([
      'VERSION_MISMATCH',
      'NUMBER_MISMATCH',
      'TIMESTAMP_TOO_OLD',
      'NONCE_NOT_ZERO',
      'CELLBASE_INVALID',
      'ATTESTER_UNKNOWN',
    ]);
  });

  it('without a state judges what needs none', () => {
    const report = inspectHeader(first, { now });
    expect(report.status).toBe('unknown');
    const unknown = report.rules.filter(({ status }) => status === 'unknown');
    expect(unknown.map(({ id }) => id)).toEqual(['R21', 'R22', 'R23', 'R24', 'R25', 'R28', 'R29', 'R30']);
    expect(unknown.every(({ expected, got }) => expected === 'the state of the parent block' && got === 'none')).toBe(
      true,
    );
    expect(hex(report.attester as Uint8Array)).toBe(hex(recoverHeader(first).attester));
    expect('inTurn' in report).toBe(false);
    expect(inspectHeader(headers[1] as PoaHeader, { now }).rules.at(-1)).toMatchObject({
      id: 'R32',
      where: 'votingTxs[0]',
      status: 'unknown',
    });
    expect(failedCodes(first, { now: 0 })).toEqual(['TIMESTAMP_TOO_NEW']);
  });

  it('says of a header of another length what its cellbase still tells', () => {
    const report = inspectHeader({ ...first, header: first.header.subarray(1) }, { state: genesis, now });
    expect(report.status).toBe('failed');
    expect(report.rules[0]).toMatchObject({
      id: 'R4',
      code: 'MALFORMED',
      status: 'failed',
      expected: '208 bytes',
      got: '207 bytes',
    });
    expect(
      report.rules
        .slice(1)
        .filter(({ status }) => status !== 'unknown')
        .map(({ id }) => id),
    ).toEqual(['R12', 'R32']);
    expect(report.transactionsCount).toBe(3);
    expect('header' in report).toBe(false);
  });

  it('says of a cellbase that does not decode where the flaw lies', () => {
    const report = inspectHeader({ ...first, cellbase: first.cellbase.subarray(1) }, { state: genesis, now });
    expect(report.rules.find(({ status }) => status === 'failed')).toMatchObject({
      id: 'R12',
      code: 'MALFORMED',
      where: 'cellbase',
    });
    expect(report.rules.filter(({ status }) => status === 'unknown').map(({ id }) => id)).toEqual([
      'R13',
      'R14',
      'R15',
      'R17',
      'R28',
      'R29',
      'R30',
      'R32',
    ]);
    expect(
      inspectHeader({ ...first, cellbase: new Uint8Array(597_001) }, { now }).rules.find(({ id }) => id === 'R12')
        ?.code,
    ).toBe('CELLBASE_TOO_LARGE');
  });

  it('recovers the attester although the root is another', () => {
    const header = serializeHeader({ ...parseHeader(first.header), transactionsRoot: new Uint8Array(32) });
    const report = inspectHeader({ ...first, header }, { state: genesis, now });
    expect(report.rules.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['R15']);
    expect(report.attester).toEqual(recoverHeader(first).attester);
  });

  it('judges votes one by one, in order', () => {
    const second = headers[1] as PoaHeader;
    const state = applyHeader(genesis, first, { now });
    const vote = inspectHeader(second, { state, now }).rules.at(-1);
    expect(vote).toMatchObject({
      id: 'R32',
      where: 'votingTxs[0]',
      status: 'passed',
      got: '2 signatures for a list of 4 validators',
    });
  });

  it('names the bytes that a rule looks at', () => {
    const { rules } = inspectHeader(first, { state: genesis, now });
    const bytesOf = (id: string) => rules.find((rule) => rule.id === id)?.bytes;
    expect(bytesOf('R22')).toEqual({ part: 'header', start: 16, end: 24 });
    const { part, start, end } = bytesOf('R17') as { part: 'cellbase'; start: number; end: number };
    expect([part, end - start]).toEqual(['cellbase', 65]);
  });

  it('never throws for content, and a TypeError for a wrong type', () => {
    const empty = new Uint8Array();
    expect(inspectHeader({ header: empty, cellbase: empty }, { state: genesis, now }).status).toBe('failed');
    for (const options of [undefined, {}, { now: -1 }, { now, state: 5 }])
      expect(() => inspectHeader(first, options as never)).toThrow(TypeError);
    expect(() => inspectHeader({ header: '0x', cellbase: empty } as never, { now })).toThrow(TypeError);
  });

  it('shares nothing with its input', () => {
    const mine = structuredClone(first);
    const report = inspectHeader(mine, { state: genesis, now });
    const kept = structuredClone(report);
    mine.header.fill(0xff);
    mine.cellbase.fill(0xff);
    expect(report).toEqual(kept);
  });
});
