/**
 * A chain after its boot: votes come in and activate it, the first schedule is elected, announced and takes over; one producer
 * goes missing, another is voted
 * in; and a follower who knows the genesis alone verifies every header and names the last irreversible block. Run it with `npx
 * tsx examples/eosio-chain.ts`.
 */

import {
  applyElection,
  applyElectionAction,
  applyHeader,
  applyHeaders,
  computeBlockNumber,
  computePublicKey,
  computeSlotTime,
  createAnchor,
  createElection,
  createState,
  type Election,
  type ElectionAction,
  explainProducer,
  findMissedSlots,
  type PrivateKey,
  type Proposal,
  parseHeader,
  planHeader,
  type SignedHeader,
  type State,
  sha256,
  signHeader,
  timeToText,
} from 'poa-primitives/eosio';
import { genesis as sampleGenesis } from './eosio-chain-sample.js';

const PRODUCERS = ['eagle', 'falcon', 'heron', 'ibis', 'kestrel'];

const keys = new Map<string, PrivateKey>(
  ['eosio', ...PRODUCERS].map((name) => [
    name,
    { curve: 'K1', data: sha256(new TextEncoder().encode(`example ${name}`)) },
  ]),
);
const keyOf = (name: string): PrivateKey => keys.get(name) as PrivateKey;
const genesis = { ...sampleGenesis, initialKey: computePublicKey(keyOf('eosio')) };

/** What is done, by the number of slots since the first block. */
const history: [slots: number, ...actions: ElectionAction[]][] = [
  [
    2,
    ...PRODUCERS.map((producer): ElectionAction => {
      return {
        type: 'regproducer',
        producer,
        producerKey: computePublicKey(keyOf(producer)),
        url: `https://${producer}.example`,
      };
    }),
    { type: 'stake', voter: 'anna', change: 900_000_000_000n },
    { type: 'stake', voter: 'bert', change: 500_000_000_000n },
    // A proxy before it has a stake: one that registers later weighs something already, and activates nothing with its first
    // vote.
    { type: 'regproxy', proxy: 'cleo', isProxy: true },
    { type: 'stake', voter: 'cleo', change: 400_000_000_000n },
  ],
  [4, { type: 'voteproducer', voter: 'anna', producers: ['eagle', 'falcon', 'heron'] }],
  [6, { type: 'voteproducer', voter: 'cleo', producers: ['ibis'] }],
  [8, { type: 'voteproducer', voter: 'bert', proxy: 'cleo' }],
  // Heron has been silent for a while by then.
  [100, { type: 'voteproducer', voter: 'anna', producers: ['eagle', 'falcon', 'kestrel'] }],
];
/** The slots in which heron makes no blocks. */
const SILENT_FROM = 40;
const END = 340;

let state: State = createState(createAnchor({ genesis }));
const start = state.slot;
const now = computeSlotTime(start + END);
let election: Election = createElection();
let waiting: Proposal | null = null;
const headers: SignedHeader[] = [];
let version = 0;

const say = (slot: number, text: string): void =>
  console.log(`${timeToText(computeSlotTime(slot)).slice(11, 21)}  ${text}`);
const namesOf = (schedule: State['activeSchedule']): string =>
  schedule.producers.map(({ producerName }) => producerName).join(', ');

function vote(slot: number): void {
  for (const [at, ...actions] of history) {
    if (start + at !== slot) continue;
    for (const action of actions) {
      const wasActive = election.activationTime !== null;
      election = applyElectionAction(election, action, computeSlotTime(slot));
      if (action.type === 'voteproducer')
        say(slot, `${action.voter} votes for ${action.producers?.join(', ') || `whom ${action.proxy} votes for`}`);
      if (!wasActive && election.activationTime !== null)
        say(slot, `the chain is activated: ${election.totalActivatedStake / 10_000n} tokens have voted`);
    }
  }
}

/** Makes the block of a slot: the producer signs its header, and the contract looks at the votes. */
function produce(slot: number): void {
  const plan = planHeader(state, { slot, proposal: waiting });
  const { producerName } = plan.producer;
  if (producerName === 'heron' && slot >= start + SILENT_FROM) return;
  const { header, signatures } = signHeader(plan, [keyOf(producerName)]);
  const missed = findMissedSlots(state.activeSchedule, state.slot, slot).filter(() => state.number > 1);
  for (const { producer, count } of missed) say(slot, `${producer} has missed ${count} slots`);
  headers.push({ header, signatures });
  state = applyHeader(state, { header, signatures }, { now });
  if (plan.isAnnounced) {
    waiting = null;
    say(slot, `block ${state.number} announces schedule ${state.pendingSchedule?.schedule.version}`);
  }
  if (state.activeSchedule.version !== version) {
    version = state.activeSchedule.version;
    say(slot, `schedule ${version} is active from the next block on: ${namesOf(state.activeSchedule)}`);
  }
  const update = applyElection(election, slot, state, waiting !== null);
  election = update.election;
  if (update.proposal !== null) {
    waiting = { number: state.number, producers: update.proposal };
    say(slot, `the contract proposes ${update.proposal.map(({ producerName: name }) => name).join(', ')}`);
  }
}

for (let slot = start + 1; slot < start + END; slot++) {
  vote(slot);
  if (slot === start + 101)
    for (const name of ['heron', 'kestrel']) {
      const { status, reasons } = explainProducer(election, name, {
        schedules: state,
        isWaiting: waiting !== null,
        slot,
      });
      say(slot, `${name} is ${status}: ${reasons.map(({ text }) => text).join('; ')}`);
    }
  produce(slot);
}

console.log(`\n${headers.length} headers, followed from the genesis:`);
const result = applyHeaders(createState(createAnchor({ genesis })), headers, { now });
if (!result.ok) throw result.error;
const { number, lastIrreversible, activeSchedule } = result.value;
const made = new Map<string, number>();
for (const { header } of headers) {
  const { producer } = parseHeader(header);
  made.set(producer, (made.get(producer) ?? 0) + 1);
}
console.log(
  `  all ${result.applied} hold; the head is block ${number} under schedule ${activeSchedule.version}: ${namesOf(activeSchedule)}`,
);
console.log(`  made by ${[...made].map(([name, count]) => `${name} ${count}`).join(', ')}`);
console.log(`  the last irreversible block is ${lastIrreversible}, ${number - lastIrreversible} behind`);

const spoilt = headers.map(({ header, signatures }, i) => {
  const copy = Uint8Array.from(header);
  // One bit of the root over the actions of block 50.
  if (i === 48) copy[80] = (copy[80] as number) ^ 1;
  return { header: copy, signatures };
});
const refused = applyHeaders(createState(createAnchor({ genesis })), spoilt, { now });
if (!refused.ok)
  console.log(
    `  with one bit of block ${computeBlockNumber(refused.state.id) + 1} changed it is refused: ${refused.error.code}`,
  );
