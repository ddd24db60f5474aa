/** What the examples of EOSIO in the documentation share: a genesis with its well-known key, and real data of public chains. */
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  type Action,
  buildAction,
  computeChainId,
  genesisFromText,
  type ProducerSchedule,
  publicKeyFromText,
} from 'poa-primitives/eosio';

/** The private key of the genesis that nodes for development begin with: known to all. */
export const genesisPrivateKey = '5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3';
/** Its public key. */
export const genesisPublicKey = 'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV';

/** The genesis that nodes for development begin with. */
export const genesisText: string = JSON.stringify({
  initial_timestamp: '2018-06-01T12:00:00.000',
  initial_key: genesisPublicKey,
  initial_configuration: {
    max_block_net_usage: 1048576,
    target_block_net_usage_pct: 1000,
    max_transaction_net_usage: 524288,
    base_per_transaction_net_usage: 12,
    net_usage_leeway: 500,
    context_free_discount_net_usage_num: 20,
    context_free_discount_net_usage_den: 100,
    max_block_cpu_usage: 200000,
    target_block_cpu_usage_pct: 1000,
    max_transaction_cpu_usage: 150000,
    min_transaction_cpu_usage: 100,
    max_transaction_lifetime: 3600,
    deferred_trx_expiration_window: 600,
    max_transaction_delay: 3888000,
    max_inline_action_size: 4096,
    max_inline_action_depth: 4,
    max_authority_depth: 6,
  },
});

/** A schedule of one producer. */
export const producerSchedule: ProducerSchedule = {
  version: 1,
  producers: [{ producerName: 'accountnum11', blockSigningKey: publicKeyFromText(genesisPublicKey) }],
};

/** The action that makes `eosio.msig` privileged. */
export const action: Action = buildAction({
  account: 'eosio',
  name: 'setpriv',
  authorization: [{ actor: 'eosio', permission: 'active' }],
  data: { account: 'eosio.msig', is_priv: 1 },
});

/** The chain of EOS, and a transfer of 10.0000 EOS on it. */
export const chainId: Uint8Array = hexToBytes('aca376f206b8fc25a6ed44dbdc66547c36c6c33e3a119ffbeaef943642f0e906');
export const packedTransaction: Uint8Array = hexToBytes(
  '81c4e05eedd42896ff7a000000000100a6823403ea3055000000572d3ccdcd011034f5e41a148dba00000000a8ed3232' +
    '211034f5e41a148dba2034f5e41a148dbaa08601000000000004454f53000000000000',
);
export const transactionId: Uint8Array = hexToBytes('a5b60f9ee800c6e9a2933736de807e592adbcdc10d2c40caf8ad27b5c5907c59');
export const transactionSignature: string =
  'SIG_K1_JyXd7KBHJtRerTLBchmF3eXpbLnkG2Yo4E7Hq2edeKiuofA9fzVwB7dpjcPVqyYvTTybZmDWaPAnzP7mkazdeXydZusvEF';
export const transactionSigningKey = 'EOS8cXsBXoqm9nGjsAnExHiDC6XPh5zxyrPDhKMhEztWTw1fkxkRx';

/** Block 10,700,626 of the test network Jungle 3: its header, and what its producer signed. */
export const packedHeader: Uint8Array = hexToBytes(
  '56e4634c7055c6d2343fa75e000000a347514c696a676a791123e78b32b1f671904b7a44b852451e9771aa38ec28' +
    'f2cd33b8f6516e13fa934f069f26e0c8b4dce01d8388b4b3b2cc60a2baec9811' +
    '3f2e3a4b25a08b3f43029209b59ae5f3147d0f0c7a43ba62437a163ca4cb4e89250000000000',
);
export const blockRoot: Uint8Array = hexToBytes('e3f8f374edd3fa2af41bb728e4c67168a5fea55b88766772223c3771e060c28c');
export const scheduleHash: Uint8Array = hexToBytes('cedd80489dcc2133068079b1d1c47f0c43f084f56ea6e02c2961841c93a0d2ba');
export const blockSignatureDigest: Uint8Array = hexToBytes(
  '807f7a66a7d3e7ea0e80dc9250f564b8361f2ea750ed02cc4485d8d117700d24',
);
export const blockSignature: string =
  'SIG_K1_Kg4JWBNjT1vyy59wpmz3iW6TZELWpDWUcffG6XPv68Pj6ZmPpa7teiAkw3hgihRAJ72nG8U8tWD3gC6oAEMG6hgE1LDAHT';
export const blockSigningKey = 'EOS7A9BoRetjpKtE3sqA6HRykRJ955MjQ5XdRmCLionVte2uERL8h';

/** The id of the chain that the genesis begins. */
export const genesisChainId: Uint8Array = computeChainId(genesisFromText(genesisText));
