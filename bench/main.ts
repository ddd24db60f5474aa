/**
 * The benchmark: `npm run bench`, or `npm run bench -- <pattern>` for the groups whose names match. `--quick` takes few rounds, `--long`
 * adds 100,000 headers and what else takes long, and `--write` writes the results of a quick run down, which a full run does by itself.
 *
 * @module
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { checkBuild, checkGroup, checkHashing, checkVerifiers } from './check.js';
import { planGroups } from './groups/index.js';
import { measureWays } from './harness/measure.js';
import type { Group } from './harness/way.js';
import { measureMemory } from './memory.js';
import { drawChart } from './output/chart.js';
import { renderSection, replaceSection } from './output/readme.js';
import { formatJson, formatTable, type Results, summarize } from './output/results.js';

const ROUNDS = 24;
const QUICK_ROUNDS = 3;
/** npm runs scripts in the folder of the package. */
const FOLDER = 'bench/results';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, long: { type: 'boolean' }, write: { type: 'boolean' } },
});
const { quick = false, long = false, write: isAsked = false } = values;
const isFull = positionals.length === 0 && !quick;
if (isAsked && positionals.length > 0) throw new Error('only a run of all groups can be written');
const pattern = new RegExp(positionals[0] ?? '', 'i');
const plans = planGroups(long);
const selected = plans.filter(({ name }) => pattern.test(name));
if (selected.length === 0) throw new Error(`no group matches ${pattern}:\n${plans.map(({ name }) => name).join('\n')}`);

const [processor] = cpus();
const machine = { cpu: processor?.model ?? 'unknown', cores: cpus().length, node: process.version };
const rounds = quick ? QUICK_ROUNDS : ROUNDS;
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; processor time, medians of ${rounds} rounds\n`,
);

checkBuild();
checkVerifiers();
const groups: Group[] = selected.map(({ name, make }) => {
  report(`preparing ${name}`);
  const group = { name, ...make() };
  checkGroup(group);
  return group;
});
checkHashing();

const ways = [...new Set(groups.flatMap((group) => [group.reference, ...group.ways]))];
const prepared = secondsSoFar();
report('warming up');
const references = new Map(groups.flatMap((group) => group.ways.map((way) => [way, group.reference])));
const measured = measureWays(ways, rounds, references, (round) =>
  report(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}, ${ways.length} ways`),
);
const tables = groups.map((group) => summarize(group, measured.samples, measured.fresh));
for (const table of tables) console.log(`${formatTable(table)}\n`);

const memory = isFull || long ? [measureMemory(20_000), ...(long ? [measureMemory(100_000)] : [])] : [];
for (const { headers, growth, most, resident } of memory)
  console.log(
    `memory from 2,000 to ${headers} headers: ${growth} bytes more at the end, ${most} at most in between; ${resident} resident`,
  );
if (isFull || isAsked) write({ machine, tables, memory });
console.log(`${secondsSoFar()} s in all, ${prepared} s of them to prepare`);

function write(results: Results): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/results.json`, formatJson(results));
  writeFileSync(`${FOLDER}/chart.svg`, drawChart(results));
  writeFileSync('README.md', replaceSection(readFileSync('README.md', 'utf8'), renderSection(results)));
  console.log(`wrote ${FOLDER}/results.json, ${FOLDER}/chart.svg and the section of README`);
}

function secondsSoFar(): string {
  return (performance.now() / 1000).toFixed(0);
}

/** Says on a terminal what is being done. */
function report(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}
