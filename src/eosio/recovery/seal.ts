/**
 * The inverse of the map: signing a header. Preparing and sealing are two steps, so that keys may live elsewhere.
 *
 * @see [E56 Sealing](../RULES.md#e56-sealing)
 * @module
 */

import { assertArray, assertBytes, assertBytesArray, assertObject, copyOf } from '../../internal/bytes.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import { type BlockHeader, computeBlockId, serializeHeader } from '../encoding/header.js';
import type { PrivateKey } from '../encoding/privateKey.js';
import { serializeSignature, signDigest } from '../encoding/signature.js';
import {
  parseLayout,
  RECOVERY_STEPS,
  type RecoveredHeader,
  type RecoveryFacts,
  recoverHeader,
  type SignedHeader,
} from './recover.js';

/** A header to be signed, with what is signed beside it. */
export interface HeaderTemplate {
  /** All fields, as `planHeader` of a state gives them. */
  readonly header: BlockHeader;
  /** 32 bytes, root over the ids of all blocks before; left out for Savanna. */
  readonly blockroot?: Uint8Array | undefined;
  /** 32 bytes, hash of the schedule that was announced last; left out for Savanna, and where the header announces one. */
  readonly pendingScheduleHash?: Uint8Array | undefined;
}

/** A header that lacks nothing but its signatures. */
export interface PreparedHeader extends Omit<SignedHeader, 'signatures'> {
  /** 32 bytes, what each key signs. */
  readonly message: Uint8Array;
  /** 32 bytes, id of the block: it does not depend on the signatures. */
  readonly id: Uint8Array;
}

/**
 * Makes a header ready to be signed.
 *
 * @param template - neither kept nor modified
 * @returns the message, and the header around it
 * @throws PoaError `OUT_OF_RANGE`, `NAME_INVALID`, `KEY_TYPE_UNSUPPORTED` for a field that does not fit;
 * `HEADER_EXTENSIONS_INVALID`, `MALFORMED`; `SIGNING_CONTEXT_MISSING`; `PENDING_SCHEDULE_MISMATCH`
 * @example
 * ```ts
 * import { prepareHeader } from 'poa-primitives/eosio';
 * import { template } from './eosio-chain-sample.js';
 *
 * prepareHeader(template).message.length; // => 32
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `sig_digest`; [E56 Sealing](../RULES.md#e56-sealing)
 */
export function prepareHeader(template: HeaderTemplate): PreparedHeader {
  const where = 'prepareHeader';
  assertObject(where, template);
  const { blockroot, pendingScheduleHash } = template;
  assertContext(where, template);
  const header = serializeHeader(template.header);
  const input: SignedHeader = { header, signatures: [], blockroot, pendingScheduleHash };
  const facts: RecoveryFacts = { ...parseLayout(input), input, recoverKey: recoverPublicKey };
  RECOVERY_STEPS[0]?.run(facts);
  const { message, context } = facts as Required<RecoveryFacts>;
  return {
    header,
    ...(context.blockroot && { blockroot: context.blockroot }),
    ...(context.pendingScheduleHash && { pendingScheduleHash: context.pendingScheduleHash }),
    message,
    id: computeBlockId(header),
  };
}

function assertContext(
  where: string,
  { blockroot, pendingScheduleHash }: Pick<SignedHeader, 'blockroot' | 'pendingScheduleHash'>,
): void {
  if (blockroot !== undefined) assertBytes(`${where}.blockroot`, blockroot);
  if (pendingScheduleHash !== undefined) assertBytes(`${where}.pendingScheduleHash`, pendingScheduleHash);
}

/** A sealed header, and what it proves. */
export interface SealedHeader {
  /** With signatures and with what was signed beside it. */
  readonly input: SignedHeader;
  /** What {@link recoverHeader} gives for it: compare its keys with those that were meant to sign. */
  readonly recovered: RecoveredHeader;
}

/**
 * Puts signatures to a prepared header, and checks the result as every verifier will.
 *
 * @param prepared - what {@link prepareHeader} returned
 * @param signatures - 66 bytes each over `prepared.message`, canonical
 * @returns the sealed header, and what it proves
 * @throws PoaError what {@link recoverHeader} throws
 * @example
 * ```ts
 * import { prepareHeader, sealHeader, serializeSignature, signDigest } from 'poa-primitives/eosio';
 * import { privateKeys, template } from './eosio-chain-sample.js';
 *
 * const prepared = prepareHeader(template);
 * // Wherever the key is, it signs the message.
 * const signature = serializeSignature(signDigest(prepared.message, privateKeys.eosio));
 * sealHeader(prepared, [signature]).recovered.id; // => prepared.id
 * ```
 * @see [E56 Sealing](../RULES.md#e56-sealing)
 */
export function sealHeader(prepared: PreparedHeader, signatures: readonly Uint8Array[]): SealedHeader {
  const where = 'sealHeader';
  assertObject(`${where}.prepared`, prepared);
  assertBytesArray(`${where}.signatures`, signatures);
  const { header, blockroot, pendingScheduleHash } = prepared;
  assertBytes(`${where}.prepared.header`, header);
  assertContext(`${where}.prepared`, prepared);
  const input: SignedHeader = {
    header: copyOf(header),
    signatures: signatures.map((signature) => copyOf(signature)),
    ...(blockroot && { blockroot: copyOf(blockroot) }),
    ...(pendingScheduleHash && { pendingScheduleHash: copyOf(pendingScheduleHash) }),
  };
  return { input, recovered: recoverHeader(input) };
}

/**
 * Prepares, signs and seals a header in one step, for callers who hold the keys.
 *
 * @param template - as for {@link prepareHeader}
 * @param keys - one, or several where the producer signs with several
 * @returns the sealed header; the same template and keys give the same bytes
 * @throws PoaError what {@link prepareHeader} throws; `SECRET_KEY_INVALID`, `KEY_TYPE_UNSUPPORTED`; `SIGNATURE_COUNT_MISMATCH`
 * for no key
 * @example
 * ```ts
 * import { signHeader } from 'poa-primitives/eosio';
 * import { headers, privateKeys, template } from './eosio-chain-sample.js';
 *
 * signHeader(template, [privateKeys.eosio]).signatures; // => headers[0].signatures
 * ```
 * @see [E56 Sealing](../RULES.md#e56-sealing)
 */
export function signHeader(template: HeaderTemplate, keys: readonly PrivateKey[]): SignedHeader {
  assertArray('signHeader.keys', keys);
  const prepared = prepareHeader(template);
  const signatures = Array.from(keys, (key) => serializeSignature(signDigest(prepared.message, key)));
  return sealHeader(prepared, signatures).input;
}
