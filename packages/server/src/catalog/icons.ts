/**
 * Icons of titles (C1): fetched from Apple's artwork hosts the first time somebody looks, then served from the
 * database, so that no browser of an administrator ever asks a third party.
 */
import { artworkUrl } from '@apportion/apps-books/title'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'

export interface IconPorts {
  readonly db: Db
  readonly clock: Clock
  readonly fetch: typeof fetch
  /** Hosts that icons may come from; `*.` in front stands for any subdomain. */
  readonly hosts: readonly string[]
  /** For the simulator: plain HTTP to this machine. */
  readonly allowLoopbackHttp: boolean
}

export interface Icon {
  readonly mediaType: string
  readonly bytes: Buffer
}

/** Pixels of the icon's side: sharp at 64 on a dense display, small enough for lists. */
const iconSize = 128
const largestIcon = 1_048_576
const patienceMs = 10_000

/** Gives the icon, or null when there is none or Apple's host does not give it now. */
export async function iconOf(ports: IconPorts, country: string, adamId: string): Promise<Icon | null> {
  const { rows } = await sql<{ artwork_url: string | null; bytes: Buffer | null; media_type: string | null }>`
    SELECT t.artwork_url, i.bytes, i.media_type FROM titles t LEFT JOIN title_icons i
      ON i.country = t.country AND i.adam_id = t.adam_id AND i.artwork_url = t.artwork_url
    WHERE t.country = ${country} AND t.adam_id = ${adamId}`.execute(ports.db)
  const [row] = rows
  if (row?.bytes != null && row.media_type !== null) return { bytes: row.bytes, mediaType: row.media_type }
  if (row?.artwork_url == null) return null
  const icon = await fetchIcon(ports, row.artwork_url)
  if (icon !== null) await keep(ports, { country, adamId, artwork: row.artwork_url, icon })
  return icon
}

/** The token is never sent along, and only images from listed hosts are taken. */
async function fetchIcon(ports: IconPorts, template: string): Promise<Icon | null> {
  const address = artworkUrl(template, iconSize)
  if (!URL.canParse(address) || !isAllowed(new URL(address), ports)) return null
  try {
    const response = await ports.fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    })
    const mediaType = response.headers.get('content-type')?.split(';', 1)[0]?.trim() ?? ''
    if (!response.ok || !['image/png', 'image/jpeg', 'image/webp'].includes(mediaType)) return null
    const bytes = Buffer.from(await response.arrayBuffer())
    return bytes.length > largestIcon ? null : { bytes, mediaType }
  } catch {
    return null
  }
}

function isAllowed(url: URL, { hosts, allowLoopbackHttp }: IconPorts): boolean {
  const isLoopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]'
  if (allowLoopbackHttp && isLoopback) return true
  if (url.protocol !== 'https:' || url.port !== '') return false
  return hosts.some((host) =>
    host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host,
  )
}

async function keep(
  { db, clock }: IconPorts,
  kept: { readonly country: string; readonly adamId: string; readonly artwork: string; readonly icon: Icon },
): Promise<void> {
  const { country, adamId, artwork, icon } = kept
  await sql`INSERT INTO title_icons (country, adam_id, media_type, bytes, artwork_url, fetched_at)
    VALUES (${country}, ${adamId}, ${icon.mediaType}, ${icon.bytes}, ${artwork}, ${clock.now()})
    ON CONFLICT (country, adam_id) DO UPDATE SET media_type = excluded.media_type, bytes = excluded.bytes,
      artwork_url = excluded.artwork_url, fetched_at = excluded.fetched_at`.execute(db)
}
