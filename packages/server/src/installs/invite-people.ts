/**
 * Has devices ask their people to join Apps and Books (U1): whoever waits for a user license, has an open invitation and
 * has a device under management that can ask. What follows for whom is decided in core; that somebody joined is only what
 * Apple says.
 *
 *     device_invitations.due_at → facts → invitation step (core) → commands
 */

import { invitationUrl } from '@apportion/apps-books/users'
import { inADay } from '@apportion/core/installs/schedule'
import { type InvitationStep, invitationStep } from '@apportion/core/people/device-invitation'
import { sql } from 'kysely'
import type { CommandQueue, NewCommand } from '../devices/channel.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { holdLease, type Lease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import type { SecretBox } from '../platform/secrets.ts'
import type { AppleConnections } from '../tokens/apple.ts'
import { invitationContext } from '../tokens/seal-invitations.ts'
import { invitationCommand } from './commands.ts'
import {
  type DuePerson,
  duePeople,
  type LookedInvitation,
  lockPeople,
  storeInvitations,
} from './invitation-store.ts'

export interface InvitePorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
  readonly channel: CommandQueue
  readonly secrets: Pick<SecretBox, 'open'>
  readonly apple: Pick<AppleConnections, 'serviceConfig'>
}

/** People looked at in one transaction. */
const atOnce = 200

/** The step that invites; nothing happens for a location that is not ours, or that is left. */
export function inviteStep(ports: InvitePorts): LocationStep {
  return {
    name: 'invite',
    alone: false,
    due: (now) => sql`SELECT v.location_id FROM device_invitations v JOIN locations l ON l.id = v.location_id
      WHERE v.due_at <= ${now} AND l.managed_by IS NULL AND l.leaving_since IS NULL`,
    run: (turn) => invite(ports, turn),
  }
}

async function invite(ports: InvitePorts, turn: LocationTurn): Promise<void> {
  for (;;) {
    turn.signal.throwIfAborted()
    const now = ports.clock.now()
    const people = await duePeople(ports.db, { locationId: turn.lease.locationId, now, limit: atOnce })
    if (people.length === 0) return
    // Apple is asked outside of the transaction, and only when somebody may be invited.
    const isAnybodyInvited = people.some(({ facts }) => invitationStep(facts, now).invites)
    const addressOf = isAnybodyInvited ? await addresses(ports) : () => undefined
    await inTransaction(ports.db, (tx) =>
      inviteSome(tx, ports, { lease: turn.lease, people, now, addressOf }),
    )
  }
}

/** The address of an invitation by its code; undefined where Apple's service config does not tell how it is made. */
type AddressOf = (code: string) => string | undefined

async function addresses({ apple }: InvitePorts): Promise<AddressOf> {
  const { config } = await apple.serviceConfig()
  return (code) => invitationUrl(config, code)
}

interface Inviting {
  readonly lease: Lease
  readonly people: readonly DuePerson[]
  readonly now: Date
  readonly addressOf: AddressOf
}

async function inviteSome(tx: Tx, ports: InvitePorts, inviting: Inviting): Promise<void> {
  const { lease, now } = inviting
  await holdLease(tx, lease)
  const people = await lockPeople(tx, lease.locationId, inviting.people)
  const steps = people.map((person) => ({ person, step: invitationStep(person.facts, now) }))
  const withdrawn = steps.flatMap(({ person: { commandId, facts }, step }) => {
    const enrollmentId = facts.last?.state === 'open' ? facts.last.enrollmentId : null
    return step.withdraws && commandId !== null && enrollmentId !== null
      ? [{ enrollmentId, id: commandId }]
      : []
  })
  await ports.channel.withdraw(tx, withdrawn)
  const looked = steps.map(({ person, step }) => look(ports, inviting, { person, step }))
  await ports.channel.queue(
    tx,
    looked.flatMap(({ command }) => command ?? []),
    now,
  )
  await storeInvitations(
    tx,
    lease.locationId,
    looked.map((each) => each.stored),
  )
}

interface Look {
  readonly stored: LookedInvitation
  readonly command: NewCommand | null
}

function look(
  { newId, secrets }: InvitePorts,
  { lease: { locationId }, now, addressOf }: Inviting,
  { person, step }: { readonly person: DuePerson; readonly step: InvitationStep },
): Look {
  const { userId, uid, clientUserId, invitation, facts } = person
  const rests = { stored: { userId, dueAt: step.dueAt, asked: null }, command: null }
  const { enrollmentId } = facts
  if (!step.invites || invitation === null || enrollmentId === null) return rests
  const code = secrets.open(invitation, invitationContext(uid, clientUserId)).toString('utf8')
  const address = addressOf(code)
  // What Apple does not tell now it may tell tomorrow.
  if (address === undefined) return { ...rests, stored: { ...rests.stored, dueAt: inADay(now) } }
  const command = invitationCommand({ enrollmentId, locationId, userId }, { id: newId(), address })
  const asked = { enrollmentId, commandId: command.id, at: now }
  return { stored: { userId, dueAt: step.dueAt, asked }, command }
}
