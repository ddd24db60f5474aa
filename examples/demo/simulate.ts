/**
 * Two hundred blocks of a network in which things go wrong, and beside it a follower that gets nothing but headers with their
 * cellbases: it must take every good one, refuse every bad one for the right reason, and end where the producers are.
 */

import { isDeepStrictEqual } from 'node:util';
import {
  applyHeader,
  applyHeaders,
  type CkbErrorCode,
  COMPACT_TARGET_IN_TURN,
  createState,
  joinCellbaseWitness,
  type PoaHeader,
  parseCellbaseWitness,
  parseTransaction,
  planAttestation,
  type State,
  serializeCellbaseWitness,
  serializeOutPoint,
  serializeScript,
  serializeTransaction,
  splitCellbaseWitness,
  tryApplyHeader,
} from 'poa-primitives/ckb';
import { LIST_TYPE } from '../kit.js';
import { Network, type Validator } from './network.js';

const BLOCKS = 200;
const PROGRESS_STEP = 20;

/** Cleo is offline from the first of these heights to the last. */
const OFFLINE = { name: 'Cleo', from: 40, to: 59 };
/** Eve is voted out, and Fay in, by the blocks of these heights. */
const EVICTION = { number: 120, signers: ['Ada', 'Bob', 'Dan'] };
const ADMISSION = { number: 140, signers: ['Ada', 'Cleo', 'Dan'] };

/** A header that must be refused. */
interface Attack {
  readonly what: string;
  readonly input: PoaHeader;
  readonly code: CkbErrorCode;
}

/** An attack that is tried at the first height from `from` on at which it is possible. */
interface Plot {
  readonly from: number;
  readonly plan: (network: Network, past: readonly PoaHeader[], wait: number) => Attack | undefined;
}

/** The producers' ledger and the follower do not say the same. */
export class Disagreement extends Error {}

const PLOTS: Plot[] = [
  {
    from: 62,
    plan: (network, _, wait) => {
      const eve = network.named('Eve');
      if (network.isFree(eve)) return undefined;
      return { what: 'Eve attests again too soon', input: network.attest(eve, wait), code: 'ATTESTER_TOO_SOON' };
    },
  },
  ...[80, 90].map(
    (from): Plot => ({
      from,
      plan: (network, _, wait) => {
        const eve = network.named('Eve');
        if (!network.isFree(eve) || network.isInTurn(eve)) return undefined;
        const input = network.attest(eve, wait, { compactTarget: COMPACT_TARGET_IN_TURN });
        return { what: 'Eve lies that it is her turn', input, code: 'DIFFICULTY_MISMATCH' };
      },
    }),
  ),
  {
    from: 100,
    plan: (network, _, wait) => {
      const eve = network.named('Eve');
      if (!network.isFree(eve)) return undefined;
      const vote = network.vote([eve, ...network.validators.slice(0, 3), network.named('Fay')], ['Eve']);
      return {
        what: 'Eve attests a vote that she alone signed',
        input: network.attest(eve, wait, { votingTxs: [vote] }),
        code: 'VOTES_INVALID',
      };
    },
  },
  ...['Eve', 'Fay'].map(
    (name): Plot => ({
      from: 130,
      plan: (network, _, wait) => ({
        what: `${name} attests without being a validator`,
        input: network.attest(network.named(name), wait),
        code: 'ATTESTER_UNKNOWN',
      }),
    }),
  ),
  {
    from: 150,
    plan: (network, _, wait) => {
      const block = network.attest(network.validators[0] as Validator, wait);
      return {
        what: 'somebody on the way pays the block to himself',
        input: { ...block, cellbase: redirectPayment(block.cellbase) },
        code: 'TRANSACTIONS_ROOT_MISMATCH',
      };
    },
  },
  {
    from: 160,
    plan: (_, past) => ({
      what: 'an old header comes again',
      input: past[100] as PoaHeader,
      code: 'PARENT_MISMATCH',
    }),
  },
  {
    from: 170,
    plan: (network, _, wait) => {
      const timestamp = BigInt(network.timestamp + wait + 15_001);
      const dan = network.named('Dan');
      if (!network.isFree(dan)) return undefined;
      return {
        what: 'Dan’s clock is fast',
        input: network.attest(dan, wait, { timestamp }),
        code: 'TIMESTAMP_TOO_NEW',
      };
    },
  },
];

/** The cellbase with another payee in its first witness, and the rest of it as it was. */
function redirectPayment(cellbase: Uint8Array): Uint8Array {
  const record = parseTransaction(cellbase);
  const { cellbaseWitness, poaContext } = splitCellbaseWitness(record.witnesses[0] as Uint8Array);
  const { lock, message } = parseCellbaseWitness(cellbaseWitness);
  const redirected = serializeCellbaseWitness({ lock: { ...lock, args: new Uint8Array(20) }, message });
  const witness = joinCellbaseWitness({ cellbaseWitness: redirected, poaContext });
  return serializeTransaction({ ...record, witnesses: [witness] });
}

/** Runs the simulation, printing as it goes. Throws {@link Disagreement} where follower and producers part. */
export function simulate(print: (line: string) => void): void {
  const network = new Network();
  const genesis = createState({
    network: {},
    hash: network.hash,
    number: 0n,
    epoch: 0n,
    timestamps: [BigInt(network.timestamp)],
    validatorListOutPoint: serializeOutPoint(network.listCell),
    validatorListType: serializeScript(LIST_TYPE),
    validatorList: network.list,
  });
  let node = genesis;
  let follower = genesis;
  let inTurn = 0;
  let milliseconds = 0;
  const received: PoaHeader[] = [];
  const rejected = new Map<string, number>();
  const plots = [...PLOTS];
  print(`five validators, ${network.validators.map(({ name }) => name).join(', ')}; a follower who gets headers only`);

  for (let number = 1; number <= BLOCKS; number++) {
    const { attester, wait } = electAttester(network, node, number);
    const now = network.timestamp + wait;

    for (const plot of plots.filter(({ from }) => from <= number)) {
      const attack = plot.plan(network, received, wait);
      if (attack === undefined) continue;
      plots.splice(plots.indexOf(plot), 1);
      const result = tryApplyHeader(follower, attack.input, { now });
      if (result.ok) throw new Disagreement(`block ${number}: the follower took it although ${attack.what}`);
      if (result.error.code !== attack.code)
        throw new Disagreement(`block ${number}: ${attack.what}: ${attack.code} is due, not ${result.error.message}`);
      rejected.set(attack.code, (rejected.get(attack.code) ?? 0) + 1);
      print(`  block ${number}: ${attack.what}: ${result.error.message}`);
    }

    const vote = voteAt(network, number);
    const block = network.attest(attester, wait, { votingTxs: vote === undefined ? [] : [vote.tx] });
    if (network.isInTurn(attester)) inTurn++;
    network.record(block, attester, wait, vote);
    node = applyHeader(node, block, { now });

    const input: PoaHeader = { header: block.header, cellbase: block.cellbase };
    received.push(input);
    const start = performance.now();
    const result = tryApplyHeader(follower, input, { now });
    milliseconds += performance.now() - start;
    if (!result.ok)
      throw new Disagreement(`block ${number}: the follower refuses a good block: ${result.error.message}`);
    follower = result.value;
    compare(network, follower, attester);

    if (vote !== undefined)
      print(`  block ${number}: the list is now ${network.validators.map(({ name }) => name).join(', ')}`);
    if (number === OFFLINE.from) print(`  block ${number}: ${OFFLINE.name} goes offline`);
    if (number === OFFLINE.to + 1) print(`  block ${number}: ${OFFLINE.name} is back`);
    if (number % PROGRESS_STEP === 0) print(`${String(number).padStart(4)} / ${BLOCKS} blocks, ${inTurn} in turn`);
  }

  if (plots.length > 0) throw new Disagreement(`${plots.length} attacks never came about`);
  // The same headers in one run, as a node that catches up would apply them.
  const again = applyHeaders(genesis, received, { now: network.timestamp });
  if (!again.ok || !isDeepStrictEqual(again.value, follower))
    throw new Disagreement('all headers in one run lead elsewhere than one by one');

  const rows: [string, string | number][] = [
    ['blocks', BLOCKS],
    ['transactions in them', network.transactions],
    ['in turn', inTurn],
    ['out of turn', BLOCKS - inTurn],
    ...[...rejected].sort().map(([code, count]): [string, number] => [`rejected: ${code}`, count]),
    ['list changes', network.listChanges],
    ['total difficulty', String(follower.totalDifficulty)],
    ['headers per second', Math.round((1000 * BLOCKS) / milliseconds)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  print('');
  for (const [name, value] of rows) print(`${name.padEnd(width)}  ${String(value).padStart(6)}`);
  print('');
  print('the follower agrees with the producers on every block');
}

/** Who comes first: each validator that is online makes its plan, and the earliest wins. */
function electAttester(network: Network, state: State, number: number): { attester: Validator; wait: number } {
  const isOffline = ({ name }: Validator) => name === OFFLINE.name && number >= OFFLINE.from && number <= OFFLINE.to;
  const plans = network.validators
    .filter((validator) => !isOffline(validator))
    .flatMap((attester) => {
      const plan = planAttestation({ state, attester: attester.pubkeyHash, random: network.dice.roll });
      return plan.eligible ? [{ attester, wait: Number(plan.attestAt) - network.timestamp }] : [];
    })
    .sort((a, b) => a.wait - b.wait || Number(network.isInTurn(b.attester)) - Number(network.isInTurn(a.attester)));
  const [first] = plans;
  if (first === undefined) throw new Disagreement(`block ${number}: nobody may attest`);
  return first;
}

function voteAt(network: Network, number: number): { tx: Uint8Array; to: Validator[] } | undefined {
  const eve = network.named('Eve');
  const fay = network.named('Fay');
  const [to, signers] =
    number === EVICTION.number
      ? [network.validators.filter((validator) => validator !== eve), EVICTION.signers]
      : number === ADMISSION.number
        ? [[...network.validators, fay], ADMISSION.signers]
        : [undefined, []];
  return to === undefined ? undefined : { tx: network.vote(to, signers), to };
}

/** Holds the follower's state against what the producers recorded. */
function compare(network: Network, state: State, attester: Validator): void {
  const ledger = {
    hash: network.hash,
    number: BigInt(network.number),
    totalDifficulty: BigInt(network.totalDifficulty),
    timestamp: BigInt(network.timestamp),
    attester: attester.pubkeyHash,
    list: network.list,
    cell: serializeOutPoint(network.listCell),
  };
  const followed = {
    hash: state.hash,
    number: state.number,
    totalDifficulty: state.totalDifficulty,
    timestamp: state.timestamps.at(-1),
    attester: state.recentAttesters.at(-1),
    list: state.validatorList,
    cell: state.validatorListOutPoint,
  };
  for (const key of Object.keys(ledger) as (keyof typeof ledger)[])
    if (!isDeepStrictEqual(ledger[key], followed[key]))
      throw new Disagreement(`block ${network.number}: follower and producers have another ${key}`);
}
