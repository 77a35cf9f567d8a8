/**
 * Who holds a location at Apple, as one of its answers tells (T4). Apple has no compare-and-swap: the last writer wins,
 * and every answer that carries `mdmInfo` says who that was.
 */
import type { Holder } from './token-state.ts'

/** `mdmInfo` as answers carry it; absent while nobody has ever set one or it was taken away. */
export interface SaidOfHolder {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly metadata?: string | undefined
}

/** The id left behind where Apple does not let `mdmInfo` be cleared: the nil UUID, which no service can have drawn. */
export const RELEASED_ID = '00000000-0000-0000-0000-000000000000'

/** What an answer says: we hold it, nobody does, or another. */
export type Held =
  | { readonly by: 'us' }
  | { readonly by: 'nobody' }
  | { readonly by: 'other'; readonly holder: Holder }

/** Reads `mdmInfo`; `ourId` is null while the location was never claimed by us. */
export function heldBy(said: SaidOfHolder | null | undefined, ourId: string | null): Held {
  if (said === null || said === undefined) return { by: 'nobody' }
  const id = said.id?.trim().toLowerCase() ?? ''
  if (ourId !== null && id === ourId.toLowerCase()) return { by: 'us' }
  // All empty is how a service may let go that cannot leave the fields out.
  if (id === RELEASED_ID || (id === '' && (said.name ?? '') === '')) return { by: 'nobody' }
  return {
    by: 'other',
    holder: { id: said.id ?? null, name: said.name ?? null, metadata: said.metadata ?? null },
  }
}

/**
 * What the holder becomes after an answer. One that let go is remembered as such: taking over needs an explicit word, since
 * administrators may have moved the location on purpose.
 */
export function holderAfter(known: Holder | null, held: Held): Holder | null {
  if (held.by === 'other') return held.holder
  if (held.by === 'us') return known !== null && known.id === null ? known : null
  return known === null ? null : { ...known, letGo: true }
}

/** Whether our claim itself has vanished: nobody holds the location, and nobody has held it since we did. */
export function hasLostClaim(known: Holder | null, held: Held): boolean {
  return known === null && held.by === 'nobody'
}

/** An address registered for notifications under our own id. */
export interface RegisteredAddress {
  /** As Apple tells it; undefined when none is registered. */
  readonly url: string | undefined
  /** Whether it is one of those that we made. */
  readonly known: boolean
  /** The public address of this installation; null when it has none. */
  readonly ourBase: string | null
}

/**
 * The host of a copy of this installation, which writes under the same id: Apple tells an address under our id that we
 * never made and that is not on our host. Null when there is no such sign: a restored backup on the same host does not know
 * its newest address either.
 */
export function copyAt({ url, known, ourBase }: RegisteredAddress): string | null {
  if (url === undefined || known || !URL.canParse(url)) return null
  const { host } = new URL(url)
  return ourBase !== null && new URL(ourBase).host === host ? null : host
}
