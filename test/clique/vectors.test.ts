/** The Clique vectors: real headers, the voting table of EIP-225, the cases of go-ethereum's own snapshots, seal hashes, fork choice. */
import {
  applyHeader,
  applyHeaders,
  applyRecovered,
  type ChainHead,
  type CliqueErrorCode,
  compareChains,
  computeAddress,
  computeHeaderHash,
  computeNextSealableNumber,
  computeSealHash,
  computeTally,
  computeTurnDistance,
  createState,
  headerFromRpc,
  headerToRpc,
  inspectHeader,
  listVotes,
  parseExtraData,
  parseHeader,
  parseState,
  recoverHeader,
  recoverSigner,
  type State,
  serializeExtraData,
  serializeHeader,
  serializeState,
  signHeader,
  snapshotFromRpc,
  snapshotToRpc,
  tryApplyHeader,
} from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { bytes, hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const read = (name: string): any => (hasShared ? readShared(`clique/${name}`) : []);
const now = Date.UTC(2030, 0);

describe.skipIf(!hasShared)('headers of public chains', () => {
  const all = ['headers-goerli.json', 'headers-rinkeby.json', 'headers-other.json'].flatMap(read);

  it.each(all.map((entry: any): [string, any] => [`${entry.chain} ${entry.number}`, entry]))('%s', (_, entry) => {
    const rlp = bytes(entry.rlp);
    const header = parseHeader(rlp);
    expect(hex(serializeHeader(header))).toBe(entry.rlp);
    expect(hex(computeHeaderHash(rlp))).toBe(entry.hash);
    expect(hex(computeSealHash(rlp))).toBe(entry.sealHash);
    expect(hex(headerFromRpc(entry.header))).toBe(entry.rlp);
    const { hash, ...fields } = headerToRpc(rlp);
    expect(fields).toEqual(entry.header);
    expect(hash).toBe(entry.hash);
    const extra = parseExtraData(header.extraData);
    expect({ vanity: hex(extra.vanity), signers: extra.signers.map(hex), seal: hex(extra.seal) }).toEqual({
      signers: [],
      ...entry.extra,
    });
    expect(serializeExtraData(extra)).toEqual(header.extraData);
    if (entry.signer === null) expectCode(() => recoverHeader(rlp), 'SIGNATURE_INVALID');
    else {
      expect(hex(recoverSigner(rlp))).toBe(entry.signer);
      expect(hex(recoverHeader(rlp).message)).toBe(entry.sealHash);
    }
    if (entry.inTurn !== undefined) expect(header.difficulty).toBe(entry.inTurn ? 2n : 1n);
  });

  /** Applies a run that begins behind `first`, which is trusted with the signers before its child. */
  function follow(chain: string, from: number, to: number, config: object): State {
    const run = all.filter((entry: any) => entry.chain === chain && entry.number >= from && entry.number <= to);
    expect(run.length).toBe(to - from + 1);
    const [first, ...rest] = run;
    const header = bytes(first.rlp);
    const signers = rest[0].signersBefore.map(bytes);
    const snapshot = { number: BigInt(from), hash: bytes(first.hash), signers, recents: [], votes: [] };
    let state = createState({ header, config, ...(from > 0 && { snapshot }) });
    for (const { rlp, signersBefore, inTurn } of rest) {
      expect(state.signers.map(hex)).toEqual(signersBefore);
      const report = inspectHeader(bytes(rlp), { state, now });
      expect(report.rules.filter(({ status }) => status !== 'passed')).toEqual([]);
      expect(report.inTurn).toBe(inTurn);
      state = applyHeader(state, bytes(rlp), { now });
    }
    return state;
  }

  it('Rinkeby follows from its genesis', () => {
    expect(follow('rinkeby', 0, 5, {}).number).toBe(5n);
  });

  it('Goerli follows from its genesis', () => {
    expect(follow('goerli', 0, 7, {}).signers.map(hex)).toEqual(['0xe0a2bd4258d2768837baa26a28fe71dc079f84c7']);
  });

  it('the private chain of besu follows from its genesis, London and all', () => {
    expect(follow('besu-acceptance-private', 0, 2, { period: 5, londonBlock: 0n }).number).toBe(2n);
  });

  it('three signers of Scroll take turns', () => {
    const state = follow('scroll-prealpha-3-signers', 1, 6, { period: 3, londonBlock: 0n });
    expect(state.number).toBe(6n);
    expect(state.recents.map(({ number }) => number)).toEqual([5n, 6n]);
  });

  it('a checkpoint of Rinkeby begins a chain', () => {
    const checkpoint = all.find((entry: any) => entry.chain === 'rinkeby' && entry.number === 30000);
    const state = createState({ header: bytes(checkpoint.rlp) });
    expect(state.signers.map(hex)).toEqual(checkpoint.signersBefore);
    expect(inspectHeader(bytes(checkpoint.rlp), { config: {}, now }).signers?.map(hex)).toEqual(
      checkpoint.signersBefore,
    );
  });
});

/** What geth calls an error, and the code of it here. */
const CODES: Record<string, CliqueErrorCode> = {
  'unauthorized signer': 'SIGNER_UNAUTHORIZED',
  'recently signed': 'SIGNER_RECENTLY_SIGNED',
};

describe.skipIf(!hasShared)('voting', () => {
  const tables = ['eip225-cases.json', 'snapshot-extra-cases.json'].map(read);
  const chains = new Map<string, any>((read('signed-chains.json').chains ?? []).map((chain: any) => [chain.id, chain]));
  const cases = tables.flatMap(({ accounts, cases = [] }) =>
    cases.map((each: any): [string, any, any] => [`${each.id}: ${each.name}`, each, accounts]),
  );

  it.each(cases)('%s', (_, { id, epoch, blocks, results, failure }, accounts) => {
    const addressOf = (label: string): string => accounts[label]?.address ?? label;
    const addresses = Object.values<{ address: string }>(accounts).map(({ address }) => address);
    const candidates = [...addresses, `0x${'00'.repeat(20)}`];
    const { period, headers } = chains.get(id);
    const [genesis, ...rest] = headers.map(({ rlp }: any) => bytes(rlp));
    const start = createState({ header: genesis, config: { period, epoch } });
    let state = start;
    let error: string | undefined;
    for (const [i, expected] of blocks.entries()) {
      const { signer, difficulty } = { ...recoverHeader(rest[i]), ...parseHeader(rest[i]) };
      expect(difficulty).toBe(expected.inTurn ? 2n : 1n);
      const result = tryApplyHeader(state, rest[i], { now });
      const report = inspectHeader(rest[i], { state, now });
      expect(report.status).toBe(result.ok ? 'passed' : 'failed');
      expect(hex(report.signer as Uint8Array)).toBe(hex(signer));
      const problem = expected.headerError ?? expected.snapshotError;
      if (problem) {
        expect(result.ok ? 'applied' : result.error.code).toBe(CODES[problem]);
        error = problem;
        break;
      }
      if (!result.ok) throw result.error;
      state = result.value;
      expect(applyRecovered(i === 0 ? start : previous, recoverHeader(rest[i]), { now })).toEqual(state);
      previous = state;
      expect(state.number).toBe(BigInt(expected.number));
      expect(state.signers.map(hex)).toEqual(expected.signersAfter.map(addressOf).sort());
      const recents = Object.entries<string>(expected.recentsAfter).map(([number, label]) => [
        number,
        addressOf(label),
      ]);
      expect(state.recents.map(({ number, signer: recent }) => [`${number}`, hex(recent)])).toEqual(recents);
      const votes = expected.votesAfter.map(({ signer: by, block, target, authorize }: any) => ({
        signer: addressOf(by),
        number: BigInt(block),
        address: addressOf(target),
        authorize,
      }));
      expect(
        listVotes(state).map((vote) => ({ ...vote, signer: hex(vote.signer), address: hex(vote.address) })),
      ).toEqual(votes);
      const tally = Object.entries<any>(expected.tallyAfter).map(([label, { authorize, votes: count }]) => [
        addressOf(label),
        authorize,
        count,
      ]);
      expect(
        computeTally(state).map(({ address, authorize, votes: count }) => [hex(address), authorize, count]),
      ).toEqual(tally.sort());
      const free = candidates.filter((candidate) => {
        if (!state.signers.some((one) => hex(one) === candidate)) return false;
        return computeNextSealableNumber(state, bytes(candidate)) === state.number + 1n;
      });
      expect(free.sort()).toEqual(expected.maySealNext.map(addressOf).sort());
      expect(parseState(serializeState(state))).toEqual(state);
      const snapshot = snapshotFromRpc(JSON.parse(JSON.stringify(snapshotToRpc(state))));
      const again = createState({
        header: rest[i],
        config: { period, epoch },
        snapshot,
        anchorHash: state.anchorHash,
        totalDifficulty: state.totalDifficulty,
      });
      expect({ ...again, position: state.position }).toEqual(state);
    }
    if (failure) expect(error).toBe(failure);
    else if (results) expect(state.signers.map(hex)).toEqual(results.map(addressOf).sort());
    const whole = applyHeaders(start, rest, { now });
    expect(whole.ok ? whole.value : whole.state).toEqual(state);
    expect(whole.ok).toBe(error === undefined);
  });

  let previous: State;

  it.each([...chains.values()].map((chain): [string, any] => [chain.id, chain]))(
    '%s is sealed as go-ethereum seals it',
    (_, chain) => {
      const keys = new Map(
        Object.values<any>(tables[0].accounts).map(({ address, privateKey }) => [address, bytes(privateKey)]),
      );
      for (const { rlp, hash, number } of chain.headers) {
        expect(hex(computeHeaderHash(bytes(rlp)))).toBe(hash);
        if (number === 0) continue;
        const key = keys.get(hex(recoverSigner(bytes(rlp)))) as Uint8Array;
        expect(hex(computeAddress(key))).toBe(hex(recoverSigner(bytes(rlp))));
        expect(hex(signHeader(parseHeader(bytes(rlp)), key).header)).toBe(rlp);
      }
    },
  );
});

describe.skipIf(!hasShared)('seal-hash.json', () => {
  it.each((read('seal-hash.json') as any[]).map((each: any): [string, any] => [each.name, each]))('%s', (_, each) => {
    const rlp = headerFromRpc(each.header);
    expect(hex(computeSealHash(rlp))).toBe(each.sealHash);
    if (each.signer) expect(hex(recoverSigner(rlp))).toBe(each.signer);
    if (each.hash) expect(hex(computeHeaderHash(rlp))).toBe(each.hash);
    if (each.secretKey) expect(hex(signHeader(parseHeader(rlp), bytes(each.secretKey)).header)).toBe(hex(rlp));
  });
});

describe.skipIf(!hasShared)('block-choice-eip3436.json', () => {
  const { cases = [] } = read('block-choice-eip3436.json');
  const headOf = ({ number, signerIndex, totalDifficulty, hash }: any, count: number): ChainHead => ({
    anchorHash: new Uint8Array(32),
    hash: hash ? bytes(hash) : new Uint8Array(32),
    number: BigInt(number),
    totalDifficulty: BigInt(totalDifficulty),
    position: { index: signerIndex, count },
  });

  it.each((cases as any[]).map((each): [string, any] => [each.name, each]))('%s', (_, each) => {
    const heads = new Map<string, ChainHead>(
      each.candidates.map((candidate: any) => [candidate.id, headOf(candidate, each.signerCount)]),
    );
    for (const { id, number, signerIndex, distance } of each.candidates) {
      expect(heads.has(id)).toBe(true);
      expect(computeTurnDistance(BigInt(number), { index: signerIndex, count: each.signerCount })).toBe(
        BigInt(distance),
      );
    }
    for (const [rule, winner] of [
      ['eip3436', each.winnerByEipText],
      ['besu', each.winnerByBesu],
    ] as const) {
      const ids = [...heads.keys()];
      for (const order of [ids, [...ids].reverse()]) {
        const best = order.reduce((a, b) =>
          compareChains(heads.get(a) as ChainHead, heads.get(b) as ChainHead, { rule }) === 'first' ? a : b,
        );
        expect(best).toBe(winner);
      }
    }
  });
});
