/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/// <reference types="vite/client" />

declare module 'virtual:playground-data' {
  /** Made by `build/samples.ts`. */
  export const samples: readonly import('./model.js').Sample[];
  /** Hex of the list data in force in the CKB sample network, and of a wanted one. */
  export const lists: { readonly inForce: string; readonly wanted: string };
  /** Hex of attested headers with their cellbases. */
  export const speedHeaders: readonly { readonly header: string; readonly cellbase: string }[];
  /** Titles of rules by their numbers, of all protocols. */
  export const ruleTitles: Readonly<Record<string, string>>;
}
