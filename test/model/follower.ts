/** Who may attest what, said as plainly as it can be: nothing here comes from `src/`. */

export interface ModelList {
  readonly interval: number;
  readonly limit: number;
  /** Names, in order. */
  readonly validators: readonly string[];
}

export interface ModelVote {
  readonly list: ModelList;
  readonly signers: readonly string[];
}

export interface ModelBlock {
  readonly attester: string;
  readonly difficulty: 1 | 2;
  readonly vote: ModelVote | undefined;
}

export class ModelFollower {
  list: ModelList;
  attesters: string[] = [];
  totalDifficulty = 0;

  constructor(list: ModelList) {
    this.list = list;
  }

  /** Applies a block, or says why not. */
  apply({ attester, difficulty, vote }: ModelBlock): string {
    const { interval, validators } = this.list;
    const number = this.attesters.length + 1;
    if (!validators.includes(attester)) return 'ATTESTER_UNKNOWN';
    for (let back = 1; back <= interval; back++)
      if (this.attesters[this.attesters.length - back] === attester) return 'ATTESTER_TOO_SOON';
    const inTurn = validators[number % validators.length] === attester;
    if (difficulty !== (inTurn ? 2 : 1)) return 'DIFFICULTY_MISMATCH';
    if (vote !== undefined) {
      const { list, signers } = vote;
      const count = list.validators.length;
      if (new Set(list.validators).size < count) return 'VALIDATOR_LIST_DUPLICATE';
      if (!(2 * list.limit > count && list.limit <= count)) return 'VOTE_LIMIT_OUT_OF_RANGE';
      if (list.interval >= count) return 'ATTEST_INTERVAL_TOO_LONG';
      const members = signers.filter((name) => validators.includes(name));
      const distinct = new Set(members).size === signers.length;
      if (signers.length !== this.list.limit || !distinct) return 'VOTES_INVALID';
      this.list = list;
    }
    this.attesters.push(attester);
    this.totalDifficulty += difficulty;
    return 'applied';
  }
}
