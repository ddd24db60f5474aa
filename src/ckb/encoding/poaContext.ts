/**
 * `POAContext`, the payload that makes a CKB block an attested one, and the first witness of the cellbase that carries it.
 *
 * @see POA RFC draft, "POA header"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytes,
  assertBytesArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  concat,
  copyOf,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import { copyFixvec, countOf, type Range, rangeOf, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule, assertMoleculeIn } from '../../internal/molecule/verify.js';
import { writeFixvec, writeTable } from '../../internal/molecule/write.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { HASH_SIZE } from './hash.js';
import { CELLBASE_WITNESS, POA_CONTEXT, TRANSACTION } from './schemas.js';

/** Most bytes of a cellbase, the block size limit of mainnet: what a verifier must be ready to hash for one header. */
export const MAX_CELLBASE_SIZE = 597_000;

/** What an attester adds to a block. */
export interface PoaContext {
  /** 65 bytes: `r (32, BE) | s (32, BE) | recovery id (0 to 3)`; zero while the block is not sealed. */
  readonly signature: Uint8Array;
  /** u32, transactions of the block. */
  readonly transactionsCount: number;
  /** 32 bytes, merkle root of the transaction hashes. */
  readonly rawTransactionsRoot: Uint8Array;
  /** Lemmas of 32 bytes that prove the cellbase and the votes to be the first leaves of the witnesses root. */
  readonly merkleProof: readonly Uint8Array[];
  /** Molecule `Transaction`s that change the validator list, in the order in which they apply. */
  readonly votingTxs: readonly Uint8Array[];
}

/** The two parts of the first witness of a cellbase. */
export interface SplitWitness {
  /** Molecule `CellbaseWitness`. */
  readonly cellbaseWitness: Uint8Array;
  /** Molecule `POAContext`. */
  readonly poaContext: Uint8Array;
}

/**
 * Parses a `POAContext`.
 *
 * Layout: molecule `table POAContext { signature: Byte65, transactions_count: Uint32, raw_transactions_root: Byte32, merkle_proof:
 * Byte32Vec, voting_txs: TransactionVec }`.
 *
 * @param bytes - the whole encoding
 * @returns fresh copies of everything
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parsePoaContext, parseTransaction, splitCellbaseWitness } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(headers[0].cellbase).witnesses;
 * parsePoaContext(splitCellbaseWitness(witness).poaContext).transactionsCount; // => 3
 * ```
 * @see POA RFC draft, "POA header"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function parsePoaContext(bytes: Uint8Array): PoaContext {
  assertBytes('parsePoaContext.bytes', bytes);
  assertMolecule('parsePoaContext', POA_CONTEXT, bytes);
  const view = viewOf(bytes);
  return readPoaContext(bytes, view, locateContext(view, 0));
}

/**
 * Serializes a `POAContext`: the inverse of {@link parsePoaContext}.
 *
 * @param context - `signature` of 65 bytes, hashes of 32, `votingTxs` each a strict molecule `Transaction`
 * @returns the molecule encoding
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field; `MALFORMED` for a voting transaction that
 * does not decode
 * @example
 * ```ts
 * import { parsePoaContext, serializePoaContext } from 'poa-primitives/ckb';
 *
 * const bytes = serializePoaContext({
 *   signature: new Uint8Array(65),
 *   transactionsCount: 1,
 *   rawTransactionsRoot: new Uint8Array(32),
 *   merkleProof: [],
 *   votingTxs: [],
 * });
 * parsePoaContext(bytes).transactionsCount; // => 1
 * ```
 * @see POA RFC draft, "POA header"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function serializePoaContext(context: PoaContext): Uint8Array {
  const where = 'serializePoaContext';
  assertObject(where, context);
  const { signature, transactionsCount, rawTransactionsRoot, merkleProof, votingTxs } = context;
  assertFixedBytes(`${where}.signature`, signature, SIGNATURE_SIZE);
  assertInteger(`${where}.transactionsCount`, transactionsCount, 0, 0xffffffff);
  assertFixedBytes(`${where}.rawTransactionsRoot`, rawTransactionsRoot, HASH_SIZE);
  assertBytesArray(`${where}.merkleProof`, merkleProof, HASH_SIZE);
  assertBytesArray(`${where}.votingTxs`, votingTxs);
  votingTxs.forEach((transaction, i) => {
    assertMolecule(`${where}.votingTxs[${i}]`, TRANSACTION, transaction);
  });
  return writeTable([
    signature,
    uintLE(transactionsCount, 4),
    rawTransactionsRoot,
    writeFixvec(merkleProof),
    writeTable(votingTxs),
  ]);
}

/**
 * Splits the first witness of a cellbase, `CellbaseWitness | POAContext`: the first part ends at its own molecule size, the
 * second takes all the rest.
 *
 * @param witness - the whole witness
 * @returns fresh copies of both parts, each verified
 * @throws PoaError `MALFORMED` for a part that does not decode; `CONTEXT_MISSING` if nothing follows the `CellbaseWitness`
 * @example
 * ```ts
 * import { joinCellbaseWitness, parseTransaction, splitCellbaseWitness } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(headers[0].cellbase).witnesses;
 * joinCellbaseWitness(splitCellbaseWitness(witness)); // => witness
 * ```
 * @see POA RFC draft, "POA header"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function splitCellbaseWitness(witness: Uint8Array): SplitWitness {
  const where = 'splitCellbaseWitness';
  assertBytes(`${where}.witness`, witness);
  const at = findContext(where, viewOf(witness), { start: 0, end: witness.length });
  return { cellbaseWitness: copyOf(witness, 0, at), poaContext: copyOf(witness, at) };
}

/**
 * Joins the two parts of the first witness of a cellbase: the inverse of {@link splitCellbaseWitness}.
 *
 * @param parts - molecule `CellbaseWitness` and `POAContext`
 * @returns the witness
 * @throws PoaError `MALFORMED` for a part that does not decode
 * @example
 * ```ts
 * import { joinCellbaseWitness, parseTransaction, splitCellbaseWitness } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(headers[0].cellbase).witnesses;
 * const { cellbaseWitness, poaContext } = splitCellbaseWitness(witness);
 * joinCellbaseWitness({ cellbaseWitness, poaContext }).length; // => cellbaseWitness.length + poaContext.length
 * ```
 * @see POA RFC draft, "POA header"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export function joinCellbaseWitness(parts: SplitWitness): Uint8Array {
  const where = 'joinCellbaseWitness';
  assertObject(where, parts);
  const { cellbaseWitness, poaContext } = parts;
  assertBytes(`${where}.cellbaseWitness`, cellbaseWitness);
  assertBytes(`${where}.poaContext`, poaContext);
  assertMolecule(`${where}.cellbaseWitness`, CELLBASE_WITNESS, cellbaseWitness);
  assertMolecule(`${where}.poaContext`, POA_CONTEXT, poaContext);
  return concat([cellbaseWitness, poaContext]);
}

/**
 * A copy of an attested cellbase with its signature zeroed. Nothing is encoded again: only the 65 bytes change.
 *
 * @param cellbase - molecule `Transaction` whose first witness carries a `POAContext`
 * @returns a fresh copy of the same length
 * @throws PoaError `CELLBASE_TOO_LARGE`; `MALFORMED`; `CONTEXT_MISSING`
 * @example
 * ```ts
 * import { parsePoaContext, parseTransaction, splitCellbaseWitness, zeroSignature } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(zeroSignature(headers[0].cellbase)).witnesses;
 * parsePoaContext(splitCellbaseWitness(witness).poaContext).signature; // => new Uint8Array(65)
 * ```
 * @see POA RFC draft, "POA header": zero `signature` field of POAContext; [R16 Message](../RULES.md#r16-message)
 */
export function zeroSignature(cellbase: Uint8Array): Uint8Array {
  assertBytes('zeroSignature.cellbase', cellbase);
  const { signature } = locateCellbase('zeroSignature', cellbase).context;
  return copyOf(cellbase).fill(0, signature.start, signature.end);
}

/** Where the fields of a verified `POAContext` lie. */
export interface ContextLayout {
  readonly signature: Range;
  readonly transactionsCount: number;
  readonly rawTransactionsRoot: Range;
  readonly merkleProof: Range;
  readonly votingTxs: readonly Range[];
}

/** Where the parts of a verified attested cellbase lie. */
export interface CellbaseLayout {
  readonly view: DataView;
  /** The inputs, a fixvec of 44 bytes each. */
  readonly inputs: Range;
  readonly context: ContextLayout;
}

/**
 * Checks the structure of an attested cellbase and tells where its parts lie, without a copy.
 *
 * @throws PoaError `CELLBASE_TOO_LARGE`; `MALFORMED`; `CONTEXT_MISSING`, in the order of
 * [R12 Structure](../RULES.md#r12-structure)
 */
export function locateCellbase(where: string, cellbase: Uint8Array): CellbaseLayout {
  if (cellbase.length > MAX_CELLBASE_SIZE)
    throw new PoaError('CELLBASE_TOO_LARGE', {
      where,
      expected: `at most ${MAX_CELLBASE_SIZE} bytes`,
      got: `${cellbase.length} bytes`,
    });
  const view = viewOf(cellbase);
  assertMoleculeIn(where, TRANSACTION, view, 0, cellbase.length);
  const raw = rangeOf(view, 0, 0).start;
  const witnesses = rangeOf(view, 0, 1).start;
  if (countOf(view, witnesses) === 0)
    throw new PoaError('CONTEXT_MISSING', {
      where,
      expected: 'a first witness',
      got: 'no witnesses',
      offset: witnesses,
    });
  const { start, end } = rangeOf(view, witnesses, 0);
  const context = findContext(`${where}.witnesses[0]`, view, { start: start + 4, end });
  return { view, inputs: rangeOf(view, raw, 3), context: locateContext(view, context) };
}

/** Offset of the `POAContext` in the first witness of a cellbase, both parts verified. */
function findContext(where: string, view: DataView, { start, end }: Range): number {
  // The size that CellbaseWitness claims for itself; one that cannot be leaves the whole witness to fail as one.
  const claimed = end - start >= 4 ? view.getUint32(start, true) : 0;
  const split = claimed > end - start ? end : start + claimed;
  assertMoleculeIn(where, CELLBASE_WITNESS, view, start, split);
  if (split === end)
    throw new PoaError('CONTEXT_MISSING', {
      where,
      expected: 'a POAContext after the CellbaseWitness',
      got: 'the end',
      offset: end,
    });
  assertMoleculeIn(`${where}.poaContext`, POA_CONTEXT, view, split, end);
  return split;
}

/** Where the fields of the verified `POAContext` at `start` lie. */
function locateContext(view: DataView, start: number): ContextLayout {
  const [signature, count, rawTransactionsRoot, merkleProof, votingTxs] = rangesOf(view, start) as [
    Range,
    Range,
    Range,
    Range,
    Range,
  ];
  return {
    signature,
    transactionsCount: view.getUint32(count.start, true),
    rawTransactionsRoot,
    merkleProof,
    votingTxs: rangesOf(view, votingTxs.start),
  };
}

/** Copies a located `POAContext` out of the bytes that it lies in. */
function readPoaContext(bytes: Uint8Array, view: DataView, layout: ContextLayout): PoaContext {
  const { signature, transactionsCount, rawTransactionsRoot, merkleProof, votingTxs } = layout;
  return {
    signature: copyOf(bytes, signature.start, signature.end),
    transactionsCount,
    rawTransactionsRoot: copyOf(bytes, rawTransactionsRoot.start, rawTransactionsRoot.end),
    merkleProof: copyFixvec(bytes, view, merkleProof.start, HASH_SIZE),
    votingTxs: votingTxs.map(({ start, end }) => copyOf(bytes, start, end)),
  };
}
