/**
 * The steps of each phase of a boot from the staked accounts on.
 *
 * @see the boot sequence tutorial; EOSIO/eos and AntelopeIO/spring, bios-boot-tutorial.py
 * @module
 */

import { type Maker, makeKey, waitOf } from './phaseSteps.js';
import { writeAmount } from './read.js';
import { EXTRA_RAM_BYTES } from './readConfig.js';
import type { BootStep } from './steps.js';
import {
  planApproval,
  planClaim,
  planExecution,
  planProposal,
  planProxy,
  planRegistration,
  planResignation,
  planStakedAccount,
  planSystemAction,
  planTransfer,
  planVaultaInit,
  planVote,
} from './transactions.js';

/** Phase `A-tokens`. */
export function vaultaSteps(make: Maker): BootStep[] {
  const { vaulta } = make.boot;
  if (vaulta === undefined) return [];
  return [
    make.transaction('core.vaulta needs RAM for its tables', [
      planSystemAction('buyrambytes', { payer: 'eosio', receiver: 'core.vaulta', bytes: EXTRA_RAM_BYTES }),
    ]),
    make.transaction(`core.vaulta issues ${vaulta.maximumSupply}`, [planVaultaInit(vaulta)], { waitAfter: 1_000 }),
  ];
}

/** Phase `stake`: an account, and what stays liquid. In the manual steps each gets its key right before. */
export function stakeSteps(make: Maker): BootStep[] {
  const { boot, keys } = make;
  const { symbol, funding, sequence } = boot;
  return funding.accounts.flatMap((funds) => {
    const { name, stakeNet, stakeCpu, unstaked } = funds;
    const account = { name, publicKey: keys.get(name) ?? null };
    const staked = `${writeAmount(stakeNet, symbol)} for the network and ${writeAmount(stakeCpu, symbol)} for CPU`;
    const steps = [
      make.transaction(
        `${name} gets its RAM and a stake of ${staked}`,
        planStakedAccount(account, funds, funding.ram, symbol),
      ),
    ];
    const liquid = writeAmount(unstaked, symbol);
    if (unstaked > 0n)
      steps.push(make.transaction(`${name} gets ${liquid} to spend`, [planTransfer('eosio', name, liquid)]));
    return sequence === 'manual' ? [makeKey(make, name), ...steps] : steps;
  });
}

function showProducers(make: Maker, waitAfter = 0): BootStep {
  return make.query('voters choose from this list', { show: 'producers' }, waitAfter);
}

/** Phase `reg-prod`. */
export function registrationSteps(make: Maker): BootStep[] {
  return [
    ...make.boot.producers.map((producer) =>
      make.transaction(`only a registered producer can be voted for: ${producer.name}`, [planRegistration(producer)]),
    ),
    showProducers(make),
  ];
}

/** Phase `start-prod`. */
export function startSteps(make: Maker): BootStep[] {
  const nodes = make.nodes.filter(({ role }) => role === 'producer');
  return [make.node('producers have to follow the chain before they are elected', nodes, waitOf(make, 80_000))];
}

/** Phase `vote`. */
export function voteSteps(make: Maker): BootStep[] {
  const votes = make.boot.votes.map(({ voter, producers }) =>
    make.transaction(`${voter} votes for ${countOf(producers.length, 'producer')}`, [planVote(voter, '', producers)]),
  );
  return make.boot.sequence === 'manual' ? votes : [...votes, showProducers(make, 5_000)];
}

function countOf(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Phase `claim`. */
export function claimSteps(make: Maker): BootStep[] {
  if (!make.boot.claim) return [];
  return make.boot.producers.map(({ name }) =>
    make.transaction(`${name} claims its rewards, if it has produced blocks that are not paid`, [planClaim(name)]),
  );
}

/** Phase `proxy`. */
export function proxySteps(make: Maker): BootStep[] {
  const { proxy } = make.boot;
  if (proxy === undefined) return [];
  return [
    make.transaction(`${proxy.proxy} votes for those who will leave it to it`, [
      planVote(proxy.proxy, '', proxy.producers),
    ]),
    make.transaction(`${proxy.proxy} votes for others from now on`, [planProxy(proxy.proxy)], { waitAfter: 1_000 }),
    ...proxy.voters.map((voter) =>
      make.transaction(`${voter} leaves its vote to ${proxy.proxy}`, [planVote(voter, proxy.proxy, [])]),
    ),
  ];
}

/** Phase `resign`. What the proposal of the next phase takes of `eosio` is bought here, while `eosio` still signs alone. */
export function resignSteps(make: Maker): BootStep[] {
  const { boot } = make;
  if (!boot.resign) return [];
  const steps: BootStep[] = [];
  if (boot.replacement !== undefined) {
    const { proposer } = boot.replacement;
    steps.push(
      make.transaction(
        `a proposal with a contract in it takes RAM of ${proposer}, and after this phase eosio pays for nothing`,
        [planSystemAction('buyrambytes', { payer: 'eosio', receiver: proposer, bytes: EXTRA_RAM_BYTES })],
        { waitAfter: waitOf(make, 1_000) },
      ),
    );
  }
  const resignations: [string, string][] = [
    ['eosio', 'eosio.prods'],
    ...boot.systemAccounts.map(({ name }): [string, string] => [name, 'eosio']),
  ];
  for (const [account, controller] of resignations)
    steps.push(
      make.transaction(`${account} is owned by ${controller} from now on`, [
        planResignation(account, 'owner', controller),
      ]),
      make.transaction(
        `${account} acts as ${controller} decides, and no key does`,
        [planResignation(account, 'active', controller)],
        { waitAfter: waitOf(make, 1_000) },
      ),
      make.query(`no key may be left of ${account}`, { show: 'account', account }),
    );
  return steps;
}

/** Phase `msg-replace`. */
export function replaceSteps(make: Maker): BootStep[] {
  const { replacement, producers } = make.boot;
  if (replacement === undefined) return [];
  const { proposer, proposalName, code, expiration } = replacement;
  const names = producers.map(({ name }) => name);
  return [
    make.transaction(
      `${proposer} proposes another system contract`,
      [planProposal(proposer, proposalName, names, code, expiration)],
      { waitAfter: waitOf(make, 1_000) },
    ),
    ...names.map((name) => make.transaction(`${name} approves of it`, [planApproval(proposer, proposalName, name)])),
    make.transaction('more than two thirds of the producers agreed, so it runs', [
      planExecution(proposer, proposalName),
    ]),
  ];
}

/** Phase `xfer`. */
export function transferSteps(make: Maker): BootStep[] {
  return make.boot.transfers.map(({ from, to, quantity }) =>
    make.transaction(`${from} sends ${quantity} to ${to}`, [planTransfer(from, to, quantity)]),
  );
}

/** Phase `log`. */
export function logSteps(make: Maker): BootStep[] {
  const node = make.nodes.find(({ role }) => role === 'boot');
  const file = `${node?.directory ?? '.'}/stderr`;
  return [make.query('the log of the first node shows whether blocks still come', { show: 'log', file })];
}
