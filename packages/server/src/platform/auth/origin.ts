/** Whether a browser sent a request from a page of our own (the second net under the CSRF token). */

export interface OriginHeaders {
  readonly origin?: string | undefined
  readonly host?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/**
 * True when the headers do not speak against it. Browsers send `Origin` with every request that changes
 * something; programs that are not browsers send neither header.
 */
export function isFromOwnPage(headers: OriginHeaders, publicUrl: URL | null): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return false
  if (headers.origin === undefined) return true
  if (headers.origin === publicUrl?.origin) return true
  // A proxy may end TLS, so only host and port are compared with the address that was asked.
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host?.toLowerCase()
}
