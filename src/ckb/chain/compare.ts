/**
 * Chains beside each other: which one to follow, where they part, who attested twice, whose turn was missed.
 *
 * @see [R51 Choice of chain](../RULES.md#r51-choice-of-chain)
 * @module
 */

import { PoaError } from '../../errors.js';
import {
  assertArray,
  assertBytesArray,
  assertInteger,
  assertObject,
  assertUint,
  copyOf,
  describeBytes,
  equalBytes,
} from '../../internal/bytes.js';
import type { ApplyOptions } from '../../result.js';
import { computeHeaderHash, parseHeader } from '../encoding/header.js';
import type { PoaHeader } from '../encoding/poaHeader.js';
import { type RecoveredHeader, recoverHeader } from '../recovery/recover.js';
import { applyRecovered } from './apply.js';
import type { State } from './state.js';
import { computeInTurnIndex, computeNextAttestableNumber } from './turn.js';

/** Two blocks by one attester at one height. */
export interface Equivocation {
  /** `equivocation` proves a validator guilty; `different-parents` may be an honest reorganisation. */
  readonly kind: 'equivocation' | 'different-parents';
  /** 20 bytes, who attested both. */
  readonly attester: Uint8Array;
  /** u64, height of both. */
  readonly number: bigint;
  /** 32 bytes each, what was signed. */
  readonly messages: readonly [Uint8Array, Uint8Array];
}

/** A block to come. */
export interface UpcomingAttester {
  /** u64, height. */
  readonly number: bigint;
  /** 20 bytes, whose turn it is. */
  readonly attester: Uint8Array;
  /** False if ATTEST_INTERVAL keeps them from it, as far as the blocks so far tell. */
  readonly mayAttest: boolean;
}

/** A block that another validator than the one in turn attested. */
export interface MissedTurn {
  /** u64, height. */
  readonly number: bigint;
  /** 20 bytes, whose turn it was. */
  readonly missed: Uint8Array;
  /** 20 bytes, who attested. */
  readonly attester: Uint8Array;
}

/** How deep a block lies. */
export interface Confirmations {
  /** Blocks on top of it. */
  readonly blocks: number;
  /** Distinct attesters among them. */
  readonly attesters: number;
}

/** A block by height and hash. */
export interface BlockId {
  /** u64, height. */
  readonly number: bigint;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/**
 * Which of two chains to follow: the one with the greater sum of difficulties since their anchor; at a tie the first.
 *
 * @param first - the chain that is followed now
 * @param second - another one
 * @returns `first` or `second`
 * @throws PoaError `CHAIN_ANCHOR_MISMATCH` for sums that do not begin at the same block
 * @example
 * ```ts
 * import { applyHeader, compareChains, createState } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const short = createState(anchor);
 * compareChains(short, applyHeader(short, headers[0], { now })); // => 'second'
 * compareChains(short, createState(anchor)); // => 'first'
 * ```
 * @see POA RFC draft: the other nodes still chooses the higher total difficulty block; [R51 Choice of chain](../RULES.md#r51-choice-of-chain)
 */
export function compareChains(first: State, second: State): 'first' | 'second' {
  const where = 'compareChains';
  assertObject(`${where}.first`, first);
  assertObject(`${where}.second`, second);
  if (!equalBytes(first.anchorHash, second.anchorHash))
    throw new PoaError('CHAIN_ANCHOR_MISMATCH', {
      where,
      expected: `a chain from ${describeBytes(first.anchorHash)}`,
      got: `one from ${describeBytes(second.anchorHash)}`,
    });
  return second.totalDifficulty > first.totalDifficulty ? 'second' : 'first';
}

/**
 * The heights whose hashes a node sends to find out where it and a peer part: the last ten, then with gaps that double, and the anchor.
 *
 * @param tip - u64, height of the latest block
 * @param base - u64, height of the anchor, at most `tip`; by default 0
 * @returns heights from the tip down to the base, about `10 + log2(tip - base)` of them
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeLocatorNumbers } from 'poa-primitives/ckb';
 *
 * computeLocatorNumbers(3n); // => [3n, 2n, 1n, 0n]
 * computeLocatorNumbers(1_000_000n).length; // => 30
 * ```
 * @see RFC 0004, "Locator"; [R52 Forks](../RULES.md#r52-forks)
 */
export function computeLocatorNumbers(tip: bigint, base = 0n): bigint[] {
  const where = 'computeLocatorNumbers';
  assertUint(`${where}.tip`, tip, 64);
  assertUint(`${where}.base`, base, 64);
  if (base > tip)
    throw new PoaError('OUT_OF_RANGE', { where: `${where}.base`, expected: `at most ${tip}`, got: `${base}` });
  const numbers: bigint[] = [];
  let step = 1n;
  for (let number = tip; number > base; number -= step) {
    if (numbers.length >= 10) step *= 2n;
    numbers.push(number);
  }
  return [...numbers, base];
}

/**
 * The latest block that two runs of headers share.
 *
 * @param first - headers of 208 bytes, consecutive, oldest first
 * @param second - headers of 208 bytes, consecutive, oldest first
 * @returns height and hash, or undefined if they share none
 * @throws PoaError `MALFORMED` for another length; `PARENT_MISMATCH` for a run that is not consecutive
 * @example
 * ```ts
 * import { findCommonAncestor } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const run = headers.map(({ header }) => header);
 * findCommonAncestor(run, run.slice(0, 2))?.number; // => 2n
 * ```
 * @see [R52 Forks](../RULES.md#r52-forks)
 */
export function findCommonAncestor(first: readonly Uint8Array[], second: readonly Uint8Array[]): BlockId | undefined {
  const known = new Map(readRun('findCommonAncestor.first', first).map((id) => [describeBytes(id.hash), id]));
  const shared = readRun('findCommonAncestor.second', second).filter(({ hash }) => known.has(describeBytes(hash)));
  return shared[shared.length - 1];
}

/** Heights and hashes of consecutive headers. */
function readRun(where: string, headers: readonly Uint8Array[]): BlockId[] {
  assertBytesArray(where, headers);
  return headers.reduce<BlockId[]>((run, bytes, i) => {
    const { number, parentHash } = parseHeader(bytes);
    const before = run[i - 1];
    if (before !== undefined && !equalBytes(before.hash, parentHash))
      throw new PoaError('PARENT_MISMATCH', {
        where: `${where}[${i}]`,
        expected: describeBytes(before.hash),
        got: describeBytes(parentHash),
      });
    run.push({ number, hash: computeHeaderHash(bytes) });
    return run;
  }, []);
}

/**
 * Whether two headers show that one validator attested twice at one height.
 *
 * @param first - header and cellbase
 * @param second - header and cellbase
 * @returns what they show, or undefined: other attesters, other heights, or the same block
 * @throws PoaError what {@link recoverHeader} throws: a header that does not hold proves nothing
 * @example
 * ```ts
 * import { attestBlock, findEquivocation } from 'poa-primitives/ckb';
 * import { headers, secretKeys, template } from './sample.js';
 *
 * const other = attestBlock({ ...template, transactions: [] }, secretKeys[1]);
 * findEquivocation(headers[0], other)?.kind; // => 'equivocation'
 * findEquivocation(headers[0], headers[0]); // => undefined
 * ```
 * @see [R53 Equivocation](../RULES.md#r53-equivocation)
 */
export function findEquivocation(first: PoaHeader, second: PoaHeader): Equivocation | undefined {
  const [a, b] = [recoverHeader(first), recoverHeader(second)];
  const sameBlock = equalBytes(a.message, b.message);
  if (sameBlock || a.header.number !== b.header.number || !equalBytes(a.attester, b.attester)) return undefined;
  return {
    kind: equalBytes(a.header.parentHash, b.header.parentHash) ? 'equivocation' : 'different-parents',
    attester: a.attester,
    number: a.header.number,
    messages: [a.message, b.message],
  };
}

/**
 * Whose turn the next blocks are, under the list in force.
 *
 * @param state - as the fold left it
 * @param count - blocks, 0 to 65,535
 * @returns the attesters in turn, next block first; votes on the way change it
 * @throws PoaError `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computeUpcomingAttesters, createState } from 'poa-primitives/ckb';
 * import { anchor } from './sample.js';
 *
 * const [next] = computeUpcomingAttesters(createState(anchor), 3);
 * next.attester; // => anchor.validatorList.pubkeyHashes[1]
 * ```
 * @see POA RFC draft, "attest a new block"; [R40 Turn](../RULES.md#r40-turn)
 */
export function computeUpcomingAttesters(state: State, count: number): UpcomingAttester[] {
  const where = 'computeUpcomingAttesters';
  assertObject(`${where}.state`, state);
  assertInteger(`${where}.count`, count, 0, 0xffff);
  const { pubkeyHashes } = state.validatorList;
  const eligibleFrom = pubkeyHashes.map((hash) => computeNextAttestableNumber(state, hash));
  return Array.from({ length: count }, (_, i) => {
    const number = state.number + 1n + BigInt(i);
    const index = Number(number % BigInt(pubkeyHashes.length));
    const mayAttest = number >= (eligibleFrom[index] as bigint);
    return { number, attester: copyOf(pubkeyHashes[index] as Uint8Array), mayAttest };
  });
}

/**
 * The turns that were missed in a run of headers.
 *
 * @param state - of the parent of the first
 * @param recovered - what {@link recoverHeader} returned, oldest first
 * @param options - `now`
 * @returns a turn for each block by another validator than the one in turn
 * @throws PoaError what {@link applyRecovered} throws for the first header that does not hold
 * @example
 * ```ts
 * import { createState, findMissedTurns, recoverHeader } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * findMissedTurns(createState(anchor), headers.map((header) => recoverHeader(header)), { now }); // => []
 * ```
 * @see POA RFC draft, "attest a new block"; [R40 Turn](../RULES.md#r40-turn)
 */
export function findMissedTurns(
  state: State,
  recovered: readonly RecoveredHeader[],
  options: ApplyOptions,
): MissedTurn[] {
  const where = 'findMissedTurns';
  assertObject(`${where}.state`, state);
  assertArray(`${where}.recovered`, recovered);
  const missed: MissedTurn[] = [];
  let before: State = state;
  for (const each of recovered) {
    const after = applyRecovered(before, each, options);
    const { pubkeyHashes } = before.validatorList;
    const inTurn = pubkeyHashes[computeInTurnIndex(after.number, pubkeyHashes.length)] as Uint8Array;
    if (!equalBytes(inTurn, each.attester))
      missed.push({ number: after.number, missed: copyOf(inTurn), attester: copyOf(each.attester) });
    before = after;
  }
  return missed;
}

/**
 * How many blocks, and how many different attesters, stand behind a block: what a light client waits for before it relies on a vote.
 * A state keeps the last 254 attesters, so deeper blocks count 254.
 *
 * @param state - as the fold left it
 * @param number - u64, height of the block
 * @returns none for the latest block and for those to come
 * @throws PoaError `OUT_OF_RANGE` for no u64
 * @example
 * ```ts
 * import { applyHeaders, computeConfirmations, createState } from 'poa-primitives/ckb';
 * import { anchor, headers, now } from './sample.js';
 *
 * const result = applyHeaders(createState(anchor), headers, { now });
 * if (!result.ok) throw result.error;
 * computeConfirmations(result.value, 2n); // => { blocks: 2, attesters: 2 }
 * ```
 * @see [R19 What a header alone cannot prove](../RULES.md#r19-what-a-header-alone-cannot-prove)
 */
export function computeConfirmations(state: State, number: bigint): Confirmations {
  const where = 'computeConfirmations';
  assertObject(`${where}.state`, state);
  assertUint(`${where}.number`, number, 64);
  const above = state.number > number ? state.number - number : 0n;
  const blocks = Math.min(state.recentAttesters.length, above > 0xffffn ? 0xffff : Number(above));
  const recent = blocks === 0 ? [] : state.recentAttesters.slice(-blocks);
  return { blocks, attesters: new Set(recent.map(describeBytes)).size };
}
