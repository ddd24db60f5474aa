/**
 * Transactions: actions that happen together or not at all, and what is signed of them.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/transaction.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertBytesArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  concat,
  uintLE,
  viewOf,
} from '../../internal/bytes.js';
import { type Action, packAction, readAction } from './action.js';
import { type Extension, packExtensions, readExtensions } from './extension.js';
import { HASH_SIZE, sha256 } from './hash.js';
import type { PrivateKey } from './privateKey.js';
import { closeBytes, openBytes, readItems, readU8, readU16, readU32, readVaruint32 } from './read.js';
import { type Signature, signDigest } from './signature.js';
import { checkTime } from './time.js';
import { packBytes, packItems, packVaruint32 } from './write.js';

const U32_MAX = 0xffffffff;
/** Least bytes of an action. */
const ACTION_SIZE_MIN = 18;

/** A transaction without its signatures. */
export interface Transaction {
  /** When it can no longer be carried out: milliseconds since 1970, a whole second up to 2106. */
  readonly expiration: number;
  /** u16, the low bits of the number of a block that must be in the chain. */
  readonly refBlockNum: number;
  /** u32, out of the id of that block. */
  readonly refBlockPrefix: number;
  /** u32, most words of 8 bytes that it may be billed for; 0 for no limit. */
  readonly maxNetUsageWords: number;
  /** u8, most milliseconds that it may be billed for; 0 for no limit. */
  readonly maxCpuUsageMs: number;
  /** u32, seconds to wait before it is carried out. */
  readonly delaySec: number;
  /** Actions that read nothing of the chain. */
  readonly contextFreeActions: readonly Action[];
  /** Actions. */
  readonly actions: readonly Action[];
  /** What later versions added. */
  readonly extensions: readonly Extension[];
}

/** How a transaction names a block that must be in the chain. */
export interface BlockReference {
  /** u16, the low bits of its number. */
  readonly refBlockNum: number;
  /** u32, bytes 8 to 11 of its id. */
  readonly refBlockPrefix: number;
}

/**
 * Parses a transaction.
 *
 * Layout: `expiration u32, seconds | ref_block_num u16 | ref_block_prefix u32 | max_net_usage_words varuint32 | max_cpu_usage_ms u8 |
 * delay_sec varuint32 | context free actions | actions | extensions`.
 *
 * @param bytes - a packed transaction without signatures
 * @returns the transaction; byte fields are copies
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { parseTransaction } from 'poa-primitives/eosio';
 * import { packedTransaction } from './eosio-sample.js';
 *
 * parseTransaction(packedTransaction).actions[0].name; // => 'transfer'
 * ```
 * @see EOSIO, `transaction.hpp`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function parseTransaction(bytes: Uint8Array): Transaction {
  return readTransaction('parseTransaction', bytes);
}

function readTransaction(where: string, bytes: Uint8Array): Transaction {
  assertBytes(`${where}.bytes`, bytes);
  const cursor = openBytes(where, bytes);
  const transaction = {
    expiration: readU32(cursor, 'expiration') * 1000,
    refBlockNum: readU16(cursor, 'refBlockNum'),
    refBlockPrefix: readU32(cursor, 'refBlockPrefix'),
    maxNetUsageWords: readVaruint32(cursor, 'maxNetUsageWords'),
    maxCpuUsageMs: readU8(cursor, 'maxCpuUsageMs'),
    delaySec: readVaruint32(cursor, 'delaySec'),
    contextFreeActions: readItems(cursor, 'contextFreeActions', ACTION_SIZE_MIN, (at) =>
      readAction(at, 'contextFreeActions'),
    ),
    actions: readItems(cursor, 'actions', ACTION_SIZE_MIN, (at) => readAction(at, 'actions')),
    extensions: readExtensions(cursor, 'extensions'),
  };
  closeBytes(cursor);
  return transaction;
}

/**
 * Serializes a transaction: the inverse of {@link parseTransaction}.
 *
 * @param transaction - all fields in their ranges
 * @returns the bytes, which the id is the hash of
 * @throws PoaError `OUT_OF_RANGE`; `TIME_INVALID`; `NAME_INVALID`
 * @example
 * ```ts
 * import { parseTransaction, serializeTransaction } from 'poa-primitives/eosio';
 * import { packedTransaction } from './eosio-sample.js';
 *
 * serializeTransaction(parseTransaction(packedTransaction)); // => packedTransaction
 * ```
 * @see EOSIO, `transaction.hpp`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function serializeTransaction(transaction: Transaction): Uint8Array {
  const where = 'serializeTransaction';
  assertObject(where, transaction);
  const { expiration, refBlockNum, refBlockPrefix, maxNetUsageWords, maxCpuUsageMs, delaySec } = transaction;
  checkTime(`${where}.expiration`, expiration);
  if (expiration % 1000 !== 0 || expiration / 1000 > U32_MAX)
    throw new PoaError('TIME_INVALID', {
      where: `${where}.expiration`,
      expected: 'a whole second up to 2106',
      got: `${expiration} ms`,
    });
  assertInteger(`${where}.refBlockNum`, refBlockNum, 0, 0xffff);
  assertInteger(`${where}.refBlockPrefix`, refBlockPrefix, 0, U32_MAX);
  assertInteger(`${where}.maxNetUsageWords`, maxNetUsageWords, 0, U32_MAX);
  assertInteger(`${where}.maxCpuUsageMs`, maxCpuUsageMs, 0, 0xff);
  assertInteger(`${where}.delaySec`, delaySec, 0, U32_MAX);
  return concat([
    uintLE(expiration / 1000, 4),
    uintLE(refBlockNum, 2),
    uintLE(refBlockPrefix, 4),
    packVaruint32(maxNetUsageWords),
    Uint8Array.of(maxCpuUsageMs),
    packVaruint32(delaySec),
    packActions(`${where}.contextFreeActions`, transaction.contextFreeActions),
    packActions(`${where}.actions`, transaction.actions),
    packExtensions(`${where}.extensions`, transaction.extensions),
  ]);
}

function packActions(where: string, actions: readonly Action[]): Uint8Array {
  assertArray(where, actions);
  return packItems(actions, (action, i) => packAction(`${where}[${i}]`, action));
}

/**
 * The id of a transaction: the hash of its bytes.
 *
 * @param bytes - a packed transaction without signatures
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`
 * @example
 * ```ts
 * import { computeTransactionId } from 'poa-primitives/eosio';
 * import { packedTransaction, transactionId } from './eosio-sample.js';
 *
 * computeTransactionId(packedTransaction); // => transactionId
 * ```
 * @see EOSIO, `transaction.cpp`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function computeTransactionId(bytes: Uint8Array): Uint8Array {
  readTransaction('computeTransactionId', bytes);
  return sha256(bytes);
}

/**
 * What is signed of a transaction: the hash of the chain id, the transaction, and the hash of its context free data or zeros where
 * it has none.
 *
 * @param chainId - 32 bytes: a signature for one chain is none for another
 * @param bytes - a packed transaction without signatures
 * @param contextFreeData - the data of its context free actions
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`; `OUT_OF_RANGE` for a chain id of another size
 * @example
 * ```ts
 * import { computeSigningDigest, publicKeyToLegacyText, recoverPublicKeyOf, signatureFromText } from 'poa-primitives/eosio';
 * import { chainId, packedTransaction, transactionSignature, transactionSigningKey } from './eosio-sample.js';
 *
 * const digest = computeSigningDigest(chainId, packedTransaction);
 * const key = recoverPublicKeyOf(digest, signatureFromText(transactionSignature));
 * publicKeyToLegacyText(key); // => transactionSigningKey
 * ```
 * @see EOSIO, `transaction.cpp`, `sig_digest`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function computeSigningDigest(
  chainId: Uint8Array,
  bytes: Uint8Array,
  contextFreeData: readonly Uint8Array[] = [],
): Uint8Array {
  return signingDigest('computeSigningDigest', chainId, bytes, contextFreeData);
}

function signingDigest(
  where: string,
  chainId: Uint8Array,
  bytes: Uint8Array,
  contextFreeData: readonly Uint8Array[],
): Uint8Array {
  assertFixedBytes(`${where}.chainId`, chainId, HASH_SIZE);
  assertBytesArray(`${where}.contextFreeData`, contextFreeData);
  readTransaction(where, bytes);
  const isEmpty = contextFreeData.length === 0;
  return sha256(chainId, bytes, isEmpty ? new Uint8Array(HASH_SIZE) : sha256(packItems(contextFreeData, packBytes)));
}

/**
 * Signs a transaction: {@link signDigest} of {@link computeSigningDigest}.
 *
 * @param chainId - 32 bytes
 * @param bytes - a packed transaction without signatures
 * @param key - a K1 key, in range
 * @param contextFreeData - the data of its context free actions
 * @returns a canonical K1 signature
 * @throws PoaError `MALFORMED`; `KEY_TYPE_UNSUPPORTED` for an R1 key; `SECRET_KEY_INVALID`; `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computeSigningDigest, privateKeyFromText, signDigest, signTransaction } from 'poa-primitives/eosio';
 * import { chainId, genesisPrivateKey, packedTransaction } from './eosio-sample.js';
 *
 * const key = privateKeyFromText(genesisPrivateKey);
 * const digest = computeSigningDigest(chainId, packedTransaction);
 * signTransaction(chainId, packedTransaction, key); // => signDigest(digest, key)
 * ```
 * @see EOSIO, `transaction.cpp`, `sig_digest`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function signTransaction(
  chainId: Uint8Array,
  bytes: Uint8Array,
  key: PrivateKey,
  contextFreeData: readonly Uint8Array[] = [],
): Signature {
  return signDigest(signingDigest('signTransaction', chainId, bytes, contextFreeData), key);
}

/**
 * How a transaction names a block, so that it holds only in chains with this block.
 *
 * @param blockId - 32 bytes
 * @returns the two fields of the transaction
 * @throws PoaError `OUT_OF_RANGE` for another size
 * @example
 * ```ts
 * import { computeBlockReference } from 'poa-primitives/eosio';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * const id = hexToBytes('00a347526c9e2237cb771f71244c3e5ed2bcceacb57aadd07edb1a82f63aaa04');
 * computeBlockReference(id); // => { refBlockNum: 0x4752, refBlockPrefix: 0x711f77cb }
 * ```
 * @see EOSIO, `transaction.cpp`, `set_reference_block`; [E9 Actions and transactions](../RULES.md#e9-actions-and-transactions)
 */
export function computeBlockReference(blockId: Uint8Array): BlockReference {
  assertFixedBytes('computeBlockReference.blockId', blockId, HASH_SIZE);
  const view = viewOf(blockId);
  return { refBlockNum: view.getUint16(2), refBlockPrefix: view.getUint32(8, true) };
}
