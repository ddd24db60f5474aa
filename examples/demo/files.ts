/** Checks that what blocks of a CKB node commit to recomputes: hashes, roots, and whether they are attested. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  type Block,
  blockFromRpc,
  computeExtraHash,
  computeHeaderHash,
  computeProposalsHash,
  computeTransactionHash,
  computeTransactionsRoot,
  isPoaError,
  poaHeaderFromRpc,
  recoverHeader,
  serializeHeader,
  serializeTransaction,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';

/** Bad input: one line for the user, not a stack. */
export class InputError extends Error {}

/** Most bytes that a gzipped file may unpack to. */
const MAX_UNPACKED = 2 ** 29;

/** A block as a node gives it, with the hashes beside its parts. */
type RpcLike = { header: { hash?: string }; transactions: { hash?: string }[] };

/** Checks all blocks of some files, a line each. Returns whether everything recomputes. */
export function checkFiles(paths: readonly string[], print: (line: string) => void): boolean {
  let blocks = 0;
  let transactions = 0;
  let attested = 0;
  let wrong = 0;
  for (const path of paths) {
    for (const json of findBlocks(path, readJson(path))) {
      const report = checkBlock(path, json);
      blocks++;
      transactions += report.transactions;
      if (report.attested) attested++;
      if (!report.good) wrong++;
      print(`${basename(path)}: ${report.text}`);
    }
  }
  const verdict = wrong === 0 ? 'everything recomputes' : `${wrong} of them do NOT recompute`;
  print(`${blocks} blocks with ${transactions} transactions, ${attested} attested: ${verdict}`);
  return wrong === 0;
}

function readJson(path: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new InputError(`${path}: is no JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
}

/** The blocks in a file: one, an array, or `cases` whose entries hold one; each may stand in `block` or `result`. */
function findBlocks(path: string, json: unknown): unknown[] {
  const cases = isObject(json) && 'cases' in json ? json.cases : json;
  const blocks = (Array.isArray(cases) ? cases : [cases]).map(unwrap);
  if (blocks.length === 0) throw new InputError(`${path}: holds no block`);
  return blocks;
}

/** Takes a block out of a response of the RPC, and out of an entry that holds one. */
function unwrap(json: unknown): unknown {
  const entry = isObject(json) && 'result' in json ? json.result : json;
  return isObject(entry) && !('header' in entry) && 'block' in entry ? entry.block : entry;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function checkBlock(path: string, json: unknown) {
  let block: Block;
  try {
    block = blockFromRpc(json);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    throw new InputError(`${path}: is no block: ${error.message}`);
  }
  const claimed = json as RpcLike;
  const { header, uncles, transactions, proposals, extension } = block;
  const bytes = transactions.map(serializeTransaction);
  const uncleHeaders = uncles.map((uncle) => serializeHeader(uncle.header));
  const verdicts: [string, boolean | undefined][] = [
    ['header hash', agrees(claimed.header.hash, computeHeaderHash(serializeHeader(header)))],
    [
      bytes.length === 1 ? '1 transaction hash' : `${bytes.length} transaction hashes`,
      allAgree(claimed.transactions, bytes),
    ],
    ['transactions root', agrees(hex(header.transactionsRoot), computeTransactionsRoot(bytes))],
    ['proposals hash', agrees(hex(header.proposalsHash), computeProposalsHash(proposals))],
    ['extra hash', agrees(hex(header.extraHash), computeExtraHash(uncleHeaders, extension))],
  ];
  const context = describeContext(block, json);
  const texts = verdicts.map(([name, good]) => `${name} ${good === undefined ? 'not given' : good ? 'ok' : 'WRONG'}`);
  return {
    text: `block ${header.number}: ${[...texts, context.text].join(', ')}`,
    good: verdicts.every(([, good]) => good !== false),
    attested: context.attested,
    transactions: bytes.length,
  };
}

const hex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;

/** Undefined where the file states no hash. */
function agrees(claimed: string | undefined, computed: Uint8Array): boolean | undefined {
  return claimed === undefined ? undefined : claimed.toLowerCase() === hex(computed);
}

function allAgree(claimed: { hash?: string }[], transactions: Uint8Array[]): boolean | undefined {
  const verdicts = transactions.map((bytes, i) => agrees(claimed[i]?.hash, computeTransactionHash(bytes)));
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

/** Whether the cellbase carries a POAContext, and who attested. */
function describeContext({ transactions }: Block, json: unknown): { text: string; attested: boolean } {
  try {
    splitCellbaseWitness(transactions[0]?.witnesses[0] ?? new Uint8Array());
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return { text: 'no POAContext', attested: false };
  }
  try {
    return { text: `POAContext by ${hex(recoverHeader(poaHeaderFromRpc(json)).attester)}`, attested: true };
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return { text: `POAContext that does not hold: ${error.message}`, attested: false };
  }
}
