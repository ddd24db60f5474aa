/** CKB POA: headers with their cellbases. */
import {
  applyRecovered,
  CKB_ERROR_CODES,
  checkBlock,
  computeInTurnIndex,
  inspectHeader,
  type PoaHeader,
  parseBlock,
  parseHeader,
  parseTransaction,
  recoverHeader,
  type State,
  serializeBlock,
} from 'poa-primitives/ckb';
import type { Adapter, Entry, Fact, Field, Part, Report, Step } from '../model.js';
import { count, hexOf, sentenceOf, timeText } from '../text.js';
import { detect, readTrust } from './ckbInput.js';
import { cachedMembers, decode, fieldsOf, listText, viewRules } from './common.js';

/** Where the fields of a header lie. */
const HEADER_FIELDS: readonly Field[] = (
  [
    ['version', 0, 4],
    ['compact target', 4, 8],
    ['timestamp', 8, 16],
    ['number', 16, 24],
    ['epoch', 24, 32],
    ['parent hash', 32, 64],
    ['transactions root', 64, 96],
    ['proposals hash', 96, 128],
    ['extra hash', 128, 160],
    ['dao', 160, 192],
    ['nonce', 192, 208],
  ] as const
).map(([label, start, end]) => ({ part: 'header', label, start, end }));

function inputOf(entry: Entry): PoaHeader {
  const [header, cellbase] = entry;
  return { header: header?.bytes ?? new Uint8Array(), cellbase: cellbase?.bytes ?? new Uint8Array() };
}

function inspect(entry: Entry, state: unknown, now: number): Report {
  const known = state as State | undefined;
  const input = inputOf(entry);
  const report = inspectHeader(input, known === undefined ? { now } : { state: known, now });
  const rules = viewRules(report.rules, CKB_ERROR_CODES);
  const { header, attester } = report;
  const id = attester && hexOf(attester);
  const index = id === undefined || known === undefined ? -1 : membersOf(known).indexOf(id);
  const size = known?.validatorList.pubkeyHashes.length ?? 0;
  const role =
    known === undefined ? 'attester' : index < 0 ? 'no validator of the list' : `validator ${index + 1} of ${size}`;
  const facts: Fact[] = [];
  if (header) facts.push({ label: 'Time', value: timeText(header.timestamp) });
  if (report.hash) facts.push({ label: 'Block hash', value: hexOf(report.hash), mono: true });
  if (report.message) facts.push({ label: 'What was signed', value: hexOf(report.message), mono: true });
  if (report.publicKey) facts.push({ label: 'Public key', value: hexOf(report.publicKey), mono: true });
  if (report.transactionsCount !== undefined)
    facts.push({ label: 'Transactions', value: `${report.transactionsCount}, as far as the attester can be trusted` });
  const votes = report.votingTxs ?? [];
  if (votes.length > 0)
    facts.push({
      label: 'Votes',
      value: `${count(votes.length, 'transaction')} that would change the validator list, of ${listText(votes.map(({ length }) => `${length}`))} bytes`,
    });
  // Where the header is refused already, the block is for the same reason.
  if (known !== undefined && report.status === 'passed' && entry.some(({ name }) => name === 'block'))
    facts.push({ label: 'Whole block', value: checkWhole(entry, known, now) });
  return {
    status: report.status,
    rules,
    number: header?.number,
    maker: id === undefined ? undefined : { id, role },
    inTurn: report.inTurn,
    facts,
    decoded: decode(header),
    fields: fieldsOf(rules, [...HEADER_FIELDS, ...cellbaseFields(input.cellbase)]),
  };
}

/** What a full node checks beyond the header, of the block with whatever was edited in it. */
function checkWhole(entry: Entry, state: State, now: number): string {
  const { bytes } = entry.find(({ name }) => name === 'block') as Part;
  const { header, cellbase } = inputOf(entry);
  const block = parseBlock(bytes);
  const transactions = [parseTransaction(cellbase), ...block.transactions.slice(1)];
  try {
    checkBlock(state, serializeBlock({ ...block, header: parseHeader(header), transactions }), { now });
    return 'holds too: its transactions, proposals and extension are those of the header';
  } catch (error) {
    return `does not hold. ${sentenceOf(error)}`;
  }
}

/** The null input is all of a cellbase that every reader can find by itself. */
function cellbaseFields(cellbase: Uint8Array): Field[] {
  try {
    const { witnesses } = parseTransaction(cellbase);
    const [witness] = witnesses;
    if (witness === undefined) return [];
    const end = cellbase.length;
    return [
      { part: 'cellbase', label: 'first witness: CellbaseWitness, then POAContext', start: end - witness.length, end },
    ];
  } catch {
    return [];
  }
}

function step(entry: Entry, state: unknown, now: number): Step {
  const before = state as State;
  const input = inputOf(entry);
  let maker: string | undefined;
  let number: bigint | undefined;
  try {
    number = parseHeader(input.header).number;
    const recovered = recoverHeader(input);
    maker = hexOf(recovered.attester);
    const after = applyRecovered(before, recovered, { now });
    return { ok: true, state: after, maker, number, events: eventsOf(before, after) };
  } catch (error) {
    return { ok: false, error, maker, number };
  }
}

/** What a vote changed beyond who joins and who leaves. */
function eventsOf(before: State, after: State): string[] {
  const [a, b] = [before.validatorList, after.validatorList];
  const events: string[] = [];
  if (a.voteLimit !== b.voteLimit) events.push(`VOTE_LIMIT ${a.voteLimit} becomes ${b.voteLimit}`);
  if (a.attestInterval !== b.attestInterval)
    events.push(`ATTEST_INTERVAL ${a.attestInterval} becomes ${b.attestInterval}`);
  const [old, wanted] = [membersOf(before), membersOf(after)];
  const stay = old.filter((each) => wanted.includes(each));
  if (wanted.filter((each) => old.includes(each)).some((each, i) => each !== stay[i]))
    events.push('validators stand in another order');
  return events;
}

const membersOf = cachedMembers((state: State) => state.validatorList.pubkeyHashes);

export const ckbAdapter: Adapter = {
  id: 'ckb',
  name: 'CKB POA',
  makerName: 'attester',
  progressName: 'total difficulty',
  trustHelp:
    'The state after the parent block, in hex of serializeState, or the genesis block of the network, in hex or as the RPC gives it.',
  detect,
  readTrust,
  inspect,
  step,
  view(state) {
    const { number, totalDifficulty, validatorList } = state as State;
    const { attestInterval, voteLimit } = validatorList;
    return {
      number,
      members: membersOf(state as State),
      progress: totalDifficulty,
      note: `ATTEST_INTERVAL ${attestInterval}, VOTE_LIMIT ${voteLimit}`,
    };
  },
  expectedMaker(state, _, number) {
    const members = membersOf(state as State);
    return members[computeInTurnIndex(number, members.length)];
  },
};
