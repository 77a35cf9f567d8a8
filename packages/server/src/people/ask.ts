/** What an administrator asks about a person at a location: the invitation's address, or to try again (U1). */
import { invitationUrl } from '@apportion/apps-books/users'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'
import type { SecretBox } from '../platform/secrets.ts'
import type { AppleConnections } from '../tokens/apple.ts'
import { invitationContext } from '../tokens/seal-invitations.ts'

export interface AskPorts {
  readonly db: Db
  readonly clock: Clock
  readonly secrets: Pick<SecretBox, 'open'>
  readonly apple: Pick<AppleConnections, 'serviceConfig'>
}

/** A person at a location. */
export interface PersonAt {
  readonly id: number
  readonly tokenId: number
}

interface KnownPerson {
  readonly name: string
  readonly location: string
  readonly uid: string
  readonly client_user_id: string
  readonly invitation_sealed: Buffer | null
}

/**
 * The address at which the person joins. Who saw it is recorded, since whoever has it can join in the person's place.
 *
 * @throws Refusal `join.unknown`; `invitation.none` when none is open; `invitation.no_address` when Apple's service config
 * does not tell where invitations are accepted
 */
export async function showInvitation(ports: AskPorts, at: PersonAt, actor: Actor): Promise<string> {
  const { db, secrets, clock } = ports
  const person = await findPerson(db, at)
  if (person.invitation_sealed === null)
    throw new Refusal('invitation.none', `${person.name} has no open invitation for "${person.location}".`, {
      ...at,
    })
  const { config } = await ports.apple.serviceConfig()
  const context = invitationContext(person.uid, person.client_user_id)
  const url = invitationUrl(config, secrets.open(person.invitation_sealed, context).toString('utf8'))
  if (url === undefined)
    throw new Refusal('invitation.no_address', 'Apple does not tell where invitations are accepted.')
  await inTransaction(db, (tx) =>
    note(tx, { action: 'user.invitation_shown', person, at, actor, now: clock.now() }),
  )
  return url
}

/**
 * Tries again, soon, to register somebody whom Apple refused.
 *
 * @throws Refusal `join.unknown`; `registration.not_refused` when Apple refused nothing that could be tried again
 */
export async function retryRegistration({ db, clock }: AskPorts, at: PersonAt, actor: Actor): Promise<void> {
  const person = await findPerson(db, at)
  await inTransaction(db, async (tx) => {
    const { numAffectedRows = 0n } =
      await sql`UPDATE registrations SET due_at = '-infinity', problem_number = NULL,
        problem_detail = NULL, problem_at = NULL, final = false
      WHERE location_id = ${at.tokenId} AND user_id = ${at.id} AND problem_at IS NOT NULL AND operation_id IS NULL`.execute(
        tx,
      )
    if (numAffectedRows === 0n)
      throw new Refusal(
        'registration.not_refused',
        `Apple has refused nothing of ${person.name} at "${person.location}" that could be tried again.`,
        { ...at },
      )
    await note(tx, { action: 'user.registration_retried', person, at, actor, now: clock.now() })
    await wakeLocation(tx, at.tokenId)
  })
}

async function findPerson(db: Db, { id, tokenId }: PersonAt): Promise<KnownPerson> {
  const { rows } = await sql<KnownPerson>`
    SELECT u.user_name AS name, l.name AS location, l.uid, u.client_user_id::text AS client_user_id, k.invitation_sealed
    FROM users u CROSS JOIN locations l
    LEFT JOIN apple_users k ON k.location_id = l.id AND k.client_user_id = u.client_user_id::text
    WHERE u.id = ${id} AND l.id = ${tokenId}`.execute(db)
  const [person] = rows
  if (person === undefined)
    throw new Refusal('join.unknown', `There is no user ${id}, or no content token ${tokenId}.`, {
      id,
      tokenId,
    })
  return person
}

interface Noting {
  readonly action: string
  readonly person: KnownPerson
  readonly at: PersonAt
  readonly actor: Actor
  readonly now: Date
}

async function note(tx: Tx, { action, person, at, actor, now }: Noting): Promise<void> {
  const subject = { kind: 'user', id: at.id, name: person.name }
  const details = { tokenId: at.tokenId, token: person.location }
  await record(tx, { actor, at: now, action, subject, details })
}
