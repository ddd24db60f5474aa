/**
 * The map: what a header proves by itself. Recovering who made it is expensive and needs no state, so any number of cores
 * or machines can share it.
 *
 * @see POA RFC draft, "POA header": a node does the following steps to verify a POA header
 * @module
 */

import { type CkbErrorCode, PoaError } from '../../errors.js';
import { copyOf, describeBytes, equalBytes } from '../../internal/bytes.js';
import { copyFixvec, fixvecCountOf } from '../../internal/molecule/read.js';
import { recoverPublicKey } from '../../internal/secp256k1.js';
import { type RecoverKey, readRecoverer } from '../../internal/verifier/one.js';
import type { RecoverOptions } from '../../verifier.js';
import { blake160, ckbHash, HASH_SIZE } from '../encoding/hash.js';
import { type Header, parseHeader, TRANSACTIONS_ROOT_OFFSET } from '../encoding/header.js';
import { computeMerkleRootFromProof } from '../encoding/merkle.js';
import { type CellbaseLayout, locateCellbase, MAX_CELLBASE_SIZE } from '../encoding/poaContext.js';
import { assertPoaHeader, type PoaHeader } from '../encoding/poaHeader.js';

/** What a header and its cellbase prove together. Plain data: it survives a structured clone. */
export interface RecoveredHeader {
  /** 32 bytes, hash of the block. */
  readonly hash: Uint8Array;
  /** 32 bytes, what was signed: the zero-signature block hash. */
  readonly message: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
  /** 20 bytes, blake160 of the public key. */
  readonly attester: Uint8Array;
  /** The header, parsed. */
  readonly header: Header;
  /** u32, transactions of the block, as trustworthy as the attester. */
  readonly transactionsCount: number;
  /** Molecule `Transaction`s that the block proves to hold, in order. */
  readonly votingTxs: readonly Uint8Array[];
}

/**
 * Recovers who attested a header, after checking that header and cellbase belong together. Needs no state and judges
 * nothing that depends on one: whether the attester may attest is `applyRecovered`'s to say.
 *
 * What a header alone cannot prove: `transactionsCount`, and that there are no further votes, are as trustworthy as the
 * attester. A failure judges this pair of header and cellbase, never the block hash: another cellbase may complete the header.
 *
 * @param input - header of 208 bytes and its cellbase
 * @param options - a verifier, and the keys that are expected; a number, the index that `map` hands over, is none
 * @returns fresh copies of everything
 * @throws PoaError in this order: `MALFORMED` (header); `CELLBASE_TOO_LARGE`, `MALFORMED`, `CONTEXT_MISSING` (structure);
 * `CELLBASE_INVALID`; `MERKLE_PROOF_INVALID`; `TRANSACTIONS_ROOT_MISMATCH`; `SIGNATURE_INVALID`
 * @example
 * ```ts
 * import { blake160, recoverHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * const { attester, publicKey } = recoverHeader(headers[0]);
 * attester; // => blake160(publicKey)
 * ```
 * @see POA RFC draft, "POA header"; [R18 Attester](../RULES.md#r18-attester);
 * [R19 What a header alone cannot prove](../RULES.md#r19-what-a-header-alone-cannot-prove)
 */
export function recoverHeader(input: PoaHeader, options: RecoverOptions | number = {}): RecoveredHeader {
  assertPoaHeader('recoverHeader.input', input);
  const recoverKey = readRecoverer('recoverHeader', options);
  return recoverParsed(parseHeader(input.header), input, recoverKey);
}

/** As {@link recoverHeader}, for a header that is parsed already. */
export function recoverParsed(
  header: Header,
  input: PoaHeader,
  recoverKey: RecoverKey = recoverPublicKey,
): RecoveredHeader {
  const found: RecoveryFacts = { header, input, recoverKey };
  for (const { run } of RECOVERY_STEPS) run(found);
  return recoveredOf(found as Required<RecoveryFacts>);
}

/** What is known of a header while it is recovered: each step adds to it. */
export interface RecoveryFacts {
  readonly header: Header;
  readonly input: PoaHeader;
  /** How the key is recovered. */
  readonly recoverKey: RecoverKey;
  layout?: CellbaseLayout;
  /** 32 bytes, the transactions root that cellbase, votes and proof give. */
  root?: Uint8Array;
  /** 32 bytes. */
  message?: Uint8Array;
  /** 33 bytes. */
  publicKey?: Uint8Array;
  /** 20 bytes. */
  attester?: Uint8Array;
}

/** A stretch of one of the two parts of an input. */
export interface ByteRange {
  /** Which part. */
  readonly part: 'header' | 'cellbase';
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte. */
  readonly end: number;
}

/** A step of recovery: it finds something out, or throws. */
export interface RecoveryStep {
  /** Number in RULES.md. */
  readonly id: string;
  /** The code that it fails with; structure has others, which its error tells. */
  readonly code: CkbErrorCode;
  readonly where: string;
  /** The fact without which the step cannot be taken. */
  readonly needs?: 'layout' | 'root';
  readonly run: (facts: RecoveryFacts) => void;
  /** Both sides of a step that went well. */
  readonly describe: (facts: Required<RecoveryFacts>) => { expected: string; got: string };
  /** The bytes that it looks at, as far as they are known. */
  readonly bytes: (facts: RecoveryFacts) => ByteRange;
}

/** The steps of recovery, in order: whoever recovers headers and whoever explains them takes these. */
export const RECOVERY_STEPS: readonly RecoveryStep[] = [
  {
    id: 'R12',
    code: 'MALFORMED',
    where: 'cellbase',
    run: (facts) => {
      facts.layout = locateCellbase('cellbase', facts.input.cellbase);
    },
    describe: ({ input }) => ({
      expected: `a strict Transaction of at most ${MAX_CELLBASE_SIZE} bytes with CellbaseWitness | POAContext`,
      got: `one of ${input.cellbase.length} bytes`,
    }),
    bytes: ({ input }) => ({ part: 'cellbase', start: 0, end: input.cellbase.length }),
  },
  {
    id: 'R13',
    code: 'CELLBASE_INVALID',
    where: 'cellbase.inputs',
    needs: 'layout',
    run: ({ input, header, layout }) => {
      assertCellbaseInput(input.cellbase, layout as CellbaseLayout, header.number);
    },
    describe: ({ header }) => {
      const text = `one input, null, with since ${header.number}`;
      return { expected: text, got: text };
    },
    bytes: ({ layout }) => ({ part: 'cellbase', ...(layout?.inputs ?? { start: 0, end: 0 }) }),
  },
  {
    id: 'R14',
    code: 'MERKLE_PROOF_INVALID',
    where: 'cellbase.witnesses[0].poaContext.merkle_proof',
    needs: 'layout',
    run: (facts) => {
      const { cellbase } = facts.input;
      facts.root = computeRoot(cellbase, facts.layout as CellbaseLayout, ckbHash(cellbase));
    },
    describe: ({ layout: { context } }) => {
      const text = `a proof of ${context.votingTxs.length + 1} of ${context.transactionsCount} leaves`;
      return { expected: text, got: text };
    },
    bytes: ({ layout }) => ({ part: 'cellbase', ...(layout?.context.merkleProof ?? { start: 0, end: 0 }) }),
  },
  {
    id: 'R15',
    code: 'TRANSACTIONS_ROOT_MISMATCH',
    where: 'header.transactionsRoot',
    needs: 'root',
    run: ({ header, root }) => {
      if (equalBytes(root as Uint8Array, header.transactionsRoot)) return;
      throw new PoaError('TRANSACTIONS_ROOT_MISMATCH', {
        where: 'header.transactionsRoot',
        expected: `the root that cellbase, votes and proof give, ${describeBytes(root as Uint8Array)}`,
        got: describeBytes(header.transactionsRoot),
        offset: TRANSACTIONS_ROOT_OFFSET,
      });
    },
    describe: ({ header, root }) => ({ expected: describeBytes(root), got: describeBytes(header.transactionsRoot) }),
    bytes: () => ({ part: 'header', start: TRANSACTIONS_ROOT_OFFSET, end: TRANSACTIONS_ROOT_OFFSET + HASH_SIZE }),
  },
  {
    id: 'R17',
    code: 'SIGNATURE_INVALID',
    where: 'cellbase.witnesses[0].poaContext.signature',
    needs: 'root',
    run: (facts) => {
      const { input } = facts;
      const { signature } = (facts.layout as CellbaseLayout).context;
      facts.message = computeMessage(input, facts.layout as CellbaseLayout);
      const bytes = input.cellbase.subarray(signature.start, signature.end);
      facts.publicKey = facts.recoverKey('cellbase.witnesses[0].poaContext.signature', facts.message, bytes, 'low');
      facts.attester = blake160(facts.publicKey);
    },
    describe: ({ attester }) => ({
      expected: 'a signature that recovers a public key, s in the lower half',
      got: `one by ${describeBytes(attester)}`,
    }),
    bytes: ({ layout }) => ({ part: 'cellbase', ...(layout?.context.signature ?? { start: 0, end: 0 }) }),
  },
];

function recoveredOf({
  header,
  input,
  layout,
  message,
  publicKey,
  attester,
}: Required<RecoveryFacts>): RecoveredHeader {
  const { transactionsCount } = layout.context;
  return {
    hash: ckbHash(input.header),
    message,
    publicKey,
    attester,
    header,
    transactionsCount,
    votingTxs: votingTxsOf(input.cellbase, layout),
  };
}

/** Copies of the voting transactions of a located cellbase. */
export function votingTxsOf(cellbase: Uint8Array, { context }: CellbaseLayout): Uint8Array[] {
  return context.votingTxs.map(({ start, end }) => copyOf(cellbase, start, end));
}

/**
 * The message that an attester signs: the hash of the header with `transactions_root` computed over the cellbase with its
 * signature zeroed. Nothing else of the header changes, so it does not matter whether the header is sealed yet.
 *
 * @param input - header of 208 bytes and its cellbase, sealed or not
 * @returns 32 bytes
 * @throws PoaError `MALFORMED`; `CELLBASE_TOO_LARGE`; `CONTEXT_MISSING`; `CELLBASE_INVALID`; `MERKLE_PROOF_INVALID`
 * @example
 * ```ts
 * import { computeAttestationMessage, recoverHeader } from 'poa-primitives/ckb';
 * import { headers } from './sample.js';
 *
 * computeAttestationMessage(headers[0]); // => recoverHeader(headers[0]).message
 * ```
 * @see POA RFC draft, "POA header": zero `signature` field of POAContext; [R16 Message](../RULES.md#r16-message)
 */
export function computeAttestationMessage(input: PoaHeader): Uint8Array {
  assertPoaHeader('computeAttestationMessage.input', input);
  const { number } = parseHeader(input.header);
  const layout = locateCellbase('cellbase', input.cellbase);
  assertCellbaseInput(input.cellbase, layout, number);
  return computeMessage(input, layout);
}

function computeMessage({ header, cellbase }: PoaHeader, layout: CellbaseLayout): Uint8Array {
  const { signature } = layout.context;
  const zeroed = copyOf(cellbase).fill(0, signature.start, signature.end);
  const unsealed = copyOf(header);
  unsealed.set(computeRoot(cellbase, layout, ckbHash(zeroed)), TRANSACTIONS_ROOT_OFFSET);
  return ckbHash(unsealed);
}

/**
 * The transactions root that a cellbase leads to, its witness hash given: it is leaf 0, its votes are the next leaves.
 *
 * @throws PoaError `MERKLE_PROOF_INVALID`
 * @see [R14 Leaves and proof](../RULES.md#r14-leaves-and-proof), [R15 Transactions root](../RULES.md#r15-transactions-root)
 */
function computeRoot(cellbase: Uint8Array, { view, context }: CellbaseLayout, cellbaseHash: Uint8Array): Uint8Array {
  const { transactionsCount, rawTransactionsRoot, merkleProof, votingTxs } = context;
  const leaves = [cellbaseHash, ...votingTxs.map(({ start, end }) => ckbHash(cellbase.subarray(start, end)))];
  const witnessesRoot = computeMerkleRootFromProof({
    leaves,
    indices: leaves.map((_, i) => i),
    count: transactionsCount,
    lemmas: copyFixvec(cellbase, view, merkleProof.start, HASH_SIZE),
  });
  return ckbHash(cellbase.subarray(rawTransactionsRoot.start, rawTransactionsRoot.end), witnessesRoot);
}

/**
 * A cellbase has exactly one input: the null out point, since the number of its block.
 *
 * @throws PoaError `CELLBASE_INVALID`
 * @see [R13 Cellbase](../RULES.md#r13-cellbase)
 */
export function assertCellbaseInput(cellbase: Uint8Array, layout: CellbaseLayout, number: bigint): void {
  const { view } = layout;
  const inputs = layout.inputs.start;
  const invalid = (expected: string, got: string, offset: number) =>
    new PoaError('CELLBASE_INVALID', { where: 'cellbase.inputs', expected, got, offset });
  const count = fixvecCountOf(view, inputs);
  if (count !== 1) throw invalid('one input', `${count}`, inputs);
  const since = inputs + 4;
  for (let i = 0; i < HASH_SIZE; i++) {
    if (cellbase[since + 8 + i] === 0) continue;
    const txHash = cellbase.subarray(since + 8, since + 8 + HASH_SIZE);
    throw invalid('the null transaction hash', describeBytes(txHash), since + 8);
  }
  const index = view.getUint32(since + 8 + HASH_SIZE, true);
  if (index !== 0xffffffff) throw invalid('index 0xffffffff', `${index}`, since + 8 + HASH_SIZE);
  const found = view.getBigUint64(since, true);
  if (found !== number) throw invalid(`since ${number}, the number of the block`, `${found}`, since);
}
