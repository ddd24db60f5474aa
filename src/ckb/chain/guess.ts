/**
 * Guesses of who attested a header, which a verifier tries first.
 *
 * @module
 */

import { indexOfBytes } from '../../internal/bytes.js';
import { findCommonShift } from '../../internal/verifier/shift.js';
import type { HeaderNumbers } from '../encoding/header.js';
import type { ValidatorList } from '../encoding/validatorList.js';
import type { State } from './state.js';
import { COMPACT_TARGET_IN_TURN } from './turn.js';

/** Index in the list of who may have attested a header, or -1. */
export type Guess = (numbers: HeaderNumbers) => number;

/** Guesses for the headers behind a state: whoever is in turn, or stands as far from it as others did before. */
export function createGuess({ number, validatorList, recentAttesters }: State): Guess {
  const { pubkeyHashes } = validatorList;
  const count = pubkeyHashes.length;
  const turnOf = (block: bigint): number => Number(block % BigInt(count));
  let shift: number | undefined;
  return (numbers) => {
    const inTurn = guessTurn(numbers, validatorList);
    if (inTurn !== -1) return inTurn;
    shift ??= findCommonShift(count, latestShifts());
    return shift === 0 ? -1 : (turnOf(numbers.number) + shift) % count;
  };

  function* latestShifts(): Iterable<number> {
    for (let i = 1; i <= recentAttesters.length; i++) {
      const index = indexOfBytes(pubkeyHashes, recentAttesters[recentAttesters.length - i] as Uint8Array);
      yield index === -1 ? -1 : (index - turnOf(number + 1n - BigInt(i)) + count) % count;
    }
  }
}

/** Index of whoever is in turn, if a header says that they attested it; if it lies, the key is recovered. */
export function guessTurn({ number, compactTarget }: HeaderNumbers, { pubkeyHashes }: ValidatorList): number {
  return compactTarget === COMPACT_TARGET_IN_TURN ? Number(number % BigInt(pubkeyHashes.length)) : -1;
}
