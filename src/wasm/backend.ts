/**
 * The backend in WebAssembly: recovery of many keys together, and hashes. It verifies and nothing else: no secret ever
 * enters it, so it need not take the same time for every input.
 *
 * @module
 */

import type { Backend } from '../internal/verifier/engine.js';
import { type BaseTable, createEngine } from './engine.js';
import { MODULE } from './module.js';
import {
  describeFailure,
  type Exports,
  type Instance,
  type Module,
  type Platform,
  readPlatform,
  unavailable,
} from './platform.js';

/**
 * Compiles the backend in the background, which browsers ask for on their main thread.
 *
 * @returns a backend for `createVerifier`; each verifier has memory of its own
 * @throws PoaError `WASM_UNAVAILABLE` where WebAssembly is absent, lacks SIMD, or is forbidden by a policy
 * @example
 * ```ts
 * import { createVerifier } from 'poa-primitives';
 * import { createWasmBackend } from 'poa-primitives/wasm';
 *
 * const verifier = createVerifier({ backend: await createWasmBackend() });
 * verifier.backend; // => 'wasm'
 * ```
 */
export async function createWasmBackend(): Promise<Backend> {
  const platform = readPlatform('createWasmBackend');
  try {
    const module = await platform.compile(decodeBase64(MODULE));
    return makeBackend(platform, module, await platform.instantiate(module));
  } catch (cause) {
    throw unavailable('createWasmBackend', describeFailure(cause), cause);
  }
}

/**
 * Compiles the backend at once: for Node, Deno, Bun and workers.
 *
 * @returns a backend for `createVerifier`; each verifier has memory of its own
 * @throws PoaError `WASM_UNAVAILABLE` where WebAssembly is absent, lacks SIMD, or is forbidden by a policy; and where a browser
 * refuses to compile on its main thread
 * @example
 * ```ts
 * import { createVerifier } from 'poa-primitives';
 * import { createWasmBackendSync } from 'poa-primitives/wasm';
 *
 * const verifier = createVerifier({ backend: createWasmBackendSync() });
 * verifier.backend; // => 'wasm'
 * ```
 */
export function createWasmBackendSync(): Backend {
  const platform = readPlatform('createWasmBackendSync');
  try {
    const module = new platform.Module(decodeBase64(MODULE));
    return makeBackend(platform, module, new platform.Instance(module));
  } catch (cause) {
    throw unavailable('createWasmBackendSync', describeFailure(cause), cause);
  }
}

/** The first verifier takes the instance that is there already: a main thread may not be allowed to make one at once. */
function makeBackend(platform: Platform, module: Module, instance: Instance): Backend {
  let spare: Instance | undefined = instance;
  const base: BaseTable = {};
  return {
    name: 'wasm',
    open: (options) => {
      try {
        const { exports } = spare ?? new platform.Instance(module);
        spare = undefined;
        return createEngine(exports as Exports, options, base);
      } catch (cause) {
        throw unavailable('createVerifier.options.backend', describeFailure(cause), cause);
      }
    },
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeBase64(text: string): Uint8Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) word = (word << 6) | (values[text.charCodeAt(i + j)] ?? 0);
    bytes[at++] = word >> 16;
    bytes[at++] = word >> 8;
    bytes[at++] = word;
  }
  return bytes;
}
