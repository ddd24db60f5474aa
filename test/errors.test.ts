/** Every code has an input that gives it: a code that nothing gives is documentation of nothing. */
import { CKB_ERROR_CODES, type CkbErrorCode, isPoaError, PoaError } from 'poa-primitives';
import {
  applyHeader,
  applyVote,
  arrangeTransactions,
  attestBlock,
  type BlockTemplate,
  blockFromRpc,
  buildVoteTransaction,
  COMPACT_TARGET_OUT_OF_TURN,
  checkBlock,
  checkValidatorList,
  checkValidatorListCell,
  combineVotes,
  compareChains,
  computeMerkleProof,
  computeMerkleRootFromProof,
  computeTransactionHash,
  computeTransactionsRoot,
  createAnchor,
  createState,
  headerFromRpc,
  MULTISIG_CODE_HASH,
  parseHeader,
  parseMultisigScript,
  parseState,
  parseTransaction,
  parseValidatorList,
  recoverHeader,
  serializeBlock,
  serializeEpoch,
  serializeHeader,
  serializeState,
  serializeTransaction,
  serializeValidatorList,
  signVote,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import {
  anchor,
  genesisBlock,
  headers,
  listCell,
  now,
  rpcBlock,
  secretKeys,
  template,
  vote,
  wantedList,
} from '../examples/sample.js';
import { locateCellbase } from '../src/ckb/encoding/poaContext.js';
import { expectCode } from './support/errors.js';

const state = createState(anchor);
const [header, second] = headers as [(typeof headers)[0], (typeof headers)[0]];
const [, inTurn, outOfTurn, stranger] = secretKeys as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const list = anchor.validatorList;
const voteRecord = parseTransaction(vote.transaction);
const transfer = template.transactions[0] as Uint8Array;
const stateBytes = serializeState(state);
const signature = signVote(state, vote.transaction, secretKeys[0] as Uint8Array);

/** Block 1 with changed header fields, attested all the same. */
const block = (changes: Partial<BlockTemplate['header']>, key = inTurn) =>
  attestBlock({ ...template, header: { ...template.header, ...changes } }, key);
/** The header bytes of block 1, changed after it was sealed. */
const patched = (changes: object) => ({
  ...header,
  header: serializeHeader({ ...parseHeader(header.header), ...changes }),
});
const withWitnesses = (witnesses: Uint8Array[]) => ({
  ...header,
  cellbase: serializeTransaction({ ...parseTransaction(header.cellbase), witnesses }),
});
const apply = (input: { header: Uint8Array; cellbase: Uint8Array }, options = { now }) =>
  applyHeader(state, input, options);

const inputs: Record<CkbErrorCode, () => unknown> = {
  MALFORMED: () => parseHeader(new Uint8Array(207)),
  OUT_OF_RANGE: () => serializeHeader({ ...parseHeader(header.header), version: 2 ** 32 }),
  JSON_INVALID: () => headerFromRpc({}),
  CELLBASE_TOO_LARGE: () => recoverHeader({ ...header, cellbase: new Uint8Array(597_001) }),
  CONTEXT_MISSING: () => recoverHeader(withWitnesses([])),
  CELLBASE_INVALID: () => recoverHeader(patched({ number: 7n })),
  MERKLE_PROOF_INVALID: () =>
    computeMerkleRootFromProof({ leaves: [new Uint8Array(32)], indices: [0], count: 2, lemmas: [] }),
  MERKLE_INDICES_INVALID: () => computeMerkleProof([new Uint8Array(32)], [1]),
  TRANSACTIONS_ROOT_MISMATCH: () => recoverHeader(patched({ transactionsRoot: new Uint8Array(32) })),
  SIGNATURE_INVALID: () => {
    const cellbase = Uint8Array.from(header.cellbase);
    cellbase[locateCellbase('test', cellbase).context.signature.end - 1] = 4;
    const transactionsRoot = computeTransactionsRoot([cellbase, ...template.transactions]);
    return recoverHeader({ ...patched({ transactionsRoot }), cellbase });
  },
  SECRET_KEY_INVALID: () => attestBlock(template, new Uint8Array(32)),
  VERSION_MISMATCH: () => apply(patched({ version: 1 })),
  PARENT_MISMATCH: () => apply(second),
  NUMBER_MISMATCH: () => apply(patched({ number: 2n })),
  EPOCH_INVALID: () => apply(block({ epoch: serializeEpoch({ number: 0, index: 2, length: 1000 }) })),
  TIMESTAMP_TOO_OLD: () => apply(block({ timestamp: anchor.timestamps[0] as bigint })),
  TIMESTAMP_TOO_SOON: () =>
    applyHeader(createState({ ...anchor, network: { minimumBlockInterval: 8_001 } }), header, { now }),
  TIMESTAMP_TOO_NEW: () => apply(header, { now: 0 }),
  NONCE_NOT_ZERO: () => apply(patched({ nonce: 1n })),
  ATTESTER_UNKNOWN: () => apply(block({}, stranger)),
  ATTESTER_TOO_SOON: () => attestTwice(),
  DIFFICULTY_MISMATCH: () => apply(block({}, outOfTurn)),
  VOTE_NOT_SPENDING_LIST: () => applyVote(state, header.cellbase),
  VOTE_OUTPUT_COUNT: () => applyVote(state, serializeTransaction({ ...voteRecord, outputs: [] })),
  VOTES_INVALID: () => applyVote(state, serializeTransaction({ ...voteRecord, witnesses: [] })),
  VOTE_SIGNATURE_FOREIGN: () => signVote(state, vote.transaction, stranger),
  VOTE_SIGNATURE_DOUBLED: () => combineVotes(state, vote.transaction, [signature, signature]),
  VOTE_SIGNATURE_MISSING: () => combineVotes(state, vote.transaction, [signature]),
  VOTE_SIGNATURE_SURPLUS: () =>
    combineVotes(state, vote.transaction, [
      signature,
      signVote(state, vote.transaction, inTurn),
      signVote(state, vote.transaction, secretKeys[2] as Uint8Array),
    ]),
  CAPACITY_TOO_SMALL: () =>
    buildVoteTransaction({ cell: listCell, wanted: wantedList, network: state.network, cellDeps: [], capacity: 1n }),
  CONTEXT_MISMATCH: () => checkRpc({ transactions: rpcBlock.transactions.slice(0, 1) }),
  PROPOSALS_INVALID: () => checkRpc({ proposals: ['0x00000000000000000000', '0x00000000000000000000'] }),
  PROPOSALS_HASH_MISMATCH: () => checkRpc({ proposals: ['0x00000000000000000000'] }),
  UNCLES_NOT_ALLOWED: () => checkRpc({ uncles: [{ header: rpcBlock.header, proposals: [] }] }),
  EXTENSION_INVALID: () => checkRpc({ extension: '0x' }),
  EXTRA_HASH_MISMATCH: () => checkRpc({ extension: '0x00' }),
  TRANSACTION_DUPLICATE: () => checkAttested([transfer, transfer]),
  TRANSACTION_INVALID: () => checkAttested([serializeTransaction({ ...parseTransaction(transfer), version: 1 })]),
  VOTE_UNDECLARED: () => checkAttested([vote.transaction]),
  VOTE_DEPENDS_ON_BLOCK: () => {
    const dep = { outPoint: { txHash: computeTransactionHash(transfer), index: 0 }, depType: 0 };
    const [refused] = arrangeTransactions(state, [
      transfer,
      serializeTransaction({ ...voteRecord, cellDeps: [dep] }),
    ]).refused;
    throw refused?.error;
  },
  LIST_CELL_COUNT: () =>
    createAnchor({ genesis: genesisBlock, listOutPoint: { txHash: new Uint8Array(32), index: 0 } }),
  CHAIN_ANCHOR_MISMATCH: () => compareChains(state, { ...state, anchorHash: new Uint8Array(32) }),
  VALIDATOR_LIST_MALFORMED: () => parseValidatorList(new Uint8Array(8)),
  VALIDATOR_LIST_DUPLICATE: () =>
    checkValidatorList({ ...list, pubkeyHashes: [...list.pubkeyHashes, list.pubkeyHashes[0] as Uint8Array] }),
  VALIDATOR_LIST_LOCK_MISMATCH: () => {
    const lock = { codeHash: MULTISIG_CODE_HASH, hashType: 1, args: new Uint8Array(20) };
    const cell = { output: { capacity: 0n, lock, type: null }, data: serializeValidatorList(list) };
    return checkValidatorListCell(cell, { multisigCodeHash: MULTISIG_CODE_HASH });
  },
  VOTE_LIMIT_OUT_OF_RANGE: () => checkValidatorList({ ...list, voteLimit: 1 }),
  ATTEST_INTERVAL_TOO_LONG: () => checkValidatorList({ ...list, attestInterval: 3 }),
  MULTISIG_SCRIPT_MALFORMED: () => parseMultisigScript(new Uint8Array(4)),
  STATE_INVALID: () => createState({ ...anchor, timestamps: [] }),
  STATE_VERSION_UNSUPPORTED: () => parseState(Uint8Array.from(stateBytes, (byte, i) => (i === 7 ? 2 : byte))),
  STATE_CHECKSUM_MISMATCH: () => parseState(Uint8Array.from(stateBytes, (byte, i) => (i === 30 ? byte ^ 1 : byte))),
};

/** Checks block 1 with something of its JSON changed. */
const checkRpc = (changes: object): unknown =>
  checkBlock(state, serializeBlock(blockFromRpc({ ...rpcBlock, ...changes })), { now });

/** Checks block 1 with other transactions, attested all the same. */
function checkAttested(transactions: readonly Uint8Array[]): unknown {
  const attested = attestBlock({ ...template, transactions }, inTurn);
  const records = attested.transactions.map(parseTransaction);
  const whole = {
    header: parseHeader(attested.header),
    uncles: [],
    transactions: records,
    proposals: [],
    extension: null,
  };
  return checkBlock(state, serializeBlock(whole), { now });
}

/** The validator of block 1 attests block 2 as well. */
function attestTwice(): unknown {
  const next = apply(header);
  const again = attestBlock(
    {
      ...template,
      header: {
        ...template.header,
        number: 2n,
        parentHash: next.hash,
        timestamp: template.header.timestamp + 8_000n,
        epoch: serializeEpoch({ number: 0, index: 2, length: 1000 }),
        compactTarget: COMPACT_TARGET_OUT_OF_TURN,
      },
      cellbase: serializeTransaction({
        ...parseTransaction(template.cellbase),
        inputs: [{ since: 2n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } }],
      }),
    },
    inTurn,
  );
  return applyHeader(next, again, { now });
}

describe('CKB_ERROR_CODES', () => {
  it.each(Object.keys(CKB_ERROR_CODES) as CkbErrorCode[])('%s', (code) => {
    const error = expectCode(inputs[code], code);
    expect(error).toBeInstanceOf(PoaError);
    expect(error.name).toBe('PoaError');
    expect(error.message).toBe(`${error.where}: expected ${error.expected}, got ${error.got} [${code}]`);
    expect(error.message.length).toBeLessThan(400);
    expect(CKB_ERROR_CODES[code]).toMatch(/^.{20,120}[^.]$/);
  });
});

describe('isPoaError', () => {
  it('knows errors of another copy of the package, and its code', () => {
    const foreign = Object.assign(new Error('x'), { name: 'PoaError', code: 'MALFORMED' });
    expect(isPoaError(foreign)).toBe(true);
    expect(isPoaError(foreign, 'MALFORMED')).toBe(true);
    expect(isPoaError(foreign, 'OUT_OF_RANGE')).toBe(false);
  });

  it('knows nothing else', () => {
    for (const value of [
      undefined,
      null,
      'MALFORMED',
      new Error('x'),
      { name: 'PoaError', code: 'MALFORMED' },
      Object.assign(new Error('x'), { name: 'PoaError' }),
    ])
      expect(isPoaError(value)).toBe(false);
  });
});

describe('Result', () => {
  it('carries the value or the error', () => {
    const good = tryApplyHeader(state, header, { now });
    expect(good.ok && good.value.number).toBe(1n);
    const bad = tryApplyHeader(state, second, { now });
    expect(!bad.ok && bad.error.code).toBe('PARENT_MISMATCH');
  });

  it('does not hide a caller’s bug', () => {
    expect(() => tryApplyHeader(state, undefined as never, { now })).toThrow(TypeError);
    expect(() => tryApplyHeader(state, header, { now: Number.NaN })).toThrow(TypeError);
  });
});
