/** Strict RLP: one encoding for each value, and nothing else taken. */
import { decodeRlp, encodeRlp as encodeTheirs } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeRlp,
  encodeRlpList,
  encodeRlpUint,
  type RlpItem,
  type RlpValue,
  readRlpItem,
  readRlpItems,
  readRlpList,
  rlpBytesOf,
  rlpUintOf,
} from '../../src/internal/rlp.js';
import { anyBytes, runs } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

/** Reads all of a value, level by level, as the callers do. */
function decode(input: Uint8Array): RlpValue {
  const item = readRlpItem('test', input, 0, input.length);
  if (item.end !== input.length) readRlpList('test', input);
  return readValue(input, item);
}

const readValue = (input: Uint8Array, item: RlpItem): RlpValue =>
  item.isList
    ? readRlpItems('test', input, item).map((inner) => readValue(input, inner))
    : Uint8Array.from(rlpBytesOf('test', input, item));

const toHex = (value: RlpValue): any => (value instanceof Uint8Array ? hex(value) : value.map(toHex));
const list = (count: number): Uint8Array => new Uint8Array(count).fill(0x80);
const join = (...chunks: (Uint8Array | number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(chunks.map((chunk) => Uint8Array.from(chunk))));

const { value: anyValue } = fc.letrec<{ value: RlpValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      anyBytes(4),
      anyBytes(70),
      fc.constantFrom(0, 1, 54, 55, 56, 57, 255, 256, 1000).map((n) => new Uint8Array(n).fill(7)),
    ),
    fc.array(tie('value'), { maxLength: 6 }),
  ),
}));

describe('valid encodings', () => {
  it('are those of ethers, both ways', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const encoded = encodeRlp(value);
        expect(hex(encoded)).toBe(encodeTheirs(toHex(value)));
        expect(toHex(decode(encoded))).toEqual(decodeRlp(encoded));
        expect(toHex(decode(encoded))).toEqual(toHex(value));
      }),
      { numRuns: runs(300) },
    );
  });

  it.each([0, 1, 2, 54, 55, 56, 57, 254, 255, 256, 257, 65_535, 65_536, 70_000])('of %i bytes', (length) => {
    const payload = new Uint8Array(length).fill(0x81);
    const encoded = encodeRlp(payload);
    expect(hex(encoded)).toBe(encodeTheirs(hex(payload)));
    expect(hex(decode(encoded) as Uint8Array)).toBe(hex(payload));
    // A list of as many empty strings.
    const empty = Array.from({ length }, () => new Uint8Array());
    const items = encodeRlp(empty);
    // Theirs takes half a minute for many items.
    if (length < 1000) expect(hex(items)).toBe(encodeTheirs(empty.map(hex)));
    expect(items.length).toBe(length === 1 ? 2 : encoded.length);
    expect(hex(encodeRlpList([list(length)]))).toBe(hex(items));
    expect(readRlpList('test', items).length).toBe(length);
  });

  it.each<[bigint, string]>([
    [0n, '0x'],
    [1n, '0x01'],
    [0x7fn, '0x7f'],
    [0x80n, '0x80'],
    [0xffn, '0xff'],
    [0x100n, '0x0100'],
    [0xfffn, '0x0fff'],
    [2n ** 64n - 1n, '0xffffffffffffffff'],
    [2n ** 256n - 1n, `0x${'ff'.repeat(32)}`],
  ])('the integer %i is %s', (value, digits) => {
    expect(hex(encodeRlpUint(value))).toBe(digits);
    if (value < 2n ** 53n) expect(hex(encodeRlpUint(Number(value)))).toBe(digits);
    const encoded = encodeRlp(encodeRlpUint(value));
    expect(rlpUintOf('test', encoded, readRlpItem('test', encoded, 0, encoded.length), 256)).toBe(value);
  });

  it('positions are those of the prefix, the payload and its end', () => {
    const input = join([0xff, 0xff], encodeRlp([Uint8Array.of(1), new Uint8Array(56), []]));
    const item = readRlpItem('test', input, 2, input.length);
    expect(item).toEqual({ isList: true, at: 2, start: 4, end: input.length });
    expect(readRlpItems('test', input, item)).toEqual([
      { isList: false, at: 4, start: 4, end: 5 },
      { isList: false, at: 5, start: 7, end: 63 },
      { isList: true, at: 63, start: 64, end: 64 },
    ]);
  });

  it('encoding copies', () => {
    const byte = Uint8Array.of(5);
    const encoded = encodeRlp(byte);
    byte[0] = 6;
    expect(encoded).toEqual(Uint8Array.of(5));
  });
});

/** Each broken, and beside it what it is one change away from. */
const BROKEN: readonly (readonly [name: string, broken: string, valid: string | undefined])[] = [
  ['nothing', '0x', '0x80'],
  ['a prefix before a byte below 0x80', '0x8100', '0x00'],
  ['a prefix before 0x7f', '0x817f', '0x8180'],
  ['a string that is cut', '0x8261', '0x826162'],
  ['a byte behind a string', '0x82616263', '0x826162'],
  ['a byte behind a byte', '0x0000', '0x00'],
  ['a byte behind an empty string', '0x8000', '0x80'],
  ['a byte behind an empty list', '0xc000', '0xc0'],
  ['a list that is cut', '0xc2c0', '0xc2c0c0'],
  ['an item longer than its list', '0xc28361', '0xc3826161'],
  ['an item longer than its list, though not than the input', '0xc4c2826161', '0xc4c3826161'],
  ['a list inside that ends behind the outer one', '0xc1c180', '0xc2c180'],
  ['a prefix before a byte in a list', '0xc28101', '0xc28181'],
  ['a long form of 55 bytes', `0xb837${'61'.repeat(55)}`, `0xb7${'61'.repeat(55)}`],
  ['a long form of no byte', '0xb800', '0x80'],
  ['a long form of one byte', '0xb801ff', '0x81ff'],
  ['a long list of 55 bytes', `0xf837${'80'.repeat(55)}`, `0xf7${'80'.repeat(55)}`],
  ['a long list of no byte', '0xf800', '0xc0'],
  ['a length with a leading zero', `0xb90038${'61'.repeat(56)}`, `0xb838${'61'.repeat(56)}`],
  ['a length of a list with a leading zero', `0xf90038${'80'.repeat(56)}`, `0xf838${'80'.repeat(56)}`],
  ['a short length in eight bytes', `0xbf0000000000000038${'61'.repeat(56)}`, `0xb838${'61'.repeat(56)}`],
  ['a length that is cut', '0xb9', undefined],
  ['a length that is cut in its middle', '0xb901', undefined],
  ['a length of a list that is cut', '0xfaffff', undefined],
  ['a long form without its last byte', `0xb838${'61'.repeat(55)}`, `0xb838${'61'.repeat(56)}`],
  ['a long list without its last item', `0xf838${'80'.repeat(55)}`, `0xf838${'80'.repeat(56)}`],
  ['2^48 - 1 bytes', '0xbdffffffffffff', undefined],
  ['2^56 - 1 bytes', '0xbeffffffffffffff', undefined],
  ['2^64 - 1 bytes', '0xbfffffffffffffffff', undefined],
  ['2^64 - 1 bytes of list', '0xffffffffffffffffff', undefined],
  ['2^64 - 9 bytes, which with its prefix comes to nothing', '0xfffffffffffffffff7', undefined],
];

describe('what is not canonical', () => {
  it.each(BROKEN)('%s: %s', (name, broken, valid) => {
    expectCode(() => decode(bytes(broken)), 'MALFORMED');
    if (valid !== undefined) expect(hex(encodeRlp(decode(bytes(valid))))).toBe(valid);
    // Inside a list the same is no better, but for what would be another item there.
    if (broken !== '0x' && !name.startsWith('a byte behind'))
      expectCode(() => decode(encodeRlpList([bytes(broken), list(0)])), 'MALFORMED');
  });

  it('every truncation and a trailing byte', () => {
    const values: RlpValue[] = [new Uint8Array(60), [new Uint8Array(2), [new Uint8Array(60), []], Uint8Array.of(1)]];
    for (const value of values) {
      const encoded = encodeRlp(value);
      for (let length = 0; length < encoded.length; length++)
        expectCode(() => decode(encoded.subarray(0, length)), 'MALFORMED');
      for (const byte of [0, 0x80, 0xc0, 0xff]) expectCode(() => decode(join(encoded, [byte])), 'MALFORMED');
    }
  });

  it('whatever is taken is the encoding of what it says, and ethers agrees', () => {
    const piece = fc.oneof(
      fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0xb7, 0xb8, 0xb9, 0xbf, 0xc0, 0xc1, 0xc2, 0xf7, 0xf8, 0xff),
      fc.nat({ max: 255 }),
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (items) => {
        const input = Uint8Array.from(items);
        let value: RlpValue;
        try {
          value = decode(input);
        } catch (error) {
          expectCode(() => {
            throw error;
          }, 'MALFORMED');
          return;
        }
        taken++;
        expect(hex(encodeRlp(value))).toBe(hex(input));
        expect(decodeRlp(input)).toEqual(toHex(value));
      }),
      { numRuns: runs(2000) },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe('readRlpList', () => {
  it('wants a list that is all of the bytes', () => {
    expectCode(() => readRlpList('test', bytes('0x80')), 'MALFORMED');
    const error = expectCode(() => readRlpList('test', bytes('0xc0c0')), 'MALFORMED');
    expect(error.offset).toBe(1);
    expect(readRlpList('test', bytes('0xc0'))).toEqual([]);
  });
});

describe('readRlpItem', () => {
  it('sees nothing behind its limit', () => {
    const input = bytes('0xc3826162');
    expectCode(() => readRlpItem('test', input, 0, 3), 'MALFORMED');
    expectCode(() => readRlpItem('test', input, 4, 4), 'MALFORMED');
    expectCode(() => readRlpItem('test', bytes('0xb838'), 0, 1), 'MALFORMED');
    expect(readRlpItem('test', input, 1, 4).end).toBe(4);
  });
});

describe('rlpBytesOf', () => {
  const input = bytes('0xc4826162c0');
  const [string, inner] = readRlpList('test', input) as [RlpItem, RlpItem];

  it('gives a byte string of the size that is asked for', () => {
    expect(rlpBytesOf('test', input, string)).toEqual(bytes('0x6162'));
    expect(rlpBytesOf('test', input, string, 2)).toEqual(bytes('0x6162'));
    expectCode(() => rlpBytesOf('test', input, string, 1), 'MALFORMED');
    expectCode(() => rlpBytesOf('test', input, string, 3), 'MALFORMED');
    expectCode(() => rlpBytesOf('test', input, inner), 'MALFORMED');
    expectCode(() => rlpBytesOf('test', input, inner, 0), 'MALFORMED');
    expectCode(() => readRlpItems('test', input, string), 'MALFORMED');
  });
});

describe('rlpUintOf', () => {
  const read = (text: string, bits: number): bigint => {
    const input = bytes(text);
    return rlpUintOf('test', input, readRlpItem('test', input, 0, input.length), bits);
  };

  it.each<[string, number]>([
    ['0x00', 64],
    ['0x820001', 64],
    ['0x8800ffffffffffffff', 64],
    ['0x89010000000000000000', 64],
    ['0x820100', 8],
    ['0xc0', 64],
    ['0xc101', 64],
  ])('refuses %s as an integer of %i bits', (text, bits) => {
    expectCode(() => read(text, bits), 'MALFORMED');
  });

  it.each<[string, number, bigint]>([
    ['0x80', 64, 0n],
    ['0x01', 8, 1n],
    ['0x81ff', 8, 255n],
    ['0x820100', 16, 256n],
    ['0x88ffffffffffffffff', 64, 2n ** 64n - 1n],
    [`0xa0${'ff'.repeat(32)}`, 256, 2n ** 256n - 1n],
  ])('takes %s as an integer of %i bits', (text, bits, value) => {
    expect(read(text, bits)).toBe(value);
  });
});

describe('hostile lengths', () => {
  it('cost nothing', () => {
    const inputs = [];
    for (const prefix of [
      0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
    ])
      for (const fill of [0x01, 0x7f, 0xff]) inputs.push(join([prefix], new Uint8Array(9).fill(fill)));
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    for (let i = 0; i < 100; i++) for (const input of inputs) expectCode(() => decode(input), 'MALFORMED');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('lists inside lists are not followed', () => {
    // One level is read, and nothing below it.
    const deep = join([0xfa, 0x0f, 0x42, 0x40], new Uint8Array(1_000_000).fill(0xc0));
    expect(readRlpList('test', deep).length).toBe(1_000_000);
    // Deeper than any stack, each list all of the one around it.
    const prefixes: Uint8Array[] = [];
    for (let depth = 0, size = 0; depth < 100_000; depth++) {
      const digits = size > 55 ? encodeRlpUint(size) : new Uint8Array();
      const prefix = size > 55 ? [0xf7 + digits.length, ...digits] : [0xc0 + size];
      prefixes.push(Uint8Array.from(prefix));
      size += prefix.length;
    }
    const nested = join(...prefixes.reverse());
    expect(readRlpList('test', nested).length).toBe(1);
  });
});
