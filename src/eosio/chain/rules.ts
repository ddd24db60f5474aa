/**
 * The rules that judge a header against a state, and the order in which they are asked. Whoever applies headers and whoever
 * explains them reads this table.
 *
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { type EosioErrorCode, PoaError } from '../../errors.js';
import { describeBytes, equalBytes } from '../../internal/bytes.js';
import type { Explanation, Rule } from '../../internal/rules.js';
import { attempt, type Result } from '../../result.js';
import { checkProducers } from '../election/authority.js';
import { scheduledIn } from '../election/slots.js';
import { type BlockHeader, isSavannaHeader, SAVANNA_BIT } from '../encoding/header.js';
import type { ProposerPolicyDiff } from '../encoding/headerExtensions.js';
import { computeIncrementalRoot } from '../encoding/merkle.js';
import { type ProducerAuthority, type ProducerAuthoritySchedule, toAuthoritySchedule } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';
import { computeSlotTime } from '../encoding/time.js';
import { applyProposal, signingSchedule } from './finality.js';
import { computeIrreversibility, isPromoted, numberOf } from './irreversible.js';
import { CLAIM, ERA, type SavannaFacts } from './savannaRules.js';
import type { State } from './state.js';

/** Milliseconds: a header that is this far ahead of the verifier's clock, or farther, is not taken yet. */
export const ALLOWED_FUTURE_BLOCK_TIME = 7_000;

const U32_RANGE = 0x1_0000_0000;

/** What a rule over the header alone may look at. */
export interface HeaderFacts extends SavannaFacts {
  /** The root that came with the header, if one did. */
  readonly blockroot: Uint8Array | null | undefined;
  /** The hash that came with the header, if one did. */
  readonly pendingScheduleHash: Uint8Array | null | undefined;
  /** How many signatures came with the header. */
  readonly signatures: number;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

type HeaderRule = Rule<HeaderFacts, EosioErrorCode>;

/** @see [E41 Parent](../RULES.md#e41-parent) */
const PARENT: HeaderRule = {
  id: 'E41',
  code: 'PARENT_MISMATCH',
  where: 'header.previous',
  holds: ({ header, state }) => equalBytes(header.previous, state.id),
  explain: ({ header, state }) => ({ expected: describeBytes(state.id), got: describeBytes(header.previous) }),
};

/** @see [E42 Number](../RULES.md#e42-number) */
const NUMBER: HeaderRule = {
  id: 'E42',
  code: 'NUMBER_MISMATCH',
  where: 'header.previous',
  holds: ({ header, state }) => numberBefore(header) === state.number && state.number + 1 < U32_RANGE,
  explain: ({ header, state }) => ({
    expected: `an id of block ${state.number}, so that this is block ${state.number + 1}`,
    got: `one of block ${numberBefore(header)}`,
  }),
};

/** u32, the height that an id begins with, big-endian: read without a view, which would have to be made. */
function numberBefore({ previous: id }: BlockHeader): number {
  return (((id[0] ?? 0) << 24) | ((id[1] ?? 0) << 16) | ((id[2] ?? 0) << 8) | (id[3] ?? 0)) >>> 0;
}

/** @see [E43 Slot after the parent](../RULES.md#e43-slot-after-the-parent) */
const SLOT: HeaderRule = {
  id: 'E43',
  code: 'TIMESTAMP_TOO_OLD',
  where: 'header.slot',
  holds: ({ header, state }) => header.slot > state.slot,
  explain: ({ header, state }) => ({ expected: `above ${state.slot}, the slot of the parent`, got: `${header.slot}` }),
};

/** @see [E44 Timestamp not ahead](../RULES.md#e44-timestamp-not-ahead) */
const FUTURE: HeaderRule = {
  id: 'E44',
  code: 'TIMESTAMP_TOO_NEW',
  where: 'header.slot',
  holds: ({ header, now }) => computeSlotTime(header.slot) < now + ALLOWED_FUTURE_BLOCK_TIME,
  explain: ({ header: { slot }, now }) => ({
    expected: `a slot that begins before ${now + ALLOWED_FUTURE_BLOCK_TIME} ms, ${ALLOWED_FUTURE_BLOCK_TIME} ms ahead of now`,
    got: `slot ${slot}, which begins at ${computeSlotTime(slot)} ms`,
  }),
};

/** @see [E46 Schedule version](../RULES.md#e46-schedule-version) */
const SCHEDULE_VERSION: HeaderRule = {
  id: 'E46',
  code: 'SCHEDULE_VERSION_MISMATCH',
  where: 'header.scheduleVersion',
  holds: (facts) => facts.header.scheduleVersion === wantedVersion(facts),
  explain: (facts) => ({ expected: `${wantedVersion(facts)}`, got: `${facts.header.scheduleVersion}` }),
};

function wantedVersion({ header, state }: HeaderFacts): number {
  return isSavannaHeader(header) ? SAVANNA_BIT : state.activeSchedule.version;
}

/** @see [E47 Producer of the slot](../RULES.md#e47-producer-of-the-slot) */
const PRODUCER: HeaderRule = {
  id: 'E47',
  code: 'PRODUCER_MISMATCH',
  where: 'header.producer',
  holds: ({ header, state }) => header.producer === scheduledProducerOf(state, header).producerName,
  explain: ({ header, state }) => ({
    expected: `${describeText(scheduledProducerOf(state, header).producerName)}, whose turn slot ${header.slot} is`,
    got: describeText(header.producer),
  }),
};

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
const CONFIRMED: HeaderRule = {
  id: 'E48',
  code: 'CONFIRMED_TWICE',
  where: 'header.confirmed',
  holds: (facts) => {
    const last = lastProducedOf(facts);
    return last === undefined || last < (facts.state.number + 1 - facts.header.confirmed) >>> 0;
  },
  explain: (facts) => {
    const last = lastProducedOf(facts);
    return {
      expected:
        last === undefined
          ? 'any number of blocks'
          : `at most ${facts.state.number - last} blocks, those after block ${last} of the same producer`,
      got: `${facts.header.confirmed}`,
    };
  },
};

/** The last block of the producer, as far as confirmations depend on it. */
function lastProducedOf({ header, state }: HeaderFacts): number | undefined {
  return isSavannaHeader(header) ? undefined : numberOf(state.lastProduced, header.producer);
}

/** @see [E48 Confirmed](../RULES.md#e48-confirmed) */
const CONFIRMED_ZERO: HeaderRule = {
  id: 'E48',
  code: 'CONFIRMED_NOT_ZERO',
  where: 'header.confirmed',
  holds: ({ header }) => header.confirmed === 0 || !isSavannaHeader(header),
  explain: ({ header }) => ({
    expected: isSavannaHeader(header) ? '0' : 'any number of blocks',
    got: `${header.confirmed}`,
  }),
};

/** What of a header may announce a schedule. */
type Announcing = Pick<HeaderFacts, 'header' | 'extensions'>;

/** The schedule that a header announces, with authorities; undefined if it announces none. */
export function announcedScheduleOf({ header, extensions }: Announcing): ProducerAuthoritySchedule | undefined {
  if (extensions.newSchedule !== null) return extensions.newSchedule;
  return header.newProducers === null ? undefined : toAuthoritySchedule(header.newProducers);
}

/** The version of that schedule, which takes no copy of it. */
function announcedVersionOf({ header, extensions }: Announcing): number | undefined {
  return (extensions.newSchedule ?? header.newProducers)?.version;
}

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
const ANNOUNCEMENT: HeaderRule = {
  id: 'E49',
  code: 'SCHEDULE_UNEXPECTED',
  where: 'header.newProducers',
  holds: (facts) => announcedVersionOf(facts) === undefined || (mayAnnounce(facts) && !isDoubled(facts)),
  explain: (facts) => {
    const version = announcedVersionOf(facts);
    const why = describeWhyNone(facts);
    const one = `schedule ${version} beside schedule ${facts.state.activeSchedule.version}`;
    return {
      expected: why === undefined ? 'one schedule or none' : `none, ${why}`,
      got: version === undefined ? 'none' : isDoubled(facts) ? 'two' : one,
    };
  },
};

function mayAnnounce({ header, state }: HeaderFacts): boolean {
  return !isSavannaHeader(header) && state.pendingSchedule === null;
}

function isDoubled({ header, extensions }: HeaderFacts): boolean {
  return header.newProducers !== null && extensions.newSchedule !== null;
}

/** Why no schedule may be announced, or undefined; of a pending one only where it is in the way. */
function describeWhyNone(facts: HeaderFacts): string | undefined {
  const { header, state } = facts;
  if (mayAnnounce(facts)) return undefined;
  if (isSavannaHeader(header)) return 'since Savanna announces schedules elsewhere';
  if (announcedVersionOf(facts) === undefined) return undefined;
  const isActive = isPromoted(state, computeIrreversibility(state, header).lastIrreversible);
  const pending = `since schedule ${state.pendingSchedule?.schedule.version}`;
  return isActive ? `${pending} becomes active in this block` : `${pending} is pending`;
}

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
const SCHEDULE_FORM: HeaderRule = {
  id: 'E49',
  code: 'SCHEDULE_FORM_MISMATCH',
  where: 'header.newProducers',
  holds: ({ header, extensions, state: { hasAuthorities } }) =>
    hasAuthorities === null || (hasAuthorities ? header.newProducers : extensions.newSchedule) === null,
  explain: ({ header, extensions, state: { hasAuthorities } }) => ({
    expected:
      hasAuthorities === null
        ? 'either form'
        : hasAuthorities
          ? 'an extension, since WTMSIG_BLOCK_SIGNATURES is active'
          : 'new_producers, since WTMSIG_BLOCK_SIGNATURES is not active',
    got:
      header.newProducers !== null ? 'new_producers' : extensions.newSchedule !== null ? 'an extension' : 'no schedule',
  }),
};

/** @see [E49 Announced schedules](../RULES.md#e49-announced-schedules) */
const NEW_VERSION: HeaderRule = {
  id: 'E49',
  code: 'NEW_SCHEDULE_VERSION_MISMATCH',
  where: 'header.newProducers.version',
  holds: (facts) => {
    const version = announcedVersionOf(facts);
    return version === undefined || version === facts.state.activeSchedule.version + 1;
  },
  explain: (facts) => ({
    expected: `${facts.state.activeSchedule.version + 1}`,
    got: `${announcedVersionOf(facts) ?? 'no schedule'}`,
  }),
};

/** @see [E32 Producers of a schedule](../RULES.md#e32-producers-of-a-schedule) */
const NEW_PRODUCERS: HeaderRule = {
  id: 'E32',
  code: 'SCHEDULE_INVALID',
  where: 'header.newProducers',
  holds: (facts) => findFault(facts) === undefined,
  explain: (facts) => {
    const fault = findFault(facts);
    if (fault !== undefined) return { expected: fault.expected, got: fault.got };
    const count = announcedScheduleOf(facts)?.producers.length;
    return { expected: 'producers and keys that a schedule may have', got: `${count ?? 'no schedule'}` };
  },
};

/** What is wrong with the producers that a header announces or proposes. */
function findFault(facts: HeaderFacts): PoaError | undefined {
  const announced = announcedScheduleOf(facts);
  const proposal = facts.extensions.finality?.newProposerPolicy ?? null;
  if (announced === undefined && proposal === null) return undefined;
  const result = tryProducers(facts, announced?.producers ?? [], proposal);
  return result.ok ? undefined : result.error;
}

function tryProducers(
  facts: HeaderFacts,
  announced: readonly ProducerAuthority[],
  proposal: ProposerPolicyDiff | null,
): Result<void> {
  return attempt(() => {
    checkProducers('header.newProducers', announced);
    if (proposal !== null) checkProposal(facts, proposal);
  });
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

/** @see [E37 Signed headers](../RULES.md#e37-signed-headers) */
const BLOCKROOT: HeaderRule = {
  id: 'E37',
  code: 'BLOCKROOT_MISMATCH',
  where: 'input.blockroot',
  holds: (facts) => !facts.blockroot || isSame(wantedRoot(facts), facts.blockroot),
  explain: (facts) => explainContext(wantedRoot(facts), facts.blockroot, 'the root of the state'),
};

function wantedRoot({ header, state: { blockroot } }: HeaderFacts): Uint8Array | undefined {
  return blockroot === null || isSavannaHeader(header) ? undefined : computeIncrementalRoot(blockroot);
}

/** @see [E37 Signed headers](../RULES.md#e37-signed-headers) */
const PENDING_HASH: HeaderRule = {
  id: 'E37',
  code: 'PENDING_SCHEDULE_MISMATCH',
  where: 'input.pendingScheduleHash',
  holds: (facts) => !facts.pendingScheduleHash || isSame(wantedHash(facts), facts.pendingScheduleHash),
  explain: (facts) => explainContext(wantedHash(facts), facts.pendingScheduleHash, 'the hash of the state'),
};

function wantedHash(facts: HeaderFacts): Uint8Array | undefined {
  // A header that announces a schedule is signed with the hash of that one.
  const isGiven = isSavannaHeader(facts.header) || announcedVersionOf(facts) !== undefined;
  return isGiven ? undefined : (facts.state.pendingScheduleHash ?? undefined);
}

function isSame(wanted: Uint8Array | undefined, found: Uint8Array): boolean {
  return wanted === undefined || equalBytes(wanted, found);
}

function explainContext(
  wanted: Uint8Array | undefined,
  found: Uint8Array | null | undefined,
  what: string,
): Explanation {
  return {
    expected: wanted === undefined ? 'any, the signature proves it' : `none or ${what}, ${describeBytes(wanted)}`,
    got: found === undefined || found === null ? 'none' : describeBytes(found),
  };
}

/** @see [E38 Number of signatures](../RULES.md#e38-number-of-signatures) */
const SIGNATURE_COUNT: HeaderRule = {
  id: 'E38',
  code: 'SIGNATURE_COUNT_MISMATCH',
  where: 'input.signatures',
  holds: (facts) => facts.signatures >= 1 && facts.signatures <= countKeys(facts),
  explain: (facts) => {
    const keys = countKeys(facts);
    return { expected: keys === 1 ? '1' : `1 to ${keys}, the keys of the producer`, got: `${facts.signatures}` };
  },
};

function countKeys({ header, state }: HeaderFacts): number {
  return scheduledProducerOf(state, header).authority.keys.length;
}

/** Rules that need no recovered key, so they come first: they are cheap. */
export const HEADER_RULES: readonly HeaderRule[] = [
  PARENT,
  NUMBER,
  SLOT,
  FUTURE,
  ERA,
  SCHEDULE_VERSION,
  PRODUCER,
  CONFIRMED,
  CONFIRMED_ZERO,
  ANNOUNCEMENT,
  SCHEDULE_FORM,
  NEW_VERSION,
  NEW_PRODUCERS,
  CLAIM,
  BLOCKROOT,
  PENDING_HASH,
  SIGNATURE_COUNT,
];
