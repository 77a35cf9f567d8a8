/** The SQL of the people whom Apple knows at a location, and of their invitations, which rest sealed (invariant 7). */
import type { ResponseUser } from '@apportion/apple-wire/messages'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { lookAtDelivery } from '../platform/outbox.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { sealInvitation } from '../tokens/seal-invitations.ts'

/** A person as Apple tells of one, the code of the invitation sealed, as Base64. */
export type SealedUser = Pick<ResponseUser, 'clientUserId' | 'status' | 'email' | 'idHash'> & {
  readonly invitation?: string
}

/** People as Apple tells of them, with their codes sealed. */
export function sealUsers(
  secrets: Pick<SecretBox, 'seal'>,
  uid: string,
  users: readonly ResponseUser[],
): readonly SealedUser[] {
  return users.map(({ inviteCode, ...user }) =>
    inviteCode === undefined
      ? user
      : { ...user, invitation: sealInvitation(secrets, { uid, ...user, inviteCode }) },
  )
}

/** Somebody whom Apple knows and has not retired. */
export const isActive = ({ status }: { readonly status: string }): boolean =>
  status !== 'Retired' && status !== 'Deleted'

/**
 * Stores people whom Apple knows. What was seen later stays. Whoever has joined gets what waited for that on their devices,
 * and whoever is invited is looked at: a device may ask the person.
 *
 * @param seen.at the moment before they were read; with `isTold` the moment at which a notification was read, which may
 * be late: it never takes back that somebody joined
 */
export async function upsertAppleUsers(
  db: Db | Tx,
  seen: {
    readonly locationId: number
    readonly users: readonly SealedUser[]
    readonly at: Date
    readonly isTold?: boolean
  },
): Promise<void> {
  if (seen.users.length === 0) return
  const notOlder =
    seen.isTold === true
      ? sql`NOT (k.status = 'Associated' AND excluded.status = 'Registered')`
      : sql`k.seen_at <= excluded.seen_at`
  await sql`WITH seen AS (
    INSERT INTO apple_users AS k (location_id, client_user_id, status, email, id_hash, invitation_sealed, seen_at,
      registered_at, joined_at)
    SELECT DISTINCT ON (r."clientUserId") ${seen.locationId}::int, r."clientUserId", r.status, r.email, r."idHash",
      CASE WHEN r.status = 'Registered' THEN decode(r.invitation, 'base64') END, ${seen.at}::timestamptz,
      ${seen.at}::timestamptz, CASE WHEN r.status = 'Associated' THEN ${seen.at}::timestamptz END
    FROM jsonb_to_recordset(${JSON.stringify(seen.users)}::jsonb)
      AS r("clientUserId" text, status text, email text, "idHash" text, invitation text)
    ORDER BY r."clientUserId"
    ON CONFLICT (location_id, client_user_id) DO UPDATE SET status = excluded.status, email = excluded.email,
      id_hash = excluded.id_hash, seen_at = excluded.seen_at,
      invitation_sealed = CASE WHEN excluded.status = 'Registered'
        THEN coalesce(excluded.invitation_sealed, k.invitation_sealed) END,
      joined_at = CASE WHEN k.status = 'Associated' THEN coalesce(k.joined_at, excluded.joined_at) ELSE excluded.joined_at END
    WHERE ${notOlder} RETURNING k.*
    ), delivery AS (${lookAtDelivery(devicesOfJoined(seen.at))}), invited AS (${lookAtInvited(seen.at)})
    ${lookAtUninvited(seen.at)}`.execute(db)
}

/** Whoever is invited is looked at when that is new. */
const lookAtInvited = (at: Date): RawBuilder<unknown> => sql`
  INSERT INTO device_invitations AS v (location_id, user_id, due_at)
  SELECT s.location_id, u.id, ${at}::timestamptz FROM seen s JOIN users u ON u.client_user_id::text = s.client_user_id
  WHERE s.status = 'Registered' AND s.invitation_sealed IS NOT NULL ORDER BY 1, 2
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE v.due_at IS NULL`

/** Whoever is invited no more is looked at once, so that no device asks. */
const lookAtUninvited = (at: Date): RawBuilder<unknown> => sql`
  UPDATE device_invitations v SET due_at = ${at}
  FROM seen s JOIN users u ON u.client_user_id::text = s.client_user_id
  WHERE v.location_id = s.location_id AND v.user_id = u.id AND s.status <> 'Registered' AND v.due_at IS NOT NULL`

/** What is meant for the devices, and the books for the people, of those who were seen to have joined at this moment. */
const devicesOfJoined = (at: Date): RawBuilder<unknown> => sql`
  SELECT t.location_id, t.asset_id, d.id AS device_id FROM seen s
  JOIN users u ON u.client_user_id::text = s.client_user_id JOIN devices d ON d.user_id = u.id
  JOIN targets t ON t.location_id = s.location_id AND t.user_id = u.id
  WHERE s.joined_at = ${at}`

/** Apple knows these people no more, as far as nothing was heard of them since. No device asks them any more. */
export async function forgetAppleUsers(
  db: Db | Tx,
  gone: { readonly locationId: number; readonly ids: readonly string[]; readonly at: Date },
): Promise<void> {
  await sql`WITH forgotten AS (
      DELETE FROM apple_users WHERE location_id = ${gone.locationId} AND client_user_id = ANY(${[...gone.ids]}::text[])
        AND seen_at <= ${gone.at} RETURNING location_id, client_user_id
    )
    UPDATE device_invitations v SET due_at = ${gone.at}
    FROM forgotten f JOIN users u ON u.client_user_id::text = f.client_user_id
    WHERE v.location_id = f.location_id AND v.user_id = u.id AND v.due_at IS NOT NULL`.execute(db)
}

/**
 * Narrows licenses `l` that wait to be asked for to those that Apple can give now: a person's only once Apple knows the
 * person at the location (U1). What comes back comes back from whoever has it.
 */
export const canBeAskedFor: RawBuilder<unknown> = sql`(l.holder_kind = 'device' OR l.state = 'releasing'
  OR EXISTS (SELECT 1 FROM apple_users k WHERE k.location_id = l.location_id AND k.client_user_id = l.holder))`

/**
 * Asks to register everybody who wants a license at a location and is not known there. The database's triggers do that as
 * soon as it is so; this finds whom two transactions at the same moment missed.
 */
export async function askForRegistrations(db: Db | Tx, locationId: number): Promise<void> {
  await sql`INSERT INTO registrations (location_id, user_id, due_at)
    SELECT DISTINCT t.location_id, t.user_id, '-infinity'::timestamptz
    FROM targets t JOIN users u ON u.id = t.user_id
    WHERE t.location_id = ${locationId} AND t.user_id IS NOT NULL AND t.wants AND NOT EXISTS (SELECT 1 FROM apple_users k
      WHERE k.location_id = t.location_id AND k.client_user_id = u.client_user_id::text)
    ORDER BY 1, 2
    ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at
      WHERE registrations.due_at IS NULL AND registrations.operation_id IS NULL`.execute(db)
}
