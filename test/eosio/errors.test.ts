/** Every code of EOSIO has an input that gives it: a code that nothing gives is documentation of nothing. */
import {
  type AbiValue,
  type Anchor,
  abiFromJson,
  applyElectionActions,
  applyHeader,
  applyRecovered,
  assetFromText,
  type BlockHeader,
  type BootConfig,
  checkIncrementalMerkle,
  compareChains,
  computePublicKey,
  computeSigningContexts,
  computeSlot,
  createElection,
  createState,
  distributeFunds,
  type ElectionAction,
  EOSIO_ERROR_CODES,
  type EosioErrorCode,
  genesisFromJson,
  type NodesConfig,
  nameToValue,
  PoaError,
  parseHeader,
  parseHeaderExtensions,
  parseState,
  planBoot,
  planNodes,
  privateKeyToText,
  privateKeyToWif,
  publicKeyFromText,
  recoverHeader,
  recoverPublicKeyOf,
  type SignedHeader,
  type State,
  serializeAbiData,
  serializeActionData,
  serializeState,
  signatureFromText,
  signDigest,
  signedHeaderFromRpc,
  signedHeaderToRpc,
  symbolFromText,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { election, headers, now, stateAfterFour } from '../../examples/eosio-chain-sample.js';
import {
  blockSignature,
  blockSignatureDigest,
  genesisPrivateKey,
  genesisPublicKey,
  genesisText,
} from '../../examples/eosio-sample.js';
import { SCRIPT_BOOT, SEED_BOOT, SEED_KEYS } from '../support/boot.js';
import {
  claimOf,
  extensionsOf,
  firstState,
  pretendRecovered,
  privateKeyOf,
  producersOf,
  publicKeyOf,
  signNext,
  signWith,
} from '../support/eosioChain.js';
import { expectCode } from '../support/errors.js';

/** What no text of an error may hold any part of. */
const SECRETS: readonly string[] = [
  genesisPrivateKey,
  '5K7EYY3j1YY14TSFVfqgtbWbrw3FA8BUUnSyFGgwHi8Uy61wU1o',
  'PVT_K1_2Hwxrbdw5y1oT3yTUPnoYmUeLDKwzKPkyPC26eC3qGqoY4YbWC',
  ...[privateKeyOf('eosio'), privateKeyOf('one')].flatMap((key) => [
    privateKeyToWif(key),
    privateKeyToText(key),
    Buffer.from(key.data).toString('hex'),
  ]),
];

/** The state after block 2 of a chain with one producer, `eosio`, and its next header. */
const first = firstState();
const state = applyHeader(first, signNext(first, { slot: first.slot + 1 }), { now });
const good = signNext(state, { slot: state.slot + 1 });
const [complete] = computeSigningContexts(state, [good]) as [SignedHeader];
const zero = new Uint8Array(32);
const rpc = signedHeaderToRpc(headers[0] as SignedHeader);
const genesisJson = JSON.parse(genesisText);
const stateBytes = serializeState(stateAfterFour);

/** Applies block 3 with changes, signed behind them. */
const apply = (changes: Partial<BlockHeader>, onto = state): unknown =>
  applyHeader(onto, signNext(state, { slot: state.slot + 1 }, changes), { now });

/** The state after block 100 of a chain under Savanna. */
const id = Uint8Array.from(zero);
id[3] = 100;
const savanna = createState({
  id,
  number: 100,
  slot: 1200,
  activeSchedule: { version: 7, producers: producersOf('one') },
  isSavanna: true,
  finality: {
    blocks: [{ slot: 1200, claim: { number: 99, isStrong: true } }],
    claimsFrom: 100,
    finalSlot: 1200,
    proposed: null,
    pending: null,
  },
} as Anchor);
const claims = (number: number): Partial<BlockHeader> => ({
  producer: 'one',
  headerExtensions: extensionsOf(claimOf(number, true)),
});
const applySavanna = (changes: Partial<BlockHeader>): unknown =>
  applyRecovered(savanna, pretendRecovered(savanna, [publicKeyOf('one')], changes), { now });

/** A producer of three keys, of which two have to sign, at its turn. */
const several = { ...state, activeSchedule: { version: 0, producers: severalKeys() } } as State;

function severalKeys(): State['activeSchedule']['producers'] {
  const keys = ['one', 'two', 'three'].map((name) => ({ key: publicKeyOf(name), weight: 1 }));
  return [{ producerName: 'eosio', authority: { threshold: 2, keys } }];
}
const signSeveral = (...names: string[]): unknown => {
  const header = parseHeader(good.header);
  const { blockroot, pendingScheduleHash } = complete;
  return applyHeader(several, signWith({ header, blockroot, pendingScheduleHash }, ...names), { now });
};

/** An election of two producers, a proxy and two voters. */
const key = publicKeyOf('key');
const time = Date.UTC(2018, 5, 9);
const register = (producer: string): ElectionAction => ({ type: 'regproducer', producer, producerKey: key });
const vote = (voter: string, producers: string[], proxy = ''): ElectionAction => ({
  type: 'voteproducer',
  voter,
  proxy,
  producers,
});
const elect = (actions: ElectionAction[], onto = createElection()): ReturnType<typeof createElection> =>
  applyElectionActions(
    onto,
    actions.map((action) => ({ time, action })),
  );
const voters = elect([
  register('proda'),
  register('prodb'),
  { type: 'stake', voter: 'a', change: 1000n },
  { type: 'stake', voter: 'b', change: 500n },
  { type: 'regproxy', proxy: 'proxy', isProxy: true },
  { type: 'stake', voter: 'proxy', change: 70n },
]);
const act = (...actions: ElectionAction[]): unknown => elect(actions, voters);

const boot = (changes: Partial<Record<keyof BootConfig, unknown>>, onto = SEED_BOOT): unknown =>
  planBoot({ ...onto, ...changes } as BootConfig);
const nodes = (...producers: NodesConfig['producers']): unknown => planNodes({ producers });
const [account, ...others] = SEED_BOOT.accounts as [(typeof SEED_BOOT.accounts)[0]];
const abi = abiFromJson({ version: 'eosio::abi/1.1' });

const inputs: Record<EosioErrorCode, () => unknown> = {
  MALFORMED: () => parseHeader(new Uint8Array(1)),
  OUT_OF_RANGE: () => computePublicKey({ curve: 'K1', data: new Uint8Array(31) }),
  JSON_INVALID: () => genesisFromJson({}),
  NAME_INVALID: () => nameToValue('x'.repeat(10_000)),
  SYMBOL_INVALID: () => symbolFromText(`4,${'S'.repeat(10_000)}`),
  ASSET_INVALID: () => assetFromText(`${'9'.repeat(10_000)} SYS`),
  TIME_INVALID: () => computeSlot(0),
  KEY_INVALID: () => publicKeyFromText(genesisPrivateKey),
  KEY_CHECKSUM_MISMATCH: () => publicKeyFromText(genesisPublicKey.replace('6', '7')),
  KEY_TYPE_UNSUPPORTED: () => computePublicKey({ ...privateKeyOf('one'), curve: 'R1' }),
  PUBLIC_KEY_INVALID: () =>
    genesisFromJson({ ...genesisJson, initial_key: 'EOS1111111111111111111111111111111114T1Anm' }),
  SECRET_KEY_INVALID: () => signDigest(zero, { curve: 'K1', data: zero }),
  SIGNATURE_INVALID: () =>
    recoverPublicKeyOf(blockSignatureDigest, {
      curve: 'K1',
      data: signatureFromText(blockSignature).data.map((byte, i) => (i === 0 ? 33 : byte)),
    }),
  SIGNATURE_NOT_CANONICAL: () =>
    recoverPublicKeyOf(zero, { curve: 'K1', data: new Uint8Array(65).fill(31).fill(0xff, 1) }),
  ABI_INVALID: () => abiFromJson({ version: 'eosio::abi/9.9' }),
  ABI_TYPE_UNKNOWN: () => serializeAbiData(abi, 'x'.repeat(10_000), null as unknown as AbiValue),
  ACTION_UNKNOWN: () => serializeActionData('eosio', 'transfer', {}),
  ACTION_DATA_INVALID: () => serializeActionData('eosio', 'setpriv', { account: 'eosio' }),
  GENESIS_INVALID: () =>
    genesisFromJson({
      ...genesisJson,
      initial_configuration: { ...genesisJson.initial_configuration, max_authority_depth: 0 },
    }),
  HEADER_EXTENSIONS_INVALID: () => parseHeaderExtensions([{ type: 3, data: new Uint8Array(1000) }]),
  MERKLE_INVALID: () => checkIncrementalMerkle({ nodeCount: 9n, activeNodes: [] }),

  PRODUCER_UNKNOWN: () => act(vote('a', ['nobody'])),
  PRODUCER_INACTIVE: () => act({ type: 'unregprod', producer: 'proda' }, vote('a', ['proda'])),
  PRODUCER_KEY_ZERO: () =>
    act({ type: 'regproducer', producer: 'prodc', producerKey: { curve: 'K1', data: new Uint8Array(33) } }),
  URL_TOO_LONG: () => act({ type: 'regproducer', producer: 'prodc', producerKey: key, url: 'x'.repeat(512) }),
  STAKE_NEGATIVE: () => elect([{ type: 'stake', voter: 'minnow', change: -10_001n }], election),
  STAKE_LOCKED: () => act({ type: 'stake', voter: 'a', change: -1n }),
  VOTER_UNKNOWN: () => act(vote('nobody', ['proda'])),
  VOTES_TOO_MANY: () => act(vote('a', Array(31).fill('proda'))),
  VOTES_UNSORTED: () => act(vote('a', ['prodb', 'proda'])),
  VOTE_AMBIGUOUS: () => act(vote('a', ['proda'], 'proxy')),
  PROXY_SELF: () => act(vote('proxy', [], 'proxy')),
  PROXY_UNKNOWN: () => act(vote('a', [], 'b')),
  PROXY_CHAINED: () => act(vote('proxy', [], 'b')),
  PROXY_UNCHANGED: () => act({ type: 'regproxy', proxy: 'proxy', isProxy: true }),
  ELECTION_INVALID: () => createElection({ voters: [...voters.voters, ...voters.voters] }),

  SCHEDULE_INVALID: () =>
    createState({ ...stateAfterFour, activeSchedule: { version: 0, producers: producersOf('one', 'one') } }),
  SIGNING_CONTEXT_MISSING: () => recoverHeader(good),
  BLOCKROOT_MISMATCH: () => applyHeader(state, { ...good, blockroot: zero }, { now }),
  PENDING_SCHEDULE_MISMATCH: () => applyHeader(state, { ...good, pendingScheduleHash: zero }, { now }),
  SIGNATURE_COUNT_MISMATCH: () => applyHeader(state, { ...good, signatures: [] }, { now }),
  PARENT_MISMATCH: () => applyHeader(first, good, { now }),
  // Only a state that lies about its number gets there.
  NUMBER_MISMATCH: () => applyHeader({ ...state, number: 7 }, good, { now }),
  TIMESTAMP_TOO_OLD: () => apply({ slot: state.slot }),
  TIMESTAMP_TOO_NEW: () => applyHeader(state, good, { now: 0 }),
  ERA_MISMATCH: () => apply({ scheduleVersion: 0x8000_0000 }),
  SCHEDULE_VERSION_MISMATCH: () => apply({ scheduleVersion: 1 }),
  PRODUCER_MISMATCH: () => apply({ producer: 'proda' }),
  CONFIRMED_TWICE: () => apply({ confirmed: 1 }),
  CONFIRMED_NOT_ZERO: () => applySavanna({ ...claims(100), confirmed: 1 }),
  SCHEDULE_UNEXPECTED: () => applySavanna({ ...claims(100), newProducers: { version: 8, producers: [] } }),
  SCHEDULE_FORM_MISMATCH: () =>
    apply({ newProducers: { version: 1, producers: [] } }, { ...state, hasAuthorities: true }),
  NEW_SCHEDULE_VERSION_MISMATCH: () =>
    apply({ newProducers: { version: 2, producers: [{ producerName: 'proda', blockSigningKey: key }] } }),
  QC_CLAIM_INVALID: () => applySavanna(claims(98)),
  KEY_DOUBLED: () => signSeveral('one', 'one'),
  KEY_UNEXPECTED: () => signSeveral('one', 'four'),
  KEY_WEIGHT_TOO_LOW: () => signSeveral('one'),
  CHAIN_ANCHOR_MISMATCH: () => compareChains(state, { ...state, anchorId: zero }),
  STATE_INVALID: () => createState({ ...stateAfterFour, number: 8 }),
  STATE_VERSION_UNSUPPORTED: () => parseState(stateBytes.map((byte, i) => (i === 7 ? 2 : byte))),
  STATE_CHECKSUM_MISMATCH: () => parseState(stateBytes.map((byte, i) => (i === 30 ? byte ^ 1 : byte))),
  BLOCK_ID_MISMATCH: () => signedHeaderFromRpc({ ...rpc, id: '00'.repeat(32) }),

  CONFIG_INVALID: () => boot({ sequence: 'x'.repeat(10_000) }),
  TEXT_UNSAFE: () => boot({ memo: `a\n${'b'.repeat(10_000)}` }),
  PRIVATE_KEY_GIVEN: () => boot({ memo: `to ${SECRETS.join(' ')}` }),
  ACCOUNT_NAME_INVALID: () => boot({ accounts: [...others, { name: 'accountnum1' }] }),
  NAME_TAKEN: () => boot({ accounts: [account, account] }),
  SYSTEM_ACCOUNT_MISSING: () => boot({ systemAccounts: ['eosio.msig'] }),
  GENESIS_KEY_MISMATCH: () => boot({ genesis: genesisJson, rootKey: SEED_KEYS.eosio }, SCRIPT_BOOT),
  PRODUCERS_MISSING: () => boot({ producers: [] }),
  PRODUCER_KEY_MISSING: () => boot({ producers: ['accountnum23'] }),
  CONTRACT_INVALID: () => boot({ contracts: { token: { code: new Uint8Array(10_000) } } }),
  FEATURE_INVALID: () => boot({ features: [{ feature: 'X', digest: 'f0'.repeat(31) }] }, SCRIPT_BOOT),
  AMOUNT_INVALID: () => boot({ issue: '0.0000 SYS' }),
  SYMBOL_MISMATCH: () => boot({ issue: '1000000000.0000 EOS' }),
  SUPPLY_EXCEEDED: () => boot({ issue: '10000000000.0001 SYS' }),
  WEIGHTS_INVALID: () => distributeFunds([0n, 0n], 1n),
  FUNDS_EXCEEDED: () => boot({ distribute: '999800000.0000 SYS' }),
  VOTE_INVALID: () => boot({ votes: [...SEED_BOOT.votes, ...SEED_BOOT.votes] }),
  ACTIVATION_UNREACHABLE: () => boot({ votes: [] }),
  TOPOLOGY_INVALID: () => planNodes({ producers: [], topology: { kind: 'x'.repeat(10_000) } as never }),
  PORT_TAKEN: () =>
    nodes(
      { name: 'proda', publicKey: genesisPublicKey, number: 5 },
      { name: 'prodb', publicKey: genesisPublicKey, number: 5 },
    ),
};

describe('EOSIO_ERROR_CODES', () => {
  it.each(Object.keys(inputs) as EosioErrorCode[])('%s', (code) => {
    const error = expectCode(inputs[code], code);
    expect(error).toBeInstanceOf(PoaError);
    expect(error.name).toBe('PoaError');
    expect(error.message).toBe(`${error.where}: expected ${error.expected}, got ${error.got} [${code}]`);
    for (const part of [error.where, error.expected, error.got]) expect(part).not.toBe('');
    expect(error.message.length).toBeLessThan(400);
    // 32 bytes in hex are 64 digits behind `0x`; nor is a word longer that was text.
    expect(error.message).not.toMatch(/[^\s,]{67}/);
    for (const secret of SECRETS)
      for (let at = 0; at + 8 <= secret.length; at++) expect(error.message).not.toContain(secret.slice(at, at + 8));
  });

  it.each(Object.entries(EOSIO_ERROR_CODES))('%s says what it means', (_, meaning) => {
    expect(meaning).toMatch(/^.{18,120}[^.]$/);
  });

  it('none is without an input', () => {
    expect(Object.keys(inputs).sort()).toEqual(Object.keys(EOSIO_ERROR_CODES).sort());
  });
});
