/** Data of public chains that the project does not hold itself: read in place, where it is there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const folder = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));

/** Whether `../shared` is there; tests that need it skip where it is not. */
export const hasShared: boolean = existsSync(folder);

/** Path of a shared vector file. */
export const sharedPath = (name: string): string => folder + name;

/** A shared vector file, unpacked if its name ends in `.gz`. */
export function readShared(name: string): any {
  const bytes = readFileSync(sharedPath(name));
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}
