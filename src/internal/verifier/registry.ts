/**
 * The keys that membership has admitted, and which of them have a table.
 *
 * @module
 */

import type { Engine } from './engine.js';

/** Bytes of a key in flat arrays: x | y, big-endian. */
export const FLAT_KEY_SIZE = 64;

/** Keys that are known at a time, beyond those with a table: one who turns lists over cannot make them grow. */
const SPARE_KEYS = 1024;
/** Uses of a key without a table since the last use of one that has one, after which it takes its place. */
const PATIENCE = 8;
/**
 * Recoveries' worth of tables that may be built at once, and what an item adds to what was used up: a list that is replaced all
 * the time costs tables that are hardly used, but never more than so much for each header.
 */
const MAX_CREDIT = 512;
const CREDIT_PER_ITEM = 0.15;
/** Hints that the share of right ones is reckoned over, about; below this share most are not tried. */
const MEMORY = 256;
const LEAST_SHARE = 0.2;
/** One in so many hints is tried all the same, to learn when they are right again. */
const PROBE = 8;
/** Handles stay below this. */
const MAX_HANDLE = 0x7fffffff;

interface KnownKey {
  readonly handle: number;
  /** 64 bytes. */
  readonly key: Uint8Array;
  slot: number;
  /** Levels of its table that were built. */
  level: number;
  uses: number;
  /** Times of its latest uses, the oldest first: at most PATIENCE. */
  readonly used: number[];
}

/** Admitted keys with their tables. */
export interface Registry {
  /** Handle of a key, 64 bytes: the one it has, or a new one. */
  readonly admit: (key: Uint8Array) => number;
  /** Handle of the key at an offset of flat keys, or -1. */
  readonly find: (keys: Uint8Array, at: number) => number;
  /** Counts a use of each hinted key, builds the tables that pay from now on, and writes the slots to try. */
  readonly plan: (hints: Int32Array, start: number, end: number, slots: Int32Array) => void;
  /** Takes note of how many of the slots that were tried held the right key: 0 in `statuses` is an item with a key. */
  readonly learn: (slots: Int32Array, hits: Uint8Array, statuses: Uint8Array) => void;
}

/** A registry without keys. */
export function createRegistry(engine: Engine): Registry {
  const byHandle = new Map<number, KnownKey>();
  /** By the first bytes of x; several only if somebody searched for them. */
  const byPrefix = new Map<number, KnownKey[]>();
  /** Those without a table, the least recently used first. */
  const idle = new Map<number, KnownKey>();
  const holders: (KnownKey | undefined)[] = [];
  const freeSlots: number[] = [];
  const maxKeys = engine.slots + SPARE_KEYS;
  let nextHandle = 0;
  let time = 0;
  let credit = MAX_CREDIT;
  let share = 1;
  let turn = 0;

  const lookUp = (keys: Uint8Array, at: number): KnownKey | undefined => {
    const candidates = byPrefix.get(prefixOf(keys, at));
    return candidates?.find(({ key }) => isKeyAt(key, keys, at));
  };

  const drop = (known: KnownKey): void => {
    byHandle.delete(known.handle);
    idle.delete(known.handle);
    const prefix = prefixOf(known.key, 0);
    const rest = (byPrefix.get(prefix) ?? []).filter((other) => other !== known);
    if (rest.length === 0) byPrefix.delete(prefix);
    else byPrefix.set(prefix, rest);
    if (known.slot === -1) return;
    holders[known.slot] = undefined;
    freeSlots.push(known.slot);
  };

  const admit = (key: Uint8Array): number => {
    const known = lookUp(key, 0);
    if (known !== undefined) return known.handle;
    if (nextHandle === MAX_HANDLE) {
      // Nobody gets here in earnest. A handle of before may name another key then, which is a wrong guess and no more.
      for (const old of [...byHandle.values()]) drop(old);
      nextHandle = 0;
    }
    if (byHandle.size >= maxKeys) {
      const [oldest] = idle.values();
      if (oldest !== undefined) drop(oldest);
    }
    const added: KnownKey = { handle: nextHandle++, key, slot: -1, level: 0, uses: 1, used: [time] };
    byHandle.set(added.handle, added);
    idle.set(added.handle, added);
    const prefix = prefixOf(key, 0);
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), added]);
    return added.handle;
  };

  /** A free slot, or that of a key which has not been used while `known` was, again and again: turns of many keys in a row
   * would make the least recently used one the worst choice. */
  const takeSlot = (known: KnownKey): boolean => {
    let slot = freeSlots.pop() ?? (holders.length < engine.slots ? holders.length : -1);
    if (slot === -1) {
      const [since] = known.used;
      if (known.used.length < PATIENCE || since === undefined) return false;
      let oldest: KnownKey | undefined;
      for (const holder of holders)
        if (holder !== undefined && (oldest === undefined || lastUse(holder) < lastUse(oldest))) oldest = holder;
      if (oldest === undefined || lastUse(oldest) >= since) return false;
      slot = oldest.slot;
      oldest.slot = -1;
      oldest.level = 0;
      idle.set(oldest.handle, oldest);
    }
    holders[slot] = known;
    known.slot = slot;
    idle.delete(known.handle);
    return true;
  };

  /** Counts a use, and tells to which level a table should be built now: 0 for none. */
  const use = (known: KnownKey): number => {
    time++;
    known.uses++;
    known.used.push(time);
    if (known.used.length > PATIENCE) known.used.shift();
    if (known.slot === -1) {
      idle.delete(known.handle);
      idle.set(known.handle, known);
    }
    let level = known.level;
    while (known.uses >= (engine.levels[level] ?? Number.POSITIVE_INFINITY)) level++;
    const cost = engine.costs[level - 1] ?? 0;
    if (level === known.level || cost > credit || (known.slot === -1 && !takeSlot(known))) return 0;
    credit -= cost;
    known.level = level;
    return level;
  };

  const plan = (hints: Int32Array, start: number, end: number, slots: Int32Array): void => {
    const due = new Map<KnownKey, number>();
    credit = Math.min(MAX_CREDIT, credit + CREDIT_PER_ITEM * (end - start));
    for (let i = start; i < end; i++) {
      const known = byHandle.get(hints[i] ?? -1);
      const level = known === undefined ? 0 : use(known);
      if (known !== undefined && level > 0) due.set(known, level);
    }
    for (const wanted of new Set(due.values())) {
      // One of them may have lost its slot to another of the same batch.
      const keys = [...due].filter(([known, level]) => level === wanted && known.slot !== -1).map(([known]) => known);
      engine.build(
        keys.map(({ slot }) => slot),
        keys.map(({ key }) => key),
        wanted,
      );
    }
    const step = share < LEAST_SHARE ? PROBE : 1;
    for (let i = start; i < end; i++)
      slots[i - start] = turn++ % step === 0 ? (byHandle.get(hints[i] ?? -1)?.slot ?? -1) : -1;
  };

  const learn = (slots: Int32Array, hits: Uint8Array, statuses: Uint8Array): void => {
    for (let i = 0; i < statuses.length; i++)
      if (slots[i] !== -1 && statuses[i] === 0) share += ((hits[i] === 1 ? 1 : 0) - share) / MEMORY;
  };

  return { admit, find: (keys, at) => lookUp(keys, at)?.handle ?? -1, plan, learn };
}

function lastUse({ used }: KnownKey): number {
  return used[used.length - 1] ?? 0;
}

/** The first six bytes as a number. */
function prefixOf(keys: Uint8Array, at: number): number {
  let prefix = 0;
  for (let i = 0; i < 6; i++) prefix = prefix * 256 + (keys[at + i] ?? 0);
  return prefix;
}

function isKeyAt(key: Uint8Array, keys: Uint8Array, at: number): boolean {
  for (let i = 0; i < FLAT_KEY_SIZE; i++) if (key[i] !== keys[at + i]) return false;
  return true;
}
