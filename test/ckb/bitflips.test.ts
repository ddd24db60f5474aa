/** Every single bit of an attested header counts, and of its cellbase too: none can be flipped unnoticed. */
import { createVerifier, isPoaError, type PoaErrorCode } from 'poa-primitives';
import {
  applyHeader,
  applyVote,
  ckbHash,
  computeHeaderHash,
  computeMerkleRootFromProof,
  type Header,
  type PoaHeader,
  parsePoaContext,
  parseTransaction,
  recoverHeader,
  type State,
  serializeOutPoint,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { describe, expect, it } from 'vitest';
import { hex } from '../support/bytes.js';
import { inputOf, readVectors, stateOf, type VectorHeader, type VectorState } from '../support/poa.js';

interface Case {
  readonly about: string;
  readonly state: State;
  readonly input: PoaHeader;
  readonly now: number;
}

interface Chain {
  readonly now: number;
  readonly anchor: VectorState;
  readonly blocks: VectorHeader[];
}

/** The block of a chain with the shortest cellbase among those wanted, and the state before it. */
function findCase(about: string, chain: Chain, wanted: (block: VectorHeader) => boolean): Case {
  const { now, anchor, blocks } = chain;
  const chosen = blocks.filter(wanted).sort((a, b) => a.cellbase.length - b.cellbase.length)[0] as VectorHeader;
  let state = stateOf(anchor);
  for (const block of blocks.slice(0, blocks.indexOf(chosen))) state = applyHeader(state, inputOf(block), { now });
  return { about, state, input: inputOf(chosen), now };
}

const fixed: Chain = readVectors('chain-fixed.json');
const voting: Chain = readVectors('chain-voting.json');
const cases: Case[] = [
  findCase('a block of one transaction', fixed, ({ transactionsCount }) => transactionsCount === 1),
  findCase(
    'a block of several transactions, none a vote',
    voting,
    (block) => block.transactionsCount >= 4 && block.votes === 0,
  ),
  findCase('a block with a vote', voting, ({ votes }) => votes > 0),
];

/** What a spoilt message or signature recovers to: nothing, or the key of nobody. */
const NOBODY: readonly PoaErrorCode[] = ['ATTESTER_UNKNOWN', 'SIGNATURE_INVALID'];

/** The fields of a header by their end in bytes, each with the codes that a flipped bit in it may have. */
const FIELDS: readonly { name: keyof Header; end: number; codes: readonly PoaErrorCode[] }[] = [
  { name: 'version', end: 4, codes: ['VERSION_MISMATCH'] },
  { name: 'compactTarget', end: 8, codes: NOBODY },
  { name: 'timestamp', end: 16, codes: ['TIMESTAMP_TOO_NEW', 'TIMESTAMP_TOO_OLD', ...NOBODY] },
  { name: 'number', end: 24, codes: ['NUMBER_MISMATCH'] },
  { name: 'epoch', end: 32, codes: ['EPOCH_INVALID'] },
  { name: 'parentHash', end: 64, codes: ['PARENT_MISMATCH'] },
  { name: 'transactionsRoot', end: 96, codes: ['TRANSACTIONS_ROOT_MISMATCH'] },
  { name: 'proposalsHash', end: 128, codes: NOBODY },
  { name: 'extraHash', end: 160, codes: NOBODY },
  { name: 'dao', end: 192, codes: NOBODY },
  { name: 'nonce', end: 208, codes: ['NONCE_NOT_ZERO'] },
];

/** Copies of `bytes`, each with another bit flipped; the same buffer every time, so that nothing may keep it. */
function* flips(bytes: Uint8Array): Generator<{ bit: number; flipped: Uint8Array }> {
  const flipped = Uint8Array.from(bytes);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const at = bit >> 3;
    flipped[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    yield { bit, flipped };
    flipped[at] = bytes[at] as number;
  }
}

/** What is refused, by code, and what is taken. */
interface Verdicts {
  readonly codes: Set<PoaErrorCode>;
  readonly taken: string[];
}

/** Judges `act` on every copy with one bit flipped. */
function judgeFlips(bytes: Uint8Array, act: (flipped: Uint8Array) => unknown): Verdicts {
  const verdicts: Verdicts = { codes: new Set(), taken: [] };
  for (const { bit, flipped } of flips(bytes)) {
    try {
      act(flipped);
      verdicts.taken.push(`bit ${bit}`);
    } catch (error) {
      if (!isPoaError(error)) throw error;
      verdicts.codes.add(error.code);
    }
  }
  return verdicts;
}

/** The input with the transactions root that its cellbase leads to. */
function withRoot({ header, cellbase }: PoaHeader): PoaHeader {
  const [witness] = parseTransaction(cellbase).witnesses as [Uint8Array];
  const context = parsePoaContext(splitCellbaseWitness(witness).poaContext);
  const leaves = [cellbase, ...context.votingTxs].map((bytes) => ckbHash(bytes));
  const witnessesRoot = computeMerkleRootFromProof({
    leaves,
    indices: leaves.map((_, i) => i),
    count: context.transactionsCount,
    lemmas: context.merkleProof,
  });
  const rooted = Uint8Array.from(header);
  rooted.set(ckbHash(context.rawTransactionsRoot, witnessesRoot), 64);
  return { header: rooted, cellbase };
}

describe.each(cases.map((given) => [given.about, given] as const))('%s', (_, { state, input, now }) => {
  const { header, cellbase } = input;
  // Nearly every one of the last flips takes a recovery.
  const verifier = createVerifier({ backend: createWasmBackendSync() });

  it('applies as it is', () => {
    expect(applyHeader(state, input, { now }).hash).toEqual(computeHeaderHash(header));
    expect(withRoot(input)).toEqual(input);
  });

  it('no bit of the header can be flipped', () => {
    const seen = new Set<PoaErrorCode>();
    let start = 0;
    for (const { name, end, codes } of FIELDS) {
      const verdicts = judgeFlips(header.subarray(start, end), (flipped) => {
        const spoilt = Uint8Array.from(header);
        spoilt.set(flipped, start);
        return applyHeader(state, { header: spoilt, cellbase }, { now });
      });
      expect(verdicts.taken, name).toEqual([]);
      expect(codes, name).toEqual(expect.arrayContaining([...verdicts.codes]));
      for (const code of verdicts.codes) seen.add(code);
      start = end;
    }
    expect(start).toBe(header.length);
    expect(seen.size).toBeGreaterThan(3);
  });

  it('no bit of the cellbase can be flipped', () => {
    const { taken, codes } = judgeFlips(cellbase, (flipped) =>
      applyHeader(state, { header, cellbase: flipped }, { now }),
    );
    expect(taken).toEqual([]);
    expect([...codes].sort()).toEqual([
      'CELLBASE_INVALID',
      'MALFORMED',
      'MERKLE_PROOF_INVALID',
      'TRANSACTIONS_ROOT_MISMATCH',
    ]);
  });

  // Whoever changes the cellbase can change the header along with it: then only the signature stands in the way.
  it('nor can it if the header gets the root of the changed cellbase', () => {
    const { taken, codes } = judgeFlips(cellbase, (flipped) =>
      applyHeader(state, withRoot({ header, cellbase: flipped }), { now, verifier }),
    );
    expect(taken).toEqual([]);
    expect([...codes].sort()).toEqual([
      'ATTESTER_UNKNOWN',
      'CELLBASE_INVALID',
      'MALFORMED',
      'MERKLE_PROOF_INVALID',
      'SIGNATURE_INVALID',
    ]);
  });
});

describe('a vote', () => {
  // The lock script does not look at the witness of an input that is not its own, so others sign that. A block commits to it.
  it('no bit of it can be flipped but those in the witness of its other input', () => {
    const { state, input } = cases.at(-1) as Case;
    const [vote] = recoverHeader(input).votingTxs as [Uint8Array];
    const { inputs, witnesses } = parseTransaction(vote);
    const spent = inputs.map(({ previousOutput }) => hex(serializeOutPoint(previousOutput)));
    expect(spent.indexOf(hex(state.validatorListOutPoint))).toBe(0);
    expect(spent.length).toBe(2);
    const [, other] = witnesses as [Uint8Array, Uint8Array];
    const end = 8 * vote.length;
    const free = Array.from({ length: 8 * other.length }, (_, i) => `bit ${end - 8 * other.length + i}`);
    const { taken, codes } = judgeFlips(vote, (flipped) => applyVote(state, flipped));
    expect(taken).toEqual(free);
    expect([...codes].sort()).toEqual([
      'ATTEST_INTERVAL_TOO_LONG',
      'MALFORMED',
      'VALIDATOR_LIST_LOCK_MISMATCH',
      'VALIDATOR_LIST_MALFORMED',
      'VOTES_INVALID',
      'VOTE_LIMIT_OUT_OF_RANGE',
      'VOTE_NOT_SPENDING_LIST',
      'VOTE_OUTPUT_COUNT',
    ]);
  });
});
