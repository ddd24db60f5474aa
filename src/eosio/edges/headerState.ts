/**
 * The state that a node keeps beside a header, as `get_block_header_state` gives it: all that a verifier needs to begin there.
 *
 * @see [E64 Header states of nodes](../RULES.md#e64-header-states-of-nodes)
 * @module
 */

import { PoaError } from '../../errors.js';
import { describeBytes, equalBytes } from '../../internal/bytes.js';
import { type JsonObject, jsonInvalid, member, readArray, readObject } from '../../internal/json.js';
import { createAnchor } from '../chain/anchor.js';
import { WTMSIG_BLOCK_SIGNATURES } from '../chain/features.js';
import type { ProducerBlock } from '../chain/irreversible.js';
import type { Anchor, PendingSchedule } from '../chain/state.js';
import { computeBlockNumber } from '../encoding/header.js';
import type { IncrementalMerkle } from '../encoding/merkle.js';
import { decodeHex } from '../encoding/text.js';
import { readSchedule, signedHeaderFromRpc } from './blocks.js';
import { at, readHex, readInteger, readName, readUint, show } from './read.js';

const U32_MAX = 0xffff_ffff;
const U64_MAX = 18_446_744_073_709_551_615n;

/**
 * Reads the state of a node after a block, in the form of nodes from version 1.0 to 2.x and of their successors before Savanna.
 *
 * @param json - as `JSON.parse` gives it, from a node that is trusted
 * @returns what `createState` takes, with confirmations, so that pending schedules and irreversible blocks are exact from the
 * first header on
 * @throws PoaError `JSON_INVALID` with the path to what is wrong; `BLOCK_ID_MISMATCH`; what `createAnchor` throws
 * @example
 * ```ts
 * import { anchorFromRpc, createState } from 'poa-primitives/eosio';
 * import { headerState, stateAfterFour } from './eosio-chain-sample.js';
 *
 * const state = createState(anchorFromRpc(headerState));
 * state.number; // => 4
 * state.pendingSchedule; // => stateAfterFour.pendingSchedule
 * ```
 * @see EOSIO/eos, `block_header_state.hpp`; [E64 Header states of nodes](../RULES.md#e64-header-states-of-nodes)
 */
export function anchorFromRpc(json: unknown): Anchor {
  const where = 'headerState';
  const object = readObject(where, json);
  const input = signedHeaderFromRpc(member(object, 'header'));
  const anchor = createAnchor({
    header: input.header,
    activeSchedule: readSchedule(...at(where, object, 'active_schedule')),
    blockroot: readMerkle(...at(where, object, 'blockroot_merkle')),
    ...readPending(where, object),
    proposedIrreversible: readUint(...at(where, object, 'dpos_proposed_irreversible_blocknum'), U32_MAX),
    lastIrreversible: readUint(...at(where, object, 'dpos_irreversible_blocknum'), U32_MAX),
    confirmationsLeft: readCounts(...at(where, object, 'confirm_count')),
    lastProduced: readEntries(...at(where, object, 'producer_to_last_produced')),
    lastImplied: readEntries(...at(where, object, 'producer_to_last_implied_irb')),
    hasAuthorities: readFeatures(where, object),
  });
  checkStated(where, object, anchor);
  return anchor;
}

function readMerkle(where: string, value: unknown): IncrementalMerkle {
  const object = readObject(where, value);
  return {
    nodeCount: readInteger(...at(where, object, '_node_count'), 0n, U64_MAX),
    activeNodes: readArray(...at(where, object, '_active_nodes'), (path, node) => readHex(path, node, 32)),
  };
}

/** From version 2.0 on one member; before, three. */
function readPending(
  where: string,
  object: JsonObject,
): { pendingSchedule: PendingSchedule | null; pendingScheduleHash: Uint8Array } {
  const [path, value] = at(where, object, 'pending_schedule');
  const pending = readObject(path, value);
  const isNested = member(pending, 'schedule') !== undefined;
  const schedule = readSchedule(...(isNested ? at(path, pending, 'schedule') : ([path, value] as const)));
  const [number, hash] = isNested
    ? [at(path, pending, 'schedule_lib_num'), at(path, pending, 'schedule_hash')]
    : [at(where, object, 'pending_schedule_lib_num'), at(where, object, 'pending_schedule_hash')];
  return {
    // The producers of a schedule that has become active are gone, its version stays.
    pendingSchedule: schedule.producers.length === 0 ? null : { schedule, number: readUint(...number, U32_MAX) },
    pendingScheduleHash: readHex(...hash, 32),
  };
}

/** Numbers of u8, or the hex of as many bytes. */
function readCounts(where: string, value: unknown): number[] {
  if (typeof value !== 'string') return readArray(where, value, (path, count) => readUint(path, count, 0xff));
  const bytes = value.length <= 2048 ? decodeHex(value) : undefined;
  if (bytes === undefined) throw jsonInvalid(where, 'numbers, or pairs of hex digits', show(value));
  return [...bytes];
}

/** Pairs of a name and a number. */
function readEntries(where: string, value: unknown): ProducerBlock[] {
  return readArray(where, value, (path, pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw jsonInvalid(path, '[name, number]', show(pair));
    return { producer: readName(`${path}[0]`, pair[0]), number: readUint(`${path}[1]`, pair[1], U32_MAX) };
  });
}

/** Whether the feature for authorities is among those that are active; not known where the node lists none. */
function readFeatures(where: string, object: JsonObject): boolean | null {
  const [path, value] = at(where, object, 'activated_protocol_features');
  if (value === undefined || value === null) return null;
  const features = readArray(...at(path, readObject(path, value), 'protocol_features'), (item, digest) =>
    readHex(item, digest, 32),
  );
  return features.some((digest) => equalBytes(digest, Uint8Array.from(WTMSIG_BLOCK_SIGNATURES)));
}

/** Number and id beside the header must be those of its bytes. */
function checkStated(where: string, object: JsonObject, { id }: Anchor): void {
  const number = readUint(...at(where, object, 'block_num'), U32_MAX);
  if (number !== computeBlockNumber(id))
    throw new PoaError('BLOCK_ID_MISMATCH', {
      where: `${where}.block_num`,
      expected: `${computeBlockNumber(id)}`,
      got: `${number}`,
    });
  const stated = readHex(...at(where, object, 'id'), 32);
  if (!equalBytes(stated, id))
    throw new PoaError('BLOCK_ID_MISMATCH', {
      where: `${where}.id`,
      expected: describeBytes(id),
      got: describeBytes(stated),
    });
}
