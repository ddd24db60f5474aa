/**
 * Rows of results by name.
 *
 * @module
 */

import type { Results, Row } from './results.js';

/** Names of a table and of one of its rows. */
export interface Selection {
  readonly table: string;
  readonly row: string;
}

/** The row of a name, which has to be there. */
export function findRow({ tables }: Results, { table, row }: Selection): Row {
  const found = tables.find(({ name }) => name === table)?.rows.find(({ name }) => name === row);
  if (found === undefined) throw new Error(`no "${row}" in "${table}"`);
  return found;
}
