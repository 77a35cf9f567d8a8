import { createProxyTrust } from '@apportion/server/platform/http/proxies'
import { describe, expect, test } from 'vitest'

describe('a peer is a proxy of ours', () => {
  const cases: [string, boolean | string[], string, boolean][] = [
    ['never, when none is named', false, '127.0.0.1', false],
    ['always, when all are', true, '203.0.113.9', true],
    ['by its address', ['203.0.113.9'], '203.0.113.9', true],
    ['by its range', ['10.1.0.0/16'], '10.1.255.1', true],
    ['not outside of the range', ['10.1.0.0/16'], '10.2.0.1', false],
    ['by the name of the range', ['loopback'], '::1', true],
    ['also in the IPv6 form of an IPv4 address', ['10.1.0.0/16'], '::ffff:10.1.2.3', true],
    ['not by what is no address', ['loopback'], 'loopback', false],
  ]
  for (const [title, trusted, peer, expected] of cases) {
    test(title, () => expect(createProxyTrust(trusted).isTrusted(peer)).toBe(expected))
  }
})

describe('the caller is', () => {
  const trust = createProxyTrust(['10.0.0.0/8'])
  const cases: [string, string, string | undefined, string][] = [
    ['the peer, when it is no proxy', '203.0.113.9', '192.0.2.1', '203.0.113.9'],
    ['whom the proxy names', '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    [
      'whom the outermost proxy of ours names, not whom the caller names',
      '10.0.0.1',
      '1.1.1.1, 192.0.2.1, 10.0.0.2',
      '192.0.2.1',
    ],
    ['the proxy, when it names nobody', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy, when it names what is no address', '10.0.0.1', 'evil', '10.0.0.1'],
  ]
  for (const [title, peer, forwarded, expected] of cases) {
    test(title, () => expect(trust.callerOf(peer, forwarded)).toBe(expected))
  }
})
