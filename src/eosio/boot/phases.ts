/**
 * The phases of a boot in their order.
 *
 * @see the boot sequence tutorial; EOSIO/eos and AntelopeIO/spring, bios-boot-tutorial.py
 * @module
 */

import { type BootSequence, checkSequence } from './features.js';
import type { BootPhaseName } from './steps.js';

/** A phase as the scripts list it. */
export interface BootPhase {
  /** The command that runs it. */
  readonly command: BootPhaseName;
  /** Its one-letter form. */
  readonly flag: string;
  /** Whether `-a` runs it. */
  readonly inAll: boolean;
}

const PHASES: readonly (readonly [string, BootPhaseName, boolean])[] = [
  ['k', 'kill', true],
  ['w', 'wallet', true],
  ['b', 'boot', true],
  ['s', 'sys', true],
  ['c', 'contracts', true],
  ['t', 'tokens', true],
  ['S', 'sys-contract', true],
  ['I', 'init-sys-contract', true],
  ['A', 'A-tokens', true],
  ['T', 'stake', true],
  ['p', 'reg-prod', true],
  ['P', 'start-prod', true],
  ['v', 'vote', true],
  ['R', 'claim', true],
  ['x', 'proxy', true],
  ['q', 'resign', true],
  ['m', 'msg-replace', false],
  ['X', 'xfer', false],
  ['l', 'log', true],
];

/**
 * The phases of a sequence in their order. A plan has no steps of `kill`, which stops every node of a machine whoever started it, and of those that
 * its configuration leaves out. The manual steps know no names of phases: here they have those of the scripts.
 *
 * @param sequence - whose phases
 * @returns phases, first to last
 * @throws PoaError `CONFIG_INVALID` for another sequence
 * @example
 * ```ts
 * import { listPhases } from 'poa-primitives/eosio';
 *
 * listPhases('script').map(({ flag }) => flag).join(''); // => 'kwbsctSITpPvRxqmXl'
 * ```
 * @see EOSIO/eos, bios-boot-tutorial.py; [E19 Order of the boot](../RULES.md#e19-order-of-the-boot)
 */
export function listPhases(sequence: BootSequence): BootPhase[] {
  checkSequence('listPhases.sequence', sequence);
  const without: readonly BootPhaseName[] =
    sequence === 'script'
      ? ['A-tokens']
      : sequence === 'spring'
        ? ['kill']
        : ['kill', 'sys', 'init-sys-contract', 'A-tokens', 'log'];
  return PHASES.flatMap(([flag, command, inAll]) => (without.includes(command) ? [] : [{ command, flag, inAll }]));
}
