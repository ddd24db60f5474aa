/**
 * The inverse of the map: attesting a block. Preparing and sealing are two steps, so that keys may live elsewhere.
 *
 * @see POA RFC draft, "POA header": an attester needs to zero the signature field, re-compute the block hash, sign it
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertBytesArray, assertFixedBytes, assertObject, copyOf } from '../../internal/bytes.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { SIGNATURE_SIZE, signRecoverable } from '../../internal/secp256k1.js';
import { ckbHash } from '../encoding/hash.js';
import { type Header, serializeHeader, TRANSACTIONS_ROOT_OFFSET } from '../encoding/header.js';
import { computeMerkleProof, computeMerkleRoot } from '../encoding/merkle.js';
import { joinCellbaseWitness, locateCellbase, serializePoaContext } from '../encoding/poaContext.js';
import { HEADER, TRANSACTION } from '../encoding/schemas.js';
import {
  computeTransactionHash,
  computeTransactionsRoot,
  parseTransaction,
  serializeTransaction,
} from '../encoding/transaction.js';
import { computeAttestationMessage, recoverHeader } from './recover.js';

/** What an attester decides of a header; version and nonce are 0, and the transactions root follows from the block. */
export type HeaderTemplate = Omit<Header, 'version' | 'transactionsRoot' | 'nonce'>;

/** A block to be attested. */
export interface BlockTemplate {
  /** Header fields, the hashes of proposals and extra data among them. */
  readonly header: HeaderTemplate;
  /** Molecule `Transaction`; its first witness is a `CellbaseWitness` that nothing follows. */
  readonly cellbase: Uint8Array;
  /** Molecule `Transaction`s that change the validator list, in the order in which they apply. */
  readonly votingTxs: readonly Uint8Array[];
  /** Molecule `Transaction`s of the rest of the block, in order. */
  readonly transactions: readonly Uint8Array[];
}

/** A block that lacks nothing but its signature. */
export interface PreparedBlock {
  /** 32 bytes, what the attester signs. */
  readonly message: Uint8Array;
  /** 208 bytes, for the zero signature. */
  readonly header: Uint8Array;
  /** Molecule `Transaction`s in block order, cellbase first, its signature zero. */
  readonly transactions: readonly Uint8Array[];
}

/** A sealed block. */
export interface AttestedBlock {
  /** 208 bytes. */
  readonly header: Uint8Array;
  /** Molecule `Transaction`, the first of `transactions`: with `header` the {@link PoaHeader} of the block. */
  readonly cellbase: Uint8Array;
  /** Molecule `Transaction`s in block order. */
  readonly transactions: readonly Uint8Array[];
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 20 bytes, who sealed it. */
  readonly attester: Uint8Array;
}

/**
 * Makes a block ready to be signed: puts the votes behind the cellbase, and the `POAContext` with its proof and a zero signature
 * into the first witness of the cellbase. Whether the signer may attest it now is `planAttestation`'s to say.
 *
 * @param template - header fields and transactions; neither kept nor modified
 * @returns the message, and the block around it
 * @throws PoaError `OUT_OF_RANGE` for a header field that does not fit; `MALFORMED` for a transaction or a `CellbaseWitness` that
 * does not decode; `CONTEXT_MISSING` if the cellbase has no witness; `CELLBASE_INVALID`; `CELLBASE_TOO_LARGE`
 * @example
 * ```ts
 * import { prepareBlock } from 'poa-primitives/ckb';
 * import { template } from './sample.js';
 *
 * prepareBlock(template).message.length; // => 32
 * ```
 * @see POA RFC draft, "POA header"; [R39 Attesting](../RULES.md#r39-attesting)
 */
export function prepareBlock(template: BlockTemplate): PreparedBlock {
  const where = 'prepareBlock';
  assertObject(where, template);
  const { header, cellbase, votingTxs, transactions } = template;
  assertBytes(`${where}.cellbase`, cellbase);
  assertBytesArray(`${where}.votingTxs`, votingTxs);
  assertBytesArray(`${where}.transactions`, transactions);
  for (const [i, transaction] of transactions.entries())
    assertMolecule(`${where}.transactions[${i}]`, TRANSACTION, transaction);
  for (const [i, transaction] of votingTxs.entries())
    assertMolecule(`${where}.votingTxs[${i}]`, TRANSACTION, transaction);

  const others = [...votingTxs, ...transactions];
  const record = parseTransaction(cellbase);
  const [first, ...witnesses] = record.witnesses;
  if (first === undefined)
    throw new PoaError('CONTEXT_MISSING', {
      where: `${where}.cellbase`,
      expected: 'a CellbaseWitness',
      got: 'no witnesses',
    });

  // The lemmas prove leaves 0 to k together, and none of them is one of those, so the cellbase's own hash may still change.
  const witnessHashes = [cellbase, ...others].map((bytes) => ckbHash(bytes));
  const indices = Array.from({ length: votingTxs.length + 1 }, (_, i) => i);
  const poaContext = serializePoaContext({
    signature: new Uint8Array(SIGNATURE_SIZE),
    transactionsCount: witnessHashes.length,
    rawTransactionsRoot: computeMerkleRoot([cellbase, ...others].map(computeTransactionHash)),
    merkleProof: computeMerkleProof(witnessHashes, indices).lemmas,
    votingTxs,
  });
  const unsealed = serializeTransaction({
    ...record,
    witnesses: [joinCellbaseWitness({ cellbaseWitness: first, poaContext }), ...witnesses],
  });
  const block = [unsealed, ...others.map((bytes) => copyOf(bytes))];
  const headerBytes = serializeHeader({
    ...header,
    version: 0,
    nonce: 0n,
    transactionsRoot: computeTransactionsRoot(block),
  });
  return {
    message: computeAttestationMessage({ header: headerBytes, cellbase: unsealed }),
    header: headerBytes,
    transactions: block,
  };
}

/**
 * Puts a signature into a prepared block, and checks the result as every verifier will.
 *
 * @param prepared - what {@link prepareBlock} returned
 * @param signature - 65 bytes over `prepared.message`: `r (32, BE) | s (32, BE) | recovery id (0 to 3)`, s in the lower half
 * @returns the sealed block with its attester: compare it with the key that was meant to sign
 * @throws PoaError `OUT_OF_RANGE` for another length; `SIGNATURE_INVALID`; what {@link recoverHeader} throws if the prepared block was
 * changed
 * @example
 * ```ts
 * import { prepareBlock, recoverHeader, sealBlock } from 'poa-primitives/ckb';
 * import { secp256k1 } from '@noble/curves/secp256k1.js';
 * import { secretKeys, template } from './sample.js';
 *
 * const prepared = prepareBlock(template);
 * // An external signer: here the recovery id comes first, in CKB it is last.
 * const [id, ...rs] = secp256k1.sign(prepared.message, secretKeys[0], { prehash: false, format: 'recovered' });
 * const block = sealBlock(prepared, Uint8Array.of(...rs, id));
 * recoverHeader(block).hash; // => block.hash
 * ```
 * @see POA RFC draft, "POA header": after signing replace the zero signature; [R39 Attesting](../RULES.md#r39-attesting)
 */
export function sealBlock(prepared: PreparedBlock, signature: Uint8Array): AttestedBlock {
  const where = 'sealBlock';
  assertObject(`${where}.prepared`, prepared);
  assertBytes(`${where}.prepared.header`, prepared.header);
  assertBytesArray(`${where}.prepared.transactions`, prepared.transactions);
  assertFixedBytes(`${where}.signature`, signature, SIGNATURE_SIZE);
  assertMolecule(`${where}.prepared.header`, HEADER, prepared.header);
  const [first, ...others] = prepared.transactions;
  if (first === undefined)
    throw new PoaError('MALFORMED', {
      where: `${where}.prepared.transactions`,
      expected: 'a cellbase',
      got: 'no transactions',
    });
  const cellbase = copyOf(first);
  cellbase.set(signature, locateCellbase('cellbase', cellbase).context.signature.start);
  const header = copyOf(prepared.header);
  const transactions = [cellbase, ...others.map((bytes) => copyOf(bytes))];
  header.set(computeTransactionsRoot(transactions), TRANSACTIONS_ROOT_OFFSET);
  const { hash, attester } = recoverHeader({ header, cellbase });
  return { header, cellbase, transactions, hash, attester };
}

/**
 * Prepares, signs and seals a block in one step, for callers who hold the key.
 *
 * @param template - as for {@link prepareBlock}
 * @param secretKey - 32 bytes; neither kept nor modified
 * @returns the sealed block; the same template and key give the same bytes (RFC 6979)
 * @throws PoaError `SECRET_KEY_INVALID`; what {@link prepareBlock} throws
 * @example
 * ```ts
 * import { attestBlock, recoverHeader } from 'poa-primitives/ckb';
 * import { secretKeys, template } from './sample.js';
 *
 * const block = attestBlock(template, secretKeys[0]);
 * recoverHeader(block).attester; // => block.attester
 * ```
 * @see POA RFC draft, "POA header"; [R39 Attesting](../RULES.md#r39-attesting)
 */
export function attestBlock(template: BlockTemplate, secretKey: Uint8Array): AttestedBlock {
  assertBytes('attestBlock.secretKey', secretKey);
  const prepared = prepareBlock(template);
  return sealBlock(prepared, signRecoverable('attestBlock.secretKey', prepared.message, secretKey));
}
