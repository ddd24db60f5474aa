/** What a verifier promises besides results: arguments, handles, and which keys have tables. */
import { describe, expect, it } from 'vitest';
import { VERIFIER_ERROR_CODES, type VerifierErrorCode } from '../../src/errors.js';
import type { Backend, EngineOutput } from '../../src/internal/verifier/engine.js';
import { compressFlatKey, uncompressFlatKey } from '../../src/internal/verifier/keys.js';
import { createVerifier, type RecoverBatch } from '../../src/verifier.js';
import { createWasmBackend, createWasmBackendSync } from '../../src/wasm/index.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { batchOf } from './batches.js';
import { type Case, checkedCase, keyOf, mod, N } from './cases.js';

/** A backend that confirms and recovers nothing, and writes down what it is asked for. */
function recordingBackend(slots: number, levels = [2, 5], costs = [1, 1]) {
  const answer = { status: 7, hit: 0 };
  const built: { slot: number; key: string; level: number }[] = [];
  const tried: number[][] = [];
  const backend: Backend = {
    name: 'recording',
    open: () => ({
      slots,
      levels,
      costs,
      maxCount: 4,
      build: (wanted, keys, level) => {
        wanted.forEach((slot, i) => {
          built.push({ slot, key: hex(keys[i] as Uint8Array), level });
        });
      },
      recover: ({ count, slots: tries }, { statuses, hits }: EngineOutput) => {
        tried.push([...tries.subarray(0, count)]);
        statuses.fill(answer.status);
        hits.fill(answer.hit);
      },
      hash: () => {},
    }),
  };
  return { backend, built, tried, answer };
}

const idle: Case = { message: new Uint8Array(32), signature: new Uint8Array(65) };
const hintedBatch = (hints: readonly number[]): RecoverBatch =>
  batchOf(
    hints.map(() => idle),
    'any',
    hints,
  );
const keys = Array.from({ length: 40 }, (_, i) => keyOf(BigInt(i + 1)));

describe('admit', () => {
  it('takes all forms of a key and gives one handle', () => {
    const verifier = createVerifier();
    const key = keys[3] as Uint8Array;
    const handle = verifier.admit(key);
    expect(verifier.admit(compressFlatKey(key, 0))).toBe(handle);
    expect(verifier.admit(uncompressFlatKey(key, 0))).toBe(handle);
    expect(verifier.admit(keys[4] as Uint8Array)).not.toBe(handle);
  });

  it('takes points of the curve alone, and copies them', () => {
    const verifier = createVerifier();
    const key = Uint8Array.from(keys[3] as Uint8Array);
    const handle = verifier.admit(key);
    key[63] = (key[63] as number) ^ 1;
    for (const bad of [
      key,
      new Uint8Array(64),
      new Uint8Array(33),
      new Uint8Array(65),
      new Uint8Array(32),
      new Uint8Array(0),
    ])
      expectCode(() => verifier.admit(bad), 'PUBLIC_KEY_INVALID');
    expect(() => verifier.admit('02' as never)).toThrow(TypeError);
    expect(verifier.admit(keys[3] as Uint8Array)).toBe(handle);
  });

  it('forgets keys without a table that were not used for longest, and never counts without end', () => {
    const { backend } = recordingBackend(0);
    const verifier = createVerifier({ backend });
    const key = (i: number) => keyOf(BigInt(i + 1));
    const first = verifier.admit(key(0));
    for (let i = 1; i < 1030; i++) verifier.admit(key(i));
    expect(verifier.admit(key(1029))).toBe(1029);
    expect(verifier.admit(key(0))).not.toBe(first);
  });
});

describe('tables', () => {
  it('are built on the second use, and larger ones when they pay', () => {
    const { backend, built, tried } = recordingBackend(4);
    const verifier = createVerifier({ backend });
    const handle = verifier.admit(keys[0] as Uint8Array);
    expect(built).toEqual([]);
    verifier.recover(hintedBatch([handle]));
    const key = hex(keys[0] as Uint8Array);
    expect(built).toEqual([{ slot: 0, key, level: 1 }]);
    for (let use = 3; use < 9; use++) verifier.recover(hintedBatch([handle]));
    expect(built).toEqual([
      { slot: 0, key, level: 1 },
      { slot: 0, key, level: 2 },
    ]);
    expect(tried.flat()).toEqual(tried.flat().map(() => 0));
  });

  it('are built for no key that was not admitted', () => {
    const { backend, built, tried } = recordingBackend(4);
    const verifier = createVerifier({ backend });
    for (let i = 0; i < 9; i++) verifier.recover(hintedBatch([0, 1, 5, -1, -2, 2 ** 31 - 1, -(2 ** 31)]));
    expect(built).toEqual([]);
    expect(tried.flat().every((slot) => slot === -1)).toBe(true);
  });

  it('stay where they are when turns go round more keys than there is room for', () => {
    const { backend, built } = recordingBackend(4, [2]);
    const verifier = createVerifier({ backend });
    const handles = keys.slice(0, 7).map((key) => verifier.admit(key));
    for (let round = 0; round < 60; round++) verifier.recover(hintedBatch(handles));
    expect(built.length).toBe(4);
  });

  it('make room when a list is replaced', () => {
    const { backend, built, tried } = recordingBackend(4, [2]);
    const verifier = createVerifier({ backend });
    const first = keys.slice(0, 4).map((key) => verifier.admit(key));
    for (let round = 0; round < 5; round++) verifier.recover(hintedBatch(first));
    const second = keys.slice(4, 8).map((key) => verifier.admit(key));
    for (let round = 0; round < 12; round++) verifier.recover(hintedBatch(second));
    expect(built.length).toBe(8);
    expect(new Set(tried[tried.length - 1])).toEqual(new Set([0, 1, 2, 3]));
    // The ones that lost theirs are tried no more.
    verifier.recover(hintedBatch(first));
    expect(tried[tried.length - 1]).toEqual([-1, -1, -1, -1]);
  });

  it('are built for so many keys at a time, and for the others as headers pass', () => {
    const { backend, built } = recordingBackend(100, [2], [64]);
    const verifier = createVerifier({ backend });
    const handles = keys.slice(0, 20).map((key) => verifier.admit(key));
    // 512 recoveries' worth at first; then 0.15 with each header.
    verifier.recover(hintedBatch(handles));
    expect(built.length).toBe(8);
    const uses = Array.from({ length: 44 }, () => handles[19] as number);
    for (let i = 0; i < 10; i++) verifier.recover(hintedBatch(uses));
    expect(built.length).toBe(9);
    verifier.recover(hintedBatch(handles));
    expect(built.length).toBe(9);
  });

  it('are hardly tried while most guesses are wrong, and again when they are right', () => {
    const { backend, tried, answer } = recordingBackend(8, [2]);
    const verifier = createVerifier({ backend });
    const handles = keys.slice(0, 4).map((key) => verifier.admit(key));
    const share = (rounds: number): number => {
      tried.length = 0;
      for (let round = 0; round < rounds; round++) verifier.recover(hintedBatch(handles));
      return tried.flat().filter((slot) => slot !== -1).length / (4 * rounds);
    };
    answer.status = 0;
    answer.hit = 1;
    expect(share(100)).toBe(1);
    answer.hit = 0;
    share(150);
    expect(share(100)).toBe(1 / 8);
    answer.hit = 1;
    share(200);
    expect(share(100)).toBe(1);
    // A signature that names no key says nothing of guesses.
    answer.hit = 0;
    answer.status = 7;
    expect(share(300)).toBe(1);
  });

  it('are none where no bytes are allowed for them', () => {
    for (const backend of [undefined, createWasmBackendSync()]) {
      const verifier = createVerifier({ maxTableBytes: 0, ...(backend && { backend }) });
      const made = checkedCase(3n, 5n, 7n) as Case;
      const handle = verifier.admit(keyOf(7n));
      for (let use = 0; use < 10; use++)
        expect([...verifier.recover(batchOf([made], 'any', [handle])).handles]).toEqual([handle]);
    }
  });

  it('of 255 keys fit into 64 MiB', () => {
    const { slots } = createWasmBackendSync().open({ maxTableBytes: 64 * 2 ** 20 });
    expect(slots).toBeGreaterThan(255);
  });

  it('give way in earnest too: more keys than slots, replaced in the middle of batches', () => {
    const backend = createWasmBackendSync();
    const { slots } = backend.open({ maxTableBytes: 500_000 });
    expect(slots).toBe(3);
    const verifier = createVerifier({ backend, maxTableBytes: 500_000 });
    const secrets = Array.from({ length: 8 }, (_, i) => BigInt(i) * 1000n + 3n);
    const cases = secrets.map((d) => checkedCase(mod(d ** 20n), mod(d ** 21n), d) as Case);
    const handles = secrets.map((d) => verifier.admit(keyOf(d)));
    for (let round = 0; round < 40; round++) {
      const order = round % 10 < 5 ? [0, 1, 2, 3, 0, 1, 2, 3] : [4, 5, 6, 7, 7, 6, 5, 4];
      const wrong = round % 3 === 0 ? 1 : 0;
      const batch = batchOf(
        order.map((i) => cases[i] as Case),
        'low',
        order.map((i) => handles[(i + wrong) % 8] as number),
      );
      const { keys: found, statuses, handles: named } = verifier.recover({ ...batch, policy: 'any' });
      order.forEach((i, at) => {
        expect(statuses[at]).toBe(0);
        expect(named[at]).toBe(handles[i]);
        expect(hex(found.subarray(64 * at, 64 * at + 64))).toBe(hex(keyOf(secrets[i] as bigint)));
      });
    }
  });
});

describe('VERIFIER_ERROR_CODES', () => {
  const inputs: Record<VerifierErrorCode, () => unknown> = {
    OUT_OF_RANGE: () => createVerifier({ maxTableBytes: -1 }),
    PUBLIC_KEY_INVALID: () => createVerifier().admit(new Uint8Array(33)),
    WASM_UNAVAILABLE: () => {
      const saved = WebAssembly;
      try {
        (globalThis as { WebAssembly: unknown }).WebAssembly = undefined;
        return createWasmBackendSync();
      } finally {
        globalThis.WebAssembly = saved;
      }
    },
  };

  it.each(Object.keys(VERIFIER_ERROR_CODES) as VerifierErrorCode[])('%s', (code) => {
    const error = expectCode(inputs[code], code);
    expect(error.message).toBe(`${error.where}: expected ${error.expected}, got ${error.got} [${code}]`);
    expect(VERIFIER_ERROR_CODES[code]).toMatch(/^.{20,120}[^.]$/);
  });
});

describe('arguments', () => {
  const verifier = createVerifier();
  const good: RecoverBatch = { count: 1, messages: new Uint8Array(32), signatures: new Uint8Array(65), policy: 'low' };

  it('of the right types alone', () => {
    for (const bad of [null, 5, [], { ...good, count: '1' }, { ...good, messages: [] }, { ...good, signatures: 'x' }])
      expect(() => verifier.recover(bad as never)).toThrow(TypeError);
    expect(() => verifier.recover({ ...good, policy: 'high' as never })).toThrow(TypeError);
    expect(() => verifier.recover({ ...good, hints: [0] as never })).toThrow(TypeError);
    expect(() =>
      verifier.hash({ algorithm: 'md5' as never, data: new Uint8Array(0), offsets: new Uint32Array(1) }),
    ).toThrow(TypeError);
    expect(() => verifier.hash({ algorithm: 'ckb', data: new Uint8Array(0), offsets: [0] as never })).toThrow(
      TypeError,
    );
    expect(() => createVerifier(5 as never)).toThrow(TypeError);
    expect(() => createVerifier({ backend: {} as never })).toThrow(TypeError);
  });

  it('of the right lengths alone', () => {
    expectCode(() => verifier.recover({ ...good, count: 2 }), 'OUT_OF_RANGE');
    expectCode(() => verifier.recover({ ...good, signatures: new Uint8Array(64) }), 'OUT_OF_RANGE');
    expectCode(() => verifier.recover({ ...good, hints: new Int32Array(2) }), 'OUT_OF_RANGE');
    expectCode(() => verifier.recover({ ...good, count: -1 }), 'OUT_OF_RANGE');
    expectCode(() => createVerifier({ maxTableBytes: -1 }), 'OUT_OF_RANGE');
    expect(
      verifier.recover({ count: 0, messages: new Uint8Array(0), signatures: new Uint8Array(0), policy: 'any' }),
    ).toEqual({
      keys: new Uint8Array(0),
      statuses: new Uint8Array(0),
      handles: new Int32Array(0),
    });
  });

  it('are left as they are', () => {
    const made = checkedCase(3n, 5n, N - 7n) as Case;
    const batch = batchOf([made, made], 'any', [0, -1]);
    const before = structuredClone(batch);
    verifier.recover(batch);
    expect(batch).toEqual(before);
  });
});

describe('the backend in WebAssembly', () => {
  it('is made at once or in the background, and gives verifiers that do not share anything', async () => {
    for (const backend of [createWasmBackendSync(), await createWasmBackend()]) {
      const [first, second] = [createVerifier({ backend }), createVerifier({ backend })];
      const made = checkedCase(3n, 5n, 7n) as Case;
      const handle = first.admit(keyOf(7n));
      for (let use = 0; use < 3; use++)
        expect([...first.recover(batchOf([made], 'any', [handle])).handles]).toEqual([handle]);
      expect([...second.recover(batchOf([made], 'any', [handle])).handles]).toEqual([-1]);
    }
  });

  it('says where WebAssembly is absent or forbidden', async () => {
    const saved = WebAssembly;
    const forbid = () => {
      throw new saved.CompileError('Wasm code generation disallowed by embedder');
    };
    try {
      for (const value of [
        undefined,
        null,
        { Module: forbid, compile: forbid },
        { Module: forbid, compile: async () => forbid() },
      ]) {
        (globalThis as { WebAssembly: unknown }).WebAssembly = value;
        expectCode(() => createWasmBackendSync(), 'WASM_UNAVAILABLE');
        const error = await createWasmBackend().catch((caught: unknown) => caught);
        expectCode(() => {
          throw error;
        }, 'WASM_UNAVAILABLE');
      }
    } finally {
      globalThis.WebAssembly = saved;
    }
  });

  it('says where a verifier cannot have an instance of its own', () => {
    const backend = createWasmBackendSync();
    createVerifier({ backend });
    const saved = WebAssembly.Instance;
    const Forbidden = (): never => {
      throw new RangeError('out of memory');
    };
    try {
      (WebAssembly as { Instance: unknown }).Instance = Forbidden;
      expectCode(() => createVerifier({ backend }), 'WASM_UNAVAILABLE');
    } finally {
      WebAssembly.Instance = saved;
    }
  });
});
