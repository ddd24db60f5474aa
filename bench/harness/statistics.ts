/**
 * Medians with their intervals, from order statistics: nothing is assumed of how times are distributed, and nothing is drawn.
 *
 * @module
 */

/** A median and what it lies between. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Least probability that the median lies within the interval. */
export const CONFIDENCE = 0.95;
/** Of fewer samples the interval is their range, which may not hold it as probably as that. */
export const LEAST_SAMPLES = 6;

/** The median of some samples, with the interval between two of them that holds the true one as probably as {@link CONFIDENCE} says. */
export function estimateMedian(samples: readonly number[]): Estimate {
  const sorted = [...samples].sort((a, b) => a - b);
  const count = sorted.length;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const rank = computeRank(count);
  return {
    median: (at((count - 1) >> 1) + at(count >> 1)) / 2,
    low: at(rank),
    high: at(count - 1 - rank),
  };
}

/** How many samples may be left out on either side: the median is below the k-th least with the probability of fewer than k heads. */
function computeRank(count: number): number {
  let rank = 0;
  let ways = 1;
  let tail = 1;
  for (let k = 1; k < count; k++) {
    ways = (ways * (count - k + 1)) / k;
    tail += ways;
    if ((2 * tail) / 2 ** count > 1 - CONFIDENCE) break;
    rank = k;
  }
  return rank;
}
