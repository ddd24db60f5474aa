/**
 * The one error class of the library and every code that it can carry.
 *
 * @module
 */

/**
 * Every code of the CKB protocol with what it means. Codes are API: one may be added in a minor version, none is
 * renamed or removed outside a major one.
 */
export const CKB_ERROR_CODES = {
  /** Bytes that do not decode. */
  MALFORMED: 'the bytes are not the strict encoding of the expected type',
  /** A value that cannot be encoded. */
  OUT_OF_RANGE: 'a number or a length does not fit the field it is meant for',
  /** JSON of another shape. */
  JSON_INVALID: 'the JSON is not what a CKB node gives',

  CELLBASE_TOO_LARGE: 'the cellbase transaction exceeds 597,000 bytes',
  CONTEXT_MISSING: 'the cellbase carries no POAContext after its CellbaseWitness',
  CELLBASE_INVALID: 'the cellbase does not have the one null input of its block number',
  MERKLE_PROOF_INVALID: 'the merkle proof does not fit the number of leaves',
  MERKLE_INDICES_INVALID: 'the leaf indices to prove are empty, doubled or out of range',
  TRANSACTIONS_ROOT_MISMATCH: 'cellbase, votes and proof give another transactions root than the header',
  SIGNATURE_INVALID: 'the signature recovers no public key, or its s is in the upper half',
  SECRET_KEY_INVALID: 'the secret key is not a number from 1 to n - 1 in 32 bytes',

  VERSION_MISMATCH: 'the header version is not 0',
  PARENT_MISMATCH: 'the parent hash is not the hash of the state',
  NUMBER_MISMATCH: 'the number is not the next one',
  EPOCH_INVALID: 'the epoch is not well-formed or does not follow its parent',
  TIMESTAMP_TOO_OLD: 'the timestamp is not above the median of the last 37 blocks',
  TIMESTAMP_TOO_SOON: 'the timestamp is less than the minimum block interval after its parent',
  TIMESTAMP_TOO_NEW: 'the timestamp is more than 15 seconds ahead of now',
  NONCE_NOT_ZERO: 'the nonce is not zero',

  ATTESTER_UNKNOWN: 'the attester is not in the validator list',
  ATTESTER_TOO_SOON: 'the attester has attested within the last ATTEST_INTERVAL blocks',
  DIFFICULTY_MISMATCH: 'the compact target does not tell whether the attester is in turn',

  VOTE_NOT_SPENDING_LIST: 'the voting transaction does not spend the validator-list cell exactly once',
  VOTE_OUTPUT_COUNT: 'the voting transaction does not make exactly one validator-list cell',
  VOTES_INVALID: 'the signatures do not unlock the validator-list cell',
  VALIDATOR_LIST_MALFORMED: 'the data is not a validator list',
  VALIDATOR_LIST_DUPLICATE: 'a validator is listed twice',
  VALIDATOR_LIST_LOCK_MISMATCH: 'the lock of the cell is not the multisig lock of its data',
  VOTE_LIMIT_OUT_OF_RANGE: 'VOTE_LIMIT is no majority of the validators, or more than all of them',
  ATTEST_INTERVAL_TOO_LONG: 'ATTEST_INTERVAL is not below the number of validators, so the network would halt',
  MULTISIG_SCRIPT_MALFORMED: 'the bytes are not a multisig script',

  STATE_INVALID: 'the state contradicts itself',
  STATE_VERSION_UNSUPPORTED: 'the state was serialized in a format that this version does not read',
  STATE_CHECKSUM_MISMATCH: 'the serialized state was damaged',
} as const;

/** A code of the CKB protocol: a key of {@link CKB_ERROR_CODES}. */
export type CkbErrorCode = keyof typeof CKB_ERROR_CODES;

/** Any code that a {@link PoaError} can carry. */
export type PoaErrorCode = CkbErrorCode;

/** What a {@link PoaError} tells besides its code. */
export interface PoaErrorDetails {
  /** The function or the path to the value that was judged, such as `cellbase.witnesses[0]`. */
  readonly where: string;
  /** What the rule asks for, with units. */
  readonly expected: string;
  /** What was found, with units; at most 32 bytes of the input. */
  readonly got: string;
  /** Position of the fault in the bytes that were handed in, where there is one. */
  readonly offset?: number | undefined;
  /** The error underneath, where there is one. */
  readonly cause?: unknown;
}

/**
 * What is thrown for content that breaks a rule, whoever sent it. A wrong JavaScript type from the caller is a
 * `TypeError` instead.
 *
 * @example
 * ```ts
 * import { isPoaError } from 'poa-primitives';
 * import { parseHeader } from 'poa-primitives/ckb';
 *
 * try {
 *   parseHeader(new Uint8Array(207));
 * } catch (error) {
 *   if (!isPoaError(error)) throw error;
 *   error.code; // => 'MALFORMED'
 *   error.message; // => 'parseHeader: expected 208 bytes, got 207 bytes [MALFORMED]'
 * }
 * ```
 */
export class PoaError extends Error {
  override readonly name: 'PoaError' = 'PoaError';
  /** Which rule was broken. */
  readonly code: PoaErrorCode;
  /** The function or the path to the value that was judged. */
  readonly where: string;
  /** What the rule asks for. */
  readonly expected: string;
  /** What was found. */
  readonly got: string;
  /** Position of the fault in the bytes that were handed in, where there is one. */
  readonly offset: number | undefined;

  constructor(code: PoaErrorCode, details: PoaErrorDetails) {
    const { where, expected, got, offset, cause } = details;
    super(`${where}: expected ${expected}, got ${got} [${code}]`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.got = got;
    this.offset = offset;
  }
}

/**
 * Tells whether a caught value is a {@link PoaError}, also one of another copy of this package.
 *
 * @param value - anything that was caught
 * @param code - only this code, where given
 * @returns true if it is
 * @example
 * ```ts
 * import { isPoaError } from 'poa-primitives';
 *
 * isPoaError(new Error('something else')); // => false
 * ```
 */
export function isPoaError(value: unknown, code?: PoaErrorCode): value is PoaError {
  if (!(value instanceof Error) || value.name !== 'PoaError') return false;
  const found = (value as { code?: unknown }).code;
  return code === undefined ? typeof found === 'string' : found === code;
}
