/**
 * The form of a rule: one table of them serves whoever applies headers and whoever explains them, so the two cannot differ.
 *
 * @module
 */

import { PoaError, type PoaErrorCode } from '../errors.js';

/** Both sides of a rule, of one that holds as of one that does not. */
export interface Explanation {
  readonly expected: string;
  readonly got: string;
}

/** A rule with the code that it fails with. Asking whether it holds makes nothing: texts are for those who want to read them. */
export interface Rule<Facts, Code extends PoaErrorCode> {
  /** Number in RULES.md. */
  readonly id: string;
  readonly code: Code;
  /** Header field or other thing that is judged. */
  readonly where: string;
  readonly holds: (facts: Facts) => boolean;
  readonly explain: (facts: Facts) => Explanation;
}

/** Throws for the first rule that does not hold. */
export function checkRules<Facts>(rules: readonly Rule<Facts, PoaErrorCode>[], facts: Facts): void {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i] as Rule<Facts, PoaErrorCode>;
    if (!rule.holds(facts)) throw new PoaError(rule.code, { where: rule.where, ...rule.explain(facts) });
  }
}
