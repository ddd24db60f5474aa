/** Every rule over a header, broken alone; go-ethereum's order where two are broken; and the values at which rules turn. */
import {
  applyHeader,
  applyRecovered,
  type CliqueErrorCode,
  type Config,
  computeNextBaseFee,
  computeTally,
  type Header,
  type HeaderReport,
  inspectHeader,
  NONCE_AUTH,
  recoverHeader,
  type State,
  serializeHeader,
  tryApplyHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { HEADER_RULES, SIGNER_RULES } from '../../src/clique/chain/rules.js';
import { hex } from '../support/bytes.js';
import {
  addresses,
  extraOf,
  genesisHeader,
  inTurnOf,
  LATER,
  nextHeader,
  recoveredBy,
  seal,
  startAt,
  ZERO,
} from '../support/clique.js';
import { expectCode } from '../support/errors.js';

const now = LATER;
const signers = addresses.slice(2, 7);
const stranger = addresses[9] as Uint8Array;
const MAX_GAS = 2n ** 63n - 1n;

const codeOf = (state: State, input: Uint8Array, at = now): string => {
  const result = tryApplyHeader(state, input, { now: at });
  return result.ok ? 'applied' : result.error.code;
};
const failuresOf = ({ rules }: HeaderReport): string[] =>
  rules.filter(({ status }) => status === 'failed').map(({ code }) => code);

/** Applies good blocks, each by the signer in turn. */
function extend(state: State, count: number): State {
  let next = state;
  for (let i = 0; i < count; i++) next = applyHeader(next, seal(nextHeader(next), inTurnOf(next)), { now });
  return next;
}

/** What a block is made of until it is sealed. */
interface Draft {
  header: Header;
  signer: Uint8Array;
  now: number;
  /** Whether the seal is spoilt after all. */
  isUnsealed?: boolean;
}

/** Bases that blocks are spoilt on: states before a plain block, a checkpoint, and both after London. */
const configOf = (epoch: number, londonBlock: bigint | null): Config => ({ period: 15, epoch, londonBlock });
const baseFee = (londonBlock: bigint | null): Partial<Header> =>
  londonBlock === null ? {} : { baseFeePerGas: 1_000_000_000n, gasUsed: 1_000_000n };
const bases = {
  plain: extend(startAt(signers, configOf(30_000, null)), 3),
  checkpoint: extend(startAt(signers, configOf(4, null)), 3),
  london: extend(startAt(signers, configOf(30_000, 0n), baseFee(0n)), 3),
  'london checkpoint': extend(startAt(signers, configOf(4, 0n), baseFee(0n)), 3),
};
type Base = keyof typeof bases;
const EVERY = Object.keys(bases) as Base[];
const PLAIN: Base[] = ['plain', 'london'];
const CHECKPOINT: Base[] = ['checkpoint', 'london checkpoint'];
const LONDON: Base[] = ['london', 'london checkpoint'];
const LEGACY: Base[] = ['plain', 'checkpoint'];

const draft = (state: State): Draft => ({ header: nextHeader(state), signer: inTurnOf(state), now });

interface Break {
  readonly code: CliqueErrorCode;
  /** What else fails with it, because it looks at the same. */
  readonly also?: readonly CliqueErrorCode[];
  readonly bases: readonly Base[];
  /** What it changes; two that change the same cannot be told apart. */
  readonly changes: string;
  readonly spoil: (draft: Draft, state: State) => Partial<Header> | undefined;
}

/** In the order in which go-ethereum asks. */
const BREAKS: readonly Break[] = [
  {
    code: 'TIMESTAMP_TOO_NEW',
    bases: EVERY,
    changes: 'now',
    spoil: (draft) => {
      draft.now = Number(draft.header.timestamp) * 1000 - 1;
      return {};
    },
  },
  {
    code: 'CHECKPOINT_BENEFICIARY_NOT_ZERO',
    bases: CHECKPOINT,
    changes: 'beneficiary',
    spoil: () => ({ beneficiary: stranger }),
  },
  { code: 'NONCE_INVALID', bases: PLAIN, changes: 'nonce', spoil: () => ({ nonce: 1n }) },
  { code: 'CHECKPOINT_NONCE_NOT_ZERO', bases: CHECKPOINT, changes: 'nonce', spoil: () => ({ nonce: NONCE_AUTH }) },
  {
    code: 'VANITY_MISSING',
    also: ['SEAL_MISSING'],
    bases: EVERY,
    changes: 'seal',
    spoil: () => ({ extraData: new Uint8Array(31) }),
  },
  { code: 'SEAL_MISSING', bases: EVERY, changes: 'seal', spoil: () => ({ extraData: new Uint8Array(96) }) },
  {
    code: 'SIGNERS_UNEXPECTED',
    bases: PLAIN,
    changes: 'extra',
    spoil: (_, state) => ({ extraData: extraOf(state.signers) }),
  },
  {
    code: 'CHECKPOINT_SIGNERS_MALFORMED',
    also: ['CHECKPOINT_SIGNERS_MISMATCH'],
    bases: CHECKPOINT,
    changes: 'extra',
    spoil: (_, state) => ({ extraData: extraOf([...state.signers, new Uint8Array(19)]) }),
  },
  { code: 'MIX_HASH_NOT_ZERO', bases: EVERY, changes: 'mixHash', spoil: () => ({ mixHash: last(32) }) },
  { code: 'UNCLES_NOT_EMPTY', bases: EVERY, changes: 'uncles', spoil: () => ({ unclesHash: new Uint8Array(32) }) },
  {
    code: 'DIFFICULTY_INVALID',
    also: ['DIFFICULTY_MISMATCH'],
    bases: EVERY,
    changes: 'difficulty',
    spoil: () => ({ difficulty: 3n }),
  },
  {
    code: 'GAS_LIMIT_TOO_HIGH',
    also: ['GAS_LIMIT_OUT_OF_BOUNDS'],
    bases: EVERY,
    changes: 'gasLimit',
    spoil: () => ({ gasLimit: MAX_GAS + 1n }),
  },
  { code: 'PARENT_MISMATCH', bases: EVERY, changes: 'parent', spoil: () => ({ parentHash: last(32) }) },
  {
    // Five signers: five blocks later it is the turn of the same one.
    code: 'NUMBER_MISMATCH',
    bases: PLAIN,
    changes: 'number',
    spoil: ({ header }) => ({ number: header.number + 5n }),
  },
  {
    code: 'TIMESTAMP_TOO_SOON',
    bases: EVERY,
    changes: 'now',
    spoil: ({ header }) => ({ timestamp: header.timestamp - 1n }),
  },
  {
    code: 'GAS_USED_ABOVE_LIMIT',
    bases: EVERY,
    changes: 'gasUsed',
    spoil: () => ({ gasUsed: 2n ** 64n - 1n }),
  },
  { code: 'BASE_FEE_UNEXPECTED', bases: LEGACY, changes: 'fee', spoil: () => ({ baseFeePerGas: 1_000_000_000n }) },
  {
    code: 'GAS_LIMIT_OUT_OF_BOUNDS',
    bases: EVERY,
    changes: 'gasLimit',
    spoil: (_, { gasLimit }) => ({ gasLimit: gasLimit + gasLimit / 1024n }),
  },
  { code: 'BASE_FEE_MISSING', bases: LONDON, changes: 'fee', spoil: () => ({ baseFeePerGas: null }) },
  {
    code: 'BASE_FEE_MISMATCH',
    bases: LONDON,
    changes: 'fee',
    spoil: ({ header }) => ({ baseFeePerGas: (header.baseFeePerGas as bigint) + 1n }),
  },
  {
    code: 'CHECKPOINT_SIGNERS_MISMATCH',
    bases: CHECKPOINT,
    changes: 'extra',
    spoil: (_, state) => ({ extraData: extraOf([...state.signers].reverse()) }),
  },
  {
    code: 'SIGNATURE_INVALID',
    bases: EVERY,
    changes: 'signer',
    spoil: (draft) => {
      draft.isUnsealed = true;
      return {};
    },
  },
  {
    code: 'SIGNER_UNAUTHORIZED',
    bases: EVERY,
    changes: 'signer',
    spoil: (draft) => {
      draft.signer = stranger;
      return {};
    },
  },
  {
    code: 'SIGNER_RECENTLY_SIGNED',
    bases: EVERY,
    changes: 'signer',
    spoil: (draft, state) => {
      draft.signer = state.recents.at(-1)?.signer as Uint8Array;
      return { difficulty: 1n };
    },
  },
  { code: 'DIFFICULTY_MISMATCH', bases: EVERY, changes: 'difficulty', spoil: () => ({ difficulty: 1n }) },
];

/** Zero bytes but the last. */
function last(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[size - 1] = 1;
  return bytes;
}

/** A block with some of its rules broken, sealed behind the changes: only then is its signer who it should be. */
function spoil(state: State, breaks: readonly Break[]): { input: Uint8Array; now: number } {
  const block = draft(state);
  for (const { spoil } of breaks) block.header = { ...block.header, ...spoil(block, state) };
  if (block.header.extraData.length < 97 || block.isUnsealed)
    return { input: serializeHeader(block.header), now: block.now };
  return { input: seal(block.header, block.signer), now: block.now };
}

describe('the tables', () => {
  it('have a case here for every rule, in the order of go-ethereum', () => {
    const codes = [...HEADER_RULES, ...SIGNER_RULES].map(({ code }) => code);
    const order = BREAKS.map(({ code }) => code).filter((code) => code !== 'SIGNATURE_INVALID');
    expect(codes).toEqual(order);
    expect(new Set(order).size).toBe(order.length);
  });

  it('are what a report says, between the header and its seal', () => {
    const { rules } = inspectHeader(new Uint8Array(), { now });
    expect(rules.map(({ code }) => code)).toEqual(['MALFORMED', ...BREAKS.map(({ code }) => code)]);
    expect(rules.every(({ status, code }) => status === (code === 'MALFORMED' ? 'failed' : 'unknown'))).toBe(true);
  });
});

describe.each(EVERY)('%s', (base) => {
  const state = bases[base];
  const fitting = BREAKS.filter((each) => each.bases.includes(base));

  it('a good block passes every rule', () => {
    const { input } = spoil(state, []);
    const report = inspectHeader(input, { state, now });
    expect(report.rules.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(report.status).toBe('passed');
    expect(applyHeader(state, input, { now })).toEqual(applyRecovered(state, recoverHeader(input), { now }));
  });

  it.each(fitting.map((each) => [each.code, each] as const))('%s alone', (code, each) => {
    const { input, now: at } = spoil(state, [each]);
    const before = structuredClone(state);
    expect(codeOf(state, input, at)).toBe(code);
    const report = inspectHeader(input, { state, now: at });
    expect(failuresOf(report)).toEqual([code, ...(each.also ?? [])]);
    expect(report.status).toBe('failed');
    // The report says what the error says.
    const error = expectCode(() => applyHeader(state, input, { now: at }), code);
    const rule = report.rules.find((one) => one.code === code);
    expect([rule?.where, rule?.expected, rule?.got]).toEqual([error.where, error.expected, error.got]);
    if (code !== 'SIGNATURE_INVALID' && !code.endsWith('_MISSING'))
      expectCode(() => applyRecovered(state, recoverHeader(input), { now: at }), code);
    expect(state).toEqual(before);
  });

  it('the first of two broken rules gives the code, and a report has both', () => {
    let pairs = 0;
    for (const [i, first] of fitting.entries())
      for (const second of fitting.slice(i + 1)) {
        if (first.changes === second.changes || [first.changes, second.changes].sort().join() === 'extra,seal')
          continue;
        // Who signed last also says whose turn it was; with another number it may be another's.
        if (second.code === 'DIFFICULTY_MISMATCH' && first.changes === 'signer') continue;
        if (second.code === 'SIGNER_RECENTLY_SIGNED' && ['difficulty', 'number'].includes(first.changes)) continue;
        const { input, now: at } = spoil(state, [first, second]);
        const name = `${first.code} before ${second.code}`;
        expect(codeOf(state, input, at), name).toBe(first.code);
        const failures = failuresOf(inspectHeader(input, { state, now: at }));
        expect(failures, name).toContain(first.code);
        const isHidden = first.changes === 'seal' && ['signer', 'difficulty'].includes(second.changes);
        if (!isHidden) expect(failures, name).toContain(second.code);
        pairs++;
      }
    expect(pairs).toBeGreaterThan(80);
  });
});

/** A block after `state` by the signer in turn, with changes, sealed behind them. */
const inputWith = (state: State, changes: Partial<Header>, signer = inTurnOf(state)): Uint8Array =>
  seal({ ...nextHeader(state), ...changes }, signer);
/** The verdict on such a block without the curve. */
function judge(state: State, changes: Partial<Header>, options: { now?: number; signer?: Uint8Array } = {}): string {
  const { signer = inTurnOf(state) } = options;
  try {
    applyRecovered(state, recoveredBy({ ...nextHeader(state), ...changes }, signer), { now, ...options });
    return 'applied';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('time', () => {
  const { plain: state } = bases;
  const { timestamp } = nextHeader(state);

  it('the period is a least distance', () => {
    expect(judge(state, { timestamp: state.timestamp + 14n })).toBe('TIMESTAMP_TOO_SOON');
    expect(judge(state, { timestamp: state.timestamp + 15n })).toBe('applied');
    expect(judge(state, { timestamp: state.timestamp + 16n })).toBe('applied');
    const eager = startAt(signers, { period: 0 });
    expect(judge(eager, { timestamp: eager.timestamp })).toBe('applied');
    expect(judge(eager, { timestamp: eager.timestamp - 1n })).toBe('TIMESTAMP_TOO_SOON');
  });

  it('`now` is in milliseconds, timestamps are in seconds', () => {
    const seconds = Number(timestamp);
    expect(judge(state, {}, { now: seconds * 1000 })).toBe('applied');
    expect(judge(state, {}, { now: seconds * 1000 + 999 })).toBe('applied');
    expect(judge(state, {}, { now: seconds * 1000 - 1 })).toBe('TIMESTAMP_TOO_NEW');
    expect(judge(state, {}, { now: seconds })).toBe('TIMESTAMP_TOO_NEW');
    expect(judge(state, { timestamp: 2n ** 64n - 1n }, { now: Number.MAX_SAFE_INTEGER })).toBe('TIMESTAMP_TOO_NEW');
  });
});

describe('gas', () => {
  const from = (gasLimit: bigint, londonBlock: bigint | null = null): State =>
    startAt(signers, { londonBlock }, { gasLimit });

  it.each<[bigint, bigint]>([
    [8_000_000n, 7812n],
    [1_024_000n, 1000n],
    [1_024_001n, 1000n],
    [1_025_023n, 1000n],
    [1_025_024n, 1001n],
    [6144n, 6n],
  ])('a limit of %i moves by less than %i', (parent, bound) => {
    for (const sign of [1n, -1n]) {
      expect(judge(from(parent), { gasLimit: parent + sign * (bound - 1n) })).toBe('applied');
      expect(judge(from(parent), { gasLimit: parent + sign * bound })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    }
  });

  it('a limit is at least 5000', () => {
    expect(judge(from(5003n), { gasLimit: 5000n })).toBe('applied');
    expect(judge(from(5003n), { gasLimit: 4999n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    expect(judge(from(5001n), { gasLimit: 4999n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    // Below 1024 not even the same limit is near enough.
    expect(judge(from(1000n), { gasLimit: 1000n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
  });

  it('a limit is at most 2^63 - 1', () => {
    expect(judge(from(MAX_GAS), { gasLimit: MAX_GAS })).toBe('applied');
    expect(judge(from(MAX_GAS), { gasLimit: MAX_GAS + 1n })).toBe('GAS_LIMIT_TOO_HIGH');
    expect(
      failuresOf(inspectHeader(inputWith(from(MAX_GAS), { gasLimit: MAX_GAS + 1n }), { state: from(MAX_GAS), now })),
    ).toEqual(['GAS_LIMIT_TOO_HIGH']);
  });

  it('no more is used than the limit', () => {
    expect(judge(from(8_000_000n), { gasUsed: 8_000_000n })).toBe('applied');
    expect(judge(from(8_000_000n), { gasUsed: 8_000_001n })).toBe('GAS_USED_ABOVE_LIMIT');
  });

  it('the first block of London doubles the limit, and no other', () => {
    const before = from(8_000_000n, 1n);
    expect(nextHeader(before).gasLimit).toBe(16_000_000n);
    expect(judge(before, {})).toBe('applied');
    expect(judge(before, { gasLimit: 16_000_000n + 15_624n })).toBe('applied');
    expect(judge(before, { gasLimit: 16_000_000n + 15_625n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    expect(judge(before, { gasLimit: 8_000_000n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    const after = extend(before, 1);
    expect(nextHeader(after).gasLimit).toBe(16_000_000n);
    expect(judge(after, { gasLimit: 32_000_000n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
    expect(judge(from(8_000_000n, 2n), { gasLimit: 16_000_000n })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
  });
});

describe('base fee', () => {
  const from = (gasUsed: bigint, baseFeePerGas: bigint | null, gasLimit = 16_000_000n): State =>
    startAt(signers, { londonBlock: baseFeePerGas === null ? 1n : 0n }, { gasLimit, gasUsed, baseFeePerGas });

  it.each<[string, State, bigint]>([
    ['up by an eighth in a full block', from(16_000_000n, 1_000_000_000n), 1_125_000_000n],
    ['down by an eighth in an empty block', from(0n, 1_000_000_000n), 875_000_000n],
    ['the same at the target', from(8_000_000n, 1_000_000_000n), 1_000_000_000n],
    ['up by 1 at least', from(8_000_001n, 1_000_000_000n), 1_000_000_015n],
    ['up by 1 from 0', from(8_000_001n, 0n), 1n],
    ['up by 1 from 7', from(16_000_000n, 7n), 8n],
    ['not down from 7', from(0n, 7n), 7n],
    ['down by 1 from 8', from(0n, 8n), 7n],
    ['0 stays 0', from(0n, 0n), 0n],
    ['half of an odd limit is cut', from(2501n, 8_000n, 5003n), 8_000n],
    ['1 gwei in the first block of London', from(16_000_000n, null), 1_000_000_000n],
  ])('%s', (_, state, wanted) => {
    expect(computeNextBaseFee(state)).toBe(wanted);
    expect(judge(state, { baseFeePerGas: wanted })).toBe('applied');
    expect(judge(state, { baseFeePerGas: wanted + 1n })).toBe('BASE_FEE_MISMATCH');
    if (wanted > 0n) expect(judge(state, { baseFeePerGas: wanted - 1n })).toBe('BASE_FEE_MISMATCH');
    expect(judge(state, { baseFeePerGas: null })).toBe('BASE_FEE_MISSING');
  });

  it('divides by no target of 0', () => {
    for (const gasLimit of [0n, 1n])
      for (const gasUsed of [0n, 1n, 9n]) expect(computeNextBaseFee(from(gasUsed, 5n, gasLimit))).toBe(5n);
  });

  it('a gas limit is judged between a base fee too many and one too few', () => {
    const far = { gasLimit: 1_000_000n };
    expect(judge(bases.plain, { ...far, baseFeePerGas: 1n })).toBe('BASE_FEE_UNEXPECTED');
    expect(judge(bases.london, { ...far, baseFeePerGas: null })).toBe('GAS_LIMIT_OUT_OF_BOUNDS');
  });
});

describe('checkpoints', () => {
  it('in an epoch of 1 every block is one, so no vote is ever cast', () => {
    let state = startAt(signers, { epoch: 1 });
    for (let i = 0; i < 7; i++) {
      expect(judge(state, { beneficiary: stranger, nonce: NONCE_AUTH })).toBe('CHECKPOINT_BENEFICIARY_NOT_ZERO');
      expect(judge(state, { extraData: extraOf([]) })).toBe('CHECKPOINT_SIGNERS_MISMATCH');
      state = extend(state, 1);
    }
    expect(state.signers).toEqual(signers);
  });

  it('list all signers, once each, in ascending order', () => {
    const { checkpoint: state } = bases;
    const [first, second, ...rest] = signers as [Uint8Array, Uint8Array, ...Uint8Array[]];
    for (const listed of [
      [],
      [first],
      [second, first, ...rest],
      [first, ...rest],
      [...signers, stranger],
      [...signers, first],
      [first, second, ...rest.slice(1), stranger],
      [last(20), second, ...rest],
    ])
      expect(judge(state, { extraData: extraOf(listed) }), listed.map(hex).join()).toBe('CHECKPOINT_SIGNERS_MISMATCH');
    expect(judge(state, { extraData: extraOf(signers) })).toBe('applied');
    const bits = extraOf(signers);
    for (let bit = 8 * 32; bit < 8 * 132; bit += 7) {
      const flipped = Uint8Array.from(bits);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(judge(state, { extraData: flipped })).toBe('CHECKPOINT_SIGNERS_MISMATCH');
    }
  });

  it('have whole addresses', () => {
    for (const size of [1, 19, 21, 99, 101])
      expect(judge(bases.checkpoint, { extraData: new Uint8Array(97 + size) })).toBe('CHECKPOINT_SIGNERS_MALFORMED');
    for (const size of [1, 19, 20, 100])
      expect(judge(bases.plain, { extraData: new Uint8Array(97 + size) })).toBe('SIGNERS_UNEXPECTED');
  });

  it('extra-data has room for vanity and seal', () => {
    const size = (length: number) =>
      codeOf(bases.plain, serializeHeader({ ...nextHeader(bases.plain), extraData: new Uint8Array(length) }));
    expect([0, 31].map(size)).toEqual(['VANITY_MISSING', 'VANITY_MISSING']);
    expect([32, 65, 96].map(size)).toEqual(['SEAL_MISSING', 'SEAL_MISSING', 'SEAL_MISSING']);
    expect(size(97)).toBe('SIGNATURE_INVALID');
  });

  it('a nonce is all ones or all zeros', () => {
    for (const nonce of [1n, 2n ** 63n, 2n ** 64n - 2n]) {
      expect(judge(bases.plain, { nonce })).toBe('NONCE_INVALID');
      expect(judge(bases.checkpoint, { nonce })).toBe('NONCE_INVALID');
    }
    expect(judge(bases.plain, { nonce: NONCE_AUTH })).toBe('applied');
  });

  it('a mix hash is zero in every byte, and so is the beneficiary of a checkpoint', () => {
    for (let i = 0; i < 32; i++) {
      const mixHash = new Uint8Array(32);
      mixHash[i] = 0x80;
      expect(judge(bases.plain, { mixHash })).toBe('MIX_HASH_NOT_ZERO');
      if (i < 20) expect(judge(bases.checkpoint, { beneficiary: mixHash.slice(0, 20) }) === 'applied').toBe(false);
    }
  });
});

describe('numbers', () => {
  it('a header of block 0 follows nothing, whatever its difficulty', () => {
    const state = startAt(signers);
    const header = {
      ...genesisHeader(signers),
      difficulty: 7n,
      parentHash: state.hash,
      timestamp: state.timestamp + 15n,
    };
    const input = seal(header, signers[0] as Uint8Array);
    expect(codeOf(state, input)).toBe('NUMBER_MISMATCH');
    const report = inspectHeader(input, { state, now });
    expect(failuresOf(report)).toEqual(['NUMBER_MISMATCH', 'DIFFICULTY_MISMATCH']);
    expect(report.inTurn).toBe(true);
  });

  it('numbers go up by one', () => {
    for (const by of [-3n, -1n, 1n, 2n]) {
      const number = bases.plain.number + 1n + by;
      expect(judge(bases.plain, { number })).toBe('NUMBER_MISMATCH');
    }
  });

  it('difficulties are 1 and 2', () => {
    for (const difficulty of [0n, 3n, 2n ** 256n - 1n])
      expect(judge(bases.plain, { difficulty })).toBe('DIFFICULTY_INVALID');
    expect(judge(bases.plain, { difficulty: 1n })).toBe('DIFFICULTY_MISMATCH');
    const other = bases.plain.signers.find((one) => {
      const isRecent = bases.plain.recents.some(({ signer }) => hex(signer) === hex(one));
      return !isRecent && hex(one) !== hex(inTurnOf(bases.plain));
    }) as Uint8Array;
    expect(judge(bases.plain, { difficulty: 2n }, { signer: other })).toBe('DIFFICULTY_MISMATCH');
    expect(judge(bases.plain, { difficulty: 1n }, { signer: other })).toBe('applied');
  });

  it('after block 2^64 - 1 comes none', () => {
    const state: State = { ...startAt(signers), number: 2n ** 64n - 1n };
    const header = { ...nextHeader(bases.plain), parentHash: state.hash, number: 0n, extraData: extraOf(signers) };
    expect(codeOf(state, seal(header, signers[0] as Uint8Array))).toBe('NUMBER_MISMATCH');
  });
});

describe('signers', () => {
  it('of five one signs one of three blocks, from the first block on', () => {
    // Below block 3, `number - limit` wraps in go-ethereum's check of the seal, and its snapshot refuses a block later.
    const [a, b, c] = signers as [Uint8Array, Uint8Array, Uint8Array];
    const start = startAt(signers);
    const by = (state: State, signer: Uint8Array): State => {
      const header = { ...nextHeader(state), difficulty: hex(signer) === hex(inTurnOf(state)) ? 2n : 1n };
      return applyRecovered(state, recoveredBy(header, signer), { now });
    };
    const one = by(start, a);
    expectCode(() => by(one, a), 'SIGNER_RECENTLY_SIGNED');
    const two = by(one, b);
    expectCode(() => by(two, a), 'SIGNER_RECENTLY_SIGNED');
    expectCode(() => by(two, b), 'SIGNER_RECENTLY_SIGNED');
    const three = by(two, c);
    expect(by(three, a).recents.map(({ number }) => number)).toEqual([2n, 3n, 4n]);
  });

  it('a single one signs every block', () => {
    const state = extend(startAt(signers.slice(0, 1)), 5);
    expect(state.recents.map(({ number }) => number)).toEqual([5n]);
  });

  it('a recent signer at a checkpoint is still recent: recents survive epochs', () => {
    const { checkpoint: state } = bases;
    const checkpoint = extend(state, 1);
    expect(checkpoint.recents.map(({ number }) => number)).toEqual([2n, 3n, 4n]);
    const signer = checkpoint.recents[2]?.signer as Uint8Array;
    expect(judge(checkpoint, { difficulty: 1n }, { signer })).toBe('SIGNER_RECENTLY_SIGNED');
  });

  it('the zero address can be one: it is listed and has its turn, but every block without a vote asks to drop it', () => {
    const three = addresses.slice(0, 3);
    let state = startAt(three, { epoch: 8 });
    const vote = (authorize: boolean, address = ZERO): void => {
      const free = three.find((one) => !state.recents.slice(-2).some(({ signer }) => hex(signer) === hex(one)));
      const signer = free as Uint8Array;
      const index = state.signers.findIndex((one) => hex(one) === hex(signer));
      const difficulty = (state.number + 1n) % BigInt(state.signers.length) === BigInt(index) ? 2n : 1n;
      const isCheckpoint = (state.number + 1n) % 8n === 0n;
      const header = genesisHeader([], {
        parentHash: state.hash,
        number: state.number + 1n,
        timestamp: state.timestamp + 15n,
        difficulty,
        beneficiary: address,
        nonce: authorize ? NONCE_AUTH : 0n,
        extraData: extraOf(isCheckpoint ? state.signers : []),
      });
      state = applyRecovered(state, recoveredBy(header, signer), { now });
    };
    vote(true);
    expect(computeTally(state)).toEqual([{ address: ZERO, authorize: true, votes: 1 }]);
    vote(true);
    expect(state.signers.map(hex)).toEqual([ZERO, ...three].map(hex));
    // Votes about another leave it alone.
    vote(true, stranger);
    vote(false, stranger);
    vote(false);
    vote(false);
    expect(computeTally(state).map(({ address, authorize, votes }) => [hex(address), authorize, votes])).toEqual([
      [hex(ZERO), false, 2],
      [hex(stranger), true, 1],
    ]);
    vote(true, stranger);
    // A checkpoint lists it, and votes on it as every block does.
    expect(state.number).toBe(7n);
    vote(false);
    expect(computeTally(state)).toEqual([{ address: ZERO, authorize: false, votes: 1 }]);
    vote(false);
    expect(state.signers.length).toBe(4);
    vote(false);
    expect(state.signers).toEqual(three);
  });
});

describe('inspectHeader', () => {
  const state = bases.plain;
  const { input } = spoil(state, []);

  it('without a state knows what the header alone tells, and more with the constants of the chain', () => {
    const alone = inspectHeader(input, { now });
    expect(alone.status).toBe('unknown');
    const known = (report: HeaderReport) =>
      report.rules.filter(({ status }) => status === 'passed').map(({ code }) => code);
    expect(known(alone)).toEqual([
      'MALFORMED',
      'TIMESTAMP_TOO_NEW',
      'NONCE_INVALID',
      'VANITY_MISSING',
      'SEAL_MISSING',
      'MIX_HASH_NOT_ZERO',
      'UNCLES_NOT_EMPTY',
      'DIFFICULTY_INVALID',
      'GAS_LIMIT_TOO_HIGH',
      'GAS_USED_ABOVE_LIMIT',
      'SIGNATURE_INVALID',
    ]);
    expect(hex(alone.signer as Uint8Array)).toBe(hex(inTurnOf(state)));
    expect(alone.inTurn).toBe(true);
    expect(alone.signers).toBe(undefined);
    const withConfig = inspectHeader(input, { config: { epoch: 4 }, now });
    expect(known(withConfig).filter((code) => !known(alone).includes(code))).toEqual([
      'CHECKPOINT_BENEFICIARY_NOT_ZERO',
      'CHECKPOINT_NONCE_NOT_ZERO',
      'SIGNERS_UNEXPECTED',
      'CHECKPOINT_SIGNERS_MALFORMED',
      'BASE_FEE_UNEXPECTED',
      'BASE_FEE_MISSING',
    ]);
    // Block 4 in an epoch of four lists nobody: as far as the constants tell, that is well-formed.
    expect(withConfig.signers).toEqual([]);
    for (const rule of alone.rules) {
      expect(rule.expected).not.toBe('');
      if (rule.status === 'unknown') expect(rule.got).toBe('none');
    }
  });

  it('says what the header says', () => {
    const report = inspectHeader(input, { state, now });
    const recovered = recoverHeader(input);
    expect(report.header).toEqual(recovered.header);
    expect(report.hash).toEqual(recovered.hash);
    expect(report.message).toEqual(recovered.message);
    expect(report.publicKey).toEqual(recovered.publicKey);
    expect(report.signer).toEqual(recovered.signer);
    expect(report.vote).toBe(undefined);
    const voting = seal(nextHeader(state, inTurnOf(state), { address: stranger, authorize: true }), inTurnOf(state));
    expect(inspectHeader(voting, { now }).vote).toEqual({ address: stranger, authorize: true });
    // A vote to add the zero address counts; one to drop it is what every block without a vote looks like.
    const zero = seal(nextHeader(state, inTurnOf(state), { address: ZERO, authorize: true }), inTurnOf(state));
    expect(inspectHeader(zero, { now }).vote).toEqual({ address: ZERO, authorize: true });
    const { input: checkpoint } = spoil(bases.checkpoint, []);
    expect(inspectHeader(checkpoint, { state: bases.checkpoint, now }).signers).toEqual(signers);
  });

  it('in turn is what the state says, even where the difficulty lies', () => {
    const lying = seal({ ...nextHeader(state), difficulty: 1n }, inTurnOf(state));
    expect(inspectHeader(lying, { state, now }).inTurn).toBe(true);
    expect(inspectHeader(lying, { now }).inTurn).toBe(false);
    const strange = seal({ ...nextHeader(state), difficulty: 2n }, stranger);
    const report = inspectHeader(strange, { state, now });
    expect(report.rules.find(({ code }) => code === 'DIFFICULTY_MISMATCH')?.status).toBe('unknown');
  });

  it('points at the bytes that a rule looks at', () => {
    for (const { code, where, bytes } of inspectHeader(input, { state, now }).rules) {
      if (code === 'BASE_FEE_UNEXPECTED' || code.startsWith('BASE_FEE_M')) continue;
      expect(bytes?.part, code).toBe('header');
      const { start, end } = bytes as { start: number; end: number };
      const found = hex(input.subarray(start, end));
      const { header, hash } = recoverHeader(input);
      const seal = hex(header.extraData.subarray(-65));
      if (where === 'signer' || where === 'header.extraData.seal') expect(found, code).toBe(seal);
      if (where === 'header.parentHash') expect(found).toBe(hex(header.parentHash));
      if (where === 'header.beneficiary') expect(found).toBe(hex(header.beneficiary));
      if (where === 'header.mixHash') expect(found).toBe(hex(header.mixHash));
      if (where === 'header.timestamp') expect(BigInt(found)).toBe(header.timestamp);
      if (where === 'header.gasLimit') expect(BigInt(found)).toBe(header.gasLimit);
      if (where === 'header') expect(found).toBe(hex(input));
      if (where === 'header.extraData')
        expect(found, code).toBe(code.includes('SIGNERS') ? '0x' : hex(header.extraData));
      expect(hash.length).toBe(32);
    }
    const { input: checkpoint } = spoil(bases.checkpoint, []);
    const rule = inspectHeader(checkpoint, { state: bases.checkpoint, now }).rules.find(
      ({ code }) => code === 'CHECKPOINT_SIGNERS_MISMATCH',
    );
    expect(hex(checkpoint.subarray(rule?.bytes?.start, rule?.bytes?.end))).toBe(hex(Buffer.concat(signers)));
  });

  it('refuses constants that are out of range, and wrong types', () => {
    expectCode(() => inspectHeader(input, { config: { epoch: 0 }, now }), 'OUT_OF_RANGE');
    expect(() => inspectHeader(input, { config: null as never, now })).toThrow(TypeError);
    expect(() => inspectHeader(input, { state: null as never, now })).toThrow(TypeError);
    expect(() => inspectHeader(input, {} as never)).toThrow(TypeError);
    expect(() => inspectHeader(undefined as never, { now })).toThrow(TypeError);
  });
});
