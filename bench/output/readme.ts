/**
 * What README says of a run, between two marks.
 *
 * @module
 */

import { findRow, type Selection } from './find.js';
import { describeInterval, formatTime, type Results, type Row } from './results.js';

const START = '<!-- bench -->';
const END = '<!-- /bench -->';

/** Something of ours beside the peers' way to the same, by the names of the rows and those of README. */
interface Comparison {
  readonly label: string;
  readonly table: string;
  readonly ours: string;
  readonly peers: Readonly<Record<string, string>>;
}

const CENTRE = 'a chain of 2,000 headers by 21 validators in turn';
const HASH_PEERS = { noble: 'noble: blake2b', CCC: 'ccc: hashCkb', Lumos: 'lumos: ckbHash' };
const TREE_PEERS = { 'noble by hand': 'noble: by hand', 'CCC by hand': 'ccc: by hand' };

const COMPARISONS: readonly Comparison[] = [
  { label: 'hash of 64 bytes', table: 'hash of 64 bytes', ours: 'ours: ckbHash', peers: HASH_PEERS },
  {
    label: 'the same in batches, wasm',
    table: 'hash of 64 bytes',
    ours: 'ours: wasm verifier, batches of 256',
    peers: HASH_PEERS,
  },
  {
    label: 'merkle root of 1,000 leaves',
    table: 'merkle root of 1000 leaves',
    ours: 'ours: computeMerkleRoot',
    peers: TREE_PEERS,
  },
  {
    label: 'root from the proof of one of 1,000 leaves',
    table: 'merkle root from the proof of one of 1000 leaves',
    ours: 'ours: computeMerkleRootFromProof',
    peers: TREE_PEERS,
  },
  {
    label: 'decoding a cellbase, strictly here only',
    table: 'molecule of a cellbase',
    ours: 'ours: parseTransaction, strict',
    peers: { CCC: 'ccc: Transaction.fromBytes', Lumos: 'lumos: Transaction.unpack' },
  },
  {
    label: 'recovering one key, wasm, in batches',
    table: 'recovering one key',
    ours: 'ours: wasm verifier, batches of 128',
    peers: {
      'native addon': 'native addon: ecdsaRecover',
      libauth: 'libauth: recoverPublicKeyCompressed',
      tiny: 'tiny-secp256k1: recover',
      noble: 'noble: recoverPublicKey',
    },
  },
  {
    label: 'checking against a known key, wasm, in batches',
    table: 'checking against a known key',
    ours: 'ours: wasm verifier with hints, batches of 128',
    peers: {
      'native addon': 'native addon: ecdsaVerify',
      libauth: 'libauth: verifySignatureCompactLowS',
      tiny: 'tiny-secp256k1: verify',
      noble: 'noble: verify',
    },
  },
  {
    label: 'a header, bytes to next state, without a verifier',
    table: CENTRE,
    ours: 'ours: applyHeader one by one, no verifier',
    peers: { 'CCC and noble by hand': 'ccc and noble, by hand', 'Lumos and noble by hand': 'lumos and noble, by hand' },
  },
  {
    label: 'the same in a chain, wasm, warm',
    table: CENTRE,
    ours: 'ours: wasm, warm',
    peers: { 'CCC and noble by hand': 'ccc and noble, by hand', 'Lumos and noble by hand': 'lumos and noble, by hand' },
  },
  {
    label: 'a Clique header of a run, without a verifier',
    table: 'a run of Clique headers',
    ours: 'ours: applyHeaders, every rule, no verifier',
    peers: { '`@ethereumjs/block`': 'ethereumjs: parent and signer alone' },
  },
  {
    label: 'the same, wasm, warm',
    table: 'a run of Clique headers',
    ours: 'ours: applyHeaders, every rule, wasm, warm',
    peers: { '`@ethereumjs/block`': 'ethereumjs: parent and signer alone' },
  },
];

/** Chains of README, by their tables; the longest only if there was the time. */
const CHAINS: Readonly<Record<string, string>> = {
  [CENTRE]: '2,000 headers, 21 validators, all in turn',
  'a chain: every other header in turn, the rest by the one three turns on': 'half in turn',
  'a chain: all by the one three turns on': 'none in turn, all three turns on',
  'a chain: all out of turn, at random': 'none in turn, at random',
  'a chain by 5 validators in turn': '5 validators',
  'a chain by 101 validators in turn': '101 validators',
  'a chain by 255 validators in turn': '255 validators',
  'a chain of 100 headers': '100 headers',
  'a chain of 20,000 headers': '20,000 headers',
  'a chain of 100,000 headers': '100,000 headers',
};
const CHAIN_WAYS = ['ours: wasm, warm', 'ours: wasm, cold', 'ours: noble, warm', 'ours: noble, cold'];

/** The text between the marks. */
export function renderSection(results: Results): string {
  const { cpu, cores, node } = results.machine;
  const bare = findRow(results, { table: 'recovering one key', row: 'native addon: ecdsaRecover' });
  return [
    `${cpu}, ${cores} cores, Node ${node}: processor time of all threads together. Medians; behind them, the interval that holds the true one (${intervalOf(results)}).`,
    renderComparisons(results),
    `A header of a chain, from its bytes to the next state, 33 transactions in each block; in brackets as a multiple of the ${formatTime(bare.time.median)} in which`,
    'the native addon recovers a bare key. Each row differs from the first in one thing; noble follows 300 headers where they are not all in turn.',
    '',
    renderChains(results),
    '',
    'What attackers can do, with wasm, as a multiple of recovering every signature once and guessing nothing:',
    '',
    renderAttacks(results),
    '',
    ...results.memory.map(
      ({ headers, growth, most }) =>
        `Memory of the fold from 2,000 to ${headers.toLocaleString('en')} headers: ${formatBytes(growth)} at the end, ${formatBytes(most)} at most in between.`,
    ),
  ]
    .join('\n')
    .trim();
}

function renderComparisons(results: Results): string {
  const rows = COMPARISONS.map(({ label, table, ours, peers }) => {
    const own = findRow(results, { table, row: ours });
    const others = Object.entries(peers).map(([name, row]) => {
      const { time } = findRow(results, { table, row });
      return `${name} ${formatRatio(time.median / own.time.median)}`;
    });
    return `| ${label} | ${formatTime(own.time.median)} | ${formatInterval(own)} | ${others.join(', ')} |`;
  });
  return [
    '',
    `| | ours | ${intervalOf(results)} | the others, times as long |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function renderChains(results: Results): string {
  const measured = Object.entries(CHAINS).filter(([name]) => results.tables.some((table) => table.name === name));
  const rows = measured.map(([table, label]) => {
    const cells = CHAIN_WAYS.map((row) => renderCell(results, { table, row }));
    return `| ${label} | ${cells.join(' | ')} |`;
  });
  return ['| | wasm, warm | wasm, cold | noble, warm | noble, cold |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** A time with its multiple, or nothing where it was not measured. */
function renderCell(results: Results, selection: Selection): string {
  const table = results.tables.find(({ name }) => name === selection.table);
  const found = table?.rows.find(({ name }) => name === selection.row);
  if (found === undefined) return '';
  return `${formatTime(found.time.median)} (${formatRatio(found.ratio.median)})`;
}

function renderAttacks(results: Results): string {
  const rows = results.tables
    .filter(({ name }) => name.startsWith('attack: '))
    .flatMap(({ name, reference, rows: all }) =>
      all
        .filter((row) => row.name !== reference)
        .map((row) => {
          const { median, low, high } = row.ratio;
          return `| ${name.slice('attack: '.length)}: ${row.name} | ${median.toFixed(2)} | ${low.toFixed(2)}–${high.toFixed(2)} |`;
        }),
    );
  return [`| | ratio | ${intervalOf(results)} |`, '| --- | --- | --- |', ...rows].join('\n');
}

/** Two digits, which is about what is known. */
const formatRatio = (ratio: number): string => (ratio < 99.5 ? ratio.toPrecision(2) : ratio.toFixed(0));
const intervalOf = ({ tables }: Results): string => describeInterval(tables.flatMap(({ rows }) => rows));
const formatInterval = ({ time: { low, high } }: Row): string => `${formatTime(low)} – ${formatTime(high)}`;
const formatBytes = (bytes: number): string => `${bytes < 0 ? '−' : '+'}${Math.round(Math.abs(bytes) / 1024)} KiB`;

/** README with another section. */
export function replaceSection(readme: string, section: string): string {
  const [before, old, after] = splitReadme(readme);
  return old === section ? readme : `${before}${START}\n${section}\n${END}${after}`;
}

/** What stands between the marks of README. */
export function readSection(readme: string): string {
  return splitReadme(readme)[1];
}

function splitReadme(readme: string): [string, string, string] {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start) throw new Error(`README has no ${START} and ${END}`);
  return [readme.slice(0, start), readme.slice(start + START.length, end).trim(), readme.slice(end + END.length)];
}
