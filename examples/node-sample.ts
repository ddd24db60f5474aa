/**
 * Nodes that hold the small networks of the examples, behind a `fetch` that asks nobody: the guides read blocks from them as they would from
 * a node of CKB, geth or nodeos. Without this file the same lines ask a real one.
 */

import {
  attestBlock,
  type Block,
  blockToRpc,
  COMPACT_TARGET_IN_TURN,
  computeHeaderHash,
  computeTransactionHash,
  type PoaHeader,
  parseBlock,
  parseHeader,
  parseTransaction,
  type RpcBlock,
  serializeEpoch,
  serializeHeader,
  serializePoaHeaders,
  serializeTransaction,
  transactionFromRpc,
  transactionToRpc,
} from 'poa-primitives/ckb';
import * as clique from 'poa-primitives/clique';
import { computeChainId, signedHeaderToRpc } from 'poa-primitives/eosio';
import { makePublicKey } from './clique-kit.js';
import * as cliqueSample from './clique-sample.js';
import * as eosioSample from './eosio-chain-sample.js';
import { makeCellbase } from './kit.js';
import { blocks, genesisBlock, listCell, secretKeys } from './sample.js';

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const quantity = (value: bigint | number): string => `0x${value.toString(16)}`;
type Params = readonly any[];

/** A record of a block out of its parts. */
function blockOf(header: Uint8Array, transactions: readonly Uint8Array[]): Block {
  const records = transactions.map(parseTransaction);
  return { header: parseHeader(header), uncles: [], transactions: records, proposals: [], extension: null };
}

/** The sample's chain, and one that parts from it after block 3 and is longer. */
const first: Block[] = [
  parseBlock(genesisBlock),
  ...blocks.map(({ header, transactions }) => blockOf(header, transactions)),
];
const longer: PoaHeader[] = [];
const second: Block[] = first.slice(0, 4);
for (let number = 4n; number <= 5n; number++) {
  const parent = (second[second.length - 1] as Block).header;
  const attested = attestBlock(
    {
      header: {
        ...parent,
        compactTarget: COMPACT_TARGET_IN_TURN,
        timestamp: parent.timestamp + 9_000n,
        number,
        epoch: serializeEpoch({ number: 0, index: Number(number), length: 1000 }),
        parentHash: computeHeaderHash(serializeHeader(parent)),
      },
      cellbase: makeCellbase(number),
      votingTxs: [],
      transactions: [],
    },
    secretKeys[Number(number % 4n)] as Uint8Array,
  );
  second.push(blockOf(attested.header, attested.transactions));
  longer.push({ header: attested.header, cellbase: attested.cellbase });
}
let chain = first.map((block) => blockToRpc(block));

/** Lets the CKB node change to a longer chain, as nodes do when a part of the network comes back. */
export function reorganize(): void {
  chain = second.map((block) => blockToRpc(block));
}

/** The two blocks that part from the sample's chain, as a peer sends them: molecule `POAHeaderVec`. */
export const message: Uint8Array = serializePoaHeaders(longer);

const CKB: Readonly<Record<string, (params: Params) => unknown>> = {
  get_tip_block_number: () => quantity(chain.length - 1),
  get_block_hash: ([number]) => chain[Number(number)]?.header.hash ?? null,
  get_block_by_number: ([number]): RpcBlock | null => chain[Number(number)] ?? null,
  get_live_cell: () => {
    const { lock, type, capacity } = listCell.output;
    const empty = { version: 0, cellDeps: [], headerDeps: [], inputs: [], witnesses: [] };
    const carrier = { ...empty, outputs: [{ lock, type, capacity }], outputsData: [listCell.data] };
    const { outputs } = transactionToRpc(carrier);
    return { cell: { output: outputs[0], data: { content: hex(listCell.data) } }, status: 'live' };
  },
  send_transaction: ([transaction]) =>
    hex(computeTransactionHash(serializeTransaction(transactionFromRpc(transaction)))),
};

/** The Clique network that the guide on bootstrapping starts: five validators, its endpoints, and its first blocks. */
const network: clique.Genesis = clique.buildGenesis({
  chainId: 1405n,
  validators: cliqueSample.signers,
  timestamp: 1_578_441_600n,
  period: 3,
});
/** What the validators know the network by. */
export const metachainId: Uint8Array = clique.keccak256(new TextEncoder().encode('guide'));
/** The contract on the origin chain, in which validators publish their nodes. */
export const consensus: Uint8Array = new Uint8Array(20).fill(0xcc);

function sealFirstBlocks(count: number): unknown[] {
  let state = clique.createState(clique.computeGenesisAnchor(network));
  const genesis = clique.headerToRpc(clique.computeGenesisAnchor(network).header);
  const headers = Array.from({ length: count }, () => {
    const turn = Number((state.number + 1n) % BigInt(state.signers.length));
    const timestamp = state.timestamp + 3n;
    const header = clique.buildHeader({
      state,
      signer: state.signers[turn] as Uint8Array,
      timestamp,
      stateRoot: network.parentHash,
    });
    const sealed = clique.signHeader(header, cliqueSample.secretKeys[turn] as Uint8Array).header;
    state = clique.applyHeader(state, sealed, { now: Number(timestamp) * 1000 });
    return clique.headerToRpc(sealed);
  });
  return [genesis, ...headers];
}

const cliqueBlocks = sealFirstBlocks(5);

/** Four of five validators have published where their nodes listen. */
const logs = cliqueSample.signers.slice(0, 4).map((validator, i) => {
  const publicKey = makePublicKey(clique.keccak256(validator));
  const host = { kind: 'ip', bytes: Uint8Array.of(10, 0, 0, i + 1) } as const;
  const endpoint = clique.serializeEnode({ publicKey, host, tcp: 30_303, udp: 30_303 });
  const { topics, data } = clique.serializeEndpointLog({
    metachainId,
    core: new Uint8Array(20).fill(0xc0),
    validator,
    service: 'enode',
    endpoint,
  });
  return {
    address: hex(consensus),
    topics: topics.map(hex),
    data: hex(data),
    blockNumber: quantity(100 + i),
    logIndex: '0x0',
    removed: false,
  };
});

const ETHEREUM: Readonly<Record<string, (params: Params) => unknown>> = {
  eth_getBlockByNumber: ([number]) => cliqueBlocks[Number(number)] ?? null,
  eth_getLogs: () => logs,
};

const EOSIO: Readonly<Record<string, (params: any) => unknown>> = {
  '/v1/chain/get_info': () => ({
    chain_id: hex(computeChainId(eosioSample.genesis)).slice(2),
    head_block_num: eosioSample.headers.length + 1,
  }),
  '/v1/chain/get_block': ({ block_num_or_id: number }) => {
    const header = eosioSample.headers[number - 2];
    return header === undefined ? { code: 400 } : signedHeaderToRpc(header);
  },
};

/** Answers as a node does: the JSON-RPC of CKB and of Ethereum, the HTTP API of EOSIO. */
export async function fetch(
  url: string,
  { body }: { method: string; headers: object; body: string },
): Promise<Response> {
  const request = JSON.parse(body);
  const { pathname } = new URL(url);
  const answer = EOSIO[pathname];
  if (answer !== undefined) return Response.json(answer(request));
  const method = CKB[request.method] ?? ETHEREUM[request.method];
  return Response.json({ jsonrpc: '2.0', id: request.id, result: method?.(request.params) ?? null });
}
