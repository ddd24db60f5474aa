/**
 * The network of the archive: 21 validators, who attest in turn for the most part, and change their list four times. The same
 * blocks every time. Keys are made from fixed text: for examples only.
 */

import { applyVote, computeInTurnIndex, type State, type ValidatorList } from 'poa-primitives/ckb';
import { listOf, makeGenesis, seededRandom, validatorOf, voteFor } from '../simulation/blocks.js';

/** Of a hundred validators whose turn it is, how many miss it. */
const MISSED = 10;
const SEED = 21;

const nameOf = (index: number): string => `validator ${index}`;
const FIRST = Array.from({ length: 21 }, (_, i) => nameOf(i));

/** The lists that follow each other: one leaves and one joins; one joins; two leave and one joins; the order changes. */
const LISTS: readonly (readonly string[])[] = [
  FIRST,
  FIRST.with(3, nameOf(21)),
  [...FIRST.with(3, nameOf(21)), nameOf(22)],
  [...FIRST.slice(2).with(1, nameOf(21)), nameOf(22), nameOf(23)],
  [...FIRST.slice(2).with(1, nameOf(21)), nameOf(22), nameOf(23)].reverse(),
];

const listAt = (change: number): ValidatorList => {
  const names = LISTS[change] ?? FIRST;
  return listOf(names, Math.floor(names.length / 4));
};

/** The state after the genesis block. */
export const makeAnchor = (): State => makeGenesis(listAt(0));

/** A block that is yet to be made. */
export interface PlannedBlock {
  readonly number: number;
  /** Secret key of its attester. */
  readonly secretKey: Uint8Array;
  readonly inTurn: boolean;
  readonly votingTxs: readonly Uint8Array[];
}

/**
 * Says who attests which block, and which of them carry a vote.
 *
 * @param tooSoon - number of a block whose attester may attest again from the next one on, not yet; then there are no votes
 */
export function planBlocks(count: number, tooSoon?: number): PlannedBlock[] {
  const random = seededRandom(SEED);
  const plan: PlannedBlock[] = [];
  const recent: string[] = [];
  const step = tooSoon === undefined ? Math.floor(count / LISTS.length) : 0;
  let state = makeAnchor();
  let change = 0;
  for (let number = 1; number <= count; number++) {
    const names = LISTS[change] as readonly string[];
    const { attestInterval } = state.validatorList;
    const barred = new Set(attestInterval === 0 ? [] : recent.slice(-attestInterval));
    const turn = names[computeInTurnIndex(BigInt(number), names.length)] as string;
    // Not those who would miss their own turn by it: one missed turn would lead to the next for ever.
    const soon = Array.from({ length: attestInterval + 1 }, (_, i) => names[(number + i) % names.length]);
    const others = names.filter((name) => !soon.includes(name) && !barred.has(name));
    const keepsTurn = !barred.has(turn) && random(100) >= MISSED;
    const fair = keepsTurn ? turn : (others[random(others.length)] as string);
    const attester = number === tooSoon ? (recent.at(-attestInterval) as string) : fair;
    recent.push(attester);
    // A vote takes effect with the block after the one that carries it.
    const votes = change + 1 < LISTS.length && step > 0 && number === step * (change + 1);
    const votingTxs = votes ? [voteFor(state, listAt(change + 1), names.slice(0, state.validatorList.voteLimit))] : [];
    plan.push({ number, secretKey: validatorOf(attester).secretKey, inTurn: attester === turn, votingTxs });
    for (const vote of votingTxs) state = applyVote(state, vote);
    change += votingTxs.length;
  }
  return plan;
}
