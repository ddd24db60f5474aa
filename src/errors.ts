/**
 * The one error class of the library and every code that it can carry.
 *
 * @module
 */

/**
 * Every code of the CKB protocol with what it means. Codes are API: one may be added in a minor version, none is
 * renamed or removed outside a major one.
 */
export const CKB_ERROR_CODES = {
  /** [R2 Strict molecule](./ckb/RULES.md#r2-strict-molecule) */
  MALFORMED: 'the bytes are not the strict encoding of the expected type',
  /** Thrown by `serialize*`, `compute*` and others for arguments that no bytes can hold. */
  OUT_OF_RANGE: 'a number or a length does not fit the field it is meant for',
  /** [R45 JSON](./ckb/RULES.md#r45-json) */
  JSON_INVALID: 'the JSON is not what a CKB node gives',

  /** [R12 Structure](./ckb/RULES.md#r12-structure) */
  CELLBASE_TOO_LARGE: 'the cellbase transaction exceeds 597,000 bytes',
  /** [R12 Structure](./ckb/RULES.md#r12-structure) */
  CONTEXT_MISSING: 'the cellbase carries no POAContext after its CellbaseWitness',
  /** [R13 Cellbase](./ckb/RULES.md#r13-cellbase) */
  CELLBASE_INVALID: 'the cellbase does not have the one null input of its block number',
  /** [R3 Merkle trees](./ckb/RULES.md#r3-merkle-trees) */
  MERKLE_PROOF_INVALID: 'the merkle proof does not fit the number of leaves',
  /** [R3 Merkle trees](./ckb/RULES.md#r3-merkle-trees) */
  MERKLE_INDICES_INVALID: 'the leaf indices to prove are empty, doubled or out of range',
  /** [R15 Transactions root](./ckb/RULES.md#r15-transactions-root) */
  TRANSACTIONS_ROOT_MISMATCH: 'cellbase, votes and proof give another transactions root than the header',
  /** [R17 Signature](./ckb/RULES.md#r17-signature) */
  SIGNATURE_INVALID: 'the signature recovers no public key, or its s is in the upper half',
  /** [R39 Attesting](./ckb/RULES.md#r39-attesting) */
  SECRET_KEY_INVALID: 'the secret key is not a number from 1 to n - 1 in 32 bytes',

  /** [R20 Version](./ckb/RULES.md#r20-version) */
  VERSION_MISMATCH: 'the header version is not 0',
  /** [R21 Parent](./ckb/RULES.md#r21-parent) */
  PARENT_MISMATCH: 'the parent hash is not the hash of the state',
  /** [R22 Number](./ckb/RULES.md#r22-number) */
  NUMBER_MISMATCH: 'the number is not the next one',
  /** [R23 Epoch](./ckb/RULES.md#r23-epoch) */
  EPOCH_INVALID: 'the epoch is not well-formed or does not follow its parent',
  /** [R24 Timestamp above the median](./ckb/RULES.md#r24-timestamp-above-the-median) */
  TIMESTAMP_TOO_OLD: 'the timestamp is not above the median of the last 37 blocks',
  /** [R25 Minimum block interval](./ckb/RULES.md#r25-minimum-block-interval) */
  TIMESTAMP_TOO_SOON: 'the timestamp is less than the minimum block interval after its parent',
  /** [R26 Timestamp not ahead](./ckb/RULES.md#r26-timestamp-not-ahead) */
  TIMESTAMP_TOO_NEW: 'the timestamp is more than 15 seconds ahead of now',
  /** [R27 Nonce](./ckb/RULES.md#r27-nonce) */
  NONCE_NOT_ZERO: 'the nonce is not zero',

  /** [R28 Membership](./ckb/RULES.md#r28-membership) */
  ATTESTER_UNKNOWN: 'the attester is not in the validator list',
  /** [R29 Attest interval](./ckb/RULES.md#r29-attest-interval) */
  ATTESTER_TOO_SOON: 'the attester has attested within the last ATTEST_INTERVAL blocks',
  /** [R30 Difficulty](./ckb/RULES.md#r30-difficulty) */
  DIFFICULTY_MISMATCH: 'the compact target does not tell whether the attester is in turn',

  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  CONTEXT_MISMATCH: 'the POAContext does not say how many transactions the block has',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  PROPOSALS_INVALID: 'the block has more than 1,500 proposals, or one twice',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  PROPOSALS_HASH_MISMATCH: 'the proposals give another hash than the header',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  UNCLES_NOT_ALLOWED: 'the block has uncles, or more than two where they are allowed',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  EXTENSION_INVALID: 'the extension of the block is empty or longer than 96 bytes',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  EXTRA_HASH_MISMATCH: 'uncles and extension give another hash than the header',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  TRANSACTION_DUPLICATE: 'the block has a transaction twice',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  TRANSACTION_INVALID: 'a transaction of the block is not well-formed, or spends what another one spends',
  /** [R49 Whole blocks](./ckb/RULES.md#r49-whole-blocks) */
  VOTE_UNDECLARED: 'a transaction changes the validator list without standing in voting_txs',
  /** [R14 Leaves and proof](./ckb/RULES.md#r14-leaves-and-proof) */
  VOTE_DEPENDS_ON_BLOCK: 'a vote depends on another transaction of its block',
  /** [R50 Anchors](./ckb/RULES.md#r50-anchors) */
  LIST_CELL_COUNT: 'the genesis block does not have exactly one validator-list cell',
  /** [R51 Choice of chain](./ckb/RULES.md#r51-choice-of-chain) */
  CHAIN_ANCHOR_MISMATCH: 'two sums of difficulty do not begin at the same block',

  /** [R33 A vote spends the list](./ckb/RULES.md#r33-a-vote-spends-the-list) */
  VOTE_NOT_SPENDING_LIST: 'the voting transaction does not spend the validator-list cell exactly once',
  /** [R34 A vote makes one list](./ckb/RULES.md#r34-a-vote-makes-one-list) */
  VOTE_OUTPUT_COUNT: 'the voting transaction does not make exactly one validator-list cell',
  /** [R37 Signatures of a vote](./ckb/RULES.md#r37-signatures-of-a-vote) */
  VOTES_INVALID: 'the signatures do not unlock the validator-list cell',
  /** [R9 Validator list](./ckb/RULES.md#r9-validator-list) */
  VALIDATOR_LIST_MALFORMED: 'the data is not a validator list',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_FOREIGN: 'a vote was signed by who is no validator of the list in force',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_DOUBLED: 'a vote was signed twice by one validator',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_MISSING: 'a vote has fewer signatures than the list in force asks for',
  /** [R47 Signing a vote](./ckb/RULES.md#r47-signing-a-vote) */
  VOTE_SIGNATURE_SURPLUS: 'a vote has more signatures than its witness has room for',
  /** [R46 Building a vote](./ckb/RULES.md#r46-building-a-vote) */
  CAPACITY_TOO_SMALL: 'a cell has less capacity than it occupies',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  VALIDATOR_LIST_DUPLICATE: 'a validator is listed twice',
  /** [R36 Lock of the list](./ckb/RULES.md#r36-lock-of-the-list) */
  VALIDATOR_LIST_LOCK_MISMATCH: 'the lock of the cell is not the multisig lock of its data',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  VOTE_LIMIT_OUT_OF_RANGE: 'VOTE_LIMIT is no majority of the validators, or more than all of them',
  /** [R35 A valid list](./ckb/RULES.md#r35-a-valid-list) */
  ATTEST_INTERVAL_TOO_LONG: 'ATTEST_INTERVAL is not below the number of validators, so the network would halt',
  /** [R10 Multisig script and lock](./ckb/RULES.md#r10-multisig-script-and-lock) */
  MULTISIG_SCRIPT_MALFORMED: 'the bytes are not a multisig script',

  /** [R43 State](./ckb/RULES.md#r43-state) */
  STATE_INVALID: 'the state contradicts itself',
  /** [R44 Serialized state](./ckb/RULES.md#r44-serialized-state) */
  STATE_VERSION_UNSUPPORTED: 'the state was serialized in a format that this version does not read',
  /** [R44 Serialized state](./ckb/RULES.md#r44-serialized-state) */
  STATE_CHECKSUM_MISMATCH: 'the serialized state was damaged',
} as const;

/** A code of the CKB protocol: a key of {@link CKB_ERROR_CODES}. */
export type CkbErrorCode = keyof typeof CKB_ERROR_CODES;

/** Every code of Clique and of the bootstrap of its networks, with what it means. */
export const CLIQUE_ERROR_CODES = {
  /** [C1 Strict RLP](./clique/RULES.md#c1-strict-rlp) */
  MALFORMED: 'the bytes are not the strict encoding of the expected type',
  /** Thrown by `serialize*`, `compute*` and others for arguments that no bytes can hold. */
  OUT_OF_RANGE: 'a number or a length does not fit the field it is meant for',
  /** [C37 JSON](./clique/RULES.md#c37-json) */
  JSON_INVALID: 'the JSON is not what an Ethereum node gives',

  /** [C11 Not ahead of now](./clique/RULES.md#c11-not-ahead-of-now) */
  TIMESTAMP_TOO_NEW: 'the timestamp is ahead of now',
  /** [C12 Beneficiary of a checkpoint](./clique/RULES.md#c12-beneficiary-of-a-checkpoint) */
  CHECKPOINT_BENEFICIARY_NOT_ZERO: 'the beneficiary of a checkpoint is not zero',
  /** [C13 Nonce](./clique/RULES.md#c13-nonce) */
  NONCE_INVALID: 'the nonce is neither that of an authorization nor that of a drop',
  /** [C14 Nonce of a checkpoint](./clique/RULES.md#c14-nonce-of-a-checkpoint) */
  CHECKPOINT_NONCE_NOT_ZERO: 'the nonce of a checkpoint is not zero',
  /** [C15 Vanity and seal](./clique/RULES.md#c15-vanity-and-seal) */
  VANITY_MISSING: 'the extra-data is shorter than the vanity',
  /** [C15 Vanity and seal](./clique/RULES.md#c15-vanity-and-seal) */
  SEAL_MISSING: 'the extra-data has no room for the seal',
  /** [C16 Signers in the extra-data](./clique/RULES.md#c16-signers-in-the-extra-data) */
  SIGNERS_UNEXPECTED: 'a block that is no checkpoint lists signers',
  /** [C16 Signers in the extra-data](./clique/RULES.md#c16-signers-in-the-extra-data) */
  CHECKPOINT_SIGNERS_MALFORMED: 'the signer list of a checkpoint is not whole addresses',
  /** [C17 Mix hash](./clique/RULES.md#c17-mix-hash) */
  MIX_HASH_NOT_ZERO: 'the mix hash is not zero',
  /** [C18 Uncles](./clique/RULES.md#c18-uncles) */
  UNCLES_NOT_EMPTY: 'the block has uncles',
  /** [C19 Difficulty](./clique/RULES.md#c19-difficulty) */
  DIFFICULTY_INVALID: 'the difficulty is neither 1 nor 2',
  /** [C20 Greatest gas limit](./clique/RULES.md#c20-greatest-gas-limit) */
  GAS_LIMIT_TOO_HIGH: 'the gas limit is above 2^63 - 1',
  /** [C21 Parent](./clique/RULES.md#c21-parent) */
  PARENT_MISMATCH: 'the parent hash is not the hash of the state',
  /** [C21 Parent](./clique/RULES.md#c21-parent) */
  NUMBER_MISMATCH: 'the number is not the next one',
  /** [C22 Period](./clique/RULES.md#c22-period) */
  TIMESTAMP_TOO_SOON: 'the timestamp is less than the period after its parent',
  /** [C23 Gas used](./clique/RULES.md#c23-gas-used) */
  GAS_USED_ABOVE_LIMIT: 'more gas is used than the limit of the block',
  /** [C25 Base fee](./clique/RULES.md#c25-base-fee) */
  BASE_FEE_UNEXPECTED: 'there is a base fee before London',
  /** [C24 Gas limit](./clique/RULES.md#c24-gas-limit) */
  GAS_LIMIT_OUT_OF_BOUNDS: 'the gas limit is too far from that of the parent, or below 5000',
  /** [C25 Base fee](./clique/RULES.md#c25-base-fee) */
  BASE_FEE_MISSING: 'there is no base fee after London',
  /** [C25 Base fee](./clique/RULES.md#c25-base-fee) */
  BASE_FEE_MISMATCH: 'the base fee is not the one that follows from the parent',
  /** [C26 Signers of a checkpoint](./clique/RULES.md#c26-signers-of-a-checkpoint) */
  CHECKPOINT_SIGNERS_MISMATCH: 'the signer list of a checkpoint is not that of the state',
  /** [C6 Signer](./clique/RULES.md#c6-signer) */
  SIGNATURE_INVALID: 'the seal recovers no public key',
  /** [C7 Sealing](./clique/RULES.md#c7-sealing) */
  SECRET_KEY_INVALID: 'the secret key is not a number from 1 to n - 1 in 32 bytes',
  /** [C27 Membership](./clique/RULES.md#c27-membership) */
  SIGNER_UNAUTHORIZED: 'the signer is not in the signer list',
  /** [C28 Recently signed](./clique/RULES.md#c28-recently-signed) */
  SIGNER_RECENTLY_SIGNED: 'the signer has signed within the last SIGNER_LIMIT - 1 blocks',
  /** [C29 Turn](./clique/RULES.md#c29-turn) */
  DIFFICULTY_MISMATCH: 'the difficulty does not tell whether the signer is in turn',

  /** [C39 Building a genesis](./clique/RULES.md#c39-building-a-genesis) */
  VALIDATORS_EMPTY: 'there is no validator',
  /** [C39 Building a genesis](./clique/RULES.md#c39-building-a-genesis) */
  VALIDATOR_DUPLICATE: 'a validator is named twice',
  /** [C39 Building a genesis](./clique/RULES.md#c39-building-a-genesis) */
  VALIDATOR_ZERO: 'a validator is the zero address, which nobody can sign for',
  /** [C38 State root](./clique/RULES.md#c38-state-root) */
  GENESIS_ALLOC_DUPLICATE: 'an account of the genesis, or a key in its storage, stands twice',
  /** [C40 Forks of a genesis](./clique/RULES.md#c40-forks-of-a-genesis) */
  GENESIS_FORKS_UNORDERED: 'a fork of the genesis comes before an earlier one, or without it',
  /** [C40 Forks of a genesis](./clique/RULES.md#c40-forks-of-a-genesis) */
  GENESIS_FORK_UNSUPPORTED: 'the genesis begins with a fork that Clique does not have',
  /** [C42 Reading a genesis file](./clique/RULES.md#c42-reading-a-genesis-file) */
  GENESIS_NOT_CLIQUE: 'the genesis file has no Clique options',
  /** [C42 Reading a genesis file](./clique/RULES.md#c42-reading-a-genesis-file) */
  GENESIS_NUMBER_NOT_ZERO: 'the number of the genesis block is not 0',
  /** [C45 Endpoints on the chain](./clique/RULES.md#c45-endpoints-on-the-chain) */
  ENDPOINT_SELECTOR_MISMATCH: 'the call is not one of publishEndpoint',
  /** [C45 Endpoints on the chain](./clique/RULES.md#c45-endpoints-on-the-chain) */
  ENDPOINT_TOPIC_MISMATCH: 'the log is not one of EndpointPublished',
  /** [C45 Endpoints on the chain](./clique/RULES.md#c45-endpoints-on-the-chain) */
  ENDPOINT_MALFORMED: 'the arguments are not what Solidity would write',
  /** [C46 Enode URLs](./clique/RULES.md#c46-enode-urls) */
  ENODE_MALFORMED: 'the text is not an enode URL',
  /** [C46 Enode URLs](./clique/RULES.md#c46-enode-urls) */
  ENODE_IS_RECORD: 'the text is a node record (enr:), not an enode URL',
  /** [C46 Enode URLs](./clique/RULES.md#c46-enode-urls) */
  ENODE_KEY_INVALID: 'the node id of an enode URL is no public key',
  /** [C46 Enode URLs](./clique/RULES.md#c46-enode-urls) */
  ENODE_HOST_INVALID: 'the host of an enode URL is neither an address nor a name',
  /** [C46 Enode URLs](./clique/RULES.md#c46-enode-urls) */
  ENODE_PORT_INVALID: 'a port of an enode URL is not a number from 0 to 65535',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_CONTRACT_FOREIGN: 'the log comes from another contract than the Consensus of the state',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_METACHAIN_FOREIGN: 'the endpoint is published for another metachain',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_CORE_FOREIGN: 'the endpoint is published for another core',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_VALIDATOR_UNKNOWN: 'the endpoint is published by who is no validator of the genesis',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_LOG_CONFLICT: 'two logs claim one place on the chain',
  /** [C47 Boot state](./clique/RULES.md#c47-boot-state) */
  ENDPOINT_LOG_UNKNOWN: 'a log is taken back that was never applied',
  /** [C48 Peers](./clique/RULES.md#c48-peers) */
  ENODE_NOT_DIALABLE: 'the enode URL has no host, or no tcp port, to connect to',
  /** [C48 Peers](./clique/RULES.md#c48-peers) */
  ENODE_DUPLICATE: 'another validator has published the same node before',

  /** [C35 Choice of chain](./clique/RULES.md#c35-choice-of-chain) */
  CHAIN_ANCHOR_MISMATCH: 'two sums of difficulty do not begin at the same block',
  /** [C8 State](./clique/RULES.md#c8-state) */
  STATE_INVALID: 'the state contradicts itself',
  /** [C36 Serialized state](./clique/RULES.md#c36-serialized-state) */
  STATE_VERSION_UNSUPPORTED: 'the state was serialized in a format that this version does not read',
  /** [C36 Serialized state](./clique/RULES.md#c36-serialized-state) */
  STATE_CHECKSUM_MISMATCH: 'the serialized state was damaged',
} as const;

/** A code of Clique: a key of {@link CLIQUE_ERROR_CODES}. */
export type CliqueErrorCode = keyof typeof CLIQUE_ERROR_CODES;

/** Every code of the EOSIO protocol with what it means. */
export const EOSIO_ERROR_CODES = {
  /** [E1 Bytes](./eosio/RULES.md#e1-bytes) */
  MALFORMED: 'the bytes are not the strict encoding of the expected type',
  /** Thrown by `serialize*`, `compute*` and others for arguments that no bytes can hold. */
  OUT_OF_RANGE: 'a number or a length does not fit the field it is meant for',
  /** [E10 Genesis](./eosio/RULES.md#e10-genesis) */
  JSON_INVALID: 'the JSON is not what an EOSIO node gives',

  /** [E2 Names](./eosio/RULES.md#e2-names) */
  NAME_INVALID: 'the text is not a name',
  /** [E3 Symbols and assets](./eosio/RULES.md#e3-symbols-and-assets) */
  SYMBOL_INVALID: 'the text or the bytes are not a symbol',
  /** [E3 Symbols and assets](./eosio/RULES.md#e3-symbols-and-assets) */
  ASSET_INVALID: 'the text or the bytes are not an asset',
  /** [E4 Times and slots](./eosio/RULES.md#e4-times-and-slots) */
  TIME_INVALID: 'the time is not one, or has no slot',
  /** [E5 Keys](./eosio/RULES.md#e5-keys) */
  KEY_INVALID: 'the text is not that of a key or a signature',
  /** [E5 Keys](./eosio/RULES.md#e5-keys) */
  KEY_CHECKSUM_MISMATCH: 'the checksum of a key or a signature is not the one of its bytes',
  /** [E5 Keys](./eosio/RULES.md#e5-keys) */
  KEY_TYPE_UNSUPPORTED: 'the key is of a type that this library does not handle there',
  /** [E5 Keys](./eosio/RULES.md#e5-keys) */
  PUBLIC_KEY_INVALID: 'the public key is not a point of its curve',
  /** [E5 Keys](./eosio/RULES.md#e5-keys) */
  SECRET_KEY_INVALID: 'the private key is not a number from 1 to n - 1',
  /** [E6 Signatures](./eosio/RULES.md#e6-signatures) */
  SIGNATURE_INVALID: 'the signature recovers no public key',
  /** [E6 Signatures](./eosio/RULES.md#e6-signatures) */
  SIGNATURE_NOT_CANONICAL: 'the signature is not in the one form that nodes take',
  /** [E7 ABI](./eosio/RULES.md#e7-abi) */
  ABI_INVALID: 'the ABI is not well-formed, or names a type that it does not have',
  /** [E8 Action data](./eosio/RULES.md#e8-action-data) */
  ABI_TYPE_UNKNOWN: 'the ABI has no such type',
  /** [E8 Action data](./eosio/RULES.md#e8-action-data) */
  ACTION_UNKNOWN: 'no contract of the boot has such an action',
  /** [E8 Action data](./eosio/RULES.md#e8-action-data) */
  ACTION_DATA_INVALID: 'the data does not fit the type that the ABI gives it',
  /** [E10 Genesis](./eosio/RULES.md#e10-genesis) */
  GENESIS_INVALID: 'no chain can begin with the genesis',
  /** [E12 Block headers](./eosio/RULES.md#e12-block-headers) */
  HEADER_EXTENSIONS_INVALID: 'the header extensions are unknown, doubled or out of order',
  /** [E13 Merkle trees](./eosio/RULES.md#e13-merkle-trees) */
  MERKLE_INVALID: 'the nodes of an incremental merkle tree do not fit its count, or each other',

  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PRODUCER_UNKNOWN: 'no producer of that name is registered',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PRODUCER_INACTIVE: 'a vote is for a producer who has stepped back',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PRODUCER_KEY_ZERO: 'a producer registers with a key that is all zeros',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  URL_TOO_LONG: 'the URL of a producer has 512 bytes or more',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  STAKE_NEGATIVE: 'more stake is taken back than there is',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  STAKE_LOCKED: 'stake is taken back before the chain is activated',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  VOTER_UNKNOWN: 'the voter has never staked',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  VOTES_TOO_MANY: 'a vote is for more than 30 producers',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  VOTES_UNSORTED: 'the producers of a vote are not ascending by name, or one stands twice',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  VOTE_AMBIGUOUS: 'a vote names a proxy and producers',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PROXY_SELF: 'a voter names itself as its proxy',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PROXY_UNKNOWN: 'the proxy is not registered as one',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PROXY_CHAINED: 'a proxy votes through another proxy',
  /** [E30 Votes](./eosio/RULES.md#e30-votes) */
  PROXY_UNCHANGED: 'the account is a proxy already, or is none',
  /** [E29 State of an election](./eosio/RULES.md#e29-state-of-an-election) */
  ELECTION_INVALID: 'the rows of an election contradict each other',
  /** [E32 Producers of a schedule](./eosio/RULES.md#e32-producers-of-a-schedule) */
  SCHEDULE_INVALID: 'no schedule may have these producers or keys',
  /** [E37 Signed headers](./eosio/RULES.md#e37-signed-headers) */
  SIGNING_CONTEXT_MISSING: 'the blockroot or the hash of the pending schedule is not known, and both were signed',
  /** [E37 Signed headers](./eosio/RULES.md#e37-signed-headers) */
  BLOCKROOT_MISMATCH: 'the blockroot that came with a header is not that of the state',
  /** [E37 Signed headers](./eosio/RULES.md#e37-signed-headers) */
  PENDING_SCHEDULE_MISMATCH: 'the hash of the pending schedule that came with a header is not that of the state',
  /** [E38 Number of signatures](./eosio/RULES.md#e38-number-of-signatures) */
  SIGNATURE_COUNT_MISMATCH: 'the header has no signature, or more than its producer has keys',
  /** [E41 Parent](./eosio/RULES.md#e41-parent) */
  PARENT_MISMATCH: 'the header does not follow the block of the state',
  /** [E42 Number](./eosio/RULES.md#e42-number) */
  NUMBER_MISMATCH: 'the number is not the next one',
  /** [E43 Slot after the parent](./eosio/RULES.md#e43-slot-after-the-parent) */
  TIMESTAMP_TOO_OLD: 'the slot is not above that of the parent',
  /** [E44 Timestamp not ahead](./eosio/RULES.md#e44-timestamp-not-ahead) */
  TIMESTAMP_TOO_NEW: 'the timestamp is 7 seconds or more ahead of now',
  /** [E45 Era](./eosio/RULES.md#e45-era) */
  ERA_MISMATCH: 'the header is of the other consensus than the one that is due',
  /** [E46 Schedule version](./eosio/RULES.md#e46-schedule-version) */
  SCHEDULE_VERSION_MISMATCH: 'the schedule version is not that of the active schedule',
  /** [E47 Producer of the slot](./eosio/RULES.md#e47-producer-of-the-slot) */
  PRODUCER_MISMATCH: 'the slot is the turn of another producer',
  /** [E48 Confirmed](./eosio/RULES.md#e48-confirmed) */
  CONFIRMED_TWICE: 'the producer confirms blocks again that it has built on before',
  /** [E48 Confirmed](./eosio/RULES.md#e48-confirmed) */
  CONFIRMED_NOT_ZERO: 'a Savanna header confirms blocks',
  /** [E49 Announced schedules](./eosio/RULES.md#e49-announced-schedules) */
  SCHEDULE_UNEXPECTED: 'a schedule is announced where none may be',
  /** [E49 Announced schedules](./eosio/RULES.md#e49-announced-schedules) */
  SCHEDULE_FORM_MISMATCH: 'a schedule is announced in the form of the other feature set',
  /** [E49 Announced schedules](./eosio/RULES.md#e49-announced-schedules) */
  NEW_SCHEDULE_VERSION_MISMATCH: 'the version of an announced schedule is not the next one',
  /** [E50 Quorum certificate claims](./eosio/RULES.md#e50-quorum-certificate-claims) */
  QC_CLAIM_INVALID: 'the claim of a quorum certificate is missing, or is not one that can follow',
  /** [E51 Keys of the producer](./eosio/RULES.md#e51-keys-of-the-producer) */
  KEY_DOUBLED: 'one key has signed twice',
  /** [E51 Keys of the producer](./eosio/RULES.md#e51-keys-of-the-producer) */
  KEY_UNEXPECTED: 'a key has signed that is none of the producer',
  /** [E51 Keys of the producer](./eosio/RULES.md#e51-keys-of-the-producer) */
  KEY_WEIGHT_TOO_LOW: 'the keys that have signed do not reach the threshold of the producer',
  /** [E60 Choice of chain](./eosio/RULES.md#e60-choice-of-chain) */
  CHAIN_ANCHOR_MISMATCH: 'two chains do not begin at the same block',
  /** [E57 State](./eosio/RULES.md#e57-state) */
  STATE_INVALID: 'the state contradicts itself',
  /** [E58 Serialized state](./eosio/RULES.md#e58-serialized-state) */
  STATE_VERSION_UNSUPPORTED: 'the state was serialized in a format that this version does not read',
  /** [E58 Serialized state](./eosio/RULES.md#e58-serialized-state) */
  STATE_CHECKSUM_MISMATCH: 'the serialized state was damaged',
  /** [E62 Blocks of nodes](./eosio/RULES.md#e62-blocks-of-nodes) */
  BLOCK_ID_MISMATCH: 'the id or the number beside a header is not the one that its bytes give',

  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  CONFIG_INVALID: 'the configuration asks for what there is not, or for what excludes itself',
  /** [E26 Text of configurations](./eosio/RULES.md#e26-text-of-configurations) */
  TEXT_UNSAFE: 'the text would break a line, a command or a file that it is put into',
  /** [E23 Private keys](./eosio/RULES.md#e23-private-keys) */
  PRIVATE_KEY_GIVEN: 'the configuration holds a private key, which no plan may hold',
  /** [E16 Accounts of the boot](./eosio/RULES.md#e16-accounts-of-the-boot) */
  ACCOUNT_NAME_INVALID: 'the name is none that an account of this boot can have',
  /** [E16 Accounts of the boot](./eosio/RULES.md#e16-accounts-of-the-boot) */
  NAME_TAKEN: 'a name stands there twice, or is one that every chain begins with',
  /** [E16 Accounts of the boot](./eosio/RULES.md#e16-accounts-of-the-boot) */
  SYSTEM_ACCOUNT_MISSING: 'an account is missing without which an action of the boot fails',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  GENESIS_KEY_MISMATCH: 'the genesis names another key than eosio has',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  PRODUCERS_MISSING: 'nobody produces once the boot is over',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  PRODUCER_KEY_MISSING: 'a producer has no public key to sign blocks with',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  CONTRACT_INVALID: 'the code of a contract is no WebAssembly',
  /** [E18 Protocol features](./eosio/RULES.md#e18-protocol-features) */
  FEATURE_INVALID: 'a protocol feature is malformed, doubled, or stands before one that it needs',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  AMOUNT_INVALID: 'an amount is zero or negative where there must be one',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  SYMBOL_MISMATCH: 'an amount is of another symbol or precision than the token',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  SUPPLY_EXCEEDED: 'more is issued than the maximum supply',
  /** [E14 Shares](./eosio/RULES.md#e14-shares) */
  WEIGHTS_INVALID: 'nothing can be shared out by the weights',
  /** [E21 What is refused](./eosio/RULES.md#e21-what-is-refused) */
  FUNDS_EXCEEDED: 'stakes, funds and RAM take more than there is to pay for them',
  /** [E20 Votes](./eosio/RULES.md#e20-votes) */
  VOTE_INVALID: 'the system contract would refuse a vote',
  /** [E20 Votes](./eosio/RULES.md#e20-votes) */
  ACTIVATION_UNREACHABLE: 'the votes are too few for elected producers to take over',
  /** [E25 Peers](./eosio/RULES.md#e25-peers) */
  TOPOLOGY_INVALID: 'the nodes cannot be connected in that way',
  /** [E24 Nodes](./eosio/RULES.md#e24-nodes) */
  PORT_TAKEN: 'two nodes of a host have the same port',
} as const;

/** A code of the EOSIO protocol: a key of {@link EOSIO_ERROR_CODES}. */
export type EosioErrorCode = keyof typeof EOSIO_ERROR_CODES;

/** Every code of verifiers with what it means. */
export const VERIFIER_ERROR_CODES = {
  /** Thrown for arguments that do not fit each other. */
  OUT_OF_RANGE: 'a number or a length does not fit what it is meant for',
  /** Thrown by `admit`: tables are made of points of the curve alone. */
  PUBLIC_KEY_INVALID: 'the public key is not a point of its curve',
  /** Thrown where the WebAssembly backend is created. */
  WASM_UNAVAILABLE: 'WebAssembly is absent, forbidden or without SIMD here',
} as const;

/** A code of verifiers: a key of {@link VERIFIER_ERROR_CODES}. */
export type VerifierErrorCode = keyof typeof VERIFIER_ERROR_CODES;

/** Any code that a {@link PoaError} can carry. */
export type PoaErrorCode = CkbErrorCode | CliqueErrorCode | EosioErrorCode | VerifierErrorCode;

/** What a {@link PoaError} tells besides its code. */
export interface PoaErrorDetails {
  /** The function or the path to the value that was judged, such as `cellbase.witnesses[0]`. */
  readonly where: string;
  /** What the rule asks for, with units. */
  readonly expected: string;
  /** What was found, with units; at most 32 bytes of the input. */
  readonly got: string;
  /** Position of the fault in the bytes that were handed in, where there is one. */
  readonly offset?: number | undefined;
  /** The error underneath, where there is one. */
  readonly cause?: unknown;
}

/**
 * What is thrown for content that breaks a rule, whoever sent it. A wrong JavaScript type from the caller is a
 * `TypeError` instead.
 *
 * @example
 * ```ts
 * import { isPoaError } from 'poa-primitives';
 * import { parseHeader } from 'poa-primitives/ckb';
 *
 * try {
 *   parseHeader(new Uint8Array(207));
 * } catch (error) {
 *   if (!isPoaError(error)) throw error;
 *   error.code; // => 'MALFORMED'
 *   error.message; // => 'parseHeader: expected 208 bytes, got 207 bytes [MALFORMED]'
 * }
 * ```
 */
export class PoaError extends Error {
  /** Always `PoaError`. */
  override readonly name: 'PoaError' = 'PoaError';
  /** Which rule was broken. */
  readonly code: PoaErrorCode;
  /** The function or the path to the value that was judged. */
  readonly where: string;
  /** What the rule asks for. */
  readonly expected: string;
  /** What was found. */
  readonly got: string;
  /** Position of the fault in the bytes that were handed in, where there is one. */
  readonly offset: number | undefined;

  constructor(code: PoaErrorCode, details: PoaErrorDetails) {
    const { where, expected, got, offset, cause } = details;
    super(`${where}: expected ${expected}, got ${got} [${code}]`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.got = got;
    this.offset = offset;
  }
}

/**
 * Tells whether a caught value is a {@link PoaError}, also one of another copy of this package.
 *
 * @param value - anything that was caught
 * @param code - only this code, where given
 * @returns true if it is
 * @example
 * ```ts
 * import { isPoaError } from 'poa-primitives';
 *
 * isPoaError(new Error('something else')); // => false
 * ```
 */
export function isPoaError(value: unknown, code?: PoaErrorCode): value is PoaError {
  if (!(value instanceof Error) || value.name !== 'PoaError') return false;
  const found = (value as { code?: unknown }).code;
  return code === undefined ? typeof found === 'string' : found === code;
}
