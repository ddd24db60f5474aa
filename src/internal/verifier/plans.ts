/**
 * Plans that are lent out: their buffers live as long as the verifier that they hash with.
 *
 * @module
 */

import type { Verifier } from '../../verifier.js';
import type { HashAlgorithm } from './engine.js';
import { createHashPlan, type HashPlan } from './hashPlan.js';

type Idle = Map<HashAlgorithm, HashPlan[]>;

const IDLE: WeakMap<Verifier, Idle> = /* @__PURE__ */ new WeakMap();
/** Plans that are kept for the next call; more are needed only where calls stand inside each other. */
const MOST_IDLE = 4;

/** Lends two plans for the time of a call. */
export function withPlans<T>(
  verifier: Verifier,
  algorithm: HashAlgorithm,
  use: (first: HashPlan, second: HashPlan) => T,
): T {
  const idle = idleOf(verifier, algorithm);
  const first = idle.pop() ?? createHashPlan(algorithm, verifier.hash);
  const second = idle.pop() ?? createHashPlan(algorithm, verifier.hash);
  try {
    return use(first, second);
  } finally {
    for (const plan of [first, second]) {
      plan.clear();
      if (idle.length < MOST_IDLE) idle.push(plan);
    }
  }
}

function idleOf(verifier: Verifier, algorithm: HashAlgorithm): HashPlan[] {
  const all: Idle = IDLE.get(verifier) ?? new Map();
  IDLE.set(verifier, all);
  const idle = all.get(algorithm) ?? [];
  all.set(algorithm, idle);
  return idle;
}
