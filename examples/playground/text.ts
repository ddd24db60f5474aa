/** Text in, text out: reading what was pasted without trusting it, and saying what came of it in sentences. */
import { isPoaError } from 'poa-primitives';
import type { Source } from './model.js';

/** Most characters that are read: a run of thousands of headers, and far from what would hold the page up. */
export const MAX_TEXT = 4_000_000;
/** Most headers of a run. */
export const MAX_RUN = 2_000;

/** What a user did that cannot be read: its message is a sentence for them. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** One sentence for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Complaint) return error.message;
  if (isPoaError(error))
    return `At ${error.where}, ${error.expected} was expected; it is ${error.got} (${error.code}).`;
  return 'The page itself failed here, which is a bug of the page and says nothing about the header.';
}

/** Counts in words: `1 header`, `12 headers`. */
export const count = (n: number | bigint, noun: string): string =>
  `${n.toLocaleString('en')} ${noun}${n === 1 || n === 1n ? '' : 's'}`;

/** Sizes for people. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return count(bytes, 'byte');
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function tooLarge(size: number): Complaint {
  return new Complaint(`This is ${sizeText(size)}; the page reads at most ${sizeText(MAX_TEXT)}.`);
}

const HEX = /^(?:[0-9a-f]{2})*$/i;

/** Bytes of hex with or without `0x`; undefined for anything else. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') || text.startsWith('0X') ? text.slice(2) : text;
  if (!HEX.test(digits)) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const DIGITS = '0123456789abcdef';

export function hexOf(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`;
  return text;
}

/** `0x75e23375…69548549`: enough to tell validators apart. */
export const shortHex = (hex: string): string => (hex.length > 20 ? `${hex.slice(0, 8)}…${hex.slice(-6)}` : hex);

/** Milliseconds as a date in UTC, where a date can hold them. */
export function timeText(milliseconds: bigint): string {
  if (milliseconds > 8_640_000_000_000_000n) return `${milliseconds} ms, beyond any calendar`;
  return `${new Date(Number(milliseconds)).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** Reads text as JSON or as hex: one stretch over any number of lines, or several that begin with `0x` each. */
export function readSource(text: string): Source {
  if (text.length > MAX_TEXT) throw tooLarge(text.length);
  const trimmed = text.trim();
  if (trimmed === '') throw new Complaint('There is nothing here yet: paste a header, drop a file, or load a sample.');
  if (/^[[{"]/.test(trimmed)) return ofJson(readJson(trimmed));
  const words = trimmed.split(/[\s,;]+/).filter((word) => word !== '');
  const severalPrefixed = words.length > 1 && words.every((word) => /^0x/i.test(word));
  const chunks = (severalPrefixed ? words : [words.join('')]).map(bytesOfHex);
  if (chunks.every((chunk) => chunk !== undefined)) return { kind: 'hex', chunks: chunks as Uint8Array[] };
  const isNearlyHex = /^(?:0x)?[0-9a-f]{16}/i.test(trimmed);
  throw new Complaint(
    isNearlyHex
      ? 'This begins like hex, but it is not: a character is no hex digit, or there is an odd number of them.'
      : 'This is neither hex nor JSON, so there is no header in it to read.',
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Complaint('This begins like JSON, but it is not: look for a missing bracket, quote or comma.');
  }
}

/** JSON that is only hex is hex; an answer of a node is its result. */
function ofJson(value: unknown): Source {
  const plain = Array.isArray(value) ? value.map(unwrap) : unwrap(value);
  const strings = Array.isArray(plain) ? plain : [plain];
  if (strings.length > 0 && strings.every((each) => typeof each === 'string')) {
    const chunks = strings.map(bytesOfHex);
    if (chunks.every((chunk) => chunk !== undefined)) return { kind: 'hex', chunks: chunks as Uint8Array[] };
  }
  return { kind: 'json', value: plain };
}

function unwrap(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, 'result') && Object.hasOwn(value, 'jsonrpc')) return unwrapBlock(value.result);
  return unwrapBlock(value);
}

/** `get_block` of CKB with cycles has the block one level deeper. */
function unwrapBlock(value: unknown): unknown {
  return isRecord(value) && Object.hasOwn(value, 'cycles') && isRecord(value.block) ? value.block : value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a record has all of some members of its own. */
export const has = (value: unknown, ...names: readonly string[]): value is Record<string, unknown> =>
  isRecord(value) && names.every((name) => Object.hasOwn(value, name));

/** A run must be short enough to be judged here. */
export function checkRun(length: number): void {
  if (length === 0) throw new Complaint('This is an empty run: there is no header in it.');
  if (length > MAX_RUN)
    throw new Complaint(
      `This is a run of ${count(length, 'header')}; the page judges at most ${MAX_RUN.toLocaleString('en')}.`,
    );
}
