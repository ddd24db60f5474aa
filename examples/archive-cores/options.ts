/** What both examples are told on the command line, and how they tell how far they are. */

import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Headers to verify before anything is measured: code is compiled and tables are built by then. */
export const WARM_UP = 20_000;

/** What is to be done. */
export interface Options {
  readonly headers: number;
  /** File of the archive. */
  readonly archive: string;
  readonly workers: number;
  /** Headers of a range. */
  readonly range: number;
  /** How often each way is measured. */
  readonly rounds: number;
  /** Whether the archive is to be made, and nothing else. */
  readonly make: boolean;
  /** Whether workers are to be killed. */
  readonly kill: boolean;
  /** Whether archives with bad headers are to be verified. */
  readonly damage: boolean;
  /** Where Redis is. */
  readonly redis: string;
}

/** Reads the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      headers: { type: 'string', default: '100000' },
      archive: { type: 'string' },
      workers: { type: 'string', default: `${availableParallelism()}` },
      range: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '3' },
      make: { type: 'boolean', default: false },
      kill: { type: 'boolean', default: false },
      damage: { type: 'boolean', default: false },
      redis: { type: 'string', default: '127.0.0.1:6379' },
    },
  });
  const headers = positive('--headers', values.headers);
  return {
    headers,
    archive: values.archive ?? join(tmpdir(), `poa-archive-1-${headers}.bin`),
    workers: positive('--workers', values.workers),
    range: positive('--range', values.range),
    rounds: positive('--rounds', values.rounds),
    make: values.make,
    kill: values.kill,
    damage: values.damage,
    redis: values.redis,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`${name}: expected a positive number, got ${text}`);
  return value;
}

/** `12345.6` as `12,346`. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Whatever is in the middle of the others. */
export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A line that says how far something is: in its place on a terminal, else nowhere. */
export function showProgress(what: string, done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done < of ? `\r\u001b[K${what}: ${grouped(done)} of ${grouped(of)}` : '\r\u001b[K');
}
