/** Chains and headers of the shared vectors as inputs of this library. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { type SignedHeader, serializeHeader, serializeSignature, signatureFromText } from 'poa-primitives/eosio';
import { headerFromVector } from './eosio.js';
import { readShared } from './shared.js';

/** A chain from genesis. */
export const readChain = (name: string): any => readShared(`eosio/chain-from-genesis-${name}.json`);

/** A block of a chain, as a follower gets it. */
export const toInput = (block: any): SignedHeader => ({
  header: serializeHeader(headerFromVector(block.header)),
  signatures: [serializeSignature(signatureFromText(block.producer_signature))],
});

/** A real header with what was signed beside it, where that is known. */
export const toRecoverable = (block: any): SignedHeader => ({
  header: hexToBytes(block.header_packed),
  signatures: [serializeSignature(signatureFromText(block.producer_signature))],
  ...(block.blockroot_merkle_root && { blockroot: hexToBytes(block.blockroot_merkle_root) }),
  ...(block.pending_schedule_hash && { pendingScheduleHash: hexToBytes(block.pending_schedule_hash) }),
});
