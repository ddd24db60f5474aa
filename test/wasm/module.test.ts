/** The embedded module: what the sources compile to, light, and free of anything that it would have to be given. */
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { expect, it } from 'vitest';
import { MODULE } from '../../src/wasm/module.js';
import { root } from '../support/examples.js';

const bytes = Uint8Array.from(atob(MODULE), (letter) => letter.charCodeAt(0));

async function bundle(contents: string): Promise<Uint8Array> {
  const options = { bundle: true, minify: true, format: 'esm', platform: 'neutral', write: false } as const;
  const result = await esbuild.build({ ...options, stdin: { contents, resolveDir: root }, conditions: ['import'] });
  return result.outputFiles[0]?.contents as Uint8Array;
}

it('is what its sources compile to', () => {
  execFileSync(process.execPath, [`${root}.ci/wasm.mjs`, '--check'], { stdio: 'pipe' });
});

it('weighs less than 24 kB, compressed, as it is embedded', () => {
  expect(gzipSync(MODULE).length).toBeLessThan(24_000);
});

it('imports nothing, and has SIMD', () => {
  const module = new WebAssembly.Module(bytes);
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  const exported = WebAssembly.Module.exports(module);
  expect(exported.flatMap(({ name, kind }) => (kind === 'function' ? name : [])).sort()).toEqual([
    'build',
    'buildBase',
    'hash',
    'recover',
    'start',
    'tableSize',
    'tablesStart',
  ]);
});

it('costs nothing where it is not used', async () => {
  expect((await bundle(`import './src/wasm/index.ts';`)).length).toBe(0);
  expect((await bundle(`import * as all from './src/verifier.ts';`)).length).toBe(0);
  expect(new TextDecoder().decode(await bundle(`export * from './src/verifier.ts';`))).not.toContain(
    MODULE.slice(0, 100),
  );
});
