/**
 * Finds a wrong key at the start instead of at the first sync: the first server to use a database
 * leaves a sealed value in it that every later one must be able to open.
 */
import { rm } from 'node:fs/promises'
import type { Db } from '../platform/db/database.ts'
import { StartFailure } from '../platform/errors.ts'
import { type SecretBox, SecretError } from '../platform/secrets.ts'
import type { MasterKey } from './master-key.ts'

const settingKey = 'secrets.check'
const context = 'key-check'

/** Throws StartFailure `secrets.wrong_key` when this database was used with another key. */
export async function checkMasterKey(db: Db, box: SecretBox, masterKey: MasterKey): Promise<void> {
  const sealed = box.seal('apportion', context).toString('base64')
  await db
    .insertInto('settings')
    .values({ key: settingKey, value: JSON.stringify({ sealed }) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', settingKey)
    .executeTakeFirstOrThrow()
  try {
    box.open(Buffer.from(sealedText(row.value), 'base64'), context)
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    // A key made a moment ago for a database that has another one would mislead at the next start.
    if (masterKey.origin.kind === 'created') await rm(masterKey.origin.path, { force: true })
    throw new StartFailure('secrets.wrong_key', wrongKey(box, masterKey), { cause: error })
  }
}

function sealedText(value: unknown): string {
  const shown = typeof value === 'object' && value !== null && 'sealed' in value ? value.sealed : undefined
  return typeof shown === 'string' ? shown : ''
}

function wrongKey(box: SecretBox, { origin }: MasterKey): string {
  const used = `The database was encrypted with another key than the one in use (id ${box.keyId}).`
  switch (origin.kind) {
    case 'given':
      return `${used} Set APPORTION_KEY or APPORTION_KEY_FILE to the key that this database was first used with.`
    case 'file':
      return `${used} Put the key that this database was first used with into ${origin.path}.`
    case 'created':
      return `${used} The key file ${origin.path} is missing: restore it from a backup, or set APPORTION_KEY.`
  }
}
