/**
 * Which addresses the token may be sent to. Apple's service config names the addresses of its API, so a forged or
 * broken one could send the token anywhere; every address is therefore held against the operator's list.
 */
import { AppsBooksError } from './errors.ts'

/** Where Apple serves the API, the metadata lookup, and the metadata API for organizations (business, education). */
export const APPLE_HOSTS: readonly string[] = [
  'vpp.itunes.apple.com',
  'uclient-api.itunes.apple.com',
  'api.ent.apple.com',
  'api.edu.apple.com',
]

export interface HostRules {
  /** Exact `host` or `host:port`, or `*.suffix` for every host below the suffix. No port means the default one. */
  readonly allowedHosts: readonly string[]
  /** Allows `http:` where the host is this machine; it must be listed all the same. */
  readonly allowPlainHttpLoopback?: boolean | undefined
}

/** @throws {AppsBooksError} `apple.host_not_allowed` when nothing may be sent to the address */
export function allowedUrl(address: string, rules: HostRules): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined) throw notAllowed('an address that cannot be read', 'is not a URL')
  // The host is the only part that is safe to show: a forged address may carry anything.
  const shown = `${url.protocol}//${url.host}`
  if (url.username !== '' || url.password !== '') throw notAllowed(shown, 'carries a user name')
  if (!rules.allowedHosts.some((pattern) => matches(pattern.toLowerCase(), url.host))) {
    throw notAllowed(shown, `is not among the allowed hosts ${rules.allowedHosts.join(', ')}`)
  }
  if (url.protocol === 'https:') return url
  if (url.protocol === 'http:' && rules.allowPlainHttpLoopback === true && isLoopback(url.hostname))
    return url
  throw notAllowed(shown, 'does not use https')
}

function matches(pattern: string, host: string): boolean {
  // The dot stays in the suffix, so that *.apple.com matches neither apple.com nor pineapple.com.
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length
    : host === pattern
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function notAllowed(shown: string, why: string): AppsBooksError {
  return new AppsBooksError(
    'apple.host_not_allowed',
    `Nothing was sent: ${shown} ${why}. If Apple moved its service, add the host to the allowed hosts.`,
  )
}
