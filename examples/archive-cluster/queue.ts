/** The queue between the process that folds and those that verify ranges: its name, its jobs as JSON, and where Redis is. */

import type { RangeJob, RangeOutcome } from '../archive-cores/range.js';

/** Name of the queue. */
export const QUEUE = 'poa-ranges';

/** A {@link RangeJob} as JSON. */
export interface JobJson {
  readonly first: number;
  readonly count: number;
  /** Base64. */
  readonly claim: string;
  readonly now: number;
}

/** A {@link RangeOutcome} as JSON. */
export interface OutcomeJson {
  readonly applied: number;
  /** Base64. */
  readonly state: string;
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

export const jobToJson = (job: RangeJob): JobJson => ({ ...job, claim: toBase64(job.claim) });
export const jobFromJson = (json: JobJson): RangeJob => ({ ...json, claim: fromBase64(json.claim) });
export const outcomeToJson = (outcome: RangeOutcome): OutcomeJson => ({ ...outcome, state: toBase64(outcome.state) });
export const outcomeFromJson = (json: OutcomeJson): RangeOutcome => ({ ...json, state: fromBase64(json.state) });

/** Where Redis is, of `host:port`. */
export function connectionOf(redis: string): { host: string; port: number } {
  const colon = redis.lastIndexOf(':');
  return { host: redis.slice(0, colon), port: Number(redis.slice(colon + 1)) };
}
