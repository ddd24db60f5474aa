/**
 * Clique beside `@ethereumjs/block`, and the fold where there are many signers, many votes and many blocks.
 *
 * @module
 */

import { BlockHeader } from '@ethereumjs/block';
import { Chain, Common, ConsensusAlgorithm, ConsensusType, Hardfork } from '@ethereumjs/common';
import { createVerifier, type Verifier } from 'poa-primitives';
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
  signHeader,
} from 'poa-primitives/clique';
import { createWasmBackendSync } from 'poa-primitives/wasm';
import { anchor, genesis, secretKeys, signers } from '../../examples/clique-sample.js';
import { compareWays, type GroupPlan, makeWay, type Way } from '../harness/way.js';

/** Milliseconds: a clock later than any block here. */
const now = 4_000_000_000_000;
/** Headers of a run. */
const HEADERS = 256;
/** Headers of a run of those who take long for each. */
const FEW = 32;
const SIGNERS = 1000;

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

/** Headers that five signers sealed in turn. */
function makeRun(count: number): Uint8Array[] {
  let state = createState(anchor);
  return Array.from({ length: count }, (_, i) => {
    const index = (i + 1) % signers.length;
    const signer = signers[index] as Uint8Array;
    const request = { state, signer, timestamp: state.timestamp + 15n, stateRoot: EMPTY_ROOT };
    const { header, hash } = signHeader(buildHeader(request), secretKeys[index] as Uint8Array);
    const recovered = { hash, message: hash, publicKey: new Uint8Array(33), signer, header: parseHeader(header) };
    state = applyRecovered(state, recovered, { now });
    return header;
  });
}

/** What the peer offers for a run: each header linked to the one before, its signer recovered and found in the list. */
function followByPeer(headers: readonly Uint8Array[]): string {
  const known = peerParse(genesis).cliqueEpochTransitionSigners();
  let parent = peerParse(genesis).hash();
  for (const bytes of headers) {
    const next = peerParse(bytes);
    if (hex(next.parentHash) !== hex(parent)) throw new Error('a parent is missing');
    if (!next.cliqueVerifySignature(known)) throw new Error('a stranger has signed');
    parent = next.hash();
  }
  return hex(parent);
}

function follow(headers: readonly Uint8Array[], verifier?: Verifier): string {
  const result = applyHeaders(createState(anchor), headers, { now, ...(verifier && { verifier }) });
  if (!result.ok) throw result.error;
  return hex(result.value.hash);
}

const runs: GroupPlan = {
  name: 'a run of Clique headers',
  make: () => {
    const headers = makeRun(HEADERS);
    const few = headers.slice(0, FEW);
    const makeRunWay = (
      name: string,
      run: readonly Uint8Array[],
      followRun: typeof follow,
      verifier?: Verifier,
    ): Way => ({
      name,
      count: run.length,
      run: () => followRun(run, verifier),
      show: () => followRun(few, verifier),
    });
    const wasm = createVerifier({ backend: createWasmBackendSync() });
    const noble = createVerifier();
    return compareWays('header', [
      makeRunWay('ethereumjs: parent and signer alone', few, followByPeer),
      makeRunWay('ours: applyHeaders, every rule, no verifier', few, follow),
      makeRunWay('ours: applyHeaders, every rule, noble, warm', headers, follow, noble),
      makeRunWay('ours: applyHeaders, every rule, wasm, warm', headers, follow, wasm),
    ]);
  },
};

const single: GroupPlan[] = [
  {
    name: 'a Clique header parsed',
    make: () => {
      const [header] = makeRun(1) as [Uint8Array];
      return compareWays('header', [
        makeWay(
          'ethereumjs: fromRLPSerializedHeader',
          () => peerParse(header),
          ({ stateRoot }) => hex(stateRoot),
        ),
        makeWay(
          'ours: parseHeader',
          () => parseHeader(header),
          ({ stateRoot }) => hex(stateRoot),
        ),
      ]);
    },
  },
  {
    name: 'a Clique header, bytes to signer',
    make: () => {
      const [header] = makeRun(1) as [Uint8Array];
      return compareWays('header', [
        makeWay('ethereumjs: cliqueSigner', () => peerParse(header).cliqueSigner().bytes, hex),
        makeWay('ours: recoverHeader', () => recoverHeader(header).signer, hex),
      ]);
    },
  },
];

/** Distinct addresses: the hash of a number. */
const addressOf = (index: number): Uint8Array =>
  keccak256(Uint8Array.of(index >> 24, index >> 16, index >> 8, index)).slice(12);

/** A network of 1,000 signers who sign in turn, each block a vote on somebody new; nobody has signed it for real. */
function manySigners(): State {
  const many = Array.from({ length: SIGNERS }, (_, i) => addressOf(i));
  const header = parseHeader(genesis);
  const extraData = serializeExtraData({ vanity: new Uint8Array(32), signers: many, seal: new Uint8Array(65) });
  return createState({ header: serializeHeader({ ...header, extraData }), config: { epoch: 10_000_000 } });
}

function makeNext(before: State): RecoveredHeader {
  const number = Number(before.number) + 1;
  const signer = before.signers[number % SIGNERS] as Uint8Array;
  const vote = { address: addressOf(SIGNERS + number), authorize: true };
  const request = { state: before, signer, timestamp: before.timestamp + 15n, stateRoot: EMPTY_ROOT, vote };
  const header = buildHeader(request);
  const hash = computeHeaderHash(serializeHeader(header));
  return { hash, message: hash, publicKey: new Uint8Array(33), signer, header };
}

function applyBlocks(blocks: number, from: State): State {
  let current = from;
  for (let i = 0; i < blocks; i++) current = applyRecovered(current, makeNext(current), { now });
  return current;
}

const votes: GroupPlan = {
  name: 'a recovered Clique header with a vote, 1,000 signers',
  make: () => {
    const young = applyBlocks(SIGNERS, manySigners());
    const old = applyBlocks(19_000, young);
    // Both come to a state one block on.
    const makeStep = (name: string, before: State): Way => {
      const next = makeNext(before);
      return makeWay(
        name,
        () => applyRecovered(before, next, { now }),
        (after) => `${after.number - before.number} block, ${after.signers.length} signers`,
      );
    };
    return compareWays('header', [
      makeStep('ours: applyRecovered after 1,000 blocks', young),
      makeStep('ours: applyRecovered after 20,000 blocks', old),
    ]);
  },
};

export const cliqueGroups: readonly GroupPlan[] = [runs, ...single, votes];
