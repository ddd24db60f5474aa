/**
 * The accounts that a genesis begins with, and the root of the state that they make.
 *
 * @see Ethereum yellow paper, "World State"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytes,
  assertFixedBytes,
  assertObject,
  assertUint,
  compareBytes,
  copyOf,
  describeBytes,
  equalBytes,
} from '../../internal/bytes.js';
import { encodeRlp, encodeRlpUint } from '../../internal/rlp.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from '../encoding/hash.js';
import { computeTrieRoot, type TrieEntry } from './trie.js';

/** A word that a contract stores from the beginning. */
export interface StorageSlot {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes; zero is as good as no slot. */
  readonly value: Uint8Array;
}

/** An account that is there from the beginning. */
export interface GenesisAccount {
  /** 20 bytes. */
  readonly address: Uint8Array;
  /** u256, wei. */
  readonly balance: bigint;
  /** u64, 0 by default. */
  readonly nonce?: bigint;
  /** Of a contract; none by default. */
  readonly code?: Uint8Array;
  /** Of a contract, in any order; none by default. */
  readonly storage?: readonly StorageSlot[];
}

/** An account with all that it holds, storage ascending by key. */
export type WholeAccount = Required<GenesisAccount>;

/**
 * The state root of a genesis.
 *
 * Every account counts, also one that holds nothing; a slot that holds zero does not.
 *
 * @param alloc - accounts in any order; neither kept nor modified
 * @returns 32 bytes
 * @throws PoaError `GENESIS_ALLOC_DUPLICATE` for an address, or a key of one account, that stands twice; `OUT_OF_RANGE` for a number or a
 * length that does not fit
 * @example
 * ```ts
 * import { computeStateRoot } from 'poa-primitives/clique';
 *
 * Buffer.from(computeStateRoot([])).toString('hex').slice(0, 8); // => '56e81f17'
 * ```
 * @see Ethereum yellow paper, "World State"; [C38 State root](../RULES.md#c38-state-root)
 */
export function computeStateRoot(alloc: readonly GenesisAccount[]): Uint8Array {
  return computeTrieRoot(
    readAlloc('computeStateRoot.alloc', alloc).map((account) => ({
      key: account.address,
      value: encodeRlp([
        encodeRlpUint(account.nonce),
        encodeRlpUint(account.balance),
        computeTrieRoot(account.storage.filter(({ value }) => isSet(value)).map(storedEntry)),
        keccak256(account.code),
      ]),
    })),
  );
}

/**
 * Checks accounts, fills in what they leave out and sorts them, and the storage of each.
 *
 * @throws PoaError `GENESIS_ALLOC_DUPLICATE`, `OUT_OF_RANGE`
 */
export function readAlloc(where: string, alloc: unknown): WholeAccount[] {
  assertArray(where, alloc);
  const accounts = Array.from(alloc, (account, i) => readAccount(`${where}[${i}]`, account));
  accounts.sort((a, b) => compareBytes(a.address, b.address));
  accounts.forEach(({ address }, i) => {
    const previous = accounts[i - 1];
    if (previous !== undefined && equalBytes(previous.address, address)) throw duplicate(where, 'accounts', address);
  });
  return accounts;
}

function readAccount(where: string, account: unknown): WholeAccount {
  assertObject(where, account);
  const { address, balance, nonce = 0n, code = new Uint8Array(), storage = [] } = account;
  assertFixedBytes(`${where}.address`, address, ADDRESS_SIZE);
  assertUint(`${where}.balance`, balance, 256);
  assertUint(`${where}.nonce`, nonce, 64);
  assertBytes(`${where}.code`, code);
  return {
    address: copyOf(address),
    balance,
    nonce,
    code: copyOf(code),
    storage: readStorage(`${where}.storage`, storage),
  };
}

function readStorage(where: string, storage: unknown): StorageSlot[] {
  assertArray(where, storage);
  const slots = Array.from(storage, (slot, i) => {
    assertObject(`${where}[${i}]`, slot);
    const { key, value } = slot;
    assertFixedBytes(`${where}[${i}].key`, key, HASH_SIZE);
    assertFixedBytes(`${where}[${i}].value`, value, HASH_SIZE);
    return { key: copyOf(key), value: copyOf(value) };
  });
  slots.sort((a, b) => compareBytes(a.key, b.key));
  slots.forEach(({ key }, i) => {
    const previous = slots[i - 1];
    if (previous !== undefined && equalBytes(previous.key, key)) throw duplicate(where, 'keys', key);
  });
  return slots;
}

function storedEntry({ key, value }: StorageSlot): TrieEntry {
  return { key, value: encodeRlp(copyOf(value, value.findIndex(isNotZero))) };
}

function isSet(value: Uint8Array): boolean {
  return value.some(isNotZero);
}

function isNotZero(byte: number): boolean {
  return byte !== 0;
}

function duplicate(where: string, what: string, bytes: Uint8Array): PoaError {
  return new PoaError('GENESIS_ALLOC_DUPLICATE', {
    where,
    expected: `distinct ${what}`,
    got: `${describeBytes(bytes)} twice`,
  });
}
