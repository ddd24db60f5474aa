/**
 * What a producer puts into the next header: everything that the state decides.
 *
 * @see [E55 Planning a header](../RULES.md#e55-planning-a-header)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertFixedBytes, assertInteger, assertObject, copyOf } from '../../internal/bytes.js';
import { checkProducers } from '../election/authority.js';
import { assertAuthority } from '../election/election.js';
import { computeScheduledProducer } from '../election/slots.js';
import { HASH_SIZE } from '../encoding/hash.js';
import { serializeHeaderExtensions } from '../encoding/headerExtensions.js';
import { computeIncrementalRoot } from '../encoding/merkle.js';
import { checkName } from '../encoding/name.js';
import type { ProducerAuthority, ProducerAuthoritySchedule, ProducerSchedule } from '../encoding/schedule.js';
import type { HeaderTemplate } from '../recovery/seal.js';
import { latestClaim } from './finality.js';
import { computeIrreversibility, isPromoted, numberOf } from './irreversible.js';
import type { State } from './state.js';

const U32_MAX = 0xffff_ffff;

/** A proposal of the system contract. */
export interface Proposal {
  /** u32, height of the block that carries it. */
  readonly number: number;
  /** As `computeElection` gives them. */
  readonly producers: readonly ProducerAuthority[];
}

/** What the state does not decide. */
export interface HeaderPlan {
  /** u32, above that of the state. */
  readonly slot: number;
  /** 32 bytes, root over the receipts of the transactions; by default zeros, as without any. */
  readonly transactionMroot?: Uint8Array;
  /** 32 bytes, root over the actions; by default zeros. */
  readonly actionMroot?: Uint8Array;
  /**
   * How many blocks before it the producer confirms; by default as many as nodes do: those since its last, and above the last
   * irreversible.
   */
  readonly confirmed?: number;
  /** The proposal that waits, if one does: it is announced as soon as it may be. */
  readonly proposal?: Proposal | null;
  /** Digests, 32 bytes each, of the protocol features that begin with the block. */
  readonly protocolFeatures?: readonly Uint8Array[];
}

/** A header to be signed, and whose turn it is. */
export interface PlannedHeader extends HeaderTemplate {
  /** Account and keys that must sign. */
  readonly producer: ProducerAuthority;
  /** Whether the proposal is announced by it, so that it waits no more. */
  readonly isAnnounced: boolean;
}

/**
 * The next header before Savanna: producer, parent, schedule version and confirmations as the state has them, and the
 * schedule of a proposal once its block is irreversible, none is pending and none becomes active in this very block.
 *
 * @param state - of the parent block
 * @param plan - the rest
 * @returns what `prepareHeader` and `signHeader` take, and who must sign
 * @throws PoaError `OUT_OF_RANGE`; `TIMESTAMP_TOO_OLD` for a slot that is not above that of the state; `ERA_MISMATCH` for a
 * state of Savanna; `SCHEDULE_INVALID`; `SIGNING_CONTEXT_MISSING` for a state without blockroot; `SCHEDULE_FORM_MISMATCH` for
 * an authority that `new_producers` cannot say
 * @example
 * ```ts
 * import { applyHeader, createAnchor, createState, planHeader, signHeader } from 'poa-primitives/eosio';
 * import { genesis, now, privateKeys } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * const plan = planHeader(state, { slot: state.slot + 1 });
 * plan.producer.producerName; // => 'eosio'
 * applyHeader(state, signHeader(plan, [privateKeys.eosio]), { now }).number; // => 2
 * ```
 * @see EOSIO/eos, `controller.cpp`, `producer_plugin.cpp`; [E55 Planning a header](../RULES.md#e55-planning-a-header)
 */
export function planHeader(state: State, plan: HeaderPlan): PlannedHeader {
  const where = 'planHeader';
  assertObject(`${where}.state`, state);
  assertObject(`${where}.plan`, plan);
  const { slot, transactionMroot = new Uint8Array(HASH_SIZE), actionMroot = new Uint8Array(HASH_SIZE) } = plan;
  const { proposal = null, protocolFeatures = [] } = plan;
  assertInteger(`${where}.plan.slot`, slot, 0, U32_MAX);
  assertFixedBytes(`${where}.plan.transactionMroot`, transactionMroot, HASH_SIZE);
  assertFixedBytes(`${where}.plan.actionMroot`, actionMroot, HASH_SIZE);
  assertArray(`${where}.plan.protocolFeatures`, protocolFeatures);
  if (slot <= state.slot)
    throw new PoaError('TIMESTAMP_TOO_OLD', {
      where: `${where}.plan.slot`,
      expected: `above ${state.slot}, the slot of the parent`,
      got: `${slot}`,
    });
  if (state.isSavanna)
    throw new PoaError('ERA_MISMATCH', { where, expected: 'a state of before Savanna', got: 'one of Savanna' });
  const { activeSchedule, blockroot, pendingScheduleHash } = state;
  if (blockroot === null)
    throw new PoaError('SIGNING_CONTEXT_MISSING', { where, expected: 'a state with a blockroot', got: 'one without' });
  const producer = computeScheduledProducer(activeSchedule, slot) as ProducerAuthority;
  const confirmed = plan.confirmed ?? confirmedBy(state, producer.producerName);
  assertInteger(`${where}.plan.confirmed`, confirmed, 0, 0xffff);
  const announced =
    proposal === null ? null : announce(`${where}.plan.proposal`, state, producer.producerName, confirmed, proposal);
  const isKeys = state.hasAuthorities !== true;
  const claim = latestClaim(state);
  return {
    producer,
    isAnnounced: announced !== null,
    header: {
      slot,
      producer: producer.producerName,
      confirmed,
      previous: copyOf(state.id),
      transactionMroot: copyOf(transactionMroot),
      actionMroot: copyOf(actionMroot),
      scheduleVersion: activeSchedule.version,
      newProducers: announced !== null && isKeys ? toKeySchedule(`${where}.plan.proposal`, announced) : null,
      headerExtensions: serializeHeaderExtensions({
        protocolFeatures: protocolFeatures.length === 0 ? null : protocolFeatures,
        newSchedule: isKeys ? null : announced,
        finality: claim && {
          qcBlockNumber: claim.number,
          isQcStrong: claim.isStrong,
          newFinalizerPolicy: null,
          newProposerPolicy: null,
        },
      }),
    },
    blockroot: computeIncrementalRoot(blockroot),
    ...(announced === null && pendingScheduleHash !== null && { pendingScheduleHash: copyOf(pendingScheduleHash) }),
  };
}

/** The blocks since the last one of a producer, as far as they are not irreversible; none for one of whom no block is known. */
function confirmedBy({ number, lastProduced, lastIrreversible }: State, producer: string): number {
  const last = numberOf(lastProduced, producer);
  return last === undefined ? 0 : Math.min(0xffff, number - last, number - lastIrreversible);
}

/** The schedule of a proposal, if it may be announced in the next block; null if it must wait. */
function announce(
  where: string,
  state: State,
  producer: string,
  confirmed: number,
  { number, producers }: Proposal,
): ProducerAuthoritySchedule | null {
  assertInteger(`${where}.number`, number, 0, U32_MAX);
  assertArray(`${where}.producers`, producers);
  for (let i = 0; i < producers.length; i++) {
    const item: unknown = producers[i];
    assertObject(`${where}.producers[${i}]`, item);
    checkName(`${where}.producers[${i}].producerName`, item.producerName);
    assertAuthority(`${where}.producers[${i}].authority`, item.authority);
  }
  checkProducers(`${where}.producers`, producers);
  const { lastIrreversible } = computeIrreversibility(state, { producer, confirmed });
  if (number > lastIrreversible || state.pendingSchedule !== null || isPromoted(state, lastIrreversible)) return null;
  return { version: state.activeSchedule.version + 1, producers };
}

/** The form with one key for each producer, before schedules had authorities. */
function toKeySchedule(where: string, { version, producers }: ProducerAuthoritySchedule): ProducerSchedule {
  return {
    version,
    producers: producers.map(({ producerName, authority: { threshold, keys } }, i) => {
      const [only] = keys;
      if (only === undefined || keys.length > 1 || only.weight !== threshold)
        throw new PoaError('SCHEDULE_FORM_MISMATCH', {
          where: `${where}.producers[${i}].authority`,
          expected: 'one key whose weight is the threshold, since WTMSIG_BLOCK_SIGNATURES is not active',
          got: `${keys.length} keys, threshold ${threshold}`,
        });
      return { producerName, blockSigningKey: only.key };
    }),
  };
}
