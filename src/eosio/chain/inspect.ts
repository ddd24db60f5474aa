/**
 * Explaining headers: every rule with its verdict, from the same tables that apply them.
 *
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import type { EosioErrorCode } from '../../errors.js';
import { assertObject } from '../../internal/bytes.js';
import { readNow } from '../../internal/fold.js';
import { computeStatus, reportFailure, reportRule, reportUnknown } from '../../internal/reports.js';
import type { Rule } from '../../internal/rules.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import type { ProtocolHeaderReport, ProtocolRuleReport } from '../../result.js';
import { type BlockHeader, isSavannaHeader } from '../encoding/header.js';
import type { HeaderExtensions } from '../encoding/headerExtensions.js';
import type { PublicKey } from '../encoding/key.js';
import type { ProducerAuthoritySchedule } from '../encoding/schedule.js';
import {
  announcedHashOf,
  assertSignedHeader,
  type ByteRange,
  type HeaderLayout,
  parseLayout,
  RECOVERY_STEPS,
  type RecoveryFacts,
  type RecoveryStep,
  type SignedHeader,
} from '../recovery/recover.js';
import { KEY_RULES } from './keyRules.js';
import { announcedScheduleOf, HEADER_RULES, type HeaderFacts, scheduledProducerOf } from './rules.js';
import { copySchedule } from './schedules.js';
import type { State } from './state.js';
import { complete } from './step.js';

/** A rule and what it says of a header. */
export interface RuleReport extends ProtocolRuleReport<EosioErrorCode, ByteRange> {}

/** Everything that can be said of a header. Members are absent where what they need does not hold. */
export interface HeaderReport extends ProtocolHeaderReport<RuleReport, BlockHeader> {
  /** Its extensions, parsed. */
  readonly extensions?: HeaderExtensions;
  /** 32 bytes, id of the block. */
  readonly id?: Uint8Array;
  /** u32, height of the block. */
  readonly number?: number;
  /** The keys that signed. */
  readonly publicKeys?: readonly PublicKey[];
  /** Account that the header names. */
  readonly producer?: string;
  /** Account whose turn the slot is; needs a state. */
  readonly scheduledProducer?: string;
  /** Whether the header is of Savanna. */
  readonly isSavanna?: boolean;
  /** The schedule that the header announces, with authorities. */
  readonly announcedSchedule?: ProducerAuthoritySchedule;
}

/** What inspecting a header may use. */
export interface InspectOptions {
  /** Of the parent block; without it, rules that need one are `unknown`. */
  readonly state?: State;
  /** Milliseconds since 1970, the verifier's clock: a safe integer that is not negative. */
  readonly now: number;
}

/** Where the fields of a header lie; those of variable length begin where the others end. */
const FIELD_RANGES: Readonly<Record<string, readonly [start: number, end: number]>> = {
  'header.slot': [0, 4],
  'header.producer': [4, 12],
  'header.confirmed': [12, 14],
  'header.previous': [14, 46],
  'header.scheduleVersion': [110, 114],
};
const VARIABLE_START = 114;

const HEADER_NEEDED = 'a header that parses';
const STATE_NEEDED = 'the state of the parent block';
const CONTEXT_NEEDED = 'the blockroot and the hash of the pending schedule, or the state of the parent block';

/** Rules over the header that need no state. */
const STATELESS: readonly EosioErrorCode[] = ['TIMESTAMP_TOO_NEW', 'CONFIRMED_NOT_ZERO'];

/**
 * Explains a header: judges every rule that can be judged, so that all failures show at once, not the first only. The rules are
 * those of `applyHeader`, so the two cannot differ: it takes a header if and only if the report on the same state says
 * `passed`.
 *
 * @param input - header and signatures, from anyone
 * @param options - `now`, and the state of the parent block if it is known
 * @returns every rule with its verdict, what it expected and what it got; and what the header proves
 * @throws TypeError for a wrong JavaScript type; never for content
 * @example
 * ```ts
 * import { createAnchor, createState, inspectHeader } from 'poa-primitives/eosio';
 * import { genesis, headers, now } from './eosio-chain-sample.js';
 *
 * const state = createState(createAnchor({ genesis }));
 * const report = inspectHeader(headers[0], { state, now });
 * report.status; // => 'passed'
 * report.scheduledProducer; // => 'eosio'
 *
 * // The second header on the same state: a parent is missing in between.
 * const wrong = inspectHeader(headers[1], { state, now });
 * const failed = wrong.rules.filter(({ status }) => status === 'failed').map(({ code }) => code);
 * failed.slice(0, 2); // => ['PARENT_MISMATCH', 'NUMBER_MISMATCH']
 * ```
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 */
export function inspectHeader(input: SignedHeader, options: InspectOptions): HeaderReport {
  const where = 'inspectHeader';
  assertSignedHeader(`${where}.input`, input);
  const now = readNow(where, options);
  const { state } = options;
  if (state !== undefined) assertObject(`${where}.options.state`, state);

  const { layout, report } = inspectLayout(input);
  const { blockroot, pendingScheduleHash, signatures } = input;
  const about = { state, now, blockroot, pendingScheduleHash, signatures: signatures.length };
  const facts: Partial<RecoveryFacts> | undefined = layout && {
    ...layout,
    input: state === undefined ? input : complete(state, layout, input),
    recoverKey: recoverPublicKey,
  };
  const recovery = RECOVERY_STEPS.map((step) => inspectStep(step, facts, state));
  const { message, publicKeys } = facts ?? {};
  const rules: RuleReport[] = [
    report,
    ...HEADER_RULES.map((rule) => inspectRule(rule, layout && { ...layout, ...about }, true, input)),
    ...recovery,
    ...KEY_RULES.map((rule) =>
      inspectRule(rule, layout && { ...layout, ...about, publicKeys }, publicKeys !== undefined, input),
    ),
  ];
  const announced = layout && announcedScheduleOf(layout);
  return {
    status: computeStatus(rules),
    rules,
    ...layout,
    ...(message && { message }),
    ...(publicKeys && { publicKeys }),
    ...(layout && { producer: layout.header.producer, isSavanna: isSavannaHeader(layout.header) }),
    ...(layout && state && { scheduledProducer: scheduledProducerOf(state, layout.header).producerName }),
    ...(announced && { announcedSchedule: copySchedule(announced) }),
  };
}

function inspectLayout(input: SignedHeader): { layout?: HeaderLayout; report: RuleReport } {
  const { length } = input.header;
  const rule = { id: 'E12', code: 'MALFORMED', where: 'header' } as const;
  const bytes: ByteRange = { part: 'header', start: 0, end: length };
  try {
    const layout = parseLayout(input);
    const sides = { expected: 'a packed header with extensions that nodes know', got: `one of ${length} bytes` };
    return { layout, report: { ...rule, status: 'passed', ...sides, bytes } };
  } catch (error) {
    return { report: reportFailure({ ...rule, bytes }, error) };
  }
}

/** Facts of which some may be missing: whoever judges by them has seen to those that its rule needs. */
type Known<Facts> = { readonly [K in keyof Facts]: Facts[K] | undefined };

function inspectRule<Facts extends HeaderFacts>(
  rule: Rule<Facts, EosioErrorCode>,
  facts: Known<Facts> | undefined,
  hasKeys: boolean,
  input: SignedHeader,
): RuleReport {
  const { code, where } = rule;
  if (facts === undefined) return reportUnknown(rule, HEADER_NEEDED);
  if (!hasKeys) return reportUnknown(rule, 'keys that signed');
  if (facts.state === undefined && !STATELESS.includes(code)) return reportUnknown(rule, STATE_NEEDED);
  return reportRule(rule, facts as Facts, rangeOf(where, input));
}

function rangeOf(where: string, { header, signatures }: SignedHeader): ByteRange | undefined {
  const range = FIELD_RANGES[where];
  if (range !== undefined) return { part: 'header', start: range[0], end: range[1] };
  if (/^header\.(?:newProducers|headerExtensions)/.test(where))
    return { part: 'header', start: VARIABLE_START, end: header.length };
  if (where === 'publicKeys' || where === 'input.signatures')
    return { part: 'signatures', start: 0, end: signatures.reduce((size, { length }) => size + length, 0) };
  return undefined;
}

/** Takes a step of recovery, if what it needs is known; adds to the facts. */
function inspectStep(
  step: RecoveryStep,
  facts: Partial<RecoveryFacts> | undefined,
  state: State | undefined,
): RuleReport {
  const { id, code, where, needs } = step;
  if (facts === undefined) return reportUnknown(step, HEADER_NEEDED);
  if (needs !== undefined && facts[needs] === undefined) return reportUnknown(step, CONTEXT_NEEDED);
  const complete = facts as RecoveryFacts;
  // Without a state it is no fault of the header that nobody knows what was signed.
  if (needs === undefined && state === undefined && !hasContext(complete)) return reportUnknown(step, CONTEXT_NEEDED);
  const bytes = step.bytes(complete);
  try {
    step.run(complete);
  } catch (error) {
    return reportFailure({ id, code, where, bytes }, error);
  }
  return { id, code, where, status: 'passed', ...step.describe(complete as Required<RecoveryFacts>), bytes };
}

function hasContext(facts: RecoveryFacts): boolean {
  const { header, input } = facts;
  if (isSavannaHeader(header)) return true;
  return input.blockroot !== undefined && (input.pendingScheduleHash ?? announcedHashOf(facts)) !== undefined;
}
