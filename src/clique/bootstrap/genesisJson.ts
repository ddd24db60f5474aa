/**
 * Genesis files: the JSON that go-ethereum and besu start a network from. Writing gives one text for one genesis; reading takes what
 * either client takes.
 *
 * @see go-ethereum, `core/genesis.go`; besu, `config/`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertFixedBytes, assertInteger, assertObject, assertUint, wrongType } from '../../internal/bytes.js';
import { type JsonObject, jsonInvalid, readBytes, readObject, writeBytes, writeQuantity } from '../../internal/json.js';
import { BLOCK_PERIOD, EPOCH_LENGTH } from '../encoding/constants.js';
import { parseExtraData, serializeExtraData } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { FORK_NAMES, type ForkName, type Forks, readForks, TIMED_FORK_NAMES } from './forks.js';
import { assertChainId, assertOptions, baseFeeOf, type Genesis, gasLimitOf } from './genesis.js';
import { findMember, readDigits, readHexNumber, readNumber } from './looseJson.js';
import { type GenesisAccount, readAlloc, type WholeAccount } from './stateRoot.js';

/** Which client a genesis file is for: they spell the options of Clique differently. */
export interface GenesisFileOptions {
  /** `geth` writes `period` and `epoch`; `besu` writes `blockperiodseconds`, `epochlength` and `createemptyblocks`. */
  readonly client: 'geth' | 'besu';
}

/** An account in a genesis file. */
export interface GenesisAccountJson {
  /** `0x` and hex digits; absent if there is none. */
  readonly code?: string;
  /** `0x` and 64 hex digits each; absent if there is none. */
  readonly storage?: Readonly<Record<string, string>>;
  /** `0x` and a hex integer. */
  readonly balance: string;
  /** `0x` and a hex integer; absent if it is 0. */
  readonly nonce?: string;
}

/** A genesis file as `JSON.parse` gives it. */
export interface GenesisJson {
  /** Chain id, blocks of forks, and the options of Clique under `clique`. */
  readonly config: Readonly<Record<string, number | Readonly<Record<string, number | boolean>>>>;
  /** `0x` and a hex integer. */
  readonly nonce: string;
  /** `0x` and a hex integer. */
  readonly timestamp: string;
  /** `0x` and hex digits. */
  readonly extraData: string;
  /** `0x` and a hex integer. */
  readonly gasLimit: string;
  /** `0x` and a hex integer. */
  readonly difficulty: string;
  /** `0x` and 64 hex digits. */
  readonly mixHash: string;
  /** `0x` and 40 hex digits. */
  readonly coinbase: string;
  /** By address, 40 hex digits without `0x`, ascending. */
  readonly alloc: Readonly<Record<string, GenesisAccountJson>>;
  /** Always `0x0`. */
  readonly number: string;
  /** `0x` and a hex integer. */
  readonly gasUsed: string;
  /** `0x` and 64 hex digits. */
  readonly parentHash: string;
  /** `0x` and a hex integer; absent without a base fee. */
  readonly baseFeePerGas?: string;
}

/** besu keeps its period in 32 bits, and has none of 0. */
const MAX_BESU_PERIOD = 0x7fffffff;

/**
 * Parses the text of a genesis file.
 *
 * @param text - JSON, from anyone
 * @returns the genesis, signers in the order of the file
 * @throws PoaError `JSON_INVALID` for text that is no JSON; otherwise as {@link genesisFromJson}
 * @example
 * ```ts
 * import { buildGenesis, parseGenesis, serializeGenesis } from 'poa-primitives/clique';
 *
 * const genesis = buildGenesis({ chainId: 1405n, validators: [new Uint8Array(20).fill(1)], timestamp: 0n });
 * parseGenesis(serializeGenesis(genesis, { client: 'geth' })); // => genesis
 * ```
 * @see go-ethereum, `core/genesis.go`; [C42 Reading a genesis file](../RULES.md#c42-reading-a-genesis-file)
 */
export function parseGenesis(text: string): Genesis {
  if (typeof text !== 'string') throw wrongType('parseGenesis.text', 'string', text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    // A SyntaxError, or that of a stack which deep nesting has used up.
    throw new PoaError('JSON_INVALID', {
      where: 'parseGenesis',
      expected: 'JSON',
      got: `${text.length} characters that are none`,
      cause,
    });
  }
  return genesisFromJson(json);
}

/**
 * Reads a genesis file that `JSON.parse` has parsed.
 *
 * Numbers may be JSON numbers up to 2^53 - 1, decimal text or `0x` hex, where both clients read them alike; names of members may be in any
 * case; what is not known here is left alone, forks after London among it, as long as they change nothing of the genesis block.
 *
 * @param json - from anyone
 * @returns the genesis, signers in the order of the file
 * @throws PoaError `JSON_INVALID` with the path to what is wrong; `GENESIS_NOT_CLIQUE`; `GENESIS_NUMBER_NOT_ZERO`;
 * `GENESIS_FORK_UNSUPPORTED` for a fork at genesis that adds to the header; `GENESIS_ALLOC_DUPLICATE`; `VANITY_MISSING`, `SEAL_MISSING`,
 * `CHECKPOINT_SIGNERS_MALFORMED` for the extra-data; `VALIDATORS_EMPTY` if it lists no signers
 * @example
 * ```ts
 * import { genesisFromJson } from 'poa-primitives/clique';
 *
 * const genesis = genesisFromJson({
 *   config: { chainId: 1405, clique: { blockperiodseconds: 3, epochlength: 30000 } },
 *   extraData: '0x' + '00'.repeat(32) + 'aa'.repeat(20) + '00'.repeat(65),
 *   gasLimit: '10000000',
 *   difficulty: '0x1',
 *   alloc: { ['bb'.repeat(20)]: { balance: '0x10' } },
 * });
 * genesis.period; // => 3
 * genesis.alloc[0].balance; // => 16n
 * ```
 * @see go-ethereum, `core/genesis.go`; [C42 Reading a genesis file](../RULES.md#c42-reading-a-genesis-file)
 */
export function genesisFromJson(json: unknown): Genesis {
  const where = 'genesis';
  const file = readObject(where, json);
  const config = readObject(`${where}.config`, findMember(where, file, 'config'));
  const uint = (name: string, bits: number): bigint | undefined =>
    optional(where, file, name, (path, value) => readNumber(path, value, bits));
  const hexUint = (name: string, bits: number): bigint | undefined =>
    optional(where, file, name, (path, value) => readHexNumber(path, value, bits));
  const fixed = (name: string, size: number): Uint8Array =>
    optional(where, file, name, (path, value) => readBytes(path, value, size)) ?? new Uint8Array(size);
  const timestamp = uint('timestamp', 64) ?? 0n;
  const options = readCliqueOptions(`${where}.config`, config);
  const forks = readForkBlocks(`${where}.config`, config);
  checkTimedForks(`${where}.config`, config, forks, timestamp);
  checkNumber(`${where}.number`, uint('number', 64) ?? 0n);
  const extraData = parseExtraData(optional(where, file, 'extraData', readBytes) ?? new Uint8Array());
  if (extraData.signers.length === 0)
    throw new PoaError('VALIDATORS_EMPTY', {
      where: `${where}.extraData`,
      expected: 'at least one signer',
      got: 'none',
    });
  return {
    ...options,
    ...extraData,
    chainId: readChainId(`${where}.config`, config),
    forks,
    nonce: hexUint('nonce', 64) ?? 0n,
    timestamp,
    gasLimit: required(where, 'gasLimit', uint('gasLimit', 64)),
    difficulty: required(where, 'difficulty', hexUint('difficulty', 256)),
    mixHash: fixed('mixHash', HASH_SIZE),
    beneficiary: fixed('coinbase', ADDRESS_SIZE),
    alloc: readAllocJson(`${where}.alloc`, required(where, 'alloc', optional(where, file, 'alloc', readObject))),
    gasUsed: uint('gasUsed', 64) ?? 0n,
    parentHash: fixed('parentHash', HASH_SIZE),
    baseFeePerGas:
      uint('baseFeePerGas', 256) ?? (forks.londonBlock === 0n ? baseFeeOf({ baseFeePerGas: null, forks }) : null),
  };
}

/** Reads a member; undefined if it is absent or null, which both clients take as the same. */
function optional<T>(
  where: string,
  object: JsonObject,
  name: string,
  read: (where: string, value: unknown) => T,
): T | undefined {
  const value = findMember(where, object, name);
  return value === undefined || value === null ? undefined : read(`${where}.${name}`, value);
}

function required<T>(where: string, name: string, value: T | undefined): T {
  if (value === undefined) throw jsonInvalid(`${where}.${name}`, 'a value', 'nothing');
  return value;
}

function readChainId(where: string, config: JsonObject): bigint {
  const chainId = required(
    where,
    'chainId',
    optional(where, config, 'chainId', (path, value) => readNumber(path, value, 53)),
  );
  if (chainId === 0n) throw jsonInvalid(`${where}.chainId`, 'at least 1', '0');
  return chainId;
}

function readForkBlocks(where: string, config: JsonObject): Forks {
  const blocks: Partial<Record<ForkName, bigint>> = {};
  for (const name of FORK_NAMES) {
    const block = optional(where, config, name, (path, value) => readNumber(path, value, 53));
    if (block !== undefined) blocks[name] = block;
  }
  return blocks;
}

/**
 * Throws if a fork by time is there at genesis: its header has fields that no header of Clique has.
 *
 * @see [C40 Forks of a genesis](../RULES.md#c40-forks-of-a-genesis)
 */
function checkTimedForks(where: string, config: JsonObject, { londonBlock }: Forks, timestamp: bigint): void {
  for (const name of TIMED_FORK_NAMES) {
    const time = optional(where, config, name, (path, value) => readNumber(path, value, 64));
    if (londonBlock === 0n && time !== undefined && time <= timestamp)
      throw new PoaError('GENESIS_FORK_UNSUPPORTED', {
        where: `${where}.${name}`,
        expected: `a time after genesis, ${timestamp}`,
        got: `${time}`,
      });
  }
}

function checkNumber(where: string, number: bigint): void {
  if (number !== 0n)
    throw new PoaError('GENESIS_NUMBER_NOT_ZERO', { where, expected: 'block 0', got: `block ${number}` });
}

/** Options of Clique in the spelling of either client, or of both if they agree. */
function readCliqueOptions(where: string, config: JsonObject): Pick<Genesis, 'period' | 'epoch' | 'createEmptyBlocks'> {
  const clique = optional(where, config, 'clique', readObject);
  if (clique === undefined)
    throw new PoaError('GENESIS_NOT_CLIQUE', { where, expected: 'options of Clique under clique', got: 'none' });
  const path = `${where}.clique`;
  const number = (name: string): number | undefined =>
    optional(path, clique, name, (at, value) => Number(readNumber(at, value, 53)));
  const boolean = (at: string, value: unknown): boolean => {
    if (typeof value !== 'boolean') throw jsonInvalid(at, 'true or false', JSON.stringify(typeof value));
    return value;
  };
  const createEmptyBlocks = optional(path, clique, 'createemptyblocks', boolean);
  const [period, besuPeriod] = [number('period'), number('blockperiodseconds')];
  const [epoch, besuEpoch] = [number('epoch'), number('epochlength')];
  if (besuPeriod === 0) throw jsonInvalid(`${path}.blockperiodseconds`, 'at least 1', '0');
  if (besuEpoch === 0) throw jsonInvalid(`${path}.epochlength`, 'at least 1', '0');
  const isBesu = besuPeriod !== undefined || besuEpoch !== undefined || createEmptyBlocks !== undefined;
  return {
    period: agreed(`${path}.blockperiodseconds`, period, besuPeriod) ?? (isBesu ? BLOCK_PERIOD : 0),
    // 0 is no epoch: go-ethereum takes its default instead.
    epoch: agreed(`${path}.epochlength`, epoch === 0 ? EPOCH_LENGTH : epoch, besuEpoch) ?? EPOCH_LENGTH,
    createEmptyBlocks: createEmptyBlocks ?? true,
  };
}

/** The one value that two spellings of an option give. */
function agreed(where: string, geth: number | undefined, besu: number | undefined): number | undefined {
  if (geth !== undefined && besu !== undefined && geth !== besu)
    throw jsonInvalid(where, `${geth}, as in the spelling of go-ethereum`, `${besu}`);
  return geth ?? besu;
}

function readAllocJson(where: string, alloc: JsonObject): WholeAccount[] {
  return readAlloc(
    where,
    Object.entries(alloc).map(([address, account], i) => readAccountJson(`${where}[${i}]`, address, account)),
  );
}

function readAccountJson(where: string, address: string, json: unknown): GenesisAccount {
  const account = readObject(where, json);
  const storage = optional(where, account, 'storage', readObject) ?? {};
  return {
    address: readDigits(`${where}.address`, address, ADDRESS_SIZE, 'exact'),
    balance: optional(where, account, 'balance', (path, value) => readNumber(path, value, 256)) ?? 0n,
    nonce: optional(where, account, 'nonce', (path, value) => readHexNumber(path, value, 64)) ?? 0n,
    code: optional(where, account, 'code', (path, value) => readDigits(path, value)) ?? new Uint8Array(),
    storage: Object.entries(storage).map(([key, value], i) => ({
      key: readDigits(`${where}.storage[${i}].key`, key, HASH_SIZE),
      value: readDigits(`${where}.storage[${i}].value`, value, HASH_SIZE),
    })),
  };
}

/**
 * Writes a genesis file as a value: members in a fixed order, accounts and storage ascending, one spelling for each number.
 *
 * @param genesis - from `buildGenesis` or {@link parseGenesis}; neither kept nor modified
 * @param options - for which client
 * @returns what `JSON.parse` would give
 * @throws PoaError `OUT_OF_RANGE` for a number or a length that does not fit, for besu also a period of 0; `GENESIS_ALLOC_DUPLICATE`
 * @example
 * ```ts
 * import { buildGenesis, genesisToJson } from 'poa-primitives/clique';
 *
 * const genesis = buildGenesis({ chainId: 1405n, validators: [new Uint8Array(20).fill(1)], timestamp: 0n, period: 3 });
 * genesisToJson(genesis, { client: 'geth' }).config.clique; // => { period: 3, epoch: 30000 }
 * genesisToJson(genesis, { client: 'besu' }).config.clique; // => { blockperiodseconds: 3, epochlength: 30000, createemptyblocks: true }
 * ```
 * @see [C41 Writing a genesis file](../RULES.md#c41-writing-a-genesis-file)
 */
export function genesisToJson(genesis: Genesis, options: GenesisFileOptions): GenesisJson {
  const where = 'genesisToJson';
  assertObject(where, genesis);
  assertObject(`${where}.options`, options);
  const { client } = options;
  if (client !== 'geth' && client !== 'besu')
    throw new TypeError(`${where}.options.client: expected 'geth' or 'besu', got ${String(client)}`);
  const { chainId, period, epoch, createEmptyBlocks, alloc } = genesis;
  assertChainId(`${where}.chainId`, chainId);
  assertOptions(where, period, epoch, createEmptyBlocks);
  if (client === 'besu') assertInteger(`${where}.period`, period, 1, MAX_BESU_PERIOD);
  const blocks = Object.entries(readForks(`${where}.forks`, genesis.forks)).map(([name, block]) => [
    name,
    Number(block),
  ]);
  const fixed = (name: 'mixHash' | 'parentHash' | 'beneficiary', size: number): string => {
    assertFixedBytes(`${where}.${name}`, genesis[name], size);
    return writeBytes(genesis[name]);
  };
  const quantity = (name: string, value: unknown, bits: number): string => {
    assertUint(`${where}.${name}`, value, bits);
    return writeQuantity(value);
  };
  const baseFee = baseFeeOf(genesis);
  return {
    config: {
      chainId: Number(chainId),
      ...Object.fromEntries(blocks),
      clique:
        client === 'geth'
          ? { period, epoch }
          : { blockperiodseconds: period, epochlength: epoch, createemptyblocks: createEmptyBlocks },
    },
    nonce: quantity('nonce', genesis.nonce, 64),
    timestamp: quantity('timestamp', genesis.timestamp, 64),
    extraData: writeBytes(serializeExtraData(genesis)),
    gasLimit: quantity('gasLimit', gasLimitOf(genesis), 64),
    difficulty: quantity('difficulty', genesis.difficulty, 256),
    mixHash: fixed('mixHash', HASH_SIZE),
    coinbase: fixed('beneficiary', ADDRESS_SIZE),
    alloc: Object.fromEntries(readAlloc(`${where}.alloc`, alloc).map(writeAccount)),
    number: '0x0',
    gasUsed: quantity('gasUsed', genesis.gasUsed, 64),
    parentHash: fixed('parentHash', HASH_SIZE),
    ...(baseFee === null ? {} : { baseFeePerGas: quantity('baseFeePerGas', baseFee, 256) }),
  };
}

/** An account with its name in the file. */
function writeAccount({ address, balance, nonce, code, storage }: WholeAccount): [string, GenesisAccountJson] {
  const slots = storage.map(({ key, value }) => [writeBytes(key), writeBytes(value)]);
  return [
    writeBytes(address).slice(2),
    {
      ...(code.length === 0 ? {} : { code: writeBytes(code) }),
      ...(slots.length === 0 ? {} : { storage: Object.fromEntries(slots) }),
      balance: writeQuantity(balance),
      ...(nonce === 0n ? {} : { nonce: writeQuantity(nonce) }),
    },
  ];
}

/**
 * Writes the text of a genesis file, the same on every machine: what {@link genesisToJson} gives, indented by two spaces, with a line
 * feed at the end; all ASCII.
 *
 * @param genesis - from `buildGenesis` or {@link parseGenesis}; neither kept nor modified
 * @param options - for which client
 * @returns JSON
 * @throws PoaError as {@link genesisToJson}
 * @example
 * ```ts
 * import { buildGenesis, parseGenesis, serializeGenesis } from 'poa-primitives/clique';
 *
 * const genesis = buildGenesis({ chainId: 1405n, validators: [new Uint8Array(20).fill(1)], timestamp: 0n });
 * const text = serializeGenesis(genesis, { client: 'geth' });
 * text.split('\n').length; // => 29
 * serializeGenesis(parseGenesis(text), { client: 'geth' }) === text; // => true
 * ```
 * @see "Bootstrap clique POA network", Overview; [C41 Writing a genesis file](../RULES.md#c41-writing-a-genesis-file)
 */
export function serializeGenesis(genesis: Genesis, options: GenesisFileOptions): string {
  return `${JSON.stringify(genesisToJson(genesis, options), null, 2)}\n`;
}
