/** What a function may answer to spoilt input. */

import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import type { Seed, Target } from './targets.js';
import { copy, isSame } from './values.js';

/** The code of a `PoaError` that is as it should be; anything else that was thrown goes on. */
export function codeOf(error: unknown, codes: readonly PoaErrorCode[], size = 2 ** 32): PoaErrorCode {
  if (!isPoaError(error)) throw error;
  const { offset = 0 } = error;
  if (!(Number.isInteger(offset) && offset >= 0 && offset <= size))
    throw new Error(`offset ${offset} of ${size} bytes`);
  if (!codes.includes(error.code)) throw new Error(`undocumented ${error.code}: ${error.message}`);
  if (error.message.length >= 1000) throw new Error(`a message of ${error.message.length} characters`);
  for (const text of [error.where, error.expected, error.got])
    if (typeof text !== 'string' || text === '') throw new Error(`an empty part in: ${error.message}`);
  return error.code;
}

/** Runs a function on an input; gives its code, or undefined if it took the input, which then must survive. */
export function judge(target: Target, { input, own }: Seed): PoaErrorCode | undefined {
  const before = copy({ input, own });
  let output: unknown;
  let code: PoaErrorCode | undefined;
  try {
    output = target.call(input, own);
  } catch (error) {
    code = codeOf(error, target.codes, input instanceof Uint8Array ? input.length : undefined);
  }
  if (!isSame({ input, own }, before)) throw new Error('an input has changed');
  if (code === undefined) {
    if (target.inverse && !isSame(target.inverse(output), input)) throw new Error('no round trip');
    target.check?.(output, input);
  }
  return code;
}

/** As {@link judge}; a failure tells which input it was. */
export function judgeNamed(target: Target, seed: Seed, name: string): PoaErrorCode | undefined {
  try {
    return judge(target, seed);
  } catch (cause) {
    throw new Error(`${name}: ${cause}`, { cause });
  }
}
