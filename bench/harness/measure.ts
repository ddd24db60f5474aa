/**
 * The measurement: each way once a round, in another order each round, so that a slow moment of the machine hits all alike.
 *
 * What is taken is the time of the processor, all threads of the process together: collecting garbage and compiling count, whatever else
 * the machine does meanwhile does not. Garbage is collected when it is due: doing so by force, in between, throws away optimized code of
 * some libraries with it, which then take several times as long. For the same reason the benchmark runs with `--no-flush-bytecode`: a way
 * that waits for its turn keeps what was compiled of it.
 *
 * @module
 */

import { LEAST_SAMPLES } from './statistics.js';
import type { Way } from './way.js';

/** Samples last so long at least, in microseconds. */
const SAMPLE_TIME = 10_000;
/** Time that a way may take in all rounds together before it sits out some of them, in microseconds. */
const BUDGET = 8e6;
/**
 * Before anything counts each way runs for so many units, within these times in microseconds: decoders that are made of many
 * small functions are at their best only after some thousands of calls.
 */
const WARM_UP_UNITS = 3000;
const LEAST_WARM_UP = 150_000;
const MOST_WARM_UP = 2_000_000;
/** What sweeping takes, in milliseconds. */
const SWEEP_TIME = 50;
/** Rounds before those that count, for ways whose samples take less than this. */
const WARM_UP_ROUNDS = 2;
const LONG_SAMPLE = 500_000;

/** Microseconds of a unit, by round; there is nothing for rounds that a way sat out. */
export type Samples = ReadonlyMap<Way, readonly (number | undefined)[]>;

/** How a way is sampled. */
interface Sampling {
  readonly way: Way;
  /** Calls of one sample. */
  readonly calls: number;
  /** It takes part in one of so many rounds. */
  readonly every: number;
  readonly isLong: boolean;
}

/**
 * Measures all ways in so many rounds. Those that make engines anew come after all others, together with what they are compared with:
 * the memory of engines is collected before each of their samples, which one who makes a single engine never pays for.
 */
export function measureWays(
  ways: readonly Way[],
  rounds: number,
  references: ReadonlyMap<Way, Way>,
  onRound: (round: number) => void,
): { readonly samples: Samples; readonly fresh: Samples } {
  const isFresh = (way: Way): boolean => way.isFresh === true;
  const fresh = ways.filter(isFresh);
  const others = new Set(fresh.map((way) => references.get(way) as Way));
  return {
    samples: measureTogether(
      ways.filter((way) => !isFresh(way)),
      rounds,
      onRound,
    ),
    fresh: measureTogether([...others, ...fresh], rounds, onRound),
  };
}

function measureTogether(ways: readonly Way[], rounds: number, onRound: (round: number) => void): Samples {
  const samplings = ways.map((way) => planSampling(way, rounds));
  const samples = new Map<Way, (number | undefined)[]>(ways.map((way) => [way, []]));
  const random = makeRandom(1);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    onRound(round);
    for (const { way, calls, every, isLong } of shuffle(samplings, random)) {
      if (round < 0 ? isLong : round % every !== 0) continue;
      if (way.isFresh === true) {
        collect();
        // What was thrown away of our own code is compiled again.
        way.run();
      }
      const time = takeSample(way, calls);
      if (round >= 0) (samples.get(way) as number[])[round] = time;
    }
  }
  return samples;
}

/** Warms a way up, and finds out how long it takes. */
function planSampling(way: Way, rounds: number): Sampling {
  let calls = 0;
  const start = process.cpuUsage();
  let elapsed = 0;
  const isCold = (): boolean =>
    elapsed < LEAST_WARM_UP || (elapsed < MOST_WARM_UP && calls * way.count < WARM_UP_UNITS);
  for (; isCold(); elapsed = timeSince(start)) {
    way.run();
    calls++;
  }
  // What it takes by now: the first calls were cold.
  const time = calls === 1 ? elapsed : takeSample(way, Math.ceil(calls / 4)) * way.count;
  const perSample = Math.max(1, Math.ceil(SAMPLE_TIME / Math.max(time, 0.001)));
  let every = 1;
  while ((time * perSample * rounds) / every > BUDGET && rounds / (2 * every) >= LEAST_SAMPLES) every *= 2;
  return { way, calls: perSample, every, isLong: time > LONG_SAMPLE };
}

/** Collects garbage, and waits until the threads that sweep it have done. */
function collect(): void {
  globalThis.gc?.();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWEEP_TIME);
}

/** Microseconds of a unit. */
function takeSample(way: Way, calls: number): number {
  const { run, count } = way;
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i++) run();
  return timeSince(start) / (calls * count);
}

function timeSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** Numbers from 0 to `count - 1` that are the same in each run. */
export function makeRandom(seed: number): (count: number) => number {
  let word = seed;
  return (count) => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((word / 2 ** 32) * count);
  };
}

function shuffle<T>(items: readonly T[], random: (count: number) => number): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}
