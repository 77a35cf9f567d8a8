/** Which peers are proxies of the operator's, and whom they speak for: what `trustProxy` says, without a framework. */
import { BlockList, isIP } from 'node:net'

export interface ProxyTrust {
  /** Whether what this peer says of others in headers is believed. */
  isTrusted(peer: string | undefined): boolean
  /** The address of the caller: the peer's, or the last one in `X-Forwarded-For` that is no proxy of ours. */
  callerOf(peer: string | undefined, forwardedFor: string | undefined): string
}

/** Names that stand for ranges, as Fastify has them. */
const ranges: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** `trusted` as in the configuration: all peers, none, or addresses, ranges and their names. */
export function createProxyTrust(trusted: boolean | readonly string[]): ProxyTrust {
  const list = new BlockList()
  const items = typeof trusted === 'boolean' ? [] : trusted.flatMap((item) => ranges[item] ?? [item])
  for (const item of items) add(list, item)
  const isTrusted = (peer: string | undefined): boolean => {
    if (peer === undefined || isIP(peer) === 0) return false
    return trusted === true || list.check(peer, family(peer))
  }
  return {
    isTrusted,
    callerOf(peer, forwardedFor = '') {
      const chain = [...forwardedFor.split(',').map((part) => part.trim()), peer ?? '']
      // From our side outwards: what stands before the first stranger is only the stranger's word.
      for (let index = chain.length - 1; index > 0; index--) {
        const before = chain[index - 1] ?? ''
        if (!isTrusted(chain[index]) || isIP(before) === 0) return chain[index] ?? ''
      }
      return chain[0] ?? ''
    },
  }
}

function add(list: BlockList, item: string): void {
  const [address = '', bits] = item.split('/')
  if (isIP(address) === 0) return
  if (bits === undefined) list.addAddress(address, family(address))
  else list.addSubnet(address, Number(bits), family(address))
}

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
