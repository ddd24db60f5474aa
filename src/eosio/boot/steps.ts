/**
 * The steps of a boot as plain data: what each is for, its actions as JSON and packed, and who signs.
 *
 * @see the boot sequence tutorial
 * @module
 */

import type { AbiValue } from '../encoding/abiBuiltIn.js';
import { type PermissionLevel, serializeActionData } from '../encoding/action.js';
import type { BootSequence } from './features.js';
import type { NodePlan } from './nodeFiles.js';

/** The commands of the scripts, each of which is a phase of a boot; the manual steps go through some of them. */
export type BootPhaseName =
  | 'kill'
  | 'wallet'
  | 'boot'
  | 'sys'
  | 'contracts'
  | 'tokens'
  | 'sys-contract'
  | 'init-sys-contract'
  | 'A-tokens'
  | 'stake'
  | 'reg-prod'
  | 'start-prod'
  | 'vote'
  | 'claim'
  | 'proxy'
  | 'resign'
  | 'msg-replace'
  | 'xfer'
  | 'log';

/** An action, as JSON and packed. */
export interface PlannedAction {
  /** The contract. */
  readonly account: string;
  /** Name of the action. */
  readonly name: string;
  /** Who authorises it. */
  readonly authorization: readonly PermissionLevel[];
  /** Arguments by the names that the ABI gives them. */
  readonly args: { readonly [name: string]: AbiValue };
  /** The arguments packed; null while something is missing. */
  readonly data: Uint8Array | null;
  /** What has to be filled in for the placeholders among the arguments, in words. */
  readonly missing: readonly string[];
}

/** Who signs. */
export interface StepAuthority extends PermissionLevel {
  /** Text of the key that it has at that moment; null for one that the configuration leaves open. */
  readonly publicKey: string | null;
}

/** Something to do with the wallet. */
export type WalletOperation =
  | {
      /** Make the wallet itself. */
      readonly operation: 'create-wallet';
    }
  | {
      /** Make a key pair, or take out the one that was made. */
      readonly operation: 'create-key';
      /** Whose. */
      readonly account: string;
      /** Text of the public key, where it is known. */
      readonly publicKey: string | null;
    }
  | {
      /** Let the wallet sign with a key. */
      readonly operation: 'import-key';
      /** Whose. */
      readonly account: string;
      /** Text of the public key, where it is known. */
      readonly publicKey: string | null;
      /** What stands for the private key: a plan never holds it. */
      readonly keyPlaceholder: string;
    };

/** Something to look at. */
export type BootQuery =
  | {
      /** The registered producers. */
      readonly show: 'producers';
    }
  | {
      /** An account with its keys. */
      readonly show: 'account';
      /** Its name. */
      readonly account: string;
    }
  | {
      /** The end of a log. */
      readonly show: 'log';
      /** Its path. */
      readonly file: string;
    };

/** What every step has. */
export interface BootStepBase {
  /** Whose steps. */
  readonly sequence: BootSequence;
  /** The phase that it is part of. */
  readonly phase: BootPhaseName;
  /** What it is for. */
  readonly reason: string;
  /** Milliseconds to wait after it. */
  readonly waitAfter: number;
  /** Its actions, all in one transaction; none in a step that is no transaction. */
  readonly actions: readonly PlannedAction[];
  /** Who signs that transaction. */
  readonly authority: readonly StepAuthority[];
}

/** A step that readies the wallet. */
export interface WalletStep extends BootStepBase {
  /** Which kind of step. */
  readonly kind: 'wallet';
  /** One after another. */
  readonly operations: readonly WalletOperation[];
}

/** A step that starts nodes. */
export interface NodeStep extends BootStepBase {
  /** Which kind of step. */
  readonly kind: 'node';
  /** All at once. */
  readonly nodes: readonly NodePlan[];
}

/** A step that is one transaction. */
export interface TransactionStep extends BootStepBase {
  /** Which kind of step. */
  readonly kind: 'transaction';
  /** For a transaction that sets a contract: its folder. */
  readonly directory?: string;
}

/** A call of the producer API of a node, which nobody signs. */
export interface ProducerApiStep extends BootStepBase {
  /** Which kind of step. */
  readonly kind: 'producer-api';
  /** Host and port of the API. */
  readonly http: string;
  /** Path of the call. */
  readonly path: string;
  /** What is sent, as JSON. */
  readonly body: { readonly [name: string]: readonly string[] };
}

/** A step that only looks. */
export interface QueryStep extends BootStepBase {
  /** Which kind of step. */
  readonly kind: 'query';
  /** What to look at. */
  readonly query: BootQuery;
}

/** One step of a boot. */
export type BootStep = WalletStep | NodeStep | TransactionStep | ProducerApiStep | QueryStep;

/** What an action is made from. */
export interface ActionRequest {
  readonly account: string;
  readonly name: string;
  readonly actor: string;
  readonly permission?: string;
  readonly args: { readonly [name: string]: AbiValue };
  readonly missing?: readonly string[];
  /** For an account whose ABI is not among those of the boot. */
  readonly pack?: (args: AbiValue) => Uint8Array;
}

/** An action of one authority, packed unless something is missing. */
export function planAction(request: ActionRequest): PlannedAction {
  const { account, name, actor, permission = 'active', args, missing = [], pack } = request;
  const data = missing.length > 0 ? null : pack === undefined ? serializeActionData(account, name, args) : pack(args);
  return { account, name, authorization: [{ actor, permission }], args, data, missing };
}

/** A key alone, as owner and active of most accounts are. */
export function keyAuthority(key: string): AbiValue {
  return { threshold: 1, keys: [{ key, weight: 1 }], accounts: [], waits: [] };
}

/** The authority of another account alone. */
export function accountAuthority(actor: string, permission: string): AbiValue {
  return { threshold: 1, keys: [], accounts: [{ permission: { actor, permission }, weight: 1 }], waits: [] };
}

/** The text of a public key, or what stands for one that is not known yet. */
export function keyOrPlaceholder(account: string, publicKey: string | null): { key: string; missing: string[] } {
  if (publicKey !== null) return { key: publicKey, missing: [] };
  return { key: `<public key of ${account}>`, missing: [`public key of ${account}`] };
}
