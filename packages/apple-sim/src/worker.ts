/**
 * Apple's side of an asynchronous write: it takes a while, reports batch by batch, and ends in a status.
 */
import type {
  AssetManagementNotification,
  Assignment,
  NotificationType,
} from '@apportion/apple-wire/messages'
import type { SimClock } from './clock.ts'
import {
  type AppleEvent,
  type Batch,
  type EventWork,
  newEvent,
  noteLicenseFailures,
  noteUserFailures,
  type SimEventType,
  type Target,
} from './event.ts'
import type { FaultPlan } from './faults.ts'
import type { Knobs } from './knobs.ts'
import { assetsInShortage, associate, disassociate, type Outcomes, refuseAll } from './licensing.ts'
import { type AssetIdentity, assetKey, type Location } from './location.ts'
import { type ErrorFields, errorFields, failedUsers, infoOf } from './notification-errors.ts'
import { mergedOutcomes, partedByFaults } from './partial-failure.ts'
import type { Random } from './random.ts'
import type { KnownErrorNumber } from './refusal.ts'
import { performUserTasks, type UserOutcome } from './registration.ts'
import { performSeats } from './subscription-events.ts'
import type { Timeline } from './timeline.ts'

export interface WorkerPorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly random: Random
  readonly knobs: () => Knobs
  readonly faults: FaultPlan
  readonly notify: (location: Location, type: NotificationType, notification: unknown) => void
  readonly changed: () => void
}

/** An event advances in at most so many steps, however many tasks it has. */
const MOST_STEPS = 10

/** Accepts an event and plans its steps; the answer is its id, known before anything has happened. */
export function acceptEvent(ports: WorkerPorts, location: Location, work: EventWork): string {
  const now = ports.clock.now()
  forgetOldEvents(location, now - ports.knobs().eventRetentionMs)
  const fate = ports.faults.nextEventFate(work.type)
  const event = newEvent({ ...work, ...fate, id: ports.random.uuid(), acceptedAt: now })
  location.events.set(event.id, event)
  if (!event.stuck) planSteps(ports, location, event)
  return event.id
}

/** Plans what is left of an event, from the present moment on; also after a restart. */
export function planSteps(ports: WorkerPorts, location: Location, event: AppleEvent): void {
  const { minMs, maxMs, tasksPerSecond } = ports.knobs().processing
  const now = ports.clock.now()
  const start = Number.isFinite(tasksPerSecond) ? Math.max(now, location.busyUntil) : now
  const delay = minMs + ports.random.next() * (maxMs - minMs)
  const duration = delay + (1000 * event.requested) / tasksPerSecond
  location.busyUntil = start + (1000 * event.requested) / tasksPerSecond
  const left = event.batches.length - event.next
  const steps = duration > 0 ? Math.max(1, Math.min(left, MOST_STEPS)) : 1
  for (let step = 1; step <= steps; step++) {
    const until = event.next + Math.ceil((left * step) / steps)
    ports.timeline.at(start + (duration * step) / steps, () =>
      advanceEvent(ports, location, { event, until }),
    )
  }
}

/** Does the batches up to `until`, and closes the event after the last. */
function advanceEvent(
  ports: WorkerPorts,
  location: Location,
  { event, until }: { readonly event: AppleEvent; readonly until: number },
): void {
  if (event.finishedAt !== undefined) return
  if (event.next === 0 && ports.knobs().shortage === 'whole-asset' && event.type === 'ASSOCIATE') {
    for (const key of assetsInShortage(location, event.batches)) event.refusedAssets.add(key)
  }
  for (; event.next < until; event.next++) {
    const batch = event.batches[event.next]
    if (batch?.kind === 'licenses') doLicenses(ports, location, { event, batch })
    else if (batch?.kind === 'seats') performSeats(ports, location, { event, batch })
    else if (batch) doUsers(ports, location, { event, batch })
  }
  ports.changed()
  if (event.next < event.batches.length) return
  event.finishedAt = ports.clock.now()
  location.times.noteComplete(event.id, event.finishedAt)
  event.batches = []
  event.next = 0
}

interface Doing<Kind extends Batch['kind']> {
  readonly event: AppleEvent
  readonly batch: Extract<Batch, { readonly kind: Kind }>
}

function doLicenses(ports: WorkerPorts, location: Location, { event, batch }: Doing<'licenses'>): void {
  for (const [errorNumber, targets] of licenseOutcomes(ports, location, { event, batch })) {
    if (errorNumber === undefined) event.completed += targets.length
    else noteLicenseFailures(event, errorNumber, { asset: batch.asset, targets })
    const assignments = targets.map((target) => assignmentOf(batch.asset, target))
    notifyAssignments(ports, location, { event, assignments, errorNumber })
  }
}

function licenseOutcomes(
  ports: WorkerPorts,
  location: Location,
  { event, batch }: Doing<'licenses'>,
): Outcomes {
  if (ports.faults.isMaintenance) return refuseAll(9644, batch.targets)
  const words = [event.type, batch.asset.adamId]
  const { spared, refused } = partedByFaults(ports.faults, words, batch.targets)
  const done = giveOrTake(ports, location, { event, batch: { ...batch, targets: spared } })
  return refused.size === 0 ? done : mergedOutcomes<KnownErrorNumber | undefined, Target>(done, refused)
}

function giveOrTake(ports: WorkerPorts, location: Location, { event, batch }: Doing<'licenses'>): Outcomes {
  if (event.type !== 'ASSOCIATE')
    return disassociate(location, batch, { ...ports.knobs(), now: ports.clock.now() })
  const key = assetKey(batch.asset.adamId, batch.asset.pricingParam)
  if (event.refusedAssets.has(key)) return refuseAll(9709, batch.targets)
  const outcomes = associate(location, batch, ports.knobs())
  location.times.noteEvent(event.id)
  return outcomes
}

function notifyAssignments(
  ports: WorkerPorts,
  location: Location,
  {
    event,
    assignments,
    errorNumber,
  }: {
    readonly event: AppleEvent
    readonly assignments: readonly Assignment[]
    readonly errorNumber: KnownErrorNumber | undefined
  },
): void {
  const size = ports.knobs().notificationElements
  for (let from = 0; from < assignments.length; from += size) {
    const part = assignments.slice(from, from + size)
    const notification: AssetManagementNotification & ErrorFields = {
      assignments: part,
      eventId: event.id,
      type: event.type,
      result: errorNumber === undefined ? 'SUCCESS' : 'FAILURE',
      ...errorFields(ports.knobs(), errorNumber, infoOf(part)),
    }
    ports.notify(location, 'ASSET_MANAGEMENT', notification)
  }
}

function doUsers(ports: WorkerPorts, location: Location, { event, batch }: Doing<'users'>): void {
  const { spared, refused } = partedByFaults(ports.faults, [event.type], batch.users)
  const done = performUserTasks(ports, location, {
    type: userEventType(event.type),
    users: spared,
    refuseWith: ports.faults.isMaintenance ? 9644 : undefined,
    refusesAccounts: event.refusesAccounts === true,
  })
  const failed = new Map([...refused].map(([number, users]) => [number, users.map((task) => ({ task }))]))
  const outcomes = mergedOutcomes<KnownErrorNumber | undefined, UserOutcome>(done, failed)
  for (const [errorNumber, results] of outcomes) {
    const ids = results.map(({ task }) => task.clientUserId)
    if (errorNumber === undefined) event.completed += results.length
    else noteUserFailures(event, errorNumber, ids)
    ports.notify(location, 'USER_MANAGEMENT', {
      eventId: event.id,
      type: event.type,
      result: errorNumber === undefined ? 'SUCCESS' : 'FAILURE',
      users:
        errorNumber === undefined
          ? results.flatMap(({ announced }) => announced ?? [])
          : failedUsers(
              ports.knobs(),
              results.map(({ task }) => task),
            ),
      ...errorFields(ports.knobs(), errorNumber, { clientUserIds: ids }),
    })
  }
}

function userEventType(type: SimEventType): 'CREATE' | 'UPDATE' | 'RETIRE' {
  if (type === 'CREATE' || type === 'UPDATE' || type === 'RETIRE') return type
  throw new TypeError(`An event of type ${type} has no user tasks`)
}

/** An assignment as pages and notifications show it. */
export function assignmentOf({ adamId, pricingParam }: AssetIdentity, target: Target): Assignment {
  return target.kind === 'device'
    ? { adamId, pricingParam, serialNumber: target.serialNumber }
    : { adamId, pricingParam, clientUserId: target.clientUserId }
}

function forgetOldEvents(location: Location, oldest: number): void {
  for (const [id, event] of location.events) {
    if (event.finishedAt === undefined) continue
    if (event.finishedAt >= oldest) return
    location.events.delete(id)
  }
}
