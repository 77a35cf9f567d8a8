/**
 * Where Apple's notifications arrive (S3): stored, then answered; processed later by whoever holds the location's
 * lease. The address of each location is secret, and so is its bearer.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Notification } from '@apportion/apple-wire/messages'
import { sql } from 'kysely'
import { z } from 'zod'
import { storable } from '../audit/chain.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { HttpApp } from '../platform/http/routes.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { hashSecret, notificationPath } from './claim.ts'
import { withSealedInvitations } from './seal-invitations.ts'

/** Apple sends at most 100 elements; this leaves room. */
const bodyLimit = 256 * 1024

const envelope: z.ZodType<Notification> = z.object({
  notificationId: z.string().min(1).max(200),
  notificationType: z.string().min(1).max(100),
  uId: z.string().min(1).max(100),
  notification: z.unknown(),
})

/**
 * Declares the address. Answers 204 once the notification is stored (again and again for the same one), 401 to a
 * wrong secret, 404 to an unknown address, 400 to what is no notification of this location.
 */
export function notificationRoute(
  app: HttpApp,
  { db, clock, secrets }: { readonly db: Db; readonly clock: Clock; readonly secrets: SecretBox },
): void {
  app.post<{ Params: { key: string } }>(
    `${notificationPath}:key`,
    { bodyLimit, schema: { hide: true } },
    async (request, reply) => {
      const { key } = request.params
      const webhook = keyShape.test(key) ? await findWebhook(db, key) : undefined
      if (webhook === undefined) return reply.code(404).send()
      if (!isBearer(request.headers.authorization, webhook.secret_hash)) return reply.code(401).send()
      const parsed = envelope.safeParse(request.body)
      if (!parsed.success || parsed.data.uId !== webhook.uid) return reply.code(400).send()
      const notification = withSealedInvitations(secrets, parsed.data)
      await store(db, { pathKey: request.params.key, notification, at: clock.now() })
      return reply.code(204).send()
    },
  )
}

/** The keys that we make; others are not looked for. */
const keyShape = /^[\w-]{20,100}$/

async function findWebhook(db: Db, key: string): Promise<{ uid: string; secret_hash: Buffer } | undefined> {
  const { rows } = await sql<{ uid: string; secret_hash: Buffer }>`
    SELECT uid, secret_hash FROM webhooks WHERE path_key = ${key}`.execute(db)
  return rows[0]
}

function isBearer(header: string | undefined, expected: Buffer): boolean {
  const secret = /^Bearer (\S+)$/.exec(header ?? '')?.[1]
  return secret !== undefined && timingSafeEqual(hashSecret(secret), expected)
}

/** One statement: stored once however often it comes, the address marked as heard from, the worker woken. */
async function store(
  db: Db,
  { pathKey, notification, at }: { pathKey: string; notification: Notification; at: Date },
): Promise<void> {
  const { uId, notificationId, notificationType } = notification
  await sql`
    WITH stored AS (
      INSERT INTO notifications (uid, notification_id, type, body, received_at, processed_at)
      VALUES (${uId}, ${notificationId}, ${notificationType},
        ${JSON.stringify(storable(notification.notification ?? {}))}::jsonb, ${at},
        CASE WHEN ${notificationType} = 'TEST_NOTIFICATION' THEN ${at}::timestamptz END)
      ON CONFLICT DO NOTHING RETURNING uid
    ), heard AS (UPDATE webhooks SET last_heard_at = ${at} WHERE path_key = ${pathKey})
    SELECT pg_notify('location_work', '') FROM stored`.execute(db)
}
