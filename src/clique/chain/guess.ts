/**
 * Guesses of who sealed a header, which a verifier tries first.
 *
 * @module
 */

import { findCommonShift } from '../../internal/verifier/shift.js';
import { DIFF_INTURN } from '../encoding/constants.js';
import type { Header } from '../encoding/header.js';
import type { RecentSigner, State } from './state.js';
import { indexOfSigner } from './votes.js';

/** Index in the list of who may have sealed a header, or -1. */
export type Guess = (header: Pick<Header, 'number' | 'difficulty'>) => number;

/** Guesses for the headers behind a state: whoever is in turn, or stands as far from it as others did before. */
export function createGuess({ signers, recents }: State): Guess {
  const count = signers.length;
  const turnOf = (number: bigint): number => Number(number % BigInt(count));
  const shift = findCommonShift(count, latestShifts());
  return ({ number, difficulty }) => {
    if (count === 0) return -1;
    // The difficulty says whether it is somebody's turn; if it lies, the key is recovered.
    if (difficulty === DIFF_INTURN) return turnOf(number);
    return shift === 0 ? -1 : (turnOf(number) + shift) % count;
  };

  function* latestShifts(): Iterable<number> {
    for (let i = recents.length - 1; i >= 0; i--) {
      const { number, signer } = recents[i] as RecentSigner;
      const index = indexOfSigner(signers, signer);
      yield index === -1 ? -1 : (index - turnOf(number) + count) % count;
    }
  }
}
