/**
 * Text: strict hex, and how text is shown in errors.
 *
 * @module
 */

/** The text in quotes, at most 32 characters of it: for the text of errors. */
export function describeText(text: string): string {
  return text.length > 32 ? `${JSON.stringify(text.slice(0, 32))}… (${text.length} characters)` : JSON.stringify(text);
}

const HEX = /^(?:[0-9a-fA-F]{2})*$/;

/** Bytes of hex without a prefix; undefined for any other text. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (!HEX.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Lower-case hex without a prefix, as nodes write it. */
export function encodeHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
