/** Assets, holders and operations as the API shows them. */
import { causeTexts, readCause } from '@apportion/core/licenses/ledger-cause'
import type { z } from 'zod'
import { platformsInOrder } from '../catalog/platforms.ts'
import type { AssetRow } from './read-assets.ts'
import type { HolderRow } from './read-holders.ts'
import type { ShownOperation } from './read-operations.ts'
import type * as contract from './schema.ts'
import type { FindingRow } from './sync/findings.ts'

/** One asset with its counts. */
export function presentAsset(row: AssetRow): z.output<typeof contract.asset> {
  return {
    id: row.id,
    adamId: row.adam_id,
    pricingParam: row.pricing_param,
    token: {
      id: row.location_id,
      name: row.location_name,
      exactAsOf: row.exact_as_of?.toISOString() ?? null,
    },
    title: {
      name: row.name ?? row.adam_id,
      nameKnown: row.name !== null,
      kind: row.kind ?? 'app',
      publisher: row.publisher,
      bundleId: row.bundle_id,
      version: row.version,
      minimumOs: row.minimum_os,
      priceText: row.price_text,
      genres: [...(row.genres ?? [])],
      storeUrl: row.store_url,
      description: row.description,
      isCustom: row.is_custom ?? false,
      iconUrl: iconAddress(row),
    },
    platforms: platformsInOrder(row.all_platforms),
    deviceAssignable: row.device_assignable,
    revocable: row.revocable,
    counts: {
      unlimited: row.unlimited,
      total: row.unlimited ? null : row.total,
      used: row.held + row.reserved,
      available: row.unlimited ? null : Math.max(0, row.total - row.retired - row.held - row.reserved),
      retired: row.retired,
      granting: row.reserved,
      heldOutside: row.held_outside,
      waiting: row.waiting,
      withheld: row.withheld,
    },
    assignments: row.assignments,
    notices: noticesOf(row),
    countedAt: row.counted_at.toISOString(),
    goneAt: row.gone_at?.toISOString() ?? null,
  }
}

/** C4: what was noticed of an asset, with the moment; the gravest first. */
function noticesOf(row: AssetRow): z.output<typeof contract.asset>['notices'] {
  const found = [
    ['not_licensed', row.unlicensed_since],
    ['not_in_store', row.not_in_store_since],
    ['not_device_assignable', row.unassignable_since],
    ['changed', row.changed_at],
  ] as const
  return found.flatMap(([code, since]) => (since === null ? [] : [{ code, since: since.toISOString() }]))
}

/** Where this server serves the icon of a title; null while Apple has not told of one. */
export function iconAddress(title: {
  readonly country: string
  readonly adam_id: string
  readonly artwork_url: string | null
}): string | null {
  return title.artwork_url === null ? null : `/api/v1/icons/${title.country}/${title.adam_id}`
}

/** One holder, or one who waits, with the reason. */
export function presentHolder(
  row: HolderRow,
): z.output<(typeof contract.listHolders.response)[200]>['items'][number] {
  return {
    kind: row.kind,
    id: row.holder,
    deviceId: row.device_id,
    deviceName: row.device_name,
    userName: row.user_name,
    state: row.state,
    ours: row.ours,
    since: row.since.toISOString(),
    position: row.place,
    priority: row.priority ?? null,
    kept: keptOf(row),
    why: {
      ...reasonOf(row),
      assignmentId: row.assignment_id,
      groupName: row.group_name,
      errorNumber: row.refused_number,
      by: row.withheld_by_name,
      interventionId: row.intervention_id,
    },
  }
}

function keptOf({ keep_until: until = null }: HolderRow): { readonly until: string | null } | null {
  if (until === null) return null
  return { until: until === 'infinity' ? null : until }
}

type Reason = Pick<ReturnType<typeof presentHolder>['why'], 'code' | 'text'>

function reasonOf(row: HolderRow): Reason {
  if (row.withheld_at !== null) return withheldReason(row, row.withheld_at)
  const rule = row.group_name === null ? 'an assignment' : `the group "${row.group_name}"`
  if (row.state === 'refused') {
    const detail = row.refused_detail ?? 'Apple did not say why'
    return { code: 'apple_refused', text: `Required by ${rule}; Apple refused: ${detail}` }
  }
  if (row.state === 'waiting') {
    return {
      code: 'no_license_left',
      text: `Required by ${rule}; waits as number ${row.place ?? 1} until a license is free.`,
    }
  }
  if (!row.ours) return { code: 'outside', text: 'Held outside Apportion: another system or person gave it.' }
  if (row.state === 'releasing')
    return { code: 'no_longer_assigned', text: 'No longer assigned; being taken back.' }
  const kept = keptOf(row)
  if (kept !== null) {
    const until = kept.until === null ? 'somebody takes it back' : kept.until.slice(0, 10)
    return { code: 'kept', text: `No longer needed; kept until ${until}.` }
  }
  if (row.waits_to_join === true) {
    return { code: 'waiting_to_join', text: `Assigned by ${rule}; waits for the person to join.` }
  }
  return { code: 'assignment', text: `Required by ${rule}.` }
}

function withheldReason({ state, withheld_by_name }: HolderRow, at: Date): Reason {
  const taken = `Taken back by ${withheld_by_name ?? 'an administrator'} on ${at.toISOString().slice(0, 10)}`
  const text =
    state === 'withheld'
      ? `${taken}, although an assignment requires it; it gets none until it is given again.`
      : `${taken}; on its way back to Apple.`
  return { code: 'taken_back', text }
}

/** One operation. */
export function presentOperation(row: ShownOperation): z.output<typeof contract.operation> {
  return {
    id: row.id,
    tokenId: row.location_id,
    kind: row.kind,
    state: row.state,
    assets: row.assets.map(({ id, name }) => ({ id, name })),
    holders: row.holder_count,
    tasks: row.tasks,
    completed: row.completed,
    eventId: row.event_id,
    recordedAt: row.recorded_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    problem: row.problem_detail === null ? null : { number: row.problem_number, detail: row.problem_detail },
  }
}

/** One thing that a sync found. */
export function presentFinding(row: FindingRow): z.output<typeof contract.syncFinding> {
  return {
    at: row.at.toISOString(),
    change: row.change,
    asset: { id: row.asset_id, name: row.asset_name },
    holder: { kind: row.holder_kind, id: row.holder, name: row.holder_name },
    cause: causeTexts[readCause({ ...row, intervention: null }).code],
  }
}
