/**
 * Anchors: what a verifier begins with, out of a genesis or out of a header that it trusts.
 *
 * @see [E59 Anchors](../RULES.md#e59-anchors)
 * @module
 */

import { assertObject, viewOf, wrongType } from '../../internal/bytes.js';
import { buildGenesisHeader, buildGenesisSchedule, type Genesis } from '../encoding/genesis.js';
import { computeBlockId, isSavannaHeader, parseHeader, serializeHeader } from '../encoding/header.js';
import { parseHeaderExtensions } from '../encoding/headerExtensions.js';
import {
  appendToMerkle,
  checkIncrementalMerkle,
  createIncrementalMerkle,
  type IncrementalMerkle,
} from '../encoding/merkle.js';
import { computeProducerScheduleHash, toAuthoritySchedule } from '../encoding/schedule.js';
import { announcedHashOf, type HeaderLayout } from '../recovery/recover.js';
import { beginFinality, claimOf } from './finality.js';
import { announcedScheduleOf } from './rules.js';
import { checkSchedule, hashesOf } from './schedules.js';
import { type Anchor, createState } from './state.js';

/** A chain from its first block on. */
export interface GenesisSource {
  /** As `genesis.json` gives it. */
  readonly genesis: Genesis;
}

/** A chain from a block on that is trusted. */
export interface HeaderSource
  extends Omit<Anchor, 'id' | 'number' | 'slot' | 'isSavanna' | 'finality' | 'anchorId' | 'blockroot'> {
  /** The packed header of the block. */
  readonly header: Uint8Array;
  /**
   * The ids of all blocks **before** it, as `blockroot_merkle` of the node's `block_header_state` gives it; left out where it
   * is not known. For Savanna it is of no use, nor is the hash of a pending schedule.
   */
  readonly blockroot?: IncrementalMerkle | null;
}

/**
 * Makes an anchor out of a genesis, or out of the header of any block that a verifier trusts.
 *
 * From a genesis, the account `eosio` is the only producer, with the initial key. That schedule is pending too, so that block
 * 2 makes it active once more, as in nodes.
 *
 * @param source - a genesis; or a header with the schedule that signs the **next** block, and what else is known. With
 * `hasAuthorities` the hash of the active schedule is that of the latest, unless one is pending or another hash is given:
 * give it for a schedule older than that feature
 * @returns what {@link createState} takes
 * @throws PoaError `MALFORMED` and others of a header that does not parse; `MERKLE_INVALID`; what {@link createState} throws
 * @example
 * ```ts
 * import { computeBlockId, createAnchor } from 'poa-primitives/eosio';
 * import { electedSchedule, genesis, headers } from './eosio-chain-sample.js';
 *
 * createAnchor({ genesis }).number; // => 1
 * const last = headers[headers.length - 1].header;
 * createAnchor({ header: last, activeSchedule: electedSchedule }).id; // => computeBlockId(last)
 * ```
 * @see EOSIO/eos, `controller.cpp`, `initialize_blockchain_state`; [E59 Anchors](../RULES.md#e59-anchors)
 */
export function createAnchor(source: GenesisSource | HeaderSource): Anchor {
  assertObject('createAnchor', source);
  // A state is an anchor with nothing left open, and shares nothing with the source.
  return createState(
    'genesis' in source ? anchorOfGenesis(source as GenesisSource) : anchorOfHeader(source as HeaderSource),
  );
}

function anchorOfGenesis({ genesis }: GenesisSource): Anchor {
  const header = buildGenesisHeader(genesis);
  const id = computeBlockId(serializeHeader(header));
  const schedule = buildGenesisSchedule(genesis);
  return {
    id,
    number: 1,
    slot: header.slot,
    blockroot: appendToMerkle(createIncrementalMerkle(), id),
    activeSchedule: toAuthoritySchedule(schedule),
    pendingSchedule: { schedule: toAuthoritySchedule(schedule), number: 0 },
    pendingScheduleHash: computeProducerScheduleHash(schedule),
    proposedIrreversible: 0,
    lastIrreversible: 0,
    confirmationsLeft: [],
    lastProduced: [],
    lastImplied: [],
    hasAuthorities: false,
  };
}

function anchorOfHeader({ header: bytes, blockroot = null, ...rest }: HeaderSource): Anchor {
  const header = parseHeader(bytes);
  const id = computeBlockId(bytes);
  const number = viewOf(id).getUint32(0);
  const isSavanna = isSavannaHeader(header);
  const extensions = parseHeaderExtensions(header.headerExtensions);
  const claim = claimOf(extensions);
  if (blockroot !== null) {
    if (typeof blockroot !== 'object') throw wrongType('createAnchor.blockroot', 'object', blockroot);
    checkIncrementalMerkle(blockroot);
  }
  return {
    ...rest,
    ...(!isSavanna && announcedBy({ header, extensions }, number, rest)),
    id,
    number,
    slot: header.slot,
    blockroot: blockroot === null || isSavanna ? null : appendToMerkle(blockroot, id),
    ...(isSavanna && { pendingScheduleHash: null }),
    isSavanna,
    finality: claim && beginFinality(number, header.slot, claim),
  };
}

/**
 * The pending schedule and the hash that is signed, as far as the header and the active schedule tell what the source does not.
 */
function announcedBy(
  layout: Pick<HeaderLayout, 'header' | 'extensions'>,
  number: number,
  { activeSchedule, pendingSchedule, pendingScheduleHash, hasAuthorities = null }: Partial<HeaderSource>,
): Pick<Anchor, 'pendingSchedule' | 'pendingScheduleHash'> {
  const schedule = announcedScheduleOf(layout);
  if (schedule !== undefined)
    return {
      pendingSchedule: pendingSchedule ?? (schedule.producers.length > 0 ? { schedule, number } : null),
      pendingScheduleHash: pendingScheduleHash ?? (announcedHashOf(layout) as Uint8Array),
    };
  const isKnown =
    (pendingScheduleHash ?? null) !== null || (pendingSchedule ?? null) !== null || hasAuthorities === null;
  if (isKnown || activeSchedule === undefined) return {};
  checkSchedule('createAnchor.activeSchedule', activeSchedule);
  // None is pending, so the active one was announced last, in the form of the features unless it is older than they are.
  const [authorities, keys = authorities] = hashesOf(activeSchedule) as [Uint8Array, Uint8Array?];
  return { pendingScheduleHash: hasAuthorities ? authorities : keys };
}
