/**
 * Compiles src/wasm/assembly and embeds the result in src/wasm/module.ts: no file and no fetch are needed at run time. With
 * `--check` nothing is written: it fails where the embedded bytes are not those that the sources give.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'src/wasm/module.ts');
/** What the module may weigh, gzipped as it is embedded. */
const LIMIT = 24_000;

const compile = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-'));
  try {
    const outFile = join(folder, 'module.wasm');
    const { error, stderr } = await asc.main([
      join(root, 'src/wasm/assembly/index.ts'),
      ...['--outFile', outFile],
      // Fastest code; no runtime, no checks of memory that nothing allocates, vectors of 128 bits.
      ...['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--initialMemory', '1'],
      // Addresses have 32 bits here, and no vector crosses the border of the module.
      ...['--disableWarning', '201', '--disableWarning', '112'],
    ]);
    if (error !== null) throw new Error(stderr.toString());
    return readFileSync(outFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const bytes = await compile();
const source = `/**
 * The module of \`assembly/\`, ${bytes.length} bytes, as base64: made by \`.ci/wasm.mjs\`, which CI runs again to compare.
 *
 * @module
 */

export const MODULE: string =
  '${bytes.toString('base64')}';
`;
const weight = gzipSync(source).length;
if (weight > LIMIT) throw new Error(`the module weighs ${weight} bytes, gzipped; at most ${LIMIT} are allowed`);

if (!process.argv.includes('--check')) {
  writeFileSync(target, source);
} else if (readFileSync(target, 'utf8') !== source) {
  throw new Error('src/wasm/module.ts is not what src/wasm/assembly compiles to: run node .ci/wasm.mjs');
}
console.log(`${bytes.length} bytes, ${weight} embedded and gzipped`);
