/**
 * The fold with a verifier: signatures of a batch of headers at a time, the keys of the producers in their slots known ahead.
 *
 * @see [E52 Order of checks](../RULES.md#e52-order-of-checks)
 * @module
 */

import { runPipeline } from '../../internal/pipeline.js';
import { checkRules } from '../../internal/rules.js';
import { compressFlatKey } from '../../internal/verifier/keys.js';
import { type Known, type KnownByVerifier, knownOf } from '../../internal/verifier/known.js';
import { FLAT_KEY_SIZE } from '../../internal/verifier/registry.js';
import type { FoldOptions, FoldResult } from '../../result.js';
import type { RecoverResult, Verifier } from '../../verifier.js';
import { HASH_SIZE } from '../encoding/hash.js';
import type { PublicKey } from '../encoding/key.js';
import { parseSignature, SIGNATURE_SIZE, toRecoverable } from '../encoding/signature.js';
import {
  assertSignedHeader,
  type HeaderLayout,
  parseLayout,
  type SignedHeader,
  signedMessageOf,
} from '../recovery/recover.js';
import { KEY_RULES } from './keyRules.js';
import { HEADER_RULES, scheduledProducerOf } from './rules.js';
import { copyState, type Draft } from './state.js';
import { advance, complete, factsOf, judge } from './step.js';

/** Bytes of headers after which a batch ends: they are held until it is applied. */
const MAX_BATCH_BYTES = 0x100000;
/** Signatures of a batch after which it ends: each header can have many. */
const MAX_BATCH_SIGNATURES = 256;

/** Which keys of producers a verifier has been told of lives as long as it. */
const KNOWN: KnownByVerifier = /* @__PURE__ */ new WeakMap();

/** A header as far as no signature is needed. */
interface Item {
  readonly input: SignedHeader;
  readonly layout: HeaderLayout;
  /** 32 bytes. */
  readonly message: Uint8Array;
  /** 65 bytes each: r, s, id. */
  readonly signatures: readonly Uint8Array[];
  /** The keys of the producer in the slot. */
  readonly expected: readonly PublicKey[];
}

/** Applies headers to a draft with a verifier. */
export function applyWithVerifier(
  where: string,
  draft: Draft,
  inputs: Iterable<SignedHeader>,
  now: number,
  verifier: Verifier,
  options: Omit<FoldOptions, 'now'>,
): FoldResult<Draft> {
  const known = knownOf(KNOWN, verifier);
  let ahead: Draft = draft;
  let bytes = 0;
  let signatures = 0;
  let found: readonly (Found | undefined)[] = [];
  return runPipeline<SignedHeader, Item, Draft>(where, inputs, options, {
    check: assertSignedHeader,
    begin: () => {
      // Headers move a state on whoever signed them; whether the right keys did is asked when they are applied.
      ahead = copyState(draft);
      bytes = 0;
      signatures = 0;
      // Producers take long turns: a few headers make few of them known.
      return true;
    },
    prepare: (input) => {
      const layout = parseLayout(input);
      checkRules(HEADER_RULES, factsOf(ahead, layout, input, now));
      const item = {
        input,
        layout,
        message: signedMessageOf(layout, complete(ahead, layout, input)),
        signatures: input.signatures.map(readSignature),
        expected: scheduledProducerOf(ahead, layout.header).authority.keys.map(({ key }) => key),
      };
      advance(ahead, layout);
      bytes += input.header.length;
      signatures += input.signatures.length;
      return item;
    },
    isLast: () => bytes > MAX_BATCH_BYTES || signatures > MAX_BATCH_SIGNATURES,
    recover: (items) => {
      found = recoverItems(verifier, items, known);
    },
    apply: ({ input, layout }, index) => {
      const signers = found[index];
      if (signers === undefined) return false;
      checkRules(KEY_RULES, { ...factsOf(draft, layout, input, now), publicKeys: signers.publicKeys });
      // Only now it is certain that the schedule admits the keys.
      for (const [i, { data }] of signers.publicKeys.entries())
        known.learn(signers.handles[i] as number, data, signers.keys, i);
      advance(draft, layout);
      return true;
    },
    applyPlainly: (input) => advance(draft, judge(draft, input, now)),
    number: () => draft.number,
    state: () => draft,
  });
}

function readSignature(bytes: Uint8Array): Uint8Array {
  return toRecoverable('input.signatures', parseSignature(bytes));
}

/** The keys that signed a header. */
interface Found {
  readonly publicKeys: readonly PublicKey[];
  /** 64 bytes each, and the handles of those that the verifier knows. */
  readonly keys: Uint8Array;
  readonly handles: Int32Array;
}

/** The keys that signed each item; undefined where one could not be recovered. */
function recoverItems(verifier: Verifier, items: readonly Item[], known: Known): (Found | undefined)[] {
  const count = items.reduce((sum, { signatures }) => sum + signatures.length, 0);
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(SIGNATURE_SIZE * count);
  const hints = new Int32Array(count).fill(-1);
  let at = 0;
  for (const item of items) {
    for (const [i, signature] of item.signatures.entries()) {
      messages.set(item.message, HASH_SIZE * at);
      signatures.set(signature, SIGNATURE_SIZE * at);
      hints[at] = handleOf(known, item.expected[i]);
      at++;
    }
  }
  const result = verifier.recover({ count, messages, signatures, hints, policy: 'any' });
  let start = 0;
  return items.map((item) => {
    const first = start;
    start += item.signatures.length;
    return takeKeys(result, first, start);
  });
}

function takeKeys({ keys, statuses, handles }: RecoverResult, start: number, end: number): Found | undefined {
  const publicKeys: PublicKey[] = [];
  for (let i = start; i < end; i++) {
    if (statuses[i] !== 0) return undefined;
    publicKeys.push({ curve: 'K1', data: compressFlatKey(keys, i) });
  }
  return { publicKeys, keys: keys.subarray(FLAT_KEY_SIZE * start), handles: handles.subarray(start) };
}

/** The handle of a key of the schedule, or -1: nobody knows it yet, or it signs nothing that could be recovered. */
function handleOf(known: Known, key: PublicKey | undefined): number {
  return key?.curve === 'K1' ? known.handleOf(key.data) : -1;
}
