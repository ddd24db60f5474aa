/**
 * Whether the memory of the fold stays flat while a chain goes by.
 *
 * @module
 */

import { createVerifier } from 'poa-primitives';
import { applyHeaders } from 'poa-primitives/ckb';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { type Chain, makeChain } from './fixtures/chains.js';
import { NOW } from './fixtures/network.js';

/** Headers between two looks. */
const STEP = 2000;

/** What was alive in the middle of a fold. */
export interface Memory {
  readonly headers: number;
  /** Bytes that were alive after the last header beyond those after the first 2,000: in the heap and in buffers outside of it. */
  readonly growth: number;
  /** The most of them at any look in between. */
  readonly most: number;
  /** Bytes that the whole process held at the end, chains and all. */
  readonly resident: number;
}

/** Bytes that are alive. */
function countLive(): number {
  // What the first one finds to be garbage may hold buffers that only the second one gives back.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Follows a chain and looks at the memory that is alive again and again. */
export function measureMemory(headers: number): Memory {
  const chain: Chain = makeChain(headers);
  const verifier = createVerifier({ backend: createWasmBackendSync() });
  // Optimized code and tables are there before it begins.
  const warmUp = applyHeaders(chain.state, chain.headers.slice(0, STEP), { now: NOW, verifier });
  if (!warmUp.ok) throw warmUp.error;
  const found: number[] = [];
  let next = STEP;
  const onProgress = ({ applied }: { applied: number }): void => {
    if (applied < next) return;
    next += STEP;
    found.push(countLive());
  };
  const result = applyHeaders(chain.state, chain.headers, { now: NOW, verifier, onProgress });
  if (!result.ok) throw result.error;
  const [first = 0] = found;
  return {
    headers,
    growth: (found.at(-1) ?? 0) - first,
    most: Math.max(...found) - first,
    resident: process.memoryUsage().rss,
  };
}
