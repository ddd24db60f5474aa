/**
 * The genesis: what a chain begins with, and all that its id commits to.
 *
 * @see https://github.com/EOSIO/eos/blob/11d35f0f934402321853119d36caeb7022813743/libraries/chain/include/eosio/chain/genesis_state.hpp
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertBytes, assertInteger, assertObject, assertUint, concat, uintLE } from '../../internal/bytes.js';
import { HASH_SIZE, sha256 } from './hash.js';
import type { BlockHeader } from './header.js';
import { assertPublicKeyPoint, type PublicKey, packPublicKey, readPublicKey } from './key.js';
import { closeBytes, malformed, openBytes, readU16, readU32, readU64 } from './read.js';
import type { ProducerSchedule } from './schedule.js';
import { checkTime, computeSlot, TIME_MAX } from './time.js';

/** The limits that a chain begins with. Byte and CPU figures are those of a block, a transaction or an action. */
export interface ChainConfiguration {
  /** u64, bytes. */
  readonly maxBlockNetUsage: bigint;
  /** u32, hundredths of a percent, 10 to 10,000. */
  readonly targetBlockNetUsagePct: number;
  /** u32, bytes. */
  readonly maxTransactionNetUsage: number;
  /** u32, bytes that each transaction is billed for. */
  readonly basePerTransactionNetUsage: number;
  /** u32, bytes. */
  readonly netUsageLeeway: number;
  /** u32, numerator of what context free data is billed at. */
  readonly contextFreeDiscountNetUsageNum: number;
  /** u32, its denominator. */
  readonly contextFreeDiscountNetUsageDen: number;
  /** u32, microseconds. */
  readonly maxBlockCpuUsage: number;
  /** u32, hundredths of a percent, 10 to 10,000. */
  readonly targetBlockCpuUsagePct: number;
  /** u32, microseconds. */
  readonly maxTransactionCpuUsage: number;
  /** u32, microseconds. */
  readonly minTransactionCpuUsage: number;
  /** u32, seconds. */
  readonly maxTransactionLifetime: number;
  /** u32, seconds. */
  readonly deferredTrxExpirationWindow: number;
  /** u32, seconds. */
  readonly maxTransactionDelay: number;
  /** u32, bytes. */
  readonly maxInlineActionSize: number;
  /** u16. */
  readonly maxInlineActionDepth: number;
  /** u16, at least 1. */
  readonly maxAuthorityDepth: number;
}

/** What a chain begins with. */
export interface Genesis {
  /** Milliseconds since 1970, in 2000 or later. */
  readonly initialTimestamp: number;
  /** The key of the account `eosio`. */
  readonly initialKey: PublicKey;
  /** The limits. */
  readonly initialConfiguration: ChainConfiguration;
}

/** The members of the configuration in their order, and the bits of each. */
export const CONFIGURATION_MEMBERS: readonly (readonly [keyof ChainConfiguration, 16 | 32 | 64])[] = [
  ['maxBlockNetUsage', 64],
  ['targetBlockNetUsagePct', 32],
  ['maxTransactionNetUsage', 32],
  ['basePerTransactionNetUsage', 32],
  ['netUsageLeeway', 32],
  ['contextFreeDiscountNetUsageNum', 32],
  ['contextFreeDiscountNetUsageDen', 32],
  ['maxBlockCpuUsage', 32],
  ['targetBlockCpuUsagePct', 32],
  ['maxTransactionCpuUsage', 32],
  ['minTransactionCpuUsage', 32],
  ['maxTransactionLifetime', 32],
  ['deferredTrxExpirationWindow', 32],
  ['maxTransactionDelay', 32],
  ['maxInlineActionSize', 32],
  ['maxInlineActionDepth', 16],
  ['maxAuthorityDepth', 16],
];

/** Least bytes that a transaction may use beyond its base. */
const NET_USAGE_DELTA_MIN = 10240;
const PERCENT_MIN = 10;
const PERCENT_MAX = 10000;

/**
 * Judges a genesis: its time has a slot, its key is a point of its curve, and its limits are such that a node begins a chain with
 * them.
 *
 * @param genesis - all fields in their ranges
 * @throws PoaError `GENESIS_INVALID` for limits that contradict each other; `TIME_INVALID`; `PUBLIC_KEY_INVALID`; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { checkGenesis, genesisFromText } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * checkGenesis(genesisFromText(genesisText)); // => undefined
 * ```
 * @see EOSIO, `chain_config.cpp`, `validate`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function checkGenesis(genesis: Genesis): void {
  assertGenesis('checkGenesis', genesis);
}

/** As {@link checkGenesis}; `where` names the genesis. */
export function assertGenesis(where: string, genesis: unknown): asserts genesis is Genesis {
  assertObject(where, genesis);
  checkTime(`${where}.initialTimestamp`, genesis.initialTimestamp);
  computeSlot(genesis.initialTimestamp);
  assertPublicKeyPoint(`${where}.initialKey`, genesis.initialKey);
  const at = `${where}.initialConfiguration`;
  const configuration: unknown = genesis.initialConfiguration;
  assertObject(at, configuration);
  for (const [name, bits] of CONFIGURATION_MEMBERS) {
    const value = configuration[name];
    if (bits === 64) assertUint(`${at}.${name}`, value, 64);
    else assertInteger(`${at}.${name}`, value, 0, 2 ** bits - 1);
  }
  checkConfiguration(at, configuration as unknown as ChainConfiguration);
}

function checkConfiguration(where: string, config: ChainConfiguration): void {
  const demand = (isTrue: boolean, name: keyof ChainConfiguration, expected: string): void => {
    if (!isTrue) throw new PoaError('GENESIS_INVALID', { where: `${where}.${name}`, expected, got: `${config[name]}` });
  };
  for (const name of ['targetBlockNetUsagePct', 'targetBlockCpuUsagePct'] as const)
    demand(
      config[name] >= PERCENT_MIN && config[name] <= PERCENT_MAX,
      name,
      `${PERCENT_MIN} to ${PERCENT_MAX} hundredths of a percent`,
    );
  const { maxTransactionNetUsage, maxTransactionCpuUsage, minTransactionCpuUsage } = config;
  demand(
    BigInt(maxTransactionNetUsage) < config.maxBlockNetUsage,
    'maxTransactionNetUsage',
    `less than the ${config.maxBlockNetUsage} bytes of a block`,
  );
  const netMax = maxTransactionNetUsage - NET_USAGE_DELTA_MIN;
  demand(
    config.basePerTransactionNetUsage <= netMax,
    'basePerTransactionNetUsage',
    `at least ${NET_USAGE_DELTA_MIN} bytes less than the ${maxTransactionNetUsage} of a transaction`,
  );
  demand(config.contextFreeDiscountNetUsageDen > 0, 'contextFreeDiscountNetUsageDen', 'more than 0');
  demand(
    config.contextFreeDiscountNetUsageNum <= config.contextFreeDiscountNetUsageDen,
    'contextFreeDiscountNetUsageNum',
    `at most its denominator, ${config.contextFreeDiscountNetUsageDen}`,
  );
  demand(
    minTransactionCpuUsage <= maxTransactionCpuUsage,
    'minTransactionCpuUsage',
    `at most the ${maxTransactionCpuUsage} us that a transaction may take`,
  );
  demand(
    maxTransactionCpuUsage < config.maxBlockCpuUsage - minTransactionCpuUsage,
    'maxTransactionCpuUsage',
    `less than the ${config.maxBlockCpuUsage} us of a block less the ${minTransactionCpuUsage} us that a transaction takes`,
  );
  demand(config.maxAuthorityDepth >= 1, 'maxAuthorityDepth', 'at least 1');
}

/**
 * Parses a packed genesis: `initial_timestamp i64, microseconds | initial_key, 34 bytes | the 17 limits in their order`.
 *
 * @param bytes - exactly 110 bytes
 * @returns the genesis, judged as {@link checkGenesis} does
 * @throws PoaError `MALFORMED`; `GENESIS_INVALID`; `TIME_INVALID`; `PUBLIC_KEY_INVALID`; `KEY_TYPE_UNSUPPORTED`
 * @example
 * ```ts
 * import { genesisFromText, parseGenesis, serializeGenesis } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * const genesis = genesisFromText(genesisText);
 * parseGenesis(serializeGenesis(genesis)); // => genesis
 * ```
 * @see EOSIO, `genesis_state.hpp`, `chain_config.hpp`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function parseGenesis(bytes: Uint8Array): Genesis {
  const where = 'parseGenesis';
  assertBytes(`${where}.bytes`, bytes);
  const cursor = openBytes(where, bytes);
  const microseconds = readU64(cursor, 'initialTimestamp');
  if (microseconds % 1000n !== 0n || microseconds / 1000n > BigInt(TIME_MAX))
    throw malformed(cursor, 'initialTimestamp', 'whole milliseconds up to the year 9999', `${microseconds} us`, 0);
  const initialKey = readPublicKey(cursor, 'initialKey');
  const members = CONFIGURATION_MEMBERS.map(([name, bits]) => {
    if (bits === 64) return [name, readU64(cursor, name)];
    return [name, bits === 32 ? readU32(cursor, name) : readU16(cursor, name)];
  });
  closeBytes(cursor);
  const initialConfiguration = Object.fromEntries(members) as unknown as ChainConfiguration;
  const genesis = { initialTimestamp: Number(microseconds / 1000n), initialKey, initialConfiguration };
  assertGenesis(where, genesis);
  return genesis;
}

/**
 * Packs a genesis: the inverse of {@link parseGenesis}.
 *
 * @param genesis - one that {@link checkGenesis} takes
 * @returns 110 bytes
 * @throws PoaError as {@link checkGenesis}
 * @example
 * ```ts
 * import { genesisFromText, serializeGenesis } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * serializeGenesis(genesisFromText(genesisText)).length; // => 110
 * ```
 * @see EOSIO, `genesis_state.hpp`, `chain_config.hpp`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function serializeGenesis(genesis: Genesis): Uint8Array {
  return packGenesis('serializeGenesis', genesis);
}

function packGenesis(where: string, genesis: Genesis): Uint8Array {
  assertGenesis(where, genesis);
  return concat([
    uintLE(BigInt(genesis.initialTimestamp) * 1000n, 8),
    packPublicKey(`${where}.initialKey`, genesis.initialKey),
    ...CONFIGURATION_MEMBERS.map(([name, bits]) => uintLE(genesis.initialConfiguration[name], bits / 8)),
  ]);
}

/**
 * The id of the chain that begins with a genesis: the hash of its bytes.
 *
 * @param genesis - one that {@link checkGenesis} takes
 * @returns 32 bytes
 * @throws PoaError as {@link checkGenesis}
 * @example
 * ```ts
 * import { computeChainId, genesisFromText } from 'poa-primitives/eosio';
 * import { bytesToHex } from '@noble/hashes/utils.js';
 * import { genesisText } from './eosio-sample.js';
 *
 * const chainId = computeChainId(genesisFromText(genesisText));
 * bytesToHex(chainId); // => 'cf057bbfb72640471fd910bcb67639c22df9f92470936cddc1ade0e2f2e7dc4f'
 * ```
 * @see EOSIO, `genesis_state.cpp`, `compute_chain_id`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function computeChainId(genesis: Genesis): Uint8Array {
  return sha256(packGenesis('computeChainId', genesis));
}

/**
 * The header of block 1, which no one signs: the slot of the genesis, no producer, and the chain id in place of the root over actions.
 *
 * @param genesis - one that {@link checkGenesis} takes
 * @returns the header
 * @throws PoaError as {@link checkGenesis}
 * @example
 * ```ts
 * import { buildGenesisHeader, computeBlockId, computeBlockNumber, genesisFromText, serializeHeader } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * const header = buildGenesisHeader(genesisFromText(genesisText));
 * computeBlockNumber(computeBlockId(serializeHeader(header))); // => 1
 * ```
 * @see EOSIO, `controller.cpp`, `initialize_blockchain_state`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function buildGenesisHeader(genesis: Genesis): BlockHeader {
  const actionMroot = sha256(packGenesis('buildGenesisHeader', genesis));
  return {
    slot: computeSlot(genesis.initialTimestamp),
    producer: '',
    confirmed: 1,
    previous: new Uint8Array(HASH_SIZE),
    transactionMroot: new Uint8Array(HASH_SIZE),
    actionMroot,
    scheduleVersion: 0,
    newProducers: null,
    headerExtensions: [],
  };
}

/**
 * The schedule that a chain begins with: version 0, the account `eosio` with the key of the genesis.
 *
 * @param genesis - one that {@link checkGenesis} takes
 * @returns the schedule
 * @throws PoaError as {@link checkGenesis}
 * @example
 * ```ts
 * import { buildGenesisSchedule, genesisFromText } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * buildGenesisSchedule(genesisFromText(genesisText)).producers[0].producerName; // => 'eosio'
 * ```
 * @see EOSIO, `controller.cpp`, `initialize_blockchain_state`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function buildGenesisSchedule(genesis: Genesis): ProducerSchedule {
  assertGenesis('buildGenesisSchedule', genesis);
  const { curve, data } = genesis.initialKey;
  const blockSigningKey = { curve, data: Uint8Array.from(data) };
  return { version: 0, producers: [{ producerName: 'eosio', blockSigningKey }] };
}
