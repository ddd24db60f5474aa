/**
 * Builds the page into `docs/playground`. What comes out needs no server: the script is a classic one and the worker stands inside
 * it, since browsers load neither modules nor workers from `file:`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, runnerImport } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const alias = [
  { find: /^poa-primitives$/, replacement: path('../../src/index.ts') },
  { find: /^poa-primitives\/ckb$/, replacement: path('../../src/ckb/index.ts') },
  { find: /^poa-primitives\/clique$/, replacement: path('../../src/clique/index.ts') },
  { find: /^poa-primitives\/eosio$/, replacement: path('../../src/eosio/index.ts') },
  { find: /^poa-primitives\/wasm$/, replacement: path('../../src/wasm/index.ts') },
];

const DATA = 'virtual:playground-data';

/** Titles of rules by their numbers, as the documents of the protocols give them. */
function readRuleTitles(): Record<string, string> {
  const titles: Record<string, string> = {};
  for (const protocol of ['ckb', 'clique', 'eosio']) {
    const text = readFileSync(path(`../../src/${protocol}/RULES.md`), 'utf8');
    for (const [, id = '', title = ''] of text.matchAll(/^### ([A-Z]\d+) (.+)$/gm)) titles[id] = title;
  }
  return titles;
}

/** Samples are made once, here: the page carries their bytes and none of their keys. */
function playgroundData(): Plugin {
  return {
    name: 'playground-data',
    resolveId: (id) => (id === DATA ? `\0${DATA}` : null),
    async load(id) {
      if (id !== `\0${DATA}`) return null;
      const { module } = await runnerImport<Record<string, unknown>>(path('./build/samples.ts'), {
        configFile: false,
        logLevel: 'error',
        resolve: { alias },
      });
      const values = { ...module, ruleTitles: readRuleTitles() };
      return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
  };
}

/** Turns the module script into a deferred classic one, which `file:` loads too. */
function classicScript(): Plugin {
  return {
    name: 'classic-script',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replaceAll('<script type="module" crossorigin', '<script defer').replaceAll(' crossorigin', ''),
    },
  };
}

/** The policy of the page forbids every connection, also the one by which a page under development hears of changes. */
function developmentPolicy(): Plugin {
  return {
    name: 'development-policy',
    apply: 'serve',
    transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}

// biome-ignore lint/style/noDefaultExport: Vite reads the default export.
export default defineConfig({
  root: path('.'),
  base: './',
  resolve: { alias },
  plugins: [playgroundData(), classicScript(), developmentPolicy()],
  worker: { format: 'iife' },
  build: {
    outDir: path('../../docs/playground'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        format: 'iife',
        entryFileNames: 'playground.js',
        assetFileNames: 'playground[extname]',
      },
    },
  },
});
