/** Status reports of declarative management: everything at first, and then what changed. */
import { isFrom, namesIn, SUBSCRIPTIONS } from './declaration-payloads.ts'
import type { JudgedDeclaration } from './declarations.ts'
import type { StatusLine } from './declared-apps.ts'
import type { DeviceState } from './device-state.ts'
import type { JsonObject } from './json.ts'

/** A report, and what to call when the server has taken it. */
export interface PlannedReport {
  readonly report: JsonObject
  readonly taken: () => void
}

type Lists = ReadonlyMap<string, readonly StatusLine[]>

/** The first version of iOS that has each item of status. */
const ITEMS: ReadonlyMap<string, string> = new Map([
  ['app.managed.list', '17.2'],
  ['mdm.app', '16'],
  ['device.operating-system.version', '15'],
])

export class StatusReporter {
  /** By list and identifier, as JSON. */
  #told = new Map<string, ReadonlyMap<string, string>>()
  #isFirst = true

  /** Forgets what was told, for the next enrollment. */
  clear(): void {
    this.#told = new Map()
    this.#isFirst = true
  }

  /** What is to be reported; undefined when nothing changed. The first report is full, and so is one that is `wholly` due. */
  next(
    device: DeviceState,
    declarations: readonly JudgedDeclaration[],
    wholly: boolean,
  ): PlannedReport | undefined {
    const subscribed = new Set(
      declarations
        .filter(({ type, active }) => type === SUBSCRIPTIONS && active)
        .flatMap(({ payload }) => namesIn(payload)),
    )
    const isKnown = (name: string): boolean => isFrom(device.identity.osVersion, ITEMS.get(name) ?? '9999')
    const lists = listsOf(device, declarations, (name) => subscribed.has(name) && isKnown(name))
    const full = wholly || this.#isFirst
    const changed = full ? lists : this.#changesIn(lists)
    if (!full && changed.size === 0) return undefined
    const errors = [...subscribed]
      .filter((name) => !isKnown(name))
      .map((name) => ({
        StatusItem: name,
        Reasons: [{ Code: 'Error.UnknownStatusItem', Description: `${name} is not known` }],
      }))
    const status = nested(changed)
    const version = subscribed.has('device.operating-system.version')
      ? { device: { 'operating-system': { version: device.identity.osVersion } } }
      : {}
    return {
      report: { StatusItems: { ...status, ...(full ? version : {}) }, Errors: errors, FullReport: full },
      taken: () => {
        this.#isFirst = false
        this.#told = new Map([...lists].map(([name, lines]) => [name, byIdentifier(lines)]))
      },
    }
  }

  #changesIn(lists: Lists): Lists {
    const changes = new Map<string, readonly StatusLine[]>()
    for (const name of new Set([...lists.keys(), ...this.#told.keys()])) {
      const before = this.#told.get(name) ?? new Map<string, string>()
      const now = lists.get(name) ?? []
      const there = new Set(now.map(({ identifier }) => identifier))
      const changed = now.filter((line) => before.get(line.identifier) !== JSON.stringify(line))
      const gone = [...before.keys()].filter((identifier) => !there.has(identifier))
      const lines = [...changed, ...gone.map((identifier) => ({ identifier, _removed: true }))]
      if (lines.length > 0) changes.set(name, lines)
    }
    return changes
  }
}

const byIdentifier = (lines: readonly StatusLine[]): ReadonlyMap<string, string> =>
  new Map(lines.map((line) => [line.identifier, JSON.stringify(line)]))

function listsOf(
  device: DeviceState,
  declarations: readonly JudgedDeclaration[],
  tells: (name: string) => boolean,
): Lists {
  const lists = new Map<string, readonly StatusLine[]>()
  for (const kind of ['activation', 'configuration', 'asset', 'management'] as const) {
    const lines = declarations.filter((each) => each.kind === kind).map(declarationLine)
    lists.set(`management.declarations.${kind === 'management' ? kind : `${kind}s`}`, lines)
  }
  if (tells('app.managed.list')) lists.set('app.managed.list', device.declaredApps.lines(device))
  if (tells('mdm.app')) lists.set('mdm.app', commandedLines(device))
  return lists
}

const declarationLine = ({
  identifier,
  serverToken,
  active,
  valid,
  reasons,
}: JudgedDeclaration): StatusLine => ({
  identifier,
  'server-token': serverToken,
  active,
  valid: valid ? 'valid' : 'invalid',
  ...(reasons.length === 0 ? {} : { reasons }),
})

/** Apps that commands brought, in the words of ManagedApplicationList. What is told once there is told here as well. */
function commandedLines({ apps }: DeviceState): readonly StatusLine[] {
  return [...apps.managed.values()].flatMap(({ bundleId, title, declaration, once, state }) => {
    const word = once ?? state
    if (declaration !== undefined || word === undefined) return []
    const kebab = word.replace(
      /[A-Z]/g,
      (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`,
    )
    const { name, version, externalVersionId } = title
    const versions = { 'external-version-id': externalVersionId, 'short-version': version }
    return [{ identifier: bundleId, name, version: String(externalVersionId), ...versions, state: kebab }]
  })
}

/** A list named with dots stands nested. */
function nested(lists: Lists): JsonObject {
  const whole: Record<string, unknown> = {}
  for (const [name, lines] of lists) {
    const path = name.split('.')
    let at = whole
    for (const [place, part] of path.entries()) {
      if (place === path.length - 1) at[part] = lines
      else {
        const inner = (at[part] ?? {}) as Record<string, unknown>
        at[part] = inner
        at = inner
      }
    }
  }
  return whole
}
