/**
 * Outcomes as values, for callers who branch on them instead of catching.
 *
 * @module
 */

import { isPoaError, type PoaError, type PoaErrorCode } from './errors.js';

/** A value, or the error that stands in its place. */
export type Result<T> =
  | {
      /** It went well. */
      readonly ok: true;
      /** What came of it. */
      readonly value: T;
    }
  | {
      /** It did not. */
      readonly ok: false;
      /** Why not. */
      readonly error: PoaError;
    };

/** What applying a header needs besides state and header. */
export interface ApplyOptions {
  /** Milliseconds since 1970, the verifier's clock (`Date.now()`): a safe integer that is not negative. */
  readonly now: number;
}

/** What applying many headers needs. */
export interface FoldOptions extends ApplyOptions {
  /** Called after every 64 headers and after the last. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a run has come. */
export interface Progress {
  /** Headers applied so far. */
  readonly applied: number;
  /** u64, height of the latest of them. */
  readonly number: bigint;
}

/** What came of many headers: a `Result` of the last state that says more. */
export type FoldResult<State> =
  | {
      /** All headers were applied. */
      readonly ok: true;
      /** The state after the last header. */
      readonly value: State;
      /** Headers applied: all. */
      readonly applied: number;
    }
  | {
      /** One was not. */
      readonly ok: false;
      /** Why the first bad header is bad. */
      readonly error: PoaError;
      /** Position of the first bad header among the inputs, from 0. */
      readonly index: number;
      /** The state before the first bad header. */
      readonly state: State;
    };

/** What came of a rule: `unknown` where something is missing that it needs. */
export type RuleStatus = 'passed' | 'failed' | 'unknown';

/** A rule of a protocol and what it says of a header. */
export interface ProtocolRuleReport<Code extends PoaErrorCode, Bytes> {
  /** Number in RULES.md of the protocol, such as `R22`, `C21` or `E47`. */
  readonly id: string;
  /** The code that the header fails with, or would. */
  readonly code: Code;
  /** What is judged, such as `header.number`. */
  readonly where: string;
  /** The verdict. */
  readonly status: RuleStatus;
  /** What the rule asks for; what it would need to know where the status is `unknown`. */
  readonly expected: string;
  /** What was found. */
  readonly got: string;
  /** The bytes that the rule looks at, as far as they are known. */
  readonly bytes?: Bytes;
}

/** What every protocol says of a header. Members are absent where what they need does not hold. */
export interface ProtocolHeaderReport<Report, Header> {
  /** `failed` if any rule did, `unknown` if something is missing, `passed` if `applyHeader` would take it. */
  readonly status: RuleStatus;
  /** Every rule, in the order in which `applyHeader` asks them. */
  readonly rules: readonly Report[];
  /** The header, parsed. */
  readonly header?: Header;
  /** 32 bytes, what was signed. */
  readonly message?: Uint8Array;
}

/** Runs `make`; a `PoaError` becomes a failed result, anything else is a caller's bug or ours and goes on. */
export function attempt<T>(make: () => T): Result<T> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    if (isPoaError(error)) return { ok: false, error };
    throw error;
  }
}
