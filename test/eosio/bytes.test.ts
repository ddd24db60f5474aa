/** The bytes, texts and times that everything else is packed from: strictness where nodes are lenient, and round trips. */
import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import {
  assetFromText,
  assetToText,
  BLOCK_EPOCH,
  compareNames,
  computeNamePrefix,
  computeNameSuffix,
  computeSlot,
  computeSlotTime,
  isAccountName,
  nameFromValue,
  nameToValue,
  parseAsset,
  parseName,
  parseSymbol,
  parseTransaction,
  serializeAction,
  serializeAsset,
  serializeName,
  serializeSymbol,
  sha256,
  symbolFromText,
  symbolToText,
  timeFromText,
  timeToText,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import {
  closeBytes,
  openBytes,
  readBool,
  readBytes,
  readCount,
  readItems,
  readString,
  readU8,
  readVaruint32,
} from '../../src/eosio/encoding/read.js';
import { packBytes, packString, packVaruint32 } from '../../src/eosio/encoding/write.js';
import { decodeUtf8, encodeUtf8 } from '../../src/internal/utf8.js';
import { runs, u32, u64 } from '../support/arbitraries.js';
import { asset, assetSymbol, name } from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';

const cursorOf = (hex: string) => openBytes('test', hexToBytes(hex));

describe('each value has one encoding', () => {
  it('varuint32: the shortest form only', () => {
    const forms: [number, string][] = [
      [0, '00'],
      [127, '7f'],
      [128, '8001'],
      [16383, 'ff7f'],
      [16384, '808001'],
      [2 ** 28 - 1, 'ffffff7f'],
      [2 ** 28, '8080808001'],
      [2 ** 32 - 1, 'ffffffff0f'],
    ];
    for (const [value, hex] of forms) {
      expect(packVaruint32(value)).toEqual(hexToBytes(hex));
      expect(readVaruint32(cursorOf(hex), 'value')).toBe(value);
    }
    for (const hex of ['8000', 'ff00', '808000', '8080808000', 'ffffffff1f', '8080808010', '808080808000', ''])
      expectCode(() => readVaruint32(cursorOf(hex), 'value'), 'MALFORMED');
  });

  it('varuint32: any u32', () => {
    fc.assert(
      fc.property(u32, (value) => {
        const cursor = openBytes('test', packVaruint32(value));
        expect(readVaruint32(cursor, 'value')).toBe(value);
        closeBytes(cursor);
      }),
      { numRuns: runs(300) },
    );
  });

  it('booleans of 0 and 1, and nothing left', () => {
    expect(readBool(cursorOf('00'), 'value')).toBe(false);
    expect(readBool(cursorOf('01'), 'value')).toBe(true);
    const error = expectCode(() => readBool(cursorOf('02'), 'value'), 'MALFORMED');
    expect(error.message).toBe('test.value: expected 0 or 1, got 2 [MALFORMED]');
    expect(error.offset).toBe(0);
    const cursor = cursorOf('0000');
    readU8(cursor, 'value');
    expect(expectCode(() => closeBytes(cursor), 'MALFORMED').offset).toBe(1);
  });

  it('a count is refused before anything is made for it', () => {
    const start = performance.now();
    for (const hex of ['ffffffff0f', 'ffffffff0f00', '02ff'])
      for (const act of [
        () => readBytes(cursorOf(hex), 'value'),
        () => readString(cursorOf(hex), 'value'),
        () => readItems(cursorOf(hex), 'value', 1, (at) => readU8(at, 'value')),
      ])
        expectCode(act, 'MALFORMED');
    expectCode(() => readCount(cursorOf('0200'), 'value', 1), 'MALFORMED');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('text is UTF-8 both ways, as the platform has it, and nothing else', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        const bytes = encodeUtf8(text);
        if (bytes === undefined) expect(new TextDecoder().decode(new TextEncoder().encode(text))).not.toBe(text);
        else {
          expect(bytes).toEqual(new TextEncoder().encode(text));
          expect(decodeUtf8(bytes)).toBe(text);
        }
      }),
      { numRuns: runs(200) },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        let wanted: string | undefined;
        try {
          wanted = decoder.decode(bytes);
        } catch {
          wanted = undefined;
        }
        expect(decodeUtf8(bytes)).toBe(wanted);
      }),
      { numRuns: runs(1000) },
    );
    expect(encodeUtf8('\ud800')).toBeUndefined();
    expect(decodeUtf8(hexToBytes('efbbbf61'))).toBe('\ufeffa');
    expectCode(() => packString('test', 'a\udc00'), 'OUT_OF_RANGE');
    for (const hex of ['01ff', '02c080', '03eda080', '04f4908080', '02c3']) {
      expectCode(() => readString(cursorOf(hex), 'value'), 'MALFORMED');
    }
  });

  it('a Buffer out of a pool reads its own bytes, and outputs are no views of it', () => {
    const pool = Buffer.from(`00000000${'03616263'}ff`, 'hex');
    const slice = pool.subarray(4, 8);
    const read = readBytes(openBytes('test', slice), 'value');
    pool.fill(0);
    expect(read).toEqual(hexToBytes('616263'));
    expect(packBytes(read)).toEqual(hexToBytes('03616263'));
    expect(parseName(Buffer.from('0000000000ea3055', 'hex'))).toBe('eosio');
  });

  it('sha256 of many chunks is that of all of them', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
    expect(sha256(bytes.subarray(0, 7), new Uint8Array(), bytes.subarray(7))).toEqual(sha256(bytes));
    expect(() => sha256('ab' as never)).toThrow(TypeError);
  });
});

describe('names', () => {
  it('every u64 has one, and gets back to itself', () => {
    fc.assert(
      fc.property(u64, (value) => {
        const text = nameFromValue(value);
        expect(text).toMatch(/^(?:[.1-5a-z]{0,11}[1-5a-z]|[.1-5a-z]{12}[1-5a-j]|)$/);
        expect(nameToValue(text)).toBe(value);
        expect(parseName(serializeName(text))).toBe(text);
      }),
      { numRuns: runs(500) },
    );
  });

  it('any other text is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (text) => {
        if (/^(?:[.1-5a-z]{0,12}|[.1-5a-z]{12}[.1-5a-j])$/.test(text)) nameToValue(text);
        else expectCode(() => nameToValue(text), 'NAME_INVALID');
      }),
      { numRuns: runs(300) },
    );
    for (const text of [
      '6',
      'ijklmnopqrstuv',
      'aaaaaaaaaaaaz',
      'eosio\0',
      'eosio\n',
      'É',
      'eosio.tokeN',
      'aaaaaaaaaaaak',
    ])
      expectCode(() => nameToValue(text), 'NAME_INVALID');
    expect(() => nameToValue(5 as never)).toThrow(TypeError);
    expectCode(() => nameFromValue(1n << 64n), 'OUT_OF_RANGE');
    for (const size of [0, 7, 9]) expectCode(() => parseName(new Uint8Array(size)), 'MALFORMED');
  });

  it('an error shows little of a long text', () => {
    const { message } = expectCode(() => nameToValue('x'.repeat(100_000)), 'NAME_INVALID');
    expect(message.length).toBeLessThan(150);
  });

  it('a name of a record has no dot at its end', () => {
    const action = { account: 'eosio.', name: 'x', authorization: [], data: new Uint8Array() };
    expectCode(() => serializeAction(action), 'NAME_INVALID');
    expectCode(() => serializeAction({ ...action, account: 'eosio', name: '.' }), 'NAME_INVALID');
    expect(nameToValue('eosio.')).toBe(nameToValue('eosio'));
  });

  it('order is that of values', () => {
    fc.assert(
      fc.property(u64, u64, (a, b) => {
        const wanted = a < b ? -1 : a > b ? 1 : 0;
        expect(compareNames(nameFromValue(a), nameFromValue(b))).toBe(wanted);
      }),
      { numRuns: runs(200) },
    );
    expect(compareNames('a', 'a.')).toBe(0);
  });

  it('prefix, dot and suffix are the name', () => {
    fc.assert(
      fc.property(name, (text) => {
        const [prefix, suffix] = [computeNamePrefix(text), computeNameSuffix(text)];
        if (!text.includes('.')) expect([prefix, suffix]).toEqual([text, text]);
        else expect(text).toMatch(new RegExp(`^${prefix.replaceAll('.', '\\.')}\\.+${suffix}$`));
      }),
      { numRuns: runs(200) },
    );
  });

  it('who may be created by anyone', () => {
    expect(['accountnum11', 'zzzzzzzzzzzz', '111111111111'].every(isAccountName)).toBe(true);
    expect(
      [
        '',
        'eosio',
        'eosio.token',
        'accountnum1',
        'accountnum111',
        'accountnum16',
        'account.um11',
        'accountnum11\n',
      ].some(isAccountName),
    ).toBe(false);
  });
});

describe('symbols and assets', () => {
  it('go to text and bytes and back', () => {
    fc.assert(
      fc.property(asset, (value) => {
        expect(assetFromText(assetToText(value))).toEqual(value);
        expect(parseAsset(serializeAsset(value))).toEqual(value);
      }),
      { numRuns: runs(300) },
    );
    fc.assert(
      fc.property(assetSymbol, (value) => {
        expect(symbolFromText(symbolToText(value))).toEqual(value);
        expect(parseSymbol(serializeSymbol(value))).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });

  it('texts that nodes do not write are refused', () => {
    for (const text of [
      '1.0000SYS',
      '1.0000  SYS',
      ' 1.0000 SYS',
      '1.0000 SYS ',
      '+1.0000 SYS',
      '01.0000 SYS',
      '-0.0000 SYS',
      '.5 SYS',
      '5. SYS',
      '1,5 SYS',
      '1e3 SYS',
      '0x10 SYS',
      '1.0000 SYSTEMXY',
      '1.0000 SY1',
      '1.0000',
      '1.0000 \n',
      '1.0.0 SYS',
      '٣ SYS',
      '4611686018427387904 SYS',
      '-4611686018427387904 SYS',
      `${'9'.repeat(100_000)} SYS`,
    ])
      expectCode(() => assetFromText(text), 'ASSET_INVALID');
    for (const text of [
      'SYS',
      '4',
      '4,',
      ',SYS',
      '19,SYS',
      '04,SYS',
      '-1,SYS',
      '4, SYS',
      '4,sys',
      '4,SYSTEMXY',
      '4.0,SYS',
      '4,SYS,',
      '',
    ])
      expectCode(() => symbolFromText(text), 'SYMBOL_INVALID');
  });

  it('bytes that are no symbol or asset are refused', () => {
    for (const hex of [
      '0400000000000000',
      '1353595300000000',
      '0473797300000000',
      '0453005900000000',
      '0400535953000000',
    ])
      expectCode(() => parseSymbol(hexToBytes(hex)), 'SYMBOL_INVALID');
    const symbol = '0453595300000000';
    expectCode(() => parseAsset(hexToBytes(`0000000000000040${symbol}`)), 'ASSET_INVALID');
    expectCode(() => parseAsset(hexToBytes(`00000000000000c0${symbol}`)), 'ASSET_INVALID');
    expectCode(() => parseAsset(hexToBytes(`ffffffffffffff3f${symbol}00`)), 'MALFORMED');
    expectCode(() => parseAsset(hexToBytes('00')), 'MALFORMED');
  });

  it('records that are out of range are refused', () => {
    const symbol = { code: 'SYS', precision: 4 };
    expectCode(() => serializeAsset({ amount: 1n << 62n, symbol }), 'ASSET_INVALID');
    expectCode(() => assetToText({ amount: -(1n << 62n), symbol }), 'ASSET_INVALID');
    for (const wrong of [
      { code: '', precision: 4 },
      { code: 'sys', precision: 4 },
      { code: 'SYS', precision: 19 },
      { code: 'SYS', precision: 0.5 },
    ])
      expectCode(() => serializeSymbol(wrong), 'SYMBOL_INVALID');
    expect(() => serializeAsset({ amount: 1 as never, symbol })).toThrow(TypeError);
    expect(() => symbolToText(null as never)).toThrow(TypeError);
  });
});

describe('times and slots', () => {
  it('go to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799999 }), (time) => {
        expect(timeFromText(timeToText(time))).toBe(time);
        expect(timeToText(time)).toBe(new Date(time).toISOString().slice(0, 23));
      }),
      { numRuns: runs(300) },
    );
    expect(timeFromText('2000-01-01T00:00:00')).toBe(BLOCK_EPOCH);
    expect(timeFromText('2000-01-01T00:00:00.5')).toBe(BLOCK_EPOCH + 500);
    expect(timeFromText('2000-02-29T23:59:59.999')).toBe(Date.UTC(2000, 1, 29, 23, 59, 59, 999));
  });

  it('texts that are no time are refused', () => {
    for (const text of [
      '',
      '2018',
      '2018-06-08',
      '2018-06-08 08:08:08',
      '2018-06-08T08:08:08Z',
      '2018-06-08T08:08:08.888Z',
      '2018-06-08T08:08:08.',
      '2018-06-08T08:08:08.8888',
      '2018-06-31T00:00:00',
      '2019-02-29T00:00:00',
      '2018-13-01T00:00:00',
      '2018-00-01T00:00:00',
      '2018-06-08T24:00:00',
      '2018-06-08T00:60:00',
      '2018-06-08T00:00:60',
      '1969-12-31T23:59:59',
      '0099-01-01T00:00:00',
      '12018-06-08T08:08:08',
      '2018-6-8T08:08:08',
      '２018-06-08T08:08:08',
      ' 2018-06-08T08:08:08',
    ])
      expectCode(() => timeFromText(text), 'TIME_INVALID');
    for (const time of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 253402300800000])
      expectCode(() => timeToText(time), 'TIME_INVALID');
    expect(() => timeToText('0' as never)).toThrow(TypeError);
  });

  it('a slot begins when it says, and holds the half second after it', () => {
    fc.assert(
      fc.property(u32, fc.integer({ min: 0, max: 499 }), (slot, late) => {
        expect(computeSlot(computeSlotTime(slot) + late)).toBe(slot);
      }),
      { numRuns: runs(300) },
    );
    expectCode(() => computeSlot(BLOCK_EPOCH - 1), 'TIME_INVALID');
    expectCode(() => computeSlot(computeSlotTime(2 ** 32 - 1) + 500), 'TIME_INVALID');
    expectCode(() => computeSlotTime(2 ** 32), 'OUT_OF_RANGE');
    expectCode(() => parseTransaction(new Uint8Array(3)), 'MALFORMED');
  });
});
