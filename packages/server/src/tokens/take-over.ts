/** Takes a stored location over again after another service claimed it (T4), on an administrator's explicit word. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'
import type { AddTokenPorts } from './add.ts'
import { claimLocation } from './claim.ts'
import { findLocation, noteClaim } from './store.ts'
import { askForSync } from './sync-runs.ts'

/**
 * Claims the location at Apple, and asks for a sync: the other service may have changed anything.
 *
 * @throws Refusal `token.unknown`, `token.unusable` when the token itself cannot be used, `apple.*`
 */
export async function takeOver(ports: AddTokenPorts, id: number, actor: Actor): Promise<void> {
  const location = await findLocation(ports.db, id)
  if (location === undefined)
    throw new Refusal('token.unknown', `There is no content token with the id ${id}.`)
  const { client } = await ports.apple.connect(id, 'read')
  const claim = await claimLocation(ports, client, { uid: location.uid, mdmId: location.mdm_id })
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    await noteClaim(tx, id, claim.notificationsFrom)
    await askForSync(tx, { locationId: id, cause: 'administrator', id: ports.newId(), at })
    await wakeLocation(tx, id)
    const subject = { kind: 'token', id, name: location.name }
    const details = { takenOverFrom: location.managed_by?.name ?? location.managed_by?.id ?? null }
    await record(tx, { actor, at, action: 'token.taken_over', subject, details })
  })
}
