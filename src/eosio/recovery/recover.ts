/**
 * The map: what a header proves by itself. Recovering which keys signed it is expensive and needs no state, so any number of
 * cores or machines can share it.
 *
 * A header before Savanna is signed together with two hashes that do not stand in it: the root over the ids of all blocks
 * before it, and the hash of the schedule that was announced last. A state knows both; `computeSigningContexts` gives them to
 * many headers at once, without recovering any.
 *
 * @see [E39 Producer signature](../RULES.md#e39-producer-signature)
 * @module
 */

import { type EosioErrorCode, PoaError } from '../../errors.js';
import {
  assertBytes,
  assertBytesArray,
  assertObject,
  copyOf,
  describeBytes,
  equalBytes,
} from '../../internal/bytes.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import { type RecoverKey, readRecoverer } from '../../internal/verifier/one.js';
import type { RecoverOptions } from '../../verifier.js';
import { HASH_SIZE } from '../encoding/hash.js';
import {
  type BlockHeader,
  computeBlockId,
  computeBlockNumber,
  computeHeaderDigest,
  computeProducerDigest,
  isSavannaHeader,
  parseHeader,
} from '../encoding/header.js';
import { type HeaderExtensions, parseHeaderExtensions } from '../encoding/headerExtensions.js';
import { type PublicKey, publicKeyToLegacyText } from '../encoding/key.js';
import { computeProducerAuthorityScheduleHash, computeProducerScheduleHash } from '../encoding/schedule.js';
import { parseSignature, recoverKeyOf } from '../encoding/signature.js';

/** A header with its signatures, and with what was signed beside it where no state is at hand. */
export interface SignedHeader {
  /** The packed header, without signatures. */
  readonly header: Uint8Array;
  /** 66 bytes each: `producer_signature`, then those of the block extension `additional_block_signatures`. */
  readonly signatures: readonly Uint8Array[];
  /** 32 bytes, root over the ids of all blocks before this one. Left out where a state is at hand, and for Savanna. */
  readonly blockroot?: Uint8Array | undefined;
  /** 32 bytes, hash of the schedule that was announced last. Left out as above, and where the header announces one itself. */
  readonly pendingScheduleHash?: Uint8Array | undefined;
}

/** What a header and its signatures prove together. Plain data: it survives a structured clone. */
export interface RecoveredHeader {
  /** 32 bytes, id of the block. */
  readonly id: Uint8Array;
  /** u32, height of the block. */
  readonly number: number;
  /** 32 bytes, what was signed. */
  readonly message: Uint8Array;
  /** The keys that signed, in the order of the signatures. */
  readonly publicKeys: readonly PublicKey[];
  /** Account that the header names: whether those keys are its own is for `applyRecovered` to say. */
  readonly producer: string;
  /** The header, parsed. */
  readonly header: BlockHeader;
  /** Its extensions, parsed. */
  readonly extensions: HeaderExtensions;
  /** 32 bytes, the root that was signed; null for Savanna. */
  readonly blockroot: Uint8Array | null;
  /** 32 bytes, the hash of the schedule that was signed; null for Savanna. */
  readonly pendingScheduleHash: Uint8Array | null;
}

/** Checks the JavaScript types of an input. */
export function assertSignedHeader(where: string, input: unknown): asserts input is SignedHeader {
  assertObject(where, input);
  assertBytes(`${where}.header`, input.header);
  assertBytesArray(`${where}.signatures`, input.signatures);
  if (input.blockroot !== undefined) assertBytes(`${where}.blockroot`, input.blockroot);
  if (input.pendingScheduleHash !== undefined) assertBytes(`${where}.pendingScheduleHash`, input.pendingScheduleHash);
}

/**
 * Recovers which keys signed a header. Needs no state and judges nothing that depends on one: whether they are the keys of
 * the producer, and whether it is its turn, is `applyRecovered`'s to say.
 *
 * With another root or hash than those that were signed, another key comes out, or none: so a key of a producer proves them
 * too.
 *
 * @param input - header and signatures; before Savanna with `blockroot`, and with `pendingScheduleHash` unless the header
 * announces a schedule
 * @param options - a verifier, and the keys that are expected; a number, the index that `map` hands over, is none
 * @returns fresh copies of everything
 * @throws PoaError in this order: `MALFORMED`, `NAME_INVALID`, `KEY_TYPE_UNSUPPORTED` (header); `HEADER_EXTENSIONS_INVALID`
 * and what its parts give (extensions); `SIGNING_CONTEXT_MISSING`, `PENDING_SCHEDULE_MISMATCH`, `MALFORMED` (what was
 * signed); `SIGNATURE_COUNT_MISMATCH`, `MALFORMED`, `KEY_TYPE_UNSUPPORTED`, `SIGNATURE_NOT_CANONICAL`, `SIGNATURE_INVALID`
 * (signatures)
 * @example
 * ```ts
 * import { computeBlockId, publicKeyToText, recoverHeader } from 'poa-primitives/eosio';
 * import { genesis, headers, recoverable } from './eosio-chain-sample.js';
 *
 * const { id, producer, publicKeys } = recoverHeader(recoverable[0]);
 * id; // => computeBlockId(headers[0].header)
 * producer; // => 'eosio'
 * publicKeyToText(publicKeys[0]); // => publicKeyToText(genesis.initialKey)
 * ```
 * @see EOSIO/eos, `block_header_state.cpp`, `sig_digest`; [E39 Producer signature](../RULES.md#e39-producer-signature);
 * [E40 What a header alone cannot prove](../RULES.md#e40-what-a-header-alone-cannot-prove)
 */
export function recoverHeader(input: SignedHeader, options: RecoverOptions | number = {}): RecoveredHeader {
  assertSignedHeader('recoverHeader.input', input);
  const recoverKey = readRecoverer('recoverHeader', options);
  return recoverParsed(parseLayout(input), input, recoverKey);
}

/** The parts of a header that the rules look at. */
export interface HeaderLayout {
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly number: number;
  readonly header: BlockHeader;
  readonly extensions: HeaderExtensions;
}

/** Parses a header and its extensions. */
export function parseLayout(input: SignedHeader): HeaderLayout {
  const header = parseHeader(input.header);
  const id = computeBlockId(input.header);
  return { id, number: computeBlockNumber(id), header, extensions: parseHeaderExtensions(header.headerExtensions) };
}

/** As {@link recoverHeader}, for a header that is parsed already. */
export function recoverParsed(
  layout: HeaderLayout,
  input: SignedHeader,
  recoverKey: RecoverKey = recoverPublicKey,
): RecoveredHeader {
  const found: RecoveryFacts = { ...layout, input, recoverKey };
  for (const { run } of RECOVERY_STEPS) run(found);
  return recoveredOf(found as Required<RecoveryFacts>);
}

/** What was signed with a header. */
export interface SigningContext {
  readonly blockroot: Uint8Array | null;
  readonly pendingScheduleHash: Uint8Array | null;
}

/** What is known of a header while it is recovered: each step adds to it. */
export interface RecoveryFacts extends HeaderLayout {
  readonly input: SignedHeader;
  /** How a key is recovered. */
  readonly recoverKey: RecoverKey;
  context?: SigningContext;
  /** 32 bytes. */
  message?: Uint8Array;
  publicKeys?: readonly PublicKey[];
}

/** A stretch of the header, or of the signatures one behind the other. */
export interface ByteRange {
  /** Which part. */
  readonly part: 'header' | 'signatures';
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte. */
  readonly end: number;
}

/** A step of recovery: it finds something out, or throws. */
export interface RecoveryStep {
  /** Number in RULES.md. */
  readonly id: string;
  /** The code that it fails with; some have others, which its error tells. */
  readonly code: EosioErrorCode;
  readonly where: string;
  /** The fact without which the step cannot be taken. */
  readonly needs?: 'message';
  readonly run: (facts: RecoveryFacts) => void;
  /** Both sides of a step that went well. */
  readonly describe: (facts: Required<RecoveryFacts>) => { expected: string; got: string };
  /** The bytes that it looks at. */
  readonly bytes: (facts: RecoveryFacts) => ByteRange;
}

/** The steps of recovery, in order: whoever recovers headers and whoever explains them takes these. */
export const RECOVERY_STEPS: readonly RecoveryStep[] = [
  {
    id: 'E37',
    code: 'SIGNING_CONTEXT_MISSING',
    where: 'input',
    run: (facts) => {
      facts.context = contextOf(facts);
      facts.message = messageOf(facts, facts.context);
    },
    describe: ({ context: { blockroot, pendingScheduleHash } }) =>
      blockroot === null || pendingScheduleHash === null
        ? { expected: 'nothing, the id alone is signed', got: 'nothing' }
        : {
            expected: 'a blockroot and the hash of a schedule, both of 32 bytes',
            got: `${describeBytes(blockroot)} and ${describeBytes(pendingScheduleHash)}`,
          },
    bytes: ({ input }) => ({ part: 'header', start: 0, end: input.header.length }),
  },
  {
    id: 'E39',
    code: 'SIGNATURE_INVALID',
    where: 'input.signatures',
    needs: 'message',
    run: (facts) => {
      const { signatures } = facts.input;
      if (signatures.length === 0)
        throw new PoaError('SIGNATURE_COUNT_MISMATCH', {
          where: 'input.signatures',
          expected: 'one or more',
          got: '0',
        });
      const message = facts.message as Uint8Array;
      facts.publicKeys = signatures.map((bytes) => recoverKeyOf(message, parseSignature(bytes), facts.recoverKey));
    },
    describe: ({ publicKeys }) => ({
      expected: 'canonical signatures that recover public keys',
      got: `${publicKeys.length === 1 ? 'one' : publicKeys.length} by ${describeKeys(publicKeys)}`,
    }),
    bytes: ({ input }) => ({
      part: 'signatures',
      start: 0,
      end: input.signatures.reduce((size, { length }) => size + length, 0),
    }),
  },
];

/** The first two of some keys, as nodes write them. */
export function describeKeys(keys: readonly PublicKey[]): string {
  const texts = keys.slice(0, 2).map(publicKeyToLegacyText).join(', ');
  return keys.length > 2 ? `${texts} and ${keys.length - 2} more` : texts;
}

/** The hash of the schedule that a header announces, in the form in which it does; undefined if it announces none. */
export function announcedHashOf({
  header,
  extensions,
}: Pick<HeaderLayout, 'header' | 'extensions'>): Uint8Array | undefined {
  if (extensions.newSchedule !== null) return computeProducerAuthorityScheduleHash(extensions.newSchedule);
  return header.newProducers === null ? undefined : computeProducerScheduleHash(header.newProducers);
}

/** 32 bytes, what a producer signs. */
export function signedMessageOf(layout: HeaderLayout, input: SignedHeader): Uint8Array {
  const facts = { ...layout, input };
  return messageOf(facts, contextOf(facts));
}

function messageOf(
  { id, input }: Pick<RecoveryFacts, 'id' | 'input'>,
  { blockroot, pendingScheduleHash }: SigningContext,
): Uint8Array {
  if (blockroot === null || pendingScheduleHash === null) return copyOf(id);
  return computeProducerDigest(computeHeaderDigest(input.header), blockroot, pendingScheduleHash);
}

/** @see [E37 Signed headers](../RULES.md#e37-signed-headers) */
function contextOf(facts: HeaderLayout & Pick<RecoveryFacts, 'input'>): SigningContext {
  const { header, input } = facts;
  if (isSavannaHeader(header)) return { blockroot: null, pendingScheduleHash: null };
  const announced = announcedHashOf(facts);
  const { blockroot, pendingScheduleHash = announced } = input;
  if (blockroot === undefined) throw missing('input.blockroot', 'the root over the ids of all blocks before');
  if (pendingScheduleHash === undefined)
    throw missing('input.pendingScheduleHash', 'the hash of the schedule that was announced last');
  checkSize('input.blockroot', blockroot);
  checkSize('input.pendingScheduleHash', pendingScheduleHash);
  if (announced !== undefined && !equalBytes(announced, pendingScheduleHash))
    throw new PoaError('PENDING_SCHEDULE_MISMATCH', {
      where: 'input.pendingScheduleHash',
      expected: `the hash of the schedule that the header announces, ${describeBytes(announced)}`,
      got: describeBytes(pendingScheduleHash),
    });
  return { blockroot: copyOf(blockroot), pendingScheduleHash: copyOf(pendingScheduleHash) };
}

function missing(where: string, expected: string): PoaError {
  return new PoaError('SIGNING_CONTEXT_MISSING', { where, expected, got: 'none' });
}

function checkSize(where: string, bytes: Uint8Array): void {
  if (bytes.length !== HASH_SIZE)
    throw new PoaError('MALFORMED', { where, expected: `${HASH_SIZE} bytes`, got: `${bytes.length} bytes` });
}

function recoveredOf({
  id,
  number,
  header,
  extensions,
  context,
  message,
  publicKeys,
}: Required<RecoveryFacts>): RecoveredHeader {
  return {
    id,
    number,
    message,
    publicKeys,
    producer: header.producer,
    header,
    extensions,
    ...context,
  };
}
