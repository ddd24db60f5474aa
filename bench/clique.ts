/**
 * Clique beside `@ethereumjs/block`, and the fold where there are many signers, many votes and many blocks.
 */

import { BlockHeader } from '@ethereumjs/block';
import { Chain, Common, ConsensusAlgorithm, ConsensusType, Hardfork } from '@ethereumjs/common';
import {
  applyHeaders,
  applyRecovered,
  buildHeader,
  computeHeaderHash,
  createState,
  EMPTY_ROOT,
  keccak256,
  parseHeader,
  type RecoveredHeader,
  recoverHeader,
  type State,
  serializeExtraData,
  serializeHeader,
} from 'poa-primitives/clique';
import { anchor, genesis, headers } from '../examples/clique-sample.js';
import { type Group, way } from './way.js';

/** Milliseconds: a clock later than any block here. */
const now = 4_000_000_000_000;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const common = Common.custom(
  {
    chainId: 1405,
    consensus: {
      type: ConsensusType.ProofOfAuthority,
      algorithm: ConsensusAlgorithm.Clique,
      clique: { period: 15, epoch: 30_000 },
    },
  },
  { baseChain: Chain.Goerli, hardfork: Hardfork.Istanbul },
);
const peerParse = (bytes: Uint8Array): BlockHeader => BlockHeader.fromRLPSerializedHeader(bytes, { common });

const header = headers[0] as Uint8Array;
const state = createState(anchor);

/** What the peer offers for a run: each header linked to the one before, its signer recovered and found in the list. */
function peerFollow(): string {
  const signers = peerParse(genesis).cliqueEpochTransitionSigners();
  let parent = peerParse(genesis).hash();
  for (const bytes of headers) {
    const next = peerParse(bytes);
    if (hex(next.parentHash) !== hex(parent)) throw new Error('a parent is missing');
    if (!next.cliqueVerifySignature(signers)) throw new Error('a stranger has signed');
    parent = next.hash();
  }
  return hex(parent);
}

function follow(): string {
  const result = applyHeaders(state, headers, { now });
  if (!result.ok) throw result.error;
  return hex(result.value.hash);
}

const SIGNERS = 1000;

/** Distinct addresses: the hash of a number. */
const addressOf = (index: number): Uint8Array =>
  keccak256(Uint8Array.of(index >> 24, index >> 16, index >> 8, index)).slice(12);

/** A chain of 1,000 signers who sign in turn, each block a vote on somebody new; nobody has signed it for real. */
function manySigners(): State {
  const signers = Array.from({ length: SIGNERS }, (_, i) => addressOf(i));
  const header = parseHeader(genesis);
  const extraData = serializeExtraData({ vanity: new Uint8Array(32), signers, seal: new Uint8Array(65) });
  return createState({ header: serializeHeader({ ...header, extraData }), config: { epoch: 10_000_000 } });
}

function nextRecovered(before: State): RecoveredHeader {
  const number = Number(before.number) + 1;
  const signer = before.signers[number % SIGNERS] as Uint8Array;
  const vote = { address: addressOf(SIGNERS + number), authorize: true };
  const request = { state: before, signer, timestamp: before.timestamp + 15n, stateRoot: EMPTY_ROOT, vote };
  const header = buildHeader(request);
  const hash = computeHeaderHash(serializeHeader(header));
  return { hash, message: hash, publicKey: new Uint8Array(33), signer, header };
}

function after(blocks: number, from: State): State {
  let current = from;
  for (let i = 0; i < blocks; i++) current = applyRecovered(current, nextRecovered(current), { now });
  return current;
}

const young = after(SIGNERS, manySigners());
const old = after(99_000, young);
const nextOf = { young: nextRecovered(young), old: nextRecovered(old) };

/** Both come to a state one block on. */
const showStep =
  (before: State) =>
  (next: State): string =>
    `${next.number - before.number} block, ${next.signers.length} signers`;

export const cliqueGroups: readonly Group[] = [
  {
    name: 'a Clique header parsed',
    ways: [
      way(
        'ours: parseHeader',
        () => parseHeader(header),
        ({ stateRoot }) => hex(stateRoot),
      ),
      way(
        'ethereumjs: fromRLPSerializedHeader',
        () => peerParse(header),
        ({ stateRoot }) => hex(stateRoot),
      ),
    ],
  },
  {
    name: 'a Clique header, bytes to signer',
    ways: [
      way('ours: recoverHeader', () => recoverHeader(header).signer, hex),
      way('ethereumjs: cliqueSigner', () => peerParse(header).cliqueSigner().bytes, hex),
    ],
  },
  {
    name: `a run of ${headers.length} Clique headers`,
    ways: [
      way('ours: applyHeaders, every rule', follow, String),
      way('ethereumjs: parent and signer alone', peerFollow, String),
    ],
  },
  {
    name: 'a recovered Clique header with a vote, 1,000 signers',
    ways: [
      way(
        'ours: applyRecovered after 1,000 blocks',
        () => applyRecovered(young, nextOf.young, { now }),
        showStep(young),
      ),
      way('ours: applyRecovered after 100,000 blocks', () => applyRecovered(old, nextOf.old, { now }), showStep(old)),
    ],
  },
];
