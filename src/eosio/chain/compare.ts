/**
 * Chains beside each other: which one to follow, and who made two blocks in one slot.
 *
 * @see [E60 Choice of chain](../RULES.md#e60-choice-of-chain)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertObject, copyOf, describeBytes, equalBytes } from '../../internal/bytes.js';
import { isSameKey } from '../encoding/key.js';
import { recoverHeader, type SignedHeader } from '../recovery/recover.js';
import type { State } from './state.js';

/** Two blocks that one producer made in one slot. */
export interface Equivocation {
  /** `equivocation` for two blocks on one parent; `different-parents` may be an honest change to another fork. */
  readonly kind: 'equivocation' | 'different-parents';
  /** Account. */
  readonly producer: string;
  /** u32, slot of both. */
  readonly slot: number;
  /** 32 bytes each. */
  readonly ids: readonly [Uint8Array, Uint8Array];
}

/**
 * Which of two chains to follow: the one with the higher last irreversible block; of equal ones the longer; at a tie the first.
 *
 * @param first - the chain that is followed now
 * @param second - another one, from the same anchor
 * @returns `first` or `second`
 * @throws PoaError `CHAIN_ANCHOR_MISMATCH` for chains that do not begin at the same block
 * @example
 * ```ts
 * import { applyHeader, compareChains, createAnchor, createState } from 'poa-primitives/eosio';
 * import { genesis, headers, now } from './eosio-chain-sample.js';
 *
 * const short = createState(createAnchor({ genesis }));
 * compareChains(short, applyHeader(short, headers[0], { now })); // => 'second'
 * compareChains(short, short); // => 'first'
 * ```
 * @see EOSIO/eos, `fork_database.cpp`; [E60 Choice of chain](../RULES.md#e60-choice-of-chain)
 */
export function compareChains(first: State, second: State): 'first' | 'second' {
  const where = 'compareChains';
  assertObject(`${where}.first`, first);
  assertObject(`${where}.second`, second);
  if (!equalBytes(first.anchorId, second.anchorId))
    throw new PoaError('CHAIN_ANCHOR_MISMATCH', {
      where,
      expected: `a chain from ${describeBytes(first.anchorId)}`,
      got: `one from ${describeBytes(second.anchorId)}`,
    });
  const order = second.lastIrreversible - first.lastIrreversible || second.number - first.number;
  return order > 0 ? 'second' : 'first';
}

/**
 * Whether two headers show that one producer made two blocks in one slot. Whether the keys are those of the producer is for a
 * state to say; here one key at least must have signed both.
 *
 * @param first - as for {@link recoverHeader}
 * @param second - as for {@link recoverHeader}
 * @returns what they show; undefined if that is nothing
 * @throws PoaError what {@link recoverHeader} throws
 * @example
 * ```ts
 * import { findEquivocation } from 'poa-primitives/eosio';
 * import { recoverable } from './eosio-chain-sample.js';
 *
 * findEquivocation(recoverable[0], recoverable[0]); // => undefined
 * ```
 * @see [E60 Choice of chain](../RULES.md#e60-choice-of-chain)
 */
export function findEquivocation(first: SignedHeader, second: SignedHeader): Equivocation | undefined {
  const a = recoverHeader(first);
  const b = recoverHeader(second);
  const isSame = a.producer === b.producer && a.header.slot === b.header.slot && !equalBytes(a.id, b.id);
  if (!isSame || !a.publicKeys.some((key) => b.publicKeys.some((other) => isSameKey(key, other)))) return undefined;
  const isOneParent = equalBytes(a.header.previous, b.header.previous);
  return {
    kind: isOneParent ? 'equivocation' : 'different-parents',
    producer: a.producer,
    slot: a.header.slot,
    ids: [copyOf(a.id), copyOf(b.id)],
  };
}
