/** The example as a user runs it. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from '../support/examples.js';

it('examples/eosio-boot.ts shows the tutorial as a plan, and what its one vote lacks', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/eosio-boot.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n');
  expect(lines).toContain('chain id: 1c6ae7719a2a3b4ecb19584a30ff510ba1b6ded86e1fd8b8fc22f1179c622a32');
  expect(lines.find((line) => line.startsWith("the tutorial's vote alone"))).toMatch(
    /got 31876867\.0014 SYS, 118123132\.9986 SYS too little \[ACTIVATION_UNREACHABLE\]$/,
  );
  expect(lines.filter((line) => /^ {1,2}\d+\. \[/.test(line)).length).toBe(70);
  // The three actions whose bytes the tutorial prints, cut where they are longer than a line.
  for (const packed of [
    'eosio::buyrambytes  0000000000ea30551082d4334f4d113200200000',
    'eosio::delegatebw  0000000000ea30551082d4334f4d113200ca9a3b00000000045359530000000000ca9a3b…',
    'eosio::regproducer  1082d4334f4d11320003fedd01e019c7e91cb07c724c614bbf644a36eff83a861b36723f…',
  ])
    expect(lines).toContain(`     # ${packed}`);
  expect(lines).toContain('     $ cleos system voteproducer prods accountnum23 accountnum11 accountnum33');
  expect(lines).toContain('    p2p-peer-address = localhost:9044');
  expect(stdout).not.toMatch(/(?<![1-9A-Za-z])5[HJK][1-9A-HJ-NP-Za-km-z]{49}/);
});
