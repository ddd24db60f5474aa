/**
 * Logs in the JSON of an Ethereum node's RPC, as `eth_getLogs` and `eth_subscribe` give them.
 *
 * @see https://github.com/ethereum/execution-apis
 * @module
 */

import {
  jsonInvalid,
  member,
  readArray,
  readBytes,
  readObject,
  readQuantity,
  readUint32,
} from '../../internal/json.js';
import type { EndpointLog } from '../bootstrap/bootState.js';
import { ADDRESS_SIZE, HASH_SIZE } from '../encoding/hash.js';

/**
 * Reads a log for `applyEndpointLog`. Its place on the chain is left out if the node gives none, as for a block that is still pending.
 *
 * @param json - as `JSON.parse` gives it, from anyone
 * @returns the log; other members than `address`, `topics`, `data`, `blockNumber`, `logIndex` and `removed` are left alone
 * @throws PoaError `JSON_INVALID` with the path to what is wrong
 * @example
 * ```ts
 * import { endpointLogFromRpc } from 'poa-primitives/clique';
 *
 * const log = endpointLogFromRpc({
 *   address: '0x' + 'cc'.repeat(20),
 *   topics: ['0x81e4298e8154fbb04620b49826ea6ec291596613294df8cf8df2717cdf11cf40'],
 *   data: '0x',
 *   blockNumber: '0x5',
 *   logIndex: '0x0',
 *   removed: false,
 * });
 * log.position; // => { blockNumber: 5n, logIndex: 0 }
 * ```
 * @see [C47 Boot state](../RULES.md#c47-boot-state)
 */
export function endpointLogFromRpc(json: unknown): EndpointLog {
  const where = 'log';
  const log = readObject(where, json);
  const removed = member(log, 'removed') ?? false;
  if (typeof removed !== 'boolean')
    throw jsonInvalid(`${where}.removed`, 'true or false', JSON.stringify(typeof removed));
  const blockNumber = member(log, 'blockNumber') ?? null;
  const logIndex = member(log, 'logIndex') ?? null;
  if ((blockNumber === null) !== (logIndex === null))
    throw jsonInvalid(where, 'both blockNumber and logIndex, or neither', 'one of them');
  return {
    address: readBytes(`${where}.address`, member(log, 'address'), ADDRESS_SIZE),
    topics: readArray(`${where}.topics`, member(log, 'topics'), (path, topic) => readBytes(path, topic, HASH_SIZE)),
    data: readBytes(`${where}.data`, member(log, 'data')),
    removed,
    ...(blockNumber === null
      ? {}
      : {
          position: {
            blockNumber: readQuantity(`${where}.blockNumber`, blockNumber, 64),
            logIndex: readUint32(`${where}.logIndex`, logIndex),
          },
        }),
  };
}
