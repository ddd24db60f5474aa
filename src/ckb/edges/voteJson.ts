/**
 * Votes on their way from validator to validator, as JSON.
 *
 * @see [R48 Vote files](../RULES.md#r48-vote-files)
 * @module
 */

import { assertBytes, assertBytesArray, assertObject } from '../../internal/bytes.js';
import { jsonInvalid, member, readArray, readBytes, readObject, writeBytes } from '../../internal/json.js';
import { assertMolecule } from '../../internal/molecule/verify.js';
import { SIGNATURE_SIZE } from '../../internal/secp256k1.js';
import { TRANSACTION } from '../encoding/schemas.js';

const FORMAT = 'poa-ckb-vote';
const VERSION = 1;
const MEMBERS: readonly string[] = ['format', 'version', 'transaction', 'signatures'];

/** A vote with the signatures that it has so far. */
export interface VoteFile {
  /** Molecule `Transaction`, unsigned. */
  readonly transaction: Uint8Array;
  /** 65 bytes each, at most 255, in any order. */
  readonly signatures: readonly Uint8Array[];
}

/** A {@link VoteFile} as JSON. */
export interface VoteJson {
  /** Always `poa-ckb-vote`. */
  readonly format: string;
  /** Always 1. */
  readonly version: number;
  /** Hex of molecule `Transaction`. */
  readonly transaction: string;
  /** Hex of 65 bytes each. */
  readonly signatures: readonly string[];
}

/**
 * Writes a vote, to be handed on.
 *
 * @param vote - transaction and signatures
 * @returns for `JSON.stringify`
 * @throws PoaError `MALFORMED` for a transaction that does not decode; `OUT_OF_RANGE` for a signature that is not 65 bytes
 * @example
 * ```ts
 * import { voteFromJson, voteToJson } from 'poa-primitives/ckb';
 * import { vote } from './sample.js';
 *
 * const { transaction } = vote;
 * voteFromJson(voteToJson({ transaction, signatures: [] })); // => { transaction, signatures: [] }
 * ```
 * @see [R48 Vote files](../RULES.md#r48-vote-files)
 */
export function voteToJson(vote: VoteFile): VoteJson {
  const where = 'voteToJson';
  assertObject(where, vote);
  const { transaction, signatures } = vote;
  assertBytes(`${where}.transaction`, transaction);
  assertMolecule(`${where}.transaction`, TRANSACTION, transaction);
  assertBytesArray(`${where}.signatures`, signatures, SIGNATURE_SIZE);
  return {
    format: FORMAT,
    version: VERSION,
    transaction: writeBytes(transaction),
    signatures: signatures.map(writeBytes),
  };
}

/**
 * Reads a vote that somebody handed on. Whether it would hold is for `previewVote` and `combineVotes` to say.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns transaction and signatures
 * @throws PoaError `JSON_INVALID` with the path to what is wrong, also for another format or version and for members that do not
 * belong there; `MALFORMED` for a transaction that does not decode
 * @example
 * ```ts
 * import { createState, previewVote, signVote, voteFromJson, voteToJson } from 'poa-primitives/ckb';
 * import { anchor, secretKeys, vote } from './sample.js';
 *
 * const state = createState(anchor);
 * const received = voteFromJson(JSON.parse(JSON.stringify(voteToJson({ transaction: vote.transaction, signatures: [] }))));
 * previewVote(state, received.transaction).joins.length; // => 1
 * const signatures = [...received.signatures, signVote(state, received.transaction, secretKeys[1])];
 * voteToJson({ ...received, signatures }).signatures.length; // => 1
 * ```
 * @see [R48 Vote files](../RULES.md#r48-vote-files)
 */
export function voteFromJson(json: unknown): VoteFile {
  const where = 'vote';
  const object = readObject(where, json);
  const strange = Object.keys(object).find((name) => !MEMBERS.includes(name));
  if (strange !== undefined)
    throw jsonInvalid(where, `no members but ${MEMBERS.join(', ')}`, JSON.stringify(strange.slice(0, 32)));
  const format = member(object, 'format');
  if (format !== FORMAT) throw jsonInvalid(`${where}.format`, `"${FORMAT}"`, 'another');
  const version = member(object, 'version');
  if (version !== VERSION) throw jsonInvalid(`${where}.version`, `${VERSION}`, 'another');
  const transaction = readBytes(`${where}.transaction`, member(object, 'transaction'));
  assertMolecule(`${where}.transaction`, TRANSACTION, transaction);
  const signatures = readArray(`${where}.signatures`, member(object, 'signatures'), (at, value) =>
    readBytes(at, value, SIGNATURE_SIZE),
  );
  if (signatures.length > 255)
    throw jsonInvalid(`${where}.signatures`, 'at most 255 signatures', `${signatures.length}`);
  return { transaction, signatures };
}
