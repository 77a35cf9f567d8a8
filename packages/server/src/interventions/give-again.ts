/** Ends withholding (L6): the targets are required as before, in their old places in the queue. */
import { type RawBuilder, sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtAssets, wakeLocation } from '../platform/outbox.ts'
import type { InterventionPorts } from './preview.ts'

/** What is withheld no longer: all that fits what is not null. */
export interface Again {
  readonly interventionId: string | null
  readonly tokenId: number | null
  readonly assetId: number | null
  readonly serialNumber: string | null
}

/**
 * Gives how many targets are withheld no longer. One asset in one transaction; done again after a crash it goes on with
 * the rest.
 *
 * @throws Refusal `request.invalid` when nothing is named
 */
export async function giveAgain(
  { db, clock }: Pick<InterventionPorts, 'db' | 'clock'>,
  again: Again,
  actor: Actor,
): Promise<number> {
  if (Object.values(again).every((part) => part === null)) {
    throw new Refusal('request.invalid', 'body names nothing. Name a record, a token, an app or a device.')
  }
  const meant = meantBy(again)
  let given = 0
  for (const assetId of await assetsOf(db, meant)) {
    given += await inTransaction(db, async (tx) => {
      const ofAsset = await giveAgainOfAsset(tx, { assetId, meant })
      if (ofAsset === 0) return 0
      const details = { ...again, assetId, given: ofAsset }
      const subject = subjectOf(again)
      await record(tx, { actor, at: clock.now(), action: 'licenses.given_again', subject, details })
      return ofAsset
    })
  }
  return given
}

/** Narrows withheld targets `t`. */
function meantBy({ interventionId, tokenId, assetId, serialNumber }: Again): RawBuilder<unknown> {
  return sql`t.withheld_by IS NOT NULL
    AND (${interventionId}::uuid IS NULL OR t.withheld_by = ${interventionId}::uuid)
    AND (${tokenId}::int IS NULL OR t.location_id = ${tokenId}::int)
    AND (${assetId}::int IS NULL OR t.asset_id = ${assetId}::int)
    AND (${serialNumber}::text IS NULL OR t.device_id = (SELECT d.id FROM devices d
      WHERE d.serial_number = ${serialNumber}::text))`
}

async function assetsOf(db: Db, meant: RawBuilder<unknown>): Promise<readonly number[]> {
  const { rows } = await sql<{ asset_id: number }>`
    SELECT DISTINCT t.asset_id FROM targets t WHERE ${meant} ORDER BY t.asset_id`.execute(db)
  return rows.map((row) => row.asset_id)
}

async function giveAgainOfAsset(
  tx: Tx,
  { assetId, meant }: { readonly assetId: number; readonly meant: RawBuilder<unknown> },
): Promise<number> {
  const { rows } = await sql<{ location_id: number }>`SELECT location_id FROM assets WHERE id = ${assetId}
    FOR UPDATE`.execute(tx)
  const [asset] = rows
  if (asset === undefined) return 0
  const { numAffectedRows = 0n } = await sql`UPDATE targets t SET withheld_by = NULL, withheld_at = NULL
    WHERE t.location_id = ${asset.location_id} AND t.asset_id = ${assetId} AND ${meant}`.execute(tx)
  await lookAgainAtAssets(tx, [assetId])
  await wakeLocation(tx, asset.location_id)
  return Number(numAffectedRows)
}

function subjectOf({ interventionId, tokenId, assetId, serialNumber }: Again) {
  if (serialNumber !== null) return { kind: 'device', id: null, name: serialNumber }
  if (assetId !== null) return { kind: 'asset', id: assetId }
  if (tokenId !== null) return { kind: 'token', id: tokenId }
  return { kind: 'intervention', id: interventionId }
}
