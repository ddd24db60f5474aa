/**
 * A network of peers in simulated time: messages take a while, clocks differ, the network may fall apart and heal. Whatever
 * happens is an event with a time and a sequence number, and every random choice comes from the generator that is handed in, so
 * the same arguments give the same run.
 */

import {
  ALLOWED_FUTURE_BLOCK_TIME,
  applyRecovered,
  applyVote,
  isPoaError,
  type PoaErrorCode,
  type RecoveredHeader,
  recoverHeader,
  type State,
} from 'poa-primitives/ckb';
import { type Block, type Content, GENESIS_TIME, idOf, makeBlock, type Validator } from './blocks.js';

/** What peers do with a new head: plan a block, or mischief. */
export type Strategy = (peer: Peer) => void;

/** A block that a peer has applied, with the state after it. The genesis block has no `block`. */
export interface Known {
  readonly id: string;
  readonly block: Block | undefined;
  readonly state: State;
}

/** What an observer is told. */
export type Happening =
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'head'; readonly peer: Peer; readonly from: Known; readonly to: Known }
  | { readonly kind: 'refused'; readonly peer: Peer; readonly block: Block; readonly code: PoaErrorCode };

/** What a simulation needs. */
export interface Options {
  readonly genesis: State;
  /** Gives an integer from 0 to `count - 1`. */
  readonly random: (count: number) => number;
  /** Least and greatest milliseconds that a message takes. */
  readonly delay: readonly [number, number];
  /** Which of two chains of equal total difficulty a peer follows: by default the one that it saw first. */
  readonly tieBreak?: 'first seen' | 'smaller hash';
  readonly observe?: (happening: Happening) => void;
}

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly act: () => void;
}

export class Simulation {
  readonly options: Options;
  readonly peers: Peer[] = [];
  /** Votes that wait to be put into a block. */
  readonly votes: Uint8Array[] = [];
  /** Milliseconds, the true time. */
  now: number = GENESIS_TIME;
  /** While false nobody attests, but messages go on. */
  #minting = true;
  #queue: Event[] = [];
  #sequence = 0;
  /** Recovering needs no state, so one peer's work serves all. A header has one cellbase here, so its hash stands for both. */
  readonly #recovered = new Map<string, RecoveredHeader>();
  readonly #judgedVotes = new Map<string, State | undefined>();

  constructor(options: Options) {
    this.options = options;
  }

  get minting(): boolean {
    return this.#minting;
  }

  set minting(minting: boolean) {
    this.#minting = minting;
    if (minting) for (const peer of this.peers) peer.plan();
  }

  /** Adds a peer that knows the genesis block, and tells it of everybody's head. `skew` is how far its clock is ahead. */
  join(validator: Validator, strategy: Strategy, skew = 0): Peer {
    const peer = new Peer(this, validator, strategy, skew);
    this.peers.push(peer);
    this.at(this.now, () => peer.plan());
    this.announce();
    return peer;
  }

  at(time: number, act: () => void): void {
    const event = { time: Math.max(time, this.now), sequence: this.#sequence++, act };
    // Few events are waiting at any time, so a sorted array is enough; equal times keep their order.
    let i = this.#queue.length;
    while (i > 0 && (this.#queue[i - 1] as Event).time > event.time) i--;
    this.#queue.splice(i, 0, event);
  }

  /** Lets things happen up to a time, or until `stop` is true. Returns false once nothing can ever happen again. */
  run(until: number, stop: () => boolean = () => false): boolean {
    while (!stop()) {
      const [next] = this.#queue;
      if (next === undefined) return false;
      if (next.time > until) {
        this.now = until;
        return true;
      }
      this.#queue.shift();
      this.now = next.time;
      next.act();
    }
    return true;
  }

  /** Cuts the network: only peers of the same group hear each other. Messages on the way across are lost. */
  partition(...groups: (readonly Peer[])[]): void {
    for (const [i, group] of groups.entries()) for (const peer of group) peer.group = i;
  }

  heal(): void {
    for (const peer of this.peers) peer.group = 0;
    this.announce();
  }

  /** Everybody tells everybody their head, as nodes do when they connect. */
  announce(): void {
    for (const peer of this.peers) {
      const { block } = peer.head;
      if (block !== undefined) this.broadcast(peer, block);
    }
  }

  broadcast(from: Peer, block: Block, to: readonly Peer[] = this.peers): void {
    for (const peer of to) if (peer !== from) this.#send(from, peer, () => peer.receive(block, from));
  }

  /** A peer asks another for what lies below a block: the headers that it lacks come back, oldest first. */
  request(from: Peer, to: Peer, block: Block): void {
    this.#send(from, to, () => {
      const missing: Block[] = [];
      for (let at = to.known.get(block.parent); at?.block !== undefined; at = to.known.get(at.block.parent)) {
        if (from.known.has(at.id)) break;
        missing.unshift(at.block);
      }
      this.#send(to, from, () => {
        for (const each of missing) from.receive(each, to);
      });
    });
  }

  recover(block: Block): RecoveredHeader {
    const known = this.#recovered.get(block.id) ?? recoverHeader(block);
    this.#recovered.set(block.id, known);
    return known;
  }

  /** The state that a vote leads to, or undefined if it does not hold. */
  judgeVote(state: State, vote: Uint8Array): State | undefined {
    const key = `${idOf(state.validatorListOutPoint)} ${idOf(vote)}`;
    if (!this.#judgedVotes.has(key)) this.#judgedVotes.set(key, tryVote(state, vote));
    return this.#judgedVotes.get(key);
  }

  #send(from: Peer, to: Peer, arrive: () => void): void {
    const [least, most] = this.options.delay;
    const connected = () => from.online && to.online && from.group === to.group;
    if (!connected()) return;
    this.at(this.now + least + this.options.random(most - least + 1), () => {
      if (connected()) arrive();
    });
  }
}

function tryVote(state: State, vote: Uint8Array): State | undefined {
  try {
    return applyVote(state, vote);
  } catch (error) {
    if (!isPoaError(error)) throw error;
    return undefined;
  }
}

export class Peer {
  readonly simulation: Simulation;
  readonly validator: Validator;
  readonly strategy: Strategy;
  /** Milliseconds that the clock is ahead of the true time. */
  readonly skew: number;
  readonly known = new Map<string, Known>();
  readonly refused = new Map<string, PoaErrorCode>();
  readonly #waiting = new Map<string, Block[]>();
  head: Known;
  group = 0;
  #online = true;

  constructor(simulation: Simulation, validator: Validator, strategy: Strategy, skew: number) {
    this.simulation = simulation;
    this.validator = validator;
    this.strategy = strategy;
    this.skew = skew;
    const { genesis } = simulation.options;
    this.head = { id: idOf(genesis.hash), block: undefined, state: genesis };
    this.known.set(this.head.id, this.head);
  }

  get name(): string {
    return this.validator.name;
  }

  /** What the peer takes for the time, milliseconds. */
  get clock(): number {
    return this.simulation.now + this.skew;
  }

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    this.#online = online;
    if (!online) return;
    this.simulation.announce();
    this.plan();
  }

  /** Asks the strategy what to do about the head. */
  plan(): void {
    if (this.#online && this.simulation.minting) this.strategy(this);
  }

  /** Acts when the peer's clock shows `time`, unless the head has changed by then. */
  later(time: number, act: () => void): void {
    const { head, simulation } = this;
    simulation.at(time - this.skew, () => {
      if (this.head === head && this.#online && simulation.minting) act();
    });
  }

  /** Makes a block and shows it to others, to all if not told otherwise. */
  publish(content: Content, to?: readonly Peer[], parent: State = this.head.state): Block {
    const block = makeBlock(parent, this.validator, content);
    this.simulation.options.observe?.({ kind: 'block', block });
    this.receive(block);
    this.simulation.broadcast(this, block, to);
    return block;
  }

  /** Takes a block, keeps it until its parent comes, or refuses it. */
  receive(block: Block, from?: Peer): void {
    if (this.known.has(block.id) || this.refused.has(block.id)) return;
    const parent = this.known.get(block.parent);
    if (parent !== undefined) {
      this.#apply(parent.state, block);
      return;
    }
    const waiting = this.#waiting.get(block.parent) ?? [];
    if (!waiting.includes(block)) this.#waiting.set(block.parent, [...waiting, block]);
    if (from !== undefined) this.simulation.request(this, from, block);
  }

  #apply(parent: State, block: Block): void {
    const { observe } = this.simulation.options;
    let state: State;
    try {
      state = applyRecovered(parent, this.simulation.recover(block), { now: this.clock });
    } catch (error) {
      if (!isPoaError(error)) throw error;
      if (error.code === 'TIMESTAMP_TOO_NEW') {
        const good = block.timestamp - ALLOWED_FUTURE_BLOCK_TIME - this.skew;
        this.simulation.at(good, () => this.receive(block));
        return;
      }
      this.refused.set(block.id, error.code);
      observe?.({ kind: 'refused', peer: this, block, code: error.code });
      return;
    }
    const known = { id: block.id, block, state };
    this.known.set(known.id, known);
    if (this.#prefers(known)) {
      const from = this.head;
      this.head = known;
      observe?.({ kind: 'head', peer: this, from, to: known });
      this.plan();
    }
    const waiting = this.#waiting.get(known.id) ?? [];
    this.#waiting.delete(known.id);
    for (const child of waiting) this.receive(child);
  }

  #prefers({ id, state }: Known): boolean {
    const difference = state.totalDifficulty - this.head.state.totalDifficulty;
    if (difference !== 0n) return difference > 0n;
    return this.simulation.options.tieBreak === 'smaller hash' && id < this.head.id;
  }
}
