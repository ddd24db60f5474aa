/**
 * The fold with a verifier: hashes and signatures of a batch of headers at a time, attesters guessed by their turn.
 *
 * @see [R31 Order of checks](../RULES.md#r31-order-of-checks)
 * @module
 */

import { isPoaError, PoaError } from '../../errors.js';
import { equalBytes } from '../../internal/bytes.js';
import { foldProof } from '../../internal/cbmt.js';
import { fixvecCountOf } from '../../internal/molecule/read.js';
import { runPipeline } from '../../internal/pipeline.js';
import { checkRules } from '../../internal/rules.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { createHashPlan, type HashPlan, type PlannedHash } from '../../internal/verifier/hashPlan.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { createKnown, type Known, type KnownByVerifier } from '../../internal/verifier/known.js';
import type { FoldOptions, FoldResult } from '../../result.js';
import type { RecoverResult, Verifier } from '../../verifier.js';
import { BLAKE160_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { type Header, parseHeader, TRANSACTIONS_ROOT_OFFSET } from '../encoding/header.js';
import { type CellbaseLayout, locateCellbase } from '../encoding/poaContext.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';
import { assertCellbaseInput, votingTxsOf } from '../recovery/recover.js';
import { HEADER_RULES, type ParentFacts } from './rules.js';
import { type Draft, MEDIAN_TIME_BLOCK_COUNT, type State } from './state.js';
import { advance, judge, judgeAttester } from './step.js';
import { COMPACT_TARGET_IN_TURN, computeInTurnIndex } from './turn.js';

/** Bytes of cellbases after which a batch ends: they are held until it is applied. */
const MAX_BATCH_BYTES = 0x100000;

/** A header as far as no signature is needed. */
interface Item {
  readonly header: Header;
  readonly input: PoaHeader;
  readonly layout: CellbaseLayout;
  readonly hash: PlannedHash;
  readonly root: PlannedHash;
  readonly message: PlannedHash;
}

/** The parent of the next header to look at: what a state says of it, as far as headers tell. */
type Ahead = { -readonly [K in keyof ParentFacts]: ParentFacts[K] } & { timestamps: bigint[] };

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
  const known = createKnown(KNOWN, verifier);
  let ahead: Ahead = behind(draft);
  let bytes = 0;
  let keys: RecoverResult | undefined;
  let attesters: readonly (Uint8Array | undefined)[] = [];
  return runPipeline<PoaHeader, Item, State>(where, inputs, options, {
    check: assertPoaHeader,
    begin: () => {
      ahead = behind(draft);
      bytes = 0;
    },
    prepare: (input) => {
      const header = parseHeader(input.header);
      // Whether it follows its parent is asked when that is hashed.
      ahead.hash = header.parentHash;
      checkRules(HEADER_RULES, { state: ahead, header, now });
      const layout = locateCellbase('cellbase', input.cellbase);
      assertCellbaseInput(input.cellbase, layout, header.number);
      const item = planHashes(plan, header, input, layout);
      ahead.number = header.number;
      ahead.epoch = header.epoch;
      ahead.timestamps.push(header.timestamp);
      if (ahead.timestamps.length > MEDIAN_TIME_BLOCK_COUNT) ahead.timestamps.shift();
      bytes += input.cellbase.length;
      return item;
    },
    isLast: ({ layout }) => layout.context.votingTxs.length > 0 || bytes > MAX_BATCH_BYTES,
    recover: (items) => {
      plan.run();
      keys = recoverItems(verifier, items, known.handlesOf(draft.validatorList.pubkeyHashes));
      attesters = findAttesters(plan, keys, items.length, known);
    },
    apply: (item, index) => {
      const attester = attesters[index];
      if (attester === undefined || !applyItem(draft, item, attester, now)) return false;
      // Only now it is certain that the list admits the key.
      if (keys?.handles[index] === -1) known.admit(attester, compressFlatKey(keys.keys, index));
      return true;
    },
    applyPlainly: (input) => advance(draft, judge(draft, input, now)),
    state: () => draft,
  });
}

function behind({ network, hash, number, epoch, timestamps }: State): Ahead {
  return { network, hash, number, epoch, timestamps: [...timestamps] };
}

/**
 * Plans the hash of a header, the transactions root that its cellbase leads to, and the message: the two roots differ by the
 * signature alone.
 *
 * @see [R15 Transactions root](../RULES.md#r15-transactions-root), [R16 Message](../RULES.md#r16-message)
 */
function planHashes(plan: HashPlan, header: Header, input: PoaHeader, layout: CellbaseLayout): Item {
  const { cellbase } = input;
  const { signature, rawTransactionsRoot } = layout.context;
  const raw = cellbase.subarray(rawTransactionsRoot.start, rawTransactionsRoot.end);
  const votes = layout.context.votingTxs.map(({ start, end }) => plan.add([cellbase.subarray(start, end)]));
  const rootOf = (leaf: PlannedHash): PlannedHash =>
    plan.add([raw, planWitnessesRoot(plan, cellbase, layout, leaf, votes)]);
  const root = rootOf(plan.add([cellbase]));
  const unsealed = rootOf(
    plan.add([cellbase.subarray(0, signature.start), ZERO_SIGNATURE, cellbase.subarray(signature.end)]),
  );
  const message = plan.add([
    input.header.subarray(0, TRANSACTIONS_ROOT_OFFSET),
    unsealed,
    input.header.subarray(TRANSACTIONS_ROOT_OFFSET + HASH_SIZE),
  ]);
  return { header, input, layout, hash: plan.add([input.header]), root, message };
}

/** The witnesses root that a cellbase and its votes, the first leaves, lead to with the lemmas of the proof. */
function planWitnessesRoot(
  plan: HashPlan,
  cellbase: Uint8Array,
  { view, context }: CellbaseLayout,
  leaf: PlannedHash,
  votes: readonly PlannedHash[],
): PlannedHash | Uint8Array {
  const { merkleProof, transactionsCount } = context;
  const known = [leaf, ...votes].map((value, i) => ({ index: i + transactionsCount - 1, value }));
  if (known.length > transactionsCount) throw proofInvalid(`${transactionsCount} leaves`);
  const lemmas: (PlannedHash | Uint8Array)[] = [];
  for (let i = 0, at = merkleProof.start + 4; i < fixvecCountOf(view, merkleProof.start); i++, at += HASH_SIZE)
    lemmas.push(cellbase.subarray(at, at + HASH_SIZE));
  const fold = foldProof<PlannedHash | Uint8Array>(known, lemmas, (left, right) => plan.add([left, right]));
  if ('root' in fold) return fold.root;
  throw proofInvalid(`${lemmas.length} lemmas`);
}

/** Sends a header the plain way, which says more. */
function proofInvalid(got: string): PoaError {
  return new PoaError('MERKLE_PROOF_INVALID', { where: 'cellbase', expected: 'a proof that fits', got });
}

function recoverItems(verifier: Verifier, items: readonly Item[], handles: Int32Array): RecoverResult {
  const count = items.length;
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(SIGNATURE_SIZE * count);
  const hints = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const { header, input, layout, message } = items[i] as Item;
    const { start, end } = layout.context.signature;
    messages.set(message.value, HASH_SIZE * i);
    signatures.set(input.cellbase.subarray(start, end), SIGNATURE_SIZE * i);
    // The compact target says whether it is the turn of somebody who is known; if it lies, the key is recovered.
    if (header.compactTarget === COMPACT_TARGET_IN_TURN)
      hints[i] = handles[computeInTurnIndex(header.number, handles.length)] ?? -1;
  }
  return verifier.recover({ count, messages, signatures, hints, policy: 'low' });
}

/** Who attested each item: by the handle of the key, else by its hash; undefined where no key was recovered. */
function findAttesters(plan: HashPlan, keys: RecoverResult, count: number, known: Known): (Uint8Array | undefined)[] {
  const hashes = Array.from({ length: count }, (_, i) => {
    if (keys.statuses[i] !== 0) return undefined;
    return known.nameOf(keys.handles[i] ?? -1) ?? plan.add([compressFlatKey(keys.keys, i)]);
  });
  plan.run();
  return hashes.map((found) =>
    found === undefined || found instanceof Uint8Array ? found : found.value.subarray(0, BLAKE160_SIZE),
  );
}

/** Applies an item to the draft unless anything about it does not hold. */
function applyItem(
  draft: Draft,
  { header, input, layout, hash, root }: Item,
  attester: Uint8Array,
  now: number,
): boolean {
  if (!equalBytes(header.parentHash, draft.hash) || !equalBytes(root.value, header.transactionsRoot)) return false;
  const recovered = { header, attester, hash: hash.value, votingTxs: votingTxsOf(input.cellbase, layout) };
  try {
    advance(draft, { recovered, list: judgeAttester(draft, recovered, now) });
    return true;
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return false;
  }
}
