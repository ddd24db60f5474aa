/** What `program.ts` checks, as JSON can hold it: the vectors of the RFC, and facts about the small networks of the examples. */
import { readdirSync, readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as clique from 'poa-primitives/clique';
import * as eosio from 'poa-primitives/eosio';
import * as cliqueSample from '../../examples/clique-sample.js';
import * as chainSample from '../../examples/eosio-chain-sample.js';
import * as eosioSample from '../../examples/eosio-sample.js';

const hex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;

export interface CliqueFacts {
  /** RLP of the genesis header. */
  readonly genesis: string;
  readonly period: number;
  readonly now: number;
  readonly headers: readonly string[];
  /** The key that sealed each header. */
  readonly secretKeys: readonly string[];
  /** What each header recovers to. */
  readonly recovered: readonly { readonly hash: string; readonly message: string; readonly signer: string }[];
  /** The state after the last header, as bytes. */
  readonly state: string;
}

export interface EosioFacts {
  /** genesis.json. */
  readonly genesis: string;
  readonly now: number;
  readonly headers: readonly { readonly header: string; readonly signatures: readonly string[] }[];
  /** The key of each producer. */
  readonly privateKeys: Readonly<Record<string, string>>;
  /** The state after the last header, as bytes. */
  readonly state: string;
  readonly lastIrreversible: number;
  readonly boot: eosio.BootConfig;
  /** SHA-256 of the actions of the plan, packed, end to end. */
  readonly bootHash: string;
  /** A transaction of a public chain: what it is, who signed it. */
  readonly transaction: Readonly<Record<'chainId' | 'packed' | 'id' | 'signature' | 'key', string>>;
  /** What a producer of a public chain signed. */
  readonly block: Readonly<Record<'digest' | 'signature' | 'key', string>>;
}

export interface Data {
  /** Files of `test/vectors/poa` by name. */
  readonly vectors: any;
  readonly clique: CliqueFacts;
  readonly eosio: EosioFacts;
}

function readCliqueFacts(): CliqueFacts {
  const { anchor, genesis, headers, now, secretKeys, signers } = cliqueSample;
  const result = clique.applyHeaders(clique.createState(anchor), headers, { now });
  if (!result.ok) throw result.error;
  const recovered = headers.map((header) => clique.recoverHeader(header));
  const keyOf = (signer: Uint8Array): Uint8Array =>
    secretKeys[signers.findIndex((each) => hex(each) === hex(signer))] as Uint8Array;
  return {
    genesis: hex(genesis),
    period: anchor.config?.period as number,
    now,
    headers: headers.map(hex),
    secretKeys: recovered.map(({ signer }) => hex(keyOf(signer))),
    recovered: recovered.map(({ hash, message, signer }) => ({
      hash: hex(hash),
      message: hex(message),
      signer: hex(signer),
    })),
    state: hex(clique.serializeState(result.value)),
  };
}

function readEosioFacts(): EosioFacts {
  const { genesis, headers, now, privateKeys } = chainSample;
  const result = eosio.applyHeaders(eosio.createState(eosio.createAnchor({ genesis })), headers, { now });
  if (!result.ok) throw result.error;
  const boot: eosio.BootConfig = {
    rootKey: 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm',
    accounts: [
      { name: 'accountnum11', publicKey: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt' },
      { name: 'accountnum22', publicKey: 'EOS5kgeCLuQo8MMLnkZfqcBA3GRFgQsPyDddHWmXceRLjRX8LJRaH' },
    ],
    producers: ['accountnum11', 'accountnum22'],
    votes: [{ voter: 'accountnum11', producers: ['accountnum11', 'accountnum22'] }],
  };
  const s = eosioSample;
  return {
    genesis: JSON.stringify(eosio.genesisToJson(genesis)),
    now,
    headers: headers.map(({ header, signatures }) => ({ header: hex(header), signatures: signatures.map(hex) })),
    privateKeys: Object.fromEntries(Object.entries(privateKeys).map(([name, { data }]) => [name, hex(data)])),
    state: hex(eosio.serializeState(result.value)),
    lastIrreversible: result.value.lastIrreversible,
    boot,
    bootHash: hashActions(boot),
    transaction: {
      chainId: hex(s.chainId),
      packed: hex(s.packedTransaction),
      id: hex(s.transactionId),
      signature: s.transactionSignature,
      key: s.transactionSigningKey,
    },
    block: { digest: hex(s.blockSignatureDigest), signature: s.blockSignature, key: s.blockSigningKey },
  };
}

function hashActions(boot: eosio.BootConfig): string {
  const parts = eosio
    .planBoot(boot)
    .steps.flatMap(({ actions }) => actions.map(({ data }) => bytesToHex(data ?? new Uint8Array())));
  return hex(eosio.sha256(new TextEncoder().encode(parts.join())));
}

/** Reads the vectors in a folder and makes the facts. */
export function readData(folder: string): Data {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return {
    vectors: Object.fromEntries(names.map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))])),
    clique: readCliqueFacts(),
    eosio: readEosioFacts(),
  };
}
