import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^poa-primitives$/, replacement: source('./src/index.ts') },
      { find: /^poa-primitives\/ckb$/, replacement: source('./src/ckb/index.ts') },
      { find: /^poa-primitives\/ckb\/lumos$/, replacement: source('./src/ckb/edges/lumos.ts') },
      { find: /^poa-primitives\/clique$/, replacement: source('./src/clique/index.ts') },
      { find: /^poa-primitives\/eosio$/, replacement: source('./src/eosio/index.ts') },
      { find: /^poa-primitives\/wasm$/, replacement: source('./src/wasm/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    maxWorkers: '100%',
    // Nothing here has state of its own: files share their modules, which saves loading them again for each.
    isolate: false,
    // Long runs of the properties take that much longer.
    testTimeout: 60_000 * Math.max(1, Number(process.env.RUNS ?? 1)),
    hookTimeout: 120_000,
  },
});
