/** Renews a content token in place (T5): assignments and licenses stay, a token of another location is refused. */
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtLocation, wakeLocation } from '../platform/outbox.ts'
import { type AddTokenPorts, hashToken } from './add.ts'
import { tokenContext, unknownToken } from './apple.ts'
import { type InspectedToken, inspectToken, readToken } from './inspect.ts'
import { findLocation, type LocationRow, replaceToken, sealedToken } from './store.ts'
import { askForSync } from './sync-runs.ts'

/** What an administrator gives. */
export interface Renewal {
  readonly content: string
  /** The new token may end before the present one. */
  readonly acceptEarlier: boolean
}

/**
 * Puts a newer token in the place of the present one, whatever state that is in, and wakes the work that waited for it.
 *
 * @throws Refusal `token.unknown`, `token.same_file`, `token.different_location`, `token.expires_earlier` and those of
 * `inspectToken`
 */
export async function renewToken(
  ports: AddTokenPorts,
  id: number,
  { content, acceptEarlier }: Renewal,
  actor: Actor,
): Promise<void> {
  const location = await findLocation(ports.db, id)
  if (location === undefined) throw unknownToken(id)
  await refuseSameFile(ports, location, content)
  const found = await inspectToken(ports, content)
  refuseOther(location, found)
  if (!acceptEarlier) refuseEarlier(location, found)
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
    await lookAgainAtLocation(tx, id)
    await record(tx, {
      actor,
      at,
      action: 'token.renewed',
      subject: { kind: 'token', id: String(id), name: location.name },
      details: {
        expiresAt: found.expiresAt.toISOString(),
        expiredBefore: location.token_expires_at.toISOString(),
      },
    })
    await wakeLocation(tx, id)
  })
}

async function refuseSameFile(ports: AddTokenPorts, location: LocationRow, content: string): Promise<void> {
  const sealed = await sealedToken(ports.db, location.id)
  const { bearer } = readToken(content)
  if (sealed === undefined) return
  const present = ports.secrets.open(sealed, tokenContext(location.uid)).toString('utf8')
  if (present !== bearer) return
  throw new Refusal(
    'token.same_file',
    `This is the file that "${location.name}" uses already. Download a new one from Apple and choose that.`,
    { tokenId: location.id },
  )
}

function refuseOther(location: LocationRow, found: InspectedToken): void {
  if (found.uid === location.uid) return
  const where = found.locationName ?? found.uid
  throw new Refusal(
    'token.different_location',
    `This token opens "${where}" (${found.uid}), not "${location.name}" (${location.uid}). Add it as a token of its own.`,
    { uid: found.uid, expectedUid: location.uid },
  )
}

/** Somebody took an older file by mistake; only where the present one still works it does harm. */
function refuseEarlier({ token_state, token_expires_at, name }: LocationRow, found: InspectedToken): void {
  if (token_state !== 'valid' || found.expiresAt >= token_expires_at) return
  const [next, present] = [found.expiresAt, token_expires_at].map((at) => at.toISOString().slice(0, 10))
  throw new Refusal(
    'token.expires_earlier',
    `This token expires on ${next}, before the one that "${name}" has (${present}). Choose the newest file, or say that you want this one.`,
    { expiresAt: found.expiresAt.toISOString(), presentExpiresAt: token_expires_at.toISOString() },
  )
}
