/**
 * How the columns of an import file are found: by the name in the header, whatever the order, case or language.
 */
import { compactName } from './device-facts.ts'

/** What a file can hold. */
export const importKinds = ['devices', 'users', 'groups'] as const
/** One of them. */
export type ImportKind = (typeof importKinds)[number]

/** Every column of every kind, by the name that the guide gives it. */
export type ImportColumn =
  | 'serial_number'
  | 'name'
  | 'model'
  | 'platform'
  | 'os_version'
  | 'ownership'
  | 'supervised'
  | 'kiosk'
  | 'enrollment_type'
  | 'country'
  | 'site'
  | 'tags'
  | 'last_seen_at'
  | 'user'
  | 'groups'
  | 'user_name'
  | 'email'
  | 'department'
  | 'active'
  | 'managed_apple_account'
  | 'kind'
  | 'description'
  | 'member'

/** The first column of each kind is the key; each column with the other names it goes by, compact. */
const columns: Readonly<
  Record<ImportKind, readonly (readonly [column: ImportColumn, otherNames: readonly string[]])[]>
> = {
  devices: [
    [
      'serial_number',
      ['serial', 'serialno', 'serialnr', 'sn', 'serienummer', 'serienr', 'deviceserialnumber'],
    ],
    ['name', ['devicename', 'naam', 'apparaatnaam', 'apparaat']],
    ['model', ['modelname', 'modelidentifier', 'productname']],
    ['platform', ['os', 'operatingsystem', 'besturingssysteem']],
    ['os_version', ['version', 'productversion', 'osversie', 'versie']],
    ['ownership', ['deviceownership', 'eigendom']],
    ['supervised', ['issupervised', 'ondertoezicht', 'gesuperviseerd']],
    ['kiosk', ['iskiosk', 'singleapp', 'singleappmode', 'kioskmodus']],
    ['enrollment_type', ['enrollment', 'enrolment', 'enrolmenttype', 'inschrijving', 'soortinschrijving']],
    ['country', ['countrycode', 'land', 'landcode']],
    ['site', ['location', 'locatie', 'vestiging', 'gebouw', 'building']],
    ['tags', ['tag', 'labels', 'label', 'kenmerken']],
    ['last_seen_at', ['lastseen', 'lastcheckin', 'lastcontact', 'laatstgezien', 'laatstecontact']],
    [
      'user',
      [
        'username',
        'assigneduser',
        'primaryuser',
        'upn',
        'userprincipalname',
        'primaryuserupn',
        'gebruiker',
        'gebruikersnaam',
      ],
    ],
    ['groups', ['group', 'devicegroups', 'groepen', 'groep']],
  ],
  users: [
    ['user_name', ['user', 'upn', 'userprincipalname', 'login', 'account', 'gebruikersnaam', 'gebruiker']],
    ['name', ['fullname', 'displayname', 'naam', 'volledigenaam', 'weergavenaam']],
    ['email', ['mail', 'emailaddress', 'mailaddress', 'emailadres']],
    ['department', ['dept', 'afdeling']],
    ['active', ['isactive', 'enabled', 'accountenabled', 'actief']],
    [
      'managed_apple_account',
      ['managedappleid', 'appleaccount', 'managedaccount', 'beheerdappleaccount', 'beheerdeappleid'],
    ],
    ['groups', ['group', 'usergroups', 'groepen', 'groep']],
  ],
  groups: [
    ['name', ['group', 'groupname', 'naam', 'groep', 'groepsnaam']],
    ['kind', ['type', 'grouptype', 'groupkind', 'soort']],
    ['description', ['omschrijving', 'beschrijving']],
    [
      'member',
      [
        'members',
        'lid',
        'leden',
        'serialnumber',
        'serial',
        'serienummer',
        'username',
        'userprincipalname',
        'gebruikersnaam',
      ],
    ],
  ],
}

/** The column that says which device, user or group a row is about. */
function keyColumn(kind: ImportKind): ImportColumn {
  return columns[kind][0]?.[0] ?? 'name'
}

/** The columns of a kind by their own names, the key first. */
export function columnsOf(kind: ImportKind): readonly ImportColumn[] {
  return columns[kind].map(([column]) => column)
}

/** Where each column stands in a file. */
export interface Layout {
  readonly kind: ImportKind
  /** Each column that was found, with its place in a record and its name in the file. */
  readonly found: ReadonlyMap<ImportColumn, { readonly index: number; readonly header: string }>
  /** Names in the header that are not a column of this kind. */
  readonly ignored: readonly string[]
  /** Cells in the header. */
  readonly width: number
}

/** Where the columns are, or what is wrong with the header and what it has. */
export type HeaderReading =
  | { readonly kind: 'layout'; readonly layout: Layout }
  | { readonly kind: 'problem'; readonly message: string; readonly found: readonly string[] }

/** Finds the columns of a kind in a header. The key column has to be there, and no column twice. */
export function readHeader(kind: ImportKind, cells: readonly string[]): HeaderReading {
  const headers = cells.map((cell) => cell.trim())
  const found = new Map<ImportColumn, { index: number; header: string }>()
  const ignored: string[] = []
  for (const [index, header] of headers.entries()) {
    const column = columnNamed(kind, header)
    if (column === undefined) {
      if (header !== '') ignored.push(header)
      continue
    }
    const earlier = found.get(column)
    if (earlier !== undefined) return twice(column, [earlier.header, header], headers)
    found.set(column, { index, header })
  }
  if (!found.has(keyColumn(kind))) return withoutKey(kind, headers)
  return { kind: 'layout', layout: { kind, found, ignored, width: cells.length } }
}

function columnNamed(kind: ImportKind, header: string): ImportColumn | undefined {
  const name = compactName(header)
  return columns[kind].find(([column, others]) => compactName(column) === name || others.includes(name))?.[0]
}

function twice(column: ImportColumn, both: readonly string[], found: readonly string[]): HeaderReading {
  const named = both.map((header) => `"${header}"`).join(' and ')
  return {
    kind: 'problem',
    message: `The header has ${named}, which both mean ${column}. Remove or rename one of them.`,
    found,
  }
}

function withoutKey(kind: ImportKind, found: readonly string[]): HeaderReading {
  const shown = found.slice(0, 30).map((header) => `"${header.slice(0, 60)}"`)
  return {
    kind: 'problem',
    message:
      `The first line has to name the columns, and one of them has to be ${keyColumn(kind)}; ` +
      `found: ${shown.join(', ')}. A file of ${kind} can have the columns ${columnsOf(kind).join(', ')}.`,
    found,
  }
}

/** How a file separates its cells, and where its header begins. */
export interface Separation {
  readonly delimiter: string
  /** Characters before the header: Excel's `sep=;` line. */
  readonly skip: number
  /** Lines before the header. */
  readonly skippedLines: 0 | 1
}

const delimiters = [',', ';', '\t']

/** Finds the delimiter: what Excel's `sep=` line says, else the one with which most columns are recognized. */
export function readSeparation(kind: ImportKind, text: string): Separation {
  const said = /^sep=([,;\t])[ \t]*(?:\r\n|\n|\r|$)/i.exec(text)
  if (said !== null) return { delimiter: said[1] ?? ',', skip: said[0].length, skippedLines: 1 }
  const header = /^[^\r\n]*/.exec(text)?.[0].slice(0, 20_000) ?? ''
  const best = delimiters
    .map((delimiter) => {
      const cells = header.split(delimiter)
      const known = cells.filter((cell) => columnNamed(kind, cell) !== undefined).length
      return { delimiter, known, cells: cells.length }
    })
    .reduce((a, b) => (b.known > a.known || (b.known === a.known && b.cells > a.cells) ? b : a))
  return { delimiter: best.delimiter, skip: 0, skippedLines: 0 }
}
