/**
 * Checks the package as others will get it: its file list, publint and attw on the tarball, and a consumer who installs it
 * compiles against it with `skipLibCheck: false` and no ambient types, and runs it; so does one who uses Lumos, whose own types
 * do not compile so.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const bin = (name) => join(root, 'node_modules/.bin', name);
const run = (command, args, cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
  const tarball = join(folder, packed.filename);
  const names = packed.files.map(({ path }) => path);

  const allowed =
    /^(?:dist\/.*\.(?:js|d\.ts)(?:\.map)?|src\/.*\.(?:ts|md)|test\/vectors\/poa\/.*|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
  const strange = names.filter((name) => !allowed.test(name));
  if (strange.length > 0) throw new Error(`the tarball holds ${strange.join(', ')}`);
  // AssemblyScript is built into the module that its host embeds.
  for (const source of names.filter((name) => /^src\/(?!wasm\/assembly\/).*\.ts$/.test(name)))
    for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map']) {
      const built = source.replace(/^src/, 'dist').replace(/\.ts$/, ending);
      if (!names.includes(built)) throw new Error(`the tarball lacks ${built}`);
    }
  for (const name of [
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'src/ckb/RULES.md',
    'src/clique/RULES.md',
    'src/eosio/RULES.md',
    'test/vectors/poa/README.md',
  ])
    if (!names.includes(name)) throw new Error(`the tarball lacks ${name}`);
  if (packed.size > 1_500_000) throw new Error(`the tarball has ${packed.size} bytes`);
  console.log(`${names.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);

  console.log(run(bin('publint'), ['--strict', tarball]));
  console.log(run(bin('attw'), [tarball, '--profile', 'esm-only']));

  const consumer = join(folder, 'consumer');
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', '--no-save', tarball], consumer);
  const installed = readdirSync(join(consumer, 'node_modules')).filter((name) => !name.startsWith('.'));
  // What Lumos brings besides itself is for the subpath ckb/lumos; nothing else loads it.
  const wanted = [
    ...[
      '@ckb-lumos',
      '@noble',
      '@scure',
      '@types',
      'b4a',
      'blake2b',
      'blake2b-wasm',
      'js-xxhash',
      'jsbi',
      'lodash.isequal',
    ],
    ...['nanoassert', 'poa-primitives'],
  ];
  if (installed.sort().join() !== wanted.join()) throw new Error(`an install brings ${installed.join(', ')}`);
  writeFileSync(
    join(consumer, 'index.ts'),
    `import { ckb, createVerifier, isPoaError, type Result } from 'poa-primitives';
import { parseHeader, type Header, type State, tryApplyHeader } from 'poa-primitives/ckb';
import { computeChainId, nameToValue, type State as EosioState, tryApplyHeader as tryEosio, type SignedHeader } from 'poa-primitives/eosio';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { computeSignerLimit, type State as CliqueState, tryApplyHeader as tryClique } from 'poa-primitives/clique';

const header: Header = parseHeader(new Uint8Array(208));
if (header.number !== 0n || ckb.parseHeader !== parseHeader) throw new Error('wrong');
export const apply = (state: State): Result<State> =>
  tryApplyHeader(state, { header: new Uint8Array(208), cellbase: new Uint8Array() }, { now: 0 });
export const applyClique = (state: CliqueState): Result<CliqueState> => tryClique(state, new Uint8Array(), { now: 0 });
export const applyEosio = (state: EosioState, header: SignedHeader): Result<EosioState> => tryEosio(state, header, { now: 0 });
if (nameToValue('eosio') !== 6138663577826885632n || typeof computeChainId !== 'function') throw new Error('wrong');
if (createVerifier({ backend: createWasmBackendSync() }).backend !== 'wasm') throw new Error('wrong');
if (computeSignerLimit(5) !== 3) throw new Error('wrong');
try {
  ckb.parseHeader(new Uint8Array(1));
  throw new Error('wrong');
} catch (error) {
  if (!isPoaError(error, 'MALFORMED')) throw error;
}
`,
  );
  writeFileSync(
    join(consumer, 'lumos.ts'),
    `import type { Transaction } from '@ckb-lumos/base';
import { molecule } from '@ckb-lumos/codec';
import { parseHeader } from 'poa-primitives/ckb';
import { headerFromLumos, headerToLumos, POAContext, transactionFromLumos } from 'poa-primitives/ckb/lumos';

const json = headerToLumos(new Uint8Array(208));
if (parseHeader(headerFromLumos(json)).number !== 0n || json.number !== '0x0') throw new Error('wrong');
export const pack = (transaction: Transaction): Uint8Array => transactionFromLumos(transaction);
if (molecule.vector(POAContext).pack([]).length !== 4) throw new Error('wrong');
`,
  );
  for (const [module, moduleResolution] of [
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ])
    for (const [name, skipLibCheck] of [
      ['index', false],
      // The types of Lumos ask for those of Node.
      ['lumos', true],
    ]) {
      const options = {
        module,
        moduleResolution,
        target: 'ES2022',
        lib: ['ES2022'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck,
      };
      const project = { compilerOptions: options, files: [`${name}.ts`] };
      writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(project));
      run(bin('tsc'), ['-p', consumer]);
      run(process.execPath, [join(consumer, `${name}.js`)], consumer);
    }

  // Source maps lead to the sources that are shipped.
  const map = JSON.parse(readFileSync(join(consumer, 'node_modules/poa-primitives/dist/ckb/index.js.map'), 'utf8'));
  if (map.sources.join() !== '../../src/ckb/index.ts') throw new Error(`source map leads to ${map.sources}`);
  console.log('a consumer compiles and runs');
} finally {
  rmSync(folder, { recursive: true });
}
