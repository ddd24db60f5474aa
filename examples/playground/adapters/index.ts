/** All protocols that the page knows. */
import type { Adapter, Finding, ProtocolId, Source } from '../model.js';
import { Complaint } from '../text.js';
import { ckbAdapter } from './ckb.js';
import { cliqueAdapter } from './clique.js';
import { eosioAdapter } from './eosio.js';

export const adapters: readonly Adapter[] = [eosioAdapter, cliqueAdapter, ckbAdapter];

export function adapterOf(id: ProtocolId): Adapter {
  return adapters.find((each) => each.id === id) as Adapter;
}

/** Says which protocol a text is of. */
export function detect(source: Source): { adapter: Adapter; finding: Finding } {
  for (const adapter of adapters) {
    const finding = adapter.detect(source);
    if (finding !== undefined) return { adapter, finding };
  }
  throw new Complaint(
    source.kind === 'json'
      ? 'This is JSON, but no header or block of a protocol that the page knows.'
      : 'This is hex, but no header or block of a protocol that the page knows.',
  );
}
