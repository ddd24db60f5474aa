/**
 * Irreversibility before Savanna the naive way: the whole history is kept, each block with the confirmations that it still
 * lacks.
 */

/** A schedule by the names of its producers. */
export type Names = readonly string[];

export class NaiveDpos {
  private readonly lacking = new Map<number, number>();
  private readonly implied = new Map<string, number>();
  readonly produced = new Map<string, number>();
  number = 1;
  proposed = 0;
  irreversible = 0;
  active: Names = ['eosio'];
  version = 0;
  pending: { names: Names; number: number } | undefined = { names: ['eosio'], number: 0 };

  /** Whose turn a slot is. */
  producerOf(slot: number): string {
    const turns = this.active.flatMap((name) => Array.from({ length: 12 }, () => name));
    return turns[slot % turns.length] as string;
  }

  /** Whether a schedule may be announced in the next block. */
  mayAnnounce(producer: string): boolean {
    return this.pending === undefined && this.irreversibleAfter(producer) >= 0;
  }

  private irreversibleAfter(producer: string): number {
    const numbers = [...this.implied].map(([name, number]) => (name === producer ? this.proposed : number));
    numbers.sort((a, b) => a - b);
    // More than two thirds of the producers are at or above it.
    return numbers[Math.floor((numbers.length - 1) / 3)] ?? 0;
  }

  add(producer: string, confirmed: number, announced: Names | undefined): void {
    const irreversible = this.irreversibleAfter(producer);
    const proposedBefore = this.proposed;
    this.number++;
    this.lacking.set(this.number, Math.floor((2 * this.active.length) / 3) + 1);
    for (let block = this.number; block >= this.number - confirmed; block--) {
      const lacks = this.lacking.get(block);
      if (lacks === undefined) break;
      this.lacking.set(block, lacks - 1);
      if (lacks > 1) continue;
      this.proposed = block;
      for (const known of [...this.lacking.keys()]) if (known <= block) this.lacking.delete(known);
      break;
    }
    for (const known of [...this.lacking.keys()]) if (known <= this.number - 1024) this.lacking.delete(known);
    this.irreversible = Math.max(this.irreversible, irreversible);
    if (this.pending !== undefined && irreversible >= this.pending.number) {
      this.version += this.number > 2 ? 1 : 0;
      this.active = this.pending.names;
      this.pending = undefined;
      for (const name of [...this.implied.keys()]) if (!this.active.includes(name)) this.implied.delete(name);
      for (const name of [...this.produced.keys()]) if (!this.active.includes(name)) this.produced.delete(name);
      for (const name of this.active) {
        if (!this.implied.has(name)) this.implied.set(name, irreversible);
        if (!this.produced.has(name)) this.produced.set(name, irreversible);
      }
      if (this.active.includes(producer)) this.implied.set(producer, proposedBefore);
    } else this.implied.set(producer, proposedBefore);
    this.produced.set(producer, this.number);
    if (announced !== undefined) this.pending = { names: announced, number: this.number };
  }
}
