/** Renews a content token in place (T5): assignments and licenses stay, a token of another location is refused. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { type AddTokenPorts, hashToken } from './add.ts'
import { tokenContext } from './apple.ts'
import { inspectToken } from './inspect.ts'
import { findLocation, replaceToken } from './store.ts'
import { askForSync } from './sync-runs.ts'

/** @throws Refusal `token.unknown`, `token.different_location` and those of `inspectToken` */
export async function renewToken(
  ports: AddTokenPorts,
  id: number,
  content: string,
  actor: Actor,
): Promise<void> {
  const location = await findLocation(ports.db, id)
  if (location === undefined)
    throw new Refusal('token.unknown', `There is no content token with the id ${id}.`)
  const found = await inspectToken(ports, content)
  if (found.uid !== location.uid) {
    const where = found.locationName ?? found.uid
    throw new Refusal(
      'token.different_location',
      `This token opens "${where}" (${found.uid}), not "${location.name}" (${location.uid}). Add it as a token of its own.`,
      { uid: found.uid, expectedUid: location.uid },
    )
  }
  const at = ports.clock.now()
  await inTransaction(ports.db, async (tx) => {
    const sealed = ports.secrets.seal(found.token.bearer, tokenContext(found.uid))
    await replaceToken(tx, id, {
      sealed,
      hash: hashToken(found.token.bearer),
      expiresAt: found.expiresAt,
      at,
    })
    await askForSync(tx, { locationId: id, cause: 'administrator', id: ports.newId(), at })
    await record(tx, {
      actor,
      at,
      action: 'token.renewed',
      subject: { kind: 'token', id: String(id), name: location.name },
      details: { expiresAt: found.expiresAt.toISOString() },
    })
    await wakeLocation(tx, id)
  })
}
