/** Bytes and JSON that were tampered with: nothing but a PoaError escapes, and what is taken goes back to the same bytes. */
import fc from 'fast-check';
import { isPoaError } from 'poa-primitives';
import {
  abiFromJson,
  abiToJson,
  appendToMerkle,
  createIncrementalMerkle,
  genesisFromJson,
  genesisFromText,
  getContractAbi,
  parseAbi,
  parseAction,
  parseActionData,
  parseAsset,
  parseGenesis,
  parseHeader,
  parseHeaderExtensions,
  parseIncrementalMerkle,
  parseName,
  parseProducerAuthoritySchedule,
  parseProducerSchedule,
  parsePublicKey,
  parseSignature,
  parseSymbol,
  parseTransaction,
  serializeAbi,
  serializeAction,
  serializeActionData,
  serializeAsset,
  serializeGenesis,
  serializeHeader,
  serializeHeaderExtensions,
  serializeIncrementalMerkle,
  serializeName,
  serializeProducerAuthoritySchedule,
  serializeProducerSchedule,
  serializePublicKey,
  serializeSignature,
  serializeSymbol,
  serializeTransaction,
  sha256,
  signatureFromText,
  toAuthoritySchedule,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import {
  action,
  blockSignature,
  genesisText,
  packedHeader,
  packedTransaction,
  producerSchedule,
} from '../../examples/eosio-sample.js';
import { runs } from '../support/arbitraries.js';

let tree = createIncrementalMerkle();
for (let i = 0; i < 5; i++) tree = appendToMerkle(tree, sha256(Uint8Array.of(i)));
const genesis = genesisFromText(genesisText);
const authority = {
  threshold: 1,
  keys: [{ key: 'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV', weight: 1 }],
  accounts: [],
  waits: [],
};
const account = { creator: 'eosio', name: 'accountnum11', owner: authority, active: authority };
const withSchedule = serializeHeader({ ...parseHeader(packedHeader), newProducers: producerSchedule });
const finality = Uint8Array.from([
  10, 0, 0, 0, 1, 1, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 97, 1, 0, 0, 0, 0, 0, 0, 0, 1, 7, 0,
]);

/** What reads some bytes and gives them back, and bytes that it takes. */
const readers: [string, (bytes: Uint8Array) => Uint8Array, Uint8Array][] = [
  ['parseName', (bytes) => serializeName(parseName(bytes)), serializeName('eosio')],
  ['parseSymbol', (bytes) => serializeSymbol(parseSymbol(bytes)), serializeSymbol({ code: 'SYS', precision: 4 })],
  [
    'parseAsset',
    (bytes) => serializeAsset(parseAsset(bytes)),
    serializeAsset({ amount: -1n, symbol: { code: 'SYS', precision: 4 } }),
  ],
  ['parsePublicKey', (bytes) => serializePublicKey(parsePublicKey(bytes)), serializePublicKey(genesis.initialKey)],
  [
    'parseSignature',
    (bytes) => serializeSignature(parseSignature(bytes)),
    serializeSignature(signatureFromText(blockSignature)),
  ],
  ['parseAbi', (bytes) => serializeAbi(parseAbi(bytes)), serializeAbi(getContractAbi('eosio.msig'))],
  ['parseAction', (bytes) => serializeAction(parseAction(bytes)), serializeAction(action)],
  ['parseTransaction', (bytes) => serializeTransaction(parseTransaction(bytes)), packedTransaction],
  ['parseGenesis', (bytes) => serializeGenesis(parseGenesis(bytes)), serializeGenesis(genesis)],
  [
    'parseProducerSchedule',
    (bytes) => serializeProducerSchedule(parseProducerSchedule(bytes)),
    serializeProducerSchedule(producerSchedule),
  ],
  [
    'parseProducerAuthoritySchedule',
    (bytes) => serializeProducerAuthoritySchedule(parseProducerAuthoritySchedule(bytes)),
    serializeProducerAuthoritySchedule(toAuthoritySchedule(producerSchedule)),
  ],
  ['parseHeader', (bytes) => serializeHeader(parseHeader(bytes)), withSchedule],
  [
    'parseIncrementalMerkle',
    (bytes) => serializeIncrementalMerkle(parseIncrementalMerkle(bytes)),
    serializeIncrementalMerkle(tree),
  ],
  [
    'parseHeaderExtensions',
    (data) => serializeHeaderExtensions(parseHeaderExtensions([{ type: 2, data }]))[0]?.data as Uint8Array,
    finality,
  ],
  [
    'parseActionData',
    (bytes) => serializeActionData('eosio', 'newaccount', parseActionData('eosio', 'newaccount', bytes)),
    serializeActionData('eosio', 'newaccount', account),
  ],
];

/** Runs `act`; anything but a PoaError that it throws is thrown on. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!isPoaError(error)) throw error;
    expect(error.message.length).toBeLessThan(400);
    return undefined;
  }
}

describe.each(readers)('%s', (_, roundTrip, valid) => {
  it('takes what is valid', () => expect(roundTrip(valid)).toEqual(valid));

  it('cut at any length, or with a byte more, gives a PoaError or the same bytes', () => {
    for (let end = 0; end < valid.length; end++) {
      const back = attempt(() => roundTrip(valid.subarray(0, end)));
      if (back !== undefined) expect(back).toEqual(valid.slice(0, end));
    }
    for (const more of [0, 1, 0xff]) {
      const longer = Uint8Array.of(...valid, more);
      const back = attempt(() => roundTrip(longer));
      if (back !== undefined) expect(back).toEqual(longer);
    }
  });

  it('with bytes changed gives a PoaError or the same bytes', () => {
    const change = fc.tuple(
      fc.nat(valid.length - 1),
      fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(valid);
        for (const [at, value] of changes) bytes[at] = value;
        const given = Uint8Array.from(bytes);
        const back = attempt(() => roundTrip(bytes));
        expect(bytes).toEqual(given);
        if (back !== undefined) expect(back).toEqual(bytes);
      }),
      { numRuns: runs(150) },
    );
  });

  it('with parts moved, doubled and cut gives a PoaError or the same bytes', () => {
    const at = fc.nat(valid.length);
    fc.assert(
      fc.property(at, at, at, fc.uint8Array({ maxLength: 6 }), (start, end, to, noise) => {
        const bytes = Uint8Array.of(
          ...valid.subarray(0, to),
          ...valid.subarray(start, end),
          ...noise,
          ...valid.subarray(to),
        );
        const back = attempt(() => roundTrip(bytes));
        if (back !== undefined) expect(back).toEqual(bytes);
      }),
      { numRuns: runs(60) },
    );
  });

  it('asks for bytes', () => {
    for (const wrong of ['00', null, undefined, [0], 5, new Uint16Array(4)])
      expect(() => roundTrip(wrong as never)).toThrow(TypeError);
  });
});

describe('JSON', () => {
  /** Every way to replace one member somewhere inside by `value`. */
  function* replaced(json: any, value: unknown): Generator<unknown> {
    yield value;
    if (typeof json !== 'object' || json === null) return;
    for (const key of Object.keys(json))
      for (const inner of replaced(json[key], value)) {
        const copy = Array.isArray(json) ? [...json] : { ...json };
        copy[key] = inner;
        yield copy;
      }
  }
  const values = [undefined, null, true, -1, 1e300, 0.5, '', 'x', '\ud800', '9'.repeat(50), [], [[]], {}, { a: 1 }];

  it('of a genesis, an ABI and the data of an action gives a PoaError at most', () => {
    const abi = abiToJson(getContractAbi('eosio.msig'));
    for (const value of values) {
      for (const json of replaced(JSON.parse(genesisText), value)) attempt(() => genesisFromJson(json));
      for (const json of replaced(abi, value)) attempt(() => serializeAbi(abiFromJson(json)));
      for (const json of replaced(account, value))
        attempt(() => serializeActionData('eosio', 'newaccount', json as never));
    }
  });

  it('of anything gives a PoaError', () => {
    fc.assert(
      fc.property(fc.anything(), (json) => {
        expect(attempt(() => genesisFromJson(json))).toBeUndefined();
        expect(attempt(() => abiFromJson(json))).toBeUndefined();
        expect(attempt(() => serializeActionData('eosio', 'newaccount', json as never))).toBeUndefined();
      }),
      { numRuns: runs(200) },
    );
  });
});
