/** What page and worker say to each other. */
import type { PoaHeader } from 'poa-primitives/ckb';
import { bytesOfHex } from '../text.js';
import type { BackendId } from './backends.js';

interface HexHeader {
  readonly header: string;
  readonly cellbase: string;
}

/** What to measure. */
export interface Order {
  readonly backends: readonly BackendId[];
  readonly headers: readonly HexHeader[];
  /** Signatures to recover with each backend. */
  readonly total: number;
}

/** How it goes. */
export type Report =
  | { readonly kind: 'progress' | 'done'; readonly id: BackendId; readonly done: number; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly id: BackendId; readonly reason: string }
  | { readonly kind: 'end' };

export const toInputs = (headers: readonly HexHeader[]): PoaHeader[] =>
  headers.map(({ header, cellbase }) => ({
    header: bytesOfHex(header) as Uint8Array,
    cellbase: bytesOfHex(cellbase) as Uint8Array,
  }));
