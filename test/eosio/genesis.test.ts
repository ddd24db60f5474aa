/** Genesis: the file, its bytes, and what no chain can begin with. */
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import {
  buildGenesisHeader,
  buildGenesisSchedule,
  checkGenesis,
  computeBlockId,
  computeChainId,
  type Genesis,
  genesisFromJson,
  genesisFromText,
  genesisToJson,
  parseGenesis,
  publicKeyToText,
  serializeGenesis,
  serializeHeader,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { genesisText } from '../../examples/eosio-sample.js';
import { runs } from '../support/arbitraries.js';
import { genesis } from '../support/eosioArbitraries.js';
import { expectCode } from '../support/errors.js';

const sample = genesisFromText(genesisText);
const json = JSON.parse(genesisText);
const withLimits = (limits: object): unknown => ({
  ...json,
  initial_configuration: { ...json.initial_configuration, ...limits },
});

describe('genesis', () => {
  it('goes to bytes, JSON and text and back', () => {
    fc.assert(
      fc.property(genesis, (value) => {
        checkGenesis(value);
        const bytes = serializeGenesis(value);
        expect(bytes.length).toBe(110);
        expect(parseGenesis(bytes)).toEqual(value);
        expect(genesisFromText(JSON.stringify(genesisToJson(value)))).toEqual(value);
      }),
      { numRuns: runs(40) },
    );
  });

  it('of the development chain gives the id and the block 1 that are known', () => {
    expect(bytesToHex(computeChainId(sample))).toBe('cf057bbfb72640471fd910bcb67639c22df9f92470936cddc1ade0e2f2e7dc4f');
    const id = computeBlockId(serializeHeader(buildGenesisHeader(sample)));
    expect(bytesToHex(id)).toBe('00000001bcf2f448225d099685f14da76803028926af04d2607eafcf609c265c');
    const [producer] = buildGenesisSchedule(sample).producers;
    expect(producer).toEqual({ producerName: 'eosio', blockSigningKey: sample.initialKey });
    expect(producer?.blockSigningKey.data).not.toBe(sample.initialKey.data);
  });

  it('takes both texts of a key, integers as text, and members that count for nothing', () => {
    const typed = publicKeyToText(sample.initialKey);
    const more = { ...json, initial_key: typed, initial_chain_id: '00', more: [] };
    expect(genesisFromJson(more)).toEqual(sample);
    expect(
      genesisFromJson(withLimits({ max_block_net_usage: '1048576', max_generated_transaction_count: 16 })),
    ).toEqual(sample);
    const wide = genesisFromJson(withLimits({ max_block_net_usage: '18446744073709551615' }));
    expect(wide.initialConfiguration.maxBlockNetUsage).toBe(2n ** 64n - 1n);
    expect(genesisFromJson(genesisToJson(wide))).toEqual(wide);
  });

  it('limits that contradict each other', () => {
    const limits: [object, object | undefined][] = [
      [{ target_block_net_usage_pct: 9 }, { target_block_net_usage_pct: 10 }],
      [{ target_block_net_usage_pct: 10001 }, { target_block_net_usage_pct: 10000 }],
      [{ target_block_cpu_usage_pct: 9 }, { target_block_cpu_usage_pct: 10 }],
      [{ target_block_cpu_usage_pct: 10001 }, { target_block_cpu_usage_pct: 10000 }],
      [{ max_transaction_net_usage: 1048576 }, { max_transaction_net_usage: 1048575 }],
      [{ max_block_net_usage: 524288 }, { max_block_net_usage: 524289 }],
      [{ max_transaction_net_usage: 10251 }, { max_transaction_net_usage: 10252 }],
      [{ max_transaction_net_usage: 0, base_per_transaction_net_usage: 0 }, undefined],
      [{ base_per_transaction_net_usage: 524288 - 10239 }, { base_per_transaction_net_usage: 524288 - 10240 }],
      [{ context_free_discount_net_usage_den: 0, context_free_discount_net_usage_num: 0 }, undefined],
      [{ context_free_discount_net_usage_num: 101 }, { context_free_discount_net_usage_num: 100 }],
      [
        { min_transaction_cpu_usage: 150001, max_block_cpu_usage: 4000000 },
        { min_transaction_cpu_usage: 150000, max_block_cpu_usage: 4000000 },
      ],
      [{ max_transaction_cpu_usage: 199900 }, { max_transaction_cpu_usage: 199899 }],
      [{ max_block_cpu_usage: 150100 }, { max_block_cpu_usage: 150101 }],
      [{ max_authority_depth: 0 }, { max_authority_depth: 1 }],
    ];
    for (const [wrong, right] of limits) {
      expectCode(() => genesisFromJson(withLimits(wrong)), 'GENESIS_INVALID');
      if (right !== undefined) genesisFromJson(withLimits(right));
    }
    const { message } = expectCode(() => genesisFromJson(withLimits({ max_authority_depth: 0 })), 'GENESIS_INVALID');
    expect(message).toBe(
      'genesisFromJson.initialConfiguration.maxAuthorityDepth: expected at least 1, got 0 [GENESIS_INVALID]',
    );
  });

  it('JSON that is none of a genesis', () => {
    for (const text of ['', '{', 'null', '[]', '1', '"x"', '{}', genesisText.slice(0, -1), `${genesisText}x`])
      expectCode(() => genesisFromText(text), 'JSON_INVALID');
    for (const name of Object.keys(json))
      expectCode(() => genesisFromJson({ ...json, [name]: undefined }), 'JSON_INVALID');
    for (const name of Object.keys(json.initial_configuration))
      for (const value of [undefined, null, -1, 0.5, 2 ** 64, '1.0', '0x1', '01', true, {}])
        expectCode(() => genesisFromJson(withLimits({ [name]: value })), 'JSON_INVALID');
    expectCode(() => genesisFromJson(withLimits({ max_authority_depth: 65536 })), 'JSON_INVALID');
    expectCode(() => genesisFromJson({ ...json, initial_timestamp: 'x' }), 'TIME_INVALID');
    expectCode(() => genesisFromJson({ ...json, initial_timestamp: '1999-12-31T23:59:59.999' }), 'TIME_INVALID');
    expectCode(() => genesisFromJson({ ...json, initial_key: 'x' }), 'KEY_INVALID');
    expectCode(
      () => genesisFromJson({ ...json, initial_key: `${json.initial_key.slice(0, -1)}W` }),
      'KEY_CHECKSUM_MISMATCH',
    );
    expectCode(
      () => genesisFromJson({ ...json, initial_key: 'EOS1111111111111111111111111111111114T1Anm' }),
      'PUBLIC_KEY_INVALID',
    );
    expect(() => genesisFromText(1 as never)).toThrow(TypeError);
  });

  it('bytes and records that are none of a genesis', () => {
    const bytes = serializeGenesis(sample);
    for (let end = 0; end < bytes.length; end++) expectCode(() => parseGenesis(bytes.subarray(0, end)), 'MALFORMED');
    expectCode(() => parseGenesis(Uint8Array.of(...bytes, 0)), 'MALFORMED');
    const changed = (at: number, value: number): Uint8Array =>
      Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte));
    expectCode(() => parseGenesis(changed(0, (bytes[0] as number) ^ 1)), 'MALFORMED');
    expectCode(() => parseGenesis(changed(7, 0x80)), 'MALFORMED');
    expectCode(() => parseGenesis(changed(8, 2)), 'KEY_TYPE_UNSUPPORTED');
    expectCode(() => parseGenesis(changed(9, 4)), 'PUBLIC_KEY_INVALID');
    expectCode(() => parseGenesis(changed(108, 0)), 'GENESIS_INVALID');
    const record = (initialConfiguration: object): Genesis => ({
      ...sample,
      initialConfiguration: { ...sample.initialConfiguration, ...initialConfiguration },
    });
    expectCode(() => serializeGenesis(record({ netUsageLeeway: 2 ** 32 })), 'OUT_OF_RANGE');
    expectCode(() => checkGenesis(record({ maxBlockNetUsage: 2n ** 64n })), 'OUT_OF_RANGE');
    expect(() => checkGenesis(record({ maxBlockNetUsage: 1 }))).toThrow(TypeError);
    expect(() => computeChainId(null as never)).toThrow(TypeError);
  });
});
