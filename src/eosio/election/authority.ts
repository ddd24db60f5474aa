/**
 * Which producers a schedule may have, and which keys may sign for them.
 *
 * @see [E32 Producers of a schedule](../RULES.md#e32-producers-of-a-schedule)
 * @module
 */

import { PoaError } from '../../errors.js';
import { describeBytes } from '../../internal/bytes.js';
import { isSameKey, type PublicKey } from '../encoding/key.js';
import type { BlockSigningAuthority, ProducerAuthority } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';

/** Most producers of a schedule. */
export const MAX_PRODUCERS = 125;

/**
 * Throws `SCHEDULE_INVALID` for an authority that nobody, or anybody, could satisfy.
 *
 * @see [E32 Producers of a schedule](../RULES.md#e32-producers-of-a-schedule)
 */
export function checkAuthority(where: string, { threshold, keys }: BlockSigningAuthority): void {
  if (threshold === 0) throw invalid(`${where}.threshold`, 'above 0', '0');
  const seen = new Set<string>();
  let weights = 0;
  for (const [i, { key, weight }] of keys.entries()) {
    const id = `${key.curve}${describeBytes(key.data.subarray(0, 32))}${key.data[32]}`;
    if (seen.has(id))
      throw invalid(`${where}.keys[${i}]`, 'each key once', `${describeBytes(key.data.subarray(0, 8))}… twice`);
    seen.add(id);
    weights += weight;
  }
  if (weights < threshold) throw invalid(`${where}.keys`, `weights of ${threshold} or more together`, `${weights}`);
}

/**
 * Throws `SCHEDULE_INVALID` for producers that no schedule may have: more than 125, one twice, an authority that cannot hold.
 *
 * @see [E32 Producers of a schedule](../RULES.md#e32-producers-of-a-schedule)
 */
export function checkProducers(where: string, producers: readonly ProducerAuthority[]): void {
  if (producers.length > MAX_PRODUCERS)
    throw invalid(where, `at most ${MAX_PRODUCERS} producers`, `${producers.length}`);
  const seen = new Set<string>();
  for (const [i, { producerName, authority }] of producers.entries()) {
    if (seen.has(producerName))
      throw invalid(`${where}[${i}]`, 'each producer once', `${describeText(producerName)} twice`);
    seen.add(producerName);
    checkAuthority(`${where}[${i}].authority`, authority);
  }
}

/** The authority of one key. */
export function singleKeyAuthority(key: PublicKey): BlockSigningAuthority {
  return { threshold: 1, keys: [{ key, weight: 1 }] };
}

export function isSameAuthority(a: BlockSigningAuthority, b: BlockSigningAuthority): boolean {
  return (
    a.threshold === b.threshold &&
    a.keys.length === b.keys.length &&
    a.keys.every(({ key, weight }, i) => {
      const other = b.keys[i];
      return other !== undefined && weight === other.weight && isSameKey(key, other.key);
    })
  );
}

/** Whether two lists name the same producers with the same authorities in the same order. */
export function isSameProducers(a: readonly ProducerAuthority[], b: readonly ProducerAuthority[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ producerName, authority }, i) => {
      const other = b[i];
      return other !== undefined && producerName === other.producerName && isSameAuthority(authority, other.authority);
    })
  );
}

function invalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('SCHEDULE_INVALID', { where, expected, got });
}
