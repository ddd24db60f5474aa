/** Keys and signatures: text forms, checksums, canonical signatures, and what recovers nothing. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { base58 } from '@scure/base';
import fc from 'fast-check';
import {
  checkPublicKey,
  computePublicKey,
  isCanonicalSignature,
  isSameKey,
  type PrivateKey,
  parsePublicKey,
  parseSignature,
  parseSignatures,
  privateKeyFromText,
  privateKeyToText,
  privateKeyToWif,
  publicKeyFromText,
  publicKeyToLegacyText,
  publicKeyToText,
  recoverPublicKeyOf,
  type Signature,
  serializeActionData,
  serializePublicKey,
  serializeSignature,
  serializeSignatures,
  sha256,
  signatureFromText,
  signatureToText,
  signDigest,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { hash, runs } from '../support/arbitraries.js';
import { privateKey, publicKey, signature } from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'));
const key = privateKeyFromText('5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3');
const digest = sha256(Uint8Array.of(1));

describe('text forms', () => {
  it('public keys, with any bytes', () => {
    fc.assert(
      fc.property(publicKey, (value) => {
        expect(publicKeyFromText(publicKeyToText(value))).toEqual(value);
        expect(publicKeyFromText(publicKeyToLegacyText(value))).toEqual(value);
        expect(parsePublicKey(serializePublicKey(value))).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });

  it('private keys and signatures', () => {
    fc.assert(
      fc.property(privateKey, signature, (secret, value) => {
        expect(privateKeyFromText(privateKeyToText(secret))).toEqual(secret);
        expect(privateKeyFromText(privateKeyToWif(secret))).toEqual(secret);
        expect(signatureFromText(signatureToText(value))).toEqual(value);
        expect(parseSignature(serializeSignature(value))).toEqual(value);
        expect(parseSignatures(serializeSignatures([value, value]))).toEqual([value, value]);
      }),
      { numRuns: runs(50) },
    );
  });

  it('one character changed, removed or added is found out', () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl_ é';
    const texts: [string, (text: string) => unknown][] = [
      [publicKeyToText(computePublicKey(key)), publicKeyFromText],
      [publicKeyToLegacyText(computePublicKey(key)), publicKeyFromText],
      [privateKeyToText(key), privateKeyFromText],
      [privateKeyToWif(key), privateKeyFromText],
      [signatureToText(signDigest(digest, key)), signatureFromText],
    ];
    const codes = new Set<string>();
    for (const [text, read] of texts)
      fc.assert(
        fc.property(fc.nat(text.length - 1), fc.nat(alphabet.length - 1), fc.nat(2), (at, letter, how) => {
          const inserted = how === 1 ? '' : alphabet.charAt(letter);
          const changed = text.slice(0, at) + inserted + text.slice(how === 2 ? at : at + 1);
          fc.pre(changed !== text);
          try {
            read(changed);
          } catch (error) {
            codes.add((error as { code: string }).code);
            return;
          }
          throw new Error(`${changed} was taken`);
        }),
        { numRuns: runs(150) },
      );
    const known = ['KEY_CHECKSUM_MISMATCH', 'KEY_INVALID', 'KEY_TYPE_UNSUPPORTED'];
    expect([...codes].filter((code) => !known.includes(code))).toEqual([]);
    expect(codes.size).toBeGreaterThan(1);
  });

  it('what is no text of a key', () => {
    for (const text of [
      '',
      'EOS',
      'PUB_',
      'PUB_K1_',
      'PUB_X1_abc',
      'FIO87DUhqcVPJ',
      '5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3',
      `EOS${'1'.repeat(100_000)}`,
    ])
      expectCode(() => publicKeyFromText(text), 'KEY_INVALID');
    for (const text of [
      '',
      '5',
      'PVT_K1_',
      'PVT_',
      `5${'z'.repeat(100_000)}`,
      publicKeyToLegacyText(computePublicKey(key)),
    ])
      expectCode(() => privateKeyFromText(text), 'KEY_INVALID');
    for (const text of ['', 'SIG_', 'SIG_K1_', 'SIG_K2_1', 'sig_k1_1'])
      expectCode(() => signatureFromText(text), 'KEY_INVALID');
    expectCode(
      () => publicKeyFromText('PUB_WA_8PPYTWYNkRqrveNAoX7PJWDtSqDUp3c29QGBfr6MD9EaLocaPBmsk5QAHWq4vEQt2'),
      'KEY_TYPE_UNSUPPORTED',
    );
    expect(() => publicKeyFromText(1 as never)).toThrow(TypeError);
  });

  it('the checksum of one kind is none for another', () => {
    const k1 = publicKeyToText(computePublicKey(key));
    expectCode(() => publicKeyFromText(k1.replace('K1', 'R1')), 'KEY_CHECKSUM_MISMATCH');
    expectCode(() => publicKeyFromText(`EOS${k1.slice(7)}`), 'KEY_CHECKSUM_MISMATCH');
    const data = computePublicKey(key).data;
    const unsuffixed = base58.encode(Uint8Array.of(...data, ...ripemd160(data).subarray(0, 4)));
    expectCode(() => publicKeyFromText(`PUB_K1_${unsuffixed}`), 'KEY_CHECKSUM_MISMATCH');
    // WIF with one hash instead of two, with another version, and with the mark of a compressed key.
    const wif = (bytes: Uint8Array, sum = sha256(sha256(bytes))) =>
      base58.encode(Uint8Array.of(...bytes, ...sum.subarray(0, 4)));
    const versioned = Uint8Array.of(0x80, ...key.data);
    expectCode(() => privateKeyFromText(wif(versioned, sha256(versioned))), 'KEY_CHECKSUM_MISMATCH');
    expectCode(() => privateKeyFromText(wif(Uint8Array.of(0xef, ...key.data))), 'KEY_INVALID');
    expectCode(() => privateKeyFromText(wif(Uint8Array.of(...versioned, 1))), 'KEY_INVALID');
  });

  it('an error shows nothing of a private key', () => {
    const text = privateKeyToWif(key);
    for (const read of [publicKeyFromText, signatureFromText])
      expect(expectCode(() => read(text), 'KEY_INVALID').message).not.toContain(text.slice(2, 12));
    const data = { producer: 'a', producer_key: text, url: '', location: 0 };
    const error = expectCode(() => serializeActionData('eosio', 'regproducer', data), 'KEY_INVALID');
    expect(error.message).not.toContain(text.slice(2, 12));
    for (const wrong of [text.slice(0, -1), `${text}1`, text.replace(/3$/, '4'), `PVT_K1_${text}`, `PVT_XX_${text}`]) {
      let message = '';
      try {
        privateKeyFromText(wrong);
      } catch (error) {
        message = String(error);
      }
      expect(message).toMatch(/KEY_/);
      expect(message).not.toContain(text.slice(2, 12));
    }
  });

  it('private keys are numbers from 1 to n - 1', () => {
    const secret = (value: bigint): PrivateKey => ({ curve: 'K1', data: word(value) });
    for (const value of [0n, ORDER, 2n ** 256n - 1n]) {
      expectCode(() => privateKeyToText(secret(value)), 'SECRET_KEY_INVALID');
      expectCode(() => signDigest(digest, secret(value)), 'SECRET_KEY_INVALID');
    }
    for (const value of [1n, ORDER - 1n]) computePublicKey(secret(value));
    // Between the orders of the two curves.
    privateKeyToText({ curve: 'R1', data: word(ORDER - 2n ** 225n) });
    expectCode(() => privateKeyToText({ curve: 'R1', data: word(ORDER) }), 'SECRET_KEY_INVALID');
    expectCode(() => privateKeyToWif({ curve: 'K1', data: new Uint8Array(31) }), 'OUT_OF_RANGE');
    expectCode(() => privateKeyToWif({ curve: 'X1' as never, data: new Uint8Array(32) }), 'KEY_TYPE_UNSUPPORTED');
  });
});

describe('public keys as points', () => {
  it('agrees with the curve library', () => {
    fc.assert(
      fc.property(hash, fc.constantFrom(2, 3), (x, prefix) => {
        const data = Uint8Array.of(prefix, ...x);
        const value = { curve: 'K1', data } as const;
        if (secp256k1.utils.isValidPublicKey(data, true)) checkPublicKey(value);
        else expectCode(() => checkPublicKey(value), 'PUBLIC_KEY_INVALID');
      }),
      { numRuns: runs(30) },
    );
    for (const prefix of [0, 1, 4, 255])
      for (const curve of ['K1', 'R1'] as const)
        expectCode(
          () => checkPublicKey({ curve, data: Uint8Array.of(prefix, ...computePublicKey(key).data.subarray(1)) }),
          'PUBLIC_KEY_INVALID',
        );
    checkPublicKey(computePublicKey(key));
  });

  it('are the same by curve and bytes', () => {
    const a = computePublicKey(key);
    expect(isSameKey(a, { ...a, data: Uint8Array.from(a.data) })).toBe(true);
    expect(isSameKey(a, { ...a, curve: 'R1' })).toBe(false);
    expect(isSameKey(a, { ...a, data: new Uint8Array(33) })).toBe(false);
  });
});

describe('signatures', () => {
  it('are canonical, deterministic, and recover the key that made them', () => {
    fc.assert(
      fc.property(hash, privateKey, (message, secret) => {
        const made = signDigest(message, secret);
        expect(isCanonicalSignature(made)).toBe(true);
        expect(signDigest(message, secret)).toEqual(made);
        expect(recoverPublicKeyOf(message, made)).toEqual(computePublicKey(secret));
      }),
      { numRuns: runs(25) },
    );
  });

  const made = signDigest(digest, key);
  const withBytes = (change: (data: Uint8Array) => void): Signature => {
    const data = Uint8Array.from(made.data);
    change(data);
    return { curve: 'K1', data };
  };

  it('with another first byte recover nothing', () => {
    for (const byte of [0, 26, 27, 28, 29, 30, 35, 255])
      expectCode(
        () =>
          recoverPublicKeyOf(
            digest,
            withBytes((data) => data.fill(byte, 0, 1)),
          ),
        'SIGNATURE_INVALID',
      );
  });

  it('that are not canonical recover nothing', () => {
    const cases: ((data: Uint8Array) => void)[] = [
      (data) => data.fill(0x80, 1, 2),
      (data) => data.fill(0x80, 33, 34),
      (data) => data.set([0, 0x7f], 1),
      (data) => data.set([0, 0x7f], 33),
      (data) => data.fill(0, 1, 33),
      (data) => data.fill(0, 33, 65),
      (data) => data.fill(0, 1),
      // The same signature with s in the upper half.
      (data) => data.set(word(ORDER - BigInt(`0x${Buffer.from(data.subarray(33)).toString('hex')}`)), 33),
    ];
    for (const change of cases) {
      expect(isCanonicalSignature(withBytes(change))).toBe(false);
      expectCode(() => recoverPublicKeyOf(digest, withBytes(change)), 'SIGNATURE_NOT_CANONICAL');
    }
    for (const change of [(data: Uint8Array) => data.set([0, 0x80], 1), (data: Uint8Array) => data.set([0, 0x80], 33)])
      expect(isCanonicalSignature(withBytes(change))).toBe(true);
  });

  it('whose r is no coordinate recover nothing', () => {
    expectCode(
      () =>
        recoverPublicKeyOf(
          digest,
          withBytes((data) => data.set(word(5n), 1)),
        ),
      'SIGNATURE_NOT_CANONICAL',
    );
    let refused = 0;
    for (let i = 0; i < 20; i++)
      try {
        recoverPublicKeyOf(
          digest,
          withBytes((data) => data.fill(i, 20, 33)),
        );
      } catch (error) {
        expect((error as { code: string }).code).toBe('SIGNATURE_INVALID');
        refused++;
      }
    expect(refused).toBeGreaterThan(3);
    // r + n is no coordinate of the field, unless r is very small.
    expectCode(
      () =>
        recoverPublicKeyOf(
          digest,
          withBytes((data) => data.fill(33, 0, 1)),
        ),
      'SIGNATURE_INVALID',
    );
  });

  it('of another size, curve or type are refused', () => {
    expectCode(() => recoverPublicKeyOf(digest, { curve: 'K1', data: new Uint8Array(64) }), 'OUT_OF_RANGE');
    expectCode(() => recoverPublicKeyOf(digest.subarray(1), made), 'OUT_OF_RANGE');
    expectCode(() => recoverPublicKeyOf(digest, { curve: 'R1', data: made.data }), 'KEY_TYPE_UNSUPPORTED');
    expect(() => recoverPublicKeyOf(digest, null as never)).toThrow(TypeError);
    for (const size of [0, 65, 67]) expectCode(() => parseSignature(new Uint8Array(size)), 'MALFORMED');
    expectCode(() => parseSignature(new Uint8Array(66).fill(2, 0, 1)), 'KEY_TYPE_UNSUPPORTED');
    expectCode(() => parseSignatures(Uint8Array.of(2, ...new Uint8Array(66))), 'MALFORMED');
    expectCode(() => parseSignatures(Uint8Array.of(0, 0)), 'MALFORMED');
    expectCode(() => parsePublicKey(new Uint8Array(34).fill(3, 0, 1)), 'MALFORMED');
    expectCode(() => parsePublicKey(new Uint8Array(34).fill(2, 0, 1)), 'KEY_TYPE_UNSUPPORTED');
  });
});
