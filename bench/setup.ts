/**
 * What has to happen before anything else of the benchmark is loaded: `main.ts` imports this first.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
// Loaded before the first hash. Under tsx on Node 20, loading CCC after noble's BLAKE2b has run leaves V8 with code for
// noble's `{ h, l }` pairs that misses its inline cache on every access: each hash takes 45 times as long from then on.
import '@ckb-ccc/core';
import '@ckb-lumos/base';

// Without an exposed collector mitata allocates a gigabyte ahead of each benchmark instead.
setFlagsFromString('--expose-gc');
(globalThis as { gc?: unknown }).gc = runInNewContext('gc');
