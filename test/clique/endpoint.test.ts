import { AbiCoder, Interface } from 'ethers';
import fc from 'fast-check';
import {
  type EndpointPublished,
  endpointLogFromRpc,
  parseEndpointLog,
  parsePublishEndpoint,
  serializeEndpointLog,
  serializePublishEndpoint,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { bytesOf, hash, runs } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const contract = new Interface([
  'function publishEndpoint(bytes32 _metachainId, string _service, string _endpoint)',
  'event EndpointPublished(bytes32 metachainId, address core, address validator, string service, string endpoint)',
]);
const TOPIC = contract.getEvent('EndpointPublished')?.topicHash as string;
const CALL = ['bytes32', 'string', 'string'];
const EVENT = ['bytes32', 'address', 'address', 'string', 'string'];

const text = fc.oneof(
  fc.string({ maxLength: 70 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'enode', '\ufeffenode', '\0', 'x'.repeat(32), 'x'.repeat(31), 'x'.repeat(33)),
);
const events: fc.Arbitrary<EndpointPublished> = fc.record({
  metachainId: hash,
  core: bytesOf(20),
  validator: bytesOf(20),
  service: text,
  endpoint: text,
});

const event: EndpointPublished = {
  metachainId: new Uint8Array(32).fill(7),
  core: new Uint8Array(20).fill(0xc0),
  validator: new Uint8Array(20).fill(0x0a),
  service: 'enode',
  endpoint: 'enode://9c87',
};

/** What ethers makes of data, if it writes the same data again; undefined for what it refuses or would write differently. */
function ethersReads(types: string[], data: Uint8Array): unknown[] | undefined {
  try {
    const coder = AbiCoder.defaultAbiCoder();
    const values = coder.decode(types, data).toArray();
    return coder.encode(types, values) === hex(data) ? values : undefined;
  } catch {
    return undefined;
  }
}

/** Data with one thing changed. */
const changes = fc.record({ kind: fc.nat(5), at: fc.nat(), byte: fc.nat(255), word: fc.nat(8) });
function change(
  data: Uint8Array,
  { kind, at, byte, word }: { kind: number; at: number; byte: number; word: number },
): Uint8Array {
  const copy = Uint8Array.from(data);
  const i = at % Math.max(1, data.length);
  if (kind === 0) copy[i] = byte;
  if (kind === 1) copy[i] = (copy[i] ?? 0) ^ (1 << (byte % 8));
  // Offsets and lengths are the last bytes of words.
  if (kind === 2) copy[Math.min(data.length - 1, 32 * word + 31)] = byte;
  if (kind === 3) return copy.subarray(0, i);
  if (kind === 4) return Uint8Array.from([...copy, ...new Uint8Array(byte % 2 === 0 ? 32 : byte)]);
  if (kind === 5) copy.fill(0xff, 32 * word, 32 * word + 32);
  return copy;
}

describe.skipIf(!hasShared)('mosaic-consensus.json', () => {
  const shared = hasShared ? readShared('clique/mosaic-consensus.json') : {};

  it('gives the calls and logs of its samples', () => {
    expect(shared.samples.length).toBeGreaterThan(0);
    for (const { metachainId, core, validator, service, endpoint, calldata, log } of shared.samples) {
      const call = { metachainId: bytes(metachainId), service, endpoint };
      const event = { ...call, core: bytes(core), validator: bytes(validator) };
      expect(hex(serializePublishEndpoint(call))).toBe(calldata);
      expect(parsePublishEndpoint(bytes(calldata))).toEqual(call);
      const written = serializeEndpointLog(event);
      expect({ topics: written.topics.map(hex), data: hex(written.data) }).toEqual(log);
      expect(parseEndpointLog({ topics: log.topics.map(bytes), data: bytes(log.data) })).toEqual(event);
    }
  });

  it('names selector and topic', () => {
    const call = serializePublishEndpoint(event);
    expect(hex(call.subarray(0, 4))).toBe(shared.selectors['publishEndpoint(bytes32,string,string)']);
    const name = 'EndpointPublished(bytes32,address,address,string,string)';
    expect(serializeEndpointLog(event).topics.map(hex)).toEqual([shared.topics[name]]);
  });
});

describe('calls of publishEndpoint', () => {
  it('are those that ethers writes and reads', () => {
    fc.assert(
      fc.property(events, ({ metachainId, service, endpoint }) => {
        const call = { metachainId, service, endpoint };
        const data = serializePublishEndpoint(call);
        expect(hex(data)).toBe(contract.encodeFunctionData('publishEndpoint', [metachainId, service, endpoint]));
        expect(parsePublishEndpoint(data)).toEqual(call);
      }),
      { numRuns: runs(150) },
    );
  });

  it('are taken where ethers writes back what it reads, and nowhere else', () => {
    let taken = 0;
    fc.assert(
      fc.property(events, changes, (one, how) => {
        const data = serializePublishEndpoint(one);
        const changed = Uint8Array.from([...data.subarray(0, 4), ...change(data.subarray(4), how)]);
        const want = ethersReads(CALL, changed.subarray(4));
        if (want === undefined) {
          expectCode(() => parsePublishEndpoint(changed), 'ENDPOINT_MALFORMED');
          return;
        }
        taken++;
        const { metachainId, service, endpoint } = parsePublishEndpoint(changed);
        expect([hex(metachainId), service, endpoint]).toEqual(want);
      }),
      { numRuns: runs(600) },
    );
    expect(taken).toBeGreaterThan(20);
  });

  it('are refused for another selector, and for less than one', () => {
    const data = serializePublishEndpoint(event);
    for (const size of [0, 1, 3])
      expectCode(() => parsePublishEndpoint(data.subarray(0, size)), 'ENDPOINT_SELECTOR_MISMATCH');
    for (let size = 4; size < data.length; size++)
      expectCode(() => parsePublishEndpoint(data.subarray(0, size)), 'ENDPOINT_MALFORMED');
    const other = Uint8Array.from(data);
    other[3] = 0x76;
    expectCode(() => parsePublishEndpoint(other), 'ENDPOINT_SELECTOR_MISMATCH');
    expectCode(() => parsePublishEndpoint(Uint8Array.from([...data, 0])), 'ENDPOINT_MALFORMED');
    expect(() => parsePublishEndpoint('0x9cfcc275' as never)).toThrow(TypeError);
  });

  it('hold Unicode only, whole', () => {
    for (const service of ['\ud800', 'a\udc00b', '\udc00\ud800'])
      expectCode(() => serializePublishEndpoint({ ...event, service }), 'OUT_OF_RANGE');
    expectCode(() => serializePublishEndpoint({ ...event, metachainId: new Uint8Array(31) }), 'OUT_OF_RANGE');
    expect(() => serializePublishEndpoint({ ...event, service: 5 as never })).toThrow(TypeError);
    const marked = { metachainId: event.metachainId, service: '\ufeffenode', endpoint: '\ufeff' };
    expect(parsePublishEndpoint(serializePublishEndpoint(marked))).toEqual(marked);
  });
});

describe('logs of EndpointPublished', () => {
  it('are those that ethers writes and reads', () => {
    fc.assert(
      fc.property(events, (one) => {
        const { metachainId, core, validator, service, endpoint } = one;
        const log = serializeEndpointLog(one);
        const values = [metachainId, hex(core), hex(validator), service, endpoint];
        const want = contract.encodeEventLog('EndpointPublished', values);
        expect({ topics: log.topics.map(hex), data: hex(log.data) }).toEqual(want);
        expect(parseEndpointLog(log)).toEqual(one);
      }),
      { numRuns: runs(150) },
    );
  });

  it('are taken where ethers writes back what it reads, and nowhere else', () => {
    let taken = 0;
    fc.assert(
      fc.property(events, changes, (one, how) => {
        const { topics, data } = serializeEndpointLog(one);
        const log = { topics, data: change(data, how) };
        const want = ethersReads(EVENT, log.data);
        if (want === undefined) {
          expectCode(() => parseEndpointLog(log), 'ENDPOINT_MALFORMED');
          return;
        }
        taken++;
        const { metachainId, core, validator, service, endpoint } = parseEndpointLog(log);
        const lower = want.map((value, i) => (i === 1 || i === 2 ? String(value).toLowerCase() : value));
        expect([hex(metachainId), hex(core), hex(validator), service, endpoint]).toEqual(lower);
      }),
      { numRuns: runs(600) },
    );
    expect(taken).toBeGreaterThan(20);
  });

  it.each<[string, (data: Uint8Array) => void]>([
    ['an offset past its place', (data) => data.fill(0xc0, 127, 128)],
    ['an offset of 2^256 - 1', (data) => data.fill(0xff, 96, 128)],
    ['offsets that share their text', (data) => data.copyWithin(128, 96, 128)],
    ['a length of 2^256 - 1', (data) => data.fill(0xff, 160, 192)],
    ['a length beyond the data', (data) => data.fill(0x80, 191, 192)],
    ['padding that is not zero', (data) => data.fill(1, 223, 224)],
    ['text that is no UTF-8', (data) => data.fill(0xc0, 192, 193)],
    ['a core of more than 20 bytes', (data) => data.fill(1, 43, 44)],
    ['a validator of more than 20 bytes', (data) => data.fill(1, 64, 65)],
  ])('are refused for %s', (_, spoil) => {
    const { topics, data } = serializeEndpointLog(event);
    spoil(data);
    expectCode(() => parseEndpointLog({ topics, data }), 'ENDPOINT_MALFORMED');
  });

  it('are refused for other topics', () => {
    const { topics, data } = serializeEndpointLog(event);
    const [topic] = topics as [Uint8Array];
    for (const other of [[], [topic, topic], [new Uint8Array(32)], [topic, new Uint8Array(32)]])
      expectCode(() => parseEndpointLog({ topics: other, data }), 'ENDPOINT_TOPIC_MISMATCH');
    expectCode(() => parseEndpointLog({ topics: [topic.subarray(1)], data }), 'OUT_OF_RANGE');
    expect(() => parseEndpointLog({ topics: topic as never, data })).toThrow(TypeError);
    expect(() => parseEndpointLog({ topics, data: hex(data) as never })).toThrow(TypeError);
    topic.fill(0);
    expect(serializeEndpointLog(event).topics.map(hex)).toEqual([TOPIC]);
  });
});

describe('endpointLogFromRpc', () => {
  const { topics, data } = serializeEndpointLog(event);
  const json = (): Record<string, unknown> => ({
    address: `0x${'CC'.repeat(20)}`,
    topics: topics.map(hex),
    data: hex(data),
    blockNumber: '0x10',
    transactionHash: `0x${'00'.repeat(32)}`,
    transactionIndex: '0x0',
    blockHash: `0x${'00'.repeat(32)}`,
    logIndex: '0x2',
    removed: false,
  });

  it('reads a log of a node', () => {
    expect(endpointLogFromRpc(json())).toEqual({
      address: new Uint8Array(20).fill(0xcc),
      topics,
      data,
      removed: false,
      position: { blockNumber: 16n, logIndex: 2 },
    });
    const pending = endpointLogFromRpc({ ...json(), blockNumber: null, logIndex: null, removed: undefined });
    expect(pending).toEqual({ address: new Uint8Array(20).fill(0xcc), topics, data, removed: false });
  });

  it.each<[string, unknown]>([
    ['address', undefined],
    ['address', '0xcc'],
    ['topics', TOPIC],
    ['topics', ['0x']],
    ['data', '0x1'],
    ['data', null],
    ['blockNumber', 16],
    ['blockNumber', '0x010'],
    ['blockNumber', null],
    ['blockNumber', `0x1${'0'.repeat(16)}`],
    ['logIndex', '0x100000000'],
    ['logIndex', undefined],
    ['removed', 'true'],
  ])('refuses %s of %j', (name, value) => {
    expectCode(() => endpointLogFromRpc({ ...json(), [name]: value }), 'JSON_INVALID');
  });

  it.each([null, [], 'log', 5, undefined])('refuses %j', (value) => {
    expectCode(() => endpointLogFromRpc(value), 'JSON_INVALID');
  });
});
