/** Random schedules of signers, turns and votes: the fold and a naive model give the same verdicts and the same snapshots. */
import fc from 'fast-check';
import {
  applyHeader,
  applyHeaders,
  applyRecovered,
  buildHeader,
  computeNextSealableNumber,
  computeTally,
  inspectHeader,
  isPoaError,
  listVotes,
  type State,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { type CliqueModel, type ModelBlock, ZERO_ADDRESS } from '../model/clique.js';
import { runs } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import { LATER, seal } from '../support/clique.js';
import { headerOf, planBlock, recoveredOf, schedule, startSchedule } from '../support/cliqueSchedules.js';

const now = LATER;

/** All that the model knows, as text: `expect` on the records would take most of the time. */
const writeModel = ({ number, signers, recents, votes, tally, totalDifficulty }: CliqueModel, next: unknown): string =>
  JSON.stringify({
    number,
    totalDifficulty,
    signers,
    recents: Object.entries(recents),
    votes: votes.map((vote) => [vote.signer, vote.number, vote.address, vote.authorize]),
    tally: Object.entries(tally)
      .sort()
      .map(([address, each]) => [address, each.authorize, each.votes]),
    next,
  });

const writeState = (state: State): string =>
  JSON.stringify({
    number: Number(state.number),
    totalDifficulty: Number(state.totalDifficulty),
    signers: state.signers.map(hex),
    recents: state.recents.map(({ number, signer }) => [`${number}`, hex(signer)]),
    votes: listVotes(state).map((vote) => [hex(vote.signer), Number(vote.number), hex(vote.address), vote.authorize]),
    tally: computeTally(state).map(({ address, authorize, votes }) => [hex(address), authorize, votes]),
    next: state.signers.map((signer) => Number(computeNextSealableNumber(state, signer))),
  });

const compare = (state: State, model: CliqueModel): void =>
  expect(writeState(state)).toBe(
    writeModel(
      model,
      model.signers.map((signer) => model.nextSealable(signer)),
    ),
  );

function tryApply(state: State, block: ModelBlock): { state: State; code: string } {
  try {
    return { state: applyRecovered(state, recoveredOf(block, state), { now }), code: 'applied' };
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return { state, code: error.code };
  }
}

/** What `buildHeader` makes of a block that the model takes. */
const build = (block: ModelBlock, state: State) =>
  buildHeader({
    state,
    signer: bytes(block.signer),
    timestamp: state.timestamp + BigInt(state.config.period),
    stateRoot: headerOf(block, state).stateRoot,
    vanity: bytes(block.signer.padEnd(66, '0')),
    ...((block.target !== ZERO_ADDRESS || block.authorize) && {
      vote: { address: bytes(block.target), authorize: block.authorize },
    }),
  });

describe('the fold and the naive model', () => {
  it('agree on every verdict and on every snapshot', () => {
    const verdicts: Record<string, number> = {};
    const events: Record<string, number> = {};
    fc.assert(
      fc.property(schedule, (plan) => {
        const { model, state: start } = startSchedule(plan);
        let state = start;
        compare(state, model);
        for (const each of plan.moves) {
          const block = planBlock(each, model);
          const before = state;
          const wasCheckpoint = (model.number + 1) % plan.epoch === 0;
          const wanted = model.apply(block);
          const found = tryApply(state, block);
          expect(found.code).toBe(wanted);
          verdicts[wanted] = (verdicts[wanted] ?? 0) + 1;
          state = found.state;
          compare(state, model);
          if (wanted !== 'applied') continue;
          expect(state.position?.count).toBe(before.signers.length);
          expect(hex(before.signers[state.position?.index ?? -1] as Uint8Array)).toBe(block.signer);
          if (!wasCheckpoint) expect(hex(build(block, before).extraData)).toBe(hex(headerOf(block, before).extraData));
        }
        for (const [event, count] of Object.entries(model.events)) events[event] = (events[event] ?? 0) + count;
      }),
      { numRuns: runs(150) },
    );
    // The schedules reach what the rules are about.
    expect(Object.keys(verdicts).sort()).toEqual([
      'CHECKPOINT_BENEFICIARY_NOT_ZERO',
      'CHECKPOINT_NONCE_NOT_ZERO',
      'CHECKPOINT_SIGNERS_MISMATCH',
      'DIFFICULTY_MISMATCH',
      'SIGNERS_UNEXPECTED',
      'SIGNER_RECENTLY_SIGNED',
      'SIGNER_UNAUTHORIZED',
      'applied',
    ]);
    expect(verdicts.applied).toBeGreaterThan(1000);
    expect(Object.keys(events).sort()).toEqual([
      'a block executes a majority without adding to it',
      'a checkpoint resets votes',
      'a signer drops itself',
      'a signer is dropped',
      'a smaller limit frees one more',
      'a vote replaces an older one',
      'an address joins',
      'an invalid vote takes back an older one',
      'the zero address joins',
      'votes of a dropped signer go',
    ]);
  });

  it('agree on chains that are sealed', () => {
    fc.assert(
      fc.property(schedule, (plan) => {
        const { model, state: start } = startSchedule(plan);
        let state = start;
        const inputs: Uint8Array[] = [];
        let refused: string | undefined;
        for (const each of plan.moves.slice(0, 14)) {
          const block = planBlock(each, model);
          const input = seal(headerOf(block, state), bytes(block.signer));
          inputs.push(input);
          const wanted = model.apply(block);
          const report = inspectHeader(input, { state, now });
          expect(report.status).toBe(wanted === 'applied' ? 'passed' : 'failed');
          expect(hex(report.signer as Uint8Array)).toBe(block.signer);
          if (wanted !== 'applied') {
            expect(report.rules.find(({ status }) => status === 'failed')?.code).toBe(wanted);
            refused = wanted;
            break;
          }
          state = applyHeader(state, input, { now });
          compare(state, model);
        }
        const result = applyHeaders(start, inputs, { now });
        expect(result.ok ? 'applied' : result.error.code).toBe(refused ?? 'applied');
        expect(result.ok ? result.applied : result.index).toBe(inputs.length - (refused ? 1 : 0));
        compare(result.ok ? result.value : result.state, model);
      }),
      { numRuns: runs(20) },
    );
  });
});
