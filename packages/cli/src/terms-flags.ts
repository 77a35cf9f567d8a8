/** The flags with which a person says what an assignment shall say: `--license`, `--priority`, `--waves` and others (A2, A3, A6, L7, L9). */
import type { AssignmentTerms, Intent, ReclaimPolicy, Settings, Waves } from './assignment-terms.ts'
import { usageFailure } from './failure.ts'
import { parseReclaim, parseSetting, parseWaves } from './parse-terms.ts'
import { type None, noneAsNull, numberOrNone, wholeNumber } from './values.ts'
import type { World } from './world.ts'

export interface TermsFlags {
  readonly intent: Intent | undefined
  readonly license: 'device' | 'user' | undefined
  readonly priority: number | undefined
  readonly reserve: number | None | undefined
  readonly quota: number | None | undefined
  readonly pools: 'own' | 'country' | 'most-free' | undefined
  readonly reclaim: readonly ReclaimPolicy[] | undefined
  readonly waves: Waves | None | undefined
  readonly stopAt: number | None | undefined
  readonly set: readonly Settings[] | undefined
  readonly configuration: string | undefined
}

export const termsFlags = {
  intent: {
    kind: 'enum',
    values: ['required', 'available', 'uninstall'],
    optional: true,
    brief: 'What the groups get; required when nothing else is said of them either',
  },
  license: {
    kind: 'enum',
    values: ['device', 'user'],
    optional: true,
    brief: 'Who holds the licenses; device when left out, user for books',
  },
  priority: {
    kind: 'parsed',
    parse: (text: string) => wholeNumber(text, 0, 100),
    optional: true,
    brief: 'From 0 to 100; higher is served first',
    placeholder: 'N',
  },
  reserve: {
    kind: 'parsed',
    parse: (text: string) => numberOrNone(text, 1),
    optional: true,
    brief: 'Licenses kept for the groups; none to keep none',
    placeholder: 'N',
  },
  quota: {
    kind: 'parsed',
    parse: (text: string) => numberOrNone(text, 0),
    optional: true,
    brief: 'The most licenses that the groups may hold; none for no limit',
    placeholder: 'N',
  },
  pools: {
    kind: 'enum',
    values: ['own', 'country', 'most-free'],
    optional: true,
    brief: "From this pool, that of the device's country, or the one with the most free",
  },
  reclaim: {
    kind: 'parsed',
    parse: parseReclaim,
    variadic: true,
    optional: true,
    brief: 'When licenses come back, as user-left=14: now, keep or days; may be repeated',
    placeholder: 'EVENT=WHEN',
  },
  waves: {
    kind: 'parsed',
    parse: parseWaves,
    optional: true,
    brief: 'A staged rollout, as 10@now,100@2027-03-08; none for all at once',
    placeholder: 'WAVES',
  },
  stopAt: {
    kind: 'parsed',
    parse: (text: string) => numberOrNone(text, 1, 100),
    optional: true,
    brief: 'Stop the rollout at this share of failures; none to never stop it',
    placeholder: 'PERCENT',
  },
  set: {
    kind: 'parsed',
    parse: parseSetting,
    variadic: true,
    optional: true,
    brief: 'How the app is kept on devices, as removable=no; may be repeated',
    placeholder: 'KEY=VALUE',
  },
  configuration: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: "JSON file with the app's managed configuration; none to take it away",
    placeholder: 'FILE',
  },
} as const

/** What these flags ask for. Throws `usage.configuration` for a file that holds no configuration. */
export async function askedTerms(
  flags: TermsFlags,
  world: Pick<World, 'readFile'>,
): Promise<AssignmentTerms> {
  const { intent, license, priority, reserve, quota, pools, reclaim, waves, stopAt, set, configuration } =
    flags
  const configured =
    configuration === undefined ? [] : [{ configuration: await configurationIn(world, configuration) }]
  const settings = [...(set ?? []), ...configured]
  return given({
    intent,
    licenseType: license,
    priority,
    reserve: noneAsNull(reserve),
    quota: noneAsNull(quota),
    pools: pools === 'most-free' ? 'most_free' : pools,
    settings: settings.length === 0 ? undefined : together(settings),
    reclaim: reclaim === undefined ? undefined : together(reclaim),
    waves: noneAsNull(waves),
    stopAtPercent: noneAsNull(stopAt),
  })
}

/** Only what has a value, since the name of a term that is left alone must not appear. */
function given(
  values: {
    readonly [Name in keyof AssignmentTerms]-?: AssignmentTerms[Name] | undefined
  },
): AssignmentTerms {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** Of a name that is said twice, the last holds. */
const together = <Part extends object>(parts: readonly Part[]): Part => Object.assign({}, ...parts)

async function configurationIn(
  { readFile }: Pick<World, 'readFile'>,
  path: string,
): Promise<Record<string, unknown> | null> {
  if (path === 'none') return null
  const text = new TextDecoder().decode(await readFile(path))
  const configuration = parsed(text, path)
  if (typeof configuration === 'object' && configuration !== null && !Array.isArray(configuration)) {
    return { ...configuration }
  }
  throw usageFailure(
    'usage.configuration',
    `--configuration ${path} holds no JSON object; write names with values, as {"server": "https://a.example"}`,
  )
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw usageFailure('usage.configuration', `--configuration ${path} is not JSON: ${why}`)
  }
}
