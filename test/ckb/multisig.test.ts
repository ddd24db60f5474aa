/** The multisig lock: byte-compatible with the on-chain script. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import {
  blake160,
  checkMultisigWitness,
  computeMultisigMessage,
  parseTransaction,
  parseWitnessArgs,
  serializeTransaction,
  serializeWitnessArgs,
  transactionFromRpc,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { secretKeys, vote } from '../../examples/sample.js';
import { recoverPublicKey, signRecoverable } from '../../src/internal/secp256k1.js';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

describe.skipIf(!hasShared)('multisig-signed.json', () => {
  const cases: any[] = hasShared ? readShared('ckb/multisig-signed.json').cases : [];

  it.each(cases.filter((vector) => vector.transaction !== undefined).map((vector) => [vector.name, vector] as const))(
    '%s',
    (_, vector) => {
      const input = {
        transaction: serializeTransaction(transactionFromRpc(vector.transaction)),
        inputIndex: vector.group_input_indices[0],
        multisigScript: bytes(vector.multisig_script),
      };
      expect(vector.group_input_indices.length).toBe(1);
      expect(hex(blake160(input.multisigScript))).toBe(vector.lock_args);
      expect(hex(computeMultisigMessage(input))).toBe(vector.message);
      if (!vector.valid) {
        expectCode(() => checkMultisigWitness(input), 'VOTES_INVALID');
        return;
      }
      const signers = checkMultisigWitness(input).map(hex);
      const wanted =
        vector.recovered_blake160 ??
        vector.signer_private_keys.map((key: string) => hex(blake160(secp256k1.getPublicKey(bytes(key)))));
      expect(signers).toEqual(wanted);
    },
  );

  it('the message-level case recovers its signers', () => {
    const vector = cases.find(({ transaction }) => transaction === undefined);
    const signers = vector.signatures.map((signature: string) =>
      hex(blake160(recoverPublicKey('test', bytes(vector.message), bytes(signature), 'any'))),
    );
    expect(signers).toEqual(vector.recovered_blake160);
  });
});

describe('checkMultisigWitness', () => {
  const record = parseTransaction(vote.transaction);
  const witness = record.witnesses[0] as Uint8Array;
  const lock = parseWitnessArgs(witness).lock as Uint8Array;
  const withWitnesses = (...witnesses: Uint8Array[]) => ({
    ...vote,
    transaction: serializeTransaction({ ...record, witnesses }),
  });
  const withLock = (bytes: Uint8Array | null) =>
    withWitnesses(serializeWitnessArgs({ lock: bytes, inputType: null, outputType: null }));
  const refused = (input: typeof vote, expected: RegExp) => {
    expect(expectCode(() => checkMultisigWitness(input), 'VOTES_INVALID').message).toMatch(expected);
  };

  it('takes its valid twin', () => {
    expect(checkMultisigWitness(vote).length).toBe(2);
    expect(checkMultisigWitness(withLock(lock))).toEqual(checkMultisigWitness(vote));
  });

  it('refuses a witness that is missing, empty, no WitnessArgs or has no lock', () => {
    refused(withWitnesses(), /a witness at index 0, got 0 witnesses/);
    refused(withWitnesses(new Uint8Array()), /a strict WitnessArgs/);
    refused(withWitnesses(lock), /a strict WitnessArgs/);
    refused(withWitnesses(Uint8Array.of(...witness, 0)), /a strict WitnessArgs/);
    refused(withLock(null), /a lock in the WitnessArgs/);
  });

  it('refuses a lock of another size or script', () => {
    refused(withLock(lock.subarray(0, -1)), /194 bytes: the multisig script and 2 signatures, got 193 bytes/);
    refused(withLock(lock.subarray(0, -65)), /got 129 bytes/);
    refused(withLock(Uint8Array.of(...lock, ...new Uint8Array(65))), /got 259 bytes/);
    refused(
      withLock(Uint8Array.from(lock, (byte, i) => (i === 10 ? byte ^ 1 : byte))),
      /the multisig script of the lock, got another/,
    );
  });

  it('names the signature that is wrong', () => {
    const [first, second] = [lock.subarray(64, 129), lock.subarray(129)];
    const script = lock.subarray(0, 64);
    const signed = (...signatures: Uint8Array[]) =>
      withLock(Uint8Array.of(...script, ...signatures.flatMap((s) => [...s])));
    expect(checkMultisigWitness(signed(second, first)).length).toBe(2);
    refused(signed(first, first), /signature 2 of 2 by a key that has not signed yet/);
    refused(signed(new Uint8Array(65), second), /signature 1 of 2 with r from 1 to n - 1/);
    const foreign = secp256k1.sign(computeMultisigMessage(vote), new Uint8Array(32).fill(9), {
      prehash: false,
      format: 'recovered',
    });
    refused(
      signed(first, Uint8Array.of(...foreign.subarray(1), foreign[0] as number)),
      /signature 2 of 2 by a listed key/,
    );
  });

  it('asks for the first R, whoever signs besides and in whatever order', () => {
    for (const required of [0, 1, 2]) {
      const multisigScript = Uint8Array.from(vote.multisigScript);
      multisigScript[1] = required;
      const signed = (signatures: Uint8Array) => ({
        ...withLock(Uint8Array.of(...multisigScript, ...signatures)),
        multisigScript,
      });
      const message = computeMultisigMessage(signed(new Uint8Array(130)));
      const signatures = secretKeys.slice(0, 3).map((key) => signRecoverable('test', message, key));
      for (const [i, j] of [
        [0, 1],
        [1, 0],
        [0, 2],
        [2, 0],
        [1, 2],
      ] as const) {
        const input = signed(Uint8Array.of(...(signatures[i] as Uint8Array), ...(signatures[j] as Uint8Array)));
        const absent = [0, 1].slice(0, required).find((index) => index !== i && index !== j);
        if (absent === undefined) expect(checkMultisigWitness(input).length).toBe(2);
        else refused(input, new RegExp(`signatures of the first ${required} keys, got none of`));
      }
    }
  });

  it('refuses an input that does not exist', () => {
    refused({ ...vote, inputIndex: 1 }, /an input below 1, got 1/);
    expectCode(() => checkMultisigWitness({ ...vote, inputIndex: -1 }), 'OUT_OF_RANGE');
    expectCode(() => checkMultisigWitness({ ...vote, multisigScript: new Uint8Array(4) }), 'MULTISIG_SCRIPT_MALFORMED');
    expectCode(() => checkMultisigWitness({ ...vote, transaction: new Uint8Array(4) }), 'MALFORMED');
  });

  it('the message covers witnesses beyond the inputs, and nothing else beside its own', () => {
    const message = computeMultisigMessage(vote);
    expect(computeMultisigMessage(withWitnesses(witness, Uint8Array.of(1)))).not.toEqual(message);
    expect(computeMultisigMessage(withWitnesses(witness, new Uint8Array()))).not.toEqual(message);
    const zeroed = Uint8Array.from(lock).fill(0, 64);
    expect(computeMultisigMessage(withLock(zeroed))).toEqual(message);
    const other = { since: 0n, previousOutput: { txHash: new Uint8Array(32), index: 7 } };
    const two = (second: Uint8Array) => ({
      ...vote,
      transaction: serializeTransaction({ ...record, inputs: [...record.inputs, other], witnesses: [witness, second] }),
    });
    expect(computeMultisigMessage(two(Uint8Array.of(1)))).toEqual(computeMultisigMessage(two(Uint8Array.of(2, 2))));
  });
});
