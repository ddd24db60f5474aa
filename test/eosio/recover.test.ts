import fc from 'fast-check';
import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import {
  applyHeader,
  computeBlockId,
  computeHeaderDigest,
  computeIncrementalRoot,
  createAnchor,
  createState,
  inspectHeader,
  parseHeader,
  parseHeaderExtensions,
  planHeader,
  prepareHeader,
  publicKeyFromText,
  publicKeyToLegacyText,
  recoverHeader,
  type SignedHeader,
  type State,
  sealHeader,
  serializeHeader,
  serializeSignature,
  signDigest,
  signHeader,
  toAuthoritySchedule,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { merkleFromVector, scheduleFromVector } from '../support/eosio.js';
import { firstState, privateKeyOf, publicKeyOf, signNext, signWith } from '../support/eosioChain.js';
import { toInput, toRecoverable } from '../support/eosioVectors.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const now = Date.UTC(2030, 0, 1);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const cases: any[] = hasShared ? readShared('eosio/block-headers.json').cases : [];
const schedules: any[] = hasShared ? readShared('eosio/producer-schedules.json').cases : [];
const signed = cases.filter(({ check }) => check !== 'digest-and-id-only');

/** The schedule with a hash, with authorities. */
function scheduleWith(hash: string) {
  const found = schedules.find((item) => JSON.stringify(item).includes(hash));
  const json = found.schedule ?? found;
  const both = scheduleFromVector(json.producers === undefined ? found : json);
  return 'legacy' in both ? toAuthoritySchedule(both.legacy) : both.authority;
}

/** What a follower knows before a real header: the blockroot, and the schedule. */
function stateBefore(block: any): State {
  const { header, block_num, slot, pending_schedule_hash, blockroot_merkle } = block;
  return createState({
    id: Buffer.from(header.previous, 'hex'),
    number: block_num - 1,
    slot: slot - 1,
    blockroot: merkleFromVector(blockroot_merkle),
    activeSchedule: scheduleWith(pending_schedule_hash),
    pendingScheduleHash: Buffer.from(pending_schedule_hash, 'hex'),
  });
}

describe.skipIf(!hasShared)('block-headers.json', () => {
  it('has 32 headers, of which 17 are signed over what is known', () => {
    expect([cases.length, signed.length]).toEqual([32, 17]);
  });

  it.each(cases.map((block) => [block.name, block] as const))('%s: bytes, digest, id', (_, block) => {
    const { header } = toInput(block);
    expect(hex(header)).toBe(block.header_packed);
    expect(hex(computeHeaderDigest(header))).toBe(block.header_digest);
    expect(hex(computeBlockId(header))).toBe(block.block_id);
    const report = inspectHeader(toRecoverable(block), { now });
    expect(report.number).toBe(block.block_num);
    expect(hex(report.id as Uint8Array)).toBe(block.block_id);
    expect(report.rules.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it.each(signed.map((block) => [block.name, block] as const))('%s: the key that signed', (_, block) => {
    const { id, number, message, publicKeys, producer } = recoverHeader(toRecoverable(block));
    expect(hex(id)).toBe(block.block_id);
    expect(number).toBe(block.block_num);
    expect(hex(message)).toBe(block.signature_digest ?? block.block_id);
    expect(publicKeys.map(publicKeyToLegacyText)).toEqual([block.signing_key]);
    expect(producer).toBe(block.header.producer);
  });

  it.each(signed.filter(({ slot }) => slot !== undefined).map((block) => [block.name, block] as const))(
    '%s: applies to what a follower knew before it',
    (_, block) => {
      const state = stateBefore(block);
      const input = toInput(block);
      // What came before is not known: who confirms is not judged by it.
      const next = applyHeader(state, input, { now });
      expect([hex(next.id), next.number, next.slot]).toEqual([block.block_id, block.block_num, block.slot]);
      expect(hex(computeIncrementalRoot(next.blockroot as never)).length).toBe(64);
      const report = inspectHeader(input, { state, now });
      expect([report.status, report.scheduledProducer]).toEqual(['passed', block.header.producer]);
      expectCode(
        () =>
          applyHeader(
            state,
            { ...input, header: toInput(signed[0] === block ? signed[1] : signed[0]).header },
            { now },
          ),
        'PARENT_MISMATCH',
      );
    },
  );

  it('eos-400838396-savanna: over its id alone, whatever comes with it', () => {
    const block = cases.find(({ name }) => name === 'eos-400838396-savanna');
    const input = { ...toRecoverable(block), blockroot: new Uint8Array(32), pendingScheduleHash: new Uint8Array(7) };
    const recovered = recoverHeader(input);
    expect(publicKeyToLegacyText(recovered.publicKeys[0] as never)).toBe(block.signing_key);
    expect([recovered.blockroot, recovered.pendingScheduleHash]).toEqual([null, null]);
    const key = publicKeyFromText(block.signing_key);
    const activeSchedule = {
      version: 2200,
      producers: [{ producerName: block.header.producer, authority: { threshold: 1, keys: [{ key, weight: 1 }] } }],
    };
    const state = createState(createAnchor({ header: input.header, activeSchedule }));
    expect([state.isSavanna, state.number, state.finality?.blocks[0]?.claim]).toEqual([
      true,
      400838396,
      { number: 400838395, isStrong: true },
    ]);
  });

  it.each(['eos-125186648-new-producers-1714', 'jungle3-19401385-schedule-extension', 'eos-get_block-92565371'])(
    '%s announces a schedule, whose hash is what was signed',
    (name) => {
      const input = toInput(cases.find((block) => block.name === name));
      const report = inspectHeader({ ...input, blockroot: new Uint8Array(32) }, { now });
      const announced = report.announcedSchedule;
      expect(announced?.producers.length).toBe(21);
      expect(announced?.version).toBe((report.header?.scheduleVersion as number) + 1);
      // The root is not known, so another key comes out; that one does is for the hash to need no help.
      expect(report.publicKeys?.length).toBe(1);
    },
  );
});

/** What a flipped bit in the bytes of a real header and its signature may come to. */
const NOBODY: readonly PoaErrorCode[] = ['KEY_UNEXPECTED', 'SIGNATURE_INVALID', 'SIGNATURE_NOT_CANONICAL'];

describe.skipIf(!hasShared)('every bit of a signed header counts', () => {
  // The second, in the midst of its turn and confirming others, by every seventh bit: recovery takes its time.
  const names = [
    ['jungle3-10700626', 1],
    ['eos-352283689', 7],
  ] as const;

  it.each(names)('%s, each bit by %i', (name, stride) => {
    const block = cases.find((found) => found.name === name);
    const state = stateBefore(block);
    const input = toInput(block);
    const seen = new Set<string>();
    for (let bit = 0; bit < 8 * input.header.length; bit += stride) {
      const header = Uint8Array.from(input.header);
      header[bit >> 3] = (header[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        applyHeader(state, { ...input, header }, { now: now * 2 });
        throw new Error(`bit ${bit} was flipped unnoticed`);
      } catch (error) {
        if (!isPoaError(error)) throw error;
        seen.add(error.code);
        const at = bit >> 3;
        if (at >= 14 && at < 46) expect(error.code).toBe('PARENT_MISMATCH');
        if (at >= 46 && at < 110) expect(NOBODY).toContain(error.code);
        if (at === 113 && (bit & 7) === 7) expect(error.code).toBe('ERA_MISMATCH');
        else if (at >= 110 && at < 114) expect(error.code).toBe('SCHEDULE_VERSION_MISMATCH');
        if (at >= 4 && at < 12) expect(error.code).toBe('PRODUCER_MISMATCH');
        if (at >= 114) expect(error.code).toBe('MALFORMED');
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(5);
    for (let bit = 0; bit < 8 * 66; bit += stride) {
      const signature = Uint8Array.from(input.signatures[0] as Uint8Array);
      signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        applyHeader(state, { ...input, signatures: [signature] }, { now });
        throw new Error(`bit ${bit} of the signature was flipped unnoticed`);
      } catch (error) {
        if (!isPoaError(error)) throw error;
        expect([...NOBODY, 'MALFORMED', 'KEY_TYPE_UNSUPPORTED']).toContain(error.code);
      }
    }
  });
});

describe('recoverHeader', () => {
  const state = firstState();
  const plan = planHeader(state, { slot: state.slot + 1 });
  const good: SignedHeader = {
    ...signWith(plan, 'eosio'),
    blockroot: plan.blockroot,
    pendingScheduleHash: plan.pendingScheduleHash,
  };

  it('gives fresh copies that a structured clone keeps', () => {
    const input = structuredClone(good);
    const recovered = recoverHeader(input);
    expect(input).toEqual(good);
    const kept = structuredClone(recovered);
    input.header.fill(0xff);
    input.signatures[0]?.fill(0xff);
    input.blockroot?.fill(0xff);
    input.pendingScheduleHash?.fill(0xff);
    expect(recovered).toEqual(kept);
    expect(recovered.publicKeys).toEqual([publicKeyOf('eosio')]);
  });

  it('needs what was signed', () => {
    const { header, signatures, blockroot, pendingScheduleHash } = good;
    expectCode(() => recoverHeader({ header, signatures }), 'SIGNING_CONTEXT_MISSING');
    expectCode(() => recoverHeader({ header, signatures, blockroot }), 'SIGNING_CONTEXT_MISSING');
    expectCode(() => recoverHeader({ header, signatures, pendingScheduleHash }), 'SIGNING_CONTEXT_MISSING');
    expectCode(() => recoverHeader({ ...good, blockroot: new Uint8Array(33) }), 'MALFORMED');
    expectCode(() => recoverHeader({ ...good, pendingScheduleHash: new Uint8Array() }), 'MALFORMED');
    expectCode(() => recoverHeader({ ...good, signatures: [] }), 'SIGNATURE_COUNT_MISMATCH');
    expectCode(() => recoverHeader({ ...good, signatures: [new Uint8Array(65)] }), 'MALFORMED');
    expectCode(() => recoverHeader({ ...good, header: header.subarray(1) }), 'MALFORMED');
  });

  it('another hash beside a header that announces a schedule is refused', () => {
    const second = applyHeader(state, good, { now });
    const newProducers = { version: 1, producers: [] };
    const input = { ...signNext(second, { slot: second.slot + 1 }, { newProducers }), blockroot: new Uint8Array(32) };
    expect(recoverHeader(input).pendingScheduleHash?.length).toBe(32);
    expectCode(() => recoverHeader({ ...input, pendingScheduleHash: new Uint8Array(32) }), 'PENDING_SCHEDULE_MISMATCH');
  });

  it('a header behind the last number is refused', () => {
    const header = serializeHeader({ ...plan.header, previous: new Uint8Array(32).fill(0xff) });
    expectCode(() => recoverHeader({ ...good, header }), 'MALFORMED');
  });
});

describe('sealing', () => {
  const state = firstState();
  const plan = planHeader(state, { slot: state.slot + 3 });

  it('in two steps as in one', () => {
    const prepared = prepareHeader(plan);
    const signature = serializeSignature(signDigest(prepared.message, privateKeyOf('eosio')));
    const sealed = sealHeader(prepared, [signature]);
    expect(sealed.input).toEqual(signHeader(plan, [privateKeyOf('eosio')]));
    expect(sealed.recovered.publicKeys).toEqual([publicKeyOf('eosio')]);
    expect(applyHeader(state, sealed.input, { now }).id).toEqual(prepared.id);
  });

  it('shares nothing', () => {
    const prepared = prepareHeader(plan);
    const before = structuredClone(plan);
    const sealed = sealHeader(prepared, [serializeSignature(signDigest(prepared.message, privateKeyOf('eosio')))]);
    const kept = structuredClone(sealed);
    prepared.header.fill(1);
    prepared.blockroot?.fill(1);
    expect(sealed).toEqual(kept);
    expect(plan).toEqual(before);
  });

  it('confirms the blocks since the last one of the producer, but no irreversible ones', () => {
    const second = applyHeader(state, signHeader(plan, [privateKeyOf('eosio')]), { now });
    const confirmed = (last: number | undefined, lastIrreversible: number): number => {
      const lastProduced = last === undefined ? [] : [{ producer: 'eosio', number: last }];
      return planHeader({ ...second, lastProduced, lastIrreversible }, { slot: second.slot + 1 }).header.confirmed;
    };
    expect([confirmed(2, 0), confirmed(0, 0), confirmed(0, 1), confirmed(undefined, 0)]).toEqual([0, 2, 1, 0]);
    expect(planHeader(second, { slot: second.slot + 1, confirmed: 7 }).header.confirmed).toBe(7);
  });

  it('announces a proposal once the block that carries it is irreversible', () => {
    const second = applyHeader(state, signHeader(plan, [privateKeyOf('eosio')]), { now });
    const announces = (number: number): boolean =>
      planHeader(second, { slot: second.slot + 1, proposal: { number, producers: [] } }).isAnnounced;
    expect([1, 2, 3].map(announces)).toEqual([true, true, false]);
    // The first schedule becomes active in block 2.
    expect(planHeader(state, { slot: state.slot + 1, proposal: { number: 0, producers: [] } }).isAnnounced).toBe(false);
  });

  it('plans nothing that the state would refuse', () => {
    expectCode(() => planHeader(state, { slot: state.slot }), 'TIMESTAMP_TOO_OLD');
    expectCode(() => planHeader({ ...state, blockroot: null }, { slot: state.slot + 1 }), 'SIGNING_CONTEXT_MISSING');
    expectCode(() => planHeader({ ...state, isSavanna: true }, { slot: state.slot + 1 }), 'ERA_MISMATCH');
    expectCode(() => planHeader(state, { slot: state.slot + 1, confirmed: 65536 }), 'OUT_OF_RANGE');
    const several = {
      number: 0,
      producers: [
        {
          producerName: 'a',
          authority: { threshold: 1, keys: ['x', 'y'].map((name) => ({ key: publicKeyOf(name), weight: 1 })) },
        },
      ],
    };
    const second = applyHeader(
      state,
      signHeader(planHeader(state, { slot: state.slot + 1 }), [privateKeyOf('eosio')]),
      { now },
    );
    expectCode(() => planHeader(second, { slot: second.slot + 1, proposal: several }), 'SCHEDULE_FORM_MISMATCH');
    expectCode(
      () =>
        planHeader(second, {
          slot: second.slot + 1,
          proposal: { ...several, producers: [...several.producers, ...several.producers] },
        }),
      'SCHEDULE_INVALID',
    );
    expectCode(() => signHeader(plan, []), 'SIGNATURE_COUNT_MISMATCH');
    expectCode(() => signHeader(plan, [{ curve: 'K1', data: new Uint8Array(32) }]), 'SECRET_KEY_INVALID');
    expectCode(() => prepareHeader({ header: plan.header }), 'SIGNING_CONTEXT_MISSING');
  });
});

describe('headers that were changed', () => {
  it('only PoaError escapes, and the report says what applying says', () => {
    const state = applyHeader(firstState(), signNext(firstState(), { slot: firstState().slot + 1 }), { now });
    const good = signNext(
      state,
      { slot: state.slot + 1 },
      {
        newProducers: { version: 1, producers: [{ producerName: 'proda', blockSigningKey: publicKeyOf('proda') }] },
        headerExtensions: [{ type: 0, data: Uint8Array.of(0) }],
      },
    );
    expect(parseHeaderExtensions(parseHeader(good.header).headerExtensions).protocolFeatures).toEqual([]);
    const edit = fc.record({ at: fc.nat(400), with: fc.uint8Array({ maxLength: 6 }), cut: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.array(edit, { maxLength: 2 }), (edits, others) => {
        const change = (bytes: Uint8Array, list: typeof edits): Uint8Array =>
          list.reduce((now_, { at, with: put, cut }) => {
            const from = at % (now_.length + 1);
            return Uint8Array.from([...now_.subarray(0, from), ...put, ...now_.subarray(from + cut)]);
          }, bytes);
        const input = {
          header: change(good.header, edits),
          signatures: good.signatures.map((bytes) => change(bytes, others)),
        };
        const report = inspectHeader(input, { state, now });
        inspectHeader(input, { now });
        let code: string | undefined;
        try {
          applyHeader(state, input, { now });
        } catch (error) {
          if (!isPoaError(error)) throw error;
          code = error.code;
        }
        expect(report.status).toBe(code === undefined ? 'passed' : 'failed');
        expect(report.rules.find(({ status }) => status === 'failed')?.code).toBe(code);
        try {
          recoverHeader({ ...input, blockroot: new Uint8Array(32), pendingScheduleHash: new Uint8Array(32) });
        } catch (error) {
          if (!isPoaError(error)) throw error;
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it('a thousand signatures are refused before one of them is looked at', () => {
    const state = firstState();
    const input = signNext(state, { slot: state.slot + 1 });
    const signatures = Array.from({ length: 1000 }, () => input.signatures[0] as Uint8Array);
    const start = performance.now();
    expectCode(() => applyHeader(state, { ...input, signatures }, { now }), 'SIGNATURE_COUNT_MISMATCH');
    expect(performance.now() - start).toBeLessThan(100);
  });
});
