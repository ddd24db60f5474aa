/**
 * What is around a serialized state, whatever the protocol: who made it, in which version, and whether it is whole.
 *
 * Layout: `magic (7, ASCII) | version (u8) | body | checksum of all before (32)`.
 *
 * @module
 */

import { PoaError } from '../errors.js';
import { assertBytes, concat, describeBytes, equalBytes } from './bytes.js';

/** What tells the states of one protocol. */
export interface Envelope {
  /** 7 characters of ASCII. */
  readonly magic: string;
  readonly version: number;
  /** Most bytes of a whole state; nothing longer is looked at. */
  readonly maxSize: number;
  /** The checksum. */
  readonly hash: (bytes: Uint8Array) => Uint8Array;
}

/** Bytes in front of the body. */
export const ENVELOPE_PREFIX_SIZE = 8;

const CHECKSUM_SIZE = 32;

/**
 * Checks what is around a body, and gives the offset behind it; it begins at {@link ENVELOPE_PREFIX_SIZE}.
 *
 * @throws PoaError `MALFORMED`; `STATE_VERSION_UNSUPPORTED`; `STATE_CHECKSUM_MISMATCH`
 */
export function openEnvelope(where: string, bytes: Uint8Array, { magic, version, maxSize, hash }: Envelope): number {
  assertBytes(`${where}.bytes`, bytes);
  const malformed = (expected: string, got: string): PoaError =>
    new PoaError('MALFORMED', { where, expected, got, offset: 0 });
  const end = bytes.length - CHECKSUM_SIZE;
  if (end < ENVELOPE_PREFIX_SIZE || bytes.length > maxSize)
    throw malformed(`${ENVELOPE_PREFIX_SIZE + CHECKSUM_SIZE} to ${maxSize} bytes`, `${bytes.length} bytes`);
  const found = bytes.subarray(0, magic.length);
  if (!equalBytes(found, magicOf(magic))) throw malformed(`"${magic}" in ASCII`, describeBytes(found));
  const at = ENVELOPE_PREFIX_SIZE - 1;
  if (bytes[at] !== version)
    throw new PoaError('STATE_VERSION_UNSUPPORTED', {
      where,
      expected: `version ${version}`,
      got: `${bytes[at]}`,
      offset: at,
    });
  const checksum = hash(bytes.subarray(0, end));
  if (!equalBytes(checksum, bytes.subarray(end)))
    throw new PoaError('STATE_CHECKSUM_MISMATCH', {
      where,
      expected: describeBytes(checksum),
      got: describeBytes(bytes.subarray(end)),
      offset: end,
    });
  return end;
}

/** Puts a body into its envelope. */
export function sealEnvelope(body: readonly Uint8Array[], { magic, version, hash }: Envelope): Uint8Array {
  const bytes = concat([magicOf(magic), Uint8Array.of(version), ...body]);
  return concat([bytes, hash(bytes)]);
}

function magicOf(magic: string): Uint8Array {
  return Uint8Array.from(magic, (character) => character.charCodeAt(0));
}
