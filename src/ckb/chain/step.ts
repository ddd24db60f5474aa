/**
 * One step of the fold: judging a header on a state, and moving a draft on to it.
 *
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { checkRules } from '../../internal/rules.js';
import { type Header, type HeaderNumbers, parseHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import { computeVotedList, type TrackedList } from '../governance/vote.js';
import { type RecoveredHeader, recoverParsed } from '../recovery/recover.js';
import { ATTESTER_RULES, HEADER_RULES } from './rules.js';
import { type Draft, MAX_RECENT_ATTESTERS, MEDIAN_TIME_BLOCK_COUNT, type State } from './state.js';
import { computeTurnDifficulty } from './turn.js';

/** What a recovered header tells the fold. */
export interface Attested extends Pick<RecoveredHeader, 'hash' | 'attester' | 'votingTxs'> {
  readonly header: HeaderNumbers;
}

/** What a header came to that holds on a state. */
export interface Judged {
  readonly recovered: Attested;
  /** The list that its votes leave, if it has any. */
  readonly list: TrackedList | undefined;
}

/** Judges a header on a state; changes nothing, and copies nothing either, so that a header that is refused costs little. */
export function judge(state: State, input: PoaHeader, now: number): Judged & { readonly recovered: RecoveredHeader } {
  const header: Header = parseHeader(input.header);
  checkRules(HEADER_RULES, { state, header, now });
  const recovered = recoverParsed(header, input);
  return { recovered, list: judgeAttester(state, recovered) };
}

/** Judges votes, one at least, in order. */
export type JudgeVotes = (state: State, votingTxs: readonly Uint8Array[]) => TrackedList;

/** The part of {@link judge} that asks who attested, and what votes there are. */
export function judgeAttester(
  state: State,
  { header, attester, votingTxs }: Attested,
  judgeVotes: JudgeVotes = judgeVotesPlainly,
): Judged['list'] {
  checkRules(ATTESTER_RULES, { state, header, attester });
  // Votes are judged last: the block itself goes by the list before all of them.
  return votingTxs.length === 0 ? undefined : judgeVotes(state, votingTxs);
}

/** Each vote is judged by the list that the one before it left. */
function judgeVotesPlainly(state: State, votingTxs: readonly Uint8Array[]): TrackedList {
  let list: TrackedList = state;
  for (let i = 0; i < votingTxs.length; i++)
    list = computeVotedList(`votingTxs[${i}]`, list, state.network, votingTxs[i] as Uint8Array);
  return list;
}

/** Moves a draft, private to one call, to the block that was judged on it, and keeps hash and attester. */
export function advance(draft: Draft, { recovered, list }: Judged): void {
  const { header, attester, hash } = recovered;
  if (list !== undefined) replaceList(draft, list);
  draft.hash = hash;
  draft.number = header.number;
  draft.epoch = header.epoch;
  draft.totalDifficulty += computeTurnDifficulty(header.compactTarget);
  draft.timestamps.push(header.timestamp);
  if (draft.timestamps.length > MEDIAN_TIME_BLOCK_COUNT) draft.timestamps.shift();
  draft.recentAttesters.push(attester);
  if (draft.recentAttesters.length > MAX_RECENT_ATTESTERS) draft.recentAttesters.shift();
}

/** Puts a list in force that votes have left; its type is the one that was tracked all along. */
export function replaceList(draft: Draft, { validatorListOutPoint, validatorList }: TrackedList): void {
  draft.validatorListOutPoint = validatorListOutPoint;
  draft.validatorList = validatorList;
}
