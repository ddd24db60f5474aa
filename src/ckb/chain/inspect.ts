/**
 * Explaining headers: every rule with its verdict, from the same tables that apply them.
 *
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import type { CkbErrorCode } from '../../errors.js';
import { assertObject, indexOfBytes } from '../../internal/bytes.js';
import { readNow } from '../../internal/fold.js';
import { computeStatus, reportFailure, reportRule, reportUnknown } from '../../internal/reports.js';
import type { Rule } from '../../internal/rules.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import type { ProtocolHeaderReport, ProtocolRuleReport, RuleStatus } from '../../result.js';
import { ckbHash } from '../encoding/hash.js';
import { type Header, parseHeader } from '../encoding/header.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';
import { HEADER_SIZE } from '../encoding/schemas.js';
import { computeVotedList, type TrackedList } from '../governance/vote.js';
import {
  type ByteRange,
  RECOVERY_STEPS,
  type RecoveryFacts,
  type RecoveryStep,
  votingTxsOf,
} from '../recovery/recover.js';
import { ATTESTER_RULES, type AttesterFacts, HEADER_RULES, type HeaderFacts } from './rules.js';
import type { State } from './state.js';
import { isInTurn } from './turn.js';

/** A rule and what it says of a header. */
export interface RuleReport extends ProtocolRuleReport<CkbErrorCode, ByteRange> {}

/** Everything that can be said of a header. Members are absent where what they need does not hold. */
export interface HeaderReport extends ProtocolHeaderReport<RuleReport, Header> {
  /** 32 bytes, hash of the block. */
  readonly hash?: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey?: Uint8Array;
  /** 20 bytes, who attested. */
  readonly attester?: Uint8Array;
  /** Whether it was the attester's turn; needs a state whose list holds the attester. */
  readonly inTurn?: boolean;
  /** u32, transactions of the block, as trustworthy as the attester. */
  readonly transactionsCount?: number;
  /** Molecule `Transaction`s that change the validator list. */
  readonly votingTxs?: readonly Uint8Array[];
}

/** What inspecting a header may use. */
export interface InspectOptions {
  /** Of the parent block; without it, rules that need one are `unknown`. */
  readonly state?: State;
  /** Milliseconds since 1970, the verifier's clock: a safe integer that is not negative. */
  readonly now: number;
}

/** Where the fields of a header lie. */
const FIELD_RANGES: Readonly<Record<string, readonly [start: number, end: number]>> = {
  'header.version': [0, 4],
  'header.compactTarget': [4, 8],
  'header.timestamp': [8, 16],
  'header.number': [16, 24],
  'header.epoch': [24, 32],
  'header.parentHash': [32, 64],
  'header.nonce': [192, 208],
};

const HEADER_NEEDED = 'a header of 208 bytes';
const STATE_NEEDED = 'the state of the parent block';
const MISSING_FACTS = {
  layout: 'a cellbase whose structure holds',
  root: 'a merkle proof that holds',
} as const satisfies Partial<Record<keyof RecoveryFacts, string>>;

/** Rules over the header that need no state. */
const STATELESS: readonly CkbErrorCode[] = ['VERSION_MISMATCH', 'TIMESTAMP_TOO_NEW', 'NONCE_NOT_ZERO'];

/**
 * Explains a header: judges every rule that can be judged, so that all failures show at once, not the first only. The rules are
 * those of `applyHeader`, so the two cannot differ: it takes a header if and only if the report on the same state says `passed`.
 *
 * @param input - header and cellbase, from anyone
 * @param options - `now`, and the state of the parent block if it is known
 * @returns every rule with its verdict, what it expected and what it got; and what the header proves
 * @throws TypeError for a wrong JavaScript type; never for content
 * @example
 * ```ts
 * import { createState, inspectHeader } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const report = inspectHeader(headers[0], { state: createState(anchor), now });
 * report.status; // => 'passed'
 * report.inTurn; // => true
 *
 * // The second header on the same state: a parent is missing in between.
 * const wrong = inspectHeader(headers[1], { state: createState(anchor), now });
 * const failed = wrong.rules.filter(({ status }) => status === 'failed').map(({ code }) => code);
 * failed; // => ['PARENT_MISMATCH', 'NUMBER_MISMATCH', 'EPOCH_INVALID']
 * ```
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 */
export function inspectHeader(input: PoaHeader, options: InspectOptions): HeaderReport {
  const where = 'inspectHeader';
  assertPoaHeader(`${where}.input`, input);
  const now = readNow(where, options);
  const { state } = options;
  if (state !== undefined) assertObject(`${where}.options.state`, state);

  const { header, report } = inspectLayout(input);
  const recoverKey = recoverPublicKey;
  const facts: Partial<RecoveryFacts> = header === undefined ? { input, recoverKey } : { header, input, recoverKey };
  const recovery = RECOVERY_STEPS.map((step) => inspectStep(step, facts));
  const { layout, message, publicKey, attester } = facts;
  const votingTxs = layout && votingTxsOf(input.cellbase, layout);
  const rules: RuleReport[] = [
    report,
    ...HEADER_RULES.map((rule) => inspectHeaderRule(rule, header, state, now)),
    ...recovery,
    ...ATTESTER_RULES.map((rule) => inspectAttesterRule(rule, { header, state, attester })),
    ...inspectVotes(votingTxs, state),
  ];
  return {
    status: computeStatus(rules),
    rules,
    ...(header && { header, hash: ckbHash(input.header) }),
    ...(message && { message }),
    ...(publicKey && { publicKey }),
    ...(attester && { attester }),
    ...(header &&
      attester &&
      state &&
      isMember(state, attester) && { inTurn: isInTurn(state.validatorList, attester, header.number) }),
    ...(layout && { transactionsCount: layout.context.transactionsCount }),
    ...(votingTxs && { votingTxs }),
  };
}

function inspectLayout(input: PoaHeader): { header?: Header; report: RuleReport } {
  const { length } = input.header;
  const status: RuleStatus = length === HEADER_SIZE ? 'passed' : 'failed';
  const bytes: ByteRange = { part: 'header', start: 0, end: length };
  const sides = { expected: `${HEADER_SIZE} bytes`, got: `${length} bytes` };
  const report: RuleReport = { id: 'R4', code: 'MALFORMED', where: 'header', status, ...sides, bytes };
  return status === 'passed' ? { header: parseHeader(input.header), report } : { report };
}

function isMember({ validatorList }: State, attester: Uint8Array): boolean {
  return indexOfBytes(validatorList.pubkeyHashes, attester) !== -1;
}

function reportHeaderRule<Facts>(rule: Rule<Facts, CkbErrorCode>, facts: Facts): RuleReport {
  const range = FIELD_RANGES[rule.where];
  return reportRule(rule, facts, range && { part: 'header', start: range[0], end: range[1] });
}

function inspectHeaderRule(
  rule: Rule<HeaderFacts, CkbErrorCode>,
  header: Header | undefined,
  state: State | undefined,
  now: number,
): RuleReport {
  if (header === undefined) return reportUnknown(rule, HEADER_NEEDED);
  if (state === undefined && !STATELESS.includes(rule.code)) return reportUnknown(rule, STATE_NEEDED);
  return reportHeaderRule(rule, { header, state: state as State, now });
}

interface KnownFacts {
  readonly header: Header | undefined;
  readonly state: State | undefined;
  readonly attester: Uint8Array | undefined;
}

function inspectAttesterRule(
  rule: Rule<AttesterFacts, CkbErrorCode>,
  { header, state, attester }: KnownFacts,
): RuleReport {
  if (header === undefined) return reportUnknown(rule, HEADER_NEEDED);
  if (attester === undefined) return reportUnknown(rule, 'an attester');
  if (state === undefined) return reportUnknown(rule, STATE_NEEDED);
  if (rule.code === 'DIFFICULTY_MISMATCH' && !isMember(state, attester))
    return reportUnknown(rule, 'a validator of the list');
  return reportHeaderRule(rule, { header, state, attester });
}

/** Takes a step of recovery, if what it needs is known; adds to the facts. */
function inspectStep(step: RecoveryStep, facts: Partial<RecoveryFacts>): RuleReport {
  const { id, code, where, needs } = step;
  // Structure is judged without the header too: a damaged header says nothing against its cellbase.
  if (facts.header === undefined && needs !== undefined) return reportUnknown(step, HEADER_NEEDED);
  if (needs !== undefined && facts[needs] === undefined) return reportUnknown(step, MISSING_FACTS[needs]);
  const bytes = step.bytes(facts as RecoveryFacts);
  try {
    step.run(facts as RecoveryFacts);
  } catch (error) {
    return reportFailure({ id, code, where, bytes }, error);
  }
  return { id, code, where, status: 'passed', ...step.describe(facts as Required<RecoveryFacts>), bytes };
}

/** One report for each vote, or one that says that there is none. */
function inspectVotes(votingTxs: readonly Uint8Array[] | undefined, state: State | undefined): RuleReport[] {
  const rule = { id: 'R32', code: 'VOTES_INVALID', where: 'votingTxs' } as const;
  if (votingTxs === undefined) return [reportUnknown(rule, MISSING_FACTS.layout)];
  if (votingTxs.length === 0) return [{ ...rule, status: 'passed', expected: 'votes that hold', got: 'no votes' }];
  let list: TrackedList | undefined = state;
  return votingTxs.map((transaction, i) => {
    const where = `votingTxs[${i}]`;
    const report = { ...rule, where };
    if (state === undefined) return reportUnknown(report, STATE_NEEDED);
    if (list === undefined) return reportUnknown(report, 'a vote before it that holds');
    const before = list;
    list = undefined;
    try {
      list = computeVotedList(where, before, state.network, transaction);
    } catch (error) {
      return reportFailure(report, error);
    }
    const { voteLimit } = before.validatorList;
    const count = list.validatorList.pubkeyHashes.length;
    const expected = `${voteLimit} signatures of validators for a list that a network can run on`;
    return { ...report, status: 'passed', expected, got: `${voteLimit} signatures for a list of ${count} validators` };
  });
}
