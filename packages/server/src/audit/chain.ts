/**
 * The hash that ties an audit entry to the one before it (M4): whoever changes, removes or inserts an
 * entry in the middle has to rewrite every entry after it.
 */
import { createHash } from 'node:crypto'

/** What is hashed of an entry: all that is stored, apart from its number. */
export interface ChainedEntry {
  readonly at: Date
  readonly actorKind: string
  readonly actorId: string | null
  readonly actorName: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string | null
  readonly subjectName: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/** What the first entry follows. */
export const beginning: Buffer = Buffer.alloc(32)

/** SHA-256 of the previous entry's hash and this entry's fields, in a form that does not depend on key order. */
export function entryHash(previousHash: Uint8Array, entry: ChainedEntry): Buffer {
  const fields = [
    1,
    Buffer.from(previousHash).toString('hex'),
    entry.at.toISOString(),
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    entry.subjectName,
    entry.details,
  ]
  return createHash('sha256')
    .update(JSON.stringify(sorted(fields)))
    .digest()
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

/**
 * Details as PostgreSQL's jsonb gives them back: no undefined, no dates, no character it refuses.
 * Hashing this form keeps the hash the same after a round trip.
 */
export function storableDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return storableObject(JSON.parse(JSON.stringify(details)) as Record<string, unknown>)
}

function storableObject(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]))
}

/** A value as JSON that PostgreSQL can hold, see {@link storableText}. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  return typeof value === 'object' && value !== null ? storableObject(value) : value
}

/** Text without what PostgreSQL cannot hold: NUL and lone surrogates become U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
