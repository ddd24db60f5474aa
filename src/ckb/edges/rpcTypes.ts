/**
 * The JSON of a CKB node's RPC, as types.
 *
 * @see https://github.com/nervosnetwork/ckb/blob/5ebbc3921f392184a8f4c7dfb743159c65281c1a/rpc/README.md
 * @module
 */

/** `HeaderView`. Integers are hex quantities: `0x` and digits without leading zeros. */
export interface RpcHeader {
  /** u32. */
  readonly version: string;
  /** u32. */
  readonly compact_target: string;
  /** u64 milliseconds. */
  readonly timestamp: string;
  /** u64. */
  readonly number: string;
  /** u64, packed. */
  readonly epoch: string;
  /** Hex of 32 bytes. */
  readonly parent_hash: string;
  /** Hex of 32 bytes. */
  readonly transactions_root: string;
  /** Hex of 32 bytes. */
  readonly proposals_hash: string;
  /** Hex of 32 bytes. */
  readonly extra_hash: string;
  /** Hex of 32 bytes. */
  readonly dao: string;
  /** u128. */
  readonly nonce: string;
  /** Hex of 32 bytes. */
  readonly hash: string;
}

/** `Script`. */
export interface RpcScript {
  /** Hex of 32 bytes. */
  readonly code_hash: string;
  /** `data`, `type`, `data1` or `data2`. */
  readonly hash_type: string;
  /** Hex. */
  readonly args: string;
}

/** `OutPoint`. */
export interface RpcOutPoint {
  /** Hex of 32 bytes. */
  readonly tx_hash: string;
  /** u32. */
  readonly index: string;
}

/** `CellDep`. */
export interface RpcCellDep {
  /** The cell. */
  readonly out_point: RpcOutPoint;
  /** `code` or `dep_group`. */
  readonly dep_type: string;
}

/** `CellInput`. */
export interface RpcCellInput {
  /** u64. */
  readonly since: string;
  /** The cell that is spent. */
  readonly previous_output: RpcOutPoint;
}

/** `CellOutput`. */
export interface RpcCellOutput {
  /** u64 shannons. */
  readonly capacity: string;
  /** Lock script. */
  readonly lock: RpcScript;
  /** Type script. */
  readonly type: RpcScript | null;
}

/** `TransactionView`; for `send_transaction` leave `hash` out. */
export interface RpcTransaction {
  /** u32. */
  readonly version: string;
  /** Cells whose data scripts may read. */
  readonly cell_deps: readonly RpcCellDep[];
  /** Hex of 32 bytes each. */
  readonly header_deps: readonly string[];
  /** Cells that are spent. */
  readonly inputs: readonly RpcCellInput[];
  /** Cells that are made. */
  readonly outputs: readonly RpcCellOutput[];
  /** Hex, one for each output. */
  readonly outputs_data: readonly string[];
  /** Hex. */
  readonly witnesses: readonly string[];
  /** Hex of 32 bytes. */
  readonly hash: string;
}

/** `UncleBlockView`. */
export interface RpcUncleBlock {
  /** Its header. */
  readonly header: RpcHeader;
  /** Hex of 10 bytes each. */
  readonly proposals: readonly string[];
}

/** `BlockView`. */
export interface RpcBlock {
  /** Its header. */
  readonly header: RpcHeader;
  /** Its uncles. */
  readonly uncles: readonly RpcUncleBlock[];
  /** Its transactions, cellbase first. */
  readonly transactions: readonly RpcTransaction[];
  /** Hex of 10 bytes each. */
  readonly proposals: readonly string[];
  /** Hex; absent in a block without the field. */
  readonly extension?: string;
}
