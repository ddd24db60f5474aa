/**
 * Schedules in a state: checked, compared by their hashes, copied.
 *
 * @see [E57 State](../RULES.md#e57-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject } from '../../internal/bytes.js';
import { checkProducers } from '../election/authority.js';
import { assertAuthority, copyAuthority } from '../election/election.js';
import { checkName } from '../encoding/name.js';
import {
  computeProducerAuthorityScheduleHash,
  computeProducerScheduleHash,
  type ProducerAuthoritySchedule,
} from '../encoding/schedule.js';

const U32_MAX = 0xffff_ffff;

/** A schedule whose parts are of the right type and fit their fields, whoever stands in it. */
export function assertAuthoritySchedule(
  where: string,
  schedule: unknown,
): asserts schedule is ProducerAuthoritySchedule {
  assertObject(where, schedule);
  assertInteger(`${where}.version`, schedule.version, 0, U32_MAX);
  assertArray(`${where}.producers`, schedule.producers);
  const { producers } = schedule;
  for (let i = 0; i < producers.length; i++) {
    const producer = producers[i];
    assertObject(`${where}.producers[${i}]`, producer);
    checkName(`${where}.producers[${i}].producerName`, producer.producerName);
    assertAuthority(`${where}.producers[${i}].authority`, producer.authority);
  }
}

/** A schedule of producers that can sign: at least one. */
export function checkSchedule(where: string, schedule: unknown): asserts schedule is ProducerAuthoritySchedule {
  assertAuthoritySchedule(where, schedule);
  const { producers } = schedule;
  checkProducers(`${where}.producers`, producers);
  if (producers.length === 0)
    throw new PoaError('STATE_INVALID', {
      where: `${where}.producers`,
      expected: 'at least one producer',
      got: 'none',
    });
}

/** The hashes that a schedule may be announced with: with authorities, and with keys where each producer has one. */
export function hashesOf(schedule: ProducerAuthoritySchedule): Uint8Array[] {
  const hashes = [computeProducerAuthorityScheduleHash(schedule)];
  const keys = schedule.producers.map(({ producerName, authority }) => ({
    producerName,
    blockSigningKey: authority.keys[0]?.key,
  }));
  if (
    schedule.producers.every(
      ({ authority: { threshold, keys: all } }) => all.length === 1 && all[0]?.weight === threshold,
    )
  )
    hashes.push(computeProducerScheduleHash({ version: schedule.version, producers: keys as never }));
  return hashes;
}

export function copySchedule({ version, producers }: ProducerAuthoritySchedule): ProducerAuthoritySchedule {
  return {
    version,
    producers: producers.map(({ producerName, authority }) => ({ producerName, authority: copyAuthority(authority) })),
  };
}
