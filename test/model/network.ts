/**
 * Networks for the tests of the protocol's claims: the engine of `examples/simulation`, set up from a few numbers, and questions
 * about what came of it that are answered from blocks and names, not from the fold.
 */
import fc, { type Arbitrary } from 'fast-check';
import { applyHeader, BLOCK_INTERVAL, computeNextAttestableNumber, type Network, type State } from 'poa-primitives/ckb';
import {
  type Block,
  GENESIS_TIME,
  listOf,
  majorityOf,
  makeBlock,
  makeGenesis,
  seededRandom,
  type Validator,
  validatorOf,
} from '../../examples/simulation/blocks.js';
import { type Options, type Peer, Simulation, type Strategy } from '../../examples/simulation/engine.js';
import {
  censoring,
  equivocating,
  forking,
  greedy,
  hasty,
  honest,
  isFree,
  lying,
  silent,
  stalling,
} from '../../examples/simulation/strategies.js';

export const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay', 'Gus'];
/** The clock of whoever applies a chain that is made without a network. */
export const LATER: number = GENESIS_TIME + 1_000_000_000;

export interface Setup {
  /** How many validators the genesis list has. */
  readonly count: number;
  readonly interval: number;
  readonly seed: number;
  readonly tieBreak?: Options['tieBreak'];
  /** By default 20 to 300 ms. */
  readonly delay?: readonly [number, number];
  readonly observe?: Options['observe'];
  /** Names of the list, in order; by default the first of {@link NAMES}. */
  readonly names?: readonly string[];
  /** By default everybody is honest. */
  readonly strategyOf?: (name: string) => Strategy;
  readonly network?: Partial<Network>;
  /** Greatest difference of a clock from the true time, ms. */
  readonly skew?: number;
}

export function startNetwork(setup: Setup): { simulation: Simulation; peers: Peer[]; genesis: State } {
  const { count, interval, seed, tieBreak = 'first seen', delay = [20, 300], skew = 0, observe } = setup;
  const names = setup.names ?? NAMES.slice(0, count);
  const random = seededRandom(seed);
  const genesis = makeGenesis(listOf(names, interval), setup.network);
  const simulation = new Simulation({
    genesis,
    random,
    delay,
    tieBreak,
    ...(observe === undefined ? {} : { observe }),
  });
  const peers = names.map((name) =>
    simulation.join(validatorOf(name), setup.strategyOf?.(name) ?? honest, random(2 * skew + 1) - skew),
  );
  return { simulation, peers, genesis };
}

/** The blocks from the first after genesis to a peer's head. */
export function chainOf(peer: Peer): Block[] {
  const chain: Block[] = [];
  for (let at = peer.head; at.block !== undefined; ) {
    chain.unshift(at.block);
    const parent = peer.known.get(at.block.parent);
    if (parent === undefined) throw new Error('a peer knows a block without its parent');
    at = parent;
  }
  return chain;
}

/** The same for every block that a peer has applied, the longest chains only. */
export function allChainsOf(peer: Peer): Block[][] {
  const blocks = [...peer.known.values()].flatMap(({ block }) => block ?? []);
  const parents = new Set(blocks.map(({ parent }) => parent));
  const byId = new Map(blocks.map((block) => [block.id, block] as const));
  return blocks
    .filter(({ id }) => !parents.has(id))
    .map((tip) => {
      const chain = [tip];
      for (let at = byId.get(tip.parent); at !== undefined; at = byId.get(at.parent)) chain.unshift(at);
      return chain;
    });
}

export const headsOf = (peers: readonly Peer[]): Set<string> => new Set(peers.map(({ head }) => head.id));
export const heightOf = ({ head }: Peer): number => head.block?.number ?? 0;
export const difficultyOf = ({ head }: Peer): number => Number(head.state.totalDifficulty);

/** Whether none of the peers may attest on the head that it follows. */
export const nobodyMayAttest = (peers: readonly Peer[]): boolean =>
  peers.every(({ head, validator }) => !isFree(head.state, validator));

/** The first height that each validator of a list may attest. */
export const nextNumbers = (state: State): bigint[] =>
  state.validatorList.pubkeyHashes.map((attester) => computeNextAttestableNumber(state, attester));

/** Malicious validators by how they behave; those of `team` act together. */
export const mischiefs: Record<string, (team: readonly Validator[]) => Strategy> = {
  silent: () => silent,
  censoring: () => censoring,
  stalling: () => stalling,
  hasty: () => hasty,
  lying: () => lying,
  greedy: () => greedy,
  equivocating: () => equivocating,
  forking,
};

/** How many validators may be malicious for the text's promises: honest ones are a majority, and more than the interval. */
export const mostMalicious = (count: number, interval: number): number =>
  Math.min(interval, count - interval - 1, count - majorityOf(count));

export interface Attack {
  readonly count: number;
  readonly interval: number;
  readonly seed: number;
  /** Behaviour of each malicious validator, by name. */
  readonly malicious: ReadonlyMap<string, string>;
}

/** Networks of 3 to 7 with as many malicious validators as the text's promises allow. */
export const attack: Arbitrary<Attack> = fc
  .integer({ min: 3, max: 7 })
  .chain((count) => fc.record({ count: fc.constant(count), interval: fc.integer({ min: 1, max: count >> 1 }) }))
  .chain(({ count, interval }) => {
    const most = mostMalicious(count, interval);
    return fc.record({
      count: fc.constant(count),
      interval: fc.constant(interval),
      seed: fc.nat(),
      malicious: fc
        .tuple(
          fc.shuffledSubarray(NAMES.slice(0, count), { minLength: Math.min(1, most), maxLength: most }),
          fc.array(fc.constantFrom(...Object.keys(mischiefs)), { minLength: most, maxLength: most }),
        )
        .map(([names, kinds]) => new Map(names.map((name, i) => [name, kinds[i] as string] as const))),
    });
  });

/** A network under attack, with its honest peers apart. */
export function startAttack({ count, interval, seed, malicious }: Attack, observe?: Options['observe']) {
  const team = [...malicious.keys()].map(validatorOf);
  const network = startNetwork({
    count,
    interval,
    seed,
    tieBreak: 'smaller hash',
    skew: 500,
    ...(observe === undefined ? {} : { observe }),
    strategyOf: (name) => mischiefs[malicious.get(name) ?? '']?.(team) ?? honest,
  });
  return { ...network, honestPeers: network.peers.filter(({ name }) => !malicious.has(name)) };
}

/** A chain without a network: block `i` by `by[i % by.length]`, each as early as it may be or at the time that is given. */
export function extendAlone(
  from: State,
  by: readonly string[],
  count: number,
  timestampOf?: (i: number) => bigint,
): { blocks: Block[]; state: State } {
  const blocks: Block[] = [];
  let state = from;
  for (let i = 0; i < count; i++) {
    const validator = validatorOf(by[i % by.length] as string);
    const block = makeBlock(state, validator, timestampOf === undefined ? {} : { timestamp: timestampOf(i) });
    state = applyHeader(state, block, { now: LATER });
    blocks.push(block);
  }
  return { blocks, state };
}

/** The time of block `i` after genesis in a chain that keeps BLOCK_INTERVAL. */
export const onTime = (i: number): bigint => BigInt(GENESIS_TIME + BLOCK_INTERVAL * (i + 1));

/** A peer of its own, to which chains can be shown: it takes headers only, like any other. */
export function startFollower(genesis: State): Peer {
  const simulation = new Simulation({ genesis, random: () => 0, delay: [0, 0] });
  simulation.now = LATER;
  return simulation.join(validatorOf('a follower'), silent);
}
