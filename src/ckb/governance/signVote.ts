/**
 * Signing votes, and putting the signatures together. Any validator may sign, in any order, anywhere.
 *
 * @see POA RFC draft, "validator list and on-chain governance"
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertBytes,
  assertBytesArray,
  assertObject,
  copyOf,
  describeBytes,
  indexOfBytes,
} from '../../internal/bytes.js';
import { recoverPublicKey, SIGNATURE_SIZE, signRecoverable } from '../../internal/secp256k1.js';
import { blake160 } from '../encoding/hash.js';
import { computeMultisigScript } from '../encoding/validatorList.js';
import { computeMultisigMessage, locateSignatures, type MultisigInput } from './multisig.js';
import { readVote, type VoteState } from './vote.js';

/** Reads a vote that is to be signed; refuses one that would break the network. */
function inputOf(where: string, state: VoteState, transaction: Uint8Array): MultisigInput {
  assertObject(`${where}.state`, state);
  assertBytes(`${where}.transaction`, transaction);
  const { inputIndex } = readVote(where, state, transaction);
  return { transaction, inputIndex, multisigScript: computeMultisigScript(state.validatorList) };
}

/**
 * The message that a validator signs for a vote: for external signers.
 *
 * @param state - with the list in force
 * @param transaction - molecule `Transaction`, as `buildVoteTransaction` made it; signatures in it do not matter
 * @returns 32 bytes, to be signed as they are
 * @throws PoaError what `previewVote` throws; `VOTES_INVALID` for a witness that has no room for the signatures
 * @example
 * ```ts
 * import { computeMultisigMessage, computeVoteMessage, createState } from 'poa-primitives/ckb';
 * import { anchor, vote } from './sample.js';
 *
 * computeVoteMessage(createState(anchor), vote.transaction); // => computeMultisigMessage(vote)
 * ```
 * @see [R38 Message of a vote](../RULES.md#r38-message-of-a-vote)
 */
export function computeVoteMessage(state: VoteState, transaction: Uint8Array): Uint8Array {
  return computeMultisigMessage(inputOf('computeVoteMessage', state, transaction));
}

/**
 * Signs a vote. Refuses one that would break the network, and a key that is no validator's; look at `previewVote` first.
 *
 * @param state - with the list in force
 * @param transaction - molecule `Transaction`, as `buildVoteTransaction` made it
 * @param secretKey - 32 bytes; neither kept nor modified
 * @returns 65 bytes, for `combineVotes`; the transaction is left as it is
 * @throws PoaError what {@link computeVoteMessage} throws; `SECRET_KEY_INVALID`; `VOTE_SIGNATURE_FOREIGN`
 * @example
 * ```ts
 * import { createState, signVote } from 'poa-primitives/ckb';
 * import { anchor, secretKeys, vote } from './sample.js';
 *
 * signVote(createState(anchor), vote.transaction, secretKeys[0]).length; // => 65
 * ```
 * @see [R47 Signing a vote](../RULES.md#r47-signing-a-vote)
 */
export function signVote(state: VoteState, transaction: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const where = 'signVote';
  assertBytes(`${where}.secretKey`, secretKey);
  const message = computeMultisigMessage(inputOf(where, state, transaction));
  const signature = signRecoverable(`${where}.secretKey`, message, secretKey);
  checkSigner(`${where}.secretKey`, state, blake160(recoverPublicKey(where, message, signature, 'any')));
  return signature;
}

/**
 * Puts signatures into a vote, as many as the list in force asks for. Their order does not matter: they stand in the witness in the
 * order of the list, so that all who combine the same signatures get the same bytes.
 *
 * @param state - with the list in force
 * @param transaction - molecule `Transaction`, as `buildVoteTransaction` made it; signatures in it are replaced
 * @param signatures - 65 bytes each, from `signVote` or elsewhere
 * @returns the signed transaction, which `applyVote` takes
 * @throws PoaError what {@link computeVoteMessage} throws; for a signature, by its index: `OUT_OF_RANGE`, `SIGNATURE_INVALID`,
 * `VOTE_SIGNATURE_FOREIGN`, `VOTE_SIGNATURE_DOUBLED`; for all of them: `VOTE_SIGNATURE_MISSING`, `VOTE_SIGNATURE_SURPLUS`
 * @example
 * ```ts
 * import { applyVote, combineVotes, createState, signVote } from 'poa-primitives/ckb';
 * import { anchor, secretKeys, vote } from './sample.js';
 *
 * const state = createState(anchor);
 * const signatures = [2, 0].map((i) => signVote(state, vote.transaction, secretKeys[i]));
 * const signed = combineVotes(state, vote.transaction, signatures);
 * applyVote(state, signed).validatorList.pubkeyHashes.length; // => 4
 * ```
 * @see [R47 Signing a vote](../RULES.md#r47-signing-a-vote)
 */
export function combineVotes(state: VoteState, transaction: Uint8Array, signatures: readonly Uint8Array[]): Uint8Array {
  const where = 'combineVotes';
  const input = inputOf(where, state, transaction);
  assertBytesArray(`${where}.signatures`, signatures, SIGNATURE_SIZE);
  const message = computeMultisigMessage(input);
  const { pubkeyHashes, voteLimit } = state.validatorList;
  const byIndex = new Map<number, Uint8Array>();
  signatures.forEach((signature, i) => {
    const at = `${where}.signatures[${i}]`;
    const index = checkSigner(at, state, blake160(recoverPublicKey(at, message, signature, 'any')));
    if (byIndex.has(index))
      throw new PoaError('VOTE_SIGNATURE_DOUBLED', {
        where: at,
        expected: 'one signature of each validator',
        got: `another of ${describeBytes(pubkeyHashes[index] as Uint8Array)}`,
      });
    byIndex.set(index, signature);
  });
  if (signatures.length !== voteLimit)
    throw new PoaError(signatures.length < voteLimit ? 'VOTE_SIGNATURE_MISSING' : 'VOTE_SIGNATURE_SURPLUS', {
      where: `${where}.signatures`,
      expected: `${voteLimit} signatures`,
      got: `${signatures.length}`,
    });
  const signed = copyOf(transaction);
  let at = locateSignatures(where, input).start;
  for (const index of [...byIndex.keys()].sort((a, b) => a - b)) {
    signed.set(byIndex.get(index) as Uint8Array, at);
    at += SIGNATURE_SIZE;
  }
  return signed;
}

/** Index of a signer in the list in force. */
function checkSigner(where: string, { validatorList }: VoteState, signer: Uint8Array): number {
  const index = indexOfBytes(validatorList.pubkeyHashes, signer);
  if (index === -1)
    throw new PoaError('VOTE_SIGNATURE_FOREIGN', {
      where,
      expected: `one of ${validatorList.pubkeyHashes.length} validators`,
      got: describeBytes(signer),
    });
  return index;
}
