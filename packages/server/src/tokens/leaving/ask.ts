/** Begins the deletion of a content token, changes what becomes of its licenses, and calls it off (T6). */
import { deadToken, type LicenseChoice, mayCancel } from '@apportion/core/tokens/leaving'
import { sql } from 'kysely'
import { record } from '../../audit/record.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { Refusal } from '../../platform/errors.ts'
import { lookAgainAtLocation, wakeLocation } from '../../platform/outbox.ts'
import { unknownToken } from '../apple.ts'
import { tokenFacts } from '../location-state.ts'
import { findLocation, type LocationRow } from '../store.ts'
import { beginLeaving, endLeaving, leavingCounts } from './store.ts'

export interface LeavingPorts {
  readonly db: Db
  readonly clock: Clock
}

/** What an administrator says: the token's name, as a proof of meaning it, and what becomes of the licenses. */
export interface AskedToLeave {
  readonly name: string
  readonly licenses: LicenseChoice
}

/**
 * Begins the deletion; one that has begun goes on with the new choice.
 *
 * @throws Refusal `token.unknown`; `token.wrong_name`; `token.cannot_release` when licenses are to come back and the token
 * cannot do that; `token.leaving` when the choice comes too late
 */
export async function askToLeave(
  { db, clock }: LeavingPorts,
  id: number,
  asked: AskedToLeave,
  actor: Actor,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const at = clock.now()
    const location = await lockLocation(tx, id)
    refuseWrongName(location, asked.name)
    const { leaving_phase: phase } = location
    if (phase !== null && !mayCancel(phase)) {
      if (location.leaving_licenses === asked.licenses) return
      throw new Refusal(
        'token.leaving',
        `The deletion of "${location.name}" has come too far for another choice.`,
        {
          tokenId: id,
        },
      )
    }
    const counts = await leavingCounts(tx, id, at)
    const count = counts.releasable + counts.releasing + counts.refused + counts.refused_soon
    if (asked.licenses === 'release') refuseDead(location, count, at)
    await beginLeaving(tx, id, { at, by: actor.name, licenses: asked.licenses, count })
    await wakeLocation(tx, id)
    await record(tx, {
      actor,
      at,
      action: 'token.deletion_asked',
      subject: { kind: 'token', id, name: location.name },
      details: { licenses: asked.licenses, count },
    })
  })
}

/**
 * Calls the deletion off. Licenses that came back already go to whoever is required to have them.
 *
 * @throws Refusal `token.unknown`, `token.not_leaving`, `token.past_cancel`
 */
export async function cancelLeaving({ db, clock }: LeavingPorts, id: number, actor: Actor): Promise<void> {
  await inTransaction(db, async (tx) => {
    const at = clock.now()
    const location = await lockLocation(tx, id)
    const { name, leaving_phase: phase } = location
    if (phase === null) {
      throw new Refusal('token.not_leaving', `The content token "${name}" is not being deleted.`, {
        tokenId: id,
      })
    }
    if (!mayCancel(phase)) {
      throw new Refusal(
        'token.past_cancel',
        `The deletion of "${name}" cannot be called off any more: its claim at Apple is being released. Add the token again once it is done.`,
        { tokenId: id, phase },
      )
    }
    const kept = await endLeaving(tx, id, at)
    await lookAgainAtLocation(tx, id)
    await wakeLocation(tx, id)
    const subject = { kind: 'token', id, name }
    await record(tx, { actor, at, action: 'token.deletion_canceled', subject, details: { kept } })
  })
}

async function lockLocation(tx: Tx, id: number): Promise<LocationRow> {
  await sql`SELECT 1 FROM locations WHERE id = ${id} FOR UPDATE`.execute(tx)
  const location = await findLocation(tx, id)
  if (location === undefined) throw unknownToken(id)
  return location
}

function refuseWrongName({ id, name }: LocationRow, given: string): void {
  if (given.trim() === name.trim()) return
  throw new Refusal('token.wrong_name', `The content token is called "${name}", not "${given}".`, {
    tokenId: id,
    name,
  })
}

function refuseDead(location: LocationRow, count: number, now: Date): void {
  const dead = deadToken(tokenFacts(location), now)
  if (dead === null || count === 0) return
  throw new Refusal(
    'token.cannot_release',
    `Licenses cannot be taken back with "${location.name}" (${dead}). Renew the token first, or delete it and leave the licenses with their holders.`,
    { tokenId: location.id, count },
  )
}
