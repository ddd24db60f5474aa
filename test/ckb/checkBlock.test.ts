import {
  applyHeader,
  arrangeTransactions,
  attestBlock,
  type Block,
  type BlockTemplate,
  blockFromRpc,
  buildVoteTransaction,
  checkBlock,
  combineVotes,
  computeExtraHash,
  computeProposalsHash,
  computeTransactionHash,
  createState,
  parseHeader,
  parseTransaction,
  serializeBlock,
  serializeHeader,
  serializeTransaction,
  signVote,
  type Transaction,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { LIST_TYPE, makeTransfer, makeVote } from '../../examples/kit.js';
import { anchor, listCell, now, rpcBlock, secretKeys, template, vote, wantedList } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const genesis = createState(anchor);
const key = secretKeys[1] as Uint8Array;
const cellbase = parseTransaction(template.cellbase);
const [first, second] = template.transactions as [Uint8Array, Uint8Array];
const record = parseTransaction(first);
const rebuilt = (changes: Partial<Transaction>, of: Transaction = record): Uint8Array =>
  serializeTransaction({ ...of, ...changes });

/** A whole attested block: `template` with changes, and what stands beside its transactions. */
function make(
  changes: Partial<Omit<BlockTemplate, 'header'>> & { header?: object } = {},
  rest: Partial<Block> = {},
): Uint8Array {
  const { uncles = [], proposals = [], extension = null } = rest;
  const header = {
    ...template.header,
    proposalsHash: computeProposalsHash(proposals),
    extraHash: computeExtraHash(
      uncles.map((uncle) => serializeHeader(uncle.header)),
      extension,
    ),
    ...changes.header,
  };
  const block = attestBlock({ ...template, ...changes, header }, key);
  const transactions = block.transactions.map(parseTransaction);
  return serializeBlock({ header: parseHeader(block.header), uncles, transactions, proposals, extension });
}

const check = (block: Uint8Array, options = {}) => checkBlock(genesis, block, { now, ...options });
const uncle = { header: parseHeader(new Uint8Array(208)), proposals: [] };
const id = (value: number): Uint8Array => new Uint8Array(10).fill(value);

describe('checkBlock', () => {
  it('takes a good block, and gives the state that its header gives', () => {
    const block = serializeBlock(blockFromRpc(rpcBlock));
    const { header, transactions } = blockFromRpc(rpcBlock);
    const input = { header: serializeHeader(header), cellbase: serializeTransaction(transactions[0] as Transaction) };
    expect(check(block)).toEqual(applyHeader(genesis, input, { now }));
  });

  it('takes proposals, an extension, votes, and as an option uncles', () => {
    expect(check(make({}, { proposals: [id(1), id(2)], extension: Uint8Array.of(1) })).number).toBe(1n);
    expect(check(make({}, { extension: new Uint8Array(96) })).number).toBe(1n);
    expect(check(make({ votingTxs: [vote.transaction] })).validatorList).toEqual(wantedList);
    expect(check(make({}, { uncles: [uncle, uncle] }), { allowUncles: true }).number).toBe(1n);
    expect(check(make({ transactions: [] })).number).toBe(1n);
    expect(
      check(
        make(
          {},
          { proposals: Array.from({ length: 1500 }, (_, i) => Uint8Array.of(i, i >> 8, 0, 0, 0, 0, 0, 0, 0, 0)) },
        ),
      ).number,
    ).toBe(1n);
  });

  const plain = parseTransaction(second).outputs[0] as Transaction['outputs'][0];
  const nullInput = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 0xffffffff } };
  const spendList = { since: 0n, previousOutput: listCell.outPoint };
  const dep = { outPoint: listCell.outPoint, depType: 0 };

  it.each<[string, string, Uint8Array, object?]>([
    ['what does not decode', 'MALFORMED', make().subarray(1)],
    ['a vote that does not stand in voting_txs', 'VOTE_UNDECLARED', make({ transactions: [first, vote.transaction] })],
    [
      'a transaction that spends the list',
      'VOTE_UNDECLARED',
      make({ transactions: [rebuilt({ inputs: [spendList] })] }),
    ],
    [
      'a transaction that makes a list',
      'VOTE_UNDECLARED',
      make({ transactions: [rebuilt({ outputs: [{ ...plain, type: LIST_TYPE }] })] }),
    ],
    [
      'a transaction that spends the list that a vote of the block has made',
      'VOTE_UNDECLARED',
      make({
        votingTxs: [vote.transaction],
        transactions: [
          rebuilt({
            inputs: [{ since: 0n, previousOutput: { txHash: computeTransactionHash(vote.transaction), index: 0 } }],
          }),
        ],
      }),
    ],
    [
      '1501 proposals',
      'PROPOSALS_INVALID',
      make({}, { proposals: Array.from({ length: 1501 }, (_, i) => Uint8Array.of(i, i >> 8, 0, 0, 0, 0, 0, 0, 0, 0)) }),
    ],
    ['a proposal twice', 'PROPOSALS_INVALID', make({}, { proposals: [id(1), id(2), id(1)] })],
    [
      'another proposals hash',
      'PROPOSALS_HASH_MISMATCH',
      make({ header: { proposalsHash: new Uint8Array(32).fill(1) } }),
    ],
    ['an uncle', 'UNCLES_NOT_ALLOWED', make({}, { uncles: [uncle] })],
    [
      'three uncles where two are allowed',
      'UNCLES_NOT_ALLOWED',
      make({}, { uncles: [uncle, uncle, uncle] }),
      { allowUncles: true },
    ],
    ['an empty extension', 'EXTENSION_INVALID', make({}, { extension: new Uint8Array() })],
    ['an extension of 97 bytes', 'EXTENSION_INVALID', make({}, { extension: new Uint8Array(97) })],
    ['another extra hash', 'EXTRA_HASH_MISMATCH', make({ header: { extraHash: new Uint8Array(32).fill(1) } })],
    ['a transaction twice', 'TRANSACTION_DUPLICATE', make({ transactions: [first, second, first] })],
    [
      'a cellbase with two outputs',
      'CELLBASE_INVALID',
      make({
        cellbase: rebuilt({ outputs: [plain, plain], outputsData: [new Uint8Array(), new Uint8Array()] }, cellbase),
      }),
    ],
    [
      'a cellbase with a type',
      'CELLBASE_INVALID',
      make({
        cellbase: rebuilt({ outputs: [{ ...plain, type: plain.lock }], outputsData: [new Uint8Array()] }, cellbase),
      }),
    ],
    [
      'a cellbase with data',
      'CELLBASE_INVALID',
      make({ cellbase: rebuilt({ outputs: [plain], outputsData: [Uint8Array.of(1)] }, cellbase) }),
    ],
    [
      'a cellbase with output but no data',
      'CELLBASE_INVALID',
      make({ cellbase: rebuilt({ outputs: [plain] }, cellbase) }),
    ],
    ['a cellbase of version 1', 'CELLBASE_INVALID', make({ cellbase: rebuilt({ version: 1 }, cellbase) })],
    ['a second cellbase', 'TRANSACTION_INVALID', make({ transactions: [rebuilt({ inputs: [nullInput] })] })],
    ['a transaction of version 1', 'TRANSACTION_INVALID', make({ transactions: [rebuilt({ version: 1 })] })],
    ['a transaction without inputs', 'TRANSACTION_INVALID', make({ transactions: [rebuilt({ inputs: [] })] })],
    [
      'a transaction without outputs',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ outputs: [], outputsData: [] })] }),
    ],
    ['an output without data', 'TRANSACTION_INVALID', make({ transactions: [rebuilt({ outputsData: [] })] })],
    [
      'an unknown hash type',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ outputs: [{ ...plain, lock: { ...plain.lock, hashType: 3 } }] })] }),
    ],
    [
      'an unknown hash type of a type script',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ outputs: [{ ...plain, type: { ...plain.lock, hashType: 5 } }] })] }),
    ],
    [
      'an unknown dep type',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ cellDeps: [{ ...dep, depType: 2 }] })] }),
    ],
    ['a cell dep twice', 'TRANSACTION_INVALID', make({ transactions: [rebuilt({ cellDeps: [dep, dep] })] })],
    [
      'a header dep twice',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ headerDeps: [new Uint8Array(32), new Uint8Array(32)] })] }),
    ],
    [
      'a cell spent twice',
      'TRANSACTION_INVALID',
      make({ transactions: [first, rebuilt({ outputs: [{ ...plain, capacity: 1n }] })] }),
    ],
    [
      'a cell spent twice by one transaction',
      'TRANSACTION_INVALID',
      make({ transactions: [rebuilt({ inputs: [...record.inputs, ...record.inputs] })] }),
    ],
    ['a header that does not hold', 'TIMESTAMP_TOO_OLD', make({ header: { timestamp: 0n } })],
  ])('refuses %s: %s', (_, code, block, options) => {
    expectCode(() => check(block, options), code as never);
  });

  it('takes a transaction that spends what else a vote of the block makes', () => {
    const lock = plain.lock;
    const { transaction } = buildVoteTransaction({
      cell: listCell,
      wanted: wantedList,
      network: genesis.network,
      cellDeps: [],
      outputs: [{ output: { capacity: 6_100_000_000n, lock, type: null }, data: new Uint8Array() }],
    });
    const signatures = secretKeys.slice(0, 2).map((each) => signVote(genesis, transaction, each));
    const signed = combineVotes(genesis, transaction, signatures);
    const spend = (index: number): Uint8Array =>
      rebuilt({ inputs: [{ since: 0n, previousOutput: { txHash: computeTransactionHash(signed), index } }] });
    expect(check(make({ votingTxs: [signed], transactions: [spend(1)] })).validatorList).toEqual(wantedList);
    expectCode(() => check(make({ votingTxs: [signed], transactions: [spend(0)] })), 'VOTE_UNDECLARED');
  });

  it('names a null input for what it is, and not for a cell that is spent twice', () => {
    const wrong = make({ transactions: [rebuilt({ inputs: [nullInput] })] });
    expect(expectCode(() => check(wrong), 'TRANSACTION_INVALID').expected).toBe('no null input');
  });

  it('refuses transactions that the header does not commit to', () => {
    const block = blockFromRpc(rpcBlock);
    const [head, ...tail] = block.transactions as [Transaction, ...Transaction[]];
    expectCode(() => check(serializeBlock({ ...block, transactions: [] })), 'CELLBASE_INVALID');
    expectCode(() => check(serializeBlock({ ...block, transactions: [head] })), 'CONTEXT_MISMATCH');
    expectCode(
      () => check(serializeBlock({ ...block, transactions: [head, ...tail].slice(0, -1).concat(head) })),
      'TRANSACTIONS_ROOT_MISMATCH',
    );
    expectCode(
      () => check(serializeBlock({ ...block, transactions: [head, ...tail.reverse()] })),
      'TRANSACTIONS_ROOT_MISMATCH',
    );
  });

  it('a wrong JavaScript type is a TypeError', () => {
    expect(() => check(make(), { allowUncles: 1 })).toThrow(TypeError);
    expect(() => checkBlock(genesis, '0x' as never, { now })).toThrow(TypeError);
    expect(() => checkBlock(genesis, make(), {} as never)).toThrow(TypeError);
  });

  it.skipIf(!hasShared)('takes real blocks of mainnet with a POAContext attested onto them', () => {
    for (const { block: json } of readShared('ckb/blocks-mainnet.json').cases) {
      const block = blockFromRpc(json);
      const [head, ...tail] = block.transactions.map(serializeTransaction) as [Uint8Array, ...Uint8Array[]];
      const {
        header,
        cellbase: _,
        transactions,
      } = attestBlock(
        { header: { ...block.header, compactTarget: 0x20ffffff }, cellbase: head, votingTxs: [], transactions: tail },
        key,
      );
      const inTurn = Number(block.header.number % 3n) === 1;
      const parsed = parseHeader(header);
      const before = createState({
        ...anchor,
        number: block.header.number - 1n,
        hash: block.header.parentHash,
        epoch: block.header.number === 1n ? 0n : block.header.epoch - (1n << 24n),
        timestamps: Array.from(
          { length: Math.min(37, Number(block.header.number)) },
          () => block.header.timestamp - 1n,
        ),
      });
      const whole = serializeBlock({ ...block, header: parsed, transactions: transactions.map(parseTransaction) });
      if (inTurn) expectCode(() => checkBlock(before, whole, { now }), 'DIFFICULTY_MISMATCH');
      else expect(checkBlock(before, whole, { now }).number).toBe(block.header.number);
    }
  });
});

describe('arrangeTransactions', () => {
  const step = { attestInterval: 2, voteLimit: 3, pubkeyHashes: [...wantedList.pubkeyHashes].reverse() };
  const secondVote = makeVote(
    wantedList,
    { txHash: computeTransactionHash(vote.transaction), index: 0 },
    step,
    secretKeys.slice(1),
  ).transaction;

  it('puts votes first, in the order in which they apply, and leaves the others as they are', () => {
    const arranged = arrangeTransactions(genesis, [second, secondVote, first, vote.transaction]);
    expect(arranged).toEqual({ votingTxs: [vote.transaction, secondVote], transactions: [second, first], refused: [] });
    const { votingTxs, transactions } = arranged;
    expect(check(make({ votingTxs, transactions })).validatorList).toEqual(step);
    expect(arrangeTransactions(genesis, [])).toEqual({ votingTxs: [], transactions: [], refused: [] });
  });

  const refusedCodes = (transactions: Uint8Array[]) =>
    arrangeTransactions(genesis, transactions).refused.map(({ index, error }) => [index, error.code]);

  it('leaves out what does not hold, with the reason', () => {
    const unsigned = parseTransaction(vote.transaction);
    const bad = rebuilt({ witnesses: [] }, unsigned);
    expect(refusedCodes([bad])).toEqual([[0, 'VOTES_INVALID']]);
    expect(refusedCodes([first, secondVote])).toEqual([[1, 'VOTE_NOT_SPENDING_LIST']]);
    expect(refusedCodes([rebuilt({ inputs: [{ since: 0n, previousOutput: listCell.outPoint }] })])).toEqual([
      [0, 'VOTE_OUTPUT_COUNT'],
    ]);
    // The bad one comes first and spends the same cell; the good one still gets in.
    const both = arrangeTransactions(genesis, [bad, vote.transaction]);
    expect([both.votingTxs, both.refused.map(({ index }) => index)]).toEqual([[vote.transaction], [0]]);
  });

  it('leaves out a vote that depends on another transaction of the block', () => {
    const transfer = makeTransfer(99);
    const txHash = computeTransactionHash(transfer);
    const spending = parseTransaction(vote.transaction);
    const byInput = rebuilt(
      { inputs: [...spending.inputs, { since: 0n, previousOutput: { txHash, index: 0 } }] },
      spending,
    );
    const byDep = rebuilt({ cellDeps: [{ outPoint: { txHash, index: 0 }, depType: 0 }] }, spending);
    expect(refusedCodes([transfer, byInput])).toEqual([[1, 'VOTE_DEPENDS_ON_BLOCK']]);
    expect(refusedCodes([byDep, transfer])).toEqual([[0, 'VOTE_DEPENDS_ON_BLOCK']]);
    expect(refusedCodes([byDep])).toEqual([[0, 'VOTES_INVALID']]);
  });

  it('refuses what does not decode', () => {
    expectCode(() => arrangeTransactions(genesis, [first.subarray(1)]), 'MALFORMED');
  });
});
