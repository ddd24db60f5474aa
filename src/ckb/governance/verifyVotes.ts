/**
 * The votes of a block through a verifier: their signatures are recovered many at a time.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { copyOf, viewOf } from '../../internal/bytes.js';
import { rangeOf } from '../../internal/molecule/read.js';
import { isMolecule } from '../../internal/molecule/verify.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import type { HashPlan } from '../../internal/verifier/hashPlan.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { withPlans } from '../../internal/verifier/plans.js';
import { RECOVERED } from '../../internal/verifier/refusal.js';
import type { Verifier } from '../../verifier.js';
import { BLAKE160_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { TRANSACTION } from '../encoding/schemas.js';
import type { MultisigNetwork } from '../encoding/validatorList.js';
import { addSigner, recoverVoter, type SignedInput, signatureOf } from './multisig.js';
import { readSignedVote, type SignedVote, type TrackedList } from './vote.js';

/**
 * How many signatures are recovered together at first, and at most. It doubles each time: what is done in vain behind a bad
 * one is never more than was done before it, and these few.
 */
const LEAST_SIGNATURES = 16;
const MOST_SIGNATURES = 256;
/** Votes whose transaction hashes are computed together. */
const HASHED_TOGETHER = 16;

/** A signature that nobody has looked at. */
interface OpenSignature extends VoteSignature {
  readonly where: string;
  /** Who signed before it: the same array for all of a vote. */
  readonly signers: Uint8Array[];
}

/**
 * Judges the votes of a block in order, each by the list that the one before it leaves: as `computeVotedList` does one by one,
 * with the same error for the first that does not hold.
 *
 * @returns the list that the last vote puts in force; `tracked` if there is none
 * @throws PoaError of the first vote that does not hold, those of `computeVotedList`
 * @see [R32 When a vote takes effect](../RULES.md#r32-when-a-vote-takes-effect)
 */
export function computeVotedListsWith(
  verifier: Verifier,
  tracked: TrackedList,
  network: MultisigNetwork,
  votingTxs: readonly Uint8Array[],
): TrackedList {
  let list = tracked;
  let open: OpenSignature[] = [];
  let size = LEAST_SIGNATURES;
  /** Judges signatures until fewer than so many are open. */
  const judge = (least: number): void => {
    while (open.length >= least) {
      judgeSignatures(verifier, open.slice(0, size));
      open = open.slice(size);
      size = Math.min(2 * size, MOST_SIGNATURES);
    }
  };
  let hashes: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < votingTxs.length; i++) {
    const bytes = votingTxs[i] as Uint8Array;
    if (i % HASHED_TOGETHER === 0) hashes = hashTransactions(verifier, votingTxs.slice(i, i + HASHED_TOGETHER));
    const where = `votingTxs[${i}]`;
    let vote: SignedVote;
    try {
      vote = readSignedVote(where, list, network, bytes, hashes[i % HASHED_TOGETHER]);
    } catch (error) {
      // A signature of a vote before it comes first, if it is bad.
      judge(1);
      throw error;
    }
    const { signed } = vote;
    const signers: Uint8Array[] = [];
    for (let index = 0; index < signed.script.threshold; index++) open.push({ where, signed, index, signers });
    judge(size);
    list = vote.list;
  }
  judge(1);
  return list;
}

/** Asks of each signature, in order, whose it is. */
function judgeSignatures(verifier: Verifier, open: readonly OpenSignature[]): void {
  const found = recoverVoters(verifier, open);
  open.forEach(({ where, signed, index, signers }, i) => {
    addSigner(where, signed, signers, found[i] ?? recoverVoter(where, signed, index));
  });
}

/** One of the signatures of a multisig input. */
export interface VoteSignature {
  readonly signed: SignedInput;
  readonly index: number;
}

/** The hashes of transactions, 32 bytes each; undefined for one that does not decode. */
export function hashTransactions(verifier: Verifier, transactions: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  if (transactions.length === 0) return [];
  return withPlans(verifier, 'ckb', (plan) => {
    const hashes = transactions.map((bytes) => {
      if (!isMolecule(TRANSACTION, bytes)) return undefined;
      const { start, end } = rangeOf(viewOf(bytes), 0, 0);
      return plan.add(bytes.subarray(start, end));
    });
    plan.run();
    return hashes.map((address) => (address === undefined ? undefined : plan.digest(address)));
  });
}

/** Who made each signature, 20 bytes; undefined where no key was recovered, which {@link recoverVoter} says more about. */
export function recoverVoters(verifier: Verifier, open: readonly VoteSignature[]): (Uint8Array | undefined)[] {
  const count = open.length;
  if (count === 0) return [];
  return withPlans(verifier, 'ckb', (plan, names) => {
    const messages = planMessages(plan, open);
    plan.run();
    const batch = { messages: new Uint8Array(HASH_SIZE * count), signatures: new Uint8Array(SIGNATURE_SIZE * count) };
    open.forEach(({ signed, index }, i) => {
      plan.copyDigest(messages[i] as number, batch.messages, HASH_SIZE * i);
      batch.signatures.set(signatureOf(signed, index), SIGNATURE_SIZE * i);
    });
    const { keys, statuses } = verifier.recover({ count, ...batch, policy: 'any' });
    const addresses = open.map((_, i) => names.add(compressFlatKey(keys, i)));
    names.run();
    return addresses.map((address, i) =>
      statuses[i] === RECOVERED ? copyOf(names.digest(address), 0, BLAKE160_SIZE) : undefined,
    );
  });
}

/** Where the message of each signature will be: those of a vote sign the same. */
function planMessages(plan: HashPlan, open: readonly VoteSignature[]): number[] {
  let last: SignedInput | undefined;
  let address = 0;
  return open.map(({ signed }) => {
    if (signed !== last) {
      address = plan.addAll(signed.chunks);
      last = signed;
    }
    return address;
  });
}
