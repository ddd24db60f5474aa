/**
 * What somebody can do to make headers expensive, with the backend in WebAssembly. Each is compared with recovering every signature
 * once and guessing nothing: the fold of the same headers, or of as many.
 *
 * @module
 */

import { createVerifier, type Verifier } from 'poa-primitives';
import { applyHeaders, ckbHash, type PoaHeader, type State } from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { castBlock } from '../fixtures/blocks.js';
import { makeNumbered } from '../fixtures/bytes.js';
import { CENTRE, getMould, makeChain, type Turns } from '../fixtures/chains.js';
import { makeList, makeState, NOW, secretKeyOf, strangerKeyOf } from '../fixtures/network.js';
import { makePlainVerifier } from '../fixtures/signatures.js';
import { compareWays, type GroupPlan, type Way } from '../harness/way.js';
import { followChain } from './chains.js';
import { BATCH } from './signatures.js';

const HEADERS = 2000;
/** Headers that are refused, each in a call of its own. */
const REFUSED = 128;

/** Applies headers of which one, at `index`, is bad; throws if that is not what comes of it. */
export function refuse(state: State, headers: readonly PoaHeader[], verifier: Verifier, index: number): void {
  const result = applyHeaders(state, headers, { now: NOW, verifier });
  if (result.ok || result.index !== index) throw new Error(`header ${index} was not refused`);
}

const planGuesses = (name: string, turns: Turns): GroupPlan => ({
  name: `attack: every header out of turn, ${name}`,
  make: () => {
    const chain = makeChain(HEADERS, { ...CENTRE, turns });
    const backend = createWasmBackendSync();
    const makeWay = (name: string, verifierOf: () => Verifier): Way => ({
      name,
      count: HEADERS,
      run: () => followChain(chain, verifierOf()),
    });
    const plain = makePlainVerifier(backend);
    const warm = createVerifier({ backend });
    return compareWays('header', [
      makeWay('plain recovery', () => plain),
      makeWay('a warm verifier', () => warm),
      { ...makeWay('a cold verifier', () => createVerifier({ backend })), isFresh: true },
    ]);
  },
});

/** Headers that may all follow genesis, each signed by a key of its own. */
function makeRivals(state: State, isInTurn: boolean, keyOf: (index: number) => Uint8Array): PoaHeader[] {
  return Array.from({ length: REFUSED }, (_, i) =>
    castBlock(getMould(), {
      number: 1,
      parentHash: state.hash,
      isInTurn,
      secretKey: keyOf(i),
      dao: makeNumbered(12, i),
    }),
  );
}

const refusedHeaders: GroupPlan = {
  name: 'attack: every header is refused, one after the other',
  make: () => {
    const backend = createWasmBackendSync();
    const state = makeState(makeList(CENTRE.validators, 2));
    const warm = createVerifier({ backend });
    followChain(makeChain(HEADERS), warm);
    const plain = makePlainVerifier(backend);
    const good = makeRivals(state, true, () => secretKeyOf(1));
    const makeWay = (name: string, headers: readonly PoaHeader[]): Way => ({
      name,
      count: headers.length,
      run: () => {
        for (const header of headers) refuse(state, [header], warm, 0);
      },
    });
    return compareWays('header', [
      {
        name: 'plain recovery of good headers, one after the other',
        count: good.length,
        run: () => {
          for (const header of good) followChain({ state, headers: [header] }, plain);
        },
      },
      makeWay('an unknown key in every header, out of turn', makeRivals(state, false, strangerKeyOf)),
      makeWay('an unknown key in every header, as if in turn', makeRivals(state, true, strangerKeyOf)),
      makeWay(
        'as if in turn, by another validator',
        makeRivals(state, true, (i) => secretKeyOf(2 + (i % 19))),
      ),
    ]);
  },
};

/** For each position a batch in which that header is by a stranger, and the rest is built on it. */
function makeBadBatches(state: State): PoaHeader[][] {
  const { headers } = makeChain(BATCH);
  return headers.map((_, position) => {
    const batch: PoaHeader[] = headers.slice(0, position);
    const before = headers[position - 1];
    let parentHash = before === undefined ? state.hash : ckbHash(before.header);
    for (let i = position; i < BATCH; i++) {
      const number = i + 1;
      const secretKey = i === position ? strangerKeyOf(position) : secretKeyOf(number % CENTRE.validators);
      const block = castBlock(getMould(), { number, parentHash, isInTurn: true, secretKey });
      batch.push(block);
      parentHash = block.hash;
    }
    return batch;
  });
}

const badPosition: GroupPlan = {
  name: `attack: one bad header in ${BATCH}`,
  make: () => {
    const backend = createWasmBackendSync();
    const chain = makeChain(BATCH);
    const { state } = chain;
    const batches = makeBadBatches(state);
    const warm = createVerifier({ backend });
    followChain(makeChain(HEADERS), warm);
    const plain = makePlainVerifier(backend);
    const makeWay = (name: string, positions: readonly number[], count: number): Way => ({
      name,
      count,
      run: () => {
        for (const position of positions) refuse(state, batches[position] as PoaHeader[], warm, position);
      },
    });
    const all = batches.map((_, position) => position);
    return compareWays('header', [
      { name: 'plain recovery, all good', count: BATCH, run: () => followChain(chain, plain) },
      makeWay('bad in the first place, for each header sent', [0], BATCH),
      makeWay('bad in the last place, for each header sent', [BATCH - 1], BATCH),
      makeWay('bad in each place in turn, for each header sent', all, BATCH * BATCH),
      makeWay('bad in each place in turn, for each header up to the bad one', all, (BATCH * (BATCH + 1)) / 2),
    ]);
  },
};

export const attackGroups: readonly GroupPlan[] = [
  planGuesses('by somebody at random', 'random'),
  planGuesses('so that guesses are wrong', 'feint'),
  refusedHeaders,
  badPosition,
];
