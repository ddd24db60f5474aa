/**
 * The boot of the EOSIO tutorial as a plan on screen: `npx tsx examples/eosio-boot.ts`. Accounts accountnum11 to accountnum55, the public keys
 * that the tutorial prints and placeholders for all others, its genesis, its four producers, and the votes that it takes until they take over.
 */

import { bytesToHex } from '@noble/hashes/utils.js';
import { isPoaError } from 'poa-primitives';
import { type BootAccount, type BootConfig, type BootStep, planBoot, renderCleos } from 'poa-primitives/eosio';

/** As the tutorial prints them. */
const KEYS: Readonly<Record<string, string>> = {
  eosio: 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm',
  'eosio.token': 'EOS84BLRbGbFahNJEpnnJHYCoW9QPbQEk2iHsHGGS6qcVUq9HhutG',
  'eosio.msig': 'EOS73N6SCJ4nENVcv5iCFwu3uMY3o83Vd6qgq41CJhNK9LYhBiWzc',
  accountnum11: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt',
  accountnum22: 'EOS5kgeCLuQo8MMLnkZfqcBA3GRFgQsPyDddHWmXceRLjRX8LJRaH',
  accountnum33: 'EOS63CnoyfeEQDjXXxwywN5PPKW7RYHC9tbtmvb8vFBGZooktz7kG',
  accountnum44: 'EOS6kBaCHrvz7VdUfFBLrLdhNjXYaKBmRkpDXU9PhbEUiHbspr7rz',
};
const PRODUCERS = ['accountnum11', 'accountnum22', 'accountnum33', 'accountnum44'];

const GENESIS = {
  initial_timestamp: '2018-03-02T12:00:00.000',
  initial_key: 'EOS8Znrtgwt8TfpmbVpTKvA2oB8Nqey625CLN8bCN3TEbgx86Dsvr',
  initial_configuration: {
    max_block_net_usage: 1048576,
    target_block_net_usage_pct: 1000,
    max_transaction_net_usage: 524288,
    base_per_transaction_net_usage: 12,
    net_usage_leeway: 500,
    context_free_discount_net_usage_num: 20,
    context_free_discount_net_usage_den: 100,
    max_block_cpu_usage: 100000,
    target_block_cpu_usage_pct: 500,
    max_transaction_cpu_usage: 50000,
    min_transaction_cpu_usage: 100,
    max_transaction_lifetime: 3600,
    deferred_trx_expiration_window: 600,
    max_transaction_delay: 3888000,
    max_inline_action_size: 4096,
    max_inline_action_depth: 4,
    max_authority_depth: 6,
    max_generated_transaction_count: 16,
  },
  initial_chain_id: '0000000000000000000000000000000000000000000000000000000000000000',
};

const keyOf = (name: string): { publicKey?: string } => (KEYS[name] === undefined ? {} : { publicKey: KEYS[name] });

const accounts: BootAccount[] = ['1', '2', '3', '4', '5'].flatMap((x) =>
  ['1', '2', '3', '4', '5'].map((y) => {
    const name = `accountnum${x}${y}`;
    // The tutorial stakes this much for its first account; the others share what is left, the next one most of it.
    const stake = name === 'accountnum11' ? { stake: { net: '100000.0000 SYS', cpu: '100000.0000 SYS' } } : {};
    return { name, ...keyOf(name), ...stake };
  }),
);

const tutorial: BootConfig = {
  rootKey: KEYS.eosio as string,
  genesis: GENESIS,
  systemAccounts: ['eosio.token', 'eosio.msig'].map((name) => ({ name, ...keyOf(name) })),
  accounts,
  producers: PRODUCERS,
  votes: [{ voter: 'accountnum23', producers: ['accountnum11', 'accountnum33'] }],
};

/** A long value cut short, so that a line stays readable. */
const cut = (text: string, length = 72): string => (text.length > length ? `${text.slice(0, length)}…` : text);

function printStep(step: BootStep, number: number): void {
  const signers = step.authority.map(({ actor, permission }) => `${actor}@${permission}`).join(', ');
  console.log(`\n${String(number).padStart(3)}. [${step.phase}] ${step.reason}${signers && `; signed by ${signers}`}`);
  for (const line of renderCleos(step)) console.log(`     $ ${line}`);
  for (const { account, name, data, missing } of step.actions) {
    const packed = data === null ? `waits for the ${missing.join(' and the ')}` : cut(bytesToHex(data));
    console.log(`     # ${account}::${name}  ${packed}`);
  }
}

// The one vote that the tutorial shows is of too few tokens: nothing would ever come after eosio.
try {
  planBoot(tutorial);
} catch (error) {
  if (!isPoaError(error)) throw error;
  console.log(`\nthe tutorial's vote alone: ${error.message}`);
}

const plan = planBoot({
  ...tutorial,
  votes: [...tutorial.votes, { voter: 'accountnum12', producers: PRODUCERS }],
});

console.log(`\nchain id: ${bytesToHex(plan.chainId ?? new Uint8Array())}`);
console.log('\nSTEPS');
plan.steps.forEach((step, i) => {
  printStep(step, i + 1);
});

console.log('\nNODES');
for (const { name, http, listen, configIni, configArguments } of plan.nodes.nodes) {
  console.log(`\n${name}: HTTP on ${http}, peers on ${listen}`);
  console.log(`  nodeos ${configArguments.join(' ')}`.trimEnd());
  console.log(`  config.ini\n${configIni.replace(/^/gm, '    ').trimEnd()}`);
}

console.log('\nFIGURES');
const tokens = (units: bigint): string => `${units / 10_000n}.${String(units % 10_000n).padStart(4, '0')} SYS`;
console.log(`issued ${tokens(plan.funding.issued)}, of it at most ${tokens(plan.funding.ramCost)} for RAM`);
console.log(`voted ${tokens(plan.activation.voted)} of ${tokens(plan.activation.threshold)} that activation takes`);
console.log(`to fill in: ${plan.missing.length} values, such as the ${plan.missing.at(-1)}`);
for (const warning of [...plan.warnings, ...plan.nodes.warnings])
  console.log(`warning: ${Object.values(warning).join(' ')}`);
