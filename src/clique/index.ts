/**
 * Ethereum Clique (EIP-225), and the bootstrap of its networks: signers seal blocks in turn, and vote on who is one of them.
 *
 * The rooms of this module follow one idea. **Recovering** who sealed a header is expensive and needs no state
 * ({@link recoverHeader}); **applying** it is cheap and needs the state ({@link applyRecovered}). {@link applyHeader} is both in one.
 * Headers go in as their RLP wherever something is hashed, verified or applied; records come out of `parse*` and go into `serialize*`.
 *
 * Behaviour is that of go-ethereum 1.13, the last version that verifies Clique. Every rule, with its reason and its code, stands in the
 * [rules](./RULES.md). The examples follow a small network that `examples/clique-sample.ts` of the repository builds: `anchor`
 * is its genesis, `headers` its first blocks.
 *
 * @module poa-primitives/clique
 */

export {
  CLIQUE_ERROR_CODES,
  type CliqueErrorCode,
  isPoaError,
  PoaError,
  type PoaErrorCode,
  type PoaErrorDetails,
} from '../errors.js';
export type { ApplyOptions, FoldOptions, FoldResult, Progress, Result, RuleStatus } from '../result.js';
export {
  type BootProgress,
  type BootProgressOptions,
  computeBootProgress,
  type Peer,
  serializeStaticNodes,
  type UnusableEndpoint,
} from './bootstrap/bootPeers.js';
export {
  applyEndpointLog,
  applyEndpointLogs,
  type BootRequest,
  type BootState,
  computeEndpoints,
  createBootState,
  type EndpointLog,
  type EndpointLogsResult,
  type LogPosition,
  type PublishedEndpoint,
  type RefusedLog,
  tryApplyEndpointLog,
} from './bootstrap/bootState.js';
export {
  type EndpointCall,
  type EndpointPublished,
  type EventData,
  parseEndpointLog,
  parsePublishEndpoint,
  serializeEndpointLog,
  serializePublishEndpoint,
} from './bootstrap/endpoint.js';
export { computeNodeId, type Enode, parseEnode, serializeEnode } from './bootstrap/enode.js';
export type { ForkName, Forks } from './bootstrap/forks.js';
export {
  buildGenesis,
  computeGenesisAnchor,
  computeGenesisHash,
  computeGenesisHeader,
  type Genesis,
  type GenesisAnchor,
  type GenesisConfig,
  type GenesisRequest,
} from './bootstrap/genesis.js';
export {
  type GenesisAccountJson,
  type GenesisFileOptions,
  type GenesisJson,
  genesisFromJson,
  genesisToJson,
  parseGenesis,
  serializeGenesis,
} from './bootstrap/genesisJson.js';
export type { EnodeHost } from './bootstrap/host.js';
export { type BootQuorum, computeBootQuorum } from './bootstrap/quorum.js';
export { computeStateRoot, type GenesisAccount, type StorageSlot } from './bootstrap/stateRoot.js';
export {
  type ApplyHeaderOptions,
  type ApplyHeadersOptions,
  applyHeader,
  applyHeaders,
  applyRecovered,
  type HeadersResult,
  tryApplyHeader,
} from './chain/apply.js';
export { computeNextBaseFee } from './chain/baseFee.js';
export { buildHeader, type HeaderRequest, type VoteRequest } from './chain/build.js';
export {
  type ChainHead,
  type ChoiceRule,
  type CompareOptions,
  compareChains,
  computeTurnDistance,
} from './chain/compare.js';
export {
  type ByteRange,
  type HeaderReport,
  type InspectOptions,
  inspectHeader,
  type RuleReport,
} from './chain/inspect.js';
export {
  type Anchor,
  type Config,
  createState,
  type RecentSigner,
  type SignerPosition,
  type Snapshot,
  type State,
} from './chain/state.js';
export { parseState, serializeState } from './chain/stateBytes.js';
export {
  computeInTurnIndex,
  computeNextSealableNumber,
  computeSignerLimit,
  type PlanRequest,
  planSeal,
  type SealPlan,
  WIGGLE_TIME,
  type WiggleFormula,
} from './chain/turn.js';
export { computeTally, listVotes, type Tally, type Vote, type VoteTree } from './chain/votes.js';
export { endpointLogFromRpc } from './edges/endpointRpc.js';
export {
  headerFromRpc,
  headerToRpc,
  type RpcHeader,
  type RpcSnapshot,
  type RpcTally,
  type RpcVote,
  snapshotFromRpc,
  snapshotToRpc,
} from './edges/rpc.js';
export {
  BLOCK_PERIOD,
  DIFF_INTURN,
  DIFF_NOTURN,
  EMPTY_ROOT,
  EMPTY_UNCLES_HASH,
  EPOCH_LENGTH,
  INITIAL_BASE_FEE,
  NONCE_AUTH,
  NONCE_DROP,
} from './encoding/constants.js';
export { EXTRA_VANITY, type ExtraData, parseExtraData, serializeExtraData } from './encoding/extraData.js';
export { keccak256 } from './encoding/hash.js';
export {
  computeHeaderHash,
  computeSealHash,
  EXTRA_SEAL,
  type Header,
  parseHeader,
  serializeHeader,
} from './encoding/header.js';
export { type RecoveredHeader, recoverHeader, recoverSealer, recoverSigner } from './recovery/recover.js';
export {
  computeAddress,
  type PreparedHeader,
  prepareHeader,
  type SealedHeader,
  sealHeader,
  signHeader,
} from './recovery/seal.js';
