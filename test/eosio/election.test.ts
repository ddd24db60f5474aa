import fc from 'fast-check';
import {
  applyElection,
  applyElectionAction,
  applyElectionActions,
  computeActivationStake,
  computeElection,
  computePublicKey,
  computeTally,
  computeVoteDecay,
  computeVoteFactor,
  computeVoteWeek,
  computeVoteWeight,
  createElection,
  type Election,
  type ElectionAction,
  explainProducer,
  isPoaError,
  MIN_ACTIVATED_STAKE,
  type ProducerAuthority,
  type PublicKey,
  publicKeyFromText,
  sha256,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { NaiveElection } from '../model/election.js';
import { runs } from '../support/arbitraries.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const time = Date.UTC(2018, 5, 9);
/** When a unit of stake weighs one vote. */
const FIRST_WEEK = Date.UTC(2000, 0, 1);
const WEEK = 7 * 24 * 60 * 60 * 1000;

const keyOf = (name: string): PublicKey =>
  computePublicKey({ curve: 'K1', data: sha256(new TextEncoder().encode(name)) });
const register = (producer: string): ElectionAction => ({
  type: 'regproducer',
  producer,
  producerKey: keyOf(producer),
});
const stake = (voter: string, change: bigint): ElectionAction => ({ type: 'stake', voter, change });
const vote = (voter: string, ...producers: string[]): ElectionAction => ({
  type: 'voteproducer',
  voter,
  proxy: '',
  producers,
});
const voteThrough = (voter: string, proxy: string): ElectionAction => ({
  type: 'voteproducer',
  voter,
  proxy,
  producers: [],
});
const all = (election: Election, actions: ElectionAction[], at = time): Election =>
  applyElectionActions(
    election,
    actions.map((action) => ({ time: at, action })),
  );
const votesOf = (election: Election, name: string): number | undefined =>
  election.producers.find(({ owner }) => owner === name)?.totalVotes;
const names = (producers: readonly ProducerAuthority[] | null): string[] | undefined =>
  producers?.map(({ producerName }) => producerName);
const NOBODY = { activeSchedule: { version: 0, producers: [] }, pendingSchedule: null };

describe.skipIf(!hasShared)('vote-weight.json', () => {
  const vectors: { real: any[]; weeks: any[] } = hasShared
    ? readShared('eosio/vote-weight.json')
    : { real: [], weeks: [] };

  it.each(vectors.weeks)('week $week', ({ unix_seconds, week, factor }) => {
    expect(computeVoteWeek(unix_seconds * 1000)).toBe(week);
    expect(computeVoteWeek(unix_seconds * 1000 + 999)).toBe(week);
    expect(computeVoteFactor(unix_seconds * 1000)).toBe(Number(factor));
  });

  it.each(vectors.real)('$owner in week $week, exactly', ({ staked, week, last_vote_weight }) => {
    expect(computeVoteWeight(BigInt(staked), FIRST_WEEK + week * WEEK)).toBe(Number(last_vote_weight));
  });
});

describe('vote weights', () => {
  it('are near Math.pow on every week of 60 years, and grow', () => {
    let last = 0;
    for (let week = 0; week < 3130; week++) {
      const factor = computeVoteFactor(FIRST_WEEK + week * WEEK);
      expect(Math.abs(factor / 2 ** (week / 52) - 1)).toBeLessThan(1e-14);
      expect(factor).toBeGreaterThan(last);
      last = factor;
    }
  });

  it('double after 52 weeks, to the last bit', () => {
    for (let week = 0; week < 52 * 20; week += 52)
      expect(computeVoteFactor(FIRST_WEEK + week * WEEK)).toBe(2 ** (week / 52));
  });

  it('the week changes on Saturdays at 00:00 UTC', () => {
    const saturday = Date.UTC(2024, 5, 1);
    expect(computeVoteWeek(saturday) - computeVoteWeek(saturday - 1)).toBe(1);
    expect(computeVoteWeek(saturday + WEEK - 1)).toBe(computeVoteWeek(saturday));
  });

  it('decay by not being refreshed', () => {
    expect(computeVoteDecay(time, time + 104 * WEEK)).toBe(0.25);
    expect(computeVoteDecay(time, time + 26 * WEEK)).toBeCloseTo(Math.SQRT1_2, 15);
    expectCode(() => computeVoteDecay(time, time - 1), 'OUT_OF_RANGE');
  });

  it('no time before 2000, none that no slot holds, no stake of 2^63', () => {
    for (const wrong of [FIRST_WEEK - 1, 3_094_168_448_000, 0.5, Number.NaN]) {
      expectCode(() => computeVoteFactor(wrong), 'OUT_OF_RANGE');
      expectCode(() => computeVoteWeek(wrong), 'OUT_OF_RANGE');
      expectCode(() => computeVoteWeight(1n, wrong), 'OUT_OF_RANGE');
    }
    expectCode(() => computeVoteWeight(1n << 63n, time), 'OUT_OF_RANGE');
    expectCode(() => computeVoteWeight(-1n, time), 'OUT_OF_RANGE');
    expect(computeVoteWeight((1n << 63n) - 1n, FIRST_WEEK)).toBe(2 ** 63);
  });
});

describe('activation', () => {
  it('the seed has 15% of the supply, the contract an absolute figure: the same for a billion tokens', () => {
    expect(computeActivationStake(10_000_000_000_000n)).toBe(MIN_ACTIVATED_STAKE);
    expect(computeActivationStake(0n)).toBe(0n);
    expect([1n, 6n, 7n, 20n, 21n].map(computeActivationStake)).toEqual([1n, 1n, 2n, 3n, 4n]);
  });

  it('at the threshold exactly, for good, and stays at what it was', () => {
    let election = all(createElection(), [register('proda'), stake('a', MIN_ACTIVATED_STAKE - 1n), stake('b', 1n)]);
    election = all(election, [vote('a', 'proda')]);
    expect([election.totalActivatedStake, election.activationTime]).toEqual([MIN_ACTIVATED_STAKE - 1n, null]);
    election = all(election, [vote('b')], time + 1000);
    expect([election.totalActivatedStake, election.activationTime]).toEqual([MIN_ACTIVATED_STAKE, time + 1000]);
    election = all(election, [stake('c', 5n), vote('c', 'proda'), stake('a', -7n)], time + WEEK);
    expect([election.totalActivatedStake, election.activationTime]).toEqual([MIN_ACTIVATED_STAKE, time + 1000]);
  });

  it('counts the first vote of a voter only, also one for nobody or through a proxy', () => {
    const election = all(createElection(), [
      { type: 'regproxy', proxy: 'proxy', isProxy: true },
      stake('a', 100n),
      stake('b', 10n),
      stake('c', 1n),
      voteThrough('a', 'proxy'),
      vote('b'),
      vote('b'),
      stake('b', 1000n),
    ]);
    expect(election.totalActivatedStake).toBe(110n);
  });

  it('no stake goes back before it', () => {
    const election = all(createElection({ minActivatedStake: 10n }), [stake('a', 10n)]);
    expectCode(() => all(election, [stake('a', -1n)]), 'STAKE_LOCKED');
    const active = all(election, [vote('a')]);
    expect(all(active, [stake('a', -10n)]).voters[0]?.staked).toBe(0n);
    expectCode(() => all(active, [stake('a', -11n)]), 'STAKE_NEGATIVE');
    expectCode(() => all(active, [stake('nobody', -1n)]), 'STAKE_NEGATIVE');
  });
});

describe.skipIf(!hasShared)('elections.json', () => {
  const vectors: { scenarios: any[]; real_ranking: any } = hasShared
    ? readShared('eosio/elections.json')
    : { scenarios: [], real_ranking: {} };

  it.each(vectors.scenarios)('$name', ({ stakes, registered, events }: any) => {
    let election = all(createElection(), [
      ...registered.map(register),
      ...Object.entries(stakes as Record<string, number>).map(([name, units]) => stake(name, BigInt(units))),
    ]);
    let slot = 1_000_000;
    let schedules = {
      activeSchedule: { version: 0, producers: [] as readonly ProducerAuthority[] },
      pendingSchedule: null,
    };
    let active = ['eosio'];
    for (const { vote: voter, producers, expect: expected } of events) {
      if (voter !== undefined) {
        election = all(election, [vote(voter, ...producers)]);
        continue;
      }
      slot += 250;
      const update = applyElection(election, slot, schedules, false);
      election = update.election;
      if (update.proposal !== null) {
        active = names(update.proposal) as string[];
        schedules = { activeSchedule: { version: 1, producers: update.proposal }, pendingSchedule: null };
      }
      expect(active).toEqual(expected.active_schedule);
      if (expected.total_activated_stake !== undefined) {
        expect(election.totalActivatedStake).toBe(BigInt(expected.total_activated_stake));
        expect(election.activationTime !== null).toBe(expected.activated);
      }
      if (expected.why !== undefined) expect(computeElection(election).reason).toBe('would-shrink');
    }
  });

  it('64 real producers: the schedule that their rows come to', () => {
    const { rows, expected_schedule_by_rule } = vectors.real_ranking;
    const election = createElection({
      activationTime: time,
      totalActivatedStake: MIN_ACTIVATED_STAKE,
      producers: rows.map(({ owner, total_votes, is_active, producer_key, location }: any) => ({
        owner,
        totalVotes: Number(total_votes),
        isActive: is_active === 1,
        producerKey: publicKeyFromText(producer_key),
        authority: null,
        url: '',
        location,
        unpaidBlocks: 0,
        lastClaimTime: 0,
      })),
    });
    const { proposal, ranking, elected } = computeElection(election);
    expect(names(proposal)).toEqual(expected_schedule_by_rule);
    expect(ranking.map(({ owner }) => owner)).toEqual(rows.map(({ owner }: any) => owner));
    expect(elected.length).toBe(21);
    const next = explainProducer(election, ranking[21]?.owner as string, { time: Date.UTC(2022, 9, 1) });
    expect([next.status, next.rank]).toEqual(['not-elected', 22]);
    expect(next.missingVotes).toBe((ranking[20]?.totalVotes as number) - (ranking[21]?.totalVotes as number));
    expect(next.missingStake).toBeGreaterThan(0n);
  });

  it('issue 7552: three of six step back, their votes move on, and the schedule stays at six', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'];
    let election = all(createElection({ minActivatedStake: 1n }), [
      ...six.map(register),
      stake('voter', 100n),
      vote('voter', ...six),
    ]);
    const first = applyElection(election, 1000, NOBODY, false);
    expect(first.proposal?.length).toBe(6);
    election = all(first.election, [
      ...['a', 'b', 'c'].map((producer): ElectionAction => ({ type: 'unregprod', producer })),
      vote('voter', 'd', 'e', 'f'),
    ]);
    const second = applyElection(election, 2000, NOBODY, false);
    expect([second.proposal, computeElection(election).reason]).toEqual([null, 'would-shrink']);
    expect(second.election.lastScheduleSize).toBe(6);
    expect(
      all(second.election, [register('a'), vote('voter', ...six.slice(0, 6).filter((n) => n !== 'b' && n !== 'c'))])
        .producers[0]?.isActive,
    ).toBe(true);
  });
});

describe('applyElectionAction', () => {
  const base = all(createElection(), [
    register('proda'),
    register('prodb'),
    stake('a', 1000n),
    stake('b', 500n),
    { type: 'regproxy', proxy: 'proxy', isProxy: true },
    stake('proxy', 70n),
  ]);

  it('the whole weight counts for every producer voted for', () => {
    const election = all(base, [vote('a', 'proda', 'prodb'), vote('b', 'prodb')]);
    const factor = computeVoteFactor(time);
    expect([votesOf(election, 'proda'), votesOf(election, 'prodb')]).toEqual([
      1000 * factor,
      1000 * factor + 500 * factor,
    ]);
  });

  it('votes given to a producer who steps back stay; no new ones are taken until it registers again', () => {
    const left = all(base, [vote('a', 'proda'), { type: 'unregprod', producer: 'proda' }]);
    expect(votesOf(left, 'proda')).toBe(1000 * computeVoteFactor(time));
    expect(left.producers[0]?.producerKey.data.every((byte) => byte === 0)).toBe(true);
    expect(computeElection({ ...left, activationTime: time }).reason).toBe('nobody-eligible');
    expectCode(() => all(left, [vote('b', 'proda')]), 'PRODUCER_INACTIVE');
    expectCode(() => all(left, [vote('a', 'proda')]), 'PRODUCER_INACTIVE');
    // Not a vote, so it goes through.
    expect(votesOf(all(left, [stake('a', 1n)]), 'proda')).toBe(1001 * computeVoteFactor(time));
    const back = all(left, [register('proda')]);
    expect(back.producers[0]?.isActive).toBe(true);
    expect(votesOf(back, 'proda')).toBe(1000 * computeVoteFactor(time));
  });

  it('a proxy votes with what is behind it, and loses it with its mandate', () => {
    const factor = computeVoteFactor(time);
    let election = all(base, [vote('proxy', 'proda'), voteThrough('a', 'proxy'), voteThrough('b', 'proxy')]);
    expect(votesOf(election, 'proda')).toBeCloseTo(1570 * factor, 3);
    election = all(election, [stake('a', 30n)]);
    expect(votesOf(election, 'proda')).toBeCloseTo(1600 * factor, 3);
    election = all(election, [{ type: 'regproxy', proxy: 'proxy', isProxy: false }]);
    expect(votesOf(election, 'proda')).toBeCloseTo(70 * factor, 3);
    election = all(election, [{ type: 'regproxy', proxy: 'proxy', isProxy: true }]);
    expect(votesOf(election, 'proda')).toBeCloseTo(1600 * factor, 3);
    election = all(election, [vote('a', 'prodb')]);
    expect(votesOf(election, 'proda')).toBeCloseTo(570 * factor, 3);
    expect(votesOf(election, 'prodb')).toBeCloseTo(1030 * factor, 3);
  });

  it('what reaches a former proxy goes on to its own proxy', () => {
    const election = all(base, [
      voteThrough('a', 'proxy'),
      { type: 'regproxy', proxy: 'proxy', isProxy: false },
      { type: 'regproxy', proxy: 'second', isProxy: true },
      stake('second', 5n),
      vote('second', 'prodb'),
      voteThrough('proxy', 'second'),
    ]);
    expect(votesOf(election, 'prodb')).toBeCloseTo(75 * computeVoteFactor(time), 3);
    expect(votesOf(all(election, [stake('a', 10n)]), 'prodb')).toBeCloseTo(75 * computeVoteFactor(time), 3);
  });

  it('changes nothing of what it is given, and shares nothing with it', () => {
    const before = structuredClone(base);
    const key = keyOf('prodc');
    const next = applyElectionAction(base, { type: 'regproducer', producer: 'prodc', producerKey: key }, time);
    expect(base).toEqual(before);
    const kept = structuredClone(next);
    key.data.fill(0);
    for (const { producerKey } of base.producers) producerKey.data.fill(1);
    expect(next).toEqual(kept);
    for (const [i, { producerKey }] of base.producers.entries())
      producerKey.data.set(before.producers[i]?.producerKey.data as Uint8Array);
  });

  it.each<[string, ElectionAction]>([
    ['PRODUCER_UNKNOWN', vote('a', 'nobody')],
    ['PRODUCER_UNKNOWN', { type: 'unregprod', producer: 'nobody' }],
    ['PRODUCER_KEY_ZERO', { ...register('prodc'), producerKey: { curve: 'K1', data: new Uint8Array(33) } } as never],
    ['URL_TOO_LONG', { ...register('prodc'), url: 'x'.repeat(512) } as never],
    ['URL_TOO_LONG', { ...register('prodc'), url: 'ä'.repeat(256) } as never],
    [
      'SCHEDULE_INVALID',
      { ...register('prodc'), authority: { threshold: 2, keys: [{ key: keyOf('k'), weight: 1 }] } } as never,
    ],
    ['SCHEDULE_INVALID', { ...register('prodc'), authority: { threshold: 0, keys: [] } } as never],
    ['VOTER_UNKNOWN', vote('nobody', 'proda')],
    [
      'VOTES_TOO_MANY',
      vote('a', ...Array.from({ length: 31 }, (_, i) => `a${'.12345abcdefghijklmnopqrstuvwxyz'[1 + (i % 30)]}a`)),
    ],
    ['VOTES_UNSORTED', vote('a', 'prodb', 'proda')],
    ['VOTES_UNSORTED', vote('a', 'proda', 'proda')],
    ['VOTE_AMBIGUOUS', { type: 'voteproducer', voter: 'a', proxy: 'proxy', producers: ['proda'] }],
    ['PROXY_SELF', voteThrough('proxy', 'proxy')],
    ['PROXY_UNKNOWN', voteThrough('a', 'b')],
    ['PROXY_UNKNOWN', voteThrough('a', 'nobody')],
    ['PROXY_CHAINED', voteThrough('proxy', 'b')],
    ['PROXY_UNCHANGED', { type: 'regproxy', proxy: 'proxy', isProxy: true }],
    ['PROXY_UNCHANGED', { type: 'regproxy', proxy: 'a', isProxy: false }],
    ['NAME_INVALID', vote('UPPER', 'proda')],
    ['NAME_INVALID', vote('a', 'trailing.')],
    ['OUT_OF_RANGE', stake('a', 1n << 63n)],
    ['OUT_OF_RANGE', stake('a', (1n << 63n) - 1n)],
  ])('%s', (code, action) => {
    const before = structuredClone(base);
    expectCode(() => all(base, [action]), code as never);
    expect(base).toEqual(before);
  });

  it('a total below zero becomes zero', () => {
    const low = createElection({
      ...base,
      producers: base.producers.map((row) => ({ ...row, totalVotes: 5 })),
      voters: base.voters.map((row) =>
        row.owner === 'a' ? { ...row, producers: ['proda'], lastVoteWeight: 10 } : row,
      ),
    });
    const next = all(low, [vote('a')]);
    expect([votesOf(next, 'proda'), next.totalProducerVoteWeight]).toEqual([0, -10]);
  });

  it('a proxy does not pass on a change of one, and forgets it', () => {
    const at = (election: Election, ...actions: ElectionAction[]): Election => all(election, actions, FIRST_WEEK);
    const election = at(base, vote('proxy', 'proda'), stake('one', 1n), stake('two', 2n), voteThrough('one', 'proxy'));
    expect(votesOf(election, 'proda')).toBe(70);
    expect(votesOf(at(election, voteThrough('two', 'proxy')), 'proda')).toBe(72);
  });

  it('registering again keeps votes and the time of the last claim', () => {
    const later = all(base, [register('proda')], time + WEEK);
    expect(later.producers[0]).toEqual(base.producers[0]);
    expect(base.producers[0]?.lastClaimTime).toBe(time);
  });

  it('who votes through a proxy cannot become one', () => {
    const election = all(base, [voteThrough('a', 'proxy')]);
    expectCode(() => all(election, [{ type: 'regproxy', proxy: 'a', isProxy: true }]), 'PROXY_CHAINED');
  });

  it('a URL of 511 bytes and 30 producers are fine', () => {
    const thirty = Array.from(
      { length: 30 },
      (_, i) => `p${'abcdefghijklmnopqrstuvwxyz'[i % 26]}${i < 26 ? 'a' : 'b'}`,
    ).sort();
    const election = all(base, [
      { ...register('prodc'), url: 'x'.repeat(511) } as ElectionAction,
      ...thirty.map(register),
      vote('a', ...thirty),
    ]);
    expect(election.voters.find(({ owner }) => owner === 'a')?.producers.length).toBe(30);
  });

  it.each([undefined, null, {}, { type: 'other' }, { type: 'stake', voter: 'a', change: 1 }, 7])(
    'a wrong type is a TypeError: %s',
    (action) => expect(() => applyElectionAction(base, action as never, time)).toThrow(TypeError),
  );
});

describe('createElection', () => {
  const voter = {
    owner: 'a',
    proxy: '',
    producers: [],
    staked: 1n,
    lastVoteWeight: 0,
    proxiedVoteWeight: 0,
    isProxy: false,
  };

  it('sorts by name value', () => {
    const election = createElection({ voters: ['b', 'a.a', 'a1', 'a'].map((owner) => ({ ...voter, owner })) });
    expect(election.voters.map(({ owner }) => owner)).toEqual(['a', 'a.a', 'a1', 'b']);
  });

  it.each<[string, object]>([
    ['an owner twice', { voters: [voter, voter] }],
    ['a vote for nobody', { voters: [{ ...voter, producers: ['proda'] }] }],
    ['a vote through nobody', { voters: [{ ...voter, proxy: 'b' }] }],
    [
      'a proxy that votes through another',
      {
        voters: [
          { ...voter, proxy: 'b', isProxy: true },
          { ...voter, owner: 'b' },
        ],
      },
    ],
    [
      'both at once',
      {
        voters: [
          { ...voter, proxy: 'b', producers: ['b'] },
          { ...voter, owner: 'b' },
        ],
      },
    ],
    ['itself', { voters: [{ ...voter, proxy: 'a' }] }],
    [
      'a circle',
      {
        voters: [
          { ...voter, proxy: 'b' },
          { ...voter, owner: 'b', proxy: 'c' },
          { ...voter, owner: 'c', proxy: 'a' },
        ],
      },
    ],
  ])('ELECTION_INVALID: %s', (_, rows) => {
    expectCode(() => createElection(rows), 'ELECTION_INVALID');
  });

  it('a chain of former proxies of any length costs no stack', () => {
    const count = 20_000;
    const name = (i: number): string =>
      `a${i
        .toString(5)
        .padStart(8, '0')
        .replace(/./g, (digit) => '12345'[Number(digit)] as string)}`;
    const voters = Array.from({ length: count }, (_, i) => ({
      ...voter,
      owner: name(i),
      proxy: i + 1 < count ? name(i + 1) : '',
      lastVoteWeight: 1,
    }));
    const election = createElection({ voters });
    expect(election.voters.length).toBe(count);
    expect(all(election, [stake(name(0), 100n)]).voters[0]?.staked).toBe(101n);
  });

  it.each<[string, object]>([
    ['lastVoteWeight', { lastVoteWeight: Number.NaN }],
    ['proxiedVoteWeight', { proxiedVoteWeight: Number.POSITIVE_INFINITY }],
    ['staked', { staked: -1n }],
  ])('OUT_OF_RANGE: %s', (_, change) => {
    expectCode(() => createElection({ voters: [{ ...voter, ...change }] }), 'OUT_OF_RANGE');
  });
});

describe('computeElection', () => {
  const rows = (votes: [string, number, boolean?][]): Election =>
    createElection({
      activationTime: time,
      producers: votes.map(([owner, totalVotes, isActive = true]) => ({
        owner,
        totalVotes,
        isActive,
        producerKey: keyOf(owner),
        authority: null,
        url: '',
        location: 65535 - owner.length,
        unpaidBlocks: 0,
        lastClaimTime: 0,
      })),
    });
  const ranked = (election: Election): string[] => computeElection(election).ranking.map(({ owner }) => owner);

  it('most votes first; at a tie the lower name; inactive ones behind; sorted by name in the schedule', () => {
    const election = rows([
      ['c', 5],
      ['a', 7],
      ['b', 7],
      ['d', 9, false],
      ['e', 0],
      ['f', 6],
    ]);
    expect(ranked(election)).toEqual(['a', 'b', 'f', 'c', 'e', 'd']);
    expect(names(computeElection(election).proposal)).toEqual(['a', 'b', 'c', 'f']);
  });

  it('an inactive row whose votes fell below zero stands in the way of those behind it, as in the contract', () => {
    const election = rows([
      ['a', 7],
      ['b', -2, false],
      ['c', 1],
    ]);
    expect(ranked(election)).toEqual(['a', 'b', 'c']);
    expect(names(computeElection(election).proposal)).toEqual(['a']);
  });

  it('at most 21; the one at a tie for the last place with the lower name', () => {
    const letters = 'abcdefghijklmnopqrstuvw'.split('');
    const election = rows(letters.map((name, i) => [name, i < 20 ? 100 - i : 50]));
    expect(names(computeElection(election).proposal)).toEqual(letters.slice(0, 21));
    expect(explainProducer(election, 'v')).toMatchObject({ rank: 22, missingVotes: 0, wouldWinTie: false });
    expect(explainProducer(election, 'v', { time: FIRST_WEEK }).missingStake).toBe(1n);
  });

  it('the authority of a row counts unless its threshold is 0', () => {
    const election = rows([
      ['a', 7],
      ['b', 6],
    ]);
    const several = {
      threshold: 2,
      keys: [
        { key: keyOf('x'), weight: 1 },
        { key: keyOf('y'), weight: 1 },
      ],
    };
    const [a, b] = election.producers as [Election['producers'][0], Election['producers'][0]];
    const mixed = createElection({
      ...election,
      producers: [
        { ...a, authority: several },
        { ...b, authority: { threshold: 0, keys: [] } },
      ],
    });
    expect(computeElection(mixed).proposal?.map(({ authority }) => authority)).toEqual([
      several,
      { threshold: 1, keys: [{ key: keyOf('b'), weight: 1 }] },
    ]);
  });

  it('the contract looks again after more than 120 slots, and the node takes no schedule twice', () => {
    const election = { ...rows([['a', 7]]), lastScheduleUpdate: 1000 };
    expect(applyElection(election, 1120, NOBODY, false)).toEqual({ election, proposal: null });
    const update = applyElection(election, 1121, NOBODY, false);
    expect(names(update.proposal)).toEqual(['a']);
    expect([update.election.lastScheduleUpdate, update.election.lastScheduleSize]).toEqual([1121, 1]);
    const again = { activeSchedule: { version: 1, producers: update.proposal ?? [] }, pendingSchedule: null };
    expect(applyElection(election, 1121, again, false).proposal).toBeNull();
    const refused = applyElection(election, 1121, NOBODY, true);
    expect([refused.proposal, refused.election.lastScheduleSize]).toEqual([null, 0]);
    // As many as before are enough.
    expect(names(applyElection({ ...election, lastScheduleSize: 1 }, 1121, NOBODY, false).proposal)).toEqual(['a']);
    expect(applyElection({ ...election, lastScheduleSize: 2 }, 1121, NOBODY, false).proposal).toBeNull();
    const pending = { ...NOBODY, pendingSchedule: { schedule: again.activeSchedule } };
    expect(applyElection(election, 1121, pending, false).proposal).toBeNull();
    expect(applyElection({ ...election, activationTime: null }, 1121, NOBODY, false).proposal).toBeNull();
  });
});

describe('explainProducer', () => {
  let election = all(createElection({ minActivatedStake: 10n }), [
    ...['proda', 'prodb', 'prodc', 'prodd'].map(register),
    stake('v', 10n),
    stake('w', 5n),
  ]);
  const kinds = (e: Election, name: string, options = {}): string[] =>
    explainProducer(e, name, options).reasons.map(({ reason }) => reason);

  it('before activation', () => {
    expect(kinds(election, 'proda')).toEqual(['no-votes', 'not-activated']);
    expect(kinds(election, 'nobody')).toEqual(['not-registered', 'not-activated']);
    const voted = all(election, [vote('w', 'proda')]);
    expect(explainProducer(voted, 'proda').status).toBe('not-elected');
    expect(explainProducer(voted, 'proda').reasons[0]?.text).toContain('5 of 10 units');
  });

  it('on the way from votes to turns', () => {
    election = all(election, [
      vote('v', 'proda', 'prodb'),
      vote('w', 'prodc'),
      { type: 'unregprod', producer: 'prodc' },
    ]);
    expect(kinds(election, 'prodc')).toEqual(['inactive', 'key-zero']);
    const proposal = computeElection(election).proposal as ProducerAuthority[];
    const elected = { version: 1, producers: proposal };
    const eosio = { version: 0, producers: [{ producerName: 'eosio', authority: { threshold: 1, keys: [] } }] };
    expect(kinds(election, 'proda')).toEqual([]);
    const waiting = { schedules: { activeSchedule: eosio, pendingSchedule: null } };
    expect(kinds(election, 'proda', waiting)).toEqual([]);
    expect(kinds(election, 'proda', { ...waiting, slot: 100 })).toEqual(['update-not-due']);
    expect(kinds(election, 'proda', { ...waiting, slot: 121 })).toEqual([]);
    expect(kinds(election, 'proda', { ...waiting, isWaiting: true })).toEqual(['proposal-waiting']);
    const pending = { schedules: { activeSchedule: eosio, pendingSchedule: { schedule: elected } } };
    expect(explainProducer(election, 'proda', pending)).toMatchObject({ status: 'pending', rank: 1 });
    expect(kinds(election, 'proda', pending)).toEqual(['schedule-pending']);
    expect(kinds(election, 'eosio', pending)).toEqual(['not-registered', 'leaving', 'schedule-pending']);
    const active = { schedules: { activeSchedule: elected, pendingSchedule: null } };
    expect(explainProducer(election, 'proda', active)).toMatchObject({ status: 'scheduled', reasons: [] });
  });

  it('under Savanna, where a schedule waits elsewhere in the state', () => {
    const elected = { version: 1, producers: computeElection(election).proposal as ProducerAuthority[] };
    const eosio = { version: 0, producers: [] };
    const base = { activeSchedule: eosio, pendingSchedule: null };
    const proposed = { ...base, finality: { proposed: { schedule: elected }, pending: null } };
    const pending = { ...base, finality: { proposed: null, pending: { schedule: elected } } };
    for (const schedules of [proposed, pending]) {
      expect(explainProducer(election, 'proda', { schedules }).status).toBe('pending');
      expect(applyElection(election, 1121, schedules, false).proposal).toBeNull();
    }
    expect(applyElection(election, 1121, { ...base, finality: null }, false).proposal).not.toBeNull();
  });

  it('with another key, or without votes, until the next schedule', () => {
    const proposal = computeElection(election).proposal as ProducerAuthority[];
    const schedules = { activeSchedule: { version: 1, producers: proposal }, pendingSchedule: null };
    const rekeyed = all(election, [{ type: 'regproducer', producer: 'proda', producerKey: keyOf('other') }]);
    expect(kinds(rekeyed, 'proda', { schedules })).toEqual(['key-changing']);
    const unvoted = all(election, [vote('v', 'prodb', 'prodd')]);
    expect(kinds(unvoted, 'proda', { schedules })).toEqual(['no-votes', 'leaving']);
    expect(explainProducer({ ...unvoted, lastScheduleSize: 3 }, 'prodb').reasons[0]?.reason).toBe('would-shrink');
  });

  it('what is missing is enough, and a unit less is not', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 14n }), { minLength: 22, maxLength: 30 }), (stakes) => {
        const rows = stakes.map((units, i) => ({
          owner: `p${'abcdefghijklmnopqrstuvwxyz12345'[i]}`,
          totalVotes: Number(units),
        }));
        const full = createElection({
          activationTime: time,
          producers: rows.map((row) => ({
            ...row,
            producerKey: keyOf('k'),
            authority: null,
            isActive: true,
            url: '',
            location: 0,
            unpaidBlocks: 0,
            lastClaimTime: 0,
          })),
        });
        const { ranking, elected } = computeElection(full);
        const loser = ranking[21]?.owner as string;
        expect(elected.length).toBe(21);
        const { missingStake } = explainProducer(full, loser, { time: FIRST_WEEK });
        const withStake = (units: bigint): boolean =>
          units === 0n
            ? false
            : computeElection(
                applyElectionActions(full, [
                  { time: FIRST_WEEK, action: stake('voter', units) },
                  { time: FIRST_WEEK, action: vote('voter', loser) },
                ]),
              ).elected.some(({ owner }) => owner === loser);
        expect(withStake(missingStake as bigint)).toBe(true);
        expect(withStake((missingStake as bigint) - 1n)).toBe(false);
      }),
      { numRuns: runs(10) },
    );
  });
});

/** A history as numbers, so that any will do. */
const step = fc.record({
  kind: fc.constantFrom('register', 'unregister', 'stake', 'proxy', 'vote', 'vote', 'vote', 'through', 'elect'),
  who: fc.nat(5),
  whom: fc.subarray(['p1', 'p2', 'p3', 'p4', 'p5']),
  amount: fc.integer({ min: -40, max: 100 }),
  flag: fc.boolean(),
});

describe('the naive model', () => {
  it('says the same of every history: votes, activation, who is elected, what is refused', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (history) => {
        const naive = new NaiveElection(500n);
        let election = createElection({ minActivatedStake: 500n });
        let slot = 0;
        for (const { kind, who, whom, amount, flag } of history) {
          const name = `v${who === 0 ? 'a' : who}`;
          const producer = whom[0] ?? 'p1';
          // In tens: the contract forgets a change of one.
          const change = BigInt(amount) * 10n;
          if (kind === 'elect') {
            slot += 121;
            const update = applyElection(election, slot, NOBODY, false);
            election = update.election;
            expect(names(update.proposal)).toEqual(naive.elect());
            continue;
          }
          const actions: Record<string, [ElectionAction, () => boolean]> = {
            register: [register(producer), () => naive.register(producer)],
            unregister: [{ type: 'unregprod', producer }, () => naive.unregister(producer)],
            stake: [stake(name, change), () => naive.stake(name, change)],
            proxy: [{ type: 'regproxy', proxy: name, isProxy: flag }, () => naive.setProxy(name, flag)],
            vote: [vote(name, ...whom), () => naive.vote(name, '', whom)],
            through: [
              voteThrough(name, `v${(who + 1) % 6 || 'a'}`),
              () => naive.vote(name, `v${(who + 1) % 6 || 'a'}`, []),
            ],
          };
          const [action, expected] = actions[kind] as [ElectionAction, () => boolean];
          let done = true;
          try {
            election = all(election, [action], FIRST_WEEK);
          } catch (error) {
            if (!isPoaError(error)) throw error;
            done = false;
          }
          expect(done, JSON.stringify(kind)).toBe(expected());
          for (const { owner, totalVotes } of election.producers) expect(BigInt(totalVotes)).toBe(naive.votes(owner));
          expect(election.totalActivatedStake).toBe(naive.activated);
          expect(election.activationTime !== null).toBe(naive.isActivated);
          expect(createElection(election)).toEqual(election);
        }
      }),
      { numRuns: runs(150) },
    );
  });
});

describe('votes that are added and taken back', () => {
  const weights = fc.array(fc.bigInt({ min: 1n, max: 10n ** 13n }), { minLength: 1, maxLength: 8 });

  it('leave no trace where nobody else votes, and at most rounding where others do; none at all in a tally', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 1500 }), (stakes, week) => {
        const at = FIRST_WEEK + week * WEEK;
        const voters = stakes.map((units, i) => stake(`v${'abcdefgh'[i]}`, units));
        const base = all(createElection(), [register('proda'), register('prodb'), ...voters], at);
        const others = all(
          base,
          stakes.slice(1).map((_, i) => vote(`v${'abcdefgh'[i + 1]}`, 'proda')),
          at,
        );
        const added = all(others, [vote('va', 'proda', 'prodb')], at);
        const removed = all(added, [vote('va')], at);
        expect(votesOf(removed, 'prodb')).toBe(0);
        const [before, after] = [votesOf(others, 'proda') as number, votesOf(removed, 'proda') as number];
        expect(Math.abs(after - before)).toBeLessThanOrEqual((votesOf(added, 'proda') as number) * 2 ** -52);
        const count = (e: Election): number[] => computeTally(e).map(({ votes }) => votes);
        expect(count(removed)).toEqual(count(others));
      }),
      { numRuns: runs(60) },
    );
  });

  it('a tally does not depend on the order of votes, and its drift is what rounding has left', () => {
    fc.assert(
      fc.property(weights, (stakes) => {
        const voters = stakes.map((_, i) => `v${'abcdefgh'[i]}`);
        const base = all(createElection(), [
          register('proda'),
          ...stakes.map((units, i) => stake(voters[i] as string, units)),
        ]);
        const forth = all(
          base,
          voters.map((name) => vote(name, 'proda')),
        );
        const back = all(
          base,
          [...voters].reverse().map((name) => vote(name, 'proda')),
        );
        const [one] = computeTally(forth);
        const [two] = computeTally(back);
        expect(one?.votes).toBe(two?.votes);
        expect(one?.voters).toBe(stakes.length);
        expect(one?.drift).toBe((votesOf(forth, 'proda') as number) - (one?.votes as number));
      }),
      { numRuns: runs(60) },
    );
  });

  it('a tally is the double nearest to the true sum', () => {
    const voter = (i: number, lastVoteWeight: number) => ({
      owner: `v${'abcdefgh'[i]}`,
      proxy: '',
      producers: ['proda'],
      staked: 0n,
      lastVoteWeight,
      proxiedVoteWeight: 0,
      isProxy: false,
    });
    const sum = (...values: number[]): number | undefined =>
      computeTally(
        createElection({ ...all(createElection(), [register('proda')]), voters: values.map((v, i) => voter(i, v)) }),
      )[0]?.votes;
    expect(sum(2 ** 53, 1, 1)).toBe(2 ** 53 + 2);
    expect(sum(2 ** 53, 1)).toBe(2 ** 53);
    expect(sum(2 ** 53, 1, 2 ** -60)).toBe(2 ** 53 + 2);
    expect(sum(0.1, 0.2, 0.3)).toBe(0.6);
    expect(sum(1e300, -1e300, 5e-324)).toBe(5e-324);
    expect(sum()).toBe(0);
    expect(sum(-3, 1)).toBe(-2);
  });
});

describe('a schedule never shrinks', () => {
  it('whatever happens to votes', () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(['p1', 'p2', 'p3', 'p4', 'p5']), { maxLength: 20 }), (ballots) => {
        let election = all(createElection({ minActivatedStake: 1n }), [
          ...['p1', 'p2', 'p3', 'p4', 'p5'].map(register),
          stake('v', 10n),
        ]);
        let slot = 0;
        let size = 0;
        for (const ballot of ballots) {
          election = all(election, [vote('v', ...ballot)]);
          slot += 200;
          const update = applyElection(election, slot, NOBODY, false);
          election = update.election;
          if (update.proposal === null) continue;
          expect(update.proposal.length).toBeGreaterThanOrEqual(size);
          size = update.proposal.length;
        }
      }),
      { numRuns: runs(50) },
    );
  });
});
