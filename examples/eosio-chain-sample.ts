/**
 * A small EOSIO chain that the examples of the documentation follow: its genesis, an election that three producers win, and the
 * headers in which
 * `eosio` announces them and they take over.
 */

import {
  applyElectionActions,
  applyHeader,
  computeElection,
  computePublicKey,
  computeSigningContexts,
  computeSlotTime,
  createAnchor,
  createElection,
  createState,
  type Election,
  type ElectionAction,
  type Genesis,
  type HeaderTemplate,
  type PlannedHeader,
  type PrivateKey,
  type ProducerAuthoritySchedule,
  type Proposal,
  planHeader,
  type SignedHeader,
  type State,
  scheduleToRpc,
  sha256,
  signedHeaderToRpc,
  signHeader,
} from 'poa-primitives/eosio';

const NAMES = ['eosio', 'proda', 'prodb', 'prodc', 'prodd'] as const;

/** Keys of the system account and of four producers. */
export const privateKeys: Record<(typeof NAMES)[number], PrivateKey> = Object.fromEntries(
  NAMES.map((name) => [name, { curve: 'K1', data: sha256(new TextEncoder().encode(`key of ${name}`)) }]),
) as Record<(typeof NAMES)[number], PrivateKey>;

/** What the chain begins with. */
export const genesis: Genesis = {
  initialTimestamp: Date.UTC(2020, 0, 1),
  initialKey: computePublicKey(privateKeys.eosio),
  initialConfiguration: {
    maxBlockNetUsage: 1_048_576n,
    targetBlockNetUsagePct: 1000,
    maxTransactionNetUsage: 524_288,
    basePerTransactionNetUsage: 12,
    netUsageLeeway: 500,
    contextFreeDiscountNetUsageNum: 20,
    contextFreeDiscountNetUsageDen: 100,
    maxBlockCpuUsage: 200_000,
    targetBlockCpuUsagePct: 1000,
    maxTransactionCpuUsage: 150_000,
    minTransactionCpuUsage: 100,
    maxTransactionLifetime: 3600,
    deferredTrxExpirationWindow: 600,
    maxTransactionDelay: 3_888_000,
    maxInlineActionSize: 4096,
    maxInlineActionDepth: 4,
    maxAuthorityDepth: 6,
  },
};

/** An election in which three of four producers have votes, and the chain is activated. */
export const election: Election = makeElection();

function makeElection(): Election {
  const time = genesis.initialTimestamp;
  const producers = ['proda', 'prodb', 'prodc', 'prodd'] as const;
  const actions: ElectionAction[] = [
    ...producers.map((producer): ElectionAction => {
      return { type: 'regproducer', producer, producerKey: computePublicKey(privateKeys[producer]) };
    }),
    { type: 'stake', voter: 'whale', change: 1_600_000_000_000n },
    { type: 'stake', voter: 'minnow', change: 10_000n },
    { type: 'voteproducer', voter: 'whale', producers: ['proda', 'prodc'] },
    { type: 'voteproducer', voter: 'minnow', producers: ['prodb'] },
  ];
  return applyElectionActions(
    createElection(),
    actions.map((action) => ({ time, action })),
  );
}

/** The schedule that the election comes to. */
export const electedSchedule: ProducerAuthoritySchedule = {
  version: 1,
  producers: computeElection(election).proposal ?? [],
};

/** The state that a follower begins with. */
const first: State = createState(createAnchor({ genesis }));

/** What block 2 is made from. */
export const template: HeaderTemplate = planHeader(first, { slot: first.slot + 1 });

/** The verifier's clock, in milliseconds. */
export const now: number = computeSlotTime(first.slot) + 60_000;

/** The headers of blocks 2 to 9: the fourth block announces the three producers, from the sixth on they sign. */
export const headers: SignedHeader[] = makeHeaders();

function makeHeaders(): SignedHeader[] {
  const made: SignedHeader[] = [];
  let state = first;
  let proposal: Proposal | null = { number: 3, producers: electedSchedule.producers };
  for (let number = 2; number <= 9; number++) {
    // From block 6 on each producer makes one block of its turn.
    const slot = number < 6 ? state.slot + 1 : state.slot + 12;
    const plan: PlannedHeader = planHeader(state, { slot, proposal: number < 3 ? null : proposal });
    if (plan.isAnnounced) proposal = null;
    const { header, signatures } = signHeader(plan, [privateKeys[plan.producer.producerName as 'eosio']]);
    made.push({ header, signatures });
    state = applyHeader(state, { header, signatures }, { now });
  }
  return made;
}

/** The same headers with what was signed beside them, so that they can be recovered without a state. */
export const recoverable: SignedHeader[] = computeSigningContexts(first, headers);

/** The state after block 4, which announces the schedule. */
export const stateAfterFour: State = headers
  .slice(0, 3)
  .reduce((state, input) => applyHeader(state, input, { now }), first);

/** The same as a node gives it for block 4. */
export const headerState: unknown = makeHeaderState();

function makeHeaderState(): unknown {
  const before = headers.slice(0, 2).reduce((state, input) => applyHeader(state, input, { now }), first);
  const { activeSchedule, pendingSchedule, pendingScheduleHash, lastProduced, lastImplied, ...rest } = stateAfterFour;
  const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    block_num: rest.number,
    dpos_proposed_irreversible_blocknum: rest.proposedIrreversible,
    dpos_irreversible_blocknum: rest.lastIrreversible,
    active_schedule: scheduleToRpc(activeSchedule),
    blockroot_merkle: {
      _active_nodes: before.blockroot?.activeNodes.map(hex),
      _node_count: Number(before.blockroot?.nodeCount),
    },
    producer_to_last_produced: lastProduced.map(({ producer, number }) => [producer, number]),
    producer_to_last_implied_irb: lastImplied.map(({ producer, number }) => [producer, number]),
    confirm_count: rest.confirmationsLeft,
    id: hex(rest.id),
    header: signedHeaderToRpc(headers[2] as SignedHeader),
    pending_schedule: pendingSchedule && {
      schedule_lib_num: pendingSchedule.number,
      schedule_hash: hex(pendingScheduleHash as Uint8Array),
      schedule: scheduleToRpc(pendingSchedule.schedule),
    },
    activated_protocol_features: { protocol_features: [] },
  };
}
