/** Signs an administrator in with email address and password (P1). */
import { record } from '../audit/record.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { AttemptLimit } from './attempts.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { type BegunSession, beginSession } from './sessions.ts'
import { type AdministratorRow, findByEmail, updatePasswordHash } from './store.ts'

export interface SignInPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  /** Failures for each account, whoever sends them. */
  readonly accountAttempts: AttemptLimit
  /** Failures from each address, whatever the account. */
  readonly addressAttempts: AttemptLimit
}

export interface Credentials {
  readonly email: string
  readonly password: string
}

export interface Origin {
  /** The address that the request came from. */
  readonly address: string
  readonly userAgent: string | undefined
}

/**
 * Throws Refusal `session.wrong_credentials`, the same for a wrong password, an unknown address and a disabled
 * account, or `session.too_many_attempts`.
 */
export async function signIn(
  ports: SignInPorts,
  { email, password }: Credentials,
  { address, userAgent }: Origin,
): Promise<BegunSession> {
  const account = email.toLowerCase()
  ports.addressAttempts.begin(address)
  ports.accountAttempts.begin(account)
  const found = await findByEmail(ports.db, email)
  const verdict = await verifyPassword(password, found?.passwordHash ?? null)
  if (found === undefined || !verdict.isRight) {
    throw new Refusal('session.wrong_credentials', 'The email address or the password is wrong.')
  }
  ports.addressAttempts.succeeded(address)
  ports.accountAttempts.succeeded(account)
  const { passwordHash: _, ...administrator } = found
  const betterHash = verdict.isOutdated ? await hashPassword(password) : null
  return await begin(ports, administrator, { userAgent, address, betterHash })
}

interface Beginning extends Origin {
  readonly betterHash: string | null
}

function begin(
  { db, clock }: SignInPorts,
  administrator: AdministratorRow,
  { userAgent, address, betterHash }: Beginning,
): Promise<BegunSession> {
  const { id, email, name } = administrator
  return inTransaction(db, async (tx) => {
    if (betterHash !== null) await updatePasswordHash(tx, id, betterHash)
    const begun = await beginSession(tx, { administrator, now: clock.now(), userAgent })
    await record(tx, {
      actor: { kind: 'administrator', id, email, name },
      action: 'session.started',
      subject: { kind: 'administrator', id, name },
      details: { from: address },
      at: clock.now(),
    })
    return begun
  })
}
