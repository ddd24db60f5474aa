/**
 * All that is measured, in the order in which it is printed.
 *
 * @module
 */

import type { GroupPlan } from '../harness/way.js';
import { attackGroups } from './attacks.js';
import { planChainGroups } from './chains.js';
import { cliqueGroups } from './clique.js';
import { headerGroups } from './headers.js';
import { hintAttackGroups } from './hintAttacks.js';
import { primitiveGroups } from './primitives.js';
import { signatureGroups } from './signatures.js';
import { voteAttackGroups } from './voteAttacks.js';

/** Every group; the longest chains only if there is the time. */
export const planGroups = (isLong: boolean): readonly GroupPlan[] => [
  ...primitiveGroups,
  ...signatureGroups,
  ...headerGroups,
  ...planChainGroups(isLong),
  ...cliqueGroups,
  ...hintAttackGroups,
  ...attackGroups,
  ...voteAttackGroups,
];
