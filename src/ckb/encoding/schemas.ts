/**
 * The molecule schemas of CKB that proof of authority needs, as the strict reader takes them.
 *
 * @see https://github.com/nervosnetwork/ckb/blob/5ebbc3921f392184a8f4c7dfb743159c65281c1a/util/gen-types/schemas/blockchain.mol
 * @module
 */

import type {
  DynvecSchema,
  FixedSchema,
  FixvecSchema,
  OptionSchema,
  TableSchema,
} from '../../internal/molecule/schema.js';

export const HEADER_SIZE = 208;
export const OUT_POINT_SIZE = 36;
export const CELL_INPUT_SIZE = 44;
export const CELL_DEP_SIZE = 37;
export const PROPOSAL_ID_SIZE = 10;

const BYTE: FixedSchema = { kind: 'fixed', size: 1 };
const UINT32: FixedSchema = { kind: 'fixed', size: 4 };
const UINT64: FixedSchema = { kind: 'fixed', size: 8 };
const BYTE32: FixedSchema = { kind: 'fixed', size: 32 };
const BYTE65: FixedSchema = { kind: 'fixed', size: 65 };
const BYTES: FixvecSchema = { kind: 'fixvec', itemSize: 1 };
const BYTES_OPT: OptionSchema = { kind: 'option', item: BYTES };
const BYTES_VEC: DynvecSchema = { kind: 'dynvec', item: BYTES };
const BYTE32_VEC: FixvecSchema = { kind: 'fixvec', itemSize: 32 };

export const HEADER: FixedSchema = { kind: 'fixed', size: HEADER_SIZE };

export const SCRIPT: TableSchema = {
  kind: 'table',
  fields: [
    ['code_hash', BYTE32],
    ['hash_type', BYTE],
    ['args', BYTES],
  ],
};

export const CELL_OUTPUT: TableSchema = {
  kind: 'table',
  fields: [
    ['capacity', UINT64],
    ['lock', SCRIPT],
    ['type', { kind: 'option', item: SCRIPT }],
  ],
};

export const RAW_TRANSACTION: TableSchema = {
  kind: 'table',
  fields: [
    ['version', UINT32],
    ['cell_deps', { kind: 'fixvec', itemSize: CELL_DEP_SIZE }],
    ['header_deps', BYTE32_VEC],
    ['inputs', { kind: 'fixvec', itemSize: CELL_INPUT_SIZE }],
    ['outputs', { kind: 'dynvec', item: CELL_OUTPUT }],
    ['outputs_data', BYTES_VEC],
  ],
};

export const TRANSACTION: TableSchema = {
  kind: 'table',
  fields: [
    ['raw', RAW_TRANSACTION],
    ['witnesses', BYTES_VEC],
  ],
};

const TRANSACTION_VEC: DynvecSchema = { kind: 'dynvec', item: TRANSACTION };
const PROPOSAL_ID_VEC: FixvecSchema = { kind: 'fixvec', itemSize: PROPOSAL_ID_SIZE };

export const UNCLE_BLOCK: TableSchema = {
  kind: 'table',
  fields: [
    ['header', HEADER],
    ['proposals', PROPOSAL_ID_VEC],
  ],
};

const UNCLE_BLOCK_VEC: DynvecSchema = { kind: 'dynvec', item: UNCLE_BLOCK };

/** A block without extension. */
export const BLOCK: TableSchema = {
  kind: 'table',
  fields: [
    ['header', HEADER],
    ['uncles', UNCLE_BLOCK_VEC],
    ['transactions', TRANSACTION_VEC],
    ['proposals', PROPOSAL_ID_VEC],
  ],
};

/** A block with extension (RFC 0031). */
export const BLOCK_V1: TableSchema = {
  kind: 'table',
  fields: [
    ['header', HEADER],
    ['uncles', UNCLE_BLOCK_VEC],
    ['transactions', TRANSACTION_VEC],
    ['proposals', PROPOSAL_ID_VEC],
    ['extension', BYTES],
  ],
};

export const CELLBASE_WITNESS: TableSchema = {
  kind: 'table',
  fields: [
    ['lock', SCRIPT],
    ['message', BYTES],
  ],
};

export const WITNESS_ARGS: TableSchema = {
  kind: 'table',
  fields: [
    ['lock', BYTES_OPT],
    ['input_type', BYTES_OPT],
    ['output_type', BYTES_OPT],
  ],
};

export const POA_CONTEXT: TableSchema = {
  kind: 'table',
  fields: [
    ['signature', BYTE65],
    ['transactions_count', UINT32],
    ['raw_transactions_root', BYTE32],
    ['merkle_proof', BYTE32_VEC],
    ['voting_txs', TRANSACTION_VEC],
  ],
};

export const POA_HEADER: TableSchema = {
  kind: 'table',
  fields: [
    ['header', HEADER],
    ['cellbase', TRANSACTION],
  ],
};

export const POA_HEADER_VEC: DynvecSchema = { kind: 'dynvec', item: POA_HEADER };
