/** What a bundler makes of each subpath: nothing for a bare import, no foreign weight, no more than a limit. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { describe, expect, it } from 'vitest';
import { root } from '../support/examples.js';

const ENTRIES: Record<string, string> = {
  'poa-primitives': `${root}src/index.ts`,
  'poa-primitives/ckb': `${root}src/ckb/index.ts`,
  'poa-primitives/clique': `${root}src/clique/index.ts`,
  'poa-primitives/eosio': `${root}src/eosio/index.ts`,
  'poa-primitives/wasm': `${root}src/wasm/index.ts`,
  'poa-primitives/ckb/lumos': `${root}src/ckb/edges/lumos.ts`,
};

/** What the whole of each pulls in, and the most that it may weigh, gzipped. */
const WEIGHTS: Record<string, { packages: string[]; limit: number }> = {
  'poa-primitives': { packages: ['@noble/curves', '@noble/hashes', '@scure/base'], limit: 160_000 },
  'poa-primitives/ckb': { packages: ['@noble/curves', '@noble/hashes'], limit: 50_000 },
  'poa-primitives/clique': { packages: ['@noble/curves', '@noble/hashes'], limit: 50_000 },
  'poa-primitives/eosio': { packages: ['@noble/curves', '@noble/hashes', '@scure/base'], limit: 100_000 },
  'poa-primitives/wasm': { packages: ['@noble/hashes'], limit: 30_000 },
  // Most of it is what `@ckb-lumos/base` loads, which a user of Lumos has already.
  'poa-primitives/ckb/lumos': {
    packages: [
      '@ckb-lumos/base',
      '@ckb-lumos/bi',
      '@ckb-lumos/codec',
      '@ckb-lumos/toolkit',
      '@noble/hashes',
      'b4a',
      'blake2b',
      'blake2b-wasm',
      'js-xxhash',
      'jsbi',
      'lodash.isequal',
      'nanoassert',
    ],
    limit: 45_000,
  },
};

async function bundle(contents: string, entries = ENTRIES) {
  const result = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    // Neutral: a built-in of Node cannot be resolved, so that its import fails the build.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    write: false,
    logLevel: 'error',
    metafile: true,
    alias: Object.fromEntries(Object.entries(entries).sort(([a], [b]) => b.length - a.length)),
  });
  const code = result.outputFiles[0]?.contents as Uint8Array;
  const [output] = Object.values(result.metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { size: code.length, gzipped: gzipSync(code).length, inputs: used.map(([path]) => path) };
}

/** The npm packages among the inputs. */
const packagesOf = (inputs: readonly string[]): string[] => [
  ...new Set(inputs.flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [])),
];

describe.each(Object.entries(WEIGHTS))('%s', (name, { packages, limit }) => {
  it('a bare import bundles to nothing', async () => {
    expect((await bundle(`import '${name}';`)).size).toBe(0);
  });

  it('an import that is not used bundles to nothing', async () => {
    expect((await bundle(`import * as all from '${name}';`)).size).toBe(0);
  });

  it('pulls in its packages alone, and nothing of Node', async () => {
    const { inputs } = await bundle(`export * from '${name}';`);
    expect(packagesOf(inputs).sort()).toEqual(packages);
    expect(inputs.filter((path) => path.startsWith('node:'))).toEqual([]);
  });

  it('the whole of it stays below its limit', async () => {
    const { gzipped } = await bundle(`export * from '${name}';`);
    expect(gzipped).toBeLessThan(limit);
  });
});

it('a bare import bundles to nothing even where nobody says that there are no side effects', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    // Without package.json beside it, only the code itself can prove that it does nothing when it is loaded.
    cpSync(`${root}src`, folder, { recursive: true });
    for (const scope of ['@noble', '@scure'])
      cpSync(`${root}node_modules/${scope}`, join(folder, 'node_modules', scope), { recursive: true });
    for (const entry of ['index.ts', 'ckb/index.ts', 'clique/index.ts', 'eosio/index.ts', 'wasm/index.ts']) {
      const { size } = await bundle(`import '${join(folder, entry)}';`);
      expect(size, entry).toBe(0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('one function', () => {
  it.each([
    ['ckb', 'parseHeader', 2_500, []],
    ['ckb', 'parseValidatorList', 2_500, []],
    ['ckb', 'computeMerkleRootFromProof', 8_000, ['@noble/hashes']],
    ['ckb', 'recoverHeader', 24_000, ['@noble/curves', '@noble/hashes']],
    ['clique', 'computeSealHash', 6_000, ['@noble/hashes']],
    ['clique', 'recoverHeader', 22_000, ['@noble/curves', '@noble/hashes']],
    ['eosio', 'nameToValue', 3_000, []],
    ['eosio', 'recoverHeader', 34_000, ['@noble/curves', '@noble/hashes', '@scure/base']],
  ])('of %s, %s, costs at most %i bytes, gzipped', async (protocol, name, limit, packages) => {
    const { gzipped, inputs } = await bundle(`export { ${name} } from 'poa-primitives/${protocol}';`);
    expect(gzipped).toBeLessThan(limit);
    expect(packagesOf(inputs).sort()).toEqual(packages);
  });
});
