/** Random records of EOSIO, for property tests. */
import fc, { type Arbitrary } from 'fast-check';
import {
  type Action,
  type Asset,
  type AssetSymbol,
  type BlockHeader,
  computePublicKey,
  type Extension,
  type Genesis,
  nameFromValue,
  type PrivateKey,
  type ProducerAuthoritySchedule,
  type ProducerSchedule,
  type PublicKey,
  type Signature,
  type Transaction,
} from 'poa-primitives/eosio';
import { anyBytes, bytesOf, hash, u8, u16, u32, u64 } from './arbitraries.js';

/** Names as records have them: short and long ones, with dots and without. */
export const name: Arbitrary<string> = fc.oneof(
  u64.map(nameFromValue),
  fc.stringMatching(/^[.1-5a-z]{0,11}[1-5a-z]$/),
  fc.constantFrom('', 'eosio', 'eosio.token', 'active', 'accountnum11'),
);

export const assetSymbol: Arbitrary<AssetSymbol> = fc.record({
  code: fc.stringMatching(/^[A-Z]{1,7}$/),
  precision: fc.integer({ min: 0, max: 18 }),
});

const MAX = (1n << 62n) - 1n;
export const asset: Arbitrary<Asset> = fc.record({
  amount: fc.oneof(fc.constantFrom(0n, 1n, -1n, MAX, -MAX), fc.bigInt({ min: -MAX, max: MAX })),
  symbol: assetSymbol,
});

/** Keys of any 33 bytes. */
export const publicKey: Arbitrary<PublicKey> = fc.record({
  curve: fc.constantFrom('K1', 'R1') as Arbitrary<'K1' | 'R1'>,
  data: bytesOf(33),
});
export const signature: Arbitrary<Signature> = fc.record({
  curve: fc.constantFrom('K1', 'R1') as Arbitrary<'K1' | 'R1'>,
  data: bytesOf(65),
});
/** K1 keys in range. */
export const privateKey: Arbitrary<PrivateKey> = bytesOf(32).map((data) => ({
  curve: 'K1',
  data: Uint8Array.of(1, ...data.subarray(1)),
}));
/** K1 keys that are points. */
export const pointKey: Arbitrary<PublicKey> = privateKey.map(computePublicKey);

const few = <T>(item: Arbitrary<T>): Arbitrary<T[]> => fc.array(item, { maxLength: 3 });

export const extension: Arbitrary<Extension> = fc.record({ type: u16, data: anyBytes() });

export const action: Arbitrary<Action> = fc.record({
  account: name,
  name,
  authorization: few(fc.record({ actor: name, permission: name })),
  data: anyBytes(200),
});

export const transaction: Arbitrary<Transaction> = fc.record({
  expiration: u32.map((seconds) => seconds * 1000),
  refBlockNum: u16,
  refBlockPrefix: u32,
  maxNetUsageWords: u32,
  maxCpuUsageMs: u8,
  delaySec: u32,
  contextFreeActions: few(action),
  actions: few(action),
  extensions: few(extension),
});

export const producerSchedule: Arbitrary<ProducerSchedule> = fc.record({
  version: u32,
  producers: few(fc.record({ producerName: name, blockSigningKey: publicKey })),
});

export const authoritySchedule: Arbitrary<ProducerAuthoritySchedule> = fc.record({
  version: u32,
  producers: few(
    fc.record({
      producerName: name,
      authority: fc.record({ threshold: u32, keys: few(fc.record({ key: publicKey, weight: u16 })) }),
    }),
  ),
});

export const blockHeader: Arbitrary<BlockHeader> = fc.record({
  slot: u32,
  producer: name,
  confirmed: u16,
  previous: hash,
  transactionMroot: hash,
  actionMroot: hash,
  scheduleVersion: u32,
  newProducers: fc.option(producerSchedule),
  headerExtensions: few(extension),
});

/** Genesis records that nodes take. */
export const genesis: Arbitrary<Genesis> = fc
  .record({
    initialTimestamp: fc.integer({ min: 946684800000, max: 3094168447999 }),
    initialKey: pointKey,
    net: fc.integer({ min: 10240, max: 2 ** 32 - 1 }),
    base: fc.nat(),
    cpu: fc.integer({ min: 0, max: 2 ** 31 }),
    least: fc.nat(),
    extra: fc.integer({ min: 1, max: 1000 }),
    percents: fc.tuple(fc.integer({ min: 10, max: 10000 }), fc.integer({ min: 10, max: 10000 })),
    discount: fc.tuple(u32, fc.integer({ min: 1, max: 2 ** 32 - 1 })),
    others: fc.tuple(u32, u32, u32, u32, u32),
    depths: fc.tuple(u16, fc.integer({ min: 1, max: 65535 })),
  })
  .map(({ initialTimestamp, initialKey, net, base, cpu, least, extra, percents, discount, others, depths }) => {
    const minTransactionCpuUsage = least % (cpu + 1);
    return {
      initialTimestamp,
      initialKey,
      initialConfiguration: {
        maxBlockNetUsage: BigInt(net) + BigInt(extra),
        targetBlockNetUsagePct: percents[0],
        maxTransactionNetUsage: net,
        basePerTransactionNetUsage: base % (net - 10239),
        netUsageLeeway: others[0],
        contextFreeDiscountNetUsageNum: discount[0] % (discount[1] + 1),
        contextFreeDiscountNetUsageDen: discount[1],
        maxBlockCpuUsage: Math.min(cpu + minTransactionCpuUsage + extra, 2 ** 32 - 1),
        targetBlockCpuUsagePct: percents[1],
        maxTransactionCpuUsage: cpu,
        minTransactionCpuUsage: Math.min(minTransactionCpuUsage, 2 ** 31 - 2000),
        maxTransactionLifetime: others[1],
        deferredTrxExpirationWindow: others[2],
        maxTransactionDelay: others[3],
        maxInlineActionSize: others[4],
        maxInlineActionDepth: depths[0],
        maxAuthorityDepth: depths[1],
      },
    };
  });
