/**
 * The rules over the keys that signed a header, asked after those that need none.
 *
 * @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer)
 * @module
 */

import type { EosioErrorCode } from '../../errors.js';
import type { Rule } from '../../internal/rules.js';
import { isSameKey, type PublicKey } from '../encoding/key.js';
import type { BlockSigningAuthority, KeyWeight } from '../encoding/schedule.js';
import { describeKeys } from '../recovery/recover.js';
import { type HeaderFacts, scheduledProducerOf } from './rules.js';

/** What a rule over the keys that signed may look at. */
export interface KeyFacts extends HeaderFacts {
  readonly publicKeys: readonly PublicKey[];
}

type KeyRule = Rule<KeyFacts, EosioErrorCode>;

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
const DOUBLED: KeyRule = {
  id: 'E51',
  code: 'KEY_DOUBLED',
  where: 'publicKeys',
  holds: ({ publicKeys }) => {
    for (let i = 1; i < publicKeys.length; i++) if (stoodBefore(publicKeys, i)) return false;
    return true;
  },
  explain: ({ publicKeys }) => {
    const doubled = publicKeys.filter((_, i) => stoodBefore(publicKeys, i));
    return {
      expected: 'each key once',
      got: doubled.length === 0 ? describeKeys(publicKeys) : `${describeKeys(doubled)} twice`,
    };
  },
};

/** Whether a key is one of those before it. */
function stoodBefore(keys: readonly PublicKey[], index: number): boolean {
  const key = keys[index] as PublicKey;
  for (let i = 0; i < index; i++) if (isSameKey(key, keys[i] as PublicKey)) return true;
  return false;
}

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
const UNEXPECTED: KeyRule = {
  id: 'E51',
  code: 'KEY_UNEXPECTED',
  where: 'publicKeys',
  holds: (facts) => {
    const { publicKeys } = facts;
    const authority = authorityFor(facts);
    for (let i = 0; i < publicKeys.length; i++) if (!hasKey(authority, publicKeys[i] as PublicKey)) return false;
    return true;
  },
  explain: (facts) => {
    const authority = authorityFor(facts);
    const strange = facts.publicKeys.filter((key) => !hasKey(authority, key));
    return {
      expected: describeKeys(authority.keys.map(({ key }) => key)),
      got: describeKeys(strange.length === 0 ? facts.publicKeys : strange),
    };
  },
};

function hasKey({ keys }: BlockSigningAuthority, found: PublicKey): boolean {
  for (let i = 0; i < keys.length; i++) if (isSameKey((keys[i] as KeyWeight).key, found)) return true;
  return false;
}

/** @see [E51 Keys of the producer](../RULES.md#e51-keys-of-the-producer) */
const WEIGHT: KeyRule = {
  id: 'E51',
  code: 'KEY_WEIGHT_TOO_LOW',
  where: 'publicKeys',
  holds: (facts) => computeWeight(facts) >= authorityFor(facts).threshold,
  explain: (facts) => ({
    expected: `keys of ${authorityFor(facts).threshold} or more weight together`,
    got: `${computeWeight(facts)}`,
  }),
};

/** What the keys of the producer that signed weigh together. */
function computeWeight(facts: KeyFacts): number {
  const { keys } = authorityFor(facts);
  let weight = 0;
  for (let i = 0; i < keys.length; i++) {
    const one = keys[i] as KeyWeight;
    if (hasSigned(facts, one.key)) weight += one.weight;
  }
  return weight;
}

function hasSigned({ publicKeys }: KeyFacts, key: PublicKey): boolean {
  for (let i = 0; i < publicKeys.length; i++) if (isSameKey(key, publicKeys[i] as PublicKey)) return true;
  return false;
}

function authorityFor({ state, header }: KeyFacts): BlockSigningAuthority {
  return scheduledProducerOf(state, header).authority;
}

/** Rules over which keys signed. */
export const KEY_RULES: readonly KeyRule[] = [DOUBLED, UNEXPECTED, WEIGHT];
