/**
 * The map: what a header proves by itself. Recovering who sealed it is expensive and needs no state, so any number of cores
 * or machines can share it.
 *
 * @see EIP-225, "Authorizing a block"
 * @module
 */

import { assertBytes, assertFixedBytes, copyOf } from '../../internal/bytes.js';
import { compressPublicKey, recoverUncompressedPublicKey } from '../../internal/secp256k1.js';
import { type RecoverKey, readUncompressedRecoverer } from '../../internal/verifier/one.js';
import type { RecoverOptions } from '../../verifier.js';
import { assertHasSeal } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE, keccak256 } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header, type HeaderLayout, locateHeader, sealHashOf } from '../encoding/header.js';

/** What a header proves. Plain data: it survives a structured clone. */
export interface RecoveredHeader {
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 32 bytes, what was signed: the seal hash. */
  readonly message: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  /** 20 bytes, address of who sealed it. */
  readonly signer: Uint8Array;
  /** The header, parsed. */
  readonly header: Header;
}

/**
 * Recovers who sealed a header. Needs no state and judges nothing that depends on one: whether the signer may sign is
 * `applyRecovered`'s to say. A genesis header has no seal, so nobody is recovered from it.
 *
 * The seal of a block is malleable, as in go-ethereum: anyone can turn it into a second one, with s in the other half and
 * another block hash, by the same signer over the same message.
 *
 * @param input - RLP of a header
 * @param options - a verifier, and the keys that are expected; a number, the index that `map` hands over, is none
 * @returns fresh copies of everything
 * @throws PoaError in this order: `MALFORMED`; `VANITY_MISSING`; `SEAL_MISSING`; `SIGNATURE_INVALID`
 * @example
 * ```ts
 * import { recoverHeader } from 'poa-primitives/clique';
 * import { headers, signers } from './clique-sample.js';
 *
 * recoverHeader(headers[0]).signer; // => signers[1]
 * ```
 * @see EIP-225, "Authorizing a block"; [C6 Signer](../RULES.md#c6-signer)
 */
export function recoverHeader(input: Uint8Array, options: RecoverOptions | number = {}): RecoveredHeader {
  assertBytes('recoverHeader.input', input);
  const recoverKey = readUncompressedRecoverer('recoverHeader', options);
  return recoverLocated(input, locateHeader('header', input), recoverKey);
}

/** As {@link recoverHeader}, for a header that was located already. */
export function recoverLocated(
  input: Uint8Array,
  layout: HeaderLayout,
  recoverKey: RecoverKey = recoverUncompressedPublicKey,
): RecoveredHeader {
  const { header } = layout;
  assertHasSeal('header.extraData', header.extraData);
  const message = sealHashOf('header', input, layout);
  const seal = header.extraData.subarray(header.extraData.length - EXTRA_SEAL);
  const key = recoverKey('header.extraData.seal', message, seal, 'any');
  return { hash: keccak256(input), message, publicKey: compressPublicKey(key), signer: addressOf(key), header };
}

/** The address of an uncompressed key. */
export function addressOf(uncompressed: Uint8Array): Uint8Array {
  return copyOf(keccak256(uncompressed.subarray(1)), HASH_SIZE - ADDRESS_SIZE);
}

/**
 * Tells who sealed a header: the address that its seal recovers. The beneficiary (`miner`) does not tell; it is whom the signer
 * votes on, and zero in most blocks.
 *
 * @param input - RLP of a header
 * @returns 20 bytes
 * @throws PoaError as {@link recoverHeader}
 * @example
 * ```ts
 * import { parseHeader, recoverSigner } from 'poa-primitives/clique';
 * import { headers, signers } from './clique-sample.js';
 *
 * recoverSigner(headers[0]); // => signers[1]
 * parseHeader(headers[0]).beneficiary; // => new Uint8Array(20)
 * ```
 * @see EIP-225, "Authorizing a block"; [C6 Signer](../RULES.md#c6-signer)
 */
export function recoverSigner(input: Uint8Array): Uint8Array {
  assertBytes('recoverSigner.input', input);
  return recoverLocated(input, locateHeader('header', input)).signer;
}

/**
 * Recovers the address that made a seal over a seal hash.
 *
 * @param sealHash - 32 bytes; see {@link computeSealHash}
 * @param seal - 65 bytes: `r (32, BE) | s (32, BE) | recovery id (0 to 3)`
 * @returns 20 bytes
 * @throws PoaError `OUT_OF_RANGE` for another length; `SIGNATURE_INVALID`
 * @example
 * ```ts
 * import { computeSealHash, parseExtraData, parseHeader, recoverSealer } from 'poa-primitives/clique';
 * import { headers, signers } from './clique-sample.js';
 *
 * const { seal } = parseExtraData(parseHeader(headers[0]).extraData);
 * recoverSealer(computeSealHash(headers[0]), seal); // => signers[1]
 * ```
 * @see EIP-225, "Authorizing a block"; [C6 Signer](../RULES.md#c6-signer)
 */
export function recoverSealer(sealHash: Uint8Array, seal: Uint8Array): Uint8Array {
  const where = 'recoverSealer';
  assertFixedBytes(`${where}.sealHash`, sealHash, HASH_SIZE);
  assertFixedBytes(`${where}.seal`, seal, EXTRA_SEAL);
  return addressOf(recoverUncompressedPublicKey(`${where}.seal`, sealHash, seal, 'any'));
}
