/** What a validator attested although it is spoilt: the proof and the signature hold. */
import fc from 'fast-check';
import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import * as ckb from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import * as sample from '../../../examples/sample.js';
import { runs } from '../../support/arbitraries.js';
import { applyEdit, edit } from './edits.js';
import { applySeeds, attempt, network, type Seed, signAgain, TARGETS, type Target } from './targets.js';
import { judge } from './verdicts.js';

describe('applyHeader, of what a validator attested all the same', () => {
  const { input, own } = applySeeds[1] as Seed;
  const vote = ckb.parseTransaction(sample.vote.transaction);
  const good = {
    header: ckb.parseHeader(input.header),
    cellbase: ckb.parseTransaction(sample.template.cellbase),
    vote,
    list: ckb.parseValidatorList(vote.outputsData[0] as Uint8Array),
    again: [0],
  };
  const encode = (spoilt: typeof good, fixes: Record<'data' | 'lock' | 'signatures' | 'since', boolean>) => {
    const { header, cellbase, list } = spoilt;
    const data = fixes.data ? [ckb.serializeValidatorList(list)] : spoilt.vote.outputsData;
    const lock = ckb.computeValidatorListLock(list, network);
    const outputs = spoilt.vote.outputs.map((output) => (fixes.lock ? { ...output, lock } : output));
    const transaction = ckb.serializeTransaction({ ...spoilt.vote, outputs, outputsData: data });
    const multisig = { ...sample.vote, transaction };
    const signed = fixes.signatures ? (attempt(signAgain)(multisig, own) as ckb.MultisigInput) : multisig;
    const inputs = cellbase.inputs.map((item) => (fixes.since ? { ...item, since: header.number } : item));
    return {
      header,
      cellbase: ckb.serializeTransaction({ ...cellbase, inputs }),
      votingTxs: spoilt.again.map(() => signed.transaction),
      transactions: [],
    };
  };

  it('has nothing but its codes', () => {
    const seen = new Set<PoaErrorCode | undefined>();
    const fixes = fc.record({ data: fc.boolean(), lock: fc.boolean(), signatures: fc.boolean(), since: fc.boolean() });
    // The third is in turn, the second has just attested, the fourth is no validator yet.
    const signer = fc.constantFrom(2, 2, 2, 0, 1, 3);
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 2 }), fixes, signer, (changes, fixed, key) => {
        const spoilt = changes.reduce<unknown>(applyEdit, good) as typeof good;
        let block: ckb.AttestedBlock;
        try {
          block = ckb.attestBlock(encode(spoilt, fixed), sample.secretKeys[key] as Uint8Array);
        } catch (error) {
          // What cannot be encoded cannot be attested.
          if (isPoaError(error)) return;
          throw error;
        }
        const { header, cellbase } = block;
        seen.add(judge(TARGETS.applyHeader as Target, { input: { header, cellbase }, own }));
      }),
      { numRuns: runs(500) },
    );
    for (const code of [
      undefined,
      'ATTESTER_UNKNOWN',
      'ATTESTER_TOO_SOON',
      'DIFFICULTY_MISMATCH',
      'VOTES_INVALID',
    ] as const)
      expect(seen).toContain(code);
    expect(seen.size).toBeGreaterThan(7);
  });
});
