/**
 * What tests call: the arithmetic below the surface. Not part of the module.
 */

export { double, half, invertQuad, normalize, reduce, squareRoot, sub, triple } from './field';
export { buildBase, start } from './index';
export { invert, MODULUS_N, MODULUS_P } from './invert';
export { mul, QUAD } from './multiply';
export { inverse, multiply, reduceOnce, split } from './scalar';
export { sqr } from './square';

import { setLane as setWords } from './field';
import { tablesStart } from './index';

/** Where tests may write: behind everything else. */
export function room(): i32 {
  return tablesStart();
}

/** Sets one of the four numbers of a quad from 8 words. */
export function setLane(o: usize, lane: usize, words: usize): void {
  setWords(o, lane, words);
}
