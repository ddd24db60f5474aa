/**
 * Reads of single values of a configuration: names, keys and amounts.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { wrongType } from '../../internal/bytes.js';
import { type Asset, type AssetSymbol, assetFromText, assetToText, symbolFromText } from '../encoding/asset.js';
import { checkPublicKey, publicKeyFromText, publicKeyToLegacyText } from '../encoding/key.js';
import { checkName } from '../encoding/name.js';
import { checkNoPrivateKey, describeText, hideSecrets } from './text.js';

/**
 * The name of an account that can be made: any name of 1 to 12 characters; where the tutorial's rule holds, of exactly 12 of a-z and 1-5.
 *
 * @see [E16 Accounts of the boot](../RULES.md#e16-accounts-of-the-boot)
 */
export function readAccountName(where: string, value: unknown, exactly12 = false): string {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  checkNoPrivateKey(where, value);
  checkName(where, value);
  if (value.length === 0 || value.length > 12)
    throw nameInvalid(where, 'a name of 1 to 12 characters', `${value.length} characters`);
  if (exactly12 && !/^[a-z1-5]{12}$/.test(value))
    throw nameInvalid(where, 'exactly 12 characters of a-z and 1-5', describeText(value));
  return value;
}

function nameInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('ACCOUNT_NAME_INVALID', { where, expected, got });
}

/** A public key, in the form that cleos prints. */
export function readPublicKey(where: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  checkNoPrivateKey(where, value);
  // Whatever else stands there may be a secret by mistake: no error repeats it.
  if (!/^(?:EOS|PUB_)/.test(value))
    throw new PoaError('KEY_INVALID', {
      where,
      expected: 'a public key: EOS…, PUB_K1_… or PUB_R1_…',
      got: `a text of ${value.length} characters`,
    });
  return locate(where, () => {
    const key = publicKeyFromText(value);
    checkPublicKey(key);
    return publicKeyToLegacyText(key);
  });
}

/** Runs what reads one value, and gives its errors the path of that value; a secret that stands there by mistake is not repeated. */
export function locate<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof PoaError)) throw cause;
    const { code, expected, got } = cause;
    // What stands behind the name of the function is the path inside of the value.
    const inner = /[.[].*$/.exec(cause.where)?.[0] ?? '';
    throw new PoaError(code, { where: `${where}${inner}`, expected: hideSecrets(expected), got: hideSecrets(got) });
  }
}

/** A symbol such as `4,SYS`. */
export function readSymbol(where: string, value: unknown): AssetSymbol {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  return locate(where, () => symbolFromText(value));
}

/** Units of an amount of the token; `least` is 1 for what must be something. */
export function readAmount(where: string, value: unknown, symbol: AssetSymbol, least: 0n | 1n): bigint {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  const asset = locate(where, () => assetFromText(value));
  if (asset.symbol.code !== symbol.code || asset.symbol.precision !== symbol.precision)
    throw new PoaError('SYMBOL_MISMATCH', {
      where,
      expected: `an amount of ${symbol.precision},${symbol.code}`,
      got: `one of ${asset.symbol.precision},${asset.symbol.code}`,
    });
  if (asset.amount < least)
    throw new PoaError('AMOUNT_INVALID', {
      where,
      expected: least === 0n ? 'an amount that is not negative' : 'an amount above 0',
      got: assetToText(asset),
    });
  return asset.amount;
}

/** Text of an amount in units. */
export function writeAmount(amount: bigint, symbol: AssetSymbol): string {
  const asset: Asset = { amount, symbol };
  return assetToText(asset);
}
