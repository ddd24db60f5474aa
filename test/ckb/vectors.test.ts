/** Every file of `test/vectors/poa`: see README.md there for what a reader must assert. */
import {
  applyHeader,
  applyHeaders,
  applyRecovered,
  attestBlock,
  COMPACT_TARGET_IN_TURN,
  checkValidatorListCell,
  computeAttestationMessage,
  computeInTurnIndex,
  computeTransactionsRoot,
  computeValidatorListLock,
  joinCellbaseWitness,
  MULTISIG_CODE_HASH,
  parseHeader,
  parseState,
  parseTransaction,
  parseValidatorList,
  recoverHeader,
  serializeScript,
  serializeState,
  serializeTransaction,
  serializeValidatorList,
  splitCellbaseWitness,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { inputOf, readVectors, stateOf, type VectorHeader, type VectorList, type VectorState } from '../support/poa.js';

const SECRET_KEY = new Uint8Array(32).fill(1);

describe('attestations.json', () => {
  const cases: VectorHeader[] = readVectors('attestations.json').cases;

  it.each(cases.map((vector, i) => [i, vector] as const))('case %i recovers to what it states', (_, vector) => {
    const input = inputOf(vector);
    const recovered = recoverHeader(input);
    expect(hex(recovered.hash)).toBe(vector.hash);
    expect(hex(recovered.message)).toBe(vector.message);
    expect(hex(computeAttestationMessage(input))).toBe(vector.message);
    expect(hex(recovered.publicKey)).toBe(vector.publicKey);
    expect(hex(recovered.attester)).toBe(vector.attester);
    expect(recovered.transactionsCount).toBe(vector.transactionsCount);
    expect(recovered.votingTxs.length).toBe(vector.votes);
    expect(recovered.header.compactTarget === COMPACT_TARGET_IN_TURN).toBe(vector.inTurn);
    expect(computeTransactionsRoot(vector.transactions.map(bytes))).toEqual(recovered.header.transactionsRoot);
    expect(recovered.votingTxs.map(hex)).toEqual(vector.transactions.slice(1, 1 + vector.votes));
  });

  it.each(cases.map((vector, i) => [i, vector] as const))('case %i can be attested again', (_, vector) => {
    const [first, ...others] = vector.transactions.map(bytes) as [Uint8Array, ...Uint8Array[]];
    const record = parseTransaction(first);
    const [witness, ...witnesses] = record.witnesses as [Uint8Array, ...Uint8Array[]];
    const { cellbaseWitness } = splitCellbaseWitness(witness);
    const block = attestBlock(
      {
        header: parseHeader(bytes(vector.header)),
        cellbase: serializeTransaction({ ...record, witnesses: [cellbaseWitness, ...witnesses] }),
        votingTxs: others.slice(0, vector.votes),
        transactions: others.slice(vector.votes),
      },
      SECRET_KEY,
    );
    const recovered = recoverHeader(block);
    expect(recovered.attester).toEqual(block.attester);
    expect(recovered.hash).toEqual(block.hash);
    // Another key, so the signature and what commits to it are all that may differ.
    expect(hex(recovered.message)).toBe(vector.message);
    expect(
      joinCellbaseWitness(splitCellbaseWitness(parseTransaction(block.cellbase).witnesses[0] as Uint8Array)).length,
    ).toBe(witness.length);
    expect(recovered.votingTxs.length).toBe(vector.votes);
    expect(block.transactions.length).toBe(vector.transactionsCount);
  });
});

describe.each(['chain-fixed.json', 'chain-single.json', 'chain-voting.json'])('%s', (name) => {
  const { now, anchor, blocks, final } = readVectors(name) as {
    now: number;
    anchor: VectorState;
    blocks: VectorHeader[];
    final: VectorState;
  };
  const start = stateOf(anchor);
  const wanted = { ...stateOf(final), anchorHash: start.hash };

  it('applies block by block, through bytes and back after each', () => {
    let state = start;
    for (const block of blocks) {
      const inTurn =
        state.validatorList.pubkeyHashes[
          computeInTurnIndex(state.number + 1n, state.validatorList.pubkeyHashes.length)
        ];
      expect(hex(inTurn as Uint8Array) === block.attester).toBe(block.inTurn);
      state = parseState(serializeState(applyHeader(state, inputOf(block), { now })));
      expect(hex(state.hash)).toBe(block.hash);
    }
    expect(state).toEqual(wanted);
  });

  it('applies as recovered headers', () => {
    const recovered = blocks.map((block) => structuredClone(recoverHeader(inputOf(block))));
    expect(recovered.reduce((state, header) => applyRecovered(state, header, { now }), start)).toEqual(wanted);
  });

  it('applies in one run', () => {
    const result = applyHeaders(start, blocks.map(inputOf), { now });
    expect(result).toEqual({ ok: true, value: wanted, applied: blocks.length });
  });
});

describe('rejections.json', () => {
  const { now, state, rejected, accepted } = readVectors('rejections.json') as {
    now: number;
    state: VectorState;
    rejected: VectorHeader[];
    accepted: VectorHeader[];
  };

  it.each(rejected.map((vector) => [vector.code, vector.why, vector] as const))('%s: %s', (code, _, vector) => {
    const error = expectCode(() => applyHeader(stateOf(state), inputOf(vector), { now }), code as never);
    expect(error.message.endsWith(`[${code}]`)).toBe(true);
    expect(error.expected).not.toBe('');
    expect(error.got).not.toBe('');
    const result = tryApplyHeader(stateOf(state), inputOf(vector), { now });
    expect(result.ok ? undefined : result.error.code).toBe(code);
  });

  it.each(accepted.map((vector, i) => [i, vector] as const))('accepted %i applies', (_, vector) => {
    expect(hex(applyHeader(stateOf(state), inputOf(vector), { now }).hash)).toBe(vector.hash);
  });
});

describe('rules.json', () => {
  const groups = readVectors('rules.json').groups as {
    about: string;
    now: number;
    state: VectorState;
    accepted: VectorHeader[];
    rejected: VectorHeader[];
  }[];

  describe.each(groups.map((group) => [group.about, group] as const))('%s', (_, { now, state, accepted, rejected }) => {
    it.each(accepted.map((vector) => [vector.why, vector] as const))('accepts: %s', (_, vector) => {
      const start = stateOf(state);
      expect(applyHeader(start, inputOf(vector), { now })).toEqual({ ...stateOf(vector.next), anchorHash: start.hash });
      const recovered = recoverHeader(inputOf(vector));
      expect([hex(recovered.hash), hex(recovered.message), hex(recovered.attester)]).toEqual([
        vector.hash,
        vector.message,
        vector.attester,
      ]);
    });

    it.each(rejected.map((vector) => [vector.code, vector.why, vector] as const))(
      'rejects: %s, %s',
      (code, _, vector) => {
        const start = stateOf(state);
        expectCode(() => applyHeader(start, inputOf(vector), { now }), code as never);
        expect(start).toEqual(stateOf(state));
      },
    );
  });
});

describe('validator-lists.json', () => {
  const cases: VectorList[] = readVectors('validator-lists.json').cases;

  it.each(cases.map((list) => [list.pubkeyHashes.length, list] as const))('%i validators', (_, vector) => {
    const { data, multisigLock, ...rest } = vector;
    const list = { ...rest, pubkeyHashes: rest.pubkeyHashes.map(bytes) };
    const network = { multisigCodeHash: MULTISIG_CODE_HASH };
    expect(parseValidatorList(bytes(data))).toEqual(list);
    expect(hex(serializeValidatorList(list))).toBe(data);
    const lock = computeValidatorListLock(list, network);
    expect(hex(serializeScript(lock))).toBe(multisigLock);
    expect(checkValidatorListCell({ output: { capacity: 0n, lock, type: null }, data: bytes(data) }, network)).toEqual(
      list,
    );
  });
});
