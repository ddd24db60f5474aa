/**
 * A small Clique network for the examples: five signers, and the first blocks that they sealed in turn.
 */

import {
  type Anchor,
  applyHeader,
  buildHeader,
  computeAddress,
  createState,
  EMPTY_ROOT,
  EMPTY_UNCLES_HASH,
  keccak256,
  serializeExtraData,
  serializeHeader,
  signHeader,
} from 'poa-primitives/clique';

const PERIOD = 15;
const GENESIS_TIME = 1_600_000_000n;

/** Order of two addresses. */
function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? 0 : (a[at] as number) - (b[at] as number);
}

/** Keys that everybody can know: each is the hash of a word. In the order of their addresses. */
export const secretKeys: Uint8Array[] = ['north', 'east', 'south', 'west', 'centre']
  .map((word) => keccak256(new TextEncoder().encode(`clique sample ${word}`)))
  .sort((a, b) => compare(computeAddress(a), computeAddress(b)));

/** Addresses of the signers, ascending. */
export const signers: Uint8Array[] = secretKeys.map(computeAddress);

/** RLP of the genesis header, which lists the signers. */
export const genesis: Uint8Array = serializeHeader({
  parentHash: new Uint8Array(32),
  unclesHash: EMPTY_UNCLES_HASH,
  beneficiary: new Uint8Array(20),
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
});

/** What a follower trusts. */
export const anchor: Anchor = { header: genesis, config: { period: PERIOD } };

/** Milliseconds: a clock that runs a day later. */
export const now: number = Number(GENESIS_TIME + 86_400n) * 1000;

/** Whom the second block votes for. */
export const candidate: Uint8Array = computeAddress(keccak256(new TextEncoder().encode('clique sample newcomer')));

/** RLP of the first blocks: each by the signer in turn; the second carries a vote. */
export const headers: Uint8Array[] = sealBlocks(6);

function sealBlocks(count: number): Uint8Array[] {
  let state = createState(anchor);
  return Array.from({ length: count }, (_, i) => {
    const turn = (i + 1) % signers.length;
    const header = buildHeader({
      state,
      signer: signers[turn] as Uint8Array,
      timestamp: state.timestamp + BigInt(PERIOD),
      stateRoot: EMPTY_ROOT,
      ...(i === 1 && { vote: { address: candidate, authorize: true } }),
    });
    const sealed = signHeader(header, secretKeys[turn] as Uint8Array).header;
    state = applyHeader(state, sealed, { now });
    return sealed;
  });
}
