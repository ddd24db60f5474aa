/**
 * What is hashed of a header and its cellbase, as a part of a plan.
 *
 * @module
 */

import { PoaError } from '../../errors.js';
import { foldProof } from '../../internal/cbmt.js';
import { fixvecCountOf } from '../../internal/molecule/read.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { DIGEST_SIZE } from '../../internal/verifier/engine.js';
import type { HashPlan } from '../../internal/verifier/hashPlan.js';
import { HASH_SIZE } from '../encoding/hash.js';
import { TRANSACTIONS_ROOT_OFFSET } from '../encoding/header.js';
import type { CellbaseLayout } from '../encoding/poaContext.js';
import type { PoaHeader } from '../encoding/poaHeader.js';

const ZERO_SIGNATURE = /* @__PURE__ */ new Uint8Array(SIGNATURE_SIZE);

/** Hashes of a header, by their addresses in the plan. */
export interface PlannedHashes {
  readonly hash: number;
  /** The transactions root that cellbase, votes and proof lead to. */
  readonly root: number;
  readonly message: number;
}

/**
 * Plans the hash of a header, the transactions root that its cellbase leads to, and the message. The two roots differ by the
 * signature alone, so each step of theirs stands beside the other's, where a backend can take both together.
 *
 * @see [R15 Transactions root](../RULES.md#r15-transactions-root), [R16 Message](../RULES.md#r16-message)
 */
export function planHashes(plan: HashPlan, { header, cellbase }: PoaHeader, layout: CellbaseLayout): PlannedHashes {
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
  return { hash: plan.close(), root, message };
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
