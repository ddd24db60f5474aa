/**
 * What an explorer shows of a block: every rule with its verdict, what it expected and what it got, for a block as the JSON of
 * a node gives it. `npx tsx examples/explorer.ts` inspects a good block and a bad one of the sample network.
 */

import { bytesToHex } from '@noble/hashes/utils.js';
import {
  createState,
  type HeaderReport,
  inspectHeader,
  poaHeaderFromRpc,
  type RpcBlock,
  type State,
} from 'poa-primitives/ckb';
import { anchor, now, rpcBlock } from './sample.js';

const MARKS = { passed: 'ok  ', failed: 'FAIL', unknown: '?   ' } as const;

function print(title: string, report: HeaderReport): void {
  console.log(`${title}: ${report.status}`);
  if (report.attester !== undefined) {
    const turn = report.inTurn === undefined ? '' : report.inTurn ? ', in turn' : ', out of turn';
    console.log(`  attested by 0x${bytesToHex(report.attester)}${turn}`);
  }
  for (const { id, code, where, status, expected, got, bytes } of report.rules) {
    const place = bytes === undefined ? '' : ` (${bytes.part} bytes ${bytes.start} to ${bytes.end})`;
    console.log(`  ${MARKS[status]} ${id.padEnd(3)} ${where}${place}`);
    if (status !== 'passed') console.log(`       ${code}: expected ${expected}, got ${got}`);
  }
  console.log('');
}

/** Inspects a block as `get_block` gives it; without the state of its parent, what needs one stays unknown. */
function explain(title: string, block: RpcBlock, state?: State): void {
  const options = state === undefined ? { now } : { state, now };
  print(title, inspectHeader(poaHeaderFromRpc(block), options));
}

const state = createState(anchor);
explain('block 1, parent known', rpcBlock, state);
explain('block 1, parent unknown', rpcBlock);

const header = { ...rpcBlock.header, nonce: '0x1', timestamp: '0x0' };
explain('block 1, changed on the way', { ...rpcBlock, header }, state);
