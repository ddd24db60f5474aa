/**
 * What the protocol promises, each test named after the sentence of the text that it tests, over random networks. What does not hold
 * as written stands in `claimsLimits.test.ts`; `src/ckb/CLAIMS.md` has the verdicts.
 */
import fc from 'fast-check';
import {
  applyHeader,
  applyHeaders,
  applyVote,
  BLOCK_INTERVAL,
  computeNextAttestableNumber,
  createState,
  OUT_OF_TURN_STEP,
  type State,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { listOf, majorityOf, makeBlock, makeGenesis, validatorOf, voteFor } from '../../examples/simulation/blocks.js';
import { honest, silent } from '../../examples/simulation/strategies.js';
import {
  allChainsOf,
  attack,
  chainOf,
  difficultyOf,
  extendAlone,
  headsOf,
  heightOf,
  LATER,
  mostMalicious,
  NAMES,
  nextNumbers,
  nobodyMayAttest,
  onTime,
  startAttack,
  startFollower,
  startNetwork,
} from '../model/network.js';
import { runs } from '../support/arbitraries.js';
import { expectCode } from '../support/errors.js';

const now = LATER;
const names = (count: number): string[] => NAMES.slice(0, count);

describe('ATTEST_INTERVAL', () => {
  it('"a validator who attest block (6) must wait for at least `ATTEST_INTERVAL` blocks to do next attest: block (6 + `ATTEST_INTERVAL` + 1)"', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat({ max: 4 }), (count, rest) => {
        const interval = 1 + (rest % (count - 1));
        const order = names(count);
        let { state } = extendAlone(makeGenesis(listOf(order, interval)), order, 6, onTime);
        const sixth = validatorOf(order[5 % count] as string);
        expect(computeNextAttestableNumber(state, sixth.pubkeyHash)).toBe(BigInt(6 + interval + 1));
        for (let number = 7; number <= 6 + interval; number++) {
          expectCode(() => applyHeader(state, makeBlock(state, sixth), { now }), 'ATTESTER_TOO_SOON');
          state = applyHeader(state, makeBlock(state, validatorOf(order[(number - 1) % count] as string)), { now });
        }
        expect(applyHeader(state, makeBlock(state, sixth), { now }).number).toBe(BigInt(6 + interval + 1));
      }),
      { numRuns: runs(4) },
    );
  });

  it('"A validator cannot attest two blocks within `ATTEST_INTERVAL` number", whatever malicious ones do', () => {
    const refusals = new Map<string, number>();
    const check = (setup: Parameters<typeof startAttack>[0]) => {
      const { simulation, honestPeers } = startAttack(setup, (event) => {
        if (event.kind === 'refused') refusals.set(event.code, (refusals.get(event.code) ?? 0) + 1);
      });
      // A block count too: who stamps blocks low makes everybody faster.
      simulation.run(simulation.now + 12 * BLOCK_INTERVAL, () => honestPeers.some((peer) => heightOf(peer) > 20));
      // Every chain that any honest peer took, not only the one that it follows.
      for (const chain of honestPeers.flatMap(allChainsOf))
        for (let i = 0; i < chain.length; i++)
          for (let back = 1; back <= Math.min(setup.interval, i); back++)
            expect(chain[i - back]?.by.name).not.toBe(chain[i]?.by.name);
    };
    // Two that certainly try, so that the rule is needed.
    const malicious = new Map([
      ['Bob', 'greedy'],
      ['Dan', 'lying'],
    ]);
    check({ count: 5, interval: 2, seed: 1, malicious });
    fc.assert(fc.property(attack, check), { numRuns: runs(8) });
    expect(refusals.get('ATTESTER_TOO_SOON') ?? 0).toBeGreaterThan(0);
    expect(refusals.get('DIFFICULTY_MISMATCH') ?? 0).toBeGreaterThan(0);
  });

  it('"when the `VALIDATOR_COUNT` <= `ATTEST_INTERVAL`, the POA testnet will stuck forever": such lists are refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 300 }), (count, more) => {
        const good = makeGenesis(listOf(names(count), count - 1));
        const bad = listOf(names(count), count + more);
        expectCode(() => createState({ ...good, validatorList: bad }), 'ATTEST_INTERVAL_TOO_LONG');
        const vote = voteFor(good, bad, names(majorityOf(count)));
        expectCode(() => applyVote(good, vote), 'ATTEST_INTERVAL_TOO_LONG');
        expectCode(
          () => applyHeader(good, makeBlock(good, validatorOf('Ada'), { votingTxs: [vote] }), { now }),
          'ATTEST_INTERVAL_TOO_LONG',
        );
      }),
      { numRuns: runs(6) },
    );
  });

  it('"... will stuck forever due to no validators can attest a new block": a state that got past the check shows why', () => {
    for (const [count, interval] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [3, 5],
      [5, 5],
    ] as const) {
      const good = makeGenesis(listOf(names(count), count - 1));
      const stuck: State = { ...good, validatorList: { ...good.validatorList, attestInterval: interval } };
      const { state } = extendAlone(stuck, names(count), count, onTime);
      expect(nextNumbers(state).filter((number) => number <= state.number + 1n)).toEqual([]);
      for (const name of names(count))
        expectCode(() => applyHeader(state, makeBlock(state, validatorOf(name)), { now }), 'ATTESTER_TOO_SOON');
      // The greatest interval that is allowed goes on.
      const { state: going } = extendAlone(good, names(count), count, onTime);
      expect(nextNumbers(going)).toContain(going.number + 1n);
    }
  });
});

describe('attesting', () => {
  it('"other validators must produce the new block to make the POA testnet continue": more than ATTEST_INTERVAL that agree on a head are enough', () => {
    const outcomes = { on: 0, stuck: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            interval: fc.integer({ min: 0, max: count - 1 }),
            seed: fc.nat(),
            tieBreak: fc.constantFrom('first seen' as const, 'smaller hash' as const),
            order: fc.shuffledSubarray(names(count), { minLength: count }),
            silentFrom: fc.nat({ max: 6 }),
          }),
        ),
        ({ order, silentFrom, ...setup }) => {
          const { simulation, peers } = startNetwork(setup);
          const online = peers.filter(({ name }) => order.indexOf(name) <= setup.interval);
          simulation.run(simulation.now + silentFrom * BLOCK_INTERVAL);
          for (const peer of peers) if (!online.includes(peer)) peer.online = false;
          // Those who stay tell each other what they know, as the others may have told some of them only.
          simulation.announce();
          const rounds = 8;
          const longest = BLOCK_INTERVAL + (setup.count - 1) * OUT_OF_TURN_STEP + 4 * 300;
          const before = Math.min(...online.map(heightOf));
          const alive = simulation.run(simulation.now + rounds * longest);
          outcomes[alive ? 'on' : 'stuck']++;
          if (alive) {
            for (const peer of online) expect(heightOf(peer)).toBeGreaterThanOrEqual(before + rounds - 2);
            return;
          }
          // It stopped: only ever at a tie that nobody can break, and never if ties are broken by what all see alike.
          expect(setup.tieBreak).toBe('first seen');
          expect(nobodyMayAttest(online)).toBe(true);
          expect(headsOf(online).size).toBeGreaterThan(1);
          expect(online.length).toBeLessThanOrEqual(headsOf(online).size * setup.interval);
          expect(new Set(online.map(difficultyOf)).size).toBe(1);
        },
      ),
      {
        numRuns: runs(16),
        // Two who attest block 1 at the same time, so that both outcomes are seen.
        examples: (['first seen', 'smaller hash'] as const).map((tieBreak) => [
          { count: 3, interval: 1, seed: 0, tieBreak, order: ['Ada', 'Cleo', 'Bob'], silentFrom: 0 },
        ]),
      },
    );
    expect(outcomes.on).toBeGreaterThan(0);
    expect(outcomes.stuck).toBeGreaterThan(0);
  });

  it('"once two validators attest at the same height due to the network error, the other nodes still chooses the higher total difficulty block as the main chain"', () => {
    const order = names(5);
    const { state } = extendAlone(makeGenesis(listOf(order, 2)), order, 3, onTime);
    // Block 4 is Eve's turn.
    const [inTurn, outOfTurn] = [makeBlock(state, validatorOf('Eve')), makeBlock(state, validatorOf('Dan'))];
    for (const arrival of [
      [inTurn, outOfTurn],
      [outOfTurn, inTurn],
    ]) {
      const follower = startFollower(state);
      for (const block of arrival) follower.receive(block);
      expect(follower.head.id).toBe(inTurn.id);
    }
  });

  it('"the other nodes still chooses the higher total difficulty block as the main chain": after a partition all agree, unless totals are equal', () => {
    const outcomes = { decided: 0, tied: 0 };
    const check = ({
      sides,
      time,
      ...setup
    }: Parameters<typeof startNetwork>[0] & { sides: number[]; time: number }) => {
      const { simulation, peers } = startNetwork(setup);
      simulation.run(simulation.now + 3 * BLOCK_INTERVAL);
      const groups = [0, 1].map((side) => peers.filter((_, i) => sides[i % sides.length] === side));
      simulation.partition(...groups);
      simulation.run(simulation.now + time * BLOCK_INTERVAL);
      // Nobody attests while they tell each other: what counts is what they choose.
      simulation.minting = false;
      simulation.run(simulation.now + BLOCK_INTERVAL / 2);
      const most = Math.max(...peers.map(difficultyOf));
      const best = new Set(peers.filter((peer) => difficultyOf(peer) === most).map(({ head }) => head.id));
      const before = new Map(peers.map((peer) => [peer, peer.head.id] as const));
      simulation.heal();
      simulation.run(simulation.now + BLOCK_INTERVAL);
      if (best.size === 1) {
        outcomes.decided++;
        expect(headsOf(peers)).toEqual(best);
        return;
      }
      outcomes.tied++;
      for (const peer of peers) {
        expect(best.has(peer.head.id)).toBe(true);
        // Who was at one of the heaviest stays there: the first seen.
        const was = before.get(peer) as string;
        if (best.has(was)) expect(peer.head.id).toBe(was);
      }
      expect(headsOf(peers).size).toBeGreaterThan(1);
    };
    check({ count: 4, interval: 2, seed: 3, sides: [0, 0, 1, 1], time: 7 });
    check({ count: 4, interval: 2, seed: 0, sides: [0, 1, 0, 1], time: 7 });
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 7 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            interval: fc.integer({ min: 0, max: count >> 1 }),
            seed: fc.nat(),
            sides: fc.array(fc.nat({ max: 1 }), { minLength: count, maxLength: count }),
            time: fc.integer({ min: 1, max: 6 }),
          }),
        ),
        check,
      ),
      { numRuns: runs(12) },
    );
    expect(outcomes.decided).toBeGreaterThan(0);
    expect(outcomes.tied).toBeGreaterThan(0);
  });
});

describe('malicious validators', () => {
  it('"When the number of malicious validators is less than `ATTEST_INTERVAL + 1`, there must exist an honest validator who has the chance to submit a block includes majority voting to evict malicious validators"', () => {
    fc.assert(
      fc.property(attack, (setup) => {
        const { count, interval, malicious } = setup;
        const { simulation, honestPeers, genesis } = startAttack(setup);
        // Stopped by height too: hasty validators would make hundreds of blocks.
        simulation.run(simulation.now + 4 * BLOCK_INTERVAL, () => honestPeers.some((peer) => heightOf(peer) > 12));
        const before = Math.max(...honestPeers.map(heightOf));
        const good = honestPeers.map(({ name }) => name);
        const wanted = listOf(good, Math.min(interval, good.length >> 1));
        simulation.votes.push(voteFor(genesis, wanted, good.slice(0, majorityOf(count))));
        const evicted = () =>
          honestPeers.every(({ head }) => head.state.validatorList.pubkeyHashes.length === good.length);
        simulation.run(simulation.now + 40 * BLOCK_INTERVAL, evicted);
        expect(evicted()).toBe(true);
        // In any ATTEST_INTERVAL + 1 blocks in a row, one is honest; on every chain that anybody took.
        for (const chain of honestPeers.flatMap(allChainsOf))
          for (let i = interval; i < chain.length; i++) {
            const row = chain.slice(i - interval, i + 1);
            expect(row.some(({ by }) => !malicious.has(by.name))).toBe(true);
            // From the vote on another list is in force.
            if (row.some(({ votes }) => votes > 0)) break;
          }
        expect(Math.max(...honestPeers.map(heightOf)) - before).toBeLessThanOrEqual(4 * (interval + 1));
        // And the network goes on, from the vote on with blocks of honest validators only.
        const height = Math.max(...honestPeers.map(heightOf)) + interval + 2;
        const goesOn = () => evicted() && honestPeers.every((peer) => heightOf(peer) >= height);
        simulation.run(simulation.now + 40 * BLOCK_INTERVAL, goesOn);
        expect(goesOn()).toBe(true);
        const chain = chainOf(honestPeers[0]!);
        const later = chain.slice(chain.findIndex(({ votes }) => votes > 0) + 1);
        expect(later.length).toBeGreaterThan(0);
        expect(later.filter(({ by }) => malicious.has(by.name))).toEqual([]);
      }),
      { numRuns: runs(12) },
    );
  });

  it('"`ATTEST_INTERVAL` can be set to `VALIDATOR_COUNT / 2` the honest validators could eventually evict malicious validators unless the half of validators corrupted"', () => {
    for (let count = 3; count <= 255; count++) expect(mostMalicious(count, count >> 1)).toBe(Math.ceil(count / 2) - 1);
    // Half of four that only keep silent halt it, and no vote can get in.
    for (const [count, quiet, goesOn] of [
      [4, 1, true],
      [4, 2, false],
      [5, 2, true],
      [5, 3, false],
    ] as const) {
      const strategyOf = (name: string) => (NAMES.indexOf(name) < quiet ? silent : honest);
      const { simulation } = startNetwork({
        count,
        interval: count >> 1,
        seed: 5,
        tieBreak: 'smaller hash',
        strategyOf,
      });
      expect(simulation.run(simulation.now + 12 * BLOCK_INTERVAL)).toBe(goesOn);
    }
  });
});

describe('a dynamic group of validators', () => {
  it('"With enough votes, the network can allow new validators to join or evict a exists validators": and a newcomer learns all from headers', () => {
    const { simulation, peers, genesis } = startNetwork({ count: 4, interval: 2, seed: 9, tieBreak: 'smaller hash' });
    simulation.run(simulation.now + 4 * BLOCK_INTERVAL);
    const eve = simulation.join(validatorOf('Eve'), honest);
    const five = listOf(names(5), 2);
    simulation.votes.push(voteFor(genesis, five, ['Ada', 'Bob', 'Dan']));
    simulation.run(simulation.now + 8 * BLOCK_INTERVAL);
    expect(eve.head.state.validatorList).toEqual(five);
    expect(chainOf(peers[0]!).some(({ by }) => by.name === 'Eve')).toBe(true);
    const four = listOf(['Ada', 'Bob', 'Dan', 'Eve'], 2);
    simulation.votes.push(voteFor(eve.head.state, four, ['Ada', 'Bob', 'Eve']));
    simulation.run(simulation.now + 8 * BLOCK_INTERVAL);
    expect(eve.head.state.validatorList).toEqual(four);
    simulation.minting = false;
    simulation.run(simulation.now + BLOCK_INTERVAL);
    expect(headsOf([...peers, eve]).size).toBe(1);
    const inputs = chainOf(eve).map(({ header, cellbase }) => ({ header, cellbase }));
    expect(applyHeaders(genesis, inputs, { now })).toEqual({ ok: true, value: eve.head.state, applied: inputs.length });
  });

  it('"A header-first synchronization from `N - 1` to `N + 4`": it passes the update from `[A, B, C, D]` to `[A, B, D, E]`', () => {
    const [A, B, C, D, E] = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'] as const;
    const before = extendAlone(makeGenesis(listOf([A, B, C, D], 2)), [B, C, D, A], 6, onTime);
    // Block N = 7: the vote. The new list is in force from N + 1 = 8 on.
    const vote = voteFor(before.state, listOf([A, B, D, E], 2), [A, B, D]);
    const block = makeBlock(before.state, validatorOf(D), { votingTxs: [vote], timestamp: onTime(6) });
    const atN = applyHeader(before.state, block, { now });
    const after = extendAlone(atN, [A, B, E, D], 4, (i) => onTime(7 + i));
    const inputs = [block, ...after.blocks].map(({ header, cellbase }) => ({ header, cellbase }));
    const synced = applyHeaders(before.state, inputs, { now });
    expect(synced).toEqual({ ok: true, value: after.state, applied: 5 });
    expect(after.state.number).toBe(11n);
    expect(after.state.validatorList).toEqual(listOf([A, B, D, E], 2));
    // Without the update Eve is a stranger, and Cleo still a validator.
    const ignorant: State = { ...atN, validatorList: before.state.validatorList };
    const result = applyHeaders(ignorant, inputs.slice(1), { now });
    expect(result.ok ? 'applied' : [result.index, result.error.code]).toEqual([2, 'ATTESTER_UNKNOWN']);
    const byCleo = tryApplyHeader(atN, makeBlock(atN, validatorOf(C)), { now });
    expect(byCleo.ok ? 'applied' : byCleo.error.code).toBe('ATTESTER_UNKNOWN');
  });
});
