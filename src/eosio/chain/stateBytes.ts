/**
 * States as bytes, so that a node can stop and go on.
 *
 * @see [E58 Serialized state](../RULES.md#e58-serialized-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import { concat, copyOf, equalBytes, uintLE } from '../../internal/bytes.js';
import { ENVELOPE_PREFIX_SIZE, type Envelope, openEnvelope, sealEnvelope } from '../../internal/envelope.js';
import { HASH_SIZE, sha256 } from '../encoding/hash.js';
import { parseIncrementalMerkle, serializeIncrementalMerkle } from '../encoding/merkle.js';
import { packName, readName } from '../encoding/name.js';
import {
  type Cursor,
  closeBytes,
  malformed,
  openBytes,
  readBool,
  readBytes,
  readFixed,
  readItems,
  readU8,
  readU32,
} from '../encoding/read.js';
import { packProducerAuthoritySchedule, readProducerAuthoritySchedule } from '../encoding/schedule.js';
import { packBytes, packItems } from '../encoding/write.js';
import type { Finality, ProposedSchedule } from './finality.js';
import type { ProducerBlock } from './irreversible.js';
import { createState, type State } from './state.js';

/** Two schedules of 125 producers with a hundred keys each fit in a mebibyte. */
const ENVELOPE: Envelope = { magic: 'poa-eos', version: 1, maxSize: 1_048_576, hash: (bytes) => sha256(bytes) };

/** What a byte says of a thing that is so, is not so, or is not known. */
const UNKNOWN = 2;

/**
 * Parses a serialized state.
 *
 * Layout: `"poa-eos" (7) | version (u8, 1) | fields | sha256 of all before (32)`; the fields are given in
 * [E58 Serialized state](../RULES.md#e58-serialized-state).
 *
 * @param bytes - at most 1,048,576 bytes
 * @returns a state, checked as {@link createState} does
 * @throws PoaError `MALFORMED`; `STATE_VERSION_UNSUPPORTED`; `STATE_CHECKSUM_MISMATCH`; what {@link createState} throws
 * @example
 * ```ts
 * import { createAnchor, createState, parseState, serializeState } from 'poa-primitives/eosio';
 * import { genesis } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * parseState(serializeState(state)); // => state
 * ```
 * @see [E58 Serialized state](../RULES.md#e58-serialized-state)
 */
export function parseState(bytes: Uint8Array): State {
  const where = 'parseState';
  const end = openEnvelope(where, bytes, ENVELOPE);
  const cursor = openBytes(where, copyOf(bytes, ENVELOPE_PREFIX_SIZE, end));
  const state: State = {
    anchorId: readFixed(cursor, 'anchorId', HASH_SIZE),
    id: readFixed(cursor, 'id', HASH_SIZE),
    number: readU32(cursor, 'number'),
    slot: readU32(cursor, 'slot'),
    blockroot: readOptional(cursor, 'blockroot', (field) => parseIncrementalMerkle(readBytes(cursor, field))),
    activeSchedule: readProducerAuthoritySchedule(cursor, 'activeSchedule'),
    pendingSchedule: readOptional(cursor, 'pendingSchedule', (field) => ({
      schedule: readProducerAuthoritySchedule(cursor, field),
      number: readU32(cursor, `${field}.number`),
    })),
    pendingScheduleHash: readOptional(cursor, 'pendingScheduleHash', (field) => readFixed(cursor, field, HASH_SIZE)),
    proposedIrreversible: readU32(cursor, 'proposedIrreversible'),
    lastIrreversible: readU32(cursor, 'lastIrreversible'),
    confirmationsLeft: [...readBytes(cursor, 'confirmationsLeft')],
    lastProduced: readEntries(cursor, 'lastProduced'),
    lastImplied: readEntries(cursor, 'lastImplied'),
    hasAuthorities: readTriple(cursor, 'hasAuthorities'),
    isSavanna: readBool(cursor, 'isSavanna'),
    finality: readOptional(cursor, 'finality', (field) => readFinality(cursor, field)),
  };
  closeBytes(cursor);
  const checked = createState(state);
  // Entries in another order would be a second encoding of the same state.
  if (!equalBytes(serializeState(checked), bytes))
    throw new PoaError('MALFORMED', {
      where,
      expected: 'entries ascending by name',
      got: 'another order',
      offset: 0,
    });
  return checked;
}

function readOptional<T>(cursor: Cursor, field: string, read: (field: string) => T): T | null {
  return readBool(cursor, field) ? read(field) : null;
}

function readEntries(cursor: Cursor, field: string): ProducerBlock[] {
  return readItems(cursor, field, 12, (at) => ({
    producer: readName(at, `${field}.producer`),
    number: readU32(at, `${field}.number`),
  }));
}

function readFinality(cursor: Cursor, field: string): Finality {
  const readProposed = (at: string): ProposedSchedule => ({
    schedule: readProducerAuthoritySchedule(cursor, at),
    slot: readU32(cursor, `${at}.slot`),
  });
  return {
    blocks: readItems(cursor, `${field}.blocks`, 9, (at) => ({
      slot: readU32(at, `${field}.blocks.slot`),
      claim: {
        number: readU32(at, `${field}.blocks.claim.number`),
        isStrong: readBool(at, `${field}.blocks.claim.isStrong`),
      },
    })),
    claimsFrom: readU32(cursor, `${field}.claimsFrom`),
    finalSlot: readU32(cursor, `${field}.finalSlot`),
    proposed: readOptional(cursor, `${field}.proposed`, readProposed),
    pending: readOptional(cursor, `${field}.pending`, readProposed),
  };
}

function readTriple(cursor: Cursor, field: string): boolean | null {
  const value = readU8(cursor, field);
  if (value > UNKNOWN) throw malformed(cursor, field, '0, 1 or 2', `${value}`, cursor.at - 1);
  return value === UNKNOWN ? null : value === 1;
}

/**
 * Serializes a state: the inverse of {@link parseState}.
 *
 * @param state - checked as {@link createState} does, so that nothing is written that could not be read back
 * @returns at most 1,048,576 bytes; equal states give equal bytes
 * @throws PoaError what {@link createState} throws; `STATE_INVALID` for schedules with so many keys that they do not fit
 * @example
 * ```ts
 * import { createAnchor, createState, serializeState } from 'poa-primitives/eosio';
 * import { genesis } from './eosio-chain-sample.js';
 *
 * const bytes = serializeState(createState(createAnchor({ genesis })));
 * new TextDecoder().decode(bytes.subarray(0, 7)); // => 'poa-eos'
 * ```
 * @see [E58 Serialized state](../RULES.md#e58-serialized-state)
 */
export function serializeState(state: State): Uint8Array {
  const where = 'serializeState';
  const checked = createState(state);
  const { blockroot, pendingSchedule, pendingScheduleHash, hasAuthorities, finality } = checked;
  const fields = [
    checked.anchorId,
    checked.id,
    uintLE(checked.number, 4),
    uintLE(checked.slot, 4),
    packOptional(blockroot, (tree) => packBytes(serializeIncrementalMerkle(tree))),
    packProducerAuthoritySchedule(`${where}.activeSchedule`, checked.activeSchedule),
    packOptional(pendingSchedule, ({ schedule, number }) =>
      concat([packProducerAuthoritySchedule(`${where}.pendingSchedule`, schedule), uintLE(number, 4)]),
    ),
    packOptional(pendingScheduleHash, (hash) => hash),
    uintLE(checked.proposedIrreversible, 4),
    uintLE(checked.lastIrreversible, 4),
    packBytes(Uint8Array.from(checked.confirmationsLeft)),
    packEntries(`${where}.lastProduced`, checked.lastProduced),
    packEntries(`${where}.lastImplied`, checked.lastImplied),
    Uint8Array.of(hasAuthorities === null ? UNKNOWN : Number(hasAuthorities), Number(checked.isSavanna)),
    packOptional(finality, (known) => packFinality(`${where}.finality`, known)),
  ];
  const bytes = sealEnvelope(fields, ENVELOPE);
  if (bytes.length > ENVELOPE.maxSize)
    throw new PoaError('STATE_INVALID', {
      where,
      expected: `at most ${ENVELOPE.maxSize} bytes`,
      got: `${bytes.length} bytes`,
    });
  return bytes;
}

function packOptional<T>(value: T | null, pack: (value: T) => Uint8Array): Uint8Array {
  return value === null ? Uint8Array.of(0) : concat([Uint8Array.of(1), pack(value)]);
}

function packFinality(where: string, { blocks, claimsFrom, finalSlot, proposed, pending }: Finality): Uint8Array {
  const packProposed = ({ schedule, slot }: ProposedSchedule): Uint8Array =>
    concat([packProducerAuthoritySchedule(where, schedule), uintLE(slot, 4)]);
  return concat([
    packItems(blocks, ({ slot, claim: { number, isStrong } }) =>
      concat([uintLE(slot, 4), uintLE(number, 4), Uint8Array.of(Number(isStrong))]),
    ),
    uintLE(claimsFrom, 4),
    uintLE(finalSlot, 4),
    packOptional(proposed, packProposed),
    packOptional(pending, packProposed),
  ]);
}

function packEntries(where: string, entries: readonly ProducerBlock[]): Uint8Array {
  return packItems(entries, ({ producer, number }) => concat([packName(where, producer), uintLE(number, 4)]));
}
