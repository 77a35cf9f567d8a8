/** Enrollment links as callers see them. */
import type { z } from 'zod'
import { type LinkRow, linkState } from './link-store.ts'
import type { enrollmentLink } from './schema.ts'

/** One link, with where it stands at a moment. Pure. */
export function presentLink(row: LinkRow, now: Date): z.output<typeof enrollmentLink> {
  const { id, ownership, userId, userName, personName, serialNumber, mostUses, uses, createdBy } = row
  const isFor = userId !== null && userName !== null && personName !== null
  return {
    id,
    state: linkState(row, now),
    ownership,
    user: isFor ? { id: userId, userName, name: personName } : null,
    serialNumber,
    mostUses,
    uses,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
