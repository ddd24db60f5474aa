/** What the examples build their networks from: transactions, cellbases and signed votes, made with the public API only. */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  blake160,
  type CellOutput,
  ckbHash,
  computeMultisigMessage,
  computeMultisigScript,
  computeTypeId,
  computeValidatorListLock,
  MULTISIG_CODE_HASH,
  type MultisigInput,
  type OutPoint,
  type Script,
  serializeCellbaseWitness,
  serializeTransaction,
  serializeValidatorList,
  serializeWitnessArgs,
  type Transaction,
  TYPE_ID_CODE_HASH,
  type ValidatorList,
} from 'poa-primitives/ckb';

/** The out point that a cellbase spends. */
export const NULL_OUT_POINT: OutPoint = { txHash: new Uint8Array(32), index: 0xffffffff };

/** The type script of the validator-list cell, as if the genesis block had made it. */
export const LIST_TYPE: Script = {
  codeHash: TYPE_ID_CODE_HASH,
  hashType: 1,
  args: computeTypeId({ since: 0n, previousOutput: NULL_OUT_POINT }, 0),
};

/** ASCII text as bytes. */
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A key made from fixed text: for examples only. */
export const makeSecretKey = (name: string): Uint8Array => ckbHash(ascii(`secret key of ${name}`));

/** The pubkey hash of the validator who holds a key. */
export const pubkeyHashOf = (secretKey: Uint8Array): Uint8Array => blake160(secp256k1.getPublicKey(secretKey));

const emptyTransaction: Transaction = {
  version: 0,
  cellDeps: [],
  headerDeps: [],
  inputs: [],
  outputs: [],
  outputsData: [],
  witnesses: [],
};

/** A lock that pays `name`. */
function lockOf(name: string): Script {
  return { codeHash: ckbHash(ascii('some lock')), hashType: 1, args: blake160(ascii(name)) };
}

/** A transaction like any other, different for each `seed`. */
export function makeTransfer(seed: number): Uint8Array {
  return serializeTransaction({
    ...emptyTransaction,
    inputs: [{ since: 0n, previousOutput: { txHash: ckbHash(ascii(`output ${seed}`)), index: 0 } }],
    outputs: [{ capacity: 6_100_000_000n, lock: lockOf(`payee ${seed}`), type: null }],
    outputsData: [new Uint8Array()],
    witnesses: [new Uint8Array(85)],
  });
}

/** The cellbase of block `number`, not attested yet. */
export function makeCellbase(number: bigint): Uint8Array {
  return serializeTransaction({
    ...emptyTransaction,
    inputs: [{ since: number, previousOutput: NULL_OUT_POINT }],
    witnesses: [serializeCellbaseWitness({ lock: lockOf('miner'), message: new Uint8Array() })],
  });
}

/**
 * A vote: spends the cell that holds `list` and makes one that holds `wanted`, signed with `secretKeys`. A vote that is to
 * hold needs as many of them as `list.voteLimit` says.
 */
export function makeVote(
  list: ValidatorList,
  cell: OutPoint,
  wanted: ValidatorList,
  secretKeys: readonly Uint8Array[],
): MultisigInput {
  const multisigScript = computeMultisigScript(list);
  const output: CellOutput = {
    capacity: 100_000_000_000n,
    lock: computeValidatorListLock(wanted, { multisigCodeHash: MULTISIG_CODE_HASH }),
    type: LIST_TYPE,
  };
  const withSignatures = (signatures: Uint8Array): MultisigInput => {
    const lock = Uint8Array.of(...multisigScript, ...signatures);
    const transaction = serializeTransaction({
      ...emptyTransaction,
      inputs: [{ since: 0n, previousOutput: cell }],
      outputs: [output],
      outputsData: [serializeValidatorList(wanted)],
      witnesses: [serializeWitnessArgs({ lock, inputType: null, outputType: null })],
    });
    return { transaction, inputIndex: 0, multisigScript };
  };
  // The message covers the witness with its signatures zeroed, so it can be taken from an unsigned vote.
  const signatures = new Uint8Array(65 * list.voteLimit);
  const message = computeMultisigMessage(withSignatures(signatures));
  secretKeys.forEach((key, i) => {
    const [id, ...rs] = secp256k1.sign(message, key, { prehash: false, format: 'recovered' });
    signatures.set([...rs, id as number], 65 * i);
  });
  return withSignatures(signatures);
}
