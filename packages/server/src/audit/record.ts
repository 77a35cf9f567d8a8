/** Writes the audit log (M4): who did what to which thing, in the transaction that did it. */
import { sql } from 'kysely'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { beginning, entryHash, storableDetails, storableText } from './chain.ts'

/** What a change was made to. `id` and `name` as a person would look for it; null when it has none. */
export interface AuditSubject {
  /** A noun in snake_case: `token`, `assignment`, `device_group`. */
  readonly kind: string
  readonly id: string | number | null
  readonly name?: string | null
}

export interface AuditRecord {
  readonly actor: Actor
  /** `noun.verb_in_the_past`, in snake_case: `token.uploaded`, `assignment.changed`. */
  readonly action: string
  readonly subject: AuditSubject
  /** What changed, small, without secrets. */
  readonly details?: Readonly<Record<string, unknown>>
  /** When; the database's clock when left out. */
  readonly at?: Date
}

/** Any fixed number; every writer of the log takes the same lock. */
const auditLock = 4_827_165

/**
 * Appends an entry. It exists exactly if `tx` commits.
 *
 * Entries form one chain, so writers wait for each other until they commit: record as the last step of
 * a transaction and keep what follows short.
 */
export async function record(
  tx: Tx,
  { actor, action, subject, details = {}, at }: AuditRecord,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(${auditLock})`.execute(tx)
  const { now, previous } = await endOfChain(tx)
  const entry = {
    at: at ?? now,
    actorKind: actor.kind,
    actorId: 'id' in actor ? actor.id : null,
    actorName: storableText(actor.name),
    action,
    subjectKind: subject.kind,
    subjectId: subject.id === null ? null : storableText(String(subject.id)),
    subjectName: subject.name == null ? null : storableText(subject.name),
    details: storableDetails(details),
  }
  await tx
    .insertInto('audit_entries')
    .values({
      at: entry.at,
      actor_kind: actor.kind,
      actor_id: entry.actorId,
      actor_name: entry.actorName,
      action,
      subject_kind: entry.subjectKind,
      subject_id: entry.subjectId,
      subject_name: entry.subjectName,
      details: JSON.stringify(entry.details),
      previous_hash: previous,
      hash: entryHash(previous, entry),
    })
    .execute()
}

/** A statement of its own after the lock, so that it sees what the writer before has committed. */
async function endOfChain(tx: Tx): Promise<{ now: Date; previous: Uint8Array }> {
  const { rows } = await sql<{ now: Date; previous: Uint8Array | null }>`
    select date_trunc('milliseconds', clock_timestamp()) as now,
           (select hash from audit_entries order by seq desc limit 1) as previous`.execute(tx)
  const [end] = rows
  return { now: end?.now ?? new Date(0), previous: end?.previous ?? beginning }
}
