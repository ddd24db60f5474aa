/**
 * Verifies an archive of headers through a queue, compares what comes of it with what this process alone finds, byte for byte, and
 * says how long it took. Starts workers here unless `--workers 0` says that there are some elsewhere; `--kill` kills them on the way.
 * Exit code 1 if anything differs.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Queue, QueueEvents } from 'bullmq';
import { applyHeaders, type HeadersResult } from 'poa-primitives/ckb';
import { openArchive } from '../archive-cores/archive.js';
import { type Joined, verifyArchive } from '../archive-cores/fold.js';
import { makeAnchor } from '../archive-cores/network.js';
import { grouped, medianOf, readOptions, showProgress, WARM_UP } from '../archive-cores/options.js';
import { expectSame } from '../archive-cores/outcome.js';
import { timeOf } from '../archive-cores/prepare.js';
import type { RangeJob, RangeOutcome } from '../archive-cores/range.js';
import { openVerifier } from '../archive-cores/verifier.js';
import { connectionOf, type JobJson, jobToJson, type OutcomeJson, outcomeFromJson, QUEUE } from './queue.js';

/** Seconds that a range stays known when it is done: whoever waits for it may ask a moment later. */
const KEPT = 600;
/** How often a range is given to somebody else when a process is lost with it. */
const ATTEMPTS = 5;

const { archive: path, redis, workers, range, rounds, kill } = readOptions();
const archive = openArchive(path);
const anchor = makeAnchor();
const now = timeOf(archive.count);
const verifier = openVerifier();

const connection = connectionOf(redis);
const queue = new Queue<JobJson, OutcomeJson>(QUEUE, { connection });
const events = new QueueEvents(QUEUE, { connection });
await events.waitUntilReady();
let stalled = 0;
events.on('stalled', () => stalled++);

const startWorker = (): ChildProcess =>
  fork(new URL('./worker.js', import.meta.url), ['--archive', path, '--redis', redis]);
const processes = Array.from({ length: workers }, startWorker);
// Whatever ends this process, nobody is left behind.
process.once('exit', () => {
  for (const worker of processes) worker.kill();
});

/** Has a range verified by whoever takes it from the queue; if that process dies, another one does it again. */
async function run(job: RangeJob): Promise<RangeOutcome> {
  const options = { attempts: ATTEMPTS, removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT } };
  const added = await queue.add('range', jobToJson(job), options);
  return outcomeFromJson(await added.waitUntilFinished(events));
}

function verifyTogether(onJoin?: (joined: Joined) => void): Promise<HeadersResult> {
  return verifyArchive({
    archive,
    anchor,
    now,
    verifier,
    run,
    rangeSize: range,
    window: 4 * Math.max(workers, 1),
    onJoin: (joined) => {
      showProgress('verifying', joined.applied, archive.count);
      onJoin?.(joined);
    },
  });
}

async function measure(verify: () => HeadersResult | Promise<HeadersResult>): Promise<[HeadersResult, number]> {
  const start = performance.now();
  const result = await verify();
  return [result, (performance.now() - start) / 1000];
}

const show = (seconds: number): string => `${seconds.toFixed(2)} s, ${grouped(archive.count / seconds)} headers/s`;

console.log(
  `${grouped(archive.count)} headers, verifier ${verifier.backend}, Redis at ${redis}, ${workers} workers here`,
);

// What everything else is compared with; and again, until all is warm.
const verifyAlone = (): HeadersResult => applyHeaders(anchor, archive.from(0), { now, verifier });
const expected = verifyAlone();
if (!expected.ok) throw expected.error;
let same = true;
for (let verified = 0; verified < WARM_UP; verified += archive.count) {
  same = expectSame('one process, cold', verifyAlone(), expected) && same;
  same = expectSame('all processes, cold', await verifyTogether(), expected) && same;
}
const speedups: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const [alone, one] = await measure(verifyAlone);
  const [together, all] = await measure(() => verifyTogether());
  same = expectSame('one process', alone, expected) && same;
  same = expectSame('all processes', together, expected) && same;
  speedups.push(one / all);
  console.log(`round ${round}: one process   ${show(one)}`);
  console.log(`         all processes ${show(all)}`);
}
console.log(`speed-up ${medianOf(speedups).toFixed(2)}, queue and fold included (median of ${rounds})`);
console.log(`max RSS of this process ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
if (same) console.log(`same state, bit for bit: block ${expected.value.number}`);

if (kill) {
  let killed = 0;
  // Once more if all of them were killed between two ranges.
  for (let attempt = 0; stalled === 0 && attempt < ATTEMPTS; attempt++) {
    let next = 1;
    const survived = await verifyTogether(({ applied }) => {
      if (next > 3 || applied < (next * archive.count) / 4) return;
      const victim = next++ % processes.length;
      processes[victim]?.kill('SIGKILL');
      processes[victim] = startWorker();
      killed++;
    });
    same = expectSame('with processes killed', survived, expected) && same;
  }
  if (stalled === 0) process.exitCode = 1;
  if (same) console.log(`${killed} processes killed, ${stalled} of them in the middle of a range: same state`);
}

for (const worker of processes) worker.kill();
await Promise.all(processes.map((worker) => worker.exitCode ?? worker.signalCode ?? once(worker, 'exit')));
await events.close();
await queue.close();
