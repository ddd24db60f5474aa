/**
 * The fold with a verifier: hashes and signatures of a batch of headers at a time, attesters guessed by their turn.
 *
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { copyBytes, copyOf, indexOfBytes, isEqualAt, viewOf } from '../../internal/bytes.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { runPipeline } from '../../internal/pipeline.js';
import { checkRules } from '../../internal/rules.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import type { HashPlan } from '../../internal/verifier/hashPlan.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { type Known, type KnownByVerifier, knownOf } from '../../internal/verifier/known.js';
import { withPlans } from '../../internal/verifier/plans.js';
import type { FoldOptions, FoldResult } from '../../result.js';
import type { RecoverResult, Verifier } from '../../verifier.js';
import { BLAKE160_SIZE, HASH_SIZE } from '../encoding/hash.js';
import {
  type HeaderNumbers,
  PARENT_HASH_OFFSET,
  readHeaderNumbers,
  TRANSACTIONS_ROOT_OFFSET,
} from '../encoding/header.js';
import { type CellbaseLayout, locateCellbase } from '../encoding/poaContext.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';
import { HEADER } from '../encoding/schemas.js';
import { computeVotedListsWith } from '../governance/verifyVotes.js';
import type { TrackedList } from '../governance/vote.js';
import {
  countSignatures,
  judgeVotesAhead,
  readVotesAhead,
  recoverSigners,
  type Signer,
  type VotesAhead,
} from '../governance/votesAhead.js';
import { assertCellbaseInput, votingTxsOf } from '../recovery/recover.js';
import { createGuess, guessTurn } from './guess.js';
import { type PlannedHashes, planHashes } from './plan.js';
import { NUMBER_RULES, type NumberFacts } from './rules.js';
import { type Draft, MEDIAN_TIME_BLOCK_COUNT, type State } from './state.js';
import { advance, type JudgeVotes, judge, judgeAttester } from './step.js';

/** Bytes of cellbases after which a batch ends: with a largest one behind them, they still go through a backend at once. */
const MAX_BATCH_BYTES = 400_000;

/** Signatures of votes after which a batch ends: a vote that nobody signed may name those who attest the headers behind it. */
const MAX_VOTE_SIGNATURES = 64;

/** A header as far as no signature is needed. */
interface Item {
  readonly numbers: HeaderNumbers;
  readonly input: PoaHeader;
  readonly layout: CellbaseLayout;
  readonly hashes: PlannedHashes;
  /** The list that it goes by. */
  readonly list: TrackedList;
  readonly votingTxs: readonly Uint8Array[];
  /** Its votes, unless there are too many to be read ahead. */
  readonly votes: VotesAhead | undefined;
}

/** The parent of the next header to look at: what a state says of it, as far as headers tell. */
type Ahead = { -readonly [K in keyof NumberFacts['state']]: NumberFacts['state'][K] } & {
  timestamps: bigint[];
  list: TrackedList;
};

/** What was found out about validators lives as long as the verifier that it is told to. */
const KNOWN: KnownByVerifier = /* @__PURE__ */ new WeakMap();

/** Applies headers to a draft with a verifier. */
export function applyWithVerifier(
  where: string,
  draft: Draft,
  inputs: Iterable<PoaHeader>,
  now: number,
  verifier: Verifier,
  options: Omit<FoldOptions, 'now'>,
): FoldResult<State> {
  return withPlans(verifier, 'ckb', (plan, names) => {
    const known = knownOf(KNOWN, verifier);
    const first = draft.number;
    let ahead: Ahead = behind(draft);
    let bytes = 0;
    let signatures = 0;
    let handles: Int32Array = new Int32Array(0);
    let keys: RecoverResult | undefined;
    let attesters: readonly (Uint8Array | undefined)[] = [];
    let voters: ReadonlyMap<Item, readonly Signer[]> = new Map();
    return runPipeline<PoaHeader, Item, State>(where, inputs, options, {
      check: assertPoaHeader,
      begin: () => {
        plan.clear();
        ahead = behind(draft);
        bytes = 0;
        signatures = 0;
        handles = known.handlesOf(draft.validatorList.pubkeyHashes);
        return handles.some((handle) => handle !== -1);
      },
      prepare: (input) => {
        assertMolecule('header', HEADER, input.header);
        const numbers = readHeaderNumbers(viewOf(input.header));
        // Whether it follows its parent is asked when that is hashed.
        checkRules(NUMBER_RULES, { state: ahead, header: numbers, now });
        const layout = locateCellbase('cellbase', input.cellbase);
        assertCellbaseInput(input.cellbase, layout, numbers.number);
        const { list } = ahead;
        const votingTxs = votingTxsOf(input.cellbase, layout);
        const votes = readVotesAhead(verifier, list, ahead.network, votingTxs);
        const item = { numbers, input, layout, list, votingTxs, votes, hashes: planHashes(plan, input, layout) };
        if (votes !== undefined) {
          ahead.list = votes.list;
          signatures += countSignatures(votes);
        }
        ahead.number = numbers.number;
        ahead.epoch = numbers.epoch;
        ahead.timestamps.push(numbers.timestamp);
        if (ahead.timestamps.length > MEDIAN_TIME_BLOCK_COUNT) ahead.timestamps.shift();
        bytes += input.cellbase.length;
        return item;
      },
      isLast: ({ votes }) => votes === undefined || signatures > MAX_VOTE_SIGNATURES || bytes > MAX_BATCH_BYTES,
      recover: (items) => {
        plan.run();
        keys = recoverItems(verifier, plan, items, createHints(draft, known, handles));
        attesters = findAttesters(names, keys, items.length, known);
        voters = recoverVoters(verifier, items, attesters);
      },
      apply: (item, index) => {
        const attester = attesters[index];
        if (keys === undefined || attester === undefined) return false;
        const judgeVotes: JudgeVotes = (state, votingTxs) =>
          item.votes === undefined
            ? computeVotedListsWith(verifier, state, state.network, votingTxs)
            : judgeVotesAhead(item.votes, voters.get(item) ?? []);
        if (!applyItem(draft, plan, item, attester, judgeVotes)) return false;
        // Only now it is certain that the list admits the key.
        known.learn(keys.handles[index] as number, attester, keys.keys, index);
        return true;
      },
      applyPlainly: (input) => advance(draft, judge(draft, input, now)),
      number: () => draft.number,
      state: () => {
        // Until here, views of digests and names of attesters have done.
        draft.hash = copyOf(draft.hash);
        const { recentAttesters } = draft;
        const applied = Number(draft.number - first);
        for (let i = Math.max(0, recentAttesters.length - applied); i < recentAttesters.length; i++)
          recentAttesters[i] = copyOf(recentAttesters[i] as Uint8Array);
        return draft;
      },
    });
  });
}

function behind(draft: State): Ahead {
  const { network, number, epoch, timestamps } = draft;
  const { validatorList, validatorListOutPoint, validatorListType } = draft;
  const list = { validatorList, validatorListOutPoint, validatorListType };
  return { network, number, epoch, timestamps: [...timestamps], list };
}

/** The handle of who may have attested an item, or -1. */
type Hints = (item: Item) => number;

/** Hints for the items behind a draft; those behind a vote of their batch go by another list. */
function createHints(draft: Draft, known: Known, handles: Int32Array): Hints {
  const guess = createGuess(draft);
  return ({ numbers, list: { validatorList } }) => {
    if (validatorList === draft.validatorList) return handles[guess(numbers)] ?? -1;
    const name = validatorList.pubkeyHashes[guessTurn(numbers, validatorList)];
    return name === undefined ? -1 : known.handleOf(name);
  };
}

function recoverItems(verifier: Verifier, plan: HashPlan, items: readonly Item[], hintOf: Hints): RecoverResult {
  const count = items.length;
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(SIGNATURE_SIZE * count);
  const hints = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const item = items[i] as Item;
    plan.copyDigest(item.hashes.message, messages, HASH_SIZE * i);
    const { start } = item.layout.context.signature;
    copyBytes(item.input.cellbase, start, SIGNATURE_SIZE, signatures, SIGNATURE_SIZE * i);
    hints[i] = hintOf(item);
  }
  return verifier.recover({ count, messages, signatures, hints, policy: 'low' });
}

function hasVotes({ votes }: Item): boolean {
  return votes !== undefined && votes.votes.length > 0;
}

/** Who signed the votes of the items that have any; nobody need ask behind one that no validator attested. */
function recoverVoters(
  verifier: Verifier,
  items: readonly Item[],
  attesters: readonly (Uint8Array | undefined)[],
): ReadonlyMap<Item, readonly Signer[]> {
  const voting: Item[] = [];
  if (!items.some(hasVotes)) return new Map();
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Item;
    const attester = attesters[i];
    if (attester === undefined || indexOfBytes(item.list.validatorList.pubkeyHashes, attester) === -1) break;
    if (hasVotes(item)) voting.push(item);
  }
  const signers = recoverSigners(
    verifier,
    voting.map(({ votes }) => votes as VotesAhead),
  );
  return new Map(voting.map((item, i) => [item, signers[i] as readonly Signer[]]));
}

/** Who attested each item: by the handle of the key, else by its hash; undefined where no key was recovered. */
function findAttesters(
  plan: HashPlan,
  { keys, statuses, handles }: RecoverResult,
  count: number,
  known: Known,
): (Uint8Array | undefined)[] {
  const found = new Array<Uint8Array | number | undefined>(count);
  let strangers = 0;
  for (let i = 0; i < count; i++) {
    if (statuses[i] !== 0) continue;
    found[i] = known.nameOf(handles[i] ?? -1);
    if (found[i] !== undefined) continue;
    found[i] = plan.add(compressFlatKey(keys, i));
    strangers++;
  }
  if (strangers > 0) plan.run();
  return found.map((name) => (typeof name === 'number' ? plan.digest(name).subarray(0, BLAKE160_SIZE) : name));
}

/** Applies an item to the draft, or tells that it does not follow, or not from its cellbase; throws what is wrong with its attester or its votes. */
function applyItem(draft: Draft, plan: HashPlan, item: Item, attester: Uint8Array, judgeVotes: JudgeVotes): boolean {
  const { numbers, input, hashes, list, votingTxs } = item;
  // Votes were read on the list that those before them leave; another one is for the plain way.
  if (draft.validatorList !== list.validatorList) return false;
  if (!isEqualAt(draft.hash, 0, HASH_SIZE, input.header, PARENT_HASH_OFFSET)) return false;
  if (!plan.isDigest(hashes.root, input.header, TRANSACTIONS_ROOT_OFFSET)) return false;
  const recovered = { header: numbers, attester, hash: plan.digest(hashes.hash), votingTxs };
  advance(draft, { recovered, list: judgeAttester(draft, recovered, judgeVotes) });
  return true;
}
