/** Beside `@ethereumjs/block` and `@ethereumjs/blockchain`, the last versions with Clique. Where they leave go-ethereum, it counts. */
import { Block, BlockHeader } from '@ethereumjs/block';
import { Blockchain, type CliqueConsensus } from '@ethereumjs/blockchain';
import { Common } from '@ethereumjs/common';
import fc from 'fast-check';
import {
  applyHeader,
  applyRecovered,
  computeHeaderHash,
  computeNextBaseFee,
  computeSealHash,
  createState,
  type Header,
  isPoaError,
  listVotes,
  parseExtraData,
  parseHeader,
  recoverHeader,
  recoverSigner,
  type State,
  serializeHeader,
  signHeader,
  tryApplyHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { anyBytes, bytesOf, runs, u64 } from '../support/arbitraries.js';
import { bytes, hex } from '../support/bytes.js';
import {
  addresses,
  extraOf,
  genesisHeader,
  keys,
  LATER,
  nextHeader,
  recoveredBy,
  seal,
  startAt,
} from '../support/clique.js';
import { hasShared, readShared } from '../support/shared.js';

const now = LATER;

/** A chain as their library is told of it: with London from a block on, or without. */
function commonOf({ epoch = 30000, period = 1, london = null as number | null } = {}): Common {
  const names = ['chainstart', 'homestead', 'tangerineWhistle', 'spuriousDragon', 'byzantium', 'constantinople'];
  const hardforks = [...names, 'petersburg', 'istanbul', 'berlin'].map((name) => ({ name, block: 0 }));
  return Common.custom(
    {
      chainId: 1405,
      networkId: 1405,
      defaultHardfork: london === null ? 'berlin' : 'london',
      consensus: { type: 'poa', algorithm: 'clique', clique: { epoch, period } },
      hardforks: [...hardforks, { name: 'london', block: london }],
    } as never,
    { hardfork: london === 0 ? 'london' : 'berlin' },
  );
}

const legacy = commonOf();
const london = commonOf({ london: 0 });
const theirsOf = (header: Uint8Array, common: Common, setHardfork = false): BlockHeader =>
  BlockHeader.fromRLPSerializedHeader(header, { common, setHardfork, skipConsensusFormatValidation: true });

const u256 = fc.oneof(
  fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 256n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
);

const header: fc.Arbitrary<Header> = fc
  .record({
    parentHash: bytesOf(32),
    unclesHash: bytesOf(32),
    beneficiary: bytesOf(20),
    stateRoot: bytesOf(32),
    transactionsRoot: bytesOf(32),
    receiptsRoot: bytesOf(32),
    logsBloom: bytesOf(256),
    difficulty: u256,
    number: u64,
    gasLimit: u64,
    gasUsed: u64,
    timestamp: u64,
    extraData: anyBytes(300),
    mixHash: bytesOf(32),
    nonce: u64,
    baseFeePerGas: fc.option(u256),
  })
  // Theirs refuses this wherever a header is read.
  .map((each) => (each.gasUsed > each.gasLimit ? { ...each, gasUsed: each.gasLimit } : each));

describe('headers', () => {
  it('have the same bytes, hash and seal hash', () => {
    fc.assert(
      fc.property(header, (ours) => {
        const rlp = serializeHeader(ours);
        const theirs = theirsOf(rlp, ours.baseFeePerGas === null ? legacy : london);
        expect(hex(rlp)).toBe(hex(theirs.serialize()));
        expect(hex(computeHeaderHash(rlp))).toBe(hex(theirs.hash()));
        expect(parseHeader(rlp)).toEqual(ours);
        expect([theirs.number, theirs.timestamp, theirs.gasLimit, theirs.gasUsed, theirs.difficulty]).toEqual([
          ours.number,
          ours.timestamp,
          ours.gasLimit,
          ours.gasUsed,
          ours.difficulty,
        ]);
        expect(theirs.baseFeePerGas ?? null).toBe(ours.baseFeePerGas);
        expect(BigInt(hex(theirs.nonce))).toBe(ours.nonce);
        if (ours.extraData.length >= 65) expect(hex(computeSealHash(rlp))).toBe(hex(theirs.cliqueSigHash()));
      }),
      { numRuns: runs(150) },
    );
  });

  it('have the same signer and the same list of signers', () => {
    fc.assert(
      fc.property(header, fc.constantFrom(...keys), fc.nat({ max: 4 }), (base, key, count) => {
        const signed = signHeader({ ...base, number: 60_000n, extraData: extraOf(addresses.slice(0, count)) }, key);
        const theirs = theirsOf(signed.header, base.baseFeePerGas === null ? legacy : london);
        expect(hex(recoverSigner(signed.header))).toBe(theirs.cliqueSigner().toString());
        expect(parseExtraData(parseHeader(signed.header).extraData).signers.map(hex)).toEqual(
          theirs.cliqueEpochTransitionSigners().map(String),
        );
        // Their signature is ours: RFC 6979.
        expect(hex((theirs as any).cliqueSealBlock(key))).toBe(hex(theirs.extraData));
      }),
      { numRuns: runs(15) },
    );
  });

  it('an all-zero seal has no signer, and a partial entry of a list is none (go-ethereum), where theirs gives defaults', () => {
    const unsealed = serializeHeader(genesisHeader([]));
    expect(theirsOf(unsealed, legacy).cliqueSigner().isZero()).toBe(true);
    expect(() => recoverSigner(unsealed)).toThrow(/SIGNATURE_INVALID/);
    const partial = genesisHeader([], { extraData: new Uint8Array(32 + 20 + 7 + 65) });
    expect(theirsOf(serializeHeader(partial), legacy).cliqueEpochTransitionSigners().length).toBe(1);
    expect(() => parseExtraData(partial.extraData)).toThrow(/CHECKPOINT_SIGNERS_MALFORMED/);
  });
});

describe('base fee and gas limit', () => {
  const signers = addresses.slice(0, 1);
  const gas = fc.oneof(fc.integer({ min: 5000, max: 30_000_000 }), fc.constantFrom(5000, 5001, 10_239, 10_240));

  it('the next base fee is the same', () => {
    const fee = fc.oneof(fc.constantFrom(0n, 1n, 7n, 8n, 9n, 1_000_000_000n), fc.bigInt({ min: 0n, max: 2n ** 100n }));
    fc.assert(
      fc.property(gas, fc.double({ min: 0, max: 1, noNaN: true }), fee, (limit, part, baseFeePerGas) => {
        const changes = { gasLimit: BigInt(limit), gasUsed: BigInt(Math.floor(limit * part)), baseFeePerGas };
        const state = startAt(signers, { londonBlock: 0n }, changes);
        const theirs = theirsOf(serializeHeader(genesisHeader(signers, changes)), london);
        expect(computeNextBaseFee(state)).toBe(theirs.calcNextBaseFee());
      }),
      { numRuns: runs(300) },
    );
  });

  it('a gas limit is in bounds for both or for neither, in the first block of London too', () => {
    const offset = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -40_000, max: 40_000 }));
    let refused = 0;
    fc.assert(
      fc.property(gas, fc.boolean(), fc.boolean(), offset, (limit, isUp, isFork, by) => {
        const state = startAt(signers, { londonBlock: isFork ? 1n : null }, { gasLimit: BigInt(limit) });
        const parent = theirsOf(serializeHeader(genesisHeader(signers, { gasLimit: BigInt(limit) })), legacy);
        const base = limit * (isFork ? 2 : 1);
        const gasLimit = base + (isUp ? 1 : -1) * Math.floor(base / 1024) + by;
        if (gasLimit < 0) return;
        const next = { ...nextHeader(state), gasLimit: BigInt(gasLimit) };
        const common = isFork ? commonOf({ london: 1 }) : legacy;
        const wanted = attempt(() => theirsOf(serializeHeader(next), common, isFork).validateGasLimit(parent));
        const found = attempt(() => applyRecovered(state, recoveredBy(next, signers[0] as Uint8Array), { now }));
        expect(found?.code).toBe(wanted === undefined ? undefined : 'GAS_LIMIT_OUT_OF_BOUNDS');
        if (wanted) refused++;
      }),
      { numRuns: runs(200) },
    );
    expect(refused).toBeGreaterThan(20);
  });
});

/** What was thrown. */
function attempt(act: () => unknown): any {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A chain of theirs beside one of ours. */
async function startTheirs(genesis: Uint8Array, epoch: number, period: number) {
  const common = commonOf({ epoch, period });
  const blockOf = (rlp: Uint8Array): Block =>
    new Block(BlockHeader.fromRLPSerializedHeader(rlp, { common }), [], [], undefined, { common });
  const chain = await Blockchain.create({ common, genesisBlock: blockOf(genesis) });
  const consensus = chain.consensus as CliqueConsensus;
  const put = async (rlp: Uint8Array): Promise<string> => {
    try {
      await chain.putBlock(blockOf(rlp));
      return 'applied';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const signersAt = (number: bigint): string[] => consensus.cliqueActiveSigners(number + 1n).map(String);
  const votesAt = (number: bigint) =>
    (consensus as any)._cliqueLatestVotes
      .filter(([block]: [bigint]) => block >= number - (number % BigInt(epoch)))
      .map(([block, [signer, address, nonce]]: any) => [`${signer}`, block, `${address}`, nonce[0] === 255]);
  return { put, signersAt, votesAt };
}

/** One block of a random chain: who of those that may sign, on whom, and what is wrong with it. */
const step = fc.record({
  who: fc.nat(),
  about: fc.nat(),
  votes: fc.boolean(),
  bad: fc.constantFrom('', '', '', '', '', 'stranger', 'recent', 'difficulty', 'period'),
});

describe('snapshots', () => {
  it('are the same on random chains, and so are the verdicts', async () => {
    const verdicts = new Set<string>();
    const counts = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 6 }),
        fc.constantFrom(4, 9, 30000),
        fc.array(step, { minLength: 12, maxLength: 16, size: 'max' }),
        async (count, epoch, steps) => {
          const signers = addresses.slice(1, 1 + count);
          const genesis = serializeHeader(genesisHeader(signers));
          let state = createState({ header: genesis, config: { epoch, period: 1 } });
          const theirs = await startTheirs(genesis, epoch, 1);
          let latest: string[] = [];
          for (const each of steps) {
            const { input, signer } = makeStep(state, each, latest);
            const result = tryApplyHeader(state, input, { now });
            const verdict = await theirs.put(input);
            if (result.ok !== (verdict === 'applied'))
              throw new Error(`${result.ok ? 'taken' : result.error} / ${verdict}`);
            verdicts.add(result.ok ? 'applied' : result.error.code);
            if (!result.ok) continue;
            state = result.value;
            latest = [signer, ...latest];
            expect(state.signers.map(hex)).toEqual(theirs.signersAt(state.number));
            counts.add(state.signers.length);
            const votes = listVotes(state).map((vote) => [
              hex(vote.signer),
              vote.number,
              hex(vote.address),
              vote.authorize,
            ]);
            expect(votes).toEqual(theirs.votesAt(state.number));
          }
        },
      ),
      { numRuns: runs(8) },
    );
    expect([...verdicts].sort()).toEqual([
      'DIFFICULTY_MISMATCH',
      'SIGNER_RECENTLY_SIGNED',
      'SIGNER_UNAUTHORIZED',
      'TIMESTAMP_TOO_SOON',
      'applied',
    ]);
    expect(counts.size).toBeGreaterThan(2);
  });

  /** A block that both libraries judge alike: no vote twice, none to no purpose, none that a majority waits for, no two-signer nets. */
  function makeStep(state: State, { who, about, votes, bad }: any, latest: string[]) {
    const distance = Math.floor((state.signers.length + 1) / 2);
    const resting = latest.slice(0, distance);
    const free = state.signers.filter((one) => !resting.includes(hex(one)));
    const strangers = addresses.filter((one) => !state.signers.some((each) => hex(each) === hex(one)));
    const [last = hex(addresses[13] as Uint8Array)] = latest;
    const signer =
      bad === 'stranger'
        ? (strangers[who % strangers.length] as Uint8Array)
        : bad === 'recent'
          ? bytes(last)
          : (free[who % free.length] as Uint8Array);
    const number = state.number + 1n;
    const cast = listVotes(state);
    const targets = addresses.slice(0, 7).filter((address) => {
      const isMember = state.signers.some((one) => hex(one) === hex(address));
      const about = cast.filter((vote) => hex(vote.address) === hex(address));
      const isTwice = about.some((vote) => hex(vote.signer) === hex(signer));
      return !isTwice && 2 * about.length <= state.signers.length && !(isMember && state.signers.length <= 3);
    });
    const isVote = votes && number % BigInt(state.config.epoch) !== 0n;
    // The first of what is left again and again, so that votes come to majorities.
    const address = isVote ? targets[(about % 3) % Math.max(1, targets.length)] : undefined;
    const index = state.signers.findIndex((one) => hex(one) === hex(signer));
    const inTurn = number % BigInt(state.signers.length) === BigInt(index);
    const isCheckpoint = number % BigInt(state.config.epoch) === 0n;
    const header = genesisHeader([], {
      parentHash: state.hash,
      number,
      timestamp: state.timestamp + (bad === 'period' ? 0n : 1n),
      difficulty: inTurn === (bad !== 'difficulty') ? 2n : 1n,
      beneficiary: address ?? new Uint8Array(20),
      nonce: address && !state.signers.some((one) => hex(one) === hex(address)) ? 2n ** 64n - 1n : 0n,
      extraData: extraOf(isCheckpoint ? state.signers : []),
    });
    return { input: seal(header, signer), signer: hex(signer) };
  }
});

describe.skipIf(!hasShared)('where @ethereumjs/blockchain leaves go-ethereum', () => {
  const read = (name: string): any => (hasShared ? readShared(`clique/${name}`) : { cases: [], chains: [] });
  const { accounts } = read('eip225-cases.json');
  const { cases } = read('snapshot-extra-cases.json');
  const { chains } = read('signed-chains.json');
  const addressOf = (label: string): string => accounts[label]?.address ?? label;

  /** Signers after the last block that go-ethereum takes, or its error; ours and theirs. */
  async function run(id: string) {
    const { epoch, blocks } = cases.find((each: any) => each.id === id);
    const { period, headers } = chains.find((each: any) => each.id === id);
    const [genesis, ...rest] = headers.map(({ rlp }: any) => bytes(rlp));
    const theirs = await startTheirs(genesis, epoch, period);
    let state = createState({ header: genesis, config: { epoch, period } });
    const wanted: string[] = [];
    const found = { ours: [] as string[], theirs: [] as string[] };
    for (const [i, block] of blocks.entries()) {
      const isTaken = !block.headerError && !block.snapshotError;
      wanted.push(isTaken ? block.signersAfter.map(addressOf).sort().join() : 'refused');
      try {
        state = applyHeader(state, rest[i], { now });
        found.ours.push(state.signers.map(hex).join());
      } catch (error) {
        if (!isPoaError(error)) throw error;
        found.ours.push('refused');
      }
      found.theirs.push((await theirs.put(rest[i])) === 'applied' ? theirs.signersAt(state.number).join() : 'refused');
      if (!isTaken) break;
    }
    return { ...found, wanted };
  }

  it.each([
    ['extra-00', 'authorizing a signer again'],
    ['extra-02', 'an invalid vote that takes back an earlier one'],
    ['extra-04', 'a smaller limit that frees a recent signer'],
    ['extra-12', 'a vote to add the zero address'],
  ])('%s: %s', async (id) => {
    const { ours, theirs, wanted } = await run(id);
    expect(ours).toEqual(wanted);
    expect(theirs).not.toEqual(wanted);
  });

  it.each<[string, string]>(
    cases.map(({ id, name }: any) => [id, name]).filter(([id]: any) => !/-(00|02|04|12)$/.test(id)),
  )('%s: nowhere in "%s"', async (id) => {
    const { ours, theirs, wanted } = await run(id);
    expect(ours).toEqual(wanted);
    expect(theirs).toEqual(wanted);
  });
});

it('a seal with a high s is by the same signer, in another block', () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const signer = addresses[2] as Uint8Array;
  const low = seal(genesisHeader([], { number: 1n }), signer);
  const record = parseHeader(low);
  const extraData = Uint8Array.from(record.extraData);
  const s = order - BigInt(hex(extraData.subarray(-33, -1)));
  extraData.set(bytes(`0x${s.toString(16).padStart(64, '0')}`), 64);
  extraData[96] = (extraData[96] as number) ^ 1;
  const twin = serializeHeader({ ...record, extraData });
  expect(hex(recoverSigner(twin))).toBe(hex(signer));
  expect(theirsOf(twin, legacy).cliqueSigner().toString()).toBe(hex(signer));
  expect(hex(recoverHeader(twin).hash)).not.toBe(hex(recoverHeader(low).hash));
});
