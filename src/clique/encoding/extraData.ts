/**
 * The extra-data of a Clique header: vanity, at a checkpoint the signers, and the seal.
 *
 * @see EIP-225, "EXTRA_VANITY", "EXTRA_SEAL"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertBytesArray, assertFixedBytes, assertObject, concat, copyOf } from '../../internal/bytes.js';
import { ADDRESS_SIZE } from './hash.js';
import { EXTRA_SEAL } from './header.js';

/** Bytes that a signer may fill as they like. */
export const EXTRA_VANITY = 32;

/** The parts of extra-data. */
export interface ExtraData {
  /** 32 bytes, free. */
  readonly vanity: Uint8Array;
  /** 20 bytes each: all signers at genesis and at a checkpoint, none elsewhere. */
  readonly signers: readonly Uint8Array[];
  /** 65 bytes: `r (32, BE) | s (32, BE) | recovery id (0 or 1)`; zero at genesis and before it is sealed. */
  readonly seal: Uint8Array;
}

/**
 * Parses extra-data.
 *
 * Layout: `vanity (32) | address (20) × signers | seal (65)`.
 *
 * @param bytes - of a header; neither kept nor modified
 * @returns fresh copies of the parts, signers in the order in which they stand
 * @throws PoaError `VANITY_MISSING` for less than 32 bytes; `SEAL_MISSING` for less than 97; `CHECKPOINT_SIGNERS_MALFORMED` if what lies
 * between is not whole addresses
 * @example
 * ```ts
 * import { parseExtraData, parseHeader } from 'poa-primitives/clique';
 * import { genesis, signers } from './clique-sample.js';
 *
 * parseExtraData(parseHeader(genesis).extraData).signers; // => signers
 * ```
 * @see EIP-225, "EXTRA_VANITY", "EXTRA_SEAL"; [C4 Extra-data](../RULES.md#c4-extra-data)
 */
export function parseExtraData(bytes: Uint8Array): ExtraData {
  const where = 'parseExtraData';
  assertBytes(`${where}.bytes`, bytes);
  assertHasSeal(where, bytes);
  const end = bytes.length - EXTRA_SEAL;
  const size = end - EXTRA_VANITY;
  if (size % ADDRESS_SIZE !== 0)
    throw new PoaError('CHECKPOINT_SIGNERS_MALFORMED', {
      where,
      expected: `signers of ${ADDRESS_SIZE} bytes each`,
      got: `${size} bytes`,
      offset: EXTRA_VANITY,
    });
  return {
    vanity: copyOf(bytes, 0, EXTRA_VANITY),
    signers: splitAddresses(bytes, EXTRA_VANITY, end),
    seal: copyOf(bytes, end),
  };
}

/**
 * Throws for extra-data that has no room for vanity and seal.
 *
 * @throws PoaError `VANITY_MISSING`, `SEAL_MISSING`
 */
export function assertHasSeal(where: string, extraData: Uint8Array): void {
  const { length } = extraData;
  if (length < EXTRA_VANITY)
    throw new PoaError('VANITY_MISSING', { where, expected: `at least ${EXTRA_VANITY} bytes`, got: `${length} bytes` });
  if (length < EXTRA_VANITY + EXTRA_SEAL)
    throw new PoaError('SEAL_MISSING', {
      where,
      expected: `at least ${EXTRA_VANITY + EXTRA_SEAL} bytes`,
      got: `${length} bytes`,
    });
}

/** Copies of the whole addresses between two offsets. */
export function splitAddresses(bytes: Uint8Array, start: number, end: number): Uint8Array[] {
  const addresses: Uint8Array[] = [];
  for (let at = start; at + ADDRESS_SIZE <= end; at += ADDRESS_SIZE)
    addresses.push(copyOf(bytes, at, at + ADDRESS_SIZE));
  return addresses;
}

/**
 * Serializes extra-data: the inverse of {@link parseExtraData}.
 *
 * @param extraData - its parts
 * @returns `32 + 20 × signers + 65` bytes
 * @throws PoaError `OUT_OF_RANGE` for a part of another length
 * @example
 * ```ts
 * import { serializeExtraData } from 'poa-primitives/clique';
 *
 * serializeExtraData({ vanity: new Uint8Array(32), signers: [], seal: new Uint8Array(65) }).length; // => 97
 * ```
 * @see EIP-225, "EXTRA_VANITY", "EXTRA_SEAL"; [C4 Extra-data](../RULES.md#c4-extra-data)
 */
export function serializeExtraData(extraData: ExtraData): Uint8Array {
  const where = 'serializeExtraData';
  assertObject(where, extraData);
  const { vanity, signers, seal } = extraData;
  assertFixedBytes(`${where}.vanity`, vanity, EXTRA_VANITY);
  assertBytesArray(`${where}.signers`, signers, ADDRESS_SIZE);
  assertFixedBytes(`${where}.seal`, seal, EXTRA_SEAL);
  return concat([vanity, ...signers, seal]);
}
