/**
 * States as bytes, so that a node can stop and go on.
 *
 * @see [R44 Serialized state](../RULES.md#r44-serialized-state)
 * @module
 */

import { PoaError } from '../../errors.js';
import { copyOf, readUintLE, uintLE, viewOf } from '../../internal/bytes.js';
import { ENVELOPE_PREFIX_SIZE, type Envelope, openEnvelope, sealEnvelope } from '../../internal/envelope.js';
import { copyFixvec, type Range, rangesOf } from '../../internal/molecule/read.js';
import type { FixedSchema, TableSchema } from '../../internal/molecule/schema.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { writeBytes, writeFixvec, writeTable } from '../../internal/molecule/write.js';
import { BLAKE160_SIZE, ckbHash } from '../encoding/hash.js';
import { OUT_POINT_SIZE, SCRIPT } from '../encoding/schemas.js';
import { parseValidatorList, serializeValidatorList } from '../encoding/validatorList.js';
import { createState, type State } from './state.js';

/** 255 validators, 254 attesters and 37 timestamps fit in 12 kB. */
const ENVELOPE: Envelope = { magic: 'poa-ckb', version: 1, maxSize: 16_384, hash: ckbHash };

const BYTE32: FixedSchema = { kind: 'fixed', size: 32 };
const UINT16: FixedSchema = { kind: 'fixed', size: 2 };
const UINT64: FixedSchema = { kind: 'fixed', size: 8 };

const STATE: TableSchema = {
  kind: 'table',
  fields: [
    ['multisig_code_hash', BYTE32],
    ['epoch_length', UINT16],
    ['minimum_block_interval', UINT64],
    ['anchor_hash', BYTE32],
    ['hash', BYTE32],
    ['number', UINT64],
    ['epoch', UINT64],
    ['timestamps', { kind: 'fixvec', itemSize: 8 }],
    ['recent_attesters', { kind: 'fixvec', itemSize: BLAKE160_SIZE }],
    ['total_difficulty', BYTE32],
    ['validator_list_out_point', { kind: 'fixed', size: OUT_POINT_SIZE }],
    ['validator_list_type', SCRIPT],
    ['validator_list', { kind: 'fixvec', itemSize: 1 }],
  ],
};

/**
 * Parses a serialized state.
 *
 * Layout: `"poa-ckb" (7) | version (u8, 1) | molecule table | ckbHash of all before (32)`; the table is given in
 * [R44 Serialized state](../RULES.md#r44-serialized-state).
 *
 * @param bytes - at most 16,384 bytes
 * @returns a state, checked as {@link createState} does
 * @throws PoaError `MALFORMED`; `STATE_VERSION_UNSUPPORTED`; `STATE_CHECKSUM_MISMATCH`; what {@link createState} throws
 * @example
 * ```ts
 * import { createState, parseState, serializeState } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * const state = createState(anchor);
 * parseState(serializeState(state)); // => state
 * ```
 * @see [R44 Serialized state](../RULES.md#r44-serialized-state)
 */
export function parseState(bytes: Uint8Array): State {
  const where = 'parseState';
  const end = openEnvelope(where, bytes, ENVELOPE);
  assertMolecule(where, STATE, bytes, ENVELOPE_PREFIX_SIZE, end);

  const view = viewOf(bytes);
  const fields = rangesOf(view, ENVELOPE_PREFIX_SIZE);
  const at = (index: number): number => (fields[index] as Range).start;
  const bytesOf = (index: number): Uint8Array => copyOf(bytes, at(index), (fields[index] as Range).end);
  const epochLength = view.getUint16(at(1), true);
  const minimumBlockInterval = view.getBigUint64(at(2), true);
  if (minimumBlockInterval > BigInt(Number.MAX_SAFE_INTEGER))
    throw new PoaError('MALFORMED', {
      where,
      expected: 'a minimum block interval of at most 2^53 - 1 ms',
      got: `${minimumBlockInterval}`,
      offset: at(2),
    });
  return createState({
    network: {
      multisigCodeHash: bytesOf(0),
      epochLength: epochLength === 0 ? null : epochLength,
      minimumBlockInterval: Number(minimumBlockInterval),
    },
    anchorHash: bytesOf(3),
    hash: bytesOf(4),
    number: view.getBigUint64(at(5), true),
    epoch: view.getBigUint64(at(6), true),
    timestamps: copyFixvec(bytes, view, at(7), 8).map((item) => readUintLE(item, 0, 8)),
    recentAttesters: copyFixvec(bytes, view, at(8), BLAKE160_SIZE),
    totalDifficulty: readUintLE(bytes, at(9), 32),
    validatorListOutPoint: bytesOf(10),
    validatorListType: bytesOf(11),
    validatorList: parseValidatorList(bytesOf(12).subarray(4)),
  });
}

/**
 * Serializes a state: the inverse of {@link parseState}.
 *
 * @param state - checked as {@link createState} does, so that nothing is written that could not be read back
 * @returns at most 16,384 bytes; equal states give equal bytes
 * @throws PoaError what {@link createState} throws
 * @example
 * ```ts
 * import { createState, serializeState } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * new TextDecoder().decode(serializeState(createState(anchor)).subarray(0, 7)); // => 'poa-ckb'
 * ```
 * @see [R44 Serialized state](../RULES.md#r44-serialized-state)
 */
export function serializeState(state: State): Uint8Array {
  const { network, timestamps, recentAttesters, ...rest } = createState(state);
  const body = writeTable([
    network.multisigCodeHash,
    uintLE(network.epochLength ?? 0, 2),
    uintLE(network.minimumBlockInterval, 8),
    rest.anchorHash,
    rest.hash,
    uintLE(rest.number, 8),
    uintLE(rest.epoch, 8),
    writeFixvec(timestamps.map((timestamp) => uintLE(timestamp, 8))),
    writeFixvec(recentAttesters),
    uintLE(rest.totalDifficulty, 32),
    rest.validatorListOutPoint,
    rest.validatorListType,
    writeBytes(serializeValidatorList(rest.validatorList)),
  ]);
  return sealEnvelope([body], ENVELOPE);
}
