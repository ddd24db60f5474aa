/**
 * Explaining headers: every rule with its verdict, from the same tables that apply them.
 *
 * @see [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import type { CliqueErrorCode } from '../../errors.js';
import { assertBytes, assertObject, copyOf, describeBytes } from '../../internal/bytes.js';
import { readNow } from '../../internal/fold.js';
import { computeStatus, reportFailure, reportRule, reportUnknown } from '../../internal/reports.js';
import type { RlpItem } from '../../internal/rlp.js';
import type { Rule } from '../../internal/rules.js';
import type { ProtocolHeaderReport, ProtocolRuleReport } from '../../result.js';
import { DIFF_INTURN, NONCE_AUTH } from '../encoding/constants.js';
import { EXTRA_VANITY, parseExtraData } from '../encoding/extraData.js';
import { ADDRESS_SIZE, keccak256 } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header, type HeaderLayout, locateHeader, sealHashOf } from '../encoding/header.js';
import { type RecoveredHeader, recoverLocated } from '../recovery/recover.js';
import type { VoteRequest } from './build.js';
import type { HeaderRule, SignerFacts, StateFacts } from './facts.js';
import { HEADER_RULES, SIGNER_RULES } from './rules.js';
import { type Config, isCheckpoint, readConfig, type State } from './state.js';
import { isInTurn } from './turn.js';
import { indexOfSigner } from './votes.js';

/** A stretch of the header. */
export interface ByteRange {
  /** Always the header: a Clique block proves itself by nothing else. */
  readonly part: 'header';
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte. */
  readonly end: number;
}

/** A rule and what it says of a header. */
export interface RuleReport extends ProtocolRuleReport<CliqueErrorCode, ByteRange> {}

/** Everything that can be said of a header. Members are absent where what they need does not hold. */
export interface HeaderReport extends ProtocolHeaderReport<RuleReport, Header> {
  /** 32 bytes, hash of the block. */
  readonly hash?: Uint8Array;
  /** 32 bytes, what was signed: the seal hash. */
  readonly message?: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey?: Uint8Array;
  /** 20 bytes, who signed. */
  readonly signer?: Uint8Array;
  /** Whether it was the signer's turn; without a state, what the difficulty says. */
  readonly inTurn?: boolean;
  /** What the block votes for; absent where it says no more than every block. */
  readonly vote?: VoteRequest;
  /** 20 bytes each, what a checkpoint lists; needs to be known as one. */
  readonly signers?: readonly Uint8Array[];
}

/** What inspecting a header may use. */
export interface InspectOptions {
  /** Of the parent block; without it, rules that need one are `unknown`. */
  readonly state?: State;
  /** Constants of the chain, where there is no state: enough to know a checkpoint. */
  readonly config?: Partial<Config>;
  /** Milliseconds since 1970, the verifier's clock: a safe integer that is not negative. */
  readonly now: number;
}

const MISSING = {
  header: 'a header that decodes',
  config: 'the constants of the chain, or a state',
  state: 'the state of the parent block',
  signer: 'a signer',
} as const;

/**
 * Explains a header: judges every rule that can be judged, so that all failures show at once, not the first only. The rules are
 * those of `applyHeader`, so the two cannot differ: it takes a header if and only if the report on the same state says `passed`.
 *
 * @param input - RLP of a header, from anyone
 * @param options - `now`, and the state of the parent block or at least the constants of the chain if they are known
 * @returns every rule with its verdict, what it expected and what it got; and what the header proves
 * @throws TypeError for a wrong JavaScript type; PoaError `OUT_OF_RANGE` for constants out of range; never for the header
 * @example
 * ```ts
 * import { createState, inspectHeader } from 'poa-primitives/clique';
 * import { anchor, headers, now, signers } from './clique-sample.js';
 *
 * const report = inspectHeader(headers[0], { state: createState(anchor), now });
 * report.status; // => 'passed'
 * report.signer; // => signers[1]
 *
 * // The second header on the same state: a parent is missing in between.
 * const wrong = inspectHeader(headers[1], { state: createState(anchor), now });
 * const failed = wrong.rules.filter(({ status }) => status === 'failed').map(({ code }) => code);
 * failed; // => ['PARENT_MISMATCH', 'NUMBER_MISMATCH']
 * ```
 * @see [C10 Order of checks](../RULES.md#c10-order-of-checks)
 */
export function inspectHeader(input: Uint8Array, options: InspectOptions): HeaderReport {
  const where = 'inspectHeader';
  assertBytes(`${where}.input`, input);
  const now = readNow(where, options);
  const { state } = options;
  if (state !== undefined) assertObject(`${where}.options.state`, state);
  const config =
    state?.config ?? (options.config === undefined ? undefined : readConfig(`${where}.options.config`, options.config));

  const { layout, report } = inspectLayout(input);
  const recovery = inspectSeal(input, layout);
  const facts: KnownFacts = { layout, config, state, now, signer: recovery.recovered?.signer };
  const rules: RuleReport[] = [
    report,
    ...HEADER_RULES.map((rule) => inspectHeaderRule(rule, facts)),
    recovery.report,
    ...SIGNER_RULES.map((rule) => inspectSignerRule(rule, facts)),
  ];
  return {
    status: computeStatus(rules),
    rules,
    ...(layout && describeHeader(input, layout, config)),
    ...(recovery.recovered && describeSigner(recovery.recovered, state)),
  };
}

interface KnownFacts {
  readonly layout: HeaderLayout | undefined;
  readonly config: Config | undefined;
  readonly state: State | undefined;
  readonly now: number;
  readonly signer: Uint8Array | undefined;
}

function inspectLayout(input: Uint8Array): { layout?: HeaderLayout; report: RuleReport } {
  const report = { id: 'C3', code: 'MALFORMED', where: 'header' } as const;
  const bytes: ByteRange = { part: 'header', start: 0, end: input.length };
  const expected = 'a strict RLP list of 15 fields, or of 16 since London';
  try {
    const layout = locateHeader('header', input);
    const got = `one of ${layout.header.baseFeePerGas === null ? 15 : 16} fields`;
    return { layout, report: { ...report, status: 'passed', expected, got, bytes } };
  } catch (error) {
    return { report: reportFailure({ ...report, bytes }, error) };
  }
}

function inspectSeal(
  input: Uint8Array,
  layout: HeaderLayout | undefined,
): { recovered?: RecoveredHeader; report: RuleReport } {
  const report = { id: 'C6', code: 'SIGNATURE_INVALID', where: 'header.extraData.seal' } as const;
  if (layout === undefined) return { report: reportUnknown(report, MISSING.header) };
  if (layout.header.extraData.length < EXTRA_VANITY + EXTRA_SEAL)
    return { report: reportUnknown(report, 'extra-data with vanity and seal') };
  const { end } = layout.fields.extraData as RlpItem;
  const bytes: ByteRange = { part: 'header', start: end - EXTRA_SEAL, end };
  const expected = 'a seal that recovers a public key';
  try {
    const recovered = recoverLocated(input, layout);
    const got = `one by ${describeBytes(recovered.signer)}`;
    return { recovered, report: { ...report, status: 'passed', expected, got, bytes } };
  } catch (error) {
    return { report: reportFailure({ ...report, bytes }, error) };
  }
}

function inspectHeaderRule(rule: HeaderRule, { layout, config, state, now }: KnownFacts): RuleReport {
  if (layout === undefined) return reportUnknown(rule, MISSING.header);
  if (rule.needs === 'state' && state === undefined) return reportUnknown(rule, MISSING.state);
  if (rule.needs !== 'header' && config === undefined) return reportUnknown(rule, MISSING.config);
  // What a rule does not need may be missing here; the rules are tested without it.
  const facts = { header: layout.header, config, state, now } as StateFacts;
  const lacking = rule.lacks?.(facts);
  return lacking === undefined ? reportRule(rule, facts, rangeOf(rule, layout)) : reportUnknown(rule, lacking);
}

function inspectSignerRule(rule: Rule<SignerFacts, CliqueErrorCode>, facts: KnownFacts): RuleReport {
  const { layout, state, now, signer } = facts;
  if (layout === undefined) return reportUnknown(rule, MISSING.header);
  if (signer === undefined) return reportUnknown(rule, MISSING.signer);
  if (state === undefined) return reportUnknown(rule, MISSING.state);
  if (rule.code === 'DIFFICULTY_MISMATCH' && indexOfSigner(state.signers, signer) < 0)
    return reportUnknown(rule, 'one of the signers');
  const judged = { header: layout.header, config: state.config, state, now, signer };
  return reportRule(rule, judged, rangeOf(rule, layout));
}

/** The bytes that a rule looks at: a field, or the part of the extra-data that it is about. */
function rangeOf({ code, where }: Rule<never, CliqueErrorCode>, { fields }: HeaderLayout): ByteRange | undefined {
  const item = fields[where === 'signer' ? 'extraData' : where.slice('header.'.length)];
  if (item === undefined) return undefined;
  const { start, end } = item;
  if (where === 'signer') return { part: 'header', start: end - EXTRA_SEAL, end };
  const isAboutSigners = code.includes('SIGNERS');
  return isAboutSigners
    ? { part: 'header', start: start + EXTRA_VANITY, end: end - EXTRA_SEAL }
    : { part: 'header', start, end };
}

function describeHeader(input: Uint8Array, layout: HeaderLayout, config: Config | undefined): Partial<HeaderReport> {
  const { header } = layout;
  const hasSeal = header.extraData.length >= EXTRA_VANITY + EXTRA_SEAL;
  // To drop the zero address is what a block without a vote says; to authorize it is a vote like any other.
  const isVote = header.nonce === NONCE_AUTH || header.beneficiary.some((byte) => byte !== 0);
  return {
    header,
    hash: keccak256(input),
    ...(hasSeal && { message: sealHashOf('header', input, layout) }),
    ...(header.number > 0n && { inTurn: header.difficulty === DIFF_INTURN }),
    ...(isVote && { vote: { address: copyOf(header.beneficiary), authorize: header.nonce === NONCE_AUTH } }),
    ...(hasSeal && config && listedSigners(header, config)),
  };
}

function listedSigners({ number, extraData }: Header, config: Config): Pick<HeaderReport, 'signers'> | undefined {
  const isWhole = (extraData.length - EXTRA_VANITY - EXTRA_SEAL) % ADDRESS_SIZE === 0;
  return isCheckpoint(config, number) && isWhole ? { signers: parseExtraData(extraData).signers } : undefined;
}

function describeSigner(
  { publicKey, signer, header }: RecoveredHeader,
  state: State | undefined,
): Pick<HeaderReport, 'publicKey' | 'signer' | 'inTurn'> {
  const index = state === undefined ? -1 : indexOfSigner(state.signers, signer);
  return {
    publicKey,
    signer,
    ...(state && index >= 0 && { inTurn: isInTurn(header.number, index, state.signers.length) }),
  };
}
