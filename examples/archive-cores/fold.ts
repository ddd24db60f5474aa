/**
 * The fold: joining ranges. A range that was verified from a claim is as good as one that was verified from the state, if the claim
 * turns out to be true; what the claim leaves out, who attested before, is judged here.
 */

import type { Verifier } from 'poa-primitives';
import {
  applyHeaders,
  computeHeaderHash,
  type HeadersResult,
  MAX_RECENT_ATTESTERS,
  parseState,
  type State,
} from 'poa-primitives/ckb';
import type { Archive } from './archive.js';
import { createClaims } from './claims.js';
import { type RangeJob, type RangeOutcome, serializeClaim } from './range.js';

/** What verifying an archive needs. */
export interface VerifyOptions {
  readonly archive: Archive;
  /** The state before the first header. */
  readonly anchor: State;
  /** The verifier's clock, in milliseconds. */
  readonly now: number;
  readonly verifier: Verifier;
  /** Has a range verified somewhere. */
  readonly run: (job: RangeJob) => Promise<RangeOutcome>;
  /** Headers of a range. */
  readonly rangeSize: number;
  /** Ranges that are under way at the same time. */
  readonly window: number;
  /** Called after each range. */
  readonly onJoin?: (joined: Joined) => void;
}

/** A range that was joined. */
export interface Joined {
  /** Headers so far. */
  readonly applied: number;
  /** Whether its claim was wrong, so that it had to be verified once more. */
  readonly again: boolean;
}

/** Verifies an archive: the outcome is that of `applyHeaders` over all of it. */
export async function verifyArchive(options: VerifyOptions): Promise<HeadersResult> {
  const { archive, anchor, now, run, rangeSize, window, onJoin } = options;
  const claims = createClaims(archive, anchor);
  const pending: { job: RangeJob; outcome: Promise<RangeOutcome> }[] = [];
  let asked = 0;
  const ask = (): void => {
    for (; pending.length < window && asked < archive.count; asked += rangeSize) {
      const count = Math.min(rangeSize, archive.count - asked);
      const job = { first: asked, count, claim: claims.before(asked), now };
      const outcome = run(job);
      // Whoever awaits it gets the error; if nobody does, since an earlier range is bad, it does not matter.
      outcome.catch(() => undefined);
      pending.push({ job, outcome });
    }
  };
  let state = anchor;
  for (;;) {
    ask();
    const next = pending.shift();
    if (next === undefined) return { ok: true, value: state, applied: archive.count };
    const claim = serializeClaim(state);
    const again = !isEqual(claim, next.job.claim);
    if (again) claims.learn(next.job.first, state);
    const job = { ...next.job, claim };
    const outcome = again ? await run(job) : await next.outcome;
    const joined = join(options, state, job, outcome);
    if (!joined.ok) {
      await Promise.allSettled(pending.map((other) => other.outcome));
      return { ...joined, index: job.first + joined.index };
    }
    state = joined.value;
    onJoin?.({ applied: job.first + job.count, again });
  }
}

/** Goes from the state before a range, which its claim tells the truth of, to the state after it. */
function join(
  { archive, verifier, now }: VerifyOptions,
  state: State,
  { first, count }: RangeJob,
  { applied, state: bytes }: RangeOutcome,
): HeadersResult {
  const end = parseState(bytes);
  // Nobody may attest again within ATTEST_INTERVAL: the first headers are those whose rule looks behind the claim.
  const isSameList = isEqual(end.validatorListOutPoint, state.validatorListOutPoint);
  const reach = Math.min(count, isSameList ? state.validatorList.attestInterval : MAX_RECENT_ATTESTERS);
  const seam = applyHeaders(state, archive.read(first, reach), { now, verifier });
  if (!seam.ok || reach === count) return seam;
  // What contradicts this was not made from this archive by `verifyRange`.
  if (applied < reach || !isEqual(end.hash, hashBehind(archive, state, first, applied)))
    return applyHeaders(state, archive.read(first, count), { now, verifier });
  const value = {
    ...end,
    recentAttesters: [...state.recentAttesters, ...end.recentAttesters].slice(-MAX_RECENT_ATTESTERS),
    totalDifficulty: state.totalDifficulty + end.totalDifficulty,
  };
  // The rest is empty, or begins with a bad header: which rule it breaks is told here.
  const rest = applyHeaders(value, archive.read(first + applied, count - applied), { now, verifier });
  return rest.ok ? { ...rest, applied: count } : { ...rest, index: applied + rest.index };
}

/** The hash of the last header of a range so far. */
function hashBehind(archive: Archive, state: State, first: number, applied: number): Uint8Array {
  const [last] = applied === 0 ? [] : archive.read(first + applied - 1, 1);
  return last === undefined ? state.hash : computeHeaderHash(last.header);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
