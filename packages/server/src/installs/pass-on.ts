/**
 * What a change of installations means for the steps before: a license that waited for a removal may come back now, a
 * rollout of which too many failed stops, and what a person asked for and deleted is asked for no more where the policy
 * says so (L7).
 */
import { parseReclaim } from '@apportion/core/assignments/reclaim'
import { type InstallState, mayBeOnDevice } from '@apportion/core/installs/install'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAgainAtAssets, lookAgainAtDevices, wakeLocation } from '../platform/outbox.ts'
import type { InstallChange } from './store.ts'

/** Has the licenses looked at again of devices from which an app is gone (invariant 9), or on which it failed. */
export async function passOn(tx: Tx, changes: readonly InstallChange[]): Promise<void> {
  const ended = changes.filter((change) => isGone(change) || hasFailed(change))
  if (ended.length === 0) return
  await forgetChoices(tx, ended)
  await lookAgainAtDevices(tx, [...new Set(ended.map(({ after }) => after.deviceId))])
  await lookAgainAtLicensesOfPeople(tx, ended)
  for (const locationId of new Set(ended.map(({ after }) => after.locationId)))
    await wakeLocation(tx, locationId)
}

const isGone = ({ before, after }: InstallChange): boolean =>
  before !== null && mayBeOnDevice(before.install.state) && !mayBeOnDevice(after.install.state)

const failedStates: readonly InstallState[] = ['failed', 'cannot_install']

const hasFailed = ({ before, after: { install } }: InstallChange): boolean =>
  before?.install.state !== install.state && failedStates.includes(install.state)

/** A license that people share is compared with the whole asset. */
async function lookAgainAtLicensesOfPeople(tx: Tx, ended: readonly InstallChange[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    SELECT DISTINCT l.asset_id AS id FROM unnest(${ended.map(({ after }) => after.assetId)}::int[],
        ${ended.map(({ after }) => after.deviceId)}::int[]) AS e(asset_id, device_id)
    JOIN devices d ON d.id = e.device_id JOIN users u ON u.id = d.user_id JOIN assets a ON a.id = e.asset_id
    JOIN licenses l ON l.location_id = a.location_id AND l.asset_id = a.id AND l.holder_kind = 'user'
      AND l.holder = u.client_user_id::text`.execute(tx)
  await lookAgainAtAssets(
    tx,
    rows.map(({ id }) => id),
  )
}

/** A choice ends with its app where the license is not to be kept for it; an assignment that requires it does not ask. */
async function forgetChoices(tx: Tx, ended: readonly InstallChange[]): Promise<void> {
  const deleted = ended.filter(
    ({ before, after }) =>
      before?.install.state === 'installed' && after.install.cause.code === 'removed_by_person',
  )
  for (const { after } of deleted) {
    const { locationId, assetId, deviceId } = after
    const ofAsset = sql`t.location_id = ${locationId} AND t.asset_id = ${assetId}`
    const { rows } = await sql<{ reclaim: unknown; user_id: number | null }>`
      SELECT m.reclaim, CASE WHEN t.license_type = 'user' THEN d.user_id END AS user_id FROM targets t
      JOIN assignments m ON m.id = t.assignment_id JOIN devices d ON d.id = t.device_id
      WHERE ${ofAsset} AND t.device_id = ${deviceId} AND t.intent IN ('available', 'available_or_uninstall')`.execute(
      tx,
    )
    const [offer] = rows
    if (offer === undefined || parseReclaim(offer.reclaim).app_removed.kind === 'keep') continue
    await sql`UPDATE targets t SET asked_at = NULL WHERE ${ofAsset}
      AND (t.device_id = ${deviceId} OR t.user_id = ${offer.user_id})`.execute(tx)
  }
}
