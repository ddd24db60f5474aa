/** Everything in `vectors/eosio/` that is about encodings, case by case. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  appendToMerkle,
  assetFromText,
  assetToText,
  buildGenesisHeader,
  buildGenesisSchedule,
  checkIncrementalMerkle,
  checkPublicKey,
  computeBlockId,
  computeBlockNumber,
  computeChainId,
  computeHeaderDigest,
  computeIncrementalRoot,
  computeNamePrefix,
  computeNameSuffix,
  computeProducerAuthorityScheduleHash,
  computeProducerDigest,
  computeProducerScheduleHash,
  computePublicKey,
  computeSigningDigest,
  computeSlot,
  computeSlotTime,
  computeTransactionId,
  genesisFromJson,
  genesisToJson,
  isCanonicalSignature,
  isSavannaHeader,
  nameFromValue,
  nameToValue,
  parseActionData,
  parseAsset,
  parseGenesis,
  parseHeader,
  parseHeaderExtensions,
  parseIncrementalMerkle,
  parseName,
  parseProducerAuthoritySchedule,
  parseProducerSchedule,
  parsePublicKey,
  parseTransaction,
  privateKeyFromText,
  privateKeyToText,
  privateKeyToWif,
  publicKeyFromText,
  publicKeyToLegacyText,
  publicKeyToText,
  recoverPublicKeyOf,
  serializeActionData,
  serializeAsset,
  serializeGenesis,
  serializeHeader,
  serializeHeaderExtensions,
  serializeIncrementalMerkle,
  serializeName,
  serializeProducerAuthoritySchedule,
  serializeProducerSchedule,
  serializePublicKey,
  serializeTransaction,
  sha256,
  signatureFromText,
  signatureToText,
  signDigest,
  timeFromText,
  timeToText,
  toAuthoritySchedule,
} from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { blocksOf, headerFromVector, merkleFromVector, scheduleFromVector } from '../support/eosio.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const read = (name: string): any => (hasShared ? readShared(`eosio/${name}.json`) : {});
const named = (cases: any[] | undefined, key: string) =>
  (cases ?? []).map((item, i) => [item[key] ?? i, item] as const);

describe.skipIf(!hasShared)('names.json', () => {
  const { valid, invalid, suffix, suffix_prefix } = read('names');

  it.each(named(valid, 'name'))('"%s" has its value', (_, vector) => {
    expect(nameToValue(vector.name)).toBe(BigInt(vector.value));
    expect(bytesToHex(serializeName(vector.name))).toBe(vector.value_le_hex);
    expect(nameFromValue(BigInt(vector.value))).toBe(vector.decodes_to);
    expect(parseName(hexToBytes(vector.value_le_hex))).toBe(vector.decodes_to);
  });

  it.each(named(invalid, 'name'))('"%s" is refused', (name) => {
    expectCode(() => nameToValue(name), 'NAME_INVALID');
    expectCode(() => serializeName(name), 'NAME_INVALID');
  });

  it('prefixes and suffixes', () => {
    for (const vector of [...suffix, ...suffix_prefix]) {
      expect(computeNameSuffix(vector.name), vector.name).toBe(vector.suffix);
      if (vector.prefix !== undefined) expect(computeNamePrefix(vector.name), vector.name).toBe(vector.prefix);
    }
  });
});

describe.skipIf(!hasShared)('assets.json', () => {
  const { valid, invalid } = read('assets');

  it.each(named(valid, 'asset'))('%s', (text, vector) => {
    const asset = { amount: BigInt(vector.amount), symbol: { code: vector.symbol_code, precision: vector.precision } };
    expect(assetFromText(text)).toEqual(asset);
    expect(assetToText(asset)).toBe(text);
    expect(bytesToHex(serializeAsset(asset))).toBe(vector.packed);
    expect(parseAsset(hexToBytes(vector.packed))).toEqual(asset);
  });

  it.each(named(invalid, 'asset'))('"%s" is refused', (text) => {
    expectCode(() => assetFromText(text), 'ASSET_INVALID');
  });
});

describe.skipIf(!hasShared)('keys.json', () => {
  const { valid, invalid } = read('keys');

  it.each(named(valid, 'public_key_typed'))('%s', (typed, vector) => {
    const key = publicKeyFromText(typed);
    expect(key).toEqual({ curve: vector.type, data: hexToBytes(vector.compressed_hex) });
    expect(publicKeyToText(key)).toBe(typed);
    expect(publicKeyToLegacyText(key)).toBe(vector.public_key_legacy ?? typed);
    if (vector.public_key_legacy !== null) expect(publicKeyFromText(vector.public_key_legacy)).toEqual(key);
    expect(parsePublicKey(serializePublicKey(key))).toEqual(key);
    checkPublicKey(key);

    const secret = privateKeyFromText(vector.private_key);
    expect(secret).toEqual({ curve: vector.type, data: hexToBytes(vector.private_key_hex) });
    expect(privateKeyFromText(vector.private_key_typed)).toEqual(secret);
    expect(privateKeyToText(secret)).toBe(vector.private_key_typed);
    if (vector.type === 'K1') {
      expect(privateKeyToWif(secret)).toBe(vector.private_key);
      expect(computePublicKey(secret)).toEqual(key);
    } else {
      expectCode(() => privateKeyToWif(secret), 'KEY_TYPE_UNSUPPORTED');
      expectCode(() => computePublicKey(secret), 'KEY_TYPE_UNSUPPORTED');
    }
  });

  it.each(named(invalid, 'reason'))('%s', (reason, { key }) => {
    const code = reason.includes('checksum') ? 'KEY_CHECKSUM_MISMATCH' : 'SECRET_KEY_INVALID';
    expectCode(() => (key.startsWith('EOS') ? publicKeyFromText(key) : privateKeyFromText(key)), code);
  });
});

describe.skipIf(!hasShared)('signatures.json', () => {
  const { real_mainnet_transactions, library_messages } = read('signatures');

  it.each(named(real_mainnet_transactions, 'transaction_id'))('%s', (id, vector) => {
    const bytes = hexToBytes(vector.packed_trx);
    expect(bytesToHex(computeTransactionId(bytes))).toBe(id);
    expect(serializeTransaction(parseTransaction(bytes))).toEqual(bytes);
    const digest = computeSigningDigest(hexToBytes(vector.chain_id), bytes);
    expect(bytesToHex(digest)).toBe(vector.signing_digest);
    const signature = signatureFromText(vector.signature);
    expect(signatureToText(signature)).toBe(vector.signature);
    expect(isCanonicalSignature(signature)).toBe(true);
    expect(publicKeyToLegacyText(recoverPublicKeyOf(digest, signature))).toBe(vector.recovered_public_key);
    expect(parseTransaction(bytes).actions[0]?.authorization[0]).toEqual(vector.first_authorizer);
  });

  it.each(named(library_messages, 'public_key'))('a message of %s', (publicKey, vector) => {
    const digest = sha256(new TextEncoder().encode(vector.message_utf8));
    expect(bytesToHex(digest)).toBe(vector.digest);
    const signature = signatureFromText(vector.signature);
    expect(signatureToText(signature)).toBe(vector.signature);
    const key = privateKeyFromText(vector.private_key);
    if (key.curve === 'R1') {
      expectCode(() => recoverPublicKeyOf(digest, signature), 'KEY_TYPE_UNSUPPORTED');
      expectCode(() => signDigest(digest, key), 'KEY_TYPE_UNSUPPORTED');
      return;
    }
    expect(publicKeyToText(recoverPublicKeyOf(digest, signature))).toBe(publicKey);
    expect(signatureToText(signDigest(digest, key))).toBe(vector.signature);
  });
});

describe.skipIf(!hasShared)('actions.json and the actions of seed-bios-boot.json', () => {
  const { cases, doc_mismatch } = read('actions');
  const seed = read('seed-bios-boot');
  const all: any[] = [
    ...(cases ?? []),
    ...(seed.actions_printed_with_binargs ?? []),
    ...(seed.actions_derived_from_seed_arguments ?? []),
  ];

  it.each(all.map((vector) => [vector.code, vector.action, vector] as const))('%s %s', (code, action, vector) => {
    const packed = serializeActionData(code, action, vector.args);
    expect(bytesToHex(packed)).toBe(vector.binargs);
    expect(parseActionData(code, action, packed)).toEqual(vector.args);
    const inOrder = Object.keys(parseActionData(code, action, packed) as object).map((name) => vector.args[name]);
    expect(serializeActionData(code, action, inOrder)).toEqual(packed);
  });

  it.each(named(doc_mismatch, 'action'))('a published %s that its bytes do not say', (action, vector) => {
    expect(bytesToHex(serializeActionData(vector.code, action, vector.args_printed))).not.toBe(vector.binargs);
    expect(parseActionData(vector.code, action, hexToBytes(vector.binargs))).toEqual(vector.decodes_to);
  });

  it('the keys of the seed', () => {
    for (const pair of seed.key_pairs) {
      const key = computePublicKey(privateKeyFromText(pair.private_key));
      expect(publicKeyToLegacyText(key)).toBe(pair.public_key);
      expect(publicKeyToText(key)).toBe(pair.public_key_k1);
      expect(privateKeyToText(privateKeyFromText(pair.private_key))).toBe(pair.private_key_k1);
      expect(bytesToHex(key.data)).toBe(pair.compressed_hex);
    }
    expect(bytesToHex(computeChainId(genesisFromJson(seed.genesis_json)))).toBe(seed.genesis_chain_id);
  });
});

describe.skipIf(!hasShared)('chain-ids.json', () => {
  it.each(named(read('chain-ids').cases, 'name'))('%s', (_, vector) => {
    const genesis = genesisFromJson(vector.genesis);
    expect(bytesToHex(serializeGenesis(genesis))).toBe(vector.packed);
    expect(parseGenesis(hexToBytes(vector.packed))).toEqual(genesis);
    expect(genesisFromJson(genesisToJson(genesis))).toEqual(genesis);
    expect(bytesToHex(computeChainId(genesis))).toBe(vector.chain_id);
    const header = buildGenesisHeader(genesis);
    expect(timeToText(computeSlotTime(header.slot))).toBe(vector.block_1.timestamp);
    expect(bytesToHex(computeBlockId(serializeHeader(header)))).toBe(vector.block_1.id);
  });
});

describe.skipIf(!hasShared)('producer-schedules.json', () => {
  it.each(named(read('producer-schedules').cases, 'hash'))('%s', (hash, vector) => {
    const packed = hexToBytes(vector.packed);
    const schedule = scheduleFromVector(vector.schedule);
    if ('legacy' in schedule) {
      expect(serializeProducerSchedule(schedule.legacy)).toEqual(packed);
      expect(parseProducerSchedule(packed)).toEqual(schedule.legacy);
      expect(bytesToHex(computeProducerScheduleHash(schedule.legacy))).toBe(hash);
      const authorities = toAuthoritySchedule(schedule.legacy);
      expect(parseProducerAuthoritySchedule(serializeProducerAuthoritySchedule(authorities))).toEqual(authorities);
      expect(authorities.producers.map(({ authority }) => authority.keys[0]?.key)).toEqual(
        schedule.legacy.producers.map(({ blockSigningKey }) => blockSigningKey),
      );
    } else {
      expect(serializeProducerAuthoritySchedule(schedule.authority)).toEqual(packed);
      expect(parseProducerAuthoritySchedule(packed)).toEqual(schedule.authority);
      expect(bytesToHex(computeProducerAuthorityScheduleHash(schedule.authority))).toBe(hash);
    }
  });
});

describe.skipIf(!hasShared)('block-headers.json', () => {
  it.each(named(read('block-headers').cases, 'name'))('%s', (_, vector) => {
    const packed = hexToBytes(vector.header_packed);
    const header = parseHeader(packed);
    expect(header).toEqual(headerFromVector(vector.header));
    expect(serializeHeader(header)).toEqual(packed);
    const extensions = parseHeaderExtensions(header.headerExtensions);
    expect(serializeHeaderExtensions(extensions)).toEqual(header.headerExtensions);
    expect(bytesToHex(computeHeaderDigest(packed))).toBe(vector.header_digest);
    expect(bytesToHex(computeBlockId(packed))).toBe(vector.block_id);
    expect(computeBlockNumber(hexToBytes(vector.block_id))).toBe(vector.block_num);
    expect(computeSlotTime(header.slot)).toBe(timeFromText(vector.header.timestamp));
    expect(isSavannaHeader(header)).toBe(vector.check === 'savanna-id-signature');

    const signature = signatureFromText(vector.producer_signature);
    expect(signatureToText(signature)).toBe(vector.producer_signature);
    if (vector.check === 'digest-and-id-only') return;
    let digest: Uint8Array = hexToBytes(vector.block_id);
    if (vector.check === 'full-signature') {
      const tree = merkleFromVector(vector.blockroot_merkle);
      checkIncrementalMerkle(tree);
      expect(parseIncrementalMerkle(serializeIncrementalMerkle(tree))).toEqual(tree);
      const root = computeIncrementalRoot(tree);
      expect(bytesToHex(root)).toBe(vector.blockroot_merkle_root);
      digest = computeProducerDigest(computeHeaderDigest(packed), root, hexToBytes(vector.pending_schedule_hash));
      expect(bytesToHex(digest)).toBe(vector.signature_digest);
    }
    expect(publicKeyToLegacyText(recoverPublicKeyOf(digest, signature))).toBe(vector.signing_key);
  });
});

describe.skipIf(!hasShared)('incremental-merkle.json', () => {
  it.each(named(read('incremental-merkle').cases, 'name'))('%s', (_, vector) => {
    let tree = merkleFromVector(vector.start);
    for (const id of vector.append) {
      tree = appendToMerkle(tree, hexToBytes(id));
      checkIncrementalMerkle(tree);
    }
    expect(tree).toEqual(merkleFromVector(vector.end));
    expect(bytesToHex(computeIncrementalRoot(tree))).toBe(vector.end.root);
  });
});

describe.skipIf(!hasShared)('slot-producer.json', () => {
  it.each(named(read('slot-producer').cases, 'from'))('%s', (_, { timestamp, slot }) => {
    expect(computeSlot(timeFromText(timestamp))).toBe(slot);
    expect(timeToText(computeSlotTime(slot))).toBe(timestamp);
  });
});

describe.skipIf(!hasShared)('the two chains from genesis', () => {
  it.each(['chain-from-genesis-short', 'chain-from-genesis-consensus_blockchain'])('%s', (name) => {
    const chain = read(name);
    const genesis = genesisFromJson(chain.genesis);
    expect(bytesToHex(computeChainId(genesis))).toBe(chain.chain_id);
    const pending = computeProducerScheduleHash(buildGenesisSchedule(genesis));
    expect(bytesToHex(pending)).toBe(chain.initial_pending_schedule_hash);
    const [first] = blocksOf(chain);
    expect(first?.header).toEqual(buildGenesisHeader(genesis));
    for (const { header, json } of blocksOf(chain)) {
      expect(bytesToHex(computeBlockId(serializeHeader(header)))).toBe(json.block_id);
      const extensions = parseHeaderExtensions(header.headerExtensions);
      expect(serializeHeaderExtensions(extensions)).toEqual(header.headerExtensions);
      const signature = signatureFromText(json.producer_signature);
      expect(signatureToText(signature)).toBe(json.producer_signature);
      if (json.signed_digest === undefined) continue;
      const key = recoverPublicKeyOf(hexToBytes(json.signed_digest), signature);
      expect(publicKeyToLegacyText(key)).toBe(json.signing_key);
    }
  });
});
