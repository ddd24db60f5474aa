/**
 * The producing side: validators with keys, a clock that the simulation moves, and a ledger of what really happened. It keeps
 * that ledger by itself, without the fold of the library, so that it can be held against a follower's state.
 */

import {
  type AttestedBlock,
  attestBlock,
  COMPACT_TARGET_IN_TURN,
  COMPACT_TARGET_OUT_OF_TURN,
  ckbHash,
  computeTransactionHash,
  type OutPoint,
  serializeEpoch,
  type ValidatorList,
} from 'poa-primitives/ckb';
import { makeCellbase, makeSecretKey, makeTransfer, makeVote, pubkeyHashOf } from '../kit.js';

const GENESIS_TIME = 1_600_000_000_000;
const EPOCH_LENGTH = 100;
const ATTEST_INTERVAL = 2;
const VOTE_LIMIT = 3;

/** A validator, by name. */
export interface Validator {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly pubkeyHash: Uint8Array;
}

/** What an attester may decide otherwise than it should. */
export interface Deviation {
  readonly compactTarget?: number;
  readonly timestamp?: bigint;
  readonly votingTxs?: readonly Uint8Array[];
}

/** Numbers that look random and are the same in every run. */
export class Dice {
  #counter = 0;

  /** An integer from 0 to `count - 1`. */
  readonly roll = (count: number): number => {
    const [a = 0, b = 0, c = 0] = ckbHash(Uint8Array.from(`roll ${this.#counter++}`, (text) => text.charCodeAt(0)));
    return (a + 256 * b + 65536 * c) % count;
  };
}

/** The network as its producers know it. */
export class Network {
  readonly dice: Dice = new Dice();
  readonly everyone: readonly Validator[] = ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'].map((name) => {
    const secretKey = makeSecretKey(name);
    return { name, secretKey, pubkeyHash: pubkeyHashOf(secretKey) };
  });
  validators: readonly Validator[] = this.everyone.slice(0, 5);
  listCell: OutPoint = { txHash: ckbHash(Uint8Array.of(1)), index: 0 };
  hash: Uint8Array = ckbHash(Uint8Array.of(0));
  number = 0;
  timestamp = GENESIS_TIME;
  totalDifficulty = 0;
  transactions = 0;
  listChanges = 0;
  /** Who attested each block; the genesis block nobody. */
  readonly attesters: (Validator | undefined)[] = [undefined];

  /** The validator of that name. */
  named(name: string): Validator {
    const found = this.everyone.find((validator) => validator.name === name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  listOf(validators: readonly Validator[]): ValidatorList {
    const pubkeyHashes = validators.map(({ pubkeyHash }) => pubkeyHash);
    return { attestInterval: ATTEST_INTERVAL, voteLimit: VOTE_LIMIT, pubkeyHashes };
  }

  get list(): ValidatorList {
    return this.listOf(this.validators);
  }

  isInTurn(validator: Validator): boolean {
    return this.validators[(this.number + 1) % this.validators.length] === validator;
  }

  isFree(validator: Validator): boolean {
    return !this.attesters.slice(-ATTEST_INTERVAL).includes(validator);
  }

  /** A vote for other validators, signed by those who are named. */
  vote(validators: readonly Validator[], signers: readonly string[]): Uint8Array {
    const keys = signers.map((name) => this.named(name).secretKey);
    return makeVote(this.list, this.listCell, this.listOf(validators), keys).transaction;
  }

  /** The next block by `attester`, honest but for the deviation. Nothing is recorded. */
  attest(attester: Validator, wait: number, deviation: Deviation = {}): AttestedBlock {
    const number = this.number + 1;
    const target = this.isInTurn(attester) ? COMPACT_TARGET_IN_TURN : COMPACT_TARGET_OUT_OF_TURN;
    const count = 1 + this.dice.roll(6);
    return attestBlock(
      {
        header: {
          compactTarget: deviation.compactTarget ?? target,
          timestamp: deviation.timestamp ?? BigInt(this.timestamp + wait),
          number: BigInt(number),
          epoch: serializeEpoch({
            number: Math.floor(number / EPOCH_LENGTH),
            index: number % EPOCH_LENGTH,
            length: EPOCH_LENGTH,
          }),
          parentHash: this.hash,
          proposalsHash: new Uint8Array(32),
          extraHash: new Uint8Array(32),
          dao: new Uint8Array(32),
        },
        cellbase: makeCellbase(BigInt(number)),
        votingTxs: deviation.votingTxs ?? [],
        transactions: Array.from({ length: count }, (_, i) => makeTransfer(100 * number + i)),
      },
      attester.secretKey,
    );
  }

  /** Records that everybody took a block, and what its vote made of the list. */
  record(block: AttestedBlock, attester: Validator, wait: number, vote?: { tx: Uint8Array; to: readonly Validator[] }) {
    this.totalDifficulty += this.isInTurn(attester) ? 2 : 1;
    this.number++;
    this.timestamp += wait;
    this.hash = block.hash;
    this.transactions += block.transactions.length;
    this.attesters.push(attester);
    if (vote === undefined) return;
    this.validators = vote.to;
    this.listCell = { txHash: computeTransactionHash(vote.tx), index: 0 };
    this.listChanges++;
  }
}
