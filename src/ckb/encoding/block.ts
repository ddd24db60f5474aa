/**
 * Whole blocks, and the two hashes of a header over what is not a transaction.
 *
 * @see https://github.com/nervosnetwork/rfcs/blob/4b502ffcb02fc7019e0dd4b5f866b5f09819cfbe/rfcs/0027-block-structure/0027-block-structure.md
 * @module
 */

import { assertArray, assertBytes, assertBytesArray, assertObject, copyOf, viewOf } from '../../internal/bytes.js';
import { contentOf, copyFixvec, countOf, type Range, rangesOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeBytes, writeFixvec, writeTable } from '../../internal/molecule/write.js';
import { ckbHash, HASH_SIZE, hashChunks } from './hash.js';
import { computeHeaderHash, type Header, parseHeader, serializeHeader } from './header.js';
import { BLOCK, BLOCK_V1, PROPOSAL_ID_SIZE } from './schemas.js';
import { readTransaction, type Transaction, writeTransaction } from './transaction.js';

/** A block that lost against another of its height. */
export interface UncleBlock {
  /** Its header. */
  readonly header: Header;
  /** Ids of 10 bytes. */
  readonly proposals: readonly Uint8Array[];
}

/** A whole block. */
export interface Block {
  /** Its header. */
  readonly header: Header;
  /** Uncles that it includes. */
  readonly uncles: readonly UncleBlock[];
  /** Cellbase first. */
  readonly transactions: readonly Transaction[];
  /** Ids of 10 bytes: the first bytes of transaction hashes. */
  readonly proposals: readonly Uint8Array[];
  /** Any length; null in blocks without the field (before RFC 0031). */
  readonly extension: Uint8Array | null;
}

/**
 * Parses a block.
 *
 * Layout: molecule `table Block { header, uncles, transactions, proposals }`, with a fifth field `extension: Bytes` in a block
 * that has one (`BlockV1`).
 *
 * @param bytes - the whole encoding
 * @returns fresh copies of everything
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { blockFromRpc, parseBlock, serializeBlock } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * const bytes = serializeBlock(blockFromRpc(rpcBlock));
 * parseBlock(bytes).transactions.length; // => rpcBlock.transactions.length
 * ```
 * @see RFC 0027, RFC 0031; [R2 Strict molecule](../RULES.md#r2-strict-molecule)
 */
export function parseBlock(bytes: Uint8Array): Block {
  const where = 'parseBlock';
  assertBytes(`${where}.bytes`, bytes);
  const { view, header, uncles, transactions, proposals, extension } = locateBlock(where, bytes);
  return {
    header: parseHeader(bytes.subarray(header.start, header.end)),
    uncles: rangesOf(view, uncles.start).map((range) => readUncleBlock(bytes, view, range)),
    transactions: rangesOf(view, transactions.start).map((range) => readTransaction(bytes, view, range.start)),
    proposals: copyFixvec(bytes, view, proposals.start, PROPOSAL_ID_SIZE),
    extension: extension === undefined ? null : copyOf(bytes, extension.start, extension.end),
  };
}

/** Where the fields of a verified block lie. */
export interface BlockLayout {
  readonly view: DataView;
  readonly header: Range;
  readonly uncles: Range;
  readonly transactions: Range;
  readonly proposals: Range;
  /** The bytes inside the field, if the block has it. */
  readonly extension: Range | undefined;
}

/**
 * Verifies a block and tells where its fields lie. A fifth field makes it a `BlockV1`; whatever else is wrong with the bytes is
 * found either way.
 *
 * @throws PoaError `MALFORMED`
 */
export function locateBlock(where: string, bytes: Uint8Array): BlockLayout {
  const view = viewOf(bytes);
  const hasExtension = bytes.length >= 8 && countOf(view, 0) === BLOCK_V1.fields.length;
  assertMolecule(where, hasExtension ? BLOCK_V1 : BLOCK, bytes);
  const [header, uncles, transactions, proposals, extension] = rangesOf(view, 0) as [
    Range,
    Range,
    Range,
    Range,
    Range?,
  ];
  return { view, header, uncles, transactions, proposals, extension: extension && contentOf(extension) };
}

function readUncleBlock(bytes: Uint8Array, view: DataView, range: Range): UncleBlock {
  const [header, proposals] = rangesOf(view, range.start) as [Range, Range];
  return {
    header: parseHeader(bytes.subarray(header.start, header.end)),
    proposals: copyFixvec(bytes, view, proposals.start, PROPOSAL_ID_SIZE),
  };
}

/**
 * Serializes a block: the inverse of {@link parseBlock}.
 *
 * @param block - all fields in their ranges
 * @returns the molecule encoding: `Block` if `extension` is null, else `BlockV1`
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit its field
 * @example
 * ```ts
 * import { blockFromRpc, parseBlock, serializeBlock } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * const bytes = serializeBlock(blockFromRpc(rpcBlock));
 * serializeBlock(parseBlock(bytes)); // => bytes
 * ```
 * @see RFC 0027, RFC 0031; [R2 Strict molecule](../RULES.md#r2-strict-molecule)
 */
export function serializeBlock(block: Block): Uint8Array {
  const where = 'serializeBlock';
  assertObject(where, block);
  const { header, uncles, transactions, proposals, extension } = block;
  assertArray(`${where}.uncles`, uncles);
  assertArray(`${where}.transactions`, transactions);
  const fields = [
    serializeHeader(header),
    writeTable(uncles.map((uncle, i) => writeUncleBlock(`${where}.uncles[${i}]`, uncle))),
    writeTable(transactions.map((transaction, i) => writeTransaction(`${where}.transactions[${i}]`, transaction))),
    writeProposals(`${where}.proposals`, proposals),
  ];
  if (extension !== null) {
    assertBytes(`${where}.extension`, extension);
    fields.push(writeBytes(extension));
  }
  return writeTable(fields);
}

function writeUncleBlock(where: string, uncle: UncleBlock): Uint8Array {
  assertObject(where, uncle);
  return writeTable([serializeHeader(uncle.header), writeProposals(`${where}.proposals`, uncle.proposals)]);
}

function writeProposals(where: string, proposals: readonly Uint8Array[]): Uint8Array {
  assertBytesArray(where, proposals, PROPOSAL_ID_SIZE);
  return writeFixvec(proposals);
}

/**
 * The hash of a block: that of its header.
 *
 * @param bytes - molecule `Block` or `BlockV1`
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { blockFromRpc, computeBlockHash, computeHeaderHash, serializeBlock, serializeHeader } from 'poa-primitives/ckb';
 * import { rpcBlock } from './sample.js';
 *
 * const block = blockFromRpc(rpcBlock);
 * computeBlockHash(serializeBlock(block)); // => computeHeaderHash(serializeHeader(block.header))
 * ```
 * @see RFC 0027; [R4 Header](../RULES.md#r4-header)
 */
export function computeBlockHash(bytes: Uint8Array): Uint8Array {
  const where = 'computeBlockHash';
  assertBytes(`${where}.bytes`, bytes);
  const { header } = locateBlock(where, bytes);
  return ckbHash(bytes.subarray(header.start, header.end));
}

/**
 * The proposals hash of a header: {@link ckbHash} of all proposal ids in a row, 32 zero bytes if there are none.
 *
 * @param proposals - ids of 10 bytes, in block order
 * @returns 32 bytes
 * @throws PoaError `OUT_OF_RANGE` for an id that is not 10 bytes
 * @example
 * ```ts
 * import { computeProposalsHash } from 'poa-primitives/ckb';
 *
 * computeProposalsHash([]); // => new Uint8Array(32)
 * ```
 * @see RFC 0027, "Proposals Hash"; [R6 Proposals and extra hash](../RULES.md#r6-proposals-and-extra-hash)
 */
export function computeProposalsHash(proposals: readonly Uint8Array[]): Uint8Array {
  assertBytesArray('computeProposalsHash.proposals', proposals, PROPOSAL_ID_SIZE);
  return proposals.length === 0 ? new Uint8Array(HASH_SIZE) : hashChunks(proposals);
}

/**
 * The extra hash of a header. Without extension it is the uncles hash: {@link ckbHash} of the uncles' header hashes in a row,
 * 32 zero bytes if there are none. With extension it is `ckbHash(uncles hash | ckbHash(extension))`.
 *
 * @param uncleHeaders - headers of 208 bytes, in block order
 * @param extension - any length; null for a block without the field
 * @returns 32 bytes
 * @throws PoaError `MALFORMED` for a header that is not 208 bytes
 * @example
 * ```ts
 * import { ckbHash, computeExtraHash } from 'poa-primitives/ckb';
 *
 * computeExtraHash([], null); // => new Uint8Array(32)
 * computeExtraHash([], Uint8Array.of(1)); // => ckbHash(new Uint8Array(32), ckbHash(Uint8Array.of(1)))
 * ```
 * @see RFC 0031, "Extra Hash"; [R6 Proposals and extra hash](../RULES.md#r6-proposals-and-extra-hash)
 */
export function computeExtraHash(uncleHeaders: readonly Uint8Array[], extension: Uint8Array | null): Uint8Array {
  const where = 'computeExtraHash';
  assertBytesArray(`${where}.uncleHeaders`, uncleHeaders);
  const unclesHash =
    uncleHeaders.length === 0 ? new Uint8Array(HASH_SIZE) : hashChunks(uncleHeaders.map(computeHeaderHash));
  if (extension === null) return unclesHash;
  assertBytes(`${where}.extension`, extension);
  return ckbHash(unclesHash, ckbHash(extension));
}
