/**
 * Verifiers: many signatures at once, known keys without recovering them, and arithmetic that can be exchanged. A verifier
 * changes how fast something is found out, never what.
 *
 * @module
 */

import { PoaError } from './errors.js';
import { assertBytes, assertInteger, assertObject, wrongType } from './internal/bytes.js';
import {
  type Backend,
  DIGEST_ADDRESS,
  DIGEST_SIZE,
  type Engine,
  type HashAlgorithm,
  type HashBatch,
  type HashProgram,
} from './internal/verifier/engine.js';
import { parseFlatKey } from './internal/verifier/keys.js';
import { nobleBackend } from './internal/verifier/noble.js';
import { createRegistry, FLAT_KEY_SIZE, type Registry } from './internal/verifier/registry.js';

export type { Backend, Engine, EngineBatch, EngineOptions, EngineOutput } from './internal/verifier/engine.js';
export type { HashAlgorithm, HashBatch, HashProgram };

/** What a verifier may be made of. */
export interface VerifierOptions {
  /** Arithmetic to work with: `@noble/curves` unless another is given, such as that of `poa-primitives/wasm`. */
  readonly backend?: Backend;
  /** Bytes that tables of keys may take together: 64 MiB unless another number is given. */
  readonly maxTableBytes?: number;
}

/** What recovering one header may use. */
export interface RecoverOptions {
  /** Recovers the key; without one `@noble/curves` does. The outcome does not depend on it. */
  readonly verifier?: Verifier;
  /** 33, 64 or 65 bytes each: keys that are expected, the first of them tried first. A wrong one costs time and changes nothing. */
  readonly hint?: readonly Uint8Array[];
}

/** Signatures to recover, in flat arrays. */
export interface RecoverBatch {
  /** How many. */
  readonly count: number;
  /** 32 bytes each: what was signed. */
  readonly messages: Uint8Array;
  /** 65 bytes each: `r (32, BE) | s (32, BE) | recovery id`. */
  readonly signatures: Uint8Array;
  /** For each the handle of the key to try first, or -1: it changes how long it takes and nothing else. */
  readonly hints?: Int32Array;
  /** `low` refuses an s above n / 2. */
  readonly policy: 'low' | 'any';
}

/** What came of a batch, in flat arrays. */
export interface RecoverResult {
  /** 64 bytes each: `x (32, BE) | y (32, BE)`; zeros where no key was recovered. */
  readonly keys: Uint8Array;
  /** One each: 0 where a key was recovered, else why not. */
  readonly statuses: Uint8Array;
  /** One each: the handle of the key if it was admitted, or -1. */
  readonly handles: Int32Array;
}

/** Recovers and hashes in batches; remembers keys that were admitted, and makes tables of those that return. */
export interface Verifier {
  /** What its backend is called. */
  readonly backend: string;
  /**
   * Makes a key known and gives its handle, for hints. Meant for keys that membership has admitted, and for no others: they
   * take the place of each other. A handle is forgotten once many newer keys were admitted, and is an idle hint from then on.
   */
  readonly admit: (publicKey: Uint8Array) => number;
  /** Recovers the key of each signature. Any number of items; a bad one costs the others nothing. */
  readonly recover: (batch: RecoverBatch) => RecoverResult;
  /** Hashes each byte string: 32 bytes each, end to end. A program may hash digests that come before. */
  readonly hash: (batch: HashBatch | HashProgram) => Uint8Array;
}

/** 64 MiB. */
const MAX_TABLE_BYTES = 0x4000000;
/** Offsets in data stay below those of digests. */
const MAX_DATA = 0x7fffffff;
const ALGORITHMS: readonly HashAlgorithm[] = ['ckb', 'keccak256', 'sha256'];

/**
 * Makes a verifier: it owns keys, tables and buffers, so one that lives longer is faster. Everything works without one.
 *
 * @param options - a backend; bytes for tables
 * @returns a verifier that knows no key
 * @throws PoaError `OUT_OF_RANGE`; its `admit` throws `PUBLIC_KEY_INVALID`, its `recover` and `hash` throw `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { createVerifier } from 'poa-primitives';
 * import { recoverHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const { message, publicKey } = recoverHeader(headers[0]);
 * const verifier = createVerifier();
 * verifier.backend; // => 'noble'
 * verifier.admit(publicKey); // => 0
 * const { statuses } = verifier.recover({ count: 1, messages: message, signatures: new Uint8Array(65), policy: 'low' });
 * statuses; // => Uint8Array.of(2)
 * ```
 */
export function createVerifier(options: VerifierOptions = {}): Verifier {
  assertObject('createVerifier.options', options);
  const { backend = nobleBackend, maxTableBytes = MAX_TABLE_BYTES } = options as VerifierOptions;
  if (typeof (backend as Partial<Backend> | null)?.open !== 'function')
    throw wrongType('createVerifier.options.backend', 'Backend', backend);
  assertInteger('createVerifier.options.maxTableBytes', maxTableBytes, 0, 2 ** 31);
  const engine = backend.open({ maxTableBytes });
  const registry = createRegistry(engine);
  return {
    backend: backend.name,
    admit: (publicKey) => registry.admit(parseFlatKey('admit.publicKey', publicKey)),
    recover: (batch) => recoverAll(engine, registry, batch),
    hash: (batch) => hashAll(engine, batch),
  };
}

function recoverAll(engine: Engine, registry: Registry, batch: RecoverBatch): RecoverResult {
  const hints = readBatch(batch);
  const { count, messages, signatures, policy } = batch;
  const keys = new Uint8Array(FLAT_KEY_SIZE * count);
  const statuses = new Uint8Array(count);
  const handles = new Int32Array(count);
  const hits = new Uint8Array(Math.min(count, engine.maxCount));
  const slots = new Int32Array(Math.min(count, engine.maxCount)).fill(-1);
  for (let start = 0; start < count; start += engine.maxCount) {
    const end = Math.min(count, start + engine.maxCount);
    if (hints !== undefined) registry.plan(hints, start, end, slots);
    engine.recover(
      {
        count: end - start,
        messages: messages.subarray(32 * start, 32 * end),
        signatures: signatures.subarray(65 * start, 65 * end),
        slots,
        isLowS: policy === 'low',
      },
      { keys: keys.subarray(64 * start, 64 * end), statuses: statuses.subarray(start, end), hits },
    );
    if (hints !== undefined) registry.learn(slots, hits, statuses.subarray(start, end));
    for (let i = start; i < end; i++) {
      if (statuses[i] !== 0) handles[i] = -1;
      else handles[i] = hits[i - start] === 1 ? (hints?.[i] ?? -1) : registry.find(keys, FLAT_KEY_SIZE * i);
    }
  }
  return { keys, statuses, handles };
}

/** Checks the shape of a batch and gives its hints. */
function readBatch(batch: RecoverBatch): Int32Array | undefined {
  assertObject('recover.batch', batch);
  const { count, messages, signatures, hints, policy } = batch as RecoverBatch;
  assertInteger('recover.batch.count', count, 0, 2 ** 24);
  assertBytes('recover.batch.messages', messages);
  assertLength('recover.batch.messages', messages.length, 32 * count);
  assertBytes('recover.batch.signatures', signatures);
  assertLength('recover.batch.signatures', signatures.length, 65 * count);
  if (policy !== 'low' && policy !== 'any') throw wrongType('recover.batch.policy', "'low' or 'any'", policy);
  if (hints === undefined) return undefined;
  if (!(hints instanceof Int32Array)) throw wrongType('recover.batch.hints', 'Int32Array', hints);
  assertLength('recover.batch.hints', hints.length, count);
  return hints;
}

function assertLength(where: string, got: number, expected: number): void {
  if (got !== expected) throw outOfRange(where, `${expected} items`, got);
}

function hashAll(engine: Engine, batch: HashBatch | HashProgram): Uint8Array {
  assertObject('hash.batch', batch);
  const { algorithm, data } = batch as HashBatch | HashProgram;
  if (!ALGORITHMS.includes(algorithm)) throw wrongType('hash.batch.algorithm', ALGORITHMS.join(', '), algorithm);
  assertBytes('hash.batch.data', data);
  if (data.length > MAX_DATA) throw outOfRange('hash.batch.data', `at most ${MAX_DATA} bytes`, data.length);
  const program = 'offsets' in batch ? programOf(batch as unknown as HashBatch) : (batch as unknown as HashProgram);
  const { parts, ends } = program;
  assertUints('hash.batch.parts', parts);
  assertUints('hash.batch.ends', ends);
  checkProgram(program);
  const digests = new Uint8Array(DIGEST_SIZE * ends.length);
  if (digests.length > 0) engine.hash({ algorithm, data, parts, ends }, digests);
  return digests;
}

function programOf({ algorithm, data, offsets }: HashBatch): HashProgram {
  assertUints('hash.batch.offsets', offsets);
  const count = Math.max(0, offsets.length - 1);
  const parts = new Uint32Array(2 * count);
  const ends = new Uint32Array(count);
  let last = 0;
  for (let i = 0; i < offsets.length; i++) {
    const offset = offsets[i] as number;
    if (offset < last || offset > data.length)
      throw outOfRange(`hash.batch.offsets[${i}]`, `${last} to ${data.length}`, offset);
    last = offset;
    if (i === count) break;
    parts[2 * i] = offset;
    parts[2 * i + 1] = offsets[i + 1] as number;
    ends[i] = i + 1;
  }
  return { algorithm, data, parts, ends };
}

/** Each hash takes the parts behind those of the one before it; each part lies in the data, or in digests that come before. */
function checkProgram({ data, parts, ends }: HashProgram): void {
  let part = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i] as number;
    if (end < part || 2 * end > parts.length)
      throw outOfRange(`hash.batch.ends[${i}]`, `${part} to ${parts.length >> 1}`, end);
    for (; part < end; part++) {
      const from = parts[2 * part] as number;
      const to = parts[2 * part + 1] as number;
      const isDigest = from >= DIGEST_ADDRESS;
      const first = isDigest ? DIGEST_ADDRESS : 0;
      const last = isDigest ? DIGEST_ADDRESS + DIGEST_SIZE * i : data.length;
      if (from < first || to < from || to > last)
        throw outOfRange(`hash.batch.parts[${2 * part}]`, `a stretch from ${first} to ${last}`, `${from} to ${to}`);
    }
  }
}

function assertUints(where: string, value: unknown): asserts value is Uint32Array {
  if (!(value instanceof Uint32Array)) throw wrongType(where, 'Uint32Array', value);
}

function outOfRange(where: string, expected: string, got: number | string): PoaError {
  return new PoaError('OUT_OF_RANGE', { where, expected, got: `${got}` });
}
