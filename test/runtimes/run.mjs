/**
 * `npm run test:runtimes`: runs `program.ts` against the built package in `dist/` on Node 20, 22 and 24, Deno, Bun and Chromium.
 *
 * Node, Deno and Bun come from npm as packages that hold nothing but a binary, in the versions below, into a cache folder of the user or
 * the one that RUNTIMES names; none of them is a dependency of the package. They load `dist/` as it is, as an installed package, Deno without any
 * permission; Chromium loads a bundle of it into an empty page, from /usr/bin/chromium or where CHROMIUM says. Names as arguments choose among them:
 * `npm run test:runtimes -- deno bun`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { platform, arch } = process;
const exe = platform === 'win32' ? '.exe' : '';
/** How packages name this machine. */
const system = platform === 'win32' ? 'win' : platform;
const denoTarget =
  platform === 'linux' ? `linux-${arch}-glibc` : `${platform === 'win32' ? 'win32' : platform}-${arch}`;
const bunTarget = `${platform === 'win32' ? 'windows' : platform}-${arch === 'arm64' ? 'aarch64' : arch}`;

/** Runtimes by name: the package that holds the binary, its version, where in it the binary lies, and arguments. */
const BINARIES = {
  node20: { package: `node-${system}-${arch}`, version: '20.20.2', path: `bin/node${exe}` },
  node22: { package: `node-${system}-${arch}`, version: '22.23.3', path: `bin/node${exe}` },
  node24: { package: `node-${system}-${arch}`, version: '24.21.0', path: `bin/node${exe}` },
  deno: {
    package: `@deno/${denoTarget}`,
    version: '2.9.6',
    path: `deno${exe}`,
    args: ['run', '--no-prompt', '--no-remote', '--no-lock', '--node-modules-dir=manual'],
  },
  bun: { package: `@oven/bun-${bunTarget}`, version: '1.4.5', path: `bin/bun${exe}`, args: ['run', '--no-install'] },
};
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** What `program.ts` prints at the end. */
const VERDICT = /^ok (\d+)$/m;

/** Fetches what is missing of the binaries that are asked for, and says where they lie. */
function fetchBinaries(names) {
  const cache = process.env.RUNTIMES ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'poa-primitives');
  const found = {};
  const errors = {};
  for (const name of names) {
    const { package: from, version, path } = BINARIES[name];
    const folder = join(cache, `${name}-${version}-${system}-${arch}`);
    const binary = join(folder, 'node_modules/runtime', path);
    found[name] = binary;
    if (existsSync(binary)) continue;
    // Beside its place first, so that a download that was cut off is not taken for a runtime.
    const part = `${folder}.${process.pid}`;
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, 'package.json'), JSON.stringify({ private: true }));
    try {
      const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
      execFileSync('npm', [...args, `runtime@npm:${from}@${version}`], {
        cwd: part,
        shell: platform === 'win32',
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
      });
      if (!existsSync(join(part, 'node_modules/runtime', path))) throw new Error(`no ${path} in it`);
      rmSync(folder, { recursive: true, force: true });
      renameSync(part, folder);
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      errors[name] = `${from}@${version} cannot be had: ${String(error.stderr || error.message).trim()}`;
    }
  }
  return { found, errors };
}

/** Lays out a project that has the built package installed, with the program and its data. */
async function layOut(folder) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const { default: file } of Object.values(manifest.exports).filter((entry) => typeof entry === 'object'))
    if (!existsSync(join(root, file))) throw new Error(`no ${file}: npm run build makes it`);
  const installed = join(folder, 'node_modules', manifest.name);
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  for (const name of Object.keys(manifest.dependencies))
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));

  const options = { bundle: true, packages: 'external', format: 'esm', platform: 'neutral', target: 'es2022' };
  // The packages of the project, not the sources that its tsconfig.json names.
  const tsconfigRaw = '{}';
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const name of ['program', 'data'])
    await esbuild.build({
      ...options,
      tsconfigRaw,
      external: ['node:*'],
      entryPoints: [join(here, `${name}.ts`)],
      outfile: join(folder, `${name}.js`),
    });
  const { readData } = await import(pathToFileURL(join(folder, 'data.js')).href);
  const data = readData(join(root, 'test/vectors/poa'));
  const hasWasm = './wasm' in manifest.exports;
  writeFileSync(join(folder, 'facts.js'), `export const data = ${JSON.stringify(data)};\n`);
  writeFileSync(
    join(folder, 'main.js'),
    `import { data } from './facts.js';
import { run } from './program.js';
${hasWasm ? "import { createWasmBackend, createWasmBackendSync } from 'poa-primitives/wasm';" : ''}
console.log('ok', await run(data${hasWasm ? ', createWasmBackend, createWasmBackendSync' : ''}));
`,
  );
  return hasWasm;
}

/** Runs the program in a runtime with a command line; gives version, count, and what went wrong. */
function runBinary(name, binary, folder) {
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.match(/\d+\.\d+\.\d+/)?.[0] ?? '?';
  const { args = [] } = BINARIES[name];
  const { status, stdout, stderr, error } = spawnSync(binary, [...args, 'main.js'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
    env: { PATH: process.env.PATH, HOME: folder, DENO_DIR: join(folder, '.deno'), NO_COLOR: '1' },
  });
  const count = status === 0 ? stdout.match(VERDICT)?.[1] : undefined;
  return { version, count, error: count === undefined ? String(error ?? (stderr || stdout)).trim() : undefined };
}

async function runChromium(folder) {
  if (!existsSync(CHROMIUM)) return { version: '?', error: `no Chromium at ${CHROMIUM}: CHROMIUM names another` };
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(folder, 'main.js')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    tsconfigRaw: '{}',
  });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const version = browser.version();
  try {
    const page = await browser.newPage();
    const verdict = new Promise((resolve) => {
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error') resolve({ version, error: text });
        else if (VERDICT.test(text)) resolve({ version, count: text.match(VERDICT)[1] });
      });
      page.on('pageerror', (error) => resolve({ version, error: error.stack ?? error.message }));
      setTimeout(() => resolve({ version, error: 'no verdict after five minutes' }), 300_000).unref();
    });
    await page.addScriptTag({ type: 'module', content: outputFiles[0].text });
    return await verdict;
  } finally {
    await browser.close();
  }
}

const all = [...Object.keys(BINARIES), 'chromium'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`no runtime ${unknown.join(', ')}: there are ${all.join(', ')}`);
const names = asked.length > 0 ? asked : all;

const folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
try {
  const hasWasm = await layOut(folder);
  const { found, errors } = fetchBinaries(names.filter((name) => name !== 'chromium'));
  console.log(
    `the vectors, and facts of Clique and EOSIO${hasWasm ? ', with noble and with the backend in WebAssembly' : ''}`,
  );
  console.log('runtime   version         checks   seconds');
  let failures = 0;
  for (const name of names) {
    const start = performance.now();
    const { version, count, error } =
      errors[name] !== undefined
        ? { version: BINARIES[name].version, error: errors[name] }
        : name === 'chromium'
          ? await runChromium(folder)
          : runBinary(name, found[name], folder);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name.padEnd(9)} ${version.padEnd(15)} ${(count ?? 'FAILED').padStart(6)}  ${seconds.padStart(7)}`);
    if (error === undefined) continue;
    failures++;
    console.error(error.replace(/^/gm, '  '));
  }
  if (failures > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
