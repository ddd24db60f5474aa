/**
 * What a boot is planned from.
 *
 * @see the boot sequence tutorial; EOSIO/eos, `tutorials/bios-boot-tutorial/bios-boot-tutorial.py`, its parameters
 * @module
 */

import type { BootSequence, ProtocolFeature } from './features.js';
import type { KeyOption } from './nodeFiles.js';
import type { Topology } from './topology.js';

/** Bytes of RAM that `cleos system newaccount` buys. */
export const ACCOUNT_RAM_BYTES = 8_192;

/** A contract to set. What is left out becomes a placeholder, and the action that needs it is not packed. */
export interface BootContract {
  /** Folder with its wasm and abi files, as `cleos set contract` takes it; by default one of its name below `contractsDirectory`. */
  readonly directory?: string;
  /** WebAssembly. */
  readonly code?: Uint8Array;
  /** The JSON of its abi file, as `JSON.parse` gives it. */
  readonly abi?: unknown;
}

/** The contracts of a boot, by what they are for. */
export interface BootContracts {
  /** `eosio.token`. */
  readonly token?: BootContract;
  /** `eosio.msig`. */
  readonly msig?: BootContract;
  /** `eosio.boot`, which the scripts set on `eosio` to activate features. */
  readonly boot?: BootContract;
  /** `eosio.system`. */
  readonly system?: BootContract;
  /** The system contract of `core.vaulta`; only with `vaulta`. */
  readonly vaulta?: BootContract;
}

/** A system account with a key of its own. */
export interface SystemAccount {
  /** Such as `eosio.token`. */
  readonly name: string;
  /** Text of a public key; that of `eosio` by default. */
  readonly publicKey?: string;
}

/** An account to create, to pay and to stake for. */
export interface BootAccount {
  /** 12 characters of a-z and 1-5 in the manual steps; any name of up to 12 characters in the scripts. */
  readonly name: string;
  /** Text of its public key, for owner and active; a placeholder stands for it where it is left out. */
  readonly publicKey?: string;
  /** All that it gets, such as `1000.0000 SYS`; by default a share of what is distributed. */
  readonly funds?: string;
  /** Exactly what is staked, as in the manual steps; nothing stays liquid. In the place of `funds`. */
  readonly stake?: {
    /** For network bandwidth. */
    readonly net: string;
    /** For CPU. */
    readonly cpu: string;
  };
}

/** An account that produces. */
export interface BootProducer {
  /** One of the accounts. */
  readonly name: string;
  /** Below 512 bytes; `https://<name>.com/<key>` by default, as in the tutorial. */
  readonly url?: string;
  /** u16, 0 by default. */
  readonly location?: number;
  /** Number of its node; see `planNodes`. */
  readonly number?: number;
  /** Host of its node; `localhost` by default. */
  readonly host?: string;
}

/** One vote. */
export interface BootVote {
  /** One of the accounts, with a stake. */
  readonly voter: string;
  /** At most 30 registered producers, in any order: the plan sorts them. */
  readonly producers: readonly string[];
}

/** Voting through a proxy, as the scripts try it after the first votes. */
export interface BootProxy {
  /** The account that votes for others; the first producer by default. */
  readonly proxy?: string;
  /** For whom it votes. */
  readonly producers: readonly string[];
  /** Accounts that vote through it. */
  readonly voters: readonly string[];
}

/** Replacing the system contract by a proposal of `eosio.msig` once `eosio` has resigned. */
export interface SystemReplacement {
  /** WebAssembly of the new contract. */
  readonly code: Uint8Array;
  /** Time without a zone until which the proposal can run, such as `2018-06-01T12:00:00`. */
  readonly expiration: string;
  /** The first account by default. */
  readonly proposer?: string;
  /** `fast.unstake` by default. */
  readonly proposalName?: string;
}

/** A transfer of tokens between accounts. */
export interface BootTransfer {
  /** One of the accounts. */
  readonly from: string;
  /** Another of them. */
  readonly to: string;
  /** Above 0; `0.0001` by default, one unit. */
  readonly quantity?: string;
}

/** What a boot is planned from. Amounts are text such as `1000.0000 SYS`, with the symbol of the token. */
export interface BootConfig {
  /** Whose steps, in whose order; `manual` by default. */
  readonly sequence?: BootSequence;
  /** `4,SYS` by default. */
  readonly symbol?: string;
  /** 10,000,000,000 tokens by default. */
  readonly maximumSupply?: string;
  /** What is issued; 1,000,000,000 tokens by default in the manual steps, exactly what is shared out in the scripts. */
  readonly issue?: string;
  /** Memo of the issue; `memo` by default. */
  readonly memo?: string;
  /** Text of the public key of `eosio`. */
  readonly rootKey: string;
  /** The JSON of genesis.json, as `JSON.parse` gives it, to see that it belongs to this boot. */
  readonly genesis?: unknown;
  /** Accounts of the system, in the order in which they are created; by default those of the sequence. */
  readonly systemAccounts?: readonly (string | SystemAccount)[];
  /** What is to be set. */
  readonly contracts?: BootContracts;
  /** Folder of the contracts; `~/Documents/eos/build/contracts` in the manual steps, `../../build/contracts` in the scripts. */
  readonly contractsDirectory?: string;
  /** Features to activate after PREACTIVATE_FEATURE; by default those of the sequence. The manual steps have none. */
  readonly features?: readonly ProtocolFeature[];
  /** Accounts that become privileged; `eosio.msig` by default in `script`, and in `spring` with `vaulta`. */
  readonly privileged?: readonly string[];
  /** Everyone who gets tokens, producers among them; the first gets the most of what is distributed. */
  readonly accounts: readonly BootAccount[];
  /** Who produces: names of accounts, or more about them. */
  readonly producers: readonly (string | BootProducer)[];
  /** What is shared among the accounts without an amount of their own; by default what is left of 1,000,000,000 tokens. */
  readonly distribute?: string;
  /** Weights to share by, as `drawParetoWeights` draws them; by default those of `computeParetoWeights`. */
  readonly weights?: readonly number[];
  /** The least funds of a producer that gets a share; `1000.0000` in the scripts, nothing in the manual steps. */
  readonly minProducerFunds?: string;
  /** What each account is bought: bytes as in the manual steps (8192), or for an amount as in the scripts (`0.1000`). */
  readonly ram?:
    | {
        /** 1 to 2^31 - 1. */
        readonly bytes: number;
      }
    | {
        /** Above 0. */
        readonly funds: string;
      };
  /** What is staked before any stays liquid; `0.9000` in the scripts. The manual steps stake everything. */
  readonly minStake?: string;
  /** The most that stays liquid; `10.0000` in the scripts. */
  readonly maxUnstaked?: string;
  /** Who votes for whom. */
  readonly votes: readonly BootVote[];
  /** What must have voted before elected producers take over; 150,000,000.0000 by default. */
  readonly minActivatedStake?: string;
  /** False to warn only where votes do not reach that; true by default. */
  readonly requireActivation?: boolean;
  /** Whether producers claim rewards after the vote; true in the scripts. */
  readonly claim?: boolean;
  /** Voting through a proxy. */
  readonly proxy?: BootProxy;
  /** Whether `eosio` and the system accounts give up their keys; true in the scripts. */
  readonly resign?: boolean;
  /** Replacing the system contract afterwards. */
  readonly replaceSystem?: SystemReplacement;
  /** Transfers at the end. */
  readonly transfers?: readonly BootTransfer[];
  /** The contract and the token of `core.vaulta`; only in `spring`. */
  readonly vaulta?: {
    /** `2100000000.0000 A` by default. */
    readonly maximumSupply?: string;
  };
  /** The most keys of accounts that the scripts import into the wallet, those of producers apart; 10 by default. */
  readonly maxUserKeys?: number;
  /** How the nodes are planned; see `planNodes`. */
  readonly nodes?: {
    /** See `NodesConfig`. */
    readonly topology?: Topology;
    /** See `NodesConfig`. */
    readonly directory?: string;
    /** See `NodesConfig`. */
    readonly genesis?: string;
    /** See `NodesConfig`. */
    readonly keyOption?: KeyOption;
    /** See `NodesConfig`. */
    readonly includeBootNode?: boolean;
    /** See `NodesConfig`. */
    readonly httpBase?: number;
    /** See `NodesConfig`. */
    readonly p2pBase?: number;
  };
}
