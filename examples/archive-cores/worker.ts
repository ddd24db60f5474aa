/** One thread of the pool: its own verifier, which stays warm, and the archive, which it opens by itself. */

import { type Archive, openArchive } from './archive.js';
import { type RangeJob, type RangeOutcome, verifyRange } from './range.js';
import { openVerifier } from './verifier.js';

/** A job of the pool. */
export interface Task {
  readonly path: string;
  readonly job: RangeJob;
}

const verifier = openVerifier();
let open: { readonly path: string; readonly archive: Archive } | undefined;

/** Verifies a range of an archive. */
export function verify({ path, job }: Task): RangeOutcome {
  if (open?.path !== path) {
    open?.archive.close();
    open = { path, archive: openArchive(path) };
  }
  return verifyRange(open.archive, verifier, job);
}
