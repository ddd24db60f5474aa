/** Ways of spoiling an input. */
import fc from 'fast-check';
import { anyBytes } from '../../support/arbitraries.js';
import { isPlain, nodesOf, type Path, replaceAt } from './values.js';

export const WORDS = [0, 1, 4, 8, 2 ** 30, 2 ** 31, 2 ** 32 - 1];
export const NUMBERS = [
  0,
  1,
  -1,
  0.5,
  255,
  256,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];
export const BIGINTS = [
  0n,
  1n,
  -1n,
  2n ** 32n,
  2n ** 56n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 128n,
  2n ** 256n,
  2n ** 5000n,
];

export const edit = fc.record({
  kind: fc.constantFrom(
    ...(['flip', 'set', 'cut', 'append', 'word', 'field', 'swap', 'delete', 'insert', 'double', 'random'] as const),
  ),
  /** Which of the values inside the input. */
  node: fc.nat(),
  at: fc.nat(),
  to: fc.nat(),
  size: fc.integer({ min: 1, max: 48 }),
  word: fc.constantFrom(...WORDS),
  bytes: anyBytes(48),
  random: anyBytes(600),
});

export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

export function editBytes(value: Uint8Array, { kind, at, to, size, word, bytes, random }: Edit): Uint8Array {
  const length = Math.max(1, value.length);
  const [i, j] = [at % length, to % length];
  const out = Uint8Array.from(value);
  const join = (...chunks: Uint8Array[]) => new Uint8Array(Buffer.concat(chunks));
  switch (kind) {
    case 'flip':
      if (value.length > 0) out[i] = (out[i] as number) ^ (1 << (to & 7));
      return out;
    case 'set':
      if (value.length > 0) out[i] = to & 0xff;
      return out;
    case 'cut':
      return out.slice(0, i);
    case 'append':
      return join(value, bytes.length === 0 ? Uint8Array.of(0) : bytes);
    case 'word':
    case 'field': {
      const position = kind === 'field' ? i - (i % 4) : i;
      if (position + 4 <= value.length) new DataView(out.buffer).setUint32(position, word, true);
      return out;
    }
    case 'swap': {
      const [a, b] = [Math.min(i, j), Math.max(i, j)];
      const count = Math.min(size, b - a, value.length - b);
      out.set(value.subarray(b, b + count), a);
      out.set(value.subarray(a, a + count), b);
      return out;
    }
    case 'delete':
      return join(value.subarray(0, i), value.subarray(i + size));
    case 'insert':
      return join(value.subarray(0, i), bytes, value.subarray(i));
    case 'double':
      return join(value.subarray(0, i), value.subarray(j));
    default:
      return random;
  }
}

/** What stands in the members of a molecule table or dynvec, as far as its offsets make sense. */
export function membersOf(table: Uint8Array): Uint8Array[] | undefined {
  if (table.length < 8) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const first = view.getUint32(4, true);
  if (view.getUint32(0, true) !== table.length || first % 4 !== 0 || first < 8 || first > table.length)
    return undefined;
  const offsets = Array.from({ length: first / 4 - 1 }, (_, i) => view.getUint32(4 + 4 * i, true));
  if (offsets.some((offset, i) => offset > (offsets[i + 1] ?? table.length))) return undefined;
  return offsets.map((offset, i) => table.subarray(offset, offsets[i + 1]));
}

/** A molecule table of these members, with `gap` between its offsets and the first of them. */
export function tableOf(members: readonly Uint8Array[], gap = new Uint8Array()): Uint8Array {
  const header = new Uint8Array(4 + 4 * members.length);
  const view = new DataView(header.buffer);
  let end = header.length + gap.length;
  members.forEach((member, i) => {
    view.setUint32(4 + 4 * i, end, true);
    end += member.length;
  });
  view.setUint32(0, end, true);
  return new Uint8Array(Buffer.concat([header, gap, ...members]));
}

/** What a lenient reader takes for the same table: a field too many or too few, bytes that belong to none. */
export function lenientTwins(table: Uint8Array): [name: string, twin: Uint8Array][] {
  const members = membersOf(table);
  if (members === undefined) return [];
  return [
    ['an empty field more', tableOf([...members, new Uint8Array()])],
    ['a field more', tableOf([...members, Uint8Array.of(0)])],
    ['a field more in front', tableOf([new Uint8Array(), ...members])],
    ['the last field gone', tableOf(members.slice(0, -1))],
    ['hidden bytes', tableOf(members, new Uint8Array(4))],
    ['a hidden byte', tableOf(members, new Uint8Array(1))],
    ['no field', Uint8Array.of(4, 0, 0, 0)],
  ];
}

export function editArray(value: readonly unknown[], { kind, at, to }: Edit): unknown[] {
  const [i, j] = [at % Math.max(1, value.length), to % Math.max(1, value.length)];
  if (value.length === 0) return [];
  switch (kind) {
    case 'cut':
    case 'random':
      return value.slice(0, i);
    case 'delete':
      return value.filter((_, k) => k !== i);
    case 'swap':
      return value.map((item, k) => (k === i ? value[j] : k === j ? value[i] : item));
    default:
      return [...value.slice(0, i), value[j], ...value.slice(i)];
  }
}

/** The input with one of its values changed to another of the same type. */
export function applyEdit(input: unknown, change: Edit): unknown {
  const nodes = nodesOf(input).filter(({ value }) => value !== null && (!isPlain(value) || Array.isArray(value)));
  if (nodes.length === 0) return input;
  const { path, value } = nodes[change.node % nodes.length] as { path: Path; value: unknown };
  const next = (): unknown => {
    if (value instanceof Uint8Array) return editBytes(value, change);
    if (Array.isArray(value)) return editArray(value, change);
    if (typeof value === 'number') return [value + 1, value - 1, ...NUMBERS][change.at % (NUMBERS.length + 2)];
    if (typeof value === 'bigint') return [value + 1n, value - 1n, ...BIGINTS][change.at % (BIGINTS.length + 2)];
    return value;
  };
  return replaceAt(input, path, next());
}
