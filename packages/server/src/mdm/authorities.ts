/** The certificates of our device authorities, as who identifies devices needs them. */
import { X509Certificate } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** All whose certificates are still good at `now`, the newest first: also those that a newer one replaced. */
export async function authoritiesOf(db: Db | Tx, now: Date): Promise<readonly X509Certificate[]> {
  const { rows } = await sql<{ certificate: Buffer }>`
    SELECT certificate FROM device_authorities WHERE purpose = 'authority' AND not_after > ${now}
    ORDER BY id DESC`.execute(db)
  return rows.map(({ certificate }) => new X509Certificate(certificate))
}
