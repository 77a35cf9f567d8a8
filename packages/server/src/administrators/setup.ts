/**
 * Makes the first administrator (P1): only for whoever can read what the server printed at its first start.
 */
import { record } from '../audit/record.ts'
import type { AdministratorActor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import type { AttemptLimit } from './attempts.ts'
import { newSetupCode, secretHash } from './bearer-secrets.ts'
import { hashPassword, passwordWeakness } from './password.ts'
import type { Language } from './schema.ts'
import { type BegunSession, beginSession } from './sessions.ts'
import type { Origin } from './sign-in.ts'
import {
  hasAdministrators,
  insertAdministrator,
  isSetupCode,
  replaceSetupCode,
  useSetupCode,
} from './store.ts'

export interface SetupPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly newId: NewId
  readonly addressAttempts: AttemptLimit
}

export interface FirstAdministrator {
  readonly code: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly language: Language
}

/**
 * A new setup code while there is no administrator, else null. It takes the place of the one before, which
 * nobody can read any more: only its hash is kept.
 */
export async function prepareSetup({ db, clock }: Pick<SetupPorts, 'db' | 'clock'>): Promise<string | null> {
  if (await hasAdministrators(db)) return null
  const code = newSetupCode()
  await replaceSetupCode(db, secretHash(code), clock.now())
  return code
}

/**
 * Makes the administrator, uses up the code, and signs in, all or nothing.
 * Throws Refusal `setup.done`, `setup.wrong_code`, `administrator.weak_password`, `session.too_many_attempts`.
 */
export async function setUp(
  ports: SetupPorts,
  first: FirstAdministrator,
  origin: Origin,
): Promise<BegunSession> {
  const { db, clock, newId, addressAttempts } = ports
  const codeHash = secretHash(first.code)
  addressAttempts.begin(origin.address)
  if (await hasAdministrators(db)) throw done()
  if (!(await isSetupCode(db, codeHash))) throw wrongCode()
  addressAttempts.succeeded(origin.address)
  const weakness = passwordWeakness(first.password, first.email)
  if (weakness !== null) throw new Refusal('administrator.weak_password', weakness)
  const passwordHash = await hashPassword(first.password)
  const { email, name, language } = first
  const administrator = { id: newId(), email, name, language }
  const actor: AdministratorActor = { kind: 'administrator', id: administrator.id, email, name }
  return await inTransaction(db, async (tx) => {
    const now = clock.now()
    // Two that send the same code meet here: the second waits for the first and finds the code used.
    if (!(await useSetupCode(tx, codeHash, now))) throw done()
    await insertAdministrator(tx, { ...administrator, passwordHash, createdAt: now })
    const begun = await beginSession(tx, { administrator, now, userAgent: origin.userAgent })
    const subject = { kind: 'administrator', id: administrator.id, name }
    await record(tx, { actor, action: 'administrator.created', subject, details: { email }, at: now })
    return begun
  })
}

function done(): Refusal {
  return new Refusal('setup.done', 'The first administrator exists already. Sign in instead.')
}

function wrongCode(): Refusal {
  const advice =
    'Open the link that the server printed when it last started; an earlier one is no longer valid.'
  return new Refusal('setup.wrong_code', `The setup code is wrong. ${advice}`)
}
