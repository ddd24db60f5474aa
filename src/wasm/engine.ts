/**
 * An engine over an instance of the module: it copies items in and results out, one crossing for a batch.
 *
 * @module
 */

import type { Engine, EngineBatch, EngineOptions, EngineOutput } from '../internal/verifier/engine.js';
import { hashAll } from './hash.js';
import type { Exports } from './platform.js';

const PAGE = 65_536;
/** Bytes that memory grows by beyond what is needed now: growing costs more than the pages that stay untouched. */
const GROWTH = 0x400000;
/** Keys whose tables are built by one call. */
const BUILT_TOGETHER = 4;
/** A small table pays from the second use of a key, a large one from this one. */
const LEVELS: readonly number[] = [2, 128];
/** What they cost, in recoveries. */
const COSTS: readonly number[] = [2, 9];

/** The memory of an instance, as bytes and as words; growing it replaces both. */
interface View {
  readonly bytes: Uint8Array;
  readonly words: DataView;
}

/** The table of the base point, built by the first instance that needs it. */
export interface BaseTable {
  bytes?: Uint8Array;
}

/** Prepares an instance; memory for the tables of keys is taken when they are built. */
export function createEngine(wasm: Exports, { maxTableBytes }: EngineOptions, base: BaseTable): Engine {
  const tablesStart = wasm.tablesStart();
  const tableSize = wasm.tableSize();
  // What the tables of keys may take: the one of the base point is always there, as buffers are.
  const slots = Math.floor(maxTableBytes / tableSize);
  /** For each slot the address of its table with the level in its low bits; 0 where there is none. */
  const tables = new Uint32Array(slots);
  const keysOf: (Uint8Array | undefined)[] = [];
  reach(wasm, tablesStart);
  let view = viewOf(wasm);
  wasm.start();
  if (base.bytes === undefined) {
    wasm.buildBase();
    base.bytes = view.bytes.slice(wasm.BASE_TABLE.value, tablesStart);
  } else {
    view.bytes.set(base.bytes, wasm.BASE_TABLE.value);
  }

  const build = (wanted: readonly number[], keys: readonly Uint8Array[], level: number): void => {
    const highest = wanted.reduce((a, b) => Math.max(a, b), 0);
    // Without memory for them there are no tables, and keys are recovered.
    for (const slot of wanted) tables[slot] = 0;
    const end = tablesStart + (highest + 1) * tableSize;
    const roomy = Math.min(tablesStart + slots * tableSize, end + GROWTH);
    if (end > wasm.memory.buffer.byteLength && !reach(wasm, roomy)) return;
    view = viewOf(wasm);
    for (let start = 0; start < wanted.length; start += BUILT_TOGETHER) {
      const slice = wanted.slice(start, start + BUILT_TOGETHER);
      slice.forEach((slot, i) => {
        const address = tablesStart + slot * tableSize;
        view.bytes.set(keys[start + i] as Uint8Array, wasm.NEW_KEYS.value + 64 * i);
        view.words.setUint32(wasm.NEW_TABLES.value + 4 * i, address, true);
        tables[slot] = address | level;
        keysOf[slot] = keys[start + i];
      });
      wasm.build(slice.length, level);
    }
  };

  const recover = (batch: EngineBatch, output: EngineOutput): void => {
    const { count, messages, signatures } = batch;
    view.bytes.set(messages, wasm.MESSAGES.value);
    view.bytes.set(signatures, wasm.SIGNATURES.value);
    for (let i = 0; i < count; i++)
      view.words.setUint32(wasm.SLOTS.value + 4 * i, tables[batch.slots[i] ?? -1] ?? 0, true);
    wasm.recover(count, batch.isLowS);
    output.statuses.set(slice(view, wasm.STATUSES.value, count));
    output.hits.set(slice(view, wasm.HITS.value, count));
    output.keys.set(slice(view, wasm.KEYS.value, 64 * count));
    for (let i = 0; i < count; i++) {
      const key = output.hits[i] === 1 ? keysOf[batch.slots[i] ?? -1] : undefined;
      if (key !== undefined) output.keys.set(key, 64 * i);
    }
  };

  return {
    slots,
    levels: LEVELS,
    costs: COSTS,
    maxCount: wasm.MAX_COUNT.value,
    build,
    recover,
    hash: (program, output) => hashAll(wasm, program, output),
  };
}

/** Grows memory so that it reaches an address, or tells that there is none. */
function reach(wasm: Exports, end: number): boolean {
  const missing = Math.ceil((end - wasm.memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  try {
    wasm.memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}

function viewOf({ memory: { buffer } }: Exports): View {
  return { bytes: new Uint8Array(buffer), words: new DataView(buffer) };
}

function slice({ bytes }: View, at: number, size: number): Uint8Array {
  return bytes.subarray(at, at + size);
}
