/**
 * Which block is irreversible before Savanna: producers confirm blocks by building on them, and more than two thirds of them
 * decide.
 *
 * @see [E53 Irreversibility](../RULES.md#e53-irreversibility)
 * @module
 */

import type { BlockHeader } from '../encoding/header.js';
import type { State } from './state.js';

/** Most blocks whose confirmations are counted. */
export const MAX_TRACKED_CONFIRMATIONS = 1024;

/** A producer and the height of a block. */
export interface ProducerBlock {
  /** Account. */
  readonly producer: string;
  /** u32. */
  readonly number: number;
}

/** The part of a state that irreversibility is computed from. */
export type Irreversibility = Pick<
  State,
  'number' | 'activeSchedule' | 'confirmationsLeft' | 'proposedIrreversible' | 'lastImplied'
>;

/** What a block makes of it. */
export interface NextIrreversibility {
  readonly confirmationsLeft: number[];
  readonly proposedIrreversible: number;
  readonly lastIrreversible: number;
}

/**
 * The confirmations that a block needs from producers: `floor(2 n / 3) + 1`.
 *
 * @see [E53 Irreversibility](../RULES.md#e53-irreversibility)
 */
export function requiredConfirmations(producers: number): number {
  return Math.floor((producers * 2) / 3) + 1;
}

/**
 * What a header that follows a state makes of irreversibility. Its own confirmation counts from the next block of its
 * producer on: what a producer implies is what was proposed before the block.
 *
 * @see [E53 Irreversibility](../RULES.md#e53-irreversibility)
 */
export function computeIrreversibility(
  state: Irreversibility,
  { producer, confirmed }: Pick<BlockHeader, 'producer' | 'confirmed'>,
): NextIrreversibility {
  const number = state.number + 1;
  const counts = [...state.confirmationsLeft, requiredConfirmations(state.activeSchedule.producers.length)];
  if (counts.length > MAX_TRACKED_CONFIRMATIONS) counts.shift();
  let proposedIrreversible = state.proposedIrreversible;
  let confirmationsLeft = counts;
  // The block itself, and as many before it as it says.
  for (let i = counts.length - 1, left = confirmed + 1; i >= 0 && left > 0; i--, left--) {
    const count = (counts[i] as number) - 1;
    counts[i] = count;
    if (count > 0) continue;
    proposedIrreversible = number - (counts.length - 1 - i);
    confirmationsLeft = counts.slice(i + 1);
    break;
  }
  const implied = state.lastImplied.map((entry) =>
    entry.producer === producer ? state.proposedIrreversible : entry.number,
  );
  implied.sort((a, b) => a - b);
  return {
    confirmationsLeft,
    proposedIrreversible,
    lastIrreversible: implied[Math.floor((implied.length - 1) / 3)] ?? 0,
  };
}

/** Whether the schedule that waits becomes active in a block after which this block is irreversible. */
export function isPromoted({ pendingSchedule }: Pick<State, 'pendingSchedule'>, lastIrreversible: number): boolean {
  return pendingSchedule !== null && lastIrreversible >= pendingSchedule.number;
}

/** The entries with that of a producer set to a number, added if it has none. */
export function withEntry(entries: readonly ProducerBlock[], producer: string, number: number): ProducerBlock[] {
  const next = entries.filter((entry) => entry.producer !== producer);
  next.push({ producer, number });
  return next;
}

/** The number of a producer, or undefined. */
export function numberOf(entries: readonly ProducerBlock[], producer: string): number | undefined {
  return entries.find((entry) => entry.producer === producer)?.number;
}
