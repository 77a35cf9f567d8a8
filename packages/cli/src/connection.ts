/** How a command reaches the server: whose address and key are used, and the client that uses them. */
import { type ApiClient, createApiClient } from '@apportion/api-client/client'
import type { Credentials } from './credentials.ts'
import { exitCode } from './exit-codes.ts'
import { CommandFailure, usageFailure } from './failure.ts'
import type { World } from './world.ts'

/** The variables APPORTION_URL and APPORTION_API_KEY go before what `login` saved. */
export async function findCredentials({ settings, credentials }: World): Promise<Credentials | null> {
  const saved = await credentials.read()
  const url = settings.url === undefined ? saved?.url : parseServerUrl(settings.url)
  if (url === undefined) return null
  // A key is only ever sent to the server that gave it.
  if (settings.apiKey !== undefined) return { url, apiKey: settings.apiKey, apiKeyId: null, email: null }
  return saved !== null && saved.url === url ? saved : null
}

/** A client that acts as whoever is signed in; otherwise the command ends with exit code 3. */
export async function connect(world: World): Promise<ApiClient> {
  const found = await findCredentials(world)
  if (found !== null) return clientOf(world, found)
  throw new CommandFailure(
    'session.required',
    'Not signed in. Run: apportion login, or set APPORTION_URL and APPORTION_API_KEY.',
    { exits: exitCode.notSignedIn },
  )
}

export function clientOf({ fetch }: Pick<World, 'fetch'>, { url, apiKey }: Credentials): ApiClient {
  return createApiClient({ baseUrl: url, apiKey, fetch })
}

/**
 * A server's address without a slash at the end; a path in front of the API is kept. Without a scheme it
 * is HTTPS, and HTTP on this machine.
 */
export function parseServerUrl(text: string): string {
  const candidate = /^https?:\/\//i.test(text) ? text : `${schemeOf(text)}://${text}`
  if (!URL.canParse(candidate)) {
    throw usageFailure('url.invalid', `“${text}” is not an address. Give one like https://apportion.example`)
  }
  const { origin, pathname } = new URL(candidate)
  return (origin + pathname).replace(/\/+$/, '')
}

function schemeOf(address: string): 'http' | 'https' {
  return /^(localhost|127\.|\[::1\])/.test(address) ? 'http' : 'https'
}

/** Whether what is sent there can be read on the way: plain HTTP to another machine. */
export function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !isThisMachine(hostname)
}

/** Whether a host name means this machine. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
