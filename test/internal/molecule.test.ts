import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  BLOCK_V1,
  CELLBASE_WITNESS,
  HEADER,
  POA_CONTEXT,
  SCRIPT,
  TRANSACTION,
  WITNESS_ARGS,
} from '../../src/ckb/encoding/schemas.js';
import type { Schema } from '../../src/internal/molecule/schema.js';
import { assertMolecule } from '../../src/internal/molecule/verify.js';
import { writeBytesVec, writeFixvec, writeTable } from '../../src/internal/molecule/write.js';
import { bytes } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const BYTES_VEC: Schema = { kind: 'dynvec', item: { kind: 'fixvec', itemSize: 1 } };
const BYTE32_VEC: Schema = { kind: 'fixvec', itemSize: 32 };
const SCHEMAS: Record<string, Schema> = {
  CellbaseWitness: CELLBASE_WITNESS,
  WitnessArgs: WITNESS_ARGS,
  Script: SCRIPT,
  Transaction: TRANSACTION,
  Byte32Vec: BYTE32_VEC,
  BytesVec: BYTES_VEC,
  Header: HEADER,
};

describe.skipIf(!hasShared)('molecule-malformed.json: the verdicts of the Rust reader', () => {
  const cases: { type: string; serialized: string; what: string; strict_ok: boolean }[] = hasShared
    ? readShared('ckb/molecule-malformed.json').cases
    : [];

  it.each(cases.map((vector) => [vector.type, vector.what, vector] as const))('%s: %s', (type, _, vector) => {
    const schema = SCHEMAS[type] as Schema;
    const check = () => assertMolecule('test', schema, bytes(vector.serialized));
    if (vector.strict_ok) check();
    else expectCode(check, 'MALFORMED');
  });

  it('has 93 of them', () => expect(cases.length).toBe(93));
});

describe('assertMolecule', () => {
  it('names the path and the offset of a flaw', () => {
    const transaction = writeTable([
      writeTable([
        new Uint8Array(4),
        writeFixvec([]),
        writeFixvec([]),
        writeFixvec([]),
        writeTable([writeTable([new Uint8Array(8), new Uint8Array(3), new Uint8Array()])]),
        writeBytesVec([]),
      ]),
      writeBytesVec([]),
    ]);
    const error = expectCode(() => assertMolecule('tx', TRANSACTION, transaction), 'MALFORMED');
    expect(error.where).toBe('tx.raw.outputs[0].lock');
    expect(error.expected).toBe('at least 4 bytes');
    expect(error.got).toBe('3 bytes');
    // 12 (transaction) + 28 (raw) + 4 (version) + 3 * 4 (empty vectors) + 8 (outputs) + 16 (output) + 8 (capacity)
    expect(error.offset).toBe(12 + 28 + 4 + 12 + 8 + 16 + 8);
  });

  it('judges only the stretch it is given', () => {
    const padded = Uint8Array.of(9, 9, ...writeBytesVec([Uint8Array.of(1)]), 9);
    assertMolecule('test', BYTES_VEC, padded, 2, padded.length - 1);
    expectCode(() => assertMolecule('test', BYTES_VEC, padded, 2), 'MALFORMED');
    expectCode(() => assertMolecule('test', BYTES_VEC, padded, 1, padded.length - 1), 'MALFORMED');
  });

  const claims: [string, Schema, number[]][] = [
    ['fixvec of 2^30 items', BYTE32_VEC, [2 ** 30]],
    ['fixvec of 2^32 - 1 bytes', { kind: 'fixvec', itemSize: 1 }, [0xffffffff, 0]],
    ['dynvec with 2^30 items', BYTES_VEC, [8, 4 * (2 ** 30 - 1)]],
    ['dynvec with a first offset of 2^32 - 4', BYTES_VEC, [8, 0xfffffffc]],
    ['dynvec of 2^32 - 1 bytes', BYTES_VEC, [0xffffffff, 8]],
    ['table with 2^30 fields', TRANSACTION, [8, 0xfffffffc]],
    ['table of 2^32 - 1 bytes', POA_CONTEXT, [0xffffffff, 24]],
    ['block with 2^30 fields', BLOCK, [8, 0xfffffffc]],
    ['block of 2^32 - 1 bytes', BLOCK_V1, [0xffffffff, 24]],
  ];

  it.each(claims)('answers at once to a %s', (_, schema, words) => {
    const input = new Uint8Array(Uint32Array.from(words).buffer);
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    for (let i = 0; i < 100; i++) expectCode(() => assertMolecule('test', schema, input), 'MALFORMED');
    // Generous for a slow machine; reading 2^30 of anything a hundred times would take minutes.
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
  const SCRIPT_VEC: Schema = { kind: 'dynvec', item: SCRIPT };

  it.each<[string, Schema, Uint8Array]>([
    // Without that check a second offset would be read at 8, and two empty items would be found at 9 and 13.
    [
      'a first offset of a dynvec that is no multiple of 4',
      BYTES_VEC,
      Uint8Array.of(17, 0, 0, 0, 9, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0),
    ],
    ['an offset past the end, before an item that would be read there', SCRIPT_VEC, words(20, 12, 1000, 0, 0)],
    ['the last offset past the end', BYTES_VEC, words(16, 12, 20, 0)],
    ['offsets that decrease', BYTES_VEC, words(20, 12, 8, 0, 0)],
    ['a first offset past the end', BYTES_VEC, words(12, 16, 0)],
    ['a first offset of 4', BYTES_VEC, words(12, 4, 0)],
  ])('refuses %s', (_, schema, input) => {
    expectCode(() => assertMolecule('test', schema, input), 'MALFORMED');
  });

  it('takes neither fewer nor more fields than the schema has', () => {
    for (const count of [0, 1, 3, 4]) {
      const fields = Array.from({ length: count }, () => writeFixvec([]));
      const input = writeTable(fields);
      const wanted = count === 3 ? undefined : 'MALFORMED';
      if (wanted === undefined) assertMolecule('test', WITNESS_ARGS, input);
      else expectCode(() => assertMolecule('test', WITNESS_ARGS, input), wanted);
    }
  });
});
