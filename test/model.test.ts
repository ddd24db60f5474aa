/** The model of a network: the same arguments give the same run, and the example that is made with it ends well. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { BLOCK_INTERVAL } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { attack, startAttack, startNetwork } from './model/network.js';
import { runs } from './support/arbitraries.js';
import { root } from './support/examples.js';

describe('the model', () => {
  it('is deterministic', () => {
    fc.assert(
      fc.property(attack, (setup) => {
        const story = (): string[] => {
          const lines: string[] = [];
          const { simulation } = startAttack(setup, (event) => {
            const what = event.kind === 'head' ? event.to.id : event.block.id;
            lines.push(`${simulation?.now} ${event.kind} ${'peer' in event ? event.peer.name : ''} ${what}`);
          });
          simulation.run(simulation.now + 5 * BLOCK_INTERVAL, () => lines.length > 60);
          return lines;
        };
        expect(story()).toEqual(story());
      }),
      { numRuns: runs(4) },
    );
  });

  it('keeps what comes before its parent, and asks for it', () => {
    const { simulation, peers } = startNetwork({ count: 3, interval: 1, seed: 1 });
    const [ada, bob, cleo] = peers as [(typeof peers)[0], (typeof peers)[0], (typeof peers)[0]];
    cleo.online = false;
    simulation.run(simulation.now + 5 * BLOCK_INTERVAL);
    simulation.minting = false;
    simulation.run(simulation.now + BLOCK_INTERVAL);
    expect(cleo.head.block).toBeUndefined();
    cleo.online = true;
    simulation.run(simulation.now + BLOCK_INTERVAL);
    expect(ada.head.block?.number).toBeGreaterThan(2);
    expect([bob.head.id, cleo.head.id]).toEqual([ada.head.id, ada.head.id]);
  });

  it('tries a block again that a slow clock takes to be of the future', () => {
    const { simulation, peers } = startNetwork({ count: 1, interval: 0, seed: 1 });
    const slow = simulation.join(peers[0]!.validator, () => {}, -20_000);
    simulation.run(simulation.now + BLOCK_INTERVAL + 1000);
    expect(peers[0]!.head.block?.number).toBe(1);
    expect(slow.head.block).toBeUndefined();
    simulation.minting = false;
    simulation.run(simulation.now + 5000);
    expect(slow.head.id).toBe(peers[0]!.head.id);
  });
});

describe('examples/network.ts', () => {
  it('tells a story, the same each time, and ends well', () => {
    const run = () =>
      spawnSync(process.execPath, ['--import', 'tsx', 'examples/network.ts'], { cwd: root, encoding: 'utf8' });
    const { status, stdout, stderr } = run();
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'all validators agree, and a follower of headers agrees with them',
    );
    expect(stdout).toMatch(/reorganisation/);
    expect(stdout).toMatch(/refused: ATTESTER_UNKNOWN/);
    expect(run().stdout).toBe(stdout);
  });
});

describe('CLAIMS.md', () => {
  const text = readFileSync(`${root}src/ckb/CLAIMS.md`, 'utf8');
  const bullets = [...text.matchAll(/^- Test: ([\s\S]*?)\.\n(?:\n|$)/gm)].map((match) => match[1] as string);

  it('names tests that exist', () => {
    const named = bullets.flatMap((bullet) => bullet.split(';')).map((each) => each.replaceAll(/\s+/g, ' ').trim());
    expect(named.length).toBeGreaterThan(18);
    for (const each of named) {
      const [, limits, title] = each.match(/^(limits, )?"(.+)"$/) ?? [];
      expect(title, each).toBeDefined();
      const file = limits === undefined ? 'claims' : 'claimsLimits';
      expect(readFileSync(`${root}test/ckb/${file}.test.ts`, 'utf8').includes(title as string), each).toBe(true);
    }
  });

  it('links to its own sections', () => {
    const slugs = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) =>
      (title as string).toLowerCase().replaceAll(' ', '-'),
    );
    for (const [, slug] of text.matchAll(/\]\(#([\w-]+)\)/g)) expect(slugs).toContain(slug);
  });
});
