import { isPoaError, type PoaError, type PoaErrorCode } from 'poa-primitives';
import { expect } from 'vitest';

/** Runs `act`, which must throw a `PoaError` with this code, and gives the error. */
export function expectCode(act: () => unknown, code: PoaErrorCode): PoaError {
  try {
    act();
  } catch (error) {
    if (!isPoaError(error)) throw error;
    expect(error.code, error.message).toBe(code);
    return error;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}
