/**
 * What somebody does who wants a follower with a verifier to take what one without refuses, to refuse what it takes, or to
 * remember keys that never were validators'. Every run is compared with one header at a time and no verifier.
 */
import { createVerifier, isPoaError, type PoaErrorCode, type Verifier } from 'poa-primitives';
import {
  applyHeader,
  applyHeaders,
  attestBlock,
  type BlockTemplate,
  blake160,
  buildVoteTransaction,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  combineVotes,
  computeHeaderHash,
  computeInTurnIndex,
  computeTransactionHash,
  computeTransactionsRoot,
  computeValidatorListLock,
  createState,
  MAX_CELLBASE_SIZE,
  type OutPoint,
  type PoaHeader,
  parseHeader,
  prepareBlock,
  recoverHeader,
  type State,
  serializeEpoch,
  serializeHeader,
  serializeOutPoint,
  serializeState,
  serializeValidatorList,
  signVote,
  type ValidatorList,
} from 'poa-primitives/ckb';
import * as clique from 'poa-primitives/clique';
import * as eosio from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import * as cliqueSample from '../../examples/clique-sample.js';
import * as eosioSample from '../../examples/eosio-chain-sample.js';
import { LIST_TYPE, makeCellbase, makeSecretKey, makeTransfer, makeVote, pubkeyHashOf } from '../../examples/kit.js';
import { anchor } from '../../examples/sample.js';
import { locateCellbase } from '../../src/ckb/encoding/poaContext.js';
import { compressFlatKey, parseFlatKey } from '../../src/internal/verifier/keys.js';
import { createWasmBackendSync } from '../../src/wasm/index.js';
import { hex } from '../support/bytes.js';

const GENESIS_TIME = Number(anchor.timestamps[0]);
const now = GENESIS_TIME + 10_000_000;
const secretKeys = Array.from({ length: 9 }, (_, i) => makeSecretKey(`validator ${i}`));
const backend = createWasmBackendSync();

/** Verifiers whose tables are many, few and none. */
const VERIFIERS: [string, () => Verifier][] = [
  ['noble', () => createVerifier()],
  ['noble with room for two tables', () => createVerifier({ maxTableBytes: 120_000 })],
  ['wasm', () => createVerifier({ backend })],
  ['wasm with room for three tables', () => createVerifier({ backend, maxTableBytes: 500_000 })],
  ['wasm without tables', () => createVerifier({ backend, maxTableBytes: 0 })],
];

const listOf = (keys: readonly Uint8Array[], attestInterval: number): ValidatorList => ({
  attestInterval,
  voteLimit: Math.floor(keys.length / 2) + 1,
  pubkeyHashes: keys.map(pubkeyHashOf),
});

const stateWith = (validatorList: ValidatorList): State => createState({ ...anchor, validatorList });

/** What differs from a block that holds. */
interface Changes {
  readonly votingTxs?: readonly Uint8Array[];
  readonly header?: Partial<BlockTemplate['header']>;
}

const isInTurn = ({ number, validatorList: { pubkeyHashes } }: State, key: Uint8Array): boolean =>
  hex(pubkeyHashOf(key)) === hex(pubkeyHashes[computeInTurnIndex(number + 1n, pubkeyHashes.length)] as Uint8Array);
const targetOf = (state: State, key: Uint8Array): number =>
  isInTurn(state, key) ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN;
const otherTarget = (state: State, key: Uint8Array): number =>
  isInTurn(state, key) ? COMPACT_TARGET_OUT_OF_TURN : COMPACT_TARGET_IN_TURN;

/** What a block on a state is made of; the compact target says whether it is the turn of whoever is to attest it. */
function templateOf(state: State, secretKey: Uint8Array, { votingTxs = [], header = {} }: Changes): BlockTemplate {
  const number = state.number + 1n;
  return {
    header: {
      compactTarget: targetOf(state, secretKey),
      timestamp: BigInt(GENESIS_TIME) + 8_000n * number,
      number,
      epoch: serializeEpoch({ number: 0, index: Number(number), length: 1000 }),
      parentHash: state.hash,
      proposalsHash: new Uint8Array(32),
      extraHash: new Uint8Array(32),
      dao: new Uint8Array(32),
      ...header,
    },
    cellbase: makeCellbase(number),
    votingTxs,
    transactions: Array.from({ length: Number(number % 4n) }, (_, i) => makeTransfer(i)),
  };
}

/** A block on a state, attested by a key. */
function attest(state: State, secretKey: Uint8Array, changes: Changes = {}): PoaHeader {
  const { header, cellbase } = attestBlock(templateOf(state, secretKey, changes), secretKey);
  return { header, cellbase };
}

/** A block with a signature that recovers no key: everything else about it holds. */
function attestBadly(state: State, signature: Uint8Array, changes: Changes = {}): PoaHeader {
  const { header, transactions } = prepareBlock(templateOf(state, secretKeys[0] as Uint8Array, changes));
  const [cellbase, ...others] = transactions as [Uint8Array, ...Uint8Array[]];
  cellbase.set(signature, locateCellbase('test', cellbase).context.signature.start);
  const transactionsRoot = computeTransactionsRoot([cellbase, ...others]);
  return { header: serializeHeader({ ...parseHeader(header), transactionsRoot }), cellbase };
}

/** Headers that hold, and the state before and behind each. */
interface Chain {
  readonly headers: readonly PoaHeader[];
  readonly states: readonly [State, ...State[]];
}

function makeChain(first: State, count: number, attestNext: (state: State, index: number) => PoaHeader): Chain {
  const headers: PoaHeader[] = [];
  const states: [State, ...State[]] = [first];
  let state = first;
  for (let i = 0; i < count; i++) {
    const header = attestNext(state, i);
    state = applyHeader(state, header, { now });
    headers.push(header);
    states.push(state);
  }
  return { headers, states };
}

/** What a run came to; states as bytes, which are compared faster. */
type Outcome =
  | { readonly state: string; readonly applied: number }
  | { readonly state: string; readonly index: number; readonly code: PoaErrorCode; readonly message: string };

const bytesOf = (state: State): string => hex(serializeState(state));
const success = ({ states, headers }: Chain, applied: number = headers.length): Outcome => ({
  state: bytesOf(states[applied] as State),
  applied,
});

/** One header at a time, without a verifier, from the state behind the first `from` headers of a chain on. */
function plainOutcome(states: readonly State[], inputs: readonly PoaHeader[], from = 0): Outcome {
  let state = states[from] as State;
  for (const [i, input] of inputs.slice(from).entries()) {
    try {
      state = applyHeader(state, input, { now });
    } catch (error) {
      if (!isPoaError(error)) throw error;
      return { state: bytesOf(state), index: from + i, code: error.code, message: error.message };
    }
  }
  return { state: bytesOf(state), applied: inputs.length };
}

function outcomeOf(verifier: Verifier, state: State, inputs: readonly PoaHeader[]): Outcome {
  const result = applyHeaders(state, inputs, { now, verifier });
  if (result.ok) return { state: bytesOf(result.value), applied: result.applied };
  const { error, index } = result;
  return { state: bytesOf(result.state), index, code: error.code, message: error.message };
}

/** The pubkey hash of a key. */
const pubkeyHashName = (flatKey: Uint8Array): string => hex(blake160(compressFlatKey(flatKey, 0)));
const namesOf = ({ validatorList }: State): string[] => validatorList.pubkeyHashes.map(hex);
const attesterOf = ({ recentAttesters }: State): string =>
  hex(recentAttesters[recentAttesters.length - 1] as Uint8Array);

/** A verifier that tells whose keys it was made to remember, by what `nameOf` calls 64 bytes x | y. */
function watch(inner: Verifier, nameOf = pubkeyHashName): { verifier: Verifier; admitted: string[] } {
  const admitted: string[] = [];
  const admit: Verifier['admit'] = (publicKey) => {
    admitted.push(nameOf(parseFlatKey('test', publicKey)));
    return inner.admit(publicKey);
  };
  return { verifier: { ...inner, admit }, admitted };
}

/** Each key that was remembered attested a header that holds, in their order, and was listed when it did. */
function expectAttesters(admitted: readonly string[], states: readonly State[]): void {
  let at = 0;
  for (const name of admitted) {
    while (at + 1 < states.length && attesterOf(states[at + 1] as State) !== name) at++;
    expect(at + 1, `${name} attested`).toBeLessThan(states.length);
    expect(namesOf(states[at] as State)).toContain(name);
    at++;
  }
}

/** Made when it is asked for first. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Five validators who take turns, and now and then somebody who has no turn. */
const COUNT = 131;
const keyOfPlain = (index: number): Uint8Array => secretKeys[(index + (index % 7 === 3 ? 3 : 1)) % 5] as Uint8Array;
const plain = makeChain(stateWith(listOf(secretKeys.slice(0, 5), 1)), COUNT, (state, i) =>
  attest(state, keyOfPlain(i)),
);
const [start] = plain.states;
const stranger = secretKeys[8] as Uint8Array;

/** Headers that follow each other from the first state on, by keys that nobody has listed. */
function makeStrangers(keyOf: (index: number) => Uint8Array): PoaHeader[] {
  let state = start;
  return Array.from({ length: 12 }, (_, i) => {
    const header = attest(state, keyOf(i));
    // As they would go on if anybody took them.
    state = { ...state, hash: computeHeaderHash(header.header), number: state.number + 1n };
    return header;
  });
}

const strangers = once(() => [makeStrangers(() => stranger), makeStrangers((i) => makeSecretKey(`stranger ${i}`))]);

/** A forged header and what it comes to where it stands. */
interface Forged {
  readonly header: PoaHeader;
  readonly outcome: Outcome;
}

/** The same in a chain. */
interface ForgedInChain extends Pick<Forged, 'outcome'> {
  readonly kind: string;
  readonly at: number;
  readonly inputs: readonly PoaHeader[];
}

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

/** For each place another way to be bad, in turn. */
const badHeaders = once(() =>
  Array.from({ length: 129 }, (_, at): Forged => {
    const state = plain.states[at] as State;
    const { header, cellbase } = plain.headers[at] as PoaHeader;
    const key = keyOfPlain(at);
    const bad: (() => PoaHeader)[] = [
      () => attestBadly(state, new Uint8Array(65).fill(at)),
      () => ({ header: flip(header, 70), cellbase }),
      () => attest(state, stranger),
      () => attest(state, key, { header: { compactTarget: otherTarget(state, key) } }),
      () => attest(state, keyOfPlain(at - 1)),
      () => attest(state, key, { header: { timestamp: BigInt(GENESIS_TIME) } }),
      () => ({ header, cellbase: cellbase.slice(0, -1) }),
      () => attest({ ...state, hash: new Uint8Array(32).fill(at) }, key),
    ];
    const forged = (bad[at % 8] as () => PoaHeader)();
    return { header: forged, outcome: plainOutcome(plain.states, [...plain.headers.slice(0, at), forged], at) };
  }),
);

/** Every block replaces one of three validators. */
const replacing = once(() => {
  const keyAt = (i: number): Uint8Array => secretKeys[i % 8] as Uint8Array;
  const listAt = (i: number): ValidatorList => listOf([keyAt(i), keyAt(i + 1), keyAt(i + 2)], 1);
  const voteAt = (state: State, i: number, signers: readonly Uint8Array[]): Uint8Array =>
    makeVote(listAt(i), outPointOf(state), listAt(i + 1), signers).transaction;
  const votes: Uint8Array[] = [];
  const chain = makeChain(stateWith(listAt(0)), 10, (state, i) => {
    const vote = voteAt(state, i, [keyAt(i + 2), keyAt(i)]);
    votes.push(vote);
    return attest(state, keyAt(i + 1), { votingTxs: [vote] });
  });
  const forge = (
    at: number,
    kind: string,
    change: (state: State, own: Uint8Array) => PoaHeader,
    behind: (header: PoaHeader) => readonly PoaHeader[] = () => chain.headers.slice(at + 1),
  ): ForgedInChain => {
    // Of those who are listed, one who did not attest the block before.
    const header = change(chain.states[at] as State, keyAt(at + 1));
    const inputs = [...chain.headers.slice(0, at), header, ...behind(header)];
    return { kind, at, inputs, outcome: plainOutcome(chain.states, inputs, at) };
  };
  // Strangers who let themselves in, and go on as if they had been let in.
  const usurpers = [0, 1, 2].map((i) => makeSecretKey(`usurper ${i}`));
  const usurped = listOf(usurpers, 1);
  const usurpation = (state: State, i: number, signers: readonly Uint8Array[]): Uint8Array =>
    makeVote(listAt(i), outPointOf(state), usurped, signers).transaction;
  const goOn = (at: number, vote: (state: State) => Uint8Array) => (header: PoaHeader) => {
    const before = chain.states[at] as State;
    const outPoint = { txHash: computeTransactionHash(vote(before)), index: 0 };
    let state: State = { ...before, validatorList: usurped, validatorListOutPoint: serializeOutPoint(outPoint) };
    let last = header;
    return [0, 1, 2, 3].map((i) => {
      state = { ...state, hash: computeHeaderHash(last.header), number: state.number + 1n };
      last = attest(state, usurpers[i % 3] as Uint8Array);
      return last;
    });
  };
  const usurp = (at: number, kind: string, attester: Uint8Array, signers: readonly Uint8Array[]): ForgedInChain => {
    const vote = (state: State): Uint8Array => usurpation(state, at, signers);
    return forge(at, kind, (state) => attest(state, attester, { votingTxs: [vote(state)] }), goOn(at, vote));
  };
  return {
    chain,
    forged: [
      forge(3, 'attested by one who was evicted', (state) => attest(state, keyAt(2))),
      forge(4, 'attested by one whom its own vote lets in', (state) =>
        attest(state, keyAt(7), { votingTxs: [votes[4] as Uint8Array] }),
      ),
      forge(5, 'a vote signed by one who is to be let in', (state, own) =>
        attest(state, own, { votingTxs: [voteAt(state, 5, [keyAt(7), keyAt(8)])] }),
      ),
      forge(6, 'the vote of the block before', (state, own) =>
        attest(state, own, { votingTxs: [votes[5] as Uint8Array] }),
      ),
      usurp(7, 'strangers let in by themselves', keyAt(8), usurpers.slice(1)),
      usurp(7, 'strangers let in by one validator alone', keyAt(8), [keyAt(8), keyAt(8)]),
      usurp(2, 'strangers let in by whom only the block before evicted', keyAt(3), [keyAt(1), keyAt(2)]),
      usurp(8, 'strangers let in by validators, but not in a block of theirs', usurpers[0] as Uint8Array, [
        keyAt(8),
        keyAt(9),
      ]),
      forge(6, 'a good vote in a block that nobody attested', (state) =>
        attestBadly(state, new Uint8Array(65), { votingTxs: [votes[6] as Uint8Array] }),
      ),
    ],
  };
});

/** Few votes in a block and many, small lists and large ones, in turn. */
const crowded = once(() => {
  const sizes = [3, 5, 2, 7, 1, 8];
  const chain = makeChain(stateWith(listOf(secretKeys.slice(0, 3), 0)), 6, (state, i) => {
    let tracked = state;
    const votingTxs = Array.from({ length: (5 * i) % 7 }, (_, j) => {
      const count = sizes[(i + j) % 6] as number;
      const { validatorList: list } = tracked;
      const wanted = listOf(secretKeys.slice(0, count), 0);
      const { transaction } = makeVote(list, outPointOf(tracked), wanted, secretKeys.slice(0, list.voteLimit));
      const outPoint = { txHash: computeTransactionHash(transaction), index: 0 };
      tracked = { ...tracked, validatorList: wanted, validatorListOutPoint: serializeOutPoint(outPoint) };
      return transaction;
    });
    return attest(state, secretKeys[0] as Uint8Array, { votingTxs });
  });
  const forged = [1, 2, 3, 5].map((at): ForgedInChain => {
    const state = chain.states[at] as State;
    const votes = recoverHeader(chain.headers[at] as PoaHeader).votingTxs;
    // The last signature of the last of them.
    const votingTxs = votes.map((vote, i) => (i === votes.length - 1 ? vote.slice().fill(0, -65) : vote));
    const header = attest(state, secretKeys[0] as Uint8Array, { votingTxs });
    const inputs = chain.headers.map((old, i) => (i === at ? header : old));
    return { kind: `${votes.length} votes`, at, inputs, outcome: plainOutcome(chain.states, inputs, at) };
  });
  return { chain, forged };
});

function outPointOf({ validatorListOutPoint: bytes }: State): OutPoint {
  return { txHash: bytes.slice(0, 32), index: new DataView(bytes.buffer, bytes.byteOffset + 32).getUint32(0, true) };
}

/** One validator, whose votes fill a cellbase to the last few thousand bytes. */
const fullOfVotes = once(() => {
  const key = secretKeys[0] as Uint8Array;
  const list = listOf([key], 0);
  const first = stateWith(list);
  const { network } = first;
  const cell = {
    output: { capacity: 10n ** 14n, lock: computeValidatorListLock(list, network), type: LIST_TYPE },
    data: serializeValidatorList(list),
  };
  const payment = {
    capacity: 1n,
    lock: { codeHash: new Uint8Array(32), hashType: 1, args: new Uint8Array() },
    type: null,
  };
  const outputs = [{ output: payment, data: new Uint8Array(29_200) }];
  const votes: Uint8Array[] = [];
  let tracked = first;
  while (votes.length < 20) {
    const request = { cell: { ...cell, outPoint: outPointOf(tracked) }, wanted: list, network, cellDeps: [], outputs };
    const { transaction } = buildVoteTransaction(request);
    const vote = combineVotes(tracked, transaction, [signVote(tracked, transaction, key)]);
    votes.push(vote);
    const outPoint = { txHash: computeTransactionHash(vote), index: 0 };
    tracked = { ...tracked, validatorListOutPoint: serializeOutPoint(outPoint) };
  }
  const chain = makeChain(first, 2, (state, i) => attest(state, key, i === 0 ? { votingTxs: votes } : {}));
  const [full] = chain.headers as [PoaHeader];
  const unsigned = (at: number): PoaHeader =>
    attest(first, key, { votingTxs: votes.map((vote, i) => (i === at ? vote.slice().fill(0, -65) : vote)) });
  const forged = [unsigned(0), unsigned(19), { ...full, cellbase: new Uint8Array(MAX_CELLBASE_SIZE + 1) }];
  return { chain, forged: forged.map((header): Forged => ({ header, outcome: plainOutcome([first], [header]) })) };
});

/** What a flood of votes leads to: each header has one with sixteen signatures that a stranger has made. */
const flood = once(() => {
  const own = Array.from({ length: 16 }, (_, i) => makeSecretKey(`own ${i}`));
  const list = { ...listOf(own, 0), voteLimit: 16 };
  const first = stateWith(list);
  const signers = Array.from({ length: 16 }, () => stranger);
  /** Headers on a state, all by one key, as if each of them were taken. */
  const follow = (begin: State, count: number, key: Uint8Array, wanted: ValidatorList): PoaHeader[] => {
    let state = begin;
    return Array.from({ length: count }, () => {
      const { transaction } = makeVote(state.validatorList, outPointOf(state), wanted, signers);
      const header = attest(state, key, { votingTxs: [transaction] });
      const validatorListOutPoint = serializeOutPoint({ txHash: computeTransactionHash(transaction), index: 0 });
      const { number } = state;
      const hash = computeHeaderHash(header.header);
      state = { ...state, hash, number: number + 1n, validatorList: wanted, validatorListOutPoint };
      return header;
    });
  };
  const strangers16 = { ...listOf([stranger, ...own.slice(1)], 0), voteLimit: 16 };
  return {
    first,
    /** One header that makes a validator known. */
    good: attest(first, own[1] as Uint8Array),
    byStranger: follow(first, 40, stranger, list),
    // A validator begins it, with a vote for the stranger that nobody has signed.
    byValidator: (() => {
      const [begin] = follow(first, 1, own[2] as Uint8Array, strangers16) as [PoaHeader];
      const { votingTxs, hash } = recoverHeader(begin);
      const outPoint = { txHash: computeTransactionHash(votingTxs[0] as Uint8Array), index: 0 };
      const behind = { ...first, hash, number: 1n, validatorList: strangers16 };
      const validatorListOutPoint = serializeOutPoint(outPoint);
      return [begin, ...follow({ ...behind, validatorListOutPoint }, 39, stranger, strangers16)];
    })(),
  };
});

/** A protocol with a short chain of its own. */
interface Peer {
  readonly headers: readonly unknown[];
  /** The same header, signed by a stranger. */
  readonly forge: (header: any) => unknown;
  readonly run: (inputs: readonly any[], verifier?: Verifier) => object;
  readonly nameOf: (flatKey: Uint8Array) => string;
  /** Who may sign. */
  readonly members: readonly string[];
}

const resultOf = (result: clique.HeadersResult | eosio.HeadersResult): object =>
  result.ok ? result : { ...result, error: { code: result.error.code, message: result.error.message } };

const PEERS: [string, Peer][] = [
  [
    'clique',
    {
      headers: cliqueSample.headers,
      forge: (header) => clique.signHeader(clique.parseHeader(header), makeSecretKey('stranger')).header,
      run: (inputs, verifier) =>
        resultOf(
          clique.applyHeaders(clique.createState(cliqueSample.anchor), inputs, {
            now: cliqueSample.now,
            ...(verifier && { verifier }),
          }),
        ),
      nameOf: (flatKey) => hex(clique.keccak256(flatKey).slice(12)),
      members: cliqueSample.signers.map(hex),
    },
  ],
  [
    'eosio',
    {
      headers: eosioSample.headers,
      // With another s it is the signature of another key.
      forge: (input) => ({ ...input, signatures: input.signatures.map((bytes: Uint8Array) => flip(bytes, 65)) }),
      run: (inputs, verifier) =>
        resultOf(
          eosio.applyHeaders(eosio.createState(eosio.createAnchor({ genesis: eosioSample.genesis })), inputs, {
            now: eosioSample.now,
            ...(verifier && { verifier }),
          }),
        ),
      nameOf: (flatKey) => hex(compressFlatKey(flatKey, 0)),
      members: Object.values(eosioSample.privateKeys).map((key) => hex(eosio.computePublicKey(key).data)),
    },
  ],
];

it('the attacks are what they are called', () => {
  const codes = badHeaders().map(({ outcome }) => ('code' in outcome ? outcome.code : undefined));
  expect(new Set(codes)).toEqual(
    new Set([
      ...(['SIGNATURE_INVALID', 'TRANSACTIONS_ROOT_MISMATCH', 'ATTESTER_UNKNOWN', 'DIFFICULTY_MISMATCH'] as const),
      ...(['ATTESTER_TOO_SOON', 'TIMESTAMP_TOO_OLD', 'MALFORMED', 'PARENT_MISMATCH'] as const),
    ]),
  );
  expect(crowded().forged.map(({ kind, outcome }) => [kind, 'code' in outcome && outcome.code])).toEqual(
    [5, 3, 1, 4].map((count) => [`${count} votes`, 'VOTES_INVALID']),
  );
  expect(replacing().forged.map(({ at, outcome }) => [at, 'code' in outcome && outcome.code])).toEqual([
    [3, 'ATTESTER_UNKNOWN'],
    [4, 'ATTESTER_UNKNOWN'],
    [5, 'VOTES_INVALID'],
    [6, 'VOTE_NOT_SPENDING_LIST'],
    [7, 'VOTES_INVALID'],
    [7, 'VOTES_INVALID'],
    [2, 'VOTES_INVALID'],
    [8, 'ATTESTER_UNKNOWN'],
    [6, 'SIGNATURE_INVALID'],
  ]);
  const { chain, forged } = fullOfVotes();
  const size = (chain.headers[0] as PoaHeader).cellbase.length;
  expect(size).toBeLessThanOrEqual(MAX_CELLBASE_SIZE);
  expect(size).toBeGreaterThan(MAX_CELLBASE_SIZE - 15_000);
  expect(forged.map(({ outcome }) => 'code' in outcome && outcome.message.replace(/: .*\[/, ' ['))).toEqual([
    'votingTxs[0] [VOTES_INVALID]',
    'votingTxs[19] [VOTES_INVALID]',
    'cellbase [CELLBASE_TOO_LARGE]',
  ]);
});

describe.each(VERIFIERS)('%s', (name, create) => {
  const isFast = name.startsWith('wasm');

  it('is told wrong guesses alone', () => {
    const headers = plain.headers.slice(0, isFast ? COUNT : 40);
    const wrong: ((hint: number, i: number) => number)[] = [
      (hint) => hint + 1,
      (hint, i) => (i % 2 === 0 ? 0x7fffffff : 4 - hint),
    ];
    for (const guess of wrong.slice(0, isFast ? 2 : 1)) {
      const inner = create();
      const { verifier, admitted } = watch({
        ...inner,
        recover: (batch) => inner.recover({ ...batch, hints: (batch.hints ?? new Int32Array(batch.count)).map(guess) }),
      });
      for (let round = 0; round < 2; round++)
        expect(outcomeOf(verifier, start, headers)).toEqual(success(plain, headers.length));
      expectAttesters(admitted, plain.states);
    }
  });

  it('is given headers of strangers', () => {
    const { verifier, admitted } = watch(create());
    // One for all of them, another for each, and one behind headers that hold.
    const [one, many] = strangers() as [PoaHeader[], PoaHeader[]];
    const forged = attest(plain.states[9] as State, stranger);
    const behind = [...plain.headers.slice(0, 9), forged, ...plain.headers.slice(10, 20)];
    for (const [inputs, index] of [
      [one, 0],
      [many, 0],
      [behind, 9],
      [one, 0],
      [many, 0],
    ] as const) {
      const wanted = plainOutcome(plain.states, inputs, index);
      expect(wanted).toMatchObject({ code: 'ATTESTER_UNKNOWN', index });
      expect(outcomeOf(verifier, start, inputs)).toEqual(wanted);
    }
    expectAttesters(admitted, plain.states.slice(0, 10));
    expect(new Set(admitted)).toEqual(new Set(namesOf(start)));
    expect(outcomeOf(verifier, start, plain.headers.slice(0, 20))).toEqual(success(plain, 20));
  });

  it('is given signatures of no key, where the list names what stands for none', () => {
    // Where no key is recovered there are zeros, which have a hash too.
    const nobody = [
      new Uint8Array(33),
      Uint8Array.of(2, ...new Uint8Array(32)),
      Uint8Array.of(3, ...new Uint8Array(32)),
    ];
    const verifier = create();
    for (const key of nobody) {
      const list = listOf(secretKeys.slice(0, 3), 0);
      const pubkeyHashes = list.pubkeyHashes.map((hash, i) => (i === 1 ? blake160(key) : hash));
      const state = stateWith({ ...list, pubkeyHashes });
      const bad = [0, 5, 255].map((byte) =>
        attestBadly(state, new Uint8Array(65).fill(byte, 0, 64), { header: { compactTarget: COMPACT_TARGET_IN_TURN } }),
      );
      // The second of the two signatures of this vote is nobody's.
      const [member] = secretKeys as [Uint8Array];
      const { transaction } = makeVote(state.validatorList, outPointOf(state), list, [member]);
      const voting = attest(state, member, { votingTxs: [transaction] });
      for (const [header, code] of [
        ...bad.map((header) => [header, 'SIGNATURE_INVALID'] as const),
        [voting, 'VOTES_INVALID'] as const,
      ]) {
        const wanted = plainOutcome([state], [header]);
        expect(wanted).toMatchObject({ code, index: 0 });
        expect(outcomeOf(verifier, state, [header])).toEqual(wanted);
      }
    }
  });

  it('is flooded with votes that no validator has signed', () => {
    const { first, good, byStranger, byValidator } = flood();
    const inner = create();
    let asked = 0;
    const verifier: Verifier = {
      ...inner,
      recover: (batch) => {
        asked += batch.policy === 'any' ? batch.count : 0;
        return inner.recover(batch);
      },
    };
    // Somebody is known from now on, so that batches are long.
    expect(outcomeOf(verifier, first, [good])).toMatchObject({ applied: 1 });
    expect(outcomeOf(verifier, first, byStranger)).toMatchObject({ code: 'ATTESTER_UNKNOWN', index: 0 });
    expect(asked).toBe(0);
    expect(outcomeOf(verifier, first, byValidator)).toMatchObject({ code: 'VOTES_INVALID', index: 0 });
    expect(asked).toBeLessThanOrEqual(64 + 16);
  });

  it.each([
    ['replaced in every block', replacing],
    ['replaced many times in a block', crowded],
  ])('sees the list %s', (_, make) => {
    const { chain, forged } = make();
    const { headers, states } = chain;
    const { verifier, admitted } = watch(create());
    for (let round = 0; round < 2; round++) {
      const seen = admitted.length;
      expect(outcomeOf(verifier, states[0], headers)).toEqual(success(chain));
      expectAttesters(admitted.slice(seen), states);
    }
    for (const { kind, at, inputs, outcome } of forged) {
      const seen = admitted.length;
      expect(outcomeOf(verifier, states[0], inputs), kind).toEqual(outcome);
      expectAttesters(admitted.slice(seen), states.slice(0, at + 1));
    }
    // One header at a time, so that the list in force is known whenever a key is admitted.
    const { verifier: single, admitted: found } = watch(create());
    for (const [i, header] of headers.entries()) {
      const before = states[i] as State;
      const seen = found.length;
      expect(applyHeader(before, header, { now, verifier: single })).toEqual(states[i + 1]);
      for (const each of found.slice(seen)) expect(namesOf(before)).toContain(each);
    }
    expect(found.length).toBeGreaterThan(0);
  });

  it('is given a cellbase full of votes', () => {
    const { chain, forged } = fullOfVotes();
    const [first] = chain.states;
    const { verifier, admitted } = watch(create());
    expect(outcomeOf(verifier, first, chain.headers)).toEqual(success(chain));
    for (const { header, outcome } of forged)
      expect(outcomeOf(verifier, first, [header, ...chain.headers.slice(1)])).toEqual(outcome);
    expectAttesters(admitted, chain.states);
  });

  it('finds a bad header in each place of a batch, and behind it', () => {
    const { verifier, admitted } = watch(create());
    for (const [at, { header, outcome }] of badHeaders().entries()) {
      if (name !== 'wasm' && !(at === 128 || (name === 'noble' && at === 127) || (isFast && at % 16 === 5))) continue;
      // A full batch now and then, else a short one.
      const inputs = plain.headers.map((old, i) => (i === at ? header : old)).slice(0, at % 8 === 7 ? COUNT : at + 3);
      const seen = admitted.length;
      expect(outcomeOf(verifier, start, inputs), `${at}`).toEqual(outcome);
      expectAttesters(admitted.slice(seen), plain.states.slice(0, at + 1));
    }
    expect(outcomeOf(verifier, start, plain.headers)).toEqual(success(plain));
    expect(new Set(admitted)).toEqual(new Set(namesOf(start)));
  });

  it('finds a bad header in each place of the first batch of all', () => {
    for (const at of isFast ? [0, 1, 30, 31, 32, 33, 127, 128] : [31, 32]) {
      const { header, outcome } = badHeaders()[at] as Forged;
      const { verifier, admitted } = watch(create());
      const inputs = [...plain.headers.slice(0, at), header, ...plain.headers.slice(at + 1, at + 9)];
      expect(outcomeOf(verifier, start, inputs), `${at}`).toEqual(outcome);
      expectAttesters(admitted, plain.states.slice(0, at + 1));
    }
  });

  describe.each(PEERS)('of %s', (_, { headers, forge, run, nameOf, members }) => {
    it('remembers no key but those of members, wherever a stranger has signed', () => {
      const { verifier, admitted } = watch(create(), nameOf);
      for (const at of headers.keys()) {
        const inputs = headers.map((header, i) => (i === at ? forge(header) : header));
        const wanted = run(inputs);
        expect(wanted).toMatchObject({ ok: false, index: at });
        expect(run(inputs, verifier)).toEqual(wanted);
      }
      expect(run(headers, verifier)).toEqual(run(headers));
      expect(admitted.length).toBeGreaterThan(0);
      expect(admitted.filter((name) => !members.includes(name))).toEqual([]);
    });
  });
});
