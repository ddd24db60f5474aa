/** Signatures to recover, from plain arithmetic: the scalars and points that others leave out are chosen here. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc, { type Arbitrary } from 'fast-check';
import { computePublicKey } from '../../src/internal/secp256k1.js';

const { Point } = secp256k1;
export const N = Point.Fn.ORDER;
export const P = Point.Fp.ORDER;
export const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n;

/** (A1, -B1) and (A2, A1) span the pairs (a, b) with a + b * LAMBDA = 0 modulo n. */
const A1 = 0x3086d221a7d46bcde86c90e49284eb15n;
const B1 = 0xe4437ed6010e88286f547fa90abfe4c3n;
const A2 = 0x114ca50f7a8e2f3f657c1108d9d44cfd8n;

/** An item of a batch, and the secret key behind it where there is one. */
export interface Case {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** 64 bytes x | y of the key to expect. */
  readonly guess?: Uint8Array;
}

export const mod = (value: bigint): bigint => ((value % N) + N) % N;
export const inverse = (value: bigint): bigint => Point.Fn.inv(mod(value));
export const word = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(32);
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
};
export const keyOf = (secret: bigint): Uint8Array => computePublicKey('test', word(secret)).slice(1);

/** Any r, s and id, in range or not. */
export function rawCase(message: bigint, r: bigint, s: bigint, id: number): Case {
  const signature = new Uint8Array(65);
  signature.set(word(r));
  signature.set(word(s), 32);
  signature[64] = id;
  return { message: word(message), signature };
}

/**
 * A signature by the key `d` whose check adds `u1 * G` and `u2 * Q`: message and s follow from them. Undefined where there is none.
 */
export function checkedCase(u1: bigint, u2: bigint, d: bigint): Case | undefined {
  const k = mod(u1 + u2 * d);
  if (k === 0n || mod(u2) === 0n) return undefined;
  const { x, y } = Point.BASE.multiplyUnsafe(k).toAffine();
  const r = x % N;
  const s = mod(r * inverse(u2));
  const id = Number(y & 1n) + (x >= N ? 2 : 0);
  return { ...rawCase(mod(u1 * s), r, s, id), guess: keyOf(mod(d)) };
}

/** A signature whose recovery adds `u1 * G` and `u2 * k * G`. */
export function recoveredCase(u1: bigint, u2: bigint, k: bigint): Case | undefined {
  if (mod(u2) === 0n || mod(k) === 0n) return undefined;
  const { x, y } = Point.BASE.multiplyUnsafe(mod(k)).toAffine();
  const r = x % N;
  const id = Number(y & 1n) + (x >= N ? 2 : 0);
  const d = mod(u1 + u2 * k);
  const made = rawCase(mod(-u1 * r), r, mod(u2 * r), id);
  return d === 0n ? made : { ...made, guess: keyOf(d) };
}

/** Small x coordinates above n: the only ones that ids 2 and 3 can name. */
export const highX: readonly bigint[] = (() => {
  const found: bigint[] = [];
  for (let x = N + 1n; found.length < 12; x++) {
    const square = (x * x * x + 7n) % P;
    if (Point.Fp.pow(square, (P - 1n) / 2n) === 1n) found.push(x);
  }
  return found;
})();

/** Scalars at whose windows tables begin, end and carry. */
export const edgeScalars: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  15n,
  16n,
  17n,
  31n,
  32n,
  127n,
  128n,
  129n,
  255n,
  256n,
  2047n,
  2048n,
  2049n,
  4096n,
  (1n << 127n) - 1n,
  1n << 127n,
  (1n << 128n) - 1n,
  1n << 128n,
  (1n << 255n) + 1n,
  N - 1n,
  N - 2n,
  N - 128n,
  N >> 1n,
  (N >> 1n) + 1n,
  LAMBDA,
  mod(LAMBDA * LAMBDA),
  mod(LAMBDA + 1n),
  mod(LAMBDA - 1n),
  mod(-LAMBDA),
  mod(128n * LAMBDA),
  BigInt(`0x${'80'.repeat(32)}`) % N,
  BigInt(`0x${'7f'.repeat(32)}`) % N,
  BigInt(`0x${'08'.repeat(32)}`) % N,
  BigInt(`0x${'1084210842108421'.repeat(4)}`) % N,
  // The halves of these are nearly as long as halves get.
  ...[1n, -1n].flatMap((sign) => [
    mod((sign * 4999n * (A1 + A2)) / 10_000n + ((sign * 4999n * (A1 - B1)) / 10_000n) * LAMBDA),
    mod((sign * 4999n * (A1 - A2)) / 10_000n - ((sign * 4999n * (B1 + A1)) / 10_000n) * LAMBDA),
  ]),
];

const scalar: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: N - 1n }),
  fc.constantFrom(...edgeScalars),
  fc.bigInt({ min: 0n, max: 300n }),
);
/** Anything that 32 bytes can hold, the borders more often than by chance. */
const anyWord: Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.constantFrom(
    0n,
    1n,
    N - 1n,
    N,
    N + 1n,
    P - N,
    P - N - 1n,
    P - 1n,
    P,
    P + 1n,
    (1n << 256n) - 1n,
    N >> 1n,
    (N >> 1n) + 1n,
  ),
);
const anyId: Arbitrary<number> = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(4, 27, 255));

const valid: Case = checkedCase(3n, 5n, 7n) as Case;

/** Signatures of every kind, good and bad. */
export const anyCase: Arbitrary<Case> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(scalar, scalar, scalar).map(([u1, u2, d]) => checkedCase(u1, u2, d || 1n) ?? valid),
  },
  { weight: 3, arbitrary: fc.tuple(scalar, scalar, scalar).map(([u1, u2, k]) => recoveredCase(u1, u2, k) ?? valid) },
  // Both parts the same, or opposite: the key is their double, or infinity.
  {
    weight: 1,
    arbitrary: fc
      .tuple(scalar, scalar, fc.boolean())
      .map(([u2, k, isSame]) => recoveredCase(isSame ? u2 * k : -u2 * k, u2, k) ?? valid),
  },
  { weight: 1, arbitrary: fc.tuple(anyWord, anyWord, anyWord, anyId).map((parts) => rawCase(...parts)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyWord, fc.constantFrom(...highX), scalar, fc.integer({ min: 0, max: 3 }))
      .map(([message, x, s, id]) => rawCase(message, x - N, s, id)),
  },
  // A good one with an id that is not its own, or with s on the other side.
  {
    weight: 1,
    arbitrary: fc.tuple(scalar, scalar, scalar, anyId).map(([u1, u2, d, id]) => {
      const made = checkedCase(u1, u2, d || 1n) ?? valid;
      const signature = Uint8Array.from(made.signature);
      signature[64] = id;
      return { ...made, signature };
    }),
  },
);
