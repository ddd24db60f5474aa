/**
 * A naive follower of Clique's voting rules, for tests: EIP-225 with what go-ethereum does where it is silent, as plain loops over
 * texts. It shares nothing with `src`.
 */

/** What counts of a block. */
export interface ModelBlock {
  readonly signer: string;
  /** Whom the block names; every block names somebody, if only the zero address. */
  readonly target: string;
  readonly authorize: boolean;
  readonly difficulty: number;
  /** What the extra-data lists. */
  readonly listed: readonly string[];
}

export interface ModelVote {
  readonly signer: string;
  readonly number: number;
  readonly address: string;
  readonly authorize: boolean;
}

export const ZERO_ADDRESS: string = `0x${'0'.repeat(40)}`;

export class CliqueModel {
  number = 0;
  signers: string[];
  recents: Record<number, string> = {};
  votes: ModelVote[] = [];
  tally: Record<string, { authorize: boolean; votes: number }> = {};
  totalDifficulty = 1;
  /** What happened on the way, and how often. */
  readonly events: Record<string, number> = {};
  readonly epoch: number;

  constructor(signers: readonly string[], epoch: number) {
    this.signers = [...signers].sort();
    this.epoch = epoch;
  }

  /** SIGNER_LIMIT: more than half. */
  limit(): number {
    let limit = 0;
    while (2 * limit <= this.signers.length) limit++;
    return limit;
  }

  /** Whose turn the next block is. */
  turn(): string | undefined {
    return this.signers[(this.number + 1) % this.signers.length];
  }

  /** Blocks ahead of which a signer may not sign: the first that they may. */
  nextSealable(signer: string): number {
    for (let number = this.number + 1; ; number++) {
      let isFree = true;
      for (const [seen, recent] of Object.entries(this.recents))
        if (recent === signer && Number(seen) > number - this.limit()) isFree = false;
      if (isFree) return number;
    }
  }

  /** Adds a vote that was cast before the model began. */
  plant(vote: ModelVote): void {
    this.votes.push(vote);
    const old = this.tally[vote.address] ?? { authorize: vote.authorize, votes: 0 };
    this.tally[vote.address] = { ...old, votes: old.votes + 1 };
  }

  /** Takes a block, or says with which code it is refused; nothing has changed then. */
  apply(block: ModelBlock): string {
    const number = this.number + 1;
    const code = this.judge(block, number);
    if (code !== 'applied') return code;
    if (number % this.epoch === 0) {
      if (this.votes.length > 0) this.count('a checkpoint resets votes');
      this.votes = [];
      this.tally = {};
    }
    delete this.recents[number - this.limit()];
    this.recents[number] = block.signer;
    this.vote(block, number);
    this.number = number;
    this.totalDifficulty += block.difficulty;
    return 'applied';
  }

  private judge({ signer, target, authorize, difficulty, listed }: ModelBlock, number: number): string {
    if (number % this.epoch === 0) {
      if (target !== ZERO_ADDRESS) return 'CHECKPOINT_BENEFICIARY_NOT_ZERO';
      if (authorize) return 'CHECKPOINT_NONCE_NOT_ZERO';
      if (listed.join() !== this.signers.join()) return 'CHECKPOINT_SIGNERS_MISMATCH';
    } else if (listed.length > 0) return 'SIGNERS_UNEXPECTED';
    if (!this.signers.includes(signer)) return 'SIGNER_UNAUTHORIZED';
    if (this.nextSealable(signer) > number) return 'SIGNER_RECENTLY_SIGNED';
    return difficulty === (this.turn() === signer ? 2 : 1) ? 'applied' : 'DIFFICULTY_MISMATCH';
  }

  private vote({ signer, target, authorize }: ModelBlock, number: number): void {
    const isMeant = this.signers.includes(target) !== authorize;
    for (const [i, vote] of this.votes.entries()) {
      if (vote.signer !== signer || vote.address !== target) continue;
      this.count(isMeant ? 'a vote replaces an older one' : 'an invalid vote takes back an older one');
      this.take(i);
      break;
    }
    if (isMeant) {
      const old = this.tally[target] ?? { authorize, votes: 0 };
      this.tally[target] = { ...old, votes: old.votes + 1 };
      this.votes.push({ signer, number, address: target, authorize });
    }
    const tally = this.tally[target];
    if (tally === undefined || 2 * tally.votes <= this.signers.length) return;
    if (!isMeant) this.count('a block executes a majority without adding to it');
    if (tally.authorize) {
      this.signers = [...this.signers, target].sort();
      this.count(target === ZERO_ADDRESS ? 'the zero address joins' : 'an address joins');
    } else this.drop(target, signer, number);
    this.votes = this.votes.filter((vote) => vote.address !== target);
    delete this.tally[target];
  }

  private drop(target: string, by: string, number: number): void {
    const before = this.limit();
    this.signers = this.signers.filter((signer) => signer !== target);
    this.count(target === by ? 'a signer drops itself' : 'a signer is dropped');
    if (this.limit() < before && this.recents[number - this.limit()] !== undefined) {
      this.count('a smaller limit frees one more');
      delete this.recents[number - this.limit()];
    }
    for (let i = 0; i < this.votes.length; i++)
      if (this.votes[i]?.signer === target) {
        this.count('votes of a dropped signer go');
        this.take(i);
        i--;
      }
  }

  /** Takes a vote out of the list and out of the tally. */
  private take(index: number): void {
    const [vote] = this.votes.splice(index, 1) as [ModelVote];
    const tally = this.tally[vote.address];
    if (tally === undefined || tally.authorize !== vote.authorize) return;
    if (tally.votes === 1) delete this.tally[vote.address];
    else this.tally[vote.address] = { ...tally, votes: tally.votes - 1 };
  }

  private count(event: string): void {
    this.events[event] = (this.events[event] ?? 0) + 1;
  }
}
