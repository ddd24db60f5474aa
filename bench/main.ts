/**
 * The benchmark: `npm run bench`, or `npm run bench -- <pattern>` for the groups whose names match.
 */

import './setup.js';
import { bench, do_not_optimize, group, run, summary } from 'mitata';
import { checkGroup, checkHashing, checkVerifiers } from './check.js';
import { groups } from './groups.js';
import type { Group, Way } from './way.js';

const WARM_UP_MS = 20;

/** Median times in nanoseconds, by way. */
type Times = ReadonlyMap<Way, number>;

const pattern = new RegExp(process.argv[2] ?? '', 'i');
const selected = groups.filter(({ name }) => pattern.test(name));
if (selected.length === 0)
  throw new Error(`no group matches ${pattern}:\n${groups.map(({ name }) => name).join('\n')}`);

checkVerifiers();
for (const each of selected) checkGroup(each);
for (const each of selected) each.ways.forEach(warmUp);
checkHashing();
for (const each of selected) register(each);
const times = await measure();
console.log(`\n${formatRatios(selected, times)}`);
console.log(`\n${(performance.now() / 1000).toFixed(0)} s in all`);

/** mitata decides by the first calls whether to measure one call or thousands at once; warm ones decide alike for all ways. */
function warmUp({ run }: Way): void {
  const end = performance.now() + WARM_UP_MS;
  do do_not_optimize(run());
  while (performance.now() < end);
}

function register({ name, ways }: Group): void {
  group(name, () => {
    summary(() => {
      for (const [i, way] of ways.entries()) bench(way.name, () => do_not_optimize(way.run())).baseline(i === 0);
    });
  });
}

async function measure(): Promise<Times> {
  const { benchmarks } = await run({
    throw: true,
    colors: process.stdout.isTTY === true,
    format: { mitata: { name: 'longest' } },
  });
  const ways = selected.flatMap((each) => each.ways);
  return new Map(ways.map((way, i) => [way, benchmarks[i]?.runs[0]?.stats?.p50 ?? Number.NaN]));
}

function formatRatios(selected: readonly Group[], times: Times): string {
  const rows = selected.flatMap(({ name, ways: [ours, ...peers] }) => {
    const own = times.get(ours as Way) as number;
    return peers.map((peer, i) => {
      const other = times.get(peer) as number;
      return [
        i === 0 ? name : '',
        i === 0 ? formatTime(own) : '',
        peer.name,
        formatTime(other),
        formatRatio(own, other),
      ];
    });
  });
  const head = ['group', 'ours', 'peer', '', 'ours : peer'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column % 2 === 1 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ');
  return [
    'Medians. 1 : 2 means that ours takes half the time of the peer.',
    '',
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ].join('\n');
}

function formatRatio(own: number, other: number): string {
  return `1 : ${(other / own).toFixed(2)}`;
}

function formatTime(nanoseconds: number): string {
  const units = ['ns', 'µs', 'ms', 's'];
  let value = nanoseconds;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toPrecision(3)} ${units[unit]}`;
}
