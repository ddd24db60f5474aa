import { isIPv4, isIPv6 } from 'node:net';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { computeNodeId, type Enode, parseEnode, serializeEnode } from 'poa-primitives/clique';
import { describe, expect, it } from 'vitest';
import { bytesOf, runs, u16 } from '../support/arbitraries.js';
import { hex } from '../support/bytes.js';
import { expectCode } from '../support/errors.js';
import { hasShared, readShared } from '../support/shared.js';

const KEY =
  '1dd9d65c4552b5eb43d5ad55a2ee3f56c6cbc1c64a5c8d659f51fcd51bace24351232b8d7821617d2b29b54b81cdefb9b3e9c37d7fd5f63270bcc9e1a6f6a439';
const at = (address: string): string => `enode://${KEY}@${address}`;
const hostOf = (address: string): unknown => parseEnode(at(`${address}:1`)).host;
const ipOf = (address: string): string => hex((hostOf(address) as { bytes: Uint8Array }).bytes);

function expectThrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** go-ethereum's error for an input, and our code for it. */
const codes: [string, Parameters<typeof expectCode>[1]][] = [
  ['EOF', 'ENODE_IS_RECORD'],
  ['illegal base64', 'ENODE_IS_RECORD'],
  ['invalid signature', 'ENODE_IS_RECORD'],
  ['invalid port', 'ENODE_PORT_INVALID'],
  ['invalid discport', 'ENODE_PORT_INVALID'],
  ["missing 'enr:'", 'ENODE_MALFORMED'],
  ['invalid public key', 'ENODE_KEY_INVALID'],
];

describe.skipIf(!hasShared)('enode.json: the verdicts of go-ethereum', () => {
  const cases: any[] = hasShared ? readShared('clique/enode.json') : [];

  it.each(cases.filter(({ valid, kind }) => valid && kind === 'enode').map((one) => [one.input, one]))(
    'takes %s',
    (input, one) => {
      const enode = parseEnode(input);
      expect(hex(enode.publicKey)).toBe(`0x${one.publicKey}`);
      expect(hex(computeNodeId(enode))).toBe(one.nodeId);
      expect([enode.tcp, enode.udp]).toEqual([one.tcp, one.udp]);
      if (one.hostname) expect(enode.host).toEqual({ kind: 'name', name: one.hostname });
      else if (one.ip === null) expect(enode.host).toBe(null);
      else if (one.ip === '::') expect(enode.host).toEqual({ kind: 'ip', bytes: new Uint8Array(16) });
      else expect(enode.host).toMatchObject({ kind: 'ip', bytes: Uint8Array.from(one.ip.split('.'), Number) });
      expect(serializeEnode(enode)).toBe(input);
    },
  );

  it.each(cases.filter(({ valid }) => !valid).map((one) => [one.input, one]))('refuses %j', (input, one) => {
    const code = codes.find(([text]) => one.error.includes(text))?.[1];
    expect(code, one.error).toBeDefined();
    expectCode(() => parseEnode(input), code as never);
  });

  it('refuses node records, which are no URLs, good ones too', () => {
    const records = cases.filter(({ kind }) => kind === 'enr');
    expect(records.some(({ valid }) => valid)).toBe(true);
    for (const { input } of records) expectCode(() => parseEnode(input), 'ENODE_IS_RECORD');
  });
});

describe('parseEnode', () => {
  it('reads key, host and ports', () => {
    expect(parseEnode(at('10.3.58.6:30303?discport=30301'))).toEqual({
      publicKey: Uint8Array.from(Buffer.from(KEY, 'hex')),
      host: { kind: 'ip', bytes: Uint8Array.of(10, 3, 58, 6) },
      tcp: 30_303,
      udp: 30_301,
    });
    expect(parseEnode(at('a:0?discport=0'))).toMatchObject({ tcp: 0, udp: 0 });
    expect(parseEnode(`enode://${KEY.toUpperCase()}`)).toEqual(parseEnode(`enode://${KEY}`));
  });

  it('knows addresses of IPv6 in all their forms', () => {
    expect(ipOf('[::]')).toBe(`0x${'00'.repeat(16)}`);
    expect(ipOf('[::1]')).toBe(`0x${'00'.repeat(15)}01`);
    expect(ipOf('[1::]')).toBe(`0x0001${'00'.repeat(14)}`);
    expect(ipOf('[2001:DB8:3c4d:15::abcd:ef12]')).toBe('0x20010db83c4d001500000000abcdef12');
    expect(ipOf('[1:2:3:4:5:6:7:8]')).toBe('0x00010002000300040005000600070008');
    expect(ipOf('[1:2:3:4:5:6:7::]')).toBe('0x00010002000300040005000600070000');
    expect(ipOf('[64:ff9b::192.0.2.33]')).toBe('0x0064ff9b0000000000000000c0000221');
    expect(ipOf('[::ffff:192.0.2.33]')).toBe('0xc0000221');
    expect(ipOf('[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]')).toBe(`0x${'ff'.repeat(16)}`);
  });

  it('takes and refuses the hosts that Node.js does, each on its own', () => {
    const ipv6 = fc.array(fc.constantFrom('0', '1', 'ffff', '12345', 'g', '1.2.3.4', '01.2.3.4', ''), { maxLength: 9 });
    fc.assert(
      fc.property(
        ipv6.map((groups) => groups.join(':')),
        (text) => {
          let taken = true;
          try {
            ipOf(`[${text}]`);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ENODE_HOST_INVALID' });
            taken = false;
          }
          expect(taken).toBe(isIPv6(text));
        },
      ),
      { numRuns: runs(1000) },
    );
    const ipv4 = fc.array(fc.constantFrom('0', '1', '255', '256', '01', '-1', ''), { minLength: 3, maxLength: 5 });
    fc.assert(
      fc.property(
        ipv4.map((octets) => octets.join('.')),
        (text) => {
          if (isIPv4(text)) expect(ipOf(text).length).toBe(10);
          else if (!/[1-9]\.$/.test(text)) expectCode(() => hostOf(text), 'ENODE_HOST_INVALID');
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it.each([
    'localhost',
    'valid.',
    'a.b',
    'node-1.example.org',
    'node_1',
    '1a.b2',
    `${'a'.repeat(63)}.b`,
    'xn--bcher-kva.ch',
  ])('takes the name %s', (name) => expect(hostOf(name)).toEqual({ kind: 'name', name }));

  it.each<[string, string]>([
    ['', 'no host'],
    ['.', 'a dot alone'],
    ['a..b', 'an empty label'],
    ['.a', 'a dot in front'],
    ['-a', 'a hyphen in front'],
    ['a-', 'a hyphen at the end'],
    [`${'a'.repeat(64)}`, 'a label of 64 characters'],
    [`${'a.'.repeat(127)}a`, 'more than 253 characters'],
    ['bücher.ch', 'letters outside ASCII'],
    ['a b', 'a space'],
    ['a%41', 'an escape'],
    ['a@b', 'a second @'],
    ['1.2.3', 'three octets'],
    ['1.2.3.4.', 'IPv4 with a dot behind it'],
    ['1.2.3.256', 'an octet above 255'],
    ['1.2.3.04', 'an octet with a leading zero'],
    ['127.1', 'a short form of IPv4'],
    ['0x7f000001', 'IPv4 in hex'],
    ['2130706433', 'IPv4 as one number'],
    ['::1', 'IPv6 without brackets'],
    ['[]', 'empty brackets'],
    ['[::1', 'a bracket that does not close'],
    ['[127.0.0.1]', 'IPv4 in brackets'],
    ['[fe80::1%eth0]', 'a zone'],
    ['[fe80::1%25eth0]', 'an escaped zone'],
    ['[1:2:3:4:5:6:7:8::]', 'a gap for nothing'],
    ['[1::2::3]', 'two gaps'],
    ['[::1.2.3.4:5]', 'IPv4 in the middle'],
  ])('refuses the host %j, %s', (host) => {
    expectCode(() => parseEnode(at(`${host}:30303`)), 'ENODE_HOST_INVALID');
  });

  it.each([
    '',
    ':',
    ':-1',
    ':+1',
    ':01',
    ':65536',
    ':99999',
    ':123456',
    ': 1',
    ':1 ',
    ':0x1',
    ':1e3',
    ':1/',
    ':1#a',
    ':1&',
    ':१',
  ])('refuses the port %j', (port) => {
    expectCode(() => parseEnode(at(`1.2.3.4${port}`)), 'ENODE_PORT_INVALID');
    if (port.startsWith(':'))
      expectCode(() => parseEnode(at(`1.2.3.4:1?discport=${port.slice(1)}`)), 'ENODE_PORT_INVALID');
  });

  it.each<[string, Parameters<typeof expectCode>[1]]>([
    ['', 'ENODE_MALFORMED'],
    ['enode:', 'ENODE_MALFORMED'],
    ['ENODE://', 'ENODE_MALFORMED'],
    [` enode://${KEY}`, 'ENODE_MALFORMED'],
    [`http://${KEY}@1.2.3.4:5`, 'ENODE_MALFORMED'],
    [at('1.2.3.4:5?'), 'ENODE_MALFORMED'],
    [at('1.2.3.4:5?x=1'), 'ENODE_MALFORMED'],
    [at('1.2.3.4:5?Discport=1'), 'ENODE_MALFORMED'],
    [at('1.2.3.4:5?x=1&discport=1'), 'ENODE_MALFORMED'],
    [at('1.2.3.4:5?discport=1&x=1'), 'ENODE_PORT_INVALID'],
    [at(`${'a'.repeat(400)}:1`), 'ENODE_MALFORMED'],
    [at('[::]'), 'ENODE_PORT_INVALID'],
    ['enode://', 'ENODE_KEY_INVALID'],
    ['enode://@1.2.3.4:5', 'ENODE_KEY_INVALID'],
    [`enode://${KEY.slice(1)}`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY}0`, 'ENODE_KEY_INVALID'],
    [`enode://0x${KEY}`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY.slice(1)}g`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY}:password@1.2.3.4:5`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY}\n`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY}?discport=1`, 'ENODE_KEY_INVALID'],
    [`enode://${'00'.repeat(64)}`, 'ENODE_KEY_INVALID'],
    [`enode://${'ff'.repeat(64)}`, 'ENODE_KEY_INVALID'],
    [`enode://${KEY.slice(0, 127)}8`, 'ENODE_KEY_INVALID'],
  ])('refuses %j', (url, code) => {
    expectCode(() => parseEnode(url), code);
  });

  it('refuses a key whose coordinates are not reduced', () => {
    // To who reduces it, x = p + 1 names the point with x = 1.
    const point = secp256k1.Point.fromHex(`02${'00'.repeat(31)}01`)
      .toHex(false)
      .slice(2);
    expect(() => parseEnode(`enode://${point}`)).not.toThrow();
    const p = 2n ** 256n - 2n ** 32n - 977n;
    expectCode(() => parseEnode(`enode://${(p + 1n).toString(16)}${point.slice(64)}`), 'ENODE_KEY_INVALID');
  });

  it('takes no longer for a long text', () => {
    for (const text of ['.'.repeat(1e6), ':'.repeat(1e6), 'a.'.repeat(5e5), '1.'.repeat(5e5), '[::'.repeat(3e5)]) {
      const start = performance.now();
      expectCode(() => parseEnode(at(text)), 'ENODE_MALFORMED');
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  it('tells what is wrong in few words', () => {
    const { message } = expectCode(() => parseEnode(at('[::1]')), 'ENODE_PORT_INVALID');
    expect(message).toBe(
      'parseEnode.tcp: expected a colon and a port after the host, got "[::1]" [ENODE_PORT_INVALID]',
    );
    for (const url of [
      '\0'.repeat(32),
      at('\0'.repeat(300)),
      at(`a:${'\0'.repeat(32)}`),
      `enode://${'\ud800'.repeat(32)}`,
    ])
      expect((expectThrown(() => parseEnode(url)) as Error).message.length).toBeLessThan(400);
  });

  it('refuses what is no text', () => {
    expect(() => parseEnode(new Uint8Array() as never)).toThrow(TypeError);
  });
});

const publicKey = bytesOf(32)
  .filter((key) => secp256k1.utils.isValidSecretKey(key))
  .map((key) => secp256k1.getPublicKey(key, false).slice(1));
const label = fc.stringMatching(/^[a-zA-Z_](?:[a-z0-9_-]{0,8}[a-z0-9])?$/);
const host = fc.oneof(
  bytesOf(4).map((bytes) => ({ kind: 'ip' as const, bytes })),
  fc
    .array(fc.constantFrom(0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 })
    .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])))
    .map((bytes) => ({ kind: 'ip' as const, bytes })),
  fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => ({ kind: 'name' as const, name: labels.join('.') })),
);
const enodes: fc.Arbitrary<Enode> = fc.record({ publicKey, host, tcp: u16, udp: u16 });

describe('serializeEnode', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(enodes, (enode) => {
        const url = serializeEnode(enode);
        expect(parseEnode(url)).toEqual(enode);
        // The parser of the platform reads the same host.
        if (enode.host?.kind === 'ip' && enode.host.bytes.length === 16)
          expect(new URL(url.replace('enode', 'http')).hostname).toBe(
            url.slice(url.indexOf('['), url.indexOf(']') + 1),
          );
      }),
      { numRuns: runs(80) },
    );
  });

  it('writes IPv6 as RFC 5952 has it', () => {
    const write = (text: string): string => serializeEnode(parseEnode(at(`[${text}]:1`))).slice(at('[').length, -3);
    expect(write('2001:0DB8:0:0:1:0:0:1')).toBe('2001:db8::1:0:0:1');
    expect(write('0:0:0:0:0:0:0:0')).toBe('::');
    expect(write('1:0:2:3:4:5:6:7')).toBe('1:0:2:3:4:5:6:7');
    expect(write('1:0:0:3:0:0:0:7')).toBe('1:0:0:3::7');
    expect(write('::0:1:0')).toBe('::1:0');
    expect(write('1::')).toBe('1::');
  });

  it('refuses what no URL can hold', () => {
    const good = parseEnode(at('1.2.3.4:5'));
    const ip = (bytes: Uint8Array) => ({ kind: 'ip' as const, bytes });
    expectCode(() => serializeEnode({ ...good, publicKey: new Uint8Array(64) }), 'ENODE_KEY_INVALID');
    expectCode(() => serializeEnode({ ...good, publicKey: new Uint8Array(63) }), 'OUT_OF_RANGE');
    expectCode(() => serializeEnode({ ...good, tcp: 65_536 }), 'OUT_OF_RANGE');
    expectCode(() => serializeEnode({ ...good, udp: -1 }), 'OUT_OF_RANGE');
    expectCode(() => serializeEnode({ ...good, host: null }), 'OUT_OF_RANGE');
    expectCode(() => serializeEnode({ ...good, host: ip(new Uint8Array(5)) }), 'OUT_OF_RANGE');
    const mapped = new Uint8Array(16).fill(0xff, 10, 12);
    expectCode(() => serializeEnode({ ...good, host: ip(mapped) }), 'ENODE_HOST_INVALID');
    expectCode(() => serializeEnode({ ...good, host: { kind: 'name', name: '1.2.3.4' } }), 'ENODE_HOST_INVALID');
    expectCode(() => serializeEnode({ ...good, host: { kind: 'name', name: 'a:1@b' } }), 'ENODE_HOST_INVALID');
    expect(() => serializeEnode({ ...good, host: { kind: 'x' } as never })).toThrow(TypeError);
    expect(() => serializeEnode({ ...good, host: { kind: 'name', name: 1 } as never })).toThrow(TypeError);
    expect(serializeEnode({ ...good, host: null, tcp: 0, udp: 0 })).toBe(`enode://${KEY}`);
  });

  it('writes what is taken of changed texts as one and the same URL', () => {
    fc.assert(
      fc.property(enodes, fc.nat(), fc.string({ maxLength: 2 }), fc.nat(3), (enode, where, insert, cut) => {
        const url = serializeEnode(enode);
        const i = where % url.length;
        try {
          const again = serializeEnode(parseEnode(url.slice(0, i) + insert + url.slice(i + cut)));
          expect(serializeEnode(parseEnode(again))).toBe(again);
        } catch (error) {
          expect((error as Error).name).toBe('PoaError');
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
