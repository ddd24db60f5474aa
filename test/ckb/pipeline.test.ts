/** With a verifier many headers come to the same as one at a time, whatever is wrong with them and wherever. */
import { createVerifier, type Verifier } from 'poa-primitives';
import { applyHeaders, createState, type PoaHeader, type State } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now as sampleNow } from '../../examples/sample.js';
import { inputOf, readVectors, stateOf, type VectorHeader } from '../support/poa.js';

const describeResult = (result: ReturnType<typeof applyHeaders>): object =>
  result.ok
    ? result
    : { index: result.index, state: result.state, code: result.error.code, message: result.error.message };

/** Compares a run without a verifier with runs of a fresh one and of one that knows the keys already. */
function compare(state: State, inputs: readonly PoaHeader[], warm: Verifier, now = sampleNow): void {
  const plain = describeResult(applyHeaders(state, inputs, { now }));
  expect(describeResult(applyHeaders(state, inputs, { now, verifier: createVerifier() }))).toEqual(plain);
  for (let i = 0; i < 2; i++)
    expect(describeResult(applyHeaders(state, inputs, { now, verifier: warm }))).toEqual(plain);
}

describe('the vectors', () => {
  it.each(['chain-fixed.json', 'chain-single.json', 'chain-voting.json'])('%s', (name) => {
    const { now, anchor, blocks } = readVectors(name);
    const inputs = (blocks as VectorHeader[]).map(inputOf);
    compare(stateOf(anchor), inputs, createVerifier(), now);
  });

  it('rejections.json and rules.json', () => {
    const { now, state, rejected, accepted } = readVectors('rejections.json');
    const groups = [...readVectors('rules.json').groups, { now, state, rejected, accepted }];
    const warm = createVerifier();
    for (const group of groups)
      for (const vector of [...group.rejected, ...group.accepted])
        compare(stateOf(group.state), [inputOf(vector)], warm, group.now);
  });
});

describe('a run in which one header is bad', () => {
  const state = createState(anchor);
  const warm = createVerifier();
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const spoil: Record<string, (header: PoaHeader) => PoaHeader> = {
    version: ({ header, cellbase }) => ({ header: flip(header, 0), cellbase }),
    parent: ({ header, cellbase }) => ({ header: flip(header, 40), cellbase }),
    timestamp: ({ header, cellbase }) => ({ header: flip(header, 8), cellbase }),
    root: ({ header, cellbase }) => ({ header: flip(header, 70), cellbase }),
    signature: ({ header, cellbase }) => ({ header, cellbase: flip(cellbase, cellbase.length - 150) }),
    'cellbase, cut': ({ header, cellbase }) => ({ header, cellbase: cellbase.slice(0, -1) }),
    'header, cut': ({ header, cellbase }) => ({ header: header.slice(1), cellbase }),
  };

  it('none is', () => compare(state, headers, warm));

  it.each(Object.entries(spoil).flatMap(([name, change]) => headers.map((_, i) => [name, i, change] as const)))(
    '%s of header %i',
    (_, index, change) => {
      compare(
        state,
        headers.map((header, i) => (i === index ? change(header) : header)),
        warm,
      );
    },
  );

  it.each(headers.map((_, i) => i))('one is missing or comes twice at %i', (index) => {
    compare(
      state,
      headers.filter((__, i) => i !== index),
      warm,
    );
    compare(
      state,
      headers.flatMap((header, i) => (i === index ? [header, header] : [header])),
      warm,
    );
  });
});
