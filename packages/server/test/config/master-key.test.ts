import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkMasterKey } from '../../src/config/key-check.ts'
import { loadOrCreateMasterKey, parseMasterKey } from '../../src/config/master-key.ts'
import { createSecretBox } from '../../src/platform/secrets.ts'
import { createTestDatabase } from '../support/test-database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apportion-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('The key of an installation (O2)', () => {
  test('is made at the first start, readable by the server alone, and found at the next', async () => {
    const first = await loadOrCreateMasterKey(join(folder, 'new', 'folder'))
    const second = await loadOrCreateMasterKey(join(folder, 'new', 'folder'))
    const path = join(folder, 'new', 'folder', 'key')
    expect(first.origin).toEqual({ kind: 'created', path })
    expect(second).toEqual({ bytes: first.bytes, origin: { kind: 'file', path } })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'new', 'folder'))).toEqual(['key'])
  })

  test('is the same for many that start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateMasterKey(folder)))
    expect(new Set(keys.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1)
    expect(keys.filter(({ origin }) => origin.kind === 'created')).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['key'])
  })

  test('is never replaced when its file is damaged', async () => {
    await writeFile(join(folder, 'key'), 'half a k')
    await expect(loadOrCreateMasterKey(folder)).rejects.toMatchObject({ code: 'secrets.key_damaged' })
    expect(await readFile(join(folder, 'key'), 'utf8')).toBe('half a k')
  })

  test('says so when its folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const loading = loadOrCreateMasterKey(join(folder, 'file', 'below'))
    await expect(loading).rejects.toMatchObject({
      code: 'secrets.folder_unwritable',
      message: expect.stringContaining('APPORTION_DATA'),
    })
  })

  const texts: [string, string, boolean][] = [
    ['Base64', Buffer.alloc(32, 255).toString('base64'), true],
    ['Base64url without padding', Buffer.alloc(32, 255).toString('base64url'), true],
    ['white space around it', `\n ${Buffer.alloc(32).toString('base64')} \n`, true],
    ['31 bytes', Buffer.alloc(31).toString('base64'), false],
    ['33 bytes', Buffer.alloc(33).toString('base64'), false],
    ['hexadecimal', Buffer.alloc(32).toString('hex'), false],
    ['nothing', '', false],
  ]
  for (const [what, text, accepted] of texts) {
    test(`${what} is ${accepted ? 'a key' : 'no key'}`, () => {
      expect(parseMasterKey(text) !== null).toBe(accepted)
    })
  }
})

describe('A database', () => {
  const right = { bytes: Buffer.alloc(32, 1), origin: { kind: 'given' as const } }
  const box = createSecretBox(right.bytes)

  test('accepts the key it was first used with, from many servers at once', async () => {
    await using database = await createTestDatabase()
    const checks = Array.from({ length: 5 }, () => checkMasterKey(database.kysely, box, right))
    await expect(Promise.all(checks)).resolves.toHaveLength(5)
  })

  test('refuses another key and says where to put the right one', async () => {
    await using database = await createTestDatabase()
    await checkMasterKey(database.kysely, box, right)
    const path = join(folder, 'key')
    const wrong = { bytes: Buffer.alloc(32, 2), origin: { kind: 'file' as const, path } }
    const check = checkMasterKey(database.kysely, createSecretBox(wrong.bytes), wrong)
    await expect(check).rejects.toMatchObject({
      code: 'secrets.wrong_key',
      message: expect.stringContaining(path),
    })
  })

  test('that was moved without its key leaves no new key behind', async () => {
    await using database = await createTestDatabase()
    await checkMasterKey(database.kysely, box, right)
    const created = await loadOrCreateMasterKey(folder)
    const check = checkMasterKey(database.kysely, createSecretBox(created.bytes), created)
    await expect(check).rejects.toThrow('restore it from a backup')
    expect(await readdir(folder)).toEqual([])
  })
})
