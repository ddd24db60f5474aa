/** The example programs as a user runs them: what they print, and their exit codes. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from './support/examples.js';

function runExample(name: string) {
  return spawnSync(process.execPath, ['--import', 'tsx', `examples/${name}`], { cwd: root, encoding: 'utf8' });
}

it('examples/with-ccc.ts verifies a header and checks a vote that CCC holds', () => {
  const { status, stdout, stderr } = runExample('with-ccc.ts');
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toEqual([
    'header as sent: true',
    'cellbase as sent: true',
    'block hash as CCC says: true',
    'applied: block 1',
    'with a changed cellbase: TRANSACTIONS_ROOT_MISMATCH',
    'vote goes both ways: true',
    'transaction hash as CCC says: true',
    'vote signed by 0x5416b397 and 0x5f51cb35',
    'validators: 3, then 4',
  ]);
  expect(status).toBe(0);
});

it('examples/explorer.ts shows every rule of a good block, of one without its parent, and of a bad one', () => {
  const { status, stdout, stderr } = runExample('explorer.ts');
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('block'))).toEqual([
    'block 1, parent known: passed',
    'block 1, parent unknown: unknown',
    'block 1, changed on the way: failed',
  ]);
  expect(lines.filter((line) => line.startsWith('  FAIL')).map((line) => line.slice(7, 10))).toEqual([
    'R24',
    'R27',
    'R28',
  ]);
  expect(lines.filter((line) => line.startsWith('  ?')).length).toBe(9);
});

it('examples/vote.ts goes from a wanted list to a vote that holds', () => {
  const { status, stdout, stderr } = runExample('vote.ts');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
    'Cas is warned: SIGNER_EVICTED',
    'Dot may not sign: VOTE_SIGNATURE_FOREIGN',
    'the vote holds; the list is now 0x5416b397…,0x5f51cb35…,0x6dfe7328…',
  ]);
});

it('examples/clique-bootstrap.ts starts a network, and a follower agrees with it', () => {
  const { status, stdout, stderr } = runExample('clique-bootstrap.ts');
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  const hashes = lines.filter((line) => line.includes('block hash')).map((line) => line.split('block hash ')[1]);
  expect(hashes.length).toBe(5);
  expect(new Set(hashes).size).toBe(1);
  expect(stdout).toContain('3 of 5 known, 3 needed: quorum');
  expect(stdout).toContain('refused: ENDPOINT_VALIDATOR_UNKNOWN');
  expect(stdout).toContain('(Fay is in)');
  expect(lines.slice(-4)).toEqual([
    '  block 50, 0x176af3bf…, total difficulty 74, SIGNER_LIMIT 4',
    '  signers: Dan, Fay, Ada, Bob, Cleo, Eve',
    '  sealed: Ada 10, Bob 11, Cleo 8, Eve 9, Dan 4, Fay 8',
    '  a block by Mallory: SIGNER_UNAUTHORIZED',
  ]);
});
