/**
 * The actions of the system contract that an election consists of, applied as the contract applies them: in doubles, and in its
 * order.
 *
 * @see [E30 Votes](../RULES.md#e30-votes)
 * @module
 */

import { type EosioErrorCode, PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, assertUint, wrongType } from '../../internal/bytes.js';
import { assertCurveData, PUBLIC_KEY_SIZE, type PublicKey } from '../encoding/key.js';
import { checkName, compareNames } from '../encoding/name.js';
import type { BlockSigningAuthority } from '../encoding/schedule.js';
import { describeText } from '../encoding/text.js';
import { BLOCK_EPOCH } from '../encoding/time.js';
import { checkAuthority } from './authority.js';
import {
  assertAuthority,
  assertBoolean,
  assertUrl,
  assertVotedProducers,
  closeElection,
  copyAuthority,
  copyKey,
  type Election,
  type ElectionDraft,
  openElection,
  type VoterDraft,
} from './election.js';
import { factorOf } from './voteWeight.js';

/** The greatest time that a slot number can hold, in milliseconds. */
const MAX_TIME = 3_094_168_447_999;
const STAKE_LIMIT = 9_223_372_036_854_775_808n;

/** `regproducer`, `regproducer2`: an account becomes a candidate, or one again. */
export interface RegisterProducer {
  /** Which action. */
  readonly type: 'regproducer';
  /** Account. */
  readonly producer: string;
  /** The key that will sign its blocks, not 33 zero bytes. */
  readonly producerKey: PublicKey;
  /** Several keys with weights instead, as `regproducer2` takes them; by default none. */
  readonly authority?: BlockSigningAuthority | null;
  /** Less than 512 bytes; by default empty. */
  readonly url?: string;
  /** u16; by default 0. */
  readonly location?: number;
}

/** `unregprod`: a candidate steps back; its votes stay with its row. */
export interface UnregisterProducer {
  /** Which action. */
  readonly type: 'unregprod';
  /** Account. */
  readonly producer: string;
}

/** `delegatebw`, `undelegatebw` and others: what an account has staked changes. The first stake makes it a voter. */
export interface ChangeStake {
  /** Which action. */
  readonly type: 'stake';
  /** Account. */
  readonly voter: string;
  /** Units of 0.0001 tokens that are added, or taken away if negative. */
  readonly change: bigint;
}

/** `regproxy`: an account begins or ceases to vote for others. */
export interface RegisterProxy {
  /** Which action. */
  readonly type: 'regproxy';
  /** Account. */
  readonly proxy: string;
  /** Whether it begins. */
  readonly isProxy: boolean;
}

/** `voteproducer`: a voter names a proxy, or up to 30 producers, or nobody. */
export interface VoteProducer {
  /** Which action. */
  readonly type: 'voteproducer';
  /** Account. */
  readonly voter: string;
  /** Account that votes instead, or an empty text; by default that. */
  readonly proxy?: string;
  /** Accounts voted for, ascending by name value, none twice; by default none. */
  readonly producers?: readonly string[];
}

/** An action of an election. */
export type ElectionAction = RegisterProducer | UnregisterProducer | ChangeStake | RegisterProxy | VoteProducer;

/** An action with the time of its block. */
export interface TimedElectionAction {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What was done. */
  readonly action: ElectionAction;
}

/**
 * Applies an action of the system contract to an election.
 *
 * @param election - neither kept nor modified
 * @param action - from anyone: whoever sent it was authorised, which is not judged here
 * @param time - milliseconds since 1970, of the block that carries the action
 * @returns the next state, which shares nothing with the old one
 * @throws PoaError what the contract refuses: `NAME_INVALID`; `OUT_OF_RANGE`; `PRODUCER_KEY_ZERO`, `URL_TOO_LONG`,
 * `SCHEDULE_INVALID` when registering; `PRODUCER_UNKNOWN`; `PRODUCER_INACTIVE` for a vote; `STAKE_NEGATIVE`, `STAKE_LOCKED`
 * for a stake; `PROXY_UNCHANGED`, `PROXY_CHAINED` for a proxy; `VOTE_AMBIGUOUS`, `VOTES_TOO_MANY`, `VOTES_UNSORTED`,
 * `VOTER_UNKNOWN`, `PROXY_SELF`, `PROXY_UNKNOWN`, `PROXY_CHAINED` for a vote
 * @example
 * ```ts
 * import { applyElectionAction, createElection, publicKeyFromText } from 'poa-primitives/eosio';
 *
 * const time = Date.UTC(2018, 5, 9);
 * const producerKey = publicKeyFromText('EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm');
 * let election = createElection();
 * election = applyElectionAction(election, { type: 'regproducer', producer: 'accountnum11', producerKey }, time);
 * election = applyElectionAction(election, { type: 'stake', voter: 'accountnum23', change: 2_000_000_000n }, time);
 * const vote = { type: 'voteproducer', voter: 'accountnum23', producers: ['accountnum11'] } as const;
 * election = applyElectionAction(election, vote, time);
 * election.producers[0].totalVotes; // => election.voters[0].lastVoteWeight
 * election.totalActivatedStake; // => 2_000_000_000n
 * ```
 * @see EOSIO/eosio.contracts, `voting.cpp`; [E30 Votes](../RULES.md#e30-votes)
 */
export function applyElectionAction(election: Election, action: ElectionAction, time: number): Election {
  const where = 'applyElectionAction';
  assertObject(`${where}.election`, election);
  const draft = openElection(election);
  applyTo(draft, where, action, time);
  return closeElection(draft);
}

/**
 * Applies many actions, in a draft: cheaper than a loop over {@link applyElectionAction}, with the same outcome.
 *
 * @param election - neither kept nor modified
 * @param actions - in the order of the chain
 * @returns the state after all of them
 * @throws PoaError what {@link applyElectionAction} throws, for the first that the contract refuses
 * @example
 * ```ts
 * import { applyElectionActions, createElection } from 'poa-primitives/eosio';
 *
 * const time = Date.UTC(2018, 5, 9);
 * const election = applyElectionActions(createElection(), [
 *   { time, action: { type: 'stake', voter: 'accountnum23', change: 2_000_000_000n } },
 *   { time, action: { type: 'stake', voter: 'accountnum23', change: 500n } },
 * ]);
 * election.voters[0].staked; // => 2_000_000_500n
 * ```
 * @see [E30 Votes](../RULES.md#e30-votes)
 */
export function applyElectionActions(election: Election, actions: readonly TimedElectionAction[]): Election {
  const where = 'applyElectionActions';
  assertObject(`${where}.election`, election);
  assertArray(`${where}.actions`, actions);
  const draft = openElection(election);
  for (let i = 0; i < actions.length; i++) {
    const item: unknown = actions[i];
    assertObject(`${where}.actions[${i}]`, item);
    applyTo(draft, `${where}.actions[${i}]`, item.action as ElectionAction, item.time as number);
  }
  return closeElection(draft);
}

function applyTo(draft: ElectionDraft, where: string, action: ElectionAction, time: number): void {
  assertObject(`${where}.action`, action);
  assertInteger(`${where}.time`, time, BLOCK_EPOCH, MAX_TIME);
  const at = `${where}.action`;
  switch (action.type) {
    case 'regproducer':
      registerProducer(draft, at, action, time);
      break;
    case 'unregprod':
      unregisterProducer(draft, at, action);
      break;
    case 'stake':
      changeStake(draft, at, action, time);
      break;
    case 'regproxy':
      registerProxy(draft, at, action, time);
      break;
    case 'voteproducer':
      voteProducer(draft, at, action, time);
      break;
    default:
      throw wrongType(`${where}.action.type`, 'the name of an action', (action as { type?: unknown }).type);
  }
}

function refused(code: EosioErrorCode, where: string, expected: string, got: string): PoaError {
  return new PoaError(code, { where, expected, got });
}

/** Whether a key is that of a producer who has stepped back: 33 zero bytes. */
export function isZeroKey({ data }: PublicKey): boolean {
  return data.every((byte) => byte === 0);
}

function registerProducer(draft: ElectionDraft, where: string, action: RegisterProducer, time: number): void {
  const { producer: owner, producerKey, authority = null, url = '', location = 0 } = action;
  checkName(`${where}.producer`, owner);
  assertCurveData(`${where}.producerKey`, producerKey, PUBLIC_KEY_SIZE);
  if (isZeroKey(producerKey))
    throw refused('PRODUCER_KEY_ZERO', `${where}.producerKey`, 'a key that can sign', '33 zero bytes');
  if (authority !== null) {
    assertAuthority(`${where}.authority`, authority);
    checkAuthority(`${where}.authority`, authority);
  }
  assertUrl(`${where}.url`, url);
  assertInteger(`${where}.location`, location, 0, 0xffff);
  const row = draft.producers.get(owner);
  draft.producers.set(owner, {
    owner,
    totalVotes: row?.totalVotes ?? 0,
    producerKey: copyKey(producerKey),
    authority: authority === null ? null : copyAuthority(authority),
    isActive: true,
    url,
    location,
    unpaidBlocks: row?.unpaidBlocks ?? 0,
    lastClaimTime: row === undefined || row.lastClaimTime === 0 ? time : row.lastClaimTime,
  });
}

function unregisterProducer(draft: ElectionDraft, where: string, { producer: owner }: UnregisterProducer): void {
  checkName(`${where}.producer`, owner);
  const row = draft.producers.get(owner);
  if (row === undefined)
    throw refused('PRODUCER_UNKNOWN', `${where}.producer`, 'a registered producer', describeText(owner));
  row.isActive = false;
  row.producerKey = { curve: 'K1', data: new Uint8Array(PUBLIC_KEY_SIZE) };
  row.authority = null;
}

function changeStake(draft: ElectionDraft, where: string, action: ChangeStake, time: number): void {
  const { voter: owner, change } = action;
  checkName(`${where}.voter`, owner);
  if (typeof change !== 'bigint') throw wrongType(`${where}.change`, 'bigint', change);
  assertUint(`${where}.change`, change < 0n ? -change : change, 63);
  if (change < 0n && draft.activationTime === null)
    throw refused('STAKE_LOCKED', where, 'no stake taken back before the chain is activated', `${change} units`);
  const row = draft.voters.get(owner);
  const staked = (row?.staked ?? 0n) + change;
  if (staked < 0n)
    throw refused('STAKE_NEGATIVE', where, `at most ${row?.staked ?? 0n} units taken back`, `${-change} units`);
  if (staked >= STAKE_LIMIT) throw refused('OUT_OF_RANGE', where, 'a stake below 2^63 units', 'a greater one');
  if (row === undefined) {
    draft.voters.set(owner, { ...newVoter(owner), staked });
    return;
  }
  row.staked = staked;
  if (row.proxy !== '' || row.producers.length > 0)
    updateVotes(draft, where, row, row.proxy, row.producers, false, time);
}

function newVoter(owner: string): VoterDraft {
  return { owner, proxy: '', producers: [], staked: 0n, lastVoteWeight: 0, proxiedVoteWeight: 0, isProxy: false };
}

function registerProxy(draft: ElectionDraft, where: string, { proxy, isProxy }: RegisterProxy, time: number): void {
  checkName(`${where}.proxy`, proxy);
  assertBoolean(`${where}.isProxy`, isProxy);
  const row = draft.voters.get(proxy);
  if (row === undefined) {
    draft.voters.set(proxy, { ...newVoter(proxy), isProxy });
    return;
  }
  if (row.isProxy === isProxy)
    throw refused('PROXY_UNCHANGED', `${where}.isProxy`, `${!isProxy}, since it is ${isProxy} already`, `${isProxy}`);
  if (isProxy && row.proxy !== '')
    throw refused('PROXY_CHAINED', `${where}.proxy`, 'an account that votes through nobody', describeText(row.proxy));
  row.isProxy = isProxy;
  propagate(draft, row, time);
}

function voteProducer(draft: ElectionDraft, where: string, action: VoteProducer, time: number): void {
  const { voter, proxy = '', producers = [] } = action;
  checkName(`${where}.voter`, voter);
  checkName(`${where}.proxy`, proxy);
  assertArray(`${where}.producers`, producers);
  if (proxy !== '') {
    if (producers.length > 0)
      throw refused('VOTE_AMBIGUOUS', where, 'a proxy or producers', `both, with ${producers.length} producers`);
    if (proxy === voter) throw refused('PROXY_SELF', `${where}.proxy`, 'another account', describeText(proxy));
  }
  assertVotedProducers(`${where}.producers`, producers);
  const row = draft.voters.get(voter);
  if (row === undefined)
    throw refused('VOTER_UNKNOWN', `${where}.voter`, 'an account that has staked', describeText(voter));
  if (proxy !== '' && row.isProxy)
    throw refused('PROXY_CHAINED', `${where}.proxy`, 'none for an account that is a proxy', describeText(proxy));
  updateVotes(draft, where, row, proxy, [...producers], true, time);
}

/** Takes the last vote of a voter back and counts a new one, of a new weight. Judges everything before it changes anything. */
function updateVotes(
  draft: ElectionDraft,
  where: string,
  voter: VoterDraft,
  proxy: string,
  producers: readonly string[],
  isVote: boolean,
  time: number,
): void {
  const newProxy = proxy === '' ? undefined : draft.voters.get(proxy);
  if (proxy !== '' && (newProxy === undefined || (isVote && !newProxy.isProxy)))
    throw refused('PROXY_UNKNOWN', `${where}.proxy`, 'a registered proxy', describeText(proxy));
  for (const [i, name] of producers.entries()) {
    const row = draft.producers.get(name);
    if (row === undefined)
      throw refused('PRODUCER_UNKNOWN', `${where}.producers[${i}]`, 'a registered producer', describeText(name));
    if (isVote && !row.isActive)
      throw refused('PRODUCER_INACTIVE', `${where}.producers[${i}]`, 'an active producer', describeText(name));
  }

  if (draft.activationTime === null && voter.lastVoteWeight <= 0) {
    draft.totalActivatedStake += voter.staked;
    if (draft.totalActivatedStake >= draft.minActivatedStake) draft.activationTime = time;
  }

  const weight = weightOf(voter, time);
  const deltas = new Map<string, number>();
  if (voter.lastVoteWeight > 0) {
    const oldProxy = voter.proxy === '' ? undefined : draft.voters.get(voter.proxy);
    if (oldProxy !== undefined) {
      oldProxy.proxiedVoteWeight -= voter.lastVoteWeight;
      propagate(draft, oldProxy, time);
    }
    for (const name of voter.producers) deltas.set(name, -voter.lastVoteWeight);
  }
  if (weight >= 0) {
    if (newProxy !== undefined) {
      newProxy.proxiedVoteWeight += weight;
      propagate(draft, newProxy, time);
    }
    for (const name of producers) deltas.set(name, (deltas.get(name) ?? 0) + weight);
  }
  for (const name of [...deltas.keys()].sort(compareNames)) {
    const row = draft.producers.get(name);
    const delta = deltas.get(name) as number;
    if (row === undefined) continue;
    row.totalVotes = Math.max(0, row.totalVotes + delta);
    draft.totalProducerVoteWeight += delta;
  }
  voter.lastVoteWeight = weight;
  voter.producers = producers;
  voter.proxy = proxy;
}

function weightOf(voter: VoterDraft, time: number): number {
  const own = Number(voter.staked) * factorOf(time);
  return voter.isProxy ? own + voter.proxiedVoteWeight : own;
}

/**
 * Passes a changed weight on to whom the voter votes for, or through; from proxy to proxy where those have proxies of their
 * own.
 */
function propagate(draft: ElectionDraft, first: VoterDraft, time: number): void {
  let voter: VoterDraft | undefined = first;
  while (voter !== undefined) {
    const weight = weightOf(voter, time);
    const delta = weight - voter.lastVoteWeight;
    voter.lastVoteWeight = weight;
    // The contract does not pass small changes on, and forgets them.
    if (Math.abs(delta) <= 1) return;
    const proxy: VoterDraft | undefined = voter.proxy === '' ? undefined : draft.voters.get(voter.proxy);
    if (proxy !== undefined) proxy.proxiedVoteWeight += delta;
    else
      for (const name of voter.producers) {
        const row = draft.producers.get(name);
        if (row !== undefined) row.totalVotes += delta;
        draft.totalProducerVoteWeight += delta;
      }
    voter = proxy;
  }
}
