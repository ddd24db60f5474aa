/**
 * The fold with a verifier: hashes and signatures of a batch of headers at a time, attesters guessed by their turn.
 *
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import { copyBytes, copyOf, isEqualAt, viewOf } from '../../internal/bytes.js';
import { foldProof } from '../../internal/cbmt.js';
import { fixvecCountOf } from '../../internal/molecule/read.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { runPipeline } from '../../internal/pipeline.js';
import { checkRules } from '../../internal/rules.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { DIGEST_SIZE } from '../../internal/verifier/engine.js';
import { createHashPlan, type HashPlan } from '../../internal/verifier/hashPlan.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { type Known, type KnownByVerifier, knownOf } from '../../internal/verifier/known.js';
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
import { assertCellbaseInput, votingTxsOf } from '../recovery/recover.js';
import { createGuess, type Guess } from './guess.js';
import { NUMBER_RULES, type NumberFacts } from './rules.js';
import { type Draft, MEDIAN_TIME_BLOCK_COUNT, type State } from './state.js';
import { advance, judge, judgeAttester } from './step.js';

/** Bytes of cellbases after which a batch ends: with a largest one behind them, they still go through a backend at once. */
const MAX_BATCH_BYTES = 400_000;

/** A header as far as no signature is needed; hashes are addresses in the plan. */
interface Item {
  readonly numbers: HeaderNumbers;
  readonly input: PoaHeader;
  readonly layout: CellbaseLayout;
  readonly hash: number;
  readonly root: number;
  readonly message: number;
}

/** The parent of the next header to look at: what a state says of it, as far as headers tell. */
type Ahead = { -readonly [K in keyof NumberFacts['state']]: NumberFacts['state'][K] } & { timestamps: bigint[] };

/** What was found out about validators lives as long as the verifier that it is told to. */
const KNOWN: KnownByVerifier = /* @__PURE__ */ new WeakMap();

const ZERO_SIGNATURE = /* @__PURE__ */ new Uint8Array(SIGNATURE_SIZE);

/** Applies headers to a draft with a verifier. */
export function applyWithVerifier(
  where: string,
  draft: Draft,
  inputs: Iterable<PoaHeader>,
  now: number,
  verifier: Verifier,
  options: Omit<FoldOptions, 'now'>,
): FoldResult<State> {
  const plan = createHashPlan('ckb', verifier.hash);
  const names = createHashPlan('ckb', verifier.hash);
  const known = knownOf(KNOWN, verifier);
  let ahead: Ahead = behind(draft);
  let bytes = 0;
  let handles: Int32Array = new Int32Array(0);
  let keys: RecoverResult | undefined;
  let attesters: readonly (Uint8Array | undefined)[] = [];
  return runPipeline<PoaHeader, Item, State>(where, inputs, options, {
    check: assertPoaHeader,
    begin: () => {
      plan.clear();
      ahead = behind(draft);
      bytes = 0;
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
      const item = planHashes(plan, numbers, input, layout);
      ahead.number = numbers.number;
      ahead.epoch = numbers.epoch;
      ahead.timestamps.push(numbers.timestamp);
      if (ahead.timestamps.length > MEDIAN_TIME_BLOCK_COUNT) ahead.timestamps.shift();
      bytes += input.cellbase.length;
      return item;
    },
    isLast: ({ layout }) => layout.context.votingTxs.length > 0 || bytes > MAX_BATCH_BYTES,
    recover: (items) => {
      plan.run();
      keys = recoverItems(verifier, plan, items, createGuess(draft), handles);
      attesters = findAttesters(names, keys, items.length, known);
    },
    apply: (item, index) => {
      const attester = attesters[index];
      if (keys === undefined || attester === undefined || !applyItem(draft, plan, item, attester, verifier))
        return false;
      // Only now it is certain that the list admits the key.
      known.learn(keys.handles[index] as number, attester, keys.keys, index);
      return true;
    },
    applyPlainly: (input) => advance(draft, judge(draft, input, now)),
    number: () => draft.number,
    state: () => {
      // Until here, names of attesters and views of digests have done.
      draft.hash = copyOf(draft.hash);
      draft.recentAttesters = draft.recentAttesters.map((attester) => copyOf(attester));
      return draft;
    },
  });
}

function behind({ network, number, epoch, timestamps }: State): Ahead {
  return { network, number, epoch, timestamps: [...timestamps] };
}

/**
 * Plans the hash of a header, the transactions root that its cellbase leads to, and the message. The two roots differ by the
 * signature alone, so each step of theirs stands beside the other's, where a backend can take both together.
 *
 * @see [R15 Transactions root](../RULES.md#r15-transactions-root), [R16 Message](../RULES.md#r16-message)
 */
function planHashes(plan: HashPlan, numbers: HeaderNumbers, input: PoaHeader, layout: CellbaseLayout): Item {
  const { header, cellbase } = input;
  const { signature, rawTransactionsRoot } = layout.context;
  const cellbaseAt = plan.put(cellbase);
  const votes = layout.context.votingTxs.map(({ start, end }) => {
    plan.part(cellbaseAt + start, end - start);
    return plan.close();
  });
  plan.part(cellbaseAt, cellbase.length);
  const leaf = plan.close();
  plan.part(cellbaseAt, signature.start);
  plan.part(plan.put(ZERO_SIGNATURE), SIGNATURE_SIZE);
  plan.part(cellbaseAt + signature.end, cellbase.length - signature.end);
  plan.close();

  const witnessesRoot = planWitnessesRoot(plan, cellbaseAt, layout, leaf, votes);
  const rawRoot = cellbaseAt + rawTransactionsRoot.start;
  const root = plan.merge(rawRoot, witnessesRoot);
  const unsealedRoot = plan.merge(rawRoot, witnessesRoot + DIGEST_SIZE);

  const headerAt = plan.put(header);
  const rest = TRANSACTIONS_ROOT_OFFSET + HASH_SIZE;
  plan.part(headerAt, TRANSACTIONS_ROOT_OFFSET);
  plan.part(unsealedRoot, HASH_SIZE);
  plan.part(headerAt + rest, header.length - rest);
  const message = plan.close();
  plan.part(headerAt, header.length);
  return { numbers, input, layout, hash: plan.close(), root, message };
}

/**
 * The witnesses root that a cellbase and its votes, the first leaves, lead to with the lemmas of the proof. The digest behind that
 * of the leaf is the unsealed one, and so is the digest behind the root.
 */
function planWitnessesRoot(
  plan: HashPlan,
  cellbaseAt: number,
  { view, context }: CellbaseLayout,
  leaf: number,
  votes: readonly number[],
): number {
  const { merkleProof, transactionsCount } = context;
  const known = [leaf, ...votes].map((value, i) => ({ index: i + transactionsCount - 1, value }));
  if (known.length > transactionsCount) throw proofInvalid(`${transactionsCount} leaves`);
  const lemmas: number[] = [];
  const count = fixvecCountOf(view, merkleProof.start);
  for (let i = 0, at = cellbaseAt + merkleProof.start + 4; i < count; i++, at += HASH_SIZE) lemmas.push(at);
  let sealed = leaf;
  const fold = foldProof<number>(known, lemmas, (left, right) => {
    const merged = plan.merge(left, right);
    if (left === sealed) plan.merge(left + DIGEST_SIZE, right);
    else if (right === sealed) plan.merge(left, right + DIGEST_SIZE);
    else return merged;
    sealed = merged;
    return merged;
  });
  if ('root' in fold) return fold.root;
  throw proofInvalid(`${lemmas.length} lemmas`);
}

/** Sends a header the plain way, which says more. */
function proofInvalid(got: string): PoaError {
  return new PoaError('MERKLE_PROOF_INVALID', { where: 'cellbase', expected: 'a proof that fits', got });
}

function recoverItems(
  verifier: Verifier,
  plan: HashPlan,
  items: readonly Item[],
  guess: Guess,
  handles: Int32Array,
): RecoverResult {
  const count = items.length;
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(SIGNATURE_SIZE * count);
  const hints = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const { numbers, input, layout, message } = items[i] as Item;
    const { start } = layout.context.signature;
    plan.copyDigest(message, messages, HASH_SIZE * i);
    copyBytes(input.cellbase, start, SIGNATURE_SIZE, signatures, SIGNATURE_SIZE * i);
    hints[i] = handles[guess(numbers)] ?? -1;
  }
  return verifier.recover({ count, messages, signatures, hints, policy: 'low' });
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

/** Applies an item to the draft unless anything about it does not hold. */
function applyItem(draft: Draft, plan: HashPlan, item: Item, attester: Uint8Array, verifier: Verifier): boolean {
  const { numbers, input, layout, hash, root } = item;
  if (!isEqualAt(draft.hash, 0, HASH_SIZE, input.header, PARENT_HASH_OFFSET)) return false;
  if (!plan.isDigest(root, input.header, TRANSACTIONS_ROOT_OFFSET)) return false;
  const recovered = {
    header: numbers,
    attester,
    hash: plan.digest(hash),
    votingTxs: votingTxsOf(input.cellbase, layout),
  };
  try {
    advance(draft, { recovered, list: judgeAttester(draft, recovered, verifier) });
    return true;
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return false;
  }
}
