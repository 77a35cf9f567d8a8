/**
 * Watches every answer of Apple's to a location's token (T3, T4): that it proves the token, and who holds the location. A
 * takeover stops what writes within one answer (invariant 4).
 */
import type { ClientConfigResponse, Envelope } from '@apportion/apple-wire/messages'
import { copyAt, type Held, hasLostClaim, heldBy, holderAfter } from '@apportion/core/tokens/claim'
import { PRODUCT_NAME } from '@apportion/core/tokens/token-state'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { askForCare, noteAnswered, noteAppleFacts, noteCopy, noteHolder } from './answers.ts'
import type { LocationRow } from './store.ts'
import { isKnownAddress } from './webhook-store.ts'

export interface WatchPorts {
  readonly db: Db
  readonly clock: Clock
  /** Where Apple reaches us; null when it cannot. */
  readonly notificationBase: URL | null
}

/** The watch over one connection. */
export interface Watch {
  /** Whether an answer so far named another holder, or said that our claim is gone. */
  readonly takenOver: () => boolean
  /** Whether an answer said that nobody holds the location although it was ours. */
  readonly claimLost: () => boolean
  readonly onEnvelope: (envelope: Envelope) => Promise<void>
  /** The whole client config, which alone tells that nobody holds the location, and where notifications go. */
  readonly onClientConfig: (config: ClientConfigResponse) => Promise<void>
}

const noteEveryMs = 60_000

/** Watches for a location as it was when the connection was made. */
export function watchAnswers(ports: WatchPorts, location: LocationRow): Watch {
  const { db, clock } = ports
  let known = location.managed_by
  let lost = false
  let notedAt = Number.NEGATIVE_INFINITY

  async function learn(held: Held): Promise<void> {
    const holder = holderAfter(known, held)
    if (hasLostClaim(known, held) && !lost) {
      lost = true
      await askForCare(db, location.id)
    }
    if (JSON.stringify(holder) === JSON.stringify(known)) return
    known = holder
    await noteHolder(db, location, holder)
  }

  return {
    takenOver: () => known !== null || lost,
    claimLost: () => lost,
    async onEnvelope({ uId, mdmInfo }) {
      const now = clock.now().getTime()
      if (uId === location.uid && now - notedAt >= noteEveryMs) {
        notedAt = now
        await noteAnswered(db, location.id, new Date(now))
      }
      // Lists leave it out where nobody claims; only the client config is taken at its word for that.
      if (mdmInfo !== undefined && mdmInfo !== null) await learn(heldBy(mdmInfo, location.mdm_id))
    },
    async onClientConfig(config) {
      const { countryISO2ACode, websiteURL, mdmInfo, notificationUrl } = config
      await noteAppleFacts(db, location.id, {
        country: countryISO2ACode ?? null,
        websiteUrl: websiteURL ?? null,
      })
      const held = heldBy(mdmInfo, location.mdm_id)
      await learn(held)
      if (held.by !== 'us' || known !== null || location.registered_at === null) return
      const host = copyAt({
        url: notificationUrl,
        known: notificationUrl === undefined || (await isKnownAddress(db, location.uid, notificationUrl)),
        ourBase: ports.notificationBase?.href ?? null,
      })
      if (host === null) return
      if (await noteCopy(db, location, { host, name: PRODUCT_NAME }))
        known = { id: null, name: PRODUCT_NAME, metadata: host }
    },
  }
}
