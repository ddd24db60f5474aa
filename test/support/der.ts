/**
 * Strict DER of an ECDSA signature, `SEQUENCE { INTEGER r, INTEGER s }`: `r (32) | s (32)`, big-endian, or undefined for bytes
 * that are nothing of the kind. Lengths take one byte and integers as few as can be; they are not negative, and what does not
 * fit into 32 bytes is out of range anyway.
 */
export function readDer(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || bytes.length > 0x81) return undefined;
  const signature = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const size = bytes[at + 1] ?? 0;
    const value = bytes.subarray(at + 2, at + 2 + size);
    if (bytes[at] !== 0x02 || size === 0 || value.length !== size) return undefined;
    const [first, second] = value as unknown as [number, number | undefined];
    if (first > 0x7f || (first === 0 && second !== undefined && second < 0x80)) return undefined;
    const digits = first === 0 ? value.subarray(1) : value;
    if (digits.length > 32) return undefined;
    signature.set(digits, end - digits.length);
    at += 2 + size;
  }
  return at === bytes.length ? signature : undefined;
}
