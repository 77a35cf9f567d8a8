/** What each row of an import says, checked as far as that is possible without looking anything up (P3). */
import {
  type EnrollmentType,
  longestTag,
  mostTags,
  type Ownership,
  type Platform,
  parseCountry,
  parseEnrollmentType,
  parseMoment,
  parseOwnership,
  parsePlatform,
  parseYesNo,
  tidyTags,
} from './device-facts.ts'
import { type CellProblem, RowCells, type StagedText } from './import-cells.ts'
import type { ImportColumn, Layout } from './import-columns.ts'
import { parseSerialNumber, serialNumberProblem } from './serial-number.ts'

/** Null keeps what is known, '' clears it; `user` and `groups` are names that are looked up later. */
export interface DeviceRow {
  readonly key: string
  readonly name: StagedText
  readonly model: StagedText
  readonly platform: Platform | '' | null
  readonly osVersion: StagedText
  readonly ownership: Ownership | null
  readonly supervised: boolean | null
  readonly kiosk: boolean | null
  readonly enrollmentType: EnrollmentType | null
  readonly country: StagedText
  readonly site: StagedText
  /** Separated by `|`. */
  readonly tags: StagedText
  /** ISO 8601 in UTC. */
  readonly lastSeenAt: StagedText
  readonly user: StagedText
  /** Separated by `|`. */
  readonly groups: StagedText
}

/** Null keeps what is known, '' clears it; `groups` is separated by `|`. */
export interface UserRow {
  readonly key: string
  readonly name: StagedText
  readonly email: StagedText
  readonly department: StagedText
  readonly active: boolean | null
  readonly managedAppleAccount: StagedText
  readonly groups: StagedText
}

/** What the members of a group are. */
export type GroupKind = 'device' | 'user'

/** A group, or one member of it. */
export interface GroupRow {
  readonly key: string
  readonly kind: GroupKind | null
  readonly description: StagedText
  /** A serial number or a user name. */
  readonly member: string | null
}

/** `row` is null when it does not say what it is about; with problems the row is there to find duplicates. */
export interface RowReading<Row> {
  readonly row: Row | null
  readonly problems: readonly CellProblem<ImportColumn>[]
}

/** Longest texts, in characters; the same as the API takes. */
const longest = { name: 200, osVersion: 50, userName: 320, email: 254, description: 1000 }

/** Reads a record by the layout of its file. */
function cellsOf(layout: Layout, record: readonly string[]): RowCells<ImportColumn> {
  const cells = new RowCells<ImportColumn>((column) => {
    const place = layout.found.get(column)
    return place === undefined ? '' : (record[place.index] ?? '')
  })
  if (record.slice(layout.width).some((cell) => cell.trim() !== '')) {
    cells.refuse(
      null,
      `The row has ${record.length} cells and the header ${layout.width}; put values that contain the separator in double quotes`,
    )
  }
  return cells
}

/** Reads a row of devices by the layout of its file. */
export function readDeviceRow(layout: Layout, record: readonly string[]): RowReading<DeviceRow> {
  const cells = cellsOf(layout, record)
  const key = serialIn(cells, 'serial_number')
  const row = {
    name: cells.text('name', longest.name),
    model: cells.text('model', longest.name),
    platform: cells.fact<Platform | ''>('platform', {
      parse: parsePlatform,
      cleared: '',
      expected: 'iOS, iPadOS, macOS, tvOS, visionOS and watchOS',
    }),
    osVersion: cells.text('os_version', longest.osVersion),
    ownership: cells.fact<Ownership>('ownership', {
      parse: parseOwnership,
      cleared: 'corporate',
      expected: 'corporate and personal',
    }),
    supervised: cells.fact('supervised', { parse: parseYesNo, cleared: false, expected: 'yes and no' }),
    ...enrolmentIn(cells),
    user: cells.text('user', longest.userName),
    groups: cells.names('groups', longest.name),
  }
  return { row: key === null ? null : { key, ...row }, problems: cells.problems }
}

/** How and where a device is used. */
function enrolmentIn(cells: RowCells<ImportColumn>) {
  return {
    kiosk: cells.fact('kiosk', { parse: parseYesNo, cleared: false, expected: 'yes and no' }),
    enrollmentType: cells.fact<EnrollmentType>('enrollment_type', {
      parse: parseEnrollmentType,
      cleared: 'device',
      expected: 'device, user and shared',
    }),
    country: countryIn(cells),
    site: cells.text('site', longest.name),
    tags: tagsIn(cells),
    lastSeenAt: momentIn(cells),
  }
}

/** Reads a row of users. */
export function readUserRow(layout: Layout, record: readonly string[]): RowReading<UserRow> {
  const cells = cellsOf(layout, record)
  const key = requiredText(cells, 'user_name', longest.userName)
  const row = {
    name: cells.text('name', longest.name),
    email: emailIn(cells),
    department: cells.text('department', longest.name),
    active: cells.fact('active', { parse: parseYesNo, cleared: true, expected: 'yes and no' }),
    managedAppleAccount: cells.text('managed_apple_account', longest.userName),
    groups: cells.names('groups', longest.name),
  }
  return { row: key === null ? null : { key, ...row }, problems: cells.problems }
}

/** Reads a row of groups. */
export function readGroupRow(layout: Layout, record: readonly string[]): RowReading<GroupRow> {
  const cells = cellsOf(layout, record)
  const key = requiredText(cells, 'name', longest.name)
  if (key?.includes('|')) cells.refuse('name', 'A | separates names of groups; use another character')
  const kind = cells.fact<GroupKind | 'cleared'>('kind', {
    parse: parseGroupKind,
    cleared: 'cleared',
    expected: 'device and user',
  })
  if (kind === 'cleared') cells.refuse('kind', 'A group always has a kind; use device or user')
  const description = cells.text('description', longest.description, { manyLines: true })
  const member = cells.text('member', longest.userName)
  if (member === '') cells.refuse('member', 'An import takes no members out; leave the cell empty')
  const row = {
    kind: kind === 'cleared' ? null : kind,
    description,
    member: member === '' ? null : member,
  }
  return { row: key === null ? null : { key, ...row }, problems: cells.problems }
}

/** True for a line without any value, as spreadsheets leave at the end. */
export function isBlank(record: readonly string[]): boolean {
  return record.every((cell) => cell.trim() === '')
}

function serialIn(cells: RowCells<ImportColumn>, column: ImportColumn): string | null {
  const text = cells.tidy(column)
  if (text === '') return cells.refuse(column, 'The serial number is missing; fill it in')
  return parseSerialNumber(text) ?? cells.refuse(column, serialNumberProblem(text))
}

function requiredText(cells: RowCells<ImportColumn>, column: ImportColumn, most: number): string | null {
  const before = cells.problems.length
  const text = cells.text(column, most)
  if (text !== null && text !== '') return text
  return cells.problems.length > before ? null : cells.refuse(column, 'It is missing; fill it in')
}

function countryIn(cells: RowCells<ImportColumn>): StagedText {
  const country = cells.text('country', longest.name)
  if (country === null || country === '') return country
  return parseCountry(country) ?? cells.refuse('country', 'A country is two letters such as NL; correct it')
}

function tagsIn(cells: RowCells<ImportColumn>): StagedText {
  const names = cells.names('tags', longestTag)
  if (names === null || names === '') return names
  const tags = tidyTags(names.split('|'))
  if (tags.length <= mostTags) return tags.join('|')
  return cells.refuse('tags', `It has ${tags.length} tags; ${mostTags} are possible`)
}

function momentIn(cells: RowCells<ImportColumn>): StagedText {
  const text = cells.text('last_seen_at', longest.name)
  if (text === null || text === '') return text
  const moment = parseMoment(text)
  return (
    moment?.toISOString() ??
    cells.refuse('last_seen_at', 'It is not a moment such as 2026-03-01 07:00 (in UTC); correct it')
  )
}

function emailIn(cells: RowCells<ImportColumn>): StagedText {
  const email = cells.text('email', longest.email)
  if (email === null || email === '' || /^[^\s@]+@[^\s@]+$/.test(email)) return email
  return cells.refuse('email', 'It is not an e-mail address; correct it or leave it empty')
}

const groupKinds: Readonly<Record<string, GroupKind>> = {
  device: 'device',
  devices: 'device',
  apparaat: 'device',
  apparaten: 'device',
  user: 'user',
  users: 'user',
  gebruiker: 'user',
  gebruikers: 'user',
}

function parseGroupKind(text: string): GroupKind | undefined {
  const name = text.toLowerCase()
  return Object.hasOwn(groupKinds, name) ? groupKinds[name] : undefined
}
