/** Random records of the library, for property tests. */
import fc, { type Arbitrary } from 'fast-check';
import {
  type Block,
  type CellbaseWitness,
  type CellDep,
  type CellInput,
  type CellOutput,
  type Epoch,
  type Header,
  type OutPoint,
  type PoaContext,
  type Script,
  serializeTransaction,
  type Transaction,
  type UncleBlock,
  type ValidatorList,
  type WitnessArgs,
} from 'poa-primitives/ckb';
import { hex } from './bytes.js';

/** How often a property runs: `RUNS=10` makes every one ten times as long. */
export const runs = (n: number): number => Math.ceil(n * Number(process.env.RUNS ?? 1));

/** Bytes of one length. */
export const bytesOf = (size: number): Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
/** Bytes of any length up to `maxLength`. */
export const anyBytes = (maxLength = 64): Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

/** An unsigned integer, its least and greatest values more often than by chance. */
const uint = (bits: number): Arbitrary<number> =>
  fc.oneof(fc.constantFrom(0, 1, 2 ** bits - 1), fc.integer({ min: 0, max: 2 ** bits - 1 }));
const bigUint = (bits: number): Arbitrary<bigint> => {
  const max = (1n << BigInt(bits)) - 1n;
  return fc.oneof(fc.constantFrom(0n, 1n, max), fc.bigInt({ min: 0n, max }));
};

export const u8: Arbitrary<number> = uint(8);
export const u16: Arbitrary<number> = uint(16);
export const u32: Arbitrary<number> = uint(32);
export const u64: Arbitrary<bigint> = bigUint(64);
export const u128: Arbitrary<bigint> = bigUint(128);
export const hash: Arbitrary<Uint8Array> = bytesOf(32);

/** A few items: none, one and several are all likely. */
const few = <T>(item: Arbitrary<T>): Arbitrary<T[]> => fc.array(item, { maxLength: 4 });

export const outPoint: Arbitrary<OutPoint> = fc.record({ txHash: hash, index: u32 });

export const header: Arbitrary<Header> = fc.record({
  version: u32,
  compactTarget: u32,
  timestamp: u64,
  number: u64,
  epoch: u64,
  parentHash: hash,
  transactionsRoot: hash,
  proposalsHash: hash,
  extraHash: hash,
  dao: hash,
  nonce: u128,
});

const proposals: Arbitrary<Uint8Array[]> = few(bytesOf(10));

export const uncleBlock: Arbitrary<UncleBlock> = fc.record({ header, proposals });

export const witnessArgs: Arbitrary<WitnessArgs> = fc.record({
  lock: fc.option(anyBytes(200)),
  inputType: fc.option(anyBytes()),
  outputType: fc.option(anyBytes()),
});

/** The records whose fields strict molecule does not judge, or judges less than others do. */
export interface Records {
  readonly script: Arbitrary<Script>;
  readonly cellDep: Arbitrary<CellDep>;
  readonly cellInput: Arbitrary<CellInput>;
  readonly cellOutput: Arbitrary<CellOutput>;
  readonly transaction: Arbitrary<Transaction>;
  readonly cellbaseWitness: Arbitrary<CellbaseWitness>;
  readonly block: Arbitrary<Block>;
}

function makeRecords(hashType: Arbitrary<number>, depType: Arbitrary<number>, since: Arbitrary<bigint>): Records {
  const script = fc.record({ codeHash: hash, hashType, args: anyBytes() });
  const cellDep = fc.record({ outPoint, depType });
  const cellInput = fc.record({ since, previousOutput: outPoint });
  const cellOutput = fc.record({ capacity: u64, lock: script, type: fc.option(script) });
  const transaction = fc.record({
    version: u32,
    cellDeps: few(cellDep),
    headerDeps: few(hash),
    inputs: few(cellInput),
    outputs: few(cellOutput),
    outputsData: few(anyBytes()),
    witnesses: few(anyBytes(200)),
  });
  return {
    script,
    cellDep,
    cellInput,
    cellOutput,
    transaction,
    cellbaseWitness: fc.record({ lock: script, message: anyBytes() }),
    block: fc.record({
      header,
      uncles: fc.array(uncleBlock, { maxLength: 2 }),
      transactions: few(transaction),
      proposals,
      extension: fc.option(anyBytes(96)),
    }),
  };
}

/** `since` of RFC 0017: relative or not, one of three metrics, and a value of 56 bits. */
const knownSince: Arbitrary<bigint> = fc
  .tuple(fc.boolean(), fc.constantFrom(0n, 1n, 2n), bigUint(56))
  .map(([isRelative, metric, value]) => ((isRelative ? 1n : 0n) << 63n) | (metric << 61n) | value);

/** Whatever strict molecule takes. */
export const anyRecords: Records = makeRecords(u8, u8, u64);
/** Only what CKB gives a name or a meaning, so that JSON and other libraries can say it too. */
export const namedRecords: Records = makeRecords(fc.constantFrom(0, 1, 2, 4), fc.constantFrom(0, 1), knownSince);

export const poaContext: Arbitrary<PoaContext> = fc.record({
  signature: bytesOf(65),
  transactionsCount: u32,
  rawTransactionsRoot: hash,
  merkleProof: few(hash),
  votingTxs: fc.array(anyRecords.transaction.map(serializeTransaction), { maxLength: 2 }),
});

/** Any three numbers that fit; an index need not be below the length. */
export const epoch: Arbitrary<Epoch> = fc.record({ number: uint(24), index: u16, length: u16 });

const distinctHashes = (maxLength: number): Arbitrary<Uint8Array[]> =>
  fc.uniqueArray(bytesOf(20), { minLength: 1, maxLength, selector: hex });

/** Lists that a network can run on: mostly small, some of up to 255 validators. */
export const validatorList: Arbitrary<ValidatorList> = fc
  .oneof(
    { weight: 9, arbitrary: distinctHashes(12) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 255 }).chain(distinctHashes) },
  )
  .chain((pubkeyHashes) => {
    const count = pubkeyHashes.length;
    return fc.record({
      attestInterval: fc.integer({ min: 0, max: count - 1 }),
      voteLimit: fc.integer({ min: Math.floor(count / 2) + 1, max: count }),
      pubkeyHashes: fc.constant(pubkeyHashes),
    });
  });
