/**
 * The rules that judge a header against a state, one function each, in the order in which they are asked. Whoever applies
 * headers and whoever explains them reads these tables.
 *
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { type EosioErrorCode, PoaError } from '../../errors.js';
import { describeBytes, equalBytes, viewOf } from '../../internal/bytes.js';
import type { Rule, Verdict } from '../../internal/rules.js';
import { attempt } from '../../result.js';
import { checkProducers } from '../election/authority.js';
import { scheduledIn } from '../election/slots.js';
import { type BlockHeader, computeBlockNumber, isSavannaHeader, SAVANNA_BIT } from '../encoding/header.js';
import type { HeaderExtensions, ProposerPolicyDiff } from '../encoding/headerExtensions.js';
import { computeIncrementalRoot } from '../encoding/merkle.js';
import { type ProducerAuthority, type ProducerAuthoritySchedule, toAuthoritySchedule } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';
import { computeSlotTime } from '../encoding/time.js';
import { applyProposal, claimOf, compareClaims, latestClaim, type QcClaim, signingSchedule } from './finality.js';
import { computeIrreversibility, isPromoted, numberOf } from './irreversible.js';
import type { State } from './state.js';

/** Milliseconds: a header that is this far ahead of the verifier's clock, or farther, is not taken yet. */
export const ALLOWED_FUTURE_BLOCK_TIME = 7_000;

const U32_RANGE = 0x1_0000_0000;

/** What a rule over the header alone may look at. */
export interface HeaderFacts {
  readonly state: State;
  readonly header: BlockHeader;
  readonly extensions: HeaderExtensions;
  /** The root that came with the header, if one did. */
  readonly blockroot: Uint8Array | null | undefined;
  /** The hash that came with the header, if one did. */
  readonly pendingScheduleHash: Uint8Array | null | undefined;
  /** How many signatures came with the header. */
  readonly signatures: number;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** Rules that need no recovered key, so they come first: they are cheap. */
export const HEADER_RULES: readonly Rule<HeaderFacts, EosioErrorCode>[] = [
  { id: 'E41', code: 'PARENT_MISMATCH', where: 'header.previous', judge: judgeParent },
  { id: 'E42', code: 'NUMBER_MISMATCH', where: 'header.previous', judge: judgeNumber },
  { id: 'E43', code: 'TIMESTAMP_TOO_OLD', where: 'header.slot', judge: judgeSlot },
  { id: 'E44', code: 'TIMESTAMP_TOO_NEW', where: 'header.slot', judge: judgeFuture },
  { id: 'E45', code: 'ERA_MISMATCH', where: 'header.scheduleVersion', judge: judgeEra },
  { id: 'E46', code: 'SCHEDULE_VERSION_MISMATCH', where: 'header.scheduleVersion', judge: judgeScheduleVersion },
  { id: 'E47', code: 'PRODUCER_MISMATCH', where: 'header.producer', judge: judgeProducer },
  { id: 'E48', code: 'CONFIRMED_TWICE', where: 'header.confirmed', judge: judgeConfirmed },
  { id: 'E48', code: 'CONFIRMED_NOT_ZERO', where: 'header.confirmed', judge: judgeConfirmedZero },
  { id: 'E49', code: 'SCHEDULE_UNEXPECTED', where: 'header.newProducers', judge: judgeAnnouncement },
  { id: 'E49', code: 'SCHEDULE_FORM_MISMATCH', where: 'header.newProducers', judge: judgeScheduleForm },
  { id: 'E49', code: 'NEW_SCHEDULE_VERSION_MISMATCH', where: 'header.newProducers.version', judge: judgeNewVersion },
  { id: 'E32', code: 'SCHEDULE_INVALID', where: 'header.newProducers', judge: judgeNewProducers },
  { id: 'E50', code: 'QC_CLAIM_INVALID', where: 'header.headerExtensions', judge: judgeClaim },
  { id: 'E37', code: 'BLOCKROOT_MISMATCH', where: 'input.blockroot', judge: judgeBlockroot },
  { id: 'E37', code: 'PENDING_SCHEDULE_MISMATCH', where: 'input.pendingScheduleHash', judge: judgePendingHash },
  { id: 'E38', code: 'SIGNATURE_COUNT_MISMATCH', where: 'input.signatures', judge: judgeSignatureCount },
];

/** @see [E41 Parent](../RULES.md#e41-parent) */
function judgeParent({ header, state }: HeaderFacts): Verdict {
  return {
    passed: equalBytes(header.previous, state.id),
    expected: () => describeBytes(state.id),
    got: () => describeBytes(header.previous),
  };
}

/** @see [E42 Number](../RULES.md#e42-number) */
function judgeNumber({ header, state }: HeaderFacts): Verdict {
  const number = computeBlockNumber(header.previous) + 1;
  const next = state.number + 1;
  return {
    passed: number === next && number < U32_RANGE,
    expected: () => `an id of block ${state.number}, so that this is block ${next}`,
    got: () => `one of block ${number - 1}`,
  };
}

/** @see [E43 Slot after the parent](../RULES.md#e43-slot-after-the-parent) */
function judgeSlot({ header, state }: HeaderFacts): Verdict {
  return {
    passed: header.slot > state.slot,
    expected: () => `above ${state.slot}, the slot of the parent`,
    got: () => `${header.slot}`,
  };
}

/** @see [E44 Timestamp not ahead](../RULES.md#e44-timestamp-not-ahead) */
function judgeFuture({ header, now }: HeaderFacts): Verdict {
  const time = computeSlotTime(header.slot);
  return {
    passed: time < now + ALLOWED_FUTURE_BLOCK_TIME,
    expected: () =>
      `a slot that begins before ${now + ALLOWED_FUTURE_BLOCK_TIME} ms, ${ALLOWED_FUTURE_BLOCK_TIME} ms ahead of now`,
    got: () => `slot ${header.slot}, which begins at ${time} ms`,
  };
}

/**
 * The switch to Savanna begins with the first claim, which its header makes for itself, and is due once that block is
 * irreversible. Where the anchor came after that block, it is not known when that was.
 *
 * @see [E45 Era](../RULES.md#e45-era)
 */
function judgeEra({ header, state }: HeaderFacts): Verdict {
  const { isSavanna, lastIrreversible, anchorId } = state;
  const qcClaim = latestClaim(state);
  const hasBegun = qcClaim !== null && lastIrreversible >= qcClaim.number;
  const isDue = isSavanna || hasBegun;
  const mayWait = !isSavanna && qcClaim !== null && qcClaim.number <= viewOf(anchorId).getUint32(0);
  const found = isSavannaHeader(header);
  const name = (savanna: boolean): string => (savanna ? 'a Savanna header' : 'a header of before Savanna');
  return {
    passed: found === isDue || (!found && mayWait),
    expected: () => (isDue && mayWait ? 'any header' : name(isDue)),
    got: () => name(found),
  };
}

/** @see [E46 Schedule version](../RULES.md#e46-schedule-version) */
function judgeScheduleVersion({ header, state }: HeaderFacts): Verdict {
  const wanted = isSavannaHeader(header) ? SAVANNA_BIT : state.activeSchedule.version;
  return {
    passed: header.scheduleVersion === wanted,
    expected: () => `${wanted}`,
    got: () => `${header.scheduleVersion}`,
  };
}

/** @see [E47 Producer of the slot](../RULES.md#e47-producer-of-the-slot) */
function judgeProducer({ header, state }: HeaderFacts): Verdict {
  const wanted = scheduledProducerOf(state, header).producerName;
  return {
    passed: header.producer === wanted,
    expected: () => `${describeText(wanted)}, whose turn slot ${header.slot} is`,
    got: () => describeText(header.producer),
  };
}

/** Whose turn a header is; a schedule that signs is never empty. */
export function scheduledProducerOf(state: State, { slot }: BlockHeader): ProducerAuthority {
  return scheduledIn(signingSchedule(state, slot), slot);
}

/**
 * A producer may confirm blocks above the last that it built on only. The difference is one of u32, as nodes take it: who
 * confirms more blocks than there are is let through.
 *
 * @see [E48 Confirmed](../RULES.md#e48-confirmed)
 */
function judgeConfirmed({ header, state }: HeaderFacts): Verdict {
  const last = numberOf(state.lastProduced, header.producer);
  const next = state.number + 1;
  const passed = isSavannaHeader(header) || last === undefined || last < (next - header.confirmed) >>> 0;
  return {
    passed,
    expected: () =>
      isSavannaHeader(header) || last === undefined
        ? 'any number of blocks'
        : `at most ${next - last - 1} blocks, those after block ${last} of the same producer`,
    got: () => `${header.confirmed}`,
  };
}

/** @see [E48 Confirmed](../RULES.md#e48-confirmed) */
function judgeConfirmedZero({ header }: HeaderFacts): Verdict {
  const isSavanna = isSavannaHeader(header);
  return {
    passed: !isSavanna || header.confirmed === 0,
    expected: () => (isSavanna ? '0' : 'any number of blocks'),
    got: () => `${header.confirmed}`,
  };
}

/** The schedule that a header announces, with authorities; undefined if it announces none. */
export function announcedScheduleOf({
  header,
  extensions,
}: Pick<HeaderFacts, 'header' | 'extensions'>): ProducerAuthoritySchedule | undefined {
  if (extensions.newSchedule !== null) return extensions.newSchedule;
  return header.newProducers === null ? undefined : toAuthoritySchedule(header.newProducers);
}

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
function judgeAnnouncement(facts: HeaderFacts): Verdict {
  const { header, extensions, state } = facts;
  const announced = announcedScheduleOf(facts);
  const why = whyNone(facts);
  const isDoubled = header.newProducers !== null && extensions.newSchedule !== null;
  return {
    passed: announced === undefined || (why === undefined && !isDoubled),
    expected: () => (why === undefined ? 'one schedule or none' : `none, ${why}`),
    got: () =>
      announced === undefined
        ? 'none'
        : isDoubled
          ? 'two'
          : `schedule ${announced.version} beside schedule ${state.activeSchedule.version}`,
  };
}

/** Why no schedule may be announced, or undefined. Asked for each header, so the costly question comes last. */
function whyNone(facts: HeaderFacts): string | undefined {
  const { header, state } = facts;
  if (isSavannaHeader(header)) return 'since Savanna announces schedules elsewhere';
  const { pendingSchedule } = state;
  if (pendingSchedule === null || announcedScheduleOf(facts) === undefined) return undefined;
  return isPromoted(state, computeIrreversibility(state, header).lastIrreversible)
    ? `since schedule ${pendingSchedule.schedule.version} becomes active in this block`
    : `since schedule ${pendingSchedule.schedule.version} is pending`;
}

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
function judgeScheduleForm({ header, extensions, state: { hasAuthorities } }: HeaderFacts): Verdict {
  const isKeys = header.newProducers !== null;
  const isAuthorities = extensions.newSchedule !== null;
  return {
    passed: hasAuthorities === null || (hasAuthorities ? !isKeys : !isAuthorities),
    expected: () =>
      hasAuthorities === null
        ? 'either form'
        : hasAuthorities
          ? 'an extension, since WTMSIG_BLOCK_SIGNATURES is active'
          : 'new_producers, since WTMSIG_BLOCK_SIGNATURES is not active',
    got: () => (isKeys ? 'new_producers' : isAuthorities ? 'an extension' : 'no schedule'),
  };
}

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
function judgeNewVersion(facts: HeaderFacts): Verdict {
  const announced = announcedScheduleOf(facts);
  const wanted = facts.state.activeSchedule.version + 1;
  return {
    passed: announced === undefined || announced.version === wanted,
    expected: () => `${wanted}`,
    got: () => (announced === undefined ? 'no schedule' : `${announced.version}`),
  };
}

/** @see [E32 Producers of a schedule](../RULES.md#e32-producers-of-a-schedule) */
function judgeNewProducers(facts: HeaderFacts): Verdict {
  const announced = announcedScheduleOf(facts);
  const { newProposerPolicy = null } = facts.extensions.finality ?? {};
  const result = attempt(() => {
    checkProducers('header.newProducers', announced?.producers ?? []);
    if (newProposerPolicy !== null) checkProposal(facts, newProposerPolicy);
  });
  return {
    passed: result.ok,
    expected: () => (result.ok ? 'producers and keys that a schedule may have' : result.error.expected),
    got: () => (result.ok ? `${announced?.producers.length ?? 'no schedule'}` : result.error.got),
  };
}

/** A schedule that a Savanna header proposes: none of the future, and one that can sign. */
function checkProposal({ header, state }: HeaderFacts, proposal: ProposerPolicyDiff): void {
  const where = 'header.headerExtensions';
  if (!isSavannaHeader(header))
    throw new PoaError('SCHEDULE_INVALID', { where, expected: 'no proposal before Savanna', got: 'one' });
  if (proposal.proposalSlot > header.slot)
    throw new PoaError('SCHEDULE_INVALID', {
      where,
      expected: `a proposal of slot ${header.slot} or before`,
      got: `one of slot ${proposal.proposalSlot}`,
    });
  applyProposal(state, proposal);
}

/** @see [E50 Quorum certificate claims](../RULES.md#e50-quorum-certificate-claims) */
function judgeClaim({ header, extensions, state }: HeaderFacts): Verdict {
  const found = claimOf(extensions);
  const { number } = state;
  const last = latestClaim(state);
  const isSavanna = isSavannaHeader(header);
  const passed = isSavanna
    ? found !== null && last !== null && found.number <= number && compareClaims(last, found) <= 0
    : found === null
      ? last === null
      : compareClaims(last ?? { number: number + 1, isStrong: false }, found) === 0;
  return {
    passed,
    expected: () => {
      if (isSavanna)
        return last === null ? 'one after a first claim' : `one from ${describeClaim(last)} to block ${number}`;
      return last === null ? `none, or ${describeClaim({ number: number + 1, isStrong: false })}` : describeClaim(last);
    },
    got: () => (found === null ? 'none' : describeClaim(found)),
  };
}

function describeClaim({ number, isStrong }: QcClaim): string {
  return `a ${isStrong ? 'strong' : 'weak'} claim of block ${number}`;
}

/** @see [E37 Signed headers](../RULES.md#e37-signed-headers) */
function judgeBlockroot({ header, state, blockroot: found }: HeaderFacts): Verdict {
  const wanted =
    state.blockroot === null || isSavannaHeader(header) ? undefined : computeIncrementalRoot(state.blockroot);
  return judgeContext(wanted, found, 'the root of the state');
}

/** @see [E37 Signed headers](../RULES.md#e37-signed-headers) */
function judgePendingHash(facts: HeaderFacts): Verdict {
  const { header, state, pendingScheduleHash: found } = facts;
  // A header that announces a schedule is signed with the hash of that one.
  const isGiven = isSavannaHeader(header) || announcedScheduleOf(facts) !== undefined;
  return judgeContext(isGiven ? undefined : (state.pendingScheduleHash ?? undefined), found, 'the hash of the state');
}

function judgeContext(wanted: Uint8Array | undefined, found: Uint8Array | null | undefined, what: string): Verdict {
  return {
    passed: wanted === undefined || found === undefined || found === null || equalBytes(wanted, found),
    expected: () =>
      wanted === undefined ? 'any, the signature proves it' : `none or ${what}, ${describeBytes(wanted)}`,
    got: () => (found === undefined || found === null ? 'none' : describeBytes(found)),
  };
}

/** @see [E38 Number of signatures](../RULES.md#e38-number-of-signatures) */
function judgeSignatureCount({ header, state, signatures }: HeaderFacts): Verdict {
  const keys = scheduledProducerOf(state, header).authority.keys.length;
  return {
    passed: signatures >= 1 && signatures <= keys,
    expected: () => (keys === 1 ? '1' : `1 to ${keys}, the keys of the producer`),
    got: () => `${signatures}`,
  };
}
