/**
 * The votes of a block through a verifier: their signatures are recovered many at a time.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { RECOVERED } from '../../internal/verifier/refusal.js';
import type { Verifier } from '../../verifier.js';
import { BLAKE160_SIZE, HASH_SIZE } from '../encoding/hash.js';
import type { MultisigNetwork } from '../encoding/validatorList.js';
import { addSigner, recoverVoter, type SignedInput, signatureOf } from './multisig.js';
import { readSignedVote, type SignedVote, type TrackedList } from './vote.js';

/**
 * How many signatures are recovered together at first, and at most. It doubles each time: what is done in vain behind a bad
 * one is never more than was done before it, and these few.
 */
const LEAST_SIGNATURES = 16;
const MOST_SIGNATURES = 256;
/** Bytes of a compressed key. */
const KEY_SIZE = 33;

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
  for (const [i, bytes] of votingTxs.entries()) {
    const where = `votingTxs[${i}]`;
    let vote: SignedVote;
    try {
      vote = readSignedVote(where, list, network, bytes);
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

/** Who made each signature, 20 bytes; undefined where no key was recovered, which {@link recoverVoter} says more about. */
export function recoverVoters(verifier: Verifier, open: readonly VoteSignature[]): (Uint8Array | undefined)[] {
  const count = open.length;
  if (count === 0) return [];
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(SIGNATURE_SIZE * count);
  open.forEach(({ signed, index }, i) => {
    messages.set(signed.message, HASH_SIZE * i);
    signatures.set(signatureOf(signed, index), SIGNATURE_SIZE * i);
  });
  const { keys, statuses } = verifier.recover({ count, messages, signatures, policy: 'any' });
  const hashes = hashKeys(verifier, keys, count);
  return open.map((_, i) =>
    statuses[i] === RECOVERED ? hashes.slice(HASH_SIZE * i, HASH_SIZE * i + BLAKE160_SIZE) : undefined,
  );
}

/** The hash of each key, 32 bytes. */
function hashKeys(verifier: Verifier, keys: Uint8Array, count: number): Uint8Array {
  const data = new Uint8Array(KEY_SIZE * count);
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    data.set(compressFlatKey(keys, i), KEY_SIZE * i);
    offsets[i + 1] = KEY_SIZE * (i + 1);
  }
  return verifier.hash({ algorithm: 'ckb', data, offsets });
}
