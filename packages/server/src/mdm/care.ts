/** What administrators do with one device under management: wake it, or take it out (D1). */

import { burst } from '@apportion/core/devices/waking'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { DeviceListener } from '../devices/channel.ts'
import { type EnrollmentView, findEnrollment } from '../devices/read-enrollments.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { endEnrollment } from './enrollments.ts'

/** What looking after one device touches. */
export interface CarePorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  /** Told of a device that is taken out, in the same transaction. */
  readonly listeners: readonly DeviceListener[]
}

/** Has the device woken at once. @throws Refusal `enrollment.unknown`, `enrollment.not_wakeable` */
export async function wakeNow({ db, clock }: CarePorts, id: number, actor: Actor): Promise<EnrollmentView> {
  return await inTransaction(db, async (tx) => {
    const enrollment = await lockView(tx, id)
    const hindrance = hindranceTo(enrollment)
    if (hindrance !== null) throw new Refusal('enrollment.not_wakeable', hindrance, { id })
    const at = clock.now()
    await sql`UPDATE enrollments SET wake_attempts = 0,
        wake_at = greatest(${at}::timestamptz, woken_at + make_interval(secs => ${burst / 1000}))
      WHERE id = ${id}`.execute(tx)
    await record(tx, { actor, at, action: 'enrollment.woken', subject: subjectOf(enrollment) })
    return await findEnrollment(tx, id)
  })
}

/** Why the device cannot be woken and what to do; null when it can. */
function hindranceTo(enrollment: EnrollmentView): string | null {
  const name = nameOf(enrollment)
  if (enrollment.state === 'left') return `"${name}" has left management. Enroll it again.`
  if (enrollment.state === 'authenticated') {
    return `"${name}" has not completed its enrollment. Finish it on the device.`
  }
  if (enrollment.pushLostAt === null) return null
  return `Apple cannot reach "${name}" any more. It has to come by itself; if it does not, enroll it again.`
}

/**
 * Takes the device out of management. It is woken once more, and whatever it says then it is told that it is not
 * recognized, so that it removes the profile. Again it changes nothing.
 *
 * @throws Refusal `enrollment.unknown`, `enrollment.wrong_name`, `enrollment.left`, `enrollment.elsewhere`
 */
export async function removeFromManagement(
  { db, clock, listeners }: CarePorts,
  { id, confirmName, actor }: { readonly id: number; readonly confirmName: string; readonly actor: Actor },
): Promise<EnrollmentView> {
  return await inTransaction(db, async (tx) => {
    const view = await lockView(tx, id)
    checkName(view, confirmName)
    if (view.leftCause === 'removed_by_administrator') return view
    if (view.state === 'left') {
      throw new Refusal('enrollment.left', `"${nameOf(view)}" has left management already.`, { id })
    }
    if (view.channel === 'nanomdm') {
      const advice = `"${nameOf(view)}" is enrolled at NanoMDM. Remove it there; it leaves here when NanoMDM tells so.`
      throw new Refusal('enrollment.elsewhere', advice, { id })
    }
    const { deviceId, kind, ownership } = view
    const at = clock.now()
    const enrollment = { id, deviceId, kind, ownership }
    await endEnrollment(tx, { listeners }, { enrollment, cause: 'removed_by_administrator', at, actor })
    return await findEnrollment(tx, id)
  })
}

async function lockView(tx: Tx, id: number): Promise<EnrollmentView> {
  await sql`SELECT 1 FROM enrollments WHERE id = ${id} FOR UPDATE`.execute(tx)
  return await findEnrollment(tx, id)
}

function checkName(view: EnrollmentView, given: string): void {
  const names = [view.deviceName, view.serialNumber, view.identifier]
  if (given !== '' && names.some((name) => name?.trim() === given.trim())) return
  throw new Refusal(
    'enrollment.wrong_name',
    `The device is "${nameOf(view)}", not "${given}". Type its name or its serial number.`,
    { name: nameOf(view) },
  )
}

function nameOf({ deviceName, serialNumber, identifier }: EnrollmentView): string {
  return deviceName || serialNumber || identifier
}

function subjectOf(view: EnrollmentView) {
  return { kind: 'enrollment', id: view.id, name: view.serialNumber ?? view.identifier }
}
