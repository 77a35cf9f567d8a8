/**
 * Renews the identities of devices before they end: 30 days ahead a device is sent a profile that replaces its own, with
 * which it gets a new certificate. One that was off for weeks is sent another when the challenge of the first has ended.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { DeviceChannel } from '../devices/channel.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { Log } from '../platform/log.ts'
import { type Authorities, currentAuthorities } from './authority.ts'
import { type HandOutPorts, renewalProfile } from './hand-out.ts'

/** What renewing identities touches. */
export interface RenewPorts extends HandOutPorts {
  readonly clock: Clock
  readonly log: Log
  readonly channel: DeviceChannel
}

const dayMs = 86_400_000
/** Days before its end that an identity is renewed. */
export const renewBeforeDays = 30
const lookEveryMs = 3_600_000
/** Between two devices, so that a fleet that enrolled on one day takes turns with everything else. */
const mostAtOnce = 500

/**
 * Sends what is due now, at most 500 profiles, and gives how many. Who is first to take the turn sends; several processes
 * send none twice.
 */
export async function renewDueIdentities(ports: RenewPorts): Promise<number> {
  const { db, clock } = ports
  await forgetUnused(ports)
  if ((await nextDue(db, clock.now())) === undefined) return 0
  const authorities = await currentAuthorities(ports)
  let sent = 0
  while (sent < mostAtOnce) {
    const renewed = await inTransaction(db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtext('renew_identities'))`.execute(tx)
      const enrollmentId = await nextDue(tx, clock.now())
      if (enrollmentId !== undefined) await sendRenewal(tx, ports, { enrollmentId, authorities })
      return enrollmentId !== undefined
    })
    if (!renewed) break
    sent += 1
  }
  return sent
}

/**
 * The enrollment whose identity ends first, without a renewal that is still good or was just used. One whose identity has
 * ended cannot speak any more, and would stand in front of the others for ever.
 */
async function nextDue(db: Db | Tx, now: Date): Promise<number | undefined> {
  const until = new Date(now.getTime() + renewBeforeDays * dayMs)
  const { rows } = await sql<{ id: number }>`
    SELECT e.id FROM identity_certificates c JOIN enrollments e ON e.id = c.enrollment_id
    WHERE c.state = 'pinned' AND c.not_after > ${now} AND c.not_after < ${until} AND e.state = 'enrolled' AND e.channel = 'mdm'
      AND e.topic IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM pending_enrollments p WHERE p.enrollment_id = e.id AND p.expires_at > ${now})
    ORDER BY c.not_after, e.id LIMIT 1`.execute(db)
  return rows[0]?.id
}

async function sendRenewal(
  tx: Tx,
  ports: RenewPorts,
  due: { readonly enrollmentId: number; readonly authorities: Authorities },
): Promise<void> {
  const { enrollmentId } = due
  const renewal = await renewalProfile(tx, ports, due)
  if (renewal === undefined) return
  const { channel, clock } = ports
  await channel.withdraw(tx, await formerRenewals(tx, enrollmentId))
  const command = {
    enrollmentId,
    id: randomUUID(),
    requestType: 'InstallProfile',
    purpose: 'renewal',
    subject: { pendingId: renewal.pendingId },
    parameters: { Payload: renewal.profile },
  } as const
  await channel.queue(tx, [command], clock.now())
}

/** Their challenges have ended. */
async function formerRenewals(tx: Tx, enrollmentId: number) {
  const { rows } = await sql<{ enrollmentId: number; id: string }>`
    SELECT enrollment_id AS "enrollmentId", id::text FROM commands
    WHERE enrollment_id = ${enrollmentId} AND purpose = 'renewal' AND state = 'queued'`.execute(tx)
  return rows
}

/** Profiles that nobody used are of no interest a day after their end. */
async function forgetUnused({ db, clock }: RenewPorts): Promise<void> {
  const before = new Date(clock.now().getTime() - dayMs)
  await sql`DELETE FROM pending_enrollments WHERE issued_at IS NULL AND expires_at < ${before}`.execute(db)
}

/** Renews for as long as the server runs. Disposing it waits for what is under way. */
export function startRenewing(ports: RenewPorts): AsyncDisposable {
  const stopping = new AbortController()
  const renewing = renewUntil(stopping.signal, ports)
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await renewing
    },
  }
}

async function renewUntil(signal: AbortSignal, ports: RenewPorts): Promise<void> {
  const { clock, log } = ports
  while (!signal.aborted) {
    try {
      const sent = await renewDueIdentities(ports)
      if (sent > 0) log.info({ sent }, 'identities of devices are being renewed')
      if (sent === mostAtOnce) continue
    } catch (error) {
      log.error({ err: error }, 'Identities of devices could not be renewed')
    }
    await clock.sleep(lookEveryMs, signal).catch(() => {})
  }
}
