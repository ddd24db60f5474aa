/** What adapters share. */
import { ruleTitles } from 'virtual:playground-data';
import type { ByteRange, Fact, Field, RuleView, Status } from '../model.js';
import { hexOf } from '../text.js';

/** A rule as the three protocols report it. */
export interface LibraryRule {
  readonly id: string;
  readonly code: string;
  readonly where: string;
  readonly status: Status;
  readonly expected: string;
  readonly got: string;
  readonly bytes?: ByteRange;
}

/** Rules with their titles and what their codes mean. */
export function viewRules(rules: readonly LibraryRule[], meanings: Readonly<Record<string, string>>): RuleView[] {
  return rules.map((rule) => ({
    ...rule,
    title: ruleTitles[rule.id] ?? capital(wordsOf(rule.where.replace(/^(?:header|input)\./, ''))),
    meaning: meanings[rule.code] ?? '',
    bytes: rule.bytes,
  }));
}

/** `parentHash` as words. */
const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const capital = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

/** Longest value that is written out. */
const MAX_VALUE = 2_000;

const clipped = (text: string): string => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);

/** The members of a parsed header, each on a line. */
export function decode(header: object | undefined): Fact[] {
  return Object.entries(header ?? {}).map(([name, value]) => ({
    label: wordsOf(name),
    value: clipped(valueText(value)),
    mono: true,
  }));
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return value.length === 0 ? 'none' : hexOf(value);
  if (typeof value === 'bigint' || typeof value === 'number') return `${value}`;
  if (value === null) return 'none';
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, each) =>
        typeof each === 'bigint' ? `${each}` : each instanceof Uint8Array ? hexOf(each) : each,
      );
}

/** Stretches that rules name, narrowest first, so that the first that holds a byte says most. */
export function fieldsOf(rules: readonly RuleView[], known: readonly Field[] = []): Field[] {
  const named = rules.flatMap(({ bytes, where }) => (bytes ? [{ ...bytes, label: where }] : []));
  return [...known, ...named].sort((a, b) => a.end - a.start - (b.end - b.start));
}

/** Members of a state in hex, made once for each state: a run asks for them many times. */
export function cachedMembers<State extends object>(
  read: (state: State) => readonly Uint8Array[],
): (state: State) => string[] {
  const known = new WeakMap<State, string[]>();
  return (state) => {
    const found = known.get(state) ?? read(state).map(hexOf);
    known.set(state, found);
    return found;
  };
}

/** Some names in a row, the first of many. */
export function listText(names: readonly string[], most = 30): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
