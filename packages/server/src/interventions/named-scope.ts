/** Reads what a caller means by a scope, and how its parts are called now. */
import type { IdleReason } from '@apportion/core/licenses/idle'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import type { Scope } from './scope.ts'
import type { NamedScope } from './store.ts'

/** A scope as a caller gives it; everything has to be said. */
export interface AskedScope {
  readonly everything: boolean
  readonly tokenId: number | null
  readonly assetId: number | null
  readonly serialNumber: string | null
  readonly clientUserId: string | null
  readonly userId: number | null
  readonly idle: readonly IdleReason[] | null
}

/** @throws Refusal `request.invalid`, `asset.unknown`, `token.unknown`, `user.unknown` */
export async function namedScope(
  tx: Tx,
  asked: AskedScope,
): Promise<{ readonly scope: Omit<Scope, 'idle'>; readonly names: NamedScope }> {
  refuseUnclear(asked)
  const asset = asked.assetId === null ? null : await assetNamed(tx, asked.assetId)
  const locationId = asked.tokenId ?? asset?.location_id ?? null
  const token = locationId === null ? null : await tokenNamed(tx, locationId)
  if (asset !== null && asset.location_id !== locationId) {
    throw new Refusal(
      'request.invalid',
      `body.scope: app ${asset.id} does not belong to content token ${locationId}; leave tokenId out.`,
    )
  }
  const user = asked.userId === null ? null : await userNamed(tx, asked.userId)
  const holder = holderOf(asked)
  return {
    scope: { locationId, assetId: asked.assetId, holder, userId: asked.userId },
    names: {
      token,
      asset: asset === null ? null : { id: asset.id, name: asset.name },
      holder: holder === null ? null : { ...holder, name: await holderName(tx, holder) },
      user,
      idle: asked.idle,
    },
  }
}

function refuseUnclear({ everything, ...parts }: AskedScope): void {
  const given = Object.values(parts).some((part) => part !== null)
  if (everything && given) {
    throw new Refusal('request.invalid', 'body.scope: everything goes without anything else; choose one.')
  }
  if (!everything && !given) {
    throw new Refusal(
      'request.invalid',
      'body.scope names nothing. Name a token, an app, a device or a user, or say everything.',
    )
  }
  const holders = [parts.serialNumber, parts.clientUserId, parts.userId].filter((part) => part !== null)
  if (holders.length > 1) {
    throw new Refusal('request.invalid', 'body.scope: name one of serialNumber, clientUserId and userId.')
  }
}

function holderOf({ serialNumber, clientUserId }: AskedScope): Scope['holder'] {
  if (serialNumber !== null) return { kind: 'device', id: serialNumber }
  return clientUserId === null ? null : { kind: 'user', id: clientUserId }
}

async function assetNamed(
  tx: Tx,
  id: number,
): Promise<{ readonly id: number; readonly name: string; readonly location_id: number }> {
  const { rows } = await sql<{ id: number; name: string; location_id: number }>`
    SELECT a.id, a.location_id, coalesce(t.name, a.adam_id) AS name FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id WHERE a.id = ${id}`.execute(tx)
  const [asset] = rows
  if (asset !== undefined) return asset
  throw new Refusal('asset.unknown', `There is no app or book with the id ${id}.`, { assetId: id })
}

async function tokenNamed(tx: Tx, id: number): Promise<{ readonly id: number; readonly name: string }> {
  const { rows } = await sql<{
    id: number
    name: string
  }>`SELECT id, name FROM locations WHERE id = ${id}`.execute(tx)
  const [token] = rows
  if (token !== undefined) return token
  throw new Refusal('token.unknown', `There is no content token with the id ${id}.`, { tokenId: id })
}

async function userNamed(tx: Tx, id: number): Promise<{ readonly id: number; readonly name: string }> {
  const { rows } = await sql<{ id: number; name: string }>`
    SELECT id, coalesce(nullif(name, ''), user_name) AS name FROM users WHERE id = ${id}`.execute(tx)
  const [user] = rows
  if (user !== undefined) return user
  throw new Refusal('user.unknown', `There is no user with the id ${id}.`, { userId: id })
}

/** Null where the directory does not know the holder, as with what other systems gave. */
async function holderName(tx: Tx, holder: NonNullable<Scope['holder']>): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    SELECT nullif(name, '') AS name FROM devices WHERE ${holder.kind} = 'device' AND serial_number = ${holder.id}
    UNION ALL
    SELECT coalesce(nullif(name, ''), user_name) FROM users
    WHERE ${holder.kind} = 'user' AND client_user_id::text = ${holder.id}`.execute(tx)
  return rows[0]?.name ?? null
}
