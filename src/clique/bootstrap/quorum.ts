/**
 * How many validators a new network waits for.
 *
 * @see "Bootstrap clique POA network", Overview
 * @module
 */

import { assertInteger } from '../../internal/bytes.js';

/** The two numbers that say how many sealers a network needs. */
export interface BootQuorum {
  /** `ceil(0.51 * count)`: how many sealers have to join before blocks are made. */
  readonly quorum: number;
  /** SIGNER_LIMIT, `floor(count / 2) + 1`: how many sealers have to stay for blocks to be made for ever. */
  readonly signerLimit: number;
  /** Whether the two differ: they do for 51 validators, for every odd number above, and for every number above 100. */
  readonly differ: boolean;
}

/** Most validators that a network can be asked about; more fit in no genesis block. */
const MAX_COUNT = 0xffffffff;

/**
 * How many of a genesis file's sealers have to join before blocks are made: at least 51 percent.
 *
 * That share is a rule of the people who start the network: no contract and no client holds it. What Clique itself needs is SIGNER_LIMIT,
 * which the quorum is never below, so a network that has its quorum goes on for ever. A network below SIGNER_LIMIT does not wait: k sealers
 * make k blocks, and then it stalls.
 *
 * @param count - validators in the genesis file, 1 to 2^32 - 1
 * @returns the quorum, the limit, and whether they differ
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeBootQuorum } from 'poa-primitives/clique';
 *
 * computeBootQuorum(5); // => { quorum: 3, signerLimit: 3, differ: false }
 * computeBootQuorum(51); // => { quorum: 27, signerLimit: 26, differ: true }
 * ```
 * @see "Bootstrap clique POA network", Overview; [C44 Boot quorum](../RULES.md#c44-boot-quorum)
 */
export function computeBootQuorum(count: number): BootQuorum {
  assertInteger('computeBootQuorum.count', count, 1, MAX_COUNT);
  const quorum = Math.ceil((51 * count) / 100);
  const signerLimit = Math.floor(count / 2) + 1;
  return { quorum, signerLimit, differ: quorum !== signerLimit };
}
