/** An input for each code of the bootstrap of a Clique network. */
import {
  applyEndpointLog,
  buildGenesis,
  computeBootProgress,
  createBootState,
  genesisFromJson,
  parseEndpointLog,
  parseEnode,
  parsePublishEndpoint,
  serializeEndpointLog,
} from 'poa-primitives/clique';

const fill = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const validators = [fill(20, 1), fill(20, 2)] as const;
const request = { chainId: 1n, validators, timestamp: 0n };
const account = { address: fill(20, 1), balance: 0n };
const file = {
  config: { chainId: 1, clique: {} },
  extraData: `0x${'00'.repeat(32)}${'aa'.repeat(20)}${'00'.repeat(65)}`,
  gasLimit: '0x989680',
  difficulty: '0x1',
  alloc: {},
};
const boot = createBootState({ metachainId: fill(32, 7), validators, consensus: fill(20, 0xcc), core: fill(20, 0xc0) });
const key =
  '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace24351232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
const log = (change: object = {}, position = { blockNumber: 1n, logIndex: 0 }) => ({
  address: fill(20, 0xcc),
  position,
  ...serializeEndpointLog({
    metachainId: fill(32, 7),
    core: fill(20, 0xc0),
    validator: fill(20, 1),
    service: 'enode',
    endpoint: `enode://${key}@10.0.0.1:30303`,
    ...change,
  }),
});
/** Throws the reason for which the first endpoint makes no peer. */
const reasonOf = (...logs: ReturnType<typeof log>[]): never => {
  throw computeBootProgress(logs.reduce(applyEndpointLog, boot)).unusable[0]?.error;
};

export const bootstrapInputs = {
  VALIDATORS_EMPTY: () => buildGenesis({ ...request, validators: [] }),
  VALIDATOR_DUPLICATE: () => buildGenesis({ ...request, validators: [fill(20, 1), fill(20, 1)] }),
  VALIDATOR_ZERO: () => buildGenesis({ ...request, validators: [fill(20, 0)] }),
  GENESIS_ALLOC_DUPLICATE: () => buildGenesis({ ...request, alloc: [account, account] }),
  GENESIS_FORKS_UNORDERED: () => buildGenesis({ ...request, forks: { londonBlock: 0n } }),
  GENESIS_FORK_UNSUPPORTED: () =>
    genesisFromJson({ ...file, config: { ...file.config, londonBlock: 0, shanghaiTime: 0 } }),
  GENESIS_NOT_CLIQUE: () => genesisFromJson({ ...file, config: { chainId: 1 } }),
  GENESIS_NUMBER_NOT_ZERO: () => genesisFromJson({ ...file, number: '0x1' }),
  ENDPOINT_SELECTOR_MISMATCH: () => parsePublishEndpoint(fill(4, 0)),
  ENDPOINT_TOPIC_MISMATCH: () => parseEndpointLog({ topics: [], data: new Uint8Array() }),
  ENDPOINT_MALFORMED: () => parseEndpointLog({ ...log(), data: new Uint8Array() }),
  ENODE_MALFORMED: () => parseEnode('http://example.org'),
  ENODE_IS_RECORD: () => parseEnode('enr:'),
  ENODE_KEY_INVALID: () => parseEnode('enode://01010101'),
  ENODE_HOST_INVALID: () => parseEnode(`enode://${key}@10.0.0.256:30303`),
  ENODE_PORT_INVALID: () => parseEnode(`enode://${key}@10.0.0.1:65536`),
  ENDPOINT_CONTRACT_FOREIGN: () => applyEndpointLog(boot, { ...log(), address: fill(20, 1) }),
  ENDPOINT_METACHAIN_FOREIGN: () => applyEndpointLog(boot, log({ metachainId: fill(32, 8) })),
  ENDPOINT_CORE_FOREIGN: () => applyEndpointLog(boot, log({ core: fill(20, 1) })),
  ENDPOINT_VALIDATOR_UNKNOWN: () => applyEndpointLog(boot, log({ validator: fill(20, 3) })),
  ENDPOINT_LOG_CONFLICT: () => applyEndpointLog(applyEndpointLog(boot, log()), log({ endpoint: 'other' })),
  ENDPOINT_LOG_UNKNOWN: () => applyEndpointLog(boot, { ...log(), removed: true }),
  ENODE_NOT_DIALABLE: () => reasonOf(log({ endpoint: `enode://${key}` })),
  ENODE_DUPLICATE: () => reasonOf(log(), log({ validator: fill(20, 2) }, { blockNumber: 2n, logIndex: 0 })),
};
