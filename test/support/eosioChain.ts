/** Chains of EOSIO for tests: signed ones with keys made for them, and ones whose recovery is taken for granted. */
import {
  type BlockHeader,
  computePublicKey,
  createAnchor,
  createState,
  type Extension,
  type Genesis,
  genesisFromJson,
  type HeaderExtensions,
  type HeaderTemplate,
  type PrivateKey,
  type ProducerAuthority,
  type PublicKey,
  parseHeaderExtensions,
  planHeader,
  prepareHeader,
  type RecoveredHeader,
  type SignedHeader,
  type State,
  serializeHeaderExtensions,
  serializeSignature,
  sha256,
  signDigest,
  signHeader,
} from 'poa-primitives/eosio';

/** The private key that stands for a text. */
export const privateKeyOf = (text: string): PrivateKey => ({
  curve: 'K1',
  data: sha256(new TextEncoder().encode(text)),
});
/** The public key that stands for a text. */
export const publicKeyOf = (text: string): PublicKey => computePublicKey(privateKeyOf(text));

export const genesis: Genesis = genesisFromJson({
  initial_timestamp: '2020-01-01T00:00:00.000',
  initial_key: 'EOS5P52UyPoYL7vMiSREPvqxh6WebuMAunCMK4w53J7Gu6zmk4qyN',
  initial_configuration: {
    max_block_net_usage: 1048576,
    target_block_net_usage_pct: 1000,
    max_transaction_net_usage: 524288,
    base_per_transaction_net_usage: 12,
    net_usage_leeway: 500,
    context_free_discount_net_usage_num: 20,
    context_free_discount_net_usage_den: 100,
    max_block_cpu_usage: 200000,
    target_block_cpu_usage_pct: 1000,
    max_transaction_cpu_usage: 150000,
    min_transaction_cpu_usage: 100,
    max_transaction_lifetime: 3600,
    deferred_trx_expiration_window: 600,
    max_transaction_delay: 3888000,
    max_inline_action_size: 4096,
    max_inline_action_depth: 4,
    max_authority_depth: 6,
  },
});

/** The state after block 1 of a chain whose first producer signs with the key of `eosio`. */
export const firstState = (): State =>
  createState(createAnchor({ genesis: { ...genesis, initialKey: publicKeyOf('eosio') } }));

/** Producers with one key each, which stands for their name. */
export const producersOf = (...names: string[]): ProducerAuthority[] =>
  names.map((producerName) => ({
    producerName,
    authority: { threshold: 1, keys: [{ key: publicKeyOf(producerName), weight: 1 }] },
  }));

/** Signs what a state plans with the key that stands for the name of the producer. */
export function signNext(
  state: State,
  plan: Parameters<typeof planHeader>[1],
  changes: Partial<BlockHeader> = {},
): SignedHeader {
  const planned = planHeader(state, plan);
  const header = { ...planned.header, ...changes };
  const announces = header.newProducers !== null || header.headerExtensions.some(({ type }) => type === 1);
  const pendingScheduleHash = announces ? undefined : planned.pendingScheduleHash;
  const { header: bytes, signatures } = signHeader({ ...planned, header, pendingScheduleHash }, [
    privateKeyOf(planned.producer.producerName),
  ]);
  return { header: bytes, signatures };
}

/** Signs any template with keys that stand for texts. */
export function signWith(template: HeaderTemplate, ...keys: string[]): SignedHeader {
  const { header, message } = prepareHeader(template);
  return { header, signatures: keys.map((key) => serializeSignature(signDigest(message, privateKeyOf(key)))) };
}

const NO_EXTENSIONS: HeaderExtensions = { protocolFeatures: null, newSchedule: null, finality: null };

/** Header extensions of which most are missing. */
export const extensionsOf = (extensions: Partial<HeaderExtensions>): Extension[] =>
  serializeHeaderExtensions({ ...NO_EXTENSIONS, ...extensions });

/** A claim alone. */
export const claimOf = (qcBlockNumber: number, isQcStrong: boolean): Partial<HeaderExtensions> => ({
  finality: { qcBlockNumber, isQcStrong, newFinalizerPolicy: null, newProposerPolicy: null },
});

/** What recovery would give for a header that follows a state, its id made of its number and a counter. */
export function pretendRecovered(
  state: State,
  keys: readonly PublicKey[],
  changes: Partial<BlockHeader>,
): RecoveredHeader {
  const number = state.number + 1;
  const id = sha256(state.id);
  new DataView(id.buffer).setUint32(0, number);
  const header: BlockHeader = {
    slot: state.slot + 1,
    producer: '',
    confirmed: 0,
    previous: state.id,
    transactionMroot: new Uint8Array(32),
    actionMroot: new Uint8Array(32),
    scheduleVersion: state.isSavanna ? 0x8000_0000 : state.activeSchedule.version,
    newProducers: null,
    headerExtensions: [],
    ...changes,
  };
  return {
    id,
    number,
    message: id,
    publicKeys: keys,
    producer: header.producer,
    header,
    extensions: parseHeaderExtensions(header.headerExtensions),
    blockroot: null,
    pendingScheduleHash: null,
  };
}
