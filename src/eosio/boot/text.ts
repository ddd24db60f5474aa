/**
 * Text of a configuration that ends up in a shell or in a config.ini, and the quotes around it.
 *
 * @see nodeos, config.ini: one `key = value` a line, `#` begins a comment
 * @module
 */

import { PoaError } from '../../errors.js';
import { wrongType } from '../../internal/bytes.js';

/** The longest text that a configuration may hold in one place, in UTF-16 units. */
const MAX_TEXT = 4_096;
/** Control characters of C0 and C1, the separators that some tools take for an end of line, and lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
/** Marks that change the direction of what is shown, so that a command reads otherwise than it runs. */
const HIDDEN = /[\p{Cf}]/u;
/** What no shell gives a meaning to, wherever it stands in a word; `~` only at its beginning. */
const PLAIN = /^~?[A-Za-z0-9_@%+=:,./-]+$/;
const HOME = /^~\//;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
const IPV6 = /^\[[0-9a-fA-F:.]+\]$/;
/** A private key anywhere in a text: `PVT_` and what follows, 51 or 52 characters of base58 as WIF has them, or 64 hex digits alone. */
const PRIVATE =
  /PVT_|^(?:0x)?[0-9a-fA-F]{64}$|(?<![1-9A-HJ-NP-Za-km-z])(?:5[1-9A-HJ-NP-Za-km-z]{50}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?![1-9A-HJ-NP-Za-km-z])/;

/**
 * Text of one line: not empty, nothing in it that ends a line, hides, or cannot be written as UTF-8.
 *
 * @see [E26 Text of configurations](../RULES.md#e26-text-of-configurations)
 */
export function checkText(where: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  checkNoPrivateKey(where, value);
  if (value === '' || value.length > MAX_TEXT)
    throw textUnsafe(where, `1 to ${MAX_TEXT} characters`, `${value.length}`);
  const found = UNSAFE.exec(value) ?? HIDDEN.exec(value);
  if (found !== null)
    throw textUnsafe(where, 'one line of visible text', `U+${codeOf(found[0])} at character ${found.index}`);
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/**
 * A path, for a shell and for config.ini alike.
 *
 * @see [E26 Text of configurations](../RULES.md#e26-text-of-configurations)
 */
export function checkPath(where: string, value: unknown): asserts value is string {
  checkText(where, value);
  // A `-` would make it an option, a `#` a comment of config.ini, and quotes and spaces at its ends are cut off there.
  if (value.startsWith('-')) throw textUnsafe(where, 'a path that does not begin with -', describeText(value));
  const found = /["#]/.exec(value);
  if (found !== null || value.trim() !== value)
    throw textUnsafe(where, 'a path without ", # and spaces at its ends', describeText(value));
}

/** The name of a host, an IPv4 address, or an IPv6 address in brackets. */
export function checkHost(where: string, value: unknown): asserts value is string {
  checkText(where, value);
  if (value.length > 253 || !(HOST.test(value) || IPV6.test(value)))
    throw textUnsafe(where, 'the name or the address of a host', describeText(value));
}

/**
 * A private key in a configuration is refused before any text of an error could repeat it.
 *
 * @see [E23 Private keys](../RULES.md#e23-private-keys)
 */
export function checkNoPrivateKey(where: string, value: string): void {
  if (PRIVATE.test(value))
    throw new PoaError('PRIVATE_KEY_GIVEN', {
      where,
      expected: 'no private key: a plan never holds one',
      got: `what looks like one, of ${value.length} characters`,
    });
}

/** What may be a secret, or the beginning of one, taken out of the text of an error. */
export function hideSecrets(text: string): string {
  return text.replaceAll(/PVT_\w*|(?<![1-9A-HJ-NP-Za-km-z])[5KL][1-9A-HJ-NP-Za-km-z]{20,}/g, '…');
}

/** Short text itself, or how long it is. */
export function describeText(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return value.length > 32 ? `a text of ${value.length} characters` : hideSecrets(JSON.stringify(value));
}

/**
 * One word of a POSIX shell that means exactly this text. A leading `~/` stays bare, so that the shell puts the home folder in its place.
 *
 * @see [E22 Command lines](../RULES.md#e22-command-lines)
 */
export function quoteWord(text: string): string {
  if (typeof text !== 'string') throw wrongType('quoteWord', 'string', text);
  if (PLAIN.test(text)) return text;
  const home = HOME.test(text) ? '~/' : '';
  return `${home}'${text.slice(home.length).replaceAll("'", "'\\''")}'`;
}

function textUnsafe(where: string, expected: string, got: string): PoaError {
  return new PoaError('TEXT_UNSAFE', { where, expected, got });
}
