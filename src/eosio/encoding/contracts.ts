/**
 * The actions of the contracts that a chain is booted with, as data.
 *
 * @see https://github.com/EOSIO/eosio.contracts/tree/d7bc0a5cc8c0c2edd4dc61b0126517d0cb46fd94
 * @module
 */

import { PoaError } from '../../errors.js';
import { wrongType } from '../../internal/bytes.js';
import type { Abi, AbiField } from './abi.js';
import { describeText } from './text.js';

/** Fields by the name of their struct: `name type`, with commas between. */
type Structs = Readonly<Record<string, string>>;

const AUTHORITY: Structs = {
  permission_level: 'actor name, permission name',
  key_weight: 'key public_key, weight uint16',
  permission_level_weight: 'permission permission_level, weight uint16',
  wait_weight: 'wait_sec uint32, weight uint16',
  authority: 'threshold uint32, keys key_weight[], accounts permission_level_weight[], waits wait_weight[]',
};

const TRANSACTION: Structs = {
  permission_level: 'actor name, permission name',
  action: 'account name, name name, authorization permission_level[], data bytes',
  extension: 'type uint16, data bytes',
  transaction:
    'expiration time_point_sec, ref_block_num uint16, ref_block_prefix uint32, max_net_usage_words varuint32, ' +
    'max_cpu_usage_ms uint8, delay_sec varuint32, ' +
    'context_free_actions action[], actions action[], transaction_extensions extension[]',
};

const SYSTEM: Structs = {
  producer_key: 'producer_name name, block_signing_key public_key',
  producer_schedule: 'version uint32, producers producer_key[]',
  block_signing_authority_v0: 'threshold uint32, keys key_weight[]',
  producer_authority: 'producer_name name, authority block_signing_authority',
  block_header:
    'timestamp uint32, producer name, confirmed uint16, previous checksum256, transaction_mroot checksum256, ' +
    'action_mroot checksum256, schedule_version uint32, new_producers producer_schedule?',
  blockchain_parameters:
    'max_block_net_usage uint64, target_block_net_usage_pct uint32, max_transaction_net_usage uint32, ' +
    'base_per_transaction_net_usage uint32, net_usage_leeway uint32, context_free_discount_net_usage_num uint32, ' +
    'context_free_discount_net_usage_den uint32, max_block_cpu_usage uint32, target_block_cpu_usage_pct uint32, ' +
    'max_transaction_cpu_usage uint32, min_transaction_cpu_usage uint32, max_transaction_lifetime uint32, ' +
    'deferred_trx_expiration_window uint32, max_transaction_delay uint32, max_inline_action_size uint32, ' +
    'max_inline_action_depth uint16, max_authority_depth uint16',
};

/** What the node itself does for the account `eosio`, and what `eosio.boot`, `eosio.bios` and `eosio.system` add to it. */
const SYSTEM_ACTIONS: Structs = {
  newaccount: 'creator name, name name, owner authority, active authority',
  setcode: 'account name, vmtype uint8, vmversion uint8, code bytes',
  setabi: 'account name, abi bytes',
  updateauth: 'account name, permission name, parent name, auth authority',
  deleteauth: 'account name, permission name',
  linkauth: 'account name, code name, type name, requirement name',
  unlinkauth: 'account name, code name, type name',
  canceldelay: 'canceling_auth permission_level, trx_id checksum256',
  activate: 'feature_digest checksum256',
  reqactivated: 'feature_digest checksum256',
  setpriv: 'account name, is_priv uint8',
  setprods: 'schedule producer_authority[]',
  setalimits: 'account name, ram_bytes int64, net_weight int64, cpu_weight int64',
  setparams: 'params blockchain_parameters',
  init: 'version varuint32, core symbol',
  buyram: 'payer name, receiver name, quant asset',
  buyrambytes: 'payer name, receiver name, bytes uint32',
  sellram: 'account name, bytes int64',
  delegatebw: 'from name, receiver name, stake_net_quantity asset, stake_cpu_quantity asset, transfer bool',
  undelegatebw: 'from name, receiver name, unstake_net_quantity asset, unstake_cpu_quantity asset',
  refund: 'owner name',
  regproducer: 'producer name, producer_key public_key, url string, location uint16',
  regproducer2: 'producer name, producer_authority block_signing_authority, url string, location uint16',
  unregprod: 'producer name',
  rmvproducer: 'producer name',
  voteproducer: 'voter name, proxy name, producers name[]',
  regproxy: 'proxy name, isproxy bool',
  claimrewards: 'owner name',
  setram: 'max_ram_size uint64',
  setramrate: 'bytes_per_block uint16',
  onblock: 'header block_header',
  bidname: 'bidder name, newname name, bid asset',
};

const TOKEN_ACTIONS: Structs = {
  create: 'issuer name, maximum_supply asset',
  issue: 'to name, quantity asset, memo string',
  retire: 'quantity asset, memo string',
  transfer: 'from name, to name, quantity asset, memo string',
  open: 'owner name, symbol symbol, ram_payer name',
  close: 'owner name, symbol symbol',
};

const MSIG_ACTIONS: Structs = {
  propose: 'proposer name, proposal_name name, requested permission_level[], trx transaction',
  approve: 'proposer name, proposal_name name, level permission_level, proposal_hash checksum256$',
  unapprove: 'proposer name, proposal_name name, level permission_level',
  cancel: 'proposer name, proposal_name name, canceler name',
  exec: 'proposer name, proposal_name name, executer name',
  invalidate: 'account name',
};

const WRAP_ACTIONS: Structs = {
  exec: 'executer name, trx transaction',
};

/** The contracts by their accounts: actions, then the structs that these name. */
const CONTRACTS: Readonly<Record<string, readonly [Structs, ...Structs[]]>> = {
  eosio: [SYSTEM_ACTIONS, AUTHORITY, SYSTEM],
  'eosio.token': [TOKEN_ACTIONS],
  'eosio.msig': [MSIG_ACTIONS, TRANSACTION],
  'eosio.wrap': [WRAP_ACTIONS, TRANSACTION],
};

/**
 * The ABI of a contract of the boot: its actions, without tables. That of `eosio` holds what the node itself does and what
 * `eosio.boot`, `eosio.bios` and `eosio.system` add, since all of them are set on that account one after another.
 *
 * @param account - `eosio`, `eosio.token`, `eosio.msig` or `eosio.wrap`
 * @returns the ABI
 * @throws PoaError `ACTION_UNKNOWN` for another account
 * @example
 * ```ts
 * import { getContractAbi } from 'poa-primitives/eosio';
 *
 * getContractAbi('eosio.msig').actions.map(({ name }) => name).slice(0, 2); // => ['propose', 'approve']
 * ```
 * @see EOSIO, `eosio.contracts`; [E8 Action data](../RULES.md#e8-action-data)
 */
export function getContractAbi(account: string): Abi {
  return contractAbi('getContractAbi.account', account);
}

/** As {@link getContractAbi}; `where` names the account. */
export function contractAbi(where: string, account: unknown): Abi {
  if (typeof account !== 'string') throw wrongType(where, 'string', account);
  const contract = Object.hasOwn(CONTRACTS, account) ? CONTRACTS[account] : undefined;
  if (contract === undefined)
    throw new PoaError('ACTION_UNKNOWN', {
      where,
      expected: Object.keys(CONTRACTS).join(', '),
      got: describeText(account),
    });
  const [actions] = contract;
  const isSystem = account === 'eosio';
  return {
    version: 'eosio::abi/1.1',
    types: isSystem ? [{ new_type_name: 'block_signing_authority', type: 'variant_block_signing_authority_v0' }] : [],
    structs: contract.flatMap((structs) =>
      Object.entries(structs).map(([name, fields]) => ({ name, base: '', fields: fieldsOf(fields) })),
    ),
    actions: Object.keys(actions).map((name) => ({ name, type: name, ricardian_contract: '' })),
    tables: [],
    ricardian_clauses: [],
    error_messages: [],
    abi_extensions: [],
    variants: isSystem ? [{ name: 'variant_block_signing_authority_v0', types: ['block_signing_authority_v0'] }] : [],
    action_results: null,
  };
}

function fieldsOf(text: string): AbiField[] {
  return text.split(', ').map((field) => {
    const [name = '', type = ''] = field.split(' ');
    return { name, type };
  });
}
