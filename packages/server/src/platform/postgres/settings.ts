/** How our PostgreSQL is set up; everything else stays at its default. */

/** What may differ between the product and a test run. */
export interface PostgresTuning {
  /** False loses data at a power failure and is for throw-away clusters only. */
  readonly fsync: boolean
  readonly maxConnections: number
}

/** The product's own. */
export const durable: PostgresTuning = { fsync: true, maxConnections: 60 }

/** Settings by name, as given to `postgres -c name=value`. */
export function postgresSettings(tuning: PostgresTuning): Readonly<Record<string, string>> {
  const throwAway = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off' }
  return {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    max_connections: String(tuning.maxConnections),
    shared_buffers: '128MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    // Room for a sync of millions of licenses between two checkpoints.
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // No replica reads our log: the least of it that a crash needs.
    wal_level: 'minimal',
    max_wal_senders: '0',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    ...(tuning.fsync ? {} : throwAway),
  }
}
