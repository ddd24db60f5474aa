/** The examples of the documentation as programs: found in docstrings and Markdown, made to check what they state. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Example {
  /** File and line, such as `src/ckb/encoding/hash.ts:28`. */
  readonly name: string;
  /** TypeScript as it stands in the documentation. */
  readonly code: string;
}

/** All files below a folder of the project with one of these endings. */
export function listFiles(folder: string, ...endings: string[]): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort();
}

/** Every `ts` block in the docstrings of a source file or in a Markdown file. */
export function findExamples(file: string): Example[] {
  const lines = readFileSync(root + file, 'utf8').split('\n');
  const examples: Example[] = [];
  let start = -1;
  lines.forEach((line, i) => {
    const text = file.endsWith('.ts') ? line.replace(/^\s*\* ?/, '') : line;
    if (start === -1 && text === '```ts') start = i;
    else if (start !== -1 && text.trimEnd() === '```') {
      const body = lines.slice(start + 1, i).map((l) => (file.endsWith('.ts') ? l.replace(/^\s*\* ?/, '') : l));
      examples.push({ name: `${file}:${start + 2}`, code: body.join('\n') });
      start = -1;
    }
  });
  return examples;
}

/** Turns each `expression; // => value` into a check, and counts them. */
export function instrument(code: string): { code: string; checks: number } {
  let checks = 0;
  const body = code.replace(
    /^(\s*)(.+?);? *\/\/ => (.+)$/gm,
    (_, indent: string, expression: string, value: string) => {
      checks++;
      return `${indent}checkExample((${expression}), (${value}));`;
    },
  );
  return { code: body, checks };
}
