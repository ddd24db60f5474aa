import { DER } from '@noble/curves/abstract/weierstrass.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { blake160 } from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { isCompressedPoint, recoverPublicKey, signRecoverable } from '../../src/internal/secp256k1.js';
import { bytes, hex } from '../support/bytes.js';
import { readDer } from '../support/der.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint): string => value.toString(16).padStart(64, '0');
const signatureOf = (r: bigint, s: bigint, id: number): Uint8Array =>
  hexToBytes(word(r) + word(s) + id.toString(16).padStart(2, '0'));
const message = new Uint8Array(32).fill(3);
const secretKey = new Uint8Array(32).fill(5);

describe.skipIf(!hasShared)('published keys and signatures', () => {
  const cases = (name: string): any[] => (hasShared ? readShared(`ckb/${name}`).cases : []);

  it('signs signatures.json byte for byte, and recovers its keys', () => {
    for (const vector of cases('signatures.json')) {
      const signature = signRecoverable('test', bytes(vector.message), bytes(vector.private_key));
      expect(hex(signature)).toBe(vector.signature);
      const publicKey = secp256k1.getPublicKey(bytes(vector.private_key));
      expect(recoverPublicKey('test', bytes(vector.message), signature, 'low')).toEqual(publicKey);
    }
  });

  it('recovers the keys of sighash-mainnet.json', () => {
    for (const vector of cases('sighash-mainnet.json')) {
      const publicKey = recoverPublicKey('test', bytes(vector.message), bytes(vector.signature), 'any');
      expect(hex(publicKey)).toBe(vector.recovered_pubkey);
      expect(hex(blake160(publicKey))).toBe(vector.pubkey_blake160);
    }
  });

  it('recovers the keys of sighash-sdk.json', () => {
    for (const { groups } of cases('sighash-sdk.json')) {
      for (const group of groups) {
        expect(hex(signRecoverable('test', bytes(group.message), bytes(group.private_key)))).toBe(group.signature);
        expect(hex(blake160(recoverPublicKey('test', bytes(group.message), bytes(group.signature), 'low')))).toBe(
          group.lock.args,
        );
      }
    }
  });

  it('hashes the keys of keys.json', () => {
    for (const vector of cases('keys.json')) {
      const publicKey = secp256k1.getPublicKey(bytes(vector.private_key));
      expect(hex(publicKey)).toBe(vector.public_key);
      expect(hex(blake160(publicKey))).toBe(vector.blake160);
    }
  });

  it.each([
    ['p1363', 'any', (bytes: Uint8Array) => bytes],
    ['bitcoin', 'low', readDer],
  ] as const)(
    'agrees with Wycheproof, %s: a valid signature recovers the key with one of the ids, an invalid one with none',
    (name, policy, readSignature) => {
      const groups: any[] = readShared(`crypto/ecdsa_secp256k1_sha256_${name}_test.json`).testGroups;
      let valid = 0;
      for (const group of groups) {
        const wanted = secp256k1.Point.fromHex(group.publicKey.uncompressed).toBytes();
        for (const test of group.tests) {
          const rs = readSignature(hexToBytes(test.sig));
          const keys = (rs === undefined ? [] : [0, 1, 2, 3]).flatMap((id) => {
            try {
              const signature = Uint8Array.of(...(rs as Uint8Array), id);
              return [recoverPublicKey('test', sha256(hexToBytes(test.msg)), signature, policy)];
            } catch (error) {
              expect((error as { code: string }).code).toBe(rs?.length === 64 ? 'SIGNATURE_INVALID' : 'OUT_OF_RANGE');
              return [];
            }
          });
          expect(
            keys.some((key) => hex(key) === hex(wanted)),
            `test ${test.tcId}: ${test.comment}`,
          ).toBe(test.result === 'valid');
          if (test.result === 'valid') valid++;
        }
      }
      expect(valid).toBeGreaterThan(100);
    },
  );

  it('reads DER as noble does, wherever r and s fit into 32 bytes', () => {
    const groups: any[] = readShared('crypto/ecdsa_secp256k1_sha256_bitcoin_test.json').testGroups;
    const signatures: string[] = [
      ...groups.flatMap(({ tests }) => tests.map(({ sig }: any) => sig)),
      // Small numbers: as they should be, of a byte too many, of none, negative, and one too few of them.
      ...['3006020101020101', '300702020001020101', '300702010102020001', '30050200020101', '3006020181020101'],
      ...['30080202008102020081', '3003020101', '3006020100020100', '', '30', '3000'],
    ];
    const wanted = signatures.map((sig) => {
      try {
        const { r, s } = DER.toSig(hexToBytes(sig));
        return r < 1n << 256n && s < 1n << 256n ? `0x${word(r)}${word(s)}` : undefined;
      } catch (error) {
        expect(error).toBeInstanceOf(DER.Err);
        return undefined;
      }
    });
    const read = signatures.map((sig) => readDer(hexToBytes(sig)));
    expect(read.map((signature) => signature && hex(signature))).toEqual(wanted);
    expect(wanted.filter((signature) => signature === undefined).length).toBeGreaterThan(100);
  });
});

describe('recoverPublicKey', () => {
  const good = signRecoverable('test', message, secretKey);
  const r = BigInt(hex(good.subarray(0, 32)));
  const s = BigInt(hex(good.subarray(32, 64)));
  const id = good[64] as number;

  it('recovers the key that signed', () => {
    expect(recoverPublicKey('test', message, good, 'low')).toEqual(secp256k1.getPublicKey(secretKey));
  });

  it('takes the other half of s only where it may', () => {
    const high = signatureOf(r, ORDER - s, id ^ 1);
    expect(recoverPublicKey('test', message, high, 'any')).toEqual(secp256k1.getPublicKey(secretKey));
    expect(expectCode(() => recoverPublicKey('test', message, high, 'low'), 'SIGNATURE_INVALID').got).toBe(
      's in the upper half',
    );
  });

  it('takes s up to n / 2 and no further', () => {
    const half = ORDER >> 1n;
    expect(recoverPublicKey('test', message, signatureOf(r, half, id), 'low').length).toBe(33);
    expectCode(() => recoverPublicKey('test', message, signatureOf(r, half + 1n, id), 'low'), 'SIGNATURE_INVALID');
  });

  const p = 2n ** 256n - 2n ** 32n - 977n;
  // The generator negated, so that s * R = z * G with R = G leads to infinity.
  const gx = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
  it.each([
    ['r of 0', 0n, s, id],
    ['r of n', ORDER, s, id],
    ['r of 2^256 - 1', 2n ** 256n - 1n, s, id],
    ['s of 0', r, 0n, id],
    ['s of n', r, ORDER, id],
    ['s of 2^256 - 1', r, 2n ** 256n - 1n, id],
    ['id 4', r, s, 4],
    ['id 27', r, s, 27],
    ['id 255', r, s, 255],
    ['id 2 where r + n is not below p', p - ORDER, s, 2],
    ['id 3 where r + n is not below p', r, s, 3],
    ['r that is no x coordinate', 5n, s, 0],
  ])('refuses %s', (_, wrongR, wrongS, wrongId) => {
    expectCode(
      () => recoverPublicKey('test', message, signatureOf(wrongR, wrongS, wrongId), 'any'),
      'SIGNATURE_INVALID',
    );
  });

  it('says what is wrong with an id', () => {
    const error = expectCode(() => recoverPublicKey('test', message, signatureOf(r, s, 4), 'any'), 'SIGNATURE_INVALID');
    expect(error.message).toBe('test: expected a recovery id from 0 to 3, got 4 [SIGNATURE_INVALID]');
  });

  it('refuses the point at infinity', () => {
    // R = G (even y), s = z: Q = (s * R - z * G) / r = 0.
    const z = BigInt(hex(message));
    expectCode(() => recoverPublicKey('test', message, signatureOf(gx, z, 0), 'any'), 'SIGNATURE_INVALID');
  });

  it('takes an x coordinate between n and p with ids 2 and 3', () => {
    // The first x above n that is on the curve; whoever made it does not matter, only that it recovers.
    const found = Array.from({ length: 20 }, (_, i) => BigInt(i + 1)).filter((low) => {
      try {
        return recoverPublicKey('test', message, signatureOf(low, 1n, 2), 'low').length === 33;
      } catch {
        return false;
      }
    });
    expect(found.length).toBeGreaterThan(3);
  });
});

describe('signRecoverable', () => {
  it.each([
    ['zero', new Uint8Array(32)],
    ['n', hexToBytes(word(ORDER))],
    ['31 bytes', new Uint8Array(31).fill(1)],
  ])('refuses a secret key of %s, and does not print it', (_, key) => {
    const error = expectCode(() => signRecoverable('test', message, key), 'SECRET_KEY_INVALID');
    expect(error.message).not.toContain('0101');
  });

  it('signs otherwise with further entropy, and the same each time', () => {
    const plain = signRecoverable('test', message, secretKey);
    const other = signRecoverable('test', message, secretKey, Uint8Array.of(1));
    expect(hex(other)).not.toBe(hex(plain));
    expect(signRecoverable('test', message, secretKey, Uint8Array.of(1))).toEqual(other);
    for (const signature of [plain, other])
      expect(recoverPublicKey('test', message, signature, 'low')).toEqual(secp256k1.getPublicKey(secretKey));
  });
});

describe('isCompressedPoint', () => {
  it('takes 33 bytes that are a point, and nothing else', () => {
    const point = secp256k1.getPublicKey(secretKey);
    expect(isCompressedPoint(point)).toBe(true);
    for (const wrong of [
      new Uint8Array(33),
      point.subarray(1),
      secp256k1.getPublicKey(secretKey, false),
      point.fill(5, 0, 1),
    ])
      expect(isCompressedPoint(wrong)).toBe(false);
  });
});
