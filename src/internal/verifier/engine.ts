/**
 * What a backend has to do: arithmetic over flat arrays. It knows no protocol, no membership and no policy: which keys have
 * tables is decided in `registry.ts`, for all backends alike.
 *
 * @module
 */

/** A hash of 32 bytes: `ckb` is BLAKE2b-256 with the personalization `ckb-default-hash`. */
export type HashAlgorithm = 'ckb' | 'keccak256' | 'sha256';

/** Byte strings to hash, each in one stretch of the data. */
export interface HashBatch {
  /** Which hash. */
  readonly algorithm: HashAlgorithm;
  /** All byte strings. */
  readonly data: Uint8Array;
  /** One more than there are byte strings, ascending: string `i` is `data[offsets[i], offsets[i + 1])`. */
  readonly offsets: Uint32Array;
}

/** Byte strings to hash, each made of parts: stretches of the data, and digests that come before it. */
export interface HashProgram {
  /** Which hash. */
  readonly algorithm: HashAlgorithm;
  /** Bytes that parts are taken from. */
  readonly data: Uint8Array;
  /** Start and end of each part: offsets in the data, or `DIGEST_ADDRESS` and more for offsets in the digests. */
  readonly parts: Uint32Array;
  /** One for each hash, ascending: how many parts there are up to its last one. */
  readonly ends: Uint32Array;
}

/** Added to an offset in the digests of a {@link HashProgram}, 32 bytes each, end to end. */
export const DIGEST_ADDRESS = 0x80000000;
/** Bytes of a digest. */
export const DIGEST_SIZE = 32;

/** Signatures to recover, after their shape was checked. */
export interface EngineBatch {
  /** How many. */
  readonly count: number;
  /** 32 bytes each. */
  readonly messages: Uint8Array;
  /** 65 bytes each: r, s, id. */
  readonly signatures: Uint8Array;
  /** Slot of the key to try first, or -1. */
  readonly slots: Int32Array;
  /** Whether s above n / 2 is refused. */
  readonly isLowS: boolean;
}

/** Where an engine writes: 64 bytes x | y and one status each. */
export interface EngineOutput {
  /** 64 bytes each: x | y. */
  readonly keys: Uint8Array;
  /** One each: 0 where a key was recovered, else why not. */
  readonly statuses: Uint8Array;
  /** 1 where the key of the slot was confirmed. */
  readonly hits: Uint8Array;
}

/** Arithmetic with tables in slots. */
export interface Engine {
  /** How many keys may have a table at a time. */
  readonly slots: number;
  /** After how many uses of a key its table of each level pays: ascending. */
  readonly levels: readonly number[];
  /** What building a table of each level costs, in recoveries. */
  readonly costs: readonly number[];
  /** Most items of one call of `recover`. */
  readonly maxCount: number;
  /** Puts the table of each key, 64 bytes x | y on the curve, into its slot. */
  readonly build: (slots: readonly number[], keys: readonly Uint8Array[], level: number) => void;
  /** Recovers the key of each signature. */
  readonly recover: (batch: EngineBatch, output: EngineOutput) => void;
  /** Computes hashes in order, 32 bytes each; parts are where they may be. */
  readonly hash: (program: HashProgram, output: Uint8Array) => void;
}

/** What a backend may take. */
export interface EngineOptions {
  /** Bytes that all tables may take together. */
  readonly maxTableBytes: number;
}

/**
 * Arithmetic that a verifier works with: the default is `@noble/curves`, a faster one comes from `poa-primitives/wasm`.
 * Results do not depend on it.
 */
export interface Backend {
  /** What it is called in reports. */
  readonly name: string;
  /** Makes an engine with tables and buffers of its own. */
  readonly open: (options: EngineOptions) => Engine;
}
