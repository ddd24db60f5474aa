import { hasShared } from './shared.js';

export default function setup(): void {
  if (!hasShared)
    console.warn('../shared is absent: tests on data of public chains are skipped, those on test/vectors run.');
}
