/**
 * The protocol features that a boot activates, and in which order they may be.
 *
 * @see EOSIO/eos and AntelopeIO/spring, `tutorials/bios-boot-tutorial/bios-boot-tutorial.py`
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertObject, wrongType } from '../../internal/bytes.js';
import { describeText } from './text.js';

/** A protocol feature. */
export interface ProtocolFeature {
  /** Its name in the node, for people; no rule reads it but that of {@link listFeatures}. */
  readonly feature: string;
  /** 64 hex digits, lower case: what is activated. */
  readonly digest: string;
}

/** Which document a boot follows: the manual steps of the tutorial, its script in EOSIO/eos, or its script in AntelopeIO/spring. */
export type BootSequence = 'manual' | 'script' | 'spring';

/** The feature that lets contracts activate the others; the producer API schedules it before any contract can. */
export const PREACTIVATE_FEATURE: ProtocolFeature = {
  feature: 'PREACTIVATE_FEATURE',
  digest: '0ec7e080177b2c02b278d5088611686b49d739925a92d9bfcacd7fc6b74053bd',
};

const ACTION_RETURN_VALUE: ProtocolFeature = {
  feature: 'ACTION_RETURN_VALUE',
  digest: 'c3a6138c5061cf291310887c0b5c71fcaffeab90d5deb50d3b9e687cead45071',
};
const COMMON: readonly ProtocolFeature[] = [
  { feature: 'BLOCKCHAIN_PARAMETERS', digest: '5443fcf88330c586bc0e5f3dee10e7f63c76c00249c87fe4fbf7f38c082006b4' },
  { feature: 'GET_SENDER', digest: 'f0af56d2c5a48d60a4a5b5c903edfb7db3a736a94ed589d0b797df33ff9d3e1d' },
  { feature: 'FORWARD_SETCODE', digest: '2652f5f96006294109b3dd0bbde63693f55324af452b799ee137a81a905eed25' },
  { feature: 'ONLY_BILL_FIRST_AUTHORIZER', digest: '8ba52fe7a3956c5cd3a656a3174b931d3bb2abb45578befc59f283ecd816a405' },
  { feature: 'RESTRICT_ACTION_TO_SELF', digest: 'ad9e3d8f650687709fd68f4b90b41f7d825a365b02c23a636cef88ac2ac00c43' },
  {
    feature: 'DISALLOW_EMPTY_PRODUCER_SCHEDULE',
    digest: '68dcaa34c0517d19666e6b33add67351d8c5f69e999ca1e37931bc410a297428',
  },
  { feature: 'FIX_LINKAUTH_RESTRICTION', digest: 'e0fb64b1085cc5538970158d05a009c24e276fb94e1a0bf6a528b48fbc4ff526' },
  { feature: 'REPLACE_DEFERRED', digest: 'ef43112c6543b88db2283a2e077278c315ae2c84719a8b25f25cc88565fbea99' },
  { feature: 'NO_DUPLICATE_DEFERRED_ID', digest: '4a90c00d55454dc5b059055ca213579c6ea856967712a56017487886a4d4cc0f' },
  {
    feature: 'ONLY_LINK_TO_EXISTING_PERMISSION',
    digest: '1a99a59d87e06e09ec5b028a9cbb7749b4a5ad8819004365d02dc4379a8b7241',
  },
  { feature: 'RAM_RESTRICTIONS', digest: '4e7bf348da00a945489b2a681749eb56f5de00b900014e137ddae39f48f69d67' },
  { feature: 'WEBAUTHN_KEY', digest: '4fca8bd82bbd181e714e283f83e1b45d95ca5af40fb89ad3977b653c448f78c2' },
  { feature: 'WTMSIG_BLOCK_SIGNATURES', digest: '299dcb6af692324b899b39f16d5a530a33062804e41f09dc97e9f156b4476707' },
];
const ONLY_EOSIO: readonly ProtocolFeature[] = [
  { feature: 'KV_DATABASE', digest: '825ee6288fb1373eab1b5187ec2f04f6eacb39cb3a97f356a07c91622dd61d16' },
  { feature: 'CONFIGURABLE_WASM_LIMITS', digest: 'bf61537fd21c61a60e542a5d66c3f6a78da0589336868307f94a82bccea84e88' },
];
const ONLY_SPRING: readonly ProtocolFeature[] = [
  { feature: 'CONFIGURABLE_WASM_LIMITS2', digest: 'd528b9f6e9693f45ed277af93474fd473ce7d831dae2180cca35d907bd10cb40' },
  { feature: 'GET_CODE_HASH', digest: 'bcd2a26394b36614fd4894241d3c451ab0f6fd110958c3423073621a70826e99' },
  { feature: 'GET_BLOCK_NUM', digest: '35c2186cc36f7bb4aeaf4487b36e57039ccf45a9136aa856a5d569ecca55ef2b' },
  { feature: 'CRYPTO_PRIMITIVES', digest: '6bcb40a24e49c26d0a60513b6aeb8551d264e4717f306b81a37a5afb3b47cedc' },
  { feature: 'BLS_PRIMITIVES2', digest: '63320dd4a58212e4d32d1f58926b73ca33a247326c2a5e9fd39268d2384e011a' },
  {
    feature: 'DISABLE_DEFERRED_TRXS_STAGE_1',
    digest: 'fce57d2331667353a0eac6b4209b67b843a7262a848af0a49a6e2fa9f6584eb4',
  },
  {
    feature: 'DISABLE_DEFERRED_TRXS_STAGE_2',
    digest: '09e86cb0accf8d81c9e85d34bea4b925ae936626d00c984e4691186891f5bc16',
  },
  { feature: 'SAVANNA', digest: 'cbe0fafc8fcc6cc998395e9b6de6ebd94644467b1b4a97ec126005df07013c52' },
];
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * The features that a boot activates after {@link PREACTIVATE_FEATURE}, in the order of its document.
 *
 * @param sequence - `manual`: none, it is older than features; `script`: the 16 of EOSIO/eos; `spring`: the 22 of AntelopeIO/spring
 * @returns features, first to last
 * @throws PoaError `CONFIG_INVALID` for another sequence
 * @example
 * ```ts
 * import { listFeatures } from 'poa-primitives/eosio';
 *
 * listFeatures('script').length; // => 16
 * listFeatures('spring').at(-1)?.feature; // => 'SAVANNA'
 * ```
 * @see EOSIO/eos and AntelopeIO/spring, bios-boot-tutorial.py; [E18 Protocol features](../RULES.md#e18-protocol-features)
 */
export function listFeatures(sequence: BootSequence): ProtocolFeature[] {
  checkSequence('listFeatures.sequence', sequence);
  if (sequence === 'manual') return [];
  const all =
    sequence === 'script'
      ? [ONLY_EOSIO[0], ACTION_RETURN_VALUE, ONLY_EOSIO[1], ...COMMON]
      : [ACTION_RETURN_VALUE, ONLY_SPRING[0], ...COMMON, ...ONLY_SPRING.slice(1)];
  return all.flatMap((feature) => (feature === undefined ? [] : [{ ...feature }]));
}

/** What must be active before a feature can be, by name; nothing for a feature that is not known here. */
function listNeeds(feature: string | undefined): string[] {
  if (feature === 'NO_DUPLICATE_DEFERRED_ID') return ['REPLACE_DEFERRED'];
  if (feature === 'DISABLE_DEFERRED_TRXS_STAGE_2') return ['DISABLE_DEFERRED_TRXS_STAGE_1'];
  if (feature !== 'SAVANNA') return [];
  return listFeatures('spring').flatMap((other) => (other.feature === feature ? [] : [other.feature]));
}

/** One of the three sequences. */
export function checkSequence(where: string, value: unknown): asserts value is BootSequence {
  if (typeof value !== 'string') throw wrongType(where, 'string', value);
  if (value !== 'manual' && value !== 'script' && value !== 'spring')
    throw new PoaError('CONFIG_INVALID', { where, expected: 'manual, script or spring', got: describeText(value) });
}

/**
 * Features of a configuration: well-formed, none twice, none before what it needs.
 *
 * @see [E18 Protocol features](../RULES.md#e18-protocol-features)
 */
export function readFeatures(where: string, value: unknown): ProtocolFeature[] {
  assertArray(where, value);
  const known = new Map<string, string>();
  for (const { feature, digest } of [...ONLY_EOSIO, ACTION_RETURN_VALUE, ...COMMON, ...ONLY_SPRING])
    known.set(digest, feature);
  const seen = new Set<string>();
  const before = new Set<string>();
  const features: ProtocolFeature[] = [];
  for (let i = 0; i < value.length; i++) {
    const at = `${where}[${i}]`;
    const item: unknown = value[i];
    assertObject(at, item);
    const { feature, digest } = item;
    if (typeof feature !== 'string') throw wrongType(`${at}.feature`, 'string', feature);
    if (typeof digest !== 'string') throw wrongType(`${at}.digest`, 'string', digest);
    if (!/^[A-Z0-9_]{1,64}$/.test(feature)) throw featureInvalid(at, 'a name of A-Z, 0-9 and _', describeText(feature));
    if (!DIGEST.test(digest)) throw featureInvalid(at, '64 hex digits in lower case', describeText(digest));
    if (digest === PREACTIVATE_FEATURE.digest)
      throw featureInvalid(at, 'a feature besides PREACTIVATE_FEATURE', 'that, which the producer API schedules');
    if (seen.has(digest)) throw featureInvalid(at, 'each feature once', `${feature} twice`);
    const name = known.get(digest);
    for (const needed of listNeeds(name))
      if (!before.has(needed)) throw featureInvalid(at, `${needed} before ${name}`, 'none before it');
    seen.add(digest);
    if (name !== undefined) before.add(name);
    features.push({ feature, digest });
  }
  return features;
}

function featureInvalid(where: string, expected: string, got: string): PoaError {
  return new PoaError('FEATURE_INVALID', { where, expected, got });
}
