/** The Lumos subpath: its codec and conversions against Lumos itself, the vectors, real blocks, and spoilt input. */
import { isDeepStrictEqual } from 'node:util';
import { blockchain, type Transaction as LumosTransaction, utils } from '@ckb-lumos/base';
import { molecule } from '@ckb-lumos/codec';
import fc from 'fast-check';
import type { PoaErrorCode } from 'poa-primitives';
import {
  blockFromRpc,
  parsePoaContext,
  parseTransaction,
  poaHeaderFromRpc,
  recoverHeader,
  serializeBlock,
  serializeHeader,
  serializePoaContext,
  serializeTransaction,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import * as lumos from 'poa-primitives/ckb/lumos';
import {
  blockFromLumos,
  blockToLumos,
  headerFromLumos,
  headerToLumos,
  POAContext,
  poaHeaderFromLumos,
  transactionFromLumos,
  transactionToLumos,
} from 'poa-primitives/ckb/lumos';
import { describe, expect, it } from 'vitest';
import { headers, rpcBlock, vote } from '../../examples/sample.js';
import { anyBytes, anyRecords, header, namedRecords, poaContext, runs } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { readVectors, type VectorHeader } from '../support/poa.js';
import { hasShared, readShared } from '../support/shared.js';
import { applyEdit, edit, membersOf, tableOf } from './adversarial/edits.js';
import { isPlain, nodesOf, type Path, replaceAt } from './adversarial/values.js';
import { codeOf } from './adversarial/verdicts.js';

const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>, n = 100): void =>
  fc.assert(property, { numRuns: runs(n) });

/** Deep equality that does not walk megabytes one by one. */
const expectSame = (got: unknown, wanted: unknown): void => expect(isDeepStrictEqual(got, wanted)).toBe(true);

/** JSON of a node as Lumos renames it. */
function toLumos(json: any): any {
  if (Array.isArray(json)) return json.map(toLumos);
  if (!isPlain(json)) return json === 'dep_group' ? 'depGroup' : json;
  const entries = Object.entries(json).filter(([name, value]) => !(name === 'type' && value === null));
  const camel = (name: string) =>
    (name === 'uncles_hash' ? 'extra_hash' : name).replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(entries.map(([name, value]) => [camel(name), toLumos(value)]));
}

/** The `POAContext` that a cellbase carries. */
function contextOf(cellbase: Uint8Array): Uint8Array {
  const [witness] = parseTransaction(cellbase).witnesses as [Uint8Array];
  return splitCellbaseWitness(witness).poaContext;
}

/** The same codec as Lumos alone would have it. */
const Lenient = molecule.table(
  {
    signature: blockchain.createFixedHexBytesCodec(65),
    transactionsCount: blockchain.createFixedHexBytesCodec(4),
    rawTransactionsRoot: blockchain.Byte32,
    merkleProof: blockchain.Byte32Vec,
    votingTxs: blockchain.TransactionVec,
  },
  ['signature', 'transactionsCount', 'rawTransactionsRoot', 'merkleProof', 'votingTxs'],
);

const lumosBlock = blockToLumos(serializeBlock(blockFromRpc(rpcBlock)));
const withVote = contextOf(headers[1]?.cellbase as Uint8Array);

describe('POAContext', () => {
  const cases = ['attestations.json', 'chain-fixed.json', 'chain-single.json', 'chain-voting.json'].flatMap((name) => {
    const { cases, blocks } = readVectors(name);
    return ((cases ?? blocks) as VectorHeader[]).map((vector) => contextOf(bytes(vector.cellbase)));
  });

  it('unpacks and packs the contexts of all vectors, byte for byte', () => {
    expect(cases.length).toBeGreaterThan(100);
    let votes = 0;
    for (const context of cases) {
      const unpacked = POAContext.unpack(context);
      const parsed = parsePoaContext(context);
      expect(unpacked.signature).toBe(hex(parsed.signature));
      expect(unpacked.transactionsCount).toBe(`0x${parsed.transactionsCount.toString(16)}`);
      expect(unpacked.rawTransactionsRoot).toBe(hex(parsed.rawTransactionsRoot));
      expect(unpacked.merkleProof).toEqual(parsed.merkleProof.map(hex));
      expect(unpacked.votingTxs).toEqual(parsed.votingTxs.map((item) => blockchain.Transaction.unpack(item)));
      expect(POAContext.pack(unpacked)).toEqual(context);
      votes += unpacked.votingTxs.length;
    }
    expect(votes).toBeGreaterThan(5);
  });

  it('packs what serializePoaContext serializes', () => {
    const named = fc
      .tuple(poaContext, fc.array(namedRecords.transaction.map(serializeTransaction), { maxLength: 2 }))
      .map(([context, votingTxs]) => ({ ...context, votingTxs }));
    check(
      fc.property(named, (context) => {
        const wanted = serializePoaContext(context);
        const votingTxs = context.votingTxs.map(transactionToLumos);
        expect(POAContext.pack({ ...context, merkleProof: [...context.merkleProof], votingTxs })).toEqual(wanted);
        expect(POAContext.pack(POAContext.unpack(wanted))).toEqual(wanted);
      }),
    );
  });

  it('takes bytes in any form that Lumos takes', () => {
    const wanted = POAContext.unpack(withVote);
    const buffer = Buffer.concat([Buffer.alloc(3), withVote]).subarray(3);
    for (const form of [hex(withVote), [...withVote], withVote.slice().buffer, buffer])
      expect(POAContext.unpack(form as Uint8Array)).toEqual(wanted);
    expect(hex(POAContext.pack({ ...wanted, transactionsCount: 4, signature: bytes(wanted.signature) }))).toBe(
      hex(withVote),
    );
  });

  it('fits into codecs of Lumos', () => {
    const vector = molecule.vector(POAContext);
    const packed = vector.pack([POAContext.unpack(withVote)]);
    expect(vector.unpack(packed)).toEqual([POAContext.unpack(withVote)]);
  });

  const members = membersOf(withVote) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const [signature, count, root, proof, votes] = members;
  const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
  const withProof = (changed: Uint8Array) => tableOf([signature, count, root, changed, votes]);
  const withVotes = (changed: Uint8Array) => tableOf([signature, count, root, proof, changed]);
  const withOffset = (at: number, offset: number) => {
    const changed = Uint8Array.from(withVote);
    new DataView(changed.buffer).setUint32(at, offset, true);
    return changed;
  };
  const join = (...chunks: Uint8Array[]) => new Uint8Array(Buffer.concat(chunks));
  const [item] = membersOf(votes) as [Uint8Array];

  // The last says whether Lumos alone takes it. What would make it ask for all memory or count for ever is not tried.
  it.each<[string, Uint8Array, boolean?]>([
    ['a table of 4 bytes', words(4), true],
    ['bytes hidden between header and first field', tableOf(members, new Uint8Array(4)), true],
    [
      'bytes hidden between the header of a vector and its first item',
      withVotes(tableOf([item], new Uint8Array(4))),
      false,
    ],
    ['an empty field more', tableOf([...members, new Uint8Array()]), true],
    ['a field more', tableOf([...members, Uint8Array.of(0)]), false],
    ['the last field gone', tableOf(members.slice(0, -1)), false],
    ['an offset past the end', withOffset(20, withVote.length + 4), false],
    ['an offset that decreases', withOffset(20, 24), false],
    ['a first offset inside the header', withOffset(4, 20), false],
    ['a table of 8 bytes with a huge first offset', words(8, 0xfffffffc)],
    ['a vector of 8 bytes with a huge first offset', withVotes(words(8, 0xfffffffc))],
    ['a vector of 8 bytes with a first offset of a gigabyte', withVotes(words(8, 2 ** 30))],
    ['a vector whose first offset is 4', withVotes(words(8, 4)), true],
    ['a vector whose first offset is 4, with an item hidden', withVotes(join(words(8 + item.length, 4), item)), true],
    ['a fixvec that counts too many', withProof(words(2 ** 27 + 1))],
    ['a fixvec that counts too few', withProof(join(words(0), proof.slice(4))), false],
    ['a fixvec with a byte more', withProof(join(proof, new Uint8Array(1))), false],
    ['nothing', new Uint8Array(), false],
    ['a byte more', join(withVote, new Uint8Array(1)), false],
    ['a byte less', withVote.slice(0, -1), false],
    ['a signature of 64 bytes', tableOf([signature.slice(1), ...members.slice(1)]), false],
  ])('refuses %s', (_, spoilt, isTakenByLumos) => {
    expectCode(() => POAContext.unpack(spoilt), 'MALFORMED');
    expectCode(() => POAContext.unpack(hex(spoilt)), 'MALFORMED');
    if (isTakenByLumos === true) expect(() => Lenient.unpack(spoilt)).not.toThrow();
    if (isTakenByLumos === false) expect(() => Lenient.unpack(spoilt)).toThrow();
  });

  it.each<[unknown, string]>([
    ['00', 'POAContext.unpack: expected 0x and pairs of hex digits, got another string [MALFORMED]'],
    ['0x0', 'expected 0x and pairs of hex digits'],
    ['', 'expected 0x and pairs of hex digits'],
    [
      `0x${'zz'.repeat(1000)}`,
      'POAContext.unpack: expected 0x and pairs of hex digits, got another string [MALFORMED]',
    ],
    [[256], 'expected integers from 0 to 255'],
    [[0.5], 'expected integers from 0 to 255'],
    [new Array(3), 'expected integers from 0 to 255'],
    [['0x00'], 'expected integers from 0 to 255'],
  ])('refuses %j, which is no bytes', (value, message) => {
    expect(expectCode(() => POAContext.unpack(value as string), 'MALFORMED').message).toContain(message);
  });

  it('has a TypeError for other types', () => {
    for (const value of [undefined, null, 0, 1n, true, {}, { length: 0 }, new Uint16Array(2), Symbol('symbol')]) {
      expect(() => POAContext.unpack(value as never)).toThrow(/^POAContext\.unpack: expected Uint8Array, .* got /);
      expect(() => POAContext.unpack(value as never)).toThrow(TypeError);
    }
    for (const value of [undefined, null, 0, 1n, true, '0x', []]) {
      expect(() => POAContext.pack(value as never)).toThrow(/^POAContext\.pack: expected object, got /);
      expect(() => POAContext.pack(value as never)).toThrow(TypeError);
    }
  });

  it('refuses to unpack what has no name', () => {
    const { outputs, ...rest } = parseTransaction(vote.transaction);
    const [output] = outputs as [(typeof outputs)[0]];
    const nameless = { ...rest, outputs: [{ ...output, lock: { ...output.lock, hashType: 3 } }] };
    const context = serializePoaContext({
      ...parsePoaContext(withVote),
      votingTxs: [vote.transaction, serializeTransaction(nameless)],
    });
    expect(expectCode(() => POAContext.unpack(context), 'OUT_OF_RANGE').message).toBe(
      'POAContext.unpack.votingTxs[1].outputs[0].lock.hashType: expected one of 0, 1, 2, 4, got 3 [OUT_OF_RANGE]',
    );
  });

  it.each<[string, unknown, string]>([
    ['signature', '0x00', '.signature'],
    ['signature', undefined, '.signature'],
    ['transactionsCount', '0x100000000', '.transactionsCount'],
    ['transactionsCount', -1, '.transactionsCount'],
    ['transactionsCount', 0.5, '.transactionsCount'],
    ['rawTransactionsRoot', new Uint8Array(31), '.rawTransactionsRoot'],
    ['merkleProof', ['0x00'], '.merkleProof[0]'],
    ['merkleProof', new Array(1), ''],
    ['merkleProof', undefined, '.merkleProof'],
    ['votingTxs', [{}], '.votingTxs[0].raw.version'],
    ['votingTxs', [null], '.votingTxs[0]'],
    ['votingTxs', {}, '.votingTxs'],
    ['votingTxs.0.outputs.0.type.hashType', 'data3', '.votingTxs[0].raw.outputs[0].type.hashType'],
    ['votingTxs.0.inputs.0.previousOutput.txHash', '0xzz', '.votingTxs[0].raw.inputs[0].previousOutput.txHash'],
  ])('refuses to pack %s = %j', (path, value, where) => {
    const spoilt = replaceAt(POAContext.unpack(withVote), path.split('.'), value) as never;
    const error = expectCode(() => POAContext.pack(spoilt), 'OUT_OF_RANGE');
    expect(error.where).toBe(`POAContext.pack${where}`);
    expect(error.message).toContain('expected what the codec of Lumos packs, got what it refuses');
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('headers, transactions and blocks', () => {
  it('are those that Lumos packs and unpacks', () => {
    check(
      fc.property(header, (record) => {
        const encoded = serializeHeader(record);
        const json = headerToLumos(encoded);
        expect(blockchain.Header.pack(json)).toEqual(encoded);
        expect({ ...blockchain.Header.unpack(encoded), hash: json.hash }).toEqual(json);
        // A decoded header has an empty hash.
        expect(headerFromLumos(blockchain.Header.unpack(encoded))).toEqual(encoded);
        expect(headerFromLumos(json)).toEqual(encoded);
        expect(json.hash).toBe(utils.ckbHash(encoded));
      }),
    );
    check(
      fc.property(namedRecords.transaction, (record) => {
        const encoded = serializeTransaction(record);
        const json = transactionToLumos(encoded);
        expect(blockchain.Transaction.pack(json)).toEqual(encoded);
        expect({ ...blockchain.Transaction.unpack(encoded), hash: json.hash }).toEqual(json);
        expect(transactionFromLumos(blockchain.Transaction.unpack(encoded))).toEqual(encoded);
        expect(transactionFromLumos(json)).toEqual(encoded);
        expect(json.hash).toBe(utils.ckbHash(blockchain.RawTransaction.pack(json)));
      }),
    );
    check(
      fc.property(namedRecords.block, (record) => {
        const encoded = serializeBlock(record);
        const { extension, ...json } = blockToLumos(encoded);
        const packed =
          extension === undefined ? blockchain.Block.pack(json) : blockchain.BlockV1.pack({ ...json, extension });
        expectSame(packed, encoded);
        expect('extension' in blockToLumos(encoded)).toBe(record.extension !== null);
        const codec = record.extension === null ? blockchain.Block : blockchain.BlockV1;
        expectSame(blockFromLumos(codec.unpack(encoded)), encoded);
        expectSame(blockFromLumos(blockToLumos(encoded)), encoded);
        expectSame(blockFromLumos(JSON.parse(JSON.stringify(blockToLumos(encoded)))), encoded);
      }),
    );
  });

  it('have no word for types without a name', () => {
    check(
      fc.property(anyRecords.block, (record) => {
        const encoded = serializeBlock(record);
        try {
          expectSame(blockFromLumos(blockToLumos(encoded)), encoded);
        } catch (error) {
          codeOf(error, ['OUT_OF_RANGE']);
        }
      }),
    );
  });

  it('give what a verifier needs', () => {
    expect(poaHeaderFromLumos(lumosBlock)).toEqual(headers[0]);
    expect(poaHeaderFromLumos(lumosBlock)).toEqual(poaHeaderFromRpc(rpcBlock));
    expect(recoverHeader(poaHeaderFromLumos(lumosBlock)).transactionsCount).toBe(3);
    const error = expectCode(() => poaHeaderFromLumos({ ...lumosBlock, transactions: [] }), 'JSON_INVALID');
    expect(error.message).toBe('block.transactions: expected a cellbase, got an empty array [JSON_INVALID]');
  });

  it.each<[string, unknown]>([
    ['extension', null],
    ['extension', undefined],
    ['transactions.1.outputs.0.type', undefined],
    ['transactions.1.outputs.0.type', null],
    ['transactions.0.hash', undefined],
    ['header.hash', undefined],
    ['header.hash', ''],
    ['header.laterField', '0x1'],
    ['header.parentHash', lumosBlock.header.parentHash.toUpperCase().replace('0X', '0x')],
  ])('take %s = %j', (path, value) => {
    expect(blockFromLumos(replaceAt(lumosBlock, path.split('.'), value))).toEqual(blockFromLumos(lumosBlock));
  });

  it.each<[string, unknown, string]>([
    ['header', undefined, 'block.header: expected an object, got nothing'],
    [
      'header.compactTarget',
      undefined,
      'block.header.compactTarget: expected 0x and a hex integer below 2^32 without leading zeros, got nothing',
    ],
    ['header.compactTarget', 0x20800000, 'block.header.compactTarget: expected 0x and a hex integer'],
    ['header.number', 1, 'block.header.number: expected 0x and a hex integer below 2^64'],
    ['header.nonce', '0x00', 'block.header.nonce'],
    ['header.parentHash', '0x', 'block.header.parentHash: expected 0x and 64 hex digits, got "0x"'],
    ['header.extraHash', undefined, 'block.header.extraHash'],
    ['header.hash', '0x', 'block.header.hash'],
    ['header.hash', null, 'block.header.hash'],
    ['uncles', undefined, 'block.uncles: expected an array, got nothing'],
    ['uncles', [null], 'block.uncles[0]: expected an object, got null'],
    ['proposals', ['0x00'], 'block.proposals[0]: expected 0x and 20 hex digits'],
    ['extension', '0x0', 'block.extension: expected 0x and pairs of hex digits'],
    ['transactions.1.hash', 'x', 'block.transactions[1].hash'],
    ['transactions.0.inputs.0.since', undefined, 'block.transactions[0].inputs[0].since'],
    ['transactions.0.inputs.0.previousOutput', null, 'block.transactions[0].inputs[0].previousOutput'],
    ['transactions.0.inputs.0.previousOutput.txHash', '0x', 'block.transactions[0].inputs[0].previousOutput.txHash'],
    ['transactions.1.outputs.0.lock.codeHash', '0x', 'block.transactions[1].outputs[0].lock.codeHash'],
    ['transactions.1.outputs.0.lock.hashType', 'data3', 'lock.hashType: expected one of data, type, data1, data2'],
    [
      'transactions.1.cellDeps',
      [{ outPoint: { txHash: `0x${'00'.repeat(32)}`, index: '0x0' }, depType: 'dep_group' }],
      'block.transactions[1].cellDeps[0].depType: expected one of code, depGroup, got "dep_group"',
    ],
    ['transactions.1.headerDeps', ['0x00'], 'block.transactions[1].headerDeps[0]'],
    ['transactions.1.outputsData', null, 'block.transactions[1].outputsData: expected an array, got null'],
    ['transactions.1.witnesses', ['0x0g'], 'block.transactions[1].witnesses[0]'],
  ])('refuse %s = %j', (path, value, message) => {
    const spoilt = replaceAt(lumosBlock, path.split('.'), value);
    for (const read of [blockFromLumos, poaHeaderFromLumos])
      expect(expectCode(() => read(spoilt), 'JSON_INVALID').message).toContain(message);
  });

  it('refuse the JSON of a node, and what is no object', () => {
    expectCode(() => blockFromLumos(rpcBlock), 'JSON_INVALID');
    expectCode(() => headerFromLumos({ ...lumosBlock.header, extraHash: undefined, uncles_hash: '' }), 'JSON_INVALID');
    expectCode(() => transactionFromLumos(rpcBlock.transactions[0]), 'JSON_INVALID');
    for (const json of [undefined, null, 0, true, 'block', [], [lumosBlock], {}, Object.create(lumosBlock)])
      for (const read of [blockFromLumos, headerFromLumos, transactionFromLumos, poaHeaderFromLumos])
        expectCode(() => read(json), 'JSON_INVALID');
  });

  it('have a TypeError for what is no bytes', () => {
    for (const write of [headerToLumos, transactionToLumos, blockToLumos])
      for (const value of [undefined, null, '0x', [], {}, new Uint16Array(4)])
        expect(() => write(value as never)).toThrow(TypeError);
  });
});

describe.skipIf(!hasShared)('real blocks', () => {
  const names = ['blocks-mainnet.json', 'blocks-testnet.json', 'blocks-other.json'];
  const vectors: any[] = hasShared
    ? [
        ...names.flatMap((name) => readShared(`ckb/${name}`).cases),
        ...['genesis-mainnet.json.gz', 'genesis-testnet.json.gz'].map((name) => readShared(`ckb/${name}`)),
      ]
    : [];

  it.each(vectors.map((vector) => [vector.block.header.number, vector] as const))('%s', (_, vector) => {
    const { block: json, header_hash_published } = vector;
    const own = toLumos(json);
    const encoded = blockFromLumos(own);
    expectSame(encoded, serializeBlock(blockFromRpc(json)));
    expectSame(headerFromLumos(own.header), encoded.slice(...rangeOfHeader(encoded)));
    const back = blockToLumos(encoded);
    expectSame(blockFromLumos(back), encoded);
    if (header_hash_published !== false) {
      // The hashes that a node published come back out of the bytes.
      expectSame(back.header.hash, json.header.hash);
      expectSame(
        back.transactions.map(({ hash }) => hash),
        json.transactions.map(({ hash }: any) => hash),
      );
      expectSame(
        back.uncles.map((uncle) => uncle.header.hash),
        json.uncles.map((uncle: any) => uncle.header.hash),
      );
    }
    const transactions: LumosTransaction[] = own.transactions;
    for (const transaction of transactions) {
      const packed = transactionFromLumos(transaction);
      expectSame(transactionFromLumos(transactionToLumos(packed)), packed);
      // Lumos takes seconds for the contracts in a genesis block.
      if (packed.length < 50_000) expectSame(blockchain.Transaction.pack(transaction), packed);
    }
    expectSame(blockchain.Header.pack(own.header), headerFromLumos(own.header));
  });
});

/** Where the header lies in the bytes of a block. */
function rangeOfHeader(block: Uint8Array): [number, number] {
  const start = new DataView(block.buffer, block.byteOffset).getUint32(4, true);
  return [start, start + 208];
}

describe('spoilt input', () => {
  const JSON_VALUES: readonly unknown[] = [
    ...[
      undefined,
      null,
      true,
      0,
      -1,
      1.5,
      1n,
      Number.NaN,
      '',
      '0',
      '0x',
      '0x0',
      '0x00',
      '0x01',
      '0xzz',
      '0x0\n',
      'type',
    ],
    ...['depGroup', 'dep_group', '__proto__', 'constructor', `0x${'ab'.repeat(10)}`, `0x${'ab'.repeat(32)}`],
    ...[`0x1${'0'.repeat(10_000)}`, `0x${'00'.repeat(10_000)}`, '\ud800'.repeat(66)],
    ...[
      [],
      {},
      [[]],
      [null],
      ['0x'],
      [{}],
      new Array(3),
      Object.create(null),
      JSON.parse('{"__proto__":{"version":1}}'),
    ],
    JSON.parse('{"constructor":{"name":{"toString":1}},"toString":1,"valueOf":1,"length":1}'),
    JSON.parse(`${'['.repeat(5_000)}0${']'.repeat(5_000)}`),
  ];

  const everyCode = (act: () => unknown, codes: readonly PoaErrorCode[]): PoaErrorCode | undefined => {
    try {
      act();
      return undefined;
    } catch (error) {
      return codeOf(error, codes);
    }
  };

  const lumosVote = transactionToLumos(vote.transaction);
  const readers: [string, (json: unknown) => unknown, unknown][] = [
    ['headerFromLumos', headerFromLumos, lumosBlock.header],
    ['transactionFromLumos', transactionFromLumos, lumosVote],
    ['blockFromLumos', blockFromLumos, { ...lumosBlock, extension: '0x00' }],
    ['poaHeaderFromLumos', poaHeaderFromLumos, lumosBlock],
  ];

  it.each(readers)('%s has nothing but JSON_INVALID for any value anywhere', (_, read, seed) => {
    expect(everyCode(() => read(seed), [])).toBe(undefined);
    for (const { path } of nodesOf(seed))
      for (const value of JSON_VALUES) everyCode(() => read(replaceAt(seed, path, value)), ['JSON_INVALID']);
  });

  it.each(readers)('%s has nothing but JSON_INVALID for random JSON in it', (_, read, seed) => {
    const paths = nodesOf(seed).map(({ path }) => path);
    check(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path: Path, value) => {
        everyCode(() => read(replaceAt(seed, path, value)), ['JSON_INVALID']);
      }),
      300,
    );
  });

  const writers: [string, (bytes: Uint8Array) => unknown, Uint8Array][] = [
    ['headerToLumos', headerToLumos, headers[0]?.header as Uint8Array],
    ['transactionToLumos', transactionToLumos, vote.transaction],
    ['blockToLumos', blockToLumos, blockFromLumos({ ...lumosBlock, extension: '0x00' })],
    ['POAContext.unpack', POAContext.unpack, withVote],
  ];

  it.each(writers)('%s has nothing but its codes for spoilt and random bytes', (_, write, seed) => {
    const codes = ['MALFORMED', 'OUT_OF_RANGE'] as const;
    expect(everyCode(() => write(seed), [])).toBe(undefined);
    const changes = fc.array(edit, { minLength: 1, maxLength: 3 });
    check(
      fc.property(changes, anyBytes(400), (edits, random) => {
        everyCode(() => write(edits.reduce<unknown>(applyEdit, seed) as Uint8Array), codes);
        everyCode(() => write(random), codes);
      }),
      1000,
    );
    for (let length = 0; length < seed.length; length++)
      expect(everyCode(() => write(seed.subarray(0, length)), codes)).toBe('MALFORMED');
  });

  it('POAContext.pack has nothing but OUT_OF_RANGE for any value anywhere', () => {
    const seed = POAContext.unpack(withVote);
    for (const { path } of nodesOf(seed))
      for (const value of JSON_VALUES)
        if (path.length > 0) everyCode(() => POAContext.pack(replaceAt(seed, path, value) as never), ['OUT_OF_RANGE']);
  });

  it('inputs do not change, and outputs share no memory with them', () => {
    const before = structuredClone(lumosBlock);
    const encoded = blockFromLumos(lumosBlock);
    expect(lumosBlock).toEqual(before);
    const pool = Buffer.concat([Buffer.alloc(3), withVote]);
    const unpacked = POAContext.unpack(pool.subarray(3));
    pool.fill(0xff);
    expect(unpacked).toEqual(POAContext.unpack(withVote));
    const signature = bytes(unpacked.signature);
    const packed = POAContext.pack({ ...unpacked, signature });
    signature.fill(0xff);
    expect(packed).toEqual(withVote);
    expect(blockFromLumos(lumosBlock)).toEqual(encoded);
  });

  it('no export is forgotten', () => {
    const seen = [...readers, ...writers].map(([name]) => name.split('.')[0] as string);
    expect([...new Set(seen)].sort()).toEqual(Object.keys(lumos).sort());
  });
});
