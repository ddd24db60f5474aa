/** What the page shows, whatever the protocol: adapters turn the library's records into these. */

export type Status = 'passed' | 'failed' | 'unknown';

export type ProtocolId = 'ckb' | 'clique' | 'eosio';

/** Something to begin with. */
export interface Sample {
  readonly id: string;
  readonly protocol: ProtocolId;
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly about: string;
  /** As a user would paste it. */
  readonly text: string;
  /** What the verifier trusts, as a user would paste it. */
  readonly trust: string;
}

/** A stretch of bytes that is looked at and edited. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** Belongs to the entry, but is not looked at byte by byte: the rest of a block. */
  readonly isHidden?: boolean;
}

/** One header, with whatever proves it. */
export type Entry = readonly Part[];

/** Bytes of a part, from `start` up to but not including `end`. */
export interface ByteRange {
  readonly part: string;
  readonly start: number;
  readonly end: number;
}

/** A named stretch. */
export interface Field extends ByteRange {
  readonly label: string;
}

/** A rule and what it says of a header. */
export interface RuleView {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  /** What the code means, in words. */
  readonly meaning: string;
  readonly where: string;
  readonly status: Status;
  readonly expected: string;
  readonly got: string;
  readonly bytes: ByteRange | undefined;
}

/** A line of a description. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Bytes and codes, which want a fixed width. */
  readonly mono?: boolean;
}

/** Who made a block. */
export interface Maker {
  /** Hex or account name, the key of a lane. */
  readonly id: string;
  /** Such as `validator 3 of 5`. */
  readonly role: string;
}

/** Everything the page says of one header. */
export interface Report {
  readonly status: Status;
  readonly rules: readonly RuleView[];
  readonly number: bigint | undefined;
  readonly maker: Maker | undefined;
  readonly inTurn: boolean | undefined;
  readonly facts: readonly Fact[];
  /** The header's own fields. */
  readonly decoded: readonly Fact[];
  readonly fields: readonly Field[];
}

/** What a state says of validators and their turns. */
export interface ChainView {
  readonly number: bigint;
  /** Keys of lanes, in the order of turns. */
  readonly members: readonly string[];
  /** What grows along the chain: see `progressName`. */
  readonly progress: bigint;
  /** What else is in force. */
  readonly note: string;
}

/** What came of one header in a run. */
export type Step =
  | {
      readonly ok: true;
      readonly state: unknown;
      readonly maker: string;
      readonly number: bigint;
      /** What the block did beyond who joins and who leaves. */
      readonly events: readonly string[];
      /** Who let turns pass before it, where that is not whoever would have been in turn. */
      readonly missed?: readonly Missed[];
    }
  | {
      readonly ok: false;
      readonly error: unknown;
      readonly maker: string | undefined;
      readonly number: bigint | undefined;
    };

/** Turns that nobody took. */
export interface Missed {
  readonly id: string;
  readonly count: number;
}

/** What a text turned out to be. */
export interface Finding {
  /** Such as `A run of 60 CKB headers with their cellbases, in hex`. */
  readonly what: string;
  readonly entries: readonly Entry[];
  /** What came along that can be trusted, if the text has it. */
  readonly trust?: Trust;
}

/** A state to judge by, and where it is from. */
export interface Trust {
  readonly state: unknown;
  /** Such as `the genesis block that the run begins with`. */
  readonly source: string;
}

/** Text that was read as far as possible without knowing a protocol. */
export type Source =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'hex'; readonly chunks: readonly Uint8Array[] };

/** One protocol. States are what the protocol's own functions take and are looked into nowhere else. */
export interface Adapter {
  readonly id: ProtocolId;
  readonly name: string;
  /** Who makes blocks: `attester`, `signer`, `producer`. */
  readonly makerName: string;
  /** What grows along a chain: `total difficulty`. */
  readonly progressName: string;
  /** What to paste as trust, in a sentence. */
  readonly trustHelp: string;
  /** Whether the text is of this protocol; throws with the reason where it is, but damaged. */
  detect(source: Source): Finding | undefined;
  /** Reads what a verifier trusts; throws with the reason. */
  readTrust(source: Source): Trust;
  inspect(entry: Entry, state: unknown | undefined, now: number): Report;
  step(entry: Entry, state: unknown, now: number): Step;
  view(state: unknown): ChainView;
  /** Whose turn a block is. */
  expectedMaker(state: unknown, entry: Entry, number: bigint): string | undefined;
}
