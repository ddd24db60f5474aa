/** Random schedules of attesters, turns and votes: the fold and a naive model give the same verdicts and the same state. */
import fc from 'fast-check';
import {
  attestBlock,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  createState,
  type State,
  serializeEpoch,
  serializeOutPoint,
  serializeScript,
  tryApplyHeader,
  type ValidatorList,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { LIST_TYPE, makeCellbase, makeSecretKey, makeVote, pubkeyHashOf } from '../../examples/kit.js';
import { type ModelBlock, ModelFollower, type ModelList, type ModelVote } from '../model/follower.js';
import { runs } from '../support/arbitraries.js';

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'];
const GENESIS_TIME = 1_600_000_000_000n;
const now = 1_700_000_000_000;
const keys = new Map(NAMES.map((name) => [name, makeSecretKey(name)] as const));
const hashes = new Map([...keys].map(([name, key]) => [name, pubkeyHashOf(key)] as const));
const keyOf = (name: string): Uint8Array => keys.get(name) as Uint8Array;
const hashOf = (name: string): Uint8Array => hashes.get(name) as Uint8Array;

const listOf = ({ interval, limit, validators }: ModelList): ValidatorList => ({
  attestInterval: interval,
  voteLimit: limit,
  pubkeyHashes: validators.map(hashOf),
});

const validList: fc.Arbitrary<ModelList> = fc.subarray(NAMES, { minLength: 1 }).chain((names) =>
  fc.record({
    validators: fc.shuffledSubarray(names, { minLength: names.length }),
    limit: fc.integer({ min: Math.floor(names.length / 2) + 1, max: names.length }),
    interval: fc.integer({ min: 0, max: names.length - 1 }),
  }),
);

/** What one attester tries; whom the numbers mean depends on the list in force. */
const move = fc.record({
  // Mostly the validator whose turn it is, so that chains get long enough for the interval to matter.
  attester: fc.oneof(
    { arbitrary: fc.constant('in turn'), weight: 3 },
    { arbitrary: fc.constantFrom(...NAMES), weight: 4 },
  ),
  honest: fc.boolean(),
  vote: fc.option(
    fc.record({
      list: fc.oneof(
        { arbitrary: validList, weight: 4 },
        {
          arbitrary: fc.record({
            validators: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
            limit: fc.integer({ min: 0, max: 5 }),
            interval: fc.integer({ min: 0, max: 5 }),
          }),
          weight: 1,
        },
      ),
      signers: fc.oneof(fc.constant('enough' as const), fc.array(fc.constantFrom(...NAMES), { maxLength: 6 })),
    }),
    { freq: 4 },
  ),
});

type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

function planBlock({ attester, honest, vote }: Move, model: ModelFollower): ModelBlock {
  const { validators, limit } = model.list;
  const turn = validators[(model.attesters.length + 1) % validators.length] as string;
  const name = attester === 'in turn' ? turn : attester;
  const planned: ModelVote | undefined =
    vote === null
      ? undefined
      : { list: vote.list, signers: vote.signers === 'enough' ? validators.slice(0, limit) : vote.signers };
  // A witness holds as many signatures as the limit says; more cannot be put there.
  const cut = planned && { ...planned, signers: planned.signers.slice(0, limit) };
  return { attester: name, difficulty: (name === turn) === honest ? 2 : 1, vote: cut };
}

function attest({ attester, difficulty, vote }: ModelBlock, state: State, model: ModelFollower) {
  const number = state.number + 1n;
  const cell = {
    txHash: state.validatorListOutPoint.slice(0, 32),
    index: new DataView(state.validatorListOutPoint.buffer).getUint32(32, true),
  };
  const votingTxs =
    vote === undefined
      ? []
      : [makeVote(listOf(model.list), cell, listOf(vote.list), vote.signers.map(keyOf)).transaction];
  return attestBlock(
    {
      header: {
        compactTarget: difficulty === 2 ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN,
        timestamp: GENESIS_TIME + 8_000n * number,
        number,
        epoch: serializeEpoch({ number: 0, index: Number(number), length: 1000 }),
        parentHash: state.hash,
        proposalsHash: new Uint8Array(32),
        extraHash: new Uint8Array(32),
        dao: new Uint8Array(32),
      },
      cellbase: makeCellbase(number),
      votingTxs,
      transactions: [],
    },
    keyOf(attester),
  );
}

describe('the fold and the naive model', () => {
  it('agree on every verdict and on what it leads to', () => {
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(validList, fc.array(move, { minLength: 8, maxLength: 16 }), (list, moves) => {
        const model = new ModelFollower(list);
        let state = createState({
          hash: new Uint8Array(32),
          number: 0n,
          epoch: 0n,
          timestamps: [GENESIS_TIME],
          validatorListOutPoint: serializeOutPoint({ txHash: new Uint8Array(32).fill(1), index: 3 }),
          validatorListType: serializeScript(LIST_TYPE),
          validatorList: listOf(list),
        });
        for (const each of moves) {
          const block = planBlock(each, model);
          const input = attest(block, state, model);
          const wanted = model.apply(block);
          const result = tryApplyHeader(state, input, { now });
          expect(result.ok ? 'applied' : result.error.code).toBe(wanted);
          verdicts.set(wanted, (verdicts.get(wanted) ?? 0) + 1);
          if (result.ok) state = result.value;
          expect(state.validatorList).toEqual(listOf(model.list));
          expect(state.recentAttesters).toEqual(model.attesters.map(hashOf));
          expect(state.totalDifficulty).toBe(BigInt(model.totalDifficulty));
        }
      }),
      { numRuns: runs(60) },
    );
    // Every branch of the model was taken, or the agreement would say little.
    for (const verdict of [
      'applied',
      'ATTESTER_UNKNOWN',
      'ATTESTER_TOO_SOON',
      'DIFFICULTY_MISMATCH',
      'VOTES_INVALID',
      'VOTE_LIMIT_OUT_OF_RANGE',
    ])
      expect(verdicts.get(verdict) ?? 0, verdict).toBeGreaterThan(0);
  });
});
