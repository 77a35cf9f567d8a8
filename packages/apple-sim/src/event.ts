/**
 * An accepted write on its way: its tasks in batches, what succeeded, and what failed for which reason.
 */
import type { ApiError, ErrorInfo, StatusResponse } from '@apportion/apple-wire/messages'
import type { AssetIdentity } from './location.ts'
import { apiError, type KnownErrorNumber } from './refusal.ts'

/** Somebody or something that shall get or lose a license. */
export type Target =
  | { readonly kind: 'device'; readonly serialNumber: string }
  | { readonly kind: 'user'; readonly clientUserId: string }

/** A user as create, update and retire name one. */
export interface UserTask {
  readonly clientUserId: string
  readonly email?: string
  readonly managedAppleId?: string
}

/** Tasks that are done together and reported in the same notifications. */
export type Batch =
  | { readonly kind: 'licenses'; readonly asset: AssetIdentity; readonly targets: readonly Target[] }
  | { readonly kind: 'users'; readonly users: readonly UserTask[] }
  | SeatBatch

/** Seats of one subscription, all of one kind. */
export interface SeatBatch {
  readonly kind: 'seats'
  readonly adamId: number
  readonly clientUserIds: readonly string[]
  /** Gives the seats, or takes them. */
  readonly gives: boolean
  readonly renewing: boolean
  /** Takes them when the period ends. */
  readonly deferred: boolean
}

export type SimEventType = 'ASSOCIATE' | 'DISASSOCIATE' | 'REVOKE' | 'CREATE' | 'UPDATE' | 'RETIRE'

/** Everything that failed for the same reason. */
export interface FailureGroup {
  readonly errorNumber: KnownErrorNumber
  readonly assets: AssetIdentity[]
  readonly clientUserIds: Set<string>
  readonly serialNumbers: Set<string>
}

export interface AppleEvent {
  readonly id: string
  readonly type: SimEventType
  readonly requested: number
  /** Counts users and devices instead of tasks. */
  readonly countedTargets?: number
  readonly refusesAccounts?: boolean
  readonly acceptedAt: number
  batches: readonly Batch[]
  /** The batch that comes next; `batches.length` when all are done. */
  next: number
  /** Tasks that succeeded. */
  completed: number
  readonly failures: Map<string, FailureGroup>
  /** Assets for which no task may succeed, under the shortage knob `whole-asset`. */
  readonly refusedAssets: Set<string>
  finishedAt: number | undefined
  /** Never processed; stays PENDING. */
  readonly stuck: boolean
  /** Processed, but unknown to status. */
  readonly forgotten: boolean
}

/** Work as an endpoint hands it over. */
export interface EventWork {
  readonly type: SimEventType
  readonly batches: readonly Batch[]
  /** Users and devices named, when those are counted instead of tasks. */
  readonly countedTargets?: number
  /** Managed Apple Accounts cannot be named, since whoever made the token has none. */
  readonly refusesAccounts?: boolean
}

export interface EventPlan extends EventWork {
  readonly id: string
  readonly acceptedAt: number
  readonly stuck: boolean
  readonly forgotten: boolean
}

/** An event before its first task. */
export function newEvent(plan: EventPlan): AppleEvent {
  const requested = plan.countedTargets ?? plan.batches.reduce((sum, batch) => sum + taskCount(batch), 0)
  return {
    ...plan,
    requested,
    next: 0,
    completed: 0,
    failures: new Map(),
    refusedAssets: new Set(),
    finishedAt: undefined,
  }
}

export function taskCount(batch: Batch): number {
  if (batch.kind === 'seats') return batch.clientUserIds.length
  return batch.kind === 'licenses' ? batch.targets.length : batch.users.length
}

/** The cross product of assets and targets, in batches of one asset each (Apple's notifications split so). */
export function licenseBatches(
  assets: readonly AssetIdentity[],
  targets: readonly Target[],
  size: number,
): readonly Batch[] {
  const chunks = chunksOf(targets, size)
  return assets.flatMap((asset) =>
    chunks.map((chunk): Batch => ({ kind: 'licenses', asset, targets: chunk })),
  )
}

export function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const chunks: Item[][] = []
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size))
  return chunks
}

/** Notes that these targets failed on this asset. Users unknown to Apple are grouped over all assets. */
export function noteLicenseFailures(
  event: AppleEvent,
  errorNumber: KnownErrorNumber,
  { asset, targets }: { readonly asset: AssetIdentity; readonly targets: readonly Target[] },
): void {
  const aboutUser = errorNumber === 9609
  const key = aboutUser ? String(errorNumber) : `${errorNumber}/${asset.adamId}/${asset.pricingParam}`
  const group = groupOf(event, key, { errorNumber, assets: aboutUser ? [] : [asset] })
  for (const target of targets) {
    if (target.kind === 'device') group.serialNumbers.add(target.serialNumber)
    else group.clientUserIds.add(target.clientUserId)
  }
}

/** Notes that these users failed in a create, update or retire. */
export function noteUserFailures(
  event: AppleEvent,
  errorNumber: KnownErrorNumber,
  clientUserIds: readonly string[],
): void {
  const group = groupOf(event, String(errorNumber), { errorNumber, assets: [] })
  for (const id of clientUserIds) group.clientUserIds.add(id)
}

/** What `GET /status` says: FAILED as soon as all is done and anything failed, partial success included. */
export function eventStatus(event: AppleEvent): StatusResponse {
  const failures = [...event.failures.values()].map(failureEntry)
  const done = failures.length > 0 ? 'FAILED' : 'COMPLETE'
  return {
    eventStatus: event.finishedAt === undefined ? 'PENDING' : done,
    eventType: event.type,
    numRequested: event.requested,
    numCompleted: completedCount(event),
    ...(event.finishedAt !== undefined && failures.length > 0 && { failures }),
  }
}

/** With targets counted, one is complete when nothing of it failed; until the end nothing is known of that. */
function completedCount({ countedTargets, completed, failures, finishedAt }: AppleEvent): number {
  if (countedTargets === undefined) return completed
  if (finishedAt === undefined) return Math.min(completed, countedTargets)
  const failed = [...failures.values()].flatMap((group) => [...group.clientUserIds, ...group.serialNumbers])
  return countedTargets - new Set(failed).size
}

/** An event as it stands, for whoever watches. */
export interface EventRecord {
  readonly id: string
  readonly type: SimEventType
  readonly status: 'PENDING' | 'COMPLETE' | 'FAILED'
  readonly requested: number
  readonly completed: number
  readonly acceptedAt: number
  readonly finishedAt: number | undefined
  readonly stuck: boolean
  readonly forgotten: boolean
}

export function eventRecord(event: AppleEvent): EventRecord {
  const { id, type, requested, acceptedAt, finishedAt, stuck, forgotten, failures } = event
  const completed = completedCount(event)
  const done = failures.size > 0 ? 'FAILED' : 'COMPLETE'
  const status = finishedAt === undefined ? 'PENDING' : done
  return { id, type, status, requested, completed, acceptedAt, finishedAt, stuck, forgotten }
}

function groupOf(
  event: AppleEvent,
  key: string,
  { errorNumber, assets }: { errorNumber: KnownErrorNumber; assets: AssetIdentity[] },
): FailureGroup {
  const known = event.failures.get(key)
  if (known) return known
  const group = { errorNumber, assets, clientUserIds: new Set<string>(), serialNumbers: new Set<string>() }
  event.failures.set(key, group)
  return group
}

function failureEntry({ errorNumber, assets, clientUserIds, serialNumbers }: FailureGroup): ApiError {
  const info: ErrorInfo = {
    ...(assets.length > 0 && {
      assets: assets.map(({ adamId, pricingParam }) => ({ adamId, pricingParam })),
    }),
    ...(clientUserIds.size > 0 && { clientUserIds: [...clientUserIds] }),
    ...(serialNumbers.size > 0 && { serialNumbers: [...serialNumbers] }),
  }
  return apiError(errorNumber, info)
}
