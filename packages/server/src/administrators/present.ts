/** Administrators, sessions and keys as callers see them. */
import type { z } from 'zod'
import type { ApiKeyRow } from './api-key-store.ts'
import type { apiKey, session } from './schema.ts'
import type { Session } from './sessions.ts'

export function presentSession({ administrator, csrfToken, expiresAt }: Session): z.output<typeof session> {
  return { administrator, csrfToken, expiresAt: expiresAt.toISOString() }
}

export function presentApiKey(row: ApiKeyRow): z.output<typeof apiKey> {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    createdBy: { id: row.administratorId, name: row.administratorName },
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  }
}
