/**
 * What is used of WebAssembly, which the types of ECMAScript do not know.
 *
 * @module
 */

import { PoaError } from '../errors.js';

/** Compiled code. */
export type Module = object;

/** An address that the module exports. */
export interface Address {
  readonly value: number;
}

/** What the module exports: src/wasm/assembly/index.ts. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly start: () => void;
  readonly buildBase: () => void;
  readonly build: (count: number, level: number) => void;
  readonly recover: (count: number, isLowS: boolean) => void;
  readonly hash: (algorithm: number, count: number) => void;
  readonly tableSize: () => number;
  readonly tablesStart: () => number;
  readonly BASE_TABLE: Address;
  readonly MAX_COUNT: Address;
  readonly MESSAGES: Address;
  readonly SIGNATURES: Address;
  readonly SLOTS: Address;
  readonly KEYS: Address;
  readonly STATUSES: Address;
  readonly HITS: Address;
  readonly NEW_KEYS: Address;
  readonly NEW_TABLES: Address;
  readonly HASH_DATA: Address;
  readonly HASH_PARTS: Address;
  readonly HASH_ENDS: Address;
  readonly DIGESTS: Address;
  readonly MAX_HASHES: Address;
  readonly MAX_PARTS: Address;
  readonly MAX_HASH_BYTES: Address;
}

/** Code with memory of its own. */
export interface Instance {
  readonly exports: unknown;
}

/** The global `WebAssembly`. */
export interface Platform {
  readonly compile: (bytes: Uint8Array) => Promise<Module>;
  readonly instantiate: (module: Module) => Promise<Instance>;
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module) => Instance;
}

/**
 * The global `WebAssembly`.
 *
 * @throws PoaError `WASM_UNAVAILABLE`
 */
export function readPlatform(where: string): Platform {
  const platform = (globalThis as { WebAssembly?: Platform }).WebAssembly;
  if (typeof platform !== 'object' || platform === null) throw unavailable(where, 'none');
  return platform;
}

/** The error of whatever keeps WebAssembly from running. */
export function unavailable(where: string, got: string, cause?: unknown): PoaError {
  return new PoaError('WASM_UNAVAILABLE', { where, expected: 'WebAssembly with SIMD, allowed to compile', got, cause });
}

/** What an exception says, in a few words. */
export function describeFailure(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message.slice(0, 100)}` : typeof cause;
}
