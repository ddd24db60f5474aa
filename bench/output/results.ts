/**
 * What a run comes to: medians with their intervals, as data and as a table for the console.
 *
 * @module
 */

import type { Samples } from '../harness/measure.js';
import { CONFIDENCE, type Estimate, estimateMedian, LEAST_SAMPLES } from '../harness/statistics.js';
import type { Group, Way } from '../harness/way.js';
import type { Memory } from '../memory.js';

/** Where it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
}

/** A way with its time, and that as a multiple of the reference of its group. */
export interface Row {
  readonly name: string;
  /** Microseconds of a unit, processor time. */
  readonly time: Estimate;
  readonly ratio: Estimate;
  /** Rounds that it took part in. */
  readonly rounds: number;
}

/** A group of ways. */
export interface Table {
  readonly name: string;
  readonly unit: string;
  /** Name of the way that the ratios are to. */
  readonly reference: string;
  readonly rows: readonly Row[];
}

/** All that is written of a run. */
export interface Results {
  readonly machine: Machine;
  readonly tables: readonly Table[];
  readonly memory: readonly Memory[];
}

/** Sums the samples of a group up; those of ways that make engines anew were taken apart. */
export function summarize({ name, unit, reference, ways }: Group, samples: Samples, fresh: Samples): Table {
  const all = ways.includes(reference) ? ways : [reference, ...ways];
  const rows = all.map((way) => summarizeWay(way, reference, way.isFresh === true ? fresh : samples));
  return { name, unit, reference: reference.name, rows };
}

function summarizeWay(way: Way, reference: Way, samples: Samples): Row {
  const own = samplesOf(way, samples);
  const base = samplesOf(reference, samples);
  const times: number[] = [];
  const ratios: number[] = [];
  own.forEach((time, round) => {
    const other = base[round];
    if (time === undefined) return;
    times.push(time);
    // What a slow moment does to both of them goes away.
    if (other !== undefined) ratios.push(time / other);
  });
  return {
    name: way.name,
    time: roundEstimate(estimateMedian(times)),
    ratio: roundEstimate(estimateMedian(ratios)),
    rounds: times.length,
  };
}

const samplesOf = (way: Way, samples: Samples): readonly (number | undefined)[] => samples.get(way) ?? [];

/** Four digits: more than is known. */
function roundEstimate({ median, low, high }: Estimate): Estimate {
  const round = (value: number): number => Number(value.toPrecision(4));
  return { median: round(median), low: round(low), high: round(high) };
}

/** The JSON of results, a row in a line. */
export function formatJson({ machine, tables, memory }: Results): string {
  const lines = (items: readonly unknown[], indent: string): string =>
    items.map((item) => `${indent}${JSON.stringify(item)}`).join(',\n');
  const blocks = tables.map(({ rows, ...table }) => {
    const head = JSON.stringify(table).slice(0, -1);
    return `    ${head},"rows":[\n${lines(rows, '      ')}\n    ]}`;
  });
  return [
    '{',
    `  "machine": ${JSON.stringify(machine)},`,
    `  "tables": [\n${blocks.join(',\n')}\n  ],`,
    `  "memory": [\n${lines(memory, '    ')}\n  ]`,
    '}\n',
  ].join('\n');
}

/** A table for the console. */
export function formatTable({ name, unit, reference, rows }: Table): string {
  const cells = rows.map((row) => [
    row.name,
    formatTime(row.time.median),
    `${formatTime(row.time.low)} – ${formatTime(row.time.high)}`,
    row.ratio.median.toFixed(2),
    `${row.ratio.low.toFixed(2)} – ${row.ratio.high.toFixed(2)}`,
  ]);
  const interval = describeInterval(rows);
  const head = [name, `a ${unit}`, interval, 'ratio', interval];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [
    line(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    `ratio to: ${reference}`,
  ].join('\n');
}

/** What the intervals of some rows are. */
export function describeInterval(rows: readonly Row[]): string {
  return rows.every(({ rounds }) => rounds >= LEAST_SAMPLES) ? `${100 * CONFIDENCE} %` : 'range';
}

/** Three digits and a unit. */
export function formatTime(microseconds: number): string {
  if (microseconds < 1) return `${(microseconds * 1000).toPrecision(3)} ns`;
  if (microseconds < 999.5) return `${Number(microseconds.toPrecision(3))} µs`;
  if (microseconds < 999_500) return `${Number((microseconds / 1000).toPrecision(3))} ms`;
  return `${Number((microseconds / 1e6).toPrecision(3))} s`;
}
