/**
 * The rules over the keys that signed a header, asked after those that need none.
 *
 * @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer)
 * @module
 */

import type { EosioErrorCode } from '../../errors.js';
import type { Rule, Verdict } from '../../internal/rules.js';
import { isSameKey, type PublicKey } from '../encoding/key.js';
import type { BlockSigningAuthority } from '../encoding/schedule.js';
import { describeKeys } from '../recovery/recover.js';
import { type HeaderFacts, scheduledProducerOf } from './rules.js';

/** What a rule over the keys that signed may look at. */
export interface KeyFacts extends HeaderFacts {
  readonly publicKeys: readonly PublicKey[];
}

/** Rules over which keys signed. */
export const KEY_RULES: readonly Rule<KeyFacts, EosioErrorCode>[] = [
  { id: 'E51', code: 'KEY_DOUBLED', where: 'publicKeys', judge: judgeDoubled },
  { id: 'E51', code: 'KEY_UNEXPECTED', where: 'publicKeys', judge: judgeUnexpected },
  { id: 'E51', code: 'KEY_WEIGHT_TOO_LOW', where: 'publicKeys', judge: judgeWeight },
];

function authorityFor({ state, header }: KeyFacts): BlockSigningAuthority {
  return scheduledProducerOf(state, header).authority;
}

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
function judgeDoubled({ publicKeys }: KeyFacts): Verdict {
  const doubled = publicKeys.filter((key, i) => publicKeys.findIndex((other) => isSameKey(key, other)) < i);
  return {
    passed: doubled.length === 0,
    expected: () => 'each key once',
    got: () => (doubled.length === 0 ? describeKeys(publicKeys) : `${describeKeys(doubled)} twice`),
  };
}

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
function judgeUnexpected(facts: KeyFacts): Verdict {
  const { keys } = authorityFor(facts);
  const strange = facts.publicKeys.filter((found) => !keys.some(({ key }) => isSameKey(key, found)));
  return {
    passed: strange.length === 0,
    expected: () => describeKeys(keys.map(({ key }) => key)),
    got: () => describeKeys(strange.length === 0 ? facts.publicKeys : strange),
  };
}

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
function judgeWeight(facts: KeyFacts): Verdict {
  const { threshold, keys } = authorityFor(facts);
  const weight = keys
    .filter(({ key }) => facts.publicKeys.some((found) => isSameKey(key, found)))
    .reduce((sum, { weight: one }) => sum + one, 0);
  return {
    passed: weight >= threshold,
    expected: () => `keys of ${threshold} or more weight together`,
    got: () => `${weight}`,
  };
}
