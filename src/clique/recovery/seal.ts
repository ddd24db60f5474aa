/**
 * The inverse of the map: sealing a header. Preparing and sealing are two steps, so that keys may live elsewhere.
 *
 * @see EIP-225, "Authorizing a block"
 * @module
 */

import { assertBytes, assertFixedBytes, assertObject, concat, copyOf } from '../../internal/bytes.js';
import { computePublicKey, signRecoverable } from '../../internal/secp256k1.js';
import { assertHasSeal } from '../encoding/extraData.js';
import {
  EXTRA_SEAL,
  type Header,
  type HeaderLayout,
  locateHeader,
  sealHashOf,
  serializeHeader,
} from '../encoding/header.js';
import { addressOf, recoverHeader } from './recover.js';

/** A header that lacks nothing but its seal. */
export interface PreparedHeader {
  /** 32 bytes, what the signer signs: the seal hash. */
  readonly message: Uint8Array;
  /** RLP, the seal zero. */
  readonly header: Uint8Array;
}

/** A sealed header. */
export interface SealedHeader {
  /** RLP. */
  readonly header: Uint8Array;
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 20 bytes, who sealed it. */
  readonly signer: Uint8Array;
}

/**
 * Makes a header ready to be signed: serializes it with a zero seal, and computes its seal hash. `buildHeader` makes one that
 * follows the rules.
 *
 * @param header - all fields; the last 65 bytes of its extra-data are where the seal goes, whatever they hold
 * @returns the message, and the header around it
 * @throws PoaError `OUT_OF_RANGE` for a field that does not fit; `VANITY_MISSING`, `SEAL_MISSING` for extra-data of less than 97 bytes
 * @example
 * ```ts
 * import { parseHeader, prepareHeader, recoverHeader } from 'poa-primitives/clique';
 * import { headers } from './clique-sample.js';
 *
 * prepareHeader(parseHeader(headers[0])).message; // => recoverHeader(headers[0]).message
 * ```
 * @see EIP-225, "Authorizing a block"; [C7 Sealing](../RULES.md#c7-sealing)
 */
export function prepareHeader(header: Header): PreparedHeader {
  const where = 'prepareHeader';
  assertObject(where, header);
  assertBytes(`${where}.extraData`, header.extraData);
  assertHasSeal(`${where}.extraData`, header.extraData);
  const bytes = serializeHeader({ ...header, extraData: withSeal(header.extraData, new Uint8Array(EXTRA_SEAL)) });
  return { message: sealHashOf(where, bytes, locateHeader(where, bytes)), header: bytes };
}

/**
 * Puts a seal into a prepared header, and recovers who made it as every verifier will.
 *
 * @param prepared - what {@link prepareHeader} returned
 * @param signature - 65 bytes over `prepared.message`: `r (32, BE) | s (32, BE) | recovery id (0 or 1)`
 * @returns the sealed header with its signer: compare it with the key that was meant to sign
 * @throws PoaError `OUT_OF_RANGE` for another length; `SIGNATURE_INVALID`; `MALFORMED`, `VANITY_MISSING`, `SEAL_MISSING` if the
 * prepared header was changed
 * @example
 * ```ts
 * import { parseHeader, prepareHeader, sealHeader } from 'poa-primitives/clique';
 * import { secp256k1 } from '@noble/curves/secp256k1.js';
 * import { headers, secretKeys, signers } from './clique-sample.js';
 *
 * const prepared = prepareHeader(parseHeader(headers[0]));
 * // An external signer: here the recovery id comes first, in a seal it is last.
 * const [id, ...rs] = secp256k1.sign(prepared.message, secretKeys[1], { prehash: false, format: 'recovered' });
 * sealHeader(prepared, Uint8Array.of(...rs, id)).signer; // => signers[1]
 * ```
 * @see EIP-225, "Authorizing a block"; [C7 Sealing](../RULES.md#c7-sealing)
 */
export function sealHeader(prepared: PreparedHeader, signature: Uint8Array): SealedHeader {
  const where = 'sealHeader';
  assertObject(`${where}.prepared`, prepared);
  assertBytes(`${where}.prepared.header`, prepared.header);
  assertFixedBytes(`${where}.signature`, signature, EXTRA_SEAL);
  const { header }: HeaderLayout = locateHeader(`${where}.prepared.header`, prepared.header);
  assertHasSeal(`${where}.prepared.header.extraData`, header.extraData);
  const bytes = serializeHeader({ ...header, extraData: withSeal(header.extraData, signature) });
  const { hash, signer } = recoverHeader(bytes);
  return { header: bytes, hash, signer };
}

/**
 * Prepares, signs and seals a header in one step, for callers who hold the key.
 *
 * @param header - as for {@link prepareHeader}
 * @param secretKey - 32 bytes; neither kept nor modified
 * @returns the sealed header; the same header and key give the same bytes (RFC 6979, as go-ethereum signs)
 * @throws PoaError `SECRET_KEY_INVALID`; what {@link prepareHeader} throws
 * @example
 * ```ts
 * import { parseHeader, signHeader } from 'poa-primitives/clique';
 * import { headers, secretKeys } from './clique-sample.js';
 *
 * signHeader(parseHeader(headers[0]), secretKeys[1]).header; // => headers[0]
 * ```
 * @see EIP-225, "Authorizing a block"; [C7 Sealing](../RULES.md#c7-sealing)
 */
export function signHeader(header: Header, secretKey: Uint8Array): SealedHeader {
  const where = 'signHeader.secretKey';
  assertBytes(where, secretKey);
  const prepared = prepareHeader(header);
  return sealHeader(prepared, signRecoverable(where, prepared.message, secretKey));
}

/**
 * The address of a secret key: the last 20 bytes of the hash of its public key.
 *
 * @param secretKey - 32 bytes; neither kept nor modified
 * @returns 20 bytes
 * @throws PoaError `SECRET_KEY_INVALID`
 * @example
 * ```ts
 * import { computeAddress } from 'poa-primitives/clique';
 * import { secretKeys, signers } from './clique-sample.js';
 *
 * computeAddress(secretKeys[0]); // => signers[0]
 * ```
 * @see Ethereum yellow paper, "Signing Transactions"; [C6 Signer](../RULES.md#c6-signer)
 */
export function computeAddress(secretKey: Uint8Array): Uint8Array {
  const where = 'computeAddress.secretKey';
  assertBytes(where, secretKey);
  return addressOf(computePublicKey(where, secretKey));
}

function withSeal(extraData: Uint8Array, seal: Uint8Array): Uint8Array {
  return concat([copyOf(extraData, 0, extraData.length - EXTRA_SEAL), seal]);
}
