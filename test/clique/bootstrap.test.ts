import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import {
  applyEndpointLog,
  applyEndpointLogs,
  type BootState,
  buildGenesis,
  computeBootProgress,
  computeEndpoints,
  createBootState,
  type EndpointLog,
  parseEnode,
  serializeEndpointLog,
  serializeEnode,
  serializeStaticNodes,
  tryApplyEndpointLog,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

const fill = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const metachainId = fill(32, 7);
const consensus = fill(20, 0xcc);
const core = fill(20, 0xc0);
const validators = [1, 2, 3, 4, 5].map((byte) => fill(20, byte));
const [first, second, third] = validators as [Uint8Array, Uint8Array, Uint8Array];

const start = (): BootState => createBootState({ metachainId, validators, consensus, core });
const keys = [1, 2, 3, 4, 5].map((byte) => hex(secp256k1.getPublicKey(fill(32, byte), false).slice(1)).slice(2));
const urlOf = (i: number, port = 30_303): string => `enode://${keys[i]}@10.0.0.${i + 1}:${port}`;

interface What {
  validator?: Uint8Array;
  service?: string;
  endpoint?: string;
  metachainId?: Uint8Array;
  core?: Uint8Array;
}
function log(what: What, at?: [block: number, index: number], rest: Partial<EndpointLog> = {}): EndpointLog {
  const event = { metachainId, core, validator: first, service: 'enode', endpoint: urlOf(0), ...what };
  const position = at && { position: { blockNumber: BigInt(at[0]), logIndex: at[1] } };
  return { address: consensus, ...serializeEndpointLog(event), ...position, ...rest };
}
const applyAll = (logs: EndpointLog[]): BootState => logs.reduce(applyEndpointLog, start());
const endpointsOf = (bootState: BootState): string[] =>
  computeEndpoints(bootState).map(({ validator, service, endpoint }) => `${validator[0]} ${service} ${endpoint}`);

describe('createBootState', () => {
  it('sorts the validators and shares nothing', () => {
    const own = [...validators].reverse().map((item) => Uint8Array.from(item));
    const bootState = createBootState({ metachainId, validators: own });
    (own[0] as Uint8Array).fill(9);
    expect(bootState).toEqual({ metachainId, validators, consensus: null, core: null, published: [] });
    expect(bootState.validators).toEqual(buildGenesis({ chainId: 1n, timestamp: 0n, validators }).signers);
  });

  it('refuses what makes no network', () => {
    expectCode(() => createBootState({ metachainId, validators: [] }), 'VALIDATORS_EMPTY');
    expectCode(() => createBootState({ metachainId, validators: [first, first] }), 'VALIDATOR_DUPLICATE');
    expectCode(() => createBootState({ metachainId, validators: [fill(20, 0)] }), 'VALIDATOR_ZERO');
    expectCode(() => createBootState({ metachainId: fill(31, 0), validators }), 'OUT_OF_RANGE');
    expectCode(() => createBootState({ metachainId, validators, consensus: fill(19, 0) }), 'OUT_OF_RANGE');
    expect(() => createBootState({ metachainId, validators, core: '0x' as never })).toThrow(TypeError);
  });
});

describe('applyEndpointLog', () => {
  it('keeps who has published what', () => {
    const bootState = applyAll([
      log({ validator: second, endpoint: urlOf(1) }, [1, 0]),
      log({ validator: first, service: 'ipfs', endpoint: 'endpoint' }, [1, 1]),
      log({ validator: first, endpoint: urlOf(0) }, [2, 0]),
    ]);
    expect(endpointsOf(bootState)).toEqual([`1 enode ${urlOf(0)}`, '1 ipfs endpoint', `2 enode ${urlOf(1)}`]);
  });

  it('leaves the state before as it was', () => {
    const before = applyAll([log({}, [1, 0])]);
    const copy = structuredClone(before);
    applyEndpointLog(before, log({ endpoint: 'x' }, [0, 0]));
    applyEndpointLog(before, log({}, [1, 0], { removed: true }));
    expect(before).toEqual(copy);
  });

  it('lets the latest win by its place on the chain, in whatever order logs come', () => {
    const logs = [
      log({ endpoint: 'a' }, [1, 5]),
      log({ endpoint: 'b' }, [2, 0]),
      log({ endpoint: 'c' }, [2, 1]),
      log({ endpoint: 'd' }, [1, 6]),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(logs, { minLength: 4 }), (shuffled) => {
        expect(applyAll(shuffled)).toEqual(applyAll(logs));
        expect(endpointsOf(applyAll(shuffled))).toEqual(['1 enode c']);
      }),
    );
  });

  it('lets the latest win by the order in which logs come, without their places', () => {
    expect(endpointsOf(applyAll([log({ endpoint: 'a' }), log({ endpoint: 'b' })]))).toEqual(['1 enode b']);
    expect(endpointsOf(applyAll([log({ endpoint: 'a' }, [9, 0]), log({ endpoint: 'b' })]))).toEqual(['1 enode b']);
    expect(endpointsOf(applyAll([log({ endpoint: 'a' }), log({ endpoint: 'b' }, [0, 0])]))).toEqual(['1 enode b']);
  });

  it('takes a log twice, and no other one in its place', () => {
    const bootState = applyAll([log({}, [1, 0])]);
    expect(applyEndpointLog(bootState, log({}, [1, 0]))).toEqual(bootState);
    expectCode(() => applyEndpointLog(bootState, log({ endpoint: 'x' }, [1, 0])), 'ENDPOINT_LOG_CONFLICT');
    expectCode(() => applyEndpointLog(bootState, log({ validator: second }, [1, 0])), 'ENDPOINT_LOG_CONFLICT');
  });

  it('goes back to what was said before when a log is taken back', () => {
    const bootState = applyAll([log({ endpoint: 'a' }, [1, 0]), log({ endpoint: 'b' }, [2, 0])]);
    const back = applyEndpointLog(bootState, log({ endpoint: 'b' }, [2, 0], { removed: true }));
    expect(endpointsOf(back)).toEqual(['1 enode a']);
    expect(endpointsOf(applyEndpointLog(back, log({ endpoint: 'c' }, [2, 0])))).toEqual(['1 enode c']);
    const unplaced = applyAll([log({ endpoint: 'a' }), log({ endpoint: 'b' }), log({ endpoint: 'a' })]);
    expect(endpointsOf(applyEndpointLog(unplaced, log({ endpoint: 'a' }, undefined, { removed: true })))).toEqual([
      '1 enode b',
    ]);
  });

  it('refuses to take back what was not applied', () => {
    const bootState = applyAll([log({}, [1, 0])]);
    for (const other of [log({}, [1, 1]), log({ endpoint: 'x' }, [1, 0]), log({}), log({ validator: second }, [1, 0])])
      expectCode(() => applyEndpointLog(bootState, { ...other, removed: true }), 'ENDPOINT_LOG_UNKNOWN');
  });

  it.each<[string, EndpointLog, Parameters<typeof expectCode>[1]]>([
    ['another contract', log({}, [1, 0], { address: core }), 'ENDPOINT_CONTRACT_FOREIGN'],
    ['another metachain', log({ metachainId: fill(32, 8) }), 'ENDPOINT_METACHAIN_FOREIGN'],
    ['another core', log({ core: fill(20, 1) }), 'ENDPOINT_CORE_FOREIGN'],
    ['who is no validator', log({ validator: fill(20, 6) }), 'ENDPOINT_VALIDATOR_UNKNOWN'],
    ['the zero address', log({ validator: fill(20, 0) }), 'ENDPOINT_VALIDATOR_UNKNOWN'],
    ['another event', log({}, [1, 0], { topics: [fill(32, 1)] }), 'ENDPOINT_TOPIC_MISMATCH'],
    ['no event', log({}, [1, 0], { data: new Uint8Array() }), 'ENDPOINT_MALFORMED'],
    ['a block number of 65 bits', log({}, [2 ** 64, 0]), 'OUT_OF_RANGE'],
    ['half an index', log({}, [1, 0.5]), 'OUT_OF_RANGE'],
  ])('refuses a log of %s', (_, stranger, code) => {
    expectCode(() => applyEndpointLog(start(), stranger), code);
    expect(tryApplyEndpointLog(start(), stranger)).toMatchObject({ ok: false, error: { code } });
  });

  it('takes any contract and any core if the state knows none', () => {
    const { address: _, ...bare } = log({ core: fill(20, 1) });
    const bootState = createBootState({ metachainId, validators });
    expect(applyEndpointLog(bootState, bare).published.length).toBe(1);
    expect(() => applyEndpointLog(start(), bare)).toThrow(TypeError);
  });

  it('refuses what is of another type', () => {
    expect(() => applyEndpointLog(start(), null as never)).toThrow(TypeError);
    expect(() => applyEndpointLog(start(), log({}, [1, 0], { removed: 1 as never }))).toThrow(TypeError);
    expect(() => applyEndpointLog(start(), log({}, undefined, { position: 1 as never }))).toThrow(TypeError);
    expect(() => tryApplyEndpointLog(null as never, log({}))).toThrow('bootState: expected object, got null');
    expect(() => applyEndpointLogs(start(), 5 as never)).toThrow(TypeError);
    expect(() => computeEndpoints(null as never)).toThrow('computeEndpoints.bootState: expected object, got null');
    expect(() => computeBootProgress(null as never)).toThrow('computeBootProgress.bootState');
  });
});

describe('applyEndpointLogs', () => {
  const anyLog = fc
    .record({
      validator: fc.integer({ min: 0, max: 3 }),
      service: fc.constantFrom('enode', 'ipfs'),
      endpoint: fc.constantFrom('a', 'b', 'c'),
      at: fc.option(fc.tuple(fc.nat(3), fc.nat(2)), { nil: undefined }),
      removed: fc.boolean(),
    })
    .map(({ validator, service, endpoint, at, removed }) =>
      log({ validator: fill(20, validator), service, endpoint }, at as [number, number] | undefined, { removed }),
    );

  it('does what applying one after the other does, going on after what is refused', () => {
    fc.assert(
      fc.property(fc.array(anyLog, { maxLength: 30 }), (logs) => {
        let want = start();
        const refused: [number, string][] = [];
        for (const [i, one] of logs.entries()) {
          const result = tryApplyEndpointLog(want, one);
          if (result.ok) want = result.value;
          else refused.push([i, result.error.code]);
        }
        const got = applyEndpointLogs(start(), logs);
        expect(got.bootState).toEqual(want);
        expect(got.refused.map(({ index, error }) => [index, error.code])).toEqual(refused);
      }),
      { numRuns: runs(200) },
    );
  });

  it('keeps what a naive list would keep', () => {
    fc.assert(
      fc.property(fc.array(anyLog, { maxLength: 30 }), (logs) => {
        const placed = logs.filter(({ position, removed }) => position !== undefined && !removed);
        const { bootState } = applyEndpointLogs(start(), placed);
        const seen = new Set<string>();
        const kept = placed.filter((one) => {
          const key = `${one.position?.blockNumber} ${one.position?.logIndex}`;
          const validator = one.data[95] as number;
          return validator > 0 && !seen.has(key) && seen.add(key);
        });
        const rank = ({ position }: EndpointLog): number =>
          Number(position?.blockNumber) * 10 + Number(position?.logIndex);
        kept.sort((a, b) => rank(a) - rank(b));
        expect(bootState.published.map(({ position }) => position)).toEqual(kept.map(({ position }) => position));
      }),
      { numRuns: runs(100) },
    );
  });

  it('takes many logs in a time that follows their number', () => {
    const one = log({}, [0, 0]);
    const logs = Array.from({ length: 5_000 }, (_, i) => ({
      ...one,
      position: { blockNumber: BigInt(i), logIndex: 0 },
    }));
    const begin = performance.now();
    const { bootState } = applyEndpointLogs(start(), logs);
    expect(bootState.published.length).toBe(5_000);
    expect(computeBootProgress(bootState).joined).toBe(1);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

describe('computeBootProgress', () => {
  it('counts up to the quorum', () => {
    let bootState = start();
    const states = validators.map((validator, i) => {
      bootState = applyEndpointLog(bootState, log({ validator, endpoint: urlOf(i) }, [i, 0]));
      return computeBootProgress(bootState);
    });
    expect(states.map(({ joined, isQuorumReached }) => [joined, isQuorumReached])).toEqual([
      [1, false],
      [2, false],
      [3, true],
      [4, true],
      [5, true],
    ]);
    const [, , progress] = states as [unknown, unknown, (typeof states)[number]];
    expect(progress.peers).toEqual(
      [0, 1, 2].map((i) => ({ validator: validators[i] as Uint8Array, enode: parseEnode(urlOf(i)) })),
    );
    expect(progress.missing).toEqual(validators.slice(3));
    expect([progress.quorum, progress.signerLimit, progress.differ]).toEqual([3, 3, false]);
  });

  it('counts who asks, and does not name them as their own peer', () => {
    const bootState = applyAll([log({}, [1, 0]), log({ validator: second, endpoint: urlOf(1) }, [1, 1])]);
    const mine = computeBootProgress(bootState, { self: first });
    expect(mine.peers.map(({ validator }) => validator)).toEqual([second]);
    expect([mine.joined, mine.missing.length]).toEqual([2, 3]);
    const other = computeBootProgress(bootState, { self: third });
    expect([other.joined, other.peers.length, other.isQuorumReached]).toEqual([3, 2, true]);
    expectCode(() => computeBootProgress(bootState, { self: fill(20, 9) }), 'ENDPOINT_VALIDATOR_UNKNOWN');
    expectCode(() => computeBootProgress(bootState, { self: fill(19, 1) }), 'OUT_OF_RANGE');
  });

  it('makes peers of the service enode alone', () => {
    for (const service of ['ipfs', 'Enode', 'enode ', '', 'GraphWs']) {
      const bootState = applyAll([log({ service }, [1, 0])]);
      expect(computeBootProgress(bootState)).toMatchObject({ peers: [], unusable: [], joined: 0 });
      expect(computeEndpoints(bootState).length).toBe(1);
    }
  });

  it.each<[string, Parameters<typeof expectCode>[1]]>([
    ['', 'ENODE_MALFORMED'],
    ['enr:-IS4QGrdq0ug', 'ENODE_IS_RECORD'],
    [`enode://${'0'.repeat(128)}@10.0.0.1:1`, 'ENODE_KEY_INVALID'],
    [`${urlOf(0)}0`, 'ENODE_PORT_INVALID'],
    [urlOf(0).replace('10.0.0.1', '10.0.0.256'), 'ENODE_HOST_INVALID'],
    [urlOf(0).split('@')[0] as string, 'ENODE_NOT_DIALABLE'],
    [urlOf(0, 0), 'ENODE_NOT_DIALABLE'],
    [urlOf(0).replace('10.0.0.1', '0.0.0.0'), 'ENODE_NOT_DIALABLE'],
    [urlOf(0).replace('10.0.0.1', '[::]'), 'ENODE_NOT_DIALABLE'],
    ['x'.repeat(100_000), 'ENODE_MALFORMED'],
  ])('keeps the endpoint %.20s… and makes no peer of it', (endpoint, code) => {
    const bootState = applyAll([log({}, [1, 0]), log({ endpoint }, [2, 0])]);
    expect(computeEndpoints(bootState)[0]?.endpoint).toBe(endpoint);
    const progress = computeBootProgress(bootState);
    expect(progress.unusable).toMatchObject([{ validator: first, endpoint, error: { code } }]);
    expect(progress.missing).toEqual(validators);
    expect(progress.peers).toEqual([]);
  });

  it('counts a node once, for who named it first', () => {
    const theft = log({ validator: second, endpoint: urlOf(0, 5) }, [2, 0]);
    const logs = [
      log({}, [1, 0]),
      theft,
      log({ endpoint: urlOf(0, 6).toUpperCase().replace('ENODE', 'enode') }, [3, 0]),
    ];
    const progress = computeBootProgress(applyAll(logs));
    expect(progress.peers.map(({ validator, enode }) => [validator, enode.tcp])).toEqual([[first, 6]]);
    expect(progress.unusable).toMatchObject([{ validator: second, error: { code: 'ENODE_DUPLICATE' } }]);
    expect(progress.joined).toBe(1);
  });

  it('gives no precedence for another node that was named before', () => {
    const logs = [
      log({ endpoint: urlOf(3) }, [1, 0]),
      log({ validator: second, endpoint: urlOf(0) }, [2, 0]),
      log({ endpoint: urlOf(0) }, [3, 0]),
    ];
    const progress = computeBootProgress(applyAll(logs));
    expect(progress.peers.map(({ validator }) => validator)).toEqual([second]);
    expect(progress.unusable).toMatchObject([{ validator: first, error: { code: 'ENODE_DUPLICATE' } }]);
  });

  it('agrees on one static list, whatever order the logs came in', () => {
    const logs = validators.map((validator, i) => log({ validator, endpoint: urlOf(i) }, [10 - i, i]));
    fc.assert(
      fc.property(fc.shuffledSubarray(logs, { minLength: 5 }), (shuffled) => {
        const { peers } = computeBootProgress(applyAll(shuffled), { self: first });
        const text = serializeStaticNodes(peers.map(({ enode }) => enode));
        expect(text).toBe(
          `${JSON.stringify(
            [1, 2, 3, 4].map((i) => urlOf(i)),
            null,
            2,
          )}\n`,
        );
      }),
    );
    expect(serializeStaticNodes([])).toBe('[]\n');
    expect(() => serializeStaticNodes('x' as never)).toThrow(TypeError);
    expect(serializeEnode(parseEnode(urlOf(2)))).toBe(urlOf(2));
  });
});
