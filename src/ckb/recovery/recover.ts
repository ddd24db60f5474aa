/**
 * The map: what a header proves by itself. Recovering who made it is expensive and needs no state, so any number of cores
 * or machines can share it.
 *
 * @see POA RFC draft, "POA header": a node does the following steps to verify a POA header
 * @module
 */

import { PoaError } from '../../errors.js';
import { copyOf, describeBytes, equalBytes } from '../../internal/bytes.js';
import { copyFixvec, fixvecCountOf } from '../../internal/molecule/read.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import { blake160, ckbHash, HASH_SIZE } from '../encoding/hash.js';
import { type Header, parseHeader, TRANSACTIONS_ROOT_OFFSET } from '../encoding/header.js';
import { computeMerkleRootFromProof } from '../encoding/merkle.js';
import { type CellbaseLayout, locateCellbase } from '../encoding/poaContext.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';

/** What a header and its cellbase prove together. Plain data: it survives a structured clone. */
export interface RecoveredHeader {
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 32 bytes, what was signed: the zero-signature block hash. */
  readonly message: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  /** 20 bytes, blake160 of the public key. */
  readonly attester: Uint8Array;
  /** The header, parsed. */
  readonly header: Header;
  /** u32, transactions of the block, as trustworthy as the attester. */
  readonly transactionsCount: number;
  /** Molecule `Transaction`s that the block proves to hold, in order. */
  readonly votingTxs: readonly Uint8Array[];
}

/**
 * Recovers who attested a header, after checking that header and cellbase belong together. Needs no state and judges
 * nothing that depends on one: whether the attester may attest is `applyRecovered`'s to say.
 *
 * What a header alone cannot prove: `transactionsCount`, and that there are no further votes, are as trustworthy as the
 * attester. A failure judges this pair of header and cellbase, never the block hash: another cellbase may complete the header.
 *
 * @param input - header of 208 bytes and its cellbase
 * @returns fresh copies of everything
 * @throws PoaError in this order: `MALFORMED` (header); `CELLBASE_TOO_LARGE`, `MALFORMED`, `CONTEXT_MISSING` (structure);
 * `CELLBASE_INVALID`; `MERKLE_PROOF_INVALID`; `TRANSACTIONS_ROOT_MISMATCH`; `SIGNATURE_INVALID`
 * @example
 * ```ts
 * import { blake160, recoverHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const { attester, publicKey } = recoverHeader(headers[0]);
 * attester; // => blake160(publicKey)
 * ```
 * @see POA RFC draft, "POA header"; [R18 Attester](../RULES.md#r18-attester);
 * [R19 What a header alone cannot prove](../RULES.md#r19-what-a-header-alone-cannot-prove)
 */
export function recoverHeader(input: PoaHeader): RecoveredHeader {
  assertPoaHeader('recoverHeader.input', input);
  return recoverParsed(parseHeader(input.header), input);
}

/** As {@link recoverHeader}, for a header that is parsed already. */
export function recoverParsed(header: Header, input: PoaHeader): RecoveredHeader {
  const where = 'recoverHeader';
  const { cellbase } = input;
  const layout = locateCellbase('cellbase', cellbase);
  const { view, inputs, context } = layout;
  checkCellbaseInput(cellbase, view, inputs.start, header.number);
  const root = computeRoot(cellbase, layout, ckbHash(cellbase));
  if (!equalBytes(root, header.transactionsRoot))
    throw new PoaError('TRANSACTIONS_ROOT_MISMATCH', {
      where,
      expected: `the root that cellbase, votes and proof give, ${describeBytes(root)}`,
      got: describeBytes(header.transactionsRoot),
      offset: TRANSACTIONS_ROOT_OFFSET,
    });
  const message = computeMessage(input, layout);
  const signature = cellbase.subarray(context.signature.start, context.signature.end);
  const publicKey = recoverPublicKey(where, message, signature, 'low');
  return {
    hash: ckbHash(input.header),
    message,
    publicKey,
    attester: blake160(publicKey),
    header,
    transactionsCount: context.transactionsCount,
    votingTxs: context.votingTxs.map(({ start, end }) => copyOf(cellbase, start, end)),
  };
}

/**
 * The message that an attester signs: the hash of the header with `transactions_root` computed over the cellbase with its
 * signature zeroed. Nothing else of the header changes, so it does not matter whether the header is sealed yet.
 *
 * @param input - header of 208 bytes and its cellbase, sealed or not
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`; `CELLBASE_TOO_LARGE`; `CONTEXT_MISSING`; `CELLBASE_INVALID`; `MERKLE_PROOF_INVALID`
 * @example
 * ```ts
 * import { computeAttestationMessage, recoverHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * computeAttestationMessage(headers[0]); // => recoverHeader(headers[0]).message
 * ```
 * @see POA RFC draft, "POA header": zero `signature` field of POAContext; [R16 Message](../RULES.md#r16-message)
 */
export function computeAttestationMessage(input: PoaHeader): Uint8Array {
  assertPoaHeader('computeAttestationMessage.input', input);
  const { number } = parseHeader(input.header);
  const layout = locateCellbase('cellbase', input.cellbase);
  checkCellbaseInput(input.cellbase, layout.view, layout.inputs.start, number);
  return computeMessage(input, layout);
}

function computeMessage({ header, cellbase }: PoaHeader, layout: CellbaseLayout): Uint8Array {
  const { signature } = layout.context;
  const zeroed = copyOf(cellbase).fill(0, signature.start, signature.end);
  const unsealed = copyOf(header);
  unsealed.set(computeRoot(cellbase, layout, ckbHash(zeroed)), TRANSACTIONS_ROOT_OFFSET);
  return ckbHash(unsealed);
}

/**
 * The transactions root that a cellbase leads to, its witness hash given: it is leaf 0, its votes are the next leaves.
 *
 * @throws PoaError `MERKLE_PROOF_INVALID`
 * @see [R14 Leaves and proof](../RULES.md#r14-leaves-and-proof), [R15 Transactions root](../RULES.md#r15-transactions-root)
 */
function computeRoot(cellbase: Uint8Array, { view, context }: CellbaseLayout, cellbaseHash: Uint8Array): Uint8Array {
  const { transactionsCount, rawTransactionsRoot, merkleProof, votingTxs } = context;
  const leaves = [cellbaseHash, ...votingTxs.map(({ start, end }) => ckbHash(cellbase.subarray(start, end)))];
  const witnessesRoot = computeMerkleRootFromProof({
    leaves,
    indices: leaves.map((_, i) => i),
    count: transactionsCount,
    lemmas: copyFixvec(cellbase, view, merkleProof.start, HASH_SIZE),
  });
  return ckbHash(cellbase.subarray(rawTransactionsRoot.start, rawTransactionsRoot.end), witnessesRoot);
}

/**
 * A cellbase has exactly one input: the null out point, since the number of its block.
 *
 * @throws PoaError `CELLBASE_INVALID`
 * @see [R13 Cellbase](../RULES.md#r13-cellbase)
 */
function checkCellbaseInput(cellbase: Uint8Array, view: DataView, inputs: number, number: bigint): void {
  const invalid = (expected: string, got: string, offset: number) =>
    new PoaError('CELLBASE_INVALID', { where: 'cellbase.inputs', expected, got, offset });
  const count = fixvecCountOf(view, inputs);
  if (count !== 1) throw invalid('one input', `${count}`, inputs);
  const since = inputs + 4;
  const txHash = cellbase.subarray(since + 8, since + 8 + HASH_SIZE);
  if (txHash.some((byte) => byte !== 0)) throw invalid('the null transaction hash', describeBytes(txHash), since + 8);
  const index = view.getUint32(since + 8 + HASH_SIZE, true);
  if (index !== 0xffffffff) throw invalid('index 0xffffffff', `${index}`, since + 8 + HASH_SIZE);
  const found = view.getBigUint64(since, true);
  if (found !== number) throw invalid(`since ${number}, the number of the block`, `${found}`, since);
}
