/** Headers and extra-data as bytes: what is one change away from a valid one, and is none. */
import {
  computeHeaderHash,
  computeSealHash,
  type ExtraData,
  type Header,
  headerToRpc,
  parseExtraData,
  parseHeader,
  prepareHeader,
  recoverHeader,
  recoverSealer,
  sealHeader,
  serializeExtraData,
  serializeHeader,
  signHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { encodeRlp, encodeRlpUint, type RlpItem, type RlpValue, readRlpList } from '../../src/internal/rlp.js';
import { hex } from '../support/bytes.js';
import { addresses, genesisHeader, keys, seal } from '../support/clique.js';
import { expectCode } from '../support/errors.js';

const signer = addresses[3] as Uint8Array;
const legacy = seal(genesisHeader([], { number: 7n, gasUsed: 5n }), signer);
const london = seal(genesisHeader([], { number: 7n, gasUsed: 5n, baseFeePerGas: 9n }), signer);

const NAMES = [
  'parentHash',
  'unclesHash',
  'beneficiary',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
] as const;
const SIZES: Partial<Record<keyof Header, number>> = {
  parentHash: 32,
  unclesHash: 32,
  beneficiary: 20,
  stateRoot: 32,
  transactionsRoot: 32,
  receiptsRoot: 32,
  logsBloom: 256,
  mixHash: 32,
  nonce: 8,
};
const BITS: Partial<Record<keyof Header, number>> = {
  difficulty: 256,
  number: 64,
  gasLimit: 64,
  gasUsed: 64,
  timestamp: 64,
  baseFeePerGas: 256,
};

const fieldsOf = (header: Uint8Array): Uint8Array[] =>
  readRlpList('test', header).map(({ start, end }: RlpItem) => header.slice(start, end));
const withField = (at: number, value: RlpValue): Uint8Array => {
  const fields: RlpValue[] = fieldsOf(london);
  fields[at] = value;
  return encodeRlp(fields);
};

describe('parseHeader', () => {
  it('reads 15 fields, or 16 since London, and no other number of them', () => {
    const fields = fieldsOf(london);
    for (let count = 0; count <= 20; count++) {
      const input = encodeRlp([...fields, ...Array(8).fill(Uint8Array.of(5))].slice(0, count));
      if (count === 15) expect(parseHeader(input).baseFeePerGas).toBe(null);
      else if (count === 16) expect(parseHeader(input).baseFeePerGas).toBe(9n);
      else
        for (const read of [parseHeader, computeHeaderHash, computeSealHash, recoverHeader, headerToRpc])
          expectCode(() => read(input), 'MALFORMED');
    }
  });

  it.each(NAMES.map((name, i) => [name, i] as const))('%s has its kind and size', (name, at) => {
    expect(hex(withField(at, fieldsOf(london)[at] as Uint8Array))).toBe(hex(london));
    const size = SIZES[name];
    const bits = BITS[name];
    expectCode(() => parseHeader(withField(at, [])), 'MALFORMED');
    expectCode(() => parseHeader(withField(at, [new Uint8Array(size ?? 1)])), 'MALFORMED');
    if (size !== undefined)
      for (const wrong of [0, 1, size - 1, size + 1, 2 * size])
        expectCode(() => parseHeader(withField(at, new Uint8Array(wrong).fill(1))), 'MALFORMED');
    if (bits !== undefined) {
      const max = 2n ** BigInt(bits) - 1n;
      for (const value of [0n, 1n, 127n, 128n, max])
        expect(parseHeader(withField(at, encodeRlpUint(value)))[name]).toBe(value);
      expectCode(() => parseHeader(withField(at, encodeRlpUint(max + 1n))), 'MALFORMED');
      expectCode(() => parseHeader(withField(at, Uint8Array.of(0))), 'MALFORMED');
      expectCode(() => parseHeader(withField(at, Uint8Array.of(0, 5))), 'MALFORMED');
    }
    if (name === 'extraData')
      for (const length of [0, 1, 97, 1000])
        expect(parseHeader(withField(at, new Uint8Array(length).fill(0xaa))).extraData.length).toBe(length);
  });

  it('refuses every truncation, a trailing byte, and what is no list', () => {
    for (const input of [legacy, london]) {
      for (let length = 0; length < input.length; length++)
        expectCode(() => parseHeader(input.subarray(0, length)), 'MALFORMED');
      expectCode(() => parseHeader(Uint8Array.of(...input, 0)), 'MALFORMED');
      expectCode(() => parseHeader(encodeRlp(input)), 'MALFORMED');
      expectCode(() => parseHeader(encodeRlp([input])), 'MALFORMED');
    }
  });

  it('a nonce has eight bytes, most significant first, leading zeros and all', () => {
    const nonce = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2);
    const header = parseHeader(withField(14, nonce));
    expect(header.nonce).toBe(258n);
    expect(hex(serializeHeader(header))).toBe(hex(withField(14, nonce)));
  });

  it('tells where in the bytes', () => {
    const error = expectCode(() => parseHeader(withField(2, new Uint8Array(19))), 'MALFORMED');
    expect([error.where, error.expected, error.got]).toEqual(['parseHeader.beneficiary', '20 bytes', '19 bytes']);
    expect(error.offset).toBe(3 + 33 + 33);
  });
});

describe('serializeHeader', () => {
  const header = parseHeader(london);

  it.each(NAMES.map((name) => [name]))('%s is checked', (name) => {
    const wrong = (value: unknown) => () => serializeHeader({ ...header, [name]: value } as Header);
    const size = name === 'nonce' ? undefined : SIZES[name];
    const bits = name === 'nonce' ? 64 : BITS[name];
    if (size !== undefined) {
      expectCode(wrong(new Uint8Array(size - 1)), 'OUT_OF_RANGE');
      expectCode(wrong(new Uint8Array(size + 1)), 'OUT_OF_RANGE');
    }
    if (bits !== undefined) {
      expectCode(wrong(2n ** BigInt(bits)), 'OUT_OF_RANGE');
      expectCode(wrong(-1n), 'OUT_OF_RANGE');
      expect(wrong(1)).toThrow(TypeError);
    } else expect(wrong('0x')).toThrow(TypeError);
    expect(wrong(undefined)).toThrow(TypeError);
  });
});

describe('computeSealHash', () => {
  it('leaves out the seal and nothing else', () => {
    const hash = hex(computeSealHash(london));
    const record = parseHeader(london);
    const extraData = Uint8Array.from(record.extraData);
    extraData.fill(7, -65);
    expect(hex(computeSealHash(serializeHeader({ ...record, extraData })))).toBe(hash);
    extraData[31] = 1;
    expect(hex(computeSealHash(serializeHeader({ ...record, extraData })))).not.toBe(hash);
    for (const changes of [
      { baseFeePerGas: 10n },
      { baseFeePerGas: null },
      { mixHash: new Uint8Array(32).fill(1) },
      { nonce: 1n },
    ])
      expect(hex(computeSealHash(serializeHeader({ ...record, ...changes })))).not.toBe(hash);
  });

  it('wants room for a seal, which is 65 bytes', () => {
    const size = (length: number) => serializeHeader({ ...parseHeader(legacy), extraData: new Uint8Array(length) });
    for (const length of [0, 1, 64]) expectCode(() => computeSealHash(size(length)), 'SEAL_MISSING');
    for (const length of [65, 66, 97, 120, 121]) expect(computeSealHash(size(length)).length).toBe(32);
    // To recover a signer there must be vanity too.
    expectCode(() => recoverHeader(size(31)), 'VANITY_MISSING');
    expectCode(() => recoverHeader(size(65)), 'SEAL_MISSING');
    expectCode(() => recoverHeader(size(97)), 'SIGNATURE_INVALID');
  });
});

describe('extra-data', () => {
  const extra: ExtraData = {
    vanity: new Uint8Array(32).fill(1),
    signers: addresses.slice(0, 3),
    seal: new Uint8Array(65).fill(2),
  };

  it('is vanity, signers and seal', () => {
    const bytes = serializeExtraData(extra);
    expect(hex(bytes)).toBe(hex(Buffer.concat([extra.vanity, ...extra.signers, extra.seal])));
    expect(parseExtraData(bytes)).toEqual(extra);
    // Their order is kept, and who stands twice stays so.
    const odd = { ...extra, signers: [...extra.signers].reverse().concat(extra.signers) };
    expect(parseExtraData(serializeExtraData(odd))).toEqual(odd);
    expect(parseExtraData(new Uint8Array(97)).signers).toEqual([]);
  });

  it('refuses every other length', () => {
    for (let length = 0; length < 160; length++) {
      const act = () => parseExtraData(new Uint8Array(length));
      if (length < 32) expectCode(act, 'VANITY_MISSING');
      else if (length < 97) expectCode(act, 'SEAL_MISSING');
      else if ((length - 97) % 20 !== 0) expectCode(act, 'CHECKPOINT_SIGNERS_MALFORMED');
      else expect(act().signers.length).toBe((length - 97) / 20);
    }
    for (const changes of [
      { vanity: new Uint8Array(31) },
      { seal: new Uint8Array(64) },
      { signers: [new Uint8Array(21)] },
    ])
      expectCode(() => serializeExtraData({ ...extra, ...changes }), 'OUT_OF_RANGE');
  });
});

describe('sealing', () => {
  const record = parseHeader(legacy);
  const key = keys[3] as Uint8Array;

  it('prepares the same whatever stands where the seal goes', () => {
    const spoilt = Uint8Array.from(record.extraData).fill(0xcc, -65);
    const prepared = prepareHeader({ ...record, extraData: spoilt });
    expect(prepared).toEqual(prepareHeader(record));
    expect(hex(parseHeader(prepared.header).extraData.subarray(-65))).toBe(`0x${'00'.repeat(65)}`);
    expect(prepared.message).toEqual(computeSealHash(legacy));
    for (const [length, code] of [
      [31, 'VANITY_MISSING'],
      [96, 'SEAL_MISSING'],
    ] as const)
      expectCode(() => prepareHeader({ ...record, extraData: new Uint8Array(length) }), code);
  });

  it('puts in a signature that recovers, and says who made it', () => {
    const prepared = prepareHeader(record);
    const signature = record.extraData.slice(-65);
    const sealed = sealHeader(prepared, signature);
    expect(hex(sealed.header)).toBe(hex(legacy));
    expect(hex(sealed.hash)).toBe(hex(computeHeaderHash(legacy)));
    expect(hex(sealed.signer)).toBe(hex(signer));
    expect(hex(recoverSealer(prepared.message, signature))).toBe(hex(signer));
    for (const id of [4, 27, 28, 255]) {
      const wrong = Uint8Array.from(signature);
      wrong[64] = id;
      expectCode(() => sealHeader(prepared, wrong), 'SIGNATURE_INVALID');
      expectCode(() => recoverSealer(prepared.message, wrong), 'SIGNATURE_INVALID');
    }
    expectCode(() => sealHeader(prepared, signature.subarray(1)), 'OUT_OF_RANGE');
    expectCode(() => sealHeader({ ...prepared, header: legacy.subarray(1) }, signature), 'MALFORMED');
    expectCode(() => recoverSealer(prepared.message.subarray(1), signature), 'OUT_OF_RANGE');
  });

  it('a seal with s in the upper half is as good, as in go-ethereum', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const prepared = prepareHeader(record);
    const low = record.extraData.slice(-65);
    const s = order - BigInt(hex(low.subarray(32, 64)));
    const high = Uint8Array.from(low);
    high.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32);
    high[64] = (low[64] as number) ^ 1;
    expect(hex(recoverSealer(prepared.message, high))).toBe(hex(signer));
    const sealed = sealHeader(prepared, high);
    expect(hex(sealed.signer)).toBe(hex(signer));
    expect(hex(sealed.hash)).not.toBe(hex(computeHeaderHash(legacy)));
    expect(hex(recoverHeader(sealed.header).signer)).toBe(hex(signer));
  });

  it('signs as RFC 6979 has it, with a key that is one', () => {
    expect(hex(signHeader(record, key).header)).toBe(hex(legacy));
    for (const wrong of [
      new Uint8Array(32),
      new Uint8Array(31).fill(1),
      new Uint8Array(33).fill(1),
      new Uint8Array(32).fill(255),
    ])
      expectCode(() => signHeader(record, wrong), 'SECRET_KEY_INVALID');
  });
});
