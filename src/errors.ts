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
  /** [R2 Strict molecule](./ckb/RULES.md#r2-strict-molecule) */
  MALFORMED: 'the bytes are not the strict encoding of the expected type',
  /** Thrown by `serialize*`, `compute*` and others for arguments that no bytes can hold. */
  OUT_OF_RANGE: 'a number or a length does not fit the field it is meant for',
  /** [R45 JSON](./ckb/RULES.md#r45-json) */
  JSON_INVALID: 'the JSON is not what a CKB node gives',

  /** [R12 Structure](./ckb/RULES.md#r12-structure) */
  CELLBASE_TOO_LARGE: 'the cellbase transaction exceeds 597,000 bytes',
  /** [R12 Structure](./ckb/RULES.md#r12-structure) */
  CONTEXT_MISSING: 'the cellbase carries no POAContext after its CellbaseWitness',
  /** [R13 Cellbase](./ckb/RULES.md#r13-cellbase) */
  CELLBASE_INVALID: 'the cellbase does not have the one null input of its block number',
  /** [R3 Merkle trees](./ckb/RULES.md#r3-merkle-trees) */
  MERKLE_PROOF_INVALID: 'the merkle proof does not fit the number of leaves',
  /** [R3 Merkle trees](./ckb/RULES.md#r3-merkle-trees) */
  MERKLE_INDICES_INVALID: 'the leaf indices to prove are empty, doubled or out of range',
  /** [R15 Transactions root](./ckb/RULES.md#r15-transactions-root) */
  TRANSACTIONS_ROOT_MISMATCH: 'cellbase, votes and proof give another transactions root than the header',
  /** [R17 Signature](./ckb/RULES.md#r17-signature) */
  SIGNATURE_INVALID: 'the signature recovers no public key, or its s is in the upper half',
  /** [R39 Attesting](./ckb/RULES.md#r39-attesting) */
  SECRET_KEY_INVALID: 'the secret key is not a number from 1 to n - 1 in 32 bytes',

  /** [R20 Version](./ckb/RULES.md#r20-version) */
  VERSION_MISMATCH: 'the header version is not 0',
  /** [R21 Parent](./ckb/RULES.md#r21-parent) */
  PARENT_MISMATCH: 'the parent hash is not the hash of the state',
  /** [R22 Number](./ckb/RULES.md#r22-number) */
  NUMBER_MISMATCH: 'the number is not the next one',
  /** [R23 Epoch](./ckb/RULES.md#r23-epoch) */
  EPOCH_INVALID: 'the epoch is not well-formed or does not follow its parent',
  /** [R24 Timestamp above the median](./ckb/RULES.md#r24-timestamp-above-the-median) */
  TIMESTAMP_TOO_OLD: 'the timestamp is not above the median of the last 37 blocks',
  /** [R25 Minimum block interval](./ckb/RULES.md#r25-minimum-block-interval) */
  TIMESTAMP_TOO_SOON: 'the timestamp is less than the minimum block interval after its parent',
  /** [R26 Timestamp not ahead](./ckb/RULES.md#r26-timestamp-not-ahead) */
  TIMESTAMP_TOO_NEW: 'the timestamp is more than 15 seconds ahead of now',
  /** [R27 Nonce](./ckb/RULES.md#r27-nonce) */
  NONCE_NOT_ZERO: 'the nonce is not zero',

  /** [R28 Membership](./ckb/RULES.md#r28-membership) */
  ATTESTER_UNKNOWN: 'the attester is not in the validator list',
  /** [R29 Attest interval](./ckb/RULES.md#r29-attest-interval) */
  ATTESTER_TOO_SOON: 'the attester has attested within the last ATTEST_INTERVAL blocks',
  /** [R30 Difficulty](./ckb/RULES.md#r30-difficulty) */
  DIFFICULTY_MISMATCH: 'the compact target does not tell whether the attester is in turn',

  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  CONTEXT_MISMATCH: 'the POAContext does not say how many transactions the block has',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  PROPOSALS_INVALID: 'the block has more than 1,500 proposals, or one twice',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  PROPOSALS_HASH_MISMATCH: 'the proposals give another hash than the header',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  UNCLES_NOT_ALLOWED: 'the block has uncles, or more than two where they are allowed',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  EXTENSION_INVALID: 'the extension of the block is empty or longer than 96 bytes',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  EXTRA_HASH_MISMATCH: 'uncles and extension give another hash than the header',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  TRANSACTION_DUPLICATE: 'the block has a transaction twice',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  TRANSACTION_INVALID: 'a transaction of the block is not well-formed, or spends what another one spends',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  VOTE_UNDECLARED: 'a transaction changes the validator list without standing in voting_txs',
  /** [R14 Leaves and proof](./ckb/RULES.md#r14-leaves-and-proof) */
  VOTE_DEPENDS_ON_BLOCK: 'a vote depends on another transaction of its block',
  /** [R50 Anchors](./ckb/RULES.md#r50-anchors) */
  LIST_CELL_COUNT: 'the genesis block does not have exactly one validator-list cell',
  /** [R51 Choice of chain](./ckb/RULES.md#r51-choice-of-chain) */
  CHAIN_ANCHOR_MISMATCH: 'two sums of difficulty do not begin at the same block',

  /** [R33 A vote spends the list](./ckb/RULES.md#r33-a-vote-spends-the-list) */
  VOTE_NOT_SPENDING_LIST: 'the voting transaction does not spend the validator-list cell exactly once',
  /** [R34 A vote makes one list](./ckb/RULES.md#r34-a-vote-makes-one-list) */
  VOTE_OUTPUT_COUNT: 'the voting transaction does not make exactly one validator-list cell',
  /** [R37 Signatures of a vote](./ckb/RULES.md#r37-signatures-of-a-vote) */
  VOTES_INVALID: 'the signatures do not unlock the validator-list cell',
  /** [R9 Validator list](./ckb/RULES.md#r9-validator-list) */
  VALIDATOR_LIST_MALFORMED: 'the data is not a validator list',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_FOREIGN: 'a vote was signed by who is no validator of the list in force',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_DOUBLED: 'a vote was signed twice by one validator',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_MISSING: 'a vote has fewer signatures than the list in force asks for',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_SURPLUS: 'a vote has more signatures than its witness has room for',
  /** [R46 Building a vote](./ckb/RULES.md#r46-building-a-vote) */
  CAPACITY_TOO_SMALL: 'a cell has less capacity than it occupies',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  VALIDATOR_LIST_DUPLICATE: 'a validator is listed twice',
  /** [R36 Lock of the list](./ckb/RULES.md#r36-lock-of-the-list) */
  VALIDATOR_LIST_LOCK_MISMATCH: 'the lock of the cell is not the multisig lock of its data',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  VOTE_LIMIT_OUT_OF_RANGE: 'VOTE_LIMIT is no majority of the validators, or more than all of them',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  ATTEST_INTERVAL_TOO_LONG: 'ATTEST_INTERVAL is not below the number of validators, so the network would halt',
  /** [R10 Multisig script and lock](./ckb/RULES.md#r10-multisig-script-and-lock) */
  MULTISIG_SCRIPT_MALFORMED: 'the bytes are not a multisig script',

  /** [R43 State](./ckb/RULES.md#r43-state) */
  STATE_INVALID: 'the state contradicts itself',
  /** [R44 Serialized state](./ckb/RULES.md#r44-serialized-state) */
  STATE_VERSION_UNSUPPORTED: 'the state was serialized in a format that this version does not read',
  /** [R44 Serialized state](./ckb/RULES.md#r44-serialized-state) */
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
  /** Always `PoaError`. */
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
