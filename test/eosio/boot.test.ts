/** The boot as data: the tutorial and its scripts reproduced from their own inputs. */

import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import {
  type BootConfig,
  type BootPlan,
  type BootSequence,
  drawVotes,
  listFeatures,
  listPhases,
  planBoot,
  renderCleos,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { computeRamCost } from '../../src/eosio/boot/funds.js';
import { parseActionData } from '../../src/eosio/encoding/action.js';
import { runs } from '../support/arbitraries.js';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS, WASM } from '../support/boot.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared, sharedPath } from '../support/shared.js';

const actionsOf = (plan: BootPlan) => plan.steps.flatMap(({ actions }) => actions);
const phasesOf = (plan: BootPlan) => [...new Set(plan.steps.map(({ phase }) => phase))];
const namesIn = (plan: BootPlan, phase: string) =>
  plan.steps
    .filter((step) => step.phase === phase && step.kind === 'transaction')
    .map(({ actions }) => actions.map(({ name }) => name).join('+'));
/** JSON as others read it: `undefined` gone, order of members forgotten. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const EVERYTHING: BootConfig = {
  ...SCRIPT_BOOT,
  proxy: { producers: ['producer111b', 'producer111a'], voters: ['useraaaaaaaa', 'useraaaaaaab'] },
  replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00' },
  transfers: [{ from: 'useraaaaaaaa', to: 'useraaaaaaab' }],
};

describe.skipIf(!hasShared)('seed-bios-boot.json', () => {
  const seed = hasShared ? readShared('eosio/seed-bios-boot.json') : {};
  const manual = planBoot({ ...SEED_BOOT, resign: true });
  const script = planBoot(SCRIPT_BOOT);

  it('packs the three actions that the tutorial prints, and those that follow from it', () => {
    const cases = [...seed.actions_printed_with_binargs, ...seed.actions_derived_from_seed_arguments];
    expect(cases.length).toBe(13);
    for (const { code, action, args, binargs } of cases) {
      const plan = action === 'init' || action === 'setpriv' ? script : manual;
      const planned = actionsOf(plan).find(({ account, name, data }) => {
        const contract = name === action && account === (code === 'eosio' ? 'eosio' : code);
        return contract && data !== null && bytesToHex(data) === binargs;
      });
      expect(planned, `${action} ${binargs}`).toBeDefined();
      expect(plain(planned?.args)).toEqual(args);
    }
  });

  it('prints the command lines of the document in their order', () => {
    const text = readFileSync(sharedPath('../seeds/002_aa29555c766d9ab0.txt'), 'utf8');
    let lines = text
      .split('\n')
      .flatMap((line) => line.match(/^(?:> {4})?\s*\$ ((?:cleos|nodeos) .*?)\s*$/)?.[1] ?? []);
    for (const { private_key, used_for } of seed.key_pairs) {
      const placeholder = `<private key of ${used_for.split(' ')[0]}>`;
      lines = lines.map((line) =>
        line.replace(`import ${private_key}`, `import '${placeholder}'`).replace(private_key, placeholder),
      );
    }
    expect(lines.length).toBe(24);
    const rendered = planBoot(SEED_BOOT).steps.flatMap(renderCleos);
    let at = -1;
    for (const line of lines) {
      // The document says for whom it makes a key in a comment, but for the first.
      const next = rendered.findIndex(
        (found, i) =>
          i > at &&
          (found === line ||
            (line === 'cleos create key' && found === `${line}  # for eosio`) ||
            found.replace('  #', ' #') === line.replace('  #', ' #')),
      );
      expect(next, `${line} after ${rendered[at]}`).toBeGreaterThan(at);
      at = next;
    }
  });

  it('has the figures of the document', () => {
    const { funding, activation } = planBoot(SEED_BOOT);
    const { constants } = seed;
    expect(actionsOf(manual).find(({ name }) => name === 'create')?.args.maximum_supply).toBe(constants.max_supply);
    expect(actionsOf(manual).find(({ name }) => name === 'issue')?.args.quantity).toBe(constants.issued);
    expect(funding.ram).toEqual({ bytes: constants.default_account_ram_bytes });
    expect(activation.threshold).toBe((funding.issued * BigInt(constants.activation_threshold_percent)) / 100n);
    for (const { stakeNet, stakeCpu, unstaked, ram } of funding.accounts) {
      expect(stakeNet - stakeCpu === 0n || (stakeNet - stakeCpu) ** 2n === 1n).toBe(true);
      expect([unstaked, ram]).toEqual([0n, 0n]);
    }
  });

  it('gives the chain id of its genesis, and warns that its key is not that of eosio', () => {
    const plan = planBoot({ ...SEED_BOOT, genesis: seed.genesis_json });
    expect(bytesToHex(plan.chainId as Uint8Array)).toBe(seed.genesis_chain_id);
    expect(plan.warnings).toEqual([
      {
        code: 'GENESIS_KEY_OTHER',
        initialKey: seed.genesis_json.initial_key,
        rootKey: SEED_BOOT.rootKey,
      },
      ...planBoot(SEED_BOOT).warnings,
    ]);
    expect(planBoot(SEED_BOOT).chainId).toBe(null);
    // The script's root key is the one of that genesis.
    expect(planBoot({ ...SCRIPT_BOOT, genesis: seed.genesis_json }).chainId).toEqual(plan.chainId);
    expectCode(
      () => planBoot({ ...SCRIPT_BOOT, rootKey: SEED_BOOT.rootKey, genesis: seed.genesis_json }),
      'GENESIS_KEY_MISMATCH',
    );
    expectCode(() => planBoot({ ...SEED_BOOT, genesis: {} }), 'JSON_INVALID');
  });

  it('lists the producers as the document does', () => {
    const registered = actionsOf(manual).filter(({ name }) => name === 'regproducer');
    expect(registered.map(({ args }) => [args.producer, args.producer_key, String(args.url).slice(0, 59)])).toEqual(
      seed.list_producers.map((row: Record<string, string>) => [row.producer, row.producer_key, row.url_as_printed]),
    );
  });
});

describe.skipIf(!hasShared)('boot-plan.json', () => {
  const vectors = hasShared ? readShared('eosio/boot-plan.json') : {};
  const script = planBoot(EVERYTHING);
  const featuresOf = (plan: BootPlan) =>
    actionsOf(plan)
      .filter(({ name }) => name === 'activate')
      .map(({ args }) => args.feature_digest);

  it('has the phases of the script in their order', () => {
    expect(
      listPhases('script').map(({ command, flag, inAll }, i) => ({ order: i + 1, flag, command, in_all: inAll })),
    ).toEqual(
      vectors.steps.map(({ order, flag, command, in_all }: Record<string, unknown>) => ({
        order,
        flag,
        command,
        in_all,
      })),
    );
    // `kill` stops whatever runs on a machine: no part of a plan.
    expect(phasesOf(script)).toEqual(vectors.steps.map(({ command }: { command: string }) => command).slice(1));
  });

  it('has the transactions of each phase', () => {
    expect(namesIn(script, 'sys')).toEqual(vectors.system_accounts['EOSIO/eos (2021)'].map(() => 'newaccount'));
    expect(namesIn(script, 'contracts')).toEqual(['setcode+setabi', 'setcode+setabi']);
    expect(namesIn(script, 'tokens')).toEqual(['create', 'issue']);
    expect(namesIn(script, 'sys-contract')).toEqual([
      'setcode+setabi',
      ...Array(16).fill('activate'),
      'setcode+setabi',
      'setpriv',
    ]);
    expect(namesIn(script, 'init-sys-contract')).toEqual(['init']);
    expect(namesIn(script, 'stake')).toEqual(Array(8).fill(['newaccount+buyram+delegatebw', 'transfer']).flat());
    expect(namesIn(script, 'reg-prod')).toEqual(Array(4).fill('regproducer'));
    expect(namesIn(script, 'vote')).toEqual(Array(4).fill('voteproducer'));
    expect(namesIn(script, 'claim')).toEqual(Array(4).fill('claimrewards'));
    expect(namesIn(script, 'proxy')).toEqual(['voteproducer', 'regproxy', 'voteproducer', 'voteproducer']);
    // What the proposal costs eosio is bought before eosio gives up its key.
    expect(namesIn(script, 'resign')).toEqual(['buyrambytes', ...Array(22).fill('updateauth')]);
    expect(namesIn(script, 'msg-replace')).toEqual(['propose', ...Array(4).fill('approve'), 'exec']);
    expect(namesIn(script, 'xfer')).toEqual(['transfer']);
    expect(
      script.steps.filter(({ kind }) => kind !== 'transaction').map(({ phase, kind }) => `${phase} ${kind}`),
    ).toEqual([
      'wallet wallet',
      'boot node',
      'sys-contract producer-api',
      'reg-prod query',
      'start-prod node',
      'vote query',
      ...Array(11).fill('resign query'),
      'log query',
    ]);
  });

  it('has the parameters of the script', () => {
    const { parameters } = vectors;
    expect(script.steps.find(({ phase }) => phase === 'start-prod')?.waitAfter).toBe(
      parameters.producer_sync_delay_s * 1_000,
    );
    expect(script.funding.ram).toEqual({ funds: 1_000n });
    for (const { stakeNet, stakeCpu, unstaked, funds, ram } of script.funding.accounts) {
      expect(unstaked).toBe(100_000n);
      expect(stakeNet + stakeCpu >= 9_000n).toBe(true);
      expect(stakeNet + stakeCpu + unstaked + ram).toBe(funds);
    }
    const init = actionsOf(script).find(({ name }) => name === 'init');
    expect(init?.args).toEqual({ version: 0, core: `4,${parameters.symbol}` });
    expect(script.nodes.nodes.map(({ http }) => http)).toEqual(
      [0, 1, 2, 3, 4].map((i) => `127.0.0.1:${parameters.http_port + i}`),
    );
  });

  it('creates the system accounts of each source', () => {
    const created = (plan: BootPlan) =>
      actionsOf(plan)
        .filter(({ name }) => name === 'newaccount')
        .map(({ args }) => args.name);
    const [eos, more] = Object.values(vectors.system_accounts) as [string[], string[]];
    expect(created(script).slice(0, 10)).toEqual(eos);
    expect(created(planBoot({ ...SCRIPT_BOOT, sequence: 'spring' })).slice(0, 16)).toEqual([...eos, ...more]);
  });

  it('activates the features of EOSIO, and then those of Spring', () => {
    const { preactivate, 'EOSIO/eos order': order, 'AntelopeIO/spring changes': changes } = vectors.protocol_features;
    expect(featuresOf(script)).toEqual(order.map(({ digest }: { digest: string }) => digest));
    expect(listFeatures('script')).toEqual(order);
    const api = script.steps.find(({ kind }) => kind === 'producer-api');
    expect(api).toMatchObject({
      http: '127.0.0.1:8000',
      path: '/v1/producer/schedule_protocol_feature_activations',
      body: { protocol_features_to_activate: [preactivate.digest] },
      authority: [],
    });
    const [limits, ...added] = Object.values(changes)[1] as { feature: string; digest: string }[];
    const kept = order.flatMap((feature: { feature: string }) =>
      feature.feature === 'CONFIGURABLE_WASM_LIMITS'
        ? [limits]
        : changes.removed.includes(feature.feature)
          ? []
          : [feature],
    );
    expect(listFeatures('spring')).toEqual([...kept, ...added]);
    const spring = planBoot({ ...SCRIPT_BOOT, sequence: 'spring' });
    expect(featuresOf(spring)).toEqual([...kept, ...added].map(({ digest }) => digest));
  });

  it('differs in Spring as the source says', () => {
    const spring = planBoot({ ...SCRIPT_BOOT, sequence: 'spring' });
    expect(
      listPhases('spring')
        .map(({ flag }) => flag)
        .join(''),
    ).toBe('wbsctSIATpPvRxqmXl');
    expect(actionsOf(spring).some(({ name }) => name === 'setpriv')).toBe(false);
    expect(phasesOf(spring)).not.toContain('A-tokens');
    const vaulta = planBoot({ ...SCRIPT_BOOT, sequence: 'spring', vaulta: {} });
    expect(
      actionsOf(vaulta)
        .filter(({ name }) => name === 'setpriv')
        .map(({ args }) => args.account),
    ).toEqual(['eosio.msig', 'core.vaulta']);
    expect(namesIn(vaulta, 'A-tokens')).toEqual(['buyrambytes', 'init']);
    const init = actionsOf(vaulta).find(({ account, name }) => account === 'core.vaulta' && name === 'init');
    expect(init?.args).toEqual({ maximum_supply: '2100000000.0000 A' });
    expect(bytesToHex(init?.data as Uint8Array)).toBe('00508a7119130000' + '0441000000000000');
    expect(namesIn(vaulta, 'sys-contract').slice(-3)).toEqual(['setpriv', 'updateauth', 'setcode+setabi']);
  });

  it('goes through the manual steps in the order of the document', () => {
    const plan = planBoot(SEED_BOOT);
    const told = plan.steps.map(({ kind, actions, phase }) =>
      kind === 'transaction' ? actions.map(({ name }) => name).join('+') : `${phase}: ${kind}`,
    );
    expect(told).toEqual([
      'wallet: wallet',
      'wallet: wallet',
      'boot: node',
      ...Array(2).fill(['contracts: wallet', 'newaccount', 'setcode+setabi']).flat(),
      'create',
      'issue',
      'setcode+setabi',
      ...Array(5).fill(['stake: wallet', 'newaccount+buyrambytes+delegatebw']).flat(),
      ...Array(4).fill('regproducer'),
      'reg-prod: query',
      'start-prod: node',
      'voteproducer',
    ]);
    expect(vectors.seed_manual_order.length).toBe(12);
  });
});

describe.skipIf(!hasShared)('stake-distribution.json in a boot', () => {
  it('issues exactly what the script allocates', () => {
    for (const { weights, first_producer_index, num_producers, funds, total_text } of readShared(
      'eosio/stake-distribution.json',
    ).allocation_cases) {
      const count = weights.length;
      const names = Array.from({ length: count }, (_, i) => `acc${'abcdefghij'[i]}`);
      const producers =
        num_producers === 0
          ? names.slice(0, 1)
          : names.slice(first_producer_index, first_producer_index + num_producers);
      const plan = planBoot({
        ...SCRIPT_BOOT,
        accounts: names.map((name) => ({ name, publicKey: SEED_KEYS.eosio })),
        producers,
        votes: names.map((voter) => ({ voter, producers })),
        weights,
      });
      expect(plan.funding.accounts.map((account) => account.funds)).toEqual(funds.map(BigInt));
      expect(actionsOf(plan).find(({ name }) => name === 'issue')?.args.quantity).toBe(total_text);
      expect(plan.funding.remaining).toBe(0n);
    }
  });
});

describe('planBoot', () => {
  it('tells who signs each transaction, with the key', () => {
    const plan = planBoot(EVERYTHING);
    for (const step of plan.steps) {
      if (step.kind !== 'transaction') {
        expect([step.actions, step.authority]).toEqual([[], []]);
        continue;
      }
      const levels = step.actions.flatMap(({ authorization }) =>
        authorization.map(({ actor, permission }) => `${actor}@${permission}`),
      );
      expect(step.authority.map(({ actor, permission }) => `${actor}@${permission}`)).toEqual([...new Set(levels)]);
      for (const { publicKey } of step.authority) expect(publicKey).toMatch(/^EOS/);
    }
    const signers = (name: string) => plan.steps.find(({ actions }) => actions[0]?.name === name)?.authority;
    expect(signers('create')).toEqual([{ actor: 'eosio.token', permission: 'active', publicKey: SCRIPT_BOOT.rootKey }]);
    expect(signers('regproducer')).toEqual([
      { actor: 'producer111a', permission: 'active', publicKey: SEED_KEYS.accountnum22 },
    ]);
    expect(signers('updateauth')).toEqual([{ actor: 'eosio', permission: 'owner', publicKey: SCRIPT_BOOT.rootKey }]);
  });

  it('resigns eosio to the producers, and the system accounts to eosio', () => {
    const updates = actionsOf(planBoot(SCRIPT_BOOT)).filter(({ name }) => name === 'updateauth');
    const told = updates.map(({ args, authorization }) => {
      const auth = args.auth as {
        threshold: number;
        keys: unknown[];
        waits: unknown[];
        accounts: { permission: { actor: string; permission: string } }[];
      };
      expect([auth.threshold, auth.keys, auth.waits, auth.accounts.length]).toEqual([1, [], [], 1]);
      const { actor, permission } = (auth.accounts[0] as { permission: { actor: string; permission: string } })
        .permission;
      const [by] = authorization;
      return `${args.account} ${args.permission} under '${args.parent}' by ${by?.actor}@${by?.permission} to ${actor}@${permission}`;
    });
    expect(told.slice(0, 4)).toEqual([
      "eosio owner under '' by eosio@owner to eosio.prods@active",
      "eosio active under 'owner' by eosio@active to eosio.prods@active",
      "eosio.bpay owner under '' by eosio.bpay@owner to eosio@active",
      "eosio.bpay active under 'owner' by eosio.bpay@active to eosio@active",
    ]);
    expect(told.length).toBe(22);
  });

  it('sorts the producers of a vote by the value of their names', () => {
    const producers = ['zz', 'b.a', 'a1', 'a', 'a.b', 'bb'];
    const plan = planBoot({
      ...SCRIPT_BOOT,
      accounts: producers.map((name) => ({ name, publicKey: SEED_KEYS.eosio })),
      producers,
      votes: producers.map((voter) => ({ voter, producers })),
    });
    expect(actionsOf(plan).find(({ name }) => name === 'voteproducer')?.args.producers).toEqual([
      'a',
      'a.b',
      'a1',
      'b.a',
      'bb',
      'zz',
    ]);
  });

  it('never holds a private key, and names a placeholder for each', () => {
    for (const plan of [planBoot(SEED_BOOT), planBoot(EVERYTHING)]) {
      const text = JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      expect(text).not.toMatch(/PVT_|(?<![1-9A-Za-z])5[HJK][1-9A-HJ-NP-Za-km-z]{49}(?![1-9A-Za-z])/);
      expect(text).toContain('<private key of eosio>');
    }
  });

  it('leaves open what is not known, and says what that is', () => {
    const { contracts: _, ...rest } = SEED_BOOT;
    const plan = planBoot(rest);
    expect(plan.missing).toEqual([
      ...['token', 'msig', 'system'].flatMap((name) =>
        ['code', 'ABI'].map((what) => `${what} of ~/Documents/eos/build/contracts/eosio.${name}`),
      ),
      'public key of accountnum23',
    ]);
    for (const { data, missing } of actionsOf(plan)) expect(data === null).toBe(missing.length > 0);
    expect(planBoot(SCRIPT_BOOT).missing).toEqual([]);
  });

  it('imports the keys that the script imports', () => {
    const plan = planBoot({ ...SCRIPT_BOOT, maxUserKeys: 2 });
    const [wallet] = plan.steps;
    const imported =
      wallet?.kind === 'wallet'
        ? wallet.operations.map((operation) => ('account' in operation ? operation.account : operation.operation))
        : [];
    // Two keys of users, then those of producers that are not there yet.
    expect(imported).toEqual([
      'create-wallet',
      'eosio',
      'useraaaaaaaa',
      'useraaaaaaab',
      'producer111a',
      'producer111b',
      'producer111c',
    ]);
  });

  it('skips accounts that cannot pay for their RAM, as the script does, and says so', () => {
    const plan = planBoot({
      ...SCRIPT_BOOT,
      accounts: [...SCRIPT_BOOT.accounts, { name: 'poor', funds: '0.0999 SYS' }],
    });
    expect(plan.funding.skipped).toEqual([{ name: 'poor', funds: 999n, ram: 1_000n }]);
    expect(plan.warnings).toContainEqual({ code: 'ACCOUNT_SKIPPED', name: 'poor', funds: 999n, ram: 1_000n });
    expect(actionsOf(plan).some(({ args }) => args.name === 'poor')).toBe(false);
  });

  it('pays for RAM besides a stake that is given, as the manual steps do', () => {
    const stake = { net: '2.0000 SYS', cpu: '1.0000 SYS' };
    const plan = planBoot({ ...SCRIPT_BOOT, accounts: [...SCRIPT_BOOT.accounts, { name: 'sure', stake }] });
    expect(plan.funding.accounts.at(-1)).toEqual({
      name: 'sure',
      funds: 31_000n,
      ram: 1_000n,
      stakeNet: 20_000n,
      stakeCpu: 10_000n,
      unstaked: 0n,
    });
    expect(plan.funding.issued).toBe(10_000_000_000_000n);
    const given = { ...SCRIPT_BOOT, issue: '1000000000.0000 SYS' };
    const { funding } = planBoot({ ...given, accounts: [...SCRIPT_BOOT.accounts, { name: 'sure', stake }] });
    expect(funding.remaining).toBe(0n);
  });

  it('stakes nothing for an account that RAM leaves nothing', () => {
    const plan = planBoot({
      ...SCRIPT_BOOT,
      accounts: [...SCRIPT_BOOT.accounts, { name: 'poor', publicKey: SEED_KEYS.eosio, funds: '0.1000 SYS' }],
    });
    const step = plan.steps.find(({ actions }) => actions[0]?.args.name === 'poor');
    expect(step?.actions.map(({ name }) => name)).toEqual(['newaccount', 'buyram']);
    expect(step && renderCleos(step)[0]).toContain(
      '--stake-net "0.0000 SYS" --stake-cpu "0.0000 SYS" --buy-ram "0.1000 SYS"',
    );
  });

  it('warns of votes that are too few where it does not refuse them', () => {
    const plan = planBoot({ ...SEED_BOOT, votes: [], requireActivation: false });
    expect(plan.activation).toEqual({ threshold: 1_500_000_000_000n, voted: 0n, missing: 1_500_000_000_000n });
    expect(plan.warnings.map(({ code }) => code)).toEqual([
      'ACTIVATION_SHORT',
      ...Array(4).fill('PRODUCER_WITHOUT_VOTES'),
      'FEW_PRODUCERS',
    ]);
  });

  it('warns where so few are voted for that none of them may fail', () => {
    const codes = (count: number) =>
      planBoot({
        ...SCRIPT_BOOT,
        votes: SCRIPT_BOOT.votes.map(({ voter }) => ({
          voter,
          producers: SCRIPT_BOOT.producers.slice(0, count) as string[],
        })),
      }).warnings;
    expect(codes(4)).toEqual([]);
    expect(codes(3)).toEqual([
      { code: 'PRODUCER_WITHOUT_VOTES', name: 'producer111d' },
      { code: 'FEW_PRODUCERS', producers: 3, needed: 4 },
    ]);
  });

  it('takes another token, another supply and another threshold', () => {
    const plan = planBoot({
      ...SEED_BOOT,
      symbol: '2,COIN',
      maximumSupply: '1000.00 COIN',
      issue: '1000.00 COIN',
      minActivatedStake: '150.00 COIN',
      accounts: SEED_BOOT.accounts.map(({ stake: _, ...account }) => account),
      ram: { bytes: 4_096 },
    });
    expect(plan.funding.issued).toBe(100_000n);
    expect(actionsOf(plan).find(({ name }) => name === 'buyrambytes')?.args.bytes).toBe(4_096);
    expect(plan.activation.threshold).toBe(15_000n);
  });

  it('takes a token of 18 decimals, if the amounts fit it', () => {
    const amount = (tokens: string) => `${tokens}.${'0'.repeat(18)} FINE`;
    const plan = planBoot({
      ...SEED_BOOT,
      symbol: '18,FINE',
      maximumSupply: amount('4'),
      issue: amount('4'),
      minActivatedStake: amount('1'),
      accounts: SEED_BOOT.accounts.slice(1),
      producers: ['accountnum22'],
      votes: [{ voter: 'accountnum23', producers: ['accountnum22'] }],
    });
    expect(plan.funding.issued).toBe(4n * 10n ** 18n);
    expect(plan.funding.remaining).toBe(0n);
  });

  it('gives the same plan for the same configuration, and does not touch it', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return;
      Object.freeze(value);
      for (const inner of Object.values(value)) freeze(inner);
    };
    freeze(EVERYTHING);
    expect(planBoot(EVERYTHING)).toEqual(planBoot(EVERYTHING));
  });
});

const config: fc.Arbitrary<BootConfig> = fc
  .record({
    sequence: fc.constantFrom<BootSequence>('manual', 'script', 'spring'),
    users: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z1-5]{11}$/), { minLength: 2, maxLength: 12 }),
    producing: fc.nat(),
    seed: fc.nat(),
    precision: fc.constantFrom(0, 1, 4, 6),
    isKeyed: fc.boolean(),
    withWeights: fc.boolean(),
  })
  .map(({ sequence, users, producing, seed, precision, isKeyed, withWeights }) => {
    const producers = users.slice(producing % users.length);
    let state = seed;
    const random = (count: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state % count;
    };
    return {
      sequence,
      symbol: `${precision},TOK`,
      minActivatedStake: precision === 0 ? '150000000 TOK' : `150000000.${'0'.repeat(precision)} TOK`,
      rootKey: SEED_KEYS.eosio,
      contracts: { token: { code: WASM, abi: { version: 'eosio::abi/1.1' } } },
      accounts: users.map((name, i) => ({
        name,
        ...(isKeyed || producers.includes(name) ? { publicKey: Object.values(SEED_KEYS)[i % 7] as string } : {}),
      })),
      producers,
      votes: [
        ...drawVotes({ voters: users.slice(1), producers, random, count: 3 }),
        { voter: users[0] as string, producers: producers.slice(0, 30) },
      ],
      ...(withWeights ? { weights: users.map(() => 1 + random(1_000)) } : {}),
    };
  });

describe('any boot', () => {
  it('has actions that parse back to their JSON, and money that is all accounted for', () => {
    fc.assert(
      fc.property(config, (given) => {
        const plan = planBoot(given);
        for (const { account, name, args, data } of actionsOf(plan))
          if (data !== null) expect(plain(parseActionData(account, name, data))).toEqual(plain(args));
        const { funding } = plan;
        const shared = funding.accounts.reduce((sum, { funds }) => sum + funds, 0n);
        const skipped = funding.skipped.reduce((sum, { funds }) => sum + funds, 0n);
        expect(shared + skipped + funding.ramCost + funding.remaining).toBe(funding.issued);
        expect(funding.issued <= funding.maximumSupply).toBe(true);
        if (given.sequence === 'manual') expect(funding.remaining).toBe(0n);
        for (const { funds, ram, stakeNet, stakeCpu, unstaked } of funding.accounts)
          expect(ram + stakeNet + stakeCpu + unstaked).toBe(funds);
        for (const step of plan.steps) expect(renderCleos(step).length).toBeGreaterThan(0);
      }),
      { numRuns: runs(40) },
    );
  });
});

describe('computeRamCost', () => {
  /** What the market of the system contract takes, in its doubles. */
  const contractCost = (supply: number, purchases: readonly number[]): number => {
    let [ram, paid, cost] = [64 * 2 ** 30, Math.floor(supply / 1_000), 0];
    for (const bytes of purchases) {
      const quant = Math.trunc(Math.trunc((paid * bytes) / (ram - bytes)) / 0.995);
      const afterFee = quant - Math.floor((quant + 199) / 200);
      cost += quant;
      ram -= bytes;
      paid += afterFee;
    }
    return cost;
  };

  it('is never below what the contract takes, and never much above', () => {
    const bytes = fc.oneof(fc.constant(8_192), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 20 }), fc.integer({ min: 1, max: 10 ** 14 }), (purchases, supply) => {
        const cost = Number(computeRamCost(BigInt(supply), purchases));
        const least = contractCost(supply, purchases);
        expect(cost >= least).toBe(true);
        expect(cost - least).toBeLessThan(10 * purchases.length + 1 + least * 1e-9);
      }),
      { numRuns: runs(200) },
    );
    expect(computeRamCost(10n ** 13n, [8_192, 8_192, 8_192])).toBe(3_597n);
  });
});

describe('drawVotes', () => {
  const producers = Array.from({ length: 21 }, (_, i) => `prod${'abcdefghijklmnopqrstu'[i]}`);

  it('draws as many as the script: 20 of 21, all but one of fewer, none of one', () => {
    const drawn = (count: number) =>
      drawVotes({ voters: ['alice'], producers: producers.slice(0, count), random: (left) => left - 1 })[0]?.producers
        .length;
    expect([21, 20, 19, 2, 1, 0].map(drawn)).toEqual([20, 20, 18, 1, 0, 0]);
  });

  it('draws distinct producers, sorted, without touching the list', () => {
    const list = Object.freeze([...producers].reverse());
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), fc.integer({ min: 0, max: 21 }), (stream, count) => {
        const random = (left: number) => (stream.next().value as number) % left;
        const [vote] = drawVotes({ voters: ['alice'], producers: list, random, count });
        expect(vote?.producers).toEqual([...new Set(vote?.producers)].sort());
        expect(vote?.producers.length).toBe(count);
      }),
      { numRuns: runs(50) },
    );
  });

  it('refuses what no vote can be drawn from', () => {
    const draw = { voters: ['alice'], producers, random: () => 0 };
    for (const random of [() => -1, () => 21, () => 0.5, () => Number.NaN])
      expectCode(() => drawVotes({ ...draw, random }), 'OUT_OF_RANGE');
    expectCode(() => drawVotes({ ...draw, count: 31 }), 'OUT_OF_RANGE');
    expectCode(() => drawVotes({ ...draw, producers: ['a', 'a'] }), 'NAME_TAKEN');
    expectCode(() => drawVotes({ ...draw, voters: ['A'] }), 'NAME_INVALID');
    expect(() => drawVotes({ ...draw, random: 1 as never })).toThrow(TypeError);
  });
});

describe('listPhases and listFeatures', () => {
  it('know three sequences', () => {
    expect(listFeatures('manual')).toEqual([]);
    expect(listPhases('manual').map(({ command }) => command)).toEqual([
      'wallet',
      'boot',
      'contracts',
      'tokens',
      'sys-contract',
      'stake',
      'reg-prod',
      'start-prod',
      'vote',
      'claim',
      'proxy',
      'resign',
      'msg-replace',
      'xfer',
    ]);
    expectCode(() => listPhases('x' as never), 'CONFIG_INVALID');
    expectCode(() => listFeatures('x'.repeat(99) as never), 'CONFIG_INVALID');
    expect(() => listFeatures(1 as never)).toThrow(TypeError);
  });

  it('give lists of their own', () => {
    const [first] = listFeatures('script') as { digest: string }[];
    if (first !== undefined) first.digest = '';
    expect(listFeatures('script')[0]?.digest).toHaveLength(64);
  });
});
