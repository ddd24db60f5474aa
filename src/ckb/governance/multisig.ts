/**
 * What the multisig lock script of CKB (`secp256k1_blake160_multisig_all`) demands of a transaction: byte-compatible with it.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import {
  assertBytes,
  assertInteger,
  assertObject,
  copyOf,
  describeBytes,
  equalBytes,
  indexOfBytes,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import { contentOf, countOf, fixvecCountOf, type Range, rangeOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { recoverPublicKey, SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { blake160, ckbHash, hashChunks } from '../encoding/hash.js';
import { TRANSACTION, WITNESS_ARGS } from '../encoding/schemas.js';
import { type MultisigScript, parseMultisigScript } from '../encoding/validatorList.js';

/** An input of a transaction that a multisig lock guards. */
export interface MultisigInput {
  /** Molecule `Transaction`. */
  readonly transaction: Uint8Array;
  /** Index of the input; its witness has the same index. */
  readonly inputIndex: number;
  /** `0 | R | M | N | blake160 * N`, whose blake160 the lock's args are. */
  readonly multisigScript: Uint8Array;
}

/** Where the lock of a multisig witness lies. */
interface MultisigWitness {
  readonly script: MultisigScript;
  /** The whole witness. */
  readonly witness: Range;
  /** The signatures in it, 65 bytes each. */
  readonly signatures: Range;
}

/**
 * The message that the signers of a multisig input sign: `ckbHash(transaction hash | witness | further witnesses)`, each witness
 * behind its length (u64 LE). The signatures in the witness of the input are zeroed; the further witnesses are those whose
 * index is not below the number of inputs. The lock is taken to guard this one input only: other inputs' locks are not visible here.
 *
 * @param input - transaction, input and multisig script; the witness holds the script and M signatures or their placeholder
 * @returns 32 bytes
 * @throws PoaError `OUT_OF_RANGE` for an index that is no u32; `MALFORMED` for a transaction that does not decode; `MULTISIG_SCRIPT_MALFORMED`; `VOTES_INVALID` for an input
 * that does not exist or has no witness, a witness that is no strict `WitnessArgs`, and a lock in it that is not the multisig
 * script followed by M times 65 bytes
 * @example
 * ```ts
 * import { computeMultisigMessage } from 'poa-primitives/ckb';
 * import { vote } from './sample.js';
 *
 * computeMultisigMessage(vote).length; // => 32
 * ```
 * @see RFC 0024, "Multisig"; [R38 Message of a vote](../RULES.md#r38-message-of-a-vote)
 */
export function computeMultisigMessage(input: MultisigInput): Uint8Array {
  const where = 'computeMultisigMessage';
  return hashChunks(readSignedInput(where, input).chunks);
}

/**
 * Checks that the witness of a multisig input unlocks it: M signatures by different listed keys, among them the first R. Their
 * order is free, and so is the half that s lies in: the lock script takes both.
 *
 * @param input - transaction, input and multisig script
 * @returns the signers, blake160 of 20 bytes, in the order of their signatures
 * @throws PoaError as {@link computeMultisigMessage}; `VOTES_INVALID` for a signature that recovers no key, a key that is not
 * listed or signs twice, and a missing one of the first R
 * @example
 * ```ts
 * import { checkMultisigWitness } from 'poa-primitives/ckb';
 * import { vote } from './sample.js';
 *
 * checkMultisigWitness(vote).length; // => 2
 * ```
 * @see RFC 0024, "Multisig"; [R37 Signatures of a vote](../RULES.md#r37-signatures-of-a-vote)
 */
export function checkMultisigWitness(input: MultisigInput): Uint8Array[] {
  const where = 'checkMultisigWitness';
  return checkSignatures(where, readSignedInput(where, input));
}

/** What a multisig input is signed with, as far as no signature is needed. */
export interface SignedInput {
  readonly transaction: Uint8Array;
  /** 32 bytes. */
  readonly transactionHash: Uint8Array;
  readonly script: MultisigScript;
  /** What the message is the hash of, end to end. */
  readonly chunks: readonly Uint8Array[];
  /** Where the M signatures lie in the transaction, 65 bytes each. */
  readonly signatures: Range;
}

/**
 * Finds the signatures of a multisig input and what they sign.
 *
 * @throws PoaError as {@link computeMultisigMessage}
 */
function readSignedInput(where: string, input: MultisigInput): SignedInput {
  assertMultisigInput(where, input);
  return locateSigned(where, input);
}

/**
 * As {@link readSignedInput}, for a transaction that was verified.
 *
 * @param transactionHash - 32 bytes, if it is known
 */
export function locateSigned(where: string, input: MultisigInput, transactionHash?: Uint8Array): SignedInput {
  const { transaction } = input;
  const located = locateWitness(where, input);
  const raw = rangeOf(viewOf(transaction), 0, 0);
  const hash = transactionHash ?? ckbHash(transaction.subarray(raw.start, raw.end));
  const chunks = collectChunks(transaction, hash, located);
  return { transaction, transactionHash: hash, script: located.script, chunks, signatures: located.signatures };
}

/** Checks all signatures of a multisig input one by one, and gives the signers in their order. */
export function checkSignatures(where: string, signed: SignedInput): Uint8Array[] {
  const signers: Uint8Array[] = [];
  while (signers.length < signed.script.threshold)
    addSigner(where, signed, signers, recoverVoter(where, signed, signers.length));
  return signers;
}

/** Signature `index` of a multisig input, a view. */
export function signatureOf(signed: SignedInput, index: number): Uint8Array {
  const at = offsetOf(signed, index);
  return signed.transaction.subarray(at, at + SIGNATURE_SIZE);
}

/**
 * Who made signature `index`: blake160 of the key.
 *
 * @throws PoaError `VOTES_INVALID` for a signature that recovers no key
 */
export function recoverVoter(where: string, signed: SignedInput, index: number): Uint8Array {
  try {
    return blake160(recoverPublicKey(where, hashChunks(signed.chunks), signatureOf(signed, index), 'any'));
  } catch (cause) {
    if (!isPoaError(cause, 'SIGNATURE_INVALID')) throw cause;
    throw new PoaError('VOTES_INVALID', {
      where,
      expected: `${nameOf(signed, index)} with ${cause.expected}`,
      got: cause.got,
      offset: offsetOf(signed, index),
      cause,
    });
  }
}

/**
 * Adds who made the next signature to those before; with the last one, asks for the first R.
 *
 * @throws PoaError `VOTES_INVALID` for a key that is not listed or signs twice, and a missing one of the first R
 * @see [R37 Signatures of a vote](../RULES.md#r37-signatures-of-a-vote)
 */
export function addSigner(where: string, signed: SignedInput, signers: Uint8Array[], signer: Uint8Array): void {
  const { pubkeyHashes, requireFirstN, threshold } = signed.script;
  const index = signers.length;
  const refusal = (expected: string): PoaError =>
    invalid(where, `${nameOf(signed, index)} by ${expected}`, describeBytes(signer), offsetOf(signed, index));
  if (indexOfBytes(pubkeyHashes, signer) === -1) throw refusal('a listed key');
  if (indexOfBytes(signers, signer) !== -1) throw refusal('a key that has not signed yet');
  signers.push(signer);
  if (signers.length < threshold) return;
  const absent = pubkeyHashes.slice(0, requireFirstN).find((key) => indexOfBytes(signers, key) === -1);
  if (absent !== undefined)
    throw invalid(where, `signatures of the first ${requireFirstN} keys`, `none of ${describeBytes(absent)}`);
}

function offsetOf({ signatures }: SignedInput, index: number): number {
  return signatures.start + SIGNATURE_SIZE * index;
}

function nameOf({ script }: SignedInput, index: number): string {
  return `signature ${index + 1} of ${script.threshold}`;
}

/** Where the signatures of a multisig input lie in its transaction. */
export function locateSignatures(where: string, input: MultisigInput): Range {
  assertMultisigInput(where, input);
  return locateWitness(where, input).signatures;
}

function assertMultisigInput(where: string, input: unknown): asserts input is MultisigInput {
  assertObject(where, input);
  assertBytes(`${where}.transaction`, input.transaction);
  assertInteger(`${where}.inputIndex`, input.inputIndex, 0, 0xffffffff);
  assertBytes(`${where}.multisigScript`, input.multisigScript);
  assertMolecule(`${where}.transaction`, TRANSACTION, input.transaction);
}

/** Finds the signatures in the witness of a multisig input of a verified transaction. */
function locateWitness(where: string, { transaction, inputIndex, multisigScript }: MultisigInput): MultisigWitness {
  const script = parseMultisigScript(multisigScript);
  const view = viewOf(transaction);
  const inputs = rangeOf(view, rangeOf(view, 0, 0).start, 3).start;
  const inputCount = fixvecCountOf(view, inputs);
  if (inputIndex >= inputCount) throw invalid(where, `an input below ${inputCount}`, `${inputIndex}`, inputs);
  const witnesses = rangeOf(view, 0, 1).start;
  const count = countOf(view, witnesses);
  if (inputIndex >= count) throw invalid(where, `a witness at index ${inputIndex}`, `${count} witnesses`, witnesses);

  const witness = contentOf(rangeOf(view, witnesses, inputIndex));
  try {
    assertMolecule(`${where}.witnesses[${inputIndex}]`, WITNESS_ARGS, transaction, witness.start, witness.end);
  } catch (cause) {
    if (!isPoaError(cause)) throw cause;
    const { expected, got, offset } = cause;
    throw new PoaError('VOTES_INVALID', {
      where: cause.where,
      expected: `a strict WitnessArgs: ${expected}`,
      got,
      offset,
      cause,
    });
  }
  const field = rangeOf(view, witness.start, 0);
  if (field.start === field.end) throw invalid(where, 'a lock in the WitnessArgs', 'none', field.start);
  const lock = contentOf(field);
  const wanted = multisigScript.length + script.threshold * SIGNATURE_SIZE;
  if (lock.end - lock.start !== wanted)
    throw invalid(
      where,
      `${wanted} bytes: the multisig script and ${script.threshold} signatures`,
      `${lock.end - lock.start} bytes`,
      lock.start,
    );
  const signatures = { start: lock.start + multisigScript.length, end: lock.end };
  if (!equalBytes(transaction.subarray(lock.start, signatures.start), multisigScript))
    throw invalid(where, 'the multisig script of the lock', 'another', lock.start);
  return { script, witness, signatures };
}

/** @see [R38 Message of a vote](../RULES.md#r38-message-of-a-vote) */
function collectChunks(
  transaction: Uint8Array,
  transactionHash: Uint8Array,
  { witness, signatures }: MultisigWitness,
): Uint8Array[] {
  const view = viewOf(transaction);
  const raw = rangeOf(view, 0, 0);
  const inputCount = fixvecCountOf(view, rangeOf(view, raw.start, 3).start);
  const witnesses = rangeOf(view, 0, 1).start;
  const zeroed = copyOf(transaction, witness.start, witness.end).fill(
    0,
    signatures.start - witness.start,
    signatures.end - witness.start,
  );
  const chunks = [transactionHash, uintLE(zeroed.length, 8), zeroed];
  for (let i = inputCount; i < countOf(view, witnesses); i++) {
    const { start, end } = contentOf(rangeOf(view, witnesses, i));
    chunks.push(uintLE(end - start, 8), transaction.subarray(start, end));
  }
  return chunks;
}

function invalid(where: string, expected: string, got: string, offset?: number): PoaError {
  return new PoaError('VOTES_INVALID', { where, expected, got, offset });
}
