/** Every example of the documentation compiles, runs, and gives what it states. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExamples, instrument, listFiles, root } from '../support/examples.js';

const documents = [...listFiles('src', '.ts', '.md'), ...listFiles('examples/guides', '.md'), 'README.md'];
const examples = documents.flatMap(findExamples);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const sourceOf = (i: number): string => join(folder, 'src', `example${i}.ts`);
/** What examples import beside the package. */
// Not the folders below, which may have packages of their own.
const SAMPLES = readdirSync(`${root}examples`)
  .filter((name) => name.endsWith('sample.ts'))
  .map((name) => name.slice(0, -'.ts'.length));
/** The doors of the package. */
const DOORS: Record<string, string> = {
  'poa-primitives/ckb/lumos': join(root, 'src/ckb/edges/lumos.ts'),
  'poa-primitives/ckb': join(root, 'src/ckb/index.ts'),
  'poa-primitives/clique': join(root, 'src/clique/index.ts'),
  'poa-primitives/eosio': join(root, 'src/eosio/index.ts'),
  'poa-primitives/wasm': join(root, 'src/wasm/index.ts'),
  'poa-primitives': join(root, 'src/index.ts'),
};
/** How a function links to the rule that it holds, by protocol. */
const LINKS = { ckb: /@see .*RULES\.md#r\d/s, clique: /@see .*RULES\.md#c\d/s, eosio: /@see .*RULES\.md#e\d/s };
const PRELUDE = `import { isDeepStrictEqual, inspect } from 'node:util';
let exampleChecks = 0;
function checkExample(got: unknown, wanted: unknown): void {
  exampleChecks++;
  if (!isDeepStrictEqual(got, wanted)) throw new Error('the example states ' + inspect(wanted) + ', but gives ' + inspect(got));
}
export const done = () => exampleChecks;
`;

beforeAll(async () => {
  mkdirSync(join(folder, 'src'));
  for (const name of SAMPLES)
    writeFileSync(join(folder, 'src', `${name}.ts`), `export * from '${join(root, `examples/${name}.js`)}';\n`);
  examples.forEach(({ code }, i) => {
    writeFileSync(sourceOf(i), PRELUDE + instrument(code).code);
  });
  await esbuild.build({
    entryPoints: examples.map((_, i) => sourceOf(i)),
    outdir: join(folder, 'out'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    nodePaths: [join(root, 'node_modules')],
    alias: DOORS,
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

it.each(examples.map(({ name, code }, i) => [name, code, i] as const))('%s', async (_, code, i) => {
  const module = (await import(pathToFileURL(join(folder, 'out', `example${i}.mjs`)).href)) as { done: () => number };
  // All of its checks ran: none stands in a branch that was not taken.
  expect(module.done()).toBe(instrument(code).checks);
});

it('all examples are well typed', () => {
  const program = ts.createProgram(
    examples.map((_, i) => sourceOf(i)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      // Examples index arrays and catch errors without ceremony.
      useUnknownInCatchVariables: false,
      noEmit: true,
      skipLibCheck: true,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        ...Object.fromEntries(Object.entries(DOORS).map(([name, path]) => [name, [path]])),
        '*': [join(root, 'node_modules/*')],
      },
    },
  );
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const at = diagnostic.file?.fileName.match(/example(\d+)\.ts$/)?.[1];
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    return `${at === undefined ? diagnostic.file?.fileName : examples[Number(at)]?.name}: ${text}`;
  });
  expect(problems).toEqual([]);
});

describe('every public function has an example that states a result, and a protocol function its clause', () => {
  const files = listFiles('src', '.ts').filter((file) => !/^src\/(?:internal|wasm\/assembly)\//.test(file));
  // Of the door to Lumos only what it exports: it imports readers of the same form that are nobody else's.
  const lumos =
    readFileSync(`${root}src/ckb/edges/lumos.ts`, 'utf8').match(/^export (?:function \w+|\{[^}]*\})/gm) ?? [];
  const doors = ['src/ckb/index.ts', 'src/clique/index.ts', 'src/eosio/index.ts', 'src/wasm/index.ts', 'src/index.ts'];
  const door = [...doors.map((file) => readFileSync(root + file, 'utf8')), ...lumos].join();
  const functions = files.flatMap((file) => {
    const text = readFileSync(root + file, 'utf8');
    return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport function (\w+)/g)]
      .filter(([, , name]) => new RegExp(`\\b${name}\\b`).test(door))
      .map(([, comment, name]) => [name as string, comment as string, file] as const);
  });

  it('finds the functions', () => expect(functions.length).toBeGreaterThan(50));

  it.each(functions)('%s', (_, comment, file) => {
    const code = comment.match(/@example\n \* ```ts\n([\s\S]*?)\n \* ```/)?.[1] ?? '';
    expect(instrument(code).checks).toBeGreaterThan(0);
    const protocol = file.match(/^src\/(ckb|clique|eosio)\//)?.[1];
    if (protocol !== undefined) expect(comment).toMatch(LINKS[protocol as keyof typeof LINKS]);
  });
});
