/** Content tokens and sync runs as the API shows them. Nothing of the token itself leaves the server. */
import { type Health, notificationsOffReason } from '@apportion/core/tokens/health'
import { tokenStateReason } from '@apportion/core/tokens/token-state'
import type { z } from 'zod'
import type { InspectedToken } from './inspect.ts'
import { stateOf, tokenFacts } from './location-state.ts'
import type { syncRun, token, tokenInspection } from './shapes.ts'
import { type LocationCounts, type LocationRow, updateHoursOf } from './store.ts'
import type { SyncRunRow } from './sync-runs.ts'

const noCounts = { assets: 0, total: 0, used: 0, available: 0, waiting: 0, heldOutside: 0 }

/** One token with its location, its newest sync and its counts. */
export function presentToken(
  row: LocationRow,
  more: {
    readonly counts: LocationCounts | undefined
    readonly run: SyncRunRow | undefined
    readonly health: Health | undefined
    readonly heardAt: Date | undefined
    /** Whether Apple can reach this installation at all. */
    readonly hasAddress: boolean
    readonly now: Date
  },
): z.output<typeof token> {
  const { counts, run, health, now } = more
  return {
    id: row.id,
    name: row.name,
    uid: row.uid,
    organizationName: row.organization_name,
    locationName: row.location_name,
    account: row.account,
    accountType: row.account_type,
    country: row.country,
    appleCountry: row.apple_country,
    websiteUrl: row.website_url,
    automaticUpdates: row.automatic_updates,
    updateHours: updateHoursOf(row),
    state: stateOf(row, now),
    stateReason: tokenStateReason(tokenFacts(row), now),
    health: presentHealth(health),
    managedBy: row.managed_by === null ? null : { ...row.managed_by, letGo: row.managed_by.letGo === true },
    leaving: presentLeaving(row),
    expiresAt: row.token_expires_at.toISOString(),
    uploadedAt: row.token_uploaded_at.toISOString(),
    syncEveryMinutes: row.sync_every_minutes,
    nextSyncAt: row.next_sync_at.toISOString(),
    exactAsOf: row.exact_as_of?.toISOString() ?? null,
    comparedAt: row.compared_at?.toISOString() ?? null,
    sweep: {
      at: row.swept_at?.toISOString() ?? null,
      problem:
        row.sweep_problem_code === null
          ? null
          : { code: row.sweep_problem_code, detail: row.sweep_problem_detail ?? '' },
    },
    notifications: row.notifications_from === null ? 'off' : 'on',
    notificationsOff: presentNotificationsOff(row, more.hasAddress),
    lastNotificationAt: more.heardAt?.toISOString() ?? null,
    lastAnswerAt: row.answered_at?.toISOString() ?? null,
    latestSync: run === undefined ? null : presentSyncRun(run),
    counts:
      counts === undefined
        ? noCounts
        : {
            assets: counts.assets,
            total: counts.total,
            used: counts.used,
            available: counts.available,
            waiting: counts.waiting,
            heldOutside: counts.held_outside,
          },
  }
}

type Token = z.output<typeof token>

function presentHealth(health: Health | undefined): Token['health'] {
  if (health === undefined) return { status: 'healthy', reasons: [] }
  const reasons = health.reasons.map((reason) => ({ ...reason, at: reason.at?.toISOString() ?? null }))
  return { status: health.status, reasons }
}

function presentLeaving(row: LocationRow): Token['leaving'] {
  const { leaving_since: since, leaving_licenses: licenses, leaving_phase: phase } = row
  if (since === null || licenses === null || phase === null) return null
  return { since: since.toISOString(), by: row.leaving_by ?? '', licenses, phase }
}

function presentNotificationsOff(row: LocationRow, hasAddress: boolean): Token['notificationsOff'] {
  if (row.notifications_from !== null) return null
  if (!hasAddress) {
    const text =
      'This installation has no address that Apple can reach (APPORTION_PUBLIC_URL): outcomes are asked for.'
    return { code: 'no_address', text, since: null }
  }
  const code = row.notifications_off ?? 'unregistered'
  const since = row.notifications_off_since?.toISOString() ?? null
  return { code, text: notificationsOffReason(code), since }
}

/** One sync with its progress. */
export function presentSyncRun(run: SyncRunRow): z.output<typeof syncRun> {
  return {
    id: run.id,
    cause: run.cause,
    scope: run.scope,
    state: run.state,
    phase: run.phase,
    askedAt: run.asked_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    pagesDone: run.pages_done,
    pagesTotal: run.pages_total,
    assetsSeen: run.assets_seen,
    usersSeen: run.users_seen,
    licensesSeen: run.licenses_seen,
    licensesFound: run.licenses_found,
    licensesGone: run.licenses_gone,
    assetsReread: run.assets_reread,
    problem: run.problem_code === null ? null : { code: run.problem_code, detail: run.problem_detail ?? '' },
  }
}

/** What an inspection found. */
export function presentInspection(found: InspectedToken): z.output<typeof tokenInspection> {
  return {
    organizationName: found.token.organizationName,
    expiresAt: found.expiresAt.toISOString(),
    uid: found.uid,
    locationName: found.locationName,
    country: found.country,
    accountType: found.accountType,
    suggestedName: found.locationName ?? found.token.organizationName,
    holder: found.holder === null ? null : { ...found.holder },
    known: found.known === undefined ? null : { tokenId: found.known.id, name: found.known.name },
  }
}
