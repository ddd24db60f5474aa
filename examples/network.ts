/**
 * `npx tsx examples/network.ts`: the life of a small network, block by block. Five validators, one of whom attests at once, censors
 * and lies; the network falls apart and heals; the others vote her out, and somebody else in. Beside them a follower that gets
 * nothing but headers. The same lines every time. Exit code 1 if they do not agree in the end.
 */

import { isDeepStrictEqual } from 'node:util';
import { ALLOWED_FUTURE_BLOCK_TIME, applyHeaders, BLOCK_INTERVAL } from 'poa-primitives/ckb';
import {
  type Block,
  GENESIS_TIME,
  listOf,
  makeGenesis,
  seededRandom,
  validatorOf,
  voteFor,
} from './simulation/blocks.js';
import { type Happening, type Known, type Peer, Simulation, type Strategy } from './simulation/engine.js';
import { censoring, forking, honest, lying } from './simulation/strategies.js';

const FIRST = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'];
const ATTEST_INTERVAL = 2;
const SEED = 3;
/** When it is asked who knows a block: no message takes longer. */
const REPORT_AFTER = 400;

const genesis = makeGenesis(listOf(FIRST, ATTEST_INTERVAL));
const simulation = new Simulation({
  genesis,
  random: seededRandom(SEED),
  delay: [20, REPORT_AFTER - 1],
  // With "first seen" two halves of equal total difficulty may wait for each other for ever: see CLAIMS.md.
  tieBreak: 'smaller hash',
  observe,
});

/** Prints a line about now a little later, once it has shown who knows a block; so lines come in the order of their times. */
function say(text: () => string): void {
  const time = ((simulation.now - GENESIS_TIME) / 1000).toFixed(1).padStart(6);
  simulation.at(simulation.now + REPORT_AFTER, () => console.log(`${time} s  ${text()}`));
}
/** A line between the chapters. */
const tell = (text: string): void => say(() => `-----  ${text}`);
const namesOf = (peers: readonly Peer[]): string => peers.map(({ name }) => name).join(' ');

function observe(happening: Happening): void {
  if (happening.kind === 'block') announceBlock(happening.block);
  else if (happening.kind === 'head') announceHead(happening.peer, happening.from, happening.to);
  else if (happening.peer.name === 'Ada') {
    const { block, code } = happening;
    say(() => `       Ada refuses block ${block.number} of ${block.by.name}, refused: ${code}`);
  }
}

function announceBlock(block: Block): void {
  const { number, by, inTurn, votes, timestamp, id } = block;
  const turn = inTurn ? 'in turn    ' : 'out of turn';
  const date = Math.round((timestamp - simulation.now) / 100) / 10;
  const stamp = date === 0 ? '' : `, dated ${date > 0 ? '+' : ''}${date.toFixed(1)} s`;
  const vote = votes > 0 ? ', with a vote' : '';
  say(() => {
    const known = simulation.peers.filter((peer) => peer.known.has(id));
    const who = known.length === simulation.peers.length ? 'everybody' : namesOf(known) || 'nobody';
    return `${String(number).padStart(5)}  ${by.name.padEnd(4)}  ${turn}  ${id.slice(0, 6)}  ${who}${stamp}${vote}`;
  });
}

/** Says so when a peer leaves a chain for another. */
function announceHead(peer: Peer, from: Known, to: Known): void {
  const ancestors = new Set<string>();
  for (let at: Known | undefined = to; at !== undefined; at = at.block && peer.known.get(at.block.parent))
    ancestors.add(at.id);
  let dropped = 0;
  for (let at: Known | undefined = from; at !== undefined && !ancestors.has(at.id); dropped++)
    at = at.block && peer.known.get(at.block.parent);
  if (dropped === 0) return;
  const totals = `total difficulty ${from.state.totalDifficulty} to ${to.state.totalDifficulty}`;
  say(() => `       reorganisation: ${peer.name} drops ${dropped}, now at ${to.id.slice(0, 6)}, ${totals}`);
}

/** Eve: censors first, then lies about turns, then replaces what others attest. */
let mischief: Strategy = censoring;
const eve = validatorOf('Eve');
const peers = FIRST.map((name) =>
  simulation.join(validatorOf(name), name === 'Eve' ? (peer) => mischief(peer) : honest, name === 'Dan' ? 900 : 0),
);
const [ada, bob, cleo] = peers as [Peer, Peer, Peer];
const until = (blocks: number): void => {
  simulation.run(simulation.now + blocks * BLOCK_INTERVAL);
};

console.log(`${FIRST.join(' ')}; ATTEST_INTERVAL ${ATTEST_INTERVAL}, VOTE_LIMIT ${genesis.validatorList.voteLimit}`);
console.log('    time  block  attester           hash    known to, after 0.4 s');
until(6);
tell('Cleo goes offline');
cleo.online = false;
until(5);
tell('Cleo is back');
cleo.online = true;
until(2);
tell('the network falls apart: Ada Bob Cleo, Dan Eve');
simulation.partition([ada, bob, cleo], peers.slice(3));
until(5);
tell('it heals');
simulation.heal();
until(3);
tell('Eve begins to lie about turns');
mischief = lying;
until(4);
tell('Ada, Bob and Dan sign a vote: Eve out. Eve forks whatever she can');
mischief = forking([eve]);
simulation.votes.push(
  voteFor(ada.head.state, listOf(['Ada', 'Bob', 'Cleo', 'Dan'], ATTEST_INTERVAL), ['Ada', 'Bob', 'Dan']),
);
until(4);
tell('Eve attests as if nothing had happened');
const evil = peers[4] as Peer;
evil.publish({});
until(1);
tell('Fay joins, and Ada, Bob and Cleo sign a vote: Fay in');
const fay = simulation.join(validatorOf('Fay'), honest);
const five = ['Ada', 'Bob', 'Cleo', 'Dan', 'Fay'];
simulation.votes.push(voteFor(ada.head.state, listOf(five, ATTEST_INTERVAL), ['Ada', 'Bob', 'Cleo']));
until(8);
simulation.minting = false;
simulation.run(simulation.now + BLOCK_INTERVAL);

const chain: Block[] = [];
for (let at = fay.head; at.block !== undefined; at = fay.known.get(at.block.parent) as Known) chain.unshift(at.block);
const inputs = chain.map(({ header, cellbase }) => ({ header, cellbase }));
const followed = applyHeaders(genesis, inputs, { now: simulation.now + ALLOWED_FUTURE_BLOCK_TIME });
const inTurn = chain.filter((block) => block.inTurn).length;
const mined = new Set(simulation.peers.flatMap((peer) => [...peer.known.keys()])).size - 1;
console.log('');
console.log(`${chain.length} blocks, ${inTurn} in turn, total difficulty ${fay.head.state.totalDifficulty}`);
console.log(`${mined - chain.length} more were attested, and are not in the chain`);
const agree = simulation.peers.every((peer) => peer.head.id === fay.head.id);
if (agree && followed.ok && isDeepStrictEqual(followed.value, fay.head.state)) {
  console.log('all validators agree, and a follower of headers agrees with them');
} else {
  console.log('they do NOT agree');
  process.exitCode = 1;
}
