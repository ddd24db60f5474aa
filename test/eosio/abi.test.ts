/** ABIs and the data that is packed by them: both ways, strict, and bounded. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import {
  type Abi,
  abiFromJson,
  abiToJson,
  buildAction,
  getContractAbi,
  parseAbi,
  parseAbiData,
  parseAction,
  parseActionData,
  serializeAbi,
  serializeAbiData,
  serializeAction,
  serializeActionData,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { action } from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const document = {
  ____comment: 'left alone',
  version: 'eosio::abi/1.2',
  types: [
    { new_type_name: 'account', type: 'name' },
    { new_type_name: 'accounts', type: 'account[]' },
  ],
  structs: [
    { name: 'base', base: '', fields: [{ name: 'id', type: 'uint64' }] },
    {
      name: 'act',
      base: 'base',
      fields: [
        { name: 'who', type: 'accounts' },
        { name: 'how', type: 'choice' },
        { name: 'maybe', type: 'asset?' },
        { name: 'pair', type: 'uint8[2]' },
        { name: 'later', type: 'string$' },
        { name: 'latest', type: 'uint8[]$' },
      ],
    },
    { name: 'none', base: '', fields: [] },
    { name: 'row', base: '', fields: [{ name: 'weight', type: 'float64' }] },
  ],
  actions: [
    { name: 'act', type: 'act', ricardian_contract: 'words' },
    { name: 'none', type: 'none', ricardian_contract: '' },
  ],
  tables: [{ name: 'rows', index_type: 'i64', key_names: ['id'], key_types: ['uint64'], type: 'row' }],
  ricardian_clauses: [{ id: 'a', body: 'b' }],
  error_messages: [{ error_code: '18446744073709551615', error_msg: 'no' }],
  abi_extensions: [[7, 'ff']],
  variants: [{ name: 'choice', types: ['uint8', 'string'] }],
  action_results: [{ name: 'act', result_type: 'choice' }],
};
const abi = abiFromJson(document);

/** A small ABI around some structs. */
const abiOf = (structs: unknown[], more: object = {}): unknown => ({ version: 'eosio::abi/1.1', structs, ...more });
const struct = (name: string, fields: Record<string, string>, base = ''): unknown => ({
  name,
  base,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

describe('an ABI both ways', () => {
  it('as bytes and as JSON', () => {
    const bytes = serializeAbi(abi);
    expect(parseAbi(bytes)).toEqual(abi);
    expect(abiFromJson(JSON.parse(JSON.stringify(abiToJson(abi))))).toEqual(abi);
    const { ____comment, ...rest } = document;
    expect(abiToJson(abi)).toEqual(rest);
  });

  it('with members missing, which then are left out', () => {
    const least = abiFromJson({ version: 'eosio::abi/1.0', actions: [] });
    expect([least.variants, least.action_results]).toEqual([null, null]);
    const bytes = serializeAbi(least);
    expect(bytesToHex(bytes)).toBe(`0e${Buffer.from('eosio::abi/1.0').toString('hex')}00000000000000`);
    expect(parseAbi(bytes)).toEqual(least);
    const withVariants = serializeAbi(abiFromJson({ version: 'eosio::abi/1.1', variants: [] }));
    expect(withVariants.length).toBe(bytes.length + 1);
    expect(parseAbi(withVariants)).toMatchObject({ variants: [], action_results: null });
    const withResults = serializeAbi(abiFromJson({ version: 'eosio::abi/1.2', action_results: [] }));
    expect(parseAbi(withResults)).toMatchObject({ variants: [], action_results: [] });
    expectCode(() => serializeAbi({ ...least, action_results: [] }), 'ABI_INVALID');
  });

  it.skipIf(!hasShared)('that a chain carries', () => {
    const { abi: hex } = readShared('eosio/actions.json').cases.find(({ action }: any) => action === 'setabi').args;
    const carried = parseAbi(hexToBytes(hex));
    expect(carried).toMatchObject({
      version: 'eosio::abi/1.2',
      action_results: [{ name: 'test', result_type: 'Result' }],
    });
    expect(bytesToHex(serializeAbi(carried))).toBe(hex);
    expect(abiFromJson(abiToJson(carried))).toEqual(carried);
  });

  it('is refused where it is no ABI that nodes use', () => {
    const invalid: [string, unknown][] = [
      ['another version', { version: 'eosio::abi/2.0' }],
      ['no minor version', { version: 'eosio::abi/1.' }],
      ['a type that is not there', abiOf([struct('a', { x: 'b' })])],
      ['a list of what is not there', abiOf([struct('a', { x: 'b[]' })])],
      ['a base that is not there', abiOf([struct('a', {}, 'b')])],
      ['a base that is no struct', abiOf([struct('a', {}, 'name')])],
      ['a base of itself', abiOf([struct('a', {}, 'b'), struct('b', {}, 'a')])],
      ['a struct twice', abiOf([struct('a', {}), struct('a', {})])],
      ['a name for itself', abiOf([], { types: [{ new_type_name: 'a', type: 'a' }] })],
      [
        'names in a ring',
        abiOf([], {
          types: [
            { new_type_name: 'a', type: 'b' },
            { new_type_name: 'b', type: 'a' },
          ],
        }),
      ],
      ['a name that a struct has', abiOf([struct('a', {})], { types: [{ new_type_name: 'a', type: 'name' }] })],
      ['a name that every ABI has', abiOf([], { types: [{ new_type_name: 'name', type: 'uint64' }] })],
      [
        'a name twice',
        abiOf([], {
          types: [
            { new_type_name: 'a', type: 'name' },
            { new_type_name: 'a', type: 'name' },
          ],
        }),
      ],
      ['a list without end', abiOf([], { types: [{ new_type_name: 'a', type: 'a[]' }] })],
      ['an action of what is not there', abiOf([], { actions: [{ name: 'a', type: 'b' }] })],
      [
        'an action twice',
        abiOf([struct('a', {})], {
          actions: [
            { name: 'a', type: 'a' },
            { name: 'a', type: 'a' },
          ],
        }),
      ],
      ['a table of what is not there', abiOf([], { tables: [{ name: 'a', type: 'b' }] })],
      ['a variant of what is not there', abiOf([], { variants: [{ name: 'a', types: ['b'] }] })],
      ['a result of what is not there', abiOf([], { action_results: [{ name: 'a', result_type: 'b' }] })],
      ['tables of EOSIO 2.1', abiOf([], { kv_tables: { a: {} } })],
      ['brackets many deep', abiOf([struct('a', { x: `name${'[]'.repeat(10_000)}` })])],
    ];
    for (const [what, json] of invalid) expect(() => abiFromJson(json), what).toThrow(/\[ABI_INVALID\]$/);
    for (const json of [
      null,
      [],
      'abi',
      {},
      { version: 1 },
      { version: 'eosio::abi/1.1', structs: {} },
      abiOf([null]),
      abiOf([{ name: 'a', fields: [{}] }]),
    ])
      expectCode(() => abiFromJson(json), 'JSON_INVALID');
    for (const error_code of [-1, 0.5, '1'.repeat(21), '18446744073709551616', null])
      expectCode(() => abiFromJson(abiOf([], { error_messages: [{ error_code, error_msg: '' }] })), 'JSON_INVALID');
    expectCode(() => abiFromJson(abiOf([struct('a', {})], { actions: [{ name: 'A', type: 'a' }] })), 'NAME_INVALID');
    expectCode(() => abiFromJson(abiOf([], { abi_extensions: [[65536, '']] })), 'JSON_INVALID');
    abiFromJson(abiOf([struct('a', { x: 'a[]', y: 'a?' })]));
    abiFromJson(abiOf([], { kv_tables: {} }));
  });

  it('is refused where its bytes are not exact', () => {
    const bytes = serializeAbi(abi);
    // Cut where variants and results begin it is the ABI of an earlier version; anywhere else it is none.
    let taken = 0;
    for (let end = 0; end < bytes.length; end++)
      try {
        expect(serializeAbi(parseAbi(bytes.subarray(0, end)))).toEqual(bytes.slice(0, end));
        taken++;
      } catch (error) {
        expect(['MALFORMED', 'ABI_INVALID']).toContain((error as { code: string }).code);
      }
    expect(taken).toBe(2);
    expectCode(() => parseAbi(Uint8Array.of(...bytes, 0)), 'MALFORMED');
    expectCode(() => parseAbi(serializeAbi(abi).fill(0x32, 12, 13)), 'ABI_INVALID');
  });
});

describe('data by its ABI', () => {
  const data = {
    id: '18446744073709551615',
    who: ['eosio', ''],
    how: ['string', 'x'],
    maybe: null,
    pair: [1, 2],
    later: 'y',
    latest: [3],
  };

  it('structs with a base, names for types, variants, options, lists and what was added later', () => {
    const bytes = serializeAbiData(abi, 'act', data);
    expect(bytesToHex(bytes)).toBe(
      'ffffffffffffffff' + '020000000000ea30550000000000000000' + '010178' + '00' + '0102' + '0179' + '0103',
    );
    expect(parseAbiData(abi, 'act', bytes)).toEqual(data);
    const { latest, ...shorter } = data;
    const { later, ...shortest } = shorter;
    for (const less of [shorter, shortest]) {
      const packed = serializeAbiData(abi, 'act', less);
      expect(parseAbiData(abi, 'act', packed)).toEqual(less);
    }
    expectCode(() => serializeAbiData(abi, 'act', { ...shortest, latest }), 'ACTION_DATA_INVALID');
    const { maybe, ...unsaid } = data;
    expect(serializeAbiData(abi, 'act', unsaid)).toEqual(bytes);
  });

  it('structs without fields stand alone only', () => {
    expect(serializeAbiData(abi, 'none', {})).toEqual(new Uint8Array());
    expect(parseAbiData(abi, 'none', new Uint8Array())).toEqual({});
    // Each inner list would claim as many of them as there are bytes left: the first one is refused.
    const lists = Uint8Array.of(100, ...Array.from({ length: 100 }, () => 50));
    for (const [type, bytes] of [
      ['none[]', Uint8Array.of(1, 0)],
      ['none[][]', lists],
      ['none?', Uint8Array.of(1)],
    ] as const)
      expect(expectCode(() => parseAbiData(abi, type, bytes), 'MALFORMED').expected).toBe(
        'a value of at least one byte',
      );
  });

  it('every type that all ABIs have', () => {
    const zeros = (size: number): string => '00'.repeat(size);
    const cases: [string, unknown, string, unknown?][] = [
      ['bool', true, '01'],
      ['bool', 0, '00', false],
      ['int8', -128, '80'],
      ['uint8', 255, 'ff'],
      ['int16', -2, 'feff'],
      ['uint16', '65535', 'ffff', 65535],
      ['int32', -(2 ** 31), '00000080'],
      ['uint32', 2 ** 32 - 1, 'ffffffff'],
      ['int64', '-9223372036854775808', '0000000000000080'],
      ['int64', -4294967295, '01000000ffffffff'],
      ['uint64', 4294967295n, 'ffffffff00000000', 4294967295],
      ['uint64', 4294967296, '0000000001000000', '4294967296'],
      ['int128', '-1', 'ff'.repeat(16), -1],
      ['uint128', '340282366920938463463374607431768211455', 'ff'.repeat(16)],
      ['varuint32', 300, 'ac02'],
      ['varint32', -1, '01'],
      ['varint32', 2147483647, 'feffffff0f'],
      ['varint32', -2147483648, 'ffffffff0f'],
      ['float32', 0.5, '0000003f'],
      ['float64', -0.5, '000000000000e0bf'],
      ['float128', zeros(16), zeros(16)],
      ['time_point', '2000-01-01T00:00:00.001', 'e8e3373b015d0300'],
      ['time_point_sec', '2000-01-01T00:00:01', '81436d38'],
      ['block_timestamp_type', '2000-01-01T00:00:00.500', '01000000'],
      ['name', 'eosio', '0000000000ea3055'],
      ['bytes', 'FF00', '02ff00', 'ff00'],
      ['bytes', Uint8Array.of(1), '0101', '01'],
      ['string', 'é', '02c3a9'],
      ['checksum160', zeros(20), zeros(20)],
      ['checksum256', zeros(32), zeros(32)],
      ['checksum512', zeros(64), zeros(64)],
      ['public_key', 'EOS1111111111111111111111111111111114T1Anm', zeros(34)],
      ['signature', 'SIG_K1_111111111111111111111111111111111111111111111111111111111111111116uk5ne', zeros(66)],
      ['symbol', '4,SYS', '0453595300000000'],
      ['symbol_code', 'SYS', '5359530000000000'],
      ['asset', '-0.0001 SYS', 'ffffffffffffffff0453595300000000'],
      ['extended_asset', { quantity: '0 A', contract: 'a' }, `${zeros(8)}00410000000000000000000000000030`],
    ];
    for (const [type, value, hex, back = value] of cases) {
      expect(bytesToHex(serializeAbiData(abi, type, value as never)), type).toBe(hex);
      expect(parseAbiData(abi, type, hexToBytes(hex)), type).toEqual(back);
    }
  });

  it('values that do not fit their type', () => {
    const wrong: [string, unknown][] = [
      ['bool', 2],
      ['bool', 'true'],
      ['bool', null],
      ['uint8', -1],
      ['uint8', 256],
      ['uint8', 1.5],
      ['uint8', '1.0'],
      ['uint8', ' 1'],
      ['uint8', '0x1'],
      ['uint8', ''],
      ['uint8', true],
      ['uint8', Number.NaN],
      ['uint8', '01'],
      ['uint8', '-0'],
      ['int8', 128],
      ['int8', -129],
      ['uint64', 2 ** 53],
      ['uint64', '18446744073709551616'],
      ['uint64', 1n << 64n],
      ['int64', -(1n << 63n) - 1n],
      ['uint64', '9'.repeat(100_000)],
      ['varuint32', 2 ** 32],
      ['varint32', 2 ** 31],
      ['float64', '1'],
      ['float64', Number.NaN],
      ['float32', 1e39],
      ['name', 5],
      ['string', 5],
      ['bytes', 'f'],
      ['bytes', '0xff'],
      ['bytes', [255]],
      ['checksum256', '00'],
      ['checksum256', new Uint8Array(31)],
      ['public_key', null],
      ['asset', { amount: 1n }],
      ['time_point_sec', 0],
      ['time_point_sec', '2000-01-01T00:00:00.500'],
      ['time_point_sec', '2107-01-01T00:00:00'],
      ['block_timestamp_type', '2000-01-01T00:00:00.001'],
      ['extended_asset', { quantity: '0 A' }],
      ['extended_asset', '0 A'],
      ['name[]', 'eosio'],
      ['name[]', null],
      ['choice', 'x'],
      ['choice', ['uint16', 1]],
      ['choice', ['uint8']],
      ['act', []],
      ['act', null],
      ['act', 'x'],
      ['act', { ...data, more: 1 }],
      ['act', { ...data, pair: [1] }],
      ['act', { ...data, id: undefined }],
      ['act', Object.create(data)],
      ['uint8[2]', [1, 2, 3]],
    ];
    for (const [type, value] of wrong)
      expectCode(() => serializeAbiData(abi, type, value as never), 'ACTION_DATA_INVALID');
    const texts: [string, string, string][] = [
      ['name', 'Eosio', 'NAME_INVALID'],
      ['name', 'eosio.', 'NAME_INVALID'],
      ['asset', '1.0', 'ASSET_INVALID'],
      ['symbol', 'SYS', 'SYMBOL_INVALID'],
      ['symbol_code', 'sys', 'SYMBOL_INVALID'],
      ['time_point', 'now', 'TIME_INVALID'],
      ['public_key', 'EOS', 'KEY_INVALID'],
      ['signature', 'SIG', 'KEY_INVALID'],
      ['string', '\ud800', 'OUT_OF_RANGE'],
      ['block_timestamp_type', '1999-01-01T00:00:00', 'TIME_INVALID'],
      ['public_key', 'EOS1111111111111111111111111111111114T1Ann', 'KEY_CHECKSUM_MISMATCH'],
    ];
    for (const [type, value, code] of texts) expectCode(() => serializeAbiData(abi, type, value), code as never);
    expectCode(() => serializeAbiData(abi, 'nothing', 1), 'ABI_TYPE_UNKNOWN');
    expectCode(() => parseAbiData(abi, 'nothing', new Uint8Array()), 'ABI_TYPE_UNKNOWN');
  });

  it('bytes that no value has', () => {
    const wrong: [string, string, string][] = [
      ['bool', '02', 'MALFORMED'],
      ['uint8?', '0200', 'MALFORMED'],
      ['choice', '0200', 'MALFORMED'],
      ['varuint32', '8000', 'MALFORMED'],
      ['float32', '0000807f', 'MALFORMED'],
      ['float64', '000000000000f87f', 'MALFORMED'],
      ['time_point', '0100000000000000', 'MALFORMED'],
      ['time_point', 'ffffffffffffffff', 'MALFORMED'],
      ['time_point', '18fcffffffffffff', 'MALFORMED'],
      ['string', '01ff', 'MALFORMED'],
      ['bytes', '02ff', 'MALFORMED'],
      ['uint8[2]', '01', 'MALFORMED'],
      ['uint8[2]', '010203', 'MALFORMED'],
      ['symbol_code', '0000000000000000', 'SYMBOL_INVALID'],
      ['asset', '00000000000000400453595300000000', 'ASSET_INVALID'],
      ['public_key', '02', 'KEY_TYPE_UNSUPPORTED'],
    ];
    for (const [type, hex, code] of wrong) expectCode(() => parseAbiData(abi, type, hexToBytes(hex)), code as never);
  });

  it('an error says where', () => {
    const { message } = expectCode(
      () => serializeAbiData(abi, 'act', { ...data, who: ['eosio', 'X'] }),
      'NAME_INVALID',
    );
    expect(message).toBe('serializeAbiData.who[1]: expected characters of . 1-5 a-z, got "X" in "X" [NAME_INVALID]');
    const bytes = serializeAbiData(abi, 'act', data);
    const error = expectCode(() => parseAbiData(abi, 'act', bytes.fill(9, 25, 26)), 'MALFORMED');
    expect([error.where, error.offset]).toEqual(['parseAbiData.how', 25]);
  });

  it('types of themselves end, and few bytes do not hold many values', () => {
    const deep: Abi = abiFromJson(abiOf([struct('a', { x: 'a?' }), struct('e', {}), struct('l', { x: 'l[]' })]));
    let value: any = { x: null };
    for (let i = 0; i < 10; i++) value = { x: value };
    expect(parseAbiData(deep, 'a', serializeAbiData(deep, 'a', value))).toEqual(value);
    for (let i = 0; i < 100; i++) value = { x: value };
    expectCode(() => serializeAbiData(deep, 'a', value), 'ABI_INVALID');
    expectCode(() => parseAbiData(deep, 'a', new Uint8Array(1000).fill(1)), 'ABI_INVALID');
    const ring: any = {};
    ring.x = ring;
    expectCode(() => serializeAbiData(deep, 'a', ring), 'ABI_INVALID');
    for (const type of ['e[]', 'e[][]', 'l', 'e[999999]']) {
      const start = performance.now();
      expect(() => parseAbiData(deep, type, new Uint8Array(100_000).fill(0x7f))).toThrow(/MALFORMED|ABI_INVALID/);
      expect(performance.now() - start).toBeLessThan(1000);
    }
    // Packed ABIs are not judged, so that their types may be anything.
    const aliases = {
      ...deep,
      types: [
        { new_type_name: 'r', type: 'r' },
        { new_type_name: 's', type: 's[]' },
      ],
    };
    expectCode(() => parseAbiData(aliases, 'r', new Uint8Array(9)), 'ABI_INVALID');
    expectCode(() => parseAbiData(aliases, 's', new Uint8Array(99).fill(1)), 'ABI_INVALID');
    const based = {
      ...deep,
      structs: [
        { name: 'b', base: 'b', fields: [] },
        { name: 'c', base: 'name', fields: [] },
      ],
    };
    for (const type of ['b', 'c']) {
      expectCode(() => parseAbiData(based, type, new Uint8Array(9)), 'ABI_INVALID');
      expectCode(() => serializeAbiData(based, type, {}), 'ABI_INVALID');
    }
  });

  it('a field called __proto__ is a field', () => {
    const odd = { ...abi, structs: [{ name: 'p', base: '', fields: [{ name: '__proto__', type: 'uint8' }] }] };
    const value = parseAbiData(odd, 'p', Uint8Array.of(7)) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(serializeAbiData(odd, 'p', value as never)).toEqual(Uint8Array.of(7));
    expectCode(() => serializeAbiData(odd, 'p', {}), 'ACTION_DATA_INVALID');
  });
});

describe('actions of the boot', () => {
  it.skipIf(!hasShared)('have the fields of abi.json', () => {
    const contracts = readShared('eosio/abi.json');
    const accounts: [string, string][] = [
      ['eosio.system v1.8.3', 'eosio'],
      ['eosio.boot', 'eosio'],
      ['eosio.bios', 'eosio'],
      ['eosio.token', 'eosio.token'],
      ['eosio.msig', 'eosio.msig'],
    ];
    let count = 0;
    for (const [contract, account] of accounts) {
      const own = getContractAbi(account);
      const fieldsOf = (type: string) =>
        own.structs.find(({ name }) => name === type)?.fields.map(({ name, type: of }) => [name, of]);
      for (const [name, { fields }] of Object.entries<any>(contracts[contract].actions)) {
        expect(fieldsOf(own.actions.find((item) => item.name === name)?.type as string), `${contract} ${name}`).toEqual(
          fields,
        );
        count++;
      }
      for (const [name, fields] of Object.entries<any>(contracts[contract].structs))
        if (name !== 'transaction') expect(fieldsOf(name), `${contract} ${name}`).toEqual(fields);
        else expect(fieldsOf(name)?.slice(-3)).toEqual(fields);
    }
    expect(count).toBeGreaterThan(40);
  });

  it('are ABIs that nodes would use', () => {
    for (const account of ['eosio', 'eosio.token', 'eosio.msig', 'eosio.wrap']) {
      const own = getContractAbi(account);
      expect(abiFromJson(abiToJson(own))).toEqual(own);
      expect(parseAbi(serializeAbi(own))).toEqual(own);
    }
    expectCode(() => getContractAbi('eosio.rex'), 'ACTION_UNKNOWN');
    expectCode(() => getContractAbi('constructor'), 'ACTION_UNKNOWN');
    expectCode(() => serializeActionData('eosio', 'transfer', {}), 'ACTION_UNKNOWN');
    expectCode(() => parseActionData('eosio.token', 'toString', new Uint8Array()), 'ACTION_UNKNOWN');
    expect(() => getContractAbi(1 as never)).toThrow(TypeError);
  });

  it('the extra zeros of old lines are refused', () => {
    const args = ['eosio', '10000000000.0000 SYS'];
    expect(serializeActionData('eosio.token', 'create', args).length).toBe(24);
    const { message } = expectCode(
      () => serializeActionData('eosio.token', 'create', [...args, 0, 0, 0]),
      'ACTION_DATA_INVALID',
    );
    expect(message).toContain('the fields issuer, maximum_supply');
  });

  it('a proposal of a transaction, and its approval with a hash and without', () => {
    const trx = {
      expiration: '2020-01-01T00:00:00',
      ref_block_num: 1,
      ref_block_prefix: 2,
      max_net_usage_words: 3,
      max_cpu_usage_ms: 4,
      delay_sec: 5,
      context_free_actions: [],
      actions: [
        { account: 'eosio', name: 'setpriv', authorization: [{ actor: 'eosio', permission: 'active' }], data: '00' },
      ],
      transaction_extensions: [],
    };
    const proposal = { proposer: 'a', proposal_name: 'b', requested: [{ actor: 'c', permission: 'active' }], trx };
    expect(parseActionData('eosio.msig', 'propose', serializeActionData('eosio.msig', 'propose', proposal))).toEqual(
      proposal,
    );
    const level = { actor: 'c', permission: 'active' };
    for (const approval of [
      { proposer: 'a', proposal_name: 'b', level },
      { proposer: 'a', proposal_name: 'b', level, proposal_hash: '11'.repeat(32) },
    ]) {
      const bytes = serializeActionData('eosio.msig', 'approve', approval);
      expect(parseActionData('eosio.msig', 'approve', bytes)).toEqual(approval);
    }
    const authority = {
      threshold: 1,
      keys: [{ key: 'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV', weight: 1 }],
    };
    const schedule = [{ producer_name: 'a', authority: ['block_signing_authority_v0', authority] }];
    expect(parseActionData('eosio', 'setprods', serializeActionData('eosio', 'setprods', { schedule }))).toEqual({
      schedule,
    });
  });

  it('as records', () => {
    const made = buildAction({
      account: 'eosio',
      name: 'refund',
      authorization: [{ actor: 'a', permission: 'active' }],
      data: { owner: 'a' },
    });
    expect(parseAction(serializeAction(made))).toEqual(made);
    fc.assert(
      fc.property(action, (value) => {
        expect(parseAction(serializeAction(value))).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
    expectCode(
      () =>
        buildAction({
          account: 'eosio',
          name: 'refund',
          authorization: [{ actor: 'A', permission: 'active' }],
          data: { owner: 'a' },
        }),
      'NAME_INVALID',
    );
    expect(() =>
      buildAction({ account: 'eosio', name: 'refund', authorization: null as never, data: { owner: 'a' } }),
    ).toThrow(TypeError);
    expect(() => serializeAction({ ...made, data: '00' as never })).toThrow(TypeError);
  });
});
