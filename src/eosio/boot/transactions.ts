/**
 * The transactions of a boot, one builder for each kind of step.
 *
 * @see the boot sequence tutorial; EOSIO/eos, bios-boot-tutorial.py
 * @module
 */

import type { AbiValue } from '../encoding/abiBuiltIn.js';
import { serializeAbiData } from '../encoding/abiData.js';
import { abiFromJson } from '../encoding/abiJson.js';
import type { AssetSymbol } from '../encoding/asset.js';
import { encodeHex } from '../encoding/text.js';
import type { ContractToSet } from './contracts.js';
import type { VaultaToken } from './extras.js';
import type { AccountFunds, RamPurchase } from './funds.js';
import { writeAmount } from './read.js';
import type { KeyedAccount, ProducerRow } from './readConfig.js';
import { accountAuthority, keyAuthority, keyOrPlaceholder, type PlannedAction, planAction } from './steps.js';

/** Memo of a transfer that nobody gave one. */
const NO_MEMO = '';

/** `newaccount` by `eosio`, with one key for owner and active. */
export function planNewAccount({ name, publicKey }: KeyedAccount): PlannedAction {
  const { key, missing } = keyOrPlaceholder(name, publicKey);
  const authority = keyAuthority(key);
  return planAction({
    account: 'eosio',
    name: 'newaccount',
    actor: 'eosio',
    args: { creator: 'eosio', name, owner: authority, active: authority },
    missing,
  });
}

/** `setcode` and `setabi`, by the account that gets the contract. */
export function planContract({ account, directory, code, abi }: ContractToSet): PlannedAction[] {
  const [codeMissing, abiMissing] = [`code of ${directory}`, `ABI of ${directory}`];
  return [
    planAction({
      account: 'eosio',
      name: 'setcode',
      actor: account,
      args: { account, vmtype: 0, vmversion: 0, code: code === null ? `<${codeMissing}>` : encodeHex(code) },
      missing: code === null ? [codeMissing] : [],
    }),
    planAction({
      account: 'eosio',
      name: 'setabi',
      actor: account,
      args: { account, abi: abi === null ? `<${abiMissing}>` : encodeHex(abi) },
      missing: abi === null ? [abiMissing] : [],
    }),
  ];
}

/** `create`, by the token contract itself. */
export function planCreateToken(maximumSupply: string): PlannedAction {
  const args = { issuer: 'eosio', maximum_supply: maximumSupply };
  return planAction({ account: 'eosio.token', name: 'create', actor: 'eosio.token', args });
}

/** `issue` to `eosio`. */
export function planIssue(quantity: string, memo: string): PlannedAction {
  return planAction({ account: 'eosio.token', name: 'issue', actor: 'eosio', args: { to: 'eosio', quantity, memo } });
}

/** An action of the system contract by `eosio`. */
export function planSystemAction(name: string, args: { readonly [name: string]: AbiValue }): PlannedAction {
  return planAction({ account: 'eosio', name, actor: 'eosio', args });
}

/** `newaccount`, RAM and, unless nothing is staked, `delegatebw`, which hands the stake over. */
export function planStakedAccount(
  account: KeyedAccount,
  funds: AccountFunds,
  ram: RamPurchase,
  symbol: AssetSymbol,
): PlannedAction[] {
  const receiver = account.name;
  const actions = [
    planNewAccount(account),
    'bytes' in ram
      ? planSystemAction('buyrambytes', { payer: 'eosio', receiver, bytes: ram.bytes })
      : planSystemAction('buyram', { payer: 'eosio', receiver, quant: writeAmount(ram.funds, symbol) }),
  ];
  // The contract refuses a stake of nothing, and cleos leaves the action out.
  if (funds.stakeNet + funds.stakeCpu === 0n) return actions;
  const stake = {
    from: 'eosio',
    receiver,
    stake_net_quantity: writeAmount(funds.stakeNet, symbol),
    stake_cpu_quantity: writeAmount(funds.stakeCpu, symbol),
    transfer: true,
  };
  return [...actions, planSystemAction('delegatebw', stake)];
}

/** `transfer` of tokens. */
export function planTransfer(from: string, to: string, quantity: string): PlannedAction {
  const args = { from, to, quantity, memo: NO_MEMO };
  return planAction({ account: 'eosio.token', name: 'transfer', actor: from, args });
}

/** `regproducer`, by the producer. */
export function planRegistration({ name, publicKey, url, location }: ProducerRow): PlannedAction {
  const args = { producer: name, producer_key: publicKey, url, location };
  return planAction({ account: 'eosio', name: 'regproducer', actor: name, args });
}

/** `voteproducer`, for producers or through a proxy. */
export function planVote(voter: string, proxy: string, producers: readonly string[]): PlannedAction {
  const args = { voter, proxy, producers: [...producers] };
  return planAction({ account: 'eosio', name: 'voteproducer', actor: voter, args });
}

/** `regproxy`, by the proxy. */
export function planProxy(proxy: string): PlannedAction {
  return planAction({ account: 'eosio', name: 'regproxy', actor: proxy, args: { proxy, isproxy: true } });
}

/** `claimrewards`, by the producer. */
export function planClaim(owner: string): PlannedAction {
  return planAction({ account: 'eosio', name: 'claimrewards', actor: owner, args: { owner } });
}

/** `updateauth`, by the permission that changes: from then on another account decides. */
export function planResignation(account: string, permission: 'owner' | 'active', controller: string): PlannedAction {
  const parent = permission === 'owner' ? '' : 'owner';
  const auth = accountAuthority(controller, 'active');
  return planAction({
    account: 'eosio',
    name: 'updateauth',
    actor: account,
    permission,
    args: { account, permission, parent, auth },
  });
}

/** `propose` of a `setcode` of `eosio`, to be approved by all producers. */
export function planProposal(
  proposer: string,
  proposalName: string,
  producers: readonly string[],
  code: Uint8Array,
  expiration: string,
): PlannedAction {
  const [setcode] = planContract({ account: 'eosio', directory: '', code, abi: null });
  const args = {
    proposer,
    proposal_name: proposalName,
    requested: producers.map((actor) => ({ actor, permission: 'active' })),
    trx: {
      expiration,
      ref_block_num: 0,
      ref_block_prefix: 0,
      max_net_usage_words: 0,
      max_cpu_usage_ms: 0,
      delay_sec: 0,
      context_free_actions: [],
      actions: [
        {
          account: 'eosio',
          name: 'setcode',
          authorization: [{ actor: 'eosio', permission: 'active' }],
          data: encodeHex(setcode?.data ?? new Uint8Array()),
        },
      ],
      transaction_extensions: [],
    },
  };
  return planAction({ account: 'eosio.msig', name: 'propose', actor: proposer, args });
}

/** `approve`, by one producer. */
export function planApproval(proposer: string, proposalName: string, producer: string): PlannedAction {
  const args = { proposer, proposal_name: proposalName, level: { actor: producer, permission: 'active' } };
  return planAction({ account: 'eosio.msig', name: 'approve', actor: producer, args });
}

/** `exec`, by the proposer. */
export function planExecution(proposer: string, proposalName: string): PlannedAction {
  const args = { proposer, proposal_name: proposalName, executer: proposer };
  return planAction({ account: 'eosio.msig', name: 'exec', actor: proposer, args });
}

/** `updateauth` that lets the code of `core.vaulta` act for it. */
export function planAddCode(publicKey: string): PlannedAction {
  const account = 'core.vaulta';
  const auth = {
    threshold: 1,
    keys: [{ key: publicKey, weight: 1 }],
    accounts: [{ permission: { actor: account, permission: 'eosio.code' }, weight: 1 }],
    waits: [],
  };
  const args = { account, permission: 'active', parent: 'owner', auth };
  return planAction({ account: 'eosio', name: 'updateauth', actor: account, args });
}

/** `init` of `core.vaulta`, which issues its token. */
export function planVaultaInit({ maximumSupply }: VaultaToken): PlannedAction {
  const fields = [{ name: 'maximum_supply', type: 'asset' }];
  const abi = abiFromJson({ version: 'eosio::abi/1.1', structs: [{ name: 'init', base: '', fields }] });
  return planAction({
    account: 'core.vaulta',
    name: 'init',
    actor: 'core.vaulta',
    args: { maximum_supply: maximumSupply },
    pack: (args) => serializeAbiData(abi, 'init', args),
  });
}
