/** Spoilt JSON: nothing but `JSON_INVALID` may come out. */
import fc from 'fast-check';
import type { PoaErrorCode } from 'poa-primitives';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/arbitraries.js';
import { JSON_TARGETS } from './targets.js';
import { isPlain, isSame, nodesOf, type Path, replaceAt } from './values.js';
import { codeOf } from './verdicts.js';

/** Freezes a value and all inside it without recursion: a write to it is a `TypeError` then, which is no `PoaError`. */
function freeze<T>(value: T): T {
  const queue: unknown[] = [value];
  for (let item = queue.pop(); queue.length > 0 || item !== undefined; item = queue.pop())
    if (typeof item === 'object' && item !== null && !ArrayBuffer.isView(item) && !Object.isFrozen(item)) {
      Object.freeze(item);
      queue.push(...Object.values(item).filter((inner) => typeof inner === 'object' && inner !== null));
    }
  return value;
}

/** 10,000 values, each inside the next. */
const nested = (open: string, close: string): unknown => JSON.parse(`${open.repeat(10_000)}0${close.repeat(10_000)}`);
const sparse: unknown[] = [];
sparse[3] = '0x00';
const vast: unknown[] = [];
vast.length = 2 ** 32 - 1;

/** Whatever else may stand in JSON; `JSON.parse` makes `__proto__` a member like any other. */
const JSON_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  2 ** 53,
  ...[
    '',
    '0',
    '1',
    '0x',
    '0X0',
    '0x0',
    '0x00',
    '0x01',
    '0x1',
    '0x123',
    '0xzz',
    '0xZZ',
    '0x 1',
    ' 0x1',
    '0x1 ',
    '0x1\n',
  ],
  ...['0x-1', '-0x1', '0x1.8', '0x1n', '0x０', '00', 'type', 'TYPE', 'data3', 'constructor', '__proto__', 'toString'],
  `0x${'ff'.repeat(4)}`,
  `0x${'ff'.repeat(5)}`,
  `0x${'ff'.repeat(8)}`,
  `0x${'ff'.repeat(9)}`,
  `0x${'ab'.repeat(10)}`,
  `0x${'ab'.repeat(31)}`,
  `0x${'ab'.repeat(32)}`,
  `0x${'AB'.repeat(32)}`,
  `0x${'ab'.repeat(33)}`,
  `0x${'0'.repeat(63)}`,
  `0x1${'0'.repeat(100_000)}`,
  `0x${'00'.repeat(100_000)}`,
  `0x${'00'.repeat(100_000)}z`,
  '\u0000'.repeat(60),
  '\ud800'.repeat(66),
  'x'.repeat(1_000_000),
  [],
  {},
  [[]],
  [null],
  ['0x'],
  [{}],
  sparse,
  vast,
  nested('[', ']'),
  nested('{"a":', '}'),
  JSON.parse('{"__proto__":{"version":"0x0"}}'),
  JSON.parse('{"length":1,"0":"0x"}'),
  JSON.parse('{"hasOwnProperty":1,"toString":1,"valueOf":1}'),
  JSON.parse('{"constructor":null}'),
  JSON.parse('{"constructor":{"name":1}}'),
  JSON.parse(`{"constructor":{"name":"${'x'.repeat(10_000)}"}}`),
  JSON.parse('{"constructor":{"name":{"toString":1,"valueOf":1}}}'),
  Object.create(null),
];

describe.each(Object.entries(JSON_TARGETS))('%s', (_, { call, seeds, write }) => {
  const judgeJson = (json: unknown): PoaErrorCode | undefined => {
    let output: unknown;
    try {
      output = call(freeze(json));
    } catch (error) {
      return codeOf(error, ['JSON_INVALID']);
    }
    if (!isSame(call(write(output)), output)) throw new Error('no round trip');
    return undefined;
  };

  it('takes its seeds', () => {
    for (const seed of seeds) {
      expect(judgeJson(seed)).toBe(undefined);
      expect(judgeJson(JSON.parse(JSON.stringify(seed)))).toBe(undefined);
    }
  });

  it('has nothing but JSON_INVALID for any value anywhere', () => {
    for (const seed of seeds)
      for (const { path } of nodesOf(seed))
        for (const [i, value] of [undefined, ...JSON_VALUES].entries()) {
          try {
            judgeJson(replaceAt(seed, path, value));
          } catch (cause) {
            throw new Error(`${path.join('.')} with value ${i - 1}: ${cause}`, { cause });
          }
        }
  });

  it('refuses what is no object', () => {
    for (const value of [undefined, ...JSON_VALUES, 1n, Symbol('symbol'), new Uint16Array(4), new ArrayBuffer(8)])
      expect(judgeJson(value)).toBe('JSON_INVALID');
  });

  it('has nothing but JSON_INVALID for members that are missing, more, or doubled', () => {
    const spoil = fc.record({
      node: fc.nat(),
      kind: fc.constantFrom('value', 'json', 'lack', 'more', 'proto', 'double', 'hole'),
      value: fc.constantFrom(...JSON_VALUES),
      json: fc.jsonValue(),
      key: fc.oneof(
        fc.string(),
        fc.constantFrom('__proto__', 'constructor', 'hash', 'extension', 'uncles_hash', 'type'),
      ),
    });
    fc.assert(
      fc.property(fc.nat(), fc.array(spoil, { minLength: 1, maxLength: 3 }), (which, changes) => {
        const spoilt = changes.reduce<unknown>(
          (json, { node, kind, value, json: other, key }) => {
            // Values that were put in are not looked into: some are too deep for that.
            const nodes = nodesOf(copyShallow(json));
            const { path, value: old } = nodes[node % nodes.length] as { path: Path; value: unknown };
            if (kind === 'value') return replaceAt(json, path, value);
            if (kind === 'json' || !isPlain(old)) return replaceAt(json, path, other);
            if (Array.isArray(old)) {
              const items = kind === 'lack' ? old.slice(1) : [...old, ...old];
              if (kind === 'hole') delete items[0];
              return replaceAt(json, path, items);
            }
            const entries = Object.entries(old);
            if (kind === 'lack') return replaceAt(json, path, Object.fromEntries(entries.slice(1)));
            const changed = Object.fromEntries(entries);
            Object.defineProperty(changed, kind === 'proto' ? '__proto__' : key, {
              value: kind === 'double' ? old : value,
              enumerable: true,
              configurable: true,
              writable: true,
            });
            return replaceAt(json, path, changed);
          },
          seeds[which % seeds.length],
        );
        judgeJson(spoilt);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** The value without what {@link JSON_VALUES} put into it. */
function copyShallow(value: unknown): unknown {
  if (!isPlain(value) || JSON_VALUES.includes(value)) return isPlain(value) ? 0 : value;
  if (Array.isArray(value)) return value.map(copyShallow);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyShallow(item)]));
}
