/** What validators do: the strategy of the text, and what malicious ones may try instead. */

import {
  ALLOWED_FUTURE_BLOCK_TIME,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  computeNextAttestableNumber,
  planAttestation,
  type State,
} from 'poa-primitives/ckb';
import { earliestTimestamp, idOf, isInTurn, makeBlock, type Validator } from './blocks.js';
import type { Known, Peer, Strategy } from './engine.js';

const isMember = ({ validatorList }: State, { pubkeyHash }: Validator): boolean =>
  validatorList.pubkeyHashes.some((hash) => idOf(hash) === idOf(pubkeyHash));

/** Whether a validator may attest the block after `state`. */
export const isFree = (state: State, validator: Validator): boolean =>
  isMember(state, validator) && computeNextAttestableNumber(state, validator.pubkeyHash) === state.number + 1n;

/** The votes that wait and hold, in the order in which they may stand in the next block. */
function pendingVotes(peer: Peer): Uint8Array[] {
  const chosen: Uint8Array[] = [];
  let { state } = peer.head;
  for (const vote of peer.simulation.votes) {
    const next = peer.simulation.judgeVote(state, vote);
    if (next === undefined) continue;
    state = next;
    chosen.push(vote);
  }
  return chosen;
}

/** Attests when the plan says so, with a timestamp and votes of its own choice. */
function attestAsPlanned(peer: Peer, choose: (attestAt: bigint) => { timestamp: bigint; votingTxs: Uint8Array[] }) {
  const { state } = peer.head;
  if (!isMember(state, peer.validator)) return;
  const { random } = peer.simulation.options;
  const plan = planAttestation({ state, attester: peer.validator.pubkeyHash, random });
  if (!plan.eligible) return;
  const { attestAt, compactTarget } = plan;
  peer.later(Number(attestAt), () => peer.publish({ ...choose(attestAt), compactTarget }));
}

const latest = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The strategy of the text, and every vote that waits. */
export const honest: Strategy = (peer) =>
  attestAsPlanned(peer, (attestAt) => ({
    timestamp: latest(attestAt, BigInt(peer.clock)),
    votingTxs: pendingVotes(peer),
  }));

/** Never attests. */
export const silent: Strategy = () => {};

/** Never lets a vote in. */
export const censoring: Strategy = (peer) =>
  attestAsPlanned(peer, (attestAt) => ({ timestamp: latest(attestAt, BigInt(peer.clock)), votingTxs: [] }));

/** Stamps blocks as far ahead as clocks allow, so that everybody waits longer for the next. */
export const stalling: Strategy = (peer) =>
  attestAsPlanned(peer, () => ({ timestamp: BigInt(peer.clock + ALLOWED_FUTURE_BLOCK_TIME), votingTxs: [] }));

/** Attests at once whenever it may, with a timestamp just above the median. */
export const hasty: Strategy = (peer) => {
  const { state } = peer.head;
  if (!isFree(state, peer.validator)) return;
  const timestamp = earliestTimestamp(state);
  peer.later(peer.clock, () => peer.publish({ timestamp }));
};

/** Claims the difficulty that is not due. */
export const lying: Strategy = (peer) => {
  const { state } = peer.head;
  const lie = isInTurn(state, peer.validator) ? COMPACT_TARGET_OUT_OF_TURN : COMPACT_TARGET_IN_TURN;
  peer.later(peer.clock, () => peer.publish({ compactTarget: lie }));
};

/** Attests every block, whether it may or not. */
export const greedy: Strategy = (peer) => {
  peer.later(peer.clock, () => peer.publish({}));
};

/** Makes two blocks of every height that it may attest, and shows half of the peers the one and half the other. */
export const equivocating: Strategy = (peer) => {
  const { head, simulation } = peer;
  if (!isFree(head.state, peer.validator)) return;
  peer.later(peer.clock, () => {
    const timestamp = earliestTimestamp(head.state);
    const others = simulation.peers.filter((other) => other !== peer);
    const half = others.length >> 1;
    peer.publish({ timestamp }, others.slice(0, half), head.state);
    peer.publish({ timestamp: timestamp + 1n }, others.slice(half), head.state);
  });
};

/**
 * Colluders who see a block of somebody else, and replace it by a private fork of their own blocks wherever that is heavier;
 * where it is not, they censor. The first of them acts for all, with all their keys.
 */
export function forking(team: readonly Validator[]): Strategy {
  return (peer) => {
    const { head } = peer;
    const [leader] = team;
    const isOurs = head.block === undefined || team.some(({ name }) => name === head.block?.by.name);
    if (peer.validator !== leader || isOurs) {
      censoring(peer);
      return;
    }
    const found = findHeavierFork(peer, team);
    if (found === undefined) {
      censoring(peer);
      return;
    }
    peer.later(peer.clock, () => releaseFork(peer, found.base, found.order));
  };
}

function findHeavierFork({ head, known }: Peer, team: readonly Validator[]) {
  let base: Known | undefined = head;
  for (let depth = 1; depth <= team.length; depth++) {
    base = base.block && known.get(base.block.parent);
    if (base === undefined) return undefined;
    const { order, difficulty } = planFork(base.state, team);
    if (base.state.totalDifficulty + BigInt(difficulty) > head.state.totalDifficulty) return { base, order };
  }
  return undefined;
}

/** The order in which a team's blocks after `state` are heaviest: each member attests once at most, as none may sooner. */
export function planFork(state: State, team: readonly Validator[]): { order: Validator[]; difficulty: number } {
  let best: { order: Validator[]; difficulty: number } = { order: [], difficulty: 0 };
  for (const member of team) {
    if (!isFree(state, member)) continue;
    const next: State = {
      ...state,
      number: state.number + 1n,
      recentAttesters: [...state.recentAttesters, member.pubkeyHash],
    };
    const rest = planFork(
      next,
      team.filter((other) => other !== member),
    );
    const difficulty = rest.difficulty + (isInTurn(state, member) ? 2 : 1);
    if (difficulty > best.difficulty) best = { order: [member, ...rest.order], difficulty };
  }
  return best;
}

function releaseFork(peer: Peer, base: Known, order: readonly Validator[]): void {
  const { simulation } = peer;
  let at: Known | undefined = base;
  for (const member of order) {
    if (at === undefined) return;
    const block = makeBlock(at.state, member);
    simulation.options.observe?.({ kind: 'block', block });
    peer.receive(block);
    simulation.broadcast(peer, block);
    at = peer.known.get(block.id);
  }
}
