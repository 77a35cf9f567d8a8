/** Reading the audit log over HTTP (M4). */
import type { z } from 'zod'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { type auditEntry, checkAuditChain, listAuditEntries } from './schema.ts'
import { type AuditRow, auditPage } from './store.ts'
import { verifyAuditChain } from './verify.ts'

export function auditRoutes(app: HttpApp, { db }: { readonly db: Db }): void {
  route(app, listAuditEntries, async ({ query: { subject, cursor, limit } }) => {
    const [kind, ...id] = subject?.split(':') ?? []
    const rows = await auditPage(db, {
      subjectKind: kind ?? null,
      subjectId: id.length > 0 ? id.join(':') : null,
      before: cursor === undefined ? null : parseCursor(cursor),
      // One more than asked tells whether there is a next page.
      limit: limit + 1,
    })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page.map(presentEntry),
      nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null,
    }
  })

  route(app, checkAuditChain, () => verifyAuditChain(db))
}

function parseCursor(cursor: string): number {
  const seq = Number(cursor)
  if (Number.isSafeInteger(seq) && seq > 0) return seq
  throw new Refusal(
    'request.invalid',
    'query.cursor is not one that this server gave; start again without it.',
  )
}

function presentEntry(row: AuditRow): z.output<typeof auditEntry> {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    details: row.details,
  }
}
