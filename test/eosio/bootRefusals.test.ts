/** What would not boot is refused before anyone starts a node, with its code and the figure that is missing. */
import type { PoaErrorCode } from 'poa-primitives';
import { type BootConfig, planBoot } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS, WASM } from '../support/boot.js';
import { expectCode } from '../support/errors.js';

const SECRET = '5K7EYY3j1YY14TSFVfqgtbWbrw3FA8BUUnSyFGgwHi8Uy61wU1o';
const [first, second] = SEED_BOOT.accounts as [(typeof SEED_BOOT.accounts)[0], (typeof SEED_BOOT.accounts)[0]];
const others = SEED_BOOT.accounts.slice(1);

type Case = [string, Partial<Record<keyof BootConfig, unknown>>, PoaErrorCode, string | RegExp];

/** Changes of the tutorial's configuration. */
const MANUAL: Case[] = [
  ['no producer', { producers: [] }, 'PRODUCERS_MISSING', 'got none, 1 too few'],
  ['a producer who is no account', { producers: ['accountnum55'] }, 'PRODUCER_UNKNOWN', 'got accountnum55'],
  ['a producer without a key', { producers: ['accountnum23'] }, 'PRODUCER_KEY_MISSING', 'a public key of accountnum23'],
  ['a producer twice', { producers: ['accountnum11', 'accountnum11'] }, 'NAME_TAKEN', 'got accountnum11'],
  [
    'a URL of 512 bytes',
    { producers: [{ name: 'accountnum11', url: 'x'.repeat(512) }] },
    'URL_TOO_LONG',
    'got 512 bytes',
  ],
  [
    'a URL of 512 bytes in fewer characters',
    { producers: [{ name: 'accountnum11', url: 'ä'.repeat(256) }] },
    'URL_TOO_LONG',
    'got 512 bytes',
  ],
  [
    'a URL that is an option',
    { producers: [{ name: 'accountnum11', url: '--url' }] },
    'TEXT_UNSAFE',
    'does not begin with -',
  ],
  [
    'a URL of two lines',
    { producers: [{ name: 'accountnum11', url: 'https://a\n' }] },
    'TEXT_UNSAFE',
    'U+000A at character 9',
  ],
  ['a location beyond u16', { producers: [{ name: 'accountnum11', location: 65_536 }] }, 'OUT_OF_RANGE', 'got 65536'],
  ['no votes', { votes: [] }, 'ACTIVATION_UNREACHABLE', 'got 0.0000 SYS, 150000000.0000 SYS too little'],
  [
    'votes of too few tokens',
    { votes: [{ voter: 'accountnum11', producers: ['accountnum11'] }] },
    'ACTIVATION_UNREACHABLE',
    'expected voters with at least 150000000.0000 SYS staked, got 200000.0000 SYS, 149800000.0000 SYS too little',
  ],
  [
    'votes that lack one unit',
    {
      accounts: [
        { ...second, stake: { net: '75000000.0000 SYS', cpu: '74999999.9999 SYS' } },
        { ...first, stake: { net: '1.0000 SYS', cpu: '1.0000 SYS' } },
      ],
      producers: ['accountnum11'],
      votes: [{ voter: 'accountnum23', producers: ['accountnum11'] }],
    },
    'ACTIVATION_UNREACHABLE',
    '0.0001 SYS too little',
  ],
  [
    'votes for nobody',
    { votes: [{ voter: 'accountnum23', producers: [] }] },
    'ACTIVATION_UNREACHABLE',
    'got votes for none',
  ],
  [
    'a voter who is no account',
    { votes: [{ voter: 'accountnum55', producers: [] }] },
    'VOTER_UNKNOWN',
    'accountnum55, which is none',
  ],
  ['a voter who is the system', { votes: [{ voter: 'eosio', producers: [] }] }, 'VOTER_UNKNOWN', 'eosio'],
  ['a voter twice', { votes: [...SEED_BOOT.votes, ...SEED_BOOT.votes] }, 'VOTE_INVALID', 'accountnum23 twice'],
  [
    'a vote for who does not produce',
    { votes: [{ voter: 'accountnum23', producers: ['accountnum23'] }] },
    'PRODUCER_UNKNOWN',
    'got accountnum23',
  ],
  [
    'a vote twice for one',
    { votes: [{ voter: 'accountnum23', producers: ['accountnum11', 'accountnum11'] }] },
    'VOTE_INVALID',
    'accountnum11 twice',
  ],
  [
    'a vote for more than 30',
    { votes: [{ voter: 'accountnum23', producers: Array(31).fill('accountnum11') }] },
    'VOTES_TOO_MANY',
    'got 31',
  ],
  ['a proxy for itself', { proxy: { producers: [], voters: ['accountnum11'] } }, 'PROXY_SELF', 'got accountnum11'],
  [
    'a voter twice through a proxy',
    { proxy: { producers: [], voters: ['accountnum22', 'accountnum22'] } },
    'VOTE_INVALID',
    'twice',
  ],
  [
    'a proxy who is none',
    { proxy: { proxy: 'accountnum55', producers: [], voters: [] } },
    'VOTER_UNKNOWN',
    'accountnum55',
  ],
  ['a name twice', { accounts: [first, ...SEED_BOOT.accounts] }, 'NAME_TAKEN', 'got accountnum11'],
  [
    'a system account twice',
    { systemAccounts: ['eosio.token', 'eosio.msig', 'eosio.token'] },
    'NAME_TAKEN',
    'got eosio.token',
  ],
  [
    'a system account that every chain has',
    { systemAccounts: ['eosio.token', 'eosio.msig', 'eosio.prods'] },
    'NAME_TAKEN',
    'got eosio.prods',
  ],
  ['no account of the token', { systemAccounts: ['eosio.msig'] }, 'SYSTEM_ACCOUNT_MISSING', 'an account eosio.token'],
  [
    'a name of 11 characters',
    { accounts: [...others, { name: 'accountnum1' }] },
    'ACCOUNT_NAME_INVALID',
    'exactly 12 characters',
  ],
  [
    'a name with a dot',
    { accounts: [...others, { name: 'account.um11' }] },
    'ACCOUNT_NAME_INVALID',
    'exactly 12 characters',
  ],
  [
    'a name of 13 characters',
    { accounts: [...others, { name: 'accountnum111' }] },
    'ACCOUNT_NAME_INVALID',
    'got 13 characters',
  ],
  ['a name that is none', { accounts: [...others, { name: 'accountnum66' }] }, 'NAME_INVALID', 'accountnum66'],
  ['no name', { accounts: [...others, { name: '' }] }, 'ACCOUNT_NAME_INVALID', 'got 0 characters'],
  [
    'a key with a typing error',
    { rootKey: `${SEED_KEYS.eosio.slice(0, -1)}n` },
    'KEY_CHECKSUM_MISMATCH',
    'planBoot.rootKey',
  ],
  ['a private key for the root', { rootKey: SECRET }, 'PRIVATE_KEY_GIVEN', 'what looks like one, of 51 characters'],
  [
    'a private key for an account',
    { accounts: [...others, { ...first, publicKey: 'PVT_K1_2Hwxrbdw5y1oT3yTUPnoYmUeLDKwzKPkyPC26eC3qGqoY4YbWC' }] },
    'PRIVATE_KEY_GIVEN',
    'accounts[4].publicKey',
  ],
  [
    'a private key in a URL',
    { producers: [{ name: 'accountnum11', url: `https://a/${SECRET}` }] },
    'PRIVATE_KEY_GIVEN',
    'url',
  ],
  ['a private key in a memo', { memo: SECRET }, 'PRIVATE_KEY_GIVEN', 'memo'],
  ['a private key in a name', { accounts: [{ name: SECRET }] }, 'PRIVATE_KEY_GIVEN', 'accounts[0].name'],
  ['a private key in hex', { rootKey: 'ab'.repeat(32) }, 'PRIVATE_KEY_GIVEN', 'rootKey'],
  ['a key of another form', { rootKey: `x${SECRET.slice(0, 49)}` }, 'KEY_INVALID', 'a text of 50 characters'],
  [
    'an issue above the maximum',
    { issue: '10000000000.0001 SYS' },
    'SUPPLY_EXCEEDED',
    'got 10000000000.0001 SYS, 0.0001 SYS more',
  ],
  ['a maximum below what is issued', { maximumSupply: '999999999.9999 SYS' }, 'SUPPLY_EXCEEDED', '0.0001 SYS more'],
  ['an issue of nothing', { issue: '0.0000 SYS' }, 'AMOUNT_INVALID', 'got 0.0000 SYS'],
  ['a negative issue', { issue: '-1.0000 SYS' }, 'AMOUNT_INVALID', 'got -1.0000 SYS'],
  ['no maximum', { maximumSupply: '0.0000 SYS' }, 'AMOUNT_INVALID', 'maximumSupply'],
  ['an amount of another token', { issue: '1000000000.0000 EOS' }, 'SYMBOL_MISMATCH', 'got one of 4,EOS'],
  ['an amount of another precision', { issue: '1000000000.000 SYS' }, 'SYMBOL_MISMATCH', 'got one of 3,SYS'],
  ['another token than the amounts', { symbol: '4,EOS' }, 'SYMBOL_MISMATCH', 'expected an amount of 4,EOS'],
  ['an amount that is none', { issue: '1,0000 SYS' }, 'ASSET_INVALID', 'planBoot.issue'],
  ['a symbol that is none', { symbol: 'SYS' }, 'SYMBOL_INVALID', 'planBoot.symbol'],
  ['a precision that the defaults do not fit', { symbol: '18,SYS' }, 'AMOUNT_INVALID', 'does not fit the precision'],
  [
    'a stake of nothing',
    { accounts: [...others, { ...first, stake: { net: '0.0000 SYS', cpu: '0.0000 SYS' } }] },
    'AMOUNT_INVALID',
    'accounts[4].stake',
  ],
  [
    'a negative stake',
    { accounts: [...others, { ...first, stake: { net: '-1.0000 SYS', cpu: '1.0000 SYS' } }] },
    'AMOUNT_INVALID',
    'got -1.0000 SYS',
  ],
  [
    'funds of nothing',
    { accounts: [...SEED_BOOT.accounts, { name: 'accountnum55', funds: '0.0000 SYS' }] },
    'AMOUNT_INVALID',
    'funds',
  ],
  ['funds and a stake', { accounts: [...others, { ...first, funds: '1.0000 SYS' }] }, 'CONFIG_INVALID', 'got both'],
  [
    'stakes above what is issued',
    { accounts: [...others, { ...first, stake: { net: '600000000.0000 SYS', cpu: '600000000.0000 SYS' } }] },
    'FUNDS_EXCEEDED',
    /got 1200000000\.0000 SYS and 0\.59\d\d SYS, 200000000\.59\d\d SYS too much/,
  ],
  [
    'all that is issued, so that nothing pays for RAM',
    { distribute: '999800000.0000 SYS' },
    'FUNDS_EXCEEDED',
    /got 1000000000\.0000 SYS and 0\.59\d\d SYS, 0\.59\d\d SYS too much/,
  ],
  [
    'more RAM than there is',
    {
      ram: { bytes: 2 ** 31 - 1 },
      accounts: [
        ...SEED_BOOT.accounts,
        ...Array.from({ length: 31 }, (_, i) => ({ name: `accountnua${'abcdefg'[i % 7]}${'abcde'[i % 5]}` })),
      ],
    },
    'FUNDS_EXCEEDED',
    'bytes of RAM that are left',
  ],
  ['bytes of RAM that are none', { ram: { bytes: 0 } }, 'OUT_OF_RANGE', 'ram.bytes'],
  ['RAM for nothing', { ram: { funds: '0.0000 SYS' } }, 'AMOUNT_INVALID', 'ram.funds'],
  ['RAM in two ways', { ram: { bytes: 1, funds: '1.0000 SYS' } }, 'CONFIG_INVALID', 'got both'],
  ['RAM in no way', { ram: {} }, 'CONFIG_INVALID', 'got neither'],
  ['another number of weights', { weights: [1] }, 'WEIGHTS_INVALID', 'expected 4 weights'],
  ['weights of nothing', { weights: [0, 0, 0, 0] }, 'WEIGHTS_INVALID', '4 weights of 0'],
  ['a negative weight', { weights: [1, 1, 1, -1] }, 'WEIGHTS_INVALID', 'at least 0'],
  ['a weight that is no number', { weights: [1, 1, 1, Number.NaN] }, 'WEIGHTS_INVALID', 'at least 0'],
  [
    'code that is no WebAssembly',
    { contracts: { token: { code: WASM.map((byte, i) => (i === 3 ? 0 : byte)) } } },
    'CONTRACT_INVALID',
    'contracts.token.code',
  ],
  ['code that ends early', { contracts: { system: { code: WASM.slice(0, 7) } } }, 'CONTRACT_INVALID', 'got 7 bytes'],
  ['no code', { contracts: { msig: { code: new Uint8Array() } } }, 'CONTRACT_INVALID', 'got 0 bytes'],
  [
    'an ABI that is none',
    { contracts: { msig: { abi: { version: 'eosio::abi/9.9' } } } },
    'ABI_INVALID',
    'contracts.msig.abi',
  ],
  ['an ABI that is no object', { contracts: { msig: { abi: 'abi' } } }, 'JSON_INVALID', 'contracts.msig.abi'],
  ['a folder of two lines', { contractsDirectory: 'a\nb' }, 'TEXT_UNSAFE', 'contractsDirectory'],
  [
    'a folder that is an option',
    { contracts: { token: { directory: '-x' } } },
    'TEXT_UNSAFE',
    'contracts.token.directory',
  ],
  ['a memo of two lines', { memo: 'a\nb' }, 'TEXT_UNSAFE', 'U+000A at character 1'],
  ['a memo above 256 bytes', { memo: `${'ä'.repeat(128)}a` }, 'TEXT_UNSAFE', 'got 257 bytes'],
  [
    'features in the manual steps',
    { features: [{ feature: 'GET_SENDER', digest: 'f0'.repeat(32) }] },
    'CONFIG_INVALID',
    'no features in the manual steps',
  ],
  ['a sequence that is none', { sequence: 'seed' }, 'CONFIG_INVALID', 'manual, script or spring'],
  [
    'a resignation that nobody would follow',
    { resign: true, votes: [], requireActivation: false },
    'CONFIG_INVALID',
    'before eosio gives up its key',
  ],
  [
    'a replacement without a resignation',
    { replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00' } },
    'CONFIG_INVALID',
    'resign: false',
  ],
  [
    'a transfer to oneself',
    { transfers: [{ from: 'accountnum11', to: 'accountnum11' }] },
    'CONFIG_INVALID',
    'another than who sends',
  ],
  [
    'a transfer to nobody',
    { transfers: [{ from: 'accountnum11', to: 'accountnum55' }] },
    'CONFIG_INVALID',
    'an account of this boot',
  ],
  [
    'a transfer of nothing',
    { transfers: [{ from: 'accountnum11', to: 'accountnum22', quantity: '0.0000 SYS' }] },
    'AMOUNT_INVALID',
    'transfers[0].quantity',
  ],
  ['core.vaulta in the manual steps', { vaulta: {} }, 'CONFIG_INVALID', 'sequence spring'],
  [
    'a privileged account that is none',
    { privileged: ['accountnum55'] },
    'SYSTEM_ACCOUNT_MISSING',
    'an account accountnum55',
  ],
  ['a privileged account twice', { privileged: ['eosio.msig', 'eosio.msig'] }, 'NAME_TAKEN', 'eosio.msig'],
  [
    'ports that two nodes share',
    {
      producers: [
        { name: 'accountnum11', number: 1 },
        { name: 'accountnum33', number: 1 },
      ],
    },
    'PORT_TAKEN',
    '8001',
  ],
  [
    'a host that is none',
    { producers: [{ name: 'accountnum11', host: 'a\nb' }, 'accountnum33'] },
    'TEXT_UNSAFE',
    'producers[0].host',
  ],
  [
    'a topology that is none',
    { nodes: { topology: { kind: 'regular', degree: 4 } } },
    'TOPOLOGY_INVALID',
    '2 to 3 peers',
  ],
];

const feature = (name: string, digest: string) => ({ feature: name, digest });
const STAGE_2 = feature(
  'DISABLE_DEFERRED_TRXS_STAGE_2',
  '09e86cb0accf8d81c9e85d34bea4b925ae936626d00c984e4691186891f5bc16',
);
const SENDER = feature('GET_SENDER', 'f0af56d2c5a48d60a4a5b5c903edfb7db3a736a94ed589d0b797df33ff9d3e1d');

/** Changes of the script's configuration. */
const SCRIPT: Case[] = [
  ...[
    'eosio.msig',
    'eosio.token',
    'eosio.ram',
    'eosio.ramfee',
    'eosio.stake',
    'eosio.vpay',
    'eosio.bpay',
    'eosio.saving',
  ].map(
    (name): Case => [
      `no ${name}`,
      {
        systemAccounts: [
          'eosio.msig',
          'eosio.token',
          'eosio.ram',
          'eosio.ramfee',
          'eosio.stake',
          'eosio.vpay',
          'eosio.bpay',
          'eosio.saving',
        ].filter((other) => other !== name),
      },
      'SYSTEM_ACCOUNT_MISSING',
      `an account ${name}`,
    ],
  ),
  ['a feature twice', { features: [SENDER, SENDER] }, 'FEATURE_INVALID', 'GET_SENDER twice'],
  [
    'a feature before what it needs',
    { features: [STAGE_2] },
    'FEATURE_INVALID',
    'DISABLE_DEFERRED_TRXS_STAGE_1 before',
  ],
  [
    'Savanna before what it needs',
    { features: [feature('SAVANNA', 'cbe0fafc8fcc6cc998395e9b6de6ebd94644467b1b4a97ec126005df07013c52')] },
    'FEATURE_INVALID',
    'before SAVANNA',
  ],
  [
    'deferred ids before deferred transactions',
    { features: [feature('X', '4a90c00d55454dc5b059055ca213579c6ea856967712a56017487886a4d4cc0f')] },
    'FEATURE_INVALID',
    'REPLACE_DEFERRED before',
  ],
  ['a digest that is none', { features: [feature('X', 'f0'.repeat(31))] }, 'FEATURE_INVALID', '64 hex digits'],
  ['a digest in upper case', { features: [feature('X', 'F0'.repeat(32))] }, 'FEATURE_INVALID', '64 hex digits'],
  [
    'the feature that the producer API schedules',
    { features: [feature('X', '0ec7e080177b2c02b278d5088611686b49d739925a92d9bfcacd7fc6b74053bd')] },
    'FEATURE_INVALID',
    'PREACTIVATE_FEATURE',
  ],
  [
    'a name of a feature that is none',
    { features: [feature('get sender', 'f0'.repeat(32))] },
    'FEATURE_INVALID',
    'a name of A-Z',
  ],
  [
    'more issued by minimums than there may be',
    { maximumSupply: '1000000000.0000 SYS', minProducerFunds: '900000000.0000 SYS' },
    'SUPPLY_EXCEEDED',
    'more',
  ],
  [
    'a producer who cannot pay for RAM',
    { accounts: [...SCRIPT_BOOT.accounts.slice(0, 7), { ...SCRIPT_BOOT.accounts[7], funds: '0.0999 SYS' }] },
    'FUNDS_EXCEEDED',
    'funds of producer111d',
  ],
  [
    'a voter without a stake',
    {
      accounts: [...SCRIPT_BOOT.accounts, { name: 'poor', funds: '0.1000 SYS' }],
      votes: [{ voter: 'poor', producers: [] }],
    },
    'VOTER_UNKNOWN',
    'poor without a stake',
  ],
  [
    'a voter who was skipped',
    {
      accounts: [...SCRIPT_BOOT.accounts, { name: 'poor', funds: '0.0001 SYS' }],
      votes: [{ voter: 'poor', producers: [] }],
    },
    'VOTER_UNKNOWN',
    'poor, which is none',
  ],
  [
    'an expiration between seconds',
    { replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00.500' } },
    'CONFIG_INVALID',
    'whole seconds',
  ],
  ['an expiration that is none', { replaceSystem: { code: WASM, expiration: 'soon' } }, 'TIME_INVALID', 'expiration'],
  [
    'a replacement that is no WebAssembly',
    { replaceSystem: { code: new Uint8Array(8), expiration: '2018-06-01T12:00:00' } },
    'CONTRACT_INVALID',
    'replaceSystem.code',
  ],
  [
    'a proposer who is no account',
    { replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00', proposer: 'nobody' } },
    'CONFIG_INVALID',
    'nobody',
  ],
  [
    'an account that every chain has',
    { accounts: [...SCRIPT_BOOT.accounts, { name: 'eosio.null' }] },
    'NAME_TAKEN',
    'eosio.null',
  ],
  [
    'an account of the system',
    { accounts: [...SCRIPT_BOOT.accounts, { name: 'eosio.ram' }] },
    'NAME_TAKEN',
    'eosio.ram',
  ],
];

const SPRING: Case[] = [
  [
    'core.vaulta without its account',
    {
      vaulta: {},
      systemAccounts: SCRIPT_BOOT.systemAccounts ?? [
        'eosio.msig',
        'eosio.token',
        'eosio.ram',
        'eosio.ramfee',
        'eosio.stake',
        'eosio.vpay',
        'eosio.bpay',
        'eosio.saving',
      ],
    },
    'SYSTEM_ACCOUNT_MISSING',
    'core.vaulta',
  ],
  ['core.vaulta without tokens', { vaulta: { maximumSupply: '0.0000 A' } }, 'AMOUNT_INVALID', 'vaulta.maximumSupply'],
];

describe.each([
  ['manual', SEED_BOOT, MANUAL],
  ['script', SCRIPT_BOOT, SCRIPT],
  ['spring', { ...SCRIPT_BOOT, sequence: 'spring' as const }, SPRING],
])('planBoot, sequence %s', (_, config, cases) => {
  it('boots as it is', () => expect(planBoot(config).activation.missing).toBe(0n));

  it.each(cases)('refuses %s', (__, changes, code, text) => {
    const { message } = expectCode(() => planBoot({ ...config, ...changes } as BootConfig), code);
    expect(message).toMatch(
      typeof text === 'string' ? new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')) : text,
    );
    expect(message).not.toContain(SECRET.slice(0, 8));
    expect(message.length).toBeLessThan(400);
  });
});

describe('planBoot', () => {
  it('takes the vote that is just enough', () => {
    const stake = { net: '75000000.0000 SYS', cpu: '75000000.0000 SYS' };
    const plan = planBoot({
      ...SEED_BOOT,
      accounts: [{ ...second, stake }, first],
      producers: ['accountnum11'],
      votes: [{ voter: 'accountnum23', producers: ['accountnum11'] }],
    });
    expect(plan.activation).toEqual({ threshold: 1_500_000_000_000n, voted: 1_500_000_000_000n, missing: 0n });
  });

  it('takes 30 producers in a vote, a URL of 511 bytes, a memo of 256 and an issue of the maximum', () => {
    const names = Array.from({ length: 30 }, (_, i) => `prod${'abcdefghijklmnopqrstuvwxyz12345'[i]}`);
    const plan = planBoot({
      ...SCRIPT_BOOT,
      memo: 'ä'.repeat(128),
      maximumSupply: '1000000000.0000 SYS',
      issue: '1000000000.0000 SYS',
      accounts: names.map((name) => ({ name, publicKey: SEED_KEYS.eosio })),
      producers: names.map((name) => ({ name, url: 'x'.repeat(511) })),
      votes: [{ voter: 'proda', producers: names }],
    });
    expect(plan.funding.issued).toBe(plan.funding.maximumSupply);
  });

  it('throws a TypeError for a wrong JavaScript type of the caller', () => {
    for (const changes of [
      { accounts: {} },
      { producers: 'accountnum11' },
      { votes: null },
      { rootKey: 1 },
      { memo: 1 },
      { resign: 1 },
      { issue: 1n },
      { symbol: 4 },
      { contracts: { token: { code: [0] } } },
      { weights: ['1', '1', '1', '1'] },
    ])
      expect(
        () => planBoot({ ...SEED_BOOT, ...changes } as never),
        JSON.stringify(changes, (_, value) => String(value)),
      ).toThrow(TypeError);
    expect(() => planBoot(undefined as never)).toThrow(TypeError);
    expect(() => planBoot([] as never)).toThrow(TypeError);
  });
});
