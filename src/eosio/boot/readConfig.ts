/**
 * Reads and checks the configuration of a boot: what would not boot is refused before anyone starts a node.
 *
 * @see the boot sequence tutorial; EOSIO/eosio.contracts, `eosio.system` and `eosio.token`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertInteger, assertObject, wrongType } from '../../internal/bytes.js';
import { encodeUtf8 } from '../../internal/utf8.js';
import { MIN_ACTIVATED_STAKE } from '../election/activation.js';
import { URL_SIZE_LIMIT } from '../election/election.js';
import type { AssetSymbol } from '../encoding/asset.js';
import { computeChainId } from '../encoding/genesis.js';
import { genesisFromJson } from '../encoding/genesisJson.js';
import { publicKeyToLegacyText } from '../encoding/key.js';
import type { BootConfig, BootProxy, BootVote } from './config.js';
import { type BootContractName, type ContractToSet, readContracts } from './contracts.js';
import {
  type Replacement,
  readReplacement,
  readTransfers,
  readVaulta,
  type TransferRow,
  type VaultaToken,
} from './extras.js';
import { type BootSequence, checkSequence, listFeatures, type ProtocolFeature, readFeatures } from './features.js';
import { type Funding, readFunding } from './funds.js';
import { locate, readAccountName, readAmount, readPublicKey, readSymbol } from './read.js';
import { checkText } from './text.js';
import { type Activation, checkActivation, computeActivation, type Electorate, readProxy, readVotes } from './votes.js';

/** Names that exist before any action. */
const NATIVE_ACCOUNTS: readonly string[] = ['eosio', 'eosio.null', 'eosio.prods'];
const MANUAL_ACCOUNTS: readonly string[] = ['eosio.token', 'eosio.msig'];
const SCRIPT_ACCOUNTS: readonly string[] = [
  'eosio.bpay',
  'eosio.msig',
  'eosio.names',
  'eosio.ram',
  'eosio.ramfee',
  'eosio.saving',
  'eosio.stake',
  'eosio.token',
  'eosio.vpay',
  'eosio.rex',
];
const SPRING_ACCOUNTS: readonly string[] = [
  'eosio.fees',
  'eosio.reward',
  'eosio.wram',
  'eosio.reserv',
  'eosio.powup',
  'core.vaulta',
];
/** Accounts without which an action of the scripts fails. */
const NEEDED_ACCOUNTS: readonly string[] = [
  'eosio.msig',
  'eosio.token',
  'eosio.ram',
  'eosio.ramfee',
  'eosio.stake',
  'eosio.vpay',
  'eosio.bpay',
  'eosio.saving',
];
/** Bytes of RAM that the scripts buy for a proposal, and for the tables of `core.vaulta`. */
export const EXTRA_RAM_BYTES = 200_000;

/** An account with its key; null where the configuration leaves it open. */
export interface KeyedAccount {
  readonly name: string;
  readonly publicKey: string | null;
}

/** A producer, ready to be registered. */
export interface ProducerRow {
  readonly name: string;
  readonly publicKey: string;
  readonly url: string;
  readonly location: number;
  readonly number: number | undefined;
  readonly host: string | undefined;
}

/** A configuration that boots. */
export interface Boot {
  readonly sequence: BootSequence;
  readonly symbol: AssetSymbol;
  readonly memo: string;
  readonly rootKey: string;
  /** Null where the configuration leaves it open. */
  readonly genesis: { readonly chainId: Uint8Array; readonly initialKey: string } | null;
  readonly systemAccounts: readonly { readonly name: string; readonly publicKey: string }[];
  readonly contracts: ReadonlyMap<BootContractName, ContractToSet>;
  readonly features: readonly ProtocolFeature[];
  readonly privileged: readonly string[];
  readonly accounts: readonly KeyedAccount[];
  readonly producers: readonly ProducerRow[];
  readonly funding: Funding;
  readonly votes: readonly BootVote[];
  readonly activation: Activation;
  readonly claim: boolean;
  readonly proxy: Required<BootProxy> | undefined;
  readonly resign: boolean;
  readonly replacement: Replacement | undefined;
  readonly transfers: readonly TransferRow[];
  readonly vaulta: VaultaToken | undefined;
  readonly maxUserKeys: number;
}

/**
 * Reads a configuration of `planBoot`, in the order in which a boot needs things.
 *
 * @see [E21 What is refused](../RULES.md#e21-what-is-refused)
 */
export function readBoot(where: string, config: BootConfig): Boot {
  assertObject(where, config);
  const { sequence = 'manual', memo = 'memo', maxUserKeys = 10, requireActivation = true } = config;
  checkSequence(`${where}.sequence`, sequence);
  const isManual = sequence === 'manual';
  const { claim = !isManual, resign = !isManual } = config;
  checkFlag(`${where}.requireActivation`, requireActivation);
  checkFlag(`${where}.claim`, claim);
  checkFlag(`${where}.resign`, resign);
  assertInteger(`${where}.maxUserKeys`, maxUserKeys, 0, 1_000_000);
  checkMemo(`${where}.memo`, memo);
  const symbol = readSymbol(`${where}.symbol`, config.symbol ?? '4,SYS');
  const rootKey = readPublicKey(`${where}.rootKey`, config.rootKey);
  const genesis = config.genesis === undefined ? null : readGenesis(`${where}.genesis`, config.genesis);
  // The tutorial's own genesis names another key than its eosio has: there it is no more than a warning.
  if (genesis !== null && genesis.initialKey !== rootKey && !isManual)
    throw new PoaError('GENESIS_KEY_MISMATCH', {
      where: `${where}.genesis`,
      expected: `the key of eosio, ${rootKey}`,
      got: genesis.initialKey,
    });

  const taken = new Set(NATIVE_ACCOUNTS);
  const systemAccounts = readSystemAccounts(`${where}.systemAccounts`, config, rootKey, taken, sequence);
  const accounts = readAccounts(`${where}.accounts`, config.accounts, taken, isManual);
  const producers = readProducers(`${where}.producers`, config.producers, accounts);
  const contracts = readContracts(where, config);
  const features =
    config.features === undefined ? listFeatures(sequence) : readFeatures(`${where}.features`, config.features);
  if (isManual && features.length > 0)
    throw configInvalid(`${where}.features`, 'no features in the manual steps, which are older', `${features.length}`);
  const vaulta = readVaulta(`${where}.vaulta`, config.vaulta, sequence, taken);
  const privileged = readPrivileged(`${where}.privileged`, config.privileged, sequence, vaulta !== undefined, taken);

  const names = accounts.map(({ name }) => name);
  const producing = new Set(producers.map(({ name }) => name));
  const extraRam = [vaulta, config.replaceSystem].flatMap((extra) => (extra === undefined ? [] : [EXTRA_RAM_BYTES]));
  const funding = readFunding({ where, config, symbol, isManual, names, producers: producing, extraRam });
  const stakes = new Map(funding.accounts.map(({ name, stakeNet, stakeCpu }) => [name, stakeNet + stakeCpu]));
  for (const { name, funds } of funding.skipped)
    if (producing.has(name))
      throw new PoaError('FUNDS_EXCEEDED', {
        where: `${where}.producers`,
        expected: `funds of ${name} that pay for its RAM`,
        got: `${funds} units`,
      });

  const electorate: Electorate = { stakes, producers: producing };
  const votes = readVotes(`${where}.votes`, config.votes, electorate);
  const threshold =
    config.minActivatedStake === undefined
      ? MIN_ACTIVATED_STAKE
      : readAmount(`${where}.minActivatedStake`, config.minActivatedStake, symbol, 0n);
  const activation = computeActivation(votes, stakes, threshold);
  if (requireActivation) checkActivation(`${where}.votes`, votes, activation, symbol);
  if (resign && activation.missing > 0n)
    throw configInvalid(`${where}.resign`, 'votes that reach activation before eosio gives up its key', 'a shortfall');
  const first = producers[0]?.name ?? '';
  return {
    sequence,
    symbol,
    memo,
    rootKey,
    genesis,
    systemAccounts,
    contracts,
    features,
    privileged,
    accounts,
    producers,
    funding,
    votes,
    activation,
    claim,
    proxy: readProxy(`${where}.proxy`, config.proxy, electorate, first),
    resign,
    replacement: readReplacement(`${where}.replaceSystem`, config.replaceSystem, stakes, names[0] ?? '', resign),
    transfers: readTransfers(`${where}.transfers`, config.transfers ?? [], stakes, symbol),
    vaulta,
    maxUserKeys,
  };
}

function readGenesis(where: string, value: unknown): { chainId: Uint8Array; initialKey: string } {
  return locate(where, () => {
    const genesis = genesisFromJson(value);
    return { chainId: computeChainId(genesis), initialKey: publicKeyToLegacyText(genesis.initialKey) };
  });
}

function checkFlag(where: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw wrongType(where, 'boolean', value);
}

/** `eosio.token` refuses longer memos. */
function checkMemo(where: string, value: unknown): asserts value is string {
  if (value !== '') checkText(where, value);
  const size = encodeUtf8(value as string)?.length ?? 0;
  if (size > 256)
    throw new PoaError('TEXT_UNSAFE', { where, expected: 'a memo of at most 256 bytes', got: `${size} bytes` });
}

function takeName(where: string, name: string, taken: Set<string>): string {
  if (taken.has(name)) throw new PoaError('NAME_TAKEN', { where, expected: 'a name that is free', got: name });
  taken.add(name);
  return name;
}

function readSystemAccounts(
  where: string,
  config: BootConfig,
  rootKey: string,
  taken: Set<string>,
  sequence: BootSequence,
): { name: string; publicKey: string }[] {
  const given: unknown = config.systemAccounts ?? listSystemAccounts(sequence);
  assertArray(where, given);
  const rows = Array.from(given, (account: unknown, i) => {
    const at = `${where}[${i}]`;
    if (typeof account === 'string')
      return { name: takeName(at, readAccountName(at, account), taken), publicKey: rootKey };
    assertObject(at, account);
    const name = takeName(`${at}.name`, readAccountName(`${at}.name`, account.name), taken);
    return { name, publicKey: readPublicKey(`${at}.publicKey`, account.publicKey ?? rootKey) };
  });
  for (const needed of sequence === 'manual' ? MANUAL_ACCOUNTS : NEEDED_ACCOUNTS)
    if (!taken.has(needed)) throw accountMissing(where, needed, `${rows.length} without it`);
  return rows;
}

/**
 * The system accounts of a sequence, in the order in which its document creates them.
 *
 * @see [E16 Accounts of the boot](../RULES.md#e16-accounts-of-the-boot)
 */
export function listSystemAccounts(sequence: BootSequence): string[] {
  if (sequence === 'manual') return [...MANUAL_ACCOUNTS];
  return sequence === 'script' ? [...SCRIPT_ACCOUNTS] : [...SCRIPT_ACCOUNTS, ...SPRING_ACCOUNTS];
}

function readAccounts(where: string, value: unknown, taken: Set<string>, isManual: boolean): KeyedAccount[] {
  assertArray(where, value);
  return Array.from(value, (account: unknown, i) => {
    const at = `${where}[${i}]`;
    assertObject(at, account);
    const name = takeName(`${at}.name`, readAccountName(`${at}.name`, account.name, isManual), taken);
    const { publicKey } = account;
    return { name, publicKey: publicKey === undefined ? null : readPublicKey(`${at}.publicKey`, publicKey) };
  });
}

function readProducers(where: string, value: unknown, accounts: readonly KeyedAccount[]): ProducerRow[] {
  assertArray(where, value);
  if (value.length === 0)
    throw new PoaError('PRODUCERS_MISSING', { where, expected: 'at least 1 producer', got: 'none, 1 too few' });
  const keys = new Map(accounts.map(({ name, publicKey }) => [name, publicKey]));
  const seen = new Set<string>();
  return Array.from(value, (item: unknown, i) => {
    const at = `${where}[${i}]`;
    const producer: unknown = typeof item === 'string' ? { name: item } : item;
    assertObject(at, producer);
    const name = readAccountName(`${at}.name`, producer.name);
    const publicKey = keys.get(name);
    if (publicKey === undefined)
      throw new PoaError('PRODUCER_UNKNOWN', { where: at, expected: 'one of the accounts', got: name });
    if (publicKey === null)
      throw new PoaError('PRODUCER_KEY_MISSING', { where: at, expected: `a public key of ${name}`, got: 'none' });
    takeName(at, name, seen);
    const { location = 0, url = `https://${name}.com/${publicKey}`, number, host } = producer;
    assertInteger(`${at}.location`, location, 0, 65_535);
    checkUrl(`${at}.url`, url);
    return { name, publicKey, url, location, number: number as number | undefined, host: host as string | undefined };
  });
}

function checkUrl(where: string, value: unknown): asserts value is string {
  checkText(where, value);
  const size = encodeUtf8(value)?.length ?? 0;
  if (size >= URL_SIZE_LIMIT)
    throw new PoaError('URL_TOO_LONG', {
      where,
      expected: `a URL below ${URL_SIZE_LIMIT} bytes`,
      got: `${size} bytes`,
    });
  if (value.startsWith('-'))
    throw new PoaError('TEXT_UNSAFE', { where, expected: 'a URL that does not begin with -', got: 'one that does' });
}

function readPrivileged(
  where: string,
  value: unknown,
  sequence: BootSequence,
  hasVaulta: boolean,
  taken: ReadonlySet<string>,
): string[] {
  const byDefault = sequence === 'script' ? ['eosio.msig'] : hasVaulta ? ['eosio.msig', 'core.vaulta'] : [];
  const given: unknown = value ?? byDefault;
  assertArray(where, given);
  const seen = new Set<string>();
  return Array.from(given, (item: unknown, i) => {
    const name = readAccountName(`${where}[${i}]`, item);
    if (!taken.has(name)) throw accountMissing(`${where}[${i}]`, name, 'none of that name');
    return takeName(`${where}[${i}]`, name, seen);
  });
}

function accountMissing(where: string, needed: string, got: string): PoaError {
  return new PoaError('SYSTEM_ACCOUNT_MISSING', { where, expected: `an account ${needed}`, got });
}

function configInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('CONFIG_INVALID', { where, expected, got });
}
