/**
 * Declarative management (Apple's Device Management, "Declarative management"): the names of what is declared, and the
 * reader of the status that devices report. Codes and states are open: one that nobody knows is kept as it came.
 */

/** Types of the declarations that delivery needs. */
export const DECLARATION_TYPES = {
  activation: 'com.apple.activation.simple',
  app: 'com.apple.configuration.app.managed',
  data: 'com.apple.asset.data',
  subscriptions: 'com.apple.configuration.management.status-subscriptions',
} as const

/** Kinds of declarations, as they stand in the address of one. */
export const declarationKinds = ['activation', 'configuration', 'asset', 'management'] as const
export type DeclarationKind = (typeof declarationKinds)[number]

/** The first version of iOS with apps by declaration, and with the list that tells of them. */
export const DECLARED_APPS_FROM = '17.2'

/** The lists of a status report that delivery reads; a report has each under its name, nested at the dots. */
export const statusLists = [
  'app.managed.list',
  'mdm.app',
  'management.declarations.activations',
  'management.declarations.configurations',
  'management.declarations.assets',
] as const
export type StatusList = (typeof statusLists)[number]

/** Why something stands as it does, in the device's words: not to be trusted. */
export interface StatusReason {
  readonly code: string
  readonly description: string
}

/** What a line of a status list says; what the device leaves out is not there, and then stays as it was. */
export interface StatusFields {
  readonly state?: string
  readonly reasons?: readonly StatusReason[]
  readonly externalVersionId?: number
  /** The declaration by which an app came. */
  readonly declarationIdentifier?: string
  readonly serverToken?: string
  readonly active?: boolean
  /** `unknown`, `invalid` or `valid`. */
  readonly valid?: string
}

/** A line of a status list, known by its identifier. */
export interface StatusEntry {
  readonly list: StatusList
  readonly identifier: string
  /** The device has it no more. */
  readonly removed: boolean
  readonly fields: StatusFields
}

/** What a device reports: what changed since its last report, or everything when it is `full`. */
export interface StatusReport {
  readonly full: boolean
  /** Lists that were subscribed and that the device cannot tell. */
  readonly untold: readonly StatusList[]
  readonly entries: readonly StatusEntry[]
}

const longestIdentifier = 255
const longestText = 500
const mostReasons = 20

/** The report in the `Data` of a message; undefined when it is none. Lines without an identifier are passed over. */
export function readStatusReport(data: Uint8Array): StatusReport | undefined {
  const report = parsed(data)
  const items = report?.StatusItems
  if (report === undefined || !isObject(items)) return undefined
  const untold = statusLists.filter((list) => failedItems(report.Errors).includes(list))
  return {
    full: report.FullReport === true,
    untold,
    entries: statusLists.flatMap((list) => entriesOf(items, list)),
  }
}

function failedItems(errors: unknown): readonly unknown[] {
  return Array.isArray(errors) ? errors.map((each: unknown) => (isObject(each) ? each.StatusItem : null)) : []
}

function parsed(data: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function entriesOf(items: JsonObject, list: StatusList): readonly StatusEntry[] {
  let found: unknown = items
  for (const name of list.split('.')) found = isObject(found) ? own(found, name) : undefined
  if (!Array.isArray(found)) return []
  return found.flatMap((line: unknown) => {
    const identifier = isObject(line) ? text(line, 'identifier', longestIdentifier) : undefined
    if (!isObject(line) || identifier === undefined || identifier === '') return []
    return [{ list, identifier, removed: line._removed === true, fields: fieldsOf(line) }]
  })
}

function fieldsOf(line: JsonObject): StatusFields {
  const { reasons, active } = line
  const version = line['external-version-id']
  return Object.fromEntries(
    Object.entries({
      state: text(line, 'state', longestText),
      reasons: Array.isArray(reasons) ? reasons.slice(0, mostReasons).flatMap(reasonOf) : undefined,
      externalVersionId: typeof version === 'number' && Number.isSafeInteger(version) ? version : undefined,
      declarationIdentifier: text(line, 'declaration-identifier', longestIdentifier),
      serverToken: text(line, 'server-token', longestIdentifier),
      active: typeof active === 'boolean' ? active : undefined,
      valid: text(line, 'valid', longestText),
    }).filter(([, value]) => value !== undefined),
  )
}

/** Keys are in lower case, or as in the prose of Apple's pages. */
function reasonOf(reason: unknown): readonly StatusReason[] {
  if (!isObject(reason)) return []
  const code = text(reason, 'code', longestText) ?? text(reason, 'Code', longestText)
  const said = text(reason, 'description', longestText) ?? text(reason, 'Description', longestText)
  return code === undefined ? [] : [{ code, description: said ?? '' }]
}

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined)

/** Without characters that no database holds. */
function text(value: JsonObject, key: string, longest: number): string | undefined {
  const found = own(value, key)
  if (typeof found !== 'string') return undefined
  return found.replaceAll('\u0000', '').toWellFormed().slice(0, longest).toWellFormed()
}
