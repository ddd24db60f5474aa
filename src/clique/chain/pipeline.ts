/**
 * The fold with a verifier: hashes and signatures of a batch of headers at a time, signers guessed by their turn.
 *
 * @see [C10 Order of checks](../RULES.md#c10-order-of-checks)
 * @module
 */

import { assertBytes } from '../../internal/bytes.js';
import { runPipeline } from '../../internal/pipeline.js';
import type { RlpItem } from '../../internal/rlp.js';
import { checkRules } from '../../internal/rules.js';
import type { HashPlan } from '../../internal/verifier/hashPlan.js';
import { flatKeyAt } from '../../internal/verifier/keys.js';
import { type Known, type KnownByVerifier, knownOf } from '../../internal/verifier/known.js';
import { withPlans } from '../../internal/verifier/plans.js';
import type { FoldOptions, FoldResult } from '../../result.js';
import type { RecoverResult, Verifier } from '../../verifier.js';
import { assertHasSeal } from '../encoding/extraData.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';
import { EXTRA_SEAL, type Header, locateHeader, sealedPartsOf } from '../encoding/header.js';
import { createGuess, type Guess } from './guess.js';
import { HEADER_RULES } from './rules.js';
import type { State } from './state.js';
import { advance, applyPlainly } from './step.js';

/** Bytes of headers after which a batch ends: they are held until it is applied. */
const MAX_BATCH_BYTES = 0x100000;

/** What was found out about signers lives as long as the verifier that it is told to. */
const KNOWN: KnownByVerifier = /* @__PURE__ */ new WeakMap();

/** A header as far as no signature is needed; hashes are addresses in the plan. */
interface Item {
  readonly header: Header;
  readonly seal: Uint8Array;
  readonly hash: number;
  readonly message: number;
}

/** Applies headers to a state with a verifier. */
export function applyWithVerifier(
  where: string,
  state: State,
  inputs: Iterable<Uint8Array>,
  now: number,
  verifier: Verifier,
  options: Omit<FoldOptions, 'now'>,
): FoldResult<State> {
  return withPlans(verifier, 'keccak256', (plan, names) => {
    const known = knownOf(KNOWN, verifier);
    // What depends on the blocks in between is asked when they are applied.
    const rulesAhead = HEADER_RULES.filter(
      ({ code }) => code !== 'PARENT_MISMATCH' && code !== 'CHECKPOINT_SIGNERS_MISMATCH',
    );
    const rulesBehind = HEADER_RULES.filter((rule) => !rulesAhead.includes(rule));
    let current = state;
    let ahead = state;
    let bytes = 0;
    let handles: Int32Array = new Int32Array(0);
    let keys: RecoverResult | undefined;
    let signers: readonly (Uint8Array | undefined)[] = [];
    return runPipeline<Uint8Array, Item, State>(where, inputs, options, {
      check: assertBytes,
      begin: () => {
        plan.clear();
        ahead = current;
        bytes = 0;
        handles = known.handlesOf(current.signers);
        return handles.some((handle) => handle !== -1);
      },
      prepare: (input) => {
        const layout = locateHeader('header', input);
        const { header } = layout;
        checkRules(rulesAhead, { header, now, config: ahead.config, state: ahead });
        assertHasSeal('header.extraData', header.extraData);
        const { number, timestamp, gasLimit, gasUsed, baseFeePerGas } = header;
        ahead = { ...ahead, number, timestamp, gasLimit, gasUsed, baseFeePerGas };
        bytes += input.length;
        const { end } = layout.fields.extraData as RlpItem;
        return {
          header,
          seal: input.subarray(end - EXTRA_SEAL, end),
          hash: plan.add(input),
          message: plan.addAll(sealedPartsOf('header', input, layout)),
        };
      },
      isLast: () => bytes > MAX_BATCH_BYTES,
      recover: (items) => {
        plan.run();
        keys = recoverItems(verifier, plan, items, createGuess(current), handles);
        signers = findSigners(names, keys, items.length, known);
      },
      apply: ({ header, hash }, index) => {
        const signer = signers[index];
        if (keys === undefined || signer === undefined) return false;
        checkRules(rulesBehind, { header, now, config: current.config, state: current });
        current = advance(current, { header, hash: plan.digest(hash), signer }, now);
        // Only now it is certain that the list admits the key.
        known.learn(keys.handles[index] as number, signer, keys.keys, index);
        return true;
      },
      applyPlainly: (input) => {
        current = applyPlainly(current, input, now);
      },
      number: () => current.number,
      state: () => current,
    });
  });
}

function recoverItems(
  verifier: Verifier,
  plan: HashPlan,
  items: readonly Item[],
  guess: Guess,
  handles: Int32Array,
): RecoverResult {
  const count = items.length;
  const messages = new Uint8Array(HASH_SIZE * count);
  const signatures = new Uint8Array(EXTRA_SEAL * count);
  const hints = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const { header, seal, message } = items[i] as Item;
    messages.set(plan.digest(message), HASH_SIZE * i);
    signatures.set(seal, EXTRA_SEAL * i);
    hints[i] = handles[guess(header)] ?? -1;
  }
  return verifier.recover({ count, messages, signatures, hints, policy: 'any' });
}

/** Who signed each item: by the handle of the key, else by its hash; undefined where no key was recovered. */
function findSigners(plan: HashPlan, keys: RecoverResult, count: number, known: Known): (Uint8Array | undefined)[] {
  const found = Array.from({ length: count }, (_, i) => {
    if (keys.statuses[i] !== 0) return undefined;
    return known.nameOf(keys.handles[i] ?? -1) ?? plan.add(flatKeyAt(keys.keys, i));
  });
  plan.run();
  return found.map((name) => (typeof name === 'number' ? plan.digest(name).subarray(HASH_SIZE - ADDRESS_SIZE) : name));
}
