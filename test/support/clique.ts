/** Networks of Clique for the tests: keys that everybody can know, genesis headers, and blocks that follow a state. */

import {
  buildHeader,
  type Config,
  computeAddress,
  createState,
  EMPTY_ROOT,
  EMPTY_UNCLES_HASH,
  type Header,
  keccak256,
  type RecoveredHeader,
  type State,
  serializeExtraData,
  serializeHeader,
  signHeader,
  type VoteRequest,
} from 'poa-primitives/clique';
import { hex } from './bytes.js';

export const GENESIS_TIME = 1_600_000_000n;
/** Milliseconds: a clock far ahead of every block. */
export const LATER: number = Date.UTC(2030, 0);
export const ZERO: Uint8Array = new Uint8Array(20);

/** Secret keys in the order of their addresses. */
export const keys: readonly Uint8Array[] = Array.from({ length: 14 }, (_, i) =>
  keccak256(new TextEncoder().encode(`clique test ${i}`)),
).sort((a, b) => Buffer.compare(computeAddress(a), computeAddress(b)));

/** The addresses of {@link keys}, ascending. */
export const addresses: readonly Uint8Array[] = keys.map(computeAddress);

export const keyOf = (address: Uint8Array): Uint8Array => {
  const key = keys[addresses.findIndex((one) => hex(one) === hex(address))];
  if (key === undefined) throw new Error(`no key for ${hex(address)}`);
  return key;
};

/** Extra-data with a zero seal. */
export const extraOf = (signers: readonly Uint8Array[], seal = 65): Uint8Array =>
  new Uint8Array(Buffer.concat([new Uint8Array(32), ...signers, new Uint8Array(seal)]));

export const genesisHeader = (signers: readonly Uint8Array[], changes: Partial<Header> = {}): Header => ({
  parentHash: new Uint8Array(32),
  unclesHash: EMPTY_UNCLES_HASH,
  beneficiary: ZERO,
  stateRoot: EMPTY_ROOT,
  transactionsRoot: EMPTY_ROOT,
  receiptsRoot: EMPTY_ROOT,
  logsBloom: new Uint8Array(256),
  difficulty: 1n,
  number: 0n,
  gasLimit: 8_000_000n,
  gasUsed: 0n,
  timestamp: GENESIS_TIME,
  extraData: serializeExtraData({ vanity: new Uint8Array(32), signers, seal: new Uint8Array(65) }),
  mixHash: new Uint8Array(32),
  nonce: 0n,
  baseFeePerGas: null,
  ...changes,
});

/** The state behind a genesis header. */
export const startAt = (
  signers: readonly Uint8Array[],
  config: Partial<Config> = {},
  changes: Partial<Header> = {},
): State => createState({ header: serializeHeader(genesisHeader(signers, changes)), config });

/** The signer whose turn the next block is. */
export const inTurnOf = ({ number, signers }: State): Uint8Array =>
  signers[Number((number + 1n) % BigInt(signers.length))] as Uint8Array;

/** A good next header by a signer, its seal zero. */
export const nextHeader = (state: State, signer: Uint8Array = inTurnOf(state), vote?: VoteRequest): Header =>
  buildHeader({
    state,
    signer,
    timestamp: state.timestamp + BigInt(state.config.period),
    stateRoot: EMPTY_ROOT,
    ...(vote && { vote }),
  });

/** RLP of a header, sealed by who owns the address. */
export const seal = (header: Header, signer: Uint8Array): Uint8Array => signHeader(header, keyOf(signer)).header;

/** What recovering a header that `signer` sealed would give, without the curve: the hash is that of the number and the parent. */
export const recoveredBy = (header: Header, signer: Uint8Array): RecoveredHeader => ({
  hash: keccak256(new Uint8Array(Buffer.concat([header.parentHash, signer, Buffer.from(`${header.number}`)]))),
  message: new Uint8Array(32),
  publicKey: new Uint8Array(33),
  signer,
  header,
});
