/**
 * An election the naive way: votes are added up anew from who stands for whom. In whole units, at the time when a unit weighs
 * one vote.
 */

/** Votes of an account: its stake, its proxy or its producers, and whether it is a proxy. */
interface Account {
  stake: bigint;
  proxy: string;
  producers: string[];
  isProxy: boolean;
  /** Whether its last vote weighed anything. */
  counted: boolean;
}

export class NaiveElection {
  readonly accounts = new Map<string, Account>();
  /** Producers that ever registered, and whether they still stand. */
  readonly producers = new Map<string, boolean>();
  activated = 0n;
  isActivated = false;
  lastSize = 0;

  readonly threshold: bigint;

  constructor(threshold: bigint) {
    this.threshold = threshold;
  }

  register(name: string): boolean {
    this.producers.set(name, true);
    return true;
  }

  unregister(name: string): boolean {
    if (!this.producers.has(name)) return false;
    this.producers.set(name, false);
    return true;
  }

  stake(name: string, change: bigint): boolean {
    const account = this.accounts.get(name);
    if (change < 0n && (!this.isActivated || (account?.stake ?? 0n) + change < 0n)) return false;
    if (account === undefined)
      this.accounts.set(name, { stake: change, proxy: '', producers: [], isProxy: false, counted: false });
    else {
      account.stake += change;
      if (account.proxy !== '' || account.producers.length > 0) this.count(account);
    }
    return true;
  }

  setProxy(name: string, isProxy: boolean): boolean {
    const account = this.accounts.get(name);
    if (account === undefined)
      this.accounts.set(name, { stake: 0n, proxy: '', producers: [], isProxy, counted: false });
    else {
      if (account.isProxy === isProxy || (isProxy && account.proxy !== '')) return false;
      account.isProxy = isProxy;
      this.touch(account);
    }
    return true;
  }

  vote(name: string, proxy: string, producers: string[]): boolean {
    const account = this.accounts.get(name);
    const through = this.accounts.get(proxy);
    if (account === undefined || proxy === name || (proxy !== '' && producers.length > 0)) return false;
    if (proxy !== '' && (account.isProxy || through?.isProxy !== true)) return false;
    if (producers.some((producer) => this.producers.get(producer) !== true)) return false;
    const left = this.accounts.get(account.proxy);
    const wasCounted = account.counted;
    account.proxy = proxy;
    account.producers = producers;
    account.counted = wasCounted;
    this.count(account);
    if (left !== undefined && wasCounted) this.touch(left);
    return true;
  }

  /** The first vote counts towards activation; it, and any that follows, reaches the proxy. */
  private count(account: Account): void {
    if (!account.counted && !this.isActivated) {
      this.activated += account.stake;
      this.isActivated = this.activated >= this.threshold;
    }
    this.touch(account);
    const through = this.accounts.get(account.proxy);
    if (through !== undefined) this.touch(through);
  }

  /** A proxy that stopped being one may vote through another: what reaches it goes on. */
  private touch(account: Account): void {
    account.counted = this.weight(account) > 0n;
  }

  private weight(account: Account): bigint {
    if (!account.isProxy) return account.stake;
    const name = [...this.accounts].find(([, found]) => found === account)?.[0];
    const behind = [...this.accounts.values()].filter(({ proxy }) => proxy === name);
    return behind.reduce((sum, { stake }) => sum + stake, account.stake);
  }

  votes(producer: string): bigint {
    return [...this.accounts.values()]
      .filter(({ proxy, producers }) => proxy === '' && producers.includes(producer))
      .reduce((sum, account) => sum + this.weight(account), 0n);
  }

  /** Names of the schedule, or undefined where none is proposed. */
  elect(): string[] | undefined {
    const standing = [...this.producers].filter(([name, stands]) => stands && this.votes(name) > 0n);
    const best = standing
      .map(([name]) => name)
      .sort((a, b) => Number(this.votes(b) - this.votes(a)) || (a < b ? -1 : 1))
      .slice(0, 21);
    if (!this.isActivated || best.length === 0 || best.length < this.lastSize) return undefined;
    this.lastSize = best.length;
    return best.sort();
  }
}
