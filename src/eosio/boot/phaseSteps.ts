/**
 * The steps of each phase of a boot, up to the contracts and the token.
 *
 * @see the boot sequence tutorial; EOSIO/eos and AntelopeIO/spring, bios-boot-tutorial.py
 * @module
 */

import type { BootContractName, ContractToSet } from './contracts.js';
import { PREACTIVATE_FEATURE } from './features.js';
import { keyPlaceholder, type NodePlan } from './nodeFiles.js';
import { writeAmount } from './read.js';
import type { Boot } from './readConfig.js';
import type { BootPhaseName, BootQuery, BootStep, PlannedAction, StepAuthority, WalletOperation } from './steps.js';
import {
  planAddCode,
  planContract,
  planCreateToken,
  planIssue,
  planNewAccount,
  planSystemAction,
} from './transactions.js';

/** What the steps are made from. */
export interface PhaseInput {
  readonly boot: Boot;
  /** The key of each account; null for one that is left open. */
  readonly keys: ReadonlyMap<string, string | null>;
  readonly nodes: readonly NodePlan[];
}

/** Makes the steps of one phase; each maker fills in what all steps share. */
export interface Maker {
  readonly boot: Boot;
  readonly keys: ReadonlyMap<string, string | null>;
  readonly nodes: readonly NodePlan[];
  transaction(
    reason: string,
    actions: readonly PlannedAction[],
    more?: { directory?: string; waitAfter?: number },
  ): BootStep;
  wallet(reason: string, operations: readonly WalletOperation[]): BootStep;
  node(reason: string, nodes: readonly NodePlan[], waitAfter: number): BootStep;
  api(reason: string, http: string, path: string, body: { readonly [name: string]: readonly string[] }): BootStep;
  query(reason: string, query: BootQuery, waitAfter?: number): BootStep;
}

/** The maker of a phase. */
export function makerOf({ boot, keys, nodes }: PhaseInput, phase: BootPhaseName): Maker {
  const base = { sequence: boot.sequence, phase, waitAfter: 0, actions: [], authority: [] };
  return {
    boot,
    keys,
    nodes,
    wallet: (reason, operations) => ({ ...base, kind: 'wallet', reason, operations }),
    node: (reason, started, waitAfter) => ({ ...base, kind: 'node', reason, nodes: started, waitAfter }),
    api: (reason, http, path, body) => ({ ...base, kind: 'producer-api', reason, http, path, body, waitAfter: 3_000 }),
    query: (reason, query, waitAfter = 0) => ({ ...base, kind: 'query', reason, query, waitAfter }),
    transaction: (reason, actions, more = {}) => ({
      ...base,
      ...more,
      kind: 'transaction',
      reason,
      actions,
      authority: authorityOf(keys, actions),
    }),
  };
}

/** Everyone whose permission an action of the transaction names, once, with the key that they have. */
function authorityOf(keys: ReadonlyMap<string, string | null>, actions: readonly PlannedAction[]): StepAuthority[] {
  const levels = new Map<string, StepAuthority>();
  for (const { authorization } of actions)
    for (const { actor, permission } of authorization)
      levels.set(`${actor}@${permission}`, { actor, permission, publicKey: keys.get(actor) ?? null });
  return [...levels.values()];
}

function importKey(account: string, publicKey: string | null): WalletOperation {
  return { operation: 'import-key', account, publicKey, keyPlaceholder: keyPlaceholder(account) };
}

/** A key pair for an account, as each gets one in the manual steps. */
export function makeKey(make: Maker, account: string): BootStep {
  const publicKey = make.keys.get(account) ?? null;
  return make.wallet(`${account} needs a key of its own, and the wallet has to sign with it`, [
    { operation: 'create-key', account, publicKey },
    importKey(account, publicKey),
  ]);
}

/** Phase `wallet`. */
export function walletSteps(make: Maker): BootStep[] {
  const { boot } = make;
  if (boot.sequence === 'manual')
    return [
      make.wallet('one wallet holds every key of the tutorial', [{ operation: 'create-wallet' }]),
      // The tutorial does not show the import, yet no action of eosio is signed without it.
      make.wallet('the key that nodeos comes with is known to all, so eosio gets another', [
        { operation: 'create-key', account: 'eosio', publicKey: boot.rootKey },
        importKey('eosio', boot.rootKey),
      ]),
    ];
  const imported = new Set<string>();
  const operations: WalletOperation[] = [{ operation: 'create-wallet' }, importKey('eosio', boot.rootKey)];
  const importOf = (account: string, publicKey: string | null): void => {
    imported.add(publicKey ?? account);
    operations.push(importKey(account, publicKey));
  };
  for (const { name, publicKey } of boot.accounts) {
    if (imported.has(publicKey ?? name)) continue;
    if (imported.size >= boot.maxUserKeys) break;
    importOf(name, publicKey);
  }
  for (const { name, publicKey } of boot.producers) if (!imported.has(publicKey)) importOf(name, publicKey);
  const own = new Set([boot.rootKey]);
  for (const { name, publicKey } of boot.systemAccounts)
    if (!own.has(publicKey)) {
      own.add(publicKey);
      operations.push(importKey(name, publicKey));
    }
  return [
    make.wallet(
      `the wallet signs for eosio, for every producer and for accounts with up to ${boot.maxUserKeys} keys`,
      operations,
    ),
  ];
}

/** Phase `boot`. */
export function bootSteps(make: Maker): BootStep[] {
  const nodes = make.nodes.filter(({ role }) => role === 'boot');
  return [make.node('the first node begins the chain and produces for eosio', nodes, waitOf(make, 10_000))];
}

/** What the scripts wait; the manual steps leave it to who types them. */
export function waitOf({ boot }: Maker, milliseconds: number): number {
  return boot.sequence === 'manual' ? 0 : milliseconds;
}

/** Creation of one system account. */
function systemAccountStep(make: Maker, name: string): BootStep {
  return make.transaction(`the system contracts need the account ${name}`, [
    planNewAccount({ name, publicKey: make.keys.get(name) ?? null }),
  ]);
}

/** Phase `sys`. */
export function systemAccountSteps(make: Maker): BootStep[] {
  return make.boot.systemAccounts.map(({ name }) => systemAccountStep(make, name));
}

function contractOf({ boot }: Maker, name: BootContractName): ContractToSet {
  const contract = boot.contracts.get(name);
  if (contract === undefined) throw new TypeError(`no contract ${name}`);
  return contract;
}

function contractStep(make: Maker, reason: string, name: BootContractName, waitAfter = 0): BootStep {
  const contract = contractOf(make, name);
  return make.transaction(reason, planContract(contract), { directory: contract.directory, waitAfter });
}

const CONTRACT_REASONS: Readonly<Record<'token' | 'msig', string>> = {
  token: 'eosio.token keeps the balances',
  msig: 'eosio.msig lets several accounts agree on a transaction',
};

/** Phase `contracts`; in the manual steps each account is created, with a key of its own, right before its contract. */
export function contractSteps(make: Maker): BootStep[] {
  const named = (['token', 'msig'] as const).map((name) => contractStep(make, CONTRACT_REASONS[name], name));
  if (make.boot.sequence !== 'manual') return named;
  const { rootKey, systemAccounts } = make.boot;
  return systemAccounts.flatMap(({ name, publicKey }) => [
    ...(publicKey === rootKey ? [] : [makeKey(make, name)]),
    systemAccountStep(make, name),
    ...named.filter((_, i) => name === ['eosio.token', 'eosio.msig'][i]),
  ]);
}

/** Phase `tokens`. */
export function tokenSteps(make: Maker): BootStep[] {
  const { symbol, memo, funding } = make.boot;
  const maximum = writeAmount(funding.maximumSupply, symbol);
  const issued = writeAmount(funding.issued, symbol);
  return [
    make.transaction(`the currency can never be more than ${maximum}`, [planCreateToken(maximum)]),
    make.transaction(`eosio gets ${issued} to share out`, [planIssue(issued, memo)], {
      waitAfter: waitOf(make, 1_000),
    }),
  ];
}

/** Phase `sys-contract`. */
export function systemContractSteps(make: Maker): BootStep[] {
  const { boot, nodes } = make;
  const system = 'from here on accounts stake and vote';
  const steps: BootStep[] = [];
  if (boot.sequence !== 'manual') {
    const http = nodes.find(({ role }) => role === 'boot')?.http ?? '';
    steps.push(
      make.api(
        `${PREACTIVATE_FEATURE.feature} lets a contract activate the other features`,
        http,
        '/v1/producer/schedule_protocol_feature_activations',
        { protocol_features_to_activate: [PREACTIVATE_FEATURE.digest] },
      ),
      contractStep(make, 'eosio.boot activates features before the system contract is there', 'boot', 3_000),
      ...boot.features.map(({ feature, digest }, i) =>
        make.transaction(
          `${feature} is off until it is activated`,
          [planSystemAction('activate', { feature_digest: digest })],
          { waitAfter: i === boot.features.length - 1 ? 1_000 : 0 },
        ),
      ),
    );
  }
  steps.push(contractStep(make, system, 'system'));
  for (const account of boot.privileged)
    steps.push(
      make.transaction(`${account} acts for accounts that agreed to it, so it has to be privileged`, [
        planSystemAction('setpriv', { account, is_priv: 1 }),
      ]),
    );
  if (boot.vaulta !== undefined)
    steps.push(
      make.transaction('the code of core.vaulta acts for core.vaulta', [
        planAddCode(make.keys.get('core.vaulta') ?? boot.rootKey),
      ]),
      contractStep(make, 'core.vaulta wraps the system contract', 'vaulta', 3_000),
    );
  return steps;
}

/** Phase `init-sys-contract`. */
export function initSteps(make: Maker): BootStep[] {
  const { precision, code } = make.boot.symbol;
  return [
    make.transaction(
      `${code} becomes the token that is staked, and RAM gets its market`,
      [planSystemAction('init', { version: 0, core: `${precision},${code}` })],
      { waitAfter: 1_000 },
    ),
  ];
}
