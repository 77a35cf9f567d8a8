/**
 * A simulated Apple as one JSON value, and back: locations, tokens, versions, events under way, titles.
 *
 * Licenses and users are too many for that; each location's journal holds them, and the value tells how much of
 * it counts. Left out: notifications that were not delivered yet, the request log, ordered faults and scenarios.
 */
import type { Title } from './catalog.ts'
import type { ContentToken } from './content-token.ts'
import type { DeveloperKey } from './developer-token.ts'
import type { AppleEvent, Batch, FailureGroup, Target } from './event.ts'
import type { LossSnapshot } from './license-times.ts'
import { type Asset, type AssetIdentity, Location, type LocationIdentity, type Webhook } from './location.ts'
import type { JournalLengths } from './location-journal.ts'
import type { Simulation } from './simulation.ts'
import type { SubscriptionBookSnapshot } from './subscription-book.ts'
import { planPeriodEnd } from './subscription-events.ts'
import type { VersionLogSnapshot } from './version-log.ts'
import { planSteps } from './worker.ts'

type AssetSnapshot = Omit<Asset, 'number' | 'slots' | 'held'>

/** The targets of a batch are the same for all assets of a request, so they stand beside the batches, once. */
type BatchSnapshot =
  | Exclude<Batch, { readonly kind: 'licenses' }>
  | (Omit<Extract<Batch, { readonly kind: 'licenses' }>, 'targets'> & { readonly targets: number })

interface EventSnapshot extends Omit<AppleEvent, 'failures' | 'refusedAssets' | 'batches'> {
  readonly batches: readonly BatchSnapshot[]
  readonly targets: readonly (readonly Target[])[]
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
  readonly journal: JournalLengths
  readonly managedAppleAccounts: readonly string[]
  readonly versions: Readonly<Record<keyof Location['versions'], VersionLogSnapshot>>
  readonly events: readonly EventSnapshot[]
  /** Absent in files of an earlier version. */
  readonly losses?: LossSnapshot
  readonly subscriptions?: SubscriptionBookSnapshot
}

export interface Snapshot {
  readonly format: 2
  /** Where the chance of this run stands, so that a restart does not repeat identifiers. */
  readonly randomPosition: number
  /** How far the clock was moved ahead of the machine's. */
  readonly clockAheadMs: number
  readonly titles: readonly Title[]
  readonly locations: readonly LocationSnapshot[]
  /** Public halves only; absent in files of an earlier version. */
  readonly developerKeys?: readonly DeveloperKey[]
}

/** The present state; `journalOf` writes what a location's journal lacks, and tells how much of it counts. */
export function takeSnapshot(
  simulation: Simulation,
  journalOf: (location: Location) => JournalLengths,
): Snapshot {
  const { clock, random, catalog, locations } = simulation
  return {
    format: 2,
    randomPosition: random.position(),
    clockAheadMs: clock.kind === 'real' ? Math.max(0, clock.now() - Date.now()) : 0,
    titles: catalog.titles,
    locations: [...locations.values()].map((location) => locationSnapshot(location, journalOf(location))),
    developerKeys: [...simulation.developerKeys.values()],
  }
}

/** Fills a fresh simulation, and goes on with the events that were under way. `read` fills in a journal's content. */
export function restoreSnapshot(
  simulation: Simulation,
  snapshot: Snapshot,
  read: (location: Location, journal: JournalLengths) => void,
): void {
  if (snapshot.clockAheadMs > 0 && simulation.clock.kind === 'real')
    simulation.clock.advance(snapshot.clockAheadMs)
  simulation.random.continueAt(snapshot.randomPosition)
  for (const title of snapshot.titles) simulation.catalog.add(title)
  for (const key of snapshot.developerKeys ?? []) simulation.developerKeys.set(key.keyId, key)
  for (const saved of snapshot.locations) {
    const location = restoredLocation(simulation, saved, read)
    simulation.locations.set(location.uId, location)
    for (const token of location.tokens) simulation.tokens.set(token.text, { token, location })
    for (const each of location.subscriptions.subscriptions) planPeriodEnd(simulation, location, each)
    for (const event of location.events.values()) {
      if (event.finishedAt === undefined && !event.stuck) planSteps(simulation, location, event)
    }
  }
}

function locationSnapshot(location: Location, journal: JournalLengths): LocationSnapshot {
  const { uId, name, organizationName, country, platform, websiteURL, mdmInfo, webhook, versions } = location
  return {
    identity: { uId, name, organizationName, country, platform, websiteURL },
    tokens: location.tokens.map((token) => ({ ...token })),
    ...(mdmInfo && { mdmInfo }),
    ...(webhook && { webhook }),
    notificationTypes: location.notificationTypes,
    assets: location.assets.map(assetSnapshot),
    journal,
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

function restoredLocation(
  { random }: Simulation,
  saved: LocationSnapshot,
  read: (location: Location, journal: JournalLengths) => void,
): Location {
  const location = new Location(saved.identity, random)
  location.tokens.push(...saved.tokens.map((token) => ({ ...token })))
  location.mdmInfo = saved.mdmInfo
  location.webhook = saved.webhook
  location.notificationTypes = saved.notificationTypes
  for (const asset of saved.assets) location.addAsset(asset)
  location.versions.assets.restore(saved.versions.assets)
  location.versions.assignments.restore(saved.versions.assignments)
  location.versions.users.restore(saved.versions.users)
  read(location, saved.journal)
  for (const row of location.users) {
    if (row.status === 'Registered' || row.status === 'Associated')
      location.activeUsers.set(row.clientUserId, row)
    else location.formerUserIds.add(row.clientUserId)
    if (row.status === 'Associated' && row.appleAccount !== undefined)
      location.rowByAccount.set(row.appleAccount, row)
  }
  for (const account of saved.managedAppleAccounts) location.managedAppleAccounts.add(account)
  if (saved.losses) location.times.restore(saved.losses)
  if (saved.subscriptions) location.subscriptions.restore(saved.subscriptions)
  for (const event of saved.events) location.events.set(event.id, restoredEvent(event))
  return location
}

function eventSnapshot(event: AppleEvent): EventSnapshot {
  const failures = [...event.failures].map(
    ([key, group]) =>
      [
        key,
        { ...group, clientUserIds: [...group.clientUserIds], serialNumbers: [...group.serialNumbers] },
      ] as const,
  )
  const targets = new Map<readonly Target[], number>()
  const numberOf = (list: readonly Target[]): number => {
    const number = targets.get(list) ?? targets.size
    targets.set(list, number)
    return number
  }
  const batches = event.batches.map(
    (batch): BatchSnapshot =>
      batch.kind !== 'licenses'
        ? batch
        : { kind: 'licenses', asset: identityOf(batch.asset), targets: numberOf(batch.targets) },
  )
  const refusedAssets = [...event.refusedAssets]
  return { ...event, failures, batches, targets: [...targets.keys()], refusedAssets }
}

/** A revocation's batches carry whole assets, of which a batch needs the identity only. */
const identityOf = ({ adamId, pricingParam }: AssetIdentity): AssetIdentity => ({ adamId, pricingParam })

function restoredEvent({ targets, ...saved }: EventSnapshot): AppleEvent {
  const failures = saved.failures.map(([key, group]): [string, FailureGroup] => [
    key,
    { ...group, clientUserIds: new Set(group.clientUserIds), serialNumbers: new Set(group.serialNumbers) },
  ])
  return {
    ...saved,
    finishedAt: saved.finishedAt,
    batches: saved.batches.map((batch) =>
      batch.kind !== 'licenses' ? batch : { ...batch, targets: targets[batch.targets] ?? [] },
    ),
    failures: new Map(failures),
    refusedAssets: new Set(saved.refusedAssets),
  }
}
