/** With a verifier many headers come to the same as one at a time, whatever is wrong with them and wherever. */
import { createVerifier, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyHeaders,
  attestBlock,
  createState,
  type PoaHeader,
  recoverHeader,
  type State,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now as sampleNow, secretKeys, template } from '../../examples/sample.js';
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

it('refuses a good header on a good header that is not its parent', () => {
  const header = { ...template.header, dao: new Uint8Array(32).fill(1) };
  const fork = attestBlock({ ...template, header }, secretKeys[1] as Uint8Array);
  const result = applyHeaders(createState(anchor), [fork, headers[1] as PoaHeader], { now: sampleNow });
  expect(result.ok ? 'applied' : [result.index, result.error.code]).toEqual([1, 'PARENT_MISMATCH']);
  compare(createState(anchor), [fork, headers[1] as PoaHeader], createVerifier());
});

describe('a state that came of a verifier', () => {
  const state = createState(anchor);
  const bytesOf = ({ hash, recentAttesters, validatorList }: State): Uint8Array[] => [
    hash,
    ...recentAttesters,
    ...validatorList.pubkeyHashes,
  ];

  it('shares nothing with the state before, nor with what the verifier remembers', () => {
    const verifier = createVerifier();
    const follow = (from: State): State => {
      const result = applyHeaders(from, headers, { now: sampleNow, verifier });
      if (!result.ok) throw result.error;
      return result.value;
    };
    const wanted = follow(state);
    for (const made of [follow(state), follow(state)]) for (const bytes of bytesOf(made)) bytes.fill(0);
    expect(follow(state)).toEqual(wanted);
    expect(state).toEqual(createState(anchor));
    const before = applyHeader(state, headers[0] as PoaHeader, { now: sampleNow, verifier });
    const after = applyHeader(before, headers[1] as PoaHeader, { now: sampleNow, verifier });
    const copy = structuredClone(before);
    for (const bytes of bytesOf(after)) bytes.fill(0);
    expect(before).toEqual(copy);
  });

  it('does not depend on what its verifier does between two headers', () => {
    const verifier = createVerifier();
    function* interrupted(): Iterable<PoaHeader> {
      for (const header of headers) {
        applyHeaders(state, headers, { now: sampleNow, verifier });
        yield header;
        recoverHeader(header, { verifier });
      }
    }
    const options = { now: sampleNow, verifier };
    expect(applyHeaders(state, interrupted(), options)).toEqual(applyHeaders(state, headers, { now: sampleNow }));
  });
});

it('guesses keys that the verifier knew before this protocol met them', () => {
  const inner = createVerifier();
  for (const header of headers) inner.admit(recoverHeader(header).publicKey);
  let hinted = 0;
  const verifier: Verifier = {
    ...inner,
    recover: (batch) => {
      for (const hint of batch.hints ?? []) if (hint !== -1) hinted++;
      return inner.recover(batch);
    },
  };
  const follow = () => applyHeaders(createState(anchor), headers, { now: sampleNow, verifier });
  expect(follow().ok).toBe(true);
  expect(hinted).toBe(0);
  expect(follow().ok).toBe(true);
  expect(hinted).toBeGreaterThan(0);
});

describe('one header through a verifier', () => {
  const [first, second] = headers as [PoaHeader, PoaHeader];
  const plain = recoverHeader(first);
  const other = recoverHeader(second).publicKey;

  it.each([
    ['none', []],
    ['the right one', [plain.publicKey]],
    ['a wrong one', [other]],
    ['no key at all', [new Uint8Array(33)]],
  ])('recovers the same with a hint: %s', (_, hint) => {
    const verifier = createVerifier();
    for (let i = 0; i < 4; i++) expect(recoverHeader(first, { verifier, hint })).toEqual(plain);
  });

  it('refuses what is bad with the same words', () => {
    const bad = { header: first.header, cellbase: first.cellbase.map((byte, i) => (i === 100 ? byte ^ 1 : byte)) };
    const messageOf = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    };
    const verifier = createVerifier();
    expect(messageOf(() => recoverHeader(bad, { verifier }))).toBe(messageOf(() => recoverHeader(bad)));
    const state = createState(anchor);
    const options = { now: sampleNow };
    expect(applyHeader(state, first, { ...options, verifier })).toEqual(applyHeader(state, first, options));
    expect(messageOf(() => applyHeader(state, second, { ...options, verifier }))).toBe(
      messageOf(() => applyHeader(state, second, options)),
    );
    expect(tryApplyHeader(state, second, { ...options, verifier }).ok).toBe(false);
  });

  it('takes the index that map hands over for no options, and refuses other types', () => {
    expect(headers.map(recoverHeader)[0]).toEqual(plain);
    expect(() => recoverHeader(first, 'x' as never)).toThrow('recoverHeader.options: expected object, got string');
    expect(() => recoverHeader(first, { verifier: {} as never })).toThrow(TypeError);
    expect(() => recoverHeader(first, { hint: [1] as never })).toThrow(TypeError);
  });
});
