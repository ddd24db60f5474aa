import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Bytes of `0x` hex. */
export const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
/** `0x` hex of bytes. */
export const hex = (value: Uint8Array): string => `0x${bytesToHex(value)}`;
