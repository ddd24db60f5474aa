/** The lint rules that keep imports pointing down: each is shown a violation, and must see it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles, root } from '../support/examples.js';

const folder = mkdtempSync(join(tmpdir(), 'house-'));

/** File, what it imports, and whether it may. */
const probes: [string, string, boolean][] = [
  ['src/internal/probe.ts', '../ckb/encoding/hash.js', false],
  ['src/internal/molecule/probe.ts', '../../ckb/encoding/hash.js', false],
  ['src/internal/probe.ts', '../index.js', false],
  ['src/ckb/encoding/probe.ts', '../recovery/recover.js', false],
  ['src/ckb/encoding/probe.ts', '../governance/vote.js', false],
  ['src/ckb/encoding/probe.ts', '../chain/state.js', false],
  ['src/ckb/encoding/probe.ts', '../edges/rpc.js', false],
  ['src/ckb/encoding/probe.ts', '../index.js', false],
  ['src/ckb/encoding/probe.ts', '../../internal/bytes.js', true],
  ['src/ckb/recovery/probe.ts', '../governance/vote.js', false],
  ['src/ckb/recovery/probe.ts', '../chain/state.js', false],
  ['src/ckb/recovery/probe.ts', '../edges/rpc.js', false],
  ['src/ckb/recovery/probe.ts', '../encoding/hash.js', true],
  ['src/ckb/governance/probe.ts', '../chain/state.js', false],
  ['src/ckb/governance/probe.ts', '../edges/rpc.js', false],
  ['src/ckb/governance/probe.ts', '../recovery/recover.js', true],
  ['src/ckb/chain/probe.ts', '../edges/rpc.js', false],
  ['src/ckb/chain/probe.ts', '../index.js', false],
  ['src/ckb/chain/probe.ts', '../governance/vote.js', true],
  ['src/ckb/edges/probe.ts', '../index.js', false],
  ['src/ckb/edges/probe.ts', '../chain/state.js', true],
  ['src/internal/probe.ts', '../clique/encoding/hash.js', false],
  ['src/clique/encoding/probe.ts', '../recovery/recover.js', false],
  ['src/clique/encoding/probe.ts', '../bootstrap/enode.js', false],
  ['src/clique/recovery/probe.ts', '../bootstrap/enode.js', false],
  ['src/clique/recovery/probe.ts', '../chain/state.js', false],
  ['src/clique/bootstrap/probe.ts', '../chain/state.js', false],
  ['src/clique/bootstrap/probe.ts', '../encoding/header.js', true],
  ['src/clique/chain/probe.ts', '../edges/rpc.js', false],
  ['src/clique/edges/probe.ts', '../index.js', false],
  ['src/clique/encoding/probe.ts', '@ckb-lumos/codec', false],
  ['src/eosio/encoding/probe.ts', '../boot/plan.js', false],
  ['src/eosio/encoding/probe.ts', '../election/elect.js', false],
  ['src/eosio/recovery/probe.ts', '../election/elect.js', false],
  ['src/eosio/boot/probe.ts', '../chain/state.js', false],
  ['src/eosio/election/probe.ts', '../edges/tables.js', false],
  ['src/eosio/election/probe.ts', '../encoding/name.js', true],
  ['src/eosio/chain/probe.ts', '../edges/tables.js', false],
  ['src/eosio/edges/probe.ts', '../index.js', false],
  ['src/probe.ts', '@ckb-lumos/base', false],
  ['src/ckb/probe.ts', '@ckb-lumos/codec', false],
  ['src/internal/probe.ts', '@ckb-lumos/codec', false],
  ['src/ckb/encoding/probe.ts', '@ckb-lumos/codec', false],
  ['src/ckb/encoding/probe.ts', '@ckb-lumos/base/lib/blockchain.js', false],
  ['src/ckb/recovery/probe.ts', '@ckb-lumos/base', false],
  ['src/ckb/governance/probe.ts', '@ckb-lumos/base', false],
  ['src/ckb/chain/probe.ts', '@ckb-lumos/base', false],
  ['src/ckb/edges/probe.ts', '@ckb-lumos/base', false],
  ['src/ckb/edges/lumosprobe.ts', '@ckb-lumos/base', true],
  ['src/ckb/edges/lumosprobe.ts', '@ckb-lumos/codec', true],
  ['src/ckb/edges/lumosprobe.ts', '../index.js', false],
  ['src/ckb/chain/probe.ts', 'node:fs', false],
  ['src/internal/probe.ts', 'fs', false],
];

const nameOf = (i: number): string => (probes[i] as [string, string, boolean])[0].replace('probe', `probe${i}`);
let refused: Set<string>;

beforeAll(() => {
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
  const config = readFileSync(join(root, '.biome.jsonc'), 'utf8').replace(
    '"vcs": { "enabled": true',
    '"vcs": { "enabled": false',
  );
  writeFileSync(join(folder, '.biome.jsonc'), config);
  probes.forEach(([, imported], i) => {
    const path = join(folder, nameOf(i));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import * as all from '${imported}';\n\nexport const probe: unknown = all;\n`);
  });
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  let report = '';
  try {
    report = execFileSync(process.execPath, [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '.'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    report = (error as { stdout: string }).stdout;
  }
  const rules = /(?:noRestrictedImports|noNodejsModules)/;
  refused = new Set(
    report
      .split('\n')
      .filter((line) => rules.test(line))
      .flatMap((line) => line.match(/file=([^,]+)/)?.[1] ?? []),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the house', () => {
  it.each(probes.map(([file, imported, allowed], i) => [file, imported, allowed, i] as const))(
    '%s may import %s: %s',
    (_, __, allowed, i) => {
      expect([...refused].some((file) => file.endsWith(nameOf(i)))).toBe(!allowed);
    },
  );

  it('nothing of Node is known outside of the files that load Lumos, whose types ask for it', () => {
    const { config } = ts.readConfigFile(`${root}src/tsconfig.json`, ts.sys.readFile);
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, `${root}src`);
    const files = fileNames.filter((name) => !/\/src\/ckb\/edges\/lumos\w*\.ts$/.test(name));
    expect(files.length).toBe(fileNames.length - 2);
    const probe = join(folder, 'probe.mts');
    writeFileSync(probe, 'export const probe: unknown[] = [Buffer, process];\n');
    const program = ts.createProgram([...files, probe], { ...options, rootDir: '/', noEmit: true });
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
      name: file?.fileName,
      text: ts.flattenDiagnosticMessageText(messageText, ' '),
    }));
    expect(problems.filter(({ name }) => name !== probe)).toEqual([]);
    expect(problems.map(({ text }) => text.match(/Cannot find name '(\w+)'/)?.[1])).toEqual(['Buffer', 'process']);
    for (const name of fileNames)
      if (!files.includes(name)) expect(readFileSync(name, 'utf8')).not.toMatch(/\b(?:Buffer|process|global|NodeJS)\b/);
  });

  it.each([
    ['ckb', /from '.*(?:clique|eosio)/],
    ['clique', /from '.*(?:ckb|eosio)/],
    ['eosio', /from '.*(?:ckb|clique)/],
  ])('%s imports no other protocol', (protocol, others) => {
    const files = listFiles(`src/${protocol}`, '.ts');
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(readFileSync(root + file, 'utf8')).not.toMatch(others);
  });
});
