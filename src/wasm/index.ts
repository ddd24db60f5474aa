/**
 * The backend in WebAssembly, for `createVerifier` of the root: opt-in, so that nobody else carries it.
 *
 * @module poa-primitives/wasm
 */

export { createWasmBackend, createWasmBackendSync } from './backend.js';
