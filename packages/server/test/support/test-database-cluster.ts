/** Throw-away PostgreSQL clusters for tests, and which kinds this machine has. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ConnectionParts } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { postgresAccount } from '@apportion/server/platform/postgres/account'
import {
  binariesIn,
  embeddedBinaries,
  type PostgresBinaries,
  usableBinaries,
} from '@apportion/server/platform/postgres/binaries'
import { bringUp } from '@apportion/server/platform/postgres/bring-up'
import { initialize, ownRole } from '@apportion/server/platform/postgres/cluster'
import { postgresSettings } from '@apportion/server/platform/postgres/settings'
import { socketFolder, socketPort } from '@apportion/server/platform/postgres/socket-folder'

/**
 * `embedded`: the programs of the dependencies. `system`: programs installed on this machine. `url`: the server
 * that TEST_DATABASE_URL names, whose role must be allowed to create databases.
 */
export type PostgresServer = 'embedded' | 'system' | 'url'

const oldestSupported = 15

/** The kinds a contract suite can run on here; the embedded one is always among them. */
export function availablePostgresServers(): readonly PostgresServer[] {
  const system = systemBinaries() === undefined ? [] : (['system'] as const)
  const url = process.env.TEST_DATABASE_URL === undefined ? [] : (['url'] as const)
  return ['embedded', ...system, ...url]
}

/** Starts a cluster that lives as long as this process. */
export async function startThrowAwayCluster(
  kind: 'embedded' | 'system',
): Promise<Omit<ConnectionParts, 'database'>> {
  const folder = mkdtempSync(join(tmpdir(), 'apportion-test-'))
  // As root, another account runs PostgreSQL and must be able to pass.
  chmodSync(folder, 0o711)
  const data = join(folder, 'postgres')
  const account = postgresAccount(data)
  const installed = kind === 'embedded' ? embeddedBinaries() : (systemBinaries() ?? embeddedBinaries())
  removeAfterUs(folder)
  const cluster = {
    binaries: kind === 'embedded' ? await usableBinaries(installed, account, [folder]) : installed,
    account,
    data,
    sockets: socketFolder(folder, account),
    settings: postgresSettings({ fsync: false, maxConnections: 200 }),
    logFile: join(folder, 'postgres.log'),
  }
  await initialize(cluster)
  await bringUp(cluster, silentLog, new AbortController().signal)
  return { host: cluster.sockets, port: socketPort, user: ownRole }
}

/**
 * A small process outside of ours waits for our end, which closes its input, then ends PostgreSQL and removes the
 * folder: it works also when a test run is killed, where no handler of ours could run.
 */
function removeAfterUs(folder: string): void {
  const script = `
    read -r _
    pid=$(head -n 1 "$0/postgres/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
    sleep 0.3
    rm -rf -- "$0" "$(cat "$0/socket-folder" 2>/dev/null || echo "$0/socket")"`
  const watcher = spawn('/bin/sh', ['-c', script, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  // The pipe alone must not keep the test run from ending.
  if (watcher.stdin !== null && 'unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') {
    watcher.stdin.unref()
  }
}

let found: PostgresBinaries | undefined | 'not looked' = 'not looked'

function systemBinaries(): PostgresBinaries | undefined {
  if (found === 'not looked') found = findSystemBinaries()
  return found
}

/** Debian's folders first, the newest version before the others, then whatever the PATH has. */
function findSystemBinaries(): PostgresBinaries | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  const folders = [...versions.map((version) => join(debian, version)), ...onPath.map(dirname)]
  return folders.map(binariesIn).find(isSupported)
}

function isSupported({ initdb, postgres }: PostgresBinaries): boolean {
  if (!existsSync(initdb) || !existsSync(postgres)) return false
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' })
  return Number(/(\d+)/.exec(stdout)?.[1] ?? 0) >= oldestSupported
}
