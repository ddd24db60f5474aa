/**
 * Why no key is recovered, as a byte and as an error: the same checks in the same order as those of one signature.
 *
 * @module
 */

import type { PoaError } from '../../errors.js';
import { invalidSignature } from '../secp256k1.js';

/** The key was recovered. */
export const RECOVERED = 0;
/** The recovery id is above 3. */
export const ID_TOO_LARGE = 1;
/** r is 0. */
export const R_ZERO = 2;
/** r is at least n. */
export const R_TOO_LARGE = 3;
/** s is 0. */
export const S_ZERO = 4;
/** s is at least n. */
export const S_TOO_LARGE = 5;
/** s is above n / 2, where that is refused. */
export const S_HIGH = 6;
/** r is no x coordinate for its id. */
export const NO_POINT = 7;
/** The point at infinity. */
export const INFINITY = 8;

/** The error that recovering one signature throws for the same reason. */
export function refusalOf(where: string, status: number, recoveryId: number): PoaError {
  if (status === ID_TOO_LARGE) return invalidSignature(where, 'a recovery id from 0 to 3', `${recoveryId}`);
  if (status === R_ZERO || status === R_TOO_LARGE)
    return invalidSignature(where, 'r from 1 to n - 1', status === R_ZERO ? 'r = 0' : 'r of at least n');
  if (status === S_ZERO || status === S_TOO_LARGE)
    return invalidSignature(where, 's from 1 to n - 1', status === S_ZERO ? 's = 0' : 's of at least n');
  if (status === S_HIGH) return invalidSignature(where, 's of at most n / 2', 's in the upper half');
  return invalidSignature(
    where,
    'a signature that recovers a public key',
    'r that is no x coordinate, or the point at infinity',
  );
}
