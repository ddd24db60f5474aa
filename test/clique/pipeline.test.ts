/** With a verifier many headers come to the same as one at a time, whatever is wrong with them and wherever. */
import { createVerifier, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyHeaders,
  buildHeader,
  createState,
  EMPTY_ROOT,
  parseExtraData,
  parseHeader,
  recoverHeader,
  type State,
  serializeExtraData,
  signHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { anchor, headers, now, secretKeys, signers } from '../../examples/clique-sample.js';
import { bytes } from '../support/bytes.js';
import { hasShared, readShared } from '../support/shared.js';

const describeResult = (result: ReturnType<typeof applyHeaders>): object =>
  result.ok
    ? result
    : { index: result.index, state: result.state, code: result.error.code, message: result.error.message };

/** Compares a run without a verifier with runs of a fresh one and of one that knows the keys already. */
function compare(state: State, inputs: readonly Uint8Array[], warm: Verifier): void {
  const options = { now: Date.UTC(2030, 0) };
  const plain = describeResult(applyHeaders(state, inputs, options));
  expect(describeResult(applyHeaders(state, inputs, { ...options, verifier: createVerifier() }))).toEqual(plain);
  for (let i = 0; i < 2; i++)
    expect(describeResult(applyHeaders(state, inputs, { ...options, verifier: warm }))).toEqual(plain);
}

it.skipIf(!hasShared)('the signed chains', () => {
  const warm = createVerifier();
  for (const { period, epoch, headers } of readShared('clique/signed-chains.json').chains) {
    const [header, ...rest] = headers.map(({ rlp }: { rlp: string }) => bytes(rlp));
    compare(createState({ header, config: { period, epoch } }), rest, warm);
  }
});

describe('a run in which one header is bad', () => {
  const state = createState(anchor);
  const warm = createVerifier();
  const flip = (header: Uint8Array, at: number): Uint8Array => header.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const resign = (header: Uint8Array, change: object): Uint8Array =>
    signHeader({ ...parseHeader(header), ...change }, secretKeys[0] as Uint8Array).header;
  const spoil: Record<string, (header: Uint8Array) => Uint8Array> = {
    list: (header) => flip(header, 0),
    parent: (header) => flip(header, 10),
    'state root': (header) => flip(header, 100),
    seal: (header) => flip(header, header.length - 60),
    'recovery id': (header) => header.map((byte, i) => (i === header.length - 43 ? 9 : byte)),
    cut: (header) => header.slice(0, -1),
    'signed by another': (header) => resign(header, {}),
    'out of time': (header) => resign(header, { timestamp: 1n }),
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

  it('refuses what is no header as it does without', () => {
    expect(() => applyHeaders(state, [headers[0], 'x'] as never, { now, verifier: warm })).toThrow(
      'applyHeaders.inputs[1]: expected Uint8Array, got string',
    );
  });
});

it('refuses a good header on a good header that is not its parent', () => {
  const [first, second] = headers as [Uint8Array, Uint8Array];
  const changed = { ...parseHeader(first), stateRoot: new Uint8Array(32).fill(1) };
  const inputs = [signHeader(changed, secretKeys[1] as Uint8Array).header, second];
  const result = applyHeaders(createState(anchor), inputs, { now });
  expect(result.ok ? 'applied' : [result.index, result.error.code]).toEqual([1, 'PARENT_MISMATCH']);
  compare(createState(anchor), inputs, createVerifier());
});

it('refuses a checkpoint that lists other signers', () => {
  const start = createState({ ...anchor, config: { period: 15, epoch: 2 } });
  const [first] = headers as [Uint8Array];
  const request = { signer: signers[2] as Uint8Array, timestamp: start.timestamp + 30n, stateRoot: EMPTY_ROOT };
  const checkpoint = buildHeader({ ...request, state: applyHeader(start, first, { now }) });
  const { vanity, seal } = parseExtraData(checkpoint.extraData);
  for (const [list, outcome] of [
    [signers, 'applied'],
    [[...signers].reverse(), 'CHECKPOINT_SIGNERS_MISMATCH'],
  ] as const) {
    const extraData = serializeExtraData({ vanity, signers: list, seal });
    const inputs = [first, signHeader({ ...checkpoint, extraData }, secretKeys[2] as Uint8Array).header];
    const result = applyHeaders(start, inputs, { now });
    expect(result.ok ? 'applied' : result.error.code).toBe(outcome);
    compare(start, inputs, createVerifier());
  }
});

describe('one header through a verifier', () => {
  const [first, second] = headers as [Uint8Array, Uint8Array];
  const plain = recoverHeader(first);
  const other = recoverHeader(second).publicKey;

  it.each([
    ['none', []],
    ['the right one', [plain.publicKey]],
    ['a wrong one', [other]],
  ])('recovers the same with a hint: %s', (_, hint) => {
    const verifier = createVerifier();
    for (let i = 0; i < 4; i++) expect(recoverHeader(first, { verifier, hint })).toEqual(plain);
    expect(headers.map(recoverHeader)[0]).toEqual(plain);
  });

  it('applies the same', () => {
    const state = createState(anchor);
    const verifier = createVerifier();
    expect(applyHeader(state, first, { now, verifier })).toEqual(applyHeader(state, first, { now }));
    expect(() => applyHeader(state, second, { now, verifier })).toThrow('PARENT_MISMATCH');
  });
});
