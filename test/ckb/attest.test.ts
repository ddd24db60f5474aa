import {
  attestBlock,
  type BlockTemplate,
  computeAttestationMessage,
  computeTransactionsRoot,
  parsePoaContext,
  parseTransaction,
  prepareBlock,
  recoverHeader,
  sealBlock,
  serializeTransaction,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { secretKeys, template, vote } from '../../examples/sample.js';
import { signRecoverable } from '../../src/internal/secp256k1.js';
import { expectCode } from '../support/errors.js';

const key = secretKeys[1] as Uint8Array;
const contextOf = (cellbase: Uint8Array) =>
  parsePoaContext(splitCellbaseWitness(parseTransaction(cellbase).witnesses[0] as Uint8Array).poaContext);
const cellbase = parseTransaction(template.cellbase);
const withCellbase = (changes: object): BlockTemplate => ({
  ...template,
  cellbase: serializeTransaction({ ...cellbase, ...changes }),
});

describe('prepareBlock', () => {
  it('puts the votes behind the cellbase, and a zero signature into it', () => {
    const voting = { ...template, votingTxs: [vote.transaction] };
    const { header, transactions, message } = prepareBlock(voting);
    const first = transactions[0] as Uint8Array;
    expect(transactions.slice(1)).toEqual([vote.transaction, ...template.transactions]);
    expect(contextOf(first)).toMatchObject({
      signature: new Uint8Array(65),
      transactionsCount: 4,
      votingTxs: [vote.transaction],
    });
    expect(message).toEqual(computeAttestationMessage({ header, cellbase: first }));
    expectCode(() => recoverHeader({ header, cellbase: first }), 'SIGNATURE_INVALID');
  });

  it('keeps witnesses behind the first', () => {
    const witnesses = [cellbase.witnesses[0] as Uint8Array, Uint8Array.of(1, 2, 3)];
    const block = attestBlock(withCellbase({ witnesses }), key);
    expect(parseTransaction(block.cellbase).witnesses[1]).toEqual(witnesses[1]);
    expect(recoverHeader(block).attester).toEqual(block.attester);
  });

  it.each<[string, string, BlockTemplate]>([
    ['a cellbase without witness', 'CONTEXT_MISSING', withCellbase({ witnesses: [] })],
    ['a first witness that is no CellbaseWitness', 'MALFORMED', withCellbase({ witnesses: [new Uint8Array(3)] })],
    [
      'a first witness that carries a POAContext already',
      'MALFORMED',
      { ...template, cellbase: attestBlock(template, key).cellbase },
    ],
    ['a cellbase of another number', 'CELLBASE_INVALID', { ...template, header: { ...template.header, number: 2n } }],
    ['a cellbase without input', 'CELLBASE_INVALID', withCellbase({ inputs: [] })],
    ['a cellbase beyond 597,000 bytes', 'CELLBASE_TOO_LARGE', withCellbase({ outputsData: [new Uint8Array(597_000)] })],
    ['a transaction that does not decode', 'MALFORMED', { ...template, transactions: [new Uint8Array(7)] }],
    ['a vote that does not decode', 'MALFORMED', { ...template, votingTxs: [new Uint8Array(7)] }],
    ['a timestamp of 2^64', 'OUT_OF_RANGE', { ...template, header: { ...template.header, timestamp: 2n ** 64n } }],
  ])('refuses %s: %s', (_, code, wrong) => {
    expectCode(() => prepareBlock(wrong), code as never);
  });
});

describe('sealBlock', () => {
  const prepared = prepareBlock(template);
  const signature = signRecoverable('test', prepared.message, key);

  it('gives what attestBlock gives, and leaves the prepared block as it was', () => {
    const kept = structuredClone(prepared);
    const block = sealBlock(prepared, signature);
    expect(block).toEqual(attestBlock(template, key));
    expect(prepared).toEqual(kept);
    expect(block.cellbase).toBe(block.transactions[0]);
    expect(computeTransactionsRoot(block.transactions)).toEqual(recoverHeader(block).header.transactionsRoot);
    expect(computeAttestationMessage(block)).toEqual(prepared.message);
  });

  it('refuses a signature that no verifier would take', () => {
    expectCode(() => sealBlock(prepared, new Uint8Array(65)), 'SIGNATURE_INVALID');
    expectCode(() => sealBlock(prepared, signature.subarray(1)), 'OUT_OF_RANGE');
  });

  it('refuses a prepared block that was changed', () => {
    const others = prepared.transactions.slice(0, -1);
    expectCode(() => sealBlock({ ...prepared, transactions: others }, signature), 'TRANSACTIONS_ROOT_MISMATCH');
    expectCode(() => sealBlock({ ...prepared, transactions: [] }, signature), 'MALFORMED');
    expectCode(() => sealBlock({ ...prepared, header: new Uint8Array(10) }, signature), 'MALFORMED');
    expectCode(() => sealBlock({ ...prepared, header: new Uint8Array(209) }, signature), 'MALFORMED');
  });
});

describe('attestBlock', () => {
  it('is deterministic, and refuses what is no key', () => {
    expect(attestBlock(template, key)).toEqual(attestBlock(template, key));
    expectCode(() => attestBlock(template, new Uint8Array(32)), 'SECRET_KEY_INVALID');
    expectCode(() => attestBlock(template, new Uint8Array(31)), 'SECRET_KEY_INVALID');
    expect(() => attestBlock(template, 'key' as never)).toThrow(TypeError);
  });

  it.each([1, 2, 3, 4, 5, 8, 33])('proves cellbase and vote in a block of %i further transactions', (count) => {
    const transactions = Array.from({ length: count }, (_, i) => {
      const record = parseTransaction(template.transactions[0] as Uint8Array);
      return serializeTransaction({ ...record, witnesses: [Uint8Array.of(i)] });
    });
    const block = attestBlock({ ...template, votingTxs: [vote.transaction], transactions }, key);
    expect(recoverHeader(block)).toMatchObject({
      attester: block.attester,
      transactionsCount: count + 2,
      votingTxs: [vote.transaction],
    });
  });
});
