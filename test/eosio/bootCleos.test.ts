/** Command lines for people who boot by hand: a shell reads in them exactly the values of the plan. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { type BootStep, planBoot, planNodes, renderCleos } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { quoteWord } from '../../src/eosio/boot/text.js';
import { runs } from '../support/arbitraries.js';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS, WASM } from '../support/boot.js';
import { expectCode } from '../support/errors.js';

const HOME = '/home of/nobody';

/** The words that a shell hands to each command of a script: `cleos` and all others only say what they were given. */
function readByShell(lines: readonly string[]): string[][] {
  const names = ['cleos', 'nodeos', 'curl', 'mkdir', 'cp', 'sleep', 'tail'];
  const report = "printf '%s\\0' \"$@\"; printf '\\0\\n\\0'";
  const script = [...names.map((name) => `${name}() { printf '%s\\0' ${name}; ${report}; }`), ...lines].join('\n');
  const output = execFileSync('/bin/sh', ['-s'], {
    input: script,
    // No path: what is no builtin and no function here does not run.
    env: { HOME, PATH: '' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return output
    .split('\0\0\n\0')
    .slice(0, -1)
    .map((call) => call.split('\0'));
}

describe('renderCleos', () => {
  it('gives lines that a shell reads as one command each, with whole values', () => {
    const plan = planBoot({
      ...SCRIPT_BOOT,
      contractsDirectory: "/my contracts/it's $(here) `x` \\ !",
      memo: `"quoted", it's $HOME; rm -rf / # \`x\` \\`,
      producers: [
        { name: 'producer111a', url: "https://a/';reboot;'" },
        { name: 'producer111b', url: '$(reboot)' },
        { name: 'producer111c', url: '`reboot`&|<>', location: 7 },
        'producer111d',
      ],
      proxy: { producers: ['producer111a'], voters: ['useraaaaaaaa'] },
      replaceSystem: { code: WASM, expiration: '2018-06-01T12:00:00' },
      transfers: [{ from: 'useraaaaaaaa', to: 'useraaaaaaab', quantity: '1.0000 SYS' }],
    });
    // The folders of logs are not there, and what runs in the background ends in any order.
    const lines = plan.steps
      .flatMap(renderCleos)
      .map((line) => line.replace(/ {2}2>>\.\/nodes\/\d\d-\w+\/stderr &$/, ''));
    const calls = readByShell(lines);
    expect(calls.length).toBe(lines.length);
    const find = (...words: string[]) => calls.filter((call) => words.every((word, i) => call[i] === word));
    expect(find('cleos', 'set', 'contract').map((call) => call.slice(3))).toEqual([
      ['eosio.token', "/my contracts/it's $(here) `x` \\ !/eosio.token"],
      ['eosio.msig', "/my contracts/it's $(here) `x` \\ !/eosio.msig"],
      ['eosio', "/my contracts/it's $(here) `x` \\ !/eosio.boot"],
      ['eosio', "/my contracts/it's $(here) `x` \\ !/eosio.system"],
    ]);
    const [issue] = find('cleos', 'push', 'action', 'eosio.token', 'issue');
    expect(JSON.parse(issue?.[5] as string)).toEqual([
      'eosio',
      // A billion is shared out; the rest is for the RAM of the proposal.
      '1000000002.9281 SYS',
      `"quoted", it's $HOME; rm -rf / # \`x\` \\`,
    ]);
    expect(issue?.slice(6)).toEqual(['-p', 'eosio']);
    expect(find('cleos', 'system', 'regproducer').map((call) => call.slice(5))).toEqual([
      ["https://a/';reboot;'"],
      ['$(reboot)'],
      ['`reboot`&|<>', '7'],
      [`https://producer111d.com/${SEED_KEYS.eosio}`],
    ]);
    expect(find('cleos', 'transfer').at(-1)?.slice(2)).toEqual(['useraaaaaaaa', 'useraaaaaaab', '1.0000 SYS']);
    const [update] = find('cleos', 'push', 'action', 'eosio', 'updateauth');
    expect(update?.slice(-2)).toEqual(['-p', 'eosio@owner']);
    expect(JSON.parse(update?.[5] as string)).toMatchObject({ account: 'eosio', permission: 'owner', parent: '' });
    expect(find('cleos', 'system', 'voteproducer', 'proxy')[0]?.slice(4)).toEqual(['useraaaaaaaa', 'producer111a']);
    expect(find('cleos', 'system', 'regproxy')[0]?.slice(3)).toEqual(['producer111a']);
    expect(find('cleos', 'multisig').map((call) => call[2])).toEqual([
      'propose_trx',
      ...Array(4).fill('approve'),
      'exec',
    ]);
    const [propose] = find('cleos', 'multisig', 'propose_trx');
    expect(JSON.parse(propose?.[4] as string)).toHaveLength(4);
    expect(JSON.parse(propose?.[5] as string).expiration).toBe('2018-06-01T12:00:00');
    const [feature] = find('curl');
    expect(feature?.slice(1, 5)).toEqual([
      '-X',
      'POST',
      'http://127.0.0.1:8000/v1/producer/schedule_protocol_feature_activations',
      '-d',
    ]);
    expect(JSON.parse(feature?.[5] as string).protocol_features_to_activate).toHaveLength(1);
    expect(find('cleos', 'wallet', 'import', '--private-key')[0]?.[4]).toBe('<private key of eosio>');
    expect(lines.some((line) => line.includes('stderr &'))).toBe(false);
    expect(find('nodeos')).toHaveLength(5);
    expect(find('tail')).toEqual([['tail', '-n', '60', './nodes/00-eosio/stderr']]);
    expect(find('sleep').map(([, seconds]) => seconds)).toContain('80');
  });

  it('starts nodes with exactly their arguments, home folder and all', () => {
    for (const directory of ['~/eosio_test', "~/it's mine", '/a b/c', '~']) {
      const { nodes } = planNodes({
        producers: [{ name: 'accountnum11', publicKey: SEED_KEYS.accountnum11 }],
        directory,
      });
      const [call] = readByShell(nodes.map(({ command }) => command));
      expect(call).toEqual(['nodeos', ...(nodes[0]?.arguments ?? []).map((word) => word.replace(/^~\//, `${HOME}/`))]);
    }
  });

  it('writes the tutorial as the tutorial does', () => {
    const lines = planBoot(SEED_BOOT).steps.flatMap(renderCleos);
    expect(lines.slice(0, 6)).toEqual([
      'cleos wallet create',
      'cleos create key  # for eosio',
      "cleos wallet import '<private key of eosio>'",
      expect.stringMatching(/^nodeos --enable-stale-production --producer-name eosio /),
      'cleos create key  # for eosio.token',
      "cleos wallet import '<private key of eosio.token>'",
    ]);
    expect(lines).toContain(
      `cleos system newaccount eosio --transfer accountnum11 ${SEED_KEYS.accountnum11} --stake-net "100000.0000 SYS" --stake-cpu "100000.0000 SYS"`,
    );
    expect(lines.at(-1)).toBe('cleos system voteproducer prods accountnum23 accountnum11 accountnum33');
  });

  it('writes the script as the script does', () => {
    const lines = planBoot(SCRIPT_BOOT).steps.flatMap(renderCleos);
    expect(lines).toContain(`cleos push action eosio.token create '["eosio", "10000000000.0000 SYS"]' -p eosio.token`);
    expect(
      lines
        .filter((line) => line.startsWith('nodeos '))
        .every((line) => / {2}2>>\.\/nodes\/0\d-\w+\/stderr &$/.test(line)),
    ).toBe(true);
    expect(lines).toContain(`cleos push action eosio setpriv '["eosio.msig", 1]' -p eosio`);
    expect(lines).toContain(`cleos push action eosio init '[0, "4,SYS"]' -p eosio`);
    expect(
      lines.filter((line) =>
        /^cleos system newaccount --transfer eosio useraaaaaaaa EOS\w+ --stake-net "\d+\.\d{4} SYS" --stake-cpu "\d+\.\d{4} SYS" --buy-ram "0\.1000 SYS"$/.test(
          line,
        ),
      ),
    ).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('cleos get account '))).toHaveLength(11);
  });

  it('says how much RAM, where cleos would buy another amount', () => {
    const plan = planBoot({ ...SEED_BOOT, ram: { bytes: 4_096 } });
    expect(plan.steps.flatMap(renderCleos).filter((line) => line.endsWith(' --buy-ram-bytes 4096'))).toHaveLength(5);
  });

  it('quotes any word so that a shell reads it as it is', () => {
    // Any character but the one that ends a text in C, and halves of pairs.
    const character = fc.oneof(fc.integer({ min: 1, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
    const word = fc.array(character, { maxLength: 30 }).map((codes) => String.fromCodePoint(...codes));
    const nasty = fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~ \t\n=-%a'.split('')), maxLength: 12 });
    const words = fc.sample(fc.oneof(word, nasty), runs(300));
    const calls = readByShell(words.map((text) => `cleos ${quoteWord(text)} end`));
    expect(calls).toEqual(words.map((text) => ['cleos', text.replace(/^~\//, `${HOME}/`), 'end']));
    expect(() => quoteWord(1 as never)).toThrow(TypeError);
  });

  it('refuses steps that are none', () => {
    const step = planBoot(SEED_BOOT).steps.find(({ kind }) => kind === 'transaction') as BootStep;
    expectCode(() => renderCleos({ ...step, kind: 'other' } as never), 'CONFIG_INVALID');
    expectCode(() => renderCleos({ ...step, actions: [] } as never), 'CONFIG_INVALID');
    expectCode(() => renderCleos({ ...step, actions: [...step.actions, ...step.actions] } as never), 'CONFIG_INVALID');
    const wallet = (operation: object) => ({ ...step, kind: 'wallet', operations: [operation] }) as never;
    expectCode(() => renderCleos(wallet({ operation: 'other' })), 'CONFIG_INVALID');
    // A comment has no quotes: nothing but a name may stand in it.
    expectCode(() => renderCleos(wallet({ operation: 'create-key', account: 'a\nreboot' })), 'CONFIG_INVALID');
    expect(() => renderCleos(undefined as never)).toThrow(TypeError);
  });
});
