/**
 * The native addon of `secp256k1`, libsecp256k1 itself, and a backend that recovers each key with it.
 *
 * @module
 */

import { createRequire } from 'node:module';
import type { Backend } from 'poa-primitives';
import { createWasmBackendSync } from 'poa-primitives/wasm';

/** What is used of the addon. */
interface Native {
  readonly ecdsaSign: (message: Uint8Array, key: Uint8Array) => { signature: Uint8Array; recid: number };
  readonly ecdsaRecover: (signature: Uint8Array, id: number, message: Uint8Array, isShort?: boolean) => Uint8Array;
  readonly ecdsaVerify: (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;
  readonly publicKeyCreate: (key: Uint8Array, isShort?: boolean) => Uint8Array;
}

/** The bindings: the package itself falls back to slow JavaScript without a word, these throw where there is no addon. */
export const native: Native = createRequire(import.meta.url)('secp256k1/bindings.js');

/** Signs: 65 bytes `r | s | recovery id`, as CKB has them, deterministic and with s in the lower half. */
export function signNatively(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const { signature, recid } = native.ecdsaSign(message, secretKey);
  return Uint8Array.of(...signature, recid);
}

/** 33 bytes. */
export const publicKeyOf = (secretKey: Uint8Array): Uint8Array => native.publicKeyCreate(secretKey);

/** Our fold with the addon's recovery: hashes are those of the backend in WebAssembly, keys are recovered one by one. */
export function createNativeBackend(): Backend {
  const wasm = createWasmBackendSync();
  return {
    name: 'native',
    open: (options) => ({
      ...wasm.open(options),
      slots: 0,
      recover: ({ count, messages, signatures }, output) => {
        for (let i = 0; i < count; i++) {
          const at = 65 * i;
          const message = messages.subarray(32 * i, 32 * i + 32);
          const key = native.ecdsaRecover(signatures.subarray(at, at + 64), signatures[at + 64] ?? 0, message, false);
          output.keys.set(key.subarray(1), 64 * i);
          output.statuses[i] = 0;
          output.hits[i] = 0;
        }
      },
    }),
  };
}
