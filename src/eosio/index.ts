/**
 * EOSIO (Antelope): the boot sequence as data, the election of producers, and the headers that they sign in their slots.
 *
 * The rooms of this module follow one idea. **Recovering** who signed a header is expensive and needs no state
 * ({@link recoverHeader}); **applying** it is cheap and needs the state ({@link applyRecovered}). {@link applyHeader} is both in one.
 * Names, assets and keys are text as the protocol writes them; whatever is hashed or signed is bytes.
 *
 * Every rule, with its source, its reason and its code, stands in the [rules](./RULES.md). The examples follow small networks that
 * `examples/eosio-sample.ts` and `examples/eosio-chain-sample.ts` of the repository build.
 *
 * @module poa-primitives/eosio
 */

export {
  EOSIO_ERROR_CODES,
  type EosioErrorCode,
  isPoaError,
  PoaError,
  type PoaErrorCode,
  type PoaErrorDetails,
} from '../errors.js';
export type { ApplyOptions, FoldOptions, FoldResult, Progress, Result, RuleStatus } from '../result.js';
export { renderCleos } from './boot/cleos.js';
export {
  ACCOUNT_RAM_BYTES,
  type BootAccount,
  type BootConfig,
  type BootContract,
  type BootContracts,
  type BootProducer,
  type BootProxy,
  type BootTransfer,
  type BootVote,
  type SystemAccount,
  type SystemReplacement,
} from './boot/config.js';
export { type BootSequence, listFeatures, PREACTIVATE_FEATURE, type ProtocolFeature } from './boot/features.js';
export type { AccountFunds, Funding, RamPurchase, SkippedAccount } from './boot/funds.js';
export type { KeyOption, NodePlan } from './boot/nodeFiles.js';
export {
  DEFAULT_MAX_CLIENTS,
  FULL_MESH_LIMIT,
  type NodesConfig,
  type NodesPlan,
  type NodeWarning,
  type ProducerNode,
  planNodes,
} from './boot/nodes.js';
export { type BootPhase, listPhases } from './boot/phases.js';
export { type BootPlan, type BootWarning, planBoot } from './boot/plan.js';
export {
  type Allocation,
  type AllocationRequest,
  allocateFunds,
  computeParetoWeights,
  computeStakeSplit,
  distributeFunds,
  drawParetoWeights,
  PARETO_ALPHA,
  type StakeOptions,
  type StakeSplit,
} from './boot/stake.js';
export type {
  BootPhaseName,
  BootQuery,
  BootStep,
  BootStepBase,
  NodeStep,
  PlannedAction,
  ProducerApiStep,
  QueryStep,
  StepAuthority,
  TransactionStep,
  WalletOperation,
  WalletStep,
} from './boot/steps.js';
export { computePeers, type Topology } from './boot/topology.js';
export { type Activation, drawVotes, type VoteDraw } from './boot/votes.js';
export { createAnchor, type GenesisSource, type HeaderSource } from './chain/anchor.js';
export {
  type ApplyHeaderOptions,
  type ApplyHeadersOptions,
  applyHeader,
  applyHeaders,
  applyRecovered,
  computeSigningContexts,
  type HeadersResult,
  tryApplyHeader,
} from './chain/apply.js';
export { compareChains, type Equivocation, findEquivocation } from './chain/compare.js';
export {
  type ClaimingBlock,
  type Finality,
  MAX_TRACKED_CLAIMS,
  type ProposedSchedule,
  type QcClaim,
} from './chain/finality.js';
export { type HeaderReport, type InspectOptions, inspectHeader, type RuleReport } from './chain/inspect.js';
export { MAX_TRACKED_CONFIRMATIONS, type ProducerBlock } from './chain/irreversible.js';
export { type HeaderPlan, type PlannedHeader, type Proposal, planHeader } from './chain/plan.js';
export { ALLOWED_FUTURE_BLOCK_TIME } from './chain/rules.js';
export { type Anchor, createState, type PendingSchedule, type State } from './chain/state.js';
export { parseState, serializeState } from './chain/stateBytes.js';
export {
  type RpcAuthoritySchedule,
  type RpcProducerAuthority,
  type RpcProducerKey,
  type RpcProducerSchedule,
  type RpcSignedHeader,
  scheduleFromRpc,
  scheduleToRpc,
  signedHeaderFromRpc,
  signedHeaderToRpc,
} from './edges/blocks.js';
export { anchorFromRpc } from './edges/headerState.js';
export type { RpcAuthority, RpcBlockSigningAuthority, RpcKeyWeight } from './edges/read.js';
export {
  electionFromRpc,
  globalToRpc,
  producersFromRpc,
  producersToRpc,
  type RpcElection,
  type RpcGlobal,
  type RpcProducer,
  type RpcVoter,
  votersFromRpc,
  votersToRpc,
} from './edges/tables.js';
export {
  applyElectionAction,
  applyElectionActions,
  type ChangeStake,
  type ElectionAction,
  type RegisterProducer,
  type RegisterProxy,
  type TimedElectionAction,
  type UnregisterProducer,
  type VoteProducer,
} from './election/actions.js';
export { ACTIVATION_PERCENT, computeActivationStake, MIN_ACTIVATED_STAKE } from './election/activation.js';
export { MAX_PRODUCERS } from './election/authority.js';
export {
  applyElection,
  computeElection,
  ELECTED_PRODUCERS,
  type ElectionOutcome,
  type ElectionUpdate,
  type NoSchedule,
  SCHEDULE_UPDATE_SLOTS,
  type SchedulesInForce,
  type WaitingSchedule,
} from './election/elect.js';
export {
  createElection,
  type Election,
  MAX_VOTED_PRODUCERS,
  type Producer,
  URL_SIZE_LIMIT,
  type Voter,
} from './election/election.js';
export {
  type ExplainedReason,
  type ExplainOptions,
  explainProducer,
  type ProducerExplanation,
  type ProducerReason,
  type ProducerStatus,
} from './election/explain.js';
export {
  computeNextSlot,
  computeProducerIndex,
  computeScheduledProducer,
  findMissedSlots,
  type MissedSlots,
  PRODUCER_REPETITIONS,
} from './election/slots.js';
export { computeTally, type ProducerTally } from './election/tally.js';
export {
  computeVoteDecay,
  computeVoteFactor,
  computeVoteWeek,
  computeVoteWeight,
  SECONDS_PER_WEEK,
  WEEKS_PER_YEAR,
} from './election/voteWeight.js';
export {
  type Abi,
  type AbiAction,
  type AbiActionResult,
  type AbiClause,
  type AbiErrorMessage,
  type AbiField,
  type AbiStruct,
  type AbiTable,
  type AbiTypeDef,
  type AbiVariant,
  parseAbi,
  serializeAbi,
} from './encoding/abi.js';
export type { AbiValue } from './encoding/abiBuiltIn.js';
export { parseAbiData, serializeAbiData } from './encoding/abiData.js';
export { abiFromJson, abiToJson, type JsonValue } from './encoding/abiJson.js';
export {
  type Action,
  type ActionInput,
  buildAction,
  type PermissionLevel,
  parseAction,
  parseActionData,
  serializeAction,
  serializeActionData,
} from './encoding/action.js';
export {
  ASSET_AMOUNT_MAX,
  type Asset,
  type AssetSymbol,
  assetFromText,
  assetToText,
  parseAsset,
  parseSymbol,
  serializeAsset,
  serializeSymbol,
  symbolFromText,
  symbolToText,
} from './encoding/asset.js';
export type { Curve } from './encoding/checkedText.js';
export { getContractAbi } from './encoding/contracts.js';
export type { Extension } from './encoding/extension.js';
export {
  buildGenesisHeader,
  buildGenesisSchedule,
  type ChainConfiguration,
  checkGenesis,
  computeChainId,
  type Genesis,
  parseGenesis,
  serializeGenesis,
} from './encoding/genesis.js';
export { genesisFromJson, genesisFromText, genesisToJson } from './encoding/genesisJson.js';
export { sha256 } from './encoding/hash.js';
export {
  type BlockHeader,
  computeBlockId,
  computeBlockNumber,
  computeHeaderDigest,
  computeProducerDigest,
  isSavannaHeader,
  parseHeader,
  SAVANNA_BIT,
  serializeHeader,
} from './encoding/header.js';
export {
  type FinalityExtension,
  type FinalizerAuthority,
  type FinalizerPolicyDiff,
  type HeaderExtensions,
  type ListDiff,
  type ListInsertion,
  type ProposerPolicyDiff,
  parseHeaderExtensions,
  serializeHeaderExtensions,
} from './encoding/headerExtensions.js';
export {
  checkPublicKey,
  isSameKey,
  type PublicKey,
  parsePublicKey,
  publicKeyFromText,
  publicKeyToLegacyText,
  publicKeyToText,
  serializePublicKey,
} from './encoding/key.js';
export {
  appendToMerkle,
  checkIncrementalMerkle,
  computeIncrementalRoot,
  computeMerkleRoot,
  createIncrementalMerkle,
  type IncrementalMerkle,
  parseIncrementalMerkle,
  serializeIncrementalMerkle,
} from './encoding/merkle.js';
export {
  compareNames,
  computeNamePrefix,
  computeNameSuffix,
  isAccountName,
  nameFromValue,
  nameToValue,
  parseName,
  serializeName,
} from './encoding/name.js';
export {
  computePublicKey,
  type PrivateKey,
  privateKeyFromText,
  privateKeyToText,
  privateKeyToWif,
} from './encoding/privateKey.js';
export {
  type BlockSigningAuthority,
  computeProducerAuthorityScheduleHash,
  computeProducerScheduleHash,
  type KeyWeight,
  type ProducerAuthority,
  type ProducerAuthoritySchedule,
  type ProducerKey,
  type ProducerSchedule,
  parseProducerAuthoritySchedule,
  parseProducerSchedule,
  serializeProducerAuthoritySchedule,
  serializeProducerSchedule,
  toAuthoritySchedule,
} from './encoding/schedule.js';
export {
  isCanonicalSignature,
  parseSignature,
  parseSignatures,
  recoverPublicKeyOf,
  type Signature,
  serializeSignature,
  serializeSignatures,
  signatureFromText,
  signatureToText,
  signDigest,
} from './encoding/signature.js';
export {
  BLOCK_EPOCH,
  BLOCK_INTERVAL,
  computeSlot,
  computeSlotTime,
  timeFromText,
  timeToText,
} from './encoding/time.js';
export {
  type BlockReference,
  computeBlockReference,
  computeSigningDigest,
  computeTransactionId,
  parseTransaction,
  serializeTransaction,
  signTransaction,
  type Transaction,
} from './encoding/transaction.js';
export {
  type ByteRange,
  type RecoveredHeader,
  recoverHeader,
  type SignedHeader,
} from './recovery/recover.js';
export {
  type HeaderTemplate,
  type PreparedHeader,
  prepareHeader,
  type SealedHeader,
  sealHeader,
  signHeader,
} from './recovery/seal.js';
