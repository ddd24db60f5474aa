/**
 * The rules that judge a header, one function each, in the order in which go-ethereum asks them. Whoever applies headers and
 * whoever explains them reads these tables.
 *
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import type { CliqueErrorCode } from '../../errors.js';
import { describeBytes, equalBytes } from '../../internal/bytes.js';
import type { Rule, Verdict } from '../../internal/rules.js';
import {
  DIFF_INTURN,
  DIFF_NOTURN,
  ELASTICITY_MULTIPLIER,
  EMPTY_UNCLES_HASH,
  GAS_LIMIT_BOUND_DIVISOR,
  MAX_GAS_LIMIT,
  MIN_GAS_LIMIT,
  NONCE_AUTH,
  NONCE_DROP,
} from '../encoding/constants.js';
import { EXTRA_VANITY } from '../encoding/extraData.js';
import { ADDRESS_SIZE } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header } from '../encoding/header.js';
import { computeNextBaseFee } from './baseFee.js';
import { type Config, isCheckpoint, isLondon, type State, signerLimitOf } from './state.js';
import { difficultyOf, isInTurn } from './turn.js';
import { indexOfSigner } from './votes.js';

/** What a rule over the header alone may look at. */
export interface HeaderFacts {
  readonly header: Header;
  /** Milliseconds, the verifier's clock. */
  readonly now: number;
}

/** What a rule that knows the chain may look at. */
export interface ConfigFacts extends HeaderFacts {
  readonly config: Config;
}

/** What a rule that knows the parent may look at. */
export interface StateFacts extends ConfigFacts {
  readonly state: State;
}

/** What a rule over the signer may look at. */
export interface SignerFacts extends StateFacts {
  /** 20 bytes. */
  readonly signer: Uint8Array;
}

/** A rule with the least that it must know. */
export type HeaderRule = Rule<StateFacts, CliqueErrorCode> & {
  readonly needs: 'header' | 'config' | 'state';
  /** What the header lacks for the rule to say anything, where it lacks it: another rule fails for that. */
  readonly lacks?: (facts: ConfigFacts) => string | undefined;
};

/** Rules that need no signature, so they come first: they are cheap. */
export const HEADER_RULES: readonly HeaderRule[] = [
  { id: 'C11', code: 'TIMESTAMP_TOO_NEW', where: 'header.timestamp', needs: 'header', judge: judgeFuture },
  {
    id: 'C12',
    code: 'CHECKPOINT_BENEFICIARY_NOT_ZERO',
    where: 'header.beneficiary',
    needs: 'config',
    judge: judgeBeneficiary,
  },
  { id: 'C13', code: 'NONCE_INVALID', where: 'header.nonce', needs: 'header', judge: judgeNonce },
  { id: 'C14', code: 'CHECKPOINT_NONCE_NOT_ZERO', where: 'header.nonce', needs: 'config', judge: judgeCheckpointNonce },
  { id: 'C15', code: 'VANITY_MISSING', where: 'header.extraData', needs: 'header', judge: judgeVanity },
  { id: 'C15', code: 'SEAL_MISSING', where: 'header.extraData', needs: 'header', judge: judgeSeal },
  {
    id: 'C16',
    code: 'SIGNERS_UNEXPECTED',
    where: 'header.extraData',
    needs: 'config',
    lacks: lacksSeal,
    judge: judgeNoSigners,
  },
  {
    id: 'C16',
    code: 'CHECKPOINT_SIGNERS_MALFORMED',
    where: 'header.extraData',
    needs: 'config',
    lacks: lacksSeal,
    judge: judgeWholeSigners,
  },
  { id: 'C17', code: 'MIX_HASH_NOT_ZERO', where: 'header.mixHash', needs: 'header', judge: judgeMixHash },
  { id: 'C18', code: 'UNCLES_NOT_EMPTY', where: 'header.unclesHash', needs: 'header', judge: judgeUncles },
  { id: 'C19', code: 'DIFFICULTY_INVALID', where: 'header.difficulty', needs: 'header', judge: judgeDifficulty },
  { id: 'C20', code: 'GAS_LIMIT_TOO_HIGH', where: 'header.gasLimit', needs: 'header', judge: judgeGasCap },
  { id: 'C21', code: 'PARENT_MISMATCH', where: 'header.parentHash', needs: 'state', judge: judgeParent },
  { id: 'C21', code: 'NUMBER_MISMATCH', where: 'header.number', needs: 'state', judge: judgeNumber },
  { id: 'C22', code: 'TIMESTAMP_TOO_SOON', where: 'header.timestamp', needs: 'state', judge: judgePeriod },
  { id: 'C23', code: 'GAS_USED_ABOVE_LIMIT', where: 'header.gasUsed', needs: 'header', judge: judgeGasUsed },
  { id: 'C25', code: 'BASE_FEE_UNEXPECTED', where: 'header.baseFeePerGas', needs: 'config', judge: judgeNoBaseFee },
  { id: 'C24', code: 'GAS_LIMIT_OUT_OF_BOUNDS', where: 'header.gasLimit', needs: 'state', judge: judgeGasLimit },
  { id: 'C25', code: 'BASE_FEE_MISSING', where: 'header.baseFeePerGas', needs: 'config', judge: judgeHasBaseFee },
  {
    id: 'C25',
    code: 'BASE_FEE_MISMATCH',
    where: 'header.baseFeePerGas',
    needs: 'state',
    lacks: lacksBaseFee,
    judge: judgeBaseFee,
  },
  {
    id: 'C26',
    code: 'CHECKPOINT_SIGNERS_MISMATCH',
    where: 'header.extraData',
    needs: 'state',
    lacks: lacksSeal,
    judge: judgeCheckpointSigners,
  },
];

/** Rules over who signed. */
export const SIGNER_RULES: readonly Rule<SignerFacts, CliqueErrorCode>[] = [
  { id: 'C27', code: 'SIGNER_UNAUTHORIZED', where: 'signer', judge: judgeMembership },
  { id: 'C28', code: 'SIGNER_RECENTLY_SIGNED', where: 'signer', judge: judgeRecents },
  { id: 'C29', code: 'DIFFICULTY_MISMATCH', where: 'header.difficulty', judge: judgeTurn },
];

/** @see [C11 Not ahead of now](../RULES.md#c11-not-ahead-of-now) */
function judgeFuture({ header, now }: HeaderFacts): Verdict {
  const seconds = BigInt(Math.floor(now / 1000));
  return {
    passed: header.timestamp <= seconds,
    expected: () => `at most ${seconds} s, now`,
    got: () => `${header.timestamp} s`,
  };
}

/** @see [C12 Beneficiary of a checkpoint](../RULES.md#c12-beneficiary-of-a-checkpoint) */
function judgeBeneficiary({ header, config }: ConfigFacts): Verdict {
  const checkpoint = isCheckpoint(config, header.number);
  return {
    passed: !checkpoint || isZero(header.beneficiary),
    expected: () => (checkpoint ? 'the zero address at a checkpoint' : 'any, the block being no checkpoint'),
    got: () => describeBytes(header.beneficiary),
  };
}

/** @see [C13 Nonce](../RULES.md#c13-nonce) */
function judgeNonce({ header }: HeaderFacts): Verdict {
  return {
    passed: header.nonce === NONCE_AUTH || header.nonce === NONCE_DROP,
    expected: () => '0xffffffffffffffff to authorize, or 0 to drop',
    got: () => `0x${header.nonce.toString(16)}`,
  };
}

/** @see [C14 Nonce of a checkpoint](../RULES.md#c14-nonce-of-a-checkpoint) */
function judgeCheckpointNonce({ header, config }: ConfigFacts): Verdict {
  const checkpoint = isCheckpoint(config, header.number);
  return {
    passed: !checkpoint || header.nonce === NONCE_DROP,
    expected: () => (checkpoint ? '0 at a checkpoint' : 'any, the block being no checkpoint'),
    got: () => `0x${header.nonce.toString(16)}`,
  };
}

/** @see [C15 Vanity and seal](../RULES.md#c15-vanity-and-seal) */
function judgeVanity({ header }: HeaderFacts): Verdict {
  return {
    passed: header.extraData.length >= EXTRA_VANITY,
    expected: () => `at least ${EXTRA_VANITY} bytes`,
    got: () => `${header.extraData.length} bytes`,
  };
}

/** @see [C15 Vanity and seal](../RULES.md#c15-vanity-and-seal) */
function judgeSeal({ header }: HeaderFacts): Verdict {
  return {
    passed: header.extraData.length >= EXTRA_VANITY + EXTRA_SEAL,
    expected: () => `at least ${EXTRA_VANITY + EXTRA_SEAL} bytes`,
    got: () => `${header.extraData.length} bytes`,
  };
}

function lacksSeal({ header }: HeaderFacts): string | undefined {
  return header.extraData.length < EXTRA_VANITY + EXTRA_SEAL ? 'extra-data with vanity and seal' : undefined;
}

function signersSizeOf({ extraData }: Header): number {
  return extraData.length - EXTRA_VANITY - EXTRA_SEAL;
}

/** @see [C16 Signers in the extra-data](../RULES.md#c16-signers-in-the-extra-data) */
function judgeNoSigners({ header, config }: ConfigFacts): Verdict {
  const size = signersSizeOf(header);
  const checkpoint = isCheckpoint(config, header.number);
  return {
    passed: checkpoint || size === 0,
    expected: () => (checkpoint ? 'signers at a checkpoint' : 'none, the block being no checkpoint'),
    got: () => `${size} bytes between vanity and seal`,
  };
}

/** @see [C16 Signers in the extra-data](../RULES.md#c16-signers-in-the-extra-data) */
function judgeWholeSigners({ header, config }: ConfigFacts): Verdict {
  const size = signersSizeOf(header);
  return {
    passed: !isCheckpoint(config, header.number) || size % ADDRESS_SIZE === 0,
    expected: () => `signers of ${ADDRESS_SIZE} bytes each`,
    got: () => `${size} bytes between vanity and seal`,
  };
}

/** @see [C17 Mix hash](../RULES.md#c17-mix-hash) */
function judgeMixHash({ header }: HeaderFacts): Verdict {
  return { passed: isZero(header.mixHash), expected: () => '32 zero bytes', got: () => describeBytes(header.mixHash) };
}

/** @see [C18 Uncles](../RULES.md#c18-uncles) */
function judgeUncles({ header }: HeaderFacts): Verdict {
  return {
    passed: equalBytes(header.unclesHash, EMPTY_UNCLES_HASH),
    expected: () => `${describeBytes(EMPTY_UNCLES_HASH)}, the hash of none`,
    got: () => describeBytes(header.unclesHash),
  };
}

/** @see [C19 Difficulty](../RULES.md#c19-difficulty) */
function judgeDifficulty({ header: { difficulty, number } }: HeaderFacts): Verdict {
  return {
    passed: number === 0n || difficulty === DIFF_INTURN || difficulty === DIFF_NOTURN,
    expected: () => (number === 0n ? 'any at genesis' : '1 or 2'),
    // A number of up to 256 bits is printed whole: 78 digits at most.
    got: () => `${difficulty}`,
  };
}

/** @see [C20 Greatest gas limit](../RULES.md#c20-greatest-gas-limit) */
function judgeGasCap({ header }: HeaderFacts): Verdict {
  return {
    passed: header.gasLimit <= MAX_GAS_LIMIT,
    expected: () => `at most ${MAX_GAS_LIMIT}`,
    got: () => `${header.gasLimit}`,
  };
}

/** @see [C21 Parent](../RULES.md#c21-parent) */
function judgeParent({ header, state }: StateFacts): Verdict {
  return {
    passed: equalBytes(header.parentHash, state.hash),
    expected: () => describeBytes(state.hash),
    got: () => describeBytes(header.parentHash),
  };
}

/** @see [C21 Parent](../RULES.md#c21-parent) */
function judgeNumber({ header, state }: StateFacts): Verdict {
  const next = state.number + 1n;
  return { passed: header.number === next, expected: () => `${next}`, got: () => `${header.number}` };
}

/** @see [C22 Period](../RULES.md#c22-period) */
function judgePeriod({ header, state, config }: StateFacts): Verdict {
  const earliest = state.timestamp + BigInt(config.period);
  return {
    passed: header.timestamp >= earliest,
    expected: () => `at least ${earliest} s, ${config.period} s after the parent`,
    got: () => `${header.timestamp} s`,
  };
}

/** @see [C23 Gas used](../RULES.md#c23-gas-used) */
function judgeGasUsed({ header }: HeaderFacts): Verdict {
  return {
    passed: header.gasUsed <= header.gasLimit,
    expected: () => `at most ${header.gasLimit}, the gas limit`,
    got: () => `${header.gasUsed}`,
  };
}

/** @see [C24 Gas limit](../RULES.md#c24-gas-limit) */
function judgeGasLimit({ header, state, config }: StateFacts): Verdict {
  const doubles = isLondon(config, header.number) && !isLondon(config, state.number);
  const parent = doubles ? state.gasLimit * ELASTICITY_MULTIPLIER : state.gasLimit;
  const bound = parent / GAS_LIMIT_BOUND_DIVISOR;
  const difference = header.gasLimit > parent ? header.gasLimit - parent : parent - header.gasLimit;
  return {
    passed: difference < bound && header.gasLimit >= MIN_GAS_LIMIT,
    expected: () => `less than ${bound} from ${parent}, and at least ${MIN_GAS_LIMIT}`,
    got: () => `${header.gasLimit}`,
  };
}

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
function judgeNoBaseFee({ header, config }: ConfigFacts): Verdict {
  const london = isLondon(config, header.number);
  return {
    passed: london || header.baseFeePerGas === null,
    expected: () => (london ? 'a base fee since London' : 'none before London'),
    got: () => describeFee(header),
  };
}

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
function judgeHasBaseFee({ header, config }: ConfigFacts): Verdict {
  const london = isLondon(config, header.number);
  return {
    passed: !london || header.baseFeePerGas !== null,
    expected: () => (london ? 'a base fee since London' : 'none before London'),
    got: () => describeFee(header),
  };
}

/** @see [C25 Base fee](../RULES.md#c25-base-fee) */
function judgeBaseFee({ header, state, config }: StateFacts): Verdict {
  const london = isLondon(config, header.number);
  const wanted = computeNextBaseFee(state);
  return {
    passed: !london || header.baseFeePerGas === wanted,
    expected: () => (london ? `${wanted} wei` : 'any, London not having come'),
    got: () => describeFee(header),
  };
}

function lacksBaseFee({ header, config }: ConfigFacts): string | undefined {
  return isLondon(config, header.number) && header.baseFeePerGas === null ? 'a base fee' : undefined;
}

function describeFee({ baseFeePerGas }: Header): string {
  return baseFeePerGas === null ? 'none' : `${baseFeePerGas} wei`;
}

/** @see [C26 Signers of a checkpoint](../RULES.md#c26-signers-of-a-checkpoint) */
function judgeCheckpointSigners({ header, state, config }: StateFacts): Verdict {
  const checkpoint = isCheckpoint(config, header.number);
  const { signers } = state;
  return {
    passed: !checkpoint || listsSigners(header, signers),
    expected: () =>
      checkpoint ? `the ${signers.length} signers in ascending order` : 'any, the block being no checkpoint',
    got: () => `${signersSizeOf(header) / ADDRESS_SIZE} addresses`,
  };
}

function listsSigners(header: Header, signers: readonly Uint8Array[]): boolean {
  if (signersSizeOf(header) !== signers.length * ADDRESS_SIZE) return false;
  return signers.every((signer, i) => {
    const at = EXTRA_VANITY + i * ADDRESS_SIZE;
    return equalBytes(header.extraData.subarray(at, at + ADDRESS_SIZE), signer);
  });
}

/** @see [C27 Membership](../RULES.md#c27-membership) */
function judgeMembership({ signer, state }: SignerFacts): Verdict {
  return {
    passed: indexOfSigner(state.signers, signer) >= 0,
    expected: () => `one of ${state.signers.length} signers`,
    got: () => describeBytes(signer),
  };
}

/** @see [C28 Recently signed](../RULES.md#c28-recently-signed) */
function judgeRecents({ signer, state, header }: SignerFacts): Verdict {
  const limit = BigInt(signerLimitOf(state.signers.length));
  // Without the wrap-around that lets go-ethereum's seal check pass below block SIGNER_LIMIT: its snapshot refuses the block too, later.
  const oldest = header.number - limit;
  const recent = state.recents.find((one) => equalBytes(one.signer, signer) && one.number > oldest);
  return {
    passed: recent === undefined,
    expected: () => {
      const free = recent === undefined ? '' : `, so not before block ${recent.number + limit}`;
      return `none of the signers of the ${limit - 1n} blocks before${free}`;
    },
    got: () => `${describeBytes(signer)}${recent === undefined ? '' : `, who signed block ${recent.number}`}`,
  };
}

/** @see [C29 Turn](../RULES.md#c29-turn) */
function judgeTurn({ signer, state, header }: SignerFacts): Verdict {
  const index = indexOfSigner(state.signers, signer);
  const inTurn = isInTurn(header.number, index, state.signers.length);
  return {
    passed: header.difficulty === difficultyOf(inTurn),
    expected: () => `${difficultyOf(inTurn)}, signer ${index} being ${inTurn ? 'in' : 'out of'} turn`,
    got: () => `${header.difficulty}`,
  };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
