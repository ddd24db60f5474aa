/**
 * `npx tsx examples/clique-bootstrap.ts`: from five validators to a running Clique network. Each makes the genesis by itself and
 * they compare hashes; each publishes where its node listens; with the quorum there, 50 blocks are sealed by the turn rules
 * while one sealer is down, and a sixth is voted in; a follower that has nothing but the genesis and RLP headers agrees with all of it.
 * The same lines every time. Exit code 1 if anybody disagrees.
 */

import { isDeepStrictEqual } from 'node:util';
import {
  applyEndpointLogs,
  applyHeader,
  applyHeaders,
  type BootState,
  buildGenesis,
  buildHeader,
  computeAddress,
  computeBootProgress,
  computeGenesisAnchor,
  computeGenesisHash,
  computeSignerLimit,
  createBootState,
  createState,
  type EndpointLog,
  type Genesis,
  isPoaError,
  keccak256,
  parsePublishEndpoint,
  planSeal,
  recoverSigner,
  type State,
  serializeEndpointLog,
  serializeEnode,
  serializeGenesis,
  serializePublishEndpoint,
  serializeStaticNodes,
  signHeader,
  type VoteRequest,
} from 'poa-primitives/clique';
import { makePublicKey, seededRandom } from './clique-kit.js';

const CHAIN_ID = 1405n;
const PERIOD = 3;
/** The origin block, in which the network opened: the one clock that all validators share. */
const ORIGIN_TIME = 1_578_441_600n;
const BLOCKS = 50;
/** The sealer who is down, and for which blocks. */
const DOWN = { name: 'Dan', from: 8, to: 33 };
/** From this block on the others vote a sixth in. */
const VOTE_FROM = 12;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const short = (bytes: Uint8Array): string => hex(bytes).slice(0, 10);

interface Validator {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly address: Uint8Array;
}

/** A key made from a name: for examples only. */
function makeValidator(name: string): Validator {
  const secretKey = keccak256(text(`clique bootstrap ${name}`));
  return { name, secretKey, address: computeAddress(secretKey) };
}

const validators = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'].map(makeValidator);
const newcomer = makeValidator('Fay');
const byAddress = new Map([...validators, newcomer].map((validator) => [hex(validator.address), validator]));
const nameOf = (address: Uint8Array): string => byAddress.get(hex(address))?.name ?? hex(address);

function check(isTrue: boolean, what: string): void {
  if (isTrue) return;
  console.error(`disagreement: ${what}`);
  process.exit(1);
}

/** Each validator knows who joined, in an order of its own, and makes the genesis without asking anybody. */
function makeGenesis(first: number): Genesis {
  const joined = [...validators.slice(first), ...validators.slice(0, first)].map(({ address }) => address);
  const stake = 10n ** 18n;
  const alloc = joined.map((address) => ({ address, balance: stake }));
  return buildGenesis({ chainId: CHAIN_ID, validators: joined, timestamp: ORIGIN_TIME, period: PERIOD, alloc });
}

console.log('Five validators make the genesis, each by itself:');
const geneses = validators.map((_, i) => makeGenesis(i));
const files = geneses.map((genesis) => serializeGenesis(genesis, { client: 'geth' }));
for (const [i, { name }] of validators.entries())
  console.log(
    `  ${name.padEnd(4)} ${(files[i] as string).length} bytes, block hash ${hex(computeGenesisHash(geneses[i] as Genesis))}`,
  );
check(new Set(files).size === 1, 'the genesis files');
const [genesis] = geneses as [Genesis];
console.log(`  signers, ascending: ${genesis.signers.map(nameOf).join(', ')}`);

console.log('\nEach publishes its node by calling publishEndpoint; the contract emits a log:');
const [metachainId, consensus, core] = ['metachain', 'consensus', 'core'].map((word) => keccak256(text(word))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const contract = consensus.slice(12);

/** What the origin chain makes of a call. */
function publish(validator: Validator, port: number, blockNumber: bigint): EndpointLog {
  const publicKey = makePublicKey(keccak256(text(`node of ${validator.name}`)));
  const host = { kind: 'ip', bytes: Uint8Array.of(10, 0, 0, port % 100) } as const;
  const endpoint = serializeEnode({ publicKey, host, tcp: port, udp: port });
  const call = serializePublishEndpoint({ metachainId, service: 'enode', endpoint });
  const event = { ...parsePublishEndpoint(call), core: core.slice(12), validator: validator.address };
  return { address: contract, ...serializeEndpointLog(event), position: { blockNumber, logIndex: 0 } };
}

const logs = [...validators.filter(({ name }) => name !== DOWN.name), makeValidator('Mallory')].map((validator, i) =>
  publish(validator, 30_301 + i, 100n + BigInt(i)),
);
const self = (validators[0] as Validator).address;
let boot: BootState = createBootState({
  metachainId,
  validators: validators.map(({ address }) => address),
  consensus: contract,
});
for (const log of logs) {
  const { bootState, refused } = applyEndpointLogs(boot, [log]);
  boot = bootState;
  for (const { error } of refused) console.log(`  refused: ${error.code}, ${error.got.slice(0, 10)}`);
  if (refused.length > 0) continue;
  const { joined, quorum, missing, isQuorumReached } = computeBootProgress(boot, { self });
  const rest = missing.map(nameOf).join(', ');
  console.log(
    `  ${joined} of ${validators.length} known, ${quorum} needed${isQuorumReached ? ': quorum' : ''}; missing ${rest}`,
  );
}
const progress = computeBootProgress(boot, { self });
check(progress.isQuorumReached, 'the quorum');
console.log('  static nodes of Ada:');
console.log(
  serializeStaticNodes(progress.peers.map(({ enode }) => enode))
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line.length > 100 ? `${line.slice(0, 30)}…${line.slice(-20)}` : line}`)
    .join('\n'),
);

console.log(
  `\n${BLOCKS} blocks, ${DOWN.name} down from ${DOWN.from} to ${DOWN.to}, a vote on ${newcomer.name} from ${VOTE_FROM} on:`,
);
const random = seededRandom(5);
const headers: Uint8Array[] = [];
let state: State = createState(computeGenesisAnchor(genesis));

/** Whoever would publish the next block first, by the plan of each sealer that is up. */
function findSealer(
  number: number,
  now: number,
): { sealer: Validator; timestamp: bigint; sealAt: bigint; inTurn: boolean } {
  const candidates = state.signers.flatMap((signer) => {
    const sealer = byAddress.get(hex(signer)) as Validator;
    if (sealer.name === DOWN.name && number >= DOWN.from && number <= DOWN.to) return [];
    const plan = planSeal({ state, signer, now, random });
    return plan.eligible ? [{ sealer, timestamp: plan.timestamp, sealAt: plan.sealAt, inTurn: plan.inTurn }] : [];
  });
  check(candidates.length > 0, `somebody may seal block ${number}`);
  return candidates.reduce((first, next) => (next.sealAt < first.sealAt ? next : first));
}

/** The first five to seal after the vote began ask for the newcomer, until it is in. */
function voteOf(number: number): { vote?: VoteRequest } {
  const isIn = state.signers.some((signer) => isDeepStrictEqual(signer, newcomer.address));
  return number >= VOTE_FROM && !isIn ? { vote: { address: newcomer.address, authorize: true } } : {};
}

let line = '';
let clock = Number(ORIGIN_TIME) * 1000;
for (let number = 1; number <= BLOCKS; number++) {
  const { sealer, timestamp, sealAt, inTurn } = findSealer(number, clock);
  clock = Number(sealAt);
  const header = buildHeader({
    state,
    signer: sealer.address,
    timestamp,
    stateRoot: new Uint8Array(32),
    ...voteOf(number),
  });
  const sealed = signHeader(header, sealer.secretKey);
  const before = state.signers.length;
  state = applyHeader(state, sealed.header, { now: clock });
  headers.push(sealed.header);
  const change = state.signers.length > before ? ` (${newcomer.name} is in)` : '';
  line += ` ${sealer.name}${inTurn ? '' : '*'}${change}`;
  if (number % 10 === 0) {
    console.log(`  ${String(number - 9).padStart(2)} to ${number}:${line}`);
    line = '';
  }
}
console.log('  * out of turn');

console.log('\nA follower with the genesis and the headers alone:');
const result = applyHeaders(createState(computeGenesisAnchor(makeGenesis(3))), headers, { now: clock });
if (!result.ok) throw result.error;
check(isDeepStrictEqual(result.value, state), 'the state of the follower');
const { number, hash, signers, totalDifficulty } = result.value;
console.log(
  `  block ${number}, ${short(hash)}…, total difficulty ${totalDifficulty}, SIGNER_LIMIT ${computeSignerLimit(signers.length)}`,
);
console.log(`  signers: ${signers.map(nameOf).join(', ')}`);
const counts = headers.reduce((all, header) => {
  const name = nameOf(recoverSigner(header));
  return all.set(name, (all.get(name) ?? 0) + 1);
}, new Map<string, number>());
console.log(`  sealed: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}`);

const stolen = buildHeader({
  state,
  signer: findSealer(51, clock).sealer.address,
  timestamp: state.timestamp + 3n,
  stateRoot: new Uint8Array(32),
});
try {
  applyHeader(state, signHeader(stolen, makeValidator('Mallory').secretKey).header, { now: clock + 10_000 });
  check(false, 'a stranger seals a block');
} catch (error) {
  if (!isPoaError(error)) throw error;
  console.log(`  a block by Mallory: ${error.code}`);
}
