/** What an archive claims the state to be before any of its headers: a guess, which is compared with the truth once that is known. */

import {
  computeHeaderHash,
  computeTransactionHash,
  isPoaError,
  MEDIAN_TIME_BLOCK_COUNT,
  parseHeader,
  parsePoaContext,
  parseTransaction,
  parseValidatorList,
  type State,
  serializeOutPoint,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import type { Archive } from './archive.js';
import { serializeClaim } from './range.js';

/** The least that a vote adds to a record. */
const VOTE_SIZE = 400;

/** The part of a state that votes change, nothing else. */
type TrackedList = Pick<State, 'validatorListOutPoint' | 'validatorList'>;

/** Guesses the states of an archive. */
export interface Claims {
  /** The claim before the header at a position. */
  readonly before: (first: number) => Uint8Array;
  /** Takes note of a state that is certain. */
  readonly learn: (first: number, state: State) => void;
}

/** Looks through an archive for votes, and guesses states from then on. */
export function createClaims(archive: Archive, anchor: State): Claims {
  let lists: { from: number; list: TrackedList }[] = [{ from: 0, list: anchor }, ...findLists(archive)];
  const guess = (first: number): State => {
    const start = Math.max(0, first - MEDIAN_TIME_BLOCK_COUNT);
    const inputs = archive.read(start, first - start);
    const headers = inputs.map(({ header }) => parseHeader(header));
    const parent = headers.at(-1);
    const last = inputs.at(-1);
    if (parent === undefined || last === undefined) return anchor;
    const { validatorListOutPoint, validatorList } = lists.findLast(({ from }) => from <= first)?.list ?? anchor;
    const timestamps = [...anchor.timestamps, ...headers.map(({ timestamp }) => timestamp)];
    return {
      ...anchor,
      hash: computeHeaderHash(last.header),
      number: anchor.number + BigInt(first),
      epoch: parent.epoch,
      timestamps: timestamps.slice(-MEDIAN_TIME_BLOCK_COUNT),
      validatorListOutPoint,
      validatorList,
    };
  };
  return {
    before: (first) => {
      try {
        return serializeClaim(guess(first));
      } catch (error) {
        // Headers before this one are no headers: nobody will come here.
        if (!isPoaError(error)) throw error;
        return serializeClaim(anchor);
      }
    },
    learn: (first, state) => {
      lists = [{ from: first, list: state }, ...lists.filter(({ from }) => from > first)];
    },
  };
}

/** The lists that votes leave, judged by nobody yet. Most headers have none: those that are longer than others are looked into. */
function findLists(archive: Archive): { from: number; list: TrackedList }[] {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < archive.count; i++) shortest = Math.min(shortest, archive.sizeOf(i));
  const found: { from: number; list: TrackedList }[] = [];
  for (let i = 0; i < archive.count; i++) {
    if (archive.sizeOf(i) < shortest + VOTE_SIZE) continue;
    const [input] = archive.read(i, 1);
    const list = input && readVote(input.cellbase);
    if (list !== undefined) found.push({ from: i + 1, list });
  }
  return found;
}

/** The list that the last vote in a cellbase leaves, if there is one and it can be read. */
function readVote(cellbase: Uint8Array): TrackedList | undefined {
  try {
    const [witness = new Uint8Array()] = parseTransaction(cellbase).witnesses;
    const vote = parsePoaContext(splitCellbaseWitness(witness).poaContext).votingTxs.at(-1);
    if (vote === undefined) return undefined;
    const { outputs, outputsData } = parseTransaction(vote);
    const index = outputs.findIndex(({ type }) => type !== null);
    return {
      validatorListOutPoint: serializeOutPoint({ txHash: computeTransactionHash(vote), index }),
      validatorList: parseValidatorList(outputsData[index] ?? new Uint8Array()),
    };
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return undefined;
  }
}
