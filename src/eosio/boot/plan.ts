/**
 * The plan of a boot: from one node that produces for `eosio` to elected producers, as data that any tool can check, sign and run.
 *
 * @see the boot sequence tutorial
 * @module
 */

import { assertObject } from '../../internal/bytes.js';
import type { BootConfig } from './config.js';
import type { BootSequence } from './features.js';
import type { Funding } from './funds.js';
import {
  claimSteps,
  logSteps,
  proxySteps,
  registrationSteps,
  replaceSteps,
  resignSteps,
  stakeSteps,
  startSteps,
  transferSteps,
  vaultaSteps,
  voteSteps,
} from './networkSteps.js';
import { type NodesPlan, planNodes } from './nodes.js';
import {
  bootSteps,
  contractSteps,
  initSteps,
  type Maker,
  makerOf,
  systemAccountSteps,
  systemContractSteps,
  tokenSteps,
  walletSteps,
} from './phaseSteps.js';
import { listPhases } from './phases.js';
import { type Boot, readBoot } from './readConfig.js';
import type { BootPhaseName, BootStep } from './steps.js';
import type { Activation } from './votes.js';

/** Something that whoever boots should know; the boot goes on all the same. */
export type BootWarning =
  | {
      /** Votes do not reach activation, and `requireActivation` is off: `eosio` goes on producing alone. */
      readonly code: 'ACTIVATION_SHORT';
      /** Units that are missing. */
      readonly missing: bigint;
    }
  | {
      /** The funds of an account do not pay for its RAM, so that it is not created. */
      readonly code: 'ACCOUNT_SKIPPED';
      /** The account. */
      readonly name: string;
      /** Its funds, in units. */
      readonly funds: bigint;
      /** What RAM takes, in units. */
      readonly ram: bigint;
    }
  | {
      /** No vote names a registered producer. */
      readonly code: 'PRODUCER_WITHOUT_VOTES';
      /** The producer. */
      readonly name: string;
    }
  | {
      /** The genesis says another key than `eosio` has, as the tutorial's own does: no node takes a block that `eosio` signs. */
      readonly code: 'GENESIS_KEY_OTHER';
      /** Text of the key in the genesis. */
      readonly initialKey: string;
      /** Text of the key of `eosio`. */
      readonly rootKey: string;
    }
  | {
      /** So few producers get votes that the chain stops being final when one is down or lies. */
      readonly code: 'FEW_PRODUCERS';
      /** Producers with votes, of which at most 21 are elected. */
      readonly producers: number;
      /** From this many on, one may fail. */
      readonly needed: number;
    };

/** A boot. */
export interface BootPlan {
  /** Whose steps. */
  readonly sequence: BootSequence;
  /** 32 bytes, what transactions are signed for; null for a configuration without its genesis. */
  readonly chainId: Uint8Array | null;
  /** All of them in order. */
  readonly steps: readonly BootStep[];
  /** Who gets what, in units. */
  readonly funding: Funding;
  /** How far the votes go, in units. */
  readonly activation: Activation;
  /** The nodes; steps of the kind `node` start them. */
  readonly nodes: NodesPlan;
  /** What has to be filled in before all actions can be packed, in words, each once. */
  readonly missing: readonly string[];
  /** What should be known; those about nodes stand in `nodes.warnings`. */
  readonly warnings: readonly BootWarning[];
}

/** Producers with votes from which on one of them may fail. */
const FAULT_TOLERANT = 4;

const MAKERS: Readonly<Partial<Record<BootPhaseName, (make: Maker) => BootStep[]>>> = {
  wallet: walletSteps,
  boot: bootSteps,
  sys: systemAccountSteps,
  contracts: contractSteps,
  tokens: tokenSteps,
  'sys-contract': systemContractSteps,
  'init-sys-contract': initSteps,
  'A-tokens': vaultaSteps,
  stake: stakeSteps,
  'reg-prod': registrationSteps,
  'start-prod': startSteps,
  vote: voteSteps,
  claim: claimSteps,
  proxy: proxySteps,
  resign: resignSteps,
  'msg-replace': replaceSteps,
  xfer: transferSteps,
  log: logSteps,
};

/**
 * Plans the boot of a chain: every step of the tutorial, or of its scripts, with its reason, its actions as JSON and packed, and who signs. A
 * configuration that would not boot is refused, with the figure that is missing. The plan holds no private key and reads neither clock nor
 * chance: the same configuration gives the same plan.
 *
 * @param config - who gets what, who produces, who votes for whom
 * @returns the steps in order, the money, the nodes, and warnings as data
 * @throws PoaError in the order in which a boot needs things. Text: `CONFIG_INVALID` for an option that is none; `TEXT_UNSAFE`; `PRIVATE_KEY_GIVEN`;
 * `SYMBOL_INVALID`, `NAME_INVALID`, `KEY_INVALID` and others of their kind. Genesis: `JSON_INVALID`; `GENESIS_INVALID`; `GENESIS_KEY_MISMATCH`. Accounts: `ACCOUNT_NAME_INVALID`; `NAME_TAKEN`; `SYSTEM_ACCOUNT_MISSING`.
 * Producers: `PRODUCERS_MISSING`; `PRODUCER_UNKNOWN`; `PRODUCER_KEY_MISSING`; `URL_TOO_LONG`. Contracts: `CONTRACT_INVALID`; `JSON_INVALID` and `ABI_INVALID`; `FEATURE_INVALID`. Money:
 * `SYMBOL_MISMATCH`; `AMOUNT_INVALID`; `SUPPLY_EXCEEDED`; `WEIGHTS_INVALID`; `FUNDS_EXCEEDED`. Votes: `VOTER_UNKNOWN`; `VOTES_TOO_MANY`;
 * `VOTE_INVALID`; `ACTIVATION_UNREACHABLE`; `PROXY_SELF`. Nodes: what {@link planNodes} throws
 * @example
 * ```ts
 * import { planBoot, renderCleos } from 'poa-primitives/eosio';
 *
 * const plan = planBoot({
 *   rootKey: 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm',
 *   accounts: [{ name: 'accountnum11', publicKey: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt' }],
 *   producers: ['accountnum11'],
 *   votes: [{ voter: 'accountnum11', producers: ['accountnum11'] }],
 * });
 * plan.activation.missing; // => 0n
 * renderCleos(plan.steps[plan.steps.length - 1]); // => ['cleos system voteproducer prods accountnum11 accountnum11']
 * ```
 * @see the boot sequence tutorial; [E19 Order of the boot](../RULES.md#e19-order-of-the-boot)
 */
export function planBoot(config: BootConfig): BootPlan {
  const where = 'planBoot';
  const boot = readBoot(where, config);
  const { sequence, funding, activation } = boot;
  const nodes = planNodes({
    ...readNodes(config),
    sequence,
    bootKey: boot.rootKey,
    producers: boot.producers.map(({ name, publicKey, number, host }) => ({
      name,
      publicKey,
      ...(number === undefined ? {} : { number }),
      ...(host === undefined ? {} : { host }),
    })),
  });
  const keys = new Map<string, string | null>([['eosio', boot.rootKey]]);
  for (const { name, publicKey } of boot.systemAccounts) keys.set(name, publicKey);
  for (const { name, publicKey } of boot.accounts) keys.set(name, publicKey);
  const input = { boot, keys, nodes: nodes.nodes };
  const steps = listPhases(sequence).flatMap(({ command }) => MAKERS[command]?.(makerOf(input, command)) ?? []);
  const missing = new Set<string>();
  for (const { actions } of steps) for (const action of actions) for (const item of action.missing) missing.add(item);
  return {
    sequence,
    chainId: boot.genesis?.chainId ?? null,
    steps,
    funding,
    activation,
    nodes,
    missing: [...missing],
    warnings: listWarnings(boot),
  };
}

/** The options of nodes that a boot hands on. */
function readNodes({ nodes }: BootConfig): NonNullable<BootConfig['nodes']> {
  if (nodes === undefined) return {};
  assertObject('planBoot.nodes', nodes);
  const { topology, directory, genesis, keyOption, includeBootNode, httpBase, p2pBase } = nodes;
  const given = { topology, directory, genesis, keyOption, includeBootNode, httpBase, p2pBase };
  // What is undefined is left out, so that defaults hold.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function listWarnings({ activation, funding, votes, producers, genesis, rootKey }: Boot): BootWarning[] {
  const warnings: BootWarning[] = [];
  if (genesis !== null && genesis.initialKey !== rootKey)
    warnings.push({ code: 'GENESIS_KEY_OTHER', initialKey: genesis.initialKey, rootKey });
  if (activation.missing > 0n) warnings.push({ code: 'ACTIVATION_SHORT', missing: activation.missing });
  for (const skipped of funding.skipped) warnings.push({ code: 'ACCOUNT_SKIPPED', ...skipped });
  const named = new Set(votes.flatMap((vote) => vote.producers));
  for (const { name } of producers) if (!named.has(name)) warnings.push({ code: 'PRODUCER_WITHOUT_VOTES', name });
  if (named.size < FAULT_TOLERANT)
    warnings.push({ code: 'FEW_PRODUCERS', producers: named.size, needed: FAULT_TOLERANT });
  return warnings;
}
