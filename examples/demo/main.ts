/**
 * `npm run demo`: a network in which things go wrong, and a header-only follower that is not deceived.
 * `npm run demo -- FILE...`: whether what real blocks commit to recomputes.
 *
 * Exit code 0: all is well. 1: follower and producers disagree, or a block does not recompute. 2: the input is no block.
 */

import { checkFiles, InputError } from './files.js';
import { Disagreement, simulate } from './simulate.js';

const USAGE = `npm run demo              a network of validators, and a follower that gets its headers only
npm run demo -- FILE...   check blocks as a CKB node's RPC gives them: JSON or gzipped JSON,
                          one block, an array, or an object with "cases" whose entries hold one`;

const print = (line: string): void => console.log(line);
const files = process.argv.slice(2);

try {
  if (files.some((argument) => argument === '-h' || argument === '--help')) print(USAGE);
  else if (files.length === 0) simulate(print);
  else if (!checkFiles(files, print)) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof InputError || error instanceof Disagreement)) throw error;
  console.error(`demo: ${error.message}`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
