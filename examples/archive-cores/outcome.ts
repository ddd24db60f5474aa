/** Comparing outcomes: not nearly the same, but byte for byte. */

import { type HeadersResult, serializeState } from 'poa-primitives/ckb';

/** An outcome as text: equal text, equal outcome. */
export function describeOutcome(result: HeadersResult): string {
  const state = Buffer.from(serializeState(result.ok ? result.value : result.state)).toString('hex');
  return result.ok
    ? `${result.applied} headers\n${state}`
    : `header ${result.index} is bad: ${result.error.message}\n${state}`;
}

/** Counts what was compared, and sets the exit code if anything differs. */
export function expectSame(what: string, got: HeadersResult, expected: HeadersResult): boolean {
  const isSame = describeOutcome(got) === describeOutcome(expected);
  if (isSame) return true;
  console.log(`${what}: NOT the same\n  expected ${describeOutcome(expected)}\n  got      ${describeOutcome(got)}`);
  process.exitCode = 1;
  return false;
}
