/** The votes of a block through a verifier come to what they come to one by one, errors included, and cost hardly more signatures. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { createVerifier, isPoaError, type PoaErrorCode, type Verifier } from 'poa-primitives';
import {
  blake160,
  buildVoteTransaction,
  combineVotes,
  computeMultisigScript,
  computeTransactionHash,
  computeValidatorListLock,
  MAX_CELLBASE_SIZE,
  MULTISIG_CODE_HASH,
  type OutPoint,
  parseTransaction,
  parseWitnessArgs,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  serializeValidatorList,
  serializeWitnessArgs,
  signVote,
  type Transaction,
  type ValidatorList,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { LIST_TYPE, makeSecretKey, makeVote, pubkeyHashOf } from '../../examples/kit.js';
import { computeVotedListsWith } from '../../src/ckb/governance/verifyVotes.js';
import { computeVotedList, type TrackedList } from '../../src/ckb/governance/vote.js';
import { createWasmBackendSync } from '../../src/wasm/index.js';
import { runs } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';

const network = { multisigCodeHash: MULTISIG_CODE_HASH };
const N = secp256k1.Point.Fn.ORDER;
const secretKeys = Array.from({ length: 12 }, (_, i) => makeSecretKey(`voter ${i}`));
const noble = createVerifier();
const wasm = createVerifier({ backend: createWasmBackendSync() });

const listOf = (first: number, count: number, voteLimit: number): ValidatorList => ({
  attestInterval: 0,
  voteLimit,
  pubkeyHashes: secretKeys.slice(first, first + count).map(pubkeyHashOf),
});

/** A list in force and votes that follow each other from it. */
interface Chain {
  readonly tracked: TrackedList;
  /** The list that each vote is judged by, and the one that the last leaves. */
  readonly lists: readonly ValidatorList[];
  readonly votes: readonly Uint8Array[];
}

const keysOf = ({ pubkeyHashes, voteLimit }: ValidatorList): Uint8Array[] =>
  secretKeys.filter((key) => pubkeyHashes.some((hash) => hex(hash) === hex(pubkeyHashOf(key)))).slice(0, voteLimit);

function makeChain(lists: readonly ValidatorList[], signers = keysOf): Chain {
  let outPoint: OutPoint = { txHash: new Uint8Array(32).fill(3), index: 0 };
  const [first] = lists as [ValidatorList];
  const tracked = {
    validatorListOutPoint: serializeOutPoint(outPoint),
    validatorListType: serializeScript(LIST_TYPE),
    validatorList: first,
  };
  const votes = lists.slice(1).map((wanted, i) => {
    const list = lists[i] as ValidatorList;
    const { transaction } = makeVote(list, outPoint, wanted, signers(list));
    outPoint = { txHash: computeTransactionHash(transaction), index: 0 };
    return transaction;
  });
  return { tracked, lists, votes };
}

/** What a run came to, in words. */
function outcomeOf(judge: () => TrackedList): object {
  try {
    return judge();
  } catch (error) {
    if (!isPoaError(error)) throw error;
    const { code, message, where, expected, got, offset } = error;
    return { code, message, where, expected, got, offset };
  }
}

const oneByOne = (tracked: TrackedList, votes: readonly Uint8Array[]): TrackedList =>
  votes.reduce((list, vote, i) => computeVotedList(`votingTxs[${i}]`, list, network, vote), tracked);

/** Counts the signatures that a verifier is asked for, and those that it refuses. */
function counting(inner: Verifier): { verifier: Verifier; counts: { asked: number; refused: number } } {
  const counts = { asked: 0, refused: 0 };
  const recover: Verifier['recover'] = (batch) => {
    const result = inner.recover(batch);
    counts.asked += batch.count;
    counts.refused += result.statuses.filter((status) => status !== 0).length;
    return result;
  };
  return { verifier: { ...inner, recover }, counts };
}

/** Compares one by one with both verifiers, and gives the outcome and how many signatures were asked for and refused. */
function compare(
  { tracked }: Pick<Chain, 'tracked'>,
  votes: readonly Uint8Array[],
  verifiers: readonly Verifier[] = [wasm, noble],
): { outcome: Partial<TrackedList> & { code?: PoaErrorCode; where?: string }; asked: number; refused: number } {
  const outcome = outcomeOf(() => oneByOne(tracked, votes));
  let last = { asked: 0, refused: 0 };
  for (const inner of verifiers) {
    const { verifier, counts } = counting(inner);
    expect(outcomeOf(() => computeVotedListsWith(verifier, tracked, network, votes))).toEqual(outcome);
    last = counts;
  }
  return { outcome, ...last };
}

/** Where the signatures of a vote that `makeVote` made begin: they end its witness, which ends the transaction. */
const signatureAt = (vote: Uint8Array, { voteLimit }: ValidatorList, index: number): number =>
  vote.length - 65 * (voteLimit - index);

/** A copy of a vote with another signature in a place. */
function withSignature(
  vote: Uint8Array,
  list: ValidatorList,
  index: number,
  change: (signature: Uint8Array) => Uint8Array,
): Uint8Array {
  const at = signatureAt(vote, list, index);
  const changed = Uint8Array.from(vote);
  changed.set(change(vote.slice(at, at + 65)), at);
  return changed;
}

const word = (value: bigint): Uint8Array =>
  Uint8Array.from(value.toString(16).padStart(64, '0').match(/../g) as string[], (byte) => Number.parseInt(byte, 16));
const put = (signature: Uint8Array, at: number, bytes: Uint8Array | readonly number[]): Uint8Array => {
  const changed = Uint8Array.from(signature);
  changed.set(bytes, at);
  return changed;
};
/** The same signature with s in the other half. */
const flipped = (signature: Uint8Array): Uint8Array => {
  const s = N - BigInt(hex(signature.slice(32, 64)));
  return put(put(signature, 32, word(s)), 64, [(signature[64] as number) ^ 1]);
};

const foreign = secp256k1.sign(new Uint8Array(32).fill(1), new Uint8Array(32).fill(9), {
  prehash: false,
  format: 'recovered',
});

/** Four votes, of two, three, two and two signatures. */
const LISTS = [listOf(0, 3, 2), listOf(1, 4, 3), listOf(1, 3, 2), listOf(2, 2, 2), listOf(3, 4, 4)];
const chain = makeChain(LISTS);
/** A good signature of a vote of the chain. */
const signatureOf = (vote: number, index: number): Uint8Array => {
  const bytes = chain.votes[vote] as Uint8Array;
  const at = signatureAt(bytes, LISTS[vote] as ValidatorList, index);
  return bytes.slice(at, at + 65);
};
const replaced = (votes: readonly Uint8Array[], at: number, vote: Uint8Array): Uint8Array[] =>
  votes.map((each, i) => (i === at ? vote : each));

describe('votes that hold', () => {
  it('none: the list stays', () => {
    for (const verifier of [noble, wasm])
      expect(computeVotedListsWith(verifier, chain.tracked, network, [])).toBe(chain.tracked);
  });

  it.each([1, 2, 3, 4])('%i in a row', (count) => {
    const { outcome, asked } = compare(chain, chain.votes.slice(0, count));
    expect(outcome.validatorList).toEqual(LISTS[count]);
    expect(asked).toBe(LISTS.slice(0, count).reduce((total, { voteLimit }) => total + voteLimit, 0));
  });

  it.each([1, 2, 3, 6])('every vote limit of %i validators', (count) => {
    for (let limit = Math.floor(count / 2) + 1; limit <= count; limit++) {
      const made = makeChain([listOf(0, count, limit), listOf(0, 2, 2), listOf(0, count, limit)]);
      expect(compare(made, made.votes).outcome.validatorList).toEqual(listOf(0, count, limit));
    }
  });

  it('signed in any order, with s in either half', () => {
    const made = makeChain(LISTS, (list) => keysOf(list).reverse());
    const votes = made.votes.map((vote, i) => withSignature(vote, LISTS[i] as ValidatorList, 0, flipped));
    const { outcome, refused } = compare(made, votes);
    expect(outcome.validatorList).toEqual(LISTS[4]);
    expect(refused).toBe(0);
  });

  it('with other inputs, outputs and witnesses around', () => {
    const [list, wanted] = LISTS as [ValidatorList, ValidatorList];
    const { tracked } = chain;
    const lock = { codeHash: new Uint8Array(32), hashType: 1, args: new Uint8Array() };
    const { transaction } = buildVoteTransaction({
      cell: {
        output: { capacity: 10n ** 12n, lock: computeValidatorListLock(list, network), type: LIST_TYPE },
        data: serializeValidatorList(list),
        outPoint: { txHash: new Uint8Array(32).fill(3), index: 0 },
      },
      wanted,
      network,
      cellDeps: [],
      inputs: [{ since: 7n, previousOutput: { txHash: new Uint8Array(32), index: 4 } }],
      inputIndex: 1,
      outputs: [{ output: { capacity: 1n, lock, type: null }, data: new Uint8Array(5) }],
      outputIndex: 1,
      witnesses: [new Uint8Array(3), new Uint8Array(9)],
    });
    const state = { ...tracked, network };
    const signatures = keysOf(list).map((key) => signVote(state, transaction, key));
    const { outcome } = compare(chain, [combineVotes(state, transaction, signatures)]);
    expect(outcome.validatorList).toEqual(wanted);
    expect(outcome.validatorListOutPoint?.[32]).toBe(1);
    expect(compare(chain, [transaction]).outcome).toMatchObject({ code: 'VOTES_INVALID' });
  });
});

describe('a vote with a signature that does not hold', () => {
  const spoil: Record<string, (signature: Uint8Array, vote: number, index: number) => Uint8Array> = {
    'by a foreign key': () => Uint8Array.of(...foreign.subarray(1), foreign[0] as number),
    'made twice': (_, vote, index) => signatureOf(vote, index === 0 ? 1 : 0),
    'made twice, s turned over': (_, vote, index) => flipped(signatureOf(vote, index === 0 ? 1 : 0)),
    'of the message of another vote': (_, vote, index) => signatureOf((vote + 1) % 4, index % 2),
    'with id 4': (signature) => put(signature, 64, [4]),
    'with id 255': (signature) => put(signature, 64, [255]),
    'with the other id': (signature) => put(signature, 64, [(signature[64] as number) ^ 1]),
    'with an id beyond the field': (signature) => put(signature, 64, [(signature[64] as number) | 2]),
    'with s of 0': (signature) => put(signature, 32, new Uint8Array(32)),
    'with s of n': (signature) => put(signature, 32, word(N)),
    'with s turned over, and not the id': (signature) => put(flipped(signature), 64, [signature[64] as number]),
    'with r of 0': (signature) => put(signature, 0, new Uint8Array(32)),
    'with r of n': (signature) => put(signature, 0, word(N)),
    'with r that is no coordinate': (signature) => put(signature, 0, word(5n)),
    'of zeros': () => new Uint8Array(65),
  };
  it.each(Object.entries(spoil).map(([name, change], kind) => [name, change, kind] as const))(
    '%s',
    (_, change, kind) => {
      for (const vote of [0, 1, 2, 3]) {
        const list = LISTS[vote] as ValidatorList;
        const index = (vote + kind) % list.voteLimit;
        const bad = withSignature(chain.votes[vote] as Uint8Array, list, index, (old) => change(old, vote, index));
        const { outcome } = compare(chain, replaced(chain.votes, vote, bad), vote < 2 ? [wasm, noble] : [wasm]);
        expect(outcome).toMatchObject({ code: 'VOTES_INVALID', where: `votingTxs[${vote}]` });
      }
    },
  );

  it('of zeros, where the list names what stands for no key', () => {
    for (const key of [new Uint8Array(33), Uint8Array.of(2, ...new Uint8Array(32))]) {
      const list = { ...listOf(0, 2, 2), pubkeyHashes: [pubkeyHashOf(secretKeys[0] as Uint8Array), blake160(key)] };
      const made = makeChain([list, LISTS[0] as ValidatorList]);
      expect(compare(made, made.votes).outcome).toMatchObject({ code: 'VOTES_INVALID' });
    }
  });
});

describe('a vote that does not hold whoever has signed it', () => {
  const rebuilt = (change: (record: Transaction) => Partial<Transaction>) => (vote: Uint8Array) => {
    const record = parseTransaction(vote);
    return serializeTransaction({ ...record, ...change(record) });
  };
  const withList = (change: (list: ValidatorList) => ValidatorList) => (vote: Uint8Array, wanted: ValidatorList) => {
    const list = change(wanted);
    return rebuilt(({ outputs }) => ({
      outputs: outputs.map((output) => ({ ...output, lock: computeValidatorListLock(list, network) })),
      outputsData: [serializeValidatorList(list)],
    }))(vote);
  };
  const withLock =
    (change: (lock: Uint8Array, script: number) => Uint8Array | null) =>
    (vote: Uint8Array, _: ValidatorList, list: ValidatorList) =>
      rebuilt(({ witnesses: [witness] }) => {
        const lock = parseWitnessArgs(witness as Uint8Array).lock as Uint8Array;
        const changed = change(lock, computeMultisigScript(list).length);
        return { witnesses: [serializeWitnessArgs({ lock: changed, inputType: null, outputType: null })] };
      })(vote);

  const spoil: Record<
    string,
    [PoaErrorCode, (vote: Uint8Array, wanted: ValidatorList, list: ValidatorList) => Uint8Array]
  > = {
    'cut short': ['MALFORMED', (vote) => vote.slice(0, -1)],
    empty: ['MALFORMED', () => new Uint8Array()],
    'with a byte behind it': ['MALFORMED', (vote) => Uint8Array.of(...vote, 0)],
    'spends another cell': [
      'VOTE_NOT_SPENDING_LIST',
      rebuilt(() => ({ inputs: [{ since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0 } }] })),
    ],
    'spends the list twice': ['VOTE_NOT_SPENDING_LIST', rebuilt(({ inputs }) => ({ inputs: [...inputs, ...inputs] }))],
    'makes no list': ['VOTE_OUTPUT_COUNT', rebuilt(() => ({ outputs: [], outputsData: [] }))],
    'makes two lists': ['VOTE_OUTPUT_COUNT', rebuilt(({ outputs }) => ({ outputs: [...outputs, ...outputs] }))],
    'has no data': ['VALIDATOR_LIST_MALFORMED', rebuilt(() => ({ outputsData: [] }))],
    'has data that are no list': ['VALIDATOR_LIST_MALFORMED', rebuilt(() => ({ outputsData: [new Uint8Array(9)] }))],
    'lists one twice': [
      'VALIDATOR_LIST_DUPLICATE',
      withList((list) => ({ ...list, pubkeyHashes: list.pubkeyHashes.map(() => list.pubkeyHashes[0] as Uint8Array) })),
    ],
    'asks for too few': ['VOTE_LIMIT_OUT_OF_RANGE', withList((list) => ({ ...list, voteLimit: 1 }))],
    'asks for more than there are': ['VOTE_LIMIT_OUT_OF_RANGE', withList((list) => ({ ...list, voteLimit: 200 }))],
    'halts the network': ['ATTEST_INTERVAL_TOO_LONG', withList((list) => ({ ...list, attestInterval: 200 }))],
    'has the lock of another list': [
      'VALIDATOR_LIST_LOCK_MISMATCH',
      rebuilt(() => ({ outputsData: [serializeValidatorList(listOf(0, 12, 12))] })),
    ],
    'has no witness': ['VOTES_INVALID', rebuilt(() => ({ witnesses: [] }))],
    'has a witness that is no WitnessArgs': ['VOTES_INVALID', rebuilt(() => ({ witnesses: [new Uint8Array(7)] }))],
    'has no lock in its witness': ['VOTES_INVALID', withLock(() => null)],
    'has a signature too few': ['VOTES_INVALID', withLock((lock) => lock.slice(0, -65))],
    'has a signature too many': ['VOTES_INVALID', withLock((lock) => Uint8Array.of(...lock, ...lock.slice(-65)))],
    'has another script': ['VOTES_INVALID', withLock((lock) => put(lock, 4, [(lock[4] as number) ^ 1]))],
    'requires the first': ['VOTES_INVALID', withLock((lock) => put(lock, 1, [1]))],
    'requires the first two': ['VOTES_INVALID', withLock((lock) => put(lock, 1, [2]))],
    'has one witness more, which its message covers': [
      'VOTES_INVALID',
      rebuilt(({ witnesses }) => ({ witnesses: [...witnesses, new Uint8Array(1)] })),
    ],
  };

  it.each(Object.entries(spoil).map(([name, [code, change]]) => [name, code, change] as const))(
    '%s: %s',
    (_, code, change) => {
      for (const at of [0, 1, 2, 3]) {
        const bad = change(chain.votes[at] as Uint8Array, LISTS[at + 1] as ValidatorList, LISTS[at] as ValidatorList);
        const votes = replaced(chain.votes, at, bad);
        expect(compare(chain, votes, at === 1 ? [wasm, noble] : [wasm]).outcome).toMatchObject({ code });
        // A signature before it counts first, one behind it not at all.
        const other = at === 0 ? 2 : 0;
        const list = LISTS[other] as ValidatorList;
        const worse = withSignature(chain.votes[other] as Uint8Array, list, 0, () => new Uint8Array(65));
        const { outcome } = compare(chain, replaced(votes, other, worse), [wasm]);
        expect(outcome.where?.startsWith(`votingTxs[${Math.min(other, at)}]`)).toBe(true);
      }
    },
  );

  it('missing, doubled or in another order', () => {
    const [a, b, c, d] = chain.votes as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    for (const votes of [[b], [a, c], [a, b, d], [a, a], [a, b, b], [b, a], [a, c, b, d], [a, b, c, d, d]])
      expect(compare(chain, votes, [wasm]).outcome).toMatchObject({ code: 'VOTE_NOT_SPENDING_LIST' });
  });
});

describe('what a bad signature costs', () => {
  /** Six votes of eleven signatures each. */
  const lists = Array.from({ length: 7 }, () => listOf(0, 12, 11));
  const long = makeChain(lists);

  it('as many signatures as there are where all hold', () => {
    expect(compare(long, long.votes, [wasm]).asked).toBe(66);
  });

  it.each([0, 1, 15, 16, 48, 65])('at most twice as many as lie before it, and a few: the bad one is %i', (bad) => {
    const at = Math.floor(bad / 11);
    const list = lists[at] as ValidatorList;
    const vote = withSignature(long.votes[at] as Uint8Array, list, bad % 11, () => new Uint8Array(65));
    const { outcome, asked } = compare(long, replaced(long.votes, at, vote), [wasm]);
    expect(outcome).toMatchObject({ code: 'VOTES_INVALID', where: `votingTxs[${at}]` });
    expect(asked).toBeGreaterThan(bad);
    expect(asked).toBeLessThanOrEqual(2 * bad + 16);
  });

  it('none where the first vote does not decode, and those before it else', () => {
    for (const at of [0, 1, 5]) {
      const { outcome, asked } = compare(long, replaced(long.votes, at, new Uint8Array(4)), [wasm]);
      expect(outcome).toMatchObject({ code: 'MALFORMED', where: `votingTxs[${at}]` });
      expect(asked).toBe(11 * at);
    }
  });

  it('does not read votes far behind it', () => {
    const first = withSignature(long.votes[0] as Uint8Array, lists[0] as ValidatorList, 0, () => new Uint8Array(65));
    let reads = 0;
    const rest = Array.from({ length: 40 }, (_, i) => long.votes[1 + (i % 5)] as Uint8Array);
    const votes = new Proxy([first, ...rest], {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads = Math.max(reads, Number(key) + 1);
        return Reflect.get(target, key, receiver);
      },
    });
    expectCode(() => computeVotedListsWith(wasm, long.tracked, network, votes), 'VOTES_INVALID');
    expect(reads).toBeLessThanOrEqual(16);
  });

  it('as many as there are in the most votes that a cellbase has room for', () => {
    // Signatures of nobody: whoever answers says whose they are, and what is counted is the questions.
    const pubkeys = Array.from({ length: 255 }, (_, i) => secp256k1.getPublicKey(word(BigInt(i + 1)), false));
    const hashes = Array.from({ length: 255 }, (_, i) => pubkeyHashOf(word(BigInt(i + 1))));
    const list = { attestInterval: 0, voteLimit: 255, pubkeyHashes: hashes };
    const made = makeChain(
      Array.from({ length: 23 }, () => list),
      () => [],
    );
    const size = made.votes.reduce((total, vote) => total + vote.length + 4, 0);
    expect(size).toBeLessThan(MAX_CELLBASE_SIZE);
    expect(size + (made.votes[0] as Uint8Array).length).toBeGreaterThan(MAX_CELLBASE_SIZE);
    let asked = 0;
    let hashed = 0;
    const verifier: Verifier = {
      ...wasm,
      recover: ({ count }) => {
        const keys = new Uint8Array(64 * count);
        for (let i = 0; i < count; i++) keys.set((pubkeys[asked++ % 255] as Uint8Array).subarray(1), 64 * i);
        return { keys, statuses: new Uint8Array(count), handles: new Int32Array(count).fill(-1) };
      },
      hash: (batch) => {
        hashed += batch.data.length;
        return wasm.hash(batch);
      },
    };
    expect(computeVotedListsWith(verifier, made.tracked, network, made.votes).validatorList).toEqual(list);
    expect(asked).toBe(22 * 255);
    // Transactions, what is signed of them, and keys.
    expect(hashed).toBeLessThanOrEqual(3 * size);
  });

  it('nothing else: a verifier that refuses what holds changes no outcome', () => {
    const verifier: Verifier = {
      ...wasm,
      recover: (batch) => {
        const result = wasm.recover(batch);
        return { ...result, statuses: result.statuses.fill(7), keys: result.keys.fill(0) };
      },
    };
    compare(chain, chain.votes, [verifier]);
    const bad = withSignature(chain.votes[2] as Uint8Array, LISTS[2] as ValidatorList, 0, () => new Uint8Array(65));
    compare(chain, replaced(chain.votes, 2, bad), [verifier]);
  });
});

it('votes that were changed anywhere come to the same', () => {
  const anySignature = fc
    .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('copy', 'turn', 'flip', 'id'), fc.nat(64))
    .map(([vote, index, from, other, kind, at]) => (votes: Uint8Array[]) => {
      const list = LISTS[vote] as ValidatorList;
      const bytes = votes[vote];
      if (bytes === undefined || bytes.length !== chain.votes[vote]?.length) return votes;
      const source = signatureOf(from, other % (LISTS[from] as ValidatorList).voteLimit);
      const changed = withSignature(bytes, list, index % list.voteLimit, (old) => {
        if (kind === 'copy') return source;
        if (kind === 'turn') return old.some((byte) => byte !== 0) ? flipped(old) : old;
        if (kind === 'id') return put(old, 64, [at % 5]);
        return put(old, at, [(old[at] as number) ^ 1]);
      });
      return replaced(votes, vote, changed);
    });
  const anyByte = fc.tuple(fc.nat(3), fc.nat(), fc.nat(7)).map(([vote, at, bit]) => (votes: Uint8Array[]) => {
    const bytes = votes[vote];
    if (bytes === undefined || bytes.length === 0) return votes;
    return replaced(votes, vote, put(bytes, at % bytes.length, [(bytes[at % bytes.length] as number) ^ (1 << bit)]));
  });
  const anyOrder = fc.tuple(fc.nat(4), fc.nat(4)).map(([from, to]) => (votes: Uint8Array[]) => {
    const rest = votes.filter((_, i) => i !== from);
    const moved = votes[from];
    return moved === undefined || to === from ? rest : [...rest.slice(0, to), moved, ...rest.slice(to)];
  });
  const change = fc.oneof(
    { weight: 4, arbitrary: anySignature },
    { weight: 2, arbitrary: anyByte },
    { weight: 1, arbitrary: anyOrder },
  );
  const seen = new Set<PoaErrorCode | undefined>();
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(9),
      (changes, count, turn) => {
        const votes = changes.reduce<Uint8Array[]>((list, apply) => apply(list), chain.votes.slice(0, count));
        seen.add(compare(chain, votes, turn === 0 ? [wasm, noble] : [wasm]).outcome.code);
      },
    ),
    { numRuns: runs(80) },
  );
  expect(seen).toContain(undefined);
  expect(seen).toContain('VOTES_INVALID');
});
