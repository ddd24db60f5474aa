import fc from 'fast-check';
import {
  buildGenesis,
  computeGenesisAnchor,
  computeGenesisHash,
  computeGenesisHeader,
  computeHeaderHash,
  computeStateRoot,
  createState,
  type Genesis,
  type GenesisAccount,
  type GenesisRequest,
  genesisFromJson,
  genesisToJson,
  parseExtraData,
  parseGenesis,
  parseHeader,
  serializeGenesis,
  serializeHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { bytesOf, hash, runs, u64 } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const files = [
  'besu-acceptance-private',
  'goerli',
  'linea-mainnet',
  'mosaic-1405',
  'mosaic-1406',
  'mosaic-1414',
  'rinkeby',
];
const address = (byte: number): Uint8Array => new Uint8Array(20).fill(byte);
const clients = ['geth', 'besu'] as const;

const request: GenesisRequest = {
  chainId: 1405n,
  validators: [address(3), address(1), address(2)],
  timestamp: 0x5d416866n,
  period: 3,
  alloc: [{ address: address(9), balance: 10n ** 20n }],
};

/** A genesis file that is right, to be changed in one place at a time. */
const file = (): Record<string, any> => ({
  config: { chainId: 1405, homesteadBlock: 0, clique: { period: 3, epoch: 30000 } },
  nonce: '0x0',
  timestamp: '0x5d416866',
  extraData: `0x${'00'.repeat(32)}${'aa'.repeat(20)}${'00'.repeat(65)}`,
  gasLimit: '0x989680',
  difficulty: '0x1',
  alloc: { ['bb'.repeat(20)]: { balance: '0x10', storage: { '0x01': '0x02' }, code: '0x6001', nonce: '1' } },
});

/** The file with `value` at a path such as `config.chainId`; undefined takes the member away. */
function changed(path: string, value: unknown): Record<string, any> {
  const json = file();
  const names = path.split('.');
  const last = names.pop() as string;
  const parent = names.reduce((object, name) => object[name], json);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return json;
}

describe.skipIf(!hasShared)('the genesis files of public and private chains', () => {
  describe.each(files)('%s', (name) => {
    const { genesis: json, expect: want } = hasShared ? readShared(`clique/genesis/${name}.json`) : ({} as any);

    it('gives state root, header and hash', () => {
      const genesis = parseGenesis(JSON.stringify(json));
      expect(hex(computeStateRoot(genesis.alloc))).toBe(want.stateRoot);
      expect(hex(serializeHeader(computeGenesisHeader(genesis)))).toBe(want.rlp);
      expect(hex(computeGenesisHash(genesis))).toBe(want.hash);
    });

    it('gives signers and options', () => {
      const genesis = genesisFromJson(json);
      expect(genesis.signers.map(hex)).toEqual(want.signers);
      expect(hex(genesis.vanity)).toBe(want.vanity);
      expect([genesis.chainId, genesis.period, genesis.epoch]).toEqual([BigInt(want.chainId), want.period, want.epoch]);
      const state = createState(computeGenesisAnchor(genesis));
      expect(state.signers.map(hex)).toEqual(want.signers);
      expect(hex(state.hash)).toBe(want.hash);
    });

    it.each(clients)('is written and read again without a change, for %s', (client) => {
      const genesis = genesisFromJson(json);
      const text = serializeGenesis(genesis, { client });
      const again = parseGenesis(text);
      expect(again).toEqual({ ...genesis, createEmptyBlocks: true });
      expect(serializeGenesis(again, { client })).toBe(text);
      expect(hex(computeGenesisHash(again))).toBe(want.hash);
    });
  });
});

describe.skipIf(!hasShared)('the genesis headers among those of public chains', () => {
  it('are those that the files give', () => {
    const hashes = files.map((name) =>
      hex(computeGenesisHash(genesisFromJson(readShared(`clique/genesis/${name}.json`).genesis))),
    );
    const found = ['rinkeby', 'goerli', 'other']
      .flatMap((name): any[] => readShared(`clique/headers-${name}.json`))
      .filter(({ header, hash }) => header.number === '0x0' && hashes.includes(hash));
    expect(found.length).toBeGreaterThan(2);
    for (const { rlp, hash } of found) {
      const genesis = genesisFromJson(readShared(`clique/genesis/${files[hashes.indexOf(hash)]}.json`).genesis);
      expect(hex(serializeHeader(computeGenesisHeader(genesis)))).toBe(rlp);
    }
  });
});

describe('buildGenesis', () => {
  it('sorts the validators, whoever joined first', () => {
    const genesis = buildGenesis(request);
    expect(genesis.signers).toEqual([address(1), address(2), address(3)]);
    const header = computeGenesisHeader(genesis);
    expect(parseExtraData(header.extraData)).toEqual({
      vanity: new Uint8Array(32),
      signers: [address(1), address(2), address(3)],
      seal: new Uint8Array(65),
    });
    expect(header.difficulty).toBe(1n);
    expect(header.baseFeePerGas).toBe(null);
    expect(header.timestamp).toBe(0x5d416866n);
  });

  it('fills in what the request leaves out', () => {
    const genesis = buildGenesis({ chainId: 1n, validators: [address(1)], timestamp: 0n });
    expect([genesis.period, genesis.epoch, genesis.gasLimit]).toEqual([15, 30_000, 10_000_000n]);
    expect(genesis.forks).toEqual({
      homesteadBlock: 0n,
      eip150Block: 0n,
      eip155Block: 0n,
      eip158Block: 0n,
      byzantiumBlock: 0n,
      constantinopleBlock: 0n,
      petersburgBlock: 0n,
      istanbulBlock: 0n,
    });
  });

  it('gives a base fee where London is at block 0, and only there', () => {
    const london = { ...buildGenesis(request).forks, berlinBlock: 0n, londonBlock: 0n };
    expect(computeGenesisHeader(buildGenesis({ ...request, forks: london })).baseFeePerGas).toBe(1_000_000_000n);
    expect(computeGenesisHeader(buildGenesis({ ...request, forks: london, baseFeePerGas: 8n })).baseFeePerGas).toBe(8n);
    const later = { ...london, londonBlock: 1n };
    expect(computeGenesisHeader(buildGenesis({ ...request, forks: later })).baseFeePerGas).toBe(null);
    expectCode(() => buildGenesis({ ...request, forks: later, baseFeePerGas: 8n }), 'OUT_OF_RANGE');
  });

  it.each<[string, Partial<GenesisRequest>, Parameters<typeof expectCode>[1]]>([
    ['no validators', { validators: [] }, 'VALIDATORS_EMPTY'],
    ['a validator twice', { validators: [address(1), address(2), address(1)] }, 'VALIDATOR_DUPLICATE'],
    ['the zero address', { validators: [address(1), address(0)] }, 'VALIDATOR_ZERO'],
    ['an address of 19 bytes', { validators: [new Uint8Array(19)] }, 'OUT_OF_RANGE'],
    ['chain id 0', { chainId: 0n }, 'OUT_OF_RANGE'],
    ['a chain id that JSON cannot hold', { chainId: 2n ** 53n }, 'OUT_OF_RANGE'],
    ['epoch 0', { epoch: 0 }, 'OUT_OF_RANGE'],
    ['a period that is no integer', { period: 0.5 }, 'OUT_OF_RANGE'],
    ['a gas limit that no block can follow', { gasLimit: 4_999n }, 'OUT_OF_RANGE'],
    ['a gas limit above that of Clique', { gasLimit: 2n ** 63n }, 'OUT_OF_RANGE'],
    ['a timestamp of 65 bits', { timestamp: 2n ** 64n }, 'OUT_OF_RANGE'],
    ['a vanity of 31 bytes', { vanity: new Uint8Array(31) }, 'OUT_OF_RANGE'],
    [
      'an account twice',
      { alloc: [1n, 2n].map((balance) => ({ address: address(9), balance })) },
      'GENESIS_ALLOC_DUPLICATE',
    ],
    ['a fork before an earlier one', { forks: { homesteadBlock: 2n, eip150Block: 1n } }, 'GENESIS_FORKS_UNORDERED'],
    ['a fork without an earlier one', { forks: { londonBlock: 0n } }, 'GENESIS_FORKS_UNORDERED'],
  ])('refuses %s', (_, change, code) => {
    expectCode(() => buildGenesis({ ...request, ...change }), code);
  });

  it('takes forks without those that delay the bomb, and in order with them', () => {
    const { forks } = buildGenesis(request);
    const london = { ...forks, berlinBlock: 5n, londonBlock: 5n };
    expect(buildGenesis({ ...request, forks: london }).forks).toEqual(london);
    expect(() => buildGenesis({ ...request, forks: { ...london, muirGlacierBlock: 5n } })).not.toThrow();
    expectCode(
      () => buildGenesis({ ...request, forks: { ...london, muirGlacierBlock: 6n } }),
      'GENESIS_FORKS_UNORDERED',
    );
    expectCode(
      () => buildGenesis({ ...request, forks: { ...london, grayGlacierBlock: 4n } }),
      'GENESIS_FORKS_UNORDERED',
    );
    expectCode(() => buildGenesis({ ...request, forks: { eip150Block: 0n } }), 'GENESIS_FORKS_UNORDERED');
  });

  it('refuses what is of another type', () => {
    expect(() => buildGenesis(null as never)).toThrow(TypeError);
    expect(() => buildGenesis({ ...request, validators: ['0x00'] as never })).toThrow(TypeError);
    expect(() => buildGenesis({ ...request, chainId: 1 as never })).toThrow(TypeError);
    expect(() => buildGenesis({ ...request, createEmptyBlocks: 1 as never })).toThrow(TypeError);
    expect(() => genesisToJson(buildGenesis(request), { client: 'parity' as never })).toThrow(TypeError);
    expect(() => parseGenesis({} as never)).toThrow(TypeError);
  });

  it('shares nothing with the request', () => {
    const validators = [address(1)];
    const alloc = [
      { address: address(9), balance: 1n, code: Uint8Array.of(1), storage: [{ key: hash32(1), value: hash32(2) }] },
    ];
    const genesis = buildGenesis({ ...request, validators, alloc });
    const before = serializeGenesis(genesis, { client: 'geth' });
    (validators[0] as Uint8Array).fill(7);
    (alloc[0] as (typeof alloc)[0]).address.fill(7);
    (alloc[0] as (typeof alloc)[0]).code.fill(7);
    (alloc[0] as (typeof alloc)[0]).storage[0]?.value.fill(7);
    expect(serializeGenesis(genesis, { client: 'geth' })).toBe(before);
  });
});

const hash32 = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

const account: fc.Arbitrary<GenesisAccount> = fc.record({
  address: bytesOf(20),
  balance: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  nonce: u64,
  code: fc.uint8Array({ maxLength: 20 }),
  storage: fc.uniqueArray(fc.record({ key: hash, value: hash }), { maxLength: 4, selector: ({ key }) => hex(key) }),
});
const requests: fc.Arbitrary<GenesisRequest> = fc.record({
  chainId: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
  validators: fc.uniqueArray(
    bytesOf(20).filter((item) => item.some((byte) => byte !== 0)),
    { minLength: 1, maxLength: 8, selector: hex },
  ),
  timestamp: u64,
  period: fc.integer({ min: 1 }),
  epoch: fc.integer({ min: 1 }),
  createEmptyBlocks: fc.boolean(),
  vanity: hash,
  alloc: fc.uniqueArray(account, { maxLength: 6, selector: (item) => hex(item.address) }),
});

describe('every validator by itself', () => {
  it('comes to the same file, byte for byte', () => {
    const shuffled = requests.chain((one) =>
      fc.record({
        one: fc.constant(one),
        validators: fc.shuffledSubarray([...one.validators], { minLength: one.validators.length }),
        alloc: fc.shuffledSubarray([...(one.alloc ?? [])], { minLength: one.alloc?.length ?? 0 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, fc.constantFrom(...clients), ({ one, validators, alloc }, client) => {
        const reversed = alloc.map((item) => ({ ...item, storage: [...(item.storage ?? [])].reverse() }));
        const other = buildGenesis({ ...one, validators, alloc: reversed });
        const genesis = buildGenesis(one);
        expect(serializeGenesis(other, { client })).toBe(serializeGenesis(genesis, { client }));
        expect(computeGenesisHash(other)).toEqual(computeGenesisHash(genesis));
      }),
      { numRuns: runs(60) },
    );
  });

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(...clients), (one, client) => {
        const genesis = buildGenesis(one);
        const text = serializeGenesis(genesis, { client });
        const expected = client === 'besu' ? genesis : { ...genesis, createEmptyBlocks: true };
        expect(parseGenesis(text)).toEqual(expected);
        expect(genesisToJson(genesis, { client })).toEqual(JSON.parse(text));
        expect(parseHeader(serializeHeader(computeGenesisHeader(genesis)))).toEqual(computeGenesisHeader(genesis));
      }),
      { numRuns: runs(60) },
    );
  });

  it('writes no file for besu with a period that it has not', () => {
    for (const period of [0, 2 ** 31]) {
      const genesis = buildGenesis({ ...request, period });
      expectCode(() => serializeGenesis(genesis, { client: 'besu' }), 'OUT_OF_RANGE');
      expect(parseGenesis(serializeGenesis(genesis, { client: 'geth' })).period).toBe(period);
    }
    const longest = buildGenesis({ ...request, period: 2 ** 31 - 1 });
    expect(parseGenesis(serializeGenesis(longest, { client: 'besu' }))).toEqual(longest);
  });

  it('writes the members in one order', () => {
    const text = serializeGenesis(buildGenesis({ ...request, chainId: 2n ** 53n - 1n }), { client: 'geth' });
    expect(text).toMatchInlineSnapshot(`
      "{
        "config": {
          "chainId": 9007199254740991,
          "homesteadBlock": 0,
          "eip150Block": 0,
          "eip155Block": 0,
          "eip158Block": 0,
          "byzantiumBlock": 0,
          "constantinopleBlock": 0,
          "petersburgBlock": 0,
          "istanbulBlock": 0,
          "clique": {
            "period": 3,
            "epoch": 30000
          }
        },
        "nonce": "0x0",
        "timestamp": "0x5d416866",
        "extraData": "0x00000000000000000000000000000000000000000000000000000000000000000101010101010101010101010101010101010101020202020202020202020202020202020202020203030303030303030303030303030303030303030000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "gasLimit": "0x989680",
        "difficulty": "0x1",
        "mixHash": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "coinbase": "0x0000000000000000000000000000000000000000",
        "alloc": {
          "0909090909090909090909090909090909090909": {
            "balance": "0x56bc75e2d63100000"
          }
        },
        "number": "0x0",
        "gasUsed": "0x0",
        "parentHash": "0x0000000000000000000000000000000000000000000000000000000000000000"
      }
      "
    `);
  });
});

describe('parseGenesis', () => {
  it('takes numbers as either client writes them', () => {
    const gasLimits = ['0x989680', '0X989680', '0x0000989680', '10000000', 10_000_000];
    for (const gasLimit of gasLimits) expect(genesisFromJson(changed('gasLimit', gasLimit)).gasLimit).toBe(10_000_000n);
    expect(genesisFromJson(changed('config.chainId', '0x57d')).chainId).toBe(1405n);
    expect(genesisFromJson(changed(`alloc.${'bb'.repeat(20)}.balance`, `${2n ** 256n - 1n}`)).alloc[0]?.balance).toBe(
      2n ** 256n - 1n,
    );
  });

  it('takes numbers of one digit without 0x where besu reads hex', () => {
    for (const value of ['9', 9, '0x9', '0x09']) {
      expect(genesisFromJson(changed('nonce', value)).nonce).toBe(9n);
      expect(genesisFromJson(changed('difficulty', value)).difficulty).toBe(9n);
      expect(genesisFromJson(changed(`alloc.${'bb'.repeat(20)}.nonce`, value)).alloc[0]?.nonce).toBe(9n);
    }
    expect(genesisFromJson(changed('nonce', '0x10')).nonce).toBe(16n);
  });

  it('fills in what go-ethereum fills in', () => {
    const genesis = genesisFromJson({
      config: { chainId: 1, londonBlock: 0, clique: {} },
      extraData: file().extraData,
      gasLimit: '0x0',
      difficulty: '1',
      alloc: {},
    });
    const header = computeGenesisHeader(genesis);
    expect(header.gasLimit).toBe(4_712_388n);
    expect(header.baseFeePerGas).toBe(1_000_000_000n);
    expect([header.nonce, header.timestamp, header.gasUsed]).toEqual([0n, 0n, 0n]);
    expect([genesis.period, genesis.epoch]).toEqual([0, 30_000]);
  });

  it('takes the base fee of the file, a base fee of 0 and one before London too', () => {
    const read = (londonBlock: number, baseFeePerGas: unknown): unknown => {
      const json = changed('baseFeePerGas', baseFeePerGas);
      json.config.londonBlock = londonBlock;
      return computeGenesisHeader(genesisFromJson(json)).baseFeePerGas;
    };
    expect([read(0, '0x0'), read(0, '7'), read(0, null)]).toEqual([0n, 7n, 1_000_000_000n]);
    expect([read(5, '7'), read(5, undefined)]).toEqual([7n, null]);
  });

  it('knows the options of Clique in both spellings', () => {
    const read = (clique: unknown): unknown[] => {
      const { period, epoch, createEmptyBlocks } = genesisFromJson(changed('config.clique', clique));
      return [period, epoch, createEmptyBlocks];
    };
    expect(read({ period: 3, epoch: 100 })).toEqual([3, 100, true]);
    expect(read({ period: 3, epoch: 0 })).toEqual([3, 30_000, true]);
    expect(read({ blockperiodseconds: 3, epochlength: 100, createemptyblocks: false })).toEqual([3, 100, false]);
    expect(read({ blockPeriodSeconds: 3, epochLength: 100 })).toEqual([3, 100, true]);
    expect(read({ createemptyblocks: false })).toEqual([15, 30_000, false]);
    expect(read({ epochlength: 7 })).toEqual([15, 7, true]);
    expect(read({ period: 3, epoch: 9, blockperiodseconds: 3, epochlength: 9 })).toEqual([3, 9, true]);
    expectCode(() => read({ period: 3, blockperiodseconds: 4 }), 'JSON_INVALID');
    expectCode(() => read({ epoch: 3, epochlength: 4 }), 'JSON_INVALID');
    expectCode(() => read({ epochlength: 0 }), 'JSON_INVALID');
    expectCode(() => read({ blockperiodseconds: 0 }), 'JSON_INVALID');
    expectCode(() => read({ period: -1 }), 'JSON_INVALID');
    expectCode(() => read({ period: 1.5 }), 'JSON_INVALID');
    expectCode(() => read({ createemptyblocks: 'yes' }), 'JSON_INVALID');
  });

  it('keeps signers as they stand in the file', () => {
    const list = ['cc', 'aa', 'cc'].map((byte) => byte.repeat(20)).join('');
    const json = changed('extraData', `0x${'00'.repeat(32)}${list}${'11'.repeat(65)}`);
    const genesis = genesisFromJson(json);
    expect(genesis.signers.map(hex)).toEqual(['cc', 'aa', 'cc'].map((byte) => `0x${byte.repeat(20)}`));
    expect(hex(computeGenesisHeader(genesis).extraData)).toBe(json.extraData);
    expect(createState(computeGenesisAnchor(genesis)).signers.length).toBe(2);
  });

  it('reads accounts with or without 0x, short words, and code without 0x', () => {
    const balance = '0x1';
    const { alloc } = genesisFromJson(
      changed('alloc', {
        [`0x${'CC'.repeat(20)}`]: { balance, storage: { '0x1': '02', '': `0x${'0'.repeat(64)}` } },
        ['aa'.repeat(20)]: { balance, code: '6001', comment: 'a contract' },
      }),
    );
    expect(alloc.map((item) => hex(item.address))).toEqual([`0x${'aa'.repeat(20)}`, `0x${'cc'.repeat(20)}`]);
    expect(alloc[0]?.code).toEqual(Uint8Array.of(0x60, 0x01));
    expect(alloc[1]?.storage?.map(({ key, value }) => [key[31], value[31]])).toEqual([
      [0, 0],
      [1, 2],
    ]);
  });

  it('leaves alone what does not change the genesis block', () => {
    const want = genesisFromJson(file());
    const json = file();
    Object.assign(json, { coinbase: null, comment: [[[]]], ['__proto__']: 1 });
    Object.assign(json.config, { terminalTotalDifficulty: 9, shanghaiTime: 2_000_000_000, trustedCheckpoint: {} });
    expect(genesisFromJson(json)).toEqual(want);
    expect(genesisFromJson(changed('config.shanghaiTime', 0))).toEqual(want);
  });

  it('refuses forks by time at genesis', () => {
    for (const name of ['shanghaiTime', 'cancunTime', 'pragueTime', 'osakaTime', 'verkleTime']) {
      const json = changed(`config.${name}`, 0x5d416866);
      json.config.londonBlock = 0;
      expectCode(() => genesisFromJson(json), 'GENESIS_FORK_UNSUPPORTED');
      json.config[name]++;
      expect(() => genesisFromJson(json)).not.toThrow();
    }
  });

  it.each<[string, unknown, Parameters<typeof expectCode>[1]]>([
    ['config', undefined, 'JSON_INVALID'],
    ['config', [], 'JSON_INVALID'],
    ['config.clique', undefined, 'GENESIS_NOT_CLIQUE'],
    ['config.clique', null, 'GENESIS_NOT_CLIQUE'],
    ['config.clique', 3, 'JSON_INVALID'],
    ['config.chainId', undefined, 'JSON_INVALID'],
    ['config.chainId', 0, 'JSON_INVALID'],
    ['config.chainId', 2 ** 53, 'JSON_INVALID'],
    ['config.londonBlock', -1, 'JSON_INVALID'],
    ['config.londonBlock', 'x', 'JSON_INVALID'],
    ['config.homesteadBlock', false, 'JSON_INVALID'],
    ['number', '0x1', 'GENESIS_NUMBER_NOT_ZERO'],
    ['gasLimit', undefined, 'JSON_INVALID'],
    ['gasLimit', '', 'JSON_INVALID'],
    ['gasLimit', '0x', 'JSON_INVALID'],
    ['gasLimit', '010', 'JSON_INVALID'],
    ['gasLimit', '-1', 'JSON_INVALID'],
    ['gasLimit', '1e3', 'JSON_INVALID'],
    ['gasLimit', '0b1', 'JSON_INVALID'],
    ['gasLimit', ' 1', 'JSON_INVALID'],
    ['gasLimit', `0x1${'0'.repeat(16)}`, 'JSON_INVALID'],
    ['GasLimit', '0x989680', 'JSON_INVALID'],
    ['nonce', '10', 'JSON_INVALID'],
    ['difficulty', 10, 'JSON_INVALID'],
    ['difficulty', '131072', 'JSON_INVALID'],
    [`alloc.${'bb'.repeat(20)}.nonce`, '10', 'JSON_INVALID'],
    ['difficulty', undefined, 'JSON_INVALID'],
    ['difficulty', `${2n ** 256n}`, 'JSON_INVALID'],
    ['alloc', undefined, 'JSON_INVALID'],
    ['alloc', [], 'JSON_INVALID'],
    ['alloc', { '0x01': { balance: '1' } }, 'JSON_INVALID'],
    ['alloc', { ['zz'.repeat(20)]: { balance: '1' } }, 'JSON_INVALID'],
    ['alloc', { ['aa'.repeat(20)]: null }, 'JSON_INVALID'],
    ['alloc', { ['aa'.repeat(20)]: {}, ['AA'.repeat(20)]: {} }, 'GENESIS_ALLOC_DUPLICATE'],
    ['alloc', { ['aa'.repeat(20)]: { storage: { '1': '0x1', '0x01': '0x1' } } }, 'GENESIS_ALLOC_DUPLICATE'],
    ['alloc', { ['aa'.repeat(20)]: { storage: { [`0x${'0'.repeat(65)}`]: '0x1' } } }, 'JSON_INVALID'],
    ['alloc', { ['aa'.repeat(20)]: { storage: { '0x1': 1 } } }, 'JSON_INVALID'],
    ['alloc', { ['aa'.repeat(20)]: { code: '0x1' } }, 'JSON_INVALID'],
    ['extraData', undefined, 'VANITY_MISSING'],
    ['extraData', `0x${'00'.repeat(96)}`, 'SEAL_MISSING'],
    ['extraData', `0x${'00'.repeat(97)}`, 'VALIDATORS_EMPTY'],
    ['extraData', `0x${'00'.repeat(98)}`, 'CHECKPOINT_SIGNERS_MALFORMED'],
    ['extraData', '00', 'JSON_INVALID'],
    ['mixHash', '0x00', 'JSON_INVALID'],
    ['coinbase', `${'00'.repeat(20)}`, 'JSON_INVALID'],
  ])('refuses %s of %j', (path, value, code) => {
    expectCode(() => genesisFromJson(changed(path, value)), code);
  });

  it('refuses a number of a million digits at once', () => {
    const error = expectCode(() => genesisFromJson(changed('gasLimit', '9'.repeat(1_000_000))), 'JSON_INVALID');
    expect(error.message.length).toBeLessThan(200);
  });

  it('refuses text that is no JSON, however deep', () => {
    for (const text of ['', '{', 'null', '[]', '1', '"x"', '{"config":', '\ufeff{}', `${'['.repeat(200_000)}`])
      expectCode(() => parseGenesis(text), 'JSON_INVALID');
    const deep = `{"config":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
    expectCode(() => parseGenesis(deep), 'GENESIS_NOT_CLIQUE');
  });

  it('lets nothing but a PoaError out for files with a flaw', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>('0x', '0x0', '', -1, 2 ** 53, 1e300, {}, [], null, '__proto__', 'x'.repeat(100)),
    );
    const paths = [...leaves(file())];
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, fc.boolean(), (path, value, whole) => {
        const name = whole ? (path.split('.')[0] as string) : path;
        try {
          const genesis = genesisFromJson(changed(name, value));
          expect(parseHeader(serializeHeader(computeGenesisHeader(genesis)))).toBeDefined();
        } catch (error) {
          expect((error as Error).name).toBe('PoaError');
        }
      }),
      { numRuns: runs(400) },
    );
    const text = JSON.stringify(file());
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, insert, cut) => {
        try {
          parseGenesis(text.slice(0, at) + insert + text.slice(at + cut));
        } catch (error) {
          expect((error as Error).name).toBe('PoaError');
        }
      }),
      { numRuns: runs(400) },
    );
  });
});

function* leaves(object: Record<string, any>, prefix = ''): Generator<string> {
  for (const [name, value] of Object.entries(object)) {
    yield prefix + name;
    if (typeof value === 'object') yield* leaves(value, `${prefix}${name}.`);
  }
}

describe('computeGenesisHash', () => {
  it('tells apart what the block holds, and not the options', () => {
    const genesis = buildGenesis(request);
    const changes: Partial<Genesis>[] = [
      { timestamp: 1n },
      { gasLimit: 5_000n },
      { nonce: 1n },
      { gasUsed: 1n },
      { difficulty: 2n },
      { baseFeePerGas: 1n },
      { vanity: hash32(1) },
      { mixHash: hash32(1) },
      { parentHash: hash32(1) },
      { beneficiary: address(1) },
      { signers: [address(1)] },
      { alloc: [] },
    ];
    const hashes = [{}, ...changes].map((change) => hex(computeGenesisHash({ ...genesis, ...change })));
    expect(new Set(hashes).size).toBe(changes.length + 1);
    expect(hex(computeGenesisHash({ ...genesis, period: 1, epoch: 2, chainId: 3n, createEmptyBlocks: false }))).toBe(
      hashes[0],
    );
  });

  it('refuses a record of the wrong sizes', () => {
    const genesis = buildGenesis(request);
    expectCode(() => computeGenesisHash({ ...genesis, mixHash: new Uint8Array(31) }), 'OUT_OF_RANGE');
    expectCode(() => computeGenesisHash({ ...genesis, timestamp: -1n }), 'OUT_OF_RANGE');
    expectCode(() => computeGenesisHash({ ...genesis, seal: new Uint8Array(64) }), 'OUT_OF_RANGE');
    expectCode(() => computeGenesisHash({ ...genesis, baseFeePerGas: 2n ** 256n }), 'OUT_OF_RANGE');
    expect(() => computeGenesisHash({ ...genesis, forks: undefined as never })).toThrow(TypeError);
    expect(() => computeGenesisHash({ ...genesis, forks: { londonBlock: 0 as never } })).toThrow(TypeError);
    expectCode(() => genesisToJson({ ...genesis, chainId: 0n }, { client: 'geth' }), 'OUT_OF_RANGE');
    expectCode(() => genesisToJson({ ...genesis, gasUsed: -1n }, { client: 'geth' }), 'OUT_OF_RANGE');
    expectCode(() => genesisToJson({ ...genesis, mixHash: new Uint8Array(31) }, { client: 'geth' }), 'OUT_OF_RANGE');
    expectCode(() => genesisToJson({ ...genesis, epoch: 0 }, { client: 'geth' }), 'OUT_OF_RANGE');
    expectCode(() => genesisToJson({ ...genesis, forks: { londonBlock: -1n } }, { client: 'geth' }), 'OUT_OF_RANGE');
    expect(computeGenesisAnchor(genesis).config).toEqual({ period: 3, epoch: 30_000, londonBlock: null });
    expect(computeHeaderHash(computeGenesisAnchor(genesis).header)).toEqual(computeGenesisHash(genesis));
  });
});
