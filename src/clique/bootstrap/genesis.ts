/**
 * The genesis of a Clique network: what its validators agree on before the first block, and the block that follows from it.
 *
 * @see "Bootstrap clique POA network", Overview; go-ethereum, `core/genesis.go`
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytesArray,
  assertFixedBytes,
  assertInteger,
  assertObject,
  assertUint,
  compareBytes,
  copyOf,
  describeBytes,
  equalBytes,
  wrongType,
} from '../../internal/bytes.js';
import {
  BLOCK_PERIOD,
  EMPTY_ROOT,
  EMPTY_UNCLES_HASH,
  EPOCH_LENGTH,
  INITIAL_BASE_FEE,
  MAX_GAS_LIMIT,
  MIN_GAS_LIMIT,
} from '../encoding/constants.js';
import { EXTRA_VANITY, type ExtraData, serializeExtraData } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { computeHeaderHash, EXTRA_SEAL, type Header, serializeHeader } from '../encoding/header.js';
import { checkForkOrder, defaultForks, type Forks, readForks } from './forks.js';
import { computeStateRoot, type GenesisAccount, readAlloc } from './stateRoot.js';

/** What the validators of a new network agree on. */
export interface GenesisRequest {
  /** Chain id, 1 to 2^53 - 1: a genesis file gives it as a JSON number. */
  readonly chainId: bigint;
  /** 20 bytes each, who joined before the network opened, in any order; they become the first signers. */
  readonly validators: readonly Uint8Array[];
  /** u64, seconds since 1970: of the origin block, for instance, since it must not come from the clock of each. */
  readonly timestamp: bigint;
  /** Accounts that are there from the beginning, in any order; none by default. */
  readonly alloc?: readonly GenesisAccount[];
  /** Gas, 5000 to 2^63 - 1; 10 million by default. */
  readonly gasLimit?: bigint;
  /** Seconds that a block comes after its parent at least; 15 by default. */
  readonly period?: number;
  /** Blocks from one checkpoint to the next, at least 1; 30000 by default. */
  readonly epoch?: number;
  /** Whether besu makes blocks without transactions; true by default. It stands in besu's file only. */
  readonly createEmptyBlocks?: boolean;
  /** Forks; those up to Istanbul at block 0 by default, so that there is no base fee. */
  readonly forks?: Forks;
  /** u256, wei: where London comes at block 0, and only there; 10^9 by default. */
  readonly baseFeePerGas?: bigint;
  /** 32 bytes in front of the signers; zero by default. */
  readonly vanity?: Uint8Array;
}

/** A genesis: extra-data, options and everything else that a genesis file says of a Clique network. */
export interface Genesis extends ExtraData {
  /** 1 to 2^53 - 1. */
  readonly chainId: bigint;
  /** Forks that come at some block. */
  readonly forks: Forks;
  /** Seconds that a block comes after its parent at least. */
  readonly period: number;
  /** Blocks from one checkpoint to the next, at least 1. */
  readonly epoch: number;
  /** Whether besu makes blocks without transactions. */
  readonly createEmptyBlocks: boolean;
  /** u64. */
  readonly nonce: bigint;
  /** u64, seconds since 1970. */
  readonly timestamp: bigint;
  /** u64. */
  readonly gasLimit: bigint;
  /** u256. */
  readonly difficulty: bigint;
  /** 32 bytes. */
  readonly mixHash: Uint8Array;
  /** 20 bytes (`coinbase` in the file). */
  readonly beneficiary: Uint8Array;
  /** Ascending by address. */
  readonly alloc: readonly GenesisAccount[];
  /** u64. */
  readonly gasUsed: bigint;
  /** 32 bytes. */
  readonly parentHash: Uint8Array;
  /** u256, wei; null without a base fee. */
  readonly baseFeePerGas: bigint | null;
}

/** The constants of a chain that its genesis gives. */
export interface GenesisConfig {
  /** Seconds. */
  readonly period: number;
  /** Blocks. */
  readonly epoch: number;
  /** u64, the first block with a base fee; null if there is none. */
  readonly londonBlock: bigint | null;
}

/** What `createState` begins with at the genesis of a network. */
export interface GenesisAnchor {
  /** RLP of the header. */
  readonly header: Uint8Array;
  /** Constants of the chain. */
  readonly config: GenesisConfig;
}

/** Gas limit of the chains of Mosaic. */
const DEFAULT_GAS_LIMIT = 10_000_000n;
/** What go-ethereum reads a gas limit of 0 as. */
const ZERO_GAS_LIMIT = 4_712_388n;
const BLOOM_SIZE = 256;

/**
 * Makes the genesis that every validator of a new network comes to by itself: the same for the same validators and accounts, in whatever
 * order they are named.
 *
 * @param request - what the validators agree on; neither kept nor modified
 * @returns a genesis with its signers and accounts ascending
 * @throws PoaError `VALIDATORS_EMPTY`, `VALIDATOR_DUPLICATE`, `VALIDATOR_ZERO` for a list of validators that makes no network;
 * `GENESIS_ALLOC_DUPLICATE` for an account, or a key in its storage, that stands twice; `GENESIS_FORKS_UNORDERED` for forks that
 * go-ethereum does not start with; `OUT_OF_RANGE` for a number or a length that does not fit, and for a base fee without London at block 0
 * @example
 * ```ts
 * import { buildGenesis, computeGenesisHash } from 'poa-primitives/clique';
 *
 * const [a, b] = [new Uint8Array(20).fill(0xaa), new Uint8Array(20).fill(0xbb)];
 * const genesis = buildGenesis({ chainId: 1405n, validators: [b, a], timestamp: 1_578_441_600n, period: 3 });
 * genesis.signers; // => [a, b]
 * const other = buildGenesis({ chainId: 1405n, validators: [a, b], timestamp: 1_578_441_600n, period: 3 });
 * computeGenesisHash(other); // => computeGenesisHash(genesis)
 * ```
 * @see "Bootstrap clique POA network", Overview; [C39 Building a genesis](../RULES.md#c39-building-a-genesis)
 */
export function buildGenesis(request: GenesisRequest): Genesis {
  const where = 'buildGenesis';
  assertObject(where, request);
  const { chainId, validators, timestamp, alloc = [], gasLimit = DEFAULT_GAS_LIMIT } = request;
  const { period = BLOCK_PERIOD, epoch = EPOCH_LENGTH, createEmptyBlocks = true } = request;
  const { vanity = new Uint8Array(EXTRA_VANITY), forks = defaultForks() } = request;
  assertChainId(`${where}.chainId`, chainId);
  assertOptions(where, period, epoch, createEmptyBlocks);
  assertUint(`${where}.timestamp`, timestamp, 64);
  assertGasLimit(`${where}.gasLimit`, gasLimit);
  assertFixedBytes(`${where}.vanity`, vanity, EXTRA_VANITY);
  const schedule = readForks(`${where}.forks`, forks);
  checkForkOrder(`${where}.forks`, schedule);
  return {
    chainId,
    forks: schedule,
    period,
    epoch,
    createEmptyBlocks,
    vanity: copyOf(vanity),
    signers: readValidators(`${where}.validators`, validators),
    seal: new Uint8Array(EXTRA_SEAL),
    nonce: 0n,
    timestamp,
    gasLimit,
    difficulty: 1n,
    mixHash: new Uint8Array(HASH_SIZE),
    beneficiary: new Uint8Array(ADDRESS_SIZE),
    alloc: readAlloc(`${where}.alloc`, alloc),
    gasUsed: 0n,
    parentHash: new Uint8Array(HASH_SIZE),
    baseFeePerGas: requestedBaseFee(`${where}.baseFeePerGas`, schedule, request.baseFeePerGas),
  };
}

function requestedBaseFee(where: string, forks: Forks, baseFeePerGas: bigint | undefined): bigint | null {
  if (baseFeePerGas === undefined) return forks.londonBlock === 0n ? INITIAL_BASE_FEE : null;
  assertUint(where, baseFeePerGas, 256);
  // It would stand in the genesis block all the same, as the one base fee before London.
  if (forks.londonBlock !== 0n)
    throw new PoaError('OUT_OF_RANGE', { where, expected: 'none, as London is not at block 0', got: 'a base fee' });
  return baseFeePerGas;
}

/**
 * Copies of validators, ascending.
 *
 * @throws PoaError `VALIDATORS_EMPTY`, `VALIDATOR_DUPLICATE`, `VALIDATOR_ZERO`; `OUT_OF_RANGE` for an address of another length
 * @see [C39 Building a genesis](../RULES.md#c39-building-a-genesis)
 */
export function readValidators(where: string, validators: unknown): Uint8Array[] {
  assertBytesArray(where, validators, ADDRESS_SIZE);
  if (validators.length === 0)
    throw new PoaError('VALIDATORS_EMPTY', { where, expected: 'at least one validator', got: 'none' });
  const sorted = validators.map((validator) => copyOf(validator)).sort(compareBytes);
  // The zero address is the least.
  const [least] = sorted as [Uint8Array];
  if (least.every((byte) => byte === 0))
    throw new PoaError('VALIDATOR_ZERO', { where, expected: 'addresses that have a key', got: 'the zero address' });
  sorted.forEach((validator, i) => {
    const previous = sorted[i - 1];
    if (previous !== undefined && equalBytes(previous, validator))
      throw new PoaError('VALIDATOR_DUPLICATE', {
        where,
        expected: 'distinct validators',
        got: `${describeBytes(validator)} twice`,
      });
  });
  return sorted;
}

/**
 * The header of the genesis block, as go-ethereum makes it of the file.
 *
 * @param genesis - from {@link buildGenesis}, `parseGenesis`, or your own; neither kept nor modified
 * @returns the header of block 0; a gas limit of 0 stands for 4712388, and a missing base fee for 10^9 if London is at block 0
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit; `GENESIS_ALLOC_DUPLICATE`
 * @example
 * ```ts
 * import { buildGenesis, computeGenesisHeader, parseExtraData } from 'poa-primitives/clique';
 *
 * const validators = [new Uint8Array(20).fill(0xaa)];
 * const header = computeGenesisHeader(buildGenesis({ chainId: 1405n, validators, timestamp: 0n }));
 * parseExtraData(header.extraData).signers; // => validators
 * ```
 * @see go-ethereum, `core/genesis.go`; [C43 Genesis block](../RULES.md#c43-genesis-block)
 */
export function computeGenesisHeader(genesis: Genesis): Header {
  const where = 'computeGenesisHeader';
  assertObject(where, genesis);
  const { timestamp, nonce, difficulty, gasUsed, gasLimit } = genesis;
  assertUint(`${where}.timestamp`, timestamp, 64);
  assertUint(`${where}.nonce`, nonce, 64);
  assertUint(`${where}.difficulty`, difficulty, 256);
  assertUint(`${where}.gasLimit`, gasLimit, 64);
  assertUint(`${where}.gasUsed`, gasUsed, 64);
  const forks = readForks(`${where}.forks`, genesis.forks);
  const baseFeePerGas = baseFeeOf({ baseFeePerGas: genesis.baseFeePerGas, forks });
  if (baseFeePerGas !== null) assertUint(`${where}.baseFeePerGas`, baseFeePerGas, 256);
  return {
    parentHash: readFixed(`${where}.parentHash`, genesis.parentHash, HASH_SIZE),
    unclesHash: copyOf(EMPTY_UNCLES_HASH),
    beneficiary: readFixed(`${where}.beneficiary`, genesis.beneficiary, ADDRESS_SIZE),
    stateRoot: computeStateRoot(genesis.alloc),
    transactionsRoot: copyOf(EMPTY_ROOT),
    receiptsRoot: copyOf(EMPTY_ROOT),
    logsBloom: new Uint8Array(BLOOM_SIZE),
    difficulty,
    number: 0n,
    gasLimit: gasLimitOf(genesis),
    gasUsed,
    timestamp,
    extraData: serializeExtraData(genesis),
    mixHash: readFixed(`${where}.mixHash`, genesis.mixHash, HASH_SIZE),
    nonce,
    baseFeePerGas,
  };
}

function readFixed(where: string, value: unknown, size: number): Uint8Array {
  assertFixedBytes(where, value, size);
  return copyOf(value);
}

/** The gas limit that the header gets. */
export function gasLimitOf({ gasLimit }: Genesis): bigint {
  return gasLimit === 0n ? ZERO_GAS_LIMIT : gasLimit;
}

/** The base fee that the header gets; null for none. */
export function baseFeeOf({ baseFeePerGas, forks }: Pick<Genesis, 'baseFeePerGas' | 'forks'>): bigint | null {
  return baseFeePerGas === null && forks.londonBlock === 0n ? INITIAL_BASE_FEE : baseFeePerGas;
}

/**
 * The hash of the genesis block, which validators compare before they start: it covers state, signers and time, but neither the options
 * of Clique nor the forks. Those are compared as the file itself, see `serializeGenesis`.
 *
 * @param genesis - from {@link buildGenesis} or `parseGenesis`
 * @returns 32 bytes
 * @throws PoaError as {@link computeGenesisHeader}
 * @example
 * ```ts
 * import { buildGenesis, computeGenesisHash, computeGenesisHeader, computeHeaderHash, serializeHeader } from 'poa-primitives/clique';
 *
 * const validators = [new Uint8Array(20).fill(0xaa)];
 * const genesis = buildGenesis({ chainId: 1405n, validators, timestamp: 0n });
 * computeGenesisHash(genesis); // => computeHeaderHash(serializeHeader(computeGenesisHeader(genesis)))
 * ```
 * @see [C43 Genesis block](../RULES.md#c43-genesis-block)
 */
export function computeGenesisHash(genesis: Genesis): Uint8Array {
  return computeHeaderHash(serializeHeader(computeGenesisHeader(genesis)));
}

/**
 * What `createState` asks for at the genesis of a network.
 *
 * @param genesis - from {@link buildGenesis} or `parseGenesis`
 * @returns header and constants of the chain
 * @throws PoaError as {@link computeGenesisHeader}
 * @example
 * ```ts
 * import { buildGenesis, computeGenesisAnchor, createState } from 'poa-primitives/clique';
 *
 * const validators = [new Uint8Array(20).fill(0xaa)];
 * const genesis = buildGenesis({ chainId: 1405n, validators, timestamp: 0n });
 * createState(computeGenesisAnchor(genesis)).signers; // => validators
 * ```
 * @see [C43 Genesis block](../RULES.md#c43-genesis-block)
 */
export function computeGenesisAnchor(genesis: Genesis): GenesisAnchor {
  const header = serializeHeader(computeGenesisHeader(genesis));
  const { period, epoch, forks } = genesis;
  return { header, config: { period, epoch, londonBlock: forks.londonBlock ?? null } };
}

/** Throws for a chain id that a genesis file cannot hold. */
export function assertChainId(where: string, chainId: unknown): asserts chainId is bigint {
  assertUint(where, chainId, 53);
  if (chainId === 0n) throw new PoaError('OUT_OF_RANGE', { where, expected: 'at least 1', got: '0' });
}

/** Throws for options of Clique that no client takes. */
export function assertOptions(where: string, period: unknown, epoch: unknown, createEmptyBlocks: unknown): void {
  assertInteger(`${where}.period`, period, 0, Number.MAX_SAFE_INTEGER);
  assertInteger(`${where}.epoch`, epoch, 1, Number.MAX_SAFE_INTEGER);
  if (typeof createEmptyBlocks !== 'boolean')
    throw wrongType(`${where}.createEmptyBlocks`, 'boolean', createEmptyBlocks);
}

function assertGasLimit(where: string, gasLimit: unknown): void {
  assertUint(where, gasLimit, 64);
  if (gasLimit < MIN_GAS_LIMIT || gasLimit > MAX_GAS_LIMIT)
    throw new PoaError('OUT_OF_RANGE', {
      where,
      expected: `${MIN_GAS_LIMIT} to ${MAX_GAS_LIMIT} gas`,
      got: `${gasLimit}`,
    });
}
