/**
 * Whose keys a verifier has been told of, by what a protocol calls them: a pubkey hash, an address, a key.
 *
 * @module
 */

import type { Verifier } from '../../verifier.js';
import { copyOf } from '../bytes.js';
import { flatKeyAt } from './keys.js';

/** Names that are remembered; whoever turns lists over again and again makes it begin anew. */
const MAX_KNOWN = 4096;

interface KnownName {
  readonly handle: number;
  readonly name: Uint8Array;
}

/** The names that have a handle. */
export interface Known {
  /** Handles of a list, -1 for who is not known. */
  readonly handlesOf: (names: readonly Uint8Array[]) => Int32Array;
  /** Handle of one of them, or -1. */
  readonly handleOf: (name: Uint8Array) => number;
  /** Whose key a handle stands for. */
  readonly nameOf: (handle: number) => Uint8Array | undefined;
  /** Remembers the key of an item, recovered with this handle or -1, of somebody whom membership has admitted. */
  readonly learn: (handle: number, name: Uint8Array, keys: Uint8Array, index: number) => void;
}

/** What a protocol has found out lives as long as the verifier that it is told to. Each protocol has one of its own: a key has another name in each. */
export type KnownByVerifier = WeakMap<Verifier, Known>;

/** What a verifier knows of a protocol. */
export function knownOf(all: KnownByVerifier, verifier: Verifier): Known {
  const known = all.get(verifier) ?? createKnown(verifier);
  all.set(verifier, known);
  return known;
}

function createKnown(verifier: Verifier): Known {
  const found = new Map<string, KnownName>();
  const byHandle = new Map<number, Uint8Array>();
  let list: readonly Uint8Array[] | undefined;
  let handles = new Int32Array(0);
  return {
    handlesOf: (names) => {
      if (names !== list) {
        list = names;
        handles = Int32Array.from(names, (name) => found.get(textOf(name))?.handle ?? -1);
      }
      return handles;
    },
    handleOf: (name) => found.get(textOf(name))?.handle ?? -1,
    nameOf: (handle) => byHandle.get(handle),
    learn: (former, name, keys, index) => {
      // A verifier may know a key that this protocol has not met, or has forgotten.
      if (byHandle.has(former)) return;
      if (found.size >= MAX_KNOWN) {
        found.clear();
        byHandle.clear();
      }
      const handle = verifier.admit(flatKeyAt(keys, index));
      const known = { handle, name: copyOf(name) };
      found.set(textOf(name), known);
      byHandle.set(handle, known.name);
      list = undefined;
    },
  };
}

/** A name of some twenty bytes as the key of a map. */
function textOf(name: Uint8Array): string {
  let text = '';
  for (const byte of name) text += String.fromCharCode(byte);
  return text;
}
