/**
 * From a wanted list to a signed vote: a wallet builds it, validators look at it and sign, each somewhere else, and whoever has
 * enough signatures puts them together. `npx tsx examples/vote.ts`
 */

import { bytesToHex } from '@noble/hashes/utils.js';
import {
  applyVote,
  buildVoteTransaction,
  combineVotes,
  createState,
  isPoaError,
  previewVote,
  signVote,
  type ValidatorList,
  voteFromJson,
  voteToJson,
} from 'poa-primitives/ckb';
import { pubkeyHashOf } from './kit.js';
import { anchor, listCell, secretKeys } from './sample.js';

const state = createState(anchor);
const [ann, ben, cas, dot] = secretKeys as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const short = (bytes: Uint8Array): string => `0x${bytesToHex(bytes).slice(0, 8)}…`;

// A wallet: Cas is to go, Dot to come.
const wanted: ValidatorList = { attestInterval: 1, voteLimit: 2, pubkeyHashes: [ann, ben, dot].map(pubkeyHashOf) };
const { transaction } = buildVoteTransaction({ cell: listCell, wanted, network: state.network, cellDeps: [] });
let file = JSON.stringify(voteToJson({ transaction, signatures: [] }));
console.log(`a vote of ${transaction.length} bytes is on its way as ${file.length} characters of JSON`);

// Each validator: read, look, sign, hand on.
for (const [name, key] of [
  ['Ann', ann],
  ['Ben', ben],
] as const) {
  const received = voteFromJson(JSON.parse(file));
  const { joins, evictions, signaturesNeeded, warnings } = previewVote(state, received.transaction, {
    signer: pubkeyHashOf(key),
  });
  console.log(
    `${name} sees: joins ${joins.map(short)}, evictions ${evictions.map(short)}, ${warnings.length} warnings`,
  );
  const signatures = [...received.signatures, signVote(state, received.transaction, key)];
  file = JSON.stringify(voteToJson({ ...received, signatures }));
  console.log(`${name} signs: ${signatures.length} of ${signaturesNeeded}`);
}

// Cas is warned, and Dot may not sign yet.
const { warnings } = previewVote(state, transaction, { signer: pubkeyHashOf(cas) });
console.log(`Cas is warned: ${warnings.map(({ code }) => code)}`);
try {
  signVote(state, transaction, dot);
} catch (error) {
  if (!isPoaError(error)) throw error;
  console.log(`Dot may not sign: ${error.code}`);
}

// Whoever has it all.
const { transaction: unsigned, signatures } = voteFromJson(JSON.parse(file));
const signed = combineVotes(state, unsigned, signatures);
const { validatorList } = applyVote(state, signed);
console.log(`the vote holds; the list is now ${validatorList.pubkeyHashes.map(short)}`);
