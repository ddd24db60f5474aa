/**
 * How the protocols report what their rules say of a header.
 *
 * @module
 */

import { isPoaError, type PoaErrorCode } from '../errors.js';
import type { ProtocolRuleReport, RuleStatus } from '../result.js';
import type { Rule } from './rules.js';

/** What a report is about. */
type Subject<Code extends PoaErrorCode, Bytes> = Pick<
  ProtocolRuleReport<Code, Bytes>,
  'id' | 'code' | 'where' | 'bytes'
>;

/** A rule that cannot be judged, and what it would need. */
export function reportUnknown<Code extends PoaErrorCode>(
  { id, code, where }: Pick<Rule<never, Code>, 'id' | 'code' | 'where'>,
  needs: string,
): ProtocolRuleReport<Code, never> {
  return { id, code, where, status: 'unknown', expected: needs, got: 'none' };
}

/** A rule that can be judged, and the bytes that it looks at. */
export function reportRule<Facts, Code extends PoaErrorCode, Bytes>(
  { id, code, where, holds, explain }: Rule<Facts, Code>,
  facts: Facts,
  bytes: Bytes | undefined,
): ProtocolRuleReport<Code, Bytes> {
  const status = holds(facts) ? 'passed' : 'failed';
  return { id, code, where, status, ...explain(facts), ...(bytes !== undefined && { bytes }) };
}

/** Turns what a step has thrown into a report; anything but a `PoaError` is our bug and goes on. */
export function reportFailure<Code extends PoaErrorCode, Bytes>(
  subject: Subject<Code, Bytes>,
  error: unknown,
): ProtocolRuleReport<Code, Bytes> {
  if (!isPoaError(error)) throw error;
  const { code, where, expected, got } = error;
  // The steps of a protocol throw its codes alone.
  return { ...subject, code: code as Code, where, status: 'failed', expected, got };
}

/** What all rules together say: one that fails decides, then one that is missing something. */
export function computeStatus(rules: readonly { readonly status: RuleStatus }[]): RuleStatus {
  const found = (status: RuleStatus): boolean => rules.some((rule) => rule.status === status);
  return found('failed') ? 'failed' : found('unknown') ? 'unknown' : 'passed';
}
