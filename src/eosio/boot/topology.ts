/**
 * Which nodes point to which: the peers that each node of a network lists.
 *
 * @see the boot sequence tutorial, "Configure addresses for peer-to-peer communication"
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertInteger, assertObject } from '../../internal/bytes.js';
import { describeText } from './text.js';

/** The most nodes that one plan arranges; a full mesh of so many has 999,000 entries. */
export const MAX_NODES = 1_000;

/** How the nodes of a network point to each other. */
export type Topology =
  | {
      /** Every node lists every other, as the four nodes of the tutorial do. */
      readonly kind: 'full';
    }
  | {
      /** Every node lists all before it, as the script does: each pair once. */
      readonly kind: 'earlier';
    }
  | {
      /** Every node lists the one before and the one after it. */
      readonly kind: 'ring';
    }
  | {
      /** Every node lists the hub, and the hub every node. */
      readonly kind: 'star';
      /** Index of the hub; 0 by default. */
      readonly hub?: number;
    }
  | {
      /** Every node lists `degree` others: its nearest on a circle, and for an odd degree the one opposite. */
      readonly kind: 'regular';
      /** 2 to one less than the nodes; an odd degree takes an even number of nodes. One node alone has 0, two have 1. */
      readonly degree: number;
    };

/**
 * Computes the peers that each node lists. The network is always connected, and no node lists itself or another twice.
 *
 * @param count - nodes, 0 to 1,000
 * @param topology - how they point to each other
 * @returns for each node the indices of its peers, ascending
 * @throws PoaError `TOPOLOGY_INVALID` for a kind that is unknown, a hub that is no node, and a degree that the nodes cannot have; `OUT_OF_RANGE`
 * @example
 * ```ts
 * import { computePeers } from 'poa-primitives/eosio';
 *
 * computePeers(4, { kind: 'ring' }); // => [[1, 3], [0, 2], [1, 3], [0, 2]]
 * computePeers(4, { kind: 'earlier' }); // => [[], [0], [0, 1], [0, 1, 2]]
 * ```
 * @see the boot sequence tutorial: be careful to NOT include the producer's own address; [E25 Peers](../RULES.md#e25-peers)
 */
export function computePeers(count: number, topology: Topology): number[][] {
  const where = 'computePeers';
  assertInteger(`${where}.count`, count, 0, MAX_NODES);
  assertObject(`${where}.topology`, topology);
  const all = Array.from({ length: count }, (_, i) => i);
  const kind: unknown = topology.kind;
  switch (topology.kind) {
    case 'full':
      return all.map((i) => all.filter((peer) => peer !== i));
    case 'earlier':
      return all.map((i) => all.slice(0, i));
    case 'ring':
      return all.map((i) => onCircle(count, i, [1]));
    case 'star': {
      const { hub = 0 } = topology;
      if (typeof hub !== 'number' || !(Number.isInteger(hub) && hub >= 0 && (hub < count || hub === 0)))
        throw topologyInvalid(`${where}.topology.hub`, `the index of one of ${count} nodes`, describe(hub));
      return all.map((i) => (i === hub ? all.filter((peer) => peer !== hub) : [hub]));
    }
    case 'regular': {
      const steps = stepsOf(`${where}.topology.degree`, count, topology.degree);
      return all.map((i) => onCircle(count, i, steps));
    }
    default:
      throw topologyInvalid(`${where}.topology.kind`, 'full, earlier, ring, star or regular', describe(kind));
  }
}

/** The distances on the circle at which a node of this degree has its peers. */
function stepsOf(where: string, count: number, degree: unknown): number[] {
  const got = describe(degree);
  const least = Math.min(2, Math.max(0, count - 1));
  const most = Math.max(0, count - 1);
  if (typeof degree !== 'number' || !Number.isInteger(degree) || degree < least || degree > most)
    throw topologyInvalid(where, `${least} to ${most} peers for each of ${count} nodes`, got);
  if (degree % 2 === 1 && count % 2 === 1)
    throw topologyInvalid(where, `an even number of peers for each of ${count} nodes`, got);
  const steps = Array.from({ length: Math.floor(degree / 2) }, (_, i) => i + 1);
  return degree % 2 === 1 ? [...steps, count / 2] : steps;
}

/** The nodes at these distances from a node, to both sides, ascending and each once. */
function onCircle(count: number, from: number, steps: readonly number[]): number[] {
  const peers = new Set<number>();
  for (const step of steps) peers.add((from + step) % count).add((from - step + count) % count);
  peers.delete(from);
  return [...peers].sort((a, b) => a - b);
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : describeText(value);
}

function topologyInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('TOPOLOGY_INVALID', { where, expected, got });
}
