/**
 * `POAContext` as a codec of Lumos, read strictly before Lumos decodes it.
 *
 * @module
 */

import { blockchain, type Hash, type HexNumber, type HexString, type Transaction } from '@ckb-lumos/base';
import { type BytesLike, bytes, createFixedBytesCodec, molecule, number, type PackParam } from '@ckb-lumos/codec';
import { PoaError } from '../../errors.js';
import { assertObject, isBytes, typeName, wrongType } from '../../internal/bytes.js';
import { writeQuantity } from '../../internal/json.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { parsePoaContext } from '../encoding/poaContext.js';
import { parseTransaction } from '../encoding/transaction.js';
import { writeTransaction } from './rpc.js';

/** What {@link POAContext} packs: bytes and integers in any form that Lumos takes. */
export interface PackablePoaContext {
  /** 65 bytes: `r (32, BE) | s (32, BE) | recovery id (0 to 3)`. */
  signature: BytesLike;
  /** u32, transactions of the block. */
  transactionsCount: number.BIish;
  /** 32 bytes. */
  rawTransactionsRoot: BytesLike;
  /** Lemmas of 32 bytes. */
  merkleProof: BytesLike[];
  /** What `blockchain.Transaction` packs, in the order in which the votes apply. */
  votingTxs: PackParam<typeof blockchain.Transaction>[];
}

/** What {@link POAContext} unpacks: hex, as the codecs of `blockchain` give it. */
export interface UnpackedPoaContext {
  /** Hex of 65 bytes. */
  signature: HexString;
  /** u32. */
  transactionsCount: HexNumber;
  /** Hex of 32 bytes. */
  rawTransactionsRoot: Hash;
  /** Hex of 32 bytes each. */
  merkleProof: Hash[];
  /** As `blockchain.Transaction` unpacks them, so without `hash`. */
  votingTxs: Transaction[];
}

/** A codec that fits wherever Lumos takes one, inside tables and vectors too. */
export interface PoaContextCodec {
  /** Gives the molecule encoding. */
  pack: (packable: PackablePoaContext) => Uint8Array;
  /** Gives the fields of bytes that are a strict encoding. */
  unpack: (unpackable: BytesLike) => UnpackedPoaContext;
}

const FIELDS = /* @__PURE__ */ molecule.table(
  {
    signature: blockchain.createFixedHexBytesCodec(SIGNATURE_SIZE),
    // A hex quantity like all integers of `blockchain`, which does not export its own codec for them.
    transactionsCount: createFixedBytesCodec<HexNumber, number.BIish>({
      byteLength: 4,
      pack: (value) => number.Uint32LE.pack(value),
      unpack: (value) => writeQuantity(number.Uint32LE.unpack(value)),
    }),
    rawTransactionsRoot: blockchain.Byte32,
    merkleProof: blockchain.Byte32Vec,
    votingTxs: blockchain.TransactionVec,
  },
  ['signature', 'transactionsCount', 'rawTransactionsRoot', 'merkleProof', 'votingTxs'],
);

/**
 * The codec of `table POAContext { signature: Byte65, transactions_count: Uint32, raw_transactions_root: Byte32, merkle_proof:
 * Byte32Vec, voting_txs: TransactionVec }`, the payload that follows the `CellbaseWitness`.
 *
 * `pack` gives what `serializePoaContext` gives. It throws a `PoaError` `OUT_OF_RANGE`, with the path and with the error of Lumos as
 * its cause, for a field that Lumos does not pack, and a `TypeError` for what is no object.
 *
 * `unpack` takes a `Uint8Array`, an `ArrayBuffer`, an array of numbers or hex. It throws a `PoaError` `MALFORMED` for whatever is
 * not strict, which other codecs of Lumos take, `OUT_OF_RANGE` for a voting transaction with a hash type or dep type that has no
 * name, and a `TypeError` for a value of another type.
 *
 * @example
 * ```ts
 * import { parseTransaction, splitCellbaseWitness } from 'poa-primitives/ckb';
 * import { POAContext } from 'poa-primitives/ckb/lumos';
 * import { headers } from './sample.js';
 *
 * const [witness] = parseTransaction(headers[1].cellbase).witnesses;
 * const { poaContext } = splitCellbaseWitness(witness);
 * const context = POAContext.unpack(poaContext);
 * context.transactionsCount; // => '0x4'
 * context.votingTxs[0].outputs.length; // => 1
 * POAContext.pack(context); // => poaContext
 * ```
 * @see POA RFC draft, "POA header"; [R7 First witness](../RULES.md#r7-first-witness)
 */
export const POAContext: PoaContextCodec = { pack: packPoaContext, unpack: unpackPoaContext };

function packPoaContext(packable: PackablePoaContext): Uint8Array {
  assertObject('POAContext.pack', packable);
  try {
    const packed = FIELDS.pack(packable);
    // A sparse array is packed with fewer items than it claims.
    parsePoaContext(packed);
    return packed;
  } catch (cause) {
    throw new PoaError('OUT_OF_RANGE', {
      where: `POAContext.pack${pathOf(cause)}`,
      expected: 'what the codec of Lumos packs',
      got: 'what it refuses',
      cause,
    });
  }
}

/** The path to a field that Lumos refused, of which its errors collect the innermost key first; an option has a key that is no name. */
function pathOf(error: unknown): string {
  const { keys } = error as { keys?: readonly (string | number)[] };
  return (keys ?? [])
    .map((key) => (typeof key === 'number' ? `[${key}]` : key.startsWith('__') ? '' : `.${key}`))
    .reverse()
    .join('');
}

function unpackPoaContext(unpackable: BytesLike): UnpackedPoaContext {
  const where = 'POAContext.unpack';
  const encoded = toBytes(where, unpackable);
  parsePoaContext(encoded).votingTxs.forEach((transaction, i) => {
    // Strict molecule does not judge hash types and dep types; Lumos would throw an error of its own.
    writeTransaction(`${where}.votingTxs[${i}]`, parseTransaction(transaction));
  });
  return FIELDS.unpack(encoded) as UnpackedPoaContext;
}

/** Bytes out of any form that Lumos takes. */
function toBytes(where: string, value: BytesLike): Uint8Array {
  if (isBytes(value)) return Uint8Array.from(value);
  if (typeof value !== 'string' && !Array.isArray(value) && !(value instanceof ArrayBuffer))
    throw wrongType(where, 'Uint8Array, ArrayBuffer, array of bytes or hex', value);
  try {
    return bytes.bytify(value);
  } catch {
    // Without a cause: the text of Lumos repeats the whole input.
    const expected = typeof value === 'string' ? '0x and pairs of hex digits' : 'integers from 0 to 255';
    throw new PoaError('MALFORMED', { where, expected, got: `another ${typeName(value)}` });
  }
}
