/**
 * Whole chains: `npm run bench:chains`, or `npm run bench:chains -- <headers> <transactions>`. A header from its bytes to the next state, with
 * each backend, cold and warm, all, half or none in turn, beside the bare recovery of the native addon and verifiers by hand.
 * One round after the other, so that a slow moment hits all alike; the least time of each counts.
 */

import './setup.js';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { createVerifier, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyHeaders,
  computeAttestationMessage,
  type PoaHeader,
  parsePoaContext,
  parseTransaction,
  type State,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { type Chain, makeChain } from './chainFixtures.js';
import { cccRecover } from './peers/ccc.js';
import { follow, peerStateOf } from './peers/header.js';
import { lumosRecover } from './peers/lumos.js';

const ROUNDS = 5;
/** The peers by hand take so long that a part of the chain has to do. */
const PEER_HEADERS = 50;

const [count = 2000, transactions = 33] = process.argv.slice(2).map(Number);
// The addon itself: its package falls back to slow JavaScript without a word.
const native = createRequire(import.meta.url)('secp256k1/bindings.js');
const backend = createWasmBackendSync();

/** Microseconds a header, the least of all rounds. */
const best = new Map<string, number>();

function measure(name: string, headers: number, run: () => void): void {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  const time = (user + system) / headers;
  best.set(name, Math.min(time, best.get(name) ?? Number.POSITIVE_INFINITY));
}

function run(state: State, chain: Chain, verifier?: Verifier): void {
  const result = applyHeaders(state, chain.headers, { now: chain.now, ...(verifier && { verifier }) });
  if (!result.ok) throw result.error;
}

function signaturesOf(headers: readonly PoaHeader[]): { message: Uint8Array; rs: Uint8Array; id: number }[] {
  return headers.map((input) => {
    const { signature } = parsePoaContext(
      splitCellbaseWitness(parseTransaction(input.cellbase).witnesses[0] as Uint8Array).poaContext,
    );
    return { message: computeAttestationMessage(input), rs: signature.slice(0, 64), id: signature[64] as number };
  });
}

const kinds = { 'all in turn': 1, 'half in turn': 0.5, 'none in turn': 0 } as const;
const chains = Object.entries(kinds).map(([name, share]) => [name, makeChain(count, transactions, share)] as const);
const [, first] = chains[0] as (typeof chains)[number];
const signatures = signaturesOf(first.headers.slice(0, 500));
const warm = new Map(
  chains.map(([name, chain]) => {
    const verifiers = { noble: createVerifier(), wasm: createVerifier({ backend }) };
    run(chain.state, chain, verifiers.wasm);
    run(chain.state, { ...chain, headers: chain.headers.slice(0, 200) }, verifiers.noble);
    return [name, verifiers] as const;
  }),
);

for (let round = 0; round < ROUNDS; round++) {
  measure('native addon: bare recovery', signatures.length, () => {
    for (const { message, rs, id } of signatures) native.ecdsaRecover(rs, id, message);
  });
  for (const [name, chain] of chains) {
    const part = { ...chain, headers: chain.headers.slice(0, Math.min(count, 300)) };
    const { noble, wasm } = warm.get(name) as { noble: Verifier; wasm: Verifier };
    measure(`${name}: wasm, warm`, count, () => run(chain.state, chain, wasm));
    measure(`${name}: wasm, cold`, count, () => run(chain.state, chain, createVerifier({ backend })));
    measure(`${name}: noble, warm`, part.headers.length, () => run(chain.state, part, noble));
    measure(`${name}: noble, cold`, part.headers.length, () => run(chain.state, part, createVerifier()));
  }
  const part = first.headers.slice(0, PEER_HEADERS);
  measure('all in turn: one by one, no verifier', part.length, () => {
    part.reduce((state, header) => applyHeader(state, header, { now: first.now }), first.state);
  });
  for (const [name, recover] of [
    ['lumos and noble, by hand', lumosRecover],
    ['ccc and noble, by hand', cccRecover],
  ] as const)
    measure(`all in turn: ${name}`, part.length, () => {
      let state = peerStateOf(first.state);
      for (const header of part) state = follow(state, recover(header), first.now);
    });
}

const base = best.get('native addon: bare recovery') as number;
console.log(
  `${cpus()[0]?.model}, Node ${process.version}; ${count} headers of ${transactions} transactions, 21 validators; CPU time\n`,
);
const width = Math.max(...[...best.keys()].map((name) => name.length));
for (const [name, time] of best)
  console.log(
    `${name.padEnd(width)}  ${time.toFixed(1).padStart(8)} µs a header  ${(base / time).toFixed(2).padStart(6)} times the native recovery`,
  );
