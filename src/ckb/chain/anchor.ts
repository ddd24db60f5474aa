/**
 * Anchors: what a verifier trusts to begin with, out of a genesis block or of recent blocks.
 *
 * @see [R50 Anchors](../RULES.md#r50-anchors)
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertBytes, assertObject, copyOf, describeBytes, equalBytes } from '../../internal/bytes.js';
import { attempt } from '../../result.js';
import { parseBlock } from '../encoding/block.js';
import { computeHeaderHash, serializeHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import { HASH_TYPE_TYPE, serializeScript } from '../encoding/script.js';
import {
  computeTransactionHash,
  computeTransactionsRoot,
  type OutPoint,
  serializeOutPoint,
  serializeTransaction,
} from '../encoding/transaction.js';
import { MULTISIG_CODE_HASH, TYPE_ID_CODE_HASH } from '../encoding/validatorList.js';
import type { LiveListCell } from '../governance/buildVote.js';
import { checkListCell } from '../governance/listRules.js';
import { recoverHeader } from '../recovery/recover.js';
import { type Anchor, createState, MAX_RECENT_ATTESTERS, MEDIAN_TIME_BLOCK_COUNT, type Network } from './state.js';

/** A genesis block to begin with. */
export interface GenesisSource {
  /** Molecule `Block`; trusted, since nothing stands before it. */
  readonly genesis: Uint8Array;
  /** Which of its cells holds the list; by default the only one that can. */
  readonly listOutPoint?: OutPoint;
  /** Options of the network. */
  readonly network?: Partial<Network>;
}

/** Recent blocks to begin with. */
export interface RecentSource {
  /** Consecutive blocks, oldest first; the last of them is the anchor. At least 37, and up to 254 so that ATTEST_INTERVAL sees all. */
  readonly headers: readonly PoaHeader[];
  /** The cell that holds the list after the last of them; trusted. */
  readonly cell: LiveListCell;
  /** Options of the network. */
  readonly network?: Partial<Network>;
}

/**
 * Makes an anchor for `createState`: from the genesis block of a network, or from a run of recent blocks and the list that is in force
 * after them. Both are trusted; what can be checked is.
 *
 * @param source - a genesis block, or headers with the current list cell
 * @returns an anchor that `createState` takes
 * @throws PoaError `MALFORMED`; for a genesis block `NUMBER_MISMATCH`, `TRANSACTIONS_ROOT_MISMATCH`, `LIST_CELL_COUNT`; for recent blocks
 * what `recoverHeader` throws, `PARENT_MISMATCH` and `NUMBER_MISMATCH` where they are not consecutive, and what `checkValidatorListCell` throws;
 * what `createState` throws
 * @example
 * ```ts
 * import { applyHeader, createAnchor, createState } from 'poa-primitives/ckb';
 * import { genesisBlock, headers, now } from './sample.js';
 *
 * const state = createState(createAnchor({ genesis: genesisBlock }));
 * applyHeader(state, headers[0], { now }).number; // => 1n
 * ```
 * @see [R50 Anchors](../RULES.md#r50-anchors)
 */
export function createAnchor(source: GenesisSource | RecentSource): Anchor {
  const where = 'createAnchor';
  assertObject(where, source);
  // Through a state, which judges all of it and copies what it keeps.
  return createState(
    'genesis' in source ? fromGenesis(where, source as GenesisSource) : fromHeaders(where, source as RecentSource),
  );
}

function fromGenesis(where: string, { genesis, listOutPoint, network = {} }: GenesisSource): Anchor {
  assertBytes(`${where}.genesis`, genesis);
  assertObject(`${where}.network`, network);
  const { header, transactions } = parseBlock(genesis);
  if (header.number !== 0n)
    throw new PoaError('NUMBER_MISMATCH', { where: `${where}.genesis`, expected: '0', got: `${header.number}` });
  const all = transactions.map(serializeTransaction);
  const root = computeTransactionsRoot(all);
  if (!equalBytes(root, header.transactionsRoot))
    throw new PoaError('TRANSACTIONS_ROOT_MISMATCH', {
      where: `${where}.genesis`,
      expected: describeBytes(root),
      got: describeBytes(header.transactionsRoot),
    });
  const wanted = listOutPoint === undefined ? undefined : serializeOutPoint(listOutPoint);
  const { multisigCodeHash = MULTISIG_CODE_HASH } = network;
  const cells = transactions.flatMap(({ outputs, outputsData }, t) => {
    const txHash = computeTransactionHash(all[t] as Uint8Array);
    return outputs.flatMap((output, index) => {
      const { type } = output;
      if (type === null || !equalBytes(type.codeHash, TYPE_ID_CODE_HASH) || type.hashType !== HASH_TYPE_TYPE) return [];
      const outPoint = serializeOutPoint({ txHash, index });
      if (wanted !== undefined && !equalBytes(wanted, outPoint)) return [];
      const cell = { output, data: outputsData[index] ?? new Uint8Array() };
      // Named, a cell must hold a list; looked for, other cells with a type id are passed over.
      const list =
        wanted === undefined ? tryList(cell, multisigCodeHash) : checkListCell(where, cell, { multisigCodeHash });
      return list === undefined ? [] : [{ outPoint, type: serializeScript(type), list }];
    });
  });
  const [cell] = cells;
  if (cell === undefined || cells.length !== 1)
    throw new PoaError('LIST_CELL_COUNT', {
      where: `${where}.genesis`,
      expected: 'one validator-list cell',
      got: `${cells.length}`,
    });
  return {
    network,
    hash: computeHeaderHash(serializeHeader(header)),
    number: 0n,
    epoch: header.epoch,
    timestamps: [header.timestamp],
    validatorListOutPoint: cell.outPoint,
    validatorListType: cell.type,
    validatorList: cell.list,
  };
}

/** The list that a cell holds, or undefined if it holds none. */
function tryList(cell: Parameters<typeof checkListCell>[1], multisigCodeHash: Uint8Array) {
  const result = attempt(() => checkListCell('cell', cell, { multisigCodeHash }));
  return result.ok ? result.value : undefined;
}

function fromHeaders(where: string, { headers, cell, network = {} }: RecentSource): Anchor {
  assertArray(`${where}.headers`, headers);
  assertObject(`${where}.cell`, cell);
  assertObject(`${where}.network`, network);
  const recovered = headers.map((input) => recoverHeader(input));
  recovered.forEach(({ header }, i) => {
    const before = recovered[i - 1];
    if (before === undefined) return;
    const at = `${where}.headers[${i}]`;
    if (header.number !== before.header.number + 1n)
      throw new PoaError('NUMBER_MISMATCH', {
        where: at,
        expected: `${before.header.number + 1n}`,
        got: `${header.number}`,
      });
    if (!equalBytes(header.parentHash, before.hash))
      throw new PoaError('PARENT_MISMATCH', {
        where: at,
        expected: describeBytes(before.hash),
        got: describeBytes(header.parentHash),
      });
  });
  const last = recovered[recovered.length - 1];
  if (last === undefined)
    throw new PoaError('STATE_INVALID', { where: `${where}.headers`, expected: 'at least one header', got: 'none' });
  const { multisigCodeHash = MULTISIG_CODE_HASH } = network;
  const validatorList = checkListCell(`${where}.cell`, cell, { multisigCodeHash });
  const { type } = cell.output;
  if (type === null)
    throw new PoaError('STATE_INVALID', { where: `${where}.cell`, expected: 'a type id', got: 'no type' });
  return {
    network,
    hash: copyOf(last.hash),
    number: last.header.number,
    epoch: last.header.epoch,
    timestamps: recovered.slice(-MEDIAN_TIME_BLOCK_COUNT).map(({ header }) => header.timestamp),
    recentAttesters: recovered.slice(-MAX_RECENT_ATTESTERS).map(({ attester }) => attester),
    validatorListOutPoint: serializeOutPoint(cell.outPoint),
    validatorListType: serializeScript(type),
    validatorList,
  };
}
