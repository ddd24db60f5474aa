/** Nodes of a boot: who points to whom, and what each is started with. */
import fc from 'fast-check';
import { computePeers, type NodesConfig, planNodes, type Topology } from 'poa-primitives/eosio';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/arbitraries.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const KEY = 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt';
const ROOT_KEY = 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm';
const SEED_NAMES = ['accountnum11', 'accountnum22', 'accountnum33', 'accountnum44'];

/** Producers whose names count up: a1, a2 and so on in letters. */
const producers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `p${String(i)
      .padStart(4, '0')
      .replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] as string)}`,
    publicKey: KEY,
  }));

/** Whether every node is reached from the first, whoever lists whom. */
function isConnected(lists: readonly (readonly number[])[]): boolean {
  const both = lists.map((peers) => new Set(peers));
  lists.forEach((peers, i) => {
    for (const peer of peers) both[peer]?.add(i);
  });
  const seen = new Set<number>(lists.length === 0 ? [] : [0]);
  for (const node of seen) for (const peer of both[node] ?? []) seen.add(peer);
  return seen.size === lists.length;
}

const topology = (count: number): fc.Arbitrary<Topology> =>
  fc.oneof(
    fc.constantFrom<Topology>({ kind: 'full' }, { kind: 'earlier' }, { kind: 'ring' }, { kind: 'star' }),
    fc.record({ kind: fc.constant('star' as const), hub: fc.nat({ max: Math.max(0, count - 1) }) }),
    fc.nat({ max: 60 }).map((degree) => ({ kind: 'regular' as const, degree })),
  );

describe('computePeers', () => {
  it('always connects the nodes, and no node lists itself, another twice, or what is no node', () => {
    const cases = fc.nat({ max: 40 }).chain((count) => fc.tuple(fc.constant(count), topology(count)));
    fc.assert(
      fc.property(cases, ([count, wanted]) => {
        let lists: number[][];
        try {
          lists = computePeers(count, wanted);
        } catch {
          expect(wanted.kind).toBe('regular');
          return;
        }
        expect(lists.length).toBe(count);
        expect(isConnected(lists)).toBe(true);
        lists.forEach((peers, i) => {
          expect([...new Set(peers)].sort((a, b) => a - b)).toEqual(peers);
          expect(peers.every((peer) => peer !== i && peer >= 0 && peer < count)).toBe(true);
          if (wanted.kind === 'regular') expect(peers.length).toBe(wanted.degree);
          if (wanted.kind !== 'earlier') expect(peers.every((peer) => lists[peer]?.includes(i))).toBe(true);
        });
      }),
      { numRuns: runs(500) },
    );
  });

  it('has each degree that there is, and refuses the others', () => {
    for (let count = 0; count <= 12; count++)
      for (let degree = -1; degree <= 13; degree++) {
        const call = () => computePeers(count, { kind: 'regular', degree });
        const isPossible =
          degree >= 0 &&
          degree <= Math.max(0, count - 1) &&
          degree >= Math.min(2, Math.max(0, count - 1)) &&
          (degree * count) % 2 === 0;
        if (isPossible) expect(call().every((peers) => peers.length === degree)).toBe(true);
        else expectCode(call, 'TOPOLOGY_INVALID');
      }
    for (const degree of [1.5, Number.NaN, '2'])
      expectCode(() => computePeers(4, { kind: 'regular', degree: degree as number }), 'TOPOLOGY_INVALID');
  });

  it('refuses a hub that is no node, a kind that is none, and too many nodes', () => {
    for (const hub of [3, -1, 0.5, Number.NaN, '0'])
      expectCode(() => computePeers(3, { kind: 'star', hub: hub as number }), 'TOPOLOGY_INVALID');
    expect(computePeers(3, { kind: 'star', hub: 2 })).toEqual([[2], [2], [0, 1]]);
    expectCode(() => computePeers(3, { kind: 'tree' } as never), 'TOPOLOGY_INVALID');
    expectCode(() => computePeers(3, { kind: 'x'.repeat(99) } as never), 'TOPOLOGY_INVALID');
    expectCode(() => computePeers(1_001, { kind: 'ring' }), 'OUT_OF_RANGE');
    expect(() => computePeers(3, 'ring' as never)).toThrow(TypeError);
  });
});

describe.skipIf(!hasShared)('node-config.json', () => {
  const vectors = hasShared ? readShared('eosio/node-config.json') : { topology_cases: [] };
  const portOf = (address: string) => Number(address.split(':')[1]);

  it('has the peers of the seed', () => {
    const { peers, ports } = vectors.topology_cases.find(({ style }: { style: string }) => style === 'seed');
    const { nodes } = planNodes({ producers: SEED_NAMES.map((name) => ({ name, publicKey: KEY })) });
    expect(nodes.map(({ address }) => portOf(address))).toEqual(ports);
    expect(Object.fromEntries(nodes.map((node) => [portOf(node.address), node.peers.map(portOf)]))).toEqual(peers);
  });

  it('has the peers of the script', () => {
    const { peers, nodes: count } = vectors.topology_cases.find(({ style }: { style: string }) => style === 'script');
    const plan = planNodes({ sequence: 'script', bootKey: ROOT_KEY, producers: producers(count - 1) });
    expect(Object.fromEntries(plan.nodes.map((node) => [node.number, node.peers.map(portOf)]))).toEqual(peers);
    expect(plan.nodes.map(({ http }) => http)).toEqual([0, 1, 2, 3, 4].map((i) => `127.0.0.1:${8000 + i}`));
    expect(plan.peerEntries).toBe((count * (count - 1)) / 2);
    expect(plan.connections).toBe((count * (count - 1)) / 2);
  });

  it('has the options of the script in their order', () => {
    const plan = planNodes({
      sequence: 'script',
      bootKey: ROOT_KEY,
      producers: producers(3),
      genesis: '/g/genesis.json',
    });
    const options = (i: number) =>
      plan.nodes[i]?.arguments.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
    const wanted: string[] = vectors.script_node.options_in_order
      .slice(0, -1)
      .map((line: string) => line.split(/[ =]/)[0]);
    expect(options(1)).toEqual([...wanted, '--p2p-peer-address']);
    expect(options(0)).toEqual([...wanted, '--plugin', '--plugin']);
    expect(plan.nodes[0]?.arguments.slice(-4)).toEqual(
      vectors.script_node.boot_node_extra.flatMap((line: string) => line.split(' ')),
    );
    expect(plan.nodes[2]?.directory).toBe('./nodes/02-paaab');
    // Relative to the data folder.
    expect(plan.nodes[2]?.arguments).toContain('blocks');
    const absolute = planNodes({ sequence: 'script', bootKey: ROOT_KEY, producers: [], directory: '/nodes/' });
    expect(absolute.nodes[0]?.arguments).toContain('/nodes/00-eosio/blocks');
    expect(plan.nodes[1]?.arguments).toContain('13');
    expect(plan.nodes[1]?.arguments).toContain('--max-transaction-time=200');
    expect(plan.nodes[1]?.arguments).toContain(`["${KEY}","<private key of paaaa>"]`);
  });

  it('leaves out of config.ini what may not stand there', () => {
    for (const sequence of ['manual', 'script', 'spring'] as const) {
      const { nodes } = planNodes({ sequence, bootKey: ROOT_KEY, producers: producers(2) });
      for (const { configIni, configArguments } of nodes) {
        for (const name of ['genesis-json', 'genesis-timestamp', 'delete-all-blocks', 'config-dir'])
          expect(configIni).not.toContain(name);
        for (const line of configIni.trimEnd().split('\n')) expect(line).toMatch(/^[a-z0-9-]+ = [^#\n]+$/);
        if (sequence !== 'manual') expect(configArguments).toContain('--genesis-json');
      }
    }
  });
});

describe.skipIf(!hasShared)('seed-bios-boot.json', () => {
  const seed = hasShared ? readShared('eosio/seed-bios-boot.json') : { key_pairs: [], nodeos_commands: [] };
  const keyOf = (name: string) =>
    seed.key_pairs.find(({ used_for }: { used_for: string }) => used_for.startsWith(name));

  it('gives its command lines, a placeholder in the place of each private key', () => {
    const { nodes } = planNodes({
      bootKey: keyOf('eosio').public_key,
      producers: SEED_NAMES.map((name) => ({ name, publicKey: keyOf(name).public_key })),
    });
    const lines = nodes.map(({ name, command, keyPlaceholder }) => {
      expect(keyPlaceholder).toBe(`<private key of ${name}>`);
      return command.replace(keyPlaceholder, keyOf(name).private_key);
    });
    expect(lines).toEqual(seed.nodeos_commands.map(({ command }: { command: string }) => command));
  });

  it('gives their options one by one', () => {
    const { nodes } = planNodes({ producers: SEED_NAMES.map((name) => ({ name, publicKey: keyOf(name).public_key })) });
    nodes.forEach(({ arguments: words, keyPlaceholder, name }, i) => {
      const options: Record<string, (string | boolean)[]> = {};
      for (let at = 0; at < words.length; at++) {
        const option = (words[at] as string).slice(2);
        const value = words[at + 1]?.startsWith('--') === false ? (words[++at] as string) : true;
        options[option] = [
          ...(options[option] ?? []),
          value === true ? true : value.replace(keyPlaceholder, keyOf(name).private_key),
        ];
      }
      expect(options).toEqual(seed.nodeos_commands[i + 1].options);
    });
  });
});

describe('planNodes', () => {
  const plan = (more: Partial<NodesConfig>) => planNodes({ producers: producers(3), ...more });

  it('writes one line for each peer into config.ini', () => {
    const { nodes } = planNodes({ producers: SEED_NAMES.map((name) => ({ name, publicKey: KEY })) });
    expect(nodes[1]?.configIni).toBe(
      [
        'http-server-address = 127.0.0.1:8022',
        'p2p-listen-endpoint = 127.0.0.1:9022',
        'enable-stale-production = true',
        'producer-name = accountnum22',
        `private-key = [ "${KEY}","<private key of accountnum22>" ]`,
        'plugin = eosio::producer_plugin',
        'plugin = eosio::chain_api_plugin',
        'plugin = eosio::http_plugin',
        'p2p-peer-address = localhost:9011',
        'p2p-peer-address = localhost:9033',
        'p2p-peer-address = localhost:9044',
        '',
      ].join('\n'),
    );
  });

  it('gives later nodes their signature-provider', () => {
    const provider = `${KEY}=KEY:<private key of paaaa>`;
    const spring = plan({ sequence: 'spring', bootKey: ROOT_KEY });
    expect(spring.nodes[1]?.arguments).toContain(provider);
    expect(spring.nodes[1]?.arguments).not.toContain('--private-key');
    expect(spring.nodes[1]?.configIni).toContain(`signature-provider = ${provider}\n`);
    expect(spring.nodes[0]?.arguments.slice(-3)).toEqual(['--plugin', 'eosio::trace_api_plugin', '--trace-no-abis']);
    expect(plan({ keyOption: 'signature-provider' }).nodes[0]?.command).toContain(`--signature-provider '${provider}'`);
    expect(plan({ sequence: 'spring', keyOption: 'private-key' }).nodes[0]?.command).toContain(
      `--private-key '["${KEY}","<private key of paaaa>"]'`,
    );
  });

  it('opens only the ports of nodes on other hosts', () => {
    const hosts = ['LocalHost', '127.0.0.1', '[::1]', 'node.example', '192.0.2.1', '[2001:db8::1]'];
    const { nodes } = planNodes({
      producers: producers(6).map((node, i) => ({ ...node, host: hosts[i] as string })),
      topology: { kind: 'star' },
    });
    expect(nodes.map(({ listen }) => listen.replace(/:\d+$/, ''))).toEqual([
      '127.0.0.1',
      '127.0.0.1',
      '[::1]',
      '0.0.0.0',
      '0.0.0.0',
      '[::]',
    ]);
    expect(nodes.map(({ http }) => http)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `127.0.0.1:${8000 + i}`));
    expect(nodes[0]?.peers).toEqual(hosts.slice(1).map((host, i) => `${host}:${9002 + i}`));
  });

  it('takes a folder with and without a slash at its end', () => {
    const folder = (directory: string) => plan({ directory }).nodes[0]?.directory;
    expect(['/a', '/a/', '/a//', '/', '~', '~/', '.'].map(folder)).toEqual([
      '/a/paaaa',
      '/a/paaaa',
      '/a/paaaa',
      '/paaaa',
      '~/paaaa',
      '~/paaaa',
      './paaaa',
    ]);
  });

  it('warns of a full mesh that is large, with the figure', () => {
    expect(planNodes({ producers: producers(10) }).warnings).toEqual([]);
    expect(planNodes({ producers: producers(11) }).warnings).toEqual([
      { code: 'FULL_MESH_LARGE', nodes: 11, entries: 110, limit: 10 },
    ]);
    expect(planNodes({ producers: producers(26) }).warnings.map(({ code }) => code)).toEqual(['FULL_MESH_LARGE']);
    const all = planNodes({ producers: producers(30), topology: { kind: 'earlier' } }).warnings;
    expect(all[0]).toEqual({ code: 'FULL_MESH_LARGE', nodes: 30, entries: 435, limit: 10 });
    expect(all.length).toBe(31);
    expect(all[1]).toEqual({ code: 'TOO_MANY_CLIENTS', name: 'paaaa', peers: 29, limit: 25 });
    expect(planNodes({ producers: producers(30), topology: { kind: 'regular', degree: 4 } }).warnings).toEqual([]);
    expect(planNodes({ producers: producers(30), topology: { kind: 'star' } }).warnings).toEqual([
      { code: 'TOO_MANY_CLIENTS', name: 'paaaa', peers: 29, limit: 25 },
    ]);
  });

  it('warns where nobody knows the genesis node, and takes it in where that is wanted', () => {
    expect(plan({ bootKey: ROOT_KEY }).warnings).toEqual([
      { code: 'BOOT_NODE_WITHOUT_GENESIS' },
      { code: 'BOOT_NODE_ALONE', address: 'localhost:9876' },
    ]);
    const joined = plan({ bootKey: ROOT_KEY, includeBootNode: true, genesis: '~/genesis.json' });
    expect(joined.warnings).toEqual([]);
    expect(joined.nodes[1]?.peers).toContain('localhost:9876');
    for (const { arguments: words } of joined.nodes)
      expect(words.slice(0, 2)).toEqual(['--genesis-json', '~/genesis.json']);
    expect(plan({ sequence: 'script', bootKey: ROOT_KEY }).warnings).toEqual([]);
  });

  it('numbers nodes by the digits of their names, if all have other ones', () => {
    const numbers = (...names: string[]) =>
      planNodes({ producers: names.map((name) => ({ name, publicKey: KEY })) }).nodes.map(({ number }) => number);
    expect(numbers('accountnum55', 'accountnum11')).toEqual([55, 11]);
    expect(numbers('accountnum11', 'accountnun11')).toEqual([1, 2]);
    expect(numbers('accountnum11', 'accountnum1a')).toEqual([1, 2]);
  });

  const at = (more: object): NodesConfig => ({ producers: [{ ...(producers(1)[0] as object), ...more } as never] });
  it.each<[string, NodesConfig, Parameters<typeof expectCode>[1]]>([
    ['a line break in a directory', { producers: [], directory: '~/a\nplugin = evil' }, 'TEXT_UNSAFE'],
    ['a separator that some take for one', { producers: [], directory: '~/a\u2028b' }, 'TEXT_UNSAFE'],
    ['a comment in a directory', { producers: [], directory: '~/a#b' }, 'TEXT_UNSAFE'],
    ['a directory that is an option', { producers: [], directory: '--delete-all-blocks' }, 'TEXT_UNSAFE'],
    ['a directory that is none', { producers: [], directory: '' }, 'TEXT_UNSAFE'],
    ['a space that config.ini would cut off', { producers: [], directory: '~/a ' }, 'TEXT_UNSAFE'],
    ['a text that shows otherwise than it reads', { producers: [], directory: '~/\u202egpj.exe' }, 'TEXT_UNSAFE'],
    ['half of a character', { producers: [], directory: '~/\ud800' }, 'TEXT_UNSAFE'],
    ['a carriage return in the genesis', { producers: [], genesis: 'a\rb' }, 'TEXT_UNSAFE'],
    ['a line break in a host', at({ host: 'a\nb' }), 'TEXT_UNSAFE'],
    ['a port in a host', at({ host: 'a:1' }), 'TEXT_UNSAFE'],
    ['a space in a host', at({ host: 'a b' }), 'TEXT_UNSAFE'],
    ['an option for a host', at({ host: '-a' }), 'TEXT_UNSAFE'],
    ['a line break in a name', at({ name: 'abc\n' }), 'NAME_INVALID'],
    ['a name that no account has', at({ name: 'abcdefghijklj' }), 'ACCOUNT_NAME_INVALID'],
    ['no name', at({ name: '' }), 'ACCOUNT_NAME_INVALID'],
    ['the name of the genesis node', at({ name: 'eosio' }), 'NAME_TAKEN'],
    ['a name twice', { producers: [...producers(1), ...producers(1)] }, 'NAME_TAKEN'],
    ['no key', at({ publicKey: undefined }), 'PRODUCER_KEY_MISSING'],
    ['a key with a typing error', at({ publicKey: `${KEY.slice(0, -1)}u` }), 'KEY_CHECKSUM_MISMATCH'],
    ['a private key', at({ publicKey: '5K7EYY3j1YY14TSFVfqgtbWbrw3FA8BUUnSyFGgwHi8Uy61wU1o' }), 'PRIVATE_KEY_GIVEN'],
    [
      'a private key in the text of a path',
      { producers: [], directory: '~/5K7EYY3j1YY14TSFVfqgtbWbrw3FA8BUUnSyFGgwHi8Uy61wU1o' },
      'PRIVATE_KEY_GIVEN',
    ],
    ['a port for two', { producers: producers(2).map((node) => ({ ...node, number: 5 })) }, 'PORT_TAKEN'],
    [
      'a port for two, one of them HTTP',
      { producers: producers(2).map((node, i) => ({ ...node, number: 1_000 * i })) },
      'PORT_TAKEN',
    ],
    ['a port of the genesis node', { ...at({ number: 876 }), bootKey: ROOT_KEY }, 'PORT_TAKEN'],
    ['a port beyond all', at({ number: 60_000 }), 'OUT_OF_RANGE'],
    ['a number that is none', at({ number: -1 }), 'OUT_OF_RANGE'],
    ['too many nodes', { producers: producers(1_001) }, 'OUT_OF_RANGE'],
    [
      'a topology that is none',
      { producers: producers(3), topology: { kind: 'regular', degree: 3 } },
      'TOPOLOGY_INVALID',
    ],
    ['a sequence that is none', { producers: [], sequence: 'seed' as never }, 'CONFIG_INVALID'],
    ['a key option that is none', { producers: [], keyOption: 'key' as never }, 'CONFIG_INVALID'],
    ['a flag that is none', { producers: [], includeBootNode: 1 as never }, 'CONFIG_INVALID'],
  ])('refuses %s', (_, config, code) => {
    const { message } = expectCode(() => planNodes(config), code);
    expect(message).not.toContain('5K7EYY');
    expect(message.length).toBeLessThan(300);
  });

  it('knows a host by its name in upper case too', () => {
    const twice = producers(2).map((node, i) => ({
      ...node,
      number: 7,
      host: ['a.example', 'A.EXAMPLE'][i] as string,
    }));
    expectCode(() => planNodes({ producers: twice }), 'PORT_TAKEN');
    const here = producers(2).map((node, i) => ({ ...node, number: 7, host: ['localhost', '127.0.0.1'][i] as string }));
    expectCode(() => planNodes({ producers: here }), 'PORT_TAKEN');
  });

  it('gives a port of one host to another host too', () => {
    const [a, b] = producers(2).map((node, i) => ({ ...node, number: 7, host: `host${i}` }));
    expect(planNodes({ producers: [a as never, b as never] }).nodes.map(({ address }) => address)).toEqual([
      'host0:9007',
      'host1:9007',
    ]);
  });

  it('no node lists itself, whatever the topology', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('full', 'earlier', 'ring', 'star'),
        fc.boolean(),
        (count, kind, isBoot) => {
          const { nodes } = planNodes({
            producers: producers(count),
            topology: { kind } as Topology,
            ...(isBoot ? { bootKey: ROOT_KEY, includeBootNode: true } : {}),
          });
          const indexOf = new Map(nodes.map(({ address }, i) => [address, i]));
          for (const { address, peers } of nodes) expect(peers).not.toContain(address);
          expect(isConnected(nodes.map(({ peers }) => peers.map((peer) => indexOf.get(peer) as number)))).toBe(true);
        },
      ),
      { numRuns: runs(30) },
    );
  });
});
