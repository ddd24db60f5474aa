/**
 * The kernel alone: what a signature and a hash cost in a verifier, beside the peers. `npx tsx bench/kernel.ts [rounds] [pattern]`. Every way
 * is measured once in each round, so that a busy machine slows all of them; the ratios are those of the medians.
 */

import './setup.js';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { secp256k1 as libauth } from '@bitauth/libauth';
import { secp256k1 as noble } from '@noble/curves/secp256k1.js';
import { recover as tinyRecover } from 'tiny-secp256k1';
import { type Backend, createVerifier, type RecoverBatch, type Verifier } from '../src/verifier.js';
import { createWasmBackendSync } from '../src/wasm/index.js';

const require = createRequire(import.meta.url);
interface Native {
  ecdsaSign(message: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number };
  ecdsaRecover(signature: Uint8Array, id: number, message: Uint8Array): Uint8Array;
  ecdsaVerify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean;
  publicKeyCreate(key: Uint8Array): Uint8Array;
}
// `secp256k1` falls back to JavaScript without a word; its bindings do not.
const native: Native = (() => {
  require('secp256k1/bindings.js');
  return require('secp256k1') as Native;
})();

const rounds = Number(process.argv[2] ?? 12);
const pattern = new RegExp(process.argv[3] ?? '', 'i');
const KEYS = 21;
const MANY = 2000;

interface Item {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly id: number;
  readonly key: Uint8Array;
}

/** Signatures by so many keys in turn. */
function makeItems(count: number, keys: number, first = 0): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const secret = new Uint8Array(32).fill(1);
    new DataView(secret.buffer).setUint32(28, first + (i % keys));
    const message = crypto.getRandomValues(new Uint8Array(32));
    const { signature, recid } = native.ecdsaSign(message, secret);
    return { message, signature, id: recid, key: native.publicKeyCreate(secret) };
  });
}

function batchOf(items: readonly Item[], hints?: readonly number[]): RecoverBatch {
  const messages = new Uint8Array(32 * items.length);
  const signatures = new Uint8Array(65 * items.length);
  items.forEach(({ message, signature, id }, i) => {
    messages.set(message, 32 * i);
    signatures.set(signature, 65 * i);
    signatures[65 * i + 64] = id;
  });
  return { count: items.length, messages, signatures, policy: 'low', ...(hints && { hints: Int32Array.from(hints) }) };
}

function check({ statuses, handles }: ReturnType<Verifier['recover']>, wanted?: readonly number[]): void {
  if (statuses.some((status) => status !== 0)) throw new Error('a signature was refused');
  if (wanted !== undefined && handles.some((handle, i) => handle !== wanted[i]))
    throw new Error('another key came out');
}

const items = makeItems(MANY, KEYS);
const strangers = makeItems(MANY, MANY);
const wasm = createWasmBackendSync();

/** A verifier that knows the keys, its tables at their best, and the right hints for the items. */
function warm(backend?: Backend, uses = 200) {
  const verifier = createVerifier(backend && { backend });
  const handles = items.slice(0, KEYS).map(({ key }) => verifier.admit(key));
  for (let use = 0; use < uses; use++) {
    const idle = batchOf(items.slice(0, KEYS), handles);
    verifier.recover({ ...idle, signatures: new Uint8Array(idle.signatures.length) });
  }
  return { verifier, hints: items.map((_, i) => handles[i % KEYS] as number) };
}

/**
 * A chain as a node meets it: a verifier that knows nothing, batches of 128, and every key admitted when it is first seen. Each
 * hint is the key that is expected, which is `shift` places beside the right one.
 */
function follow(backend: Backend | undefined, chain: readonly Item[], keys: number, shift: number): void {
  const verifier = createVerifier(backend && { backend });
  const handles = new Array<number>(keys).fill(-1);
  for (let start = 0; start < chain.length; start += 128) {
    const slice = chain.slice(start, start + 128);
    const result = verifier.recover(
      batchOf(
        slice,
        slice.map((_, i) => handles[(start + i + shift) % keys] ?? -1),
      ),
    );
    check(result);
    slice.forEach((_, i) => {
      if (result.handles[i] === -1)
        handles[(start + i) % keys] = verifier.admit(result.keys.slice(64 * i, 64 * i + 64));
    });
  }
}

/** Lists that are replaced again and again: a key for each two blocks, so that what its table costs is never earned back. */
const replacedLists = Array.from({ length: pattern.test('attack: every key twice') ? rounds + 1 : 0 }, (_, i) =>
  makeItems(512, 512, 1_000_000 * (i + 1)),
);
const replacing = createVerifier({ backend: wasm });
function replaceList(): void {
  const list = replacedLists.pop() as Item[];
  for (let start = 0; start < list.length; start += 64) {
    const slice = list.slice(start, start + 64);
    const { keys } = replacing.recover(batchOf(slice));
    const handles = slice.map((_, i) => replacing.admit(keys.slice(64 * i, 64 * i + 64)));
    check(replacing.recover(batchOf(slice, handles)), handles);
  }
}

const fast = warm(wasm);
const small = warm(wasm, 4);
const slow = warm();
const plain = createVerifier({ backend: wasm });
const plainNoble = createVerifier();
const each = <T>(count: number, run: (item: Item) => T) => ({
  count,
  run: () => {
    for (let i = 0; i < count; i++) run(items[i] as Item);
  },
});
const known = ({ verifier, hints }: typeof fast, count: number, calls = 1) => {
  const batches = Array.from({ length: calls }, (_, i) => [
    batchOf(items.slice(count * i, count * (i + 1)), hints.slice(count * i, count * (i + 1))),
    hints.slice(count * i, count * (i + 1)),
  ]) as [RecoverBatch, number[]][];
  return {
    count: count * calls,
    run: () => {
      for (const [batch, handles] of batches) check(verifier.recover(batch), handles);
    },
  };
};
const unhinted = (verifier: Verifier, count: number) => {
  const batch = batchOf(items.slice(0, count));
  return { count, run: () => check(verifier.recover(batch)) };
};
const wrong = () => {
  const batch = batchOf(items.slice(0, 256), fast.hints.slice(1, 257));
  return { count: 256, run: () => check(fast.verifier.recover(batch)) };
};
const hashes = (verifier: Verifier, size: number) => {
  const count = 256;
  const data = new Uint8Array(size * count);
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * size);
  return { count, run: () => verifier.hash({ algorithm: 'ckb', data, offsets }) };
};

const ways: Record<string, { count: number; run: () => unknown }> = {
  'secp256k1 (native): recover': each(200, ({ signature, id, message }) => native.ecdsaRecover(signature, id, message)),
  'secp256k1 (native): verify, key known': each(200, ({ signature, message, key }) =>
    native.ecdsaVerify(signature, message, key),
  ),
  '@bitauth/libauth: recover': each(100, ({ signature, id, message }) =>
    libauth.recoverPublicKeyCompressed(signature, id as 0, message),
  ),
  'tiny-secp256k1: recover': each(100, ({ signature, id, message }) => tinyRecover(message, signature, id as 0, true)),
  '@noble/curves: recover': each(10, ({ signature, id, message }) =>
    noble.Signature.fromBytes(Uint8Array.of(id, ...signature), 'recovered').recoverPublicKey(message),
  ),
  'wasm: recover, 1': unhinted(plain, 1),
  'wasm: recover, batch of 4': unhinted(plain, 4),
  'wasm: recover, batch of 64': unhinted(plain, 64),
  'wasm: recover, batch of 256': unhinted(plain, 256),
  'wasm: key known, 1': known(fast, 1, 20),
  'wasm: key known, batch of 64': known(fast, 64, 4),
  'wasm: key known, batch of 256': known(fast, 256, 4),
  'wasm: key known, small tables, batch of 256': known(small, 256),
  'wasm: 2000 in turn, cold verifier': { count: MANY, run: () => follow(wasm, items, KEYS, 0) },
  'noble: recover': unhinted(plainNoble, 10),
  'noble: key known, batch of 64': known(slow, 64),
  'noble: 2000 in turn, cold verifier (once)': { count: MANY, run: () => follow(undefined, items, KEYS, 0) },
  'attack: every guess wrong': wrong(),
  'attack: every guess wrong, cold verifier': { count: MANY, run: () => follow(wasm, items, KEYS, 1) },
  'attack: an unknown key each time': { count: MANY, run: () => follow(wasm, strangers, MANY, 0) },
  'attack: every key twice, then never again': { count: 2 * 512, run: replaceList },
  'wasm: hash of 64 bytes': hashes(plain, 64),
  'wasm: hash of 208 bytes': hashes(plain, 208),
  'wasm: hash of 600 bytes': hashes(plain, 600),
  'noble: hash of 208 bytes': hashes(plainNoble, 208),
};

const base = 'secp256k1 (native): recover';
const names = Object.keys(ways).filter((name) => name === base || pattern.test(name));
const times = new Map<string, number[]>();
for (let round = -1; round < rounds; round++)
  for (const name of names) {
    const { count, run } = ways[name] as (typeof ways)[string];
    if (name.includes('(once)') && round !== 0) continue;
    // Time of the processor, all threads together: other programs that run meanwhile do not count.
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    const time = (user + system) / count;
    if (round >= 0) times.set(name, [...(times.get(name) ?? []), time]);
  }

const median = (name: string): number => {
  const sorted = [...(times.get(name) ?? [])].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
};
const least = (name: string): number => Math.min(...(times.get(name) ?? []));
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, ${rounds} rounds; native: times as fast as ${base}\n`);
console.log(`${''.padEnd(46)}  µs, median     least    native (least)`);
for (const name of names) {
  const [a, b] = [median(name), least(name)];
  console.log(
    `${name.padEnd(46)}  ${a.toFixed(2).padStart(10)}  ${b.toFixed(2).padStart(8)}  ${(median(base) / a).toFixed(2).padStart(8)} (${(least(base) / b).toFixed(2)})`,
  );
}
