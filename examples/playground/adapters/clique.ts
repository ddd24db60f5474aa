/** Ethereum Clique: headers as RLP or as nodes give them. */
import {
  applyRecovered,
  CLIQUE_ERROR_CODES,
  type Config,
  computeInTurnIndex,
  computeTally,
  createState,
  headerFromRpc,
  inspectHeader,
  listVotes,
  parseExtraData,
  parseHeader,
  recoverHeader,
  type State,
} from 'poa-primitives/clique';
import type { Adapter, Entry, Fact, Field, Finding, Report, Source, Step, Trust } from '../model.js';
import { bytesOfHex, Complaint, checkRun, count, has, hexOf, isRecord, shortHex, timeText } from '../text.js';
import { cachedMembers, decode, fieldsOf, viewRules } from './common.js';

const entryOf = (bytes: Uint8Array): Entry => [{ name: 'header', title: 'Header', bytes }];

const inputOf = ([header]: Entry): Uint8Array => header?.bytes ?? new Uint8Array();

/** The least that a header can take: three hashes, an address and a bloom. */
const MIN_HEADER_SIZE = 400;

/** Cuts RLP lists that stand one behind the other; undefined if it is none. */
function splitLists(bytes: Uint8Array): Uint8Array[] | undefined {
  const lists: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] as number;
    if (first < 0xf8) return undefined;
    const width = first - 0xf7;
    let size = 0;
    for (let i = 1; i <= width; i++) size = size * 256 + (bytes[at + i] ?? 0);
    const end = at + 1 + width + size;
    // Not an RLP list to begin with, rather than a damaged header, if it is not as long as it says.
    if (size < MIN_HEADER_SIZE || end > bytes.length) return undefined;
    lists.push(bytes.slice(at, end));
    if (lists.length > 1) checkRun(lists.length);
    at = end;
  }
  return lists;
}

/** Fields of a header, in their order; the last since London. */
const FIELD_NAMES = [
  'parent hash',
  'uncles hash',
  'beneficiary',
  'state root',
  'transactions root',
  'receipts root',
  'logs bloom',
  'difficulty',
  'number',
  'gas limit',
  'gas used',
  'timestamp',
  'extra-data',
  'mix hash',
  'nonce',
  'base fee per gas',
];

/** Where the fields of a header lie, as far as their lengths can be followed. */
function locateFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  const widthOf = (at: number, short: number): number => Math.max(0, (bytes[at] ?? 0) - short);
  let at = 1 + widthOf(0, 0xf7);
  for (const label of FIELD_NAMES) {
    const first = bytes[at];
    if (first === undefined || first >= 0xc0) break;
    const width = widthOf(at, 0xb7);
    let size = first < 0x80 ? 0 : Math.min(first, 0xb7) - 0x80;
    if (width > 0) size = bytes.subarray(at + 1, at + 1 + width).reduce((sum, byte) => sum * 256 + byte, 0);
    const end = at + 1 + width + size;
    if (end > bytes.length) break;
    fields.push({ part: 'header', label, start: at, end });
    at = end;
  }
  return fields;
}

function detectChunks(chunks: readonly Uint8Array[]): Finding | undefined {
  const lists: Uint8Array[] = [];
  for (const chunk of chunks) {
    const some = splitLists(chunk);
    if (some === undefined) return undefined;
    lists.push(...some);
    checkRun(lists.length);
  }
  return findingOf(lists, 'in hex of RLP');
}

function findingOf(lists: readonly Uint8Array[], form: string): Finding | undefined {
  if (lists.length === 0) return undefined;
  if (lists.length === 1) return { what: `A Clique header, ${form}`, entries: lists.map(entryOf) };
  const trust = trustOf(lists[0] as Uint8Array, {});
  const headers = trust === undefined ? lists : lists.slice(1);
  const lead = trust === undefined ? '' : `, behind ${trust.source}`;
  return {
    what: `A run of ${count(headers.length, 'Clique header')}, ${form}${lead}`,
    entries: headers.map(entryOf),
    ...(trust && { trust }),
  };
}

function detectJson(value: unknown): Finding | undefined {
  const list = Array.isArray(value) ? value : [value];
  if (!list.some((each) => has(each, 'sha3Uncles'))) return undefined;
  if (Array.isArray(value)) checkRun(value.length);
  return findingOf(list.map(headerFromRpc), Array.isArray(value) ? 'in JSON' : 'as the RPC of a node gives it');
}

function detect(source: Source): Finding | undefined {
  return source.kind === 'json' ? detectJson(source.value) : detectChunks(source.chunks);
}

/** A genesis or checkpoint header lists its signers, which is enough to begin with. */
function trustOf(bytes: Uint8Array, config: Partial<Config>): Trust | undefined {
  try {
    const { number, extraData } = parseHeader(bytes);
    if (parseExtraData(extraData).signers.length === 0) return undefined;
    const state = createState({ header: bytes, config });
    return { state, source: number === 0n ? 'the genesis header' : `the checkpoint at block ${number}` };
  } catch {
    return undefined;
  }
}

function readTrust(source: Source): Trust {
  const value = source.kind === 'json' ? source.value : source.chunks[0];
  const { header, config } = has(value, 'header') ? value : { header: value, config: undefined };
  const bytes =
    header instanceof Uint8Array ? header : typeof header === 'string' ? bytesOfHex(header) : headerFromRpc(header);
  if (bytes === undefined) throw new Complaint('The header to trust is not hex.');
  const trust = trustOf(bytes, readConfig(config));
  if (trust !== undefined) return trust;
  parseHeader(bytes);
  throw new Complaint(
    'This header lists no signers, so nothing can begin with it: give the genesis header or a checkpoint.',
  );
}

function readConfig(value: unknown): Partial<Config> {
  if (value === undefined) return {};
  if (!isRecord(value))
    throw new Complaint('The constants of the chain are to be an object of period, epoch and londonBlock.');
  const { period, epoch, londonBlock } = value;
  for (const each of [period, epoch, londonBlock ?? undefined])
    if (each !== undefined && !(Number.isSafeInteger(each) && (each as number) >= 0))
      throw new Complaint('Period, epoch and londonBlock are to be whole numbers that are not negative.');
  return {
    ...(period !== undefined && { period: period as number }),
    ...(epoch !== undefined && { epoch: epoch as number }),
    ...(typeof londonBlock === 'number' && { londonBlock: BigInt(londonBlock) }),
  };
}

const membersOf = cachedMembers((state: State) => state.signers);

function inspect(entry: Entry, state: unknown, now: number): Report {
  const known = state as State | undefined;
  const report = inspectHeader(inputOf(entry), known === undefined ? { now } : { state: known, now });
  const rules = viewRules(report.rules, CLIQUE_ERROR_CODES);
  const { header, signer, vote } = report;
  const id = signer && hexOf(signer);
  const index = id === undefined || known === undefined ? -1 : membersOf(known).indexOf(id);
  const role =
    known === undefined
      ? 'signer'
      : index < 0
        ? 'none of the signers'
        : `signer ${index + 1} of ${known.signers.length}`;
  const facts: Fact[] = [];
  if (header) facts.push({ label: 'Time', value: timeText(header.timestamp * 1000n) });
  if (report.hash) facts.push({ label: 'Block hash', value: hexOf(report.hash), mono: true });
  if (report.message) facts.push({ label: 'What was signed', value: hexOf(report.message), mono: true });
  if (report.publicKey) facts.push({ label: 'Public key', value: hexOf(report.publicKey), mono: true });
  if (vote)
    facts.push({
      label: 'Votes',
      value: `to ${vote.authorize ? 'let in' : 'remove'} ${hexOf(vote.address)}`,
      mono: true,
    });
  if (report.signers) facts.push({ label: 'Lists', value: count(report.signers.length, 'signer') });
  return {
    status: report.status,
    rules,
    number: header?.number,
    maker: id === undefined ? undefined : { id, role },
    inTurn: report.inTurn,
    facts,
    decoded: decode(header),
    fields: fieldsOf(rules, locateFields(inputOf(entry))),
  };
}

function step(entry: Entry, state: unknown, now: number): Step {
  const before = state as State;
  const input = inputOf(entry);
  let maker: string | undefined;
  let number: bigint | undefined;
  try {
    number = parseHeader(input).number;
    const recovered = recoverHeader(input);
    maker = hexOf(recovered.signer);
    const after = applyRecovered(before, recovered, { now });
    return { ok: true, state: after, maker, number, events: eventsOf(before, after) };
  } catch (error) {
    return { ok: false, error, maker, number };
  }
}

/** Votes that a block cast. */
function eventsOf(before: State, after: State): string[] {
  const { number } = after;
  const events = listVotes(after)
    .filter((vote) => vote.number === number)
    .map(({ address, authorize }) => {
      const so = computeTally(after).find((each) => hexOf(each.address) === hexOf(address))?.votes ?? 1;
      return `a vote to ${authorize ? 'let in' : 'remove'} ${shortHex(hexOf(address))}, ${count(so, 'vote')} so far`;
    });
  return before.votes === after.votes ? [] : events;
}

export const cliqueAdapter: Adapter = {
  id: 'clique',
  name: 'Clique',
  makerName: 'signer',
  progressName: 'total difficulty',
  trustHelp:
    'A genesis or checkpoint header, in hex of RLP or as the RPC gives it; with constants of the chain other than 15 seconds and epochs of 30000 as {"header": …, "config": {"period": 5}}.',
  detect,
  readTrust,
  inspect,
  step,
  view(state) {
    const { number, totalDifficulty, signers, config } = state as State;
    const limit = Math.floor(signers.length / 2) + 1;
    return {
      number,
      members: membersOf(state as State),
      progress: totalDifficulty,
      note: `period ${config.period} s, a signer may sign one of ${limit} blocks`,
    };
  },
  expectedMaker(state, _, number) {
    const members = membersOf(state as State);
    return members[computeInTurnIndex(number, members.length)];
  },
};
