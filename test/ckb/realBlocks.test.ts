/** Blocks and headers of public chains: everything that a block commits to recomputes, and the JSON goes both ways. */
import { isDeepStrictEqual } from 'node:util';
import {
  blockFromRpc,
  blockToRpc,
  computeBlockHash,
  computeExtraHash,
  computeHeaderHash,
  computeMedianTimestamp,
  computeMerkleRoot,
  computeProposalsHash,
  computeTransactionHash,
  computeTransactionsRoot,
  computeWitnessHash,
  headerFromRpc,
  headerToRpc,
  parseBlock,
  parseCellbaseWitness,
  parseHeader,
  parseTransaction,
  poaHeaderFromRpc,
  recoverHeader,
  serializeBlock,
  serializeHeader,
  serializeTransaction,
  transactionFromRpc,
  transactionToRpc,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor } from '../../examples/sample.js';
import { HEADER_RULES } from '../../src/ckb/chain/rules.js';
import { createState, type State } from '../../src/ckb/chain/state.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

/** Deep equality that does not walk megabytes of bytes one by one. */
const expectSame = (got: unknown, wanted: unknown): void => expect(isDeepStrictEqual(got, wanted)).toBe(true);

const read = (name: string): any[] => (hasShared ? readShared(`ckb/${name}`).cases : []);

const blocks: [string, any][] = [
  ...['blocks-mainnet.json', 'blocks-testnet.json', 'blocks-other.json'].flatMap((name) =>
    read(name).map((vector): [string, any] => [`${name} ${vector.block.header.number}`, vector]),
  ),
  ...['genesis-mainnet.json.gz', 'genesis-testnet.json.gz'].map((name): [string, any] => [
    name,
    hasShared ? readShared(`ckb/${name}`) : {},
  ]),
];

describe.skipIf(!hasShared)('blocks', () => {
  it('are 82', () => expect(blocks.length).toBe(82));

  it.each(blocks)('%s', (_, { block: json, derived, header_hash_published }) => {
    const block = blockFromRpc(json);
    const { header, uncles, transactions, proposals, extension } = block;
    const headerBytes = serializeHeader(header);
    const transactionBytes = transactions.map(serializeTransaction);
    if (header_hash_published !== false) {
      expect(hex(computeHeaderHash(headerBytes))).toBe(json.header.hash);
      expect(transactionBytes.map((t) => hex(computeTransactionHash(t)))).toEqual(
        json.transactions.map((t: any) => t.hash),
      );
    }
    expect(hex(computeTransactionsRoot(transactionBytes))).toBe(json.header.transactions_root);
    expect(hex(computeProposalsHash(proposals))).toBe(json.header.proposals_hash);
    const uncleHeaders = uncles.map((uncle) => serializeHeader(uncle.header));
    expect(hex(computeExtraHash(uncleHeaders, extension))).toBe(json.header.extra_hash ?? json.header.uncles_hash);
    expect(uncleHeaders.map((u) => hex(computeHeaderHash(u)))).toEqual(json.uncles.map((u: any) => u.header.hash));

    if (derived !== undefined) {
      if (derived.header_serialized !== undefined) {
        expect(hex(headerBytes)).toBe(derived.header_serialized);
        expect(hex(computeHeaderHash(headerBytes))).toBe(derived.header_hash ?? json.header.hash);
      }
      expect(transactionBytes.map((t) => hex(computeTransactionHash(t)))).toEqual(derived.tx_hashes);
      expect(transactionBytes.map((t) => hex(computeWitnessHash(t)))).toEqual(derived.witness_hashes);
      expect(hex(computeMerkleRoot(derived.tx_hashes.map(bytes)))).toBe(derived.raw_transactions_root);
      expect(hex(computeMerkleRoot(derived.witness_hashes.map(bytes)))).toBe(derived.witnesses_root);
      if (derived.cellbase_witness !== undefined) {
        const { lock, message } = parseCellbaseWitness(transactions[0]?.witnesses[0] as Uint8Array);
        expect([hex(lock.codeHash), hex(lock.args), hex(message)]).toEqual([
          derived.cellbase_witness.lock.code_hash,
          derived.cellbase_witness.lock.args,
          derived.cellbase_witness.message,
        ]);
      }
    }
  });

  it.each(blocks)('%s goes through records, bytes and JSON and back', (_, { block: json, header_hash_published }) => {
    const block = blockFromRpc(json);
    const serialized = serializeBlock(block);
    expectSame(parseBlock(serialized), block);
    expectSame(serializeBlock(parseBlock(serialized)), serialized);
    expect(computeBlockHash(serialized)).toEqual(computeHeaderHash(serializeHeader(block.header)));
    if (header_hash_published === false || json.header.uncles_hash !== undefined) return;
    const { extension, ...rest } = json;
    expectSame(blockToRpc(block), extension === undefined || extension === null ? rest : json);
    expectSame(
      json.transactions.map((t: unknown) => transactionToRpc(transactionFromRpc(t))),
      json.transactions,
    );
    expectSame(
      block.transactions.map((t) => parseTransaction(serializeTransaction(t))),
      block.transactions,
    );
  });

  it.each(blocks)('%s is not attested', (name, { block: json }) => {
    // The cellbase of a genesis holds the system scripts.
    const code = name.startsWith('genesis') ? 'CELLBASE_TOO_LARGE' : 'CONTEXT_MISSING';
    expectCode(() => recoverHeader(poaHeaderFromRpc(json)), code);
  });
});

describe.skipIf(!hasShared)('headers.json', () => {
  it.each(read('headers.json').map((vector, i) => [i, vector] as const))(
    'header %i',
    (_, { header: json, serialized }) => {
      const header = headerFromRpc(json);
      expect(hex(serializeHeader(header))).toBe(serialized);
      expect(parseHeader(bytes(serialized))).toEqual(header);
      expect(hex(computeHeaderHash(bytes(serialized)))).toBe(json.hash);
      if (json.uncles_hash === undefined) expect(headerToRpc(header)).toEqual(json);
    },
  );
});

describe.skipIf(!hasShared)('headers-mainnet-chain.json: the rules kept from mainnet hold on mainnet', () => {
  const chain = read('headers-mainnet-chain.json').map((json) => ({ json, header: headerFromRpc(json) }));
  const kept = HEADER_RULES.filter(({ code }) => code !== 'NONCE_NOT_ZERO');
  const now = 1_600_000_000_000;

  /** A state as if the chain up to block `number` had been applied. */
  const stateAt = (number: number): State =>
    createState({
      ...anchor,
      hash: bytes(chain[number]?.json.hash),
      number: BigInt(number),
      epoch: chain[number]?.header.epoch as bigint,
      timestamps: chain.slice(Math.max(0, number - 36), number + 1).map(({ header }) => header.timestamp),
    });

  it('hash, serialized form', () => {
    for (const { json, header } of chain) {
      expect(hex(serializeHeader(header))).toBe(json.serialized);
      expect(hex(computeHeaderHash(serializeHeader(header)))).toBe(json.hash);
    }
  });

  it('version, parent, number, epoch and timestamps of every header on the one before', () => {
    for (let number = 1; number < chain.length; number++) {
      const header = chain[number]?.header as ReturnType<typeof headerFromRpc>;
      for (const { code, holds } of kept)
        expect(holds({ state: stateAt(number - 1), header, now }), `${code} at ${number}`).toBe(true);
    }
  });

  it('the median of 37 is the one derived from the blocks', () => {
    for (const { block, derived } of read('blocks-mainnet.json')) {
      const { timestamps } = stateAt(Number(block.header.number) - 1);
      expect(computeMedianTimestamp(timestamps)).toBe(BigInt(derived.median_time_of_parent));
    }
  });
});

describe.skipIf(!hasShared)('epoch.json: continuity', () => {
  const cases: any[] = hasShared ? readShared('ckb/epoch.json').continuity.cases : [];
  const rule = HEADER_RULES.find(({ code }) => code === 'EPOCH_INVALID');

  it.each(cases.map((vector) => [vector.result, vector.parent.packed, vector.current.packed] as const))(
    '%s: after %s, %s',
    (result, parent, current) => {
      const state = createState({ ...anchor, epoch: BigInt(parent) });
      const header = { ...parseHeader(new Uint8Array(208)), epoch: BigInt(current) };
      expect(rule?.holds({ state, header, now: 0 })).toBe(result === 'ok');
    },
  );
});
