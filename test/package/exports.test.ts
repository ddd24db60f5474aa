/** What each subpath gives: a name that appears or vanishes by accident fails here. */
import { readFileSync } from 'node:fs';
import * as root from 'poa-primitives';
import * as ckb from 'poa-primitives/ckb';
import * as lumos from 'poa-primitives/ckb/lumos';
import * as clique from 'poa-primitives/clique';
import * as eosio from 'poa-primitives/eosio';
import * as wasm from 'poa-primitives/wasm';
import { describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const describeExports = (module: object): string[] =>
  Object.entries(module)
    .map(([name, value]) => `${name}: ${value instanceof Uint8Array ? 'Uint8Array' : typeof value}`)
    .sort();

describe('exports', () => {
  it('.', () => expect(describeExports(root)).toMatchSnapshot());
  it('./ckb', () => expect(describeExports(ckb)).toMatchSnapshot());
  it('./clique', () => expect(describeExports(clique)).toMatchSnapshot());
  it('./eosio', () => expect(describeExports(eosio)).toMatchSnapshot());
  it('./wasm', () => expect(describeExports(wasm)).toMatchSnapshot());
  it('./ckb/lumos', () => expect(describeExports(lumos)).toMatchSnapshot());
  it('a namespace and its subpath are the same', () => {
    expect(root.ckb).toEqual(ckb);
    expect(root.clique).toEqual(clique);
    expect(root.eosio).toEqual(eosio);
  });

  it('package.json has just these subpaths, types first', () => {
    const { './package.json': _, ...subpaths } = manifest.exports;
    expect(subpaths).toEqual({
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './ckb': { types: './dist/ckb/index.d.ts', default: './dist/ckb/index.js' },
      './clique': { types: './dist/clique/index.d.ts', default: './dist/clique/index.js' },
      './eosio': { types: './dist/eosio/index.d.ts', default: './dist/eosio/index.js' },
      './wasm': { types: './dist/wasm/index.d.ts', default: './dist/wasm/index.js' },
      './ckb/lumos': { types: './dist/ckb/edges/lumos.d.ts', default: './dist/ckb/edges/lumos.js' },
    });
    expect(manifest.sideEffects).toBe(false);
    expect(manifest.type).toBe('module');
    expect(Object.keys(manifest.dependencies).sort()).toEqual([
      '@ckb-lumos/base',
      '@ckb-lumos/codec',
      '@noble/curves',
      '@noble/hashes',
      '@scure/base',
    ]);
    // Frozen upstream: another version would be another package.
    expect([manifest.dependencies['@ckb-lumos/base'], manifest.dependencies['@ckb-lumos/codec']]).toEqual([
      '0.23.0',
      '0.23.0',
    ]);
  });
});
