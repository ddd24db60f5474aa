/**
 * One step of the fold: judging a header on a state, and the state behind it.
 *
 * @see [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import { copyOf } from '../../internal/bytes.js';
import { checkRules } from '../../internal/rules.js';
import { NONCE_AUTH } from '../encoding/constants.js';
import { type Header, locateHeader } from '../encoding/header.js';
import { type RecoveredHeader, recoverLocated } from '../recovery/recover.js';
import { HEADER_RULES, SIGNER_RULES } from './rules.js';
import { isCheckpoint, type RecentSigner, type State, signerLimitOf } from './state.js';
import { castVote, indexOfSigner } from './votes.js';

/** What a recovered header tells the fold. */
export type Sealed = Pick<RecoveredHeader, 'header' | 'hash' | 'signer'>;

/** Applies a header to a state: rules, recovery, signer, vote. */
export function applyPlainly(state: State, input: Uint8Array, now: number): State {
  const layout = locateHeader('header', input);
  judgeHeader(state, layout.header, now);
  return advance(state, recoverLocated(input, layout), now);
}

/** Judges what needs no signature. */
export function judgeHeader(state: State, header: Header, now: number): void {
  checkRules(HEADER_RULES, { header, now, config: state.config, state });
}

/**
 * Judges the signer, then moves on: the oldest of the recent signers is free again, the votes are reset at a checkpoint, the vote of
 * the block counts, and where a signer leaves SIGNER_LIMIT shrinks and one more of the recent signers is free.
 *
 * @see [C28 Recently signed](../RULES.md#c28-recently-signed), [C31 Counting a vote](../RULES.md#c31-counting-a-vote)
 */
export function advance(state: State, recovered: Sealed, now: number): State {
  const { config } = state;
  const { header } = recovered;
  const { number } = header;
  checkRules(SIGNER_RULES, { header, now, config, state, signer: recovered.signer });
  const signer = copyOf(recovered.signer);
  const before = { signers: state.signers, votes: isCheckpoint(config, number) ? null : state.votes };
  const address = copyOf(header.beneficiary);
  const { signers, votes } = castVote(before, { signer, number, address, authorize: header.nonce === NONCE_AUTH });
  // A list that grows takes nothing back, one that shrinks frees at once: the smaller limit counts.
  const limit = Math.min(signerLimitOf(state.signers.length), signerLimitOf(signers.length));
  const oldest = number - BigInt(limit);
  let start = 0;
  while (start < state.recents.length && (state.recents[start] as RecentSigner).number <= oldest) start++;
  const recents = state.recents.slice(start);
  recents.push({ number, signer });
  return {
    config,
    anchorHash: state.anchorHash,
    hash: copyOf(recovered.hash),
    number,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    gasUsed: header.gasUsed,
    baseFeePerGas: header.baseFeePerGas,
    totalDifficulty: state.totalDifficulty + header.difficulty,
    signers,
    recents,
    votes,
    position: { index: indexOfSigner(state.signers, signer), count: state.signers.length },
  };
}
