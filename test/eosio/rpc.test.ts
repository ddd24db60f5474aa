import fc from 'fast-check';
import { isPoaError } from 'poa-primitives';
import {
  anchorFromRpc,
  applyHeader,
  applyHeaders,
  createAnchor,
  createElection,
  createState,
  electionFromRpc,
  explainProducer,
  globalToRpc,
  planHeader,
  producersFromRpc,
  producersToRpc,
  recoverHeader,
  type SignedHeader,
  scheduleFromRpc,
  scheduleToRpc,
  signedHeaderFromRpc,
  signedHeaderToRpc,
  votersFromRpc,
  votersToRpc,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import {
  electedSchedule,
  election,
  genesis,
  headerState,
  headers,
  now,
  stateAfterFour,
} from '../../examples/eosio-chain-sample.js';
import { runs } from '../support/arbitraries.js';
import { firstState, publicKeyOf, signNext, signWith } from '../support/eosioChain.js';
import { toInput } from '../support/eosioVectors.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const cases: any[] = hasShared ? readShared('eosio/block-headers.json').cases : [];
const good = signedHeaderToRpc(headers[0] as SignedHeader);

describe.skipIf(!hasShared)('block-headers.json as get_block gives it', () => {
  it.each(cases.map((block) => [block.name, block] as const))('%s goes both ways', (_, block) => {
    const { header, producer_signature, block_id, block_num } = block;
    const json = { ...header, producer_signature, id: block_id, block_num, transactions: [{ status: 'executed' }] };
    const input = signedHeaderFromRpc(json);
    expect(input).toEqual(toInput(block));
    const back = signedHeaderToRpc(input);
    const timestamp = header.timestamp.padEnd(23, '.000');
    expect(back).toMatchObject({ ...header, timestamp, producer_signature, id: block_id, block_num });
    expect(signedHeaderFromRpc(back)).toEqual(input);
  });
});

describe('signedHeaderFromRpc', () => {
  it('needs neither id, number and prefix nor extensions where there are none', () => {
    const {
      id: _,
      block_num: __,
      ref_block_prefix: ___,
      header_extensions: ____,
      block_extensions: _____,
      new_producers: ______,
      ...rest
    } = good;
    expect(signedHeaderFromRpc(rest)).toEqual(headers[0]);
  });

  it('the announced schedule goes both ways', () => {
    const json = signedHeaderToRpc(headers[2] as SignedHeader);
    expect(json.new_producers?.producers.map(({ producer_name }) => producer_name)).toEqual([
      'proda',
      'prodb',
      'prodc',
    ]);
    expect(signedHeaderFromRpc(json)).toEqual(headers[2]);
  });

  it('further signatures stand in a block extension, or beside it', () => {
    const state = firstState();
    const plan = planHeader(state, { slot: state.slot + 1 });
    const input = signWith(plan, 'one', 'two', 'three');
    const json = signedHeaderToRpc(input);
    expect(json.block_extensions.length).toBe(1);
    expect(signedHeaderFromRpc(json)).toEqual(input);
    const texts = input.signatures
      .slice(1)
      .map((signature) => signedHeaderToRpc({ ...input, signatures: [signature] }).producer_signature);
    expect(signedHeaderFromRpc({ ...json, block_extensions: [], additional_signatures: texts })).toEqual(input);
    expect(signedHeaderFromRpc({ ...json, additional_signatures: texts })).toEqual(input);
    expectCode(() => signedHeaderFromRpc({ ...json, additional_signatures: texts.slice(1) }), 'JSON_INVALID');
    const { blockroot, pendingScheduleHash } = plan;
    expect(recoverHeader({ ...signedHeaderFromRpc(json), blockroot, pendingScheduleHash }).publicKeys).toEqual(
      ['one', 'two', 'three'].map(publicKeyOf),
    );
  });

  it.each<[string, unknown]>([
    ['id', '00'.repeat(32)],
    ['block_num', 3],
    ['ref_block_prefix', 7],
    ['confirmed', 1],
    ['producer', 'other'],
  ])('BLOCK_ID_MISMATCH: %s', (name, value) => {
    expectCode(() => signedHeaderFromRpc({ ...good, [name]: value }), 'BLOCK_ID_MISMATCH');
  });

  it.each<[string, unknown]>([
    ['timestamp', undefined],
    ['timestamp', '2020-01-01T00:00:00.250'],
    ['timestamp', '1999-12-31T23:59:59.500'],
    ['timestamp', '2020-13-01T00:00:00.000'],
    ['timestamp', 0],
    ['timestamp', '0'],
    ['producer', 'Eosio'],
    ['producer', 'eosio.'],
    ['producer', null],
    ['confirmed', 65536],
    ['confirmed', '0'],
    ['confirmed', -1],
    ['previous', '00'],
    ['previous', `0x${'00'.repeat(31)}`],
    ['transaction_mroot', 'zz'.repeat(32)],
    ['action_mroot', 7],
    ['schedule_version', 2 ** 32],
    ['schedule_version', 0.5],
    ['new_producers', []],
    ['new_producers', { version: 1 }],
    ['new_producers', { version: 1, producers: [{ producer_name: 'a', block_signing_key: 'EOS' }] }],
    ['header_extensions', null],
    ['header_extensions', [[0]]],
    ['header_extensions', [[0, '0']]],
    ['header_extensions', [[65536, '']]],
    ['header_extensions', { length: 5 }],
    ['producer_signature', 'SIG_K1_'],
    ['producer_signature', undefined],
    [
      'block_extensions',
      [
        [2, '00'],
        [2, '00'],
      ],
    ],
    ['id', 'short'],
    ['block_num', '2'],
  ])('JSON_INVALID: %s = %s', (name, value) => {
    expect(expectCode(() => signedHeaderFromRpc({ ...good, [name]: value }), 'JSON_INVALID').where).toContain(name);
  });

  it.each([undefined, null, 7, 'text', [], [good]])('JSON_INVALID: a block that is none: %s', (json) => {
    expectCode(() => signedHeaderFromRpc(json), 'JSON_INVALID');
  });

  it('no header without a signature is written', () => {
    expectCode(
      () => signedHeaderToRpc({ header: (headers[0] as SignedHeader).header, signatures: [] }),
      'SIGNATURE_COUNT_MISMATCH',
    );
    expectCode(() => signedHeaderToRpc({ header: new Uint8Array(5), signatures: [] }), 'MALFORMED');
    expect(() => signedHeaderToRpc(undefined as never)).toThrow(TypeError);
  });

  it('what is read applies', () => {
    const state = firstState();
    const json = JSON.parse(JSON.stringify(signedHeaderToRpc(signNext(state, { slot: state.slot + 1 }))));
    expect(applyHeader(state, signedHeaderFromRpc(json), { now: Date.UTC(2021, 0, 1) }).number).toBe(2);
  });
});

describe('schedules', () => {
  it('in either form', () => {
    const keys = {
      version: 1,
      producers: electedSchedule.producers.map(({ producerName, authority }) => ({
        producer_name: producerName,
        block_signing_key: scheduleToRpc(electedSchedule).producers.find(
          ({ producer_name }) => producer_name === producerName,
        )?.authority[1].keys[0]?.key as string,
        authority,
      })),
    };
    expect(scheduleFromRpc(keys)).toEqual(electedSchedule);
    expect(scheduleFromRpc(scheduleToRpc(electedSchedule))).toEqual(electedSchedule);
    expect(scheduleFromRpc({ version: 0, producers: [] })).toEqual({ version: 0, producers: [] });
    const named = JSON.parse(
      JSON.stringify(scheduleToRpc(electedSchedule)).replaceAll('[0,', '["block_signing_authority_v0",'),
    );
    expect(scheduleFromRpc(named)).toEqual(electedSchedule);
  });

  it.each<unknown>([
    undefined,
    {},
    { version: 1, producers: {} },
    { version: 1, producers: [{ producer_name: 'a', authority: [1, {}] }] },
    {
      version: 1,
      producers: [{ producer_name: 'a', authority: [0, { threshold: 1, keys: [{ key: 'x', weight: 1 }] }] }],
    },
    { version: 1, producers: [{ producer_name: 'a' }, { producer_name: 'b', block_signing_key: 'EOS' }] },
  ])('JSON_INVALID: %s', (json) => {
    expectCode(() => scheduleFromRpc(json), 'JSON_INVALID');
  });
});

describe('anchorFromRpc', () => {
  const state = createState(anchorFromRpc(headerState));
  const json = headerState as Record<string, any>;
  /** The ids of blocks 1 and 2. */
  const after = applyHeaders(createState(createAnchor({ genesis })), headers.slice(0, 1), { now });
  const merkleOfTwo = after.ok && {
    _active_nodes: after.value.blockroot?.activeNodes.map((node) => Buffer.from(node).toString('hex')),
    _node_count: 2,
  };

  it('gives the state of the block, and follows from there as from the genesis', () => {
    const { anchorId, ...rest } = state;
    const { anchorId: _, ...whole } = stateAfterFour;
    expect(rest).toEqual(whole);
    expect(anchorId).toEqual(stateAfterFour.id);
    const [here, there] = [state, stateAfterFour].map((from) => applyHeaders(from, headers.slice(3), { now }));
    expect(here?.ok && there?.ok && { ...here.value, anchorId: 0 }).toEqual(
      there?.ok && { ...there.value, anchorId: 0 },
    );
  });

  it('in the form of nodes before version 2.0, with hex for confirmations', () => {
    const { schedule, schedule_hash, schedule_lib_num } = json.pending_schedule;
    const old = {
      ...json,
      pending_schedule: schedule,
      pending_schedule_hash: schedule_hash,
      pending_schedule_lib_num: schedule_lib_num,
      confirm_count: '',
    };
    expect(createState(anchorFromRpc(old))).toEqual(state);
    expect(anchorFromRpc({ ...json, activated_protocol_features: undefined }).hasAuthorities).toBeNull();
    const empty = { ...json.pending_schedule, schedule: { version: 1, producers: [] } };
    // The header announces it all the same.
    expect(anchorFromRpc({ ...json, pending_schedule: empty })).toEqual(anchorFromRpc(json));
    const third = signedHeaderToRpc(headers[1] as SignedHeader);
    const earlier = {
      ...json,
      header: third,
      id: third.id,
      block_num: 3,
      pending_schedule: { ...empty, schedule: { version: 0, producers: [] } },
      blockroot_merkle: merkleOfTwo,
      dpos_proposed_irreversible_blocknum: 3,
      producer_to_last_produced: [['eosio', 3]],
    };
    expect(anchorFromRpc(earlier).pendingSchedule).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ['block_num', 5, 'BLOCK_ID_MISMATCH'],
    ['id', '00'.repeat(32), 'BLOCK_ID_MISMATCH'],
    ['header', undefined, 'JSON_INVALID'],
    ['active_schedule', {}, 'JSON_INVALID'],
    ['blockroot_merkle', { _active_nodes: [], _node_count: 0 }, 'STATE_INVALID'],
    ['blockroot_merkle', { _active_nodes: [], _node_count: 3 }, 'MERKLE_INVALID'],
    ['blockroot_merkle', { _active_nodes: ['00'], _node_count: 3 }, 'JSON_INVALID'],
    ['pending_schedule', null, 'JSON_INVALID'],
    ['confirm_count', 'f', 'JSON_INVALID'],
    ['confirm_count', [256], 'JSON_INVALID'],
    ['producer_to_last_produced', [['eosio']], 'JSON_INVALID'],
    ['producer_to_last_implied_irb', [['nobody', 1]], 'STATE_INVALID'],
    ['dpos_irreversible_blocknum', 9, 'OUT_OF_RANGE'],
    ['activated_protocol_features', { protocol_features: ['00'] }, 'JSON_INVALID'],
  ])('%s = %s', (name, value, code) => {
    expectCode(() => anchorFromRpc({ ...json, [name]: value }), code as never);
  });
});

describe('tables', () => {
  it.skipIf(!hasShared)('64 rows of get_producers keep their votes to the last place', () => {
    const { rows, total_producer_vote_weight } = readShared('eosio/elections.json').real_ranking;
    const producers = producersFromRpc({ rows, total_producer_vote_weight, more: 'next' });
    expect(
      producersToRpc(producers).map(({ total_votes, owner, producer_key, location }) => [
        total_votes,
        owner,
        producer_key,
        location,
      ]),
    ).toEqual(
      rows.map(({ total_votes, owner, producer_key, location }: any) => [total_votes, owner, producer_key, location]),
    );
  });

  it('go both ways', () => {
    expect(producersFromRpc(producersToRpc(election.producers))).toEqual(election.producers);
    expect(votersFromRpc({ rows: votersToRpc(election.voters) })).toEqual(election.voters);
    const again = electionFromRpc({
      producers: { rows: producersToRpc(election.producers) },
      global: globalToRpc(election),
      voters: votersToRpc(election.voters),
    });
    expect(again).toEqual(election);
    expect(explainProducer(again, 'proda')).toEqual(explainProducer(election, 'proda'));
    expect(electionFromRpc({ producers: [], global: globalToRpc(createElection()) })).toEqual(createElection());
  });

  const row = producersToRpc(election.producers)[0];
  const voter = votersToRpc(election.voters)[0];

  it('takes numbers as texts, flags as booleans, times as microseconds, and rows without what older nodes leave out', () => {
    const { owner, producer_key } = row as { owner: string; producer_key: string };
    const old = { owner, producer_key, total_votes: '1.5', is_active: true, last_claim_time: '1528502400000000' };
    expect(producersFromRpc([old])[0]).toMatchObject({
      totalVotes: 1.5,
      isActive: true,
      lastClaimTime: 1528502400000,
      url: '',
      authority: null,
    });
    expect(votersFromRpc([{ ...voter, staked: '9223372036854775807', is_proxy: 1 }])[0]).toMatchObject({
      staked: (1n << 63n) - 1n,
      isProxy: true,
    });
    expect(
      votersToRpc([{ ...(election.voters[0] as (typeof election.voters)[0]), staked: 1n << 32n }])[0]?.staked,
    ).toBe('4294967296');
  });

  it('an authority of several keys goes both ways', () => {
    const authority = { threshold: 2, keys: ['a', 'b'].map((name) => ({ key: publicKeyOf(name), weight: 1 })) };
    const producers = [{ ...(election.producers[0] as (typeof election.producers)[0]), authority }];
    expect(producersFromRpc(producersToRpc(producers))).toEqual(producers);
  });

  it.each<[string, unknown]>([
    ['owner', 'NOT'],
    ['total_votes', 'many'],
    ['total_votes', '1e999'],
    ['total_votes', '0x10'],
    ['total_votes', '1'.repeat(500)],
    ['total_votes', null],
    ['producer_key', 'EOS1'],
    ['is_active', 2],
    ['is_active', '1'],
    ['url', 5],
    ['location', 65536],
    ['unpaid_blocks', -1],
    ['last_claim_time', 'yesterday T'],
    ['producer_authority', [0, {}]],
  ])('JSON_INVALID: producers, %s = %s', (name, value) => {
    expectCode(() => producersFromRpc([{ ...row, [name]: value }]), 'JSON_INVALID');
  });

  it.each<[string, unknown]>([
    ['proxy', undefined],
    ['producers', 'proda'],
    ['producers', [1]],
    ['staked', -1],
    ['staked', '01'],
    ['staked', '9223372036854775808'],
    ['staked', 2 ** 53],
    ['last_vote_weight', 'NaN'],
    ['is_proxy', null],
  ])('JSON_INVALID: voters, %s = %s', (name, value) => {
    expectCode(() => votersFromRpc([{ ...voter, [name]: value }]), 'JSON_INVALID');
  });

  it.each<[string, unknown]>([
    ['total_activated_stake', 'x'],
    ['thresh_activated_stake_time', 'x'],
    ['last_producer_schedule_update', '2020-01-01T00:00:00.250'],
    ['last_producer_schedule_update', 0],
    ['last_producer_schedule_size', 65536],
    ['total_producer_vote_weight', {}],
  ])('JSON_INVALID: global, %s = %s', (name, value) => {
    expectCode(
      () => electionFromRpc({ producers: [], global: { ...globalToRpc(election), [name]: value } }),
      'JSON_INVALID',
    );
  });

  it.each([undefined, null, 7, 'x', { more: '' }, { rows: {} }, [7]])(
    'JSON_INVALID: rows that are none: %s',
    (json) => {
      expectCode(() => producersFromRpc(json), 'JSON_INVALID');
      expectCode(() => votersFromRpc(json), 'JSON_INVALID');
    },
  );

  it('votes of any size are written with 17 places, and read back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }), (totalVotes) => {
        const [base] = election.producers as [(typeof election.producers)[0]];
        const [json] = producersToRpc([{ ...base, totalVotes }]);
        expect(json?.total_votes).toMatch(/^-?\d+\.\d{17}$/);
        const [back] = producersFromRpc([json]);
        if (Math.abs(totalVotes) > 1) expect(back?.totalVotes).toBe(totalVotes);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('any JSON', () => {
  it('only PoaError escapes', () => {
    const targets: [object, (json: unknown) => unknown][] = [
      [good, signedHeaderFromRpc],
      [signedHeaderToRpc(headers[2] as SignedHeader), signedHeaderFromRpc],
      [scheduleToRpc(electedSchedule), scheduleFromRpc],
      [producersToRpc(election.producers), producersFromRpc],
      [votersToRpc(election.voters), votersFromRpc],
      [
        {
          producers: producersToRpc(election.producers),
          voters: votersToRpc(election.voters),
          global: globalToRpc(election),
        },
        (json) => electionFromRpc(json as never),
      ],
      [headerState as object, anchorFromRpc],
    ];
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', '1e400', '-0', -0, 2 ** 64, '\ud800', [], {}));
    fc.assert(
      fc.property(fc.nat(targets.length - 1), fc.nat(200), value, (which, at, put) => {
        const [json, read] = targets[which] as (typeof targets)[0];
        let count = 0;
        // The value in place of the member or the item at a place of the text.
        const spoilt = JSON.parse(JSON.stringify(json), (_, old) => (count++ === at ? put : old));
        try {
          read(spoilt);
          read(put);
        } catch (error) {
          if (!isPoaError(error)) throw error;
        }
      }),
      { numRuns: runs(800) },
    );
  });
});
