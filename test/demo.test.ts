/** The demo as a user runs it: what it prints, and its exit codes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { rpcBlock } from '../examples/sample.js';
import { root } from './support/examples.js';
import { hasShared, sharedPath } from './support/shared.js';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

function demo(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'examples/demo/main.ts', ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

/** A file with these contents. */
function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

describe('npm run demo', () => {
  const { status, lines, stderr } = demo();

  it('ends well', () => {
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(lines.at(-1)).toBe('the follower agrees with the producers on every block');
  });

  it('shows progress, what went wrong, and a table', () => {
    expect(lines.filter((line) => /^ *\d+ \/ 200 blocks/.test(line)).length).toBe(10);
    const table = Object.fromEntries(
      lines.flatMap((line) =>
        line.match(/^(\S.*?) {2,}(\d+)$/)?.slice(1)
          ? [line.match(/^(\S.*?) {2,}(\d+)$/)?.slice(1) as [string, string]]
          : [],
      ),
    );
    expect(table).toMatchObject({
      blocks: '200',
      'rejected: ATTESTER_TOO_SOON': '1',
      'rejected: ATTESTER_UNKNOWN': '2',
      'rejected: DIFFICULTY_MISMATCH': '2',
      'rejected: VOTES_INVALID': '1',
      'list changes': '2',
    });
    expect(Number(table['in turn']) + Number(table['out of turn'])).toBe(200);
    expect(Number(table['out of turn'])).toBeGreaterThan(0);
    expect(Number(table['total difficulty'])).toBe(2 * Number(table['in turn']) + Number(table['out of turn']));
    expect(Number(table['headers per second'])).toBeGreaterThan(0);
    expect(lines.some((line) => line.endsWith('the list is now Ada, Bob, Cleo, Dan'))).toBe(true);
    expect(lines.some((line) => line.endsWith('the list is now Ada, Bob, Cleo, Dan, Fay'))).toBe(true);
  });
});

describe('npm run demo -- FILE...', () => {
  const good = JSON.stringify(rpcBlock);

  it.each<[string, string | Uint8Array, number]>([
    ['one block', good, 1],
    ['an array', `[${good},${good}]`, 2],
    ['cases', `{"cases":[{"block":${good},"note":"x"},${good}]}`, 2],
    ['a response of the RPC', `{"jsonrpc":"2.0","result":${good},"id":1}`, 1],
    ['a response with cycles', `{"jsonrpc":"2.0","result":{"block":${good},"cycles":[]},"id":1}`, 1],
    ['gzipped', gzipSync(good), 1],
  ])('takes %s', (name, contents, count) => {
    const { status, lines, stderr } = demo(file(name, contents));
    expect([status, stderr]).toEqual([0, '']);
    expect(lines.length).toBe(count + 1);
    expect(lines[0]).toMatch(
      /block 1: header hash ok, 3 transaction hashes ok, transactions root ok, proposals hash ok, extra hash ok, POAContext by 0x/,
    );
    expect(lines.at(-1)).toBe(
      `${count} blocks with ${3 * count} transactions, ${count} attested: everything recomputes`,
    );
  });

  const zero = `0x${'00'.repeat(31)}01`;
  const { header, transactions } = rpcBlock;
  it.each<[string, object, RegExp]>([
    ['header hash', { header: { ...header, hash: zero } }, /header hash WRONG/],
    [
      'transaction hash',
      { transactions: [{ ...transactions[0], hash: zero }, ...transactions.slice(1)] },
      /3 transaction hashes WRONG/,
    ],
    [
      'transactions root',
      { header: { ...header, transactions_root: zero } },
      /header hash WRONG.*transactions root WRONG.*does not hold.*TRANSACTIONS_ROOT_MISMATCH/,
    ],
    ['proposals hash', { proposals: ['0x00000000000000000000'] }, /proposals hash WRONG/],
    ['extra hash', { extension: '0x' }, /extra hash WRONG/],
  ])('says that the %s does not recompute', (name, changes, line) => {
    const { status, lines, stderr } = demo(file(name, JSON.stringify({ ...rpcBlock, ...changes })));
    expect([status, stderr]).toEqual([1, '']);
    expect(lines[0]).toMatch(line);
    expect(lines.at(-1)).toMatch(/1 of them do NOT recompute$/);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['no JSON', 'not json\nat all', /is no JSON: /],
    ['nothing', '', /is no JSON: /],
    ['cut JSON', good.slice(0, -1), /is no JSON: /],
    ['deep JSON', `${'{"result":'.repeat(50_000)}1${'}'.repeat(50_000)}`, /is no (?:JSON|block): /],
    ['damaged gzip', gzipSync(good).subarray(0, 100), /cannot be read: /],
    ['no block', '{"hello":"world"}', /is no block: block.header: expected an object, got nothing \[JSON_INVALID\]/],
    ['null', 'null', /is no block: /],
    ['an empty array', '[]', /holds no block/],
    [
      'a broken block',
      `{"cases":[{"block":${good.replace('"0x1"', '"0x01"')}}]}`,
      /is no block: block\.header\.\w+: .* \[JSON_INVALID\]/,
    ],
  ])('exit code 2 and one line on stderr for %s', (name, contents, message) => {
    const { status, stderr } = demo(file(name, contents));
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^demo: [^\n]+\n$/);
  });

  it('exit code 2 for a missing file and a folder', () => {
    for (const path of [join(folder, 'missing'), folder]) {
      const { status, stderr } = demo(path);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^demo: [^\n]+ cannot be read: [^\n]+\n$/);
    }
  });

  it.skipIf(!hasShared)('holds on real blocks', () => {
    const names = [
      'blocks-mainnet.json',
      'blocks-testnet.json',
      'blocks-other.json',
      'genesis-mainnet.json.gz',
      'genesis-testnet.json.gz',
    ];
    const { status, lines, stderr } = demo(...names.map((name) => sharedPath(`ckb/${name}`)));
    expect([status, stderr]).toEqual([0, '']);
    expect(lines.at(-1)).toBe('82 blocks with 106 transactions, 0 attested: everything recomputes');
  });
});
