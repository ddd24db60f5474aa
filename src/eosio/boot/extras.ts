/**
 * What a boot may do besides: replacing the system contract by a proposal, transfers, and the token of `core.vaulta`.
 *
 * @see EOSIO/eos and AntelopeIO/spring, bios-boot-tutorial.py, steps `msg-replace`, `xfer` and `A-tokens`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertObject, copyOf, wrongType } from '../../internal/bytes.js';
import type { AssetSymbol } from '../encoding/asset.js';
import { assetFromText, assetToText } from '../encoding/asset.js';
import { timeFromText } from '../encoding/time.js';
import { checkCode } from './contracts.js';
import type { BootSequence } from './features.js';
import { locate, readAccountName, readAmount, writeAmount } from './read.js';
import { describeText } from './text.js';

/** A proposal that replaces the system contract. */
export interface Replacement {
  readonly code: Uint8Array;
  readonly expiration: string;
  readonly proposer: string;
  readonly proposalName: string;
}

/** A transfer, its quantity as text. */
export interface TransferRow {
  readonly from: string;
  readonly to: string;
  readonly quantity: string;
}

/** The token of `core.vaulta`. */
export interface VaultaToken {
  readonly maximumSupply: string;
}

/** The proposal of a configuration. */
export function readReplacement(
  where: string,
  value: unknown,
  stakes: ReadonlyMap<string, bigint>,
  first: string,
  resigned: boolean,
): Replacement | undefined {
  if (value === undefined) return undefined;
  assertObject(where, value);
  const { code, expiration, proposalName = 'fast.unstake' } = value;
  checkCode(`${where}.code`, code);
  if (typeof expiration !== 'string') throw wrongType(`${where}.expiration`, 'string', expiration);
  locate(`${where}.expiration`, () => timeFromText(expiration));
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(expiration))
    throw configInvalid(`${where}.expiration`, 'a time in whole seconds without a zone', describeText(expiration));
  if (!resigned)
    throw configInvalid(`${where}`, 'that eosio has resigned, so that producers decide for it', 'resign: false');
  return {
    code: copyOf(code),
    expiration,
    proposer: readKnown(`${where}.proposer`, value.proposer ?? first, stakes),
    proposalName: readAccountName(`${where}.proposalName`, proposalName),
  };
}

/** The transfers of a configuration. */
export function readTransfers(
  where: string,
  value: unknown,
  stakes: ReadonlyMap<string, bigint>,
  symbol: AssetSymbol,
): TransferRow[] {
  assertArray(where, value);
  return Array.from(value, (transfer: unknown, i) => {
    const at = `${where}[${i}]`;
    assertObject(at, transfer);
    const from = readKnown(`${at}.from`, transfer.from, stakes);
    const to = readKnown(`${at}.to`, transfer.to, stakes);
    if (from === to) throw configInvalid(`${at}.to`, 'another than who sends', from);
    const { quantity = writeAmount(1n, symbol) } = transfer;
    return { from, to, quantity: writeAmount(readAmount(`${at}.quantity`, quantity, symbol, 1n), symbol) };
  });
}

/** The token of `core.vaulta` of a configuration. */
export function readVaulta(
  where: string,
  value: unknown,
  sequence: BootSequence,
  taken: ReadonlySet<string>,
): VaultaToken | undefined {
  if (value === undefined) return undefined;
  assertObject(where, value);
  if (sequence !== 'spring') throw configInvalid(where, 'the sequence spring for core.vaulta', sequence);
  if (!taken.has('core.vaulta'))
    throw new PoaError('SYSTEM_ACCOUNT_MISSING', { where, expected: 'an account core.vaulta', got: 'none' });
  const { maximumSupply = '2100000000.0000 A' } = value;
  if (typeof maximumSupply !== 'string') throw wrongType(`${where}.maximumSupply`, 'string', maximumSupply);
  const asset = locate(`${where}.maximumSupply`, () => assetFromText(maximumSupply));
  if (asset.amount <= 0n)
    throw new PoaError('AMOUNT_INVALID', {
      where: `${where}.maximumSupply`,
      expected: 'an amount above 0',
      got: assetToText(asset),
    });
  return { maximumSupply: assetToText(asset) };
}

function readKnown(where: string, value: unknown, stakes: ReadonlyMap<string, bigint>): string {
  const name = readAccountName(where, value);
  if (!stakes.has(name)) throw configInvalid(where, 'an account of this boot', name);
  return name;
}

function configInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('CONFIG_INVALID', { where, expected, got });
}
