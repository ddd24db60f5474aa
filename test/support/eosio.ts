/** Records of EOSIO out of the vectors, which have the form that nodes give. */
import { hexToBytes } from '@noble/hashes/utils.js';
import {
  type BlockHeader,
  computeSlot,
  type IncrementalMerkle,
  type ProducerAuthoritySchedule,
  type ProducerSchedule,
  publicKeyFromText,
  timeFromText,
} from 'poa-primitives/eosio';

/** A schedule in one form or the other. */
export function scheduleFromVector(json: any): { legacy: ProducerSchedule } | { authority: ProducerAuthoritySchedule } {
  if (json.producers[0]?.authority === undefined)
    return {
      legacy: {
        version: json.version,
        producers: json.producers.map((producer: any) => ({
          producerName: producer.producer_name,
          blockSigningKey: publicKeyFromText(producer.block_signing_key),
        })),
      },
    };
  return {
    authority: {
      version: json.version,
      producers: json.producers.map((producer: any) => ({
        producerName: producer.producer_name,
        authority: {
          threshold: producer.authority[1].threshold,
          keys: producer.authority[1].keys.map(({ key, weight }: any) => ({ key: publicKeyFromText(key), weight })),
        },
      })),
    },
  };
}

export function headerFromVector(json: any): BlockHeader {
  const schedule = json.new_producers === null ? null : scheduleFromVector(json.new_producers);
  return {
    slot: computeSlot(timeFromText(json.timestamp)),
    producer: json.producer,
    confirmed: json.confirmed,
    previous: hexToBytes(json.previous),
    transactionMroot: hexToBytes(json.transaction_mroot),
    actionMroot: hexToBytes(json.action_mroot),
    scheduleVersion: json.schedule_version,
    newProducers: schedule !== null && 'legacy' in schedule ? schedule.legacy : null,
    headerExtensions: json.header_extensions.map(([type, data]: [number, string]) => ({
      type,
      data: hexToBytes(data),
    })),
  };
}

export function merkleFromVector(json: any): IncrementalMerkle {
  return { nodeCount: BigInt(json.node_count), activeNodes: json.active_nodes.map(hexToBytes) };
}

/** The headers of a chain from its genesis. */
export function blocksOf(chain: any): { header: BlockHeader; json: any }[] {
  return chain.blocks.map((json: any) => ({ header: headerFromVector(json.header), json }));
}
