/** A directory as the CSV files that an administrator would import, line by line. */
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Directory, DirectoryDevice, DirectoryGroup } from './directory.ts'

export type CsvKind = 'users' | 'devices' | 'groups'

export interface CsvFile {
  readonly kind: CsvKind
  /** The header, and one row after the other, each with its line break. */
  readonly lines: () => Iterable<string>
}

/** In the order in which they refer to each other. */
export function csvFiles(directory: Directory): readonly CsvFile[] {
  return [
    { kind: 'users', lines: () => userLines(directory) },
    { kind: 'devices', lines: () => deviceLines(directory) },
    { kind: 'groups', lines: () => groupLines(directory) },
  ]
}

/** Rows in one file: an import takes 64 MiB at most, and a row is shorter than 200 bytes. */
const ROWS_A_FILE = 250_000

/**
 * Writes `users.csv`, `devices.csv` and `groups.csv` to a folder, which is made when it is missing; what has more
 * than 250,000 rows becomes `devices-1.csv`, `devices-2.csv` and so on. Gives the paths in the order of import.
 */
export async function writeDirectory(directory: Directory, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const { kind, lines } of csvFiles(directory)) {
    const parts: string[] = []
    const [header, rows] = headerAndRows(lines())
    for (let isMore = true; isMore; ) {
      const path = join(folder, `${kind}-${parts.length + 1}.csv`)
      isMore = await writePart(path, header, rows)
      parts.push(path)
    }
    const [only = ''] = parts
    const whole = join(folder, `${kind}.csv`)
    if (parts.length === 1) await rename(only, whole)
    paths.push(...(parts.length === 1 ? [whole] : parts))
  }
  return paths
}

function headerAndRows(lines: Iterable<string>): readonly [string, Iterator<string>] {
  const rows = lines[Symbol.iterator]()
  const first = rows.next()
  return [first.done ? '' : first.value, rows]
}

/** Writes the next rows to a file; false when they were the last. */
async function writePart(path: string, header: string, rows: Iterator<string>): Promise<boolean> {
  await using file = await open(path, 'w')
  let block = header
  for (let count = 0; count < ROWS_A_FILE; count++) {
    const row = rows.next()
    if (row.done) {
      await file.write(block)
      return false
    }
    block += row.value
    if (block.length < 65_536) continue
    await file.write(block)
    block = ''
  }
  await file.write(block)
  return true
}

function* userLines(directory: Directory): Generator<string> {
  yield row(['user_name', 'name', 'email', 'department'])
  for (const { email, name, department } of directory.users()) yield row([email, name, email, department])
}

function* deviceLines(directory: Directory): Generator<string> {
  yield row(['serial_number', 'name', 'model', 'platform', 'os_version', 'ownership', 'supervised', 'user'])
  for (const device of directory.devices()) yield row(deviceCells(device))
}

function deviceCells(device: DirectoryDevice): readonly string[] {
  const { serialNumber, name, modelName, os, osVersion, ownership, supervised, userEmail } = device
  return [serialNumber, name, modelName, os, osVersion, ownership, supervised ? 'yes' : 'no', userEmail ?? '']
}

function* groupLines(directory: Directory): Generator<string> {
  yield row(['name', 'kind', 'description', 'member'])
  for (const group of directory.groups()) yield* memberLines(group)
}

function* memberLines({ name, kind, description, members }: DirectoryGroup): Generator<string> {
  for (const member of members) yield row([name, kind, description, member])
}

const row = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
