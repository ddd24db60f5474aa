/**
 * Single signatures: recovering a key, and checking against a known one.
 *
 * @module
 */

import { secp256k1 as libauth } from '@bitauth/libauth';
import { secp256k1 as noble } from '@noble/curves/secp256k1.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Verifier } from 'poa-primitives';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { recover as tinyRecover, verify as tinyVerify } from 'tiny-secp256k1';
import {
  makeBatch,
  makePlainVerifier,
  makeSigned,
  makeWarmVerifier,
  recoverBatches,
  type Signed,
  splitBatches,
} from '../fixtures/signatures.js';
import { compareWays, type GroupPlan, type Way } from '../harness/way.js';
import { native } from '../peers/native.js';

/** Signatures of a batch, as many as the fold takes headers at a time. */
export const BATCH = 128;
/** Signatures of a call of those that take long for each. */
const FEW = 8;
const items = (): Signed[] => makeSigned(2 * BATCH);

/** One signature after the other through a function of some library. */
function makeSingle(name: string, signed: readonly Signed[], recover: (item: Signed) => Uint8Array): Way {
  return {
    name,
    count: signed.length,
    run: () => {
      for (const item of signed) recover(item);
    },
    show: () => showKeys(signed.map(recover)),
  };
}

/** As {@link makeSingle}, with the key given. */
function makeCheck(name: string, signed: readonly Signed[], verify: (item: Signed) => boolean): Way {
  const verifyAll = (): void => {
    for (const item of signed) if (!verify(item)) throw new Error(`${name} refused a signature`);
  };
  const show = (): string => {
    verifyAll();
    const [first, second] = signed as [Signed, Signed];
    return verify({ ...first, message: second.message }) ? 'takes a bad signature' : 'refuses a bad signature';
  };
  return { name, count: signed.length, run: verifyAll, show };
}

/** The keys of the first few, which is what all ways have in common. */
const showKeys = (keys: readonly Uint8Array[]): string => keys.slice(0, FEW).map(bytesToHex).join();

function makeBatched(
  name: string,
  verifier: Verifier,
  signed: readonly Signed[],
  size: number,
  hints?: readonly number[],
): Way {
  const batches = splitBatches(makeBatch(signed, hints), size);
  return { name, count: signed.length, run: () => recoverBatches(verifier, batches) };
}

/** As {@link makeBatched}, where the keys that come out are shown. */
function makeRecovered(name: string, verifier: Verifier, signed: readonly Signed[], size: number): Way {
  const show = (): string => {
    const { keys } = verifier.recover(makeBatch(signed));
    return showKeys(
      signed.map((_, i) => noble.Point.fromBytes(Uint8Array.of(4, ...keys.slice(64 * i, 64 * i + 64))).toBytes()),
    );
  };
  return { ...makeBatched(name, verifier, signed, size), show };
}

/** As {@link makeBatched} with hints, where it is shown that a signature over something else is not taken for one of its key. */
function makeKnown(
  name: string,
  { verifier, hints }: { verifier: Verifier; hints: readonly number[] },
  signed: readonly Signed[],
  size: number,
): Way {
  const show = (): string => {
    const [first, second] = signed as [Signed, Signed];
    const good = verifier.recover(makeBatch([first], hints.slice(0, 1)));
    const bad = verifier.recover(makeBatch([{ ...first, message: second.message }], hints.slice(0, 1)));
    if (good.handles[0] !== hints[0]) throw new Error(`${name} did not confirm a key`);
    return bad.handles[0] === hints[0] ? 'takes a bad signature' : 'refuses a bad signature';
  };
  return { ...makeBatched(name, verifier, signed, size, hints.slice(0, signed.length)), show };
}

let recovery: Way | undefined;

/** Bare recovery by the native addon, which everything that ends in signatures is compared with. */
export function getNativeRecovery(): Way {
  recovery ??= makeSingle('native addon: ecdsaRecover', items(), ({ rs, id, message }) =>
    native.ecdsaRecover(rs, id, message),
  );
  return recovery;
}

const recoverGroup: GroupPlan = {
  name: 'recovering one key',
  make: () => {
    const signed = items();
    const few = signed.slice(0, FEW);
    const wasm = makePlainVerifier(createWasmBackendSync());
    return compareWays('signature', [
      getNativeRecovery(),
      makeRecovered(`ours: wasm verifier, batches of ${BATCH}`, wasm, signed, BATCH),
      makeRecovered('ours: wasm verifier, one at a time', wasm, signed, 1),
      makeRecovered('ours: noble verifier, one at a time', makePlainVerifier(), few, 1),
      makeSingle('libauth: recoverPublicKeyCompressed', signed, ({ rs, id, message }) => {
        const key = libauth.recoverPublicKeyCompressed(rs, id as 0, message);
        if (typeof key === 'string') throw new Error(key);
        return key;
      }),
      makeSingle(
        'tiny-secp256k1: recover',
        signed,
        ({ rs, id, message }) => tinyRecover(message, rs, id as 0, true) as Uint8Array,
      ),
      makeSingle('noble: recoverPublicKey', few, ({ rs, id, message }) =>
        noble.recoverPublicKey(Uint8Array.of(id, ...rs), message, { prehash: false }),
      ),
    ]);
  },
};

const checkGroup: GroupPlan = {
  name: 'checking against a known key',
  make: () => {
    const signed = items();
    const few = signed.slice(0, FEW);
    const wasm = makeWarmVerifier(signed, createWasmBackendSync());
    return compareWays('signature', [
      makeCheck('native addon: ecdsaVerify', signed, ({ rs, message, longKey }) =>
        native.ecdsaVerify(rs, message, longKey),
      ),
      makeKnown(`ours: wasm verifier with hints, batches of ${BATCH}`, wasm, signed, BATCH),
      makeKnown('ours: wasm verifier with hints, one at a time', wasm, signed, 1),
      makeKnown(
        `ours: noble verifier with hints, a batch of ${BATCH}`,
        makeWarmVerifier(signed),
        signed.slice(0, BATCH),
        BATCH,
      ),
      makeCheck('libauth: verifySignatureCompactLowS', signed, ({ rs, message, longKey }) =>
        libauth.verifySignatureCompactLowS(rs, longKey, message),
      ),
      makeCheck('tiny-secp256k1: verify', signed, ({ rs, message, longKey }) => tinyVerify(message, longKey, rs, true)),
      makeCheck('noble: verify', few, ({ rs, message, longKey }) =>
        noble.verify(rs, message, longKey, { prehash: false }),
      ),
    ]);
  },
};

export const signatureGroups: readonly GroupPlan[] = [recoverGroup, checkGroup];
