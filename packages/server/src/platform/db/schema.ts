/**
 * The tables as Kysely sees them, one interface a table. A new table adds its interface and a line in `Schema`;
 * stores of large sets write SQL with the `sql` tag instead. Constraints are in `schema.sql`.
 */
import type { ColumnType, Generated } from 'kysely'

/** A time the database fills in when the writer gives none. */
type DefaultedTime = ColumnType<Date, Date | undefined, Date>
type Bytes = Uint8Array

/** A `jsonb` column: parse what you read; pass `JSON.stringify(value)` when you write an array or a bare text. */
export type Json = ColumnType<unknown, unknown, unknown>

export interface AdministratorsTable {
  id: string
  email: string
  name: string
  password_hash: string | null
  language: ColumnType<'en' | 'nl', 'en' | 'nl' | undefined, 'en' | 'nl'>
  created_at: DefaultedTime
  disabled_at: Date | null
}

export interface SessionsTable {
  id_hash: Bytes
  administrator_id: string
  csrf_token: string
  created_at: DefaultedTime
  last_seen_at: DefaultedTime
  expires_at: Date
  user_agent: string | null
}

export interface ApiKeysTable {
  id: string
  name: string
  key_hash: Bytes
  administrator_id: string
  created_at: DefaultedTime
  last_used_at: Date | null
  expires_at: Date | null
  revoked_at: Date | null
}

/** One row at most: the code with which the first administrator is made. */
export interface SetupCodesTable {
  only_row: Generated<true>
  code_hash: Bytes
  created_at: DefaultedTime
  used_at: Date | null
}

/** Append-only: the database refuses UPDATE, DELETE and TRUNCATE. */
export interface AuditEntriesTable {
  seq: Generated<number>
  at: Date
  actor_kind: 'administrator' | 'api_key' | 'system' | 'command_line'
  actor_id: string | null
  actor_name: string
  action: string
  subject_kind: string
  subject_id: string | null
  subject_name: string | null
  details: Json
  previous_hash: Bytes
  hash: Bytes
}

export interface SettingsTable {
  key: string
  value: Json
  updated_at: DefaultedTime
}

/** "Look again at this": at most one row for each topic, location and key. */
export interface OutboxTable {
  id: Generated<number>
  topic: string
  location_id: number | null
  key: string
  payload: Json
  created_at: DefaultedTime
}

export interface SchemaMigrationsTable {
  number: number
  name: string
  checksum: string
  applied_at: DefaultedTime
}

export interface Schema {
  administrators: AdministratorsTable
  sessions: SessionsTable
  api_keys: ApiKeysTable
  setup_codes: SetupCodesTable
  audit_entries: AuditEntriesTable
  settings: SettingsTable
  outbox: OutboxTable
  schema_migrations: SchemaMigrationsTable
}
