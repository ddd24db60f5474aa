/**
 * Who may have signed out of turn: guesses cost time where they are wrong, and change nothing else.
 *
 * @module
 */

/** Blocks that are looked at, and signers out of turn that are enough. */
const WINDOW = 64;
const MEMORY = 16;
/** Fewer of them say nothing. */
const LEAST = 4;

/**
 * How far from the one in turn most of those stood in the list who signed out of turn of late; 0 where they had nothing in common.
 * Validators whose clocks or lists are shifted against each other go round in a row all the same; those who wait at random do not.
 *
 * @param count - of the list
 * @param shifts - of the last blocks, the latest first: 0 in turn, -1 for somebody who is not in the list
 */
export function findCommonShift(count: number, shifts: Iterable<number>): number {
  const times = new Uint8Array(count);
  let looked = 0;
  let seen = 0;
  let most = 0;
  for (const shift of shifts) {
    if (looked++ === WINDOW) break;
    if (shift <= 0) continue;
    times[shift] = (times[shift] as number) + 1;
    if ((times[shift] as number) > (times[most] as number)) most = shift;
    if (++seen === MEMORY) break;
  }
  return seen >= LEAST && 2 * (times[most] as number) > seen ? most : 0;
}
