import {
  applyHeader,
  type Block,
  computeTransactionHash,
  computeTransactionsRoot,
  createAnchor,
  createState,
  type PoaHeader,
  parseBlock,
  parseScript,
  serializeBlock,
  serializeTransaction,
  type Transaction,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { anchor, genesisBlock, headers, listCell, now } from '../../examples/sample.js';
import { bytes } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { inputOf, readVectors, stateOf } from '../support/poa.js';

const genesis = parseBlock(genesisBlock);
const [transaction] = genesis.transactions as [Transaction];

/** The genesis block with other transactions, its root right. */
function genesisOf(transactions: readonly Transaction[], changes: Partial<Block['header']> = {}): Uint8Array {
  const transactionsRoot = computeTransactionsRoot(transactions.map(serializeTransaction));
  return serializeBlock({ ...genesis, transactions, header: { ...genesis.header, transactionsRoot, ...changes } });
}

/** Hash of the first transaction of a block. */
const hashOf = (block: Uint8Array): Uint8Array =>
  computeTransactionHash(serializeTransaction(parseBlock(block).transactions[0] as Transaction));

describe('createAnchor', () => {
  it('from a genesis block gives what its followers begin with', () => {
    expect(createState(createAnchor({ genesis: genesisBlock }))).toEqual(createState(anchor));
    expect(
      applyHeader(createState(createAnchor({ genesis: genesisBlock })), headers[0] as PoaHeader, { now }).number,
    ).toBe(1n);
    const network = { epochLength: 1000, minimumBlockInterval: 8000 };
    expect(createState(createAnchor({ genesis: genesisBlock, network })).network).toMatchObject(network);
  });

  const twice = {
    ...transaction,
    outputs: [...transaction.outputs, ...transaction.outputs],
    outputsData: [...transaction.outputsData, ...transaction.outputsData],
  };
  const withData = (data: Uint8Array) => ({ ...transaction, outputsData: [data] });

  it.each<[string, string, Uint8Array]>([
    ['what does not decode', 'MALFORMED', genesisBlock.subarray(1)],
    ['block 1', 'NUMBER_MISMATCH', genesisOf([transaction], { number: 1n })],
    ['another root', 'TRANSACTIONS_ROOT_MISMATCH', genesisOf([transaction], { transactionsRoot: new Uint8Array(32) })],
    ['no list cell', 'LIST_CELL_COUNT', genesisOf([{ ...transaction, outputs: [], outputsData: [] }])],
    ['no transactions', 'LIST_CELL_COUNT', genesisOf([])],
    ['a cell whose data is no list', 'LIST_CELL_COUNT', genesisOf([withData(new Uint8Array(3))])],
    ['a cell without data', 'LIST_CELL_COUNT', genesisOf([{ ...transaction, outputsData: [] }])],
    ['two list cells', 'LIST_CELL_COUNT', genesisOf([twice])],
    ['an epoch that no block has', 'STATE_INVALID', genesisOf([transaction], { epoch: 5n })],
  ])('refuses a genesis block with %s: %s', (_, code, block) => {
    expectCode(() => createAnchor({ genesis: block }), code as never);
  });

  it('takes the cell that is named among several', () => {
    const block = genesisOf([twice]);
    const txHash = hashOf(block);
    expect(createAnchor({ genesis: block, listOutPoint: { txHash, index: 1 } }).validatorListOutPoint).toEqual(
      Uint8Array.of(...txHash, 1, 0, 0, 0),
    );
    expectCode(() => createAnchor({ genesis: block, listOutPoint: { txHash, index: 2 } }), 'LIST_CELL_COUNT');
    const bad = genesisOf([withData(new Uint8Array(3))]);
    const named = { txHash: hashOf(bad), index: 0 };
    expectCode(() => createAnchor({ genesis: bad, listOutPoint: named }), 'VALIDATOR_LIST_MALFORMED');
  });

  describe('from recent blocks', () => {
    const { now: clock, anchor: start, blocks } = readVectors('chain-fixed.json');
    const inputs = blocks.map(inputOf) as PoaHeader[];
    const list = stateOf(start);
    const cell = {
      outPoint: { txHash: list.validatorListOutPoint.slice(0, 32), index: 0 },
      output: {
        capacity: 10n ** 12n,
        lock: parseScript(bytes(start.validatorList.multisigLock)),
        type: parseScript(bytes(start.validatorListType)),
      },
      data: bytes(start.validatorList.data),
    };

    it('gives what a follower from genesis has', () => {
      const tip = inputs.reduce((state, input) => applyHeader(state, input, { now: clock }), list);
      const recent = createState(createAnchor({ headers: inputs.slice(-50), cell }));
      const { anchorHash, totalDifficulty, recentAttesters, ...rest } = recent;
      const { anchorHash: _, totalDifficulty: __, recentAttesters: all, ...wanted } = tip;
      expect(rest).toEqual(wanted);
      expect([anchorHash, totalDifficulty]).toEqual([tip.hash, 0n]);
      expect(recentAttesters).toEqual(all.slice(-50));
    });

    it('goes on from there', () => {
      const recent = createState(createAnchor({ headers: inputs.slice(0, 50), cell }));
      expect(inputs.slice(50).reduce((state, input) => applyHeader(state, input, { now: clock }), recent).number).toBe(
        60n,
      );
    });

    it('refuses blocks that are not consecutive, too few, or without a list', () => {
      expectCode(
        () => createAnchor({ headers: [...inputs.slice(0, 40), ...inputs.slice(41)], cell }),
        'NUMBER_MISMATCH',
      );
      expectCode(() => createAnchor({ headers: inputs.slice(-36), cell }), 'STATE_INVALID');
      expectCode(() => createAnchor({ headers: [], cell }), 'STATE_INVALID');
      expectCode(
        () => createAnchor({ headers: inputs.slice(-40), cell: { ...cell, data: new Uint8Array(2) } }),
        'VALIDATOR_LIST_MALFORMED',
      );
      expectCode(
        () => createAnchor({ headers: inputs.slice(-40), cell: { ...cell, output: { ...cell.output, type: null } } }),
        'STATE_INVALID',
      );
      const other = readVectors('chain-single.json').blocks.map(inputOf);
      expectCode(() => createAnchor({ headers: [...inputs.slice(0, 5), ...other.slice(5)], cell }), 'PARENT_MISMATCH');
      expectCode(
        () => createAnchor({ headers: [{ header: new Uint8Array(208), cellbase: new Uint8Array() }], cell: listCell }),
        'MALFORMED',
      );
    });
  });

  it('a wrong JavaScript type is a TypeError', () => {
    for (const source of [undefined, null, 5, {}, { genesis: '0x' }, { headers: 5, cell: listCell }])
      expect(() => createAnchor(source as never)).toThrow(TypeError);
  });
});
