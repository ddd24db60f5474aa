/** Samples of the page, made when it is built: from the conformance vectors and from the networks of the other examples. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  type Anchor,
  applyHeader,
  createState,
  type PoaHeader,
  type State,
  serializePoaHeader,
  serializePoaHeaders,
  serializeState,
  serializeValidatorList,
} from 'poa-primitives/ckb';
import * as clique from 'poa-primitives/clique';
import * as eosio from 'poa-primitives/eosio';
import * as cliqueSample from '../../clique-sample.js';
import * as eosioSample from '../../eosio-chain-sample.js';
import * as jungle from '../../eosio-sample.js';
import * as ckbSample from '../../sample.js';
import type { Sample } from '../model.js';

const hex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;
const bytes = (text: string): Uint8Array => hexToBytes(text.slice(2));

const vectors = fileURLToPath(new URL('../../../test/vectors/poa/', import.meta.url));

interface VectorState {
  readonly network: { epochLength: number | null; minimumBlockInterval: number; multisigCodeHash: string };
  readonly hash: string;
  readonly number: number;
  readonly epoch: string;
  readonly timestamps: readonly number[];
  readonly recentAttesters: readonly string[];
  readonly totalDifficulty: number;
  readonly validatorListOutPoint: string;
  readonly validatorListType: string;
  readonly validatorList: { attestInterval: number; voteLimit: number; pubkeyHashes: readonly string[] };
}

interface VectorHeader {
  readonly header: string;
  readonly cellbase: string;
  readonly votes?: number;
  readonly why?: string;
}

interface ChainVectors {
  readonly now: number;
  readonly anchor: VectorState;
  readonly blocks: readonly VectorHeader[];
}

interface RejectionVectors {
  readonly state: VectorState;
  readonly rejected: readonly VectorHeader[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(`${vectors}${name}`, 'utf8'));

const inputOf = ({ header, cellbase }: VectorHeader): PoaHeader => ({
  header: bytes(header),
  cellbase: bytes(cellbase),
});

function stateOf(state: VectorState): State {
  const anchor: Anchor = {
    network: { ...state.network, multisigCodeHash: bytes(state.network.multisigCodeHash) },
    hash: bytes(state.hash),
    number: BigInt(state.number),
    epoch: BigInt(state.epoch),
    timestamps: state.timestamps.map(BigInt),
    recentAttesters: state.recentAttesters.map(bytes),
    totalDifficulty: BigInt(state.totalDifficulty),
    validatorListOutPoint: bytes(state.validatorListOutPoint),
    validatorListType: bytes(state.validatorListType),
    validatorList: { ...state.validatorList, pubkeyHashes: state.validatorList.pubkeyHashes.map(bytes) },
  };
  return createState(anchor);
}

/** The state after the first blocks of a chain. */
function follow({ anchor, blocks, now }: ChainVectors, count: number): State {
  return blocks.slice(0, count).reduce((state, block) => applyHeader(state, inputOf(block), { now }), stateOf(anchor));
}

function ckbSamples(): Sample[] {
  const fixed = read('chain-fixed.json') as ChainVectors;
  const voting = read('chain-voting.json') as ChainVectors;
  const rejections = read('rejections.json') as RejectionVectors;
  const voteAt = voting.blocks.findIndex(({ votes }) => votes === 1);
  const tooSoon = rejections.rejected.find(({ why }) => why === 'attested within ATTEST_INTERVAL') as VectorHeader;
  const run = ({ blocks }: ChainVectors): string => hex(serializePoaHeaders(blocks.map(inputOf)));
  const one = (block: VectorHeader): string => hex(serializePoaHeader(inputOf(block)));
  const trust = (state: State): string => hex(serializeState(state));
  return [
    {
      id: 'ckb-header',
      protocol: 'ckb',
      title: 'A header',
      about: 'Block 12 of a network of five validators, with its cellbase and the state of its parent.',
      text: one(fixed.blocks[11] as VectorHeader),
      trust: trust(follow(fixed, 11)),
    },
    {
      id: 'ckb-block',
      protocol: 'ckb',
      title: 'A block from RPC',
      about: 'A whole block as get_block of a node gives it.',
      text: JSON.stringify(ckbSample.rpcBlock, null, 1),
      trust: trust(createState(ckbSample.anchor)),
    },
    {
      id: 'ckb-vote',
      protocol: 'ckb',
      title: 'A header with a vote',
      about: 'Its cellbase proves a transaction that changes the validator list.',
      text: one(voting.blocks[voteAt] as VectorHeader),
      trust: trust(follow(voting, voteAt)),
    },
    {
      id: 'ckb-refused',
      protocol: 'ckb',
      title: 'A refused header',
      about: 'Well signed, but by a validator who attested too recently.',
      text: one(tooSoon),
      trust: trust(stateOf(rejections.state)),
    },
    {
      id: 'ckb-run',
      protocol: 'ckb',
      title: '60 headers',
      about: 'Five validators, one of them offline from block 20 to 39.',
      text: run(fixed),
      trust: trust(stateOf(fixed.anchor)),
    },
    {
      id: 'ckb-votes',
      protocol: 'ckb',
      title: '90 headers, 10 votes',
      about: 'Every nine blocks the validators vote on who is one of them.',
      text: run(voting),
      trust: trust(stateOf(voting.anchor)),
    },
  ];
}

/** The sample network goes on: three votes let a newcomer in, and one signer is away for a while. */
function cliqueRun(length: number): Uint8Array[] {
  const { anchor, candidate, now, signers, secretKeys } = cliqueSample;
  const newcomer = clique.keccak256(new TextEncoder().encode('clique sample newcomer'));
  const keys = [...secretKeys, newcomer];
  const keyOf = (address: Uint8Array): Uint8Array =>
    keys.find((key) => hex(clique.computeAddress(key)) === hex(address)) as Uint8Array;
  const away = hex(signers[3] as Uint8Array);
  let state = clique.createState(anchor);
  return Array.from({ length }, (_, i) => {
    const number = BigInt(i + 1);
    const isAway = (address: Uint8Array): boolean => number >= 14n && number <= 22n && hex(address) === away;
    const turn = state.signers[clique.computeInTurnIndex(number, state.signers.length)] as Uint8Array;
    const free = state.signers.filter(
      (each) => !isAway(each) && clique.computeNextSealableNumber(state, each) <= number,
    );
    const signer = free.find((each) => hex(each) === hex(turn)) ?? (free[i % free.length] as Uint8Array);
    const vote = i >= 3 && i <= 5 && { vote: { address: candidate, authorize: true } };
    const header = clique.buildHeader({
      state,
      signer,
      timestamp: state.timestamp + 15n,
      stateRoot: clique.EMPTY_ROOT,
      ...vote,
    });
    const sealed = clique.signHeader(header, keyOf(signer)).header;
    state = clique.applyHeader(state, sealed, { now });
    return sealed;
  });
}

function cliqueSamples(): Sample[] {
  const { genesis, headers } = cliqueSample;
  const trust = JSON.stringify({ header: hex(genesis), config: { period: 15, epoch: 30_000 } });
  const run = cliqueRun(32);
  return [
    {
      id: 'clique-header',
      protocol: 'clique',
      title: 'A header',
      about: 'Block 1 of a network of five signers, in RLP, with its genesis.',
      text: hex(headers[0] as Uint8Array),
      trust,
    },
    {
      id: 'clique-block',
      protocol: 'clique',
      title: 'A block from RPC',
      about: 'As eth_getBlockByNumber of a node gives it.',
      text: JSON.stringify(clique.headerToRpc(headers[0] as Uint8Array), null, 1),
      trust,
    },
    {
      id: 'clique-skipped',
      protocol: 'clique',
      title: 'A refused header',
      about: 'Block 2 where block 1 is missing.',
      text: hex(headers[1] as Uint8Array),
      trust,
    },
    {
      id: 'clique-run',
      protocol: 'clique',
      title: '32 headers',
      about: 'Three votes let a newcomer in, then one signer is away for a while.',
      text: [genesis, ...run].map(hex).join('\n'),
      trust: '',
    },
  ];
}

/** The sample chain goes on: elected producers take over, and later one of them misses its turn. */
function eosioRun(): eosio.SignedHeader[] {
  const { genesis, electedSchedule, privateKeys } = eosioSample;
  let state = eosio.createState(eosio.createAnchor({ genesis }));
  let proposal: eosio.Proposal | null = { number: 3, producers: electedSchedule.producers };
  let away = 0;
  const made: eosio.SignedHeader[] = [];
  for (let slot = state.slot + 1; made.length < 72; slot++) {
    const { producerName } = eosio.computeScheduledProducer(state.activeSchedule, slot) as eosio.ProducerAuthority;
    if (made.length > 30 && producerName === 'prodb' && away < 12) {
      away++;
      continue;
    }
    const isSlow = made.length > 50 && producerName === 'prodc' && slot % 4 === 0;
    if (isSlow) continue;
    const plan = eosio.planHeader(state, { slot, proposal: state.number < 3 ? null : proposal });
    if (plan.isAnnounced) proposal = null;
    const { header, signatures } = eosio.signHeader(plan, [privateKeys[producerName as 'eosio']]);
    made.push({ header, signatures });
    state = eosio.applyHeader(state, { header, signatures }, { now: eosio.computeSlotTime(slot) });
  }
  return made;
}

function eosioSamples(): Sample[] {
  const { genesis, headers } = eosioSample;
  const first = eosio.createState(eosio.createAnchor({ genesis }));
  const trust = JSON.stringify(eosio.genesisToJson(genesis), null, 1);
  const state = headers.slice(0, -1).reduce((s, each) => eosio.applyHeader(s, each, { now: eosioSample.now }), first);
  const run = eosioRun();
  const jungleBlock = {
    header: bytesToHex(jungle.packedHeader),
    signatures: [bytesToHex(eosio.serializeSignature(eosio.signatureFromText(jungle.blockSignature)))],
    blockroot: bytesToHex(jungle.blockRoot),
    pendingScheduleHash: bytesToHex(jungle.scheduleHash),
  };
  return [
    {
      id: 'eosio-block',
      protocol: 'eosio',
      title: 'A block from get_block',
      about: 'By an elected producer, with the state of its parent.',
      text: JSON.stringify(eosio.signedHeaderToRpc(headers[headers.length - 1] as eosio.SignedHeader), null, 1),
      trust: hex(eosio.serializeState(state)),
    },
    {
      id: 'eosio-jungle',
      protocol: 'eosio',
      title: 'A block of Jungle 3',
      about: 'From a public test network, with what was signed beside the header, but without a state.',
      text: JSON.stringify(jungleBlock, null, 1),
      trust: '',
    },
    {
      id: 'eosio-skipped',
      protocol: 'eosio',
      title: 'A refused block',
      about: 'Block 3 where block 2 is missing.',
      text: JSON.stringify(eosio.signedHeaderToRpc(headers[1] as eosio.SignedHeader), null, 1),
      trust,
    },
    {
      id: 'eosio-run',
      protocol: 'eosio',
      title: '72 blocks',
      about: 'From the genesis: elected producers take over, later one misses its turn.',
      text: JSON.stringify([eosio.genesisToJson(genesis), ...run.map(eosio.signedHeaderToRpc)]),
      trust: '',
    },
  ];
}

export const samples: readonly Sample[] = [...ckbSamples(), ...cliqueSamples(), ...eosioSamples()];

/** Cell data of the list in force of the CKB sample network, and of the one that its vote makes. */
export const lists: { readonly inForce: string; readonly wanted: string } = {
  inForce: hex(serializeValidatorList(ckbSample.anchor.validatorList)),
  wanted: hex(serializeValidatorList(ckbSample.wantedList)),
};

/** What the speed test recovers: attested headers of the sample chain. */
export const speedHeaders: readonly { readonly header: string; readonly cellbase: string }[] = (
  read('chain-fixed.json') as ChainVectors
).blocks.map(({ header, cellbase }) => ({ header, cellbase }));
