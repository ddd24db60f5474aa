/** Random records against libraries that share no code with this one, and trees against the text of RFC 0006. */
import { ccc } from '@ckb-ccc/core';
import { cccA } from '@ckb-ccc/core/advanced';
import { blockchain, utils } from '@ckb-lumos/base';
import { molecule } from '@ckb-lumos/codec';
import fc from 'fast-check';
import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import {
  attestBlock,
  type Block,
  blake160,
  blockFromRpc,
  blockToRpc,
  type CellInput,
  type CellOutput,
  ckbHash,
  computeBlockHash,
  computeExtraHash,
  computeHeaderHash,
  computeMerkleProof,
  computeMerkleRoot,
  computeMerkleRootFromProof,
  computeMultisigMessage,
  computeProposalsHash,
  computeScriptHash,
  computeTransactionHash,
  computeTransactionsRoot,
  computeTypeId,
  computeWitnessHash,
  type Header,
  type MerkleProof,
  parseBlock,
  parseCellbaseWitness,
  parseEpoch,
  parseHeader,
  parsePoaContext,
  parseScript,
  parseTransaction,
  parseValidatorList,
  parseWitnessArgs,
  prepareBlock,
  recoverHeader,
  type Script,
  sealBlock,
  serializeBlock,
  serializeCellbaseWitness,
  serializeEpoch,
  serializeHeader,
  serializeOutPoint,
  serializePoaContext,
  serializeScript,
  serializeTransaction,
  serializeValidatorList,
  serializeWitnessArgs,
  type Transaction,
  transactionFromRpc,
  transactionToRpc,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { template } from '../../examples/sample.js';
import {
  anyBytes,
  anyRecords,
  bytesOf,
  epoch,
  hash,
  header,
  namedRecords,
  outPoint,
  poaContext,
  runs,
  u32,
  validatorList,
  witnessArgs,
} from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';

const HASH_TYPES = { 0: 'data', 1: 'type', 2: 'data1', 4: 'data2' } as const;

const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>, n = 200): void =>
  fc.assert(property, { numRuns: runs(n) });

const asHex = (value: Uint8Array): ccc.Hex => hex(value) as ccc.Hex;
const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;
const hashTypeName = ({ hashType }: Script) => HASH_TYPES[hashType as keyof typeof HASH_TYPES];

/** Records as ccc takes them. Its constructors are used, for its `from` fills in capacities that are 0. */
const toCcc = {
  script: (script: Script): ccc.Script =>
    ccc.Script.from({ codeHash: script.codeHash, hashType: hashTypeName(script), args: script.args }),
  input: ({ since, previousOutput: { txHash, index } }: CellInput): ccc.CellInput =>
    new ccc.CellInput(new ccc.OutPoint(asHex(txHash), BigInt(index)), since),
  output: ({ capacity, lock, type }: CellOutput): ccc.CellOutput =>
    new ccc.CellOutput(capacity, toCcc.script(lock), type === null ? undefined : toCcc.script(type)),
  transaction: (transaction: Transaction): ccc.Transaction =>
    new ccc.Transaction(
      BigInt(transaction.version),
      transaction.cellDeps.map(({ outPoint: { txHash, index }, depType }) =>
        ccc.CellDep.from({ outPoint: { txHash, index }, depType: depType === 0 ? 'code' : 'depGroup' }),
      ),
      transaction.headerDeps.map(asHex),
      transaction.inputs.map(toCcc.input),
      transaction.outputs.map(toCcc.output),
      transaction.outputsData.map(asHex),
      transaction.witnesses.map(asHex),
    ),
};

/** Records as lumos takes them. */
const toLumos = {
  script: (script: Script) => ({
    codeHash: hex(script.codeHash),
    hashType: hashTypeName(script),
    args: hex(script.args),
  }),
  input: ({ since, previousOutput: { txHash, index } }: CellInput) => ({
    since: quantity(since),
    previousOutput: { txHash: hex(txHash), index: quantity(index) },
  }),
  output: ({ capacity, lock, type }: CellOutput) => ({
    capacity: quantity(capacity),
    lock: toLumos.script(lock),
    ...(type === null ? {} : { type: toLumos.script(type) }),
  }),
  transaction: (transaction: Transaction) => ({
    version: quantity(transaction.version),
    cellDeps: transaction.cellDeps.map(({ outPoint: { txHash, index }, depType }) => ({
      outPoint: { txHash: hex(txHash), index: quantity(index) },
      depType: depType === 0 ? ('code' as const) : ('depGroup' as const),
    })),
    headerDeps: transaction.headerDeps.map(hex),
    inputs: transaction.inputs.map(toLumos.input),
    outputs: transaction.outputs.map(toLumos.output),
    outputsData: transaction.outputsData.map(hex),
    witnesses: transaction.witnesses.map(hex),
  }),
  header: (record: Header) => ({
    version: quantity(record.version),
    compactTarget: quantity(record.compactTarget),
    timestamp: quantity(record.timestamp),
    number: quantity(record.number),
    epoch: quantity(record.epoch),
    parentHash: hex(record.parentHash),
    transactionsRoot: hex(record.transactionsRoot),
    proposalsHash: hex(record.proposalsHash),
    extraHash: hex(record.extraHash),
    dao: hex(record.dao),
    nonce: quantity(record.nonce),
    hash: '',
  }),
  block: (block: Block) => ({
    header: toLumos.header(block.header),
    uncles: block.uncles.map((uncle) => ({
      header: toLumos.header(uncle.header),
      proposals: uncle.proposals.map(hex),
    })),
    transactions: block.transactions.map(toLumos.transaction),
    proposals: block.proposals.map(hex),
  }),
};

describe('hashes', () => {
  it('ckbHash and blake160 are those of ccc and lumos', () => {
    check(
      fc.property(fc.array(anyBytes(300), { maxLength: 6 }), (chunks) => {
        expect(hex(ckbHash(...chunks))).toBe(ccc.hashCkb(...chunks));
        const whole = new Uint8Array(Buffer.concat(chunks));
        expect(hex(ckbHash(whole))).toBe(utils.ckbHash(whole));
        expect(hex(blake160(whole))).toBe(utils.ckbHash160(whole));
        expect(hex(ckbHash(...chunks))).toBe(hex(ckbHash(whole)));
      }),
    );
  });

  it('computeTypeId is that of ccc and lumos', () => {
    check(
      fc.property(namedRecords.cellInput, u32, (input, index) => {
        const typeId = hex(computeTypeId(input, index));
        expect(typeId).toBe(ccc.hashTypeId(toCcc.input(input) as ccc.CellInputLike, index));
        expect(typeId).toBe(utils.generateTypeIdScript(toLumos.input(input), quantity(index)).args);
      }),
    );
  });
});

describe('encodings', () => {
  it('Script', () => {
    check(
      fc.property(namedRecords.script, (script) => {
        const encoded = serializeScript(script);
        expect(hex(encoded)).toBe(hex(toCcc.script(script).toBytes()));
        expect(hex(encoded)).toBe(hex(blockchain.Script.pack(toLumos.script(script))));
        expect(hex(computeScriptHash(encoded))).toBe(toCcc.script(script).hash());
        expect(hex(computeScriptHash(encoded))).toBe(utils.computeScriptHash(toLumos.script(script)));
        expect(parseScript(encoded)).toEqual(script);
      }),
    );
  });

  it('OutPoint', () => {
    check(
      fc.property(outPoint, (record) => {
        expect(hex(serializeOutPoint(record))).toBe(
          hex(new ccc.OutPoint(asHex(record.txHash), BigInt(record.index)).toBytes()),
        );
      }),
    );
  });

  it('Transaction and its two hashes', () => {
    check(
      fc.property(namedRecords.transaction, (transaction) => {
        const encoded = serializeTransaction(transaction);
        const other = toCcc.transaction(transaction);
        expect(hex(encoded)).toBe(hex(other.toBytes()));
        expect(hex(encoded)).toBe(hex(blockchain.Transaction.pack(toLumos.transaction(transaction))));
        expect(hex(computeTransactionHash(encoded))).toBe(other.hash());
        expect(hex(computeWitnessHash(encoded))).toBe(other.hashFull());
        expect(parseTransaction(encoded)).toEqual(transaction);
      }),
    );
  });

  it('the JSON of a Transaction', () => {
    check(
      fc.property(namedRecords.transaction, (transaction) => {
        const { hash: found, ...json } = transactionToRpc(transaction);
        const wanted = cccA.JsonRpcTransformers.transactionFrom(toCcc.transaction(transaction) as ccc.TransactionLike);
        // Only a node's form of no type script differs: null here, left out there.
        expect({
          ...json,
          outputs: json.outputs.map(({ type, ...output }) => ({ ...output, type: type ?? undefined })),
        }).toEqual(wanted);
        expect(found).toBe(toCcc.transaction(transaction).hash());
        expect(transactionFromRpc(wanted)).toEqual(transaction);
      }),
    );
  });

  it('WitnessArgs', () => {
    check(
      fc.property(witnessArgs, (witness) => {
        const encoded = serializeWitnessArgs(witness);
        expect(hex(encoded)).toBe(hex(ccc.WitnessArgs.from(witness).toBytes()));
        const given = Object.fromEntries(
          Object.entries(witness).flatMap(([k, v]) => (v === null ? [] : [[k, hex(v)]])),
        );
        expect(hex(encoded)).toBe(hex(blockchain.WitnessArgs.pack(given)));
        expect(parseWitnessArgs(encoded)).toEqual(witness);
      }),
    );
  });

  it('CellbaseWitness', () => {
    check(
      fc.property(namedRecords.cellbaseWitness, (witness) => {
        const encoded = serializeCellbaseWitness(witness);
        const packed = blockchain.CellbaseWitness.pack({
          lock: toLumos.script(witness.lock),
          message: hex(witness.message),
        });
        expect(hex(encoded)).toBe(hex(packed));
        expect(parseCellbaseWitness(encoded)).toEqual(witness);
      }),
    );
  });

  it('Header and its hash', () => {
    // ccc reads headers from JSON only, so lumos is the one witness here.
    check(
      fc.property(header, (record) => {
        const encoded = serializeHeader(record);
        const packed = blockchain.Header.pack(toLumos.header(record));
        expect(hex(encoded)).toBe(hex(packed));
        expect(hex(computeHeaderHash(encoded))).toBe(utils.ckbHash(packed));
        expect(hex(computeHeaderHash(encoded))).toBe(ccc.hashCkb(packed));
        expect(parseHeader(encoded)).toEqual(record);
      }),
    );
  });

  it('Block, with and without extension', () => {
    check(
      fc.property(namedRecords.block, (block) => {
        const encoded = serializeBlock(block);
        const packed =
          block.extension === null
            ? blockchain.Block.pack(toLumos.block(block))
            : blockchain.BlockV1.pack({ ...toLumos.block(block), extension: hex(block.extension) });
        expect(hex(encoded)).toBe(hex(packed));
        expect(hex(computeBlockHash(encoded))).toBe(ccc.hashCkb(blockchain.Header.pack(toLumos.header(block.header))));
        expect(parseBlock(encoded)).toEqual(block);
        expect(blockFromRpc(JSON.parse(JSON.stringify(blockToRpc(block))))).toEqual(block);
      }),
      100,
    );
  });

  it('POAContext', () => {
    const { Byte32, Byte32Vec, createFixedHexBytesCodec, Transaction, TransactionVec } = blockchain;
    const codec = molecule.table(
      {
        signature: createFixedHexBytesCodec(65),
        transactionsCount: createFixedHexBytesCodec(4),
        rawTransactionsRoot: Byte32,
        merkleProof: Byte32Vec,
        votingTxs: TransactionVec,
      },
      ['signature', 'transactionsCount', 'rawTransactionsRoot', 'merkleProof', 'votingTxs'],
    );
    const votes = fc.array(namedRecords.transaction, { maxLength: 2 });
    check(
      fc.property(poaContext, votes, (record, votingTxs) => {
        const context = { ...record, votingTxs: votingTxs.map(serializeTransaction) };
        const encoded = serializePoaContext(context);
        const packed = codec.pack({
          signature: hex(context.signature),
          transactionsCount: hex(ccc.numLeToBytes(context.transactionsCount, 4)),
          rawTransactionsRoot: hex(context.rawTransactionsRoot),
          merkleProof: context.merkleProof.map(hex),
          votingTxs: votingTxs.map(toLumos.transaction),
        });
        expect(hex(encoded)).toBe(hex(packed));
        expect(parsePoaContext(encoded)).toEqual(context);
        expect(context.votingTxs.map(hex)).toEqual(
          votingTxs.map((transaction) => hex(Transaction.pack(toLumos.transaction(transaction)))),
        );
      }),
      100,
    );
  });

  it('what strict molecule does not judge survives too', () => {
    check(
      fc.property(anyRecords.block, (block) => {
        expect(parseBlock(serializeBlock(block))).toEqual(block);
      }),
      100,
    );
    check(
      fc.property(poaContext, (context) => {
        expect(parsePoaContext(serializePoaContext(context))).toEqual(context);
      }),
      100,
    );
    check(
      fc.property(validatorList, (list) => {
        expect(parseValidatorList(serializeValidatorList(list))).toEqual(list);
      }),
      100,
    );
  });

  it('Epoch', () => {
    check(
      fc.property(epoch, (record) => {
        const packed = serializeEpoch(record);
        expect(ccc.epochFromHex(quantity(packed))).toEqual([record.number, record.index, record.length].map(BigInt));
        expect(parseEpoch(packed)).toEqual(record);
      }),
    );
  });
});

/** ccc asks a client for cells that it was not told of; here it is told of all of them. */
const noClient = new Proxy({} as ccc.Client, {
  get: (_, name) => {
    throw new Error(`asked for ${String(name)}`);
  },
});

describe('attestBlock', () => {
  it('signs as ccc signs, with the recovery id last', async () => {
    const key = fc.bigInt({ min: 1n, max: 2n ** 255n }).map((n) => bytes(`0x${n.toString(16).padStart(64, '0')}`));
    await fc.assert(
      fc.asyncProperty(key, hash, async (secretKey, dao) => {
        const changed = { ...template, header: { ...template.header, dao } };
        const prepared = prepareBlock(changed);
        const signer = new ccc.SignerCkbPrivateKey(noClient, asHex(secretKey));
        const signature = await signer._signMessage(prepared.message);
        const block = attestBlock(changed, secretKey);
        expect(sealBlock(prepared, bytes(signature))).toEqual(block);
        const { publicKey, attester } = recoverHeader(block);
        expect(hex(publicKey)).toBe(signer.publicKey);
        expect(hex(attester)).toBe(utils.ckbHash160(signer.publicKey));
      }),
      { numRuns: runs(30) },
    );
  });
});

describe('computeMultisigMessage', () => {
  const someWitness = fc.oneof(fc.constant(new Uint8Array()), anyBytes(120), witnessArgs.map(serializeWitnessArgs));

  const multisig = fc
    .record({ count: fc.integer({ min: 1, max: 5 }), threshold: fc.nat(4), first: fc.nat(5) })
    .chain(({ count, threshold, first }) => {
      const m = 1 + (threshold % count);
      return fc.record({
        script: fc
          .array(bytesOf(20), { minLength: count, maxLength: count })
          .map((keys) => Uint8Array.of(0, first % (m + 1), m, count, ...keys.flatMap((key) => [...key]))),
        signatures: bytesOf(65 * m),
      });
    });

  const signed = fc
    .record({ before: fc.nat(3), after: fc.nat(3), multisig })
    .chain(({ before, after, multisig: { script, signatures } }) => {
      const inputs = before + 1 + after;
      return fc.record({
        script: fc.constant(script),
        signatures: fc.constant(signatures),
        inputIndex: fc.constant(before),
        transaction: namedRecords.transaction,
        inputs: fc.array(namedRecords.cellInput, { minLength: inputs, maxLength: inputs }),
        spent: fc.array(namedRecords.cellOutput, { minLength: inputs, maxLength: inputs }),
        spentData: anyBytes(),
        rest: witnessArgs,
        witnessesBefore: fc.array(someWitness, { minLength: before, maxLength: before }),
        // Fewer than the other inputs, as many, or some that belong to no input.
        witnessesAfter: fc.array(someWitness, { maxLength: after + 3 }),
      });
    });

  it('the multisig message is what ccc computes for a group of one input, wherever it stands', async () => {
    let extra = 0;
    await fc.assert(
      fc.asyncProperty(signed, async (given) => {
        const { script, signatures, inputIndex, transaction, inputs, spent } = given;
        const lock = { codeHash: bytes(utils.ckbHash('0x')), hashType: 1, args: blake160(script) };
        const make = (seals: Uint8Array): Transaction => ({
          ...transaction,
          inputs,
          witnesses: [
            ...given.witnessesBefore,
            serializeWitnessArgs({ ...given.rest, lock: Uint8Array.of(...script, ...seals) }),
            ...given.witnessesAfter,
          ],
        });
        const message = hex(
          computeMultisigMessage({
            transaction: serializeTransaction(make(signatures)),
            inputIndex,
            multisigScript: script,
          }),
        );

        const zeroed = toCcc.transaction(make(new Uint8Array(signatures.length)));
        zeroed.inputs.forEach((input, i) => {
          input.cellOutput = toCcc.output({ ...(spent[i] as CellOutput), ...(i === inputIndex ? { lock } : {}) });
          input.outputData = asHex(given.spentData);
        });
        const wanted = await zeroed.getSignHashInfo(toCcc.script(lock), noClient);
        expect(wanted).toEqual({ message, position: inputIndex });
        if (zeroed.witnesses.length > inputs.length) extra++;
      }),
      { numRuns: runs(200) },
    );
    expect(extra).toBeGreaterThan(0);
  });
});

/** Node `i` of the tree over `leaves`, as RFC 0006 defines it. */
function nodeOf(leaves: readonly Uint8Array[], i: number): Uint8Array {
  const inner = leaves.length - 1;
  if (i >= inner) return leaves[i - inner] as Uint8Array;
  return bytes(ccc.hashCkb(nodeOf(leaves, 2 * i + 1), nodeOf(leaves, 2 * i + 2)));
}

const rootOf = (leaves: readonly Uint8Array[]): Uint8Array =>
  leaves.length === 0 ? new Uint8Array(32) : nodeOf(leaves, 0);

/** The siblings that cannot be computed, each pair of nodes looked at from the last one to the first. */
function lemmasOf(leaves: readonly Uint8Array[], indices: readonly number[]): Uint8Array[] {
  const known = new Set(indices.map((index) => index + leaves.length - 1));
  const lemmas: Uint8Array[] = [];
  for (let right = 2 * leaves.length - 2; right > 0; right -= 2) {
    const left = right - 1;
    if (!known.has(left) && !known.has(right)) continue;
    if (!known.has(left)) lemmas.push(nodeOf(leaves, left));
    if (!known.has(right)) lemmas.push(nodeOf(leaves, right));
    known.add((left - 1) / 2);
  }
  return lemmas;
}

/** Leaves that are all different, and some of their indices in any order. */
const tree = fc
  .tuple(fc.integer({ min: 1, max: 40 }), bytesOf(31))
  .chain(([count, seed]) =>
    fc.tuple(
      fc.constant(Array.from({ length: count }, (_, i) => Uint8Array.of(i, ...seed))),
      fc.shuffledSubarray([...Array(count).keys()], { minLength: 1 }),
    ),
  );

describe('merkle trees', () => {
  it('the root is that of the definition', () => {
    for (let count = 0; count <= 40; count++) {
      const leaves = Array.from({ length: count }, (_, i) => ckbHash(Uint8Array.of(i)));
      expect(hex(computeMerkleRoot(leaves)), `${count} leaves`).toBe(hex(rootOf(leaves)));
    }
  });

  it('a proof of any leaves has the lemmas of the definition, and gives the root', () => {
    check(
      fc.property(tree, ([leaves, indices]) => {
        const proof = computeMerkleProof(leaves, indices);
        expect(proof).toEqual({
          leaves: indices.map((index) => leaves[index]),
          indices,
          count: leaves.length,
          lemmas: lemmasOf(leaves, indices),
        });
        expect(hex(computeMerkleRootFromProof(proof))).toBe(hex(rootOf(leaves)));
      }),
    );
  });

  it('transactions, proposals and extra hash are those of their definitions', () => {
    check(
      fc.property(fc.array(namedRecords.transaction, { minLength: 1, maxLength: 9 }), (transactions) => {
        const others = transactions.map(toCcc.transaction);
        const root = ccc.hashCkb(
          rootOf(others.map((other) => bytes(other.hash()))),
          rootOf(others.map((other) => bytes(other.hashFull()))),
        );
        expect(hex(computeTransactionsRoot(transactions.map(serializeTransaction)))).toBe(root);
      }),
      50,
    );
    check(
      fc.property(namedRecords.block, ({ proposals, uncles, extension }) => {
        const hashOrZero = (chunks: readonly Uint8Array[]) =>
          chunks.length === 0 ? new Uint8Array(32) : bytes(utils.ckbHash(new Uint8Array(Buffer.concat(chunks))));
        expect(hex(computeProposalsHash(proposals))).toBe(hex(hashOrZero(proposals)));
        const headers = uncles.map((uncle) => serializeHeader(uncle.header));
        const unclesHash = hashOrZero(headers.map((encoded) => bytes(utils.ckbHash(encoded))));
        expect(hex(computeExtraHash(headers, null))).toBe(hex(unclesHash));
        if (extension === null) return;
        const wanted = ccc.hashCkb(unclesHash, ccc.hashCkb(extension));
        expect(hex(computeExtraHash(headers, extension))).toBe(wanted);
      }),
      50,
    );
  });

  /** Changes one thing of a proof; undefined where there is no such thing. */
  const change = fc.oneof(
    fc.record({ kind: fc.constantFrom('lemma bit', 'leaf bit'), at: fc.nat(), bit: fc.nat(255) }),
    fc.record({ kind: fc.constantFrom('lemma gone', 'lemma doubled', 'lemmas swapped', 'leaf gone'), at: fc.nat() }),
    fc.record({
      kind: fc.constantFrom('index', 'count near', 'leaves swapped'),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 80 }),
    }),
    fc.record({ kind: fc.constant('count'), count: fc.integer({ min: 1, max: 0xffffffff }) }),
  );

  const spoil = (
    proof: MerkleProof,
    edit: { kind: string; at?: number; bit?: number; by?: number; count?: number },
  ) => {
    const { at = 0, bit = 0, by = 1, count = 0 } = edit;
    const flip = (items: readonly Uint8Array[]) =>
      items.map((item, i) =>
        i === at % items.length ? item.map((byte, j) => (j === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : item,
      );
    const without = <T>(items: readonly T[]) => items.filter((_, i) => i !== at % items.length);
    const swap = (items: readonly Uint8Array[]) => {
      const [i, j] = [at % items.length, (at + by) % items.length];
      return i === j
        ? undefined
        : items.map((item, k) => (k === i ? items[j] : k === j ? items[i] : item) as Uint8Array);
    };
    const { leaves, indices, lemmas } = proof;
    switch (edit.kind) {
      case 'lemma bit':
        return lemmas.length === 0 ? undefined : { ...proof, lemmas: flip(lemmas) };
      case 'lemma gone':
        return lemmas.length === 0 ? undefined : { ...proof, lemmas: without(lemmas) };
      case 'lemma doubled':
        return { ...proof, lemmas: [...lemmas, lemmas[0] ?? leaves[0]] };
      case 'lemmas swapped': {
        const swapped = lemmas.length === 0 ? undefined : swap(lemmas);
        return swapped && { ...proof, lemmas: swapped };
      }
      case 'leaf bit':
        return { ...proof, leaves: flip(leaves) };
      case 'leaf gone':
        return { ...proof, leaves: without(leaves), indices: without(indices) };
      case 'leaves swapped': {
        const swapped = swap(leaves);
        return swapped && { ...proof, leaves: swapped };
      }
      case 'index': {
        const moved = indices.map((index, i) => (i === at % indices.length ? (index + by) % proof.count : index));
        return moved.every((index, i) => index === indices[i]) ? undefined : { ...proof, indices: moved };
      }
      case 'count near':
        return { ...proof, count: at % 2 === 0 ? proof.count + by : Math.max(1, proof.count - by) };
      default:
        return { ...proof, count };
    }
  };

  it('no proof with one thing changed gives the root', () => {
    const seen = new Map<string, number>();
    check(
      fc.property(tree, change, ([leaves, indices], edit) => {
        const proof = computeMerkleProof(leaves, indices);
        const spoilt = spoil(proof, edit);
        if (spoilt === undefined || (spoilt.count === proof.count && edit.kind.startsWith('count'))) return;
        const outcome = outcomeOf(spoilt as MerkleProof);
        if (typeof outcome === 'string') expect(outcome).toBe('MERKLE_PROOF_INVALID');
        else expect(hex(outcome)).not.toBe(hex(rootOf(leaves)));
        const name = `${edit.kind}: ${typeof outcome === 'string' ? 'refused' : 'another root'}`;
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }),
      2000,
    );
    for (const name of ['lemma bit: another root', 'leaf bit: another root', 'index: another root', 'index: refused'])
      expect(seen.get(name), name).toBeGreaterThan(0);
  });

  it('no index but that of a leaf is taken', () => {
    check(
      fc.property(
        tree,
        fc.nat(),
        fc.constantFrom(-1, -0.5, 0.5, Number.NaN, 'count', 'nodes', 'far'),
        (given, at, by) => {
          const [leaves, indices] = given;
          const proof = computeMerkleProof(leaves, indices);
          const { count } = proof;
          const outside = { count: count + (at % count), nodes: 2 * count - 1, far: 2 ** 32 };
          const wrong = typeof by === 'number' ? by : outside[by as keyof typeof outside];
          const spoilt = indices.map((index, i) => (i === at % indices.length ? wrong : index));
          expect(outcomeOf({ ...proof, indices: spoilt })).toBe('MERKLE_PROOF_INVALID');
        },
      ),
    );
  });

  it('no single bit of a lemma or a leaf is free', () => {
    const leaves = Array.from({ length: 11 }, (_, i) => ckbHash(Uint8Array.of(i)));
    const proof = computeMerkleProof(leaves, [2, 7, 8]);
    const root = hex(rootOf(leaves));
    for (const name of ['leaves', 'lemmas'] as const)
      for (const [at, item] of proof[name].entries())
        for (let bit = 0; bit < 8 * item.length; bit++) {
          const spoilt = spoil(proof, { kind: name === 'leaves' ? 'leaf bit' : 'lemma bit', at, bit });
          expect(hex(computeMerkleRootFromProof(spoilt as MerkleProof))).not.toBe(root);
        }
  });

  it('a count of up to 2^32 - 1 answers at once', () => {
    let [total, proofs] = [0, 0];
    const count = fc.oneof(fc.constant(0xffffffff), fc.integer({ min: 2 ** 20, max: 0xffffffff }));
    const given = fc.record({ count, at: fc.double({ min: 0, max: 1, noNaN: true }), leaf: hash, seed: bytesOf(31) });
    check(
      fc.property(given, fc.integer({ min: -2, max: 2 }), ({ count, at, leaf, seed }, off) => {
        const index = Math.min(count - 1, Math.floor(at * count));
        // The path to the root, in integers that cannot overflow.
        const isRight: boolean[] = [];
        for (let node = BigInt(index) + BigInt(count) - 1n; node > 0n; node = (node - 1n) / 2n)
          isRight.push(node % 2n === 0n);
        const lemmas = Array.from({ length: isRight.length + off }, (_, i) => Uint8Array.of(i, ...seed));
        const start = performance.now();
        const outcome = outcomeOf({ leaves: [leaf], indices: [index], count, lemmas });
        total += performance.now() - start;
        proofs++;
        if (off !== 0) {
          expect(outcome).toBe('MERKLE_PROOF_INVALID');
          return;
        }
        const wanted = isRight.reduce<Uint8Array>(
          (node, right, i) => bytes(right ? ccc.hashCkb(lemmas[i]!, node) : ccc.hashCkb(node, lemmas[i]!)),
          leaf,
        );
        expect(outcome).toEqual(wanted);
      }),
    );
    expect(total / proofs).toBeLessThan(10);
  });
});

/** The root that a proof gives, or the code that it is refused with. */
function outcomeOf(proof: MerkleProof): Uint8Array | PoaErrorCode {
  try {
    return computeMerkleRootFromProof(proof);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return error.code;
  }
}
