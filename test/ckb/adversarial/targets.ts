/** Every function of `poa-primitives/ckb` that takes what others made, with good inputs and the codes that it may throw. */

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { isPoaError, type PoaErrorCode } from 'poa-primitives';
import * as ckb from 'poa-primitives/ckb';
import * as sample from '../../../examples/sample.js';
import { bytes } from '../../support/bytes.js';
import { inputOf, readVectors, stateOf, type VectorHeader } from '../../support/poa.js';
import { isSame } from './values.js';

/** One input that a function takes, and what it needs of the caller's own beside it. */
export interface Seed {
  readonly input: any;
  readonly own?: any;
}

export interface Target {
  /** Calls the function; an outcome that holds an error throws it. */
  readonly call: (input: any, own: any) => unknown;
  readonly seeds: readonly Seed[];
  /** All that it may throw. */
  readonly codes: readonly PoaErrorCode[];
  /** What must equal the input, made from the output. */
  readonly inverse?: (output: any) => unknown;
  /** What must hold of the output; throws if it does not. */
  readonly check?: (output: any, input: any) => void;
  /** Puts right what would stop a spoilt input before the rest of it is looked at. */
  readonly repair?: (input: any, own: any) => unknown;
  /** Paths that the function does not look at. */
  readonly unread?: readonly string[];
  /** Paths that may be left out; what is the caller's own begins with `own`. */
  readonly optional?: readonly string[];
  /** Names of members that may be null. */
  readonly nullable?: readonly string[];
  /** Whether the last member may be left out, as in a vector, and a block without extension. */
  readonly isOpen?: boolean;
  /** Whether the input stands for several arguments. */
  readonly isSpread?: boolean;
  /** Whether one call takes about a millisecond. */
  readonly isSlow?: boolean;
  /** Surrounds hostile bytes so that they are looked at. */
  readonly frame?: (body: Uint8Array) => Uint8Array;
}

export const STRUCTURE = ['CELLBASE_TOO_LARGE', 'MALFORMED', 'CONTEXT_MISSING'] as const;
export const MESSAGE = [...STRUCTURE, 'CELLBASE_INVALID', 'MERKLE_PROOF_INVALID'] as const;
export const RECOVERY = [...MESSAGE, 'TRANSACTIONS_ROOT_MISMATCH', 'SIGNATURE_INVALID'] as const;
export const LIST = [
  'VALIDATOR_LIST_MALFORMED',
  'VALIDATOR_LIST_DUPLICATE',
  'VOTE_LIMIT_OUT_OF_RANGE',
  'ATTEST_INTERVAL_TOO_LONG',
] as const;
export const VOTE = [
  'MALFORMED',
  'VOTE_NOT_SPENDING_LIST',
  'VOTE_OUTPUT_COUNT',
  ...LIST,
  'VALIDATOR_LIST_LOCK_MISMATCH',
  'VOTES_INVALID',
] as const;
export const APPLY = [
  'VERSION_MISMATCH',
  'PARENT_MISMATCH',
  'NUMBER_MISMATCH',
  'EPOCH_INVALID',
  'TIMESTAMP_TOO_OLD',
  'TIMESTAMP_TOO_SOON',
  'TIMESTAMP_TOO_NEW',
  'NONCE_NOT_ZERO',
  ...RECOVERY,
  'ATTESTER_UNKNOWN',
  'ATTESTER_TOO_SOON',
  'DIFFICULTY_MISMATCH',
  ...VOTE,
] as const;
export const STATE = ['OUT_OF_RANGE', 'MALFORMED', ...LIST, 'STATE_INVALID'] as const;

export const asSeeds = (...inputs: unknown[]): Seed[] => inputs.map((input) => ({ input }));

export const attestations: VectorHeader[] = readVectors('attestations.json').cases;
export const voting: { now: number; anchor: any; blocks: VectorHeader[]; final: any } =
  readVectors('chain-voting.json');

/** Without votes, with one and with two. */
export const poaHeaders = [0, 6, 2, 8].map((i) => inputOf(attestations[i] as VectorHeader));
export const cellbases = poaHeaders.map(({ cellbase }) => cellbase);
export const firstWitnesses = cellbases.map((cellbase) => ckb.parseTransaction(cellbase).witnesses[0] as Uint8Array);
export const parts = firstWitnesses.map(ckb.splitCellbaseWitness);
export const contexts = parts.map(({ poaContext }) => poaContext);
export const votes = contexts.flatMap((context) => ckb.parsePoaContext(context).votingTxs);
export const transactions = [sample.vote.transaction, votes[0], cellbases[0]] as Uint8Array[];
export const scripts = [
  sample.anchor.validatorListType,
  ckb.serializeScript({ codeHash: new Uint8Array(32), hashType: 0, args: new Uint8Array() }),
];
export const lists: Uint8Array[] = [1, 3, 7].map((i) => bytes(readVectors('validator-lists.json').cases[i].data));
export const listRecords = lists.map(ckb.parseValidatorList);
export const blockRecord = ckb.blockFromRpc(sample.rpcBlock);
export const uncle = { header: blockRecord.header, proposals: [new Uint8Array(10).fill(7)] };
export const blockRecords: ckb.Block[] = [
  blockRecord,
  { ...blockRecord, uncles: [uncle, uncle], proposals: [new Uint8Array(10)], extension: new Uint8Array(32).fill(9) },
];
export const blocks = blockRecords.map(ckb.serializeBlock);
export const witnessArgs = [
  { lock: new Uint8Array(65).fill(1), inputType: null, outputType: new Uint8Array() },
  { lock: null, inputType: null, outputType: null },
];
/** With both limits of a network, which its blocks keep. */
export const anchorState = ckb.createState({
  ...sample.anchor,
  network: { epochLength: 1000, minimumBlockInterval: ckb.BLOCK_INTERVAL },
});
export const states = [anchorState, sample.headers.reduce((state, header) => apply(state, header), anchorState)];
export const leaves = Array.from({ length: 7 }, (_, i) => ckb.ckbHash(Uint8Array.of(i)));
export const proof = ckb.computeMerkleProof(leaves, [5, 0]);
export const network = { multisigCodeHash: ckb.MULTISIG_CODE_HASH };
export const cells = listRecords.map((list, i) => ({
  output: { capacity: 0n, lock: ckb.computeValidatorListLock(list, network), type: null },
  data: lists[i],
}));
export const firstInput = { since: 1n, previousOutput: { txHash: new Uint8Array(32).fill(3), index: 2 } };

export function apply(state: ckb.State, input: ckb.PoaHeader, now = sample.now): ckb.State {
  return ckb.applyHeader(state, input, { now });
}

/** Headers, each with the state before it: the first four of the sample, one of them with a vote, and one of another chain. */
export const applySeeds: Seed[] = [
  ...sample.headers.map((input, i) => ({
    input,
    own: {
      state: sample.headers.slice(0, i).reduce((state, header) => apply(state, header), anchorState),
      now: sample.now,
    },
  })),
  {
    input: inputOf(voting.blocks[8] as VectorHeader),
    own: {
      state: voting.blocks
        .slice(0, 8)
        .reduce((s, block) => apply(s, inputOf(block), voting.now), stateOf(voting.anchor)),
      now: voting.now,
    },
  },
];
export const voteSeeds: Seed[] = [{ input: sample.vote.transaction, own: { state: anchorState } }];

/** `repair`, as far as it can: what does not decode stays as it is. */
export const attempt =
  (repair: (input: any, own: any) => unknown) =>
  (input: any, own: any): unknown => {
    try {
      return repair(input, own);
    } catch (error) {
      if (!isPoaError(error)) throw error;
      return input;
    }
  };

/** Molecule's total size, put right. */
export function fixSize(input: Uint8Array): Uint8Array {
  if (input.length < 4) return input;
  const fixed = Uint8Array.from(input);
  new DataView(fixed.buffer).setUint32(0, fixed.length, true);
  return fixed;
}

export const frameState = (body: Uint8Array): Uint8Array => {
  const framed = Buffer.concat([Buffer.from('poa-ckb\x01'), body]);
  return new Uint8Array(Buffer.concat([framed, ckb.ckbHash(framed)]));
};

/** The transactions root that a cellbase leads to, put into the header. */
export function fixRoot({ header, cellbase }: ckb.PoaHeader): ckb.PoaHeader {
  const { votingTxs, transactionsCount, merkleProof, rawTransactionsRoot } = readContext(cellbase).context;
  const hashes = [cellbase, ...votingTxs].map((item) => ckb.ckbHash(item));
  const root = ckb.computeMerkleRootFromProof({
    leaves: hashes,
    indices: hashes.map((_, i) => i),
    count: transactionsCount,
    lemmas: merkleProof,
  });
  const fixed = Uint8Array.from(header);
  if (fixed.length === 208) fixed.set(ckb.ckbHash(rawTransactionsRoot, root), 64);
  return { header: fixed, cellbase };
}

export function readContext(cellbase: Uint8Array) {
  const record = ckb.parseTransaction(cellbase);
  const { cellbaseWitness, poaContext } = ckb.splitCellbaseWitness(record.witnesses[0] ?? new Uint8Array());
  return { record, cellbaseWitness, context: ckb.parsePoaContext(poaContext) };
}

export const sign = (message: Uint8Array, key: Uint8Array): Uint8Array => {
  const [id, ...rs] = secp256k1.sign(message, key, { prehash: false, format: 'recovered' });
  return Uint8Array.of(...rs, id as number);
};

/** The header attested anew, if its validator is one of the sample. */
export function attestAgain(input: ckb.PoaHeader, { state }: { state: ckb.State }): ckb.PoaHeader {
  const { pubkeyHashes } = state.validatorList;
  const inTurn = pubkeyHashes[Number((state.number + 1n) % BigInt(pubkeyHashes.length))] as Uint8Array;
  const key = sample.secretKeys.find((item) => isSame(ckb.blake160(secp256k1.getPublicKey(item)), inTurn));
  if (key === undefined) return fixRoot(input);
  const { record, cellbaseWitness, context } = readContext(input.cellbase);
  const signature = sign(ckb.computeAttestationMessage(input), key);
  const poaContext = ckb.serializePoaContext({ ...context, signature });
  const witnesses = [ckb.joinCellbaseWitness({ cellbaseWitness, poaContext }), ...record.witnesses.slice(1)];
  return fixRoot({ header: input.header, cellbase: ckb.serializeTransaction({ ...record, witnesses }) });
}

/** The multisig witness of an input signed anew by the first validators of the sample. */
export function signAgain(input: ckb.MultisigInput): ckb.MultisigInput {
  const message = ckb.computeMultisigMessage(input);
  const record = ckb.parseTransaction(input.transaction);
  const { threshold } = ckb.parseMultisigScript(input.multisigScript);
  const signatures = sample.secretKeys.slice(0, threshold).map((key) => sign(message, key));
  const witnesses = record.witnesses.map((witness, i) => {
    if (i !== input.inputIndex) return witness;
    const lock = new Uint8Array(Buffer.concat([input.multisigScript, ...signatures]));
    return ckb.serializeWitnessArgs({ ...ckb.parseWitnessArgs(witness), lock });
  });
  return { ...input, transaction: ckb.serializeTransaction({ ...record, witnesses }) };
}

export const survives = (state: ckb.State): void => {
  if (!isSame(ckb.parseState(ckb.serializeState(state)), state))
    throw new Error('the state does not survive its bytes');
};

/** A hash of bytes that must have been parsed: both take the same. */
export const onlyIf = (parse: (input: Uint8Array) => unknown) => (_: unknown, input: Uint8Array) => void parse(input);

export const molecule = { codes: ['MALFORMED'] as const, repair: fixSize };
export const outOfRange = { codes: ['OUT_OF_RANGE'] as const };
export const template = { ...sample.template, votingTxs: [sample.vote.transaction] };
export const prepared = ckb.prepareBlock(template);
export const sealSeed = { prepared, signature: sign(prepared.message, sample.secretKeys[1] as Uint8Array) };
export const stateOptions = {
  nullable: ['epochLength'],
  optional: ['network', 'network.*', 'anchorHash', 'recentAttesters', 'totalDifficulty'],
  codes: STATE,
};

/** Functions over bytes and records. */
/** An anchor without what may be left out. */
const bareAnchor = {
  network: {},
  hash: sample.anchor.hash,
  number: sample.anchor.number,
  epoch: sample.anchor.epoch,
  timestamps: sample.anchor.timestamps,
  validatorListOutPoint: sample.anchor.validatorListOutPoint,
  validatorListType: sample.anchor.validatorListType,
  validatorList: sample.anchor.validatorList,
};
const runOfHeaders = sample.headers.map(({ header }) => header);
const voteSignatures = [0, 1].map((i) =>
  ckb.signVote(anchorState, sample.vote.transaction, sample.secretKeys[i] as Uint8Array),
);
const voteRequest = {
  cell: sample.listCell,
  wanted: sample.wantedList,
  network,
  cellDeps: [{ outPoint: firstInput.previousOutput, depType: 1 }],
  capacity: 10n ** 12n,
  headerDeps: [new Uint8Array(32)],
  inputs: [firstInput],
  inputIndex: 1,
  outputs: [{ output: { ...sample.listCell.output, type: null }, data: Uint8Array.of(1) }],
  outputIndex: 1,
  witnesses: [Uint8Array.of(1, 2), Uint8Array.of(3)],
};

export const TARGETS: Record<string, Target> = {
  ckbHash: { call: (input) => ckb.ckbHash(input, input), seeds: asSeeds(leaves[0]), codes: [] },
  blake160: { call: ckb.blake160, seeds: asSeeds(leaves[0]), codes: [] },

  parseHeader: {
    call: ckb.parseHeader,
    seeds: asSeeds(...poaHeaders.map(({ header }) => header)),
    codes: ['MALFORMED'],
    inverse: ckb.serializeHeader,
  },
  computeHeaderHash: {
    call: ckb.computeHeaderHash,
    seeds: asSeeds(...poaHeaders.map(({ header }) => header)),
    codes: ['MALFORMED'],
    check: onlyIf(ckb.parseHeader),
  },
  parseTransaction: {
    ...molecule,
    call: ckb.parseTransaction,
    seeds: asSeeds(...transactions),
    inverse: ckb.serializeTransaction,
  },
  computeTransactionHash: {
    ...molecule,
    call: ckb.computeTransactionHash,
    seeds: asSeeds(...transactions),
    check: onlyIf(ckb.parseTransaction),
  },
  computeWitnessHash: {
    ...molecule,
    call: ckb.computeWitnessHash,
    seeds: asSeeds(...transactions),
    check: onlyIf(ckb.parseTransaction),
  },
  computeTransactionsRoot: {
    call: ckb.computeTransactionsRoot,
    seeds: asSeeds(transactions, []),
    codes: ['MALFORMED'],
  },
  parseBlock: {
    isOpen: true,
    ...molecule,
    call: ckb.parseBlock,
    seeds: asSeeds(...blocks),
    inverse: ckb.serializeBlock,
  },
  computeBlockHash: {
    isOpen: true,
    ...molecule,
    call: ckb.computeBlockHash,
    seeds: asSeeds(...blocks),
    check: onlyIf(ckb.parseBlock),
  },
  parseScript: { ...molecule, call: ckb.parseScript, seeds: asSeeds(...scripts), inverse: ckb.serializeScript },
  computeScriptHash: {
    ...molecule,
    call: ckb.computeScriptHash,
    seeds: asSeeds(...scripts),
    check: onlyIf(ckb.parseScript),
  },
  parsePoaContext: {
    ...molecule,
    call: ckb.parsePoaContext,
    seeds: asSeeds(...contexts),
    inverse: ckb.serializePoaContext,
  },
  splitCellbaseWitness: {
    call: ckb.splitCellbaseWitness,
    seeds: asSeeds(...firstWitnesses),
    codes: ['MALFORMED', 'CONTEXT_MISSING'],
    inverse: ckb.joinCellbaseWitness,
  },
  joinCellbaseWitness: {
    call: ckb.joinCellbaseWitness,
    seeds: asSeeds(...parts),
    codes: ['MALFORMED'],
    inverse: ckb.splitCellbaseWitness,
  },
  zeroSignature: {
    call: ckb.zeroSignature,
    seeds: asSeeds(...cellbases),
    codes: STRUCTURE,
    repair: fixSize,
    check: (output, input) => {
      if (!isSame(readContext(output).context, { ...readContext(input).context, signature: new Uint8Array(65) }))
        throw new Error('more than the signature has changed');
    },
  },
  parsePoaHeader: {
    ...molecule,
    call: ckb.parsePoaHeader,
    seeds: asSeeds(...poaHeaders.map(ckb.serializePoaHeader)),
    inverse: ckb.serializePoaHeader,
  },
  parsePoaHeaders: {
    isOpen: true,
    ...molecule,
    call: ckb.parsePoaHeaders,
    seeds: asSeeds(ckb.serializePoaHeaders(poaHeaders.slice(0, 2)), ckb.serializePoaHeaders([])),
    inverse: ckb.serializePoaHeaders,
  },
  parseCellbaseWitness: {
    ...molecule,
    call: ckb.parseCellbaseWitness,
    seeds: asSeeds(...parts.map(({ cellbaseWitness }) => cellbaseWitness)),
    inverse: ckb.serializeCellbaseWitness,
  },
  parseWitnessArgs: {
    ...molecule,
    call: ckb.parseWitnessArgs,
    seeds: asSeeds(...witnessArgs.map(ckb.serializeWitnessArgs)),
    inverse: ckb.serializeWitnessArgs,
  },
  parseValidatorList: {
    call: ckb.parseValidatorList,
    seeds: asSeeds(...lists),
    codes: ['VALIDATOR_LIST_MALFORMED'],
    inverse: ckb.serializeValidatorList,
  },
  parseMultisigScript: {
    call: ckb.parseMultisigScript,
    seeds: asSeeds(...listRecords.map(ckb.computeMultisigScript)),
    codes: ['MULTISIG_SCRIPT_MALFORMED'],
    check: ({ requireFirstN, threshold, pubkeyHashes }, input) => {
      const header = [0, requireFirstN, threshold, pubkeyHashes.length];
      if (!isSame(new Uint8Array(Buffer.concat([Buffer.from(header), ...pubkeyHashes])), input))
        throw new Error('the script does not survive');
    },
  },
  parseState: {
    call: ckb.parseState,
    seeds: asSeeds(...states.map(ckb.serializeState)),
    // All numbers of the encoding fit, so unlike createState it has no use for OUT_OF_RANGE.
    codes: [...STATE.filter((code) => code !== 'OUT_OF_RANGE'), 'STATE_VERSION_UNSUPPORTED', 'STATE_CHECKSUM_MISMATCH'],
    inverse: ckb.serializeState,
    repair: (input: Uint8Array) => (input.length < 40 ? input : frameState(fixSize(input.subarray(8, -32)))),
    frame: frameState,
  },
  parseEpoch: {
    call: ckb.parseEpoch,
    seeds: asSeeds(0x1e00017000090n, 0n),
    codes: ['EPOCH_INVALID', 'OUT_OF_RANGE'],
    inverse: ckb.serializeEpoch,
  },
  isEpochWellFormed: { ...outOfRange, call: ckb.isEpochWellFormed, seeds: asSeeds(0x1e00017000090n, 0n) },
  computeTarget: { ...outOfRange, call: ckb.computeTarget, seeds: asSeeds(ckb.COMPACT_TARGET_IN_TURN) },
  computeDifficulty: { ...outOfRange, call: ckb.computeDifficulty, seeds: asSeeds(ckb.COMPACT_TARGET_IN_TURN) },
  computeCompactTarget: { ...outOfRange, call: ckb.computeCompactTarget, seeds: asSeeds(1n << 255n) },
  computeMedianTimestamp: { ...outOfRange, call: ckb.computeMedianTimestamp, seeds: asSeeds([3n, 1n, 2n]) },

  computeProposalsHash: {
    ...outOfRange,
    call: ckb.computeProposalsHash,
    seeds: asSeeds([new Uint8Array(10), new Uint8Array(10).fill(1)], []),
  },
  computeExtraHash: {
    isSpread: true,
    call: ({ uncleHeaders, extension }) => ckb.computeExtraHash(uncleHeaders, extension),
    seeds: asSeeds(
      { uncleHeaders: poaHeaders.map(({ header }) => header), extension: new Uint8Array(32) },
      { uncleHeaders: [], extension: null },
    ),
    codes: ['MALFORMED'],
    nullable: ['extension'],
  },
  computeMerkleRoot: { ...outOfRange, call: ckb.computeMerkleRoot, seeds: asSeeds(leaves, []) },
  computeMerkleProof: {
    isSpread: true,
    call: (input) => ckb.computeMerkleProof(input.leaves, input.indices),
    seeds: asSeeds({ leaves, indices: [5, 0] }),
    codes: ['MERKLE_INDICES_INVALID', 'OUT_OF_RANGE'],
    check: (output, input) => {
      if (!isSame(ckb.computeMerkleRootFromProof(output), ckb.computeMerkleRoot(input.leaves)))
        throw new Error('the proof does not give the root');
    },
  },
  computeMerkleRootFromProof: {
    call: ckb.computeMerkleRootFromProof,
    seeds: asSeeds(proof),
    codes: ['MERKLE_PROOF_INVALID', 'OUT_OF_RANGE'],
  },

  recoverHeader: {
    isSlow: true,
    call: ckb.recoverHeader,
    seeds: asSeeds(...poaHeaders),
    codes: RECOVERY,
    repair: attempt(fixRoot),
    check: ({ publicKey, attester }) => {
      if (!isSame(ckb.blake160(publicKey), attester)) throw new Error('another attester than the public key');
    },
  },
  computeAttestationMessage: {
    call: ckb.computeAttestationMessage,
    seeds: asSeeds(...poaHeaders),
    codes: MESSAGE,
    repair: ({ header, cellbase }) => ({ header, cellbase: fixSize(cellbase) }),
  },
  applyHeader: {
    isSlow: true,
    call: (input, { state, now }) => ckb.applyHeader(state, input, { now }),
    seeds: applySeeds,
    codes: APPLY,
    repair: attempt(attestAgain),
    check: survives,
  },
  tryApplyHeader: {
    isSlow: true,
    call: (input, { state, now }) => {
      const result = ckb.tryApplyHeader(state, input, { now });
      if (result.ok) return result.value;
      throw result.error;
    },
    seeds: applySeeds,
    codes: APPLY,
    repair: attempt(attestAgain),
    check: survives,
  },
  applyHeaders: {
    isSlow: true,
    call: (input, { state, now }) => {
      const result = ckb.applyHeaders(state, [input, input], { now });
      if (result.ok) throw new Error('the same header twice');
      if (result.index === 1) return result.state;
      if (!isSame(result.state, state)) throw new Error('the state before a bad header has changed');
      throw result.error;
    },
    seeds: applySeeds,
    codes: APPLY,
    repair: attempt(attestAgain),
    check: survives,
  },
  applyVote: {
    isSlow: true,
    call: (input, { state }) => ckb.applyVote(state, input),
    seeds: voteSeeds,
    codes: VOTE,
    repair: attempt((transaction, { state }) => {
      const multisigScript = ckb.computeMultisigScript(state.validatorList);
      return signAgain({ transaction, inputIndex: 0, multisigScript }).transaction;
    }),
    check: survives,
  },
  checkMultisigWitness: {
    isSlow: true,
    call: ckb.checkMultisigWitness,
    seeds: asSeeds(sample.vote),
    codes: ['MALFORMED', 'MULTISIG_SCRIPT_MALFORMED', 'VOTES_INVALID', 'OUT_OF_RANGE'],
    repair: attempt(signAgain),
  },
  computeMultisigMessage: {
    call: ckb.computeMultisigMessage,
    seeds: asSeeds(sample.vote),
    codes: ['MALFORMED', 'MULTISIG_SCRIPT_MALFORMED', 'VOTES_INVALID', 'OUT_OF_RANGE'],
  },
  inspectHeader: {
    isSlow: true,
    call: (input, { state, now }) => ckb.inspectHeader(input, { state, now }),
    optional: ['own.state'],
    seeds: applySeeds,
    codes: [],
    repair: attempt(attestAgain),
    check: ({ status, rules }, input) => {
      if (status === 'passed' && rules.some((rule: ckb.RuleReport) => rule.status !== 'passed'))
        throw new Error('passed, but not all of its rules');
      for (const { bytes: range } of rules as ckb.RuleReport[])
        if (range && !(range.start <= range.end && range.end <= input[range.part].length))
          throw new Error('bytes beyond the end');
    },
  },
  checkBlock: {
    isSlow: true,
    call: (input, { state, now }) => ckb.checkBlock(state, input, { now }),
    seeds: [{ input: blocks[0], own: { state: anchorState, now: sample.now } }],
    codes: [
      ...APPLY,
      'CONTEXT_MISMATCH',
      'PROPOSALS_INVALID',
      'PROPOSALS_HASH_MISMATCH',
      'UNCLES_NOT_ALLOWED',
      'EXTENSION_INVALID',
      'EXTRA_HASH_MISMATCH',
      'TRANSACTION_DUPLICATE',
      'TRANSACTION_INVALID',
      'VOTE_UNDECLARED',
    ],
    repair: fixSize,
    check: survives,
  },
  arrangeTransactions: {
    isSlow: true,
    call: (input, { state }) => ckb.arrangeTransactions(state, input),
    seeds: [
      { input: [sample.vote.transaction, ...sample.template.transactions], own: { state: anchorState } },
      { input: [], own: { state: anchorState } },
    ],
    codes: ['MALFORMED'],
    check: ({ votingTxs, transactions: others, refused }, input) => {
      if (votingTxs.length + others.length + refused.length !== input.length) throw new Error('a transaction is lost');
    },
  },
  createAnchor: {
    isSlow: true,
    call: ckb.createAnchor,
    seeds: asSeeds({
      genesis: sample.genesisBlock,
      listOutPoint: sample.listCell.outPoint,
      network: { epochLength: 1000 },
    }),
    codes: [
      ...STATE,
      'NUMBER_MISMATCH',
      'TRANSACTIONS_ROOT_MISMATCH',
      'LIST_CELL_COUNT',
      'VALIDATOR_LIST_LOCK_MISMATCH',
    ],
    optional: ['listOutPoint', 'network', 'network.*'],
    nullable: ['epochLength'],
    check: (output) => survives(ckb.createState(output)),
  },
  findCommonAncestor: {
    isSpread: true,
    call: (input) => ckb.findCommonAncestor(input.first, input.second),
    seeds: asSeeds({ first: runOfHeaders, second: runOfHeaders.slice(1, 3) }),
    codes: ['MALFORMED', 'PARENT_MISMATCH'],
  },
  findEquivocation: {
    isSpread: true,
    isSlow: true,
    call: (input) => ckb.findEquivocation(input.first, input.second),
    seeds: asSeeds({ first: sample.headers[0], second: sample.headers[1] }),
    codes: RECOVERY,
  },
  computeLocatorNumbers: {
    isSpread: true,
    call: (input) => ckb.computeLocatorNumbers(input.tip, input.base),
    seeds: asSeeds({ tip: 1000n, base: 7n }),
    optional: ['base'],
    ...outOfRange,
  },
  previewVote: {
    call: (input, { state }) => ckb.previewVote(state, input),
    seeds: voteSeeds,
    codes: VOTE.filter((code) => code !== 'VOTES_INVALID'),
  },
  computeVoteMessage: {
    call: (input, { state }) => ckb.computeVoteMessage(state, input),
    seeds: voteSeeds,
    codes: VOTE,
  },
  signVote: {
    isSlow: true,
    call: (input, { state }) => ckb.signVote(state, input, sample.secretKeys[0] as Uint8Array),
    seeds: voteSeeds,
    codes: VOTE,
  },
  combineVotes: {
    isSpread: true,
    isSlow: true,
    call: (input, { state }) => ckb.combineVotes(state, input.transaction, input.signatures),
    seeds: [
      { input: { transaction: sample.vote.transaction, signatures: voteSignatures }, own: { state: anchorState } },
    ],
    codes: [
      ...VOTE,
      'OUT_OF_RANGE',
      'SIGNATURE_INVALID',
      'VOTE_SIGNATURE_FOREIGN',
      'VOTE_SIGNATURE_DOUBLED',
      'VOTE_SIGNATURE_MISSING',
      'VOTE_SIGNATURE_SURPLUS',
    ],
  },
  buildVoteTransaction: {
    call: ckb.buildVoteTransaction,
    seeds: asSeeds(voteRequest),
    codes: [
      ...VOTE.filter((code) => code !== 'VOTES_INVALID' && code !== 'MALFORMED'),
      'OUT_OF_RANGE',
      'CAPACITY_TOO_SMALL',
    ],
    nullable: ['type'],
    optional: ['capacity', 'headerDeps', 'inputs', 'inputIndex', 'outputs', 'outputIndex', 'witnesses'],
    check: ({ transaction }, input) => {
      const { outPoint, output, data } = input.cell;
      const state = {
        network: input.network,
        validatorListOutPoint: ckb.serializeOutPoint(outPoint),
        validatorListType: ckb.serializeScript(output.type),
        validatorList: ckb.parseValidatorList(data),
      };
      ckb.previewVote(state, transaction);
    },
  },
  buildValidatorListCell: {
    call: ckb.buildValidatorListCell,
    seeds: asSeeds({ list: listRecords[1], network, firstInput, outputIndex: 2, capacity: 10n ** 12n }),
    codes: [...LIST, 'OUT_OF_RANGE', 'CAPACITY_TOO_SMALL'],
    optional: ['capacity'],
    check: (cell, input) => void ckb.checkValidatorListCell(cell, input.network),
  },
  computeOccupiedCapacity: {
    isSpread: true,
    call: (input) => ckb.computeOccupiedCapacity(input.output, input.data),
    seeds: asSeeds(sample.listCell),
    ...outOfRange,
    nullable: ['type'],
    unread: ['output.capacity', 'outPoint'],
  },
  voteToJson: {
    call: ckb.voteToJson,
    seeds: asSeeds({ transaction: sample.vote.transaction, signatures: voteSignatures }),
    codes: ['MALFORMED', 'OUT_OF_RANGE'],
    inverse: ckb.voteFromJson,
  },
  prepareBlock: {
    isSlow: true,
    call: ckb.prepareBlock,
    seeds: asSeeds(template),
    codes: ['OUT_OF_RANGE', ...STRUCTURE, 'CELLBASE_INVALID'],
    repair: (input) => ({ ...input, cellbase: fixSize(input.cellbase) }),
  },
  attestBlock: {
    isSpread: true,
    isSlow: true,
    call: (input) => ckb.attestBlock(input.template, input.secretKey),
    seeds: asSeeds({ template, secretKey: sample.secretKeys[1] }),
    codes: ['SECRET_KEY_INVALID', 'OUT_OF_RANGE', ...STRUCTURE, 'CELLBASE_INVALID'],
    check: (output) => void ckb.recoverHeader(output),
  },
  sealBlock: {
    isSpread: true,
    isSlow: true,
    call: (input) => ckb.sealBlock(input.prepared, input.signature),
    seeds: asSeeds(sealSeed),
    codes: ['OUT_OF_RANGE', ...RECOVERY],
    unread: ['prepared.message'],
    check: (output) => {
      if (!isSame(ckb.recoverHeader(output).hash, output.hash)) throw new Error('another hash than that of the header');
    },
  },

  checkValidatorList: {
    call: ckb.checkValidatorList,
    seeds: asSeeds(...listRecords),
    codes: ['OUT_OF_RANGE', ...LIST],
  },
  checkValidatorListCell: {
    call: (input, own) => ckb.checkValidatorListCell(input, own),
    seeds: cells.map((input) => ({ input, own: network })),
    codes: ['OUT_OF_RANGE', ...LIST, 'VALIDATOR_LIST_LOCK_MISMATCH'],
    unread: ['output.capacity', 'output.type'],
    check: (output, { data }) => {
      if (!isSame(ckb.serializeValidatorList(output), data)) throw new Error('another list than the data');
    },
  },
  computeMultisigScript: {
    call: ckb.computeMultisigScript,
    seeds: asSeeds(...listRecords),
    codes: ['OUT_OF_RANGE', 'VALIDATOR_LIST_MALFORMED'],
  },
  computeValidatorListLock: {
    isSpread: true,
    call: (input) => ckb.computeValidatorListLock(input.list, input.network),
    seeds: asSeeds({ list: listRecords[0], network }),
    codes: ['OUT_OF_RANGE', 'VALIDATOR_LIST_MALFORMED'],
  },
  computeTypeId: {
    isSpread: true,
    ...outOfRange,
    call: (input) => ckb.computeTypeId(input.firstInput, input.outputIndex),
    seeds: asSeeds({ firstInput, outputIndex: 1 }),
  },
  createState: {
    ...stateOptions,
    call: ckb.createState,
    seeds: asSeeds(bareAnchor, ...states),
    check: survives,
  },

  serializeHeader: {
    ...outOfRange,
    call: ckb.serializeHeader,
    seeds: asSeeds(blockRecord.header),
    inverse: ckb.parseHeader,
  },
  serializeTransaction: {
    nullable: ['type'],
    ...outOfRange,
    call: ckb.serializeTransaction,
    seeds: asSeeds(...transactions.map(ckb.parseTransaction)),
    inverse: ckb.parseTransaction,
  },
  serializeBlock: {
    nullable: ['type', 'extension'],
    ...outOfRange,
    call: ckb.serializeBlock,
    seeds: asSeeds(...blockRecords),
    inverse: ckb.parseBlock,
  },
  serializeScript: {
    ...outOfRange,
    call: ckb.serializeScript,
    seeds: asSeeds(...scripts.map(ckb.parseScript)),
    inverse: ckb.parseScript,
  },
  serializeOutPoint: { ...outOfRange, call: ckb.serializeOutPoint, seeds: asSeeds(firstInput.previousOutput) },
  serializeEpoch: {
    ...outOfRange,
    call: ckb.serializeEpoch,
    seeds: asSeeds({ number: 144, index: 23, length: 480 }),
    inverse: ckb.parseEpoch,
  },
  serializePoaContext: {
    call: ckb.serializePoaContext,
    seeds: asSeeds(...contexts.map(ckb.parsePoaContext)),
    codes: ['OUT_OF_RANGE', 'MALFORMED'],
    inverse: ckb.parsePoaContext,
  },
  serializePoaHeader: {
    call: ckb.serializePoaHeader,
    seeds: asSeeds(...poaHeaders),
    codes: ['MALFORMED'],
    inverse: ckb.parsePoaHeader,
  },
  serializePoaHeaders: {
    call: ckb.serializePoaHeaders,
    seeds: asSeeds(poaHeaders, []),
    codes: ['MALFORMED'],
    inverse: ckb.parsePoaHeaders,
  },
  serializeCellbaseWitness: {
    ...outOfRange,
    call: ckb.serializeCellbaseWitness,
    seeds: asSeeds(...parts.map(({ cellbaseWitness }) => ckb.parseCellbaseWitness(cellbaseWitness))),
    inverse: ckb.parseCellbaseWitness,
  },
  serializeWitnessArgs: {
    nullable: ['lock', 'inputType', 'outputType'],
    call: ckb.serializeWitnessArgs,
    seeds: asSeeds(...witnessArgs),
    codes: [],
    inverse: ckb.parseWitnessArgs,
  },
  serializeValidatorList: {
    call: ckb.serializeValidatorList,
    seeds: asSeeds(...listRecords),
    codes: ['OUT_OF_RANGE', 'VALIDATOR_LIST_MALFORMED'],
    inverse: ckb.parseValidatorList,
  },
  serializeState: { ...stateOptions, call: ckb.serializeState, seeds: asSeeds(...states), inverse: ckb.parseState },
  headerToRpc: { ...outOfRange, call: ckb.headerToRpc, seeds: asSeeds(blockRecord.header), inverse: ckb.headerFromRpc },
  transactionToRpc: {
    nullable: ['type'],
    ...outOfRange,
    call: ckb.transactionToRpc,
    seeds: asSeeds(...transactions.map(ckb.parseTransaction)),
    inverse: ckb.transactionFromRpc,
  },
  blockToRpc: {
    nullable: ['type', 'extension'],
    ...outOfRange,
    call: ckb.blockToRpc,
    seeds: asSeeds(...blockRecords),
    inverse: ckb.blockFromRpc,
  },
};

/** Functions over JSON: all of them refuse with `JSON_INVALID`, whatever its type. */
export const JSON_TARGETS: Record<
  string,
  { call: (json: any) => any; seeds: readonly any[]; write: (output: any) => any }
> = {
  headerFromRpc: { call: ckb.headerFromRpc, seeds: [sample.rpcBlock.header], write: ckb.headerToRpc },
  transactionFromRpc: {
    call: ckb.transactionFromRpc,
    seeds: [ckb.transactionToRpc(ckb.parseTransaction(sample.vote.transaction))],
    write: ckb.transactionToRpc,
  },
  blockFromRpc: {
    call: ckb.blockFromRpc,
    seeds: [sample.rpcBlock, ckb.blockToRpc(blockRecords[1] as ckb.Block)],
    write: ckb.blockToRpc,
  },
  poaHeaderFromRpc: {
    call: ckb.poaHeaderFromRpc,
    seeds: [sample.rpcBlock],
    write: ({ header, cellbase }) => ({
      ...sample.rpcBlock,
      header: ckb.headerToRpc(ckb.parseHeader(header)),
      transactions: [ckb.transactionToRpc(ckb.parseTransaction(cellbase))],
    }),
  },
};

/** What has tests of its own for spoilt input. */
export const OWN_TESTS = ['voteFromJson'];

/** What nobody but the caller has a say in: constants, the error class, and functions over states that the caller made. */
export const TRUSTED = [
  'MAX_EXTENSION_SIZE',
  'MAX_PROPOSALS',
  'MAX_UNCLES',
  'compareChains',
  'computeConfirmations',
  'computeUpcomingAttesters',
  'findMissedTurns',
  'ALLOWED_FUTURE_BLOCK_TIME',
  'BLOCK_INTERVAL',
  'CKB_ERROR_CODES',
  'COMPACT_TARGET_IN_TURN',
  'COMPACT_TARGET_OUT_OF_TURN',
  'MAX_CELLBASE_SIZE',
  'MAX_RECENT_ATTESTERS',
  'MEDIAN_TIME_BLOCK_COUNT',
  'MULTISIG_CODE_HASH',
  'OUT_OF_TURN_STEP',
  'PoaError',
  'TYPE_ID_CODE_HASH',
  'applyRecovered',
  'computeInTurnIndex',
  'computeNextAttestableNumber',
  'isPoaError',
  'planAttestation',
];
