/** A plan that is not refused ends with elected producers: its actions are played to the rules of the system contract. */
import fc from 'fast-check';
import { type BootConfig, type BootPlan, planBoot } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { applyElectionActions, type ElectionAction } from '../../src/eosio/election/actions.js';
import { computeElection } from '../../src/eosio/election/elect.js';
import { createElection, type Election } from '../../src/eosio/election/election.js';
import { assetFromText } from '../../src/eosio/encoding/asset.js';
import { publicKeyFromText } from '../../src/eosio/encoding/key.js';
import { runs } from '../support/arbitraries.js';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS } from '../support/boot.js';

const units = (text: unknown): bigint => assetFromText(String(text)).amount;

/** What the actions of a plan do to the tables of the system contract, in their order. */
function play(plan: BootPlan): Election {
  const actions = plan.steps
    .flatMap((step) => step.actions)
    .flatMap(({ name, args }): ElectionAction[] => {
      if (name === 'regproducer')
        return [
          {
            type: name,
            producer: String(args.producer),
            producerKey: publicKeyFromText(String(args.producer_key)),
            url: String(args.url),
          },
        ];
      if (name === 'delegatebw') {
        const change = units(args.stake_net_quantity) + units(args.stake_cpu_quantity);
        return [{ type: 'stake', voter: String(args.receiver), change }];
      }
      if (name === 'regproxy') return [{ type: name, proxy: String(args.proxy), isProxy: args.isproxy === true }];
      if (name !== 'voteproducer') return [];
      const producers = args.producers as readonly string[];
      return [{ type: name, voter: String(args.voter), proxy: String(args.proxy), producers }];
    });
  return applyElectionActions(
    createElection(),
    actions.map((action, i) => ({ time: Date.UTC(2018, 5, 9) + 500 * i, action })),
  );
}

const elected = (election: Election): string[] =>
  computeElection(election)
    .elected.map(({ owner }) => owner)
    .sort();

describe('the election of a boot', () => {
  it('has those for whom the tutorial votes', () => {
    const election = play(planBoot(SEED_BOOT));
    expect(election.activationTime).not.toBe(null);
    expect(elected(election)).toEqual(['accountnum11', 'accountnum33']);
  });

  it('has those for whom the users of the script vote, through a proxy too', () => {
    const proxy = { producers: ['producer111d'], voters: ['useraaaaaaaa', 'useraaaaaaab', 'useraaaaaaac'] };
    const election = play(planBoot({ ...SCRIPT_BOOT, proxy }));
    expect(elected(election)).toEqual(['producer111a', 'producer111b', 'producer111c', 'producer111d']);
    expect(election.voters.find(({ owner }) => owner === 'useraaaaaaaa')?.proxy).toBe('producer111a');
  });

  it('is activated by just what the plan says, for any votes', () => {
    const names = Array.from({ length: 12 }, (_, i) => `acc${'abcdefghijkl'[i]}`);
    const config = fc.record({
      voters: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 12 }),
      funds: fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 12, maxLength: 12 }),
      chosen: fc.uniqueArray(fc.constantFrom(...names.slice(4)), { minLength: 1 }),
    });
    fc.assert(
      fc.property(config, ({ voters, funds, chosen }) => {
        const given: BootConfig = {
          ...SCRIPT_BOOT,
          accounts: names.map((name, i) => ({ name, publicKey: SEED_KEYS.eosio, funds: `${funds[i]}.0000 SYS` })),
          producers: names.slice(4),
          votes: voters.map((voter) => ({ voter, producers: chosen })),
          requireActivation: false,
          resign: false,
        };
        const plan = planBoot(given);
        const election = play(plan);
        // The contract stops counting once it is enough.
        expect(election.activationTime === null).toBe(plan.activation.missing > 0n);
        if (plan.activation.missing > 0n) expect(election.totalActivatedStake).toBe(plan.activation.voted);
        else expect(elected(election)).toEqual([...chosen].sort());
      }),
      { numRuns: runs(25) },
    );
  });
});
