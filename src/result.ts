/**
 * Outcomes as values, for callers who branch on them instead of catching.
 *
 * @module
 */

import { isPoaError, type PoaError } from './errors.js';

/** A value, or the error that stands in its place. */
export type Result<T> =
  | {
      /** It went well. */
      readonly ok: true;
      /** What came of it. */
      readonly value: T;
    }
  | {
      /** It did not. */
      readonly ok: false;
      /** Why not. */
      readonly error: PoaError;
    };

/** Runs `make`; a `PoaError` becomes a failed result, anything else is a caller's bug or ours and goes on. */
export function attempt<T>(make: () => T): Result<T> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    if (isPoaError(error)) return { ok: false, error };
    throw error;
  }
}
