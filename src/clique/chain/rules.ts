/**
 * The rules that judge a header, and the order in which go-ethereum asks them. Whoever applies headers and whoever explains
 * them reads these tables.
 *
 * @see EIP-225; [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import type { CliqueErrorCode } from '../../errors.js';
import { describeBytes, equalBytes } from '../../internal/bytes.js';
import type { Rule } from '../../internal/rules.js';
import { DIFF_INTURN, DIFF_NOTURN, EMPTY_UNCLES_HASH, NONCE_AUTH, NONCE_DROP } from '../encoding/constants.js';
import { EXTRA_VANITY } from '../encoding/extraData.js';
import { ADDRESS_SIZE } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header } from '../encoding/header.js';
import type { HeaderFacts, HeaderRule, SignerFacts, StateFacts } from './facts.js';
import { BASE_FEE, GAS_CAP, GAS_LIMIT, GAS_USED, HAS_BASE_FEE, NO_BASE_FEE } from './gasRules.js';
import { isCheckpoint, type RecentSigner, type State, signerLimitOf } from './state.js';
import { difficultyOf, isInTurn } from './turn.js';
import { indexOfSigner } from './votes.js';

/** @see [C11 Not ahead of now](../RULES.md#c11-not-ahead-of-now) */
const FUTURE: HeaderRule = {
  id: 'C11',
  code: 'TIMESTAMP_TOO_NEW',
  where: 'header.timestamp',
  needs: 'header',
  holds: ({ header, now }) => header.timestamp <= computeSeconds(now),
  explain: ({ header, now }) => ({
    expected: `at most ${computeSeconds(now)} s, now`,
    got: `${header.timestamp} s`,
  }),
};

function computeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** @see [C12 Beneficiary of a checkpoint](../RULES.md#c12-beneficiary-of-a-checkpoint) */
const BENEFICIARY: HeaderRule = {
  id: 'C12',
  code: 'CHECKPOINT_BENEFICIARY_NOT_ZERO',
  where: 'header.beneficiary',
  needs: 'config',
  holds: ({ header, config }) => isZero(header.beneficiary) || !isCheckpoint(config, header.number),
  explain: ({ header, config }) => ({
    expected: isCheckpoint(config, header.number)
      ? 'the zero address at a checkpoint'
      : 'any, the block being no checkpoint',
    got: describeBytes(header.beneficiary),
  }),
};

/** @see [C13 Nonce](../RULES.md#c13-nonce) */
const NONCE: HeaderRule = {
  id: 'C13',
  code: 'NONCE_INVALID',
  where: 'header.nonce',
  needs: 'header',
  holds: ({ header }) => header.nonce === NONCE_DROP || header.nonce === NONCE_AUTH,
  explain: ({ header }) => ({
    expected: '0xffffffffffffffff to authorize, or 0 to drop',
    got: `0x${header.nonce.toString(16)}`,
  }),
};

/** @see [C14 Nonce of a checkpoint](../RULES.md#c14-nonce-of-a-checkpoint) */
const CHECKPOINT_NONCE: HeaderRule = {
  id: 'C14',
  code: 'CHECKPOINT_NONCE_NOT_ZERO',
  where: 'header.nonce',
  needs: 'config',
  holds: ({ header, config }) => header.nonce === NONCE_DROP || !isCheckpoint(config, header.number),
  explain: ({ header, config }) => ({
    expected: isCheckpoint(config, header.number) ? '0 at a checkpoint' : 'any, the block being no checkpoint',
    got: `0x${header.nonce.toString(16)}`,
  }),
};

/** @see [C15 Vanity and seal](../RULES.md#c15-vanity-and-seal) */
const VANITY: HeaderRule = {
  id: 'C15',
  code: 'VANITY_MISSING',
  where: 'header.extraData',
  needs: 'header',
  holds: ({ header }) => header.extraData.length >= EXTRA_VANITY,
  explain: ({ header }) => ({ expected: `at least ${EXTRA_VANITY} bytes`, got: `${header.extraData.length} bytes` }),
};

/** @see [C15 Vanity and seal](../RULES.md#c15-vanity-and-seal) */
const SEAL: HeaderRule = {
  id: 'C15',
  code: 'SEAL_MISSING',
  where: 'header.extraData',
  needs: 'header',
  holds: ({ header }) => header.extraData.length >= EXTRA_VANITY + EXTRA_SEAL,
  explain: ({ header }) => ({
    expected: `at least ${EXTRA_VANITY + EXTRA_SEAL} bytes`,
    got: `${header.extraData.length} bytes`,
  }),
};

/** @see [C16 Signers in the extra-data](../RULES.md#c16-signers-in-the-extra-data) */
const NO_SIGNERS: HeaderRule = {
  id: 'C16',
  code: 'SIGNERS_UNEXPECTED',
  where: 'header.extraData',
  needs: 'config',
  lacks: lacksSeal,
  holds: ({ header, config }) => signersSizeOf(header) === 0 || isCheckpoint(config, header.number),
  explain: ({ header, config }) => ({
    expected: isCheckpoint(config, header.number) ? 'signers at a checkpoint' : 'none, the block being no checkpoint',
    got: `${signersSizeOf(header)} bytes between vanity and seal`,
  }),
};

/** @see [C16 Signers in the extra-data](../RULES.md#c16-signers-in-the-extra-data) */
const WHOLE_SIGNERS: HeaderRule = {
  id: 'C16',
  code: 'CHECKPOINT_SIGNERS_MALFORMED',
  where: 'header.extraData',
  needs: 'config',
  lacks: lacksSeal,
  holds: ({ header, config }) => signersSizeOf(header) % ADDRESS_SIZE === 0 || !isCheckpoint(config, header.number),
  explain: ({ header }) => ({
    expected: `signers of ${ADDRESS_SIZE} bytes each`,
    got: `${signersSizeOf(header)} bytes between vanity and seal`,
  }),
};

/** Says that a seal is lacking, where it is. */
function lacksSeal({ header }: HeaderFacts): string | undefined {
  return header.extraData.length < EXTRA_VANITY + EXTRA_SEAL ? 'extra-data with vanity and seal' : undefined;
}

function signersSizeOf({ extraData }: Header): number {
  return extraData.length - EXTRA_VANITY - EXTRA_SEAL;
}

/** @see [C17 Mix hash](../RULES.md#c17-mix-hash) */
const MIX_HASH: HeaderRule = {
  id: 'C17',
  code: 'MIX_HASH_NOT_ZERO',
  where: 'header.mixHash',
  needs: 'header',
  holds: ({ header }) => isZero(header.mixHash),
  explain: ({ header }) => ({ expected: '32 zero bytes', got: describeBytes(header.mixHash) }),
};

/** @see [C18 Uncles](../RULES.md#c18-uncles) */
const UNCLES: HeaderRule = {
  id: 'C18',
  code: 'UNCLES_NOT_EMPTY',
  where: 'header.unclesHash',
  needs: 'header',
  holds: ({ header }) => equalBytes(header.unclesHash, EMPTY_UNCLES_HASH),
  explain: ({ header }) => ({
    expected: `${describeBytes(EMPTY_UNCLES_HASH)}, the hash of none`,
    got: describeBytes(header.unclesHash),
  }),
};

/** @see [C19 Difficulty](../RULES.md#c19-difficulty) */
const DIFFICULTY: HeaderRule = {
  id: 'C19',
  code: 'DIFFICULTY_INVALID',
  where: 'header.difficulty',
  needs: 'header',
  holds: ({ header: { difficulty, number } }) =>
    difficulty === DIFF_INTURN || difficulty === DIFF_NOTURN || number === 0n,
  explain: ({ header: { difficulty, number } }) => ({
    expected: number === 0n ? 'any at genesis' : '1 or 2',
    // A number of up to 256 bits is printed whole: 78 digits at most.
    got: `${difficulty}`,
  }),
};

/** @see [C21 Parent](../RULES.md#c21-parent) */
const PARENT: HeaderRule = {
  id: 'C21',
  code: 'PARENT_MISMATCH',
  where: 'header.parentHash',
  needs: 'state',
  holds: ({ header, state }) => equalBytes(header.parentHash, state.hash),
  explain: ({ header, state }) => ({ expected: describeBytes(state.hash), got: describeBytes(header.parentHash) }),
};

/** @see [C21 Parent](../RULES.md#c21-parent) */
const NUMBER: HeaderRule = {
  id: 'C21',
  code: 'NUMBER_MISMATCH',
  where: 'header.number',
  needs: 'state',
  holds: ({ header, state }) => header.number === state.number + 1n,
  explain: ({ header, state }) => ({ expected: `${state.number + 1n}`, got: `${header.number}` }),
};

/** @see [C22 Period](../RULES.md#c22-period) */
const PERIOD: HeaderRule = {
  id: 'C22',
  code: 'TIMESTAMP_TOO_SOON',
  where: 'header.timestamp',
  needs: 'state',
  holds: (facts) => facts.header.timestamp >= computeEarliest(facts),
  explain: (facts) => ({
    expected: `at least ${computeEarliest(facts)} s, ${facts.config.period} s after the parent`,
    got: `${facts.header.timestamp} s`,
  }),
};

function computeEarliest({ state, config }: StateFacts): bigint {
  return state.timestamp + BigInt(config.period);
}

/** @see [C26 Signers of a checkpoint](../RULES.md#c26-signers-of-a-checkpoint) */
const CHECKPOINT_SIGNERS: HeaderRule = {
  id: 'C26',
  code: 'CHECKPOINT_SIGNERS_MISMATCH',
  where: 'header.extraData',
  needs: 'state',
  lacks: lacksSeal,
  holds: ({ header, state, config }) => !isCheckpoint(config, header.number) || listsSigners(header, state.signers),
  explain: ({ header, state, config }) => ({
    expected: isCheckpoint(config, header.number)
      ? `the ${state.signers.length} signers in ascending order`
      : 'any, the block being no checkpoint',
    got: `${signersSizeOf(header) / ADDRESS_SIZE} addresses`,
  }),
};

function listsSigners(header: Header, signers: readonly Uint8Array[]): boolean {
  if (signersSizeOf(header) !== signers.length * ADDRESS_SIZE) return false;
  for (let i = 0, at = EXTRA_VANITY; i < signers.length; i++) {
    const signer = signers[i] as Uint8Array;
    for (let j = 0; j < ADDRESS_SIZE; j++, at++) if (header.extraData[at] !== signer[j]) return false;
  }
  return true;
}

/** @see [C27 Membership](../RULES.md#c27-membership) */
const MEMBERSHIP: Rule<SignerFacts, CliqueErrorCode> = {
  id: 'C27',
  code: 'SIGNER_UNAUTHORIZED',
  where: 'signer',
  holds: ({ signer, state }) => indexOfSigner(state.signers, signer) >= 0,
  explain: ({ signer, state }) => ({
    expected: `one of ${state.signers.length} signers`,
    got: describeBytes(signer),
  }),
};

/** @see [C28 Recently signed](../RULES.md#c28-recently-signed) */
const RECENTS: Rule<SignerFacts, CliqueErrorCode> = {
  id: 'C28',
  code: 'SIGNER_RECENTLY_SIGNED',
  where: 'signer',
  holds: (facts) => findRecent(facts) === undefined,
  explain: (facts) => {
    const { signer, state } = facts;
    const limit = BigInt(signerLimitOf(state.signers.length));
    const expected = `none of the signers of the ${limit - 1n} blocks before`;
    const recent = findRecent(facts);
    if (recent === undefined) return { expected, got: describeBytes(signer) };
    return {
      expected: `${expected}, so not before block ${recent.number + limit}`,
      got: `${describeBytes(signer)}, who signed block ${recent.number}`,
    };
  },
};

/**
 * The signer's block among the last SIGNER_LIMIT - 1. Without the wrap-around that lets go-ethereum's seal check pass below block
 * SIGNER_LIMIT: its snapshot refuses the block too, later.
 */
function findRecent({ signer, state: { recents, signers }, header }: SignerFacts): RecentSigner | undefined {
  for (let i = 0; i < recents.length; i++) {
    const recent = recents[i] as RecentSigner;
    if (equalBytes(recent.signer, signer) && header.number - recent.number < signerLimitOf(signers.length))
      return recent;
  }
  return undefined;
}

/** @see [C29 Turn](../RULES.md#c29-turn) */
const TURN: Rule<SignerFacts, CliqueErrorCode> = {
  id: 'C29',
  code: 'DIFFICULTY_MISMATCH',
  where: 'header.difficulty',
  holds: ({ signer, state, header }) => header.difficulty === difficultyOf(isTurn(header, state, signer)),
  explain: ({ signer, state, header }) => {
    const inTurn = isTurn(header, state, signer);
    const index = indexOfSigner(state.signers, signer);
    return {
      expected: `${difficultyOf(inTurn)}, signer ${index} being ${inTurn ? 'in' : 'out of'} turn`,
      got: `${header.difficulty}`,
    };
  },
};

function isTurn({ number }: Header, { signers }: State, signer: Uint8Array): boolean {
  return isInTurn(number, indexOfSigner(signers, signer), signers.length);
}

function isZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** Rules that need no signature, so they come first: they are cheap. */
export const HEADER_RULES: readonly HeaderRule[] = [
  FUTURE,
  BENEFICIARY,
  NONCE,
  CHECKPOINT_NONCE,
  VANITY,
  SEAL,
  NO_SIGNERS,
  WHOLE_SIGNERS,
  MIX_HASH,
  UNCLES,
  DIFFICULTY,
  GAS_CAP,
  PARENT,
  NUMBER,
  PERIOD,
  GAS_USED,
  NO_BASE_FEE,
  GAS_LIMIT,
  HAS_BASE_FEE,
  BASE_FEE,
  CHECKPOINT_SIGNERS,
];

/** Rules over who signed. */
export const SIGNER_RULES: readonly Rule<SignerFacts, CliqueErrorCode>[] = [MEMBERSHIP, RECENTS, TURN];
