/**
 * Who gets what: funds of every account of a boot, what of them is staked, and whether what is issued pays for all of it.
 *
 * @see the boot sequence tutorial, "Create staked accounts"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, wrongType } from '../../internal/bytes.js';
import type { AssetSymbol } from '../encoding/asset.js';
import { ACCOUNT_RAM_BYTES, type BootConfig } from './config.js';
import { readAmount, writeAmount } from './read.js';
import { allocateFunds, computeParetoWeights, computeStakeSplit, distributeFunds, type StakeSplit } from './stake.js';

/** Bytes of RAM that a chain begins with: 64 GiB. */
const RAM_SIZE = 68_719_476_736n;
/** The most RAM that one purchase of a configuration may ask for. */
const MAX_RAM_BYTES = 2_147_483_647;
/** Units beyond which no asset goes. */
const MAX_AMOUNT = 4_611_686_018_427_387_903n;

/** How RAM is bought for an account. */
export type RamPurchase =
  | {
      /** As many bytes, whatever they cost. */
      readonly bytes: number;
    }
  | {
      /** As much as so many units pay for. */
      readonly funds: bigint;
    };

/** An account that is not created, since its funds do not pay for its RAM. */
export interface SkippedAccount {
  /** The account. */
  readonly name: string;
  /** Its funds, in units. */
  readonly funds: bigint;
  /** What RAM takes, in units. */
  readonly ram: bigint;
}

/** What an account gets. */
export interface AccountFunds extends StakeSplit {
  /** The account. */
  readonly name: string;
}

/** The money of a boot, in units. */
export interface Funding {
  /** Every account but those that were skipped, in the order of the configuration. */
  readonly accounts: readonly AccountFunds[];
  /** Accounts whose funds do not pay for their RAM. */
  readonly skipped: readonly SkippedAccount[];
  /** The most that can ever be. */
  readonly maximumSupply: bigint;
  /** What is issued. */
  readonly issued: bigint;
  /** The most that RAM bought by bytes costs `eosio`. */
  readonly ramCost: bigint;
  /** What `eosio` keeps. */
  readonly remaining: bigint;
  /** How RAM is bought. */
  readonly ram: RamPurchase;
}

/** What the money is shared out by; names and producers are checked before. */
export interface FundingRequest {
  readonly where: string;
  readonly config: BootConfig;
  readonly symbol: AssetSymbol;
  readonly isManual: boolean;
  readonly names: readonly string[];
  readonly producers: ReadonlySet<string>;
  /** Bytes of RAM bought besides those of the accounts. */
  readonly extraRam: readonly number[];
}

/** Reads all amounts of a configuration and shares out the tokens. */
export function readFunding(request: FundingRequest): Funding {
  const { where, config, symbol, isManual, names, producers, extraRam } = request;
  const unit = 10n ** BigInt(symbol.precision);
  /** An amount, or this many ten thousandths of a token. */
  const amount = (name: string, value: unknown, tenThousandths: bigint, least: 0n | 1n): bigint => {
    if (value !== undefined) return readAmount(`${where}.${name}`, value, symbol, least);
    const units = (tenThousandths * unit) / 10_000n;
    if (units <= MAX_AMOUNT) return units;
    throw amountInvalid(`${where}.${name}`, 'an amount, since the one by default does not fit the precision', 'none');
  };
  const maximumSupply = amount('maximumSupply', config.maximumSupply, 100_000_000_000_000n, 1n);
  const ram = readRam(`${where}.ram`, config.ram, symbol, isManual);
  const options = {
    ramFunds: 'funds' in ram ? ram.funds : 0n,
    minStake: amount('minStake', config.minStake, isManual ? 0n : 9_000n, 0n),
    maxUnstaked: amount('maxUnstaked', config.maxUnstaked, isManual ? 0n : 100_000n, 0n),
  };
  const minProducerFunds = amount('minProducerFunds', config.minProducerFunds, isManual ? 0n : 10_000_000n, 0n);
  const givenIssue = config.issue === undefined ? undefined : amount('issue', config.issue, 0n, 1n);
  const billion = (): bigint => amount('distribute', undefined, 10_000_000_000_000n, 1n);
  const issue = givenIssue ?? (isManual ? billion() : undefined);

  const own = readOwn(`${where}.accounts`, config.accounts, symbol);
  // A stake that is given is staked whole: its RAM comes on top.
  const onTop = 'funds' in ram ? ram.funds : 0n;
  const spent = own.reduce((sum, each) => sum + (each?.funds ?? 0n) + (each?.split === undefined ? 0n : onTop), 0n);
  const sharing = names.flatMap((name, i) => (own[i] === undefined ? [name] : []));
  // RAM bought by bytes is paid from what is issued and not shared out.
  const bytes = 'bytes' in ram ? [...names.map(() => ram.bytes), ...extraRam] : extraRam;
  const fixedCost = issue === undefined ? 0n : computeRamCost(issue, bytes);
  const distribute =
    config.distribute === undefined
      ? atLeastNothing((issue ?? billion()) - spent - fixedCost)
      : amount('distribute', config.distribute, 0n, 0n);
  const shares = shareOut(where, config.weights, sharing, distribute, unit, issue !== undefined).map((share, i) =>
    producers.has(sharing[i] ?? '') && share < minProducerFunds ? minProducerFunds : share,
  );
  let next = 0;
  const accounts: AccountFunds[] = [];
  const skipped: SkippedAccount[] = [];
  names.forEach((name, i) => {
    const fixed = own[i];
    const funds = fixed?.funds ?? shares[next++] ?? 0n;
    const split = fixed?.split ?? computeStakeSplit(funds, options);
    if (split === undefined) skipped.push({ name, funds, ram: options.ramFunds });
    else if (fixed?.split !== undefined) accounts.push({ name, ...split, funds: funds + onTop, ram: onTop });
    else accounts.push({ name, ...split });
  });
  // What skipped accounts would have got is issued all the same, as the script does.
  const needed = accounts.reduce(
    (sum, { funds }) => sum + funds,
    skipped.reduce((sum, { funds }) => sum + funds, 0n),
  );
  // Where the issue follows from what is needed, RAM adds so little to it that a thousandth more is on the safe side.
  const ramCost = issue === undefined ? computeRamCost(needed + needed / 1_000n, bytes) : fixedCost;
  const issued = issue ?? needed + ramCost;
  if (issued > maximumSupply) throw supplyExceeded(where, issued, maximumSupply, symbol);
  if (issued === 0n) throw amountInvalid(`${where}.issue`, 'an amount above 0', 'nothing to share out');
  if (needed + ramCost > issued)
    throw new PoaError('FUNDS_EXCEEDED', {
      where,
      expected: `at most ${writeAmount(issued, symbol)}, which is issued, for funds and RAM`,
      got: `${describeAmount(needed, symbol)} and ${describeAmount(ramCost, symbol)}, ${describeAmount(needed + ramCost - issued, symbol)} too much`,
    });
  return { accounts, skipped, maximumSupply, issued, ramCost, remaining: issued - needed - ramCost, ram };
}

/** An amount for the text of an error; sums may be more than an asset holds. */
export function describeAmount(units: bigint, symbol: AssetSymbol): string {
  return units <= MAX_AMOUNT ? writeAmount(units, symbol) : `${units} units of ${symbol.code}`;
}

function readRam(where: string, value: unknown, symbol: AssetSymbol, isManual: boolean): RamPurchase {
  if (value === undefined)
    return isManual ? { bytes: ACCOUNT_RAM_BYTES } : { funds: atLeastOne(10n ** BigInt(symbol.precision) / 10n) };
  assertObject(where, value);
  const { bytes, funds } = value;
  if ((bytes === undefined) === (funds === undefined))
    throw new PoaError('CONFIG_INVALID', {
      where,
      expected: 'bytes or funds',
      got: bytes === undefined ? 'neither' : 'both',
    });
  if (funds !== undefined) return { funds: readAmount(`${where}.funds`, funds, symbol, 1n) };
  assertInteger(`${where}.bytes`, bytes, 1, MAX_RAM_BYTES);
  return { bytes };
}

function atLeastNothing(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}

function atLeastOne(amount: bigint): bigint {
  return amount > 0n ? amount : 1n;
}

/** The amounts that accounts have of their own; undefined for those that get a share. */
function readOwn(
  where: string,
  accounts: readonly unknown[],
  symbol: AssetSymbol,
): ({ funds: bigint; split?: StakeSplit } | undefined)[] {
  return Array.from(accounts, (account, i) => {
    const at = `${where}[${i}]`;
    assertObject(at, account);
    const { funds, stake } = account;
    if (stake === undefined)
      return funds === undefined ? undefined : { funds: readAmount(`${at}.funds`, funds, symbol, 1n) };
    if (funds !== undefined)
      throw new PoaError('CONFIG_INVALID', { where: at, expected: 'funds or stake', got: 'both' });
    assertObject(`${at}.stake`, stake);
    const stakeNet = readAmount(`${at}.stake.net`, stake.net, symbol, 0n);
    const stakeCpu = readAmount(`${at}.stake.cpu`, stake.cpu, symbol, 0n);
    const all = stakeNet + stakeCpu;
    if (all === 0n) throw amountInvalid(`${at}.stake`, 'a stake above 0', '0 for network and CPU');
    return { funds: all, split: { funds: all, ram: 0n, stakeNet, stakeCpu, unstaked: 0n } };
  });
}

/** Shares an amount among some accounts, the first of which gets the most. */
function shareOut(
  where: string,
  weights: unknown,
  sharing: readonly string[],
  distribute: bigint,
  unit: bigint,
  isFixed: boolean,
): readonly bigint[] {
  if (weights === undefined)
    return sharing.length === 0 ? [] : distributeFunds(computeParetoWeights(sharing.length), distribute);
  assertArray(`${where}.weights`, weights);
  if (weights.length !== sharing.length)
    throw new PoaError('WEIGHTS_INVALID', {
      where: `${where}.weights`,
      expected: `${sharing.length} weights, one for each account without an amount of its own`,
      got: `${weights.length}`,
    });
  const numbers = Array.from(weights, (weight: unknown, i) => {
    if (typeof weight !== 'number') throw wrongType(`${where}.weights[${i}]`, 'number', weight);
    return weight;
  });
  // Where the amount is all there is, no rounding may go beyond it; where the issue follows from the shares, they are the script's.
  if (isFixed) return distributeFunds(toIntegers(`${where}.weights`, numbers), distribute);
  const tokens = Number(distribute) / Number(unit);
  return allocateFunds({ weights: numbers, tokens, unitsPerToken: Number(unit) }).funds;
}

/** Weights as integers of 53 bits, the greatest first. */
function toIntegers(where: string, weights: readonly number[]): bigint[] {
  const sorted = [...weights].sort((a, b) => b - a);
  const greatest = sorted[0] ?? 0;
  if (!sorted.every((weight) => weight >= 0 && weight < Number.POSITIVE_INFINITY))
    throw new PoaError('WEIGHTS_INVALID', { where, expected: 'weights of at least 0', got: 'another number' });
  return sorted.map((weight) => (greatest === 0 ? 0n : BigInt(Math.floor((weight / greatest) * 2 ** 53))));
}

/**
 * The most that these purchases of RAM cost, in this order and with the fee of 0.5%, each rounded up: the market begins with all the RAM against a
 * thousandth of the supply.
 *
 * @see [E17 Cost of RAM](../RULES.md#e17-cost-of-ram)
 */
export function computeRamCost(supply: bigint, purchases: readonly number[]): bigint {
  let left = RAM_SIZE;
  let paid = supply / 1_000n;
  let cost = 0n;
  for (const bytes of purchases) {
    const wanted = BigInt(bytes);
    if (wanted >= left)
      throw new PoaError('FUNDS_EXCEEDED', {
        where: 'planBoot.ram',
        expected: `less than the ${left} bytes of RAM that are left`,
        got: `${wanted} bytes`,
      });
    const price = (paid * wanted) / (left - wanted) + 1n;
    // Rounded up once by the market and once by the fee.
    cost += (price * 1_000n) / 995n + 1n;
    paid += price;
    left -= wanted;
  }
  return cost;
}

function supplyExceeded(where: string, issue: bigint, maximum: bigint, symbol: AssetSymbol): PoaError {
  return new PoaError('SUPPLY_EXCEEDED', {
    where,
    expected: `an issue of at most ${writeAmount(maximum, symbol)}, the maximum supply`,
    got: `${describeAmount(issue, symbol)}, ${describeAmount(issue - maximum, symbol)} more`,
  });
}

function amountInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('AMOUNT_INVALID', { where, expected, got });
}
