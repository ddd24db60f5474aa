import fc from 'fast-check';
import {
  computeNextSlot,
  computeProducerIndex,
  computeScheduledProducer,
  findMissedSlots,
  type ProducerAuthoritySchedule,
  toAuthoritySchedule,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { scheduleFromVector } from '../support/eosio.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const U32_MAX = 0xffff_ffff;

/** A schedule of so many producers, whose keys do not matter. */
const scheduleOf = (count: number): ProducerAuthoritySchedule => ({
  version: 1,
  producers: Array.from({ length: count }, (_, i) => ({
    producerName: `p${'12345'[Math.floor(i / 26)]}${'abcdefghijklmnopqrstuvwxyz'[i % 26]}`,
    authority: { threshold: 1, keys: [] },
  })),
});
const nameAt = (schedule: ProducerAuthoritySchedule, slot: number): string | undefined =>
  computeScheduledProducer(schedule, slot)?.producerName;

describe.skipIf(!hasShared)('slot-producer.json', () => {
  const { cases }: { cases: any[] } = hasShared ? readShared('eosio/slot-producer.json') : { cases: [] };
  const schedules = hasShared ? readShared('eosio/producer-schedules.json').cases : [];

  it.each(cases)('$from', ({ slot, index, producer, schedule_hash }) => {
    const found = schedules.find((item: any) => JSON.stringify(item).includes(schedule_hash));
    const json = found.schedule ?? found.legacy ?? found;
    const both = scheduleFromVector(json.producers === undefined ? found : json);
    const schedule = 'legacy' in both ? toAuthoritySchedule(both.legacy) : both.authority;
    expect(computeProducerIndex(slot, schedule.producers.length)).toBe(index);
    expect(nameAt(schedule, slot)).toBe(producer);
    expect(computeNextSlot(schedule, producer, slot - 1)).toBe(slot);
  });
});

describe('turns', () => {
  const counts = fc.integer({ min: 1, max: 125 });
  const slots = fc.oneof(
    fc.constantFrom(0, 1, U32_MAX),
    fc.integer({ min: 0, max: 5000 }),
    fc.integer({ min: 0, max: U32_MAX }),
  );

  it('are fair: in any round each producer has twelve slots, one after the other', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: U32_MAX - 2000 }), (count, from) => {
        const found = new Map<number, number>();
        let changes = 0;
        for (let i = 0; i < count * 12; i++) {
          const index = computeProducerIndex(from + i, count);
          found.set(index, (found.get(index) ?? 0) + 1);
          if (i > 0 && index !== computeProducerIndex(from + i - 1, count)) changes++;
        }
        expect([...found.values()].every((slotsOfOne) => slotsOfOne === 12)).toBe(true);
        expect(found.size).toBe(count);
        expect(changes).toBeLessThanOrEqual(count);
      }),
      { numRuns: runs(30) },
    );
  });

  it('the next slot of a producer is its own, after the one given, and none in between is', () => {
    fc.assert(
      fc.property(counts, fc.nat(124), slots, (count, who, after) => {
        const schedule = scheduleOf(count);
        const producer = schedule.producers[who % count]?.producerName as string;
        const next = computeNextSlot(schedule, producer, after);
        if (next === undefined) {
          for (let slot = after + 1; slot <= U32_MAX && slot < after + 2000; slot++)
            expect(nameAt(schedule, slot)).not.toBe(producer);
          return;
        }
        expect(next).toBeGreaterThan(after);
        expect(nameAt(schedule, next)).toBe(producer);
        for (let slot = after + 1; slot < next; slot++) expect(nameAt(schedule, slot)).not.toBe(producer);
      }),
      { numRuns: runs(40) },
    );
  });

  it('missed slots are those that counting one by one finds', () => {
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 0, max: U32_MAX - 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        (count, after, gap) => {
          const schedule = scheduleOf(count);
          const counted = new Map<string, { count: number; first: number; last: number }>();
          for (let slot = after + 1; slot < after + gap; slot++) {
            const name = nameAt(schedule, slot) as string;
            const entry = counted.get(name);
            if (entry === undefined) counted.set(name, { count: 1, first: slot, last: slot });
            else {
              entry.count++;
              entry.last = slot;
            }
          }
          expect(findMissedSlots(schedule, after, after + gap)).toEqual(
            [...counted].map(([producer, entry]) => ({ producer, ...entry })),
          );
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('a gap of all slots there are costs nothing', () => {
    const start = performance.now();
    const missed = findMissedSlots(scheduleOf(125), 0, U32_MAX);
    expect(missed.reduce((sum, { count }) => sum + count, 0)).toBe(U32_MAX - 1);
    expect(performance.now() - start).toBeLessThan(200);
  });

  it('an empty schedule has nobody', () => {
    expect(computeScheduledProducer(scheduleOf(0), 5)).toBeUndefined();
    expect(computeNextSlot(scheduleOf(0), 'a', 5)).toBeUndefined();
    expect(findMissedSlots(scheduleOf(0), 5, 9)).toEqual([]);
  });

  it('numbers that are no slots', () => {
    for (const wrong of [-1, 0.5, U32_MAX + 1, Number.NaN]) {
      expectCode(() => computeProducerIndex(wrong, 21), 'OUT_OF_RANGE');
      expectCode(() => computeScheduledProducer(scheduleOf(1), wrong), 'OUT_OF_RANGE');
      expectCode(() => computeNextSlot(scheduleOf(1), 'a', wrong), 'OUT_OF_RANGE');
      expectCode(() => findMissedSlots(scheduleOf(1), wrong, 9), 'OUT_OF_RANGE');
    }
    expectCode(() => computeProducerIndex(1, 0), 'OUT_OF_RANGE');
    expectCode(() => findMissedSlots(scheduleOf(1), 9, 9), 'OUT_OF_RANGE');
    expectCode(() => computeNextSlot(scheduleOf(1), 'WRONG', 9), 'NAME_INVALID');
    expect(() => computeProducerIndex('1' as never, 21)).toThrow(TypeError);
    expect(() => computeScheduledProducer(undefined as never, 21)).toThrow(TypeError);
    expect(() => findMissedSlots({} as never, 1, 2)).toThrow(TypeError);
  });
});
