/**
 * The validator list, its multisig script and lock, and the type id by which its cell is tracked.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
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
import { BLAKE160_SIZE, blake160, ckbHash, HASH_SIZE } from './hash.js';
import { HASH_TYPE_TYPE, type Script } from './script.js';
import { type CellInput, writeCellInput } from './transaction.js';

/** Code hash of the multisig lock, `secp256k1_blake160_multisig_all`, on mainnet and testnet: 32 bytes. */
export const MULTISIG_CODE_HASH: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x5c,
  0x50,
  0x69,
  0xeb,
  0x08,
  0x57,
  0xef,
  0xc6,
  0x5e,
  0x1b,
  0xca,
  0x0c,
  0x07,
  0xdf,
  0x34,
  0xc3,
  0x16,
  0x63,
  0xb3,
  0x62,
  0x2f,
  0xd3,
  0x87,
  0x6c,
  0x87,
  0x63,
  0x20,
  0xfc,
  0x96,
  0x34,
  0xe2,
  0xa8,
);

/** Code hash of type id scripts, `TYPE_ID` in ASCII behind zeros: 32 bytes. */
export const TYPE_ID_CODE_HASH: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0x54,
  0x59,
  0x50,
  0x45,
  0x5f,
  0x49,
  0x44,
);

const INTERVAL_SIZE = 4;
const MULTISIG_HEADER_SIZE = 4;

/** Who may attest, and how the list may be changed. */
export interface ValidatorList {
  /** u32, blocks that an attester must sit out. */
  readonly attestInterval: number;
  /** u8, least signatures to change the list. */
  readonly voteLimit: number;
  /** blake160 of the validators' public keys, 20 bytes each, 1 to 255; their order defines turns. */
  readonly pubkeyHashes: readonly Uint8Array[];
}

/** What the multisig lock script of CKB reveals. */
export interface MultisigScript {
  /** u8, how many of the first keys must sign. */
  readonly requireFirstN: number;
  /** u8, signatures needed (M). */
  readonly threshold: number;
  /** blake160 of the public keys, 20 bytes each (N). */
  readonly pubkeyHashes: readonly Uint8Array[];
}

/**
 * Parses the data of a validator-list cell. Whether a network can run on the list is judged by `checkValidatorList`.
 *
 * Layout: `ATTEST_INTERVAL (u32 LE) | 0 | 0 | VOTE_LIMIT (u8) | VALIDATOR_COUNT (u8) | blake160 (20 each)`.
 *
 * @param data - cell data, exactly `8 + 20 * count` bytes; neither kept nor modified
 * @returns validators in cell order; each hash is a fresh copy
 * @throws PoaError `VALIDATOR_LIST_MALFORMED` for another length, no validators, and a reserved byte or require-first-n that is
 * not zero
 * @example
 * ```ts
 * import { parseValidatorList } from 'poa-primitives/ckb';
 * import { hexToBytes } from '@noble/hashes/utils.js';
 *
 * parseValidatorList(hexToBytes('0100000000000203' + 'aa'.repeat(60))).voteLimit; // => 2
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R9 Validator list](../RULES.md#r9-validator-list)
 */
export function parseValidatorList(data: Uint8Array): ValidatorList {
  assertBytes('parseValidatorList.data', data);
  return readValidatorList('parseValidatorList', data);
}

/** As {@link parseValidatorList}; `where` names the data inside a larger value. */
export function readValidatorList(where: string, data: Uint8Array): ValidatorList {
  const malformed = (expected: string, got: string, offset?: number) =>
    new PoaError('VALIDATOR_LIST_MALFORMED', { where, expected, got, offset });
  const headerSize = INTERVAL_SIZE + MULTISIG_HEADER_SIZE;
  if (data.length < headerSize) throw malformed(`at least ${headerSize} bytes`, `${data.length} bytes`);
  const view = viewOf(data);
  if (view.getUint8(4) !== 0) throw malformed('a reserved byte of 0', `${view.getUint8(4)}`, 4);
  if (view.getUint8(5) !== 0) throw malformed('a require-first-n of 0', `${view.getUint8(5)}`, 5);
  const count = view.getUint8(7);
  if (count === 0) throw malformed('1 to 255 validators', '0', 7);
  const size = headerSize + BLAKE160_SIZE * count;
  if (data.length !== size) throw malformed(`${size} bytes for ${count} validators`, `${data.length} bytes`);
  return {
    attestInterval: view.getUint32(0, true),
    voteLimit: view.getUint8(6),
    pubkeyHashes: readPubkeyHashes(data, headerSize, count),
  };
}

/**
 * Serializes a validator list to cell data: the inverse of {@link parseValidatorList}.
 *
 * @param list - `attestInterval` a u32, `voteLimit` a u8, 1 to 255 hashes of 20 bytes
 * @returns `8 + 20 * count` bytes
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit; `VALIDATOR_LIST_MALFORMED` for no or over 255 validators
 * @example
 * ```ts
 * import { serializeValidatorList } from 'poa-primitives/ckb';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 *
 * const data = serializeValidatorList({ attestInterval: 0, voteLimit: 1, pubkeyHashes: [new Uint8Array(20).fill(0xaa)] });
 * bytesToHex(data); // => '0000000000000101' + 'aa'.repeat(20)
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R9 Validator list](../RULES.md#r9-validator-list)
 */
export function serializeValidatorList(list: ValidatorList): Uint8Array {
  const where = 'serializeValidatorList';
  assertValidatorList(where, list);
  return concat([uintLE(list.attestInterval, INTERVAL_SIZE), writeMultisigScript(list)]);
}

/** Checks types and ranges of a list record: all that its encoding asks for. */
export function assertValidatorList(where: string, list: unknown): asserts list is ValidatorList {
  assertObject(where, list);
  const { attestInterval, voteLimit, pubkeyHashes } = list;
  assertInteger(`${where}.attestInterval`, attestInterval, 0, 0xffffffff);
  assertInteger(`${where}.voteLimit`, voteLimit, 0, 0xff);
  assertBytesArray(`${where}.pubkeyHashes`, pubkeyHashes, BLAKE160_SIZE);
  if (pubkeyHashes.length < 1 || pubkeyHashes.length > 255)
    throw new PoaError('VALIDATOR_LIST_MALFORMED', {
      where,
      expected: '1 to 255 validators',
      got: `${pubkeyHashes.length}`,
    });
}

function writeMultisigScript(list: ValidatorList): Uint8Array {
  return concat([Uint8Array.of(0, 0, list.voteLimit, list.pubkeyHashes.length), ...list.pubkeyHashes]);
}

function readPubkeyHashes(bytes: Uint8Array, at: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => copyOf(bytes, at + i * BLAKE160_SIZE, at + (i + 1) * BLAKE160_SIZE));
}

/**
 * The multisig script of a validator list: the cell data without its ATTEST_INTERVAL.
 *
 * Layout: `0 | 0 | VOTE_LIMIT (u8) | VALIDATOR_COUNT (u8) | blake160 (20 each)`.
 *
 * @param list - a list that {@link serializeValidatorList} takes
 * @returns `4 + 20 * count` bytes
 * @throws PoaError as {@link serializeValidatorList}
 * @example
 * ```ts
 * import { computeMultisigScript } from 'poa-primitives/ckb';
 *
 * const list = { attestInterval: 0, voteLimit: 1, pubkeyHashes: [new Uint8Array(20)] };
 * computeMultisigScript(list).subarray(0, 4); // => Uint8Array.of(0, 0, 1, 1)
 * ```
 * @see POA RFC draft, "validator list and on-chain governance"; [R10 Multisig script and lock](../RULES.md#r10-multisig-script-and-lock)
 */
export function computeMultisigScript(list: ValidatorList): Uint8Array {
  assertValidatorList('computeMultisigScript', list);
  return writeMultisigScript(list);
}

/**
 * Parses a multisig script of the system lock, also one that requires the first n keys.
 *
 * Layout: `0 | require first n (u8) | threshold (u8) | count (u8) | blake160 (20 each)`.
 *
 * @param bytes - exactly `4 + 20 * count` bytes
 * @returns fresh copies
 * @throws PoaError `MULTISIG_SCRIPT_MALFORMED` for another length, a reserved byte that is not zero, no keys, a threshold of 0 or
 * above the count, and a require-first-n above the threshold: what the lock script refuses
 * @example
 * ```ts
 * import { computeMultisigScript, parseMultisigScript } from 'poa-primitives/ckb';
 *
 * const list = { attestInterval: 0, voteLimit: 1, pubkeyHashes: [new Uint8Array(20)] };
 * parseMultisigScript(computeMultisigScript(list)).threshold; // => 1
 * ```
 * @see RFC 0021; [R10 Multisig script and lock](../RULES.md#r10-multisig-script-and-lock)
 */
export function parseMultisigScript(bytes: Uint8Array): MultisigScript {
  const where = 'parseMultisigScript';
  assertBytes(`${where}.bytes`, bytes);
  const malformed = (expected: string, got: string, offset?: number) =>
    new PoaError('MULTISIG_SCRIPT_MALFORMED', { where, expected, got, offset });
  if (bytes.length < MULTISIG_HEADER_SIZE)
    throw malformed(`at least ${MULTISIG_HEADER_SIZE} bytes`, `${bytes.length} bytes`);
  const view = viewOf(bytes);
  const [reserved, requireFirstN, threshold, count] = [
    view.getUint8(0),
    view.getUint8(1),
    view.getUint8(2),
    view.getUint8(3),
  ];
  if (reserved !== 0) throw malformed('a reserved byte of 0', `${reserved}`, 0);
  if (count === 0) throw malformed('1 to 255 keys', '0', 3);
  if (threshold === 0 || threshold > count) throw malformed(`a threshold from 1 to ${count}`, `${threshold}`, 2);
  if (requireFirstN > threshold) throw malformed(`a require-first-n of at most ${threshold}`, `${requireFirstN}`, 1);
  const size = MULTISIG_HEADER_SIZE + BLAKE160_SIZE * count;
  if (bytes.length !== size) throw malformed(`${size} bytes for ${count} keys`, `${bytes.length} bytes`);
  return { requireFirstN, threshold, pubkeyHashes: readPubkeyHashes(bytes, MULTISIG_HEADER_SIZE, count) };
}

/** What of a network the lock of its validator list depends on. */
export interface MultisigNetwork {
  /** 32 bytes, code hash of the multisig lock; {@link MULTISIG_CODE_HASH} on mainnet and testnet. */
  readonly multisigCodeHash: Uint8Array;
}

/**
 * The lock that a validator-list cell must have.
 *
 * @param list - a list that {@link serializeValidatorList} takes
 * @param network - the code hash of its multisig lock
 * @returns the lock: hash type `type`, args of 20 bytes
 * @throws PoaError as {@link serializeValidatorList}
 * @example
 * ```ts
 * import { blake160, computeMultisigScript, computeValidatorListLock, MULTISIG_CODE_HASH } from 'poa-primitives/ckb';
 *
 * const list = { attestInterval: 0, voteLimit: 1, pubkeyHashes: [new Uint8Array(20)] };
 * const lock = computeValidatorListLock(list, { multisigCodeHash: MULTISIG_CODE_HASH });
 * lock.args; // => blake160(computeMultisigScript(list))
 * ```
 * @see RFC 0021; [R10 Multisig script and lock](../RULES.md#r10-multisig-script-and-lock)
 */
export function computeValidatorListLock(list: ValidatorList, network: MultisigNetwork): Script {
  const where = 'computeValidatorListLock';
  assertObject(`${where}.network`, network);
  assertFixedBytes(`${where}.network.multisigCodeHash`, network.multisigCodeHash, HASH_SIZE);
  return {
    codeHash: copyOf(network.multisigCodeHash),
    hashType: HASH_TYPE_TYPE,
    args: blake160(computeMultisigScript(list)),
  };
}

/**
 * The type id of a new cell: what makes it the only one of its kind for ever.
 *
 * @param firstInput - the first input of the transaction that makes the cell
 * @param outputIndex - u64 as a number; the index of the cell among the outputs
 * @returns 32 bytes, args of a script with {@link TYPE_ID_CODE_HASH} and hash type `type`
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { ckbHash, computeTypeId } from 'poa-primitives/ckb';
 *
 * const firstInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0 } };
 * computeTypeId(firstInput, 0); // => ckbHash(new Uint8Array(44), new Uint8Array(8))
 * ```
 * @see RFC 0022, "Type ID"; [R11 Type id](../RULES.md#r11-type-id)
 */
export function computeTypeId(firstInput: CellInput, outputIndex: number): Uint8Array {
  const where = 'computeTypeId';
  assertInteger(`${where}.outputIndex`, outputIndex, 0, 0xffffffff);
  return ckbHash(writeCellInput(`${where}.firstInput`, firstInput), uintLE(outputIndex, 8));
}
