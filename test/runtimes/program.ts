/**
 * What every runtime is asked: the vectors of the RFC, facts about Clique and EOSIO, and the same once more with the backend in
 * WebAssembly. Nothing but the package is used, and nothing of a runtime: `run.mjs` says where it is run and how.
 */
import { type Backend, createVerifier, type Verifier } from 'poa-primitives';
import * as ckb from 'poa-primitives/ckb';
import * as clique from 'poa-primitives/clique';
import * as eosio from 'poa-primitives/eosio';
import type { VectorHeader, VectorList, VectorState } from '../support/poa.js';
import type { CliqueFacts, Data, EosioFacts } from './data.js';

const bytes = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 - 1 }, (_, i) => Number.parseInt(text.slice(2 * i + 2, 2 * i + 4), 16));
const hex = (value: Uint8Array): string =>
  `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

let count = 0;

/** Compares two values that JSON can hold. */
function equal(what: string, got: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: expected ${String(b).slice(0, 200)}, got ${String(a).slice(0, 200)}`);
  count++;
}

const inputOf = ({ header, cellbase }: VectorHeader): ckb.PoaHeader => ({
  header: bytes(header),
  cellbase: bytes(cellbase),
});

const listOf = ({ attestInterval, voteLimit, pubkeyHashes }: VectorList): ckb.ValidatorList => ({
  attestInterval,
  voteLimit,
  pubkeyHashes: pubkeyHashes.map(bytes),
});

const stateOf = (state: VectorState, anchorHash: string = state.hash): ckb.State =>
  ckb.createState({
    network: { ...state.network, multisigCodeHash: bytes(state.network.multisigCodeHash) },
    anchorHash: bytes(anchorHash),
    hash: bytes(state.hash),
    number: BigInt(state.number),
    epoch: BigInt(state.epoch),
    timestamps: state.timestamps.map(BigInt),
    recentAttesters: state.recentAttesters.map(bytes),
    totalDifficulty: BigInt(state.totalDifficulty),
    validatorListOutPoint: bytes(state.validatorListOutPoint),
    validatorListType: bytes(state.validatorListType),
    validatorList: listOf(state.validatorList),
  });

const bytesOf = (state: ckb.State): string => hex(ckb.serializeState(state));

function checkAttestation(what: string, vector: VectorHeader): void {
  const recovered = ckb.recoverHeader(inputOf(vector));
  const { hash, message, publicKey, attester, transactionsCount, votes } = vector;
  equal(
    what,
    {
      hash: hex(recovered.hash),
      message: hex(recovered.message),
      publicKey: hex(recovered.publicKey),
      attester: hex(recovered.attester),
      transactionsCount: recovered.transactionsCount,
      votes: recovered.votingTxs.length,
    },
    { hash, message, publicKey, attester, transactionsCount, votes },
  );
  const [cellbase, ...others] = vector.transactions.map(bytes) as [Uint8Array, ...Uint8Array[]];
  equal(what, hex(ckb.computeTransactionsRoot([cellbase, ...others])), hex(recovered.header.transactionsRoot));
  const record = ckb.parseTransaction(cellbase);
  const [witness, ...witnesses] = record.witnesses as [Uint8Array, ...Uint8Array[]];
  const { cellbaseWitness } = ckb.splitCellbaseWitness(witness);
  const template: ckb.BlockTemplate = {
    header: recovered.header,
    cellbase: ckb.serializeTransaction({ ...record, witnesses: [cellbaseWitness, ...witnesses] }),
    votingTxs: others.slice(0, votes),
    transactions: others.slice(votes),
  };
  const again = ckb.attestBlock(template, new Uint8Array(32).fill(1));
  // Another key signs the same message, and what it signed recovers to it.
  equal(
    what,
    [hex(ckb.recoverHeader(again).message), hex(ckb.recoverHeader(again).attester)],
    [message, hex(again.attester)],
  );
}

function checkChain(what: string, file: any, verifiers: readonly Verifier[]): void {
  const { now, anchor, blocks, final } = file as {
    now: number;
    anchor: VectorState;
    blocks: VectorHeader[];
    final: VectorState;
  };
  const wanted = bytesOf(stateOf(final, anchor.hash));
  let state = stateOf(anchor);
  blocks.forEach((block, i) => {
    state = ckb.parseState(ckb.serializeState(ckb.applyHeader(state, inputOf(block), { now })));
    equal(`${what} block ${i}`, hex(state.hash), block.hash);
  });
  equal(`${what} final`, bytesOf(state), wanted);
  const inputs = blocks.map(inputOf);
  for (const verifier of verifiers) {
    const result = ckb.applyHeaders(stateOf(anchor), inputs, { now, verifier });
    equal(`${what} by ${verifier.backend}`, result.ok && bytesOf(result.value), wanted);
  }
}

function checkRejected(what: string, state: VectorState, now: number, vector: VectorHeader): void {
  const result = ckb.tryApplyHeader(stateOf(state), inputOf(vector), { now });
  equal(`${what}, ${vector.why}`, result.ok ? undefined : result.error.code, vector.code);
}

function checkCkb(vectors: any, verifiers: readonly Verifier[]): void {
  vectors['attestations.json'].cases.forEach((vector: VectorHeader, i: number) => {
    checkAttestation(`attestations.json ${i}`, vector);
  });
  for (const name of ['chain-fixed.json', 'chain-single.json', 'chain-voting.json'])
    checkChain(name, vectors[name], verifiers);

  const { now, state, rejected, accepted } = vectors['rejections.json'];
  for (const vector of rejected) checkRejected('rejections.json', state, now, vector);
  for (const vector of accepted)
    equal('rejections.json accepted', hex(ckb.applyHeader(stateOf(state), inputOf(vector), { now }).hash), vector.hash);

  for (const group of vectors['rules.json'].groups) {
    for (const vector of group.accepted) {
      const next = ckb.applyHeader(stateOf(group.state), inputOf(vector), { now: group.now });
      equal(`${group.about}, ${vector.why}`, bytesOf(next), bytesOf(stateOf(vector.next, group.state.hash)));
    }
    for (const vector of group.rejected) checkRejected(group.about, group.state, group.now, vector);
  }

  for (const vector of vectors['validator-lists.json'].cases as VectorList[]) {
    const what = `validator-lists.json ${vector.pubkeyHashes.length}`;
    const list = ckb.parseValidatorList(bytes(vector.data));
    equal(what, hex(ckb.serializeValidatorList(listOf(vector))), vector.data);
    equal(what, list.pubkeyHashes.map(hex), vector.pubkeyHashes);
    const lock = ckb.computeValidatorListLock(list, { multisigCodeHash: ckb.MULTISIG_CODE_HASH });
    equal(what, hex(ckb.serializeScript(lock)), vector.multisigLock);
  }
}

function checkClique(facts: CliqueFacts, verifiers: readonly Verifier[]): void {
  const { now, period } = facts;
  const headers = facts.headers.map(bytes);
  const start = clique.createState({ header: bytes(facts.genesis), config: { period } });
  let state = start;
  equal(
    'keccak256',
    hex(clique.keccak256(new Uint8Array())),
    '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  );
  const one = new Uint8Array(32).fill(1, 31);
  equal('computeAddress', hex(clique.computeAddress(one)), '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf');
  headers.forEach((header, i) => {
    const { hash, message, signer } = clique.recoverHeader(header);
    equal(`clique ${i}`, { hash: hex(hash), message: hex(message), signer: hex(signer) }, facts.recovered[i]);
    const sealed = clique.signHeader(clique.parseHeader(header), bytes(facts.secretKeys[i] as string));
    equal(`clique ${i} sealed again`, hex(sealed.header), facts.headers[i]);
    // One bit of the seal, and somebody else signed it, or nobody did.
    const record = clique.parseHeader(header);
    const extraData = Uint8Array.from(record.extraData);
    extraData[extraData.length - 10] = (extraData[extraData.length - 10] as number) ^ 1;
    equal(
      `clique ${i} spoilt`,
      clique.tryApplyHeader(state, clique.serializeHeader({ ...record, extraData }), { now }).ok,
      false,
    );
    state = clique.applyHeader(state, header, { now });
  });
  const states = [
    clique.applyHeaders(start, headers, { now }),
    ...verifiers.map((verifier) => clique.applyHeaders(start, headers, { now, verifier })),
  ];
  for (const result of states)
    equal('clique state', result.ok && hex(clique.serializeState(result.value)), facts.state);
  const skipped = clique.applyHeaders(start, headers.slice(1), { now });
  equal('clique gap', skipped.ok ? undefined : skipped.error.code, 'PARENT_MISMATCH');
}

function checkEosio(facts: EosioFacts, verifiers: readonly Verifier[]): void {
  const { now, transaction, block } = facts;
  const { packed, chainId } = transaction;
  const keyOf = (digest: Uint8Array, signature: string): string =>
    eosio.publicKeyToLegacyText(eosio.recoverPublicKeyOf(digest, eosio.signatureFromText(signature)));
  equal('eosio transaction', hex(eosio.computeTransactionId(bytes(packed))), transaction.id);
  const digest = eosio.computeSigningDigest(bytes(chainId), bytes(packed));
  equal('eosio transaction key', keyOf(digest, transaction.signature), transaction.key);
  equal('eosio block key', keyOf(bytes(block.digest), block.signature), block.key);

  const headers = facts.headers.map(({ header, signatures }) => ({
    header: bytes(header),
    signatures: signatures.map(bytes),
  }));
  let state = eosio.createState(eosio.createAnchor({ genesis: eosio.genesisFromText(facts.genesis) }));
  const results = [
    eosio.applyHeaders(state, headers, { now }),
    ...verifiers.map((verifier) => eosio.applyHeaders(state, headers, { now, verifier })),
  ];
  for (const result of results)
    equal('eosio headers', result.ok && hex(eosio.serializeState(result.value)), facts.state);
  for (const input of headers) {
    const [signed] = eosio.computeSigningContexts(state, [input]) as [eosio.SignedHeader];
    const { producer, header, message } = eosio.recoverHeader(signed);
    const key: eosio.PrivateKey = { curve: 'K1', data: bytes(facts.privateKeys[producer] as string) };
    const { signatures } = eosio.signHeader({ ...signed, header }, [key]);
    equal(`eosio ${hex(message)} signed again`, signatures.map(hex), input.signatures.map(hex));
    state = eosio.applyHeader(state, input, { now });
  }
  equal('eosio state', hex(eosio.serializeState(eosio.parseState(eosio.serializeState(state)))), facts.state);
  equal('eosio irreversible', state.lastIrreversible, facts.lastIrreversible);

  const { steps } = eosio.planBoot(facts.boot);
  const parts = steps.flatMap(({ actions }) => actions.map(({ data }) => hex(data ?? new Uint8Array()).slice(2)));
  equal('eosio boot', hex(eosio.sha256(Uint8Array.from(parts.join(), (each) => each.charCodeAt(0)))), facts.bootHash);
}

/** Asks two verifiers about the same signatures, good and bad, and the same bytes: they must answer alike. */
function checkVerifier(vectors: any, verifier: Verifier, reference: Verifier): void {
  const cases = (vectors['attestations.json'].cases as VectorHeader[]).map((vector) => {
    const recovered = ckb.recoverHeader(inputOf(vector));
    const { header, cellbase } = inputOf(vector);
    const witness = ckb.parseTransaction(cellbase).witnesses[0] as Uint8Array;
    const { signature } = ckb.parsePoaContext(ckb.splitCellbaseWitness(witness).poaContext);
    return { message: recovered.message, signature, publicKey: recovered.publicKey, header };
  });
  const spoil = (signature: Uint8Array, i: number): Uint8Array => {
    const copy = Uint8Array.from(signature);
    if (i % 5 === 1) copy[64] = 4;
    if (i % 5 === 2) copy.fill(0, 0, 32);
    if (i % 5 === 3) copy.fill(255, 32, 64);
    if (i % 5 === 4) copy[i % 64] = (copy[i % 64] as number) ^ 1;
    return copy;
  };
  const signatures = [...cases.map(({ signature }) => signature), ...cases.map((each, i) => spoil(each.signature, i))];
  const messages = [...cases, ...cases].map(({ message }) => message);
  const flat = (parts: readonly Uint8Array[]): Uint8Array => {
    const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  for (const each of [verifier, reference]) for (const { publicKey } of cases) each.admit(publicKey);
  const hints = Int32Array.from(signatures, (_, i) => verifier.admit(cases[i % cases.length]?.publicKey as Uint8Array));
  // The third time the keys have tables.
  for (const policy of ['low', 'any'] as const)
    for (const withHints of [false, true, true]) {
      const batch = { count: signatures.length, messages: flat(messages), signatures: flat(signatures), policy };
      const got = verifier.recover({ ...batch, ...(withHints && { hints }) });
      const wanted = reference.recover(batch);
      for (const name of ['keys', 'statuses', 'handles'] as const)
        equal(`${verifier.backend} ${name}`, Array.from(got[name]), Array.from(wanted[name]));
    }
  const data = flat(cases.map(({ header }) => header));
  for (const algorithm of ['ckb', 'keccak256', 'sha256'] as const) {
    const offsets = Uint32Array.from({ length: 200 }, (_, i) => Math.floor((i * i * data.length) / 199 ** 2));
    const batch = { algorithm, data, offsets };
    equal(`${verifier.backend} ${algorithm}`, hex(verifier.hash(batch)), hex(reference.hash(batch)));
  }
}

/**
 * Checks everything.
 *
 * @param data - what `readData` gave
 * @param makers - make the backends that the package has beside noble
 * @returns how many checks were made
 * @throws Error for the first that fails
 */
export async function run(data: Data, ...makers: (() => Backend | Promise<Backend>)[]): Promise<number> {
  count = 0;
  const noble = createVerifier();
  const verifiers = [noble];
  for (const make of makers) {
    const verifier = createVerifier({ backend: await make() });
    verifiers.push(verifier);
    checkVerifier(data.vectors, verifier, noble);
  }
  checkCkb(data.vectors, verifiers);
  checkClique(data.clique, verifiers);
  checkEosio(data.eosio, verifiers);
  return count;
}
