/**
 * What somebody can do to make single signatures expensive, for whoever gives hints to a verifier: with the backend in WebAssembly, compared
 * with recovering every one of them.
 *
 * @module
 */

import { createVerifier, type RecoverBatch } from 'poa-primitives';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { makeNumbered } from '../fixtures/bytes.js';
import { strangerKeyOf } from '../fixtures/network.js';
import {
  makeBatch,
  makeSigned,
  makeWarmVerifier,
  recoverBatches,
  type Signed,
  splitBatches,
} from '../fixtures/signatures.js';
import { compareWays, type GroupPlan, type Way } from '../harness/way.js';
import { signNatively } from '../peers/native.js';
import { BATCH } from './signatures.js';

/** Keys that are used twice each, in batches of so many; by the time when they come again a verifier has forgotten them. */
const PASSING_KEYS = 6400;
const PASSING_BATCH = 64;

const wrongHints: GroupPlan = {
  name: 'attack: every hint of a batch is a wrong key',
  make: () => {
    const signed = makeSigned(2 * BATCH);
    const backend = createWasmBackendSync();
    const { verifier, hints } = makeWarmVerifier(signed, backend);
    const plain = splitBatches(makeBatch(signed), BATCH);
    const wrong = splitBatches(makeBatch(signed, [...hints.slice(1), hints[0] as number]), BATCH);
    const makeWay = (name: string, batches: typeof plain): Way => ({
      name,
      count: signed.length,
      run: () => recoverBatches(verifier, batches),
    });
    return compareWays('signature', [makeWay('plain recovery', plain), makeWay('wrong hints', wrong)]);
  },
};

/** Signatures, each by a key of its own. */
function makePassing(): Pick<Signed, 'message' | 'signature'>[] {
  return Array.from({ length: PASSING_KEYS }, (_, i) => {
    const message = makeNumbered(13, i);
    return { message, signature: signNatively(message, strangerKeyOf(i)) };
  });
}

/** What each key costs that is admitted and expected once, so that a table of it is never worth its while. */
const passingKeys: GroupPlan = {
  name: 'attack: every key twice, then never again',
  make: () => {
    const batches = splitBatches(makeBatch(makePassing()), PASSING_BATCH);
    const verifier = createVerifier({ backend: createWasmBackendSync() });
    const makeTurns = (): (() => RecoverBatch) => {
      let turn = 0;
      return () => batches[turn++ % batches.length] as RecoverBatch;
    };
    const [nextPlain, nextHinted] = [makeTurns(), makeTurns()];
    return compareWays('signature', [
      {
        name: 'plain recovery',
        count: 2 * PASSING_BATCH,
        run: () => {
          const batch = nextPlain();
          recoverBatches(verifier, [batch, batch]);
        },
      },
      {
        name: 'recovered, admitted, and hinted at once',
        count: 2 * PASSING_BATCH,
        run: () => {
          const batch = nextHinted();
          const { keys } = verifier.recover(batch);
          const hints = Int32Array.from({ length: batch.count }, (_, i) =>
            verifier.admit(keys.subarray(64 * i, 64 * i + 64)),
          );
          recoverBatches(verifier, [{ ...batch, hints }]);
        },
      },
    ]);
  },
};

export const hintAttackGroups: readonly GroupPlan[] = [wrongHints, passingKeys];
