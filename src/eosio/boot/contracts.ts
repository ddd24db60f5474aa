/**
 * The contracts that a boot sets, and the actions that set them.
 *
 * @see the boot sequence tutorial: cleos set contract
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertObject, copyOf } from '../../internal/bytes.js';
import { serializeAbi } from '../encoding/abi.js';
import { abiFromJson } from '../encoding/abiJson.js';
import type { BootConfig } from './config.js';
import { locate } from './read.js';
import { checkPath } from './text.js';

/** What a contract is for. */
export type BootContractName = 'token' | 'msig' | 'boot' | 'system' | 'vaulta';

/** A contract, checked; null for what the configuration leaves open. */
export interface ContractToSet {
  /** The account that it is set on. */
  readonly account: string;
  /** Folder, as `cleos set contract` takes it. */
  readonly directory: string;
  /** WebAssembly. */
  readonly code: Uint8Array | null;
  /** Packed ABI. */
  readonly abi: Uint8Array | null;
}

/** Every contract with the account that it is set on and the name of its folder. */
const CONTRACTS: readonly (readonly [BootContractName, string, string])[] = [
  ['token', 'eosio.token', 'eosio.token'],
  ['msig', 'eosio.msig', 'eosio.msig'],
  ['boot', 'eosio', 'eosio.boot'],
  ['system', 'eosio', 'eosio.system'],
  ['vaulta', 'core.vaulta', 'system'],
];
/** The first eight bytes of WebAssembly version 1. */
const WASM_MAGIC: readonly number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Reads the contracts of a configuration, with their ABIs packed. */
export function readContracts(where: string, config: BootConfig): Map<BootContractName, ContractToSet> {
  const isManual = (config.sequence ?? 'manual') === 'manual';
  const {
    contracts = {},
    contractsDirectory = isManual ? '~/Documents/eos/build/contracts' : '../../build/contracts',
  } = config;
  assertObject(`${where}.contracts`, contracts);
  checkPath(`${where}.contractsDirectory`, contractsDirectory);
  const given: Readonly<Record<string, unknown>> = contracts;
  const root = contractsDirectory.replace(/\/+$/, '');
  return new Map(
    CONTRACTS.map(([name, account, folder]) => {
      const at = `${where}.contracts.${name}`;
      const contract: unknown = given[name] ?? {};
      assertObject(at, contract);
      const { directory = `${root}/${folder}`, code, abi } = contract;
      checkPath(`${at}.directory`, directory);
      if (code !== undefined) checkCode(`${at}.code`, code);
      return [
        name,
        {
          account,
          directory,
          code: code === undefined ? null : copyOf(code),
          abi: abi === undefined ? null : locate(`${at}.abi`, () => serializeAbi(abiFromJson(abi))),
        },
      ];
    }),
  );
}

/** Code that a node would not even parse is refused. */
export function checkCode(where: string, value: unknown): asserts value is Uint8Array {
  assertBytes(where, value);
  if (WASM_MAGIC.some((byte, i) => value[i] !== byte))
    throw new PoaError('CONTRACT_INVALID', {
      where,
      expected: 'WebAssembly version 1: 0x0061736d01000000 and what follows',
      got: value.length < 8 ? `${value.length} bytes` : 'other bytes at the beginning',
    });
}
