/**
 * The file `genesis.json`.
 *
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import { wrongType } from '../../internal/bytes.js';
import { type JsonObject, jsonInvalid, member, readObject } from '../../internal/json.js';
import type { JsonValue } from './abiJson.js';
import { assertGenesis, type ChainConfiguration, CONFIGURATION_MEMBERS, type Genesis } from './genesis.js';
import { publicKeyFromText, publicKeyToLegacyText } from './key.js';
import { timeFromText, timeToText } from './time.js';

const INTEGER = /^(?:0|[1-9][0-9]{0,19})$/;

/**
 * Reads the text of a `genesis.json`.
 *
 * @param text - JSON
 * @returns the genesis, judged as {@link checkGenesis} does
 * @throws PoaError `JSON_INVALID` for what is no JSON; else as {@link genesisFromJson}
 * @example
 * ```ts
 * import { genesisFromText } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * genesisFromText(genesisText).initialConfiguration.maxBlockNetUsage; // => 1048576n
 * ```
 * @see EOSIO, `genesis_state.hpp`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function genesisFromText(text: string): Genesis {
  const where = 'genesisFromText';
  if (typeof text !== 'string') throw wrongType(`${where}.text`, 'string', text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PoaError('JSON_INVALID', { where, expected: 'JSON', got: `${text.length} other characters`, cause });
  }
  return readGenesis(where, json);
}

/**
 * Reads a `genesis.json` that was parsed already.
 *
 * @param json - what `JSON.parse` gives; members beyond those of a genesis, such as `initial_chain_id`, are left alone
 * @returns the genesis, judged as {@link checkGenesis} does
 * @throws PoaError `JSON_INVALID` for a member that is missing or of another type; `TIME_INVALID`; `KEY_INVALID` and the like;
 * `PUBLIC_KEY_INVALID`; `GENESIS_INVALID` for limits that contradict each other
 * @example
 * ```ts
 * import { genesisFromJson, genesisFromText } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * genesisFromJson(JSON.parse(genesisText)); // => genesisFromText(genesisText)
 * ```
 * @see EOSIO, `genesis_state.hpp`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function genesisFromJson(json: unknown): Genesis {
  return readGenesis('genesisFromJson', json);
}

function readGenesis(where: string, json: unknown): Genesis {
  const object = readObject(where, json);
  const configuration = readObject(`${where}.initial_configuration`, member(object, 'initial_configuration'));
  const genesis = {
    initialTimestamp: readText(where, object, 'initial_timestamp', timeFromText),
    initialKey: readText(where, object, 'initial_key', publicKeyFromText),
    initialConfiguration: Object.fromEntries(
      CONFIGURATION_MEMBERS.map(([name, bits]) => {
        const at = `${where}.initial_configuration.${memberName(name)}`;
        return [name, readUint(at, member(configuration, memberName(name)), bits)];
      }),
    ) as unknown as ChainConfiguration,
  };
  assertGenesis(where, genesis);
  return genesis;
}

/** What a member is called in JSON. */
function memberName(name: keyof ChainConfiguration): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readText<T>(where: string, object: JsonObject, name: string, read: (text: string) => T): T {
  const text = member(object, name);
  const at = `${where}.${name}`;
  if (typeof text !== 'string') throw jsonInvalid(at, 'a text', text === undefined ? 'nothing' : typeof text);
  try {
    return read(text);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    throw new PoaError(error.code, { where: at, expected: error.expected, got: error.got });
  }
}

/** An unsigned integer, as a number or in decimal, as nodes take both. */
function readUint(where: string, value: unknown, bits: 16 | 32 | 64): number | bigint {
  let integer: bigint | undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) integer = BigInt(value);
  else if (typeof value === 'string' && INTEGER.test(value)) integer = BigInt(value);
  if (integer === undefined || integer < 0n || integer >> BigInt(bits) !== 0n) {
    const got = typeof value === 'number' ? `${value}` : value === undefined ? 'nothing' : typeof value;
    throw jsonInvalid(where, `an integer from 0 to 2^${bits} - 1`, got);
  }
  return bits === 64 ? integer : Number(integer);
}

/**
 * The contents of a `genesis.json`: the inverse of {@link genesisFromJson}.
 *
 * @param genesis - one that {@link checkGenesis} takes
 * @returns the contents, for `JSON.stringify`
 * @throws PoaError as {@link checkGenesis}
 * @example
 * ```ts
 * import { genesisFromText, genesisToJson } from 'poa-primitives/eosio';
 * import { genesisText } from './eosio-sample.js';
 *
 * genesisToJson(genesisFromText(genesisText)); // => JSON.parse(genesisText)
 * ```
 * @see EOSIO, `genesis_state.hpp`; [E10 Genesis](../RULES.md#e10-genesis)
 */
export function genesisToJson(genesis: Genesis): Readonly<Record<string, JsonValue>> {
  assertGenesis('genesisToJson', genesis);
  const { initialTimestamp, initialKey, initialConfiguration } = genesis;
  return {
    initial_timestamp: timeToText(initialTimestamp),
    initial_key: publicKeyToLegacyText(initialKey),
    initial_configuration: Object.fromEntries(
      CONFIGURATION_MEMBERS.map(([name]) => {
        const value = initialConfiguration[name];
        return [memberName(name), value > 0xffffffff ? `${value}` : Number(value)];
      }),
    ),
  };
}
