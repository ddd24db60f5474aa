/**
 * The CKB POA protocol: validators attest blocks in turn, a cell holds their list, a majority of them changes it.
 *
 * The rooms of this module follow one idea. **Recovering** who made a header is expensive and needs no state
 * ({@link recoverHeader}); **applying** it is cheap and needs the state ({@link applyRecovered}). {@link applyHeader} is both in one.
 * Bytes go in wherever something is hashed, verified or applied; records come out of `parse*` and go into `serialize*`.
 *
 * Every rule of the protocol, with its reason and its code, stands in the [rules](./RULES.md); what the protocol promises as a network,
 * and what it does not, in the [claims](./CLAIMS.md). The examples follow a small network
 * that `examples/sample.ts` of the repository builds: `anchor` is its genesis, `headers` its blocks as a follower gets them.
 *
 * @module poa-primitives/ckb
 */

export {
  CKB_ERROR_CODES,
  type CkbErrorCode,
  isPoaError,
  PoaError,
  type PoaErrorCode,
  type PoaErrorDetails,
} from '../errors.js';
export type { ApplyOptions, FoldOptions, FoldResult, Progress, Result, RuleStatus } from '../result.js';
export { createAnchor, type GenesisSource, type RecentSource } from './chain/anchor.js';
export {
  type ApplyHeaderOptions,
  type ApplyHeadersOptions,
  applyHeader,
  applyHeaders,
  applyRecovered,
  applyVote,
  type HeadersResult,
  tryApplyHeader,
} from './chain/apply.js';
export { type ArrangedTransactions, arrangeTransactions, type RefusedVote } from './chain/arrange.js';
export {
  type CheckBlockOptions,
  checkBlock,
  MAX_EXTENSION_SIZE,
  MAX_PROPOSALS,
  MAX_UNCLES,
} from './chain/checkBlock.js';
export {
  type BlockId,
  type Confirmations,
  compareChains,
  computeConfirmations,
  computeLocatorNumbers,
  computeUpcomingAttesters,
  type Equivocation,
  findCommonAncestor,
  findEquivocation,
  findMissedTurns,
  type MissedTurn,
  type UpcomingAttester,
} from './chain/compare.js';
export {
  type HeaderReport,
  type InspectOptions,
  inspectHeader,
  type RuleReport,
} from './chain/inspect.js';
export { ALLOWED_FUTURE_BLOCK_TIME } from './chain/rules.js';
export {
  type Anchor,
  createState,
  MAX_RECENT_ATTESTERS,
  MEDIAN_TIME_BLOCK_COUNT,
  type Network,
  type State,
} from './chain/state.js';
export { parseState, serializeState } from './chain/stateBytes.js';
export {
  type AttestationPlan,
  BLOCK_INTERVAL,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  computeInTurnIndex,
  computeMedianTimestamp,
  computeNextAttestableNumber,
  OUT_OF_TURN_STEP,
  type PlanRequest,
  planAttestation,
} from './chain/turn.js';
export {
  blockFromRpc,
  blockToRpc,
  headerFromRpc,
  headerToRpc,
  poaHeaderFromRpc,
  transactionFromRpc,
  transactionToRpc,
} from './edges/rpc.js';
export type {
  RpcBlock,
  RpcCellDep,
  RpcCellInput,
  RpcCellOutput,
  RpcHeader,
  RpcOutPoint,
  RpcScript,
  RpcTransaction,
  RpcUncleBlock,
} from './edges/rpcTypes.js';
export { type VoteFile, type VoteJson, voteFromJson, voteToJson } from './edges/voteJson.js';
export {
  type Block,
  computeBlockHash,
  computeExtraHash,
  computeProposalsHash,
  parseBlock,
  serializeBlock,
  type UncleBlock,
} from './encoding/block.js';
export { computeCompactTarget, computeDifficulty, computeTarget, type Target } from './encoding/difficulty.js';
export { type Epoch, isEpochWellFormed, parseEpoch, serializeEpoch } from './encoding/epoch.js';
export { blake160, ckbHash } from './encoding/hash.js';
export { computeHeaderHash, type Header, parseHeader, serializeHeader } from './encoding/header.js';
export {
  computeMerkleProof,
  computeMerkleRoot,
  computeMerkleRootFromProof,
  type MerkleProof,
} from './encoding/merkle.js';
export {
  joinCellbaseWitness,
  MAX_CELLBASE_SIZE,
  type PoaContext,
  parsePoaContext,
  type SplitWitness,
  serializePoaContext,
  splitCellbaseWitness,
  zeroSignature,
} from './encoding/poaContext.js';
export {
  type PoaHeader,
  parsePoaHeader,
  parsePoaHeaders,
  serializePoaHeader,
  serializePoaHeaders,
} from './encoding/poaHeader.js';
export { computeScriptHash, parseScript, type Script, serializeScript } from './encoding/script.js';
export {
  type CellDep,
  type CellInput,
  type CellOutput,
  computeTransactionHash,
  computeTransactionsRoot,
  computeWitnessHash,
  type OutPoint,
  parseTransaction,
  serializeOutPoint,
  serializeTransaction,
  type Transaction,
} from './encoding/transaction.js';
export {
  computeMultisigScript,
  computeTypeId,
  computeValidatorListLock,
  MULTISIG_CODE_HASH,
  type MultisigNetwork,
  type MultisigScript,
  parseMultisigScript,
  parseValidatorList,
  serializeValidatorList,
  TYPE_ID_CODE_HASH,
  type ValidatorList,
} from './encoding/validatorList.js';
export {
  type CellbaseWitness,
  parseCellbaseWitness,
  parseWitnessArgs,
  serializeCellbaseWitness,
  serializeWitnessArgs,
  type WitnessArgs,
} from './encoding/witness.js';
export {
  buildValidatorListCell,
  buildVoteTransaction,
  computeOccupiedCapacity,
  type FirstCellRequest,
  type LiveListCell,
  type OutputWithData,
  type UnsignedVote,
  type VoteRequest,
} from './governance/buildVote.js';
export { checkValidatorList, checkValidatorListCell, type ValidatorListCell } from './governance/listRules.js';
export { checkMultisigWitness, computeMultisigMessage, type MultisigInput } from './governance/multisig.js';
export {
  type Change,
  type PreviewOptions,
  previewVote,
  type VotePreview,
  type VoteWarning,
} from './governance/previewVote.js';
export { combineVotes, computeVoteMessage, signVote } from './governance/signVote.js';
export type { TrackedList, VoteState } from './governance/vote.js';
export {
  type AttestedBlock,
  attestBlock,
  type BlockTemplate,
  type HeaderTemplate,
  type PreparedBlock,
  prepareBlock,
  sealBlock,
} from './recovery/attest.js';
export { type ByteRange, computeAttestationMessage, type RecoveredHeader, recoverHeader } from './recovery/recover.js';
