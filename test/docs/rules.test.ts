/** RULES.md and the code say the same: every rule names functions that link back to it, and tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CKB_ERROR_CODES } from 'poa-primitives/ckb';
import { CLIQUE_ERROR_CODES } from 'poa-primitives/clique';
import { EOSIO_ERROR_CODES } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { listFiles, root } from '../support/examples.js';

/** A protocol, the letter of its rules, its codes, and other words in capitals that stand among them. */
const PROTOCOLS = [
  ['ckb', 'R', CKB_ERROR_CODES, ['VALIDATOR_COUNT', 'VOTE_LIMIT', 'ATTEST_INTERVAL']],
  ['clique', 'C', CLIQUE_ERROR_CODES, ['SIGNER_LIMIT']],
  ['eosio', 'E', EOSIO_ERROR_CODES, ['WTMSIG_BLOCK_SIGNATURES']],
] as const;

interface Section {
  readonly title: string;
  readonly slug: string;
  readonly body: string;
}

const readSections = (text: string): Section[] =>
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const slug = title.toLowerCase().replaceAll(' ', '-');
      return { title, slug, body: lines.join('\n').split(/^## /m)[0] as string };
    });

/** The bullet that begins with `name:`, up to the next. */
const bullet = (body: string, name: string): string =>
  body.match(new RegExp(`^- ${name}: ([\\s\\S]*?)(?=\\n- |\\n\\n|$(?![\\s\\S]))`, 'm'))?.[1] ?? '';

/** The docstring in front of a function, or of a rule. */
function docOf(source: string, name: string): string | undefined {
  const at = source.search(new RegExp(`^(?:export )?(?:function|const) ${name}\\b`, 'm'));
  if (at === -1) return undefined;
  return source.slice(source.lastIndexOf('/**', at), at);
}

describe.each(PROTOCOLS)('RULES.md of %s', (protocol, letter, codes, words) => {
  const folder = join(root, 'src', protocol);
  const text = readFileSync(join(folder, 'RULES.md'), 'utf8');
  const sections = readSections(text);
  it('numbers its rules without a gap', () => {
    expect(sections.map(({ title }) => title.split(' ')[0])).toEqual(sections.map((_, i) => `${letter}${i + 1}`));
    expect(sections.length).toBeGreaterThan(30);
  });

  it('names every code of the protocol', () => {
    for (const code of Object.keys(codes)) expect(text).toContain(`\`${code}\``);
  });

  it('names no code that does not exist', () => {
    const named = sections
      .flatMap(({ body }) => bullet(body, 'Code').match(/`[A-Z_]{6,}`/g) ?? [])
      .map((code) => code.slice(1, -1));
    const known = new Set<string>([...Object.keys(codes), ...words]);
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });

  describe.each(sections.map((section) => [section.title, section] as const))('%s', (_, { slug, body }) => {
    it('has its source', () => expect(bullet(body, 'Source').length).toBeGreaterThan(5));

    it('is held by functions that link back', () => {
      const files = bullet(body, 'Holds').replaceAll('\n', ' ').split(';');
      for (const part of files) {
        const path = part.match(/in\s+`([^`]+\.ts)`/)?.[1];
        expect(path, part).toBeDefined();
        const source = readFileSync(join(folder, path as string), 'utf8');
        const names = [...(part.split(/\bin\s+`/)[0]?.matchAll(/`(\w+)`/g) ?? [])].map((match) => match[1] as string);
        expect(names.length, part).toBeGreaterThan(0);
        for (const name of names) {
          const doc = docOf(source, name);
          expect(doc, `${name} in ${path}`).toBeDefined();
          expect(doc, `${name} in ${path} links back`).toContain(`RULES.md#${slug})`);
        }
      }
    });

    it('is held by a test', () => {
      const [, path, title] = bullet(body, 'Test').match(/^`([^`]+)`, "([^"]+)"/) ?? [];
      expect(existsSync(join(root, path as string)), path).toBe(true);
      const source = readFileSync(join(root, path as string), 'utf8');
      expect(source.includes(title as string), `${path} has "${title}"`).toBe(true);
    });
  });

  it('is linked to with anchors that exist', () => {
    const slugs = new Set(sections.map(({ slug }) => slug));
    for (const file of listFiles('src', '.ts', '.md')) {
      const links = readFileSync(root + file, 'utf8').matchAll(/\]\(([./\w]*)RULES\.md#([\w-]+)\)/g);
      for (const [, path, slug] of links) {
        const target = join(root, file, '..', `${path}RULES.md`);
        if (target !== join(folder, 'RULES.md')) continue;
        expect(slugs.has(slug as string), `${file}: #${slug}`).toBe(true);
      }
    }
  });

  it('is linked to where it is', () => {
    for (const file of listFiles(`src/${protocol}`, '.ts')) {
      const links = readFileSync(root + file, 'utf8').matchAll(/\]\(([./\w]*RULES\.md)#/g);
      for (const [, path] of links)
        expect(existsSync(join(root, file, '..', path as string)), `${file}: ${path}`).toBe(true);
    }
  });
});
