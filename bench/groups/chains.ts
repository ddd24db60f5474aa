/**
 * Whole chains, from the bytes of their headers to the last state: around 2,000 headers by 21 validators who are all in turn, one thing
 * changes at a time.
 *
 * @module
 */

import { bytesToHex } from '@noble/hashes/utils.js';
import { type Backend, createVerifier, type Verifier } from 'poa-primitives';
import { applyHeader, applyHeaders } from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { CENTRE, type Chain, type ChainKind, makeChain } from '../fixtures/chains.js';
import { NOW } from '../fixtures/network.js';
import type { GroupPlan, Way } from '../harness/way.js';
import { cccRecover } from '../peers/ccc.js';
import { follow, peerStateOf } from '../peers/header.js';
import { lumosRecover } from '../peers/lumos.js';
import { createNativeBackend } from '../peers/native.js';
import { getNativeRecovery } from './signatures.js';

/** Headers of a chain, unless that is what changes. */
const HEADERS = 2000;
/** Headers that a verifier with noble follows, which takes its time. */
const NOBLE_HEADERS = 300;
/** Headers that are followed by hand. */
const PEER_HEADERS = 50;

/** Applies a chain; throws if anything about it does not hold. */
export function followChain({ state, headers }: Chain, verifier?: Verifier): string {
  const result = applyHeaders(state, headers, { now: NOW, ...(verifier && { verifier }) });
  if (!result.ok) throw result.error;
  return `${result.value.number} ${bytesToHex(result.value.hash)}`;
}

const shorten = ({ state, headers }: Chain, count: number): Chain => ({ state, headers: headers.slice(0, count) });

function makeFold(name: string, chain: Chain, verifierOf: () => Verifier | undefined): Way {
  return {
    name,
    count: chain.headers.length,
    run: () => followChain(chain, verifierOf()),
    show: () => followChain(shorten(chain, PEER_HEADERS), verifierOf()),
  };
}

/** With a verifier that has followed the chain before, and one that has met nobody. */
function makeFolds(name: string, chain: Chain, backend?: Backend): Way[] {
  const options = backend && { backend };
  const warm = createVerifier(options);
  followChain(chain, warm);
  return [
    makeFold(`${name}, warm`, chain, () => warm),
    { ...makeFold(`${name}, cold`, chain, () => createVerifier(options)), isFresh: true },
  ];
}

/** With noble; who knows the validators already need not follow all headers to be measured. */
function makeNobleFolds(chain: Chain): Way[] {
  const warm = createVerifier();
  followChain(chain, warm);
  return [
    makeFold('ours: noble, warm', shorten(chain, NOBLE_HEADERS), () => warm),
    { ...makeFold('ours: noble, cold', chain, createVerifier), isFresh: true },
  ];
}

function makeByHand(name: string, chain: Chain, recover: typeof lumosRecover): Way {
  const { state, headers } = shorten(chain, PEER_HEADERS);
  const run = (): string => {
    let current = peerStateOf(state);
    for (const header of headers) current = follow(current, recover(header), NOW);
    return `${current.number} ${current.hash.slice(2)}`;
  };
  return { name, count: headers.length, run, show: run };
}

function makeOneByOne(chain: Chain): Way {
  const { state, headers } = shorten(chain, PEER_HEADERS);
  const run = (): string => {
    const { number, hash } = headers.reduce((before, header) => applyHeader(before, header, { now: NOW }), state);
    return `${number} ${bytesToHex(hash)}`;
  };
  return { name: 'ours: applyHeader one by one, no verifier', count: headers.length, run, show: run };
}

/** A group whose reference is the bare recovery of the native addon, which hashes and checks nothing. */
function planChains(name: string, makeWays: () => Way[]): GroupPlan {
  return {
    name,
    make: () => ({ unit: 'header', reference: getNativeRecovery(), ways: makeWays() }),
  };
}

const centre = planChains('a chain of 2,000 headers by 21 validators in turn', () => {
  const chain = makeChain(HEADERS);
  const part = shorten(chain, NOBLE_HEADERS);
  const withNative = createVerifier({ backend: createNativeBackend() });
  return [
    ...makeFolds('ours: wasm', chain, createWasmBackendSync()),
    makeFold('ours, but the native addon recovers each key', part, () => withNative),
    ...makeNobleFolds(chain),
    makeOneByOne(chain),
    makeByHand('lumos and noble, by hand', chain, lumosRecover),
    makeByHand('ccc and noble, by hand', chain, cccRecover),
  ];
});

const TURNS: Readonly<Record<'half' | 'none' | 'random', string>> = {
  half: 'every other header in turn, the rest by the one three turns on',
  none: 'all by the one three turns on',
  random: 'all out of turn, at random',
};

const turns = Object.entries(TURNS).map(([kind, name]) =>
  planChains(`a chain: ${name}`, () => {
    const chain = makeChain(HEADERS, { ...CENTRE, turns: kind as ChainKind['turns'] });
    const part = shorten(chain, NOBLE_HEADERS);
    return [...makeFolds('ours: wasm', chain, createWasmBackendSync()), ...makeNobleFolds(part)];
  }),
);

const sizes = [5, 101, 255].map((validators) =>
  planChains(`a chain by ${validators} validators in turn`, () => {
    const chain = makeChain(HEADERS, { ...CENTRE, validators });
    return [...makeFolds('ours: wasm', chain, createWasmBackendSync()), ...makeNobleFolds(chain)];
  }),
);

/** Chains of other lengths; the longest are for those who have the time. */
const planLengths = (isLong: boolean): GroupPlan[] =>
  [100, 20_000, ...(isLong ? [100_000] : [])].map((headers) =>
    planChains(`a chain of ${headers.toLocaleString('en')} headers`, () => {
      const chain = makeChain(headers);
      return [
        ...makeFolds('ours: wasm', chain, createWasmBackendSync()),
        ...(headers <= HEADERS || (isLong && headers <= 20_000) ? makeFolds('ours: noble', chain) : []),
      ];
    }),
  );

export const planChainGroups = (isLong: boolean): GroupPlan[] => [centre, ...turns, ...sizes, ...planLengths(isLong)];
