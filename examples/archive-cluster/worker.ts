/**
 * `npm run worker -- --archive file --redis host:port`: verifies ranges until it is told to stop. As many as there are cores, on as
 * many hosts as there are copies of the archive.
 */

import { Worker } from 'bullmq';
import { openArchive } from '../archive-cores/archive.js';
import { readOptions } from '../archive-cores/options.js';
import { verifyRange } from '../archive-cores/range.js';
import { openVerifier } from '../archive-cores/verifier.js';
import { connectionOf, type JobJson, jobFromJson, type OutcomeJson, outcomeToJson, QUEUE } from './queue.js';

const { archive: path, redis } = readOptions();
const archive = openArchive(path);
const verifier = openVerifier();

const worker = new Worker<JobJson, OutcomeJson>(
  QUEUE,
  async ({ data }) => outcomeToJson(verifyRange(archive, verifier, jobFromJson(data))),
  {
    connection: connectionOf(redis),
    // Whoever says nothing for so many milliseconds is taken for dead, and the range is given to somebody else.
    lockDuration: 2000,
    stalledInterval: 1000,
    maxStalledCount: 10,
  },
);
worker.on('error', ({ message }) => console.error(`worker ${process.pid}: ${message}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.close());
