/** Checks that nobody changed the audit log behind the server's back (M4). */
import type { Db } from '../platform/db/database.ts'
import { beginning, entryHash } from './chain.ts'
import { type AuditRow, auditAfter } from './store.ts'

export interface ChainVerdict {
  /** Entries looked at. */
  readonly entries: number
  /** The number of the first entry that does not follow from the one before; null when all do. */
  readonly brokenAt: number | null
  /**
   * Hash of the last good entry, as hexadecimal. Entries cut off at the end leave a good chain: keep this
   * value elsewhere and compare it to notice that too.
   */
  readonly head: string
}

const batchSize = 1000

/** Reads the whole log in batches; memory does not grow with it. */
export async function verifyAuditChain(db: Db): Promise<ChainVerdict> {
  let previous: Uint8Array = beginning
  let entries = 0
  let last = 0
  for (;;) {
    const batch = await auditAfter(db, last, batchSize)
    for (const row of batch) {
      if (!follows(row, previous)) return { entries, brokenAt: row.seq, head: hex(previous) }
      previous = row.hash
      last = row.seq
      entries += 1
    }
    if (batch.length < batchSize) return { entries, brokenAt: null, head: hex(previous) }
  }
}

function follows(row: AuditRow, previous: Uint8Array): boolean {
  const expected = entryHash(previous, {
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    details: row.details,
  })
  return expected.equals(row.hash) && Buffer.from(previous).equals(row.previous_hash)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
