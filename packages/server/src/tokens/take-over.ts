/**
 * Takes a stored location over again after another service claimed it or let it go (T4), on an administrator's explicit
 * word.
 */
import { randomUUID } from 'node:crypto'
import { holderName } from '@apportion/core/tokens/token-state'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { lookAgainAtLocation, wakeLocation } from '../platform/outbox.ts'
import type { AddTokenPorts } from './add.ts'
import { unknownToken } from './apple.ts'
import { claimLocation, noteClaim } from './claim.ts'
import { refuseLeaving } from './leaving/refuse.ts'
import { findLocation } from './store.ts'
import { askForSync } from './sync-runs.ts'
import { noteVerdict } from './verdict.ts'

/**
 * Claims the location at Apple, and asks for a sync: the other service may have changed anything.
 *
 * @throws Refusal `token.unknown`, `token.leaving`, `token.unusable` when the token itself cannot be used, `apple.*`
 */
export async function takeOver(ports: AddTokenPorts, id: number, actor: Actor): Promise<void> {
  const location = await findLocation(ports.db, id)
  if (location === undefined) throw unknownToken(id)
  refuseLeaving(location)
  const connection = await ports.apple.connect(id, 'read')
  const holder = location.managed_by
  // A copy of this installation has our id: only a new one tells the two apart.
  const mdmId = holder?.id === null ? randomUUID() : location.mdm_id
  const claim = await claimLocation(ports, connection.client, { uid: location.uid, mdmId }).catch(
    async (error: unknown) => {
      await noteVerdict(ports.db, location, error)
      throw error
    },
  )
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    await noteClaim(tx, id, claim)
    await askForSync(tx, { locationId: id, cause: 'administrator', id: ports.newId(), at, everything: true })
    await lookAgainAtLocation(tx, id)
    await wakeLocation(tx, id)
    const subject = { kind: 'token', id, name: location.name }
    const details = { takenOverFrom: holder === null ? null : holderName(holder) }
    await record(tx, { actor, at, action: 'token.taken_over', subject, details })
  })
}
