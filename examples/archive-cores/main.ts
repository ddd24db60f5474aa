/**
 * `npm start`: verifies an archive of headers with one core and with all of them, compares what comes of it byte for byte, and says
 * how long it took. `--kill` kills workers on the way, `--damage` puts bad headers in. Exit code 1 if anything differs.
 */

import { Piscina } from 'piscina';
import { applyHeaders, type HeadersResult } from 'poa-primitives/ckb';
import { type Archive, openArchive } from './archive.js';
import { attestTooSoon, damageArchive } from './damage.js';
import { type Joined, verifyArchive } from './fold.js';
import { generateArchive } from './generate.js';
import { makeAnchor } from './network.js';
import { grouped, medianOf, readOptions, showProgress, WARM_UP } from './options.js';
import { expectSame } from './outcome.js';
import { timeOf } from './prepare.js';
import { type RangeJob, type RangeOutcome, serializeClaim } from './range.js';
import { openVerifier } from './verifier.js';
import type { Task } from './worker.js';

/** How often a range is given to another worker when one is lost with it. */
const ATTEMPTS = 5;

const { headers, archive: path, workers, range, rounds, make, kill, damage } = readOptions();
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
const maxRss = (): number => 1024 * process.resourceUsage().maxRSS;

const began = performance.now();
const onProgress = (made: number): void => showProgress('making the archive', made, headers);
const isNew = await generateArchive({ path, headers, workers, onProgress });
console.log(`${grouped(headers)} headers in ${path}, ${isNew ? `made in ${since(began)} s` : 'found'}`);
if (make) process.exit();

const archive = openArchive(path);
const anchor = makeAnchor();
const now = timeOf(archive.count);
const verifier = openVerifier();
const pool = new Piscina<Task, RangeOutcome>({
  filename: new URL('./worker.js', import.meta.url).href,
  name: 'verify',
  minThreads: workers,
  maxThreads: workers,
});
console.log(`verifier ${verifier.backend}, ${workers} workers, ranges of ${grouped(range)} headers`);

function since(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(2);
}

/** Everything on this thread: what the others are held to. */
function verifyAlone(from: Archive): HeadersResult {
  return applyHeaders(anchor, from.from(0), { now, verifier });
}

let lost = 0;
/** Has a range verified by the pool; a worker that dies takes nothing with it, since a job can be run again. */
async function run(file: string, job: RangeJob): Promise<RangeOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pool.run({ path: file, job });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      lost++;
    }
  }
}

/** All workers, and the fold on this thread. */
function verifyTogether(from: Archive, file: string, onJoin?: (joined: Joined) => void): Promise<HeadersResult> {
  return verifyArchive({
    archive: from,
    anchor,
    now,
    verifier,
    run: (job) => run(file, job),
    rangeSize: range,
    window: 3 * workers,
    onJoin: (joined) => {
      showProgress('verifying', joined.applied, from.count);
      onJoin?.(joined);
    },
  });
}

interface Measured {
  readonly result: HeadersResult;
  readonly seconds: number;
  /** Of all threads of this process. */
  readonly cpuSeconds: number;
}

async function measure(verify: () => HeadersResult | Promise<HeadersResult>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await verify();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { result, seconds, cpuSeconds: (user + system) / 1e6 };
}

function show({ seconds, cpuSeconds }: Measured): string {
  const rate = `${grouped(archive.count / seconds)} headers/s`;
  return `${seconds.toFixed(2)} s, ${rate}, ${((1e6 * cpuSeconds) / archive.count).toFixed(1)} µs of CPU a header`;
}

// What everything else is compared with; and again, until all is warm.
const expected = verifyAlone(archive);
if (!expected.ok) throw expected.error;
let again = 0;
let same = true;
for (let verified = 0; verified < WARM_UP; verified += archive.count) {
  same = expectSame('one core, cold', verifyAlone(archive), expected) && same;
  const cold = await verifyTogether(archive, path, (joined) => {
    if (joined.again) again++;
  });
  same = expectSame('all cores, cold', cold, expected) && same;
}
/** How much more all workers get done than one, with the same range each, and nothing to share and nothing to fold. */
async function measureCeiling(): Promise<number> {
  const count = Math.min(archive.count, 10 * range);
  const job = { first: 0, count, claim: serializeClaim(anchor), now };
  const ofSome = async (some: number): Promise<number> => {
    const start = performance.now();
    await Promise.all(Array.from({ length: some }, () => run(path, job)));
    return performance.now() - start;
  };
  const one = await ofSome(1);
  return (workers * one) / (await ofSome(workers));
}

const warmRss = maxRss();
const speedups: number[] = [];
const bounds: number[] = [];
const ceilings: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const one = await measure(() => verifyAlone(archive));
  const all = await measure(() => verifyTogether(archive, path));
  same = expectSame('one core', one.result, expected) && same;
  same = expectSame('all cores', all.result, expected) && same;
  speedups.push(one.seconds / all.seconds);
  ceilings.push(await measureCeiling());
  bounds.push((workers * one.cpuSeconds) / all.cpuSeconds);
  console.log(`round ${round}: one core   ${show(one)}`);
  console.log(`         all cores  ${show(all)}`);
}
console.log(`speed-up ${medianOf(speedups).toFixed(2)}, fold included (median of ${rounds})`);
console.log(
  `  ${workers} workers that share nothing gain ${medianOf(ceilings).toFixed(2)} here; more cannot be had at the moment`,
);
console.log(`  by CPU time, as if nobody waited for a core: ${medianOf(bounds).toFixed(2)}`);
console.log(`  ranges verified again because their claim was wrong: ${again}`);
console.log(`max RSS ${megabytes(warmRss)} when warm, ${megabytes(maxRss())} in the end`);
if (same) console.log(`same state, bit for bit: block ${expected.value.number}`);

if (kill) {
  // Once more if all of them were killed between two ranges.
  for (let attempt = 0; lost === 0 && attempt < ATTEMPTS; attempt++) {
    let killed = 0;
    const survived = await verifyTogether(archive, path, ({ applied }) => {
      if (killed === 3 || applied < ((killed + 1) * archive.count) / 4) return;
      void pool.threads[killed++ % pool.threads.length]?.terminate();
    });
    same = expectSame('with workers killed', survived, expected) && same;
  }
  if (lost === 0) process.exitCode = 1;
  if (same) console.log(`${lost} workers killed in the middle of a range: same state`);
}

if (damage) {
  const look = async (file: string, what: string): Promise<void> => {
    const damaged = openArchive(file);
    const alone = verifyAlone(damaged);
    const isCaught = !alone.ok && expectSame(what, await verifyTogether(damaged, file), alone);
    damaged.close();
    if (isCaught) console.log(`${what}: ${alone.error.code} both ways, same state before it`);
    else process.exitCode = 1;
  };
  await damageArchive(archive, path, range, look);
  await attestTooSoon(path, range, workers, look);
}

archive.close();
await pool.destroy();
