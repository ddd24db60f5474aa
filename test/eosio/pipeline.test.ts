/** With a verifier many headers come to the same as one at a time, whatever is wrong with them and wherever. */
import { createVerifier, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyHeaders,
  createAnchor,
  createState,
  genesisFromJson,
  type PublicKey,
  recoverHeader,
  type SignedHeader,
  type State,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { genesis, headers, now, recoverable } from '../../examples/eosio-chain-sample.js';
import { readChain, toInput } from '../support/eosioVectors.js';
import { hasShared } from '../support/shared.js';

const describeResult = (result: ReturnType<typeof applyHeaders>): object =>
  result.ok
    ? result
    : { index: result.index, state: result.state, code: result.error.code, message: result.error.message };

/** Compares a run without a verifier with runs of a fresh one and of one that knows the keys already. */
function compare(state: State, inputs: readonly SignedHeader[], warm: Verifier): void {
  const plain = describeResult(applyHeaders(state, inputs, { now }));
  expect(describeResult(applyHeaders(state, inputs, { now, verifier: createVerifier() }))).toEqual(plain);
  for (let i = 0; i < 2; i++)
    expect(describeResult(applyHeaders(state, inputs, { now, verifier: warm }))).toEqual(plain);
}

describe.skipIf(!hasShared)('the chains from genesis', () => {
  it.each(['short', 'consensus_blockchain'])('%s', (name) => {
    const { genesis, blocks } = readChain(name);
    const inputs: SignedHeader[] = blocks.slice(1).map(toInput);
    expect(inputs.length).toBeGreaterThan(0);
    compare(createState(createAnchor({ genesis: genesisFromJson(genesis) })), inputs, createVerifier());
  });
});

describe('a run in which one header is bad', () => {
  const state = createState(createAnchor({ genesis }));
  const warm = createVerifier();
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const sign = (input: SignedHeader, change: (signature: Uint8Array) => Uint8Array): SignedHeader => ({
    ...input,
    signatures: input.signatures.map(change),
  });
  const spoil: Record<string, (input: SignedHeader) => SignedHeader> = {
    slot: (input) => ({ ...input, header: flip(input.header, 0) }),
    producer: (input) => ({ ...input, header: flip(input.header, 5) }),
    parent: (input) => ({ ...input, header: flip(input.header, 20) }),
    'merkle root': (input) => ({ ...input, header: flip(input.header, 60) }),
    'header, cut': (input) => ({ ...input, header: input.header.slice(0, -1) }),
    'recovery id': (input) => sign(input, (signature) => flip(signature, 1)),
    r: (input) => sign(input, (signature) => flip(signature, 20)),
    'no canonical s': (input) => sign(input, (signature) => signature.map((byte, i) => (i === 34 ? 0xff : byte))),
    'R1 key': (input) => sign(input, (signature) => signature.map((byte, i) => (i === 0 ? 1 : byte))),
    'no signature': (input) => ({ ...input, signatures: [] }),
    'signed twice': (input) => ({ ...input, signatures: [...input.signatures, ...input.signatures] }),
  };

  it('none is', () => compare(state, headers, warm));

  it.each(
    Object.entries(spoil).flatMap(([name, change]) =>
      headers.map((_, i) => [name, i, change] as const).filter(([, i]) => i % 3 === 0 || i === headers.length - 1),
    ),
  )('%s of header %i', (_, index, change) => {
    compare(
      state,
      headers.map((header, i) => (i === index ? change(header) : header)),
      warm,
    );
  });

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

describe('one header through a verifier', () => {
  const [first, second] = recoverable as [SignedHeader, SignedHeader];
  const plain = recoverHeader(first);
  const other = (recoverHeader(second).publicKeys[0] as PublicKey).data;

  it.each([
    ['none', []],
    ['the right one', plain.publicKeys.map(({ data }) => data)],
    ['a wrong one', [other.map((byte, i) => (i === 0 ? byte ^ 1 : byte))]],
  ])('recovers the same with a hint: %s', (_, hint) => {
    const verifier = createVerifier();
    for (let i = 0; i < 4; i++) expect(recoverHeader(first, { verifier, hint })).toEqual(plain);
    expect(recoverable.map(recoverHeader)[0]).toEqual(plain);
  });

  it('applies the same', () => {
    const state = createState(createAnchor({ genesis }));
    const [header, next] = headers as [SignedHeader, SignedHeader];
    const verifier = createVerifier();
    expect(applyHeader(state, header, { now, verifier })).toEqual(applyHeader(state, header, { now }));
    expect(() => applyHeader(state, next, { now, verifier })).toThrow('PARENT_MISMATCH');
  });
});
