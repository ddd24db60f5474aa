/** The verifier that everybody here works with. */

import { createVerifier, isPoaError, type Verifier } from 'poa-primitives';
import { createWasmBackendSync } from 'poa-primitives/wasm';

/** A verifier with WebAssembly, or with plain JavaScript where that is not allowed: slower, and the same results. */
export function openVerifier(): Verifier {
  try {
    return createVerifier({ backend: createWasmBackendSync() });
  } catch (error) {
    if (isPoaError(error) && error.code === 'WASM_UNAVAILABLE') return createVerifier();
    throw error;
  }
}
