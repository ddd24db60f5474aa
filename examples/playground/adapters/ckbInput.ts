/** What a text of CKB POA turns out to be: headers with their cellbases, blocks, runs, and states to judge them by. */
import {
  blockFromRpc,
  createAnchor,
  createState,
  headerFromRpc,
  type PoaHeader,
  parseBlock,
  parsePoaHeader,
  parsePoaHeaders,
  parseState,
  poaHeaderFromRpc,
  serializeBlock,
  serializeHeader,
  serializeTransaction,
  transactionFromRpc,
} from 'poa-primitives/ckb';
import type { Entry, Finding, Source, Trust } from '../model.js';
import { bytesOfHex, Complaint, checkRun, count, has } from '../text.js';

const HEADER_SIZE = 208;

/** The parts of a header with its cellbase. */
function entryOf({ header, cellbase }: PoaHeader): Entry {
  return [
    { name: 'header', title: 'Header', bytes: header },
    { name: 'cellbase', title: 'Cellbase', bytes: cellbase },
  ];
}

const u32 = (bytes: Uint8Array, at: number): number =>
  bytes.length < at + 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

/** The same with the whole block behind it, for what only a block can show. */
function withBlock(entry: Entry, block: Uint8Array): Entry {
  return [...entry, { name: 'block', title: 'Block', bytes: block, isHidden: true }];
}

/** Header and cellbase of a molecule `Block`. */
function blockEntry(bytes: Uint8Array): Entry {
  const { header, transactions } = parseBlock(bytes);
  const [cellbase] = transactions;
  if (cellbase === undefined)
    throw new Complaint('This is a CKB block without any transaction, so without a cellbase.');
  return withBlock(entryOf({ header: serializeHeader(header), cellbase: serializeTransaction(cellbase) }), bytes);
}

/** What the first bytes say: molecule begins with its own size, a header alone does not. */
function detectBytes(bytes: Uint8Array): Finding | undefined {
  const { length } = bytes;
  if (length === HEADER_SIZE)
    return {
      what: 'A CKB header of 208 bytes, without its cellbase: who attested it stands in the cellbase',
      entries: [entryOf({ header: bytes, cellbase: new Uint8Array() })],
    };
  if (length > HEADER_SIZE + 4 && u32(bytes, HEADER_SIZE) === length - HEADER_SIZE)
    return {
      what: 'A CKB header with its cellbase, one behind the other, in hex',
      entries: [entryOf({ header: bytes.slice(0, HEADER_SIZE), cellbase: bytes.slice(HEADER_SIZE) })],
    };
  if (u32(bytes, 0) !== length) return undefined;
  return detectMolecule(bytes);
}

function detectMolecule(bytes: Uint8Array): Finding {
  const attempts: (() => Finding)[] = [
    () => ({
      what: 'A CKB header with its cellbase, in hex of a molecule POAHeader',
      entries: [entryOf(parsePoaHeader(bytes))],
    }),
    () => {
      const inputs = parsePoaHeaders(bytes);
      checkRun(inputs.length);
      return {
        what: `A run of ${count(inputs.length, 'CKB header')} with their cellbases, in hex of a molecule POAHeaderVec`,
        entries: inputs.map(entryOf),
      };
    },
    () => ({ what: 'A whole CKB block, in hex of a molecule Block', entries: [blockEntry(bytes)] }),
  ];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch (error) {
      if (error instanceof Complaint) throw error;
    }
  }
  throw new Complaint(
    'This has the size that molecule states in its first bytes, but it is no strict POAHeader, POAHeaderVec or Block of CKB.',
  );
}

function detectChunks(chunks: readonly Uint8Array[]): Finding | undefined {
  const [first, second] = chunks;
  if (first === undefined) return undefined;
  if (chunks.length === 1) return detectBytes(first);
  if (chunks.length === 2 && second !== undefined && first.length === HEADER_SIZE && u32(second, 0) === second.length)
    return { what: 'A CKB header and its cellbase, in hex', entries: [entryOf({ header: first, cellbase: second })] };
  checkRun(chunks.length);
  const found = chunks.map(detectBytes);
  if (found.some((each) => each === undefined)) return undefined;
  const entries = found.flatMap((each) => (each as Finding).entries);
  checkRun(entries.length);
  return { what: `A run of ${count(entries.length, 'CKB header')} in hex`, entries };
}

/** One header in any of its JSON forms; undefined if it has none of them. */
function entryOfJson(value: unknown): Entry | undefined {
  if (!has(value, 'header')) return undefined;
  const { header, cellbase } = value;
  if (typeof header === 'string' && typeof cellbase === 'string') {
    const [a, b] = [bytesOfHex(header), bytesOfHex(cellbase)];
    if (a === undefined || b === undefined)
      throw new Complaint('This is a CKB header with its cellbase, but one of them is not hex.');
    return entryOf({ header: a, cellbase: b });
  }
  if (has(value, 'transactions'))
    return withBlock(entryOf(poaHeaderFromRpc(value)), serializeBlock(blockFromRpc(value)));
  if (has(value, 'cellbase'))
    return entryOf({
      header: serializeHeader(headerFromRpc(header)),
      cellbase: serializeTransaction(transactionFromRpc(cellbase)),
    });
  return undefined;
}

function detectJson(value: unknown): Finding | undefined {
  if (has(value, 'compact_target', 'parent_hash'))
    return {
      what: 'A CKB header as the RPC of a node gives it, without its cellbase: who attested it stands in the cellbase',
      entries: [entryOf({ header: serializeHeader(headerFromRpc(value)), cellbase: new Uint8Array() })],
    };
  const list = Array.isArray(value) ? value : has(value, 'blocks') ? value.blocks : undefined;
  if (!Array.isArray(list)) {
    const entry = entryOfJson(value);
    if (entry === undefined) return undefined;
    const isBlock = has(value, 'transactions');
    return {
      what: isBlock ? 'A whole CKB block, as the RPC of a node gives it' : 'A CKB header with its cellbase, in JSON',
      entries: [entry],
    };
  }
  if (!has(list[0], 'header')) return undefined;
  checkRun(list.length);
  const genesis = genesisOf(list[0]);
  const rest = genesis === undefined ? list : list.slice(1);
  const entries = rest.map((each, i) => {
    const entry = entryOfJson(each);
    if (entry === undefined)
      throw new Complaint(`This is a run of CKB headers, but number ${i + 1} of them is something else.`);
    return entry;
  });
  checkRun(entries.length);
  return {
    what: `A run of ${count(entries.length, 'CKB header')} in JSON`,
    entries,
    ...(genesis && { trust: genesis }),
  };
}

/** A genesis block that stands before others is what they begin with. */
function genesisOf(value: unknown): Trust | undefined {
  if (!has(value, 'header', 'transactions') || !has(value.header, 'number') || value.header.number !== '0x0')
    return undefined;
  return trustGenesis(serializeBlock(blockFromRpc(value)));
}

function trustGenesis(genesis: Uint8Array): Trust {
  return { state: createState(createAnchor({ genesis })), source: 'the genesis block' };
}

/** What a text of CKB is. */
export function detect(source: Source): Finding | undefined {
  return source.kind === 'json' ? detectJson(source.value) : detectChunks(source.chunks);
}

/** Reads a state or a genesis block. */
export function readTrust(source: Source): Trust {
  if (source.kind === 'json') {
    const trust = genesisOf(Array.isArray(source.value) ? source.value[0] : source.value);
    if (trust === undefined) throw new Complaint('This JSON is no genesis block of CKB as a node gives it.');
    return trust;
  }
  const [bytes] = source.chunks;
  if (bytes === undefined || source.chunks.length > 1)
    throw new Complaint('This is more than one stretch of hex: a state or a genesis block is one.');
  // A block begins with its own size in four bytes, a state does not.
  if (u32(bytes, 0) === bytes.length) return trustGenesis(bytes);
  const state = parseState(bytes);
  return { state, source: `a state after block ${state.number}` };
}
