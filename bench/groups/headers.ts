/**
 * One header, from its bytes to the next state, on a state as large as it gets.
 *
 * @module
 */

import { ccc } from '@ckb-ccc/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { createVerifier, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyRecovered,
  MAX_RECENT_ATTESTERS,
  MEDIAN_TIME_BLOCK_COUNT,
  type PoaHeader,
  recoverHeader,
  type State,
} from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { castBlock, makeMould } from '../fixtures/blocks.js';
import { makeList, makeState, NOW, secretKeyOf, timeOf } from '../fixtures/network.js';
import { compareWays, type GroupPlan, makeWay } from '../harness/way.js';
import { cccRecover } from '../peers/ccc.js';
import { follow, peerStateOf } from '../peers/header.js';
import { lumosRecover } from '../peers/lumos.js';

const VALIDATORS = 21;
/** The block of the state: far from genesis, so that all that a state remembers is there. */
const NUMBER = 1000;

const hex = (value: ccc.BytesLike): string => bytesToHex(ccc.bytesFrom(value));
const showState = ({ hash, number }: { hash: ccc.BytesLike; number: bigint }): string => `${number} ${hex(hash)}`;

/** A state, and blocks that may follow it, by their number of transactions. */
export interface Situation {
  readonly state: State;
  readonly blocks: readonly { readonly transactions: number; readonly input: PoaHeader }[];
}

/** A network of 21 validators far from its genesis. */
export function makeSituation(): Situation {
  const list = makeList(VALIDATORS, 10);
  const state = makeState(list, {
    number: NUMBER,
    timestamps: Array.from({ length: MEDIAN_TIME_BLOCK_COUNT }, (_, i) =>
      timeOf(NUMBER - MEDIAN_TIME_BLOCK_COUNT + 1 + i),
    ),
    recentAttesters: Array.from(
      { length: MAX_RECENT_ATTESTERS },
      (_, i) => list.pubkeyHashes[(NUMBER - MAX_RECENT_ATTESTERS + 1 + i) % VALIDATORS] as Uint8Array,
    ),
  });
  const number = NUMBER + 1;
  const choice = { number, parentHash: state.hash, isInTurn: true, secretKey: secretKeyOf(number % VALIDATORS) };
  const blocks = [1, 33].map((transactions) => {
    const { header, cellbase } = castBlock(makeMould(transactions), choice);
    return { transactions, input: { header, cellbase } };
  });
  return { state, blocks };
}

/** A verifier that has seen the header often enough to have the best table of its key. */
function makeWarm(state: State, input: PoaHeader, verifier: Verifier): Verifier {
  for (let i = 0; i < 300; i++) applyHeader(state, input, { now: NOW, verifier });
  return verifier;
}

function planHeader(at: number, transactions: number): GroupPlan {
  return {
    name: `a header of ${transactions} transaction${transactions === 1 ? '' : 's'}, bytes to next state`,
    make: () => {
      const { state, blocks } = makeSituation();
      const { input } = blocks[at] as Situation['blocks'][number];
      const peerState = peerStateOf(state);
      const noble = makeWarm(state, input, createVerifier());
      const wasm = makeWarm(state, input, createVerifier({ backend: createWasmBackendSync() }));
      return compareWays('header', [
        makeWay('ours: applyHeader', () => applyHeader(state, input, { now: NOW }), showState),
        makeWay(
          'ours: applyHeader, noble verifier, warm',
          () => applyHeader(state, input, { now: NOW, verifier: noble }),
          showState,
        ),
        makeWay(
          'ours: applyHeader, wasm verifier, warm',
          () => applyHeader(state, input, { now: NOW, verifier: wasm }),
          showState,
        ),
        makeWay('lumos and noble, by hand', () => follow(peerState, lumosRecover(input), NOW), showState),
        makeWay('ccc and noble, by hand', () => follow(peerState, cccRecover(input), NOW), showState),
      ]);
    },
  };
}

const applying: GroupPlan = {
  name: 'a recovered header, applied',
  make: () => {
    const { state, blocks } = makeSituation();
    const { input } = blocks[1] as Situation['blocks'][number];
    const peerState = peerStateOf(state);
    const recovered = recoverHeader(input);
    const peerRecovered = cccRecover(input);
    return compareWays('header', [
      makeWay('ours: applyRecovered', () => applyRecovered(state, recovered, { now: NOW }), showState),
      makeWay('by hand, sharing the old state', () => follow(peerState, peerRecovered, NOW), showState),
    ]);
  },
};

export const headerGroups: readonly GroupPlan[] = [planHeader(0, 1), planHeader(1, 33), applying];
