/**
 * The map: verifying one range of an archive from the state that the archive claims before it. A job holds all that its outcome
 * depends on, so it may run anywhere, again, or twice.
 */

import type { Verifier } from 'poa-primitives';
import { applyHeaders, parseState, type State, serializeState } from 'poa-primitives/ckb';
import type { Archive } from './archive.js';

/** A range to verify. */
export interface RangeJob {
  /** Position of its first header. */
  readonly first: number;
  readonly count: number;
  /** A serialized state without attesters and difficulty, which headers do not tell: see {@link serializeClaim}. */
  readonly claim: Uint8Array;
  /** The verifier's clock, in milliseconds. */
  readonly now: number;
}

/** What came of a range. */
export interface RangeOutcome {
  /** Headers that hold; fewer than `count` if the next one does not. */
  readonly applied: number;
  /** The serialized state after them, with their attesters and their difficulty alone. */
  readonly state: Uint8Array;
}

/** A state as far as headers tell of it before anybody is recovered. */
export function serializeClaim(state: State): Uint8Array {
  return serializeState({ ...state, recentAttesters: [], totalDifficulty: 0n });
}

/** Verifies a range. */
export function verifyRange(
  archive: Archive,
  verifier: Verifier,
  { first, count, claim, now }: RangeJob,
): RangeOutcome {
  const result = applyHeaders(parseState(claim), archive.read(first, count), { now, verifier });
  return result.ok
    ? { applied: result.applied, state: serializeState(result.value) }
    : { applied: result.index, state: serializeState(result.state) };
}
