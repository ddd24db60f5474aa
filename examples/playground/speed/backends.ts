/** What the speed test compares: verifiers, which recover signatures in batches. Each is made ready inside the worker. */
import { createVerifier, type RecoverBatch } from 'poa-primitives';
import {
  type PoaHeader,
  parsePoaContext,
  parseTransaction,
  recoverHeader,
  splitCellbaseWitness,
} from 'poa-primitives/ckb';
import { createWasmBackend } from 'poa-primitives/wasm';

/** Names of what is compared, for the page. */
export const backends = [
  { id: 'noble', label: 'noble', about: 'plain JavaScript, the default' },
  { id: 'wasm', label: 'wasm', about: 'the backend of poa-primitives/wasm' },
  {
    id: 'known',
    label: 'wasm with known keys',
    about: 'the same where validators were seen before, as in a chain that is followed',
  },
] as const;

export type BackendId = (typeof backends)[number]['id'];

/** Signatures of a batch: few enough that the page hears of them often, many enough to share work. */
const BATCH = { noble: 20, wasm: 240, known: 240 } as const satisfies Record<BackendId, number>;

/** Makes one ready: gives a function that recovers a batch, and says how many signatures it had. */
export async function prepare(id: BackendId, inputs: readonly PoaHeader[]): Promise<() => number> {
  const verifier = createVerifier(id === 'noble' ? {} : { backend: await createWasmBackend() });
  const count = BATCH[id];
  const messages = new Uint8Array(32 * count);
  const signatures = new Uint8Array(65 * count);
  const hints = new Int32Array(count).fill(-1);
  const wanted: Uint8Array[] = [];
  const recovered = inputs.slice(0, count).map((input) => ({ ...recoverHeader(input), signature: signatureOf(input) }));
  for (let i = 0; i < count; i++) {
    const { message, signature, publicKey } = recovered[i % recovered.length] as (typeof recovered)[number];
    messages.set(message, 32 * i);
    signatures.set(signature, 65 * i);
    if (id === 'known') hints[i] = verifier.admit(publicKey);
    wanted.push(publicKey);
  }
  const batch: RecoverBatch = { count, messages, signatures, hints, policy: 'low' };
  const { keys, statuses } = verifier.recover(batch);
  // A figure is worth something only if the keys are right: x of each must be that of the compressed key.
  const isRight = wanted.every(
    (key, i) => statuses[i] === 0 && key.slice(1).every((byte, at) => byte === keys[64 * i + at]),
  );
  if (!isRight) throw new Error('it recovers other keys');
  return () => {
    verifier.recover(batch);
    return count;
  };
}

function signatureOf({ cellbase }: PoaHeader): Uint8Array {
  const [witness] = parseTransaction(cellbase).witnesses;
  return parsePoaContext(splitCellbaseWitness(witness as Uint8Array).poaContext).signature;
}
