/**
 * Imports a CSV file of devices, users or groups (P3): all of it, its good rows, or nothing.
 *
 * One transaction: read the file into a temporary table, look up what it names, and carry out what is good as
 * sets. Other changes of the directory wait meanwhile, so that the counts are exact.
 */
import type { ImportKind } from '@apportion/core/directory/import-columns'
import { sql } from 'kysely'
import type pg from 'pg'
import { record } from '../audit/record.ts'
import type { SignedIn } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { withClient } from '../platform/db/copy.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { applyDevices, checkDevices, deviceStaging } from './import-devices.ts'
import { emptyFile, type ImportFile, openImportFile } from './import-file.ts'
import { applyGroups, checkGroups, groupStaging } from './import-groups.ts'
import type { ImportCounts } from './import-memberships.ts'
import { closeChecks, type Staged, stageFile } from './import-staging.ts'
import { type ImportRow, insertImport } from './import-store.ts'
import { applyUsers, checkUsers, userStaging } from './import-users.ts'
import { takeDirectoryTurn } from './turn.ts'

/** What an import touches. */
export interface ImportPorts {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly newId: NewId
}

/** A file, what to do when rows are bad, and who brings it. */
export interface ImportRequest {
  readonly kind: ImportKind
  readonly bytes: Uint8Array
  readonly onError: 'keep_good_rows' | 'keep_nothing'
  readonly fileName: string | null
  readonly actor: SignedIn
}

interface Session {
  readonly tx: Tx
  readonly client: pg.ClientBase
}

/** How a kind of file is read, checked and carried out. */
const kinds: Readonly<
  Record<
    ImportKind,
    {
      readonly stage: (session: Session, file: ImportFile) => Promise<Staged>
      readonly check: (tx: Tx) => Promise<void>
      readonly apply: (tx: Tx, at: Date) => Promise<ImportCounts>
    }
  >
> = {
  devices: {
    stage: (session, file) => stageFile(session, file, deviceStaging),
    check: checkDevices,
    apply: applyDevices,
  },
  users: {
    stage: (session, file) => stageFile(session, file, userStaging),
    check: checkUsers,
    apply: applyUsers,
  },
  groups: {
    stage: (session, file) => stageFile(session, file, groupStaging),
    check: checkGroups,
    apply: applyGroups,
  },
}

const nothing: ImportCounts = { created: 0, updated: 0, unchanged: 0 }

/**
 * The result, which is also kept in the history. Bad rows are part of the result, not a failure.
 *
 * @throws Refusal `import.encoding`, `import.header` or `import.empty`
 */
export async function importCsv(ports: ImportPorts, request: ImportRequest): Promise<ImportRow> {
  const file = await openImportFile(request.kind, request.bytes)
  return await withClient(ports.pool, (client, db) =>
    inTransaction(db, async (tx) => {
      const outcome = await carryOut({ tx, client }, file, request, ports.clock.now())
      const row: ImportRow = {
        id: ports.newId(),
        kind: request.kind,
        at: ports.clock.now(),
        actorName: request.actor.name,
        fileName: request.fileName,
        onError: request.onError,
        ...outcome,
      }
      await insertImport(tx, row)
      if (row.kept) await recordImport(tx, request, row)
      return row
    }),
  )
}

type Outcome = Pick<
  ImportRow,
  'kept' | 'rows' | 'created' | 'updated' | 'unchanged' | 'rejected' | 'rejections'
>

async function carryOut(
  session: Session,
  file: ImportFile,
  request: ImportRequest,
  at: Date,
): Promise<Outcome> {
  const { stage, check, apply } = kinds[request.kind]
  const staged = await stage(session, file)
  if (staged.rows === 0) throw emptyFile('The file has a header and no rows')
  await takeDirectoryTurn(session.tx)
  // Reading goes on; who wants to change the directory waits until the import has ended.
  await sql`LOCK TABLE users, devices, groups, group_devices, group_users, group_groups IN SHARE ROW EXCLUSIVE MODE`.execute(
    session.tx,
  )
  await check(session.tx)
  const { rejected, rejections } = await closeChecks(session.tx, file.layout, staged)
  const kept = rejected < staged.rows && (rejected === 0 || request.onError === 'keep_good_rows')
  const counts = kept ? await apply(session.tx, at) : nothing
  return { kept, rows: staged.rows, ...counts, rejected, rejections }
}

/** One entry for the file, not one for each row. */
async function recordImport(tx: Tx, { actor }: ImportRequest, row: ImportRow): Promise<void> {
  const { kind, rows, created, updated, unchanged, rejected } = row
  await record(tx, {
    actor,
    at: row.at,
    action: `${kind}.imported`,
    subject: { kind: 'import', id: row.id, name: row.fileName },
    details: { rows, created, updated, unchanged, rejected },
  })
}
