/**
 * Proof-of-authority consensus primitives: pure functions over bytes and values. Each protocol is a namespace here and a
 * subpath of its own; `poa-primitives/ckb` and `ckb` of this module are the same functions.
 *
 * @module poa-primitives
 */

export * as ckb from './ckb/index.js';
export * as clique from './clique/index.js';
export * as eosio from './eosio/index.js';
export {
  CKB_ERROR_CODES,
  type CkbErrorCode,
  CLIQUE_ERROR_CODES,
  type CliqueErrorCode,
  EOSIO_ERROR_CODES,
  type EosioErrorCode,
  isPoaError,
  PoaError,
  type PoaErrorCode,
  type PoaErrorDetails,
  VERIFIER_ERROR_CODES,
  type VerifierErrorCode,
} from './errors.js';
export type { ApplyOptions, FoldOptions, FoldResult, Progress, Result, RuleStatus } from './result.js';
export {
  type Backend,
  createVerifier,
  type Engine,
  type EngineBatch,
  type EngineOptions,
  type EngineOutput,
  type HashAlgorithm,
  type HashBatch,
  type HashProgram,
  type RecoverBatch,
  type RecoverOptions,
  type RecoverResult,
  type Verifier,
  type VerifierOptions,
} from './verifier.js';
