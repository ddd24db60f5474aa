/** Random values against two other libraries: the same bytes, ids and signatures; and refusals where they accept what is invalid. */
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  ABI,
  Serializer,
  Asset as WharfAsset,
  Name as WharfName,
  PrivateKey as WharfPrivateKey,
  Signature as WharfSignature,
  Transaction as WharfTransaction,
} from '@wharfkit/antelope';
import { Numeric, Serialize } from 'eosjs';
import { PrivateKey as EosjsPrivateKey } from 'eosjs/dist/PrivateKey.js';
import fc from 'fast-check';
import {
  type Abi,
  type AbiValue,
  abiFromJson,
  abiToJson,
  assetFromText,
  assetToText,
  computePublicKey,
  computeSigningDigest,
  computeTransactionId,
  getContractAbi,
  nameFromValue,
  nameToValue,
  parseAbi,
  parseActionData,
  privateKeyFromText,
  privateKeyToText,
  privateKeyToWif,
  publicKeyToLegacyText,
  publicKeyToText,
  recoverPublicKeyOf,
  serializeAbi,
  serializeActionData,
  serializeAsset,
  serializeTransaction,
  signatureToText,
  signDigest,
  timeToText,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { hash, runs, u8, u16, u32, u64 } from '../support/arbitraries.js';
import { asset, assetSymbol, name, pointKey, privateKey, transaction } from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

describe('names, assets and keys as the others write them', () => {
  it('names', () => {
    fc.assert(
      fc.property(u64, (value) => {
        const text = nameFromValue(value);
        expect(WharfName.from(text).value.toString()).toBe(value.toString());
        const buffer = new Serialize.SerialBuffer();
        buffer.pushName(text);
        expect(bytesToHex(buffer.asUint8Array().slice(0, 8))).toBe(
          bytesToHex(Uint8Array.from({ length: 8 }, (_, i) => Number((nameToValue(text) >> BigInt(8 * i)) & 0xffn))),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  it('assets', () => {
    fc.assert(
      fc.property(asset, (value) => {
        const text = assetToText(value);
        const other = WharfAsset.from(text);
        expect(other.toString()).toBe(text);
        expect(Serializer.encode({ object: other }).array).toEqual(serializeAsset(value));
        const buffer = new Serialize.SerialBuffer();
        buffer.pushAsset(text);
        expect(buffer.asUint8Array()).toEqual(serializeAsset(value));
      }),
      { numRuns: runs(200) },
    );
  });

  it('keys', () => {
    fc.assert(
      fc.property(privateKey, (secret) => {
        const other = WharfPrivateKey.from(privateKeyToText(secret));
        expect(other.toWif()).toBe(privateKeyToWif(secret));
        const key = computePublicKey(secret);
        expect(other.toPublic().toString()).toBe(publicKeyToText(key));
        expect(other.toPublic().toLegacyString()).toBe(publicKeyToLegacyText(key));
        const text = publicKeyToText(key);
        expect(Numeric.convertLegacyPublicKey(publicKeyToLegacyText(key))).toBe(text);
        expect(Numeric.privateKeyToLegacyString(Numeric.stringToPrivateKey(privateKeyToText(secret)))).toBe(
          privateKeyToWif(secret),
        );
        expect(privateKeyFromText(other.toWif())).toEqual(secret);
      }),
      { numRuns: runs(20) },
    );
  });

  it.skipIf(!hasShared)('what is invalid is refused where one of them takes it in silence', () => {
    let taken = 0;
    for (const { name: text } of readShared('eosio/names.json').invalid) {
      expectCode(() => nameToValue(text), 'NAME_INVALID');
      if (WharfName.from(text).toString() !== text) taken++;
    }
    expect(taken).toBe(10);
    for (const text of ['-4.611686018427387904 CUR', '4611686018427387.904 CUR', '10.000 ']) {
      expect(WharfAsset.from(text).toString()).toBe(text);
      expectCode(() => assetFromText(text), 'ASSET_INVALID');
    }
  });
});

describe('signatures as the others make and take them', () => {
  it('are the same, byte for byte', () => {
    fc.assert(
      fc.property(hash, privateKey, (digest, secret) => {
        const text = signatureToText(signDigest(digest, secret));
        const wharf = WharfPrivateKey.from(privateKeyToWif(secret)).signDigest(digest);
        expect(wharf.toString()).toBe(text);
        const eosjs = EosjsPrivateKey.fromString(privateKeyToWif(secret));
        expect(eosjs.sign(digest, false).toString()).toBe(text);
        expect(WharfSignature.from(text).recoverDigest(digest).toString()).toBe(
          publicKeyToText(recoverPublicKeyOf(digest, signDigest(digest, secret))),
        );
      }),
      { numRuns: runs(10) },
    );
  });
});

describe('transactions as the others pack, hash and sign them', () => {
  it('wharfkit', () => {
    fc.assert(
      fc.property(transaction, hash, (value, chainId) => {
        const bytes = serializeTransaction(value);
        const other = WharfTransaction.from({
          expiration: timeToText(value.expiration).slice(0, 19),
          ref_block_num: value.refBlockNum,
          ref_block_prefix: value.refBlockPrefix,
          max_net_usage_words: value.maxNetUsageWords,
          max_cpu_usage_ms: value.maxCpuUsageMs,
          delay_sec: value.delaySec,
          context_free_actions: value.contextFreeActions as never,
          actions: value.actions as never,
          transaction_extensions: value.extensions as never,
        });
        expect(bytesToHex(Serializer.encode({ object: other }).array)).toBe(bytesToHex(bytes));
        expect(other.id.hexString).toBe(bytesToHex(computeTransactionId(bytes)));
        expect(other.signingDigest(bytesToHex(chainId)).hexString).toBe(
          bytesToHex(computeSigningDigest(chainId, bytes)),
        );
      }),
      { numRuns: runs(60) },
    );
  });
});

/** Random data of a type, in the form that nodes give. */
function dataOf(abi: Abi, type: string): fc.Arbitrary<AbiValue> {
  const alias = abi.types.find(({ new_type_name }) => new_type_name === type);
  if (alias !== undefined) return dataOf(abi, alias.type);
  if (type.endsWith('[]')) return fc.array(dataOf(abi, type.slice(0, -2)), { maxLength: 3 });
  if (type.endsWith('?')) return fc.option(dataOf(abi, type.slice(0, -1)));
  if (type.endsWith('$')) return dataOf(abi, type.slice(0, -1));
  const variant = abi.variants?.find((item) => item.name === type);
  if (variant !== undefined)
    return fc.oneof(...variant.types.map((option) => dataOf(abi, option).map((value) => [option, value])));
  const struct = abi.structs.find((item) => item.name === type);
  if (struct !== undefined)
    return fc.record(Object.fromEntries(struct.fields.map((field) => [field.name, dataOf(abi, field.type)])));
  const basics: Record<string, fc.Arbitrary<AbiValue>> = {
    name,
    asset: asset.map(assetToText),
    symbol: assetSymbol.map(({ code, precision }) => `${precision},${code}`),
    bool: fc.boolean(),
    uint8: u8,
    uint16: u16,
    uint32: u32,
    varuint32: u32,
    uint64: u64.map((value) => (value > 0xffffffffn ? `${value}` : Number(value))),
    int64: u64
      .map((value) => BigInt.asIntN(64, value))
      .map((value) => (value > 0xffffffffn || value < -0xffffffffn ? `${value}` : Number(value))),
    string: fc.string({ unit: 'grapheme', maxLength: 20 }),
    bytes: fc.uint8Array({ maxLength: 20 }).map(bytesToHex),
    checksum256: hash.map(bytesToHex),
    public_key: pointKey.map(publicKeyToLegacyText),
    time_point_sec: u32.map((seconds) => timeToText(seconds * 1000).slice(0, 19)),
  };
  return basics[type] as fc.Arbitrary<AbiValue>;
}

describe.each(['eosio', 'eosio.token', 'eosio.msig', 'eosio.wrap'])(
  'actions of %s as the others pack them',
  (account) => {
    const abi = getContractAbi(account);
    const wharf = ABI.from(JSON.parse(JSON.stringify(abiToJson(abi))));
    const eosjs = Serialize.getTypesFromAbi(Serialize.createInitialTypes(), abiToJson(abi) as never);

    it.each(abi.actions.map(({ name: action }) => action))('%s', (action) => {
      fc.assert(
        fc.property(dataOf(abi, action), (data) => {
          const bytes = serializeActionData(account, action, data);
          expect(parseActionData(account, action, bytes)).toEqual(data);
          expect(bytesToHex(Serializer.encode({ object: data, abi: wharf, type: action }).array)).toBe(
            bytesToHex(bytes),
          );
          const buffer = new Serialize.SerialBuffer();
          (eosjs.get(action) as Serialize.Type).serialize(buffer, data);
          expect(bytesToHex(buffer.asUint8Array())).toBe(bytesToHex(bytes));
        }),
        { numRuns: runs(4) },
      );
    });

    it('its ABI', () => {
      const bytes = serializeAbi({ ...abi, variants: abi.variants ?? [], action_results: [] });
      expect(bytesToHex(Serializer.encode({ object: wharf }).array)).toBe(bytesToHex(bytes));
      expect(parseAbi(bytes)).toEqual({ ...abi, action_results: [] });
    });
  },
);

describe('random ABIs as another packs them', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 10 });
  const document = fc.record({
    version: fc.constantFrom('eosio::abi/1.0', 'eosio::abi/1.1', 'eosio::abi/1.2'),
    types: fc.constant([{ new_type_name: 'who', type: 'name' }]),
    structs: fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^s[a-z]{1,8}$/),
        base: fc.constant(''),
        fields: fc.array(fc.record({ name: text, type: fc.constantFrom('who', 'name[]', 'uint8?', 'v') }), {
          maxLength: 4,
        }),
      }),
      { selector: (item) => item.name, maxLength: 4 },
    ),
    actions: fc.uniqueArray(fc.record({ name, type: fc.constant('who'), ricardian_contract: text }), {
      selector: (item) => item.name,
      maxLength: 3,
    }),
    tables: fc.uniqueArray(
      fc.record({
        name,
        index_type: fc.constant('i64'),
        key_names: fc.array(text, { maxLength: 2 }),
        key_types: fc.array(text, { maxLength: 2 }),
        type: fc.constant('v'),
      }),
      { selector: (item) => item.name, maxLength: 3 },
    ),
    ricardian_clauses: fc.array(fc.record({ id: text, body: text }), { maxLength: 2 }),
    error_messages: fc.constant([]),
    abi_extensions: fc.constant([]),
    variants: fc.constant([{ name: 'v', types: ['who', 'string'] }]),
    action_results: fc.uniqueArray(fc.record({ name, result_type: fc.constant('v') }), {
      selector: (item) => item.name,
      maxLength: 2,
    }),
  });

  it('wharfkit', () => {
    fc.assert(
      fc.property(document, (json) => {
        const abi = abiFromJson(json);
        const bytes = serializeAbi(abi);
        expect(bytesToHex(Serializer.encode({ object: ABI.from(json as never) }).array)).toBe(bytesToHex(bytes));
        expect(parseAbi(bytes)).toEqual(abi);
        expect(abiToJson(abi)).toEqual(json);
      }),
      { numRuns: runs(60) },
    );
  });
});
