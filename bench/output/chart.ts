/**
 * The chart of a run: what a signature and a header take, beside the peers.
 *
 * @module
 */

import * as echarts from 'echarts';
import { findRow, type Selection } from './find.js';
import { formatTime, type Results } from './results.js';

const WIDTH = 900;
const BAR = 26;
const MARGINS = { top: 46, right: 76, bottom: 44, left: 356 };
/** Greys and colours that can be read on white and on black. */
const TEXT = '#7d8590';
const LINES = '#7d859055';
const OURS = '#2f81f7';
const PEERS = '#a371f7';

/** What the axes on both sides have in common. */
const AXIS = { type: 'category', inverse: true, axisTick: { show: false }, axisLine: { show: false } } as const;

const CENTRE = 'a chain of 2,000 headers by 21 validators in turn';

/** What is shown, from top to bottom; a name alone is a heading. */
const BARS: readonly (string | (Selection & { readonly label: string }))[] = [
  'Recovering one key',
  { label: '@noble/curves', table: 'recovering one key', row: 'noble: recoverPublicKey' },
  { label: 'tiny-secp256k1', table: 'recovering one key', row: 'tiny-secp256k1: recover' },
  { label: '@bitauth/libauth', table: 'recovering one key', row: 'libauth: recoverPublicKeyCompressed' },
  { label: 'secp256k1, native addon', table: 'recovering one key', row: 'native addon: ecdsaRecover' },
  { label: 'ours, wasm, batches', table: 'recovering one key', row: 'ours: wasm verifier, batches of 128' },
  'Checking against a known key',
  { label: '@noble/curves', table: 'checking against a known key', row: 'noble: verify' },
  { label: 'secp256k1, native addon', table: 'checking against a known key', row: 'native addon: ecdsaVerify' },
  {
    label: 'ours, noble, batches',
    table: 'checking against a known key',
    row: 'ours: noble verifier with hints, a batch of 128',
  },
  {
    label: 'ours, wasm, batches',
    table: 'checking against a known key',
    row: 'ours: wasm verifier with hints, batches of 128',
  },
  'A header of a chain, bytes to next state',
  { label: 'Lumos and noble, by hand', table: CENTRE, row: 'lumos and noble, by hand' },
  { label: '@ckb-ccc/core and noble, by hand', table: CENTRE, row: 'ccc and noble, by hand' },
  { label: 'ours, without a verifier', table: CENTRE, row: 'ours: applyHeader one by one, no verifier' },
  { label: 'ours, noble, cold', table: CENTRE, row: 'ours: noble, cold' },
  { label: 'ours, noble, warm', table: CENTRE, row: 'ours: noble, warm' },
  {
    label: 'ours, the native addon recovers',
    table: CENTRE,
    row: 'ours, but the native addon recovers each key',
  },
  {
    label: 'ours, wasm, out of turn at random',
    table: 'a chain: all out of turn, at random',
    row: 'ours: wasm, warm',
  },
  { label: 'ours, wasm, in turn, cold', table: CENTRE, row: 'ours: wasm, cold' },
  { label: 'ours, wasm, in turn, warm', table: CENTRE, row: 'ours: wasm, warm' },
];

/** An SVG. */
export function drawChart(results: Results): string {
  const native = findRow(results, { table: 'recovering one key', row: 'native addon: ecdsaRecover' }).time.median;
  const bars = BARS.map((bar) =>
    typeof bar === 'string' ? { heading: bar } : { label: bar.label, time: findRow(results, bar).time.median },
  );
  const height = BAR * bars.length + MARGINS.top + MARGINS.bottom;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'sans-serif', fontSize: 13, color: TEXT },
    grid: MARGINS,
    xAxis: {
      type: 'log',
      min: 1,
      max: 10_000,
      name: 'processor time, shorter is better; each line is ten times the one before',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: TEXT },
      axisLabel: { color: TEXT, formatter: (value: number) => formatTime(value) },
      splitLine: { lineStyle: { color: LINES } },
    },
    yAxis: [
      {
        ...AXIS,
        data: bars.map((bar) => bar.heading ?? bar.label),
        axisLabel: {
          color: TEXT,
          formatter: (label: string, index: number) => (bars[index]?.heading ? `{heading|${label}}` : label),
          rich: { heading: { fontWeight: 'bold', color: TEXT, fontSize: 13 } },
        },
      },
      // Beside the bars, where nothing runs through the numbers.
      {
        ...AXIS,
        position: 'right',
        data: bars.map(({ time }) => (time === undefined ? '' : formatTime(time))),
        axisLabel: { color: TEXT, fontWeight: 'bold', interval: 0 },
      },
    ],
    series: [
      {
        type: 'bar',
        barWidth: 15,
        data: bars.map(({ label, time }) =>
          time === undefined
            ? { value: null }
            : { value: time, itemStyle: { color: label.startsWith('ours') ? OURS : PEERS } },
        ),
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: TEXT, type: 'dashed' },
          label: {
            formatter: `the native addon recovers a bare key: ${formatTime(native)}`,
            color: TEXT,
            position: 'start',
            distance: [0, 8],
          },
          data: [{ xAxis: native }],
        },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
