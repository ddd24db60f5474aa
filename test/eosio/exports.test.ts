/** Every function of `poa-primitives/eosio` with spoilt arguments: nothing but its own errors may come out, at once, and nothing that it was given may change. */

import fc from 'fast-check';
import { isPoaError } from 'poa-primitives';
import * as eosio from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import * as chain from '../../examples/eosio-chain-sample.js';
import * as sample from '../../examples/eosio-sample.js';
import { applyEdit, type Edit, edit } from '../ckb/adversarial/edits.js';
import { bytesIn, copy, isPlain, isSame, nodesOf, type Path, replaceAt } from '../ckb/adversarial/values.js';
import { runs } from '../support/arbitraries.js';
import { SCRIPT_BOOT, SEED_BOOT, WASM } from '../support/boot.js';
import { claimOf, extensionsOf, firstState, signNext } from '../support/eosioChain.js';

const { election, electedSchedule, now, privateKeys, recoverable, stateAfterFour, template } = chain;
const { packedHeader, packedTransaction, chainId, action } = sample;

const first = firstState();
const firstInput = signNext(first, { slot: first.slot + 1 });
const [input, ...inputs] = recoverable as [eosio.SignedHeader, ...eosio.SignedHeader[]];
/** What {@link chain.headers} begin with, and the state before each of them. */
const start = eosio.createState(eosio.createAnchor({ genesis: chain.genesis }));
const states = [start];
let last = start;
for (const header of chain.headers) {
  last = eosio.applyHeader(last, header, { now });
  states.push(last);
}
const recovered = recoverable.map(eosio.recoverHeader);
const headers = [
  eosio.parseHeader(packedHeader),
  eosio.parseHeader((chain.headers[2] as eosio.SignedHeader).header),
  {
    ...eosio.parseHeader(packedHeader),
    scheduleVersion: eosio.SAVANNA_BIT,
    headerExtensions: extensionsOf({ protocolFeatures: [new Uint8Array(32)], ...claimOf(7, true) }),
  },
];
const packedHeaders = headers.map(eosio.serializeHeader);

/** A state of Savanna in which a schedule waits. */
const savanna = makeSavanna();

function makeSavanna(): eosio.State {
  const id = new Uint8Array(32);
  id[3] = 100;
  return eosio.createState({
    id,
    number: 100,
    slot: 1200,
    activeSchedule: electedSchedule,
    isSavanna: true,
    finality: {
      blocks: [{ slot: 1200, claim: { number: 99, isStrong: true } }],
      claimsFrom: 100,
      finalSlot: 1200,
      proposed: { schedule: { ...electedSchedule, version: 2 }, slot: 1190 },
      pending: null,
    },
  });
}

const privateKey = privateKeys.eosio;
const publicKey = eosio.computePublicKey(privateKey);
const signature = eosio.signatureFromText(sample.blockSignature);
const digest = sample.blockSignatureDigest;
const tree = [1, 2, 3, 4, 5].reduce(
  (grown, i) => eosio.appendToMerkle(grown, eosio.sha256(Uint8Array.of(i))),
  eosio.createIncrementalMerkle(),
);
const symbol = { code: 'SYS', precision: 4 };
const asset = { amount: -10_000n, symbol };
const genesis = eosio.genesisFromText(sample.genesisText);
const legacySchedule = sample.producerSchedule;
const abi = eosio.getContractAbi('eosio.msig');
const schedules = { activeSchedule: electedSchedule, pendingSchedule: null };
const authority = {
  threshold: 1,
  keys: [{ key: sample.genesisPublicKey, weight: 1 }],
  accounts: [{ permission: { actor: 'eosio', permission: 'active' }, weight: 1 }],
  waits: [{ wait_sec: 1, weight: 1 }],
};
const account = { creator: 'eosio', name: 'accountnum11', owner: authority, active: authority };
const time = Date.UTC(2020, 0, 2);
const electionActions: eosio.ElectionAction[] = [
  { type: 'regproducer', producer: 'prode', producerKey: publicKey, url: 'https://e', location: 1 },
  {
    type: 'regproducer',
    producer: 'prode',
    producerKey: publicKey,
    authority: { threshold: 1, keys: [{ key: publicKey, weight: 1 }] },
  },
  { type: 'unregprod', producer: 'proda' },
  { type: 'stake', voter: 'minnow', change: -5n },
  { type: 'voteproducer', voter: 'whale', proxy: '', producers: ['proda', 'prodb'] },
  { type: 'regproxy', proxy: 'whale', isProxy: true },
];
const finality: eosio.FinalityExtension = {
  qcBlockNumber: 7,
  isQcStrong: true,
  newFinalizerPolicy: {
    generation: 1,
    threshold: 2n,
    finalizers: {
      removeIndexes: [0],
      insertIndexes: [{ index: 0, item: { description: 'one', weight: 1n, publicKey: new Uint8Array(96) } }],
    },
  },
  newProposerPolicy: {
    version: 2,
    proposalSlot: 7,
    producers: { removeIndexes: [], insertIndexes: [{ index: 0, item: electedSchedule.producers[0] as never }] },
  },
};
const extensions = { protocolFeatures: [new Uint8Array(32)], newSchedule: electedSchedule, finality };
const plans = [SEED_BOOT, { ...SCRIPT_BOOT, resign: true, claim: true }].map(eosio.planBoot);
/** One step of each kind and form. */
const steps = [
  ...new Map(
    plans.flatMap(({ steps }) =>
      steps.map((step): [string, eosio.BootStep] => [
        `${step.kind} ${step.actions.map(({ name }) => name).join(' ')}`,
        step,
      ]),
    ),
  ).values(),
];
const nodes: eosio.NodesConfig = {
  sequence: 'script',
  bootKey: sample.genesisPublicKey,
  producers: ['proda', 'prodb'].map((name, i) => ({
    name,
    publicKey: sample.genesisPublicKey,
    number: i + 3,
    host: name,
  })),
  topology: { kind: 'star', hub: 1 },
  directory: '/nodes',
  genesis: '/g/genesis.json',
  keyOption: 'signature-provider',
  includeBootNode: true,
  httpBase: 8_000,
  p2pBase: 9_000,
};

interface Target {
  /** Calls that are taken. */
  readonly calls: readonly (readonly unknown[])[];
  /** Positions of arguments that only the library makes, and whose members it trusts. */
  readonly trusted?: readonly (number | string)[];
  /** Positions of arguments that may be left out. */
  readonly optional?: readonly number[];
  /** Positions of arguments that may be anything, and of JSON, which is never of a wrong type. */
  readonly any?: readonly number[];
  /** Throws what was returned as an error. */
  readonly unwrap?: true;
  /** Calls take so long that fewer are made. */
  readonly isSlow?: true;
}

/** Takes one argument, which was made by others. */
const takes = (...values: readonly unknown[]): Target => ({ calls: values.map((value) => [value]) });
const takesJson = (...values: readonly unknown[]): Target => ({ ...takes(...values), any: [0] });
const slow = (target: Target): Target => ({ ...target, isSlow: true });

const TARGETS: Record<string, Target> = {
  isPoaError: { calls: [[new Error('x'), 'MALFORMED']], any: [0, 1] },

  planBoot: slow(takes(SEED_BOOT, SCRIPT_BOOT)),
  planNodes: slow(takes(nodes)),
  renderCleos: { ...takes(...steps), trusted: [0] },
  listFeatures: takes('script', 'spring'),
  listPhases: takes('manual', 'script'),
  computePeers: {
    calls: [
      [5, { kind: 'star', hub: 1 }],
      [6, { kind: 'regular', degree: 3 }],
    ],
  },
  computeParetoWeights: takes(7),
  drawParetoWeights: { calls: [[7, () => 0.5]] },
  distributeFunds: { calls: [[[3n, 2n, 1n], 100n]] },
  allocateFunds: takes({
    weights: [3, 2.5, 1],
    tokens: 1000,
    unitsPerToken: 100,
    firstProducer: 1,
    producerCount: 1,
    minProducerFunds: 5n,
  }),
  computeStakeSplit: {
    calls: [[110_007n, { ramFunds: 1n, minStake: 2n, maxUnstaked: 3n }]],
    optional: [1],
  },
  drawVotes: takes({ voters: ['alice'], producers: ['proda', 'prodb', 'prodc'], random: () => 0, count: 2 }),

  createAnchor: takes(
    { genesis },
    {
      header: packedHeaders[0],
      activeSchedule: electedSchedule,
      pendingSchedule: null,
      pendingScheduleHash: digest,
      blockroot: null,
      lastImplied: [],
      hasAuthorities: true,
    },
  ),
  createState: takes(...states.slice(3), savanna),
  serializeState: takes(...states.slice(3), savanna),
  parseState: takes(eosio.serializeState(stateAfterFour), eosio.serializeState(savanna)),
  applyHeader: slow({
    calls: [
      [first, firstInput, { now }],
      [start, input, { now }],
    ],
    trusted: [0],
  }),
  tryApplyHeader: slow({ calls: [[start, input, { now }]], trusted: [0], unwrap: true }),
  applyHeaders: slow({
    calls: [[start, [input, ...inputs.slice(0, 3)], { now, onProgress: () => {} }]],
    trusted: [0],
    unwrap: true,
  }),
  applyRecovered: { calls: recovered.map((one, i) => [states[i], one, { now }]), trusted: [0, 1] },
  computeSigningContexts: { calls: [[start, chain.headers]], trusted: [0] },
  compareChains: { calls: [[start, last]], trusted: [0, 1] },
  findEquivocation: slow({ calls: [[input, inputs[0]]] }),
  inspectHeader: slow({
    calls: [
      [input, { state: start, now }],
      [inputs[3], { now }],
    ],
    trusted: ['1.state'],
  }),
  planHeader: {
    calls: [
      [
        stateAfterFour,
        {
          slot: stateAfterFour.slot + 1,
          transactionMroot: digest,
          actionMroot: digest,
          confirmed: 0,
          proposal: { number: 3, producers: electedSchedule.producers },
          protocolFeatures: [digest],
        },
      ],
    ],
    trusted: [0],
  },

  scheduleFromRpc: takesJson(eosio.scheduleToRpc(electedSchedule), {
    version: 1,
    producers: [{ producer_name: 'proda', block_signing_key: sample.genesisPublicKey }],
  }),
  scheduleToRpc: takes(electedSchedule),
  signedHeaderFromRpc: takesJson(...chain.headers.slice(0, 3).map(eosio.signedHeaderToRpc)),
  signedHeaderToRpc: takes(...chain.headers.slice(0, 3)),
  anchorFromRpc: takesJson(chain.headerState),
  electionFromRpc: {
    calls: [
      [
        {
          global: eosio.globalToRpc(election),
          producers: eosio.producersToRpc(election.producers),
          voters: eosio.votersToRpc(election.voters),
        },
        1n,
      ],
    ],
    optional: [1],
    any: [0],
  },
  globalToRpc: takes(election),
  producersFromRpc: takesJson(eosio.producersToRpc(election.producers)),
  producersToRpc: takes(election.producers),
  votersFromRpc: takesJson(eosio.votersToRpc(election.voters)),
  votersToRpc: takes(election.voters),

  applyElectionAction: { calls: electionActions.map((one) => [election, one, time]), trusted: [0] },
  applyElectionActions: {
    calls: [[election, electionActions.slice(0, 3).map((one) => ({ time, action: one }))]],
    trusted: [0],
  },
  computeActivationStake: takes(10_000_000_000_000n),
  applyElection: { calls: [[election, 1_300_000_000, schedules, false]], trusted: [0, 2] },
  computeElection: { ...takes(election), trusted: [0] },
  createElection: { ...takes(election), optional: [0] },
  explainProducer: {
    calls: [[election, 'proda', { schedules, isWaiting: true, slot: 1_300_000_000, time }]],
    trusted: [0, '2.schedules'],
    optional: [2],
  },
  computeNextSlot: { calls: [[electedSchedule, 'prodb', 77]] },
  computeProducerIndex: { calls: [[77, 3]] },
  computeScheduledProducer: { calls: [[electedSchedule, 77]] },
  findMissedSlots: { calls: [[electedSchedule, 77, 200]] },
  computeTally: { ...takes(election), trusted: [0] },
  computeVoteDecay: { calls: [[time - 1e9, time]] },
  computeVoteFactor: takes(time),
  computeVoteWeek: takes(time),
  computeVoteWeight: { calls: [[10_000n, time]] },

  parseAbi: takes(eosio.serializeAbi(abi)),
  serializeAbi: takes(abi),
  parseAbiData: {
    calls: [[eosio.getContractAbi('eosio'), 'newaccount', eosio.serializeActionData('eosio', 'newaccount', account)]],
    trusted: [0],
  },
  serializeAbiData: { calls: [[eosio.getContractAbi('eosio'), 'newaccount', account]], trusted: [0], any: [2] },
  abiFromJson: takesJson(eosio.abiToJson(abi)),
  abiToJson: takes(abi),
  buildAction: takes({
    account: 'eosio',
    name: 'setpriv',
    authorization: [{ actor: 'eosio', permission: 'active' }],
    data: { account: 'eosio.msig', is_priv: 1 },
  }),
  parseAction: takes(eosio.serializeAction(action)),
  serializeAction: takes(action),
  parseActionData: { calls: [['eosio', 'newaccount', eosio.serializeActionData('eosio', 'newaccount', account)]] },
  serializeActionData: { calls: [['eosio', 'newaccount', account]], any: [2] },

  assetFromText: takes('-1.0000 SYS'),
  assetToText: takes(asset),
  parseAsset: takes(eosio.serializeAsset(asset)),
  serializeAsset: takes(asset),
  symbolFromText: takes('4,SYS'),
  symbolToText: takes(symbol),
  parseSymbol: takes(eosio.serializeSymbol(symbol)),
  serializeSymbol: takes(symbol),
  getContractAbi: takes('eosio', 'eosio.token'),

  buildGenesisHeader: takes(genesis),
  buildGenesisSchedule: takes(genesis),
  checkGenesis: takes(genesis),
  computeChainId: takes(genesis),
  parseGenesis: takes(eosio.serializeGenesis(genesis)),
  serializeGenesis: takes(genesis),
  genesisFromJson: takesJson(JSON.parse(sample.genesisText)),
  genesisFromText: takes(sample.genesisText),
  genesisToJson: takes(genesis),

  sha256: { calls: [[digest, packedHeader]], optional: [0, 1] },
  computeBlockId: takes(...packedHeaders),
  computeBlockNumber: takes(digest),
  computeHeaderDigest: takes(...packedHeaders),
  computeProducerDigest: { calls: [[digest, sample.blockRoot, sample.scheduleHash]] },
  isSavannaHeader: takes(...headers),
  parseHeader: takes(...packedHeaders),
  serializeHeader: takes(...headers),
  parseHeaderExtensions: takes(eosio.serializeHeaderExtensions(extensions)),
  serializeHeaderExtensions: takes(extensions),

  checkPublicKey: takes(publicKey),
  isSameKey: { calls: [[publicKey, publicKey]] },
  parsePublicKey: takes(eosio.serializePublicKey(publicKey)),
  publicKeyFromText: takes(sample.genesisPublicKey, eosio.publicKeyToText(publicKey)),
  publicKeyToLegacyText: takes(publicKey),
  publicKeyToText: takes(publicKey),
  serializePublicKey: takes(publicKey),
  computePublicKey: slow(takes(privateKey)),
  privateKeyFromText: takes(sample.genesisPrivateKey, eosio.privateKeyToText(privateKey)),
  privateKeyToText: takes(privateKey),
  privateKeyToWif: takes(privateKey),
  isCanonicalSignature: takes(signature),
  parseSignature: takes(eosio.serializeSignature(signature)),
  parseSignatures: takes(eosio.serializeSignatures([signature, signature])),
  serializeSignature: takes(signature),
  serializeSignatures: takes([signature, signature]),
  signatureFromText: takes(sample.blockSignature),
  signatureToText: takes(signature),
  recoverPublicKeyOf: slow({ calls: [[digest, signature]] }),
  signDigest: slow({ calls: [[digest, privateKey]] }),

  appendToMerkle: { calls: [[tree, digest]] },
  checkIncrementalMerkle: takes(tree),
  computeIncrementalRoot: takes(tree),
  computeMerkleRoot: takes([digest, chainId, digest]),
  createIncrementalMerkle: { calls: [[]] },
  parseIncrementalMerkle: takes(eosio.serializeIncrementalMerkle(tree)),
  serializeIncrementalMerkle: takes(tree),

  compareNames: { calls: [['eosio', 'eosio.msig']] },
  computeNamePrefix: takes('a.b.c'),
  computeNameSuffix: takes('a.b.c'),
  isAccountName: takes('accountnum11'),
  nameFromValue: takes(6138663577826885632n),
  nameToValue: takes('eosio'),
  parseName: takes(eosio.serializeName('eosio')),
  serializeName: takes('eosio'),

  computeProducerAuthorityScheduleHash: takes(electedSchedule),
  computeProducerScheduleHash: takes(legacySchedule),
  parseProducerAuthoritySchedule: takes(eosio.serializeProducerAuthoritySchedule(electedSchedule)),
  parseProducerSchedule: takes(eosio.serializeProducerSchedule(legacySchedule)),
  serializeProducerAuthoritySchedule: takes(electedSchedule),
  serializeProducerSchedule: takes(legacySchedule),
  toAuthoritySchedule: takes(legacySchedule),

  computeSlot: takes(time),
  computeSlotTime: takes(1_300_000_000),
  timeFromText: takes('2020-01-01T00:00:00.500'),
  timeToText: takes(time),

  computeBlockReference: takes(digest),
  computeSigningDigest: { calls: [[chainId, packedTransaction, [WASM]]], optional: [2] },
  computeTransactionId: takes(packedTransaction),
  parseTransaction: takes(packedTransaction),
  serializeTransaction: takes(eosio.parseTransaction(packedTransaction)),
  signTransaction: slow({ calls: [[chainId, packedTransaction, privateKey, [WASM]]], optional: [3] }),

  recoverHeader: slow(takes(input, inputs[1])),
  prepareHeader: takes(template),
  sealHeader: slow({ calls: [[eosio.prepareHeader(template), input.signatures]] }),
  signHeader: slow({ calls: [[template, [privateKey]]] }),
};

const names = Object.keys(TARGETS);

it('no function is forgotten', () => {
  const functions = Object.entries(eosio)
    .filter(([name, value]) => typeof value === 'function' && name !== 'PoaError')
    .map(([name]) => name);
  expect(names.sort()).toEqual(functions.sort());
});

/** Objects and arrays inside that cannot change, so that a write to one would be an error of the engine. */
function freeze<T>(value: T): T {
  for (const { value: inner } of nodesOf(value)) if (isPlain(inner)) Object.freeze(inner);
  return value;
}
for (const { calls } of Object.values(TARGETS)) freeze(calls);

const OWN_TYPE_ERROR = /^[\w.[\]() +"]+: expected .+, got .*$/s;

/** Runs a function; throws for what no function may do, and tells the outcome. */
function judge(name: string, target: Target, args: readonly unknown[], given = bytesIn(args)): string {
  const before = given.map((bytes) => Uint8Array.from(bytes));
  let outcome = attempt(name, target, args);
  // A pause of the machine is no fault of the function: only what is slow twice is slow.
  if (outcome.took > 1_000) outcome = attempt(name, target, args);
  if (outcome.took > 1_000) throw new Error(`took ${Math.round(outcome.took)} ms`);
  given.forEach((bytes, i) => {
    if (!isSame(bytes, before[i])) throw new Error('changed the bytes of an argument');
  });
  const { error } = outcome;
  if (error === undefined) return 'taken';
  if (isPoaError(error)) {
    if (error.message.length >= 600)
      throw new Error(`a message of ${error.message.length} characters`, { cause: error });
    for (const text of [error.where, error.expected, error.got])
      if (typeof text !== 'string' || text === '') throw new Error(`an empty part in: ${error.message}`);
    return error.code;
  }
  if (error instanceof TypeError && OWN_TYPE_ERROR.test(error.message) && error.message.length < 400)
    return 'TypeError';
  throw error;
}

function attempt(name: string, { unwrap }: Target, args: readonly unknown[]): { took: number; error?: unknown } {
  const start = performance.now();
  try {
    const result = (eosio as any)[name](...args);
    if (unwrap && !result.ok) throw result.error;
    return { took: performance.now() - start };
  } catch (error) {
    return { took: performance.now() - start, error };
  }
}

function judgeNamed(name: string, target: Target, args: readonly unknown[], given: Uint8Array[], what: string): string {
  try {
    return judge(name, target, args, given);
  } catch (cause) {
    throw new Error(`${name}, ${what}: ${cause}`, { cause });
  }
}

const sparse: unknown[] = [];
sparse[3] = 'eosio';
const vast: unknown[] = [];
vast.length = 2 ** 32 - 1;
const nested = (open: string, close: string): unknown => JSON.parse(`${open.repeat(10_000)}0${close.repeat(10_000)}`);
const circle: Record<string, unknown> = {};
circle.circle = circle;

/** Whatever may stand in JSON or in a variable. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  0.5,
  255,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0n,
  -1n,
  2n ** 63n,
  2n ** 64n,
  2n ** 5000n,
  '',
  ' ',
  '0',
  '-0',
  '1e3',
  '9'.repeat(50),
  '9'.repeat(200_000),
  'eosio',
  'prodb',
  'a.',
  '__proto__',
  'constructor',
  'toString',
  '1.0000 SYS',
  '2020-01-01T00:00:00',
  'ab'.repeat(32),
  'AB'.repeat(32),
  sample.genesisPublicKey,
  sample.blockSignature,
  '\ud800',
  '\udc00'.repeat(66),
  '\u0000',
  'x'.repeat(1_000_000),
  '[]'.repeat(100_000),
  [],
  {},
  [[]],
  [null],
  [undefined],
  sparse,
  vast,
  nested('[', ']'),
  nested('{"a":', '}'),
  circle,
  JSON.parse('{"__proto__":{"version":1}}'),
  JSON.parse('{"length":4294967295}'),
  JSON.parse('{"constructor":{"name":{"toString":1}}}'),
  JSON.parse('{"hasOwnProperty":1,"toString":1,"valueOf":1,"toJSON":1}'),
  Object.create(null),
  new Uint8Array(),
  new Uint8Array(32),
  new Uint8Array(33),
  new Uint8Array(1_000_000),
  new Uint16Array(4),
  new ArrayBuffer(32),
  new Map(),
  new Date(0),
  () => Number.NaN,
  () => 'x',
  Symbol('symbol'),
];

/** Values of other types than the argument has. */
function wrongTypesFor(value: unknown): unknown[] {
  const all = [
    undefined,
    null,
    7,
    7n,
    true,
    'eosio',
    '',
    [],
    {},
    new Uint8Array(32),
    new Uint16Array(16),
    () => 1,
    Symbol('x'),
  ];
  return all.filter((other) => {
    if (value instanceof Uint8Array) return !(other instanceof Uint8Array);
    // A text is a sequence of nothing where any sequence is taken.
    if (Array.isArray(value)) return !Array.isArray(other) && other !== '';
    // Any other object may be one whose members are left out.
    if (isPlain(value) && !Array.isArray(value))
      return typeof other !== 'object' || other === null || Array.isArray(other);
    return typeof other !== typeof value;
  });
}

/** A number of places and values that are looked at: all of them in a long run. */
function* sampled(count: number, most: number): Generator<number> {
  let step = Math.max(1, Math.floor(count / most));
  // Without a common factor every place sees other values.
  while (step > 1 && HOSTILE.length % step === 0) step++;
  for (let i = 0; i < count; i += step) yield i;
}

/** Text with a part of it changed; everything else as `applyEdit` does. */
function spoil(value: unknown, change: Edit): unknown {
  const texts = nodesOf(value).filter((node) => typeof node.value === 'string');
  if (texts.length === 0 || change.node % 2 === 0) return applyEdit(value, change);
  const { path, value: text } = texts[(change.node >> 1) % texts.length] as { path: Path; value: string };
  const at = change.at % (text.length + 1);
  const pieces = ['', '0', '1', '.', 'a', 'z', 'A', ' ', '-', '_', '\u0000', '\ud800', '１', 'ä', text];
  const piece = pieces[change.to % pieces.length] as string;
  return replaceAt(value, path, text.slice(0, at) + piece + text.slice(at + (change.size % 3)));
}

describe.each(Object.entries(TARGETS))('%s', (name, target) => {
  const { calls, trusted = [], optional = [], any = [], isSlow = false } = target;
  const isJudged = (path: Path): boolean => !trusted.some((place) => `${path.join('.')}.`.startsWith(`${place}.`));

  it('takes its calls, and gives nothing that shares memory with them', () => {
    for (const args of calls) {
      expect(judge(name, target, args)).toBe('taken');
      const mine = copy(args);
      const result: unknown = (eosio as any)[name](...mine);
      if (isPlain(result) && (result as { ok?: unknown }).ok === false) throw new Error('refused');
      const buffers = new Set(bytesIn(mine).map(({ buffer }) => buffer));
      const kept = copy(result);
      for (const { buffer } of bytesIn(result)) expect(buffers.has(buffer)).toBe(false);
      for (const bytes of bytesIn(mine)) bytes.fill(0xee);
      expect(isSame(result, kept) || typeof result === 'function').toBe(true);
    }
  });

  it('has an error of its own for an argument of a wrong type', () => {
    for (const args of calls.slice(0, 2))
      args.forEach((value, i) => {
        for (const wrong of wrongTypesFor(value)) {
          const outcome = judgeNamed(
            name,
            target,
            replaceAt(args, [i], wrong) as unknown[],
            bytesIn(args),
            `argument ${i}: ${String(wrong).slice(0, 20)}`,
          );
          if (any.includes(i) || (wrong === undefined && optional.includes(i))) continue;
          expect(outcome, `argument ${i}: ${String(wrong)}`).not.toBe('taken');
        }
      });
  });

  it('has nothing but errors of its own for any value anywhere', () => {
    const places = calls.flatMap((args) =>
      nodesOf(args)
        .filter(({ path }) => path.length > 0 && isJudged(path))
        .map(({ path }) => ({ args, path, given: bytesIn(args) })),
    );
    for (const i of sampled(places.length * HOSTILE.length, runs(isSlow ? 60 : 250))) {
      const { args, path, given } = places[Math.floor(i / HOSTILE.length)] as (typeof places)[0];
      const which = i % HOSTILE.length;
      const spoilt = replaceAt(args, path, HOSTILE[which]) as unknown[];
      judgeNamed(name, target, spoilt, given, `${path.join('.')} with value ${which}`);
    }
  });

  it.skipIf(calls[0]?.length === 0)('has nothing but errors of its own for arguments that were tampered with', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.array(edit, { minLength: 1, maxLength: 3 }), (which, position, changes) => {
        const args = calls[which % calls.length] as readonly unknown[];
        const judged = args
          .map((_, i) => i)
          .filter((i) => !trusted.some((place) => Number.parseInt(`${place}`, 10) === i));
        if (judged.length === 0) return;
        const at = judged[position % judged.length] as number;
        const spoilt = freeze(changes.reduce((value, change) => spoil(value, change), args[at]));
        judge(name, target, replaceAt(args, [at], spoilt) as unknown[]);
      }),
      { numRuns: runs(isSlow ? 15 : 30) },
    );
  });
});

describe('found by the above', () => {
  const hole: never[] = [];
  hole.length = 2 ** 32 - 1;
  const ownError = (act: () => unknown): void => expect(act).toThrow(/^[\w.[\]]+: expected .+, got .+$/);

  it.each<[string, () => unknown]>([
    ['scheduleFromRpc', () => eosio.scheduleFromRpc({ version: 1, producers: hole })],
    ['scheduleToRpc', () => eosio.scheduleToRpc({ version: 1, producers: hole })],
    ['producersToRpc', () => eosio.producersToRpc(hole)],
    ['votersToRpc', () => eosio.votersToRpc(hole)],
    ['createElection', () => eosio.createElection({ producers: hole })],
    [
      'buildAction',
      () =>
        eosio.buildAction({
          account: 'eosio',
          name: 'setpriv',
          authorization: hole,
          data: { account: 'a', is_priv: 1 },
        }),
    ],
    ['abiToJson', () => eosio.abiToJson({ ...abi, error_messages: hole })],
    ['signHeader', () => eosio.signHeader(template, hole)],
    [
      'planHeader',
      () =>
        eosio.planHeader(stateAfterFour, { slot: stateAfterFour.slot + 1, proposal: { number: 3, producers: hole } }),
    ],
    ['computeNextSlot', () => eosio.computeNextSlot({ version: 1, producers: hole }, 'proda', 1)],
  ])('%s stops at the first hole of a vast array', (_, act) => {
    const start = performance.now();
    ownError(act);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it.each<[string, () => unknown]>([
    ['sealHeader', () => eosio.sealHeader({ ...eosio.prepareHeader(template), header: null as never }, [])],
    ['prepareHeader', () => eosio.prepareHeader({ ...template, pendingScheduleHash: null as never })],
    [
      'planHeader',
      () => eosio.planHeader(stateAfterFour, { slot: stateAfterFour.slot + 1, protocolFeatures: null as never }),
    ],
    ['computeSigningContexts', () => eosio.computeSigningContexts(start, 7 as never)],
    [
      'serializeHeaderExtensions',
      () =>
        eosio.serializeHeaderExtensions({
          ...extensions,
          finality: { ...finality, newProposerPolicy: undefined as never },
        }),
    ],
    [
      'serializeHeaderExtensions of a flag',
      () => eosio.serializeHeaderExtensions({ ...extensions, finality: { ...finality, isQcStrong: 1 as never } }),
    ],
    ['applyElection', () => eosio.applyElection(election, 1, schedules, undefined as never)],
    ['globalToRpc', () => eosio.globalToRpc({ ...election, totalProducerVoteWeight: 'x' as never })],
    ['computeScheduledProducer', () => eosio.computeScheduledProducer({ version: 1, producers: [null as never] }, 1)],
  ])('%s says in its own words what is of a wrong type', (_, act) => ownError(act));

  it('what was signed and whose turn it is are copies', () => {
    const [one] = eosio.computeSigningContexts({ ...start, blockroot: null, pendingScheduleHash: null }, [input]);
    expect(one?.blockroot).toEqual(input.blockroot);
    expect(one?.blockroot).not.toBe(input.blockroot);
    const producer = eosio.computeScheduledProducer(electedSchedule, 77);
    expect(electedSchedule.producers).toContainEqual(producer);
    for (const other of electedSchedule.producers)
      expect(producer?.authority.keys[0]?.key.data).not.toBe(other.authority.keys[0]?.key.data);
  });
});
