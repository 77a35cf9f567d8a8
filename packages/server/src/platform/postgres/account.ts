/**
 * Under which account PostgreSQL runs, and what that account can reach.
 *
 * PostgreSQL refuses to run as root. Started as root (a container), we give its data folder to an account
 * without rights and start it with that; as an ordinary user we start it as ourselves.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A user and group by number; either may lack a name on this machine. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** `nobody` on every system we know. */
const unprivileged: Account = { uid: 65534, gid: 65534 }

/**
 * The account for a data folder; undefined means "as ourselves". The owner of existing data stays; else a user
 * named `apportion`, when the operator made one, keeps the data apart from other services that run as nobody.
 */
export function postgresAccount(dataFolder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(dataFolder)) {
    const { uid, gid } = statSync(dataFolder)
    if (uid !== 0) return { uid, gid }
  }
  return accountNamed('apportion', readUsers()) ?? unprivileged
}

/** The account with a name in the text of `/etc/passwd`. Never root. */
export function accountNamed(name: string, users: string): Account | undefined {
  for (const line of users.split('\n')) {
    const [user, , uid, gid] = line.split(':')
    if (user === name && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/**
 * True when the account may pass through every folder above `path` and execute (or enter) `path` itself.
 * Judged by mode bits; access granted by other means (ACLs) is not seen and counts as none.
 */
export function isReachable(path: string, account: Account | undefined): boolean {
  if (!existsSync(path)) return false
  if (account === undefined) return true
  let at = realpathSync(path)
  for (;;) {
    const { mode, uid, gid } = statSync(at)
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
    if (((mode >> shift) & 1) === 0) return false
    const parent = dirname(at)
    if (parent === at) return true
    at = parent
  }
}

function readUsers(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    return ''
  }
}
