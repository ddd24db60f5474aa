/**
 * What the protocol does not promise, or not as the text says it: each test is a counter-example, and `src/ckb/CLAIMS.md` quotes its
 * figures. The promises stand in `claims.test.ts`.
 */
import {
  applyHeader,
  applyHeaders,
  applyVote,
  BLOCK_INTERVAL,
  checkBlock,
  parseHeader,
  parseTransaction,
  recoverHeader,
  type State,
  serializeBlock,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { makeTransfer } from '../../examples/kit.js';
import {
  type Block,
  GENESIS_TIME,
  listOf,
  makeBlock,
  makeGenesis,
  validatorOf,
  voteFor,
} from '../../examples/simulation/blocks.js';
import { hasty, honest, isFree, silent, stalling } from '../../examples/simulation/strategies.js';
import {
  chainOf,
  difficultyOf,
  extendAlone,
  headsOf,
  heightOf,
  LATER,
  NAMES,
  nobodyMayAttest,
  onTime,
  startFollower,
  startNetwork,
} from '../model/network.js';
import { expectCode } from '../support/errors.js';

const now = LATER;
const names = (count: number): string[] => NAMES.slice(0, count);
const show = (state: State, ...chains: Block[][]) => {
  const follower = startFollower(state);
  for (const block of chains.flat()) follower.receive(block);
  return follower;
};

describe('equal total difficulty, first seen', () => {
  /** Four validators in halves for a while, from the first block on, then all together again. */
  function healHalves(seed: number, tieBreak: 'first seen' | 'smaller hash') {
    const { simulation, peers } = startNetwork({
      count: 4,
      interval: 2,
      seed,
      tieBreak,
      names: ['Ada', 'Cleo', 'Bob', 'Dan'],
    });
    const [ada, cleo, bob, dan] = peers as [(typeof peers)[0], (typeof peers)[0], (typeof peers)[0], (typeof peers)[0]];
    simulation.partition([ada, bob], [cleo, dan]);
    simulation.run(simulation.now + 60_000);
    // Each half has as many as the interval, so each has stopped after two blocks at most.
    for (const peer of peers) expect(heightOf(peer)).toBeLessThanOrEqual(2);
    const most = Math.max(...peers.map(difficultyOf));
    const best = new Set(peers.filter((peer) => difficultyOf(peer) === most).map(({ head }) => head.id));
    const tied = best.size > 1;
    simulation.heal();
    const goesOn = simulation.run(simulation.now + 1e6, () => heightOf(ada) > 6);
    return { tied, goesOn, peers };
  }

  it('"The network cannot be halted ... by minority malicious validators": four honest ones, parted in halves and together again, halt for ever', () => {
    let ties = 0;
    for (let seed = 0; seed < 16; seed++) {
      const { tied, goesOn, peers } = healHalves(seed, 'first seen');
      expect(goesOn).toBe(!tied);
      if (!tied) continue;
      ties++;
      expect(headsOf(peers).size).toBe(2);
      expect(nobodyMayAttest(peers)).toBe(true);
      // Everybody knows both heads, and might attest on the one that they do not follow.
      for (const { known, validator } of peers)
        expect([...headsOf(peers)].filter((head) => isFree(known.get(head)?.state as State, validator)).length).toBe(1);
    }
    // Almost every second time.
    expect(ties).toBe(7);
  });

  it('... and goes on if ties are broken by something that all see alike, such as the smaller hash', () => {
    for (let seed = 0; seed < 16; seed++) expect(healHalves(seed, 'smaller hash').goesOn).toBe(true);
  });

  it('"The network cannot be halted ... by minority malicious validators": one of three who keeps silent at the start is enough', () => {
    const halts = (tieBreak: 'first seen' | 'smaller hash') =>
      Array.from({ length: 18 }, (_, seed) => {
        // Block 1 is Bob's turn. Ada and Cleo may choose the same half second.
        const strategyOf = (name: string) => (name === 'Bob' ? silent : honest);
        const { simulation, peers } = startNetwork({ count: 3, interval: 1, seed, tieBreak, strategyOf });
        const alive = simulation.run(simulation.now + 6 * BLOCK_INTERVAL);
        if (!alive) expect([nobodyMayAttest([peers[0]!, peers[2]!]), heightOf(peers[0]!)]).toEqual([true, 1]);
        return alive;
      }).filter((alive) => !alive).length;
    expect(halts('first seen')).toBe(5);
    expect(halts('smaller hash')).toBe(0);
  });

  it('"the in-turn attester\'s block total difficulty higher than the not in-turn attester\'s": not once the other one has children', () => {
    const order = names(5);
    const { state } = extendAlone(makeGenesis(listOf(order, 2)), order, 3, onTime);
    const inTurn = makeBlock(state, validatorOf('Eve'));
    const first = makeBlock(state, validatorOf('Dan'));
    const second = makeBlock(applyHeader(state, first, { now }), validatorOf('Eve'));
    const two = applyHeader(applyHeader(state, first, { now }), second, { now });
    const third = makeBlock(two, validatorOf('Ada'));
    expect([first, second, third].map((block) => block.inTurn)).toEqual([false, false, false]);
    // One child makes a tie, and the first seen stays; two outweigh it.
    expect(show(state, [inTurn], [first, second]).head.id).toBe(inTurn.id);
    expect(show(state, [first, second], [inTurn]).head.id).toBe(second.id);
    expect(show(state, [inTurn], [first, second, third]).head.id).toBe(third.id);
  });
});

describe('time', () => {
  it('"`BLOCK_INTERVAL` - the interval of blocks, set to 8 seconds": ATTEST_INTERVAL + 1 colluders mint 150 blocks in 25 ms of claimed time', () => {
    const order = names(5);
    const genesis = makeGenesis(listOf(order, 2));
    const honestChain = extendAlone(genesis, order, 37, onTime);
    const tip = honestChain.blocks.at(-1)!.timestamp;
    const { blocks, state } = extendAlone(honestChain.state, ['Cleo', 'Dan', 'Eve'], 150);
    // The first may be dated 18 intervals before its parent, since the median lags that far behind; then a millisecond buys
    // one block, and once they fill the window nineteen.
    const ages = [0, 18, 149].map((i) => tip - blocks[i]!.timestamp);
    expect(ages).toEqual([18 * BLOCK_INTERVAL - 1, 18 * BLOCK_INTERVAL - 19, 18 * BLOCK_INTERVAL - 26]);
    // In the time of none of their blocks the others could have made one.
    expect(state.totalDifficulty - honestChain.state.totalDifficulty).toBe(180n);
  });

  it('... and `minimumBlockInterval` stops it with TIMESTAMP_TOO_SOON', () => {
    const order = names(5);
    const genesis = makeGenesis(listOf(order, 2), { minimumBlockInterval: BLOCK_INTERVAL });
    const { state } = extendAlone(genesis, order, 5, onTime);
    const colluder = validatorOf('Ada');
    const parent = state.timestamps.at(-1) as bigint;
    const tooSoon = makeBlock(state, colluder, { timestamp: parent + BigInt(BLOCK_INTERVAL) - 1n });
    expectCode(() => applyHeader(state, tooSoon, { now }), 'TIMESTAMP_TOO_SOON');
    const soon = makeBlock(state, colluder, { timestamp: parent + BigInt(BLOCK_INTERVAL) });
    expect(applyHeader(state, soon, { now }).number).toBe(6n);
    // With clocks, at most two blocks are ahead of time.
    const clock = Number(parent);
    const first = applyHeader(state, soon, { now: clock });
    expectCode(() => applyHeader(first, makeBlock(first, validatorOf('Bob')), { now: clock }), 'TIMESTAMP_TOO_NEW');
  });

  it('one hasty validator of three makes blocks come ten times as fast, one who stamps ahead slows them down', () => {
    /** Height after 80 seconds, of 100 at most, and when it was reached. */
    const run = (strategy: typeof honest, minimumBlockInterval = 0) => {
      const { simulation, peers } = startNetwork({
        count: 3,
        interval: 1,
        seed: 2,
        tieBreak: 'smaller hash',
        strategyOf: (name) => (name === 'Cleo' ? strategy : honest),
        network: { minimumBlockInterval },
      });
      const [ada] = peers as [(typeof peers)[0]];
      simulation.run(GENESIS_TIME + 80_000, () => heightOf(ada) >= 100);
      return { height: heightOf(ada), seconds: (simulation.now - GENESIS_TIME) / 1000 };
    };
    expect(run(honest)).toEqual({ height: 9, seconds: 80 });
    // Others count their wait from the timestamp of the parent, which lies far back: they attest at once.
    expect(run(hasty)).toEqual({ height: 100, seconds: expect.closeTo(29, 0) });
    expect(run(stalling)).toEqual({ height: 6, seconds: 80 });
    // The minimum leaves it the 15 seconds that a block may be ahead.
    expect(run(hasty, BLOCK_INTERVAL).height).toBeLessThanOrEqual(11);
  });
});

describe('the interval', () => {
  it('at ATTEST_INTERVAL + 1 colluders a private fork of any length outweighs the chain of all others', () => {
    const order = names(5);
    const genesis = makeGenesis(listOf(order, 2));
    const honestChain = extendAlone(genesis, ['Bob', 'Cleo', 'Dan', 'Eve', 'Ada'], 20, onTime);
    expect(honestChain.state.totalDifficulty).toBe(40n);
    const fork = extendAlone(genesis, ['Bob', 'Cleo', 'Dan'], 33);
    expect(fork.state.totalDifficulty).toBe(42n);
    const follower = show(genesis, honestChain.blocks, fork.blocks);
    expect(follower.head.id).toBe(fork.blocks.at(-1)!.id);
    // One fewer: after one block of each, none of them may go on.
    const { state } = extendAlone(genesis, ['Bob', 'Cleo'], 2);
    for (const name of ['Bob', 'Cleo'])
      expectCode(() => applyHeader(state, makeBlock(state, validatorOf(name)), { now }), 'ATTESTER_TOO_SOON');
  });

  it('of 0: one validator alone outweighs the chain of all others, unless blocks must keep their distance', () => {
    const order = names(4);
    const rotation = ['Bob', 'Cleo', 'Dan', 'Ada'];
    const genesis = makeGenesis(listOf(order, 0));
    const honestChain = extendAlone(genesis, rotation, 10, onTime);
    expect(honestChain.state.totalDifficulty).toBe(20n);
    // Five of difficulty for every four blocks: 16 blocks tie with ten in turn, 17 win.
    const sixteen = extendAlone(genesis, ['Dan'], 16);
    expect(sixteen.state.totalDifficulty).toBe(20n);
    expect(show(genesis, honestChain.blocks, sixteen.blocks).head.block?.number).toBe(10);
    const seventeen = extendAlone(sixteen.state, ['Dan'], 1);
    const follower = show(genesis, honestChain.blocks, sixteen.blocks, seventeen.blocks);
    expect(follower.head.block?.number).toBe(17);
    expect(chainOf(follower).every(({ by }) => by.name === 'Dan')).toBe(true);

    // With a minimum, the time that ten blocks take gives one validator ten too, and one more for the 15 seconds ahead.
    const spaced = makeGenesis(listOf(order, 0), { minimumBlockInterval: BLOCK_INTERVAL });
    const clock = Number(onTime(9));
    const alone = extendAlone(spaced, ['Dan'], 11);
    expect(alone.state.totalDifficulty).toBe(14n);
    const twelfth = makeBlock(alone.state, validatorOf('Dan'));
    expectCode(() => applyHeader(alone.state, twelfth, { now: clock }), 'TIMESTAMP_TOO_NEW');
    const hurried = extendAlone(spaced, ['Dan'], 5).state;
    const early = makeBlock(hurried, validatorOf('Dan'), { timestamp: (hurried.timestamps.at(-1) as bigint) + 1n });
    expectCode(() => applyHeader(hurried, early, { now }), 'TIMESTAMP_TOO_SOON');
  });

  it('with so many validators online or fewer, the network halts after at most as many blocks', () => {
    for (const [count, interval] of [
      [3, 1],
      [4, 2],
      [5, 2],
      [5, 4],
      [6, 3],
    ] as const) {
      const { simulation, peers } = startNetwork({ count, interval, seed: count });
      simulation.run(simulation.now + 4 * BLOCK_INTERVAL);
      const before = Math.max(...peers.map(heightOf));
      for (const peer of peers.slice(interval)) peer.online = false;
      const online = peers.slice(0, interval);
      expect(simulation.run(simulation.now + 1e9)).toBe(false);
      expect(nobodyMayAttest(online)).toBe(true);
      for (const peer of online) expect(heightOf(peer)).toBeLessThanOrEqual(before + interval);
      // Nothing is lost: one more of them, and it goes on.
      for (const peer of peers.slice(0, interval + 2)) peer.online = true;
      expect(simulation.run(simulation.now + 4 * BLOCK_INTERVAL)).toBe(true);
      expect(heightOf(peers[0]!)).toBeGreaterThan(before);
    }
  });

  it('of n - 1: one validator offline halts the network', () => {
    for (const count of [2, 3, 5]) {
      const { simulation, peers } = startNetwork({ count, interval: count - 1, seed: count, tieBreak: 'smaller hash' });
      expect(simulation.run(simulation.now + 2 * count * BLOCK_INTERVAL)).toBe(true);
      const before = Math.max(...peers.map(heightOf));
      expect(before).toBeGreaterThanOrEqual(count);
      peers[0]!.online = false;
      expect(simulation.run(simulation.now + 1e9)).toBe(false);
      expect(Math.max(...peers.map(heightOf)) - before).toBeLessThan(count);
      expect(nobodyMayAttest(peers.slice(1))).toBe(true);
    }
  });
});

describe('headers alone', () => {
  it('"When a block contains voting transactions, the attester must put voting transactions into `POAContext`": a header cannot show that it did not', () => {
    const genesis = makeGenesis(listOf(['Ada', 'Bob', 'Cleo', 'Dan'], 2));
    const vote = voteFor(genesis, listOf(['Ada', 'Bob', 'Dan', 'Eve'], 2), ['Ada', 'Bob', 'Dan']);
    const cleo = validatorOf('Cleo');
    const hidden = makeBlock(genesis, cleo, { transactions: [makeTransfer(1), vote] });
    const open = makeBlock(genesis, cleo, { votingTxs: [vote], transactions: [makeTransfer(1)] });
    // Both recover, both apply; nothing in header and cellbase tells the one from a block without a vote.
    expect(recoverHeader(hidden).votingTxs).toEqual([]);
    const followers = applyHeader(genesis, hidden, { now });
    expect(followers.validatorList).toEqual(genesis.validatorList);
    // Who has the block sees the vote among its transactions, and that it holds.
    const blockOf = ({ header, transactions }: Block) =>
      serializeBlock({
        header: parseHeader(header),
        uncles: [],
        transactions: transactions.map(parseTransaction),
        proposals: [],
        extension: null,
      });
    expectCode(() => checkBlock(genesis, blockOf(hidden), { now }), 'VOTE_UNDECLARED');
    expect(hidden.transactions).toContainEqual(vote);
    const wholeBlocks = applyVote(followers, vote);
    expect(wholeBlocks.validatorList).toEqual(checkBlock(genesis, blockOf(open), { now }).validatorList);
    // If a node takes it nevertheless, and the vote with it, the two part at block 2 of Eve's.
    const byEve = makeBlock(wholeBlocks, validatorOf('Eve'));
    expect(applyHeader(wholeBlocks, byEve, { now }).number).toBe(2n);
    const result = tryApplyHeader(followers, byEve, { now });
    expect(result.ok ? 'applied' : result.error.code).toBe('ATTESTER_UNKNOWN');
  });

  it('old keys rewrite history: ATTEST_INTERVAL + 1 evicted validators fork from below their eviction', () => {
    const before = makeGenesis(listOf(['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'], 1));
    const vote = voteFor(before, listOf(['Ada', 'Bob', 'Cleo'], 1), ['Ada', 'Bob', 'Cleo']);
    const evicting = makeBlock(before, validatorOf('Ada'), { votingTxs: [vote], timestamp: onTime(0) });
    const atEviction = applyHeader(before, evicting, { now });
    const honestChain = extendAlone(atEviction, ['Cleo', 'Ada', 'Bob'], 6, (i) => onTime(i + 1));
    const fork = extendAlone(before, ['Dan', 'Eve'], 12);
    const follower = show(before, [evicting, ...honestChain.blocks], fork.blocks);
    expect(follower.head.id).toBe(fork.blocks.at(-1)!.id);
    expect(follower.head.state.validatorList).toEqual(before.validatorList);
    // Who began with a later anchor is not deceived.
    const inputs = fork.blocks.map(({ header, cellbase }) => ({ header, cellbase }));
    const result = applyHeaders(honestChain.state, inputs, { now });
    expect(result.ok ? 'applied' : [result.index, result.error.code]).toEqual([0, 'PARENT_MISMATCH']);
  });
});
