import {
  blockFromRpc,
  blockToRpc,
  headerFromRpc,
  headerToRpc,
  poaHeaderFromRpc,
  type RpcBlock,
  recoverHeader,
  transactionFromRpc,
  transactionToRpc,
} from 'poa-primitives/ckb';
import { describe, expect, it } from 'vitest';
import { headers, rpcBlock } from '../../examples/sample.js';
import { expectCode } from '../support/errors.js';

/** A deep copy of the sample block with `value` at a path such as `transactions.0.inputs`; undefined takes it away. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(rpcBlock) as never as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const parent = names.reduce((object, name) => object[name] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

describe('readers of JSON', () => {
  it('give back what the writers wrote', () => {
    expect(blockToRpc(blockFromRpc(rpcBlock))).toEqual(rpcBlock);
    expect(headerToRpc(headerFromRpc(rpcBlock.header))).toEqual(rpcBlock.header);
    for (const json of rpcBlock.transactions) expect(transactionToRpc(transactionFromRpc(json))).toEqual(json);
    expect(blockFromRpc(JSON.parse(JSON.stringify(rpcBlock)))).toEqual(blockFromRpc(rpcBlock));
  });

  it.each<[string, unknown, string]>([
    ['header', undefined, 'block.header: expected an object, got nothing'],
    ['header', [], 'block.header: expected an object, got array'],
    [
      'header.version',
      undefined,
      'block.header.version: expected 0x and a hex integer below 2^32 without leading zeros, got nothing',
    ],
    [
      'header.version',
      0,
      'block.header.version: expected 0x and a hex integer below 2^32 without leading zeros, got 0',
    ],
    ['header.version', '0', 'got "0"'],
    ['header.version', '0x', 'got "0x"'],
    ['header.version', '0x00', 'got "0x00"'],
    ['header.version', '0x100000000', 'got "0x100000000"'],
    ['header.version', '0X0', 'got "0X0"'],
    ['header.version', '-0x1', 'got "-0x1"'],
    ['header.version', '0x0 ', 'got "0x0 "'],
    ['header.version', '0x0\n', 'got "0x0\\n"'],
    ['header.number', '0x10000000000000000', 'below 2^64'],
    ['header.nonce', `0x1${'0'.repeat(32)}`, 'below 2^128'],
    ['header.nonce', `0x${'f'.repeat(1_000_000)}`, 'got a text of 1000002 characters'],
    ['header.parent_hash', '0x', 'block.header.parent_hash: expected 0x and 64 hex digits, got "0x"'],
    ['header.parent_hash', `0x${'g'.repeat(64)}`, 'expected 0x and 64 hex digits'],
    ['header.parent_hash', 'f'.repeat(66), 'expected 0x and 64 hex digits'],
    ['header.hash', '0x00', 'block.header.hash'],
    ['header.extra_hash', undefined, 'block.header.extra_hash'],
    ['uncles', undefined, 'block.uncles: expected an array, got nothing'],
    ['uncles', {}, 'block.uncles: expected an array, got Object'],
    ['uncles', [null], 'block.uncles[0]: expected an object, got null'],
    ['proposals', ['0x00'], 'block.proposals[0]: expected 0x and 20 hex digits'],
    ['proposals', new Array(1), 'block.proposals[0]: expected 0x and 20 hex digits, got nothing'],
    ['extension', '0x0', 'block.extension: expected 0x and pairs of hex digits'],
    ['extension', 7, 'block.extension'],
    ['transactions.0', 'tx', 'block.transactions[0]: expected an object, got "tx"'],
    ['transactions.1.hash', 'x', 'block.transactions[1].hash'],
    ['transactions.0.inputs.0.since', undefined, 'block.transactions[0].inputs[0].since'],
    ['transactions.0.inputs.0.previous_output', null, 'block.transactions[0].inputs[0].previous_output'],
    [
      'transactions.0.inputs.0.previous_output.index',
      '0x1ffffffff',
      'block.transactions[0].inputs[0].previous_output.index',
    ],
    ['transactions.1.outputs.0.lock', null, 'block.transactions[1].outputs[0].lock'],
    ['transactions.1.outputs.0.type', 'x', 'block.transactions[1].outputs[0].type: expected an object'],
    ['transactions.1.outputs.0.lock.hash_type', 'data3', 'expected one of data, type, data1, data2, got "data3"'],
    ['transactions.1.outputs.0.lock.hash_type', 1, 'expected one of data, type, data1, data2, got 1'],
    ['transactions.1.outputs.0.lock.hash_type', 'toString', 'expected one of'],
    [
      'transactions.1.cell_deps',
      [{ out_point: {}, dep_type: 'code' }],
      'block.transactions[1].cell_deps[0].out_point.tx_hash',
    ],
    ['transactions.1.header_deps', ['0x00'], 'block.transactions[1].header_deps[0]'],
    ['transactions.1.outputs_data', null, 'block.transactions[1].outputs_data: expected an array, got null'],
    ['transactions.1.witnesses', ['0x0g'], 'block.transactions[1].witnesses[0]'],
  ])('refuse %s = %j', (path, value, message) => {
    expect(expectCode(() => blockFromRpc(changed(path, value)), 'JSON_INVALID').message).toContain(message);
  });

  it.each([undefined, null, 0, true, 'block', [], [rpcBlock], {}])('refuse what is no block: %j', (json) => {
    for (const read of [blockFromRpc, headerFromRpc, transactionFromRpc, poaHeaderFromRpc])
      expectCode(() => read(json), 'JSON_INVALID');
  });

  it.each<[string, unknown]>([
    ['extension', null],
    ['transactions.1.outputs.0.type', undefined],
    ['header.hash', undefined],
    ['transactions.0.hash', undefined],
    ['header.later_field', '0x1'],
    ['transactions.0.cycles', { any: 'thing' }],
    ['header.parent_hash', rpcBlock.header.parent_hash.toUpperCase().replace('0X', '0x')],
  ])('take %s = %j', (path, value) => {
    expect(blockFromRpc(changed(path, value))).toEqual(blockFromRpc(rpcBlock));
  });

  it('take uncles_hash for extra_hash, as nodes before RFC 0031 wrote it', () => {
    const { extra_hash, ...rest } = rpcBlock.header;
    expect(headerFromRpc({ ...rest, uncles_hash: extra_hash })).toEqual(headerFromRpc(rpcBlock.header));
    expect(headerFromRpc({ ...rest, extra_hash, uncles_hash: `0x${'11'.repeat(32)}` }).extraHash).toEqual(
      new Uint8Array(32),
    );
  });

  it('do not read from a prototype', () => {
    expectCode(() => blockFromRpc(Object.create(rpcBlock)), 'JSON_INVALID');
    const json = JSON.parse(`{ "__proto__": ${JSON.stringify(rpcBlock)} }`);
    expectCode(() => blockFromRpc(json), 'JSON_INVALID');
  });
});

describe('poaHeaderFromRpc', () => {
  it('gives what a follower of headers needs', () => {
    expect(poaHeaderFromRpc(rpcBlock)).toEqual(headers[0]);
    expect(recoverHeader(poaHeaderFromRpc(rpcBlock)).transactionsCount).toBe(3);
  });

  it('refuses a block without transactions', () => {
    expectCode(() => poaHeaderFromRpc({ ...rpcBlock, transactions: [] } satisfies RpcBlock), 'JSON_INVALID');
  });
});

describe('writers of JSON', () => {
  it('refuse a hash type or dep type that has no name', () => {
    const block = blockFromRpc(rpcBlock);
    const [cellbase, transfer] = block.transactions as [(typeof block.transactions)[0], (typeof block.transactions)[0]];
    const output = transfer.outputs[0] as (typeof transfer.outputs)[0];
    const outputs = [{ ...output, lock: { ...output.lock, hashType: 3 } }];
    const error = expectCode(
      () => blockToRpc({ ...block, transactions: [cellbase, { ...transfer, outputs }] }),
      'OUT_OF_RANGE',
    );
    expect(error.message).toBe(
      'blockToRpc.transactions[1].outputs[0].lock.hashType: expected one of 0, 1, 2, 4, got 3 [OUT_OF_RANGE]',
    );
    const cellDeps = [{ outPoint: { txHash: new Uint8Array(32), index: 0 }, depType: 2 }];
    expectCode(() => transactionToRpc({ ...transfer, cellDeps }), 'OUT_OF_RANGE');
  });

  it('write the extension where there is one', () => {
    const block = { ...blockFromRpc(rpcBlock), extension: new Uint8Array() };
    expect(blockToRpc(block).extension).toBe('0x');
    expect(blockFromRpc(blockToRpc(block))).toEqual(block);
    expect('extension' in blockToRpc({ ...block, extension: null })).toBe(false);
  });
});
