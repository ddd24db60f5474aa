/** Spoilt input for every export of `poa-primitives/clique` but the bootstrap: nothing but the codes that are documented may come out. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import * as clique from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import * as sample from '../../examples/clique-sample.js';
import { locateHeader } from '../../src/clique/encoding/header.js';
import { encodeRlpList, type RlpItem } from '../../src/internal/rlp.js';
import { applyEdit, edit } from '../ckb/adversarial/edits.js';
import { copy, isSame, nodesOf, type Path, replaceAt } from '../ckb/adversarial/values.js';
import { runs } from '../support/arbitraries.js';
import { bytes } from '../support/bytes.js';
import { addresses, LATER, nextHeader, recoveredBy, seal, startAt } from '../support/clique.js';
import { hasShared, readShared } from '../support/shared.js';

const now = LATER;
const { anchor, genesis, secretKeys, signers } = sample;

/** States and the headers behind them: without votes and with, a checkpoint, and after London. */
const voter = (state: clique.State, signer: Uint8Array, address: Uint8Array): clique.State =>
  clique.applyRecovered(state, recoveredBy(nextHeader(state, signer, { address, authorize: true }), signer), { now });
const legacy = clique.createState(anchor);
const five = addresses.slice(0, 5);
const [first, second, third] = five as [Uint8Array, Uint8Array, Uint8Array];
const voting = [second, first].reduce(
  (state, signer) => voter(state, signer, addresses[9] as Uint8Array),
  startAt(five, { epoch: 100 }),
);
const london = startAt(five, { epoch: 1, londonBlock: 0n }, { baseFeePerGas: 1000n });
const applySeeds = [
  { state: legacy, header: sample.headers[0] as Uint8Array },
  { state: voting, header: seal(nextHeader(voting, third, { address: first, authorize: false }), third) },
  { state: london, header: seal(nextHeader(london, second), second) },
];
const headers = [genesis, ...applySeeds.map(({ header }) => header)];
const records = headers.map(clique.parseHeader);
const states = [legacy, voting, london];
const snapshots = states.map(clique.snapshotToRpc);
const prepared = clique.prepareHeader(records[1] as clique.Header);
const signature = (records[1] as clique.Header).extraData.slice(-65);
const anchors: clique.Anchor[] = [
  anchor,
  {
    header: headers[2] as Uint8Array,
    config: { epoch: 100 },
    snapshot: {
      number: 3n,
      hash: clique.computeHeaderHash(headers[2] as Uint8Array),
      signers: voting.signers,
      recents: voting.recents,
      votes: clique.listVotes(voting),
    },
    totalDifficulty: 7n,
  },
];

const EXTRA = ['VANITY_MISSING', 'SEAL_MISSING'] as const;
const HEADER = ['MALFORMED', ...EXTRA, 'SIGNATURE_INVALID'] as const;
const RULES = [
  'TIMESTAMP_TOO_NEW',
  'CHECKPOINT_BENEFICIARY_NOT_ZERO',
  'NONCE_INVALID',
  'CHECKPOINT_NONCE_NOT_ZERO',
  'SIGNERS_UNEXPECTED',
  'CHECKPOINT_SIGNERS_MALFORMED',
  'MIX_HASH_NOT_ZERO',
  'UNCLES_NOT_EMPTY',
  'DIFFICULTY_INVALID',
  'GAS_LIMIT_TOO_HIGH',
  'PARENT_MISMATCH',
  'NUMBER_MISMATCH',
  'TIMESTAMP_TOO_SOON',
  'GAS_USED_ABOVE_LIMIT',
  'BASE_FEE_UNEXPECTED',
  'GAS_LIMIT_OUT_OF_BOUNDS',
  'BASE_FEE_MISSING',
  'BASE_FEE_MISMATCH',
  'CHECKPOINT_SIGNERS_MISMATCH',
  'SIGNER_UNAUTHORIZED',
  'SIGNER_RECENTLY_SIGNED',
  'DIFFICULTY_MISMATCH',
] as const;
const STATE = ['OUT_OF_RANGE', 'STATE_INVALID'] as const;

interface Target {
  /** Calls the function; an outcome that holds an error throws it. */
  readonly call: (input: any) => unknown;
  readonly seeds: readonly unknown[];
  readonly codes: readonly PoaErrorCode[];
  /** What must equal the input, made from the output. */
  readonly inverse?: (output: any) => unknown;
  /** Members that may be left out, or may be null. */
  readonly optional?: readonly string[];
  /** Members that are not looked at, or whose checks are the caller's own: a state, which is trusted. */
  readonly unread?: readonly string[];
}

/** What was returned as an error is thrown. */
function unwrap(result: clique.Result<unknown> | clique.HeadersResult): unknown {
  if (!result.ok) throw result.error;
  return result.value;
}

/** Records of headers, as arguments. */
const HEADER_RECORD = { codes: ['OUT_OF_RANGE'] as PoaErrorCode[], optional: ['baseFeePerGas'] };

const TARGETS: Record<string, Target> = {
  parseHeader: { call: clique.parseHeader, seeds: headers, codes: ['MALFORMED'], inverse: clique.serializeHeader },
  serializeHeader: { call: clique.serializeHeader, seeds: records, inverse: clique.parseHeader, ...HEADER_RECORD },
  computeHeaderHash: { call: clique.computeHeaderHash, seeds: headers, codes: ['MALFORMED'] },
  computeSealHash: { call: clique.computeSealHash, seeds: headers, codes: ['MALFORMED', 'SEAL_MISSING'] },
  parseExtraData: {
    call: clique.parseExtraData,
    seeds: records.map(({ extraData }) => extraData),
    codes: [...EXTRA, 'CHECKPOINT_SIGNERS_MALFORMED'],
    inverse: clique.serializeExtraData,
  },
  serializeExtraData: {
    call: clique.serializeExtraData,
    seeds: records.map(({ extraData }) => clique.parseExtraData(extraData)),
    codes: ['OUT_OF_RANGE'],
    inverse: clique.parseExtraData,
  },
  keccak256: { call: clique.keccak256, seeds: [genesis], codes: [] },
  recoverHeader: { call: clique.recoverHeader, seeds: headers.slice(1), codes: HEADER },
  recoverSigner: { call: clique.recoverSigner, seeds: headers.slice(1), codes: HEADER },
  recoverSealer: {
    call: ({ message, seal: bytes }) => clique.recoverSealer(message, bytes),
    seeds: [{ message: prepared.message, seal: signature }],
    codes: ['OUT_OF_RANGE', 'SIGNATURE_INVALID'],
  },
  prepareHeader: { ...HEADER_RECORD, call: clique.prepareHeader, seeds: records, codes: ['OUT_OF_RANGE', ...EXTRA] },
  sealHeader: {
    call: ({ prepared, signature }) => clique.sealHeader(prepared, signature),
    seeds: [{ prepared, signature }],
    codes: ['OUT_OF_RANGE', ...HEADER],
    // The message is for who signs.
    unread: ['prepared.message'],
  },
  signHeader: {
    ...HEADER_RECORD,
    call: ({ key, ...header }) => clique.signHeader(header, key),
    seeds: records.slice(0, 2).map((record) => ({ ...record, key: secretKeys[0] })),
    codes: ['OUT_OF_RANGE', 'SECRET_KEY_INVALID', ...EXTRA],
  },
  computeAddress: { call: clique.computeAddress, seeds: [secretKeys[0]], codes: ['SECRET_KEY_INVALID'] },
  createState: {
    call: clique.createState,
    seeds: anchors,
    codes: [...STATE, 'MALFORMED', ...EXTRA, 'CHECKPOINT_SIGNERS_MALFORMED'],
    optional: ['config', 'snapshot', 'totalDifficulty', 'anchorHash', 'period', 'epoch', 'londonBlock'],
  },
  parseState: {
    call: clique.parseState,
    seeds: states.map(clique.serializeState),
    codes: [...STATE, 'MALFORMED', 'STATE_VERSION_UNSUPPORTED', 'STATE_CHECKSUM_MISMATCH'],
    inverse: clique.serializeState,
  },
  'parseState behind its checksum': {
    call: (body) => clique.parseState(new Uint8Array(Buffer.concat([body, clique.keccak256(body)]))),
    seeds: states.map((state) => clique.serializeState(state).slice(0, -32)),
    codes: [...STATE, 'MALFORMED', 'STATE_VERSION_UNSUPPORTED'],
    inverse: (state) => clique.serializeState(state).slice(0, -32),
  },
  serializeState: {
    call: clique.serializeState,
    seeds: states.map((state) => ({ ...state, votes: null })),
    codes: STATE,
    optional: ['baseFeePerGas', 'position', 'londonBlock', 'period', 'epoch'],
    unread: ['votes'],
  },
  applyHeader: {
    call: ({ state, header }) => clique.applyHeader(state, header, { now }),
    seeds: applySeeds,
    codes: [...HEADER, ...RULES],
    unread: ['state'],
  },
  tryApplyHeader: {
    call: ({ state, header }) => unwrap(clique.tryApplyHeader(state, header, { now })),
    seeds: applySeeds,
    codes: [...HEADER, ...RULES],
    unread: ['state'],
  },
  applyHeaders: {
    call: ({ state, headers }) => unwrap(clique.applyHeaders(state, headers, { now })),
    seeds: [{ state: legacy, headers: sample.headers.slice(0, 2) }],
    codes: [...HEADER, ...RULES],
    unread: ['state'],
  },
  inspectHeader: {
    call: ({ state, header }) => clique.inspectHeader(header, { state, now }),
    seeds: applySeeds,
    codes: [],
    unread: ['state'],
  },
  buildHeader: {
    call: clique.buildHeader,
    seeds: [
      {
        state: legacy,
        signer: signers[1],
        timestamp: legacy.timestamp + 15n,
        stateRoot: new Uint8Array(32),
        vote: { address: signers[0], authorize: false },
        vanity: new Uint8Array(32),
        gasLimit: 8_000_000n,
        gasUsed: 0n,
        transactionsRoot: new Uint8Array(32),
        receiptsRoot: new Uint8Array(32),
        logsBloom: new Uint8Array(256),
      },
    ],
    codes: ['OUT_OF_RANGE', 'SIGNER_UNAUTHORIZED', 'SIGNER_RECENTLY_SIGNED'],
    optional: ['vote', 'vanity', 'gasLimit', 'gasUsed', 'transactionsRoot', 'receiptsRoot', 'logsBloom'],
    unread: ['state'],
  },
  planSeal: {
    call: (request) => clique.planSeal({ ...request, random: () => 0 }),
    seeds: [{ state: legacy, signer: signers[0], now: 0, wiggle: 'eip225' }],
    codes: ['OUT_OF_RANGE', 'SIGNER_UNAUTHORIZED'],
    optional: ['wiggle'],
    unread: ['state', 'now'],
  },
  computeNextSealableNumber: {
    call: ({ state, signer }) => clique.computeNextSealableNumber(state, signer),
    seeds: [{ state: legacy, signer: signers[0] }],
    codes: ['OUT_OF_RANGE', 'SIGNER_UNAUTHORIZED'],
    unread: ['state'],
  },
  computeInTurnIndex: {
    call: ({ number, count }) => clique.computeInTurnIndex(number, count),
    seeds: [{ number: 13n, count: 5 }],
    codes: ['OUT_OF_RANGE'],
  },
  computeSignerLimit: { call: clique.computeSignerLimit, seeds: [5], codes: ['OUT_OF_RANGE'] },
  computeTurnDistance: {
    call: ({ number, index, count }) => clique.computeTurnDistance(number, { index, count }),
    seeds: [{ number: 13n, index: 2, count: 5 }],
    codes: ['OUT_OF_RANGE'],
  },
  headerFromRpc: {
    call: clique.headerFromRpc,
    seeds: headers.map(clique.headerToRpc),
    codes: ['JSON_INVALID'],
  },
  headerToRpc: {
    call: clique.headerToRpc,
    seeds: headers,
    codes: ['MALFORMED'],
    inverse: clique.headerFromRpc,
  },
  snapshotFromRpc: { call: clique.snapshotFromRpc, seeds: snapshots, codes: ['JSON_INVALID'] },
};

/** Functions that take nothing but what the library itself made, and are tested with it elsewhere. */
const TRUSTING = [
  'applyRecovered',
  'compareChains',
  'computeNextBaseFee',
  'computeTally',
  'isPoaError',
  'listVotes',
  'snapshotToRpc',
];

/** Names that the bootstrap exports, which has tests of its own. */
const door = readFileSync(new URL('../../src/clique/index.ts', import.meta.url), 'utf8');
const ofBootstrap = [
  ...door.matchAll(/export (?:type )?\{([^}]*)\} from '\.\/(?:bootstrap\/|edges\/endpoint)/g),
].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));

it('no function of the core is forgotten', () => {
  const functions = Object.entries(clique)
    .filter(([name, value]) => typeof value === 'function' && name !== 'PoaError' && !ofBootstrap.includes(name))
    .map(([name]) => name);
  const tested = Object.keys(TARGETS).map((name) => name.split(' ')[0] as string);
  expect(functions.sort()).toEqual([...new Set([...tested, ...TRUSTING])].sort());
});

/** Runs a function on an input: its code, or undefined if it took the input, which then must survive. */
function judge({ call, codes, inverse }: Target, input: unknown): PoaErrorCode | undefined {
  const before = copy(input);
  let output: unknown;
  try {
    output = call(input);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    if (!codes.includes(error.code)) throw new Error(`undocumented ${error.message}`, { cause: error });
    if (error.message.length > 1000) throw new Error(`a message of ${error.message.length} characters`);
    const { offset = 0 } = error;
    const size = input instanceof Uint8Array ? input.length + 32 : 2 ** 32;
    if (!(Number.isInteger(offset) && offset >= 0 && offset <= size)) throw new Error(`offset ${offset}`);
    for (const text of [error.where, error.expected, error.got])
      if (typeof text !== 'string' || text === '') throw new Error(`an empty part in: ${error.message}`);
    return error.code;
  } finally {
    if (!isSame(input, before)) expect(input).toEqual(before);
  }
  if (inverse && !isSame(inverse(output), input)) throw new Error('no round trip');
  return undefined;
}

function judgeNamed(target: Target, input: unknown, name: string): PoaErrorCode | undefined {
  try {
    return judge(target, input);
  } catch (cause) {
    throw new Error(`${name}: ${cause}`, { cause });
  }
}

const isOutOfTime = ([name]: [string, Target]): boolean => ['signHeader', 'sealHeader', 'applyHeaders'].includes(name);
const isUnread = ({ unread = [] }: Target, path: Path): boolean =>
  unread.some((prefix) => `${path.join('.')}.`.startsWith(`${prefix}.`));
/** The parts of an input that a function judges. */
const judgedOf = (target: Target, seed: any): any =>
  Object.fromEntries(Object.entries(seed).filter(([name]) => !isUnread(target, [name])));
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

describe.each(Object.entries(TARGETS))('%s', (name, target) => {
  const { seeds, call } = target;
  const isJson = name.endsWith('FromRpc');

  it('takes its seeds, and gives nothing that shares memory with them', () => {
    for (const seed of seeds) {
      const mine = copy(seed);
      const output = call(mine);
      expect(judge(target, seed)).toBe(undefined);
      const kept = copy(output, (item) => Uint8Array.from(item));
      for (const { value } of nodesOf(judgedBytes(mine))) if (value instanceof Uint8Array) value.fill(0xee);
      expect(isSame(output, kept) || typeof output !== 'object').toBe(true);
    }
  });

  /** Only bytes that are judged: states may be shared with the next. */
  const judgedBytes = (input: unknown): unknown =>
    isRecord(input) && !Array.isArray(input) ? judgedOf(target, input) : input;

  it('has documented codes only for values changed to others of their type', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 3 }), (which, changes) => {
        const seed: any = seeds[which % seeds.length];
        const isWhole = !isRecord(seed) || target.unread === undefined;
        const spoilt: any = changes.reduce(
          (input, change) => applyEdit(input, change),
          isWhole ? seed : judgedOf(target, seed),
        );
        const input = isWhole ? spoilt : { ...seed, ...spoilt };
        if (!isJson) judge(target, input);
        else judge(target, applyText(seed, changes[0]));
      }),
      { numRuns: runs(isOutOfTime([name, target]) ? 40 : 150) },
    );
  });

  it.skipIf(isJson)('has a TypeError for a wrong type', () => {
    for (const seed of seeds.slice(0, 2))
      for (const { path, value } of nodesOf(seed)) {
        if (isUnread(target, path)) continue;
        const last = `${path.at(-1) ?? ''}`;
        for (const wrong of wrongTypesFor(value)) {
          if (target.optional?.includes(last) && (wrong === undefined || wrong === null || isRecord(wrong))) continue;
          // What only stands for several arguments is no argument itself.
          if (path.length === 0 && isRecord(value) && /^\(?\{/.test(`${call}`)) continue;
          if (value === null) continue;
          // An object whose members may all be left out can be any object, and a text without a character has no inputs.
          if (isRecord(value) && typeof wrong === 'object' && wrong !== null && last === 'config') continue;
          if (name === 'applyHeaders' && wrong === '') continue;
          expectTypeError(() => call(replaceAt(seed, path, wrong)), `${path.join('.')}: ${String(wrong)}`);
        }
      }
  });
});

/** JSON with a text in it spoilt. */
function applyText(seed: unknown, change: any): unknown {
  const texts = nodesOf(seed).filter(({ value }) => typeof value === 'string');
  const { path, value } = texts[change.node % texts.length] as { path: Path; value: string };
  const at = change.at % (value.length + 1);
  const pieces = ['0', '00', 'g', 'x', ' ', '\u0000', 'A', '', '0x'];
  const piece = pieces[change.to % pieces.length] as string;
  return replaceAt(seed, path, value.slice(0, at) + piece + value.slice(at + (change.size % 3)));
}

function wrongTypesFor(value: unknown): unknown[] {
  const all = [
    undefined,
    null,
    0,
    1n,
    true,
    '',
    '0x00',
    [],
    {},
    new Uint8Array(20),
    new Uint16Array(4),
    () => 1,
    Symbol('x'),
  ];
  return all.filter((other) => {
    if (value instanceof Uint8Array) return !(other instanceof Uint8Array);
    if (Array.isArray(value)) return !Array.isArray(other);
    if (isRecord(value)) return !isRecord(other) || Array.isArray(other);
    return typeof other !== typeof value;
  });
}

/** A `TypeError` in the words of the library, not one of the engine that came from somewhere inside. */
function expectTypeError(act: () => unknown, name: string): void {
  try {
    act();
  } catch (error) {
    if (error instanceof TypeError && /^[\w.[\]() +]+: expected .+, got .*$/.test(error.message)) return;
    throw new Error(`${name}: ${error}`, { cause: error });
  }
  throw new Error(`${name} was taken`);
}

const sparse: unknown[] = [];
sparse[3] = '0x00';
const vast: unknown[] = [];
vast.length = 2 ** 32 - 1;
const nested = (open: string, close: string): unknown => JSON.parse(`${open.repeat(10_000)}0${close.repeat(10_000)}`);

/** Whatever may stand in JSON, and what some parsers make of it. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1n,
  2n ** 5000n,
  '',
  '0x',
  '0x0',
  '0x00',
  '0X0',
  '0x-1',
  ' 0x1',
  '0x1\n',
  '0x１',
  '__proto__',
  `0x${'ab'.repeat(20)}`,
  `0x${'AB'.repeat(32)}`,
  `0x${'00'.repeat(100_000)}`,
  `0x1${'0'.repeat(100_000)}`,
  'x'.repeat(1_000_000),
  '\ud800'.repeat(66),
  [],
  {},
  [null],
  sparse,
  nested('[', ']'),
  nested('{"a":', '}'),
  JSON.parse('{"__proto__":{"miner":"0x"}}'),
  JSON.parse('{"constructor":{"name":{"toString":1}}}'),
  JSON.parse(`{"0x${'00'.repeat(20)}":{},"0x${'00'.repeat(20)}":{}}`),
  JSON.parse('{"hasOwnProperty":1,"toString":1,"valueOf":1}'),
  Object.create(null),
  new Uint8Array(4),
  Symbol('symbol'),
  () => 1,
];

describe.each(['headerFromRpc', 'snapshotFromRpc'] as const)('%s', (name) => {
  const { call, seeds } = TARGETS[name] as Target;
  const attempt = (json: unknown, where: string): string => {
    try {
      call(json);
      return 'taken';
    } catch (error) {
      if (isPoaError(error, 'JSON_INVALID') && error.message.length < 1000) return error.code;
      throw new Error(`${where}: ${error}`, { cause: error });
    }
  };

  it('has nothing but JSON_INVALID for any value anywhere', () => {
    for (const seed of seeds)
      for (const { path } of nodesOf(seed))
        for (const [i, value] of HOSTILE.entries())
          attempt(replaceAt(seed, path, value), `${path.join('.')} with value ${i}`);
  });

  it('has nothing but JSON_INVALID for members with any name', () => {
    for (const seed of seeds)
      for (const { path, value } of nodesOf(seed))
        if (isRecord(value) && !Array.isArray(value))
          for (const key of ['__proto__', 'constructor', '', '0', '01', '0x', `0x${'ab'.repeat(20)}`, '9'.repeat(400)])
            for (const inner of HOSTILE.slice(0, 30)) {
              const more = JSON.parse(`{${JSON.stringify(key)}:0}`);
              Object.defineProperty(more, key, { value: inner, enumerable: true, configurable: true, writable: true });
              attempt(replaceAt(seed, path, { ...(value as object), ...more }), `${path.join('.')} ${key}`);
            }
  });

  it('refuses what is no object, and a vast array at once', () => {
    for (const value of [...HOSTILE, vast]) expect(attempt(value, 'whole')).toBe('JSON_INVALID');
  });

  it('takes nothing from a prototype', () => {
    for (const seed of seeds) expect(attempt(Object.create(seed as object), 'prototype')).toBe('JSON_INVALID');
  });
});

it('a hole of many votes costs no more than they are', () => {
  const holes = new Array(50_000);
  expect(() => clique.snapshotFromRpc({ ...snapshots[0], votes: holes })).toThrow(/JSON_INVALID/);
});

describe('every bit of a sealed header', () => {
  /** What the rules leave to the seal: recovering takes a millisecond, so of these bits some do unless there is time. */
  const FREE = ['stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'];
  const isSampled = runs(1) === 1;

  function flipBits(state: clique.State, header: Uint8Array, step: number): void {
    const { fields } = locateHeader('test', header);
    const free = FREE.map((name) => fields[name] as RlpItem);
    const extra = fields.extraData as RlpItem;
    const isFree = (at: number): boolean =>
      free.some(({ start, end }) => at >= start && at < end) || (at >= extra.start && at < extra.start + 32);
    for (let bit = 0; bit < 8 * header.length; bit++) {
      if (isSampled && bit % (isFree(bit >> 3) ? 101 : step) !== 0) continue;
      const flipped = Uint8Array.from(header);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const result = clique.tryApplyHeader(state, flipped, { now });
      if (result.ok) throw new Error(`bit ${bit} was taken`);
      if (isSampled && bit % 5 !== 0) continue;
      const report = clique.inspectHeader(flipped, { state, now });
      if (report.status !== 'failed') throw new Error(`bit ${bit}: ${report.status}`);
      const codes = report.rules.filter(({ status }) => status === 'failed').map(({ code }) => code);
      if (codes[0] !== result.error.code) throw new Error(`bit ${bit}: ${codes} and ${result.error.code}`);
    }
  }

  it.each(applySeeds.map(({ state, header }, i) => [i, state, header] as const))(
    'flipped is refused and explained (header %i)',
    (_, state, header) => {
      flipBits(state, header, 101);
    },
  );

  it.skipIf(!hasShared)('flipped is refused and explained (block 1 of Goerli)', () => {
    const [genesis, block] = readShared('clique/headers-goerli.json')
      .filter(({ number }: any) => number < 2)
      .map(({ rlp }: any) => bytes(rlp));
    const state = clique.createState({ header: genesis });
    expect(clique.applyHeader(state, block, { now }).number).toBe(1n);
    flipBits(state, block, 1);
  });

  it('and without a state, inspecting never throws', () => {
    const header = sample.headers[1] as Uint8Array;
    for (let length = 0; length < header.length; length += 7) {
      const { status, rules } = clique.inspectHeader(header.subarray(0, length), { now });
      expect([status, rules[0]?.status]).toEqual(['failed', 'failed']);
    }
    fc.assert(
      fc.property(edit, (change) => {
        const spoilt = applyEdit(header, change) as Uint8Array;
        const { status, rules } = clique.inspectHeader(spoilt, { now, config: { epoch: 2, londonBlock: 0n } });
        expect(['failed', 'unknown']).toContain(status);
        for (const { expected, got, where } of rules) expect([expected, got, where]).not.toContain('');
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('few bytes that claim much, and much that claims little', () => {
  it('cost nothing', () => {
    const inputs: Uint8Array[] = [];
    for (const prefix of [0xb7, 0xbb, 0xbf, 0xf7, 0xfb, 0xff])
      for (const fill of [0, 1, 0x7f, 0x80, 0xc0, 0xff])
        for (const length of [1, 5, 9, 40]) inputs.push(Uint8Array.of(prefix, ...new Uint8Array(length).fill(fill)));
    const before = process.memoryUsage().arrayBuffers;
    for (const name of [
      'parseHeader',
      'recoverHeader',
      'computeSealHash',
      'headerToRpc',
      'parseState behind its checksum',
    ])
      for (const input of inputs)
        expect(judgeNamed(TARGETS[name] as Target, input, name)).toMatch(/^(MALFORMED|STATE_VERSION_UNSUPPORTED)$/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });

  it('a million items are no header', () => {
    const many = encodeRlpList([new Uint8Array(1_000_000).fill(0x80)]);
    expect(judge(TARGETS.parseHeader as Target, many)).toBe('MALFORMED');
  });

  it('a checkpoint of 20,000 signers is read', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => {
      const address = new Uint8Array(20);
      new DataView(address.buffer).setUint32(0, Math.imul(i, 0x9e3779b1));
      return address;
    });
    const extraData = clique.serializeExtraData({
      vanity: new Uint8Array(32),
      signers: list,
      seal: new Uint8Array(65),
    });
    expect(clique.parseExtraData(extraData).signers.length).toBe(20_000);
    const header = clique.serializeHeader({ ...(records[0] as clique.Header), extraData });
    const state = clique.createState({ header });
    expect(state.signers.length).toBe(20_000);
    expect(clique.parseState(clique.serializeState(state)).signers.length).toBe(20_000);
  });
});
