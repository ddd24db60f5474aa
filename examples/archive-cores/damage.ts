/** Archives that go wrong somewhere. */

import { closeSync, copyFileSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Archive } from './archive.js';
import { generateArchive } from './generate.js';
import { makeAnchor } from './network.js';

/** A place in a record, from its start, or from its end if it is negative; and what is wrong there. */
const PLACES: readonly (readonly [string, number])[] = [
  ['the table around a header', 8],
  ['the parent hash', 12 + 40],
  ['the compact target', 12 + 7],
  ['the number', 12 + 16],
  ['the timestamp', 12 + 13],
  ['the transactions root', 12 + 70],
  ['the nonce', 12 + 207],
  ['the cellbase', 220],
  ['the end of the cellbase', -1],
];

/** Headers of whom the position says something: ends of ranges and of the archive, the first headers of a range, a list change. */
function placesOf({ count }: Archive, range: number): number[] {
  const step = Math.floor(count / 5);
  const middle = range * Math.floor(count / 2 / range);
  const wanted = [0, 1, range - 1, range, range + 3, middle + 12, step - 1, step, 2 * step + 5, count - 2, count - 1];
  return [...new Set(wanted)].filter((position) => position >= 0 && position < count);
}

/** Damages a copy of an archive in one place at a time, calls `look`, and mends it. */
export async function damageArchive(
  archive: Archive,
  path: string,
  range: number,
  look: (path: string, what: string) => Promise<void>,
): Promise<void> {
  const copy = `${path}.damaged-${process.pid}`;
  copyFileSync(path, copy);
  const file = openSync(copy, 'r+');
  const offset = Buffer.alloc(4);
  try {
    for (const [i, position] of placesOf(archive, range).entries()) {
      readSync(file, offset, 0, 4, 4 + 4 * position);
      const [what, place] = PLACES[i % PLACES.length] as readonly [string, number];
      const at = offset.readUInt32LE(0) + (place < 0 ? archive.sizeOf(position) + place : place);
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, at);
      writeSync(file, Uint8Array.of((byte[0] as number) ^ 1), 0, 1, at);
      await look(copy, `header ${position}, ${what}`);
      writeSync(file, byte, 0, 1, at);
    }
  } finally {
    closeSync(file);
    rmSync(copy);
  }
}

/**
 * Makes small archives in which somebody attests too soon after a block of the range before: the only rule that a range, verified by
 * itself, cannot judge. In the first and in the last header of a range that it is true of, and in the header after that.
 */
export async function attestTooSoon(
  path: string,
  range: number,
  workers: number,
  look: (path: string, what: string) => Promise<void>,
): Promise<void> {
  const { attestInterval } = makeAnchor().validatorList;
  for (const position of [range, range + attestInterval - 1, range + attestInterval]) {
    const made = `${path}.too-soon-${position}-${process.pid}`;
    await generateArchive({ path: made, headers: 2 * range, workers, tooSoon: position + 1 });
    await look(made, `header ${position}, attested too soon`);
    rmSync(made);
  }
}
