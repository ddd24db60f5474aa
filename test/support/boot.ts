/** Configurations of boots: the tutorial's own, and one for the scripts. */
import type { BootConfig } from 'poa-primitives/eosio';

/** Public keys that the tutorial prints. */
export const SEED_KEYS = {
  eosio: 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm',
  'eosio.token': 'EOS84BLRbGbFahNJEpnnJHYCoW9QPbQEk2iHsHGGS6qcVUq9HhutG',
  'eosio.msig': 'EOS73N6SCJ4nENVcv5iCFwu3uMY3o83Vd6qgq41CJhNK9LYhBiWzc',
  accountnum11: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt',
  accountnum22: 'EOS5kgeCLuQo8MMLnkZfqcBA3GRFgQsPyDddHWmXceRLjRX8LJRaH',
  accountnum33: 'EOS63CnoyfeEQDjXXxwywN5PPKW7RYHC9tbtmvb8vFBGZooktz7kG',
  accountnum44: 'EOS6kBaCHrvz7VdUfFBLrLdhNjXYaKBmRkpDXU9PhbEUiHbspr7rz',
} as const;

/** The shortest WebAssembly. */
export const WASM: Uint8Array = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const CONTRACT = { code: WASM, abi: { version: 'eosio::abi/1.1' } };

/** The tutorial as it stands, but that accountnum23, who votes there, holds most of what is shared out. */
export const SEED_BOOT: BootConfig = {
  rootKey: SEED_KEYS.eosio,
  systemAccounts: [
    { name: 'eosio.token', publicKey: SEED_KEYS['eosio.token'] },
    { name: 'eosio.msig', publicKey: SEED_KEYS['eosio.msig'] },
  ],
  contracts: { token: CONTRACT, msig: CONTRACT, system: CONTRACT },
  accounts: [
    {
      name: 'accountnum11',
      publicKey: SEED_KEYS.accountnum11,
      stake: { net: '100000.0000 SYS', cpu: '100000.0000 SYS' },
    },
    { name: 'accountnum23' },
    { name: 'accountnum22', publicKey: SEED_KEYS.accountnum22 },
    { name: 'accountnum33', publicKey: SEED_KEYS.accountnum33 },
    { name: 'accountnum44', publicKey: SEED_KEYS.accountnum44 },
  ],
  producers: ['accountnum11', 'accountnum22', 'accountnum33', 'accountnum44'],
  votes: [{ voter: 'accountnum23', producers: ['accountnum33', 'accountnum11'] }],
};

const USERS = ['useraaaaaaaa', 'useraaaaaaab', 'useraaaaaaac', 'useraaaaaaad'];
const PRODUCERS = ['producer111a', 'producer111b', 'producer111c', 'producer111d'];

/** The script with four users and four producers. */
export const SCRIPT_BOOT: BootConfig = {
  sequence: 'script',
  rootKey: 'EOS8Znrtgwt8TfpmbVpTKvA2oB8Nqey625CLN8bCN3TEbgx86Dsvr',
  contracts: { token: CONTRACT, msig: CONTRACT, boot: CONTRACT, system: CONTRACT },
  accounts: [...USERS, ...PRODUCERS].map((name, i) => ({
    name,
    publicKey: Object.values(SEED_KEYS)[i % 7] as string,
  })),
  producers: PRODUCERS,
  votes: USERS.map((voter) => ({ voter, producers: PRODUCERS.slice(0, 3) })),
};
