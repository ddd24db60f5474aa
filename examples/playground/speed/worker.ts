/** Recovers signatures in a thread of its own, so that the page stays alive and can stop it at any time. */
import { type BackendId, prepare } from './backends.js';
import { type Order, type Report, toInputs } from './messages.js';

/** Milliseconds between two reports. */
const PACE = 80;

const post = (report: Report): void => self.postMessage(report);

async function measure(id: BackendId, order: Order): Promise<void> {
  const inputs = toInputs(order.headers);
  const step = await prepare(id, inputs);
  // What is compiled on first use, or built once, is not what is measured.
  for (let warm = 0; warm < Math.min(60, order.total); ) warm += step();
  const start = performance.now();
  let reported = start;
  let done = 0;
  while (done < order.total) {
    done += step();
    const now = performance.now();
    if (now - reported < PACE) continue;
    reported = now;
    post({ kind: 'progress', id, done, milliseconds: now - start });
  }
  post({ kind: 'done', id, done, milliseconds: performance.now() - start });
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  for (const id of data.backends) {
    try {
      await measure(id, data);
    } catch (error) {
      post({ kind: 'failed', id, reason: error instanceof Error ? error.message : 'it failed' });
    }
  }
  post({ kind: 'end' });
};
