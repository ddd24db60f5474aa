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
