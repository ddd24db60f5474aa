/** Random schedules of Clique blocks, planned against the naive model. */
import fc from 'fast-check';
import {
  computeHeaderHash,
  createState,
  type Header,
  type RecoveredHeader,
  type State,
  serializeExtraData,
  serializeHeader,
} from 'poa-primitives/clique';
import { CliqueModel, type ModelBlock, ZERO_ADDRESS } from '../model/clique.js';
import { bytes, hex } from './bytes.js';
import { addresses, genesisHeader, recoveredBy, startAt } from './clique.js';

/** Who may sign or be voted on: members, strangers and the zero address. */
const POOL = addresses.slice(0, 10).map(hex);

/** What one block tries; whom the numbers mean depends on the state. */
export const move = fc.record({
  who: fc.oneof(
    { arbitrary: fc.constantFrom('in turn', 'free' as const), weight: 12 },
    { arbitrary: fc.constantFrom('any', 'latest', 'stranger' as const), weight: 1 },
  ),
  pick: fc.nat(),
  about: fc.oneof(
    // Few targets, so that votes come to majorities.
    { arbitrary: fc.constantFrom('favourite', 'leading', 'member', 'self', 'zero' as const), weight: 4 },
    { arbitrary: fc.constantFrom('favourite', 'nobody', 'anybody' as const), weight: 4 },
  ),
  of: fc.nat(),
  /** Whether the vote asks for the other side of what the target is. */
  isMeant: fc.oneof({ arbitrary: fc.constant(true), weight: 5 }, { arbitrary: fc.constant(false), weight: 1 }),
  /** One in sixteen each: another difficulty; a vote at a checkpoint; a list where none belongs, or another one. */
  spoils: fc.integer({ min: 0, max: 15 }),
});

export type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  count: fc.integer({ min: 1, max: 9 }),
  epoch: fc.oneof(fc.constantFrom(1, 2, 3, 5, 8, 13, 30), fc.constant(1000)),
  /** Votes that stand at the start, if it is far from a checkpoint: of which signer, on whom. */
  planted: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 10, maxLength: 60 }),
  moves: fc.array(move, { minLength: 20, maxLength: 80, size: 'max' }),
});

export interface Schedule {
  readonly count: number;
  readonly epoch: number;
  readonly planted: readonly (readonly [number, number])[];
  readonly moves: readonly Move[];
}

/** Blocks before a start in the middle of an epoch. */
const START = 500;

export function startSchedule({ count, epoch, planted }: Schedule): { model: CliqueModel; state: State } {
  // The members are spread over the pool, so that strangers stand before, between and behind them.
  const members = POOL.filter((_, i) => (i * 7 + 3) % POOL.length < count);
  const config = { epoch, period: 1 };
  const model = new CliqueModel(members, epoch);
  if (epoch < 2 * START) return { model, state: startAt(members.map(bytes), config) };
  model.number = START;
  // Few targets, so that some have a majority that waits for the next block to name them.
  for (const [i, [by, about]] of planted.entries()) {
    const signer = members[by % members.length] as string;
    const address = [...POOL.slice(2, 6), ZERO_ADDRESS][about % 5] as string;
    if (!model.votes.some((vote) => vote.signer === signer && vote.address === address))
      model.plant({ signer, number: i + 1, address, authorize: !members.includes(address) });
  }
  const header = serializeHeader(genesisHeader([], { number: BigInt(START) }));
  const snapshot = {
    number: BigInt(START),
    hash: computeHeaderHash(header),
    signers: members.map(bytes),
    recents: [],
    votes: model.votes.map(({ signer, number, address, authorize }) => ({
      signer: bytes(signer),
      number: BigInt(number),
      address: bytes(address),
      authorize,
    })),
  };
  return { model, state: createState({ header, config, snapshot }) };
}

/** What a move comes to in the state of the model. */
export function planBlock({ who, pick, about, of, isMeant, spoils }: Move, model: CliqueModel): ModelBlock {
  const any = (list: readonly string[]): string => list[pick % list.length] ?? (POOL[0] as string);
  const free = model.signers.filter(
    (signer) => model.nextSealable(signer) === model.number + 1 && signer !== ZERO_ADDRESS,
  );
  const strangers = POOL.filter((one) => !model.signers.includes(one));
  const signer = {
    'in turn': free.includes(model.turn() ?? '') ? (model.turn() as string) : any(free),
    free: any(free),
    any: any(POOL),
    latest: model.recents[model.number] ?? any(POOL),
    stranger: any(strangers),
  }[who as 'free'];
  const isCheckpoint = (model.number + 1) % model.epoch === 0;
  const mayVote = !isCheckpoint || spoils === 1;
  const favourite = POOL[(model.number >> 3) % POOL.length] as string;
  const member = model.signers[of % Math.max(1, model.signers.length)] ?? ZERO_ADDRESS;
  const [leading = favourite] = Object.keys(model.tally).sort(
    (a, b) => (model.tally[b]?.votes ?? 0) - (model.tally[a]?.votes ?? 0),
  );
  const target = {
    favourite,
    leading,
    member,
    self: signer,
    zero: ZERO_ADDRESS,
    nobody: ZERO_ADDRESS,
    anybody: POOL[of % POOL.length] as string,
  }[about as 'member'];
  // A target with many votes is named to no purpose as often as not: that takes votes back, and executes a majority that waits.
  const means = about === 'leading' ? isMeant && pick % 2 === 0 : isMeant;
  const named = mayVote ? target : ZERO_ADDRESS;
  const authorize = (mayVote || spoils === 2) && about !== 'nobody' && model.signers.includes(named) !== means;
  const honest = model.turn() === signer ? 2 : 1;
  const listed = isCheckpoint ? model.signers : [];
  return {
    signer,
    target: named,
    authorize,
    difficulty: spoils === 3 ? 3 - honest : honest,
    listed: spoils === 4 ? [...listed.slice(1), signer] : listed,
  };
}

/** The header of a block on a state, and what recovering it would give. */
export function headerOf({ signer, target, authorize, difficulty, listed }: ModelBlock, state: State): Header {
  return genesisHeader([], {
    parentHash: state.hash,
    beneficiary: bytes(target),
    difficulty: BigInt(difficulty),
    number: state.number + 1n,
    timestamp: state.timestamp + BigInt(state.config.period),
    nonce: authorize ? 0xffffffffffffffffn : 0n,
    extraData: serializeExtraData({
      vanity: bytes(signer.padEnd(66, '0')),
      signers: listed.map(bytes),
      seal: new Uint8Array(65),
    }),
  });
}

export const recoveredOf = (block: ModelBlock, state: State): RecoveredHeader =>
  recoveredBy(headerOf(block, state), bytes(block.signer));
