import {
  computeAttestationMessage,
  parsePoaHeader,
  parsePoaHeaders,
  parseTransaction,
  recoverHeader,
  serializePoaHeader,
  serializePoaHeaders,
  serializeTransaction,
  type Transaction,
  zeroSignature,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { headers } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';

const { header, cellbase } = headers[0] as (typeof headers)[0];
const record = parseTransaction(cellbase);
const changed = (changes: Partial<Transaction>) => ({
  header,
  cellbase: serializeTransaction({ ...record, ...changes }),
});
const input = { since: 1n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };
const spending = (changes: object) =>
  changed({ inputs: [{ ...input, previousOutput: { ...input.previousOutput, ...changes } }] });

describe('the cellbase', () => {
  it.each<[string, ReturnType<typeof changed>, string]>([
    ['no input', changed({ inputs: [] }), 'expected one input, got 0'],
    ['two inputs', changed({ inputs: [input, input] }), 'expected one input, got 2'],
    [
      'a transaction hash, and the null index',
      spending({ txHash: new Uint8Array(32).fill(1) }),
      'expected the null transaction hash',
    ],
    [
      'the last bit of a transaction hash',
      spending({ txHash: new Uint8Array(32).fill(128, 31) }),
      'expected the null transaction hash',
    ],
    ['the null hash, and an index', spending({ index: 0xfffffffe }), 'expected index 0xffffffff, got 4294967294'],
    [
      'another number',
      changed({ inputs: [{ ...input, since: 2n }] }),
      'expected since 1, the number of the block, got 2',
    ],
  ])('is refused with %s', (_, wrong, message) => {
    expect(expectCode(() => recoverHeader(wrong), 'CELLBASE_INVALID').message).toContain(message);
    expect(expectCode(() => computeAttestationMessage(wrong), 'CELLBASE_INVALID').offset).toBeGreaterThan(0);
  });

  it('says where in it a flaw lies', () => {
    const cut = { header, cellbase: cellbase.subarray(0, -1) };
    const error = expectCode(() => recoverHeader(cut), 'MALFORMED');
    expect([error.where, error.offset]).toEqual(['cellbase', 0]);
  });
});

describe('recoverHeader', () => {
  it('gives plain data that shares nothing with its input', () => {
    const mine = structuredClone({ header, cellbase });
    const recovered = recoverHeader(mine);
    const kept = structuredClone(recovered);
    expect(kept).toEqual(recovered);
    mine.header.fill(0xff);
    mine.cellbase.fill(0xff);
    expect(recovered).toEqual(kept);
  });
});

describe('zeroSignature', () => {
  it('changes the 65 bytes of the signature and nothing else', () => {
    const zeroed = zeroSignature(cellbase);
    const different = [...zeroed.keys()].filter((i) => zeroed[i] !== cellbase[i]);
    expect((different.at(-1) as number) - (different[0] as number)).toBeLessThan(65);
    expect(different.every((i) => zeroed[i] === 0)).toBe(true);
    expect(zeroSignature(zeroed)).toEqual(zeroed);
    expect(computeAttestationMessage({ header, cellbase: zeroed })).toEqual(
      recoverHeader({ header, cellbase }).message,
    );
  });
});

describe('parsePoaHeaders', () => {
  it('gives back what was serialized, one, many and none', () => {
    for (const inputs of [[], headers.slice(0, 1), headers]) {
      const bytes = serializePoaHeaders(inputs);
      expect(parsePoaHeaders(bytes)).toEqual(inputs);
      expect(serializePoaHeaders(parsePoaHeaders(bytes))).toEqual(bytes);
    }
    for (const each of headers) expect(parsePoaHeader(serializePoaHeader(each))).toEqual(each);
  });

  it('refuses a header of 207 bytes, and one that is followed by a byte', () => {
    const one = serializePoaHeader({ header, cellbase });
    expectCode(() => serializePoaHeader({ header: header.subarray(1), cellbase }), 'MALFORMED');
    expectCode(() => serializePoaHeaders([{ header, cellbase: cellbase.subarray(1) }]), 'MALFORMED');
    expectCode(() => parsePoaHeader(one.subarray(0, -1)), 'MALFORMED');
    expectCode(() => parsePoaHeader(Uint8Array.of(...one, 0)), 'MALFORMED');
    expectCode(() => parsePoaHeaders(one), 'MALFORMED');
  });
});
