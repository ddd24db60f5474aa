/** Spoilt configurations: nothing but a PoaError, or a TypeError for a wrong JavaScript type, may come out; and no secret in its text. */
import fc from 'fast-check';
import { isPoaError } from 'poa-primitives';
import { type BootConfig, type NodesConfig, planBoot, planNodes, renderCleos } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS, WASM } from '../support/boot.js';

type Path = readonly (string | number)[];

const FULL: BootConfig = {
  ...SCRIPT_BOOT,
  sequence: 'spring',
  symbol: '4,SYS',
  maximumSupply: '10000000000.0000 SYS',
  issue: '1100000000.0000 SYS',
  memo: 'memo',
  systemAccounts: [
    ...['msig', 'token', 'ram', 'ramfee', 'stake', 'vpay', 'bpay', 'saving'].map((name) => `eosio.${name}`),
    { name: 'core.vaulta', publicKey: SEED_KEYS['eosio.token'] },
  ],
  features: [{ feature: 'GET_SENDER', digest: 'f0af56d2c5a48d60a4a5b5c903edfb7db3a736a94ed589d0b797df33ff9d3e1d' }],
  privileged: ['eosio.msig'],
  producers: [
    'producer111a',
    { name: 'producer111b', url: 'https://b', location: 1, number: 9, host: 'b.example' },
    'producer111c',
  ],
  distribute: '1000000000.0000 SYS',
  weights: [8, 7, 6, 5, 4, 3, 2, 1],
  minProducerFunds: '1000.0000 SYS',
  ram: { funds: '0.1000 SYS' },
  minStake: '0.9000 SYS',
  maxUnstaked: '10.0000 SYS',
  minActivatedStake: '150000000.0000 SYS',
  requireActivation: true,
  claim: true,
  proxy: { proxy: 'producer111a', producers: ['producer111b'], voters: ['useraaaaaaaa'] },
  resign: true,
  replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00', proposer: 'useraaaaaaaa', proposalName: 'fast' },
  transfers: [{ from: 'useraaaaaaaa', to: 'useraaaaaaab', quantity: '1.0000 SYS' }],
  vaulta: { maximumSupply: '1.0000 A' },
  maxUserKeys: 3,
  nodes: {
    topology: { kind: 'regular', degree: 2 },
    directory: '/nodes',
    genesis: '/g',
    keyOption: 'private-key',
    httpBase: 7_000,
  },
};
const NODES: NodesConfig = {
  sequence: 'script',
  bootKey: SEED_KEYS.eosio,
  producers: [
    { name: 'proda', publicKey: SEED_KEYS.eosio, number: 3, host: 'a.example' },
    { name: 'prodb', publicKey: SEED_KEYS.eosio },
  ],
  topology: { kind: 'star', hub: 1 },
  directory: '/nodes',
  genesis: '/g/genesis.json',
  keyOption: 'signature-provider',
  includeBootNode: true,
  httpBase: 8_000,
  p2pBase: 9_000,
};

const sparse: unknown[] = [];
sparse[3] = 'accountnum11';
const vast: unknown[] = [];
vast.length = 2 ** 32 - 1;

const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0n,
  1n,
  -1n,
  1n << 80n,
  '',
  ' ',
  '0',
  'x',
  'eosio',
  'eosio.token',
  'accountnum11',
  'useraaaaaaaa',
  'producer111a',
  'a.',
  '.a',
  '__proto__',
  'constructor',
  '0.0000 SYS',
  '-1.0000 SYS',
  '1.0000 SYS',
  '1.0 SYS',
  '1.0000 EOS',
  '461168601842738.7903 SYS',
  '461168601842738.7904 SYS',
  '9'.repeat(1_000),
  `${'9'.repeat(100_000)}.0000 SYS`,
  '18,SYS',
  '0,SYS',
  'a\nb',
  'a\u2028b',
  '\ud800',
  '\u202e',
  "';reboot;'",
  '$(reboot)',
  '--option',
  'x'.repeat(100_000),
  'f0'.repeat(32),
  SEED_KEYS.eosio,
  '5K7EYY3j1YY14TSFVfqgtbWbrw3FA8BUUnSyFGgwHi8Uy61wU1o',
  'PVT_K1_2Hwxrbdw5y1oT3yTUPnoYmUeLDKwzKPkyPC26eC3qGqoY4YbWC',
  [],
  {},
  [[]],
  [{}],
  [null],
  [undefined],
  ['accountnum11', 'accountnum11'],
  sparse,
  vast,
  WASM,
  new Uint8Array(),
  new Uint16Array(4),
  () => 0,
  Symbol('symbol'),
  Object.create(null),
  JSON.parse('{"__proto__":{"name":"x"}}'),
  JSON.parse('{"length":4294967295}'),
  JSON.parse('{"constructor":null,"toString":1}'),
];

const isBranch = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

/** Every place in a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (!isBranch(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** A copy with another value at a place. */
function replaceAt(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (!isBranch(value)) return value;
  const copy: Record<string | number, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[key] = replaceAt(copy[key], rest, by);
  return copy;
}

/** Runs a call: its result, or nothing if it refused as it may. */
function judge<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (isPoaError(error)) {
      expect(error.message).not.toMatch(/5K7EYY|2Hwxrb/);
      expect(error.message.length).toBeLessThan(500);
    } else {
      expect(error).toBeInstanceOf(TypeError);
      // A check of this library, not a stumble inside of it.
      expect((error as Error).message).toMatch(/: expected .+, got /);
    }
    return undefined;
  }
}

/** Whatever was planned can be printed, and is one line for each command. */
function check(config: unknown): void {
  const plan = judge(() => planBoot(config as BootConfig));
  if (plan === undefined) return;
  for (const step of plan.steps) for (const line of renderCleos(step)) expect(line).not.toMatch(/[\n\r]/);
  const text = JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  expect(text).not.toMatch(/5K7EYY|2Hwxrb/);
}

describe.each([
  ['the tutorial', SEED_BOOT],
  ['everything', FULL],
])('planBoot: %s', (_, config) => {
  it('is planned as it is', () => expect(planBoot(config).steps.length).toBeGreaterThan(20));

  it('refuses in its own words, or plans, for any value anywhere', () => {
    const paths = pathsOf(config).slice(1);
    // Every place sees some of the values, every value many places; longer runs see all.
    const step = Math.max(1, Math.ceil(36 / runs(1)));
    paths.forEach((path, i) => {
      for (let j = i % step; j < VALUES.length; j += step) {
        try {
          check(replaceAt(config, path, VALUES[j]));
        } catch (cause) {
          throw new Error(`${path.join('.')} with value ${j}: ${cause}`, { cause });
        }
      }
    });
  });

  it('does so for several spoilt places', () => {
    const paths = pathsOf(config).slice(1);
    const change = fc.record({
      path: fc.constantFrom(...paths),
      value: fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue(), fc.string(), fc.double(), fc.bigInt()),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        check(changes.reduce<unknown>((spoilt, { path, value }) => replaceAt(spoilt, path, value), config));
      }),
      { numRuns: runs(100) },
    );
  });

  it('takes anything for a configuration', () => {
    for (const value of VALUES) check(value);
  });
});

describe('planNodes', () => {
  const checkNodes = (config: unknown): void => {
    const plan = judge(() => planNodes(config as NodesConfig));
    for (const { command, configIni } of plan?.nodes ?? []) {
      expect(command).not.toMatch(/[\n\r]/);
      for (const line of configIni.trimEnd().split('\n')) expect(line).toMatch(/^[a-z0-9-]+ = [^#\r]+$/);
    }
  };

  it('is planned as it is', () => expect(planNodes(NODES).nodes.length).toBe(3));

  it('refuses in its own words, or plans, for any value anywhere', () => {
    for (const path of pathsOf(NODES))
      for (const [j, value] of VALUES.entries()) {
        try {
          checkNodes(replaceAt(NODES, path, value));
        } catch (cause) {
          throw new Error(`${path.join('.')} with value ${j}: ${cause}`, { cause });
        }
      }
  });
});
