/** The encodings against data of public chains and of the reference implementations. */
import {
  blake160,
  ckbHash,
  computeCompactTarget,
  computeDifficulty,
  computeExtraHash,
  computeMerkleProof,
  computeMerkleRoot,
  computeMerkleRootFromProof,
  computeMultisigScript,
  computeProposalsHash,
  computeScriptHash,
  computeTarget,
  computeTypeId,
  computeValidatorListLock,
  headerFromRpc,
  isEpochWellFormed,
  MULTISIG_CODE_HASH,
  parseCellbaseWitness,
  parseEpoch,
  parseHeader,
  parseMultisigScript,
  parseScript,
  parseTransaction,
  parseValidatorList,
  parseWitnessArgs,
  serializeCellbaseWitness,
  serializeEpoch,
  serializeHeader,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  serializeValidatorList,
  serializeWitnessArgs,
  splitCellbaseWitness,
  TYPE_ID_CODE_HASH,
  transactionFromRpc,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { writeBytesVec } from '../../src/internal/molecule/write.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const casesOf = (name: string): any[] => (hasShared ? readShared(`ckb/${name}`).cases : []);
const HASH_TYPES: Record<string, number> = { data: 0, type: 1, data1: 2, data2: 4 };
const scriptOf = (json: any) => ({
  codeHash: bytes(json.code_hash),
  hashType: HASH_TYPES[json.hash_type] as number,
  args: bytes(json.args),
});

describe.skipIf(!hasShared)('hash.json', () => {
  it.each(casesOf('hash.json').map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(hex(ckbHash(bytes(vector.input)))).toBe(vector.ckbhash);
    expect(hex(blake160(bytes(vector.input)))).toBe(vector.ckbhash160);
    const input = bytes(vector.input);
    expect(ckbHash(input.subarray(0, 3), new Uint8Array(), input.subarray(3))).toEqual(ckbHash(input));
  });

  it('blake160 is the first bytes of the hash, not a shorter hash', () => {
    expect(hex(blake160(new Uint8Array()))).not.toBe(readShared('ckb/hash.json').not_blake160.value);
  });

  it('uncles_hash: the extra hash of two headers', () => {
    const { headers, uncles_hash } = readShared('ckb/hash.json').uncles_hash;
    const uncles = headers.map((json: unknown) => serializeHeader(headerFromRpc(json)));
    expect(hex(computeExtraHash(uncles, null))).toBe(uncles_hash);
  });
});

describe.skipIf(!hasShared)('cbmt-reference.json: what the reference library gives', () => {
  it.each(casesOf('cbmt-reference.json').map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const leaves = vector.leaves.map(bytes) as Uint8Array[];
    expect(hex(computeMerkleRoot(leaves))).toBe(vector.root);
    if (vector.proof === null) {
      expectCode(() => computeMerkleProof(leaves, vector.leaf_indices), 'MERKLE_INDICES_INVALID');
      return;
    }
    const proof = computeMerkleProof(leaves, vector.leaf_indices);
    expect(proof.lemmas.map(hex)).toEqual(vector.proof.lemmas);
    expect(hex(computeMerkleRootFromProof(proof))).toBe(vector.root);
    // The reference gives leaves and positions in ascending order of the leaves' bytes.
    const count = leaves.length;
    const indices = vector.proof.tree_indices.map((index: number) => index - count + 1);
    const lemmas = vector.proof.lemmas.map(bytes);
    expect(
      hex(computeMerkleRootFromProof({ leaves: vector.proof.proof_leaves.map(bytes), indices, count, lemmas })),
    ).toBe(vector.root);
  });
});

describe.skipIf(!hasShared)('cbmt-published-proofs.json', () => {
  it.each(casesOf('cbmt-published-proofs.json').map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    // Where the count of leaves was not published, any that makes the position a leaf leads to the same root.
    const count = vector.leaf_count ?? vector.tree_indices[0] + 1;
    const root = computeMerkleRootFromProof({
      leaves: vector.proof_leaves.map(bytes),
      indices: vector.tree_indices.map((index: number) => index - count + 1),
      count,
      lemmas: vector.lemmas.map(bytes),
    });
    expect(hex(root)).toBe(vector.root ?? vector.raw_transactions_root);
    if (vector.leaves !== undefined) expect(hex(computeMerkleRoot(vector.leaves.map(bytes)))).toBe(vector.root);
    if (vector.witnesses_root !== undefined)
      expect(hex(computeMerkleRoot([root, bytes(vector.witnesses_root)]))).toBe(vector.transactions_root);
  });
});

describe.skipIf(!hasShared)('cbmt-verify-verdicts.json: as the reference, but only leaf positions', () => {
  const count = 5;
  it.each(casesOf('cbmt-verify-verdicts.json').map((vector) => [vector.name, vector] as const))(
    '%s',
    (name, vector) => {
      // The reference sorts leaves by value before it pairs them with the positions as given.
      const leaves = [...vector.proof_leaves].sort().map(bytes);
      const indices = vector.tree_indices.map((index: number) => index - count + 1);
      const fold = () => computeMerkleRootFromProof({ leaves, indices, count, lemmas: vector.lemmas.map(bytes) });
      if (vector.root === null || name === 'root-as-leaf' || name === 'inner-node-as-leaf')
        expectCode(fold, 'MERKLE_PROOF_INVALID');
      else expect(hex(fold())).toBe(vector.root);
    },
  );
});

describe('computeMerkleRootFromProof', () => {
  const leaf = ckbHash(Uint8Array.of(1));

  it.each([
    ['no leaves', { leaves: [], indices: [], count: 1, lemmas: [] }],
    ['more indices than leaves', { leaves: [leaf], indices: [0, 1], count: 2, lemmas: [] }],
    ['fewer indices than leaves', { leaves: [leaf, leaf], indices: [0], count: 2, lemmas: [] }],
    ['an index at the count', { leaves: [leaf], indices: [1], count: 1, lemmas: [] }],
    ['a negative index', { leaves: [leaf], indices: [-1], count: 2, lemmas: [leaf] }],
    ['half an index', { leaves: [leaf], indices: [0.5], count: 2, lemmas: [leaf] }],
    ['an index that is no number', { leaves: [leaf], indices: [Number.NaN], count: 2, lemmas: [leaf] }],
    ['the same index twice', { leaves: [leaf, leaf], indices: [0, 0], count: 1, lemmas: [] }],
    ['a count of 0', { leaves: [leaf], indices: [0], count: 0, lemmas: [] }],
    ['a lemma missing', { leaves: [leaf], indices: [0], count: 2, lemmas: [] }],
    ['a lemma left over', { leaves: [leaf], indices: [0], count: 1, lemmas: [leaf] }],
    ['a count of 2^32 - 1 with no lemmas', { leaves: [leaf], indices: [0], count: 2 ** 32 - 1, lemmas: [] }],
  ])('refuses %s', (_, proof) => {
    expectCode(() => computeMerkleRootFromProof(proof), 'MERKLE_PROOF_INVALID');
  });

  it('refuses a count that is no u32, and hashes of another size', () => {
    const proof = { leaves: [leaf], indices: [0], count: 1, lemmas: [] };
    expectCode(() => computeMerkleRootFromProof({ ...proof, count: 2 ** 32 }), 'OUT_OF_RANGE');
    expectCode(() => computeMerkleRootFromProof({ ...proof, leaves: [leaf.subarray(1)] }), 'OUT_OF_RANGE');
    expectCode(() => computeMerkleRootFromProof({ ...proof, lemmas: [leaf.subarray(1)] }), 'OUT_OF_RANGE');
  });

  it.each([
    ['first', 0, 31],
    ['last', 2 ** 32 - 2, 32],
  ])('proves the %s leaf of a tree of 2^32 - 1', (_, index, height) => {
    const proof = (count: number) => ({
      leaves: [leaf],
      indices: [index],
      count: 2 ** 32 - 1,
      lemmas: new Array<Uint8Array>(count).fill(leaf),
    });
    expect(computeMerkleRootFromProof(proof(height)).length).toBe(32);
    expectCode(() => computeMerkleRootFromProof(proof(height - 1)), 'MERKLE_PROOF_INVALID');
    expectCode(() => computeMerkleRootFromProof(proof(height + 1)), 'MERKLE_PROOF_INVALID');
  });

  it('gives fresh copies: one leaf is its own root', () => {
    const own = Uint8Array.from(leaf);
    const root = computeMerkleRootFromProof({ leaves: [own], indices: [0], count: 1, lemmas: [] });
    expect(computeMerkleRoot([own])).toEqual(root);
    own.fill(0);
    expect(root).toEqual(leaf);
  });
});

describe('computeMerkleProof', () => {
  const leaves = [1, 2, 3].map((i) => ckbHash(Uint8Array.of(i)));
  it.each([
    ['none', []],
    ['one at the count', [3]],
    ['a negative one', [-1]],
    ['one of them twice', [1, 1]],
  ])('refuses indices: %s', (_, indices) => {
    expectCode(() => computeMerkleProof(leaves, indices), 'MERKLE_INDICES_INVALID');
  });

  it('keeps the order of the indices', () => {
    const proof = computeMerkleProof(leaves, [2, 0]);
    expect(proof.leaves).toEqual([leaves[2], leaves[0]]);
    expect(computeMerkleRootFromProof(proof)).toEqual(computeMerkleRoot(leaves));
  });

  it('the root of nothing is zero', () => expect(computeMerkleRoot([])).toEqual(new Uint8Array(32)));
});

describe.skipIf(!hasShared)('difficulty.json', () => {
  it.each(casesOf('difficulty.json').map((vector, i) => [i, vector] as const))('case %i', (_, vector) => {
    const compact = Number(vector.compact);
    const { target, overflow } = computeTarget(compact);
    if (vector.overflow !== undefined) expect(overflow).toBe(vector.overflow);
    if (vector.target !== undefined) expect(target).toBe(BigInt(vector.target));
    if (vector.target_in !== undefined) expect(computeCompactTarget(BigInt(vector.target_in))).toBe(compact);
    if (vector.target_to_compact !== undefined)
      expect(computeCompactTarget(target)).toBe(Number(vector.target_to_compact));
    if (vector.difficulty !== undefined) expect(computeDifficulty(compact)).toBe(BigInt(vector.difficulty));
  });
});

describe('computeTarget', () => {
  it('does not overflow with a mantissa of zero, whatever its exponent', () => {
    expect(computeTarget(0xff000000)).toEqual({ target: 0n, overflow: false });
    expect(computeTarget(0x21000001)).toEqual({ target: 0x1n << 240n, overflow: true });
    expect(computeDifficulty(0x21000001)).toBe(0n);
    expect(computeDifficulty(0)).toBe(0n);
  });
});

describe('computeExtraHash', () => {
  it('an extension of no bytes is an extension', () => {
    const none = new Uint8Array();
    expect(computeExtraHash([], none)).toEqual(ckbHash(new Uint8Array(32), ckbHash(none)));
    expect(computeExtraHash([], null)).toEqual(new Uint8Array(32));
  });

  it('refuses an uncle that is no header', () => {
    expectCode(() => computeExtraHash([new Uint8Array(207)], null), 'MALFORMED');
  });
});

describe('splitCellbaseWitness', () => {
  const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

  it.each([
    ['nothing', new Uint8Array()],
    ['three bytes', new Uint8Array(3)],
    ['a size beyond the witness', words(1000, 12, 900, 0, 0)],
    ['a size of 2^32 - 1', words(0xffffffff, 12, 0xfffffff0, 0, 0)],
    ['a size of 0', words(0, 12, 16, 0, 0)],
  ])('refuses %s', (_, witness) => {
    expectCode(() => splitCellbaseWitness(witness), 'MALFORMED');
  });
});

describe.skipIf(!hasShared)('epoch.json', () => {
  it.each(casesOf('epoch.json').map((vector) => [vector.packed, vector] as const))('%s', (packed, vector) => {
    const { number, index, length } = vector;
    expect(parseEpoch(BigInt(packed))).toEqual({ number, index, length });
    expect(serializeEpoch({ number, index, length })).toBe(BigInt(packed));
    expect(isEpochWellFormed(BigInt(packed))).toBe(vector.well_formed);
  });

  it('a highest byte is refused', () => {
    expectCode(() => parseEpoch(1n << 56n), 'EPOCH_INVALID');
    expect(isEpochWellFormed((1n << 56n) | 0x1e00017000090n)).toBe(false);
  });
});

describe.skipIf(!hasShared)('molecule.json', () => {
  const codecs: Record<string, (serialized: Uint8Array, value: any) => Uint8Array> = {
    CellbaseWitness: (serialized, value) => {
      const record = { lock: scriptOf(value.lock), message: bytes(value.message) };
      expect(parseCellbaseWitness(serialized)).toEqual(record);
      return serializeCellbaseWitness(record);
    },
    Header: (serialized, value) => {
      expect(parseHeader(serialized)).toEqual(headerFromRpc(value));
      return serializeHeader(headerFromRpc(value));
    },
    Transaction: (serialized, value) => {
      expect(parseTransaction(serialized)).toEqual(transactionFromRpc(value));
      return serializeTransaction(transactionFromRpc(value));
    },
    RawTransaction: (_, value) => {
      const whole = serializeTransaction(transactionFromRpc({ witnesses: [], ...value }));
      return whole.subarray(12, new DataView(whole.buffer).getUint32(8, true));
    },
    WitnessArgs: (serialized, value) => {
      const read = (field: string | null) => (field === null ? null : bytes(field));
      const record = { lock: read(value.lock), inputType: read(value.input_type), outputType: read(value.output_type) };
      expect(parseWitnessArgs(serialized)).toEqual(record);
      return serializeWitnessArgs(record);
    },
    BytesVec: (_, value) => writeBytesVec(value.map(bytes)),
    Script: (serialized, value) => {
      expect(parseScript(serialized)).toEqual(scriptOf(value));
      expect(computeScriptHash(serialized)).toEqual(ckbHash(serialized));
      return serializeScript(scriptOf(value));
    },
    CellInput: (_, value) => {
      const { since, previous_output } = value;
      const outPoint = { txHash: bytes(previous_output.tx_hash), index: Number(previous_output.index) };
      return Uint8Array.of(...new Uint8Array(BigUint64Array.of(BigInt(since)).buffer), ...serializeOutPoint(outPoint));
    },
    CellOutput: (_, value) => {
      const base = { version: '0x0', cell_deps: [], header_deps: [], inputs: [], outputs_data: [], witnesses: [] };
      const whole = serializeTransaction(transactionFromRpc({ ...base, outputs: [value] }));
      // Behind the headers of Transaction and RawTransaction, the version, three empty vectors and the header of the outputs.
      return whole.subarray(12 + 28 + 4 + 12 + 8, whole.length - 8);
    },
  };

  it.each(casesOf('molecule.json').map((vector, i) => [vector.type, i, vector] as const))(
    '%s, case %i',
    (type, _, vector) => {
      const serialized = bytes(vector.serialized);
      expect(hex((codecs[type] as (typeof codecs)[string])(serialized, vector.value))).toBe(vector.serialized);
    },
  );
});

describe.skipIf(!hasShared)('type-id.json', () => {
  it.each(casesOf('type-id.json').map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const { since, previous_output } = vector.first_input;
    const previousOutput = { txHash: bytes(previous_output.tx_hash), index: Number(previous_output.index) };
    const args = computeTypeId({ since: BigInt(since), previousOutput }, vector.output_index);
    expect(hex(args)).toBe(vector.args);
    const script = serializeScript({ codeHash: TYPE_ID_CODE_HASH, hashType: 1, args });
    expect(hex(computeScriptHash(script))).toBe(vector.type_script_hash);
  });
});

describe.skipIf(!hasShared)('multisig-scripts.json', () => {
  const scripts = casesOf('multisig-scripts.json').filter((vector) => vector.multisig_script !== undefined);

  it.each(scripts.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const { require_first_n: requireFirstN, threshold, pubkey_hashes, multisig_script, blake160: wanted } = vector;
    const pubkeyHashes = pubkey_hashes.map(bytes);
    expect(parseMultisigScript(bytes(multisig_script))).toEqual({ requireFirstN, threshold, pubkeyHashes });
    expect(hex(blake160(bytes(multisig_script)))).toBe(wanted);
    const list = { attestInterval: 0, voteLimit: threshold, pubkeyHashes };
    expect(hex(computeMultisigScript(list))).toBe(multisig_script);
    expect(hex(computeValidatorListLock(list, { multisigCodeHash: MULTISIG_CODE_HASH }).args)).toBe(wanted);
  });

  it('invalid_scripts are refused', () => {
    const { invalid_scripts } = readShared('ckb/multisig-scripts.json');
    expect(invalid_scripts.length).toBe(2);
    for (const { multisig_script } of invalid_scripts)
      expectCode(() => parseMultisigScript(bytes(multisig_script)), 'MULTISIG_SCRIPT_MALFORMED');
  });
});

describe('parseMultisigScript', () => {
  const good = Uint8Array.of(0, 1, 1, 2, ...new Uint8Array(40));
  const changed = (index: number, value: number) => Uint8Array.from(good, (byte, i) => (i === index ? value : byte));

  it('takes a script with required keys', () => expect(parseMultisigScript(good).requireFirstN).toBe(1));

  it.each([
    ['a reserved byte', changed(0, 1)],
    ['more required keys than signatures', changed(1, 2)],
    ['a threshold of 0', changed(2, 0)],
    ['a threshold above the count', changed(2, 3)],
    ['no keys', Uint8Array.of(0, 0, 0, 0)],
    ['a byte missing', good.subarray(1)],
    ['a byte too many', Uint8Array.of(...good, 0)],
    ['three bytes', good.subarray(0, 3)],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_, script) => {
    expectCode(() => parseMultisigScript(script), 'MULTISIG_SCRIPT_MALFORMED');
  });
});

describe('parseValidatorList', () => {
  const good = Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 2, ...new Uint8Array(40));
  const changed = (index: number, value: number) => Uint8Array.from(good, (byte, i) => (i === index ? value : byte));

  it('takes its valid twin', () => {
    const list = parseValidatorList(good);
    expect([list.attestInterval, list.voteLimit, list.pubkeyHashes.length]).toEqual([1, 2, 2]);
    expect(serializeValidatorList(list)).toEqual(good);
  });

  it.each([
    ['a reserved byte', changed(4, 1), 4],
    ['a require-first-n', changed(5, 1), 5],
    ['no validators', changed(7, 0).subarray(0, 8), 7],
    ['a count too small', changed(7, 1), undefined],
    ['a count too great', changed(7, 3), undefined],
    ['a byte missing', good.subarray(0, 47), undefined],
    ['a byte too many', Uint8Array.of(...good, 0), undefined],
    ['seven bytes', good.subarray(0, 7), undefined],
    ['nothing', new Uint8Array(), undefined],
  ])('refuses %s', (_, data, offset) => {
    expect(expectCode(() => parseValidatorList(data), 'VALIDATOR_LIST_MALFORMED').offset).toBe(offset);
  });

  it('keeps nothing of its input', () => {
    const data = Uint8Array.from(good);
    const list = parseValidatorList(data);
    data.fill(0xff);
    expect(list.pubkeyHashes[0]).toEqual(new Uint8Array(20));
  });
});

describe('values that do not fit their field', () => {
  const header = parseHeader(new Uint8Array(208));
  const list = { attestInterval: 1, voteLimit: 1, pubkeyHashes: [new Uint8Array(20)] };
  const script = { codeHash: new Uint8Array(32), hashType: 1, args: new Uint8Array() };

  it.each([
    ['a version of 2^32', () => serializeHeader({ ...header, version: 2 ** 32 })],
    ['a negative version', () => serializeHeader({ ...header, version: -1 })],
    ['half a version', () => serializeHeader({ ...header, version: 0.5 })],
    ['a compact target of 2^32', () => serializeHeader({ ...header, compactTarget: 2 ** 32 })],
    ['a timestamp of 2^64', () => serializeHeader({ ...header, timestamp: 2n ** 64n })],
    ['a negative number', () => serializeHeader({ ...header, number: -1n })],
    ['an epoch of 2^64', () => serializeHeader({ ...header, epoch: 2n ** 64n })],
    ['a nonce of 2^128', () => serializeHeader({ ...header, nonce: 2n ** 128n })],
    ['a hash of 31 bytes', () => serializeHeader({ ...header, dao: new Uint8Array(31) })],
    ['a hash type of 256', () => serializeScript({ ...script, hashType: 256 })],
    ['a code hash of 33 bytes', () => serializeScript({ ...script, codeHash: new Uint8Array(33) })],
    ['an interval of 2^32', () => serializeValidatorList({ ...list, attestInterval: 2 ** 32 })],
    ['a vote limit of 256', () => serializeValidatorList({ ...list, voteLimit: 256 })],
    ['a pubkey hash of 32 bytes', () => serializeValidatorList({ ...list, pubkeyHashes: [new Uint8Array(32)] })],
    ['a proposal of 9 bytes', () => computeProposalsHash([new Uint8Array(9)])],
    ['a target of 2^256', () => computeCompactTarget(2n ** 256n)],
    ['a compact target of -1', () => computeTarget(-1)],
    ['an epoch number of 2^24', () => serializeEpoch({ number: 2 ** 24, index: 0, length: 1 })],
    ['an epoch index of 2^16', () => serializeEpoch({ number: 0, index: 2 ** 16, length: 1 })],
    ['an out point index of 2^32', () => serializeOutPoint({ txHash: new Uint8Array(32), index: 2 ** 32 })],
  ])('%s', (_, serialize) => {
    expectCode(serialize, 'OUT_OF_RANGE');
  });

  it.each([0, 256])('%i validators', (count) => {
    const pubkeyHashes = Array.from({ length: count }, () => new Uint8Array(20));
    expectCode(() => serializeValidatorList({ ...list, pubkeyHashes }), 'VALIDATOR_LIST_MALFORMED');
    expectCode(() => computeMultisigScript({ ...list, pubkeyHashes }), 'VALIDATOR_LIST_MALFORMED');
  });

  it('a wrong JavaScript type is a TypeError', () => {
    expect(() => serializeHeader({ ...header, number: 1 as never })).toThrow(TypeError);
    expect(() => serializeHeader({ ...header, version: '0' as never })).toThrow(TypeError);
    expect(() => serializeHeader({ ...header, dao: '0x' as never })).toThrow(TypeError);
    expect(() => serializeHeader(null as never)).toThrow(TypeError);
    expect(() => parseHeader('0x' as never)).toThrow(TypeError);
    expect(() => parseHeader(new Uint16Array(104) as never)).toThrow(TypeError);
    expect(() => computeMerkleRoot('leaves' as never)).toThrow(TypeError);
    expect(() => computeMerkleProof([new Uint8Array(32)], ['0' as never])).toThrow(TypeError);
  });
});
