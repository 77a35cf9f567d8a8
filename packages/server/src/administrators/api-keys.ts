/** Makes, uses and revokes API keys (P4). A key may do what the administrator who made it may do, except make keys. */
import { record } from '../audit/record.ts'
import type { AdministratorActor, ApiKeyActor, SignedIn } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import { type ApiKeyRow, findKey, insertApiKey, revokeKey, touchKey } from './api-key-store.ts'
import { newApiKey, secretHash } from './bearer-secrets.ts'

export interface ApiKeyPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly newId: NewId
}

/** A key's last use is noted once in this many milliseconds, not at every request. */
const touchEvery = 60_000

export interface CreatedApiKey {
  /** The key itself; it cannot be shown again. */
  readonly key: string
  readonly row: ApiKeyRow
}

/** Throws Refusal `request.invalid` when the key would have expired already. */
export async function createApiKey(
  { db, clock, newId }: ApiKeyPorts,
  actor: AdministratorActor,
  { name, expiresAt }: { readonly name: string; readonly expiresAt: Date | null },
): Promise<CreatedApiKey> {
  const now = clock.now()
  if (expiresAt !== null && expiresAt <= now) {
    throw new Refusal(
      'request.invalid',
      `body.expiresAt: ${expiresAt.toISOString()} has passed; give a later moment.`,
    )
  }
  const key = newApiKey()
  const row = { id: newId(), name, createdAt: now, expiresAt }
  await inTransaction(db, async (tx) => {
    await insertApiKey(tx, { ...row, keyHash: secretHash(key), administratorId: actor.id })
    const details = { expiresAt: expiresAt?.toISOString() ?? null }
    const subject = { kind: 'api_key', id: row.id, name }
    await record(tx, { actor, action: 'api_key.created', subject, details, at: now })
  })
  return { key, row: { ...row, lastUsedAt: null, administratorId: actor.id, administratorName: actor.name } }
}

/** Takes effect with the next request. Throws Refusal `api_key.unknown`. */
export async function revokeApiKey({ db, clock }: ApiKeyPorts, actor: SignedIn, id: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const now = clock.now()
    const name = await revokeKey(tx, id, now)
    if (name === undefined)
      throw new Refusal('api_key.unknown', `There is no API key ${id}, or it was revoked before.`)
    await record(tx, { actor, action: 'api_key.revoked', subject: { kind: 'api_key', id, name }, at: now })
  })
}

/** Who a key stands for; undefined when it is unknown, revoked or expired. */
export async function actorOfKey(
  { db, clock }: Pick<ApiKeyPorts, 'db' | 'clock'>,
  key: string,
): Promise<ApiKeyActor | undefined> {
  const now = clock.now()
  const row = await findKey(db, secretHash(key), now)
  if (row === undefined) return undefined
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= touchEvery)
    await touchKey(db, row.id, now)
  return { kind: 'api_key', id: row.id, name: row.name, administratorId: row.administratorId }
}
