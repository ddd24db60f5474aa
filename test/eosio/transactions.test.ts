/** What of a transaction is signed, what it refers to, and what does not fit one. */
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  computeBlockReference,
  computePublicKey,
  computeSigningDigest,
  computeTransactionId,
  parseTransaction,
  privateKeyFromText,
  recoverPublicKeyOf,
  serializeTransaction,
  sha256,
  signTransaction,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { chainId, genesisPrivateKey, packedTransaction } from '../../examples/eosio-sample.js';
import { expectCode } from '../support/errors.js';

const sample = parseTransaction(packedTransaction);

describe('what is signed', () => {
  it('covers the chain, the transaction and the context free data', () => {
    const zeros = new Uint8Array(32);
    expect(computeSigningDigest(chainId, packedTransaction)).toEqual(sha256(chainId, packedTransaction, zeros));
    expect(computeSigningDigest(chainId, packedTransaction, [])).toEqual(sha256(chainId, packedTransaction, zeros));
    const packed = hexToBytes('020201020103');
    const data = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    expect(computeSigningDigest(chainId, packedTransaction, data)).toEqual(
      sha256(chainId, packedTransaction, sha256(packed)),
    );
    const key = privateKeyFromText(genesisPrivateKey);
    const signature = signTransaction(chainId, packedTransaction, key, data);
    const digest = computeSigningDigest(chainId, packedTransaction, data);
    expect(recoverPublicKeyOf(digest, signature)).toEqual(computePublicKey(key));
  });

  it('is a transaction, on a chain', () => {
    const longer = Uint8Array.of(...packedTransaction, 0);
    expectCode(() => computeTransactionId(longer), 'MALFORMED');
    expectCode(() => computeSigningDigest(chainId, longer), 'MALFORMED');
    expectCode(() => signTransaction(chainId, longer, privateKeyFromText(genesisPrivateKey)), 'MALFORMED');
    expectCode(() => computeSigningDigest(chainId.subarray(1), packedTransaction), 'OUT_OF_RANGE');
    expect(() => computeSigningDigest(chainId, packedTransaction, ['00'] as never)).toThrow(TypeError);
  });
});

describe('records', () => {
  it('that do not fit are refused', () => {
    for (const expiration of [1, 999, -1000, 0.5, 2 ** 32 * 1000, Number.NaN])
      expectCode(() => serializeTransaction({ ...sample, expiration }), 'TIME_INVALID');
    for (const wrong of [
      { refBlockNum: 65536 },
      { refBlockPrefix: -1 },
      { maxNetUsageWords: 2 ** 32 },
      { maxCpuUsageMs: 256 },
      { delaySec: 1.5 },
    ])
      expectCode(() => serializeTransaction({ ...sample, ...wrong }), 'OUT_OF_RANGE');
    expect(() => serializeTransaction({ ...sample, actions: {} as never })).toThrow(TypeError);
    expect(() => serializeTransaction({ ...sample, extensions: [1 as never] })).toThrow(TypeError);
  });

  it('of the greatest expiration go both ways', () => {
    const last = { ...sample, expiration: (2 ** 32 - 1) * 1000 };
    expect(parseTransaction(serializeTransaction(last))).toEqual(last);
  });

  it('refer to a block by its number and its id', () => {
    const id = hexToBytes('00a347526c9e2237cb771f71244c3e5ed2bcceacb57aadd07edb1a82f63aaa04');
    expect(computeBlockReference(id)).toEqual({ refBlockNum: 10700626 % 65536, refBlockPrefix: 0x711f77cb });
    expectCode(() => computeBlockReference(id.subarray(1)), 'OUT_OF_RANGE');
  });
});
