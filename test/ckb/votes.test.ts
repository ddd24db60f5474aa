import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import {
  applyVote,
  buildValidatorListCell,
  buildVoteTransaction,
  checkMultisigWitness,
  checkValidatorListCell,
  combineVotes,
  computeMultisigScript,
  computeOccupiedCapacity,
  computeVoteMessage,
  createState,
  MULTISIG_CODE_HASH,
  parseTransaction,
  parseWitnessArgs,
  previewVote,
  serializeScript,
  serializeTransaction,
  serializeValidatorList,
  signVote,
  type ValidatorList,
  type VoteRequest,
  voteFromJson,
  voteToJson,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { LIST_TYPE, makeSecretKey, pubkeyHashOf } from '../../examples/kit.js';
import { anchor, listCell, secretKeys, wantedList } from '../../examples/sample.js';
import { runs } from '../support/arbitraries.js';
import { expectCode } from '../support/errors.js';

const state = createState(anchor);
const network = { multisigCodeHash: MULTISIG_CODE_HASH };
const [a, b, c, d] = wantedList.pubkeyHashes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const [keyA, keyB, keyC, keyD] = secretKeys as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const request: VoteRequest = { cell: listCell, wanted: wantedList, network, cellDeps: [] };
const build = (changes: Partial<VoteRequest> = {}) => buildVoteTransaction({ ...request, ...changes });
const unsigned = build().transaction;
const other = (index: number) => ({ since: 7n, previousOutput: { txHash: new Uint8Array(32).fill(9), index } });
const lock = { codeHash: new Uint8Array(32).fill(4), hashType: 1, args: new Uint8Array(20) };
const insert = <T>(items: T[], at: number, item: T): T[] => [...items.slice(0, at), item, ...items.slice(at)];
const output = { output: { capacity: 6_100_000_000n, lock, type: null }, data: Uint8Array.of(5) };

describe('computeOccupiedCapacity', () => {
  it('counts 8 bytes, the scripts and the data: 20 CKB for a validator', () => {
    const of = (list: ValidatorList) => computeOccupiedCapacity(listCell.output, serializeValidatorList(list));
    expect(of(anchor.validatorList)).toBe(194n * 10n ** 8n);
    expect(of(wantedList) - of(anchor.validatorList)).toBe(20n * 10n ** 8n);
    expect(computeOccupiedCapacity({ ...listCell.output, type: null }, new Uint8Array())).toBe(61n * 10n ** 8n);
    expectCode(
      () => computeOccupiedCapacity({ ...listCell.output, lock: { ...lock, hashType: 256 } }, new Uint8Array()),
      'OUT_OF_RANGE',
    );
  });
});

describe('buildVoteTransaction', () => {
  it('spends the cell, makes the new one, and leaves room for the signatures', () => {
    const { transaction, inputIndex, outputIndex, capacity, additionalCapacity } = build();
    expect([inputIndex, outputIndex, capacity, additionalCapacity]).toEqual([0, 0, listCell.output.capacity, 0n]);
    const record = parseTransaction(transaction);
    expect(record.inputs).toEqual([{ since: 0n, previousOutput: listCell.outPoint }]);
    expect(checkValidatorListCell({ output: record.outputs[0]!, data: record.outputsData[0]! }, network)).toEqual(
      wantedList,
    );
    const room = parseWitnessArgs(record.witnesses[0]!).lock as Uint8Array;
    expect(room).toEqual(Uint8Array.of(...computeMultisigScript(anchor.validatorList), ...new Uint8Array(130)));
  });

  it('raises the capacity where a longer list occupies more', () => {
    const tight = { ...listCell, output: { ...listCell.output, capacity: 194n * 10n ** 8n } };
    const built = build({ cell: tight });
    expect([built.capacity, built.additionalCapacity]).toEqual([214n * 10n ** 8n, 20n * 10n ** 8n]);
    const shorter = { attestInterval: 1, voteLimit: 2, pubkeyHashes: [a, b] };
    expect(build({ cell: tight, wanted: shorter }).additionalCapacity).toBe(0n);
    expect(build({ cell: tight, wanted: shorter, capacity: 174n * 10n ** 8n }).additionalCapacity).toBe(
      -20n * 10n ** 8n,
    );
    const error = expectCode(() => build({ cell: tight, capacity: 214n * 10n ** 8n - 1n }), 'CAPACITY_TOO_SMALL');
    expect(error.expected).toBe('at least 21400000000 shannons for 4 validators');
  });

  it.each([0, 1, 2])('takes other inputs and outputs, and stands at position %i among them', (at) => {
    const witnesses = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3, 3)];
    const cellDeps = [{ outPoint: listCell.outPoint, depType: 1 }];
    const headerDeps = [new Uint8Array(32).fill(8)];
    const built = build({
      inputs: [other(0), other(1)],
      inputIndex: at,
      outputs: [output, output],
      outputIndex: 2 - at,
      witnesses,
      cellDeps,
      headerDeps,
    });
    const record = parseTransaction(built.transaction);
    expect(record.inputs.map(({ since }) => since)).toEqual(insert([7n, 7n], at, 0n));
    expect(record.outputs.map(({ type }) => type !== null)).toEqual(insert([false, false], 2 - at, true));
    expect(record.witnesses.filter((_, i) => i !== at)).toEqual(witnesses);
    expect([record.cellDeps, record.headerDeps]).toEqual([cellDeps, headerDeps]);
    const signed = combineVotes(
      state,
      built.transaction,
      [keyA, keyC].map((key) => signVote(state, built.transaction, key)),
    );
    expect(applyVote(state, signed).validatorList).toEqual(wantedList);
    // The last witness stands behind the inputs, so the message covers it; the others are none of its business.
    const touched = (i: number) =>
      serializeTransaction({ ...record, witnesses: record.witnesses.map((w, j) => (i === j ? Uint8Array.of(9) : w)) });
    const message = computeVoteMessage(state, built.transaction);
    expect(computeVoteMessage(state, touched(3))).not.toEqual(message);
    expect(computeVoteMessage(state, touched(at === 0 ? 1 : 0))).toEqual(message);
  });

  it('pads inputs before it that have no witness', () => {
    const built = build({ inputs: [other(0), other(1)], inputIndex: 2 });
    expect(parseTransaction(built.transaction).witnesses.map(({ length }) => length > 0)).toEqual([false, false, true]);
    expect(previewVote(state, built.transaction).inputIndex).toBe(2);
  });

  it.each<[string, string, Partial<VoteRequest>]>([
    ['an interval at the count', 'ATTEST_INTERVAL_TOO_LONG', { wanted: { ...wantedList, attestInterval: 4 } }],
    ['no majority', 'VOTE_LIMIT_OUT_OF_RANGE', { wanted: { ...wantedList, voteLimit: 2 } }],
    ['a validator twice', 'VALIDATOR_LIST_DUPLICATE', { wanted: { ...wantedList, pubkeyHashes: [a, b, c, a] } }],
    ['a cell whose data is no list', 'VALIDATOR_LIST_MALFORMED', { cell: { ...listCell, data: new Uint8Array(9) } }],
    [
      'a cell with another lock',
      'VALIDATOR_LIST_LOCK_MISMATCH',
      { cell: { ...listCell, output: { ...listCell.output, lock } } },
    ],
    ['a cell without type', 'VOTE_OUTPUT_COUNT', { cell: { ...listCell, output: { ...listCell.output, type: null } } }],
    [
      'another input that spends the list',
      'VOTE_NOT_SPENDING_LIST',
      { inputs: [{ since: 0n, previousOutput: listCell.outPoint }] },
    ],
    [
      'another output of its type',
      'VOTE_OUTPUT_COUNT',
      { outputs: [{ ...output, output: { ...output.output, type: LIST_TYPE } }] },
    ],
    ['a position beyond the inputs', 'OUT_OF_RANGE', { inputIndex: 1 }],
    ['a position beyond the outputs', 'OUT_OF_RANGE', { outputIndex: 1 }],
    ['a capacity of 2^64', 'OUT_OF_RANGE', { capacity: 2n ** 64n }],
  ])('refuses %s: %s', (_, code, changes) => {
    expectCode(() => build(changes), code as never);
  });
});

describe('buildValidatorListCell', () => {
  const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };

  it('makes a cell that states can track', () => {
    const cell = buildValidatorListCell({ list: wantedList, network, firstInput, outputIndex: 0 });
    expect(cell.output.type).toEqual(LIST_TYPE);
    expect(cell.output.capacity).toBe(computeOccupiedCapacity(cell.output, cell.data));
    const validatorListType = serializeScript(cell.output.type!);
    expect(
      createState({ ...anchor, validatorListType, validatorList: checkValidatorListCell(cell, network) }).validatorList,
    ).toEqual(wantedList);
    expect(buildValidatorListCell({ list: wantedList, network, firstInput, outputIndex: 1 }).output.type).not.toEqual(
      LIST_TYPE,
    );
  });

  it('refuses a list that no network can run on, and too little capacity', () => {
    const list = { ...wantedList, attestInterval: 4 };
    expectCode(() => buildValidatorListCell({ list, network, firstInput, outputIndex: 0 }), 'ATTEST_INTERVAL_TOO_LONG');
    expectCode(
      () => buildValidatorListCell({ list: wantedList, network, firstInput, outputIndex: 0, capacity: 1n }),
      'CAPACITY_TOO_SMALL',
    );
  });
});

describe('previewVote', () => {
  const preview = (wanted: ValidatorList, signer?: Uint8Array) =>
    previewVote(state, build({ wanted }).transaction, signer === undefined ? {} : { signer });

  it('says who joins and who is evicted, and what else changes', () => {
    expect(preview({ attestInterval: 1, voteLimit: 3, pubkeyHashes: [a, d, c] })).toMatchObject({
      joins: [d],
      evictions: [b],
      reordered: false,
      voteLimit: { from: 2, to: 3 },
      attestInterval: { from: 1, to: 1 },
      signaturesNeeded: 2,
      inputIndex: 0,
      outputIndex: 0,
      warnings: [],
    });
    expect(preview({ attestInterval: 1, voteLimit: 2, pubkeyHashes: [c, a, b] })).toMatchObject({
      joins: [],
      evictions: [],
      reordered: true,
    });
  });

  it.each<[string, ValidatorList, Uint8Array | undefined, unknown]>([
    [
      'an interval of 0',
      { attestInterval: 0, voteLimit: 2, pubkeyHashes: [a, b, c] },
      undefined,
      [{ code: 'ATTEST_INTERVAL_NOT_HALF', recommended: 1, got: 0 }],
    ],
    [
      'an interval of n - 1',
      { attestInterval: 2, voteLimit: 2, pubkeyHashes: [a, b, c] },
      undefined,
      [{ code: 'ATTEST_INTERVAL_NOT_HALF', recommended: 1, got: 2 }],
    ],
    [
      'two who change places',
      { attestInterval: 1, voteLimit: 2, pubkeyHashes: [c, b, a] },
      undefined,
      [{ code: 'VALIDATORS_SWAPPED', validators: [a, c], indices: [0, 2] }],
    ],
    [
      'the eviction of the signer',
      { attestInterval: 1, voteLimit: 2, pubkeyHashes: [a, b, d] },
      c,
      [{ code: 'SIGNER_EVICTED', signer: c }],
    ],
    // Each has moved, but no two have changed places with each other.
    ['nothing where three go round', { attestInterval: 1, voteLimit: 2, pubkeyHashes: [c, a, b] }, undefined, []],
    ['no change', { attestInterval: 1, voteLimit: 2, pubkeyHashes: [a, b, c] }, a, [{ code: 'NOTHING_CHANGES' }]],
    ['nothing to warn of', { attestInterval: 2, voteLimit: 3, pubkeyHashes: [a, b, c, d] }, a, []],
  ])('warns of %s', (_, wanted, signer, warnings) => {
    expect(preview(wanted, signer).warnings).toEqual(warnings);
  });

  it('warns of a cell with too little capacity', () => {
    const record = parseTransaction(unsigned);
    const outputs = record.outputs.map((each) => ({ ...each, capacity: 1n }));
    expect(previewVote(state, serializeTransaction({ ...record, outputs })).warnings).toEqual([
      { code: 'CAPACITY_TOO_SMALL', occupied: 21_400_000_000n, got: 1n },
    ]);
  });

  it('names the cell that would be tracked', () => {
    const signed = combineVotes(state, unsigned, [signVote(state, unsigned, keyA), signVote(state, unsigned, keyB)]);
    expect(previewVote(state, signed).validatorListOutPoint).toEqual(applyVote(state, signed).validatorListOutPoint);
    expect(previewVote(state, unsigned)).toEqual(previewVote(state, signed));
  });

  const record = parseTransaction(unsigned);
  it.each<[string, string, object]>([
    [
      'data and lock that do not correspond',
      'VALIDATOR_LIST_LOCK_MISMATCH',
      { outputsData: [serializeValidatorList({ ...wantedList, voteLimit: 4 })] },
    ],
    [
      'two list cells',
      'VOTE_OUTPUT_COUNT',
      { outputs: [...record.outputs, ...record.outputs], outputsData: [...record.outputsData, ...record.outputsData] },
    ],
    ['no list cell', 'VOTE_OUTPUT_COUNT', { outputs: [], outputsData: [] }],
    [
      'no majority',
      'VOTE_LIMIT_OUT_OF_RANGE',
      { outputsData: [serializeValidatorList({ ...wantedList, voteLimit: 2 })] },
    ],
    [
      'an interval at the count',
      'ATTEST_INTERVAL_TOO_LONG',
      { outputsData: [serializeValidatorList({ ...wantedList, attestInterval: 4 })] },
    ],
    ['another cell spent', 'VOTE_NOT_SPENDING_LIST', { inputs: [other(0)] }],
  ])('refuses %s, and so does whoever is asked to sign: %s', (_, code, changes) => {
    const wrong = serializeTransaction({ ...record, ...changes });
    for (const act of [
      () => previewVote(state, wrong),
      () => computeVoteMessage(state, wrong),
      () => signVote(state, wrong, keyA),
      () => combineVotes(state, wrong, []),
    ])
      expectCode(act, code as never);
  });

  it('refuses a signer that is no pubkey hash, and what does not decode', () => {
    expectCode(() => previewVote(state, unsigned, { signer: new Uint8Array(33) }), 'OUT_OF_RANGE');
    expectCode(() => previewVote(state, new Uint8Array(4)), 'MALFORMED');
    expect(() => previewVote(state, '0x' as never)).toThrow(TypeError);
  });
});

describe('signVote', () => {
  it('signs the message that external signers get', () => {
    const message = computeVoteMessage(state, unsigned);
    const [id, ...rs] = secp256k1.sign(message, keyB, { prehash: false, format: 'recovered' });
    expect(signVote(state, unsigned, keyB)).toEqual(Uint8Array.of(...rs, id as number));
  });

  it('refuses the key of who is no validator yet, and what is no key', () => {
    expectCode(() => signVote(state, unsigned, keyD), 'VOTE_SIGNATURE_FOREIGN');
    expectCode(() => signVote(state, unsigned, new Uint8Array(32)), 'SECRET_KEY_INVALID');
    const record = parseTransaction(unsigned);
    expectCode(() => signVote(state, serializeTransaction({ ...record, witnesses: [] }), keyA), 'VOTES_INVALID');
  });
});

describe('combineVotes', () => {
  const [sigA, sigB, sigC] = [keyA, keyB, keyC].map((key) => signVote(state, unsigned, key)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];

  it('gives the same transaction for the same signatures in any order, and again from a signed one', () => {
    const signed = combineVotes(state, unsigned, [sigA, sigC]);
    expect(combineVotes(state, unsigned, [sigC, sigA])).toEqual(signed);
    expect(combineVotes(state, combineVotes(state, unsigned, [sigA, sigB]), [sigC, sigA])).toEqual(signed);
    expect(applyVote(state, signed).validatorList).toEqual(wantedList);
    const input = { transaction: signed, inputIndex: 0, multisigScript: computeMultisigScript(anchor.validatorList) };
    expect(checkMultisigWitness(input)).toEqual([a, c]);
  });

  it('takes s in either half, as the lock script does', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = sigA.slice(32, 64).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
    const high = Uint8Array.from((order - s).toString(16).padStart(64, '0').match(/../g) as string[], (byte) =>
      Number.parseInt(byte, 16),
    );
    const flipped = Uint8Array.of(...sigA.subarray(0, 32), ...high, (sigA[64] as number) ^ 1);
    expect(applyVote(state, combineVotes(state, unsigned, [flipped, sigB])).validatorList).toEqual(wantedList);
  });

  const foreign = (() => {
    const [id, ...rs] = secp256k1.sign(computeVoteMessage(state, unsigned), keyD, {
      prehash: false,
      format: 'recovered',
    });
    return Uint8Array.of(...rs, id as number);
  })();

  it.each<[string, string, Uint8Array[], string]>([
    ['none', 'VOTE_SIGNATURE_MISSING', [], 'combineVotes.signatures: expected 2 signatures, got 0'],
    ['one too few', 'VOTE_SIGNATURE_MISSING', [sigB], 'got 1'],
    ['one too many', 'VOTE_SIGNATURE_SURPLUS', [sigA, sigB, sigC], 'expected 2 signatures, got 3'],
    [
      'one twice',
      'VOTE_SIGNATURE_DOUBLED',
      [sigB, sigB],
      'combineVotes.signatures[1]: expected one signature of each validator',
    ],
    [
      'a foreign one',
      'VOTE_SIGNATURE_FOREIGN',
      [sigA, foreign],
      'combineVotes.signatures[1]: expected one of 3 validators',
    ],
    [
      'one of 64 bytes',
      'OUT_OF_RANGE',
      [sigA, sigB.subarray(1)],
      'combineVotes.signatures[1]: expected 65 bytes, got 64 bytes',
    ],
    [
      'a zero one',
      'SIGNATURE_INVALID',
      [new Uint8Array(65), sigA],
      'combineVotes.signatures[0]: expected r from 1 to n - 1',
    ],
  ])('names what is wrong with signatures: %s', (_, code, signatures, message) => {
    expect(expectCode(() => combineVotes(state, unsigned, signatures), code as never).message).toContain(message);
  });

  it('any enough of any validators in any order make a vote that holds, and no fewer do', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => makeSecretKey(`voter ${name}`));
    const pubkeyHashes = names.map(pubkeyHashOf);
    const subset = fc.integer({ min: 3, max: 5 }).chain((voteLimit) =>
      fc.record({
        voteLimit: fc.constant(voteLimit),
        signers: fc.shuffledSubarray(names, { minLength: 1, maxLength: voteLimit }),
      }),
    );
    fc.assert(
      fc.property(subset, ({ voteLimit, signers }) => {
        const list = { attestInterval: 2, voteLimit, pubkeyHashes };
        const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };
        const cell = {
          ...buildValidatorListCell({ list, network, firstInput, outputIndex: 0 }),
          outPoint: listCell.outPoint,
        };
        const voting = createState({ ...anchor, validatorList: list });
        const { transaction } = buildVoteTransaction({ cell, wanted: wantedList, network, cellDeps: [] });
        const signatures = signers.map((key) => signVote(voting, transaction, key));
        if (signers.length < voteLimit)
          expectCode(() => combineVotes(voting, transaction, signatures), 'VOTE_SIGNATURE_MISSING');
        else expect(applyVote(voting, combineVotes(voting, transaction, signatures)).validatorList).toEqual(wantedList);
      }),
      { numRuns: runs(20) },
    );
  });
});

describe('voteFromJson', () => {
  const file = { transaction: unsigned, signatures: [signVote(state, unsigned, keyA)] };
  const json = voteToJson(file);

  it('gives back what was written, through text too', () => {
    expect(voteFromJson(json)).toEqual(file);
    expect(voteFromJson(JSON.parse(JSON.stringify(json)))).toEqual(file);
    expect(Object.keys(json)).toEqual(['format', 'version', 'transaction', 'signatures']);
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'vote: expected an object'],
    ['an array', [json], 'vote: expected an object'],
    [
      'a member more',
      { ...json, note: 'x' },
      'vote: expected no members but format, version, transaction, signatures, got "note"',
    ],
    ['another format', { ...json, format: 'vote' }, 'vote.format'],
    ['another version', { ...json, version: 2 }, 'vote.version'],
    ['a version as text', { ...json, version: '1' }, 'vote.version'],
    ['no transaction', { format: json.format, version: 1, signatures: [] }, 'vote.transaction'],
    ['a transaction that is no hex', { ...json, transaction: 'tx' }, 'vote.transaction'],
    ['no signatures', { format: json.format, version: 1, transaction: json.transaction }, 'vote.signatures'],
    ['a signature of 64 bytes', { ...json, signatures: [`0x${'00'.repeat(64)}`] }, 'vote.signatures[0]'],
    [
      '256 signatures',
      { ...json, signatures: new Array(256).fill(`0x${'00'.repeat(65)}`) },
      'vote.signatures: expected at most 255',
    ],
    ['members of a prototype', Object.create(json), 'vote.format'],
  ])('refuses %s', (_, wrong, message) => {
    expect(expectCode(() => voteFromJson(wrong), 'JSON_INVALID').message).toContain(message);
  });

  it('has nothing but its codes for spoilt text', () => {
    const text = JSON.stringify(json);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(5), (at, put, cut) => {
        let spoilt: unknown;
        try {
          spoilt = JSON.parse(text.slice(0, at) + put + text.slice(at + cut));
        } catch {
          return;
        }
        try {
          const read = voteFromJson(spoilt);
          expect(voteFromJson(voteToJson(read))).toEqual(read);
        } catch (error) {
          expect(['JSON_INVALID', 'MALFORMED']).toContain((error as { code?: string }).code);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('refuses a transaction that does not decode, on both ways', () => {
    expectCode(() => voteFromJson({ ...json, transaction: `${json.transaction}00` }), 'MALFORMED');
    expectCode(() => voteToJson({ ...file, transaction: unsigned.subarray(1) }), 'MALFORMED');
    expectCode(() => voteToJson({ ...file, signatures: [new Uint8Array(64)] }), 'OUT_OF_RANGE');
  });
});
