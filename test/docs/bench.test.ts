/** README and the chart say what the last run of the benchmark found. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { estimateMedian } from '../../bench/harness/statistics.js';
import { drawChart } from '../../bench/output/chart.js';
import { readSection, renderSection } from '../../bench/output/readme.js';
import { formatJson, type Results } from '../../bench/output/results.js';
import { root } from '../support/examples.js';

const read = (path: string): string => readFileSync(root + path, 'utf8');
const json = read('bench/results/results.json');
const results = JSON.parse(json) as Results;

describe('what the benchmark has written', () => {
  it('README states the results', () => expect(readSection(read('README.md'))).toBe(renderSection(results)));

  it('the chart shows the results', () => expect(read('bench/results/chart.svg')).toBe(drawChart(results)));

  it('the results are as they were written', () => expect(formatJson(results)).toBe(json));

  it('every table compares with a row of its own', () => {
    for (const { reference, rows } of results.tables) {
      const found = rows.find(({ name }) => name === reference);
      expect(found?.ratio).toEqual({ median: 1, low: 1, high: 1 });
    }
  });

  it('every median lies within its interval', () => {
    for (const { time, ratio } of results.tables.flatMap(({ rows }) => rows))
      for (const { low, median, high } of [time, ratio]) {
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
      }
  });
});

describe('estimateMedian', () => {
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => count - i);

  it.each([
    // Of so many samples as many are left out on either side as the tables of the sign test say.
    [3, 0],
    [6, 0],
    [9, 1],
    [12, 2],
    [24, 6],
    [100, 39],
  ])('of %d samples leaves out %d on either side', (count, out) =>
    expect(estimateMedian(upTo(count))).toEqual({ median: (count + 1) / 2, low: out + 1, high: count - out }),
  );
});
