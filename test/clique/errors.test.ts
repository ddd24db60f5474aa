/** Every code of Clique has an input that gives it: a code that nothing gives is documentation of nothing. */
import {
  applyHeader,
  buildHeader,
  CLIQUE_ERROR_CODES,
  type CliqueErrorCode,
  compareChains,
  createState,
  type Header,
  headerFromRpc,
  NONCE_AUTH,
  PoaError,
  parseExtraData,
  parseHeader,
  parseState,
  recoverHeader,
  serializeHeader,
  serializeState,
  signHeader,
  tryApplyHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { anchor, candidate, genesis, headers, now, secretKeys, signers } from '../../examples/clique-sample.js';
import { bootstrapInputs } from '../support/cliqueBootstrap.js';
import { expectCode } from '../support/errors.js';

const state = createState(anchor);
const [first, second] = headers as [Uint8Array, Uint8Array];
const [, inTurn, outOfTurn] = secretKeys as [Uint8Array, Uint8Array, Uint8Array];
const stateBytes = serializeState(state);

/** Applies block 1 with changes, sealed behind them. */
const apply = (changes: Partial<Header>, key = inTurn): unknown =>
  applyHeader(state, signHeader({ ...parseHeader(first), ...changes }, key).header, { now });
/** The same where every block is a checkpoint. */
const applyCheckpoint = (changes: Partial<Header>): unknown =>
  applyHeader(
    createState({ ...anchor, config: { epoch: 1 } }),
    signHeader({ ...parseHeader(first), extraData: parseHeader(genesis).extraData, ...changes }, inTurn).header,
    { now },
  );
/** The same where London has come before it. */
const applyLondon = (changes: Partial<Header>): unknown =>
  applyHeader(
    createState({ ...anchor, config: { londonBlock: 1n } }),
    signHeader({ ...parseHeader(first), gasLimit: 16_000_000n, ...changes }, inTurn).header,
    { now },
  );

const inputs: Record<CliqueErrorCode, () => unknown> = {
  ...bootstrapInputs,
  MALFORMED: () => parseHeader(new Uint8Array(1)),
  OUT_OF_RANGE: () => serializeHeader({ ...parseHeader(first), number: 2n ** 64n }),
  JSON_INVALID: () => headerFromRpc({}),
  TIMESTAMP_TOO_NEW: () => applyHeader(state, first, { now: 0 }),
  CHECKPOINT_BENEFICIARY_NOT_ZERO: () => applyCheckpoint({ beneficiary: candidate }),
  NONCE_INVALID: () => apply({ nonce: 1n }),
  CHECKPOINT_NONCE_NOT_ZERO: () => applyCheckpoint({ nonce: NONCE_AUTH }),
  VANITY_MISSING: () => parseExtraData(new Uint8Array(31)),
  SEAL_MISSING: () => parseExtraData(new Uint8Array(96)),
  SIGNERS_UNEXPECTED: () => apply({ extraData: parseHeader(genesis).extraData }),
  CHECKPOINT_SIGNERS_MALFORMED: () => parseExtraData(new Uint8Array(98)),
  MIX_HASH_NOT_ZERO: () => apply({ mixHash: new Uint8Array(32).fill(1) }),
  UNCLES_NOT_EMPTY: () => apply({ unclesHash: new Uint8Array(32) }),
  DIFFICULTY_INVALID: () => apply({ difficulty: 3n }),
  GAS_LIMIT_TOO_HIGH: () => apply({ gasLimit: 2n ** 63n }),
  PARENT_MISMATCH: () => applyHeader(state, second, { now }),
  NUMBER_MISMATCH: () => apply({ number: 2n }),
  TIMESTAMP_TOO_SOON: () => apply({ timestamp: state.timestamp }),
  GAS_USED_ABOVE_LIMIT: () => apply({ gasUsed: 8_000_001n }),
  BASE_FEE_UNEXPECTED: () => apply({ baseFeePerGas: 1_000_000_000n }),
  GAS_LIMIT_OUT_OF_BOUNDS: () => apply({ gasLimit: 8_007_812n }),
  BASE_FEE_MISSING: () => applyLondon({}),
  BASE_FEE_MISMATCH: () => applyLondon({ baseFeePerGas: 1n }),
  CHECKPOINT_SIGNERS_MISMATCH: () => applyCheckpoint({ extraData: new Uint8Array(97) }),
  SIGNATURE_INVALID: () => recoverHeader(genesis),
  SECRET_KEY_INVALID: () => signHeader(parseHeader(first), new Uint8Array(32)),
  SIGNER_UNAUTHORIZED: () => apply({}, new Uint8Array(32).fill(1)),
  SIGNER_RECENTLY_SIGNED: () =>
    buildHeader({
      state: applyHeader(state, first, { now }),
      signer: signers[1] as Uint8Array,
      timestamp: state.timestamp + 30n,
      stateRoot: new Uint8Array(32),
    }),
  DIFFICULTY_MISMATCH: () => apply({}, outOfTurn),
  CHAIN_ANCHOR_MISMATCH: () => compareChains(state, { ...state, anchorHash: new Uint8Array(32) }),
  STATE_INVALID: () => createState({ header: first }),
  STATE_VERSION_UNSUPPORTED: () => parseState(Uint8Array.from(stateBytes, (byte, i) => (i === 7 ? 2 : byte))),
  STATE_CHECKSUM_MISMATCH: () => parseState(Uint8Array.from(stateBytes, (byte, i) => (i === 30 ? byte ^ 1 : byte))),
};

describe('CLIQUE_ERROR_CODES', () => {
  it.each(Object.keys(inputs) as CliqueErrorCode[])('%s', (code) => {
    const error = expectCode(inputs[code] as () => unknown, code);
    expect(error).toBeInstanceOf(PoaError);
    expect(error.name).toBe('PoaError');
    expect(error.message).toBe(`${error.where}: expected ${error.expected}, got ${error.got} [${code}]`);
    expect(error.message.length).toBeLessThan(400);
  });

  it.each(Object.entries(CLIQUE_ERROR_CODES))('%s says what it means', (_, meaning) => {
    expect(meaning).toMatch(/^.{18,120}[^.]$/);
  });

  it('none is without an input', () => {
    expect(Object.keys(inputs).sort()).toEqual(Object.keys(CLIQUE_ERROR_CODES).sort());
  });
});

describe('Result', () => {
  it('carries the value or the error', () => {
    const good = tryApplyHeader(state, first, { now });
    expect(good.ok && good.value.number).toBe(1n);
    const bad = tryApplyHeader(state, second, { now });
    expect(!bad.ok && bad.error.code).toBe('PARENT_MISMATCH');
  });

  it('does not hide a caller’s bug', () => {
    expect(() => tryApplyHeader(state, undefined as never, { now })).toThrow(TypeError);
    expect(() => tryApplyHeader(state, first, { now: Number.NaN })).toThrow(TypeError);
  });
});
