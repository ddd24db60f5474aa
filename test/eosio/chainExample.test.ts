/** The example program as a user runs it: what it prints, and its exit code. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from '../support/examples.js';

it('examples/eosio-chain.ts goes from the first votes to a second schedule, and a follower verifies all of it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/eosio-chain.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  const said = (text: string): number => lines.findIndex((line) => line.includes(text));
  const story = [
    'the chain is activated: 180000000 tokens have voted',
    'the contract proposes eagle, falcon, heron, ibis',
    'block 10 announces schedule 1',
    'schedule 1 is active from the next block on: eagle, falcon, heron, ibis',
    'heron has missed 12 slots',
    'kestrel is elected',
    'the contract proposes eagle, falcon, ibis, kestrel',
    'schedule 2 is active from the next block on: eagle, falcon, ibis, kestrel',
    'all 291 hold; the head is block 292 under schedule 2',
    'the last irreversible block is 252, 40 behind',
    'with one bit of block 50 changed it is refused: KEY_UNEXPECTED',
  ].map(said);
  expect(story).not.toContain(-1);
  expect(story).toEqual([...story].sort((a, b) => a - b));
});
