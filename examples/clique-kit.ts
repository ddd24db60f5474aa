/** What the Clique examples need that the library leaves to its users: keys of nodes, and a source of randomness. */

import { secp256k1 } from '@noble/curves/secp256k1.js';

/** 64 bytes, the public key of a node as its enode URL gives it. */
export const makePublicKey = (secretKey: Uint8Array): Uint8Array => secp256k1.getPublicKey(secretKey, false).slice(1);

/** Gives an integer from 0 to `count - 1`; the same row for the same seed. */
export function seededRandom(seed: number): (count: number) => number {
  let word = seed;
  return (count) => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((word / 2 ** 32) * count);
  };
}
