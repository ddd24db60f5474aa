/**
 * The form of a rule: one table of them serves whoever applies headers and whoever explains them, so the two cannot differ.
 *
 * @module
 */

import { PoaError, type PoaErrorCode } from '../errors.js';

/** What a rule says of its facts. The texts are made when they are asked for: a header that passes needs none. */
export interface Verdict {
  readonly passed: boolean;
  readonly expected: () => string;
  readonly got: () => string;
}

/** A rule with the code that it fails with. */
export interface Rule<Facts, Code extends PoaErrorCode> {
  /** Number in RULES.md. */
  readonly id: string;
  readonly code: Code;
  /** Header field or other thing that is judged. */
  readonly where: string;
  readonly judge: (facts: Facts) => Verdict;
}

/** Throws for the first rule that does not hold. */
export function checkRules<Facts>(rules: readonly Rule<Facts, PoaErrorCode>[], facts: Facts): void {
  for (const { code, where, judge } of rules) {
    const { passed, expected, got } = judge(facts);
    if (!passed) throw new PoaError(code, { where, expected: expected(), got: got() });
  }
}
