/**
 * The forks that a genesis file schedules, as far as Clique goes.
 *
 * @see go-ethereum, `CheckConfigForkOrder` in `params/config.go`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertObject, assertUint } from '../../internal/bytes.js';

/** A fork that a genesis file gives a block for, by its name there. */
export type ForkName =
  | 'homesteadBlock'
  | 'eip150Block'
  | 'eip155Block'
  | 'eip158Block'
  | 'byzantiumBlock'
  | 'constantinopleBlock'
  | 'petersburgBlock'
  | 'istanbulBlock'
  | 'muirGlacierBlock'
  | 'berlinBlock'
  | 'londonBlock'
  | 'arrowGlacierBlock'
  | 'grayGlacierBlock';

/** At which block each fork comes, 0 to 2^53 - 1; forks that never come are left out. */
export type Forks = { readonly [Name in ForkName]?: bigint };

/** In the order in which they came. */
export const FORK_NAMES: readonly ForkName[] = [
  'homesteadBlock',
  'eip150Block',
  'eip155Block',
  'eip158Block',
  'byzantiumBlock',
  'constantinopleBlock',
  'petersburgBlock',
  'istanbulBlock',
  'muirGlacierBlock',
  'berlinBlock',
  'londonBlock',
  'arrowGlacierBlock',
  'grayGlacierBlock',
];

/** Forks by time, all of which come after London and change the header. */
export const TIMED_FORK_NAMES: readonly string[] = [
  'shanghaiTime',
  'cancunTime',
  'pragueTime',
  'osakaTime',
  'verkleTime',
];

/** The ones that only delay the difficulty bomb of proof of work, so that a network may go without. */
const OPTIONAL_FORK_NAMES: readonly ForkName[] = ['muirGlacierBlock', 'arrowGlacierBlock', 'grayGlacierBlock'];

/** All forks up to Istanbul from the beginning, as the chains of Mosaic have them; no base fee. */
export function defaultForks(): Forks {
  return Object.fromEntries(FORK_NAMES.slice(0, 8).map((name) => [name, 0n]));
}

/**
 * Copies the forks of a record, the known ones alone, in their order.
 *
 * @throws PoaError `OUT_OF_RANGE`
 */
export function readForks(where: string, forks: unknown): Forks {
  assertObject(where, forks);
  const read: Partial<Record<ForkName, bigint>> = {};
  for (const name of FORK_NAMES) {
    const block = forks[name];
    if (block === undefined) continue;
    assertUint(`${where}.${name}`, block, 53);
    read[name] = block;
  }
  return read;
}

/**
 * Throws for a schedule that go-ethereum does not start with.
 *
 * @throws PoaError `GENESIS_FORKS_UNORDERED`
 * @see [C40 Forks of a genesis](../RULES.md#c40-forks-of-a-genesis)
 */
export function checkForkOrder(where: string, forks: Forks): void {
  let last: ForkName | undefined;
  for (const name of FORK_NAMES) {
    const block = forks[name];
    const before = last === undefined ? 0n : forks[last];
    if (block !== undefined && (before === undefined || before > block))
      throw new PoaError('GENESIS_FORKS_UNORDERED', {
        where: `${where}.${name}`,
        expected: before === undefined ? `no block, as ${last} has none` : `at least ${before}, the block of ${last}`,
        got: `${block}`,
      });
    if (block !== undefined || !OPTIONAL_FORK_NAMES.includes(name)) last = name;
  }
}
