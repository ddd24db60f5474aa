/** EOSIO: headers with the signatures of their producers. */
import {
  applyHeader,
  computeBlockId,
  computeBlockNumber,
  computeScheduledProducer,
  computeSlotTime,
  createAnchor,
  createState,
  EOSIO_ERROR_CODES,
  findMissedSlots,
  genesisFromJson,
  inspectHeader,
  parseHeader,
  parseState,
  publicKeyToText,
  type SignedHeader,
  type State,
  signedHeaderFromRpc,
} from 'poa-primitives/eosio';
import type { Adapter, Entry, Fact, Field, Finding, Part, Report, Source, Step, Trust } from '../model.js';
import { bytesOfHex, Complaint, checkRun, count, has, hexOf, timeText } from '../text.js';
import { decode, fieldsOf, listText, viewRules } from './common.js';

/** Bytes of a packed signature of the curves that sign blocks. */
const SIGNATURE_SIZE = 66;
/** Recovering a key takes a millisecond: far more signatures than any schedule asks for would hold the page up. */
const MAX_SIGNATURES = 100;

/** Where the fields of a header lie. */
const HEADER_FIELDS: readonly Field[] = (
  [
    ['timestamp slot', 0, 4],
    ['producer', 4, 12],
    ['confirmed', 12, 14],
    ['previous', 14, 46],
    ['transaction mroot', 46, 78],
    ['action mroot', 78, 110],
    ['schedule version', 110, 114],
  ] as const
).map(([label, start, end]) => ({ part: 'header', label, start, end }));

/** Both hashes that were signed beside a header, where they came along. */
const CONTEXT = ['blockroot', 'pendingScheduleHash'] as const;

function entryOf(input: SignedHeader): Entry {
  if (input.signatures.length > MAX_SIGNATURES)
    throw new Complaint(`This is an EOSIO header with more than ${MAX_SIGNATURES} signatures.`);
  const size = input.signatures.reduce((sum, { length }) => sum + length, 0);
  const signatures = new Uint8Array(size);
  let at = 0;
  for (const signature of input.signatures) {
    signatures.set(signature, at);
    at += signature.length;
  }
  return [
    { name: 'header', title: 'Header', bytes: input.header },
    { name: 'signatures', title: 'Signatures', bytes: signatures },
    ...CONTEXT.flatMap((name): Part[] => {
      const bytes = input[name];
      return bytes === undefined
        ? []
        : [{ name, title: name === 'blockroot' ? 'Block root' : 'Hash of the pending schedule', bytes }];
    }),
  ];
}

const EMPTY = new Uint8Array();

function inputOf(entry: Entry): SignedHeader {
  const bytesOf = (name: string): Uint8Array | undefined => entry.find((part) => part.name === name)?.bytes;
  const packed = bytesOf('signatures') ?? EMPTY;
  const signatures: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += SIGNATURE_SIZE) signatures.push(packed.slice(at, at + SIGNATURE_SIZE));
  return {
    header: bytesOf('header') ?? EMPTY,
    signatures,
    blockroot: bytesOf('blockroot'),
    pendingScheduleHash: bytesOf('pendingScheduleHash'),
  };
}

/** One header in any of its JSON forms; undefined if it has none of them. */
function entryOfJson(value: unknown): Entry | undefined {
  if (has(value, 'producer_signature', 'producer')) return entryOf(signedHeaderFromRpc(value));
  if (!has(value, 'header', 'signatures') || !Array.isArray(value.signatures)) return undefined;
  const read = (name: string, text: unknown): Uint8Array => {
    const bytes = typeof text === 'string' ? bytesOfHex(text) : undefined;
    if (bytes === undefined)
      throw new Complaint(`This is an EOSIO header with its signatures, but its ${name} is not hex.`);
    return bytes;
  };
  const { header, signatures, blockroot, pendingScheduleHash } = value;
  return entryOf({
    header: read('header', header),
    signatures: signatures.map((each) => read('signature', each)),
    blockroot: blockroot === undefined ? undefined : read('blockroot', blockroot),
    pendingScheduleHash:
      pendingScheduleHash === undefined ? undefined : read('pendingScheduleHash', pendingScheduleHash),
  });
}

function detect(source: Source): Finding | undefined {
  if (source.kind === 'hex') return undefined;
  const { value } = source;
  if (!Array.isArray(value)) {
    const entry = entryOfJson(value);
    const isBlock = has(value, 'producer_signature');
    const what = isBlock
      ? 'An EOSIO block, as get_block of a node gives it'
      : 'An EOSIO header with its signatures, in JSON';
    return entry && { what, entries: [entry] };
  }
  const first = has(value[0], 'initial_key') ? 1 : 0;
  if (!has(value[first], 'producer_signature') && !has(value[first], 'signatures')) return undefined;
  checkRun(value.length - first);
  const entries = value.slice(first).map((each, i) => {
    const entry = entryOfJson(each);
    if (entry === undefined)
      throw new Complaint(`This is a run of EOSIO blocks, but number ${i + 1} of them is something else.`);
    return entry;
  });
  const trust = first === 1 ? trustGenesis(value[0]) : undefined;
  const lead = trust === undefined ? '' : ', behind their genesis';
  return { what: `A run of ${count(entries.length, 'EOSIO block')}${lead}`, entries, ...(trust && { trust }) };
}

function trustGenesis(value: unknown): Trust {
  return { state: createState(createAnchor({ genesis: genesisFromJson(value) })), source: 'the genesis of the chain' };
}

function readTrust(source: Source): Trust {
  if (source.kind === 'json') return trustGenesis(source.value);
  const [bytes] = source.chunks;
  if (bytes === undefined || source.chunks.length > 1)
    throw new Complaint('This is more than one stretch of hex: a state is one.');
  const state = parseState(bytes);
  return { state, source: `a state after block ${state.number}` };
}

const membersOf = (state: State): string[] => state.activeSchedule.producers.map(({ producerName }) => producerName);

function inspect(entry: Entry, state: unknown, now: number): Report {
  const known = state as State | undefined;
  const report = inspectHeader(inputOf(entry), known === undefined ? { now } : { state: known, now });
  const rules = viewRules(report.rules, EOSIO_ERROR_CODES);
  const { header, producer, publicKeys = [], scheduledProducer } = report;
  const index = producer === undefined || known === undefined ? -1 : membersOf(known).indexOf(producer);
  const role =
    known === undefined
      ? 'producer that the header names'
      : index < 0
        ? 'not in the schedule'
        : `producer ${index + 1} of ${membersOf(known).length}`;
  const facts: Fact[] = [];
  if (header) facts.push({ label: 'Time', value: timeText(BigInt(computeSlotTime(header.slot))) });
  if (report.id) facts.push({ label: 'Block id', value: hexOf(report.id), mono: true });
  if (report.message) facts.push({ label: 'What was signed', value: hexOf(report.message), mono: true });
  for (const key of publicKeys) facts.push({ label: 'Signed with', value: publicKeyToText(key), mono: true });
  if (scheduledProducer !== undefined) facts.push({ label: 'Whose slot', value: scheduledProducer });
  if (report.announcedSchedule)
    facts.push({
      label: 'Announces',
      value: `schedule ${report.announcedSchedule.version}: ${listText(report.announcedSchedule.producers.map(({ producerName }) => producerName))}`,
    });
  if (header)
    facts.push({
      label: 'Finality',
      value: report.isSavanna ? 'Savanna, by certificates' : 'by confirmations of producers',
    });
  return {
    status: report.status,
    rules,
    number: report.number === undefined ? undefined : BigInt(report.number),
    maker: producer === undefined ? undefined : { id: producer, role },
    inTurn: scheduledProducer === undefined ? undefined : scheduledProducer === producer,
    facts,
    decoded: decode(header),
    fields: fieldsOf(rules, HEADER_FIELDS),
  };
}

function step(entry: Entry, state: unknown, now: number): Step {
  const before = state as State;
  const input = inputOf(entry);
  let maker: string | undefined;
  let number: bigint | undefined;
  try {
    const { producer, slot } = parseHeader(input.header);
    maker = producer;
    number = BigInt(computeBlockNumber(computeBlockId(input.header)));
    const after = applyHeader(before, input, { now });
    const missed = findMissedSlots(before.activeSchedule, before.slot, slot).map((each) => ({
      id: each.producer,
      count: each.count,
    }));
    return { ok: true, state: after, maker, number, events: eventsOf(before, after), missed };
  } catch (error) {
    return { ok: false, error, maker, number };
  }
}

function eventsOf(before: State, after: State): string[] {
  const events: string[] = [];
  const pending = after.pendingSchedule?.schedule.version;
  if (pending !== undefined && pending !== before.pendingSchedule?.schedule.version)
    events.push(`announces schedule ${pending}`);
  if (after.activeSchedule.version !== before.activeSchedule.version)
    events.push(`schedule ${after.activeSchedule.version} is in force from here on`);
  return events;
}

export const eosioAdapter: Adapter = {
  id: 'eosio',
  name: 'EOSIO',
  makerName: 'producer',
  progressName: 'last irreversible block',
  trustHelp:
    'The genesis of the chain as genesis.json gives it, or the state after the parent block, in hex of serializeState.',
  detect,
  readTrust,
  inspect,
  step,
  view(state) {
    const { number, activeSchedule, lastIrreversible } = state as State;
    return {
      number: BigInt(number),
      members: membersOf(state as State),
      progress: BigInt(lastIrreversible),
      note: `schedule ${activeSchedule.version} of ${count(activeSchedule.producers.length, 'producer')}`,
    };
  },
  expectedMaker(state, entry) {
    try {
      const { slot } = parseHeader(inputOf(entry).header);
      return computeScheduledProducer((state as State).activeSchedule, slot)?.producerName;
    } catch {
      return undefined;
    }
  },
};
