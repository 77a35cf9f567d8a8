/**
 * A simulated Apple as one JSON value, and back: locations, tokens, licenses, versions, events under way, titles.
 *
 * Left out: notifications that were not delivered yet, the request log, ordered faults.
 */
import type { Title } from './catalog.ts'
import type { ContentToken } from './content-token.ts'
import type { DeveloperKey } from './developer-token.ts'
import type { AppleEvent, FailureGroup } from './event.ts'
import type { LicenseBookSnapshot } from './license-book.ts'
import type { LossSnapshot } from './license-times.ts'
import { type Asset, Location, type LocationIdentity, type UserRow, type Webhook } from './location.ts'
import type { Simulation } from './simulation.ts'
import type { SubscriptionBookSnapshot } from './subscription-book.ts'
import { planPeriodEnd } from './subscription-events.ts'
import type { VersionLogSnapshot } from './version-log.ts'
import { planSteps } from './worker.ts'

type AssetSnapshot = Omit<Asset, 'number' | 'slotOf' | 'slots' | 'held'>

interface EventSnapshot extends Omit<AppleEvent, 'failures' | 'refusedAssets'> {
  readonly failures: readonly (readonly [string, FailureSnapshot])[]
  readonly refusedAssets: readonly string[]
}

interface FailureSnapshot extends Omit<FailureGroup, 'clientUserIds' | 'serialNumbers'> {
  readonly clientUserIds: readonly string[]
  readonly serialNumbers: readonly string[]
}

interface LocationSnapshot {
  readonly identity: LocationIdentity
  readonly tokens: readonly ContentToken[]
  readonly mdmInfo?: NonNullable<Location['mdmInfo']>
  readonly webhook?: Webhook
  readonly notificationTypes: Location['notificationTypes']
  readonly assets: readonly AssetSnapshot[]
  readonly book: LicenseBookSnapshot
  readonly users: readonly UserRow[]
  readonly managedAppleAccounts: readonly string[]
  readonly versions: Readonly<Record<keyof Location['versions'], VersionLogSnapshot>>
  readonly events: readonly EventSnapshot[]
  /** Absent in files of an earlier version. */
  readonly losses?: LossSnapshot
  readonly subscriptions?: SubscriptionBookSnapshot
}

export interface Snapshot {
  readonly format: 1
  /** Where the chance of this run stands, so that a restart does not repeat identifiers. */
  readonly randomPosition: number
  /** How far the clock was moved ahead of the machine's. */
  readonly clockAheadMs: number
  readonly titles: readonly Title[]
  readonly locations: readonly LocationSnapshot[]
  /** Public halves only; absent in files of an earlier version. */
  readonly developerKeys?: readonly DeveloperKey[]
}

/** The present state; it shares nothing with the simulation that goes on. */
export function takeSnapshot(simulation: Simulation): Snapshot {
  const { clock, random, catalog, locations } = simulation
  return {
    format: 1,
    randomPosition: random.position(),
    clockAheadMs: clock.kind === 'real' ? Math.max(0, clock.now() - Date.now()) : 0,
    titles: catalog.titles,
    locations: [...locations.values()].map(locationSnapshot),
    developerKeys: [...simulation.developerKeys.values()],
  }
}

/** Fills a fresh simulation, and goes on with the events that were under way. */
export function restoreSnapshot(simulation: Simulation, snapshot: Snapshot): void {
  if (snapshot.clockAheadMs > 0 && simulation.clock.kind === 'real')
    simulation.clock.advance(snapshot.clockAheadMs)
  simulation.random.continueAt(snapshot.randomPosition)
  for (const title of snapshot.titles) simulation.catalog.add(title)
  for (const key of snapshot.developerKeys ?? []) simulation.developerKeys.set(key.keyId, key)
  for (const saved of snapshot.locations) {
    const location = restoredLocation(simulation, saved)
    simulation.locations.set(location.uId, location)
    for (const token of location.tokens) simulation.tokens.set(token.text, { token, location })
    for (const each of location.subscriptions.subscriptions) planPeriodEnd(simulation, location, each)
    for (const event of location.events.values()) {
      if (event.finishedAt === undefined && !event.stuck) planSteps(simulation, location, event)
    }
  }
}

function locationSnapshot(location: Location): LocationSnapshot {
  const { uId, name, organizationName, country, platform, websiteURL, mdmInfo, webhook, versions } = location
  return {
    identity: { uId, name, organizationName, country, platform, websiteURL },
    tokens: location.tokens.map((token) => ({ ...token })),
    ...(mdmInfo && { mdmInfo }),
    ...(webhook && { webhook }),
    notificationTypes: location.notificationTypes,
    assets: location.assets.map(assetSnapshot),
    book: location.book.snapshot(),
    users: location.users.map((row) => ({ ...row })),
    managedAppleAccounts: [...location.managedAppleAccounts],
    versions: {
      assets: versions.assets.snapshot(),
      assignments: versions.assignments.snapshot(),
      users: versions.users.snapshot(),
    },
    events: [...location.events.values()].map(eventSnapshot),
    losses: location.times.snapshot(),
    subscriptions: location.subscriptions.snapshot(),
  }
}

/** Who holds it stands in the book. */
function assetSnapshot(asset: Asset): AssetSnapshot {
  const { adamId, pricingParam, productType, deviceAssignable, revocable, platforms } = asset
  const { unlimited, total, retired } = asset
  return {
    adamId,
    pricingParam,
    productType,
    deviceAssignable,
    revocable,
    platforms,
    unlimited,
    total,
    retired,
  }
}

function restoredLocation({ random }: Simulation, saved: LocationSnapshot): Location {
  const location = new Location(saved.identity, random)
  location.tokens.push(...saved.tokens.map((token) => ({ ...token })))
  location.mdmInfo = saved.mdmInfo
  location.webhook = saved.webhook
  location.notificationTypes = saved.notificationTypes
  for (const asset of saved.assets) location.addAsset(asset)
  location.book.restore(saved.book, location.assets)
  for (const row of saved.users) location.users.push({ ...withAllFields(row) })
  for (const row of location.users) {
    if (row.status === 'Registered' || row.status === 'Associated')
      location.activeUsers.set(row.clientUserId, row)
  }
  for (const account of saved.managedAppleAccounts) location.managedAppleAccounts.add(account)
  location.versions.assets.restore(saved.versions.assets)
  location.versions.assignments.restore(saved.versions.assignments)
  location.versions.users.restore(saved.versions.users)
  if (saved.losses) location.times.restore(saved.losses)
  if (saved.subscriptions) location.subscriptions.restore(saved.subscriptions)
  for (const event of saved.events) location.events.set(event.id, restoredEvent(event))
  return location
}

/** JSON leaves out what is undefined. */
function withAllFields(row: UserRow): UserRow {
  const { email, inviteCode, idHash, appleAccount } = row
  return { ...row, email, inviteCode, idHash, appleAccount }
}

function eventSnapshot(event: AppleEvent): EventSnapshot {
  const failures = [...event.failures].map(
    ([key, group]) =>
      [
        key,
        { ...group, clientUserIds: [...group.clientUserIds], serialNumbers: [...group.serialNumbers] },
      ] as const,
  )
  return { ...event, failures, refusedAssets: [...event.refusedAssets] }
}

function restoredEvent(saved: EventSnapshot): AppleEvent {
  const failures = saved.failures.map(([key, group]): [string, FailureGroup] => [
    key,
    { ...group, clientUserIds: new Set(group.clientUserIds), serialNumbers: new Set(group.serialNumbers) },
  ])
  return {
    ...saved,
    finishedAt: saved.finishedAt,
    failures: new Map(failures),
    refusedAssets: new Set(saved.refusedAssets),
  }
}
